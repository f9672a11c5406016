"""Takes two checked rulebooks and what is different between them; gives the version number that the new one deserves.

The third number is for words, the second for what moves points on the same scale, the first for what makes another
score of it: what is read, who is scored, which rules there are, the scale or its bands. Before 1.0.0 the second number
stands for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from enum import IntEnum
from typing import Literal, assert_never

from msgspec import Struct

from tallystick.rules.diff.change import Change
from tallystick.rules.expression import ParameterOf
from tallystick.rules.placed import nodes
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source, Span


class Level(IntEnum):
    """How much a change changes; of several, the greatest counts."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


Standing = Literal["fits", "unchanged", "too small", "backwards"]
"""``fits``: at least what it deserves. ``unchanged``: the same number, and the meaning is another."""


class VersionJudgement(Struct, frozen=True):
    """What version number a new version of a rulebook deserves, and how the one that it has stands to that.

    ``changes`` are those that ask for ``level``, the number itself not among them.
    """

    old: str
    new: str
    level: Level
    deserved: str
    standing: Standing
    changes: tuple[Change, ...]


def judge_version(old: Rulebook, new: Rulebook, changes: Iterable[Change]) -> VersionJudgement:
    """Say which version number the changes from ``old`` to ``new`` deserve."""
    told = [change for change in changes if not _is_the_number(change)]
    firm = parameters_of((new.requires, new.score, new.bands))
    levels = [Level.MAJOR if _is_value_of(change, firm) else level_of(change) for change in told]
    level = max(levels, default=Level.NONE)
    deserved = raised(old.version, level)
    return VersionJudgement(
        old=old.version,
        new=new.version,
        level=level,
        deserved=deserved,
        standing=_standing(old.version, new.version, deserved, level),
        changes=tuple(change for change, its in zip(told, levels, strict=True) if its is level),
    )


def level_of(change: Change) -> Level:
    """Say how much one change changes by itself. A parameter that a requirement, a band or the score names is as firm
    as they are, which only ``judge_version`` can tell."""
    match change.scope:
        case "words only":
            # A name is read by programs, too: by those that read columns, bands or reasons.
            named = change.kind not in {"promise", "example"}
            return Level.MINOR if change.form == "renamed" and named else Level.PATCH
        case "promises" | "examples":
            return Level.PATCH
        case "parameter" | "what counts" | "measure" | "facet" | "who may see":
            return Level.MINOR
        case "rule":
            return Level.MAJOR if change.form in {"added", "removed"} else Level.MINOR
        case "the whole score":
            return Level.MAJOR if change.kind == "score" else Level.MINOR
        case "bands" | "who is scored" | "what is read":
            return Level.MINOR if change.form == "reordered" else Level.MAJOR
        case _:
            assert_never(change.scope)


def version_order(version: str) -> tuple[Decimal, Decimal, Decimal, bool, tuple[tuple[bool, Decimal, str], ...]]:
    """Return what versions are ordered by, as https://semver.org/spec/v2.0.0.html has it in its eleventh point."""
    core, _, trial = version.partition("+")[0].partition("-")
    # Texts of digits of any length are exact as decimals, where `int` refuses long ones.
    major, minor, patch = map(Decimal, core.split("."))
    parts = tuple(
        (not each.isdigit(), Decimal(each) if each.isdigit() else Decimal(0), each) for each in trial.split(".")
    )
    return major, minor, patch, trial == "", parts if trial else ()


def raised(version: str, level: Level) -> str:
    """Return the least version that a change of a level deserves; what was only a trial deserves to be released."""
    major, minor, patch, released, _ = version_order(version)
    if not released and level is not Level.NONE:
        return _written(major, minor, patch)
    match level:
        case Level.NONE:
            return version
        case Level.PATCH:
            return _written(major, minor, _next(patch))
        case Level.MINOR:
            return _written(major, _next(minor), Decimal(0))
        case Level.MAJOR if major == 0:
            return _written(major, _next(minor), Decimal(0))
        case Level.MAJOR:
            return _written(_next(major), Decimal(0), Decimal(0))
        case _:
            assert_never(level)


def version_place(source: Source) -> Span:
    """Return where the version stands in a rulebook that checks."""
    from tallystick.rules.parse.parse import parse  # noqa: PLC0415  the parser takes long to load, and few ask

    file, _ = parse(source)
    return Span(0, 0) if file is None else file.head.version.span


def _next(number: Decimal) -> Decimal:
    return Context(prec=len(number.as_tuple().digits) + 1).add(number, 1)


def _written(*of: Decimal) -> str:
    return ".".join(format(number, "f") for number in of)


def _standing(old: str, new: str, deserved: str, level: Level) -> Standing:
    before, after = version_order(old), version_order(new)
    if after < before:
        return "backwards"
    if level is Level.NONE:
        return "fits"
    if after == before:
        return "unchanged" if level >= Level.MINOR else "too small"
    # A trial of the version that is deserved (`2.0.0-rc.1`) fits: its three numbers count.
    return "fits" if after[:3] >= version_order(deserved)[:3] else "too small"


def parameters_of(tree: object) -> frozenset[str]:
    """Name the parameters that stand in a tree."""
    return frozenset(each.name for each in nodes(tree) if isinstance(each, ParameterOf))


def _is_value_of(change: Change, parameters: frozenset[str]) -> bool:
    return change.scope == "parameter" and change.form == "changed" and change.name in parameters


def _is_the_number(change: Change) -> bool:
    return change.kind == "rulebook" and change.part == "version"
