"""Takes nothing; names the ways in which a run is refused because of what a user gave, each ready to be shown."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  it is what we answer, not our failure
    """A run that cannot be done: what is wrong in one phrase, facts about it, and what to do instead.

    ``exit_code``: 2 when the call itself is wrong, 1 when the data are.
    """

    exit_code = 2

    def __init__(self, message: str, *, notes: tuple[str, ...] = (), help: str | None = None) -> None:  # noqa: A002
        """Keep the parts; the exception's own text is all of them, one per line."""
        super().__init__(
            "\n".join((message, *(f"note: {n}" for n in notes), *(() if help is None else (f"help: {help}",))))
        )
        self.message = message
        self.notes = notes
        self.help = help


class UsageRefusal(Refusal):
    """The arguments do not fit each other, the rulebook or what is on the disk."""


def not_installed(what: str, extra: str) -> UsageRefusal:
    """Return the refusal of something that needs more than a plain installation; ``extra``: the one that brings it."""
    return UsageRefusal(f"{what}, which is not installed", help=f"install it with `pip install 'tallystick[{extra}]'`")


class DataRefusal(Refusal):
    """The arguments are right, but the data cannot be used."""

    exit_code = 1


class RowsNotKept(UsageRefusal):
    """The rows that a run was made from are not there to be looked at, and were not given again."""
