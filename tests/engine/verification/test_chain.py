"""Runs that name the run before them make a chain in which none can be changed, left out or moved unseen."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledgers.forged import Made, make, seal_again

from tallystick.engine.folder_writing import read_receipt
from tallystick.engine.receipt import Receipt, sealed
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.verifying.chain import Link, links_between, seal_before


@pytest.fixture
def receipts(made: Made) -> tuple[Receipt, ...]:
    """Return the receipts of four runs, each of which names the one before it."""
    first = read_receipt(made.folder)
    chain = [first]
    for day in range(2, 5):
        change = {"as_of": first.as_of.replace(day=day), "previous": chain[-1].seal}
        chain.append(Receipt.model_validate_json(sealed(first.model_copy(update=change))))
    return tuple(chain)


@pytest.mark.whole
def test_a_run_holds_the_seal_of_the_one_before(made: Made, tmp_path: Path) -> None:
    """And the seal of its own receipt is over that, too."""
    make(made.rulebook, made.given, tmp_path / "next", previous=made.folder)
    earlier, later = read_receipt(made.folder), read_receipt(tmp_path / "next")
    assert later.previous == earlier.seal
    assert later.seal != earlier.seal


def test_a_chain_holds(receipts: tuple[Receipt, ...]) -> None:
    """Each run names the one before it."""
    assert [each.state for each in links_between(receipts)] == ["begins", "follows", "follows", "follows"]


def test_a_chain_may_begin_later(receipts: tuple[Receipt, ...]) -> None:
    """Not every auditor has the runs of all years; that there were some is said."""
    assert [each.state for each in links_between(receipts[1:])] == ["continues", "follows", "follows"]


def test_a_missing_run_is_a_gap(receipts: tuple[Receipt, ...]) -> None:
    """The run after it names one that is not there."""
    found = links_between((receipts[0], receipts[2], receipts[3]))
    assert found == (Link(0, "begins"), Link(1, "gap"), Link(2, "follows"))


def test_runs_in_another_order_are_told_apart(receipts: tuple[Receipt, ...]) -> None:
    """Which run one names instead is said."""
    found = links_between((receipts[0], receipts[2], receipts[1], receipts[3]))
    assert found == (
        Link(0, "begins"),
        Link(1, "another order", 2),
        Link(2, "another order", 0),
        Link(3, "another order", 1),
    )
    assert not any(each.holds for each in found[1:])
    assert links_between((receipts[1], receipts[0]))[0] == Link(0, "another order", 1)


def test_a_run_that_was_altered_and_sealed_again_is_a_gap(receipts: tuple[Receipt, ...]) -> None:
    """Its own seal fits, and the run after it knows another."""
    changed = receipts[1].model_copy(update={"as_of": receipts[1].as_of.replace(day=20)})
    forged = Receipt.model_validate_json(sealed(changed))
    found = links_between((receipts[0], forged, receipts[2]))
    assert [each.state for each in found] == ["begins", "follows", "gap"]


def test_a_run_without_a_link_ends_a_chain(receipts: tuple[Receipt, ...]) -> None:
    """Whoever leaves the link out is seen, too."""
    assert [each.state for each in links_between((receipts[1], receipts[0], receipts[0]))][2] == "no link"


def test_a_run_is_not_put_in_place_of_the_one_it_names(made: Made) -> None:
    """The chain would lose a link the moment it is made."""
    with pytest.raises(UsageRefusal, match="would take its place"):
        make(made.rulebook, made.given, made.folder, previous=made.folder)
    (made.folder.parent / "link").symlink_to(made.folder)
    with pytest.raises(UsageRefusal, match="would take its place"):
        seal_before(made.folder.parent / "link", made.folder)
    with pytest.raises(UsageRefusal, match="would take its place"):
        seal_before(made.folder, made.folder.parent / "link")


def test_a_run_may_be_made_where_another_lies_that_it_does_not_name(made: Made, tmp_path: Path) -> None:
    """Only the run that is named as the one before has to stay."""
    (tmp_path / "older").mkdir()
    assert seal_before(made.folder, tmp_path / "older") == read_receipt(made.folder).seal
    assert seal_before(made.folder, tmp_path / "new") == read_receipt(made.folder).seal


def test_only_a_run_as_it_was_written_can_be_named(made: Made, tmp_path: Path) -> None:
    """A link to a damaged run, or to none, would never hold."""
    with pytest.raises(UsageRefusal, match="is not a run"):
        make(made.rulebook, made.given, tmp_path / "next", previous=tmp_path)
    seal_again(made)
    path = made.folder / "receipt.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"rows": 200', '"rows": 201', 1), encoding="utf-8")
    with pytest.raises(DataRefusal, match="is not as the run wrote it"):
        make(made.rulebook, made.given, tmp_path / "next", previous=made.folder)
    assert not (tmp_path / "next").exists()
