"""The digest of a day's records is the one that is described, worked out here without a database."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

from generators.accepted import accepted

from tallystick.engine.receipt import DayDigest
from tallystick.engine.scoring import score

RULES = """\
rulebook "Days" version 1.0.0
    owner "Us"

records
    subject text
    kind    one of post
    at      time
    note    text optional
    worth   number 0 to 1000 with 2 places optional
    tenths  number 0 to 9 with 1 place optional
    times   whole number 0 to 1000 optional
    since   date optional
    open    yes/no optional

measure posts "post" / "posts"
    count post

rule posted "P"
    points posts
    because "x"

score "Days"
    sum of all rules
"""
HEAD = "subject,kind,at,note,worth,tenths,times,since,open\n"
ROWS = (
    "ada,post,2026-03-01T10:00:00.25Z,naïve,2.50,3.0,10,2026-02-28,yes\n",
    "ada,post,2026-03-01T10:00:00Z,,100.00,0.5,100,,no\n",
    "bob,post,2026-03-01T23:59:59Z,-,0.00,,0,,\n",
    "ada,post,2026-03-02T00:00:00Z,12:3,,,,,\n",
)
RECORDS = {
    date(2026, 3, 1): (
        ("ada", "post", datetime(2026, 3, 1, 10, 0, 0, 250_000, UTC), "naïve", "2.5", "3", "10", "2026-02-28", "true"),
        ("ada", "post", datetime(2026, 3, 1, 10, tzinfo=UTC), None, "100", "0.5", "100", None, "false"),
        ("bob", "post", datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC), "-", "0", None, "0", None, None),
    ),
    date(2026, 3, 2): (("ada", "post", datetime(2026, 3, 2, tzinfo=UTC), "12:3", None, None, None, None, None),),
}


def test_a_day_s_digest_is_the_sum_of_its_records_digests(tmp_path: Path) -> None:
    """Each field's text behind its length in bytes, a dash for a missing one; SHA-256; eight parts, each summed."""
    path = tmp_path / "r.csv"
    expected = tuple(DayDigest(day=day, records=len(of_day), sum=_sums(of_day)) for day, of_day in RECORDS.items())
    for rows in (ROWS, ROWS[::-1]):
        path.write_text(HEAD + "".join(rows), encoding="utf-8")
        run = score(accepted(RULES), path, as_of=date(2026, 3, 3), digest_records=True)
        assert run.receipt.record_digest == expected
        run.close()


def _sums(records: tuple[tuple[str | datetime | None, ...], ...]) -> tuple[str, ...]:
    digests = [hashlib.sha256("".join(map(_told, each)).encode()).digest() for each in records]
    parts = ([int.from_bytes(each[at : at + 4], "big") for each in digests] for at in range(0, 32, 4))
    return tuple(str(sum(each) % 2**64) for each in parts)


def _told(value: str | datetime | None) -> str:
    if value is None:
        return "-"
    text = str(round(value.timestamp() * 1_000_000)) if isinstance(value, datetime) else value
    return f"{len(text.encode())}:{text}"
