"""Takes a line that cannot begin as it does; gives what help says of beginnings that people often write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tallystick.rules.parse.row_slips import bounds
from tallystick.rules.parse.tokens import Token, TokenKind

_OPERATORS: Final = frozenset(["+", "-", "*", "/"])
_COMPARISONS: Final = frozenset(["=", "!=", "<", "<=", ">", ">="])
_NO_NAME: Final = re.compile(r"[^a-z0-9_]+")
_LONGEST: Final = 20

_DECLARATIONS: Final = (
    (frozenset(["events", "event", "activity", "activities", "fields", "data", "log"]), "records"),
    (frozenset(["people", "persons", "users", "members", "customers", "attributes", "profiles"]), "subjects"),
    (frozenset(["let", "const", "constant", "variable", "var", "param", "set", "define", "setting"]), "parameter …"),
    (frozenset(["condition", "criterion", "eligibility", "eligible", "requirement"]), "require …"),
    (frozenset(["filter", "ignore", "skip", "omit", "drop"]), "exclude …"),
    (frozenset(["metric", "indicator", "kpi", "feature"]), "measure …"),
    (frozenset(["group", "section", "category", "area", "dimension", "topic"]), "facet …"),
    (frozenset(["total", "result", "formula"]), 'score "…"'),
    (frozenset(["band", "tiers", "grades", "classes", "ranks", "categories"]), "bands"),
    (frozenset(["test", "case", "scenario"]), 'example "…"'),
    (frozenset(["import", "include"]), 'use "…"'),
)
"""Words that people begin a declaration with, and what is meant."""

_LINES: Final = (
    (frozenset(["half", "half_life", "halve", "halves", "halved", "decay", "decays", "decaying"]), "halving every …"),
    (frozenset(["fade", "fades", "fading"]), "halving every …"),
    (frozenset(["if", "where", "only"]), "when …"),
    (frozenset(["else"]), "otherwise …"),
    (frozenset(["last", "during", "since"]), "within …"),
    (frozenset(["at"]), "keep at most …"),
    (frozenset(["unique"]), "distinct …"),
    (frozenset(["number", "counts"]), "count …"),
    (frozenset(["total", "add", "adds"]), "sum …"),
    (frozenset(["avg", "mean"]), "average …"),
    (frozenset(["max", "maximum", "most"]), "highest …"),
    (frozenset(["min", "minimum", "least"]), "lowest …"),
    (frozenset(["last", "newest", "recent"]), "latest …"),
    (frozenset(["max", "maximum", "limit", "cap", "capped", "up"]), "at most …"),
    (frozenset(["min", "minimum"]), "at least …"),
    (frozenset(["max", "maximum", "limit", "cap", "capped"]), "keep at most …"),
    (frozenset(["reason", "why"]), "because …"),
    (frozenset(["duplicate", "duplicates", "repeat", "repeated"]), "repeats of …"),
    (frozenset(["factor"]), "to …"),
    (frozenset(["round"]), "rounded to …"),
    (frozenset(["average", "weighted"]), "mean of all rules by weight, out of 100"),
    (frozenset(["on", "as_of", "date", "day"]), "as of …"),
    (frozenset(["author", "by", "team"]), "owner …"),
    (frozenset(["email", "mail"]), "contact …"),
    (frozenset(["description", "about", "goal", "why"]), "purpose …"),
    (frozenset(["starts", "start", "since", "valid"]), "effective …"),
    (frozenset(["timezone", "zone"]), 'time zone "…"'),
)
"""Words that people begin a line with, and the line that is meant, where it can stand."""


def begun_with(tokens: tuple[Token, ...], block: str | None, keywords: Iterable[str]) -> str | None:
    """Say what to write, where a line begins with what is not of the language; ``keywords`` can begin it."""
    possible = frozenset(keywords)
    first, second = tokens[0], tokens[1].text if len(tokens) > 1 else ""
    for words, meant in (*_DECLARATIONS, *_LINES):
        if first.text in words and meant.split(" ", 1)[0] in possible:
            return f"write `{meant}`"
    if "at" in possible and first.text in ("between", "from"):
        return "write `at least …` and `at most …`, each on a line of its own"
    if "at" in possible and first.text in ("not", "no") and second in ("more", "over", "above", "less", "under"):
        return f"write `at {'most' if second in ('more', 'over', 'above') else 'least'} …`"
    if first.text in _COMPARISONS and block == "points" and (row := bounds(tokens)) is not None:
        return f"write `{row}`"
    if first.kind is TokenKind.NUMBER:
        return _of_a_number(tokens, possible)
    if first.kind is not TokenKind.WORD:
        return None
    if "=" in possible and second in _OPERATORS:
        return "begin the line with `=`"
    if "when" in possible and second in _COMPARISONS:
        return "begin the line with `when`"
    return "begin the line with `parameter`" if "parameter" in possible and second == "=" else None


def _of_a_number(tokens: tuple[Token, ...], possible: frozenset[str]) -> str | None:
    """Say what stands before a number that begins a line."""
    if "from" in possible:
        return f"write `from {tokens[0].text} …`"
    if "to" in possible:
        return "begin the line with `to`"
    return "begin the line with `points`, or with `weight`" if "points" in possible else None


def declaration_meant(word: str) -> str | None:
    """Return the declaration that a word which begins none is meant for."""
    return next((meant.split(" ", 1)[0] for words, meant in _DECLARATIONS if word in words), None)


def name_missing(keyword: str, title: str) -> str:
    """Say how a declaration is written whose name was left out before its title."""
    name = _NO_NAME.sub("_", title.lower()).strip("_")[:_LONGEST].strip("_")
    shown = name if name[:1].isalpha() else "name"
    return f'write a name before it, such as `{keyword} {shown} "…"`'
