"""Takes an attack; gives the declaration that would have stopped it, put into the rulebook and tried."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct, field

from tallystick.engine.arithmetic import subtract
from tallystick.engine.examples import run_examples
from tallystick.engine.gaming.attacks import AttackName, Form, Ground, deeds_of
from tallystick.engine.gaming.scores import Scores
from tallystick.engine.query.plan_reading import measures_behind, rule_exprs
from tallystick.engine.what_if.neighbourhood import Neighbourhood
from tallystick.engine.what_if.reached import values_in
from tallystick.rules.load import read
from tallystick.rules.measure import Formula
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.variants.safeguards import Misuse, Safeguard, SafeguardSort, safeguards

_ZERO, _ONE = Decimal(0), Decimal(1)

Under: TypeAlias = Callable[[Rulebook], Neighbourhood]
"""Gives the person's rows by other rules that read the same fields."""
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


class Remedies(Struct):
    """What stops attacks of at most so many ``actions`` on a ground. ``spared``: kinds of which everybody needs some
    records."""

    ground: Ground
    actions: int
    under: Under
    spared: tuple[str, ...]
    scores: Scores
    _grounds: dict[str, Ground] = field(default_factory=dict)
    _candidates: dict[Misuse, tuple[Safeguard, ...]] = field(default_factory=dict)

    def of(
        self, name: AttackName, form: Form, forms: tuple[Form, ...], actions: int, most: Decimal
    ) -> tuple[int, Remedy | None]:
        """Return how many safeguards were tried, and the one to recommend: which takes at least half of what the attack
        gains, and of what any form of it gains; by the fewest examples that come out otherwise, then by how it fits
        the attack, then by what is left."""
        gain = self.scores.gain(self.ground, form, actions)
        fitting, tried = FITTING[name], 0
        found: list[tuple[int, int, Decimal, int, Remedy]] = []
        for safeguard in self._safeguards(self._misuse(form, actions)):
            tried += 1
            ground = self._ground_under(safeguard.rulebook)
            without, reached = self.scores.without(ground, form, actions), self.scores.score(ground, form, actions)
            if without is None or reached is None or 2 * subtract(reached, without) > gain:
                continue
            left = self._left(ground, forms, (actions, self.actions), most)
            if left is None:
                continue
            examples = self._examples_changed(safeguard)
            fits = fitting.index(safeguard.sort) if safeguard.sort in fitting else len(fitting)
            found.append((examples, fits, left, tried, Remedy(safeguard, without, reached, left, examples)))
        return tried, min(found, key=lambda each: each[:4])[4] if found else None

    def _safeguards(self, misuse: Misuse) -> tuple[Safeguard, ...]:
        if misuse not in self._candidates:
            self._candidates[misuse] = tuple(safeguards(self.ground.rulebook, misuse))
        return self._candidates[misuse]

    def _left(self, ground: Ground, forms: tuple[Form, ...], sizes: tuple[int, ...], most: Decimal) -> Decimal | None:
        """Return the most that is left of an attack; None where that is more than half."""
        left = _ZERO
        for form in forms:
            for size in sizes:
                left = max(left, self.scores.gain(ground, form, size))
                if 2 * left > most:
                    return None
        return left

    def _misuse(self, form: Form, actions: int) -> Misuse:
        """Return the kinds that an attack is made of, and the measures that it moves and that rules read."""
        kinds = tuple(dict.fromkeys(each.kind for each in deeds_of(form, actions) if each.kind is not None))
        calm = values_in(self.scores.ledger(self.ground, form.plain, actions if form.plain is not None else 0))
        moved = values_in(self.scores.ledger(self.ground, form, actions))
        names = tuple(name for name in _read_by_rules(self.ground.rulebook) if moved.get(name) != calm.get(name))
        nothing, once = (
            values_in(self.scores.ledger(self.ground, None, 0)),
            values_in(self.scores.ledger(self.ground, form, 1)),
        )
        units = tuple((name, _unit(nothing.get(name), once.get(name))) for name in names)
        return Misuse(kinds, names, units, self.spared)

    def _ground_under(self, rulebook: Rulebook) -> Ground:
        if rulebook.text not in self._grounds:
            self._grounds[rulebook.text] = self.ground.under(rulebook, self.under(rulebook))
        return self._grounds[rulebook.text]

    def _examples_changed(self, safeguard: Safeguard) -> int:
        """Count the examples of the rulebook that come out otherwise."""
        whole, _ = read(Source(self.ground.rulebook.source.name, safeguard.whole))
        if whole is None:
            return len(self.ground.rulebook.examples)
        return sum(not each.passed for each in run_examples(whole))


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
