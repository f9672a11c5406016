"""Takes small rulebooks; holds what is said to let records touch other records of a measure to what was worked out by
hand. What is left out here makes a derived bound narrower than what can happen, which no bound by itself shows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from generators.accepted import accepted

from tallystick.rules.analysis.ripples import ripples
from tallystick.rules.analysis.shifts import Pair
from tallystick.rules.measure import Formula

HEAD = """\
rulebook "Ripples" version 1.0.0
    owner "Tests"

records
    id      text
    subject text
    actor   text
    kind    one of like, share, post
    at      time
    item    text
    level   number 0 to 10 with 1 places

"""
SCORE = """\
rule r "R"
    points min(m, 9)
    because "…"

score "S"
    sum of all rules
    rounded to 1 place
"""
ANOTHER, OWN = Pair("another's records"), Pair("own records")
LIKE, SHARE = (Pair("one more record", kind=kind) for kind in ("like", "share"))
LATER = Pair("silence", days=14)


@dataclass(frozen=True)
class Touching:
    """What is declared before the measure `m`, a pair, and through what its records touch others; why that is so."""

    declared: str
    measure: str
    pair: Pair
    through: tuple[str, ...]
    why: str


def measure(*lines: str) -> str:
    """Write the measure `m`."""
    return 'measure m "m"\n' + "".join(f"    {line}\n" for line in lines) + "\n"


def exclude(*lines: str, name: str = "x") -> str:
    """Write an exclusion."""
    return f'exclude {name} "x"\n' + "".join(f"    {line}\n" for line in (*lines, 'because "…"')) + "\n"


def discount(condition: str) -> str:
    """Write a discount `d` of a half."""
    return f'discount d "d"\n    to 50%\n    when {condition}\n    because "…"\n\n'


def repeats(*fields: str, when: str = "") -> str:
    """Write the exclusion of what agrees in some fields."""
    return exclude(*([f"when {when}"] if when else []), f"repeats of {', '.join(fields)}")


RETURNED = discount("returned within 30 days")
LIKES, SHARES = measure("count like"), measure("count share")
EARNED_BY_AGE = 'subjects\n    joined date optional\n\nmeasure old "o"\n    = (days since joined) or else 0\n\n'
EARNED = measure("sum min(actor.old or else 0, 3) of post")
FIRST, HALF = ("x: another is first",), "d: returned"
CASES = [
    Touching("", LIKES, LIKE, (), "nothing is asked but the kind"),
    # ---- conditions
    Touching(exclude("when days since at > 30"), LIKES, LATER, ("x: days pass",), "a day is a day later then"),
    Touching(exclude("when level > 3"), LIKES, LATER, (), "a level stays"),
    Touching(exclude("when days since at > 30"), LIKES, LIKE, (), "another record leaves the days alone"),
    Touching(RETURNED, LIKES, OWN, (f"{HALF} by own",), "the person's records return others' likes"),
    Touching(RETURNED, LIKES, ANOTHER, (), "another's records are returned by the person alone"),
    Touching(RETURNED, measure("count like given"), OWN, (), "what is given is returned by others"),
    Touching(RETURNED, measure("count like given"), ANOTHER, (f"{HALF} by others",), "and here they are"),
    Touching(
        RETURNED,
        measure("count like", "diluted per actor per day"),
        ANOTHER,
        (f"{HALF} by others",),
        "others' records about others settle by how much it is diluted",
    ),
    Touching(RETURNED, LIKES, LIKE, (f"{HALF} that day",), "a like can return one"),
    Touching(RETURNED, LIKES, SHARE, (), "a share returns no like"),
    Touching(RETURNED, LIKES, LATER, (), "days return nothing"),
    Touching(discount("kind = share and returned within 30 days"), LIKES, LIKE, (), "of likes nothing is asked"),
    Touching(discount("kind = share and returned within 30 days"), LIKES, OWN, (), "nor of the person's own"),
    Touching(
        discount("kind = share and returned within 30 days"), SHARES, SHARE, (f"{HALF} that day",), "of shares it is"
    ),
    Touching(RETURNED, measure("days of like"), LIKE, (), "days are counted whole, whatever a record counts"),
    Touching(
        "", measure("count like", "when returned within 30 days"), LIKE, ("m: returned that day",), "its own condition"
    ),
    # ---- what actors earned
    Touching(EARNED_BY_AGE, EARNED, LATER, ("m: earned",), "everybody is older then"),
    Touching(EARNED_BY_AGE, EARNED, LIKE, (), "a like makes nobody older"),
    # ---- dilution
    Touching("", measure("count like", "diluted per actor per day"), LIKE, ("m: diluted",), "one more of that day"),
    Touching("", measure("count like", "diluted per actor per day"), SHARE, (), "a share dilutes no like"),
    Touching("", measure("count like", "diluted per actor per day"), LATER, (), "nor do days"),
    # ---- repeats
    Touching(repeats("item"), LIKES, ANOTHER, FIRST, "the first may be another's"),
    Touching(repeats("item"), LIKES, OWN, FIRST, "or one's own"),
    Touching(repeats("item", "actor"), LIKES, ANOTHER, (), "it is of the same actor"),
    Touching(repeats("item"), LIKES, LATER, (), "no record comes"),
    Touching(repeats("item", when="kind = share"), LIKES, ANOTHER, (), "likes are not asked"),
    Touching(repeats("item", when="kind = like"), LIKES, ANOTHER, FIRST, "they are"),
    # A record of the as-of day can stand before one of the same moment.
    Touching(repeats("item"), LIKES, LIKE, (), "all likes count alike, whichever is the first"),
    Touching(repeats("item"), LIKES, SHARE, FIRST, "a share may be the first, and no like counts then"),
    Touching(repeats("item", "kind"), LIKES, SHARE, (), "they agree in the kind"),
    Touching(repeats("item", when="kind = like"), LIKES, SHARE, (), "of shares it is not asked"),
    Touching(repeats("item"), measure("sum level of like"), LIKE, FIRST, "the first may have another level"),
    Touching(repeats("item", "level"), measure("sum level of like"), LIKE, (), "they agree in the level"),
    Touching(repeats("item"), measure("count like", "when level > 3"), LIKE, FIRST, "the measure asks for the level"),
    Touching(repeats("item", "level"), measure("count like", "when level > 3"), LIKE, (), "in which they agree"),
    Touching(repeats("item"), measure("distinct actor of like"), LIKE, FIRST, "the first may be another actor's"),
    Touching(repeats("item", "actor"), measure("distinct actor of like"), LIKE, (), "they agree in the actor"),
    Touching(repeats("item"), measure("distinct item of like"), LIKE, (), "they agree in the item"),
    Touching(repeats("item"), measure("count like", "keep at most 3 per actor"), LIKE, FIRST, "the limit of another"),
    Touching(repeats("item"), measure("count like", "keep at most 3 per item"), LIKE, (), "the limit of the same"),
    Touching(
        repeats("item"),
        measure("count like", "diluted per actor per day"),
        LIKE,
        (*FIRST, "m: diluted"),
        "another's day is diluted",
    ),
    Touching(repeats("item", "kind"), measure("count like given"), LIKE, FIRST, "another gave it"),
    Touching(repeats("item", "kind", "actor"), measure("count like given"), LIKE, (), "the same gave it"),
    Touching(
        repeats("item", "kind") + exclude("when level > 3", name="y"), LIKES, LIKE, FIRST, "what comes after asks more"
    ),
    Touching(
        exclude("when level > 3", name="y") + repeats("item", "kind"), LIKES, LIKE, (), "what came before does not"
    ),
    Touching(
        repeats("item", "kind") + exclude("when kind = share and level > 3", name="y"),
        LIKES,
        LIKE,
        (),
        "of likes nothing more is asked",
    ),
    Touching(repeats("item", "kind") + discount("level > 3"), LIKES, LIKE, FIRST, "a discount asks more"),
    Touching(repeats("item", "kind") + discount("level > 3"), measure("days of like"), LIKE, (), "it is not heeded"),
    Touching(
        repeats("item", "kind", "actor") + RETURNED,
        LIKES,
        LIKE,
        (*FIRST, f"{HALF} that day"),
        "what is returned depends on the moment",
    ),
    Touching(
        repeats("item", "kind") + exclude("repeats of item", name="y"),
        LIKES,
        LIKE,
        FIRST,
        "which is first there depends on which is first here",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_records_touch_others_through_what_was_found_by_hand(case: Touching) -> None:
    """For each pair of results, the declarations through which records touch others of a measure, and no more."""
    rulebook = accepted(HEAD + case.declared + case.measure + SCORE)
    (found,) = (each for each in rulebook.measures if each.name == "m")
    assert not isinstance(found.aggregate, Formula)
    ways = ripples(rulebook, found, found.aggregate, case.pair)
    assert tuple(f"{way.name}: {way.why}" for way in ways) == case.through
