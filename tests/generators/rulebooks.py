"""Takes a seed; gives a random valid rulebook with random records and subjects as rows of text, hostile ones included.

How to use it::

    from generators.rulebooks import Case, case_of, cases, scored

    @given(cases())                 # Hypothesis: a smaller `size` is a simpler case
    def test_engine_is_reference(case: Case) -> None: ...

    case = case_of(seed=7, size=3)  # without Hypothesis: the same case for the same seed, for ever

A ``Case`` has ``text`` (the rulebook's), ``rulebook`` (checked), ``as_of``, and ``records`` and ``subjects``: a
``Table`` with
``columns`` (what the heading of a file says, that is ``Field.column``), ``names`` (the fields' own names, in the
same order) and
``rows`` of cells, where None is an absent cell (CSV: empty; JSON: no key) and ``""`` an empty text. A table is None
where the
rulebook does not declare it. ``pauses`` are told of people where a measure says ``except pauses``.
``case.read_records`` and ``case.read_subjects`` are the obvious reading of both, and
``scored(case)`` is the reference's run of what was accepted. ``coverage`` names what occurs in a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from generators import coverage
from generators.corrections import corrections_of
from generators.pauses import pause_traits, pauses_of
from generators.rows import Table, record_table, subject_table
from generators.rulebook_text import AS_OF, by_colour, rulebook_text
from hypothesis import strategies as st

from tallystick.engine.corrections import Correction
from tallystick.engine.intake.reading import Read, read_rows, record_fields, subject_fields
from tallystick.engine.pauses import Pause
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.rules import read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

_MOST_ATTEMPTS = 50
NOTHING = Read((), (), copies=0)


@dataclass(frozen=True)
class Case:
    """A rulebook with records and subjects to score by it. ``refused``: how many texts the checker turned down
    before."""

    seed: int
    size: int
    text: str
    rulebook: Rulebook
    as_of: date
    records: Table | None
    subjects: Table | None
    pauses: tuple[Pause, ...]
    refused: int

    @cached_property
    def read_records(self) -> Read:
        """The obvious reading of the records."""
        return (
            NOTHING
            if self.records is None
            else read_rows(record_fields(self.rulebook), self.records.names, self.records.rows, "id")
        )

    @cached_property
    def read_subjects(self) -> Read:
        """The obvious reading of the subjects."""
        return (
            NOTHING
            if self.subjects is None
            else read_rows(subject_fields(self.rulebook), self.subjects.names, self.subjects.rows, "subject")
        )

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """Corrections of some of the records that were read, in the share of cases in which they can be named."""
        rng = Random(f"corrections of {self.seed}/{self.size}")  # noqa: S311  made up on purpose
        return corrections_of(self.rulebook, self.read_records.rows, rng)

    @cached_property
    def covers(self) -> frozenset[str]:
        """What occurs in the rulebook and in the rows."""
        traits = coverage.traits_of(self.records, self.subjects, self.read_records, self.read_subjects, self.as_of)
        traits |= pause_traits(self.rulebook, self.records, self.pauses, self.as_of)
        return coverage.constructs_of(self.rulebook) | traits | {each.action for each in self.corrections}

    def __repr__(self) -> str:
        """Show what makes the case again, and what it is."""
        rows = "\n".join(
            f"{name}: {table.names}\n" + "\n".join(f"  {row}" for row in table.rows)
            for name, table in (("records", self.records), ("subjects", self.subjects))
            if table is not None
        )
        away = "".join(f"\n  {each}" for each in self.pauses)
        return f"case_of(seed={self.seed}, size={self.size})\n{self.text}\nas of {self.as_of}\n{rows}\npauses:{away}"


def case_of(seed: int, size: int = 3) -> Case:
    """Make the case of a seed; ``size`` 1 to 4 is about how much there is of everything."""
    rng = Random(f"{seed}/{size}")  # noqa: S311  made up on purpose
    for refused in range(_MOST_ATTEMPTS):
        text = rulebook_text(rng, size)
        rulebook, _ = read(Source("made-up.tally", text))
        if rulebook is not None:
            as_of = date.fromisoformat(rng.choice(AS_OF))
            records = record_table(rulebook, as_of, rng, size)
            subjects = subject_table(rulebook, records, rng, size)
            pauses = pauses_of(rulebook, records, as_of, Random(f"{seed}/{size}/pauses"), size)  # noqa: S311  made up on purpose
            return Case(seed, size, text, rulebook, as_of, records, subjects, pauses, refused)
    message = f"the checker refused {_MOST_ATTEMPTS} rulebooks in a row"
    raise AssertionError(message)


def case_by(seed: int, size: int = 3) -> Case:
    """Make the case of a seed in which the score is by a field: that of another rulebook, with the field."""
    for attempt in range(_MOST_ATTEMPTS):
        case = case_of(hash((seed, attempt)) % 2**32, size)
        text = by_colour(case.text)
        rulebook = None if text is None else read(Source("made-up.tally", text))[0]
        if text is not None and rulebook is not None:
            rng = Random(f"{seed}/{size}/by")  # noqa: S311  made up on purpose
            records = record_table(rulebook, case.as_of, rng, size)
            subjects = subject_table(rulebook, records, rng, size)
            pauses = pauses_of(rulebook, records, case.as_of, rng, size)
            return Case(seed, size, text, rulebook, case.as_of, records, subjects, pauses, attempt)
    message = f"none of {_MOST_ATTEMPTS} rulebooks in a row can be by a field"
    raise AssertionError(message)


def cases(*, by: bool = True) -> st.SearchStrategy[Case]:
    """Give cases to Hypothesis; they get smaller with ``size``. ``by`` of False: none in which the score is by a field,
    for what asks for the one score of each person."""
    found = st.builds(case_of, seed=st.integers(0, 2**32 - 1), size=st.integers(1, 4))
    return found if by else found.filter(lambda case: case.rulebook.score.by is None)


def cases_by() -> st.SearchStrategy[Case]:
    """Give cases in all of which the score is by a field."""
    return st.builds(case_by, seed=st.integers(0, 2**32 - 1), size=st.integers(1, 4))


def scored(case: Case, *, corrected: bool = False) -> ReferenceRun:
    """Run the reference on the rows of a case that were accepted; ``corrected``: with its corrections."""
    records = None if case.records is None else case.read_records.rows
    subjects = None if case.subjects is None else case.read_subjects.rows
    return refer(case.rulebook, records, subjects, case.as_of, case.pauses, case.corrections if corrected else ())
