"""What is said of what would be, for any rulebook: every number in the words stands in the document, and nothing
hidden reaches a terminal."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from documents.said import numbers, numbers_of
from generators.rulebooks import Case, cases, scored
from hypothesis import given, settings
from ledgers.with_rows import with_rows

from tallystick.engine.intake.reading import Row, record_fields, written
from tallystick.engine.what_if import reach
from tallystick.engine.what_if.question import Question
from tallystick.explain import Explainer, Explanation, markdown, text
from tallystick.explain.printable import printable_json
from tallystick.explain.what_if.answer import what_if
from tallystick.explain.what_if.could_change import could_change
from tallystick.explain.what_if.document import WhatIf
from tallystick.explain.what_if.words import page
from tallystick.rules.value import Scalar

FEWER = max(6, settings.default.max_examples // 50) if settings.default is not None else 6


def _says_nothing_else(document: Explanation | WhatIf, *pages: str) -> None:
    tree = numbers_of(document)
    for drawn in pages:
        assert numbers(drawn.replace("\\", "")) <= tree
        assert all(char.isprintable() or char == "\n" for char in drawn)
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
