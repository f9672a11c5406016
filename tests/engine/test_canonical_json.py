"""A JSON document has one canonical text, that of RFC 8785."""

from __future__ import annotations

import json

import pytest

from tallystick.engine.canonical_json import canonical


def test_the_samples_of_the_rfc() -> None:
    """Section 3.2.2, but for its numbers, which are fractions; and section 3.2.3, of the order of names."""
    strings = json.loads(
        r'{"string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}'
    )
    assert canonical(strings) == b'{"literals":[null,true,false],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    names = json.loads(
        r'{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", '
        r'"\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}'
    )
    assert list(json.loads(canonical(names)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_layout_and_order_are_nothing() -> None:
    """However a document is laid out, its text is one, and it is the same document."""
    document = {"b": [1, {"d": "x", "c": -2}], "a": None}
    for text in (json.dumps(document), json.dumps(document, indent=4, sort_keys=True)):
        assert canonical(json.loads(text)) == b'{"a":null,"b":[1,{"c":-2,"d":"x"}]}'


@pytest.mark.parametrize("value", [0.5, float("nan"), 2**53, -(2**53), {1: 2}, b"x", "\ud800"], ids=ascii)
def test_what_others_might_write_otherwise_is_refused(value: object) -> None:
    """A fraction, a number that no double holds, half a character: better none than two texts of one document."""
    with pytest.raises(ValueError):  # noqa: PT011  half a character is one of its kind
        canonical([value])
