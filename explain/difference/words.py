"""Takes a change of a rulebook; gives the sentence that says it, and the sentences that say what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from tallystick.explain.difference.forms import forms_of
from tallystick.explain.plain import capital
from tallystick.explain.tongue import Phrase, number, phrase, say
from tallystick.rules.decimals import plainly
from tallystick.rules.diff.aspects import Aspect
from tallystick.rules.diff.change import Change
from tallystick.rules.questions.reach import Reach
from tallystick.rules.rulebook import Kind

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
    "promise": "promise",
    "example": "example",
}

_NAMED: dict[Kind, Phrase] = {
    "rulebook": phrase("the rulebook"),
    "records": phrase("`records`"),
    "subjects": phrase("`subjects`"),
    "field": phrase("field {name}"),
    "attribute": phrase("attribute {name}"),
    "parameter": phrase("parameter {name}"),
    "require": phrase("requirement {name}"),
    "exclude": phrase("exclusion {name}"),
    "discount": phrase("discount {name}"),
    "measure": phrase("measure {name}"),
    "facet": phrase("facet {name}"),
    "rule": phrase("rule {name}"),
    "score": phrase("the score"),
    "band": phrase("band {name}"),
    "promise": phrase("promise {name}"),
    "example": phrase("example {name}"),
}

_ORDERS: dict[Kind, Phrase] = {
    "exclude": phrase(
        "the exclusions stand in another order: "
        "a record is charged to the first exclusion that takes it, and `repeats` sees only what is left."
    ),
    "discount": phrase(
        "the discounts stand in another order: each is charged with what it took of what the ones before it had left."
    ),
    "require": phrase("the requirements stand in another order: who fails several is told of the first."),
    "field": phrase(
        "the fields stand in another order: "
        "of two records of one moment, `repeats` takes the least in this order for the earlier."
    ),
    "band": phrase("the bands stand in another order: a person is in the last of those of which every need is met."),
    "rule": phrase(
        "the rules stand in another order: "
        "no score is another; lines, columns and reasons of equal points stand in this order."
    ),
}


def sentence(change: Change) -> str:
    """Say what is different, on one line, with the old and the new text in backticks."""
    return capital(_said(change))


def _said(change: Change) -> str:
    match change.form:
        case "added":
            return _new(_whole(change), change.new)
        case "removed":
            return _gone(_whole(change), change.old)
        case "renamed":
            old = say(_NAMED[change.kind], name=_named(change.kind, change.old_name))
            return say("{what} is now called {name}.", what=old, name=_name(change))
        case "reordered":
            return say(_ORDERS[change.kind])
        case "put otherwise":
            return _put_otherwise(change)
        case "changed":
            return say("{what} {is_now}.", what=_subject(change), is_now=_predicate(change))
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
            times = _times(*change.effect.share)
            said.append(f"By this alone, and before rounding, everybody's line is {times} what it was.")
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


def _new(what: str, gist: str | None) -> str:
    if gist:
        return say("{what} is new: `{gist}`.", what=what, gist=_without_backticks(gist))
    return say("{what} is new.", what=what)


def _gone(what: str, gist: str | None) -> str:
    if gist:
        return say("{what} is gone: `{gist}`.", what=what, gist=_without_backticks(gist))
    return say("{what} is gone.", what=what)


def _whole(change: Change) -> str:
    if change.kind in {"rulebook", "score"}:
        return f"{_KINDS[change.kind]} {_name(change)}"
    return _subject(change)


def _subject(change: Change) -> str:
    return say(_NAMED[change.kind], name=_name(change))


def _name(change: Change) -> str:
    return _named(change.kind, change.name)


def _named(kind: Kind, name: str | None) -> str:
    return f'"{_without_backticks(name or "")}"' if kind in {"promise", "example"} else f"`{name}`"


def _predicate(change: Change) -> str:
    form, places = _form(change)
    return say(form, **{"old": _quoted(change.old), "new": _quoted(change.new), **places})


def _form(change: Change) -> tuple[Phrase, dict[str, str]]:
    """Choose how a change of a part is said, it is another, it came, or it went; and what fills its other places."""
    if change.old is not None and change.old == change.new:
        return phrase("has other {part}, and as many"), {"part": change.part}
    if (change.kind, change.part) == ("rule", "otherwise"):
        # What gives nothing is not one more number.
        if change.new == _NOTHING:
            return phrase(
                "does not apply where its condition fails or a value is missing; before, it gave {old} there"
            ), {}
        if change.old == _NOTHING:
            return phrase(
                "gives {new} where its condition fails or a value is missing; before, it did not apply there"
            ), {}
    (changed, came, went), places = forms_of(change)
    return came if change.old is None else went if change.new is None else changed, places


def _quoted(text: str | None) -> str:
    if text is None:
        return ""
    text = _without_backticks(text)
    plain = text.replace(".", "").removeprefix("-").isdigit()
    if plain:
        return number(text)
    return text if text.startswith('"') or text in _PLAIN_TEXTS else f"`{text}`"


def _without_backticks(text: str) -> str:
    """Leave backticks to us: in a sentence they come in pairs, around what is safe from being read as markup."""
    return text.replace("`", "'")


_NOTHING = "not applicable"
_PLAIN_TEXTS = frozenset({_NOTHING, "no score", "insufficient data", "optional", "none", "pauses"})


def _put_otherwise(change: Change) -> str:
    if not change.part:
        return say("something is put otherwise; nothing that counts is different.")
    what, new, old = _subject(change), _quoted(change.new), _quoted(change.old)
    if change.part == "=":
        return say(
            "{what} puts its value otherwise, {new} instead of {old}; both mean the same.", what=what, new=new, old=old
        )
    return say(
        "{what} puts `{part}` otherwise, {new} instead of {old}; both mean the same.",
        what=what,
        part=change.part,
        new=new,
        old=old,
    )


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
