"""Takes facts about clauses; gives the words for what is missing, out of range, or does not go together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

from tallystick.rules import limits
from tallystick.rules.check_errors.drawing import error, listed, warning
from tallystick.rules.decimals import plainly
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span

_QUOTED: Final = re.compile(r'"[0-9]+(\.[0-9]+)?( days?| weeks?|%)?"')
"""A number, a share or a duration in quotes."""


def bounds_crossed(source: Source, span: Span, least: Decimal, most_span: Span, most: Decimal) -> Diagnostic:
    """``at least`` above ``at most``."""
    return error(
        Mistake.BOUNDS_CROSSED,
        source,
        span,
        f"at least {plainly(least)} and at most {plainly(most)} leave nothing between them",
        label="the least",
        second=(most_span, "the most"),
        help="exchange them",
    )


def clause_missing(source: Source, span: Span, what: str, clause: str, example: str) -> Diagnostic:
    """A declaration without a line that it needs."""
    return error(Mistake.CLAUSE_MISSING, source, span, f"{what} has no {clause}", help=f"add `{example}`")


def clause_refused(source: Source, span: Span, clause: str, aggregate: str, allowed: tuple[str, ...]) -> Diagnostic:
    """A clause that does not act on an aggregate."""
    return error(
        Mistake.CLAUSE_REFUSED,
        source,
        span,
        f"`{clause}` does not act on `{aggregate}`",
        help=f"leave it out; it acts on {listed(allowed)}",
    )


def limit_range(source: Source, span: Span, clause: str, value: Decimal, wanted: str) -> Diagnostic:
    """A limit that is out of its range."""
    return error(
        Mistake.LIMIT_RANGE,
        source,
        span,
        f"`{clause}` needs {wanted}, not {plainly(value)}",
        help=f"write {wanted}",
    )


def steps_too_many(source: Source, span: Span, measures: int, takers: int) -> Diagnostic:
    """More measures and exclusions than a ledger can tell apart in bounded time."""
    return error(
        Mistake.STEPS_TOO_MANY,
        source,
        span,
        f"{measures:,} measures times {takers:,} exclusions and discounts are more than {limits.STEPS:,}",
        notes=("for each pair the ledger says what the one took from the other",),
        help="declare fewer: exclusions for one reason can be one, with `or`",
    )


def repeats_too_many(source: Source, span: Span) -> Diagnostic:
    """More exclusions of what repeats than can be looked for one after another."""
    return error(
        Mistake.STEPS_TOO_MANY,
        source,
        span,
        f"more than {limits.REPEATS} exclusions say `repeats of`",
        notes=("each looks at what the ones before it have left, in an order of its own",),
        help="declare fewer: what is taken for one reason can be one exclusion",
    )


def discounts_too_many(source: Source, span: Span, measures: int, discounts: int) -> Diagnostic:
    """More measures and discounts than there can be steps to everybody's measures."""
    return error(
        Mistake.STEPS_TOO_MANY,
        source,
        span,
        f"{measures:,} measures times {discounts:,} discounts are more than {limits.DISCOUNTED:,}",
        notes=("each discount is a step of its own on the way to each measure",),
        help="declare fewer: discounts to one share can be one, with `or`",
    )


def half_lives_too_long(source: Source, span: Span, days: Decimal) -> Diagnostic:
    """Half-lives of which there would have to be tables too long to be made."""
    return error(
        Mistake.STEPS_TOO_MANY,
        source,
        span,
        f"all half-lives together are {plainly(days)} days, and {limits.HALF_LIVES:,} are the most",
        notes=("for each there is a table of what is left at every age, until nothing is",),
        help="let measures fade alike, or faster",
    )


def levels_too_many(source: Source, span: Span, levels: int) -> Diagnostic:
    """What actors earned is worked out from what actors earned, too many times over."""
    return error(
        Mistake.STEPS_TOO_MANY,
        source,
        span,
        f"what actors earned is worked out {levels} times over, and {limits.LEVELS} times are the most",
        notes=("each time, all records are taken in again",),
        help="read a measure of the actor's that reads fewer others",
    )


def formulas_too_many(source: Source, span: Span) -> Diagnostic:
    """A formula reads a formula that reads a formula, and so on too many times."""
    return error(
        Mistake.STEPS_TOO_MANY,
        source,
        span,
        f"more than {limits.FORMULAS} formulas read each other in a row",
        notes=("each is worked out after what it reads",),
        help="write several of them as one",
    )


def share_range(source: Source, span: Span, value: Decimal) -> Diagnostic:
    """A discount that is not from 0% to 100%."""
    written = source.text[span.start : span.end]
    bare = written.isdigit() and value <= 100  # noqa: PLR2004  # what is written without its sign
    return error(
        Mistake.LIMIT_RANGE,
        source,
        span,
        f"a record cannot count to {plainly(value * 100)}%",
        help=f"write `{written}%`" if bare else "write a share from `0%` to `100%`",
    )


def may_be_negative_value(source: Source, span: Span, text: str, clause: str, clause_span: Span) -> Diagnostic:
    """``keep`` or ``total`` over values that can be negative."""
    return error(
        Mistake.NEEDS_NOT_NEGATIVE,
        source,
        span,
        f"`{text}` can be negative, and `{clause}` takes the highest values first",
        second=(clause_span, "needs values of 0 or more"),
        help=f"add `when {text} >= 0`, or give the field a range such as `number 0 or more`",
    )


def keep_negative_row(source: Source, span: Span, text: str, clause_span: Span) -> Diagnostic:
    """``keep`` over ``sum by kind`` with a negative row."""
    return error(
        Mistake.NEEDS_NOT_NEGATIVE,
        source,
        span,
        f"`{text}` can be negative, and `keep` takes the highest values first",
        second=(clause_span, "needs values of 0 or more"),
        help="count the kinds that take away in a measure of their own, or use `total`",
    )


def discount_ignored(
    source: Source, span: Span, measure: str, discount: str, aggregate: str, where: Span
) -> Diagnostic:
    """A discounted record that counts in full."""
    return warning(
        Mistake.DISCOUNT_IGNORED,
        source,
        span,
        f"`{measure}` takes records in full that `{discount}` discounts",
        second=(where, "the discount"),
        notes=(f"discounts do not act on `{aggregate}`",),
        help="exclude such records, or leave them out with `when`",
    )


def kind_never(  # the facts of one mistake
    source: Source, span: Span, measure: str, kinds: tuple[str, ...], takers: tuple[str, ...], where: Span
) -> Diagnostic:
    """A measure that counts what exclusions, or discounts to 0%, take without exception; ``where`` is the first of
    them."""
    together = f"this and {listed(takers[1:])} take" if len(takers) > 1 else "this takes"
    return warning(
        Mistake.KIND_NEVER,
        source,
        span,
        f"no {listed(kinds, last='or')} can ever count in `{measure}`",
        second=(where, f"{together} every {listed(kinds)} that could"),
        help=f"leave {listed(kinds)} out of the measure, or let {listed(takers)} take fewer",
    )


Sort = Literal["measure", "rule", "exclusion", "discount", "requirement"]
_TWICE: Final[Mapping[Sort, str]] = {
    "measure": "it is one number under two names",
    "rule": "so both give the same points",
    "exclusion": "so it finds no record left",
    "discount": "so both discount the same records",
    "requirement": "so whoever is asked meets it",
}


def same_twice(  # the facts of one mistake
    source: Source, span: Span, sort: Sort, name: str, first: str, where: Span
) -> Diagnostic:
    """A declaration that does what another does, under another name."""
    return warning(
        Mistake.SAME_TWICE,
        source,
        span,
        f"{sort} `{name}` does the same as `{first}`",
        second=(where, "the same"),
        notes=(_TWICE[sort],),
        help="keep one of them, or mend what was to differ",
    )


def title_twice(source: Source, span: Span, first: str, where: Span) -> Diagnostic:
    """A rule that is called as another one."""
    return warning(
        Mistake.TITLE_TWICE,
        source,
        span,
        f"rule `{first}` has the same title",
        second=(where, "the same"),
        notes=("an explanation tells rules by their titles, so nobody can say which of the two a line is of",),
        help="say in each title what is different",
    )


def repeats_never(source: Source, span: Span, fields: str) -> Diagnostic:
    """``repeats of id``."""
    return warning(
        Mistake.ALWAYS_FALSE,
        source,
        span,
        f"no record repeats another in {fields}",
        notes=("no two records have one `id`: those that are equal are one record, and others are rejected",),
        help="leave out `id`, and name what a repeated record has in common with the first",
    )


def circle(source: Source, span: Span, names: tuple[str, ...]) -> Diagnostic:
    """Measures or parameters that depend on each other in a circle."""
    if len(names) == 1:
        return error(
            Mistake.CIRCLE, source, span, f"`{names[0]}` is worked out from itself", help="work it out from others"
        )
    return error(
        Mistake.CIRCLE,
        source,
        span,
        f"{listed(names)} are worked out from each other in a circle",
        help="work one of them out from something else",
    )


def parameter_type(source: Source, span: Span, text: str) -> Diagnostic:
    """A parameter that is no number and no duration."""
    return error(
        Mistake.TYPE_MISMATCH,
        source,
        span,
        f"`{text}` is neither a number nor a duration, so it cannot be a parameter",
        help=f"write `{text[1:-1]}`, without quotes" if _QUOTED.fullmatch(text) else "write it where it is needed",
    )
