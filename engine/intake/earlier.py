"""Takes nothing; names what was taken in before the inputs that are read now, so that both are read as one."""

from __future__ import annotations

from msgspec import Struct, field

from tallystick.engine.intake.table import FileRead

LATELY = "read lately"
"""The view, after the name of its role, over the rows that were read now, with ``#row``, ``#file`` and ``#line``."""
REJECTED_LATELY = "rejected lately"
"""The table of those of them that could not be read."""


class Earlier(Struct, frozen=True):
    """The rows of one role that were taken in before.

    ``read`` and ``rejected`` are tables, quoted, with the columns of the intake's own; None: none were taken in yet.
    ``shared``: such a table of the keys that several rows have. ``wholes``: the text fields that lie there as whole
    numbers. ``files`` were read in this order; ``skipped``: how
    many of their rows a mapping skipped.
    """

    read: str | None = None
    rejected: str | None = None
    files: tuple[FileRead, ...] = ()
    skipped: int = 0
    wholes: frozenset[str] = frozenset()
    shared: str | None = None

    @property
    def rows(self) -> int:
        """How many rows were read, and so the number of the next one."""
        return sum(each.rows for each in self.files)


class Before(Struct, frozen=True):
    """What was taken in before, by role."""

    records: Earlier = field(default_factory=Earlier)
    corrections: Earlier = field(default_factory=Earlier)


_SIGNS = ("checksum", "corrupt", "enough bytes", "not a valid duckdb", "deserialize")


def is_damage(error: Exception) -> bool:
    """Tell whether the database found that a file of its own is not as it was written."""
    words = str(error).lower()
    return any(sign in words for sign in _SIGNS)
