"""Takes pairs of rulebooks; asks whether the edits between them lead from the one to the other, and tell no more."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from generators.accepted import accepted
from generators.edited import Pair, coverage_of, pair_of, pairs, with_new_names
from generators.rulebooks import case_of
from hypothesis import given, settings

from tallystick.rules.diff.change import Change
from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.edits import TOO_MANY, Edit, follow
from tallystick.rules.diff.pieces import put_together, take_apart
from tallystick.rules.diff.renamed_text import renamed_file
from tallystick.rules.diff.renames import Names, renamed
from tallystick.rules.format.format import canonical
from tallystick.rules.load import read
from tallystick.rules.parse.parse import parse
from tallystick.rules.rulebook import ROLES, Rulebook
from tallystick.rules.source import Source

FEWER = max(6, settings.default.max_examples // 16) if settings.default is not None else 6
TEXT = """
rulebook "Small" version 1.0.0
    owner "Us"

records
    subject text
    actor   text
    kind    one of post, like
    at      time
    item    text optional

parameter fade = 30 days "how long"

exclude own "your own likes"
    when actor = subject and kind = like

exclude twice "said twice"
    when kind = like
    repeats of actor

measure posts "post" / "posts"
    count post
    halving every fade

measure likes "like" / "likes"
    count like
    halving every fade

facet all_of_it "All"

    rule writing "You write"
        points 2 * posts
        because "Writing counts."

    rule liked "You are liked"
        points likes
        because "Being liked counts."

score "Small"
    sum of all rules
    rounded to 1 place

bands
    from 0  low  "Low"
    from 50 high "High"

example "nobody"
    as of 2026-03-01
    records
        subject actor kind at item
    expect ada
        score 0
"""
TEXT = TEXT[: TEXT.index("\nexample")] + "\n"


def with_(*pairs_: tuple[str, str]) -> Rulebook:
    """Give the small rulebook with texts exchanged."""
    text = TEXT
    for old, new in pairs_:
        assert text.count(old) >= 1
        text = text.replace(old, new)
    return accepted(text)


def edits(old: Rulebook, new: Rulebook) -> tuple[Edit, ...]:
    """Give the edits that lead from one to the other."""
    return follow(old, new).each


def names(found: tuple[Edit, ...]) -> list[str]:
    """Name the edits."""
    return [f"{each.kind} {each.name}".strip() for each in found]


OLD = accepted(TEXT)


def test_no_edit_where_nothing_differs() -> None:
    """Words, layout, comments and an order without a meaning are no edit."""
    assert edits(OLD, OLD) == ()
    worded = with_(("Writing counts.", "We like to read."), ("count post\n", "count post # all\n"), ("1.0.0", "1.0.1"))
    assert edits(OLD, worded) == ()
    bands = '    from 0  low  "Low"\n    from 50 high "High"\n'
    assert edits(OLD, with_((bands, '    from 0 low "Low"\n    from 50 high "Very high"\n'))) == ()


def test_one_edit_for_each_declaration() -> None:
    """Declarations that differ are edits one by one, in the order of the text, each with all its changes."""
    new = with_(("fade = 30", "fade = 60"), ("2 * posts", "3 * posts"), ("from 50 high", "from 40 high"))
    found = edits(OLD, new)
    assert names(found) == ["parameter fade", "rule writing", "band high"]
    assert [each.together for each in found] == [(), (), ()]
    assert found[-1].rulebook is new
    only_first = with_(("fade = 30", "fade = 60"))
    assert diff(found[0].rulebook, only_first) == ()
    assert found[1].alone is not None
    assert diff(found[1].alone, with_(("2 * posts", "3 * posts"))) == ()


def test_parameters_reach_what_reads_them() -> None:
    """An intermediate is read anew: a parameter that was edited has its new value wherever it stands."""
    new = with_(("fade = 30", "fade = 60"), ("2 * posts", "3 * posts"))
    (first, _) = edits(OLD, new)
    halvings = [measure.halving for measure in first.rulebook.measures]
    assert [None if each is None else int(each.value) for each in halvings] == [60, 60]


def test_renames_are_followed() -> None:
    """A new name is no edit, and an edit of what was renamed is one edit of it, by its new name."""
    renames = (("writing", "authoring"), ("posts ", "pieces "), ("posts\n", "pieces\n"), ("fade", "half"))
    assert edits(OLD, with_(*renames)) == ()
    found = follow(OLD, with_(*renames, ("half = 30", "half = 60")))
    assert names(found.each) == ["parameter half"]
    assert found.names.of("rule") == {"writing": "authoring"}
    assert [rule.name for rule in found.former.rules] == ["authoring", "liked"]


def test_what_others_need_comes_first() -> None:
    """A measure that a rule of the new version reads is there before the rule, wherever it stands in the text."""
    rule = "    rule liked"
    more = '    rule shared "You are shared"\n        points shares\n        because "Sharing counts."\n\n' + rule
    text = TEXT.replace(rule, more) + '\nmeasure shares "share" / "shares"\n    count like\n    within 30 days\n'
    found = edits(OLD, accepted(text))
    assert names(found) == ["measure shares", "rule shared"]
    assert found[1].alone is None
    assert found[1].not_alone is not None
    assert "shares" in found[1].not_alone
    assert names(edits(accepted(text), OLD)) == ["rule shared", "measure shares"]


def test_what_cannot_stand_apart_is_edited_together() -> None:
    """Where the rulebook checks with neither of two edits alone, they are one edit, and it says so."""
    mean = "mean of all rules by weight, out of 100"
    new = with_(
        ("sum of all rules", mean),
        ("points 2 * posts", "weight 60\n        level  posts, linear to 10"),
        ("points likes", "weight 40\n        level  likes, linear to 10"),
    )
    found = edits(OLD, new)
    assert [(each.kind, each.name, each.together) for each in found] == [
        ("rule", "writing", ()),
        ("rule", "liked", ()),
        ("score", "score", ()),
    ]
    (back, *_) = edits(new, OLD)
    assert (back.kind, back.name) == ("score", "score")
    swapped = edits(with_(("from 0  low", "from 60 low"), ("from 50 high", "from 70 high")), OLD)
    assert names(swapped) == ["band low", "band high"]


def test_an_order_with_a_meaning_is_an_edit() -> None:
    """Exclusions in another order are an edit without a name; the order of rules is none."""
    own, twice, after = (TEXT.index(each) for each in ("exclude own", "exclude twice", "measure posts"))
    new = accepted(TEXT[:own] + TEXT[twice:after] + TEXT[own:twice] + TEXT[after:])
    found = edits(OLD, new)
    assert names(found) == ["exclude"]
    assert [each.name for each in found[0].rulebook.excludes] == ["twice", "own"]


def test_put_otherwise_is_no_edit_and_hides_none() -> None:
    """A number in place of a parameter that is edited at once leaves the parameter's edit what it is."""
    new = with_(
        ("fade = 30", "fade = 60"), ("count like\n    halving every fade", "count like\n    halving every 30 days")
    )
    found = edits(OLD, new)
    assert names(found) == ["parameter fade"]
    assert found[0].alone is not None
    halving = {each.name: each.halving for each in found[0].alone.measures}["likes"]
    assert halving is not None
    assert int(halving.value) == 30


def test_names_that_stand_in_each_other_s_way_are_one_edit() -> None:
    """Where a new name is still borne by something else, all edits are one, and nothing is guessed."""
    new = with_(("measure posts ", "measure item "), ("2 * posts", "3 * item"), ("    item    text optional\n", ""))
    (edit,) = edits(OLD, new)
    assert edit.rulebook is new
    assert {(edit.kind, edit.name), *edit.together} == {("field", "item"), ("rule", "writing")}
    assert edit.alone is None


def test_too_many_edits_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where trying every edit would take too long, what is left is one edit, and none is tried alone."""
    new = with_(("fade = 30", "fade = 60"), ("2 * posts", "3 * posts"), ("from 50 high", "from 40 high"))
    monkeypatch.setattr("tallystick.rules.diff.edits.MOST_WORK", 1)
    first, rest = edits(OLD, new)
    assert (first.name, rest.name, rest.together) == ("fade", "writing", (("band", "high"),))
    assert (first.alone, first.not_alone) == (None, TOO_MANY)
    assert rest.rulebook is new


@settings(max_examples=FEWER)
@given(pairs())
def test_edits_lead_from_old_to_new(pair: Pair) -> None:
    """Each edit changes what it names and no meaning else; the last one arrives at the new version."""
    check(pair.before.rulebook, pair.after.rulebook)


def check(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Ask all that must hold of the edits between two rulebooks; give their changes."""
    changes = diff(old, new)
    way = follow(old, new)
    meant = [each for each in changes if each.scope not in ("who may see", "words only", "promises", "examples")]
    assert bool(way.each) is bool(meant)
    assert len([each for edit in way.each for each in edit.changes if each in meant]) == len(meant)
    now = way.former
    for edit in way.each:
        named = {(edit.kind, edit.name), *edit.together}
        blocks = {"records": "field", "subjects": "attribute"}
        named_blocks = {blocks[kind] for kind, _ in named if kind in blocks}
        for change in diff(now, edit.rulebook):
            known = (change.kind, change.name) in named or change.kind in named_blocks
            # A facet is there as long as any rule stands in it.
            known = known or (change.kind == "facet" and change.form in ("added", "removed"))
            assert known or change.scope in ("who may see", "words only", "promises", "examples"), (edit, change)
        assert (edit.alone is None) is (edit.not_alone is not None)
        now = edit.rulebook
    assert all(each.scope in ("who may see", "words only", "promises", "examples") for each in diff(now, new))
    return changes


SORTS = ("field", "attribute", "parameter", "require", "exclude", "discount", "measure", "rule", "facet", "band")
WANTED = frozenset(
    (
        *(f"{sort}: {form}" for sort in SORTS for form in ("added", "removed", "renamed")),
        *("field: type", "field: optional", "field: from", "attribute: type", "parameter: =", "require: when"),
        *("require: otherwise", "exclude: when", "exclude: repeats of", "discount: to", "discount: when"),
        *(f"measure: {part}" for part in ("counting", "when", "within", "keep", "total", "halving every")),
        *(f"rule: {part}" for part in ("weight", "level", "shape", "points by", "at most", "at least", "when")),
        *("rule: otherwise", "rule: facet", "facet: at most", "facet: at least", "score: rules", "score: at most"),
        *("score: at least", "score: rounded", "score: lines rounded", "rulebook: effective", "rulebook: time zone"),
    )
)


def test_the_generator_edits_everything() -> None:
    """The made-up edits cover each sort of declaration and each of their clauses, so that no edit goes untried."""
    covered: set[str] = set()
    books = [case_of(seed, 4).rulebook for seed in range(34)]
    for one, other in pairwise(books):
        covered |= coverage_of(diff(one, other))
    for number, book in enumerate(books):
        made, _ = with_new_names(book, Random(number))  # noqa: S311  made up on purpose
        covered |= coverage_of(diff(book, made))
    assert WANTED - covered == set()


@pytest.mark.whole
def test_the_generator_s_pairs_cover_everything() -> None:
    """The pairs themselves, of which the properties are asked, cover it all, and every one of them holds."""
    covered: set[str] = set()
    for seed in range(400):
        pair = pair_of(seed, 1 + seed % 3)
        covered |= coverage_of(check(pair.before.rulebook, pair.after.rulebook))
    assert WANTED - covered == set()


@pytest.mark.parametrize("seed", range(6))
def test_everything_renamed_is_no_edit(seed: int) -> None:
    """With every name of a rulebook exchanged, its text means what the checked tree with those names means."""
    rulebook = case_of(seed, 1 + seed % 4).rulebook
    source = Source("made-up.tally", rulebook.text)
    file, checked = parse(source)[0], read(source)[0]
    assert file is not None
    assert checked is not None
    values = [*(rulebook.records or ()), *(rulebook.subjects or ()), *rulebook.parameters, *rulebook.measures]
    new = Names(
        values={each.name: f"{each.name}_now" for each in values if each.name not in ROLES},
        rules={each.name: f"{each.name}_now" for each in rulebook.rules},
        facets={each.name: f"{each.name}_now" for each in rulebook.facets},
        bands={each.name: f"{each.name}_now" for each in rulebook.bands},
        excludes={each.name: f"{each.name}_now" for each in rulebook.excludes},
        discounts={each.name: f"{each.name}_now" for each in rulebook.discounts},
        requires={each.name: f"{each.name}_now" for each in rulebook.requires},
    )
    whole = put_together(take_apart(renamed_file(file, checked, new)), file)
    assert whole is not None
    made = accepted(canonical(whole))
    assert {each.kind for each in diff(renamed(rulebook, new), made)} <= {"promise", "example"}
    assert edits(rulebook, made) == ()
