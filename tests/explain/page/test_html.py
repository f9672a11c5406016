"""Pages as HTML load nothing, run nothing, and show every text as it is."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine.reference import ReferenceRun
from tallystick.explain import explain, markdown, text
from tallystick.explain.bars import in_characters, in_units
from tallystick.explain.harmless import harmless
from tallystick.explain.html import html
from tallystick.explain.languages.language import tongue_of
from tallystick.explain.page import (
    Amount,
    Bar,
    Calculator,
    CalculatorField,
    CalculatorLine,
    Chart,
    Choice,
    Code,
    Column,
    Entry,
    Grid,
    Items,
    Link,
    Links,
    Marked,
    NameFinder,
    NameLink,
    Page,
    Paragraph,
    Picking,
    RecordPicker,
    RecordTable,
    Section,
)
from tallystick.explain.tongue import speaking

VOID = {"meta", "link", "rect", "path", "input"}
LOADING = {"src", "srcset", "data", "action", "formaction", "poster", "background", "xlink:href", "style", "ping"}


class Reader(HTMLParser):
    """What a browser would find: elements with their attributes, the text, and whether every element is closed."""

    def __init__(self, source: str) -> None:
        """Read a page."""
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Hold each end against what is open."""
        if tag not in VOID:
            assert self.open, f"</{tag}> ends nothing"
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text.append(data)


def every_block(said: str) -> Page:
    """Return a page with every sort of block, each saying the same."""
    return Page(
        said,
        (
            Section("", (Paragraph(said), Entry(said, (said,)))),
            Section(
                said,
                (
                    Items((said, said)),
                    Column(
                        said,
                        said,
                        (
                            Amount(said, None, kind="heading"),
                            Amount(said, said, said, depth=1),
                            Amount(said, said),
                            Amount(said, said, kind="total"),
                        ),
                    ),
                    Column(said, said, (Amount(said, "3", said, depth=1), Amount(said, "-2")), bars=True),
                    Grid((said, ""), ((said, said),), figures=True),
                    Code(f"{said}\nsaid"),
                    Chart(said, said, (Bar(said, said, Decimal(-2), said), Bar(said, said, Decimal(5)))),
                    Links((Link(said, "a.html"),)),
                    Calculator(
                        said,
                        (
                            CalculatorField("one", said, "number", said, said, said),
                            CalculatorField("two", said, "text", said, said, said, (Choice(said, said),)),
                        ),
                        said,
                        (said, said, said),
                        (CalculatorLine("three", said, said),),
                        json.dumps({"value": said}),
                        (("wrong", said),),
                    ),
                    NameFinder(said, said, (NameLink(Link(said, "a.html"), said, said),)),
                    RecordPicker(said, (Picking("kind", said, (Choice(said, said),)),), (("picked", said),)),
                    RecordTable(
                        said,
                        (Choice("", said), Choice("early", said)),
                        Grid((said,), ((said,),) * 23),
                        (said,),
                        (),
                        0,
                        0,
                        0,
                        ("counted",) * 21 + ("again", "out"),
                        (said,),
                    ),
                ),
            ),
            Section(said, (Paragraph(Marked(said.replace("`", "'"))),), folded=True),
        ),
    )


@settings(max_examples=40)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("<>&\"'/`=;!-\u202e\u2066\x1b\x00\n{}%#"), st.characters()),
        min_size=1,
        max_size=20,
    )
)
def test_no_text_becomes_markup(said: str) -> None:
    """Whatever stands in a rulebook or a record, a page has the same elements and attributes as with plain words."""
    drawn, plain = Reader(html(every_block(said))), Reader(html(every_block("said")))
    assert [tag for tag, _ in drawn.elements] == [tag for tag, _ in plain.elements]
    assert [set(attrs) for _, attrs in drawn.elements] == [set(attrs) for _, attrs in plain.elements]
    assert harmless(said) in "".join(drawn.text)
    assert all(char.isprintable() or char in "\n\u00a0\u200c\u200d" for char in "".join(drawn.text))


def test_nothing_is_loaded_and_nothing_else_runs() -> None:
    """A page has no script but our own and what that reads, no address elsewhere, no handler, and a policy that would
    stop each of them."""
    page = Reader(html(every_block("said"), links=(Link("Rules", "../index.html"),), private=True))
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"iframe", "object", "embed", "img", "form", "base"})
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert scripts == [{"type": "application/json"}, {"type": "application/json"}, {}]
    for tag, attributes in page.elements:
        assert not LOADING & set(attributes), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert re.fullmatch(r"data:,|#content|a\.html|\.\./index\.html", attributes.get("href") or "data:,")


def test_the_policy_names_the_style_that_is_there() -> None:
    """The policy forbids everything but the page's own style and script, by the hashes of exactly those."""
    source = html(every_block("said"))
    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', source)
    assert style is not None
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    script = re.findall(r"<script>(.*?)</script>", source, re.DOTALL)
    runs = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    allowed = [f"style-src 'sha256-{digest}'", f"script-src 'sha256-{runs}'", "img-src data:"]
    assert policy[1].split("; ")[:4] == ["default-src 'none'", *allowed]
    assert len(script) == 1
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_a_page_can_be_read_by_everyone() -> None:
    """Language, title, main, a way past the links, headings in order without a gap, a name for what scrolls, and no
    drawing without the amount beside it."""
    with speaking(tongue_of("de")):
        page = Reader(html(every_block("said"), links=(Link("Rules", "r.html"),)))
    elements = dict(page.elements)
    assert elements["html"]["lang"] == "de"
    assert elements["main"]["id"] == "content"
    assert ("a", {"class": "skip", "href": "#content"}) in page.elements
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    scrolls = [attributes for _, attributes in page.elements if attributes.get("class") == "wide"]
    assert scrolls
    assert all(each["aria-label"] and each["tabindex"] == "0" for each in scrolls)
    fields = {attributes["id"] for tag, attributes in page.elements if tag in {"input", "select"}}
    assert fields
    assert fields == {attributes["for"] for tag, attributes in page.elements if tag == "label"}
    drawings = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert drawings
    assert all(each["aria-hidden"] == "true" for each in drawings)


def test_a_page_for_one_person_is_not_listed() -> None:
    """Search engines are told to leave a person's page alone; a public one says nothing of that."""
    page = every_block("said")
    assert '<meta name="robots" content="noindex' in html(page, private=True)
    assert 'name="robots"' not in html(page)


def test_an_explanation_as_a_page_says_what_its_text_says(community: ReferenceRun) -> None:
    """Every number of the text stands on the page, and the other way round."""
    document = explain(community, "ada", evidence=True)
    number = re.compile(r"\d+(?:\.\d+)?")
    words = " ".join(Reader(document.html().partition("<main")[2].partition(">")[2].partition("</main>")[0]).text)
    assert set(number.findall(words)) == set(number.findall(document.text(width=10_000)))


def test_a_chart_is_drawn_in_text_too() -> None:
    """In text and Markdown a chart is rows of characters, those below 0 of another sign and on another side."""
    page = Page(
        "t", (Section("", (Chart("points", "people", (Bar("a", "2", Decimal(-2)), Bar("b", "4", Decimal(4)))),)),)
    )
    assert f"a       {'-' * 15}|{' ' * 32} " in text.draw(page)
    assert f"b       {' ' * 15}|{'#' * 30}" in text.draw(page)
    assert "#" * 30 in markdown.draw(page)


@given(st.lists(st.tuples(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2)), min_size=1))
def test_no_bar_leaves_its_frame(stretches: list[tuple[Decimal, Decimal]]) -> None:
    """Every bar and the line of 0 stand within the frame; one that is not empty can be seen, an empty one cannot."""
    zero, places = in_units(stretches, 1000)
    assert 0 <= zero <= 1000
    for (begin, end), (start, length) in zip(stretches, places, strict=True):
        assert start >= 0
        assert start + length <= 1000
        assert (length > 0) == (begin != end)


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1))
def test_a_bar_of_characters_is_as_long_as_its_share(sizes: list[Decimal]) -> None:
    """The longest has thirty characters, a larger size never has fewer, and only 0 has none."""
    lengths = [sum(each.count(sign) for sign in "#-") for each in in_characters(sizes)]
    for size, length in zip(sizes, lengths, strict=True):
        assert (length > 0) == (size != 0)
    by_size = sorted(zip((abs(size) for size in sizes), lengths, strict=True))
    assert [length for _, length in by_size] == sorted(lengths)
    assert max(lengths) == (30 if any(sizes) else 0)
