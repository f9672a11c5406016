"""Takes nothing; names what a part of a declaration is, and writes the small texts that parts have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from tallystick.rules.diff.change import Scope
from tallystick.rules.expression import Constant, Expr
from tallystick.rules.format.checked import constant_text, days_text, text_of
from tallystick.rules.format.expressions import quote
from tallystick.rules.rulebook import Kind, Rulebook
from tallystick.rules.source import Span

D = TypeVar("D")


class Part(Struct, Generic[D], frozen=True):
    """A part of a declaration: ``value`` is what is compared, ``text`` how it is written (None: not there).

    ``words_only``: it changes no score. ``scope``: what it reaches, where that is neither the words nor the sort's own.
    """

    word: str
    covers: tuple[str, ...]
    value: Callable[[D], object]
    text: Callable[[D], str | None]
    words_only: bool = False
    scope: Scope | None = None


class Sort(Struct, Generic[D], frozen=True):
    """A sort of declaration: which ones a rulebook has, what they are called, and their parts.

    ``elsewhere`` are the fields that are compared in their own way. ``telling``: two of them that agree in every part
    which is not only words are the same one renamed.
    """

    kind: Kind
    scope: Scope
    node: type[D]
    of: Callable[[Rulebook], tuple[D, ...]]
    name: Callable[[D], str]
    title: Callable[[D], str | None]
    span: Callable[[D], Span]
    parts: tuple[Part[D], ...]
    elsewhere: tuple[str, ...] = ("name",)
    telling: bool = True


class _Titled(Protocol):
    @property
    def title(self) -> str | None: ...


class _Justified(Protocol):
    @property
    def because(self) -> str | None: ...


T = TypeVar("T", bound=_Titled)
J = TypeVar("J", bound=_Justified)


def title_part() -> Part[T]:
    """Return the part that a title is."""
    return Part("title", ("title",), lambda each: each.title, lambda each: words_text(each.title), words_only=True)


def because_part() -> Part[J]:
    """Return the part that a ``because`` is."""
    return Part(
        "because", ("because",), lambda each: each.because, lambda each: words_text(each.because), words_only=True
    )


def words_text(value: str | None) -> str | None:
    """Write a text in quotes."""
    return None if value is None else quote(value)


def maybe_text(value: Expr | None) -> str | None:
    """Write an expression, if there is one."""
    return None if value is None else text_of(value)


def bound_text(value: Constant | None) -> str | None:
    """Write a constant, if there is one."""
    return None if value is None else constant_text(value)


def duration_text(value: Constant | None) -> str | None:
    """Write a duration, if there is one."""
    return None if value is None else days_text(value)


def places_text(places: int) -> str:
    """Write a number of places after ``rounded``."""
    return f"to {places} {'place' if places == 1 else 'places'}"


def rows_text(count: int) -> str:
    """Write how many rows there are."""
    return "none" if count == 0 else f"{count} {'row' if count == 1 else 'rows'}"
