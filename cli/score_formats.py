"""Takes ledgers; gives the forms in which scores are printed: CSV, JSON, one JSON object a line, a table for a person.

A form writes what stands before everybody, people batch by batch, and what stands after them, so that a run of any size
is printed in one pass over its ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from tallystick.cli.drawing import width
from tallystick.cli.figures import Places, places_of
from tallystick.cli.score_document import ScoresDocument, person_score
from tallystick.cli.streams import put
from tallystick.engine.csv_lines import csv_line
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.receipt import Receipt
from tallystick.explain.document import printable_json
from tallystick.explain.harmless import harmless
from tallystick.rules.rulebook import Rulebook

FIRST_COLUMNS = ("subject", "outcome", "score", "band")
"""INVARIANT: the CSV begins with these; other programs rely on it."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What begins with one of these, a spreadsheet works out."""
BATCH = 2_000
"""So many people are held at once; the table takes the widths of its columns from the first so many."""
LONGEST_NAME = 60
"""The table cuts a longer name; the other forms never do."""

Batch = tuple[SubjectLedger, ...]


class Form(Protocol):
    """A way to print scores."""

    def begin(self, first: Batch) -> str:
        """Return what stands before everybody, given the first of them."""

    def people(self, batch: Batch) -> str:
        """Return the text of some people, in their order."""

    def end(self) -> str:
        """Return what stands after everybody."""


def printed(ledgers: Iterable[SubjectLedger], form: Form) -> Iterator[SubjectLedger]:
    """Print everybody on stdout, and hand each on when printed."""
    rest = iter(ledgers)
    first = batch = tuple(islice(rest, BATCH))
    put(form.begin(first))
    while batch:
        put(form.people(batch))
        yield from batch
        batch = tuple(islice(rest, BATCH))
    put(form.end())


@dataclass(frozen=True, slots=True)
class CsvForm:
    """``subject,outcome,score,band`` and a column for each rule; names are exact, quoted where CSV needs it.

    ``guarded``: names that a spreadsheet takes for a formula have an apostrophe before them.
    """

    rulebook: Rulebook
    guarded: bool = False

    def begin(self, first: Batch) -> str:  # noqa: ARG002  the heading does not depend on them
        """Return the heading."""
        return _csv([(*FIRST_COLUMNS, *(rule.name for rule in self.rulebook.rules))])

    def people(self, batch: Batch) -> str:
        """Return a row for each."""
        rules, places = tuple(rule.name for rule in self.rulebook.rules), places_of(self.rulebook)
        rows = (_row(ledger, rules, places) for ledger in batch)
        return _csv((_guarded(subject), *others) for subject, *others in rows) if self.guarded else _csv(rows)

    def end(self) -> str:
        """Return nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class NdjsonForm:
    """One JSON object a line: each person's part of the scores document."""

    rulebook: Rulebook

    def begin(self, first: Batch) -> str:  # noqa: ARG002  there is no heading
        """Return nothing."""
        return ""

    def people(self, batch: Batch) -> str:
        """Return a line for each."""
        return "".join(f"{each}\n" for each in _objects(batch, self.rulebook))

    def end(self) -> str:
        """Return nothing."""
        return ""


@dataclass(slots=True)
class JsonForm:
    """The scores document, a person a line; it knows what stands before the next."""

    rulebook: Rulebook
    receipt: Receipt
    before: str = "\n    "

    def begin(self, first: Batch) -> str:  # noqa: ARG002  the receipt does not depend on them
        """Return the receipt, up to where the people stand."""
        document = ScoresDocument(as_of=self.receipt.as_of, receipt=self.receipt, subjects=())
        return printable_json(document).rstrip().removesuffix("[]\n}") + "["

    def people(self, batch: Batch) -> str:
        """Return an object for each; all but the very first have a comma before them."""
        texts = []
        for each in _objects(batch, self.rulebook):
            texts.append(f"{self.before}{each}")
            self.before = ",\n    "
        return "".join(texts)

    def end(self) -> str:
        """Close the list and the document."""
        return "\n  ]\n}\n"


@dataclass(slots=True)
class TableForm:
    """A table for a person: everybody's score, band and points; who has none is told so in words.

    ``widths`` of the columns are known once it has begun.
    """

    rulebook: Rulebook
    widths: tuple[int, ...] = ()

    def begin(self, first: Batch) -> str:
        """Return the heading, once the widths are known."""
        heading = ("subject", "score", *(("band",) if self.rulebook.bands else ()), *self._rules())
        rows = (heading, *self._rows(first))
        self.widths = tuple(max(map(width, column)) for column in zip(*rows, strict=True))
        return self._aligned(heading)

    def people(self, batch: Batch) -> str:
        """Return a row for each."""
        return "".join(map(self._aligned, self._rows(batch)))

    def end(self) -> str:
        """Return nothing."""
        return ""

    def _rules(self) -> tuple[str, ...]:
        return tuple(rule.name for rule in self.rulebook.rules)

    def _rows(self, batch: Batch) -> Iterator[tuple[str, ...]]:
        rules, places = self._rules(), places_of(self.rulebook)
        for ledger in batch:
            subject, outcome, score, band, *points = _row(ledger, rules, places)
            result = f"{outcome}: {ledger.score.requirement}" if ledger.score.score is None else score
            shown = (*((band,) if self.rulebook.bands else ()), *points)
            yield (_cut(harmless(subject)), result, *("-" if each == "" else each for each in shown))

    def _aligned(self, row: tuple[str, ...]) -> str:
        """Set figures to the right of their columns, names and bands to the left."""
        to_the_left = (0, 2) if self.rulebook.bands else (0,)
        cells = []
        for at, (cell, room) in enumerate(zip(row, self.widths, strict=True)):
            blank = " " * (room - width(cell))
            cells.append(f"{cell}{blank}" if at in to_the_left else f"{blank}{cell}")
        return f"{'  '.join(cells).rstrip()}\n"


def _row(ledger: SubjectLedger, rules: tuple[str, ...], places: Places) -> tuple[str, ...]:
    """Return what the contract's columns hold; nothing is the empty text."""
    score = ledger.score
    points = {line.rule: places.of_line(line.points) for line in ledger.lines}
    figures = (places.of_score(score.score), score.band, *(points.get(rule) for rule in rules))
    return (score.subject, score.outcome, *("" if figure is None else figure for figure in figures))


def _guarded(name: str) -> str:
    """Return a name of which a spreadsheet makes no formula."""
    return f"'{name}" if name.startswith(FORMULA) else name


def _cut(name: str) -> str:
    """Return a name that leaves room for the other columns; what was cut off is marked."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _csv(rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(map(csv_line, rows))


def _objects(batch: Batch, rulebook: Rulebook) -> Iterator[str]:
    """Give each person's part of the scores document in a line of ASCII, of which a terminal takes nothing amiss."""
    places = places_of(rulebook)
    return (person_score(ledger, places).model_dump_json(by_alias=True, ensure_ascii=True) for ledger in batch)
