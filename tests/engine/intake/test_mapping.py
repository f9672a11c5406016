"""A mapping file gives the names of a file's fields and kinds, or is refused with the line at fault."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.engine.intake.mapping import load_mapping, read_mapping
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.rulebook import Rulebook

RULEBOOK = """\
rulebook "Stars" version 1.0.0
    owner "x"

records
    subject text
    actor   from "user_login" text
    kind    one of like, share
    at      time

subjects
    joined date optional

measure likes "like" / "likes"
    count like

rule liked "People like it"
    points likes
    because "A like is a like."

score "Stars"
    sum of all rules
"""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return a small rulebook."""
    return accepted(RULEBOOK)


def test_a_mapping_is_read(rulebook: Rulebook, tmp_path: Path) -> None:
    """Fields by path, attributes, kinds, and what to skip; its digest is of the file's bytes."""
    content = b"""\
skip = ["PushEvent"]
[fields]
actor = "actor.login"
[subjects]
joined = "created_at"
[kinds]
WatchEvent = "like"
"Fork Event" = "share"
"""
    (tmp_path / "map.toml").write_bytes(content)
    mapping = load_mapping(tmp_path / "map.toml", rulebook)
    assert mapping.fields == {"actor": "actor.login"}
    assert mapping.subjects == {"joined": "created_at"}
    assert mapping.kinds == {"WatchEvent": "like", "Fork Event": "share"}
    assert mapping.skip == {"PushEvent"}
    assert mapping.sha256 == hashlib.sha256(content).hexdigest()


def test_skip_may_stand_below_kinds(rulebook: Rulebook) -> None:
    """As it is written by whoever reads the page top down."""
    mapping = read_mapping(b'[kinds]\nWatchEvent = "like"\nskip = ["PushEvent"]\n', "m", rulebook)
    assert (mapping.kinds, mapping.skip) == ({"WatchEvent": "like"}, {"PushEvent"})


def test_a_mapping_overrides_from(rulebook: Rulebook) -> None:
    """A field that it does not name keeps its column."""
    subject, actor, *_ = rulebook.records or ()
    mapping = read_mapping(b'[fields]\nactor = "who"\n', "m", rulebook)
    assert (mapping.column(subject), mapping.column(actor)) == ("subject", "who")
    assert read_mapping(b"", "m", rulebook).column(actor) == "user_login"


def test_a_kind_that_the_rulebook_does_not_list_is_told(rulebook: Rulebook) -> None:
    """It may serve another rulebook, too, so it is no error."""
    (notice,) = read_mapping(b'[kinds]\nWatchEvent = "star"\n', "m", rulebook).notices
    assert "`star`" in notice


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[fields\n", "not valid TOML"),
        (b"\xff", "not valid UTF-8"),
        (b'\n[feilds]\nactor = "x"\n', "m:2: there is no setting `feilds`"),
        (b'[fields]\nactor = "x"\nactr = "y"\n', "m:3: the rulebook's records have no field `actr`"),
        (b"[fields]\nactor = 7\n", "m:2: `actor` in `\\[fields\\]` is not a text"),
        (b'[fields]\nactor = ""\n', "m:2: `actor`"),
        (b'fields = "x"\n', "m:1: `fields` is not a table"),
        (b'skip = "PushEvent"\n', "m:1: `skip` is not a list"),
        (b"skip = [7]\n", "m:1: `skip` is not a list"),
        (b'skip = ["A"]\n[kinds]\nA = "like"\n', "`A` is both renamed and skipped"),
        (b'[subjects]\nage = "x"\n', "m:2: the rulebook's subjects have no attribute `age`"),
        (b'[kinds]\nA = "like"\n[fields]\nkind = 7\n', "m:4: `kind` in `\\[fields\\]` is not a text"),
        (b"[kinds]\nA = true\n", "m:2: `A` in `\\[kinds\\]` is not a text"),
    ],
)
def test_a_mistake_is_refused_with_its_place(rulebook: Rulebook, content: bytes, words: str) -> None:
    """Nothing in a mapping is passed over."""
    with pytest.raises(UsageRefusal, match=words):
        read_mapping(content, "m", rulebook)


def test_a_file_that_is_not_there_or_too_great_is_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    """In words."""
    with pytest.raises(UsageRefusal, match="cannot be read"):
        load_mapping(tmp_path / "m.toml", rulebook)
    (tmp_path / "m.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(UsageRefusal, match="more than 1,000,000 bytes"):
        load_mapping(tmp_path / "m.toml", rulebook)


def test_skip_may_stand_below_any_table(rulebook: Rulebook) -> None:
    """TOML makes it a key of the table above it, which nobody means."""
    for text in (
        'skip = ["x"]\n[fields]\n[kinds]\n',
        '[fields]\nskip = ["x"]\n[kinds]\n',
        '[kinds]\nskip = ["x"]\n[fields]\n',
    ):
        assert read_mapping(text.encode(), "m.toml", rulebook).skip == {"x"}


def test_a_table_that_there_is_not_is_found_where_it_stands(rulebook: Rulebook) -> None:
    """Not where its name occurs first."""
    with pytest.raises(UsageRefusal, match=r"^m.toml:3: there is no setting `kind`"):
        read_mapping(b'[fields]\nkind = "type"\n[kind]\n', "m.toml", rulebook)


@pytest.mark.parametrize("content", [b"a." * 50_000 + b"a = 1", b"kinds = " + b"9" * 100_000, b"a = " + b"[" * 9_000])
def test_no_mapping_takes_unbounded_time_or_memory(rulebook: Rulebook, content: bytes) -> None:
    """What would cost more for each part of a key than for all before it is refused before it is read."""
    with pytest.raises(UsageRefusal, match=r"the mapping `x\.toml` is not valid TOML: "):
        read_mapping(content, "x.toml", rulebook)
