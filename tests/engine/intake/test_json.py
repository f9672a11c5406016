"""Damaged and unusual JSON Lines: each line is an object that is read, or rejected with its line and a reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tallystick.engine.intake.json_rows import NESTED, NOT_AN_OBJECT, NOT_JSON, NOT_TEXT, TOO_DEEP, TWICE
from tallystick.engine.intake.lines import NOT_UTF8
from tallystick.engine.refusals import DataRefusal
from tallystick.rules.rulebook import Field
from tallystick.rules.value import NumberType, TextType, YesNoType

FIELDS = (
    Field("subject", "subject", TextType(), optional=False, title=None),
    Field("item", "item", TextType(), optional=True, title=None),
    Field("number", "number", NumberType(Decimal(-(10**12)), Decimal(10**12), 6), optional=True, title=None),
    Field("agreed", "agreed", YesNoType(), optional=True, title=None),
)


@pytest.fixture
def read(reading: Callable[..., object], tmp_path: Path) -> Callable[..., object]:
    """Read bytes as a JSON Lines file."""

    def read(content: bytes, **how: object) -> object:
        (tmp_path / "r.jsonl").write_bytes(content)
        return reading(tmp_path / "r.jsonl", FIELDS, **how)

    return read


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", NOT_JSON),
        (b"", None),
        (b"  ", None),
        (b'{"subject":"a",}', NOT_JSON),
        (b"{'subject':'a'}", NOT_JSON),
        (b'{"subject":"a"} x', NOT_JSON),
        (b'{"subject":"a","number":NaN}', NOT_JSON),
        (b'{"subject":"a","item":"\0"}', NOT_JSON),
        (b'["a"]', NOT_AN_OBJECT),
        (b"1", NOT_AN_OBJECT),
        (b"null", NOT_AN_OBJECT),
        (b'{"subject":"a","subject":"b"}', TWICE),
        (b'{"subject":"a","other":{"x":1,"x":2}}', TWICE),
        (b'{"subject":["a"]}', NESTED),
        (b'{"subject":"a","item":{}}', NESTED),
        (b'{"subject":"a","item":"\\ud800"}', NOT_TEXT),
        (b'{"subject":"a","item":"\xff"}', NOT_UTF8),
        (b'{"subject":"a","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", TOO_DEEP),
        (b"[" * 100_000, NOT_JSON),
    ],
    ids=range(19),
)
def test_a_line_that_is_no_row_is_rejected(read: Callable[..., object], line: bytes, reason: str | None) -> None:
    """The lines around it are read; a line with nothing on it is no row at all."""
    found = read(b'{"subject":"ada"}\n' + line + b'\n{"subject":"bob"}\n')
    assert [row[0] for row in found.rows] == ["ada", "bob"]
    if reason is None:
        assert found.taken.rows == 2
    elif line.startswith(b"[[["):
        assert [row.line for row in found.rejected] == [2]
    else:
        assert found.reasons == [(2, "", reason)]


def test_values_are_read_as_the_text_that_they_are(read: Callable[..., object]) -> None:
    """A number by its digits as written, never through a binary one; null, absent and empty are missing."""
    found = read(
        b'{"subject":12345678901234567890,"item":1.10,"number":0.1,"agreed":true}\n'
        b'{"subject":"a","item":true,"number":"1e-05","agreed":"no"}\n'
        b'{"subject":"b","item":null,"number":""}\n'
        b'{"subject":"c","number":0.3000000000000000000000000000001}\n'
        b'{"subject":"d","number":1%b}\n' % (b"0" * 5_000)
    )
    assert found.rows == [
        ("12345678901234567890", "1.10", Decimal("0.1"), True),
        ("a", "true", Decimal("0.00001"), False),
        ("b", None, None, None),
    ]
    assert [line for line, _, _ in found.reasons] == [4, 5]


def test_a_dotted_path_leads_into_objects(read: Callable[..., object]) -> None:
    """A key of that very name goes first; what is not there, or leads through something else, is missing."""
    found = read(
        b'{"actor":{"login":"ada"},"a.b":"x","a":{"b":"y"}}\n'
        b'{"actor":{"login":"bob"},"a":{"b":"y"}}\n'
        b'{"actor":"cy"}\n'
        b'{"actor":{"login":"dan"},"a":null}\n',
        columns={"subject": "actor.login", "item": "a.b"},
    )
    assert [row[:2] for row in found.rows] == [("ada", "x"), ("bob", "y"), ("dan", None)]
    assert found.reasons == [(3, "subject", "missing")]


def test_a_list_is_not_json_lines(read: Callable[..., object]) -> None:
    """It is refused with what to write, not rejected line by line."""
    with pytest.raises(DataRefusal, match="one JSON list"):
        read(b'[{"subject":"ada"}]')


def test_kinds_are_renamed_and_skipped(reading: Callable[..., object], tmp_path: Path) -> None:
    """A kind in neither keeps its name; a skipped row is counted apart and never rejected for what else it holds."""
    (tmp_path / "r.jsonl").write_bytes(
        b'{"subject":"a","kind":"WatchEvent"}\n{"kind":"PushEvent"}\n{"subject":"b","kind":"Other"}\n{"subject":"c"}\n'
    )
    kind = Field("kind", "kind", TextType(), optional=False, title=None)
    found = reading(tmp_path / "r.jsonl", (FIELDS[0], kind), kinds={"WatchEvent": "like"}, skip=("PushEvent",))
    assert found.rows == [("a", "like"), ("b", "Other")]
    assert found.taken.skipped == 1
    assert found.reasons == [(4, "kind", "missing")]
