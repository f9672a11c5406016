"""Texts of rulebooks and records do nothing where they are shown."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from tallystick.engine.reference import ReferenceRun
from tallystick.explain import explain
from tallystick.explain.harmless import harmless, markdown_text, visible

HOSTILE = [
    "<script>alert(1)</script>",
    "[click](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "http://evil.example",
    "www.evil.example",
    "<http://evil.example>",
    "a | b | c",
    "# heading",
    "- item",
    "1. item",
    "+ item",
    "> quote",
    "```code",
    "`code`",
    "**bold** _em_ ~~gone~~",
    "&lt;b&gt; &#60;",
    "    code",
    "--- ",
    "===",
    "\\*",
    "[a]: http://evil.example",
    "line\nbreak",
    "tab\there",
]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Zoë, 日本, \U0001f469\u200d\U0001f4bb", "Zoë, 日本, \U0001f469\u200d\U0001f4bb"),
        ("\x1b[31mred", "<U+001B>[31mred"),
        ("\x9b31m", "<U+009B>31m"),
        ("a\u202eb\u2066c", "a<U+202E>b<U+2066>c"),
        ("two\nlines\r\u2028", "two<U+000A>lines<U+000D><U+2028>"),
        ("nul\x00 del\x7f", "nul<U+0000> del<U+007F>"),
        ("\ud800", "<U+D800>"),
        ("\u200bhidden\ufeff", "<U+200B>hidden<U+FEFF>"),
    ],
)
def test_hidden_characters_are_written_out(text: str, shown: str) -> None:
    """What a terminal could take as a command, or a reader could not see, is written out; letters are left alone."""
    assert harmless(text) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ada", "ada"),
        ("", ""),
        (" ", "<U+0020>"),
        ("\u00a0 ", "<U+00A0><U+0020>"),
        ("\u200d", "<U+200D>"),
        ("\u3164\u2800", "<U+3164><U+2800>"),
        (" ada", " ada"),
        ("\u0915\u094d\u200d", "\u0915\u094d\u200d"),
    ],
)
def test_a_name_that_shows_nothing_is_written_out(name: str, shown: str) -> None:
    """A name of blanks alone is seen to be one; in a name with anything to see nothing changes."""
    assert visible(name) == shown


def test_whose_score_it_is_can_be_seen(community: ReferenceRun) -> None:
    """The heading of an explanation and the records behind it show names of which there is nothing to see."""
    document = explain(community, "ada", evidence=True)
    records = tuple(replace(each, record={**each.record, "actor": "\u200d"}) for each in document.records)
    assert records
    drawn = document.model_copy(update={"subject": " ", "records": records}).text()
    assert drawn.startswith("Influence of <U+0020>: ")
    assert "  <U+200D>  " in drawn


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    """Whatever a text holds, what is shown of it is one printable line."""
    assert all(char.isprintable() or char in "\u00a0\u200c\u200d" for char in harmless(text))


def _tokens(markdown: str) -> set[str]:
    """Return the kinds of all pieces that a Markdown reader finds."""
    found: set[str] = set()
    for block in MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).parse(markdown):
        found.add(block.type)
        found.update(each.type for each in block.children or ())
    return found


def _text_of(markdown: str) -> str:
    """Return the text that a Markdown reader shows."""
    parts: list[str] = []
    for block in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        parts.extend(each.content for each in block.children or ())
    return "".join(parts)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("before", ["", "- ", "| a |\n|:--|\n| "])
def test_markdown_shows_the_text_and_nothing_else(text: str, before: str) -> None:
    """In a paragraph, a list and a table cell, a hostile text is shown as it is: no HTML, link, heading or new cell."""
    after = " |" if before.startswith("|") else ""
    plain, hostile = f"{before}x{after}", f"{before}{markdown_text(text)}{after}"
    allowed = _tokens(plain) | {"text", "text_special", "softbreak"}
    assert _tokens(hostile) <= allowed
    assert harmless(text).strip() in _text_of(hostile)


@given(st.text(alphabet=st.sampled_from("ab1 .)(-+=#>*_`~[]<>|!&;:/\\\n\thtpw"), max_size=30))
@example("     code")
def test_no_text_becomes_markdown(text: str) -> None:
    """Any mixture of the characters that Markdown gives a meaning stays a text, alone and in a list."""
    assert _tokens(f"- {markdown_text(text)}") <= {
        "bullet_list_open",
        "list_item_open",
        "paragraph_open",
        "inline",
        "text",
        "text_special",
        "softbreak",
        "paragraph_close",
        "list_item_close",
        "bullet_list_close",
    }


@pytest.mark.parametrize("address", ["http://a.example", "https://a.example", "www.a.example", "ftp://a.example"])
def test_bare_addresses_are_broken(address: str) -> None:
    """Readers that make links of bare addresses find none: a backslash stands where they look."""
    assert address not in markdown_text(f"see {address}")
