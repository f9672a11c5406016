"""Takes the folder of a run, and the records if they are at hand; gives its checks up to the first that differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.folder import open_run
from tallystick.engine.intake.table import Progress
from tallystick.engine.receipt import Receipt
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.verifying.by_reference import check_reference
from tallystick.engine.verifying.files import check_files, check_receipt, check_rulebook
from tallystick.engine.verifying.kept import check_kept, has_kept, other_rows
from tallystick.engine.verifying.ledger import check_ledger
from tallystick.engine.verifying.records import GivenAgain, check_again, check_inputs, scored_again
from tallystick.engine.verifying.signature import check_signature
from tallystick.engine.verifying.verification import (
    Check,
    CheckName,
    Difference,
    Verification,
    agrees,
    differs,
    not_made,
)

NOTHING_GIVEN = GivenAgain()
_ALWAYS: tuple[CheckName, ...] = (
    *("receipt", "signature", "files", "rulebook", "people", "sums", "rules", "counts", "digest"),
)


def verify(
    folder: str | Path,
    *,
    given: GivenAgain = NOTHING_GIVEN,
    independent: int | None = None,
    trust: Path | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Check a run.

    ``given``: the inputs that it was made from, to make it again; else the records that it has kept. ``independent``:
    work out so many people by the reference, too. ``trust``: the public key of whoever is to have signed it. Raises
    ``UsageRefusal`` where the folder is no run or the inputs do not fit each other.
    """
    asked = _Asked(Path(folder), given, independent, trust, progress if progress is not None else _silent)
    receipt, first = check_receipt(asked.folder)
    checks = [first]
    if receipt is not None and receipt.forgotten and first.outcome != "differs":
        checks.append(agrees("forgotten", len(receipt.forgotten)))
    if receipt is not None and first.outcome != "differs":
        given.refuse_lacking(receipt)
        for check in asked.checks(receipt):
            checks.append(check)
            if check.outcome == "differs" and check.name != "inputs":  # whom other records change is worth knowing
                break
    if receipt is not None and receipt.by is not None:
        checks = [replace(each, results=True) for each in checks]
    made = {check.name for check in checks}
    rest = (not_made(name, "differs before", asked=name in asked.for_) for name in asked.planned if name not in made)
    return Verification(str(folder), receipt, (*checks, *rest))


def _silent(_doing: str, _rows: int) -> None:
    """Tell nobody."""


class _Asked(Struct, frozen=True):
    """What is to be checked."""

    folder: Path
    given: GivenAgain
    independent: int | None
    trust: Path | None
    progress: Progress

    @property
    def for_(self) -> set[CheckName]:
        """The checks that somebody asked for by name."""
        asked: dict[CheckName, bool] = {
            "signature": self.trust is not None,
            "inputs": self.given.any,
            "replay": self.given.any,
            "reference": self.independent is not None,
        }
        return {name for name, wanted in asked.items() if wanted}

    @property
    def planned(self) -> tuple[CheckName, ...]:
        """The checks that there are to make, in order."""
        more: tuple[CheckName, ...] = ("inputs", "replay", "reference")
        return (*_ALWAYS, *(name for name in more if name in self.for_ or name == "replay"))

    def checks(self, receipt: Receipt) -> Iterator[Check]:
        """Make the checks, one when it is asked for."""
        yield check_signature(self.folder, self.trust)
        yield check_files(self.folder, receipt)
        yield check_rulebook(self.folder, receipt)
        try:
            run = open_run(self.folder)
        except DataRefusal as error:
            yield differs("people", 0, Difference(found=error.message))
            return
        try:
            yield from check_ledger(run, self.progress)
            yield from self._of_records(run)
        finally:
            run.close()

    def _of_records(self, run: FinishedRun) -> Iterator[Check]:
        """Check what takes the records; the database's complaint about what a folder has kept is a difference, too."""
        import duckdb  # noqa: PLC0415

        doing: CheckName = "replay"
        try:
            for check in self._with_records(run):
                yield check
                if check.name == "replay":
                    doing = "reference"
        except (duckdb.Error, DataRefusal) as error:
            yield differs(doing, 0, Difference(found=str(error).splitlines()[0]))

    def _with_records(self, run: FinishedRun) -> Iterator[Check]:
        source: FinishedRun | None = None
        if self.given.any:
            try:
                source = scored_again(run, self.given, self.progress)
            except DataRefusal as error:
                yield differs("inputs", 0, Difference(found=error.message), asked=True)
                return
            yield check_inputs(run, source)
            check = check_again(run, source, self.progress)
            yield check if check.outcome == "differs" or not has_kept(run) else self._kept(run, source, check)
        elif has_kept(run):
            source = run
            yield check_kept(run, self.progress)
        else:
            yield not_made("replay", "no records")
        if self.independent is not None:
            if source is None:
                yield not_made("reference", "no records", asked=True)
            elif source is run and any(each.voided or each.replaced for each in run.receipt.forgotten):
                yield not_made("reference", "people removed", asked=True)
            else:
                yield check_reference(run, source, self.independent, self.progress)

    def _kept(self, run: FinishedRun, source: FinishedRun, check: Check) -> Check:
        """Check what the run has kept beside what was given: the same rows, with the fates that they met."""
        kept = check_kept(run, self.progress)
        # What a run keeps after somebody was removed is not what was read; and what lies elsewhere does not come here.
        same = not run.receipt.forgotten and source.receipt.engine.elsewhere is None
        other = kept.difference or (other_rows(run, source) if same else None)
        return check if other is None else differs("replay", check.number, other, asked=True)
