"""Takes a pair on which the engines differ; gives a smaller one on which they differ in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from generators.rows import Table
from proving.pairs import Pair
from proving.trying import tried

from tallystick.rules import read
from tallystick.rules.source import Source

MOST_TRIES = 400
T = TypeVar("T")


def smaller(pair: Pair, kind: str) -> Pair:
    """Leave out declarations, rows, pauses and corrections for as long as the difference stays."""
    tries = 0
    going = True
    while going:
        going = False
        for less in _less(pair):
            tries += 1
            if tries > MOST_TRIES:
                return pair
            if _differs(less, kind):
                pair, going = less, True
                break
    return pair


def _differs(pair: Pair, kind: str) -> bool:
    rulebook, _ = read(Source("smaller.tally", pair.text))
    if rulebook is None or (rulebook.records is None) != (pair.records is None):
        return False
    found = tried(pair).difference
    return found is not None and found.kind == kind


def _less(pair: Pair) -> Iterator[Pair]:
    """Give pairs with a little less each, the largest steps first."""
    for rows in _fewer(() if pair.records is None else pair.records.rows):
        if pair.records is not None:
            yield _fitting(replace(pair, records=replace(pair.records, rows=rows)))
    blocks = pair.text.split("\n\n")
    for place in range(len(blocks) - 1, 0, -1):
        yield replace(pair, text="\n\n".join((*blocks[:place], *blocks[place + 1 :])).rstrip("\n") + "\n")
    for rows in _fewer(() if pair.subjects is None else pair.subjects.rows):
        if pair.subjects is not None:
            yield replace(pair, subjects=replace(pair.subjects, rows=rows))
    for pauses in _fewer(pair.pauses):
        yield replace(pair, pauses=pauses)
    for corrections in _fewer(pair.corrections):
        yield replace(pair, corrections=corrections)


def _fewer(things: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    """Leave out halves, then quarters, then one by one."""
    size = (len(things) + 1) // 2
    while size:
        for start in range(0, len(things), size):
            yield things[:start] + things[start + size :]
        size = size // 2 if size > 1 else 0


def _fitting(pair: Pair) -> Pair:
    """Leave out the corrections of records that are no more."""
    table: Table | None = pair.records
    if table is None or "id" not in table.names:
        return pair
    key = table.names.index("id")
    there = {row[key] for row in pair.read_records.rows}
    return replace(pair, corrections=tuple(each for each in pair.corrections if each.record in there))
