"""Takes facts about ``score … by FIELD``; gives the words for a field that cannot be that, and for examples that do not
say of which value they speak."""

from __future__ import annotations

from typing import Literal, assert_never

from tallystick.rules import limits
from tallystick.rules.check_errors.drawing import a, error, listed
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.rulebook import Field
from tallystick.rules.source import Source, Span
from tallystick.rules.value import OneOfType

Unfit = Literal["kind", "type", "optional", "private"]
"""Why there can be no score for each value of a field."""


def by_unfit(source: Source, span: Span, field: Field, why: Unfit) -> Diagnostic:
    """A field of which not every record has one of a few values that anybody may know."""
    match why:
        case "kind":
            message = "a score cannot be by `kind`, since records of kinds that are not listed are read, too"
            help_ = "add another field that is `one of` some values"
        case "type":
            message = f"a score is by a field that is `one of` some values, and `{field.name}` is {a(field.type)}"
            help_ = f"write `{field.name} one of …`, or leave `by {field.name}` out"
        case "optional":
            message = f"`{field.name}` can be missing, and such a record would belong to no score"
            help_ = "leave `optional` out, or add a value for what is neither"
        case "private":
            message = f"`{field.name}` is private, and a score for each of its values would tell it of everybody"
            help_ = f"leave `private` out, or leave `by {field.name}` out"
        case _:
            assert_never(why)
    return error(Mistake.BY_UNFIT, source, span, message, second=(field.span, "declared here"), help=help_)


def by_too_many(source: Source, span: Span, field: Field, values: int) -> Diagnostic:
    """A field with more values than everybody can be scored for."""
    return error(
        Mistake.BY_TOO_MANY,
        source,
        span,
        f"`{field.name}` has {values} values, and a score can be by at most {limits.BY_VALUES}",
        second=(field.span, "declared here"),
        notes=("for each value, everybody is scored by the records of that value",),
        help="put values together, or leave `by` out",
    )


def by_too_much(source: Source, span: Span, field: Field, values: int, declared: int) -> Diagnostic:
    """A field whose values, each of them with all measures and rules, are more than everybody can be scored for."""
    return error(
        Mistake.BY_TOO_MANY,
        source,
        span,
        f"{values} values of `{field.name}` times {declared:,} measures and rules are more than {limits.BY_WORK:,}",
        second=(field.span, "declared here"),
        notes=("for each value, everybody is scored by the records of that value",),
        help="put values together, or declare fewer measures and rules",
    )


def expect_in_unsaid(source: Source, span: Span, person: str | None, field: Field) -> Diagnostic:
    """An expectation that does not say for which value, where there is a score for each."""
    assert isinstance(field.type, OneOfType)  # noqa: S101  else the score is by no such field
    return error(
        Mistake.EXPECT_IN,
        source,
        span,
        f"the score is by `{field.name}`, and this does not say for which",
        notes=(f"`{field.name}` is {listed(field.type.values, last='or')}",),
        help=f"write `expect {person or '-'} in {field.type.values[0]}`",
    )


def expect_in_nothing(source: Source, span: Span) -> Diagnostic:
    """An expectation for a value, where each person has one score."""
    return error(
        Mistake.EXPECT_IN,
        source,
        span,
        "the score is by no field, so there is one for each person",
        help="leave `in` and the value out, or write `score … by FIELD`",
    )
