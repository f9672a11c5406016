"""The same facts in other languages: every sentence is said in them, every figure keeps its digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from documents.said import text_of
from generators.accepted import accepted
from generators.rulebooks import Case, cases, scored
from generators.unsaid import WORD, literals, not_said
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers.between_runs import FIRST, PEOPLE, RULES, run_of_texts

from tallystick.engine import score
from tallystick.engine.change.between import between
from tallystick.engine.reference import ReferenceRun
from tallystick.engine.run import FinishedRun
from tallystick.engine.what_if.question import Question
from tallystick.explain import Explainer, explain
from tallystick.explain.change.account import Accounting
from tallystick.explain.change.person_page import person_page as change_page
from tallystick.explain.document import Explanation
from tallystick.explain.guide.guide import guide_html, guide_page
from tallystick.explain.harmless import harmless
from tallystick.explain.html import html
from tallystick.explain.languages.in_language import run_in_language, with_rulebook, wording, wording_of
from tallystick.explain.languages.language import UnknownLanguage, tongue_of
from tallystick.explain.page import Page, Paragraph, Section
from tallystick.explain.site.person_page import person_page
from tallystick.explain.site.rule_pages import rule_page
from tallystick.explain.tongue import MARKS, OwnWords, Tongue, day, listed, number, own_unit, say, say_n, speaking
from tallystick.explain.what_if.answer import what_if
from tallystick.explain.what_if.could_change import could_change
from tallystick.explain.what_if.words import page as whatif_page
from tallystick.explain.words.rows import row_words
from tallystick.rules import read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.translation import Translation, names_of, texts_of, with_texts

FEWER = max(4, settings.default.max_examples // 12) if settings.default is not None else 4
LANGUAGES = ("de", "qps")
FIGURE = re.compile(r"\d(?:[\d.,·’/:]*\d)?")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FILES = ("SHA", "UTC", "records", "subjects", "csv", "jsonl", "tallystick")
RunOfSeed = Callable[[str, int], ReferenceRun]


def data_of(run: ReferenceRun) -> set[str]:
    """Return every word that comes from the records, the people's attributes and the head of the rulebook."""
    rulebook = run.rulebook
    values = [value for ledger in run.ledgers() for row in run.evidence(ledger.score.subject) for value in row.values]
    values += [each.value for ledger in run.ledgers() for each in ledger.inputs]
    values += list(run.subjects())
    head = [rulebook.name, rulebook.version, rulebook.contact, rulebook.time_zone, "SHA UTC tally sql yes no"]
    codes = [row.reason for rule in rulebook.rules for row in getattr(rule.body, "rows", ())]
    rows = [row.text for rule in rulebook.rules for row in getattr(rule.body, "rows", ())]
    columns = [field.column for field in (*(rulebook.records or ()), *(rulebook.subjects or ()))]
    found = [*values, *head, *codes, *rows, *columns, *names_of(rulebook), *literals(rulebook)]
    return set(WORD.findall(harmless(" ".join(map(str, found)))))


@pytest.mark.parametrize("name", ["community", "maintainers", "trust", "mean", "forms"])
def test_nothing_escapes_translation(name: str, run_of_seed: RunOfSeed) -> None:
    """Every page for people, in a made-up language, has no word of English but the rulebook's own, marked, and data."""
    run = run_of_seed(name, 3)
    known = data_of(run)
    with run_in_language(run, "qps") as told:
        assert not_said(guide_html(told.rulebook), known) == set()
        for rule in told.rulebook.rules:
            assert not_said(html(rule_page(told.rulebook, rule)), known) == set(), rule.name
        explainer = Explainer(told)
        for ledger in told.ledgers():
            document = explainer.of(ledger, evidence=True)
            assert not_said(html(person_page(document)), known) == set(), ledger.score.subject
            assert 'lang="qps" dir="rtl"' in document.html()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[FinishedRun, FinishedRun]:
    """Give two runs by two versions of a rulebook, with their records."""
    folder = tmp_path_factory.mktemp("runs")
    before = run_of_texts(accepted(RULES), folder, "2026-03-05", FIRST, PEOPLE)
    edited = RULES.replace("version 1.0.0", "version 2.0.0").replace("points 10 * fresh", "points 20 * fresh")
    later = f"{FIRST.rstrip()}\n77  ada     dan   like 2026-03-06 -\n"
    return before, run_of_texts(accepted(edited), folder, "2026-03-12", later, PEOPLE)


def test_what_would_be_and_what_changed_escape_no_translation(runs: tuple[FinishedRun, FinishedRun]) -> None:
    """What could change a score, what if and why are said in the made-up language, too."""
    earlier, run = runs
    supposed = run.as_of + timedelta(days=30)
    with wording_of("qps", run, earlier) as word, closing(between(earlier, run)) as found:
        told = with_rulebook(run, word(run.rulebook))
        accounting = Accounting(found, word)
        for subject in run.subjects():
            known = {subject, "dan", *FILES, *names_of(run.rulebook), *WORD.findall(run.rulebook.name), "writing"}
            tried = explain(told, subject).model_copy(update={"could_change": could_change(told, subject)})
            assert not_said(html(person_page(tried)), known) == set()
            answer = what_if(told, subject, Question(as_of=supposed))
            assert not_said(html(whatif_page(answer)), known) == set()
            account = html(change_page(accounting.person(subject)))
            assert not_said(account, known) == set()


def tokens(made: Explanation, tongue: Tongue) -> set[str]:
    """Return every figure that an explanation holds, as its reader writes it; and what is written so in its texts."""
    told = text_of(made)
    days = {tongue.day(found) for found in map(_day, DAY.findall(told)) if found is not None}
    clock = {each.replace(".", tongue.decimal_sign) for each in CLOCK.findall(told)}
    return set(FIGURE.findall(told)) | days | clock | {tongue.figure(each) for each in NUMBER.findall(told)}


def _day(text: str) -> date | None:
    """Return the day that a text is; made-up records have some that are none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@settings(max_examples=FEWER)
@given(cases())
def test_the_words_hold_no_other_number(case: Case) -> None:
    """I7 in every language: each figure of the text, written as its reader writes it, stands in the tree, and the tree
    holds the same figures as in English."""
    run = scored(case)
    english = {ledger.score.subject: Explainer(run).of(ledger, evidence=True) for ledger in run.ledgers()}
    for language in LANGUAGES:
        tongue = tongue_of(language)
        assert tongue is not None
        with run_in_language(run, language) as told:
            explainer = Explainer(told)
            for ledger in run.ledgers():
                made, plain = explainer.of(ledger, evidence=True), english[ledger.score.subject]
                written = set(FIGURE.findall(f"{made.text()}\n{made.markdown().replace(chr(92), '')}"))
                assert written <= tokens(made, tongue)
                assert (made.score, made.adjustments) == (plain.score, plain.adjustments)
                assert [line.points for line in made.lines] == [line.points for line in plain.lines]
                assert not set(MARKS) & set(made.json())


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**24), max_value=10**24))
def test_a_figure_keeps_its_digits(value: Decimal) -> None:
    """In no language does a number lose, gain or round a digit, whatever stands between them."""
    plain = f"{value:f}"
    for language in LANGUAGES:
        with speaking(tongue_of(language)):
            assert re.sub(r"\D", "", number(plain)) == re.sub(r"\D", "", plain)
    with speaking(tongue_of("de")):
        assert number(plain).replace(".", "").replace(",", ".") == plain


def test_figures_days_and_lists_are_written_as_the_reader_does() -> None:
    """German has a comma before the places, groups of three, the day first, and „und“ without a comma before it."""
    with speaking(tongue_of("de")):
        assert (number("1234567.50"), number("-0.5"), number("12"), number("n/a")) == (
            "1.234.567,50",
            "-0,5",
            "12",
            "n/a",
        )
        assert day(date(2026, 3, 1)) == "01.03.2026"
        assert listed(["a", "b", "c"]) == "a, b und c"
        assert [say_n("{n} record", "{n} records", n) for n in ("1", "2", "1.0")] == [
            "1 Datensatz",
            "2 Datensätze",
            "1,0 Datensätze",
        ]
    assert (number("1234567.50"), day(date(2026, 3, 1)), listed(["a", "b"])) == ("1234567.50", "2026-03-01", "a and b")


def test_a_day_in_a_row_is_written_as_the_reader_does() -> None:
    """Days that bound the rows of a table are written as all days; in English as the rulebook has them."""
    rows = ("under 2025-01-01", "2025-01-01 to under 2026-02-28", "2026-02-28 or more", "2026-02-28")
    with speaking(tongue_of("de")):
        told = [row_words(row) for row in rows]
    assert told == ["unter 01.01.2025", "01.01.2025 bis unter 28.02.2026", "28.02.2026 oder mehr", "28.02.2026"]
    assert [row_words(row) for row in rows] == list(rows)


def test_the_edges_of_a_row_are_written_as_their_reader_writes_them() -> None:
    """A percentage has its reader's signs and, in German, a blank; a value of the rulebook has its translators' word,
    as in the sentence before it."""
    rows = ("under 5%", "2.5% to under 7.5%", "over -12.5%", "low, mid", "100%, 50%")
    with speaking(tongue_of("de", OwnWords(names={"low": "niedrig"}))):
        told = [row_words(row) for row in rows]
    assert told == ["unter 5 %", "2,5 % bis unter 7,5 %", "über -12,5 %", "niedrig, mid", "100 %, 50 %"]
    assert [row_words(row) for row in rows] == list(rows)


RECORDED = """rulebook "Referrals" version 1.0.0
    owner "The hospital"

records
    id      text
    subject text
    actor   text
    kind    one of referral, complaint
    at      time
    weight  number 0 to 10000 with 2 places
    urgent  yes/no
    sent    date optional
    note    text optional

measure referrals "referral" / "referrals"
    sum weight of referral
    when not urgent and sent is not missing and note is not missing

rule many "Many"
    points referrals
    because "They count."

score "Referrals"
    sum of all rules
"""


def test_records_are_written_as_their_reader_writes_them(tmp_path: Path) -> None:
    """Moments, days, numbers and yes or no behind a line are the reader's, and so is what a correction changed; a text
    is as it was written, though it be a word of the rulebook's."""
    cells = ("1", "ada", "referral", "referral", "2026-02-03T09:00:00.25+02:00", "1234.5", "no", "2026-01-31", "12.5")
    heading = "id,subject,actor,kind,at,weight,urgent,sent,note"
    (tmp_path / "records.csv").write_text(f"{heading}\n{','.join(cells)}\n", encoding="utf-8")
    correction = "record,action,reason,who,when,weight,sent\n1,replace,Wrong.,cyd,2026-02-20,2345.5,2026-02-01\n"
    (tmp_path / "corrections.csv").write_text(correction, encoding="utf-8")
    rulebook, diagnostics = read(Source("recorded.tally", RECORDED))
    assert rulebook is not None, diagnostics
    made = Translation("de", "en", texts={}, names={"referral": "Überweisung"}, forms={})
    run = score(
        rulebook,
        records=tmp_path / "records.csv",
        corrections=tmp_path / "corrections.csv",
        as_of=date(2026, 3, 1),
        translations=(made,),
    )
    text = explain(run, "ada", language="de", evidence=True).text()
    row = next(line for line in text.splitlines() if "gezählt, wie berichtigt" in line)
    values = ("03.02.2026 07:00:00,25 UTC", "1", "referral", "Überweisung", "2.345,5", "nein", "01.02.2026", "12.5")
    assert tuple(re.split(" {2,}", row.strip()))[: len(values)] == values
    whole = " ".join(text.split())
    was = "at [en]: 03.02.2026 07:00:00,25 UTC; weight [en]: 1.234,5; urgent [en]: nein; sent [en]: 31.01.2026"
    assert was in whole
    assert "Es war „1.234,5“, jetzt ist es „2.345,5“." in whole
    assert "Es war „31.01.2026“, jetzt ist es „01.02.2026“." in whole


def test_moments_of_records_are_told_by_the_clocks_by_which_days_are_counted(tmp_path: Path) -> None:
    """Where the rulebook names a time zone, a record's moment is the one there, so that the day which counts is read;
    of winter and summer each with its own distance from UTC. The document has the same."""
    book = RECORDED.replace('    owner "The hospital"\n', '    owner "The hospital"\n    time zone "Europe/Berlin"\n')
    rows = (
        "1,ada,bob,referral,2026-02-03T23:30:00.5Z,1,no,2026-02-04,a",
        "2,ada,bob,referral,2026-07-03T22:30:00Z,1,no,2026-07-04,b",
    )
    (tmp_path / "records.csv").write_text("\n".join(("id,subject,actor,kind,at,weight,urgent,sent,note", *rows)) + "\n")
    correction = "record,action,reason,who,when,weight,at\n2,replace,Wrong.,cyd,2026-07-20,,2026-07-04T22:30:00Z\n"
    (tmp_path / "corrections.csv").write_text(correction, encoding="utf-8")
    rulebook, diagnostics = read(Source("recorded.tally", book))
    assert rulebook is not None, diagnostics
    inputs = {name: tmp_path / f"{name}.csv" for name in ("records", "corrections")}
    run = score(rulebook, **inputs, as_of=date(2026, 8, 1))
    made = explain(run, "ada", evidence=True)
    assert [each.record["at"] for each in made.records] == [
        "2026-07-05T00:30:00+02:00",
        "2026-07-04T00:30:00+02:00",
        "2026-02-04T00:30:00.5+01:00",
    ]
    english, german = made.text(), explain(run, "ada", evidence=True, language="de").text()
    assert "2026-07-05 00:30:00 UTC+02:00  " in english
    assert "2026-02-04 00:30:00.5 UTC+01:00  " in english
    told = 'At: it was "2026-07-04 00:30:00 UTC+02:00", now it is "2026-07-05 00:30:00 UTC+02:00".'
    assert told in " ".join(english.split())
    assert "04.02.2026 00:30:00,5 UTC+01:00  " in german


def test_german_reads_as_german(community: ReferenceRun) -> None:
    """An explanation in German: whole sentences, German figures, and the rulebook's own words marked as English."""
    text = " ".join(explain(community, "ada", language="de").text().split())
    for each in (
        "Influence [en] von ada: ",
        "Die Skala reicht von 0 bis 100; höher ist besser.",
        "Mit Stand vom Ende des 01.03.2026, nach den Regeln „Community influence“, Version 2.1.0.",
        "Gezählt: 2 people who shared you [en], in 3 Datensätzen.",
        "alle 30 Tage nur noch halb so viel",
        "Das fällt unter „1 bis unter 3“ und gibt 5 Punkte.",
    ):
        assert each in text


def test_a_translation_beside_the_rulebook_is_used(community: ReferenceRun) -> None:
    """What the file has is said in its words, unmarked, with its own plural forms; what it lacks is marked."""
    rulebook = community.rulebook
    own = texts_of(rulebook)
    made = Translation(
        "de",
        "en",
        {
            ("score", "title"): "Einfluss",
            ("measure", "sharers", "singular"): "Person",
            ("measure", "sharers", "plural"): "Personen",
        },
        {"actor": "Handelnde"},
        {},
    )
    with wording("de", [(rulebook, (made,))]) as worded:
        told = worded(rulebook)
        assert told.score.title == "Einfluss"
        assert told.text == rulebook.text
        assert told.rules[0].title.strip(MARKS) == own["rule", "amplification", "title"]
        page = guide_html(told)
    assert "<h3>Personen</h3>" in page
    assert '<span lang="en" dir="auto">People answer you</span> <span class="foreign">en</span>' in page
    assert "je Handelnde je Woche" in page


def test_the_figures_in_an_author_s_sentence_are_written_as_its_reader_writes_them(tmp_path: Path) -> None:
    """What a translated ``say`` is filled with is in its language; one that nobody translated keeps the rulebook's."""
    rulebook = accepted(
        """
        rulebook "R" version 1.0.0

        records
            subject text
            kind    one of useful
            at      date

        subjects
            subject text
            joined  date optional
            active  yes/no

        measure votes "useful vote" / "useful votes"
            count useful
            halving every 10 days

        rule useful "Useful"
            points votes
            say     "You have {votes}, since {joined}, active: {active}."
            because "Why."

        score "S"
            sum of all rules
        """
    )
    made = Translation(
        "de", "en", {("rule", "useful", "say"): "Sie haben {votes}, seit {joined}, aktiv: {active}."}, {}, {}
    )
    records, subjects = tmp_path / "records.csv", tmp_path / "subjects.csv"
    records.write_text("subject,kind,at\nann,useful,2026-01-01\nann,useful,2026-01-05\n", encoding="utf-8")
    subjects.write_text("subject,joined,active\nann,2025-03-01,yes\nbob,,no\n", encoding="utf-8")
    told: dict[tuple[bool, str], str] = {}
    for translations in ((), (made,)):
        run = score(rulebook, records, subjects, as_of=date(2026, 1, 20), translations=translations)
        with closing(run):
            for person in ("ann", "bob"):
                line = explain(run, person, language="de").lines[0]
                told[bool(translations), person] = (line.says or "").strip(MARKS)
    assert told == {
        (True, "ann"): "Sie haben etwa 0,62, seit 01.03.2025, aktiv: ja.",
        (True, "bob"): "Sie haben 0, seit unbekannt, aktiv: nein.",
        (False, "ann"): "You have about 0.62, since 2025-03-01, active: yes.",
        (False, "bob"): "You have 0, since unknown, active: no.",
    }


def test_a_language_may_have_six_forms_for_so_many() -> None:
    """A rulebook's word takes the form that its language has for none, one, two, few, many and other."""
    forms = {"Dinge": {"zero": "null", "one": "ein", "two": "zwei", "few": "wenige", "many": "viele", "other": "Dinge"}}
    with speaking(tongue_of("qps", OwnWords("en", {}, forms))):
        found = [own_unit(n, "Ding", "Dinge") for n in ("0", "1", "2", "5", "50", "100")]
    assert found == ["null", "ein", "zwei", "wenige", "viele", "Dinge"]


@settings(max_examples=FEWER)
@given(cases())
def test_other_words_change_nothing_else(case: Case) -> None:
    """A rulebook with other words gives the same ledger, and with its own words it is itself."""
    rulebook = case.rulebook
    assert with_texts(rulebook, lambda _, text: text) == rulebook
    other = with_texts(rulebook, lambda address, text: f"{'.'.join(address)} {text}")
    assert set(texts_of(other)) == set(texts_of(rulebook))
    before, after = scored(case), scored(replace(case, rulebook=other))
    assert list(before.ledgers()) == list(after.ledgers())


def test_an_unknown_language_is_refused(community: ReferenceRun) -> None:
    """A language without a catalogue raises, and names those that there are."""
    with pytest.raises(UnknownLanguage, match="there are en, de"):
        explain(community, "ada", language="tlh")


def test_english_is_as_it_was(community: ReferenceRun) -> None:
    """Asked for by name, English is word for word what it is without: a rulebook in English has nothing to mark."""
    assert explain(community, "ada", language="en").text() == explain(community, "ada").text()
    assert explain(community, "ada", language="en").json() == explain(community, "ada").json()


def test_an_explanation_keeps_its_language(community: ReferenceRun) -> None:
    """Read again from its JSON, an explanation is drawn in the language that it names, with the same words."""
    made = explain(community, "ada", language="de")
    assert made.language == "de"
    again = Explanation.model_validate_json(made.json())
    assert "Wie sich die Punkte zusammenzählen" in again.html()
    assert "How the points add up" not in again.html()


def test_the_guide_has_the_same_figures_in_every_language(rulebooks: dict[str, Rulebook]) -> None:
    """The sections of a guide are as many in German, and each table has its rows."""
    for rulebook in rulebooks.values():
        english = guide_page(rulebook)
        with wording("de", [(rulebook, ())]) as worded:
            german = guide_page(worded(rulebook))
        assert [len(each.blocks) for each in german.sections] == [len(each.blocks) for each in english.sections]
        assert german.title != english.title


@given(st.text(alphabet=st.sampled_from([*MARKS, "a", "\u202e", "\u2068", "<", "é"]), max_size=12))
def test_no_text_of_a_record_turns_a_page_around(text: str) -> None:
    """Marks that a text brings along set apart what stands between two of them, and nothing else: what is hidden is
    written out in every language, and no page is left turned around or with another element."""
    for language in LANGUAGES:
        with speaking(tongue_of(language)):
            for shown in (harmless(say("{name}: {value}.", name="x", value=text)), harmless(text)):
                assert not set(shown) & {*MARKS, "\u202e"}
                depth = 0
                for char in shown:
                    depth += (char == "\u2068") - (char == "\u2069")
                    assert depth >= 0
                assert depth == 0
            page = html(Page(text, (Section("", (Paragraph(text),)),)))
            assert page.count("<p>") == 1
            assert not set(page) & {*MARKS, "\u202e"}


def test_a_rulebook_in_another_language_is_read_in_english() -> None:
    """A rulebook that is written in German, with its words in English beside it: English around them, and what lacks a
    translation marked as German."""
    rulebook = read(Source("r.tally", RULES.replace('"You write"', '"Sie schreiben"')))[0]
    assert rulebook is not None
    made = Translation("en", "de", {("rule", "liked", "title"): "Liked by others"}, {}, {})
    with wording("en", [(rulebook, (made,))]) as worded:
        page = guide_html(worded(rulebook))
        assert number("1234.5") == "1234.5"
    assert '<html lang="en">' in page
    assert "<h3>Liked by others</h3>" in page
    assert '<span lang="de" dir="auto">Sie schreiben</span>' in page
    assert "The points of all rules are added up." in page
