"""Takes command lines as people write them; checks that each is read as it is meant."""

from __future__ import annotations

import pytest

from tallystick.cli.words import HELP, Extra, Shape, rewrite

SHAPES = {
    "score": Shape(frozenset({"--records", "--subjects", "--as-of", "--format"}), needed=1),
    "check": Shape(frozenset({"--format"}), needed=1),
    "diff": Shape(frozenset({"--format"}), needed=2),
    "why": Shape(frozenset({"--records-before", "--records-after"}), needed=2),
    "audit stability": Shape(frozenset({"--records", "--every"}), needed=1),
}


def words(line: str) -> str:
    """Rewrite a line of words without blanks in them."""
    return " ".join(rewrite(line.split(), SHAPES).words)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("score r.tally --records a", "score r.tally --records a"),
        ("score r.tally --records a b", "score r.tally --records a --records b"),
        ("score r.tally --records a --records b", "score r.tally --records a --records b"),
        ("score r.tally --records a b --as-of D", "score r.tally --records a --records b --as-of D"),
        ("score --records a b --as-of D r.tally", "score --records a --records b --as-of D r.tally"),
        ("score --as-of D --records a b r.tally", "score --as-of D --records a --records b r.tally"),
        ("score --records a r.tally b --as-of D", "score --records a r.tally --records b --as-of D"),
        ("score --records a run", "score --records a run"),
        ("score --records a -- r.tally", "score --records a -- r.tally"),
        ("score r.tally --records - b", "score r.tally --records - --records b"),
        ("score - --records a b", "score - --records a --records b"),
        ("score r.tally --records=a b", "score r.tally --records=a b"),
        ("score r.tally --records a b --records c d", "score r.tally --records a --records b --records c --records d"),
        ("score r.tally --records", "score r.tally --records"),
        ("score r.tally --records --as-of D", "score r.tally --records --as-of --records D"),
        ("why x y --records-before a b", "why x y --records-before a --records-before b"),
        ("why x --records-after a y", "why x --records-after a y"),
        ("check a b c", "check a b c"),
        ("check --records a b", "check --records a b"),
        ("audit stability r.tally --records a b", "audit stability r.tally --records a --records b"),
        ("audit stability --records a b r.tally", "audit stability --records a --records b r.tally"),
        ("audit other --records a b", "audit other --records a b"),
        ("stability --records a b", "stability --records a b"),
        ("audit", "audit"),
        ("--version", "--version"),
        ("nothing --records a b", "nothing --records a b"),
        ("", ""),
    ],
)
def test_records_take_every_word_up_to_the_next_option(typed: str, meant: str) -> None:
    """`--records a b` and `--records a --records b` are the same, with FILE before or after them."""
    assert words(typed) == meant


def test_the_rulebook_is_never_taken_out_of_its_own_option() -> None:
    """A lone value of --records stays one, even if FILE is then missing: the error says so."""
    assert words("score --records r.tally --as-of D") == "score --records r.tally --as-of D"


@pytest.mark.parametrize(
    "line", ["--debug check a", "check --debug a", "check a --debug", "check a --format --debug b"]
)
def test_debug_may_stand_anywhere_but_in_the_place_of_a_value(line: str) -> None:
    """`--debug` is heard after the command, too; as the value of another option it is that value."""
    rewritten = rewrite(line.split(), SHAPES)
    assert rewritten.debug == ("--format" not in line)


@pytest.mark.parametrize(
    ("typed", "extra"),
    [
        ("explain run ada", Extra("ada", "--subject")),
        ("explain r.tally a.csv b.csv", Extra("a.csv", "--records")),
        ("explain --subject ada run more", Extra("more", "--subject")),
        ("explain run -- ada", Extra("ada", "--subject")),
        ("explain --records a.csv b.csv r.tally", None),
        ("explain run ada --help", None),
        ("publish run site", Extra("site", "--out")),
        ("init here there", Extra("there", None)),
        ("check a b c", None),
        ("explain run --audience subject ada", Extra("ada", "--subject")),
        ("explain run --evidence ada", Extra("ada", "--subject")),
        ("explain run --record a.csv", None),
        ("explain run --subjct=ada bob", None),
        ("explain run --audience=subject ada", Extra("ada", "--subject")),
    ],
)
def test_a_word_too_many_is_told_with_its_place(typed: str, extra: Extra | None) -> None:
    """A file belongs behind `--records`, a name behind `--subject`, where a command has them; a command that takes any
    number of words has none too many. Behind an option that the command has not, a word may be its value: the option is
    what is wrong."""
    explain = frozenset({"--records", "--subject", "--audience"})
    shapes = {
        "explain": Shape(explain, needed=1, most=1, flags=HELP | {"--evidence"}),
        "publish": Shape(frozenset({"--out"}), needed=1, most=1),
        "init": Shape(frozenset({"--subject", "--from"}), needed=0, most=1),
        "check": Shape(frozenset(), needed=1),
    }
    assert rewrite(typed.split(), shapes).extra == extra
