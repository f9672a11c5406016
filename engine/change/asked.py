"""Takes a run; gives, of who does not meet a requirement, what there is of the measures that it looks at."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.engine.ledger import MeasureRow
from tallystick.engine.query.sql import quote_text
from tallystick.engine.run import FinishedRun
from tallystick.rules.expression import MeasureOf
from tallystick.rules.placed import nodes
from tallystick.rules.rulebook import Require


def measures_asked(run: FinishedRun, subject: str | None) -> Iterator[tuple[str, MeasureRow]]:
    """Give everybody's, or one person's, with the name first, in the order of code points; of each person in the order
    in which the requirement names them."""
    asked = {each.name: _read_by(each) for each in run.rulebook.requires if each.reads_measures}
    names = ", ".join(map(quote_text, dict.fromkeys(name for read in asked.values() for name in read)))
    if not names:
        return
    only = "" if subject is None else f" AND subject = {quote_text(subject)}"
    rows = run.tables.fetched(
        f"SELECT subject, requirement, measure, state, value FROM {run.tables.table('measures')} "
        f"JOIN (SELECT subject, requirement FROM {run.tables.table('scores')} WHERE requirement IS NOT NULL) "
        f"USING (subject) WHERE measure IN ({names}){only} ORDER BY subject, list_position([{names}], measure)"
    )
    for name, requirement, measure, state, value in rows:
        if measure in asked.get(requirement, ()):
            yield name, MeasureRow(name, measure, state, value, None)


def _read_by(require: Require) -> tuple[str, ...]:
    """Return the measures that a requirement names, each once."""
    return tuple(dict.fromkeys(each.name for each in nodes(require.when) if isinstance(each, MeasureOf)))
