"""Takes the results of examples and promises; gives the document that ``tally test --format json`` prints."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tallystick.engine.examples import ExampleResult
from tallystick.engine.intake.reading import RejectedRow
from tallystick.explain.part import Part
from tallystick.explain.promises.document import PromiseTold
from tallystick.rules.rulebook import Rulebook


class ExpectationTested(Part):
    """One line under ``expect``: what it expected and what came, in the words of the language. ``by``: of which value
    of the field that the score is by; only where there is one."""

    subject: str
    by: str | None = Field(default=None, exclude_if=lambda by: by is None)
    line: int
    expected: str
    came: str
    passed: bool


class RowRejected(Part):
    """A row of an example's table that could not be read, which fails the example."""

    table: Literal["records", "subjects"]
    row: int
    field: str
    reason: str


class ExampleTested(Part):
    """An example and whether all came as it expects."""

    title: str
    line: int
    passed: bool
    expectations: tuple[ExpectationTested, ...]
    rejected: tuple[RowRejected, ...]


class RulebookTested(Part):
    """What became of a rulebook's examples and promises."""

    file: str
    name: str
    version: str
    examples: tuple[ExampleTested, ...]
    promises: tuple[PromiseTold, ...]


class TestedRulebooks(Part):
    """What became of the examples and promises of rulebooks."""

    schema_name: Literal["tallystick.test/1"] = Field(
        default="tallystick.test/1", serialization_alias="schema", validation_alias="schema"
    )
    rulebooks: tuple[RulebookTested, ...]


def example_tested(rulebook: Rulebook, result: ExampleResult) -> ExampleTested:
    """Say what became of an example."""
    place = rulebook.source.place
    return ExampleTested(
        title=result.example.title,
        line=place(result.example.span.start).line,
        passed=result.passed,
        expectations=tuple(
            ExpectationTested(
                subject=each.subject,
                by=each.by,
                line=place(each.expectation.span.start).line,
                expected=each.expected,
                came=each.came,
                passed=each.passed,
            )
            for each in result.expectations
        ),
        rejected=(
            *(_rejected("records", each) for each in result.rejected_records),
            *(_rejected("subjects", each) for each in result.rejected_subjects),
        ),
    )


def _rejected(table: Literal["records", "subjects"], row: RejectedRow) -> RowRejected:
    return RowRejected(table=table, row=row.index + 1, field=row.because.field, reason=row.because.reason)
