"""Takes the table that Lark made of ``grammar.lark``; gives it as the parser reads it, without importing Lark."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

FILE: Final = Path(__file__).with_name("grammar.json")


class Production(Struct, frozen=True):
    """One way to write a rule of the grammar.

    ``size`` symbols come off the stack. ``children`` says which of them the builder gets: a position, ``None`` for an
    optional part that is not there, and ``-1 - position`` for a list of which the members are meant. Without a
    ``builder`` the children are passed on as a list; ``unwraps``: an only child is passed on as it is.
    """

    origin: str
    size: int
    builder: str | None
    children: tuple[int | None, ...]
    unwraps: bool


class Table(Struct, frozen=True):
    """The LALR automaton: for each state and symbol, the next state (0 or more) or ``-1 - production`` to reduce."""

    productions: tuple[Production, ...]
    states: tuple[dict[str, int], ...]
    start: int
    end: int
    words: dict[str, str]
    """The terminal of each keyword and symbol as written."""


@cache
def load() -> Table:
    """Read the table that is shipped with the grammar."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    return Table(
        productions=tuple(
            Production(origin, size, builder, tuple(children), unwraps)
            for origin, size, builder, children, unwraps in data["productions"]
        ),
        states=tuple(data["states"]),
        start=data["start"],
        end=data["end"],
        words=data["words"],
    )


def to_json(table: Table) -> str:
    """Print a table for the file; the same table is always the same text."""
    productions = [[p.origin, p.size, p.builder, list(p.children), p.unwraps] for p in table.productions]
    lines = [
        f'"start": {table.start}, "end": {table.end}',
        f'"words": {json.dumps(table.words, sort_keys=True)}',
        _block("productions", [json.dumps(production) for production in productions]),
        _block("states", [json.dumps(state, sort_keys=True) for state in table.states]),
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _block(name: str, lines: list[str]) -> str:
    return f'"{name}": [\n' + ",\n".join(lines) + "\n]"
