"""Takes a run's folder; gives it with numbers changed and every digest made to fit, to be found out by verification."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from tallystick.engine import score
from tallystick.engine.digest import digest_of
from tallystick.engine.folder_writing import RECEIPT, sha256_of_file
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.wide import WIDE, wide_name
from tallystick.engine.receipt import Receipt, sealed
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.verifying.records import GivenAgain
from tallystick.engine.verifying.verification import Check, Verification
from tallystick.rules.rulebook import Rulebook

RULEBOOK = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    id      text
    subject text
    actor   text
    kind    one of like, share
    at      time

subjects
    trusted yes/no
    joined  date optional

require trust "being trusted"
    when trusted
    otherwise no score "Nobody trusts you."

require some "something to go by"
    when likes > 0
    otherwise insufficient data "Nobody likes you yet."

exclude own "your own likes"
    when actor = subject
    because "Nobody can vouch for themselves."

measure likes "like" / "likes"
    count like
    within 60 days
    halving every 7 days except pauses

measure shares "share" / "shares"
    count share

measure both "both"
    = likes + shares

facet people "People"
    at most 20

    rule liked "People like it"
        points likes
        because "A like is a like."

    rule shared "People share it"
        points by both
            under 5: 1
            5 or more: 3
        because "A share is a share."

rule known "You are known"
    points 2
    when joined is not missing
    because "You are."

score "Likes"
    sum of all rules
    rounded to 1 place

bands
    from 0 some "Some"
    from 5 many "Many"
"""
AS_OF = date(2026, 3, 1)
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """A run, and what it was made from."""

    folder: Path
    rulebook: Rulebook
    given: GivenAgain


def write_inputs(folder: Path) -> GivenAgain:
    """Write records, subjects, pauses, corrections and statements, with rows that cannot be read."""
    chance = random.Random(5)  # noqa: S311  made up once, the same each time
    rows = [
        f"{n},p{chance.randrange(6)},p{chance.randrange(7)},{chance.choice(('like', 'share', 'other'))},"
        f"2026-{chance.randrange(1, 4):02}-{chance.randrange(1, 28):02}T10:00:00Z"
        for n in range(200)
    ]
    rows[10], rows[11] = "10,p0,p1,like,when", rows[12]
    files = {
        "records": "id,subject,actor,kind,at\n" + "\n".join(rows),
        "subjects": "subject,trusted,joined\np0,yes,2020-01-01\np1,yes,\np2,no,\np3,yes,2021-01-01\np4,yes,\np9,yes,\n",
        "pauses": "subject,from,to\np0,2026-01-10,2026-01-20\np1,2026-02-01,\np1,never,\n",
        "corrections": "record,action,reason,who,when,subject,actor,kind,at\n"
        "20,void,a slip,x,2026-02-01,,,,\n21,replace,a slip,x,2026-02-02,p0,,like,\n",
        "statements": "subject,text,since\np0,I do not agree.,2026-02-03\n",
    }
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return GivenAgain(**{name: folder / f"{name}.csv" for name in files})


def make(rulebook: Rulebook, given: GivenAgain, out: Path, **how: object) -> Made:
    """Score into a folder."""
    run = score(
        rulebook,
        given.records,
        given.subjects,
        pauses=given.pauses,
        corrections=given.corrections,
        statements=given.statements,
        as_of=AS_OF,
        out=out,
        computed_at=NOW,
        max_rejected=Decimal("0.5"),
        **how,  # type: ignore[arg-type]
    )
    run.close()
    return Made(out, rulebook, given)


Forge = Callable[..., None]


def forged(run: Made, changes: dict[str, str], *, counts: dict[str, int] | None = None) -> None:
    """Change a run's files by SQL statements about ``it``, and make its digests and its seal fit."""
    with duckdb.connect() as connection:
        for file, statement in changes.items():
            path = str(run.folder / file)
            connection.execute(f"CREATE OR REPLACE TABLE it AS SELECT * FROM '{path}'")  # noqa: S608  of the test's own
            connection.execute(statement)
            connection.execute(f"COPY it TO '{path}' (FORMAT parquet)")
    seal_again(run, counts)


def seal_again(run: Made, counts: dict[str, int] | None = None) -> None:
    """Put the digests that a run's files now have into its receipt, and seal it."""
    receipt = Receipt.model_validate_json((run.folder / RECEIPT).read_bytes())
    files = tuple(
        each.model_copy(update={"sha256": sha256_of_file(run.folder / each.name)})
        for each in receipt.files
        if (run.folder / each.name).exists()
    )
    with duckdb.connect() as connection:
        for table in WIDE:
            path = run.folder / f"{table}.parquet"
            connection.execute(f"CREATE VIEW \"{wide_name(table)}\" AS SELECT * FROM '{path}'")  # noqa: S608
        try:
            digest = digest_of(LedgerTables(connection, run.rulebook).ledgers())
        except DataRefusal:  # a ledger that cannot be read has no digest
            digest = receipt.ledger_digest
    change = {"files": files, "ledger_digest": digest, "counts": receipt.counts.model_copy(update=counts or {})}
    (run.folder / RECEIPT).write_text(sealed(receipt.model_copy(update=change)), encoding="utf-8")


def finding(found: Verification) -> Check:
    """Return the one check that differs; all before it agree or could not be made."""
    (check,) = (each for each in found.checks if each.outcome == "differs")
    assert not found.agrees
    return check


def edited(run: Made, name: str, change: Callable[[dict[str, object]], None]) -> None:
    """Change a JSON document of a run and leave all else as it is."""
    path = run.folder / name
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
