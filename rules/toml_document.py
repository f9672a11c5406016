"""Takes the text of a TOML file that anybody may have written; gives what stands in it, in bounded time and memory."""

from __future__ import annotations

import re
import tomllib
from typing import Final

from tallystick.rules.nesting import is_too_deep

MOST_PARTS: Final = 20
"""Parts of a key that dots set apart: for each more, the library of Python takes more time and memory for every other,
so that a file of 200 kB with one such key took 8 GB."""
_TOO_DEEP = "Nested too deeply"
_QUOTED = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|#[^\n]*+",
    re.DOTALL,
)
_PART = r'(?:[A-Za-z0-9_-]++|"")'
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS},}}")


def toml_document(text: str) -> dict[str, object]:
    """Return what stands in a text; raises ``TOMLDecodeError`` where it is no TOML, or nests too deeply."""
    bare = _QUOTED.sub(_emptied, text)
    found = _LONG_KEY.search(bare)
    if found is not None:
        line = bare.count("\n", 0, found.start()) + 1
        message = f"A key of more than {MOST_PARTS} parts (at line {line}, column 1)"
        raise tomllib.TOMLDecodeError(message)
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise tomllib.TOMLDecodeError(_TOO_DEEP) from error
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:
        message = "A number of too many digits"
        raise tomllib.TOMLDecodeError(message) from error
    if is_too_deep(document):
        raise tomllib.TOMLDecodeError(_TOO_DEEP)
    return document


def _emptied(quoted: re.Match[str]) -> str:
    """Return nothing in place of a comment, and an empty text in place of any other, over as many lines."""
    return "" if quoted[0].startswith("#") else '""' + "\n" * quoted[0].count("\n")
