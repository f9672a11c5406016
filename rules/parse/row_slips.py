"""Takes what stands before the colon of a table's row; gives the row's bounds as they are written here."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from tallystick.rules.parse.tokens import Token

_VALUE: Final = r"((?:- )?[0-9][^ ]*(?: %)?)"
_ABOVE: Final = "(?:more|greater|higher|larger|above|over|later|after|older)"
_BELOW: Final = "(?:less|fewer|lower|smaller|below|under|earlier|before|younger)"
_EQUAL: Final = "(?: than)? or equal(?: to)?"
_LEAST: Final = (
    (re.compile(rf"(?:{_ABOVE}(?: than)?|>) {_VALUE}"), "over {}"),
    (re.compile(rf"(?:{_ABOVE}{_EQUAL}|>=|at least|from) {_VALUE}"), "{} or more"),
    (re.compile(rf"{_VALUE} (?:\+|(?:or|and) (?:{_ABOVE}|up))"), "{} or more"),
)
_MOST: Final = (
    (re.compile(rf"(?:to )?(?:{_BELOW}(?: than)?|<) {_VALUE}"), "under {}"),
    (re.compile(rf"(?:{_BELOW}{_EQUAL}|<=|at most|to|up to) {_VALUE}"), "up to {}"),
    (re.compile(rf"{_VALUE} (?:or|and) (?:{_BELOW}|down)"), "up to {}"),
)
"""Ways to write one end of a range, and how it is written here."""
_BETWEEN: Final = re.compile(rf"between {_VALUE} and {_VALUE}")
_JOINED: Final = re.compile(r" (?:and |but )?(?=[^ ])")
_BOTH: Final = {"{} or more": "{}", "over {}": "over {}", "up to {}": "to {}", "under {}": "to under {}"}
"""How an end is written where there is another one."""


def bounds(tokens: tuple[Token, ...]) -> str | None:
    """Return the bounds of a row as they are written here, or nothing where anything else stands among them."""
    before = " ".join(each.text for each in takewhile(lambda each: each.text != ":", tokens))
    if (found := _BETWEEN.fullmatch(before)) is not None:
        return " to ".join(_plain(value) for value in found.groups())
    if (one := _end(before, (*_LEAST, *_MOST))) is not None:
        return one[0].format(one[1])
    for joint in _JOINED.finditer(before):
        parts = before[: joint.start()], before[joint.end() :]
        for least, most in (parts, parts[::-1]):
            low, high = _end(least, _LEAST), _end(most, _MOST)
            if low is not None and high is not None:
                return " ".join(_BOTH[form].format(value) for form, value in (low, high))
    return None


def _end(written: str, forms: tuple[tuple[re.Pattern[str], str], ...]) -> tuple[str, str] | None:
    """Return how an end of a range is written here, and its value."""
    tried = ((form, pattern.fullmatch(written)) for pattern, form in forms)
    return next(((form, _plain(found[1])) for form, found in tried if found is not None), None)


def _plain(value: str) -> str:
    return value.replace(" ", "")
