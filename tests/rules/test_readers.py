"""An exclusion or discount is read by whom it can move, and not by whom its kinds alone tell that it takes nothing."""

from __future__ import annotations

from generators.accepted import accepted
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from msgspec.structs import replace

from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.reference import refer
from tallystick.rules.diff.diff import diff
from tallystick.rules.epochs import on_day
from tallystick.rules.questions.readers import readers
from tallystick.rules.rulebook import Rulebook

FEWER = max(20, settings.default.max_examples // 2) if settings.default is not None else 20
RULES = """rulebook "Kinds" version 1.0.0

records
    subject text
    actor   text
    kind    one of like, share, visit
    at      time

exclude first "shares by the same name"
    when kind = share and actor = subject

exclude twice "said twice"
    when kind in (like, share)
    repeats of actor

exclude visits "visits"
    when kind = visit
    repeats of actor, kind

discount returned_likes "likes returned"
    to 50%
    when kind = like and returned within 9 days

measure likes "like" / "likes"
    count like

measure shares "share" / "shares"
    count share

measure visits "visit" / "visits"
    days of visit, like

rule likes "Likes"
    points likes
    because "So."

rule shares "Shares"
    points shares
    because "So."

rule visits "Visits"
    points visits
    because "So."

score "Kinds"
    sum of all rules
"""


def test_an_exclusion_is_read_where_its_kinds_are_counted() -> None:
    """Of one kind nobody reads what takes another; but what takes shares decides who is first among likes and shares.
    A discount lowers nothing where days are counted."""
    found = readers(accepted(RULES))
    assert found["exclude", "first"] == ("likes", "shares", "visits")
    assert found["exclude", "twice"] == ("likes", "shares", "visits")
    assert found["exclude", "visits"] == ("visits",)
    assert found["discount", "returned_likes"] == ("likes",)
    apart = readers(accepted(RULES.replace("    repeats of actor\n", "    repeats of actor, kind\n")))
    assert apart["exclude", "first"] == ("shares",)


def test_what_an_edit_takes_a_kind_from_is_named() -> None:
    """An exclusion that takes a kind no more is told with who reads it now, and who did before and is still there."""
    old = RULES.replace("when kind = visit", "when kind in (visit, share)")
    (change,) = diff(accepted(old), accepted(RULES))
    assert change.reaches == ("visits", "shares")
    gone = RULES[: RULES.index("rule shares")] + RULES[RULES.index("rule visits") :]
    reaches = {each.kind: each.reaches for each in diff(accepted(old), accepted(gone))}
    assert reaches["exclude"] == ("visits",)


@settings(max_examples=FEWER)
@given(cases(by=False))
def test_what_is_not_read_moves_no_line(case: Case) -> None:
    """Without an exclusion or discount, every line of a rule that is not said to read it is as it was."""
    book = on_day(case.rulebook, case.as_of)
    read_by = readers(book)
    before = _scored(case, book)
    for kind, taking in (("excludes", book.excludes), ("discounts", book.discounts)):
        for each in taking:
            without = replace(book, **{kind: tuple(other for other in taking if other is not each)})
            names = read_by.get(("exclude" if kind == "excludes" else "discount", each.name), ())
            for name, ledger in _scored(case, without).items():
                was = before.get(name)
                if was is not None and was.score.score is not None and ledger.score.score is not None:
                    assert [row for row in ledger.lines if row.rule not in names] == [
                        row for row in was.lines if row.rule not in names
                    ]


def _scored(case: Case, rulebook: Rulebook) -> dict[str, SubjectLedger]:
    records = None if case.records is None else case.read_records.rows
    subjects = None if case.subjects is None else case.read_subjects.rows
    run = refer(rulebook, records, subjects, case.as_of, case.pauses)
    return {each.score.subject: each for each in run.ledgers()}


def test_a_parameter_that_a_row_names_is_read_by_its_rule() -> None:
    """A row names a parameter as a bound or as one of its values; either way the rule reads it."""
    book = accepted(
        'rulebook "Rows" version 1.0.0\n\nsubjects\n    size whole number 0 or more\n\n'
        'parameter small = 2 "what is small"\n\nparameter exact = 5 "what is just so"\n\n'
        'rule size "Size"\n    points by size\n        under small: 1\n        exact:       3\n'
        '        otherwise:   0\n    because "So."\n\nscore "Rows"\n    sum of all rules\n'
    )
    found = readers(book)
    assert found["parameter", "small"] == found["parameter", "exact"] == ("size",)
