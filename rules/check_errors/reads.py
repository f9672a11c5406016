"""Takes facts about the head, the fields and their ranges; gives the words for what cannot be read so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tallystick.rules.check_errors.drawing import a, counted, error, mended, warning
from tallystick.rules.decimals import plainly
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.spelling import near
from tallystick.rules.value import Type


def zone_unknown(source: Source, span: Span, zone: str, zones: Iterable[str]) -> Diagnostic:
    """A time zone that there is not."""
    best = near(zone, zones)
    mistake = error(
        Mistake.ZONE_UNKNOWN,
        source,
        span,
        f"no time zone is called `{zone}`",
        help=f'write `"{best}"`' if best is not None else 'write a name such as `"Europe/Berlin"` or `"UTC"`',
    )
    return mended(mistake, None if best is None else f'"{best}"')


def zone_unsaid(source: Source, span: Span, name: str, zone: str) -> Diagnostic:
    """Moments by the clocks of a zone, and days by those of UTC."""
    what = "records are" if name == "at" else f"`{name}` is"
    return warning(
        Mistake.ZONE_UNSAID,
        source,
        span,
        f"{what} timed by the clocks of `{zone}`, and {'their' if name == 'at' else 'its'} days begin at midnight UTC",
        notes=("the head has no `time zone`, so days, weeks and months are those of UTC",),
        help=f'write `time zone "{zone}"` in the head, or `time zone "UTC"` if that is meant',
    )


def value_twice(source: Source, span: Span, text: str, first: Span) -> Diagnostic:
    """A name that stands twice in one list."""
    return error(
        Mistake.LISTED_TWICE,
        source,
        span,
        f"`{text}` stands twice in this list",
        label="again here",
        second=(first, "first here"),
        help="leave one of them out",
    )


def whole_with_places(source: Source, span: Span) -> Diagnostic:
    """``whole number with 2 places``."""
    return error(
        Mistake.PLACES_RANGE,
        source,
        span,
        "a whole number has no decimal places",
        help="write `number … with … places`, or leave the places out",
    )


def places_range(source: Source, span: Span, value: Decimal) -> Diagnostic:
    """A number of places that is not a whole number from 0 to 9."""
    return error(
        Mistake.PLACES_RANGE,
        source,
        span,
        f"`{plainly(value)}` is no number of decimal places",
        help="write a whole number from 0 to 9",
    )


def bound_places(source: Source, span: Span, value: Decimal, what: str, places: int) -> Diagnostic:
    """A bound with more places than what it bounds."""
    has = counted(places, "decimal place", "decimal places") if places else "no decimal places"
    return error(
        Mistake.BOUND_PLACES,
        source,
        span,
        f"`{plainly(value)}` has more decimal places than {what}",
        label=f"{what.removeprefix('the ')}: {has}",
        help=f"write it with at most {places}" if places else "write a whole number",
    )


def range_empty(source: Source, span: Span, low: Decimal, high: Decimal) -> Diagnostic:
    """A range that ends before it begins."""
    return error(
        Mistake.RANGE_EMPTY,
        source,
        span,
        f"no number lies from {plainly(low)} to {plainly(high)}",
        help=f"write `{plainly(high)} to {plainly(low)}`",
    )


def role_type(source: Source, span: Span, name: str, found: Type, form: str) -> Diagnostic:
    """A field with a fixed role and an unfit type."""
    return error(
        Mistake.ROLE_TYPE,
        source,
        span,
        f"`{name}` has a fixed role, and cannot be {a(found)}",
        help=f"write `{name} {form}`" if name != "at" else "write `at time` or `at date`",
    )


def role_optional(source: Source, span: Span, name: str) -> Diagnostic:
    """A field that every record needs, declared optional."""
    return error(
        Mistake.ROLE_TYPE,
        source,
        span,
        f"`{name}` has a fixed role, and cannot be optional",
        help="leave `optional` out: a row without it is rejected and counted",
    )


def role_needed(source: Source, span: Span, name: str, form: str) -> Diagnostic:
    """Records without a subject or a moment."""
    what = "whose a record is" if name == "subject" else "when it happened"
    return error(
        Mistake.ROLE_MISSING,
        source,
        Span(span.start, span.start + len("records")),
        f"the records have no `{name}`, so nothing says {what}",
        help=f"declare `{form}`",
    )


def key_column(source: Source, span: Span) -> Diagnostic:
    """``from`` on the key of ``subjects``."""
    return error(
        Mistake.ROLE_TYPE,
        source,
        span,
        "the key of `subjects` is always the column `subject`",
        help="leave `from` out, and map the column with a mapping file",
    )


def records_missing(source: Source, span: Span, what: str) -> Diagnostic:
    """Something that reads records where none are declared."""
    return error(
        Mistake.RECORDS_MISSING,
        source,
        span,
        f"{what} reads records, and no `records` are declared",
        help="declare `records` with `subject text`, `kind one of …` and `at time`",
    )


def kinds_missing(source: Source, span: Span) -> Diagnostic:
    """Kinds named where records have none."""
    return error(
        Mistake.ROLE_MISSING,
        source,
        span,
        "this names a kind, and the records have no `kind`",
        help="declare `kind one of …` under `records`",
    )


def kinds_not_listed(source: Source, span: Span, declared: Span) -> Diagnostic:
    """Kinds named where ``kind`` is any text."""
    return error(
        Mistake.ROLE_TYPE,
        source,
        declared,
        "measures name kinds, so `kind` must list them",
        second=(span, "a kind is named here"),
        help="write `kind one of …`",
    )


def nothing_declared(source: Source, span: Span) -> Diagnostic:
    """Neither records nor subjects."""
    return error(
        Mistake.NOTHING_READ,
        source,
        span,
        "this rulebook reads nothing: it declares neither `records` nor `subjects`",
        help="declare `records`, `subjects` or both",
    )


def before_effective(source: Source, span: Span, day: date, effective: date) -> Diagnostic:
    """An example as of a day on which the rulebook is not yet in force."""
    return error(
        Mistake.BEFORE_EFFECTIVE,
        source,
        span,
        f"{day} is before the rulebook takes effect",
        notes=(f"it is effective from {effective}",),
        help=f"write a day from {effective} on",
    )
