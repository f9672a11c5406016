"""Takes whole rulebooks; holds that all mistakes are told in one go, each once, in words that help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tallystick.rules import RulebookError, load, read
from tallystick.rules.diagnostics import Diagnostic, Severity
from tallystick.rules.source import Source

STYLE = """rulebook "Style" version 1.0.0
    owner "Somebody"

records
    subject text
    kind    one of share, reply, post
    at      time

subjects
    joined date

measure shares "share" / "shares"
    count share

measure replies "reply" / "replies"
    count reply

measure posts "post" / "posts"
    count post

measure answered "answer a post" / "answers a post"
    = replies / posts

rule passed_on "People pass on what you post"
    weight 60
    level  shars, logarithmic to 500
    because "It reaches others."

rule tenure "Years as a member"
    points by years since joined
        under 1:   0
        1 to 3:    5
        3 or more: 10
        missing:   0

score "Score"
    sum of all rules
"""


@pytest.fixture
def style() -> dict[str, Diagnostic]:
    """Check the four mistakes of the style guide, in one file."""
    _, diagnostics = read(Source("influence.tally", STYLE))
    assert len(diagnostics) == 4
    return {each.name: each for each in diagnostics}


def test_an_unknown_name_that_is_nearly_another(style: dict[str, Diagnostic]) -> None:
    """A misspelt name is told with the one that is spelled almost the same, and where that one stands."""
    told = style["name-unknown"]
    assert told.message == "no measure or field is called `shars`"
    assert told.primary.text == "not declared"
    assert told.help == "`shares` (line 12) is spelled almost the same"
    assert told.fix is not None
    assert told.fix.replacement == "shares"


def test_a_divisor_that_may_be_zero(style: dict[str, Diagnostic]) -> None:
    """A divisor that can be 0 is told with what it can be, and two ways out."""
    told = style["may-be-zero"]
    assert told.message == "`posts` can be 0 here, so `replies / posts` may have no value"
    assert told.primary.text == "0 or more"
    assert told.help == "add `when posts >= 1`, or divide by `max(posts, 1)`"


def test_rows_that_overlap(style: dict[str, Diagnostic]) -> None:
    """Rows that overlap are told with a value that both contain, what each gives there, and what to write."""
    told = style["rows-overlap"]
    assert told.message == "two rows of this table both contain 3 years"
    assert told.primary.text == "10 points at 3"
    assert told.secondary is not None
    assert told.secondary.text == "5 points at 3"
    assert STYLE[told.secondary.span.start : told.secondary.span.end] == "1 to 3"
    assert told.help == "write `1 to under 3`"


def test_a_rule_without_a_reason(style: dict[str, Diagnostic]) -> None:
    """A rule that does not say why it counts is a warning at its name."""
    told = style["no-reason"]
    assert told.severity is Severity.WARNING
    assert told.message == "rule `tenure` does not say why it counts"
    assert told.notes == ("the people it scores will read this rule",)
    assert told.help == 'add `because "…"`'
    assert STYLE[told.primary.span.start : told.primary.span.end] == "tenure"


TEN = """rulebook "Ten" version 1.0.0
    owner "Somebody"
    time zone "Europe/Berln"

records
    subject text
    actor   text
    kind    one of like, post
    at      time
    item    text optional

parameter fade = 30 days "fade"

discount half "half"
    to 50%
    when acter = subject

exclude twice "twice"
    when item = "x"

measure likes "like" / "likes"
    count lkie
    halving every fade

measure posts "post" / "posts"
    count post
    halving every 30

measure ratio "r"
    = 1 / posts

measure deep "d"
    = deep + 1

rule liked "Liked"
    points likes * ratio * deep
    at most 1
    at least 2
    because "x"

rule table "Table"
    points by posts
        up to 3:   1
        2 or more: 2
    because "x"

rule given "Given"
    points posts
    for others' actions
    because "x"

score "Score"
    sum of all rules
"""


def test_ten_mistakes_get_ten_diagnostics() -> None:
    """A file with ten mistakes gets ten diagnostics in one go, in the order of the text, and no more."""
    rulebook, diagnostics = read(Source("ten.tally", TEN))
    assert rulebook is None
    assert [(each.name, TEN[each.primary.span.start : each.primary.span.end]) for each in diagnostics] == [
        ("zone-unknown", '"Europe/Berln"'),
        ("name-unknown", "acter"),
        ("may-be-missing", "item"),
        ("name-unknown", "lkie"),
        ("unit-mismatch", "30"),
        ("may-be-zero", "posts"),
        ("circle", "deep"),
        ("bounds-crossed", "2"),
        ("rows-overlap", "2 or more"),
        ("actions-not-implied", "for others' actions"),
    ]


def test_what_nothing_reads_is_a_warning(tell: Callable[..., object]) -> None:
    """A measure, a parameter, a field and an attribute that nothing reads are warned of, and the rulebook stands."""
    told = tell('parameter p = 3 "p"\nmeasure m "m"\n    count post')
    unused = {told.text[d.primary.span.start : d.primary.span.end] for d in told.diagnostics}
    assert {"p", "m", "item", "joined"} <= unused
    assert not unused & {"id", "subject", "actor", "kind", "at", "size"}
    assert all(each.severity is Severity.WARNING and each.name == "unused" for each in told.diagnostics)
    assert told.rulebook is not None


def test_a_dated_value_of_another_unit_is_told_where_it_stands(tell: Callable[..., object]) -> None:
    """A value without its unit is one mistake, at the value, however many measures use the parameter."""
    uses = "".join(f'measure {name} "m"\n    count post\n    halving every p\n' for name in ("m", "n"))
    told = tell(f'parameter p = 30 days "p"\n    from 2026-07-01 = 40 because "x"\n{uses}')
    errors = [each for each in told.diagnostics if each.severity is Severity.ERROR]
    assert [(each.name, told.text[each.primary.span.start : each.primary.span.end]) for each in errors] == [
        ("unit-mismatch", "40")
    ]
    assert errors[0].help == "write a duration, such as `30 days`"


def test_an_unknown_name_silences_what_would_follow(tell: Callable[..., object]) -> None:
    """Where a name is unknown, nobody says that the one it was meant to be is never used."""
    told = tell('measure likes "l"\n    count like\nrule r "R"\n    points liks\n    because "x"')
    assert [each.name for each in told.diagnostics] == ["name-unknown"]


def test_a_far_name_gets_the_list_of_what_there_is(tell: Callable[..., object]) -> None:
    """A name that is near to nothing gets what there is to name, and no fix."""
    told = tell('measure likes "l"\n    count «zzzzzz»')
    unknown = next(each for each in told.diagnostics if each.name == "name-unknown")
    assert unknown.help == "there are `post`, `like` and `reply`"
    assert unknown.fix is None


def test_a_line_that_does_not_parse_poisons_in_silence() -> None:
    """A measure that did not parse is not unknown to the rules that read it, and no rulebook comes of it."""
    text = STYLE.replace("shars", "shares").replace("    count share\n", "    count share share\n")
    rulebook, diagnostics = read(Source("s.tally", text))
    assert rulebook is None
    assert "name-unknown" not in {each.name for each in diagnostics}


def test_what_actors_earned_by_a_measure_that_does_not_parse() -> None:
    """What did not parse is followed neither from a formula nor from a measure that reads it of actors."""
    text = """rulebook "Earned" version 1.0.0
    owner "Somebody"
records
    subject text
    actor text
    kind one of like
    at date
measure weight "w"
    sum 1 of like
    average 1 of like
measure crowd "c"
    = weight * 2
measure second "s"
    sum min(actor.crowd, 3) of like
rule r "R"
    points second
    because "b"
score "Score"
    sum of all rules
"""
    rulebook, diagnostics = read(Source("s.tally", text))
    assert rulebook is None
    assert [each.name for each in diagnostics] == ["clause-misplaced"]


def test_load_raises_with_every_diagnostic(tmp_path: Path) -> None:
    """``load`` raises an error that holds the diagnostics and shows each in one line with its place."""
    path = tmp_path / "ten.tally"
    path.write_text(TEN, encoding="utf-8")
    with pytest.raises(RulebookError) as raised:
        load(path)
    assert len(raised.value.diagnostics) == 10
    first = str(raised.value).splitlines()[0]
    assert first == f"{path}:3:15: error[zone-unknown]: no time zone is called `Europe/Berln`"


def test_load_gives_the_rulebook(tmp_path: Path) -> None:
    """``load`` gives a rulebook whose only diagnostics are warnings."""
    path = tmp_path / "fine.tally"
    path.write_text(
        'rulebook "Fine" version 1.2.3\n    owner "o"\n\nsubjects\n    size number\n\nrule r "R"\n    points size\n\n'
        'score "S"\n    sum of all rules\n',
        encoding="utf-8",
    )
    rulebook = load(str(path))
    assert (rulebook.name, rulebook.version, rulebook.time_zone) == ("Fine", "1.2.3", "UTC")
    assert [rule.name for rule in rulebook.rules] == ["r"]
