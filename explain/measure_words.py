"""Takes a measure's facts; gives the sentences that say what counted, what was left out, and what each step took."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.document import Absence, Given, Measured, Step
from tallystick.explain.node_words import condition, listed, steps, term
from tallystick.explain.plain import capital, days_in_words, figure, quoted, readable, records, sentence, unit

_MOST_NAMED = 3
"""So many absences are named one by one; the section about them has all."""
_OF_RECORDS = {"average": "average", "highest": "highest", "lowest": "lowest", "latest": "latest"}


def measure_sentences(measure: Measured, told: dict[str, str], under: str, *, lead: bool = True) -> list[str]:
    """Return what there is to say about a measure; without ``lead``, all but its first sentence.

    ``told`` holds under which heading each measure was told before: it is not told again. ``under`` is the heading now.
    """
    before = told.setdefault(measure.measure, under)
    if before != under and measure.state == "value":
        return [f"{capital(measure.plural)}: {figure(measure.value, measure.about)}, as told under {quoted(before)}."]
    found = [_lead(measure)] if lead else []
    taking = [step for step in measure.steps if step.value is not None and step.step not in ("excluded", "window")]
    whole = all(step.step != "paused" for step in taking)
    found.extend(_took(step, whole=whole) for step in taking)
    if taking:
        found.append(_leaves(measure))
    left = _left_out(measure)
    if left:
        found.append(left)
    if measure.because is not None:
        found.append(f"Why it is counted this way: {sentence(measure.because)}")
    for part in measure.parts:
        found.extend(measure_sentences(part, told, under))
    return found


def _span(measure: Measured) -> str:
    """Return how far back a measure looks."""
    if measure.within_days is None:
        return ""
    return f" in the last {days_in_words(measure.within_days)}"


def _by_you(measure: Measured) -> str:
    """Return what marks a measure of what the person did, not of what was done about them."""
    return ", of what you did yourself" if measure.given else ""


def _lead(measure: Measured) -> str:
    """Return the first sentence: what was counted."""
    match measure.how:
        case "formula":
            return _formula(measure)
        case "count" | "distinct" | "sum" | "sum by kind":
            return _counted(measure)
        case "average" | "highest" | "lowest" | "latest":
            return _picked(measure)
        case "days":
            return f"Counted: {_units(measure)}{_span(measure)}{_by_you(measure)}{_from_records(measure)}."
        case "h index":
            fields = listed([readable(each) for each in measure.fields])
            return (
                f"Counted: {_units(measure)}{_span(measure)}{_by_you(measure)}: "
                f"that many values of {quoted(fields)} have at least that many records each."
            )
        case _:
            assert_never(measure.how)


def _units(measure: Measured) -> str:
    """Return the value with the author's word."""
    return f"{figure(measure.value, measure.about)} {unit(measure.value, measure.singular, measure.plural)}"


def _from_records(measure: Measured) -> str:
    """Return how many records stand behind a value that is not their number."""
    if measure.records is None or measure.records == 0:
        return ""
    return f", in {records(measure.records)}"


def _counted(measure: Measured) -> str:
    """Return what was counted, before anything took from it."""
    amount = figure(measure.before, measure.before_about)
    word = unit(measure.before, measure.singular, measure.plural)
    behind = "" if measure.how == "count" or _limited(measure) else _from_records(measure)
    none = ". None were found" if measure.before == "0" and not measure.steps and not measure.records else ""
    return f"Counted: {amount} {word}{_span(measure)}{_by_you(measure)}{behind}{none}."


def _picked(measure: Measured) -> str:
    """Return an average, highest, lowest or latest value."""
    if measure.value is None:
        return (
            f"{capital(measure.plural)}: there is no record{_span(measure)} from which to take the "
            f"{_OF_RECORDS[measure.how]}. That is not the same as zero."
        )
    return (
        f"Looked at: {records(measure.records or 0)}{_span(measure)}{_by_you(measure)}. "
        f"The {_OF_RECORDS[measure.how]} is {_units(measure)}."
    )


def _formula(measure: Measured) -> str:
    """Return what a measure that is worked out from others came to."""
    name = capital(measure.plural)
    if measure.state == "not applicable" and measure.condition is not None:
        return (
            f"{name}: this does not apply to you, since it asks for {condition(measure.condition)}. It is not a zero."
        )
    if measure.value is None:
        return f"{name}: not known, because something that it is worked out from is not known. It is not a zero."
    working = steps(measure.working) if measure.working is not None else []
    shown = "" if measure.working is None or not measure.working.operands else f", which is {term(measure.working)}"
    how = f" ({'; '.join(working)})" if working else ""
    return f"{name}: {figure(measure.value, measure.about)}{shown}{how}."


def _leaves(measure: Measured) -> str:
    """Return what is left after the steps that took something."""
    behind = _from_records(measure) if _limited(measure) else ""
    return f"That leaves {_units(measure)}{behind}."


def _limited(measure: Measured) -> bool:
    """Return whether a limit left records out, so that ``records`` are those after it."""
    return any(step.step in ("keep", "total") for step in measure.steps)


def _took(step: Step, *, whole: bool) -> str:
    """Return what one step took, and how it works; ``whole``: nothing that it took was given back."""
    taken = _taken(step)
    behind = records(step.records)
    match step.step:
        case "discount":
            return f"{behind} counted only {step.percent}% ({step.title}), which {taken}."
        case "dilution":
            return (
                f"{behind} came from somebody who gave several that day, so each counted only in part, which {taken}."
            )
        case "keep":
            return f"{behind} went over the limit of {_limit(step)}, which {taken}."
        case "total":
            return f"{behind} went over the total of {_limit(step)}, wholly or in part, which {taken}."
        case "fading":
            period = "" if step.days is None else f", losing half every {days_in_words(step.days)}"
            if whole:
                return f"What is older counts less{period}, which {taken}."
            return f"What is older counts less{period}. Without your absences, that {_would_take(step)}."
        case "paused":
            return f"{_away(step.absences)} stopped the fading for that time, which {_given_back(step)}."
        case "excluded" | "window":
            return ""
        case _:
            assert_never(step.step)


def _would_take(step: Step) -> str:
    """Return by how much a step would lower the measure, of which something was given back."""
    amount = figure(step.value, step.about)
    if step.value == "0":
        return "would change nothing in all"
    return f"would add {amount.replace('-', '')}" if "-" in amount else f"would take off {amount}"


def _given_back(step: Step) -> str:
    """Return what a pause gave back; of negative values it gives back what is less."""
    amount = figure(step.value, step.about)
    if step.value == "0":
        return "changes nothing in all"
    return f"{'gives' if '-' in amount else 'takes'} back {amount.replace('-', '')}"


def _away(absences: tuple[Absence, ...]) -> str:
    """Return absences as what does something: ``Your absence from 2026-06-01 to 2026-06-14``."""
    if len(absences) > _MOST_NAMED:
        return f"Your absences between {absences[0].first.isoformat()} and {absences[-1].last.isoformat()}"
    word = "absence" if len(absences) == 1 else "absences"
    return f"Your {word} {listed([_stretch(each) for each in absences])}"


def _stretch(absence: Absence) -> str:
    """Return from when to when somebody was away."""
    if absence.first == absence.last:
        return f"on {absence.first.isoformat()}"
    return f"from {absence.first.isoformat()} to {absence.last.isoformat()}"


def _taken(step: Step) -> str:
    """Return by how much a step lowered the measure; what takes from negative values raises it."""
    amount = figure(step.value, step.about)
    if step.value == "0":
        return "changes nothing in all"
    return f"adds {amount.replace('-', '')}" if "-" in amount else f"takes off {amount}"


def _limit(step: Step) -> str:
    """Return a limit as written: ``3 per actor per week``."""
    per = "".join(f" per {readable(each)}" for each in step.per)
    period = "" if step.period is None else f" per {step.period}"
    return f"{step.limit}{per}{period}"


def _left_out(measure: Measured) -> str:
    """Return which records did not count at all, and which declaration left them out."""
    parts: list[str] = []
    for step in measure.steps:
        if step.step not in ("excluded", "window"):
            continue
        worth = ""
        if step.value is not None and measure.how in ("sum", "sum by kind"):
            worth = f", worth {figure(step.value, step.about)}"
        parts.append(f"{records(step.records)} ({step.title if step.step == 'excluded' else 'too old'}{worth})")
    return f"Not counted: {listed(parts)}." if parts else ""


def given_sentence(given: Given) -> str:
    """Return what was read about the person."""
    name = capital(given.title if given.title is not None else readable(given.attribute))
    if given.value is None:
        return f"{name}: not known. That is not the same as zero or no."
    value = given.value if given.type != "duration" else days_in_words(given.value)
    return f"{name}: {value}."
