"""Takes the text of a translation file and its rulebook; gives the translation, and whatever in it does not fit."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tallystick.rules.check_errors import translations as say
from tallystick.rules.diagnostics import Diagnostic, has_errors, in_order
from tallystick.rules.library import Unread, regular_content
from tallystick.rules.limits import FILE_BYTES, MISTAKES
from tallystick.rules.rule import PLACEHOLDER
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source, Span
from tallystick.rules.syntax_errors.file import mistakes_too_many
from tallystick.rules.toml_document import toml_document
from tallystick.rules.translation import FORMS, Address, Translation, names_of, texts_of

_FILE = re.compile(r"\.([a-z]{2}(?:-[A-Za-z0-9]{2,8})*)\.toml\Z")
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?\Z")
_BARE = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')"
_KEY = re.compile(rf"\s*({_BARE}(?:\s*\.\s*{_BARE})*)\s*=")
_OF = "of"
_NAMES = "names"
ENGLISH = "en"


def translation_files(rulebook: str | Path) -> dict[str, Path]:
    """Return the translations that lie beside a rulebook's file, by language: ``x.de.toml`` beside ``x.tally``."""
    path = Path(rulebook)
    try:
        names = sorted(each.name for each in path.parent.iterdir())
    except OSError:
        return {}
    found: dict[str, Path] = {}
    for name in names:
        if name.startswith(f"{path.stem}.") and (tag := _FILE.fullmatch(name, len(path.stem))) is not None:
            found[tag[1]] = path.parent / name
    return found


def translations_beside(rulebook: str | Path, read: Rulebook) -> tuple[tuple[Translation, ...], tuple[Diagnostic, ...]]:
    """Read every translation that lies beside a rulebook's file; raises ``OSError`` where one cannot be read."""
    found: list[Translation] = []
    told: list[Diagnostic] = []
    for language, path in translation_files(rulebook).items():
        content = regular_content(path)
        if isinstance(content, Unread):
            told.append(say.unread_translation(str(path), content))
            continue
        translation, diagnostics = read_translation(str(path), content, language, read)
        told += diagnostics
        if translation is not None:
            found.append(translation)
    return tuple(found), tuple(told)


def read_translation(
    name: str, content: bytes, language: str, rulebook: Rulebook
) -> tuple[Translation | None, tuple[Diagnostic, ...]]:
    """Return a rulebook's words in a language, or None where the file holds an error; missing ones are a warning."""
    if len(content) > FILE_BYTES:
        return None, (say.no_translation(Source(name, ""), Span(0, 0), f"the file has more than {FILE_BYTES} bytes"),)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None, (say.no_translation(Source(name, ""), Span(0, 0), "the file is not written in UTF-8"),)
    source = Source(name, text)
    try:
        document = toml_document(text)
        return _Reader(source, rulebook).read(document, language, content)
    except tomllib.TOMLDecodeError as error:
        return None, (_broken(source, str(error)),)


def _broken(source: Source, why: str) -> Diagnostic:
    found = _TOML_PLACE.search(why)
    line = 1 if found is None else min(int(found[1]), source.lines)
    start = sum(len(source.line(each)) + 1 for each in range(1, line))
    span = Span(min(start, len(source.text)), min(start + len(source.line(line)), len(source.text)))
    reason = _TOML_PLACE.sub("", why).strip().lower() or "it cannot be read"
    return say.no_translation(source, span, f"this is not TOML: {reason}")


class _Reader:
    """Holds each text of a file to the rulebook."""

    def __init__(self, source: Source, rulebook: Rulebook) -> None:
        self._source = source
        self._own = texts_of(rulebook)
        self._names = names_of(rulebook)
        self._measures = tuple(each.name for each in rulebook.measures)
        self._places = dict(_places(source.text))
        self._told: list[Diagnostic] = []

    def read(
        self, document: dict[str, object], language: str, content: bytes
    ) -> tuple[Translation | None, tuple[Diagnostic, ...]]:
        """Sort every text by its address."""
        of = document.pop(_OF, ENGLISH)
        if not isinstance(of, str) or _TAG.fullmatch(of) is None:
            self._refuse((_OF,), "`of` names the rulebook's own language by its tag, such as `en`")
            of = ENGLISH
        texts: dict[Address, str] = {}
        names: dict[str, str] = {}
        forms: dict[str, dict[str, str]] = {}
        for address, text in self._leaves(document, ()):
            match address:
                case ("names", name) if name in self._names:
                    names[name] = text
                case ("measure", measure, form) if measure in self._measures and form in FORMS:
                    forms.setdefault(measure, {})[form] = text
                case _ if address in self._own:
                    texts[address] = text
                    self._check_places(address, text)
                case _:
                    self._unknown(address)
        missing = [_written(each) for each in self._own if each not in texts]
        # A text under a wrong name is missing under its own: one mistake, one diagnostic.
        if missing and of != language and not self._told:
            self._told.append(say.not_translated(self._source, missing))
        told = in_order(tuple(self._told))
        if has_errors(told):
            return None, told
        return Translation(language, of, texts, names, forms, content), told

    def _leaves(self, table: Mapping[str, object], at: Address) -> Iterator[tuple[Address, str]]:
        for key, value in table.items():
            if len(self._told) > MISTAKES:
                return
            match value:
                case dict():
                    yield from self._leaves(value, (*at, key))
                case str() if value.strip():
                    yield (*at, key), value
                case str():
                    self._refuse((*at, key), f"the translation of `{_written((*at, key))}` is empty")
                case _:
                    self._refuse((*at, key), f"`{_written((*at, key))}` is no text")

    def _check_places(self, address: Address, text: str) -> None:
        if address[0] != "rule" or address[-1] != "say":
            return
        own, other = (dict.fromkeys(PLACEHOLDER.findall(each)) for each in (self._own[address], text))
        missing, added = [each for each in own if each not in other], [each for each in other if each not in own]
        if missing or added:
            self._tell(say.other_places(self._source, self._span(address), _written(address), missing, added))

    def _unknown(self, address: Address) -> None:
        known = [*self._own, *((_NAMES, each) for each in self._names)]
        beside = [each for each in known if each[:-1] == address[:-1]] or [
            each for each in known if each[0] == address[0]
        ]
        self._tell(
            say.unknown_address(
                self._source, self._span(address), _written(address), [_written(each) for each in beside or known]
            )
        )

    def _refuse(self, address: Address, why: str) -> None:
        self._tell(say.no_translation(self._source, self._span(address), why))

    def _tell(self, diagnostic: Diagnostic) -> None:
        """Keep a mistake, up to the limit."""
        if len(self._told) == MISTAKES:
            diagnostic = mistakes_too_many(self._source, diagnostic.primary.span)
        self._told.append(diagnostic)

    def _span(self, address: Address) -> Span:
        """Return where an address is written; of one in a form that is not looked for, its table or the first line."""
        for length in range(len(address), 0, -1):
            if address[:length] in self._places:
                return self._places[address[:length]]
        return Span(0, len(self._source.line(1)))


def _written(address: Address) -> str:
    """Return an address as it is written in a file, dots between its parts."""
    return ".".join(each if re.fullmatch(r"[A-Za-z0-9_-]+", each) else f'"{each}"' for each in address)


def _places(text: str) -> Iterator[tuple[Address, Span]]:
    """Give where each table and key begins."""
    at, table = 0, ()  # type: int, Address
    for line in text.split("\n"):
        found = _HEADER.match(line)
        if found is not None:
            table = _keys(found[1])
            yield table, Span(at + found.start(1) - 1, at + found.end(1) + 1)
        elif (key := _KEY.match(line)) is not None:
            yield (*table, *_keys(key[1])), Span(at + key.start(1), at + key.end(1))
        at += len(line) + 1


def _keys(written: str) -> Address:
    """Return the parts of a dotted key."""
    try:
        table: object = tomllib.loads(f"{written} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    found: list[str] = []
    while isinstance(table, dict):
        ((key, table),) = table.items()
        found.append(key)
    return tuple(found)
