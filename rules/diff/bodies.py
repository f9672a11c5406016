"""Takes two versions of a rule or an example; gives how what it works out or expects is different, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import assert_never

from msgspec import Struct

from tallystick.rules.decimals import plainly
from tallystick.rules.diff.change import Scope
from tallystick.rules.diff.sameness import Likeness, likeness
from tallystick.rules.format.checked import constant_text, days_text, shape_text, text_of
from tallystick.rules.format.expressions import quote
from tallystick.rules.rule import Points, Row, Rule, Table, Weighted
from tallystick.rules.rulebook import Band, DatedValue, Example, Expectation, Need, Parameter
from tallystick.rules.value import DurationType


class Difference(Struct, frozen=True):
    """A part of which the two versions are not the same; a text of None: the part is not there."""

    part: str
    old: str | None
    new: str | None
    like: Likeness
    words_only: bool = False
    scope: Scope | None = None


def body_text(body: Weighted | Points | Table) -> str:
    """Write how a rule turns values into points, on one line."""
    match body:
        case Weighted(weight, value, shape):
            level = text_of(value) if shape is None else f"{text_of(value)}, {shape_text(shape)}"
            return f"weight {constant_text(weight)}; level {level}"
        case Points(value):
            return f"points {text_of(value)}"
        case Table(by, rows):
            return f"points by {text_of(by)} ({', '.join(f'{row.text}: {text_of(row.points)}' for row in rows)})"
        case _:
            assert_never(body)


def body_differences(old: Rule, new: Rule) -> Iterator[Difference]:
    """Compare how two versions of a rule work out points."""
    match old.body, new.body:
        case Weighted() as before, Weighted() as after:
            yield from _differing(
                "weight", before.weight, after.weight, constant_text(before.weight), constant_text(after.weight)
            )
            yield from _differing("level", before.value, after.value, text_of(before.value), text_of(after.value))
            shapes = (None if each is None else shape_text(each) for each in (before.shape, after.shape))
            yield from _differing("shape of the level", before.shape, after.shape, *shapes)
        case Points() as before, Points() as after:
            yield from _differing("points", before.value, after.value, text_of(before.value), text_of(after.value))
        case Table() as before, Table() as after:
            yield from _differing("points by", before.by, after.by, text_of(before.by), text_of(after.by))
            yield from _rows(before, after)
        case before, after:
            yield Difference("how points are worked out", body_text(before), body_text(after), Likeness.DIFFERENT)


def needs_text(band: Band) -> str:
    """Write what a band needs, on one line."""
    return "; ".join(f"needs {text_of(need.when)}" for need in band.needs)


def need_differences(old: Band, new: Band) -> Iterator[Difference]:
    """Compare what two versions of a band need; the order of needs has no meaning."""
    left, come = list(old.needs), list(new.needs)
    for alike in (_same_condition, _same_words):
        for need in tuple(come):
            twin = next((each for each in left if alike(each, need)), None)
            if twin is not None:
                left.remove(twin)
                come.remove(need)
                yield from _need(twin, need)
    for before, after in zip_longest(left, come):
        yield from _need(before, after)


def _same_condition(old: Need, new: Need) -> bool:
    return likeness(old.when, new.when) is Likeness.SAME


def _same_words(old: Need, new: Need) -> bool:
    return old.words == new.words


def _need(old: Need | None, new: Need | None) -> Iterator[Difference]:
    ours, theirs = (None if each is None else text_of(each.when) for each in (old, new))
    if old is None or new is None:
        yield Difference("needs", ours, theirs, Likeness.DIFFERENT)
        return
    yield from _differing("needs", old.when, new.when, ours, theirs)
    if old.words != new.words:
        yield Difference("words of needs", quote(old.words), quote(new.words), Likeness.DIFFERENT, words_only=True)


def dated_text(dated: DatedValue) -> str:
    """Write a value that comes on a day."""
    return f"from {dated.start} = {_value(dated)}"


def dated_differences(old: Parameter, new: Parameter) -> Iterator[Difference]:
    """Compare the values that a parameter gets on which days, and the reasons for them."""
    before, after = ({each.start: each for each in parameter.dated} for parameter in (old, new))
    for start in sorted({*before, *after}):
        ours, theirs = before.get(start), after.get(start)
        one, other = (None if each is None else _value(each) for each in (ours, theirs))
        if ours is None or theirs is None:
            yield Difference(f"from {start}", one, other, Likeness.DIFFERENT)
            continue
        yield from _differing(f"from {start}", ours.value, theirs.value, one, other)
        if ours.because != theirs.because:
            reasons = quote(ours.because), quote(theirs.because)
            yield Difference(f"because from {start}", *reasons, Likeness.DIFFERENT, words_only=True)


def _value(dated: DatedValue) -> str:
    return days_text(dated.value) if isinstance(dated.value.expr.type, DurationType) else constant_text(dated.value)


def expected_differences(old: Example, new: Example) -> Iterator[Difference]:
    """Compare what two versions of an example expect, line by line."""
    before, after = _expectations(old), _expectations(new)
    for key in dict.fromkeys((*before, *after)):
        ours, theirs = before.get(key), after.get(key)
        if ours != theirs:
            yield Difference(f"expect {key}", ours, theirs, Likeness.DIFFERENT)


def _differing(part: str, ours: object, theirs: object, old: str | None, new: str | None) -> Iterator[Difference]:
    like = likeness(ours, theirs)
    if like is not Likeness.SAME:
        yield Difference(part, old, new, like)


def _rows(old: Table, new: Table) -> Iterator[Difference]:
    """Pair rows by their text, else by what they take; the order of rows has no meaning."""
    left = list(old.rows)
    for row in new.rows:
        twin = next((each for each in left if each.text == row.text), None) or next(
            (each for each in left if each.takes == row.takes), None
        )
        if twin is None:
            yield Difference(f"row {row.text}", None, text_of(row.points), Likeness.DIFFERENT)
            continue
        left.remove(twin)
        yield from _row(twin, row)
    for row in left:
        yield Difference(f"row {row.text}", text_of(row.points), None, Likeness.DIFFERENT)


def _row(old: Row, new: Row) -> Iterator[Difference]:
    yield from _differing(f"row {new.text}", old.points, new.points, text_of(old.points), text_of(new.points))
    if old.text != new.text:
        yield Difference("row", old.text, new.text, Likeness.TODAY)
    if old.words != new.words:
        ours, theirs = (None if each is None else quote(each) for each in (old.words, new.words))
        yield Difference(f"words of row {new.text}", ours, theirs, Likeness.DIFFERENT, words_only=True)
    if old.reason != new.reason:
        yield Difference(f"reason of row {new.text}", old.reason, new.reason, Likeness.DIFFERENT, words_only=True)


def _expectations(example: Example) -> dict[str, str | None]:
    """Give each line that an example expects, under its person and what it is about."""
    lines: dict[str, str | None] = {}
    for expect in example.expects:
        whose = expect.subject if expect.by is None else f"{expect.subject} in {expect.by}"
        lines.setdefault(whose, "")
        for line in expect.lines:
            about, text = _expectation(line)
            lines[f"{whose} {about}"] = text
    return lines


def _expectation(line: Expectation) -> tuple[str, str]:
    value = "" if line.value is None else plainly(line.value)
    match line.form:
        case "score":
            return "score", value
        case "rule":
            return f"{line.name}", value
        case "band" | "no score" | "insufficient data":
            return line.form, f"{line.name}"
        case "because":
            return "because", ", ".join(line.names)
        case "above":
            return f"above {line.name}", f"above {line.name}"
        case _:
            assert_never(line.form)
