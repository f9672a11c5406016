"""Takes two runs and the earlier rulebook in the later one's names; gives the rows of both as files, each row with what
became of it between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from msgspec import Struct

from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.reading import subject_fields
from tallystick.engine.pauses import reads_pauses
from tallystick.engine.query.sql import quote_name, quote_number, quote_text, quote_value
from tallystick.engine.query.zones import changes
from tallystick.engine.run import FinishedRun
from tallystick.engine.workshop import Workshop, scratch_of
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, NumberType, OneOfType, TextType

Role = Literal["records", "subjects"]
Table = Literal["records", "subjects", "pauses", "struck out"]
Fate = Literal["held", "kept", "own", "other"]
"""Of a row. ``held``: both runs have it, be it struck out in the earlier one; its values are the later run's.
``kept``: only the earlier run has it, and the later rules could not read it, so that it goes with their edits. ``own``:
it arrived, and the person it is about did it. ``other``: it arrived otherwise."""
ROLES: tuple[Role, ...] = ("records", "subjects")
ROW, FATE = "#row", "#fate"


class NetBecause(Struct, frozen=True):
    """Why only the net is known: a run (``which``) has not kept its records; or the earlier rules cannot be asked about
    the later run's rows, of which a field is of another type now, or so many ``lack`` one that those rules need."""

    why: Literal["not kept", "other type", "lacking"]
    which: Literal["earlier", "later"] = "later"
    field: str = ""
    lack: int = 0


class NotComparableError(Exception):
    """The earlier rules cannot be asked about the later run's rows."""

    def __init__(self, because: NetBecause) -> None:
        """Say why."""
        super().__init__(because)
        self.because = because


class BothRows(Struct, frozen=True):
    """The rows of two runs, as files in the folder of a workshop: of each role those of ``then``, and those ``seen``.

    The columns are the fields of the later rulebook and those that only the earlier one has, in the later one's names;
    ``seen`` has ``#fate`` beside them.
    """

    workshop: Workshop
    former: Rulebook
    new: Rulebook
    files: tuple[Path, ...]
    """Where the rows of both runs lie; the workshop's folder has links to them."""

    def then(self, role: Role) -> str | None:
        """Return the query for the earlier run's rows."""
        fields = declared(self.former, role)
        return None if fields is None else f"SELECT {_columns(fields)} FROM {self._file(role, 'then')}"

    def seen(self, role: Role, rulebook: Rulebook, fates: Iterable[Fate]) -> str | None:
        """Return the query for the rows with these fates that a rulebook between the two can read."""
        fields = declared(rulebook, role)
        if fields is None:
            return None
        return f"SELECT {_columns(fields)} FROM {self._file(role, 'seen')} WHERE {_among(fates)} AND {_fits(fields)}"

    def unread(self, role: Role, rulebook: Rulebook, fates: Iterable[Fate]) -> int:
        """Count the rows with these fates that a rulebook between the two cannot read."""
        fields = declared(rulebook, role)
        if fields is None:
            return 0
        return self._count(f"FROM {self._file(role, 'seen')} WHERE {_among(fates)} AND NOT ({_fits(fields)})")

    def arrived(self, fate: Fate) -> int:
        """Count the records that arrived and that the earlier rules can read, by who made them."""
        if self.former.records is None or self.new.records is None:
            return 0
        fits = _fits(self.former.records)
        return self._count(f"FROM {self._file('records', 'seen')} WHERE {_among((fate,))} AND {fits}")

    def corrected(self) -> bool:
        """Say whether anything but the records that arrived is different to the earlier rules."""
        return self._pauses_differ() or any(self._differs(role) for role in ROLES)

    def pauses(self, rulebook: Rulebook, *, then: bool = False) -> str | None:
        """Return the query for the pauses told of people: the later run's, where its rules ask for them."""
        if not reads_pauses(rulebook):
            return None
        path = self.workshop.scratch / f"pauses {'then' if then or not reads_pauses(self.new) else 'now'}.parquet"
        return f"SELECT * FROM read_parquet({quote_text(str(path))})" if path.exists() else None

    def _pauses_differ(self) -> bool:
        one, other = self.pauses(self.former, then=True), self.pauses(self.former)
        empty = 'SELECT NULL AS subject, NULL AS "from", NULL AS "to" WHERE false'
        one, other = one or empty, other or empty
        return self._count(f"FROM ((({one}) EXCEPT ({other})) UNION ALL (({other}) EXCEPT ({one})))") > 0

    def _as_often(self, columns: str, one: str, other: str) -> bool:
        """Say whether two queries give equal rows, and each as often: of what is equal, those of the one less those of
        the other come to nothing. It takes a third of the time of ``EXCEPT ALL`` there and back."""
        side = quote_name("#side")
        sides = f"SELECT {columns}, 1 AS {side} FROM ({one}) UNION ALL SELECT {columns}, -1 FROM ({other})"
        return not self._count(f"FROM (SELECT 1 FROM ({sides}) GROUP BY {columns} HAVING sum({side}) <> 0)")

    def _differs(self, role: Role) -> bool:
        fields = declared(self.former, role)
        if fields is None:
            return False
        fates: tuple[Fate, ...] = ("held", "kept") if role == "records" else ("held", "kept", "own", "other")
        names = ", ".join(quote_name(field.name) for field in fields)
        one, other = self.seen(role, self.former, fates), self.then(role)
        return one is not None and other is not None and not self._as_often(names, one, other)

    def _file(self, role: Role, which: Literal["then", "seen"]) -> str:
        return f"read_parquet({quote_text(str(self.workshop.scratch / f'{role} {which}.parquet'))})"

    def _count(self, rest: str) -> int:
        ((found,),) = self.workshop.connection.execute(f"SELECT count(*) {rest}").fetchall()
        return int(found)


def declared(rulebook: Rulebook, role: Role) -> tuple[Field, ...] | None:
    """Return the fields of a role, with the key of ``subjects``; None where the rulebook declares none."""
    match role:
        case "records":
            return rulebook.records
        case "subjects":
            return None if rulebook.subjects is None else subject_fields(rulebook)


class Until(Struct, frozen=True):
    """Up to and with which day records are taken; a day is one in any of the time zones."""

    day: date
    zones: tuple[str, ...]

    def condition(self, rulebook: Rulebook) -> str:
        """Return the condition that a record is not later."""
        at = next((field for field in rulebook.records or () if field.name == "at"), None)
        if at is None or self.day == date.max:
            return "true"
        if isinstance(at.type, DateType):
            return f'"at" <= {quote_value(self.day)}'
        return f"({' OR '.join(dict.fromkeys(_before_midnight(self.day, zone) for zone in self.zones))})"


def _before_midnight(day: date, zone: str) -> str:
    """Return the condition that a moment's day in a zone is not later: between two changes of its clocks, those have
    one distance from UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    changed = changes(zone, day.year - 1, day.year + 1)
    tests: list[str] = []
    for each, after in zip_longest(changed, changed[1:]):
        ends = [midnight - timedelta(seconds=each.offset), *([] if after is None else [after.moment])]
        tests.append(f'("at" >= {quote_value(each.moment)} AND "at" < {quote_value(min(ends))})')
    return " OR ".join(tests)


def rows_written(run: FinishedRun, names: Mapping[str, str], which: str, until: Until) -> dict[Table, Path]:
    """Write a run's rows into files of its own connection's folder, under the later rulebook's names; records that are
    not yet are left out."""
    rows = run.rows()
    written: dict[Table, Path] = {}

    def write(table: Table, query: str) -> None:
        path = scratch_of(rows.connection) / f"{which} {table}.parquet"
        path.unlink(missing_ok=True)
        rows.connection.execute(f"COPY ({query}) TO {quote_text(str(path))} (FORMAT parquet)")
        written[table] = path

    if rows.pauses is not None:
        write("pauses", f'SELECT subject, "from", "to" FROM ({rows.pauses})')
    only = until.condition(run.rulebook)
    of_records = {field.name: sql_type(field) for field in run.rulebook.records or ()}
    if rows.voided is not None and "id" in of_records:
        write("struck out", f"SELECT DISTINCT CAST(id AS {of_records['id']}) AS id FROM ({rows.voided}) WHERE {only}")
    selects: dict[Role, str | None] = {"records": rows.records, "subjects": rows.subjects}
    for role, select in selects.items():
        fields = declared(run.rulebook, role)
        if select is None or fields is None:
            continue
        columns = [quote_name(ROW)]
        for field in fields:
            now = quote_name(names.get(field.name, field.name))
            columns.append(f"CAST({quote_name(field.name)} AS {sql_type(field)}) AS {now}")
        write(role, f"SELECT {', '.join(columns)} FROM ({select}) WHERE {only if role == 'records' else 'true'}")
    return written


def both_rows(
    workshop: Workshop,
    former: Rulebook,
    new: Rulebook,
    then: Mapping[Table, Path],
    now: Mapping[Table, Path],
    same_files: frozenset[Role],
) -> BothRows:
    """Tell of each row what became of it. ``same_files``: the roles for which both runs read the same files.

    Raises ``NotComparableError`` where the earlier rules cannot read the later rows.
    """
    both = BothRows(workshop, former, new, (*then.values(), *now.values()))
    for which, paths in (("then", then), ("now", now)):
        for table, path in paths.items():
            workshop.show(path, f"{table} {which}.parquet")
    for role in ROLES:
        stood_again = role == "records" and "struck out" in then
        _compare(both, role, then.get(role), now.get(role), same_files=role in same_files, stood_again=stood_again)
    return both


def _compare(
    both: BothRows, role: Role, then: Path | None, now: Path | None, *, same_files: bool, stood_again: bool
) -> None:
    ours, theirs = declared(both.former, role), declared(both.new, role)
    execute, scratch = both.workshop.connection.execute, both.workshop.scratch
    for which, path in (("then", then), ("now", now)):
        if path is not None:
            rows = f"read_parquet({quote_text(str(scratch / f'{role} {which}.parquet'))})"
            execute(f"CREATE VIEW {quote_name(f'{role} {which}')} AS FROM {rows}")
    if ours is None and theirs is None:
        return
    if ours is None or then is None:
        query = f"SELECT *, {_arrived(theirs or ())} AS {quote_name(FATE)} FROM {quote_name(f'{role} now')}"
    elif theirs is None or now is None:
        query = f"SELECT *, 'kept' AS {quote_name(FATE)} FROM {quote_name(f'{role} then')}"
    else:
        query = _joined(role, ours, theirs, same_files=same_files)
        if stood_again and any(field.name == "id" for field in theirs):
            struck_out = quote_text(str(scratch / "struck out then.parquet"))
            again = f"id IN (SELECT id FROM read_parquet({struck_out}))"
            query = f"SELECT * REPLACE (if({again}, 'held', {quote_name(FATE)}) AS {quote_name(FATE)}) FROM ({query})"
    seen = scratch / f"{role} seen.parquet"
    execute(f"COPY ({query}) TO {quote_text(str(seen))} (FORMAT parquet)")
    _refuse_unreadable(both, role, ours, theirs)


def _joined(role: Role, ours: tuple[Field, ...], theirs: tuple[Field, ...], *, same_files: bool) -> str:
    """Return the query that pairs the rows of both: by their key, by their place in the same files, else row by equal
    row, however many there are."""
    names = {field.name: field for field in theirs}
    common = [field.name for field in ours if field.name in names]
    for field in ours:
        if field.name in names and _sort_of(field) is not _sort_of(names[field.name]):
            raise NotComparableError(NetBecause("other type", field=field.name))
    only_then = [quote_name(field.name) for field in ours if field.name not in names]
    sides = {"then": quote_name(f"{role} then"), "now": quote_name(f"{role} now")}
    key = "subject" if role == "subjects" else "id"
    if key in common:
        on = f"one.{quote_name(key)} = other.{quote_name(key)}"
    elif same_files:
        on = f"one.{quote_name(ROW)} = other.{quote_name(ROW)}"
    else:
        equal = ", ".join(map(quote_name, common))
        copy = '"#copy"'
        for side, extra in (("then", only_then), ("now", [])):
            order = ", ".join([*extra, quote_name(ROW)])
            sides[side] = (
                f"(SELECT *, row_number() OVER (PARTITION BY {equal} ORDER BY {order}) AS {copy} FROM {sides[side]})"
            )
        on = " AND ".join(f"one.{name} IS NOT DISTINCT FROM other.{name}" for name in (*map(quote_name, common), copy))
    carried = "".join(f", other.{name}" for name in only_then)
    columns = ", ".join(f"one.{quote_name(name)}" for name in (ROW, *names))
    held = f"CASE WHEN other.{quote_name(ROW)} IS NOT NULL THEN 'held' ELSE {_arrived(theirs, 'one.')} END"
    shared = [names[name] for name in common]
    return (
        f"SELECT {columns}{carried}, {held} AS {quote_name(FATE)} FROM {sides['now']} AS one "
        f"LEFT JOIN {sides['then']} AS other ON {on} UNION ALL BY NAME "
        f"SELECT {', '.join(f'other.{quote_name(field.name)}' for field in ours)}, 'kept' AS {quote_name(FATE)} "
        f"FROM {sides['then']} AS other ANTI JOIN {sides['now']} AS one ON {on} WHERE NOT ({_fits(shared, 'other.')})"
    )


def _sort_of(field: Field) -> type:
    return TextType if isinstance(field.type, OneOfType) else type(field.type)


def _arrived(fields: tuple[Field, ...], side: str = "") -> str:
    """Return who made a record that arrived: the person it is about (no actor: nobody else), or somebody else."""
    if not any(field.name == "actor" for field in fields) or not any(field.name == "subject" for field in fields):
        return "'own'"
    return f"CASE WHEN coalesce({side}actor = {side}subject, true) THEN 'own' ELSE 'other' END"


def _refuse_unreadable(
    both: BothRows, role: Role, ours: tuple[Field, ...] | None, theirs: tuple[Field, ...] | None
) -> None:
    """Refuse rows that lack what the earlier rules need: a required field that the later ones no longer read."""
    if ours is None or theirs is None:
        return
    kept = {field.name for field in theirs}
    for field in ours:
        if field.name not in kept and not field.optional:
            lacking = both.workshop.connection.execute(
                f"SELECT count(*) FROM {quote_name_of_seen(both, role)} WHERE {quote_name(field.name)} IS NULL"
            ).fetchall()[0][0]
            if lacking:
                raise NotComparableError(NetBecause("lacking", field=field.name, lack=lacking))


def quote_name_of_seen(both: BothRows, role: Role) -> str:
    """Return the relation with all rows of a role."""
    return f"read_parquet({quote_text(str(both.workshop.scratch / f'{role} seen.parquet'))})"


def _columns(fields: Iterable[Field]) -> str:
    columns = (f"TRY_CAST({quote_name(f.name)} AS {sql_type(f)}) AS {quote_name(f.name)}" for f in fields)
    return ", ".join((f"coalesce({quote_name(ROW)}, 0) AS {quote_name(ROW)}", *columns))


def _among(fates: Iterable[Fate]) -> str:
    return f"{quote_name(FATE)} IN ({', '.join(quote_text(fate) for fate in fates)})"


def _fits(fields: Iterable[Field], side: str = "") -> str:
    """Return the condition under which a row would not be rejected."""
    tests: list[str] = []
    for field in fields:
        column = f"{side}{quote_name(field.name)}"
        if not field.optional:
            tests.append(f"{column} IS NOT NULL")
        match field.type:
            case OneOfType(values=values) if field.name != "kind":
                tests.append(f"coalesce({column} IN ({', '.join(map(quote_text, values))}), true)")
            case NumberType(low=low, high=high, places=places):
                inside = f"{column} BETWEEN {quote_number(low)} AND {quote_number(high)}"
                tests.append(f"coalesce({inside} AND {column} = round({column}, {places}), true)")
            case _:
                pass
    return " AND ".join(tests) or "true"
