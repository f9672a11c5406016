"""Takes actions that were imagined; gives them as a document tells them: what was taken to be so, where it counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from tallystick.engine.calendar import on_clocks
from tallystick.engine.intake.reading import record_fields, subject_fields, written
from tallystick.engine.query.plan_reading import record_exprs, walk
from tallystick.engine.what_if.actions import Action, attributes_of, moment_on
from tallystick.engine.what_if.neighbourhood import Neighbourhood
from tallystick.explain.audience.names_in_texts import Names
from tallystick.explain.person.planner import value_type
from tallystick.explain.what_if.could_change_document import Assumed, ImaginedAction
from tallystick.rules.expression import FieldOf
from tallystick.rules.measure import Distinct, Formula, HIndex
from tallystick.rules.questions.earned import earned_in
from tallystick.rules.questions.readers import fields_read, readers
from tallystick.rules.rulebook import ROLES, Field, Rulebook
from tallystick.rules.value import TextType


class ToldActions:
    """Tells actions that are imagined on a day."""

    def __init__(self, rulebook: Rulebook, near: Neighbourhood, day: date) -> None:
        """Know what the rules read of a record and of people."""
        self.rulebook, self.near, self.day = rulebook, near, day
        self.read = readers(rulebook)
        self.of_whom = {
            "others": attributes_of(rulebook, "actor"),
            "you to others": attributes_of(rulebook, "subject"),
        }
        self.fields: dict[str | None, frozenset[str]] = {}
        self.beside_actors = _beside_actors(rulebook)
        self.noon = _at_noon(rulebook, day)
        self.others = Names(_others(near))

    def told(self, action: Action) -> ImaginedAction:
        """Return an action as it is told."""
        values = dict(action.values)
        others = [field for field in self.rulebook.records or () if field.name not in ROLES]
        read = self._fields_read(action.kind)
        return ImaginedAction(
            kind=action.kind,
            who=action.who,
            on=self.day,
            same=tuple(
                self._assumed(each, written(values[each.name]))
                for each in others
                if each.name in values and each.name in read
            ),
            different=tuple(
                each.name
                for each in others
                if each.name not in values
                and each.name in read
                and (action.who != "others" or each.name in self.beside_actors)
            ),
            attributes=self._attributes(action),
            earned_nothing=action.who == "others" and self._reads_earned(action.kind),
            noon=self.noon,
        )

    def _attributes(self, action: Action) -> tuple[Assumed, ...] | None:
        """Return what was taken to be known of people whom nobody knows, as far as a record's counting hangs on it: of
        who acts, or of those toward whom the person does."""
        names = self.of_whom.get(action.who, frozenset[str]())
        found = {} if action.like is None else _attributes(self.near, action.like)
        read = [each for each in self.rulebook.subjects or () if each.name in names]
        told = (self._assumed(each, found.get(each.name)) for each in read if ("attribute", each.name) in self.read)
        return tuple(told) or None

    def _reads_earned(self, kind: str | None) -> bool:
        """Say whether anything that a record of a kind bears on reads what its actor earned."""
        return any(
            earned_in(each)
            for each in self.rulebook.measures
            if not isinstance(each.aggregate, Formula)
            and ("measure", each.name) in self.read
            and (kind is None or kind in each.aggregate.kinds)
        )

    def _fields_read(self, kind: str | None) -> frozenset[str]:
        if kind not in self.fields:
            self.fields[kind] = fields_read(self.rulebook, kind)
        return self.fields[kind]

    def _assumed(self, field: Field, value: str | None) -> Assumed:
        """Return what a field or an attribute was taken to be."""
        named = isinstance(field.type, TextType) and value is not None and self.others.are_in(value)
        return Assumed(name=field.name, title=field.title, type=value_type(field.type), value=value, names_others=named)


def _beside_actors(rulebook: Rulebook) -> frozenset[str]:
    """Return the fields that count even where every record is by another person: those that stand anywhere but beside
    the actor in what groups records, be it repetitions or what is kept of each."""
    grouped = [each.repeats for each in rulebook.excludes if each.repeats is not None]
    grouped += [each.keep.fields for each in rulebook.measures if each.keep is not None]
    grouped = [fields for fields in grouped if "actor" not in fields]
    for measure in rulebook.measures:
        match measure.aggregate:
            case Distinct(fields=fields):
                grouped.append(fields)
            case HIndex(field=field):
                grouped.append((field,))
            case _:
                pass
    named = (part.op.name for expr in record_exprs(rulebook) for part in walk(expr) if isinstance(part.op, FieldOf))
    return frozenset(named).union(*grouped)


def _at_noon(rulebook: Rulebook, day: date) -> bool:
    """Say whether records have a time of day, and are imagined at noon: not so on a day that no clock showed."""
    at = next((field for field in record_fields(rulebook) if field.name == "at"), None)
    moment = None if at is None else moment_on(at, day, rulebook.time_zone)
    if not isinstance(moment, datetime):
        return False
    return on_clocks(moment, rulebook.time_zone).replace(tzinfo=None) == datetime.combine(day, time(12))


def _others(near: Neighbourhood) -> Iterator[str]:
    """Give the names of others in the records that have to do with a person."""
    fields = [field.name for field in record_fields(near.rulebook)]
    places = [fields.index(name) for name in ("subject", "actor") if name in fields]
    for each in near.records:
        named = (each.row[place] for place in places)
        yield from (name for name in named if isinstance(name, str) and name != near.subject)


def _attributes(near: Neighbourhood, name: str) -> dict[str, str | None]:
    """Return the attributes of somebody, without the name."""
    fields = [field.name for field in subject_fields(near.rulebook)]
    row = next((row for row in near.subjects if row[fields.index("subject")] == name), ())
    return {field: written(value) for field, value in zip(fields, row, strict=False) if field != "subject"}
