"""Takes a command as typer has it; gives how its words are written, for its help and its page, and says why others do
not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

import typer

from tallystick.cli.complaints import Stop

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter

WRONG_USAGE = cast("type[Exception]", typer.BadParameter.__base__)
"""What typer raises where words do not fit a command; only what is derived of it has a public name."""
SHOWN = 40
"""How many characters of a wrong word are quoted back."""


def written(parameter: Parameter) -> str:
    """Return an argument or an option as it is written: ``RUN``, ``--all``, ``--in VALUE``, ``--format text|json``."""
    each: Any = parameter
    if each.param_type_name == "option" and each.is_flag:
        return ", ".join(sorted(each.opts, key=len))
    kind = each.type_descriptor.annotation
    value = each.metavar or "TEXT"
    if each.metavar is None and isinstance(kind, type) and issubclass(kind, Enum):
        value = "|".join(str(choice.value) for choice in kind)
    return f"{each.opts[0]} {value}" if each.param_type_name == "option" else value


def left_out(parameter: Parameter) -> str | None:
    """Return the value that holds where an option is left out, as it would be written; None where there is none."""
    each: Any = parameter
    none = each.default is None or each.default is False or each.param_type_name == "argument"
    return None if none else str(each.default)


def rows(parameters: Sequence[Parameter], kind: str) -> list[tuple[str, str]]:
    """Return the arguments or the options for the help: each as it is written, and what it is for."""
    found = []
    for each in parameters:
        value = left_out(each)
        beside = "  [required]" if each.required else "" if value is None else f"  [default: {value}]"
        if each.param_type_name == kind:
            found.append((written(each), f"{getattr(each, 'help', '')}{beside}"))
    return found


def refused(error: Exception, ctx: Context) -> Stop:
    """Say why words do not fit a command, and what to write instead."""
    found: Any = error
    match type(error).__name__:
        case "MissingParameter":
            return _missing(found.param, ctx)
        case "NoSuchOption":
            return _no_option(found.option_name, ctx)
        case "BadOptionUsage":
            return _no_value(next(each for each in ctx.command.get_params(ctx) if found.option_name in each.opts))
        case _:
            return Stop(found.format_message(), help=f"`{ctx.command_path} --help` says what it takes")


def no_command(name: str, ctx: Context, known: Sequence[str]) -> Stop:
    """Say that there is no such command, and which is meant."""
    message = f"there is no command `{ctx.command_path} {name[:SHOWN]}`"
    return Stop(message, help=_near(name, known, {}) or f"`{ctx.command_path} --help` lists the commands")


def _missing(parameter: Parameter, ctx: Context) -> Stop:
    name = parameter.opts[0] if parameter.param_type_name == "option" else written(parameter)
    usage = " ".join((ctx.command_path, *ctx.command.collect_usage_pieces(ctx)))
    remedy = f"add `{written(parameter)}`" if parameter.param_type_name == "option" else f"write `{usage}`"
    note = f"`{written(parameter)}`: {getattr(parameter, 'help', '')}"
    return Stop(f"`{name}` is missing", notes=(note,), help=f"{remedy}; `{ctx.command_path} --help` has examples")


def _no_option(name: str, ctx: Context) -> Stop:
    params = ctx.command.get_params(ctx)
    message = f"`{ctx.command_path}` has no option `{name[:SHOWN]}`"
    word = name.lstrip("-").lower()
    meant = next((each for each in params if each.param_type_name == "argument" and word == each.name), None)
    if meant is not None:
        return Stop(message, help=f"write `{written(meant)}` without a name before it")
    # The dashes are common to all, and would make short words alike.
    bare = {each.lstrip("-"): each for one in params if one.param_type_name == "option" for each in one.opts}
    remedy = _near(word, bare, written=bare)
    return Stop(message, help=remedy or f"`{ctx.command_path} --help` lists its options")


def _no_value(parameter: Parameter) -> Stop:
    """Say of an option that it lacks its value, or of one without a value that it was given one."""
    name = parameter.opts[0]
    if getattr(parameter, "is_flag", False):
        return Stop(f"`{name}` takes no value", help=f"write `{name}` alone")
    note = f"`{written(parameter)}`: {getattr(parameter, 'help', '')}"
    return Stop(f"`{name}` has no value behind it", notes=(note,), help=f"write `{written(parameter)}`")


def _near(word: str, known: Iterable[str], written: Mapping[str, str]) -> str | None:
    from tallystick.rules.spelling import near

    best = near(word[:SHOWN].lower(), known)
    return None if best is None else f"`{written.get(best, best)}` is spelled almost the same"
