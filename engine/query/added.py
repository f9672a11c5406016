"""Takes a count or a sum of records; gives its steps: discounts, dilution, limits and fading, and what each of them
took.

Records that are alike in all that matters are counted together before limits are worked out: what a limit leaves of
``n`` alike records is a difference of two sums that run over the groups, highest value first, of equal ones the
latest day.
"""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from tallystick.engine.query.expression import SHORT_QUOTIENT, decimal_type, unsigned
from tallystick.engine.query.members import (
    FACTOR,
    UNPAUSED,
    Members,
    first_of,
    member,
    nine_places,
    period_of,
    select,
)
from tallystick.engine.query.plan import RecordMeasure
from tallystick.engine.query.sql import indented, listed, quote_name, quote_number
from tallystick.engine.query.steps import (
    ANSWERED,
    DAYS_OLD,
    IN_PLAY,
    Step,
    gross,
    passes,
    records_column,
    step_columns,
    texts,
    value_column,
)
from tallystick.rules.decimals import PLACES, round_to
from tallystick.rules.measure import Count
from tallystick.rules.rulebook import Discount


class AddedSteps(Struct, frozen=True, dict=True):
    """The steps of a count or sum, to one row for each person under the name ``result``."""

    members: Members
    result: str
    places: int

    @property
    def measure(self) -> RecordMeasure:
        """The measure."""
        return self.members.measure

    def steps(self) -> tuple[Step, ...]:
        """Take a count or sum through discounts, dilution, limits and fading."""
        if self._has_two_values:
            return self._kept_of_two()
        steps = list(self._valued())
        source = steps[-1].name if steps else IN_PLAY
        where = "" if steps else f"\nWHERE {member(self.measure)}"
        measure = self.measure.measure
        if measure.keep is None and measure.total is None:
            if not measure.except_pauses:
                return (*steps, self._faded(source, where, "1"))
            # Pauses are looked up once for each person and day.
            steps.append(self._alike(source, where))
            return (*steps, self._faded(steps[-1].name, "", "n"))
        if self._keeps_without_order:
            return (*steps, *self._kept_at_once(source, where))
        steps.append(self._alike(source, where))
        if measure.keep is not None:
            steps.append(self._kept(steps[-1].name))
        if self._counts_whole:
            steps += self._totalled_whole(steps[-1].name)
        elif measure.total is not None:
            steps += self._totalled(steps[-1].name)
        return (*steps, self._faded(steps[-1].name, "", "stays"))

    @property
    def _keeps_without_order(self) -> bool:
        """Whether a group's records need no order: all count alike, or only the highest does; and none fades."""
        measure = self.measure.measure
        if measure.keep is None or measure.total is not None or measure.halving is not None:
            return False
        return self._constant or measure.keep.limit.value == 1

    def _kept_at_once(self, source: str, where: str) -> list[Step]:
        """Count each group's records, and of those that differ take the highest."""
        keep = self.measure.measure.keep
        assert keep is not None  # noqa: S101  asked for only where there is one
        limit = unsigned(keep.limit.value)
        keys = self._grouped_by(source)
        if keep.period is not None:
            keys.append(f"{period_of(keep.period)} AS period")
        values = [] if self._constant else ["max(value) AS value", "sum(value) AS whole"]
        columns = [*keys, "count(*) AS n", *values, *self.members.charged(grouped=False)]
        words = f"at most {limit} of each group" + ("" if self._constant else ": the highest")
        groups = self.members.step("kept", words, f"{select(columns, source)}{where}\nGROUP BY ALL")
        records, taken = step_columns(self.measure, "keep")
        stays = f"least({limit}, n)"
        value, lost = ("sum(value)", "sum(whole - value)") if values else (f"sum({stays})", f"sum(n - {stays})")
        results = [
            "person",
            f"CAST(sum({stays}) AS BIGINT) AS {records_column(self.measure)}",
            f"CAST({value} AS {decimal_type(self.places)}) AS {value_column(self.measure)}",
            *self.members.charged(grouped=True),
            f"sum(n - {stays}) AS {records}",
            f"{lost} AS {taken}",
        ]
        body = f"{select(results, groups.name)}\nGROUP BY person"
        return [groups, Step(self.result, self.measure.measure.plural, body)]

    @property
    def _has_two_values(self) -> bool:
        """Whether a group is a count of whole and of discounted records, and a limit is all that comes after."""
        measure = self.measure.measure
        if measure.keep is None or measure.total is not None or measure.halving is not None or measure.diluted:
            return False
        discounts = self.measure.discounts
        return isinstance(self.measure.aggregate, Count) and len(discounts) == 1 and discounts[0].to.value != 1

    def _kept_of_two(self) -> tuple[Step, ...]:
        """Count each group's records, and those discounted, which stay where whole ones leave room."""
        keep, (discount,) = self.measure.measure.keep, self.measure.discounts
        assert keep is not None  # noqa: S101  asked for only where there is one
        limit, share = unsigned(keep.limit.value), round_to(discount.to.value, PLACES)
        found, n, discounted = self._whole_and_discounted(discount)
        keys = self._grouped_by(found.name)
        if keep.period is not None:
            keys.append(f"{period_of(keep.period)} AS period")
        counts = [f"{n} AS n", f"{discounted} AS discounted"]
        groups = self.members.step(
            "kept",
            f"at most {limit} of each group: whole ones first",
            f"{select([*keys, *counts], found.name)}\nGROUP BY ALL",
        )
        stays, whole = f"least({limit}, n)", f"least({limit}, n - discounted)"
        of_share, taken = quote_number(share), quote_number(1 - share)
        by_discount, by_keep = step_columns(self.measure, "discount", discount.name), step_columns(self.measure, "keep")
        value = f"sum({whole}) + sum({stays} - {whole}) * {of_share}"
        results = [
            "person",
            f"CAST(sum({stays}) AS BIGINT) AS {records_column(self.measure)}",
            f"CAST({value} AS {decimal_type(self.places)}) AS {value_column(self.measure)}",
            f"sum(discounted) AS {by_discount[0]}",
            f"sum(discounted) * {taken} AS {by_discount[1]}",
            f"sum(n - {stays}) AS {by_keep[0]}",
            f"sum(n - discounted - {whole}) + sum(discounted - ({stays} - {whole})) * {of_share} AS {by_keep[1]}",
        ]
        body = f"{select(results, groups.name)}\nGROUP BY person"
        return found, groups, Step(self.result, self.measure.measure.plural, body)

    def _whole_and_discounted(self, discount: Discount) -> tuple[Step, str, str]:
        """Return the step to the records that count, and how many of them there are and how many are discounted.

        Where only those can be that are returned, they come once more, so that nobody need tell them from the others.
        """
        if self.members.only_if_returned(discount):
            columns, where = [*self._keys, DAYS_OLD], member(self.measure)
            every = select([*columns, 'false AS "once more"'], IN_PLAY, where)
            returned = select([*columns, "true"], ANSWERED, f"{where} AND {self.members.applies(discount)}")
            words = "those that count, and those discounted once more"
            found = self.members.step("records", words, f"{every}\nUNION ALL\n{returned}")
            counts = [f'count(*) FILTER (WHERE {test}"once more")' for test in ("NOT ", "")]
            return found, counts[0], counts[1]
        columns = [*self._keys, DAYS_OLD, *self.members.discount_flags]
        flagged = select(columns, self.members.source, member(self.measure))
        found = self.members.step("records", "those that count, and which are discounted", flagged)
        flag = quote_name(f"discount {discount.name}")
        return found, "count(*)", f"count(*) FILTER (WHERE {flag})"

    def _grouped_by(self, source: str) -> list[str]:
        """The person, and what ``keep`` counts by, of a source."""
        if source == IN_PLAY:
            return list(self._keys)
        return ["person", *(quote_name(f"per {each}") for each in self._keep_fields)]

    @property
    def _counts_whole(self) -> bool:
        """Whether a total limits a plain count to a whole number, so that no record is ever cut."""
        return self.measure.measure.total is not None and not self.measure.cuts

    def _valued(self) -> list[Step]:
        """Give each record its value after every discount and dilution, and what each of them took."""
        if self._constant:
            return []
        start = self._gross if self.measure.values else "CAST(1 AS DECIMAL(10, 9))"
        columns = [*self._keys, DAYS_OLD, f"{start} AS value"]
        columns += self.members.discount_flags
        if not self.measure.measure.diluted:
            where = member(self.measure)
            steps = [
                self.members.step(
                    "records", "those that count, before any step", select(columns, self.members.source, where)
                )
            ]
        else:
            actors = f"CASE WHEN actor IS NOT NULL THEN count(*) OVER (PARTITION BY actor, {DAYS_OLD}) ELSE 1 END"
            whole = select([*columns, f'{actors} AS "given that day"'], self.members.source, self._diluting)
            within = self.measure.measure.within
            tests = ["person IS NOT NULL"]
            if within is not None:
                tests.append(f"{DAYS_OLD} < {unsigned(within.value)}")
            body = f"SELECT * FROM (\n{indented(whole)}\n) WHERE {' AND '.join(tests)}"
            steps = [
                self.members.step("records", "those that count, and how many such their actor gave that day", body)
            ]
        for each in self.measure.discounts:
            steps.append(self.members.discounted(each, steps[-1].name))
        if self.measure.measure.diluted:
            macro = "quotient" if self.members.reach.most < SHORT_QUOTIENT else "long_quotient"
            body = self.members.changed(f'{macro}(value, "given that day")', "dilution", "", steps[-1].name)
            steps.append(
                self.members.step("diluted", "each counts one n-th of the n that its actor gave that day", body)
            )
        return steps

    @property
    def _gross(self) -> str:
        """What a record adds before any step; with 9 places where it is multiplied by a share."""
        if not (self.measure.discounts or self.measure.measure.halving):
            return gross(self.measure)
        return f"CAST({gross(self.measure)} AS {nine_places(self.members.reach.most)})"

    @property
    def _diluting(self) -> str:
        tests = [f"kind IN ({texts(self.measure.aggregate.kinds)})", '"left out" = 0']
        if self.measure.measure.when is not None:
            tests.append(passes(self.measure))
        return " AND ".join(tests)

    @property
    def _keep_fields(self) -> tuple[str, ...]:
        keep = self.measure.measure.keep
        return () if keep is None else keep.fields

    @property
    def _keys(self) -> tuple[str, ...]:
        """The person, and what ``keep`` counts by, of a record in play."""
        person = f"{quote_name(self.measure.person)} AS person"
        return (person, *(f"{quote_name(each)} AS {quote_name(f'per {each}')}" for each in self._keep_fields))

    def _alike(self, source: str, where: str) -> Step:
        keys = self._grouped_by(source)
        keys += [DAYS_OLD] if self._constant else [DAYS_OLD, "value"]
        body = select([*keys, "count(*) AS n", *self.members.charged(grouped=False)], source, None)
        return self.members.step(
            "alike", "records that are alike in person, day and value, counted", f"{body}{where}\nGROUP BY ALL"
        )

    def _kept(self, before: str) -> Step:
        keep = self.measure.measure.keep
        assert keep is not None  # noqa: S101  asked for only where there is one
        groups = ["person", *(quote_name(f"per {each}") for each in keep.fields)]
        if keep.period is not None:
            groups.append(period_of(keep.period))
        order = DAYS_OLD if self._constant else f"value DESC, {DAYS_OLD}"
        running = f"sum(n) OVER (PARTITION BY {', '.join(groups)} ORDER BY {order} ROWS UNBOUNDED PRECEDING)"
        limit = unsigned(keep.limit.value)
        return self.members.step(
            "kept",
            f"at most {limit} of each group: the highest, of equal ones the latest",
            first_of(limit, running, before),
        )

    def _by_day(self, before: str) -> Step:
        """Put together again what ``keep`` looked at in groups."""
        kept = self.measure.measure.keep is not None
        records, value = step_columns(self.measure, "keep")
        n = "CAST(sum(stays) AS BIGINT) AS n" if kept else "CAST(sum(n) AS BIGINT) AS n"
        columns = ["person", DAYS_OLD, f"{self._value} AS value", n, *self.members.charged(grouped=True)]
        if kept:
            columns += [f"sum(n - stays) AS {records}", f"sum((n - stays) * {self._value}) AS {value}"]
        body = f"{select(columns, before, None)}\nGROUP BY ALL"
        return self.members.step("days", "records that are alike in person, day and value, counted", body)

    def _totalled_whole(self, before: str) -> list[Step]:
        """Hold a plain count of each period to a whole number: the latest days count."""
        total = self.measure.measure.total
        assert total is not None  # noqa: S101  asked for only where there is one
        steps = [] if self.measure.measure.keep is None else [self._by_day(before)]
        period = period_of(total.period)
        running = f"sum(n) OVER (PARTITION BY person, {period} ORDER BY {DAYS_OLD} ROWS UNBOUNDED PRECEDING)"
        if total.period == "day":
            running = "n"
        limit = unsigned(total.limit.value)
        words = f"at most {limit} in each {total.period}: the latest"
        steps.append(
            self.members.step("totalled", words, first_of(limit, running, steps[-1].name if steps else before))
        )
        return steps

    def _totalled(self, before: str) -> list[Step]:
        """Hold the sum of each period: negative values always count, the highest others until the limit is
        reached."""
        total = self.measure.measure.total
        assert total is not None  # noqa: S101  asked for only where there is one
        steps = [self._by_day(before)]
        period = period_of(total.period)
        limit = quote_number(total.limit.value)
        before_it = (
            f"{limit} - coalesce(sum(value * n) FILTER (WHERE value < 0) OVER (PARTITION BY person, {period}), 0)\n"
            f"    - coalesce(sum(value * n) FILTER (WHERE value > 0) OVER (PARTITION BY person, {period}\n"
            f"        ORDER BY value DESC, {DAYS_OLD} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"
        )
        steps.append(
            self.members.step(
                "room",
                f"what is left of {limit} before each of them; what is negative makes room",
                f"SELECT *, CAST(greatest(0, {before_it}) AS DECIMAL(38, 9)) AS room FROM {quote_name(steps[-1].name)}",
            )
        )
        times = "CAST(floor(long_quotient(room, value)) AS BIGINT)"
        whole = f"CASE WHEN value <= 0 OR room >= value * n THEN n ELSE {times} END"
        exact = "CASE WHEN value > 0 AND whole * value > room THEN whole - 1 ELSE whole END"
        steps.append(
            self.members.step(
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
        cuts = self.measure.cuts
        faded = value
        source_sql = quote_name(source)
        stages: tuple[str, ...] = ()
        factors = (UNPAUSED, FACTOR) if measure.except_pauses else (FACTOR,)
        if halving is not None:
            stages = factors
            if not self._constant or cuts:
                stages = tuple(self.members.faded("value", factor) for factor in factors)
            faded = stages[-1]
            source_sql = self.members.fading_source(source_sql, halving.value)
        cut_records = cut_value = ""
        if cuts:
            value = "value"
            cut_faded = self.members.faded("cut") if halving is not None else "cut"
            cut_records = " + CASE WHEN cut > 0 THEN 1 ELSE 0 END"
            cut_value = f" + {cut_faded}"
        count = f"sum({left}{cut_records})" if limited else "count(*)"
        times = f"{left} * " if limited else ""
        columns = [
            person,
            f"CAST({count} AS BIGINT) AS {records_column(self.measure)}",
            f"CAST(sum({times}{faded}{cut_value}) AS {decimal_type(self.places)}) AS {value_column(self.measure)}",
            *self.members.charged(grouped=limited),
        ]
        if measure.keep is not None:
            records, taken = step_columns(self.measure, "keep")
            if measure.total is None:
                columns += [f"sum(n - stays) AS {records}", f"sum((n - stays) * {value}) AS {taken}"]
            else:
                columns += [f"sum({records}) AS {records}", f"sum({taken}) AS {taken}"]
        if measure.total is not None:
            records, taken = step_columns(self.measure, "total")
            charge = "sum((n - stays) * value - cut)" if cuts else "sum(n - stays)"
            columns += [f"sum(n - stays) AS {records}", f"{charge} AS {taken}"]
        if halving is not None:
            cut_stages = ("cut", *(self.members.faded("cut", factor) for factor in factors)) if cuts else ()
            columns += self.members.charged_fading(left if limited else "", (value, *stages), cut_stages)
        body = f"SELECT\n{listed(columns)}\nFROM {source_sql}{where}\nGROUP BY ALL"
        return Step(self.result, measure.plural, body)

    @cached_property
    def _constant(self) -> bool:
        """Whether every record has the value 1 until it fades."""
        return isinstance(self.measure.aggregate, Count) and not (
            self.measure.discounts or self.measure.measure.diluted
        )

    @property
    def _value(self) -> str:
        return "1." if self._constant else "value"
