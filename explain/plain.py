"""Takes figures and names; gives the small turns of phrase that all sentences share: units, days, quotes."""

from __future__ import annotations

from tallystick.explain.tongue import MARKS, number, own_name, own_unit, phrase, say, say_n

NOT_SHOWN = phrase("(not shown)")
"""What stands in the place of somebody else's name."""
_ENDS = (".", "!", "?", "…", '."', '!"', '?"', ".“", "!“", "?“", ".”", "!”", "?”")


def figure(value: str | None, about: str | None) -> str:
    """Return a number as it is read out: exact where short, else ``about 5.31``."""
    if value is None:
        return say("no value")
    return number(value) if about is None else say("about {figure}", figure=number(about))


def unit(value: str | None, singular: str, plural: str) -> str:
    """Return the author's word for so many."""
    return own_unit(value, singular, plural)


def counted(value: str, singular: str, plural: str) -> str:
    """Return so many of something that has the author's word: ``1 share``, ``3 shares``."""
    return say("{n} {things}", n=number(value), things=unit(value, singular, plural))


def records(number: int) -> str:
    """Return so many records."""
    return say_n("{n} record", "{n} records", number)


def points(value: str) -> str:
    """Return so many points; ``1.0`` are points, ``1`` is a point."""
    return say_n("{n} point", "{n} points", value)


def days_in_words(value: str) -> str:
    """Return a number of days."""
    return say_n("{n} day", "{n} days", value)


def percent(value: str) -> str:
    """Return a number of percent with its sign."""
    return say("{percent}%", percent=number(value))


def quoted(text: str | None) -> str:
    """Return an author's text as a quotation."""
    return say('"{text}"', text=text or "")


def readable(name: str | None) -> str:
    """Return a name of the rulebook with its underscores as blanks, or as the translators of the rulebook say it."""
    return own_name(name or "")


def file_name(path: str) -> str:
    """Return what a file is called, without where it lay."""
    return path.rpartition("/")[2] or path


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does."""
    stripped = text.rstrip()
    return stripped if stripped.rstrip(MARKS).endswith(_ENDS) else f"{stripped}."


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    for index, letter in enumerate(text):
        if letter not in MARKS:
            return f"{text[:index]}{letter.upper()}{text[index + 1 :]}"
    return text
