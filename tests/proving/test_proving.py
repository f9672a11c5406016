"""Holds `make prove` to its word: what it finds is shown, made smaller and kept; what was kept is tried by every run of
the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import prove
import proving.smaller
import proving.trying
import pytest
from generators.coverage import CONSTRUCTS, TRAITS
from generators.rulebooks import case_of
from ledgers.in_duckdb import DuckRun, in_duckdb
from proving.pairs import keep, kept, pair_of
from proving.trying import tried

from tallystick.rules.rulebook import Rulebook

FOUND = sorted(each for each in (Path(__file__).parent / "found").iterdir() if each.is_dir())
SEED = 63
"""A small case with pauses, corrections, limits, fading and what is returned."""


def overlooking_a_record(rulebook: Rulebook, records: Sequence[Any], *rest: Any, **more: Any) -> DuckRun:  # noqa: ANN401
    """Stand in for an engine that overlooks the last record."""
    return in_duckdb(rulebook, records[:-1], *rest, **more)


@pytest.mark.parametrize("folder", FOUND, ids=lambda folder: folder.name)
def test_what_was_found_stays_repaired(folder: Path) -> None:
    """Both engines give the same of every pair on which they once differed."""
    assert tried(kept(folder)).difference is None


def test_a_pair_is_kept_as_it_was(tmp_path: Path) -> None:
    """A pair that was written to a folder comes out of it again: rows, pauses and corrections of every type."""
    for seed in (SEED, 71, 178, 195):
        pair = pair_of(case_of(seed, 1 + seed % 4))
        keep(pair, tmp_path / str(seed), "why")
        assert kept(tmp_path / str(seed)) == pair


def test_a_difference_is_shown_and_made_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An engine that overlooks a record is caught; a smaller pair is written that shows it and nothing else."""
    monkeypatch.setattr(proving.trying, "in_duckdb", overlooking_a_record)
    monkeypatch.setattr(proving.smaller, "MOST_TRIES", 5)
    report = prove.try_all(range(SEED, SEED + 1), tmp_path)
    whole, less = pair_of(case_of(SEED, 1 + SEED % 4)), kept(tmp_path / f"case-{SEED}")
    assert less.records is not None
    assert whole.records is not None
    assert 0 < len(less.records.rows) < len(whole.records.rows)
    assert tried(less).difference is not None
    assert not prove.print_report(report, SEED)
    said = capsys.readouterr().out
    assert f"1 cases from seed {SEED}: 1 failed" in said
    assert str(tmp_path / f"case-{SEED}") in said
    monkeypatch.setattr(proving.trying, "in_duckdb", in_duckdb)
    assert tried(less).difference is None


def test_an_engine_that_fails_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error is a difference, since a checked rulebook never fails on records that were accepted."""

    def failing(*_given: object, **_more: object) -> DuckRun:
        message = "out of range"
        raise OverflowError(message)

    monkeypatch.setattr(proving.trying, "in_duckdb", failing)
    found = tried(pair_of(case_of(SEED, 1 + SEED % 4))).difference
    assert found is not None
    assert found.kind == "OverflowError"
    assert "out of range" in found.words


def test_what_was_never_tried_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    """Many cases among which a function of the language never occurred do not pass; a few may."""
    report = prove.Report(cases=prove.ENOUGH)
    report.covered.update(CONSTRUCTS | TRAITS)
    assert prove.print_report(report, 1)
    del report.covered["call:erfc"]
    assert not prove.print_report(report, 1)
    assert "Never tried: call:erfc" in capsys.readouterr().out
    assert prove.print_report(replace(report, cases=prove.ENOUGH - 1), 1)


def test_a_seed_tries_the_same_cases(tmp_path: Path) -> None:
    """Cases are numbered on from the seed, so that one of them can be tried alone; nothing differs in these."""
    together = prove.try_all(prove.case_seeds(5, 2), tmp_path)
    alone = [prove.try_all(prove.case_seeds(seed, 1), tmp_path) for seed in (5, 6)]
    assert together.failed == []
    assert together.covered == alone[0].covered + alone[1].covered
    assert together.met == alone[0].met + alone[1].met
    assert [list(each) for each in prove.chunks(range(3, 3 + prove.CHUNK + 1))][-1] == [3 + prove.CHUNK]
