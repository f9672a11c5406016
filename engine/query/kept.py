"""Takes the part of a query over records and what a state has kept of its last work; gives the statements that make
what the part gives from that and from the records that came since.

Nearly all of it is added up, for each person, over groups of records that know nothing of each other: a person and a
different value, or what a limit looks at. So of the groups that new records touch, or from which a window lets a record
go by now, what they gave is taken away and what they give now is added. What fades, or is diluted by other people's
records, is worked out from all records of its kinds, read and judged already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from tallystick.engine.query.added_up import faded, measure_of, of_all
from tallystick.engine.query.compile import with_steps
from tallystick.engine.query.people import NAMED
from tallystick.engine.query.plan import Plan, RecordMeasure, late_discounts
from tallystick.engine.query.records_part import RecordsPart
from tallystick.engine.query.sql import quote_name, quote_value
from tallystick.engine.query.steps import AS_OF, DAYS_OLD, IN_PLAY, MOMENT, RECORDS, ROW, Step, dated, texts, window_of
from tallystick.engine.state.tables import KeptAbout, table
from tallystick.rules.measure import DaysOf, Distinct, HIndex, Pick

LATELY = "records in play lately"
KEPT_IN_PLAY = "kept in play"
DAY = quote_name("the day")
"""The column with a record's day: how old it is changes with every run."""
_LATELY = f"SELECT * FROM {quote_name(LATELY)}"
_ANSWERS = "kept.subject = new.actor AND kept.actor = new.subject AND kept.kind = new.kind"
KEYS = ("person", "left out")
"""The columns that tell the rows of what a step gives apart; all others add up."""
_ANSWERING = 127
"""What stands in ``left out`` of a record that only answers whether another is returned, as excluded ones do, too."""


def kept(name: str) -> str:
    """Return the state's table of what a step gave, quoted."""
    return table(f"kept {name}")


def more(name: str) -> str:
    """Return the table, quoted, of the rows that take the place of those of the same people."""
    return quote_name(f"more {name}")


def given_by(step: str, label: str) -> str:
    """Return the table, quoted, of what a step gave ``before``, or gives ``now``, of what is touched."""
    return quote_name(_given(step, label))


def _given(step: str, label: str) -> str:
    return f"given {label} by {step}"


def _change(step: str) -> str:
    return quote_name(f"change of {step}")


def _parted(columns: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the keys among some columns, and the others, quoted."""
    keys = [quote_name(each) for each in columns if each in KEYS]
    return keys, [quote_name(each) for each in columns if each not in KEYS]


def made(name: str, steps: tuple[Step, ...], day: date) -> str:
    """Return the statement that makes a table of the last of some steps, as of a day."""
    *before, last = steps
    head = f"WITH\n{with_steps(tuple(before))}\n" if before else ""
    return dated(f"CREATE OR REPLACE TABLE {quote_name(name)} AS\n{head}{last.body}", day)


def until_in_play(part: RecordsPart) -> tuple[Step, ...]:
    """Return the steps to the records in play, each of which then has its day, too."""
    *before, last = part.steps[: _place(part) + 1]
    body = f"SELECT *, CAST({AS_OF} - {DAYS_OLD} AS DATE) AS {DAY} FROM (\n{last.body}\n)"
    return (*before, Step(last.name, last.words, body))


def after_in_play(part: RecordsPart, name: str, without: frozenset[str] = frozenset()) -> tuple[Step, ...]:
    """Return the steps that lead from the records in play to one of that name, which comes last; ``without`` those that
    are tables already."""
    later = part.steps[_place(part) + 1 :]
    wanted, found = {name}, list[Step]()
    for each in reversed(later):
        if each.name in wanted:
            found.append(each)
            wanted |= {other.name for other in later if _reads(each, other.name)} - without
    return tuple(reversed(found))


class KeptSteps(Struct, frozen=True):
    """The statements as of a day; ``before`` says of what the tables were kept, ``columns`` which each of them has, and
    their types."""

    plan: Plan
    part: RecordsPart
    before: KeptAbout
    as_of: date
    columns: Mapping[str, Mapping[str, str]]

    def in_play(self) -> tuple[str, str]:
        """Return the statements for the records that came since, and for all."""
        accepted = f"(SELECT * FROM {quote_name(RECORDS)} WHERE {ROW} >= {self.before.rows})"
        old = self._kept_records(self.as_of)
        view = f"CREATE OR REPLACE VIEW {quote_name(IN_PLAY)} AS\n{old}\nUNION ALL BY NAME {_LATELY}"
        return made(LATELY, _reading(until_in_play(self.part), RECORDS, accepted), self.as_of), view

    def given(self, name: str) -> str:
        """Return the statements for what a step gives or, where it adds up, for what it gave before and gives now. They
        read nothing that those for another step make."""
        measure, steps = measure_of(self.plan, name), after_in_play(self.part, name)
        if of_all(self.plan, name):
            apart = measure is not None and not measure.measure.diluted
            kinds = f" WHERE {_of_kinds(measure)}" if measure is not None and apart else ""
            return made(name, _reading(steps, IN_PLAY, f"(SELECT * FROM {quote_name(IN_PLAY)}{kinds})"), self.as_of)
        if name == NAMED:
            *before, last = _reading(steps, IN_PLAY, f"({_LATELY})")
            new = f"SELECT person FROM (\n{last.body}\n) ANTI JOIN {kept(name)} USING (person)"
            found = made(f"more {name}", (*before, Step(last.name, last.words, new)), self.as_of)
            query = f"SELECT person FROM {kept(name)} UNION ALL SELECT person FROM {more(name)}"
            return f"{found};\nCREATE OR REPLACE VIEW {quote_name(name)} AS {query}"
        if faded(self.plan, name) and measure is not None:
            return ";\n".join((*self._measure(name, measure, steps[:-1]), *self._fading(name, measure, steps[-1])))
        return ";\n".join(self._counts(name) if measure is None else self._measure(name, measure, steps))

    def _kept_records(self, day: date, where: str = "true") -> str:
        """Return the query for the records that were kept, as old as they are on a day."""
        return f"SELECT *, {_age(day)} FROM {table(KEPT_IN_PLAY)} WHERE {where}"

    def _crossing(self, day: date, measures: Iterable[RecordMeasure]) -> str:
        """Return the query for those of them that were within the window of a measure on the day of before and are not
        any more, as old as they are on a day."""
        spans = [
            f"({_of_kinds(each)} AND {DAY} > {quote_value(self.before.as_of)} - {days} "
            f"AND {DAY} <= {quote_value(self.as_of)} - {days})"
            for each in measures
            if (days := window_of(each)) is not None
        ]
        return self._kept_records(day, " OR ".join(spans) if spans else "false")

    def _counts(self, name: str) -> tuple[str, ...]:
        """Count the new records, and those that leave a window as they counted before and as they do now."""
        now = f"{self._crossing(self.as_of, self.plan.measures)} UNION ALL BY NAME {_LATELY}"
        before = self._crossing(self.before.as_of, self.plan.measures)
        return self._before_and_now(name, after_in_play(self.part, name), before, now, self.before.as_of)

    def _measure(self, name: str, measure: RecordMeasure, steps: tuple[Step, ...]) -> tuple[str, ...]:
        """Take the groups of a measure's records that are touched through its steps, as they were and as they are.

        What fades is taken as of this day both times: how many stay on a day within the window was the same before.
        """
        kinds, keys = _of_kinds(measure), (quote_name(measure.person), *_group(measure))
        touched, groups, answers = (quote_name(f"{what} of {name}") for what in ("touched", "groups", "answers"))
        told = ", ".join(keys)
        touching = [f"SELECT {told} FROM ({_LATELY}) WHERE {kinds}"]
        touching.append(f"SELECT {told} FROM ({self._crossing(self.as_of, (measure,))})")
        late = late_discounts(self.plan.rulebook) if self.plan.returned_late else ()
        asks = bool(set(late) & set(measure.discounts))
        if asks:
            touching.append(
                f"SELECT {', '.join(f'kept.{key}' for key in keys)} FROM {table(KEPT_IN_PLAY)} AS kept "
                f"JOIN ({_LATELY}) AS new ON {_ANSWERS} AND kept.{MOMENT} >= new.{MOMENT} WHERE kept.{kinds}"
            )
        # No record counts in which a key is missing: the checker asks for a `when` that says so.
        same = " AND ".join(f"kept.{key} = touched.{key}" for key in keys)
        days = window_of(measure)
        # No limit looks at what is older than the window.
        young = "" if days is None else f" AND kept.{DAY} > {quote_value(self.before.as_of)} - {days}"
        statements = [f"CREATE OR REPLACE TABLE {touched} AS {' UNION '.join(touching)}"]
        statements.append(
            f"CREATE OR REPLACE TABLE {groups} AS SELECT kept.* FROM {table(KEPT_IN_PLAY)} AS kept "
            f"SEMI JOIN {touched} AS touched ON {same} WHERE kept.{kinds}{young}"
        )
        old = f"SELECT * FROM {groups}"
        new = f"{old} UNION ALL BY NAME SELECT * EXCLUDE ({DAYS_OLD}) FROM ({_LATELY}) WHERE {kinds}"
        if asks:  # those who did the same to the other: they answer, and are counted with groups of their own
            statements.append(
                f'CREATE OR REPLACE TABLE {answers} AS SELECT * REPLACE (CAST({_ANSWERING} AS TINYINT) AS "left out") '
                f"FROM {table(KEPT_IN_PLAY)} AS kept SEMI JOIN ({new}) AS new ON {_ANSWERS} WHERE kept.{kinds}"
            )
            old, new = (f"{each} UNION ALL BY NAME SELECT * FROM {answers}" for each in (old, new))
        before = self.as_of if faded(self.plan, name) else self.before.as_of
        aged = [f"SELECT *, {_age(day)} FROM ({each})" for each, day in ((old, before), (new, self.as_of))]
        return (*statements, *self._before_and_now(name, steps, aged[0], aged[1], before))

    def _before_and_now(
        self, name: str, steps: tuple[Step, ...], before: str, now: str, day_before: date
    ) -> tuple[str, ...]:
        """Take records through steps to what they gave, and give."""
        statements: list[str] = []
        for label, source, day in (("before", before, day_before), ("now", now, self.as_of)):
            rows = f"records {label} of {name}"
            read = (Step(rows, "those looked at", source), *_reading(steps, IN_PLAY, quote_name(rows)))
            statements.append(made(_given(name, label), read, day))
        return tuple(statements)

    def _fading(self, name: str, measure: RecordMeasure, last: Step) -> tuple[str, str]:
        """Add up how many stay of each day: of those kept, less those that did in the groups touched, and those that
        do."""
        before, now = (stays_by_day(_given(name, label), self.as_of) for label in ("before", "now"))
        told = f"SELECT * FROM ({now}) UNION ALL SELECT person, {DAY}, -n, -stays FROM ({before})"
        within = measure.measure.within
        where = "" if within is None else f" WHERE {DAY} > {quote_value(self.as_of)} - {int(within.value)}"
        rows = f"SELECT * FROM {kept(name)}{where} UNION ALL SELECT * FROM {more(name)}"
        source = f"(SELECT *, {_age(self.as_of)} FROM ({rows})) AS stay"
        steps = _reading((last,), f"{measure.name}: kept", source)
        return f"CREATE OR REPLACE TABLE {more(name)} AS {told}", made(name, steps, self.as_of)

    def changed(self, step: str, columns: Iterable[str]) -> str:
        """Return the statement for what a step gives now less what it gave before; ``columns``: those that it gives."""
        keys, sums = _parted(columns)
        told = [f"coalesce(now.{each} - before.{each}, now.{each}, -before.{each}) AS {each}" for each in sums]
        query = f"SELECT {', '.join([*keys, *told])} FROM {given_by(step, 'now')} AS now"
        query += f" FULL JOIN {given_by(step, 'before')} AS before USING ({', '.join(keys)})"
        return f"CREATE OR REPLACE TABLE {_change(step)} AS {query} WHERE person IS NOT NULL"

    def merged(self, name: str, given: Mapping[str, Iterable[str]]) -> str:
        """Return the statements that add those changes to a table that is kept; ``given``: the columns of each step."""
        types = self.columns[name]
        keys, _ = _parted(types)
        using = f" USING ({', '.join(keys)})"
        touched = " UNION ".join(f"SELECT {', '.join(keys)} FROM {_change(step)}" for step in given)
        told, joins = [*keys], f"LEFT JOIN {kept(name)} AS kept{using}"
        for place, (step, columns) in enumerate(given.items()):
            joins += f" LEFT JOIN {_change(step)} AS change{place}{using}"
            for column in columns:
                if column not in KEYS:
                    was, change = (f"{each}.{quote_name(column)}" for each in ("kept", f"change{place}"))
                    sum_ = f"coalesce({was} + {change}, {was}, {change})"
                    told.append(f"CAST({sum_} AS {types[column]}) AS {quote_name(column)}")
        query = f"SELECT {', '.join(told)} FROM ({touched}) {joins}"
        others = f"SELECT * FROM {kept(name)} ANTI JOIN {more(name)}{using}"
        return (
            f"CREATE OR REPLACE TABLE {more(name)} AS {query};\n"
            f"CREATE OR REPLACE VIEW {quote_name(name)} AS\n{others}\nUNION ALL BY NAME SELECT * FROM {more(name)}"
        )


def stays_by_day(source: str, day: date) -> str:
    """Return the query for how many of each person's records stay of each day, of the step with a limit."""
    on = f"CAST({quote_value(day)} - {DAYS_OLD} AS DATE) AS {DAY}"
    counts = ", ".join(f"CAST(sum({each}) AS BIGINT) AS {each}" for each in ("n", "stays"))
    return f"SELECT person, {on}, {counts} FROM {quote_name(source)} GROUP BY ALL"


def _age(day: date) -> str:
    return f"CAST({quote_value(day)} - {DAY} AS INTEGER) AS {DAYS_OLD}"


def _of_kinds(measure: RecordMeasure) -> str:
    return f"kind IN ({texts(measure.aggregate.kinds)})"


def _group(measure: RecordMeasure) -> tuple[str, ...]:
    """Return what, beside the person, tells the groups apart over which a measure is added up; none where it is not."""
    keep, total = measure.measure.keep, measure.measure.total
    match measure.aggregate:
        case Distinct(fields=fields):
            return tuple(map(quote_name, fields))
        case DaysOf():
            return (DAY,)
        case HIndex() | Pick():
            return ()
        case _ if total is None:
            return (DAY,) if keep is None else tuple(map(quote_name, keep.fields))
        case _:
            return (DAY,) if keep is None and total.period == "day" else ()


def _place(part: RecordsPart) -> int:
    return next(place for place, each in enumerate(part.steps) if each.name == IN_PLAY)


def _reads(step: Step, name: str) -> bool:
    return quote_name(name) in step.body or f"FROM {name}" in step.body


def _reading(steps: Iterable[Step], name: str, source: str) -> tuple[Step, ...]:
    """Return steps that read another source, quoted, in place of one."""
    return tuple(Step(each.name, each.words, each.body.replace(quote_name(name), source)) for each in steps)
