"""Takes a run's rulebook, receipt and ledgers; gives of each what anybody may see: who has a score, and its lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.arithmetic import total_of
from tallystick.engine.ledger import LineRow, SubjectLedger
from tallystick.engine.receipt import Receipt
from tallystick.explain.audience.for_audience import PRIVATE
from tallystick.rules.audience import Audience
from tallystick.rules.questions.private_reading import hidden_from
from tallystick.rules.rulebook import Rulebook


class PublicScores(Struct, frozen=True):
    """Scores as anybody may see them: rules that read what is private are one line, called ``(private)``."""

    rulebook: Rulebook
    hidden: frozenset[str]

    @classmethod
    def of(cls, rulebook: Rulebook) -> PublicScores:
        """Find out which lines are together."""
        hidden = hidden_from(rulebook, Audience.PUBLIC).rules
        folded = [replace(each, name=PRIVATE) for each in rulebook.rules if each.name in hidden][:1]
        shown = (*(each for each in rulebook.rules if each.name not in hidden), *folded)
        return cls(replace(rulebook, rules=shown), hidden)

    def ledgers(self, ledgers: Iterable[SubjectLedger]) -> Iterator[SubjectLedger]:
        """Give those who have a score, without what the printed forms do not show anyway."""
        for each in ledgers:
            if each.score.outcome == "scored":
                yield replace(
                    each, lines=tuple(self._lines(each)), measures=(), steps=(), inputs=(), accounts=(), needs=()
                )

    def _lines(self, ledger: SubjectLedger) -> Iterator[LineRow]:
        """Give the lines that are shown, and the others as one. INVARIANT: they sum to what they did."""
        folded = [each for each in ledger.lines if each.rule in self.hidden]
        yield from (each for each in ledger.lines if each.rule not in self.hidden)
        if folded:
            points: Decimal = total_of([each.points for each in folded if each.points is not None])
            yield replace(folded[0], rule=PRIVATE, state="applies", missing=None, points=points)


def public_receipt(receipt: Receipt) -> Receipt:
    """Return a receipt without the data's files and digests, which could confirm what somebody has guessed."""
    return receipt.model_copy(
        update={"inputs": (), "mapping": None, "record_digest": None, "files": (), "takings": (), "seal": None}
    )
