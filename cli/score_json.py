"""Takes ledgers; gives the forms in which scores are printed as JSON: one document, or one object a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from msgspec import Struct

from tallystick.cli.figures import places_of
from tallystick.cli.score_document import Profile, ScoresDocument, person_score
from tallystick.cli.score_formats import Batch, Told
from tallystick.engine.receipt import Receipt
from tallystick.explain.by_value import by_value
from tallystick.explain.printable import printable_json
from tallystick.rules.rulebook import Rulebook


class NdjsonForm(Struct, frozen=True):
    """One JSON object a line: each person's part of the scores document."""

    rulebook: Rulebook

    def begin(self, first: Batch) -> str:  # noqa: ARG002  there is no heading
        """Return nothing."""
        return ""

    def people(self, batch: Batch) -> str:
        """Return a line for each."""
        return "".join(f"{each}\n" for each in _objects(batch, self.rulebook))

    def end(self) -> str:
        """Return nothing."""
        return ""


class JsonForm(Struct):
    """The scores document, a person a line; it knows what stands before the next. ``profile`` is asked when everybody
    is printed."""

    rulebook: Rulebook
    receipt: Receipt
    profile: Callable[[], Profile] | None = None
    before: str = "\n    "

    def begin(self, first: Batch) -> str:  # noqa: ARG002  the receipt does not depend on them
        """Return the receipt, up to where the people stand."""
        document = ScoresDocument(as_of=self.receipt.as_of, receipt=self.receipt, subjects=())
        return printable_json(document).rstrip().removesuffix("[]\n}") + "["

    def people(self, batch: Batch) -> str:
        """Return an object for each; all but the very first have a comma before them."""
        texts = []
        for each in _objects(batch, self.rulebook):
            texts.append(f"{self.before}{each}")
            self.before = ",\n    "
        return "".join(texts)

    def end(self) -> str:
        """Close the list and the document."""
        if self.profile is None:
            return "\n  ]\n}\n"
        return f'\n  ],\n  "profile": {self.profile().model_dump_json(by_alias=True, ensure_ascii=True)}\n}}\n'


def _objects(batch: Batch, rulebook: Rulebook) -> Iterator[str]:
    """Give each person's part of the scores document in a line of ASCII, of which a terminal takes nothing amiss."""
    places = places_of(rulebook)
    return (
        person_score(ledger, places, by_value(rulebook, value)).model_dump_json(by_alias=True, ensure_ascii=True)
        for value, ledger in cast("tuple[Told, ...]", batch)  # these forms are handed whole results
    )
