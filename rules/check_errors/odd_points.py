"""Takes facts about rules and the score; gives the words for points that nobody can mean: the same for everybody, never
given, on the wrong side of a bound, in percent."""

from __future__ import annotations

from decimal import Decimal

from tallystick.rules.check.intervals import described
from tallystick.rules.check_errors.drawing import counted, warning
from tallystick.rules.decimals import plainly
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.value import NumberType


def always_same(  # the facts of one mistake
    source: Source,
    span: Span,
    name: str,
    points: Decimal,
    before: NumberType,
    bound: Span | None,
    places: int | None,
    *,
    everybody: bool,
) -> Diagnostic:
    """A rule that gives the same points whatever it reads; ``bound``: what holds them there; ``places``: to which its
    line is rounded, where that makes them the same; ``everybody``: whether it applies to everybody."""
    held = f"what it gives is {described(before)}, and this holds it at {plainly(points)}"
    advice = "leave the rule out, or mend what it gives" if everybody else "mend what it gives, or when it applies"
    if bound is not None:
        advice = "mend the bound, or its sign"
    if places is not None:
        advice = "let the score be rounded to more places, or its lines: `rounded to 1 place, lines to 4`"
    return warning(
        Mistake.ALWAYS_SAME,
        source,
        span,
        f"rule `{name}` gives {plainly(points)} {'point' if abs(points) == 1 else 'points'}"
        f"{'' if everybody else ' wherever it applies'}, whatever it reads",
        second=None if bound is None else (bound, held),
        notes=()
        if places is None
        else (f"it gives {described(before)}, and its line has {counted(places, 'decimal place', 'decimal places')}",),
        help=advice,
    )


def always_held(source: Source, span: Span, what: str, points: Decimal, given: NumberType) -> Diagnostic:
    """A facet or a score that a bound makes the same for everybody, though its rules differ."""
    return warning(
        Mistake.ALWAYS_SAME,
        source,
        span,
        f"{what} is {plainly(points)}, whatever its rules give",
        notes=(f"what they give together is {described(given)}",),
        help="mend the bound, or its sign",
    )


def always_rounded(source: Source, span: Span, points: Decimal, given: NumberType, places: int) -> Diagnostic:
    """A score that rounding makes the same for everybody."""
    places_of_it = counted(places, "decimal place", "decimal places")
    return warning(
        Mistake.ALWAYS_SAME,
        source,
        span,
        f"the score is {plainly(points)}, whatever its rules give",
        notes=(f"what they give together is {described(given)}, and it has {places_of_it}",),
        help="let the score be rounded to more places",
    )


def otherwise_never(source: Source, span: Span, name: str) -> Diagnostic:
    """Points for whoever a rule does not apply to, of a rule that applies to everybody."""
    return warning(
        Mistake.NEVER_MISSING,
        source,
        span,
        f"rule `{name}` applies to everybody, so what stands behind `otherwise` is never used",
        notes=("it has no `when`, and nothing that it reads can be missing",),
        help="leave the line out, or say with `when` to whom the rule applies",
    )


def level_whole(source: Source, span: Span, value: str) -> Diagnostic:
    """A level of a whole number that is full at 1, with a shape that says otherwise, or with none."""
    return warning(
        Mistake.LEVEL_WHOLE,
        source,
        span,
        f"a level of `{value}` is full at 1 and empty at 0, with nothing between",
        notes=(f"`{value}` is a whole number",),
        help=f"say at what number it is full, such as `level {value}, linear to 10`; "
        f"if 1 is enough, write `linear to 1`",
    )


def bound_never(source: Source, span: Span, keyword: str, bound: Decimal, before: NumberType) -> Diagnostic:
    """A bound that lies on the other side of 0 than all points of its rule."""
    above = bound > 0
    return warning(
        Mistake.BOUND_NEVER,
        source,
        span,
        f"`{keyword} {plainly(bound)}` never holds anything",
        notes=(f"what the rule gives is {described(before)}",),
        help=f"let the rule {'add' if above else 'take away'} points, write "
        f"`{'at least' if above else 'at most'} {plainly(-bound)}`, or leave the bound out",
    )


def baseline_never(source: Source, span: Span, name: str, baseline: Decimal, line: NumberType) -> Diagnostic:
    """A baseline above all points of its rule, so that the rule is told as a reason to everybody."""
    return warning(
        Mistake.BASELINE_NEVER,
        source,
        span,
        f"nobody comes to the baseline of {plainly(baseline)}, so rule `{name}` counts as what holds everybody back",
        notes=(f"what the rule gives is {described(line)}",),
        help=f"write `baseline {plainly(line.high)}` or less; without a baseline, points are compared with the most",
    )


def noise_too_wide(source: Source, span: Span, noise: Decimal, score: NumberType) -> Diagnostic:
    """A ``noise`` that is wider than the scale."""
    return warning(
        Mistake.NOISE_TOO_WIDE,
        source,
        span,
        f"no change of the score can be as much as {plainly(noise)} points, so each is called no meaningful change",
        notes=(f"the score is {described(score)}",),
        help="write how many points a score can move for no reason that matters",
    )


def percent_points(source: Source, span: Span, text: str, *, weight: bool) -> Diagnostic:
    """A percentage where points are counted."""
    number = text.removesuffix("%").rstrip()
    advice = f"write `{number}`"
    if weight:
        advice += ", or make the score a `mean of all rules by weight, out of 100`; if it goes to 1, say `at most 1`"
    return warning(
        Mistake.PERCENT_POINTS,
        source,
        span,
        f"`{text}` stands where points are counted",
        notes=(f"it is {plainly(Decimal(number).scaleb(-2))} points",),
        help=advice,
    )


def percent_sum(source: Source, span: Span, whole: Decimal) -> Diagnostic:
    """A mean whose weights are percentages that do not make a whole."""
    return warning(
        Mistake.PERCENT_SUM,
        source,
        span,
        f"the weights add up to {plainly(whole)}%, and not to 100%",
        notes=("a mean divides by what they add up to, so that no rule has the share that is written",),
        help="let them add up to 100%, or write them without `%`",
    )
