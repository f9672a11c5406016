"""What is said of what would be, for any rulebook: every number in the words stands in the document, and nothing
hidden reaches a terminal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from documents.said import numbers, numbers_of
from generators.accepted import accepted
from generators.rulebooks import Case, cases, scored
from hypothesis import given, settings
from ledgers.with_rows import with_rows

from tallystick.engine.intake.reading import Row, read_rows, record_fields, subject_fields, written
from tallystick.engine.reference import refer
from tallystick.engine.what_if import reach
from tallystick.engine.what_if.question import Question
from tallystick.explain import Explainer, Explanation, markdown, text
from tallystick.explain.printable import printable_json
from tallystick.explain.what_if.answer import what_if
from tallystick.explain.what_if.could_change import could_change
from tallystick.explain.what_if.document import WhatIf
from tallystick.explain.what_if.words import page
from tallystick.explain.wording import page as explained
from tallystick.rules.value import Scalar

FEWER = max(6, settings.default.max_examples // 50) if settings.default is not None else 6


def _says_nothing_else(document: Explanation | WhatIf, *pages: str) -> None:
    tree = numbers_of(document)
    for drawn in pages:
        assert numbers(drawn.replace("\\", "")) <= tree
        assert drawn.replace("\n", "").isprintable()
    assert type(document).model_validate_json(printable_json(document)) == document


@settings(max_examples=2 * FEWER)
@given(cases())
def test_an_answer_adds_up_and_holds_no_other_number(case: Case) -> None:
    """I7: an answer to what if adds up, or would raise; each number in text and Markdown stands in the document."""
    rng = Random(case.seed)  # noqa: S311  made up on purpose
    rows, people = case.read_records.rows, case.read_subjects.rows
    run = with_rows(case.rulebook, rows, people, case.as_of, case.pauses)
    for name in list(scored(case, corrected=False).subjects())[:3]:
        ids = [values["id"] for row in rows if (values := _values(case, row))["subject"] == name and values.get("id")]
        gone = tuple(str(written(each)) for each in rng.sample(ids, min(len(ids), 2)))
        added = tuple(_renumbered(case, row, n) for n, row in enumerate(rng.sample(rows, min(len(rows), 2))))
        question = Question(added, gone, case.as_of + timedelta(days=rng.choice((-3, 0, 30))))
        found = what_if(run, name, question)
        assert (found.points is None) == (found.before.score is None or found.after.score is None)
        _says_nothing_else(found, text.draw(page(found)), markdown.draw(page(found)))


def _values(case: Case, row: Row) -> dict[str, Scalar | None]:
    return {field.name: value for field, value in zip(record_fields(case.rulebook), row, strict=True)}


def _renumbered(case: Case, row: Row, number: int) -> Row:
    """Give a record another id, where it has one."""
    new = {"id": Decimal(-1 - number) if isinstance(_values(case, row).get("id"), Decimal) else f"new {number}"}
    return tuple(new.get(name, value) for name, value in _values(case, row).items())


@settings(max_examples=FEWER)
@given(cases())
def test_what_could_change_holds_no_other_number(case: Case) -> None:
    """I7: so it is with what could change a score, which stands in the explanation only where it was asked for."""
    run = with_rows(case.rulebook, case.read_records.rows, case.read_subjects.rows, case.as_of, case.pauses)
    reference = scored(case, corrected=False)
    explainer = Explainer(reference)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "MOST_ACTIONS", 20)
        for ledger in list(reference.ledgers())[:1]:
            made = explainer.of(ledger)
            assert made.could_change == ()
            found = could_change(run, ledger.score.subject)
            assert [each.form for each in found].count("nothing done") == len(reach.SILENT_DAYS)
            whole = made.model_copy(update={"could_change": found})
            _says_nothing_else(whole, whole.text(), whole.markdown())
            assert "WHAT COULD CHANGE IT" in whole.text()


ALONE = """\
rulebook "Levels" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of post, like
    at      date

measure posts "post" / "posts"
    count post
    within 40 days

require enough "posts"
    when posts >= 3
    otherwise insufficient data "Three posts are needed."

score "Level"
    sum of all rules

bands
"""
BY_NEEDS = '    member "Member"\n        needs posts >= 1 "A post."\n'


def _told_of_ada(bands: str, posts: int, as_of: date) -> str:
    """Return what could change ada's result, who has posted so often on New Year's Day."""
    rulebook = accepted(ALONE + bands)
    lines = [["ada", "ada", "post", "2026-01-01"]] * posts
    rows = read_rows(record_fields(rulebook), ("subject", "actor", "kind", "at"), lines).rows
    made = Explainer(refer(rulebook, rows, (), as_of)).explain("ada")
    found = could_change(with_rows(rulebook, rows, (), as_of), "ada")
    document = made.model_copy(update={"could_change": found})
    _says_nothing_else(document, text.draw(explained(document)))
    words = " ".join(text.draw(explained(document)).split())
    return words[words.index("WHAT COULD CHANGE IT") :]


@pytest.mark.parametrize("bands", [BY_NEEDS, '    from 0 member "Member"\n'])
def test_where_the_band_is_the_result_no_score_of_nothing_is_told(bands: str) -> None:
    """Whether bands are by needs or by the score, which without rules is that of nothing: who has no result reads
    which band it takes so many actions to, and who has one, that it stays and when it goes."""
    none = _told_of_ada(bands, 1, date(2026, 1, 2))
    assert 'A result: - 2 more records of the kind "post", by you, would bring a result: "Member"; with one' in none
    assert "with one fewer there is none. Done on 2026-02-09, that would still bring a result," in none
    one = _told_of_ada(bands, 2, date(2026, 1, 2))
    assert '1 more record of the kind "post", by you, would bring a result: "Member". Done on 2026-02-09,' in one
    both = _told_of_ada(bands, 3, date(2026, 1, 2))
    assert '2026-02-01, after 30 days: "Member", as it is now.' in both
    assert "2026-03-03 and 2026-04-02, after 60 and 90 days: no score" in both
    assert "score 0" not in none + one + both


def test_how_long_time_alone_was_given_is_told() -> None:
    """What no action meets comes with the last day on which it was looked at with nothing done: three years ahead."""
    bands = BY_NEEDS.replace("1", "3") + '    elder "Elder"\n        needs days since joined or else 0 >= 5000 "x"\n'
    dated = ALONE.replace("within 40 days", "within 4000 days").replace(
        "\nmeasure", "\nsubjects\n    joined date\n\nmeasure"
    )
    rulebook = accepted(dated + bands)
    lines = [["ada", "ada", "post", "2026-01-01"]] * 3
    rows = read_rows(record_fields(rulebook), ("subject", "actor", "kind", "at"), lines).rows
    people = read_rows(subject_fields(rulebook), ("subject", "joined"), [["ada", "2020-01-01"]]).rows
    found = could_change(with_rows(rulebook, rows, people, date(2026, 1, 2)), "ada")
    (part,) = (each for each in found if each.form == "no action meets it")
    assert (part.band, part.of_records, part.met_on, part.scored_until) == ("elder", False, None, None)
    # 1,095 days after the day; the 5,000th day is one of 2033.
    assert part.tried_until == date(2029, 1, 1)
