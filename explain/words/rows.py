"""Takes the left side of a table's row as the rulebook writes it; gives it as people read it, in their language."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from tallystick.explain.plain import percent, quoted, readable
from tallystick.explain.tongue import Phrase, day, number, own_value, phrase, say
from tallystick.explain.tree.lines import NamedEnd


class _Form(NamedTuple):
    """A way to write a row, and how it is read."""

    written: re.Pattern[str]
    read: Phrase


_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_PERCENT = re.compile(r"(-?[0-9.]+)%")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EDGE = r"((?:[^\s,\"]|\([^()]*\))+)"
_FORMS = (
    _Form(re.compile(rf"over {_EDGE} to under {_EDGE}\Z"), phrase("over {low} to under {high}")),
    _Form(re.compile(rf"over {_EDGE} to {_EDGE}\Z"), phrase("over {low} to {high}")),
    _Form(re.compile(rf"{_EDGE} to under {_EDGE}\Z"), phrase("{low} to under {high}")),
    _Form(re.compile(rf"{_EDGE} to {_EDGE}\Z"), phrase("{low} to {high}")),
)
_HALVES = (
    _Form(re.compile(rf"up to {_EDGE}\Z"), phrase("up to {edge}")),
    _Form(re.compile(rf"under {_EDGE}\Z"), phrase("under {edge}")),
    _Form(re.compile(rf"over {_EDGE}\Z"), phrase("over {edge}")),
    _Form(re.compile(rf"{_EDGE} or more\Z"), phrase("{edge} or more")),
)


def row_words(text: str, ends: tuple[NamedEnd, ...] = ()) -> str:
    """Return ``1 to under 3`` as it is read; what has no such form stays as it is written, but for its figures.

    ``ends``: the parameters that it names, each of which is read with its value.
    """
    named = {each.name: each for each in ends}
    if text.startswith('"'):
        return ", ".join(quoted(_ESCAPED.sub(_unescaped, each)) for each in _TEXT.findall(text))
    for form in _HALVES:
        found = form.written.match(text)
        if found is not None:
            return say(form.read, edge=_edge(found[1], named))
    for form in _FORMS:
        found = form.written.match(text)
        if found is not None:
            return say(form.read, low=_edge(found[1], named), high=_edge(found[2], named))
    return text if "," in text and '"' in text else ", ".join(_edge(each, named) for each in text.split(", "))


def quoted_row(text: str, ends: tuple[NamedEnd, ...]) -> str:
    """Return a row's left side as a quotation; a row that takes texts has quotes of its own."""
    return row_words(text) if text.startswith('"') else quoted(row_words(text, ends))


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(found[1], found[1])


def _edge(text: str, named: dict[str, NamedEnd]) -> str:
    if text in named:
        end = named[text]
        value = number(end.value) if end.percent is None else percent(end.percent)
        return say("{value} ({name})", value=value, name=readable(text))
    match text:
        case "yes":
            return say("yes")
        case "no":
            return say("no")
        case "missing":
            return say("not known")
        case "otherwise":
            return say("anything else")
        case _ if _DAY.fullmatch(text):
            return day(date.fromisoformat(text))
        case _ if (found := _PERCENT.fullmatch(text)) is not None:
            return percent(found[1])
        case _:
            return number(own_value(text))
