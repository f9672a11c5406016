"""Takes a source of chance; gives the text of a small rulebook, nearly always a valid one, and the fields that it
reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from generators.earned_text import earned_measures
from generators.expression_text import Name, Place, chance, condition, constant, literal, number
from generators.rows import LARGE_TYPES

KINDS = ("like", "share", "post", "report")
COLOURS = ("red", "green", "blue")
AS_OF = (
    "2026-03-01", "1970-01-02", "2011-12-31", "2024-02-29", "2026-03-29", "2026-10-25", "2027-01-03", "2026-12-31",
    "2025-02-28",
)  # fmt: skip
DATES = ("2024-02-29", "2025-03-01", "2026-02-15", "2026-03-29", "2026-11-01", "2028-01-01")
ZONES = (
    "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC", "America/St_Johns",
    "Australia/Lord_Howe", "America/Sao_Paulo",
)  # fmt: skip


@dataclass
class Draft:
    """A rulebook as far as it is written."""

    rng: Random
    size: int
    blocks: list[str] = field(default_factory=list)
    fields: list[Name] = field(default_factory=list)
    attributes: list[Name] = field(default_factory=list)
    numbers: list[Name] = field(default_factory=list)
    durations: list[Name] = field(default_factory=list)
    measures: list[Name] = field(default_factory=list)
    kinds: tuple[str, ...] = ()

    def add(self, *lines: str) -> None:
        """Write a declaration: its first line, then the others under it."""
        head, *rest = lines
        self.blocks.append("\n".join([head, *(f"    {line}" for line in rest)]))

    def field(self, name: str) -> Name | None:
        """Return a field of a record."""
        return next((each for each in self.fields if each.text == name), None)


def rulebook_text(rng: Random, size: int) -> str:
    """Write a rulebook of about so many measures and rules."""
    draft = Draft(rng, size)
    _head(draft)
    _records(draft)
    _subjects(draft)
    _parameters(draft)
    if draft.fields:
        _excludes(draft)
        _discounts(draft)
        _measures(draft)
    _formulas(draft)
    earned_measures(draft, _aside(draft))
    _requires(draft)
    mean = chance(rng, 0.25)
    _rules(draft, mean=mean)
    places = _score(draft, mean=mean)
    _bands(draft, places)
    _promises(draft)
    _example(draft)
    return "\n\n".join(draft.blocks) + "\n"


# ---- what is read ------------------------------------------------------------------------------------------------


def _head(draft: Draft) -> None:
    rng = draft.rng
    lines = ['rulebook "Made up" version 1.2.3', 'owner "Tests"']
    for share, line in (
        (0.2, 'contact "tests@example.org"'),
        (0.2, 'purpose "To try everything."'),
        (0.2, 'measures "Nothing real."'),
        (0.2, 'not for "anything"'),
        (0.2, "effective 1960-01-01"),
        (0.2, 'source "made up"'),
        (0.5, f'time zone "{rng.choice(ZONES)}"'),
    ):
        if chance(rng, share):
            lines.append(line)
    draft.add(*lines)


def _declared(rng: Random, name: str, type_: str, share: float) -> tuple[str, bool]:
    """Write a field, perhaps mapped, private, optional or with a title."""
    optional = chance(rng, share)
    private = " private" if chance(rng, 0.2) else ""
    column = f' from "{name.title()} of it"' if chance(rng, 0.15) else ""
    title = ' "a title"' if chance(rng, 0.1) else ""
    return f"{name}{column} {type_}{private}{' optional' if optional else ''}{title}", optional


def _extra(draft: Draft, into: list[Name], prefix: str, share: float) -> list[str]:
    """Write some fields of every type."""
    rng, lines = draft.rng, []
    number_type = rng.choice([
        "number 0 to 100 with 2 places", "number -10 to 10 with 3 places", "number with 6 places", "number 0 or more",
        "number -1000000 to 1000000 with 9 places", "whole number 0 to 1000", "whole number", "whole number -5 to 5",
    ])  # fmt: skip
    if chance(_aside(draft), 0.12):
        number_type = _large_type(draft)
    for name, type_, kind, values in (
        (f"{prefix}amount", number_type, "number", ()),
        (f"{prefix}level", "number 0 to 10 with 1 places", "number", ()),
        (f"{prefix}note", "text", "text", ()),
        (f"{prefix}flag", "yes/no", "yes/no", ()),
        (f"{prefix}colour", f"one of {', '.join(COLOURS)}", "one of", COLOURS),
        (f"{prefix}day", "date", "date", ()),
        (f"{prefix}moment", rng.choice(["time", 'time in "Europe/Berlin"']), "time", ()),
    ):
        if chance(rng, share):
            line, optional = _declared(rng, name, type_, 0.6)
            lines.append(line)
            into.append(Name(name, kind, optional, values))
    return lines


def _large_type(draft: Draft) -> str:
    """Return a type whose numbers fit 64 bits, and what is made of them does not."""
    return f"number {_aside(draft).choice(LARGE_TYPES)}"


def _records(draft: Draft) -> None:
    rng = draft.rng
    if chance(rng, 0.04):
        return
    lines = []

    def add(name: str, type_: str, kind: str, share: float, values: tuple[str, ...] = ()) -> None:
        line, optional = _declared(rng, name, type_, share)
        lines.append(line)
        draft.fields.append(Name(name, kind, optional, values))

    if chance(rng, 0.5):
        add("id", rng.choice(["text", "whole number"]), "id", 0)
    add("subject", "text", "text", 0)
    if chance(rng, 0.92):
        add("actor", "text", "text", 0.45)
    draft.kinds = tuple(rng.sample(KINDS, rng.randint(2, len(KINDS))))
    add("kind", f"one of {', '.join(draft.kinds)}", "one of", 0, draft.kinds)
    at = rng.choice(["time", "time", "date", 'time in "Europe/Berlin"'])
    add("at", at, "date" if at == "date" else "time", 0)
    if chance(rng, 0.8):
        add("item", "text", "text", 0.6)
    lines += _extra(draft, draft.fields, "", 0.45)
    draft.add("records", *lines)


def _subjects(draft: Draft) -> None:
    rng = draft.rng
    if draft.fields and chance(rng, 0.3):
        return
    lines = _extra(draft, draft.attributes, "their_", 0.5)
    if not lines:
        lines.append("their_level number 0 to 10 with 1 places optional")
        draft.attributes.append(Name("their_level", "number", optional=True))
    draft.add("subjects", *lines)


def _parameters(draft: Draft) -> None:
    rng = draft.rng
    if chance(rng, 0.3):
        value = rng.choice(["30 days", "2 weeks", "45.5 days"])
        draft.add(f'parameter fade = {value} "half-life"', 'because "So."', *_dated(draft, ["10 days", "3 weeks"]))
        draft.durations.append(Name("fade", "duration"))
    if chance(rng, 0.3):
        value = rng.choice(["2", "3 / 2", "50%", "0.1 + 0.2"])
        draft.add(f'parameter factor = {value} "a factor"', 'because "So."', *_dated(draft, ["3", "1 / 3", "0.75"]))
        draft.numbers.append(Name("factor", "number"))


def _dated(draft: Draft, values: list[str]) -> list[str]:
    """Write values that come on days, some of them before the as-of day."""
    rng = _aside(draft)
    if chance(rng, 0.6):
        return []
    days = sorted(rng.sample(DATES, rng.choice([1, 1, 2, 3])))
    return [f'from {day} = {rng.choice(values)} because "Later."' for day in days]


def _aside(draft: Draft) -> Random:
    """Return the same chance, none of which is used up: what comes after is as if this were not."""
    rng = Random()  # noqa: S311  made up on purpose
    rng.setstate(draft.rng.getstate())
    return rng


# ---- which records count -----------------------------------------------------------------------------------------


def _record_place(draft: Draft, *, value: bool = False, given: bool = False, known: Iterable[str] = ()) -> Place:
    """Return what the expression of a record may read; ``known`` are fields that are there."""
    known = set(known)
    fields = [
        Name(n.text, n.type, n.optional and n.text not in known, n.values) for n in draft.fields if n.type != "id"
    ]
    own = [Name(n.text, n.type, n.optional or given, n.values) for n in draft.attributes]
    actor = draft.field("actor")
    theirs = [Name(f"actor.{n.text}", n.type, optional=True, values=n.values) for n in draft.attributes if actor]
    return Place(
        (*fields, *own, *theirs), record=True, value=value, favours=actor is not None, parameters=tuple(draft.numbers)
    )


def _excludes(draft: Draft) -> None:
    rng = draft.rng
    for place in range(30 if chance(rng, 0.02) else rng.choice([0, 1, 1, 2, 3])):
        lines = [f'exclude left_out_{place} "left out {place}"']
        repeats = chance(rng, 0.45)
        if not repeats or chance(rng, 0.5):
            lines.append(f"when {condition(rng, _record_place(draft), 1)}")
        if repeats:
            names = [each.text for each in draft.fields if each.text != "subject"]
            lines.append(f"repeats of {', '.join(rng.sample(names, min(rng.randint(1, 3), len(names))))}")
        lines.append('because "So."')
        draft.add(*lines)


def _discounts(draft: Draft) -> None:
    rng = draft.rng
    for place in range(rng.choice([0, 0, 1, 1, 2])):
        share = constant(rng, (), ["50%", "0%", "33.3333333%", "100%", "90%", "10%"])
        lines = [f'discount less_{place} "less {place}"', f"to {share.split(' * ')[0]}"]
        if chance(rng, 0.8):
            lines.append(f"when {condition(rng, _record_place(draft), 1)}")
        draft.add(*lines, 'because "So."')


# ---- measures ----------------------------------------------------------------------------------------------------

_AGGREGATES = (
    "sum of levels",
    "count",
    "count",
    "distinct",
    "sum",
    "sum by kind",
    "average",
    "highest",
    "lowest",
    "latest",
    "days",
    "h",
)
_ADDING = ("count", "sum", "sum of levels", "sum by kind")


def _measures(draft: Draft) -> None:
    for place in range(draft.rng.randint(1, 1 + draft.size)):
        _measure(draft, f"m{place}")


def _measure(draft: Draft, name: str) -> None:
    rng = draft.rng
    how = rng.choice(_AGGREGATES)
    given = draft.field("actor") is not None and how != "sum by kind" and chance(rng, 0.15)
    kinds = ", ".join(rng.sample(draft.kinds, rng.randint(1, min(3, len(draft.kinds))))) + (" given" if given else "")
    known, keyed = _known(draft, how)
    place = _record_place(draft, value=True, given=given, known={*known, *(["actor"] if given else [])})
    lines = [f'measure {name} "thing" / "things"', *_aggregate(draft, how, kinds, keyed, place)]
    tests = [f"{each} is not missing" for each in known if (field := draft.field(each)) and field.optional]
    if chance(rng, 0.3):
        tests.append(f"({condition(rng, _record_place(draft, given=given, known=known), 1)})")
    if tests:
        lines.append(f"when {' and '.join(tests)}")
    if chance(rng, 0.4):
        spans = ["1 day", "7 days", "2 weeks", "30 days", "90 days", "365 days", "30000 days"]
        lines.append(f"within {rng.choice(spans)}")
    lines += _limits(draft, how, known)
    if how in (*_ADDING, "distinct") and chance(rng, 0.35):
        fades = [each.text for each in draft.durations] or ["30 days"]
        fades += [f"{each.text} * 2" for each in draft.durations] + ["0.5 days"]
        half_life = rng.choice([*fades, "30 days", "1 week", "1 day", "90.5 days"])
        lines.append(f"halving every {half_life}{' except pauses' if chance(rng, 0.6) else ''}")
    draft.add(*lines)
    draft.measures.append(Name(name, "number", optional=how in ("average", "highest", "lowest", "latest")))


def _known(draft: Draft, how: str) -> tuple[list[str], list[str]]:
    """Return the fields that must be there, and those by which the aggregate groups."""
    rng = draft.rng
    names = [each.text for each in draft.fields]
    keyed: list[str] = []
    if how == "distinct":
        keyed = rng.sample(names, min(len(names), rng.choice([1, 1, 2, 3])))
    if how == "h":
        keyed = [rng.choice(names)]
    known = list(keyed)
    if draft.field("actor") and "actor" not in known and how in _ADDING:
        known.append("actor")
    if how in _ADDING and chance(rng, 0.2):
        known += [name for name in rng.sample(names, 1) if name not in known]
    return known, keyed


def _aggregate(draft: Draft, how: str, kinds: str, keyed: list[str], place: Place) -> list[str]:
    rng = draft.rng
    match how:
        case "count":
            return [f"count {kinds}"]
        case "distinct":
            return [f"distinct {', '.join(keyed)} of {kinds}"]
        case "days":
            return [f"days of {kinds}"]
        case "h":
            return [f"h index of {kinds} by {keyed[0]}"]
        case "sum by kind":
            named = rng.sample(draft.kinds, rng.randint(1, len(draft.kinds)))
            values = [rng.choice(["10", "-2", "0.5", "0", "1", "2 * 3"]) for _ in named]
            if chance(rng, 0.3):
                values = [number(rng, place, 1) for _ in named]
            return ["sum by kind", *(f"    {kind}: {value}" for kind, value in zip(named, values, strict=True))]
        case "sum of levels":
            # A value that cannot be negative, so that limits may stand behind it.
            level = next((each for each in place.of("number") if each.text == "level"), None)
            there = "1.5" if level is None else "(level or else 1)" if level.optional else "level"
            if chance(rng, 0.2):
                there = f"(if {condition(rng, place, 0)} then {there} else 0)"
            return [f"sum {there}{rng.choice(['', ' * 2', ' + 0.5'])} of {kinds}"]
        case _:
            return [f"{how} {number(rng, place, 1)} of {kinds}"]


def _limits(draft: Draft, how: str, known: list[str]) -> list[str]:
    """Write dilution, `keep` and `total`, where a record's value cannot be negative."""
    rng, lines = draft.rng, []
    if how not in _ADDING:
        return lines
    if "actor" in known and chance(rng, 0.2):
        lines.append("diluted per actor per day")
    if how in {"count", "sum of levels"} and chance(rng, 0.4):
        fields = [
            each for each in ("actor", *(n.text for n in draft.fields)) if each in known or not _optional(draft, each)
        ]
        if fields:
            chosen = rng.sample(sorted(set(fields)), min(len(set(fields)), rng.choice([1, 1, 2])))
            period = rng.choice(["", " per day", " per week", " per month"])
            lines.append(f"keep at most {rng.choice(['1', '2', '3', '1 + 1'])} per {', '.join(chosen)}{period}")
    if how != "sum" and chance(rng, 0.3):
        most = constant(rng, draft.numbers, ["1", "2.5", "5", "10", "0", "0.333333333"])
        lines.append(f"total at most {most} per {rng.choice(['day', 'week', 'month'])}")
    return lines


def _optional(draft: Draft, name: str) -> bool:
    field_ = draft.field(name)
    return field_ is None or field_.optional


def _person_place(draft: Draft, *, tolerant: bool = False) -> Place:
    return Place(
        (*draft.attributes, *draft.measures, *draft.measures), tolerant=tolerant, parameters=tuple(draft.numbers)
    )


def _formulas(draft: Draft) -> None:
    rng = draft.rng
    for place in range(rng.choice([0, 0, 1, 1, 2])):
        lines = [f'measure f{place} "thing" / "things"', f"= {number(rng, _person_place(draft), 2)}"]
        optional = chance(rng, 0.4)
        if optional:
            lines.append(f"when {condition(rng, _person_place(draft), 1)}")
        draft.add(*lines)
        draft.measures.append(Name(f"f{place}", "number", optional))


def _requires(draft: Draft) -> None:
    rng = draft.rng
    for place in range(rng.choice([0, 0, 1, 2])):
        names = draft.attributes if chance(rng, 0.5) else [*draft.attributes, *draft.measures]
        if not names:
            continue
        tests = [_mild(rng, Place(tuple(names)))]
        if chance(rng, 0.2):
            tests.append(condition(rng, Place(tuple(names)), 1))
        outcome = rng.choice(["no score", "insufficient data"])
        draft.add(
            f'require needs_{place} "needs {place}"',
            f"when {' or '.join(f'({test})' for test in tests)}",
            f'otherwise {outcome} "Not met."',
        )


def _mild(rng: Random, place: Place) -> str:
    """Write a condition that most people meet."""
    name = rng.choice(place.names)
    if name.optional:
        return (
            f"{name.text} is not missing"
            if chance(rng, 0.3)
            else f"{name.text} is missing or {number(rng, place, 0)} >= 0"
        )
    if name.type == "number":
        return f"{name.text} >= 0"
    return condition(rng, place, 0)


# ---- rules and the score -----------------------------------------------------------------------------------------


def _rules(draft: Draft, *, mean: bool) -> None:
    rng = draft.rng
    place, facets = 0, rng.choice([0, 0, 1, 2])
    for facet in range(facets):
        lines = [f'facet part_{facet} "Part {facet}"']
        if not mean and chance(rng, 0.3):
            lines.append("at most 60")
        if not mean and chance(rng, 0.3):
            lines.append("at least -40")
        for _ in range(rng.randint(1, 2)):
            lines += ["", *_rule(draft, place, mean=mean)]
            place += 1
        draft.blocks.append("\n".join(line and (line if at == 0 else f"    {line}") for at, line in enumerate(lines)))
    for _ in range(rng.randint(0 if facets else 1, draft.size)):
        draft.blocks.append("\n".join(_rule(draft, place, mean=mean)))
        place += 1


def _rule(draft: Draft, index: int, *, mean: bool) -> list[str]:
    rng = draft.rng
    otherwise = chance(rng, 0.6)
    place = _person_place(draft, tolerant=otherwise)
    lines = [f'rule r{index} "Rule {index}"']
    form = "weighted" if mean else rng.choice(["weighted", "points", "points", "table", "table"])
    match form:
        case "weighted":
            lines += _weighted(draft, place, mean=mean)
        case "points":
            lines.append(f"    points {number(rng, place, 2)}")
        case _:
            lines += _table(draft, place)
    if chance(rng, 0.3):
        lines.append(f"    when {condition(rng, place, 1)}")
    if otherwise:
        words = f'    otherwise {constant(rng, draft.numbers, ["0", "3", "1", "0.5"])} "Not known."'
        lines.append(words if chance(rng, 0.5) else "    otherwise not applicable")
    if not mean:
        lines += [f"    {bound}" for bound in ("at most 50", "at least -50") if chance(rng, 0.2)]
    if chance(rng, 0.2):
        lines.append(f"    baseline {rng.choice(['5', '20', '0', '-3'])}")
    if chance(rng, 0.2) and draft.measures:
        lines.append(f'    say "{{{draft.measures[0].text}}} of these."')
    return [*lines, '    because "So."']


def _weighted(draft: Draft, place: Place, *, mean: bool) -> list[str]:
    rng = draft.rng
    weights = ["40", "10", "2.5", "0.333", "25%"] + ([] if mean else ["-5", "0"])
    full = constant(rng, (), ["500", "100", "7", "3", "12.5"])
    normal = f", log normal {rng.choice(['2.5', '40', '900'])} to "
    shape = rng.choice(["", ", linear to ", ", square root to ", ", logarithmic to ", normal])
    return [
        f"    weight {constant(rng, draft.numbers, weights)}",
        f"    level {number(rng, place, 1)}{shape + full if shape else ''}",
    ]


def _table(draft: Draft, place: Place) -> list[str]:
    rng = draft.rng
    others = [name for name in draft.attributes if name.type in ("text", "yes/no", "one of", "date")]
    name = rng.choice(others) if others and chance(rng, 0.5) else None
    missing = []
    if name is not None and name.optional:
        missing = [rng.choice(["missing", "missing", "otherwise"])]
    if name is None:
        by = number(rng, Place(place.names, parameters=place.parameters), 1)
        optional = [each.text for each in place.names if each.optional and each.type == "number"]
        if optional and chance(rng, 0.4):
            by, missing = rng.choice(optional), ["missing"]
        if chance(rng, 0.2):
            cells = [rng.choice(["0", "1, 2", "0, 1, 5", "-1, 0.5", "50%"]), *missing, "otherwise"]
        else:
            bounds = ["1", "2.5", "4", "10", "30", "-3", "0", "-0.5"]
            cells = [*_stretches(rng, rng.sample(bounds, rng.randint(1, 4))), *missing]
    else:
        by = name.text
        cells = _cells(rng, name, missing)
    lacking = place.tolerant and chance(_aside(draft), 0.4)
    there = Place(tuple(each for each in place.names if not each.optional), parameters=place.parameters)
    row_place, plain = (place, 0.4) if lacking else (there, 0.8)
    rows = []
    for cell in cells:
        points = literal(rng) if chance(rng, plain) else number(rng, row_place, 1)
        words = ' "Words."' if chance(rng, 0.2) else ""
        words += f" reason code_{len(rows)}" if chance(rng, 0.2) else ""
        rows.append(
            f"        {cell}: {rng.choice(['', '', '-'])}{points if points.isdigit() else f'({points})'}{words}"
        )
    return [f"    points by {by}", *rows]


def _cells(rng: Random, name: Name, missing: list[str]) -> list[str]:
    """Write rows that take every text, choice, day or yes and no."""
    rest = [] if "otherwise" in missing else ["otherwise"]
    match name.type:
        case "yes/no":
            return [*(["yes", "no", *missing] if chance(rng, 0.5) else ["yes", *missing, *rest])]
        case "one of":
            return [", ".join(COLOURS[:2]), COLOURS[2], *missing] if chance(rng, 0.4) else [COLOURS[1], *missing, *rest]
        case "text":
            return ['"ada", "Zoë"', *missing, *rest]
        case _:
            days = rng.sample(["2000-02-29", "2024-02-29", "2025-12-31"], rng.randint(1, 2))
            return [*_stretches(rng, days), *missing]


def _stretches(rng: Random, bounds: list[str]) -> list[str]:
    """Write rows that follow each other over all values; at each bound one of the two takes it."""
    bounds = sorted(bounds, key=lambda text: ((len(text) > 8 and text) or "", float(text) if len(text) < 8 else 0))
    closed = [chance(rng, 0.5) for _ in bounds]
    rows = [f"{'up to' if closed[0] else 'under'} {bounds[0]}"]
    for low, high, low_taken, high_closed in zip(bounds, bounds[1:], closed, closed[1:], strict=False):
        rows.append(f"{'over ' if low_taken else ''}{low} to {'' if high_closed else 'under '}{high}")
    rows.append(f"over {bounds[-1]}" if closed[-1] else f"{bounds[-1]} or more")
    return rows


def _by(draft: Draft) -> str:
    """Write the field that the score is by, in a share of the rulebooks whose records have one that can be it."""
    line = rf"\n    colour( from .*)? one of {', '.join(COLOURS)}( \"a title\")?(\n|$)"
    can = any(re.search(line, each) for each in draft.blocks)
    return " by colour" if can and chance(_aside(draft), 0.5) else ""


def _score(draft: Draft, *, mean: bool) -> int:
    rng = draft.rng
    lines = [f'score "Score"{_by(draft)}']
    lines.append(
        f"mean of all rules by weight, out of {rng.choice(['10', '100', '1'])}" if mean else "sum of all rules"
    )
    if chance(rng, 0.2):
        lines.append(f"at least {rng.choice(['0', '-1000', '-20'])}")
    if chance(rng, 0.2):
        lines.append(f"at most {rng.choice(['100', '1000', '250'])}")
    places = 9
    if chance(rng, 0.6):
        places = rng.choice([0, 1, 2, 3])
        lines_to = f", lines to {rng.choice([4, 1, 6])}" if chance(rng, 0.4) else ""
        lines.append(f"rounded to {places} {'place' if places == 1 else 'places'}{lines_to}")
    if chance(rng, 0.2):
        lines.append(f"reasons at most {rng.choice([1, 2, 3])}")
    draft.add(*lines)
    return places


def _bands(draft: Draft, places: int) -> None:
    if chance(draft.rng, 0.5):
        middle = "5" if places == 0 else "5.5"
        least = draft.rng.choice(["0", "-4"])
        draft.add("bands", f'from {least} low "Low"', f'from {middle} middle "Middle"', 'from 20 high "High"')
        return
    rng = _aside(draft)
    if chance(rng, 0.6):
        place = _person_place(draft)
        needs = [
            [f'    needs {condition(rng, place, 1)} "It is so."' for _ in range(rng.choice([1, 1, 2, 3]))]
            for _ in range(3)
        ]
        bands = zip(("low", "middle", "high"), needs, strict=True)
        draft.add("bands", *(line for name, asked in bands for line in (f'{name} "The {name}"', *asked)))


def _promises(draft: Draft) -> None:
    rng = _aside(draft)
    if not draft.fields or not chance(rng, 0.4):
        return
    by_actor = [f"{words} at most {rng.choice([0, 5, 100])}" for words in ("one actor moves", "own actions give")]
    claims = [f"{rng.choice(['14 days', '2 weeks'])} of silence cost at most 7"]
    claims += [f"score never falls with {', '.join(rng.sample(draft.kinds, min(2, len(draft.kinds))))}"]
    claims += by_actor if draft.field("actor") is not None else []
    chosen = rng.sample(claims, rng.choice([1, 2]))
    draft.add('promise "It is so."', *chosen)


def _example(draft: Draft) -> None:
    if not draft.fields or chance(draft.rng, 0.6):
        return
    names = [each.text for each in draft.fields if not each.optional]
    cells = {
        "id": "1",
        "subject": "ada",
        "actor": "bob",
        "kind": draft.kinds[0],
        "item": "p1",
        "amount": "1",
        "level": "1",
    }
    at = draft.field("at")
    cells["at"] = "2026-02-20" if at is not None and at.type == "date" else "2026-02-20T09:00:00Z"
    if draft.attributes or any(name not in cells for name in names) or "by colour" in "".join(draft.blocks):
        return
    draft.add(
        'example "one record"',
        "as of 2026-03-01",
        "records",
        f"    {' '.join(names)}",
        f"    {' '.join(cells[name] for name in names)}",
        "expect ada",
        "    score 1",
    )


def by_colour(text: str) -> str | None:
    """Return a rulebook's text with a score by the field ``colour``, which every record has; None where it reads no
    records. It need not be valid: what looked for a missing colour is left as it is."""
    records = re.search(r"^records\n(    .*\n)+", text, re.MULTILINE)
    if records is None:
        return None
    lines = [line for line in records[0].splitlines() if not line.startswith("    colour ")]
    now = "\n".join((*lines, f"    colour one of {', '.join(COLOURS)}", ""))
    text = text[: records.start()] + now + text[records.end() :]
    text = re.sub(r"^example .*\n(    .*\n)+", "", text, flags=re.MULTILINE)
    return re.sub(r'^score "Score"( by colour)?$', 'score "Score" by colour', text, flags=re.MULTILINE)
