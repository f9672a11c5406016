"""Takes tokens of a line; gives which part of it one stands in, where a value begins, and what runs of them say."""

from __future__ import annotations

from typing import Final

from tallystick.rules.parse.tokens import Token
from tallystick.rules.parse.words import FUNCTIONS

ENDS_A_VALUE: Final = frozenset(
    ["and", "or", "not", "if", "then", "else", "in", "is", ",", "=", "!=", "<", "<=", ">", ">="]
)
"""What a value that is compared cannot begin with, nor go on over."""


def part_around(tokens: tuple[Token, ...], index: int) -> tuple[int, int]:
    """Return where the part begins and ends that ``index`` is in: between parentheses, or between commas in them."""
    begin, end, depth = index, index, 0
    while begin > 1 and not (depth == 0 and tokens[begin - 1].text in ("(", ",")):
        depth += {")": 1, "(": -1}.get(tokens[begin - 1].text, 0)
        begin -= 1
    depth = 0
    while end < len(tokens) and not (depth == 0 and tokens[end].text in (")", ",")):
        depth += {"(": 1, ")": -1}.get(tokens[end].text, 0)
        end += 1
    return begin, end


def in_a_call(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether the innermost parentheses around ``index`` hold what a function takes."""
    depth = 0
    for at in range(index - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(tokens[at].text, 0)
        if depth < 0:
            return tokens[at - 1].text in FUNCTIONS
    return False


def begin_of_value(tokens: tuple[Token, ...], end: int) -> int:
    """Return where the value begins that ends before ``end``: behind the words that no value goes on over, and behind
    the parenthesis it stands in."""
    depth = 0
    for at in range(end - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(tokens[at].text, 0)
        if depth < 0 or (depth == 0 and tokens[at].text in ENDS_A_VALUE):
            return at + 1
    return 1


def depth_of(tokens: tuple[Token, ...]) -> int:
    """Return how many parentheses are open behind them."""
    return sum({"(": 1, ")": -1}.get(each.text, 0) for each in tokens)


def written(tokens: tuple[Token, ...]) -> str:
    """Return what stands there, with a blank wherever there is one."""
    ends = (tokens[0].start, *(each.end for each in tokens)) if tokens else ()
    return "".join((" " if each.start > end else "") + each.text for end, each in zip(ends, tokens, strict=False))
