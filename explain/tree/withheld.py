"""Takes nothing; names what an audience may not see."""

from __future__ import annotations

from typing import Literal

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact


class Withheld(Fact, frozen=True, kw_only=True):
    """Something that the audience of this document may not see, and why.

    ``names``, ``values``: the ``fields`` of so many rows that are shown. ``records``: so many that are not; what they
    ``added`` to a ``measure`` that is shown. ``rules``: those whose lines are not, by facet; lines, these ``points``
    and adjustments add up to the score. ``attributes``: the ``fields`` of the person. ``reasons``: which exclusions
    and discounts there were. ``requirement``, ``corrections``, ``statements`` and ``data`` (files and digests) say it
    all.
    """

    what: Literal[
        "names",
        "values",
        "records",
        "rules",
        "attributes",
        "reasons",
        "requirement",
        "corrections",
        "statements",
        "data",
    ]
    fields: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    facet: str | None = None
    measure: str | None = None
    plural: str | None = None
    number: int | None = None
    points: Digits | None = None
    added: Digits | None = None
    because: str
