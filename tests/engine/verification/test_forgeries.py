"""A number changed with every digest and the seal made to fit is found by adding up, by rules, or by the records."""

from __future__ import annotations

import shutil

import pytest
from ledgers.forged import Forge, Made, edited, finding, seal_again
from msgspec.structs import replace

from tallystick.engine.folder import open_run
from tallystick.engine.folder_writing import sha256_of_file
from tallystick.engine.receipt import Receipt, sealed
from tallystick.engine.verifying.by_reference import check_reference
from tallystick.engine.verifying.checks import verify
from tallystick.engine.verifying.verification import Difference

FORGERIES: dict[str, tuple[dict[str, str], str, Difference]] = {
    "a score": (
        {"scores.parquet": "UPDATE it SET score = score + 1 WHERE subject = 'p3'"},
        "sums",
        Difference(table="scores", subject="p3", column="score", found="7.8", expected="6.8"),
    ),
    "a score of who has none": (
        {"scores.parquet": "UPDATE it SET score = 3 WHERE subject = 'p2'"},
        "sums",
        Difference(table="scores", subject="p2", column="score", found="3"),
    ),
    "points": (
        {
            "lines.parquet": 'UPDATE it SET "liked: points" = "liked: points" + 1 WHERE subject = \'p3\'',
            "scores.parquet": "UPDATE it SET score = score + 1 WHERE subject = 'p3'",
        },
        "sums",
        Difference(table="lines", subject="p3", row="liked", column="points", found="2.8", expected="1.8"),
    ),
    "a facet": (
        {"scores.parquet": "UPDATE it SET \"facet people: lines\" = 1 WHERE subject = 'p0'"},
        "sums",
        Difference(table="facets", subject="p0", row="people", column="lines", found="1", expected="4.2"),
    ),
    "a whole line": (
        {
            "lines.parquet": 'UPDATE it SET "liked: value" = "liked: value" + 1, "liked: points" = "liked: points" + 1 '
            "WHERE subject = 'p4'",
            "scores.parquet": 'UPDATE it SET score = score + 1, "facet people: lines" = "facet people: lines" + 1, '
            '"facet people: subtotal" = "facet people: subtotal" + 1 WHERE subject = \'p4\'',
        },
        "rules",
        Difference(
            table="lines", subject="p4", row="liked", column="value", found="1.270807272", expected="0.270807272"
        ),
    ),
    "a band": (
        {"scores.parquet": "UPDATE it SET band = 'many' WHERE subject = 'p4'"},
        "rules",
        Difference(table="scores", subject="p4", column="band", found="many", expected="some"),
    ),
    "a reason": (
        {"scores.parquet": "UPDATE it SET requirement = 'score' WHERE subject = 'p9'"},
        "rules",
        Difference(table="scores", subject="p9", column="requirement", found="score", expected="some"),
    ),
    "an attribute": (
        {"inputs.parquet": "UPDATE it SET \"joined: value\" = '2026-02-30' WHERE subject = 'p0'"},
        "rules",
        Difference(
            table="inputs",
            subject="p0",
            row="joined",
            column="value",
            found="2026-02-30",
            expected="a value of joined",
        ),
    ),
    "a formula": (
        {"measures.parquet": 'UPDATE it SET "both: value" = "both: value" + 1 WHERE subject = \'p1\''},
        "rules",
        Difference(
            table="measures",
            subject="p1",
            row="both",
            column="value",
            found="20.387696236",
            expected="19.387696236",
        ),
    ),
    "a measure and all that comes of it": (
        {
            "measures.parquet": 'UPDATE it SET "likes: value" = 0.9, "both: value" = 0.9 + "shares: value" '
            "WHERE subject = 'p4'",
            "lines.parquet": 'UPDATE it SET "liked: value" = 0.9, "liked: rounding" = 0, "liked: points" = 0.9, '
            "\"shared: input\" = 4.9 WHERE subject = 'p4'",
            "scores.parquet": 'UPDATE it SET score = score + 0.6, "facet people: lines" = "facet people: lines" + 0.6, '
            '"facet people: subtotal" = "facet people: subtotal" + 0.6 WHERE subject = \'p4\'',
        },
        "replay",
        Difference(table="measures", subject="p4", row="likes", column="value", found="0.9", expected="0.270807272"),
    ),
    "how many records counted": (
        {"measures.parquet": "UPDATE it SET \"likes: records\" = 100 WHERE subject = 'p0'"},
        "replay",
        Difference(table="measures", subject="p0", row="likes", column="records", found="100", expected="7"),
    ),
    "what a record met": (
        {"records.parquet": "UPDATE it SET \"#fate\" = 'unused' WHERE \"#fate\" = 'excluded' AND subject = 'p0'"},
        "replay",
        Difference(
            file="records.parquet", row="row 163", column="#fate", found="unused, own", expected="excluded, own"
        ),
    ),
    "a record": (
        {"records.parquet": "UPDATE it SET kind = 'like' WHERE kind = 'share' AND subject = 'p3'"},
        "replay",
        Difference(table="steps", subject="p3", row="likes, fading", column="records", found="7", expected="13"),
    ),
    "an attribute and the subjects": (
        {"subjects.parquet": "UPDATE it SET joined = DATE '2019-01-01' WHERE subject = 'p0'"},
        "replay",
        Difference(
            table="inputs", subject="p0", row="joined", column="value", found="2020-01-01", expected="2019-01-01"
        ),
    ),
    "somebody's rows twice": (
        {"scores.parquet": "INSERT INTO it SELECT * FROM it WHERE subject = 'p1'"},
        "people",
        Difference(table="scores", subject="p1", found="two rows", expected="one row"),
    ),
    "somebody without a score": (
        {"scores.parquet": "DELETE FROM it WHERE subject = 'p1'"},
        "people",
        Difference(table="lines", subject="p1", found="a row"),
    ),
    "the corrections": (
        {"corrections.parquet": "DELETE FROM it"},
        "counts",
        Difference(file="receipt.json", row="counts", column="voided", found="1", expected="0"),
    ),
    "a column": (
        {"records.parquet": "ALTER TABLE it DROP kind"},
        "replay",
        Difference(found="`RUN/records.parquet` has other columns than this version reads"),
    ),
    "somebody nowhere": (
        {
            f"{table}.parquet": "DELETE FROM it WHERE subject = 'p1'"
            for table in ("scores", "lines", "adjustments", "measures", "inputs", "accounts")
        },
        "counts",
        Difference(file="receipt.json", row="counts", column="rows", found="201", expected="159"),
    ),
}


AT_ONCE = {"a score", "a measure and all that comes of it", "what a record met"}
"""What `make test` tries; `make test-all` tries all of them."""


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=() if what in AT_ONCE else pytest.mark.whole) for what in FORGERIES]
)
def test_a_forgery_that_fits_every_digest_is_found(made: Made, forge: Forge, what: str) -> None:
    """The first number that is wrong is named: table, person, rule or measure, what stands there and what should."""
    changes, name, difference = FORGERIES[what]
    forge(made, changes)
    check = finding(verify(made.folder))
    told = None if difference.found is None else difference.found.replace("RUN", str(made.folder))
    assert (check.name, check.difference) == (name, replace(difference, found=told))


def test_without_records_a_measure_is_taken_as_it_stands(made: Made, forge: Forge) -> None:
    """What only the records could tell is said not to be checked; asked for, that is a finding."""
    changes, _, _ = FORGERIES["how many records counted"]
    (made.folder / "records.parquet").unlink()
    forge(made, changes)
    found = verify(made.folder)
    assert found.agrees
    assert [(each.name, each.reason) for each in found.checks[-1:]] == [("replay", "no records")]
    asked = verify(made.folder, independent=2)
    assert not asked.agrees
    assert (asked.checks[-1].name, asked.checks[-1].outcome, asked.checks[-1].reason) == (
        "reference",
        "not made",
        "no records",
    )


@pytest.mark.whole
def test_records_given_find_what_a_run_without_them_hides(made: Made, forge: Forge) -> None:
    """Whoever brings the records needs none that the run has kept."""
    changes, _, _ = FORGERIES["how many records counted"]
    (made.folder / "records.parquet").unlink()
    forge(made, changes)
    again = finding(verify(made.folder, given=made.given))
    assert (again.name, again.difference.row) == ("replay", "likes")  # type: ignore[union-attr]


@pytest.mark.whole
def test_the_reference_finds_a_forgery_by_itself(made: Made, forge: Forge) -> None:
    """Whoever does not trust the fast engine has another that looks at the records alone."""
    changes, _, difference = FORGERIES["a measure and all that comes of it"]
    forge(made, changes)
    run = open_run(made.folder)
    assert check_reference(run, run, 6, lambda _doing, _rows: None).difference == difference
    run.close()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            "after = list_transform(after, lambda x, i: CASE WHEN i = 5 THEN 'never' ELSE x END)",
            "a correction gives `at` a value that it cannot have: not a time (YYYY-MM-DDThh:mm:ssZ)",
        ),
        pytest.param(
            "record = ''", "a correction gives `id` a value that it cannot have: missing", marks=pytest.mark.whole
        ),
    ],
)
def test_a_correction_that_the_reference_cannot_read_is_its_finding(
    made: Made, forge: Forge, change: str, found: str
) -> None:
    """The replay takes the records as they were corrected, and agrees; the reference corrects them again."""
    forge(made, {"corrections.parquet": f"UPDATE it SET {change} WHERE action = 'replace'"})  # noqa: S608  of the test's own
    checks = verify(made.folder, independent=1).checks
    assert [each.name for each in checks if each.outcome == "agrees"][-1] == "replay"
    assert [(each.name, each.difference.found) for each in checks if each.difference] == [("reference", found)]


@pytest.mark.parametrize(
    "count",
    ["rows", *(pytest.param(each, marks=pytest.mark.whole) for each in ("rejected", "copies", "subject_rows"))],
)
def test_a_count_that_does_not_add_up_is_found(made: Made, forge: Forge, count: str) -> None:
    """Every row read is accounted for, those rejected one by one."""
    forge(made, {}, counts={count: 77})
    check = finding(verify(made.folder))
    assert (check.name, check.difference.row) == ("counts", "counts")  # type: ignore[union-attr]


def test_a_rejected_row_left_out_is_found(made: Made) -> None:
    """Nothing that could not be read is dropped in silence."""
    path = made.folder / "rejected.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    seal_again(made)
    check = finding(verify(made.folder))
    assert (check.name, check.difference.column) == ("counts", "rejected")  # type: ignore[union-attr]


@pytest.mark.whole
def test_a_rejected_row_told_otherwise_is_found_by_the_inputs(made: Made) -> None:
    """The reasons that stand there are those for which the rows are rejected."""
    path = made.folder / "rejected.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("when", "then"), encoding="utf-8")
    seal_again(made)
    check = finding(verify(made.folder, given=made.given))
    assert (check.name, check.difference.file) == ("replay", "rejected.csv")  # type: ignore[union-attr]


@pytest.mark.whole
def test_a_correction_told_otherwise_is_found_by_the_inputs(made: Made, forge: Forge) -> None:
    """Who struck out a record, and why, stands in explanations, too."""
    forge(made, {"corrections.parquet": "UPDATE it SET who = 'y' WHERE record = '20'"})
    assert verify(made.folder).agrees
    check = finding(verify(made.folder, given=made.given))
    assert (check.name, check.difference.file) == ("replay", "corrections.parquet")  # type: ignore[union-attr]


def test_another_digest_in_a_sealed_receipt_is_found(made: Made) -> None:
    """The digest that people compare is that of this ledger."""
    receipt = Receipt.model_validate_json((made.folder / "receipt.json").read_bytes())
    text = sealed(receipt.model_copy(update={"ledger_digest": "0" * 64}))
    (made.folder / "receipt.json").write_text(text, encoding="utf-8")
    check = finding(verify(made.folder))
    assert (check.name, check.difference.row) == ("digest", "ledger_digest")  # type: ignore[union-attr]


def test_another_rulebook_with_the_digest_of_its_file_is_found(made: Made) -> None:
    """It must be the one that the receipt holds, and with that changed, too, the one that gives these numbers."""
    path = made.folder / "rulebook.tally"
    path.write_text(path.read_text(encoding="utf-8").replace("points 2", "points 3"), encoding="utf-8")
    receipt = Receipt.model_validate_json((made.folder / "receipt.json").read_bytes())
    files = tuple(each.model_copy(update={"sha256": sha256_of_file(made.folder / each.name)}) for each in receipt.files)
    text = sealed(receipt.model_copy(update={"files": files}))
    (made.folder / "receipt.json").write_text(text, encoding="utf-8")
    check = finding(verify(made.folder))
    assert (check.name, check.difference.file) == ("rulebook", "rulebook.tally")  # type: ignore[union-attr]


def test_a_receipt_that_was_edited_is_found(made: Made) -> None:
    """What a receipt says is what it was sealed with: the day, the inputs, the counts."""
    edited(made, "receipt.json", lambda document: document.update(as_of="2031-01-01"))
    check = finding(verify(made.folder))
    assert (check.name, check.difference.row) == ("receipt", "seal")  # type: ignore[union-attr]


def test_a_receipt_that_names_files_elsewhere_is_refused(made: Made) -> None:
    """A run comes from strangers: no file outside its folder is looked at."""
    shutil.copy(made.folder / "rejected.csv", made.folder.parent / "outside.csv")
    receipt = Receipt.model_validate_json((made.folder / "receipt.json").read_bytes())
    outside = receipt.files[0].model_copy(update={"name": "../outside.csv"})
    text = sealed(receipt.model_copy(update={"files": (outside, *receipt.files)}))
    (made.folder / "receipt.json").write_text(text, encoding="utf-8")
    check = finding(verify(made.folder))
    assert (check.name, check.difference.found) == ("files", "../outside.csv")  # type: ignore[union-attr]
