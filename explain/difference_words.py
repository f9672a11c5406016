"""Takes a change of a rulebook; gives the sentence that says it, and the sentences that say what follows from it."""

from __future__ import annotations

from typing import assert_never

from tallystick.rules.change import Change, Kind, Reach
from tallystick.rules.decimals import plainly

_KINDS: dict[Kind, str] = {
    "rulebook": "rulebook",
    "records": "records",
    "subjects": "subjects",
    "field": "field",
    "attribute": "attribute",
    "parameter": "parameter",
    "require": "requirement",
    "exclude": "exclusion",
    "discount": "discount",
    "measure": "measure",
    "facet": "facet",
    "rule": "rule",
    "score": "score",
    "band": "band",
    "example": "example",
}

_CHANGED: dict[tuple[Kind, str], tuple[str, str, str]] = {
    # What is said when a part changed, came, and went.
    ("rule", "weight"): ("weighs {new} instead of {old}", "weighs {new}", "has no weight any more"),
    ("rule", "level"): ("looks at {new} instead of {old}", "looks at {new}", "looks at nothing"),
    ("rule", "shape of the level"): (
        "turns its value into a level {new} instead of {old}",
        "turns its value into a level {new}; before, the value itself was the level",
        "takes its value itself as the level; before, {old}",
    ),
    ("rule", "points"): ("gives {new} points instead of {old}", "gives {new} points", "gives no points"),
    ("rule", "points by"): ("goes by {new} instead of {old}", "goes by {new}", "goes by nothing"),
    ("rule", "how points are worked out"): (
        "works out its points in another way: {new} instead of {old}",
        "works out points: {new}",
        "works out no points: {old}",
    ),
    ("rule", "facet"): ("belongs to facet {new} instead of {old}", "belongs to facet {new}", "belongs to no facet"),
    ("rule", "when"): (
        "applies when {new} instead of when {old}",
        "applies only when {new}; before, always",
        "applies always; before, only when {old}",
    ),
    ("rule", "otherwise"): (
        "gives {new} instead of {old} where it does not apply or a value is missing",
        "gives {new} where it does not apply or a value is missing",
        "gives nothing where it does not apply or a value is missing; before, {old}",
    ),
    ("measure", "counting"): ("is {new} instead of {old}", "is {new}", "is nothing"),
    ("measure", "when"): (
        "looks at what is {new} instead of {old}",
        "looks only at what is {new}; before, at everything",
        "looks at everything; before, only at what is {old}",
    ),
    ("measure", "within"): (
        "looks back {new} instead of {old}",
        "looks back only {new}; before, over all time",
        "looks back over all time; before, only {old}",
    ),
    ("measure", "diluted"): (
        "is diluted {new} instead of {old}",
        "is diluted {new}: the more its giver gave that day, the less each counts; before, it was not",
        "is not diluted any more",
    ),
    ("measure", "keep"): (
        "keeps {new} instead of {old}",
        "keeps only {new}; before, all",
        "keeps all; before, only {old}",
    ),
    ("measure", "total"): (
        "takes in {new} instead of {old}",
        "takes in only {new}; before, without limit",
        "takes in all; before, only {old}",
    ),
    ("measure", "halving every"): (
        "halves every {new} instead of every {old}",
        "halves every {new}; before, it did not fade",
        "does not fade any more; before, it halved every {old}",
    ),
    ("parameter", "="): ("is {new} instead of {old}", "is {new}", "is nothing"),
    ("require", "when"): ("asks for {new} instead of {old}", "asks for {new}", "asks for nothing"),
    ("require", "otherwise"): (
        "gives who fails it {new} instead of {old}",
        "gives who fails it {new}",
        "gives who fails it nothing",
    ),
    ("exclude", "when"): (
        "takes records with {new} instead of {old}",
        "takes only records with {new}; before, it had no such condition",
        "has no condition any more; before, {old}",
    ),
    ("exclude", "repeats of"): (
        "takes repeats of {new} instead of {old}",
        "takes only repeats of {new}; before, all that it looked at",
        "takes all that it looks at; before, only repeats of {old}",
    ),
    ("discount", "to"): ("counts records {new} instead of {old}", "counts records {new}", "counts records in full"),
    ("discount", "when"): (
        "applies to records with {new} instead of {old}",
        "applies only to records with {new}; before, to all",
        "applies to all records; before, only to those with {old}",
    ),
    ("field", "from"): ("is read from column {new} instead of {old}", "is read from {new}", "is not read from {old}"),
    ("field", "type"): ("is {new} instead of {old}", "is {new}", "is not {old}"),
    ("field", "optional"): ("is {new}", "may be missing now", "may not be missing any more"),
    ("band", "from"): ("begins at {new} instead of {old}", "begins at {new}", "begins nowhere"),
    ("score", "rules"): ("is the {new} instead of the {old}", "is the {new}", "is not the {old}"),
    ("score", "rounded"): (
        "is rounded {new} instead of {old}",
        "is rounded {new}; before, it was shown with all of its places",
        "is shown with all of its places; before, it was rounded {old}",
    ),
    ("score", "lines rounded"): ("has its lines rounded {new} instead of {old}", "rounds {new}", "rounds no lines"),
    ("rulebook", "version"): ("has version {new} instead of {old}", "has version {new}", "has no version"),
    ("rulebook", "effective"): (
        "takes effect on {new} instead of {old}: no earlier day can be scored",
        "takes effect on {new}: no earlier day can be scored",
        "can be used for any day; before, from {old}",
    ),
    ("rulebook", "time zone"): (
        "begins its days in {new} instead of {old}",
        "begins its days in {new}",
        "begins its days in UTC",
    ),
}

_BOUND = {
    "at most": (
        "gives at most {new} instead of {old}",
        "gives at most {new}; before, it had no such limit",
        "has no upper limit any more; before, {old}",
    ),
    "at least": (
        "gives at least {new} instead of {old}",
        "gives at least {new}; before, it had no such limit",
        "has no lower limit any more; before, {old}",
    ),
}

_ORDERS: dict[Kind, str] = {
    "exclude": "a record is charged to the first exclusion that takes it, and `repeats` sees only what is left",
    "discount": "each is charged with what it took of what the ones before it had left",
    "require": "who fails several is told of the first",
    "field": "of two records of one moment, `repeats` takes the least in this order for the earlier",
    "rule": "no score is another; lines, columns and reasons of equal points stand in this order",
}


def sentence(change: Change) -> str:
    """Say what is different, on one line, with the old and the new text in backticks."""
    said = _said(change)
    return said[0].upper() + said[1:]


def _said(change: Change) -> str:
    match change.form:
        case "added":
            return _sentence(f"{_whole(change)} is new", change.new)
        case "removed":
            return _sentence(f"{_whole(change)} is gone", change.old)
        case "renamed":
            return f"{_KINDS[change.kind]} {_named(change.kind, change.old_name)} is now called {_name(change)}."
        case "reordered":
            return f"the {_KINDS[change.kind]}s stand in another order: {_ORDERS[change.kind]}."
        case "put otherwise":
            return _put_otherwise(change)
        case "changed":
            return f"{_subject(change)} {_predicate(change)}."
        case _:
            assert_never(change.form)


def effect_sentences(change: Change) -> tuple[str, ...]:
    """Say what follows exactly: who reads it, and what a line can give now."""
    said = []
    if change.reaches and change.kind not in {"rule", "require"}:
        said.append(f"Read by {', '.join(f'`{name}`' for name in change.reaches)}.")
    if change.effect is not None:
        if change.effect.old != change.effect.new:
            said.append(f"It can give {_reach(change.effect.new)}; before, {_reach(change.effect.old)}.")
        if change.effect.share is not None:
            said.append(f"Before rounding, everybody's line is {_times(*change.effect.share)} what it was.")
    if change.kind in {"records", "subjects"}:
        scored = (
            "who has a row there" if (change.kind, change.form) == ("subjects", "added") else "whoever a record names"
        )
        said.append(f"Scored is now {scored}.")
    return tuple(said)


def reach_sentence(old: Reach, new: Reach) -> str:
    """Say what all rules can give together."""
    return f"All rules together can give {_reach(new)}; before, {_reach(old)}."


def _sentence(start: str, gist: str | None) -> str:
    return f"{start}: `{_without_backticks(gist)}`." if gist else f"{start}."


def _whole(change: Change) -> str:
    if change.kind in {"records", "subjects"}:
        return f"`{change.kind}`"
    return f"{_KINDS[change.kind]} {_name(change)}"


def _subject(change: Change) -> str:
    if change.kind in {"rulebook", "score"}:
        return f"the {change.kind}"
    return f"{_KINDS[change.kind]} {_name(change)}"


def _name(change: Change) -> str:
    return _named(change.kind, change.name)


def _named(kind: Kind, name: str | None) -> str:
    return f'"{_without_backticks(name or "")}"' if kind == "example" else f"`{name}`"


def _predicate(change: Change) -> str:
    kind = "field" if change.kind == "attribute" else change.kind
    forms = _CHANGED.get((kind, change.part)) or _BOUND.get(change.part)
    if forms is None and change.part.startswith("row "):
        row = change.part.removeprefix("row ")
        forms = (
            f"gives {{new}} points instead of {{old}} in row `{row}`",
            f"has a new row `{row}` that gives {{new}} points",
            f"has no row `{row}` any more; it gave {{old}} points",
        )
    if forms is None and change.part.startswith("expect "):
        who = change.part.removeprefix("expect ")
        forms = (
            f"expects {{new}} instead of {{old}} for `{who}`",
            f"expects {{new}} for `{who}`",
            f"expects nothing of `{who}` any more; before, {{old}}",
        )
    if forms is None:
        part = f"`{change.part}`"
        forms = (
            f"has another {part}: {{new}} instead of {{old}}",
            f"has a {part} now: {{new}}",
            f"has no {part} now: {{old}}",
        )
    changed, came, went = forms
    form = came if change.old is None else went if change.new is None else changed
    return form.format(old=_quoted(change.old), new=_quoted(change.new))


def _quoted(text: str | None) -> str:
    if text is None:
        return ""
    text = _without_backticks(text)
    plain = text.replace(".", "").removeprefix("-").isdigit()
    return text if plain or text.startswith('"') or text in _PLAIN_TEXTS else f"`{text}`"


def _without_backticks(text: str) -> str:
    """Leave backticks to us: in a sentence they come in pairs, around what is safe from being read as markup."""
    return text.replace("`", "'")


_PLAIN_TEXTS = frozenset({"not applicable", "no score", "insufficient data", "optional", "none"})


def _put_otherwise(change: Change) -> str:
    if not change.part:
        return "something is put otherwise; nothing that counts is different."
    texts = f"{_quoted(change.new)} instead of {_quoted(change.old)}"
    return f"{_subject(change)} puts `{change.part}` otherwise, {texts}; both mean the same."


def _reach(reach: Reach) -> str:
    match reach.least, reach.most:
        case None, None:
            return "any number of points"
        case None, most if most is not None:
            return f"{plainly(most)} points or fewer"
        case least, None if least is not None:
            return f"{plainly(least)} points or more"
        case least, most if least is not None and most is not None:
            return f"{plainly(least)} to {plainly(most)} points" if least != most else f"{plainly(least)} points"
        case _:
            raise AssertionError(reach)


def _times(over: int, under: int) -> str:
    return f"{over} times" if under == 1 else f"{over}/{under} of"
