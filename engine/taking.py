"""Takes a rulebook and what was given for it to read; gives the rows accepted, or refuses what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tallystick.engine.intake import Role, TakenIn, refuse_too_many, rejected_rows, take_in
from tallystick.engine.intake_shape import Skipping
from tallystick.engine.intake_table import Progress, Wanted
from tallystick.engine.mapping import NO_MAPPING, Mapping, load_mapping
from tallystick.engine.reading import record_fields, subject_fields
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import RejectedRow
from tallystick.engine.sources import Given, Inputs, ParquetInput, TextInput, inputs_of
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class GivenInputs:
    """What was given, found and fitting the rulebook: its inputs by role, and the mapping."""

    records: Inputs | None
    subjects: Inputs | None
    mapping: Mapping

    @property
    def notices(self) -> tuple[str, ...]:
        """Words about what was left aside."""
        inputs = (each for each in (self.records, self.subjects) if each is not None)
        return (*(notice for each in inputs for notice in each.notices), *self.mapping.notices)

    @property
    def parquet(self) -> tuple[Path, ...]:
        """The files that the database reads itself."""
        return tuple(
            each.path
            for role in (self.records, self.subjects)
            if role is not None
            for each in role.inputs
            if isinstance(each, ParquetInput)
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in, by role."""

    records: TakenIn | None
    subjects: TakenIn | None

    @property
    def all(self) -> tuple[TakenIn, ...]:
        """Those that there are."""
        return tuple(each for each in (self.records, self.subjects) if each is not None)

    @property
    def notices(self) -> tuple[str, ...]:
        """Say which optional columns a file lacks: it may well be a slip of the pen."""
        return tuple(
            f"`{file.name}` has no column {', '.join(f'`{column}`' for column in file.absent)}: missing in every row"
            for each in self.all
            for file in each.files
            if file.absent
        )

    def rejected(self, workshop: Workshop) -> Iterator[RejectedRow]:
        """Give every rejected row, those of records first, in the order of the inputs."""
        for each in self.all:
            yield from rejected_rows(workshop, each)


def find_inputs(
    rulebook: Rulebook, records: Given, subjects: Given, mapping: str | Path | Mapping | None
) -> GivenInputs:
    """Find what was given and hold it against what the rulebook declares; raises ``UsageRefusal``."""
    given = GivenInputs(
        _inputs("records", records, declared=rulebook.records is not None),
        _inputs("subjects", subjects, declared=rulebook.subjects is not None),
        mapping if isinstance(mapping, Mapping) else _mapping(mapping, rulebook),
    )
    inputs = [each for role in (given.records, given.subjects) if role is not None for each in role.inputs]
    if sum(isinstance(each, TextInput) and each.path is None for each in inputs) > 1:
        message = "stdin is given twice"
        raise UsageRefusal(message, help="it can be read only once")
    return given


def take_in_given(
    workshop: Workshop, rulebook: Rulebook, given: GivenInputs, max_rejected: Decimal, progress: Progress
) -> Taken:
    """Read the inputs of both roles; raises ``DataRefusal`` when more than a share of either's rows cannot be read."""
    mapping = given.mapping
    records = subjects = None
    if given.records is not None:
        wanted = tuple(Wanted(field, mapping.column(field)) for field in record_fields(rulebook))
        skipping = Skipping(mapping.kinds, mapping.skip)
        records = take_in(workshop, "records", wanted, given.records.inputs, skipping, progress)
        refuse_too_many(workshop, records, max_rejected)
    if given.subjects is not None:
        wanted = tuple(Wanted(field, mapping.attribute_column(field)) for field in subject_fields(rulebook))
        subjects = take_in(workshop, "subjects", wanted, given.subjects.inputs, Skipping({}, frozenset()), progress)
        refuse_too_many(workshop, subjects, max_rejected)
    return Taken(records, subjects)


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
