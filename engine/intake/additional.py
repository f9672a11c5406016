"""Takes inputs beside records and subjects, whose fields are fixed by their role; gives their rows, typed and checked.

No mapping acts on them: their columns are called as the fields are. They are read as records and subjects are.
"""

from __future__ import annotations

from msgspec.structs import replace

from tallystick.engine.intake.earlier import Earlier
from tallystick.engine.intake.rows import Role, TakenIn, take_in
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.sources import Inputs
from tallystick.engine.intake.table import Progress, Wanted
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Field

_NOTHING_SKIPPED = Skipping({}, frozenset())


def take_in_fixed(
    workshop: Workshop,
    role: Role,
    fields: tuple[Field, ...],
    inputs: Inputs,
    progress: Progress,
    *,
    closed: bool = False,
    earlier: Earlier | None = None,
) -> TakenIn:
    """Read the inputs of a role. Rows are neither merged nor told apart by a key: equal ones all stay.

    The relation gives ``#row`` and the fields; the view ``ROLE read`` also ``#file`` (the place in ``files``) and
    ``#line``, of the rows whose every cell could be read. ``closed``: a file with other columns is refused.
    ``earlier``: what was taken in before.
    """
    wanted = tuple(Wanted(field, field.name, fixed=True, closed=closed) for field in fields)
    return take_in(workshop, role, wanted, inputs.inputs, _NOTHING_SKIPPED, progress, earlier)


def reject_where(workshop: Workshop, taken: TakenIn, condition: str, field: Field, reason: str) -> TakenIn:
    """Reject the accepted rows for which an SQL condition holds, with the field that is wrong and why."""
    role, name = taken.relation.role, quote_name(field.name)
    rejected = quote_name(f"{role} rejected")
    before = taken.rejected
    workshop.connection.execute(
        f'INSERT INTO {rejected} SELECT "#row", "#file", "#line", {quote_text(field.name)}, {quote_text(reason)}, '
        f"CAST({name} AS VARCHAR) FROM {quote_name(f'{role} read')} WHERE ({condition}) "
        f'AND "#row" NOT IN (SELECT "#row" FROM {rejected})'
    )
    ((now,),) = workshop.connection.execute(f"SELECT count(*) FROM {rejected}").fetchall()
    if now == before:
        return taken
    select = f'SELECT * FROM ({taken.relation.select}) ANTI JOIN {rejected} USING ("#row")'
    return replace(taken, relation=replace(taken.relation, select=select), rejected=int(now))
