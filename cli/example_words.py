"""Takes the result of an example; gives the lines that ``tally test`` prints: pass or fail, what differs, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tallystick.engine.examples import ExampleResult, ExpectationResult
from tallystick.engine.intake.reading import RejectedRow
from tallystick.explain.build import Explainer
from tallystick.explain.document import Explanation
from tallystick.explain.harmless import harmless
from tallystick.explain.text import wrapped
from tallystick.explain.tree.lines import Line
from tallystick.explain.words.lines import line_points, line_sentences, working_sentence
from tallystick.explain.words.requirements import what_there_is
from tallystick.rules.rulebook import Rulebook

WIDTH = 100


def example_text(rulebook: Rulebook, result: ExampleResult) -> str:
    """Return one line for an example that passed; for one that failed, each expectation that was not met, and why."""
    return "".join(f"{line}\n" for line in _lines(rulebook, result))


def _lines(rulebook: Rulebook, result: ExampleResult) -> Iterator[str]:
    place = rulebook.source.place(result.example.span.start)
    verdict = "pass" if result.passed else "fail"
    yield f"{verdict}  {harmless(rulebook.source.name)}:{place.line}  {harmless(result.example.title)}"
    for table, rejected in (("records", result.rejected_records), ("subjects", result.rejected_subjects)):
        yield from (f"      {_rejected(table, row)}" for row in rejected)
    failed = [each for each in result.expectations if not each.passed]
    for each in failed:
        line = rulebook.source.place(each.expectation.span.start).line
        who = harmless(each.subject) if each.by is None else f"{harmless(each.subject)} in {each.by}"
        yield f"      line {line}: {who}: expected {each.expected}, came {harmless(each.came)}"
        yield from _why(each, failed, result)


def _rejected(table: str, row: RejectedRow) -> str:
    because = row.because
    value = "nothing" if because.value is None else f'"{harmless(because.value)}"'
    return f"row {row.index + 1} of {table} cannot be read: {because.field} is {value}: {harmless(because.reason)}"


def _why(each: ExpectationResult, failed: list[ExpectationResult], result: ExampleResult) -> Iterator[str]:
    """Tell how the lines in question came about, in the words of the explanation.

    A score that differs is told by all lines, unless the example itself says which of them differ.
    """
    run = result.runs[each.by]
    ledger = run.subject(each.subject)
    if ledger is None:
        return
    explanation = Explainer(run).of(ledger)
    if explanation.requirement is not None:
        yield f"        {harmless(explanation.requirement.words)}"
        yield from _listed(what_there_is(explanation.requirement, {}))
    whose = (each.subject, each.by)
    blamed = {other.expectation.name for other in failed if _is_rule(other) and (other.subject, other.by) == whose}
    told: dict[str, str] = {}
    for line in explanation.lines:
        if (_is_rule(each) and line.rule == each.expectation.name) or (_is_score(each) and not blamed):
            yield from _line(line, explanation, told)


def _is_rule(each: ExpectationResult) -> bool:
    return each.expectation.form == "rule"


def _is_score(each: ExpectationResult) -> bool:
    return each.expectation.form == "score"


def _line(line: Line, explanation: Explanation, told: dict[str, str]) -> Iterator[str]:
    yield f"        {line.rule}: {harmless(line_points(line))}"
    worked = working_sentence(line)
    mean = explanation.scale.out_of is not None
    sentences = (*line_sentences(line, told, mean=mean), *(() if worked is None else (worked,)))
    yield from _listed(sentences)


def _listed(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        if sentence != "":
            yield from wrapped(harmless(sentence), WIDTH, "          - ", "            ")
