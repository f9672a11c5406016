"""What is proposed from is a bounded part of a file, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.engine.intake.glimpse import ROWS, glimpse
from tallystick.engine.refusals import DataRefusal


def test_a_proposal_looks_at_the_first_rows_alone(tmp_path: Path) -> None:
    """Also where they cannot be read, or hold nothing but cells without end: a file may have any number of them."""
    path = tmp_path / "r.csv"
    path.write_text("a,b\n" + '1,"x\n' * (ROWS + 5_000))
    with pytest.raises(DataRefusal, match="holds no rows"):
        glimpse(str(path))
    path.write_text("a,b\n1,2\n" + '1,"x\n' * (ROWS + 5_000))
    found = glimpse(str(path))
    assert (len(found.rows), len(found.unread)) == (1, ROWS - 1)
    columns = 8_000
    path.write_text(",".join(f"c{n}" for n in range(columns)) + "\n" + ("," * (columns - 1) + "\n") * 600)
    assert len(glimpse(str(path)).rows) == 500
