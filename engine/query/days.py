"""Takes columns of moments and the changes of a zone's clocks; gives the steps that find their calendar days."""

from __future__ import annotations

from tallystick.engine.query.sql import indented, quote_name
from tallystick.engine.query.steps import Step
from tallystick.engine.query.zones import Change


def zoned(before: str, columns: list[tuple[str, str]], changes: tuple[Change, ...], what: str) -> tuple[Step, ...]:
    """Return steps that give moments (in UTC) their day in the rulebook's time zone."""
    if len(changes) <= 1:
        ahead = changes[0].offset if changes else 0
        days = [f"CAST({_moved(quote_name(name), ahead)} AS DATE) AS {quote_name(day)}" for name, day in columns]
        return (
            Step(
                f"{what} by day",
                "the calendar day of each moment",
                f"SELECT *, {', '.join(days)}\nFROM {quote_name(before)}",
            ),
        )
    rows = ",\n".join(f"(TIMESTAMP '{each.moment.isoformat(sep=' ')}', {each.offset})" for each in changes)
    clock = Step(
        f"clock of {what}",
        "from when on the clocks of the rulebook's time zone are how many seconds ahead of UTC",
        f"SELECT * FROM (VALUES\n{indented(rows)}\n) AS changes (since, ahead)",
    )
    steps = [clock]
    for name, day in columns:
        source = quote_name(steps[-1].name if len(steps) > 1 else before)
        column = quote_name(name)
        steps.append(
            Step(
                f"{what} by day of {name}",
                "the calendar day of each moment",
                f"SELECT this.*, CAST(this.{column} + to_seconds(clock.ahead) AS DATE) AS {quote_name(day)}\n"
                f"FROM {source} AS this\n"
                f"ASOF LEFT JOIN {quote_name(clock.name)} AS clock ON this.{column} >= clock.since",
            )
        )
    return tuple(steps)


def _moved(column: str, seconds: int) -> str:
    return column if seconds == 0 else f"({column} + to_seconds({seconds}))"
