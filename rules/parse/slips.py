"""Takes a line with a token that has no place in it; gives what help says of slips that people often make."""

from __future__ import annotations

from typing import Final

from tallystick.rules.parse.choice_slips import of_choices
from tallystick.rules.parse.clause_slips import of_clause
from tallystick.rules.parse.comparison_slips import (
    JOINED,
    OPPOSITE,
    SIGNS,
    before_a_number,
    between,
    of_several,
    sign_of,
)
from tallystick.rules.parse.token_runs import ENDS_A_VALUE, begin_of_value, in_a_call, written
from tallystick.rules.parse.tokens import OR_ELSE, Token, TokenKind
from tallystick.rules.parse.words import FUNCTIONS, LINE_WORDS, RESERVED
from tallystick.rules.written_days import how_written

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
_NOTHING: Final = frozenset(["none", "null", "nil", "empty", "blank", "undefined", "unknown", "absent", "unset"])
_SOMETHING: Final = frozenset(["given", "known", "present", "set", "filled", "there", "available", "defined"])
_YES_NO: Final = {"true": "yes", "false": "no"}
_ARTICLES: Final = frozenset(["the", "a", "an"])
_BE: Final = frozenset(["are", "was", "were", "be"])
_HAVE: Final = frozenset(["has", "have", "is"])
_OF_TEXTS: Final = {
    "begins": "starts with", "begin": "starts with", "start": "starts with", "starts_with": "starts with",
    "startswith": "starts with", "starting": "starts with", "end": "ends with", "ends_with": "ends with",
    "endswith": "ends with", "ending": "ends with", "includes": "contains", "include": "contains",
    "contain": "contains", "containing": "contains", "has": "contains", "matches": "contains",
}  # fmt: skip
"""Words that compare texts elsewhere."""
_TESTS: Final = {"contains": "contains", "starts": "starts with", "ends": "ends with"}
_COUNTED: Final = frozenset(["count", "sum", "distinct", "average", "highest", "lowest", "latest"])
_VALUED: Final = frozenset(["points", "level", "weight", "=", "when", "needs"])
_LIMITS: Final = frozenset(["keep", "total", "at", "within", "rounded"])
"""What begins a line with a limit, in which nothing is multiplied."""
_GROUP: Final = 3
_EACH: Final = frozenset(["per", "for", "each", "every"])
_OF_SEVERAL: Final = frozenset(["min", "max"])
"""Functions that take more than one value."""
_FUNCTIONS: Final = (
    (frozenset(["lower", "upper", "lcase", "ucase", "lowercase", "uppercase"]), "write `a = b ignoring case`"),
    (frozenset(["log"]), "write `ln(…)`, or `log10(…)`"),
    (frozenset(["average", "avg", "mean"]), "add the values and divide: `(a + b) / 2`"),
    (frozenset(["pow", "power"]), "multiply the value by itself"),
    (frozenset(["ceil"]), "write `ceiling(…)`"),
    (frozenset(["today", "now", "date", "datediff", "date_diff", "age"]), "write `days since …`, or `years since …`"),
    (frozenset(["coalesce", "ifnull", "if_null", "isnull", "iferror", "nvl"]), "write `(… or else 0)`"),
    (frozenset(["countif", "countifs", "sumif", "sumifs"]), "make it a measure of its own, and name that here"),
    (_COUNTED, "make it a measure of its own, and name that here"),
    (frozenset(["clamp"]), "write `min(max(a, 0), 100)`"),
    (frozenset(["rank", "percentile", "percentrank"]), "no score reads those of others: make it an attribute"),
)
"""Functions that there are elsewhere, and what is written here."""


def instead_of(function: str) -> str | None:
    """Say what to write for a function that there is elsewhere."""
    return next((advice for names, advice in _FUNCTIONS if function in names), None)


def advice(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Say what to write in place of the token at ``index``, which cannot follow the one before it."""
    token, before = tokens[index], tokens[index - 1]
    if token.text == "from" and [each.kind for each in tokens[index + 1 : index + 2]] == [TokenKind.TEXT]:
        return f"write `{tokens[0].text} from {tokens[index + 1].text} …`: the column stands before the type"
    if token.text == OR_ELSE and "TO" in expected and (said := _of_a_first_day(tokens, index)) is not None:
        return said
    if token.text == ":" and "COLON" not in expected and expected != {"EQUAL"}:
        return "write `then`" if "THEN" in expected else "leave out the colon"
    if token.kind is TokenKind.VERSION and (said := how_written(token.text)) is not None:
        return said
    if (listed := of_several(tokens, index, expected)) is not None:
        return listed
    if before.kind is TokenKind.TEXT and token.start == before.end and token.kind in (TokenKind.WORD, TokenKind.TEXT):
        return r"write `\"` for a quote inside of a text"
    if before.text in ("is", "not") and (sign := sign_of(tokens, index)) is not None:
        return f"write `{sign}`"
    if before.text in ("is", "not") and token.text == "between":
        return between(tokens, index)
    if "MISSING" in expected and before.text in ("is", "not") and before_a_number(tokens, index):
        return "write a sign in place of the words: `=`, `!=`, `<`, `<=`, `>` or `>=`"
    if "MISSING" in expected and before.text in ("is", "not"):
        return _of_being(tokens, index)
    if (said := of_clause(tokens, index, expected)) is not None or "WHOLE" in expected:
        return said
    said = _of_texts(tokens, index, expected) or _of_counting(tokens, index) or of_choices(tokens, index)
    if said is not None:
        return said
    if token.text == "-" and "TO" in expected and tokens[index + 1 : index + 2] and before.kind is TokenKind.NUMBER:
        return f"write `{before.text} to {tokens[index + 1].text}`"
    return _of_values(tokens, index, expected) if "STAR" in expected else None


def at_a_name(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Say what to write in place of a reserved word at ``index``, where a name is expected and none is meant."""
    word, before = tokens[index].text, tokens[index - 1].text
    following = tokens[index + 1 : index + 2]
    if word == "is" and expected == {"NAME"}:
        return "leave out `is`"
    if word != "missing" or "DECIMAL" not in expected:
        return None
    if before in ("=", "!="):
        return f"write `is {'not ' if before == '!=' else ''}missing`"
    named = following[0].text if following and following[0].kind is TokenKind.WORD else "…"
    return f"write `{named} is {'not ' if before == 'not' else ''}missing`"


def _of_a_first_day(tokens: tuple[Token, ...], index: int) -> str | None:
    """Say how the first of two days takes ``or else``: ``days from (joined or else 2020-01-01) to …``."""
    begin = max((at for at in range(index) if tokens[at].text == "from"), default=None)
    if begin is None or not tokens[index + 1 : index + 2]:
        return None
    words = " ".join(each.text for each in tokens[begin + 1 : index + 2]).replace(" . ", ".")
    return f"write `({words})`"


def _of_being(tokens: tuple[Token, ...], index: int) -> str | None:
    """Say what is written for ``is`` and ``is not`` before a value."""
    token, before = tokens[index], tokens[index - 1]
    sign, opposite = ("=", "!=") if before.text == "is" else ("!=", "=")
    if token.text in _YES_NO:
        return f"write `{sign} {_YES_NO[token.text]}`"
    if token.text in _ARTICLES and [each.kind for each in tokens[index + 1 : index + 2]] == [TokenKind.WORD]:
        return f"write `{sign} {tokens[index + 1].text}`"
    if token.kind is TokenKind.SYMBOL:
        return f"write `{sign}`"
    words = [each.text for each in tokens[index + 1 : index + 4]]
    if words[:1] == ["or"] and (bound := SIGNS.get("".join(words[1:2]), "")) in OPPOSITE and bound != "=":
        order = f"{bound}=" if before.text == "is" else OPPOSITE[f"{bound}="]
        return f"write `{order} {token.text}`" if "".join(words[2:]) in ("", *JOINED) else None
    named = f"`{sign} {token.text}`"
    if token.text in _NOTHING or token.text in _SOMETHING:
        missing = (sign if token.text in _NOTHING else opposite) == "="
        return f"write `is {'' if missing else 'not '}missing`, or {named} if that is a value"
    return f"write {named}"


def _of_been(tokens: tuple[Token, ...], index: int) -> str | None:
    """Say what is written for ``are``, ``was`` and ``were``, which are read as ``is``."""
    after = index + 1 + ([each.text for each in tokens[index + 1 : index + 2]] == ["not"])
    if after >= len(tokens):
        return None
    if tokens[after].text == "missing":
        return f"write `is {'not ' if tokens[after - 1].text == 'not' else ''}missing`"
    read = (*tokens[:index], tokens[index]._replace(text="is"), *tokens[index + 1 :])
    return advice(read, after, frozenset(["MISSING"]))


def _of_texts(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise comparisons of texts, and tests for what is missing, as they are written elsewhere."""
    token, before = tokens[index], tokens[index - 1]
    following = [each.text for each in tokens[index + 1 : index + 4]]
    if expected == {"WITH"}:
        return "write `with`"
    if before.text == "not" and expected == {"IN"}:
        if token.text == "missing":
            return "write `is not missing`"
        test = _TESTS.get(token.text) or _OF_TEXTS.get(token.text)
        return None if test is None else _not_so(tokens, index - 1, test)
    if "CONTAINS" not in expected:
        return None
    if token.text == "exists":
        return "write `is not missing`"
    if token.text in ("does", "do", "doesnt") and (following[:1] == ["not"] or token.text == "doesnt"):
        word = next((word for word in following if word in _OF_TEXTS), None)
        return None if word is None else _not_so(tokens, index, _OF_TEXTS[word])
    return f"write `{_OF_TEXTS[token.text]}`" if token.text in _OF_TEXTS else None


def _not_so(tokens: tuple[Token, ...], end: int, test: str) -> str:
    """Say how it is written that a text does not pass a test; the value before it ends at ``end``."""
    value = written(tokens[begin_of_value(tokens, end) : end])
    text = next((each.text for each in tokens[end:] if each.kind is TokenKind.TEXT), '"…"')
    return f"write `not ({value} {test} {text})`"


def _of_counting(tokens: tuple[Token, ...], index: int) -> str | None:
    """Recognise what is said of a measure before its name: ``at least 3 posts``, ``count post`` in a formula."""
    token, before, first = tokens[index], tokens[index - 1], tokens[0].text
    if before.text in _COUNTED and first in _VALUED and token.kind is TokenKind.WORD:
        return "make it a measure of its own, and name that here"
    if index != 2 or first not in ("when", "needs"):  # noqa: PLR2004 (the third word)
        return None
    if before.text in _HAVE and token.kind is TokenKind.WORD:
        return f"leave out `{before.text}`"
    number = next((at for at in range(1, len(tokens)) if tokens[at].kind is TokenKind.NUMBER), len(tokens))
    sign = sign_of(tokens, 1) if before.text in SIGNS or before.text == "at" else None
    if sign is None or [each.kind for each in tokens[number + 1 : number + 2]] != [TokenKind.WORD]:
        return None
    return f"write `{tokens[number + 1].text} {sign} {tokens[number].text}`"


def _of_a_call(tokens: tuple[Token, ...], index: int) -> str | None:
    """Say how a function is written that stands before its values without parentheses."""
    name, at = tokens[index - 1].text, index
    values = [tokens[at].text]
    several = name in _OF_SEVERAL and not in_a_call(tokens, index)
    while several and [each.text for each in tokens[at + 1 : at + 2]] == [","] and tokens[at + 2 :]:
        at += 2
        values.append(tokens[at].text)
    plain = all(each.kind in (TokenKind.WORD, TokenKind.NUMBER) for each in tokens[index : at + 1 : 2])
    after = tokens[at + 1].text if at + 1 < len(tokens) else ")"
    ends = after in {*ENDS_A_VALUE, ")"} and (after != "," or tokens[0].text == "level")
    if not plain or not ends or (name in _OF_SEVERAL and len(values) == 1):
        return None
    return f"write `{name}({', '.join(values)})`"


def _of_values(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise units, percentages and products behind a value."""
    token, before = tokens[index], tokens[index - 1]
    counted = before.kind is TokenKind.NUMBER
    if token.text == "at" and not ("LESS" in expected and _in_a_condition(tokens, index)):
        return None
    if (sign := sign_of(tokens, index)) is not None:
        asked = tokens[0].text == "when" or "if" in [each.text for each in tokens[:index]]
        number = [each.kind for each in tokens[index + 1 : index + 2]] == [TokenKind.NUMBER]
        either = token.text == "over" and not (asked and number)
        return "write `/` to divide, or `>` to compare" if either else f"write `{sign}`"
    if token.text == "between":
        return between(tokens, index)
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
    if token.text in _BE:
        return _of_been(tokens, index)
    if counted and token.kind is TokenKind.NUMBER and len(token.text) == _GROUP and token.start == before.end + 1:
        return f"write `{before.text}{token.text}`"
    if before.text in FUNCTIONS and token.kind in (TokenKind.WORD, TokenKind.NUMBER):
        return _of_a_call(tokens, index)
    if (
        counted
        and token.kind is TokenKind.WORD
        and tokens[0].text not in _LIMITS
        and token.text not in LINE_WORDS | RESERVED
    ):
        return f"write `{before.text} * {token.text}` to multiply"
    return None


def _in_a_condition(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a condition stands at ``index``: behind ``when`` or ``needs``, or between ``if`` and its ``then``."""
    parts = [each.text for each in tokens[:index] if each.text in ("if", "then", "else")]
    return parts[-1] == "if" if parts else tokens[0].text in ("when", "needs")


def without_commas(number: str) -> tuple[str, str | None]:
    """Say how a number with commas is written, and the one number that it can be, if there is only one."""
    whole, *groups = number.split(",")
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
