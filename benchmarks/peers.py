"""Takes nothing but a folder; sets other rule engines beside ours on the nearest equal work, and prints the ratios.

The work: features that are already aggregated, 100,000 people, eight rules, from values in memory to each person's
total and eight lines in memory. Left out for the others' sake, since none of them has it: records (limits, windows,
fading, discounts, different people), logarithm and root (made beforehand for all alike), what is missing, the digest
of a ledger. What they have and ours has not is not asked for. Results are compared first.
"""

from __future__ import annotations

import importlib.metadata
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import numpy as np
from benchmarks.once import HERE, quoted
from benchmarks.race import say, tell
from benchmarks.tables import table

from tallystick.engine import score
from tallystick.rules import load

PEOPLE = 100_000
LINES = ("shared", "answered", "liked", "followed", "posting", "praised", "discussed", "reported")
DRAWN = """
    SELECT 'p' || i AS subject,
        ((d % 101) / 100)::DECIMAL(9, 2) AS share_level, (((d >> 8) % 101) / 100)::DECIMAL(9, 2) AS reply_level,
        ((d >> 16) % 200)::INTEGER AS likes, ((d >> 24) % 1000)::INTEGER AS followers,
        ((d >> 34) % 30)::INTEGER AS own_posts, ((d >> 40) % 8)::INTEGER AS endorsements,
        ((d >> 44) % 100)::INTEGER AS replies, ((d >> 52) % 15)::INTEGER AS reports
    FROM (SELECT i, md5_number_lower(i::VARCHAR) AS d FROM range($people) AS people (i)) ORDER BY i
"""
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine: what it works on, the work that is timed, and how to have each person's total in hundredths of it."""

    name: str
    work: Work
    hundredths: Callable[[Any], list[int]]


def features(folder: Path, people: int) -> Path:
    """Write the features, drawn from digests, so that every machine makes the same ones."""
    path = folder / "features.parquet"
    query = DRAWN.replace("$people", str(people))
    duckdb.execute(f"COPY ({query}) TO {quoted(path)} (FORMAT parquet)")
    return path


# ---- ours ------------------------------------------------------------------------------------------------------------


def tallystick(path: Path) -> Peer:
    """Our engine, which gives a ledger: eight lines with what bounds took of them; nobody asks for its digest."""
    import tallystick.engine.scoring  # noqa: F401, PLC0415  loaded by the first score otherwise

    rulebook = load(HERE / "peers.tally")

    def work() -> object:
        return score(rulebook, subjects=path, as_of=date(2026, 6, 29), threads=1)

    def hundredths(run: Any) -> list[int]:  # noqa: ANN401
        totals = {each.score.subject: each.score.score for each in run.ledgers()}
        return [int(totals[f"p{number}"] * 100) for number in range(len(totals))]

    return Peer("Tallystick, one thread", work, hundredths)


# ---- theirs ----------------------------------------------------------------------------------------------------------


def rule_engine(rows: list[dict[str, Any]]) -> Peer:
    """rule-engine: an expression for each line, parsed once, in decimals."""
    import rule_engine as engine  # noqa: PLC0415

    texts = {
        "shared": "share_level * 40",
        "answered": "reply_level * 20",
        "liked": "likes > 100 ? 10 : likes * 0.1",
        "followed": "followers > 500 ? 10 : followers * 0.02",
        "posting": "own_posts > 20 ? 10 : own_posts * 0.5",
        "praised": "endorsements > 5 ? 10 : endorsements * 2",
        "discussed": "own_posts < 5 ? 0 : (replies < 10 ? 0 : (replies < 50 ? 2 : 5))",
        "reported": "reports > 10 ? -10 : 0 - reports",
    }
    rules = [engine.Rule(texts[name]) for name in LINES]

    def work() -> object:
        lines = [[rule.evaluate(row) for rule in rules] for row in rows]
        return [(sum(each), each) for each in lines]

    return Peer("rule-engine", work, lambda found: [int(Decimal(total) * 100) for total, _ in found])


def zen_expressions(rows: list[dict[str, Any]]) -> Peer:
    """zen-engine: an expression for each line, compiled once."""
    import zen  # noqa: PLC0415

    texts = {
        "shared": "share_level * 40",
        "answered": "reply_level * 20",
        "liked": "min([likes * 0.1, 10])",
        "followed": "min([followers * 0.02, 10])",
        "posting": "min([own_posts * 0.5, 10])",
        "praised": "min([endorsements * 2, 10])",
        "discussed": "own_posts < 5 ? 0 : (replies < 10 ? 0 : (replies < 50 ? 2 : 5))",
        "reported": "max([0 - reports, -10])",
    }
    expressions = [zen.compile_expression(texts[name]) for name in LINES]
    given = [{name: float(value) for name, value in row.items()} for row in rows]

    def work() -> object:
        lines = [[expression.evaluate(row) for expression in expressions] for row in given]
        return [(sum(each), each) for each in lines]

    return Peer("zen-engine, compiled expressions", work, lambda found: [round(total * 100) for total, _ in found])


def openfisca(columns: Mapping[str, np.ndarray]) -> Peer:
    """OpenFisca-Core: a variable for each line, worked out for everybody at once, in 32-bit floats."""
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables  # noqa: PLC0415

    person = entities.Entity("person", "persons", "", "")
    system = taxbenefitsystems.TaxBenefitSystem([person])

    def variable(name: str, formula: Callable[..., Any] | None = None) -> None:
        said: dict[str, Any] = {"value_type": float, "entity": person, "definition_period": periods.YEAR}
        if formula is not None:
            said["formula"] = formula
        system.add_variable(type(name, (variables.Variable,), {**said, "label": name}))

    for name in columns:
        variable(name)

    def most(name: str, factor: float) -> Callable[..., Any]:
        return lambda people, period: np.minimum(people(name, period) * factor, 10)

    def discussed(people: Any, period: Any) -> Any:  # noqa: ANN401
        replies = people("replies", period)
        table = np.select([replies < 10, replies < 50], [0, 2], 5)  # noqa: PLR2004  the rule's own bounds
        return np.where(people("own_posts", period) < 5, 0, table)  # noqa: PLR2004  see above

    formulas: dict[str, Callable[..., Any]] = {
        "shared": lambda people, period: people("share_level", period) * 40,
        "answered": lambda people, period: people("reply_level", period) * 20,
        "liked": most("likes", 0.1),
        "followed": most("followers", 0.02),
        "posting": most("own_posts", 0.5),
        "praised": most("endorsements", 2),
        "discussed": discussed,
        "reported": lambda people, period: np.maximum(-people("reports", period), -10),
        "total": lambda people, period: sum(people(name, period) for name in LINES),
    }
    for name, formula in formulas.items():
        variable(name, formula)
    people = len(next(iter(columns.values())))

    def work() -> object:
        simulation = simulations.SimulationBuilder().build_default_simulation(system, people)
        for name, values in columns.items():
            simulation.set_input(name, "2026", values)
        return [simulation.calculate(name, "2026") for name in ("total", *LINES)]

    return Peer("OpenFisca-Core", work, lambda found: [round(float(total) * 100) for total in found[0]])


# ---- side by side ----------------------------------------------------------------------------------------------------


def peers(path: Path) -> list[Peer]:
    """Return every engine, ready to work on the same features."""
    relation = duckdb.read_parquet(str(path))
    names = relation.columns[1:]
    cells = relation.fetchall()
    rows = [dict(zip(names, row[1:], strict=True)) for row in cells]
    columns = {name: np.array([float(row[name]) for row in rows], dtype=np.float32) for name in names}
    return [tallystick(path), rule_engine(rows), zen_expressions(rows), openfisca(columns)]


def run_peers(folder: Path, rounds: int, people: int = PEOPLE) -> bool:
    """Compare the totals, then time every engine in turn; say whether all totals were the same."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        engines = peers(features(Path(made), people))
        good, ours = True, None
        for each in engines:
            totals = each.hundredths(each.work())
            ours = totals if ours is None else ours
            good &= totals == ours
            say(f"{each.name}: {'the same totals' if totals == ours else 'NOT THE SAME'}")
        took: dict[str, list[tuple[float, float]]] = {}
        for number in range(rounds):
            for each in engines:
                took.setdefault(each.name, []).append(_timed(each, number + 1, rounds))
    clock = {name: median(seconds for seconds, _ in each) for name, each in took.items()}
    cpu = {name: median(seconds for _, seconds in each) for name, each in took.items()}
    first = engines[0].name
    rows = [
        (name, f"{people / clock[name]:,.0f}", f"{clock[name] / clock[first]:.3g}", f"{cpu[name] / cpu[first]:.3g}")
        for name in took
    ]
    say(f"\n{table(('engine', 'people a second', 'clock / ours', 'processors / ours'), rows)}\n")
    versions = (
        f"{name} {importlib.metadata.version(name)}" for name in ("rule-engine", "zen-engine", "OpenFisca-Core")
    )
    say(f"{', '.join(versions)}; {people:,} people, eight rules")
    return good


def _timed(peer: Peer, number: int, rounds: int) -> tuple[float, float]:
    clock, cpu = time.perf_counter(), time.process_time()
    peer.work()
    took = time.perf_counter() - clock, time.process_time() - cpu
    tell(f"round {number} of {rounds}  {peer.name:34}  {took[0]:.2f} s")
    return took
