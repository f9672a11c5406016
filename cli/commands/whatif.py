"""Takes a run, a person and what is supposed; gives the person's result as it is and as it would be, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from tallystick.cli.commands.by_options import InValue, part_of
from tallystick.cli.commands.explain import absent
from tallystick.cli.commands.input_options import Audience, Language
from tallystick.cli.commands.page_formats import AskedFormat, PageFormat, put_document
from tallystick.cli.complaints import FaultyRulebook, Stop
from tallystick.cli.rulebook_files import checked
from tallystick.cli.scoring import day_of
from tallystick.cli.unread import say_unread
from tallystick.cli.worded import wording_of
from tallystick.rules import audience as audiences

if TYPE_CHECKING:
    from datetime import date

    from tallystick.engine.intake.reading import Row
    from tallystick.engine.run import FinishedRun
    from tallystick.explain.what_if.document import Supposed
    from tallystick.rules.rulebook import Rulebook
    from tallystick.rules.value import Scalar

EXAMPLES = """\b
Examples:
  tally whatif run --subject ada --add-one "kind=share actor=zoe"
  tally whatif run --subject ada --without 4711 --as-of 2026-06-30
  tally whatif run --subject ada --set fade=60 --set-attribute joined=2020-01-01
"""


def whatif(  # noqa: PLR0913  one parameter for each thing that can be supposed
    source: Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")],
    *,
    subject: Annotated[str, typer.Option("--subject", metavar="S", help="The person whose score it is.")],
    among: InValue = None,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="FILE", help="A file of records to imagine; may be repeated.")
    ] = None,
    add_one: Annotated[
        list[str] | None,
        typer.Option(
            "--add-one", metavar="RECORD", help='One imagined record, "FIELD=VALUE FIELD=VALUE"; may be repeated.'
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without",
            metavar="ID",
            help="Leave a record out: its id, or MEASURE:NUMBER of --evidence; may be repeated.",
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Another last day that counts, YYYY-MM-DD.")
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Another value of a parameter, in its declared unit; may be repeated."
        ),
    ] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option(
            "--set-attribute",
            metavar="NAME=VALUE",
            help="Another attribute of the person; - is missing; may be repeated.",
        ),
    ] = None,
    rulebook: Annotated[
        str | None, typer.Option("--rulebook", metavar="FILE", help="Another rulebook, over the same records.")
    ] = None,
    output: AskedFormat = PageFormat.TEXT,
    records: Annotated[
        list[str] | None,
        typer.Option("--records", metavar="PATH...", help="The records, where the run has not kept them."),
    ] = None,
    subjects: Annotated[
        str | None, typer.Option("--subjects", metavar="PATH", help="The file about people, likewise.")
    ] = None,
    mapping: Annotated[
        str | None, typer.Option("--map", metavar="FILE", help="A mapping, for --add and --records alike (TOML).")
    ] = None,
    audience: Audience = audiences.Audience.AUDITOR,
    language: Language = None,
) -> None:
    """Say what one person's score would be if something were so. Nothing is changed."""
    if audience is audiences.Audience.PUBLIC:
        message = "what would be follows from somebody's records, and the public sees none"
        raise Stop(message, help="write `--audience subject` for the person scored, or leave it out")
    _refuse_no_text((subject, *(add_one or ()), *(attribute or ())))
    from tallystick.engine import open_run

    run = part_of(open_run(source, records=records or None, subjects=subjects, mapping=mapping), among)
    say_unread(run, {"--records": records or None, "--subjects": subjects, "--map": None if add else mapping})
    rules = _of_part(run, _rules(run.rulebook, rulebook, value or [], run.as_of))
    day = None if as_of is None else _day(as_of, rules.rulebook)
    _refuse_nothing(add, add_one, without, as_of, value, attribute, rulebook)
    from tallystick.engine.what_if.question import Question
    from tallystick.explain import AbsentSubject
    from tallystick.explain.languages.in_language import with_rulebook
    from tallystick.explain.what_if.answer import what_if

    added = _added(rules.rulebook, add or [], add_one or [], subject, day or run.as_of, mapping)
    question = Question(
        added=added,
        without=tuple(without or ()),
        as_of=day,
        rulebook=rules.rulebook if rules.rulebook is not run.rulebook else None,
        attributes=_attributes(rules.rulebook, attribute or []),
        made_up=_made_up(rules.rulebook, add_one or [], len(added)),
    )
    with wording_of(language, run) as word:
        told = with_rulebook(run, word(run.rulebook))
        if question.rulebook is not None:
            question = replace(question, rulebook=word(question.rulebook))
        titles = {each.name: each.title for each in word(rules.rulebook).parameters}
        values = tuple(each.model_copy(update={"title": titles.get(each.name or "")}) for each in rules.values)
        try:
            found = what_if(told, subject, question, other_values=values, other_rulebook=rulebook is not None)
        except AbsentSubject as error:
            raise absent(run, subject) from error
        if audience is audiences.Audience.SUBJECT:
            from tallystick.explain.what_if.for_audience import whatif_for_person

            found = whatif_for_person(found, (told.rulebook, word(rules.rulebook)))
        from tallystick.explain.what_if.words import page

        put_document(found, page, output)


class _Rules(Struct, frozen=True):
    """The rules that are supposed, and which parameters were given another value in them."""

    rulebook: Rulebook
    values: tuple[Supposed, ...]


def _rules(own: Rulebook, other: str | None, values: list[str], as_of: date) -> _Rules:
    rulebook = own if other is None else checked(other)
    if not values:
        return _Rules(rulebook, ())
    from tallystick.explain.what_if.document import Supposed
    from tallystick.rules.epochs import on_day
    from tallystick.rules.variants.other_value import Unfit, other_value

    supposed = []
    for name, text in _pairs(values, "--set", "fade=60"):
        found = other_value(on_day(rulebook, as_of), name, text)
        if isinstance(found, Unfit):
            raise Stop(found.message, help=found.help)
        if found.rulebook is None:
            raise FaultyRulebook(found.diagnostics)
        title = next((each.title for each in rulebook.parameters if each.name == name), None)
        before, after = found.before, found.after
        supposed.append(
            Supposed(what="another value", name=name, title=title, type=found.unit, before=before, after=after)
        )
        rulebook = found.rulebook
    return _Rules(rulebook, tuple(supposed))


def _of_part(run: FinishedRun, rules: _Rules) -> _Rules:
    """Return rules for the same value where the score is by a field; other rules must be by it, too."""
    if rules.rulebook is run.rulebook:
        return rules
    from tallystick.rules.questions.by import of_one_value, values_of

    ours, theirs = run.rulebook.score.by, rules.rulebook.score.by
    if ours != theirs or (run.value is not None and run.value not in values_of(rules.rulebook)):
        said = ["by no field" if each is None else f"by `{each}`" for each in (ours, theirs)]
        message = f"the score of the run is {said[0]}, and that of the other rulebook {said[1]}"
        if ours == theirs:
            message = f"the other rulebook has no `{run.value}` among the values of `{ours}`"
        raise Stop(message, help="score by the other rulebook, and compare the runs with `tally why`")
    return rules if run.value is None else replace(rules, rulebook=of_one_value(rules.rulebook, run.value))


def _day(given: str, rulebook: Rulebook) -> date:
    day = day_of(given)
    if rulebook.effective is not None and day < rulebook.effective:
        message = f"the rulebook is effective from {rulebook.effective}, and {day} is before that"
        raise Stop(message, help=f"suppose {rulebook.effective} or a later day")
    return day


def _added(
    rulebook: Rulebook, files: list[str], lines: list[str], subject: str, as_of: date, mapping: str | None
) -> tuple[Row, ...]:
    if not files and not lines:
        return ()
    if rulebook.records is None:
        message = "the rulebook reads no records, so none can be imagined"
        raise Stop(message)
    from tallystick.engine.what_if.imagined import imagined_from, imagined_record

    for each in files:
        if "=" in each and not Path(each).exists():
            message = f"`--add` takes a file, and there is none called `{each}`"
            raise Stop(message, help=f'write `--add-one "{each}"` for one record')
    rows = imagined_from(rulebook, files, mapping) if files else ()
    if files and not rows:
        message = f"no record to imagine is in {', '.join(f'`{each}`' for each in files)}"
        raise Stop(message, help="write a row for each, below the line that names the columns")
    return (
        *rows,
        *(imagined_record(rulebook, line, subject=subject, as_of=as_of, number=n) for n, line in enumerate(lines, 1)),
    )


def _made_up(rulebook: Rulebook, lines: list[str], added: int) -> frozenset[int]:
    """Return the places of the records added to which nobody gave an id: lines come behind what files hold."""
    if not lines:
        return frozenset()
    from tallystick.engine.what_if.imagined import gives_id

    first = added - len(lines)
    return frozenset(first + place for place, line in enumerate(lines) if not gives_id(rulebook, line))


def _attributes(rulebook: Rulebook, given: list[str]) -> tuple[tuple[str, Scalar | None], ...]:
    from tallystick.engine.intake.reading import Rejected, read_cell

    found: dict[str, Scalar | None] = {}
    fields = {field.name: field for field in rulebook.subjects or () if field.name != "subject"}
    for name, text in _pairs(given, "--set-attribute", "joined=2020-01-01"):
        if name not in fields:
            message = f"there is no attribute `{name}`"
            known = f"the attributes are {', '.join(fields)}" if fields else "the rulebook reads none"
            raise Stop(message, help=known)
        value = read_cell(fields[name], None if text in {"", "-"} else text)
        if isinstance(value, Rejected):
            message = f"`{text}` cannot be read as `{name}`: {value.reason}"
            raise Stop(message, help="write it as the data about people has it")
        found[name] = value
    return tuple(found.items())


def _pairs(given: list[str], option: str, example: str) -> list[tuple[str, str]]:
    """Take each word apart; one name has one value."""
    pairs = [_pair(each, option, example) for each in given]
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = f"`{option}` gives `{twice}` more than one value"
        raise Stop(message, help="suppose one of them at a time")
    return pairs


def _pair(given: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals:
        message = f"`{given}` is not what {option} takes"
        raise Stop(message, help=f"write NAME=VALUE, such as `{option} {example}`")
    return name.strip(), value.strip()


def _refuse_no_text(words: tuple[str, ...]) -> None:
    """Refuse words whose bytes are not UTF-8: no record can hold them."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            message = f"`{word}` is not valid UTF-8"
            raise Stop(message) from error


def _refuse_nothing(*given: object) -> None:
    if not any(given):
        message = "nothing is supposed, so nothing would be otherwise"
        raise Stop(message, help='add what is to be supposed, such as `--add-one "kind=share actor=zoe"`')
