"""Takes facts about tests; gives the words for tests that decide nothing or cannot stand where they do."""

from __future__ import annotations

from tallystick.rules.check.intervals import described
from tallystick.rules.check_errors.drawing import error, listed, warning
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.value import NumberType


def decided(
    source: Source, span: Span, text: str, sides: tuple[tuple[str, NumberType], tuple[str, NumberType]], *, always: bool
) -> Diagnostic:
    """A comparison of numbers that their intervals decide."""
    known = [f"`{words}` is {described(of)} here" for words, of in sides if words != described(of)]
    return _decided(source, span, text, known, always=always)


def decided_value(source: Source, span: Span, text: str, left_over: frozenset[str], *, always: bool) -> Diagnostic:
    """A comparison with a named value that the values left decide."""
    return _decided(source, span, text, [f"only {listed(sorted(left_over))} can be here"], always=always)


def always_among(source: Source, span: Span, text: str, *, negated: bool) -> Diagnostic:
    """``x in (…)`` that names every value that can be here."""
    return _decided(source, span, text, ["the list has every value that can be here"], always=not negated)


def never_among(source: Source, span: Span, text: str, *, negated: bool) -> Diagnostic:
    """``x in (…)`` that names no value that can be here."""
    return _decided(source, span, text, ["the list has no value that can be here"], always=negated)


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


def named_twice(source: Source, span: Span, first: Span, text: str) -> Diagnostic:
    """A value that stands twice in one list."""
    return error(
        Mistake.LISTED_TWICE,
        source,
        span,
        f"`{text}` stands twice in this list",
        label="again here",
        second=(first, "first here"),
        help="leave one of them out",
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


def _decided(source: Source, span: Span, text: str, notes: list[str], *, always: bool) -> Diagnostic:
    name, word = (Mistake.ALWAYS_TRUE, "true") if always else (Mistake.ALWAYS_FALSE, "false")
    return warning(
        name,
        source,
        span,
        f"`{text}` is always {word} here",
        notes=notes,
        help="leave the test out, or mend its bounds",
    )
