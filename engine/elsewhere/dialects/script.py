"""Takes a step of the compiled query, in DuckDB's words; gives the same query in those of another database.

sqlglot only reads the text. What is written is written here, node by node, from a closed set: whatever has no place in
it is refused by name, since a function that is passed through unknown can mean another thing there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tallystick.engine.query.sql import quote_value
from tallystick.engine.query.steps import AS_OF, Step
from tallystick.engine.refusals import UsageRefusal, not_installed

if TYPE_CHECKING:
    from sqlglot import exp

_DEEP = 20_000
"""Calls within calls: a parser of SQL needs some dozens for each of a hundred brackets."""


class Dialect(Struct, frozen=True):
    """The words of a database, where it has other ones than DuckDB.

    ``title``: what it is called. ``extra``: what brings its libraries when this package is installed. ``nulls_last``:
    what is missing comes last in an ascending order that does not say where. ``name`` and ``text``: a name, and a text
    as a literal, quoted. ``cast``: a value as another type, of which DuckDB's name is given, and the sizes of a
    ``DECIMAL``. ``functions``: the calls of functions and macros; None where there are no words for one. ``let``: a
    query's words in which ``name.x`` is a bound value that is written and worked out once. ``pick_by``: the aggregate
    for the value, which is not missing, of the row that comes last in an order. ``last_before``: the condition of a
    join that a row of a source is the last whose key is not after a value; None: each row is told the key of the next,
    and the row is found between the two.
    """

    title: str
    extra: str
    nulls_last: bool
    name: Callable[[str], str]
    text: Callable[[str], str]
    cast: Callable[[str, str, tuple[int, ...]], str]
    functions: Mapping[str, Callable[..., str | None]]
    let: Callable[[Mapping[str, str], str, str], str]
    pick_by: Callable[[str, Sequence[str]], str]
    last_before: Callable[[str, str, str, str], str] | None = None

    def function(self, name: str, operands: Sequence[str]) -> str | None:
        """Return the call of a function or macro; None where there are no words for it."""
        found = self.functions.get(name)
        return None if found is None else found(*operands)

    def call(self, name: str, operands: Sequence[str]) -> str:
        """Return the call of a function or macro; raises ``NotInDialect``."""
        found = self.function(name, operands)
        if found is None:
            raise NotInDialect(self, f"`{name}`")
        return found

    def tried(self, value: str, to: str, sizes: tuple[int, ...]) -> str:
        """Return a value as another type, missing where it has no room there; without words for that none lacks it."""
        cast = self.cast(value, to, sizes)
        return self.function("try cast", [cast]) or cast


class NotInDialect(UsageRefusal):
    """Raised where a query asks for what another database is not known to mean alike."""

    def __init__(self, dialect: Dialect, what: str) -> None:
        """Name it."""
        super().__init__(
            f"the query for this rulebook needs {what}, for which there are no words in {dialect.title}",
            help="score with `--engine duckdb`",
        )


class Written(Struct, frozen=True):
    """A query in the dialect, and the names of its columns in order."""

    text: str
    columns: tuple[str, ...]


class Script(Struct):
    """A chain of named queries in a dialect, each of which may read those before it."""

    dialect: Dialect
    as_of: date
    relations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parts: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, name: str, words: str, written: Written) -> None:
        """Add a query that is in the dialect already."""
        self.relations[name] = written.columns
        self.parts.append((name, words, written.text))

    def step(self, step: Step) -> Written:
        """Add a step of the compiled query, put into the dialect; raises ``NotInDialect``."""
        body = step.body.replace(AS_OF, quote_value(self.as_of))
        written = translated(body, self.dialect, self.relations)
        self.add(step.name, step.words, written)
        return written


def translated(text: str, dialect: Dialect, relations: Mapping[str, tuple[str, ...]]) -> Written:
    """Return a query of ours in a dialect; ``relations`` are those that it can read, with their columns in order.
    Raises ``UsageRefusal`` where the library that reads our query is not installed."""
    try:
        from tallystick.engine.elsewhere.dialects.queries import QueryWriter  # noqa: PLC0415  sqlglot takes its time
    except ImportError as error:
        what = f"a query in the words of {dialect.title} needs the library `sqlglot`"
        raise not_installed(what, dialect.extra) from error
    with deep_enough():
        return QueryWriter(dialect, relations).written(parsed(text))


def parsed(text: str) -> exp.Expr:
    """Return the tree of a query of ours."""
    import sqlglot  # noqa: PLC0415

    return sqlglot.parse_one(text, read="duckdb")


@contextmanager
def deep_enough() -> Iterator[None]:
    """Let calls nest as deep as the brackets of the longest expression need."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
