"""Takes ``require``, ``exclude`` and ``discount`` as written; gives who is scored and which records count, how much."""

from __future__ import annotations

from tallystick.rules import syntax
from tallystick.rules.check import clauses, expressions
from tallystick.rules.check.narrowing import Facts
from tallystick.rules.check.scope import Check, Here, Scope
from tallystick.rules.check.walk import names_in
from tallystick.rules.check_errors import clauses as say
from tallystick.rules.check_errors import reads as say_reads
from tallystick.rules.check_errors.drawing import listed
from tallystick.rules.rulebook import Discount, Exclude, Require
from tallystick.rules.source import Span


def require(check: Check, written: syntax.Require) -> tuple[Require | None, Facts]:
    """Check a requirement; also what it tells of everyone who meets it."""
    what = f"requirement `{written.name.text}`"
    when = clauses.once(check, written.clauses, syntax.When, "when")
    outcome = clauses.once(check, written.clauses, syntax.RequireOutcome, "otherwise")
    because = clauses.because(check, written.clauses)
    partial = check.incomplete(written.name.span)
    if when is None and not partial:
        check.report(say.clause_missing(check.source, written.name.span, what, "`when`", "when …"))
    if outcome is None and not partial:
        example = 'otherwise no score "…"'
        check.report(say.clause_missing(check.source, written.name.span, what, "`otherwise`", example))
    if when is None:
        return None, {}
    judged = expressions.condition(when.condition, Here(check, Scope("person", what, "test")))
    if judged.expr is None or outcome is None or partial:
        return None, judged.yes
    made = Require(
        written.name.text,
        written.title.value,
        judged.expr,
        outcome.outcome,
        outcome.words.value,
        because,
        any(name in check.names.measures for name in names_in(when.condition)),
        written.span,
    )
    return made, judged.yes


def exclude(check: Check, written: syntax.Exclude) -> Exclude | None:
    """Check an exclusion."""
    what = f"exclusion `{written.name.text}`"
    when = clauses.once(check, written.clauses, syntax.When, "when")
    repeats = clauses.once(check, written.clauses, syntax.Repeats, "repeats of")
    because = clauses.because(check, written.clauses)
    partial = check.incomplete(written.name.span)
    if when is None and repeats is None and not partial:
        check.report(say.clause_missing(check.source, written.name.span, what, "`when` and no `repeats of`", "when …"))
    _needs_records(check, written.name.span, what)
    judged = _when(check, when, what)
    fields = None if repeats is None else clauses.fields(check, repeats.fields, "repeats of")
    if partial or (judged is not None and judged.expr is None) or (repeats is not None and fields is None):
        return None
    for field, word in fields or ():
        if field.name == "id":
            check.report(say.repeats_never(check.source, word.span, listed(field.name for field, _ in fields or ())))
    return Exclude(
        written.name.text,
        written.title.value,
        None if judged is None else judged.expr,
        None if fields is None else tuple(field.name for field, _ in fields),
        because,
        written.span,
    )


def discount(check: Check, written: syntax.Discount) -> Discount | None:
    """Check a discount: a share from 0% to 100%."""
    what = f"discount `{written.name.text}`"
    to = clauses.once(check, written.clauses, syntax.DiscountTo, "to")
    when = clauses.once(check, written.clauses, syntax.When, "when")
    because = clauses.because(check, written.clauses)
    _needs_records(check, written.name.span, what)
    judged = _when(check, when, what)
    if to is None:
        if check.incomplete(written.name.span):
            return None
        check.report(say.clause_missing(check.source, written.name.span, what, "share", "to 50%"))
        return None
    share = clauses.number(check, to.share, "`to`")
    if share is not None and not 0 <= share.value <= 1:
        check.report(say.share_range(check.source, to.share.span, share.value))
        return None
    if share is None or (judged is not None and judged.expr is None):
        return None
    return Discount(
        written.name.text,
        written.title.value,
        share,
        None if judged is None else judged.expr,
        because,
        written.span,
    )


def _when(check: Check, when: syntax.When | None, what: str) -> expressions.Judged | None:
    """Judge a condition of every record, whoever it is about."""
    here = Here(check, Scope("record", what, "test", absent=check.names.has_subjects))
    return None if when is None else expressions.condition(when.condition, here)


def _needs_records(check: Check, span: Span, what: str) -> None:
    if not check.names.has_records and not check.lost("records") and check.once("records"):
        check.report(say_reads.records_missing(check.source, span, what))
