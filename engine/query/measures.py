"""Takes a measure of records; gives the steps from ``records in play`` to one row for each person who has any of its
records."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from tallystick.engine.query.added import AddedSteps
from tallystick.engine.query.members import COUNT, FACTOR, UNPAUSED, Members, member, select
from tallystick.engine.query.plan import RecordMeasure
from tallystick.engine.query.sql import listed, quote_name
from tallystick.engine.query.steps import (
    DAYS_OLD,
    IN_PLAY,
    MOMENT,
    Step,
    gross,
    records_column,
    steps_taken,
    value_column,
)
from tallystick.rules.decimals import PLACES, places_of
from tallystick.rules.measure import Count, DaysOf, Distinct, HIndex, Pick
from tallystick.rules.value import OneOfType, TextType

_N = "count(*) AS n"
"""How many records a group has."""


class MeasureSteps(Struct, frozen=True, dict=True):
    """The steps of one measure. The last is called by ``result`` and has one row for each person."""

    members: Members

    @property
    def measure(self) -> RecordMeasure:
        """The measure."""
        return self.members.measure

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
                return AddedSteps(self.members, self.result, self.places).steps()

    @property
    def result(self) -> str:
        """The name of the last step."""
        return f"measure {self.measure.name}"

    @property
    def places(self) -> int:
        """How many places the value of the measure can have."""
        match self.measure.aggregate:
            case Count() | Distinct() if not steps_taken(self.measure):
                return 0
            case Count() if self._counts_whole:
                return 0
            case DaysOf() | HIndex():
                return 0
            case _:
                return PLACES

    @property
    def _counts_whole(self) -> bool:
        """Whether nothing but whole limits acts on a count."""
        measure = self.measure.measure
        whole = measure.total is None or places_of(measure.total.limit.value) == 0
        return whole and measure.halving is None and not (self.measure.discounts or measure.diluted)

    def _distinct(self, fields: tuple[str, ...]) -> tuple[Step, ...]:
        person = quote_name(self.measure.person)
        values = [quote_name(each) for each in fields]
        columns = [
            f"{person} AS person",
            *(f"{each} AS {quote_name(f'of {name}')}" for each, name in zip(values, fields, strict=True)),
        ]
        if self.measure.discounts:
            return self._best_of(columns, fields)
        halving = self.measure.measure.halving
        if halving is None:
            return self._counted("values", "each different value once", columns)
        columns += [f"min({DAYS_OLD}) AS {DAYS_OLD}", _N]
        inner = f"{select(columns, IN_PLAY, member(self.measure))}\nGROUP BY ALL"
        latest = self.members.step("values", "each different value once, by its latest day", inner)
        # Pauses leave the latest record the highest factor: an older one has faded on as many days or more.
        factors = (UNPAUSED, FACTOR) if self.measure.measure.except_pauses else (FACTOR,)
        totals = ["person", f"CAST(sum({FACTOR}) AS DECIMAL(38, 9)) AS {value_column(self.measure)}", self._records]
        totals += self.members.charged_fading("", ("1.", *factors))
        source = self.members.fading_source(quote_name(latest.name), halving.value)
        body = f"SELECT\n{listed(totals)}\nFROM {source}\nGROUP BY person"
        return (latest, Step(self.result, self.measure.measure.plural, body))

    def _best_of(self, columns: list[str], fields: tuple[str, ...]) -> tuple[Step, ...]:
        """Count each value through its record with the highest factor, and charge what the steps took from that
        one."""
        declared = (self.members.plan.rulebook.records or ()) if self.measure.order_matters else ()
        is_text = {field.name for field in declared if isinstance(field.type, TextType | OneOfType)}
        order = [
            f"CAST({quote_name(f.name)} AS VARCHAR)" if f.name in is_text else quote_name(f.name) for f in declared
        ]
        taken = [*columns, DAYS_OLD, "CAST(1 AS DECIMAL(10, 9)) AS value"]
        taken += self.members.discount_flags
        taken += [f"{name} AS {quote_name(f'order {place}')}" for place, name in enumerate(order)]
        steps = [
            self.members.step("records", "those that count", select(taken, self.members.source, member(self.measure)))
        ]
        for each in self.measure.discounts:
            steps.append(self.members.discounted(each, steps[-1].name))
        halving = self.measure.measure.halving
        source = quote_name(steps[-1].name)
        stages = ["value", *(["unpaused"] if self.measure.measure.except_pauses else []), "final"]
        if halving is None:
            body = f"SELECT *, value AS final FROM {source}"
        else:
            faded = f"{self.members.faded('value')} AS final"
            if self.measure.measure.except_pauses:
                faded = f"{self.members.faded('value', UNPAUSED)} AS unpaused, {faded}"
            body = f"SELECT *, {faded}\nFROM {self.members.fading_source(source, halving.value)}"
        steps.append(self.members.step("factors", "what each record would count", body))
        group = ", ".join(["person", *(quote_name(f"of {name}") for name in fields)])
        ties = "".join(f", {quote_name(f'order {place}')} NULLS LAST" for place in range(len(order)))
        best = f"row_number() OVER (PARTITION BY {group} ORDER BY final DESC, {DAYS_OLD}, value DESC{ties}) = 1"
        steps.append(
            self.members.step(
                "values",
                "each different value once, by the record that counts most",
                f"SELECT * FROM {quote_name(steps[-1].name)}\nQUALIFY {best}",
            )
        )
        totals = ["person", f"CAST(sum(final) AS DECIMAL(38, 9)) AS {value_column(self.measure)}"]
        totals += self.members.charged(grouped=False)
        if halving is not None:
            totals += self.members.charged_fading("", tuple(stages))
        query = f"{select(totals, steps[-1].name)}\nGROUP BY person"
        return (*steps, Step(self.result, self.measure.measure.plural, query))

    def _days(self) -> tuple[Step, ...]:
        return self._counted("days", "each day once", [f"{quote_name(self.measure.person)} AS person", DAYS_OLD])

    def _counted(self, name: str, words: str, columns: list[str]) -> tuple[Step, ...]:
        """Count what is different, once, and its records."""
        once = self.members.step(name, words, f"{select([*columns, _N], IN_PLAY, member(self.measure))}\nGROUP BY ALL")
        found = ["person", f"CAST(count(*) AS {COUNT}) AS {value_column(self.measure)}", self._records]
        return (once, Step(self.result, self.measure.measure.plural, f"{select(found, once.name)}\nGROUP BY person"))

    @property
    def _records(self) -> str:
        """The column with how many records count, over groups that count theirs."""
        return f"CAST(sum(n) AS BIGINT) AS {records_column(self.measure)}"

    def _h_index(self, field: str) -> tuple[Step, ...]:
        columns = [f"{quote_name(self.measure.person)} AS person", f"{quote_name(field)} AS value", _N]
        groups = self.members.step(
            "values",
            "how many records each value has",
            f"{select(columns, IN_PLAY, member(self.measure))}\nGROUP BY ALL",
        )
        ranked = self.members.step(
            "ranked",
            "the values with the most records first",
            "SELECT person, n, row_number() OVER (PARTITION BY person ORDER BY n DESC) AS place\n"
            f"FROM {quote_name(groups.name)}",
        )
        value = f"CAST(count(*) FILTER (WHERE n >= place) AS {COUNT}) AS {value_column(self.measure)}"
        body = f"{select(['person', value, self._records], ranked.name)}\nGROUP BY person"
        return (groups, ranked, Step(self.result, self.measure.measure.plural, body))

    def _latest(self) -> tuple[Step, ...]:
        value = gross(self.measure)
        latest = f"max_by({value}, {{'moment': {MOMENT}, 'value': {value}}})"
        columns = [
            f"{quote_name(self.measure.person)} AS person",
            f"CAST({latest} AS DECIMAL(38, 9)) AS {value_column(self.measure)}",
            f"count(*) AS {records_column(self.measure)}",
        ]
        body = f"{select(columns, IN_PLAY, member(self.measure))}\nGROUP BY ALL"
        return (Step(self.result, self.measure.measure.plural, body),)
