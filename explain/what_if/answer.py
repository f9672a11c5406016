"""Takes a run, a person and what somebody supposes; gives the document that says what would be, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import repeat

from tallystick.engine.arithmetic import round_to, subtract, text_of, total_of
from tallystick.engine.change.subtraction import PartRow
from tallystick.engine.intake.reading import Row, record_fields, written
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.making import sha256_of
from tallystick.engine.what_if.neighbourhood import NearRecord, Neighbourhood
from tallystick.engine.what_if.question import Answer, Question, RunWithRows, ask
from tallystick.engine.what_if.reached import values_in
from tallystick.explain.by_value import by_value, title_of
from tallystick.explain.errors import AbsentSubject, DoesNotAddUp
from tallystick.explain.figures import about, line_places, short
from tallystick.explain.person.bands import band_alone, unmet_needs
from tallystick.explain.person.clocks import by_clocks
from tallystick.explain.person.planner import field_type, value_type
from tallystick.explain.plain import quoted
from tallystick.explain.tongue import say
from tallystick.explain.what_if.document import MeasureMoved, Moved, Result, Supposed, WhatIf
from tallystick.rules.epochs import on_day
from tallystick.rules.measure import Measure
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.variants.other_value import value_in_force


def what_if(
    run: RunWithRows,
    subject: str,
    question: Question,
    *,
    other_values: tuple[Supposed, ...] = (),
    other_rulebook: bool = True,
) -> WhatIf:
    """Return what a person's result would be.

    ``other_values``: the parameters to which the rulebook in ``question`` gives another value; ``other_rulebook``:
    whether it is another one besides. Raises ``AbsentSubject`` where nobody of that name has a result, before or after.
    """
    answer = ask(run, subject, question)
    if answer.before is None and answer.after is None:
        raise AbsentSubject(subject)
    parts = answer.parts
    points = _points(answer, parts)
    value: str | None = getattr(run, "value", None)
    return WhatIf(
        subject=subject,
        by=by_value(answer.there.rulebook, value),
        title=title_of(answer.there.rulebook, value),
        band_alone=band_alone(answer.here.rulebook) and band_alone(answer.there.rulebook),
        supposed=(
            *_otherwise(run, question, other_values, other_rulebook=other_rulebook),
            *(_attribute(answer, name) for name, _ in question.attributes),
            *(
                _record("a record more", row, answer.there.rulebook, made_up=place in question.made_up)
                for place, row in enumerate(question.added)
            ),
            *map(_left_out, answer.left_out, question.without, repeat(run.rulebook)),
        ),
        before=_result(answer.before, answer.here, sha256_of(run.rulebook.text)),
        after=_result(answer.after, answer.there, sha256_of(answer.there.rulebook.text)),
        points=points,
        parts=tuple(_moved(each, answer) for each in parts),
        measures=_measures(answer),
        notices=(*answer.notices, *_unlisted(question, answer.there.rulebook)),
    )


def _unlisted(question: Question, rulebook: Rulebook) -> Iterator[str]:
    """Say of which kinds, that nothing can count, records were imagined."""
    names = [field.name for field in record_fields(rulebook)]
    if "kind" in names and rulebook.kinds:
        kinds = dict.fromkeys(written(row[names.index("kind")]) for row in question.added)
        for kind in kinds:
            if kind is not None and kind not in rulebook.kinds:
                yield say("The rules list no kind {kind}, so they count no record of it.", kind=quoted(kind))


def _points(answer: Answer, parts: tuple[PartRow, ...]) -> str | None:
    """Return after less before.

    INVARIANT: the parts add up to it, or nothing is shown.
    """
    if answer.before is None or answer.after is None:
        return None
    before, after = answer.before.score.score, answer.after.score.score
    if before is None or after is None:
        return None
    moved = subtract(after, before)
    total = total_of([each.points for each in parts])
    if total != moved:
        raise DoesNotAddUp(answer.here.subject, "what would be", str(moved), str(total))
    return _points_text(moved, answer.there.rulebook.score.places)


def _result(ledger: SubjectLedger | None, near: Neighbourhood, sha256: str) -> Result:
    book = near.rulebook
    score = None if ledger is None else ledger.score
    band = next((each for each in book.bands if score is not None and each.name == score.band), None)
    unmet = next((each for each in book.requires if score is not None and each.name == score.requirement), None)
    words = None if unmet is None else unmet.words
    if unmet is None and score is not None and score.requirement is not None:
        words = say("No rule applies to you.")
    return Result(
        outcome=None if score is None else score.outcome,
        score=None if score is None or score.score is None else text_of(score.score, book.score.places),
        band=None if band is None else band.name,
        band_title=None if band is None else band.title,
        requirement=None if score is None else score.requirement,
        words=words,
        as_of=near.as_of,
        rulebook=book.name,
        version=book.version,
        sha256=sha256,
        missing=unmet_needs(book, ledger),
    )


def _moved(part: PartRow, answer: Answer) -> Moved:
    places = line_places(answer.there.rulebook.score)
    return Moved.model_validate(
        {
            "place": part.place,
            "name": part.name or None,
            "title": _titles(answer, part.place).get(part.name),
            "kind": part.kind or None,
            "before": _points_text(part.was, places),
            "after": _points_text(part.now, places),
            "points": _points_text(part.points, places),
        }
    )


def _points_text(number: Decimal | None, places: int | None) -> str | None:
    """Write points with so many places, or exactly where they have more: the other rulebook may round otherwise."""
    if number is None:
        return None
    fits = places is not None and number == round_to(number, places)
    return text_of(number, places if fits else None)


def _titles(answer: Answer, place: str) -> dict[str, str]:
    """Return the titles of rules or facets; the new rulebook's where both have one."""
    books = (answer.here.rulebook, answer.there.rulebook)
    if place == "rule":
        return {rule.name: rule.title for book in books for rule in book.rules}
    return {facet.name: facet.title for book in books for facet in book.facets}


# ---- what was supposed -------------------------------------------------------------------------------------------


def _otherwise(
    run: RunWithRows, question: Question, other_values: tuple[Supposed, ...], *, other_rulebook: bool
) -> Iterator[Supposed]:
    """Give the day and the rules that are supposed."""
    if question.as_of is not None:
        yield _plain("another day", None, None, run.as_of.isoformat(), question.as_of.isoformat())
    if question.rulebook is not None and other_rulebook:
        before, after = (f"{book.name} {book.version}" for book in (run.rulebook, question.rulebook))
        yield _plain("another rulebook", None, None, before, after)
    if question.as_of is not None and not other_rulebook:
        told = {each.name for each in other_values}
        dated = _of_that_day(run, question.rulebook or run.rulebook, question.as_of)
        yield from (each for each in dated if each.name not in told)
    yield from other_values


def _of_that_day(run: RunWithRows, supposed: Rulebook, as_of: date) -> Iterator[Supposed]:
    """Give the parameters whose dated values are others on another day, but for what is supposed in their place."""
    here, there = on_day(run.rulebook, run.as_of), on_day(run.rulebook, as_of)
    taken = {each.name: each.value.value for each in on_day(supposed, as_of).parameters}
    for before, after in zip(here.parameters, there.parameters, strict=True):
        if before.value.value != after.value.value == taken[after.name]:
            was, now = value_in_force(here, before.name), value_in_force(there, after.name)
            found = _plain("value of that day", before.name, before.title, was.text, now.text)
            yield found.model_copy(update={"type": now.unit})


def _plain(what: str, name: str | None, title: str | None, before: str | None, after: str | None) -> Supposed:
    return Supposed.model_validate({"what": what, "name": name, "title": title, "before": before, "after": after})


def _attribute(answer: Answer, name: str) -> Supposed:
    declared = next((each for each in answer.there.rulebook.subjects or () if each.name == name), None)
    if declared is None:
        return _plain("another attribute", name, None, written(answer.here.attribute(name)), None)
    before, after = (
        by_clocks(declared, written(near.attribute(name)), near.rulebook.time_zone)
        for near in (answer.here, answer.there)
    )
    supposed = _plain("another attribute", name, declared.title, before, after)
    return supposed.model_copy(update={"type": value_type(declared.type)})


def _record(what: str, row: Row, rulebook: Rulebook, *, made_up: bool = False) -> Supposed:
    fields = record_fields(rulebook)
    zone = rulebook.time_zone
    values = {field.name: by_clocks(field, written(value), zone) for field, value in zip(fields, row, strict=True)}
    types = {field.name: field_type(field.type) for field in fields}
    found = {"record": values, "types": types, "made_up": made_up and "id" in values}
    return _plain(what, None, None, None, None).model_copy(update=found)


def _left_out(near: NearRecord, name: str, rulebook: Rulebook) -> Supposed:
    return _record("a record less", near.row, rulebook).model_copy(update={"name": name})


# ---- measures ----------------------------------------------------------------------------------------------------


def _measures(answer: Answer) -> tuple[MeasureMoved, ...]:
    """Return the measures that come out otherwise, in the order of the new rulebook."""
    before, after = (values_in(each) for each in (answer.before_renamed, answer.after))
    known: dict[str, Measure] = {each.name: each for each in answer.here.rulebook.measures}
    known |= {each.name: each for each in answer.there.rulebook.measures}
    return tuple(
        MeasureMoved(
            measure=name,
            singular=measure.singular,
            plural=measure.plural,
            before=short(before.get(name)),
            before_about=_about(before.get(name)),
            after=short(after.get(name)),
            after_about=_about(after.get(name)),
        )
        for name, measure in known.items()
        if before.get(name) != after.get(name) and before and after
    )


def _about(number: Decimal | None) -> str | None:
    return None if number is None else about(number)
