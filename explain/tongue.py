"""Takes sentences in English with named places; gives them in the language that is spoken, with the places filled.

The English sentence is its own message id: where English is spoken nothing is looked up and nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NewType

from msgspec import Struct, field

Phrase = NewType("Phrase", str)
"""A sentence that stands in a table of sentences, to be said later: ``phrase`` marks it for the translators."""
Direction = Literal["ltr", "rtl"]

FOREIGN, HOME = "\ue0f0", "\ue0f1"
"""Between these stand a rulebook's words that nobody has translated. What draws a page turns them into a mark."""
ALONE, AGAIN = "\ue0f2", "\ue0f3"
"""Between these stands what is set into a sentence that is written from right to left, and may lead the other way."""
MARKS = FOREIGN + HOME + ALONE + AGAIN


class OwnWords(Struct, frozen=True):
    """What a rulebook's words are in the language that is spoken, where they are no text of the rulebook itself.

    ``language``: of the rulebook. ``names``: of its fields, kinds and other names. ``forms``: by the word for several,
    those of a language with more than two forms.
    """

    language: str = "en"
    names: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Tongue(Struct, frozen=True, eq=False):
    """A language: its sentences, and how it writes figures, days and lists. Each is equal to itself alone, so that what
    was said in it can be kept by it.

    ``sentence`` finds a translation by context and English sentence; ``form`` finds the one for so many, and
    ``category`` names that form (``"one"``, ``"few"``, …).
    """

    language: str
    direction: Direction
    sentence: Callable[[str | None, str], str]
    form: Callable[[str, str, Decimal], str]
    category: Callable[[Decimal], str]
    figure: Callable[[str], str]
    decimal_sign: str
    day: Callable[[date], str]
    listed: Callable[[Sequence[str], Literal["and", "or"]], str]
    own: OwnWords


ENGLISH = "en"
_spoken: ContextVar[Tongue | None] = ContextVar("tallystick_tongue", default=None)
"""INVARIANT: None is English."""


@contextmanager
def speaking(tongue: Tongue | None) -> Iterator[None]:
    """Speak a language until the block ends; None is English."""
    before = _spoken.set(tongue)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Tongue | None:
    """Return the language that is spoken now; None is English."""
    return _spoken.get()


def language_spoken() -> str:
    """Return the tag of the language that is spoken now, as HTML wants it."""
    tongue = _spoken.get()
    return ENGLISH if tongue is None else tongue.language


def direction_spoken() -> Direction:
    """Return the way in which the language that is spoken now is written."""
    tongue = _spoken.get()
    return "ltr" if tongue is None else tongue.direction


# ---- sentences ---------------------------------------------------------------------------------------------------


def say(message: str, /, **places: str) -> str:
    """Return a sentence with its places filled. ``message`` is a text as it stands in the code, or a ``Phrase``.

    Fill places with words, or with ``number(…)`` and ``day(…)``: each is written as it is given.
    """
    tongue = _spoken.get()
    if tongue is not None:
        message = tongue.sentence(None, message)
        places = _placed(tongue, places)
    return message.format_map(places) if places else message


def say_as(context: str, message: str, /, **places: str) -> str:
    """Return a sentence that needs a word on where it stands, since English alone would not tell: ``"heading"``."""
    tongue = _spoken.get()
    if tongue is not None:
        message = tongue.sentence(context, message)
        places = _placed(tongue, places)
    return message.format_map(places) if places else message


def say_n(one: str, many: str, n: int | str, /, **places: str) -> str:
    """Return the sentence for ``n`` of something; ``{n}`` is its figure. In English ``one`` is for exactly ``"1"``."""
    tongue, written = _spoken.get(), str(n)
    if tongue is None:
        return (one if written == "1" else many).format_map({"n": written, **places})
    found = tongue.form(one, many, Decimal(written))
    return found.format_map(_placed(tongue, {"n": tongue.figure(written), **places}))


def phrase(message: str) -> Phrase:
    """Mark a sentence in a table, that ``say`` says later."""
    return Phrase(message)


def _placed(tongue: Tongue, places: dict[str, str]) -> dict[str, str]:
    if tongue.direction == "ltr":
        return places
    return {name: f"{ALONE}{text}{AGAIN}" if text else "" for name, text in places.items()}


# ---- figures, days and lists -------------------------------------------------------------------------------------


def number(value: str | int) -> str:
    """Return a number, given as its digits, as the reader writes it: no digit is ever another."""
    tongue = _spoken.get()
    return str(value) if tongue is None else tongue.figure(str(value))


def day(value: date) -> str:
    """Return a day as the reader writes it."""
    tongue = _spoken.get()
    return value.isoformat() if tongue is None else tongue.day(value)


def moment(value: datetime) -> str:
    """Return a moment, in its own time zone, as the reader writes it."""
    places = f"{value:%f}".rstrip("0")
    return f"{day(value.date())} {value:%H:%M:%S}{f'{decimal_sign()}{places}' if places else ''}"


def decimal_sign() -> str:
    """Return what stands before the places of a number."""
    tongue = _spoken.get()
    return "." if tongue is None else tongue.decimal_sign


def group_sign() -> str:
    """Return what stands between the thousands of a number; nothing where they stand together."""
    return number("1234").removeprefix("1").removesuffix("234")


def listed(words: Sequence[str]) -> str:
    """Return words as a list that reads aloud: ``a, b and c``."""
    return _listed(words, "and")


def listed_or(words: Sequence[str]) -> str:
    """Return words of which one is meant: ``a, b or c``."""
    return _listed(words, "or")


def _listed(words: Sequence[str], last: Literal["and", "or"]) -> str:
    tongue = _spoken.get()
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if tongue is None else tongue.listed(words, last)


# ---- a rulebook's words ------------------------------------------------------------------------------------------


def own_name(name: str) -> str:
    """Return a name of the rulebook as it is read: as its translators say it, else with blanks for underscores."""
    tongue, written = _spoken.get(), name.replace("_", " ")
    if tongue is None or not written:
        return written
    found = tongue.own.names.get(name)
    return foreign(written) if found is None else found


def is_own_name(name: str) -> bool:
    """Say whether the rulebook's translators have a word for a name."""
    tongue = _spoken.get()
    return tongue is not None and name in tongue.own.names


def own_value(value: str) -> str:
    """Return a value that a rulebook names, such as a kind, as its translators say it; any other as it is."""
    tongue = _spoken.get()
    return value if tongue is None else tongue.own.names.get(value, value)


def own_unit(value: str | None, singular: str, plural: str) -> str:
    """Return the rulebook's word for so many; ``1.0`` are several."""
    tongue = _spoken.get()
    forms = None if tongue is None or value is None else tongue.own.forms.get(plural)
    if tongue is None or value is None or forms is None:
        return singular if value == "1" else plural
    return forms.get(tongue.category(Decimal(value)), plural)


def foreign(text: str) -> str:
    """Return a rulebook's words that nobody has translated, to be marked where they are shown."""
    tongue = _spoken.get()
    if tongue is None or tongue.own.language == tongue.language or not text.strip():
        return text
    return f"{FOREIGN}{text}{HOME}"
