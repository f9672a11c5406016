"""Takes two runs and the stages between them; gives the document that accounts for every point of the difference."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.engine.arithmetic import text_of
from tallystick.engine.change.between import Between
from tallystick.engine.run import FinishedRun
from tallystick.explain.by_value import by_value, title_of
from tallystick.explain.change.document import Change, ChangeSummary, ComparedRun, PersonChange
from tallystick.explain.change.everybody import summary_of
from tallystick.explain.change.person import person_change
from tallystick.explain.change.stages import stages_of
from tallystick.explain.change.terms import Terms
from tallystick.explain.change.words import because_words
from tallystick.explain.errors import AbsentSubject, DoesNotAddUp
from tallystick.explain.languages.in_language import Wording
from tallystick.explain.person.bands import band_alone
from tallystick.rules.rulebook import Rulebook


class Accounting:
    """Accounts for the people of two runs; what is the same for all of them is made once."""

    def __init__(self, between: Between, worded: Wording | None = None) -> None:
        """Make the stages ready, and add everything up again. ``worded`` puts a rulebook into words of the language
        that is spoken.

        Raises ``DoesNotAddUp`` when anybody's parts do not sum to the difference: that is our bug.
        """
        for subject in between.unbalanced():
            raise DoesNotAddUp(subject, "the difference between two runs", "one difference", "another")
        self._between = between
        self._terms = Terms(between, worded if worded is not None else lambda rulebook: rulebook)

    @property
    def rulebooks(self) -> tuple[Rulebook, Rulebook]:
        """The earlier rulebook, in the names of the later one, and the later one."""
        worded = self._terms.worded
        return worded(self._between.edits.former), worded(self._between.after.rulebook)

    def person(self, subject: str) -> Change:
        """Account for one person; raises ``AbsentSubject`` for somebody whom neither run names."""
        move = self._between.move(subject)
        if move is None:
            raise AbsentSubject(subject)
        return self._document(None, (person_change(self._terms, move),))

    def everybody(self) -> Change:
        """Account for all together: totals and counts, without the people one by one, whom ``people`` gives."""
        return self._document(summary_of(self._terms), ())

    def people(self) -> Iterator[PersonChange]:
        """Account for everybody, one after another."""
        for move in self._between.moves():
            yield person_change(self._terms, move)

    def each(self) -> Iterator[Change]:
        """Account for everybody, one after another, each in a document of its own."""
        empty = self._document(None, ())
        for person in self.people():
            yield empty.model_copy(update={"people": (person,)})

    def _document(self, summary: ChangeSummary | None, people: tuple[PersonChange, ...]) -> Change:
        between = self._between
        noise = between.after.rulebook.noise
        return Change(
            title=title_of(self._terms.worded(between.after.rulebook), between.after.value),
            by=by_value(between.after.rulebook, between.after.value),
            band_alone=all(band_alone(each.rulebook) for each in (between.before, between.after)),
            before=_run(between.before),
            after=_run(between.after),
            noise=None if noise is None else text_of(noise),
            net_because=None if between.net_because is None else because_words(between.net_because),
            stages=stages_of(self._terms),
            summary=summary,
            people=people,
        )


def _run(run: FinishedRun) -> ComparedRun:
    receipt = run.receipt
    return ComparedRun(
        rulebook=receipt.rulebook.name,
        version=receipt.rulebook.version,
        sha256=receipt.rulebook.sha256,
        as_of=run.as_of,
        ledger_digest=receipt.ledger_digest,
        removed=receipt.removed,
    )
