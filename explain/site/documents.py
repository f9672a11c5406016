"""Takes nothing; names the documents of a published site beside explanations: the rulebook's, the run's, its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from tallystick.engine.receipt import Receipt
from tallystick.explain.calculator.document import Calculator
from tallystick.explain.part import Part
from tallystick.explain.site.among import ScoreBar
from tallystick.explain.summary_document import Summary
from tallystick.explain.tree.origins import RulebookFacts
from tallystick.explain.tree.scores import MiddleHalf


class RulebookDocument(Part):
    """A rulebook: what is said of it, its guide in Markdown, its text, and the names of its rules in their order.

    ``calculator`` is what a person's page works out scores from; none where that could not be exact.
    """

    schema_name: Literal["tallystick.rulebook/1"] = Field(
        default="tallystick.rulebook/1", serialization_alias="schema", validation_alias="schema"
    )
    rulebook: RulebookFacts
    rules: tuple[str, ...]
    guide: str
    text: str
    calculator: Calculator | None = None


class RejectedRowFacts(Part):
    """A row that could not be read: its file, the line where it begins, the field (empty: the row as a whole), why, and
    how the value begins."""

    file: str
    line: int
    field: str
    reason: str
    value: str


class ScoresOfValue(Part):
    """How the scores of one value lie, where the score is by a field."""

    value: str
    scores: tuple[ScoreBar, ...]
    middle: MiddleHalf | None


class RunDocument(Part):
    """A run, for auditors: what it came to, how the scores lie, which rows could not be read, and the receipt. Where
    the score is by a field, ``values`` say how the scores lie, and ``scores`` and ``middle`` nothing."""

    schema_name: Literal["tallystick.run/1"] = Field(
        default="tallystick.run/1", serialization_alias="schema", validation_alias="schema"
    )
    as_of: date
    summary: Summary
    scores: tuple[ScoreBar, ...]
    middle: MiddleHalf | None
    values: tuple[ScoresOfValue, ...] = Field(default=(), exclude_if=lambda values: not values)
    rejected: tuple[RejectedRowFacts, ...]
    receipt: Receipt


class SiteDocument(Part):
    """A published site: of which rules and which day it is, and how many people have a page. It names nobody."""

    schema_name: Literal["tallystick.site/1"] = Field(
        default="tallystick.site/1", serialization_alias="schema", validation_alias="schema"
    )
    rulebook: str
    version: str
    as_of: date
    people: int
    ledger_digest: str


class PublicPerson(Part):
    """Somebody who has a score, and their page, beside this document."""

    subject: str
    page: str


class PublicDocument(Part):
    """Who has a score and a public page, in the order of the alphabet. Who has no score is not named."""

    schema_name: Literal["tallystick.public/1"] = Field(
        default="tallystick.public/1", serialization_alias="schema", validation_alias="schema"
    )
    rulebook: str
    version: str
    as_of: date
    people: tuple[PublicPerson, ...]


SITE = "site.json"
"""The file by which a site is told from other folders."""
PEOPLE, RULES, RUNS, PUBLIC = "p", "rules", "run", "public"
"""The folders of a site."""


def is_site(folder: Path) -> bool:
    """Tell a site by its document, and by holding nothing that a site does not hold."""
    try:
        SiteDocument.model_validate_json((folder / SITE).read_bytes())
    except (OSError, ValidationError):
        return False
    names = {SITE, PEOPLE, RULES, RUNS, PUBLIC, "index.html", "index.json"}
    return all(entry.name in names for entry in folder.iterdir())
