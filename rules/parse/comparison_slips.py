"""Takes words that stand for a comparison, from some place of a line on; gives how the comparison is written."""

from __future__ import annotations

from itertools import takewhile
from typing import Final

from tallystick.rules.parse.token_runs import ENDS_A_VALUE, begin_of_value, depth_of, written
from tallystick.rules.parse.tokens import Token, TokenKind

SIGNS: Final = {
    "above": ">",
    "over": ">",
    "greater": ">",
    "more": ">",
    "below": "<",
    "under": "<",
    "less": "<",
    "fewer": "<",
    "after": ">",
    "later": ">",
    "higher": ">",
    "larger": ">",
    "bigger": ">",
    "exceeds": ">",
    "before": "<",
    "earlier": "<",
    "lower": "<",
    "smaller": "<",
    "equals": "=",
    "equal": "=",
    "minus": "-",
    "plus": "+",
}
"""Words for a sign, where an operator can stand."""
_BETWEEN_SIGNS: Final = frozenset(["than", "to", "or"])
OPPOSITE: Final = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "=": "!=", "!=": "="}
"""Each sign with the one that says that it is not so."""
_AT: Final = {"least": ">=", "most": "<="}
_AFTER_A_VALUE: Final = frozenset(["and", "then", "else", ")"])
JOINED: Final = _AFTER_A_VALUE | {"or"}
"""What can stand behind a whole comparison."""
_SOME: Final = frozenset(["one", "any", "some", "none"])
_MEASURED: Final = frozenset([TokenKind.NUMBER, TokenKind.DATE, TokenKind.MOMENT])


def sign_of(tokens: tuple[Token, ...], index: int) -> str | None:
    """Return the sign that words from ``index`` on mean: ``<=`` for ``less than or equal to``, also behind ``not``.

    Where no value follows, as in ``kind is over and consent``, the word is a value itself.
    """
    following = [each.text for each in tokens[index:]]
    turned = tokens[index - 1].text == "not"
    if following[0] == "at" and len(following) > 2 and following[1] in _AT:  # noqa: PLR2004 (a value follows)
        return OPPOSITE[_AT[following[1]]] if turned else _AT[following[1]]
    if len(following) > 3 and following[1] == "or" and "on" in (following[0], following[2]):  # noqa: PLR2004
        side = SIGNS.get(following[2] if following[0] == "on" else following[0], "")
        if side in ("<", ">") and following[3] not in JOINED:
            return OPPOSITE[f"{side}="] if turned else f"{side}="
    if following[0] == "no":
        following, turned = following[1:] or [""], not turned
    words = list(takewhile(lambda word: word in SIGNS or word in _BETWEEN_SIGNS, following))
    if following[0] not in SIGNS:
        return None
    sign = SIGNS[words[0]]
    again = following[len(words) : len(words) + 2]
    if words[-1] == "or" and again[:1] == ["at"] and _AT.get(again[-1]) == f"{sign}=":
        return OPPOSITE[f"{sign}="] if turned else f"{sign}="
    if words[-1] == "or" or [*following, "and"][len(words)] in _AFTER_A_VALUE:
        return None
    others = {SIGNS[word] for word in words[1:] if word in SIGNS}
    if {sign, *others} >= {"<", ">"}:
        sign = "!="
    elif sign in ("<", ">") and "=" in others:
        sign += "="
    elif sign == "=" and "or" in words and len(order := others & {"<", ">"}) == 1:
        sign = f"{order.pop()}="
    return OPPOSITE.get(sign) if turned else sign


def of_several(tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> str | None:
    """Recognise a value that is compared with several at once: ``is one of a, b``, ``is in (a, b)``, ``in a, b``."""
    token, before = tokens[index], tokens[index - 1]
    words = [each.text for each in tokens[index : index + 2]]
    if before.text == "in" and expected == {"LPAR"}:
        return f"write `in {_in_parentheses(tokens, index)}`"
    if not (before.text in ("is", "not") or "IN" in expected):
        return None
    if token.text in _SOME and words[1:] == ["of"]:
        after = index + 2
    elif before.text in ("is", "not") and token.text in ("either", "neither", "in"):
        after = index + 1
    else:
        return None
    outside = (before.text == "not") != (token.text in ("none", "neither"))
    return f"write `{'not ' if outside else ''}in {_in_parentheses(tokens, after)}`"


def _in_parentheses(tokens: tuple[Token, ...], index: int) -> str:
    """Return the values that are listed from ``index`` on, as they are written behind ``in``.

    Behind an ``and`` another value may stand, or a condition: ``…`` leaves it open.
    """
    values: list[str] = []
    words = [*(each.text for each in tokens), ")", ")", ")"]
    opened = words[index] == "("
    at, joint = index + opened, ","
    while at < len(tokens) and (value := _listed(tokens, at)) is not None:
        values.append(value)
        earlier, joint = joint, words[at + 1]
        if joint == "and" and not opened:
            open_ = earlier == "," and words[at + 3] in JOINED and _listed(tokens, at + 2) is not None
            joint = "," if open_ else joint
            break
        if joint not in (",", "or", "nor", "and"):
            break
        at += 2 + (joint == "," and words[at + 2] in ("and", "or"))
    return f"({', '.join([*values, *(['…'] if joint == ',' else [])])})"


def _listed(tokens: tuple[Token, ...], index: int) -> str | None:
    """Return the one value that stands at ``index`` in a list, if nothing is worked out of it."""
    token = tokens[index]
    after = tokens[index + 1].text if index + 1 < len(tokens) else ")"
    plain = token.text not in ENDS_A_VALUE and token.kind is not TokenKind.SYMBOL
    return token.text if plain and after in {",", "nor", *JOINED} else None


def between(tokens: tuple[Token, ...], index: int) -> str:
    """Say what is written for ``between``, also behind ``is``, ``not`` and ``is not``."""
    end = next((at for at in range(index, 0, -1) if tokens[at - 1].text not in ("is", "not")), 1)
    begin = begin_of_value(tokens, end)
    value = written(tokens[begin:end])
    if any(tokens[at].text == "or else" and depth_of(tokens[begin:at]) == 0 for at in range(begin, end)):
        value = f"({value})"
    bounds = tokens[index + 1 : index + 4]
    after = tokens[index + 4].text if index + 4 < len(tokens) else ")"
    least, most = "…", "…"
    if [each.text for each in bounds[1:2]] == ["and"] and len(bounds) == 3 and after in JOINED:  # noqa: PLR2004 (a value, `and`, a value)
        least, most = bounds[0].text, bounds[2].text
    if tokens[index - 1].text == "not":
        return f"write `({value} < {least} or {value} > {most})`"
    both = f"{value} >= {least} and {value} <= {most}"
    joined = tokens[begin - 1].text in ("not", "or") or after == "or"
    return f"write `({both})`" if joined else f"write `{both}`"


def before_a_number(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether words from ``index`` on lead to a number or a day, so that the first of them is no value."""
    words = list(takewhile(lambda each: each.kind is TokenKind.WORD and each.text not in JOINED, tokens[index:]))
    after = tokens[index + len(words) : index + len(words) + 1]
    return bool(words) and [each.kind for each in after if each.kind in _MEASURED] != []
