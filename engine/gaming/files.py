"""Takes the attacks that were found and an empty folder; gives them in it as records, with the commands that replay
them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from tallystick.engine.csv_lines import csv_line
from tallystick.engine.gaming.attacks import ATTACKS, Ground
from tallystick.engine.gaming.gaming import Gaming
from tallystick.engine.intake.reading import Row, record_fields, subject_fields, written
from tallystick.engine.staging import Kind
from tallystick.rules.rulebook import Field

RULEBOOK, BEFORE, SUBJECTS, REPLAY = "rulebook.tally", "before.csv", "subjects.csv", "replay.sh"
_FIRST = "# Attacks on a score, each replayed: run this in its folder."
_NAMES = {
    *(RULEBOOK, BEFORE, SUBJECTS, REPLAY),
    *(f"{name}{what}.csv" for name in ATTACKS for what in ("", "-plain")),
}


def _is_one(folder: Path) -> bool:
    """Tell a folder of attacks by its commands, and by holding nothing that such a folder does not hold."""
    try:
        with (folder / REPLAY).open(encoding="utf-8") as file:
            begins = file.readline() == f"{_FIRST}\n"
    except (OSError, UnicodeDecodeError):
        return False
    return begins and all(entry.name in _NAMES for entry in folder.iterdir())


ATTACK_FOLDER = Kind("folder of attacks", _is_one)


def write_attacks(folder: Path, gaming: Gaming, ground: Ground, options: Sequence[str] | None) -> None:
    """Write each attack at its cheapest as a file of records, and one of what it is held against.

    ``options``: those by which the inputs of a real run are named, their paths absolute; None: an imagined newcomer,
    whose own records and attributes are written, too. Raises ``OSError`` when the disk does not take them.
    """
    rulebook = ground.rulebook
    _write(folder / RULEBOOK, rulebook.text)
    fields = record_fields(rulebook)
    commands = []
    if options is None:
        write_table(folder / BEFORE, fields, tuple(each.row for each in ground.near.records))
        if rulebook.subjects is not None:
            write_table(
                folder / SUBJECTS, subject_fields(rulebook), (*ground.near.subjects, *_accounts(gaming, ground))
            )
    commands.append(("as it is", _command(ground, options, ())))
    for attack in gaming.attacks:
        file = f"{attack.name}.csv"
        write_table(folder / file, fields, ground.records(attack.form, attack.actions))
        if attack.form.plain is not None:
            plain = f"{attack.name}-plain.csv"
            write_table(folder / plain, fields, ground.records(attack.form.plain, attack.actions))
            commands.append((f"{attack.name}: the same actions, done plainly", _command(ground, options, (plain,))))
        commands.append((f"{attack.name}", _command(ground, options, (file,))))
    _write(folder / REPLAY, "\n".join((_FIRST, *(f"\n# {what}\n{command}" for what, command in commands))) + "\n")


def _accounts(gaming: Gaming, ground: Ground) -> tuple[Row, ...]:
    """Return the attributes of all accounts that take part in any attack."""
    found = [ground.people(each.form, each.actions) for each in gaming.attacks]
    return max(found, key=len, default=())


def _command(ground: Ground, options: Sequence[str] | None, more: Sequence[str]) -> str:
    """Write the command that scores the person with some more files of records."""
    words = ["tally", "score", RULEBOOK]
    if options is None:
        words += ["--records", BEFORE, *more]
        words += [] if ground.rulebook.subjects is None else ["--subjects", SUBJECTS]
    else:
        place = options.index("--records") + 1
        words += [*options[:place], *more, *options[place:]]
    words += ["--as-of", ground.near.as_of.isoformat(), "--format", "csv"]
    return shlex.join(words)


def write_table(path: Path, fields: tuple[Field, ...], rows: Sequence[Row]) -> None:
    """Write rows under the names of the columns that they are read from."""
    columns: dict[str, int] = {}
    for place, field in enumerate(fields):
        columns.setdefault(field.column, place)
    lines = [csv_line(columns), *(csv_line(written(row[place]) or "" for place in columns.values()) for row in rows)]
    _write(path, "".join(lines))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
