"""Takes sources as they come; asks whether every row becomes a record or is counted with the reason why not."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import tracemalloc
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine.gathering.gather import Account, gather
from tallystick.engine.gathering.recipe import load_recipe, read_recipe, shipped
from tallystick.engine.gathering.records import LeftOut, Skipped, Unreadable, record_of
from tallystick.engine.refusals import DataRefusal, Refusal, UsageRefusal

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "examples" / "sources"
REAL = ROOT.parent / "shared" / "data"
PLAIN = b'[fields]\nsubject = "who"\nkind = "what"\nat = "when"\n'


def taken(source: Path | tuple[str, ...], recipe: str | bytes, out: Path) -> tuple[Account, list[dict[str, str]]]:
    """Read a source; give the account and the records as written."""
    known = load_recipe(recipe) if isinstance(recipe, str) else read_recipe(recipe, "mine.toml")
    account = gather(source if isinstance(source, tuple) else str(source), known, out, lambda _doing, _rows: None)
    with out.open(encoding="utf-8", newline="") as file:
        return account, list(csv.DictReader(file))


def test_recipes_are_shipped() -> None:
    """Each mapping that the command names is there, and reads."""
    assert shipped() == ("discourse", "git", "github-events", "mastodon")
    for name in shipped():
        assert set(load_recipe(name).fields) >= {"subject", "actor", "kind", "at"}


def test_events_of_a_code_host(tmp_path: Path) -> None:
    """A review counts for whoever opened the pull request, a star for the owner, a push for whoever pushed; what is
    not public is never read."""
    account, records = taken(SOURCES / "github-events.jsonl", "github-events", tmp_path / "out.csv")
    assert [(each["actor"], each["kind"], each["subject"]) for each in records] == [
        ("ada", "push", "ada"),
        ("bob", "star", "ada"),
        ("bob", "pull_request", "bob"),
        ("ada", "review", "bob"),
        ("cleo", "comment", "bob"),
        ("dev", "fork", "ada"),
        ("helper[bot]", "push", "helper[bot]"),
    ]
    assert (account.rows, account.written) == (9, 7)
    assert account.skipped == {"CreateEvent": 1}
    assert account.left_out == {"it is not public": 1}


def test_a_blank_line_is_no_row(tmp_path: Path) -> None:
    """Between objects, a line each, there may be lines with nothing on them, or with blanks."""
    row = '{"who": "ada", "what": "post", "when": "2026-01-01"}'
    (tmp_path / "in.jsonl").write_text(f"{row}\n\n  \t\n{row}\n \n", encoding="utf-8")
    account, records = taken(tmp_path / "in.jsonl", PLAIN, tmp_path / "out.csv")
    assert (account.rows, len(records), account.rejected) == (2, 2, {})


def test_a_forum(tmp_path: Path) -> None:
    """Likes, replies and solutions count for the member whose stream they are in; no message is read, deleted or
    hidden posts are not, and a like is not counted on both sides."""
    account, records = taken(SOURCES / "discourse.json", "discourse", tmp_path / "out.csv")
    assert [(each["actor"], each["kind"], each["subject"], each["item"]) for each in records] == [
        ("ada", "topic", "ada", "10.1"),
        ("bob", "like", "ada", "10.1"),
        ("cleo", "like", "ada", "10.1"),
        ("bob", "reply", "ada", "10.2"),
        ("ada", "post", "ada", "11.3"),
        ("ada", "solution", "ada", "11.3"),
    ]
    assert account.left_out == {"it was deleted or hidden": 1, "private messages are never read": 3}
    assert account.skipped == {"1": 1}
    assert len({each["id"] for each in records}) == len(records)


def test_an_outbox(tmp_path: Path) -> None:
    """A boost, a like or a reply counts for whoever wrote the post; what was not addressed to all is not read."""
    account, records = taken(SOURCES / "mastodon.json", "mastodon", tmp_path / "out.csv")
    people = "https://social.example/users/"
    assert [
        (each["actor"].removeprefix(people), each["kind"], each["subject"].removeprefix(people)) for each in records
    ] == [
        ("ada", "post", "ada"),
        ("bob", "reply", "ada"),
        ("cleo", "boost", "ada"),
        ("bob", "boost", "ada"),
        ("dev", "like", "bob"),
    ]
    assert list(account.left_out.values()) == [2]
    assert "statuses/6" not in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_what_is_boosted_liked_or_edited_may_be_a_whole_reply(tmp_path: Path) -> None:
    """A post that stands whole in an activity is no other act for being a reply: a boost or a like of it counts for
    whoever wrote it, and editing it is no second reply. A collection may call its activities ``items``."""
    people = "https://social.example/users/"
    reply = {"id": f"{people}bob/statuses/2", "attributedTo": f"{people}bob", "inReplyTo": f"{people}ada/statuses/1"}
    acts = [("bob", "Create"), ("bob", "Update"), ("cleo", "Announce"), ("dev", "Like"), ("dev", "Undo")]
    items = [
        {"id": kind, "type": kind, "actor": people + who, "published": "2026-01-05", "to": "as:Public", "object": reply}
        for who, kind in acts
    ]
    del items[2]["object"]["attributedTo"]  # type: ignore[attr-defined]  each has the one reply
    (tmp_path / "acts.json").write_text(json.dumps({"type": "Collection", "items": items}), encoding="utf-8")
    account, records = taken(tmp_path / "acts.json", "mastodon", tmp_path / "out.csv")
    assert [
        (each["actor"].removeprefix(people), each["kind"], each["subject"].removeprefix(people), each["item"][-1])
        for each in records
    ] == [("bob", "reply", "ada", "1"), ("cleo", "boost", "bob", "2"), ("dev", "like", "bob", "2")]
    assert account.skipped == {"Update.Reply": 1, "Undo.Reply": 1}


def test_an_event_about_nobody_counts_for_nobody(tmp_path: Path) -> None:
    """Where it is not said who opened a pull request or an issue, as of accounts that are gone, a review or a comment
    is not the repository's owner's; the row is told. Who opens one just now is known: whoever acts."""
    of = {"pull_request": {"id": 1, "user": None}, "issue": {"id": 2}}
    lines = [
        {
            "id": kind,
            "type": kind,
            "actor": {"login": "bob"},
            "repo": {"name": "ada/garden"},
            "payload": {"action": action, **of},
            "created_at": "2026-01-05T08:00:00Z",
        }
        for kind, action in (
            ("PullRequestEvent", "opened"),
            ("PullRequestReviewEvent", "created"),
            ("PullRequestReviewCommentEvent", "created"),
            ("IssuesEvent", "opened"),
            ("IssueCommentEvent", "created"),
            ("WatchEvent", "started"),
        )
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    account, records = taken(tmp_path / "events.jsonl", "github-events", tmp_path / "out.csv")
    found = [(each["kind"], each["subject"]) for each in records]
    assert found == [("pull_request", "bob"), ("issue", "bob"), ("star", "ada")]
    assert account.rejected == {("subject", "missing"): 3}


@pytest.mark.realdata
@pytest.mark.skipif(not REAL.exists(), reason="the real records are not here")
def test_real_events(tmp_path: Path) -> None:
    """Every line of a real sample is a record or of a kind that is skipped, and none is broken."""
    source = REAL / "github-events" / "events.jsonl.gz"
    account, records = taken(source, "github-events", tmp_path / "out.csv")
    lines = [json.loads(line) for line in gzip.decompress(source.read_bytes()).splitlines()]
    assert account.rows == len(lines) == 150
    assert account.kinds == {
        "comment": 11,
        "issue": 3,
        "pull_request": 2,
        "push": 90,
        "release": 1,
        "review": 8,
        "review_comment": 6,
        "star": 5,
    }
    assert account.rejected == {}
    reviewed = {
        each["id"]: each["payload"]["pull_request"]["user"]["login"]
        for each in lines
        if each["type"] == "PullRequestReviewEvent"
    }
    assert {each["id"]: each["subject"] for each in records if each["kind"] == "review"} == reviewed


def test_forms_of_a_source(tmp_path: Path) -> None:
    """One row is the same from CSV, TSV, JSON Lines, one JSON document and a list in one, compressed or not."""
    row = {"who": "ada", "what": "post", "when": "2026-01-01"}
    (tmp_path / "a.csv").write_text("who,what,when\nada,post,2026-01-01\n", encoding="utf-8")
    (tmp_path / "b.tsv").write_text("what\twhen\twho\npost\t2026-01-01\tada\n", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (tmp_path / "d.json").write_text(json.dumps(row, indent=2), encoding="utf-8")
    (tmp_path / "e.json.gz").write_bytes(gzip.compress(json.dumps(row).encode(), mtime=0))
    for name in ("a.csv", "b.tsv", "c.jsonl", "d.json", "e.json.gz"):
        _, records = taken(tmp_path / name, PLAIN, tmp_path / f"{name}.out.csv")
        assert records == [{"subject": "ada", "kind": "post", "at": "2026-01-01"}], name
    (tmp_path / "f.json").write_text(json.dumps({"page": {"rows": [row, row]}}, indent=1), encoding="utf-8")
    _, records = taken(tmp_path / "f.json", b'rows = "page.rows"\n' + PLAIN, tmp_path / "f.out.csv")
    assert len(records) == 2


def test_a_parquet_file_of_records(tmp_path: Path) -> None:
    """Records can be written as Parquet, with a column for each field."""
    (tmp_path / "a.csv").write_text("who,what,when\nada,post,2026-01-01\n", encoding="utf-8")
    out = tmp_path / "out.parquet"
    gather(str(tmp_path / "a.csv"), read_recipe(PLAIN, "m"), out, lambda _doing, _rows: None)
    assert duckdb.read_parquet(str(out)).fetchall() == [("ada", "post", "2026-01-01")]


def test_damaged_rows_are_kept_with_their_places(tmp_path: Path) -> None:
    """Each row that cannot be read stands in a file of its own with line, field and reason, and is counted."""
    lines = (
        '{"who": "ada", "what": "post", "when": "2026-01-01"}',
        "{broken",
        '{"who": "", "what": "post", "when": "2026-01-01"}',
        '{"who": {"name": "x"}, "what": "post", "when": "2026-01-01"}',
        "[1]",
    )
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    account, records = taken(tmp_path / "a.jsonl", PLAIN, tmp_path / "out.csv")
    assert len(records) == 1
    with (tmp_path / "out.csv.rejected.csv").open(encoding="utf-8", newline="") as file:
        rejected = [(each["line"], each["field"], each["reason"]) for each in csv.DictReader(file)]
    assert rejected == [
        ("2", "", "not JSON"),
        ("3", "subject", "missing"),
        ("4", "subject", "a list or an object where a single value is meant"),
        ("5", "", "not a JSON object"),
    ]
    assert account.rows == 5
    assert sum(account.rejected.values()) == 4


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A file that is there stays as it is, and so does the folder when a source turns out to be damaged."""
    (tmp_path / "a.csv").write_text("who,what,when\nada,post,2026-01-01\n", encoding="utf-8")
    (tmp_path / "out.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageRefusal, match="exists already"):
        taken(tmp_path / "a.csv", PLAIN, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "mine"
    (tmp_path / "b.json").write_text("{\n broken", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DataRefusal, match="not JSON"):
        taken(tmp_path / "b.json", PLAIN, tmp_path / "new.csv")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"[fields]\nsubject = 'a'\nkind = 'b'\n", "does not say where `at` is found"),
        (PLAIN + b"[kinds]\na = 1\n", "mine.toml:6: `a` is not a text"),
        (b"rowz = 'a'\n" + PLAIN, "mine.toml:1: there is no setting `rowz`"),
        (PLAIN + b"item = { pth = 'a' }\n", "mine.toml:5: `item` in `[fields]` does not say where its value is found"),
        (PLAIN + b"item = []\n", "does not say where its value is found"),
        (b"others = 'drop'\n" + PLAIN, "what becomes of kinds"),
        (b"skip = ['x']\n" + PLAIN + b"[kinds]\nx = 'y'\n", "both renamed and skipped"),
        (PLAIN + b"Kind = 'a'\n", "mine.toml:5: `Kind` and `kind` in `[fields]` differ in capitals alone"),
        (PLAIN + b"'' = 'a'\n", "mine.toml:1: a field has no name that can be read"),
        (PLAIN + b'"a\\u0000" = "a"\n', "a field has no name that can be read"),
        (PLAIN + b"".join(b"f%d = 'a'\n" % n for n in range(998)), "names more than 1,000"),
        (PLAIN + b"[fields_of.x]\nkind = 'a'\n", "`kind` cannot be another for one kind"),
        (PLAIN + b"[[leave_out]]\nbecause = 'x'\n", "`[[leave_out]]` is not complete"),
        (PLAIN + b"[[leave_out]]\nbecause = 'x'\nwhen = { a = 'b' }\n", "`a` is not a list of texts"),
        (b"\xff", "not valid UTF-8"),
        (b"[", "not valid TOML"),
        (PLAIN + b"item = " + b"[" * 200 + b"'a'" + b"]" * 200, "mine.toml"),
    ],
)
def test_a_faulty_mapping_is_refused_with_its_place(text: bytes, words: str) -> None:
    """Each mistake in a mapping is told in words, with its line."""
    with pytest.raises(UsageRefusal) as refused:
        read_recipe(text, "mine.toml")
    assert words in str(refused.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.sampled_from(["like", "ada", "2026-01-01", "x.y", "secret"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "kind", "a.b"]), inner, max_size=4)
    ),
    max_leaves=12,
)
ANY = read_recipe(
    b"""skip = ["x.y"]
[fields]
subject = ["a.b", { path = "b", before = "." }, { text = "none", where = "a" }]
kind = { join = ["kind", "a"], with = "." }
at = "kind"
[[leave_out]]
because = "secret"
when = { b = ["secret"], "a.b" = ["secret"] }
""",
    "any",
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(["a", "b", "kind", "a.b"]), JSON, max_size=4))
def test_any_document_becomes_something(document: dict[str, object]) -> None:
    """Whatever a document holds, it is a record of three texts or has a reason; a secret is told as that before all."""
    found = record_of(document, ANY)  # type: ignore[arg-type]
    if document.get("b") == "secret" or document.get("a.b") == "secret":
        assert isinstance(found, LeftOut)
    elif isinstance(found, tuple):
        assert len(found) == 3
        assert all(isinstance(each, str) and each for each in found)
    else:
        assert isinstance(found, LeftOut | Skipped | Unreadable)


@pytest.mark.parametrize("others", ["keep", "skip"])
def test_a_kind_is_no_longer_than_a_text_can_be(others: str, tmp_path: Path) -> None:
    """The account names each kind: one of megabytes would fill the screen. It is a row that cannot be read."""
    rows = [
        {"who": "ada", "what": what, "when": "2026-01-01"} for what in ("a" * 10_000, "a" * 10_001, "\ud800" * 20_000)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    account, records = taken(tmp_path / "a.jsonl", f'others = "{others}"\n'.encode() + PLAIN, tmp_path / "out.csv")
    assert account.rejected == {("kind", "longer than 10000 characters"): 2}
    assert [*account.kinds, *account.skipped] == ["a" * 10_000]
    assert len(records) == (1 if others == "keep" else 0)


def test_what_is_joined_has_an_end(tmp_path: Path) -> None:
    """A mapping can join one long text to itself any number of times: the row is rejected before it is done."""
    joined = b"".join((PLAIN, b"item = { join = [", b'"text",' * 9_000, b'], with = "." }\n'))
    lines = [{"who": "ada", "what": "post", "when": "2026-01-01", "text": each} for each in ("x" * 500_000, "")]
    lines.append({**lines[0], "text": "y"})
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    tracemalloc.start()
    account, _ = taken(tmp_path / "a.jsonl", joined, tmp_path / "out.csv")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert account.rejected == {("item", "longer than 10000 characters"): 2}
    short = PLAIN + b'item = { join = ["text", "text"], with = "." }\n'
    (tmp_path / "b.jsonl").write_text(json.dumps({**lines[0], "text": "y" * 4_999}), encoding="utf-8")
    _, records = taken(tmp_path / "b.jsonl", short, tmp_path / "short.csv")
    assert [len(each["item"]) for each in records] == [9_999]


def git(folder: Path, *words: str, who: str = "Ada <ada@x.example>") -> None:
    """Run git as somebody."""
    name, _, email = who.removesuffix(">").partition(" <")
    role = {"NAME": name, "EMAIL": email, "DATE": "2026-01-02T03:04:05+01:00"}
    around = {f"GIT_{each}_{key}": value for each in ("AUTHOR", "COMMITTER") for key, value in role.items()}
    subprocess.run(
        ("git", "-C", str(folder), *words),
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **around},
    )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository with trailers, a mailmap, a robot, a merge, and settings that would run a program."""
    folder = tmp_path_factory.mktemp("history")
    git(folder, "init", "-q", "-b", "main")
    (folder / ".mailmap").write_text("Robert <bob@x.example> <bob@old.example>\n", encoding="utf-8")
    git(folder, "add", ".")
    git(
        folder,
        "commit",
        "-q",
        "-m",
        "First\n\nReviewed-by: Bob <bob@old.example>\nCc: Cleo <cleo@x.example>\nFixes: #1",
    )
    git(folder, "commit", "-q", "--allow-empty", "-m", "Second\n\nacked-by: nobody at all", who="Bob <BOB@old.example>")
    robot = "renew[bot] <1+renew[bot]@users.noreply.host.example>"
    git(
        folder,
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "Third\n\nCo-authored-by: Zoë Ångström <zoe@x.example>",
        who=robot,
    )
    git(folder, "checkout", "-q", "-b", "side", "HEAD~1")
    git(folder, "commit", "-q", "--allow-empty", "-m", "On the side")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "side")
    git(folder, "config", "log.showSignature", "true")
    git(folder, "config", "gpg.program", str(folder / "never"))
    git(folder, "config", "core.fsmonitor", str(folder / "never"))
    (folder / "never").write_text(f"#!/bin/sh\ntouch {folder}/ran\n", encoding="utf-8")
    (folder / "never").chmod(0o700)
    return folder


def test_a_history(repository: Path, tmp_path: Path) -> None:
    """Commits and trailers give credit, people are those of the mailmap, robots keep their names; merges and trailers
    that credit nobody are counted; nothing of the repository runs."""
    account, records = taken(repository, "git", tmp_path / "out.csv")
    assert sorted((each["subject"], each["actor"], each["kind"]) for each in records) == [
        ("ada@x.example", "ada@x.example", "commit"),
        ("ada@x.example", "ada@x.example", "commit"),
        ("bob@x.example", "ada@x.example", "reviewed"),
        ("bob@x.example", "bob@x.example", "commit"),
        ("renew[bot]", "renew[bot]", "commit"),
        ("zoe@x.example", "renew[bot]", "co_developed"),
    ]
    assert account.skipped == {"Cc": 1, "Fixes": 1, "merge": 1}
    assert account.rejected == {("subject", "missing"): 1}
    assert {each["at"] for each in records} == {"2026-01-02T03:04:05+01:00"}
    assert not (repository / "ran").exists()


@pytest.mark.parametrize(
    ("value", "credited", "unreadable"),
    [
        ("Bob <bob@x>, Cleo <cleo@x>", ["bob@x", "cleo@x"], 0),
        ("Bob <bob@x> and Cleo <cleo@x>", ["bob@x", "cleo@x"], 0),
        ("Bob <bob@x>; Cleo <cleo@x>, and Dan <dan@x> # twice", ["bob@x", "cleo@x", "dan@x"], 0),
        ("Bob <bob@x>, Bobby <old@x>", ["bob@x", "new@x"], 0),  # the mailmap is asked for each
        ('"Doe, Bob" <bob@x> # v2, see <https://x/1>', ["bob@x"], 0),
        ("Bob <bob@x>, cleo@x", ["bob@x"], 1),  # the rest may name somebody, and who reads the account sees so
        ("Bob <bob@x> Cleo <cleo@x>", ["bob@x"], 1),
        ("bob@x, Cleo", [], 1),
        ("Bob <bob@x>" + ", Bob <bob@x>" * 1_000, [], 1),  # longer than a trailer may be
    ],
)
def test_a_trailer_that_names_several(value: str, credited: list[str], unreadable: int, tmp_path: Path) -> None:
    """Each of them is credited; what cannot be told is counted as what cannot be read, and not passed over."""
    folder = tmp_path / "history"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / ".mailmap").write_text("New <new@x> <old@x>\n", encoding="utf-8")
    git(folder, "commit", "-q", "--allow-empty", "-m", f"One\n\nCo-authored-by: {value}\nReviewed-by: Eve <eve@x>")
    account, records = taken(folder, "git", tmp_path / "out.csv")
    helped = [each for each in records if each["kind"] == "co_developed"]
    assert [each["subject"] for each in helped] == credited
    assert [each["subject"] for each in records if each["kind"] == "reviewed"] == ["eve@x"]
    assert [each["id"].partition(".")[2] for each in helped] == ["1", "1.2", "1.3"][: len(helped)]
    assert sum(account.rejected.values()) == unreadable
    assert account.rows == len(records) + unreadable


def test_a_folder_without_history_is_refused(tmp_path: Path) -> None:
    """A repository in which there is no commit is told as that."""
    git(tmp_path, "init", "-q")
    with pytest.raises(Refusal, match="git cannot read the history"):
        taken(tmp_path, "git", tmp_path / "out.csv")
