"""Takes a rulebook's tree and where its other files are; gives the tree with what it uses of them in place of each
``use``, and the diagnostics of the whole back in the files that they are about.

The texts of all files stand behind each other in one source, so that each place is of one file; what is told is told
of that file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.rules import limits, syntax
from tallystick.rules.check_errors import uses as say
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic, Fix, Label
from tallystick.rules.library import Library, Unread
from tallystick.rules.parse.parse import parse, source_from_bytes
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source, Span
from tallystick.rules.syntax import SyntaxFile

T = TypeVar("T")
Path = tuple[str, ...]
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*", re.ASCII)
_SUFFIX = ".tally"


class Whole(Struct, frozen=True):
    """A rulebook with what it uses. ``starts``: where the text of each of ``sources`` begins in that of ``file``; the
    first is the rulebook's own. ``places``: the ``use`` in it by which each came."""

    file: SyntaxFile
    sources: tuple[Source, ...]
    starts: tuple[int, ...]
    places: tuple[Span, ...]

    def told(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """Return what was found in the whole as found in its files. What another file offers need not be used."""
        return tuple(
            self._located(each)
            for each in diagnostics
            if each.name != Mistake.UNUSED.value or self._of(each.primary.span) == 0
        )

    def names(self) -> frozenset[str]:
        """Return the names that values can be read by, in whichever file they are declared."""
        found: set[str] = set()
        for each in self.file.declarations:
            match each:
                case syntax.Records(fields=fields) | syntax.Subjects(fields=fields):
                    found |= {one.name.text for one in fields}
                case syntax.Parameter(name=name) | syntax.Measure(name=name):
                    found.add(name.text)
                case _:
                    pass
        return frozenset(found)

    def too_many(self) -> tuple[Diagnostic, ...]:
        """Say where all files together have more declarations than one may have."""
        count = sum(_counted(each) for each in self.file.declarations)
        first = next((place for of, place in enumerate(self.places) if of > 0), None)
        if count <= limits.DECLARATIONS or first is None:
            return ()
        return (say.too_many_declarations(self.sources[0], first, count),)

    def in_own_file(self, rulebook: Rulebook) -> Rulebook:
        """Return the rulebook with every place in the rulebook's own file."""
        return replace(with_spans(rulebook, self.own_place), source=self.sources[0])

    def own_place(self, span: Span) -> Span:
        """Return a place in the rulebook's own file: of what it uses, that of the ``use``."""
        of = self._of(span)
        return span if of == 0 else self.places[of]

    def _of(self, span: Span) -> int:
        return bisect_right(self.starts, span.start) - 1

    def _in(self, of: int, span: Span) -> Span:
        return Span(span.start - self.starts[of], span.end - self.starts[of])

    def _located(self, diagnostic: Diagnostic) -> Diagnostic:
        if diagnostic.source is not self.file.source:
            return diagnostic
        of = self._of(diagnostic.primary.span)
        second, notes = diagnostic.secondary, diagnostic.notes
        if second is not None and self._of(second.span) != of:
            there = self._of(second.span)
            source = self.sources[there]
            place = source.place(self._in(there, second.span).start)
            notes = (*notes, f"{second.text or 'the other one'}: {source.name}, line {place.line}")
            second = None
        fix = diagnostic.fix
        return replace(
            diagnostic,
            source=self.sources[of],
            primary=Label(self._in(of, diagnostic.primary.span), diagnostic.primary.text),
            secondary=None if second is None else Label(self._in(of, second.span), second.text),
            notes=notes,
            fix=None if fix is None else Fix(self._in(of, fix.span), fix.replacement, fix.title),
        )


def parsed(source: Source) -> tuple[SyntaxFile | None, Whole | None, tuple[Diagnostic, ...]]:
    """Read a rulebook and what it uses: its own tree, the whole (None where it uses nothing), and all syntax mistakes.

    Where there are any, it is read again with the names of all its files, of which none is a misspelt word.
    """
    found = _parsed(source, frozenset())
    _, whole, mistakes = found
    return found if whole is None or not mistakes else _parsed(source, whole.names())


def _parsed(source: Source, known: frozenset[str]) -> tuple[SyntaxFile | None, Whole | None, tuple[Diagnostic, ...]]:
    file, mistakes = parse(source, known)
    if file is None or not any(isinstance(each, syntax.Use) for each in file.declarations):
        return file, None, mistakes
    whole, more = _taken_in(file, known)
    return file, whole, (*mistakes, *more)


def _taken_in(file: SyntaxFile, known: frozenset[str]) -> tuple[Whole, tuple[Diagnostic, ...]]:
    """Take in what a rulebook uses. A ``use`` that cannot be followed stays where it is."""
    work = _Work(file, file.source.library, known)
    declarations = tuple(work.declarations(file, (), 0, None))
    sources = tuple(work.sources)
    text = "\n".join(each.text for each in sources)
    restarts = tuple((start, each.name) for start, each in zip(work.starts, sources, strict=True))
    whole = replace(
        file,
        declarations=declarations,
        source=Source(file.source.name, text, restarts=restarts),
        broken=tuple(dict.fromkeys(work.broken)),
        damaged=work.damaged,
        incomplete=frozenset(work.incomplete),
    )
    return Whole(whole, sources, tuple(work.starts), tuple(work.places)), tuple(work.diagnostics)


class _Work(Struct):
    """The work on one rulebook."""

    file: SyntaxFile
    library: Library | None
    known: frozenset[str]
    sources: list[Source] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    places: list[Span] = field(default_factory=list)
    broken: list[syntax.Word] = field(default_factory=list)
    incomplete: set[Span] = field(default_factory=set)
    damaged: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _stack: list[Path] = field(default_factory=list)
    _done: set[Path] = field(default_factory=set)
    _room: int = limits.FILE_BYTES

    def __post_init__(self) -> None:
        """Begin with the rulebook's own text."""
        self._stack.append(() if self.library is None else (self.library.own,))
        self._admit(self.file, Span(0, 0))

    def declarations(
        self, file: SyntaxFile, folder: Path, start: int, place: Span | None
    ) -> Iterator[syntax.Declaration]:
        """Give a file's declarations at their places in the whole: the rulebook's own, or of another what is taken."""
        for each in file.declarations:
            match each:
                case syntax.Use():
                    followed = self._followed(each, file, folder, place or each.span)
                    if followed is None:
                        yield each
                    else:
                        yield from followed
                case _ if place is None:
                    yield each
                case syntax.Parameter() | syntax.Exclude() | syntax.Discount() | syntax.Measure():
                    yield with_spans(each, lambda span: Span(span.start + start, span.end + start))
                case _:
                    pass

    def _followed(
        self, use: syntax.Use, file: SyntaxFile, folder: Path, place: Span
    ) -> Iterator[syntax.Declaration] | None:
        """Give what is taken from a file; nothing of one that was taken in before; None where it cannot be read."""
        found = self._found(use, file.source, folder)
        if isinstance(found, Diagnostic):
            self.diagnostics.append(found)
            self.damaged = True
            return None
        path, tree = found
        if tree is None:
            return iter(())
        start = self._admit(tree, place)
        self._stack.append(path)
        taken = list(self.declarations(tree, path[:-1], start, place))
        self._stack.pop()
        return iter(taken)

    def _found(self, use: syntax.Use, source: Source, folder: Path) -> tuple[Path, SyntaxFile | None] | Diagnostic:
        """Read a file and its tree; no tree of a file that was taken in before."""
        written, library = use.path, self.library
        if library is None:
            return say.use_alone(source, use.span)
        why = _wrong(written.value)
        if why is not None:
            return say.use_path(source, written, why)
        path = (*folder, *written.value.split("/"))
        if path in self._stack:
            return say.use_circle(source, written, [library.name(each) for each in [*self._stack, path]])
        if path in self._done:
            return path, None
        if len(self._stack) > limits.USE_DEPTH or len(self._done) == limits.USED_FILES:
            return say.use_too_many(source, written)
        content = library.content(path)
        if isinstance(content, Unread):
            return say.use_missing(source, written, library.name(path), content)
        text, mistakes = source_from_bytes(library.name(path), content)
        self._room -= len(content)
        if self._room < 0:
            return say.use_too_large(source, written)
        tree, more = (None, ()) if text is None else parse(text, self.known)
        self.diagnostics += (*mistakes, *more)
        if tree is None:
            self.damaged = True
            return path, None
        self._done.add(path)
        return path, tree

    def _admit(self, tree: SyntaxFile, place: Span) -> int:
        """Put a file's text behind the others; gives where it begins."""
        start = self.starts[-1] + len(self.sources[-1].text) + 1 if self.sources else 0
        self.sources.append(tree.source)
        self.starts.append(start)
        self.places.append(place)
        self.broken += tree.broken
        self.incomplete |= {Span(span.start + start, span.end + start) for span in tree.incomplete}
        self.damaged = self.damaged or tree.damaged
        return start


def _counted(declaration: syntax.Declaration) -> int:
    return 1 + len(declaration.members) if isinstance(declaration, syntax.Facet) else 1


def _wrong(path: str) -> str | None:
    """Say what is wrong with a path; None where it names a file below the rulebook's folder."""
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        return "it is not one below the rulebook's folder"
    parts = path.split("/")
    if ".." in parts:
        return "it leads out of the rulebook's folder"
    if "\\" in path:
        return "folders are told apart by `/`"
    if not path.endswith(_SUFFIX) or path.endswith(f"/{_SUFFIX}"):
        return f"rulebooks end in `{_SUFFIX}`"
    if not all(_PART.fullmatch(part) for part in parts):
        return "names of files and folders are letters, digits, `_`, `-` and `.`"
    return None


def with_spans(node: T, change: Callable[[Span], Span]) -> T:
    """Return a tree with every place in it changed."""
    if isinstance(node, tuple):
        return tuple(with_spans(each, change) for each in node)  # type: ignore[return-value]
    if isinstance(node, Span):
        return change(node)  # type: ignore[return-value]
    if not isinstance(node, Struct) or isinstance(node, Source):
        return node
    now = {name: with_spans(getattr(node, name), change) for name in node.__struct_fields__}
    moved: T = replace(node, **now)
    return moved
