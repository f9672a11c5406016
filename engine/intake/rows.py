"""Takes inputs and the fields declared; gives a typed relation of the rows accepted, and each rejected row with why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tallystick.engine.intake import reasons
from tallystick.engine.intake.behind import Behind
from tallystick.engine.intake.cells import Native, sql_type
from tallystick.engine.intake.earlier import LATELY, REJECTED_LATELY, Earlier, is_damage
from tallystick.engine.intake.lookups import fill_hours, fill_odd
from tallystick.engine.intake.native import Part, frame_part, parquet_part, unreadable
from tallystick.engine.intake.shape import Shape, Skipping
from tallystick.engine.intake.sources import CatalogInput, FrameInput, Input, ParquetInput, TableInput, TextInput
from tallystick.engine.intake.table import FileRead, Progress, Storing, TextTable, Wanted, read_text
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import RejectedRow
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Field
from tallystick.rules.value import NumberType, TextType

Role = Literal["records", "subjects", "pauses", "corrections", "statements"]
_KEYS: dict[Role, str] = {"records": "id", "subjects": "subject"}
"""The field by which rows of a role are one where they are equal, and rejected where they differ; others have none."""
_TOP = 5
"""So many reasons are named when too many rows are rejected."""
_YEAR_FIRST = re.compile(r"[0-9]{4}-")
_OTHER = {
    reasons.NOT_A_TIME: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    reasons.NOT_A_DATE: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:.*"),
}
"""What stands in a field that should have been declared the other way: a day for a moment, or a moment for a day."""


class Relation(Struct, frozen=True):
    """The rows accepted, once each: a query that gives ``#row`` and the declared fields under their own names.

    A field of type text is of a whole-number type where every input has it so; those are ids, read as their digits."""

    role: Role
    select: str
    fields: tuple[Field, ...]


class TakenIn(Struct, frozen=True):
    """What became of the inputs of one role. ``rows`` = accepted + ``rejected`` + ``skipped`` + ``copies``."""

    relation: Relation
    files: tuple[FileRead, ...]
    rows: int
    rejected: int
    skipped: int
    copies: int


def take_in(
    workshop: Workshop,
    role: Role,
    wanted: tuple[Wanted, ...],
    inputs: tuple[Input, ...],
    skipping: Skipping,
    progress: Progress,
    earlier: Earlier | None = None,
) -> TakenIn:
    """Read the inputs of a role into the workshop's connection; raises a refusal when that cannot be done at all.

    ``earlier``: what was taken in before; all is then as if its files had been given first.
    """
    return _Intake(workshop, role, wanted, skipping, progress, earlier).take_in(inputs)


def refuse_too_many(workshop: Workshop, taken: TakenIn, share: Decimal) -> None:
    """Raise ``DataRefusal`` when more than a share of the rows were rejected, with the commonest reasons."""
    if taken.rejected <= share * taken.rows:
        return
    message = (
        f"{taken.rejected:,} of {taken.rows:,} rows of {taken.relation.role} cannot be read, "
        f"more than the {_percent(share)} allowed; nothing was scored"
    )
    raise DataRefusal(
        message, notes=commonest_reasons(workshop, taken), help="repair them, or allow more with `--max-rejected`"
    )


def commonest_reasons(workshop: Workshop, taken: TakenIn) -> tuple[str, ...]:
    """Return why rows were rejected: the commonest reasons, each with the first row of its kind."""
    rejected = quote_name(f"{taken.relation.role} rejected")
    top = workshop.connection.execute(
        f'SELECT field, reason, count(*), arg_min("#file", "#row"), arg_min("#line", "#row"), arg_min(value, "#row") '
        f'FROM {rejected} GROUP BY ALL ORDER BY count(*) DESC, min("#row") LIMIT {_TOP + 1}'
    ).fetchall()
    notes = [
        f"{count:,} × {f'`{field}`: ' if field else ''}{reason}; the first is {_place(taken.files[file].name, line)}"
        + (f", `{value[:40]}`" if value else "")
        + _remedy(taken.relation.role, field, reason, value or "")
        for field, reason, count, file, line, value in top[:_TOP]
    ]
    return (*notes, *(("… and others",) if len(top) > _TOP else ()))


def _remedy(role: Role, field: str, reason: str, value: str) -> str:
    """Say what can be done about a reason, if that is more than to write the cell as it should be."""
    said: list[str] = []
    declared = role in {"records", "subjects"} and not (reason == reasons.MISSING and field in reasons.ALWAYS_THERE)
    if declared and reason in reasons.REMEDIES:
        said.append(reasons.REMEDIES[reason])
    other = _OTHER.get(reason)
    if declared and other is not None and other.fullmatch(value):
        said.append(f"days are declared `date`, moments `time`: is `{field}` the other?")
    elif role == "records" and reason in reasons.OTHERWISE_WRITTEN and not _YEAR_FIRST.match(value):
        said.append(reasons.READ_FIRST)
    return f" ({'; '.join(said)})" if said else ""


def _place(name: str, line: int) -> str:
    """Say where a row stands; a table's rows have no numbers."""
    return f"{name}:{line}" if line else f"in {name}"


def rejected_rows(workshop: Workshop, taken: TakenIn) -> Iterator[RejectedRow]:
    """Give the rejected rows in the order of the inputs."""
    rejected = quote_name(f"{taken.relation.role} rejected")
    result = workshop.connection.cursor().execute(
        f'SELECT "#file", "#line", field, reason, left(coalesce(value, \'\'), 100) FROM {rejected} ORDER BY "#row"'
    )
    while rows := result.fetchmany(10_000):
        for file, line, field, reason, value in rows:
            yield RejectedRow(taken.files[file].name, line, field, reason, value)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


class _Intake(Struct, frozen=True):
    """The work on one role's inputs."""

    workshop: Workshop
    role: Role
    wanted: tuple[Wanted, ...]
    skipping: Skipping
    progress: Progress
    earlier: Earlier | None = None

    def take_in(self, inputs: tuple[Input, ...]) -> TakenIn:
        texts = TextTable(self.workshop.connection, f"{self.role} texts", f"{self.role} rejected")
        texts.create(len(self.wanted))
        before = Earlier() if self.earlier is None else self.earlier
        files = list(before.files)
        natives: list[Part] = []
        rows = sum(file.rows for file in files)
        with Behind(self.workshop.connection) as behind:
            storing = Storing(texts, behind)
            for number, each in enumerate(inputs, start=len(files)):
                match each:
                    case TextInput():
                        files.append(read_text(each, self.wanted, storing, number, rows, self.progress))
                    case ParquetInput():
                        link = f"{self.role}-{number}"
                        part, file = parquet_part(each, self.wanted, self.workshop, link, number, rows)
                        files.append(file)
                        natives.append(part)
                    case TableInput() | CatalogInput():
                        engine = "postgres" if isinstance(each, TableInput) else "spark"
                        message = f"the {self.role} lie in a database: {each.name}"
                        raise UsageRefusal(
                            message, help=f"score there with `tally score --engine {engine}`, or give a copy as a file"
                        )
                    case FrameInput():
                        view = f"{self.role} frame {number}"
                        part, file = frame_part(each, self.wanted, self.workshop, view, number, rows)
                        files.append(file)
                        natives.append(part)
                rows += files[-1].rows
            storing.flush()
        damaged_rows = self._count(f"{self.role} rejected")
        read = self._typed(texts, tuple(natives), any(isinstance(each, TextInput) for each in inputs))
        relation, copies = self._without_copies()
        rejected = self._count(f"{self.role} rejected")
        skipped = before.skipped + rows - before.rows - damaged_rows - read
        return TakenIn(relation, tuple(files), rows, rejected, skipped, copies)

    def _typed(self, texts: TextTable, natives: tuple[Part, ...], any_text: bool) -> int:  # noqa: FBT001
        """Make the view of all rows whose every cell can be read; return how many rows were not skipped."""
        self.progress(f"checking {self.role}", 0)
        parts = list(natives)
        if any_text:
            columns = ", ".join(f"c{i}" for i in range(len(self.wanted)))
            select = f'SELECT "#row", "#file", "#line", {columns} FROM {quote_name(texts.texts)}'
            all_text = tuple[Native, ...]("text" for _ in self.wanted)
            parts.insert(0, Part(select, all_text, self.role, lasting=False))
        ids = frozenset(
            place
            for place, each in enumerate(self.wanted)
            if isinstance(each.field.type, TextType)
            and all(part.natives[place] == "whole" for part in parts)
            and (self.earlier is None or self.earlier.read is None or each.field.name in self.earlier.wholes)
        )
        shapes = [Shape(self.role, part, self.wanted, self.skipping, ids) for part in parts]
        fill_hours(self.workshop.connection, self.role, shapes, self.wanted)
        read = 0
        odd: set[int] = set()
        flawed: list[bool] = []
        for shape in shapes:
            survey = self._survey(shape)
            read += survey.rows
            odd |= survey.odd
            flawed.append(survey.missing or bool(survey.odd))
        fill_odd(self.workshop.connection, self.role, shapes, self.wanted, sorted(odd))
        selects: list[str] = []
        for number, (shape, has_flaws) in enumerate(zip(shapes, flawed, strict=True)):
            if has_flaws:
                self._run(f"INSERT INTO {quote_name(texts.rejected)} {shape.rejected(sorted(odd))}")
            accepted = shape.accepted(sorted(odd), texts.rejected if has_flaws else None)
            if not shape.part.lasting:
                typed = quote_name(f"{self.role} typed {number}")
                self._run(f"CREATE TABLE {typed} AS {accepted}")
                accepted = f"SELECT * FROM {typed}"
            selects.append(accepted)
        self._run(f"DROP TABLE {quote_name(texts.texts)}")
        if self.earlier is not None:
            selects = self._with_earlier(self.earlier, selects, ids)
        self._run(f"CREATE VIEW {quote_name(f'{self.role} read')} AS {' UNION ALL '.join(selects)}")
        return read

    def _with_earlier(self, earlier: Earlier, lately: list[str], ids: frozenset[int]) -> list[str]:
        """Put what was taken in before in front of what was read now, which is kept apart, too."""
        rejected, apart = quote_name(f"{self.role} rejected"), quote_name(f"{self.role} {REJECTED_LATELY}")
        if lately:
            self._run(f"CREATE VIEW {quote_name(f'{self.role} {LATELY}')} AS {' UNION ALL '.join(lately)}")
            self._run(f"CREATE TABLE {apart} AS SELECT * FROM {rejected}")
        if earlier.rejected is not None:
            self._run(f'INSERT INTO {rejected} SELECT * FROM {earlier.rejected} WHERE "#row" < {earlier.rows}')
        columns = ['"#row"', '"#file"', '"#line"']
        for place, each in enumerate(self.wanted):
            name, is_text = quote_name(each.field.name), isinstance(each.field.type, TextType)
            columns.append(f"CAST({name} AS VARCHAR) AS {name}" if is_text and place not in ids else name)
        select = ", ".join(columns)
        if earlier.read is not None:
            # What this run adds to that table in the end comes from the files, not from there.
            return [f'SELECT {select} FROM {earlier.read} WHERE "#row" < {earlier.rows}', *lately]
        return lately or [self._nothing()]

    def _nothing(self) -> str:
        """Return a query for no row at all."""
        kinds = {'"#row"': "BIGINT", '"#file"': "INTEGER", '"#line"': "BIGINT"}
        kinds |= {quote_name(each.field.name): sql_type(each.field) for each in self.wanted}
        return f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {name}' for name, kind in kinds.items())} WHERE false"

    def _survey(self, shape: Shape) -> _Survey:
        import duckdb  # noqa: PLC0415

        try:
            tests, source = shape.least_and_most()
            plain: frozenset[int] = frozenset()
            if tests:
                (told,) = self.workshop.connection.execute(
                    f"SELECT {', '.join(tests.values())} FROM {source}"
                ).fetchall()
                plain = frozenset(place for place, is_plain in zip(tests, told, strict=True) if is_plain)
            counts: tuple[int, ...] = self.workshop.connection.execute(shape.survey(plain)).fetchall()[0]
        except duckdb.Error as error:
            raise unreadable(shape.part.name, error) from error
        rows, missing, odd = counts[0], counts[1 : 1 + len(self.wanted)], counts[1 + len(self.wanted) :]
        return _Survey(rows, any(missing), {place for place, count in enumerate(odd) if count})

    def _without_copies(self) -> tuple[Relation, int]:
        """Leave out copies of rows that share their key, and reject those that share it and differ."""
        read, left_out = quote_name(f"{self.role} read"), quote_name(f"{self.role} left out")
        fields = tuple(each.field for each in self.wanted)
        names = ", ".join(quote_name(field.name) for field in fields)
        select = f'SELECT "#row", {names} FROM {read}'
        relation = Relation(self.role, select, fields)
        key_name = _KEYS.get(self.role)
        key = next((field for field in fields if field.name == key_name), None)
        if key is None:
            return relation, 0
        name, shared = quote_name(key.name), quote_name(f"{self.role} shared")
        twice = f"WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) > 1"
        if self.earlier is None or self.earlier.shared is None:
            self._run(f"CREATE TABLE {shared} AS SELECT {name} AS key FROM {read} {twice}")
        else:
            self._share(self.earlier.shared, self.earlier.rows, name, twice)
        if self._count(f"{self.role} shared") == 0:
            return relation, 0
        self._run(
            f"CREATE TABLE {left_out} AS WITH same AS (SELECT * FROM {read} SEMI JOIN {shared} ON key = {name}), "
            f"different AS (SELECT {name} AS key, count(*) > 1 AS differ "
            f"FROM (SELECT DISTINCT {names} FROM same) GROUP BY {name}), "
            f'first AS (SELECT {name} AS key, min("#row") AS earliest FROM same GROUP BY {name}) '
            f'SELECT "#row", "#file", "#line", differ, {_written(key, name)} AS value '
            f"FROM same JOIN different ON different.key = {name} JOIN first ON first.key = {name} "
            f'WHERE differ OR "#row" > earliest'
        )
        reason = reasons.ID_SHARED if self.role == "records" else reasons.SUBJECT_SHARED
        self._run(
            f'INSERT INTO {quote_name(f"{self.role} rejected")} SELECT "#row", "#file", "#line", '
            f"{quote_text(key.name)}, {quote_text(reason)}, value FROM {left_out} WHERE differ"
        )
        copies = self._count(f"{self.role} left out", "NOT differ")
        return Relation(self.role, f'{select} ANTI JOIN {left_out} USING ("#row")', fields), copies

    def _share(self, known: str, rows: int, name: str, twice: str) -> None:
        """Make the table of the keys that several rows have, from those known before and the rows that are new."""
        read, shared = quote_name(f"{self.role} read"), quote_name(f"{self.role} shared")
        new = f'(SELECT {name} FROM {read} WHERE "#row" >= {rows})'
        self._run(f"CREATE TABLE {shared} AS SELECT {name} AS key FROM {new} {twice}")
        old = f'(SELECT {name} FROM {read} WHERE "#row" < {rows})'
        self._run(
            f"INSERT INTO {shared} SELECT {name} FROM {old} AS old SEMI JOIN {new} AS new USING ({name}) "
            f"UNION SELECT key FROM {known} EXCEPT SELECT key FROM {shared}"
        )

    def _run(self, query: str) -> None:
        import duckdb  # noqa: PLC0415

        try:
            self.workshop.connection.execute(query)
        except duckdb.Error as error:
            if self.earlier is not None and is_damage(error):
                raise
            raise unreadable(self.role, error) from error

    def _count(self, table: str, where: str = "true") -> int:
        ((count,),) = self.workshop.connection.execute(
            f"SELECT count(*) FROM {quote_name(table)} WHERE {where}"
        ).fetchall()
        return int(count)


class _Survey(Struct, frozen=True):
    """What one look over a part found: rows not skipped, whether a value is missing that must not be, and the fields
    that have cells not plainly written."""

    rows: int
    missing: bool
    odd: set[int]


def _written(key: Field, name: str) -> str:
    """Return SQL for a key as text; a number without the zeros at its end."""
    text = f"CAST({name} AS VARCHAR)"
    if isinstance(key.type, NumberType) and key.type.places > 0:
        return f"regexp_replace({text}, {quote_text('[.]?0+$')}, '')"
    return text
