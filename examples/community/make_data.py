"""Takes nothing; writes ``subjects.csv`` and ``records.csv``, made up from a fixed seed, and what was corrected of them
and is stated about them, beside this file."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

FIRST = date(2025, 4, 1)
LAST = date(2026, 3, 31)
TOPICS = ("accessibility", "databases", "gardening", "maps", "testing", "writing")
CLIENTS = ("web", "phone")

CORRECTIONS = """\
record,action,reason,who,when,subject,item
3812,void,One person reported from several accounts.,moderation,2026-03-20,,
3974,void,One person reported from several accounts.,moderation,2026-03-20,,
4108,void,One person reported from several accounts.,moderation,2026-03-20,,
4262,replace,The report was about another member's post.,moderation,2026-03-24,olga,olga-3
"""
STATEMENTS = """\
subject,rule,record,text,since,answer by
jun,reports,,"Visitors 01 to 10 never read what they reported. Please look at their accounts.",2026-03-25,2026-04-25
ada,,,"I am on leave from April and shall post less.",2026-03-28,
"""
"""What was put right, and what members say, as somebody wrote it down."""

Record = tuple[datetime, str, str, str, str]
"""When, whose score it counts toward, who did it, which kind, to what."""


@dataclass(frozen=True, slots=True)
class Member:
    """Someone in the community: how many posts they write in a year, and how often others act on one of them."""

    name: str
    consent: bool
    joined: date | None
    posts: int
    pull: float


MEMBERS = (
    Member("ada", consent=True, joined=date(2021, 5, 17), posts=120, pull=0.90),
    Member("bruno", consent=True, joined=date(2022, 11, 3), posts=190, pull=0.03),  # posts all day; few react
    Member("chen", consent=True, joined=date(2023, 2, 8), posts=35, pull=0.10),  # one devoted fan: see `crafted`
    Member("dora", consent=False, joined=date(2020, 1, 30), posts=60, pull=0.50),  # never agreed to be scored
    Member("emre", consent=True, joined=date(2025, 10, 12), posts=5, pull=0.30),  # too few posts to judge
    Member("fay", consent=True, joined=date(2024, 6, 21), posts=30, pull=0.06),  # likes and shares her own posts
    Member("gus", consent=True, joined=date(2024, 9, 9), posts=24, pull=0.12),  # trades endorsements with hana
    Member("hana", consent=True, joined=date(2024, 9, 15), posts=26, pull=0.14),
    Member("ivo", consent=True, joined=date(2025, 12, 1), posts=40, pull=0.04),  # shared by robots
    Member("jun", consent=True, joined=date(2023, 7, 4), posts=80, pull=0.25),  # reported by many
    Member("kira", consent=True, joined=None, posts=45, pull=0.35),  # nobody noted when she joined
    Member("lars", consent=True, joined=date(2020, 2, 29), posts=0, pull=0.40),  # silent for months
    Member("mona", consent=True, joined=date(2026, 3, 2), posts=0, pull=0.00),  # no record names her
    Member("nils", consent=True, joined=date(2022, 4, 25), posts=60, pull=0.10),  # one friend endorses on and on
    Member("olga", consent=True, joined=date(2020, 8, 11), posts=50, pull=0.45),
    Member("pavel", consent=True, joined=date(2024, 1, 19), posts=22, pull=0.20),
    Member("quinn", consent=True, joined=None, posts=18, pull=0.16),
    Member("rosa", consent=True, joined=date(2021, 12, 6), posts=40, pull=0.55),
    Member("sami", consent=True, joined=date(2025, 5, 27), posts=33, pull=0.22),
    Member("tess", consent=True, joined=date(2023, 3, 14), posts=27, pull=0.18),
    Member("umar", consent=True, joined=date(2024, 10, 2), posts=16, pull=0.12),
    Member("vera", consent=False, joined=None, posts=12, pull=0.15),
    Member("wim", consent=True, joined=date(2022, 6, 30), posts=20, pull=0.10),
    Member("yara", consent=True, joined=date(2025, 8, 18), posts=38, pull=0.38),
)
VISITORS = tuple(f"visitor{number:02d}" for number in range(1, 41))
"""People who react, but are no members: nobody scores them."""


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

    def one_of(self, choices: Sequence[str]) -> str:
        """Draw one of them, each as likely."""
        return choices[self.below(len(choices))]

    def moment(self, day: date) -> datetime:
        """Draw a second of that day."""
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=self.below(86_400))


def ordinary(chance: Chance) -> list[Record]:
    """Give what happens in a year: members post, and others react to it in the two weeks that follow."""
    others = (*(member.name for member in MEMBERS), *VISITORS)
    records: list[Record] = []
    for member in MEMBERS:
        for number in range(1, member.posts + 1):
            day = FIRST + timedelta(days=chance.below((LAST - FIRST).days + 1))
            post = f"{member.name}-{number}"
            records.append((chance.moment(day), member.name, member.name, "post", post))
            records += reactions(chance, member, others, post, day)
        for _ in range(int(member.pull * 8)):
            giver = chance.one_of([name for name in others if name != member.name])
            day = FIRST + timedelta(days=chance.below((LAST - FIRST).days + 1))
            records.append((chance.moment(day), member.name, giver, "endorse", chance.one_of(TOPICS)))
    return records


def reactions(chance: Chance, member: Member, others: Sequence[str], post: str, day: date) -> list[Record]:
    """Give what others do with one post: many likes, fewer answers, few shares."""
    records: list[Record] = []
    for kind, tries in (("like", 9), ("reply", 4), ("share", 3), ("bookmark", 1)):
        for _ in range(tries):
            if chance.happens(member.pull):
                actor = chance.one_of([name for name in others if name != member.name])
                later = day + timedelta(days=chance.below(14))
                if later <= LAST:
                    records.append((chance.moment(later), member.name, actor, kind, post))
    return records


def crafted(chance: Chance) -> list[Record]:
    """Give what the rulebook has a declaration against, or a word for."""

    def on(ago: int, subject: str, actor: str, kind: str, item: str) -> Record:
        return (chance.moment(LAST - timedelta(days=ago)), subject, actor, kind, item)

    return [
        # One fan likes twenty of chen's posts in a week.
        *(on(8 + number % 5, "chen", "visitor07", "like", f"chen-{number}") for number in range(1, 21)),
        # Fay approves of herself.
        *(on(3 * number, "fay", "fay", kind, f"fay-{number}") for number in range(1, 9) for kind in ("like", "share")),
        # Gus and hana endorse each other, topic by topic.
        *(on(60 - 5 * number, "hana", "gus", "endorse", topic) for number, topic in enumerate(TOPICS)),
        *(on(57 - 5 * number, "gus", "hana", "endorse", topic) for number, topic in enumerate(TOPICS)),
        # Programs share everything that ivo writes.
        *(on(2 * number, "ivo", bot, "share", f"ivo-{number}") for number in range(1, 21) for bot in BOTS),
        # Twelve people report jun; one of them three times, one more than a year ago.
        *(on(10 * number + 1, "jun", f"visitor{number:02d}", "report", f"jun-{number}") for number in range(1, 12)),
        *(on(number, "jun", "visitor03", "report", f"jun-{number}") for number in (4, 9)),
        *(on(366 + number, "jun", "visitor30", "report", "jun-0") for number in (2,)),
        # One report each, which is nothing unusual.
        on(40, "bruno", "rosa", "report", "bruno-12"),
        on(75, "yara", "visitor22", "report", "yara-3"),
        # Lars was everywhere until the summer, and has been silent since.
        *(on(250 + 3 * number, "lars", "lars", "post", f"lars-{number}") for number in range(1, 31)),
        *(on(248 + 2 * number, "lars", VISITORS[number], "share", f"lars-{number}") for number in range(1, 31)),
        # One friend endorses nils for the same thing month after month.
        *(on(28 * number, "nils", "wim", "endorse", "maps") for number in range(1, 9)),
        # Somebody who is no member is endorsed, too: nobody scores them.
        on(20, "visitor07", "chen", "endorse", "writing"),
    ]


BOTS = ("digest[bot]", "mirror[bot]")


def records_csv() -> str:
    """Give the records file: sorted by time, a column that the rulebook does not read, a few rows with mistakes."""
    chance = Chance(20_260_331)
    rows = []
    for number, (at, subject, actor, kind, item) in enumerate(sorted(ordinary(chance) + crafted(chance)), start=1):
        written = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        rows.append((str(number), written, subject, actor, kind, item, chance.one_of(CLIENTS)))
    unreadable = [
        ("90001", "2026-03-03 10:15:00", "olga", "visitor11", "share", "olga-4", "web"),  # a time that names no zone
        ("90002", "2026-02-30T10:15:00Z", "olga", "visitor12", "share", "olga-4", "web"),  # a day that never was
        ("90003", "2026-03-05T10:15:00Z", "", "visitor13", "share", "rosa-2", "web"),  # nobody's record
    ]
    copies = [rows[100], rows[200]]  # the same rows delivered twice
    return table(("id", "at", "subject", "actor", "kind", "item", "client"), [*rows, *unreadable, *copies])


def subjects_csv() -> str:
    """Give the members file."""
    rows = [
        (member.name, "yes" if member.consent else "no", "" if member.joined is None else member.joined.isoformat())
        for member in MEMBERS
    ]
    return table(("subject", "consent", "joined"), rows)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write rows as CSV with line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue()


def files() -> dict[str, str]:
    """Give each file's name and text."""
    return {
        "subjects.csv": subjects_csv(),
        "records.csv": records_csv(),
        "corrections.csv": CORRECTIONS,
        "statements.csv": STATEMENTS,
    }


def main() -> None:
    """Write the files where this program stands."""
    folder = Path(__file__).parent
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
        sys.stdout.write(f"{name}: {text.count(chr(10)) - 1} rows\n")


if __name__ == "__main__":
    main()
