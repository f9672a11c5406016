"""Takes nothing; names the most that a rulebook may hold, so that reading any file takes bounded time and memory."""

from __future__ import annotations

from typing import Final

FILE_BYTES: Final = 1_048_576
"""Bytes of a rulebook (or code points, where a text and no file is given)."""

LINE_LENGTH: Final = 10_000
"""Code points of a line."""

NAME_LENGTH: Final = 64
"""Code points of a name."""

TEXT_LENGTH: Final = 2_000
"""Code points of a quoted text, its escapes resolved."""

NUMBER_DIGITS: Final = 38
"""Digits of a number, before and after the point together."""

DEPTH: Final = 100
"""How deep an expression may nest; a chain such as ``a + b + c`` nests once for each operator."""

DECLARATIONS: Final = 2_000
"""Declarations of a file, the rules inside facets among them."""

STEPS: Final = 2_000
"""Measures of records, times the exclusions and discounts: for each pair the ledger says what the one took from the
other."""

REPEATS: Final = 50
"""Exclusions of what repeats: each looks at what the ones before it have left, in an order of its own."""

DISCOUNTED: Final = 500
"""Measures of records, times the discounts: each discount is a step of its own on the way to each measure."""

HALF_LIVES: Final = 1_000_000
"""Days of all half-lives together: for each there is a table of what is left at every age until nothing is."""

LEVELS: Final = 5
"""How many times over a measure reads what actors earned from what actors earned: each takes in all records again."""

FORMULAS: Final = 200
"""How many measures that are formulas read each other in a row: each is worked out after what it reads."""

DATES: Final = 50
"""Days on which a parameter gets another value: a file is checked once for each."""

DATED_TEXT: Final = 10_000_000
"""Such days times the characters of the file."""

BY_VALUES: Final = 50
"""Values of the field that a score is ``by``: for each, everybody is scored by that value's records."""

BY_WORK: Final = 10_000
"""Such values times the measures and rules."""

USED_FILES: Final = 20
"""Files that a rulebook may use, and those that they use."""

USE_DEPTH: Final = 5
"""How many files may use each other in a row."""

GRID_ROWS: Final = 1_000
"""Rows of one table of an example, its heading among them."""

MISTAKES: Final = 200
"""Mistakes that are told in one go; a file with more is likely not a rulebook."""
