"""Takes nothing; names what can go wrong when an explanation is asked for."""

from __future__ import annotations


class AbsentSubject(LookupError):  # noqa: N818  (the name is what a caller reads: nobody of that name)
    """No input of the run names this person, so there is nothing to explain."""

    def __init__(self, subject: str) -> None:
        """Keep the name that was asked for."""
        super().__init__(f"no record and no row of the subjects names {subject!r}")
        self.subject = subject


class DoesNotAddUp(Exception):  # noqa: N818  (a broken promise of ours, said as such)
    """The ledger contradicts itself or its rulebook: our bug, never the user's. Nothing may be shown then."""

    def __init__(self, subject: str, place: str, expected: str, found: str) -> None:
        """Say where the sums part."""
        super().__init__(
            f"the account of {subject!r} does not add up at {place}: the ledger says {expected}, its parts give {found}"
        )
        self.subject = subject
        self.place = place
