"""Takes rulebooks; gives what their examples expected and what came, and what became of their promises."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.complaints import ExitCode, Stop, plural
from tallystick.cli.rulebook_files import check_source, read_source
from tallystick.cli.streams import put, put_line, say

if TYPE_CHECKING:
    from tallystick.engine.examples import ExampleResult
    from tallystick.engine.gaming.promises import PromiseResult
    from tallystick.rules.rulebook import Rulebook

EXAMPLES = """\b
Examples:
  tally test rules.tally
  tally test examples/*/*.tally
  tally test rules.tally --strict --out refuted
"""


class Format(StrEnum):
    """How results are given."""

    TEXT = "text"
    JSON = "json"


def run(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Rulebooks; - is stdin.")],
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 where a promise is not settled, too.")] = False,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", help="Write the records that refute promises there, as CSV files."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="Text for a person or JSON.")] = Format.TEXT,
) -> None:
    """Run the examples in rulebooks, and hold them to their promises."""
    if out is not None and Path(out).exists():
        message = f"{out} is already there"
        raise Stop(message, help="give --out a folder that is not there yet")
    if out is not None and not (above := next(each for each in Path(out).parents if os.path.lexists(each))).is_dir():
        message = f"`{out}` cannot be written: `{above}` is no folder"
        raise Stop(message, help="give --out a folder that is not there yet")
    if out is not None:
        from tallystick.engine.folder_writing import refuse_in_a_run

        refuse_in_a_run(Path(out))
    rulebooks = [check_source(read_source(file)) for file in files]
    from tallystick.engine.examples import run_examples
    from tallystick.engine.gaming.promises import hold_promises

    results: list[tuple[str, Rulebook, tuple[ExampleResult, ...], tuple[PromiseResult, ...]]] = []
    for file, rulebook in zip(files, rulebooks, strict=True):
        examples = run_examples(rulebook)
        if output is Format.TEXT:
            _print_examples(rulebook, examples)
        if not examples:
            say(f"{file} has no examples")
        promises = hold_promises(rulebook)
        if output is Format.TEXT:
            _print_promises(rulebook, promises)
        results.append((file, rulebook, examples, promises))
    if output is Format.JSON:
        _print_json(results)
    if out is not None:
        _write(Path(out), [promise for *_, promises in results for promise in promises])
    _end(
        [example for *_, examples, _ in results for example in examples],
        [promise for *_, promises in results for promise in promises],
        strict=strict,
    )


def _print_examples(rulebook: Rulebook, examples: tuple[ExampleResult, ...]) -> None:
    from tallystick.cli.example_words import example_text

    for result in examples:
        put(example_text(rulebook, result))


def _print_promises(rulebook: Rulebook, promises: tuple[PromiseResult, ...]) -> None:
    from tallystick.explain.promises.promises import promise_told
    from tallystick.explain.promises.words import promise_lines

    for result in promises:
        for line in promise_lines(rulebook.source.name, promise_told(rulebook, result)):
            put_line(line)


def _print_json(
    results: list[tuple[str, Rulebook, tuple[ExampleResult, ...], tuple[PromiseResult, ...]]],
) -> None:
    from tallystick.cli.test_document import RulebookTested, TestedRulebooks, example_tested
    from tallystick.explain.printable import printable_json
    from tallystick.explain.promises.promises import promise_told

    tested = tuple(
        RulebookTested(
            file=file,
            name=rulebook.name,
            version=rulebook.version,
            examples=tuple(example_tested(rulebook, each) for each in examples),
            promises=tuple(promise_told(rulebook, each) for each in promises),
        )
        for file, rulebook, examples, promises in results
    )
    put_line(printable_json(TestedRulebooks(rulebooks=tested)))


def _write(folder: Path, promises: list[PromiseResult]) -> None:
    """Write the two worlds of each claim that is refuted, and say how they are scored."""
    from tallystick.engine.gaming.promises import write_world

    shown = [claim.shown for promise in promises for claim in promise.claims if claim.shown is not None]
    for number, pair in enumerate(shown, start=1):
        for name, world in (("before", pair.before), ("after", pair.after)):
            made = folder / f"{number}-{name}"
            files = write_world(world, made)
            given = [] if files.records is None else [f"--records {files.records}"]
            given += [] if files.subjects is None else [f"--subjects {files.subjects}"]
            say(f"tally score {world.rulebook.source.name} {' '.join(given)} --as-of {world.as_of.isoformat()}")
    if not shown:
        say(f"no promise is refuted, so {folder} is not written")


def _end(examples: list[ExampleResult], promises: list[PromiseResult], *, strict: bool) -> None:
    failed = sum(not result.passed for result in examples)
    say(f"{plural(len(examples), 'example')}: {len(examples) - failed:,} passed, {failed:,} failed")
    verdicts = [promise.verdict for promise in promises]
    proved, refuted, open_ = (verdicts.count(each) for each in ("proved", "refuted", "not settled"))
    if promises:
        say(f"{plural(len(promises), 'promise')}: {proved:,} proved, {refuted:,} refuted, {open_:,} not settled")
    if open_ and not strict:
        say("note: what is not settled may be false; do not publish it as a guarantee (--strict makes it a failure)")
    if failed or refuted or (strict and open_):
        raise typer.Exit(ExitCode.FINDINGS)
