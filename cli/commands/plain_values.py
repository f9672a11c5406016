"""Takes typer's commands; gives them so that texts, places, choices and numbers are read at once, and what is none of
them, or fits no command, is refused in our words. typer itself loads pydantic to read a value, which takes longer than
checking a rulebook, and names types of Python to whoever asks for help."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup

from tallystick.cli.commands.usage import SHOWN, WRONG_USAGE, no_command, refused, rows, written
from tallystick.cli.complaints import Stop

if TYPE_CHECKING:
    from typer._click.core import Command as AnyCommand
    from typer._click.core import Context, Parameter
    from typer._click.formatting import HelpFormatter


class Command(TyperCommand):
    """A command that reads plain values itself, and tells in our words what it takes and what does not fit."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters."""
        return _read_plainly(super().get_params(ctx))

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the words of an invocation; raises ``Stop`` where one is missing or does not fit."""
        try:
            return super().parse_args(ctx, args)
        except WRONG_USAGE as error:
            raise refused(error, ctx) from error

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Return what stands behind the command's name."""
        arguments = (each for each in self.get_params(ctx) if each.param_type_name == "argument")
        return ["[OPTIONS]", *(written(each) for each in arguments)]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write what each argument and option is for."""
        for title, kind in (("Arguments", "argument"), ("Options", "option")):
            found = rows(self.get_params(ctx), kind)
            if found:
                with formatter.section(title):
                    formatter.write_dl(found)


class Group(TyperGroup):
    """A group of commands that does as they do."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters."""
        return _read_plainly(super().get_params(ctx))

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the words before a command's; raises ``Stop`` where one does not fit. Without any, typer prints help."""
        if args in ([], ["--"]):
            return super().parse_args(ctx, [])
        try:
            return super().parse_args(ctx, args)
        except WRONG_USAGE as error:
            raise refused(error, ctx) from error

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """Return the command that the words name; raises ``Stop`` where there is none."""
        if self.get_command(ctx, args[0]) is None:
            raise no_command(args[0], ctx, self.list_commands(ctx))
        return super().resolve_command(ctx, args)


def _read_plainly(parameters: list[Parameter]) -> list[Parameter]:
    """Let parameters read plain values without pydantic; whatever else is left to typer."""
    for each in parameters:
        usual = each.get_runtime_param  # type: ignore[attr-defined]
        if not isinstance(usual, _Plain):
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
    best = near(value[:SHOWN], choices)
    if best is not None:
        return f"`{best}` is spelled almost the same"
    return f"write one of {', '.join(f'`{each}`' for each in choices)}"


def _no_value(value: str, param: Any, remedy: str) -> Stop:  # noqa: ANN401
    named = param.opts[0] if param.param_type_name == "option" else written(param)
    shown = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    return Stop(f"`{shown}` is no value of `{named}`", help=remedy)
