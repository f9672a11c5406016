"""`tally publish` writes a whole site or none, and nobody finds a page that is for another."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import shutil
import stat
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tallystick.cli import publishing
from tallystick.cli.complaints import Stop
from tallystick.cli.main import app
from tallystick.cli.site_key import key_of
from tallystick.explain import Explanation
from tallystick.explain.change.document import Change
from tallystick.explain.site.documents import RulebookDocument, RunDocument, SiteDocument, is_site
from tallystick.explain.site.rule_pages import RuleDocument

Tally = Callable[..., Result]
ROOT = Path(__file__).parents[2]
MODELS = {
    "tallystick.explanation/1": Explanation,
    "tallystick.rule/1": RuleDocument,
    "tallystick.rulebook/1": RulebookDocument,
    "tallystick.run/1": RunDocument,
    "tallystick.site/1": SiteDocument,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Score the community example into a folder, once for this file."""
    folder, community = tmp_path_factory.mktemp("runs") / "run", ROOT / "examples" / "community"
    words = ["score", community / "community.tally", "--records", community / "records.csv"]
    words += ["--subjects", community / "subjects.csv", "--as-of", "2026-03-31", "--out", folder]
    assert CliRunner().invoke(app, [str(word) for word in words]).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def site(run: Path) -> Path:
    """Publish it, once for this file."""
    out = run.parent / "site"
    published = CliRunner().invoke(app, ["publish", str(run), "--out", str(out)])
    assert published.exit_code == 0, published.stderr
    assert published.stdout == ""
    assert "24 pages of people" in published.stderr
    return out


def files_of(site: Path) -> dict[str, str]:
    """Return every file of a site by its path."""
    return {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*") if path.is_file()}


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, hidden ones among them."""
    return sorted(entry.name for entry in folder.iterdir())


def addresses_of(site: Path) -> dict[str, str]:
    """Return the page of each person, from the publisher's list."""
    with site.with_name(f"{site.name}.addresses.csv").open(encoding="utf-8", newline="") as file:
        return {row["subject"]: row["page"] for row in csv.DictReader(file) if row["for"] == "person"}


class Links(HTMLParser):
    """Where a page leads."""

    def __init__(self, source: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link."""
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value is not None]


def test_everybody_has_a_page_with_their_own_score(site: Path, run: Path, tally: Tally) -> None:
    """Each person's address leads to the page and the document of that person, which say what `tally explain` says."""
    pages = addresses_of(site)
    assert len(pages) == 24
    for subject in ("ada", "kira"):
        document = Explanation.model_validate_json((site / pages[subject]).with_suffix(".json").read_text("utf-8"))
        explained = Explanation.model_validate_json(
            tally("explain", run, "--subject", subject, "--format", "json").stdout
        )
        assert (document.subject, document.score) == (subject, explained.score)
        assert document.lines == explained.lines
        assert f"<title>Influence of {subject}: {explained.score}</title>" in (site / pages[subject]).read_text("utf-8")


def test_every_link_leads_to_a_page_of_the_site(site: Path) -> None:
    """No link of any page leads nowhere or elsewhere."""
    seen = 0
    for path, source in files_of(site).items():
        if path.endswith(".html"):
            for href in Links(source).found:
                seen += 1
                target = site / path if href.startswith("#") else (site / path).parent / href
                assert target.resolve().is_relative_to(site.resolve())
                assert target.is_file(), (path, href)
    assert seen > 100


def test_every_page_has_a_twin_for_programs(site: Path) -> None:
    """Beside each page stands its document, which holds to its published schema; only the two that refuse a list have
    none."""
    files = files_of(site)
    assert not [path for path in files if path.endswith(".since.json")]
    pages = {path for path in files if path.endswith(".html")} - {"p/index.html", "run/index.html"}
    documents = {path for path in files if path.endswith(".json")}
    assert {path.removesuffix(".html") for path in pages} == {
        path.removesuffix(".json") for path in documents - {"site.json"}
    }
    for path in documents:
        MODELS[json.loads(files[path])["schema"]].model_validate_json(files[path])


def test_nobody_is_listed(site: Path) -> None:
    """No page leads to a person's page or to the auditors', and outside of those nobody is named at all."""
    files = files_of(site)
    pages = addresses_of(site)
    secret = {Path(page).stem for page in pages.values()} | {
        path.stem for path in (site / "run").iterdir() if path.stem != "index"
    }
    assert len(secret) == 25
    # The rulebook's own examples are about an ada, too.
    names = [name for name in pages if name not in files["index.json"]]
    assert len(names) > 20
    for path, text in files.items():
        mine = Path(path).stem
        assert not [each for each in secret - {mine} if each in text], path
        if mine not in secret:
            assert not [name for name in names if re.search(rf"\b{name}\b", text)], path


def test_pages_of_one_person_are_not_for_search_engines(site: Path) -> None:
    """Pages of people and of auditors say `noindex`; those of the rules are public."""
    for path, text in files_of(site).items():
        if path.endswith(".html"):
            assert ('<meta name="robots" content="noindex' in text) == path.startswith(("p/", "run/")), path


def test_the_key_and_the_list_stay_outside(site: Path) -> None:
    """The key and the list of addresses stand beside the site, for their owner alone, and nothing of them is in it."""
    beside = [site.with_name("site.key"), site.with_name("site.addresses.csv")]
    for path in beside:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = beside[0].read_text("ascii").strip()
    assert len(key) == 64
    assert not [path for path, text in files_of(site).items() if key in text]
    assert {path.name for path in site.iterdir()} == {"index.html", "index.json", "p", "rules", "run", "site.json"}


class _Full(io.StringIO):
    """A file on a disk without room."""

    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_key_for_which_there_is_no_room_is_not_left_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next call would be told that its key can be guessed, though it gave none."""

    def full(descriptor: int, *_how: object, **_more: object) -> _Full:
        os.close(descriptor)
        return _Full()

    site = tmp_path / "site"
    with monkeypatch.context() as patched:
        patched.setattr("tallystick.cli.site_key.os.fdopen", full)
        with pytest.raises(Stop, match=r"the key `.*site.key` cannot be written: No space left"):
            key_of(None, site)
    assert list(tmp_path.iterdir()) == []
    assert len(key_of(None, site)[0]) == 64


def test_a_site_is_the_same_whoever_writes_it(
    site: Path, run: Path, tmp_path: Path, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written by two processes with the same key, it is the same to the last byte."""
    monkeypatch.setattr(publishing, "_ENOUGH", 5)
    monkeypatch.setattr(publishing, "_BATCH", 5)
    monkeypatch.setattr(publishing, "_processors", lambda: 2)
    published = tally("publish", run, "--out", tmp_path / "other", "--key", site.with_name("site.key"))
    assert published.exit_code == 0, published.stderr
    assert "key made" not in published.stderr
    assert files_of(tmp_path / "other") == files_of(site)


def test_an_earlier_site_is_replaced_and_nothing_else(site: Path, run: Path, tmp_path: Path, tally: Tally) -> None:
    """A site gives way to a new one at the same addresses, which are others than with another key; a folder with
    anything else in it stays as it is."""
    out = tmp_path / "site"
    assert tally("publish", run, "--out", out, "--no-evidence").exit_code == 0
    before = files_of(out)
    assert set(addresses_of(out).values()).isdisjoint(addresses_of(site).values())
    assert "The records behind the lines" not in before[addresses_of(out)["ada"]]
    assert tally("publish", run, "--out", out).exit_code == 0
    after = files_of(out)
    assert set(after) == set(before)
    assert "The records behind the lines" in after[addresses_of(out)["ada"]]
    (out / "mine.txt").write_text("mine")
    refused = tally("publish", run, "--out", out)
    assert refused.exit_code == 2
    assert "is a folder with other things in it, not a site" in refused.stderr
    assert files_of(out) == {**after, "mine.txt": "mine"}
    assert not is_site(out)


def test_half_a_site_is_never_there(
    site: Path, run: Path, tmp_path: Path, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When writing fails in the middle, in any process, the site before it stays and nothing is left beside it."""
    out, broken = tmp_path / "site", tmp_path / "run"
    shutil.copytree(run, broken)
    shutil.copytree(site, out)
    shutil.copy(site.with_name("site.key"), tmp_path / "site.key")
    before, beside = files_of(out), names_in(tmp_path)
    (broken / "records.parquet").write_bytes(b"no longer a run")
    monkeypatch.setattr(publishing, "_ENOUGH", 5)
    monkeypatch.setattr(publishing, "_processors", lambda: 2)
    failed = tally("publish", broken, "--out", out)
    assert failed.exit_code == 1
    assert "records.parquet` is not as the run wrote it" in failed.stderr
    assert files_of(out) == before
    assert names_in(tmp_path) == beside


def test_a_page_says_what_changed_since_an_earlier_run(run: Path, tmp_path: Path, tally: Tally) -> None:
    """With `--since` each page has the account of `tally why`, and its document beside it; without, none has."""
    community, earlier = ROOT / "examples" / "community", tmp_path / "earlier"
    words = ("--records", community / "records.csv", "--subjects", community / "subjects.csv", "--as-of", "2026-02-28")
    assert tally("score", community / "community.tally", *words, "--out", earlier).exit_code == 0
    out = tmp_path / "site"
    published = tally("publish", run, "--out", out, "--since", earlier, "--no-evidence")
    assert published.exit_code == 0, published.stderr
    assert "swapped" not in published.stderr
    swapped = tally("publish", earlier, "--out", earlier, "--since", run)  # refused before any page is made
    assert (swapped.exit_code, "are they swapped?" in swapped.stderr) == (2, True)
    told = tally("why", earlier, run, "--subject", "ada", "--format", "json")
    page = out / addresses_of(out)["ada"]
    twin = page.with_suffix(".since.json")
    assert Change.model_validate_json(twin.read_text("utf-8")) == Change.model_validate_json(told.stdout)
    assert f'href="{twin.name}"' in page.read_text("utf-8")
    for subject, path in addresses_of(out).items():
        (person,) = Change.model_validate_json((out / path).with_suffix(".since.json").read_text("utf-8")).people
        assert person.subject == subject
        assert "<h2>What changed since 2026-02-28</h2>" in (out / path).read_text("utf-8")


def test_what_cannot_be_published_is_said(run: Path, tmp_path: Path, tally: Tally) -> None:
    """No run, no such key, a key that can be guessed, a key inside the site: each is told with what to do instead."""
    keys = {"short.key": "secret\n", "alike.key": "ab" * 40, "README.md": "All that is known of this score.\n" * 9}
    for name, text in keys.items():
        (tmp_path / name).write_text(text)
    out = tmp_path / "site"
    cases = {
        ("publish", tmp_path / "none", "--out", out): "name a folder that `tally score … --out RUN` has written",
        ("publish", run, "--out", out, "--since", tmp_path / "none"): "leave `--since` out",
        ("publish", run, "--out", out, "--key", tmp_path / "no.key"): "cannot be read",
        ("publish", run, "--out", out, "--key", tmp_path / "short.key"): "has 6 characters",
        ("publish", run, "--out", out, "--key", tmp_path / "alike.key"): "has 2 different characters",
        ("publish", run, "--out", out, "--key", tmp_path / "README.md"): "has spaces or several lines",
        ("publish", run, "--out", out, "--key", out / "a.key"): "is inside the site",
    }
    for words, said in cases.items():
        refused = tally(*words)
        assert refused.exit_code == 2
        assert said in refused.stderr
    assert names_in(tmp_path) == sorted(keys)


def test_the_list_of_addresses_has_its_place_or_nothing_is_written(run: Path, tmp_path: Path, tally: Tally) -> None:
    """Where a folder stands in the place of the list, no site, no key and no hidden list is left."""
    (tmp_path / "site.addresses.csv").mkdir()
    refused = tally("publish", run, "--out", tmp_path / "site")
    assert refused.exit_code == 2
    assert "site.addresses.csv` is a folder" in refused.stderr
    assert names_in(tmp_path) == ["site.addresses.csv"]


def test_a_run_without_its_records_has_pages_without_them(community: Path, tmp_path: Path, tally: Tally) -> None:
    """Where the run kept no records the pages show none, and whoever publishes is told."""
    words = ("--records", community / "records.csv", "--subjects", community / "subjects.csv", "--as-of", "2026-03-31")
    run = tmp_path / "run"
    assert tally("score", community / "community.tally", *words, "--out", run, "--no-records").exit_code == 0
    published = tally("publish", run, "--out", tmp_path / "site")
    assert published.exit_code == 0
    assert "the run has kept no records" in published.stderr
    assert (
        "The records behind the lines" not in (tmp_path / "site" / addresses_of(tmp_path / "site")["ada"]).read_text()
    )


DATA = ROOT.parent / "shared" / "data"


@pytest.mark.whole
@pytest.mark.realdata
@pytest.mark.skipif(not DATA.exists(), reason="the real records are not there")
def test_real_people_are_published_one_page_each(tmp_path: Path, tally: Tally) -> None:
    """A thousand real people, by two processes: a page each, whose lines and adjustments add up to the score on it, and
    on which nobody else is named."""
    rulebook, run, out = ROOT / "examples" / "maintainers" / "maintainers.tally", tmp_path / "run", tmp_path / "site"
    records = DATA / "iproute2" / "credit.csv"
    assert tally("score", rulebook, "--records", records, "--as-of", "2026-07-01", "--out", run).exit_code == 0
    assert tally("publish", run, "--out", out).exit_code == 0
    pages = addresses_of(out)
    assert len(pages) > 900
    scored = 0
    for subject, page in pages.items():
        twin = (out / page).with_suffix(".json").read_text("utf-8")
        document = Explanation.model_validate_json(twin)
        assert document.subject == subject
        assert set(re.findall(r"\bm[0-9a-f]{8}\b", twin + (out / page).read_text("utf-8"))) <= {subject}
        if document.score is not None:
            scored += 1
            amounts = [each.points for each in document.lines] + [each.amount for each in document.adjustments]
            assert sum(Decimal(each) for each in amounts if each is not None) == Decimal(document.score)
    assert scored > 300
