"""Takes options that have a fixed choice or take a number, of every command; checks how a wrong value is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import get_args

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import Result

from tallystick.cli.main import made

Tally = Callable[..., Result]


def _kinds(group: TyperGroup, before: str = "") -> Iterator[tuple[str, str, type]]:
    """Give each command's parameters, with the option's name ('' of an argument) and the kind of value."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _kinds(command, f"{before}{name} ")
            continue
        for each in command.params:
            described = getattr(each, "type_descriptor", None)
            kind = described and (get_args(described.annotation) or (described.annotation,))[0]
            if isinstance(kind, type):
                yield f"{before}{name}", each.opts[0] if each.param_type_name == "option" else "", kind


GROUP = get_command(made())
assert isinstance(GROUP, TyperGroup)
KINDS = tuple(_kinds(GROUP))
CHOICES = tuple(each for each in KINDS if issubclass(each[2], Enum))
NUMBERS = tuple(each for each in KINDS if each[2] is int)


def test_the_options_are_found() -> None:
    """The checks below look at the choices and numbers that there are, among them those once forgotten."""
    assert {("check", "--format"), ("check", "--duty"), ("explain", "--duty"), ("schema", "")} <= {
        each[:2] for each in CHOICES
    }
    assert {each[:2] for each in NUMBERS} == {
        ("verify", "--independent"),
        ("audit gaming", "--actions"),
        ("audit gaming", "--accounts"),
    }


@pytest.mark.parametrize(("command", "option", "kind"), CHOICES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_value_that_is_no_choice_is_refused_with_the_choices(
    tally: Tally, command: str, option: str, kind: type[Enum]
) -> None:
    """Exit 2, one message in the look of every other: the option, the value, and what can be written there."""
    result = tally(*command.split(), *([option] if option else []), "zzzzzz")
    assert (result.exit_code, result.stdout) == (2, "")
    message, *notes = result.stderr.splitlines()
    assert message == f"error: `zzzzzz` is no value of `{option or 'DOCUMENT'}`"
    assert notes == [f"  = help: write one of {', '.join(f'`{each.value}`' for each in kind)}"]


def test_capital_letters_are_told_as_such(tally: Tally) -> None:
    """A choice in capital letters is refused, and given as it is to be written, however short it is."""
    for option, given, meant in (("--format", "JSON", "json"), ("--engine", "Postgres", "postgres")):
        result = tally("score", option, given, "x.tally")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.endswith(f"help: write `{meant}`, in small letters\n")


def test_a_misspelt_choice_is_told_the_one_that_is_meant(tally: Tally) -> None:
    """Where one is near, it alone is named; each of several values is looked at."""
    assert "help: `markdown` is spelled almost the same" in tally("why", "--format", "markdwon", "a", "b").stderr
    result = tally("check", "--duty", "gdpr-15", "--duty", "dsa-72", "x.tally")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: `dsa-72` is no value of `--duty`\n  = help: `dsa-27` is spelled almost the same\n"


@pytest.mark.parametrize(("command", "option", "kind"), NUMBERS, ids=lambda each: each if isinstance(each, str) else "")
@pytest.mark.parametrize("given", ["many", "1.5", "0", "9" * 5000])
def test_a_number_that_cannot_be_is_refused_with_those_that_can(
    tally: Tally, command: str, option: str, kind: type, given: str
) -> None:
    """Exit 2, one message in the look of every other: the option, the value, and which numbers can be written there."""
    assert kind is int
    result = tally(*command.split(), f"{option}={given}")
    assert (result.exit_code, result.stdout) == (2, "")
    message, *notes = result.stderr.splitlines()
    assert message == f"error: `{given if len(given) < 50 else given[:40] + '…'}` is no value of `{option}`"
    assert len(notes) == 1
    assert notes[0].startswith(
        "  = help: write a whole number, 1 or more"
        if command == "verify"
        else "  = help: write a whole number from 1 to "
    )


def test_a_value_can_do_nothing_to_a_terminal(tally: Tally) -> None:
    """What is quoted back is written out."""
    assert "\x1b" not in tally("check", "--format", "\x1b[31mred", "x.tally").stderr
