"""Takes nothing; names what can be found about what would change a score: each is something that was tried."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from tallystick.engine.ledger import LineRow, SubjectLedger
from tallystick.engine.what_if.actions import Action
from tallystick.engine.what_if.neighbourhood import Neighbourhood
from tallystick.rules.rulebook import Band

TargetForm: TypeAlias = Literal["one step", "this line", "the next band", "a score"]
Still: TypeAlias = Literal["no records", "at its most", "only lowered", "not raised"]


class Target(Struct, frozen=True):
    """What is to be reached: a score at least so high, a band (``bands``: it and those above), or any score at all; or
    more points on the rule's line, where fewer actions bring the score as high without it."""

    form: TargetForm
    score: Decimal | None
    band: Band | None = None
    bands: frozenset[str] = frozenset()


class Reach(Struct, frozen=True):
    """So many actions reach a target by raising a rule's line (None: it is a score at all that they reach).

    ``fewer`` is what one action fewer gives. ``held``: the last day, of those tried, on which as many actions, done
    that day, are enough; on the day after they are not, unless ``held`` is the last day tried.
    """

    rule: str | None
    target: Target
    action: Action
    times: int
    reached: SubjectLedger
    fewer: SubjectLedger
    held: date


class Unreached(Struct, frozen=True):
    """Actions raise a rule's line, and no number of them that was tried, up to ``most``, reaches a target: what
    brings the highest score."""

    rule: str
    target: Target
    action: Action
    times: int
    most: int
    reached: SubjectLedger


class Unmoved(Struct, frozen=True):
    """No action tried raises a rule's line. ``lowering``: those that lower it, each with the line after one.

    ``rises``: the first day, of those tried, on which the line is higher with nothing done, and the line then.
    ``scored_until``: the last day on which there is a score, and so a line, with nothing done; None where there is one
    on all days tried.
    """

    rule: str
    why: Still
    lowering: tuple[tuple[Action, LineRow], ...]
    rises: tuple[date, LineRow] | None
    scored_until: date | None


class NeedReach(Struct, frozen=True):
    """So many actions meet a need of the next band (``need`` counts from 1), and one fewer does not; the rest is as in
    ``Reach``."""

    band: Band
    need: int
    action: Action
    times: int
    reached: SubjectLedger
    held: date


class NeedUnmet(Struct, frozen=True):
    """No action tried meets a need of the next band. ``of_records``: whether it looks at records at all. ``met_on``: a
    day, of those tried, on which it is met with nothing done, where on the day before it is not. ``scored_until`` is as
    in ``Unmoved``."""

    band: Band
    need: int
    of_records: bool
    met_on: date | None
    scored_until: date | None


class Silence(Struct, frozen=True):
    """What there is on a later day, with nothing done until then."""

    on: date
    ledger: SubjectLedger | None


class Prospect(Struct, frozen=True):
    """What could change one person's score. ``day``: the one on which actions are imagined; ``base``: what there is on
    it with nothing done; ``near``: the person's rows; ``tried``: how many actions of a sort were tried
    where there is no score."""

    day: date
    near: Neighbourhood
    base: SubjectLedger | None
    reached: tuple[Reach, ...]
    unreached: tuple[Unreached, ...]
    unmoved: tuple[Unmoved, ...]
    needs: tuple[NeedReach | NeedUnmet, ...]
    silence: tuple[Silence, ...]
    tried: int
