"""Takes commands with ``--language``; asks whether what they print is said in it, and the same otherwise."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from generators.unsaid import WORD, literals, not_said
from typer.testing import CliRunner, Result

from tallystick.cli.main import app
from tallystick.rules.load import load
from tallystick.rules.translation import names_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "community"


def call(*words: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Score the community example with corrections and statements; the folder keeps its German words."""
    folder = tmp_path_factory.mktemp("languages") / "run"
    inputs = [
        word
        for name in ("records", "subjects", "corrections", "statements")
        for word in (f"--{name}", EXAMPLE / f"{name}.csv")
    ]
    done = call(
        "score", EXAMPLE / "community.tally", *inputs, "--as-of", "2026-03-31", "--out", folder, "--format", "csv"
    )
    assert done.exit_code == 0, done.stderr
    return folder


def test_a_run_keeps_the_rulebooks_words(run: Path) -> None:
    """The run's folder has the translation as it was, the receipt its digest, and verify finds another one."""
    kept = run / "rulebook.de.toml"
    assert kept.read_bytes() == (EXAMPLE / "community.de.toml").read_bytes()
    assert any(each["name"] == kept.name for each in json.loads((run / "receipt.json").read_text())["files"])
    assert call("verify", run).exit_code == 0
    written = kept.read_bytes()
    try:
        kept.write_bytes(written.replace(b"Einfluss", b"Einflusz"))
        assert call("verify", run).exit_code == 1
        refused = call("explain", run, "--subject", "ada", "--language", "de")
        assert refused.exit_code != 0
        assert "rulebook.de.toml" in refused.stderr
    finally:
        kept.write_bytes(written)


def test_what_was_edited_is_named_in_german(run: Path, tmp_path: Path) -> None:
    """A measure, a field, an attribute and the score have their titles from the file beside the rulebook, too."""
    text = (EXAMPLE / "community.tally").read_text(encoding="utf-8")
    edits = (
        ("version 2.1.0", "version 2.2.0"),
        ("    distinct actor of share\n    halving every fade\n", "    distinct actor of share\n"),
        ("    item    text optional", "    item    text"),
        ("    consent yes/no ", "    consent yes/no optional "),
        ("    when consent\n", "    when consent or else no\n"),
        ("    at most 100\n", "    at most 90\n"),
    )
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (tmp_path / "new.tally").write_text(text[: text.index("\nexample ")], encoding="utf-8")
    (tmp_path / "new.de.toml").write_bytes((EXAMPLE / "community.de.toml").read_bytes())
    inputs = [word for name in ("records", "subjects") for word in (f"--{name}", EXAMPLE / f"{name}.csv")]
    done = call("score", tmp_path / "new.tally", *inputs, "--as-of", "2026-03-31", "--out", tmp_path / "new")
    assert done.exit_code == 0, done.stderr
    told = call("why", run, tmp_path / "new", "--subject", "jun", "--language", "de")
    assert told.exit_code == 0, told.stderr
    for heading in (
        "Messgröße sharers: Personen, die Sie weitergaben",
        "Feld item: womit es getan wurde",
        "Merkmal consent: mit der Bewertung einverstanden",
        "Punktzahl: Einfluss",
    ):
        assert heading in told.stdout


def test_why_only_the_net_is_known_is_said_in_german(run: Path, tmp_path: Path) -> None:
    """In words, and without the folder that the run lies in, which is nobody's business on a page."""
    inputs = [word for name in ("records", "subjects") for word in (f"--{name}", EXAMPLE / f"{name}.csv")]
    bare = tmp_path / "bare"
    done = call("score", EXAMPLE / "community.tally", *inputs, "--as-of", "2026-03-30", "--no-records", "--out", bare)
    assert done.exit_code == 0, done.stderr
    for runs, which in (((bare, run), "frühere"), ((run, bare), "spätere")):
        told = " ".join(call("why", *runs, "--subject", "jun", "--language", "de").stdout.split())
        assert f"nicht, woher er kommt: die {which} Berechnung hat ihre Datensätze nicht aufbewahrt." in told
        assert str(bare) not in told


def test_an_explanation_in_german(run: Path) -> None:
    """Whole in German, with the rulebook's own words from the file beside it, what the person contests and what was
    corrected; nothing is marked as untranslated."""
    told = call("explain", run, "--subject", "jun", "--language", "de", "--audience", "subject")
    assert told.exit_code == 0, told.stderr
    text = " ".join(told.stdout.split())
    for each in (
        "Einfluss von jun: 22,3",
        "Andere geben weiter, was Sie schreiben: 21,4 von höchstens 60 Punkten",
        "Je Person, die Sie meldete: 2 Punkte Abzug, höchstens 20.",
        "Sie widersprechen dem seit dem 25.03.2026; die Antwort ist fällig bis 25.04.2026:",
        "WAS BERICHTIGT WURDE",
        "Ohne diese Berichtigungen wäre Ihre Punktzahl 16,3; mit ihnen ist sie 22,3.",
    ):
        assert each in text
    assert "[en]" not in text


def test_the_document_has_the_same_figures(run: Path) -> None:
    """In JSON only words differ: every figure is written the same, and the language is named."""
    english, german = (
        json.loads(call("explain", run, "--subject", "jun", "--format", "json", *words).stdout)
        for words in ((), ("--language", "de"))
    )
    assert (english["language"], german["language"]) == ("en", "de")
    assert _shape(english) == _shape(german)


def _shape(part: object) -> object:
    """Return a document without its words."""
    match part:
        case dict():
            return {name: _shape(value) for name, value in part.items() if name not in ("computed_at", "language")}
        case list():
            return [_shape(each) for each in part]
        case str() if re.fullmatch(r"-?[\d.]+", part):
            return part
        case str():
            return "words"
        case _:
            return part


def test_a_guide_in_german() -> None:
    """A guide has the rulebook's words from the file beside the rulebook, and so has its page."""
    told = call("guide", EXAMPLE / "community.tally", "--language", "de", "--format", "html")
    assert told.exit_code == 0, told.stderr
    assert '<html lang="de">' in told.stdout
    assert "Personen, die Sie weitergaben" in told.stdout
    assert 'class="foreign"' not in told.stdout


def test_what_if_and_why_in_german(run: Path) -> None:
    """What if is said in German; why is, for one person: what is for auditors is in English, and says so."""
    told = call("whatif", run, "--subject", "ada", "--set", "fade=60", "--language", "de")
    assert told.exit_code == 0, told.stderr
    text = " ".join(told.stdout.split())
    assert "Was wäre, wenn: Einfluss von ada" in text
    assert "Halbwertszeit (wie lange, bis eine Reaktion nur noch halb zählt) ist 60 Tage, nicht 30 Tage." in text
    attributes = ("--set-attribute", "joined=2025-06-07", "--set-attribute", "consent=no")
    told = call("whatif", run, "--subject", "ada", *attributes, "--language", "de")
    assert "ist 07.06.2025, nicht 17.05.2021." in told.stdout
    assert "ist nein, nicht ja." in " ".join(told.stdout.split())
    told = call("whatif", run, "--subject", "ada", "--set-attribute", "joined=-", "--language", "de")
    assert "ist nicht bekannt, nicht 17.05.2021." in " ".join(told.stdout.split())
    told = call("why", run, run, "--subject", "ada", "--language", "de")
    assert "Ihre Punktzahl ist in beiden Berechnungen 65,3." in " ".join(told.stdout.split())
    refused = call("why", run, run, "--all", "--language", "de")
    assert refused.exit_code == 2
    assert "in English" in refused.stderr


def test_a_whole_site_in_another_language(run: Path, tmp_path: Path) -> None:
    """Every page for people is in the language asked for, whoever reads it, calculators and lists of names too, and
    the auditors' in English: in the made-up language, no word of ours is left."""
    told = call("publish", run, "--out", tmp_path / "site", "--language", "qps", "--public", "--no-evidence")
    assert told.exit_code == 0, told.stderr
    rulebook = load(run / "rulebook.tally")
    data = [(EXAMPLE / f"{name}.csv").read_text(encoding="utf-8") for name in ("subjects", "corrections", "statements")]
    head = [
        rulebook.name,
        rulebook.contact,
        rulebook.time_zone,
        "SHA UTC csv records subjects corrections statements tallystick",
    ]
    rows = [row.text for rule in rulebook.rules for row in getattr(rule.body, "rows", ())]
    known = set(WORD.findall(" ".join(map(str, [*data, *head, *rows, *names_of(rulebook), *literals(rulebook)]))))
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 50
    for path in pages:
        page, name = path.read_text(encoding="utf-8"), str(path.relative_to(tmp_path / "site"))
        if name.startswith("run/") and path.name != "index.html":
            assert '<html lang="en">' in page
        else:
            assert '<html lang="qps" dir="rtl">' in page, name
            assert not_said(page, known) == set(), name


@pytest.mark.parametrize("command", ["explain", "guide", "publish"])
def test_an_unknown_language_is_refused(command: str, run: Path, tmp_path: Path) -> None:
    """A language without a catalogue is a mistake of use, answered with those that there are."""
    words = {
        "explain": (run, "--subject", "ada"),
        "guide": (EXAMPLE / "community.tally",),
        "publish": (run, "--out", tmp_path / "site"),
    }[command]
    refused = call(command, *words, "--language", "tlh")
    assert refused.exit_code == 2
    assert "there are: en, de" in refused.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("given", "meant"), [("DE", "de"), ("de_DE", "de"), ("German", "de"), ("deutsch", "de"), ("en-GB", "en")]
)
def test_a_language_that_is_written_otherwise_is_told_by_its_tag(given: str, meant: str) -> None:
    """Capitals, a country, a name in English or its own words: refused, with the very tag to write."""
    refused = call("guide", EXAMPLE / "community.tally", "--language", given)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.endswith(f"help: write `{meant}`\n")


def test_check_reads_the_translations_beside_a_rulebook(tmp_path: Path) -> None:
    """`tally check` tells what a translation lacks, and no rulebook is scored whose translation has an error."""
    for name in ("community.tally", "community.de.toml"):
        (tmp_path / name).write_text((EXAMPLE / name).read_text(encoding="utf-8"), encoding="utf-8")
    beside = tmp_path / "community.de.toml"
    text = beside.read_text(encoding="utf-8")
    beside.write_text(text.replace('title = "Einfluss"', ""), encoding="utf-8")
    told = call("check", tmp_path / "community.tally", "--format", "concise")
    assert told.exit_code == 0
    assert re.search(r"community\.de\.toml:1:1: warning.*1 text is not translated", told.stdout)
    beside.write_text(text.replace("[score]", "[scores]"), encoding="utf-8")
    assert call("check", tmp_path / "community.tally").exit_code == 1
    scored = call("score", tmp_path / "community.tally", "--records", EXAMPLE / "records.csv", "--as-of", "2026-03-31")
    assert scored.exit_code == 1
    assert "scores.title" in scored.stderr
