"""Takes a line with a token that has no place in it; gives what help says of slips that people often make."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Final

from tallystick.rules.parse.tokens import Token, TokenKind

_UNITS: Final = frozenset(
    [
        "second",
        "seconds",
        "minute",
        "minutes",
        "hour",
        "hours",
        "month",
        "months",
        "quarter",
        "quarters",
        "year",
        "years",
    ],
)
_PERCENT: Final = frozenset(["percent", "pct"])
_TIMES: Final = frozenset(["x", "times"])
_OF_LATE: Final = frozenset(["the", "last", "past"])
_SPANS: Final = frozenset(["day", "days", "week", "weeks"])
_NOTHING: Final = frozenset(["none", "null", "nil", "empty", "blank", "undefined"])
_LIMITS: Final = frozenset(["keep", "total", "at", "within", "rounded"])
"""What begins a line with a limit, in which nothing is multiplied."""
_AGGREGATES: Final = frozenset(["sum", "average", "highest", "lowest", "latest", "days"])
_GROUP: Final = 3

_SIGNS: Final = {
    "above": ">",
    "over": ">",
    "greater": ">",
    "more": ">",
    "below": "<",
    "under": "<",
    "less": "<",
    "fewer": "<",
    "equals": "=",
    "equal": "=",
    "minus": "-",
    "plus": "+",
}
"""Words for a sign, where an operator can stand."""
_BETWEEN_SIGNS: Final = frozenset(["than", "to", "or"])
_OPPOSITE: Final = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "=": "!=", "!=": "="}
_AT: Final = {"least": ">=", "most": "<="}
_AFTER_A_VALUE: Final = frozenset(["and", "then", "else", ")"])
_JOINED: Final = _AFTER_A_VALUE | {"or"}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_EACH: Final = frozenset(["per", "for", "each", "every"])
_DAY_FIRST: Final = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}")

_TYPES: Final = (
    (frozenset(["boolean", "bool"]), "yes/no"),
    (frozenset(["string", "str", "varchar"]), "text"),
    (frozenset(["integer", "int", "bigint"]), "whole number"),
    (frozenset(["decimal", "float", "double", "real"]), "number"),
    (frozenset(["datetime", "timestamp"]), "time"),
    (frozenset(["enum", "choice"]), "one of …"),
)
"""Types of fields by the names that they have elsewhere."""

_INSTEAD: Final = (
    (frozenset(["half", "halved", "decay", "decays", "decaying", "fade", "fades", "fading"]), "halving every …"),
    (frozenset(["if", "where", "only"]), "when …"),
    (frozenset(["else"]), "otherwise …"),
    (frozenset(["last", "during", "since"]), "within …"),
    (frozenset(["at"]), "keep at most …"),
    (frozenset(["unique"]), "distinct …"),
    (frozenset(["max", "maximum", "limit", "cap", "capped"]), "at most …"),
    (frozenset(["min", "minimum"]), "at least …"),
    (frozenset(["max", "maximum", "limit", "cap", "capped"]), "keep at most …"),
    (frozenset(["reason", "why"]), "because …"),
    (frozenset(["round"]), "rounded to …"),
    (frozenset(["average"]), "mean of all rules by weight, out of 100"),
)
"""Words that people begin a line with, and the line that is meant, where it can stand."""


def begun_with(word: str, keywords: Iterable[str]) -> str | None:
    """Say what to write, where a line begins with a word that is not of the language; ``keywords`` can begin it."""
    possible = frozenset(keywords)
    for words, meant in _INSTEAD:
        if word in words and meant.split(" ", 1)[0] in possible:
            return f"write `{meant}`"
    return None


def advice(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Say what to write in place of the token at ``index``, which cannot follow the one before it."""
    token, before = tokens[index], tokens[index - 1]
    if token.text == "from" and [each.kind for each in tokens[index + 1 : index + 2]] == [TokenKind.TEXT]:
        return f"write `{tokens[0].text} from {tokens[index + 1].text} …`: the column stands before the type"
    if token.text == ":" and "COLON" not in expected and expected != {"EQUAL"}:
        return "write `then`" if "THEN" in expected else "leave out the colon"
    if _DAY_FIRST.fullmatch(token.text):
        return "write the year first, then month and day: `2026-01-31`"
    if before.kind is TokenKind.TEXT and token.start == before.end and token.kind in (TokenKind.WORD, TokenKind.TEXT):
        return r"write `\"` for a quote inside of a text"
    if before.text in ("is", "not") and (sign := _sign(tokens, index)) is not None:
        return f"write `{sign}`"
    if before.text in ("is", "not") and token.text == "between":
        return _between(tokens, index)
    if "MISSING" in expected and before.text in ("is", "not") and _before_a_number(tokens, index):
        return "write a sign in place of the words: `=`, `!=`, `<`, `<=`, `>` or `>=`"
    if "MISSING" in expected and before.text in ("is", "not"):
        sign, missing = ("=", "is missing") if before.text == "is" else ("!=", "is not missing")
        named = f"write `{sign} {token.text}`"
        return f"write `{missing}`, or {named[6:]} if that is a value" if token.text in _NOTHING else named
    if "WHOLE" in expected:
        return _of_types(tokens, index)
    if (said := _of_values_listed(tokens, index, expected) or _of_limits(tokens, index, expected)) is not None:
        return said
    if token.text == "-" and "TO" in expected and tokens[index + 1 : index + 2] and before.kind is TokenKind.NUMBER:
        return f"write `{before.text} to {tokens[index + 1].text}`"
    said = _of_shapes(tokens, index, expected) or _of_measures(tokens, index, expected)
    if said is None and "STAR" in expected:
        return _of_values(tokens, index, expected)
    return said


def _of_types(tokens: tuple[Token, ...], index: int) -> str | None:
    """Recognise types by other names, and what stands before a type in place of behind it."""
    token = tokens[index]
    if token.text in ("optional", "private"):
        return f"write `{token.text}` behind the type"
    if token.kind is TokenKind.WORD and tokens[index + 1 : index + 2] and tokens[index + 1].text == ",":
        return f"write `one of {token.text}, …`"
    return next((f"write `{meant}`" for words, meant in _TYPES if token.text in words), None)


def _of_values_listed(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise values, ranges and kinds that are listed as elsewhere."""
    token, before = tokens[index], tokens[index - 1]
    words = [each.text for each in tokens[:index]]
    if "one" in words[:-1] and "of" in words and token.kind is TokenKind.TEXT and before.text in ("of", ","):
        named = token.text.strip(chr(34))
        if _NAME.fullmatch(named) is None:
            return "the values are names, of small letters, digits and `_`; where others are read, write `text`"
        return f"write `{named}`: the values are names, without quotes"
    if "one" in words[:-2] and "of" in words[:-1] and "COMMA" in expected and token.kind is TokenKind.WORD:
        return "put a comma between the values"
    if before.text == "number" and token.text == "from":
        return "leave out `from`"
    if before.text == "number" and token.text == ">=" and tokens[index + 1 : index + 2]:
        return f"write `{tokens[index + 1].text} or more`"
    if words[0] == "count" and "GIVEN" in expected and token.text in ("and", "or", "+"):
        return "put a comma between the kinds"
    return None


def _of_limits(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise limits, weights and levels with a word too much or too few."""
    token, before, first = tokens[index], tokens[index - 1], tokens[0].text
    if first == "keep" and expected == {"AT"}:
        number = next((each.text for each in tokens if each.kind is TokenKind.NUMBER), "3")
        return f"write `keep at most {number} per …`"
    if token.text == "%":
        return "leave out `%`"
    if token.text in ("point", "points") and first in ("at", "total", "weight"):
        return f"leave out `{token.text}`"
    if index == 2 and before.text == "of" and first in ("level", "points", "weight"):  # noqa: PLR2004 (the third word)
        return "leave out `of`"
    return None


def _of_shapes(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise shapes of a level by the names that they have elsewhere."""
    token, before = tokens[index], tokens[index - 1]
    if before.text == "log" and "NORMAL" in expected:
        return f"write `logarithmic to {_behind(tokens, index)}`"
    if token.text == "sqrt" and "SQUARE" in expected:
        return f"write `square root to {_behind(tokens, index + 1)}`"
    return None


def _of_measures(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise ways of speaking of records and days that are read as names."""
    token, before = tokens[index], tokens[index - 1]
    first = tokens[0].text
    opening = tokens[index - 2].text if index > 1 else ""
    if before.text in _OF_LATE and opening in ("within", "every"):
        number = next((at for at in range(index, len(tokens)) if tokens[at].kind is TokenKind.NUMBER), None)
        span = [] if number is None else [each.text for each in tokens[number : number + 2]]
        whole = len(span) > 1 and span[1] in _SPANS
        return f"write `{opening} {' '.join(span) if whole else '90 days'}`{'' if whole else ', in days or weeks'}"
    if index == 2 and first == "count" and before.text == "of":  # noqa: PLR2004 (the third word)
        return "leave out `of`"
    if index == 2 and first == "count" and before.text == "distinct":  # noqa: PLR2004
        return "begin the line with `distinct`"
    if "OF" in expected and first in _AGGREGATES and before.text == "of":
        return f"name a field before `of`, as in `{first} amount of {token.text}`, or write `count {token.text}`"
    return None


def _of_values(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise units, percentages and products behind a value."""
    token, before = tokens[index], tokens[index - 1]
    counted = before.kind is TokenKind.NUMBER
    if token.text == "at" and not ("LESS" in expected and _in_a_condition(tokens, index)):
        return None
    if (sign := _sign(tokens, index)) is not None:
        asked = tokens[0].text == "when" or "if" in [each.text for each in tokens[:index]]
        number = [each.kind for each in tokens[index + 1 : index + 2]] == [TokenKind.NUMBER]
        either = token.text == "over" and not (asked and number)
        return "write `/` to divide, or `>` to compare" if either else f"write `{sign}`"
    if token.text == "between":
        return _between(tokens, index)
    if token.text == "like":
        return "write `contains`, `starts with` or `ends with`, and no `%` in the text"
    if counted and token.text in _EACH and tokens[0].text not in _LIMITS:
        return f"write `{before.text} * …` with the measure that it is given for"
    if token.text in _PERCENT:
        return f"write `{before.text}%`" if counted else "write `/ 100` to divide by a hundred"
    if counted and token.text in _UNITS:
        return "write days or weeks, such as `90 days`"
    if token.text in _TIMES:
        return "write `*` to multiply"
    if counted and token.kind is TokenKind.NUMBER and len(token.text) == _GROUP and token.start == before.end + 1:
        return f"write `{before.text}{token.text}`"
    if counted and token.kind is TokenKind.WORD and tokens[0].text not in _LIMITS:
        return f"write `{before.text} * {token.text}` to multiply"
    return None


def _sign(tokens: tuple[Token, ...], index: int) -> str | None:
    """Return the sign that words from ``index`` on mean: ``<=`` for ``less than or equal to``, also behind ``not``.

    Where no value follows, as in ``kind is over and consent``, the word is a value itself.
    """
    following = [each.text for each in tokens[index:]]
    turned = tokens[index - 1].text == "not"
    if following[0] == "at" and len(following) > 2 and following[1] in _AT:  # noqa: PLR2004 (a value follows)
        return _OPPOSITE[_AT[following[1]]] if turned else _AT[following[1]]
    if following[0] == "no":
        following, turned = following[1:] or [""], not turned
    words = list(takewhile(lambda word: word in _SIGNS or word in _BETWEEN_SIGNS, following))
    if following[0] not in _SIGNS or words[-1] == "or" or [*following, "and"][len(words)] in _AFTER_A_VALUE:
        return None
    sign = _SIGNS[words[0]]
    others = {_SIGNS[word] for word in words[1:] if word in _SIGNS}
    if {sign, *others} >= {"<", ">"}:
        sign = "!="
    elif sign in ("<", ">") and "=" in others:
        sign += "="
    elif sign == "=" and "or" in words and len(order := others & {"<", ">"}) == 1:
        sign = f"{order.pop()}="
    return _OPPOSITE.get(sign) if turned else sign


def _between(tokens: tuple[Token, ...], index: int) -> str:
    """Say what is written for ``between``, also behind ``is``, ``not`` and ``is not``."""
    behind = next((at for at in range(index - 1, 0, -1) if tokens[at].text not in ("is", "not")), 0)
    value = tokens[behind].text
    if tokens[index - 1].text == "not":
        return f"write `({value} < … or {value} > …)`"
    return f"write `{value} >= … and {value} <= …`"


def _before_a_number(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether words from ``index`` on lead to a number, so that the first of them is no value."""
    words = list(takewhile(lambda each: each.kind is TokenKind.WORD and each.text not in _JOINED, tokens[index:]))
    after = tokens[index + len(words) : index + len(words) + 1]
    return bool(words) and [each.kind for each in after] == [TokenKind.NUMBER]


def _in_a_condition(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a condition stands at ``index``: behind ``when`` or ``needs``, or between ``if`` and its ``then``."""
    parts = [each.text for each in tokens[:index] if each.text in ("if", "then", "else")]
    return parts[-1] == "if" if parts else tokens[0].text in ("when", "needs")


def _behind(tokens: tuple[Token, ...], index: int) -> str:
    """Return what stands behind the word ``to``, as written."""
    after = tokens[index + 1 : index + 2]
    return after[0].text if after and tokens[index].text == "to" else "…"


def without_commas(written: str) -> tuple[str, str | None]:
    """Say how a number with commas is written, and the one number that it can be, if there is only one."""
    whole, *groups = written.split(",")
    last, _, places = groups[-1].partition(".")
    if "." in whole:
        return "write it out in digits, with one point before the decimals: `1000`, `0.5`", None
    grouped = all(len(each) == _GROUP for each in (*groups[:-1], last)) and len(whole) <= _GROUP and whole[0] != "0"
    if grouped and (len(groups) > 1 or places):
        plain = "".join((whole, *groups))
        return f"write `{plain}`", plain
    if len(groups) == 1 and not places:
        point = f"{whole}.{last}".removesuffix(".000")
        if len(last) == _GROUP and whole[0] != "0":
            return f"write `{whole}{last}`, or `{point}` if the comma begins the decimals", None
        return f"write `{point}`", point
    return "write it out in digits, with a point before the decimals: `1000`, `0.5`", None
