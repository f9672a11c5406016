"""Takes the community rulebook and edits of its text; asks what the difference says, and what it keeps quiet about."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.rules.diff.change import Change
from tallystick.rules.diff.diff import diff
from tallystick.rules.rulebook import Rulebook

COMMUNITY = (Path(__file__).parents[3] / "examples" / "community" / "community.tally").read_text(encoding="utf-8")


OLD = accepted(COMMUNITY)
PEOPLE = """subjects
    agreed yes/no

measure"""
SMALL = """rulebook "A" version 1.0.0
    owner "Us"

records
    subject text
    actor   text
    kind    one of a
    at      time

measure n "a" / "as"
    count a

facet f "F"

    rule r "R"
        points n
        at most 5
        because "B."

score "S"
    sum of all rules
"""


def edited(*replacements: tuple[str, str]) -> Rulebook:
    """Check the community rulebook with pieces of its text replaced, each of which must be there."""
    text = COMMUNITY
    for before, after in replacements:
        assert before in text, before
        text = text.replace(before, after)
    return accepted(text)


def moved(start: str, end: str, to: str) -> Rulebook:
    """Check the community rulebook with everything from ``start`` up to ``end`` moved in front of ``to``."""
    first, last = COMMUNITY.index(start), COMMUNITY.index(end)
    piece, rest = COMMUNITY[first:last], COMMUNITY[:first] + COMMUNITY[last:]
    return accepted(rest.replace(to, piece + to, 1))


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str, str]]:
    """Give of each change its form, kind, name and part."""
    return [(each.form, each.kind, each.name, each.part) for each in changes]


def test_comments_and_layout_are_no_change() -> None:
    """Neither comments, nor blank lines, nor the way a line is laid out are a difference."""
    text = COMMUNITY.replace("    count post\n", "    count   post  # all of them\n\n").replace(
        "\nfacet", "\n# here\n\nfacet"
    )
    assert diff(OLD, accepted(text)) == ()


@pytest.mark.parametrize(
    ("start", "end", "to"),
    [
        ("measure posts", "measure sharers", "measure reported"),
        ("    consent yes/no", "    joined  date", "\nparameter"),
        ('example "one share', 'example "five people', 'example "reports pull'),
        ("            under 1: ", "            1 to under 3", "            missing: "),
    ],
)
def test_an_order_without_meaning_is_no_change(start: str, end: str, to: str) -> None:
    """Measures, attributes, examples and rows of a table may stand in any order."""
    try:
        new = moved(start, end, to)
    except AssertionError:
        pytest.fail("the moved text must check")
    assert diff(OLD, new) == ()


def test_kinds_and_lists_have_no_order() -> None:
    """The kinds of a measure, the values of a field and the options of ``in`` may stand in any order."""
    new = edited(
        ("count like, endorse", "count endorse, like"),
        ("one of post, reply, share, like, endorse, report", "one of report, endorse, like, share, reply, post"),
        ("kind in (share, like, endorse)", "kind in (endorse, share, like)"),
        ("repeats of actor, kind, item", "repeats of item, actor, kind"),
    )
    assert diff(OLD, new) == ()


@pytest.mark.parametrize(
    ("start", "end", "to", "kind", "scope"),
    [
        ("exclude robots", "exclude own_reaction", "exclude twice", "exclude", "what counts"),
        ("rule amplification", "rule conversation", "rule approval", "rule", "words only"),
        ("    actor   text", "    kind    one of", "    item    text", "field", "what is read"),
    ],
)
def test_an_order_with_a_meaning_is_told(start: str, end: str, to: str, kind: str, scope: str) -> None:
    """The order of exclusions, of fields that settle ties, and of rules, whose lines follow it, is a change."""
    changes = diff(OLD, moved(start, end, to))
    assert [(each.form, each.kind, each.scope) for each in changes] == [("reordered", kind, scope)]


def test_the_order_of_fields_matters_only_to_repeats() -> None:
    """Without a ``repeats``, the fields of a record may stand in any order."""
    start, end = COMMUNITY.index("exclude twice"), COMMUNITY.index("discount favours")
    text = COMMUNITY[:start] + COMMUNITY[end:]
    first, second = '    subject text  "whose score it counts toward"\n', '    actor   text  "who did it"\n'
    assert first + second in text
    without = text[: text.index('example "cheap')] + text[text.index('example "reports') :]
    assert diff(accepted(without), accepted(without.replace(first + second, second + first))) == ()


def test_the_order_of_requirements_is_told_within_a_stage() -> None:
    """Which of two requirements of one stage comes first settles the words that a person gets."""
    more = 'require known "known"\n    when joined is not missing\n    otherwise no score "Unknown."\n\n'
    before = edited(("require consent", more + "require consent"))
    after = edited(("require enough", more + "require enough"))
    assert [(each.form, each.scope) for each in diff(before, after)] == [("reordered", "who is scored")]
    assert diff(after, edited(("exclude robots", more + "exclude robots"))) == ()


@pytest.mark.parametrize(
    ("kind", "old", "new", "replacements"),
    [
        ("rule", "conversation", "answers", [("conversation", "answers")]),
        ("measure", "sharers", "senders", [("measure sharers", "measure senders"), ("sharers,", "senders,")]),
        ("parameter", "fade", "half_life", [("fade", "half_life")]),
        ("exclude", "robots", "programs", [("exclude robots", "exclude programs")]),
        ("discount", "favours", "returned_ones", [("discount favours", "discount returned_ones")]),
        ("require", "consent", "yes", [("require consent", "require yes"), ("score consent", "score yes")]),
        ("facet", "reaction", "response", [("facet reaction", "facet response")]),
        ("band", "regular", "known", [("20 regular", "20 known"), ("regular  #", "known  #")]),
        (
            "attribute",
            "joined",
            "member_since",
            [
                ("joined  date", 'member_since from "joined" date'),
                ("since joined", "since member_since"),
                ("consent joined", "consent member_since"),
            ],
        ),
    ],
)
def test_a_renaming_is_one_change(kind: str, old: str, new: str, replacements: list[tuple[str, str]]) -> None:
    """A thing that only goes by another name is one change, and what refers to it is none."""
    renamed = edited(*replacements)
    changes = diff(OLD, renamed)
    assert told(changes) == [("renamed", kind, new, "")]
    assert changes[0].old_name == old
    assert changes[0].scope == "words only"


def test_a_renamed_and_changed_rule_is_both() -> None:
    """A rule with another name and another weight, under the same title, is told as renamed and as changed."""
    new = edited(("rule amplification", "rule sharing"), ("amplification", "sharing"), ("weight 60", "weight 50"))
    assert ("renamed", "rule", "sharing", "") in told(diff(OLD, new))
    assert ("changed", "rule", "sharing", "weight") in told(diff(OLD, new))
    assert not [each for each in diff(OLD, new) if each.form in {"added", "removed"}]


def test_another_measure_is_not_a_renaming() -> None:
    """What differs in meaning and in title is a new thing and a gone one."""
    new = edited(
        ('measure reported "person who reported you" / "people who reported you"', 'measure warned "note" / "notes"'),
        ("distinct actor of report\n    within 365 days", "count report\n    within 30 days"),
        ("-2 * reported", "-2 * warned"),
    )
    assert ("added", "measure", "warned", "") in told(diff(OLD, new))
    assert ("removed", "measure", "reported", "") in told(diff(OLD, new))


def test_a_parameter_is_told_once() -> None:
    """A changed parameter is one change, which names the rules that read it through their measures."""
    changes = [each for each in diff(OLD, edited(("fade = 30 days", "fade = 60 days"))) if each.kind != "example"]
    assert [(each.kind, each.part, each.old, each.new) for each in changes] == [
        ("parameter", "=", "30 days", "60 days")
    ]
    assert changes[0].reaches == ("amplification", "conversation", "approval")


def test_the_same_number_put_otherwise_is_words_only() -> None:
    """A parameter in place of its own value changes nobody's score."""
    (change,) = diff(
        OLD,
        edited(
            ("distinct actor of share\n    halving every fade", "distinct actor of share\n    halving every 30 days")
        ),
    )
    assert (change.form, change.scope, change.old, change.new) == ("put otherwise", "words only", "fade", "30 days")


def test_forty_percent_is_a_number() -> None:
    """A number is the same however it is written."""
    assert diff(OLD, edited(("to 50%", "to 0.5"), ("90 days", "90 days"), ("within 365 days", "within 365 days"))) == ()


def test_a_changed_weight_has_an_exact_effect() -> None:
    """Where only the weight changed, everybody's line is so many times what it was."""
    (change,) = [each for each in diff(OLD, edited(("weight 60", "weight 50"))) if each.kind == "rule"]
    assert change.effect is not None
    assert change.effect.share == (5, 6)
    assert (change.effect.old.most, change.effect.new.most) == (Decimal(60), Decimal(50))


def test_another_shape_beside_the_weight_has_no_share() -> None:
    """Where more than the weight changed, no share is claimed."""
    new = edited(("weight 60", "weight 50"), ("logarithmic to 500", "logarithmic to 400"))
    (weight,) = [each for each in diff(OLD, new) if each.part == "weight"]
    assert weight.effect is not None
    assert weight.effect.share is None


def test_changes_stand_in_the_order_of_the_new_text() -> None:
    """Changes come in the order of the new text, a removed thing after what stood before it."""
    text = COMMUNITY.replace("from 50 leading", "from 60 leading").replace("weight 30", "weight 35")
    text = text.replace('exclude own_reaction "your', 'exclude self "Your').replace("posts >= 3", "posts >= 2")
    start, end = text.index("discount favours"), text.index("measure posts")
    changes = diff(OLD, accepted(text[:start] + text[end:]))
    kinds = [each.kind for each in changes if each.kind != "example"]
    assert kinds == ["require", "exclude", "exclude", "discount", "rule", "band"]


def test_subjects_coming_and_going_is_about_who_is_scored() -> None:
    """Whether people are listed at all settles who is scored."""
    without, with_people = accepted(SMALL), accepted(SMALL.replace("measure", PEOPLE, 1))
    assert ("added", "subjects", "subjects", "") in told(diff(without, with_people))
    assert ("removed", "subjects", "subjects", "") in told(diff(with_people, without))


def test_a_moved_rule_belongs_to_another_facet() -> None:
    """A rule that moved to another facet is told as that."""
    new = moved('    rule approval "People', '\nfacet standing "Your', '    rule reports "People')
    changes = [each for each in diff(OLD, new) if each.kind == "rule" and each.part == "facet"]
    assert [(each.name, each.old, each.new) for each in changes] == [("approval", "reaction", "standing")]


def test_rows_of_a_table_are_told_apart() -> None:
    """A row that gives other points, a row that is new and words that are others are three changes."""
    new = edited(
        ("3 or more:    10", "3 to under 10: 10\n            10 or more: 12"),
        ("under 1:      0", "under 1:      1"),
        ("We do not know when you joined.", "Nobody noted when you joined."),
    )
    parts = [(each.form, each.part, each.old, each.new) for each in diff(OLD, new) if each.kind == "rule"]
    assert ("changed", "row under 1", "0", "1") in parts
    assert ("changed", "row 10 or more", None, "12") in parts
    assert (
        "changed",
        "words of row missing",
        '"We do not know when you joined."',
        '"Nobody noted when you joined."',
    ) in parts


def test_an_example_is_told_line_by_line() -> None:
    """What an example expects is compared person by person and line by line."""
    (change,) = diff(OLD, edited(("        score         5.7", "        score         5.8")))
    assert (change.scope, change.part, change.old, change.new) == ("examples", "expect ada score", "5.7", "5.8")
