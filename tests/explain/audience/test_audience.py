"""Who may see what: the sums hold for each audience, and what is withheld occurs nowhere in what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random

import pytest
from documents.redone import redo, workings
from generators.accepted import accepted
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from ledgers.with_rows import with_rows
from msgspec.structs import replace

from tallystick.engine.arithmetic import total_of
from tallystick.engine.intake.reading import Row, record_fields, subject_fields
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.explain import Explainer, Explanation, explain
from tallystick.explain.audience.for_audience import PRIVATE, Showing, for_audience
from tallystick.explain.audience.names_in_texts import Names
from tallystick.explain.audience.public_scores import PublicScores
from tallystick.explain.calculator.calculator import Reckoner
from tallystick.explain.site.files import person_files
from tallystick.explain.site.public_files import public_address, public_lists, public_person_files
from tallystick.explain.tree.acts import Correction, FieldChange, Statement
from tallystick.explain.tree.measures import Absence
from tallystick.explain.what_if.could_change import could_change
from tallystick.rules.audience import Audience
from tallystick.rules.load import load, read
from tallystick.rules.questions.private_reading import hidden_from
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.value import Scalar, TextType

KEY = b"0123456789abcdef0123456789abcdef"
AS_OF = date(2026, 3, 1)
FEW = max(15, settings.default.max_examples // 10) if settings.default is not None else 15
OTHERS = (Audience.SUBJECT, Audience.PUBLIC)


def shown(document: Explanation, rulebook: Rulebook, audience: Audience) -> str:
    """Return everything that is made for an audience: page, twin, scripts and address; text; Markdown; JSON."""
    seen = for_audience(document, rulebook, audience)
    match audience:
        case Audience.PUBLIC:
            files = public_person_files(document, None, Showing(rulebook, audience))
        case _:
            reckoner = Reckoner.of_score(rulebook, document.as_of)
            files = person_files(document, None, KEY, None, reckoner, showing=Showing(rulebook, audience))
    return "\n".join([seen.text(width=10_000), seen.markdown(), *(f"{each.path}\n{each.text}" for each in files)])


# ---- any rulebook ------------------------------------------------------------------------------------------------


def marked(case: Case) -> tuple[ReferenceRun, dict[str, set[str]]]:
    """Run a case with half of its fields private, all people renamed and every private text another; return the run,
    and of each person the marks that only they may see."""
    rng = Random(f"private in {case.seed}/{case.size}")  # noqa: S311  made up on purpose
    book = replace(
        case.rulebook,
        records=None
        if case.rulebook.records is None
        else tuple(replace(each, private=rng.random() < 0.5) for each in case.rulebook.records),
        subjects=None
        if case.rulebook.subjects is None
        else tuple(replace(each, private=rng.random() < 0.5) for each in case.rulebook.subjects),
    )
    names: dict[Scalar, str] = {}
    numbers = count(1)
    own: dict[str, set[str]] = {}

    def named(name: Scalar | None) -> str | None:
        return None if name is None else names.setdefault(name, f"Wqx{len(names)}pj")

    def row(fields: tuple[object, ...], values: Row) -> Row:
        made: list[Scalar | None] = []
        secrets: set[str] = set()
        people: list[str | None] = []
        for field, value in zip(fields, values, strict=True):
            if field.name in ("subject", "actor"):
                made.append(named(value))
                people.append(made[-1])
            elif field.private and isinstance(field.type, TextType) and value is not None:
                made.append(f"Zvk{next(numbers)}bg")
                secrets.add(made[-1])
            else:
                made.append(value)
        alone = people[0] if len(set(people)) == 1 else None
        if alone is not None:
            own.setdefault(alone, set()).update(secrets)
        MARKS.update(secrets)
        return tuple(made)

    records = None if case.records is None else case.read_records.rows
    people = None if case.subjects is None else case.read_subjects.rows
    if records is not None:
        records = tuple(row(record_fields(book), each) for each in records)
    if people is not None:
        people = tuple(row(subject_fields(book), each) for each in people)
    MARKS.update(names.values())
    for name in names.values():
        own.setdefault(name, set()).add(name)
    return refer(book, records, people, case.as_of), own


MARKS: set[str] = set()
"""All marks of the case at hand."""


@settings(max_examples=FEW)
@given(cases())
def test_nothing_withheld_occurs_anywhere_and_the_sum_holds(case: Case) -> None:
    """Whatever the rulebook: for each audience lines, withheld points and adjustments are the score, each working can
    be redone, and no name or private text of others is in page, twin, script, address, text or Markdown."""
    MARKS.clear()
    run, own = marked(case)
    explainer = Explainer(run)
    for ledger in list(run.ledgers())[:2]:
        document = explainer.of(ledger, evidence=True)
        for audience in OTHERS:
            seen = for_audience(document, run.rulebook, audience)
            assert_adds_up(seen)
            said = shown(document, run.rulebook, audience)
            allowed = own[seen.subject] if audience is Audience.SUBJECT else {seen.subject}
            assert [mark for mark in MARKS - allowed if mark in said] == []
            assert Explanation.model_validate_json(seen.json()) == seen


def assert_adds_up(seen: Explanation) -> None:
    """Redo the sums of a document, in all and by facet."""
    if seen.score is None:
        return
    together = [Decimal(each.points) for each in seen.lines if each.points is not None]
    together += [Decimal(each.points) for each in seen.withheld if each.points is not None]
    together += [Decimal(each.amount) for each in seen.adjustments]
    assert total_of(together) == Decimal(seen.score)
    for facet in seen.facets:
        inside = [Decimal(each.points) for each in seen.lines if each.facet == facet.facet and each.points is not None]
        inside += [Decimal(e.points) for e in seen.withheld if e.facet == facet.facet and e.points is not None]
        assert total_of(inside) == Decimal(facet.lines)
    for node in workings(seen):
        redo(node)


# ---- one rulebook, by hand ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book() -> Rulebook:
    """Give a rulebook with private fields and attributes."""
    return load(Path(__file__).parents[1] / "rulebooks/private.tally")


def scored(book: Rulebook, *, age: int = 735190, motto: str | None = "Onward quietly") -> ReferenceRun:
    """Score Ada and Bob by it."""
    day = date(2026, 2, 1)
    records: tuple[Row, ...] = (
        ("r1", "ada", "bob", "like", day, None, "bob/tools#7", "kept secret one", False),
        ("r2", "ada", "cyd", "review", day, Decimal("4.37"), "plain", "kept secret two", False),
        ("r3", "ada", "dorothea", "like", day, None, "plain", None, True),
        ("r4", "ada", "ada", "review", day, Decimal("3.91"), "mine", "my own note", False),
        ("r5", "ada", None, "like", day, None, "plain", "nobody knows whose", False),
    )
    people: tuple[Row, ...] = (
        ("ada", Decimal(age), date(2020, 1, 1), motto),
        ("bob", Decimal(12), None, None),
    )
    return refer(book, records, people, AS_OF)


@pytest.fixture(scope="module")
def ada(book: Rulebook) -> Explanation:
    """Explain Ada's score with all records."""
    run = scored(book)
    ledger = run.subject("ada")
    assert ledger is not None
    return Explainer(run).of(ledger, evidence=True)


def test_what_reads_what_is_private_is_found(book: Rulebook) -> None:
    """By hand: what each audience may not see of the rulebook, through measures and words of the author's, too."""
    public = hidden_from(book, Audience.PUBLIC)
    assert public.cells == {"stars", "note", "flagged"}
    assert public.attributes == {"age", "motto"}
    assert public.measures == {"mean_stars", "seniority", "by_elders"}
    assert public.rules == {"starred", "aged", "spoken", "greeted", "honoured"}
    assert (public.requires, public.excludes, public.discounts) == ({"adult"}, {"flags"}, set())
    person = hidden_from(book, Audience.SUBJECT)
    assert (person.attributes, person.measures, person.rules) == (
        set(),
        {"mean_stars", "by_elders"},
        {"starred", "honoured"},
    )
    assert (person.requires, person.excludes) == (set(), {"flags"})
    assert hidden_from(book, Audience.AUDITOR).cells == set()


def test_what_others_earned_is_private_where_it_reads_what_is() -> None:
    """What the record's actor earned by something private is not the person's own, whatever their own is."""
    text = (
        'rulebook "R" version 1.0.0\nrecords\n    subject text\n    actor text\n    kind one of vouch\n    at date\n'
        "subjects\n    age whole number 0 to 150 private\n"
        'measure seniority "year" / "years"\n    = age / 10\n'
        'measure worth "point" / "points"\n    sum min(actor.seniority, 5) of vouch\n'
        "    when actor.seniority is not missing\n"
        'rule a "A"\n    points worth\n    because "So."\nrule b "B"\n    points seniority\n    because "So."\n'
        'score "S"\n    sum of all rules\n'
    )
    found, mistakes = read(Source("earned.tally", text))
    assert found is not None, mistakes
    assert hidden_from(found, Audience.SUBJECT).rules == {"a"}
    assert hidden_from(found, Audience.PUBLIC).rules == {"a", "b"}


def test_the_auditor_sees_everything(book: Rulebook, ada: Explanation) -> None:
    """For the auditor nothing is taken out."""
    assert for_audience(ada, book, Audience.AUDITOR) == ada
    said = shown(ada, book, Audience.AUDITOR)
    assert all(each in said for each in ("bob/tools#7", "kept secret two", "4.37", "735190", "Onward quietly"))


@pytest.mark.parametrize(
    ("audience", "theirs", "never"),
    [
        ("subject", ("735190", "Onward quietly"), ("bob", "cyd", "dorothea", "kept secret", "4.37", "nobody knows")),
        (
            "public",
            (),
            ("bob", "cyd", "dorothea", "kept secret", "4.37", "735190", "73519", "Onward", "nobody knows", "my own"),
        ),
    ],
)
def test_values_are_hidden(
    book: Rulebook, ada: Explanation, audience: str, theirs: tuple[str, ...], never: tuple[str, ...]
) -> None:
    """By hand: numbers, texts, names, and a name within another text are nowhere; what is the person's own is."""
    said = shown(ada, book, Audience(audience))
    assert [each for each in theirs if each not in said] == []
    assert [each for each in never if each in said] == []


def test_points_stay_together_where_they_stand(book: Rulebook, ada: Explanation) -> None:
    """By hand: the public gets one sum for a facet's hidden line, and one for the others together."""
    seen = for_audience(ada, book, Audience.PUBLIC)
    told = [(each.facet, each.rules, each.points) for each in seen.withheld if each.what == "rules"]
    assert told == [("others", ("starred",), "4.1"), (None, ("honoured", "aged", "spoken", "greeted"), "23.0")]
    assert [(each.rule, each.points) for each in seen.lines] == [("liked", "1.0"), ("tenure", "3.0")]
    assert {each.rule for each in seen.principal_reasons} <= {"liked", "tenure"}
    assert "What reads private data, together" in seen.text()
    assert seen.working is not None
    redo(seen.working)


def test_the_person_sees_records_without_what_is_others(book: Rulebook, ada: Explanation) -> None:
    """Which of others' records were flagged is private, so those are not listed one by one; what they added is told."""
    seen = for_audience(ada, book, Audience.SUBJECT)
    assert seen.records == ()
    left_out = [(each.measure, each.number, each.added) for each in seen.withheld if each.what == "records"]
    liked = next(each for each in ada.records_added if each.measure == "likes")
    assert left_out == [("likes", 3, liked.value), ("mean_stars", 2, None)]
    assert [(each.reason, each.name, each.records) for each in seen.not_counted] == [("excluded", None, 1)]
    assert "flagged by a moderator" not in shown(ada, book, Audience.SUBJECT)


@pytest.mark.parametrize("other", [{"age": 800000}, {"motto": "Backward loudly"}])
def test_another_private_value_changes_nothing_for_the_public(book: Rulebook, other: dict[str, object]) -> None:
    """Where the points are the same, so is everything that the public sees, to the last byte."""
    pages = []
    for values in ({}, other):
        run = scored(book, **values)  # type: ignore[arg-type]
        document = Explainer(run).explain("ada", evidence=True)
        pages.append(shown(document, book, Audience.PUBLIC))
    assert pages[0] == pages[1]


def test_why_somebody_has_no_score_is_private_where_it_reads_what_is(book: Rulebook) -> None:
    """Who is under age is told so; the public is not, and who has no score has no public page."""
    run = scored(book)
    document = Explainer(run).explain("bob", evidence=True)
    assert "under 18" in for_audience(document, book, Audience.SUBJECT).text()
    seen = for_audience(document, book, Audience.PUBLIC)
    assert seen.requirement is not None
    assert (seen.requirement.name, seen.requirement.words) == (PRIVATE, "The reason is private.")
    assert "18" not in seen.text()
    assert public_person_files(document, None, Showing(book, Audience.PUBLIC)) == ()


def test_what_is_required_and_met_is_private_where_it_reads_what_is(book: Rulebook, ada: Explanation) -> None:
    """Ada, who has a score, reads what is required and her age; the public reads that something is required."""
    own = for_audience(ada, book, Audience.SUBJECT)
    assert [each.name for each in own.met] == ["adult"]
    assert "Of age: age is at least 18 (met) - Age: 735190." in " ".join(own.text().split())
    seen = for_audience(ada, book, Audience.PUBLIC)
    assert seen.met == ()
    assert [each.what for each in seen.withheld].count("requirement") == 1
    assert "Not shown: what was required." in " ".join(seen.text().split())


def test_what_is_not_known_is_private_where_its_value_is(book: Rulebook) -> None:
    """That somebody has told no motto is for them to know, not for the public."""
    document = Explainer(scored(book, motto=None)).explain("ada")
    told = {each: for_audience(document, book, each).missing for each in OTHERS}
    assert [(each.name, each.rules) for each in told[Audience.SUBJECT]] == [("motto", ("spoken",))]
    assert told[Audience.PUBLIC] == ()


def test_when_somebody_was_away_is_private(book: Rulebook, ada: Explanation) -> None:
    """The public sees what fading took in all, with no word of an absence that gave some of it back."""
    line = ada.lines[0]
    (likes,) = line.measures
    away = Absence(first=date(2026, 1, 5), last=date(2026, 1, 9), days=5)
    fading = next(each for each in likes.steps if each.step == "fading")
    steps = (
        *(each for each in likes.steps if each.step != "fading"),
        replace(fading, value="1.25"),
        replace(fading, step="paused", value="-0.5", absences=(away,)),
    )
    paused = replace(line, measures=(replace(likes, steps=steps),))
    document = ada.model_copy(update={"pauses": (away,), "lines": (paused, *ada.lines[1:])})
    said = shown(document, book, Audience.PUBLIC)
    assert [each for each in ("2026-01-05", "2026-01-09", "paused", "Your absence") if each in said] == []
    seen = for_audience(document, book, Audience.PUBLIC).lines[0].measures[0]
    assert [each.value for each in seen.steps if each.step == "fading"] == ["0.75"]
    assert "2026-01-05" in shown(document, book, Audience.SUBJECT)


def test_what_a_band_needs_is_private_where_it_reads_what_is(book: Rulebook) -> None:
    """The band is told as the score is; of a band whose needs read what is private nobody else learns which are met."""
    text = book.text.partition("\nscore ")[0] + (
        '\nscore "Standing"\n    sum of all rules\n\nbands\n    young "Young"\n        needs likes >= 0 "Be there."\n'
        '    old "Old"\n        needs age >= 800000 "Be of great age."\n'
    )
    banded, mistakes = read(Source("banded.tally", text))
    assert banded is not None, mistakes
    document = Explainer(scored(banded)).explain("ada")
    own, public = (for_audience(document, banded, each) for each in OTHERS)
    assert own.band is not None
    assert [(each.name, each.missing, each.of) for each in own.band.levels] == [("young", 0, 1), ("old", 1, 1)]
    assert public.band is not None
    assert [(each.name, each.missing, each.of) for each in public.band.levels] == [("young", 0, 1), ("old", 0, 0)]
    assert "great age" in own.text()
    assert "great age" not in shown(document, banded, Audience.PUBLIC)
    assert 'What "Old" needs is private.' in public.text()


def test_corrections_and_statements(book: Rulebook, ada: Explanation) -> None:
    """A correction is shown to the person without names and values of others, wherever they stand; to the public,
    neither it nor what the person states."""
    moved = Correction(
        record="bob-17",
        action="replace",
        reason="It was Zacharias who did it.",
        who="bob",
        when=AS_OF,
        was={"id": "bob-17", "subject": "ada", "actor": "bob", "note": "kept secret three", "item": "plain"},
        changes=(
            FieldChange(field="actor", title=None, before="bob", after="Zacharias"),
            FieldChange(field="note", title=None, before="kept secret three", after="kept secret four"),
            FieldChange(field="item", title=None, before="plain", after="plainer"),
        ),
        rules=("liked", "starred"),
    )
    stated = Statement(
        kind="contest", rule="liked", title="Liked", record=None, text="Not so.", since=AS_OF, answer_by=None
    )
    document = ada.model_copy(update={"corrections": (moved,), "statements": (stated,)})
    said = shown(document, book, Audience.SUBJECT)
    assert [each for each in ("bob", "zacharias", "kept secret") if each in said.lower()] == []
    assert "plainer" in said
    assert "Not so." in said
    public = shown(document, book, Audience.PUBLIC)
    assert [each for each in ("plainer", "Not so.", "(not shown)") if each in public] == []


NAMING = """rulebook "Orders" version 1.0.0

records
    subject text
    actor   text
    kind    one of sale
    at      date
    buyer   text
    place   text

measure sales "sale" / "sales"
    count sale
    when not (buyer starts with "test-") and not (place starts with "test-")

rule sales "Sales"
    points sales
    because "They count."

score "Standing"
    sum of all rules
"""


def test_what_could_change_names_nobody_else() -> None:
    """What is assumed of a record is as in the latest one, and has its other people's names for the auditor alone."""
    book = accepted(NAMING)
    rows = (("ada", "bob", "sale", date(2026, 2, 1), "Bob (Bonn)", "Bonn"),)
    found = could_change(with_rows(book, rows, (), AS_OF), "ada")
    whole = explain(refer(book, rows, (), AS_OF), "ada").model_copy(update={"could_change": found})
    assert 'Assumed of each record: buyer is "Bob (Bonn)" and place is "Bonn".' in " ".join(whole.text().split())
    seen = for_audience(whole, book, Audience.SUBJECT)
    assert 'Assumed of each record: buyer is (not shown) and place is "Bonn".' in " ".join(seen.text().split())
    assert "bob" not in f"{seen.json()}{shown(whole, book, Audience.SUBJECT)}".casefold()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bob", True),
        ("BOB/tools#7", True),
        ("by @bob.", True),
        ("bobcat", False),
        ("kebob", False),
        ("bob_2", True),
        ("Ann Lee wrote", True),
        ("Ann", False),
        ("x😀y", True),
        ("@eve", True),
        ("eve", False),
        ("Zoe\u0308!", True),
        ("", False),
    ],
)
def test_a_name_is_found_in_a_text_as_a_word(text: str, found: bool) -> None:  # noqa: FBT001
    """A name within another text is found whatever stands around it, and no part of a longer word is taken for one."""
    assert Names(["bob", "Ann Lee", "😀", "@eve", "Zoe\u0308", ""]).are_in(text) is found


def test_public_scores(book: Rulebook) -> None:
    """Scores for anybody: who has one, and one figure for the lines that read what is private; the sum holds."""
    run = scored(book)
    public = PublicScores.of(book)
    assert [each.name for each in public.rulebook.rules] == ["liked", "tenure", PRIVATE]
    (only,) = public.ledgers(run.ledgers())
    whole = run.subject("ada")
    assert whole is not None
    assert total_of([each.points or Decimal(0) for each in only.lines]) == total_of(
        [each.points or Decimal(0) for each in whole.lines]
    )
    assert (only.score, only.inputs, only.measures) == (whole.score, (), ())


# ---- the public's lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("Ada Lovelace", "ada-lovelace-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("<b>x</b>", "b-x-b-"),
        ("Zoë", "zoe-"),
        ("ада", ""),
        ("", ""),
        ("index", "index-"),
        ("\x1b[31m\u202e", "31m-"),
        ("a" * 500, "a" * 40 + "-"),
    ],
)
def test_a_public_address_is_readable_and_safe(name: str, begins: str) -> None:
    """Of any name: letters, digits and dashes alone, and never the name of another page."""
    address = public_address(name)
    assert address.startswith(begins)
    assert len(address) == len(begins) + 12
    assert set(address) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len({public_address(each) for each in (name, name.upper() + "x", name + " ")}) == 3


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 1234])
def test_everybody_with_a_score_is_in_the_lists_once(book: Rulebook, people: int) -> None:
    """Whoever has a score is led to from the start page, in one step or by one list, once."""
    names = [f"Person {number}" for number in range(people)]
    files = {each.path: each.text for each in public_lists(book, AS_OF, names)}
    assert "public/index.html" in files
    pages = "".join(text for path, text in files.items() if path.endswith(".html"))
    assert all(pages.count(f'href="{public_address(name)}.html"') == 1 for name in names)
    assert all(
        f'href="{path.removeprefix("public/")}"' in files["public/index.html"] for path in files if "list_" in path
    )
    assert max(text.count("<li") for text in files.values()) <= 110
    finder = re.findall(r'<li data-first="(.*?)" data-last="(.*?)">', files["public/index.html"])
    assert len(finder) == min(people, 100) if people <= 100 else len(finder) == len(files) - 2
    assert all(first <= last for first, last in finder)
    assert pages.count('content="noindex') == sum(path.endswith(".html") for path in files)


def test_hostile_names_do_nothing_in_the_lists(book: Rulebook, hostile_names: Callable[[], list[str]]) -> None:
    """Markup, control characters and direction marks in names are shown as what they are."""
    for file in public_lists(book, AS_OF, hostile_names()):
        assert file.text.replace("\n", "").isprintable()
        if file.path.endswith(".json"):
            continue
        assert "<script>alert" not in file.text
        assert "<img" not in file.text
        assert 'href="javascript:' not in file.text


@pytest.fixture
def hostile_names() -> Callable[[], list[str]]:
    """Give names that are markup, commands of a terminal, or formulae."""
    return lambda: ["<script>alert(1)</script>", "<img src=x>", "\x1b[31mred", "a\u202eb", "=1+1", "javascript:x", '"']
