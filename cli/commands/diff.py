"""Takes two versions of a rulebook, and records if there are any; gives what changed in meaning, and who is moved."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer
from msgspec import Struct

from tallystick.cli.commands.by_options import InValue
from tallystick.cli.commands.input_options import Audience, Corrections, MapFile, MaxRejected, Pauses, Subjects
from tallystick.cli.complaints import ExitCode, Stop, plural
from tallystick.cli.progress import Progress
from tallystick.cli.rulebook_files import STDIN, check_source, read_version
from tallystick.cli.scoring import MOST_REJECTED, day_of, share_of
from tallystick.cli.streams import put_line, say
from tallystick.explain.harmless import harmless
from tallystick.rules import audience as audiences

if TYPE_CHECKING:
    from tallystick.engine.change.moves import Moves
    from tallystick.engine.change.trials import TrialInputs
    from tallystick.explain.difference.difference import RulebookDifference
    from tallystick.rules.rulebook import Rulebook

EXAMPLES = """\b
Examples:
  tally diff old.tally new.tally
  tally diff rules.tally@HEAD~1 rules.tally --format markdown
  tally diff rules.tally@v1 rules.tally --records activity.csv --as-of 2026-03-01 --fail-if-moved-more-than 5
"""


class Format(StrEnum):
    """How a difference is given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


def diff(  # noqa: PLR0913  one parameter for each option
    old: Annotated[str, typer.Argument(metavar="OLD", help="The older rulebook: a file, or FILE@REV as git has it.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The newer rulebook: a file, or FILE@REV.")],
    *,
    records: Annotated[
        list[str] | None,
        typer.Option("--records", metavar="PATH...", help="Score these records by both, and say who is moved."),
    ] = None,
    subjects: Subjects = None,
    pauses: Pauses = None,
    corrections: Corrections = None,
    mapping: MapFile = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The last day that counts, YYYY-MM-DD.")
    ] = None,
    max_rejected: MaxRejected = MOST_REJECTED,
    among: InValue = None,
    output: Annotated[
        Format, typer.Option("--format", help="Text for a person, Markdown, one HTML file or JSON.")
    ] = Format.TEXT,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 if anything is different but comments, layout or order.")
    ] = False,
    most_moved: Annotated[
        str | None,
        typer.Option(
            "--fail-if-moved-more-than",
            metavar="POINTS",
            help="Exit 1 if anybody is moved by more points than this, or loses a score.",
        ),
    ] = None,
    audience: Audience = audiences.Audience.AUDITOR,
) -> None:
    """Say what changed in meaning between versions, and who is moved."""
    given = [old, new, *(records or ()), subjects, pauses, corrections]
    if given.count(STDIN) > 1:
        message = "stdin can be read once only, and `-` stands here twice"
        raise Stop(message)
    limit = None if most_moved is None else _limit_of(most_moved)
    inputs = _inputs(_Scored(records, subjects, pauses, corrections, mapping, as_of, max_rejected, among), limit)
    before, after = check_source(read_version(old)), check_source(read_version(new))
    from tallystick.explain.difference.difference import difference

    if inputs is None:
        found = difference(before, after)
    else:
        from tallystick.explain.difference.moved import moved_people

        moves = _moves(before, after, inputs)
        found = difference(before, after, moved_people(moves, inputs.as_of, limit))
        for notice in moves.notices:
            say(f"note: {harmless(notice)}")
    too_far = _moved_too_far(found, named=audience is audiences.Audience.AUDITOR)
    if audience is not audiences.Audience.AUDITOR and found.moved is not None:
        from tallystick.explain.audience.without_names import moved_without_names

        found = found.model_copy(update={"moved": moved_without_names(found.moved)})
    put_line(_written(found, output))
    if too_far or (exit_code and not found.same):
        raise typer.Exit(ExitCode.FINDINGS)


class _Scored(Struct, frozen=True):
    """What is to be scored by both versions, as it was given."""

    records: list[str] | None
    subjects: str | None
    pauses: str | None
    corrections: str | None
    mapping: str | None
    as_of: str | None
    max_rejected: str
    among: str | None


def _inputs(given: _Scored, limit: Decimal | None) -> TrialInputs | None:
    """Return what is to be scored; None where only the rulebooks are compared."""
    if given.records is None and given.subjects is None:
        others = (given.as_of, given.mapping, given.pauses, given.corrections, given.among, limit)
        if all(each is None for each in others):
            return None
        message = "who is moved is found by scoring, and there is nothing to score"
        raise Stop(message, help="add `--records PATH`, or `--subjects PATH` where the rulebook reads only attributes")
    if given.as_of is None:
        message = "a score is as of a day, and none is given"
        raise Stop(message, help="add `--as-of YYYY-MM-DD`")
    day, share = day_of(given.as_of), share_of(given.max_rejected)
    mapping = None if given.mapping is None else Path(given.mapping)
    from tallystick.engine.change.trials import TrialInputs

    pauses, corrections = given.pauses, given.corrections
    return TrialInputs(day, given.records, given.subjects, pauses, corrections, mapping, share, given.among)


def _moves(old: Rulebook, new: Rulebook, inputs: TrialInputs) -> Moves:
    from tallystick.engine.change.moves import moves

    with Progress() as progress:
        return moves(old, new, inputs, progress)


def _written(found: RulebookDifference, output: Format) -> str:
    match output:
        case Format.TEXT:
            from tallystick.explain.difference.pages import difference_text

            return difference_text(found)
        case Format.MARKDOWN:
            from tallystick.explain.difference.pages import difference_markdown

            return difference_markdown(found)
        case Format.HTML:
            from tallystick.explain.difference.pages import difference_html

            return difference_html(found)
        case Format.JSON:
            from tallystick.explain.printable import printable_json

            return printable_json(found)
        case _:
            assert_never(output)


def _moved_too_far(found: RulebookDifference, *, named: bool) -> bool:
    """Say on stderr who is moved by more than was allowed, if anybody is; or how many, where nobody is ``named``."""
    beyond = None if found.moved is None else found.moved.beyond
    if beyond is None or not beyond.people:
        return False
    from tallystick.explain.difference.moved_pages import beyond_sentence

    if named:
        say(harmless(beyond_sentence(beyond)))
    else:
        say(f"{plural(len(beyond.people), 'person is', 'people are')} moved by more than was allowed, or lost a score")
    return True


def _limit_of(given: str) -> Decimal:
    """Read a number of points, 0 or more."""
    try:
        points = Decimal(given)
    except InvalidOperation:
        points = Decimal(-1)
    if not points.is_finite() or points < 0:
        message = f"`{given}` is not a number of points for --fail-if-moved-more-than"
        raise Stop(message, help="write it as 5 or 0.5")
    return points
