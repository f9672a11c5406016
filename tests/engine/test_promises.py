"""Takes rulebooks with promises; checks which are proved, which refuted by records that replay, which not settled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted
from msgspec.structs import replace

from tallystick.engine.gaming.promises import ClaimResult, hold_promises, score_by_files, write_world
from tallystick.engine.gaming.refuting import search
from tallystick.engine.gaming.worlds import beginnings
from tallystick.rules.rulebook import Rulebook

HEAD = """\
rulebook "Promises" version 1.0.0
    owner "Tests"

records
    id      text
    subject text
    actor   text
    kind    one of like, report, post
    at      date

subjects
    consent yes/no
    joined  date optional

require consent "agreed"
    when consent
    otherwise no score "Not agreed."

require enough "enough"
    when posts >= 2
    otherwise insufficient data "Too little."

measure posts "post" / "posts"
    count post

measure likes "like" / "likes"
    count like

measure recent "like" / "likes of late"
    count like
    within 30 days

measure likers "liker" / "likers"
    distinct actor of like
    halving every 30 days

measure reported "reporter" / "reporters"
    distinct actor of report

"""
CLAIMS = {
    "one": "one actor moves at most {}",
    "own": "own actions give at most {}",
    "silence": "14 days of silence cost at most {}",
    "falls": "score never falls with {}",
}


def rulebook_of(points: str, before: str = "", fields: str = "", **amounts: str) -> Rulebook:
    """Return a rulebook with one rule, and a promise for each claim; ``before``: what stands before its measures;
    ``fields``: what records have besides."""
    rule = f'rule r "R"\n    points {points}\n    because "…"\n\n'
    score = 'score "S"\n    sum of all rules\n    rounded to 1 place\n\n'
    promises = "".join(f'promise "{name}"\n    {CLAIMS[name].format(amount)}\n' for name, amount in amounts.items())
    return accepted(_head(before, fields) + rule + score + promises)


def _head(before: str, fields: str) -> str:
    head = HEAD.replace("    at      date\n", f"    at      date\n{fields}", 1)
    return head.replace("require consent", f"{before}require consent", 1)


def verdicts(rulebook: Rulebook) -> dict[str, str]:
    """Return what became of each promise."""
    return {each.promise.text: each.verdict for each in hold_promises(rulebook, tries=30)}


def test_each_kind_of_promise_is_proved_where_it_follows_from_the_rules() -> None:
    """One liker is worth at most 3 points; a fortnight leaves 2^(-14/30) = 72.4 % of 10 likers at 3 points; nobody's
    like takes away."""
    proved = rulebook_of("3 * min(likers, 10)", one="3", own="3", silence="30", falls="like, report, post")
    assert set(verdicts(proved).values()) == {"proved"}


def test_what_cannot_be_derived_and_is_not_found_is_not_settled() -> None:
    """`min(x, 5) + max(0, 5 - x)` is 5 whatever x is, which ranges do not see: no proof, no records, no verdict."""
    steady = "min({0}, 5) + max(0, 5 - {0})"
    found = hold_promises(rulebook_of(steady.format("likes"), one="1", own="1", falls="like"), tries=30)
    assert {each.verdict for each in found} == {"not settled"}
    assert verdicts(rulebook_of(steady.format("recent"), silence="1")) == {"silence": "not settled"}
    (claim,) = found[0].claims
    assert claim.search is not None
    assert (claim.search.tries > 5, claim.search.farthest) == (True, 0)
    assert [(way.kind, way.name) for way in claim.judged.ways] == [("measure", "likes")]


@pytest.mark.parametrize(
    ("points", "claim", "amount", "fewest"),
    [
        # Beside the two posts without which there is no score: as many records as it takes to go past the promise.
        ("min(likes, 100)", "one", "12", 15),
        ("min(likes, 100)", "own", "3", 6),
        ("min(recent, 100)", "silence", "2", 5),
        ("20 - min(2 * reported, 20)", "falls", "report", 3),
        ("-1 * min(likes, 100)", "one", "12", 15),
        # What counts up to a number falls with the one that is too many.
        ("if likes >= 41 then 0 else 5", "falls", "like", 43),
    ],
    ids=["one", "own", "silence", "falls", "one lowers", "falls at a number"],
)
def test_each_kind_of_promise_is_refuted_by_the_fewest_records_which_replay(
    points: str, claim: str, amount: str, fewest: int, tmp_path: Path
) -> None:
    """A false promise is refuted by records of which none can be spared; written to files and read by the fast engine,
    they give the two scores that the reference gives."""
    ((result,),) = (each.claims for each in hold_promises(rulebook_of(points, **{claim: amount})))
    assert isinstance(result, ClaimResult)
    assert result.verdict == "refuted"
    shown = result.shown
    assert shown is not None
    assert len(shown.after.records) == fewest
    assert [row[0] for row in shown.before.subjects] == ["newcomer"]
    for name, world, score in zip("ab", (shown.before, shown.after), shown.scores, strict=True):
        assert world.score() == score == score_by_files(world, write_world(world, tmp_path / name))


DATED = """\
parameter worth = 3 "what a like is worth"
    because "…"
    from 2027-01-01 = 30 because "…"
    from 2028-01-01 = 1 because "…"

"""


@pytest.mark.parametrize(
    ("claim", "amount", "days", "moved"),
    [
        ("one", "29", ("2027-01-01", "2027-01-01"), "30"),
        ("own", "29", ("2027-01-01", "2027-01-01"), "30"),
        ("silence", "28", ("2027-12-31", "2028-01-14"), "-29"),
    ],
)
def test_a_promise_is_tried_on_the_days_on_which_values_come(
    claim: str, amount: str, days: tuple[str, str], moved: str
) -> None:
    """What holds today and will not when a dated value comes is refuted there: 30 points for a like in 2027, and 29 of
    them gone in 2028 by the day alone."""
    text = rulebook_of("worth * min(likes, 1)", **{claim: amount}, before=DATED)
    ((result,),) = (each.claims for each in hold_promises(text))
    assert result.shown is not None
    assert (result.shown.before.as_of.isoformat(), result.shown.after.as_of.isoformat()) == days
    assert result.shown.moved == Decimal(moved)


def test_what_holds_from_some_day_on_is_not_proved() -> None:
    """What a like gives today it takes from 2027 on, and more of it: own actions still give points today."""
    dated = DATED.replace("= 30", "= -5").replace('    from 2028-01-01 = 1 because "…"\n', "")
    rulebook = rulebook_of("worth * min(likes, 10)", own="5", falls="like", before=dated)
    assert verdicts(rulebook) == {"own": "refuted", "falls": "refuted"}


def test_what_is_promised_on_a_day_is_refuted_on_that_day() -> None:
    """Where 3 points are promised today and 30 from 2027 on, 20 points refute it today, though not on every day."""
    before = DATED.replace("worth = 3", "most = 3").replace('    from 2028-01-01 = 1 because "…"\n', "")
    ((result,),) = (each.claims for each in hold_promises(rulebook_of("min(likes, 20)", one="most", before=before)))
    assert result.shown is not None
    assert result.shown.before.as_of < date(2027, 1, 1)
    assert 3 < abs(result.shown.moved) <= 20


def test_nobody_is_imagined_before_the_rules_are_in_force() -> None:
    """Of a value that comes on the very day on which the rules come into force, there is no day before."""
    head = 'owner "Tests"\n    effective 2027-01-01'
    found = beginnings(
        accepted(rulebook_of("worth * min(likes, 1)", before=DATED).text.replace('owner "Tests"', head)), 14
    )
    assert found
    assert all(each.as_of >= date(2027, 1, 1) for each in found)


def test_records_that_leave_their_window_the_next_day_are_tried() -> None:
    """What is 29 days old counts within 30 days, and a day later it does not."""
    promises = 'promise "silence"\n    1 day of silence cost at most 2\n'
    rulebook = accepted(rulebook_of("min(recent, 100)").text + promises)
    ((result,),) = (each.claims for each in hold_promises(rulebook))
    assert result.shown is not None
    assert result.shown.moved < -2


SIGNED = """\
measure balance "b"
    sum size of like
    within 30 days

"""


def test_what_takes_away_is_tried_beside_what_goes() -> None:
    """Likes of 10 points leave their window, and those that take away stay: 200 points are lost, not the 100 of the
    likes that leave."""
    text = rulebook_of(
        "max(min(balance, 100), -100)",
        before=SIGNED,
        fields="    size    number -10 to 10 with 1 places\n",
        silence="150",
    )
    ((result,),) = (each.claims for each in hold_promises(text))
    assert result.shown is not None
    assert result.shown.moved < -150


def test_the_farthest_that_was_tried_is_told_where_nothing_is_settled() -> None:
    """Five likes are 3 points to whoever joined on no known day, where ranges allow 8: that is the farthest, though
    what is tried last goes less far."""
    points = "(if likes = 5 and joined is missing then 3 else 0) + min(recent, 5) + max(0, 5 - recent)"
    ((result,),) = (each.claims for each in hold_promises(rulebook_of(points, own="4")))
    assert result.search is not None
    assert (result.verdict, str(result.search.farthest)) == ("not settled", "3.0")


@pytest.mark.parametrize("since", ["years since joined or else 0 >= 20", "days since joined or else 0 >= 400"])
def test_a_promise_is_tried_on_the_day_at_which_a_rule_turns(since: str, tmp_path: Path) -> None:
    """Points that go with the twentieth year, or the 400th day, are found gone after a fortnight of silence."""
    rulebook = rulebook_of(f"if {since} then 0 else 7", silence="6")
    ((result,),) = (each.claims for each in hold_promises(rulebook))
    assert result.shown is not None
    assert result.shown.scores == (7, 0)
    for name, world, score in zip("ab", (result.shown.before, result.shown.after), result.shown.scores, strict=True):
        assert score_by_files(world, write_world(world, tmp_path / name)) == score


def test_the_same_records_are_found_each_time() -> None:
    """A search is the same each time: nothing in it is left to chance."""
    rulebook = rulebook_of("min(likes, 100)", own="3")
    first, second = (search(rulebook, rulebook.promises[0].claims[0], tries=60) for _ in range(2))
    assert first.shown is not None
    assert first == second


def test_a_promise_by_a_field_is_refuted_by_records_of_one_value(tmp_path: Path) -> None:
    """Where likes count in jazz alone, that is where the records are found, and nothing of another value among them;
    the fast engine gives both scores of them."""
    text = (
        HEAD.replace("    at      date\n", "    at      date\n    topic   one of tea, jazz\n")
        .replace("measure likes", "measure jazzed", 1)
        .replace("    count like\n\n", "    count like\n    when topic = jazz\n\n", 1)
    )
    text += 'rule r "R"\n    points 2 * jazzed\n    because "…"\n\nscore "S" by topic\n    sum of all rules\n\n'
    rulebook = accepted(f'{text}promise "p"\n    one actor moves at most 5\n')
    (result,) = hold_promises(rulebook)
    shown = result.claims[0].shown
    assert result.verdict == "refuted"
    assert shown is not None
    assert {row[-1] for row in shown.after.records} == {"jazz"}
    assert score_by_files(shown.after, write_world(shown.after, tmp_path / "after")) == shown.scores[1]


def test_promises_of_a_rulebook_that_is_in_force_on_the_last_days() -> None:
    """From Saturday, 25 December 9999 on there is one Monday more, the 27th. On it an actor's likes can be tried; no
    day is a fortnight later."""
    rulebook = rulebook_of("recent", one="1", silence="1")
    late = replace(rulebook, effective=date(9999, 12, 25))
    assert verdicts(rulebook) == {"one": "refuted", "silence": "refuted"}
    assert verdicts(late) == {"one": "refuted", "silence": "not settled"}
    assert verdicts(replace(rulebook, effective=date(9999, 12, 31))) == {"one": "refuted", "silence": "not settled"}
