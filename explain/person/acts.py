"""Takes a run and a person; gives what was corrected of their records and what they state, and the score without the
corrections."""

from __future__ import annotations

from decimal import Decimal

from tallystick.engine.arithmetic import text_of
from tallystick.engine.corrections import Change, CorrectionRow
from tallystick.engine.intake.reading import Rejected, Row, read_cell, record_fields, written
from tallystick.engine.ledger import Run, SubjectLedger
from tallystick.engine.refusals import Refusal, RowsNotKept
from tallystick.engine.run import FinishedRun
from tallystick.engine.what_if.neighbourhood import Neighbourhood, neighbourhood
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.person.clocks import by_clocks
from tallystick.explain.person.plans import RulebookPlan
from tallystick.explain.tongue import say
from tallystick.explain.tree.acts import CorrectedLine, Correction, FieldChange, Statement, Uncorrected
from tallystick.rules.measure import Formula
from tallystick.rules.rulebook import Rulebook


def corrections_of(run: Run, plan: RulebookPlan, ledger: SubjectLedger) -> tuple[Correction, ...]:
    """Return the corrections that touch a person who was admitted."""
    return tuple(_correction(each, plan) for each in _rows(run, ledger))


def statements_of(run: Run, plan: RulebookPlan, ledger: SubjectLedger) -> tuple[Statement, ...]:
    """Return what a person states."""
    if not isinstance(run, FinishedRun):
        return ()
    stated = run.statements(ledger.score.subject)
    titles = {each.rule.name: each.rule.title for each in plan.rules} if stated else {}
    return tuple(
        Statement(
            kind=each.kind,
            rule=each.rule,
            title=None if each.rule is None else titles[each.rule],
            record=each.record,
            text=each.text,
            since=each.since,
            answer_by=each.answer_by,
        )
        for each in stated
    )


def uncorrected(run: Run, plan: RulebookPlan, ledger: SubjectLedger) -> Uncorrected | None:
    """Return the result without the corrections that touch a person; None without any, or without the run's records,
    which are not what they were where somebody was removed since.

    It comes from the rules and the person's own records, as the result itself does. INVARIANT: the same way of working
    with the corrections in place gives the result itself, or nothing is shown.
    """
    rows = _rows(run, ledger)
    if not rows or not isinstance(run, FinishedRun) or run.receipt.forgotten:
        return None
    book, name = run.rulebook, ledger.score.subject
    before = tuple(_values(book, each) for each in rows if _is_of_value(run, each))
    try:
        there = run.near(name)
    except RowsNotKept:
        return None
    try:
        near = neighbourhood(there, book, name, run.as_of, imagined=before)
    except Refusal:
        return None
    imagined = {each.number for each in near.records if each.number < 0}
    as_it_is = near.without_records(imagined).ledger()
    if as_it_is is None or as_it_is.score != ledger.score or as_it_is.lines != ledger.lines:
        raise DoesNotAddUp(name, "the score worked out from the records near the person", "the score", "another")
    without = near.without_records(_put_in_place(near, rows)).ledger()
    if without is None:
        return Uncorrected(outcome="no score", score=None, words=say("No record would be about you."), lines=())
    words = {each.name: each.words for each in book.requires}
    both = without.score.score is not None and ledger.score.score is not None
    places = plan.line_places
    points = {each.rule: each.points for each in without.lines}
    return Uncorrected(
        outcome=without.score.outcome,
        score=None if without.score.score is None else text_of(without.score.score, book.score.places),
        words=None if without.score.requirement is None else words.get(without.score.requirement),
        lines=tuple(
            CorrectedLine(
                rule=each.rule,
                title=next(rule.rule.title for rule in plan.rules if rule.rule.name == each.rule),
                without=_digits(points[each.rule], places),
                with_them=_digits(each.points, places),
            )
            for each in ledger.lines
            if both and points[each.rule] != each.points
        ),
    )


def _put_in_place(near: Neighbourhood, rows: tuple[CorrectionRow, ...]) -> set[int]:
    """Return the numbers of the records that stand in the place of struck-out ones. They are known by their ids: rows
    that are read once more may be numbered otherwise than the run numbered them."""
    place = next(place for place, field in enumerate(record_fields(near.rulebook)) if field.name == "id")
    ids = {each.record for each in rows if each.instead is not None}
    return {each.number for each in near.records if each.number >= 0 and written(each.row[place]) in ids}


def _is_of_value(run: FinishedRun, row: CorrectionRow) -> bool:
    """Say whether a struck-out record would be among those of a run: of its value, where the score is by a field."""
    by = run.rulebook.score.by
    names = [field.name for field in record_fields(run.rulebook)]
    return by is None or row.values[names.index(by)] == run.value


def _digits(points: Decimal | None, places: int | None) -> str | None:
    return None if points is None else text_of(points, places)


def _rows(run: Run, ledger: SubjectLedger) -> tuple[CorrectionRow, ...]:
    """Return the corrections that touch a person; of who was not admitted nothing is told."""
    admitted = bool(ledger.measures or ledger.inputs or ledger.accounts or ledger.score.outcome == "scored")
    return run.corrections(ledger.score.subject) if admitted and isinstance(run, FinishedRun) else ()


def _correction(row: CorrectionRow, plan: RulebookPlan) -> Correction:
    zone = plan.rulebook.time_zone
    fields = {field.name: field for field in record_fields(plan.rulebook)}
    was = {name: by_clocks(fields[name], value, zone) for name, value in zip(fields, row.values, strict=True)}
    kinds = {was.get("kind")} | {each.after for each in row.changes if each.field == "kind"}
    return Correction(
        record=row.record,
        action=row.action,
        reason=row.reason,
        who=row.who,
        when=row.when,
        was=was,
        changes=tuple(
            FieldChange(
                field=each.field,
                title=fields[each.field].title,
                before=by_clocks(fields[each.field], each.before, zone),
                after=by_clocks(fields[each.field], each.after, zone),
            )
            for each in _known_changes(row, was)
        ),
        rules=tuple(each.rule.name for each in plan.rules if _looks_at(plan, each.measures, kinds)),
    )


def _known_changes(row: CorrectionRow, was: dict[str, str | None]) -> tuple[Change, ...]:
    """Return what a correction changed, as far as the run still has it.

    Of a record about somebody who was removed since only the places of names are left: what else it said is gone, which
    is not that it said nothing. Every record that is corrected has an id, so one without is such a record.
    """
    ids = [was.get("id"), *(each.after for each in row.changes if each.field == "id")]
    if all(each is not None for each in ids):
        return row.changes
    return tuple(each for each in row.changes if each.before is not None and each.after is not None)


def _looks_at(plan: RulebookPlan, measures: tuple[str, ...], kinds: set[str | None]) -> bool:
    """Say whether any of these measures, or one that they are made of, looks at records of one of the kinds."""
    aggregates = (each.measure.aggregate for each in plan.opened(measures).values())
    return any(kinds & set(each.kinds) for each in aggregates if not isinstance(each, Formula))


def _values(rulebook: Rulebook, row: CorrectionRow) -> Row:
    """Return a struck-out record's values."""
    values = [read_cell(f, text) for f, text in zip(record_fields(rulebook), row.values, strict=True)]
    if any(isinstance(value, Rejected) for value in values):
        raise DoesNotAddUp(row.record, "the record that a correction struck out", "its values", "others")
    return tuple(value for value in values if not isinstance(value, Rejected))
