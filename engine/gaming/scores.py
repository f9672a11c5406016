"""Takes a ground and an attack on it; gives the score after so many of its actions, each worked out once."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct, field

from tallystick.engine.arithmetic import subtract
from tallystick.engine.gaming.attacks import Form, Ground
from tallystick.engine.ledger import SubjectLedger

_ZERO = Decimal(0)


class Scores(Struct):
    """All scores that were worked out, by the rules, the attack and how many of its actions."""

    _found: dict[tuple[str, Form | None, int], SubjectLedger | None] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self._found)

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
