"""Takes a rulebook and the same records as of several days; asks what is told of moves, bands and shares, against
figures worked by hand and against the reference."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from ledgers.from_files import scored_from_files

from tallystick.engine.change.line_move import LineMove
from tallystick.engine.change.stability import Returner, Stability, stability
from tallystick.engine.change.trials import TrialInputs
from tallystick.engine.groups.concentration import gini, top_share
from tallystick.engine.reference import refer
from tallystick.engine.reference_records import Records
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.scoring import score
from tallystick.rules.load import load
from tallystick.rules.questions.given import takes_given
from tallystick.rules.rulebook import Rulebook

FEWER = max(4, settings.default.max_examples // 40) if settings.default is not None else 4
ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "iproute2" / "credit.csv"
RULES = """\
rulebook "Voice" version 1.0.0
    owner "Somebody"

records
    subject text
    actor   text
    kind    one of post, like
    at      date

require known "anything known"
    when seen >= 1
    otherwise insufficient data "Nothing is known of you."

measure seen "record" / "records"
    count post, like

measure posts "post" / "posts"
    count post
    within 10 days

measure likes "like" / "likes"
    count like

rule posting "You post"
    points posts
    because "Posts are what it is about."

rule liking "People like it"
    points 4 * likes
    because "A like is worth what its giver makes of it."

score "Voice"
    sum of all rules
    at least 0
    at most 100
    rounded to 1 place

bands
    from 0 low  "Low"
    from 5 high "High"
"""
DAYS = (date(2026, 1, 5), date(2026, 1, 7), date(2026, 1, 20))
FIRST = """\
subject,actor,kind,at
ada,ada,post,2026-01-05
dan,dan,post,2026-01-03
dan,dan,post,2026-01-03
dan,dan,post,2026-01-03
dan,dan,post,2026-01-03
dan,dan,post,2026-01-06
"""
SECOND = "subject,actor,kind,at\nada,bob,like,2026-01-05\ncem,bob,like,2026-01-07\n"


def rules() -> Rulebook:
    """Check the rulebook."""
    return accepted(RULES)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Stability:
    """Replay three days.

    Scores: ada 5 (a post and a like), 5, and 4 (the post is older than 10 days). dan 4 posts, 5, and 0. cem has none,
    then 4 and 4.
    """
    here = tmp_path_factory.mktemp("stability")
    files = [here / "first.csv", here / "second.csv"]
    for path, text in zip(files, (FIRST, SECOND), strict=True):
        path.write_text(text, encoding="utf-8")
    return stability(rules(), TrialInputs(DAYS[-1], [str(path) for path in files]), DAYS)


def test_each_step_counts_who_moved(found: Stability) -> None:
    """First dan +1, and cem comes; then ada -1 and dan -5, neither with a record about them."""
    one, two = found.steps
    assert (one.both, one.moved, one.up, one.down, one.came, one.lost, one.quiet) == (2, 1, 1, 0, 1, 0, 0)
    assert (one.most_up, one.most_down) == (1, None)
    assert (two.both, two.moved, two.up, two.down, two.came, two.lost, two.quiet) == (3, 2, 0, 2, 0, 0, 2)
    assert (two.most_up, two.most_down) == (None, -5)


def test_the_furthest_moves_have_their_parts(found: Stability) -> None:
    """The furthest first, of equal ones the earlier; quiet ones apart; the lines sum to each."""
    assert [(each.subject, each.day, each.points, each.own) for each in found.furthest] == [
        ("dan", DAYS[2], -5, 0),
        ("dan", DAYS[1], 1, 1),
        ("ada", DAYS[2], -1, 0),
    ]
    assert [each.subject for each in found.furthest_quiet] == ["dan", "ada"]
    assert found.furthest[1].parts == (LineMove("rule", "posting", Decimal(4), Decimal(5)),)
    assert all(sum(part.points for part in each.parts) == each.points for each in found.furthest)


def test_who_is_back_in_a_band_is_told(found: Stability) -> None:
    """dan is low, high and low again: he left on 7 January and is back on the 20th, 13 days later."""
    assert (found.returners, found.most_returning) == (1, (Returner("dan", 1, 13, "low", "high"),))


def test_score_and_number_of_records_are_held_against_each_other(found: Stability) -> None:
    """Last scores 4, 0, 4 and records 2, 5, 1: two pairs the other way round, one level by score; tau-b -2/√6."""
    ranks = found.volume
    assert ranks is not None
    assert (ranks.concordant, ranks.discordant, ranks.tied_before, ranks.tied_after) == (0, 2, 1, 0)
    assert ranks.tau_b == Decimal("-0.8165")


def test_score_and_own_activity_are_held_against_each_other(found: Stability) -> None:
    """Last scores 4, 0 and 4 of ada, dan and cem, who did 1, 5 and no records themselves: bob, who did the others, has
    no score. Two pairs the other way round, one level by score."""
    ranks = found.activity
    assert ranks is not None
    assert (ranks.concordant, ranks.discordant, ranks.tied_before, ranks.tied_after) == (0, 2, 1, 0)


def test_what_one_gives_is_no_work_of_time(tmp_path: Path) -> None:
    """Where a measure takes what people give, whom their own acts move is not called quiet, whoever those are about;
    an act that is yet to come is none."""
    path = tmp_path / "records.csv"
    path.write_text(
        "subject,actor,kind,at\nada,zed,like,2026-01-01\nbob,ada,like,2026-01-06\nada,ada,like,2026-01-07\n"
        "bob,ada,like,2026-01-08\ncem,ada,post,2026-01-07\n",
        encoding="utf-8",
    )
    given = accepted(RULES.replace("    count like\n", "    count like given\n"))
    for rulebook, own in ((given, 3), (rules(), 1)):
        found = stability(rulebook, TrialInputs(DAYS[1], str(path)), DAYS[:2])
        assert [(each.subject, each.own) for each in found.furthest] == [("ada", own)]
        assert (found.steps[0].moved, found.steps[0].quiet) == (1, 0)
    path.write_text("subject,actor,kind,at\nada,zed,like,2026-01-01\nbob,ada,like,2026-01-06\n", encoding="utf-8")
    (step,) = stability(given, TrialInputs(DAYS[1], str(path)), DAYS[:2]).steps
    assert (step.moved, step.quiet) == (1, 0)


def test_shares_sum_to_the_whole(found: Stability) -> None:
    """On the last day all 8 points are of likes; of 0, 4 and 4 the top has half, and Gini's coefficient is 1/3."""
    assert [(each.name, each.points, each.share) for each in found.shares] == [("posting", 0, 0), ("liking", 8, 1)]
    points = found.concentration
    assert (points.total, points.scored, points.top_1, points.top_10) == (8, 3, 1, 1)
    assert (points.share_of_top_1, points.share_of_top_10, points.gini) == (
        Fraction(1, 2),
        Fraction(1, 2),
        Fraction(1, 3),
    )


def test_under_a_mean_a_rule_has_what_it_makes_of_the_score(tmp_path: Path) -> None:
    """Of 100, over weights of 3 and 1: ada has 5 of 10 by both, cem 5 by the first alone, so that it weighs all. Of the
    100 points of both, 37.5 and 50 are the first rule's, 12.5 the second's, and nothing is the division's."""
    text = (
        'rulebook "Mean" version 1.0.0\n\nsubjects\n    a number 0 to 10\n    b number 0 to 10 optional\n\n'
        'rule one "One"\n    weight 3\n    level a, linear to 10\n    because "…"\n\n'
        'rule two "Two"\n    weight 1\n    level b, linear to 10\n    otherwise not applicable\n    because "…"\n\n'
        'score "S"\n    mean of all rules by weight, out of 100\n    rounded to 1 place\n'
    )
    path = tmp_path / "people.csv"
    path.write_text("subject,a,b\nada,5,5\ncem,5,\n", encoding="utf-8")
    shares = stability(accepted(text), TrialInputs(DAYS[-1], subjects=str(path)), DAYS).shares
    assert [(each.kind, each.name, each.points, each.share) for each in shares] == [
        ("rule", "one", Decimal("87.5"), Fraction(7, 8)),
        ("rule", "two", Decimal("12.5"), Fraction(1, 8)),
        ("division", "", 0, 0),
    ]


def test_under_a_mean_a_move_is_the_rule_s_that_makes_it(tmp_path: Path) -> None:
    """Of 100, over weights of 3 and 1: four posts of ten are 30 points and ten likes 25. When the posts are too old, 30
    are gone, and by the rule of posts: nothing is the division's."""
    text = (
        RULES.replace("    points posts\n", "    weight 3\n    level posts, linear to 10\n")
        .replace("    points 4 * likes\n", "    weight 1\n    level likes, linear to 10\n")
        .replace("    sum of all rules\n", "    mean of all rules by weight, out of 100\n")
    )
    path = tmp_path / "records.csv"
    rows = [*4 * ["ada,ada,post,2026-01-05"], *10 * ["ada,bob,like,2026-01-05"]]
    path.write_text("\n".join(("subject,actor,kind,at", *rows, "")), encoding="utf-8")
    (move,) = stability(accepted(text), TrialInputs(DAYS[-1], [str(path)]), DAYS).furthest
    assert (move.before, move.after) == (55, 25)
    assert move.parts == (LineMove("rule", "posting", Decimal(30), Decimal(0)),)


def test_each_file_is_tried_without(found: Stability) -> None:
    """Without the first file dan has no score; without the second ada has 4 points less, and cem no score."""
    files = [(each.rows, each.points, each.share, each.would_lose, each.would_come) for each in found.files]
    assert files == [(6, 0, 0, 1, 0), (2, 4, Fraction(1, 2), 1, 0)]


@pytest.mark.parametrize(
    ("scores", "coefficient"),
    [((5, 5, 5), Fraction(0)), ((0, 0, 0, 8), Fraction(3, 4)), ((1, 2, 3, 4), Fraction(1, 4)), ((7,), Fraction(0))],
)
def test_gini_is_half_the_mean_difference_over_the_mean(scores: tuple[int, ...], coefficient: Fraction) -> None:
    """The coefficient is that of its definition, over all pairs of people, and of the figures worked by hand."""
    rows = [(Fraction(each), scores.count(each)) for each in sorted(set(scores))]
    size = len(scores)
    pairs = Fraction(sum(abs(one - other) for one in scores for other in scores), size * size)
    assert gini(rows) == coefficient == pairs / (2 * Fraction(sum(scores), size))


def test_the_top_is_shared_within_a_tie() -> None:
    """Of 1, 4, 4 and 4 the top two have 8 of 13, whichever of the equal ones they are."""
    assert top_share([(Fraction(1), 1), (Fraction(4), 3)], 2) == Fraction(8, 13)


def test_scores_below_zero_have_no_shares(tmp_path: Path) -> None:
    """Where somebody's score is below 0 nobody holds a share of all points, and the rest is told all the same."""
    text = RULES.replace("    points 4 * likes", "    points -4 * likes").replace(
        "    at least 0\n    at most", "    at most"
    )
    rulebook = accepted(text)
    path = tmp_path / "records.csv"
    path.write_text(FIRST + SECOND.partition("\n")[2], encoding="utf-8")
    points = stability(rulebook, TrialInputs(DAYS[-1], str(path)), DAYS[:2]).concentration
    assert (points.total, points.share_of_top_1, points.gini) == (-2, None, None)


def test_inputs_that_do_not_fit_are_refused() -> None:
    """A rulebook that reads records is not replayed without."""
    with pytest.raises(UsageRefusal, match="reads records, and none were given"):
        stability(rules(), TrialInputs(DAYS[-1]), DAYS)


@settings(max_examples=FEWER)
@given(cases(by=False))
def test_every_step_is_what_the_reference_says(case: Case) -> None:
    """Over random rulebooks and records, who moves, comes and goes is what the reference's runs of both days say; and
    who moves without a record about them would have done so had no record come at all."""
    days = (case.as_of - timedelta(days=40), case.as_of)
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        scored_from_files(case, here).close()
        given_ = {
            role: here / f"{role}.csv"
            for role, there in (
                ("records", case.records is not None),
                ("subjects", case.subjects is not None),
                ("pauses", case.pauses),
                ("corrections", case.corrections),
            )
            if there
        }
        found = stability(case.rulebook, TrialInputs(days[-1], **given_, max_rejected=Decimal(1)), days)
    rows, people = case.read_records.rows, case.read_subjects.rows
    before, after = (
        {
            each.score.subject: each.score.score
            for each in refer(case.rulebook, rows, people, day, case.pauses, case.corrections).ledgers()
        }
        for day in days
    )
    both = {who for who in before.keys() & after.keys() if before[who] is not None and after[who] is not None}
    (step,) = found.steps
    assert step.both == len(both)
    assert step.moved == sum(before[who] != after[who] for who in both)
    assert step.came == sum(value is not None and before.get(who) is None for who, value in after.items())
    assert step.lost == sum(value is not None and after.get(who) is None for who, value in before.items())
    assert found.concentration.total == sum(value for value in after.values() if value is not None)
    if case.corrections:
        return
    held = tuple(each.row for each in Records(case.rulebook, rows, people, case.as_of).all if each.day <= days[0])
    alone = {
        each.score.subject: each.score.score
        for each in refer(case.rulebook, held, people, days[1], case.pauses).ledgers()
    }
    arrived = [each for each in Records(case.rulebook, rows, people, case.as_of).all if days[0] < each.day <= days[1]]
    own = {each.subject for each in arrived}
    if takes_given(case.rulebook):
        own |= {each.actor for each in arrived}
    quiet = [who for who in both if before[who] != after[who] and who not in own]
    assert step.quiet == len(quiet)
    assert all(alone.get(who) == after[who] for who in quiet)


@pytest.mark.realdata
@pytest.mark.skipif(not REAL.exists(), reason="the real records are not here")
def test_real_records_are_replayed() -> None:
    """Over a real history, the last day's points are those of a run of that day, and every step holds all of them."""
    rulebook = load(ROOT / "examples" / "maintainers" / "maintainers.tally")
    days = (date(2026, 4, 1), date(2026, 5, 16), date(2026, 7, 1))
    found = stability(rulebook, TrialInputs(days[-1], str(REAL)), days)
    run = score(rulebook, str(REAL), as_of=days[-1])
    try:
        scores = [each.score.score for each in run.ledgers() if each.score.score is not None]
    finally:
        run.close()
    assert (found.concentration.scored, found.concentration.total) == (len(scores), sum(scores))
    assert sum(each.points for each in found.shares) == found.concentration.total
    assert all(each.moved == each.up + each.down and each.quiet <= each.moved for each in found.steps)
    assert all(each.moved > 0 for each in found.steps)
