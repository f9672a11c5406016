"""An explanation says of a measure which records it takes, and what each of them counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from generators.accepted import accepted
from msgspec.structs import replace

from tallystick.engine.reference import refer
from tallystick.explain import explain
from tallystick.explain.languages.language import tongue_of
from tallystick.explain.tongue import OwnWords, speaking
from tallystick.explain.words.line_entries import line_entries
from tallystick.explain.words.measures import measure_sentences
from tallystick.rules import read
from tallystick.rules.source import Source

TEXT = """rulebook "Votes" version 1.0.0

records
    subject text
    kind    one of up, down, best, tip
    at      time
    amount  whole number 0 to 100 optional

measure votes "point from votes" / "points from votes"
    sum by kind
        up:   10
        best: 10
        down: -2

measure tips "cent" / "cents"
    sum 2 * amount of tip
    when amount is not missing and amount >= 5

measure coins "coin" / "coins"
    sum amount or else 0 of tip

measure largest "coin" / "coins"
    highest amount of tip
    when amount is not missing

rule votes "Votes"
    points votes + tips + coins + (largest or else 0)
    because "Others say so."

score "Votes"
    sum of all rules
"""


@pytest.fixture(scope="module")
def told() -> str:
    """What ada is told, on one line."""
    rulebook = accepted(TEXT)
    at = datetime(2026, 1, 2, 12, tzinfo=UTC)
    rows = (
        ("ada", "up", at, None),
        ("ada", "down", at, None),
        ("ada", "tip", at, Decimal(7)),
        ("ada", "tip", at, Decimal(3)),
    )
    return " ".join(explain(refer(rulebook, rows, (), date(2026, 2, 1)), "ada").text().split())


def test_what_each_kind_counts_is_said(told: str) -> None:
    """Where a record counts by its kind, the explanation says what each kind is worth, kinds of one value together."""
    assert "Counted: 8 points from votes, in 2 records." in told
    assert 'Each record of "up" or "best" counts for 10.' in told
    assert 'Each record of "down" counts for -2.' in told


def test_what_a_worked_out_record_counts_is_said(told: str) -> None:
    """Where a record's value is worked out, the explanation says how; of a field alone the measure's name does."""
    assert "Counted: 14 cents, in 1 record." in told
    assert "Each record counts for 2 × the amount." in told
    assert "Each record counts for the amount (0 if not known)." in told
    assert "The value of each record is" not in told


def test_which_records_a_measure_takes_is_said(told: str) -> None:
    """Where a measure takes only some records of its kinds, the explanation says which."""
    assert "Only records for which this holds: the amount is known and the amount is at least 5." in told
    assert "Only records for which this holds: the amount is known." in told


def test_what_a_worked_out_measure_lacks_is_among_the_unknown() -> None:
    """What is not known is told with every rule that looks at it, also through a measure that makes do without it."""
    rulebook, diagnostics = read(
        Source(
            "fees.tally",
            'rulebook "Fees" version 1.0.0\n\nsubjects\n    fee number 0 to 10 optional "last fee paid"\n\n'
            'measure ratio "ratio" / "ratios"\n    = fee / 2\n    when fee is not missing\n\n'
            'measure made_do "sum" / "sums"\n    = 1 + ratio or else 0\n\n'
            'rule one "One"\n    points by ratio\n        under 1: 1\n        1 or more: 2\n'
            '        missing: 0 "No fee is known."\n    because "So."\n\n'
            'rule two "Two"\n    points made_do\n    because "So."\n\nscore "Fees"\n    sum of all rules\n',
        )
    )
    assert rulebook is not None, diagnostics
    found = explain(refer(rulebook, (), (("ada", None),), date(2026, 2, 1)), "ada")
    assert [(each.name, each.state, each.rules) for each in found.missing] == [
        ("fee", "missing", ("one", "two")),
        ("ratio", "not applicable", ("one", "two")),
    ]
    told = " ".join(found.text().split())
    assert (
        'Ratios: this does not apply to you. It asks for: "last fee paid" is known. It is not a zero. '
        "- Last fee paid: not known. That is not the same as zero or no. - No fee is known. It gives 0 points then."
    ) in told


LIMITS = """rulebook "Gifts" version 1.0.0

records
    subject text
    actor   text
    kind    one of gift, visit
    at      time

measure gifts "gift" / "gifts"
    count gift
    diluted per actor per day
    keep at most 2 per actor
    total at most 3 per week

rule gifts "Gifts"
    points gifts
    because "Others say so."

score "Gifts"
    sum of all rules
"""


def test_a_limit_that_nothing_reached_is_said() -> None:
    """Limits that took nothing are told as such; who has nothing that they could take from is told of none."""
    rulebook = accepted(LIMITS)
    days = [datetime(2026, 1, day, 12, tzinfo=UTC) for day in (1, 8, 15)]
    rows = (
        ("ada", "bob", "gift", days[0]),
        *(("bea", "bob", "gift", day) for day in days[1:]),
        *(("cem", "dan", "gift", days[0]) for _ in range(2)),
        ("dan", "eve", "gift", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        *(("dan", "eve", "gift", day) for day in days),
        ("eve", "ada", "visit", days[0]),
    )
    run = refer(rulebook, rows, (), date(2026, 2, 1))
    told = {each: " ".join(explain(run, each).text().split()) for each in ("ada", "cem", "dan", "eve")}
    thinned = "Records of somebody who gives several in a day count only in part; here that takes nothing off."
    keep, total = "No record went over the limit of 2 per person.", "No record went over the total of 3 per week."
    assert f"Counted: 1 gift. - {thinned} - {keep} - {total} - Each gift counts one point." in told["ada"]
    assert "2 records counted only in part, since whoever they came from gave several that day" in told["cem"]
    assert thinned not in told["cem"]
    assert f"{keep} - {total}" in told["cem"]
    assert f"Counted: 3 gifts. - {thinned} - {total} - 1 record went over the limit of 2 per person" in told["dan"]
    assert keep not in told["dan"]
    assert "Counted: 0 gifts. None were found. - Each gift counts one point." in told["eve"]


def test_a_dilution_of_records_that_count_nothing_is_said_as_far_as_it_is_certain() -> None:
    """Three gifts of one person on a day were diluted, though the ledger has no step for it: they count nothing."""
    text = LIMITS.replace(
        "measure gifts", 'discount small "small gifts"\n    to 0%\n    because "They are small."\n\nmeasure gifts', 1
    )
    text = text.replace("    keep at most 2 per actor\n    total at most 3 per week\n", "")
    rulebook = accepted(text)
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    run = refer(rulebook, (("ada", "bob", "gift", at),) * 3, (), date(2026, 2, 1))
    told = " ".join(explain(run, "ada").text().split())
    assert "3 records counted only 0% (small gifts), which takes off 3." in told
    assert "count only in part; here that takes nothing off." in told
    assert "since whoever" not in told


def test_a_dilution_is_said_of_the_records_that_it_took_from() -> None:
    """Bob gave four records on a day; three count nothing anyway, so the dilution took from one: it is not said that
    only one came from him."""
    seen = 'discount seen "visits"\n    to 0%\n    when kind = visit\n    because "No."\n\nmeasure gifts'
    text = LIMITS.replace("measure gifts", seen, 1).replace("count gift\n", "count gift, visit\n", 1)
    text = text.replace("    keep at most 2 per actor\n    total at most 3 per week\n", "")
    rulebook = accepted(text)
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    rows = tuple(("ada", "bob", kind, at) for kind in ("visit", "visit", "visit", "gift"))
    told = " ".join(explain(refer(rulebook, rows, (), date(2026, 2, 1)), "ada").text().split())
    assert "Counted: 4 gifts. - 3 records counted only 0% (visits), which takes off 3." in told
    assert (
        "1 record counted only in part, since whoever it came from gave several that day, which takes off 0.75." in told
    )


def test_what_nobody_reads_has_no_evidence() -> None:
    """Records are listed behind what decides a result: a rule's measures, down to what they are made of, and those of
    its own words; not behind a measure that nothing reads."""
    spare = (
        LIMITS[: LIMITS.index("rule gifts")]
        + 'measure spare "visit" / "visits"\n    count visit\n\n'
        + 'measure told "visit told" / "visits told"\n    count visit\n\n'
        + 'measure part "part"\n    = gifts / 2\n\n'
        + 'rule gifts "Gifts"\n    points part\n    say "Of {told} visits."\n    because "Others say so."\n\n'
        + 'score "Gifts"\n    sum of all rules\n'
    )
    rulebook = accepted(spare)
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    run = refer(rulebook, (("ada", "bob", "gift", at), ("ada", "bob", "visit", at)), (), date(2026, 2, 1))
    assert {row.measure for row in run.evidence("ada")} == {"gifts", "spare", "told"}
    found = explain(run, "ada", evidence=True)
    assert (
        {each.measure for each in found.records} == {each.measure for each in found.records_added} == {"gifts", "told"}
    )


def test_a_window_is_told_with_its_days_in_any_language() -> None:
    """A window of one day is the day of the score; one of 21 days has its number, also where "21 day" is right."""
    text = LIMITS.replace("    diluted per actor per day\n", "    within 1 day\n")
    rulebook = accepted(text)
    at = datetime(2026, 2, 1, 12, tzinfo=UTC)
    found = explain(refer(rulebook, (("ada", "bob", "gift", at),), (), date(2026, 2, 1)), "ada")
    assert "Counted: 1 gift on the day of the score." in " ".join(found.text().split())
    longer = replace(found.lines[0].measures[0], within_days="21")
    assert measure_sentences((longer,), {}, "")[0] == "Counted: 1 gift in the last 21 days."
    made_up = tongue_of("qps", OwnWords("en", {}, {}))
    assert made_up is not None
    as_in_russian = replace(
        made_up,
        direction="ltr",
        sentence=lambda _context, message: message,
        form=lambda one, many, n: one if n % 10 == 1 else many,
        figure=str,
    )
    with speaking(as_in_russian):
        assert measure_sentences((longer,), {}, "")[0].endswith("in the last 21 day.")


def test_what_was_taken_from_two_measures_is_told_of_both() -> None:
    """Where two measures of one rule lose as much in the same way, each is told with what it lost: neither is less than
    was counted without a word why. What both are made of is told once."""
    text = """rulebook "Stars" version 1.0.0

records
    subject text
    actor   text
    kind    one of star
    at      date
    worth   whole number 0 to 5

discount second "stars given in return"
    to 50%
    when actor != subject

measure stars "star" / "stars"
    count star

measure light "candle" / "candles"
    sum worth of star

measure mean "candle for each star" / "candles for each star"
    = light / stars
    when stars >= 1

rule mean "How bright"
    points mean + stars
    otherwise 0 "None."
    because "So."

score "Stars"
    sum of all rules
"""
    rulebook = accepted(text)
    at = date(2026, 1, 2)
    rows = tuple(("ada", each, "star", at, Decimal(1)) for each in ("bob", "cem"))
    (entry,) = line_entries(explain(refer(rulebook, rows, (), date(2026, 2, 1)), "ada"))
    took = "2 records counted only 50% (stars given in return), which takes off 1."
    assert entry.items.count(took) == 2
    for counted, left in (
        ("Counted: 2 stars.", "That leaves 1 star."),
        ("Counted: 2 candles", "That leaves 1 candle."),
    ):
        (place,) = (n for n, each in enumerate(entry.items) if each.startswith(counted))
        assert entry.items[place + 1 : place + 3] == (took, left)
