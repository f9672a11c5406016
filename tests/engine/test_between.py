"""Takes two runs; asks whether what lies between them is told stage by stage, and adds up to the last digit."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from generators.accepted import accepted
from generators.edited import Pair, pairs, with_new_names
from generators.rulebooks import Case, cases, scored
from generators.slow import SLOW
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers.between_runs import FIRST, PEOPLE, RULES, run_of_case, run_of_texts

from tallystick.engine import open_run
from tallystick.engine.arithmetic import text_of
from tallystick.engine.change.between import Between, between
from tallystick.engine.change.rows import NetBecause
from tallystick.engine.change.subtraction import parts_of
from tallystick.engine.ledger import AdjustmentRow, LineRow, ScoreRow, SubjectLedger
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.wide import wide_name
from tallystick.engine.reference import refer
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.scoring import score
from tallystick.rules import load
from tallystick.rules.diff.diff import diff

ROOT = Path(__file__).parents[2]
CREDIT = ROOT.parent / "shared" / "data" / "iproute2" / "credit.csv"
MOVES_NO_SCORE = ("who may see", "words only", "examples", "promises")
FEWER = max(3, settings.default.max_examples // 33) if settings.default is not None else 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder for runs."""
    return tmp_path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """Score the small rulebook once: 10 for a post, 2 for likes, 5 for the level; 17 in all."""
    return first(tmp_path_factory.mktemp("base"))


def told(found: Between, name: str = "ada") -> list[tuple[str, str, str, int]]:
    """Give a person's parts: the step (or what was edited), the rule (or kind of adjustment), from → to, points."""
    move = found.move(name)
    assert move is not None
    return [
        (
            found.stages[part.stage - 1].step if (edit := found.stages[part.stage - 1].edit) is None else edit.name,
            part.kind or part.name,
            " → ".join("None" if each is None else text_of(each) for each in (part.was, part.now)),
            int(part.points),
        )
        for part in move.parts
    ]


def first(folder: Path, *, as_of: str = "2026-03-05", rules: str = RULES, records: str = FIRST) -> FinishedRun:
    """Score the small rulebook, or what else is said."""
    return run_of_texts(accepted(rules), folder, as_of, records, PEOPLE)


# ---- worked by hand ----------------------------------------------------------------------------------------------


def test_nothing_between(base: FinishedRun) -> None:
    """Between a run and itself there is no stage and no part."""
    with_itself = between(base, base)
    assert with_itself.stages == ()
    assert told(with_itself) == []
    assert with_itself.unbalanced() == ()
    assert with_itself.move("nobody") is None


def test_time_passed(base: FinishedRun, folder: Path) -> None:
    """The same records at a later day: the post of 1 March is 10 days old on 11 March, and counts no more."""
    found = between(base, first(folder, as_of="2026-03-11"), again=True)
    assert [stage.step for stage in found.stages] == ["time passed"]
    assert told(found) == [("time passed", "writing", "10 → 0", -10)]
    back = between(first(folder, as_of="2026-03-11"), base, again=True)
    assert told(back) == [("time passed", "writing", "0 → 10", 10)]


def test_what_was_not_yet_arrives(folder: Path) -> None:
    """A record that the earlier run read but was later than its day arrives: time alone adds nothing."""
    records = FIRST + "4  ada     ada   post 2026-03-06 -\n5 ada bob like 2026-03-07 -\n6 ada bob like 2026-03-08 -\n"
    found = between(first(folder, records=records), first(folder, as_of="2026-03-07", records=records), again=True)
    assert told(found) == [("own records", "writing", "10 → 20", 10), ("other records", "liked", "2 → 3", 1)]
    assert [stage.step for stage in found.stages] == ["time passed", "own records", "other records"]


def test_a_day_is_one_of_the_rulebook_s_time_zone(folder: Path) -> None:
    """Whether a record was not yet is told by the rulebook's own midnight: at 23:00 in UTC, Berlin has the next day."""
    rules = RULES.replace('owner "Us"', 'owner "Us"\n    time zone "Europe/Berlin"').replace(
        "at      date", "at      time"
    )
    records = """
    id subject actor kind at                   worth
    1  ada     ada   post 2026-03-05T22:59:59Z -
    2  ada     ada   post 2026-03-05T23:00:00Z -
    """
    later = first(folder, as_of="2026-03-06", rules=rules, records=records)
    found = between(first(folder, rules=rules, records=records), later, again=True)
    assert told(found) == [("own records", "writing", "10 → 20", 10)]


def test_corrections(base: FinishedRun, folder: Path) -> None:
    """A record that is another, one that went, and an attribute that is told otherwise are corrections: by their id."""
    changed = """
    id subject actor kind at         worth
    1  ada     ada   post 2026-03-01 -
    2  ada     bob   post 2026-03-01 -
    """
    after = run_of_texts(accepted(RULES), folder, "2026-03-05", changed, "subject level\nada 7\n")
    found = between(base, after, again=True)
    assert [stage.step for stage in found.stages] == ["corrections"]
    assert told(found) == [
        ("corrections", "levels", "5 → 7", 2),
        ("corrections", "liked", "2 → 0", -2),
        ("corrections", "writing", "10 → 20", 10),
    ]


def test_a_correction_that_came_and_one_that_went(base: FinishedRun, folder: Path) -> None:
    """Striking a record out is a correction, and so is letting it stand again: nothing went, and nothing arrived."""
    voided = "record action reason who when\n2 void twice office 2026-03-04\n"
    struck = run_of_texts(accepted(RULES), folder, "2026-03-05", FIRST, PEOPLE, voided)
    assert told(between(base, struck, again=True)) == [("corrections", "liked", "2 → 1", -1)]
    assert told(between(struck, base, again=True)) == [("corrections", "liked", "1 → 2", 1)]


def test_records_that_arrived(base: FinishedRun, folder: Path) -> None:
    """What the person did, or nobody is said to have done, is told before what others did."""
    more = FIRST + "4 ada ada post 2026-03-02 -\n5 ada - post 2026-03-02 -\n6 ada dan like 2026-03-02 -\n"
    found = between(base, first(folder, records=more))
    assert told(found) == [
        ("own records", "writing", "10 → 25", 15),  # 30, held to at most 25
        ("other records", "liked", "2 → 3", 1),
    ]


def test_edits_one_by_one(base: FinishedRun, folder: Path) -> None:
    """Each edit has its own stage, in the order of the text; alone, each is held against the rules before all edits."""
    rules = RULES.replace("points 10 * fresh", "points 20 * fresh").replace("points likes", "points 3 * likes")
    rules = rules.replace("at most 100", "at most 30")
    found = between(base, first(folder, rules=rules))
    assert told(found) == [
        ("writing", "writing", "10 → 20", 10),
        ("liked", "liked", "2 → 6", 4),
        ("score", "cap", "None → -1", -1),  # 20 + 6 + 5 = 31
    ]
    move = found.move("ada")
    assert move is not None
    assert [(stage, int(points)) for stage, points in move.alone] == [(1, 10), (2, 4)]  # the cap alone takes nothing


def test_totals_over_everybody(folder: Path) -> None:
    """Ten days on, ada's post moves from one rule to another, which is no move; bob's like and both of cem's are lost,
    and each visit, of dan's and eve's, has become worth 3."""
    text = 'rulebook "Sums" version 1.0.0\n    owner "x"\n    noise 2\n\nrecords\n    subject text\n    at date\n'
    text += "    kind one of post, like, visit\n\n"
    for kind in ("post", "like", "visit"):
        text += f'measure {kind}s "{kind}" / "{kind}s"\n    count {kind}\n\n'
        text += f'measure new_{kind}s "new {kind}" / "new {kind}s"\n    count {kind}\n    within 5 days\n\n'
    worth = {"new": "new_posts", "old": "posts - new_posts", "liked": "new_likes", "seen": "3 * (visits - new_visits)"}
    text += "".join(f'rule {name} "R"\n    points {points}\n    because "x"\n\n' for name, points in worth.items())
    rulebook = accepted(text + 'score "Sums"\n    sum of all rules\n')
    rows = ("ada,2026-03-01,post", "bob,2026-03-01,like", *("cem,2026-03-01,like",) * 2)
    rows += ("dan,2026-03-01,visit", *("eve,2026-03-01,visit",) * 2)
    (folder / "r.csv").write_text("\n".join(("subject,at,kind", *rows)), encoding="utf-8")
    runs = [score(rulebook, folder / "r.csv", as_of=date(2026, 3, day)) for day in (1, 11)]
    totals = between(*runs).totals()
    assert (totals.people, totals.both, totals.up, totals.down, totals.within_noise) == (5, 5, 2, 2, 1)
    (stage,) = totals.stages
    assert (stage.points, stage.up, stage.down, stage.most_up, stage.most_down, stage.late) == (6, 2, 2, 6, -2, 0)
    assert {each.name: (each.points, each.moved) for each in totals.places} == {
        "new": (-1, 1),
        "old": (1, 1),
        "liked": (-3, 2),
        "seen": (9, 2),
    }
    for run in runs:
        run.close()


def test_all_in_one(base: FinishedRun, folder: Path) -> None:
    """Time, corrections, arrivals and edits together sum to the difference, each at its place."""
    rules = RULES.replace("points likes", "points 2 * likes").replace("rule liked ", "rule popular ")
    records = """
    id subject actor kind at         worth
    1  ada     ada   post 2026-03-01 -
    3  ada     cem   like 2026-03-01 -
    7  ada     dan   like 2026-03-12 -
    8  ada     ada   post 2026-03-12 -
    """
    found = between(base, first(folder, as_of="2026-03-12", rules=rules, records=records), again=True)
    assert told(found) == [
        ("time passed", "writing", "10 → 0", -10),
        ("corrections", "popular", "2 → 1", -1),
        ("own records", "writing", "0 → 10", 10),
        ("other records", "popular", "1 → 2", 1),
        ("popular", "popular", "2 → 4", 2),
    ]
    totals = found.totals()
    assert (totals.people, totals.both, totals.up, totals.down, int(totals.points)) == (1, 1, 1, 0, 2)
    assert [int(each.points) for each in totals.stages] == [-10, -1, 10, 1, 2]


def test_a_stage_without_a_score_is_told_with_the_next(base: FinishedRun, folder: Path) -> None:
    """Where the corrections alone leave no score, they are told together with what arrived."""
    records = """
    id subject actor kind at         worth
    2  ada     bob   like 2026-03-01 -
    3  ada     cem   like 2026-03-01 -
    4  ada     ada   post 2026-03-02 -
    5  ada     ada   post 2026-03-03 -
    """
    found = between(base, first(folder, records=records), again=True)
    assert [stage.step for stage in found.stages] == ["corrections", "own records"]
    move = found.move("ada")
    assert move is not None
    assert [(each.stage, each.since, int(each.points)) for each in move.parts] == [(2, 0, 10)]
    assert move.turns == ()


def test_a_score_on_one_side_has_turns_and_no_parts(base: FinishedRun, folder: Path) -> None:
    """Who loses a score has no parts; told is at which stage, and which requirement."""
    without = """
    id subject actor kind at         worth
    2  ada     bob   like 2026-03-01 -
    """
    found = between(base, first(folder, records=without))
    move = found.move("ada")
    assert move is not None
    assert move.parts == ()
    assert move.turns == ((1, "insufficient data", "enough"),)
    assert found.totals().lost == 1


def test_somebody_in_one_run_alone(base: FinishedRun, folder: Path) -> None:
    """Who is in the later data alone has no result before, and comes with what is known about people."""
    people = PEOPLE + "bob     1\n"
    records = FIRST + "4 bob bob post 2026-03-02 -\n"
    after = run_of_texts(accepted(RULES), folder, "2026-03-05", records, people)
    move = between(base, after).move("bob")
    assert move is not None
    assert move.before is None
    assert move.turns == ((1, "insufficient data", "enough"), (2, "scored", None))


def test_without_an_id_rows_are_compared_as_they_are(folder: Path) -> None:
    """Without ids, equal rows are one for one the same records, and a changed one went and arrived."""
    rules = RULES.replace("    id      text\n", "")
    rows = "subject actor kind at\n" + "ada ada post 2026-03-01\n" * 2
    before = run_of_texts(accepted(rules), folder, "2026-03-05", rows, PEOPLE)
    after = run_of_texts(accepted(rules), folder, "2026-03-05", rows + "ada ada post 2026-03-01\n", PEOPLE)
    assert told(between(before, after, again=True)) == [("own records", "writing", "20 → 25", 5)]
    back = between(after, before, again=True)
    assert [stage.step for stage in back.stages] == ["corrections"]


def test_rows_that_only_one_version_can_read_go_with_the_edit(folder: Path) -> None:
    """Of the same files, a row that only the wider range lets in comes with the edit of the field, and not before."""
    records = FIRST + "4 ada ada post 2026-03-02 12\n5 ada ada post 2026-03-02 3\n"
    narrow, wide = accepted(RULES), accepted(RULES.replace("0 to 9", "0 to 99"))
    path = folder / "records.csv"
    path.write_text("\n".join(",".join("" if c == "-" else c for c in r.split()) for r in records.strip().splitlines()))
    people = folder / "subjects.csv"
    people.write_text("subject,level\nada,5\n")
    runs = [
        score(each, path, people, as_of=date(2026, 3, 5), max_rejected=Decimal(1), out=folder / name)
        for each, name in ((narrow, "narrow"), (wide, "wide"))
    ]
    found = between(*runs, again=True)
    assert [(stage.step, stage.unread) for stage in found.stages] == [("edit", 0)]
    assert told(found) == [("worth", "writing", "20 → 25", 5)]
    back = between(*reversed(runs), again=True)
    assert told(back) == [("worth", "writing", "25 → 20", -5)]


def test_only_the_net_is_known_without_records(folder: Path) -> None:
    """Without the records of both runs the difference is one stage, and it says why; given again, they are used."""
    records, people = folder / "r.csv", folder / "s.csv"
    records.write_text("id,subject,actor,kind,at\n1,ada,ada,post,2026-03-01\n")
    people.write_text("subject,level\nada,5\n")
    day = date(2026, 3, 5)
    score(accepted(RULES), records, people, as_of=day, out=folder / "a", keep_records=False)
    score(accepted(RULES.replace("10 * fresh", "5 * fresh")), records, people, as_of=day, out=folder / "b")
    found = between(open_run(folder / "a"), open_run(folder / "b"))
    assert found.net_because == NetBecause("not kept", "earlier")
    assert told(found) == [("everything", "writing", "10 → 5", -5)]
    given_again = between(open_run(folder / "a", records=records, subjects=people), open_run(folder / "b"))
    assert told(given_again) == [("writing", "writing", "10 → 5", -5)]


def test_rules_that_need_what_is_no_longer_there(folder: Path) -> None:
    """Where the later run's records lack a field that the earlier rules need, only the net is known."""
    rules = RULES.replace("worth   whole number 0 to 9 optional", "worth   whole number 0 to 9")
    before = run_of_texts(accepted(rules), folder, "2026-03-05", FIRST.replace("-\n", "1\n"), PEOPLE)
    gone = accepted(RULES.replace("    worth   whole number 0 to 9 optional\n", ""))
    more = FIRST + "4 ada ada post 2026-03-02 -\n"
    found = between(before, run_of_texts(gone, folder, "2026-03-05", more, PEOPLE))
    assert found.net_because == NetBecause("lacking", field="worth", lack=1)
    same = between(before, run_of_texts(gone, folder, "2026-03-05", FIRST, PEOPLE), again=True)
    assert same.net_because is None


def test_runs_that_contradict_themselves_are_refused(base: FinishedRun, folder: Path) -> None:
    """Where the same rules, rows and day gave other scores, the runs are refused and not explained."""
    other = first(folder)
    scores = quote_name(wide_name("scores"))
    other.tables.connection.execute(
        f"CREATE TEMP TABLE {scores} AS SELECT * REPLACE (score + 1 AS score) FROM main.{scores}"  # noqa: S608  a name of ours
    )
    with pytest.raises(DataRefusal, match="give other scores"):
        between(base, other)


# ---- any runs ----------------------------------------------------------------------------------------------------


@settings(max_examples=max(3, SLOW // 33))
@given(pairs(by=False))
def test_parts_sum_for_everybody(pair: Pair) -> None:
    """Whatever the rules, edits, records and days: everybody's parts sum, each place's to what the two ledgers say, the
    last stage is the later run, and no stage is other for taking measures from the one before it."""
    with tempfile.TemporaryDirectory() as name:
        before, after = (
            run_of_case(each, Path(name), label) for each, label in ((pair.before, "1"), (pair.after, "2"))
        )
        found = between(before, after, again=True)
        assert found.unbalanced() == ()
        for move in found.moves():
            assert move == found.move(move.subject)
            for run, row, there in ((before, move.before, move.there_before), (after, move.after, move.there_after)):
                ledger = run.subject(move.subject)
                assert not there or (row is not None and row.requirement is not None and ledger is not None)
                values = [] if ledger is None else [(each.state, each.value) for each in ledger.measures]
                assert all((each.state, each.value) in values for each in there)
            both = all(row is not None and row.score is not None for row in (move.before, move.after))
            assert (move.parts == ()) or both
            if both and move.before is not None and move.after is not None:
                assert move.after.score is not None
                assert move.before.score is not None
                assert sum(part.points for part in move.parts) == move.after.score - move.before.score
            if both and not found.edits.names.of("rule") and not found.edits.names.of("facet"):
                own = parts_of([before.subject(move.subject), after.subject(move.subject)])
                together: Counter[tuple[str, str, str]] = Counter()
                for part in move.parts:
                    together[part.place, part.name, part.kind] += part.points  # type: ignore[assignment]
                summed = {key: points for key, points in together.items() if points != 0}
                assert summed == {(part.place, part.name, part.kind): part.points for part in own}
        totals = found.totals()
        assert sum(each.points for each in totals.stages) == totals.points
        assert sum(each.points for each in totals.places) == totals.points
        with patch("tallystick.engine.duckdb._measured_so", return_value=None) as measured_so:
            anew = between(before, after)
        assert measured_so.called or len(anew.stages) <= 1 or anew.net_because is not None
        assert (anew.stages, anew.totals(), list(anew.moves())) == (found.stages, totals, list(found.moves()))
        for run in (before, after, found, anew):
            run.close()


@settings(max_examples=FEWER * 4)
@given(cases(), st.randoms(use_true_random=False))
def test_no_difference_in_meaning_is_no_difference_in_scores(case: Case, random: object) -> None:
    """I10: where the diff is empty but for words and names, everybody's score on the same records is the same."""
    made, _ = with_new_names(case.rulebook, random)  # type: ignore[arg-type]
    assert all(each.scope in MOVES_NO_SCORE for each in diff(case.rulebook, made))
    one = scored(case)
    other = refer(made, case.read_records.rows, case.read_subjects.rows, case.as_of, case.pauses)
    assert [row.score.score for row in one.ledgers()] == [row.score.score for row in other.ledgers()]


@settings(max_examples=FEWER)
@given(pairs())
def test_scores_that_differ_on_the_same_records_have_a_diff(pair: Pair) -> None:
    """I10: whenever a score differs under two versions on the same records and day, their diff is not empty."""
    changes = diff(pair.before.rulebook, pair.after.rulebook)
    case = pair.after
    reads = [each.name for each in case.rulebook.records or ()], [each.name for each in case.rulebook.subjects or ()]
    old = pair.before.rulebook
    if reads != ([each.name for each in old.records or ()], [each.name for each in old.subjects or ()]):
        assert changes
        return
    records, subjects = case.read_records.rows, case.read_subjects.rows
    scores = [
        [row.score.score for row in refer(book, records, subjects, case.as_of, case.pauses).ledgers()]
        for book in (old, case.rulebook)
    ]
    assert scores[0] == scores[1] or any(each.scope not in MOVES_NO_SCORE for each in changes)


# ---- two ledgers of one person -----------------------------------------------------------------------------------


def ledger(score_: int | None, lines: dict[str, int | None], cap: int = 0) -> SubjectLedger:
    """Make a person's ledger of a score, lines and a cap."""
    row = ScoreRow(
        "ada", "no score" if score_ is None else "scored", None if score_ is None else Decimal(score_), None, None
    )
    made = tuple(
        LineRow(
            "ada",
            name,
            "applies",
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None if n is None else Decimal(n),
        )
        for name, n in lines.items()
    )
    capped = (AdjustmentRow("ada", "score", "", "cap", Decimal(cap)),) if cap else ()
    return SubjectLedger(row, made, (), capped, (), (), (), ())


def test_parts_of_ledgers() -> None:
    """Lines and adjustments are subtracted; what was not there counts as nothing; without a score, it is passed."""
    found = parts_of([ledger(9, {"a": 9, "b": None}), ledger(None, {}), None, ledger(10, {"a": 7, "b": 5}, cap=-2)])
    assert [(each.stage, each.since, each.name or each.kind, each.was, each.now, each.points) for each in found] == [
        (3, 0, "a", 9, 7, -2),
        (3, 0, "b", None, 5, 5),
        (3, 0, "cap", None, -2, -2),
    ]
    assert parts_of([ledger(9, {"a": 9}), ledger(None, {})]) == ()
    assert parts_of([ledger(9, {"a": 9}), ledger(9, {"a": 9})]) == ()


# ---- real records ------------------------------------------------------------------------------------------------


@pytest.mark.realdata
@pytest.mark.whole
@pytest.mark.skipif(not CREDIT.exists(), reason="the real records are not here")
def test_a_code_base_half_a_year_on(tmp_path: Path) -> None:
    """The maintainers' rulebook over a public history: by time, by arrivals, and with three edits, all parts sum."""
    path = ROOT / "examples" / "maintainers" / "maintainers.tally"
    old, text = load(path), path.read_text(encoding="utf-8")
    text = text[: text.index("\nexample ")].replace("version 1.0.0", "version 2.0.0") + "\n"
    for once, now in (("fade = 365", "fade = 180"), ("weight 25", "weight 30"), ("weight 15", "weight 10")):
        text = text.replace(once, now)
    lines = CREDIT.read_text(encoding="utf-8").splitlines(keepends=True)
    until = tmp_path / "until.csv"
    until.write_text("".join([lines[0], *(line for line in lines[1:] if line.split(",")[4] < "2026-01-01T12")]))
    before = score(old, until, as_of=date(2026, 1, 1))
    alike = between(before, score(old, CREDIT, as_of=date(2026, 7, 1)))
    assert [stage.step for stage in alike.stages] == ["time passed", "own records", "other records"]
    found = between(before, score(accepted(text), CREDIT, as_of=date(2026, 7, 1)), again=True)
    edited = [stage.edit.name for stage in found.stages if stage.edit is not None]
    assert edited == ["fade", "helping", "taking_in"]
    for each in (alike, found):
        totals = each.totals()
        assert each.unbalanced() == ()
        assert sum(stage.points for stage in totals.stages) == totals.points != 0
        assert sum(move.after.score - move.before.score for move in each.moves() if move.parts) == totals.points  # type: ignore[union-attr, operator]
