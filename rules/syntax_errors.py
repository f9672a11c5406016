"""Takes facts about what does not parse; gives diagnostics: all words about syntax are here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tallystick.rules import limits
from tallystick.rules.diagnostics import Diagnostic, Fix, Label
from tallystick.rules.source import Source, Span
from tallystick.rules.tokens import Fault, Finding, Token

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
    "[": "use parentheses: `(` and `)`",
    "]": "use parentheses: `(` and `)`",
    "{": "indent the lines that belong together",
    "}": "indent the lines that belong together",
}


def file_too_large(source: Source, size: int) -> Diagnostic:
    """More than a rulebook may hold."""
    return Diagnostic(
        "file-too-large",
        "this file is larger than a rulebook may be",
        source,
        Label(Span(0, 0)),
        notes=(f"it has {size:,} bytes; a rulebook may have {limits.FILE_BYTES:,}",),
        help="leave out what is not needed; records belong in files of their own",
    )


def not_utf8(source: Source, at: int) -> Diagnostic:
    """Bytes that are no text; the source holds the text before them."""
    return Diagnostic(
        "not-utf-8",
        "this file is not text in UTF-8",
        source,
        Label(Span(at, at), "up to here it is"),
        help="save it again as UTF-8",
    )


def head_missing(source: Source, at: Span) -> Diagnostic:
    """No `rulebook` line at the beginning."""
    return Diagnostic(
        "head-missing",
        "a file begins with what the rulebook is called, and this one does not",
        source,
        Label(at, "before this"),
        help='begin with a line such as `rulebook "Community influence" version 1.0.0`',
    )


def mistakes_too_many(source: Source, at: Span) -> Diagnostic:
    """The rest is not told."""
    return Diagnostic(
        "mistakes-too-many",
        f"there are more than {limits.MISTAKES} mistakes; the rest is not told",
        source,
        Label(at, "from here on"),
        help="mend those above and check again",
    )


def declarations_too_many(source: Source, at: Span) -> Diagnostic:
    """More than a file may declare."""
    return Diagnostic(
        "declarations-too-many",
        f"there are more than {limits.DECLARATIONS:,} declarations",
        source,
        Label(at, "one too many"),
        help="a score that nobody can read cannot be explained: declare fewer",
    )


def rows_too_many(source: Source, at: Span) -> Diagnostic:
    """More than a table of an example may have."""
    return Diagnostic(
        "rows-too-many",
        f"the table of an example has at most {limits.GRID_ROWS:,} rows",
        source,
        Label(at, "one too many"),
        help="show the same with fewer records",
    )


def expression_too_deep(source: Source, at: Span) -> Diagnostic:
    """An expression that nests too deep."""
    return Diagnostic(
        "expression-too-deep",
        "this expression nests too deep",
        source,
        Label(at),
        notes=(f"at most {limits.DEPTH} operations may stand inside one another",),
        help="give a part of it a name: `measure NAME …` with `= …`",
    )


def of_finding(source: Source, finding: Finding) -> Diagnostic:  # noqa: C901, PLR0912 (one arm for each fault)
    """Put a fault of a line in words."""
    span = finding.span
    written = source.text[span.start : span.end]

    def diagnostic(name: str, message: str, advice: str, fix: Fix | None = None, label: str = "") -> Diagnostic:
        return Diagnostic(name, message, source, Label(span, label), help=advice, fix=fix)

    match finding.fault:
        case Fault.HIDDEN:
            code = f"U+{ord(written[0]):04X}" if written else "a character"
            return diagnostic("character-hidden", f"{code} cannot be seen, or changes how others are", "take it out")
        case Fault.CHARACTER:
            advice = SYMBOLS.get(written, "take it out, or put it in double quotes if it is text")
            return diagnostic("character-unknown", f"`{written}` means nothing here", advice)
        case Fault.QUOTE_OPEN:
            return diagnostic("text-not-closed", "this text has no end", 'end it with `"` on the same line')
        case Fault.QUOTE_CURLY:
            fix = Fix(span, '"', "use a straight quote")
            advice = 'write straight quotes: `"…"`'
            return diagnostic("quote-unknown", f"`{written}` does not begin a text", advice, fix)
        case Fault.QUOTE_SINGLE:
            advice = 'write double quotes: `"…"`; the one apostrophe of the language is in `for others\' actions`'
            return diagnostic("quote-unknown", f"`{written}` does not begin a text", advice)
        case Fault.ESCAPE:
            advice = r"there are `\"`, `\\`, `\n` and `\t`; write `\\` for a backslash"
            return diagnostic("escape-unknown", f"`{written}` stands for nothing", advice)
        case Fault.TEXT_LONG:
            most = f"a text has at most {limits.TEXT_LENGTH:,} characters"
            return diagnostic("text-too-long", "this text is too long", f"say it shorter: {most}")
        case Fault.NAME:
            return diagnostic("name-malformed", f"`{_short(written)}` is not a name", _snake(written))
        case Fault.NAME_LONG:
            most = f"a name has at most {limits.NAME_LENGTH} characters"
            return diagnostic("name-too-long", "this name is too long", f"choose a shorter one: {most}")
        case Fault.NUMBER:
            return diagnostic("number-malformed", f"`{_short(written)}` is not a number", _plain_number(written))
        case Fault.NUMBER_LONG:
            most = f"a number has at most {limits.NUMBER_DIGITS} digits"
            return diagnostic("number-too-long", "this number has too many digits", f"round it: {most}")
        case Fault.DATE:
            advice = "write a date as `2026-01-31` and a moment as `2026-01-31T09:00:00Z`"
            return diagnostic("date-malformed", f"`{_short(written)}` is neither a date nor a moment", advice)
        case Fault.DAY:
            return diagnostic("date-unknown", f"`{written}` is not in the calendar", "look at its month, day and hour")
        case Fault.CELL:
            return diagnostic("cell-malformed", "a quoted cell ends at its quote", "put a blank after the quote")
        case Fault.LINE_LONG:
            most = f"a line has at most {limits.LINE_LENGTH:,} characters"
            return diagnostic("line-too-long", "this line is too long", f"break it: {most}")
        case Fault.PARENTHESIS_OPEN:
            advice = "close it with `)`; lines that continue it are indented deeper than the line it stands in"
            return diagnostic("parenthesis-not-closed", "this parenthesis is not closed", advice)
        case Fault.INDENT_UNEVEN:
            advice = "indent it like the lines it belongs with"
            message = "this line is not indented like any line that it could belong with"
            return diagnostic("indentation-uneven", message, advice)
        case Fault.INDENT_TAB:
            advice = "use four blanks for each level in place of the tab"
            return diagnostic("indentation-tab", "lines are indented with tabs from here on", advice)


def _short(written: str) -> str:
    most = 40
    return written if len(written) <= most else written[:most] + "…"


def _snake(written: str) -> str:
    """Say how the name would be written."""
    plain = "".join("_" + char.lower() if char.isupper() else char for char in written).strip("_").replace("__", "_")
    if plain.isascii() and plain[:1].isalpha():
        return f"write `{_short(plain)}`: names are of small letters, digits and `_`, and begin with a letter"
    return "names are of the letters a to z, digits and `_`, and begin with a letter"


def _plain_number(written: str) -> str:
    if written.startswith("."):
        return f"write `0{_short(written)}`"
    if written.endswith("."):
        return f"write `{_short(written[:-1])}`"
    if "_" in written and written.replace("_", "").isdigit():
        return f"write `{_short(written.replace('_', ''))}`"
    return "write it out in digits, with a point before the decimals: `1000`, `0.5`"


# ---- what the grammar has no place for ---------------------------------------------------------------------------


def line_unexpected(
    source: Source, token: Token, block: str | None, choices: tuple[str, ...], meant: str | None, *, known: bool
) -> Diagnostic:
    """Tell of a line that cannot stand where it does, by its first word; ``block`` is the declaration it stands in."""
    if known:
        place = "outside of a declaration" if block is None else f"in `{block}`"
        name, message = "clause-misplaced", f"`{token.text}` cannot stand {place} here"
    else:
        part = "declaration" if block is None else f"line of `{block}`"
        name, message = "clause-unknown", f"no {part} begins with `{_short(token.text)}`"
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
    return Diagnostic(name, message, source, Label(token.span), help=advice)


def rulebook_twice(source: Source, token: Token) -> Diagnostic:
    """Tell of a second rulebook in one file."""
    return Diagnostic(
        "clause-misplaced",
        "a file holds one rulebook, and this begins another",
        source,
        Label(token.span),
        help="put it into a file of its own",
    )


def block_unexpected(source: Source, at: Span, above: str) -> Diagnostic:
    """Tell of lines that stand deeper than they can."""
    return Diagnostic(
        "indentation-unexpected",
        f"nothing can stand under the line `{_short(above)}`",
        source,
        Label(at, "deeper than the line above"),
        help="indent it like the line above, or take it out",
    )


def block_empty(source: Source, at: Span, above: str, choices: tuple[str, ...]) -> Diagnostic:
    """Tell of a line that wants others under it."""
    return Diagnostic(
        "block-empty",
        f"nothing stands under `{above}`",
        source,
        Label(at),
        help=f"indent the lines that belong to it; what can stand there: {', '.join(choices)}",
    )


def block_unfinished(source: Source, at: Span, above: str, choices: tuple[str, ...]) -> Diagnostic:
    """Tell of a block that lacks a line."""
    return Diagnostic(
        "block-unfinished",
        f"something is missing under `{above}`",
        source,
        Label(at),
        help=f"add a line with {' or '.join(choices)}",
    )


def line_unfinished(source: Source, last: Token, choices: tuple[str, ...]) -> Diagnostic:
    """Tell of a line that ends too early."""
    return Diagnostic(
        "line-unfinished",
        f"this line ends too early, after `{_short(last.text)}`",
        source,
        Label(last.span, "something belongs after this"),
        help=f"what can follow: {', '.join(choices)}",
    )


def word_unexpected(source: Source, token: Token, before: Token, choices: tuple[str, ...]) -> Diagnostic:
    """Tell of a token that cannot stand where it does."""
    return Diagnostic(
        "word-unexpected",
        f"`{_short(token.text)}` cannot follow `{_short(before.text)}`",
        source,
        Label(token.span),
        help=f"what can follow: {', '.join(choices)}",
    )


def line_break_missing(source: Source, token: Token, before: Token) -> Diagnostic:
    """Tell of a clause that stands behind another one."""
    return Diagnostic(
        "word-unexpected",
        f"`{_short(token.text)}` cannot follow `{_short(before.text)}`",
        source,
        Label(token.span),
        help=f"begin a new line with `{token.text}`",
    )


def word_misspelt(source: Source, token: Token, meant: str) -> Diagnostic:
    """Tell of a word that is nearly one that could stand there."""
    return Diagnostic(
        "word-unexpected",
        f"`{_short(token.text)}` cannot stand here",
        source,
        Label(token.span),
        help=f"`{meant}` is spelled almost the same",
        fix=Fix(token.span, meant, f"write `{meant}`"),
    )


def text_expected(source: Source, token: Token, before: Token) -> Diagnostic:
    """Tell of something that stands where a quoted text belongs."""
    return Diagnostic(
        "text-expected",
        f"words in double quotes belong after `{_short(before.text)}`",
        source,
        Label(token.span, "not a quoted text"),
        help='write `"…"` before this',
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
    return Diagnostic(
        "function-unknown",
        f"there is no function `{_short(token.text)}`",
        source,
        Label(token.span),
        help=f"the functions are {known}" if meant is None else f"`{meant}` is spelled almost the same",
        fix=None if meant is None else Fix(token.span, meant, f"write `{meant}`"),
    )


def number_grouped(source: Source, span: Span) -> Diagnostic:
    """Tell of `1,000`."""
    written = source.text[span.start : span.end]
    plain = written.replace(",", "")
    return Diagnostic(
        "number-malformed",
        f"`{_short(written)}` is not a number",
        source,
        Label(span),
        help=f"write `{_short(plain)}`",
        fix=Fix(span, plain, "leave out the comma"),
    )


def date_expected(source: Source, span: Span) -> Diagnostic:
    """Tell of a number where a date belongs."""
    return Diagnostic(
        "date-malformed",
        f"`{_short(source.text[span.start : span.end])}` is not a date",
        source,
        Label(span),
        help="write year, month and day with two digits for month and day: `2026-01-31`",
    )


def version_expected(source: Source, span: Span) -> Diagnostic:
    """Tell of a number where a version belongs."""
    return Diagnostic(
        "version-malformed",
        f"`{_short(source.text[span.start : span.end])}` is not a version",
        source,
        Label(span),
        help="write three numbers: `1.0.0`",
    )
