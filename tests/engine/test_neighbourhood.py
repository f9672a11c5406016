"""A person's neighbourhood is few records, and they are enough: the reference over them gives the person's ledger."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import duckdb
from generators.accepted import accepted
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from ledgers.in_duckdb import in_duckdb, typed

from tallystick.engine.arithmetic import text_of
from tallystick.engine.intake.reading import Row, read_rows, record_fields, subject_fields
from tallystick.engine.pauses import PAUSE_FIELDS
from tallystick.engine.reference import refer
from tallystick.engine.run import RunRows
from tallystick.engine.what_if.neighbourhood import Neighbourhood, neighbourhood

FEWER = max(15, settings.default.max_examples // 5) if settings.default is not None else 15


def _near(case: Case, connection: object, name: str, imagined: tuple[Row, ...] = ()) -> Neighbourhood:
    """Find a person's neighbourhood among the rows of a case, which the connection holds."""
    records = None if case.rulebook.records is None else 'SELECT * FROM "rows"'
    subjects = None if case.rulebook.subjects is None else 'SELECT * FROM "people given"'
    told = 'SELECT * FROM "pauses told"' if case.pauses else None
    rows = RunRows(connection, records, subjects, told)
    return neighbourhood(rows, case.rulebook, name, case.as_of, imagined=imagined)  # type: ignore[arg-type]


@settings(max_examples=FEWER)
@given(cases())
def test_the_neighbourhood_settles_the_ledger(case: Case) -> None:
    """Whatever the rulebook and the records, the reference over a neighbourhood gives the ledger of the engine."""
    run = in_duckdb(case.rulebook, case.read_records.rows, case.read_subjects.rows, case.as_of, case.pauses)
    try:
        for ledger in run.ledgers():
            near = _near(case, run.ledger.connection, ledger.score.subject)
            assert near.ledger() == ledger
            assert {each.row for each in near.records} <= set(case.read_records.rows)
    finally:
        run.close()


@settings(max_examples=FEWER)
@given(cases())
def test_a_question_is_answered_as_if_it_were_so(case: Case) -> None:
    """On another day, with records left out and records imagined, a neighbourhood gives what all the rows would."""
    rng = Random(case.seed)  # noqa: S311  made up on purpose
    rows, people = case.read_records.rows, case.read_subjects.rows
    gone = {number for number in range(len(rows)) if rng.random() < 0.2}
    imagined = tuple(_other(case, row, rng) for row in rng.sample(rows, min(len(rows), 3)))
    day = case.as_of + timedelta(days=rng.choice((-30, -1, 1, 40)))
    left = tuple(row for number, row in enumerate(rows) if number not in gone)
    reference = refer(case.rulebook, (*left, *imagined), people, day, case.pauses)
    connection = duckdb.connect()
    if case.rulebook.records is not None:
        typed(connection, "rows", record_fields(case.rulebook), rows)
    if case.rulebook.subjects is not None:
        typed(connection, "people given", subject_fields(case.rulebook), people)
    typed(connection, "pauses told", PAUSE_FIELDS, [(each.subject, each.first, each.last) for each in case.pauses])
    for name in reference.subjects():
        near = _near(case, connection, name, imagined)
        assert near.at(day).without_records(gone).ledger() == reference.subject(name)


def _other(case: Case, row: Row, rng: Random) -> Row:
    """Make of a row another, of which some values are those of other rows."""
    others = rng.choices(case.read_records.rows, k=len(row))
    fields = record_fields(case.rulebook)
    return tuple(
        f"imagined {rng.random()}"
        if field.name == "id" and isinstance(value, str)
        else rng.choice((value, other[place]))
        for place, (field, value, other) in enumerate(zip(fields, row, others, strict=True))
    )


RULEBOOK = """\
rulebook "Near" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like, share
    at      time
    item    text optional

exclude twice "said twice"
    when kind = like
    repeats of actor, item
    because "Once is enough."

exclude again "the item said of twice"
    when kind = like
    repeats of item
    because "One is enough."

discount favours "favours returned"
    to 50%
    when kind = share and returned within 30 days
    because "A favour returned says less."

measure liked "like given" / "likes given"
    count like given

measure shared "share" / "shares"
    count share
    diluted per actor per day

rule giving "You like"
    points liked
    because "x"

rule sharing "People share"
    points shared
    because "x"

score "Near"
    sum of all rules
    rounded to 3 places
"""
ROWS = """\
subject,actor,kind,at,item
bob,ada,like,2026-01-05T09:00:00Z,p1
bob,cem,like,2026-01-04T09:00:00Z,p1
bob,cem,like,2026-01-03T09:00:00Z,p1
bob,cem,like,2026-01-06T09:00:00Z,p2
ada,dan,share,2026-01-07T09:00:00Z,q1
eve,dan,share,2026-01-07T23:59:59Z,q2
eve,dan,share,2026-01-08T00:00:00Z,q2
dan,ada,share,2026-01-01T09:00:00Z,r1
eve,ada,share,2026-01-01T09:00:00Z,r2
"""


def _hand_worked(name: str, *gone: int) -> tuple[list[int], str]:
    """Return which rows of ``ROWS`` are near a person, and the person's score without some."""
    rulebook = accepted(RULEBOOK)
    heading, *lines = [line.split(",") for line in ROWS.splitlines()]
    rows = read_rows(record_fields(rulebook), heading, lines).rows
    connection = duckdb.connect()
    select = typed(connection, "rows", record_fields(rulebook), rows)
    near = neighbourhood(RunRows(connection, select, None), rulebook, name, date(2026, 1, 10))
    ledger = near.without_records(gone).ledger()
    assert ledger is not None
    assert ledger.score.score is not None
    return [each.number for each in near.records], text_of(ledger.score.score)


def test_what_is_near_and_what_it_settles() -> None:
    """Records that others made about others are near where they settle a repetition, a favour or a dilution."""
    # Ada's like of p1 (row 0) is hidden by cem's (rows 1, 2), which say the same of bob. What cem likes besides (3) is
    # not near. Dan's share (4) is one of two that day (5, not 6), so worth 1/2, and ada had shared dan's (7) nine
    # days before, so half of that: 0.25. Her share of eve's (8) may be returned by a record yet to be imagined.
    assert _hand_worked("ada") == ([0, 1, 2, 4, 5, 7, 8], "0.25")
    assert _hand_worked("ada", 2) == ([0, 1, 2, 4, 5, 7, 8], "0.25")  # row 1 still hides it
    assert _hand_worked("ada", 1, 2) == ([0, 1, 2, 4, 5, 7, 8], "1.25")  # her like counts
    assert _hand_worked("ada", 5) == ([0, 1, 2, 4, 5, 7, 8], "0.5")  # 1 share, half
    assert _hand_worked("ada", 7) == ([0, 1, 2, 4, 5, 7, 8], "0.5")  # half a share, whole


def test_what_actors_earned_is_near() -> None:
    """The records about whoever acted on a person are near, and about whoever acted on those as far as it is read;
    what they do elsewhere, and what is about others, is not."""
    text = """\
rulebook "Near" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like, share
    at      date

measure liked "like" / "likes"
    count like

measure heard "point" / "points"
    sum min(actor.liked, 1) of like

measure carried "point" / "points"
    sum min(actor.heard, 2) of share

rule carried "Carried"
    points carried
    because "x"

score "Near"
    sum of all rules
"""
    # bob shared ada (0); cyd and dan liked bob (1, 2); eve liked cyd (3): so cyd counts 1 for bob, dan nothing, bob 1.
    lines = ["ada,bob,share", "bob,cyd,like", "bob,dan,like", "cyd,eve,like"]
    lines += ["eve,fay,like", "dan,fay,share", "gus,bob,like"]
    rulebook = accepted(text)
    rows = [[*line.split(","), "2026-01-05"] for line in lines]
    connection = duckdb.connect()
    found = read_rows(record_fields(rulebook), ["subject", "actor", "kind", "at"], rows).rows
    select = typed(connection, "rows", record_fields(rulebook), found)
    near = neighbourhood(RunRows(connection, select, None), rulebook, "ada", date(2026, 1, 10))
    ledger = near.ledger()
    assert ledger is not None
    assert [each.number for each in near.records] == [0, 1, 2, 3]
    assert ledger.score.score == 1


def test_who_is_company_on_a_day_that_clocks_repeat() -> None:
    """In Kwajalein the clocks of 30 September 1969 went from 11 hours ahead of UTC to 12 behind: the day lasted 47
    hours, and what bob did in its first and in its last hour lies two days apart in UTC. So it counts half."""
    text = RULEBOOK.replace('owner "x"', 'owner "x"\n    time zone "Pacific/Kwajalein"')
    rulebook = accepted(text)
    lines = ["ada,bob,share,1969-09-29T13:30:00Z,a", "cyd,bob,share,1969-10-01T11:00:00Z,b"]
    rows = read_rows(record_fields(rulebook), ROWS.splitlines()[0].split(","), [each.split(",") for each in lines]).rows
    connection = duckdb.connect()
    select = typed(connection, "rows", record_fields(rulebook), rows)
    near = neighbourhood(RunRows(connection, select, None), rulebook, "ada", date(1969, 12, 1))
    ledger = near.ledger()
    assert ledger is not None
    assert [each.number for each in near.records] == [0, 1]
    assert ledger.score.score == Decimal("0.5")
