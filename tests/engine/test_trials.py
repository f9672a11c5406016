"""A trial gives what all the rows would give, though what nothing imagined bears on is worked out once for a day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, case_of
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers.with_rows import with_rows
from msgspec.structs import replace

from tallystick.engine.intake.reading import Row, read_rows, record_fields
from tallystick.engine.pauses import Pause
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.engine.what_if import neighbourhood as nearness
from tallystick.engine.what_if.actions import Action, Stage, actions_of, kinds_read
from tallystick.engine.what_if.trials import Trials, borne_on, known_by_now, trials_of
from tallystick.rules.questions.earned import reads_earned
from tallystick.rules.rulebook import Rulebook

FEWER = max(8, settings.default.max_examples // 20) if settings.default is not None else 8


def _earning(seed: int, size: int) -> Case:
    """Make the first case from a seed on in which records read what their actors earned."""
    found = (case_of(hash((seed, attempt)) % 2**32, size) for attempt in range(1_000))
    return next(case for case in found if reads_earned(case.rulebook))


@settings(max_examples=FEWER)
@given(st.builds(_earning, seed=st.integers(0, 2**32 - 1), size=st.integers(2, 4)))
def test_a_trial_is_as_if_all_were_worked_out(case: Case) -> None:
    """Whoever acts, how often and on whatever day: the ledger is the one over all rows that are known by now."""
    rng = Random(case.seed)  # noqa: S311  made up on purpose
    run = with_rows(case.rulebook, case.read_records.rows, case.read_subjects.rows, case.as_of, case.pauses)
    names = list(refer(case.rulebook, case.read_records.rows, case.read_subjects.rows, case.as_of).subjects())
    for name in rng.sample(names, min(len(names), 1)):
        trials = trials_of(run, name)
        whole = _whole(trials, case.read_records.rows, case.read_subjects.rows, case.pauses)
        for ways in (ways for kind in kinds_read(case.rulebook) for ways in actions_of(trials.stage.near, kind)):
            for action in (ways[0], rng.choice(ways)):
                times, day = rng.choice((1, 4)), case.as_of + timedelta(days=rng.choice((0, 0, 1, 40)))
                assert trials.after(action, times, day) == whole.after(action, times, day).ledger()


def _whole(trials: Trials, records: tuple[Row, ...], people: tuple[Row, ...], pauses: tuple[Pause, ...] = ()) -> Stage:
    """Return where the same is imagined beside all rows of the run, not those near the person."""
    rows = tuple(nearness.NearRecord(place, row) for place, row in enumerate(records, start=1))
    near = replace(trials.stage.near, records=rows, subjects=people, pauses=pauses)
    return replace(trials.stage, near=known_by_now(near))


HEAD = """\
rulebook "Earned" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like, share, post
    at      date
    item    text optional

"""
TAIL = """
rule carried "Carried"
    points carried
    because "x"

score "Earned"
    sum of all rules
"""
SIMPLE = """\
measure liked "like" / "likes"
    count like

measure carried "point" / "points"
    sum min(actor.liked, 1) of share
"""
GIVEN = SIMPLE.replace("count like", "count like given")
DILUTED = SIMPLE.replace("count like", "count like\n    diluted per actor per day")
IN_TURN = """\
measure liked "like" / "likes"
    count like

measure heard "point" / "points"
    sum min(actor.liked, 1) of like

measure carried "point" / "points"
    sum min(actor.heard, 2) of share
"""
TWICE = """\
exclude twice "said twice"
    repeats of item
    because "Once is enough."

"""
ROWS = [
    "ada,bob,share",
    "ada,cyd,share",
    "ada,dan,like",
    "bob,ada,like",
    "cyd,bob,like",
    "cyd,dan,like",
    "eve,ada,like",
    "fay,eve,like",
]


def _read(rulebook: Rulebook, lines: list[str]) -> tuple[Row, ...]:
    """Read rows of which only the subject, the actor and the kind differ, and the day where one is said."""
    rows = [[*line.split(",")[:3], *(line.split(",")[3:] or ["2026-01-05"]), ""] for line in lines]
    return read_rows(record_fields(rulebook), ("subject", "actor", "kind", "at", "item"), rows).rows


@pytest.mark.parametrize(
    ("measures", "whom"),
    [
        (SIMPLE, "ada"),  # nobody reads what is about ada but as what ada earned
        (TWICE + SIMPLE, "ada"),  # a repetition is of records about one person
        (GIVEN, "ada"),
        (TWICE + GIVEN, "ada bob cyd dan"),  # what these gave ada may now be the second of its item
        (DILUTED, "ada bob eve"),  # what ada gave is shared out among more
        (TWICE + DILUTED, "ada bob cyd dan eve"),  # and what of bob's, cyd's and dan's counts that day
        (IN_TURN, "ada bob eve"),  # ada's likes make what bob and eve earned
    ],
)
def test_on_whom_imagined_records_can_bear(measures: str, whom: str) -> None:
    """Told by hand, for records that name ada and people whom nobody knows."""
    rulebook = accepted(HEAD + measures + TAIL)
    rows = tuple(nearness.NearRecord(place, row) for place, row in enumerate(_read(rulebook, ROWS)))
    near = nearness.Neighbourhood(rulebook, "ada", date(2026, 1, 10), rows, ())
    assert " ".join(sorted(borne_on(near, frozenset({"ada"})))) == whom


def _carried(measures: str, lines: list[str], action: Action, day: date) -> Decimal | None:
    """Return ada's score after an action."""
    rulebook = accepted(HEAD + measures + TAIL)
    rows = _read(rulebook, lines)
    trials = trials_of(with_rows(rulebook, rows, (), date(2026, 1, 10)), "ada")
    ledger = trials.after(action, 1, day)
    assert ledger is not None
    assert ledger == _whole(trials, rows, ()).after(action, 1, day).ledger()
    return ledger.score.score


def test_what_others_earned_moves_where_a_trial_bears_on_it() -> None:
    """Bob was liked by ada alone, whom nobody likes: what he carries to her is nothing, and 1 once somebody does."""
    lines, day = ["ada,bob,share", "bob,ada,like"], date(2026, 1, 10)
    assert _carried(IN_TURN, lines, Action("post", "others", (("item", None),)), day) == 0
    assert _carried(IN_TURN, lines, Action("like", "others", (("item", None),)), day) == 1


def test_what_somebody_known_gives_counts_with_what_they_gave() -> None:
    """Bob, who gave eve a like, would carry 2 if he gave ada one, too."""
    measures = GIVEN.replace("min(actor.liked, 1)", "min(actor.liked, 5)")
    lines, day = ["ada,bob,share", "eve,bob,like"], date(2026, 1, 10)
    assert _carried(measures, lines, Action("like", "another", (("item", None),), "bob"), day) == 2


def test_who_acted_last_acted_by_now() -> None:
    """Bob shares what ada did on the day after: he is not who else acted. Cyd is, who shared two others' work on the
    last day, so that a third share counts a third."""
    measures = SIMPLE.replace(
        "sum min(actor.liked, 1) of share", "sum min(actor.liked, 1) of share\n    diluted per actor per day"
    )
    lines = ["cyd,eve,like", "ada,cyd,share,2026-01-09", "fay,cyd,share,2026-01-10", "gil,cyd,share,2026-01-10"]
    rulebook = accepted(HEAD + measures + TAIL)
    rows = _read(rulebook, [*lines, "ada,bob,share,2026-01-11"])
    trials = trials_of(with_rows(rulebook, rows, (), date(2026, 1, 10)), "ada")
    actors = {each.actor for ways in actions_of(trials.stage.near, "share") for each in ways}
    assert actors == {None, "cyd"}
    action = next(each for ways in actions_of(trials.stage.near, "share") for each in ways if each.actor == "cyd")
    ledger = trials.after(action, 1, date(2026, 1, 10))
    assert ledger == _whole(trials, rows, ()).after(action, 1, date(2026, 1, 10)).ledger()
    assert ledger is not None
    assert ledger.score.score == Decimal("1.333333333")


def test_what_others_earned_is_that_of_the_day() -> None:
    """Bob's like of 5 January counts for seven days: on the 11th he carries 1, on the 12th nothing."""
    measures = SIMPLE.replace("count like", "count like\n    within 7 days")
    lines, action = ["ada,bob,share", "bob,eve,like"], Action("like", "others", (("item", None),))
    assert _carried(measures, lines, action, date(2026, 1, 11)) == 1
    assert _carried(measures, lines, action, date(2026, 1, 12)) == 0


def test_what_others_earned_is_worked_out_once_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial looks at the person's own records and those imagined; the records about who acted on the person are
    looked at once for each day."""
    lines = ["ada,bob,share", *(f"bob,p{number},like" for number in range(50))]
    rulebook = accepted(HEAD + SIMPLE + TAIL)
    run = with_rows(rulebook, _read(rulebook, lines), (), date(2026, 1, 10))
    trials = trials_of(run, "ada")
    looked_at: list[int] = []

    def spied(*given: object, **more: object) -> ReferenceRun:
        looked_at.append(len(given[1]))  # type: ignore[arg-type]
        return refer(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(nearness, "refer", spied)
    day = date(2026, 1, 10)
    for times in (1, 2, 3):
        ledger = trials.after(Action("share", "others", (("item", None),)), times, day)
        assert ledger is not None
        assert ledger.score.score == 1
    assert trials.with_nothing(day) == run.subject("ada")
    assert sorted(looked_at) == [2, 3, 4, 51]
