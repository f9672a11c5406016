"""Takes a seed; gives two versions of a made-up rulebook, with records and a day for each: as time, people and authors
leave them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from generators.accepted import accepted
from generators.expression_text import chance
from generators.pauses import pauses_of
from generators.rows import Cells, Table, record_table, subject_table
from generators.rulebooks import Case, case_of
from hypothesis import strategies as st
from msgspec import structs

from tallystick.engine.pauses import reads_pauses
from tallystick.rules import read
from tallystick.rules.diff.change import Change
from tallystick.rules.diff.pieces import Key, Pieces, exchanged, put_together, take_apart
from tallystick.rules.diff.renamed_text import renamed_file
from tallystick.rules.diff.renames import Names
from tallystick.rules.format.format import canonical
from tallystick.rules.parse.parse import parse
from tallystick.rules.rulebook import ROLES, Rulebook
from tallystick.rules.source import Source
from tallystick.rules.syntax import SyntaxFile

_ORDERED = ("field", "require", "exclude", "discount", "rule", "band")
_BECAUSE = re.compile(r'because "[^"]*"')
_DAYS = (0, 0, 0, 1, 30, 365, -10)
_NEW_ID = 1000


@dataclass(frozen=True)
class Pair:
    """A case before and after. ``renamed``: what fields of records and attributes are called by now."""

    before: Case
    after: Case
    renamed: dict[str, str]

    @property
    def both(self) -> tuple[Case, Case]:
        """The one and the other."""
        return self.before, self.after

    def __repr__(self) -> str:
        """Show both."""
        return (
            f"pair_of(seed={self.before.seed}, size={self.before.size})\n{self.before}\n\n--- after ---\n{self.after}"
        )


def pair_of(seed: int, size: int = 2) -> Pair:
    """Make the pair of a seed."""
    rng = Random(f"{seed}/{size}/pair")  # noqa: S311  made up on purpose
    before = case_of(seed, size)
    rulebook, renamed = (before.rulebook, dict[str, str]()) if chance(rng, 0.2) else edited(before, rng)
    as_of = before.as_of + timedelta(days=rng.choice(_DAYS))
    fresh = record_table(rulebook, as_of, rng, size)
    records = _followed(before.records, fresh, renamed, rng, "id")
    subjects = _followed(before.subjects, subject_table(rulebook, records, rng, size), renamed, rng, "subject")
    pauses = pauses_of(rulebook, records, as_of, rng, size)
    if reads_pauses(rulebook) and before.pauses and chance(rng, 0.5):
        pauses = before.pauses
    after = replace(
        before,
        text=rulebook.text,
        rulebook=rulebook,
        as_of=as_of,
        records=records,
        subjects=subjects,
        pauses=pauses,
    )
    return Pair(before, after, renamed)


def pairs(*, by: bool = True) -> st.SearchStrategy[Pair]:
    """Give pairs to Hypothesis; ``by`` of False: of rulebooks whose scores are by no field."""
    found = st.builds(pair_of, seed=st.integers(0, 2**32 - 1), size=st.integers(1, 3))
    return found if by else found.filter(lambda pair: all(each.rulebook.score.by is None for each in pair.both))


def edited(case: Case, rng: Random) -> tuple[Rulebook, dict[str, str]]:
    """Edit a rulebook in one to several places, as long as it checks; give it, and what its fields are called now."""
    donor = case_of(rng.randrange(2**32), case.size)
    rulebook, renamed = case.rulebook, dict[str, str]()
    if chance(rng, 0.3):
        rulebook, renamed = with_new_names(rulebook, rng)
    file, there = _file(rulebook), take_apart(_file(donor.rulebook))
    now = take_apart(file)
    keys = [*_keys(now, there)]
    wanted = rng.choice([1, 1, 2, 3, 6, len(keys)])
    for key in rng.sample(keys, len(keys)):
        if wanted == 0:
            break
        if _other_type(rulebook, donor.rulebook, key) and chance(rng, 0.8):
            continue
        made = exchanged(now, _shuffled(now, key, rng) if key[1] == "" else there, (key,))
        checked = None if made == now else _checked(made, file)
        if checked is not None:
            now, rulebook, wanted = made, checked, wanted - 1
    if chance(rng, 0.2):
        rulebook = _said(_BECAUSE.sub('because "Otherwise."', rulebook.text))
    return rulebook, renamed


def coverage_of(changes: tuple[Change, ...]) -> frozenset[str]:
    """Name the sorts of changes that there are."""
    return frozenset(f"{each.kind}: {each.form if each.part == '' else each.part}".split(" of ")[0] for each in changes)


def _keys(now: Pieces, there: Pieces) -> Iterator[Key]:
    """Give what can be put in, taken out or exchanged, and what can be put in another order."""
    yield ("rulebook", "rulebook")
    for kind in dict.fromkeys((*now.of, *there.of)):
        yield from ((kind, name) for name in dict.fromkeys((*now.named(kind), *there.named(kind))))
        if kind in _ORDERED:
            yield (kind, "")


def _other_type(rulebook: Rulebook, donor: Rulebook, key: Key) -> bool:
    """Say whether a field has another sort of values there, so that rows of the one cannot be read by the other."""
    for ours, theirs in ((rulebook.records, donor.records), (rulebook.subjects, donor.subjects)):
        types = [type(each.type) for each in (*(ours or ()), *(theirs or ())) if each.name == key[1]]
        if key[0] in ("field", "attribute") and len(set(types)) > 1:
            return True
    return False


def _shuffled(now: Pieces, key: Key, rng: Random) -> Pieces:
    names = list(now.named(key[0]))
    rng.shuffle(names)
    return structs.replace(now, of={**now.of, key[0]: {name: now.named(key[0])[name] for name in names}})


def with_new_names(rulebook: Rulebook, rng: Random) -> tuple[Rulebook, dict[str, str]]:
    """Give new names to a few declarations; give the rulebook, and what fields and attributes are called now."""
    fields = [each.name for each in (*(rulebook.records or ()), *(rulebook.subjects or ())) if each.name not in ROLES]
    values = [*fields, *(each.name for each in (*rulebook.parameters, *rulebook.measures))]

    def some(names: list[str]) -> dict[str, str]:
        return {name: f"{name}_now" for name in names if chance(rng, 0.3)}

    names = Names(
        values=some(values),
        rules=some([each.name for each in rulebook.rules]),
        facets=some([each.name for each in rulebook.facets]),
        bands=some([each.name for each in rulebook.bands]),
        excludes=some([each.name for each in rulebook.excludes]),
        discounts=some([each.name for each in rulebook.discounts]),
        requires=some([each.name for each in rulebook.requires]),
    )
    bare = _bare(_file(rulebook))
    made = canonical(renamed_file(bare, _said(canonical(bare)), names))
    return _said(made), {once: now for once, now in names.values.items() if once in fields}


def _bare(file: SyntaxFile) -> SyntaxFile:
    """Lay out a file without its examples, and read it again, so that places are those of its text."""
    whole = put_together(take_apart(file), file)
    assert whole is not None
    return _parsed(canonical(whole))


def _file(rulebook: Rulebook) -> SyntaxFile:
    return _parsed(rulebook.text)


def _parsed(text: str) -> SyntaxFile:
    file, _ = parse(Source("made-up.tally", text))
    assert file is not None
    return file


def _checked(pieces: Pieces, like: SyntaxFile) -> Rulebook | None:
    file = put_together(pieces, like)
    return None if file is None else read(Source("made-up.tally", canonical(file)))[0]


def _said(text: str) -> Rulebook:
    return accepted(text)


# ---- rows --------------------------------------------------------------------------------------------------------


def _followed(
    before: Table | None, fresh: Table | None, renamed: dict[str, str], rng: Random, key: str
) -> Table | None:
    """Give rows for the later rulebook: most of the earlier ones, some of them corrected, and some that arrived."""
    if fresh is None or before is None or not fresh.rows:
        return fresh
    names = [renamed.get(name, name) for name in before.names]
    rows: list[Cells] = []
    for place, row in enumerate(before.rows):
        if chance(rng, 0.1):
            continue
        said, new = dict(zip(names, row, strict=True)), fresh.rows[place % len(fresh.rows)]
        keep = {name for name in fresh.names if name in said and (name == key or not chance(rng, 0.03))}
        rows.append(tuple(said[name] if name in keep else new[i] for i, name in enumerate(fresh.names)))
    known = {row[fresh.names.index(key)] for row in rows} if key in fresh.names else set()
    for number, row in enumerate(fresh.rows[: rng.choice([0, 0, 2, len(fresh.rows)])]):
        if key == "id" and key in fresh.names:
            rows.append(
                tuple(
                    str(_NEW_ID + number) if name == key else cell for name, cell in zip(fresh.names, row, strict=True)
                )
            )
        elif key not in fresh.names or row[fresh.names.index(key)] not in known:
            rows.append(row)
    return replace(fresh, rows=tuple(rows))
