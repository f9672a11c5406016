"""Holds the shipped table to the grammar, and the lists of words to the table."""

from __future__ import annotations

import subprocess
import sys

from tallystick.rules.parse import table, table_build
from tallystick.rules.parse.tree import BUILDERS
from tallystick.rules.parse.words import FUNCTIONS, LINE_WORDS, RESERVED


def test_table_is_the_grammars() -> None:
    """The shipped table is what Lark makes of the grammar now, with ``strict=True``: LALR(1) without a conflict."""
    assert table.to_json(table_build.build()) == table.FILE.read_text(encoding="utf-8")


def test_every_rule_is_built() -> None:
    """Every rule of the grammar has its builder, and every builder its rule."""
    needed = {one.builder for one in table.load().productions if one.builder is not None and not one.unwraps}
    assert needed == set(BUILDERS)


def _written(symbols: set[str]) -> set[str]:
    return {word for word, terminal in table.load().words.items() if terminal in symbols and word[0].isalpha()}


def test_line_words() -> None:
    """The words that can begin a line are those of the table."""
    states = table.load().states
    after = {row[end] for row in states for end in ("_NL", "_INDENT", "_DEDENT") if row.get(end, -1) >= 0}
    begins = {symbol for state in {table.load().start, *after} for symbol in states[state]}
    assert _written(begins) == LINE_WORDS


def test_words_that_could_be_names() -> None:
    """Where the grammar has room for a keyword and a name, the keyword is one of those that are decided upon."""
    both = set().union(*(row for row in table.load().states if row.get("NAME", -1) >= 0))
    decided = {"applicable", "band", "because", "by", "from", "insufficient", "no", "otherwise", "over", "score"}
    assert _written(both) - RESERVED == decided | {"under", "up"}


def test_functions_are_no_keywords() -> None:
    """A function is known by the parenthesis after it, so its name is free elsewhere."""
    assert not set(FUNCTIONS) & set(table.load().words)


def test_lark_is_not_needed_to_parse() -> None:
    """Reading a rulebook imports neither Lark nor anything else that starts slowly."""
    code = "import sys, tallystick.rules.parse.parse, tallystick.rules.format.format; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not {"lark", "pydantic", "duckdb", "typer"} & set(run.stdout.split())
