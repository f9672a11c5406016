"""Takes text for a program or a person; gives it to stdout or stderr, and knows which of them is a terminal."""

from __future__ import annotations

import os
import sys
from typing import TextIO


class ReaderGoneError(Exception):
    """Whoever read our output has stopped reading, as ``head`` does; nothing is left to do."""


def put(text: str) -> None:
    """Write data to stdout."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError as error:
        raise ReaderGoneError from error


def put_line(text: str) -> None:
    """Write data to stdout, ending its line if it does not end one."""
    put(text if text.endswith("\n") else f"{text}\n")


def say(text: str) -> None:
    """Write a line of talk to stderr."""
    try:
        sys.stdout.flush()  # what was put before this stands before it where both go to one place
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error


def coloured(stream: TextIO) -> bool:
    """Say whether colour is wanted: on a terminal that can show it, unless ``NO_COLOR`` says otherwise."""
    return is_terminal(stream) and os.environ.get("NO_COLOR", "") == "" and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO) -> bool:
    """Say whether a person sees the stream as it is written."""
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def finish() -> None:
    """Hand over what is still held back."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error


def open_closed() -> None:
    """Put nothing in the place of a stream that whoever started us has closed; Python has None there."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  it stays open to the end
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def fall_silent() -> None:
    """Send whatever is still held back nowhere, so that Python's own last flush has nobody to complain to."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue
    os.close(nowhere)
