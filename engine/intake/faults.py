"""Takes what does not fit in a file of deliberate acts (corrections, statements); gives one refusal that names all of
it, or its beginning."""

from __future__ import annotations

from tallystick.engine.intake.rows import TakenIn, rejected_rows
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.workshop import Workshop

_MOST = 20
"""So many faults are named."""
_SHOWN = 40
"""So much is shown of a text that somebody else wrote."""


class Faults:
    """What was found wrong so far, in the order of the files, the rows first that could not even be read."""

    def __init__(self, what: str, taken: TakenIn, workshop: Workshop) -> None:
        """Begin with the rows that could not be read."""
        self._what = what
        self._taken = taken
        self._notes: list[tuple[int, int, str]] = []
        self._rows: set[tuple[int, int]] = set()
        places = {each.name: place for place, each in enumerate(taken.files)}
        for row in rejected_rows(workshop, taken):
            value = f" `{row.value[:_SHOWN]}`" if row.value else ""
            words = f"`{row.field}`{value}: {row.reason}" if row.field else f"{row.reason}{value and ','}{value}"
            self.add(places[row.file], row.line, f"{words}; write it so that it can be read")

    def add(self, file: int, line: int, words: str) -> None:
        """Note what is wrong with a row: the cause, and the remedy after it."""
        self._rows.add((file, line))
        self._notes.append((file, line, f"`{self._taken.files[file].name}`:{line}: {words}"))
        if len(self._notes) > _MOST * _MOST:
            self._notes = sorted(self._notes)[:_MOST]

    def refuse(self, help_: str) -> None:
        """Raise ``DataRefusal`` if anything was wrong."""
        if not self._rows:
            return
        wrong, all_ = len(self._rows), self._taken.rows
        message = f"{wrong:,} of {all_:,} {self._what} cannot be taken; nothing was scored"
        notes = tuple(words for _, _, words in sorted(self._notes)[:_MOST])
        others = ("… and others",) if wrong > len(notes) else ()
        raise DataRefusal(message, notes=(*notes, *others), help=help_)
