"""Takes a mapping file (TOML); gives where fields are found, what kinds are called, and which are skipped."""

from __future__ import annotations

import hashlib
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from tallystick.engine.intake.settings_file import MOST_BYTES, SettingsFile, document_of
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.rulebook import Field, Rulebook

_TABLES = ("fields", "kinds", "skip", "subjects")


class Mapping(Struct, frozen=True):
    """How a file's own names become the rulebook's.

    ``fields`` and ``subjects`` give the column (or dotted path) of a field or attribute and override ``from``;
    ``kinds`` gives the rulebook's kind for the file's; rows of a kind in ``skip`` are left out and counted apart. One
    in neither keeps its name. ``sha256`` is that of the file, for the receipt.
    """

    fields: dict[str, str]
    kinds: dict[str, str]
    skip: frozenset[str]
    subjects: dict[str, str]
    sha256: str | None = None
    notices: tuple[str, ...] = ()

    def column(self, field: Field) -> str:
        """Return the column or path at which a record's field is found."""
        return self.fields.get(field.name, field.column)

    def attribute_column(self, attribute: Field) -> str:
        """Return the column or path at which a person's attribute is found."""
        return self.subjects.get(attribute.name, attribute.column)


NO_MAPPING = Mapping({}, {}, frozenset(), {})


def load_mapping(path: Path, rulebook: Rulebook) -> Mapping:
    """Read a mapping file and check it against the rulebook; raises ``UsageRefusal`` naming the place of a mistake."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"the mapping `{path}` cannot be read: {error.strerror}"
        raise UsageRefusal(message) from error
    if len(content) > MOST_BYTES:
        message = f"the mapping `{path}` has more than {MOST_BYTES:,} bytes"
        raise UsageRefusal(message)
    return read_mapping(content, str(path), rulebook)


def read_mapping(content: bytes, name: str, rulebook: Rulebook) -> Mapping:
    """Read the bytes of a mapping file called ``name``."""
    text, document = document_of(content, name)
    return _Checker(name, text, rulebook).mapping(document, hashlib.sha256(content).hexdigest())


class _Checker(SettingsFile, frozen=True):
    """Turns the document into a mapping, or refuses it with the line at fault."""

    rulebook: Rulebook

    def mapping(self, document: dict[str, object], sha256: str) -> Mapping:
        for key, value in document.items():
            if key not in _TABLES:
                place = f"[{key}" if isinstance(value, dict) else key
                self.refuse(f"there is no setting `{key}` in a mapping", place, self.known(key, _TABLES))
        kinds = dict(self.table(document, "kinds"))
        skip = self.names(document["skip"], "skip") if "skip" in document else []
        fields_given = dict(self.table(document, "fields"))
        # Written below `[kinds]` or `[fields]`, as people do, `skip` becomes a key of that table.
        for table in (kinds, fields_given):
            if isinstance(table.get("skip"), list):
                skip += self.names(table.pop("skip"), "skip")
        renamed = self.texts(kinds, "kinds")
        both = sorted(set(renamed) & set(skip))
        if both:
            self.refuse(f"the kind `{both[0]}` is both renamed and skipped", both[0], "keep one of the two")
        if (renamed or skip) and not any(f.name == "kind" for f in self.rulebook.records or ()):
            self.refuse("the rulebook's records have no field `kind`", "kinds" if renamed else "skip", None)
        fields = self.texts(fields_given, "fields")
        subjects = self.texts(self.table(document, "subjects"), "subjects")
        self.check_names(fields, tuple(f.name for f in self.rulebook.records or ()), "records have no field")
        self.check_names(
            subjects, ("subject", *(f.name for f in self.rulebook.subjects or ())), "subjects have no attribute"
        )
        return Mapping(fields, renamed, frozenset(skip), subjects, sha256, self.unlisted(renamed))

    def names(self, value: object, key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.refuse(f"`{key}` is not a list of texts", key, f'write `{key} = ["PushEvent"]`')
        return list(value)

    def texts(self, table: dict[str, object], where: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in table.items():
            if not isinstance(value, str) or value == "":
                example = "a column or a dotted path in quotes" if where != "kinds" else "a kind in quotes"
                self.refuse(f"`{key}` in `[{where}]` is not a text", key, f"give {example}")
            found[key] = value
        return found

    def unlisted(self, renamed: dict[str, str]) -> tuple[str, ...]:
        """Name the kinds given that the rulebook does not list; a mapping may serve several rulebooks."""
        kinds = self.rulebook.kinds
        others = sorted({kind for kind in renamed.values() if kinds and kind not in kinds})
        return tuple(f"{self.name}: the rulebook lists no kind `{kind}`; its records are unused" for kind in others)

    def check_names(self, table: dict[str, str], names: tuple[str, ...], words: str) -> None:
        for key in table:
            if key not in names:
                self.refuse(f"the rulebook's {words} `{key}`", key, self.known(key, names))

    def known(self, name: str, names: tuple[str, ...]) -> str:
        near = get_close_matches(name, names, n=1, cutoff=2 / 3)
        return f"`{near[0]}` is spelled almost the same" if near else "there is " + ", ".join(f"`{n}`" for n in names)
