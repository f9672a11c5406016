"""A rulebook whose parameters have dated values: each day is scored by the values in force on it, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted
from msgspec.structs import replace

from tallystick.engine import score
from tallystick.engine.change.between import Between, between
from tallystick.engine.change.replay import replay
from tallystick.engine.change.trials import TrialInputs
from tallystick.engine.digest import digest_of
from tallystick.engine.intake.reading import read_rows, record_fields
from tallystick.engine.reference import refer
from tallystick.engine.what_if.question import Question
from tallystick.explain import explain
from tallystick.explain.change.account import Accounting
from tallystick.explain.change.pages import change_text
from tallystick.explain.what_if.answer import what_if
from tallystick.explain.what_if.could_change import could_change
from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.renames import Names, renamed
from tallystick.rules.epochs import every_epoch, held, in_each, on_day, undated
from tallystick.rules.questions.by import by_none, of_one_value
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.variants.other_value import OtherValue, other_value

TEXT = """
rulebook "Dated" version 1.0.0

records
    subject text
    actor   text
    kind    one of like
    at      date

parameter each = 10 "points of a like"
    because "It was so."
    from 2026-03-01 = 7 because "Likes are cheaper."
    from 2026-04-01 = 3 because "And cheaper."

measure likes "like" / "likes"
    count like
    within 45 days

rule liked "Liked"
    points each * likes
    because "It counts."

score "Dated"
    sum of all rules
"""
COLUMNS = ("subject", "actor", "kind", "at")
ROWS = [("ada", "bob", "like", "2026-02-01"), ("ada", "eve", "like", "2026-02-20")]
FEBRUARY, MARCH, APRIL = date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 1)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    """Read the rulebook."""
    return accepted(TEXT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the records."""
    folder = tmp_path_factory.mktemp("dated")
    (folder / "likes.csv").write_text("\n".join(",".join(row) for row in [COLUMNS, *ROWS]) + "\n")
    return folder


@pytest.fixture(scope="module")
def years(book: Rulebook, folder: Path) -> Iterator[Between]:
    """Lay a run of February beside one of April."""
    first, last = (
        score(book, folder / "likes.csv", as_of=day, out=folder / day.isoformat()) for day in (FEBRUARY, APRIL)
    )
    found = between(first, last, again=True)
    yield found
    found.close()


def points(rulebook: Rulebook, day: date) -> Decimal | None:
    """Score ada on a day."""
    rows = read_rows(record_fields(rulebook), COLUMNS, ROWS, "id").rows
    ledger = refer(rulebook, rows, None, day).subject("ada")
    return None if ledger is None else ledger.score.score


def test_a_rulebook_is_picked_by_the_day(book: Rulebook) -> None:
    """The value of the last date up to the day is in force, from whatever day one comes, with its own reason."""
    assert [points(book, day) for day in (FEBRUARY, date(2026, 3, 1), MARCH, APRIL)] == [20, 14, 7, 3]
    march = on_day(book, MARCH)
    assert [each.because for each in march.parameters] == ["Likes are cheaper."]
    assert on_day(march, FEBRUARY).parameters == undated(march).parameters == book.parameters
    assert points(march, FEBRUARY) == 20
    assert points(held(march), FEBRUARY) == 14
    assert len(every_epoch(book)) == 3
    assert {each.text for each in every_epoch(book)} == {book.text}


def test_what_is_made_of_every_epoch_is_still_picked(book: Rulebook) -> None:
    """New names and other words are given on all days; a rulebook that was changed by hand stays as it is."""
    other = renamed(on_day(book, APRIL), Names(values={"each": "worth"}, rules={"liked": "loved"}))
    assert [points(other, day) for day in (FEBRUARY, MARCH, APRIL)] == [20, 7, 3]
    assert [rule.name for rule in on_day(other, MARCH).rules] == ["loved"]
    worded = in_each(on_day(book, MARCH), lambda each: replace(each, name="Other"))
    assert (worded.name, points(worded, FEBRUARY)) == ("Other", 20)
    by_hand = replace(on_day(book, MARCH), name="By hand")
    assert points(by_hand, FEBRUARY) == 14


def test_both_engines_and_a_replay_score_by_the_day(book: Rulebook, folder: Path) -> None:
    """The fast engine gives the reference's ledger on every day, also where one series is scored on several."""
    rows = read_rows(record_fields(book), COLUMNS, ROWS, "id").rows
    run = score(book, folder / "likes.csv", as_of=MARCH)
    assert run.receipt.ledger_digest == digest_of(refer(book, rows, None, MARCH).ledgers())
    inputs = TrialInputs(records=folder / "likes.csv", as_of=APRIL)
    with replay(book, inputs, lambda *_: None) as series:
        found = []
        for day in (FEBRUARY, MARCH, APRIL):
            series.run(day.isoformat(), day)
            table = series.table("scores", day.isoformat())
            found += series.connection.execute(f"SELECT score FROM {table}").fetchall()  # noqa: S608  quoted
    assert [int(score) for (score,) in found] == [20, 7, 3]


def test_what_a_date_does_is_a_step_of_its_own(years: Between) -> None:
    """Time moves what leaves the window, with the earlier values; then the date moves the rest; no rule was edited."""
    found = Accounting(years).person("ada")
    (person,) = found.people
    assert [(each.step, each.points) for each in person.steps] == [("time passed", "-10"), ("dated values", "-7")]
    (dated,) = [each for stage in found.stages for each in stage.dated]
    assert (dated.before, dated.after, dated.since, dated.because) == ("10", "3", date(2026, 4, 1), "And cheaper.")
    assert diff(years.before.rulebook, years.after.rulebook) == ()


def test_runs_named_in_the_other_order_tell_of_no_day_to_come(years: Between) -> None:
    """From April back to February a like has the value that it had then, and not since a day that was still to come."""
    with closing(between(years.after, years.before, again=True)) as back:
        told = " ".join(change_text(Accounting(back).person("ada")).split())
    assert "points of a like: 10, and 3 only from 2026-04-01 on" in told
    told = " ".join(change_text(Accounting(years).person("ada")).split())
    assert "points of a like: 3 since 2026-04-01, before 10" in told


def test_what_if_on_another_day_takes_that_day_s_values(years: Between) -> None:
    """A question about an earlier day is answered with its values; one about another value holds on all days."""
    found = what_if(years.after, "ada", Question(as_of=FEBRUARY))
    assert (found.before.score, found.after.score) == ("3", "20")
    other = other_value(years.after.rulebook, "each", "100")
    assert isinstance(other, OtherValue)
    assert (other.before, other.after) == ("3", "100")
    assert other.rulebook is not None
    assert [points(other.rulebook, day) for day in (FEBRUARY, APRIL)] == [200, 100]


def test_what_comes_on_a_day_is_said_where_time_alone_is_tried(folder: Path) -> None:
    """Doing nothing gives another score once a value comes: the person is told each, where such a day was looked at,
    and is told of none that comes after all of them."""
    book, later = (accepted(TEXT.replace("2026-04-01", day)) for day in ("2026-04-01", "2030-04-01"))
    said = "What the rules have from a later day on is counted from that day: points of a like"
    both = "(7 from 2026-03-01 on and 3 from 2026-04-01 on)."
    first, last = "(7 from 2026-03-01 on).", "(3 from 2026-04-01 on)."
    for rules, day, value in ((book, FEBRUARY, both), (book, MARCH, last), (later, FEBRUARY, first)):
        run = score(rules, folder / "likes.csv", as_of=day)
        told = explain(run, "ada").model_copy(update={"could_change": could_change(run, "ada")})
        assert f"{said} {value}" in " ".join(told.text().split())
        starts = [each.start for figure in told.dated for each in figure.coming]
        assert starts == [each.start for each in rules.parameters[0].dated if each.start > day]
        run.close()
    run = score(later, folder / "likes.csv", as_of=MARCH)
    told = explain(run, "ada").model_copy(update={"could_change": could_change(run, "ada")})
    assert "from a later day on" not in told.text()
    assert "From 2030-04-01 on it is 3" in " ".join(told.text().split())
    run.close()


BY_TEXT = TEXT.replace("at      date", "at      date\n    topic   one of tea, jazz").replace(
    'score "Dated"', 'score "Dated" by topic'
)


def test_one_value_of_a_score_by_a_field_is_scored_by_the_day() -> None:
    """The rules of one value, and those of all values together, have each day's parameters, from whatever day."""
    for of_one in (of_one_value(on_day(accepted(BY_TEXT), MARCH), "tea"), by_none(on_day(accepted(BY_TEXT), MARCH))):
        found = [on_day(of_one, day).parameters[0].value.value for day in (FEBRUARY, MARCH, APRIL)]
        assert found == [10, 7, 3]
        assert len(every_epoch(of_one)) == 3


def test_a_date_is_no_edit_where_the_score_is_by_a_field(tmp_path: Path) -> None:
    """Between two runs of one rulebook nothing was edited: a date has its own step. Another day has its values."""
    book, records = accepted(BY_TEXT), tmp_path / "likes.csv"
    rows = [(*COLUMNS, "topic"), *((*row, "tea") for row in ROWS)]
    records.write_text("".join(",".join(row) + "\n" for row in rows))
    first, last = (score(book, records, as_of=day, out=tmp_path / day.isoformat()) for day in (FEBRUARY, APRIL))
    found = between(first.part("tea"), last.part("tea"), again=True)
    (person,) = Accounting(found).person("ada").people
    assert [(each.step, each.points) for each in person.steps] == [("time passed", "-10"), ("dated values", "-7")]
    found.close()
    answer = what_if(last.part("tea"), "ada", Question(as_of=FEBRUARY))
    assert (answer.before.score, answer.after.score) == ("3", "20")
    first.close()
    last.close()
