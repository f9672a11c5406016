"""Takes heads, fields and examples that do not fit; holds what the checker tells of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

BOOK = """rulebook "Test" version 1.0.0
    {head}

records
    {fields}

subjects
    {attributes}

require adult "grown up"
    when age >= 18
    otherwise no score "Too young."

measure likes "like" / "likes"
    count like

rule liked "Liked"
    points likes
    because "It is."

score "Score"
    sum of all rules

bands
    from 0 low "Low"

example "one"
    as of {day}
    {tables}
    expect ada
        {expected}
"""
PARTS = {
    "head": 'owner "o"\n    effective 2026-01-01',
    "fields": (
        "subject text\n    kind one of like, share\n    at time\n    amount number 0 to 10 with 2 places optional"
    ),
    "attributes": "age whole number 0 to 150",
    "day": "2026-03-01",
    "tables": (
        "subjects\n        subject age\n        ada     30\n"
        "    records\n        subject kind at amount\n        ada like 2026-02-01T09:00:00Z 2.5"
    ),
    "expected": "score 1",
}
SUBJECTS, RECORDS = str(PARTS["tables"]).split("    records")

CASES: dict[str, tuple[str, dict[str, str]]] = {
    "a zone that is not": ("zone-unknown", {"head": 'owner "o"\n    time zone «"Europe/Berln"»'}),
    "a zone of a field that is not": (
        "zone-unknown",
        {"fields": 'subject text\n    kind one of like\n    at time in «"Mars"»\n    amount number optional'},
    ),
    "a line of the head twice": ("said-twice", {"head": 'owner "o"\n    «owner "p"»'}),
    "a noise of nothing": ("limit-range", {"head": 'owner "o"\n    noise «0»'}),
    "a noise with more places than the score": (
        "bound-places",
        {"head": 'owner "o"\n    noise «0.0000000001»'},
    ),
    "a noise that is too large": ("too-large", {"head": 'owner "o"\n    noise «10000000000000000000000000»'}),
    "two noises": ("said-twice", {"head": 'owner "o"\n    noise 1\n    «noise 2»'}),
    "no subject": ("role-missing", {"fields": "kind one of like\n    at time\n    amount number optional"}),
    "a subject that is a number": (
        "role-type",
        {"fields": "subject «number»\n    kind one of like\n    at time\n    amount number optional"},
    ),
    "an optional moment": (
        "role-type",
        {"fields": "subject text\n    kind one of like\n    «at time optional»\n    amount number optional"},
    ),
    "a value twice": (
        "listed-twice",
        {"fields": "subject text\n    kind one of like, «like»\n    at time\n    amount number optional"},
    ),
    "a whole number with places": ("places-range", {"attributes": "age whole number with «2» places"}),
    "too many places": ("places-range", {"attributes": "age number with «10» places"}),
    "a range upside down": ("range-empty", {"attributes": "age «whole number 150 to 0»"}),
    "a bound with too many places": ("bound-places", {"attributes": "age number «0.25» to 1 with 1 places"}),
    "a bound that is too large": ("too-large", {"attributes": "age number 0 to «10000000000000000000000000»"}),
    "the key under another name": (
        "role-type",
        {"attributes": 'age whole number 0 to 150\n    subject from «"login"» text'},
    ),
    "two attributes": ("name-twice", {"attributes": "age whole number\n    «age» whole number"}),
    # examples
    "a day before it takes effect": ("before-effective", {"day": "«2025-12-31»"}),
    "a column that is unknown": (
        "name-unknown",
        {"tables": "subjects\n        subject «agge»\n        ada     30" + "\n    records" + RECORDS},
    ),
    "a column of the other table": (
        "name-unknown",
        {"tables": SUBJECTS + "    records\n        subject kind at «age»\n        ada like 2026-02-01T09:00:00Z 3"},
    ),
    "a column twice": (
        "listed-twice",
        {"tables": "subjects\n        subject age «age»\n        ada     30 30" + "\n    records" + RECORDS},
    ),
    "a column that lacks": (
        "column-missing",
        {"tables": SUBJECTS + "    records\n        «subject kind»\n        ada like"},
    ),
    "a row with too few cells": (
        "row-ragged",
        {"tables": "subjects\n        subject age\n        «ada»" + "\n    records" + RECORDS},
    ),
    "a cell that is missing": (
        "cell-unfit",
        {"tables": "subjects\n        subject age\n        ada     «-»" + "\n    records" + RECORDS},
    ),
    "a cell beyond its range": (
        "cell-unfit",
        {"tables": "subjects\n        subject age\n        ada     «151»" + "\n    records" + RECORDS},
    ),
    "a cell with places": (
        "cell-unfit",
        {"tables": "subjects\n        subject age\n        ada     «1.5»" + "\n    records" + RECORDS},
    ),
    "a cell that is no number": (
        "cell-unfit",
        {"tables": "subjects\n        subject age\n        ada     «old»" + "\n    records" + RECORDS},
    ),
    "a time without an offset": (
        "cell-unfit",
        {"tables": SUBJECTS + "    records\n        subject kind at\n        ada like «2026-02-01T09:00:00»"},
    ),
    "a day that is not": (
        "cell-unfit",
        {"tables": SUBJECTS + "    records\n        subject kind at\n        ada like «2026-02-30T09:00:00Z»"},
    ),
    "a kind that is nearly one that is listed": (
        "kind-misspelt",
        {"tables": SUBJECTS + "    records\n        subject kind at\n        ada «likes» 2026-02-01T09:00:00Z"},
    ),
    "no subjects": (
        "table-undeclared",
        {"tables": "records\n        subject kind at\n        ada like 2026-02-01T09:00:00Z"},
    ),
    "a person whom no row names": (
        "person-unnamed",
        {"tables": "subjects\n        subject age\n        bob 30", "expected": "score 1"},
    ),
    "a rule that is not": ("name-unknown", {"expected": "«likd» 5"}),
    "a band that is not": ("name-unknown", {"expected": "band «high»"}),
    "a requirement that is not": ("name-unknown", {"expected": "no score «adlt»"}),
    "the other outcome": ("outcome-differs", {"expected": "«insufficient data adult»"}),
    "a reason that is not": ("name-unknown", {"expected": "because liked, «unliked»"}),
    "above nobody": ("person-unnamed", {"expected": "score 1\n    expect ada above «zoe»"}),
}


@pytest.mark.parametrize(("name", "parts"), CASES.values(), ids=CASES.keys())
def test_tells_of_a_head_a_field_or_an_example(name: str, parts: dict[str, str], tell: Callable[..., object]) -> None:
    """One wrong line gets one diagnostic, at the smallest place that is wrong."""
    told = tell(BOOK.format(**{**PARTS, **parts}), whole=True)
    if name == "person-unnamed":
        assert told.underlined == [(name, "zoe" if "zoe" in str(parts) else "ada")]
    elif name == "table-undeclared":
        assert told.underlined == [(name, '"one"')]
    elif name == "role-missing":
        assert told.underlined == [(name, "records"), *told.underlined[1:]]
    else:
        assert told.mistakes == [(name, *told.marked)], [(d.name, d.message) for d in told.diagnostics]


GOOD: dict[str, dict[str, str]] = {
    "as it is": {},
    "the key declared as what it is": {"attributes": "subject text\n    age whole number 0 to 150"},
    "a kind that is not listed": {
        "tables": SUBJECTS + "    records\n        subject kind at\n        ada poke 2026-02-01T09:00:00+02:00"
    },
    "insufficient data, since no rule applied": {"expected": "insufficient data score"},
    "exponents and offsets": {
        "tables": SUBJECTS
        + "    records\n        subject kind at amount\n        ada like 2026-02-01T09:00:00+02:00 1e0"
    },
}


@pytest.mark.parametrize("parts", GOOD.values(), ids=GOOD.keys())
def test_lets_an_example_pass(parts: dict[str, str], expect_nothing: Callable[..., object]) -> None:
    """What can be read is read, without a word."""
    expect_nothing(BOOK.format(**{**PARTS, **parts}), whole=True)


def test_a_rulebook_that_reads_nothing(tell: Callable[..., object]) -> None:
    """Without records and subjects there is nothing to score: one diagnostic at the rulebook's name."""
    told = tell(
        'rulebook "T" version 1.0.0\n    owner "o"\n\nrule r "R"\n    points 1\n    because "x"\n\n'
        'score "S"\n    sum of all rules\n',
        whole=True,
    )
    assert told.underlined == [("nothing-read", '"T"')]


def test_a_rulebook_without_a_score(tell: Callable[..., object]) -> None:
    """Rules alone are no score: one diagnostic at the rulebook's name."""
    assert tell("", score="").underlined == [("score-missing", '"Test"')]


def test_a_file_that_others_use_is_told_how_it_is_checked(tell: Callable[..., object]) -> None:
    """Whoever checks a file of measures alone reads that those who use it are to be checked; with a rule in it, a score
    is what is missing."""

    def help_of(rule: str) -> str:
        (found,) = (each.help for each in tell("", score="", rule=rule).diagnostics if each.name == "score-missing")
        return str(found)

    assert "check those, and it is checked with them" in help_of("")
    assert "check those" not in help_of('rule r "R"\n    points 1\n    because "x"\n')


def test_records_that_are_not_declared(tell: Callable[..., object]) -> None:
    """A measure of records without records is told once, however many measures there are."""
    text = (
        'rulebook "T" version 1.0.0\n    owner "o"\n\nsubjects\n    age whole number\n\n'
        'measure a "a"\n    count post\nmeasure b "b"\n    count like\n\n'
        'rule r "R"\n    points a + b + age\n    because "x"\n\nscore "S"\n    sum of all rules\n'
    )
    assert tell(text, whole=True).underlined == [("records-missing", "post")]


def test_a_column_of_the_data_is_told_with_the_field_that_is_read_from_it(tell: Callable[..., object]) -> None:
    """An example has the rulebook's own names; who writes a column of the data reads, and is given, the field's."""
    fields = 'subject from "member" text\n    kind one of like\n    at time\n    amount number optional'
    tables = PARTS["tables"].replace("records\n        subject", "records\n        member")
    told = tell(BOOK.format(**{**PARTS, "fields": fields, "tables": tables}), whole=True)
    (found,) = [each for each in told.diagnostics if each.name == "name-unknown"]  # type: ignore[attr-defined]
    assert found.help == "it is the column in the data of `subject`; an example has the rulebook's own names"
    assert found.fix is not None
    assert found.fix.replacement == "subject"
