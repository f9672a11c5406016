"""Takes checked expressions; writes them, puts them where they stood, and asks whether they still mean the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.rules.diff.diff import diff
from tallystick.rules.expression import Expr
from tallystick.rules.format.checked import text_of
from tallystick.rules.load import read
from tallystick.rules.placed import nodes
from tallystick.rules.source import Source, Span

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*/*.tally"))


def expressions(tree: object) -> Iterator[Expr]:
    """Give every expression of a tree that has a place in the text."""
    yield from (each for each in nodes(tree) if isinstance(each, Expr) and each.span != Span(0, 0))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_written_reads_the_same(path: Path) -> None:
    """An expression written from its meaning means the same where it stood, in parentheses or not."""
    text = path.read_text(encoding="utf-8").partition("\nexample ")[0]
    rulebook = accepted(text)
    places = {each.span: text_of(each) for each in expressions(rulebook)}
    assert len(places) > 20
    for span, written in places.items():
        again, diagnostics = read(Source(path.name, text[: span.start] + written + text[span.end :]))
        assert again is not None, (written, [each.message for each in diagnostics])
        assert diff(rulebook, again) == (), written
