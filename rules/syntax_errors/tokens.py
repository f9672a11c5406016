"""Takes what cannot be cut into tokens; gives it in words."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import Final

from tallystick.rules import limits
from tallystick.rules.diagnostics import Diagnostic, Fix, Label
from tallystick.rules.parse.tokens import FIRST_MOMENT, LAST_MOMENT, Fault, Finding
from tallystick.rules.parse.words import FUNCTIONS
from tallystick.rules.source import Source, Span
from tallystick.rules.syntax_errors.lines import SYMBOLS, date_expected, short, version_expected, words_expected
from tallystick.rules.written_days import WITH_A_WORD

_MOMENTS: Final = f"moments are from `{FIRST_MOMENT}` to `{LAST_MOMENT}`, in records, too"
_BEFORE_A_TEXT: Final = re.compile(
    r"rulebook|owner|contact|purpose|measures|not for|time zone|source|because|use|score|promise|example"
    r"|otherwise (no score|insufficient data)"
    r"|(require|exclude|discount|measure|facet|rule) +[a-z0-9_]+",
)
_WORD_BEHIND: Final = re.compile(r"[ \t]+\w")
_BEHIND_A_NUMBER: Final = re.compile(r"[ (][0-9.]+ $")
_UNIT: Final = re.compile(r"[A-Z]{2,4}")
_NO_WORDS: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*')
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
_UNKNOWN: Final = "take it out, or put it in double quotes if it is text"
_COMPARED: Final = re.compile(r"(?:=|\bin \((?:[^()]*,)?) *$")
_BY_A_NAME: Final = re.compile(r"([0-9.]+)([a-z][a-z0-9_]*)")
_DOTTED_RANGE: Final = re.compile(r"([0-9]+)\.\.\.?([0-9]+)")
_DURATION: Final = re.compile(r"([0-9]+)([dw])")
_LED_BY_V: Final = re.compile(r"version +(?P<number>v[0-9]+)$")


def of_finding(  # noqa: C901, PLR0912 (one arm for each fault)
    source: Source, finding: Finding, words: Container[str]
) -> Diagnostic:
    """Put a fault of a line in words; ``words`` are those of the language."""
    span = finding.span
    written = source.text[span.start : span.end]

    def diagnostic(name: str, message: str, advice: str, fix: Fix | None = None, label: str = "") -> Diagnostic:
        return Diagnostic(name, message, source, Label(span, label), help=advice, fix=fix)

    match finding.fault:
        case Fault.HIDDEN if written == "\r":
            advice = "save the file with the line ends of Unix (LF) or Windows (CRLF)"
            return diagnostic("character-hidden", "U+000D alone ends no line", advice)
        case Fault.HIDDEN:
            code = f"U+{ord(written[0]):04X}" if written else "a character"
            return diagnostic("character-hidden", f"{code} cannot be seen, or changes how others are", "take it out")
        case Fault.CHARACTER:
            line = source.text[source.text.rfind("\n", 0, span.start) + 1 : span.start]
            advice = _in_its_line(line).get(written) or SYMBOLS.get(written, _UNKNOWN)
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
            if (before := _text_belongs_after(source, span)) is not None:
                return words_expected(source, span, before, written)
            if (day := _day_in_words(source, span)) is not None:
                return date_expected(source, day)
            if (text := _may_be_a_text(source, span, words)) is not None:
                return diagnostic("name-malformed", f"`{short(written)}` is not a name", text)
            unit = written.lower() not in words and _may_be_a_unit(source, span)
            advice = "leave it out: numbers have no unit" if unit else _snake(written, words)
            return diagnostic("name-malformed", f"`{short(written)}` is not a name", advice)
        case Fault.NAME_LONG:
            most = f"a name has at most {limits.NAME_LENGTH} characters"
            return diagnostic("name-too-long", "this name is too long", f"choose a shorter one: {most}")
        case Fault.NUMBER:
            if (
                led := _LED_BY_V.search(source.text, source.text.rfind("\n", 0, span.start) + 1, span.start)
            ) is not None:
                return version_expected(source, Span(led.start("number"), span.end))
            if (day := _day_in_words(source, span)) is not None:
                return date_expected(source, day)
            plain = _of_a_name(source, written) or _plain_number(written)
            return diagnostic("number-malformed", f"`{short(written)}` is not a number", plain)
        case Fault.NUMBER_LONG:
            most = f"a number has at most {limits.NUMBER_DIGITS} digits"
            return diagnostic("number-too-long", "this number has too many digits", f"round it: {most}")
        case Fault.DATE:
            advice = "write a date as `2026-01-31` and a moment as `2026-01-31T09:00:00Z`"
            return diagnostic("date-malformed", f"`{short(written)}` is neither a date nor a moment", advice)
        case Fault.DAY:
            return diagnostic("date-unknown", f"`{written}` is not in the calendar", "look at its month, day and hour")
        case Fault.MOMENT:
            return diagnostic("date-unknown", f"`{written}` has no day in every time zone", _MOMENTS)
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


def _text_belongs_after(source: Source, span: Span) -> str | None:
    """Return the word behind which a text belongs, where the words of a line up to a place are followed by one."""
    begin = source.text.rfind("\n", 0, span.start) + 1
    before = source.text[begin : span.start].strip()
    if _BEFORE_A_TEXT.fullmatch(before) is None:
        return None
    # Under `expect`, names stand behind `because`, so one word alone may mean a name.
    if before == "because" and _WORD_BEHIND.match(source.text, span.end) is None:
        return None
    return before.split()[-1]


def _day_in_words(source: Source, span: Span) -> Span | None:
    """Return where a day stands, such as ``1 March 2026``, of which this is part."""
    begin = source.text.rfind("\n", 0, span.start) + 1
    line = source.text[begin:].split("\n", 1)[0]
    days = (Span(begin + found.start(), begin + found.end()) for found in WITH_A_WORD.finditer(line))
    return next((day for day in days if day.start <= span.start < day.end), None)


def _in_its_line(before: str) -> dict[str, str]:
    """Return what a symbol is written as behind what stands before it in its line; nothing where that does not tell."""
    if re.search(r"\bone of\b", before) is not None:
        return dict.fromkeys("[]{}", "leave it out: the values stand behind `one of`, separated by commas")
    if before.count("(") > before.count(")"):
        return {";": "write `,`"}
    return dict.fromkeys("{}", "use parentheses: `(` and `)`") if re.search(r"\bin\b", before) is not None else {}


def _may_be_a_text(source: Source, span: Span, words: Container[str]) -> str | None:
    """Say what to write for capitals that something is compared with, where no word of the file is meant: a text,
    likely."""
    written = source.text[span.start : span.end]
    begin = source.text.rfind("\n", 0, span.start) + 1
    known = written.lower() in words or written.lower() in FUNCTIONS or written.lower() in _words_of(source.text)
    if known or _COMPARED.search(source.text, begin, span.start) is None or not written.isascii():
        return None
    return f'write `"{short(written)}"` if it is a text; names are of small letters'


def _of_a_name(source: Source, written: str) -> str | None:
    """Say what to write for a number and a name of the file that stand together: ``2likes``."""
    found = _BY_A_NAME.fullmatch(written)
    if found is None or found[2] not in _words_of(source.text) or _DURATION.fullmatch(written):
        return None
    return f"write `{short(f'{found[1]} * {found[2]}')}` to multiply"


def _may_be_a_unit(source: Source, span: Span) -> bool:
    """Say whether this is like ``EUR`` behind a number, and neither a word that stands in the file, nor a band's name,
    nor a function."""
    written = source.text[span.start : span.end]
    begin = source.text.rfind("\n", 0, span.start) + 1
    return (
        _UNIT.fullmatch(written) is not None
        and _BEHIND_A_NUMBER.search(source.text, begin, span.start) is not None
        and not source.text[begin : span.start].lstrip().startswith("from ")
        and not source.text.startswith("(", span.end)
        and written.lower() not in _words_of(source.text)
    )


@lru_cache(maxsize=1)
def _words_of(text: str) -> frozenset[str]:
    """Return the words of a rulebook outside of its texts and comments."""
    return frozenset(_WORD.findall(_NO_WORDS.sub("", text)))


def plain_name(written: str) -> str | None:
    """Return the name that is likely meant by what is none; None where no letters tell."""
    parts = written.lower() if written.isupper() else "".join(f"_{c.lower()}" if c.isupper() else c for c in written)
    plain = parts.strip("_").replace("__", "_")
    return plain if plain.isascii() and plain[:1].isalpha() else None


def _snake(written: str, words: Container[str]) -> str:
    """Say how the name would be written."""
    if written.lower() in words:
        return f"write `{written.lower()}`: the words of the language are of small letters"
    if (plain := plain_name(written)) is not None:
        return f"write `{short(plain)}`: names are of small letters, digits and `_`, and begin with a letter"
    return "names are of the letters a to z, digits and `_`, and begin with a letter"


def _plain_number(written: str) -> str:
    if (span := _DURATION.fullmatch(written)) is not None:
        return f"write `{span[1]} {'days' if span[2] == 'd' else 'weeks'}`"
    if (ends := _DOTTED_RANGE.fullmatch(written)) is not None:
        return f"write `{short(f'{ends[1]} to {ends[2]}')}`"
    if written.startswith("."):
        return f"write `0{short(written)}`"
    if written.endswith("."):
        return f"write `{short(written[:-1])}`"
    if "_" in written and written.replace("_", "").isdigit():
        return f"write `{short(written.replace('_', ''))}`"
    return "write it out in digits, with a point before the decimals: `1000`, `0.5`"
