"""Takes the words of an invocation of ``tally``; gives its exit code, whatever happens."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from threading import Event, Timer, main_thread
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
from tallystick.cli.refusals import as_forged_run, as_stop, as_unwritable_name
from tallystick.cli.streams import ReaderGoneError, fall_silent, finish, open_closed, put_line
from tallystick.cli.words import HELP, Extra, Shape, rewrite
from tallystick.engine.undisturbed import is_undisturbed

_interrupted = Event()
_terminated = Event()
_A_LITTLE = 0.05
_IMPORT_SYSTEM = "<frozen importlib._bootstrap>"
"""Where the code of the import system itself says that it stands."""


class Tally(Group):
    """The command as a whole: it rewrites its words, and answers for every error."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the commands as their help lists them: typer puts groups behind all others."""
        order = list(dict.fromkeys(words.partition(" ")[0] for words in _COMMANDS))
        return sorted(super().list_commands(ctx), key=order.index)

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
            code = _answer(error, words.words, debug=words.debug)
        sys.exit(_finished(code))


def _answer(error: Exception, words: Sequence[str], *, debug: bool) -> int:
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
                stop = as_unwritable_name(error, words) or as_stop(error) or as_forged_run(words)
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
    flags = [each for each in options if getattr(each, "is_flag", False)]
    return Shape(
        with_value=frozenset(name for each in options if each not in flags for name in each.opts),
        flags=HELP | {name for each in flags for name in (*each.opts, *each.secondary_opts)},
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
    "init": "init.init",
    "check": "check.check",
    "fmt": "fmt.fmt",
    "test": "test.run",
    "guide": "guide.guide",
    "read": "read.read",
    "score": "score.score",
    "explain": "explain.explain",
    "whatif": "whatif.whatif",
    "why": "why.why",
    "publish": "publish.publish",
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
    "schema": "schema.schema",
}
"""Each command by its words, in the order of the help, with its module and function."""
_GROUPS: Final = {"audit": "Look into a score: its bounds, fairness, stability and gaming."}


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
    from typer._click.core import Context

    app: typer.Typer


def __getattr__(name: str) -> object:
    """Give ``app``, the command with all that is in it, to whoever asks for it."""
    if name == "app":
        return made()
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _interrupted.set()
    if not _postponed(number, frame):
        _stop_asking()
        raise KeyboardInterrupt


def _terminate(number: int, frame: FrameType | None) -> None:
    """Leave as one is asked to, but not before what was begun is cleared away."""
    _terminated.set()
    if not _postponed(number, frame):
        _stop_asking()
        sys.exit(128 + number)


def _stop_asking() -> None:
    """Let the database stop where it is at work; where nothing was asked of it, its module is not there yet."""
    asking = sys.modules.get("tallystick.engine.workshop")
    if asking is not None:
        asking.stop_asking()


def _postponed(number: int, frame: FrameType | None) -> bool:
    """Send a signal again a little later if what must not be stopped half way is at work, or a module is being loaded:
    an exception in the midst of that, which the database asks for, too, can end the process before anything is cleared
    away."""
    while frame is not None:
        if frame.f_code.co_filename == _IMPORT_SYSTEM or is_undisturbed(frame):
            _send_again(number)
            return True
        frame = frame.f_back
    return False


def _send_again(number: int) -> None:
    """Send a signal to the main thread a little later: only there it ends a wait for more to read."""
    again = Timer(_A_LITTLE, signal.pthread_kill, (main_thread().ident, number))
    again.daemon = True
    again.start()


def _not_raised(lost: sys.UnraisableHookArgs) -> None:
    """Send a signal again if what it raised got nowhere: Python hands on nothing out of a callback, such as the import
    system's for a lock that is let go, or out of the end of what nobody holds any more."""
    if isinstance(lost.exc_value, KeyboardInterrupt) and _interrupted.is_set():
        _send_again(signal.SIGINT)
    elif isinstance(lost.exc_value, SystemExit) and _terminated.is_set():
        _send_again(signal.SIGTERM)
    else:
        sys.__unraisablehook__(lost)


def main() -> None:
    """Run ``tally`` with the words it was called with."""
    open_closed()
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _terminate)
    sys.unraisablehook = _not_raised
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        made(_only(sys.argv[1:]))()
    finally:  # nothing is left to do but to clear away
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
