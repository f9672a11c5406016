"""Takes a run; gives its scores as text, piece by piece: CSV, JSON, one JSON object a line, or a table for a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice

from tallystick.cli.drawing import harmless, width
from tallystick.cli.figures import Places, places_of
from tallystick.cli.score_document import ScoresDocument, person_score
from tallystick.engine.ledger import Run, SubjectLedger
from tallystick.engine.receipt import Receipt
from tallystick.explain.document import printable_json
from tallystick.rules.rulebook import Rulebook

FIRST_COLUMNS = ("subject", "outcome", "score", "band")
"""INVARIANT: the CSV begins with these; other programs rely on it."""
LOOKED_AT = 2_000
"""The table takes the widths of its columns from so many people, so that it can begin before the last is read."""
_PIECE = 1_000


def csv_of(run: Run) -> Iterator[str]:
    """Give ``subject,outcome,score,band`` and a column per rule; names exactly, quoted where need be."""
    places = places_of(run.rulebook)
    rules = tuple(rule.name for rule in run.rulebook.rules)
    rows = chain(((*FIRST_COLUMNS, *rules),), (_row(ledger, rules, places) for ledger in run.ledgers()))
    while piece := tuple(islice(rows, _PIECE)):
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows(piece)
        yield written.getvalue()


def ndjson_of(run: Run) -> Iterator[str]:
    """Give one JSON object a line: each person's part of the scores document."""
    places = places_of(run.rulebook)
    for ledger in run.ledgers():
        yield f"{person_score(ledger, places).model_dump_json(by_alias=True)}\n"


def json_of(run: Run, receipt: Receipt) -> Iterator[str]:
    """Give the scores document, a person a line, so that no part but the receipt is ever held whole."""
    places = places_of(run.rulebook)
    head = printable_json(ScoresDocument(as_of=run.as_of, receipt=receipt, subjects=()))
    yield head.removesuffix("[]\n}\n").removesuffix("[]\n}") + "["
    before = "\n    "
    for ledger in run.ledgers():
        yield f"{before}{person_score(ledger, places).model_dump_json(by_alias=True)}"
        before = ",\n    "
    yield "\n  ]\n}\n" if before != "\n    " else "]\n}\n"


def table_of(run: Run) -> Iterator[str]:
    """Give a table for a person: everybody's score, band and points, what has none said in words."""
    rulebook, places = run.rulebook, places_of(run.rulebook)
    rules = tuple(rule.name for rule in rulebook.rules)
    with_bands = len(rulebook.bands) > 0
    heading = ("subject", "score", *(("band",) if with_bands else ()), *rules)
    rows = (_shown(ledger, rulebook, rules, places) for ledger in run.ledgers())
    looked_at = tuple(islice(rows, LOOKED_AT))
    widths = [max(map(width, column)) for column in zip(heading, *looked_at, strict=True)]
    texts = [0, *((2,) if with_bands else ())]
    for row in chain((heading,), looked_at, rows):
        yield _aligned(row, widths, texts)


def _row(ledger: SubjectLedger, rules: tuple[str, ...], places: Places) -> tuple[str, ...]:
    score = ledger.score
    points = {line.rule: places.of_line(line.points) for line in ledger.lines}
    figures = (places.of_score(score.score), score.band, *(points.get(rule) for rule in rules))
    return (score.subject, score.outcome, *("" if figure is None else figure for figure in figures))


def _shown(ledger: SubjectLedger, rulebook: Rulebook, rules: tuple[str, ...], places: Places) -> tuple[str, ...]:
    score, band = ledger.score, (("-" if ledger.score.band is None else ledger.score.band),) if rulebook.bands else ()
    result = places.of_score(score.score)
    points = {line.rule: places.of_line(line.points) for line in ledger.lines}
    shown = (points.get(rule) for rule in rules)
    return (
        harmless(score.subject),
        f"{score.outcome}: {score.requirement}" if result is None else result,
        *band,
        *("-" if each is None else each for each in shown),
    )


def _aligned(row: tuple[str, ...], widths: list[int], texts: list[int]) -> str:
    """Set figures to the right and texts to the left of their columns."""
    cells = [
        cell + " " * (room - width(cell)) if at in texts else " " * (room - width(cell)) + cell
        for at, (cell, room) in enumerate(zip(row, widths, strict=True))
    ]
    return f"{'  '.join(cells).rstrip()}\n"
