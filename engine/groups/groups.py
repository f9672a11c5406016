"""Takes a run and a file that says who belongs to which group; gives everybody's groups beside their result.

The file is read as records and subjects are, in a connection of its own; nothing of it gets into the run's folder.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tallystick.engine.intake.rows import TakenIn, rejected_rows, take_in
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.sources import Given, ParquetInput, inputs_of
from tallystick.engine.intake.table import Progress, Wanted
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import FinishedRun, RejectedRow
from tallystick.engine.workshop import open_workshop
from tallystick.rules.rulebook import Field
from tallystick.rules.value import TextType

PLACED = "people and their groups"
"""The table: ``subject``, ``outcome``, ``score``, ``band``, ``requirement`` and ``group 0``, ``group 1``, …: the values
of the columns, missing where they are unknown."""
SUBJECT = "subject"
MOST_COLUMNS = 4
_FILE = "groups.parquet"


class GroupsRead(Struct, frozen=True):
    """What became of the file: ``rows`` = ``people`` of the run + ``not_in_run`` + ``rejected`` + ``copies``."""

    name: str
    sha256: str | None
    rows: int
    people: int
    not_in_run: int
    copies: int
    rejected: tuple[RejectedRow, ...]


def group_column(place: int) -> str:
    """Return the name of the column of ``PLACED`` with the values of a ``--by``."""
    return f"group {place}"


def place_people(run: FinishedRun, given: Given, by: Sequence[str], progress: Progress) -> GroupsRead:
    """Make the table ``PLACED`` in the run's connection; raises a refusal where the file does not fit."""
    _refuse_columns(by)
    inputs = inputs_of(given, "groups").inputs
    if len(inputs) != 1:
        message = "groups are read from one file"
        raise UsageRefusal(message, help="put them into one, with a row for each person")
    reads = [each.path for each in inputs if isinstance(each, ParquetInput)]
    named = {group_column(place): column for place, column in enumerate(by)}
    kept = run.workshop.scratch / _FILE
    workshop = open_workshop(reads=reads, out=run.workshop.scratch)
    try:
        wanted = (
            Wanted(Field(SUBJECT, SUBJECT, TextType(), optional=False, title=None), SUBJECT, fixed=True),
            *(
                Wanted(Field(name, column, TextType(), optional=True, title=None), column, fixed=True)
                for name, column in named.items()
            ),
        )
        # A row for each person, told apart by `subject`: that is how subjects are read.
        taken = take_in(workshop, "subjects", wanted, inputs, Skipping({}, frozenset()), progress)
        _refuse_absent(taken)
        rejected = tuple(
            each._replace(field=named.get(each.field, each.field)) for each in rejected_rows(workshop, taken)
        )
        workshop.connection.execute(
            f"COPY (SELECT CAST(subject AS VARCHAR) AS subject, {', '.join(map(_value, named))} "
            f"FROM ({taken.relation.select})) TO {quote_text(str(kept))} (FORMAT parquet)"
        )
    finally:
        workshop.close()
    columns = ", ".join(quote_name(name) for name in named)
    scores = run.tables.table("scores")
    read = f"read_parquet({quote_text(str(kept))})"
    run.workshop.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {quote_name(PLACED)} AS SELECT subject, outcome, score, band, requirement, "
        f"{columns} FROM {scores} LEFT JOIN {read} USING (subject)"
    )
    ((people, others),) = run.workshop.connection.execute(
        f"SELECT count(*) FILTER (subject IN (SELECT subject FROM {scores})), "
        f"count(*) FILTER (subject NOT IN (SELECT subject FROM {scores})) FROM {read}"
    ).fetchall()
    kept.unlink()
    (file,) = taken.files
    return GroupsRead(file.name, file.sha256, taken.rows, people, others, taken.copies, rejected)


def _value(name: str) -> str:
    """Return SQL for a value; an empty text is none."""
    return f"nullif(CAST({quote_name(name)} AS VARCHAR), '') AS {quote_name(name)}"


def _refuse_columns(by: Sequence[str]) -> None:
    if not by:
        message = "no column with groups is named"
        raise UsageRefusal(message, help="add `--by COLUMN`")
    if SUBJECT in by:
        message = "by `subject`, everybody is a group of one"
        raise UsageRefusal(message, help="name a column that several people have the same value of")
    twice = next((each for place, each in enumerate(by) if each in by[:place]), None)
    if twice is not None:
        message = f"`--by {twice}` is given twice"
        raise UsageRefusal(message, help="name each column once")
    if len(by) > MOST_COLUMNS:
        message = f"{len(by)} columns are named, and at most {MOST_COLUMNS} can be crossed"
        raise UsageRefusal(message, help="ask about fewer at once")


def _refuse_absent(taken: TakenIn) -> None:
    (file,) = taken.files
    if file.absent:
        message = f"`{file.name}` has no column {', '.join(f'`{each}`' for each in file.absent)}"
        raise UsageRefusal(message, help="write the name as the first line of the file has it")
