"""Takes a run with its rows; gives a typical person of it, on whose behalf a score is to be gamed: who has the median
score."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property

from msgspec import Struct, field

from tallystick.engine.calendar import day_of
from tallystick.engine.gaming.attacks import Ground
from tallystick.engine.gaming.newcomer import ACCOUNT
from tallystick.engine.intake.reading import Row, record_fields
from tallystick.engine.query.sql import quote_name
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.what_if.actions import kinds_read, moment_on
from tallystick.engine.what_if.neighbourhood import Neighbourhood, neighbourhood
from tallystick.engine.what_if.question import standing
from tallystick.engine.what_if.reach import MOST_NEAR
from tallystick.engine.what_if.trials import known_by_now, unknown_name
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import NumberType, Scalar


class Typical(Struct, frozen=True, dict=True):
    """A typical person of a run: ``scored`` people have a score, and this one's is the median. The accounts of an
    attack on a real run are in no list of people."""

    run: FinishedRun
    subject: str
    scored: int
    _nears: dict[str, Neighbourhood] = field(default_factory=dict)

    @cached_property
    def ground(self) -> Ground:
        """Where attacks are tried. Raises ``DataRefusal`` where too many records have to do with the person."""
        standing(self.run, self.subject)
        return Ground(self.under(self.run.rulebook), unknown_name(self.run, ACCOUNT), None)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of record that there are about the person."""
        names = [each.name for each in record_fields(self.run.rulebook)]
        if "kind" not in names:
            return ()
        found = {str(each.row[names.index("kind")]) for each in self.ground.near.records}
        return tuple(kind for kind in self.run.rulebook.kinds if kind in found)

    def under(self, rulebook: Rulebook) -> Neighbourhood:
        """Return the person's rows by other rules that read the same fields, with all that bears on what the person may
        do on a day on which they did something before."""
        if rulebook.text not in self._nears:
            rows, as_of = self.run.rows(), self.run.as_of
            days = self._days_of_own
            imagined = tuple(self._own(rulebook, kind, day) for kind in kinds_read(rulebook) for day in days)
            near = neighbourhood(rows, rulebook, self.subject, as_of, imagined=imagined)
            if len(near.records) > MOST_NEAR:
                message = f"more than {MOST_NEAR:,} records have to do with the typical person: too many to try attacks"
                raise DataRefusal(message, help="leave `--records` out, and a newcomer is imagined")
            self._nears[rulebook.text] = known_by_now(near)
        return self._nears[rulebook.text]

    @cached_property
    def _days_of_own(self) -> tuple[date, ...]:
        """The days on which the person did anything, to whomever."""
        names = [each.name for each in record_fields(self.run.rulebook)]
        if "actor" not in names or "at" not in names:
            return ()
        rows, zone = self.run.rows(), self.run.rulebook.time_zone
        query = f"SELECT DISTINCT {quote_name('at')} FROM ({rows.records}) WHERE CAST(actor AS VARCHAR) = ?"
        found = (moment for (moment,) in rows.connection.execute(query, [self.subject]).fetchall())
        return tuple(sorted({day_of(each, zone) if isinstance(each, datetime) else each for each in found}))

    def _own(self, rulebook: Rulebook, kind: str | None, day: date) -> Row:
        row: list[Scalar | None] = []
        for each in record_fields(rulebook):
            match each.name:
                case "subject" | "actor":
                    row.append(self.subject)
                case "kind":
                    row.append(kind)
                case "at":
                    row.append(moment_on(each, day, rulebook.time_zone))
                case "id":
                    row.append(each.type.high if isinstance(each.type, NumberType) else "imagined")
                case name:
                    row.append(self.run.value if name == rulebook.score.by else None)
        return tuple(row)


def typical(run: FinishedRun) -> Typical:
    """Find who has the median score, the lower of two. Raises ``DataRefusal`` where nobody has a score."""
    cursor = run.workshop.connection.cursor()
    scores = run.tables.table("scores")
    found = cursor.execute(f"SELECT subject FROM {scores} WHERE score IS NOT NULL ORDER BY score, subject").fetchall()
    if not found:
        message = "nobody has a score in these records, so nobody is typical"
        raise DataRefusal(message, help="leave `--records` out, and a newcomer is imagined")
    return Typical(run, str(found[(len(found) - 1) // 2][0]), len(found))
