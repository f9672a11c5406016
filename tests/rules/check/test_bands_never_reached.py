"""Takes pairs of bands by needs; holds the checker to telling of the first exactly where nobody is ever in it."""

from __future__ import annotations

import operator
from itertools import product

from tallystick.rules.load import read
from tallystick.rules.source import Source

BOOK = """rulebook "Test" version 1.0.0
    owner "o"

records
    subject text
    kind    one of post, like
    at      time

subjects
    trusted yes/no

measure posts "post" / "posts"
    count post

measure likes "like" / "likes"
    count like

score "Score"
    sum of all rules

bands
    first "First"
        needs {first} "f"
    second "Second"
        needs {second} "s"

rule r "R"
    points if trusted then posts else likes
    because "b"
"""
HOLDS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _told(first: str, second: str) -> list[str]:
    _, found = read(Source("test.tally", BOOK.format(first=first, second=second)))
    assert {each.name for each in found} <= {"band-never"}, [each.message for each in found]
    return [each.message for each in found]


def test_told_exactly_where_the_second_follows_from_the_first() -> None:
    """Whatever the comparisons, a band is told of if every number of posts that reaches it reaches the next, too."""
    for one, other in product(product(HOLDS, (1, 2, 3)), repeat=2):
        passed = all(HOLDS[other[0]](n, other[1]) for n in range(9) if HOLDS[one[0]](n, one[1]))
        told = _told(f"posts {one[0]} {one[1]}", f"posts {other[0]} {other[1]}")
        assert told == (["nobody is ever in band `first`"] if passed else []), (one, other)


def test_help_names_what_would_mend_it() -> None:
    """Bands that ask for the same are not to change places, which would leave the other without anybody."""
    for second, order in (("posts >= 5", False), ("posts >= 3", True)):
        (found,) = read(Source("test.tally", BOOK.format(first="posts >= 5", second=second)))[1]
        assert found.help is not None
        assert ("write `second` before `first`" in found.help) is order
        assert "let `second` ask for more" in found.help


def test_several_needs_and_other_conditions() -> None:
    """All needs of the later band must follow; what is no comparison follows from the same words alone."""
    both = 'posts >= 5 "f"\n        needs trusted'
    assert _told(both, "trusted")
    assert _told(both, 'posts > 3 "s"\n        needs trusted')
    assert not _told(both, 'posts > 3 "s"\n        needs likes >= 1')
    assert not _told("posts >= 5 or likes >= 5", "posts >= 5")
