"""Holds the parser to its safety: no text raises, and none takes more than a time in proportion to its length."""

from __future__ import annotations

import gc
import math
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.rules import limits
from tallystick.rules.format.format import format_file
from tallystick.rules.parse.parse import parse, source_from_bytes
from tallystick.rules.source import Source

EXAMPLE = (Path(__file__).parents[1] / "influence.tally").read_text(encoding="utf-8")
HEAD = 'rulebook "Test" version 1.0.0\n\n'


def survives(text: str) -> None:
    """Parse any text; what is told stands in it, and a tree that comes out can be printed and read again."""
    file, diagnostics = parse(Source("test.tally", text))
    assert all(0 <= one.primary.span.start <= one.primary.span.end <= len(text) for one in diagnostics)
    if file is None:
        assert diagnostics
        return
    printed = format_file(file)
    again, mistakes = parse(Source("test.tally", printed))
    assert mistakes == ()
    assert again == file
    assert len(again.comments) == len(file.comments)
    assert format_file(again) == printed


def test_cut_anywhere() -> None:
    """A rulebook cut at every seventh character never raises; the test below cuts at random ones."""
    for length in range(0, len(EXAMPLE), 7):
        parse(Source("test.tally", EXAMPLE[:length]))


@given(st.integers(0, len(EXAMPLE)))
def test_what_is_left_of_a_cut(length: int) -> None:
    """What parses of a rulebook that was cut can be printed and read again."""
    survives(EXAMPLE[:length])


@given(st.lists(st.tuples(st.integers(0, len(EXAMPLE.encode()) - 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_flipped_bytes(flips: list[tuple[int, int]]) -> None:
    """Random bytes in a rulebook never raise."""
    data = bytearray(EXAMPLE.encode())
    for place, byte in flips:
        data[place] = byte
    source, diagnostics = source_from_bytes("test.tally", bytes(data))
    if source is None:
        assert diagnostics
    else:
        survives(source.text)


pieces = st.sampled_from(
    ["(", ")", '"', "\n", "\n    ", "\t", " and ", " or ", "#", "-", "\\", "\r", "if ", ",", "  # so\n"]
)


@given(st.lists(st.tuples(st.integers(0, len(EXAMPLE)), pieces), min_size=1, max_size=6))
def test_strewn_pieces(strewn: list[tuple[int, str]]) -> None:
    """Pieces of the language in wrong places never raise, and comments are never lost."""
    text = EXAMPLE
    for place, piece in strewn:
        text = text[:place] + piece + text[place:]
    survives(text)


def _fill(beginning: str, piece: str, size: int) -> str:
    return beginning + piece * ((size - len(beginning)) // len(piece))


REPEATED = pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (f'{HEAD}rule x "x"\n    points ', "\n        (a +"),
        (f'{HEAD}rule x "x"\n    points (', "\n        ("),
        (f'{HEAD}rule x "x"\n', "    points (a\n"),
        (f'{HEAD}rule x "x"\n', "    at most 1\n"),
        (HEAD, 'use "x"\n'),
        (HEAD, "parameter x\n"),
        (f'{HEAD}example "x"\n    as of 2026-01-01\n    records\n', "        a b\n"),
        (f'{HEAD}exclude x "x"\n    when x in (x', ",\n        x"),
        (HEAD, '"'),
        (HEAD, "\n"),
        (HEAD, "# \n"),
        (HEAD, "a" * 99 + "\n "),
        (HEAD, "\\\n\t"),
    ],
)


def steps(text: str) -> int:
    """Return how many functions are called to parse a text, Python's own among them: the same each time."""
    source, count = Source("test.tally", text), 0

    def called(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        parse(source)
    finally:
        sys.setprofile(None)
    return count


@REPEATED
def test_steps_are_in_proportion(beginning: str, piece: str) -> None:
    """Four times the text takes at most some four times the steps, whatever is repeated."""
    parse(Source("test.tally", HEAD))  # what is made once
    assert steps(_fill(beginning, piece, 20_000)) < 4.2 * steps(_fill(beginning, piece, 5_000)) + 1_000


def seconds(text: str) -> float:
    """Return the processor's time for parsing a text, without what other tests leave to be looked through."""
    source = Source("test.tally", text)
    gc.disable()
    start = time.process_time()
    try:
        parse(source)
        return time.process_time() - start
    finally:
        gc.enable()


@REPEATED
def test_time_is_in_proportion(beginning: str, piece: str) -> None:
    """Four times the text takes at most some ten times the time, whatever is repeated, inside each step, too."""
    # What grows with the square of the text fails three times; a processor that does something else hardly does.
    small, large = math.inf, math.inf
    for _ in range(3):
        small = min(small, seconds(_fill(beginning, piece, 40_000)))
        large = min(large, seconds(_fill(beginning, piece, 160_000)))
        if large < 10 * small + 0.2:
            return
    pytest.fail(f"{large:.2f} s for four times the text of {small:.2f} s")


@pytest.mark.parametrize("opening", ["(", "-", "not ", "if a then b else ", "min(", "a or else ", "days since "])
def test_deep_nesting(opening: str) -> None:
    """Nesting as deep as a line can hold is a mistake of the user, never a RecursionError."""
    text = f'{HEAD}rule x "x"\n    points {opening * ((limits.LINE_LENGTH - 20) // len(opening))}1\n'
    file, diagnostics = parse(Source("test.tally", text))
    assert file is not None
    assert [one.name for one in diagnostics][:1] in (["expression-too-deep"], ["parenthesis-not-closed"])


def test_deep_indentation() -> None:
    """Lines that each stand deeper than the one before are told of once, never a RecursionError."""
    text = HEAD + "\n".join(" " * depth + "a" for depth in range(1_400))
    assert [one.name for one in parse(Source("test.tally", text))[1]] == ["clause-unknown"]
