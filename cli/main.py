"""Takes the words of an invocation of ``tally``; gives its exit code, whatever happens."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from threading import Event
from types import FrameType
from typing import Annotated, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from tallystick import __version__
from tallystick.cli.commands import (
    audit_bounds,
    audit_fairness,
    audit_gaming,
    audit_stability,
    check,
    compare,
    diff,
    explain,
    fmt,
    forget,
    guide,
    init,
    publish,
    read,
    schema,
    score,
    sign,
    sql,
    test,
    verify,
    whatif,
    why,
)
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
from tallystick.cli.words import Shape, rewrite

_interrupted = Event()
_terminated = Event()


class Tally(TyperGroup):
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
    )


app = typer.Typer(
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


def _version(wanted: bool) -> None:  # noqa: FBT001  typer calls it with the option's value
    if wanted:
        put_line(f"tally {__version__}")
        raise typer.Exit


@app.callback()
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


app.command("check", epilog=check.EXAMPLES)(check.check)
app.command("fmt", epilog=fmt.EXAMPLES)(fmt.fmt)
app.command("test", epilog=test.EXAMPLES)(test.run)
app.command("read", epilog=read.EXAMPLES)(read.read)
app.command("score", epilog=score.EXAMPLES)(score.score)
app.command("explain", epilog=explain.EXAMPLES)(explain.explain)
app.command("whatif", epilog=whatif.EXAMPLES)(whatif.whatif)
app.command("why", epilog=why.EXAMPLES)(why.why)
app.command("diff", epilog=diff.EXAMPLES)(diff.diff)
app.command("compare", epilog=compare.EXAMPLES)(compare.compare)
audit = typer.Typer(
    help="Say how fair a score is, how it behaves, and how it can be gamed.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
audit.command("bounds", epilog=audit_bounds.EXAMPLES)(audit_bounds.audit_bounds)
audit.command("fairness", epilog=audit_fairness.EXAMPLES)(audit_fairness.audit_fairness)
audit.command("gaming", epilog=audit_gaming.EXAMPLES)(audit_gaming.audit_gaming)
audit.command("stability", epilog=audit_stability.EXAMPLES)(audit_stability.audit_stability)
app.add_typer(audit, name="audit")
app.command("verify", epilog=verify.EXAMPLES)(verify.verify)
app.command("forget", epilog=forget.EXAMPLES)(forget.forget)
app.command("sign", epilog=sign.EXAMPLES)(sign.sign)
app.command("sql", epilog=sql.EXAMPLES)(sql.sql)
app.command("guide", epilog=guide.EXAMPLES)(guide.guide)
app.command("publish", epilog=publish.EXAMPLES)(publish.publish)
app.command("schema", epilog=schema.EXAMPLES)(schema.schema)
app.command("init", epilog=init.EXAMPLES)(init.init)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    _interrupted.set()
    raise KeyboardInterrupt


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave as one is asked to, but not before what was begun is cleared away."""
    _terminated.set()
    sys.exit(128 + number)


def main() -> None:
    """Run ``tally`` with the words it was called with."""
    open_closed()
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    app()
