"""Takes a step of a measure (a limit, a discount, fading, what pauses); gives the sentence that says what it took."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.plain import days_in_words, figure, readable, records
from tallystick.explain.tongue import Phrase, day, is_own_name, listed, number, phrase, say, say_n
from tallystick.explain.tree.measures import Absence, Step
from tallystick.rules.measure import Period

_MOST_NAMED = 3
"""So many absences are named one by one; the section about them has all."""
_TAKES = (phrase("changes nothing in all"), phrase("adds {amount}"), phrase("takes off {amount}"))
_WOULD_TAKE = (phrase("would change nothing in all"), phrase("would add {amount}"), phrase("would take off {amount}"))
_GIVES_BACK = (phrase("changes nothing in all"), phrase("gives back {amount}"), phrase("takes back {amount}"))
"""By how much a step changed a measure: not at all; where that takes from negative values; and where it lowered it."""


def half_life(step: Step) -> str:
    """Return how fast fading goes, where the rules say it with a number."""
    return "" if step.days is None else say(", losing half every {days}", days=days_in_words(step.days))


def took(step: Step, *, whole: bool, again: bool) -> str:
    """Return what one step took, and how it works; ``whole``: nothing that it took was given back; ``again``: a
    discount before it has taken from some records, of which it takes a part of what was left."""
    taken = _by(step, *_TAKES)
    behind = records(step.records)
    match step.step:
        case "discount" if step.percent is None:
            return say(
                "{records} counted only in part, for a private reason, which {takes}.", records=behind, takes=taken
            )
        case "discount" if again:
            return say_n(
                "{n} record counted only {percent}% of what was left of it ({title}), which {takes}.",
                "{n} records counted only {percent}% of what was left of them ({title}), which {takes}.",
                step.records,
                percent=number(step.percent or ""),
                title=step.title or "",
                takes=taken,
            )
        case "discount":
            return say(
                "{records} counted only {percent}% ({title}), which {takes}.",
                records=behind,
                percent=number(step.percent or ""),
                title=step.title or "",
                takes=taken,
            )
        case "dilution":
            # Those of the same giver that count nothing anyway are not among the records that the ledger has here.
            return say_n(
                "{n} record counted only in part, since whoever it came from gave several that day, which {takes}.",
                "{n} records counted only in part, since whoever they came from gave several that day, which {takes}.",
                step.records,
                takes=taken,
            )
        case "keep":
            return say(
                "{records} went over the limit of {limit}, which {takes}.",
                records=behind,
                limit=_limit(step),
                takes=taken,
            )
        case "total":
            return say(
                "{records} went over the total of {limit}, wholly or in part, which {takes}.",
                records=behind,
                limit=_limit(step),
                takes=taken,
            )
        case "fading":
            if whole:
                return say(
                    "What is older counts less{half_life}, which {takes}.", half_life=half_life(step), takes=taken
                )
            return say(
                "What is older counts less{half_life}. Without your absences, that {would_take}.",
                half_life=half_life(step),
                would_take=_by(step, *_WOULD_TAKE),
            )
        case "paused":
            return _paused(step)
        case "excluded" | "window":
            return ""
        case _:
            assert_never(step.step)


def not_reached(limit: Step) -> str:
    """Return that a limit is there, and took nothing."""
    match limit.step:
        case "dilution":
            # Of records that are worth nothing, the ledger does not tell whether their giver gave several.
            return say(
                "Records of somebody who gives several in a day count only in part; here that takes nothing off."
            )
        case "keep":
            return say("No record went over the limit of {limit}.", limit=_limit(limit))
        case _:
            return say("No record went over the total of {limit}.", limit=_limit(limit))


def _paused(step: Step) -> str:
    """Return which absences stopped the fading: one by one, or the first and the last day of many."""
    absences, gives = step.absences, _by(step, *_GIVES_BACK)
    if len(absences) > _MOST_NAMED:
        return say(
            "Your absences between {first} and {last} stopped the fading for that time, which {gives_back}.",
            first=day(absences[0].first),
            last=day(absences[-1].last),
            gives_back=gives,
        )
    when = listed([_stretch(each) for each in absences])
    if len(absences) == 1:
        return say(
            "Your absence {when} stopped the fading for that time, which {gives_back}.", when=when, gives_back=gives
        )
    return say(
        "Your absences {when} stopped the fading for that time, which {gives_back}.", when=when, gives_back=gives
    )


def _stretch(absence: Absence) -> str:
    """Return from when to when somebody was away."""
    if absence.first == absence.last:
        return say("on {day}", day=day(absence.first))
    return say("from {first} to {last}", first=day(absence.first), last=day(absence.last))


def _by(step: Step, nothing: Phrase, more: Phrase, less: Phrase) -> str:
    """Return by how much a step changed the measure; what takes from negative values raises it."""
    amount = figure(step.value, step.about)
    if step.value == "0":
        return say(nothing)
    return say(more, amount=amount.replace("-", "")) if "-" in amount else say(less, amount=amount)


def _limit(step: Step) -> str:
    """Return a limit as written: ``3 per actor per week``."""
    return number(step.limit or "") + per_words(step.per, step.period)


def per_words(fields: tuple[str, ...], period: Period | None) -> str:
    """Return of what a limit holds for each: `` per actor per week``."""
    found = "".join(_per(each) for each in fields)
    match period:
        case None:
            return found
        case "day":
            return found + say(" per day")
        case "week":
            return found + say(" per week")
        case "month":
            return found + say(" per month")
        case _:
            assert_never(period)


def _per(field: str) -> str:
    if field in ("actor", "subject") and not is_own_name(field):
        return say(" per person")
    return say(" per {field}", field=readable(field))
