"""Takes the bytes of a file of settings (TOML); gives its text, its tables, and a refusal with the line at fault."""

from __future__ import annotations

import re
import tomllib
from typing import NoReturn

from msgspec import Struct

from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.toml_document import toml_document

MOST_BYTES = 1_000_000
"""A mapping of more bytes than this is not one."""


def document_of(content: bytes, name: str) -> tuple[str, dict[str, object]]:
    """Return the text of a mapping and what stands in it; raises ``UsageRefusal`` where it cannot be read."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        return text, toml_document(text)
    except UnicodeDecodeError as error:
        message = f"the mapping `{name}` is not valid UTF-8"
        raise UsageRefusal(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"the mapping `{name}` is not valid TOML: {error}"
        raise UsageRefusal(message) from error


class SettingsFile(Struct, frozen=True):
    """A file of settings, as it is called and as it is written."""

    name: str
    text: str

    def table(self, document: dict[str, object], key: str) -> dict[str, object]:
        """Return a table; an empty one if it is not there."""
        given = document.get(key, {})
        if not isinstance(given, dict):
            self.refuse(f"`{key}` is not a table", key, f"write `[{key}]` on a line of its own")
        return given

    def refuse(self, message: str, key: str, help: str | None) -> NoReturn:  # noqa: A002
        """Refuse with the line on which the key is set, else the first that holds it."""
        lines = self.text.split("\n")
        set_here = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
        places = [n for n, line in enumerate(lines, 1) if set_here.match(line)]
        places += [n for n, line in enumerate(lines, 1) if key in line.split("#", 1)[0]]
        placed = f"{self.name}:{places[0] if places else 1}: {message}"
        raise UsageRefusal(placed, help=help)
