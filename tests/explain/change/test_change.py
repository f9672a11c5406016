"""Takes two runs; asks whether the account of their difference adds up, and says in words what brought it about."""

from __future__ import annotations

import json
import re
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted
from generators.edited import Pair, pairs
from hypothesis import given, settings
from ledgers.between_runs import FIRST, PEOPLE, RULES, run_of_case, run_of_texts
from syrupy.assertion import SnapshotAssertion

from tallystick.engine.change.between import Between, between
from tallystick.engine.change.subtraction import PartRow
from tallystick.explain.change.account import Accounting
from tallystick.explain.change.document import Change
from tallystick.explain.change.pages import change_json, change_markdown, change_text
from tallystick.explain.errors import AbsentSubject, DoesNotAddUp
from tallystick.explain.printable import printable_json

FEWER = max(2, settings.default.max_examples // 50) if settings.default is not None else 2
NEW_RULES = (
    RULES.replace("version 1.0.0", "version 2.0.0\n    noise 5")
    .replace("points 10 * fresh", "points 20 * fresh")
    .replace("points likes", "points 2 * likes")
    .replace("at most 100", "at most 30")
)
LATER = """
id subject actor kind at         worth
1  ada     ada   post 2026-03-01 -
3  ada     cem   like 2026-03-01 -
7  ada     dan   like 2026-03-12 -
8  ada     ada   post 2026-03-12 -
9  bob     bob   post 2026-03-12 -
10 cem     cem   like 2026-03-12 -
"""
GIVEN = "4 bob ada like 2026-03-02 -\n"
LATER_PEOPLE = "subject level\nada 5\nbob 1\ncem 2\n"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Between:
    """Give the small rulebook's runs: time, a record gone, records that arrived, three edits, and people who came."""
    folder = tmp_path_factory.mktemp("runs")
    before = run_of_texts(accepted(RULES), folder, "2026-03-05", FIRST, PEOPLE + "cem 2\n")
    return between(before, run_of_texts(accepted(NEW_RULES), folder, "2026-03-12", LATER, LATER_PEOPLE))


def test_the_account_of_one_person(found: Between, snapshot: SnapshotAssertion) -> None:
    """A person reads by step what moved, from what to what, that it sums, and what each edit does alone."""
    document = Accounting(found).person("ada")
    (person,) = document.people
    assert (person.before, person.after) == ("17", "29")
    assert sum(Decimal(part.points) for part in person.parts) == Decimal(person.points or 0) == 12
    assert sum(Decimal(step.points) for step in person.steps) == 12
    assert [(step.step, step.points) for step in person.steps] == [
        ("time passed", "-10"),
        ("corrections", "-1"),
        ("own records", "10"),
        ("other records", "1"),
        ("edit", "12"),
    ]
    assert {stage.edit.aspects for stage in document.stages if stage.edit is not None} == {("weights",), ("scale",)}
    assert person.meaningful is True
    assert change_text(document) == snapshot(name="text")
    assert change_markdown(document) == snapshot(name="markdown")


def test_what_somebody_did_to_others_is_not_told_as_done_by_others(tmp_path: Path) -> None:
    """Where likes that are given count, one that ada gave to bob is a record in which others take part: nobody else did
    anything."""
    rules = accepted(RULES.replace("count like", "count like given"))
    runs = [run_of_texts(rules, tmp_path, "2026-03-05", FIRST + more, PEOPLE) for more in ("", GIVEN)]
    document = Accounting(between(*runs)).person("ada")
    (part,) = document.people[0].parts
    assert (part.step, part.rule, part.points) == ("other records", "liked", "1")
    assert "New records in which others take part" in change_text(document)
    assert "others did" not in change_text(document)


def test_a_score_that_came(found: Between, snapshot: SnapshotAssertion) -> None:
    """Who has a score on one side alone is told which requirement came to be met, and at which step; no points."""
    document = Accounting(found).person("bob")
    assert document.people[0].parts == ()
    assert (document.people[0].before, document.people[0].points) == (None, None)
    assert change_text(document) == snapshot


def test_no_score_on_either_side(found: Between) -> None:
    """Who has no score on both days is told so twice, with the day, the words of the requirement, and what there is."""
    words = change_text(Accounting(found).person("cem"))
    assert words.startswith("Small of cem: insufficient data, then insufficient data\n")
    assert "On 2026-03-05 you had no score: No post. There was: 0 posts." in words
    assert "On 2026-03-12 you have no score: No post. There is: 0 posts." in words


def test_which_values_the_rules_change_on_a_day_is_told_wherever_that_is(tmp_path: Path) -> None:
    """Where the step is told together with others, and of everybody, it is said all the same which value is another,
    since when, and what it was."""
    dated = 'parameter worth = 1 "what a like is worth"\n    from 2026-03-10 = 3 because "Likes are rarer."\n\n'
    rules = accepted(
        RULES.replace("    worth   whole number 0 to 9 optional\n", "")
        .replace('require enough "a post"\n    when posts', f'{dated}require enough "a post"\n    when fresh')
        .replace("points likes", "points worth * likes + 0.1 * posts")
    )
    before = run_of_texts(rules, tmp_path, "2026-03-05", FIRST, PEOPLE)
    after = run_of_texts(rules, tmp_path, "2026-03-12", f"{FIRST}4 ada ada post 2026-03-12 -\n", PEOPLE)
    told = "The rules, as they said before, have other values: what a like is worth: 3 since 2026-03-10, before 1."
    accounting = Accounting(between(before, after))
    own, of_all = (" ".join(change_text(each).split()) for each in (accounting.person("ada"), accounting.everybody()))
    assert "“time passed”, “values with a date” and “own records” together" in own
    assert (own.count(told), of_all.count(told)) == (1, 1)


def test_rows_that_are_not_read_are_told_of_once(tmp_path: Path) -> None:
    """A row that only the last of several edits lets in is told of once for all steps before it, not at each."""
    wider = RULES.replace("0 to 9 ", "0 to 99 ").replace("0 to 100", "0 to 200")
    assert wider.count("99") == wider.count("200") == 1
    before = run_of_texts(accepted(RULES), tmp_path, "2026-03-05", FIRST, PEOPLE)
    after = run_of_texts(accepted(wider), tmp_path, "2026-03-06", FIRST, PEOPLE.replace("5", "150"))
    words = " ".join(change_text(Accounting(between(before, after)).everybody()).split())
    assert words.count("cannot be read by the rules") == 1
    told = (
        "1 row of the later run cannot be read by the rules at each step from “corrections” to “edit of field worth” "
    )
    assert f"{told}and counts for nothing there." in words


def test_what_there_was_is_told_in_the_later_names(tmp_path: Path) -> None:
    """A measure that is called otherwise by now is one and the same; of several requirements, the one not met tells
    what it looks at; the words are those of each run's own rulebook."""
    rules = RULES.replace("when posts >= 1", "when posts + likes >= 3").replace(
        "exclude own",
        'require level "a level"\n    when posts + level >= 1\n    otherwise no score "No level."\n\nexclude own',
    )
    renamed = rules.replace("posts", "entries").replace('"post" / "entries"', '"entry" / "entries"')
    before = run_of_texts(
        accepted(rules), tmp_path, "2026-03-05", FIRST.replace("3  ada     cem", "3  bob     cem"), PEOPLE
    )
    after = run_of_texts(
        accepted(renamed),
        tmp_path,
        "2026-03-05",
        FIRST.replace("3  ada     cem   like", "3  bob     cem   post"),
        PEOPLE,
    )
    (person,) = Accounting(between(before, after)).person("ada").people
    for result, word in ((person.result_before, "post"), (person.result_after, "entry")):
        assert result is not None
        there = [(each.measure, each.singular, each.state, each.value) for each in result.there]
        assert there == [("entries", word, "value", "1"), ("likes", "like", "value", "1")]


def test_who_was_not_in_a_run_is_told_so(found: Between) -> None:
    """Whom a run does not name had no score there to gain or to lose: it is told when the run names the person."""
    there, back = (" ".join(change_text(Accounting(found).person("bob")).split()), found)
    assert "You are not in the earlier run, so there is no difference in points." in there
    assert "From then on the run names you, and you have no score (required: a post): No post." in there
    assert "From then on you have a score: every requirement is met." in there
    assert "Without a score on one side" not in there
    gone = between(back.after, back.before)
    away = " ".join(change_text(Accounting(gone).person("bob")).split())
    gone.close()
    assert "You are not in the later run, so there is no difference in points." in away
    assert "From then on the run does not name you." in away
    neither = " ".join(change_text(Accounting(found).person("cem")).split())
    assert "Without a score on one side" not in neither


def test_where_bands_have_needs_alone_the_change_is_of_the_band(tmp_path: Path) -> None:
    """A score that no rule gives is 0 on both days: what is told is the band, also where one run has none."""
    rules = accepted(
        RULES[: RULES.index("\nrule writing")] + '\nscore "Small"\n    sum of all rules\n\nbands\n'
        '    guest "Guest"\n        needs fresh >= 0 "You are here."\n'
        '    writer "Writer"\n        needs fresh + likes + level >= 1 "You wrote lately."\n'
    )
    level = "subject level\nada 0\nbob 0\n"
    mine = "id subject actor kind at worth\n1 ada ada post 2026-03-01 -\n"
    runs = [run_of_texts(rules, tmp_path, day, mine, level) for day in ("2026-03-05", "2026-03-12")]
    made = between(*runs)
    told = " ".join(change_text(Accounting(made).person("ada")).split())
    assert told.startswith("Small of ada: Writer, then Guest ")
    assert 'You were in the band "Writer"; now you are in the band "Guest".' in told
    assert "Your score was" not in told
    nobody = run_of_texts(rules, tmp_path, "2026-03-12", mine.replace("ada", "bob"), "subject level\nbob 0\n")
    came = between(nobody, runs[1])
    told = " ".join(change_text(Accounting(came).person("ada")).split())
    assert told.startswith("Small of ada: not in the run, then Guest ")
    assert 'In the later run your result is "Guest".' in told
    for each in (*runs, made, nobody, came):
        each.close()


def test_rules_of_one_name_and_version_are_told_apart(tmp_path: Path) -> None:
    """Rules that were edited without another version are said to be others."""
    edited = RULES.replace("points likes", "points 2 * likes")
    runs = [run_of_texts(accepted(each), tmp_path, "2026-03-05", FIRST, PEOPLE) for each in (RULES, edited)]
    made = between(*runs)
    told = " ".join(change_text(Accounting(made).person("ada")).split())
    assert 'by the rules "Small", version 1.0.0, and then by others of that name and version.' in told
    for each in (*runs, made):
        each.close()


def test_figures_of_one_account_have_as_many_places(tmp_path: Path) -> None:
    """Under a mean the lines are not rounded, and what divides them has more places: all are written alike, and what a
    stage brought is written as the score is. It is said that a part of what a rule moved stands beside the division."""
    mean = RULES.replace("points 10 * fresh\n    at most 25", "weight 3\n    level fresh, linear to 2")
    mean = mean.replace("points likes", "weight 4\n    level likes, linear to 8").replace(
        "points level", "weight 2\n    level level, linear to 80"
    )
    scale = "mean of all rules by weight, out of 10\n    rounded to 1"
    rules = accepted(mean.replace("sum of all rules\n    at most 100\n    rounded to 0", scale))
    more = FIRST + "4 ada ada post 2026-03-02 -\n"
    runs = [
        run_of_texts(rules, tmp_path, "2026-03-05", records, f"subject level\nada {level}\n")
        for records, level in ((FIRST, 5), (more, 6))
    ]
    made = between(*runs)
    accounting = Accounting(made)
    (person,) = accounting.person("ada").people
    written = [each for part in person.parts for each in (part.was, part.now, part.points) if each is not None]
    assert {len(each.partition(".")[2]) for each in written} == {9}
    assert {len(each.points.partition(".")[2]) for each in person.stages} == {1}
    assert sum(Decimal(each.points) for each in person.parts) == Decimal(person.points or 0) != 0
    summary = accounting.everybody().summary
    assert summary is not None
    assert {len(each.points.partition(".")[2]) for each in summary.places} == {9}
    for document in (accounting.person("ada"), accounting.everybody()):
        told = " ".join(change_text(document).split())
        assert "a part of what a rule moved stands beside the division." in told
    for each in (*runs, made):
        each.close()


def test_two_runs_of_one_day_are_told_apart(found: Between) -> None:
    """Where both runs are of one day, the day would not tell them apart: they are the earlier run and the later one."""
    document = Accounting(found).person("cem")
    words = change_text(document.model_copy(update={"before": document.after}))
    assert "In the earlier run you have no score: No post." in words
    assert "In the later run you have no score: No post." in words


def test_the_account_of_everybody(found: Between, snapshot: SnapshotAssertion) -> None:
    """All together: how many moved and how far, by step and by rule, with totals that sum."""
    document = Accounting(found).everybody()
    summary = document.summary
    assert summary is not None
    assert (summary.people, summary.both, summary.up, summary.came, summary.neither) == (3, 1, 1, 1, 1)
    total = Decimal(summary.points)
    assert sum(Decimal(each.points) for each in summary.stages) == total == 12
    assert sum(Decimal(each.points) for each in summary.places) == total
    assert change_text(document) == snapshot(name="text")
    assert change_markdown(document) == snapshot(name="markdown")


def test_a_small_change_is_no_meaningful_one(tmp_path: Path) -> None:
    """A change below the `noise` of the later rulebook is said to be no meaningful one; one as large is."""
    rules = accepted(RULES.replace('owner "Us"', 'owner "Us"\n    noise 2'))
    runs = [run_of_texts(rules, tmp_path, "2026-03-05", FIRST, f"subject level\nada {level}\n") for level in (5, 6, 7)]
    small = Accounting(between(runs[0], runs[1])).person("ada")
    assert small.people[0].meaningful is False
    assert "A change of less than 2 points is no meaningful change: the rulebook says so." in " ".join(
        change_text(small).split()
    )
    assert Accounting(between(runs[0], runs[2])).person("ada").people[0].meaningful is True
    everybody = Accounting(between(runs[0], runs[1])).everybody()
    assert everybody.summary is not None
    assert everybody.summary.within_noise == 1
    rules = accepted(rules.text.replace("noise 2", "noise 1"))
    one = run_of_texts(rules, tmp_path, "2026-03-05", FIRST, "subject level\nada 6\n")
    told = " ".join(change_text(Accounting(between(runs[0], one)).everybody()).split())
    assert "0 people moved by less than 1 point, which" in told


def test_parts_that_cancel_are_not_said_to_make_up_the_score(tmp_path: Path) -> None:
    """A post grew old and another came: the score is the same, and what cancels is named as that."""
    before = run_of_texts(accepted(RULES), tmp_path, "2026-03-05", FIRST, PEOPLE)
    records = FIRST + "4 ada ada post 2026-03-18 -\n"
    after = run_of_texts(accepted(RULES), tmp_path, "2026-03-20", records, PEOPLE)
    words = " ".join(change_text(Accounting(between(before, after)).person("ada")).split())
    assert (
        "Your score was 17 on 2026-03-05 and is the same on 2026-03-20. What went into it is not: -10 because time "
        "passed and +10 from new records of what you did yourself cancel each other."
    ) in words
    assert "made up of" not in words


def test_a_stage_without_a_score_is_said(tmp_path: Path) -> None:
    """Steps that are told together, because there was no score in between, are said to be."""
    records = "id subject actor kind at worth\n4 ada ada post 2026-03-02 -\n5 ada ada post 2026-03-03 -\n"
    before = run_of_texts(accepted(RULES), tmp_path, "2026-03-05", FIRST, PEOPLE)
    document = Accounting(
        between(before, run_of_texts(accepted(RULES), tmp_path, "2026-03-05", records, PEOPLE))
    ).person("ada")
    assert {part.since for part in document.people[0].parts} == {0}
    words = " ".join(change_text(document).split())
    assert "After “corrections” you would have had no score in between" in words
    assert "“corrections” and “own records” together" in words
    assert "New records of what you did yourself" not in words
    liked = run_of_texts(accepted(RULES), tmp_path, "2026-03-05", records + "6 ada cem like 2026-03-04 -\n", PEOPLE)
    words = " ".join(change_text(Accounting(between(before, liked)).person("ada")).split())
    assert (
        "It is made up of +8 from “corrections” and “own records” together and +1 from new records in which others "
        "take part."
    ) in words


def test_nobody_of_that_name(found: Between) -> None:
    """Somebody whom neither run names is absent, not an empty account."""
    with pytest.raises(AbsentSubject):
        Accounting(found).person("zoe")


def test_parts_that_do_not_sum_are_never_shown(found: Between) -> None:
    """INVARIANT: where the parts are not the difference, there is no account, for one or for all."""
    connection = found.workshop.connection
    connection.execute("BEGIN")
    try:
        connection.execute("UPDATE parts SET points = points + 1 WHERE name = 'writing'")
        with pytest.raises(DoesNotAddUp):
            Accounting(found)
    finally:
        connection.execute("ROLLBACK")


def test_the_json_of_everybody_is_the_document(found: Between) -> None:
    """People come one after another, and together with the rest they are the published document."""
    accounting = Accounting(found)
    text = "\n".join(change_json(accounting.everybody(), accounting.people()))
    document = Change.model_validate_json(text)
    assert [person.subject for person in document.people] == ["ada", "bob", "cem"]
    assert document.people[0] == accounting.person("ada").people[0]
    assert document.summary == accounting.everybody().summary
    nobody = "\n".join(change_json(accounting.everybody(), ()))
    assert json.loads(nobody)["people"] == []


@settings(max_examples=FEWER)
@given(pairs(by=False))
def test_any_account_adds_up_and_is_said(pair: Pair) -> None:
    """Whatever lies between two runs: every document adds up, is read back the same, and every figure in its words
    stands in it."""
    with tempfile.TemporaryDirectory() as name:
        before, after = (
            run_of_case(each, Path(name), label) for each, label in ((pair.before, "1"), (pair.after, "2"))
        )
        made = between(before, after)
        accounting = Accounting(made)
        assert change_text(accounting.everybody())
        assert change_markdown(accounting.everybody())
        for person in accounting.people():
            document = accounting.person(person.subject)
            assert document.people == (person,)
            assert Change.model_validate_json(printable_json(document)) == document
            assert sum(Decimal(part.points) for part in person.parts) == Decimal(person.points or 0)
            assert change_markdown(document)
            column = re.findall(r"(?m)  ([+-]?\d+(?:\.\d+)?)$", change_text(document))
            assert sum(Decimal(each.points) for each in person.stages) == Decimal(person.points or 0)
            said_ = {Decimal(each.points) for each in (*person.parts, *person.stages)} | {Decimal(person.points or 0)}
            assert {Decimal(each) for each in column} <= said_
        for run in (before, after, made):
            run.close()


def test_a_part_is_one_row_of_the_ledger(found: Between) -> None:
    """The document's parts are the rows that were subtracted, none more and none less."""
    move = found.move("ada")
    assert move is not None
    rows: list[PartRow] = sorted(move.parts, key=lambda row: (row.stage, row.name, row.kind))
    parts = sorted(
        Accounting(found).person("ada").people[0].parts,
        key=lambda part: (part.stage, part.rule or part.facet or "", part.kind or ""),
    )
    assert [(row.stage, row.points) for row in rows] == [(part.stage, Decimal(part.points)) for part in parts]


def test_who_is_in_another_band_is_told(tmp_path: Path) -> None:
    """By the titles of the bands, also of one that has another name by now: from which to which, and how many."""
    bands = '\nbands\n    from 7 low "Low"\n    from 20 middle "Middle"\n    from 40 high "High"\n'
    people = "subject level\n" + "".join(f"p{place} {level}\n" for place, level in enumerate((1, 2, 25, 30, 50, 60)))
    moved = "subject level\n" + "".join(f"p{place} {level}\n" for place, level in enumerate((9, 19, 6, 30, 51, 20)))
    posts = FIRST + "".join(f"p{place} p{place} p{place} post 2026-01-01 -\n" for place in range(6))
    before = run_of_texts(accepted(RULES + bands), tmp_path, "2026-03-05", posts, people)
    later = accepted(RULES + bands.replace("low", "lowest"))
    after = run_of_texts(later, tmp_path, "2026-03-05", posts, moved)
    document = Accounting(between(before, after)).everybody()
    assert document.summary is not None
    assert [(each.before, each.after, each.people) for each in document.summary.bands or ()] == [
        (None, "lowest", 2),
        ("middle", None, 1),
        ("high", "middle", 1),
    ]
    words = change_text(document)
    assert (
        "4 people with a score in both are in another band, or in none in place of one, or in one in place of none."
        in " ".join(words.split())
    )
    table = words[words.index("WHO IS IN ANOTHER BAND") :].splitlines()[2:7]
    assert [line.split() for line in table] == [
        ["from", "to", "people"],
        ["-------", "-------", "------"],
        ["no", "band", "Low", "2"],
        ["Middle", "no", "band", "1"],
        ["High", "Middle", "1"],
    ]
    assert "| Middle | no band |" in re.sub(" +", " ", change_markdown(document))
    told = json.loads("".join(change_json(document, ())))["summary"]["bands"]
    assert told[0] == {"before": None, "before_title": None, "after": "lowest", "after_title": "Low", "people": 2}
    same = Accounting(between(after, after)).everybody()
    assert "0 people with a score in both are in another band." in " ".join(change_text(same).split())
    assert "WHO IS IN ANOTHER BAND" not in change_text(same)


def test_where_the_band_is_the_result_no_points_are_told_of_everybody(tmp_path: Path) -> None:
    """Rules that give bands by needs, and no points: nobody moved by 0 points, but some are in another band."""
    rules = RULES[: RULES.index("rule writing")] + (
        'score "Small"\n    sum of all rules\n\nbands\n    new "New"\n        needs posts >= 1 "A post."\n'
        '    old "Old"\n        needs level >= 10 "Level 10."\n'
    )
    runs = [run_of_texts(accepted(rules), tmp_path, "2026-03-05", FIRST, f"subject level\nada {n}\n") for n in (5, 10)]
    words = " ".join(change_text(Accounting(between(*runs)).everybody()).split())
    assert "1 person with a result in both. - 1 person with a result in both is in another band." in words
    assert "points together" not in words
    assert "New Old 1" in words
    assert "people moved" not in words
