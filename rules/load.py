"""Takes a rulebook's source or path; gives the checked rulebook, with diagnostics or an error that holds them."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tallystick.rules.diagnostics import Diagnostic, has_errors, in_order
from tallystick.rules.epochs import in_each
from tallystick.rules.library import FolderLibrary
from tallystick.rules.limits import FILE_BYTES
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source


class RulebookError(Exception):
    """A file that is no rulebook yet; ``diagnostics`` say why, warnings among them."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Hold the diagnostics; the message shows each in one line."""
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        """Show each as ``file:line:column: error[name]: message``."""
        return "\n".join(concise(each) for each in self.diagnostics)


def concise(diagnostic: Diagnostic) -> str:
    """Write a diagnostic in one line."""
    place = diagnostic.source.place(diagnostic.primary.span.start)
    where = f"{diagnostic.source.name}:{place.line}:{place.column}"
    return f"{where}: {diagnostic.severity.value}[{diagnostic.name}]: {diagnostic.message}"


def read(source: Source) -> tuple[Rulebook | None, tuple[Diagnostic, ...]]:
    """Parse, take in what is used, and check; the rulebook is None where there is an error.

    What a rulebook uses is read from its source's ``library``, and never from anywhere else.
    """
    # SURPRISE: imported here, since every import of a type of this room passes this file, and the checker takes long.
    from tallystick.rules.check import check  # noqa: PLC0415
    from tallystick.rules.parse.taking_in import parsed  # noqa: PLC0415

    file, whole, mistakes = parsed(source)
    if file is None:
        return None, mistakes
    if whole is None:
        rulebook, found = check(file)
    else:
        rulebook, found = check(whole.file)
        found = (*whole.too_many(), *whole.told(found))
        rulebook = None if rulebook is None else in_each(rulebook, whole.in_own_file)
    diagnostics = in_order((*mistakes, *found))
    return (None if has_errors(diagnostics) else rulebook), diagnostics


def load(path: str | Path) -> Rulebook:
    """Read a rulebook from a file in UTF-8, and what it uses from files of its folder.

    Of a file that is too large, just enough is read to tell.

    Raises ``RulebookError`` where it holds a mistake, and ``OSError`` where it cannot be read.
    """
    from tallystick.rules.parse.parse import source_from_bytes  # noqa: PLC0415

    with Path(path).open("rb") as file:
        source, mistakes = source_from_bytes(str(path), file.read(FILE_BYTES + 1))
    if source is None:
        raise RulebookError(mistakes)
    rulebook, diagnostics = read(replace(source, library=FolderLibrary(Path(path))))
    if rulebook is None:
        raise RulebookError(diagnostics)
    return rulebook
