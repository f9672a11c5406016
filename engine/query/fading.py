"""Takes a half-life; gives SQL for its table of whole-day ages and what is left of 1 at each, exact to 9 places.

The database works out the power in binary. Where that leaves a doubt how the ninth place is rounded, the table says
so outright, with a number that was worked out in decimals.
"""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor

from tallystick.engine.arithmetic import fading
from tallystick.engine.query.sql import quote_number
from tallystick.engine.query.steps import DAYS_OLD, Step

_FADED_AWAY = 31
"""After so many half-lives less is left than half of the ninth place."""
_DAYS = 3_652_059
"""No record is older: from 0001-01-01 to 9999-12-31."""
_DOUBT = 1e-5
"""In billionths: a hundred times what the binary power can be wrong by."""


LEFT_OF_ONE = '"what is left"'


def fading_name(half_life: Decimal) -> str:
    """Return what the table of a half-life is called."""
    return f"fading by half in {half_life.normalize():f} days"


def fading_step(half_life: Decimal, within: Decimal | None) -> Step:
    """Return the table. ``within``: no age that is asked for reaches it."""
    ages = min(_DAYS, ceil(half_life * _FADED_AWAY) + 1, _DAYS if within is None else int(within))
    doubts = doubtful_ages(half_life, ages)
    power = f"round(1e9 * pow(2, -{DAYS_OLD} / {_double(half_life)}))"
    factor = f"CAST(CAST({power} AS BIGINT) * 0.000000001 AS DECIMAL(10, 9))"
    if doubts:
        cases = "\n".join(f"        WHEN {age} THEN {quote_number(fading(age, half_life))}" for age in doubts)
        factor = f"CAST(CASE {DAYS_OLD}\n{cases}\n        ELSE {factor} END AS DECIMAL(10, 9))"
    return Step(
        fading_name(half_life),
        "what is left of 1 at each age in days, to 9 places" + ("; some ages by long hand" if doubts else ""),
        f"SELECT CAST({DAYS_OLD} AS INTEGER) AS {DAYS_OLD}, {factor} AS {LEFT_OF_ONE}\n"
        f"FROM range({ages}) AS ages ({DAYS_OLD})",
    )


def doubtful_ages(half_life: Decimal, ages: int) -> tuple[int, ...]:
    """Return the ages at which the binary power lies too near the middle between two billionths."""
    half = float(half_life)
    found: list[int] = []
    for age in range(ages):
        units = 1e9 * 2.0 ** (-age / half)
        if abs(units - floor(units) - 0.5) < _DOUBT:
            found.append(age)
    return tuple(found)


def _double(number: Decimal) -> str:
    return f"CAST('{number.normalize():f}' AS DOUBLE)"
