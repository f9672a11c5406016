"""Takes a word and what stands around it; says whether it is a keyword there or a name.

Any word but the reserved ones may be a name. In most places the grammar has room for only one of the two, and then
that one is meant. Here are the places that have room for both, found by listing the states of the table.
"""

from __future__ import annotations

from typing import Final

from tallystick.rules.parse.tokens import Token, TokenKind

RESERVED: Final = frozenset(
    ["and", "or", "not", "if", "then", "else", "in", "is", "missing", "days", "years", "seconds", "returned"],
)
"""The words that are never names."""

FUNCTIONS: Final = ("min", "max", "abs", "round", "floor", "ceiling", "sqrt", "ln", "log10", "exp", "erfc")
"""The functions; each is one only where a parenthesis follows it."""

LINE_WORDS: Final = frozenset(
    [
        "rulebook", "owner", "contact", "purpose", "measures", "not", "effective", "time", "source", "noise",
        "use", "records", "subjects", "parameter", "require", "exclude", "discount", "measure", "facet",
        "rule", "score", "bands", "promise", "example", "because", "when", "otherwise", "repeats", "to",
        "count", "distinct", "sum", "average", "highest", "lowest", "latest", "days", "h", "within",
        "diluted", "keep", "total", "halving", "weight", "level", "points", "at", "for", "say", "baseline",
        "mean", "rounded", "reasons", "from", "needs", "one", "own", "expect", "band", "no", "insufficient",
        "as", "under", "up", "over", "missing",
    ],
)  # fmt: skip
"""The keywords that can begin a line."""

LINES_OF: Final = {
    "rulebook": "owner contact purpose measures not time effective source noise",
    "parameter": "because from",
    "require": "when otherwise because",
    "exclude": "when repeats because",
    "discount": "to when because",
    "measure": "count distinct sum average highest lowest latest days h when within diluted keep total halving because",
    "facet": "rule at because",
    "rule": "weight level points at when otherwise for say because baseline",
    "points by": "under up over missing otherwise",
    "score": "sum mean at rounded reasons",
    "bands": "from",
    "promise": "one own score",
    "example": "as subjects records expect",
    "expect": "score band no insufficient because",
}
"""The keywords that can begin a line in a declaration, or in a line that has others under it."""

DECLARATIONS: Final = frozenset(
    [
        "use", "records", "subjects", "parameter", "require", "exclude", "discount", "measure", "facet", "rule",
        "score", "bands", "promise", "example",
    ],
)  # fmt: skip

_AFTER_A_NAME: Final = frozenset([":", ",", "or"])
_AFTER_A_VALUE: Final = frozenset(["and", "or", "or else", "in", "is", "not", "starts", "ends", "contains"])


def is_keyword(word: str, after: tuple[Token, ...], *, has_block: bool) -> bool:
    """Decide where both are possible; ``after`` is the rest of the line, ``has_block`` whether lines stand under it."""
    follows = tuple(token.text for token in after[:3])
    kind = after[0].kind if after else TokenKind.END
    match word:
        case "from":  # bands: `from 20 low "…"`, but `from "…"`
            return kind is not TokenKind.TEXT
        case "by":  # `sum by kind` and `points by x` have rows; `sum by of share` and `points by + 1` have none
            begins = kind is TokenKind.NUMBER or (kind is TokenKind.WORD and follows[0] not in _AFTER_A_VALUE)
            return has_block or follows == ("kind",) or (begins and follows[:1] != ("of",))
        case "applicable":  # `otherwise not applicable`
            return not after
        case "under":  # a table: `under 5: 1`, but `under: 1`; `1 to under 5: 1`, but `1 to under: 1`
            return _begins_range(follows)
        case "over":
            return _begins_range(follows) or (follows[:2] == ("to", "to") and follows[2:] != (":",))
        case "up":
            return follows[:1] == ("to",)
        case "otherwise":
            return follows[:1] == (":",)
        case "band" | "because" | "no" | "insufficient":  # what is expected: `band low`, but `band 5` and `band -5`
            return kind is not TokenKind.NUMBER and follows[:1] != ("-",)
        case _:
            return True


def _begins_range(follows: tuple[str, ...]) -> bool:
    """Say whether a bound follows, and not what would make the word itself a bound or a value."""
    if follows[:1] == ("to",):
        return follows[1:2] == (":",)
    return bool(follows) and follows[0] not in _AFTER_A_NAME
