"""Takes a rulebook, perhaps with real records; gives the cheapest ways to game the score, and what would stop each."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing, nullcontext
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from tallystick.cli.commands.by_options import InValue, part_of
from tallystick.cli.commands.input_options import Audience, Corrections, MapFile, MaxRejected, Pauses, Records, Subjects
from tallystick.cli.commands.page_formats import AskedFormat, PageFormat, put_document
from tallystick.cli.complaints import Stop
from tallystick.cli.progress import Progress
from tallystick.cli.rulebook_files import STDIN, checked
from tallystick.cli.scoring import MOST_REJECTED, day_of, share_of
from tallystick.cli.streams import say
from tallystick.explain.harmless import harmless
from tallystick.rules import audience as audiences

if TYPE_CHECKING:
    from tallystick.engine.gaming.attacks import Ground
    from tallystick.engine.gaming.gaming import Gaming, Limits
    from tallystick.engine.staging import Staging
    from tallystick.explain.gaming.gaming import OnBehalf
    from tallystick.rules.rulebook import Rulebook

EXAMPLES = """\b
Examples:
  tally audit gaming rules.tally
  tally audit gaming rules.tally --actions 20 --out attacks
  tally audit gaming rules.tally --records activity.csv --subjects people.csv --as-of 2026-03-31
"""
MOST_ACTIONS, MOST_ACCOUNTS = 500, 100


class RealInputs(Struct, frozen=True):
    """The inputs of a real run."""

    records: list[str] | None
    subjects: str | None
    pauses: str | None
    corrections: str | None
    mapping: str | None
    max_rejected: Decimal

    @property
    def options(self) -> dict[str, list[str]]:
        """The files by the options that name them."""
        found = {
            "--records": self.records,
            "--subjects": self.subjects,
            "--pauses": self.pauses,
            "--corrections": self.corrections,
        }
        return {name: [each] if isinstance(each, str) else each for name, each in found.items() if each is not None}


def audit_gaming(  # noqa: PLR0913  one parameter for each option
    rulebook: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook.")],
    *,
    records: Records = None,
    subjects: Subjects = None,
    pauses: Pauses = None,
    corrections: Corrections = None,
    mapping: MapFile = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="The last day that counts; without records, that of the latest example."
        ),
    ] = None,
    actions: Annotated[
        int,
        typer.Option(
            "--actions", metavar="N", min=1, max=MOST_ACTIONS, help="How many actions an attacker can afford."
        ),
    ] = 100,
    accounts: Annotated[
        int, typer.Option("--accounts", metavar="N", min=1, max=MOST_ACCOUNTS, help="How many accounts a ring has.")
    ] = 5,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write each attack as records, with how to replay it.")
    ] = None,
    audience: Audience = audiences.Audience.AUDITOR,
    max_rejected: MaxRejected = MOST_REJECTED,
    among: InValue = None,
    output: AskedFormat = PageFormat.TEXT,
) -> None:
    """Say how a score can be gamed, and what would stop it."""
    inputs = RealInputs(records, subjects, pauses, corrections, mapping, share_of(max_rejected))
    _refuse_misfits(inputs, as_of, out, audience)
    declared = checked(rulebook)
    from tallystick.engine.by_field.rows import only_value
    from tallystick.rules.questions.by import of_one_value

    only_value(declared, among)
    rules = declared if among is None else of_one_value(declared, among)
    from tallystick.engine.gaming.gaming import Limits

    limits = Limits(actions, accounts)
    day = None if as_of is None else day_of(as_of, "--as-of")
    with _place(out) as made:
        if records is None or day is None:
            found = _imagined(rules, day, limits)
        else:
            found = _real(declared, among, inputs, day, limits, audience)
        gaming, ground, person = found
        if made is not None:
            _write(made, gaming, ground, None if records is None else inputs.options)
    if out is not None:
        say(f"wrote {len(gaming.attacks)} attacks to {harmless(str(out))}")
    from tallystick.explain.gaming.gaming import gaming_of

    document = gaming_of(rules, gaming, person, ground.near.as_of, among)
    from tallystick.explain.gaming.pages import gaming_page

    put_document(document, gaming_page, output)


def _refuse_misfits(inputs: RealInputs, as_of: str | None, out: Path | None, audience: audiences.Audience) -> None:
    """Refuse options that do not go together."""
    if inputs.records is None:
        for option in (*inputs.options, *(["--map"] if inputs.mapping is not None else [])):
            message = f"`{option}` belongs to real records, and none are given"
            raise Stop(message, help=f"add `--records PATH`, or leave `{option}` out")
        return
    if as_of is None:
        message = "real records need a day"
        raise Stop(message, help="add `--as-of YYYY-MM-DD`")
    if out is not None and audience is not audiences.Audience.AUDITOR:
        message = "the files of an attack name the person with the median score"
        raise Stop(message, help="leave `--audience` out, or `--out`")
    if out is not None and inputs.mapping is not None:
        message = "the files of an attack bear the rulebook's own names, so `--map` would not fit them"
        raise Stop(message, help="leave `--out` out")
    paths = [path for given in inputs.options.values() for path in given]
    if paths.count(STDIN) > (0 if out is not None else 1):
        message = "stdin can be read once only, and `-` stands here where it would be read again"
        raise Stop(message)


def _imagined(rules: Rulebook, as_of: date | None, limits: Limits) -> tuple[Gaming, Ground, OnBehalf]:
    """Game the score on behalf of an imagined newcomer."""
    from tallystick.engine.gaming.gaming import gaming
    from tallystick.engine.gaming.newcomer import newcomer
    from tallystick.explain.gaming.gaming import OnBehalf

    day = as_of or max((each.as_of for each in rules.examples), default=rules.effective)
    if day is None:
        message = "the rulebook has no example and no day on which it takes effect"
        raise Stop(message, help="add `--as-of YYYY-MM-DD`")
    with Progress() as progress:
        person = newcomer(rules, day)
        found = gaming(person.ground, limits, person.under, spared=person.kinds, progress=progress)
    return found, person.ground, OnBehalf(person.ground.near.subject, None, person.beginnings)


def _real(
    rules: Rulebook, value: str | None, inputs: RealInputs, as_of: date, limits: Limits, audience: audiences.Audience
) -> tuple[Gaming, Ground, OnBehalf]:
    """Game the score on behalf of whoever has the median score."""
    from tallystick.engine import score
    from tallystick.engine.gaming.gaming import gaming
    from tallystick.engine.gaming.typical import typical
    from tallystick.explain.gaming.gaming import OnBehalf

    with Progress() as progress:
        run = score(
            rules,
            inputs.records,
            inputs.subjects,
            as_of=as_of,
            pauses=inputs.pauses,
            corrections=inputs.corrections,
            mapping=None if inputs.mapping is None else Path(inputs.mapping),
            max_rejected=inputs.max_rejected,
            progress=progress,
        )
        with closing(run):
            for notice in run.notices:
                say(f"note: {harmless(notice)}")
            person = typical(part_of(run, value))
            found = gaming(person.ground, limits, person.under, spared=person.kinds, progress=progress)
            named = person.subject if audience is audiences.Audience.AUDITOR else None
            return found, person.ground, OnBehalf(named, person.scored)


def _place(out: Path | None) -> AbstractContextManager[Staging | None]:
    """Make the place for the attacks, before any is sought; they get there whole or not at all."""
    if out is None:
        return nullcontext()
    from tallystick.engine.gaming.files import ATTACK_FOLDER
    from tallystick.engine.staging import staging

    return staging(out, ATTACK_FOLDER)


def _write(made: Staging, gaming: Gaming, ground: Ground, inputs: dict[str, list[str]] | None) -> None:
    """Write the attacks."""
    from tallystick.engine.gaming.files import write_attacks

    options = None
    if inputs is not None:
        options = [
            word
            for option, paths in inputs.items()
            for word in (option, *(str(Path(path).resolve()) for path in paths))
        ]
    write_attacks(made.folder, gaming, ground, options)
