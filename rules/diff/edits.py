"""Takes two checked rulebooks; gives what leads from the one to the other, declaration by declaration, each with the
rulebook as it stands after it.

An edit is one declaration that differs in meaning. They come in the order of the new text, but for what can only stand
after something else. Words, layout and an order without a meaning are no edits: they come along.
"""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules.diagnostics import Severity
from tallystick.rules.diff.change import Change
from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.pieces import Key, Pieces, exchanged, put_together, take_apart
from tallystick.rules.diff.renamed_text import renamed_file
from tallystick.rules.diff.renames import Names, find_renames, renamed
from tallystick.rules.epochs import in_each, undated
from tallystick.rules.format.format import canonical
from tallystick.rules.load import read
from tallystick.rules.rulebook import Kind, Rulebook
from tallystick.rules.source import Source
from tallystick.rules.syntax import SyntaxFile

_BLOCKS: dict[Kind, Kind] = {"field": "records", "attribute": "subjects"}
_NO_MEANING = ("who may see", "words only", "promises", "examples")
MOST_WORK = 10_000_000
"""So many characters of rulebooks are checked on the way, about a minute's work; what is left then is one edit."""
TOO_MANY = "there are too many edits to try each by itself"


class Edit(Struct, frozen=True):
    """One declaration that differs in meaning. A ``name`` of nothing: the order of all of that ``kind``.

    ``changes`` are all of ``diff`` that belong to it. ``together``: other declarations that had to be edited with it,
    since the rulebook does not check between them. ``rulebook``: the old version, going by the new names and without
    its examples, with this and all earlier edits; after the last edit it is the new version itself. ``alone``: the old
    version with nothing but this edit, or None where that does not check, and ``not_alone`` says why.
    """

    kind: Kind
    name: str
    title: str | None
    changes: tuple[Change, ...]
    together: tuple[Key, ...]
    rulebook: Rulebook
    alone: Rulebook | None
    not_alone: str | None


class Edits(Struct, frozen=True):
    """The way from an old version to a new one. ``former``: the old version, going by the new names, without
    examples."""

    former: Rulebook
    names: Names
    each: tuple[Edit, ...]


def follow(old: Rulebook, new: Rulebook) -> Edits:
    """Return the edits that lead from an old version to a new one; none exactly where both mean the same."""
    old, new = undated(old), undated(new)
    changes = diff(old, new)
    units = _units(changes)
    names = find_renames(old, new)
    files = _files(old, new, names)
    if files is None:
        # SURPRISE: a new name that something else still bears cannot be given first; then all edits are one.
        return Edits(_bare(old), Names(), (_at_once(units, new),) if units else ())
    former, here, there, like = files
    if not units:
        return Edits(former, names, ())
    way = _Way(here, there, like, former, changes)
    return Edits(former, names, way.walked(list(units), new))


def _units(changes: tuple[Change, ...]) -> dict[Key, tuple[Change, ...]]:
    """Return the declarations that differ in meaning, in the order of the new text, each with all its changes."""
    whole = {each.kind for each in changes if each.kind in _BLOCKS.values()}
    keys = [_key(each, whole) for each in changes]
    wanted = dict.fromkeys(key for key, change in zip(keys, changes, strict=True) if change.scope not in _NO_MEANING)
    return {
        wanted_key: tuple(change for key, change in zip(keys, changes, strict=True) if key == wanted_key)
        for wanted_key in wanted
    }


def _key(change: Change, whole: set[Kind]) -> Key:
    """Return the declaration that a change belongs to; a block that came or went takes its fields along."""
    block = _BLOCKS.get(change.kind)
    if block is not None and block in whole:
        return (block, block)
    return (change.kind, change.name)


def _files(old: Rulebook, new: Rulebook, names: Names) -> tuple[Rulebook, Pieces, Pieces, SyntaxFile] | None:
    """Return the old version in the new names, and both taken apart; None where the names cannot be given first."""
    from tallystick.rules.parse.parse import parse  # noqa: PLC0415  the grammar takes long to load

    ours, theirs = Source(old.source.name, old.text), Source(new.source.name, new.text)
    (before, _), (after, _), (checked, _) = parse(ours), parse(theirs), read(ours)
    if before is None or after is None or checked is None:
        return None
    here = take_apart(renamed_file(before, checked, names))
    former, _ = _check(here, before)
    if former is None or any(each.scope not in _NO_MEANING for each in diff(renamed(_bare(old), names), former)):
        return None
    return former, here, take_apart(after), before


def _bare(rulebook: Rulebook) -> Rulebook:
    return in_each(rulebook, lambda each: replace(each, promises=(), examples=()))


def _check(pieces: Pieces, like: SyntaxFile) -> tuple[Rulebook | None, str | None]:
    """Check what was put together; gives the rulebook, or why it is none."""
    file = put_together(pieces, like)
    if file is None:
        return None, "a rule stands in a facet that is not there"
    rulebook, diagnostics = read(Source(like.source.name, canonical(file)))
    if rulebook is not None:
        return rulebook, None
    return None, next((each.message for each in diagnostics if each.severity is Severity.ERROR), None)


def _at_once(units: dict[Key, tuple[Change, ...]], new: Rulebook) -> Edit:
    """Return the one edit that is all of them."""
    first, *others = units
    changes = tuple(each for of_one in units.values() for each in of_one)
    return Edit(*first, _title(changes, first), changes, tuple(others), new, None, "names stand in each other's way")


def _title(changes: tuple[Change, ...], key: Key) -> str | None:
    return next((each.title for each in changes if (each.kind, each.name) == key), None)


class _Way(Struct, dict=True):
    """The work of going from one version to the other; ``now`` is where it stands."""

    now: Pieces
    there: Pieces
    like: SyntaxFile
    rulebook: Rulebook
    changes: tuple[Change, ...]
    work: int = 0

    def walked(self, pending: list[Key], new: Rulebook) -> tuple[Edit, ...]:
        """Make every edit: the first that checks, time and again; where none does, the fewest together."""
        self._ride_along()
        start = self.now
        made: list[Edit] = []
        while pending:
            keys, rulebook = self._next(pending)
            pending = [key for key in pending if key not in keys]
            self.now, self.rulebook = exchanged(self.now, self.there, keys), rulebook
            self._ride_along()
            alone, why = self._alone(start, keys)
            changes = tuple(each for key in keys for each in self._units[key])
            kind, name = keys[0]
            made.append(Edit(kind, name, _title(changes, keys[0]), changes, keys[1:], self.rulebook, alone, why))
        # What is left is words; if ever it is more, it belongs to the last edit.
        rest = tuple(_units(diff(self.rulebook, new)))
        made[-1] = replace(made[-1], rulebook=new, together=(*made[-1].together, *rest))
        return tuple(made)

    @cached_property
    def _units(self) -> dict[Key, tuple[Change, ...]]:
        return _units(self.changes)

    def _next(self, pending: list[Key]) -> tuple[tuple[Key, ...], Rulebook]:
        for key in pending:
            rulebook = self._with((key,)) if self.work <= MOST_WORK else None
            if rulebook is not None:
                return (key,), rulebook
        taken: list[Key] = []
        for key in pending:
            taken.append(key)
            if self.work > MOST_WORK:
                break
            if len(taken) > 1 and (rulebook := self._with(tuple(taken))) is not None:
                return self._fewest(taken, rulebook)
        rulebook = self._with(tuple(pending), everything=True)
        assert rulebook is not None  # noqa: S101  with everything exchanged it is the new version
        return tuple(pending), rulebook

    def _fewest(self, taken: list[Key], rulebook: Rulebook) -> tuple[tuple[Key, ...], Rulebook]:
        """Leave out again what is not needed; the first stays."""
        for key in taken[:0:-1]:
            fewer = [each for each in taken if each != key]
            found = self._with(tuple(fewer))
            if found is not None:
                taken, rulebook = fewer, found
        return tuple(taken), rulebook

    def _with(self, keys: tuple[Key, ...], *, everything: bool = False) -> Rulebook | None:
        made = self.there if everything else exchanged(self.now, self.there, keys)
        return self._checked(made)[0]

    def _alone(self, start: Pieces, keys: tuple[Key, ...]) -> tuple[Rulebook | None, str | None]:
        if self.work > MOST_WORK:
            return None, TOO_MANY
        return self._checked(exchanged(start, self.there, keys))

    def _checked(self, pieces: Pieces) -> tuple[Rulebook | None, str | None]:
        self.work += len(self.like.source.text)
        return _check(pieces, self.like)

    def _ride_along(self) -> None:
        """Exchange what is only put otherwise, wherever that changes nothing as things stand: what it no longer names
        can then be edited by itself."""
        for key in self._put_otherwise:
            made = exchanged(self.now, self.there, (key,))
            if made == self.now:
                continue
            rulebook, _ = self._checked(made)
            if rulebook is None:
                continue
            if all(each.scope in ("who may see", "words only") for each in diff(self.rulebook, rulebook)):
                self.now, self.rulebook = made, rulebook

    @cached_property
    def _put_otherwise(self) -> tuple[Key, ...]:
        keys = dict.fromkeys((each.kind, each.name) for each in self.changes if each.form == "put otherwise")
        return tuple(key for key in keys if key not in self._units)
