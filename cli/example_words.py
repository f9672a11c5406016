"""Takes the result of an example; gives the lines that ``tally test`` prints: pass or fail, what differs, and why."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.cli.drawing import harmless
from tallystick.engine.arithmetic import text_of
from tallystick.engine.examples import ExampleResult, ExpectationResult
from tallystick.engine.ledger import LineRow
from tallystick.engine.reading import RejectedRow
from tallystick.rules.rulebook import Rulebook, Table


def example_text(rulebook: Rulebook, result: ExampleResult) -> str:
    """Return one line for an example that passed; for one that failed, each expectation that was not met."""
    return "".join(f"{line}\n" for line in _lines(rulebook, result))


def _lines(rulebook: Rulebook, result: ExampleResult) -> Iterator[str]:
    place = rulebook.source.place(result.example.span.start)
    verdict = "pass" if result.passed else "fail"
    yield f"{verdict}  {harmless(rulebook.source.name)}:{place.line}  {harmless(result.example.title)}"
    for table, rejected in (("records", result.rejected_records), ("subjects", result.rejected_subjects)):
        yield from (f"      {_rejected(table, row)}" for row in rejected)
    for each in result.expectations:
        if not each.passed:
            yield from _difference(rulebook, each)


def _rejected(table: str, row: RejectedRow) -> str:
    because = row.because
    value = "nothing" if because.value is None else f'"{harmless(because.value)}"'
    return f"row {row.index + 1} of {table} cannot be read: {because.field} is {value}: {harmless(because.reason)}"


def _difference(rulebook: Rulebook, result: ExpectationResult) -> Iterator[str]:
    line = rulebook.source.place(result.expectation.span.start).line
    yield f"      line {line}: {harmless(result.subject)}: expected {result.expected}, came {harmless(result.came)}"
    width = max((len(each.rule) for each in result.lines), default=0)
    for each in result.lines:
        yield f"        {each.rule:<{width}}  {_points(rulebook, each)}"


def _points(rulebook: Rulebook, line: LineRow) -> str:
    """Say what a rule gave and how it came to it."""
    if line.points is None:
        return f"does not apply: `{line.missing}` is missing" if line.missing is not None else "does not apply"
    parts = [text_of(line.points)]
    if line.level is not None and line.weight is not None:
        parts.append(f"weight {text_of(line.weight)} x level {text_of(line.level)}")
    rule = next(each for each in rulebook.rules if each.name == line.rule)
    if line.row is not None and isinstance(rule.body, Table):
        parts.append(f"row `{rule.body.rows[line.row].text}`")
    if line.input is not None:
        parts.append(f"at {text_of(line.input)}")
    if line.state == "not applicable":
        parts.append("its `when` does not hold")
    if line.state == "missing":
        parts.append(f"`{line.missing}` is missing")
    for amount, words in ((line.given, "`at least` gave"), (line.taken, "`at most` took")):
        if amount is not None and amount != 0:
            parts.append(f"{words} {text_of(amount)}")
    return ": ".join((parts[0], ", ".join(parts[1:]))) if parts[1:] else parts[0]
