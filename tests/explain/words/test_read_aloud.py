"""What a person reads is true and can be read aloud: no sentence glued wrongly, no figure that comes from nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from generators.accepted import accepted
from ledgers.with_rows import with_rows

from tallystick.engine.intake.reading import Row
from tallystick.engine.pauses import Pause
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.engine.what_if.question import Question
from tallystick.explain import explain
from tallystick.explain.audience.for_audience import for_audience
from tallystick.explain.guide.guide import guide as written_guide
from tallystick.explain.languages.in_language import run_in_language, wording
from tallystick.explain.page import Entry
from tallystick.explain.text import draw
from tallystick.explain.tree.acts import CorrectedLine, Correction, Uncorrected
from tallystick.explain.tree.lines import NamedEnd
from tallystick.explain.what_if.answer import what_if
from tallystick.explain.what_if.could_change import could_change
from tallystick.explain.what_if.could_change_document import (
    EnoughActions,
    Goal,
    ImaginedAction,
    NoActionRaises,
    NothingDone,
)
from tallystick.explain.what_if.could_change_words import could_change_section
from tallystick.explain.what_if.words import page as whatif_page
from tallystick.explain.words.measures import given_sentence
from tallystick.rules import read
from tallystick.rules.audience import Audience
from tallystick.rules.diagnostics import Severity
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.translation import Translation

AS_OF = date(2026, 2, 1)
AT = datetime(2026, 1, 2, 12, tzinfo=UTC)
MEAN = """rulebook "Course" version 1.0.0

records
    subject text
    kind    one of review
    at      time
    mark    number 0 to 10

subjects
    fee     number 0 to 100 optional "what you paid"
    illness number 0 to 10 private optional

measure marks "point on average" / "points on average"
    average mark of review

measure reviews "review" / "reviews"
    count review

rule marks "Your marks"
    weight 50
    level  marks, linear to 10
    otherwise not applicable
    because "So."

rule fee "Your fee"
    weight 1
    level  fee / 100
    when   reviews >= 2 and fee is not missing
    because "So."

rule health "Your health"
    weight 20
    level  illness, linear to 10
    otherwise not applicable
    because "So."

score "Standing"
    mean of all rules by weight, out of 100
"""
SUM = """rulebook "Market" version 1.0.0

records
    subject text
    actor   text optional
    kind    one of sale, rating, visit
    at      time
    amount  whole number -10 to 10

subjects
    joined  date optional "when you joined"
    club    text optional

measure doubts "point below 0" / "points below 0"
    sum 0 - amount of rating
    when amount < 0 and actor is not missing

measure sales "sale" / "sales"
    count sale
    when amount >= 5 and actor is not missing
    keep at most 1 per actor
    within 1 day

measure best "best sale" / "best sale"
    highest amount of visit

rule doubts "Doubts"
    points 0 - doubts
    at least -5
    because "So."

rule sales "Sales"
    weight 1
    level  sales, linear to 2
    because "So."

rule half "Half of the sales"
    weight 4
    level  sales / 2
    because "So."

rule curve "More of the sales"
    weight 4
    level  sales / 2, linear to 3
    because "So."

rule tenure "Years"
    points by years since joined
        under 1:   0
        1 or more: 1
        missing:   0 "We cannot tell."
    because "So."

measure visits "visit" / "visits"
    count visit
    halving every 10 days except pauses

rule visits "Visits"
    points visits
    because "So."

rule best "Best"
    points best
    at most 5
    otherwise 0 "No visit."
    because "So."

rule club "Club"
    points by club
        "Bakers", "The \\"Go\\" club": 2
        otherwise:                     0
    because "So."

score "Standing"
    sum of all rules
    at most 3
"""


def _run(text: str, records: tuple[tuple[object, ...], ...], subjects: tuple[tuple[object, ...], ...]) -> ReferenceRun:
    rulebook = accepted(text)
    return refer(rulebook, records, subjects, AS_OF)  # type: ignore[arg-type]  cells of every type


def _with_what_could_change(
    rulebook: Rulebook, rows: tuple[Row, ...], people: tuple[Row, ...] | None = None, as_of: date = AS_OF
) -> str:
    """Return the words of ada's explanation with what could change it."""
    found = could_change(with_rows(rulebook, rows, people, as_of, ()), "ada")
    made = explain(refer(rulebook, rows, people, as_of), "ada")
    return _words(made.model_copy(update={"could_change": found}).text())


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def course() -> ReferenceRun:
    """A run in which no rule applies to ada, who has one review fewer than a rule asks."""
    return _run(MEAN, (("bob", "review", AT, Decimal(7)),), (("ada", None, None), ("bob", Decimal(50), None)))


@pytest.fixture(scope="module")
def told() -> str:
    """What ada is told, on one line: a sale too small for any rule, two doubts, a day that is still to come."""
    records = (
        ("ada", "bob", "sale", AT, Decimal(1)),
        ("ada", "bob", "rating", AT, Decimal(-3)),
        ("ada", "cyd", "rating", AT, Decimal(-4)),
    )
    return _words(explain(_run(SUM, records, (("ada", date(2026, 3, 1), 'The "Go" club'),)), "ada").text())


def test_where_no_rule_of_a_mean_applies_each_says_what_it_asks(course: ReferenceRun) -> None:
    """Whoever has no score since no rule applies reads of each rule what it asks for, and what there is of that."""
    told = _words(explain(course, "ada").text())
    assert 'Your marks: - This rule needs a value for "points on average", and there is none.' in told
    fee = 'Your fee: - This rule does not apply to you. It asks for: at least 2 reviews and "what you paid" is known.'
    assert fee in told
    assert "Counted: 0 reviews. None were found. - What you paid: not known." in told
    assert '"illness" is not known, and this rule needs it.' in told
    assert "Illness: not known" not in told
    assert '- "what you paid": not known. Used by: "Your fee".' in told


def test_what_a_private_rule_asks_is_not_told_to_others(course: ReferenceRun) -> None:
    """Where no rule applies, the public reads what each rule asks but for those that look at what is private."""
    document = for_audience(explain(course, "ada"), course.rulebook, Audience.PUBLIC)
    assert document.requirement is not None
    assert [each.rule for each in document.requirement.rules] == ["marks", "fee"]
    assert "illness" not in document.text().split("WHAT IS NOT SHOWN")[0].split("ABOUT THIS SCORE")[0]


def test_a_value_turned_round_is_told_as_such(told: str) -> None:
    """A record that counts for 0 less its amount counts for the amount with plus and minus exchanged."""
    assert "Each record counts for the amount with plus and minus exchanged." in told
    assert "Each point below 0 takes one point away, at most 5." in told


def test_a_record_that_does_not_meet_a_condition_is_not_said_to_be_of_another_kind(told: str) -> None:
    """A sale that is too small is of a kind that a rule uses: it is only not what the rule counts."""
    assert "not what any rule counts 1" in told
    assert "of a kind" not in told


def test_a_day_that_is_still_to_come_is_not_called_unknown(told: str) -> None:
    """Who joins after the day of the score is told so, and not that the day is not known."""
    assert '"when you joined" is later than the day of the score, so no time has passed since then' in told
    assert '"when you joined" is not known' not in told


def test_what_a_level_looks_at_is_named(told: str) -> None:
    """A level that is worked out says from what, and one point is spoken of as one."""
    assert "It looks at sales / 2, held between zero and one: that part of 4 points." in told
    assert "It looks at: sales / 2. Each one brings the same; all 4 points are reached at 3." in told
    assert "Each one brings the same; the whole point is reached at 2 sales." in told
    assert "Counted: 0 sales on the day of the score." in told


def test_whoever_did_it_is_no_actor(told: str) -> None:
    """A condition on the roles of a record names them as people do."""
    assert "the amount is less than 0 and the name of whoever did it is known" in told
    assert "actor is" not in told


def test_texts_in_a_row_are_quoted_as_the_language_does(told: str) -> None:
    """A row that takes texts shows them as they stand in the data, in the quotation marks of the reader."""
    assert 'falls under "Bakers", "The "Go" club", which gives 2 points' in told
    run = _run(SUM, (), (("ada", None, "Bakers"),))
    assert 'fällt unter „Bakers“, „The "Go" club“ und gibt' in _words(explain(run, "ada", language="de").text())


def test_what_is_left_over_in_a_table_is_called_anything_else() -> None:
    """Whoever lands on the row for all the rest reads "anything else", as in the guide, and no word of the language."""
    told = _words(explain(_run(SUM, (), (("ada", None, "Weavers"),)), "ada").text())
    assert 'falls under "anything else", which gives 0 points' in told


def test_a_score_that_corrections_leave_as_it_is_is_told_once() -> None:
    """Where a limit holds the score, corrections move lines alone: that is said, and not the same score twice."""
    made = explain(_run(SUM, (), (("ada", None, "Bakers"),)), "ada")
    assert made.score == "2"
    correction = Correction(
        record="7", action="void", reason="Twice.", who="us", when=AS_OF, was={"id": "7"}, changes=(), rules=()
    )
    line = CorrectedLine(rule="club", title="Club", without="9", with_them="2")
    without = Uncorrected(outcome="scored", score="2", words=None, lines=(line,))
    told = _words(made.model_copy(update={"corrections": (correction,), "uncorrected": without}).text())
    assert "With this correction and without it, your score is the same: 2." in told
    assert "The lines and the score do not move by the same: limits, weights or rounding stand between them." in told
    moved = Uncorrected(outcome="scored", score="9", words=None, lines=(line,))
    told = _words(made.model_copy(update={"corrections": (correction,), "uncorrected": moved}).text())
    assert "Without this correction your score would be 9; with it, it is 2." in told
    assert "The lines and the score do not move" not in told


def test_what_would_come_to_have_a_value_is_told_so() -> None:
    """What if: a measure that has no value as it is, is not told as "not no value"."""
    rulebook, _ = read(Source("aloud.tally", SUM))
    assert rulebook is not None
    run = with_rows(rulebook, (), (("ada", None, "Bakers"),), AS_OF, ())
    answer = what_if(run, "ada", Question((("ada", "bob", "visit", AT, Decimal(3)),), (), AS_OF))
    told = _words(draw(whatif_page(answer)))
    assert "best sale: 3; as it is, there is no value" in told


def test_what_would_come_to_be_known_about_a_person_is_told_so() -> None:
    """What if: of an attribute that is missing as it is, nobody reads "not missing", nor twice "not" in German."""
    run = with_rows(accepted(NIGHT), (), (("ada", datetime(2026, 1, 1, tzinfo=UTC), None),), AS_OF, ())
    answer = what_if(run, "ada", Question(attributes=(("seen", datetime(2026, 2, 1, tzinfo=UTC)),)))
    told = _words(draw(whatif_page(answer)))
    assert "seen is 2026-02-01 13:00:00 UTC+13:00; as it is, it is not known." in told
    with wording("de", []):
        german = _words(draw(whatif_page(answer)))
    assert "ist 01.02.2026 13:00:00 UTC+13:00; wie es ist, ist es nicht bekannt." in german


def test_who_stands_at_the_end_of_the_scale_is_told_that_nothing_raises_it() -> None:
    """What could change a score that is the most there is begins with that."""
    made = explain(_run(SUM, (("ada", "bob", "visit", AT, Decimal(9)),), (("ada", None, "Bakers"),)), "ada")
    assert made.score == "3"
    nothing = NothingDone(on=AS_OF, days=30, score="3", points="0", outcome="scored", band=None, words=None)
    told = _words(made.model_copy(update={"could_change": (nothing,)}).text())
    assert "The score is at the end of the scale, 3: nothing raises it." in told


def test_who_was_away_and_did_not_say_so_reads_that_it_would_have_stopped_the_fading() -> None:
    """Where a fading stops during absences and no absence is known, the person is told how it is stopped."""
    visit = (("ada", "bob", "visit", AT, Decimal(0)),)
    told = _words(explain(_run(SUM, visit, (("ada", None, "Bakers"),)), "ada").text())
    stops = "While you are away, nothing of this fades, if whoever keeps the score is told from when to when."
    assert f"now count as about 0.13 visits. - {stops}" in told
    rulebook, _ = read(Source("aloud.tally", SUM))
    assert rulebook is not None
    away = (Pause("ada", date(2026, 1, 5), date(2026, 1, 9)),)
    run = refer(rulebook, visit, (("ada", None, "Bakers"),), AS_OF, pauses=away)
    told = _words(explain(run, "ada").text())
    assert "Your absence from 2026-01-05 to 2026-01-09 stopped the fading for that time" in told
    assert stops not in told


def test_people_are_counted_as_people() -> None:
    """Guide and explanation count different people, and not the values of a field that programs call the actor."""
    text = SUM[: SUM.index("measure doubts")].replace("actor   text optional", "actor   text") + (
        'measure buyers "buyer" / "buyers"\n    distinct actor of sale\n\n'
        'measure served "person served" / "people served"\n    distinct subject of sale given\n\n'
        'measure depth "regular" / "regulars"\n    h index of sale by actor\n\n'
        'rule all "All"\n    points buyers + served + depth\n    because "So."\n\nscore "All"\n    sum of all rules\n'
    )
    rulebook = accepted(text)
    guide = " ".join(line.strip() for line in written_guide(rulebook).splitlines()).replace("\\", "")
    assert 'How many different people there are behind records of "sale", each counted once.' in guide
    assert 'How many different people records of "sale" given by the person are about, each counted once.' in guide
    assert 'that many people have at least that many records of "sale" each.' in guide
    told = _words(
        explain(refer(rulebook, (("ada", "bob", "sale", AT, Decimal(1)),), (("ada", None, None),), AS_OF), "ada").text()
    )
    assert "Counted: 1 regular: that many people have at least that many records each." in told


def test_a_value_that_another_made_needless_is_not_called_needed() -> None:
    """Of two ways to meet a condition one is enough: a rule lacks what it looks at, and not what the other way asks."""
    text = SUM[: SUM.index("measure doubts")].replace(
        "joined  date", "quota   number 0 to 9 optional\n    joined  date"
    ) + (
        'measure mean "amount on average" / "amounts on average"\n    average amount of sale\n\n'
        'rule mean "Average"\n    points mean\n    at most 9\n'
        '    when quota >= 5 or club = "Bakers" or (joined is missing and quota < 2)\n'
        '    otherwise 0 "Nothing."\n    because "So."\n\nscore "All"\n    sum of all rules\n'
    )
    people = (("ada", Decimal(7), None, None), ("bob", Decimal(3), None, None), ("cyd", None, None, "Weavers"))
    run = _run(text, (), people)
    lacked = {name: explain(run, name).lines[0].missing for name in ("ada", "bob", "cyd")}
    assert lacked == {"ada": "mean", "bob": "club", "cyd": "quota"}
    assert 'This rule needs a value for "amounts on average", and there is none.' in _words(explain(run, "ada").text())


SHARE = (
    'rulebook "Share" version 1.0.0\n\nrecords\n    subject text\n    actor   text "who wrote the change"\n'
    "    kind    one of review, praise\n    at      time\n\n"
    'measure reviews "review" / "reviews"\n    count review\n\n'
    'measure praised "praise" / "praises"\n    count praise\n\n'
    'measure share "share of praise"\n    = praised / max(reviews, 1)\n\n'
    'rule share "Share"\n    points by share\n        under 20%:       0\n        20% to under 1:  1\n'
    '        1 or more:       2\n    because "So."\n\nscore "Share"\n    sum of all rules\n'
)


def test_a_value_is_told_as_its_table_is_written() -> None:
    """Whoever lands in a row that is written in percent reads the value in percent, too, also in German."""
    rows = (*(("ada", "bob", "review", AT) for _ in range(23)), *(("ada", "bob", "praise", AT) for _ in range(2)))
    told = _words(explain(_run(SHARE, rows, ()), "ada").text())
    assert 'Share of praise: about 0.087, which is 8.7%. That falls under "under 20%", which gives 0 points.' in told
    told = _words(explain(_run(SHARE, (*rows, *rows[-2:] * 2), ()), "ada", language="de").text())
    assert "etwa 0,26, das sind 26,09 %. Das fällt unter" in told
    beside = _words(explain(_run(SHARE.replace("20%", "8.7%"), rows, ()), "ada").text())
    assert 'Share of praise: about 0.087, which is 8.6956522%. That falls under "under 8.7%", which gives' in beside
    aged = SHARE.replace("20%", "0.2")
    assert "which is 8.7%" not in _words(explain(_run(aged, rows, ()), "ada").text())


def test_the_named_end_of_a_row_is_told_as_its_other_end_is() -> None:
    """Where a table is written in percent, so are its parameters: no row runs from 0.2 to 75%."""
    few = SHARE.replace("rule share", 'parameter few = 0.025 "few"\n\nrule share')
    few = few.replace("under 20%:       0", "under few:       0").replace("20% to under 1", "few to under 7.5%")
    few = few.replace("1 or more:       2", "7.5% or more:    2")
    rows = (*(("ada", "bob", "review", AT) for _ in range(20)), ("ada", "bob", "praise", AT))
    made = explain(_run(few, rows, ()), "ada")
    assert 'which is 5%. That falls under "2.5% (few) to under 7.5%", which gives 1 point.' in _words(made.text())
    assert made.lines[0].row is not None
    assert made.lines[0].row.ends == (NamedEnd(name="few", value="0.025", percent="2.5"),)
    assert "2.5% (few) to under 7.5%" in written_guide(accepted(few))
    plain = few.replace("7.5%", "0.075")
    assert '"0.025 (few) to under 0.075"' in _words(explain(_run(plain, rows, ()), "ada").text())


def test_whom_an_imagined_record_is_by_is_said() -> None:
    """Where the rulebook says who the actor is, what could change a score says whom its records are by."""
    made = explain(_run(SHARE, (("ada", "bob", "review", AT),), ()), "ada")
    action = ImaginedAction(kind="praise", who="others", on=AS_OF, same=(), different=(), attributes=None)
    enough = EnoughActions(
        rule="share",
        title="Share",
        actions=1,
        action=action,
        goal=Goal(form="one step", at_least="2", band=None, band_title=None),
        score="2",
        one_fewer="0",
        points_now="0",
        points_then="2",
        still_on=AS_OF,
        tried_until=AS_OF,
    )
    told = _words(made.model_copy(update={"could_change": (enough,)}).text())
    assert 'Whom a record is by stands in its "actor": who wrote the change.' in told
    nobody = enough.model_copy(update={"action": action.model_copy(update={"who": "somebody"})})
    assert "Whom a record is by" not in made.model_copy(update={"could_change": (nobody,)}).text()


def test_only_what_is_read_is_said_to_be_assumed() -> None:
    """A field or an attribute that nothing reads decides nothing: what it was taken to be is not told."""
    text = (
        'rulebook "Read" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of gift\n'
        "    at      time\n    worth   number 0 to 10\n    place   text optional\n\n"
        "subjects\n    staff yes/no optional\n    town  text optional\n\n"
        'exclude staff "gifts of staff"\n    when actor.staff is not missing\n    because "So."\n\n'
        'measure gifts "gift" / "gifts"\n    sum worth of gift\n\n'
        'rule gifts "Gifts"\n    points gifts\n    because "So."\n\nscore "Read"\n    sum of all rules\n'
    )
    rulebook = accepted(text)
    rows = (("ada", "bob", "gift", AT, Decimal(2), "Rome"),)
    people: tuple[tuple[object, ...], ...] = (("ada", None, "Bonn"), ("bob", None, "Bonn"))
    told = _with_what_could_change(rulebook, rows, people)
    assert "Assumed of each record: worth is 2." in told
    assert "Assumed of the people who act: staff is missing." in told
    assert not any(each in told for each in ("place is", "town is"))
    # An attribute that is read of the person alone decides nothing about who acts.
    town = 'rule town "Town"\n    points if town is missing then 0 else 1\n    because "So."\n\n'
    text = text.replace('score "Read"', f'{town}score "Read"')
    rulebook = accepted(text)
    told = _with_what_could_change(rulebook, rows, people)
    assert "Assumed of the people who act: staff is missing." in told


def test_what_is_assumed_is_written_as_its_reader_does() -> None:
    """What an imagined record and whoever acts were taken to be has the titles of the rulebook, and numbers, days, yes
    and no, and named values as the reader writes them; so has what is known of the person."""
    text = (
        'rulebook "Read" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of gift\n'
        '    at      time\n    worth   number 0 to 10000 with 2 places "what it was worth"\n    open    yes/no\n\n'
        "subjects\n    rank   one of first_year, older\n    joined date\n\n"
        'measure gifts "gift" / "gifts"\n    sum worth of gift\n    when open and actor.rank is not missing and '
        "actor.rank = first_year and actor.joined is not missing and actor.joined > 2020-01-01\n\n"
        'rule gifts "Gifts"\n    points gifts\n    when rank = first_year\n    otherwise 0 "No."\n    because "So."\n\n'
        'score "Read"\n    sum of all rules\n'
    )
    rulebook = accepted(text)
    rows = (("ada", "bob", "gift", AT, Decimal("2345.5"), True),)
    people: tuple[tuple[object, ...], ...] = tuple((each, "first_year", date(2021, 3, 4)) for each in ("ada", "bob"))
    run, near = refer(rulebook, rows, people, AS_OF), with_rows(rulebook, rows, people, AS_OF, ())
    made = explain(run, "ada").model_copy(update={"could_change": could_change(near, "ada")})
    told = _words(made.text())
    assert "Assumed of each record: worth (what it was worth) is 2345.5 and open is yes." in told
    assert 'Assumed of the people who act: rank is "first_year" and joined is 2021-03-04.' in told
    names = {"open": "offen", "rank": "Jahrgang", "first_year": "erstes Jahr"}
    with wording("de", [(rulebook, (Translation("de", "en", {}, names, {}),))]):
        (entry,) = (
            each for each in could_change_section(made).blocks if isinstance(each, Entry) and "Gifts" in each.heading
        )
        assert "(what it was worth) ist 2.345,5 und offen ist ja." in " ".join(entry.items)
        assert "Jahrgang ist „erstes Jahr“" in " ".join(entry.items)
        assert "ist 04.03.2021" in " ".join(entry.items)
        (given,) = (each for each in made.lines[0].inputs if each.attribute == "rank")
        assert given_sentence(given) == "Jahrgang: erstes Jahr."


def test_what_nothing_changes_is_told_once() -> None:
    """Lines that look at no records are told together, and where the rules know no records, none is said to have been
    imagined; a rule that time alone raises is told by itself."""
    text = (
        'rulebook "Read" version 1.0.0\n\nsubjects\n    staff  yes/no\n    town   yes/no\n    joined date\n\n'
        'rule staff "Staff"\n    points if staff then 2 else 1\n    because "So."\n\n'
        'rule town "Town"\n    points if town then 2 else 1\n    because "So."\n\n'
        'rule tenure "Years"\n    points (years since joined) or else 0\n    because "So."\n\n'
        'score "Read"\n    sum of all rules\n'
    )
    rulebook = accepted(text)
    people: tuple[tuple[object, ...], ...] = (("ada", True, False, date(2025, 3, 4)),)
    told = _with_what_could_change(rulebook, (), people)
    assert 'What no action changes: - "Staff" and "Town": they look at nothing that is counted from records.' in told
    assert told.count("counted from records") == 2
    assert "Years: - No action changes it: it looks at nothing that is counted from records. Time alone does" in told
    assert "Everything in it was tried: the score was worked out for later days by the same rules." in told
    assert "imagined" not in told


def test_where_bands_have_needs_alone_later_days_are_told_by_the_band() -> None:
    """A score that no rule gives is 0 for everybody: what becomes of the person is the band."""
    text = (
        'rulebook "Levels" version 1.0.0\n\nrecords\n    subject text\n    kind    one of visit\n    at      date\n\n'
        'measure visits "day" / "days"\n    days of visit\n    within 40 days\n\n'
        'score "Level"\n    sum of all rules\n\n'
        'bands\n    guest  "Guest"\n        needs visits >= 0 "You were here once."\n'
        '    member "Member"\n        needs visits >= 1 "You come on one day."\n'
        '    friend "Friend"\n        needs visits >= 2 "You come on two days."\n'
    )
    rulebook, _ = read(Source("levels.tally", text))
    assert rulebook is not None
    rows = (("ada", "visit", date(2026, 1, 2)),)
    told = _with_what_could_change(rulebook, rows, ())
    assert '- 2026-03-03, 2026-04-02 and 2026-05-02, after 30, 60 and 90 days: "Guest".' in told
    assert "0, as it is now" not in told
    later = date(2026, 1, 2)
    told = _with_what_could_change(rulebook, rows, (), later)
    assert '2026-02-01, after 30 days: "Member", as it is now.' in told
    near = with_rows(rulebook, rows, (), later, ())
    answer = what_if(near, "ada", Question(as_of=date(2026, 2, 28)))
    page = _words(draw(whatif_page(answer)))
    assert 'The band would be "Guest" in place of "Member".' in page
    assert "0 as it is" not in page
    assert "points" not in page
    same = _words(draw(whatif_page(what_if(near, "ada", Question(as_of=date(2026, 1, 3))))))
    assert 'The band is "Member", and would be the same if this were so.' in same
    high, _ = read(
        Source("levels.tally", text.replace(">= 0", ">= 9").replace(">= 1 ", ">= 8 ").replace(">= 2", ">= 8"))
    )
    assert high is not None
    without = what_if(with_rows(high, rows, (), later, ()), "ada", Question(as_of=date(2026, 1, 3)))
    assert "There is no band, and there would be none if this were so." in _words(draw(whatif_page(without)))
    # However many records of one day are one day.
    assert "You come on two days. No action tried meets this; all were tried on one day." in told


def test_who_lacks_what_no_record_brings_is_told_so() -> None:
    """Where a requirement looks at attributes alone, no number of records is spoken of; where records would do, what
    was tried is."""
    asked = (
        'rulebook "Asked" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of post\n'
        "    at      time\n\nsubjects\n    agreed yes/no\n\n"
        'require agreed "agreed"\n    when agreed\n    otherwise no score "You have not agreed."\n\n'
        'require few "few posts"\n    when posts <= 1\n    otherwise insufficient data "Too many posts."\n\n'
        'measure posts "post" / "posts"\n    count post\n\n'
        'rule posts "Posts"\n    points posts\n    because "So."\n\nscore "Asked"\n    sum of all rules\n'
    )
    rulebook = accepted(asked)
    rows = (("ada", "ada", "post", AT), ("bob", "bob", "post", AT), ("bob", "bob", "post", AT))
    people = (("ada", False), ("bob", True))
    run, near = refer(rulebook, rows, people, AS_OF), with_rows(rulebook, rows, people, AS_OF, ())
    told = {
        name: _words(explain(run, name).model_copy(update={"could_change": could_change(near, name)}).text())
        for name in ("ada", "bob")
    }
    alone = "No action brings one: what is required is nothing that is counted from records."
    assert f"A score: - {alone} You have not agreed." in told["ada"]
    assert "A score: - No action tried brings one, not even" in told["bob"]
    assert alone not in told["bob"]


def test_a_row_that_ends_at_a_parameter_says_its_value() -> None:
    """Whoever lands in a row whose bound is a parameter reads the figure that it had on the day; so does the guide."""
    text = SHARE.replace(
        "measure reviews ",
        'parameter enough = 10% "how much is enough"\n    from 2026-01-01 = 5% because "Less will do."\n\n'
        'parameter whole = 1 "all of it"\n\nmeasure reviews ',
    )
    text = text.replace("under 20%", "under enough").replace("20% to under 1: ", "enough to under whole: ")
    text = text.replace("1 or more:  ", "whole: 2\n        over whole: ")
    rows = (*(("ada", "bob", "review", AT) for _ in range(20)), *(("ada", "bob", "praise", AT) for _ in range(2)))
    found = explain(_run(text, rows, ()), "ada")
    assert 'Share of praise: 0.1. That falls under "0.05 (enough) to under 1 (whole)", which gives' in _words(
        found.text()
    )
    row = found.lines[0].row
    assert row is not None
    assert [(each.name, each.value) for each in row.ends] == [("enough", "0.05"), ("whole", "1")]
    rulebook = accepted(text)
    told = written_guide(rulebook)
    for each in ("| under 0.1 (enough) | 0 |", "| 0.1 (enough) to under 1 (whole) | 1 |", "| 1 (whole) | 2 |"):
        assert each in told


def test_whose_record_was_imagined_is_said_where_that_decides() -> None:
    """Where a record counts by what its actor earned, the sentence says by whom the imagined one is: whoever else acted
    last about the person. With a record by that person the score is the one that is told, with one by another it is
    not."""
    text = (
        'rulebook "Known" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n'
        "    kind    one of gift, visit\n    at      time\n\n"
        'measure known "visit" / "visits"\n    count visit\n\n'
        'measure worth "gift by somebody known" / "gifts by people known"\n    sum min(actor.known, 9) of gift\n\n'
        'rule worth "Worth"\n    points worth\n    because "So."\n\nscore "Known"\n    sum of all rules\n'
    )
    rulebook = accepted(text)
    visited = [("bob", "zoe", "visit", AT)] * 2 + [("cyd", "zoe", "visit", AT)] * 5
    later = AT.replace(day=9)
    rows = (*visited, ("ada", "cyd", "gift", AT), ("ada", "bob", "gift", later))
    told = _with_what_could_change(rulebook, rows)
    assert '1 more record of the kind "gift", by whoever else acted last about you, would make the score 9' in told
    scores = {
        actor: explain(refer(rulebook, (*rows, ("ada", actor, "gift", later)), None, AS_OF), "ada").score
        for actor in ("bob", "cyd")
    }
    assert scores == {"bob": "9", "cyd": "12"}


def test_a_line_that_cannot_be_higher_is_said_to_be_at_its_most() -> None:
    """Whoever has all points of a table or of a formula reads that, and not that nothing tried brought more."""
    text = (
        'rulebook "Full" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of gift\n'
        "    at      time\n    worth   number 0 to 10\n\n"
        'measure newest "newest gift" / "newest gifts"\n    latest worth of gift\n\n'
        'measure gifts "gift" / "gifts"\n    count gift\n    keep at most 1 per worth\n\n'
        'rule newest "Newest"\n    points by newest\n        under 4:   1\n        4 or more: 3\n        missing:   0\n'
        '    because "So."\n\n'
        'rule even "Even"\n    points if gifts <= 1 then 2 else 1\n    because "So."\n\n'
        'rule odd "Odd"\n    points if gifts = 3 then 2 else 1\n    because "So."\n\n'
        'score "Full"\n    sum of all rules\n'
    )
    rulebook = accepted(text)
    rows = (("ada", "bob", "gift", AT, Decimal(5)),)
    told = {
        part.rule: part.full
        for part in could_change(with_rows(rulebook, rows, None, AS_OF, ()), "ada")
        if isinstance(part, NoActionRaises)
    }
    assert told == {"newest": True, "even": True, "odd": False}
    words = _with_what_could_change(rulebook, rows)
    assert "Newest: - No action raises it: it is at its most." in words
    assert "Odd: - No action tried raises it; all were tried on one day." in words


def test_of_whoever_has_no_score_no_record_is_said_to_be_used() -> None:
    """No points were worked out, so no rule used a record; it is told which would be of use to one."""
    text = (
        'rulebook "Use" version 1.0.0\n\nrecords\n    subject text\n    kind    one of gift, loan\n    at      time\n\n'
        'measure gifts "gift" / "gifts"\n    count gift\n\nmeasure loans "loan" / "loans"\n    count loan\n\n'
        'require some "some gifts"\n    when gifts >= 1\n    otherwise insufficient data "None."\n\n'
        'rule lent "Lent"\n    points loans\n    because "So."\n\nscore "Use"\n    sum of all rules\n'
    )
    rows = (("ada", "loan", AT), ("bob", "loan", AT), ("bob", "gift", AT))
    run = refer(accepted(text), rows, None, AS_OF)
    ada, bob = (_words(explain(run, name).text()) for name in ("ada", "bob"))
    assert "of use to at least one rule or requirement 1" in ada
    assert "used by" not in ada
    assert "used by at least one rule or requirement 2" in bob


def test_where_a_score_is_not_rounded_any_higher_one_is_a_step() -> None:
    """Nobody reads that a score of 1.000000001 would be enough."""
    text = (
        'rulebook "Whole" version 1.0.0\n\nrecords\n    subject text\n    kind    one of gift\n    at      time\n\n'
        'measure gifts "gift" / "gifts"\n    count gift\n\n'
        'rule given "Given"\n    points gifts\n    because "So."\n\nscore "Whole"\n    sum of all rules\n'
    )
    words = _with_what_could_change(accepted(text), (("ada", "gift", AT),))
    assert "that would still bring a higher score than now; later days were not tried." in words
    assert "000000001" not in words
    rounded = _with_what_could_change(accepted(f"{text}    rounded to 1 place\n"), (("ada", "gift", AT),))
    assert "that would still bring 1.1 or more; later days were not tried." in rounded


def test_of_what_is_for_a_line_one_fewer_is_told_of_the_line() -> None:
    """Where the score is as high with one fewer, and only the line is not, it is the line that one fewer does not
    raise; by hand: of three gifts a line gives two, the next three at five, while the score is held at its most."""
    text = (
        'rulebook "Held" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of gift\n'
        "    at      time\n\n"
        'measure gifts "gift" / "gifts"\n    count gift\n\n'
        'rule first "First"\n    points gifts\n    because "So."\n\n'
        'rule steps "Steps"\n    points by gifts\n        under 5: 2\n        5 or more: 3\n    because "So."\n\n'
        'score "Held"\n    sum of all rules\n    at most 6\n'
    )
    words = _with_what_could_change(accepted(text), tuple(("ada", "bob", "gift", AT) for _ in range(3)))
    assert "with one fewer this line does not rise" in words
    assert "with one fewer it is 6." not in words


def test_a_line_at_its_most_is_said_to_be_and_not_what_the_next_record_does() -> None:
    """What no trial can have tried is not said: a record with another value may lower the line. By hand: of a rule that
    takes away all that it can no record takes more, which is not its most; twelve gifts less two times four thefts are
    4 of at most 3, of which a fifth theft leaves 2."""
    text = (
        'rulebook "Both" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n    kind    one of gift, theft\n'
        "    at      time\n    worth   number 0 to 5\n\n"
        'measure gifts "gift" / "gifts"\n    count gift\n    when worth > 1\n\n'
        'measure thefts "theft" / "thefts"\n    count theft\n    when worth > 1\n\n'
        'rule stolen "Stolen"\n    weight -5\n    level thefts, linear to 3\n    because "So."\n\n'
        'rule net "Net"\n    points gifts - 2 * thefts\n    at most 3\n    because "So."\n\n'
        'rule given "Given"\n    points gifts\n    at most 3\n    because "So."\n\n'
        'score "Both"\n    sum of all rules\n'
    )
    rulebook = accepted(text)
    rows = tuple(("ada", "bob", kind, AT, Decimal(5)) for kind in ("gift",) * 12 + ("theft",) * 4)
    words = _with_what_could_change(rulebook, rows)
    assert "Stolen: - No action tried raises it; all were tried on one day." in words
    assert "Net: - No action raises it: it is at its most. Nor does time alone" in words
    assert (
        '1 more record of the kind "theft", by a person who has not acted yet, would make it 2. '
        "Assumed of each record: worth is 5." in words
    )
    assert "Given: - It is at its most: of all that was tried, your next record here adds 0." in words
    assert words.count("adds 0") == 1


def _ends(bounds: str, points: str, rounded: str) -> str:
    """Write a rulebook whose score has these bounds, and one rule."""
    return f"""rulebook "Ends" version 1.0.0

records
    subject text
    kind    one of visit
    at      time

subjects
    given number 0 to 30.62 with 2 places

measure visits "visit" / "visits"
    count visit

rule stay "Stays"
    points {points}
    because "Guests matter."

score "Standing"
    sum of all rules
{bounds}{rounded}
"""


@pytest.mark.parametrize(
    ("ends", "points", "said", "least", "most"),
    [
        (
            "0 100",
            "2 * given",
            "The scale runs from 0 to 100; higher is better. By these rules no score is above 61.2.",
            None,
            "61.2",
        ),
        (
            "-10 61.2",
            "2 * given",
            "The scale runs from -10 to 61.2; higher is better. By these rules no score is below 0.",
            "0",
            None,
        ),
        (
            "-10 100",
            "2 * given",
            "The scale runs from -10 to 100; higher is better. By these rules every score lies from 0 to 61.2.",
            "0",
            "61.2",
        ),
        ("0 61.2", "2 * given", "The scale runs from 0 to 61.2; higher is better.", None, None),
        (
            "-5",
            "2 * given",
            "The scale begins at -5 and has no end; higher is better. By these rules every score lies from 0 to 61.2.",
            "0",
            "61.2",
        ),
        (
            "",
            "0 - 2 * given",
            "The scale has no ends; higher is better. By these rules every score lies from -61.2 to 0.",
            "-61.2",
            "0",
        ),
        (
            "0",
            "given * given * given * given * given",
            "The scale begins at 0 and has no end; higher is better.",
            None,
            None,
        ),
        ("", "visits", "The scale has no ends; higher is better. By these rules no score is below 0.", "0", None),
    ],
)
def test_a_scale_that_the_rules_do_not_fill_is_told_so(
    ends: str, points: str, said: str, least: str | None, most: str | None
) -> None:
    """Nobody takes the end of a scale for something that could be had: it is told what the rules allow, rounded as a
    score is, where they allow less than the scale; and nothing where nothing but the number of records bounds it."""
    bounds = "".join(f"    {how} {end}\n" for how, end in zip(("at least", "at most"), ends.split(), strict=False))
    used, unused = ("given", "visits") if "given" in points else ("visits", "given")
    text = _ends(bounds, points, "" if used == "visits" else "    rounded to 1 place")
    rulebook, diagnostics = read(Source("ends.tally", text))
    assert rulebook is not None, diagnostics
    assert all(unused in each.message for each in diagnostics)
    made = explain(refer(rulebook, (("ada", "visit", AT),), (("ada", Decimal(3)),), AS_OF), "ada")
    assert f" {said} As of the end" in _words(made.text())
    assert (made.scale.least, made.scale.most) == (least, most)


@pytest.mark.parametrize(
    ("bounds", "points", "said"),
    [
        ("    at least 0\n    at most 100\n", "0 - 2 * given", "runs from 0 to 100; higher is better. {} 0."),
        ("    at least -1\n", "0 - 1 - given", "begins at -1 and has no end; higher is better. {} -1."),
        ("", "min(given, 0) - 1", "has no ends; higher is better. {} -1."),
    ],
)
def test_rules_that_allow_one_score_alone_say_which(bounds: str, points: str, said: str) -> None:
    """Where all that the rules allow is one score, nothing is said to lie from it to itself."""
    rulebook, _ = read(Source("ends.tally", _ends(bounds, points, "")))
    assert rulebook is not None
    words = _words(explain(refer(rulebook, (), (("ada", Decimal(3)),), AS_OF), "ada").text())
    assert f"The scale {said.format('By these rules every score is')} As of" in words


BOTH_WAYS = """rulebook "Both ways" version 1.0.0

records
    subject text
    kind    one of visit
    at      time

measure visits "visit" / "visits"
    count visit

rule gain "Gain"
    points 3 * visits
    at most 12
    because "Guests matter."

rule cost "Cost"
    points -1 * visits
    because "Guests cost."

score "Standing"
    sum of all rules

bands
    from 9 full "Full"
"""


def test_where_more_records_bring_less_the_number_that_brings_most_is_told() -> None:
    """Where no number of records is enough, and a thousand bring less than a few, it is told what the few bring, also
    where that number lies between those that are tried first."""
    rulebook = accepted(BOTH_WAYS)
    rows = (("ada", "visit", AT),)
    words = _with_what_could_change(rulebook, rows)
    # With 1, 2, 3, 4 and 8 more: 6 - 2, 9 - 3, 12 - 4, 12 - 5 and 12 - 9.
    told = 'For the band "Full", from 9: 3 more records of the kind "visit" would make the score 8; no number that was '
    assert f"{told}tried, up to 1000, brings more." in words


def test_a_band_between_the_numbers_tried_first_is_found() -> None:
    """What 2 records do not reach, and 4 do not any more, 3 reach: they are told, and what 2 bring."""
    rulebook = accepted(BOTH_WAYS.replace("from 9", "from 8"))
    words = _with_what_could_change(rulebook, (("ada", "visit", AT),))
    told = 'For the band "Full", from 8: 3 more records of the kind "visit" would make the score 8 (this line: 12 in '
    assert f"{told}place of 3); with one fewer it is 6." in words


def test_the_best_of_many_numbers_is_found() -> None:
    """Between 64 and 128 the best is 98: there the last point of the first rule is had."""
    text = BOTH_WAYS.replace("at most 12", "at most 297").replace("from 9", "from 199")
    rulebook = accepted(text)
    words = _with_what_could_change(rulebook, (("ada", "visit", AT),))
    told = 'For the band "Full", from 199: 98 more records of the kind "visit" would make the score 198; no number '
    assert f"{told}that was tried, up to 1000, brings more." in words


@pytest.mark.parametrize(("points", "then"), [("1 * visits", "-989"), ("0.5 * visits", "-989")])
def test_what_brings_no_more_than_there_is_is_not_told_as_what_brings_most(points: str, then: str) -> None:
    """Where each record costs as much as it gives, or more, no number is better than none."""
    rulebook = accepted(BOTH_WAYS.replace("3 * visits", points))
    rows = (("ada", "visit", AT),)
    words = _with_what_could_change(rulebook, rows)
    assert "brings more" not in words
    told = 'For the band "Full", from 9: not even 1000 more records of the kind "visit" would be enough: the score '
    assert f"{told}would be {then}." in words


def test_a_full_facet_is_told_where_more_of_a_line_adds_nothing() -> None:
    """A line that may rise, in a facet that is held to its most: it is said what stands against it."""
    text = """rulebook "Full house" version 1.0.0

records
    subject text
    kind    one of visit
    at      time

measure visits "visit" / "visits"
    count visit

facet house "The house"
    at most 5

    rule gain "Gain"
        points 2 * visits
        because "Guests matter."

score "Standing"
    sum of all rules
"""
    rulebook = accepted(text)
    for visits, said in ((3, True), (1, False)):
        rows = (("ada", "visit", AT),) * visits
        words = _with_what_could_change(rulebook, rows)
        full = 'the score would be 5. The lines of "The house" give at most 5 together, and that is reached then.'
        assert (full in words) == said


def test_what_takes_points_away_in_any_case_has_no_most_to_reach() -> None:
    """A rule that gives -1 at best is said to take points away, in its line and in the sum, as where it gives none."""
    rulebook, _ = read(Source("ends.tally", _ends("", "0 - 1 - given", "")))
    assert rulebook is not None
    words = _words(explain(refer(rulebook, (), (("ada", Decimal(3)),), AS_OF), "ada").text())
    assert "Stays: -4 points (this rule only takes points away)" in words
    assert "of at most" not in words


def test_points_that_are_rounded_are_written_with_all_their_places() -> None:
    """What a step is rounded to stands as the points do beside it: 22.0 in both, not 22 in one of them."""
    text = """rulebook "Places" version 1.0.0

records
    subject text
    kind    one of visit
    at      time

subjects
    given number 0 to 30 with 2 places

rule stay "Stays"
    points 2 * given
    because "Guests matter."

score "Standing"
    sum of all rules
    rounded to 1 place
"""
    rulebook, _ = read(Source("places.tally", text))
    assert rulebook is not None
    words = _words(explain(refer(rulebook, (), (("ada", Decimal("11.01")),), AS_OF), "ada").text())
    assert "Worked out: 2 × 11.01 = 22.02; rounded to 1 place: 22.0." in words
    assert "Standing of ada: 22.0" in words


def test_what_the_rules_allow_is_told_of_every_day() -> None:
    """A parameter that gets a greater value on a later day raises what no score is above from the first day on: what
    could change a score is told of that day, too."""
    text = """rulebook "Dated" version 1.0.0

records
    subject text
    kind    one of visit
    at      time

parameter most = 40 "the most points"
    because "A beginning."
    from 2026-07-01 = 60 because "More for it."

measure visits "visit" / "visits"
    count visit

rule stay "Stays"
    weight most
    level  visits, linear to 5
    because "Guests matter."

score "Standing"
    sum of all rules
    at least 0
    at most 90
"""
    rulebook = accepted(text)
    found = [explain(refer(rulebook, (("ada", "visit", AT),), (), day), "ada") for day in (AS_OF, date(2026, 8, 1))]
    assert [(each.lines[0].of, each.scale.most) for each in found] == [("40", "60"), ("60", "60")]


RARE = """rulebook "Rare" version 1.0.0
    time zone "Europe/Berlin"

records
    subject text
    actor   text
    kind    one of rating
    at      time
    stars   whole number 0 to 10

exclude ancient "ratings from before 2020"
    when at < 2020-01-01T00:00:00Z

discount favours "ratings returned"
    to 50%
    when returned within 30 days

discount early "early ratings"
    to 25%
    when at < 2026-02-01T00:00:00Z

measure ratings "rating" / "ratings"
    count rating

measure raters "rater" / "raters"
    distinct actor of rating

measure waits "day of waiting" / "days of waiting"
    lowest days since at of rating

measure slow "slow rating" / "slow ratings"
    count rating
    when stars = 0

rule rated "Rated"
    points ratings
    when raters >= 1
    because "They know."

rule quick "Quick"
    weight 5
    level  slow, log normal 2 to 10
    because "Slow is bad."

rule fresh "Fresh"
    points if waits or else 99 < 7 then 1 else 0
    because "News."

score "Standing"
    sum of all rules
"""


@pytest.fixture(scope="module")
def rare() -> ReferenceRun:
    """Give a run in which ada has four ratings: two returned and early, one early, and one that is neither."""
    rulebook, diagnostics = read(Source("rare.tally", RARE))
    assert rulebook is not None
    assert {each.severity for each in diagnostics} <= {Severity.WARNING}
    early, late = datetime(2026, 1, 10, 12, tzinfo=UTC), datetime(2026, 2, 20, 12, tzinfo=UTC)
    rows = [
        *(("ada", name, "rating", early, Decimal(5)) for name in ("bob", "cem", "dan")),
        ("ada", "eli", "rating", late, Decimal(5)),
        *((name, "ada", "rating", early - timedelta(days=3), Decimal(5)) for name in ("bob", "cem")),
    ]
    return refer(rulebook, tuple(rows), None, date(2026, 3, 1))


def test_of_two_discounts_the_later_takes_from_what_is_left(rare: ReferenceRun) -> None:
    """Half of two ratings, then three quarters of what is left of three: 1 and 1.5, not 2.25, and so it is said."""
    words = _words(explain(rare, "ada").text())
    assert "2 records counted only 50% (ratings returned), which takes off 1." in words
    assert "3 records counted only 25% of what was left of them (early ratings), which takes off 1.5." in words
    assert "That leaves 1.5 ratings." in words


def test_what_a_rule_asks_for_is_told_of_whom_it_applies_to(rare: ReferenceRun) -> None:
    """Raters are counted in a line that gives points by ratings: whoever reads it is told why, as others are."""
    told = "This rule applies to you. It asks for: at least 1 rater. - Counted: 4 raters, in 4 records."
    assert told in _words(explain(rare, "ada").text())
    assert "This rule does not apply to you. It asks for: at least 1 rater." in _words(explain(rare, "bob").text())


def test_who_has_all_points_of_the_less_the_better_is_not_told_that_more_changes_nothing(rare: ReferenceRun) -> None:
    """With no slow rating all points are there, and a slow one would take some away."""
    words = _words(explain(rare, "ada").text())
    told = "The less, the better: for 2 slow ratings there are nine tenths of 5 points, and for 10 slow ratings half. "
    assert f"{told}All of its points are reached, so less would not change this line." in words


def test_days_and_moments_of_a_record_are_told_as_such(rare: ReferenceRun) -> None:
    """How long ago a record was is counted from its day; a moment is written as moments are, in German too."""
    assert "The value of each record is days since the day of the record." in _words(explain(rare, "ada").text())
    assert "Left out if: the time is before 2020-01-01 00:00:00 UTC." in written_guide(rare.rulebook)
    with run_in_language(rare, "de") as told:
        german = _words(explain(told, "ada").text()) + written_guide(told.rulebook)
    assert "Der Wert eines Datensatzes ist: Tage seit dem Tag des Datensatzes." in german
    assert "der Zeitpunkt ist vor 01.01.2020 00:00:00 UTC" in german


TWO_KINDS = """rulebook "Two kinds" version 1.0.0

records
    subject text
    kind    one of post, vote
    at      time
    words   whole number 0 or more

measure long "long post" / "long posts"
    count post
    when words >= 100

measure votes "vote" / "votes"
    count vote

rule posts "Long posts"
    points long
    because "So."

rule votes "Votes"
    points votes
    because "So."

score "Standing"
    sum of all rules
"""


def test_of_an_imagined_record_only_what_its_kind_is_read_for_is_told_as_assumed() -> None:
    """How many words a post has decides what it counts; of a vote nobody reads it, and it is not told."""
    rulebook = accepted(TWO_KINDS)
    words = _with_what_could_change(rulebook, (("ada", "vote", AT, Decimal(3)),))
    assert 'Long posts: - 1 more record of the kind "post" would make the score 2' in words
    assert words.count("Assumed of each record: words is 10") == words.count("Assumed of each record") == 1


NIGHT = """rulebook "Night" version 1.0.0
    time zone "Pacific/Auckland"

subjects
    joined time "the moment you joined"
    seen   time optional

require known "known since before October"
    when joined < 2026-10-01T00:00:00Z
    otherwise no score "Too new."

rule stay "Days as a member"
    points days since joined
    otherwise 0 "Still to come."
    because "Time tells."

rule seen "Days since you were seen"
    points days since (seen or else joined)
    otherwise 0 "Still to come."
    because "Time tells."

rule between "Seconds from joining to being seen"
    points seconds from joined to (seen or else joined)
    because "Time tells."

score "Night"
    sum of all rules
"""


def test_a_moment_about_a_person_is_told_by_the_clocks_that_count_its_day() -> None:
    """The day of a moment and the days since then are the rulebook's zone's, and so is the moment beside them; two
    moments at which the clocks show the same are no less an hour apart."""
    # 5 April 2026, 02:30 in Auckland, twice: the clocks go back at 03:00.
    first, second = datetime(2026, 4, 4, 13, 30, tzinfo=UTC), datetime(2026, 4, 4, 14, 30, tzinfo=UTC)
    rulebook, people, day = accepted(NIGHT), (("ada", first, second), ("bob", first, None)), date(2026, 4, 7)
    run = refer(rulebook, (), people, day)
    made = explain(run, "ada")
    told = _words(made.text())
    assert "The moment you joined: 2026-04-05 02:30:00 UTC+13:00." in told
    assert "Seen: 2026-04-05 02:30:00 UTC+12:00." in told
    assert "2026-10-01 00:00:00 UTC" in told
    assert "2026-04-04" not in made.text() + made.json()
    assert [each.points for each in made.lines] == ["2", "2", "3600"]
    assert "05.04.2026 02:30:00 UTC+13:00" in _words(explain(run, "bob", language="de").text())
    asked = Question(attributes=(("seen", second + timedelta(hours=1)),))
    supposed = _words(draw(whatif_page(what_if(with_rows(rulebook, (), people, day, ()), "ada", asked))))
    assert "seen is 2026-04-05 03:30:00 UTC+12:00, not 2026-04-05 02:30:00 UTC+12:00." in supposed


def test_how_a_measure_was_counted_is_told_once() -> None:
    """What the needs of bands look at, or one requirement, the next requirement looks at, too: there it is told how
    many there are, and not once more how they were counted."""
    text = (
        'rulebook "Once" version 1.0.0\n\nrecords\n    subject text\n    kind    one of gift, loan\n    at time\n\n'
        'measure gifts "gift" / "gifts"\n    count gift\n    within 300 days\n\n'
        'measure loans "loan" / "loans"\n    count loan\n    within 400 days\n\n'
        'require some "some gifts"\n    when gifts >= 1\n    otherwise no score "None."\n\n'
        'require one_loan "a loan"\n    when loans >= 1\n    otherwise no score "None."\n\n'
        'require few "few of both"\n    when gifts + loans <= 20\n    otherwise no score "Too many."\n\n'
        'rule one "One"\n    points 1\n    because "So."\n\nscore "Once"\n    sum of all rules\n\n'
        'bands\n    giver "A giver"\n        needs gifts >= 2 "You have two gifts."\n'
    )
    rows = (("ada", "gift", AT), ("ada", "gift", AT), ("ada", "loan", AT))
    told = _words(explain(refer(accepted(text), rows, None, AS_OF), "ada").text())
    assert told.count("Counted: 2 gifts in the last 300 days.") == 1
    assert told.count("Counted: 1 loan in the last 400 days.") == 1
    assert "at least 1 gift (met) - Gifts: 2." in told
    assert "(met) - Gifts: 2. - Loans: 1." in told
