"""`--audience` says for whom an output is: what they may not see is in none, and none passes the option over."""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tallystick.cli.main import app
from tallystick.explain import Explanation
from tallystick.explain.change.document import Change
from tallystick.explain.site.documents import PublicDocument
from tallystick.explain.what_if.document import WhatIf

RULEBOOK = Path(__file__).parents[1] / "explain/rulebooks/private.tally"
HOSTILE = (
    "<script>alert('bobrow')</script>",
    '=HYPERLINK("http://evil.example")',
    "\x1b[31mcyd\u202e",
    "| a | b |",
    "@sum",
)
"""Names, ids, items and notes: markup, a formula, commands of a terminal, a table of Markdown, a formula."""
SECRETS = ("735190", "812340", "4.37", "kept secret", "Onward quietly")
"""What of these is the person's own, the person may see."""


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Score two days of hostile records and people into run folders, and write another version of the rulebook."""
    folder = tmp_path_factory.mktemp("audience")
    records = [["id", "subject", "actor", "kind", "at", "stars", "item", "note", "flagged"]]
    subjects = [["subject", "age", "joined", "motto"], ["ada", "735190", "2020-01-01", "Onward quietly"]]
    for number, name in enumerate(HOSTILE, start=1):
        flagged = "yes" if number == 3 else "no"
        records.append(
            [f"r{number}", "ada", name, "like", f"2026-02-0{number}", "", name, f"kept secret {name}", flagged]
        )
        records.append([f"v{number}", name, "ada", "like", f"2026-01-0{number}", "", "mine", "kept secret own", "no"])
        subjects.append([name, "812340", "", f"motto {name}"])
    records.append(["s1", "ada", HOSTILE[0], "review", "2026-02-07", "4.37", "x", "kept secret", "no"])
    subjects.append(["young", "11", "", ""])
    (folder / "records.csv").write_text(_csv(records), encoding="utf-8")
    (folder / "subjects.csv").write_text(_csv(subjects), encoding="utf-8")
    text = RULEBOOK.read_text(encoding="utf-8")
    (folder / "old.tally").write_text(text, encoding="utf-8")
    new = text.replace("version 1.0.0", "version 1.1.0").replace("points likes", "points 2 * likes")
    (folder / "new.tally").write_text(new, encoding="utf-8")
    for run, rules, day in (("before", "old", "2026-02-03"), ("after", "new", "2026-03-01")):
        made = call("score", folder / f"{rules}.tally", *data(folder), "--as-of", day, "--out", folder / run)
        assert made.exit_code == 0, made.stderr
    return folder


def data(folder: Path) -> tuple[str | Path, ...]:
    """Return the options that name the data."""
    return "--records", folder / "records.csv", "--subjects", folder / "subjects.csv"


def call(*words: str | Path) -> Result:
    """Call ``tally``."""
    return CliRunner().invoke(app, [str(word) for word in words])


def _without_moment(said: str) -> str:
    """Leave out when something was computed, whose digits can happen to be those of a secret."""
    return re.sub(r'"computed_at": ?"[^"]*"', "", said)


def outputs(folder: Path, audience: str) -> Iterator[tuple[str, str]]:
    """Give what each command that tells of one person or of everybody puts out for an audience."""
    after, before = folder / "after", folder / "before"
    person = ("--subject", "ada", "--audience", audience)
    old, day = folder / "old.tally", ("--as-of", "2026-03-01")
    span = ("--from", "2026-02-01", "--to", "2026-02-20", "--every", "19d")
    commands: list[tuple[str | Path, ...]] = [("why", before, after, *person, "--format", "text")]
    if audience == "subject":
        commands += [
            ("explain", after, *person, "--evidence", "--format", "html"),
            ("explain", after, *person, "--evidence", "--could-change", "--format", "json"),
            ("whatif", after, *person, "--without", "s1", "--format", "text"),
            ("audit", "stability", old, *data(folder), *span, "--format", "json", "--audience", audience),
        ]
    else:
        commands += [
            ("explain", after, *person, "--format", "markdown"),
            ("diff", old, folder / "new.tally", *data(folder), *day, "--audience", audience, "--format", "json"),
            ("score", old, *data(folder), *day, "--audience", audience, "--format", "table"),
            ("score", old, *data(folder), *day, "--audience", audience, "--format", "json"),
        ]
    for words in commands:
        done = call(*words)
        assert done.exit_code == 0, (words, done.stderr)
        yield f"{words[0]} {words[-1]}", _without_moment(done.stdout)


@pytest.mark.parametrize("audience", ["subject", "public"])
def test_no_command_tells_what_the_audience_may_not_see(folder: Path, audience: str) -> None:
    """Neither names of others nor private values are in anything that is printed; the public's list of scores names
    who has one, and nothing else of them. What cannot be printed is never sent to a terminal."""
    own = ("735190", "Onward quietly") if audience == "subject" else ()
    for what, said in outputs(folder, audience):
        names = [] if what.startswith("score") else ["bobrow", "HYPERLINK", "31mcyd", "| a | b |", "@sum"]
        never = [*(each for each in SECRETS if each not in own), *names]
        assert [each for each in never if each in said] == [], what
        assert said.replace("\n", "").isprintable(), what


def test_what_a_person_is_told_adds_up(folder: Path) -> None:
    """The documents for a person are of their published forms, and their sums hold."""
    after, person = folder / "after", ("--subject", "ada", "--audience", "subject", "--format", "json")
    explained = Explanation.model_validate_json(call("explain", after, *person).stdout)
    assert explained.audience == "subject"
    change = Change.model_validate_json(call("why", folder / "before", after, *person).stdout)
    (one,) = change.people
    assert sum(_cents(each.points) for each in one.parts) == _cents(one.points or "0")
    assert all(first.stage <= second.stage for first, second in pairwise(one.parts))
    supposed = WhatIf.model_validate_json(call("whatif", after, *person, "--without", "s1").stdout)
    assert sum(_cents(each.points) for each in supposed.parts) == _cents(supposed.points or "0")
    assert [each.title for each in supposed.parts if each.name is None and each.place == "rule"] == [
        "what reads private data, together"
    ]


def _cents(points: str) -> int:
    return round(float(points) * 10)


def test_scores_for_anybody(folder: Path) -> None:
    """The public's CSV has who has a score, one column for what is private, and no formula; lines add up."""
    done = call(
        "score", folder / "old.tally", *data(folder), "--as-of", "2026-03-01", "--audience", "public", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["subject", "outcome", "score", "band", "liked", "tenure", "(private)"]
    assert "young" not in done.stdout
    assert "not listed, for want of a score: 1 person" in done.stderr
    assert [each["subject"] for each in rows if each["subject"].startswith(("=", "+", "-", "@"))] == []
    assert {"'@sum", "'" + HOSTILE[1]} <= {each["subject"] for each in rows}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", "after", "--subject", "ada", "--evidence", "--audience", "public"), "`--evidence` shows records"),
        (("explain", "after", "--subject", "ada", "--could-change", "--audience", "public"), "`--could-change` shows"),
        (
            ("whatif", "after", "--subject", "ada", "--as-of", "2026-04-01", "--audience", "public"),
            "the public sees none",
        ),
        (("why", "before", "after", "--all", "--audience", "subject"), "is for the auditor"),
        (("why", "before", "after", "--all", "--audience", "public"), "is for the auditor"),
        (("publish", "after", "--out", "nowhere", "--audience", "public"), "one reader each"),
        (("score", "old.tally", "--as-of", "2026-03-01", "--audience", "subject"), "not for one person"),
        (("explain", "after", "--subject", "ada", "--audience", "everybody"), "everybody"),
    ],
)
def test_what_is_not_for_an_audience_is_refused(folder: Path, words: tuple[str, ...], said: str) -> None:
    """Where an output is for nobody but the auditor, or would show nothing, the option is refused with words."""
    named = {"after", "before", "old.tally", "nowhere"}
    done = call(*(folder / each if each in named else each for each in words))
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert not (folder / "nowhere").exists()


@pytest.fixture(scope="module")
def site(folder: Path) -> dict[str, str]:
    """Publish for the public, too; give every file by its path."""
    done = call("publish", folder / "after", "--out", folder / "site", "--since", folder / "before", "--public")
    assert done.exit_code == 0, done.stderr
    assert "6 pages for anybody" in done.stderr
    found = (path for path in (folder / "site").rglob("*") if path.is_file())
    return {path.relative_to(folder / "site").as_posix(): path.read_text("utf-8") for path in found}


def test_public_pages_have_a_start_page_and_show_no_secret(site: dict[str, str]) -> None:
    """The start page leads to each person with a score; no page for anybody has a name that it is not about, a private
    value or an element that a name made."""
    listed = PublicDocument.model_validate_json(site["public/index.json"])
    assert [each.subject for each in listed.people] == sorted(
        ("ada", *HOSTILE), key=lambda name: (name.casefold(), name)
    )
    assert 'href="public/index.html"' in site["index.html"]
    for each in listed.people:
        assert site["public/index.html"].count(f'href="{each.page}"') == 1
        page, twin = site[f"public/{each.page}"], site[f"public/{each.page.removesuffix('html')}json"]
        seen = Explanation.model_validate_json(twin)
        assert (seen.subject, seen.audience, seen.records, seen.receipt) == (each.subject, "public", (), None)
        assert [secret for secret in SECRETS if secret in page + _without_moment(twin)] == []
        assert "<script>alert" not in page
        assert (page + twin).replace("\n", "").isprintable()
        ways = re.findall(r'href="([^"#]+)"', page.replace("data:,", "#"))
        assert [way for way in ways if posixpath.normpath(f"public/{way}") not in site] == []
        if each.subject == "ada":
            assert [name for name in ("bobrow", "HYPERLINK", "31mcyd", "@sum") if name in page + twin] == []


def test_people_s_own_pages_show_no_secret_of_others(folder: Path, site: dict[str, str]) -> None:
    """The person's own page, its document and what changed name nobody else, with or without the public's pages."""
    with (folder / "site.addresses.csv").open(encoding="utf-8", newline="") as file:
        page = next(row["page"] for row in csv.DictReader(file) if row["subject"] == "ada")
    own = [text for path, text in site.items() if path.startswith(page.removesuffix(".html"))]
    assert len(own) == 3
    for text in own:
        assert [each for each in ("bobrow", "HYPERLINK", "31mcyd", "kept secret", "812340") if each in text] == []


def test_an_internal_site_shows_the_auditor_everything(folder: Path) -> None:
    """With `--audience auditor` the pages of people are not cut; and without `--public` there are no public ones."""
    call("publish", folder / "after", "--out", folder / "inside", "--audience", "auditor")
    texts = [json.loads(path.read_text("utf-8")) for path in (folder / "inside" / "p").glob("*.json")]
    ada = next(each for each in texts if each["subject"] == "ada")
    assert not (folder / "inside" / "public").exists()
    assert "public/" not in (folder / "inside" / "index.html").read_text("utf-8")
    assert ada["audience"] == "auditor"
    assert "bobrow" in json.dumps(ada)
    assert ada["withheld"] == []


def test_groups_of_few_are_left_out_for_others(folder: Path) -> None:
    """A group of fewer than ten tells of single people: for others it is counted and not shown."""
    groups = folder / "groups.csv"
    groups.write_text(_csv([["subject", "team"], *([name, "red"] for name in HOSTILE)]), encoding="utf-8")
    words = ["audit", "fairness", folder / "after", "--groups", groups, "--by", "team", "--format", "json"]
    whole, cut = (json.loads(call(*words, "--audience", each).stdout) for each in ("auditor", "public"))
    assert [each["values"] for each in whole["comparisons"][0]["groups"]] == [["red"]]
    assert whole["withheld"] == []
    assert cut["comparisons"][0]["groups"] == []
    assert "5 people together" in cut["withheld"][0]
