"""Takes the examples as a user finds them; asks whether their rulebooks, data and figures are what they say."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.rules.load import load

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/*.tally"))
REAL = EXAMPLES.parent.parent / "shared" / "data"


def tally(*words: str | Path, code: int = 0) -> str:
    """Call ``tally``, and give what it prints on stdout."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, (words, done.stdout, done.stderr)
    return done.stdout


def rulebook(name: str) -> Path:
    """Give an example's rulebook."""
    return EXAMPLES / name / f"{name}.tally"


def scores(*words: str | Path) -> dict[str, dict[str, str]]:
    """Score, and give each person's row of the CSV."""
    table = csv.DictReader(io.StringIO(tally("score", *words, "--format", "csv")))
    return {row["subject"]: row for row in table}


COMMUNITY = (
    rulebook("community"),
    "--records",
    EXAMPLES / "community" / "records.csv",
    "--subjects",
    EXAMPLES / "community" / "subjects.csv",
    "--as-of",
    "2026-03-31",
)
MAINTAINERS = (rulebook("maintainers"), "--records", EXAMPLES / "maintainers" / "credit.csv", "--as-of", "2026-07-01")
TRUST = (rulebook("trust"), "--records", EXAMPLES / "trust" / "ratings.csv", "--as-of", "2016-01-31")


def test_all_three_are_there() -> None:
    """The tests below have something to look at."""
    assert NAMES == ["community", "maintainers", "trust"]


@pytest.mark.parametrize("name", NAMES)
def test_a_rulebook_is_clean_and_laid_out(name: str) -> None:
    """No example has an error or a warning, and each stands in the canonical layout."""
    assert tally("check", rulebook(name), "--format", "concise") == ""
    tally("fmt", "--check", rulebook(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_rulebook_passes_its_own_examples(name: str) -> None:
    """Each rulebook has several examples, and passes all of them."""
    passed = tally("test", rulebook(name))
    assert len(load(rulebook(name)).examples) >= 4
    assert passed.count("pass ") == len(load(rulebook(name)).examples)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_says_why(name: str) -> None:
    """Every rule, exclusion and discount of an example has a reason for the people it concerns."""
    checked = load(rulebook(name))
    reasons = [each.because for each in checked.rules]
    reasons += [each.because for each in checked.excludes]
    reasons += [each.because for each in checked.discounts]
    assert reasons
    assert all(reasons)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_expected_is_worked_out_beside_it(name: str) -> None:
    """Each score that an example expects has the arithmetic in a comment beside it."""
    lines = rulebook(name).read_text(encoding="utf-8").splitlines()
    expected = [line for line in lines if re.match(r"\s{8}score\s+-?\d", line)]
    assert expected
    assert [line for line in expected if "#" not in line] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_data_are_made_byte_for_byte(name: str) -> None:
    """The generator beside the data gives the very files that are shipped."""
    place = EXAMPLES / name / "make_data.py"
    spec = importlib.util.spec_from_file_location(f"make_{name}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    files: Callable[[], dict[str, str]] = module.files
    made = files()
    assert {path.name for path in place.parent.glob("*.csv")} == set(made)
    for file, text in made.items():
        assert (place.parent / file).read_bytes() == text.encode()


def test_the_community_has_everybody_in_it() -> None:
    """The data hold people with a score, without consent, with too little to judge, and one whom no record names."""
    rows = scores(*COMMUNITY)
    assert (rows["dora"]["outcome"], rows["dora"]["score"]) == ("no score", "")
    assert rows["emre"]["outcome"] == "insufficient data"
    assert rows["mona"]["outcome"] == "insufficient data"
    assert {row["band"] for row in rows.values()} == {"", "newcomer", "regular", "leading"}
    assert not [name for name in rows if name.startswith("visitor")]


def test_activity_is_not_influence() -> None:
    """Whoever posts all day without a reaction stands below whoever is passed on."""
    rows = scores(*COMMUNITY)
    assert float(rows["bruno"]["score"]) < float(rows["ada"]["score"]) / 2
    assert rows["jun"]["reports"] == "-20.0"
    assert rows["kira"]["tenure"] == "0.0"


def test_the_lines_of_the_community_add_up() -> None:
    """For everybody whose sum is not held at a bound, the printed lines add up to the printed score."""
    for row in scores(*COMMUNITY).values():
        if row["outcome"] == "scored":
            total = sum(int(row[rule].replace(".", "")) for rule in RULES)
            assert int(row["score"].replace(".", "")) == max(0, min(1000, total))


RULES = ("amplification", "conversation", "approval", "tenure", "reports")


def test_maintainers_are_told_from_passers_by() -> None:
    """Those who write, read and take in stand on top; a program and a mere signer of own changes have no score."""
    rows = scores(*MAINTAINERS)
    assert {name for name, row in rows.items() if row["band"] == "carrier"} == {"ines", "joao", "tomas"}
    assert rows["updates[bot]"]["outcome"] == rows["nico"]["outcome"] == "insufficient data"
    assert 5 < float(rows["vito"]["score"]) < 15
    assert float(rows["mei"]["helping"]) > 10


def test_minus_ten_pulls_down() -> None:
    """A cheat with good words and later victims is warned of; a ring of three friends is not trusted for it."""
    rows = scores(*TRUST)
    assert rows["cheat"]["band"] == "warned"
    assert float(rows["cheat"]["fraud"]) == -100
    assert rows["friend3"]["band"] == "unproven"
    assert rows["friend1"]["outcome"] == "insufficient data"  # both of his friends only returned what he gave
    assert rows["onlyone"]["outcome"] == "insufficient data"


@pytest.mark.realdata
def test_the_history_of_a_real_project_is_scored_fairly() -> None:
    """All of a real history is scored; the few who carry it stand out, and the long silent keep a part."""
    records = REAL / "iproute2" / "credit.csv"
    if not records.exists():
        pytest.skip("the real records are not here")
    rows = scores(rulebook("maintainers"), "--records", records, "--as-of", "2026-07-01")
    assert len(rows) == 974
    scored = {name: float(row["score"]) for name, row in rows.items() if row["outcome"] == "scored"}
    assert len(scored) == 349
    assert sorted(scored, key=lambda name: -scored[name])[:2] == ["m829dcbdf", "m62c6bb04"]
    assert sum(1 for row in rows.values() if row["band"] == "carrier") == 3
    assert rows["m00d24b48"]["band"] == "contributor"  # 161 changes, none of them for years


@pytest.mark.realdata
def test_real_ratings_are_scored_with_the_warned_below_zero() -> None:
    """All of the real ratings are scored, and nobody whom five people rated -10 is vouched for."""
    records = REAL / "bitcoin-otc" / "ratings.csv"
    if not records.exists():
        pytest.skip("the real records are not here")
    rows = scores(rulebook("trust"), "--records", records, "--as-of", "2016-01-31")
    assert len(rows) == 5858
    cheated: dict[str, int] = {}
    with records.open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            cheated[each["subject"]] = cheated.get(each["subject"], 0) + (each["rating"] == "-10")
    bands = {rows[name]["band"] for name, count in cheated.items() if count >= 5}
    assert bands == {"warned"}
