"""Takes the PostgreSQL that is installed; gives a server in a folder of its own, reached through a socket, in a
language whose order of texts is not that of code points."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_PLACES = Path("/usr/lib/postgresql")
_IN_ENGLISH = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
_ENV = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
_SECONDS = 60
_WATCHED = """
folder=$1; shift
"$@" >"$folder/log" 2>&1 &
read -r _
kill -QUIT $!
wait
rm -rf "$folder"
"""
"""The server runs for as long as somebody holds the other end of this shell's input open. When nobody does any more,
were it because all who did were killed, the server stops, and its folder goes."""


def program(name: str) -> str | None:
    """Find one of the server's programs; Debian keeps them away from the path."""
    on_path = shutil.which(name)
    if on_path is not None:
        return on_path
    found = sorted(_PLACES.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else None


def who() -> str | None:
    """Return as whom to run the server, which refuses to run as root; None: as we are. Raises ``LookupError``."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    found = [name for name in ("postgres", "nobody") if name in known]
    return found[0]


@contextmanager
def running_server(initdb: str, postgres: str) -> Iterator[str]:
    """Start a server and give its address. Its data are gone in the end, and also where this process is killed."""
    user = who()
    folder = Path(tempfile.mkdtemp(prefix="tally-pg-"))
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data, address = folder / "data", f"postgresql://tally@/postgres?host={folder}"
    asked = ("-D", data, "-U", "tally", "--auth=trust", "-E", "UTF8", "--no-sync", *_IN_ENGLISH)
    done = subprocess.run(
        [initdb, *map(str, asked)], check=False, user=user, capture_output=True, text=True, cwd="/", env=_ENV
    )
    assert done.returncode == 0, done.stdout + done.stderr
    options = ("-D", str(data), "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off")
    watched = ("sh", "-c", _WATCHED, "sh", str(folder), postgres, *options, "-k", str(folder))
    with subprocess.Popen(watched, stdin=subprocess.PIPE, user=user, cwd="/", env=_ENV) as shell:
        _wait_for(address, folder / "log")
        yield address
        assert shell.stdin is not None
        shell.stdin.close()


def _wait_for(address: str, log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        else:
            return
