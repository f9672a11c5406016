"""Takes a recipe (a mapping file for ``tally read``, TOML); gives where values are found and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from tallystick.engine.gathering.values import At, FirstOf, Fixed, Joined, Source
from tallystick.engine.gathering.ways_of_writing import WAYS
from tallystick.engine.intake.settings_file import MOST_BYTES, SettingsFile, document_of
from tallystick.engine.refusals import UsageRefusal

_SETTINGS = ("rows", "others", "skip", "fields", "fields_of", "kinds", "leave_out")
_NEEDED = ("subject", "kind", "at")
_PACKAGE, _SUFFIX = "tallystick.engine.gathering.recipes", ".toml"
_SOURCES = (
    'write a path ("actor.login"), { path = "…", before = "…", after = "…", where = "…", written = "…" }, '
    '{ text = "…" }, '
    '{ join = […], with = "…" }, or a list of these'
)
_OF_PATHS = frozenset({"before", "after", "where", "written"})
_MOST_FIELDS = 1_000
_DEEPEST = 8
"""A source in a source in a source: more than this is a slip."""


class Leaving(Struct, frozen=True):
    """Documents that are never read: those with one of the values at a path of ``when``, or with none of the values at
    any path of ``unless``."""

    because: str
    when: Mapping[str, frozenset[str]]
    unless: Mapping[str, frozenset[str]]


class Recipe(Struct, frozen=True):
    """How documents become records.

    ``rows``: paths of the list of rows in a document, of which the first counts that has one; none where each document
    is one. ``fields`` gives the source of each field of a record, ``fields_of`` other ones for a kind as the source
    calls it. ``kinds`` renames; those of ``skip`` are left out and counted, and so are those that are not in ``kinds``
    if ``only_listed``.
    """

    name: str
    rows: tuple[str, ...]
    fields: Mapping[str, Source]
    fields_of: Mapping[str, Mapping[str, Source]]
    kinds: Mapping[str, str]
    skip: frozenset[str]
    only_listed: bool
    leaving: tuple[Leaving, ...]


def shipped() -> tuple[str, ...]:
    """Return the names of the recipes that come with Tallystick."""
    there = (each.name for each in files(_PACKAGE).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in there if name.endswith(_SUFFIX)))


def shipped_recipe(name: str) -> Recipe:
    """Read a recipe that comes with Tallystick, whatever is called so where the command is given."""
    return read_recipe(files(_PACKAGE).joinpath(f"{name}{_SUFFIX}").read_bytes(), name)


def load_recipe(given: str) -> Recipe:
    """Read a recipe: a file, or a shipped one by its name. Raises ``UsageRefusal`` with the place of a mistake."""
    path = Path(given)
    if (path.is_dir() or not path.exists()) and given in shipped():
        return shipped_recipe(given)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"the mapping `{given}` cannot be read: {error.strerror}"
        raise UsageRefusal(message, help=f"name a file, or one of those shipped: {', '.join(shipped())}") from error
    if len(content) > MOST_BYTES:
        message = f"the mapping `{given}` has more than {MOST_BYTES:,} bytes"
        raise UsageRefusal(message)
    return read_recipe(content, given)


def read_recipe(content: bytes, name: str) -> Recipe:
    """Read the bytes of a recipe called ``name``."""
    text, document = document_of(content, name)
    return _Reader(name, text).recipe(document)


class _Reader(SettingsFile, frozen=True):
    """Turns the document into a recipe, or refuses it with the line at fault."""

    def recipe(self, document: dict[str, object]) -> Recipe:
        for key in document:
            if key not in _SETTINGS:
                self.refuse(f"there is no setting `{key}`", key, f"there is {', '.join(_SETTINGS)}")
        fields = self.sources(self.table(document, "fields"), "fields")
        lacking = [each for each in _NEEDED if each not in fields]
        if lacking:
            self.refuse(
                f"`[fields]` does not say where `{lacking[0]}` is found", "[fields]", f'write `{lacking[0]} = "…"`'
            )
        self.refuse_names(fields)
        kinds = {key: self.string(value, key) for key, value in self.table(document, "kinds").items()}
        skip = self.strings(document.get("skip", []), "skip")
        both = sorted(set(kinds) & skip)
        if both:
            self.refuse(f"the kind `{both[0]}` is both renamed and skipped", both[0], "keep one of the two")
        return Recipe(
            self.name,
            self.rows(document),
            fields,
            self.fields_of(document, fields),
            kinds,
            skip,
            self.only_listed(document),
            tuple(self.leaving(each) for each in self.tables(document, "leave_out")),
        )

    def refuse_names(self, fields: Mapping[str, Source]) -> None:
        """Refuse fields that cannot be columns of one file."""
        if len(fields) > _MOST_FIELDS:
            self.refuse(f"`[fields]` names more than {_MOST_FIELDS:,}", "[fields]", "keep those that are scored")
        seen: dict[str, str] = {}
        for name in fields:
            if not name.isprintable() or name == "":
                self.refuse("a field has no name that can be read", "[fields]", "give it one of letters and digits")
            if name.casefold() in seen:
                message = f"`{name}` and `{seen[name.casefold()]}` in `[fields]` differ in capitals alone"
                self.refuse(message, name, "give one of them another name")
            seen[name.casefold()] = name

    def rows(self, document: dict[str, object]) -> tuple[str, ...]:
        """Return the paths of the list of rows."""
        if "rows" not in document:
            return ()
        given = document["rows"]
        return tuple(self.string(each, "rows") for each in (given if isinstance(given, list) and given else [given]))

    def only_listed(self, document: dict[str, object]) -> bool:
        """Say what becomes of kinds that are not listed."""
        others = document.get("others", "keep")
        if others not in ("keep", "skip"):
            self.refuse("`others` says what becomes of kinds that are not listed", "others", 'write "keep" or "skip"')
        return others == "skip"

    def fields_of(self, document: dict[str, object], fields: Mapping[str, Source]) -> dict[str, dict[str, Source]]:
        """Return the sources of fields that are found elsewhere for a kind."""
        found: dict[str, dict[str, Source]] = {}
        for kind, table in self.table(document, "fields_of").items():
            if not isinstance(table, dict):
                self.refuse(
                    f"`fields_of.{kind}` is not a table", kind, f"write `[fields_of.{kind}]` on a line of its own"
                )
            found[kind] = self.sources(table, f"fields_of.{kind}")
            other = next((each for each in found[kind] if each not in fields or each == "kind"), None)
            if other is not None:
                self.refuse(f"`{other}` cannot be another for one kind", other, "name a field of `[fields]` but `kind`")
        return found

    def sources(self, table: dict[str, object], where: str) -> dict[str, Source]:
        """Return the sources of a table of fields."""
        return {key: self.source(value, key, where) for key, value in table.items()}

    def source(self, given: object, key: str, where: str, depth: int = 0) -> Source:
        """Return a source: a path, a table, or a list of them of which the first that gives something is taken."""
        match given:
            case str() if given != "":
                return At(given)
            case [_, *_] if depth < _DEEPEST:
                return FirstOf(tuple(self.source(each, key, where, depth + 1) for each in given))
            case {"path": str(path), **others} if path != "" and set(others) <= _OF_PATHS:
                cut = {name: self.string(value, key) for name, value in others.items()}
                written = cut.get("written")
                if written is not None and written not in WAYS:
                    ways = ", ".join(f'"{each}"' for each in WAYS)
                    self.refuse(
                        f"`{key}` in `[{where}]` is written in a way that is not known", key, f"there is {ways}"
                    )
                return At(path, cut.get("before"), cut.get("after"), cut.get("where"), written)
            case {"text": str(text), **others} if text != "" and set(others) <= {"where"}:
                return Fixed(text, self.string(others["where"], key) if others else None)
            case {"join": [_, *_] as parts, **others} if set(others) <= {"with"} and depth < _DEEPEST:
                between = others.get("with", "")
                if not isinstance(between, str):
                    self.refuse(f"`{key}` in `[{where}]` is joined with what is no text", key, 'write `with = "."`')
                return Joined(tuple(self.source(each, key, where, depth + 1) for each in parts), between)
            case _:
                return self.refuse(f"`{key}` in `[{where}]` does not say where its value is found", key, _SOURCES)

    def leaving(self, table: object) -> Leaving:
        """Return a condition under which documents are not read."""
        match table:
            case {"because": str(because), **tests} if tests and set(tests) <= {"when", "unless"}:
                return Leaving(because, self.values(tests.get("when", {})), self.values(tests.get("unless", {})))
            case _:
                help_ = 'write `because = "…"` and `when = { "path" = ["value"] }` or `unless = { … }`'
                return self.refuse("`[[leave_out]]` is not complete", "[[leave_out]]", help_)

    def values(self, table: object) -> dict[str, frozenset[str]]:
        """Return the values looked for at each path."""
        if not isinstance(table, dict):
            self.refuse("a condition is no table of paths and values", "[[leave_out]]", 'write { "path" = ["value"] }')
        return {path: self.strings(given, path) for path, given in table.items()}

    def tables(self, document: dict[str, object], key: str) -> list[object]:
        """Return a list of tables."""
        given = document.get(key, [])
        if not isinstance(given, list):
            self.refuse(f"`{key}` is not a list of tables", key, f"write `[[{key}]]`")
        return given

    def string(self, given: object, key: str) -> str:
        """Return a text that is not empty."""
        if not isinstance(given, str) or given == "":
            self.refuse(f"`{key}` is not a text", key, "give a text in quotes")
        return given

    def strings(self, given: object, key: str) -> frozenset[str]:
        """Return a list of texts."""
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            self.refuse(f"`{key}` is not a list of texts", key, f'write `{key} = ["…"]`')
        return frozenset(given)
