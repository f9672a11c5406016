"""Takes a whole syntax tree; gives the rulebook if nothing in it is wrong, and all diagnostics in their order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from tallystick.rules import limits, syntax
from tallystick.rules.check import (
    actions,
    before,
    clauses,
    examples,
    measures,
    numbers_two_ways,
    odd_points,
    points,
    promises,
    reads,
    same_twice,
    scores,
    selection,
    unused,
)
from tallystick.rules.check.names import Names, Namespace, ParameterThing
from tallystick.rules.check.narrowing import NO_FACTS, Facts, meet
from tallystick.rules.check.scope import Check
from tallystick.rules.check.walk import actors_names, names_in
from tallystick.rules.check.walk import in_order as worked_out_in_order
from tallystick.rules.check_errors import by as say_by
from tallystick.rules.check_errors import clauses as say_clause
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors import points as say_points
from tallystick.rules.check_errors import reads as say_reads
from tallystick.rules.diagnostics import Diagnostic, has_errors, in_order
from tallystick.rules.format.format import canonical
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.questions.earned import levels, read_in
from tallystick.rules.rule import Facet
from tallystick.rules.rulebook import Band, Discount, Example, Exclude, Field, Parameter, Require, Rulebook, Score
from tallystick.rules.source import Span
from tallystick.rules.spelling import near
from tallystick.rules.value import NumberType, OneOfType

_BLOCKS = ("records", "subjects")
"""Where one of these is misspelt, names are declared that were not read."""
D = TypeVar("D")
Named = (
    syntax.Require | syntax.Exclude | syntax.Discount | syntax.Facet | syntax.Rule | syntax.BandFrom | syntax.BandNeeds
)


class _Read(Struct, frozen=True):
    """What is read, and the constants."""

    records: tuple[Field, ...] | None
    subjects: tuple[Field, ...] | None
    parameters: tuple[Parameter, ...]


class _Selected(Struct, frozen=True):
    """Who is scored and which records count."""

    requires: tuple[Require, ...]
    excludes: tuple[Exclude, ...]
    discounts: tuple[Discount, ...]
    measures: dict[str, Measure]
    required: Facts


class _Scored(Struct, frozen=True):
    """How measures become a score."""

    facets: tuple[Facet, ...]
    lines: tuple[tuple[syntax.Rule, points.Line], ...]
    score: Score | None
    bands: tuple[Band, ...]
    noise: Decimal | None


def check(file: syntax.SyntaxFile) -> tuple[Rulebook | None, tuple[Diagnostic, ...]]:
    """Check a file with the values that its parameters begin with; the rulebook is None where there is an error, or
    where a part of the file did not parse."""
    broken = frozenset(word.text for word in file.broken)
    uses = any(isinstance(each, syntax.Use) for each in file.declarations)
    opened = uses or any(near(word, _BLOCKS) is not None and word not in _BLOCKS for word in broken)
    work = Check(file, file.source, Names(broken=broken, open=opened), damaged=file.damaged or opened)
    head = reads.head(work, file.head)
    read = _read(work)
    selected = _selected(work)
    scored = _scored(work, head, selected)
    made_promises = promises.promises(work, work.declared(syntax.Promise), scored.score)
    made_examples = _examples(work, head, read, selected, scored)
    if not work.damaged and len(selected.excludes) == len(work.declared(syntax.Exclude)):
        actions.check_actions(work, scored.lines, selected.measures, selected.excludes)
    _refuse_too_many_steps(work, selected)
    _refuse_too_much_by(work, read, selected, scored)
    actions.warn_of_full(work, selected.measures, selected.discounts)
    actions.warn_of_none(work, selected.measures, selected.excludes, selected.discounts)
    unused.warn(work)
    if not has_errors(tuple(work.diagnostics)) and not file.broken:
        reads.warn_of_zone(work, head)
        before.warn(work, selected.requires, selected.measures)
        odd_points.warn(work, scored.lines, scored.score)
        numbers_two_ways.warn(work)
        same_twice.warn(work)
        same_twice.warn_of_titles(work)
    diagnostics = in_order(tuple(work.diagnostics))
    if has_errors(diagnostics) or file.broken or scored.score is None:
        return None, diagnostics
    texts = head.texts
    made = Rulebook(
        name=file.head.name.value,
        version=file.head.version.text,
        owner=texts.get("owner"),
        contact=texts.get("contact"),
        purpose=texts.get("purpose"),
        measures_what=texts.get("measures"),
        not_for=texts.get("not for"),
        origin=texts.get("source"),
        effective=head.effective,
        noise=scored.noise,
        time_zone=texts.get("time zone", "UTC"),
        records=read.records,
        subjects=read.subjects,
        parameters=read.parameters,
        requires=selected.requires,
        excludes=selected.excludes,
        discounts=selected.discounts,
        measures=tuple(selected.measures.values()),
        facets=scored.facets,
        rules=tuple(line.rule for _, line in scored.lines),
        score=scored.score,
        bands=scored.bands,
        promises=made_promises,
        examples=made_examples,
        text=canonical(file),
        source=file.source,
    )
    return made, diagnostics


def _refuse_too_many_steps(work: Check, selected: _Selected) -> None:
    """Keep what the ledger says of each person within bounds."""
    measures = [each for each in selected.measures.values() if not isinstance(each.aggregate, Formula)]
    takers = len(selected.excludes) + len(selected.discounts)
    if len(measures) * takers > limits.STEPS:
        work.report(say_clause.steps_too_many(work.source, measures[-1].span, len(measures), takers))
    elif len(measures) * len(selected.discounts) > limits.DISCOUNTED:
        work.report(
            say_clause.discounts_too_many(work.source, measures[-1].span, len(measures), len(selected.discounts))
        )
    repeating = [each for each in selected.excludes if each.repeats is not None]
    if len(repeating) > limits.REPEATS:
        work.report(say_clause.repeats_too_many(work.source, repeating[limits.REPEATS].span))
    fading = {each.halving.value: each for each in measures if each.halving is not None}
    days = sum(fading, Decimal(0))
    if days > limits.HALF_LIVES:
        work.report(say_clause.half_lives_too_long(work.source, fading[max(fading)].span, days))
    lost = work.damaged or work.file.broken  # what is read of actors may stand in a part that did not parse
    if not lost and not has_errors(tuple(work.diagnostics)):
        earned = levels(tuple(selected.measures.values()))
        if len(earned) > limits.LEVELS:
            last = selected.measures[earned[-1][0]]
            work.report(say_clause.levels_too_many(work.source, last.span, len(earned)))
        formulas = (each for each in selected.measures.values() if isinstance(each.aggregate, Formula))
        waiting = {each.name: read_in(each) for each in formulas}
        for _ in range(limits.FORMULAS):
            waiting = {name: reads for name, reads in waiting.items() if any(each in waiting for each in reads)}
        if waiting:
            first = selected.measures[next(iter(waiting))]
            work.report(say_clause.formulas_too_many(work.source, first.span))


def _refuse_too_much_by(work: Check, read: _Read, selected: _Selected, scored: _Scored) -> None:
    """Keep within bounds what is worked out again for each value of the field that the score is by."""
    if scored.score is None or scored.score.by is None:
        return
    field = next(each for each in read.records or () if each.name == scored.score.by)
    assert isinstance(field.type, OneOfType)  # noqa: S101  else the score is by no such field
    declared = len(selected.measures) + len(scored.lines)
    if len(field.type.values) * declared > limits.BY_WORK:
        work.report(say_by.by_too_much(work.source, scored.score.span, field, len(field.type.values), declared))


# ---- what is read ------------------------------------------------------------------------------------------------


def _read(work: Check) -> _Read:
    records = _one(work, syntax.Records, "records")
    subjects = _one(work, syntax.Subjects, "subjects")
    names = work.names
    names.has_records, names.has_subjects = records is not None, subjects is not None
    if records is None and subjects is None and not work.lost("records", "subjects"):
        title = work.file.head.name.span
        work.report(say_reads.nothing_declared(work.source, title))
        work.once("records")
    fields = None if records is None else reads.fields(work, records.fields, "field")
    attributes = None if subjects is None else reads.fields(work, subjects.fields, "attribute")
    if records is not None:
        reads.needed(work, records)
    return _Read(fields, attributes, _parameters(work))


def _parameters(work: Check) -> tuple[Parameter, ...]:
    """Work out the parameters, those first that others need; keep them in the order of the text."""
    declared = work.declared(syntax.Parameter)
    # A measure's name is entered before any parameter is worked out, so that each is known for what it is.
    entered = [each for each in declared if reads.enter(work, each.name, "parameter")]
    for measure in work.declared(syntax.Measure):
        reads.enter(work, measure.name, "measure")
    by_name = {each.name.text: each for each in entered}
    made: dict[str, Parameter] = {}
    for name in _order(work, {name: tuple(names_in(each.value)) for name, each in by_name.items()}, by_name):
        parameter = _parameter(work, by_name[name])
        if parameter is not None:
            made[name] = parameter
    for each in declared:
        if by_name.get(each.name.text) is not each:
            _parameter(work, each, entered=False)
    return tuple(made[each.name.text] for each in entered if each.name.text in made)


def _parameter(work: Check, written: syntax.Parameter, *, entered: bool = True) -> Parameter | None:
    because = clauses.because(work, written.clauses)
    for clause in written.clauses:
        if isinstance(clause, syntax.DatedValue):
            work.used.update(names_in(clause.value))
    found = clauses.free_constant(work, written.value, f"parameter `{written.name.text}`")
    if found is None:
        return None
    parameter = Parameter(written.name.text, found, written.title.value, because, span=written.span)
    if entered:
        work.names.parameters[written.name.text] = ParameterThing(parameter, found.expr.type)
    return parameter


def _order(
    work: Check, needs: dict[str, tuple[str, ...]], sites: dict[str, syntax.Parameter] | dict[str, syntax.Measure]
) -> list[str]:
    """Return the names in an order in which they can be worked out; those in a circle are told of and left out."""
    order: list[str] = []
    for group in worked_out_in_order(needs):
        if len(group) > 1 or group[0] in needs[group[0]]:
            first = min(group, key=lambda name: sites[name].name.span)
            ring = tuple(sorted(group, key=lambda name: sites[name].name.span))
            work.report(say_clause.circle(work.source, sites[first].name.span, ring))
            for name in group:
                work.used.update(needs[name])
        else:
            order.append(group[0])
    return order


# ---- who and what counts -----------------------------------------------------------------------------------------


def _selected(work: Check) -> _Selected:
    declared_discounts = work.declared(syntax.Discount)
    work.names.discounted = bool(declared_discounts)
    _enter(work, "exclusion", work.declared(syntax.Exclude))
    _enter(work, "discount", declared_discounts)
    _enter(work, "requirement", work.declared(syntax.Require))
    excludes = [selection.exclude(work, each) for each in work.declared(syntax.Exclude)]
    discounts = [selection.discount(work, each) for each in declared_discounts]
    found = _measures(work)
    requires: list[Require] = []
    required: Facts = NO_FACTS
    for each in work.declared(syntax.Require):
        require, told = selection.require(work, each)
        required = meet(required, told)
        if require is not None:
            requires.append(require)
    return _Selected(
        tuple(requires),
        tuple(each for each in excludes if each is not None),
        tuple(each for each in discounts if each is not None),
        found,
        required,
    )


def _measures(work: Check) -> dict[str, Measure]:
    """Check the measures, those first that others read; keep them in the order of the text."""
    declared = work.declared(syntax.Measure)
    by_name: dict[str, syntax.Measure] = {}
    for each in declared:
        site = work.names.sites.get(each.name.text)
        if site is not None and site.span == each.name.span:
            by_name[each.name.text] = each
    formulas = {name: _formula_names(each) for name, each in by_name.items()}
    work.formula_reads.update(formulas)
    # What an actor earned is a measure of theirs: it must be known before, as those that a formula reads.
    needs = {name: (*formulas[name], *actors_names(each)) for name, each in by_name.items()}
    made: dict[str, Measure] = {}
    for name in _order(work, needs, by_name):
        measure = measures.measure(work, by_name[name])
        if measure is not None:
            made[name] = measure
    for each in declared:
        if by_name.get(each.name.text) is not each:
            measures.measure(work, each)
    return {each.name.text: made[each.name.text] for each in by_name.values() if each.name.text in made}


def _formula_names(written: syntax.Measure) -> tuple[str, ...]:
    """Return the names that a formula reads; none for a measure of records, which may read no measure."""
    if not isinstance(written.aggregate, syntax.Formula):
        return ()
    tests = [
        name for clause in written.clauses if isinstance(clause, syntax.When) for name in names_in(clause.condition)
    ]
    return (*names_in(written.aggregate.value), *tests)


# ---- the score ---------------------------------------------------------------------------------------------------


def _scored(work: Check, head: reads.Head, selected: _Selected) -> _Scored:
    written_score = _one(work, syntax.Score, "score")
    if written_score is None and not work.lost("score"):
        scoring = (syntax.Rule, syntax.Facet, syntax.Bands, syntax.Require)
        shared = not any(isinstance(each, scoring) for each in work.file.declarations)
        work.report(say_points.score_missing(work.source, work.file.head.name.span, shared=shared))
    scale = scores.UNSAID if written_score is None else scores.score(work, written_score)
    doubtful = work.lost("require") or len(selected.requires) < len(work.declared(syntax.Require))
    frame = points.Frame(scale.line_places, scale.mean, selected.required, doubtful)
    placed: list[tuple[syntax.Rule, str | None]] = []
    facets: list[Facet] = []
    for each in work.file.declarations:
        if isinstance(each, syntax.Facet):
            facets.append(points.facet(work, each, frame))
            placed.extend((rule, each.name.text) for rule in each.members if isinstance(rule, syntax.Rule))
        elif isinstance(each, syntax.Rule):
            placed.append((each, None))
    _enter(work, "facet", work.declared(syntax.Facet))
    _enter(work, "rule", [rule for rule, _ in placed])
    lines: list[tuple[syntax.Rule, points.Line]] = []
    for rule, facet in placed:
        line = points.rule(work, rule, facet, frame)
        if line is not None:
            lines.append((rule, line))
    banded = bool(work.declared(syntax.Bands))
    if not (placed or facets or banded) and written_score is not None and not work.lost("rule", "facet"):
        work.report(say_points.no_rules(work.source, written_score.span))
    complete = len(lines) == len(placed) and not work.damaged
    total = scores.total(work, scale, tuple(line for _, line in lines), tuple(facets)) if complete else None
    written_bands = _one(work, syntax.Bands, "bands")
    bands = () if written_bands is None else _bands(work, written_bands, scale, total, frame)
    noise = scores.noise(work, head.noise, scale, total)
    return _Scored(tuple(facets), tuple(lines), scale.score, bands, noise)


def _bands(
    work: Check, written: syntax.Bands, scale: scores.Scale, total: NumberType | None, frame: points.Frame
) -> tuple[Band, ...]:
    _enter(work, "band", list(written.bands))
    return scores.bands(work, written, scale, total, frame)


def _examples(work: Check, head: reads.Head, read: _Read, selected: _Selected, scored: _Scored) -> tuple[Example, ...]:
    outcomes = {require.name: require.outcome for require in selected.requires}
    by = None
    if scored.score is not None and scored.score.by is not None:
        by = next(field for field in read.records or () if field.name == scored.score.by)
    written = work.declared(syntax.Score)
    unsettled = scored.score is None and (not written or any(each.by is not None for each in written))
    declared = examples.Declared(read.records, read.subjects, head.effective, outcomes, by, by_unsettled=unsettled)
    return tuple(examples.example(work, each, declared) for each in work.declared(syntax.Example))


# ---- declarations ------------------------------------------------------------------------------------------------


def _one(work: Check, kind: type[D], keyword: str) -> D | None:
    """Return the one declaration of a kind; each further one is a mistake."""
    found = work.declared(kind)
    for again in found[1:]:
        first_span, span = _keyword_span(found[0], keyword), _keyword_span(again, keyword)
        work.report(say_name.block_twice(work.source, span, keyword, first_span))
    return found[0] if found else None


def _keyword_span(declaration: object, keyword: str) -> Span:
    span = getattr(declaration, "span", Span(0, 0))
    return Span(span.start, span.start + len(keyword))


def _enter(work: Check, space: Namespace, declared: Sequence[Named]) -> None:
    for each in declared:
        first = work.names.enter(space, each.name.text, each.name.span)
        if first is not None:
            work.report(say_name.declared_twice(work.source, each.name.span, each.name.text, first))
