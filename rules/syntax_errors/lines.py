"""Takes a token that the grammar has no place for where it stands in its line; gives that in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tallystick.rules.diagnostics import Diagnostic, Fix, Label
from tallystick.rules.parse import slips
from tallystick.rules.parse.tokens import Token, TokenKind
from tallystick.rules.parse.words import DECLARATIONS, LINES_OF
from tallystick.rules.source import Source, Span
from tallystick.rules.written_days import how_written

SYMBOLS: Final = {
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "|": "write `or`",
    "!": "write `not`, or `!=` for `is not equal`",
    "**": "multiply the value by itself",
    "^": "multiply the value by itself",
    "//": "write `floor(a / b)` for the whole part; a comment begins with `#`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "×": "write `*`",
    "÷": "write `/`",
    "−": "write `-`",
    "–": "write `-`",
    "\u00a0": "write a plain blank",
    ";": "begin a new line",
    "?": "write `if … then … else …`",
    "$": "leave it out: numbers have no currency",
    "€": "leave it out: numbers have no currency",
    "£": "leave it out: numbers have no currency",
    "[": "use parentheses: `(` and `)`",
    "]": "use parentheses: `(` and `)`",
    "{": "indent the lines that belong together",
    "}": "indent the lines that belong together",
}


def short(written: str) -> str:
    """Cut off what is long."""
    most = 40
    return written if len(written) <= most else written[:most] + "…"


def line_unexpected(
    source: Source, token: Token, block: str | None, choices: tuple[str, ...], meant: str | None, *, known: bool
) -> Diagnostic:
    """Tell of a line that cannot stand where it does, by its first word; ``block`` is the declaration it stands in."""
    name, message = _line_in_the_way(token, block, known=known)
    notes = _where_it_belongs(token.text, block) if known else ()
    if meant is not None:
        return Diagnostic(
            name,
            message,
            source,
            Label(token.span),
            help=f"`{meant}` is spelled almost the same",
            fix=Fix(token.span, meant, f"write `{meant}`"),
        )
    advice = f"what can stand here: {', '.join(choices)}" if choices else None
    return Diagnostic(name, message, source, Label(token.span), notes=notes, help=advice)


def line_otherwise(source: Source, token: Token, block: str | None, advice: str, *, known: bool) -> Diagnostic:
    """Tell of a line that cannot stand where it does, of which it is plain what was meant."""
    name, message = _line_in_the_way(token, block, known=known)
    return Diagnostic(name, message, source, Label(token.span), help=advice)


def _line_in_the_way(token: Token, block: str | None, *, known: bool) -> tuple[str, str]:
    if known:
        place = "outside of a declaration" if block is None else f"in `{block}`"
        return "clause-misplaced", f"`{token.text}` cannot stand {place} here"
    part = "declaration" if block is None else f"line of `{block}`"
    return "clause-unknown", f"no {part} begins with `{short(token.text)}`"


def _where_it_belongs(word: str, block: str | None) -> tuple[str, ...]:
    """Say of a word that begins lines in which declarations it does; nothing where the block is one of them."""
    homes = [home for home, words in LINES_OF.items() if word in words.split()]
    if block is not None and any(home.split()[0] == block for home in homes):
        return ()
    said = ["begins a declaration, with no blanks before it"] if word in DECLARATIONS and block is not None else []
    if homes:
        listed = ", ".join(f"`{home}`" for home in homes)
        said.append(f"is a line of {' or '.join(listed.rsplit(', ', 1))}")
    return (f"`{word}` {', or '.join(said)}",) if said else ()


def rulebook_twice(source: Source, token: Token) -> Diagnostic:
    """Tell of a second rulebook in one file."""
    return Diagnostic(
        "clause-misplaced",
        "a file holds one rulebook, and this begins another",
        source,
        Label(token.span),
        help="put it into a file of its own",
    )


def line_unfinished(source: Source, last: Token, choices: tuple[str, ...]) -> Diagnostic:
    """Tell of a line that ends too early."""
    return Diagnostic(
        "line-unfinished",
        f"this line ends too early, after `{short(last.text)}`",
        source,
        Label(last.span, "something belongs after this"),
        help=f"what can follow: {', '.join(choices)}",
    )


def word_unexpected(source: Source, token: Token, before: Token, choices: tuple[str, ...]) -> Diagnostic:
    """Tell of a token that cannot stand where it does."""
    return Diagnostic(
        "word-unexpected",
        f"`{short(token.text)}` cannot follow `{short(before.text)}`",
        source,
        Label(token.span),
        help=f"what can follow: {', '.join(choices)}",
    )


def word_otherwise(source: Source, token: Token, before: Token, advice: str) -> Diagnostic:
    """Tell of a token that cannot stand where it does, of which it is plain what was meant."""
    return Diagnostic(
        "word-unexpected",
        f"`{short(token.text)}` cannot follow `{short(before.text)}`",
        source,
        Label(token.span),
        help=advice,
    )


def line_break_missing(source: Source, token: Token, before: Token) -> Diagnostic:
    """Tell of a clause that stands behind another one."""
    return Diagnostic(
        "word-unexpected",
        f"`{short(token.text)}` cannot follow `{short(before.text)}`",
        source,
        Label(token.span),
        help=f"begin a new line with `{token.text}`",
    )


def word_misspelt(source: Source, token: Token, meant: str) -> Diagnostic:
    """Tell of a word that is nearly one that could stand there."""
    return Diagnostic(
        "word-unexpected",
        f"`{short(token.text)}` cannot stand here",
        source,
        Label(token.span),
        help=f"`{meant}` is spelled almost the same",
        fix=Fix(token.span, meant, f"write `{meant}`"),
    )


def text_expected(source: Source, token: Token, before: Token) -> Diagnostic:
    """Tell of something that stands where a quoted text belongs."""
    return words_expected(source, token.span, before.text, token.text if token.kind is TokenKind.WORD else None)


def words_expected(source: Source, span: Span, before: str, word: str | None) -> Diagnostic:
    """Tell of a word, or of something else, that stands where a quoted text belongs."""
    advice = 'write `"…"` before this' if word is None else f'put the words in double quotes: `"{short(word)} …"`'
    return Diagnostic(
        "text-expected",
        f"words in double quotes belong after `{short(before)}`",
        source,
        Label(span, "not a quoted text"),
        help=advice,
    )


def name_hyphened(source: Source, span: Span) -> Diagnostic:
    """Tell of `posts-made` where a name belongs."""
    written = source.text[span.start : span.end]
    return Diagnostic(
        "name-malformed",
        f"`{short(written)}` is not a name",
        source,
        Label(span),
        help=f"write `{short(written.replace('-', '_'))}`",
    )


def mixed_and_or(source: Source, token: Token, other: Token | None) -> Diagnostic:
    """Tell of `and` and `or` side by side."""
    return Diagnostic(
        "mixed-and-or",
        "`and` and `or` stand side by side, so this can be read in two ways",
        source,
        Label(token.span, f"`{token.text}` here"),
        None if other is None else Label(other.span, f"`{other.text}` here"),
        help="put parentheses around the part that belongs together",
    )


def comparison_chained(source: Source, token: Token, other: Token) -> Diagnostic:
    """Tell of `a < b < c`."""
    return Diagnostic(
        "comparison-chained",
        "one comparison cannot be compared again",
        source,
        Label(token.span, "second comparison"),
        Label(other.span, "first comparison"),
        help="write two, joined by `and`: `a < b and b < c`",
    )


def doubled_equals(source: Source, span: Span) -> Diagnostic:
    """Tell of `==`."""
    return Diagnostic(
        "operator-unknown",
        f"`{source.text[span.start : span.end]}` is not an operator",
        source,
        Label(span),
        help="write `=` for equal, `!=`, `<=` or `>=`",
    )


def doubled_sign(source: Source, span: Span) -> Diagnostic:
    """Tell of `**` and `//`."""
    written = source.text[span.start : span.end]
    return Diagnostic("operator-unknown", f"`{written}` is not an operator", source, Label(span), help=SYMBOLS[written])


def parenthesis_not_opened(source: Source, token: Token) -> Diagnostic:
    """Tell of `)` without `(`."""
    return Diagnostic(
        "parenthesis-not-opened",
        "this parenthesis closes nothing",
        source,
        Label(token.span),
        help="take it out, or open it with `(` before",
    )


def name_reserved(source: Source, token: Token) -> Diagnostic:
    """Tell of a reserved word where a name belongs."""
    return Diagnostic(
        "name-reserved",
        f"`{token.text}` is a word of the language, so it cannot be a name",
        source,
        Label(token.span),
        help=f"choose another name, such as `{token.text}_value`",
    )


def function_unknown(source: Source, token: Token, functions: Iterable[str], meant: str | None) -> Diagnostic:
    """Tell of a function that there is not."""
    known = ", ".join(f"`{function}`" for function in functions)
    if (advice := slips.instead_of(token.text)) is not None:
        meant = None
    else:
        advice = f"the functions are {known}" if meant is None else f"`{meant}` is spelled almost the same"
    return Diagnostic(
        "function-unknown",
        f"there is no function `{short(token.text)}`",
        source,
        Label(token.span),
        help=advice,
        fix=None if meant is None else Fix(token.span, meant, f"write `{meant}`"),
    )


def number_grouped(source: Source, span: Span) -> Diagnostic:
    """Tell of `1,000` and of `0,5`."""
    written = source.text[span.start : span.end]
    advice, plain = slips.without_commas(written)
    return Diagnostic(
        "number-malformed",
        f"`{short(written)}` is not a number",
        source,
        Label(span),
        help=advice,
        fix=None if plain is None else Fix(span, plain, f"write `{short(plain)}`"),
    )


def date_expected(source: Source, span: Span) -> Diagnostic:
    """Tell of a number or a text where a date belongs."""
    written = source.text[span.start : span.end]
    advice = how_written(written) or "write year, month and day with two digits for month and day: `2026-01-31`"
    return Diagnostic("date-malformed", f"`{short(written)}` is not a date", source, Label(span), help=advice)


def version_expected(source: Source, span: Span) -> Diagnostic:
    """Tell of a number where a version belongs."""
    written = source.text[span.start : span.end]
    return Diagnostic(
        "version-malformed",
        f"`{short(written)}` is not a version",
        source,
        Label(span),
        help=f"write `{short(written[1:])}`" if written.startswith("v") else "write three numbers: `1.0.0`",
    )
