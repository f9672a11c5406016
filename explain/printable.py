"""Takes a document; gives it as JSON in which nothing can act on a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache

import msgspec
from pydantic import BaseModel

from tallystick.explain.harmless import marked_plainly
from tallystick.explain.tongue import spoken

_HIDDEN = re.compile(r"[\x7f-\U0010ffff]")
_PLAIN = b"\n" + bytes(range(0x20, 0x7F))


def printable_json(document: BaseModel, *, indent: int | None = 2) -> str:
    """Return a document as JSON with its published names; every character that does not print is escaped, and a
    rulebook's words that nobody has translated are marked as in a text."""
    encoded = _ENCODER.encode(document)
    if indent is not None:
        encoded = msgspec.json.format(encoded, indent=indent)
    written = encoded.decode()
    if spoken() is not None:
        written = marked_plainly(written)
        encoded = written.encode()
    # To take the plain ones out of the bytes is much quicker than to look at each character.
    others = encoded.translate(None, _PLAIN).decode()
    return written if others.isprintable() else _HIDDEN.sub(_escape, written)


def _escape(found: re.Match[str]) -> str:
    """Write a character that does not print as JSON escapes; leave the others."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def _shown(part: object) -> dict[str, object]:
    """Return what is written of a model: each field by its published name, but those that are left out."""
    assert isinstance(part, BaseModel), part  # noqa: S101  a document holds nothing else that JSON does not know
    values = part.__dict__
    return {
        written: values[name]
        for name, written, left_out in _fields(type(part))
        if left_out is None or not left_out(values[name])
    }


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, str, Callable[[object], bool] | None], ...]:
    """Return a model's fields, each with its published name and what says when it is left out."""
    return tuple(
        (name, field.serialization_alias or name, field.exclude_if) for name, field in model.model_fields.items()
    )


_ENCODER = msgspec.json.Encoder(enc_hook=_shown)
