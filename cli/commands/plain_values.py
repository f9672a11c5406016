"""Takes typer's commands; gives them so that texts and choices are read at once: typer itself loads pydantic for that,
which takes longer than checking a rulebook."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter


class Command(TyperCommand):
    """A command that reads plain values itself."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters."""
        return _read_plainly(super().get_params(ctx))


class Group(TyperGroup):
    """A group of commands that reads plain values itself."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters."""
        return _read_plainly(super().get_params(ctx))


def _read_plainly(parameters: list[Parameter]) -> list[Parameter]:
    """Let parameters read plain values without pydantic; whatever else is left to typer."""
    for each in parameters:
        usual = getattr(each, "get_runtime_param", None)
        # Some releases of typer have none, and load nothing.
        if usual is not None and not isinstance(usual, _Plain):
            each.get_runtime_param = _Plain(usual)  # type: ignore[attr-defined]
    return parameters


class _Plain:
    """Stands where typer looks for what reads a parameter's values."""

    def __init__(self, usual: Callable[[], Any]) -> None:
        """Remember typer's own."""
        self._usual = usual

    def __call__(self) -> _Plain:
        """Return what reads the values."""
        return self

    def coerce(self, value: object, param: Any, ctx: object) -> object:  # noqa: ANN401  a parameter of typer's
        """Return the value of a text or a choice; typer finds what any other means, and complains of what has none."""
        many = param.multiple or param.nargs == -1
        if value is None:
            return () if many else None
        kind = param.type_descriptor.annotation
        if many and isinstance(value, list | tuple) and get_origin(kind) is list:
            found = [_plain(get_args(kind)[0], each) for each in value]
        else:
            found = [_plain(kind, value)]
        if None in found:
            return self._usual().coerce(value, param=param, ctx=ctx)
        return found if many else found[0]


def _plain(kind: object, value: object) -> object | None:
    """Return a value of this kind; None where that takes more than a look."""
    if kind is str and isinstance(value, str):
        return value
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next((each for each in kind if value is each or value == each.value), None)
    return None
