"""Takes made-up runs; checks that what each part costs is told of every part, and that asking changes no number."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from generators.rulebooks import case_of
from ledgers.from_files import scored_from_files

from tallystick.engine.costs import Stages, costs_of
from tallystick.engine.digest import ledger_digest
from tallystick.engine.elsewhere.part import rows_not_here
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.rules.measure import Formula

SEEDS = {79: "pauses, corrections and what is returned", 75: "what actors earned", 119: "distinct values, huge numbers"}


def tables_of(run: FinishedRun) -> set[str]:
    """Return the tables of a run's connection."""
    found = run.workshop.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return {name for (name,) in found}


@pytest.mark.parametrize("seed", SEEDS, ids=str)
def test_every_measure_and_rule_has_its_cost(tmp_path: Path, seed: int) -> None:
    """Each rule is told of once, in the order of the rulebook, and each measure by itself or with those that are only
    counted; the ledger has the same digest afterwards, and no table is left over."""
    run = scored_from_files(case_of(seed, 1 + seed % 4), tmp_path)
    before = tables_of(run)
    costs = costs_of(run)
    assert [each.name for each in costs if each.part == "rule"] == [rule.name for rule in run.rulebook.rules]
    measures = {measure.name for measure in run.rulebook.measures if not isinstance(measure.aggregate, Formula)}
    told = {each.name.removeprefix("for what actors earned: ") for each in costs if each.part == "measure"}
    assert told <= measures
    assert told == measures or "plain counts and sums of what nothing leaves out" in {each.name for each in costs}
    assert all(each.seconds >= 0 for each in costs)
    assert ledger_digest(run.workshop.connection, run.rulebook) == run.receipt.ledger_digest
    assert tables_of(run) == before
    run.close()


def test_records_elsewhere_have_no_costs_of_parts() -> None:
    """Where the records lie in another database, no part can be worked out by itself, and that is refused by name."""
    with pytest.raises(UsageRefusal, match="another database"):
        costs_of(SimpleNamespace(rows=rows_not_here))


def test_stages_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run says that it does has the seconds until it says something else; what it says twice is added."""
    clock = iter([0.0, 1.0, 3.0, 3.5, 7.0])
    monkeypatch.setattr("tallystick.engine.costs.time", SimpleNamespace(perf_counter=lambda: next(clock)))
    stages = Stages()
    heard: list[tuple[str, int]] = []
    told = stages.over(lambda doing, rows: heard.append((doing, rows)))
    for doing in ("reading", "checking", "reading"):
        told(doing, 5)
    stages.turn(None)
    assert stages.seconds == {"opening the files": 1.0, "reading": 5.5, "checking": 0.5}
    assert heard == [("reading", 5), ("checking", 5), ("reading", 5)]
