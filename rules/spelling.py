"""Takes a word that is not known and those that are; gives the one it was likely meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the nearest known word, if its distance is at most a third of the word's length."""
    most = len(word) // 3
    best: tuple[int, str] | None = None
    for other in known:
        if abs(len(other) - len(word)) > most:
            continue
        far = distance(word, other)
        if far <= most and (best is None or (far, other) < best):
            best = (far, other)
    return None if best is None else best[1]


def distance(one: str, other: str) -> int:
    """Count the letters to put in, take out, replace or swap with the next to make one word of the other."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        here = [i]
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, here[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]
