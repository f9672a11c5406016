"""Takes a rulebook; gives what its examples expected and what came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, assert_never

from msgspec import Struct

from tallystick.engine.arithmetic import text_of
from tallystick.engine.intake.reading import Read, RejectedRow, read_rows, record_fields, subject_fields
from tallystick.engine.ledger import LineRow, Run, SubjectLedger
from tallystick.engine.reference import refer_each
from tallystick.rules.placed import Placed
from tallystick.rules.rulebook import Example, Expect, Expectation, Field, Grid, Rulebook


class ExpectationResult(Struct, frozen=True):
    """One line under ``expect``: what it expected and what came, in the words of the language.

    ``by``: of which value of the field that the score is by.
    """

    subject: str
    expectation: Expectation
    passed: bool
    expected: str
    came: str
    by: str | None = None


class ExampleResult(Placed, frozen=True):
    """An example: its expectations, and the rows of its tables that could not be read (each fails the example).

    ``runs`` are what came of its tables, for whoever wants to know why: one under None, or one for each value of the
    field that the score is by.
    """

    BESIDE: ClassVar = frozenset({"runs"})

    example: Example
    expectations: tuple[ExpectationResult, ...]
    rejected_records: tuple[RejectedRow, ...]
    rejected_subjects: tuple[RejectedRow, ...]
    runs: Mapping[str | None, Run]

    @property
    def passed(self) -> bool:
        """Whether everything came as expected."""
        unread = self.rejected_records or self.rejected_subjects
        return not unread and all(each.passed for each in self.expectations)


def run_examples(rulebook: Rulebook) -> tuple[ExampleResult, ...]:
    """Run every example through the reference, in the order of the text."""
    return tuple(_run(rulebook, example) for example in rulebook.examples)


def raised_most(lines: tuple[LineRow, ...]) -> tuple[str, ...]:
    """Return the rules that raised a score, the most points first; of equal ones in the order of the rulebook."""
    raising = [(line.points, line.rule) for line in lines if line.points is not None and line.points > 0]
    return tuple(rule for _, rule in sorted(raising, key=lambda each: -each[0]))


def _run(rulebook: Rulebook, example: Example) -> ExampleResult:
    records = _read(record_fields(rulebook), example.records, "id")
    subjects = _read(subject_fields(rulebook), example.subjects, "subject")
    runs = refer_each(rulebook, records.rows, subjects.rows, example.as_of)
    results = [_judged(expect, line, runs[expect.by]) for expect in example.expects for line in expect.lines]
    return ExampleResult(example, tuple(results), records.rejected, subjects.rejected, runs)


def _read(fields: tuple[Field, ...], grid: Grid | None, key: Literal["id", "subject"]) -> Read:
    return Read((), (), 0) if grid is None else read_rows(fields, grid.columns, grid.rows, key)


def _judged(expect: Expect, line: Expectation, run: Run) -> ExpectationResult:
    ledger = run.subject(expect.subject)
    expected = _expected(line)
    if line.form == "above":
        return _compared(expect, line, ledger, run.subject(line.name or ""))
    came = "nobody of that name" if ledger is None else _came(line, ledger)
    passed = ledger is not None and _passes(line, ledger)
    return ExpectationResult(expect.subject, line, passed, expected, came, expect.by)


def _compared(
    expect: Expect, line: Expectation, ledger: SubjectLedger | None, other: SubjectLedger | None
) -> ExpectationResult:
    """Hold a score against another person's: both must have one."""
    ours, theirs = (None if each is None else each.score.score for each in (ledger, other))
    passed = ours is not None and theirs is not None and ours > theirs
    came = f"{_result(ledger)}, and {line.name} {_result(other)}"
    return ExpectationResult(expect.subject, line, passed, _expected(line), came, expect.by)


def _result(ledger: SubjectLedger | None) -> str:
    if ledger is None:
        return "nobody of that name"
    score = ledger.score
    return f"{score.outcome} {score.requirement}" if score.score is None else text_of(score.score)


def _passes(line: Expectation, ledger: SubjectLedger) -> bool:
    score = ledger.score
    match line.form:
        case "score":
            return score.score is not None and score.score == line.value
        case "rule":
            return any(each.rule == line.name and each.points == line.value for each in ledger.lines)
        case "band":
            return score.band == line.name
        case "no score" | "insufficient data":
            return score.outcome == line.form and score.requirement == line.name
        case "because":
            return raised_most(ledger.lines)[: len(line.names)] == line.names
        case "above":
            message = "two people are compared by `_compared`"
            raise AssertionError(message)
        case _:
            assert_never(line.form)


def _expected(line: Expectation) -> str:
    """Write an expectation as the language does."""
    match line.form:
        case "score":
            return f"score {_number(line)}"
        case "rule":
            return f"{line.name} {_number(line)}"
        case "band" | "no score" | "insufficient data":
            return f"{line.form} {line.name}"
        case "because":
            return f"because {', '.join(line.names)}"
        case "above":
            return f"above {line.name}"
        case _:
            assert_never(line.form)


def _came(line: Expectation, ledger: SubjectLedger) -> str:
    """Write what came in the form in which it was expected, or why there is no such thing."""
    score = ledger.score
    if score.score is None:
        return f"{score.outcome} {score.requirement}"
    match line.form:
        case "score" | "no score" | "insufficient data" | "above":
            return f"score {text_of(score.score)}"
        case "rule":
            return next((_line(each) for each in ledger.lines if each.rule == line.name), f"no rule {line.name}")
        case "band":
            return ("no band" if score.band is None else f"band {score.band}") + _lacking(line, ledger)
        case "because":
            return (
                f"because {', '.join(raised_most(ledger.lines))}" if raised_most(ledger.lines) else "no rule raised it"
            )
        case _:
            assert_never(line.form)


def _lacking(line: Expectation, ledger: SubjectLedger) -> str:
    """Write which needs of the band expected are not met, counted as in the rulebook."""
    missing = [str(row.need) for row in ledger.needs if row.band == line.name and not row.met]
    return f"; {line.name} lacks need {', '.join(missing)}" if missing else ""


def _line(line: LineRow) -> str:
    if line.points is not None:
        return f"{line.rule} {text_of(line.points)}"
    return f"{line.rule} {line.state}" if line.missing is None else f"{line.rule} without {line.missing}"


def _number(line: Expectation) -> str:
    """Write the number expected with the places that its author gave it."""
    return "" if line.value is None else f"{line.value:f}"
