"""Takes nothing; writes ``community.csv``: what thirty made-up people did in four months, the same each time."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

PEOPLE = (
    *("ada", "bea", "cem", "dan", "eli", "fay", "gus", "hal", "ida", "jon", "kim", "lea", "max", "nia", "oli"),
    *("pia", "quin", "ray", "sia", "tom", "uma", "vic", "wim", "xio", "yan", "zoe", "abe", "bob", "cyd", "dea"),
)
TOPICS = ("bread", "bicycles", "gardens", "jazz", "maps")
START = datetime(2026, 1, 1, 8)  # noqa: DTZ001  written with a Z
DAYS = 120
HEAD = ("id", "at", "subject", "actor", "kind", "item", "topic")


def records() -> list[tuple[str, ...]]:
    """Make the records, in the order of their moments.

    A few people are heard by many, most by few; two write much and set off little; three react to each other alone.
    """
    rng = Random(2011)
    heard = {name: 1 / (place + 1) for place, name in enumerate(PEOPLE)}
    ring = ("abe", "bob", "cyd")
    rows: list[tuple[datetime, str, str, str, str, str]] = []

    def moment(first: datetime, most: int) -> datetime:
        return min(first + timedelta(minutes=rng.randrange(1, most)), START + timedelta(days=DAYS))

    for number in range(130):
        writer = rng.choice(("yan", "zoe") if number % 5 == 0 else PEOPLE)
        at, item, topic = moment(START, DAYS * 1440 - 600), f"p{number + 1}", rng.choice(TOPICS)
        rows.append((at, writer, writer, "post", item, topic))
        for name in PEOPLE:
            if name == writer:
                continue
            close = writer in ring and name in ring
            if rng.random() < (0.6 if close else 0.16 * heard[writer] ** 0.5 + 0.01):
                kind = rng.choice(("like", "like", "like", "reply", "reply", "share", *["helpful"] * 4, "not_helpful"))
                rows.append((moment(at, 2880), writer, name, "like" if close else kind, item, topic))
    for name in PEOPLE:
        others = rng.choices(PEOPLE, weights=list(heard.values()), k=3)
        rows += [(moment(START, DAYS * 1440), each, name, "follow", "", "") for each in others if each != name]
    for _ in range(6):
        thanked, giver = rng.choices(PEOPLE, weights=list(heard.values()), k=1)[0], rng.choice(PEOPLE)
        if thanked != giver:
            rows.append((moment(START, DAYS * 1440), thanked, giver, "thanks", "", ""))
    rows.sort()
    return [(str(place), at.strftime("%Y-%m-%dT%H:%M:%SZ"), *rest) for place, (at, *rest) in enumerate(rows, start=1)]


def files() -> dict[str, str]:
    """Return the text of each file by its name."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(records())
    return {"community.csv": text.getvalue()}


if __name__ == "__main__":
    for name, content in files().items():
        Path(__file__).with_name(name).write_text(content, encoding="utf-8")
