"""Takes the name of a document; gives its JSON Schema."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, assert_never

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


def schema(document: Annotated[Document, typer.Argument(help="The document that other programs read.")]) -> None:
    """Print the JSON Schema of a document."""
    from tallystick.explain.schema import schema_text

    put_line(schema_text(_model(document)))


def _model(document: Document) -> type[BaseModel]:  # noqa: C901, PLR0912  a branch for each document
    match document:
        case Document.EXPLANATION:
            from tallystick.explain.document import Explanation

            return Explanation
        case Document.RECEIPT:
            from tallystick.engine.receipt import Receipt

            return Receipt
        case Document.WHATIF:
            from tallystick.explain.whatif_document import WhatIf

            return WhatIf
        case Document.CHANGE:
            from tallystick.explain.change_document import Change

            return Change
        case Document.FAIRNESS:
            from tallystick.explain.fairness_document import FairnessOfRun

            return FairnessOfRun
        case Document.STABILITY:
            from tallystick.explain.stability_document import StabilityOfScore

            return StabilityOfScore
        case Document.DUTY:
            from tallystick.explain.duty_document import DutiesChecked

            return DutiesChecked
        case Document.COMPARISON:
            from tallystick.explain.comparison_document import ComparedDefinitions

            return ComparedDefinitions
        case Document.READING:
            from tallystick.explain.reading_document import Reading

            return Reading
        case Document.BOUNDS:
            from tallystick.explain.bounds_document import BoundsOfRulebook

            return BoundsOfRulebook
        case Document.TEST:
            from tallystick.cli.test_document import TestedRulebooks

            return TestedRulebooks
        case Document.GAMING:
            from tallystick.explain.gaming_document import GamingOfRulebook

            return GamingOfRulebook
        case Document.VERIFICATION:
            from tallystick.explain.verification_document import RunsVerified

            return RunsVerified
        case Document.SIGNATURE:
            from tallystick.engine.signature import Signature

            return Signature
        case Document.RULE:
            from tallystick.explain.rule_pages import RuleDocument

            return RuleDocument
        case Document.RULEBOOK:
            from tallystick.explain.site_documents import RulebookDocument

            return RulebookDocument
        case Document.CALCULATOR:
            from tallystick.explain.calculator_document import Calculator

            return Calculator
        case Document.RUN:
            from tallystick.explain.site_documents import RunDocument

            return RunDocument
        case Document.SITE:
            from tallystick.explain.site_documents import SiteDocument

            return SiteDocument
        case Document.PUBLIC:
            from tallystick.explain.site_documents import PublicDocument

            return PublicDocument
        case Document.SCORES:
            from tallystick.cli.score_document import ScoresDocument

            return ScoresDocument
        case Document.DIFF:
            from tallystick.explain.difference import RulebookDifference

            return RulebookDifference
        case Document.DIAGNOSTICS:
            from tallystick.cli.diagnostic_document import DiagnosticDocument

            return DiagnosticDocument
        case _:
            assert_never(document)
