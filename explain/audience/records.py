"""Takes one person's explanation and what is private; gives the records and acts in it as the person may see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from tallystick.engine.arithmetic import text_of, total_of
from tallystick.explain.audience.names_in_texts import Names
from tallystick.explain.document import Explanation
from tallystick.explain.person.running import added_up_again
from tallystick.explain.plain import NOT_SHOWN
from tallystick.explain.tongue import say
from tallystick.explain.tree.acts import Correction, FieldChange, Statement
from tallystick.explain.tree.records import AskedMeasure, Evidence, EvidenceSum
from tallystick.explain.tree.withheld import Withheld
from tallystick.rules.questions.private_reading import Hidden
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import TextType

_PEOPLE = ("subject", "actor")
"""The fields that hold people's names."""


class RecordsForPerson:
    """The records and acts of one document without what is others': their names and private values."""

    def __init__(self, rulebook: Rulebook, hidden: Hidden, document: Explanation) -> None:
        """Find the names of others, and count what is taken out."""
        self._hidden = hidden
        self._document = document
        self._texts = tuple(each.name for each in rulebook.records or () if isinstance(each.type, TextType))
        self._judged = bool(hidden.excludes or hidden.discounts)
        self._others = Names(self._named())
        self._touched: dict[str, dict[str, None]] = {"names": {}, "values": {}}
        self._rows = {"names": 0, "values": 0}
        shown = [each for each in document.records if self._listed(each)]
        self._left_out = [each for each in document.records if not self._listed(each)]
        self._records = tuple(
            replace(each, record=self._cells(each.record, alone=self._alone(each.record))) for each in shown
        )
        self._corrections = tuple(map(self._correction, document.corrections))

    def records(self) -> tuple[Evidence, ...]:
        """Return the records that are listed."""
        listed = tuple(
            replace(each, name=None, title=say("a private reason"))
            if each.fate == "excluded" and each.name in self._hidden.excludes
            else each
            for each in self._records
        )
        return added_up_again(listed) if self._left_out else listed

    def records_added(self) -> tuple[EvidenceSum, ...]:
        """Return what the records behind each measure that is shown added."""
        return tuple(each for each in self._document.records_added if each.measure not in self._hidden.measures)

    def asked(self) -> tuple[AskedMeasure, ...]:
        """Return which requirements look at measures that are shown."""
        return tuple(each for each in self._document.asked if each.measure not in self._hidden.measures)

    def corrections(self) -> tuple[Correction, ...]:
        """Return the corrections."""
        return self._corrections

    def statements(self) -> tuple[Statement, ...]:
        """Return the person's own statements; the id of a record that has somebody's name in it is left out."""
        return tuple(
            replace(each, record=None if each.record is None else self._id(each.record))
            for each in self._document.statements
        )

    def withheld(self) -> Iterator[Withheld]:
        """Tell what was taken out, and why."""
        if self._rows["names"]:
            because = say("Names of other people stand there, and this page is not theirs.")
            yield Withheld(
                what="names", fields=tuple(self._touched["names"]), number=self._rows["names"], because=because
            )
        if self._rows["values"]:
            because = say("That is private, and the records are not yours alone.")
            yield Withheld(
                what="values", fields=tuple(self._touched["values"]), number=self._rows["values"], because=because
            )
        behind: dict[str, list[Evidence]] = {}
        for each in self._left_out:
            behind.setdefault(each.measure, []).append(each)
        for measure, records in behind.items():
            known = measure not in self._hidden.measures
            added = total_of([Decimal(each.effect) for each in records if each.effect is not None])
            yield Withheld(
                what="records",
                measure=measure,
                plural=records[0].plural,
                number=len(records),
                added=text_of(added) if known and any(each.effect is not None for each in records) else None,
                because=say("What became of each would tell what is private in it."),
            )

    # ---- what is others' ---------------------------------------------------------------------------------------------

    def _named(self) -> Iterator[str]:
        """Give the names of others."""
        rows: list[Mapping[str, str | None]] = [each.record for each in self._document.records]
        for each in self._document.corrections:
            rows += [each.was, *({change.field: value} for change in each.changes for value in _values(change))]
        for row in rows:
            for field in _PEOPLE:
                name = row.get(field)
                if name and name != self._document.subject:
                    yield name

    def _alone(self, record: Mapping[str, str | None]) -> bool:
        """Say whether a record names nobody but the person; who an unnamed actor is, nobody knows."""
        return all(record[field] == self._document.subject for field in _PEOPLE if field in record)

    def _listed(self, each: Evidence) -> bool:
        """Say whether a record is listed: what became of it must not tell what is private in it."""
        if each.measure in self._hidden.measures:
            return False
        return not self._judged or self._alone(each.record)

    def _cells(self, record: Mapping[str, str | None], *, alone: bool) -> dict[str, str | None]:
        """Return a record without the names of others and, unless it names nobody else, without what is private."""
        private = [name for name in record if name in self._hidden.cells and not alone and record[name] is not None]
        names = [name for name in record if name not in private and self._names_others(name, record[name])]
        self._count("values", private)
        self._count("names", names)
        return {name: None if name in private or name in names else value for name, value in record.items()}

    def _names_others(self, field: str, value: str | None) -> bool:
        """Say whether a value is, or has in it, somebody else's name."""
        if not value or value == self._document.subject:
            return False
        return field in _PEOPLE or (field in self._texts and self._others.are_in(value))

    def _count(self, what: str, fields: Iterable[str]) -> None:
        told = tuple(fields)
        if told:
            self._rows[what] += 1
            self._touched[what].update(dict.fromkeys(told))

    # ---- corrections and statements ----------------------------------------------------------------------------------

    def _correction(self, correction: Correction) -> Correction:
        alone = self._alone({**correction.was, **{each.field: each.after for each in correction.changes}})
        private = [] if alone else [each.field for each in correction.changes if each.field in self._hidden.cells]
        names = [
            each.field
            for each in correction.changes
            if each.field not in private and any(self._names_others(each.field, value) for value in _values(each))
        ]
        was = self._cells(correction.was, alone=alone)
        self._count("values", private)
        self._count("names", names)
        return replace(
            correction,
            record=self._id(correction.record, alone=alone),
            reason=self._text(correction.reason),
            who=self._text(correction.who),
            was=was,
            changes=tuple(
                told
                for each in correction.changes
                if each.field not in private and (told := self._change(each)) is not None
            ),
            rules=tuple(each for each in correction.rules if each not in self._hidden.rules),
        )

    def _change(self, change: FieldChange) -> FieldChange | None:
        """Return a change without the names of others, so that it still tells whether a record has become, or is no
        longer, the person's; None where no more is left of it than that others are named."""
        before, after = (
            say(NOT_SHOWN) if self._names_others(change.field, value) else value for value in _values(change)
        )
        return None if before == after == say(NOT_SHOWN) else replace(change, before=before, after=after)

    def _id(self, record: str, *, alone: bool = True) -> str:
        private = not alone and "id" in self._hidden.cells
        return say(NOT_SHOWN) if private or self._names_others("id", record) else record

    def _text(self, text: str) -> str:
        """Return what somebody wrote, unless it names others."""
        return say(NOT_SHOWN) if self._others.are_in(text) else text


def _values(change: FieldChange) -> tuple[str | None, str | None]:
    return change.before, change.after
