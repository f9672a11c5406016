"""Takes English sentences; gives them in a made-up language: accented, longer, right to left, of six plural forms.

Whatever comes out of a page without an accent was not said through ``tongue`` or not as a whole; the tests look for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Literal

from tallystick.explain.languages.language import PSEUDO, Signs, figure
from tallystick.explain.tongue import OwnWords, Tongue

ACCENTS = str.maketrans("aceginorsuyzACEGINORSUYZ", "āćēğīñōŕšūýžĀĆĒĞĪÑŌŔŠŪÝŽ")
"""Letters that no English sentence has; six in ten of all letters become one of them."""
BEGINS, ENDS = "«", "»"
"""Around each sentence: a half of one that was put together elsewhere shows."""
_PLACE = re.compile(r"(\{[a-z_0-9]+\}|`[^`]*`)")
_VOWEL = re.compile(r"([āēīōū])")
_MARKED = ("zero", "one", "two", "few", "many", "other")
_FEW, _MANY = range(3, 11), range(11, 100)
_SIGNS = Signs("·", "’", 3, 2)


def pseudo(message: str) -> str:
    """Return a sentence with accents, each vowel twice; places and code stay."""
    parts = _PLACE.split(message)
    worded = (part if at % 2 else _VOWEL.sub(r"\1\1", part.translate(ACCENTS)) for at, part in enumerate(parts))
    return f"{BEGINS}{''.join(worded)}{ENDS}"


def pseudo_tongue(own: OwnWords) -> Tongue:
    """Return the language. Its six forms are those of Arabic, each with its name before it."""
    return Tongue(
        language=PSEUDO,
        direction="rtl",
        sentence=lambda _, message: pseudo(message),
        form=_form,
        category=_category,
        figure=partial(figure, _SIGNS),
        decimal_sign=_SIGNS.decimal,
        day=_day,
        listed=_listed,
        own=own,
    )


def _form(one: str, many: str, n: Decimal) -> str:
    return pseudo(f"{_category(n)}~ {one if n == 1 else many}")


def _category(n: Decimal) -> str:
    """Return the form for so many, as in Arabic."""
    if n != n.to_integral_value() or n < 0:
        return "other"
    if n <= 2:  # noqa: PLR2004  (none, one and two have forms of their own)
        return _MARKED[int(n)]
    rest = int(n) % 100
    return "few" if rest in _FEW else "many" if rest in _MANY else "other"


def _day(value: date) -> str:
    return f"{value:%d}/{value:%m}/{value:%Y}"


def _listed(words: Sequence[str], last: Literal["and", "or"]) -> str:
    return f"{'، '.join(words[:-1])} {'&' if last == 'and' else '|'} {words[-1]}"
