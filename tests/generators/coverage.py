"""Takes made-up rulebooks and records; gives the names of what occurs in them, to be counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from generators.rows import Table as Rows

from tallystick.engine.intake.reading import Read, record_fields
from tallystick.rules.expression import (
    Arithmetic,
    AttributeOf,
    Call,
    Compare,
    Expr,
    FromTo,
    In,
    IsMissing,
    Literally,
    Logic,
    Negate,
    Operation,
    Since,
    TextTest,
)
from tallystick.rules.measure import (
    Count,
    DaysOf,
    Distinct,
    Formula,
    HIndex,
    Measure,
    Pick,
    RecordAggregate,
    SumByKind,
    SumOf,
)
from tallystick.rules.placed import nodes
from tallystick.rules.rule import AnyOther, Facet, Missing, Points, Range, Row, Rule, Table, Values, Weighted
from tallystick.rules.rulebook import Discount, Exclude, Field, Require, Rulebook, Score
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, YesNoType

CONSTRUCTS = frozenset(
    """
    head:contact head:purpose head:measures head:not-for head:effective head:zone head:source declares:records
    declares:subjects declares:records-alone declares:subjects-alone declares:parameter declares:duration
    declares:dated declares:require declares:exclude declares:discount declares:measure declares:formula declares:facet
    declares:rule declares:bands bands:needs declares:example declares:because field:optional field:private field:from
    field:title field:id field:actor field:no-actor field:optional-actor type:text type:yes/no type:one-of type:date
    type:time type:time-in type:number type:whole-number at:date at:time require:no-score require:insufficient-data
    require:attributes require:measures exclude:when exclude:repeats exclude:both discount:when discount:all count
    distinct distinct:two sum sum-by-kind average highest lowest latest days measure:except-pauses
    distinct:except-pauses given:except-pauses h-index formula given measure:when measure:within measure:diluted
    measure:keep measure:total measure:halving formula:when distinct:halving keep:day keep:week keep:month
    keep:always total:day total:week total:month total:net rule:weighted rule:points rule:table rule:when
    rule:otherwise rule:not-applicable rule:at-most rule:at-least rule:say level:linear level:square-root
    level:logarithmic level:log-normal level:alone row:under row:up-to row:to row:to-under row:over-to
    row:over-to-under row:or-more row:over row:values row:missing row:otherwise row:words row:reason
    row:points-can-be-missing rule:baseline
    row:dates row:texts row:yes/no facet:at-most facet:at-least score:sum score:mean score:at-most score:at-least
    score:by score:reasons score:rounded score:lines-to score:unrounded op:Literally op:FieldOf op:AttributeOf
    op:attribute-of-actor op:ParameterOf op:MeasureOf op:EarnedOf
    op:Negate op:Not op:IsMissing op:is-not-missing op:OrElse
    op:If op:In op:not-in op:Returned op:+ op:- op:* op:/ op:= op:!= op:< op:<= op:> op:>= op:and op:or call:min
    call:max call:abs call:round call:floor call:ceiling call:sqrt call:ln call:log10 call:exp call:erfc since:days
    since:years from:days from:seconds test:starts test:ends test:contains test:ignoring-case
    compare:texts compare:dates compare:times compare:conditions in:numbers keep:two distinct:three
    sum-by-kind:worked-out many-excludes
    """.split()  # noqa: SIM905  a list of words
)
"""Every declaration, clause, aggregate, form and function of the language."""

TRAITS = frozenset(
    """
    no-actor equal-times unicode empty-text huge tiny leap-day hour-change week-53 copies shared-id bad-cell
    not-yet unlisted-kind own-action same-subject-row no-records-of-somebody absent-row void replace
    before-1970 microseconds number-as-text blank-at-an-end
    paused paused-actor pause-overlap pause-touching pause-open pause-later pause-unknown
    """.split()  # noqa: SIM905  a list of words
)
"""What records must be hostile in."""


def constructs_of(rulebook: Rulebook) -> frozenset[str]:
    """Name everything that a rulebook uses."""
    return frozenset(
        (*_of_head(rulebook), *_of_declarations(rulebook), *(n for node in nodes(rulebook) for n in _of(node)))
    )


def traits_of(records: Rows | None, subjects: Rows | None, read: Read, people: Read, as_of: date) -> frozenset[str]:
    """Name what is hostile in the rows of a case, read and as they were."""
    return frozenset(
        (
            *_of_cells(records, subjects),
            *_of_records(records, read, as_of),
            *_of_people(records, subjects, read, people),
        )
    )


_MANY = 24
"""More exclusions than these are counted in another way."""
_EPOCH = date(1970, 1, 1)

# ---- rulebooks ---------------------------------------------------------------------------------------------------


def _of_head(rulebook: Rulebook) -> Iterator[str]:
    for name, value in (
        ("contact", rulebook.contact),
        ("purpose", rulebook.purpose),
        ("measures", rulebook.measures_what),
        ("not-for", rulebook.not_for),
        ("effective", rulebook.effective),
        ("source", rulebook.origin),
    ):
        if value is not None:
            yield f"head:{name}"
    if rulebook.time_zone != "UTC":
        yield "head:zone"


def _of_declarations(rulebook: Rulebook) -> Iterator[str]:
    for name in ("records", "subjects", "excludes", "discounts", "facets", "rules", "bands", "examples"):
        if getattr(rulebook, name):
            yield f"declares:{name.removesuffix('s') if name not in ('records', 'subjects', 'bands') else name}"
    if len(rulebook.excludes) > _MANY:
        yield "many-excludes"
    if any(band.needs for band in rulebook.bands):
        yield "bands:needs"
    yield "declares:records-alone" if rulebook.subjects is None else "declares:subjects"
    if rulebook.records is None:
        yield "declares:subjects-alone"
    for parameter in rulebook.parameters:
        if parameter.dated:
            yield "declares:dated"
        yield "declares:duration" if isinstance(parameter.value.expr.type, DurationType) else "declares:parameter"
    for field in record_fields(rulebook):
        if field.name == "id":
            yield "field:id"
        if field.name == "actor":
            yield "field:optional-actor" if field.optional else "field:actor"
        if field.name == "at":
            yield "at:date" if isinstance(field.type, DateType) else "at:time"
    if rulebook.records is not None and all(field.name != "actor" for field in rulebook.records):
        yield "field:no-actor"


def _of(node: object) -> Iterator[str]:
    match node:
        case Field():
            yield from _of_field(node)
        case Require():
            yield "declares:require"
            yield f"require:{node.outcome.replace(' ', '-')}"
            yield "require:measures" if node.reads_measures else "require:attributes"
        case Exclude():
            yield "exclude:when" if node.repeats is None else "exclude:repeats" if node.when is None else "exclude:both"
            yield "declares:because"
        case Discount():
            yield "discount:all" if node.when is None else "discount:when"
        case Measure():
            yield from _of_measure(node)
        case Rule():
            yield from _of_rule(node)
        case Row():
            yield from _of_row(node)
        case Facet():
            yield from (f"facet:{name}" for name in _bounds(node))
        case Score():
            if node.reasons is not None:
                yield "score:reasons"
            if node.by is not None:
                yield "score:by"
            yield "score:sum" if node.out_of is None else "score:mean"
            yield from (f"score:{name}" for name in _bounds(node))
            yield "score:unrounded" if node.places is None else "score:rounded"
            if node.places is not None and node.line_places != (node.places if node.out_of is None else 9):
                yield "score:lines-to"
        case Expr():
            yield from _of_operation(node.op)
        case _:
            pass


def _of_field(field: Field) -> Iterator[str]:
    if field.optional:
        yield "field:optional"
    if field.private:
        yield "field:private"
    if field.column != field.name:
        yield "field:from"
    if field.title is not None:
        yield "field:title"
    match field.type:
        case TextType():
            yield "type:text"
        case YesNoType():
            yield "type:yes/no"
        case OneOfType():
            yield "type:one-of"
        case DateType():
            yield "type:date"
        case TimeType(zone=zone):
            yield "type:time" if zone is None else "type:time-in"
        case NumberType(places=places):
            yield "type:number" if places else "type:whole-number"
        case _:
            pass


def _of_measure(measure: Measure) -> Iterator[str]:
    if isinstance(measure.aggregate, Formula):
        yield from ("declares:formula", "formula")
        if measure.when is not None:
            yield "formula:when"
        return
    yield "declares:measure"
    yield from _of_aggregate(measure, measure.aggregate)
    if measure.aggregate.given:
        yield "given"
    for name in ("when", "within", "keep", "total", "halving"):
        if getattr(measure, name) is not None:
            yield f"measure:{name}"
    if measure.diluted:
        yield "measure:diluted"
    if measure.except_pauses and not isinstance(measure.aggregate, Formula):
        yield "measure:except-pauses"
        if isinstance(measure.aggregate, Distinct):
            yield "distinct:except-pauses"
        if measure.aggregate.given:
            yield "given:except-pauses"
    if measure.keep is not None:
        yield f"keep:{measure.keep.period or 'always'}"
        if len(measure.keep.fields) > 1:
            yield "keep:two"
    if measure.total is not None:
        yield f"total:{measure.total.period}"


def _of_aggregate(measure: Measure, aggregate: RecordAggregate) -> Iterator[str]:
    match aggregate:
        case Count():
            yield "count"
        case Distinct(fields=names):
            yield "distinct"
            if len(names) > 1:
                yield "distinct:two" if len(names) == 2 else "distinct:three"
            if measure.halving is not None:
                yield "distinct:halving"
        case SumOf():
            yield "sum"
        case SumByKind(values=values):
            yield "sum-by-kind"
            if any(not isinstance(value.op, Literally | Negate | Arithmetic) for _, value in values):
                yield "sum-by-kind:worked-out"
            if measure.total is not None:
                yield "total:net"
        case Pick(how=how):
            yield how
        case DaysOf():
            yield "days"
        case HIndex():
            yield "h-index"


def _of_rule(rule: Rule) -> Iterator[str]:
    if rule.baseline is not None:
        yield "rule:baseline"
    match rule.body:
        case Weighted(shape=shape):
            yield "rule:weighted"
            yield "level:alone" if shape is None else f"level:{shape.name.replace(' ', '-')}"
        case Points():
            yield "rule:points"
        case Table():
            yield "rule:table"
    yield from (f"rule:{name}" for name in _bounds(rule))
    if rule.when is not None:
        yield "rule:when"
    if rule.otherwise is not None:
        yield "rule:not-applicable" if rule.otherwise.points is None else "rule:otherwise"
    if rule.say is not None:
        yield "rule:say"


def _of_row(row: Row) -> Iterator[str]:
    if row.words is not None:
        yield "row:words"
    if row.reason is not None:
        yield "row:reason"
    if row.points.optional:
        yield "row:points-can-be-missing"
    match row.takes:
        case Missing():
            yield "row:missing"
        case AnyOther():
            yield "row:otherwise"
        case Values(values=values):
            yield "row:values"
            if any(isinstance(value, bool) for value in values):
                yield "row:yes/no"
            if any(isinstance(value, str) for value in values):
                yield "row:texts"
        case Range() as stretch:
            if isinstance(stretch.low, date) or isinstance(stretch.high, date):
                yield "row:dates"
            yield f"row:{_stretch(stretch)}"


def _stretch(stretch: Range) -> str:
    if stretch.low is None:
        return "under" if stretch.high_open else "up-to"
    if stretch.high is None:
        return "over" if stretch.low_open else "or-more"
    return f"{'over-' if stretch.low_open else ''}to{'-under' if stretch.high_open else ''}"


def _bounds(node: Rule | Facet | Score) -> Iterator[str]:
    if node.at_most is not None:
        yield "at-most"
    if node.at_least is not None:
        yield "at-least"


_COMPARED: dict[type, tuple[str, ...]] = {
    TextType: ("compare:texts",),
    DateType: ("compare:dates",),
    TimeType: ("compare:times",),
    YesNoType: ("compare:conditions",),
}
"""What a comparison is called that is not with something written."""


def _of_operation(op: Operation) -> Iterator[str]:
    match op:
        case Compare(operator=operator, left=left, right=right):
            yield f"op:{operator}"
            if not any(isinstance(each.op, Literally) for each in (left, right)):
                yield from _COMPARED.get(type(left.type), ())
        case Arithmetic(operator=operator) | Logic(operator=operator):
            yield f"op:{operator}"
        case Call(function=function):
            yield f"call:{function}"
        case Since(unit=unit):
            yield f"since:{unit}"
        case FromTo(unit=unit):
            yield f"from:{unit}"
        case TextTest(test=test, ignoring_case=fold):
            yield f"test:{test}"
            if fold:
                yield "test:ignoring-case"
        case In(value=value, negated=negated):
            yield "op:not-in" if negated else "op:In"
            if isinstance(value.type, NumberType):
                yield "in:numbers"
        case IsMissing(negated=True):
            yield "op:is-not-missing"
        case AttributeOf(whose="actor"):
            yield "op:attribute-of-actor"
        case _:
            yield f"op:{type(op).__name__}"


# ---- records -----------------------------------------------------------------------------------------------------


def _of_cells(*tables: Rows | None) -> Iterator[str]:
    for table in tables:
        for row in () if table is None else table.rows:
            for cell in row:
                if cell == "":
                    yield "empty-text"
                if cell is not None and not cell.isascii():
                    yield "unicode"
                if cell and cell != cell.strip():
                    yield "blank-at-an-end"


def _of_records(table: Rows | None, read: Read, as_of: date) -> Iterator[str]:
    if table is None:
        return
    if read.copies:
        yield "copies"
    for row in read.rejected:
        yield "shared-id" if "shares" in row.because.reason else "bad-cell"
    at, subject = table.names.index("at"), table.names.index("subject")
    actor = table.names.index("actor") if "actor" in table.names else None
    moments = [row[at] for row in read.rows]
    if len(set(moments)) < len(moments):
        yield "equal-times"
    for row in read.rows:
        yield from _of_day(row[at], as_of)
        if actor is not None and row[actor] is None:
            yield "no-actor"
        if actor is not None and row[actor] == row[subject]:
            yield "own-action"
        if "follow" in row:
            yield "unlisted-kind"
        for value in row:
            yield from _of_value(value)


def _of_day(value: object, as_of: date) -> Iterator[str]:
    day = value.date() if isinstance(value, datetime) else value
    assert isinstance(day, date)
    if day > as_of:
        yield "not-yet"
    if day.isocalendar().week == 53:
        yield "week-53"
    if day < _EPOCH:
        yield "before-1970"
    if isinstance(value, datetime) and value.microsecond % 1000:
        yield "microseconds"
    if isinstance(value, datetime) and (day.month, day.day) in {(3, 29), (10, 25)}:
        yield "hour-change"
    if (day.month, day.day) == (2, 29):
        yield "leap-day"


def _of_value(value: object) -> Iterator[str]:
    if isinstance(value, str) and value.isdecimal():
        yield "number-as-text"
    if isinstance(value, Decimal):
        if abs(value) >= 10**6:
            yield "huge"
        if 0 < abs(value) <= Decimal("0.001"):
            yield "tiny"


def _of_people(records: Rows | None, subjects: Rows | None, read: Read, people: Read) -> Iterator[str]:
    if subjects is None:
        return
    if people.copies:
        yield "same-subject-row"
    key = subjects.names.index("subject")
    rows = {row[key] for row in people.rows}
    named = set() if records is None else {row[records.names.index("subject")] for row in read.rows}
    if named - rows:
        yield "absent-row"
    if rows - named:
        yield "no-records-of-somebody"
    for row in people.rows:
        for value in row:
            yield from _of_value(value)
