"""Takes the tables of a ledger; gives everybody's score and points as they are written, and what all of them come to,
without putting anybody's whole ledger together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, cast

from msgspec import Struct

from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.fates import accounts_of
from tallystick.engine.query.ledger_rows import ledger_views
from tallystick.engine.query.plan import plan
from tallystick.engine.query.rounding import fits_64_bits, least_type
from tallystick.engine.query.rules import rule_column
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.query.wide import wide_name
from tallystick.rules.decimals import EXACT

_ASKED_AT_ONCE = 1_000
"""So many sums are asked for in one query: the time that the database takes to plan them grows with their square."""


class ScoreTold(NamedTuple):
    """Somebody's score and its band as texts; None where there is none. ``value``: of the field that the score is by,
    None where it is by none; ``requirement``: what was not met; ``points``: those of each rule in the order of the
    rulebook, a comma between two, and nothing where there are none."""

    value: str | None
    subject: str
    outcome: str
    requirement: str | None
    score: str | None
    band: str | None
    points: str


class Totals(Struct, frozen=True):
    """What all results come to: how many people have an outcome, for want of a requirement, in a band; each rule's
    points added up, and their sizes; how many records met a fate."""

    people: dict[tuple[str, str | None, str | None], int]
    points: dict[str, Decimal]
    sizes: dict[str, Decimal]
    fates: dict[str, int]


def scores_told(
    tables: LedgerTables, score_places: int | None, line_places: int | None, value: str | None
) -> Iterator[ScoreTold]:
    """Give everybody's result, in the order of code points. ``…_places``: how many are written; None: as few as say it
    exactly. ``value``: of which value of the field that the score is by. Raises ``DataRefusal`` where the ledger cannot
    be read."""
    points = [f"coalesce({_text(rule_column(rule, 'points'), line_places)}, '')" for rule in tables.rulebook.rules]
    # One text for each person is fetched and written in half the time of one for each rule.
    together = f"concat_ws(',', {', '.join(points)})" if points else "''"
    by = "NULL" if value is None else quote_text(value)
    columns = [by, "scores.subject", "outcome", "requirement", _text("score", score_places), "band", together]
    scores, lines = (quote_name(wide_name(each)) for each in ("scores", "lines"))
    both = f"{scores} AS scores LEFT JOIN {lines} AS lines ON lines.subject = scores.subject"
    rows = tables.fetched(f"SELECT {', '.join(columns)} FROM {both} ORDER BY scores.subject")
    return map(ScoreTold._make, rows)


def totals(tables: LedgerTables) -> Totals:
    """Return what all results come to. Raises ``DataRefusal`` where the ledger cannot be read."""
    people = tables.fetched(
        f"SELECT outcome, requirement, band, count(*) FROM {quote_name(wide_name('scores'))} GROUP BY ALL ORDER BY ALL"
    )
    sums = _sums(tables)
    return Totals(
        {cast("tuple[str, str | None, str | None]", tuple(key)): cast("int", count) for *key, count in people},
        {rule: points for rule, (points, _) in sums.items()},
        {rule: size for rule, (_, size) in sums.items()},
        _fates(tables),
    )


def _fates(tables: LedgerTables) -> dict[str, int]:
    """Return how many records met each fate."""
    fates: dict[str, int] = {}
    accounts = accounts_of(plan(tables.rulebook))
    if accounts:
        columns = [quote_name(f"{fate} {name}".rstrip()) for fate, name in accounts]
        sums = ", ".join(f"CAST(coalesce(sum({each}), 0) AS BIGINT)" for each in columns)
        (found,) = tables.fetched(f"SELECT {sums} FROM {quote_name(wide_name('accounts'))}")
        for (fate, _), count in zip(accounts, found, strict=True):
            fates[fate] = fates.get(fate, 0) + cast("int", count)
    return fates


def _sums(tables: LedgerTables) -> dict[str, tuple[Decimal, Decimal]]:
    """Return each rule's points added up, and their sizes."""
    rules = tables.rulebook.rules
    reaching = ledger_views(plan(tables.rulebook)).rules
    long = {rule.name for rule in rules if not fits_64_bits(least_type(reaching.points_reach(rule)))}
    asked: list[str] = []
    for rule in rules:
        points = rule_column(rule, "points")
        for number in (points, f"abs({points})"):
            asked += _long_sum(number) if rule.name in long else (f"coalesce(sum({number}), 0)",)
    found: list[Decimal] = []
    for first in range(0, len(asked), _ASKED_AT_ONCE):
        some = ", ".join(asked[first : first + _ASKED_AT_ONCE])
        (row,) = tables.fetched(f"SELECT {some} FROM {quote_name(wide_name('lines'))}")
        found += map(Decimal, cast("tuple[Decimal | int, ...]", row))
    parts = iter(found)

    def added(rule: str) -> Decimal:
        return EXACT.add(next(parts), next(parts)) if rule in long else next(parts)

    return {rule.name: (added(rule.name), added(rule.name)) for rule in rules}


def _long_sum(number: str) -> tuple[str, str]:
    """Return SQL for a sum in two parts: that of the whole numbers below, and that of what is above them. The sum of
    numbers of 38 digits can be longer than any number of the database."""
    whole = f"floor({number})"
    return (
        f"coalesce(sum(CAST({whole} AS HUGEINT)), 0)",
        f"CAST(coalesce(sum(CAST({number} - {whole} AS DECIMAL(10, 9))), 0) AS DECIMAL(38, 9))",
    )


def _text(number: str, places: int | None) -> str:
    if places is not None:
        return f"CAST(CAST({number} AS DECIMAL(38, {places})) AS VARCHAR)"
    text = f"CAST({number} AS VARCHAR)"
    return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
