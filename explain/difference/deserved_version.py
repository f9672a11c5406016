"""Takes the version number that a change of a rulebook deserves; gives the document's part about it, and its words."""

from __future__ import annotations

from typing import Literal, assert_never

from pydantic import Field

from tallystick.explain.part import Part
from tallystick.rules.diff.change import Scope
from tallystick.rules.diff.versions import Level, Standing, VersionJudgement

LevelName = Literal["none", "patch", "minor", "major"]
_NAMES: dict[Level, LevelName] = {
    Level.NONE: "none",
    Level.PATCH: "patch",
    Level.MINOR: "minor",
    Level.MAJOR: "major",
}
_REACHES: dict[Scope, str] = {
    "the whole score": "the whole score",
    "bands": "the bands",
    "rule": "which rules there are",
    "who is scored": "who is scored",
    "what is read": "what is read",
    "parameter": "a parameter of a requirement or of the score",
}
"""What a major change reaches, by its scope."""


class DeservedVersion(Part):
    """Which version number the changes deserve, and how the new one stands to that."""

    level: LevelName = Field(description="Of the change that changes most.")
    version: str = Field(description="The least version number that the changes deserve.")
    standing: Standing = Field(description="How the new version number stands to it.")
    sentence: str | None = Field(description="What a person is told; null where there is nothing to say.")


def deserved_version(judged: VersionJudgement) -> DeservedVersion:
    """Document what version number a change deserves."""
    return DeservedVersion(
        level=_NAMES[judged.level], version=judged.deserved, standing=judged.standing, sentence=_sentence(judged)
    )


def _sentence(judged: VersionJudgement) -> str | None:
    deserves = f"This deserves version `{judged.deserved}` at least ({_why(judged)})"
    match judged.standing:
        case "fits" if judged.level is Level.NONE:
            return None
        case "fits":
            return f"{deserves}, and has `{judged.new}`."
        case "unchanged":
            return f"{deserves}, and the version is still `{judged.new}`."
        case "too small":
            return f"{deserves}, and has only `{judged.new}`."
        case "backwards" if judged.level is Level.NONE:
            return f"The version goes backwards, from `{judged.old}` to `{judged.new}`."
        case "backwards":
            return f"The version goes backwards, from `{judged.old}` to `{judged.new}`. {deserves}."
        case _:
            assert_never(judged.standing)


def _why(judged: VersionJudgement) -> str:
    match judged.level:
        case Level.NONE:
            return "nothing is different"
        case Level.PATCH:
            return "a patch: words or examples only"
        case Level.MINOR:
            return "a minor change: points or names on the same scale"
        case Level.MAJOR:
            scopes = dict.fromkeys(_REACHES[change.scope] for change in judged.changes if change.scope in _REACHES)
            return f"a major change: {', '.join(scopes)}"
        case _:
            assert_never(judged.level)
