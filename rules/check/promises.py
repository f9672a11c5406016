"""Takes promises as written; gives what each comes to, once its numbers and kinds fit the rulebook."""

from __future__ import annotations

from typing import Literal

from tallystick.rules import decimals, syntax
from tallystick.rules.check import clauses, intervals
from tallystick.rules.check.measures import resolved_kinds
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import clauses as say_clause
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.expression import Constant
from tallystick.rules.rulebook import Claim, Promise, Score
from tallystick.rules.source import Span

_BY_ACTOR = ("one actor moves", "own actions give")


def promises(check: Check, written: list[syntax.Promise], score: Score | None) -> tuple[Promise, ...]:
    """Check every promise; two with the same words would be one to whoever reads them."""
    places = decimals.PLACES if score is None or score.places is None else score.places
    seen: dict[str, Span] = {}
    made: list[Promise] = []
    for each in written:
        text, span = each.text.value, each.text.span
        first = seen.setdefault(text, span)
        if first is not span:
            check.report(say_name.block_twice(check.source, span, f'promise "{text}"', first))
        claims = [_claim(check, claim, places) for claim in each.claims]
        if all(claims):
            made.append(Promise(text, tuple(claim for claim in claims if claim is not None), each.span))
    return tuple(made)


def _claim(check: Check, written: syntax.Claim, places: int) -> Claim | None:
    amount = None if written.amount is None else _amount(check, written, written.amount, places)
    days = None if written.days is None else _days(check, written.days)
    kinds = resolved_kinds(check, written.kinds, "this promise") if written.kinds else ()
    by_actor = written.form not in _BY_ACTOR or _has_actor(check, written)
    lacking = (written.amount is not None and amount is None) or (written.days is not None and days is None)
    if lacking or kinds is None or not by_actor:
        return None
    return Claim(written.form, amount, days, kinds, written.span)


def _amount(check: Check, written: syntax.Claim, expr: syntax.Expr, places: int) -> Constant | None:
    """Work out how many points are promised: 0 or more, with no more places than the score has."""
    found = clauses.bound(check, expr, "`at most`", places, "the score")
    if found is not None and found.value < 0:
        clause = _words(written.form)
        check.report(say_clause.limit_range(check.source, expr.span, clause, found.value, "a number of 0 or more"))
        return None
    return found


def _days(check: Check, written: syntax.DurationLiteral) -> int | None:
    """Return a number of days, each of them whole."""
    days = decimals.EXACT.multiply(written.value, 7) if written.unit == "week" else written.value
    if decimals.places_of(days) > 0 or not 1 <= days <= intervals.MOST_DAYS:
        wanted = "a whole number of days from 1"
        check.report(say_clause.limit_range(check.source, written.span, "of silence", days, wanted))
        return None
    return int(days)


def _has_actor(check: Check, written: syntax.Claim) -> bool:
    """Say whether records tell who did what; else report it, once in a file."""
    names = check.names
    check.used.add("actor")
    if "actor" in names.fields:
        return True
    if not names.is_poison("actor") and not check.lost("records") and check.once("actor of a promise"):
        span = Span(written.span.start, written.span.start + len("one actor"))
        check.report(say_name.no_actor(check.source, span, f"`{_words(written.form)}` reads"))
    return False


def _words(form: Literal["one actor moves", "own actions give", "silence costs", "never falls with"]) -> str:
    return "of silence cost at most" if form == "silence costs" else f"{form} at most"
