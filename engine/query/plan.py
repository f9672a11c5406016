"""Takes a rulebook; gives what the query for it needs to know, without a word of SQL: which fields are read, what
each measure needs of its records, which discounts can touch it, and which records could ask whether they are
returned."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.evaluate import measures_in
from tallystick.engine.query.plan_reading import (
    exclusion_exprs,
    formula_exprs,
    kinds_for,
    measure_exprs,
    measures_read,
    record_exprs,
    value_exprs,
    walk,
)
from tallystick.rules.decimals import places_of
from tallystick.rules.expression import AttributeOf, EarnedOf, Expr, FieldOf, FromTo, Logic, Returned, Since
from tallystick.rules.measure import Count, Distinct, Formula, HIndex, Measure, Pick, RecordAggregate, SumByKind, SumOf
from tallystick.rules.rulebook import Discount, Exclude, Field, Rulebook
from tallystick.rules.value import DateType


class RecordMeasure(Struct, frozen=True):
    """A measure of records.

    ``counted``: its number is a count, sum, average, highest or lowest of the records as they are, so that it can be
    had from the tallies of all records in one go. ``read``: a rule, requirement or band reads it, so that it takes part
    in fates. ``excludes``: those that can take a record of its kinds. ``as_many_as``: a measure whose own steps tell
    how many records this plain count has, for they look at the very same.
    """

    measure: Measure
    aggregate: RecordAggregate
    excludes: tuple[Exclude, ...]
    discounts: tuple[Discount, ...]
    counted: bool
    read: bool
    as_many_as: RecordMeasure | None = None

    @property
    def name(self) -> str:
        """The measure's name."""
        return self.measure.name

    @property
    def person(self) -> str:
        """The field that names the person whose measure it is."""
        return "actor" if self.aggregate.given else "subject"

    @property
    def counts_itself(self) -> bool:
        """Whether its own steps, which group its records anyway, tell how many of them count."""
        match self.aggregate:
            case Count() | SumOf() | SumByKind():
                return not self.counted
            case Pick(how=how):
                return how == "latest"
            case _:
                return not self.discounts

    @property
    def cuts(self) -> bool:
        """Whether a limit on its sum can count a part of a record."""
        total = self.measure.total
        plain = isinstance(self.aggregate, Count) and not (self.discounts or self.measure.diluted)
        return total is not None and not (plain and places_of(total.limit.value) == 0)

    @property
    def order_matters(self) -> bool:
        """Whether two of its records, of one day and factor, can have been charged by different discounts."""
        return isinstance(self.aggregate, Distinct) and len(self.discounts) > 1

    @property
    def looks_at(self) -> tuple[object, ...]:
        """What says which records it looks at."""
        said = self.measure
        return self.person, frozenset(self.aggregate.kinds), said.when, said.within and said.within.value

    @property
    def values(self) -> tuple[Expr, ...]:
        """The expressions over the record that it adds or picks from."""
        match self.aggregate:
            case SumOf(value=value) | Pick(value=value):
                return (value,)
            case SumByKind(values=values):
                return tuple(value for _, value in values)
            case _:
                return ()


class Plan(Struct, frozen=True):
    """What a rulebook's query needs to know.

    ``fields`` are those of a record that the ledger depends on; no other is selected. ``carried``: those that
    measures look at. ``returned_kinds``: the kinds of record that ask whether they are returned. ``returned_late``:
    only discounts ask it, and of fields alone, so that it can be found out for the few records that are left when
    measures are taken. ``formulas``: in an order in which each reads only earlier ones, in layers that do not read
    each other. ``earned``: the measures that records read of their actors.
    """

    rulebook: Rulebook
    fields: tuple[Field, ...]
    carried: tuple[str, ...]
    measures: tuple[RecordMeasure, ...]
    formulas: tuple[tuple[Measure, ...], ...]
    returned_kinds: frozenset[str]
    returned_late: bool
    subject_attributes: tuple[str, ...]
    actor_attributes: tuple[str, ...]
    earned: tuple[Measure, ...]
    moments: bool
    windows: tuple[int, ...]

    @property
    def asks_returned(self) -> bool:
        """Whether any condition asks whether a record is returned."""
        return bool(self.returned_kinds)

    def field(self, name: str) -> Field | None:
        """Return a declared field of a record."""
        return next((field for field in self.rulebook.records or () if field.name == name), None)


def plan(rulebook: Rulebook, whole: Rulebook | None = None) -> Plan:
    """Work out what the query for a rulebook needs. ``whole``: the one that it is a part of, where that is so."""
    read = measures_read(rulebook)
    measures = tuple(
        _record_measure(rulebook, measure, measure.aggregate, measure.name in read)
        for measure in rulebook.measures
        if not isinstance(measure.aggregate, Formula)
    )
    measures = tuple(_as_many_as(each, measures) for each in measures)
    exprs = tuple(record_exprs(rulebook))
    ops = [expr for each in exprs for expr in walk(each)]
    returned_kinds = _returned_kinds(rulebook)
    moments = bool(
        returned_kinds
        or any(exclude.repeats is not None for exclude in rulebook.excludes)
        or any(isinstance(each.aggregate, Pick) and each.aggregate.how == "latest" for each in measures)
    )
    returned_late = bool(returned_kinds) and _returned_late(rulebook)
    carried = _carried(rulebook, measures)
    if returned_late:
        carried = _unique([*carried, "actor", *_fields_of(late_discounts(rulebook))])
    named = {expr.op.name for expr in ops if isinstance(expr.op, FieldOf)} | set(carried) | {"subject", "kind", "at"}
    if returned_kinds or any(measure.aggregate.given for measure in measures):
        named.add("actor")
    if any(exclude.repeats is not None for exclude in rulebook.excludes):
        named |= {field.name for field in rulebook.records or ()}
    attributes = [expr.op for expr in ops if isinstance(expr.op, AttributeOf)]
    read_of_actors = {expr.op.name for expr in ops if isinstance(expr.op, EarnedOf)}
    earned = tuple(each for each in (whole or rulebook).measures if each.name in read_of_actors)
    if earned or any(each.whose == "actor" for each in attributes):
        named.add("actor")
    return Plan(
        rulebook=rulebook,
        fields=tuple(field for field in rulebook.records or () if field.name in named),
        carried=carried,
        measures=measures,
        formulas=_layers(tuple(each for each in rulebook.measures if isinstance(each.aggregate, Formula))),
        returned_kinds=returned_kinds,
        returned_late=returned_late,
        subject_attributes=_unique(each.name for each in attributes if each.whose == "subject"),
        actor_attributes=_unique(each.name for each in attributes if each.whose == "actor"),
        earned=earned,
        moments=moments,
        windows=tuple(sorted({int(m.measure.within.value) for m in measures if m.measure.within is not None})),
    )


def _record_measure(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, read: bool) -> RecordMeasure:  # noqa: FBT001
    discounts: tuple[Discount, ...] = ()
    if isinstance(aggregate, Count | SumOf | SumByKind | Distinct):
        discounts = tuple(
            each for each in rulebook.discounts if kinds_for(each.when, rulebook.kinds) & set(aggregate.kinds)
        )
    plain = not (discounts or measure.diluted or measure.keep or measure.total or measure.halving)
    match aggregate:
        case Count() | SumOf() | SumByKind():
            counted = plain
        case Pick(how=how):
            counted = how != "latest"
        case _:
            counted = False
    excludes = tuple(each for each in rulebook.excludes if kinds_for(each.when, rulebook.kinds) & set(aggregate.kinds))
    return RecordMeasure(measure, aggregate, excludes, discounts, counted, read)


def _as_many_as(measure: RecordMeasure, measures: tuple[RecordMeasure, ...]) -> RecordMeasure:
    """Return a plain count with the measure, if there is one, that looks at the very same records and counts them."""
    if not (measure.counted and isinstance(measure.aggregate, Count)):
        return measure
    same = (each for each in measures if each.counts_itself and not each.cuts and each.looks_at == measure.looks_at)
    return replace(measure, as_many_as=next(same, None))


def _returned_kinds(rulebook: Rulebook) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for exclude in rulebook.excludes:
        found |= _asking(exclude.when, rulebook.kinds)
    for discount in rulebook.discounts:
        found |= _asking(discount.when, rulebook.kinds)
    for measure in rulebook.measures:
        if not isinstance(measure.aggregate, Formula):
            found |= _asking(measure.when, rulebook.kinds) & set(measure.aggregate.kinds)
        if any(_asks_returned(expr) for expr in value_exprs(measure)):
            found |= frozenset(rulebook.kinds)
    return found


def _asking(condition: Expr | None, kinds: tuple[str, ...]) -> frozenset[str]:
    """Return the kinds of record for which a condition asks whether they are returned, and the answer can matter."""
    if condition is None or not _asks_returned(condition):
        return frozenset()
    return kinds_for(condition, kinds)


def late_discounts(rulebook: Rulebook) -> tuple[Discount, ...]:
    """Return the discounts that ask whether a record is returned."""
    return tuple(each for each in rulebook.discounts if each.when is not None and _asks_returned(each.when))


def _returned_late(rulebook: Rulebook) -> bool:
    conditions = [each.when for each in late_discounts(rulebook) if each.when is not None]
    others = [*exclusion_exprs(rulebook), *measure_exprs(rulebook)]
    if not conditions or any(_asks_returned(expr) for expr in others):
        return False
    parts = [each for expr in conditions for each in walk(expr)]
    return not any(isinstance(each.op, AttributeOf | Since | FromTo) for each in parts)


def only_if_returned(condition: Expr) -> bool:
    """Whether a condition can hold of no record but one that is returned, as far as its own words tell."""
    match condition.op:
        case Returned():
            return True
        case Logic(operator="and", operands=operands):
            return any(only_if_returned(each) for each in operands)
        case _:
            return False


def _asks_returned(expr: Expr) -> bool:
    return any(isinstance(each.op, Returned) for each in walk(expr))


def _fields_of(discounts: tuple[Discount, ...]) -> tuple[str, ...]:
    exprs = [each for discount in discounts if discount.when is not None for each in walk(discount.when)]
    return _unique(
        each.op.name for each in exprs if isinstance(each.op, FieldOf) and each.op.name not in {"subject", "kind"}
    )


def _carried(rulebook: Rulebook, measures: tuple[RecordMeasure, ...]) -> tuple[str, ...]:
    """Return the fields that measures need of each record: what they group by, add, or pick from."""
    names: list[str] = []
    for each in measures:
        if each.order_matters:
            names += [field.name for field in rulebook.records or ()]
        if each.aggregate.given or each.measure.diluted:
            names.append("actor")
        if each.measure.keep is not None:
            names += each.measure.keep.fields
        match each.aggregate:
            case Distinct(fields=fields):
                names += fields
            case HIndex(field=field):
                names.append(field)
            case _:
                pass
    return _unique(name for name in names if name not in {"subject", "kind"})


def _layers(formulas: tuple[Measure, ...]) -> tuple[tuple[Measure, ...], ...]:
    layers: list[tuple[Measure, ...]] = []
    waiting = formulas
    while waiting:
        names = {each.name for each in waiting}
        layer = tuple(each for each in waiting if not names & _reads(each))
        layers.append(layer)
        waiting = tuple(each for each in waiting if each not in layer)
    return tuple(layers)


def _reads(formula: Measure) -> set[str]:
    return {name for expr in formula_exprs(formula) for name in measures_in(expr)}


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def is_day(field: Field | None) -> bool:
    """Whether a field of a record holds days, not moments."""
    return field is not None and isinstance(field.type, DateType)
