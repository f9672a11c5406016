"""Takes the document that says how groups fare by a score; gives it as a page for people."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.audit.fairness_document import (
    FairnessOfRun,
    GroupFigures,
    GroupGap,
    GroupsCompared,
    ReadByRules,
    SmallName,
)
from tallystick.explain.figures import signed
from tallystick.explain.harmless import visible
from tallystick.explain.page import Amount, Block, Column, Grid, Items, Page, Paragraph, Section
from tallystick.explain.plain import counted, quoted

MOST_REJECTED = 10
"""So many rows that could not be read are named on a page; the document has all."""
_SMALL: dict[SmallName, str] = {"few people": "few people", "small share": "small"}


def fairness_page(found: FairnessOfRun) -> Page:
    """Make the page."""
    compared = [each for one in found.comparisons for each in _comparison(one)]
    sections = (
        Section("", tuple(_summary(found))),
        *compared,
        *((Section("What is not shown", (Items(found.withheld),)),) if found.withheld else ()),
        Section("How to read this", (Items(tuple(_notes(found))),)),
    )
    return Page(f"{found.title}: how groups fare", sections)


# ---- the summary -------------------------------------------------------------------------------------------------


def _summary(found: FairnessOfRun) -> Iterator[Block]:
    yield Paragraph(
        f"{quoted(found.rulebook)} {found.version} as of {found.as_of.isoformat()}: "
        f"{counted(f'{found.people:,}', 'person', 'people')}, of whom {found.scored:,} have a score. "
        f"The groups are those of {quoted(found.file.name)}."
    )
    if found.read_by_rules:
        yield Items(tuple(map(_read, found.read_by_rules)))
    file = tuple(_file(found))
    if file:
        yield Items(file)


def _read(each: ReadByRules) -> str:
    column = quoted(each.column)
    if not each.read_by:
        return f"The rulebook declares an attribute {column}, and no rule and no requirement reads it."
    return (
        f"The rulebook itself reads an attribute {column}: "
        f"{', '.join(map(quoted, each.read_by))}. So whoever is in which group can move a score by itself."
    )


def _file(found: FairnessOfRun) -> Iterator[str]:
    file = found.file
    if file.not_in_run:
        yield f"{counted(f'{file.not_in_run:,}', 'person of the file is', 'people of the file are')} not in the run."
    if file.copies:
        yield f"{counted(f'{file.copies:,}', 'row of the file is a copy', 'rows of the file are copies')} of another."
    if file.rejected:
        rows = counted(f"{len(file.rejected):,}", "row of the file", "rows of the file")
        named = "; ".join(
            f"line {each.line}: {f'{quoted(each.field)} ' if each.field else ''}{each.reason}"
            for each in file.rejected[:MOST_REJECTED]
        )
        more = len(file.rejected) - MOST_REJECTED
        rest = f"; and {more:,} more" if more > 0 else ""
        yield f"{rows} could not be read, so these people's groups are unknown: {named}{rest}."


# ---- one comparison ----------------------------------------------------------------------------------------------


def _comparison(found: GroupsCompared) -> Iterator[Section]:
    by = " and ".join(found.by)
    yield Section(f"By {by}", tuple(_groups(found)))
    if any(each.bands for each in found.groups):
        yield Section(f"By {by}: bands", tuple(_bands(found)))
    if any(each.without for each in found.groups):
        yield Section(f"By {by}: without a score", (_without(found),))
    if found.gaps and found.reference is not None:
        yield Section(
            f"By {by}: what makes the gaps",
            tuple(block for each in found.gaps for block in _gap(each, found.reference)),
        )


def _groups(found: GroupsCompared) -> Iterator[Block]:
    if found.median is None:
        yield Paragraph("Nobody whose group is known has a score.")
    else:
        known = counted(f"{found.scored:,}", "person has", "people have")
        yield Paragraph(
            f"{known} a score and a known group; the median of their scores is {found.median.shown}.{_unknown(found)}"
        )
    marked = any(each.small is not None for each in found.groups)
    yield Grid(
        ("group", "people", "scored", "above", "level", "rate", "ratio", *(("mark",) if marked else ())),
        tuple(
            (
                _name(each.values),
                f"{each.people:,}",
                f"{each.scored:,}",
                f"{each.above:,}",
                f"{each.level:,}",
                _shown(each.scoring_rate),
                _shown(each.impact_ratio),
                *(("" if each.small is None else _SMALL[each.small],) if marked else ()),
            )
            for each in found.groups
        ),
    )
    yield Grid(
        ("group", "least", "lower", "median", "upper", "greatest", "mean"),
        tuple((_name(each.values), *_scores(each)) for each in found.groups),
        figures=True,
    )


def _unknown(found: GroupsCompared) -> str:
    if not found.unknown:
        return " Nobody's group is unknown."
    people = counted(f"{found.unknown:,}", "person", "people")
    return f" Of {people} the group is unknown ({found.unknown_scored:,} with a score); no figure below holds them."


def _scores(group: GroupFigures) -> tuple[str, ...]:
    scores = group.scores
    if scores is None:
        return ("-",) * 6
    every = (
        scores.least,
        scores.lower_quartile,
        scores.median,
        scores.upper_quartile,
        scores.greatest,
        scores.mean,
    )
    return tuple(each.shown for each in every)


def _bands(found: GroupsCompared) -> Iterator[Block]:
    yield Paragraph("The share of those with a score that is in a band or in a higher one.")
    titles = [band.title for band in found.groups[0].bands]
    yield Grid(
        ("group", *titles),
        tuple((_name(each.values), *(_shown(band.share) for band in each.bands)) for each in found.groups),
        figures=True,
    )


def _without(found: GroupsCompared) -> Block:
    return Grid(
        ("group", "why", "people"),
        tuple(
            (_name(group.values), f"{each.outcome}: {each.words}", f"{each.people:,}")
            for group in found.groups
            for each in group.without
        ),
        figures=True,
    )


def _gap(gap: GroupGap, reference: tuple[str, ...]) -> Iterator[Block]:
    rows = [
        Amount(line.title, signed(line.points.shown), f"{line.mean.shown} against {line.reference.shown}")
        for line in gap.lines
        if line.points.exact != "0"
    ]
    if gap.rounding_of_figures.strip("-0."):
        rows.append(Amount("rounding of the figures above", signed(gap.rounding_of_figures)))
    if not rows:
        yield Paragraph(f"{_name(gap.values)} against {_name(reference)}: no rule makes a gap.")
        return
    yield Paragraph(f"{_name(gap.values)} against {_name(reference)}:")
    yield Column(
        "",
        "points",
        (*rows, Amount("difference of the mean scores", signed(gap.points.shown), kind="total")),
    )


# ---- notes -------------------------------------------------------------------------------------------------------


def _notes(found: FairnessOfRun) -> Iterator[str]:
    yield (
        "“rate” is the share of those with a score whose score is above the median of all in the table; who is level "
        "with it is not above it. “ratio” is that rate divided by the highest one. Both are as New York City's Local "
        "Law 144 has the scoring rate and the impact ratio. The law sets no limit for the ratio."
    )
    yield (
        f"“few people”: fewer than {found.fewest_people} with a score, so that one of them moves the rate by more than "
        "a tenth. “small”: under 2 % of the table. No other group is held against such a group unless all are such."
    )
    yield (
        "A gap is a group's mean score less that of the group named after “against”, which has the highest mean. What "
        "a rule makes of it is the mean of the rule's points in the first group less that in the second; somebody to "
        "whom a rule does not apply counts with 0."
        + (
            " The score is a mean by weight: a rule's points are taken times its scale, over the weights that apply to "
            "the person."
            if any(line.kind == "division" for each in found.comparisons for gap in each.gaps for line in gap.lines)
            else ""
        )
    )
    yield (
        "These are differences, not causes: a gap says where the rules give groups different points, and the records "
        "may already differ for reasons that nobody chose."
    )


def _name(values: tuple[str, ...]) -> str:
    return ", ".join(map(visible, values))


def _shown(value: object) -> str:
    return "-" if value is None else str(getattr(value, "shown", value))
