"""What mattered most is at most four rules each way; that there was more is said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tallystick.engine.reference import refer
from tallystick.explain import explain
from tallystick.rules import read
from tallystick.rules.source import Source

HEAD = """rulebook "Harm" version 1.0.0
    owner "Us"

records
    subject text
    kind    one of post
    at      time

measure posts "post" / "posts"
    count post
"""
SAID = "What else took points away stands in the lines."


@pytest.mark.parametrize(("rules", "is_said"), [(4, False), (5, True)])
def test_that_more_took_points_away_is_said(rules: int, *, is_said: bool) -> None:
    """Four rules that took points away are listed; of a fifth one it is said that there is more."""
    each = '\nrule r{0} "Rule {0}"\n    points -{0} * posts\n    at least -100\n    because "It harms."\n'
    text = HEAD + "".join(each.format(number) for number in range(1, rules + 1))
    text += '\nscore "Harm"\n    sum of all rules\n'
    rulebook, diagnostics = read(Source("harm.tally", text))
    assert rulebook is not None, diagnostics
    rows = (("ada", "post", datetime(2026, 1, 2, 12, tzinfo=UTC)),)
    told = explain(refer(rulebook, rows, (), date(2026, 2, 1)), "ada").text()
    assert told.count("These rules took most points away:") == 1
    assert (SAID in " ".join(told.split())) is is_said


def _told_of(rules: str) -> str:
    """Return what ada is told who posted once, on one line."""
    rulebook, diagnostics = read(Source("harm.tally", f'{HEAD}{rules}\nscore "Harm"\n    sum of all rules\n'))
    assert rulebook is not None, diagnostics
    rows = (("ada", "post", datetime(2026, 1, 2, 12, tzinfo=UTC)),)
    return " ".join(explain(refer(rulebook, rows, (), date(2026, 2, 1)), "ada").text().split())


@pytest.mark.parametrize(("both", "heading"), [(9, "took points away:"), (5, "took most points away:")])
def test_most_is_said_only_of_what_took_most(both: int, heading: str) -> None:
    """A rule that can give 4 points as well is told as lacking: where it took 5, what took 2 away is not the most."""
    rules = (
        'rule only "Only"\n    points -2 * posts\n    because "So."\n'
        f'rule both "Both"\n    points 4 - {both} * posts\n    at most 4\n    because "So."\n'
    )
    assert f"This rule {heading} - Only: 2 points" in _told_of(rules)


def test_what_can_be_compared_with_nothing_is_not_passed_over() -> None:
    """A rule without a highest value has no place among the reasons; that it took points away is said all the same."""
    told = _told_of('rule r "R"\n    points posts - 3\n    because "So."\n')
    assert "What took points away stands in the lines." in told


def test_the_most_that_records_allow_is_no_most_of_a_rule() -> None:
    """An h index is a million where everybody has all the records there can be: that is no figure to fall short of."""
    text = HEAD.replace('"post" / "posts"\n    count post', '"paper" / "papers"\n    h index of post by paper')
    text = text.replace("    at      time\n", "    at      time\n    paper   text\n")
    for bound, said in (("", False), ("    at most 50\n", True)):
        rule = f'\nrule h "Papers"\n    points posts\n{bound}    because "So."\n\nscore "H"\n    sum of all rules\n'
        rulebook, diagnostics = read(Source("h.tally", text + rule))
        assert rulebook is not None, diagnostics
        rows = (("ada", "post", datetime(2026, 1, 2, 12, tzinfo=UTC), "p1"),)
        told = " ".join(explain(refer(rulebook, rows, (), date(2026, 2, 1)), "ada").text().split())
        assert ("of at most 50 points" in told) is said
        assert ("This rule could have given more" in told) is said
        assert "1000000" not in told
