"""Takes two checked rulebooks; gives what is different by meaning, in the order of the new text.

Names that only changed are followed, so what refers to them is no change of its own. Comments, layout and an order that
has no meaning are no change. INVARIANT: two rulebooks of which any two parts differ have at least one change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import TypeVar

from msgspec.structs import replace

from tallystick.rules.diff.bodies import (
    Difference,
    body_differences,
    body_text,
    dated_differences,
    dated_text,
    expected_differences,
    need_differences,
    needs_text,
)
from tallystick.rules.diff.change import Change, Effect, Form, Scope
from tallystick.rules.diff.declarations import (
    ATTRIBUTES,
    BANDS,
    DISCOUNTS,
    EXAMPLES,
    EXCLUDES,
    FACETS,
    FIELDS,
    HEAD,
    MEASURES,
    PARAMETERS,
    PROMISES,
    REQUIRES,
    RULES,
    SORTS,
)
from tallystick.rules.diff.parts import Sort
from tallystick.rules.diff.renames import Names, find_renames, renamed
from tallystick.rules.diff.sameness import Likeness, exactly_alike, likeness
from tallystick.rules.epochs import on_day, undated, value_on
from tallystick.rules.format.checked import type_text
from tallystick.rules.format.expressions import quote
from tallystick.rules.questions.reach import hull, rule_reach
from tallystick.rules.questions.readers import readers
from tallystick.rules.rule import Rule, Weighted
from tallystick.rules.rulebook import Band, Example, Field, Parameter, Rulebook

D = TypeVar("D")


def diff(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Compare two versions of a rulebook; nothing is different exactly if the result is empty."""
    old, new = undated(old), undated(new)
    names = find_renames(old, new)
    former = renamed(old, names)
    changes = _whatever_the_day(_on_one_day(former, new, names), former, new, names)
    if not changes and not exactly_alike(_sorted(former), _sorted(new)):
        changes = [Change("words only", "put otherwise", "rulebook", "rulebook")]
    return tuple(_in_order(_with_readers(changes, former, new), former, new))


def _on_one_day(former: Rulebook, new: Rulebook, names: Names) -> list[Change]:
    """Compare two versions with the values that their parameters have."""
    return [
        *_declarations(HEAD, former, new, names),
        *_declared_at_all(former, new),
        *(each for sort in SORTS for each in _declarations(sort, former, new, names)),
        *_orders(former, new),
    ]


def _whatever_the_day(changes: list[Change], former: Rulebook, new: Rulebook, names: Names) -> list[Change]:
    """Return the changes with what holds of them on all days: two texts mean the same only if they do so on each, and a
    line can give what it can on any."""
    days = sorted({day for book in (former, new) for day, _ in book.epochs})
    if not days:
        return changes
    pairs = [(day, on_day(former, day), on_day(new, day)) for day in days]
    if any(each.form == "put otherwise" for each in changes):
        found = {
            _place_of(each): each
            for _, before, after in pairs
            for each in _on_one_day(before, after, names)
            if each.form == "changed" and each.kind != "parameter"
        }
        found.update((_place_of(each), each) for each in _parameters_that_part(changes, pairs))
        changes = [found.get(_place_of(each), each) if each.form == "put otherwise" else each for each in changes]
    return [_with_effect_on_all_days(each, pairs) for each in changes]


_Days = list[tuple[date, Rulebook, Rulebook]]


def _place_of(change: Change) -> tuple[str, ...]:
    """Return by what a change is known on another day: the texts are the same on all."""
    return (change.kind, change.name, change.part, change.old or "", change.new or "")


def _parameters_that_part(changes: list[Change], pairs: _Days) -> Iterator[Change]:
    """Give the values of parameters that are put otherwise, and differ on a day on which they are in force."""
    for change in changes:
        if change.kind != "parameter" or change.form != "put otherwise":
            continue
        for day, *books in pairs:
            before, after = (_named(PARAMETERS.of(book), change.name) for book in books)
            parts = {_part_in_force(each, day) for each in (before, after)}
            if parts == {change.part} and likeness(before.value, after.value) is Likeness.DIFFERENT:
                yield replace(change, form="changed", scope=PARAMETERS.scope)
                break


def _named(parameters: Iterable[Parameter], name: str) -> Parameter:
    return next(each for each in parameters if each.name == name)


def _part_in_force(parameter: Parameter, day: date) -> str:
    """Return as which part of a parameter the value on a day is told."""
    dated = value_on(parameter, day)
    return "=" if dated is None else f"from {dated.start}"


def _with_effect_on_all_days(change: Change, pairs: _Days) -> Change:
    """Return a change of a rule with what the line can give on any day, and the share only where it is that on all."""
    if change.kind != "rule" or change.form != "changed":
        return change
    rules = [tuple(_rule(book, change.name) for book in books) for _, *books in pairs]
    found = [_effect(change, here, there) for here, there in rules]
    old, new = (hull(rule_reach(each) for each in side if each is not None) for side in zip(*rules, strict=True))
    shares = {None if each is None else each.share for each in found}
    share = shares.pop() if len(shares) == 1 else None
    silent = change.scope != "rule" or (old == new and share is None)
    return replace(change, effect=None if silent else Effect(old, new, share))


def _rule(rulebook: Rulebook, name: str) -> Rule | None:
    return next((each for each in rulebook.rules if each.name == name), None)


def _declarations(sort: Sort[D], old: Rulebook, new: Rulebook, names: Names) -> Iterator[Change]:
    """Give what is different about one sort of declaration; ``old`` already goes by the new names."""
    before = {sort.name(each): each for each in sort.of(old)}
    after = {sort.name(each): each for each in sort.of(new)}
    former_names = {now: once for once, now in names.of(sort.kind).items()}
    for name, there in after.items():
        here = before.get(name)
        if here is None:
            gist = _gist(sort, there)
            yield _stamp(sort, Change(sort.scope, "added", sort.kind, name, new=gist), None, there)
            continue
        if name in former_names:
            said = Change("words only", "renamed", sort.kind, name, old_name=former_names[name])
            yield _stamp(sort, replace(said, old=former_names[name], new=name), here, there)
        for difference in _differences(sort, here, there):
            yield _stamp(sort, _changed(sort, name, difference), here, there)
    for name, here in before.items():
        if name not in after:
            gist = _gist(sort, here)
            yield _stamp(sort, Change(sort.scope, "removed", sort.kind, name, old=gist), here, None)


def _stamp(sort: Sort[D], change: Change, here: D | None, there: D | None) -> Change:
    """Add title, places and effect."""
    shown = there if there is not None else here
    return replace(
        change,
        title=None if shown is None else sort.title(shown),
        old_span=None if here is None else sort.span(here),
        new_span=None if there is None else sort.span(there),
        effect=_effect(change, here, there),
    )


def _changed(sort: Sort[D], name: str, difference: Difference) -> Change:
    form: Form = "changed" if difference.like is Likeness.DIFFERENT else "put otherwise"
    silent = difference.words_only or form == "put otherwise"
    scope: Scope = difference.scope or ("words only" if silent else sort.scope)
    return Change(scope, form, sort.kind, name, difference.part, difference.old, difference.new)


def _differences(sort: Sort[D], here: D, there: D) -> Iterator[Difference]:
    match here, there:
        case Rule(), Rule():
            yield from body_differences(here, there)
        case Example(), Example():
            yield from expected_differences(here, there)
        case Band(), Band():
            yield from need_differences(here, there)
        case Parameter(), Parameter():
            yield from dated_differences(here, there)
    for part in sort.parts:
        like = likeness(part.value(here), part.value(there))
        if like is not Likeness.SAME:
            yield Difference(part.word, part.text(here), part.text(there), like, part.words_only, part.scope)


def _gist(sort: Sort[D], declaration: D) -> str:
    """Write a whole declaration on one line, without what is only words."""
    if isinstance(declaration, Field):
        column = [] if declaration.column == declaration.name else [f"from {quote(declaration.column)}"]
        marks = [("private", declaration.private), ("optional", declaration.optional)]
        return " ".join([*column, type_text(declaration.type), *(mark for mark, is_set in marks if is_set)])
    body = [body_text(declaration.body)] if isinstance(declaration, Rule) else []
    if isinstance(declaration, Band) and declaration.needs:
        body = [needs_text(declaration)]
    dated = [dated_text(each) for each in declaration.dated] if isinstance(declaration, Parameter) else []
    parts = ((part.word, part.text(declaration)) for part in sort.parts if not part.words_only)
    return "; ".join([*body, *(f"{word} {text}" for word, text in parts if text is not None), *dated])


def _effect(change: Change, here: object, there: object) -> Effect | None:
    if not isinstance(here, Rule) or not isinstance(there, Rule) or change.scope != "rule":
        return None
    old, new = rule_reach(here), rule_reach(there)
    share = _share(here, there) if change.part == "weight" else None
    return None if old == new and share is None else Effect(old, new, share)


def _share(here: Rule, there: Rule) -> tuple[int, int] | None:
    """Return how many times the old points the new ones are for everybody, where nothing but the weight differs."""
    match here.body, there.body:
        case Weighted(before, _, _), Weighted(after, _, _) if before.value > 0:
            bounded = (here.at_most, here.at_least) != (None, None) or here.otherwise is not None
            others = [
                each for each in _differences(RULES, here, there) if each.part != "weight" and not each.words_only
            ]
            return None if bounded or others else (Fraction(after.value) / Fraction(before.value)).as_integer_ratio()
        case _:
            return None


def _declared_at_all(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    """Tell when ``records`` or ``subjects`` came or went: that settles who is scored."""
    if (old.records is None) != (new.records is None):
        yield Change("what is read", "added" if old.records is None else "removed", "records", "records")
    if (old.subjects is None) != (new.subjects is None):
        yield Change("who is scored", "added" if old.subjects is None else "removed", "subjects", "subjects")


def _orders(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    """Tell of another order where it has a meaning; parameters, measures, attributes, bands by threshold and examples
    have none."""
    if any(each.repeats is not None for each in (*old.excludes, *new.excludes)):
        yield from _order(FIELDS, old.records or (), new.records or (), "what is read")
    for reads_measures in (False, True):
        yield from _order(
            REQUIRES,
            tuple(each for each in old.requires if each.reads_measures is reads_measures),
            tuple(each for each in new.requires if each.reads_measures is reads_measures),
            "who is scored",
        )
    yield from _order(EXCLUDES, old.excludes, new.excludes, "what counts")
    yield from _order(DISCOUNTS, old.discounts, new.discounts, "what counts")
    yield from _order(RULES, old.rules, new.rules, "words only")
    if any(each.start is None for each in (*old.bands, *new.bands)):
        yield from _order(BANDS, old.bands, new.bands, "bands")


def _order(sort: Sort[D], old: tuple[D, ...], new: tuple[D, ...], scope: Scope) -> Iterator[Change]:
    before, after = [sort.name(each) for each in old], [sort.name(each) for each in new]
    kept, now = [name for name in before if name in after], [name for name in after if name in before]
    if kept != now:
        first = sort.span(new[after.index(now[0])])
        yield Change(scope, "reordered", sort.kind, "", old=", ".join(kept), new=", ".join(now), new_span=first)


def _sorted(rulebook: Rulebook) -> Rulebook:
    """Put what has no order into one, so that only what has a meaning is left to differ."""
    return replace(
        rulebook,
        subjects=None if rulebook.subjects is None else tuple(sorted(rulebook.subjects, key=ATTRIBUTES.name)),
        records=None if rulebook.records is None else tuple(sorted(rulebook.records, key=FIELDS.name)),
        parameters=tuple(sorted(rulebook.parameters, key=PARAMETERS.name)),
        requires=tuple(sorted(rulebook.requires, key=REQUIRES.name)),
        measures=tuple(sorted(rulebook.measures, key=MEASURES.name)),
        facets=tuple(sorted(rulebook.facets, key=FACETS.name)),
        bands=tuple(sorted(rulebook.bands, key=BANDS.name)),
        promises=tuple(sorted(rulebook.promises, key=PROMISES.name)),
        examples=tuple(sorted(rulebook.examples, key=EXAMPLES.name)),
    )


_TAKING = ("exclude", "discount")


def _with_readers(changes: list[Change], old: Rulebook, new: Rulebook) -> Iterator[Change]:
    """Add the rules and requirements that read what changed. What takes records was read, before its condition changed,
    by others too, perhaps: those that are still there."""
    now = readers(new) if any(each.form != "removed" for each in changes) else {}
    before = readers(old) if any(each.form == "removed" or each.kind in _TAKING for each in changes) else {}
    still = {each.name for each in new.requires} | {each.name for each in new.rules} | {each.name for each in new.bands}
    for change in changes:
        key = (change.kind, change.name)
        reading = (before if change.form == "removed" else now).get(key, ())
        if change.kind in _TAKING and change.form != "removed":
            reading = (*reading, *(name for name in before.get(key, ()) if name in still and name not in reading))
        yield change if change.scope == "words only" else replace(change, reaches=reading)


def _in_order(changes: Iterable[Change], old: Rulebook, new: Rulebook) -> list[Change]:
    """Order by the new text; what was removed stands after what it followed, as far as that is still there."""
    still = {key: start for start, key in sorted(_starts(new).items(), reverse=True)}
    stayed = sorted((start, still[key]) for start, key in _starts(old).items() if key in still)

    def place(change: Change) -> tuple[int, int]:
        if change.new_span is not None:
            return (change.new_span.start, 0)
        if change.old_span is None:
            return (0, 0)
        before = bisect_left(stayed, (change.old_span.start,))
        return (stayed[before - 1][1] if before else 0, change.old_span.start)

    return sorted(changes, key=place)


def _starts(rulebook: Rulebook) -> dict[int, tuple[str, str]]:
    """Give what is declared where, by the names of ``rulebook``."""
    return {sort.span(each).start: (sort.kind, sort.name(each)) for sort in SORTS for each in sort.of(rulebook)}
