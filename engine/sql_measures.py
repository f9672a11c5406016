"""Takes a measure of records; gives the steps from ``records in play`` to one row for each person who has any of its records.

Records that are alike in all that matters are counted together before limits are worked out: what a limit leaves of ``n`` alike
records is a difference of two sums that run over the groups, highest value first, of equal ones the latest day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from tallystick.engine.plan import Plan, RecordMeasure, late_discounts
from tallystick.engine.sql import indented, listed, quote_name
from tallystick.engine.sql_expression import Reach, decimal_type, never_missing, sql_of, unsigned
from tallystick.engine.sql_fading import LEFT_OF_ONE, fading_name
from tallystick.engine.sql_records import AS_OF, DAYS_OLD, IN_PLAY, MOMENT, RETURNED, RecordNames, Step, gross, gross_value, passes, texts
from tallystick.rules.rulebook import Count, DaysOf, Discount, Distinct, HIndex, OneOfType, Period, Pick, TextType
from tallystick.rules.decimals import PLACES, places_of

COUNT = decimal_type(0)
"""In what whole numbers are kept."""
FACTOR = f"coalesce({LEFT_OF_ONE}, 0)"
"""What is left of 1 after fading; past the end of the table nothing is."""



def value_column(measure: RecordMeasure) -> str:
    """Return the column with a measure's value."""
    return quote_name(measure.name)


def records_column(measure: RecordMeasure) -> str:
    """Return the column with how many records count."""
    return quote_name(f"{measure.name}: records")


def step_columns(measure: RecordMeasure, step: str, name: str = "") -> tuple[str, str]:
    """Return the columns with how many records a step changed, and what it took from them."""
    label = f"{measure.name}: {step} {name}".rstrip()
    return quote_name(f"{label}: records"), quote_name(f"{label}: value")


def steps_taken(measure: RecordMeasure) -> tuple[tuple[str, str], ...]:
    """Return the steps (and discounts by name) that can take something from a measure's values, in order."""
    found = [("discount", each.name) for each in measure.discounts]
    if measure.measure.diluted:
        found.append(("dilution", ""))
    if measure.measure.keep is not None:
        found.append(("keep", ""))
    if measure.measure.total is not None:
        found.append(("total", ""))
    if measure.measure.halving is not None:
        found.append(("fading", ""))
    return tuple(found)


def member(measure: RecordMeasure, *, window: bool = True) -> str:
    """Return the condition that a record counts toward a measure, before limits."""
    tests = [f"kind IN ({texts(measure.aggregate.kinds)})", '"left out" = 0']
    if measure.measure.when is not None:
        tests.append(passes(measure))
    if window and measure.measure.within is not None:
        tests.append(f"{DAYS_OLD} < {unsigned(measure.measure.within.value)}")
    if measure.person == "actor":
        tests.append("actor IS NOT NULL")
    return " AND ".join(tests)


@dataclass(frozen=True)
class MeasureSteps:
    """The steps of one measure. The last is called by the measure's name and has one row for each person."""

    plan: Plan
    measure: RecordMeasure
    names: RecordNames

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All of them, in order."""
        match self.measure.aggregate:
            case Distinct(fields=fields):
                return self._distinct(fields)
            case DaysOf():
                return self._days()
            case HIndex(field=field):
                return self._h_index(field)
            case Pick():
                return self._latest()
            case _:
                return self._added()

    @property
    def result(self) -> str:
        """The name of the last step."""
        return f"measure {self.measure.name}"

    # ---- counts and sums -----------------------------------------------------------------------------------------

    @cached_property
    def reach(self) -> Reach:
        """What a record's value can be before and after every step."""
        found = gross_value(self.measure, self.names).number
        stepped = self.measure.discounts or self.measure.measure.diluted
        return Reach(found.most, PLACES) if stepped else found

    @cached_property
    def _constant(self) -> bool:
        """Whether every record has the value 1 until it fades."""
        return isinstance(self.measure.aggregate, Count) and not (
            self.measure.discounts or self.measure.measure.diluted
        )

    @property
    def _value(self) -> str:
        return "1." if self._constant else "value"

    def _step(self, name: str, words: str, body: str) -> Step:
        return Step(f"{self.measure.name}: {name}", words, body)

    def _added(self) -> tuple[Step, ...]:
        """Take a count or sum through discounts, dilution, limits and fading."""
        steps = list(self._valued())
        source = steps[-1].name if steps else IN_PLAY
        where = "" if steps else f"\nWHERE {member(self.measure)}"
        measure = self.measure.measure
        if measure.keep is None and measure.total is None:
            return (*steps, self._faded(source, where, "1"))
        steps.append(self._alike(source, where))
        if measure.keep is not None:
            steps.append(self._kept(steps[-1].name))
        if measure.total is not None:
            steps += self._totalled(steps[-1].name)
        return (*steps, self._faded(steps[-1].name, "", "stays"))

    def _valued(self) -> list[Step]:
        """Give each record its value after every discount and dilution, and what each of them took."""
        if self._constant:
            return []
        start = gross(self.measure) if self.measure.values else "CAST(1 AS DECIMAL(10, 9))"
        select = [*self._keys, DAYS_OLD, f"{start} AS value"]
        select += self._discount_flags
        if not self.measure.measure.diluted:
            where = member(self.measure)
            steps = [self._step("records", "those that count, before any step", self._select(select, self._source, where))]
        else:
            actors = f"CASE WHEN actor IS NOT NULL THEN count(*) OVER (PARTITION BY actor, {DAYS_OLD}) ELSE 1 END"
            whole = self._select([*select, f'{actors} AS "given that day"'], self._source, self._diluting)
            within = self.measure.measure.within
            tests = ["person IS NOT NULL"]
            if within is not None:
                tests.append(f"{DAYS_OLD} < {unsigned(within.value)}")
            body = f"SELECT * FROM (\n{indented(whole)}\n) WHERE {' AND '.join(tests)}"
            steps = [self._step("records", "those that count, and how many such their actor gave that day", body)]
        for each in self.measure.discounts:
            steps.append(self._discounted(each, steps[-1].name))
        if self.measure.measure.diluted:
            body = self._changed("quotient(value, \"given that day\")", "dilution", "", steps[-1].name)
            steps.append(self._step("diluted", "each counts one n-th of the n that its actor gave that day", body))
        return steps

    @cached_property
    def _late(self) -> frozenset[str]:
        """The measure's discounts that only now can be told to apply."""
        late = late_discounts(self.plan.rulebook) if self.plan.returned_late else ()
        return frozenset(each.name for each in late if each in self.measure.discounts)

    @property
    def _source(self) -> str:
        """The records in play; where a discount asks whether they are returned, with the answer."""
        if not self._late:
            return quote_name(IN_PLAY)
        others = sorted(set(self.measure.aggregate.kinds) - self.plan.returned_kinds)
        if not others:
            return quote_name(RETURNED)
        unasked = f'SELECT *, CAST(NULL AS INTEGER) AS "returned after" FROM {quote_name(IN_PLAY)} WHERE kind IN ({texts(others)})'
        return f"(\n    SELECT * FROM {quote_name(RETURNED)}\n    UNION ALL BY NAME\n    {unasked}\n)"

    @property
    def _discount_flags(self) -> list[str]:
        columns: list[str] = []
        for each in self.measure.discounts:
            flag = quote_name(f"discount {each.name}")
            if each.name in self._late and each.when is not None:
                names = replace(self.names, kind="CAST(kind AS VARCHAR)")
                flag = f"{never_missing(sql_of(each.when, names).safe)} AS {flag}"
            columns.append(flag)
        return columns

    @property
    def _diluting(self) -> str:
        tests = [f"kind IN ({texts(self.measure.aggregate.kinds)})", '"left out" = 0']
        if self.measure.measure.when is not None:
            tests.append(passes(self.measure))
        return " AND ".join(tests)

    def _discounted(self, discount: Discount, before: str) -> Step:
        share = discount.to.value
        flag = quote_name(f"discount {discount.name}")
        product = rounded_product("value", self.reach, share)
        body = self._changed(f"CASE WHEN {flag} THEN {product} ELSE value END", "discount", discount.name, before)
        return self._step(f"after {discount.name}", discount.title, body)

    def _changed(self, after: str, step: str, name: str, before: str) -> str:
        """Return a query in which the value has become another, with what was taken from it."""
        taken = quote_name(f"taken by {step} {name}".rstrip())
        return (
            f'SELECT * EXCLUDE (value, after), value - after AS {taken}, after AS value\n'
            f"FROM (SELECT *, {after} AS after FROM {quote_name(before)})"
        )

    @property
    def _keep_fields(self) -> tuple[str, ...]:
        keep = self.measure.measure.keep
        return () if keep is None else keep.fields

    @property
    def _keys(self) -> tuple[str, ...]:
        """The person, and what ``keep`` counts by, of a record in play."""
        person = f"{quote_name(self.measure.person)} AS person"
        return (person, *(f"{quote_name(each)} AS {quote_name(f'per {each}')}" for each in self._keep_fields))

    @property
    def _charges(self) -> tuple[tuple[str, str], ...]:
        """The steps before any limit."""
        return tuple(each for each in steps_taken(self.measure) if each[0] in {"discount", "dilution"})

    def _charged(self, *, grouped: bool) -> list[str]:
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

    def _alike(self, source: str, where: str) -> Step:
        keys = list(self._keys)
        if source != IN_PLAY:
            keys = ["person", *(quote_name(f"per {each}") for each in self._keep_fields)]
        keys += [DAYS_OLD] if self._constant else [DAYS_OLD, "value"]
        body = self._select([*keys, "count(*) AS n", *self._charged(grouped=False)], source, None)
        return self._step("alike", "records that are alike in person, day and value, counted", f"{body}{where}\nGROUP BY ALL")

    def _kept(self, before: str) -> Step:
        keep = self.measure.measure.keep
        assert keep is not None  # noqa: S101  asked for only where there is one
        groups = ["person", *(quote_name(f"per {each}") for each in keep.fields)]
        if keep.period is not None:
            groups.append(period_of(DAYS_OLD, keep.period))
        order = DAYS_OLD if self._constant else f"value DESC, {DAYS_OLD}"
        running = f"sum(n) OVER (PARTITION BY {', '.join(groups)} ORDER BY {order} ROWS UNBOUNDED PRECEDING)"
        limit = unsigned(keep.limit.value)
        body = (
            f"SELECT *, CAST(least({limit}, running) - least({limit}, running - n) AS BIGINT) AS stays\n"
            f"FROM (SELECT *, {running} AS running FROM {quote_name(before)})"
        )
        return self._step("kept", f"at most {limit} of each group: the highest, of equal ones the latest", body)

    def _totalled(self, before: str) -> list[Step]:
        """Hold the sum of each period: negative values always count, the highest others until the limit is reached."""
        total = self.measure.measure.total
        assert total is not None  # noqa: S101  asked for only where there is one
        kept = self.measure.measure.keep is not None
        records, value = step_columns(self.measure, "keep")
        n = "sum(stays) AS n" if kept else "sum(n) AS n"
        columns = ["person", DAYS_OLD, f"{self._value} AS value", n, *self._charged(grouped=True)]
        if kept:
            columns += [f"sum(n - stays) AS {records}", f"sum((n - stays) * {self._value}) AS {value}"]
        body = f"{self._select(columns, before, None)}\nGROUP BY ALL"
        steps = [self._step("days", "records that are alike in person, day and value, counted", body)]
        period = period_of(DAYS_OLD, total.period)
        limit = literal_number(total.limit.value)
        before_it = (
            f"{limit} - coalesce(sum(value * n) FILTER (WHERE value < 0) OVER (PARTITION BY person, {period}), 0)\n"
            f"    - coalesce(sum(value * n) FILTER (WHERE value > 0) OVER (PARTITION BY person, {period}\n"
            f"        ORDER BY value DESC, {DAYS_OLD} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"
        )
        steps.append(
            self._step(
                "room",
                f"what is left of {limit} before each of them; what is negative makes room",
                f"SELECT *, CAST(greatest(0, {before_it}) AS DECIMAL(38, 9)) AS room FROM {quote_name(steps[-1].name)}",
            )
        )
        whole = "CASE WHEN value <= 0 OR room >= value * n THEN n ELSE CAST(floor(quotient(room, value)) AS BIGINT) END"
        exact = "CASE WHEN value > 0 AND whole * value > room THEN whole - 1 ELSE whole END"
        steps.append(
            self._step(
                "totalled",
                "how many count whole, and what is left for the one that crosses the limit",
                f"SELECT *, CASE WHEN stays < n THEN room - stays * value ELSE 0 END AS cut\n"
                f"FROM (SELECT * EXCLUDE (whole), CAST({exact} AS BIGINT) AS stays FROM (\n"
                f"    SELECT *, {whole} AS whole FROM {quote_name(steps[-1].name)}))",
            )
        )
        return steps

    def _faded(self, source: str, where: str, left: str) -> Step:
        """Add up for each person what every step has left, and what each took."""
        measure = self.measure.measure
        limited = left != "1"
        person = f"{quote_name(self.measure.person)} AS person" if source == IN_PLAY else "person"
        value = self._value
        halving = measure.halving
        faded = value
        source_sql = quote_name(source)
        if halving is not None:
            factor = FACTOR
            faded = factor if self._constant and measure.total is None else rounded_fading("value", factor)
            source_sql += f" LEFT JOIN {quote_name(fading_name(halving.value))} AS fading USING ({DAYS_OLD})"
        cut_records = cut_value = ""
        if measure.total is not None:
            value = "value"
            cut_faded = rounded_fading("cut", FACTOR) if halving is not None else "cut"
            cut_records = " + CASE WHEN cut > 0 THEN 1 ELSE 0 END"
            cut_value = f" + {cut_faded}"
        count = f"sum({left}{cut_records})" if limited else "count(*)"
        times = f"{left} * " if limited else ""
        columns = [
            person,
            f"CAST({count} AS BIGINT) AS {records_column(self.measure)}",
            f"CAST(sum({times}{faded}{cut_value}) AS {decimal_type(self.places)}) AS {value_column(self.measure)}",
            *self._charged(grouped=limited),
        ]
        if measure.keep is not None:
            records, taken = step_columns(self.measure, "keep")
            if measure.total is None:
                columns += [f"sum(n - stays) AS {records}", f"sum((n - stays) * {value}) AS {taken}"]
            else:
                columns += [f"sum({records}) AS {records}", f"sum({taken}) AS {taken}"]
        if measure.total is not None:
            records, taken = step_columns(self.measure, "total")
            columns += [f"sum(n - stays) AS {records}", f"sum((n - stays) * value - cut) AS {taken}"]
        if halving is not None:
            records, taken = step_columns(self.measure, "fading")
            changed = f"{faded} <> {value}"
            counted = f"sum({left}) FILTER (WHERE {changed})" if limited else f"count(*) FILTER (WHERE {changed})"
            charge = f"sum({times}({value} - {faded}))"
            if measure.total is not None:
                counted = f"coalesce({counted}, 0) + count(*) FILTER (WHERE cut > 0 AND {cut_faded} <> cut)"
                charge = f"sum({left} * (value - {faded}) + cut - {cut_faded})"
            columns += [f"{counted} AS {records}", f"{charge} AS {taken}"]
        body = self._select(columns, None, None) + f"\nFROM {source_sql}{where}\nGROUP BY ALL"
        return Step(self.result, measure.plural, body)

    @property
    def places(self) -> int:
        """How many places the value of the measure can have."""
        match self.measure.aggregate:
            case Count() | Distinct() if not steps_taken(self.measure):
                return 0
            case DaysOf() | HIndex():
                return 0
            case _:
                return PLACES

    # ---- the other aggregates ------------------------------------------------------------------------------------

    def _distinct(self, fields: tuple[str, ...]) -> tuple[Step, ...]:
        person = quote_name(self.measure.person)
        values = [quote_name(each) for each in fields]
        columns = [f"{person} AS person", *(f"{each} AS {quote_name(f'of {name}')}" for each, name in zip(values, fields, strict=True))]
        if self.measure.discounts:
            return self._best_of(columns, fields)
        halving = self.measure.measure.halving
        if halving is None:
            inner = f"{self._select(columns, IN_PLAY, member(self.measure))}\nGROUP BY ALL"
            outer = f"SELECT person, CAST(count(*) AS {COUNT}) AS {value_column(self.measure)}"
            steps = self._step("values", "each different value once", inner)
            return (steps, Step(self.result, self.measure.measure.plural, f"{outer}\nFROM {quote_name(steps.name)}\nGROUP BY person"))
        inner = f"{self._select([*columns, f'min({DAYS_OLD}) AS {DAYS_OLD}'], IN_PLAY, member(self.measure))}\nGROUP BY ALL"
        latest = self._step("values", "each different value once, by its latest day", inner)
        factor = FACTOR
        records, taken = step_columns(self.measure, "fading")
        body = (
            f"SELECT\n    person,\n    CAST(sum({factor}) AS DECIMAL(38, 9)) AS {value_column(self.measure)},\n"
            f"    count(*) FILTER (WHERE {factor} <> 1) AS {records},\n    sum(1 - {factor}) AS {taken}\n"
            f"FROM {quote_name(latest.name)} LEFT JOIN {quote_name(fading_name(halving.value))} AS fading USING ({DAYS_OLD})\n"
            f"GROUP BY person"
        )
        return (latest, Step(self.result, self.measure.measure.plural, body))

    def _best_of(self, columns: list[str], fields: tuple[str, ...]) -> tuple[Step, ...]:
        """Count each value through its record with the highest factor, and charge what the steps took from that one."""
        declared = (self.plan.rulebook.records or ()) if self.measure.order_matters else ()
        is_text = {field.name for field in declared if isinstance(field.type, TextType | OneOfType)}
        order = [f"CAST({quote_name(f.name)} AS VARCHAR)" if f.name in is_text else quote_name(f.name) for f in declared]
        select = [*columns, DAYS_OLD, "CAST(1 AS DECIMAL(10, 9)) AS value"]
        select += self._discount_flags
        select += [f"{name} AS {quote_name(f'order {place}')}" for place, name in enumerate(order)]
        steps = [self._step("records", "those that count", self._select(select, self._source, member(self.measure)))]
        for each in self.measure.discounts:
            steps.append(self._discounted(each, steps[-1].name))
        halving = self.measure.measure.halving
        source = quote_name(steps[-1].name)
        if halving is None:
            body = f"SELECT *, value AS final FROM {source}"
        else:
            fading = quote_name(fading_name(halving.value))
            faded = rounded_fading("value", FACTOR)
            body = f"SELECT *, {faded} AS final\nFROM {source} LEFT JOIN {fading} AS fading USING ({DAYS_OLD})"
        steps.append(self._step("factors", "what each record would count", body))
        group = ", ".join(["person", *(quote_name(f"of {name}") for name in fields)])
        ties = "".join(f", {quote_name(f'order {place}')} NULLS LAST" for place in range(len(order)))
        best = f"row_number() OVER (PARTITION BY {group} ORDER BY final DESC, {DAYS_OLD}, value DESC{ties}) = 1"
        steps.append(
            self._step(
                "values",
                "each different value once, by the record that counts most",
                f"SELECT * FROM {quote_name(steps[-1].name)}\nQUALIFY {best}",
            )
        )
        result = ["person", f"CAST(sum(final) AS DECIMAL(38, 9)) AS {value_column(self.measure)}"]
        result += self._charged(grouped=False)
        if halving is not None:
            records, taken = step_columns(self.measure, "fading")
            result += [f"count(*) FILTER (WHERE final <> value) AS {records}", f"sum(value - final) AS {taken}"]
        body = f"{self._select(result, steps[-1].name, None)}\nGROUP BY person"
        return (*steps, Step(self.result, self.measure.measure.plural, body))

    def _days(self) -> tuple[Step, ...]:
        person = f"{quote_name(self.measure.person)} AS person"
        inner = f"{self._select([person, DAYS_OLD], IN_PLAY, member(self.measure))}\nGROUP BY ALL"
        days = self._step("days", "each day once", inner)
        body = f"SELECT person, CAST(count(*) AS {COUNT}) AS {value_column(self.measure)}\nFROM {quote_name(days.name)}\nGROUP BY person"
        return (days, Step(self.result, self.measure.measure.plural, body))

    def _h_index(self, field: str) -> tuple[Step, ...]:
        columns = [f"{quote_name(self.measure.person)} AS person", f"{quote_name(field)} AS value", "count(*) AS n"]
        groups = self._step("values", "how many records each value has", f"{self._select(columns, IN_PLAY, member(self.measure))}\nGROUP BY ALL")
        ranked = self._step(
            "ranked",
            "the values with the most records first",
            f"SELECT person, n, row_number() OVER (PARTITION BY person ORDER BY n DESC) AS place FROM {quote_name(groups.name)}",
        )
        body = (
            f"SELECT person, CAST(count(*) FILTER (WHERE n >= place) AS {COUNT}) AS {value_column(self.measure)}\n"
            f"FROM {quote_name(ranked.name)}\nGROUP BY person"
        )
        return (groups, ranked, Step(self.result, self.measure.measure.plural, body))

    def _latest(self) -> tuple[Step, ...]:
        value = gross(self.measure)
        latest = f"max_by({value}, {{'moment': {MOMENT}, 'value': {value}}})"
        columns = [f"{quote_name(self.measure.person)} AS person", f"CAST({latest} AS DECIMAL(38, 9)) AS {value_column(self.measure)}"]
        body = f"{self._select(columns, IN_PLAY, member(self.measure))}\nGROUP BY ALL"
        return (Step(self.result, self.measure.measure.plural, body),)

    def _select(self, columns: list[str], source: str | None, where: str | None) -> str:
        text = f"SELECT\n{listed(columns)}"
        if source is not None:
            text += f"\nFROM {source if source.startswith(('(', chr(34))) else quote_name(source)}"
        return text if where is None else f"{text}\nWHERE {where}"


def rounded_product(value: str, reach: Reach, share: Decimal) -> str:
    """Return SQL for a record's value times a constant, rounded to 9 places."""
    product = Reach(reach.most * share, reach.places + places_of(share))
    if product.fits:
        return f"CAST({value} * {literal_number(share)} AS DECIMAL(38, 9))"
    return f"long_product({value}, {literal_number(share)})"


def rounded_fading(value: str, factor: str) -> str:
    """Return SQL for a record's value times its fading, rounded to 9 places."""
    return f"CAST({value} * {factor} AS DECIMAL(38, 9))"


def period_of(age: str, period: Period) -> str:
    """Return SQL that tells the calendar periods apart in which days lie."""
    match period:
        case "day":
            return age
        case "week":
            return f"date_trunc('week', {AS_OF} - {age})"
        case "month":
            return f"date_trunc('month', {AS_OF} - {age})"


def literal_number(number: Decimal) -> str:
    """Return a number as a decimal literal."""
    from tallystick.engine.sql import quote_number  # noqa: PLC0415

    return quote_number(number)
