"""Takes a JSON document without fractions; gives its one canonical text, as RFC 8785 has it."""

from __future__ import annotations

import json

_GREATEST = 2**53 - 1
"""Greater whole numbers are written otherwise by whoever holds numbers as doubles, as the RFC does."""


def canonical(document: object) -> bytes:
    """Return the canonical bytes of a document; raises ``ValueError`` where it has none that we write.

    No blanks, names in the order of their UTF-16 code units, texts with no more escapes than they need (RFC 8785,
    section 3.2). Of numbers only whole ones that a double holds: our documents have decimals as texts.
    """
    return _text(document).encode()


def _text(value: object) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() if abs(value) <= _GREATEST:
            return str(value)
        case list() | tuple():
            return f"[{','.join(map(_text, value))}]"
        case dict() if all(isinstance(name, str) for name in value):
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return f"{{{','.join(f'{_text(name)}:{_text(value[name])}' for name in names)}}}"
        case _:
            message = f"{type(value).__name__} has no canonical text here"
            raise ValueError(message)
