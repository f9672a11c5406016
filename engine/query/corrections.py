"""Takes the records read and the corrections that were made; gives the records that stand, and those struck out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.corrections import CORRECTIONS
from tallystick.engine.query.sql import quote_name
from tallystick.rules.rulebook import Field
from tallystick.rules.value import NumberType, TextType, TimeType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_INSTEAD = "records put in place"
_TEXT = "VARCHAR"
_BEYOND = 1_000_000_000_000
"""No records are so many that one has this number."""


class Standing(Struct, frozen=True):
    """Queries for the records that everything reads and for those that nothing sees, each with ``#row`` and the
    declared fields; and how many corrections there were of each sort."""

    records: str
    voided: str
    voids: int
    replaced: int


def stand(connection: DuckDBPyConnection, fields: tuple[Field, ...], select: str) -> Standing:
    """Apply the corrections in the table ``CORRECTIONS`` to the records that a query gives.

    INVARIANT: no row of ``select`` changes; a replaced one is struck out, and another stands in its place.
    """
    ((voids, replaced),) = connection.execute(
        "SELECT count(*) FILTER (WHERE action = 'void'), count(*) FILTER (WHERE action = 'replace') "
        f"FROM {quote_name(CORRECTIONS)}"
    ).fetchall()
    typed = ", ".join(
        f"{_meaning(field, place)} AS {quote_name(field.name)}" for place, field in enumerate(fields, start=1)
    )
    connection.execute(
        f'CREATE OR REPLACE TABLE {quote_name(_INSTEAD)} AS SELECT "#instead" AS "#row", {typed} '
        f"FROM {quote_name(CORRECTIONS)} WHERE action = 'replace'"
    )
    read = ", ".join(quote_name(field.name) for field in fields)
    struck = f'(SELECT "#row" FROM {quote_name(CORRECTIONS)})'
    before, instead = _alike(connection, fields, select)
    standing = f'SELECT "#row", {before} FROM ({select}) ANTI JOIN {struck} USING ("#row")'
    if replaced:
        standing += f' UNION ALL SELECT "#row", {instead} FROM {quote_name(_INSTEAD)}'
    return Standing(
        standing, f'SELECT "#row", {read} FROM ({select}) SEMI JOIN {struck} USING ("#row")', int(voids), int(replaced)
    )


def _meaning(field: Field, place: int, side: str = "after") -> str:
    """Return SQL for the value of a canonical text."""
    text = f"{side}[{place}]"
    if isinstance(field.type, TimeType):
        text = f"rtrim({text}, 'Z')"
    return f"CAST({text} AS {sql_type(field)})"


def _alike(connection: DuckDBPyConnection, fields: tuple[Field, ...], select: str) -> tuple[str, str]:
    """Return the columns of the records read and of those put in place, of one type each.

    Texts that lie as the whole numbers that they are stay so where the new ones can, and else become texts.
    """
    described = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {select}").fetchall()}
    before: list[str] = []
    instead: list[str] = []
    for field in fields:
        name, lies_as = quote_name(field.name), described[field.name]
        if not isinstance(field.type, TextType) or lies_as == _TEXT:
            before.append(name)
            instead.append(name)
            continue
        number = f"TRY_CAST({name} AS {lies_as})"
        ((others,),) = connection.execute(
            f"SELECT count(*) FROM {quote_name(_INSTEAD)} "
            f"WHERE {name} IS NOT NULL AND {name} IS DISTINCT FROM CAST({number} AS {_TEXT})"
        ).fetchall()
        before.append(name if others == 0 else f"CAST({name} AS {_TEXT}) AS {name}")
        instead.append(f"{number} AS {name}" if others == 0 else name)
    return ", ".join(before), ", ".join(instead)


def match_again(connection: DuckDBPyConnection, key: Field, select: str, kept: str) -> bool:
    """Make the table ``CORRECTIONS`` from the corrections that a run has kept, for its records read once more: by their
    ids, since rows may be numbered otherwise now. Say whether every correction found its record."""
    text = _canonical(key)
    connection.execute(
        f"CREATE OR REPLACE TABLE {quote_name(CORRECTIONS)} AS SELECT r.\"#row\", CASE WHEN c.action = 'replace' THEN "
        f'(SELECT max("#row") FROM ({select})) + row_number() OVER (ORDER BY c."#row") END AS "#instead", '
        f'c.* EXCLUDE ("#row", "#instead") FROM ({kept}) AS c '
        f'JOIN (SELECT "#row", {text} AS known FROM ({select})) AS r ON r.known = c.record'
    )
    ((found, all_),) = connection.execute(
        f"SELECT (SELECT count(*) FROM {quote_name(CORRECTIONS)}), (SELECT count(*) FROM ({kept}))"
    ).fetchall()
    return bool(found == all_)


def stand_by_kept(fields: tuple[Field, ...], key: Field, select: str, kept: str) -> tuple[str, str]:
    """Return queries for the records that stand and for those struck out, by the corrections that a run has kept, each
    with its record before and after; ``select``, in the types declared, need not give every record that is
    corrected."""
    read = ", ".join(f"r.{quote_name(field.name)}" for field in fields)
    before, after = (
        ", ".join(
            f"{_meaning(field, place, side)} AS {quote_name(field.name)}" for place, field in enumerate(fields, start=1)
        )
        for side in ("before", "after")
    )
    number = 'row_number() OVER (ORDER BY "#row")'
    standing = (
        f'SELECT r."#row", {read} FROM ({select}) AS r '
        f"ANTI JOIN ({kept}) AS c ON c.record = {_canonical(key)} UNION ALL "
        f"SELECT {_BEYOND} + {number} AS \"#row\", {after} FROM ({kept}) WHERE action = 'replace'"
    )
    return standing, f'SELECT {2 * _BEYOND} + {number} AS "#row", {before} FROM ({kept})'


def _canonical(key: Field) -> str:
    """Return SQL for the canonical text of an id."""
    text = f"CAST({quote_name(key.name)} AS {_TEXT})"
    if isinstance(key.type, NumberType) and key.type.places > 0:
        return f"regexp_replace({text}, '[.]?0+$', '')"
    return text
