"""Takes a token that the grammar has no place for, and what it has a place for; finds out which mistake it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.parse import line_slips, slips
from tallystick.rules.parse.token_runs import depth_of
from tallystick.rules.parse.tokens import Token, TokenKind
from tallystick.rules.parse.words import FUNCTIONS, LINE_WORDS, RESERVED
from tallystick.rules.source import Source, Span
from tallystick.rules.spelling import near
from tallystick.rules.syntax_errors import lines as line_errors

NEWLINE: Final = "_NL"
COMPARISONS: Final = frozenset(["=", "!=", "<", "<=", ">", ">="])
_PHRASES: Final = {
    "NAME": "a name",
    "QUOTED": 'a text such as `"…"`',
    "DECIMAL": "a number",
    "ISO_DATE": "a date such as `2026-01-31`",
    "SEMVER": "a version such as `1.0.0`",
    "CELL": "a name as in the records",
    NEWLINE: "the end of the line",
}
_VALUE: Final = frozenset(["NAME", "DECIMAL", "LPAR"])
_VALUE_BEGINS: Final = frozenset(
    [
        "NAME", "DECIMAL", "LPAR", "QUOTED", "ISO_DATE", "ISO_MOMENT", "FUNCTION", "MINUS", "IF", "NOT", "DAYS",
        "YEARS", "SECONDS", "RETURNED",
    ],
)  # fmt: skip
_OPERATORS: Final = frozenset(
    [
        "PLUS", "MINUS", "STAR", "SLASH", "EQUAL", "UNEQUAL", "LESS", "LESS_OR_EQUAL", "GREATER", "GREATER_OR_EQUAL",
        "IN", "NOT", "IS", "STARTS", "ENDS", "CONTAINS", "OR_ELSE", "AND", "OR", "DOT", "PERCENT",
    ],
)  # fmt: skip
_UNITS: Final = frozenset(["DAY", "DAYS", "WEEK", "WEEKS"])
_MOST_CHOICES: Final = 16


def choices(expected: frozenset[str], words: Mapping[str, str], *, first: bool = False) -> tuple[str, ...]:
    """Say in words what can come next, or what can begin a line."""
    kinds = set(expected) - {"$END", "_INDENT", "_DEDENT", "ISO_MOMENT", "FUNCTION"}
    said: list[str] = []
    if first:
        kinds -= {NEWLINE}
    elif expected >= _VALUE:
        said.append("a value")
        kinds -= _VALUE_BEGINS
    elif len(_OPERATORS & expected) > 3:  # noqa: PLR2004 (one or two may be named)
        said.append("an operator such as `+`")
        kinds -= _OPERATORS | _UNITS
    elif "DECIMAL" in kinds:
        kinds -= {"MINUS"}
    written = {terminal: word for word, terminal in words.items()}
    said += sorted(f"`{written[kind]}`" for kind in kinds if kind in written)[:_MOST_CHOICES]
    said += [phrase for kind, phrase in _PHRASES.items() if kind in kinds]
    return tuple(said)


def keywords(expected: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """Return the keywords, as written, that can come next."""
    return [word for word, terminal in words.items() if terminal in expected and word[0].isalpha()]


def at_first(
    source: Source, tokens: tuple[Token, ...], block: str | None, expected: frozenset[str], words: Mapping[str, str]
) -> Diagnostic:
    """Tell of a line that cannot begin as it does."""
    token = tokens[0]
    if token.text == "rulebook":
        return line_errors.rulebook_twice(source, token)
    if token.text == ")":
        return line_errors.parenthesis_not_opened(source, token)
    known = token.text in LINE_WORDS
    possible = [written for written, terminal in words.items() if terminal in expected]
    if (advice := line_slips.begun_with(tokens, block, possible)) is not None:
        return line_errors.line_otherwise(source, token, block, advice, known=known)
    if "NAME" in expected and token.text in RESERVED:
        return line_errors.name_reserved(source, token)
    meant = None if known or token.kind is not TokenKind.WORD else near(token.text, keywords(expected, words))
    return line_errors.line_unexpected(source, token, block, choices(expected, words, first=True), meant, known=known)


def within(
    source: Source,
    tokens: tuple[Token, ...],
    index: int,
    possible: tuple[frozenset[str], frozenset[str]],
    words: Mapping[str, str],
    declared: frozenset[str],
) -> Diagnostic:
    """Tell of a token that cannot stand where it does; ``index`` past the end means the end of the line.

    ``possible`` says what could stand there, and before that what could stand in place of the token before it, if that
    one was read as a name. What is ``declared`` is no misspelt word.
    """
    instead, expected = possible
    before = tokens[index - 1]
    meant = None if before.text in declared else near(before.text, keywords(instead, words))
    if meant is not None and meant != before.text:
        return line_errors.word_misspelt(source, before, meant)
    if index >= len(tokens):
        return line_errors.line_unfinished(source, before, choices(expected, words))
    token = tokens[index]
    if (known := _known(source, tokens, index, expected)) is not None:
        return known
    if (advice := slips.advice(tokens, index, expected)) is not None:
        return line_errors.word_otherwise(source, token, before, advice)
    misspelt = token.kind is TokenKind.WORD and token.text not in declared
    meant = near(token.text, keywords(expected, words)) if misspelt else None
    if meant is not None:
        return line_errors.word_misspelt(source, token, meant)
    if "QUOTED" in expected and not expected & {NEWLINE, "NAME", "DECIMAL"}:
        return line_errors.text_expected(source, token, before)
    if NEWLINE in expected and token.text in LINE_WORDS:
        return line_errors.line_break_missing(source, token, before)
    return line_errors.word_unexpected(source, token, before, choices(expected, words))


def _known(source: Source, tokens: tuple[Token, ...], index: int, expected: frozenset[str]) -> Diagnostic | None:
    """Recognise the mistakes that have words of their own."""
    token, before = tokens[index], tokens[index - 1]
    if (advice := slips.at_a_name(tokens, index, expected)) is not None:
        return line_errors.word_otherwise(source, token, before, advice)
    if "COLON" not in expected and token.text in ("and", "or") and ("OR" if token.text == "and" else "AND") in expected:
        return line_errors.mixed_and_or(source, token, _earlier(tokens, index, frozenset(["and", "or"])))
    if token.text in COMPARISONS and before.text in COMPARISONS and token.start == before.end:
        return line_errors.doubled_equals(source, Span(before.start, token.end))
    following = [each.text for each in tokens[index : index + 2]]
    if before.text in ("<", ">") and following == ["or", "="]:
        return line_errors.doubled_equals(source, Span(before.start, tokens[index + 1].end))
    if token.text in COMPARISONS and (other := _earlier(tokens, index, COMPARISONS)) is not None:
        return line_errors.comparison_chained(source, token, other)
    if token.text == ")" and depth_of(tokens[:index]) == 0:
        return line_errors.parenthesis_not_opened(source, token)
    if token.text == "(" and before.kind is TokenKind.WORD and before.text not in RESERVED and "PLUS" in expected:
        return line_errors.function_unknown(source, before, FUNCTIONS, near(before.text, FUNCTIONS))
    if "NAME" in expected and token.kind is TokenKind.WORD and token.text in RESERVED:
        return line_errors.name_reserved(source, token)
    if token.text == "," and _is_grouped(tokens, index):
        return line_errors.number_grouped(source, _grouped(tokens, index))
    if token.text in ("*", "/") and token.text == before.text and token.start == before.end:
        return line_errors.doubled_sign(source, Span(before.start, token.end))
    if token.text == "-" and "QUOTED" in expected and (name := _hyphened(tokens, index)) is not None:
        return line_errors.name_hyphened(source, name)
    if "SEMVER" in expected and token.kind is TokenKind.NUMBER:
        return line_errors.version_expected(source, token.span)
    if "ISO_DATE" in expected and not expected >= _VALUE and token.kind in (TokenKind.NUMBER, TokenKind.TEXT):
        return line_errors.date_expected(source, _adjacent(tokens, index))
    return None


def _earlier(tokens: tuple[Token, ...], index: int, sought: frozenset[str]) -> Token | None:
    """Find the last of some words before a place, in the same parentheses."""
    depth = 0
    for token in reversed(tokens[:index]):
        depth += {")": 1, "(": -1}.get(token.text, 0)
        if depth < 0:
            return None
        if depth == 0 and token.text in sought and token.kind in (TokenKind.WORD, TokenKind.SYMBOL):
            return token
    return None


def _is_grouped(tokens: tuple[Token, ...], index: int) -> bool:
    """Say whether a comma stands between groups of digits, as in ``1,000``."""
    around = (tokens[index - 1], *tokens[index + 1 : index + 2])
    touching = around[0].end == tokens[index].start and around[-1].start == tokens[index].end
    return touching and all(token.kind is TokenKind.NUMBER for token in around)


def _grouped(tokens: tuple[Token, ...], index: int) -> Span:
    """Return the digits and commas that touch the comma at a place."""
    last = index + 1
    while last + 2 < len(tokens) and tokens[last + 1].text == "," and _is_grouped(tokens, last + 1):
        last += 2
    return Span(tokens[index - 1].start, tokens[last].end)


def _hyphened(tokens: tuple[Token, ...], index: int) -> Span | None:
    """Return the words that hyphens join around a place, as in ``posts-made``."""
    end = index
    while (
        tokens[end].text == "-"
        and end + 1 < len(tokens)
        and tokens[end + 1].kind is TokenKind.WORD
        and tokens[end - 1].end == tokens[end].start
        and tokens[end].end == tokens[end + 1].start
    ):
        end += 2
        if end == len(tokens):
            break
    return (
        None
        if end == index or tokens[index - 1].kind is not TokenKind.WORD
        else Span(tokens[index - 1].start, tokens[end - 1].end)
    )


def _adjacent(tokens: tuple[Token, ...], index: int) -> Span:
    """Return the stretch of tokens that touch each other, such as ``2026-1-5``."""
    end = tokens[index].end
    for token in tokens[index + 1 :]:
        if token.start != end:
            break
        end = token.end
    return Span(tokens[index].start, end)
