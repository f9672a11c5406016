"""Takes figures and names; gives the small turns of phrase that all sentences share: units, days, quotes."""

from __future__ import annotations


def figure(value: str | None, about: str | None) -> str:
    """Return a number as it is read out: exact where short, else ``about 5.31``."""
    if value is None:
        return "no value"
    return value if about is None else f"about {about}"


def unit(value: str | None, singular: str, plural: str) -> str:
    """Return the author's word for so many."""
    return singular if value == "1" else plural


def counted(value: str, singular: str, plural: str) -> str:
    """Return so many of something: ``1 record``, ``3 records``."""
    return f"{value} {unit(value, singular, plural)}"


def records(number: int) -> str:
    """Return so many records."""
    return counted(str(number), "record", "records")


def points(value: str) -> str:
    """Return so many points; ``1.0`` are points, ``1`` is a point."""
    return counted(value, "point", "points")


def days_in_words(value: str) -> str:
    """Return a number of days."""
    return counted(value, "day", "days")


def quoted(text: str | None) -> str:
    """Return an author's text as a quotation."""
    return f'"{text or ""}"'


def readable(name: str | None) -> str:
    """Return a name of the rulebook with its underscores as blanks."""
    return (name or "").replace("_", " ")


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does."""
    stripped = text.rstrip()
    return stripped if stripped.endswith((".", "!", "?", "…", '."', '!"', '?"')) else f"{stripped}."


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]
