"""Takes cells that hold what CSV is made of; checks that a reader gets them back."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from tallystick.engine.csv_lines import csv_line

CELLS = st.lists(st.text(alphabet="a ,\"\r\n\t'=ü"), min_size=2, max_size=4)


@given(rows=st.lists(CELLS, min_size=1, max_size=4))
def test_a_reader_gets_every_cell_back(rows: list[list[str]]) -> None:
    """Commas, quotes, line feeds and bare carriage returns in a name never make another cell or row."""
    text = "".join(map(csv_line, rows))
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


def test_a_plain_cell_stands_as_it_is() -> None:
    """Quotes stand only where CSV needs them, and a line ends with a line feed."""
    assert csv_line(("ada", "", "=1", "a b", "a\rb")) == 'ada,,=1,a b,"a\rb"\n'
