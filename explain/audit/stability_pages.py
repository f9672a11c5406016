"""Takes the document that says how a score behaves over time; gives it as a page for people."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tallystick.explain.audit.stability_document import (
    BackAndForth,
    FileOfRecords,
    HowPointsLie,
    MoveOverTime,
    Pairs,
    StabilityOfScore,
)
from tallystick.explain.exactly import Exact
from tallystick.explain.figures import signed
from tallystick.explain.harmless import visible
from tallystick.explain.page import Bar, Block, Chart, Entry, Grid, Items, Page, Paragraph, Section
from tallystick.explain.plain import counted, quoted, readable, sentence
from tallystick.explain.words.dated import figure_of

_TIME_ALONE = "That is the work of time alone, by fading, windows and ages, since {} alters nothing that was before it."
_WITH_DATES = (
    "That is the work of time, by fading, windows and ages, and of the values that the rules got on the days named "
    "above, since {} alters nothing that was before it."
)
_AND_DATES = " The values that the rules got on the days named above move people, too."
_WITH_OTHERS = (
    "That is the work of time, by fading, windows and ages, and of records about whoever did what these people's "
    "records tell, since the rules read what actors earned."
)


def stability_page(found: StabilityOfScore) -> Page:
    """Make the page."""
    sections = (
        Section("", tuple(_summary(found))),
        Section("Step by step", tuple(_steps(found))),
        Section("The furthest moves in one step", tuple(_move(each, found) for each in found.furthest)),
        Section(
            f"The furthest moves without a record about the person{' or by them' if found.takes_given else ''}",
            tuple(_move(each, found) for each in found.furthest_quiet),
        ),
        Section("Back and forth between bands", tuple(_back_and_forth(found))),
        Section("What is not shown", (Items(found.withheld),) if found.withheld else ()),
        Section("What the score is made of on the last day", tuple(_shares(found))),
        Section("Each file of records on the last day", tuple(_files(found.files))),
        Section("Score and mere number of records on the last day", tuple(_volumes(found))),
        Section("Who holds the points on the last day", tuple(_points(found.points))),
    )
    return Page(f"{found.title}: how it behaves", tuple(each for each in sections if each.blocks))


def _summary(found: StabilityOfScore) -> Iterator[Block]:
    first, last = found.days[0].isoformat(), found.days[-1].isoformat()
    yield Paragraph(
        f"{quoted(found.rulebook)} {found.version}, the same rules and records as of {len(found.days):,} days from "
        f"{first} to {last}. On the last, {counted(f'{found.people:,}', 'person is', 'people are')} known, of whom "
        f"{found.points.scored:,} have a score."
    )
    early = 0 if found.effective is None else sum(day < found.effective for day in found.days)
    notes = [
        *([f"{counted(f'{early:,}', 'day is', 'days are')} before the rules take effect."] if early else []),
        *(
            f"From {each.day.isoformat()} on {readable(each.name)} is {figure_of(each.value, each.unit)}, "
            f"as the rules said before: {sentence(each.because)}"
            for each in found.dated
        ),
        *([f"{found.rejected:,} of {found.rows:,} rows of records could not be read."] if found.rejected else []),
    ]
    if notes:
        yield Items(tuple(notes))


def _steps(found: StabilityOfScore) -> Iterator[Block]:
    yield Grid(
        ("to", "scored", "up", "down", "most up", "most down", "came", "lost", "quiet"),
        tuple(
            (
                each.day.isoformat(),
                f"{each.both:,}",
                f"{each.up:,}",
                f"{each.down:,}",
                "-" if each.most_up is None else signed(each.most_up),
                "-" if each.most_down is None else signed(each.most_down),
                f"{each.came:,}",
                f"{each.lost:,}",
                f"{each.quiet:,}",
            )
            for each in found.steps
        ),
    )
    quiet = sum(each.quiet for each in found.steps)
    times = counted(f"{quiet:,}", "time", "times")
    why = _WITH_OTHERS if found.reads_earned else _WITH_DATES if found.dated else _TIME_ALONE
    others = "any other record" if found.takes_given else "a record about somebody else"
    yield Paragraph(
        f"“scored” have a score on both days. “quiet” moved though no record {_own(found)} came in the step: "
        f"{times} in all. {why.format(others)}{_AND_DATES if found.reads_earned and found.dated else ''}"
    )


def _own(found: StabilityOfScore) -> str:
    """Say which records are a person's own, by what measures take."""
    return "about them or by them" if found.takes_given else "about them"


def _move(move: MoveOverTime, found: StabilityOfScore) -> Block:
    records = counted(f"{move.own_records:,}", "record", "records")
    heading = (
        f"{visible(move.subject)}: {move.before} to {move.after} ({signed(move.points)}), {move.since.isoformat()} to "
        f"{move.day.isoformat()}, {records} {_own(found)}"
    )
    lines = tuple(f"{each.title}: {signed(each.points)}" for each in move.lines)
    return Entry(heading, lines)


def _back_and_forth(found: StabilityOfScore) -> Iterator[Block]:
    if not found.banded:
        return
    if not found.back_and_forth:
        yield Paragraph("Nobody came back into a band that they had left.")
        return
    people = counted(f"{found.back_and_forth:,}", "person", "people")
    yield Paragraph(f"{people} came back into a band that they had left, by the days looked at.")
    if not found.most_back_and_forth:
        return
    yield Grid(
        ("who", "from and back to", "by way of", "times", "fewest days"),
        tuple(map(_returner, found.most_back_and_forth)),
        figures=True,
    )


def _returner(each: BackAndForth) -> tuple[str, ...]:
    home, there = ("no band" if band is None else band for band in (each.home, each.there))
    return (visible(each.subject), home, there, f"{each.times:,}", f"{each.fewest_days:,}")


def _shares(found: StabilityOfScore) -> Iterator[Block]:
    yield Chart(
        "what",
        "share",
        tuple(
            Bar(each.title, _shown(each.share), Decimal(0 if each.share is None else each.share.shown), each.points)
            for each in found.shares
        ),
    )
    yield Paragraph(
        f"Shares are of {found.points.total} points, the sum of all scores; what takes points has a share below 0."
    )


def _files(files: tuple[FileOfRecords, ...]) -> Iterator[Block]:
    if len(files) <= 1:
        return
    if any(each.points is None for each in files):
        yield Paragraph(f"There are {len(files)} files, too many to try the score without each.")
        return
    yield Grid(
        ("without this file", "rows", "points less", "share", "lose a score", "come to one"),
        tuple(
            (
                each.name,
                f"{each.rows:,}",
                each.points or "-",
                _shown(each.share),
                f"{each.would_lose:,}",
                f"{each.would_come:,}",
            )
            for each in files
        ),
    )
    yield Paragraph("Each is tried by itself, so these do not sum; points are of those who have a score either way.")


def _volumes(found: StabilityOfScore) -> Iterator[Block]:
    if found.volume is not None:
        yield _volume(found.volume, "about them")
    if found.activity is not None:
        yield _volume(found.activity, "that they did themselves")


def _volume(pairs: Pairs, which: str) -> Block:
    ties = pairs.tied_scores + pairs.tied_records + pairs.tied_both
    tau = "" if pairs.tau_b is None else f" Kendall's tau-b is {pairs.tau_b}: 1 is the same order, -1 the reverse."
    return Paragraph(
        f"Of all pairs of people with a score, {pairs.concordant:,} are in the same order by score and by the number "
        f"of records {which}, {pairs.discordant:,} in the opposite one, and {ties:,} are level by one or both.{tau}"
    )


def _points(found: HowPointsLie) -> Iterator[Block]:
    if found.gini is None:
        yield Paragraph("Some scores are below 0, or all are 0, so shares of all points say nothing here.")
        return
    yield Items(
        (
            f"Held by the top hundredth ({_people(found.top_1_people)}): {_shown(found.top_1_share)} of all points.",
            f"Held by the top tenth ({_people(found.top_10_people)}): {_shown(found.top_10_share)} of all points.",
            f"Gini's coefficient is {found.gini.shown}: 0 where all have the same, near 1 where one has everything.",
        )
    )


def _people(number: int) -> str:
    return counted(f"{number:,}", "person", "people")


def _shown(value: Exact | None) -> str:
    return "-" if value is None else value.shown
