"""Takes facts about rules, facets and the score; gives the words for what gives no points, or does not go together."""

from __future__ import annotations

from decimal import Decimal

from tallystick.rules.check.names import Names, Site
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors.drawing import error, warning
from tallystick.rules.decimals import plainly
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span


def no_reason(source: Source, span: Span, name: str) -> Diagnostic:
    """A rule without a ``because``."""
    return warning(
        Mistake.NO_REASON,
        source,
        span,
        f"rule `{name}` does not say why it counts",
        notes=("the people it scores will read this rule",),
        help='add `because "…"`',
    )


def no_points(source: Source, span: Span, name: str) -> Diagnostic:
    """A rule that gives nothing."""
    return error(
        Mistake.NO_POINTS,
        source,
        span,
        f"rule `{name}` does not say what it gives",
        help="add `weight …` and `level …`, or `points …`, or `points by …`",
    )


def two_bodies(source: Source, span: Span, first: Span, name: str) -> Diagnostic:
    """A rule that gives points in two ways."""
    return error(
        Mistake.TWO_BODIES,
        source,
        span,
        f"rule `{name}` gives points in two ways",
        label="and here",
        second=(first, "here"),
        help="keep one, or make it two rules",
    )


def mean_needs_weight(source: Source, span: Span, name: str) -> Diagnostic:
    """A rule without a weight under a mean."""
    return error(
        Mistake.MEAN_NEEDS_WEIGHT,
        source,
        span,
        f"rule `{name}` has no weight, and the score is a mean by weight",
        help="write `weight …` and `level …`",
    )


def negative_weight(source: Source, span: Span, value: Decimal) -> Diagnostic:
    """A weight below 0 under a mean."""
    return error(
        Mistake.NEGATIVE_WEIGHT,
        source,
        span,
        f"a weight of {plainly(value)} cannot stand under a mean by weight",
        help="write a weight of 0 or more, and let the level fall instead",
    )


def facet_bound_in_mean(source: Source, span: Span) -> Diagnostic:
    """A bounded facet under a mean."""
    return error(
        Mistake.FACET_BOUND_IN_MEAN,
        source,
        span,
        "a facet cannot be bounded where the score is a mean by weight",
        help="bound the score instead",
    )


def facet_empty(source: Source, span: Span, name: str) -> Diagnostic:
    """A facet without rules."""
    return error(Mistake.NO_RULES, source, span, f"facet `{name}` has no rules", help="add a `rule`, or leave it out")


def no_rules(source: Source, span: Span) -> Diagnostic:
    """A rulebook with a score and no rules."""
    return error(Mistake.NO_RULES, source, span, "this score has no rules to add up", help='add a `rule NAME "…"`')


def score_missing(source: Source, span: Span, *, shared: bool) -> Diagnostic:
    """A rulebook without a score. ``shared``: it has nothing that a file for others to use could not have."""
    used = "; a file that other rulebooks `use` needs none: check those, and it is checked with them" if shared else ""
    return error(
        Mistake.SCORE_MISSING,
        source,
        span,
        "this rulebook does not say how its rules become a score",
        help=f'add `score "…"` with `sum of all rules` under it{used}',
    )


def no_combination(source: Source, span: Span) -> Diagnostic:
    """A score that is neither a sum nor a mean."""
    return error(
        Mistake.CLAUSE_MISSING,
        source,
        span,
        "this score is neither a sum nor a mean",
        help="add `sum of all rules`, or `mean of all rules by weight, out of 100`",
    )


def sum_and_mean(source: Source, span: Span, first: Span) -> Diagnostic:
    """A score that is both."""
    return error(
        Mistake.SAID_TWICE,
        source,
        span,
        "a score is a sum or a mean, not both",
        label="and here",
        second=(first, "here"),
        help="keep one of them",
    )


def weights_all_zero(source: Source, span: Span) -> Diagnostic:
    """A mean whose weights are all 0."""
    return error(
        Mistake.NEGATIVE_WEIGHT,
        source,
        span,
        "every weight is 0, so this mean has no value",
        help="give a rule a weight above 0",
    )


def placeholder_form(source: Source, span: Span) -> Diagnostic:
    """A brace that belongs to no placeholder."""
    return error(
        Mistake.PLACEHOLDER, source, span, "this brace stands alone", help="write `{name}`, or leave the brace out"
    )


def placeholder_unknown(source: Source, span: Span, name: str, names: Names) -> Diagnostic:
    """A placeholder that nothing fills."""
    return say_name.name_unknown(source, Span(span.start + 1, span.end - 1), name, names, "person")


def placeholder_field(source: Source, span: Span, site: Site) -> Diagnostic:
    """A placeholder that names a field of a record."""
    return error(
        Mistake.PLACEHOLDER,
        source,
        span,
        f"`{site.name}` is a field of a record, and a sentence is about a person",
        second=(site.span, "declared here"),
        help="name a measure, an attribute or a parameter",
    )


def bands_order(source: Source, span: Span, start: Decimal, before: Span, before_start: Decimal) -> Diagnostic:
    """A band that begins no higher than the one before."""
    return error(
        Mistake.BANDS_ORDER,
        source,
        span,
        f"a band from {plainly(start)} cannot follow one from {plainly(before_start)}",
        second=(before, "the band before"),
        help="write the bands from the lowest to the highest",
    )


def bands_mixed(source: Source, span: Span, first: Span) -> Diagnostic:
    """A band by threshold among bands by needs, or the reverse."""
    return error(
        Mistake.BANDS_MIXED,
        source,
        span,
        "bands are reached by the score or by needs, not some by the one and some by the other",
        label="and here",
        second=(first, "here"),
        help="write `from …` for all of them, or `needs …` under each",
    )


def band_never(source: Source, span: Span, name: str, most: Decimal) -> Diagnostic:
    """A band that no score reaches."""
    return warning(
        Mistake.BAND_NEVER,
        source,
        span,
        f"no score reaches band `{name}`",
        notes=(f"the score is at most {plainly(most)}",),
        help="let the band begin lower, or raise the score's bound",
    )


def band_left_behind(source: Source, span: Span, name: str, later: str, where: Span, least: Decimal) -> Diagnostic:
    """A band that every score is above."""
    return warning(
        Mistake.BAND_NEVER,
        source,
        span,
        f"nobody is ever in band `{name}`",
        second=(where, "every score reaches this one"),
        notes=(f"the score is at least {plainly(least)}",),
        help=f"let `{later}` begin higher, or leave `{name}` out",
    )


def band_passed_over(  # the facts of one mistake
    source: Source, span: Span, name: str, later: str, where: Span, *, alike: bool
) -> Diagnostic:
    """A band by needs that whoever reaches it has passed already; ``alike``: the other asks for just as much."""
    more = f"let `{later}` ask for more"
    return warning(
        Mistake.BAND_NEVER,
        source,
        span,
        f"nobody is ever in band `{name}`",
        second=(where, f"who meets the needs of `{name}` meets these"),
        notes=("the last band counts of which every need is met",),
        help=more if alike else f"write `{later}` before `{name}`, or {more}",
    )


def actions_not_implied(  # the facts of one mistake
    source: Source, span: Span, whose: str, kind: str, measure: str, where: Span
) -> Diagnostic:
    """``for others' actions`` where the person's own count too, or the reverse."""
    other, test = (
        ("the person's own", "actor = subject") if whose == "others" else ("other people's", "actor != subject")
    )
    return error(
        Mistake.ACTIONS_NOT_IMPLIED,
        source,
        span,
        f"nothing keeps {other} `{kind}` out of `{measure}`",
        second=(where, f"counts {other}, too"),
        help=f"exclude them: `exclude … when {test} and kind = {kind}`",
    )


def actions_not_told(source: Source, span: Span, why: str) -> Diagnostic:
    """``for … actions`` of a rule that reads no actions."""
    return error(
        Mistake.ACTIONS_NOT_IMPLIED,
        source,
        span,
        "this rule cannot say whose actions it is about",
        notes=(why,),
        help="leave the line out",
    )
