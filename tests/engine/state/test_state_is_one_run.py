"""Takes made-up rulebooks, and their records in days; gives proof that a state's runs are those of all records at
once."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, cases
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ledgers.day_by_day import Days, in_days

from tallystick.engine import score
from tallystick.engine.query.plan import plan
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.state import measures as kept_measures
from tallystick.engine.state.measures import KeptMeasures, can_be_kept
from tallystick.rules import load
from tallystick.rules.rulebook import Rulebook

ROOT = Path(__file__).parents[3]
MANY = settings.default.max_examples if settings.default is not None else 60
FEW = max(4, MANY // 8)
"""A case is scored seven times and more."""
WINDOWS = """\
rulebook "Windows" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like, share, gift
    at      date
    value   number 0 to 9 with 2 places

exclude own "one's own"
    when actor = subject and kind = like
    because "Nobody can vouch for themselves."

exclude ones "a one"
    when value = 1
    because "With so many exclusions, what they take is counted in rows of its own."

exclude fours "a four"
    when value = 4
    because "Likewise."

exclude sixes "a six"
    when value = 6
    because "Likewise."

exclude nines "a nine"
    when value = 9
    because "Likewise."

discount favours "returned"
    to 30%
    when kind = share and returned within 20 days
    because "A favour."

measure likes "like" / "likes"
    count like
    within 10 days

measure friends "friend" / "friends"
    distinct actor of like, share
    within 30 days

measure shares "share" / "shares"
    count share
    keep at most 2 per actor per month

measure worth "point" / "points"
    sum value of gift, share
    total at most 3 per week

measure given "gift" / "gifts"
    count gift given
    keep at most 1 per subject

measure busy "day" / "days"
    days of like, gift given
    within 20 days

measure latest "point" / "points"
    latest value of gift
    within 9 days

measure lasting "point" / "points"
    sum value of gift
    halving every 5 days

measure recent "gift" / "gifts"
    count gift
    within 30 days
    keep at most 2 per actor per week
    halving every 9 days

measure fair "share" / "shares"
    count share
    keep at most 2 per actor per week
    halving every 9 days

measure few "share" / "shares"
    count like
    keep at most 2 per actor per week
    total at most 3 per month
    halving every 9 days

measure daily "like" / "likes"
    count like, gift
    keep at most 3 per actor
    total at most 2 per day

measure spread "like" / "likes"
    count like
    diluted per actor per day

measure breadth "person" / "people"
    h index of like, gift by actor

measure newest "point" / "points"
    latest value of gift

measure mean "point" / "points"
    average value of gift
    within 12 days

rule all "All"
    points likes + friends + shares + worth + given + busy + lasting + recent + (latest or else 0)
    because "All of it."

rule others "Others"
    points fair + few + daily + spread + breadth + (newest or else 0) + (mean or else 0)
    because "All of it."

score "All"
    sum of all rules
"""


@pytest.mark.whole
@settings(max_examples=FEW)
@given(cases(), st.integers(0, 2**32 - 1))
def test_any_days_in_any_order_give_the_ledger_of_one_run(case: Case, seed: int) -> None:
    """Late records, corrections, copies of an id in two takings, an as-of day earlier than the last: each run of a
    state has the ledger, the counts and the rejected rows of one run over all that was taken in."""
    assume(case.records is not None)
    _one_run(case, seed, steady=False)


@pytest.mark.whole
@settings(max_examples=FEW)
@given(cases().filter(lambda case: case.records is not None and can_be_kept(plan(case.rulebook))), st.integers(0, 999))
def test_what_a_state_goes_on_from_gives_the_ledger_of_one_run(case: Case, seed: int) -> None:
    """The same where each run goes on from the work of the last one: late records, and days that pass."""
    _one_run(case, seed, steady=True)


def _one_run(case: Case, seed: int, *, steady: bool) -> None:
    with TemporaryDirectory() as name:
        days = in_days(case, Path(name), Random(seed), steady=steady)  # noqa: S311  made up on purpose
        try:
            for until, day in enumerate(days.days):
                run = days.scored(day, Path(name) / "state")
                try:
                    if until > 0:
                        _alike(days, until, run)
                finally:
                    run.close()
        except UsageRefusal:  # the rulebook is not in force yet on that day
            assume(False)  # noqa: FBT003


def _alike(days: Days, until: int, run: FinishedRun) -> None:
    once = days.at_once(until)
    try:
        assert run.receipt.ledger_digest == once.receipt.ledger_digest
        counts = [each.receipt.counts.model_copy(update={"exact": 0}) for each in (run, once)]
        assert counts[0] == counts[1]
        assert run.receipt.inputs == once.receipt.inputs
        assert sorted(run.rejected()) == sorted(once.rejected())
        assert sum(each.rows for each in run.receipt.takings) == once.receipt.counts.rows
        if run.rulebook.score.by is None:
            for person in list(once.subjects())[:2]:
                assert list(run.evidence(person)) == list(once.evidence(person))
                assert run.corrections(person) == once.corrections(person)
    finally:
        once.close()


@pytest.mark.parametrize("name", ["the reference job", "windows"])
def test_a_run_goes_on_from_the_last_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few people who do the same to each other, day after day, some of it told late: every run but the first goes on
    from what was kept, and has the ledger of one run."""
    path = ROOT / "benchmarks" / "reference_job.tally"
    if name == "windows":
        path = tmp_path / "windows.tally"
        path.write_text(WINDOWS, encoding="utf-8")
    book, draw = load(path), Random(name)  # noqa: S311  no secret is drawn
    went_on: list[bool] = []
    work_out = KeptMeasures.work_out

    def watched(self: KeptMeasures, *given: object) -> None:
        work_out(self, *given)  # type: ignore[arg-type]
        went_on.append(self.added and self.after is not None)

    monkeypatch.setattr(kept_measures.KeptMeasures, "work_out", watched)
    files: list[Path] = []
    for taking in range(3):
        files.append(tmp_path / f"{taking}.csv")
        _write(files[-1], book, draw, taking)
        as_of = _last_day(taking)
        run = score(book, files[-1], as_of=as_of, state=tmp_path / "state")
        ledgers, digest = list(run.ledgers()), run.receipt.ledger_digest
        run.close()
    once = score(book, files, as_of=as_of)
    assert ledgers == list(once.ledgers())
    assert digest == once.receipt.ledger_digest
    once.close()
    assert went_on == [False, True, True]


def test_each_day_that_passes_changes_what_it_must(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly nobody is told of again: what leaves a window for the others on the very day, and what a late record of
    the same moment answers, is as in one run."""
    book, begin = accepted(WINDOWS), date(2026, 3, 12)
    went_on: list[bool] = []
    work_out = KeptMeasures.work_out

    def watched(self: KeptMeasures, *given: object) -> None:
        work_out(self, *given)  # type: ignore[arg-type]
        went_on.append(self.added)

    monkeypatch.setattr(kept_measures.KeptMeasures, "work_out", watched)
    old = [
        (f"s{age}", actor, kind, begin - timedelta(age), 2 + age % 3)
        for age in range(42)
        for kind, actor in (("like", "bob"), ("share", "bob"), ("gift", "bob"), ("gift", f"g{age}"))
    ]
    # What kim has from lou is returned, though what lou has is excluded; what comes of before that is not.
    old += [("kim", "lou", "share", begin, 2), ("kim", "lou", "share", begin, 3)]
    old += [("lou", "kim", "share", begin - timedelta(1), 1)]
    late = [("bob", "s0", "share", begin, 3), ("kim", "lou", "share", begin - timedelta(2), 2)]
    # Likewise, where what is told late answers nothing: what max has is not looked at again, and answers still.
    old += [("liv", "max", "share", begin, 2), ("max", "liv", "share", begin - timedelta(3), 1)]
    late += [("liv", "max", "share", begin - timedelta(2), 2)]
    takings = (
        (begin, old),
        (begin + timedelta(1), [("zoe", "bob", "like", begin, 3), *late]),
        (begin + timedelta(4), [("zoe", "yan", "gift", begin - timedelta(1), 3)]),
    )
    files: list[Path] = []
    for taking, (as_of, rows) in enumerate(takings):
        files.append(tmp_path / f"{taking}.csv")
        with files[-1].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("subject", "actor", "kind", "at", "value"), *rows])
        run, once = score(book, files[-1], as_of=as_of, state=tmp_path / "state"), score(book, files, as_of=as_of)
        assert list(run.ledgers()) == list(once.ledgers())
        assert run.receipt.ledger_digest == once.receipt.ledger_digest
        run.close()
        once.close()
    assert went_on == [False, True, True]


@pytest.mark.whole
def test_rules_change_between_days_and_days_go_back(tmp_path: Path) -> None:
    """What was kept is of the rules and the day that it was worked out by: other rules, the first ones again, and an
    earlier day all give the ledger of one run by them."""
    book, other = (accepted(WINDOWS.replace("within 10 days", f"within {days} days")) for days in (10, 25))
    draw = Random("rules that change")  # noqa: S311  no secret is drawn
    files: list[Path] = []
    for taking, rules in enumerate((book, other, book, book)):
        files.append(tmp_path / f"{taking}.csv")
        _write(files[-1], rules, draw, taking)
        as_of = _last_day(taking) - timedelta(30 if taking == 2 else 0)
        run = score(rules, files[-1], as_of=as_of, state=tmp_path / "state")
        once = score(rules, files, as_of=as_of)
        assert run.receipt.ledger_digest == once.receipt.ledger_digest
        assert list(run.ledgers()) == list(once.ledgers())
        run.close()
        once.close()


def _last_day(taking: int) -> date:
    return date(2026, 1, 25) + timedelta(25 * taking)


def _write(path: Path, book: Rulebook, draw: Random, taking: int) -> None:
    """Write records of 25 days, and some of days before."""
    is_day = book.name == "Windows"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("subject", "actor", "kind", "at", "topic", "value"))
        for _ in range(60):
            day = _last_day(taking) - timedelta(24 - draw.randrange(25) + (draw.random() < 0.3) * draw.randrange(60))
            at = datetime(day.year, day.month, day.day, draw.choice((0, 23)), tzinfo=UTC)
            moment = day.isoformat() if is_day else at.isoformat()
            kind = draw.choice((*book.kinds, "endorse", "share"))
            rows.writerow(
                (draw.choice("abcd"), draw.choice("abcd"), kind, moment, draw.choice("xy"), draw.randint(0, 9))
            )
