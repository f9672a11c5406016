"""Takes words that do not fit a command, and each command's help; checks that both speak as everything else does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.testing import Result

from tallystick.cli.main import made

Tally = Callable[..., Result]


def _commands(group: TyperGroup, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Give each command by its words."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(command, f"{before}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{before}{name}", command


GROUP = get_command(made())
assert isinstance(GROUP, TyperGroup)
COMMANDS = dict(_commands(GROUP))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("scroe",), ("there is no command `tally scroe`", "`score` is spelled almost the same")),
        (("CHECK",), ("there is no command `tally CHECK`", "`check` is spelled almost the same")),
        (("help",), ("there is no command `tally help`", "`tally --help` lists the commands")),
        (("audit", "bound"), ("there is no command `tally audit bound`", "`bounds` is spelled almost the same")),
        (("--verbos",), ("`tally` has no option `--verbos`", "`tally --help` lists its options")),
        (("check", "--nope", "x"), ("`tally check` has no option `--nope`", "`tally check --help` lists its options")),
        (
            ("score", "--recrods", "x"),
            ("`tally score` has no option `--recrods`", "`--records` is spelled almost the same"),
        ),
        (
            ("guide", "--file", "r.tally"),
            ("`tally guide` has no option `--file`", "write `FILE` without a name before it"),
        ),
        (("init", "--data", "x"), ("`tally init` has no option `--data`", "`tally init --help` lists its options")),
        (
            ("score",),
            (
                "`FILE` is missing",
                "`FILE`: The rulebook; - is stdin.",
                "write `tally score [OPTIONS] FILE`; `tally score --help` has examples",
            ),
        ),
        (
            ("score", "rules.tally"),
            (
                "`--as-of` is missing",
                "`--as-of DATE`: The last day that counts, YYYY-MM-DD.",
                "add `--as-of DATE`; `tally score --help` has examples",
            ),
        ),
        (
            ("score", "rules.tally", "--as-of"),
            (
                "`--as-of` has no value behind it",
                "`--as-of DATE`: The last day that counts, YYYY-MM-DD.",
                "write `--as-of DATE`",
            ),
        ),
        (("explain", "run", "--evidence=yes"), ("`--evidence` takes no value", "write `--evidence` alone")),
    ],
    ids=" ".join,
)
def test_words_that_do_not_fit_are_told_with_what_to_write(
    tally: Tally, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    """Exit 2, nothing on stdout, and the look of every other refusal: what is wrong, and what to write instead."""
    result = tally(*words)
    message, *notes, remedy = said
    lines = [f"error: {message}", *(f"  = note: {each}" for each in notes), f"  = help: {remedy}"]
    assert (result.exit_code, result.stdout, result.stderr.splitlines()) == (2, "", lines)


def test_a_long_word_is_not_quoted_in_full(tally: Tally) -> None:
    """A word of a thousand letters, as a shell may make of a forgotten quote, does not fill the screen."""
    for words in (("x" * 1000,), ("check", "--" + "x" * 1000)):
        assert max(map(len, tally(*words).stderr.splitlines())) < 100


def test_no_words_at_all_give_the_help(tally: Tally) -> None:
    """`tally` and `tally audit` say what there is, as their `--help` does."""
    for words in ((), ("audit",)):
        for result in (tally(*words), tally(*words, "--")):
            assert (result.exit_code, result.stdout) == (2, "")
            assert result.stderr == tally(*words, "--help").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_no_type_of_a_programming_language(tally: Tally, name: str) -> None:
    """What is to be written stands as on the page of the commands: `FILE...`, `--as-of DATE`, `--format text|json`."""
    told = tally(*name.split(), "--help").stdout
    usage, _, rest = told.partition("\n")
    assert re.fullmatch(rf"Usage: tally {name} \[OPTIONS\]( \[?[A-Z_|]+(\.\.\.)?\]?)*", usage), usage
    assert not re.search(r"[<{]|[a-z]\]\.\.\.", rest.partition("\n  Examples:\n")[0])


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_each_word_is_for_in_80_columns(tally: Tally, name: str) -> None:
    """Each option and argument is there with its whole sentence, and no line is wider than a terminal."""
    told = tally(*name.split(), "--help").stdout.partition("\n  Examples:\n")[0]
    assert max(map(len, told.splitlines())) <= 80
    flowing = "".join(told.split())  # a line may end at a hyphen
    for each in COMMANDS[name].params:
        sentence = "".join(str(getattr(each, "help", "")).split())
        assert sentence.endswith(".")
        assert sentence in flowing
