"""An explanation of a finished run names the data and the digest with which anybody can make it again."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from tallystick.engine import score
from tallystick.engine.reference import ReferenceRun
from tallystick.explain import explain
from tallystick.rules.rulebook import Rulebook


def _csv(table: str) -> str:
    """Write a table as a CSV file."""
    return (
        "\n".join(",".join("" if c == "-" else c for c in line.split()) for line in table.strip().splitlines()) + "\n"
    )


@pytest.fixture
def tables(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Give the records and people of the community run as they are written beside the fixtures."""
    plugin = next(
        p for p in request.config.pluginmanager.get_plugins() if hasattr(p, "SUBJECTS") and hasattr(p, "RECORDS")
    )
    return plugin.RECORDS, plugin.SUBJECTS


def test_a_finished_run_is_explained_with_its_receipt(
    tmp_path: Path, rulebooks: dict[str, Rulebook], community: ReferenceRun, tables: tuple[str, str]
) -> None:
    """The engine's run gives word for word the reference's explanation, and with it what was read and its digests."""
    records, subjects = tmp_path / "records.csv", tmp_path / "subjects.csv"
    records.write_text(_csv(tables[0]), encoding="utf-8")
    subjects.write_text(_csv(tables[1]), encoding="utf-8")
    run = score(rulebooks["community"], records=records, subjects=subjects, as_of=community.as_of)
    for subject in ("ada", "bob", "cy"):
        made, expected = explain(run, subject), explain(community, subject)
        assert made.receipt is not None
        assert {each.role: each.sha256 for each in made.receipt.inputs} == {
            "records": sha256(records.read_bytes()).hexdigest(),
            "subjects": sha256(subjects.read_bytes()).hexdigest(),
        }
        assert made.data.sources == tuple(each.name for each in made.receipt.inputs)
        assert f"The data: {records.name} and" in " ".join(made.text().split())
        assert str(records.parent) not in made.text()
        data = replace(made.data, sources=())
        assert made.model_copy(update={"receipt": None, "data": data}) == expected


def test_a_run_without_a_receipt_has_none(community: ReferenceRun) -> None:
    """The reference keeps no receipt, and none is made up for it."""
    assert explain(community, "ada").receipt is None
