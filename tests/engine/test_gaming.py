"""What is said of an attack is so: its records give that score, one action fewer is not enough, and the declaration
that is named against it, pasted into the rulebook, leaves what is said."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from ledgers.in_duckdb import in_duckdb
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from tallystick.engine import score
from tallystick.engine.gaming.attacks import ATTACKS, Deed, Form, Ground, accounts_of
from tallystick.engine.gaming.files import write_table
from tallystick.engine.gaming.gaming import Attack, Gaming, Limits, gaming
from tallystick.engine.gaming.newcomer import Newcomer, newcomer
from tallystick.engine.gaming.typical import typical
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.refusals import UsageRefusal
from tallystick.explain import markdown, text
from tallystick.explain.gaming.gaming import OnBehalf, gaming_of
from tallystick.explain.gaming.pages import gaming_page
from tallystick.rules import load
from tallystick.rules.load import read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.variants.safeguards import Misuse, safeguards

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 1, 31)
LIMITS = Limits(actions=20, accounts=3)
FEW = max(2, settings.default.max_examples // 100) if settings.default is not None else 2
LIKES = """\
rulebook "Likes" version 1.0.0
    owner "Somebody"

records
    subject text
    actor   text
    kind    one of post, like
    at      date
    item    text optional

require posted "anything to judge"
    when posts >= 2
    otherwise insufficient data "Fewer than 2 posts."

measure posts "post" / "posts"
    count post

measure likes "like" / "likes"
    count like

rule liked "People like it"
    points likes
    because "That is what it is about."

score "Likes"
    sum of all rules
    rounded to 0 places

example "a like by somebody else"
    as of 2026-01-31
    records
        subject actor kind at         item
        ada     ada   post 2026-01-01 a
        ada     ada   post 2026-01-02 b
        ada     bob   like 2026-01-02 b
        ada     bob   like 2026-01-02 a
    expect ada
        score 2
"""


def rulebook(text: str) -> Rulebook:
    """Check a rulebook."""
    found, diagnostics = read(Source("likes.tally", text))
    assert found is not None, diagnostics
    return found


def gamed(rules: Rulebook, limits: Limits = LIMITS, day: date = DAY) -> tuple[Newcomer, Gaming]:
    """Try every attack on behalf of a newcomer."""
    person = newcomer(rules, day)
    return person, gaming(person.ground, limits, person.under, spared=person.kinds)


@pytest.fixture(scope="module")
def likes() -> tuple[Newcomer, Gaming]:
    """Game a rulebook that counts likes and forbids nothing."""
    return gamed(rulebook(LIKES))


def of(found: Gaming, name: str) -> Attack:
    """Return one attack."""
    return next(each for each in found.attacks if each.name == name)


def test_attacks_worked_by_hand(likes: tuple[Newcomer, Gaming]) -> None:
    """A like is a point: of 20 actions 18 are nine tenths. A favour returned takes two, so 10 points are the most,
    and 9 of them take 18. Likes about many things, or on the last day, are no more than likes."""
    person, found = likes
    assert [(each.kind, each.own, each.times) for each in person.beginnings] == [("post", True, 2)]
    assert found.before == 0
    figures = {each.name: (each.gain, each.most, each.actions, each.accounts) for each in found.attacks}
    assert figures == {
        "self": (18, 20, 18, 0),
        "friend": (18, 20, 18, 1),
        "ring": (18, 20, 18, 3),
        "burst": (18, 20, 18, 18),
        "favours": (9, 10, 18, 9),
    }
    assert [each.name for each in found.attacks] == ["self", "friend", "ring", "burst", "favours"]
    assert found.idle == ("topics", "waiting")
    assert found.impossible == ()


def test_what_would_lie_before_the_calendar_lies_on_its_first_day(likes: tuple[Newcomer, Gaming]) -> None:
    """On its second day nothing can be a month old, nor spread over a year; likes do not fade, so all is as ever."""
    person, found = gamed(rulebook(LIKES), day=date(1, 1, 2))
    assert [(each.name, each.gain, each.actions) for each in found.attacks] == [
        (each.name, each.gain, each.actions) for each in likes[1].attacks
    ]
    burst = of(found, "burst")
    assert burst.form is not None
    at = [field.name for field in record_fields(rulebook(LIKES))].index("at")
    assert {row[at] for row in person.ground.records(burst.form, burst.actions)} == {date(1, 1, 1)}


def test_who_takes_part_and_when_is_as_the_form_says(likes: tuple[Newcomer, Gaming]) -> None:
    """Three favours returned in turn by accounts are two accounts', the last begun and not yet returned; of two deeds
    for each account three are two accounts', too; what lies over 28 days ends on the last of them."""
    ground = likes[0].ground
    like, post = Deed("like", ()), Deed("post", ())
    assert accounts_of(Form((like,), returned=True), 3) == 2
    assert accounts_of(Form((like, post)), 3) == 2
    assert len({row[1] for row in ground.records(Form((like, post)), 3)}) == 2
    over = [row[3] for row in ground.records(Form((like,), spread=28, ago=1), 4)]
    assert over == [date(2026, 1, 30) - timedelta(days=days) for days in (21, 14, 7, 0)]


def test_declarations_worked_by_hand(likes: tuple[Newcomer, Gaming]) -> None:
    """What is named leaves the least of what fits: nothing of one's own and of favours returned, 3 of a day's likes;
    of a friend and a ring, who can take four weeks, one like each, though that takes one of the example's two, too."""
    _, found = likes
    named = {
        each.name: (each.remedy.safeguard.name, each.remedy.gain, each.remedy.most, each.remedy.examples)
        for each in found.attacks
        if each.remedy is not None
    }
    assert named == {
        "self": ("exclude own_actions", 0, 0, 0),
        "friend": ("keep at most 1 per actor", 1, 1, 1),
        "ring": ("keep at most 1 per actor", 3, 3, 1),
        "burst": ("total at most 3 per day", 3, 3, 0),
        "favours": ("exclude returned_favours", 0, 0, 0),
    }


def test_one_action_fewer_is_not_enough(likes: tuple[Newcomer, Gaming]) -> None:
    """With one action fewer, an attack of the same form brings less than nine tenths of the most."""
    person, found = likes
    for each in found.attacks:
        assert 10 * each.gain >= 9 * each.most
        fewer = _gain(person.ground, each.form, each.actions - 1)
        assert 10 * fewer < 9 * each.most, each.name


def test_what_is_pasted_leaves_what_is_said(likes: tuple[Newcomer, Gaming]) -> None:
    """The text of each declaration, put into the rulebook by hand, gives the two scores that are said."""
    person, found = likes
    for each in found.attacks:
        assert each.remedy is not None
        safeguard = each.remedy.safeguard
        text = LIKES
        if safeguard.clauses:
            text = text.replace('measure likes "like" / "likes"\n    count like\n', safeguard.text)
        else:
            text = text.replace("measure posts", f"{safeguard.text}\nmeasure posts", 1)
        assert text != LIKES
        ground = person.ground.under(rulebook(text), person.under(rulebook(text)))
        assert _score(ground, each.form.plain, each.actions) == each.remedy.without
        assert _score(ground, each.form, each.actions) == each.remedy.reached


def test_the_page_reads_well(likes: tuple[Newcomer, Gaming], snapshot: SnapshotAssertion) -> None:
    """The page for a terminal; as Markdown, what is to be pasted stands between fences as it is."""
    person, found = likes
    rules = person.ground.rulebook
    document = gaming_of(rules, found, OnBehalf(person.ground.near.subject, None, person.beginnings), DAY)
    assert text.draw(gaming_page(document)) == snapshot
    for each in document.attacks:
        assert each.remedy is not None
        assert f"```\n{each.remedy.text}```\n" in markdown.draw(gaming_page(document))


@pytest.mark.parametrize(
    ("without", "why"),
    [("    actor   text\n", "no actor"), ("    item    text optional\n", "no topic")],
)
def test_what_records_do_not_say_cannot_be_used(without: str, why: str) -> None:
    """Where records lack what an attack is made of, it is told as one that cannot be made, and the others are tried."""
    bare = LIKES[: LIKES.index("\nexample ")]
    _, found = gamed(rulebook(bare.replace(without, "")), Limits(4, 2))
    assert {reason for _, reason in found.impossible} == {why}
    told = [*(each.name for each in found.attacks), *found.idle, *(name for name, _ in found.impossible)]
    assert sorted(told) == sorted(ATTACKS)
    assert found.attacks


def test_things_of_which_each_is_about_as_many_are_found() -> None:
    """By an h-index, 9 actions bring 3 only as three about each of three things."""
    text = (
        LIKES[: LIKES.index("\nexample ")]
        .replace("count like", "h index of like by item")
        .replace("text optional", "text")
    )
    _, found = gamed(rulebook(text), Limits(9, 2))
    friend = of(found, "friend")
    assert (friend.gain, friend.actions, friend.form.topics) == (3, 9, "square")
    assert of(found, "topics").gain == 2


def test_nobody_is_made_up_who_cannot_be() -> None:
    """Where no newcomer has a score, the refusal says which requirement none met."""
    text = LIKES.replace("posts >= 2", "posts >= 2 and likes > 1000")
    with pytest.raises(UsageRefusal, match="meets `posted`"):
        newcomer(rulebook(text), DAY)


def test_a_safeguard_is_not_what_there_is_already() -> None:
    """What the rulebook says already is not proposed, and every proposal is another rulebook."""
    text = LIKES.replace("    count like\n", "    count like\n    keep at most 3 per actor per week\n")
    rules = rulebook(text)
    found = list(safeguards(rules, Misuse(("like",), ("likes",))))
    assert len({each.rulebook.text for each in found}) == len(found) > 10
    assert all(clause != "keep at most 3 per actor per week" for each in found for _, clause in each.clauses)
    assert all(each.rulebook.examples == () for each in found)


@pytest.mark.parametrize(
    ("attribute", "proposed"),
    [
        ("joined date", 1),
        ('first_day date "when your account was opened"', 1),
        ("member_since time", 1),
        ('d date "memberSince"', 1),
        ('d date "accountCreatedAt"', 1),
        ("signed_up_on date", 1),
        ("creationdate date", 1),
        ("createdat time", 1),
        ("createddate date", 1),
        ("beigetreten_am date", 1),
        ('seit date "seit wann Ihr Konto eröffnet ist"', 1),
        ("konto_eroeffnet date", 1),
        ("mitglied_seit date", 1),
        ("registriert date", 1),
        ('d date "votre date d’inscription"', 1),
        ('d date "quand votre compte a été créé"', 1),
        ("membre_depuis date", 1),
        ("fecha_de_alta date", 1),
        ('d date "la creación de su cuenta"', 1),
        ("miembro_desde date", 1),
        ("joint_account date", 0),
        ("creative_since date", 0),
        ("registration_expires date", 0),
        ('d date "lastOpened"', 0),
        ("registriert_bis date", 0),
        ('d date "votre dernière inscription à un cours"', 0),
        ("password_created date", 0),
        ('d date "unregisteredOn"', 0),
        ('d date "la fecha más alta"', 0),
        ('born date "your birthday"', 0),
        ('last date "when you last rejoined a group"', 0),
        ('regular_since date "since when you hold level 3"', 0),
    ],
)
def test_only_the_day_an_account_began_tells_its_age(attribute: str, proposed: int) -> None:
    """What new accounts do is left out by the day on which they began, and by no other day that is known of people."""
    text = LIKES[: LIKES.index("\nexample ")]
    rules = rulebook(text.replace("\nrequire ", f"\nsubjects\n    {attribute}\n\nrequire ", 1))
    found = [each for each in safeguards(rules, Misuse(("like",), ("likes",))) if each.sort == "new accounts"]
    assert len(found) == proposed


@settings(max_examples=FEW)
@given(cases(by=False))
def test_attacks_on_any_rulebook_replay(case: Case) -> None:
    """Whatever the rulebook, the fast engine gives the scores that are said from the records of each attack, and those
    under the declaration named against it."""
    rules = replace(case.rulebook, examples=())
    try:
        person, found = gamed(rules, Limits(5, 2))
    except UsageRefusal:
        return
    for each in found.attacks[:1]:
        _replays(person.ground, each, each.without, each.reached)
        if each.remedy is not None:
            under = each.remedy.safeguard.rulebook
            _replays(person.ground.under(under, person.under(under)), each, each.remedy.without, each.remedy.reached)


@pytest.mark.whole
@pytest.mark.parametrize("name", ["community", "trust", "maintainers"])
def test_attacks_on_a_real_run_replay(name: str, tmp_path: Path) -> None:
    """Among all the records of an example, the fast engine gives the person with the median score what is said, with
    and without the declaration."""
    folder = EXAMPLES / name
    rules = load(folder / f"{name}.tally")
    records = next(path for path in folder.glob("*.csv") if path.stem in {"records", "ratings", "credit"})
    subjects = folder / "subjects.csv" if rules.subjects is not None else None
    day = max(each.as_of for each in rules.examples)
    with closing(score(rules, records, subjects, as_of=day)) as run:
        person = typical(run)
        found = gaming(person.ground, Limits(10, 2), person.under, spared=person.kinds)
        assert len(found.attacks) >= 4
        for each in found.attacks:
            cases = [(rules, each.form.plain, each.without), (rules, each.form, each.reached)]
            if each.remedy is not None:
                under = each.remedy.safeguard.rulebook
                cases += [(under, each.form.plain, each.remedy.without), (under, each.form, each.remedy.reached)]
            for by, form, said in cases:
                rows = () if form is None else person.ground.records(form, each.actions)
                write_table(tmp_path / "more.csv", record_fields(by), rows)
                with closing(score(by, [records, tmp_path / "more.csv"], subjects, as_of=day)) as again:
                    ledger = again.subject(person.subject)
                    assert ledger is not None
                    assert ledger.score.score == said


def _replays(ground: Ground, attack: Attack, without: Decimal, reached: Decimal) -> None:
    """Score the records of an attack, and those that it is held against, by the fast engine."""
    for form, said in ((attack.form.plain, without), (attack.form, reached)):
        more = () if form is None else ground.records(form, attack.actions)
        people = () if form is None else ground.people(form, attack.actions)
        before = tuple(each.row for each in ground.near.records)
        engine = in_duckdb(ground.rulebook, (*before, *more), (*ground.near.subjects, *people), ground.near.as_of, ())
        ledger = engine.subject(ground.near.subject)
        engine.close()
        assert ledger is not None
        assert ledger.score.score == said
    assert accounts_of(attack.form, attack.actions) == attack.accounts


def _score(ground: Ground, form: Form | None, actions: int) -> Decimal | None:
    near = ground.near
    if form is not None:
        near = near.with_records(ground.records(form, actions)).with_people(ground.people(form, actions))
    ledger = near.ledger()
    return None if ledger is None else ledger.score.score


def _gain(ground: Ground, form: Form, actions: int) -> Decimal:
    without, reached = _score(ground, form.plain, actions), _score(ground, form, actions)
    assert without is not None
    assert reached is not None
    return reached - without
