"""Takes tokens one by one; gives the nodes that the table builds of them, and can go back to an earlier moment."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from tallystick.rules.parse.table import Production, Table
from tallystick.rules.parse.tree import BUILDERS, DEEPENING
from tallystick.rules.source import Span

NOWHERE = -1


class Entry(NamedTuple):
    """A symbol on the stack: its value, where it stands (or nowhere), and how deep expressions nest in it."""

    value: object
    start: int
    end: int
    depth: int


class Chain(Struct, frozen=True):
    """A list that grows at its end without a change to what it was, so that an earlier moment stays as it was."""

    before: Chain | None
    items: tuple[object, ...]

    def flat(self) -> list[object]:
        """Return all items in order."""
        links: list[Chain] = []
        link: Chain | None = self
        while link is not None:
            links.append(link)
            link = link.before
        return [item for one in reversed(links) for item in one.items]


class Mark(Struct, frozen=True):
    """A moment of the machine."""

    states: tuple[int, ...]
    entries: tuple[Entry, ...]


class Machine:
    """The LALR automaton with its stack; ``deepest`` is the deepest expression since it was last set to 0."""

    def __init__(self, table: Table) -> None:
        """Stand at the beginning of a file."""
        self.table = table
        self.passed_on = [_passes_on(each) for each in table.productions]
        self.states = [table.start]
        self.entries: list[Entry] = []
        self.deepest = 0

    @property
    def row(self) -> dict[str, int]:
        """What can be done now, by symbol; a symbol in it may still be refused after reductions."""
        return self.table.states[self.states[-1]]

    def mark(self) -> Mark:
        """Remember this moment."""
        return Mark(tuple(self.states), tuple(self.entries))

    def reset(self, mark: Mark) -> None:
        """Go back to a moment."""
        self.states = list(mark.states)
        self.entries = list(mark.entries)

    def accepts(self, terminal: str) -> bool:
        """Say whether a token of this kind can come next."""
        states = list(self.states)
        while True:
            action = self.table.states[states[-1]].get(terminal)
            if action is None:
                return False
            if action >= 0:
                return True
            production = self.table.productions[-1 - action]
            if production.size:
                del states[-production.size :]
            states.append(self.table.states[states[-1]][production.origin])

    def expected(self) -> frozenset[str]:
        """Return the kinds of token that can come next."""
        return frozenset(symbol for symbol in self.row if symbol == symbol.upper() and self.accepts(symbol))

    def feed(self, terminal: str, value: object = None, span: Span | None = None) -> bool:
        """Take one token, or say that it cannot come next."""
        states, rows = self.states, self.table.states
        while True:
            action = rows[states[-1]].get(terminal)
            if action is None:
                return False
            if action >= 0:
                start, end = (NOWHERE, NOWHERE) if span is None else (span.start, span.end)
                states.append(action)
                self.entries.append(Entry(value, start, end, 0))
                return True
            production = self.table.productions[-1 - action]
            if self.passed_on[-1 - action]:
                states[-1] = rows[states[-2]][production.origin]
            else:
                self._reduce(production)

    def finish(self) -> object:
        """Return the value of the whole; the caller has fed a whole file."""
        while self.states[-1] != self.table.end:
            self._reduce(self.table.productions[-1 - self.row["$END"]])
        return self.entries[-1].value

    def _reduce(self, production: Production) -> None:
        """Build one node of what stands on top of the stack."""
        size = production.size
        taken = self.entries[-size:] if size else []
        if size:
            del self.entries[-size:]
            del self.states[-size:]
        start = end = NOWHERE
        depth = 0
        for entry in taken:
            if start == NOWHERE:
                start = entry.start
            if entry.end != NOWHERE:
                end = entry.end
            depth = max(depth, entry.depth)
        if production.builder in DEEPENING:
            depth += 1
            self.deepest = max(self.deepest, depth)
        self.entries.append(Entry(_value(production, taken, start, end), start, end, depth))
        self.states.append(self.table.states[self.states[-1]][production.origin])


def _passes_on(production: Production) -> bool:
    """Say whether a production leaves what stands on the stack as it is: most do, one for each way to bind tighter."""
    one = production.size == 1 and production.children == (0,) and production.unwraps
    return one and production.builder is not None and production.builder not in DEEPENING


def _value(production: Production, taken: list[Entry], start: int, end: int) -> object:
    """Make the value of a production: a node, its only child, or a list."""
    before: Chain | None = None
    children: list[object] = []
    for child in production.children:
        if child is None:
            children.append(None)
        elif child >= 0:
            children.append(taken[child].value)
        else:
            chain = taken[-1 - child].value
            if not isinstance(chain, Chain):
                msg = "a list was expected"
                raise TypeError(msg)
            if production.builder is None and not children and before is None:
                before = chain
            else:
                children += chain.flat()
    if production.builder is None:
        return Chain(before, tuple(children))
    if production.unwraps and len(children) == 1:
        return children[0]
    return BUILDERS[production.builder](Span(max(start, 0), max(end, 0)), *children)
