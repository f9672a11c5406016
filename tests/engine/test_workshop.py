"""Takes workshops that are opened in other surroundings or stopped meanwhile; checks what they print and leave."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import NoReturn

import duckdb
import pytest
from generators.accepted import accepted

from tallystick.engine import score
from tallystick.engine.workshop import open_workshop

RULEBOOK = """\
rulebook "Likes" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text
    kind    one of like, post
    at      date

measure likes "like" / "likes"
    count like

rule liked "People like it"
    points likes
    because "A like is a like."

score "Likes"
    sum of all rules
"""


def test_no_progress_bar_stands_on_stdout() -> None:
    """Where Python is interactive, as with `python -c`, the database would draw one between what is printed."""
    asked = "SELECT current_setting('enable_progress_bar')"
    program = (
        "import duckdb; from tallystick.engine.workshop import open_workshop\n"
        f'for each in (duckdb.connect(), open_workshop().connection): print(each.execute("{asked}").fetchall()[0][0])'
    )
    ran = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "False"]


@pytest.mark.parametrize("beside", [False, True], ids=["anywhere", "beside a run"])
def test_who_is_stopped_while_the_database_starts_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, beside: bool
) -> None:
    """Interrupted then, neither a workshop nor a run leaves a folder, where temporary files lie or beside its place."""

    def stopped(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    (tmp_path / "records.csv").write_text("subject,actor,kind,at\nada,bob,like,2026-01-02\n", encoding="utf-8")
    rulebook = accepted(RULEBOOK)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(duckdb, "connect", stopped)
    with pytest.raises(KeyboardInterrupt):
        open_workshop(beside=tmp_path / "run" if beside else None)
    with pytest.raises(KeyboardInterrupt):
        score(
            rulebook,
            records=[tmp_path / "records.csv"],
            as_of=date(2026, 2, 1),
            out=tmp_path / "run" if beside else None,
        )
    assert [each.name for each in tmp_path.iterdir()] == ["records.csv"]
