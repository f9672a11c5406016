"""Takes typer's commands; gives them so that texts, places, choices and numbers are read at once, and what is none of
them is refused in our words: typer itself loads pydantic for that, which takes longer than checking a rulebook."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup

from tallystick.cli.complaints import Stop

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter

_SHOWN = 40
"""How many characters of a wrong value are quoted back."""


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
        """Return the value of a text, a place, a choice or a number; typer finds what any other means.

        Raises ``Stop`` where it is no choice that there is, or no number that fits.
        """
        many = param.multiple or param.nargs == -1
        if value is None:
            return () if many else None
        kind = param.type_descriptor.annotation
        if many and isinstance(value, list | tuple) and get_origin(kind) is list:
            found = [_plain(get_args(kind)[0], each, param) for each in value]
        else:
            found = [_plain(kind, value, param)]
        if None in found:
            return self._usual().coerce(value, param=param, ctx=ctx)
        return found if many else found[0]


def _plain(kind: object, value: object, param: Any) -> object | None:  # noqa: ANN401
    """Return a value of this kind; None where that takes more than a look."""
    if kind is str and isinstance(value, str):
        return value
    if kind is Path and isinstance(value, str):
        return Path(value)  # whether it can be read or written, who reads or writes it tells
    if kind is int and isinstance(value, str):
        return _number(value, param)
    if isinstance(kind, type) and issubclass(kind, Enum):
        found = next((each for each in kind if value is each or value == each.value), None)
        if found is None and isinstance(value, str):
            raise _no_value(value, param, _choices(value, [each.value for each in kind]))
        return found
    return None


def _number(value: str, param: Any) -> int:  # noqa: ANN401
    """Return a whole number that the parameter takes."""
    least, most = param.type_descriptor.parameter_info.min, param.type_descriptor.parameter_info.max
    try:
        found = int(value)
    except ValueError:
        found = None
    if found is None or (least is not None and found < least) or (most is not None and found > most):
        between = "" if least is None else f", {least:,} or more" if most is None else f" from {least:,} to {most:,}"
        raise _no_value(value, param, f"write a whole number{between}")
    return found


def _choices(value: str, choices: list[str]) -> str:
    """Say which choice is meant, or which there are."""
    from tallystick.rules.spelling import near

    if value.lower() in choices:
        return f"write `{value.lower()}`, in small letters"
    best = near(value[:_SHOWN], choices)
    if best is not None:
        return f"`{best}` is spelled almost the same"
    return f"write one of {', '.join(f'`{each}`' for each in choices)}"


def _no_value(value: str, param: Any, remedy: str) -> Stop:  # noqa: ANN401
    named = param.opts[0] if param.param_type_name == "option" else param.name
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return Stop(f"`{shown}` is no value of `{named}`", help=remedy)
