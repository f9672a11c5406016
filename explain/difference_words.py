"""Takes a change of a rulebook; gives the sentence that says it, and the sentences that say what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from tallystick.explain.change_forms import forms_of
from tallystick.rules.aspects import Aspect
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


ASPECT_WORDS: dict[Aspect, str] = {
    "criteria": "What counts",
    "weights": "How much it counts",
    "scale": "The scale",
}


def aspect_sentences(changed: Iterable[tuple[Kind, str, tuple[Aspect, ...]]]) -> tuple[str, ...]:
    """Say what concerns the criteria, the weights and the scale, and which of the three are as they were."""
    found: dict[Aspect, dict[str, None]] = {aspect: {} for aspect in ASPECT_WORDS}
    for kind, name, aspects in changed:
        for aspect in aspects:
            found[aspect].setdefault(_declaration(kind, name))
    if not any(found.values()):
        return ()
    return tuple(f"{words}: {', '.join(found[aspect]) or 'as before'}." for aspect, words in ASPECT_WORDS.items())


def _declaration(kind: Kind, name: str) -> str:
    if kind in {"score", "rulebook", "records", "subjects"}:
        return f"the {_KINDS[kind]}"
    return f"{_KINDS[kind]} `{name}`" if name else f"the order of {_KINDS[kind]}s"


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


def declaration(kind: Kind, name: str) -> str:
    """Name a declaration in the middle of a sentence; without a name, the order of all of its kind."""
    if kind in {"records", "subjects"}:
        return f"`{kind}`"
    if kind in {"rulebook", "score"}:
        return f"the {_KINDS[kind]}"
    return f"{_KINDS[kind]} {_named(kind, name)}" if name else f"the order of {_KINDS[kind]}s"


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
    return _form(change).format(old=_quoted(change.old), new=_quoted(change.new))


def _form(change: Change) -> str:
    """Choose how a change of a part is said: it is another, it came, or it went."""
    if change.old is not None and change.old == change.new:
        return f"has other {change.part}, and as many"
    if (change.kind, change.part) == ("rule", "otherwise"):
        # What gives nothing is not one more number.
        if change.new == _NOTHING:
            return "does not apply where its condition fails or a value is missing; before, it gave {old} there"
        if change.old == _NOTHING:
            return "gives {new} where its condition fails or a value is missing; before, it did not apply there"
    changed, came, went = forms_of(change)
    return came if change.old is None else went if change.new is None else changed


def _quoted(text: str | None) -> str:
    if text is None:
        return ""
    text = _without_backticks(text)
    plain = text.replace(".", "").removeprefix("-").isdigit()
    return text if plain or text.startswith('"') or text in _PLAIN_TEXTS else f"`{text}`"


def _without_backticks(text: str) -> str:
    """Leave backticks to us: in a sentence they come in pairs, around what is safe from being read as markup."""
    return text.replace("`", "'")


_NOTHING = "not applicable"
_PLAIN_TEXTS = frozenset({_NOTHING, "no score", "insufficient data", "optional", "none", "pauses"})


def _put_otherwise(change: Change) -> str:
    if not change.part:
        return "something is put otherwise; nothing that counts is different."
    texts = f"{_quoted(change.new)} instead of {_quoted(change.old)}"
    part = "its value" if change.part == "=" else f"`{change.part}`"
    return f"{_subject(change)} puts {part} otherwise, {texts}; both mean the same."


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
