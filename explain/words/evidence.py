"""Takes an explanation; gives the records behind its measures: what became of each, and what it added."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, assert_never

from msgspec.structs import replace

from tallystick.engine.arithmetic import subtract, text_of
from tallystick.explain.document import Explanation
from tallystick.explain.page import (
    Block,
    Choice,
    Grid,
    Items,
    Picking,
    RecordPicker,
    RecordTable,
    Section,
)
from tallystick.explain.person.measured import leaves
from tallystick.explain.plain import counted, quoted, readable
from tallystick.explain.tongue import decimal_sign, group_sign, listed, number, own_value, phrase, say, say_as
from tallystick.explain.tree.records import AskedMeasure, Evidence
from tallystick.explain.words.acts import statements_on_records, struck_out
from tallystick.explain.words.nodes import cell
from tallystick.explain.words.requirements import measures_required

EVIDENCE = phrase("The records behind the lines")


def evidence_section(document: Explanation) -> Section:
    """Return the records behind each measure, with what each added."""
    if not document.records:
        return Section(say(EVIDENCE), ())
    by_measure: dict[str, list[Evidence]] = {}
    for each in document.records:
        by_measure.setdefault(each.measure, []).append(each)
    above, reading = _counted_above(document), _reading(document)
    first_those_above = sorted(by_measure.items(), key=lambda each: each[0] not in above)
    tables = [
        _table(rows, document, reading.get(measure, ()), above=measure in above) for measure, rows in first_those_above
    ]
    picker = _picker(document, {rule for measure in by_measure for rule in reading.get(measure, ())})
    blocks: list[Block] = [picker, *tables]
    stated = statements_on_records(document, {each.record.get("id") for each in document.records})
    if stated:
        blocks.append(Items(stated))
    return Section(say(EVIDENCE), tuple(blocks))


def shortened(table: RecordTable, most: int) -> RecordTable:
    """Return a table of records with only the latest ones, and say so; what the others added stands in a row."""
    if len(table.grid.rows) <= most:
        return table
    kept, gone = table.grid.rows[:most], len(table.grid.rows) - most
    rest = [""] * len(table.grid.heading)
    rest[0] = say("{n} earlier ones", n=number(gone))
    if table.total is not None:
        totals = [[Decimal(row[table.total]) for row in rows if row[table.total]] for rows in (kept, table.grid.rows)]
        before, after = (each[-1] if each else Decimal(0) for each in totals)
        rest[table.added], rest[table.total] = number(text_of(subtract(after, before))), text_of(after)
    told = say(
        "These are the latest {shown} of {all}. All of them are in the data of this page.",
        shown=number(most),
        all=number(len(table.grid.rows)),
    )
    return replace(
        table,
        grid=replace(table.grid, rows=kept),
        ends=(*table.ends, told),
        fates=table.fates[:most],
        rest=tuple(rest),
    )


def _counted_above(document: Explanation) -> set[str]:
    """Return the measures that the page counts before it lists records."""
    measures = [each for line in document.lines for each in line.measures]
    measures += measures_required(document.requirement)
    return {each.measure for each in leaves(tuple(measures))}


def _leads(first: Evidence, document: Explanation, *, above: bool) -> tuple[Choice, ...]:
    """Return what stands before the records behind a measure, for each order of them."""
    measure = quoted(first.plural)
    titles = [quoted(each.title) for each in document.asked if each.measure == first.measure]
    if above or not titles:
        return (
            Choice("", say("Behind {measure}, latest first:", measure=measure)),
            Choice("early", say("Behind {measure}, earliest first:", measure=measure)),
            Choice("added", say("Behind {measure}, what added most first:", measure=measure)),
        )
    asked = listed(titles)
    return (
        Choice("", say("Behind {measure}, asked for by {asked}, latest first:", measure=measure, asked=asked)),
        Choice("early", say("Behind {measure}, asked for by {asked}, earliest first:", measure=measure, asked=asked)),
        Choice(
            "added", say("Behind {measure}, asked for by {asked}, what added most first:", measure=measure, asked=asked)
        ),
    )


def _end(first: Evidence, document: Explanation, *, above: bool) -> tuple[str, ...]:
    """Return what the records behind a measure added together."""
    sums = {each.measure: each.value for each in document.records_added}
    if first.measure not in sums:
        return ()
    value = counted(sums[first.measure], first.singular, first.plural)
    if any(each.measure == first.measure for each in document.withheld):
        if above:
            return (say("Added together with what is not shown: {value}, as counted above.", value=value),)
        return (say("Added together with what is not shown: {value}.", value=value),)
    if above:
        return (say("Added together: {value}, as counted above.", value=value),)
    return (say("Added together: {value}.", value=value),)


def _reading(document: Explanation) -> dict[str, list[str]]:
    """Return the rules whose lines read each measure, in the order of the lines."""
    found: dict[str, list[str]] = {}
    for line in document.lines:
        for each in leaves(line.measures):
            found.setdefault(each.measure, []).append(line.rule)
    return found


def _table(rows: list[Evidence], document: Explanation, rules: Sequence[str], *, above: bool) -> RecordTable:
    """Return the records behind one measure, the latest first; the last column adds up what each added. ``rules`` read
    the measure; ``above``: the page counts it before."""
    fields = [each for each in document.data.fields if each != "subject"]
    shown = [name for name in fields if any(row.record.get(name) is not None for row in rows)]
    shown.sort(key=lambda name: name != "at")
    adding = any(row.so_far is not None for row in rows)
    heading = [*(readable(name) for name in shown), say("what became of it"), say_as("heading", "added")]
    if adding:
        heading.append(say_as("heading", "running total"))
    cells: list[tuple[str, ...]] = []
    for row in rows:
        values = ((document.data.types[name], row.record.get(name)) for name in shown)
        seen = (*("" if value is None else cell(of, value) for of, value in values), _became(row, document))
        added = ("" if row.effect is None else number(row.effect), row.so_far or "") if adding else ("",)
        cells.append((*seen, *added))
    first = rows[0]
    asked = [_asking(each) for each in document.asked if each.measure == first.measure]
    return RecordTable(
        name=first.plural,
        leads=_leads(first, document, above=above),
        grid=Grid(tuple(heading), tuple(cells), figures=True),
        ends=_end(first, document, above=above),
        readers=(*rules, *asked),
        kind=shown.index("kind") if "kind" in shown else None,
        added=len(shown) + 1,
        total=len(shown) + 2 if adding else None,
        fates=tuple(_fate(row) for row in rows),
    )


def _fate(row: Evidence) -> Literal["counted", "again", "out"]:
    """Return which of the three ways a record went."""
    match row.fate:
        case "counted":
            return "counted"
        case "repeated":
            return "again"
        case "voided" | "excluded" | "window" | "keep" | "total":
            return "out"
        case _:
            assert_never(row.fate)


def _asking(asked: AskedMeasure) -> str:
    """Return by what a requirement is picked: no rule has such a name."""
    return f"require:{asked.requirement}"


def _picker(document: Explanation, rules: set[str]) -> RecordPicker:
    """Return the ways to pick among the records; ``rules`` read one of their measures."""
    lines = [each for each in document.lines if each.rule in rules]
    kinds = dict.fromkeys(each.record.get("kind") or "" for each in document.records)
    fates = {_fate(each) for each in document.records}
    asking = dict.fromkeys(Choice(_asking(each), each.title) for each in document.asked)
    picking = [
        Picking(
            "reader",
            say("Line or requirement") if asking else say("Line"),
            (_all(), *(Choice(each.rule, each.title) for each in lines), *asking),
        ),
        Picking("kind", say("Kind"), (_all(), *(Choice(each, each) for each in map(own_value, sorted(kinds)) if each))),
        Picking(
            "fate",
            say("Counted or not"),
            (
                _all(),
                Choice("counted", say("counted")),
                *([Choice("again", say("counted once, by another record"))] if "again" in fates else []),
                Choice("out", say("not counted")),
            ),
        ),
        Picking(
            "order",
            say("Order"),
            (
                Choice("", say("latest first")),
                Choice("early", say("earliest first")),
                Choice("added", say("what added most first")),
            ),
        ),
    ]
    return RecordPicker(
        name=say("Pick among the records"),
        picking=tuple(each for each in picking if len(each.choices) > _NO_CHOICE),
        words=(
            ("decimal", decimal_sign()),
            ("group", group_sign()),
            ("more", say("and {n} more", n="{n}")),
            ("none", say("No record listed here is like that.")),
            ("picked", say("Picked: {picked} of {all}.", picked="{picked}", all="{all}")),
            (
                "sum",
                say(
                    "Picked: {picked} of {all}. Together they added {sum}.", picked="{picked}", all="{all}", sum="{sum}"
                ),
            ),
        ),
    )


_NO_CHOICE = 2
"""All, and one that is all."""


def _all() -> Choice:
    return Choice("", say_as("choice", "all"))


def _became(row: Evidence, document: Explanation) -> str:
    """Return whether a record counted, or what left it out."""
    correction = next((each for each in document.corrections if each.record == row.record.get("id")), None)
    match row.fate:
        case "counted":
            return say("counted") if correction is None else say("counted, as corrected")
        case "voided":
            return say("struck out") if correction is None else struck_out(correction)
        case "excluded":
            return say("left out: {title}", title=row.title or readable(row.name))
        case "window":
            return say("too old")
        case "keep":
            return say("over the limit")
        case "total":
            return say("over the total")
        case "repeated":
            if row.name == "actor":
                return say("counted once: another record of the same person stands for it")
            return say("counted once: another record of the same stands for it")
        case _:
            assert_never(row.fate)
