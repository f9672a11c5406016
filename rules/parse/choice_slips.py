"""Takes a line with a choice that is written as elsewhere; gives what help says of it."""

from __future__ import annotations

from typing import Final

from tallystick.rules.parse.token_runs import depth_of, in_a_call, part_around, written
from tallystick.rules.parse.tokens import Token

_ELSE_IF: Final = frozenset(["elseif", "elif", "elsif"])


def of_choices(tokens: tuple[Token, ...], index: int) -> str | None:
    """Recognise a choice that is written as elsewhere: ``5 if a > 3``, ``if a > 3, 5, 0``."""
    token, words = tokens[index], [each.text for each in tokens]
    if token.text in _ELSE_IF and "if" in words[:index]:
        return "write `else if`"
    if token.text == "," and "if" in words[:index] and "then" not in words[:index]:
        return "write `if … then … else …`"
    if words[1] == "case" and token.text == "when":
        return "write `if … then … else …`"
    if token.text != "if" or "if" in words[:index] or words[0] not in ("points", "=", "level"):
        return None
    begin, end = part_around(tokens, index)
    opened = tokens[begin - 1].text == "("
    if not opened and (tokens[begin - 1].text == "," or end < len(tokens)) and not in_a_call(tokens, index):
        return None
    chosen = None if "else" in words[end:] else _choice(tokens[begin:end])
    plain = opened and words[end : end + 1] == [")"] and not in_a_call(tokens, index)
    return None if chosen is None else f"write `({chosen})`" if plain else f"write `{chosen}`"


def _choice(tokens: tuple[Token, ...]) -> str | None:
    """Return a choice in the order of this language, or nothing where its parts are not plain."""
    words = [each.text for each in tokens]
    outside = [at for at in range(len(words)) if depth_of(tokens[:at]) == 0]
    first = next((at for at in outside if words[at] == "if"), None)
    if first is None:
        return None if "if" in words or "else" in words or not words else written(tokens)
    end = next((at for at in outside if words[at] == "else"), len(words))
    value, condition, rest = tokens[:first], tokens[first + 1 : end], tokens[end + 1 :]
    other = _choice(rest) if rest else "0"
    if not value or other is None or {"if", "else", "then"} & {each.text for each in (*value, *condition)}:
        return None
    return f"if {written(condition) or '…'} then {written(value)} else {other}"
