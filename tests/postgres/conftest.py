"""Takes the PostgreSQL that is installed; gives a server of the tests' own: in a temporary folder, reached through a
socket, in a language whose order of texts is not that of code points."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledgers.in_postgres import Server

_PLACES = Path("/usr/lib/postgresql")


def _program(name: str) -> str | None:
    """Find one of the server's programs; Debian keeps them away from the path."""
    on_path = shutil.which(name)
    if on_path is not None:
        return on_path
    found = sorted(_PLACES.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else None


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running server; its data are gone after the tests."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL is not installed")
    user = _who()
    with tempfile.TemporaryDirectory(prefix="tally-pg-") as name:
        folder = Path(name)
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        data = folder / "data"
        _run(user, initdb, "-D", data, "-U", "tally", "--auth=trust", "-E", "UTF8", "--no-sync", *_IN_ENGLISH)
        options = f"-c listen_addresses='' -c fsync=off -c full_page_writes=off -k {folder}"
        _run(user, pg_ctl, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield Server(f"postgresql://tally@/postgres?host={folder}")
        finally:
            _run(user, pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")


_IN_ENGLISH = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")


def _who() -> str | None:
    """Return as whom to run the server, which refuses to run as root; None: as we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    pytest.skip("there is no user to run PostgreSQL as")


def _run(user: str | None, *command: str | Path) -> None:
    with tempfile.TemporaryFile() as told:  # a server that goes on holds a pipe open
        done = subprocess.run(
            [str(each) for each in command], check=False, user=user, stdout=told, stderr=told, cwd="/", env=_ENV
        )
        told.seek(0)
        assert done.returncode == 0, told.read().decode()


_ENV = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
