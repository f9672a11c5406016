"""Takes the name of an engine and what a run is asked for; gives where its records stay, if it is not the embedded
one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, assert_never

from tallystick.engine.elsewhere.part import Store
from tallystick.engine.elsewhere.postgres.address import is_table_address
from tallystick.engine.intake.sources import Given, is_in_catalog
from tallystick.engine.intake.taking import GivenInputs
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.rulebook import Rulebook

EngineName = Literal["duckdb", "postgres", "spark"]


def engine_for(records: Given) -> EngineName:
    """Return the engine that can read what was given: a table stays where it lies."""
    texts = [one for one in (records if isinstance(records, list | tuple) else (records,)) if isinstance(one, str)]
    if any(map(is_table_address, texts)):
        return "postgres"
    return "spark" if any(map(is_in_catalog, texts)) else "duckdb"


_INSTEAD = {
    False: "score with `--engine duckdb`",
    True: "leave it out: the table keeps its records; or score each day's new ones, copied out, with `--engine duckdb`",
}
"""What to do instead, by whether a state is asked for."""


@contextmanager
def store_of(
    engine: EngineName,
    rulebook: Rulebook,
    given: GivenInputs,
    *,
    state: bool,
    master: str | None = None,
) -> Iterator[Store | None]:
    """Open the store of an engine; None for the embedded one. Raises ``UsageRefusal`` for what it cannot do.
    ``master``: where Spark runs."""
    if master is not None and engine != "spark":
        message = "`--master` says where Spark runs, and Spark is not asked"
        raise UsageRefusal(message, help="add `--engine spark`, or leave `--master` out")
    if engine == "duckdb":
        yield None
        return
    asked = {
        "a rulebook that reads no records": rulebook.records is None,
        "`--state`": state,
    }
    cannot = next((what for what, is_asked in asked.items() if is_asked), None)
    if cannot is not None:
        message = f"`--engine {engine}` does not work with {cannot}"
        raise UsageRefusal(message, help=_INSTEAD[state])
    match engine:
        case "postgres":
            from tallystick.engine.elsewhere.postgres.store import postgres_store  # noqa: PLC0415

            with postgres_store(given.records) as store:
                yield store
        case "spark":
            from tallystick.engine.elsewhere.spark.store import spark_store  # noqa: PLC0415

            with spark_store(given.records, master) as in_spark:
                yield in_spark
        case _:
            assert_never(engine)
