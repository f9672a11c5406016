"""What is said to change a score was tried: so many actions reach it and one fewer does not, over all the records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from ledgers.in_duckdb import in_duckdb
from ledgers.with_rows import RowsRun, with_rows

from tallystick.engine import score
from tallystick.engine.intake.reading import Row, read_cell, read_rows, record_fields, subject_fields, written
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.reference import refer
from tallystick.engine.reference_records import Records
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.what_if import reach
from tallystick.engine.what_if.actions import Action
from tallystick.engine.what_if.neighbourhood import neighbourhood
from tallystick.engine.what_if.prospects import NeedReach, NeedUnmet, Prospect, Reach
from tallystick.engine.what_if.reach import prospect
from tallystick.rules import load, read
from tallystick.rules.source import Source

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "iproute2" / "credit.csv"
FEWER = max(8, settings.default.max_examples // 50) if settings.default is not None else 8


@settings(max_examples=FEWER)
@given(cases())
def test_each_statement_is_so_over_all_records(case: Case) -> None:
    """Scored with all records of a run and those imagined, so many actions give what is said, and one fewer too; the
    fast engine says the same."""
    run = with_rows(case.rulebook, case.read_records.rows, case.read_subjects.rows, case.as_of, case.pauses)
    known = [
        record.row
        for record in Records(case.rulebook, case.read_records.rows, (), case.as_of).all
        if record.day <= case.as_of
    ]
    names = list(refer(case.rulebook, tuple(known), case.read_subjects.rows, case.as_of).subjects())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "MOST_ACTIONS", 20)
        for name in Random(case.seed).sample(names, min(len(names), 2)):  # noqa: S311  made up on purpose
            found = prospect(run, name)
            for each in found.reached:
                for times, ledger in ((each.times, each.reached), (each.times - 1, each.fewer)):
                    rows, people = _imagined(found, each.action, times)
                    everybody = (*case.read_subjects.rows, *people)
                    whole = refer(case.rulebook, (*known, *rows), everybody, case.as_of, case.pauses)
                    assert whole.subject(name) == ledger
                _is_reached(each)
            for need in found.needs:
                if isinstance(need, NeedReach):
                    for times, met in ((need.times, True), (need.times - 1, False)):
                        rows, people = _imagined(found, need.action, times)
                        everybody = (*case.read_subjects.rows, *people)
                        whole = refer(case.rulebook, (*known, *rows), everybody, case.as_of, case.pauses)
                        assert met is _is_met(whole.subject(name), need)
                elif need.met_on is not None:
                    for on, met in ((need.met_on, True), (need.met_on - timedelta(days=1), False)):
                        whole = refer(case.rulebook, tuple(known), case.read_subjects.rows, on, case.pauses)
                        assert met is _is_met(whole.subject(name), need)
            for each in found.reached[:1]:
                rows, people = _imagined(found, each.action, each.times)
                everybody = (*case.read_subjects.rows, *people)
                engine = in_duckdb(case.rulebook, (*known, *rows), everybody, case.as_of, case.pauses)
                assert engine.subject(name) == each.reached
                engine.close()


def _is_met(ledger: SubjectLedger | None, need: NeedReach | NeedUnmet) -> bool:
    assert ledger is not None
    return any(row.met for row in ledger.needs if (row.band, row.need) == (need.band.name, need.need))


def _is_reached(each: Reach) -> None:
    """Hold a statement against its own words."""
    then, fewer = each.reached.score.score, each.fewer.score.score
    assert then is not None
    match each.target.form:
        case "a score":
            assert fewer is None
        case "one step":
            assert each.target.score is not None
            assert then >= each.target.score
            assert fewer is None or fewer < each.target.score
        case "the next band":
            assert each.reached.score.band in each.target.bands
            assert each.fewer.score.band not in each.target.bands
        case "this line":
            before, after = (
                {line.rule: line.points or Decimal(0) for line in ledger.lines} for ledger in (each.fewer, each.reached)
            )
            assert each.rule is not None
            assert fewer is not None
            assert before[each.rule] < after[each.rule]


def _imagined(found: Prospect, action: Action, times: int) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Return the records imagined, all of which a file could hold, and the rows of people who were."""
    near = reach.Stage(found.near, _stranger(found)).after(action, times, found.day)
    rows = tuple(each.row for each in near.records if each.number < 0)
    for row in rows:
        for field, value in zip(record_fields(found.near.rulebook), row, strict=True):
            assert field.name == "id" or read_cell(field, written(value)) == value
    return rows, near.subjects[len(found.near.subjects) :]


def _stranger(found: Prospect) -> str:
    """Return how the people are called whom nobody knows; no case has anybody of that name."""
    assert not any("imagined person" in str(each.row) for each in found.near.records)
    return "imagined person"


SUBJECTS = [["ada", "yes", "2025-06-01"], ["eve", "yes", "2025-03-15"], ["cem", "no", "2020-01-01"]]
RECORDS = [
    ["1", "2026-02-20T09:00:00Z", "ada", "bob", "share", "p1"],
    ["2", "2026-02-10T09:00:00Z", "ada", "ada", "post", "p1"],
    ["3", "2026-02-11T09:00:00Z", "ada", "ada", "post", "p2"],
    ["4", "2026-02-12T09:00:00Z", "ada", "ada", "post", "p3"],
    ["5", "2026-02-27T09:00:00Z", "eve", "eve", "post", "q1"],
    ["6", "2026-02-28T09:00:00Z", "eve", "eve", "post", "q2"],
]


def _community(*more: list[str], people: list[list[str]] = SUBJECTS) -> RowsRun:
    """Give the community example over few records: ada has a score of 5.7, eve too few posts, cem no wish for one."""
    book = load(ROOT / "examples/community/community.tally")
    columns = ("id", "at", "subject", "actor", "kind", "item")
    rows = read_rows(record_fields(book), columns, [*RECORDS, *more], "id").rows
    about = read_rows(subject_fields(book), ("subject", "consent", "joined"), people, "subject").rows
    return with_rows(book, rows, about, date(2026, 3, 1))


@pytest.fixture(scope="module")
def community() -> RowsRun:
    """Give the community example over six records."""
    return _community()


@pytest.fixture(scope="module")
def ada(community: RowsRun) -> Prospect:
    """Give what could change ada's score."""
    return prospect(community, "ada")


def _told(found: Prospect) -> dict[tuple[str | None, str], tuple[object, ...]]:
    """Return each statement as (rule, goal): kind, who, times, score then, score with one fewer, until when."""
    return {
        (each.rule, each.target.form): (
            each.action.kind,
            each.action.who,
            each.times,
            str(each.reached.score.score),
            str(each.fewer.score.score),
            each.held.isoformat(),
        )
        for each in found.reached
    }


def test_what_reaches_the_next_step_and_band(ada: Prospect) -> None:
    """Worked by hand: how many shares, replies and likes by how many people, and until when as many are enough."""
    # Sharers: 2^(-9/30) = 0.812252396; level ln(1 + x) / ln(501), ln(501) = 6.216606; weight 60.
    # One more: 60 * ln(2.812252396) / 6.216606 = 9.98. Band from 20: six more give 60 * ln(7.812252396) / 6.216606 =
    # 19.84, seven 60 * ln(8.812252396) / 6.216606 = 21.00. Seven whole shares reach it on any day on which ada's posts
    # of 10, 11 and 12 February are within 90 days: up to 89 days after the 10th, 10 May. One whole share alone gives
    # 60 * ln(2) / 6.216606 = 6.69: more than 5.8 on any such day, too.
    # Replies: 30 * sqrt(n / 100). One: 3.0, so 8.7. Band: 14.3 are lacking, 23 give 14.39 -> 14.4 and 20.1, 22 give
    # 14.07 -> 14.1 and 19.8. A day later the share gives 60 * ln(1.793700526) / 6.216606 = 5.64 -> 5.6: 20.0; two days
    # later 5.54 -> 5.5: 19.9. One reply: 2.8 of 5.8 are lacking at most, 3.0 + ... : until 22 days later (see below).
    # Likes: 10 * n / 200 = 0.05 each, and 0.05 is rounded to 0.1: one is enough for 5.8, today only.
    told = _told(ada)
    assert told["amplification", "one step"] == ("share", "others", 1, "10.0", "5.7", "2026-05-10")
    assert told["amplification", "the next band"] == ("share", "others", 7, "21.0", "19.8", "2026-05-10")
    assert told["conversation", "the next band"] == ("reply", "others", 23, "20.1", "19.8", "2026-03-02")
    assert told["conversation", "one step"][:5] == ("reply", "others", 1, "8.7", "5.7")
    assert told["approval", "one step"] == ("like", "others", 1, "5.8", "5.7", "2026-03-01")
    assert len(told) == 5
    # A thousand likes are cut to 200: 10 points, and 15.7 in all.
    assert [(each.rule, each.times, str(each.reached.score.score)) for each in ada.unreached] == [
        ("approval", 1000, "15.7")
    ]


def test_until_when_as_many_are_enough(ada: Prospect) -> None:
    """Worked by hand: one reply, done later, gives 3.0 beside a share that fades, and 5.8 is to be reached."""
    # 2.8 are lacking, which 2.75 are rounded to: ln(1 + x) = 2.75 * 6.216606 / 60 = 0.284928, x = 0.329667, which the
    # share is down to after 30 * log2(1 / 0.329667) = 48.03 days: at an age of 48 days (2026-04-09) it gives
    # 60 * ln(1.329877) / 6.216606 = 2.7515, at 49 days 60 * ln(1.322344) / 6.216606 = 2.6968.
    reached = {(each.rule, each.target.form): each for each in ada.reached}
    assert reached["conversation", "one step"].held == date(2026, 4, 9)


def test_what_nothing_raises_and_what_silence_costs(ada: Prospect) -> None:
    """Worked by hand: no action raises tenure or reports; 30 days of silence leave 3.3, 90 days no score."""
    still = {each.rule: each for each in ada.unmoved}
    assert (still["tenure"].why, still["tenure"].rises) == ("no records", None)
    assert still["tenure"].scored_until == date(2026, 5, 10)  # 89 days after the first of her three posts
    assert still["reports"].why == "only lowered"
    lowered = {(action.kind, action.who): str(line.points) for action, line in still["reports"].lowering}
    assert lowered == {("report", "others"): "-2.0", ("report", "another"): "-2.0"}
    # 60 * ln(1 + 2^(-39/30)) / 6.216606 = 60 * 0.340838 / 6.216606 = 3.29; after 60 days it is
    # 60 * 0.184871 / 6.216606 = 1.78.
    assert [((each.on - ada.day).days, str(each.ledger and each.ledger.score.score)) for each in ada.silence] == [
        (30, "3.3"),
        (60, "1.8"),
        (90, "None"),
    ]


def test_who_has_no_score_is_told_what_brings_one(community: RowsRun) -> None:
    """Eve lacks one post of her own, and 2 posts of 27 and 28 February stand up to 89 days; nothing helps cem."""
    # One post done on 27 May (89 days after 27 February) makes three; on the 28th two are left.
    (first,) = prospect(community, "eve").reached
    assert (first.rule, first.action.kind, first.action.who, first.times) == (None, "post", "you", 1)
    assert (str(first.reached.score.score), first.held) == ("0.0", date(2026, 5, 27))
    assert prospect(community, "cem").reached == ()


def test_until_when_is_said_of_the_score() -> None:
    """By hand: a second like counts in two lines. Done three days later, the quick one, 1.125, is rounded to 1, as it
    is now; the slow one keeps the score at 3 for good, one more than now: "a day later not any more" was untrue."""
    text = (
        'rulebook "L" version 1.0.0\nrecords\n    subject text\n    kind one of like\n    at date\n'
        'measure quick "like" / "likes"\n    count like\n    halving every 1 days\n'
        'measure slow "like" / "likes"\n    count like\n'
        'rule quick "Quick"\n    points quick\n    because "So."\n'
        'rule slow "Slow"\n    points slow\n    because "So."\n'
        'score "L"\n    sum of all rules\n    rounded to 0 places\n'
    )
    found, mistakes = read(Source("likes.tally", text))
    assert found is not None, mistakes
    day = date(2026, 3, 1)
    told = prospect(with_rows(found, (("ada", "like", day),), (), day), "ada")
    last = day + timedelta(days=reach.HELD_DAYS)
    assert [(each.rule, each.times, str(each.reached.score.score), each.held) for each in told.reached] == [
        ("quick", 1, "4", last),
        ("slow", 1, "4", last),
    ]


def test_time_alone_raises_tenure() -> None:
    """Eve joined on 15 March 2025; with the one post that she lacks, her tenure rises a year later to the day."""
    found = prospect(_community(["7", "2026-03-01T09:00:00Z", "eve", "eve", "post", "q3"]), "eve")
    still = {each.rule: each for each in found.unmoved}
    assert still["tenure"].rises is not None
    day, line = still["tenure"].rises
    assert (day, str(line.points)) == (date(2026, 3, 15), "5.0")


def test_time_alone_is_tried_to_the_last_day_with_a_score() -> None:
    """Eve has three posts up to 27 May, 89 days after the first: a year with us on 20 May is told, on 28 May it is not,
    and then how long there is a score."""
    post = ["7", "2026-03-01T09:00:00Z", "eve", "eve", "post", "q3"]
    for joined, rises in (("2025-05-20", date(2026, 5, 20)), ("2025-05-28", None)):
        found = prospect(_community(post, people=[["ada", "yes", "2025-06-01"], ["eve", "yes", joined]]), "eve")
        (tenure,) = (each for each in found.unmoved if each.rule == "tenure")
        assert (tenure.rises and tenure.rises[0], tenure.scored_until) == (rises, date(2026, 5, 27))


@pytest.mark.realdata
@pytest.mark.whole
def test_what_is_said_to_200_people_of_a_real_project_is_so() -> None:
    """For 200 people of a real history, so many actions are enough and one fewer is not, over all of the records."""
    if not REAL.exists():
        pytest.skip("the real records are not here")
    book = load(ROOT / "examples/maintainers/maintainers.tally")
    run = score(book, REAL, as_of=date(2026, 7, 1))
    statements = 0
    for name in Random(1).sample(sorted(run.subjects()), 200):  # noqa: S311  any 200, always the same
        found = prospect(run, name)
        statements += len(found.reached)
        for each in found.reached:
            _is_reached(each)
        for each in found.reached[:1]:
            for times, ledger in ((each.times, each.reached), (each.times - 1, each.fewer)):
                rows, _ = _imagined(found, each.action, times)
                again = neighbourhood(run.rows(), book, name, run.as_of, imagined=rows)
                assert again.ledger() == ledger
    run.close()
    assert statements > 800


def test_the_search_is_bounded(community: RowsRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among too many records, or at the end of the calendar, nothing is searched, and the answer says why."""
    with pytest.raises(UsageRefusal, match="9999-12-31 is too late a day"):
        prospect(community, "ada", date(9999, 12, 31))
    monkeypatch.setattr(reach, "MOST_NEAR", 3)
    with pytest.raises(DataRefusal, match="more than 3 records have to do with `ada`"):
        prospect(community, "ada")


STRANGERS = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like, share
    at      date
    stars   whole number 1 to 5
    topic   text

subjects
    trusted yes/no

exclude strangers "likes of people nobody trusts"
    when not (actor.trusted or else no)
    because "They may not exist."

exclude other_topics "other topics"
    when topic != "chess"
    because "It is about chess."

measure likes "like" / "likes"
    count like
    when stars >= 4

rule liked "People like it"
    points likes
    at most 3
    because "A like is a like."

score "Likes"
    sum of all rules
    rounded to 0 places
"""


def _likes(records: list[list[str]], trusted: str, rules: str = STRANGERS) -> Prospect:
    """Return what could change ada's score under a rulebook that is particular about who likes what, and how much."""
    book, mistakes = read(Source("likes.tally", rules))
    assert book is not None, mistakes
    columns = ("subject", "actor", "kind", "at", "stars", "topic")
    rows = read_rows(record_fields(book), columns, records).rows
    people = read_rows(subject_fields(book), ("subject", "trusted"), [["ada", trusted], ["bob", "yes"]], "subject").rows
    return prospect(with_rows(book, rows, people, date(2026, 3, 1)), "ada")


def test_values_and_people_are_chosen_to_fit_the_rules() -> None:
    """The stars and the topic that the conditions name are assumed, and attributes with which people count."""
    # Nobody counts who is not trusted, so the people who act have ada's attributes, or bob's where hers do not do.
    for records, trusted, like in (
        ([], "yes", "ada"),
        ([["ada", "bob", "like", "2026-02-01", "1", "go"]], "no", "bob"),
    ):
        reached = _likes(records, trusted).reached
        (first,) = [each for each in reached if each.target.form == "one step"]
        assert (first.action.who, first.action.like, first.times) == ("others", like, 1)
        assert dict(first.action.values)["topic"] == "chess"
        assert dict(first.action.values)["stars"] in (Decimal(4), Decimal(5))
        assert str(first.reached.score.score) == "1"


def test_values_that_are_assumed_have_as_many_places_as_the_field() -> None:
    """A field of one place holds no 0.55: a condition that compares with it is tried with 0.5 and 0.6."""
    rules = STRANGERS.replace("whole number 1 to 5", "number 0 to 1 with 1 places")
    for condition, stars in (("stars > 0.55 and stars < 0.65", "0.6"), ("stars >= 0.55 and stars <= 0.56", None)):
        reached = _likes([], "yes", rules.replace("stars >= 4", condition)).reached
        found = {str(dict(each.action.values)["stars"]) for each in reached}
        assert found == (set() if stars is None else {stars})


def test_a_rule_at_its_most_is_said_to_be() -> None:
    """With three likes the rule gives all that it can: no action raises it, and it says that it is at its most."""
    records = [["ada", "bob", "like", f"2026-02-0{day}", "5", "chess"] for day in (1, 2, 3, 4)]
    found = _likes(records, "yes")
    assert ([each.why for each in found.unmoved], found.reached) == (["at its most"], ())


def test_where_one_fewer_brings_the_score_as_high_it_is_the_line_that_is_said_to_rise() -> None:
    """A rule that looks at two likes or more gives nothing for one, which another rule counts: not the score, the line
    is what one fewer does not raise."""
    words = STRANGERS.replace(
        'score "Likes"',
        'rule popular "Popular"\n    points likes\n    when likes >= 2\n    otherwise 0 "One is no proof."\n'
        '    because "Two are."\n\nscore "Likes"',
    )
    found = _likes([["ada", "bob", "share", "2026-02-01", "5", "chess"]], "yes", words)
    for each in found.reached:
        _is_reached(each)
    told = [
        (each.rule, each.target.form, each.times, str(each.fewer.score.score), str(each.reached.score.score))
        for each in found.reached
    ]
    assert told == [("liked", "one step", 1, "0", "1"), ("popular", "this line", 2, "1", "4")]


def test_a_value_that_raises_a_line_only_in_number_is_tried() -> None:
    """Ten records of one star bring an average of 1, and one more, of whatever stars, a point of another rule: it takes
    thirty of five stars until the average is 4, and these are told of, though four of them raise nothing else."""
    text = (
        'rulebook "Mood" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of help\n'
        "    at      date\n    stars   whole number 1 to 5\n\n"
        'measure helps "help" / "helps"\n    count help\n\nmeasure mood "star" / "stars"\n    average stars of help\n\n'
        'rule helps "Helps"\n    points helps\n    because "So."\n\n'
        'rule mood "Mood"\n    points by mood\n        under 4:   0\n        4 or more: 3\n        missing:   0\n'
        '    because "So."\n\nscore "Mood"\n    sum of all rules\n'
    )
    rulebook, diagnostics = read(Source("mood.tally", text))
    assert rulebook is not None, diagnostics
    rows = tuple(("ada", f"p{n}", "help", date(2026, 2, n), Decimal(1)) for n in range(1, 11))
    found = prospect(with_rows(rulebook, rows, None, date(2026, 3, 1), ()), "ada")
    for each in found.reached:
        _is_reached(each)
    told = [(each.rule, each.target.form, each.times, dict(each.action.values)["stars"]) for each in found.reached]
    assert told == [("helps", "one step", 1, Decimal(1)), ("mood", "this line", 30, Decimal(5))]


def test_a_value_that_raises_the_score_is_tried_beside_one_that_raises_the_line_alone() -> None:
    """Under a mean, reviews of one star bring a line of 8 where there was none, and a lower score; those of five stars
    bring 40 of 40, and a higher one: (40 + 48) / 100 in place of 48 / 60."""
    text = (
        'rulebook "Stars" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n'
        "    kind    one of sale, review\n    at      date\n    stars   whole number 1 to 5 optional\n\n"
        'measure sales "sale" / "sales"\n    count sale\n\n'
        'measure rating "star" / "stars"\n    average stars of review\n    when stars is not missing\n\n'
        'rule rated "Rated"\n    weight 40\n    level  rating / 5\n    otherwise not applicable\n    because "So."\n\n'
        'rule sold "Sold"\n    weight 60\n    level  min(sales, 1) * 0.8\n    because "So."\n\n'
        'score "Stars"\n    mean of all rules by weight, out of 100\n    rounded to 1 place\n'
    )
    rulebook, diagnostics = read(Source("stars.tally", text))
    assert rulebook is not None, diagnostics
    rows = (("ada", "bob", "sale", date(2026, 2, 1), None),)
    found = prospect(with_rows(rulebook, rows, None, date(2026, 3, 1), ()), "ada")
    for each in found.reached:
        _is_reached(each)
    told = [
        (each.rule, each.times, dict(each.action.values)["stars"], str(each.reached.score.score))
        for each in found.reached
    ]
    assert told == [("rated", 1, Decimal(5), "88.0")]


@pytest.mark.parametrize(("needed", "times"), [(3, 2), (4, 5)])
def test_what_brings_a_first_score_is_looked_for_among_all_values(needed: int, times: int) -> None:
    """Of one and two stars, more twos move the average and never to 3; of fives it takes 2, (3 + 10) / 4, and 5 until
    it is 4, (3 + 25) / 7, which four of them do not show."""
    text = (
        'rulebook "Mood" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of help\n'
        "    at      date\n    stars   whole number 1 to 5\n\n"
        'measure mood "star" / "stars"\n    average stars of help\n\n'
        f'require liked "liked"\n    when mood is not missing and mood >= {needed}\n'
        '    otherwise insufficient data "Too few stars."\n\n'
        'rule mood "Mood"\n    points mood\n    otherwise 0 "None."\n    because "So."\n\n'
        'score "Mood"\n    sum of all rules\n'
    )
    rulebook, diagnostics = read(Source("mood.tally", text))
    assert rulebook is not None, diagnostics
    rows = tuple(("ada", f"p{n}", "help", date(2026, 2, n), Decimal(n)) for n in (1, 2))
    (told,) = prospect(with_rows(rulebook, rows, None, date(2026, 3, 1), ()), "ada").reached
    _is_reached(told)
    assert (told.target.form, told.times, dict(told.action.values)["stars"]) == ("a score", times, Decimal(5))


def test_a_value_that_an_h_index_has_counted_is_tried() -> None:
    """Two papers have two citations and one: one more of the second makes the h index 2, and none of another paper
    does."""
    text = (
        'rulebook "Papers" version 1.0.0\n\nrecords\n    subject text\n    kind    one of citation\n'
        '    at      date\n    item    text\n\nmeasure h "h" / "h"\n    h index of citation by item\n\n'
        'rule cited "Cited"\n    points h\n    because "So."\n\nscore "Papers"\n    sum of all rules\n'
    )
    rulebook, diagnostics = read(Source("papers.tally", text))
    assert rulebook is not None, diagnostics
    rows = tuple(("ada", "citation", date(2026, 2, 1), item) for item in ("p1", "p2", "p1"))
    (told,) = prospect(with_rows(rulebook, rows, None, date(2026, 3, 1), ()), "ada").reached
    assert (told.times, dict(told.action.values), told.reached.score.score) == (1, {"item": "p2"}, Decimal(2))


def test_of_a_number_without_an_end_the_next_one_is_tried_before_the_last() -> None:
    """What lowers the highest waiting time is told of a record a minute slower than any, and not of 1000000000000."""
    text = (
        'rulebook "Waits" version 1.0.0\n\nrecords\n    subject text\n    kind    one of chat\n    at      date\n'
        "    minutes whole number 0 or more\n\n"
        'measure slowest "minute" / "minutes"\n    highest minutes of chat\n\n'
        'rule quick "Quick"\n    points max(0, 100 - (slowest or else 0))\n    because "So."\n\n'
        'score "Waits"\n    sum of all rules\n'
    )
    rulebook, diagnostics = read(Source("waits.tally", text))
    assert rulebook is not None, diagnostics
    rows = (("ada", "chat", date(2026, 2, 1), Decimal(60)), ("ada", "chat", date(2026, 2, 2), Decimal(7)))
    (unmoved,) = prospect(with_rows(rulebook, rows, None, date(2026, 3, 1), ()), "ada").unmoved
    ((action, line),) = unmoved.lowering
    assert (dict(action.values), line.points) == ({"minutes": Decimal(61)}, Decimal(39))


def test_a_value_that_conditions_name_by_a_parameter_is_tried() -> None:
    """Where only records of one value count, and a parameter says which, that value is imagined; it is the one of the
    day on which that is done."""
    text = (
        'rulebook "Just so" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of gift\n'
        "    at      time\n    worth   whole number 0 to 90\n\n"
        'parameter just = 37 "what counts"\n    from 2026-03-01 = 52 because "Prices rose."\n\n'
        'measure gifts "gift" / "gifts"\n    count gift\n    when worth = just\n\n'
        'rule gifts "Gifts"\n    points gifts\n    because "So."\n\nscore "Just so"\n    sum of all rules\n'
    )
    rulebook, diagnostics = read(Source("just.tally", text))
    assert rulebook is not None, diagnostics
    rows: tuple[Row, ...] = (("ada", "bob", "gift", datetime(2026, 1, 2, tzinfo=UTC), Decimal(3)),)
    run = with_rows(rulebook, rows, None, date(2026, 2, 1), ())
    for day, worth in ((date(2026, 2, 1), 37), (date(2026, 3, 2), 52)):
        (found,) = prospect(run, "ada", day).reached
        assert (found.rule, found.times, dict(found.action.values)) == ("gifts", 1, {"worth": worth})


def test_a_value_in_the_middle_of_a_table_is_tried() -> None:
    """Where a table gives most for what lies in its middle, that is imagined: the least or the most would not do."""
    text = (
        'rulebook "Middle" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of gift\n'
        "    at      time\n    worth   number 0 to 90\n\n"
        'measure newest "newest gift" / "newest gifts"\n    latest worth of gift\n\n'
        'rule newest "Newest"\n    points by newest\n        under 20:          1\n        20 to under 30.5:  4\n'
        '        30.5 or more:      2\n        missing:           0\n    because "So."\n\n'
        'score "Middle"\n    sum of all rules\n'
    )
    rulebook, diagnostics = read(Source("middle.tally", text))
    assert rulebook is not None, diagnostics
    rows: tuple[Row, ...] = (("ada", "bob", "gift", datetime(2026, 1, 2, tzinfo=UTC), Decimal(90)),)
    (found,) = prospect(with_rows(rulebook, rows, None, date(2026, 2, 1), ()), "ada").reached
    assert (found.rule, found.times, dict(found.action.values)) == ("newest", 1, {"worth": 20})


@pytest.mark.parametrize(
    ("band", "told"),
    [
        (178, [("up", 18, "182", "-2"), ("crowd", 18, "182", "-2")]),
        (260, [("up", 30, "264", "-16")]),
    ],
)
def test_a_band_that_other_lines_reach_is_not_told_as_missed(band: int, told: list[tuple[str, int, str, str]]) -> None:
    """A second line rises up to 17 likes and then falls. The score is at its highest with 35 more, where this line is
    lower than now: the band is reached all the same, and "no number brings more" is not the answer. With 18 more this
    line is higher, too; with 30 it is not, and the band is told of the other alone."""
    found = _of_likes(
        'rule up "Up"\n    points 8 * min(likes, 40)\n    because "So."\n'
        'rule crowd "Crowd"\n    points 0 - 0.05 * (likes - 17) * (likes - 17)\n    because "So."\n',
        f'bands\n    from -100000 low "Low"\n    from {band} high "High"\n',
    )
    assert found.unreached == ()
    for each in found.reached:
        _is_reached(each)
    bands = [each for each in found.reached if each.target.form == "the next band"]
    crowd = [str(row.points) for each in bands for row in each.reached.lines if row.rule == "crowd"]
    assert told == [
        (each.rule, each.times, str(each.reached.score.score), points)
        for each, points in zip(bands, crowd, strict=True)
    ]


def test_what_raises_a_line_is_told_where_the_score_rises_without_it() -> None:
    """A line rises with nine likes more. One like more is enough for the score, by the other line, which falls far with
    the ninth: for this line nine are told, and what the score is then."""
    found = _of_likes(
        'rule many "Many"\n    points by likes\n        under 14: 0\n        14 or more: 2\n    because "So."\n'
        'rule few "Few"\n    points by likes\n        under 6: 1\n        6 to under 14: 3\n        14 or more: -9\n'
        '    because "So."\n',
        "",
    )
    assert found.unreached == ()
    for each in found.reached:
        _is_reached(each)
    assert [(each.rule, each.target.form, each.times, str(each.reached.score.score)) for each in found.reached] == [
        ("many", "this line", 9, "-7"),
        ("few", "one step", 1, "3"),
    ]


def _of_likes(rules: str, bands: str) -> Prospect:
    """Look for what could change the score of somebody with five likes."""
    text = (
        'rulebook "L" version 1.0.0\nrecords\n    subject text\n    actor text\n    kind one of like\n    at date\n'
        f'measure likes "like" / "likes"\n    count like\n{rules}'
        f'score "L"\n    sum of all rules\n    rounded to 0 places\n{bands}'
    )
    rulebook, mistakes = read(Source("likes.tally", text))
    assert rulebook is not None, mistakes
    day = date(2026, 3, 1)
    rows: list[Row] = [("ada", f"p{each}", "like", day) for each in range(5)]
    return prospect(with_rows(rulebook, rows, None, day, ()), "ada")
