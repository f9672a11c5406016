"""Takes a key and whom a page is for; gives the page's address, which nobody can guess who has not the key."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import date

_BYTES = 16
"""128 bits: as many as make guessing hopeless."""


def address_of_person(key: bytes, rulebook: str, subject: str, value: str | None = None) -> str:
    """Return the address of a person's page: the same for each run of a rulebook, so that it can be kept. ``value``: of
    the page of one value, where the score is by a field; who is shown it can guess no other."""
    return _address(key, "person", rulebook, subject, *(() if value is None else (value,)))


def address_of_run(key: bytes, rulebook: str, as_of: date) -> str:
    """Return the address of the auditors' page."""
    return _address(key, "run", rulebook, as_of.isoformat())


def _address(key: bytes, *words: str) -> str:
    """Return the first half of HMAC-SHA-256 (RFC 2104) of the words, as hexadecimal digits."""
    # A list of JSON: two different lists of words are never one text.
    return hmac.new(key, json.dumps(words).encode(), hashlib.sha256).digest()[:_BYTES].hex()
