"""Takes what was measured; gives each goal beside it, and by how much it was missed."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = 2.0
"""The whole ledger may take so many times the query by hand; above that the command ends with 1."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that is to be at most so much."""

    words: str
    most: float
    measured: float

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.measured <= self.most

    @property
    def row(self) -> tuple[str, ...]:
        """The goal as a row of a table."""
        missed = "met" if self.met else f"missed by {self.measured - self.most:.2f}"
        return (self.words, f"{self.most:.2f}", f"{self.measured:.2f}", missed)


HEAD = ("goal", "at most", "measured", "")
