"""Holds the formatter to its layout: the language's example as it stands, comments in place, long lists broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from generators.accepted import parsed
from hypothesis import given
from hypothesis import strategies as st

from tallystick.rules.format.format import canonical, format_expr, format_file
from tallystick.rules.format.line_breaks import broken
from tallystick.rules.syntax import Points, Rule

EXAMPLE = (Path(__file__).parents[1] / "influence.tally").read_text(encoding="utf-8")
HEAD = 'rulebook "Test" version 1.0.0\n'


def laid_out(text: str) -> str:
    """Format a text that has no mistakes."""
    return format_file(parsed(text))


def test_example_of_the_language() -> None:
    """The rulebook on the language's page stands in the canonical layout already."""
    assert laid_out(EXAMPLE) == EXAMPLE


def test_example_without_its_layout() -> None:
    """The layout does not depend on the blanks, blank lines and indentation of what was written."""
    squeezed = "\n".join(
        " " * ((len(line) - len(line.lstrip())) // 4 * 3) + " ".join(line.split()) + " " for line in EXAMPLE.split("\n")
    )
    assert laid_out(squeezed) == EXAMPLE


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("((a))+(b*c)", "a + b * c"),
        ("(a+b)*c", "(a + b) * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("-(a or else b)", "-(a or else b)"),
        ("a or else (-b)", "a or else -b"),
        ("a or else 0 * b or else 1", "(a or else 0) * (b or else 1)"),
        ("a or else 0 < 3 and not b or else no", "(a or else 0) < 3 and not (b or else no)"),
        ("if a then b or else 0 else c or else 0", "if a then (b or else 0) else (c or else 0)"),
        ("if a or else no then b else c", "if (a or else no) then b else c"),
        ("(a or else b) or else c", "a or else b or else c"),
        ("min((a or else 0), 1)", "min(a or else 0, 1)"),
        ("(a and b)and c", "(a and b) and c"),
        ("(not a) and b", "not a and b"),
        ("(years since a)or else 0", "years since a or else 0"),
        (
            "if (if a then b else c) then d else (if e then f else g)",
            "if (if a then b else c) then d else if e then f else g",
        ),
        ("1 weeks", "1 week"),
        ("2 week", "2 weeks"),
        ("007.50 %", "7.50%"),
        ("min( a,b )", "min(a, b)"),
    ],
)
def test_expressions(written: str, printed: str) -> None:
    """An expression keeps the parentheses that it needs to be read, or, around `or else`, to be understood."""
    (rule,) = parsed(f'{HEAD}\nrule x "x"\n    points {written}\n').declarations
    assert isinstance(rule, Rule)
    (points,) = rule.clauses
    assert isinstance(points, Points)
    assert format_expr(points.value) == printed


COMMENTED = """# a licence

# about this rulebook
rulebook "Test" version 1.0.0  # behind the head
    # before the owner
    owner "x"

# before the measure
measure x "x"
    count a  # behind count
    within 90 days
    # ends the block

# stands alone

# before the facet
facet f "x"  # behind the facet

    # before the rule
    rule y "y"
        # in the rule
        points 1
        # ends the rule
    # ends the facet

# the end

# the very end
"""


def test_comments_stay_in_place() -> None:
    """A comment stays before, behind or after what it stood at."""
    assert laid_out(COMMENTED) == COMMENTED


def test_comments_inside_parentheses() -> None:
    """A comment inside parentheses moves before its line, the last one behind it."""
    text = f'{HEAD}\nexclude x "x"\n    when a in (b, # one\n        # two\n        c) # three\n'
    assert laid_out(text).endswith("    # two\n    # one\n    when a in (b, c)  # three\n")
    assert laid_out(laid_out(text)) == laid_out(text)


def test_canonical_text_has_no_comments() -> None:
    """Rulebooks that differ in comments and layout alone have one canonical text."""
    assert canonical(parsed(COMMENTED)) == canonical(parsed(canonical(parsed(COMMENTED))))
    assert "#" not in canonical(parsed(COMMENTED))


lines = EXAMPLE.split("\n")
insertions = st.tuples(st.integers(0, len(lines) - 1), st.booleans(), st.integers(0, 12))


@given(st.lists(insertions, min_size=1, max_size=8))
def test_any_comments_are_kept(places: list[tuple[int, bool, int]]) -> None:
    """Comments put anywhere are all kept, in order, and the layout of what was laid out is the same again."""
    commented = list(lines)
    for number, (place, is_behind, indent) in enumerate(places):
        comment = f"# {number}"
        if is_behind:
            commented[place] += f" {comment}"
        else:
            commented[place] = f"{' ' * indent}{comment}\n{commented[place]}"
    file = parsed("\n".join(commented))
    printed = format_file(file)
    again = parsed(printed)
    assert [comment.text for comment in again.comments] == [comment.text for comment in file.comments]
    assert format_file(again) == printed


def test_long_lists_are_broken() -> None:
    """A list in parentheses that makes a line wider than 120 columns is broken; it reads the same."""
    kinds = ", ".join(f"kind_number_{number}" for number in range(20))
    text = f'{HEAD}\nexclude x "x"\n    when kind in ({kinds}) and a\n'
    printed = laid_out(text)
    assert max(map(len, printed.split("\n"))) <= 120
    assert parsed(printed) == parsed(text)
    assert laid_out(printed) == printed


@pytest.mark.parametrize(("last", "rows"), [(54, [120, 42]), (55, [64, 99])])
def test_a_row_of_a_long_list_is_as_wide_as_can_be(last: int, rows: list[int]) -> None:
    """A row of just 120 columns stands; with one more, what makes it wider goes to the next."""
    printed = broken("    ", f"when kind in ({'x' * 55}, {'y' * last}, {'z' * 34})")
    assert [len(line) for line in printed.split("\n")[1:-1]] == rows
