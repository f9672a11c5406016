"""Takes the clauses of a measure as written; gives those that act on its aggregate, with their constants."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct

from tallystick.rules import decimals, syntax
from tallystick.rules.check import clauses, intervals
from tallystick.rules.check.scope import Check, Here
from tallystick.rules.check_errors import clauses as say
from tallystick.rules.check_errors import missing as say_missing
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors import numbers as say_number
from tallystick.rules.expression import Constant
from tallystick.rules.measure import Aggregate, Keep, SumByKind, Total
from tallystick.rules.source import Span
from tallystick.rules.value import NumberType

_ACTOR = syntax.Name("actor")
_ADDING = ("count", "sum", "sum by kind")


class Clauses(Struct, frozen=True):
    """The clauses of a measure, each at most once."""

    when: syntax.When | None
    within: syntax.Within | None
    diluted: syntax.Diluted | None
    keep: syntax.Keep | None
    total: syntax.Total | None
    halving: syntax.Halving | None
    because: str | None

    @property
    def steps(
        self,
    ) -> tuple[tuple[str, syntax.Within | syntax.Diluted | syntax.Keep | syntax.Total | syntax.Halving], ...]:
        """Return those that work on records, with their keywords."""
        named = (
            ("within", self.within),
            ("diluted", self.diluted),
            ("keep", self.keep),
            ("total", self.total),
            ("halving", self.halving),
        )
        return tuple((keyword, clause) for keyword, clause in named if clause is not None)


class Aggregated(Struct, frozen=True):
    """An aggregate with the type of one record's value (None: it has none of its own)."""

    aggregate: Aggregate
    value: NumberType | None


def found(check: Check, written: syntax.Measure) -> Clauses:
    """Find the clauses of a measure."""
    return Clauses(
        clauses.once(check, written.clauses, syntax.When, "when"),
        clauses.once(check, written.clauses, syntax.Within, "within"),
        clauses.once(check, written.clauses, syntax.Diluted, "diluted"),
        clauses.once(check, written.clauses, syntax.Keep, "keep"),
        clauses.once(check, written.clauses, syntax.Total, "total"),
        clauses.once(check, written.clauses, syntax.Halving, "halving"),
        clauses.because(check, written.clauses),
    )


def called(aggregate: syntax.Aggregate) -> str:
    """Return the words that an aggregate begins with."""
    match aggregate:
        case syntax.Count():
            return "count"
        case syntax.Distinct():
            return "distinct"
        case syntax.Of(how=how):
            return how
        case syntax.SumByKind():
            return "sum by kind"
        case syntax.DaysOf():
            return "days of"
        case syntax.HIndex():
            return "h index"
        case syntax.Formula():
            return "="
        case _:
            assert_never(aggregate)


def there(words: tuple[syntax.Word, ...], clause: str, here: Here) -> tuple[str, ...] | None:
    """Find fields that no record behind the ``when`` lacks."""
    found = clauses.fields(here.check, words, clause)
    if found is None:
        return None
    fine = True
    for field, word in found:
        known = here.facts.get(syntax.Name(field.name))
        if field.optional and not here.doubtful and (known is None or not known.present):
            fine = False
            declared = here.check.names.sites.get(field.name)
            if here.check.first_complaint(here.scope.what, syntax.Name(field.name)):
                here.check.report(
                    say_missing.field_may_be_missing(here.check.source, word.span, field.name, clause, declared)
                )
    return tuple(field.name for field, _ in found) if fine else None


def allowed(check: Check, aggregate: syntax.Aggregate, found: Clauses) -> bool:
    """Report the clauses that do not act on this aggregate."""
    name = called(aggregate)
    fine = True
    where: tuple[str, ...]
    for keyword, clause in found.steps:
        if keyword == "within":
            acts, where = name != "=", ("count", "sum", "distinct", "average", "days of")
        elif keyword == "halving":
            acts, where = name in _ADDING or name == "distinct", (*_ADDING, "distinct")
        else:
            acts, where = name in _ADDING, _ADDING
        if not acts:
            fine = False
            check.report(say.clause_refused(check.source, clause.span, keyword, name, where))
    return fine


def dilutable(check: Check, diluted: syntax.Diluted, here: Here) -> bool:
    """Say whether every record that the measure takes has an actor; else report it."""
    check.used.add("actor")
    actor = check.names.fields.get("actor")
    if actor is None:
        if not check.names.is_poison("actor") and not check.lost("records") and check.names.has_records:
            check.report(say_name.no_actor(check.source, diluted.span, "`diluted per actor per day` reads"))
            check.names.silent.add("actor")
        return False
    known = here.facts.get(_ACTOR)
    if actor.optional and not here.doubtful and (known is None or not known.present):
        declared = check.names.sites.get("actor")
        check.report(
            say_missing.field_may_be_missing(check.source, diluted.span, "actor", "diluted per actor per day", declared)
        )
        return False
    return True


def kept(
    keep: syntax.Keep | None, aggregate: syntax.Aggregate, aggregated: Aggregated | None, here: Here
) -> Keep | None:
    """Work out ``keep at most N per F``: a whole number, fields that are there, values that are not negative."""
    if keep is None:
        return None
    check = here.check
    fields = there(keep.fields, "keep … per", here)
    limit = clauses.number(check, keep.limit, "`keep at most`")
    if limit is not None and (decimals.places_of(limit.value) > 0 or limit.value < 1):
        check.report(
            say.limit_range(check.source, keep.limit.span, "keep at most", limit.value, "a whole number of 1 or more")
        )
        return None
    if not _not_negative(here, aggregate, aggregated, "keep", keep.span) or fields is None or limit is None:
        return None
    return Keep(limit, fields, keep.period)


def totalled(
    total: syntax.Total | None, aggregate: syntax.Aggregate, aggregated: Aggregated | None, here: Here
) -> Total | None:
    """Work out ``total at most X per P``: 0 or more, over values that are not negative (or the net of kinds)."""
    if total is None:
        return None
    check = here.check
    limit = clauses.number(check, total.limit, "`total at most`")
    if limit is not None and limit.value < 0:
        check.report(
            say.limit_range(check.source, total.limit.span, "total at most", limit.value, "a number of 0 or more")
        )
        return None
    by_kind = isinstance(aggregate, syntax.SumByKind)
    if limit is None or not (by_kind or _not_negative(here, aggregate, aggregated, "total", total.span)):
        return None
    return Total(limit, total.period)


def _not_negative(
    here: Here, aggregate: syntax.Aggregate, aggregated: Aggregated | None, clause: str, span: Span
) -> bool:
    """Say whether no record's value can be negative; else report it."""
    if here.doubtful or aggregated is None or aggregated.value is None or aggregated.value.low >= 0:
        return True
    check = here.check
    match aggregate:
        case syntax.Of(value=value):
            check.report(say.may_be_negative_value(check.source, value.span, check.text(value.span), clause, span))
        case syntax.SumByKind(rows=rows):
            assert isinstance(aggregated.aggregate, SumByKind)  # noqa: S101  # made from it
            values = (intervals.of(value) for _, value in aggregated.aggregate.values)
            row = next(row for row, value in zip(rows, values, strict=True) if value.low < 0)
            check.report(say.keep_negative_row(check.source, row.value.span, check.text(row.value.span), span))
        case _:
            return True
    return False


def halved(check: Check, halving: syntax.Halving | None) -> Constant | None:
    """Work out ``halving every D``: more than nothing."""
    if halving is None:
        return None
    found = clauses.duration(check, halving.every, "`halving every`")
    if found is None:
        return None
    if not 0 < found.value <= intervals.MOST_DAYS:
        check.report(
            say_number.days_wanted(
                check.source, halving.every.span, check.text(halving.every.span), found.value, whole=False
            )
        )
        return None
    return found
