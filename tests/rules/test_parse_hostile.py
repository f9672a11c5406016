"""Holds the parser to its safety: no text raises, and none takes more than a time in proportion to its length."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.rules import limits
from tallystick.rules.format import format_file
from tallystick.rules.parse import parse, source_from_bytes
from tallystick.rules.source import Source

EXAMPLE = Path(__file__).with_name("influence.tally").read_text(encoding="utf-8")
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


@pytest.mark.parametrize(
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
def test_time_is_in_proportion(beginning: str, piece: str) -> None:
    """Four times the text takes at most some ten times the time, whatever is repeated."""

    def seconds(size: int) -> float:
        source = Source("test.tally", _fill(beginning, piece, size))
        start = time.process_time()
        parse(source)
        return time.process_time() - start

    assert seconds(160_000) < 10 * seconds(40_000) + 0.2


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
