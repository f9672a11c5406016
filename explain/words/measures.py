"""Takes a measure's facts; gives the sentences that say what counted, what was left out, and what each step took."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from msgspec import Struct, field

from tallystick.explain.harmless import visible
from tallystick.explain.plain import capital, days_in_words, figure, quoted, readable, records, sentence, unit
from tallystick.explain.tongue import listed, listed_or, phrase, say, say_n
from tallystick.explain.tree.measures import Given, Measured, Step
from tallystick.explain.tree.nodes import Node
from tallystick.explain.words.nodes import condition, negated, term, written
from tallystick.explain.words.taken import half_life, not_reached, took
from tallystick.explain.words.working import steps

_NO_RECORD = {
    "average": phrase("{name}: there is no record{span} from which to take the average. That is not the same as zero."),
    "highest": phrase("{name}: there is no record{span} from which to take the highest. That is not the same as zero."),
    "lowest": phrase("{name}: there is no record{span} from which to take the lowest. That is not the same as zero."),
    "latest": phrase("{name}: there is no record{span} from which to take the latest. That is not the same as zero."),
}
_PICKED = {
    "average": phrase("The average is {value}."),
    "highest": phrase("The highest is {value}."),
    "lowest": phrase("The lowest is {value}."),
    "latest": phrase("The latest is {value}."),
}


def measure_sentences(
    measures: Iterable[Measured], told: dict[str, str], under: str, *, lead: bool = True
) -> list[str]:
    """Return what there is to say about measures; without ``lead``, all but the first sentence of each.

    ``told`` holds under which heading each measure was told before: it is not told again. ``under`` is the heading now.
    What several are made of is told once. What was taken from two of them in the same way is told of both.
    """
    said = _Said()
    return [text for each in measures for text in _sentences(each, told, under, said, lead=lead)]


class _Said(Struct):
    """The names of measures and of attributes that were told under a heading."""

    measures: set[str] = field(default_factory=set)
    inputs: set[str] = field(default_factory=set)


def _sentences(measure: Measured, told: dict[str, str], under: str, said: _Said, *, lead: bool = True) -> list[str]:
    if measure.measure in said.measures:
        return []
    said.measures.add(measure.measure)
    before = told.setdefault(measure.measure, under)
    if before != under and measure.state == "value":
        return [
            say(
                "{name}: {value}, as told under {heading}.",
                name=capital(measure.plural),
                value=figure(measure.value, measure.about),
                heading=quoted(before),
            )
        ]
    found = [_lead(measure)] if lead else []
    found += _of_records(measure)
    if measure.records:
        found.extend(map(not_reached, measure.unreached))
    if measure.steps:
        found += _of_steps(measure)
    if measure.because is not None:
        found.append(say("Why it is counted this way: {why}", why=sentence(measure.because)))
    for part in measure.parts:
        found.extend(_sentences(part, told, under, said))
    shown = ("number", "date", "time") if measure.state == "value" else ()  # they stand in the working
    inputs = [each for each in measure.inputs if each.type not in shown and each.attribute not in said.inputs]
    said.inputs.update(each.attribute for each in inputs)
    return [*found, *map(given_sentence, inputs)]


def _of_steps(measure: Measured) -> list[str]:
    """Return what each step took, what that leaves, and which records did not count at all."""
    found: list[str] = []
    taking = [step for step in measure.steps if step.value is not None and step.step not in ("excluded", "window")]
    if taking:
        whole = all(step.step != "paused" for step in taking)
        fades = taking[-1].step == "fading" and taking[-1].value != "0"
        for place, step in enumerate(taking[:-1] if fades else taking):
            again = any(before.step == "discount" for before in taking[:place])
            found.append(took(step, whole=whole, again=again))
        found.append(_faded(measure, taking[-1]) if fades else _leaves(measure))
        if whole and any(step.except_pauses for step in taking):
            found.append(
                say("While you are away, nothing of this fades, if whoever keeps the score is told from when to when.")
            )
    left = _left_out(measure)
    return [*found, left] if left else found


def _of_records(measure: Measured) -> list[str]:
    """Return which records are taken, and how much each counts."""
    found: list[str] = []
    if measure.only is not None:
        found.append(say("Only records for which this holds: {condition}.", condition=condition(measure.only)))
    for each in measure.each:
        if measure.how == "sum by kind":
            found.append(
                say(
                    "Each record of {kinds} counts for {formula}.",
                    kinds=listed_or([quoted(readable(kind)) for kind in each.kinds]),
                    formula=_worth(each.value),
                )
            )
        elif measure.how == "sum":
            found.append(say("Each record counts for {formula}.", formula=_worth(each.value)))
        else:
            found.append(say("The value of each record is {formula}.", formula=_worth(each.value)))
    return found


def _worth(node: Node) -> str:
    """Return what a record counts for: a rating of -3 that counts 3 has its plus and minus exchanged."""
    inner = negated(node)
    return term(node) if inner is None else say("{value} with plus and minus exchanged", value=term(inner))


def _span(measure: Measured) -> str:
    """Return how far back a measure looks."""
    if measure.within_days is None:
        return ""
    if measure.within_days == "1":
        return say(" on the day of the score")
    return say_n(" in the last {n} day", " in the last {n} days", measure.within_days)


def _by_you(measure: Measured) -> str:
    """Return what marks a measure of what the person did, not of what was done about them."""
    return say(", of what you did yourself") if measure.given else ""


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
            return say(
                "Counted: {value}{span}{yours}{records}.",
                value=_units(measure),
                span=_span(measure),
                yours=_by_you(measure),
                records=_from_records(measure),
            )
        case "h index" if measure.fields in (("actor",), ("subject",)):
            return say(
                "Counted: {value}{span}{yours}: that many people have at least that many records each.",
                value=_units(measure),
                span=_span(measure),
                yours=_by_you(measure),
            )
        case "h index":
            fields = listed([readable(each) for each in measure.fields])
            return say(
                "Counted: {value}{span}{yours}: that many values of {fields} have at least that many records each.",
                value=_units(measure),
                span=_span(measure),
                yours=_by_you(measure),
                fields=quoted(fields),
            )
        case _:
            assert_never(measure.how)


def _units(measure: Measured) -> str:
    """Return the value with the author's word."""
    return _so_many(measure.value, measure.about, measure)


def _so_many(value: str | None, about: str | None, measure: Measured) -> str:
    """Return a value with the author's word."""
    return say("{n} {things}", n=figure(value, about), things=unit(value, measure.singular, measure.plural))


def _from_records(measure: Measured) -> str:
    """Return how many records stand behind a value that is not their number."""
    if measure.records is None or measure.records == 0:
        return ""
    return say_n(", in {n} record", ", in {n} records", measure.records)


def _counted(measure: Measured) -> str:
    """Return what was counted, before anything took from it."""
    behind = "" if measure.how == "count" or _limited(measure) else _from_records(measure)
    told = say(
        "Counted: {value}{span}{yours}{records}.",
        value=_so_many(measure.before, measure.before_about, measure),
        span=_span(measure),
        yours=_by_you(measure),
        records=behind,
    )
    none = measure.before == "0" and not measure.steps and not measure.records
    return f"{told} {say('None were found.')}" if none else told


def _picked(measure: Measured) -> str:
    """Return an average, highest, lowest or latest value."""
    if measure.value is None:
        return say(_NO_RECORD[measure.how], name=capital(measure.plural), span=_span(measure))
    looked = say(
        "Looked at: {records}{span}{yours}.",
        records=records(measure.records or 0),
        span=_span(measure),
        yours=_by_you(measure),
    )
    return f"{looked} {say(_PICKED[measure.how], value=_units(measure))}"


def _formula(measure: Measured) -> str:
    """Return what a measure that is worked out from others came to."""
    name = capital(measure.plural)
    if measure.state == "not applicable" and measure.condition is not None:
        return say(
            "{name}: this does not apply to you. It asks for: {condition}. It is not a zero.",
            name=name,
            condition=condition(measure.condition),
        )
    if measure.value is None:
        return say(
            "{name}: not known, because something that it is worked out from is not known. It is not a zero.", name=name
        )
    working = steps(measure.working) if measure.working is not None else []
    value, how = figure(measure.value, measure.about), f" ({'; '.join(working)})" if working else ""
    if measure.working is None or not measure.working.operands:
        return say("{name}: {value}{steps}.", name=name, value=value, steps=how)
    return say(
        "{name}: {value}, which is {formula}{steps}.", name=name, value=value, formula=term(measure.working), steps=how
    )


def _leaves(measure: Measured) -> str:
    """Return what is left after the steps that took something."""
    behind = _from_records(measure) if _limited(measure) else ""
    return say("That leaves {value}{records}.", value=_units(measure), records=behind)


def _faded(measure: Measured, step: Step) -> str:
    """Return what is left where the last step that took something is fading."""
    return say(
        "What is older counts less{half_life}, so together they now count as {value}{records}.",
        half_life=half_life(step),
        value=_units(measure),
        records=_from_records(measure) if _limited(measure) else "",
    )


def _limited(measure: Measured) -> bool:
    """Return whether a limit left records out, so that ``records`` are those after it."""
    return any(step.step in ("keep", "total") for step in measure.steps)


def _left_out(measure: Measured) -> str:
    """Return which records did not count at all, and which declaration left them out."""
    parts: list[str] = []
    for step in measure.steps:
        if step.step not in ("excluded", "window"):
            continue
        title = (step.title or "") if step.step == "excluded" else say("too old")
        if step.value is not None and measure.how in ("sum", "sum by kind"):
            worth = figure(step.value, step.about)
            parts.append(
                say("{records} ({reason}, worth {value})", records=records(step.records), reason=title, value=worth)
            )
        else:
            parts.append(say("{records} ({reason})", records=records(step.records), reason=title))
    return say("Not counted: {parts}.", parts=listed(parts)) if parts else ""


def called(given: Given) -> str:
    """Return what an attribute is called."""
    return readable(given.attribute) if given.title is None else given.title


def given_sentence(given: Given) -> str:
    """Return what was read about the person."""
    name = capital(called(given))
    if given.value is None:
        return say("{name}: not known. That is not the same as zero or no.", name=name)
    value = written(given.type, given.value) if given.type != "duration" else days_in_words(given.value)
    return say("{name}: {value}.", name=name, value=visible(value))


def with_given(said: list[str], inputs: Iterable[Given]) -> list[str]:
    """Return what was said, and what was read about the person; that of which a measure has told stands there once."""
    return [*said, *(each for each in map(given_sentence, inputs) if each not in said)]
