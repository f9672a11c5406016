"""Takes a rulebook; gives the public scoring guide: all that decides a score, in plain words, for those it scores."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from tallystick.engine.arithmetic import multiply, text_of
from tallystick.explain.curve_words import curve_sentence, exact_curve
from tallystick.explain.document import RulebookFacts
from tallystick.explain.html import html
from tallystick.explain.markdown import draw
from tallystick.explain.measure_guide import MeasureGuide, constant_words
from tallystick.explain.node_words import condition, listed, term
from tallystick.explain.page import Block, Entry, Grid, Items, Page, Paragraph, Section
from tallystick.explain.plain import capital, counted, days_in_words, points, quoted, readable, sentence
from tallystick.explain.planner import Planner
from tallystick.explain.plans import most_of, rulebook_facts
from tallystick.explain.working import blank
from tallystick.rules.rulebook import (
    Constant,
    DateType,
    DurationType,
    Expr,
    Facet,
    Field,
    NumberType,
    OneOfType,
    Points,
    Rule,
    Rulebook,
    Table,
    TextType,
    TimeType,
    Type,
    Weighted,
    YesNoType,
)

_HUNDRED = Decimal(100)
_ALL_PLACES = 9


def guide(rulebook: Rulebook) -> str:
    """Return the rulebook as a public scoring guide in Markdown."""
    return draw(guide_page(rulebook))


def guide_html(rulebook: Rulebook) -> str:
    """Return the rulebook as a public scoring guide in HTML."""
    return html(guide_page(rulebook))


def guide_page(rulebook: Rulebook) -> Page:
    """Return the guide as a page."""
    facts = rulebook_facts(rulebook)
    planner = Planner(rulebook)
    sections = (
        _about(facts),
        _read(rulebook),
        _who(rulebook, planner),
        _left_out(rulebook, planner),
        _counted(rulebook, planner),
        *_rules(rulebook, planner),
        _score(rulebook),
        _bands(rulebook),
        _parameters(rulebook),
        _never(rulebook),
        _check(facts),
    )
    return Page(f"How {quoted(rulebook.name)} is scored", tuple(each for each in sections if each.blocks))


# ---- what it is and what it reads --------------------------------------------------------------------------------


def _about(facts: RulebookFacts) -> Section:
    """Return what the score is for and who answers for it."""
    since = "" if facts.effective is None else f", in force since {facts.effective.isoformat()}"
    told = [
        f"What it measures: {sentence(facts.measures)}" if facts.measures is not None else "",
        f"What it is for: {sentence(facts.purpose)}" if facts.purpose is not None else "",
        f"What it must not be used for: {sentence(facts.not_for)}" if facts.not_for is not None else "",
        f"Who answers for it: {sentence(facts.owner)}" if facts.owner is not None else "",
        f"Questions, corrections, objections: {facts.contact}" if facts.contact is not None else "",
        f"Where the rules come from: {facts.source}" if facts.source is not None else "",
    ]
    version = f"version {facts.version}{since}"
    first = Paragraph(f"These are the rules, all of them, in {version}. This page is made from the rules themselves.")
    return Section("", (first, *_items(told)))


def _items(told: list[str]) -> Iterator[Block]:
    """Yield a list of what there is, if there is anything."""
    there = tuple(each for each in told if each)
    if there:
        yield Items(there)


def _read(rulebook: Rulebook) -> Section:
    """Return every field that is read, and that no other is."""
    blocks: list[Block] = []
    if rulebook.records is not None:
        blocks.append(Paragraph("Of each record, these fields are read and never any other:"))
        blocks.append(_fields(rulebook.records))
    if rulebook.subjects is not None:
        blocks.append(Paragraph("About each person, these are read and never anything else:"))
        blocks.append(_fields(rulebook.subjects))
    if rulebook.records is None:
        blocks.append(Paragraph("No records of what anybody did are read."))
    if rulebook.subjects is None:
        blocks.append(Paragraph("Nothing else about a person is read."))
    return Section("What is read", tuple(blocks))


def _fields(fields: tuple[Field, ...]) -> Grid:
    """Return fields as a table."""
    rows = tuple(
        (
            readable(each.name),
            each.title or "",
            _type(each.type) + (", may be missing" if each.optional else ""),
            "" if each.column == each.name else each.column,
        )
        for each in fields
    )
    if any(row[3] for row in rows):
        return Grid(("name", "what it is", "form", "column in the data"), rows)
    return Grid(("name", "what it is", "form"), tuple(row[:3] for row in rows))


def _type(of: Type) -> str:
    """Return a type in words."""
    match of:
        case TextType():
            return "text"
        case YesNoType():
            return "yes or no"
        case OneOfType(values):
            return f"one of {listed([readable(each) for each in values], 'or')}"
        case DateType():
            return "a day"
        case TimeType():
            return "a moment"
        case NumberType(low, high, places):
            whole = "a whole number" if places == 0 else "a number"
            return f"{whole} from {text_of(low)} to {text_of(high)}"
        case DurationType():
            return "a number of days"
        case _:
            assert_never(of)


# ---- who and what counts -----------------------------------------------------------------------------------------


def _who(rulebook: Rulebook, planner: Planner) -> Section:
    """Return who gets a score, and what those are told who do not."""
    everyone = (
        "Everybody whom a record is about gets a result."
        if rulebook.subjects is None
        else "Everybody with a row in the data about people gets a result."
    )
    blocks: list[Block] = [Paragraph(everyone)]
    for each in rulebook.requires:
        told = [f"What is asked: {_condition(planner, each.when)}."]
        told.append(f"Otherwise: {each.outcome}. {sentence(each.words)}")
        if each.because is not None:
            told.append(f"Why: {sentence(each.because)}")
        blocks.append(Entry(f"Required: {each.title}", tuple(told)))
    if rulebook.requires:
        blocks.append(
            Paragraph("Who does not meet a requirement has no score, which is not the same as a score of zero.")
        )
    return Section("Who gets a score", tuple(blocks))


def _left_out(rulebook: Rulebook, planner: Planner) -> Section:
    """Return which records never count or count less."""
    blocks: list[Block] = []
    for each in rulebook.excludes:
        told: list[str] = []
        when = "" if each.when is None else _condition(planner, each.when)
        if each.repeats is not None:
            among = f" Looked for among records with: {when}." if when else ""
            fields = listed([readable(name) for name in each.repeats])
            told.append(f"Of records about one person that agree in {fields}, only the earliest counts.{among}")
        elif when:
            told.append(f"Left out if: {when}.")
        if each.because is not None:
            told.append(f"Why: {sentence(each.because)}")
        blocks.append(Entry(f"Never counted: {each.title}", tuple(told)))
    for discount in rulebook.discounts:
        percent = text_of(multiply(discount.to.value, _HUNDRED))
        when = "" if discount.when is None else f" if: {_condition(planner, discount.when)}"
        told = [f"Counts {percent}%{when}."]
        if discount.because is not None:
            told.append(f"Why: {sentence(discount.because)}")
        blocks.append(Entry(f"Counted in part: {discount.title}", tuple(told)))
    return Section("What is left out or counts less", tuple(blocks))


def _counted(rulebook: Rulebook, planner: Planner) -> Section:
    """Return how each measure is taken."""
    words = MeasureGuide(planner)
    return Section(
        "What is counted",
        tuple(Entry(capital(each.plural), words.sentences(each)) for each in rulebook.measures),
    )


# ---- points ------------------------------------------------------------------------------------------------------


def _rules(rulebook: Rulebook, planner: Planner) -> Iterator[Section]:
    """Yield what gives points, facet by facet in the order of the rules."""
    facets = {each.name: each for each in rulebook.facets}
    groups: list[tuple[str | None, list[Rule]]] = []
    for rule in rulebook.rules:
        if groups and groups[-1][0] == rule.facet:
            groups[-1][1].append(rule)
        else:
            groups.append((rule.facet, [rule]))
    for name, rules in groups:
        facet = None if name is None else facets[name]
        blocks = [block for rule in rules for block in rule_blocks(rulebook, planner, rule)]
        if facet is not None:
            blocks = [*_items(_facet(facet)), *blocks]
        yield Section(f"What gives points: {facet.title}" if facet is not None else "What gives points", tuple(blocks))


def _facet(facet: Facet) -> list[str]:
    """Return a facet's bounds and reason."""
    return [
        *_bounds("Together these rules never give", facet.at_most, facet.at_least),
        f"Why: {sentence(facet.because)}" if facet.because else "",
    ]


def _bounds(what: str, at_most: Constant | None, at_least: Constant | None) -> Iterator[str]:
    """Yield the ends of what something can give."""
    if at_most is not None:
        yield f"{what} more than {constant_words(at_most)}."
    if at_least is not None:
        yield f"{what} less than {constant_words(at_least)}."


def rule_blocks(rulebook: Rulebook, planner: Planner, rule: Rule) -> Iterator[Block]:
    """Yield how a rule works, and why it exists."""
    most = most_of(rulebook, rule)
    heading = rule.title if most is None or most <= 0 else f"{rule.title} (at most {points(text_of(most))})"
    told = [*_body(planner, rule), *_bounds("It never gives", rule.at_most, rule.at_least)]
    if rule.baseline is not None:
        told.append(f"To tell what held a score back, its points are compared with {constant_words(rule.baseline)}.")
    if rule.when is not None:
        told.append(f"It applies only to people with: {_condition(planner, rule.when)}.")
    told.extend(_otherwise(rulebook, planner, rule))
    if rule.actions is not None:
        told.append("It goes by what you do yourself." if rule.actions == "own" else "It goes by what others do.")
    if rule.because is not None:
        told.append(f"Why: {sentence(rule.because)}")
    yield Entry(heading, tuple(told))
    if isinstance(rule.body, Table):
        rows = tuple((_row_text(row.text), _term(planner, row.points), row.words or "") for row in rule.body.rows)
        yield Grid((_term(planner, rule.body.by), "points", "note"), rows)


def _row_text(text: str) -> str:
    """Return a row's left side as people read it."""
    return {"missing": "not known", "otherwise": "anything else"}.get(text, text)


def _body(planner: Planner, rule: Rule) -> list[str]:
    """Return how points come about."""
    match rule.body:
        case Weighted(weight, value, shape):
            all_points = points(text_of(weight.value))
            if shape is None:
                return [f"It looks at {_term(planner, value)}, held between zero and one: that part of {all_points}."]
            p10 = shape.p10
            worded, exact = (None, None) if p10 is None else (constant_words(p10), text_of(p10.value))
            return [
                f"It looks at: {_term(planner, value)}.",
                curve_sentence(shape.name, all_points, constant_words(shape.full), worded),
                exact_curve(shape.name, text_of(weight.value), text_of(shape.full.value), exact),
            ]
        case Points(value):
            return [f"Its points are {_term(planner, value)}."]
        case Table(by, _):
            return [f"Its points go by {_term(planner, by)}, as in the table."]
        case _:
            assert_never(rule.body)


def _otherwise(rulebook: Rulebook, planner: Planner, rule: Rule) -> Iterator[str]:
    """Yield what happens where a rule does not apply or something is not known."""
    if rule.otherwise is None:
        if rule.when is not None:
            yield _no_points(rulebook)
        return
    words = "" if rule.otherwise.words is None else f" {sentence(rule.otherwise.words)}"
    if rule.otherwise.points is None:
        yield f"{_no_points(rulebook)}{words}"
    else:
        gives = _term(planner, rule.otherwise.points)
        yield f"Otherwise, and where something that it needs is not known, it gives {gives}.{words}"


def _no_points(rulebook: Rulebook) -> str:
    """Return what a rule that does not apply does."""
    if rulebook.score.out_of is None:
        return "To others, and where something that it needs is not known, it gives no points and takes none."
    return "For others, and where something that it needs is not known, its weight is left out."


def _score(rulebook: Rulebook) -> Section:
    """Return how the points become the score."""
    score = rulebook.score
    if score.out_of is None:
        told = ["The points of all rules are added up."]
    else:
        told = [
            "Each rule gives a part of its weight. The parts are added up.",
            f"Their sum is put on a scale of {constant_words(score.out_of)} by the weights of the rules that apply.",
        ]
    told.extend(_bounds("The score is never", score.at_most, score.at_least))
    if score.reasons is not None:
        reasons = "one reason is" if score.reasons == 1 else f"{score.reasons} reasons are"
        told.append(f"At most {reasons} told of what raised a score, and as many of what held it back.")
    if score.places is not None:
        told.extend(_rounding(score.places, score.line_places, mean=score.out_of is not None))
    if rulebook.noise is not None:
        least = points(text_of(rulebook.noise))
        told.append(f"A change of the score by less than {least} is called no meaningful change.")
    told.append(f"A day is a calendar day in {rulebook.time_zone}.")
    return Section(f"How {quoted(score.title)} is made of them", (Items(tuple(told)),))


def _rounding(places: int, line_places: int, *, mean: bool) -> Iterator[str]:
    """Yield how lines and score are rounded."""
    if line_places == places and not mean:
        yield f"Each line is rounded to {_places(places)}, half away from zero: the printed lines add up to the score."
        return
    if line_places < _ALL_PLACES:
        yield f"Each line is rounded to {_places(line_places)}, half away from zero."
    yield f"The score is rounded to {_places(places)}, half away from zero; what that changes is shown as a line."


def _places(places: int) -> str:
    """Return a number of decimal places."""
    return counted(str(places), "place", "places")


def _bands(rulebook: Rulebook) -> Section:
    """Return the bands."""
    if not rulebook.bands:
        return Section("", ())
    rows = tuple((text_of(each.start), each.title, readable(each.name)) for each in rulebook.bands)
    return Section("What the score is called", (Grid(("from", "band", "code"), rows),))


def _parameters(rulebook: Rulebook) -> Section:
    """Return the constants that the rules use."""
    if not rulebook.parameters:
        return Section("", ())
    rows = tuple(
        (readable(each.name), _value(each.value), each.title, each.because or "") for each in rulebook.parameters
    )
    return Section("The figures that the rules share", (Grid(("name", "value", "what it is", "why"), rows),))


def _value(constant: Constant) -> str:
    """Return a parameter's value."""
    value = text_of(constant.value)
    return days_in_words(value) if isinstance(constant.expr.type, DurationType) else value


def _never(rulebook: Rulebook) -> Section:
    """Return what no score of this kind does."""
    told = [
        "It does not compare you with other people: nobody's score moves because of another person's score.",
        "It does not know your earlier scores, and nobody can change a score by hand.",
        "It reads no clock: the day of the score is named with it. The same data gives the same score anywhere.",
        "What is not known is never quietly taken for zero: the rule that needs it says what happens then.",
    ]
    if rulebook.not_for is not None:
        told.append(f"It is not for: {sentence(rulebook.not_for)}")
    return Section("What it never does", (Items(tuple(told)),))


def _check(facts: RulebookFacts) -> Section:
    """Return how to tell that these are the rules."""
    return Section(
        "How to check",
        (
            Paragraph(
                f"Every score names its rules: {quoted(facts.name)}, version {facts.version}, SHA-256 {facts.sha256}. "
                "With the same rules, data and day, anyone can work out the same score and breakdown."
            ),
        ),
    )


def _condition(planner: Planner, expr: Expr) -> str:
    """Return a condition in words."""
    return condition(blank(planner.plan(expr)))


def _term(planner: Planner, expr: Expr) -> str:
    """Return an expression in words."""
    return term(blank(planner.plan(expr)))
