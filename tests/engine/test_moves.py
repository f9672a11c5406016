"""Takes two versions of a rulebook and the same records; asks who is moved, by how much, and what each edit did."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted
from generators.edited import Pair, pairs
from generators.rows import Table
from hypothesis import Phase, given, settings
from small_rulebook import small

from tallystick.engine.change.moves import Effect, Moves, moves
from tallystick.engine.change.trials import TrialInputs
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.scoring import score
from tallystick.rules.load import load
from tallystick.rules.rulebook import Rulebook

FEWER = max(3, settings.default.max_examples // 40) if settings.default is not None else 3
MODEST = """\
require modest "not too loud"
    when shares <= 4
    otherwise no score "You are shared too often to be judged."
"""
OLD = (("measure posts", f"{MODEST}\nmeasure posts"),)
EDITS = (
    ("posts >= 1", "posts >= 2"),
    ("shares <= 4", "shares <= 9"),
    ("        points posts\n", "        points posts\n        at most 3\n"),
    ("2.5 * shares", "2 * shares"),
)
PEOPLE = {
    # Posts and shares, with the score before and after.
    "ada": (4, 1),  # 4 + 2.5 = 6.5, then 3 + 2 = 5.0
    "bob": (1, 3),  # 1 + 7.5 = 8.5, then too few posts
    "cem": (2, 0),  # 2.0 both times
    "dan": (0, 1),  # never a score
    "eve": (3, 1),  # 3 + 2.5 = 5.5, then 3 + 2 = 5.0
    "fay": (2, 5),  # shared too often, then 2 + 10 = 12, of which the facet takes 2
    "gus": (2, 1),  # 2 + 2.5 = 4.5, then 2 + 2 = 4.0
    "hal": (5, 0),  # 5.0, then 3.0
}
AS_OF = date(2026, 1, 31)
DATA = Path(__file__).parents[2].parent / "shared" / "data"


def edited(*edits: tuple[str, str]) -> Rulebook:
    """Check the small rulebook with a requirement more, and with pieces of its text replaced."""
    return accepted(small(*OLD, *edits))


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write what the eight people did."""
    path = tmp_path_factory.mktemp("moves") / "records.csv"
    rows = [
        (name, f"{kind}er-{number}" if kind == "share" else name, kind, f"2026-01-{number + 1:02}")
        for name, (posts, shares) in PEOPLE.items()
        for kind, count in (("post", posts), ("share", shares))
        for number in range(count)
    ]
    path.write_text("subject,actor,kind,at\n" + "".join(f"{','.join(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(records: Path) -> Moves:
    """Compare the small rulebook with all of its edits made."""
    return moves(edited(), edited(*EDITS), TrialInputs(AS_OF, str(records)))


def effect(
    total: str, moved: int, down: tuple[str, str] | None = None, *, came: int = 0, lost: int = 0, bands: int = 0
) -> Effect:
    """Make an effect that moves nobody up."""
    return Effect(Decimal(total), moved, None, None if down is None else (down[0], Decimal(down[1])), came, lost, bands)


def test_everybody_stands_where_arithmetic_puts_them(found: Moves) -> None:
    """Who is scored, who is moved and by how much is what a person works out by hand."""
    assert (found.people, found.scored) == ((8, 8), (6, 6, 5))
    assert {each.subject: each.points for each in found.changed} == {
        "ada": Decimal("-1.5"),
        "bob": None,
        "eve": Decimal("-0.5"),
        "fay": None,
        "gus": Decimal("-0.5"),
        "hal": Decimal(-2),
    }
    assert found.total == Decimal("-4.5")
    assert found.moved == 4
    assert found.steps == ((Decimal(-2), 1), (Decimal("-1.5"), 1), (Decimal("-0.5"), 2), (Decimal(0), 1))


def test_each_edit_did_what_it_did_after_those_before_it(found: Moves) -> None:
    """Edits come in the order of the text; their totals sum to the whole."""
    assert [(each.edit.kind, each.edit.name) for each in found.edits] == [
        ("require", "enough"),
        ("require", "modest"),
        ("rule", "posting"),
        ("rule", "sharing"),
    ]
    assert [each.effect for each in found.edits] == [
        effect("0", 0, lost=1),
        effect("0", 0, came=1),
        effect("-3", 2, ("hal", "-2"), bands=1),  # ada 6.5 to 5.5, hal 5 to 3
        effect("-1.5", 3, ("ada", "-0.5")),  # ada, eve and gus have one share each
    ]


def test_each_edit_alone_is_measured_against_the_old_version(found: Moves) -> None:
    """Alone, other people have a score: `bob`, with three shares, is moved by the rule that his requirement hides."""
    assert [each.alone for each in found.edits] == [
        effect("0", 0, lost=1),
        effect("0", 0, came=1),
        effect("-3", 2, ("hal", "-2"), bands=1),
        effect("-3", 4, ("bob", "-1.5")),
    ]


def test_who_came_went_and_crossed_is_told_by_what_did_it(found: Moves) -> None:
    """A requirement is named for whoever came to a score or lost one, and a band for whoever crossed into another."""
    assert found.lost == (("enough", "insufficient data", 1),)
    assert found.came == (("modest", "no score", 1),)
    assert found.bands == (("high", "low", 1),)


def test_the_furthest_are_followed_by_line_and_by_edit(found: Moves) -> None:
    """Of who is moved furthest, lines and edits each sum to the move."""
    assert found.up == ()
    assert [each.moved.subject for each in found.down] == ["hal", "ada", "eve", "gus"]
    ada = found.down[1]
    assert [(each.name, each.before, each.after) for each in ada.lines] == [
        ("posting", Decimal(4), Decimal(3)),
        ("sharing", Decimal("2.5"), Decimal(2)),
    ]
    assert ada.edits == ((2, Decimal(-1)), (3, Decimal("-0.5")))


def test_a_line_that_comes_with_nothing_is_no_move(records: Path) -> None:
    """Of a rule under another name with another weight, which gives `hal` nothing by either, nothing is told."""
    always = ("        when shares >= 1\n", "")
    other = ('rule sharing "People share"', 'rule shared "You are shared"'), ("2.5 * shares", "2 * shares")
    found = moves(edited(always), edited(always, EDITS[2], *other), TrialInputs(AS_OF, str(records)))
    lines = {each.moved.subject: [(line.name, line.points) for line in each.lines] for each in found.down}
    assert lines["hal"] == [("posting", Decimal(-2))]
    assert lines["gus"] == [("shared", Decimal(2)), ("sharing", Decimal("-2.5"))]


MEAN = """rulebook "Mean" version 1.0.0

records
    subject text
    actor   text
    kind    one of post, share
    at      date

measure posts "post" / "posts"
    count post

measure shares "share" / "shares"
    count share

rule posting "You post"
    weight 1
    level posts, linear to 10
    because "c"

rule sharing "You are shared"
    weight 3
    level shares, linear to 10
    because "c"

score "Score"
    mean of all rules by weight, out of 100
    rounded to 1 place
"""


def test_under_a_mean_a_move_is_the_rule_s_that_makes_it(records: Path) -> None:
    """`fay` has 2 posts and 5 shares: 1 × 0.2 and 3 × 0.5 of 4 weights make 5 and 37.5 of 100, in all 42.5. Full at 20
    shares, 3 × 0.25 make 18.75, and 23.75 is rounded to 23.8. The division moved nobody."""
    found = moves(
        accepted(MEAN),
        accepted(MEAN.replace("shares, linear to 10", "shares, linear to 20")),
        TrialInputs(AS_OF, str(records)),
    )
    (fay, *_) = found.down
    assert (fay.moved.subject, fay.moved.points) == ("fay", Decimal("-18.7"))
    assert [(each.kind, each.name, each.before, each.after) for each in fay.lines] == [
        ("rule", "sharing", Decimal("37.5"), Decimal("18.75")),
        ("rounding", "", None, Decimal("0.05")),
    ]


def test_a_sum_that_becomes_a_mean(records: Path) -> None:
    """By the sum `fay` has 0.2 and 1.5, by the mean 5 and 37.5: the lines tell what each makes of its score. Where a
    rule weighs 2, thirds are left over: 0.000000001 at most for each rule."""
    total = MEAN.replace("mean of all rules by weight, out of 100", "sum of all rules").replace("1 place", "2 places")
    found = moves(accepted(total), accepted(MEAN.replace("1 place", "2 places")), TrialInputs(AS_OF, str(records)))
    (fay, *_) = found.up
    assert [(each.kind, each.name, each.before, each.after) for each in fay.lines] == [
        ("rule", "posting", Decimal("0.2"), Decimal(5)),
        ("rule", "sharing", Decimal("1.5"), Decimal("37.5")),
    ]
    found = moves(accepted(total), accepted(MEAN.replace("weight 3", "weight 2")), TrialInputs(AS_OF, str(records)))
    (fay, *_) = found.up
    assert [(each.kind, each.name, each.after) for each in fay.lines] == [
        ("rule", "posting", Decimal("6.666666667")),
        ("rule", "sharing", Decimal("33.333333333")),
    ]
    left = [line.points for each in found.up for line in each.lines if line.kind == "division"]
    assert max(map(abs, left), default=Decimal(0)) <= Decimal("0.000000002")


def test_the_order_of_people_is_compared(found: Moves) -> None:
    """Of ten pairs, eight keep their order, `gus` overtakes `hal`, `ada` and `eve` become level: 7 / √(9 · 10)."""
    ranks = found.ranks
    assert (ranks.concordant, ranks.discordant, ranks.tied_before, ranks.tied_after) == (8, 1, 0, 1)
    assert str(ranks.tau_b) == "0.7379"


def test_a_score_that_is_gone_between_two_edits_is_counted_with_the_later(records: Path) -> None:
    """Whoever has no score after an edit is moved by the next one after which there is a score."""
    nobody_shared = (
        'exclude shared "shares"\n    when kind = share\n    because "They are easily had."\n\nmeasure posts'
    )
    new = edited(("shares <= 4", "shares <= 0"), ("measure posts", nobody_shared))
    found = moves(edited(), new, TrialInputs(AS_OF, str(records)))
    assert [(each.edit.name, each.effect) for each in found.edits] == [
        ("modest", effect("0", 0, lost=4)),  # ada, bob, eve and gus have shares as yet
        ("shared", effect("-15", 4, ("bob", "-7.5"), came=5)),  # they come back without them, and fay comes
    ]
    assert found.total == Decimal(-15)


def test_an_input_that_neither_version_reads_is_refused(records: Path) -> None:
    """An input that could change nothing is named, not passed over."""
    with pytest.raises(UsageRefusal, match="subjects were given, and neither version reads any"):
        moves(edited(), edited(EDITS[3]), TrialInputs(AS_OF, str(records), subjects=str(records)))


def test_a_version_that_reads_more_is_scored_by_what_it_reads(records: Path) -> None:
    """Each version reads the same file in its own way: rows that only one can read are rejected by that one alone."""
    narrower = edited(("    kind    one of post, share\n", "    kind    one of post, share\n    item    text\n"))
    with_item = records.with_name("items.csv")
    lines = records.read_text(encoding="utf-8").splitlines()
    with_item.write_text("\n".join([f"{lines[0]},item", f"{lines[1]},", *(f"{line},x" for line in lines[2:])]) + "\n")
    found = moves(edited(), narrower, TrialInputs(AS_OF, str(with_item), max_rejected=Decimal(1)))
    assert [each.rejected_records for each in found.rows] == [0, 1]
    assert {each.subject: each.points for each in found.changed} == {"ada": Decimal(-1)}


def test_a_mapping_may_speak_of_the_fields_of_either_version(records: Path) -> None:
    """A field that was renamed is found by its old name and by its new one."""
    mapping = records.with_name("mapping.toml")
    old = edited(("    at      date\n", "    at      date\n    item    text optional\n"))
    new = edited(("    at      date\n", '    at      date\n    thing   from "item" text optional\n'))
    for name in ("item", "thing"):
        mapping.write_text(f'[fields]\n{name} = "actor"\n', encoding="utf-8")
        found = moves(old, new, TrialInputs(AS_OF, str(records), mapping=mapping))
        assert (found.moved, found.scored) == (0, (6, 6, 6))


def _written(path: Path, *tables: Table | None) -> Path | None:
    """Write rows that have the columns of all tables: the rows of the last, with cells of the others beside them."""
    there = [table for table in tables if table is not None]
    if not there:
        return None
    columns = list(dict.fromkeys(column for table in there for column in table.columns))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for number, row in enumerate(there[-1].rows):
            cells: dict[str, str | None] = {}
            for table in there:
                others = table.rows[number % len(table.rows)] if table.rows else (None,) * len(table.columns)
                cells |= dict(zip(table.columns, row if table is there[-1] else others, strict=True))
            writer.writerow([cells[column] for column in columns])
    return path


@settings(max_examples=FEWER, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(pair=pairs(by=False))
def test_edits_sum_to_what_two_runs_differ_by(tmp_path_factory: pytest.TempPathFactory, pair: Pair) -> None:
    """I10: whatever the versions and the records, the effects of the edits sum to the difference of two plain runs."""
    folder = tmp_path_factory.mktemp("moved")
    old, new = pair.before.rulebook, pair.after.rulebook
    records = _written(folder / "records.csv", pair.before.records, pair.after.records)
    subjects = _written(folder / "subjects.csv", pair.before.subjects, pair.after.subjects)
    as_of = max(pair.before.as_of, pair.after.as_of, old.effective or date.min, new.effective or date.min)
    found = moves(old, new, TrialInputs(as_of, records, subjects, max_rejected=Decimal(1)))
    scores: list[dict[str, Decimal | None]] = []
    for rulebook in (old, new):
        run = score(
            rulebook,
            None if rulebook.records is None else records,
            None if rulebook.subjects is None else subjects,
            as_of=as_of,
            max_rejected=Decimal(1),
        )
        scores.append({each.score.subject: each.score.score for each in run.ledgers()})
        run.close()
    before, after = scores
    both = {
        name: points - once
        for name, points in after.items()
        for once in (before.get(name),)
        if points is not None and once is not None
    }
    assert {each.subject: each.points for each in found.changed if each.points} == {
        name: points for name, points in both.items() if points != 0
    }
    assert found.total == sum(both.values(), Decimal(0)) == sum((each.effect.total for each in found.edits), Decimal(0))
    came_less_lost = sum(each.effect.came - each.effect.lost for each in found.edits)
    assert came_less_lost == sum(x is not None for x in after.values()) - sum(x is not None for x in before.values())


@pytest.mark.realdata
@pytest.mark.skipif(not DATA.exists(), reason="the real records are not there")
def test_three_edits_of_a_real_projects_rules_sum_for_everybody() -> None:
    """Over a real history, three edits sum to the difference, for all together and for each who is followed."""
    old = load(Path(__file__).parents[2] / "examples" / "maintainers" / "maintainers.tally")
    text = old.source.text
    edits = (("fade = 365", "fade = 500"), ("enough_credits = 3", "enough_credits = 4"), ("weight 20", "weight 15"))
    for before, after in edits:
        assert text.count(before) == 1
        text = text.replace(before, after)
    found = moves(old, accepted(text), TrialInputs(date(2026, 7, 1), DATA / "iproute2" / "credit.csv"))
    assert (found.people, found.scored) == ((974, 974), (349, 276, 276))
    assert [(each.edit.name, str(each.effect.total.normalize()), each.effect.moved) for each in found.edits] == [
        ("fade", "376", 235),
        ("enough_credits", "0", 0),
        ("lasting", "-487.3", 257),
    ]
    assert (found.total, found.moved) == (Decimal("-111.3"), 268)
    assert found.lost == (("enough", "insufficient data", 73),)
    for each in (*found.up, *found.down):
        assert sum(points for _, points in each.edits) == sum(line.points for line in each.lines) == each.moved.points
