"""Takes the place of a site; gives the key that its addresses are made with, which is never inside the site."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tallystick.cli.complaints import Stop

_BYTES = 32
_FEWEST = 32
"""A key of fewer characters could be guessed."""
_FEWEST_DIFFERENT = 8
"""Of 32 characters made at random, even of the sixteen of hexadecimals, one in ten million has fewer."""


def beside(site: Path, suffix: str) -> Path:
    """Return the place of a file that belongs to a site and stands beside it."""
    named = site if site.name not in ("", "..") else site.resolve()
    return named.with_name(named.name + suffix)


def key_of(given: str | None, site: Path) -> tuple[bytes, Path, bool]:
    """Return the key, its file, and whether it was made just now; raises ``Stop`` where there is none to be had."""
    path = beside(site, ".key") if given is None else Path(given)
    if path.resolve().is_relative_to(site.resolve()):
        message = f"the key `{path}` is inside the site, where everybody could read it"
        raise Stop(message, help="keep it elsewhere")
    if given is None and not path.exists():
        return _made(path), path, True
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"the key `{path}` cannot be read"
        raise Stop(message, help="leave `--key` out, and a key is made beside the site") from error
    if (wrong := _not_random(text)) is not None:
        message = f"the key `{path}` {wrong}"
        raise Stop(message, help="leave `--key` out, and a key is made beside the site")
    return text.encode(), path, False


def _not_random(text: str) -> str | None:
    """Say why a text was surely not made at random, or could be tried out; None where neither can be told."""
    if len(text) < _FEWEST:
        return f"has {len(text)} characters, and fewer than {_FEWEST} can be guessed"
    if any(each.isspace() for each in text):
        return "has spaces or several lines: it is a text that somebody wrote, and a key is one word made at random"
    if (several := len(set(text))) < _FEWEST_DIFFERENT:
        return f"has {several} different {'character' if several == 1 else 'characters'}, and can be guessed"
    return None


def _made(path: Path) -> bytes:
    """Make a key that only its owner can read; no key is left where it could not be written whole."""
    text = secrets.token_hex(_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{text}\n")
        except OSError:
            path.unlink()
            raise
    except OSError as error:
        message = f"the key `{path}` cannot be written: {error.strerror}"
        raise Stop(message) from error
    return text.encode()
