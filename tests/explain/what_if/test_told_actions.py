"""What could change a score, held to its words: records are built from what is told of them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from generators.accepted import accepted
from generators.rows import _cell
from generators.rulebooks import Case, case_of, cases
from hypothesis import example, given, settings
from ledgers.with_rows import RowsRun, with_rows

from tallystick.engine.arithmetic import text_of
from tallystick.engine.intake.reading import Rejected, Row, read_cell, read_rows, record_fields, subject_fields
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.reference import refer
from tallystick.engine.reference_records import Records
from tallystick.engine.what_if import reach
from tallystick.engine.what_if.actions import moment_on
from tallystick.explain import Explainer
from tallystick.explain.figures import line_places
from tallystick.explain.what_if.action_words import enough
from tallystick.explain.what_if.could_change import could_change
from tallystick.explain.what_if.could_change_document import (
    EnoughActions,
    EnoughForNeed,
    ImaginedAction,
    NoActionRaises,
    NothingDone,
    TooFewActions,
)
from tallystick.rules.rulebook import Field
from tallystick.rules.value import Scalar, TimeType

FEWER = max(8, settings.default.max_examples // 40) if settings.default is not None else 8


class World:
    """All that a run knows by its day; what is told of more is put beside it."""

    def __init__(self, case: Case) -> None:
        """Know the records that the run has counted."""
        self.case, self.rng, self.made = case, Random(case.seed), 0  # noqa: S311  made up on purpose
        records = Records(case.rulebook, case.read_records.rows, (), case.as_of).all
        self.known = tuple(each.row for each in records if each.day <= case.as_of)
        self.fields = record_fields(case.rulebook)

    def ledger(self, name: str, day: date, rows: tuple[Row, ...] = (), people: tuple[Row, ...] = ()) -> SubjectLedger:
        """Score a person by the reference over all rows."""
        everybody = (*self.case.read_subjects.rows, *people)
        run = refer(self.case.rulebook, (*self.known, *rows), everybody, day, self.case.pauses)
        found = run.subject(name)
        assert found is not None
        return found

    def after(self, name: str, action: ImaginedAction, times: int, day: date | None = None) -> SubjectLedger:
        """Score a person after so many records as they are told; what is not told of them is any value at all."""
        rows, people = [], []
        same = {each.name: each.value for each in action.same}
        for _ in range(times):
            self.made += 1
            rows.append(tuple(self._value(each, name, action, same, day or action.on) for each in self.fields))
            if action.who == "others":
                people += self._person(action)
        return self.ledger(name, day or action.on, tuple(rows), tuple(people))

    def _value(
        self, field: Field, name: str, action: ImaginedAction, same: dict[str, str | None], day: date
    ) -> Scalar | None:
        stranger = f"imagined person {self.made}"
        match field.name:
            case "id":
                return Decimal(10**9 + self.made) if isinstance(read_cell(field, "5"), Decimal) else stranger
            case "subject":
                return stranger if action.who == "you to others" else name
            case "actor":
                return {"others": stranger, "another": self._latest(name), "somebody": None}.get(action.who, name)
            case "kind":
                return action.kind
            case "at":
                assert action.noon is isinstance(field.type, TimeType)
                return moment_on(field, day, self.case.rulebook.time_zone)
            case other if other in same:
                return _read(field, same[other])
            case other if other in action.different:
                return f"another {self.made}"
            case _:
                return self._any(field)

    def _person(self, action: ImaginedAction) -> Iterator[Row]:
        """Give a row of who acts, but of whom nothing is known; what is not told of them is any value at all."""
        told = {each.name: each.value for each in action.attributes or ()}
        fields = subject_fields(self.case.rulebook)
        if fields and not action.earned_nothing and not (told and set(told.values()) == {None}):
            yield tuple(
                f"imagined person {self.made}"
                if each.name == "subject"
                else _read(each, told[each.name])
                if each.name in told
                else self._any(each)
                for each in fields
            )

    def _any(self, field: Field) -> Scalar | None:
        while True:
            value = read_cell(field, _cell(field, self.rng, 0))
            if not isinstance(value, Rejected):
                return value

    def _latest(self, name: str) -> str | None:
        """Return who acted last about a person; the first of several in the order of the rows."""
        names = [each.name for each in self.fields]
        subject, actor, at = names.index("subject"), names.index("actor"), names.index("at")
        others = [row for row in self.known if row[subject] == name and row[actor] not in (None, name)]
        latest = max(others, key=lambda row: _moment(row[at]), default=None)
        return None if latest is None else str(latest[actor])


def _moment(value: Scalar | None) -> datetime:
    assert isinstance(value, date)
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)


def _read(field: Field, cell: str | None) -> Scalar | None:
    value = None if cell is None else read_cell(field, cell)
    assert not isinstance(value, Rejected)
    return value


def _score(case: Case, ledger: SubjectLedger) -> str | None:
    score = ledger.score.score
    return None if score is None else text_of(score, case.rulebook.score.places)


def _points(case: Case, ledger: SubjectLedger, rule: str | None) -> str | None:
    points = next((each.points for each in ledger.lines if each.rule == rule), None)
    return None if points is None else text_of(points, line_places(case.rulebook.score))


@settings(max_examples=FEWER)
@given(cases(by=False))
@example(case_of(51, 4))
def test_what_is_told_is_so_whatever_is_not_told(case: Case) -> None:
    """I6: records of which all is as it is told, and any value where nothing is told, give the scores, the lines and
    the needs that are told; with nothing done, so do the days."""
    world = World(case)
    run = with_rows(case.rulebook, case.read_records.rows, case.read_subjects.rows, case.as_of, case.pauses)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "MOST_ACTIONS", 20)
        for name in list(refer(case.rulebook, world.known, case.read_subjects.rows, case.as_of).subjects())[:2]:
            for part in could_change(run, name):
                _hold(case, world, name, part)


def _hold(case: Case, world: World, name: str, part: object) -> None:
    match part:
        case EnoughActions():
            reached = world.after(name, part.action, part.actions)
            assert (_score(case, reached), _points(case, reached, part.rule)) == (part.score, part.points_then)
            assert _score(case, world.after(name, part.action, part.actions - 1)) == part.one_fewer
        case TooFewActions():
            assert _score(case, world.after(name, part.action, part.actions)) == part.score
        case EnoughForNeed():
            bands = {each.title: each.name for each in case.rulebook.bands}
            reached = world.after(name, part.action, part.actions)
            assert reached.score.band == (None if part.band_then is None else bands[part.band_then])
        case NoActionRaises():
            for lowering in part.lowered_by:
                assert _points(case, world.after(name, lowering.action, 1), part.rule) == lowering.points
            if part.rises_on is not None:
                assert _points(case, world.ledger(name, part.rises_on), part.rule) == part.rises_to
                before = _points(case, world.ledger(name, part.rises_on - timedelta(days=1)), part.rule)
                assert Decimal(before or 0) <= Decimal(part.points_now or 0)
        case NothingDone():
            assert _score(case, world.ledger(name, part.on)) == part.score
        case _:
            pass


BOOK = """\
rulebook "Told" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of post, like
    at      {at}
    stars   whole number 1 to 5
    item    text

subjects
    member yes/no
    level  whole number 0 to 10 optional

"""
END = """
    because "So."

score "Sum"
    sum of all rules
"""


def _parts(body: str, *lines: str, people: tuple[str, ...] = (), at: str = "date") -> tuple[object, ...]:
    """Return what could change ada's score on 2 January, of records as ``actor kind day stars item``."""
    rulebook = accepted(BOOK.format(at=at) + body)
    rows = read_rows(
        record_fields(rulebook),
        ("subject", "actor", "kind", "at", "stars", "item"),
        [["ada", *line.split()] for line in lines],
    ).rows
    about = read_rows(subject_fields(rulebook), ("subject", "member", "level"), [each.split() for each in people]).rows
    return could_change(with_rows(rulebook, rows, about, date(2026, 1, 2)), "ada")


def _words(parts: tuple[object, ...]) -> str:
    return " ".join(enough(each) for each in parts if isinstance(each, EnoughActions))


def test_that_nothing_is_known_of_who_acts_is_told() -> None:
    """Where a record counts because nobody knows anything about who acts, that is said."""
    told = _words(
        _parts(
            'exclude members "members"\n    when actor.member is not missing and actor.member\n    because "So."\n\n'
            'measure likes "like" / "likes"\n    count like\n\nrule liked "Likes"\n    points likes' + END,
            people=("ada yes 5",),
        )
    )
    assert "Assumed of the people who act: member is missing." in told


def test_of_whom_the_person_acts_on_it_is_told_what_is_assumed() -> None:
    """What the person gives counts by what is known of those who get it: of people whom nobody knows that is missing,
    and it is said."""
    told = _words(
        _parts(
            'measure given "given" / "given"\n    count like given\n    when level is missing\n\n'
            'rule giving "Giving"\n    points given' + END,
            people=("ada yes 5",),
        )
    )
    assert "by you toward somebody else" in told
    assert "Assumed of those whom the records are about: level is missing." in told


def test_that_who_acts_has_earned_nothing_is_told() -> None:
    """Where it matters what an actor earned, it is said that nothing else is known of those who were imagined; where it
    does not, nothing is."""
    reach_of = 'measure posts "post" / "posts"\n    count post\n\n'
    likes = 'measure likes "like" / "likes"\n    sum 3 - min({}, 2) of like\n\nrule liked "Likes"\n    points likes'
    lines = ("ada post 2026-01-01 3 p1",)
    assert "Nothing else is known about the people who act." in _words(
        _parts(reach_of + likes.format("(actor.posts or else 0)") + END, *lines, people=("ada yes 5",))
    )
    assert "Nothing else is known" not in _words(
        _parts(reach_of + likes.format("stars") + END, *lines, people=("ada yes 5",))
    )


@pytest.mark.parametrize(("at", "told"), [("time", True), ("date", False)])
def test_the_time_of_day_is_told(at: str, told: bool) -> None:  # noqa: FBT001  one of two cases
    """Which of two records is the earlier can hang on the hour: where records have one, that of those imagined is
    told."""
    rulebook = accepted(
        BOOK.format(at=at).replace("subjects\n    member yes/no\n    level  whole number 0 to 10 optional\n", "")
        + 'measure likes "like" / "likes"\n    count like\n\nrule liked "Likes"\n    points likes'
        + END
    )
    cells = ["ada", "bo", "like", "2026-01-01T09:00:00Z"[: 20 if told else 10], "3", "p1"]
    names = ("subject", "actor", "kind", "at", "stars", "item")
    rows = read_rows(record_fields(rulebook), names, [cells]).rows
    run: RowsRun = with_rows(rulebook, rows, (), date(2026, 1, 2))
    made = Explainer(refer(rulebook, rows, (), date(2026, 1, 2))).explain("ada")
    text = " ".join(made.model_copy(update={"could_change": could_change(run, "ada")}).text().split())
    assert "Everything in it was tried: records of 2026-01-02 were imagined" in text
    assert ("The records imagined are of noon on that day." in text) is told


def test_the_day_of_what_lowers_a_line_is_told() -> None:
    """Where nothing raises any line, and a record lowers one, it is said of which day that record is."""
    rulebook = accepted(
        BOOK.format(at="date") + 'measure likes "like" / "likes"\n    count like\n    within 9 days\n\n'
        'rule liked "Likes"\n    points -1 * likes' + END
    )
    people = read_rows(subject_fields(rulebook), ("subject", "member", "level"), [["ada", "yes", "5"]]).rows
    run = with_rows(rulebook, (), people, date(2026, 1, 2))
    made = Explainer(refer(rulebook, (), people, date(2026, 1, 2))).explain("ada")
    text = " ".join(made.model_copy(update={"could_change": could_change(run, "ada")}).text().split())
    assert "records of 2026-01-02 were imagined" in text
    assert "would make it -1" in text


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("distinct item of post", True),
        ("distinct actor, item of post", True),
        ("count post\n    keep at most 1 per item", True),
        ("count post\n    keep at most 1 per actor, item", False),
        ("count post", False),
    ],
)
def test_that_a_field_is_new_each_time_is_told_where_it_counts(measure: str, told: bool) -> None:  # noqa: FBT001  parameter
    """Where items are counted, or kept apart, two posts need two of them, and that is said; where each is by another
    person who is kept apart anyway, it is not."""
    parts = _parts(
        f'measure found "x" / "x"\n    {measure}\n\nrule found "Found"\n    points found' + END,
        "bo post 2026-01-01 3 p1",
        people=("ada yes 5",),
    )
    others = [each for each in parts if isinstance(each, EnoughActions) and each.action.who == "others"]
    assert others
    assert ("Assumed of each record: item is a new one." in _words(tuple(others))) is told


@pytest.mark.parametrize(("kind", "told"), [("contains", 'item is "imagi"'), ("does not contain", "item is a new one")])
def test_a_new_text_passes_no_test_of_what_is_in_it(kind: str, told: str) -> None:
    """A text that was made up has nothing in it by chance that a condition looks for: what counts because of its words
    is told with these words."""
    condition = 'item contains "imagi"' if kind == "contains" else 'not (item contains "imagi")'
    parts = _parts(
        f'measure found "x" / "x"\n    count post\n    when {condition}\n\nrule found "Found"\n    points found' + END,
        people=("ada yes 5",),
    )
    assert told in _words(parts)
