"""Takes nothing; writes ``credit.csv``, a made-up project's history of credit from a fixed seed, beside this file."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random

FIRST = date(2016, 7, 1)
LAST = date(2026, 6, 30)


@dataclass(frozen=True, slots=True)
class Author:
    """Someone who writes changes: how many, between which years of the project, and at what offset from UTC."""

    name: str
    changes: int
    first: int
    last: int
    offset: int


AUTHORS = (
    Author("ines", 120, 0, 10, 2),  # a maintainer: writes, reads and takes in
    Author("tomas", 45, 0, 10, -7),  # a maintainer: takes in most of what others write
    Author("uma", 60, 0, 5, 1),  # very busy until 2021, silent since
    Author("joao", 40, 4, 10, 0),
    Author("kai", 25, 6, 10, 9),
    Author("lea", 14, 8, 10, 2),
    Author("vito", 18, 0, 2, 1),  # silent for eight years
    Author("wen", 12, 9, 10, 8),  # sends long series
    Author("zoe", 9, 3, 7, -4),
    Author("updates[bot]", 20, 7, 10, 0),
)
PASSERS_BY = tuple(f"guest{number:02d}" for number in range(1, 25))
READERS = (("ines", 0.25), ("joao", 0.15), ("mei", 0.20), ("kai", 0.05))
"""Who reads other people's changes, and what share of them. Mei reads and writes nothing."""


class Chance:
    """Draws from one seed. Only ``random()`` is used: it alone is promised to give the same numbers for ever."""

    def __init__(self, seed: int) -> None:
        """Begin at the seed."""
        self._random = Random(seed)

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 up to, not including, the limit."""
        return int(self._random.random() * limit)

    def happens(self, share: float) -> bool:
        """Say whether something that happens this often happens now."""
        return self._random.random() < share

    def hexadecimal(self) -> str:
        """Draw the short name of a commit."""
        return f"{self.below(1 << 48):012x}"


def changes(chance: Chance) -> list[tuple[datetime, str]]:
    """Give every change's moment and author."""
    made = []
    for author in (*AUTHORS, *(Author(name, 1, chance.below(10), 10, 0) for name in PASSERS_BY)):
        start = date(FIRST.year + author.first, FIRST.month, FIRST.day)
        end = date(FIRST.year + author.last, FIRST.month, FIRST.day)
        for number in range(author.changes):
            day = start + timedelta(days=chance.below((end - start).days))
            if author.name == "wen" and number:
                day = date(2026, 5, 18)  # one long series
            seconds = chance.below(86_400)
            zone = timezone(timedelta(hours=author.offset))
            made.append((datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=seconds), author.name))
    return sorted(made)


def credits_of(chance: Chance, author: str, year: int) -> list[tuple[str, str]]:
    """Give who earns what under one change: the commit first, then its trailers in their usual order."""
    earned = [("commit", author)]
    if author == "lea" and chance.happens(0.3):
        earned += [("co_developed", "kai"), ("signed_off", "kai")]
    if chance.happens(0.9):
        earned.append(("signed_off", author))
    if chance.happens(0.08):
        earned.append(("reported", PASSERS_BY[chance.below(len(PASSERS_BY))]))
    if chance.happens(0.04):
        earned.append(("suggested", "mei"))
    for reader, share in READERS:
        if chance.happens(share) and reader != author:
            earned.append(("reviewed", reader))
    if chance.happens(0.10):
        earned.append(("acked", "tomas"))
    if chance.happens(0.03):
        earned += [("acked", "zoe"), ("acked", "zoe")]  # the same trailer twice
    if chance.happens(0.06):
        earned.append(("tested", PASSERS_BY[chance.below(len(PASSERS_BY))]))
    keeper = "uma" if year < 2020 and chance.happens(0.5) else "tomas"  # noqa: PLR2004 - the year uma handed over
    earned.append(("signed_off", keeper))
    return earned


def lone_sign_off(chance: Chance) -> list[tuple[str, str, str, str, str, str]]:
    """Give three sign-offs of one's own changes whose commits are not in the history: nothing that counts."""
    rows = []
    for day in (3, 4, 5):
        item = chance.hexadecimal()
        rows.append((f"{item}.1", "nico", "nico", "signed_off", f"2026-02-{day:02d}T10:00:00+01:00", item))
    return rows


def credit_csv() -> str:
    """Give the file, in the shape of a git history turned into records, oldest change first after three odd rows."""
    chance = Chance(20_260_701)
    rows = lone_sign_off(chance)
    for at, author in changes(chance):
        item = chance.hexadecimal()
        for number, (kind, subject) in enumerate(credits_of(chance, author, at.year)):
            rows.append((f"{item}.{number}", subject, author, kind, at.isoformat(), item))
    return table(("id", "subject", "actor", "kind", "at", "item"), rows)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write rows as CSV with line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue()


def files() -> dict[str, str]:
    """Give each file's name and text."""
    return {"credit.csv": credit_csv()}


def main() -> None:
    """Write the file where this program stands."""
    folder = Path(__file__).parent
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
        sys.stdout.write(f"{name}: {text.count(chr(10)) - 1} rows\n")


if __name__ == "__main__":
    main()
