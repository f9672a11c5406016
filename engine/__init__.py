"""Takes a checked rulebook and records; gives runs. Nothing heavy is loaded before it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick.engine.folder import open_run
    from tallystick.engine.scoring import score

__all__ = ["open_run", "score"]


def __getattr__(name: str) -> object:
    """Load ``score`` and ``open_run`` when they are first asked for: the database takes a tenth of a second."""
    match name:
        case "score":
            from tallystick.engine.scoring import score  # noqa: PLC0415

            return score
        case "open_run":
            from tallystick.engine.folder import open_run  # noqa: PLC0415

            return open_run
        case _:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
