"""What stands on the page of a person, of a rule and of a run, and who may see what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import escape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from tallystick.engine.query.readable import alone_with
from tallystick.engine.reference import ReferenceRun
from tallystick.explain import Explanation, explain, text
from tallystick.explain.audience.for_audience import Showing, for_audience
from tallystick.explain.harmless import harmless
from tallystick.explain.page import Amount, Column
from tallystick.explain.site.addresses import address_of_person
from tallystick.explain.site.among import FEWEST, middle_half, score_bars
from tallystick.explain.site.files import SiteFile, person_files
from tallystick.explain.site.person_page import MOST_RECORDS, command, person_page
from tallystick.explain.site.rule_pages import rule_document, rule_page, rule_text
from tallystick.explain.tree.acts import Correction, FieldChange
from tallystick.explain.tree.origins import InputFacts, ReceiptFacts
from tallystick.explain.tree.scores import MiddleHalf
from tallystick.explain.words.adding_up import adding_up
from tallystick.rules.audience import Audience
from tallystick.rules.load import read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

KEY = b"0123456789abcdef0123456789abcdef"
RECEIPT = ReceiptFacts(
    inputs=(
        InputFacts(role="records", name="data/2026/my records.csv", sha256="ab" * 32, rows=3),
        InputFacts(role="subjects", name="people.csv", sha256="cd" * 32, rows=3),
    ),
    mapping="map.toml",
    engine="tallystick 0.1.0",
    ledger_digest="ef" * 32,
)


def _steady(words: str) -> str:
    """Leave out the rulebook's digest, which a comment's neighbour may change."""
    return re.sub(r"(?!(?:ab|cd|ef){32})[0-9a-f]{64}", "(digest)", words)


def of(run: ReferenceRun, subject: str) -> Explanation:
    """Explain a person with evidence, a receipt and a middle half."""
    made = explain(run, subject, evidence=True)
    return made.model_copy(update={"receipt": RECEIPT, "middle": MiddleHalf(people=40, low="8.5", high="31.0")})


def for_person(document: Explanation, run: ReferenceRun) -> Explanation:
    """Return a document as the person may see it."""
    return for_audience(document, run.rulebook, Audience.SUBJECT)


def files(document: Explanation, run: ReferenceRun) -> tuple[SiteFile, ...]:
    """Return a person's page and its document."""
    return person_files(document, None, KEY, showing=Showing(run.rulebook, Audience.SUBJECT))


@pytest.mark.parametrize("subject", ["ada", "bob", "cy"])
def test_the_page_of_a_person(community: ReferenceRun, subject: str, snapshot: SnapshotAssertion) -> None:
    """A score, no score and insufficient data, each with what a person needs around it."""
    assert _steady(text.draw(person_page(for_person(of(community, subject), community)))) == snapshot


def test_other_people_are_not_named(community: ReferenceRun) -> None:
    """Neither page nor document of a person names another, and both say how many rows that touched."""
    document = of(community, "ada")
    others = {name for each in document.records for name in (each.record["actor"], each.record["subject"])} - {"ada"}
    assert {"dee", "fay", "spam[bot]"} <= others
    page, twin = files(document, community)
    for name in others:
        assert re.search(rf"(?<!\w){re.escape(name or '')}(?!\w)", page.text + twin.text) is None
    (withheld,) = Explanation.model_validate_json(twin.text).withheld
    assert withheld.fields == ("actor",)
    assert withheld.number == sum(each.record["actor"] != "ada" for each in document.records)
    assert f"Not shown in {withheld.number} rows" in page.text


@pytest.mark.parametrize("name", ["community", "maintainers", "trust", "mean", "forms"])
def test_no_page_of_any_rulebook_names_others(name: str, run_of_seed: Callable[[str, int], ReferenceRun]) -> None:
    """Whatever the rulebook, with markup and control characters in names, a page and its document name one person."""
    hidden = 0
    for seed in (3, 16):
        run = run_of_seed(name, seed)
        for ledger in run.ledgers():
            document = explain(run, ledger.score.subject, evidence=True)
            named = {each.record.get(field) for each in document.records for field in ("subject", "actor")}
            page, twin = files(document, run)
            words = text.draw(person_page(for_person(document, run)), width=10_000)
            seen = Explanation.model_validate_json(twin.text)
            for other in named - {None, ledger.score.subject}:
                hidden += 1
                said = re.compile(rf"(?<![\w<]){re.escape(harmless(other or ''))}(?![\w>])")
                assert said.search(words) is None
                assert escape(harmless(other or "")) not in re.findall(r"<td>(.*?)</td>", page.text)
                assert other not in {value for each in seen.records for value in each.record.values()}
    assert hidden > 0


def test_a_correction_names_nobody_else(community: ReferenceRun) -> None:
    """A record that a correction moved to another person says that it was moved, and not to whom; nor does one that it
    moved here say from whom."""
    moved = Correction(
        record="17",
        action="replace",
        reason="Not of Ada.",
        who="The team",
        when=date(2026, 3, 1),
        was={"id": "17", "subject": "ada", "actor": "ada", "kind": "post"},
        changes=(
            FieldChange(field="subject", title=None, before="ada", after="zacharias"),
            FieldChange(field="kind", title=None, before="post", after="like"),
        ),
        rules=(),
    )
    document = explain(community, "ada").model_copy(update={"corrections": (moved,)})
    page, twin = files(document, community)
    assert "zacharias" not in page.text + twin.text
    seen = Explanation.model_validate_json(twin.text)
    assert [(each.field, each.after) for each in seen.corrections[0].changes] == [
        ("subject", "(not shown)"),
        ("kind", "like"),
    ]
    assert "Subject: it was &#34;ada&#34;, now it is (not shown)." in page.text
    assert seen.withheld[0].fields == ("subject",)
    assert "Not shown in 1 row: " in page.text
    assert seen.withheld[0].number == 1
    changes = (
        FieldChange(field="subject", title=None, before="zacharias", after="ada"),
        FieldChange(field="actor", title=None, before="zacharias", after="xaver"),
    )
    was = {**moved.was, "subject": "zacharias", "actor": "zacharias"}
    came = replace(moved, was=was, changes=changes)
    page, twin = files(document.model_copy(update={"corrections": (came,)}), community)
    assert "zacharias" not in page.text + twin.text
    assert "xaver" not in page.text + twin.text
    assert "Subject: it was (not shown), now it is &#34;ada&#34;." in page.text
    assert "Actor: " not in page.text


def test_what_is_withheld_changes_no_number(community: ReferenceRun) -> None:
    """The document for a person adds up as the whole one does: only names are gone."""
    document = of(community, "ada")
    seen = for_person(document, community)
    assert [each.effect for each in seen.records] == [each.effect for each in document.records]
    kept = {"records", "withheld", "audience", "data", "receipt"}
    assert seen.model_dump(exclude=kept) == document.model_dump(exclude=kept)


def test_a_page_has_no_more_records_than_can_be_read(community: ReferenceRun) -> None:
    """Of very many records the page shows the latest and says so; its document has them all."""
    document = of(community, "ada")
    first = document.records[0]
    many = document.model_copy(update={"records": (first,) * (MOST_RECORDS + 5), "records_added": ()})
    page, twin = files(many, community)
    assert f"These are the latest {MOST_RECORDS} of {MOST_RECORDS + 5}." in page.text
    assert len(Explanation.model_validate_json(twin.text).records) == MOST_RECORDS + 5


def test_the_command_can_be_typed(community: ReferenceRun) -> None:
    """The command that checks a score names the files without their folders, each as one word of a shell."""
    said = command(of(community, "ada"), RECEIPT)
    assert said == (
        "tally explain rules.tally --records 'my records.csv' --subjects people.csv --map map.toml "
        "--as-of 2026-03-01 --subject ada"
    )
    assert command(of(community, "ada").model_copy(update={"language": "de"}), RECEIPT) == f"{said} --language de"


def test_an_address_depends_on_key_rulebook_and_person() -> None:
    """128 bits, the same each time, and another for any other key, rulebook or name."""
    one = address_of_person(KEY, "Influence", "ada")
    assert re.fullmatch(r"[0-9a-f]{32}", one)
    assert one == address_of_person(KEY, "Influence", "ada")
    others = {
        address_of_person(KEY[::-1], "Influence", "ada"),
        address_of_person(KEY, "Trust", "ada"),
        address_of_person(KEY, "Influence", "bob"),
        address_of_person(KEY, 'Influence", "ada', ""),
    }
    assert len({one, *others}) == 5


@given(st.lists(st.decimals(-500, 500, places=1), min_size=1, max_size=80))
def test_the_middle_half_is_of_those_who_have_a_score(scores: list[Decimal]) -> None:
    """A quarter or more has the lower end or less, a quarter or more the upper end or more, half or more lie between,
    and of few people nothing is said."""
    found = middle_half(scores, 1)
    if len(scores) < FEWEST:
        assert found is None
        return
    assert found is not None
    low, high = Decimal(found.low), Decimal(found.high)
    assert {low, high} <= set(scores)
    assert found.people == len(scores)
    assert sum(score <= low for score in scores) * 4 >= len(scores)
    assert sum(score >= high for score in scores) * 4 >= len(scores)
    assert sum(low <= score <= high for score in scores) * 2 >= len(scores)


@given(st.lists(st.decimals(-500, 500, places=1), max_size=40))
def test_the_bars_hold_every_score_once(scores: list[Decimal]) -> None:
    """Bars stand side by side without a gap, at most twenty, and each score is in the one bar that takes it in."""
    bars = score_bars(scores, 1)
    assert len(bars) <= 20
    assert all(one.below == other.least for one, other in pairwise(bars))
    for bar in bars:
        assert bar.people == sum(Decimal(bar.least) <= score < Decimal(bar.below) for score in scores)
    assert sum(bar.people for bar in bars) == len(scores)


def test_bars_lead_from_one_amount_to_the_next() -> None:
    """A part begins where the one before ended, a sum where its first part began, the total at 0, by hand."""
    rows = (
        Amount("a", None, kind="heading"),
        Amount("b", "5.0", depth=1),
        Amount("c", "-2.0", depth=1),
        Amount("together", "3.0", kind="sum"),
        Amount("d", None, kind="heading"),
        Amount("e", "-", "does not apply"),
        Amount("f", "+1.5", depth=1),
        Amount("together", "1.5", kind="sum"),
        Amount("all", "4.5", kind="total"),
    )
    stretches = adding_up(Column("", "points", rows))
    pairs = [None, (0, 5), (5, 3), (0, 3), None, None, (3, "4.5"), (3, "4.5"), (0, "4.5")]
    assert stretches == [None if pair is None else tuple(map(Decimal, pair)) for pair in pairs]


@pytest.fixture(scope="module")
def written(rulebooks: dict[str, Rulebook]) -> dict[str, Rulebook]:
    """Give the rulebooks as a run keeps them: in the canonical layout."""
    read_again = {name: read(Source(name, each.text))[0] for name, each in rulebooks.items()}
    return {name: each for name, each in read_again.items() if each is not None}


def test_the_page_of_a_rule(written: dict[str, Rulebook], snapshot: SnapshotAssertion) -> None:
    """A rule in words, as it is written, and as the query."""
    book = written["community"]
    rule = next(each for each in book.rules if each.name == "approval")
    assert text.draw(rule_page(book, rule)).partition("THE QUERY")[0] == snapshot


@pytest.mark.parametrize("name", ["community", "maintainers", "trust", "mean", "forms"])
def test_every_rule_has_its_text_and_its_query(name: str, written: dict[str, Rulebook]) -> None:
    """The text is the rulebook's own, with all that has a say in the rule; the query gives that rule's points."""
    book = written[name]
    squeezed = " ".join(book.text.split())
    for rule in book.rules:
        document = rule_document(book, rule)
        shown = rule_text(book, rule)
        assert shown.startswith(("rule ", "parameter ", "exclude ", "discount ", "measure "))
        for part in shown.split("\n\n"):
            assert " ".join(part.split()) in squeezed
        assert set(document.measures) == {each.name for each in alone_with(book, rule).measures}
        assert all(f"measure {measure} " in shown for measure in document.measures)
        assert f'"{rule.name}: points"' in document.query


def test_a_rule_s_page_says_what_is_left_out_of_what_it_counts(written: dict[str, Rulebook]) -> None:
    """Who reads the page of one rule can redo its points: what never counts there, or in part, stands there too, in
    words and as it is written, with the parameters; and nothing of what is for other rules."""
    book = written["community"]
    own = {rule.name: rule_document(book, rule) for rule in book.rules}
    assert own["approval"].words.count("**Never counted: ") == 3
    assert "**Counted in part: endorsements returned**" in own["approval"].words
    for name in ("parameter fade", "exclude robots", "exclude own_reaction", "exclude twice", "discount favours"):
        assert f"{name} " in own["approval"].text
    assert "**Counted in part: " not in own["amplification"].words
    assert "discount favours " not in own["amplification"].text
    assert "left out" not in own["tenure"].words
    assert own["tenure"].text.startswith("rule tenure ")


def test_a_page_says_the_same_each_time(run_of_seed: Callable[[str, int], ReferenceRun]) -> None:
    """Nothing of the clock, the machine or an order of chance is in a page."""
    run = run_of_seed("forms", 23)
    for ledger in run.ledgers():
        document = explain(run, ledger.score.subject, evidence=True)
        assert files(document, run) == files(document, run)
