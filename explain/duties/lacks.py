"""Takes nothing; names what can be missing for a duty, and what a look at one clause finds."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tallystick.explain.duties.phrases import Phrase


class Lack(StrEnum):
    """What is missing: in the rulebook's words, in its rules, in the run or in what was asked for."""

    PURPOSE = "purpose"
    MEASURES = "measures"
    OWNER = "owner"
    CONTACT = "contact"
    SOURCE = "source"
    BANDS = "bands"
    WORDS = "words"
    BECAUSE = "because"
    MOST = "most"
    BASELINE = "baseline"
    OTHERWISE = "otherwise"
    REASONS_AT_MOST = "reasons at most"
    REQUIREMENT_WORDS = "requirement words"
    OWN_TITLE = "own title"
    DATA = "data"
    ACCOUNT = "account"
    LINES = "lines"
    REASONS = "reasons"
    LEFT_OUT = "left out"
    VARIATION = "variation"
    ANY_VARIATION = "any variation"
    RECEIPT = "receipt"
    RECORDS = "records"
    HIDDEN = "hidden"
    WITHHELD_BECAUSE = "withheld because"


class Lacking(Struct, frozen=True):
    """Something missing; ``name`` is that of the rule, requirement or band that lacks it, where one does."""

    lack: Lack
    name: str | None = None


class Said(Struct, frozen=True):
    """A phrase that is no reason; ``pointer`` is the JSON pointer of the text that it stands in."""

    pointer: str
    phrase: Phrase


class Found(Struct, frozen=True):
    """What a look at an explanation finds for a clause.

    Nothing lacking and nothing said that must not be: it is met, by what stands at ``pointers``.
    """

    pointers: tuple[str, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    said: tuple[Said, ...] = ()
