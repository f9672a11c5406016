"""Takes the page about the commands; checks that it says of each command and option what is so."""

from __future__ import annotations

from docs import write_pages


def test_every_command_and_option_is_documented() -> None:
    """docs/commands.md has each command with each of its options, as the code has them."""
    page = write_pages.PAGE.read_text(encoding="utf-8")
    assert page == write_pages.made(page)


def test_what_must_be_given_and_what_holds_without_an_option_is_said() -> None:
    """Each option's line on the page says that it must be given, or what holds where it is left out."""
    page = write_pages.PAGE.read_text(encoding="utf-8")
    score = page.partition("<!-- options of score -->")[2].partition("<!-- end -->")[0]
    lines = {line.split()[1].strip("`"): line for line in score.splitlines() if line.startswith("| `--")}
    assert lines["--as-of"].endswith(" Must be given. |")
    assert lines["--max-rejected"].endswith(" `1%` if left out. |")
    assert lines["--out"].endswith(" for tally explain. |")
