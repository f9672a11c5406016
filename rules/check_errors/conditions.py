"""Takes facts about tests; gives the words for tests that decide nothing or cannot stand where they do."""

from __future__ import annotations

from msgspec.structs import replace

from tallystick.rules.check.intervals import described
from tallystick.rules.check_errors.drawing import error, listed, warning
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.value import NumberType

REQUIRED = "the requirements that are asked before see to that"
NEEDED = "the needs of the band before it see to that"
EXCLUDED = "the exclusions before see to that"
WINDOWED = "the window sees to that"
"""What decides a test before it is asked."""


def decided(
    source: Source, span: Span, text: str, sides: tuple[tuple[str, NumberType], tuple[str, NumberType]], *, always: bool
) -> Diagnostic:
    """A comparison of numbers that their intervals decide."""
    known = [f"`{words}` is {described(of)} here" for words, of in sides if words != described(of)]
    return settled(source, span, text, known, always=always)


def decided_value(  # the facts of one mistake
    source: Source, span: Span, text: str, left_over: frozenset[str], operator: str, *, always: bool
) -> Diagnostic:
    """A comparison with a named value, or a text, that the values left decide."""
    advice = "leave the test out"
    if operator == "=" and not always:
        advice += ", or join it by `or` if one of two values will do"
    if operator == "!=" and always:
        advice += ", or join it by `and` to rule out two values"
    return settled(source, span, text, [f"only {listed(sorted(left_over))} can be here"], advice, always=always)


def same_sides(source: Source, span: Span, text: str, *, always: bool) -> Diagnostic:
    """A comparison of something with itself."""
    return settled(source, span, text, ["it compares a thing with itself"], "compare it with another", always=always)


def empty_text(  # the facts of one mistake
    source: Source, span: Span, text: str, thing: str, *, always: bool, optional: bool
) -> Diagnostic:
    """A comparison with an empty text, which counts as missing."""
    advice = f"write `{thing} is {'not ' if always else ''}missing`"
    if not optional:
        advice += f", and declare `{thing}` as `optional`"
    return settled(source, span, text, ["an empty text counts as missing"], advice, always=always)


def part_empty(source: Source, span: Span, text: str) -> Diagnostic:
    """``contains ""`` and its fellows."""
    return settled(source, span, text, ["every text contains the empty one"], "write what to look for", always=True)


def always_among(source: Source, span: Span, text: str, *, negated: bool) -> Diagnostic:
    """``x in (…)`` that names every value that can be here."""
    return settled(source, span, text, ["the list has every value that can be here"], always=not negated)


def never_among(source: Source, span: Span, text: str, *, negated: bool) -> Diagnostic:
    """``x in (…)`` that names no value that can be here."""
    return settled(source, span, text, ["the list has no value that can be here"], always=negated)


def missing_test_decided(source: Source, span: Span, text: str, *, negated: bool) -> Diagnostic:
    """``x is missing`` of what never is."""
    name = Mistake.ALWAYS_TRUE if negated else Mistake.ALWAYS_FALSE
    return warning(
        name,
        source,
        span,
        f"`{text}` is never missing here, so this is always {'true' if negated else 'false'}",
        help="leave the test out",
    )


def never_missing(source: Source, span: Span, text: str) -> Diagnostic:
    """``x or else y`` of what is never missing."""
    return warning(
        Mistake.NEVER_MISSING,
        source,
        span,
        f"`{text}` is never missing here, so what stands behind `or else` is never used",
        help=f"write `{text}` alone",
    )


def returned_outside_records(source: Source, span: Span, what: str) -> Diagnostic:
    """``returned within`` where there is no record."""
    return error(
        Mistake.RETURNED_OUTSIDE_RECORDS,
        source,
        span,
        f"`returned within` asks about a record, and {what} has none at hand",
        help="use it in the `when` of an exclusion, a discount or a measure of records",
    )


def returned_needs(source: Source, span: Span, role: str) -> Diagnostic:
    """``returned within`` without an actor or a kind to compare."""
    return error(
        Mistake.ROLE_MISSING,
        source,
        span,
        f"`returned within` reads `{role}`, which the records do not have",
        help=f"declare `{role}` under `records`",
    )


def but_where_missing(told: Diagnostic, missing: list[str]) -> Diagnostic:
    """A test that always holds, of what can be missing: it asks whether that is there."""
    there = " and ".join(f"{each} is not missing" for each in dict.fromkeys(missing))
    return replace(
        told,
        message=f"{told.message}, but where {listed(dict.fromkeys(missing), last='or')} is missing",
        help=f"write `{there}`",
    )


def settled(  # the facts of one mistake
    source: Source,
    span: Span,
    text: str,
    notes: list[str],
    advice: str = "leave the test out, or mend its bounds",
    *,
    always: bool,
) -> Diagnostic:
    """A test that always holds, or never does."""
    name, word = (Mistake.ALWAYS_TRUE, "true") if always else (Mistake.ALWAYS_FALSE, "false")
    return warning(name, source, span, f"`{text}` is always {word} here", notes=notes, help=advice)
