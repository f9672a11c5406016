"""What the next band by needs is, what of it lacks, and on which day time alone brings it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from generators.accepted import accepted
from ledgers.with_rows import with_rows

from tallystick.engine.examples import run_examples
from tallystick.engine.what_if.prospects import NeedUnmet
from tallystick.engine.what_if.reach import prospect
from tallystick.engine.what_if.reach_needs import next_by_needs, unmet
from tallystick.rules import load

BOOK = Path(__file__).parents[1] / "language" / "good" / "bands_by_needs.tally"
WAITING = """\
rulebook "Waiting" version 1.0.0
    owner "Us"

subjects
    joined date optional

score "Waiting"
    sum of all rules

bands
    new "New"
        needs joined is not missing "Joined."
    old "Old"
        needs days since joined or else 0 >= {days} "Long with us."
"""


def test_the_next_band_is_the_one_that_follows_with_what_lacks_of_it() -> None:
    """From no band the first; from the last none; for who has no score none. What is met of it is not said to lack."""
    run = run_examples(load(BOOK))[0].runs[None]
    found = {}
    for name in ("bob", "dan", "cid", "fay", "gus"):
        ledger = run.subject(name)
        assert ledger is not None
        band = next_by_needs(run.rulebook, ledger)
        found[name] = None if band is None else (band.name, [place for place, _ in unmet(band, ledger)])
    assert found == {"bob": ("guest", [1]), "dan": ("member", [3]), "cid": ("elder", [1]), "fay": None, "gus": None}


@pytest.mark.parametrize(("days", "met"), [(1, 1), (2, 2), (500, 500), (1_095, 1_095), (1_096, None)])
def test_when_waiting_is_enough_the_first_such_day_is_told(days: int, met: int | None) -> None:
    """Up to three years ahead; what takes longer is told as not met by waiting."""
    day = date(2026, 3, 1)
    run = with_rows(accepted(WAITING.replace("{days}", str(days))), None, [("ada", day)], day, ())
    (need,) = prospect(run, "ada").needs
    assert isinstance(need, NeedUnmet)
    assert (need.band.name, need.met_on) == ("old", None if met is None else day + timedelta(days=met))
