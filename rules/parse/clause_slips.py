"""Takes a line with a token that has no place in it; gives what help says of slips in fields, measures, rules, tables,
bands and examples. Slips in values and conditions are told elsewhere."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from tallystick.rules.parse.line_slips import name_missing
from tallystick.rules.parse.row_slips import bounds
from tallystick.rules.parse.tokens import Token, TokenKind
from tallystick.rules.parse.words import LINE_WORDS

_OF_LATE: Final = frozenset(["the", "last", "past"])
_SPANS: Final = frozenset(["day", "days", "week", "weeks"])
_AGGREGATES: Final = frozenset(["sum", "average", "highest", "lowest", "latest", "days"])
_COUNTED: Final = _AGGREGATES | {"count", "distinct"}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_QUOTED_NUMBER: Final = re.compile(r'"-?[0-9]+(\.[0-9]+)?"')
_NAMED: Final = frozenset(["parameter", "require", "exclude", "discount", "measure", "facet", "rule", "from"])
"""What begins a line in which a name stands before a text."""
_PERIODS: Final = {"daily": "day", "weekly": "week", "monthly": "month", "day": "day", "week": "week", "month": "month"}
_PLACES: Final = frozenset(["decimal", "decimals", "digit", "digits", "dp"])
_REQUIRED: Final = frozenset(["required", "mandatory", "not"])
_MOST: Final = frozenset(["up", "at", "max", "maximum", "below", "under"])
_LEAST: Final = frozenset(["min", "minimum", "above", "over", "from"])
_MORE: Final = frozenset(["more", "above", "over", "up", "higher", "greater", "later", "older"])
_SHAPES: Final = frozenset(["linear", "logarithmic", "log", "square", "sqrt"])
_WHERE: Final = frozenset(["where", "if", "with", "having", "and"])
_DURING: Final = frozenset(["in", "during", "over", "since", "for", "from"])
_EDGES: Final = frozenset(["above", "over", "under", "below", "up", "at", "to"])

_TYPES: Final = (
    (frozenset(["boolean", "bool", "flag", "true", "y", "bit"]), "yes/no"),
    (frozenset(["string", "str", "varchar", "char", "id", "uuid", "user", "email", "url", "name"]), "text"),
    (frozenset(["integer", "int", "bigint", "count"]), "whole number"),
    (frozenset(["decimal", "float", "double", "real", "numeric", "money", "currency", "amount", "percent"]), "number"),
    (frozenset(["datetime", "timestamp", "moment"]), "time"),
    (frozenset(["enum", "choice", "category"]), "one of …"),
)
"""Types of fields by the names that they have elsewhere."""


def of_clause(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Say what to write in place of the token at ``index``, which cannot follow the one before it."""
    if "WHOLE" in expected:
        return _of_types(tokens, index)
    return (
        _of_words_left_out(tokens, index, expected)
        or _of_fields(tokens, index, expected)
        or _of_words_too_many(tokens, index, expected)
        or _of_values_listed(tokens, index, expected)
        or _of_limits(tokens, index, expected)
        or _of_rows(tokens, index, expected)
        or _of_shapes(tokens, index, expected)
        or _of_measures(tokens, index, expected)
        or _of_bands_and_examples(tokens, index, expected)
    )


def _of_words_left_out(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise a name that is left out before a title, or is written in two words."""
    token, before, first = tokens[index], tokens[index - 1], tokens[0].text
    if expected == {"NAME"} and token.kind is TokenKind.TEXT and first in _NAMED:
        written = " ".join(each.text for each in tokens[:index])
        return name_missing(written, token.text)
    words = [each for each in tokens[1:] if each.kind is TokenKind.WORD]
    following = [each.kind for each in tokens[index + 1 : index + 2]]
    if first in _NAMED - {"from"} and index == 2 and token in words and following == [TokenKind.TEXT]:  # noqa: PLR2004
        return f"a name is one word: write `{before.text}_{token.text}`"
    return None


def _of_words_too_many(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise a sign, quotes or a word that stands before a value without need."""
    token, before = tokens[index], tokens[index - 1]
    if "DECIMAL" in expected and token.text in ("=", "+") and not expected & {"EQUAL", "PLUS"}:
        return f"leave out `{token.text}`"
    if "DECIMAL" in expected and "QUOTED" not in expected and _QUOTED_NUMBER.fullmatch(token.text):
        return f"write `{token.text[1:-1]}`, without quotes"
    if expected == {"ISO_DATE"} and [each.kind for each in tokens[index + 1 : index + 2]] == [TokenKind.DATE]:
        return f"leave out `{token.text}`"
    if token.text in ("point", "points") and before.kind is TokenKind.NUMBER:
        return f"leave out `{token.text}`"
    if token.text == "," and "_NL" in expected and tokens[index + 1 : index + 2]:
        word = tokens[index + 1].text
        return f"begin a new line with `{word}`, without the comma" if word in LINE_WORDS else None
    if token.text == "up" and "_NL" in expected and tokens[0].text in ("points", "sum"):
        return f"write `at most {_behind(tokens, index + 1)}` on a line of its own"
    return None


def _of_fields(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise what is said of a field's values as elsewhere."""
    token, name = tokens[index], tokens[0].text
    following = [each.text for each in tokens[index + 1 : index + 4]]
    number = next((each.text for each in tokens[index:] if each.kind is TokenKind.NUMBER), "100")
    if {"PLACE", "PLACES"} & expected and token.text in _PLACES:
        count = tokens[index - 1].text
        return f"write `{count} {'place' if count == '1' else 'places'}`"
    if tokens[0].text == "rounded" and expected == {"DECIMAL"} and token.text in ("integer", "integers", "whole"):
        return "write `rounded to 0 places`"
    if "OPTIONAL" not in expected:
        return None
    if token.text == "between" and following[1:2] == ["and"]:
        return f"write `{following[0]} to {following[2]}`" if following[2:] else None
    if "DECIMAL" in expected and ((token.text in _LEAST and "to" not in following) or following[:1] == ["least"]):
        return f"write both ends: `{number} to` and the greatest value that there can be"
    if token.text in _MOST and "DECIMAL" in expected:
        return f"write both ends: `0 to {number}`"
    if token.text == "(":
        return "leave out the parentheses"
    if token.text in _REQUIRED:
        return "leave it out: what is not `optional` must be there"
    if token.text in ("default", "="):
        return f"write `optional`, and `({name} or else {number if number in following else 0})` where it is read"
    if token.text in ("as", "in", "column") and following[:1] and following[0].startswith('"'):
        return f"write `{name} from {following[0]} …`: the column stands before the type"
    return None


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
    if words[-2:] == ["one", "of"] and token.text == "(":
        return "leave out the parentheses: the values stand behind `one of`, separated by commas"
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
    if first == "keep" and before.text != "per" and "PER" in expected:
        return _of_periods(tokens, index)
    period = tokens[index - 2].text if index > 1 and before.text == "per" else ""
    if first == "keep" and period in _PERIODS:
        return f"name the field first: `per {token.text} per {period}`"
    if index == 2 and before.text == "of" and first in ("level", "points", "weight"):  # noqa: PLR2004 (the third word)
        return "leave out `of`"
    return None


def _of_periods(tokens: tuple[Token, ...], index: int) -> str | None:
    """Recognise a period that is said otherwise: ``each week``, ``weekly``."""
    token, following = tokens[index].text, [each.text for each in tokens[index + 1 : index + 2]]
    period = _PERIODS.get(token) or next((_PERIODS[word] for word in following if word in _PERIODS), None)
    of_time = token in _PERIODS or token in ("a", "an", "each", "every", "and", "in", "within")
    if period is None or not of_time:
        return None
    named = "per" in [each.text for each in tokens[:index]]
    return f"write `per {period}`" if named else f"write `per subject per {period}`, or another field for `subject`"


def _of_rows(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise the bounds of a table's row as they are written elsewhere, and words behind its reason."""
    token, before = tokens[index], tokens[index - 1]
    following = [each.text for each in tokens[index + 1 : index + 2]]
    if expected == {"MORE"} and token.text in _MORE and following == [":"]:
        return "write `more`"
    if (expected >= {"COLON", "TO"} or expected == {"MORE"}) and (meant := bounds(tokens)) is not None:
        return f"write `{meant}`"
    if "COLON" in expected and before.kind is TokenKind.NUMBER and token.kind is TokenKind.WORD and following == [":"]:
        return f"write `{before.text}%`" if token.text in ("percent", "pct") else f"leave out `{token.text}`"
    if token.kind is TokenKind.TEXT and index > 2 and tokens[index - 2].text == "reason":  # noqa: PLR2004 (the code)
        return f"put the words before the reason: write `{token.text} reason {before.text}`"
    return None


def _of_shapes(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise shapes of a level by the names that they have elsewhere."""
    token, before = tokens[index], tokens[index - 1]
    if before.text == "log" and "NORMAL" in expected:
        return f"write `logarithmic to {_behind(tokens, index)}`"
    if token.text == "sqrt" and "SQUARE" in expected:
        return f"write `square root to {_behind(tokens, index + 1)}`"
    if token.text in _SHAPES and "COMMA" in expected and tokens[0].text == "level":
        return f"put a comma before `{token.text}`"
    if expected == {"TO"} and tokens[0].text == "level" and (full := _behind_to(tokens, index)) is not None:
        return f"write `{before.text} to {full}`"
    if tokens[0].text == "points" and before.text in ("for", "per") and index == 2:  # noqa: PLR2004 (the third word)
        return "write `points by …`"
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
    if first in _COUNTED and token.text in _WHERE and "_NL" in expected:
        return "begin a new line with `when`"
    if first in _COUNTED and token.text in _DURING and "_NL" in expected:
        spans = (at for at in range(index + 1, len(tokens)) if tokens[at].text in _SPANS)
        at = next((at for at in spans if tokens[at - 1].kind is TokenKind.NUMBER), None)
        shown = "90 days" if at is None else f"{tokens[at - 1].text} {tokens[at].text}"
        return f"write `within {shown}` on a line of its own"
    if first == "count" and before.text == "kind" and token.text in ("=", "in", "is"):
        return "name the kinds alone, as in `count post`"
    return None


def _of_bands_and_examples(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise where a band begins, and what an example expects, as they are written elsewhere."""
    token, before, first = tokens[index], tokens[index - 1], tokens[0].text
    texts = [each.text for each in tokens]
    if first == "from" and before.text == "to" and token.kind is TokenKind.NUMBER:
        return f"leave out `to {token.text}`: a band goes up to where the next begins"
    if expected == {"QUOTED"} and index == 1 and first in _EDGES:
        return _of_edges(tokens)
    if expected == {"QUOTED"} and texts[1:2] == ["from"] and index == 1 and len(texts) > 2:  # noqa: PLR2004
        return f'write `from {texts[2]} {first} "…"`'
    if first == "expect" and index == 2 and (token.text == "=" or token.kind is TokenKind.NUMBER):  # noqa: PLR2004
        return f"write `score {texts[-1]}` on a line of its own under it"
    if expected == {"OF"} and first == "as" and token.text == "-":
        return "write `as of …`"
    return None


def _of_edges(tokens: tuple[Token, ...]) -> str | None:
    """Recognise where a band is said to begin or to end: ``above 50``, ``up to 50``."""
    words = [each.text for each in takewhile(lambda each: each.kind is TokenKind.WORD, tokens)]
    number = next((each.text for each in tokens[len(words) : len(words) + 1] if each.kind is TokenKind.NUMBER), None)
    if number is None:
        return None
    if words == ["at", "least"]:
        return f"write `from {number} …`"
    if words in (["above"], ["over"]):
        return f"a band begins with its number: `from {number} …` has {number} itself in it"
    return "say where each band begins: `from 0 …`"


def _behind(tokens: tuple[Token, ...], index: int) -> str:
    """Return what stands behind the word ``to``, as written."""
    after = tokens[index + 1 : index + 2]
    return after[0].text if after and tokens[index].text == "to" else "…"


def _behind_to(tokens: tuple[Token, ...], index: int) -> str | None:
    """Return what stands behind the first ``to`` from ``index`` on."""
    return next((tokens[at + 1].text for at in range(index, len(tokens) - 1) if tokens[at].text == "to"), None)
