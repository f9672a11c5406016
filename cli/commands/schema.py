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
    SCORES = "scores"
    DIFF = "diff"
    DIAGNOSTICS = "diagnostics"


def schema(document: Annotated[Document, typer.Argument(help="The document that other programs read.")]) -> None:
    """Print the JSON Schema of a document."""
    from tallystick.explain.schema import schema_text

    put_line(schema_text(_model(document)))


def _model(document: Document) -> type[BaseModel]:
    match document:
        case Document.EXPLANATION:
            from tallystick.explain.document import Explanation

            return Explanation
        case Document.RECEIPT:
            from tallystick.engine.receipt import Receipt

            return Receipt
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
