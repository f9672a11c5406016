"""Takes a process that runs a server and is killed; gives proof that nothing of the server is left."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

pytestmark = pytest.mark.whole
_RUNS = """
import sys
from ledgers.postgres_server import running_server
with running_server(*sys.argv[1:]) as address:
    print(address, flush=True)
    sys.stdin.read()
"""
_SECONDS = 30


def test_a_server_goes_with_who_started_it(programs: tuple[str, str]) -> None:
    """Tests that are killed, without a word to anybody, leave neither their server nor its folder."""
    command = [sys.executable, "-c", _RUNS, *programs]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as started:
        assert started.stdout is not None
        address = started.stdout.readline().strip()
        folder = Path(address.partition("host=")[2])
        psycopg.connect(address).close()
        started.kill()
    end = time.monotonic() + _SECONDS
    while folder.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
