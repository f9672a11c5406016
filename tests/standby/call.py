"""Takes the words of a call of ``tally``; has them run by the standing server with the streams of this process."""

from __future__ import annotations

import array
import json
import os
import socket
import sys


def call(address: str, words: list[str]) -> int:
    """Hand over words, folder, environment and streams; return the exit code when the call has ended."""
    message = {"words": words, "folder": os.getcwd(), "environment": dict(os.environ)}  # noqa: PTH109  pathlib is slow to load
    text = json.dumps(message).encode()
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        streams = array.array("i", (0, 1, 2))
        server.sendmsg([len(text).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
        server.sendall(text)
        told = server.recv(1)
    return told[0] if told else 70


if __name__ == "__main__":
    sys.exit(call(sys.argv[1], sys.argv[2:]))
