"""Takes a document; gives it as JSON in which nothing can act on a terminal."""

from __future__ import annotations

import json
import re

from pydantic import BaseModel

from tallystick.explain.harmless import marked_plainly

_HIDDEN = re.compile(r"[\x7f-\U0010ffff]")


def printable_json(document: BaseModel, *, indent: int | None = 2) -> str:
    """Return a document as JSON with its published names; every character that does not print is escaped, and a
    rulebook's words that nobody has translated are marked as in a text."""
    written = marked_plainly(document.model_dump_json(by_alias=True, indent=indent))
    # A look at all characters at once is much quicker than one at each that is not of ASCII.
    plain = written if indent is None else written.replace("\n", "")
    return written if plain.isprintable() else _HIDDEN.sub(_escape, written)


def _escape(found: re.Match[str]) -> str:
    """Write a character that does not print as JSON escapes; leave the others."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]
