"""Takes the words of an invocation of ``tally``; gives its exit code, whatever happens."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.machinery import ExtensionFileLoader
from threading import Event, Timer
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from tallystick import __version__
from tallystick.cli.commands.plain_values import Command, Group
from tallystick.cli.complaints import (
    BROKEN_PIPE,
    INTERRUPTED,
    TERMINATED,
    ExitCode,
    FaultyRulebook,
    Stop,
    complain,
    complain_of_rulebook,
    own_up,
)
from tallystick.cli.refusals import as_stop
from tallystick.cli.streams import ReaderGoneError, fall_silent, finish, open_closed, put_line
from tallystick.cli.words import Extra, Shape, rewrite

_interrupted = Event()
_terminated = Event()
_A_LITTLE = 0.05
_IMPORT_SYSTEM = "<frozen importlib._bootstrap>"
"""Where the code of the import system itself says that it stands."""


class Tally(Group):
    """The command as a whole: it rewrites its words, and answers for every error."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002  the signature is typer's
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002
        **extra: object,
    ) -> NoReturn:
        """Run the command that the words name, and exit with its code."""
        words = rewrite(sys.argv[1:] if args is None else args, _shapes(self))
        try:
            _refuse_too_many(words.extra)
            super().main(
                list(words.words), prog_name or "tally", complete_var, standalone_mode, windows_expand_args, **extra
            )
            code = int(ExitCode.DONE)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ExitCode.DONE)
        except Exception as error:  # noqa: BLE001  every error gets an answer, and the answer an exit code
            code = _answer(error, debug=words.debug)
        sys.exit(_finished(code))


def _answer(error: Exception, *, debug: bool) -> int:
    """Say what an error means for whoever called, and return the exit code."""
    if _interrupted.is_set():  # the database wraps what a signal raises into an error of its own
        return INTERRUPTED
    if _terminated.is_set():
        return TERMINATED
    try:
        match error:
            case ReaderGoneError():
                return BROKEN_PIPE
            case Stop():
                return complain(error)
            case FaultyRulebook():
                return complain_of_rulebook(error.diagnostics)
            case _:
                stop = as_stop(error)
                return own_up(error, debug=debug) if stop is None else complain(stop)
    except ReaderGoneError:
        return BROKEN_PIPE


def _finished(code: int) -> int:
    """Hand over what is held back; a reader who has gone is told nothing more."""
    try:
        finish()
    except ReaderGoneError:
        code = BROKEN_PIPE
    if code == BROKEN_PIPE:
        fall_silent()
    return code


def _shapes(group: TyperGroup, before: str = "") -> dict[str, Shape]:
    """Tell of each command by its name, of one inside a group by both names."""
    found: dict[str, Shape] = {}
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            found |= _shapes(command, f"{before}{name} ")
        elif isinstance(command, TyperCommand):
            found[f"{before}{name}"] = _shape(command)
    return found


def _shape(command: TyperCommand) -> Shape:
    """Tell what ``rewrite`` has to know of a command."""
    options = [each for each in command.params if each.param_type_name == "option"]
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    return Shape(
        with_value=frozenset(name for each in options if not getattr(each, "is_flag", False) for name in each.opts),
        needed=sum(1 for each in arguments if each.required),
        most=None if any(each.nargs < 0 for each in arguments) else sum(each.nargs for each in arguments),
    )


def _refuse_too_many(extra: Extra | None) -> None:
    """Refuse a word that is too many, and say where it may belong."""
    if extra is not None:
        behind = extra.behind
        help_ = "`--help` says which words the command takes" if behind is None else f"write `{behind} {extra.word}`"
        message = f"`{extra.word}` is a word too many"
        raise Stop(message, help=help_)


def _version(wanted: bool) -> None:  # noqa: FBT001  typer calls it with the option's value
    if wanted:
        put_line(f"tally {__version__}")
        raise typer.Exit


def tally(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="If we made a mistake, show where; allowed after any command, too.")
    ] = False,
) -> None:
    """Scores that explain themselves, from a rulebook and records."""


_COMMANDS: Final = {
    "check": "check.check",
    "fmt": "fmt.fmt",
    "test": "test.run",
    "read": "read.read",
    "score": "score.score",
    "explain": "explain.explain",
    "whatif": "whatif.whatif",
    "why": "why.why",
    "diff": "diff.diff",
    "compare": "compare.compare",
    "audit bounds": "audit_bounds.audit_bounds",
    "audit fairness": "audit_fairness.audit_fairness",
    "audit gaming": "audit_gaming.audit_gaming",
    "audit stability": "audit_stability.audit_stability",
    "verify": "verify.verify",
    "forget": "forget.forget",
    "sign": "sign.sign",
    "sql": "sql.sql",
    "guide": "guide.guide",
    "publish": "publish.publish",
    "schema": "schema.schema",
    "init": "init.init",
}
"""Each command by its words, in the order of the help, with its module and function."""
_GROUPS: Final = {"audit": "Say how fair a score is, how it behaves, and how it can be gamed."}


@cache
def made(only: str | None = None) -> typer.Typer:
    """Return ``tally``; with ``only`` one command or group in it, so that no other's module is loaded."""
    made = typer.Typer(
        name="tally",
        cls=Tally,
        help="Scores that explain themselves, from a rulebook and records.",
        epilog="Exit codes: 0 done, 1 findings, 2 wrong usage, 3 a mistake of ours.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    made.callback()(tally)
    groups = {"": made}
    for words, place in _COMMANDS.items():
        first, _, second = words.partition(" ")
        if only not in {None, first}:
            continue
        group, name = (first, second) if second else ("", first)
        if group not in groups:
            groups[group] = typer.Typer(cls=Group, help=_GROUPS[group], no_args_is_help=True, rich_markup_mode=None)
            made.add_typer(groups[group], name=group)
        file, _, function = place.partition(".")
        module = import_module(f"tallystick.cli.commands.{file}")
        groups[group].command(name, cls=Command, epilog=module.EXAMPLES)(getattr(module, function))
    return made


def _only(words: Sequence[str]) -> str | None:
    """Return the command or group that the words begin with; None where that takes a look at all of them."""
    first = next((word for word in words if word != "--debug"), "")
    return first if any(words.split(" ")[0] == first for words in _COMMANDS) else None


if TYPE_CHECKING:
    app: typer.Typer


def __getattr__(name: str) -> object:
    """Give ``app``, the command with all that is in it, to whoever asks for it."""
    if name == "app":
        return made()
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if not _postponed(number, frame):
        _interrupted.set()
        raise KeyboardInterrupt


def _terminate(number: int, frame: FrameType | None) -> None:
    """Leave as one is asked to, but not before what was begun is cleared away."""
    if not _postponed(number, frame):
        _terminated.set()
        sys.exit(128 + number)


def _postponed(number: int, frame: FrameType | None) -> bool:
    """Send a signal again a little later if a library in machine code is being loaded: an exception in the midst of
    that, which the database's calls back into Python, ends the process before anything is cleared away. Likewise where
    the import system is at its own work: of what is raised in its callbacks Python prints a trace and goes on."""
    importing = frame is not None and frame.f_code.co_filename == _IMPORT_SYSTEM
    while frame is not None and not isinstance(frame.f_locals.get("self"), ExtensionFileLoader):
        frame = frame.f_back
    if frame is None and not importing:
        return False
    again = Timer(_A_LITTLE, signal.raise_signal, (number,))
    again.daemon = True
    again.start()
    return True


def main() -> None:
    """Run ``tally`` with the words it was called with."""
    open_closed()
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    made(_only(sys.argv[1:]))()
