"""Takes a run and who is in which group; asks how groups fare and which rule makes a gap, against sums by hand."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from statistics import median, quantiles
from zlib import crc32

import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from ledgers.from_files import scored_from_files

from tallystick.engine.groups.fairness import Fairness, fairness
from tallystick.engine.groups.figures import Comparison, Group, Without
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.scoring import score
from tallystick.rules.epochs import on_day
from tallystick.rules.rule import Weighted
from tallystick.rules.rulebook import Rulebook

FEWER = max(6, settings.default.max_examples // 40) if settings.default is not None else 6
RULES = """\
rulebook "Help" version 1.0.0
    owner "Somebody"

records
    subject text
    kind    one of answer, night
    at      date

require enough "enough to judge"
    when answers >= 1
    otherwise insufficient data "You have not answered."

measure answers "answer" / "answers"
    count answer

measure nights "night" / "nights"
    count night

rule answering "You answer"
    points answers
    because "Answers are what it is about."

rule nightly "You are there at night"
    points 3 * nights
    because "Somebody has to be."

score "Help"
    sum of all rules
    at most 7
    rounded to 0 places

bands
    from 0 low  "Low"
    from 5 high "High"
"""
DAY = [f"d{n}" for n in range(10)]
CARERS = [f"c{n}" for n in range(10)]
AS_OF = date(2026, 1, 31)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedRun]:
    """Score two groups of ten who answer alike (1 to 5 times, two people each); only the first is there at night.

    ``night`` has a night and no answer, ``else`` is in no group.
    """
    here = tmp_path_factory.mktemp("fairness")
    rows = [f"{name},answer" for group in (DAY, CARERS) for n, name in enumerate(group) for _ in range(n % 5 + 1)]
    rows += [f"{name},night" for name in (*DAY, "night")]
    rows += ["else,answer"]
    records = here / "records.csv"
    records.write_text("subject,kind,at\n" + "".join(f"{row},2026-01-05\n" for row in rows), encoding="utf-8")
    rulebook = accepted(RULES)
    made = score(rulebook, records, as_of=AS_OF)
    yield made
    made.close()


def groups_file(folder: Path, rows: list[str], heading: str = "subject,sort") -> Path:
    """Write a file of groups."""
    path = folder / "groups.csv"
    path.write_text("\n".join((heading, *rows)) + "\n", encoding="utf-8")
    return path


def unfair(folder: Path) -> Path:
    """Write the file in which the two groups are told apart."""
    known = [f"{name},day" for name in DAY] + [f"{name},carer" for name in (*CARERS, "night")]
    return groups_file(folder, [*known, "else,", "stranger,day"])


def only(found: Fairness) -> Comparison:
    """Return the one comparison."""
    (comparison,) = found.comparisons
    return comparison


def of(comparison: Comparison, *values: str) -> Group:
    """Return a group."""
    return next(each for each in comparison.groups if each.values == values)


def test_the_gap_is_pinned_on_the_rule_that_makes_it(run: FinishedRun, tmp_path: Path) -> None:
    """Day: 4, 5, 6, 7, 7 (8 cut) twice, mean 5.8. Carers: 1 to 5 twice, mean 3. The night makes -3, the limit +0.2."""
    found = only(fairness(run, unfair(tmp_path), ["sort"]))
    assert found.reference == ("day",)
    (gap,) = found.gaps
    assert (gap.values, gap.points) == (("carer",), Fraction(-28, 10))
    parts = {(each.kind, each.name): each.points for each in gap.parts}
    assert parts == {("rule", "answering"): 0, ("rule", "nightly"): -3, ("cap", ""): Fraction(2, 10)}


def test_under_a_mean_the_gap_is_pinned_on_the_rule_that_makes_it(tmp_path: Path) -> None:
    """Of 100, over weights of 3 and 1: both groups have 5 of 10 by the first rule, which is 37.5; by the second the one
    has 10 of 10 and the other nothing, which is 25, and to one of whom it does not apply, so that the first weighs all:
    50. That rule makes -25 and the first 12.5 / 10 more."""
    text = (
        'rulebook "Mean" version 1.0.0\n    owner "Somebody"\n\nsubjects\n    a number 0 to 10\n'
        "    b number 0 to 10 optional\n\n"
        'rule one "One"\n    weight 3\n    level a, linear to 10\n    because "…"\n\n'
        'rule two "Two"\n    weight 1\n    level b, linear to 10\n    otherwise not applicable\n    because "…"\n\n'
        'score "S"\n    mean of all rules by weight, out of 100\n    rounded to 2 places\n'
    )
    people = tmp_path / "people.csv"
    rows = [*(f"{who},5,10" for who in DAY), *(f"{who},5,0" for who in CARERS[1:]), f"{CARERS[0]},5,"]
    people.write_text("\n".join(("subject,a,b", *rows)) + "\n", encoding="utf-8")
    run = score(accepted(text), None, people, as_of=AS_OF)
    try:
        (gap,) = only(fairness(run, unfair(tmp_path), ["sort"])).gaps
    finally:
        run.close()
    parts = {(each.kind, each.name): each.points for each in gap.parts}
    assert parts == {("rule", "one"): Fraction(125, 100), ("rule", "two"): -25, ("division", ""): 0}
    assert gap.points == Fraction(-2375, 100)


def test_rates_and_quartiles_are_those_worked_by_hand(run: FinishedRun, tmp_path: Path) -> None:
    """The tenth and eleventh of the twenty scores are 4 and 5, so the median is 4.5: above it are 8 of 10 and 2 of 10,
    and the impact ratio is 0.2 / 0.8."""
    found = only(fairness(run, unfair(tmp_path), ["sort"]))
    day, carer = of(found, "day"), of(found, "carer")
    assert (found.median, found.scored, found.highest) == (Fraction(9, 2), 20, ("day",))
    assert (day.above, day.level, day.below, day.rate, day.ratio) == (8, 0, 2, Fraction(4, 5), 1)
    assert (carer.above, carer.level, carer.below, carer.rate, carer.ratio) == (2, 0, 8, Fraction(1, 5), Fraction(1, 4))
    assert day.scores is not None
    assert carer.scores is not None
    assert [day.scores.least, day.scores.lower, day.scores.median, day.scores.upper, day.scores.greatest] == [
        *(4, 5, 6, 7, 7)
    ]
    assert [carer.scores.lower, carer.scores.median, carer.scores.upper, carer.scores.mean] == [2, 3, 4, 3]
    assert (day.bands, carer.bands) == ((("low", 10), ("high", 8)), (("low", 10), ("high", 2)))


def test_everybody_is_counted(run: FinishedRun, tmp_path: Path) -> None:
    """Who has no score is counted by the reason, who is in no group as unknown, who is not in the run as such."""
    found = fairness(run, unfair(tmp_path), ["sort"])
    comparison = only(found)
    assert of(comparison, "carer").without == (Without("insufficient data", "enough", 1),)
    assert (of(comparison, "carer").people, of(comparison, "carer").scored) == (11, 10)
    assert (comparison.unknown, comparison.unknown_scored) == (1, 1)
    assert (found.people, found.scored) == (22, 21)
    assert (found.read.rows, found.read.people, found.read.not_in_run, found.read.rejected) == (23, 22, 1, ())


def test_a_fair_rulebook_shows_no_gap(run: FinishedRun, tmp_path: Path) -> None:
    """Groups that cut across day and carers have the same scores: every part is 0, and every ratio 1."""
    rows = [f"{name},{'left' if n < 5 else 'right'}" for group in (DAY, CARERS) for n, name in enumerate(group)]
    found = only(fairness(run, groups_file(tmp_path, rows), ["sort"]))
    (gap,) = found.gaps
    assert (gap.points, {each.points for each in gap.parts}) == (0, {0})
    assert [each.ratio for each in found.groups] == [1, 1]


def test_who_is_level_with_the_median_is_not_above_it(run: FinishedRun, tmp_path: Path) -> None:
    """Of the carers alone the median is 3: the two who have 3 are level with it."""
    rows = [f"{name},{n // 5}" for n, name in enumerate(CARERS)]
    found = only(fairness(run, groups_file(tmp_path, rows), ["sort"]))
    assert found.median == 3
    assert [(each.above, each.level, each.below) for each in found.groups] == [(2, 1, 2), (2, 1, 2)]


def test_several_columns_are_crossed(run: FinishedRun, tmp_path: Path) -> None:
    """Each column has its comparison, and one has all of them crossed; whoever lacks either value is unknown in it."""
    rows = [f"{name},day,{n % 2}" for n, name in enumerate(DAY)] + [f"{name},carer," for name in CARERS]
    found = fairness(run, groups_file(tmp_path, rows, "subject,sort,odd"), ["sort", "odd"])
    assert [each.by for each in found.comparisons] == [("sort",), ("odd",), ("sort", "odd")]
    assert [each.values for each in found.comparisons[2].groups] == [("day", "0"), ("day", "1")]
    assert found.comparisons[2].unknown == 12


def test_four_columns_can_be_crossed(run: FinishedRun, tmp_path: Path) -> None:
    """As many as can be named: each by itself, and all of them together."""
    groups = groups_file(tmp_path, [f"{name},1,2,3,{n % 2}" for n, name in enumerate(DAY)], "subject,a,b,c,d")
    found = fairness(run, groups, ["a", "b", "c", "d"])
    assert [each.by for each in found.comparisons] == [("a",), ("b",), ("c",), ("d",), ("a", "b", "c", "d")]
    assert [each.values for each in found.comparisons[4].groups] == [("1", "2", "3", "0"), ("1", "2", "3", "1")]


def test_small_groups_are_marked_and_not_compared_with(run: FinishedRun, tmp_path: Path) -> None:
    """Two people with the highest scores are too few to be the group that others are held against."""
    rows = [f"{name},{'few' if name in ('d3', 'd8') else 'day'}" for name in DAY[:-1]] + [f"{c},carer" for c in CARERS]
    found = only(fairness(run, groups_file(tmp_path, rows), ["sort"]))
    assert [(each.values, each.small) for each in found.groups] == [
        (("carer",), None),
        (("day",), "few people"),
        (("few",), "few people"),
    ]
    assert (found.highest, found.reference) == (("carer",), ("carer",))
    few = of(found, "few")
    assert few.ratio is not None
    assert few.ratio > 1


def test_a_person_with_two_groups_is_rejected(run: FinishedRun, tmp_path: Path) -> None:
    """Two rows of one person that differ are both left out, by line and reason; the groups are unknown then."""
    found = fairness(run, groups_file(tmp_path, ["d0,day", "d0,carer", "d1,day", "d1,day"]), ["sort"])
    assert [(each.line, each.field) for each in found.read.rejected] == [(2, "subject"), (3, "subject")]
    assert (found.read.copies, only(found).people, only(found).unknown) == (1, 1, 21)


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ((), "no column"),
        (("subject",), "group of one"),
        (("sort", "sort"), "given twice"),
        (("nothing",), "no column `nothing`"),
        (("a", "b", "c", "d", "e"), "at most 4"),
        (("empty",), "of nobody in the run"),
    ],
)
def test_what_cannot_be_compared_is_refused(run: FinishedRun, tmp_path: Path, by: tuple[str, ...], words: str) -> None:
    """A column that is not there, is named twice, tells nobody apart or everybody is refused in words."""
    with pytest.raises(UsageRefusal, match=words):
        fairness(run, groups_file(tmp_path, ["d0,day,"], "subject,sort,empty"), by)


def test_too_many_groups_are_refused(run: FinishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column with a value for nearly everybody is no column of groups."""
    monkeypatch.setattr("tallystick.engine.groups.fairness.MOST_GROUPS", 9)
    groups = groups_file(tmp_path, [f"{name},{name}" for name in DAY])
    with pytest.raises(UsageRefusal, match="more than 9 groups by `sort`"):
        fairness(run, groups, ["sort"])
    monkeypatch.setattr("tallystick.engine.groups.fairness.MOST_GROUPS", 10)
    assert len(only(fairness(run, groups, ["sort"])).groups) == 10


def test_a_fiftieth_of_the_sample_is_no_small_share(tmp_path: Path) -> None:
    """Ten of 500 people are ten, and 2 % of the sample: neither too few nor too small a share. Of 501 they are."""
    text = (
        'rulebook "Flat" version 1.0.0\n\nsubjects\n    a number 0 to 10\n\n'
        'rule one "One"\n    points a\n    because "…"\n\nscore "S"\n    sum of all rules\n'
    )
    small = []
    for people in (500, 501):
        path = tmp_path / f"{people}.csv"
        path.write_text("subject,a\n" + "".join(f"p{n},{n % 7}\n" for n in range(people)), encoding="utf-8")
        rows = [f"p{n},{'few' if n < 10 else 'many'}" for n in range(people)]
        run = score(accepted(text), None, str(path), as_of=AS_OF)
        small.append(of(only(fairness(run, groups_file(tmp_path, rows), ["sort"])), "few").small)
        run.close()
    assert small == [None, "small share"]


@settings(max_examples=FEWER)
@given(cases(by=False))
def test_any_run_is_compared_as_its_ledger_says(case: Case) -> None:
    """Over random rulebooks and records, every figure is what a slow look at everybody's ledger gives."""
    with tempfile.TemporaryDirectory() as name:
        run = scored_from_files(case, Path(name))
        try:
            ledgers = {each.score.subject: each for each in run.ledgers()}
            placed = {who: place for who in ledgers if (place := crc32(who.encode()) % 4) < 3 and "\n" not in who}
            path = Path(name) / "groups.jsonl"
            path.write_text("".join(f"{_json(who, place)}\n" for who, place in placed.items()), encoding="utf-8")
            if not placed:
                return
            _is_so(on_day(case.rulebook, case.as_of), only(fairness(run, path, ["g"])), ledgers, placed)
        finally:
            run.close()


def _json(who: str, place: int) -> str:
    return json.dumps({"subject": who, "g": f"g{place}"})


def _is_so(rulebook: Rulebook, found: Comparison, ledgers: dict[str, SubjectLedger], placed: dict[str, int]) -> None:
    scores = {
        who: Fraction(ledger.score.score)
        for who, ledger in ledgers.items()
        if who in placed and ledger.score.score is not None
    }
    assert found.unknown == len(ledgers) - len(placed)
    middle = median(scores.values()) if scores else None
    assert found.median == middle
    means: dict[str, Fraction] = {}
    for group in found.groups:
        (value,) = group.values
        members = [who for who, place in placed.items() if f"g{place}" == value]
        own = sorted(scores[who] for who in members if who in scores)
        assert (group.people, group.scored) == (len(members), len(own))
        assert group.people == group.scored + sum(each.people for each in group.without)
        if not own:
            continue
        assert middle is not None
        assert group.above == sum(each > middle for each in own)
        assert group.level == sum(each == middle for each in own)
        assert group.scores is not None
        means[value] = sum(own) / Fraction(len(own))
        assert group.scores.mean == means[value]
        quartiles = quantiles(own, n=4, method="inclusive") if len(own) > 1 else own * 3
        assert [group.scores.lower, group.scores.median, group.scores.upper] == quartiles
        assert (group.scores.least, group.scores.greatest) == (own[0], own[-1])
    for gap in found.gaps:
        assert found.reference is not None
        assert gap.points == means[gap.values[0]] - means[found.reference[0]]
        for part in gap.parts:
            if part.kind == "rule":
                assert part.mean == _mean_points(rulebook, ledgers, placed, gap.values[0], part.name)
            if part.kind == "division":
                assert abs(part.mean) <= Fraction(1, 10**9)
        assert sum(each.points for each in gap.parts) == gap.points


def _mean_points(
    rulebook: Rulebook, ledgers: dict[str, SubjectLedger], placed: dict[str, int], value: str, rule: str
) -> Fraction:
    own = [each for who, each in ledgers.items() if f"g{placed.get(who)}" == value and each.score.score is not None]
    points = [
        Fraction(line.points or 0) * _of_the_score(rulebook, each)
        for each in own
        for line in each.lines
        if line.rule == rule
    ]
    return sum(points, Fraction(0)) / len(own)


def _of_the_score(rulebook: Rulebook, ledger: SubjectLedger) -> Fraction:
    """Return by what a person's points are multiplied to be points of the score: a mean divides by what applies."""
    if rulebook.score.out_of is None:
        return Fraction(1)
    weights = {rule.name: rule.body.weight.value for rule in rulebook.rules if isinstance(rule.body, Weighted)}
    applying = sum(Fraction(weights[line.rule]) for line in ledger.lines if line.points is not None)
    return Fraction(rulebook.score.out_of.value) / applying
