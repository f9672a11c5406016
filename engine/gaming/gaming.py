"""Takes the ground on which a score is to be gamed; gives what each attack gains at its cheapest, and the declaration
that would have stopped it. Every figure is a score that was worked out, or the difference of two.

INVARIANT: a safeguard is named only where it was put into the rulebook and tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Literal, TypeAlias

from msgspec import Struct

from tallystick.engine.arithmetic import subtract
from tallystick.engine.gaming.attacks import (
    ATTACKS,
    MONTH,
    YEAR,
    AttackName,
    Deed,
    Form,
    Ground,
    Topics,
    accounts_of,
    days_of,
    topic_fields,
)
from tallystick.engine.gaming.remedies import Remedies, Remedy, Under
from tallystick.engine.gaming.scores import Scores
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.what_if.actions import fillings, kinds_read
from tallystick.engine.what_if.neighbourhood import aggregates
from tallystick.rules.rulebook import ROLES, Rulebook
from tallystick.rules.value import TextType

MOST_FILLINGS = 12
"""So many ways to fill in the fields of a kind are tried."""
MOST_FORMS = 10
"""So many forms of an attack are tried again under each safeguard: of each way to lie over days and topics the best,
then the best of the others."""
MOST_KINDS = 4
"""So many kinds are mixed at most, the best ones, and all of them."""
_SPREADS = (28, 0, YEAR)
_ZERO, _ONE = Decimal(0), Decimal(1)

Lacking: TypeAlias = Literal["no records", "no points", "no actor", "no topic"]
"""Why an attack cannot be made: no records are read, no rule gives points, or records do not say who did it, or about
what."""


class Limits(Struct, frozen=True):
    """What an attacker can afford: so many actions, and in a ring so many accounts."""

    actions: int = 100
    accounts: int = 5


class Attack(Struct, frozen=True):
    """An attack at its cheapest: the fewest actions that gain nine tenths of ``most``, what it gains at most within the
    limits. ``without``: the score without it; where ``form`` has a plain one, with the same actions done plainly."""

    name: AttackName
    form: Form
    actions: int
    accounts: int
    days: int
    without: Decimal
    reached: Decimal
    most: Decimal
    tried: int
    remedy: Remedy | None

    @property
    def gain(self) -> Decimal:
        """What it gains."""
        return subtract(self.reached, self.without)


class Gaming(Struct, frozen=True):
    """All attacks, those that gain most first; ``idle`` gain nothing, ``impossible`` cannot be made. ``before``: the
    score without any; ``runs``: how many scores were worked out."""

    before: Decimal
    limits: Limits
    attacks: tuple[Attack, ...]
    idle: tuple[AttackName, ...]
    impossible: tuple[tuple[AttackName, Lacking], ...]
    runs: int


def gaming(
    ground: Ground,
    limits: Limits,
    under: Under,
    *,
    spared: tuple[str, ...] = (),
    progress: Callable[[str, int], None] = lambda _doing, _done: None,
) -> Gaming:
    """Try every attack on a ground on which there is a score. ``spared``: kinds of which everybody needs some
    records."""
    scores = Scores()
    return _Search(ground, limits, scores, Remedies(ground, limits.actions, under, spared, scores), progress).gaming()


class _Search(Struct, frozen=True):
    """The search."""

    ground: Ground
    limits: Limits
    scores: Scores
    remedies: Remedies
    progress: Callable[[str, int], None]

    @property
    def rulebook(self) -> Rulebook:
        return self.ground.rulebook

    def gaming(self) -> Gaming:
        before = self.scores.score(self.ground, None, 0)
        assert before is not None  # noqa: S101  asked only where there is one
        impossible = tuple((name, why) for name in ATTACKS if (why := self._lacking(name)) is not None)
        found: list[Attack] = []
        idle: list[AttackName] = []
        for name in ATTACKS:
            if name in dict(impossible):
                continue
            self.progress(f"trying the attack `{name}`", self.scores.number)
            attack = self._attack(name)
            if attack is None:
                idle.append(name)
            else:
                found.append(attack)
        worst = sorted(found, key=lambda each: (-each.gain, each.actions, ATTACKS.index(each.name)))
        return Gaming(before, self.limits, tuple(worst), tuple(idle), impossible, self.scores.number)

    # ---- which forms there are ---------------------------------------------------------------------------------------

    def _lacking(self, name: AttackName) -> Lacking | None:
        names = {each.name for each in record_fields(self.rulebook)}
        if self.rulebook.records is None:
            return "no records"
        if not self.rulebook.rules:
            return "no points"
        if name in {"self", "friend", "ring", "favours"} and "actor" not in names:
            return "no actor"
        texts = any(each.name not in ROLES and isinstance(each.type, TextType) for each in record_fields(self.rulebook))
        return "no topic" if name == "topics" and not texts else None

    def _forms(self, name: AttackName, deeds: tuple[Deed, ...]) -> tuple[Form, ...]:
        """Return the ways to do some deeds that an attack knows."""
        topics: tuple[Topics, ...] = ("another", "one") if any(topic_fields(self.rulebook, deeds)) else ("another",)
        by_one = 1 if any(each.name == "actor" for each in record_fields(self.rulebook)) else None
        about: tuple[Topics, ...] = (*topics, "square") if len(topics) > 1 else topics
        match name:
            case "self" | "friend" | "ring":
                accounts = {"self": 0, "friend": 1, "ring": self.limits.accounts}[name]
                return tuple(Form(deeds, accounts, spread, topics=each) for spread in _SPREADS for each in about)
            case "favours":
                return tuple(
                    Form(deeds, None, spread, topics=each, returned=True) for spread in _SPREADS for each in about
                )
            case "burst":
                return tuple(Form(deeds, None, 0, MONTH, each) for each in about)
            case "topics":
                return tuple(
                    Form(deeds, by_one, spread, topics=each, plain=Form(deeds, by_one, spread, topics="one"))
                    for spread in _SPREADS
                    for each in ("another", "square")
                )
            case "waiting":
                return (Form(deeds, None, 0, plain=Form(deeds, None, YEAR)),)

    def _deeds(self, name: AttackName) -> Iterator[tuple[Deed, ...]]:
        """Give the actions of each kind that an attack could be made of."""
        given = any(each.given for each in aggregates(self.rulebook))
        for kind in kinds_read(self.rulebook):
            ways = tuple(islice(fillings(self.ground.near, kind), MOST_FILLINGS))
            found = tuple(Deed(kind, values) for values in ways)
            if name == "self" and given:
                found += tuple(Deed(kind, values, toward_others=True) for values in ways)
            yield found

    def _tried(self, name: AttackName) -> tuple[Form, ...]:
        """Return the forms that gain something with all the actions that there are: of each kind the best, and the
        best kinds in turn; those that gain most first."""
        most = self.limits.actions
        best: list[tuple[Decimal, Deed, Form]] = []
        alike: list[Form] = []
        for deeds in self._deeds(name):
            ways = [(form, deed) for deed in deeds for form in self._forms(name, (deed,))]
            usual = [(form, deed) for form, deed in ways if form.spread == ways[0][0].spread]
            top = self._best(usual, most) or self._best(ways, most)
            if top is not None:
                alike += [form for form in self._forms(name, (top[1],)) if form.topics == top[2].topics]
                best.append(top)
        best.sort(key=lambda each: -each[0])
        deeds = tuple(deed for _, deed, _ in best)
        mixed = [deeds[:number] for number in (*range(2, min(MOST_KINDS, len(deeds)) + 1), len(deeds)) if number > 1]
        topics = {form.topics for _, _, form in best}
        forms = (
            *alike,
            *(form for each in dict.fromkeys(mixed) for form in self._forms(name, each) if form.topics in topics),
        )
        gaining = [(self.scores.gain(self.ground, form, most), form) for form in dict.fromkeys(forms)]
        return tuple(form for gain, form in sorted(gaining, key=lambda each: -each[0]) if gain > 0)

    def _best(self, ways: list[tuple[Form, Deed]], actions: int) -> tuple[Decimal, Deed, Form] | None:
        """Return the way that gains most; None where none gains anything."""
        gains = [(self.scores.gain(self.ground, form, actions), deed, form) for form, deed in ways]
        top = max(gains, key=lambda each: each[0], default=None)
        return top if top is not None and top[0] > 0 else None

    # ---- the cheapest ------------------------------------------------------------------------------------------------

    def _attack(self, name: AttackName) -> Attack | None:
        forms = self._tried(name)
        if not forms:
            return None
        sizes = _sizes(self.limits.actions)
        most = max(self.scores.gain(self.ground, form, size) for form in forms[:MOST_KINDS] for size in sizes)
        found: list[tuple[int, int, int, Form]] = []
        for place, form in enumerate(forms):
            actions = self._fewest(form, most, found[0][0] if found else self.limits.actions)
            if actions is not None:
                found = sorted([*found, (actions, accounts_of(form, actions), place, form)], key=lambda each: each[:3])
        actions, accounts, _, form = found[0]
        without, reached = (
            self.scores.without(self.ground, form, actions),
            self.scores.score(self.ground, form, actions),
        )
        assert without is not None  # noqa: S101  it gains something
        assert reached is not None  # noqa: S101  it gains something
        tried, remedy = self.remedies.of(name, form, _various(forms), actions, most)
        days = days_of(form, actions)
        return Attack(name, form, actions, accounts, days, without, reached, most, tried, remedy)

    def _fewest(self, form: Form, most: Decimal, limit: int) -> int | None:
        """Return how many actions gain nine tenths of the most, where one fewer does not: by doubling, then halving."""

        def enough(actions: int) -> bool:
            return 10 * self.scores.gain(self.ground, form, actions) >= 9 * most

        below = 0
        for size in _sizes(self.limits.actions):
            if below >= limit:
                return None
            if enough(size):
                break
            below = size
        else:
            return None
        while size - below > 1:
            middle = (size + below) // 2
            below, size = (below, middle) if enough(middle) else (middle, size)
        return size


def _various(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Return the forms that are tried again, of those that come with the best first."""
    ways: dict[tuple[int, Topics], Form] = {}
    for form in forms:
        ways.setdefault((form.spread, form.topics), form)
    return tuple(dict.fromkeys((*ways.values(), *forms)))[:MOST_FORMS]


def _sizes(most: int) -> tuple[int, ...]:
    """Return 1, 2, 4, … and the most."""
    return (*(2**power for power in range(most.bit_length()) if 2**power < most), most)
