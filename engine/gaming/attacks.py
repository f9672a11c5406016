"""Takes the ground on which a score is to be gamed, and a way of doing it; gives the records that it takes.

An attack is nothing but records: any number of actions of some kinds, by so many accounts, on such days, about such
things. Nothing in it is drawn by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.calendar import days_before
from tallystick.engine.intake.reading import Row, record_fields
from tallystick.engine.what_if.actions import moment_on
from tallystick.engine.what_if.neighbourhood import Neighbourhood
from tallystick.rules.rulebook import ROLES, Rulebook
from tallystick.rules.value import NumberType, Scalar

AttackName: TypeAlias = Literal["self", "friend", "ring", "favours", "burst", "topics", "waiting"]
ATTACKS: tuple[AttackName, ...] = ("self", "friend", "ring", "favours", "burst", "topics", "waiting")
"""``self``: what the person does alone; ``friend``: one other account; ``ring``: a few accounts in turn; ``favours``:
the person does it to others, who return it; ``burst``: another account for each action, all on one day, a month before
the as-of day; ``topics``: each action about something else, against the same about one thing; ``waiting``: all on the
as-of day, against the same spread over the year before."""
Topics: TypeAlias = Literal["one", "another", "square"]
"""What actions are about: one thing; another each time; as many things as there are actions about each."""
MONTH, YEAR = 30, 364


class Deed(Struct, frozen=True):
    """An action that can be done any number of times. ``values``: fields that are the same each time; a text that is
    not among them names what it is about. ``toward_others``: the person does it to somebody else."""

    kind: str | None
    values: tuple[tuple[str, Scalar | None], ...]
    toward_others: bool = False


class Form(Struct, frozen=True):
    """A way of doing it. ``deeds``: done in turn. ``accounts``: who does them: 0 the person, else so many others in
    turn; None: another each turn. ``spread``: the days over which the actions lie, up to ``ago`` days before the as-of
    day. ``what``: how the things are called that they are about. ``returned``: before each action the person does the
    same to whoever does it. ``plain``: how the same actions are done by somebody who does not mean to gain by it; None:
    not at all."""

    deeds: tuple[Deed, ...]
    accounts: int | None = None
    spread: int = 0
    ago: int = 0
    topics: Topics = "another"
    what: str = "made-up"
    returned: bool = False
    plain: Form | None = None


class Ground(Struct, frozen=True):
    """Where attacks are tried: a person's rows, how accounts are called that nobody knows, and the row of attributes of
    such an account (None: people have none)."""

    near: Neighbourhood
    account: str
    attributes: Row | None

    @property
    def rulebook(self) -> Rulebook:
        """The rules that are to be gamed."""
        return self.near.rulebook

    def records(self, form: Form, actions: int) -> tuple[Row, ...]:
        """Return the records of so many actions."""
        return tuple(self._row(form, number, actions) for number in range(actions))

    def people(self, form: Form, actions: int) -> tuple[Row, ...]:
        """Return the attributes of the accounts that take part."""
        if self.attributes is None:
            return ()
        place = self._subject_place
        return tuple(
            (*self.attributes[:place], self._account(number), *self.attributes[place + 1 :])
            for number in range(accounts_of(form, actions))
        )

    def under(self, rulebook: Rulebook, near: Neighbourhood) -> Ground:
        """Return the same ground under other rules, by which these are the person's rows."""
        return replace(self, near=replace(near, rulebook=rulebook))

    @property
    def _subject_place(self) -> int:
        fields = self.rulebook.subjects or ()
        names = [each.name for each in fields]
        return names.index("subject") if "subject" in names else 0

    def _account(self, number: int) -> str:
        return f"{self.account} {number + 1}"

    def _row(self, form: Form, number: int, actions: int) -> Row:
        deed, other, person = self._parties(form, number)
        values = dict(deed.values)
        row: list[Scalar | None] = []
        for field in record_fields(self.rulebook):
            match field.name:
                case "id":
                    row.append(
                        field.type.high - number if isinstance(field.type, NumberType) else f"attack {number + 1}"
                    )
                case "subject":
                    row.append(other if person else self.near.subject)
                case "actor":
                    row.append(self.near.subject if person or form.accounts == 0 else other)
                case "kind":
                    row.append(deed.kind)
                case "at":
                    ago = form.ago + form.spread * (actions - 1 - number) // actions
                    day = days_before(self.near.as_of, ago)
                    row.append(moment_on(field, day, self.rulebook.time_zone))
                case name:
                    row.append(values[name] if name in values else _topic(form, name, number, actions))
        return tuple(row)

    def _parties(self, form: Form, number: int) -> tuple[Deed, str, bool]:
        """Return what is done, the other account that takes part, and whether it is the person who acts on that."""
        step = number // 2 if form.returned else number
        deed = form.deeds[step % len(form.deeds)]
        turn = step // len(form.deeds)
        other = self._account(turn if not form.accounts else turn % form.accounts)
        return deed, other, deed.toward_others or (form.returned and number % 2 == 0)


def deeds_of(form: Form, actions: int) -> tuple[Deed, ...]:
    """Return the deeds that so many actions come to."""
    return form.deeds[: _steps(form, actions)]


def accounts_of(form: Form, actions: int) -> int:
    """Return how many accounts other than the person's take part."""
    if form.accounts == 0 and not any(each.toward_others for each in deeds_of(form, actions)):
        return 0
    turns = -(-_steps(form, actions) // len(form.deeds))
    return turns if not form.accounts else min(form.accounts, turns)


def _steps(form: Form, actions: int) -> int:
    return (actions + 1) // 2 if form.returned else actions


def days_of(form: Form, actions: int) -> int:
    """Return on how many different days the actions lie."""
    return len({form.spread * (actions - 1 - number) // actions for number in range(actions)})


def topic_fields(rulebook: Rulebook, deeds: tuple[Deed, ...]) -> Iterator[str]:
    """Give the fields that can name what an action is about."""
    for field in record_fields(rulebook):
        if field.name not in ROLES and any(field.name not in dict(each.values) for each in deeds):
            yield field.name


def _topic(form: Form, name: str, number: int, actions: int) -> str:
    step = number // 2 if form.returned else number
    match form.topics:
        case "one":
            return f"{form.what} {name} 1"
        case "another":
            return f"{form.what} {name} {step + 1}"
        case "square":
            return f"{form.what} {name} {step % max(1, isqrt(actions)) + 1}"
