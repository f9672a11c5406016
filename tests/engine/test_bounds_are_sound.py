"""Takes made-up rulebooks and records; holds every derived bound to what the reference does with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from textwrap import indent

from generators.accepted import accepted
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine.intake.reading import Row, record_fields
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.engine.reference_records import Records
from tallystick.engine.what_if.actions import moment_on
from tallystick.rules import read
from tallystick.rules.analysis.epochs import bound_on_any_day
from tallystick.rules.analysis.expressions import Apart
from tallystick.rules.analysis.lines import Line, line_of, score_span
from tallystick.rules.analysis.shifts import Pair
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

FEW = max(60, settings.default.max_examples // 2) if settings.default is not None else 60
AGES = (0, 0, 1, 2, 6, 7, 13, 30)


@settings(max_examples=FEW)
@given(cases(), st.randoms(use_true_random=False))
def test_no_pair_of_results_is_farther_apart_than_derived(case: Case, random: Random) -> None:
    """Whatever the rulebook and the records: every score lies where it is derived to lie; without an actor's records,
    days later, or with one more record, each measure, each line and the score stay within their derived bounds."""
    rows = (*case.read_records.rows, *_more(case, random, random.choice((0, 10))))
    whole = _run(case, rows)
    people = list(whole.subjects())[:3]
    lies, found = score_span(on_day(case.rulebook, case.as_of)), map(whole.subject, whole.subjects())
    assert all(lies.low <= each.score.score <= lies.high for each in found if each.score.score is not None)
    for pair, before, after, who in _pairs(case, random, rows, whole, people):
        _hold(case, pair, before, after, who)


def _run(case: Case, rows: Iterable[Row], as_of: date | None = None) -> ReferenceRun:
    return refer(case.rulebook, tuple(rows), case.read_subjects.rows, as_of or case.as_of, case.pauses)


def _pairs(
    case: Case, random: Random, rows: tuple[Row, ...], whole: ReferenceRun, people: list[str]
) -> Iterator[tuple[Pair, ReferenceRun, ReferenceRun, list[str]]]:
    fields = [field.name for field in record_fields(case.rulebook)]
    if "actor" in fields:
        place = fields.index("actor")
        actors = [row[place] for row in rows if row[place] is not None]
        for actor in dict.fromkeys([*people[:1], *actors[:2]]):
            without = _run(case, (row for row in rows if row[place] != actor))
            yield Pair("another's records"), without, whole, [each for each in people if each != actor]
            yield Pair("own records"), without, whole, [each for each in people if each == actor]
    records = Records(case.rulebook, rows, case.read_subjects.rows, case.as_of)
    known = [record.row for record in records.all if not records.not_yet(record)]
    days = random.choice((1, 14, 400))
    yield Pair("silence", days=days), _run(case, known), _run(case, known, case.as_of + timedelta(days=days)), people
    for kind in case.rulebook.kinds[:2] if rows else ():
        row = _on_the_day(case, next(iter(_more(case, random, 1))), kind)
        yield Pair("one more record", kind=kind), whole, _run(case, (*rows, row)), people


def _more(case: Case, random: Random, times: int) -> tuple[Row, ...]:
    """Put records together from the cells of others, mostly of the last days."""
    rows = case.read_records.rows
    return tuple(_mixed(case, random, rows, number) for number in range(times if rows else 0))


def _mixed(case: Case, random: Random, rows: tuple[Row, ...], number: int) -> Row:
    made: list[object] = []
    for place, field in enumerate(record_fields(case.rulebook)):
        value = random.choice(rows)[place]
        if field.name == "id":
            value = Decimal(900_000 + number) if isinstance(value, Decimal) else f"mixed {number}"
        if field.name == "at" and random.random() < 0.5:
            day = case.as_of - timedelta(days=random.choice(AGES))
            hour = random.choice((0, 9, 23))
            value = (
                datetime(day.year, day.month, day.day, hour, tzinfo=value.tzinfo)
                if isinstance(value, datetime)
                else day
            )
        made.append(value)
    return tuple(made)  # type: ignore[arg-type]  each is a value of its field


def _on_the_day(case: Case, row: Row, kind: str) -> Row:
    """Make a record one of a kind on the as-of day, with an id of its own."""
    made = dict(zip((field.name for field in record_fields(case.rulebook)), row, strict=True))
    for field in record_fields(case.rulebook):
        if field.name == "kind":
            made["kind"] = kind
        if field.name == "id":
            made["id"] = Decimal(990_000) if isinstance(made["id"], Decimal) else "one more"
        if field.name == "at":
            made["at"] = moment_on(field, case.as_of, case.rulebook.time_zone)
    return tuple(made.values())


def _hold(case: Case, pair: Pair, before: ReferenceRun, after: ReferenceRun, people: list[str]) -> None:
    bound = bound_on_any_day(case.rulebook, pair)
    rulebook, later = on_day(case.rulebook, before.as_of), on_day(case.rulebook, after.as_of)
    apart = Apart(rulebook, pair) if rulebook == later else None
    lines = [] if apart is None else [line_of(rulebook, rule, apart) for rule in rulebook.rules]
    for name in people:
        first, second = before.subject(name), after.subject(name)
        if first is None or second is None:
            continue
        if apart is not None:
            _hold_measures(apart, first, second)
        if first.score.score is None or second.score.score is None:
            continue
        if apart is not None:
            _hold_lines(lines, first, second)
        assert bound.low <= second.score.score - first.score.score <= bound.high


def _hold_measures(apart: Apart, first: SubjectLedger, second: SubjectLedger) -> None:
    after = {row.measure: row.value for row in second.measures}
    for row in first.measures:
        if row.measure not in after:
            continue
        shift, old, new = apart.measure(row.measure).shift, row.value, after[row.measure]
        assert old is not None or new is None or shift.comes, row.measure
        assert new is not None or old is None or shift.goes, row.measure
        if old is not None and new is not None:
            assert shift.low <= new - old <= shift.high, row.measure
            if shift.shrink is not None:
                least = shift.shrink.share * Fraction(old) - shift.shrink.slack
                assert least <= new, row.measure


def _hold_lines(lines: list[Line], first: SubjectLedger, second: SubjectLedger) -> None:
    for line, before, after in zip(lines, first.lines, second.lines, strict=True):
        given = [Decimal(0) if each.points is None else each.points for each in (before, after)]
        assert line.shift.low <= given[1] - given[0] <= line.shift.high, line.rule.name
        assert all(line.span.low <= points <= line.span.high for points in given), line.rule.name
        assert not line.alike or (before.points is None) == (after.points is None), line.rule.name


_RECORDS = """\
rulebook "Measures" version 1.0.0
    owner "Tests"

records
    id      text
    subject text
    actor   text
    kind    one of like, post
    at      date
    item    one of p, q
    size    number -2 to 3 with 0 places
    rate    number 0 to 2 with 1 places

"""
_AGGREGATES = (
    "count like", "count like", "count like, post", "count like given", "sum size of like", "sum rate of like, post",
    "sum rate of like", "sum by kind\n        like: 3\n        post: -2",
    "sum by kind\n        like: 2\n        post: 1",
    "distinct actor of like", "distinct item, size of like", "distinct subject of like given", "days of like",
    "h index of like by item", "average size of like", "highest rate of like", "lowest size of like",
    "latest size of like",
)  # fmt: skip
_ASKED_OF_RECORDS = (
    "kind = like", "actor != subject", "item = p", "size > 0", "returned within 7 days", "not returned within 7 days",
    "kind = post or returned within 3 days",
)  # fmt: skip
_LIMITED = ("actor", "actor", "item", "actor, item", "subject", "kind")
_PERIODS = ("", " per day", " per week", " per month")
_SOME_AGES = (0, 0, 0, 0, 1, 1, 2, 3, 6, 7, 8, 13, 14, 29, 30, 45)


@settings(max_examples=2 * FEW)
@given(st.integers(0, 2**32))
def test_no_measure_is_farther_apart_than_derived(seed: int) -> None:
    """Whatever clauses measures have: a few records of a few people within a few days bring none of them farther than
    derived, be it another's records, the person's own, days that pass, or one record more."""
    random = Random(seed)  # noqa: S311  made up on purpose
    rulebook = _measured(random)
    rows = tuple(_record(random, f"r{number}", random.choice(_SOME_AGES)) for number in range(random.randint(2, 16)))
    whole = refer(rulebook, rows, (), _AS_OF)
    found: list[tuple[Pair, ReferenceRun, ReferenceRun]] = []
    for form, actor in (("another's records", "bob"), ("own records", "ada")):
        without = refer(rulebook, tuple(row for row in rows if row[2] != actor), (), _AS_OF)
        found.append((Pair(form), without, whole))  # type: ignore[arg-type]  one of the forms
    days = random.choice((1, 3, 7, 14, 40))
    found.append((Pair("silence", days=days), whole, refer(rulebook, rows, (), _AS_OF + timedelta(days=days))))
    for kind in ("like", "post"):
        more = refer(rulebook, (*rows, _record(random, "more", 0, kind)), (), _AS_OF)
        found.append((Pair("one more record", kind=kind), whole, more))
    for pair, before, after in found:
        first, second = before.subject("ada"), after.subject("ada")
        if first is not None and second is not None:
            _hold_measures(Apart(rulebook, pair), first, second)


_AS_OF = date(2026, 6, 1)
"""A Monday, the first of a month: the week and the month before are as young as they can be."""


def _record(random: Random, name: str, age: int, kind: str | None = None) -> Row:
    subject = random.choice(("ada", "ada", "ada", "bob", "cem"))
    actor, item = random.choice(("ada", "bob", "bob", "cem")), random.choice("pq")
    size, rate = Decimal(random.randint(-2, 3)), Decimal(random.choice((0, 1, 5, 20))) / 10
    return name, subject, actor, kind or random.choice(("like", "post")), _AS_OF - timedelta(days=age), item, size, rate


def _measured(random: Random) -> Rulebook:
    """Declare measures until there are some that the checker accepts."""
    while True:
        measures = "".join(f'measure m{number} "m"\n{_clauses(random)}\n' for number in range(2))
        rules = 'rule r "R"\n    points min(abs(m0 or else 0), 9) + min(abs(m1 or else 0), 9)\n    because "-"\n'
        for at in ("m0", "m1"):
            optional = f'measure {at} "m"\n    ' + "{} "
            if not any(optional.format(how) in measures for how in ("average", "highest", "lowest", "latest")):
                rules = rules.replace(f"{at} or else 0", at)
        rulebook, _ = read(Source("measures.tally", _RECORDS + _taken_out(random) + measures + rules + _SCORE))
        if rulebook is not None:
            return rulebook


def _taken_out(random: Random) -> str:
    """Declare what is excluded and discounted, if anything."""
    text = ""
    if random.random() < 0.3:
        text += f'exclude x "x"\n    when {random.choice(_ASKED_OF_RECORDS[1:])}\n\n'
    if random.random() < 0.3:
        when = f"    when {random.choice(_ASKED_OF_RECORDS)}\n" if random.random() < 0.5 else ""
        text += (
            f'exclude y "y"\n{when}    repeats of {random.choice(("item", "actor, item", "kind", "actor, kind"))}\n\n'
        )
    if random.random() < 0.4:
        to, when = random.choice(("0%", "50%")), random.choice(_ASKED_OF_RECORDS)
        text += f'discount d "d"\n    to {to}\n    when {when}\n\n'
    return text


def _clauses(random: Random) -> str:
    """Write what a measure is of, and some of the clauses that it may have."""
    lines = [random.choice(_AGGREGATES)]
    limit, period = random.randint(1, 3), random.choice(_PERIODS)
    for share, line in (
        (0.3, f"when {random.choice(_ASKED_OF_RECORDS)}"),
        (0.4, f"within {random.choice((1, 7, 14, 30))} days"),
        (0.15, "diluted per actor per day"),
        (0.35, f"keep at most {limit} per {random.choice(_LIMITED)}{period}"),
        (0.25, f"total at most {limit}{random.choice(_PERIODS[1:])}"),
        (0.4, f"halving every {random.choice((1, 2, 14))} days"),
    ):
        lines += [line] if random.random() < share else []
    return "".join(f"    {line}\n" for line in lines)


_PEOPLE = """\
rulebook "People" version 1.0.0
    owner "Tests"

subjects
    member yes/no
    sort   one of new, old, other
    tests  number 0 to 6 with 0 places optional
    three  number 3 to 3 with 0 places optional

"""
_SCORE = """
score "S"
    sum of all rules
"""
_ASKED = (
    "member", "not member", "member = no", "sort = new", "sort != new", "sort in (new, old)", "tests < 3", "tests >= 3",
    "not (tests > 2)", "4 <= tests", "tests = 3", "tests != 3", "tests is missing", "2 * tests > 5",
    "tests <= three", "three < tests",
)  # fmt: skip


@settings(max_examples=2 * FEW)
@given(st.randoms(use_true_random=False))
def test_no_score_is_outside_of_where_it_is_derived_to_lie(random: Random) -> None:
    """Whatever rules ask of people by conditions that exclude each other or not, in a facet with a bound or outside of
    it: nobody's score is lower or higher."""
    rules = []
    for place in range(random.randint(2, 5)):
        asked = f" {random.choice(('and', 'and', 'or'))} ".join(random.sample(_ASKED, random.choice((1, 1, 2))))
        otherwise = random.choice(("otherwise not applicable", f'otherwise {random.randint(-9, 9)} "-"'))
        bound = random.choice(("", f"    at most {random.randint(-9, 9)}\n"))
        points = f"points {random.randint(-9, 9)}\n{bound}    when {asked}\n    {otherwise}"
        rules.append(f'rule r{place} "R"\n    {points}\n    because "-"\n\n')
    within = random.randint(0, len(rules) - 1)
    facet = f'facet f "F"\n    at most {random.randint(-5, 9)}\n\n' + indent("".join(rules[within:]), "    ")
    rulebook = accepted(_PEOPLE + "".join(rules[:within]) + facet + _SCORE)
    everybody = product((True, False), ("new", "old", "other"), (None, *map(Decimal, range(7))), (None, Decimal(3)))
    rows = tuple((f"p{place}", *values) for place, values in enumerate(everybody))
    run, lies = refer(rulebook, (), rows, date(2026, 1, 1)), score_span(rulebook)
    scores = [found.score.score for found in map(run.subject, run.subjects()) if found is not None]
    assert len(scores) == len(rows)
    assert all(score is not None and lies.low <= score <= lies.high for score in scores)


def test_what_everybody_has_alike_may_still_be_missing() -> None:
    """A condition that compares with an attribute of one value does not hold of whom it is not known of."""
    rules = (
        'rule few "F"\n    points 10\n    when tests <= three\n    otherwise not applicable\n    because "-"\n\n'
        'rule many "M"\n    points 20\n    when tests > 3\n    otherwise not applicable\n    because "-"\n'
    )
    people = _PEOPLE.replace("0 to 6 with 0 places optional", "0 to 6 with 0 places")
    rulebook = accepted(people + rules + _SCORE)
    row = ("ada", True, "new", Decimal(1), None)
    found = refer(rulebook, (), (row,), date(2026, 1, 1)).subject("ada")
    assert found is not None
    assert found.score.score == 0
    assert score_span(rulebook).low == 0
