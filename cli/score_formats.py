"""Takes ledgers; gives the forms in which scores are printed: CSV, a table for a person (and JSON, in ``score_json``).

A form writes what stands before everybody, people batch by batch, and what stands after them, so that a run of any size
is printed in one pass over its ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, Protocol, TypeVar

from msgspec import Struct

from tallystick.cli.drawing import width
from tallystick.cli.figures import Places, places_of
from tallystick.cli.streams import put
from tallystick.engine.csv_lines import csv_line, csv_lines
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.run import FinishedRun
from tallystick.engine.scores_told import ScoreTold, scores_told
from tallystick.explain.harmless import harmless, visible
from tallystick.rules.rulebook import Rulebook

FIRST_COLUMNS = ("subject", "outcome", "score", "band")
"""INVARIANT: the CSV begins with these; other programs rely on it."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What begins with one of these, a spreadsheet works out."""
BATCH = 2_000
"""So many people are held at once; the table takes the widths of its columns from the first so many."""
LONGEST_NAME = 60
"""The table cuts a longer name; the other forms never do."""


class Told(NamedTuple):
    """A result to print: of which value of the field that the score is by (None: by none), and the ledger."""

    value: str | None
    ledger: SubjectLedger


Batch = tuple[Told, ...] | tuple[ScoreTold, ...]
_Result = TypeVar("_Result", Told, ScoreTold)


class Form(Protocol):
    """A way to print scores."""

    def begin(self, first: Batch) -> str:
        """Return what stands before everybody, given the first of them."""

    def people(self, batch: Batch) -> str:
        """Return the text of some people, in their order."""

    def end(self) -> str:
        """Return what stands after everybody."""


def told(run: FinishedRun) -> Iterator[Told]:
    """Give everybody's result, value after value where the score is by a field."""
    for part in run.parts():
        for ledger in part.ledgers():
            yield Told(part.value, ledger)


def told_in_brief(run: FinishedRun) -> Iterator[ScoreTold]:
    """Give what a row of figures shows of everybody's result, value after value where the score is by a field."""
    for part in run.parts():
        places = places_of(part.rulebook)
        yield from scores_told(part.tables, places.score, places.line, part.value)


def printed(results: Iterable[_Result], form: Form) -> Iterator[_Result]:
    """Print everybody on stdout, and hand each on when printed."""
    rest = iter(results)
    first = batch = tuple(islice(rest, BATCH))
    put(form.begin(first))
    while batch:
        put(form.people(batch))
        yield from batch
        batch = tuple(islice(rest, BATCH))
    put(form.end())


class CsvForm(Struct, frozen=True):
    """``subject,outcome,score,band`` and a column for each rule; names are exact, quoted where CSV needs it. By a
    field, its value stands behind the person.

    ``guarded``: names that a spreadsheet takes for a formula have an apostrophe before them.
    """

    rulebook: Rulebook
    guarded: bool = False

    def begin(self, first: Batch) -> str:  # noqa: ARG002  the heading does not depend on them
        """Return the heading."""
        subject, *others = FIRST_COLUMNS
        return csv_line((subject, *_by(self.rulebook), *others, *(rule.name for rule in self.rulebook.rules)))

    def people(self, batch: Batch) -> str:
        """Return a row for each."""
        results = _briefly(batch, self.rulebook)
        firsts = csv_lines([self._first(each) for each in results])
        if not self.rulebook.rules:
            return "".join(f"{first}\n" for first in firsts)
        return "".join([f"{first},{told.points}\n" for first, told in zip(firsts, results, strict=True)])

    def _first(self, told: ScoreTold) -> tuple[str, ...]:
        """Return the cells before the points, which are figures and need no quotes."""
        value, subject, outcome, _, score, band, _ = told
        subject = _guarded(subject) if self.guarded else subject
        figures = (outcome, score or "", band or "")
        return (subject, *figures) if value is None else (subject, value, *figures)

    def end(self) -> str:
        """Return nothing."""
        return ""


class TableForm(Struct):
    """A table for a person: everybody's score, band and points; who has none is told so in words.

    ``widths`` of the columns are known once it has begun.
    """

    rulebook: Rulebook
    widths: tuple[int, ...] = ()

    def begin(self, first: Batch) -> str:
        """Return the heading, once the widths are known."""
        heading = self._heading
        rows = (heading, *self._rows(first))
        self.widths = tuple(max(map(width, column)) for column in zip(*rows, strict=True))
        return self._aligned(heading)

    def people(self, batch: Batch) -> str:
        """Return a row for each."""
        return "".join(map(self._aligned, self._rows(batch)))

    @property
    def _heading(self) -> tuple[str, ...]:
        bands = ("band",) if self.rulebook.bands else ()
        return ("subject", *_by(self.rulebook), "score", *bands, *self._rules())

    def end(self) -> str:
        """Return nothing."""
        return ""

    def _rules(self) -> tuple[str, ...]:
        return tuple(rule.name for rule in self.rulebook.rules)

    def _rows(self, batch: Batch) -> Iterator[tuple[str, ...]]:
        for told in _briefly(batch, self.rulebook):
            by = () if told.value is None else (told.value,)
            result = f"{told.outcome}: {told.requirement}" if told.score is None else told.score
            bands = (told.band,) if self.rulebook.bands else ()
            points = told.points.split(",") if self.rulebook.rules else ()
            yield (_cut(harmless(visible(told.subject))), *by, result, *(each or "-" for each in (*bands, *points)))

    def _aligned(self, row: tuple[str, ...]) -> str:
        """Set figures to the right of their columns, names and bands to the left."""
        by = len(_by(self.rulebook))
        to_the_left = (0, by, *((2 + by,) if self.rulebook.bands else ()))
        cells = []
        for at, (cell, room) in enumerate(zip(row, self.widths, strict=True)):
            blank = " " * (room - width(cell))
            cells.append(f"{cell}{blank}" if at in to_the_left else f"{blank}{cell}")
        return f"{'  '.join(cells).rstrip()}\n"


def _by(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the heading of the column for the value of the field that the score is by; none where it is by none."""
    return () if rulebook.score.by is None else (rulebook.score.by,)


def _briefly(batch: Batch, rulebook: Rulebook) -> list[ScoreTold]:
    """Return of each result what a row of figures shows."""
    rules, places = tuple(rule.name for rule in rulebook.rules), places_of(rulebook)
    return [each if isinstance(each, ScoreTold) else _in_figures(each, rules, places) for each in batch]


def _in_figures(told: Told, rules: tuple[str, ...], places: Places) -> ScoreTold:
    """Return what a row of figures shows of a ledger."""
    score = told.ledger.score
    points = {line.rule: places.of_line(line.points) or "" for line in told.ledger.lines}
    figures = places.of_score(score.score), score.band, ",".join(points.get(rule, "") for rule in rules)
    return ScoreTold(told.value, score.subject, score.outcome, score.requirement, *figures)


def _guarded(name: str) -> str:
    """Return a name of which a spreadsheet makes no formula."""
    return f"'{name}" if name.startswith(FORMULA) else name


def _cut(name: str) -> str:
    """Return a name that leaves room for the other columns; what was cut off is marked."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
