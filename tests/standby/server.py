"""Takes calls of ``tally`` and Python programs through a socket; runs each in a process of its own, forked from this
one, in which everything is loaded already.

A call costs what the command does, and not half a second for loading it. What a call prints, reads and leaves behind
is its own: it has the caller's streams, folder and environment, and ends with its process.
"""

from __future__ import annotations

import array
import json
import os
import pkgutil
import signal
import socket
import sys
import traceback
from importlib import import_module

HEADER = 8
"""The bytes in which a message says how long it is."""
STREAMS = 3


def serve(listening: socket.socket) -> None:
    """Answer calls until the socket is closed by the end of the process."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        caller, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _answer(caller)
        caller.close()


def _answer(caller: socket.socket) -> None:
    """Run one call, tell its exit code, and end the process."""
    call, streams = received(caller)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["environment"])
    try:
        code = _run(call["words"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    caller.sendall(bytes([code]))
    os._exit(code)


def _run(words: list[str]) -> int:
    """Run ``tally`` with its words, or ``-c`` and a program, as a new process would, and return the exit code."""
    try:
        match words:
            case ["-c", program]:
                sys.argv = ["-c"]
                exec(compile(program, "<block>", "exec"), {"__name__": "__main__"})  # noqa: S102
            case _:
                sys.argv = ["tally", *words]
                import_module("tallystick.cli.entry").main()
    except SystemExit as ended:
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
            return 1
        return ended.code or 0
    except BaseException:  # noqa: BLE001  as Python itself does at the end of a program
        traceback.print_exc()
        return 1
    return 0


def received(caller: socket.socket) -> tuple[dict[str, object], list[int]]:
    """Return a call and the streams that came with it."""
    streams = array.array("i")
    start, ancillary, _, _ = caller.recvmsg(HEADER, socket.CMSG_SPACE(STREAMS * streams.itemsize))
    for level, sort, data in ancillary:
        if (level, sort) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            streams.frombytes(data)
    size, text = int.from_bytes(start, "big"), b""
    while len(text) < size:
        text += caller.recv(size - len(text))
    return json.loads(text), list(streams)


def load() -> None:
    """Load every module of the product and the libraries that it loads when they are needed."""
    for name in ("duckdb", "jinja2", "pyarrow", "pyarrow.parquet", "lark"):
        import_module(name)
    product = import_module("tallystick")
    for each in pkgutil.walk_packages(product.__path__, "tallystick."):
        if not each.name.endswith("__main__"):
            import_module(each.name)
    load_rulebook = import_module("tallystick.rules.load")
    source = import_module("tallystick.rules.source")
    load_rulebook.read(source.Source("none", ""))


if __name__ == "__main__":
    address = sys.argv[1]
    load()
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.bind(address)
        waiting.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        serve(waiting)
