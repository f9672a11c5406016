"""Takes the ground on which a score is to be gamed; gives what each attack gains at its cheapest, and the declaration
that would have stopped it. Every figure is a score that was worked out, or the difference of two.

INVARIANT: a safeguard is named only where it was put into the rulebook and tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Literal, TypeAlias

from msgspec import Struct, field

from tallystick.engine.arithmetic import subtract
from tallystick.engine.examples import run_examples
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
    deeds_of,
    topic_fields,
)
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.query.plan_reading import measures_behind, rule_exprs
from tallystick.engine.what_if.actions import ROLES, fillings, kinds_read
from tallystick.engine.what_if.neighbourhood import Neighbourhood, aggregates
from tallystick.rules.load import read
from tallystick.rules.rulebook import Formula, Rulebook, TextType
from tallystick.rules.safeguards import Misuse, Safeguard, SafeguardSort, safeguards
from tallystick.rules.source import Source

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
FITTING: dict[AttackName, tuple[SafeguardSort, ...]] = {
    "self": ("own actions", "repeats", "keep", "total"),
    "friend": ("keep", "repeats", "distinct", "diluted"),
    "ring": ("new accounts", "keep", "total"),
    "favours": ("returned", "new accounts", "keep"),
    "burst": ("total", "halving", "new accounts"),
    "topics": ("repeats", "keep", "distinct", "diluted"),
    "waiting": ("halving", "total", "keep"),
}
"""What is recommended first, of several declarations that stop an attack."""


class Limits(Struct, frozen=True):
    """What an attacker can afford: so many actions, and in a ring so many accounts."""

    actions: int = 100
    accounts: int = 5


class Remedy(Struct, frozen=True):
    """A declaration that stops an attack. ``without`` and ``reached``: the scores without and with the same attack
    under it; ``most``: the most that any form of the attack that was tried gains under it; ``examples``: how many of
    the rulebook's examples come out otherwise."""

    safeguard: Safeguard
    without: Decimal
    reached: Decimal
    most: Decimal
    examples: int

    @property
    def gain(self) -> Decimal:
        """What the same attack gains under it."""
        return subtract(self.reached, self.without)


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


Under: TypeAlias = Callable[[Rulebook], Neighbourhood]
"""Gives the person's rows by other rules that read the same fields."""


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
    return _Search(ground, limits, under, spared, progress).gaming()


class _Search(Struct):
    """The search; each score is worked out once."""

    ground: Ground
    limits: Limits
    under: Under
    spared: tuple[str, ...]
    progress: Callable[[str, int], None]
    _found: dict[tuple[str, Form | None, int], SubjectLedger | None] = field(default_factory=dict)
    _grounds: dict[str, Ground] = field(default_factory=dict)
    _candidates: dict[Misuse, tuple[Safeguard, ...]] = field(default_factory=dict)

    @property
    def rulebook(self) -> Rulebook:
        return self.ground.rulebook

    def gaming(self) -> Gaming:
        before = self.score(self.ground, None, 0)
        assert before is not None  # noqa: S101  asked only where there is one
        impossible = tuple((name, why) for name in ATTACKS if (why := self._lacking(name)) is not None)
        found: list[Attack] = []
        idle: list[AttackName] = []
        for name in ATTACKS:
            if name in dict(impossible):
                continue
            self.progress(f"trying the attack `{name}`", len(self._found))
            attack = self._attack(name)
            if attack is None:
                idle.append(name)
            else:
                found.append(attack)
        worst = sorted(found, key=lambda each: (-each.gain, each.actions, ATTACKS.index(each.name)))
        return Gaming(before, self.limits, tuple(worst), tuple(idle), impossible, len(self._found))

    # ---- scores ------------------------------------------------------------------------------------------------------

    def ledger(self, ground: Ground, form: Form | None, actions: int) -> SubjectLedger | None:
        """Return the person's ledger after so many actions."""
        key = (ground.rulebook.text, form, actions)
        if key not in self._found:
            near = ground.near
            if form is not None:
                near = near.with_records(ground.records(form, actions))
                near = near.with_people(ground.people(form, actions))
            self._found[key] = near.ledger()
        return self._found[key]

    def score(self, ground: Ground, form: Form | None, actions: int) -> Decimal | None:
        """Return the score after so many actions; None where there is none."""
        ledger = self.ledger(ground, form, actions)
        return None if ledger is None else ledger.score.score

    def without(self, ground: Ground, form: Form, actions: int) -> Decimal | None:
        """Return the score without an attack, or with the same actions done plainly."""
        return self.score(ground, form.plain, actions if form.plain is not None else 0)

    def gain(self, ground: Ground, form: Form, actions: int) -> Decimal:
        """Return what so many actions gain; nothing where either side has no score."""
        without, reached = self.without(ground, form, actions), self.score(ground, form, actions)
        return _ZERO if without is None or reached is None else subtract(reached, without)

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
        gaining = [(self.gain(self.ground, form, most), form) for form in dict.fromkeys(forms)]
        return tuple(form for gain, form in sorted(gaining, key=lambda each: -each[0]) if gain > 0)

    def _best(self, ways: list[tuple[Form, Deed]], actions: int) -> tuple[Decimal, Deed, Form] | None:
        """Return the way that gains most; None where none gains anything."""
        gains = [(self.gain(self.ground, form, actions), deed, form) for form, deed in ways]
        top = max(gains, key=lambda each: each[0], default=None)
        return top if top is not None and top[0] > 0 else None

    # ---- the cheapest ------------------------------------------------------------------------------------------------

    def _attack(self, name: AttackName) -> Attack | None:
        forms = self._tried(name)
        if not forms:
            return None
        sizes = _sizes(self.limits.actions)
        most = max(self.gain(self.ground, form, size) for form in forms[:MOST_KINDS] for size in sizes)
        found: list[tuple[int, int, int, Form]] = []
        for place, form in enumerate(forms):
            actions = self._fewest(form, most, found[0][0] if found else self.limits.actions)
            if actions is not None:
                found = sorted([*found, (actions, accounts_of(form, actions), place, form)], key=lambda each: each[:3])
        actions, accounts, _, form = found[0]
        without, reached = self.without(self.ground, form, actions), self.score(self.ground, form, actions)
        assert without is not None  # noqa: S101  it gains something
        assert reached is not None  # noqa: S101  it gains something
        tried, remedy = self._remedy(name, form, _various(forms), actions, most)
        days = days_of(form, actions)
        return Attack(name, form, actions, accounts, days, without, reached, most, tried, remedy)

    def _fewest(self, form: Form, most: Decimal, limit: int) -> int | None:
        """Return how many actions gain nine tenths of the most, where one fewer does not: by doubling, then halving."""

        def enough(actions: int) -> bool:
            return 10 * self.gain(self.ground, form, actions) >= 9 * most

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

    # ---- what stops it -----------------------------------------------------------------------------------------------

    def _remedy(
        self, name: AttackName, form: Form, forms: tuple[Form, ...], actions: int, most: Decimal
    ) -> tuple[int, Remedy | None]:
        """Return how many safeguards were tried, and the one to recommend: which takes at least half of what the attack
        gains, and of what any form of it gains; by the fewest examples that come out otherwise, then by how it fits
        the attack, then by what is left."""
        gain = self.gain(self.ground, form, actions)
        fitting, tried = FITTING[name], 0
        found: list[tuple[int, int, Decimal, int, Remedy]] = []
        for safeguard in self._safeguards(self._misuse(form, actions)):
            tried += 1
            ground = self._ground_under(safeguard.rulebook)
            without, reached = self.without(ground, form, actions), self.score(ground, form, actions)
            if without is None or reached is None or 2 * subtract(reached, without) > gain:
                continue
            left = self._left(ground, forms, (actions, self.limits.actions), most)
            if left is None:
                continue
            examples = self._examples_changed(safeguard)
            fits = fitting.index(safeguard.sort) if safeguard.sort in fitting else len(fitting)
            found.append((examples, fits, left, tried, Remedy(safeguard, without, reached, left, examples)))
        return tried, min(found, key=lambda each: each[:4])[4] if found else None

    def _safeguards(self, misuse: Misuse) -> tuple[Safeguard, ...]:
        if misuse not in self._candidates:
            self._candidates[misuse] = tuple(safeguards(self.rulebook, misuse))
        return self._candidates[misuse]

    def _left(self, ground: Ground, forms: tuple[Form, ...], sizes: tuple[int, ...], most: Decimal) -> Decimal | None:
        """Return the most that is left of an attack; None where that is more than half."""
        left = _ZERO
        for form in forms:
            for size in sizes:
                left = max(left, self.gain(ground, form, size))
                if 2 * left > most:
                    return None
        return left

    def _misuse(self, form: Form, actions: int) -> Misuse:
        """Return the kinds that an attack is made of, and the measures that it moves and that rules read."""
        kinds = tuple(dict.fromkeys(each.kind for each in deeds_of(form, actions) if each.kind is not None))
        calm = _values(self.ledger(self.ground, form.plain, actions if form.plain is not None else 0))
        moved = _values(self.ledger(self.ground, form, actions))
        names = tuple(name for name in _read_by_rules(self.rulebook) if moved.get(name) != calm.get(name))
        nothing, once = _values(self.ledger(self.ground, None, 0)), _values(self.ledger(self.ground, form, 1))
        units = tuple((name, _unit(nothing.get(name), once.get(name))) for name in names)
        return Misuse(kinds, names, units, self.spared)

    def _ground_under(self, rulebook: Rulebook) -> Ground:
        if rulebook.text not in self._grounds:
            self._grounds[rulebook.text] = self.ground.under(rulebook, self.under(rulebook))
        return self._grounds[rulebook.text]

    def _examples_changed(self, safeguard: Safeguard) -> int:
        """Count the examples of the rulebook that come out otherwise."""
        whole, _ = read(Source(self.rulebook.source.name, safeguard.whole))
        if whole is None:
            return len(self.rulebook.examples)
        return sum(not each.passed for each in run_examples(whole))


def _various(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Return the forms that are tried again, of those that come with the best first."""
    ways: dict[tuple[int, Topics], Form] = {}
    for form in forms:
        ways.setdefault((form.spread, form.topics), form)
    return tuple(dict.fromkeys((*ways.values(), *forms)))[:MOST_FORMS]


def _sizes(most: int) -> tuple[int, ...]:
    """Return 1, 2, 4, … and the most."""
    return (*(2**power for power in range(most.bit_length()) if 2**power < most), most)


def _values(ledger: SubjectLedger | None) -> dict[str, Decimal | None]:
    return {} if ledger is None else {each.measure: each.value for each in ledger.measures}


def _unit(before: Decimal | None, after: Decimal | None) -> Decimal:
    """Return by how much one action moves a measure, as a whole number of 1 or more."""
    moved = abs((after or _ZERO) - (before or _ZERO))
    return max(_ONE, moved.to_integral_value(rounding="ROUND_CEILING"))


def _read_by_rules(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the measures of records that rules read, also through formulas."""
    found = measures_behind(rulebook, (expr for rule in rulebook.rules for expr in rule_exprs(rule)))
    return tuple(each.name for each in rulebook.measures if each.name in found and not _is_formula(rulebook, each.name))


def _is_formula(rulebook: Rulebook, name: str) -> bool:
    return any(each.name == name and isinstance(each.aggregate, Formula) for each in rulebook.measures)
