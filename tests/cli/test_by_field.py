"""Takes a rulebook whose score is by a field; checks that every command tells of the value that is meant, or asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
RULES = """\
rulebook "Small" version 1.0.0
    owner "Somebody"

records
    subject text
    actor   text
    kind    one of post, share
    at      date
    topic   one of tea, jazz

measure shares "share" / "shares"
    count share

rule sharing "People share"
    points 2 * shares
    because "Shares carry."

score "Small" by topic
    sum of all rules
    rounded to 1 place

bands
    from 0 low  "Low"
    from 4 high "High"

example "two topics"
    as of 2026-01-31
    records
        at         subject actor kind  topic
        2026-01-02 ada     bob   share tea
        2026-01-02 ada     bob   share jazz
        2026-01-03 ada     cem   share jazz
        2026-01-03 cem     bob   post  jazz
    expect ada in tea
        score 2.0
    expect ada in jazz
        score 4.0
        band  high
    expect ada in jazz above cem
"""
RECORDS = """\
at,subject,actor,kind,topic
2026-01-02,ada,bob,share,tea
2026-01-02,ada,bob,share,jazz
2026-01-03,ada,cem,share,jazz
2026-01-04,cem,ada,post,tea
"""
RECORDED = ("--records", "records.csv")
LATER = "2026-02-01,ada,bob,share,tea\n2026-02-01,cem,bob,share,jazz\n"
CSV = """\
subject,topic,outcome,score,band,sharing
ada,tea,scored,2.0,low,2.0
cem,tea,scored,0.0,low,0.0
ada,jazz,scored,4.0,high,4.0
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a rulebook, records, and runs of January and February."""
    folder = tmp_path_factory.mktemp("by")
    (folder / "small.tally").write_text(RULES, encoding="utf-8")
    (folder / "records.csv").write_text(RECORDS + LATER, encoding="utf-8")
    from datetime import date  # noqa: PLC0415

    from tallystick.engine import score  # noqa: PLC0415
    from tallystick.rules import load  # noqa: PLC0415

    for name, day in (("january", date(2026, 1, 31)), ("february", date(2026, 2, 28))):
        score(load(folder / "small.tally"), folder / "records.csv", as_of=day, out=folder / name).close()
    return folder


def test_every_form_of_scores_says_of_which_value_each_is(tally: Tally, here: Path) -> None:
    """CSV and table have a column for the field behind the person, JSON an object; the summary counts people once, and
    results by value."""
    words = ("score", here / "small.tally", "--records", here / "records.csv", "--as-of", "2026-01-31")
    result = tally(*words, "--format", "csv")
    assert (result.exit_code, result.stdout) == (0, CSV)
    assert "2 people, 3 results by “topic”: 3 scored" in result.stderr.replace('"', "“", 1).replace('"', "”", 1)
    assert tally(*words).stdout.split()[:4] == ["subject", "topic", "score", "band"]
    document = json.loads(tally(*words, "--format", "json").stdout)
    told = [(each["subject"], each["by"]["value"]) for each in document["subjects"]]
    assert told == [("ada", "tea"), ("cem", "tea"), ("ada", "jazz")]
    assert [each["people"] for each in document["receipt"]["by"]["values"]] == [2, 1]


def test_what_is_imagined_is_of_the_value_that_is_asked_for(tally: Tally, here: Path, tmp_path: Path) -> None:
    """A record of another value is refused for that, in a file as on the line, and not as unreadable."""
    ask = ("whatif", here / "january", "--subject", "ada", "--in", "tea")
    said = "its `topic` is `jazz`, and this is the score of `tea` alone"
    result = tally(*ask, "--add-one", "kind=share actor=zoe topic=jazz")
    assert (result.exit_code, said in result.stderr) == (2, True)
    (tmp_path / "more.csv").write_text("at,subject,actor,kind,topic\n2026-01-05,ada,zoe,share,jazz\n", encoding="utf-8")
    result = tally(*ask, "--add", tmp_path / "more.csv")
    assert (result.exit_code, f"more.csv:2: {said}\n" in result.stderr) == (1, True)
    assert tally(*ask, "--add-one", "kind=share actor=zoe topic=tea").exit_code == 0


def test_who_is_known_and_in_no_record_is_counted_under_no_value(tally: Tally, here: Path, tmp_path: Path) -> None:
    """Each value's counts add up to its people; whoever has a row and no record is told beside all values."""
    text = RULES.replace("measure shares", "subjects\n    club text optional\n\nmeasure shares")
    (tmp_path / "known.tally").write_text(text[: text.index("example")], encoding="utf-8")
    (tmp_path / "people.csv").write_text("subject,club\nada,\ncem,\ndot,\neve,\n", encoding="utf-8")
    words = ("score", tmp_path / "known.tally", "--records", here / "records.csv", "--as-of", "2026-01-31")
    told = tally(*words, "--subjects", tmp_path / "people.csv").stderr.splitlines()
    jazz = told.index('"jazz": 1 person, 1 scored')
    assert [line.split() for line in told[jazz + 1 : jazz + 3]] == [["0", "Low"], ["1", "High"]]
    assert told[jazz + 3] == "2 more people have no record of any value, and so no result"


@pytest.mark.parametrize("name", ["ada", "dot"])
def test_whoever_lacks_a_row_or_a_record_is_told_of_both(tally: Tally, here: Path, tmp_path: Path, name: str) -> None:
    """Where `subjects` are declared a score takes a row there and a record: ada has records alone, dot a row alone."""
    text = RULES.replace("measure shares", "subjects\n    club text optional\n\nmeasure shares")
    (tmp_path / "known.tally").write_text(text[: text.index("example")], encoding="utf-8")
    (tmp_path / "people.csv").write_text("subject,club\ncem,\ndot,\n", encoding="utf-8")
    words = ("explain", tmp_path / "known.tally", "--records", here / "records.csv", "--as-of", "2026-01-31")
    asked = tally(*words, "--subjects", tmp_path / "people.csv", "--subject", name, "--in", "tea")
    assert asked.exit_code == 1
    both = "nobody of that name has both a row in the data about people and a record of tea up to 2026-01-31\n"
    assert both in asked.stderr
    assert "6 rows of records and 2 rows about people read; whoever has both can have it explained" in asked.stderr


def test_examples_are_held_for_the_value_that_they_name(tally: Tally, here: Path, tmp_path: Path) -> None:
    """`expect ada in jazz` is about that score alone; one that differs is told with its value."""
    assert tally("test", here / "small.tally").exit_code == 0
    wrong = tmp_path / "wrong.tally"
    wrong.write_text(RULES.replace("score 4.0", "score 5.0"), encoding="utf-8")
    result = tally("test", wrong)
    assert result.exit_code == 1
    assert "ada in jazz: expected score 5.0, came score 4" in result.stdout
    (example,) = json.loads(tally("test", wrong, "--format", "json").stdout)["rulebooks"][0]["examples"]
    assert [each["by"] for each in example["expectations"]] == ["tea", "jazz", "jazz", "jazz"]


def test_an_explanation_is_of_one_value_or_of_all_in_order(tally: Tally, here: Path) -> None:
    """`--in` gives the document of one score; without it all of the person's come, in the order of the rulebook."""
    one = json.loads(tally("explain", here / "january", "--subject", "ada", "--in", "jazz", "--format", "json").stdout)
    assert (one["score"], one["by"]) == ("4.0", {"field": "topic", "title": None, "value": "jazz"})
    every = json.loads(tally("explain", here / "january", "--subject", "ada", "--format", "json").stdout)
    assert every["schema"] == "tallystick.explanations/1"
    assert set(every) == set(json.loads(tally("schema", "explanations").stdout)["properties"])
    assert [(each["by"]["value"], each["score"]) for each in every["explanations"]] == [("tea", "2.0"), ("jazz", "4.0")]
    text = tally("explain", here / "january", "--subject", "ada").stdout
    assert text.index("Small (tea) of ada: 2.0") < text.index("Small (jazz) of ada: 4.0")
    page = tally("explain", here / "january", "--subject", "ada", "--evidence", "--format", "html").stdout
    assert page.index("Small (tea) of ada: 2.0") < page.index("Small (jazz) of ada: 4.0")
    absent = tally("explain", here / "january", "--subject", "cem", "--in", "jazz")
    assert (absent.exit_code, absent.stdout) == (1, "")
    assert "no record of jazz up to 2026-01-31 is about anybody of that name" in absent.stderr
    january = here / "january"
    absent = tally("why", january, january, "--subject", "cem", "--in", "jazz")
    assert absent.exit_code == 1
    assert "neither run has a result of jazz for anybody called `cem`" in absent.stderr


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param(
            ("why", "january", "february", "--subject", "ada"),
            "Small (tea) of ada: 2.0, then 4.0",
            marks=pytest.mark.whole,
        ),
        pytest.param(("why", "january", "february", "--all"), "Small (tea): what changed", marks=pytest.mark.whole),
        (("whatif", "january", "--subject", "ada", "--add-one", "kind=share actor=zoe"), "What if: Small (tea) of ada"),
        pytest.param(
            ("audit", "fairness", "january", "--groups", "groups.csv", "--by", "group"),
            "Small (tea): how groups fare",
            marks=pytest.mark.whole,
        ),
        pytest.param(
            ("audit", "gaming", "small.tally", "--actions", "3"),
            "Small (tea): how it can be gamed",
            marks=pytest.mark.whole,
        ),
        pytest.param(
            ("audit", "stability", "small.tally", *RECORDED, "--from", "2026-01-31", "--to", "2026-02-28"),
            "Small (tea): how it behaves",
            marks=pytest.mark.whole,
        ),
        pytest.param(
            ("compare", "small.tally", "small.tally", *RECORDED, "--as-of", "2026-01-31"),
            "2 people have a score by every definition",
            marks=pytest.mark.whole,
        ),
        pytest.param(
            ("diff", "small.tally", "other.tally", *RECORDED, "--as-of", "2026-01-31"),
            "These are the scores of which `topic` is `tea` alone",
            marks=pytest.mark.whole,
        ),
    ],
    ids=lambda value: " ".join((*value[:2], *value[3:4])) if isinstance(value, tuple) else "",
)
def test_what_tells_of_one_score_needs_to_know_of_which(
    tally: Tally, here: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], found: str
) -> None:
    """With `--in tea` it tells of that one and says so; without, it is refused, with the values to choose from; a value
    that there is not is refused, too."""
    monkeypatch.chdir(here)
    Path("groups.csv").write_text("subject,group\nada,x\ncem,y\n", encoding="utf-8")
    Path("other.tally").write_text(RULES.replace("2 * shares", "3 * shares"), encoding="utf-8")
    result = tally(*words, "--in", "tea")
    assert result.exit_code == 0, result.stderr
    assert found in result.stdout
    for more, said in (((), "tea"), (("--in", "polo"), "`polo` is no value of `topic`")):
        refused = tally(*words, *more)
        assert (refused.exit_code, refused.stdout) == (2, ""), refused.stdout
        assert said in refused.stderr


def test_a_person_s_page_leads_to_a_page_for_each_value(tally: Tally, here: Path, tmp_path: Path) -> None:
    """The site has one address for a person, whose page tells of each value and leads to the whole of it; the public
    one likewise, of values with a score. What changed since an earlier run stands on the page of its value."""
    site = tmp_path / "site"
    result = tally("publish", here / "february", "--out", site, "--since", here / "january", "--public")
    assert result.exit_code == 0, result.stderr
    assert "2 pages of people" in result.stderr
    rows = (tmp_path / "site.addresses.csv").read_text(encoding="utf-8").splitlines()
    (page,) = [row.split(",")[2] for row in rows if row.startswith("person,ada,")]
    whole = (site / page).read_text(encoding="utf-8")
    assert "Small (tea) of ada: 4.0" in whole
    assert "Small (jazz) of ada: 4.0" in whole
    document = json.loads((site / page).with_suffix(".json").read_text(encoding="utf-8"))
    assert [each["by"]["value"] for each in document["explanations"]] == ["tea", "jazz"]
    changes = [json.loads(each.read_text(encoding="utf-8")) for each in (site / "p").glob("*.since.json")]
    moved = {(each["people"][0]["subject"], each["by"]["value"]): each["people"][0]["points"] for each in changes}
    assert moved == {("ada", "tea"): "2.0", ("ada", "jazz"): "0.0", ("cem", "tea"): "0.0", ("cem", "jazz"): None}
    names = {each.name.partition("-")[0] + each.name.partition(".")[2] for each in (site / "public").glob("*-*.html")}
    assert names == {"adahtml", "adatea.html", "adajazz.html", "cemhtml", "cemtea.html", "cemjazz.html"}


@pytest.mark.whole
def test_runs_by_different_fields_are_not_compared(tally: Tally, here: Path, tmp_path: Path) -> None:
    """A run by a field and one by none have no score in common: exit 2, and nothing is told."""
    (tmp_path / "plain.tally").write_text(
        RULES.split("example", maxsplit=1)[0].replace(" by topic", ""), encoding="utf-8"
    )
    words = ("--records", here / "records.csv", "--as-of", "2026-02-28", "--out", tmp_path / "plain")
    assert tally("score", tmp_path / "plain.tally", *words).exit_code == 0
    refused = tally("why", here / "january", tmp_path / "plain", "--subject", "ada", "--in", "tea")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "that of the later one by no field" in refused.stderr
    refused = tally("explain", tmp_path / "plain", "--subject", "ada", "--in", "tea")
    assert (refused.exit_code, refused.stdout) == (2, "")
    refused = tally("publish", here / "january", "--out", tmp_path / "site", "--since", tmp_path / "plain")
    assert (refused.exit_code, (tmp_path / "site").exists()) == (2, False)
