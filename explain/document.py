"""Takes facts from the ledger; gives the explanation document: a typed tree with every number that the words use.

Decimals are strings with exactly the digits of the ledger. Where a person reads a shorter figure ("about 5.31"), the
shorter figure stands beside the exact one as ``about``, so that no number in the words is absent from the tree.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field, PrivateAttr

from tallystick.explain.digits import Digits
from tallystick.explain.part import ByValue, Outcome, Part
from tallystick.explain.printable import printable_json
from tallystick.explain.tongue import ENGLISH, Tongue, speaking, spoken
from tallystick.explain.tree.acts import Correction, Statement, Uncorrected
from tallystick.explain.tree.bands import BandPlace, Requirement
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.measures import Absence, MissingValue, NotCounted
from tallystick.explain.tree.nodes import Node
from tallystick.explain.tree.origins import DataFacts, DatedFigure, ReceiptFacts, RulebookFacts
from tallystick.explain.tree.records import AskedMeasure, Evidence, EvidenceSum
from tallystick.explain.tree.scores import Adjustment, FacetTotal, MiddleHalf, Reason, Scale
from tallystick.explain.tree.withheld import Withheld
from tallystick.explain.what_if.could_change_document import CouldChange
from tallystick.rules.audience import Audience


class Explanation(Part):
    """Why one person's score is what it is, or why there is none, as its audience may see it.

    Lines, the points of what is withheld, and adjustments add up to the score exactly. ``language``: of its words; its
    figures are written the same in every language.
    """

    _tongue: Tongue | None = PrivateAttr(default_factory=spoken)
    schema_name: Literal["tallystick.explanation/1"] = Field(
        default="tallystick.explanation/1", serialization_alias="schema", validation_alias="schema"
    )
    language: str = "en"
    audience: Audience = Audience.AUDITOR
    subject: str
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    outcome: Outcome
    score: Digits | None
    scale: Scale
    band: BandPlace | None
    as_of: date
    computed_at: datetime | None
    rulebook: RulebookFacts
    requirement: Requirement | None
    met: tuple[Requirement, ...]
    lines: tuple[Line, ...]
    facets: tuple[FacetTotal, ...]
    adjustments: tuple[Adjustment, ...]
    working: Node | None
    principal_reasons: tuple[Reason, ...]
    not_counted: tuple[NotCounted, ...]
    missing: tuple[MissingValue, ...]
    pauses: tuple[Absence, ...] = ()
    corrections: tuple[Correction, ...] = ()
    uncorrected: Uncorrected | None = None
    statements: tuple[Statement, ...] = ()
    could_change: tuple[CouldChange, ...] = ()
    since: tuple[Part, ...] = ()
    records: tuple[Evidence, ...] = ()
    records_added: tuple[EvidenceSum, ...] = ()
    asked: tuple[AskedMeasure, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    middle: MiddleHalf | None = None
    dated: tuple[DatedFigure, ...] = ()
    data: DataFacts
    receipt: ReceiptFacts | None = None

    def _spoken(self) -> Tongue | None:
        """Return the language of the words; one that was read from JSON has the rulebook's names as they are."""
        tongue = self._tongue
        if tongue is not None or self.language == ENGLISH:
            return tongue
        from tallystick.explain.languages.language import tongue_of  # noqa: PLC0415  (not needed for English)

        return tongue_of(self.language)

    def text(self, *, width: int = 78) -> str:
        """Return the explanation as plain text for a person, safe to print on a terminal."""
        from tallystick.explain.text import text  # noqa: PLC0415  (the words know the document, not the reverse)

        with speaking(self._spoken()):
            return text(self, width=width)

    def markdown(self) -> str:
        """Return the explanation as Markdown in which no text of a rulebook or record can become HTML or a link."""
        from tallystick.explain.markdown import markdown  # noqa: PLC0415

        with speaking(self._spoken()):
            return markdown(self)

    def html(self) -> str:
        """Return the explanation as one HTML file that loads nothing and in which no text becomes markup."""
        from tallystick.explain.html import html  # noqa: PLC0415
        from tallystick.explain.wording import page  # noqa: PLC0415

        with speaking(self._spoken()):
            return html(page(self), private=True)

    def json(self, *, indent: int | None = 2) -> str:  # type: ignore[override]  # pydantic's own is deprecated
        """Return the document as JSON, with ``indent`` None on one line; what a terminal could take as a command is
        escaped."""
        with speaking(self._spoken()):
            return printable_json(self, indent=indent)
