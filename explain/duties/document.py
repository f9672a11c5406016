"""Takes nothing; names the parts of the document that holds an explanation against what a duty asks of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.explain.duties.clauses import NOTE, DutyName
from tallystick.explain.duties.lacks import Lack
from tallystick.explain.part import Outcome, Part
from tallystick.rules.audience import Audience

Standing = Literal["met", "missing", "forbidden", "for you to do"]


class MissingThing(Part):
    """What is missing, and what to add and where. ``name``: of the rule or requirement that lacks it."""

    lack: Lack
    name: str | None
    missing: str
    add: str


class ForbiddenPhrase(Part):
    """A phrase that is no reason, as it was written; ``at`` is the JSON pointer of its text in the explanation."""

    at: str
    phrase: str


class ClauseChecked(Part):
    """One clause: ``met`` by what stands at ``at`` (JSON pointers into the explanation), or why it is not.

    ``for you to do``: no program can see it, and ``do`` says what it is; it is never counted as met.
    """

    name: str = Field(pattern=r"^[a-z0-9-]+/[A-Za-z0-9-]+$")
    clause: str
    asks: str
    source: str = Field(description="Where what it asks can be read.")
    standing: Standing
    at: tuple[str, ...]
    missing: tuple[MissingThing, ...]
    forbidden: tuple[ForbiddenPhrase, ...]
    do: str | None


class DutyChecked(Part):
    """A duty with its clauses, and how many of them stand how."""

    duty: DutyName
    title: str
    scope: str
    met: int
    missing: int
    forbidden: int
    for_you: int
    clauses: tuple[ClauseChecked, ...]


class DutiesChecked(Part):
    """An explanation held against what duties ask of it."""

    note: Literal["A checklist, not legal advice."] = NOTE
    schema_name: Literal["tallystick.duty/1"] = Field(
        default="tallystick.duty/1", serialization_alias="schema", validation_alias="schema"
    )
    subject: str
    audience: Audience = Field(description="As who may see it the explanation was looked at.")
    outcome: Outcome
    rulebook: str
    version: str
    sha256: str
    as_of: date
    duties: tuple[DutyChecked, ...]

    @property
    def complies(self) -> bool:
        """Whether nothing is missing or forbidden, as far as a program can see."""
        return not any(each.missing or each.forbidden for each in self.duties)
