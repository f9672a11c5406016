"""Takes how a person's result changed where there is no score on one side; gives what brought it about, in words."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.change.document import Change, OutcomeTurn, PersonChange
from tallystick.explain.change.words import stage_words
from tallystick.explain.page import Items, Paragraph, Section
from tallystick.explain.plain import sentence
from tallystick.explain.tongue import phrase, say

_WITHOUT = {"no score": phrase("no score"), "insufficient data": phrase("insufficient data")}


def turns_section(document: Change, person: PersonChange) -> Section:
    """Say step by step what brought a score, or took it."""
    if not person.turns:
        return Section("", ())
    stages = {stage.stage: stage for stage in document.stages}
    entered = [person.result_before is None, *(turn.outcome is None for turn in person.turns)]
    said = tuple(
        f"{stage_words(stages[turn.stage], document)}. {_turn(turn, entered=before)}"
        for turn, before in zip(person.turns, entered, strict=False)
    )
    return Section(say("What brought it about"), (Paragraph(_no_difference(person)), Items(said)))


def _no_difference(person: PersonChange) -> str:
    """Say why there is no difference in points, and what is told instead."""
    if person.result_before is None:
        return say(
            "You are not in the earlier run, so there is no difference in points. "
            "This is how you came into the later one, step by step:"
        )
    if person.result_after is None:
        return say(
            "You are not in the later run, so there is no difference in points. "
            "This is how you went out of it, step by step:"
        )
    if person.before is None and person.after is None:
        return say("Without scores there is no difference in points. This is what changed, step by step:")
    return say("Without a score on one side there is no difference in points. This is what came or went, step by step:")


def _turn(turn: OutcomeTurn, *, entered: bool) -> str:
    """Say what a person's result is from a stage on. ``entered``: the run did not name the person before."""
    match turn.outcome:
        case None:
            return say("From then on the run does not name you.")
        case "scored":
            if entered:
                return say("From then on the run names you, and you have a score.")
            return say("From then on you have a score: every requirement is met.")
        case "no score" | "insufficient data":
            words = sentence(turn.words or say(_WITHOUT[turn.outcome]))
            if turn.requirement_title is None:
                if entered:
                    return say("From then on the run names you, and you have no score: {words}", words=words)
                return say("From then on you have no score: {words}", words=words)
            if entered:
                return say(
                    "From then on the run names you, and you have no score (required: {title}): {words}",
                    title=turn.requirement_title,
                    words=words,
                )
            return say(
                "From then on you have no score (required: {title}): {words}",
                title=turn.requirement_title,
                words=words,
            )
        case _:
            assert_never(turn.outcome)
