"""Takes a rulebook; gives the part of the public guide that says what is promised, and whether that is proved."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.explain.page import Entry, Section
from tallystick.explain.plain import days_in_words, points, quoted, readable
from tallystick.explain.tongue import listed_or, say
from tallystick.rules.analysis.promises import Judged, judge
from tallystick.rules.rulebook import Claim, Rulebook


def promised(rulebook: Rulebook) -> Section:
    """Return what is promised; a claim that does not follow from the rules is said not to be proved."""
    entries = tuple(
        Entry(
            quoted(promise.text),
            tuple(sentence for claim in promise.claims for sentence in _claim(rulebook, claim)),
        )
        for promise in rulebook.promises
    )
    return Section(say("What is promised"), entries)


def _claim(rulebook: Rulebook, claim: Claim) -> Iterator[str]:
    judged = judge(rulebook, claim)
    yield _said(claim)
    yield _outcome(judged)


def _said(claim: Claim) -> str:
    amount = points(text_of(Decimal(0) if claim.amount is None else claim.amount.value))
    match claim.form:
        case "one actor moves":
            return say(
                "Whoever it is: with all that one person did and without it, a score differs by at most {points}.",
                points=amount,
            )
        case "own actions give":
            return say("All that you do yourself raises your score by at most {points}.", points=amount)
        case "silence costs":
            days = days_in_words(str(claim.days))
            return say("If nothing more happens for {days}, that costs at most {points}.", days=days, points=amount)
        case "never falls with":
            kinds = listed_or([readable(kind) for kind in claim.kinds])
            return say(
                "A record more on the day of the score never lowers it, if it is of this kind: {kinds}.", kinds=kinds
            )
        case _:
            assert_never(claim.form)


def _outcome(judged: Judged) -> str:
    if not judged.proved:
        return say("This is not proved, and may turn out false.")
    if judged.claim.form == "never falls with":
        return say("This is proved: it follows from the rules, whatever the records.")
    most = points(text_of(judged.most))
    if judged.counted:
        return say(
            "This is proved: it follows from the rules for everybody of whom at most a million records count, "
            "and no more than {points} is possible.",
            points=most,
        )
    return say(
        "This is proved: it follows from the rules, whatever the records, and no more than {points} is possible.",
        points=most,
    )
