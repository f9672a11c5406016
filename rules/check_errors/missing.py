"""Takes a value that can be missing; gives the words for where nothing takes care of that."""

from __future__ import annotations

from typing import Literal

from tallystick.rules.check.names import Site
from tallystick.rules.check_errors.drawing import error
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.value import NumberType, TextType, Type


def may_be_missing(
    source: Source,
    span: Span,
    text: str,
    why: str,
    kind: Type,
    remedy: Literal["when", "rule", "table", "test"],
    declared: Site | None,
) -> Diagnostic:
    """A value that can be missing, used bare."""
    match kind:
        case NumberType():
            default = "0"
        case TextType():
            default = '"…"'
        case _:
            default = "…"
    or_else = f"write `({text} or else {default})`"
    match remedy:
        case "when":
            advice = f"add `when {text} is not missing`, or {or_else}"
        case "rule":
            advice = f"add `otherwise not applicable` to the rule, or {or_else}"
        case "table":
            advice = f'add a row `missing: 0 "…"`, or {or_else}'
        case "test":
            advice = f"test `{text} is not missing and …` first, or {or_else}"
    return error(
        Mistake.MAY_BE_MISSING,
        source,
        span,
        f"`{text}` can be missing here",
        label="" if declared is not None else why,
        second=None if declared is None else (declared.span, why),
        help=advice,
    )


def field_may_be_missing(source: Source, span: Span, name: str, clause: str, declared: Site | None) -> Diagnostic:
    """A field that groups records, and that a record may lack."""
    return error(
        Mistake.MAY_BE_MISSING,
        source,
        span,
        f"`{name}` can be missing, and `{clause}` needs it",
        second=None if declared is None else (declared.span, "it is declared `optional`"),
        help=f"add `when {name} is not missing`",
    )
