"""Pages in a real browser: what overflows, what is loaded, what axe finds, with scripts off, and on paper.

The tests drive Debian's `chromium`, found on PATH. They are run by `make test-all`, which installs what they need.
"""

from __future__ import annotations

import csv
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from tallystick.cli.main import app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[2]
WIDE, PHONE = 1200, 360
# What stands outside its own box, or makes the page wider than the window. What scrolls in its own box is let off, and
# so is what is there for screen readers alone.
OVERFLOWING = """() => {
  const out = [];
  if (document.documentElement.scrollWidth > window.innerWidth) out.push('the page');
  for (const one of document.body.querySelectorAll('*')) {
    if (one.closest('.unseen, .skip') || one.closest('svg') !== null && one.tagName !== 'svg') continue;
    const box = one.getBoundingClientRect();
    if (box.width === 0) continue;
    const scroller = one.closest('.wide');
    if (!scroller && (box.right > window.innerWidth + 1 || box.left < -1)) out.push(one.outerHTML.slice(0, 80));
    if (one.children.length === 0 && one.tagName !== 'svg' && one.scrollWidth > one.clientWidth + 1
        && getComputedStyle(one).display !== 'inline') out.push('text: ' + one.outerHTML.slice(0, 80));
  }
  for (const bar of document.querySelectorAll('svg rect')) {
    const [frame, box] = [bar.closest('svg').getBoundingClientRect(), bar.getBoundingClientRect()];
    if (box.left < frame.left - 1 || box.right > frame.right + 1) out.push('bar: ' + bar.outerHTML);
  }
  for (const frame of document.querySelectorAll('td.drawn > svg')) {
    const text = document.createRange();
    text.selectNodeContents(frame.parentElement.previousElementSibling);
    const [amount, box] = [text.getBoundingClientRect(), frame.getBoundingClientRect()];
    if (amount.right > box.left - 4 && amount.left < box.right + 4) out.push('touched: ' + text.toString());
  }
  return out;
}"""
# Cells of records that stand on more than one line, but for those that say in words what became of a record.
BROKEN_CELLS = """() => Array.from(document.querySelectorAll('.records tbody td'))
  .filter(cell => cell.textContent && !cell.textContent.includes(' '))
  .filter(cell => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return new Set(Array.from(text.getClientRects(), each => each.top)).size > 1;
  })
  .map(cell => cell.textContent)"""
# Each figure of a column that adds up, with how many lines it stands on.
FIGURES = """() => Array.from(document.querySelectorAll('.sum td.amount'), cell => {
  const text = document.createRange();
  text.selectNodeContents(cell);
  return [cell.textContent, new Set(Array.from(text.getClientRects(), each => each.top)).size];
})"""
LANGUAGES = ("de", "qps")
"""German, and the made-up language: longer words, written from right to left."""
LONGEST = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def call(*words: object) -> None:
    """Run a command that has to succeed."""
    ran = CliRunner().invoke(app, [str(word) for word in words])
    assert ran.exit_code == 0, ran.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the community example, in which one rule and one person have the longest word that there is."""
    folder, community = tmp_path_factory.mktemp("browser"), ROOT / "examples" / "community"
    for name in ("community.tally", "community.de.toml", "records.csv", "subjects.csv"):
        text = (community / name).read_text(encoding="utf-8")
        text = (
            text.replace("People approve", LONGEST)
            .replace(",kira,", f",{LONGEST},")
            .replace("\nkira,", f"\n{LONGEST},")
        )
        (folder / name).write_text(text, encoding="utf-8")
    inputs = ("--records", folder / "records.csv", "--subjects", folder / "subjects.csv", "--as-of")
    call("score", folder / "community.tally", *inputs, "2026-02-28", "--out", folder / "earlier")
    call("score", folder / "community.tally", *inputs, "2026-03-31", "--out", folder / "run")
    call("publish", folder / "run", "--out", folder / "site", "--since", folder / "earlier", "--public")
    for language in LANGUAGES:
        key = ("--key", folder / "site.key", "--language", language)
        call("publish", folder / "run", "--out", folder / language, "--since", folder / "earlier", "--public", *key)
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    """Name one page of each sort: its path in the site."""
    with site.with_name("site.addresses.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    people = {row["subject"]: row["page"] for row in rows if row["for"] == "person"}
    return {
        "scored": people["ada"],
        "long": people[LONGEST],
        "not scored": people["dora"],
        "guide": "index.html",
        "rule": "rules/approval.html",
        "names": "public/index.html",
        "public": next(path.relative_to(site).as_posix() for path in site.glob("public/ada-*.html")),
        "run": next(row["page"] for row in rows if row["for"] == "auditors"),
    }


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Serve the site on this machine, as a web server would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


BROKEN = """<main><p style="width: 30px; overflow: hidden">Donaudampfschifffahrt</p><div style="width: 3000px">x</div>
<svg width="20" height="9"><rect x="15" width="20" height="5"/></svg><table><tr><td style="padding: 0">1.5</td>
<td class="drawn" style="padding: 0"><svg width="9" height="9"></svg></td></tr></table></main>"""


def test_what_overflows_is_found(browser: Browser) -> None:
    """The measure can fail: it finds a cut word, a box that is too wide, a bar outside its frame or at the figure
    beside it, and the page."""
    page = browser.new_page()
    page.set_content(BROKEN)
    found = page.evaluate(OVERFLOWING)
    page.close()
    assert [each.split(" ")[0] for each in found] == ["the", "text:", "<div", "bar:", "touched:"]


SORTS = ("scored", "long", "not scored", "guide", "rule", "run", "names", "public")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sort", SORTS)
def test_nothing_leaves_its_box(browser: Browser, address: str, pages: dict[str, str], sort: str, scheme: str) -> None:
    """At every width, and at 200 % zoom on a phone, no text overflows, no bar leaves its frame, and nothing scrolls
    sideways but tables and queries in their own boxes; folded parts are opened for that."""
    for width, scale in ((WIDE, 1), (PHONE, 1), (WIDE // 2, 2), (PHONE // 2, 2)):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, device_scale_factor=scale, color_scheme=scheme
        )
        page = context.new_page()
        page.goto(f"{address}/{pages[sort]}")
        page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate(OVERFLOWING) == [], width
        context.close()


def test_figures_that_add_up_stand_on_one_line(browser: Browser, tmp_path: Path) -> None:
    """A figure of nine places, as a mean has them, is not cut in two on a phone, where it would be read as two."""
    example = ROOT / "examples" / "maintainers"
    rules = (example / "maintainers.tally").read_text(encoding="utf-8")
    total = "    sum of all rules\n    at least 0\n    at most 100\n"
    assert total in rules
    rules = rules.replace(total, "    mean of all rules by weight, out of 90\n")
    (tmp_path / "mean.tally").write_text(rules, encoding="utf-8")
    inputs = ("--records", example / "credit.csv", "--as-of", "2026-06-30")
    call("score", tmp_path / "mean.tally", *inputs, "--out", tmp_path / "run")
    call("publish", tmp_path / "run", "--out", tmp_path / "site")
    page = browser.new_page(viewport={"width": PHONE, "height": 800})
    found = []
    for one in sorted((tmp_path / "site" / "p").glob("*.html"))[:9]:
        page.goto(one.as_uri())
        assert page.evaluate(OVERFLOWING) == []
        found += page.evaluate(FIGURES)
    page.close()
    assert max(len(figure) for figure, _ in found) > 9
    assert [figure for figure, lines in found if lines > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sort", SORTS)
def test_nothing_leaves_its_box_in_other_languages(
    browser: Browser, site: Path, pages: dict[str, str], sort: str, language: str
) -> None:
    """In German, and in a language of longer words that is written from right to left, at both widths."""
    for width in (WIDE, PHONE):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto((site.with_name(language) / pages[sort]).as_uri())
        page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate(OVERFLOWING) == [], width
        assert page.evaluate("() => document.documentElement.lang") == ("en" if sort == "run" else language)
        page.close()


def test_axe_finds_nothing_in_german(browser: Browser, site: Path, pages: dict[str, str]) -> None:
    """A page whose words are marked as German, with some in English among them, breaks no rule of accessibility."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(bypass_csp=True, viewport={"width": PHONE, "height": 800})
    page = context.new_page()
    page.goto((site.with_name("de") / pages["scored"]).as_uri())
    found = axe.Axe().run(page).response["violations"]
    context.close()
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []


@pytest.mark.parametrize("sort", SORTS)
def test_nothing_else_is_loaded_and_nothing_is_refused(
    browser: Browser, address: str, pages: dict[str, str], sort: str
) -> None:
    """One request for the page and no other; no complaint of its security policy; with scripts off nothing of the text
    is missing but what asks for input."""
    asked: list[str] = []
    said: list[str] = []
    texts = []
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{address}/{pages[sort]}", wait_until="networkidle")
        texts.append(page.inner_text("main"))
        context.close()
    assert [url for url in asked if not url.startswith("data:")] == [f"{address}/{pages[sort]}"] * 2
    assert said == []
    assert set(texts[1].splitlines()) <= set(texts[0].splitlines())
    assert texts[1] != ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sort", SORTS)
def test_axe_finds_nothing(browser: Browser, address: str, pages: dict[str, str], sort: str, scheme: str) -> None:
    """The checks of axe, best practices among them, find nothing, contrast in both colour schemes included."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": PHONE, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/{pages[sort]}")
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    found = axe.Axe().run(page).response["violations"]
    context.close()
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []


def test_a_name_is_found(browser: Browser, address: str, pages: dict[str, str]) -> None:
    """Of the names on the start page those stay that have what is typed; without a script all do."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/{pages['names']}")
    everybody = page.locator("[data-first]:visible").count()
    page.get_by_label("Name").fill("AD")
    assert page.locator("[data-first]:visible").all_inner_texts() == ["ada"]
    page.get_by_label("Name").fill("nobody is called so")
    assert page.locator("[data-first]:visible").count() == 0
    assert page.get_by_text("No list has such a name.").is_visible()
    context.close()
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{address}/{pages['names']}")
    assert page.locator("[data-first]:visible").count() == everybody
    assert not page.get_by_label("Name").is_visible()
    plain.close()


def test_a_page_works_by_keyboard(browser: Browser, address: str, pages: dict[str, str]) -> None:
    """The first stop is the way past the links, it can be seen when it has the focus, and it leads to the content."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/{pages['scored']}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    context.close()


def test_on_paper_everything_is_there(browser: Browser, address: str, pages: dict[str, str]) -> None:
    """Printed, the folded records are open, the links around the page are gone, nothing is cut off at the side, and no
    figure or name of a record is broken into pieces."""
    context = browser.new_context(viewport={"width": 700, "height": 1000})
    page = context.new_page()
    page.goto(f"{address}/{pages['scored']}")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert page.evaluate("document.querySelector('details table').getBoundingClientRect().height") > 0
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(BROKEN_CELLS) == []
    assert page.pdf(format="A4").startswith(b"%PDF-")
    context.close()
