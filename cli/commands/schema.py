"""Takes the name of a document; gives its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.streams import put_line

if TYPE_CHECKING:
    from pydantic import BaseModel

EXAMPLES = """\b
Examples:
  tally schema explanation
  tally schema scores > scores.schema.json
"""


class Document(StrEnum):
    """The documents that other programs read."""

    EXPLANATION = "explanation"
    EXPLANATIONS = "explanations"
    RECEIPT = "receipt"
    WHATIF = "whatif"
    CHANGE = "change"
    FAIRNESS = "fairness"
    STABILITY = "stability"
    GAMING = "gaming"
    BOUNDS = "bounds"
    TEST = "test"
    DUTY = "duty"
    READING = "reading"
    COMPARISON = "comparison"
    VERIFICATION = "verification"
    SIGNATURE = "signature"
    RULE = "rule"
    RULEBOOK = "rulebook"
    CALCULATOR = "calculator"
    RUN = "run"
    SITE = "site"
    PUBLIC = "public"
    SCORES = "scores"
    DIFF = "diff"
    DIAGNOSTICS = "diagnostics"


_MODELS: Mapping[Document, tuple[str, str]] = {
    Document.EXPLANATION: ("tallystick.explain.document", "Explanation"),
    Document.EXPLANATIONS: ("tallystick.explain.several", "Explanations"),
    Document.RECEIPT: ("tallystick.engine.receipt", "Receipt"),
    Document.WHATIF: ("tallystick.explain.what_if.document", "WhatIf"),
    Document.CHANGE: ("tallystick.explain.change.document", "Change"),
    Document.FAIRNESS: ("tallystick.explain.audit.fairness_document", "FairnessOfRun"),
    Document.STABILITY: ("tallystick.explain.audit.stability_document", "StabilityOfScore"),
    Document.DUTY: ("tallystick.explain.duties.document", "DutiesChecked"),
    Document.COMPARISON: ("tallystick.explain.comparison.document", "ComparedDefinitions"),
    Document.READING: ("tallystick.explain.gathering.document", "Reading"),
    Document.BOUNDS: ("tallystick.explain.audit.bounds_document", "BoundsOfRulebook"),
    Document.TEST: ("tallystick.cli.test_document", "TestedRulebooks"),
    Document.GAMING: ("tallystick.explain.gaming.document", "GamingOfRulebook"),
    Document.VERIFICATION: ("tallystick.explain.verifying.document", "RunsVerified"),
    Document.SIGNATURE: ("tallystick.engine.verifying.signature", "Signature"),
    Document.RULE: ("tallystick.explain.site.rule_pages", "RuleDocument"),
    Document.RULEBOOK: ("tallystick.explain.site.documents", "RulebookDocument"),
    Document.CALCULATOR: ("tallystick.explain.calculator.document", "Calculator"),
    Document.RUN: ("tallystick.explain.site.documents", "RunDocument"),
    Document.SITE: ("tallystick.explain.site.documents", "SiteDocument"),
    Document.PUBLIC: ("tallystick.explain.site.documents", "PublicDocument"),
    Document.SCORES: ("tallystick.cli.score_document", "ScoresDocument"),
    Document.DIFF: ("tallystick.explain.difference.difference", "RulebookDifference"),
    Document.DIAGNOSTICS: ("tallystick.cli.diagnostic_document", "DiagnosticDocument"),
}
"""Where each is described; only the one asked for is loaded."""


def schema(
    document: Annotated[
        Document,
        typer.Argument(metavar="DOCUMENT", help=f"What other programs read, one of: {', '.join(Document)}."),
    ],
) -> None:
    """Print the JSON Schema of a document."""
    from tallystick.explain.schema import schema_text

    put_line(schema_text(_model(document)))


def _model(document: Document) -> type[BaseModel]:
    """Return what describes a document."""
    module, name = _MODELS[document]
    found: type[BaseModel] = getattr(import_module(module), name)
    return found
