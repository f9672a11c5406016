"""Takes what must not be stopped half way, such as putting one folder in the place of another; marks it, so that who is
asked to stop meanwhile does so when it is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Final, ParamSpec, TypeVar
from weakref import finalize

P = ParamSpec("P")
R = TypeVar("R")


def undisturbed(work: Callable[P, R]) -> Callable[P, R]:
    """Mark a function as one that is not stopped half way; it takes no longer than one is willing to wait."""

    @wraps(work)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        return work(*args, **kwargs)

    return whole


_WHOLE: Final = undisturbed(print).__code__
"""What stands on the stack while any function so marked is at work."""


def is_undisturbed(frame: FrameType) -> bool:
    """Whether such a function is at work here, or what clears away behind something that is gone: Python asks that
    once, and of what is raised in it only prints a trace."""
    return frame.f_code is _WHOLE or isinstance(frame.f_locals.get("self"), finalize)
