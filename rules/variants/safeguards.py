"""Takes a checked rulebook and what somebody misuses in it; gives the declarations that could stop that, each put into
the rulebook and checked.

A safeguard is put into the canonical text, whose layout is known, and the whole text is read again: what the checker
does not take is no safeguard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from tallystick.rules.load import read
from tallystick.rules.measure import Count, Distinct, Measure, SumByKind, SumOf
from tallystick.rules.rulebook import ROLES, Rulebook
from tallystick.rules.source import Source
from tallystick.rules.value import DateType, TextType, TimeType

SafeguardSort: TypeAlias = Literal[
    "own actions",
    "returned",
    "repeats",
    "keep",
    "distinct",
    "diluted",
    "total",
    "new accounts",
    "halving",
]
_Block: TypeAlias = tuple[str, ...]
_LIMITED = (Count, SumOf, SumByKind)
_LEAST_DAYS = 30
_BEGINNING = re.compile(
    # in English, and what other languages share with it
    r"\b(join(?!t)|regist|creat(?!i(ve|vity)|or|ure)|enrol|sign(ed)? ?up|opened|(member|user|customer|account) since"
    # in German, French and Spanish
    r"|beigetreten|beitritt|eingetreten|eintritt|erstellt|angelegt|eroe?ffn|(mitglied|dabei|konto|nutzer) seit"
    r"|inscri[tp]|adhesion|enregistr|creee?\b|ouverture|rejoint|(membre|compte) depuis"
    r"|cread[oa]|creacion|apertura|(fecha|dia) (de )?alta|(miembro|socio|usuario|cuenta) desde)"
)
"""What the name or the title of a date says that an account began on it, in small letters without accents and marks
between words. A birthday is no such day."""
_NO_BEGINNING = re.compile(
    r"\b(last|latest|recent|expir|ending|ends?\b|until|letzt|zuletzt|ablauf|ablaeuf|ablauft|bis\b|dernier|fin\b"
    r"|jusqu|ultim|hasta|caduc|vence|delet|clos|card|passwor|contrasena|kennwort|mot de passe)"
)
"""What says that it is another day: the latest such act, or the end of what began."""
_ORDER = ("diluted", "keep", "total", "halving", "because")
"""The clauses of a measure that a safeguard puts in, and what stands last, in the order of working."""
_BEFORE_EXCLUDE = ("rulebook", "records", "subjects", "parameter", "require", "exclude")
_BEFORE_DISCOUNT = (*_BEFORE_EXCLUDE, "discount")


class Misuse(Struct, frozen=True):
    """What somebody does: records of these kinds (none: records have no kind), by which these measures of records move;
    ``units``: by how much one such record moves each. ``spared``: kinds of which everybody needs some records."""

    kinds: tuple[str, ...]
    measures: tuple[str, ...]
    units: tuple[tuple[str, Decimal], ...] = ()
    spared: tuple[str, ...] = ()


class Safeguard(Struct, frozen=True):
    """A declaration, or a clause in several measures. ``name``: the declaration, or the first of the clauses;
    ``clauses``: each measure that has one, with it. ``text``: what to paste, as ``tally fmt`` lays it out;
    ``rulebook``: the rules with it, without their examples; ``whole``: their text with them."""

    sort: SafeguardSort
    name: str
    clauses: tuple[tuple[str, str], ...]
    text: str
    rulebook: Rulebook
    whole: str


def safeguards(rulebook: Rulebook, misuse: Misuse) -> Iterator[Safeguard]:
    """Give the safeguards that the checker takes and that are not in the rulebook yet, each once."""
    blocks = tuple(_blocks(rulebook.text))
    bare = _joined(_without_examples(blocks))
    seen = {bare}
    for sort, changed in _Candidates(rulebook, blocks, misuse).all():
        whole = _joined(changed)
        checked, _ = read(Source(rulebook.source.name, _joined(_without_examples(changed))))
        if checked is None or checked.text in seen:
            continue
        seen.add(checked.text)
        new = [each for each in _blocks(checked.text) if each not in blocks]
        text = "\n\n".join("\n".join(each) for each in new) + "\n"
        clauses = tuple((name, _clause(each, blocks)) for each in new if (name := _measure_in(each)) is not None)
        name = clauses[0][1] if clauses else new[0][0].split(' "', maxsplit=1)[0]
        yield Safeguard(sort, name, clauses, text, checked, whole)


class _Candidates(Struct, frozen=True):
    """The work over one rulebook."""

    rulebook: Rulebook
    blocks: tuple[_Block, ...]
    misuse: Misuse

    def all(self) -> Iterator[tuple[SafeguardSort, tuple[_Block, ...]]]:
        """Give each with the blocks of the text that it leads to; what to write is for the checker to judge."""
        for sort, block in self._declarations():
            yield sort, _inserted(self.blocks, block)
        for limit, period in ((3, " per week"), (1, " per week"), (1, " per month"), (1, "")):
            for whom in ("actor", "subject"):
                yield "keep", self._with(_LIMITED, f"keep at most {limit} per {whom}{period}", given=whom == "subject")
        yield "distinct", self._distinct()
        yield "diluted", self._with(_LIMITED, "diluted per actor per day")
        for period, times in (("day", 1), ("day", 3), ("day", 10), ("week", 3), ("week", 10)):
            yield "total", self._with(_LIMITED, f"total at most {{limit}} per {period}", times=times)
            yield "total", self._with(_LIMITED, f"total at most {times} per {period}")
        for days in (30, 7, 90, 365):
            yield "halving", self._with((*_LIMITED, Distinct), f"halving every {days} days")

    def _declarations(self) -> Iterator[tuple[SafeguardSort, _Block]]:
        """Give those about records of all the kinds misused, then those that spare what everybody needs."""
        kinds = self.misuse.kinds
        others = tuple(each for each in kinds if each not in self.misuse.spared)
        for each in dict.fromkeys((kinds, others) if others else (kinds,)):
            yield from self._of_kinds(self._condition(each))

    def _of_kinds(self, when: str) -> Iterator[tuple[SafeguardSort, _Block]]:
        if self._has("actor"):
            own = ("actor = subject", when)
            yield (
                "own actions",
                self._exclude("own_actions", "what people do for themselves", own, "Nobody can vouch for themselves."),
            )
            returned = ("actor != subject", "returned within 90 days", when)
            yield "returned", self._discount(50, returned)
            yield "returned", self._discount(10, returned)
            because = "A favour returned says little."
            yield "returned", self._exclude("returned_favours", "favours returned", returned, because)
            for name in self._dates():
                young = (f"(days since actor.{name} or else 0) < {_LEAST_DAYS}", when)
                title = f"what accounts do in their first {_LEAST_DAYS} days"
                because = "An account made for a purpose is a young one."
                yield "new accounts", self._exclude("new_accounts", title, young, because)
        yield from (("repeats", self._repeats(fields, when)) for fields in self._repeated())

    def _repeated(self) -> Iterator[tuple[str, ...]]:
        """Give what records could agree in, the most fields first."""
        texts = tuple(
            each.name
            for each in self.rulebook.records or ()
            if each.name not in ROLES and isinstance(each.type, TextType)
        )
        usual = tuple(name for name in ("actor", "kind") if self._has(name))
        yield from (fields for fields in ((*usual, *texts), usual, texts) if set(fields) - {"kind"})

    def _dates(self) -> Iterator[str]:
        """Give the attributes that tell an account's age, by what they are called."""
        for each in self.rulebook.subjects or ():
            told = _plain(f"{each.name}\n{each.title or ''}")
            if (
                isinstance(each.type, DateType | TimeType)
                and _BEGINNING.search(told)
                and not _NO_BEGINNING.search(told)
            ):
                yield each.name

    def _has(self, name: str) -> bool:
        return any(each.name == name for each in self.rulebook.records or ())

    def _condition(self, kinds: tuple[str, ...]) -> str:
        """Return the condition that a record is of some kinds; nothing where all kinds are among them."""
        if not kinds or set(kinds) == set(self.rulebook.kinds):
            return ""
        return f"kind = {kinds[0]}" if len(kinds) == 1 else f"kind in ({', '.join(kinds)})"

    # ---- declarations ------------------------------------------------------------------------------------------------

    def _exclude(self, name: str, title: str, conditions: tuple[str, ...], because: str) -> _Block:
        return (
            f'exclude {self._free(name)} "{title}"',
            f"    when {' and '.join(each for each in conditions if each)}",
            f'    because "{because}"',
        )

    def _repeats(self, fields: tuple[str, ...], when: str) -> _Block:
        return (
            f'exclude {self._free("same_again")} "the same done again"',
            *([f"    when {when}"] if when else []),
            f"    repeats of {', '.join(fields)}",
            '    because "Saying it twice does not make it more."',
        )

    def _discount(self, percent: int, conditions: tuple[str, ...]) -> _Block:
        return (
            f'discount {self._free("returned_favours")} "favours returned"',
            f"    to {percent}%",
            f"    when {' and '.join(each for each in conditions if each)}",
            '    because "A favour returned says less than one freely given."',
        )

    def _free(self, name: str) -> str:
        taken = {each.name for each in self.rulebook.excludes} | {each.name for each in self.rulebook.discounts}
        return next(each for each in (name, *(f"{name}_{n}" for n in range(2, 1_000))) if each not in taken)

    # ---- measures ----------------------------------------------------------------------------------------------------

    def _with(
        self, aggregates: tuple[type, ...], clause: str, *, given: bool = False, times: int = 1
    ) -> tuple[_Block, ...]:
        """Put a clause into every measure misused that can have it, in place of one of its sort. ``{limit}`` in it is
        what so many records move the measure by."""
        word = clause.split(" ", maxsplit=1)[0]
        later = _ORDER[_ORDER.index(word) + 1 :]
        units = dict(self.misuse.units)
        measures = {each.name for each in self._misused(aggregates) if not given or _given(each)}

        def changed(measure: str, block: _Block) -> _Block:
            line = f"    {clause.format(limit=f'{times * units.get(measure, Decimal(1)):f}')}"
            kept = [each for each in block if not each.startswith(f"    {word} ")]
            place = next((n for n, each in enumerate(kept) if each.split(maxsplit=1)[0] in later), len(kept))
            return (*kept[:place], line, *kept[place:])

        return tuple(
            changed(name, block) if (name := _measure_in(block)) is not None and name in measures else block
            for block in self.blocks
        )

    def _distinct(self) -> tuple[_Block, ...]:
        """Count people where records are counted."""
        measures = {each.name for each in self._misused((Count,)) if not _given(each)}

        def changed(block: _Block) -> _Block:
            limits = ("    keep ", "    total ", "    diluted ")
            return tuple(
                each.replace("    count ", "    distinct actor of ", 1) if each.startswith("    count ") else each
                for each in block
                if not each.startswith(limits)
            )

        return tuple(changed(block) if _measure_in(block) in measures else block for block in self.blocks)

    def _misused(self, aggregates: tuple[type, ...]) -> Iterator[Measure]:
        for each in self.rulebook.measures:
            if each.name in self.misuse.measures and isinstance(each.aggregate, aggregates):
                yield each


def _given(measure: Measure) -> bool:
    return isinstance(measure.aggregate, Count | SumOf) and measure.aggregate.given


def _blocks(text: str) -> Iterator[_Block]:
    """Give the declarations of a canonical text, each as its lines."""
    block: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith(" ") and block:
            yield _trimmed(block)
            block = []
        block.append(line)
    if block:
        yield _trimmed(block)


def _trimmed(block: list[str]) -> _Block:
    while block and not block[-1]:
        block.pop()
    return tuple(block)


def _plain(text: str) -> str:
    """Put a text in small letters without accents, with a blank where words meet as in ``memberSince``."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]", " ", unicodedata.normalize("NFKD", text))
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()


def _joined(blocks: tuple[_Block, ...]) -> str:
    return "\n\n".join("\n".join(each) for each in blocks) + "\n"


def _without_examples(blocks: tuple[_Block, ...]) -> tuple[_Block, ...]:
    return tuple(each for each in blocks if not each[0].startswith("example "))


def _inserted(blocks: tuple[_Block, ...], block: _Block) -> tuple[_Block, ...]:
    """Put an exclusion behind those that there are, and a discount likewise."""
    before = _BEFORE_DISCOUNT if block[0].startswith("discount ") else _BEFORE_EXCLUDE
    place = max(n for n, each in enumerate(blocks, start=1) if each[0].split(" ", maxsplit=1)[0] in before)
    return (*blocks[:place], block, *blocks[place:])


def _clause(block: _Block, before: tuple[_Block, ...]) -> str:
    """Return the line that is new in a measure."""
    once = next((each for each in before if each[0] == block[0]), ())
    return next((line.strip() for line in block if line not in once), block[0])


def _measure_in(block: _Block) -> str | None:
    """Return the name of the measure that a block declares."""
    words = block[0].split(" ", maxsplit=2)
    return words[1] if words[0] == "measure" else None
