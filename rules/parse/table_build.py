"""Takes ``grammar.lark``; gives the LALR table that ``parse`` runs on, made by Lark with ``strict=True``."""

from __future__ import annotations

from pathlib import Path
from typing import Final, cast

from lark import Lark
from lark.grammar import NonTerminal, Rule, Symbol, Terminal
from lark.lexer import PatternStr
from lark.parsers.lalr_analysis import Action, ParseTableBase, Shift
from lark.parsers.lalr_parser import LALR_Parser

from tallystick.rules.parse.table import FILE, Production, Table, to_json

GRAMMAR: Final = Path(__file__).with_name("grammar.lark")
START: Final = "file"
INLINE: Final = -1
"""Marks, in a production's shape, a child of which the children are taken."""


class TableError(Exception):
    """The grammar's table has a form that the parser cannot run: Lark changed, or the grammar did."""


def build() -> Table:
    """Make the table anew. Lark raises ``GrammarError`` where the grammar has a conflict."""
    lark = Lark(GRAMMAR.read_text(encoding="utf-8"), start=START, parser="lalr", lexer="contextual", strict=True)
    parser = lark.parser.parser
    if not isinstance(parser, LALR_Parser):
        raise TableError
    # Lark has no public way to its table, and types it by what it is before its states are numbered.
    made = cast("ParseTableBase[int]", parser._parse_table)  # noqa: SLF001
    rules = sorted(lark.rules, key=lambda rule: (rule.origin.name, [symbol.name for symbol in rule.expansion]))
    places = {rule: place for place, rule in enumerate(rules)}
    order = _order(made, made.start_states[START])
    numbers = {state: number for number, state in enumerate(order)}
    return Table(
        productions=tuple(_production(rule) for rule in rules),
        states=tuple(_row(made.states[state], numbers, places) for state in order),
        start=numbers[made.start_states[START]],
        end=numbers[made.end_states[START]],
        words={t.pattern.value: t.name for t in lark.terminals if isinstance(t.pattern, PatternStr)},
    )


def _order(made: ParseTableBase[int], start: int) -> list[int]:
    """Number the states as a walk by sorted symbols meets them, since Lark's own numbers vary from run to run."""
    order = [start]
    seen = {start}
    for state in order:
        for _, (action, argument) in sorted(made.states[state].items(), key=lambda entry: entry[0]):
            if action is Shift and argument not in seen:
                seen.add(argument)
                order.append(argument)
    return order


def _row(
    entries: dict[str, tuple[Action, int | Rule]], numbers: dict[int, int], places: dict[Rule, int]
) -> dict[str, int]:
    """Write one state's actions as numbers."""
    row: dict[str, int] = {}
    for name, (action, argument) in sorted(entries.items(), key=lambda entry: entry[0]):
        if action is Shift and isinstance(argument, int):
            row[name] = numbers[argument]
        elif isinstance(argument, Rule):
            row[name] = -1 - places[argument]
    return row


def _production(rule: Rule) -> Production:
    """Say what a reduction takes off the stack, what it makes of it, and for which rule of the grammar."""
    origin = rule.origin.name
    children: list[int | None] = []
    gaps = rule.options.empty_indices or (False,) * len(rule.expansion)
    place = 0
    for is_gap in gaps:
        if is_gap:
            children.append(None)
            continue
        if place < len(rule.expansion) and _is_kept(rule.expansion[place]):
            inline = isinstance(rule.expansion[place], NonTerminal) and rule.expansion[place].name.startswith("_")
            children.append(INLINE - place if inline else place)
        place += 1
    return Production(
        origin=origin,
        size=len(rule.expansion),
        builder=None if origin.startswith("_") else rule.alias or origin,
        children=tuple(children),
        unwraps=bool(rule.options.expand1) and rule.alias is None,
    )


def _is_kept(symbol: Symbol) -> bool:
    return not (isinstance(symbol, Terminal) and symbol.filter_out)


def main() -> None:
    """Write the table beside the grammar."""
    FILE.write_text(to_json(build()), encoding="utf-8")


if __name__ == "__main__":
    main()
