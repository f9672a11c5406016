"""Takes rulebooks written from the language page alone; holds the product to what that page promises."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tallystick.engine import score
from tallystick.engine.digest import digest_of, digest_of_values
from tallystick.engine.examples import run_examples
from tallystick.engine.intake.reading import read_rows, record_fields, subject_fields
from tallystick.engine.reference import refer_each
from tallystick.rules import read
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.format.format import format_file
from tallystick.rules.parse.parse import parse
from tallystick.rules.rulebook import Example, Field, Grid, Rulebook
from tallystick.rules.source import Source

HERE = Path(__file__).parent
GOOD = sorted((HERE / "good").glob("*.tally"))
BAD = sorted((HERE / "bad").glob("*.tally"))
EXPECTED = re.compile(r"# (error|warning): ([a-z0-9-]+(?:, [a-z0-9-]+)*)[ \t]*$")

each_good = pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
each_bad = pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)


def test_there_is_something_to_hold_the_product_to() -> None:
    """The folders are not empty, and each file opens with the promise that it holds."""
    assert len(GOOD) > 40
    assert len(BAD) > 30
    for path in (*GOOD, *BAD):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name


@each_good
def test_what_the_page_allows_is_accepted(path: Path) -> None:
    """A form of the page is accepted, with no word but the warnings that the file itself announces."""
    source = _source(path)
    rulebook, diagnostics = read(source)
    assert _found(diagnostics) == _announced(source), _told(diagnostics)
    assert rulebook is not None


@each_good
def test_examples_give_the_figures_worked_out_by_hand(path: Path) -> None:
    """Every good file has an example, and what it expects comes out of the reference."""
    results = run_examples(_rulebook(path))
    assert results
    for result in results:
        assert not result.rejected_records
        assert not result.rejected_subjects
        for each in result.expectations:
            assert each.passed, f"{result.example.title}: {each.subject}: expected {each.expected}, came {each.came}"
        assert result.passed


@each_good
def test_the_canonical_layout_keeps_the_meaning(path: Path) -> None:
    """The layout of a layout is itself, holds the same rulebook, and keeps every comment."""
    file, _ = parse(_source(path))
    assert file is not None
    once = format_file(file)
    again, diagnostics = parse(Source(path.name, once))
    assert again is not None, _told(diagnostics)
    assert format_file(again) == once
    assert _rulebook(path) == _rulebook(path, once)
    assert len(again.comments) == len(file.comments)


@each_good
def test_the_fast_engine_gives_the_same_ledger(path: Path, tmp_path: Path) -> None:
    """Each example, written to files and scored by the fast engine, gives the reference's ledger to the last digit."""
    rulebook = _rulebook(path)
    for number, example in enumerate(rulebook.examples):
        folder = tmp_path / str(number)
        folder.mkdir()
        records = _file(folder / "records.csv", example.records, rulebook.records)
        subjects = _file(folder / "subjects.csv", example.subjects, rulebook.subjects)
        run = score(rulebook, records, subjects, as_of=example.as_of)
        expected = _reference_digest(rulebook, example)
        assert run.receipt.ledger_digest == expected, example.title


@each_bad
def test_what_the_page_refuses_is_told_where_it_stands(path: Path) -> None:
    """All mistakes of a file, and nothing else, are told in one go, each on its own line."""
    source = _source(path)
    rulebook, diagnostics = read(source)
    assert _found(diagnostics) == _announced(source), _told(diagnostics)
    assert (rulebook is None) == any(severity == "error" for _, severity, _ in _announced(source))


def _source(path: Path) -> Source:
    return Source(path.name, path.read_bytes().decode("utf-8"))


@cache
def _rulebook(path: Path, text: str | None = None) -> Rulebook:
    rulebook, diagnostics = read(_source(path) if text is None else Source(path.name, text))
    assert rulebook is not None, _told(diagnostics)
    return rulebook


def _announced(source: Source) -> Counter[tuple[int, str, str]]:
    """Read what the comments at the ends of lines say is to be found there."""
    announced: Counter[tuple[int, str, str]] = Counter()
    for number in range(1, source.lines + 1):
        rest = source.line(number)
        while (match := EXPECTED.search(rest)) is not None:
            announced.update((number, match[1], name) for name in match[2].split(", "))
            rest = rest[: match.start()].rstrip()
    return announced


def _found(diagnostics: tuple[Diagnostic, ...]) -> Counter[tuple[int, str, str]]:
    return Counter(
        (each.source.place(each.primary.span.start).line, each.severity.value, each.name) for each in diagnostics
    )


def _told(diagnostics: tuple[Diagnostic, ...]) -> str:
    """Write diagnostics as a person would read them, for a test that fails."""
    return "\n".join(
        f"{each.source.place(each.primary.span.start).line}: {each.severity.value}[{each.name}] {each.message}"
        f" ({each.primary.text}) {each.help or ''}"
        for each in diagnostics
    )


def _file(path: Path, grid: Grid | None, fields: tuple[Field, ...] | None) -> Path | None:
    """Write an example's table as a file would be: with the columns that the rulebook reads, if it declares any."""
    if fields is None:
        return None
    columns = {field.name: field.column for field in fields}
    names = [field.name for field in fields] if grid is None else list(grid.columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([columns.get(name, name) for name in names])
        writer.writerows([] if grid is None else [["" if cell is None else cell for cell in row] for row in grid.rows])
    return path


def _reference_digest(rulebook: Rulebook, example: Example) -> str:
    fields, attributes = record_fields(rulebook), subject_fields(rulebook)
    records, people = example.records, example.subjects
    runs = refer_each(
        rulebook,
        () if records is None else read_rows(fields, records.columns, records.rows, "id").rows,
        () if people is None else read_rows(attributes, people.columns, people.rows, "subject").rows,
        example.as_of,
    )
    digests = {value: digest_of(run.ledgers()) for value, run in runs.items()}
    return digests[None] if None in digests else digest_of_values((str(each), digests[each]) for each in digests)
