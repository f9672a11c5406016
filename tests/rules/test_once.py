"""What is worked out once is worked out for an object, not for its like."""

from __future__ import annotations

from tallystick.rules.once import once


def test_the_same_object_is_worked_out_once() -> None:
    """Asked again for the same object, the function is not called again; for an equal one it is."""
    asked: list[list[int]] = []

    @once(8)
    def length(value: list[int]) -> int:
        asked.append(value)
        return len(value)

    first, like = [1, 2], [1, 2]
    assert [length(first), length(first), length(like)] == [2, 2, 2]
    assert asked == [first, like]
    assert asked[1] is like


def test_no_more_is_kept_than_was_said() -> None:
    """One object more than may be kept, and all are forgotten: memory has a bound."""
    asked: list[int] = []

    @once(2)
    def first_of(value: list[int]) -> int:
        asked.append(value[0])
        return value[0]

    values = [[0], [1], [2]]
    assert [first_of(each) for each in (*values, values[2], values[0])] == [0, 1, 2, 2, 0]
    assert asked == [0, 1, 2, 0]
