"""Takes five answers, flags or an example; gives a folder with a rulebook that passes, a mapping and a README."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from tallystick.cli.complaints import Stop, plural
from tallystick.cli.streams import is_terminal, put_line, say
from tallystick.explain.harmless import harmless

if TYPE_CHECKING:
    from tallystick.engine.intake.glimpse import Glimpse
    from tallystick.engine.intake.proposal import Columns, Kinds
    from tallystick.rules.starter import Answers

EXAMPLES = """\b
Examples:
  tally init my-score
  tally init --from activity.csv my-score
  tally init --from activity.csv --subject member --kind action --at time --yes
  tally init --like
  tally init --like gallery/kred my-score
"""

RULEBOOK, MAPPING, README = "rules.tally", "mapping.toml", "README.md"
MOST_NAMED = 12
QUESTIONS = (
    ("--subject", "Which column names the person who is scored?"),
    ("--kind", "Which column says what happened?"),
    ("--at", "Which column says when?"),
)
FLAGS = ("--subject", "--actor", "--kind", "--at", "--id")
"""The options that name a column."""


def init(  # noqa: PLR0913  one for each option
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder to make; the current one if left out.")
    ] = Path(),
    *,
    records: Annotated[
        str | None, typer.Option("--from", metavar="RECORDS", help="A file of records to take the fields from.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What the score is called.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who answers for it.")] = None,
    subject: Annotated[str | None, typer.Option(metavar="COLUMN", help="Which column names who is scored.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="COLUMN", help="Which column says what happened.")] = None,
    at: Annotated[str | None, typer.Option(metavar="COLUMN", help="Which column says when.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="COLUMN", help="Which column names who did it.")] = None,
    identity: Annotated[
        str | None, typer.Option("--id", metavar="COLUMN", help="Which column tells one record from all others.")
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(metavar="[EXAMPLE]", help="Begin with a copy of an example; without its name: list them."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take what is proposed.")] = False,
) -> None:
    """Begin a rulebook that passes, with a mapping and a README."""
    _refuse_unreadable(name, "--name")
    _refuse_unreadable(owner, "--owner")
    if like is not None:
        _begin_like(like, folder, name, owner, (records, subject, kind, at, actor, identity))
        return
    _refuse_to_overwrite(folder)
    asking = not yes and is_terminal(sys.stdin) and is_terminal(sys.stderr)
    called = _ask("What is the score called?", name, "My score", asking=asking)
    owned = _ask("Who answers for it?", owner, "Nobody yet", asking=asking)
    from tallystick.engine.intake.proposal import Columns

    named = Columns(subject, actor, kind, at, identity)
    _refuse_one_for_two(named)
    if records is None:
        said: tuple[str, ...] = ()
        answers = _without_records(called, owned, named, asking=asking)
    else:
        answers, said = _from_records(called, owned, records, named, asking=asking)
        _say_what_was_taken(answers)
    for note in said:
        say(f"note: {harmless(note)}")
    _write(folder, answers)


def _begin_like(like: str, folder: Path, name: str | None, owner: str | None, others: tuple[str | None, ...]) -> None:
    """Copy an example with its records, or list the examples that there are."""
    from tallystick.cli.starts import LIST, begun, measured, starts, told
    from tallystick.rules.starter import copied_mapping_text, copied_readme_text

    there = {each.name: each for each in starts()}
    wide = max(len(each) for each in there)
    lines = tuple(f"{each:<{wide}}  {measured(start)}" for each, start in there.items())
    if like == LIST:
        for line in lines:
            put_line(line)
        return
    if any(each is not None for each in others):
        message = "`--like` copies an example as it is, so there are no columns to name"
        raise Stop(message, help="leave out `--like` or `--from`, `--subject`, `--kind`, `--at`, `--actor` and `--id`")
    start = there.get(like.rstrip("/"))
    if start is None:
        message = f"there is no example `{like}`"
        raise Stop(message, notes=("these are there:", *lines), help="name one of them")
    tables = tuple(each for each in (start.records, start.subjects) if each is not None)
    _refuse_to_overwrite(folder, *(each.name for each in tables))
    records, subjects = (None if each is None else each.name for each in (start.records, start.subjects))
    texts = {
        RULEBOOK: _formatted(begun(start, name, owner)),
        MAPPING: copied_mapping_text(),
        README: copied_readme_text(RULEBOOK, MAPPING, records, subjects, start.as_of, told(start)),
        **{each.name: each.read_text(encoding="utf-8") for each in tables},
    }
    _write_texts(folder, texts)


def _refuse_unreadable(given: str | None, option: str) -> None:
    """Refuse words that cannot stand on a line of a rulebook, where people read them."""
    if given is not None and not (given.strip() and given.isprintable()):
        message = f"`{given}` is nothing that can be read on one line"
        raise Stop(message, help=f"write words after `{option}`, without breaks of lines and control characters")


def _refuse_to_overwrite(folder: Path, *others: str) -> None:
    from tallystick.engine.folder_writing import refuse_in_a_run

    if folder.is_file():
        message = f"`{folder}` is a file, and a rulebook begins in a folder"
        raise Stop(message, help=f"to begin from its records, write `tally init --from {folder} my-score`")
    refuse_in_a_run(folder / RULEBOOK)
    for file in (RULEBOOK, MAPPING, README, *others):
        if (folder / file).exists():
            message = f"`{folder / file}` is there already, and nothing is ever overwritten"
            raise Stop(message, help="name another folder")


def _ask(question: str, given: str | None, proposed: str, *, asking: bool) -> str:
    """Ask, unless a flag has answered; what is proposed is taken by pressing Enter."""
    if given is not None or not asking:
        return proposed if given is None else given
    answer: str = typer.prompt(question, default=proposed, err=True)
    return answer


def _without_records(name: str, owner: str, named: Columns, *, asking: bool) -> Answers:
    from tallystick.engine.intake.proposal import kind_name
    from tallystick.rules.starter import Answers, KindAnswer

    subject, kind, at = (
        _ask(question, given, proposed, asking=asking)
        for (_, question), given, proposed in zip(
            QUESTIONS, (named.subject, named.kind, named.at), ("subject", "kind", "at"), strict=True
        )
    )
    _refuse_one_for_two(replace(named, subject=subject, kind=kind, at=at, actor=named.actor or "actor"))
    posted = (KindAnswer(kind_name("post"), ("post",), own=True), KindAnswer(kind_name("like"), ("like",), own=False))
    return Answers(name, owner, None, subject, named.actor or "actor", kind, at, named.id, "time", posted)


def _from_records(
    name: str, owner: str, records: str, named: Columns, *, asking: bool
) -> tuple[Answers, tuple[str, ...]]:
    """Take the answers from the columns of a file; give them, and what its author should know of the file."""
    from tallystick.engine.intake.frames import refuse_twice
    from tallystick.engine.intake.glimpse import glimpse
    from tallystick.engine.intake.proposal import at_type, kinds_of, latest_day, propose, repeated
    from tallystick.rules.starter import Answers

    seen = glimpse(records)
    for column in (named.subject, named.kind, named.at, named.actor, named.id):
        _refuse_unless_there(column, seen)
    found = propose(seen, named)
    subject, kind, at = _settled(seen, named, found, asking=asking)
    _refuse_one_for_two(replace(named, subject=subject, kind=kind, at=at))
    actor, identity = (None if guess in {subject, kind, at} else guess for guess in (found.actor, found.id))
    refuse_twice(seen.columns, seen.name, {each for each in (subject, kind, at, actor, identity) if each is not None})
    type_ = at_type(seen, at)
    if type_ is None:
        held = next((f", such as `{cell}`" for cell in seen.column(at) if cell is not None), "")
        message = f"column `{at}` of `{seen.name}` holds no day and no moment that can be read{held}"
        raise Stop(
            message,
            help="write a day as 2026-01-31 and a moment as 2026-01-31T09:00:00Z in the file, let `tally read` do so "
            'by a mapping that says how they are written (`written = "31.01.2026"`), or name another column with '
            "`--at COLUMN`",
        )
    kinds = kinds_of(seen, kind, subject, actor)
    answers = Answers(
        name=name,
        owner=owner,
        records=records,
        subject=subject,
        actor=actor,
        kind=kind,
        at=at,
        id=identity,
        at_type=type_,
        kinds=kinds.proposed,
        actor_optional=actor is not None and None in seen.column(actor),
        latest=latest_day(seen, at),
    )
    return answers, (
        *_not_seen(seen),
        *_unread(seen),
        *_noteworthy(kinds, 0 if identity is not None else repeated(seen)),
    )


def _settled(seen: Glimpse, named: Columns, found: Columns, *, asking: bool) -> tuple[str, ...]:
    """Settle the columns without which there are no records: ask for those not named, or refuse to go on without."""
    given, guessed = ((each.subject, each.kind, each.at) for each in (named, found))
    if asking:
        answers = tuple(
            _ask(f"{question} ({_listed(seen)})", answer, guess or seen.columns[0], asking=True)
            for (_, question), answer, guess in zip(QUESTIONS, given, guessed, strict=True)
        )
        for answer in answers:
            _refuse_unless_there(answer, seen)
        return answers
    open_ = [each for each, guess in zip(QUESTIONS, guessed, strict=True) if guess is None]
    if open_:
        message = f"no column of `{seen.name}` answers: {' '.join(question for _, question in open_)}"
        flags = " and ".join(f"`{flag} COLUMN`" for flag, _ in open_)
        raise Stop(message, notes=(f"its columns are {_listed(seen)}",), help=f"name it with {flags}")
    return tuple(guess for guess in guessed if guess is not None)


def _refuse_one_for_two(named: Columns) -> None:
    """Refuse a column that is taken for two things: it holds one of them at most."""
    flags: dict[str, str] = {}
    for flag, column in zip(FLAGS, (named.subject, named.actor, named.kind, named.at, named.id), strict=True):
        if column is not None and column in flags:
            message = f"column `{column}` is taken for two things, `{flags[column]}` and `{flag}`"
            raise Stop(message, help=f"name another column with `{flag} COLUMN`")
        if column is not None:
            flags[column] = flag


def _refuse_unless_there(column: str | None, seen: Glimpse) -> None:
    if column is not None and column not in seen.columns:
        message = f"`{seen.name}` has no column `{column}`"
        raise Stop(message, help=f"its columns are {_listed(seen)}")


def _not_seen(seen: Glimpse) -> tuple[str, ...]:
    """Say where the proposal ends, if there are more records than it was made of."""
    if not seen.more:
        return ()
    rows = plural(len(seen.rows) + len(seen.unread), "row was", "rows were")
    return (f"only the first {rows} looked at, of {seen.name}: a kind or a later day of others is not in the proposal",)


def _unread(seen: Glimpse) -> tuple[str, ...]:
    """Say which rows nothing was taken from."""
    if not seen.unread:
        return ()
    line, why = seen.unread[0]
    rows = plural(len(seen.unread), "row cannot be read, and proposes", "rows cannot be read, and propose")
    return (f"{rows} nothing; the first is {seen.name}:{line}: {why}",)


def _noteworthy(kinds: Kinds, repeated: int) -> tuple[str, ...]:
    """Say what of the rows looked at is not as the author may think."""
    spelled = [each for each in kinds.proposed if len(each.in_file) > 1]
    notes = [f"taken for one kind: {', '.join(f'`{spelling}`' for spelling in each.in_file)}" for each in spelled]
    if kinds.others:
        named = ", ".join(f"`{each}`" for each in kinds.others[:MOST_NAMED])
        more = f" and {len(kinds.others) - MOST_NAMED} more" if len(kinds.others) > MOST_NAMED else ""
        notes.append(f"the {len(kinds.proposed)} most frequent kinds have a rule; no rule counts {named}{more}")
    if repeated:
        notes.append(
            f"{plural(repeated, 'row is a copy of another and counts', 'rows are copies of others and count')} too: if "
            "a column tells one record from all others, name it with `--id COLUMN`"
        )
    return tuple(notes)


def _listed(seen: Glimpse) -> str:
    """Name the columns, as many as a person will read."""
    first = ", ".join(f"`{column}`" for column in seen.columns[:MOST_NAMED])
    return first if len(seen.columns) <= MOST_NAMED else f"{first} and {len(seen.columns) - MOST_NAMED} more"


def _say_what_was_taken(answers: Answers) -> None:
    """Say which column was taken for what, since each is a guess that only the author can check."""
    parts = [f"whose score it counts toward: `{answers.subject}`"]
    parts += [] if answers.actor is None else [f"who did it: `{answers.actor}`"]
    parts += [f"what happened: `{answers.kind}`", f"when: `{answers.at}`"]
    parts += [] if answers.id is None else [f"which record it is: `{answers.id}`"]
    say(harmless(f"taken from the columns of `{answers.records}`: {'; '.join(parts)}"))
    say("another column: `--subject`, `--actor`, `--kind`, `--at` or `--id COLUMN`")


def _as_seen_from(folder: Path, records: str | None) -> str | None:
    """Say where the records are for somebody who stands in the folder, where the README is read."""
    return None if records is None else Path(os.path.relpath(records, folder)).as_posix()


def _write(folder: Path, answers: Answers) -> None:
    """Write the three files, each only if it is not there."""
    from tallystick.rules.starter import mapping_text, readme_text, rulebook_text

    texts = {
        RULEBOOK: _formatted(rulebook_text(answers)),
        MAPPING: mapping_text(answers),
        README: readme_text(replace(answers, records=_as_seen_from(folder, answers.records)), RULEBOOK, MAPPING),
    }
    _write_texts(folder, texts)


def _write_texts(folder: Path, texts: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            with (folder / file).open("x", encoding="utf-8", newline="") as out:
                out.write(text)
    except OSError as error:
        message = f"`{folder}` cannot be written: {error.strerror}"
        raise Stop(message) from error
    for file in texts:
        put_line(str(folder / file))
    say(f"try: tally test {folder / RULEBOOK}")


def _formatted(text: str) -> str:
    """Give a rulebook the canonical layout."""
    from tallystick.rules.format.format import format_file
    from tallystick.rules.parse.parse import parse
    from tallystick.rules.source import Source

    file, diagnostics = parse(Source(RULEBOOK, text))
    if file is None or diagnostics:
        message = f"the proposed rulebook is wrong: {[each.message for each in diagnostics]}"
        raise AssertionError(message)
    return format_file(file)
