"""Takes nothing; gives a folder with programs that are loaded already, for tests that run many commands."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


@contextmanager
def standby(environment: Mapping[str, str]) -> Iterator[Path]:
    """Start the server; give the folder in which the programs stand that call it."""
    # The address of a socket may have about a hundred characters, so it is not in a test's own folder.
    with tempfile.TemporaryDirectory() as name:
        folder, address = Path(name), str(Path(name) / "calls")
        for program, words in {"tally": "", "python-block": "-c "}.items():
            script = folder / program
            client = shlex.join([sys.executable, "-I", "-S", str(HERE / "call.py"), address])
            script.write_text(f'#!/bin/sh\nexec {client} {words}"$@"\n', encoding="utf-8")
            script.chmod(0o700)
        command = [sys.executable, str(HERE / "server.py"), address]
        with subprocess.Popen(
            command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            try:
                yield folder
            finally:
                server.kill()
