"""Takes diagnostics made by hand; checks every stroke of how they are drawn."""

from __future__ import annotations

import re

import pytest

from tallystick.cli.drawing import Paint, draw_concise, draw_full, width
from tallystick.rules.diagnostics import Diagnostic, Label, Severity
from tallystick.rules.source import Source, Span

SHARES = "\n" * 40 + "        level  shars, logarithmic to 500\n"
TABLE = "\n" * 55 + "        points by years since joined\n            1 to 3:    5\n            3 or more: 10\n"


def span(text: str, part: str) -> Span:
    """Return where a part stands in a text."""
    start = text.index(part)
    return Span(start, start + len(part))


def unknown(name: str = "influence.tally", text: str = SHARES, part: str = "shars") -> Diagnostic:
    """Return the first diagnostic of the style guide, about any text."""
    return Diagnostic(
        "name-unknown",
        f"no measure or field is called `{part}`",
        Source(name, text),
        Label(span(text, part), "not declared"),
        help="`shares` (line 22) is spelled almost the same",
    )


def test_one_place_is_drawn_as_the_style_guide_has_it() -> None:
    """The line at fault stands under its place, underlined, with the words beside and the help below."""
    assert draw_full(unknown()) == (
        "error[name-unknown]: no measure or field is called `shars`\n"
        "  --> influence.tally:41:16\n"
        "   |\n"
        "41 |         level  shars, logarithmic to 500\n"
        "   |                ^^^^^ not declared\n"
        "   |\n"
        "   = help: `shares` (line 22) is spelled almost the same\n"
    )


def test_two_places_are_drawn_in_the_order_of_the_text() -> None:
    """What a mistake conflicts with is underlined with dashes, where it stands."""
    drawn = draw_full(
        Diagnostic(
            "rows-overlap",
            "two rows of this table both contain 3 years",
            Source("influence.tally", TABLE),
            Label(span(TABLE, "3 or more"), "10 points at 3"),
            Label(span(TABLE, "1 to 3"), "5 points at 3"),
            help="write `1 to under 3`",
        )
    )
    assert drawn == (
        "error[rows-overlap]: two rows of this table both contain 3 years\n"
        "  --> influence.tally:58:13\n"
        "   |\n"
        "57 |             1 to 3:    5\n"
        "   |             ------ 5 points at 3\n"
        "58 |             3 or more: 10\n"
        "   |             ^^^^^^^^^ 10 points at 3\n"
        "   |\n"
        "   = help: write `1 to under 3`\n"
    )


def test_lines_between_two_places_are_left_out_and_notes_come_first() -> None:
    """Three dots stand for what is not shown; the gutter fits the longest line number."""
    text = "one\n" + "\n" * 98 + "hundred\n"
    diagnostic = Diagnostic(
        "no-reason",
        "said twice",
        Source("a.tally", text),
        Label(span(text, "hundred")),
        Label(span(text, "one"), "first here"),
        notes=("a fact",),
        severity=Severity.WARNING,
    )
    assert draw_full(diagnostic) == (
        "warning[no-reason]: said twice\n"
        "   --> a.tally:100:1\n"
        "    |\n"
        "  1 | one\n"
        "    | --- first here\n"
        "...\n"
        "100 | hundred\n"
        "    | ^^^^^^^\n"
        "    |\n"
        "    = note: a fact\n"
    )


def test_both_places_in_one_line_have_an_underline_each() -> None:
    """Two marks in one line stand under each other."""
    text = "a = b\n"
    drawn = draw_full(
        Diagnostic("x", "m", Source("f", text), Label(Span(0, 1), "this"), Label(Span(4, 5), "against that"))
    )
    assert drawn.splitlines()[3:] == ["1 | a = b", "  | ^ this", "  |     - against that"]


@pytest.mark.parametrize("at", [Span(5, 5), Span(6, 6), Span(0, 6)])
def test_something_is_always_underlined(at: Span) -> None:
    """A place at the end of a line, or of the file, still gets a mark, and a long one ends with its line."""
    drawn = draw_full(Diagnostic("x", "m", Source("f", "a = b\n"), Label(at)))
    assert drawn.splitlines()[4].count("^") == (5 if at == Span(0, 6) else 1)


@pytest.mark.parametrize(
    ("line", "indent"),
    [
        ("\tshars", 4),
        ("“é” shars", 4),
        ("日本 shars", 5),
        ("e\u0301 shars", 2),
        ("\u202e shars", 9),
        ("\x1b[31m shars", 13),
    ],
)
def test_the_mark_stands_under_what_it_marks(line: str, indent: int) -> None:
    """Tabs, wide letters, accents and what does not print take as much room in the mark as in the line."""
    drawn = draw_full(unknown(text=line)).splitlines()
    assert drawn[4].removeprefix("  | ").index("^") == indent
    assert width(drawn[3].removeprefix("1 | ").split("shars")[0]) == indent


def test_a_line_without_end_is_cut_around_the_mark() -> None:
    """A line of a hundred thousand letters does not fill the screen, and what is marked is in sight."""
    text = "a" * 50_000 + " shars " + "b" * 50_000
    drawn = draw_full(unknown(text=text)).splitlines()
    assert max(map(len, drawn)) < 400
    shown, marks = drawn[3], drawn[4]
    assert shown[marks.index("^") :].startswith("shars")


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\u202e", "\r", "\x00", "\x9b", "\u2028"])
def test_nothing_in_a_rulebook_reaches_the_terminal_as_a_command(hostile: str) -> None:
    """Control characters and those that turn text around are written out wherever they stand."""
    diagnostic = Diagnostic(
        "x",
        f"m{hostile}",
        Source(f"f{hostile}.tally", f"a{hostile}b\n"),
        Label(Span(0, 3), f"l{hostile}"),
        notes=(f"n{hostile}",),
        help=f"h{hostile}",
    )
    for drawn in (draw_full(diagnostic), draw_concise(diagnostic)):
        assert hostile not in drawn
        assert all(line.isprintable() for line in drawn.split("\n"))


def test_concise_is_one_line_that_an_editor_can_follow() -> None:
    """`file:line:column: severity[name]: message`."""
    assert draw_concise(unknown()) == (
        "influence.tally:41:16: error[name-unknown]: no measure or field is called `shars`\n"
    )


def test_colour_changes_nothing_but_colour() -> None:
    """With colour the same characters are drawn."""
    painted = draw_full(unknown(), Paint(colour=True))
    assert "\x1b[1;31m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == draw_full(unknown())
