"""Takes an author's text; gives the phrases in it that are no reason by Regulation B, and where they stand.

Found whatever the case, the spacing, the punctuation and the accents, in English and German. INVARIANT: no pattern can
take longer than the text is long, times a constant: gaps are bounded, and nothing repeated stands in what repeats.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

_POLICY = r"(?:standards?|polic(?:y|ies)|guidelines?|criteria)"
_MARK = r"(?:cut ?off|pass mark|passing mark|threshold|minimum|limit|required)"
_SCORE = r"(?:(?:credit|risk|internal|overall|total) )?score"
_TALLY = rf"(?:{_SCORE}|number of points|points)"
_NEEDED = (
    r"(?:qualifying|required|minimum|necessary|passing|needed|sufficient|cut ?off|acceptable|high enough|good enough|"
    r"enough)"
)
_THE = r"(?:(?:a|an|the|our|its|any) )?"
_REACH = r"(?:achieve|reach|attain|meet|obtain|get|earn)"
_REACHED = r"(?:achieved?|reach(?:ed)?|attain(?:ed)?|meet|met|obtain(?:ed)?|get|got|earn(?:ed)?)"
_REACHABLE = rf"(?:{_THE}{_NEEDED} {_TALLY}|{_THE}{_SCORE})"
_RICHTLINIE = r"(?:richtlinien?|standards?|vorgaben?|vorschrift(?:en)?|kriterien|grundsatzen?|regeln?|massstaben?)"
_PUNKTE = r"(?:score|scorewert|punktzahl|mindestpunktzahl|punktwert|punktestand|punkte|mindestscore)"
_NOTIG = r"(?:erforderlich|notig|benotigt|notwendig|gefordert|verlangt|ausreichend|qualifizierend)e?[nrs]?"
_PATTERNS = tuple(
    re.compile(rf"\b(?:{pattern})\b")
    for pattern in (
        # "internal standards or policies", and its fellows
        rf"internal (?:(?:credit|lending|scoring|company) )?{_POLICY}(?: (?:or|and) {_POLICY})?",
        r"(?:standards?|polic(?:y|ies)) (?:of|set by) (?:the|our) (?:creditor|lender|bank|company)",
        r"(?:creditor|lender|bank|company) s (?:standards?|polic(?:y|ies))",
        # "failed to achieve a qualifying score", "you failed to reach the score"
        rf"(?:fail|fails|failed|failing|failure|unable|not able) to {_REACH} {_REACHABLE}",
        rf"(?:do|does|did|has|have|could|can) ?(?:not|n t|nt) {_REACHED} {_REACHABLE}",
        r"(?:no|without|without a) (?:qualifying|passing) score",
        rf"{_TALLY} (?:is|was|are|were|has been) (?:too (?:low|few)|not high enough|insufficient|not sufficient)",
        rf"{_SCORE} too low",
        rf"{_SCORE} (?:(?:is|was|lies|falls|fell) )?below {_THE}{_MARK}",
        r"(?:too few|not enough|insufficient) points",
        rf"insufficient {_SCORE}",
        # in German
        rf"(?:haus)?intern(?:e[nrs]?)? (?:\w+ (?:und|oder) )?{_RICHTLINIE}(?: (?:und|oder) {_RICHTLINIE})?",
        rf"{_NOTIG} {_PUNKTE} (?:\w+ ){{0,3}}?(?:nicht(?: (?:erreicht|erzielt|geschafft))?|verfehlt|unterschritten)",
        r"(?:mindestpunktzahl|mindestscore) (?:\w+ ){0,3}?(?:verfehlt|unterschritten)",
        rf"{_PUNKTE} (?:\w+ ){{0,3}}?nicht (?:erreicht|erzielt|geschafft)",
        rf"{_PUNKTE} (?:\w+ ){{0,2}}?(?:zu (?:niedrig|gering|klein)|nicht (?:hoch genug|ausreichend))",
        r"(?:zu wenige?|nicht genug|nicht genugend|nicht ausreichende?) punkte?",
    )
)


class Phrase(Struct, frozen=True):
    """A phrase as it was written, from ``start`` up to, not including, ``end``."""

    text: str
    start: int
    end: int


def says(text: str | None) -> bool:
    """Say whether there are any words."""
    return text is not None and text.strip() != ""


def forbidden(text: str) -> tuple[Phrase, ...]:
    """Return the phrases of a text that are no reason, in its order, none within another."""
    folded, places = _folded(text)
    found = sorted((match.span() for pattern in _PATTERNS for match in pattern.finditer(folded)), key=_first_longest)
    return tuple(_phrases(text, places, found))


def _first_longest(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], -span[1]


def _phrases(text: str, places: list[int], spans: list[tuple[int, int]]) -> Iterator[Phrase]:
    reached = 0
    for start, end in spans:
        if start < reached:
            continue
        reached = end
        first, last = places[start], places[end - 1] + 1
        yield Phrase(text[first:last], first, last)


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text as words with one blank between them, and where each character of it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for each in unicodedata.normalize("NFKD", char).casefold():
            category = unicodedata.category(each)
            if category in ("Mn", "Me", "Cf"):
                continue
            word = each.isalnum()
            if word or (letters and letters[-1] != " "):
                letters.append(each if word else " ")
                places.append(place)
    return "".join(letters), places
