"""Takes nothing; writes ``ratings.csv``, made-up ratings among traders from a fixed seed, beside this file."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

FIRST = datetime(2012, 1, 1, tzinfo=UTC)
DAYS = 1490
"""The last rating is at the end of January 2016."""

TRADERS = tuple(f"trader{number:02d}" for number in range(1, 61))
RATES = 400
"""How often two of them rate each other."""

Rating = tuple[datetime, str, str, int]
"""When, who rated, whom, how."""


class Chance:
    """Draws from one seed. Only ``random()`` is used: it alone is promised to give the same numbers for ever."""

    def __init__(self, seed: int) -> None:
        """Begin at the seed."""
        self._random = Random(seed)

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 up to, not including, the limit."""
        return int(self._random.random() * limit)

    def low(self, limit: int) -> int:
        """Draw one below the limit, small ones far more often."""
        return int(self._random.random() * self._random.random() * limit)

    def happens(self, share: float) -> bool:
        """Say whether something that happens this often happens now."""
        return self._random.random() < share

    def moment(self) -> datetime:
        """Draw a second of these years."""
        return FIRST + timedelta(days=self.below(DAYS), seconds=self.below(86_400))


def ordinary(chance: Chance) -> dict[tuple[str, str], Rating]:
    """Give the ratings after ordinary trades: mostly 1, often returned within days, seldom bad. One per pair."""
    ratings: dict[tuple[str, str], Rating] = {}
    for _ in range(RATES):
        rater, rated = TRADERS[chance.below(len(TRADERS))], TRADERS[chance.low(len(TRADERS))]
        if rater == rated:
            continue
        at = chance.moment()
        ratings[rater, rated] = (at, rater, rated, worth(chance))
        if chance.happens(0.6):
            later = at + timedelta(seconds=chance.below(20 * 86_400))
            ratings[rated, rater] = (later, rated, rater, worth(chance))
    return ratings


def worth(chance: Chance) -> int:
    """Draw a rating: 1 in most cases, a bad one in one of twenty."""
    if chance.happens(0.05):
        return (-1, -1, -2, -3, -5, -10)[chance.below(6)]
    return (1, 1, 1, 1, 1, 1, 2, 2, 3, 5, 8, 10)[chance.below(12)]


def crafted() -> list[Rating]:
    """Give a cheat, a newcomer, a lone word and a small ring of friends."""
    start = datetime(2015, 3, 2, 9, 0, tzinfo=UTC)
    return [
        # The cheat: eight good words first, then nine victims.
        *((start + timedelta(days=9 * n), TRADERS[n], "cheat", 2) for n in range(8)),
        *((start + timedelta(days=200 + n), TRADERS[20 + n], "cheat", -10) for n in range(9)),
        # He answers the first four of them in kind, which is worth what it is worth.
        *((start + timedelta(days=201 + n), "cheat", TRADERS[20 + n], -10) for n in range(4)),
        # A newcomer with three good trades, and somebody of whom one person spoke.
        *((start + timedelta(days=300 + 5 * n), TRADERS[3 * n], "newcomer", 1) for n in range(3)),
        (start + timedelta(days=310), "trader05", "onlyone", 3),
        # Three friends give each other 10, on one evening.
        *(
            (start + timedelta(days=250, minutes=3 * n), f"friend{rater}", f"friend{rated}", 10)
            for n, (rater, rated) in enumerate([(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)])
        ),
    ]


def ratings_csv() -> str:
    """Give the file: actor, subject, kind, at, rating; oldest first."""
    chance = Chance(20_160_131)
    rows = [
        (rater, rated, "rating", f"{at:%Y-%m-%dT%H:%M:%SZ}", str(rating))
        for at, rater, rated, rating in sorted([*ordinary(chance).values(), *crafted()])
    ]
    return table(("actor", "subject", "kind", "at", "rating"), rows)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write rows as CSV with line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue()


def files() -> dict[str, str]:
    """Give each file's name and text."""
    return {"ratings.csv": ratings_csv()}


def main() -> None:
    """Write the file where this program stands."""
    folder = Path(__file__).parent
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
        sys.stdout.write(f"{name}: {text.count(chr(10)) - 1} rows\n")


if __name__ == "__main__":
    main()
