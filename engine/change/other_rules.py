"""Takes the rows that a run read by its own rulebook; gives them as another rulebook would have read them."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.engine.query.sql import quote_name, quote_number, quote_text
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import RunRows
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import NumberType, OneOfType, TextType


class OtherRows(Struct, frozen=True):
    """The rows under other rules, and words about what those rules would find otherwise in them."""

    rows: RunRows
    notices: tuple[str, ...]


def rows_for(rows: RunRows, old: Rulebook, new: Rulebook) -> OtherRows:
    """Give the rows with the fields that ``new`` declares. A field is the one of the same name, whatever its column.

    A row that holds a value which ``new`` does not allow is left out and counted in the words. Raises ``DataRefusal``
    where ``new`` needs what the run did not read, or reads it as something else.
    """
    notices: list[str] = []
    selects: list[str | None] = []
    for role, select, before, after in (
        ("records", rows.records, record_fields(old), record_fields(new)),
        ("subjects", rows.subjects, _attributes(old), _attributes(new)),
    ):
        selects.append(_read_anew(rows, role, select, before, after, notices))
    return OtherRows(replace(rows, records=selects[0], subjects=selects[1]), tuple(notices))


def _attributes(rulebook: Rulebook) -> tuple[Field, ...]:
    return () if rulebook.subjects is None else subject_fields(rulebook)


def _read_anew(
    rows: RunRows,
    role: str,
    select: str | None,
    before: tuple[Field, ...],
    after: tuple[Field, ...],
    notices: list[str],
) -> str | None:
    if not after:
        return None
    if not before or select is None:
        message = f"the other rulebook reads {role}, and the run was made without"
        raise DataRefusal(message, help="score with that rulebook")
    there = {field.name: field for field in before}
    columns, allowed = [], ["true"]
    for field in after:
        name = quote_name(field.name)
        kept = there.get(field.name)
        if kept is None:
            if not field.optional:
                message = f"the other rulebook reads `{field.name}` of {role}, and the run did not"
                raise DataRefusal(message, help="score with that rulebook")
            notices.append(f"the run did not read `{field.name}`: it is missing in every row")
            columns.append(f"CAST(NULL AS {sql_type(field)}) AS {name}")
            continue
        _refuse_other_type(role, kept, field)
        columns.append(f"TRY_CAST({name} AS {sql_type(field)}) AS {name}")
        allowed += _allowed(field)
    condition = " AND ".join(allowed)
    ((left_out,),) = rows.connection.execute(
        f"SELECT count(*) FROM ({select}) WHERE ({condition}) IS NOT TRUE"
    ).fetchall()
    if left_out:
        notices.append(f"{left_out:,} of the run's {role} hold a value that the other rulebook rejects: left out")
    return f'SELECT "#row", {", ".join(columns)} FROM ({select}) WHERE {condition}'


def _allowed(field: Field) -> list[str]:
    """Return what must hold of a column for its row to be read."""
    name = quote_name(field.name)
    found = [] if field.optional else [f"{name} IS NOT NULL"]
    match field.type:
        case NumberType(low=low, high=high, places=places):
            inside = f"{name} BETWEEN {quote_number(low)} AND {quote_number(high)} AND {name} = round({name}, {places})"
            found.append(f"({name} IS NULL OR {inside})")
        case OneOfType(values=values) if field.name != "kind":
            found.append(f"({name} IS NULL OR CAST({name} AS VARCHAR) IN ({', '.join(map(quote_text, values))}))")
        case _:
            pass
    return found


def _refuse_other_type(role: str, kept: Field, field: Field) -> None:
    texts = (TextType, OneOfType)
    same = type(kept.type) is type(field.type) or (isinstance(kept.type, texts) and isinstance(field.type, texts))
    if not same:
        message = f"the other rulebook reads `{field.name}` of {role} as something else than the run did"
        raise DataRefusal(message, help="score with that rulebook")
