"""The calculator and the tables of records in a real browser: the script says what the rules say, to the last digit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from generators.rulebooks import case_of
from generators.supposed import vectors_of
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.engine import arithmetic, open_run
from tallystick.explain import Explainer
from tallystick.explain.calculator.calculator import Reckoner
from tallystick.explain.html import html
from tallystick.explain.site.person_page import person_page
from tallystick.explain.site.rule_pages import rule_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[2]
SEEDS, EACH = 250, 12
# What the script makes of vectors, as texts: its own output, not that of a copy.
WORKED = """(all) => all.map(([program, cases]) => {
  const { inputs } = JSON.parse(program);
  return cases.map(([texts]) => {
    const values = {};
    for (const { name, type } of inputs) {
      const text = texts[name];
      values[name] = text === null ? null : type === 'number' ? reckon.number(text)
        : type === 'day' ? reckon.day(text) : type === 'yes/no' ? text === 'yes' : text;
    }
    const { unmet, lines, score, band } = reckon.worked(JSON.parse(program), values);
    if (unmet !== undefined) return { unmet };
    const shown = lines.map((each) => (each === null ? null : reckon.written(each)));
    return score === undefined ? { lines: shown } : { lines: shown, score: reckon.written(score), band: band ?? null };
  });
})"""
HARD = ("0", "0.000000001", "0.5", "1", "1.000000001", "2", "2.718281828", "9.999999999", "10", "12345.678901234")
PAIRS = (("0.9", "1"), ("1", "1.000000001"), ("0.000000001", "1000000000000"), ("300", "100"), ("2500", "4000"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the pages of one person and of the rules of the community example, as files."""
    made = tmp_path_factory.mktemp("calculator")
    community = ROOT / "examples/community"
    words = ("score", community / "community.tally", "--records", community / "records.csv")
    more = ("--subjects", community / "subjects.csv", "--as-of", "2026-03-31", "--out", made / "run")
    assert CliRunner().invoke(app, [str(word) for word in (*words, *more)]).exit_code == 0
    run = open_run(made / "run")
    document = Explainer(run).explain("ada", evidence=True)
    reckoner = Reckoner.of_score(run.rulebook, run.as_of)
    (made / "ada.html").write_text(html(person_page(document, (), None, reckoner)), encoding="utf-8")
    for rule in run.rulebook.rules:
        (made / f"{rule.name}.html").write_text(html(rule_page(run.rulebook, rule, run.as_of)), encoding="utf-8")
    run.close()
    return made


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """Give a new tab in which every complaint of the page or the browser fails the test."""
    context = browser.new_context(viewport={"width": 800, "height": 800})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def opened(tab: Page, folder: Path, name: str, state: str = "") -> Page:
    """Open a page as a file, its folded parts too."""
    tab.goto(f"{(folder / name).as_uri()}{state}")
    tab.evaluate("() => document.querySelectorAll('details').forEach((each) => (each.open = true))")
    return tab


def test_the_script_and_the_engine_agree(tab: Page, folder: Path) -> None:
    """The same vectors prove both equal: thousands of sets of values for random rulebooks, to the last digit."""
    page = opened(tab, folder, "ada.html")
    every = [each for seed in range(SEEDS) for each in vectors_of(case_of(seed, 1 + seed % 4), EACH)]
    asked = [each for each in every if each.program is not None]
    given = [[each.program, [[values] for values, _ in each.cases]] for each in asked]
    found = page.evaluate(WORKED, given)
    for each, answers in zip(asked, found, strict=True):
        for (values, wanted), answer in zip(each.cases, answers, strict=True):
            assert answer == wanted, (each.program, values)
    assert sum(map(len, found)) > 5_000


def test_hard_numbers(tab: Page, folder: Path) -> None:
    """Roots, logarithms, powers and curves are the true value correctly rounded, also where they nearly are not."""
    page = opened(tab, folder, "ada.html")

    def line(rule: dict[str, object]) -> dict[str, object]:
        return {
            "as_of": "2026-01-01",
            "inputs": [{"name": "x", "type": "number"}],
            "measures": [],
            "requires": [],
            "line_places": 9,
            "facets": [],
            "bands": [],
            "rules": [{"name": "r", **rule}],
        }

    x = {"op": "attribute", "value": "x"}
    wanted: list[str] = []
    given: list[object] = []

    def ask(rule: dict[str, object], number: str, answer: Decimal) -> None:
        given.append([json.dumps(line(rule)), [[{"x": number}]]])
        wanted.append(arithmetic.text_of(answer))

    for text in HARD:
        number = Decimal(text)
        ask({"value": {"op": "sqrt", "of": [x]}}, text, arithmetic.root(number))
        ask({"value": {"op": "erfc", "of": [x]}}, text, arithmetic.complementary_error(number))
        if number > 0:
            ask({"value": {"op": "ln", "of": [x]}}, text, arithmetic.natural_log(number))
            ask({"value": {"op": "log10", "of": [x]}}, text, arithmetic.log10(number))
        for signed in (number, -number):
            if signed <= 20:
                answer = arithmetic.exponential(signed)
                ask({"value": {"op": "exp", "of": [x]}}, arithmetic.text_of(signed), answer)
        for full in HARD[1:]:
            for shape in ("linear", "square root", "logarithmic"):
                answer = arithmetic.level(shape, number, Decimal(full))
                ask({"value": x, "weight": "1", "shape": shape, "full": full}, text, answer)
        for p10, median in PAIRS:
            answer = arithmetic.level("log normal", number, Decimal(median), Decimal(p10))
            ask({"value": x, "weight": "1", "shape": "log normal", "full": median, "p10": p10}, text, answer)
    found = page.evaluate(WORKED, given)
    assert [each[0]["lines"][0] for each in found] == wanted


def result(page: Page) -> str:
    """Return what the calculator says."""
    return page.inner_text("[data-result]")


def points(page: Page, line: str) -> str:
    """Return what the calculator says a line would have."""
    return page.inner_text(f'[data-line="{line}"]')


def test_it_begins_where_the_person_is_and_follows_what_is_filled_in(tab: Page, folder: Path) -> None:
    """Score, band and lines are the page's own until a figure is another; then they are what the table says for it."""
    page = opened(tab, folder, "ada.html")
    score = page.inner_text("h1").rsplit(" ", 1)[1]
    assert result(page) == f'Influence: {score}, in the band "A leading voice"'
    now = page.locator("[data-line]").evaluate_all("(all) => all.map((each) => each.previousSibling.textContent)")
    assert page.locator("[data-line]").all_inner_texts() == now
    page.fill("#calculator-sharers", "50")
    assert points(page, "amplification") == "37.9"
    table = page.locator("details", has=page.locator("[data-calculator]")).locator(".figures tr").all_inner_texts()
    assert f"50\t37.9\t{result(page).split(' ')[1].rstrip(',')}" in table
    page.click("[data-back]")
    assert result(page).startswith(f"Influence: {score},")


def test_the_state_is_in_the_address(tab: Page, folder: Path) -> None:
    """What is filled in stands after the `#`; who follows such an address sees the same, with the part unfolded."""
    page = opened(tab, folder, "ada.html")
    page.fill("#calculator-sharers", "12")
    page.fill("#calculator-joined", "")
    told, address = result(page), page.url
    assert address.endswith("#sharers=12&joined=")
    page.goto("about:blank")
    page.goto(address)
    assert page.evaluate("() => document.querySelector('[data-calculator]').closest('details').open")
    assert result(page) == told
    page.click("[data-back]")
    assert "#" not in page.url


@pytest.mark.parametrize(
    "state",
    [
        "#sharers=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&joined=<script>alert(1)</script>",
        "#__proto__=1&constructor=2&sharers=1e400",
        "#sharers=" + "9" * 200 + "&reported=-1",
        "#%E0%A4%A&&&===",
        "#content",
    ],
)
def test_an_address_is_read_with_care(tab: Page, folder: Path, state: str) -> None:
    """Whatever stands in an address, it is no more than a text in a field, or nothing."""
    elements = "() => document.querySelectorAll('*').length"
    plain = opened(tab, folder, "ada.html").evaluate(elements)
    tab.goto("about:blank")
    page = opened(tab, folder, "ada.html", state)
    assert page.evaluate(elements) == plain
    assert result(page).startswith("Influence: ") or result(page) == "One of the figures is not what it can be."


@pytest.mark.parametrize("text", ["abc", "-1", "1.5.2", "1,5", "1e3", "0.0000000001", ""])
def test_what_cannot_be_is_told_beside_the_field(tab: Page, folder: Path, text: str) -> None:
    """A figure that there cannot be has words at its field, for screen readers too, and no score comes of it."""
    page = opened(tab, folder, "ada.html")
    page.fill("#calculator-sharers", text)
    assert page.get_attribute("#calculator-sharers", "aria-invalid") == "true"
    assert page.get_attribute("#calculator-sharers", "aria-describedby") == (
        "calculator-sharers-hint calculator-sharers-wrong"
    )
    assert page.inner_text("#calculator-sharers-wrong") == "That is not possible here. A number, 0 or more."
    assert result(page) == "One of the figures is not what it can be."
    assert points(page, "amplification") == "-"
    page.fill("#calculator-sharers", "1")
    assert page.is_hidden("#calculator-sharers-wrong")


def test_every_rule_has_its_calculator(tab: Page, folder: Path) -> None:
    """A rule's page tells the points of that rule; with scripts off its table does."""
    page = opened(tab, folder, "amplification.html")
    page.fill("#calculator-sharers", "500")
    assert result(page) == "Points: 60.0"
    page = opened(tab, folder, "tenure.html")
    page.fill("#calculator-joined", "2024-04-01")
    assert result(page) == "Points: 5.0"


def test_a_day_is_typed_in_the_order_of_the_browser(tab: Page, folder: Path) -> None:
    """A day is asked for as the reader's browser writes days, month first in American English; an address has it as in
    every language; one that there is not is told so, and one in an address is passed over."""
    page = opened(tab, folder, "tenure.html")
    assert page.evaluate("() => navigator.language") == "en-US"
    page.focus("#calculator-joined")
    page.keyboard.type("04012024")
    assert page.input_value("#calculator-joined") == "2024-04-01"
    assert result(page) == "Points: 5.0"
    assert page.url.endswith("#joined=2024-04-01")
    page.reload()
    assert result(page) == "Points: 5.0"
    page.click("[data-back]")
    now = result(page)
    page.focus("#calculator-joined")
    page.keyboard.type("02302020")
    assert page.get_attribute("#calculator-joined", "aria-invalid") == "true"
    assert result(page) == "One of the figures is not what it can be."
    page.goto("about:blank")
    page = opened(tab, folder, "tenure.html", "#joined=2020-02-30")
    assert page.input_value("#calculator-joined") == page.get_attribute("#calculator-joined", "data-start")
    assert result(page) == now


def test_without_scripts_there_are_tables(browser: Browser, folder: Path) -> None:
    """With scripts off nothing is shown that does not work, and the steps stand in tables."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "ada.html").as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    assert page.locator("[data-calculator]:visible, [data-records]:visible, input:visible, select:visible").count() == 0
    assert page.locator("td", has_text="(as it is now)").count() == 5
    assert page.locator("th", has_text="running total").first.is_visible()
    context.close()


def test_records_are_picked_and_added_up(tab: Page, folder: Path) -> None:
    """Picked and ordered records keep a running total in the order shown; what they add together is said."""
    page = opened(tab, folder, "ada.html")
    page.select_option("#records-reader", "approval")
    page.select_option("#records-kind", "like")
    page.select_option("#records-order", "early")
    (box,) = page.locator(".records:visible").all()
    rows = [row.split("\t") for row in box.locator("tbody tr:visible").all_inner_texts()]
    assert rows
    assert {row[3] for row in rows} == {"like"}
    moments = [row[0] for row in rows]
    assert moments == sorted(moments)
    assert box.locator("[data-lead]:visible").all_inner_texts() == ['Behind "likes and endorsements", earliest first:']
    so_far = Decimal(0)
    for row in rows:
        so_far += Decimal(row[-2] or 0)
        assert row[-1] == (arithmetic.text_of(so_far) if row[-2] else "")
    assert f"Picked: {len(rows)} of " in box.inner_text()
    assert f"Together they added {arithmetic.text_of(so_far)}." in box.inner_text()
    page.select_option("#records-fate", "out")
    assert all("counted" not in text for text in box.locator("tbody tr:visible").all_inner_texts())
    page.select_option("#records-fate", "again")
    assert page.locator(".records:visible").count() == 0
    assert page.get_by_text("No record listed here is like that.").is_visible()
    for by in ("reader", "kind", "fate", "order"):
        page.select_option(f"#records-{by}", "")
    assert page.locator("[data-picked]:visible").count() == 0
    totals = page.locator(".records").first.locator("tr td:last-child").all_inner_texts()
    again = opened(page, folder, "ada.html").locator(".records").first.locator("tr td:last-child").all_inner_texts()
    assert totals == again


def test_more_than_a_few_are_folded(browser: Browser, tab: Page, folder: Path) -> None:
    """Twenty records are seen and the others folded, with a script or without; so it is with those picked."""
    plain = browser.new_context(java_script_enabled=False)
    for page in (plain.new_page(), tab):
        page.goto((folder / "ada.html").as_uri())
        page.locator("summary", has_text="The records behind the lines").click()
        box = page.locator(".records", has_text="likes and endorsements")
        every, told = box.locator("tbody tr").count(), box.locator("summary")
        assert box.locator("tbody tr:visible").count() == 20
        assert told.inner_text() == f"and {every - 20} more"
        told.click()
        assert box.locator("tbody tr:visible").count() == every
        told.click()
    plain.close()
    tab.select_option("#records-fate", "counted")
    assert box.locator("tbody tr:visible").count() == 20
    tab.select_option("#records-kind", "endorse")
    few = box.locator("tbody tr:not([hidden])").count()
    assert few < 20
    assert box.locator("tbody tr:visible").count() == few
    assert told.is_hidden()


def test_on_a_phone_nothing_of_a_record_is_off_the_screen(tab: Page, folder: Path) -> None:
    """At 360 px the tables of records do not scroll sideways, and each cell has its column's name."""
    page = opened(tab, folder, "ada.html")
    page.set_viewport_size({"width": 360, "height": 800})
    wide = "(all) => all.filter((each) => each.scrollWidth > each.clientWidth || each.clientWidth > 360).length"
    boxes = page.locator(".records .wide")
    assert boxes.count() >= 5
    assert boxes.evaluate_all(wide) == 0
    label = "(each) => getComputedStyle(each, '::before').content"
    assert "running total" in boxes.first.locator("tbody td").last.evaluate(label)


def test_what_added_most_comes_first(tab: Page, folder: Path) -> None:
    """Ordered by what they added, no record stands before one that added more."""
    page = opened(tab, folder, "ada.html")
    page.select_option("#records-order", "added")
    boxes = [box.locator("tbody tr").all_inner_texts() for box in page.locator(".records").all()]
    added = [[Decimal(row.split("\t")[-2] or "-1") for row in rows] for rows in boxes]
    assert any(len(set(each)) > 1 for each in added)
    assert added == [sorted(each, reverse=True) for each in added]
