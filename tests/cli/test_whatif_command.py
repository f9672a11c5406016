"""Takes a run of small records; checks what `tally whatif` answers, that it changes nothing, and what it refuses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from small_rulebook import small
from typer.testing import Result

from tallystick.engine import score
from tallystick.rules import load

Tally = Callable[..., Result]
RECORDS = (
    "at,subject,actor,kind\n2026-01-01,ada,ada,post\n2026-01-02,ada,bob,share\n2026-01-03,bob,ada,share\n"
    "2026-01-03,ada,ada,post\n"
)
PARAMETER = """\
parameter each = 2.5 "points for a share"
    because "Shares carry further."
"""
RULEBOOK = small(("require enough", f"{PARAMETER}\nrequire enough"), ("2.5 * shares", "each * shares"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Score the small records: ada has 2 posts and a share, 4.5; bob has not posted."""
    folder = tmp_path_factory.mktemp("whatif")
    (folder / "small.tally").write_text(RULEBOOK, encoding="utf-8")
    (folder / "records.csv").write_text(RECORDS, encoding="utf-8")
    score(load(folder / "small.tally"), folder / "records.csv", as_of=date(2026, 1, 31), out=folder / "run").close()
    return folder / "run"


def _answer(tally: Tally, run: Path, *words: object, subject: str = "ada") -> dict[str, object]:
    result = tally("whatif", run, "--subject", subject, *words, "--format", "json")
    assert result.exit_code == 0, result.stderr
    document: dict[str, object] = json.loads(result.stdout)
    return document


def _moved(document: dict[str, object]) -> tuple[str, str, dict[str, str]]:
    """Return the score before and after, and the points of each part."""
    parts = {f"{each['name'] or ''}{each['kind'] or ''}": each["points"] for each in document["parts"]}  # type: ignore[attr-defined]
    before, after = document["before"]["score"], document["after"]["score"]  # type: ignore[index]
    assert sum(map(Decimal, parts.values())) == Decimal(after) - Decimal(before)
    return before, after, parts


def test_each_supposition_is_answered_in_parts_that_add_up(tally: Tally, run: Path, tmp_path: Path) -> None:
    """Worked by hand: more records, fewer, another day, another value, all at once; the parts add up to the change."""
    # Two posts are 2 points, a share 2.5: 4.5. The facet gives at most 10.
    one = ("--add-one", "kind=share actor=cem")
    assert _moved(_answer(tally, run, *one)) == ("4.5", "7.0", {"sharing": "2.5"})
    assert _moved(_answer(tally, run, "--without", "posts:1")) == ("4.5", "3.5", {"posting": "-1.0"})
    assert _moved(_answer(tally, run, "--as-of", "2026-01-02")) == ("4.5", "3.5", {"posting": "-1.0"})
    assert _moved(_answer(tally, run, "--set", "each=4")) == ("4.5", "6.0", {"sharing": "1.5"})
    # Five shares at 2.5 are 12.5, with 2 posts 14.5, of which the facet takes 4.5.
    more = tmp_path / "more.csv"
    more.write_text("at,subject,actor,kind\n" + "2026-01-05,ada,cem,share\n" * 4, encoding="utf-8")
    assert _moved(_answer(tally, run, "--add", more)) == ("4.5", "10.0", {"sharing": "10.0", "allcap": "-4.5"})
    both = ("--add", more, *one, "--set", "each=1", "--without", "shares:1", "--as-of", "2026-01-04")
    # On 4 January there are 2 posts; what is imagined of the 5th is not yet, the share of cem is of the day itself: 1.
    document = _answer(tally, run, *both)
    assert _moved(document) == ("4.5", "3.0", {"sharing": "-1.5"})
    assert [each["what"] for each in document["supposed"]] == [  # type: ignore[attr-defined]
        *("another day", "another value", *("a record more",) * 5, "a record less"),
    ]


def test_nothing_is_changed_by_asking(tally: Tally, run: Path) -> None:
    """Every file of the run has the same bytes after a question, and the text says that nothing was changed."""

    def digests() -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(run.iterdir())}

    before = digests()
    result = tally("whatif", run, "--subject", "ada", "--add-one", "kind=share actor=cem")
    assert result.exit_code == 0, result.stderr
    assert "Nothing was changed" in result.stdout
    assert "4.5 as it is, 7.0 if this were so: 2.5 points more." in result.stdout
    assert digests() == before


def test_a_kind_that_is_not_listed_is_said_to_be_none(tally: Tally, run: Path, tmp_path: Path) -> None:
    """Where nothing changes as no rule can count what was imagined, that is said: once for each such kind."""
    more = tmp_path / "more.csv"
    more.write_text("at,subject,actor,kind\n" + "2026-01-05,ada,cem,Post\n" * 2, encoding="utf-8")
    words = ("--add-one", "kind=Share actor=cem", "--add-one", "kind=share actor=cem", "--add", more)
    assert _answer(tally, run, *words)["notices"] == [
        'The rules list no kind "Post", so they count no record of it.',
        'The rules list no kind "Share", so they count no record of it.',
    ]
    told = tally("whatif", run, "--subject", "ada", *words[:2], "--language", "de").stdout
    assert "no change" not in told
    assert "Die Regeln führen keine Art „Share“ auf, zählen also keinen Datensatz davon." in " ".join(told.split())
    assert _answer(tally, run, *words[2:4])["notices"] == []


def test_a_score_can_come_and_go(tally: Tally, run: Path) -> None:
    """Where there is no score before or after, there are no parts, and the words of the requirement stand there."""
    document = _answer(tally, run, "--add-one", "kind=post actor=bob", subject="bob")
    assert (document["before"]["outcome"], document["after"]["score"]) == ("insufficient data", "3.5")  # type: ignore[index]
    assert (document["points"], document["parts"]) == (None, [])
    text = tally("whatif", run, "--subject", "bob", "--add-one", "kind=post actor=bob").stdout
    assert "As it is: insufficient data. You have not posted. If this were so: 3.5." in text


def test_another_rulebook_is_tried_on_the_same_records(tally: Tally, run: Path, tmp_path: Path) -> None:
    """`--rulebook` takes the run's records by the fields that it declares, and refuses what the run did not read."""
    text = RULEBOOK.replace("1.0.0", "2.0.0")
    other = tmp_path / "other.tally"
    other.write_text(text.replace("points posts", "points 2 * posts"), encoding="utf-8")
    assert _moved(_answer(tally, run, "--rulebook", other)) == ("4.5", "6.5", {"posting": "2.0"})
    needing = text.replace("    at      date\n", "    at      date\n    where   text\n")
    other.write_text(needing.replace("count post\n", 'count post\n    when where = "x"\n'), encoding="utf-8")
    result = tally("whatif", run, "--subject", "ada", "--rulebook", other)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the other rulebook reads `where` of records, and the run did not" in result.stderr


def test_what_another_rulebook_only_renames_does_not_move(tally: Tally, run: Path, tmp_path: Path) -> None:
    """A rule, facet or measure that goes by another name in the other rulebook is the same one, not one more."""
    other = tmp_path / "renamed.tally"
    words = RULEBOOK.replace("each = 2.5", "each = 3.5").replace("rule sharing", "rule passing_on")
    words = words.replace("facet all", "facet whole").replace("measure shares", "measure passes")
    other.write_text(words.replace("* shares", "* passes").replace("when shares", "when passes"), encoding="utf-8")
    document = _answer(tally, run, "--rulebook", other)
    assert _moved(document) == ("4.5", "5.5", {"passing_on": "1.0"})
    assert document["measures"] == []
    text = " ".join(tally("whatif", run, "--subject", "ada", "--rulebook", other).stdout.split())
    assert "- The rules are others that are called Small 1.0.0, too." in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "nothing is supposed"),
        (("--set", "each"), 2, "is not what --set takes"),
        (("--set", "each=many"), 2, "`many` is not a value for `each`"),
        (("--set", "ech=3"), 2, "there is no parameter `ech`"),
        (("--set", "each=8 weeks"), 1, "error["),
        (("--set", "each=3", "--set", "each=4"), 2, "`--set` gives `each` more than one value"),
        (("--set-attribute", "a=3", "--set-attribute", "a=4"), 2, "`--set-attribute` gives `a` more than one value"),
        (("--set-attribute", "joined=2020-01-01"), 2, "there is no attribute `joined`"),
        (("--without", "7"), 2, "no record called `7` has to do with the score of `ada`"),
        (("--without", "posts:3"), 2, "no record called `posts:3`"),
        (("--as-of", "soon"), 2, "`soon` is not a day for --as-of"),
        (("--add-one", "kind=share"), 2, "`actor` is missing"),
        (("--add-one", "kind=share actor=cem colour=red"), 2, "`colour` is no field"),
        (("--add-one", "kind=share kind=post"), 2, "`kind` stands twice"),
        (("--add-one", "kind=share actor='cem"), 2, "a quote that does not end"),
        (("--add-one", "kind=share actor=\udcff"), 2, "is not valid UTF-8"),
        (("--add-one", "kind=share actor=cem at=tomorrow"), 2, "not a date"),
        (("--add", "nowhere.csv"), 2, "nowhere.csv"),
        (("--add", "kind=share actor=cem"), 2, '= help: write `--add-one "kind=share actor=cem"` for one record'),
        (("--remove", "3"), 2, "has no option `--remove`"),
        (("--rulebook", "nowhere.tally"), 2, "there is no file"),
    ],
)
def test_what_cannot_be_supposed_is_refused(
    tally: Tally, run: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """Each mistake has its answer on stderr and its exit code, and nothing on stdout."""
    result = tally("whatif", run, "--subject", "ada", *words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_imagined_rows_that_cannot_be_read_are_refused_with_their_place(
    tally: Tally, run: Path, tmp_path: Path
) -> None:
    """Unlike records, which are counted when rejected, what is imagined is meant: no row of it is passed over."""
    more = tmp_path / "more.csv"
    more.write_text(
        "at,subject,actor,kind\n2026-01-05,ada,cem,share\n2026-02-30,ada,cem,share\n2026-01-05,,cem,share\n", "utf-8"
    )
    result = tally("whatif", run, "--subject", "ada", "--add", more)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "2 imagined records cannot be read" in result.stderr
    assert "more.csv:3: `at`:" in result.stderr
    assert "more.csv:4: `subject`: missing" in result.stderr


def test_a_file_without_rows_imagines_nothing(tally: Tally, run: Path, tmp_path: Path) -> None:
    """Where `--add` brings no record, nothing is supposed, and that is no answer but a refusal."""
    (tmp_path / "none.csv").write_text("at,subject,actor,kind\n", encoding="utf-8")
    result = tally("whatif", run, "--subject", "ada", "--add", tmp_path / "none.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no record to imagine is in" in result.stderr


@pytest.mark.parametrize("source", ["nowhere", "."])
def test_what_is_no_run_is_refused(tally: Tally, tmp_path: Path, source: str) -> None:
    """A question needs a run: exit 2."""
    result = tally("whatif", tmp_path / source, "--subject", "ada", "--as-of", "2026-01-02")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "run" in result.stderr


def test_nobody_of_that_name_is_a_finding(tally: Tally, run: Path) -> None:
    """Who has no result, before or after, cannot be asked about: exit 1."""
    result = tally("whatif", run, "--subject", "zoe", "--as-of", "2026-01-02")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "`zoe`" in result.stderr


def test_records_that_a_run_has_no_need_of_are_not_passed_over_in_silence(tally: Tally, run: Path) -> None:
    """Records named beside a run which has kept its own are said not to be read."""
    result = tally("whatif", run, "--subject", "ada", "--as-of", "2026-02-28", "--records", "nowhere.csv")
    assert result.exit_code == 0
    assert "`--records` was not read: the run has kept its records" in result.stderr


def test_a_run_without_records_takes_them(tally: Tally, run: Path, tmp_path: Path) -> None:
    """`--records` stands in for the records that a run has not kept; without them the question is refused."""
    rulebook, records, bare = run.parent / "small.tally", run.parent / "records.csv", tmp_path / "bare"
    words = ("--records", records, "--as-of", "2026-01-31", "--out", bare, "--no-records")
    assert tally("score", rulebook, *words).exit_code == 0
    refused = tally("whatif", bare, "--subject", "ada", "--add-one", "kind=share actor=cem")
    assert refused.exit_code == 2
    assert "--records" in refused.stderr
    given = tally("whatif", bare, "--subject", "ada", "--add-one", "kind=share actor=cem", "--records", records)
    assert given.exit_code == 0, given.stderr
    assert "7.0 if this were so" in given.stdout


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_hostile_record_can_do_nothing(tally: Tally, run: Path, form: str) -> None:
    """No form lets what is imagined reach the terminal as a command, or a page as HTML."""
    record = "kind=share actor='\x1b[31m<b>|'"
    result = tally("whatif", run, "--subject", "ada", "--add-one", record, "--format", form)
    assert result.exit_code == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert form not in ("markdown", "html") or "<b>" not in result.stdout.replace("\\<b", "")


def test_could_change_is_shown_on_request_alone(tally: Tally, run: Path) -> None:
    """`--could-change` adds the section with what was tried; without it nothing of it is there."""
    without = tally("explain", run, "--subject", "ada").stdout
    assert "WHAT COULD CHANGE IT" not in without
    shown = tally("explain", run, "--subject", "ada", "--could-change")
    assert shown.exit_code == 0, shown.stderr
    # A share more is 2.5 points: 7.0.
    assert '1 more record of the kind "share"' in shown.stdout
    assert "would make the score 7.0" in shown.stdout
    document = json.loads(tally("explain", run, "--subject", "ada", "--could-change", "--format", "json").stdout)
    assert {each["form"] for each in document["could_change"]} == {"enough actions", "nothing done"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "2026-03-01"), "add `--could-change`"),
        (("--could-change", "--by", "2026-01-01"), "is before the last day of the run"),
        (("--could-change", "--by", "later"), "`later` is not a day for --by"),
    ],
)
def test_a_day_that_does_not_fit_is_refused(tally: Tally, run: Path, words: tuple[str, ...], said: str) -> None:
    """`--by` is a day not before the run's, and says nothing without `--could-change`: exit 2."""
    result = tally("explain", run, "--subject", "ada", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_small_move_of_a_measure_is_told_in_full(tally: Tally, tmp_path: Path) -> None:
    """Where both figures read the same, all digits are given: 0.501230392 shares, and 0.5 without an old one."""
    (tmp_path / "fading.tally").write_text(
        RULEBOOK.replace("    count share\n", "    count share\n    halving every 3 days\n"), encoding="utf-8"
    )
    records = "at,subject,actor,kind\n2026-01-05,ada,ada,post\n2026-01-02,ada,bob,share\n2026-01-28,ada,cyn,share\n"
    (tmp_path / "records.csv").write_text(records, encoding="utf-8")
    score(
        load(tmp_path / "fading.tally"), tmp_path / "records.csv", as_of=date(2026, 1, 31), out=tmp_path / "run"
    ).close()
    answer = tally("whatif", tmp_path / "run", "--subject", "ada", "--without", "shares:2")
    assert answer.exit_code == 0, answer.stderr
    assert "- shares: 0.5, not 0.501230392" in answer.stdout


MEAN = """\
rulebook "Mean" version 1.0.0

records
    subject text
    actor   text
    kind    one of rating
    at      date
    stars   number 0 to 10

measure liked "star" / "stars"
    average stars of rating

rule quality "Quality"
    weight 3
    level  liked, linear to 10
    otherwise not applicable
    because "Others say so."

score "Mean"
    mean of all rules by weight, out of 10
    rounded to 1 place
"""


def test_lines_of_a_mean_are_as_short_as_in_the_explanation(tally: Tally, tmp_path: Path) -> None:
    """By hand: 9 stars are 3 * 0.9 = 2.7 points, 9.5 are 2.85; no line is filled up with zeros."""
    (tmp_path / "mean.tally").write_text(MEAN, encoding="utf-8")
    (tmp_path / "records.csv").write_text(
        "subject,actor,kind,at,stars\nada,bob,rating,2026-01-02,9\n", encoding="utf-8"
    )
    folder = tmp_path / "run"
    score(load(tmp_path / "mean.tally"), tmp_path / "records.csv", as_of=date(2026, 1, 31), out=folder).close()
    one = "kind=rating at=2026-01-31 actor=zoe stars=10"
    answer = tally("whatif", folder, "--subject", "ada", "--add-one", one)
    assert answer.exit_code == 0, answer.stderr
    assert "Quality +0.15 from 2.7 to 2.85" in " ".join(answer.stdout.split())
    told = tally("explain", folder, "--subject", "ada", "--could-change").stdout
    assert "(this line: 2.85 in place of 2.7)" in " ".join(told.split())


def test_what_could_change_is_written_out_as_worked_by_hand(tally: Tally, run: Path) -> None:
    """Ada's 4.5 is a tenth short of a step and half a point of the next band: a post gives 1, a share 2.5. Bob needs a
    post to have a score at all, which with his share is 3.5. Without either, all stays: nothing fades here."""

    def told(subject: str, form: str, *names: str) -> list[tuple[object, ...]]:
        words = ("explain", run, "--subject", subject, "--could-change", "--format", "json")
        found = json.loads(tally(*words).stdout)["could_change"]
        return [
            tuple(each["goal"][name] if name == "at_least" else each[name] for name in names)
            for each in found
            if each["form"] == form
        ]

    of_actions = ("rule", "title", "at_least", "score", "one_fewer", "tried_until")
    assert told("ada", "enough actions", *of_actions) == [
        ("posting", "You post", "4.6", "5.5", "4.5", "2027-01-31"),
        ("posting", "You post", "5.0", "5.5", "4.5", "2027-01-31"),
        ("sharing", "People share", "4.6", "7.0", "4.5", "2027-01-31"),
        ("sharing", "People share", "5.0", "7.0", "4.5", "2027-01-31"),
    ]
    assert told("bob", "enough actions", *of_actions) == [(None, None, None, "3.5", None, "2027-01-31")]
    of_silence = ("on", "outcome", "score", "points", "words")
    days = ("2026-03-02", "2026-04-01", "2026-05-01")
    assert told("ada", "nothing done", *of_silence) == [(day, "scored", "4.5", "0.0", None) for day in days]
    lacking = ("insufficient data", None, None, "You have not posted.")
    assert told("bob", "nothing done", *of_silence) == [(day, *lacking) for day in days]


@pytest.mark.parametrize(
    ("zone", "at"), [("Pacific/Auckland", "2026-01-15 12:00:00 UTC+13:00"), ("UTC", "2026-01-15 12:00:00 UTC")]
)
def test_what_is_imagined_lies_on_the_as_of_day_of_the_rulebooks_zone(
    tally: Tally, tmp_path: Path, zone: str, at: str
) -> None:
    """Noon of 15 January in Auckland, 13 hours ahead, is 23:00 in UTC on the day before; noon in UTC is its 16th
    already, and would be *not yet*: nothing would change. Of 1 like, one more makes 2."""
    book, records, folder = tmp_path / "likes.tally", tmp_path / "likes.csv", tmp_path / "run"
    book.write_text(LIKES.format(zone=zone), encoding="utf-8")
    records.write_text("subject,kind,at\nada,like,2026-01-14T09:00:00Z\n", encoding="utf-8")
    result = tally("score", book, "--records", records, "--as-of", "2026-01-15", "--out", folder)
    assert result.exit_code == 0, result.stderr
    document = _answer(tally, folder, "--add-one", "kind=like")
    assert _moved(document) == ("1", "2", {"liked": "1"})
    result = tally("whatif", folder, "--subject", "ada", "--add-one", "kind=like")
    assert at in " ".join(result.stdout.split())


PARAMETERS = """
rulebook "Sums" version 1.0.0
    owner "Tests"

records
    subject text
    kind    one of sale
    at      time
    sum     number 0 to 10000 with 2 places
    paid    yes/no

parameter window = 2 weeks "window"
parameter part = 12.5% "share"
parameter longer = 2 * window "twice the window"
parameter full = 3 * 25 "the most"

measure sales "sale" / "sales"
    sum sum of sale
    when paid
    within longer
    halving every window

rule sold "Sold"
    points part * sales
    at most full
    because "So."

score "S"
    sum of all rules
"""


def test_what_is_supposed_is_told_as_its_reader_writes_it(tally: Tally, tmp_path: Path) -> None:
    """A parameter in weeks, in percent or worked out from others is told with the value that it has; a record with its
    moment, numbers and yes or no as everywhere."""
    book, records, folder = tmp_path / "sums.tally", tmp_path / "sums.csv", tmp_path / "run"
    book.write_text(PARAMETERS, encoding="utf-8")
    records.write_text("subject,kind,at,sum,paid\nada,sale,2026-02-25T08:00:00+02:00,1234.5,yes\n", encoding="utf-8")
    assert tally("score", book, "--records", records, "--as-of", "2026-03-01", "--out", folder).exit_code == 0
    asked = [
        "--without",
        "sales:1",
        "--add-one",
        "kind=sale sum=2345.5 paid=no",
        "--set",
        "part=7.5",
        "--set",
        "full=40",
    ]
    document = _answer(tally, folder, "--set", "window=1", *asked)
    supposed = document["supposed"]
    assert isinstance(supposed, list)
    values = [(each["name"], each["before"], each["after"]) for each in supposed if each["what"] == "another value"]
    assert values == [("window", "14", "7"), ("part", "12.5%", "7.5%"), ("full", "75", "40")]
    english = tally("whatif", folder, "--subject", "ada", "--set", "longer=3", *asked).stdout
    told = " ".join(english.split())
    assert "longer (twice the window) is 3 days, not 28 days." in told
    assert "full (the most) is 40, not 75." in told
    german = tally("whatif", folder, "--subject", "ada", "--set", "window=1", *asked, "--language", "de").stdout
    told = " ".join(german.replace(" [en]", "").split())
    assert "window (window) ist 7 Tage, nicht 14 Tage." in told
    assert "part (share) ist 7,5 %, nicht 12,5 %." in told
    assert "kind sale, at 01.03.2026 12:00:00 UTC, sum 2.345,5 und paid nein." in told
    assert "kind sale, at 25.02.2026 06:00:00 UTC, sum 1.234,5 und paid ja." in told


def test_each_value_is_told_beside_the_one_in_force(tally: Tally, tmp_path: Path) -> None:
    """Of two values that are supposed, and in other rules, too: beside the one of the run's day, and not beside the one
    from before the first date."""
    book, other, folder = tmp_path / "sums.tally", tmp_path / "other.tally", tmp_path / "run"
    dated = PARAMETERS.replace('"window"\n', '"window"\n    from 2026-02-01 = 20 days because "So."\n')
    dated = dated.replace('"share"\n', '"share"\n    from 2026-02-01 = 25% because "So."\n')
    book.write_text(dated, encoding="utf-8")
    other.write_text(dated.replace("3 * 25", "3 * 26"), encoding="utf-8")
    (tmp_path / "sums.csv").write_text("subject,kind,at,sum,paid\nada,sale,2026-02-25T08:00:00Z,10,yes\n")
    scored = tally("score", book, "--records", tmp_path / "sums.csv", "--as-of", "2026-03-01", "--out", folder)
    assert scored.exit_code == 0
    for rules in ((), ("--rulebook", other)):
        supposed = _answer(tally, folder, *rules, "--set", "part=50", "--set", "window=15 days")["supposed"]
        assert isinstance(supposed, list)
        values = [(each["name"], each["before"], each["after"]) for each in supposed if each["what"] == "another value"]
        assert values == [("part", "25%", "50%"), ("window", "20", "15")]


def test_a_day_with_another_dated_value_says_so(tally: Tally, tmp_path: Path) -> None:
    """Whoever supposes another day learns which values of the rules are others on it, and not that those changed that
    they supposed themselves, or that other rules have."""
    book, folder = tmp_path / "sums.tally", tmp_path / "run"
    dated = PARAMETERS.replace('"window"\n', '"window"\n    from 2026-02-01 = 20 days because "So."\n')
    dated = dated.replace('"share"\n', '"share"\n    from 2026-04-01 = 25% because "So."\n')
    book.write_text(dated, encoding="utf-8")
    (tmp_path / "sums.csv").write_text("subject,kind,at,sum,paid\nada,sale,2026-01-25T08:00:00Z,10,yes\n")
    scored = tally("score", book, "--records", tmp_path / "sums.csv", "--as-of", "2026-03-01", "--out", folder)
    assert scored.exit_code == 0
    for words, values in (
        (("--as-of", "2026-04-01"), [("part", "12.5%", "25%")]),
        (("--as-of", "2026-01-31"), [("window", "20", "14"), ("longer", "40", "28")]),
        (("--as-of", "2026-03-31"), []),
        (("--as-of", "2026-04-01", "--set", "part=50"), []),
        (("--as-of", "2026-04-01", "--set", "part=25"), []),
        (("--as-of", "2026-04-01", "--set", "window=10"), [("part", "12.5%", "25%")]),
        (("--as-of", "2026-01-31", "--set", "window=10"), []),
        (("--as-of", "2026-04-01", "--rulebook", book), []),
    ):
        supposed = _answer(tally, folder, *words)["supposed"]
        assert isinstance(supposed, list)
        found = [
            (each["name"], each["before"], each["after"]) for each in supposed if each["what"] == "value of that day"
        ]
        assert found == values, words
    told = " ".join(tally("whatif", folder, "--subject", "ada", "--as-of", "2026-04-01").stdout.split())
    assert "The last day that counts is 2026-04-01, not 2026-03-01." in told
    assert "By these rules part (share) is 25% on that day, not 12.5%." in told


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        ("text", "p9", True),
        ("whole number", "9", True),
        ("text", "imagined 7", True),
        ("whole number", "-5", True),
        ("text", "", False),
        ("whole number", "", False),
    ],
)
def test_an_id_that_nobody_gave_is_not_told(kind: str, given: str, told: bool, tally: Tally, tmp_path: Path) -> None:  # noqa: FBT001
    """A record that is supposed without an id has a made-up one in the document, and none in the words; one that
    somebody gave is told, also where it reads like a made-up one."""
    book, folder = tmp_path / "small.tally", tmp_path / "run"
    book.write_text(RULEBOOK.replace("records\n", f"records\n    id {kind}\n", 1), encoding="utf-8")
    (tmp_path / "records.csv").write_text("id,at,subject,actor,kind\n1,2026-01-01,ada,ada,post\n", encoding="utf-8")
    scored = tally("score", book, "--records", tmp_path / "records.csv", "--as-of", "2026-01-31", "--out", folder)
    assert scored.exit_code == 0, scored.stderr
    asked = "kind=post actor=ada" + (f" 'id={given}'" if given else "")
    words = " ".join(tally("whatif", folder, "--subject", "ada", "--add-one", asked).stdout.split())
    assert (f"One record more: id {given}, " in words) is told
    assert ("One record more: subject ada, " in words) is not told
    (supposed,) = _answer(tally, folder, "--add-one", asked)["supposed"]  # type: ignore[misc]
    assert supposed["record"]["id"] == (given or ("imagined 1" if kind == "text" else "-1"))  # type: ignore[index]
    assert supposed.get("made_up", False) is not told


def test_a_record_without_an_id_is_imagined_whatever_ids_there_can_be(tally: Tally, tmp_path: Path) -> None:
    """Nobody is told of an id out of its range that they never wrote; one that they wrote is held to it."""
    book, folder = tmp_path / "small.tally", tmp_path / "run"
    ranged = RULEBOOK.replace("records\n", "records\n    id whole number 1 or more\n", 1)
    book.write_text(ranged, encoding="utf-8")
    (tmp_path / "records.csv").write_text("id,at,subject,actor,kind\n1,2026-01-01,ada,ada,post\n", encoding="utf-8")
    scored = tally("score", book, "--records", tmp_path / "records.csv", "--as-of", "2026-01-31", "--out", folder)
    assert scored.exit_code == 0, scored.stderr
    (supposed,) = _answer(tally, folder, "--add-one", "kind=post actor=ada")["supposed"]  # type: ignore[misc]
    assert supposed["record"]["id"] == "-1"  # type: ignore[index]
    refused = tally("whatif", folder, "--subject", "ada", "--add-one", "kind=post actor=ada id=-1")
    assert refused.exit_code == 2
    assert "`id` `-1` is not from 1" in refused.stderr


LIKES = """
rulebook "Likes" version 1.0.0
    owner     "Tests"
    time zone "{zone}"

records
    subject text
    kind    one of like
    at      time

measure likes "like" / "likes"
    count like
    within 90 days

rule liked "Liked"
    points min(likes, 40)
    because "It counts."

score "Likes"
    sum of all rules
"""
