"""Takes what a score requires, met or not; gives in words what is asked, what there is of it, and whom to write to."""

from __future__ import annotations

from tallystick.explain.document import Explanation
from tallystick.explain.page import Block, Entry, Paragraph, Section
from tallystick.explain.person.measured import leaves
from tallystick.explain.plain import capital, figure, sentence
from tallystick.explain.tongue import say
from tallystick.explain.tree.bands import Requirement, RuleAsked
from tallystick.explain.tree.measures import Measured
from tallystick.explain.words.bands import measures_of_needs
from tallystick.explain.words.lines import unknown_sentence
from tallystick.explain.words.measures import given_sentence, measure_sentences, with_given
from tallystick.explain.words.nodes import condition


def not_met_section(document: Explanation, requirement: Requirement) -> Section:
    """Return what was required, what there is, and whom to write to."""
    why = () if requirement.because is None else (say("Why: {why}", why=sentence(requirement.because)),)
    told: dict[str, str] = {}
    there = what_there_is(requirement, told)
    if not there and requirement.condition is not None:
        there.append(say("In the data that was used, this is not so."))
    blocks: list[Block] = [Entry(say("Required: {what}.", what=_asked(requirement)), why)]
    if there:
        blocks.append(Entry(say("What there is:"), tuple(there)))
    blocks += [_rule(each, told) for each in requirement.rules]
    contact = document.rulebook.contact
    if contact is not None:
        blocks.append(Paragraph(say("If the data is wrong, or you disagree, write to {contact}.", contact=contact)))
    return Section(say("What is required, and what there is"), tuple(blocks))


def what_there_is(requirement: Requirement, told: dict[str, str]) -> list[str]:
    """Return what is known of all that a requirement looks at."""
    there = [given_sentence(each) for each in requirement.inputs]
    return there + measure_sentences(requirement.measures, told, requirement.title)


def _rule(rule: RuleAsked, told: dict[str, str]) -> Entry:
    """Return what a rule that does not apply asks for, and what there is of that."""
    if rule.missing is not None:
        found = [unknown_sentence(rule.missing, rule.measures, rule.inputs)]
    elif rule.condition is not None:
        found = [say("This rule does not apply to you. It asks for: {condition}.", condition=condition(rule.condition))]
    else:
        found = [say("This rule does not apply to you.")]
    found += measure_sentences(rule.measures, told, rule.title)
    found = with_given(
        found, (each for each in rule.inputs if each.value is not None or each.attribute != rule.missing)
    )
    return Entry(say("{title}:", title=rule.title), tuple(found))


def met_section(document: Explanation) -> Section:
    """Return each requirement of a score, all of which are met, with the figures that it looks at: how they came about
    is told once, there or before."""
    if not document.met:
        return Section("", ())
    before = [*(each for line in document.lines for each in line.measures), *measures_of_needs(document)]
    known = {each.measure for each in (*before, *leaves(before))}
    entries: list[Block] = []
    for each in document.met:
        there = [given_sentence(given) for given in each.inputs]
        told: dict[str, str] = {}
        for measure in each.measures:
            if measure.measure in known and measure.value is not None:
                value = figure(measure.value, measure.about)
                there.append(say("{name}: {value}.", name=capital(measure.plural), value=value))
            else:
                there += measure_sentences((measure,), told, each.title)
        known |= {measure.measure for measure in (*each.measures, *leaves(each.measures))}
        entries.append(Entry(say("{what} (met)", what=capital(_asked(each))), tuple(there)))
    return Section(say("What is required for a score"), tuple(entries))


def _asked(requirement: Requirement) -> str:
    """Return a requirement as its title and condition; once, where the condition is but an attribute of that title."""
    node = requirement.condition
    if node is None or node.plural == requirement.title:
        return requirement.title
    return say("{title}: {condition}", title=requirement.title, condition=condition(node))


def measures_required(requirement: Requirement | None) -> list[Measured]:
    """Return the measures that an unmet requirement looks at, be it through rules."""
    if requirement is None:
        return []
    return [*requirement.measures, *(each for rule in requirement.rules for each in rule.measures)]
