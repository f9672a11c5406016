"""Takes a rulebook and the day; gives what its rules would give for other figures, by the reference's own arithmetic,
and the program that says so to a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.calendar import days_before
from tallystick.engine.evaluate import evaluate
from tallystick.engine.intake.reading import Rejected, read_cell
from tallystick.engine.ledger import LineRow
from tallystick.engine.what_if.supposed import Supposed, Trial, read_by, read_by_all
from tallystick.explain.calculator.document import Calculator
from tallystick.explain.calculator.program import of_rule, of_score, program_of, type_of
from tallystick.explain.calculator.rows import with_rows_near
from tallystick.explain.calculator.steps import further, steps_of
from tallystick.explain.document import Explanation
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.tree.measures import Given, Measured
from tallystick.rules.decimals import places_of
from tallystick.rules.epochs import on_day
from tallystick.rules.rule import Rule, Table
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import (
    DateType,
    DurationType,
    NumberType,
    OneOfType,
    Scalar,
    TextType,
    TimeType,
    Type,
    YesNoType,
)

Values = Mapping[str, Scalar | None]


class WouldBe(Struct, frozen=True):
    """What follows of one value: the points of the rules that read it, the score, and the name of its band
    (None: no score, or no bands)."""

    value: Scalar | None
    points: tuple[Decimal | None, ...]
    score: Decimal | None
    band: str | None


class Reckoner(Struct, frozen=True, dict=True):
    """What can be worked out from figures: ``book`` has the one rule, or all, and the requirements on what it reads.

    ``supposes``: the other requirements are taken to be met.
    """

    book: Rulebook
    as_of: date
    whole: bool
    supposes: bool = False

    @classmethod
    def of_rule(cls, rulebook: Rulebook, rule: Rule, as_of: date) -> Reckoner:
        """Work out the points of one rule."""
        now = on_day(rulebook, as_of)
        (rule,) = (each for each in now.rules if each.name == rule.name)
        return cls(of_rule(now, rule), as_of, whole=False)

    @classmethod
    def of_score(cls, rulebook: Rulebook, as_of: date) -> Reckoner:
        """Work out the whole score."""
        book = of_score(on_day(rulebook, as_of))
        return cls(book, as_of, whole=True, supposes=len(book.requires) < len(rulebook.requires))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The measures of records and the attributes that can be supposed."""
        return read_by_all(self.book)

    @cached_property
    def program(self) -> Calculator | None:
        """The program for a page; None where it could not be exact."""
        return program_of(self.book, self.as_of, whole=self.whole)

    @cached_property
    def program_text(self) -> str | None:
        """The program as it stands in a page."""
        return None if self.program is None else self.program.model_dump_json(by_alias=True, exclude_none=True)

    @cached_property
    def trial(self) -> Trial:
        """What works it out."""
        return Trial(self.book, self.as_of)

    @cached_property
    def readers(self) -> dict[str, tuple[Rule, ...]]:
        """The rules that read each of the names; where there is but one rule, it is that."""
        if not self.whole:
            return dict.fromkeys(self.names, self.book.rules)
        read = [(rule, read_by(self.book, rule)) for rule in self.book.rules]
        return {name: tuple(rule for rule, names in read if name in names) for name in self.names}

    def type_of(self, name: str) -> tuple[Type, bool]:
        """Return what a name can be, and whether it can be missing."""
        return type_of(self.book, name)

    def steps(self, name: str, values: Values) -> Iterator[WouldBe]:
        """Give what would follow of stated values of one name, all else being as in ``values``."""
        found = steps_of(self.book, name, self.type_of(name), self.as_of, values[name])
        known = self._elsewhere(name, values) if found else {}
        steps = [self.would_be(name, {**values, name: value}, known) for value in found]
        below, above = further(self.book, name, self.type_of(name)[0], found)
        known_last = len(steps) - (1 if None in found else 0)
        yield from reversed(list(self._changing(name, values, known, below, steps[:1])))
        yield from steps[:known_last]
        yield from self._changing(name, values, known, above, steps[:known_last][-1:])
        yield from steps[known_last:]

    def _changing(
        self, name: str, values: Values, known: Mapping[str, LineRow], numbers: Sequence[Decimal], last: list[WouldBe]
    ) -> Iterator[WouldBe]:
        """Give what would follow of further numbers, as long as each says something else than the one before."""
        for number in numbers:
            step = self.would_be(name, {**values, name: number}, known)
            if last == [replace(step, value=last[0].value)]:
                return
            last = [step]
            yield step

    def _elsewhere(self, name: str, values: Values) -> dict[str, LineRow]:
        """Return the lines of the rules that do not read a name; none where nobody has any lines."""
        if not self.whole or self.trial.unmet(values) is not None:
            return {}
        readers = {rule.name for rule in self.readers[name]}
        return {rule.name: self.trial.line(rule, values) for rule in self.book.rules if rule.name not in readers}

    def would_be(self, name: str, values: Values, known: Mapping[str, LineRow] | None = None) -> WouldBe:
        """Return what would follow of values, as far as one of them bears on it; ``known``: as in ``Trial.score``."""
        if self.trial.unmet(values) is not None:
            return WouldBe(values[name], tuple(None for _ in self.readers[name]), None, None)
        points = tuple(self._line(rule, values).points for rule in self.readers[name])
        if not self.whole:
            return WouldBe(values[name], points, None, None)
        found = self.trial.score(values, known)
        return WouldBe(values[name], points, found.score, found.band)

    def _line(self, rule: Rule, values: Values) -> LineRow:
        """Return a rule's line; of a table, the row's place is not that in the whole of it, which nobody asks here."""
        match rule.body:
            case Table(by=by) as table:
                value = evaluate(by, Supposed(self.book, self.as_of, values))
                return self.trial.line(with_rows_near(rule, table, value), values)
            case _:
                return self.trial.line(rule, values)

    # ---- where it begins -----------------------------------------------------------------------------------------

    def plain_start(self) -> Values:
        """Return something for each name, where there is nobody whose values they could be."""
        return {name: _plain(self.type_of(name)[0], self.as_of) for name in self.names}

    def start_of(self, document: Explanation) -> Values | None:
        """Return a person's own values, from what the document shows of them.

        None where it does not show them all: without a score, or where something is withheld from its reader.
        INVARIANT: worked out from them, score and points are those of the document.
        """
        if document.outcome != "scored" or document.score is None:
            return None
        if [line.rule for line in document.lines] != [rule.name for rule in self.book.rules]:
            return None
        found = dict(self._shown(document))
        if not set(self.names) <= set(found):
            return None
        values = {name: found[name] for name in self.names}
        unmet = self.trial.unmet(values)
        score = None if unmet is not None else self.trial.score(values).score
        if score is None or score != Decimal(document.score):
            if document.withheld:
                return None
            raise DoesNotAddUp(document.subject, "the calculator", document.score, str(score))
        return values

    def _shown(self, document: Explanation) -> Iterator[tuple[str, Scalar | None]]:
        fields = {each.name: each for each in self.book.subjects or ()}
        waiting: list[Measured] = []
        given: list[Given] = []
        for line in document.lines:
            waiting += line.measures
            given += line.inputs
        for level in () if document.band is None else document.band.levels:
            for need in level.needs:
                waiting += need.measures
                given += need.inputs
        while waiting:
            measure = waiting.pop()
            yield measure.measure, None if measure.value is None else Decimal(measure.value)
            waiting += measure.parts
            given += measure.inputs
        for each in given:
            value = None if each.value is None else read_cell(fields[each.attribute], each.value)
            if not isinstance(value, Rejected):
                yield each.attribute, value


def _plain(of_type: Type, as_of: date) -> Scalar:
    """Return some value of a type: for a number 1, or what is nearest to it."""
    match of_type:
        case NumberType(low=low, high=high, places=places):
            one = max(low, min(high, Decimal(1)))
            return one if places_of(one) <= places else low
        case YesNoType():
            return True
        case OneOfType(values=values):
            return values[0]
        case TextType():
            return ""
        case DateType():
            return days_before(as_of, 365)
        case TimeType():
            return datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
        case DurationType():
            message = "no measure or attribute is a duration"
            raise AssertionError(message)
        case _:
            assert_never(of_type)
