"""Damaged and unusual JSON Lines: each line is an object that is read, or rejected with its line and a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallystick.engine.intake import json_rows as intake_json
from tallystick.engine.intake.csv_rows import Cells, Damaged
from tallystick.engine.intake.json_rows import (
    NESTED,
    NOT_AN_OBJECT,
    NOT_JSON,
    NOT_TEXT,
    TOO_DEEP,
    TWICE,
    Columns,
    json_rows,
)
from tallystick.engine.intake.lines import NOT_UTF8, Lines
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
        (b'{"subject":"a","x":' + b"[" * 100 + b"]" * 100 + b"}", TOO_DEEP),
        (b'{"subject" :"a","x":' + b'{"y":' * 100 + b"1" + b"}" * 101, TOO_DEEP),
        (b"[" * 100_000, NOT_JSON),
    ],
    ids=range(21),
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


@pytest.mark.parametrize("key", [b'"subject":', b'"subject" :'])
def test_what_nests_as_deeply_as_it_may_is_read(read: Callable[..., object], key: bytes) -> None:
    """A hundred levels, the row among them: at first sight and looked at closely alike."""
    found = read(b"{" + key + b'"a","x":' + b"[" * 99 + b"]" * 99 + b"}\n")
    assert [row[0] for row in found.rows] == ["a"]


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


def test_values_of_several_sorts_in_one_column_are_each_read_as_the_text_that_they_are(
    read: Callable[..., object],
) -> None:
    """Whether a line is read alone, as the first is, or with those after it; blanks alone are no row."""
    values = (b"7", b"null", b"false", b"true", b'"x"', b"1.50")
    for first in values:
        lines = b"".join(b'{"subject":"a","item":%b}\n' % each for each in (first, *values))
        found = read(b"  \n" + lines)
        texts = ["7", None, "false", "true", "x", "1.50"]
        assert [row[1] for row in found.rows] == [texts[values.index(first)], *texts]
        assert found.reasons == []


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


_NAMES = st.sampled_from(["subject", "item", "number", "agreed", "other", "a.b", "sub\\u006aect", 'i\\"tem'])
_BLANKS = st.sampled_from(["", "", "", "", " ", "\t", "\r", "  ", " \t", "\r \t"])
_TEXTS = ('"a"', '"b\\n"', '"é"', '"x\\":y"', '"\\ud800"', '"\\ud83d\\ude00"', '"-0"', '" -0"', '"{"', '"["', '""')
_NUMBERS = (
    "0",
    "-0",
    "-0.0",
    "0.0",
    "7",
    "-7",
    "1.10",
    "1e5",
    "1E400",
    "18446744073709551616",
    "9" * 5_000,
    "01",
    "1.",
)
_OTHERS = ("true", "false", "null", "nul", "NaN", "-Infinity", "+1", '"\t"', "'a'", "{} {}", "[0,-0]")


def _object(values: list[str]) -> str:
    return "{" + ",".join(f'"b{place % 2}":{value}' for place, value in enumerate(values)) + "}"


_WRITTEN = st.recursive(
    st.sampled_from((*_TEXTS, *_NUMBERS, *_OTHERS)),
    lambda inner: st.one_of(st.builds("[{}]".format, inner), st.lists(inner, max_size=2).map(_object)),
    max_leaves=3,
)
_LINES = st.one_of(
    st.lists(st.tuples(_NAMES, _BLANKS, _BLANKS, _WRITTEN), max_size=4).map(
        lambda pairs: "{" + ",".join(f'"{name}"{before}:{after}{value}' for name, before, after, value in pairs) + "}"
    ),
    st.sampled_from(["", " ", "\r", "\t", "1", "[]", '{"subject":"a"}{"subject":"b"}', '{"subject":"a"},', "{", "}"]),
)
_PLAIN_LINES = st.tuples(st.sampled_from(["a", "b c"]), st.integers(-3, 3), st.booleans()).map(
    lambda of: json.dumps({"subject": of[0], "number": of[1], "agreed": of[2], "a": {"b": of[1]}, "list": [of[1]]})
)


@given(st.one_of(st.lists(_LINES, max_size=5), st.lists(_PLAIN_LINES, max_size=5)), st.booleans(), st.booleans())
@settings(max_examples=settings().max_examples * 4)
@example(lines=['{"subject":"a","number":-0}', '{"subject":"b","number":0}'], closed=False, crlf=False)
@example(lines=['{"subject":"a","a":{"b":[ -0]}}', '{"subject":"a","a":{"b":\t-0}}'], closed=False, crlf=True)
@example(
    lines=['{"subject":"a","subject" :"b"}', '{"subject":"a","item":"x\\":y","item" :"z"}'], closed=True, crlf=False
)
def test_what_is_read_quickly_is_read_as_by_a_close_look(
    lines_of: Callable[[bytes], Lines],
    lines: list[str],
    closed: bool,  # noqa: FBT001  hypothesis gives it
    crlf: bool,  # noqa: FBT001  hypothesis gives it
) -> None:
    """Line by line and together: the same cells, the same reasons, at the same lines."""
    content = ('{"subject":"first"}\n' + ("\r\n" if crlf else "\n").join(lines)).encode()
    columns = ("subject", "item", "number", "agreed", "a.b")

    def rows() -> list[Cells | Damaged]:
        found: list[Cells | Damaged] = []
        for row in json_rows(lines_of(content), columns, closed=closed):
            if isinstance(row, Columns):
                by_row = zip(*row.cells, strict=True)
                found += [Cells(line, list(cells)) for line, cells in enumerate(by_row, row.first)]
                assert len(found) - 1 == row.lines
            else:
                found.append(row)
        return found

    quickly = rows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake_json, "_quickly", lambda _text, _keys: None)
        assert quickly == rows()


def test_plain_lines_are_read_together(
    reading: Callable[..., object], lines_of: Callable[[bytes], Lines], tmp_path: Path
) -> None:
    """All of a block in one go, with its lines and its places; one line that is none sends them to be read one by
    one, and changes nothing else."""
    lines = [json.dumps({"subject": f"s{n}", "number": n, "agreed": n % 2 == 0}) for n in range(50)]
    for damaged in (None, 20):
        written = [*lines]
        if damaged is not None:
            written[damaged] = "{"
        content = "\n".join(written).encode()
        kinds = {type(row) for row in json_rows(lines_of(content), ("subject", "number", "agreed"))}
        assert kinds == ({Cells, Columns} if damaged is None else {Cells, Damaged})
        (tmp_path / "r.jsonl").write_bytes(content)
        found = reading(tmp_path / "r.jsonl", FIELDS)
        assert [row[0] for row in found.rows] == [f"s{n}" for n in range(50) if n != damaged]
        assert [row[2] for row in found.rows] == [Decimal(n) for n in range(50) if n != damaged]
        assert found.reasons == ([] if damaged is None else [(21, "", NOT_JSON)])
