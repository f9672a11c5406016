"""The guide leaves nothing out: whatever decides a score can be read in it."""

from __future__ import annotations

from datetime import date

import pytest
from generators.accepted import accepted

from tallystick.explain.guide.guide import guide, guide_page
from tallystick.explain.page import Column, Entry, Grid, Items, Page, Paragraph
from tallystick.rules import read
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

NAMES = ("community", "maintainers", "trust", "mean", "forms")


def _words(page: Page) -> str:
    """Return every text of a page."""
    parts: list[str] = [page.title]
    for section in page.sections:
        parts.append(section.heading)
        for block in section.blocks:
            match block:
                case Paragraph(text):
                    parts.append(text)
                case Items(items):
                    parts.extend(items)
                case Entry(heading, items):
                    parts.extend((heading, *items))
                case Grid(heading, rows):
                    parts.extend((*heading, *(cell for row in rows for cell in row)))
                case Column():
                    parts.extend(row.label for row in block.rows)
                case _:
                    pass
    return "\n".join(parts)


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_decides_is_told(name: str, rulebooks: dict[str, Rulebook]) -> None:
    """Every declaration of the rulebook is in its guide, with its author's title, words and reason."""
    book = rulebooks[name]
    words = _words(guide_page(book)).lower()
    wanted: list[str | None] = [book.owner, book.contact, book.purpose, book.measures_what, book.not_for, book.version]
    for declared in (*book.requires, *book.excludes, *book.discounts, *book.rules, *book.parameters, *book.facets):
        wanted += [declared.title, declared.because]
    wanted += [require.words for require in book.requires]
    wanted += [measure.plural for measure in book.measures] + [measure.because for measure in book.measures]
    wanted += [band.title for band in book.bands]
    wanted += [field.name.replace("_", " ") for field in (*(book.records or ()), *(book.subjects or ()))]
    wanted += [field.title for field in (*(book.records or ()), *(book.subjects or ()))]
    missing = [each for each in wanted if each is not None and each.lower().rstrip(".") not in words]
    assert not missing


def test_limits_and_shares_are_told(rulebooks: dict[str, Rulebook]) -> None:
    """Weights, limits, discounts, windows and half-lives stand in the guide as figures."""
    words = _words(guide_page(rulebooks["community"]))
    for each in (
        "at most 60 points",
        "60 × ln(1 + x) / ln(1 + 500)",
        "Counts 50%",
        "At most 3 count per person per week",
        "losing half every 30 days",
        "the last 365 days",
        "never gives less than -20",
        "at least 3 posts",
    ):
        assert each in words


def test_what_counts_in_part_is_told_where_it_counts_otherwise() -> None:
    """A measure that takes a discounted record in full says so, and one that counts values says which record counts; a
    measure that adds records up, and one of whose kinds nothing is discounted, say neither."""
    text = """
rulebook "Parts" version 1.0.0

records
    subject text
    actor   text
    kind    one of review, like
    at      date
    stars   whole number 1 to 5

discount swaps "reviews returned"
    to 25%
    when kind = review and returned within 60 days

measure stars_mean "average" / "average of stars"
    average stars of review

measure days_of "day" / "days with a review"
    days of review

measure reviewers "reviewer" / "reviewers"
    distinct actor of review

measure fans "fan" / "fans"
    distinct actor of like

measure late_fans "late fan" / "late fans"
    distinct actor of like
    halving every 30 days

measure reviews "review" / "reviews"
    count review

measure best_like "best" / "best of likes"
    highest stars of like

rule all "All"
    points (stars_mean or else 0) + days_of + reviewers + fans + late_fans + reviews + (best_like or else 0)

score "Parts"
    sum of all rules
"""
    book = accepted(text)
    (counted,) = (section for section in guide_page(book).sections if section.heading == "What is counted")
    told = {entry.heading: entry.items for entry in counted.blocks if isinstance(entry, Entry)}
    assert [name for name, items in told.items() if "Counted in full here: reviews returned." in items] == [
        "Average of stars",
        "Days with a review",
    ]
    most = "Each counts as much as the one record behind it that counts most."
    assert [name for name, items in told.items() if most in items] == ["Reviewers", "Late fans"]


@pytest.mark.parametrize(
    ("subjects", "who"),
    [
        ("", 'Everybody whom a record is about gets a result, for each "topic" of such a record.'),
        (
            "subjects\n    joined date\n\n",
            'Everybody with a row in the data about people gets a result, for each "topic" of a record about them.',
        ),
    ],
)
def test_who_has_a_result_by_a_field(subjects: str, who: str) -> None:
    """Under a score by a field a row about a person gives no result by itself: a record of the value does."""
    text = (
        'rulebook "R" version 1.0.0\n\nrecords\n    subject text\n    kind one of a\n    at date\n'
        f"    topic one of tea, jazz\n\n{subjects}"
        'measure m "m" / "ms"\n    count a\n\nrule r "R"\n    points m\n    because "So."\n\n'
        'score "R" by topic\n    sum of all rules\n'
    )
    book, diagnostics = read(Source("r.tally", text))
    assert book is not None, diagnostics
    assert who in _words(guide_page(book))


@pytest.mark.parametrize(
    ("of", "rounded", "told"),
    [
        ("sum of all rules", "0 places", ["Each line is rounded to a whole number, half away from zero: the printed"]),
        (
            "mean of all rules by weight, out of 10",
            "0 places, lines to 0",
            [
                "Each line is rounded to a whole number, half away from zero.",
                "The score is rounded to a whole number, half away from zero; what that changes",
            ],
        ),
        ("sum of all rules", "1 place", ["Each line is rounded to 1 place, half away from zero: the printed"]),
    ],
)
def test_no_places_are_a_whole_number(of: str, rounded: str, told: list[str]) -> None:
    """Who rounds to 0 places rounds to a whole number, and the guide says so."""
    rulebook, diagnostics = read(
        Source(
            "whole.tally",
            'rulebook "Whole" version 1.0.0\n\nsubjects\n    age number 0 to 99\n\n'
            'rule age "Age"\n    weight 3\n    level age, linear to 9\n    because "So."\n\n'
            f'score "Whole"\n    {of}\n    rounded to {rounded}\n',
        )
    )
    assert rulebook is not None, diagnostics
    words = _words(guide_page(rulebook))
    assert all(each in words for each in told)
    assert "0 places" not in words


DATED = """
rulebook "Dated" version 1.0.0

records
    subject text
    kind    one of like
    at      date

parameter worth = 10 "points of a like"
    because "It was so."
    from 2026-03-01 = 7 because "Cheaper."
    from 2026-04-01 = 3 because "And cheaper."

measure likes "like" / "likes"
    count like

rule liked "Liked"
    points worth * likes
    because "It counts."

score "Dated"
    sum of all rules
"""


@pytest.mark.parametrize(
    ("effective", "day", "points", "said"),
    [
        (None, None, "10", "those for days before 2026-03-01; from then on some are others"),
        (None, "2026-03-05", "7", "those for days from 2026-03-01 on and before 2026-04-01; for other days some are"),
        (None, "2026-05-01", "3", "those for days from 2026-04-01 on; before, some were others"),
        ("2026-03-15", None, "7", "those for days before 2026-04-01; from then on some are others"),
        ("2026-04-15", None, "3", None),
    ],
)
def test_it_is_said_for_which_days_figures_hold(
    effective: str | None, day: str | None, points: str, said: str | None
) -> None:
    """The figures of the text are those in force on a day that is scored; where others hold on other days, that is
    said, and the table of all is named."""
    text = DATED if effective is None else DATED.replace("version 1.0.0", f"version 1.0.0\n    effective {effective}")
    book = accepted(text)
    words = _words(guide_page(book if day is None else on_day(book, date.fromisoformat(day))))
    assert f'Its points are {points} ("worth") × likes.' in words
    assert ("The figures in the text are" in words) is (said is not None)
    if said is not None:
        assert said in words
        assert 'see "The figures that the rules share".' in words


DERIVED = DATED.replace(
    "measure likes",
    """parameter half = worth / 2 "points of half a like"
    because "Half of it."

parameter fixed = 2 * 3 "never another"

measure likes""",
).replace(
    "    points worth * likes\n",
    "    weight 4 * half\n    level  likes, linear to fixed + worth\n    at most half + 1\n",
)


def test_what_is_worked_out_from_parameters_is_told_for_every_day() -> None:
    """A figure that is worked out from another one changes with it: the table has the days, and the text says from what
    it is worked out."""
    book, diagnostics = read(Source("derived.tally", DERIVED))
    assert book is not None, diagnostics
    told = guide(book)
    assert [line for line in told.splitlines() if line.startswith("| ")][-7:] == [
        "| worth | 10 | points of a like | It was so. |",
        "|  | from 2026-03-01 on: 7 |  | Cheaper. |",
        "|  | from 2026-04-01 on: 3 |  | And cheaper. |",
        '| half | 5 (10 ("worth") / 2) | points of half a like | Half of it. |',
        '|  | from 2026-03-01 on: 3.5 (7 ("worth") / 2) |  |  |',
        '|  | from 2026-04-01 on: 1.5 (3 ("worth") / 2) |  |  |',
        "| fixed | 6 | never another |  |",
    ]
    assert 'all 20 points are reached at 16 (6 ("fixed") + 10 ("worth")).' in told
    assert 'Its weight is 20 (4 × 5 ("half")).' in told
    assert 'It never gives more than 6 (5 ("half") + 1).' in told
    later = guide(on_day(book, date(2026, 4, 2)))
    assert 'all 6 points are reached at 9 (6 ("fixed") + 3 ("worth")).' in later


def test_a_number_is_told_with_the_ends_and_places_that_were_said() -> None:
    """Whoever reads which numbers are taken reads what the rulebook says, not the most that any number can be."""
    fields = {
        "any": ("number", "a number"),
        "few": ("number with 2 places", "a number, with at most 2 places"),
        "some": ("number 0 or more with 1 place", "a number, 0 or more, with at most 1 place"),
        "more": ("whole number -3 or more", "a whole number, -3 or more"),
        "all": ("whole number", "a whole number"),
        "between": ("number 0 to 0.5 with 1 place", "a number from 0 to 0.5, with at most 1 place"),
    }
    declared = "".join(f"    {name} {written}\n" for name, (written, _) in fields.items())
    summed = " + ".join(fields)
    book, diagnostics = read(
        Source(
            "numbers.tally",
            f'rulebook "Numbers" version 1.0.0\n\nsubjects\n{declared}\n'
            f'rule r "Rule"\n    points {summed}\n    because "So."\n\nscore "Numbers"\n    sum of all rules\n',
        )
    )
    assert book is not None, diagnostics
    told = guide(book)
    for name, (_, words) in fields.items():
        assert f"| {name} |  | {words} |" in told


SMALL = """rulebook "Small" version 1.0.0

records
    subject text
    actor   text
    kind    one of visit
    at      time in "Europe/Berlin"
    stars   number 1 to 5
{discount}
measure visits "visit" / "visits"
    {aggregate}
    keep at most 3 per actor per week

measure mood "star" / "stars"
    average stars of visit

rule r "Rule"
    {rule}
    otherwise {otherwise}
    because "So."

score "Score"
    {how}
    rounded to 1 place
"""


@pytest.mark.parametrize(
    ("aggregate", "discount", "said"),
    [
        ("count visit", "", "At most 3 count per person per week, the latest first."),
        (
            "sum stars of visit",
            "",
            "At most 3 count per person per week, those of the highest value first, then the latest.",
        ),
        (
            "count visit",
            '\ndiscount few "two stars"\n    when stars < 3\n    to 50%\n    because "Half a pleasure."\n',
            "At most 3 count per person per week, those of the highest value first, then the latest.",
        ),
    ],
)
def test_what_a_limit_keeps_is_told_by_value_only_where_values_differ(aggregate: str, discount: str, said: str) -> None:
    """Where all records count alike there is no highest value among them."""
    rule = "points visits + mood"
    text = SMALL.format(
        aggregate=aggregate, discount=discount, rule=rule, otherwise="not applicable", how="sum of all rules"
    )
    book, diagnostics = read(Source("small.tally", text))
    assert book is not None, diagnostics
    told = guide(book)
    assert f"- {said}\n" in told
    assert '| at |  | a moment; without an offset, by the clocks of "Europe/Berlin" |' in told


@pytest.mark.parametrize(
    ("when", "otherwise", "how", "said"),
    [
        ("", "not applicable", "sum of all rules", "Where something that it needs is not known, it gives no points"),
        (
            "\n    when visits > 1",
            "not applicable",
            "sum of all rules",
            "To others, and where something that it needs is not known, it ",
        ),
        ("", '-2 "Nobody knows."', "sum of all rules", "Where something that it needs is not known, it gives -2."),
        (
            "\n    when visits > 1",
            '-2 "Nobody knows."',
            "sum of all rules",
            "Otherwise, and where something that it needs is not known, it gives -2.",
        ),
        (
            "",
            "not applicable",
            "mean of all rules by weight, out of 10",
            "Where something that it needs is not known, its w",
        ),
        (
            "\n    when visits > 1",
            "not applicable",
            "mean of all rules by weight, out of 10",
            "For others, and where something that it needs is no",
        ),
    ],
)
def test_a_rule_for_everybody_has_no_others(when: str, otherwise: str, how: str, said: str) -> None:
    """What happens to others is told where a rule is for some alone."""
    rule = f"weight 5\n    level  mood, linear to 5{when}"
    text = SMALL.format(aggregate="count visit", discount="", rule=rule, otherwise=otherwise, how=how)
    book, diagnostics = read(Source("small.tally", text))
    assert book is not None, diagnostics
    assert f"\n- {said}" in guide(book)


def test_records_without_what_repeats_agree_in_are_told_of(rulebooks: dict[str, Rulebook]) -> None:
    """Two records that both lack a field do not agree in it: said where a field can be missing, and nowhere else."""
    text = rulebooks["community"].text
    said = "- Of records about one person that agree in actor, kind and item, only the earliest counts."
    for optional in (True, False):
        book, diagnostics = read(Source("community.tally", text if optional else text.replace("optional", "", 1)))
        assert book is not None, diagnostics
        (told,) = (line for line in guide(book).splitlines() if line.startswith(said))
        assert told.endswith(" One without item repeats no other.") == optional


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("kind in (share, like, endorse)", True),
        ("item is not missing", False),
        ("kind = share and not (item is missing)", False),
        ("not (kind = share or item is missing)", False),
        ('item is not missing and item != "p9"', False),
        ('(item is not missing and item = "p9") or (kind = like and item is not missing)', False),
        ("kind = share or item is not missing", True),
        ('(item or else "p1") = "p1"', True),
        ("not (kind = share and item is missing)", True),
        ("item is missing or actor != subject", True),
    ],
)
def test_what_a_condition_has_said_of_a_field_is_not_said_again(
    rulebooks: dict[str, Rulebook], when: str, *, said: bool
) -> None:
    """Where repeats are looked for only among records that have the field, nothing more is told of those without."""
    text = rulebooks["community"].text.replace("when kind in (share, like, endorse)", f"when {when}", 1)
    book, diagnostics = read(Source("community.tally", text))
    assert book is not None, diagnostics
    (told,) = (line for line in guide(book).splitlines() if "Looked for among records with: " in line)
    assert ("One without item repeats no other." in told) == said
