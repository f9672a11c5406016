"""Takes a measure of records; gives what all its steps share: which records count, what discounts leave of them,
what was charged."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from tallystick.engine.query.expression import Reach, decimal_type, never_missing, sql_of, unsigned
from tallystick.engine.query.fading import LEFT_OF_ONE, fading_name
from tallystick.engine.query.pauses import LEFT_UNPAUSED, slowed
from tallystick.engine.query.plan import Plan, RecordMeasure, late_discounts, only_if_returned
from tallystick.engine.query.records import RecordNames, gross_value
from tallystick.engine.query.sql import listed, quote_name, quote_number
from tallystick.engine.query.steps import (
    AS_OF,
    DAYS_OLD,
    IN_PLAY,
    NOT_ASKED,
    RETURNED,
    Step,
    passes,
    step_columns,
    steps_taken,
    texts,
)
from tallystick.rules.decimals import EXACT, PLACES, places_of
from tallystick.rules.measure import Period
from tallystick.rules.rulebook import Discount

_A_MONDAY = "DATE '0001-01-01'"
"""The first day that there is, so that no week before it is asked for."""
_BILLION = Decimal(10) ** 9
COUNT = decimal_type(0)
"""In what whole numbers are kept."""
FACTOR, UNPAUSED = f"coalesce({LEFT_OF_ONE}, 0)", f"coalesce({LEFT_UNPAUSED}, 0)"
"""What is left of 1 after fading, and after fading without any pause; past the end of the table nothing is."""


class Members(Struct, frozen=True, dict=True):
    """What the steps of one measure share."""

    plan: Plan
    measure: RecordMeasure

    def step(self, name: str, words: str, body: str) -> Step:
        """Return a step under the measure's name."""
        return Step(f"{self.measure.name}: {name}", words, body)

    @cached_property
    def _late(self) -> frozenset[str]:
        """The measure's discounts that only now can be told to apply."""
        late = late_discounts(self.plan.rulebook) if self.plan.returned_late else ()
        return frozenset(each.name for each in late if each in self.measure.discounts)

    def faded(self, value: str, factor: str = FACTOR) -> str:
        """Return SQL for a record's value after fading."""
        return rounded_product(value, self.reach.most, factor, PLACES)

    def fading_source(self, source: str, half_life: Decimal) -> str:
        """Return what to select from: a source, quoted already, with what is left of 1 at each record's age."""
        fading = quote_name(fading_name(half_life))
        if self.measure.measure.except_pauses:
            return slowed(source, fading)
        return f"{source} LEFT JOIN {fading} AS fading USING ({DAYS_OLD})"

    def charged_fading(self, times: str, stages: tuple[str, ...], cut: tuple[str, ...] = ()) -> list[str]:
        """Return columns with how many records faded and what that took; then how many were paused and what that gave
        back, as less than nothing.

        ``stages``: a value before fading, where there are pauses its value without them, and its value in the end;
        ``cut``: the same of the record that crossed a limit. ``times``: how many records a row stands for; empty for
        one.
        """
        columns: list[str] = []
        for place, step in enumerate(("fading", "paused")[: len(stages) - 1]):
            records, taken = step_columns(self.measure, step)
            before, after = stages[place : place + 2]
            changed = f"FILTER (WHERE {after} <> {before})"
            counted = f"sum({times}) {changed}" if times else f"count(*) {changed}"
            charge = f"{times} * ({before} - {after})" if times else f"{before} - {after}"
            if cut:
                before, after = cut[place : place + 2]
                counted = f"coalesce({counted}, 0) + count(*) FILTER (WHERE cut > 0 AND {after} <> {before})"
                charge = f"{charge} + {before} - {after}"
            columns += [f"{counted} AS {records}", f"sum({charge}) AS {taken}"]
        return columns

    @property
    def source(self) -> str:
        """The records in play; where a discount asks whether they are returned, with the answer."""
        if not self._late:
            return quote_name(IN_PLAY)
        others = sorted(set(self.measure.aggregate.kinds) - self.plan.returned_kinds)
        if not others:
            return quote_name(RETURNED)
        unasked = f"{NOT_ASKED} FROM {quote_name(IN_PLAY)} WHERE kind IN ({texts(others)})"
        return f"(\n    SELECT * FROM {quote_name(RETURNED)}\n    UNION ALL BY NAME\n    {unasked}\n)"

    @property
    def discount_flags(self) -> list[str]:
        """The columns that say which discounts apply."""
        columns: list[str] = []
        for each in self.measure.discounts:
            flag = quote_name(f"discount {each.name}")
            if each.name in self._late:
                flag = f"{self.applies(each)} AS {flag}"
            columns.append(flag)
        return columns

    def applies(self, discount: Discount) -> str:
        """Return the condition that a discount applies to a record of ``source``."""
        if discount.name in self._late and discount.when is not None:
            return never_missing(sql_of(discount.when, RecordNames(self.plan)).safe)
        return quote_name(f"discount {discount.name}")

    def only_if_returned(self, discount: Discount) -> bool:
        """Whether a discount applies only to records that have an answer, so that no other need be asked."""
        return discount.name in self._late and discount.when is not None and only_if_returned(discount.when)

    def discounted(self, discount: Discount, before: str) -> Step:
        """Return the step after a discount."""
        share = discount.to.value
        flag = quote_name(f"discount {discount.name}")
        product = rounded_product("value", self.reach.most, quote_number(share), places_of(share))
        body = self.changed(f"CASE WHEN {flag} THEN {product} ELSE value END", "discount", discount.name, before)
        return self.step(f"after {discount.name}", discount.title, body)

    def changed(self, after: str, step: str, name: str, before: str) -> str:
        """Return a query in which the value has become another, with what was taken from it."""
        taken = quote_name(f"taken by {step} {name}".rstrip())
        return (
            f"SELECT * EXCLUDE (value, after), value - after AS {taken}, after AS value\n"
            f"FROM (SELECT *, {after} AS after FROM {quote_name(before)})"
        )

    @property
    def _charges(self) -> tuple[tuple[str, str], ...]:
        """The steps before any limit."""
        return tuple(each for each in steps_taken(self.measure) if each[0] in {"discount", "dilution"})

    def charged(self, *, grouped: bool) -> list[str]:
        """Return columns that add up what each step before the limits took."""
        columns: list[str] = []
        for step, name in self._charges:
            records, value = step_columns(self.measure, step, name)
            taken = quote_name(f"taken by {step} {name}".rstrip())
            if grouped:
                columns += [f"sum({records}) AS {records}", f"sum({value}) AS {value}"]
            else:
                columns += [f"count(*) FILTER (WHERE {taken} <> 0) AS {records}", f"sum({taken}) AS {value}"]
        return columns

    @cached_property
    def reach(self) -> Reach:
        """What a record's value can be before and after every step."""
        found = gross_value(self.measure, RecordNames(self.plan)).number
        stepped = self.measure.discounts or self.measure.measure.diluted
        return Reach(found.most, PLACES) if stepped else found


def member(measure: RecordMeasure) -> str:
    """Return the condition that a record counts toward a measure, before limits."""
    tests = [f"kind IN ({texts(measure.aggregate.kinds)})", '"left out" = 0']
    if measure.measure.when is not None:
        tests.append(passes(measure))
    if measure.measure.within is not None:
        tests.append(f"{DAYS_OLD} < {unsigned(measure.measure.within.value)}")
    if measure.person == "actor":
        tests.append("actor IS NOT NULL")
    return " AND ".join(tests)


def first_of(limit: str, running: str, before: str) -> str:
    """Return a query for how many of ``n`` alike records stay when the first so many of a group do."""
    return (
        f"SELECT *, CAST(least({limit}, running) - least({limit}, running - n) AS BIGINT) AS stays\n"
        f"FROM (SELECT *, {running} AS running FROM {quote_name(before)})"
    )


def rounded_product(value: str, most: Decimal, share: str, share_places: int) -> str:
    """Return SQL for a record's value, at most so far from 0, times a share of 0 to 1, rounded to 9 places.

    INVARIANT: the value has 9 places. With a share of 9 places the product has 18, which is worked out in 128 bits; of
    fewer it would be tried in 64, and fail where that is too little.
    """
    if not Reach(most, PLACES + share_places).fits:
        return f"long_product({value}, {share})"
    if share_places < PLACES and EXACT.scaleb(most, PLACES + share_places) >= _BILLION**2:
        share = f"CAST({share} AS DECIMAL(10, 9))"
    return f"CAST({value} * {share} AS {nine_places(most)})"


def nine_places(most: Decimal) -> str:
    """Return the type of values with 9 places, at most so far from 0: those of 18 digits are kept in 64 bits, which is
    twice as fast."""
    return f"DECIMAL({18 if most < _BILLION else 38}, 9)"


def period_of(period: Period) -> str:
    """Return SQL that tells the calendar periods apart in which records' days lie."""
    match period:
        case "day":
            return DAYS_OLD
        case "week":
            return f"({AS_OF} - {_A_MONDAY} - {DAYS_OLD}) // 7"
        case "month":
            return f"date_trunc('month', {AS_OF} - {DAYS_OLD})"


def select(columns: list[str], source: str, where: str | None = None) -> str:
    """Return a query for columns of a step, or of a source that is quoted already."""
    quoted = source if source.startswith(("(", '"')) else quote_name(source)
    text = f"SELECT\n{listed(columns)}\nFROM {quoted}"
    return text if where is None else f"{text}\nWHERE {where}"
