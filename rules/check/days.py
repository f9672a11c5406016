"""Takes a whole syntax tree; gives the rulebook, checked for each stretch of days in which no parameter changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from tallystick.rules import limits, syntax
from tallystick.rules.check import file as one_day
from tallystick.rules.check import intervals
from tallystick.rules.check_errors import dates as say
from tallystick.rules.diagnostics import Diagnostic, Severity, has_errors, in_order
from tallystick.rules.epochs import value_on
from tallystick.rules.rulebook import DatedValue, Parameter, Rulebook
from tallystick.rules.value import DurationType, NumberType

_Key = tuple[str, object]


def check(file: syntax.SyntaxFile) -> tuple[Rulebook | None, tuple[Diagnostic, ...]]:
    """Check a file; the rulebook is None where there is an error, or where a part of the file did not parse.

    INVARIANT: every value that a parameter ever has was checked wherever it is used, with those that the others have
    on the same days.
    """
    starts = sorted({dated.start.value for _, dated in _dated(file)})
    first, found = one_day.check(file)
    if not starts:
        return first, found
    mistakes = (*_out_of_order(file), *_too_many(file, len(starts)), *_plainly_mixed(file))
    if mistakes:
        return None, in_order((*found, *mistakes))
    made = [(date.min, first, found), *((start, *one_day.check(_from(file, start))) for start in starts)]
    diagnostics = in_order(tuple(_told([each for _, _, each in made])))
    books = [(start, each) for start, each, _ in made if each is not None]
    if has_errors(diagnostics) or len(books) < len(made):
        return None, diagnostics
    mixed = in_order(tuple(_mixed(file, books)))
    if mixed:
        return None, in_order((*diagnostics, *mixed))
    text = books[0][1].text
    dated = {each.name: _values(each, file, books) for each in books[0][1].parameters}
    epochs: list[tuple[date, Rulebook]] = []
    for start, book in books:
        parameters = tuple(_on(replace(each, dated=dated[each.name]), start) for each in book.parameters)
        # INVARIANT: the text is the author's on every day, and so is its digest.
        epochs.append((start, replace(book, parameters=parameters, text=text)))
    return replace(epochs[0][1], epochs=tuple(epochs)), diagnostics


def _parameters(file: syntax.SyntaxFile) -> list[syntax.Parameter]:
    return [each for each in file.declarations if isinstance(each, syntax.Parameter)]


def _dated(file: syntax.SyntaxFile) -> Iterator[tuple[syntax.Parameter, syntax.DatedValue]]:
    for parameter in _parameters(file):
        yield from ((parameter, each) for each in parameter.clauses if isinstance(each, syntax.DatedValue))


def _out_of_order(file: syntax.SyntaxFile) -> Iterator[Diagnostic]:
    before: tuple[syntax.Parameter, syntax.DatedValue] | None = None
    for parameter, dated in _dated(file):
        if before is not None and before[0] is parameter and dated.start.value <= before[1].start.value:
            yield say.dates_order(file.source, dated.start, before[1].start)
        before = (parameter, dated)


def _plainly_mixed(file: syntax.SyntaxFile) -> Iterator[Diagnostic]:
    """Find values written as a number where the first is written as days, and the reverse: told at the value, and not
    wherever the parameter is used."""
    for parameter, dated in _dated(file):
        was, now = _written_as(parameter.value), _written_as(dated.value)
        if was is not None and now is not None and type(was) is not type(now):
            yield say.dated_type(file.source, dated.value.span, parameter.name.text, parameter.value.span, was, now)


def _written_as(value: syntax.Expr) -> DurationType | NumberType | None:
    """Say whether a value is written as days or as a number; None where it reads names, or is neither."""
    match value:
        case syntax.DurationLiteral():
            return DurationType()
        case syntax.NumberLiteral():
            return intervals.UNSAID
        case syntax.Negate(operand=operand):
            return _written_as(operand)
        case syntax.Arithmetic(operator=operator, left=left, right=right):
            of_left, of_right = _written_as(left), _written_as(right)
            if of_left is None or of_right is None:
                return None
            if operator == "/" and isinstance(of_left, DurationType) and isinstance(of_right, DurationType):
                return intervals.UNSAID
            return of_left if isinstance(of_left, DurationType) else of_right
        case _:
            return None


def _too_many(file: syntax.SyntaxFile, days: int) -> Iterator[Diagnostic]:
    """Keep the work on one file within bounds: it is checked once for each day on which a value comes."""
    if days > limits.DATES or days * len(file.source.text) > limits.DATED_TEXT:
        *_, (_, last) = _dated(file)
        yield say.dates_too_many(file.source, last.start.span, days)


def _from(file: syntax.SyntaxFile, day: date) -> syntax.SyntaxFile:
    """Return the file with the values in force from a day on."""
    return replace(
        file,
        declarations=tuple(
            replace(each, value=_in_force(each, day)) if isinstance(each, syntax.Parameter) else each
            for each in file.declarations
        ),
    )


def _in_force(parameter: syntax.Parameter, day: date) -> syntax.Expr:
    dated = (each for each in parameter.clauses if isinstance(each, syntax.DatedValue) and each.start.value <= day)
    return max(dated, key=lambda each: each.start.value, default=parameter).value


def _told(found: list[tuple[Diagnostic, ...]]) -> Iterator[Diagnostic]:
    """Give each mistake once, and of the warnings those that hold on all days."""
    keys = [{_key(each) for each in diagnostics} for diagnostics in found]
    seen: set[_Key] = set()
    for diagnostics in found:
        for each in diagnostics:
            always = all(_key(each) in there for there in keys)
            if _key(each) not in seen and (always or each.severity is Severity.ERROR):
                seen.add(_key(each))
                yield each


def _key(diagnostic: Diagnostic) -> _Key:
    return diagnostic.name, diagnostic.primary.span


def _mixed(file: syntax.SyntaxFile, books: list[tuple[date, Rulebook]]) -> Iterator[Diagnostic]:
    """Find parameters that are a number on some days and a duration on others."""
    first = {each.name: each for each in books[0][1].parameters}
    later = {start: {each.name: each for each in book.parameters} for start, book in books}
    for parameter, dated in _dated(file):
        name = parameter.name.text
        was, now = first[name].value, later[dated.start.value][name].value
        if isinstance(was.expr.type, DurationType) is not isinstance(now.expr.type, DurationType):
            types = was.expr.type, now.expr.type
            yield say.dated_type(file.source, dated.value.span, name, parameter.value.span, *types)


def _on(parameter: Parameter, day: date) -> Parameter:
    """Return a parameter with the reason for the value that it has on a day."""
    now = value_on(parameter, day)
    return parameter if now is None else replace(parameter, because=now.because)


def _values(
    parameter: Parameter, file: syntax.SyntaxFile, books: list[tuple[date, Rulebook]]
) -> tuple[DatedValue, ...]:
    """Return a parameter's dated values, each as it is worked out on its first day."""
    on = {start: {each.name: each.value for each in book.parameters} for start, book in books}
    return tuple(
        DatedValue(dated.start.value, on[dated.start.value][parameter.name], dated.because.value, dated.span)
        for written, dated in _dated(file)
        if written.name.text == parameter.name
    )
