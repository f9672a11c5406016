"""Takes a rulebook and what was given for it to read; gives the rows accepted, or refuses what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.corrections import id_field
from tallystick.engine.elsewhere.part import Elsewhere, Store
from tallystick.engine.intake.corrections import take_in_corrections
from tallystick.engine.intake.earlier import Before
from tallystick.engine.intake.mapping import NO_MAPPING, Mapping, load_mapping
from tallystick.engine.intake.pauses import take_in_pauses
from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.engine.intake.rows import Relation, Role, TakenIn, refuse_too_many, rejected_rows, take_in
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.sources import Given, Inputs, ParquetInput, TextInput, inputs_of
from tallystick.engine.intake.statements import take_in_statements
from tallystick.engine.intake.table import Progress, Wanted
from tallystick.engine.pauses import reads_pauses
from tallystick.engine.query.corrections import Standing, stand
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import RejectedRow, RunRows
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NOTHING = Inputs(())


class GivenInputs(Struct, frozen=True):
    """What was given, found and fitting the rulebook: its inputs by role, and the mapping."""

    records: Inputs | None
    subjects: Inputs | None
    mapping: Mapping
    pauses: Inputs | None = None
    corrections: Inputs | None = None
    statements: Inputs | None = None

    @property
    def all(self) -> tuple[Inputs, ...]:
        """Those that there are."""
        roles = (self.records, self.subjects, self.pauses, self.corrections, self.statements)
        return tuple(each for each in roles if each is not None)

    @property
    def notices(self) -> tuple[str, ...]:
        """Words about what was left aside."""
        return (*(notice for each in self.all for notice in each.notices), *self.mapping.notices)

    @property
    def parquet(self) -> tuple[Path, ...]:
        """The files that the database reads itself."""
        return tuple(each.path for each in self.parquet_inputs)

    @property
    def parquet_inputs(self) -> tuple[ParquetInput, ...]:
        """The same, each with the name by which it was given."""
        return tuple(each for role in self.all for each in role.inputs if isinstance(each, ParquetInput))


class Taken(Struct, frozen=True):
    """What was taken in, by role. The relation of ``records`` is that of those that stand; where there are corrections,
    ``standing`` is what they made of the records, and ``read`` the relation of those read. ``elsewhere``: where the
    records lie that were not taken here."""

    records: TakenIn | None
    subjects: TakenIn | None
    pauses: TakenIn | None = None
    corrections: TakenIn | None = None
    statements: TakenIn | None = None
    standing: Standing | None = None
    read: Relation | None = None
    elsewhere: Elsewhere | None = None

    @property
    def all(self) -> tuple[TakenIn, ...]:
        """Those that there are."""
        roles = (self.records, self.subjects, self.pauses, self.corrections, self.statements)
        return tuple(each for each in roles if each is not None)

    @property
    def voided(self) -> str | None:
        """A query for the records that corrections struck out; None where there are no corrections."""
        return None if self.standing is None else self.standing.voided

    def rows(self, connection: DuckDBPyConnection) -> RunRows:
        """Say where they lie in the connection that took them in; records that lie elsewhere are not among them."""
        of_records = self.records if self.elsewhere is None else None
        taken = (of_records, self.subjects, self.pauses)
        records, subjects, pauses = (None if each is None else each.relation.select for each in taken)
        return RunRows(connection, records, subjects, pauses, self.voided)

    @property
    def notices(self) -> tuple[str, ...]:
        """Say which optional columns a file lacks: it may well be a slip of the pen."""
        return tuple(
            f"`{file.name}` has no column {', '.join(f'`{column}`' for column in file.absent)}: missing in every row"
            for each in self.all
            if each.relation.role not in {"corrections", "statements"}
            for file in each.files
            if file.absent
        )

    def rejected(self, workshop: Workshop) -> Iterator[RejectedRow]:
        """Give every rejected row, those of records first, in the order of the inputs."""
        for each in self.all:
            yield from rejected_rows(workshop, each)


def find_inputs(
    rulebook: Rulebook,
    records: Given,
    subjects: Given,
    mapping: str | Path | Mapping | None,
    *,
    pauses: Given = None,
    corrections: Given = None,
    statements: Given = None,
    kept: bool = False,
) -> GivenInputs:
    """Find what was given and hold it against what the rulebook declares; raises ``UsageRefusal``.

    ``kept``: records were taken in before, so that there need be none now.
    """
    if corrections is not None and rulebook.records is None:
        message = "corrections were given, and the rulebook reads no records"
        raise UsageRefusal(message, help="leave `--corrections` out")
    given = GivenInputs(
        _NOTHING if records is None and kept else _inputs("records", records, declared=rulebook.records is not None),
        _inputs("subjects", subjects, declared=rulebook.subjects is not None),
        mapping if isinstance(mapping, Mapping) else _mapping(mapping, rulebook),
        _pauses(pauses, rulebook),
        None if corrections is None else inputs_of(corrections, "corrections"),
        None if statements is None else inputs_of(statements, "statements"),
    )
    inputs = [each for role in given.all for each in role.inputs]
    if sum(isinstance(each, TextInput) and each.path is None for each in inputs) > 1:
        message = "stdin is given twice"
        raise UsageRefusal(message, help="it can be read only once")
    return given


def take_in_given(
    workshop: Workshop,
    rulebook: Rulebook,
    given: GivenInputs,
    max_rejected: Decimal,
    progress: Progress,
    before: Before | None = None,
    store: Store | None = None,
) -> Taken:
    """Read the inputs of all roles; raises ``DataRefusal`` when more than a share of one's rows cannot be read.

    ``before``: the records and corrections that were taken in earlier, which are read as if they came first. ``store``:
    where the records lie and stay.
    """
    mapping = given.mapping
    records = subjects = elsewhere = None
    if given.records is not None:
        wanted = tuple(Wanted(field, mapping.column(field)) for field in record_fields(rulebook))
        skipping = Skipping(mapping.kinds, mapping.skip)
        earlier = None if before is None else before.records
        if store is not None:
            records, elsewhere = store.take_in(workshop, wanted, skipping, progress)
        else:
            records = take_in(workshop, "records", wanted, given.records.inputs, skipping, progress, earlier)
        refuse_too_many(workshop, records, max_rejected)
    if given.subjects is not None:
        wanted = tuple(Wanted(field, mapping.attribute_column(field)) for field in subject_fields(rulebook))
        subjects = take_in(workshop, "subjects", wanted, given.subjects.inputs, Skipping({}, frozenset()), progress)
        refuse_too_many(workshop, subjects, max_rejected)
    pauses = None
    if given.pauses is not None:
        pauses = take_in_pauses(workshop, given.pauses, progress)
        refuse_too_many(workshop, pauses, max_rejected)
    taken = Taken(records, subjects, pauses, elsewhere=elsewhere)
    earlier = None if before is None else before.corrections
    if records is not None and (given.corrections is not None or (earlier is not None and earlier.files)):
        new = _NOTHING if given.corrections is None else given.corrections
        corrections, records = take_in_corrections(workshop, rulebook, records, new, progress, earlier, elsewhere)
        taken = corrected(workshop, rulebook, replace(taken, records=records, corrections=corrections))
    if given.statements is not None:
        taken = replace(taken, statements=take_in_statements(workshop, rulebook, given.statements, progress))
    return taken


def corrected(workshop: Workshop, rulebook: Rulebook, taken: Taken) -> Taken:
    """Return what was taken in with the records that stand, the corrections in the workshop's connection made."""
    key = id_field(rulebook)
    if taken.records is None or key is None:
        return taken
    read, elsewhere = taken.records.relation, taken.elsewhere
    standing = stand(workshop.connection, read.fields, read.select)
    records = replace(taken.records, relation=replace(read, select=standing.records))
    if elsewhere is not None:
        elsewhere = elsewhere.corrected(workshop.connection, key, standing)
    return replace(taken, records=records, standing=standing, read=read, elsewhere=elsewhere)


def _pauses(given: Given, rulebook: Rulebook) -> Inputs | None:
    if given is None:
        return None
    if not reads_pauses(rulebook):
        message = "pauses were given, and no measure of the rulebook says `except pauses`"
        raise UsageRefusal(message, help="leave `--pauses` out, or write `halving every … except pauses`")
    return inputs_of(given, "pauses")


def _inputs(role: Role, given: Given, *, declared: bool) -> Inputs | None:
    if given is None and declared:
        message = f"the rulebook reads {role}, and none were given"
        raise UsageRefusal(message, help=f"add `--{role} PATH`")
    if given is not None and not declared:
        message = f"{role} were given, and the rulebook declares none"
        raise UsageRefusal(message, help=f"leave `--{role}` out, or declare `{role}` in the rulebook")
    return None if given is None else inputs_of(given, role)


def _mapping(given: str | Path | None, rulebook: Rulebook) -> Mapping:
    return NO_MAPPING if given is None else load_mapping(Path(given), rulebook)
