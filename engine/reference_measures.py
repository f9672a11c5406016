"""Takes a measure, a person and all records; gives its value, what each step left out, the records behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine import arithmetic
from tallystick.engine.arithmetic import total_of
from tallystick.engine.calendar import bucket
from tallystick.engine.evaluate import evaluate
from tallystick.engine.intake.reading import written
from tallystick.engine.ledger import EvidenceRow, MeasureRow, Step, StepRow
from tallystick.engine.reference_records import Record, RecordLook, Records, latest_first
from tallystick.rules.expression import Constant, Expr
from tallystick.rules.measure import (
    Count,
    DaysOf,
    Distinct,
    Formula,
    HIndex,
    Keep,
    Measure,
    Pick,
    RecordAggregate,
    SumByKind,
    SumOf,
    Total,
)

Fate: TypeAlias = Literal["counted", "voided", "excluded", "window", "keep", "total", "repeated"]
_ZERO, _ONE = Decimal(0), Decimal(1)


class Piece(Struct, frozen=True):
    """A record that a measure looked at. ``value`` is what it adds; None where it has no value of its own."""

    record: Record
    value: Decimal | None
    fate: Fate = "counted"
    name: str = ""


class Worth(Struct, frozen=True):
    """A record that still counts, and the value that it has come to."""

    record: Record
    value: Decimal


class Measured(Struct, frozen=True):
    """A measure of one person: its row, the rows of its steps, and the records behind it."""

    row: MeasureRow
    steps: tuple[StepRow, ...]
    pieces: tuple[Piece, ...]


class Measuring:
    """A record measure (not a formula), ready to be taken of any person."""

    def __init__(self, measure: Measure, aggregate: RecordAggregate, records: Records) -> None:
        """Find the records of the kinds that pass ``when``, whoever they are about."""
        self.measure = measure
        self.aggregate = aggregate
        self.records = records
        self.passing = frozenset(
            record.number
            for kind in dict.fromkeys(aggregate.kinds)
            for record in records.seen_of_kind.get(kind, ())
            if records.holds(measure.when, record)
        )
        """The numbers of the records of these kinds that pass ``when``; the window does not matter."""
        self.voided = tuple(
            record
            for record in records.voided
            if not records.not_yet(record) and record.kind in aggregate.kinds and records.holds(measure.when, record)
        )
        """What would be looked at, had no correction struck it out."""

    @cached_property
    def _given_that_day(self) -> Counter[tuple[str | None, date]]:
        """How many of the records that count each actor gave on each day."""
        return Counter(
            (record.actor, record.day)
            for record in self.records.seen
            if record.number in self.passing and record.number not in self.records.exclusion
        )

    def inside(self, record: Record) -> bool:
        """Say whether a record lies inside the window."""
        within = self.measure.within
        return within is None or self.records.age(record) < within.value

    def of(self, person: str) -> Measured:
        """Take the measure of a person."""
        whose = self.records.given_by_of if self.aggregate.given else self.records.about_of
        looked_at = [record for record in whose(person, self.aggregate.kinds) if record.number in self.passing]
        return self._of_records(person, looked_at) if looked_at or self.voided else self._of_nothing(person)

    def _of_records(self, person: str, looked_at: list[Record]) -> Measured:
        exclusion = self.records.exclusion
        excluded = [record for record in looked_at if record.number in exclusion]
        left = [record for record in looked_at if record.number not in exclusion]
        outside = [record for record in left if not self.inside(record)]
        counting = [record for record in left if self.inside(record)]
        log = _Log(person, self.measure.name)
        for exclude in self.records.rulebook.excludes:
            taken = [r for r in excluded if exclusion[r.number] == exclude.name and self.inside(r)]
            log.left_out("excluded", exclude.name, taken, self._gross)
        log.left_out("window", "", outside, self._gross)
        effect = _ZERO if self._has_values else None
        log.pieces += [Piece(record, effect, "excluded", exclusion[record.number]) for record in excluded]
        log.pieces += [Piece(record, effect, "window") for record in outside]
        log.pieces += [Piece(record, effect, "voided") for record in self.voided if self._is_of(record, person)]
        return self._aggregate(counting, log)

    def _of_nothing(self, person: str) -> Measured:
        """INVARIANT: what ``_of_records`` gives of no records; a test holds it. In a rulebook of hundreds of measures
        most are without, and that took a third of the time."""
        return _Log(person, self.measure.name).measured(None if isinstance(self.aggregate, Pick) else _ZERO, 0)

    def _is_of(self, record: Record, person: str) -> bool:
        return (record.actor if self.aggregate.given else record.subject) == person

    @property
    def _has_values(self) -> bool:
        return isinstance(self.aggregate, Count | SumOf | SumByKind | Distinct)

    def _aggregate(self, counting: list[Record], log: _Log) -> Measured:
        match self.aggregate:
            case Count() | SumOf() | SumByKind():
                worths = self._limited(self._discounted(self._worths(counting), log), log)
                worths = self._fading(worths, log)
                log.pieces += [Piece(worth.record, worth.value) for worth in worths]
                return log.measured(total_of([worth.value for worth in worths]), len(worths))
            case Distinct(fields=fields):
                return log.measured(self._distinct(fields, counting, log), len(counting))
            case Pick() as pick:
                value = self._picked(pick, counting)
            case DaysOf():
                value = Decimal(len({record.day for record in counting}))
            case HIndex(field=field):
                value = _h_index(Counter(record.values[field] for record in counting))
            case _:
                assert_never(self.aggregate)
        log.pieces += [Piece(record, None) for record in counting]
        return log.measured(value, len(counting))

    # ---- values of records ---------------------------------------------------------------------------------------

    def _gross(self, record: Record) -> Decimal | None:
        """Return what a record would add before any step; None where the measure only asks whether it is there."""
        match self.aggregate:
            case Count():
                return _ONE
            case SumOf(value=value):
                return self._worked_out(value, record)
            case SumByKind(values=values):
                return next(self._worked_out(value, record) for kind, value in values if kind == record.kind)
            case Distinct() | Pick() | DaysOf() | HIndex():
                return None
            case _:
                assert_never(self.aggregate)

    def _worths(self, counting: list[Record]) -> list[Worth]:
        values = [self._gross(record) for record in counting]
        return [Worth(r, value) for r, value in zip(counting, values, strict=True) if value is not None]

    def _worked_out(self, expr: Expr, record: Record) -> Decimal:
        value = evaluate(expr, RecordLook(self.records, record))
        assert isinstance(value, Decimal)  # noqa: S101  the checker's promise: a number, never missing
        return value

    # ---- steps ---------------------------------------------------------------------------------------------------

    def _discounted(self, worths: list[Worth], log: _Log) -> list[Worth]:
        for discount in self.records.rulebook.discounts:
            worths = log.changed("discount", discount.name, worths, self._discount(discount.when, discount.to))
        return worths

    def _discount(self, when: Expr | None, share: Constant) -> Callable[[Worth], Decimal]:
        def after(worth: Worth) -> Decimal:
            applies = self.records.holds(when, worth.record)
            return arithmetic.multiply(worth.value, share.value) if applies else worth.value

        return after

    def _limited(self, worths: list[Worth], log: _Log) -> list[Worth]:
        if self.measure.diluted:
            worths = log.changed("dilution", "", worths, self._diluted)
        if self.measure.keep is not None:
            worths = self._keep(self.measure.keep, worths, log)
        if self.measure.total is not None:
            worths = self._total(self.measure.total, worths, log)
        return worths

    def _diluted(self, worth: Worth) -> Decimal:
        """Divide a record's value by how many of these its actor gave that day; nobody's records stay whole."""
        if worth.record.actor is None:
            return worth.value
        return arithmetic.divide(worth.value, Decimal(self._given_that_day[(worth.record.actor, worth.record.day)]))

    def _fading(self, worths: list[Worth], log: _Log) -> list[Worth]:
        """Let records fade by their age; then, under ``except pauses``, by their age less the days paused."""
        faded = log.changed("fading", "", worths, lambda worth: self._faded(worth, 0))
        if not self.measure.except_pauses:
            return faded
        slowed = {w.record.number: self._faded(w, self.records.paused(w.record, log.person)) for w in worths}
        return log.changed("paused", "", faded, lambda worth: slowed[worth.record.number])

    def _faded(self, worth: Worth, paused: int) -> Decimal:
        halving = self.measure.halving
        if halving is None:
            return worth.value
        days = self.records.age(worth.record) - paused
        return arithmetic.multiply(worth.value, arithmetic.fading(days, halving.value))

    def _keep(self, keep: Keep, worths: list[Worth], log: _Log) -> list[Worth]:
        """Keep the highest values of each group, of equal ones the latest day."""

        def group(worth: Worth) -> tuple[object, ...]:
            values = tuple(worth.record.values[name] for name in keep.fields)
            return values if keep.period is None else (*values, bucket(worth.record.day, keep.period))

        kept: list[Worth] = []
        dropped: list[Worth] = []
        for members in _groups(worths, group):
            kept += members[: int(keep.limit.value)]
            dropped += members[int(keep.limit.value) :]
        log.step("keep", "", len(dropped), total_of([worth.value for worth in dropped]))
        log.pieces += [Piece(worth.record, _ZERO, "keep") for worth in dropped]
        return kept

    def _total(self, total: Total, worths: list[Worth], log: _Log) -> list[Worth]:
        """Count every negative value, and of the others the highest until the net of the period is the limit."""
        cut: dict[int, Decimal] = {}
        for members in _groups(worths, lambda worth: bucket(worth.record.day, total.period)):
            negative = total_of([worth.value for worth in members if worth.value < 0])
            room = arithmetic.subtract(total.limit.value, negative)
            for worth in members:
                taken = worth.value if worth.value < 0 else min(worth.value, room)
                room = room if worth.value < 0 else arithmetic.subtract(room, taken)
                cut[worth.record.number] = taken
        after = log.changed("total", "", worths, lambda worth: cut[worth.record.number])
        nothing_left = {w.record.number for w, old in zip(after, worths, strict=True) if w.value == 0 != old.value}
        log.pieces += [Piece(worth.record, _ZERO, "total") for worth in after if worth.record.number in nothing_left]
        return [worth for worth in after if worth.record.number not in nothing_left]

    # ---- aggregates ----------------------------------------------------------------------------------------------

    def _distinct(self, fields: tuple[str, ...], counting: list[Record], log: _Log) -> Decimal:
        """Count each value through its record with the highest factor; charge what the steps took from those alone."""
        silent = _Log(log.person, log.measure)
        whole = [Worth(record, _ONE) for record in counting]
        before = self._discounted(whole, silent)
        after = self._fading(before, silent)
        groups: dict[tuple[object, ...], list[tuple[Worth, Worth]]] = {}
        for pair in zip(before, after, strict=True):
            groups.setdefault(tuple(pair[0].record.values[name] for name in fields), []).append(pair)
        chosen = {min(pairs, key=_highest_factor)[0].record.number for pairs in groups.values()}
        ones = [worth for worth in whole if worth.record.number in chosen]
        final = self._fading(self._discounted(ones, log), log)
        log.pieces += [Piece(worth.record, worth.value) for worth in final]
        log.pieces += [Piece(record, _ZERO, "repeated") for record in counting if record.number not in chosen]
        return total_of([worth.value for worth in final])

    def _picked(self, pick: Pick, counting: list[Record]) -> Decimal | None:
        values = [(record.moment, self._worked_out(pick.value, record)) for record in counting]
        if not values:
            return None
        numbers = [number for _, number in values]
        match pick.how:
            case "average":
                return arithmetic.divide(total_of(numbers), Decimal(len(numbers)))
            case "highest":
                return max(numbers)
            case "lowest":
                return min(numbers)
            case "latest":
                return max(values)[1]
            case _:
                assert_never(pick.how)


def evidence_rows(person: str, measured: Measured) -> tuple[EvidenceRow, ...]:
    """Return the records behind a measure: latest day first, then least in field order."""
    pieces = sorted(measured.pieces, key=lambda piece: latest_first(piece.record))
    return tuple(
        EvidenceRow(
            subject=person,
            measure=measured.row.measure,
            order=order,
            values=tuple(written(value) for value in piece.record.row),
            fate=piece.fate,
            name=piece.name,
            effect=piece.value,
        )
        for order, piece in enumerate(pieces, start=1)
    )


def measuring_of(measure: Measure, records: Records) -> Measuring | None:
    """Make a record measure ready to be taken; None for a formula."""
    if isinstance(measure.aggregate, Formula):
        return None
    return Measuring(measure, measure.aggregate, records)


class _Log:
    """What the steps of one measure of one person have left out so far."""

    def __init__(self, person: str, measure: str) -> None:
        self.person = person
        self.measure = measure
        self.steps: list[StepRow] = []
        self.pieces: list[Piece] = []

    def step(self, step: Step, name: str, records: int, value: Decimal | None) -> None:
        if records:
            self.steps.append(StepRow(self.person, self.measure, step, name, records, value))

    def left_out(self, step: Step, name: str, records: list[Record], gross: Callable[[Record], Decimal | None]) -> None:
        """Note records that do not count at all, with what they would have added."""
        values = [gross(record) for record in records]
        numbers = [value for value in values if value is not None]
        self.step(step, name, len(records), total_of(numbers) if len(numbers) == len(values) else None)

    def changed(self, step: Step, name: str, worths: list[Worth], after: Callable[[Worth], Decimal]) -> list[Worth]:
        """Give each record its new value, and note those whose value became another."""
        changed = [replace(worth, value=after(worth)) for worth in worths]
        pairs = [(old.value, new.value) for old, new in zip(worths, changed, strict=True) if old.value != new.value]
        self.step(step, name, len(pairs), total_of([arithmetic.subtract(old, new) for old, new in pairs]))
        return changed

    def measured(self, value: Decimal | None, records: int) -> Measured:
        row = MeasureRow(self.person, self.measure, "missing" if value is None else "value", value, records)
        return Measured(row, tuple(self.steps), tuple(self.pieces))


def _highest_first(worth: Worth) -> tuple[object, ...]:
    return (-worth.value, *latest_first(worth.record))


def _highest_factor(pair: tuple[Worth, Worth]) -> tuple[object, ...]:
    """Order records by the highest final factor, then the highest day, then the highest factor before fading."""
    before, after = pair
    return (-after.value, -after.record.day.toordinal(), -before.value, after.record.order, after.record.number)


def _groups(worths: list[Worth], group: Callable[[Worth], tuple[object, ...]]) -> Iterable[list[Worth]]:
    """Put together what has the same group, each with the highest values first."""
    groups: dict[tuple[object, ...], list[Worth]] = {}
    for worth in sorted(worths, key=_highest_first):
        groups.setdefault(group(worth), []).append(worth)
    return groups.values()


def _h_index(sizes: Counter[object]) -> Decimal:
    """Return the largest h such that h groups have h records each, at least."""
    h = 0
    for place, size in enumerate(sorted(sizes.values(), reverse=True), start=1):
        h = place if size >= place else h
    return Decimal(h)
