"""Takes the tag of a language; gives the language itself, with its catalogue of sentences: English needs neither.

Only this file loads Babel, and only when a language other than English is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from typing import Literal, NamedTuple

from tallystick.explain.tongue import ENGLISH, OwnWords, Tongue

PSEUDO = "qps"
"""A made-up language, for tests and for those who write sentences: what does not come out in it is not translated."""
_FIGURE = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?\Z")
_NO_WORDS = OwnWords()


class UnknownLanguage(Exception):  # noqa: N818  (named for what is wrong, as all errors that a caller may see)
    """Nothing is written in this language. ``known`` are those that there are."""

    def __init__(self, language: str, known: tuple[str, ...]) -> None:
        """Keep the tag."""
        self.language = language
        self.known = known
        super().__init__(f"there is no language {language!r}; there are {', '.join(known)}")


class Catalogue(NamedTuple):
    """The sentences of a language: by context and English sentence, and the forms for one, few, many and so on."""

    sentences: dict[tuple[str | None, str], str]
    forms: dict[tuple[str, str], tuple[str, ...]]


class Signs(NamedTuple):
    """How figures are written: what stands before the places, between groups, and how long the groups are."""

    decimal: str
    group: str
    last: int
    other: int


def languages() -> tuple[str, ...]:
    """Return the tags of the languages that there are, English first."""
    found = (each.name for each in files("tallystick.explain.languages").iterdir())
    return (ENGLISH, *sorted(name.removesuffix(".po") for name in found if name.endswith(".po")))


def meant(language: str) -> str | None:
    """Return the tag of a language that is written in capitals, with a country or by its name, if it is there."""
    from babel import Locale  # noqa: PLC0415  (needed only for help)

    said = language.casefold()
    for tag in languages():
        names = {str(name).casefold() for name in (Locale.parse(tag).english_name, Locale.parse(tag).display_name)}
        if said in names or re.split("[-_]", said)[0] == tag:
            return tag
    return None


def tongue_of(language: str | None, own: OwnWords | None = None) -> Tongue | None:
    """Return a language, or None for plain English. ``own``: a rulebook's words in it.

    Raises ``UnknownLanguage``.
    """
    if language is None or (language == ENGLISH and own is None):
        return None
    words = _NO_WORDS if own is None else own
    if language == PSEUDO:
        from tallystick.explain.languages.pseudo import pseudo_tongue  # noqa: PLC0415  (for tests; nobody else loads it)

        return pseudo_tongue(words)
    known = languages()
    if language not in known:
        raise UnknownLanguage(language, known)
    return _tongue(language, words)


def _tongue(language: str, own: OwnWords) -> Tongue:
    from babel import Locale  # noqa: PLC0415  (not needed for English)

    locale = Locale.parse(language)
    catalogue = _catalogue(language)
    signs = _signs(language)
    return Tongue(
        language=language,
        direction="rtl" if locale.text_direction == "rtl" else "ltr",
        sentence=partial(_sentence, catalogue),
        form=partial(_form, catalogue, plural_index(language)),
        category=locale.plural_form,
        figure=partial(figure, signs),
        decimal_sign=signs.decimal,
        day=partial(_day, language),
        listed=partial(_listed, language),
        own=own,
    )


def _sentence(catalogue: Catalogue, context: str | None, message: str) -> str:
    return catalogue.sentences.get((context, message), message)


def _form(catalogue: Catalogue, index: Callable[[Decimal], int], one: str, many: str, n: Decimal) -> str:
    found = catalogue.forms.get((one, many))
    if found is None:
        return one if str(n) == "1" else many
    return found[min(index(n), len(found) - 1)]


_ORDER = ("zero", "one", "two", "few", "many", "other")
"""INVARIANT: the forms in a catalogue stand in this order, those that the language has."""


@cache
def plural_categories(language: str) -> tuple[str, ...]:
    """Return the forms that a language has for so many, in the order in which its catalogue has them."""
    from babel import Locale  # noqa: PLC0415  (not needed for English)

    tags = {*Locale.parse(language).plural_form.tags, "other"}
    return tuple(each for each in _ORDER if each in tags)


def plural_index(language: str) -> Callable[[Decimal], int]:
    """Return what tells which of its forms a language has for so many."""
    from babel import Locale  # noqa: PLC0415  (not needed for English)

    rule, order = Locale.parse(language).plural_form, plural_categories(language)
    return lambda n: order.index(rule(n))


@cache
def _catalogue(language: str) -> Catalogue:
    """Return the catalogue; English has none."""
    sentences: dict[tuple[str | None, str], str] = {}
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    if language == ENGLISH:
        return Catalogue(sentences, forms)
    from babel.messages.pofile import read_po  # noqa: PLC0415  (not needed for English)

    with files("tallystick.explain.languages").joinpath(f"{language}.po").open("rb") as file:
        for message in read_po(file, locale=language, abort_invalid=True):
            match message.id, message.string:
                case str(english), str(written) if english and written:
                    sentences[message.context, english] = written
                case (str(one), str(many)), (*written,) if all(written):
                    forms[one, many] = tuple(written)
                case _:
                    pass  # the head of the file, or a sentence that waits for its translation
    return Catalogue(sentences, forms)


@cache
def _signs(language: str) -> Signs:
    if language == ENGLISH:
        return Signs(".", "", 3, 3)
    from babel import Locale  # noqa: PLC0415  (not needed for English)
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415

    last, other = Locale.parse(language).decimal_formats[None].grouping
    return Signs(get_decimal_symbol(language), get_group_symbol(language), last, other)


def figure(signs: Signs, digits: str) -> str:
    """Return a number in its reader's signs; every digit stays, and what is no number stays as it is."""
    found = _FIGURE.match(digits)
    if found is None:
        return digits
    sign, whole, places = found.groups()
    return f"{sign}{_grouped(whole, signs)}{'' if places is None else signs.decimal + places}"


def _grouped(whole: str, signs: Signs) -> str:
    parts, rest, size = [], whole, signs.last
    while len(rest) > size:
        parts.append(rest[-size:])
        rest, size = rest[:-size], signs.other
    return signs.group.join([rest, *reversed(parts)]) if signs.group else whole


def _day(language: str, value: date) -> str:
    if language == ENGLISH:
        return value.isoformat()
    from babel.dates import format_date  # noqa: PLC0415  (not needed for English)

    return format_date(value, "medium", locale=language)


def _listed(language: str, words: Sequence[str], last: Literal["and", "or"]) -> str:
    if language == ENGLISH:
        return f"{', '.join(words[:-1])} {last} {words[-1]}"
    from babel.lists import format_list  # noqa: PLC0415  (not needed for English)

    return format_list(words, style="standard" if last == "and" else "or", locale=language)
