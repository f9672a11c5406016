"""Takes whole invocations in processes of their own; checks streams, signals and exit codes as a shell sees them."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from threading import Event
from types import ModuleType

import duckdb
import pytest
from typer.testing import Result

from tallystick import __version__
from tallystick.cli import main, rulebook_files
from tallystick.cli.complaints import FaultyRulebook, Stop
from tallystick.engine.workshop import open_workshop

Tally = Callable[..., Result]
TALLY = (str(Path(sys.executable).with_name("tally")),)


def run(*words: str | Path, **kwargs: object) -> subprocess.CompletedProcess[str]:
    """Run ``tally`` in a process of its own."""
    return subprocess.run(
        (*TALLY, *map(str, words)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **kwargs,  # type: ignore[call-overload]
    )


def test_the_version_is_told() -> None:
    """`tally --version` prints one line on stdout."""
    ran = run("--version")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"tally {__version__}\n", "")


def test_help_names_every_command_with_a_whole_sentence(tally: Tally) -> None:
    """The list of commands has their order, and fits a narrow terminal: no sentence is cut off."""
    result = tally("--help")
    assert result.exit_code == 0
    listed = result.stdout.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    commands = main._COMMANDS  # noqa: SLF001  each command, in the order that the help is to have
    assert [line.split()[0] for line in listed] == list(dict.fromkeys(words.split()[0] for words in commands))
    for line in listed:
        assert line.endswith("."), line
        assert not line.endswith("..."), line


def test_each_command_has_help_with_an_example(tally: Tally) -> None:
    """`tally COMMAND --help` says what it does in one sentence and shows how it is called."""
    for name in ("check", "fmt", "test", "score", "explain", "diff", "sql", "guide", "publish", "schema", "init"):
        result = tally(name, "--help")
        assert result.exit_code == 0
        assert f"  tally {name} " in result.stdout


@pytest.mark.parametrize("words", [("nope",), ("check", "--nope", "x"), ("diff", "one")])
def test_wrong_usage_exits_2_and_says_how_to_get_help(words: tuple[str, ...]) -> None:
    """Words that fit no command: exit 2, nothing on stdout."""
    ran = run(*words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--help" in ran.stderr


def test_our_own_mistake_is_one_line_and_exit_3(tally: Tally, rulebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When we fail, one line says that it is us and how to report it; `--debug`, anywhere, shows where."""

    def fail(_: object) -> None:
        message = "it broke\nover two lines \x1b[31m"
        raise RuntimeError(message)

    monkeypatch.setattr(rulebook_files, "check_source", fail)
    plain = tally("guide", rulebook)
    assert (plain.exit_code, plain.stdout) == (3, "")
    assert len(plain.stderr.splitlines()) == 1
    assert "mistake of ours" in plain.stderr
    assert "--debug" in plain.stderr
    assert "\x1b" not in plain.stderr
    for words in (("--debug", "guide", rulebook), ("guide", rulebook, "--debug"), ("guide", "--debug", rulebook)):
        debugged = tally(*words)
        assert debugged.exit_code == 3
        assert "Traceback" in debugged.stderr
        assert "in fail" in debugged.stderr


def test_a_reader_who_leaves_is_told_nothing() -> None:
    """`tally schema explanation | head -1` prints its line and no complaint."""
    ran = subprocess.run(
        ("bash", "-c", f'set -o pipefail; {TALLY[0]} schema explanation | head -c 1; echo " ${{PIPESTATUS[0]}}"'),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.stderr == ""
    assert ran.stdout.startswith("{ ")
    assert ran.stdout.split()[1] in ("0", "141")  # it may be done before the reader leaves


def test_a_closed_stdout_is_told_nothing() -> None:
    """Writing to a pipe that nobody reads ends quietly with 141, whatever is still held back."""
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(
        (*TALLY, "schema", "explanation"), stdout=write, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(write)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (141, "")


def test_ctrl_c_ends_quietly() -> None:
    """Interrupted while it reads stdin, it ends with 130 and no traceback."""
    with subprocess.Popen(
        (*TALLY, "check", "-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        process.stdin.write("-- more than a pipe holds: all of it is taken only when it is being read\n" * 2_000)
        process.send_signal(signal.SIGINT)
        put, said = process.communicate(timeout=60)
    assert (process.returncode, put) == (130, "")
    assert "Traceback" not in said


def test_ctrl_c_while_it_loads_ends_quietly() -> None:
    """Interrupted before the command is there, it ends with 130 and says nothing."""
    program = """
import sys

class Stopped:
    def find_spec(self, name, path=None, target=None):
        if name == "tallystick.cli.main":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Stopped())
from tallystick.cli.entry import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_run_that_is_asked_to_stop_clears_away_what_it_began(rulebook: Path, tmp_path: Path) -> None:
    """SIGTERM ends it with 143; nothing stands where the run would be, nor beside it."""
    (tmp_path / "out").mkdir()
    words = ("score", rulebook, "--records", "-", "--as-of", "2026-01-31", "--out", tmp_path / "out" / "run")
    with subprocess.Popen(
        (*TALLY, *map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for _ in range(1200):
            if any((tmp_path / "out").iterdir()):
                break
            time.sleep(0.05)
        assert any((tmp_path / "out").iterdir()), "it never began to write"
        process.terminate()
        put, said = process.communicate(timeout=60)
    assert (process.returncode, put) == (143, "")
    assert "Traceback" not in said
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["interrupted", "terminated"])
def test_a_signal_ends_what_the_database_is_asked(number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops a command does not wait for the answer to a long query, nor for connections that are closed."""
    monkeypatch.setattr(main, "_interrupted", Event())
    monkeypatch.setattr(main, "_terminated", Event())
    handler = {signal.SIGINT: main._interrupt, signal.SIGTERM: main._terminate}[number]  # noqa: SLF001
    workshop, closed = open_workshop(), open_workshop()
    closed.connection.close()
    asking = "SELECT count(*) FROM range(200000) AS a (x), range(200000) AS b (y) WHERE hash(x + y) = 1"
    try:
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(workshop.connection.execute, asking)
            while not answer.done():
                with pytest.raises((KeyboardInterrupt, SystemExit)):
                    handler(number, None)
                time.sleep(0.05)
        assert isinstance(answer.exception(), duckdb.InterruptException)
    finally:
        workshop.close()
        closed.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["interrupted", "terminated"])
def test_a_signal_waits_while_a_module_is_loaded(number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped while the database's library is loaded, it ends when that is done: in its midst the process would be
    aborted, and leave behind what it began."""
    loaded = Event()

    class Loading(Loader):
        def exec_module(self, module: ModuleType) -> None:
            """Be stopped while loading."""
            signal.raise_signal(number)
            assert module.__name__ == "some_library"
            loaded.set()

    class Finding(MetaPathFinder):
        def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
            """Find the library."""
            return ModuleSpec(name, Loading()) if name == "some_library" else None

    monkeypatch.setattr(main, "_interrupted", Event())
    monkeypatch.setattr(main, "_terminated", Event())
    monkeypatch.setattr(sys, "meta_path", [Finding(), *sys.meta_path])
    handler = {signal.SIGINT: main._interrupt, signal.SIGTERM: main._terminate}[number]  # noqa: SLF001
    usual = signal.signal(number, handler)
    try:
        with pytest.raises((KeyboardInterrupt, SystemExit)):
            load_and_wait()
    finally:
        signal.signal(number, usual)
        sys.modules.pop("some_library", None)
    assert loaded.is_set()


def test_a_signal_is_not_lost_in_a_callback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped where something is told that another is gone, as the import system is of its locks, out of which nothing
    that is raised gets, it ends a little later."""
    monkeypatch.setattr(main, "_interrupted", Event())
    monkeypatch.setattr(sys, "unraisablehook", main._not_raised)  # noqa: SLF001
    reached: list[bool] = []

    def let_go(_: weakref.ref[ModuleType]) -> None:
        reached.append(True)
        signal.raise_signal(signal.SIGINT)
        reached.append(False)

    locks = [ModuleType("lock")]
    watched = weakref.ref(locks[0], let_go)
    usual = signal.signal(signal.SIGINT, main._interrupt)  # noqa: SLF001  no user can time this
    try:
        with pytest.raises(KeyboardInterrupt):
            let_go_and_wait(locks)
    finally:
        signal.signal(signal.SIGINT, usual)
    assert watched() is None
    assert reached == [True]


def test_what_else_is_lost_in_a_callback_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake of ours where Python hands nothing on is shown as ever: it is no signal."""
    monkeypatch.setattr(sys, "unraisablehook", main._not_raised)  # noqa: SLF001

    class Faulty:
        def __del__(self) -> None:
            """Fail."""
            raise SystemExit(143)

    faulty = [Faulty()]
    faulty.clear()
    assert "SystemExit: 143" in capsys.readouterr().err


@pytest.mark.parametrize("waits", [True, False], ids=["which waits for more", "which has all"])
def test_who_is_stopped_while_a_library_is_loaded_heeds_it_before_reading_on(rulebook: Path, *, waits: bool) -> None:
    """A run whose end comes before the signal comes again was stopped all the same; one that waits for more to read
    waits no longer."""
    program = """
import signal, sys
from importlib.machinery import ModuleSpec
from tallystick.cli import main

class Loading:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        signal.raise_signal(signal.SIGTERM)

    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name == "some_library" else None

sys.meta_path.insert(0, Loading())
usual = main.made

def made(only):
    import some_library
    return usual(only)

main.made = made
main._A_LITTLE = 3  # longer than it takes to begin to read
main.main()
"""
    words = ("score", str(rulebook), "--records", "-", "--as-of", "2026-01-31")
    with subprocess.Popen(
        (sys.executable, "-c", program, *words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        if not waits:
            process.stdin.close()
        try:
            code = process.wait(timeout=30)
        finally:
            process.kill()
    assert code == 143


def load_and_wait() -> None:
    """Load a library, and be there for some seconds."""
    import_module("some_library")
    wait_some_seconds()


def let_go_and_wait(locks: list[ModuleType]) -> None:
    """Hold none of them any more, and be there for some seconds."""
    locks.clear()
    wait_some_seconds()


def wait_some_seconds() -> None:
    """Be there for some seconds, and never asleep for long."""
    for _ in range(200):
        time.sleep(0.05)


def test_an_interrupted_query_ends_quietly_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The database turns an interruption into an error of its own; it is still no mistake of ours."""
    interrupted = Event()
    interrupted.set()
    monkeypatch.setattr(main, "_interrupted", interrupted)
    assert main._answer(RuntimeError("Query interrupted"), (), debug=False) == 130  # noqa: SLF001  no user can time this
    assert capsys.readouterr() == ("", "")


def on_a_terminal(words: tuple[str, ...], environment: dict[str, str]) -> str:
    """Run ``tally`` on a terminal; return all that appears there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen((*TALLY, *words), stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:
            break
        if piece == b"":
            break
        shown += piece
    process.wait(timeout=60)
    os.close(ours)
    return shown.decode()


def test_colour_is_for_terminals_that_want_it() -> None:
    """On a terminal diagnostics are coloured; with NO_COLOR, a dumb terminal, or in a pipe they are not."""
    words = ("check", str(Path(__file__).with_name("ten_mistakes.tally")))
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    assert "\x1b[1;31m" in on_a_terminal(words, {**plain, "TERM": "xterm"})
    assert "\x1b" not in on_a_terminal(words, {**plain, "TERM": "xterm", "NO_COLOR": "1"})
    assert "\x1b" not in on_a_terminal(words, {**plain, "TERM": "dumb"})
    assert "\x1b" not in run(*words, env={**plain, "TERM": "xterm"}).stdout


def test_what_is_slow_to_load_is_loaded_when_needed() -> None:
    """`--help` loads no database, no parser and no templates; `check` neither, nor what other commands are made of."""
    program = "import sys; from tallystick.cli.main import app; print(*sorted(m.split('.')[0] for m in sys.modules))"
    loaded = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=True).stdout.split()
    heavy = {"babel", "duckdb", "jinja2", "lark", "pydantic", "sqlglot", "numpy", "pyarrow", "pandas", "polars", "rich"}
    assert "typer" in loaded
    assert heavy & set(loaded) == set()
    checking = (
        "import sys; sys.argv = ['tally', 'check', '-', '--format', 'concise']; from tallystick.cli.main import main\n"
        "try: main()\nfinally: print(*sorted(sys.modules))"
    )
    checked = subprocess.run((sys.executable, "-c", checking), input="", capture_output=True, text=True, check=False)
    modules = set(checked.stdout.split())
    assert "tallystick.rules.check" in modules
    assert heavy & modules == set()
    commands = {each.rpartition(".")[2] for each in modules if each.startswith("tallystick.cli.commands.")}
    assert commands == {"check", "input_options", "plain_values", "usage"}


def test_a_run_that_is_not_written_loads_no_documents() -> None:
    """`score` with neither a folder nor JSON makes no receipt and loads nothing to describe one."""
    given = Path(__file__).parents[2] / "examples/community"
    words = ["score", given / "community.tally", "--records", given / "records.csv"]
    words += ["--subjects", given / "subjects.csv", "--as-of", "2026-03-31", "--format", "csv"]
    scoring = (
        f"import sys; sys.argv = {['tally', *map(str, words)]!r}; from tallystick.cli.main import main\n"
        "try: main()\nfinally: print('loaded', *sorted(sys.modules))"
    )
    ran = subprocess.run((sys.executable, "-c", scoring), capture_output=True, text=True, check=False)
    people, _, loaded = ran.stdout.partition("loaded ")
    assert people.startswith("subject,outcome,score,band,")
    modules = set(loaded.split())
    assert {"duckdb", "tallystick.engine.scoring"} <= modules
    assert {"pydantic", "jinja2", "babel", "pyarrow", "pandas", "tallystick.engine.receipt"} & modules == set()


def test_a_revision_is_never_an_option(tmp_path: Path) -> None:
    """`FILE@REV` reaches git as a revision; one that begins with a dash is refused."""
    with pytest.raises(Stop, match="is not a revision"):
        rulebook_files.read_version(f"{tmp_path / 'x.tally'}@--output=stolen")
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_an_at_sign_in_its_name_is_a_file(tmp_path: Path) -> None:
    """A name that is there is never taken apart."""
    file = tmp_path / "x@y.tally"
    file.write_bytes(b"\xff")
    with pytest.raises(FaultyRulebook):
        rulebook_files.read_version(str(file))


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_is_an_empty_one(closed: int) -> None:
    """A service that starts us without a stdin, stdout or stderr gets its answer on what is left, and no traceback."""
    done = subprocess.run(
        [sys.executable, "-c", "from tallystick.cli.entry import main; main()", "check", "-"],
        preexec_fn=lambda: os.close(closed),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert ("head-missing" in done.stdout) == (closed != 1)


@pytest.mark.parametrize("words", [["--records", "NAME.csv"], ["--out", "NAME"], ["--state=NAME"]], ids=" ".join)
def test_a_name_that_is_no_utf_8_is_told(tally: Tally, tmp_path: Path, community: Path, words: list[str]) -> None:
    """Old archives hold such names, and no receipt can; nothing is left half made."""
    name = f"{tmp_path}/caf\udce9"
    given = [word.replace("NAME", name) for word in words]
    rows = (community / "records.csv").read_bytes()
    plain = tmp_path / "records.csv"
    for path in (plain, Path(f"{name}.csv")):
        path.write_bytes(rows)
    before = set(tmp_path.iterdir())
    records = [] if "--records" in given else ["--records", str(plain)]
    out = ["--out", str(tmp_path / "run")] if "--records" in given else []
    people = ["--subjects", community / "subjects.csv", "--as-of", "2026-03-31"]
    found = tally("score", community / "community.tally", *people, *records, *given, *out)
    assert (found.exit_code, found.stdout) == (2, "")
    suffix = ".csv" if "--records" in given else ""
    assert f"caf<U+DCE9>{suffix}` is not written in UTF-8\n" in found.stderr
    assert set(tmp_path.iterdir()) == before


def test_a_person_s_name_that_is_no_utf_8_is_told(tally: Tally, community: Path) -> None:
    """A terminal of another encoding gives such a name; the ledger is not to blame."""
    people = ["--subjects", community / "subjects.csv", "--as-of", "2026-03-31"]
    records = ["--records", community / "records.csv"]
    found = tally("explain", community / "community.tally", *people, *records, "--subject", "Ren\udce9")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "`Ren<U+DCE9>` is not written in UTF-8\n" in found.stderr
