"""Takes names of people; tells whether a text has one of them in it, as a word and not as part of a longer one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")


class Names:
    """Names to be looked for in many texts, however many they are; capital letters or not."""

    def __init__(self, names: Iterable[str]) -> None:
        """Sort the names by their first word: who stands in a text has it there as a word."""
        self._by_word: dict[str, list[str]] = {}
        self._others: list[str] = []
        for name in sorted({each.casefold() for each in names if each}):
            word = _WORD.search(name)
            if word is None:
                self._others.append(name)
            else:
                self._by_word.setdefault(word[0], []).append(name)

    def are_in(self, text: str) -> bool:
        """Say whether a text has one of the names in it."""
        folded = text.casefold()
        if any(name in folded for name in self._others):
            return True
        words = set(_WORD.findall(folded)) if self._by_word else set()
        return any(_as_a_word(name, folded) for word in words for name in self._by_word.get(word, ()))


def _as_a_word(name: str, text: str) -> bool:
    """Say whether a name stands in a text as a word, or as several: not as a part of a longer one."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not (name[:1].isalnum() and before.isalnum()) and not (name[-1:].isalnum() and after.isalnum()):
            return True
        at = text.find(name, at + 1)
    return False
