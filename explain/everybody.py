"""Takes a run; gives everybody's explanation, one after another: what is the same for all is looked up once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from tallystick.engine.run import FinishedRun
from tallystick.explain.build import Explainer
from tallystick.explain.document import Explanation

_BATCH = 200
"""So many people's evidence is asked for at once."""


def everybody(
    run: FinishedRun, *, evidence: bool = False, computed_at: datetime | None = None
) -> Iterator[Explanation]:
    """Give the explanation of everybody in a run of one score for each person, in the order of code points."""
    explainer, ledgers = Explainer(run), run.ledgers()
    if not evidence:
        for ledger in ledgers:
            yield explainer.of(ledger, computed_at=computed_at)
    while batch := tuple(islice(ledgers, _BATCH)):
        records = dict(run.evidence_of_many([each.score.subject for each in batch]))
        for ledger in batch:
            yield explainer.of(ledger, evidence=records.get(ledger.score.subject, ()), computed_at=computed_at)
