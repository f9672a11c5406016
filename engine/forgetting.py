"""Takes the folder of a run and a name; gives the folder without that person, whole or as it was.

The new folder is written beside the old one and takes its place. Its receipt says that somebody was removed, not who,
and holds the seal that it had before, by which later runs name it.
"""

from __future__ import annotations

import csv
import shutil
from contextlib import closing
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.acts import ACTS
from tallystick.engine.csv_lines import csv_line
from tallystick.engine.digest import digest_of, digest_of_values
from tallystick.engine.folder import open_run
from tallystick.engine.folder_writing import (
    RECEIPT,
    RECORDS,
    REJECTED,
    SIGNATURE,
    SUBJECTS,
    parquet_copy,
    sha256_of_file,
)
from tallystick.engine.forgetting_tables import Removal, without_name
from tallystick.engine.intake.corrections import CORRECTIONS
from tallystick.engine.query.sql import quote_text
from tallystick.engine.receipt import FileReceipt, ForgottenReceipt, Receipt, ValueReceipt, sealed
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.staging import RUN, clear_leftovers, staging
from tallystick.engine.state.folder import is_state
from tallystick.engine.unwritten import unwritten
from tallystick.engine.verifying.files import check_files, check_receipt
from tallystick.engine.verifying.kept import check_kept, has_kept
from tallystick.rules.rulebook import Rulebook


class Forgotten(Struct, frozen=True):
    """What became of one run. ``there``: whether the name stood in it at all; if not, the run is as it was. ``people``,
    ``records``: rows of the ledger, and records about the person, that are gone; ``others``: records of other people in
    which the name was replaced by ``mark``. ``unkept``: the records left no longer give everybody else's numbers, so
    the run keeps none. ``was_signed``: it is to be signed again. ``in_rulebook``: the name stands in the rulebook."""

    run: str
    there: bool
    mark: str = ""
    people: int = 0
    records: int = 0
    others: int = 0
    unkept: bool = False
    was_signed: bool = False
    in_rulebook: bool = False


def forget(folder: Path, name: str, on: date | None = None) -> Forgotten:
    """Remove a person from a run, in place. ``on``: the day that the receipt is to name for it, if any.

    Raises ``UsageRefusal`` where the folder is no run or cannot be written, ``DataRefusal`` where it is not as it was
    written.
    """
    place = folder.absolute().parent.resolve() / folder.name
    try:
        clear_leftovers(place)
    except OSError as error:
        message = f"what an earlier process left beside `{folder}` cannot be cleared away: {error.strerror}"
        raise UsageRefusal(message) from error
    receipt = whole_receipt(folder)
    with closing(open_run(folder)) as run:
        rulebook = run.rulebook
    removal = Removal(folder, rulebook, name)
    try:
        if not removal.stands() and not _stands_elsewhere(folder, receipt, name):
            return Forgotten(str(folder), there=False)
        return _Forgetting(folder, receipt, rulebook, removal, on).done()
    finally:
        removal.close()


def whole_receipt(folder: Path) -> Receipt:
    """Return the receipt of a run that is as it was written; raises a refusal when it is none, or is not."""
    if is_state(folder):
        message = f"`{folder}` is a state, and nobody is taken out of one: later runs would not be those of its files"
        raise UsageRefusal(message, help="take the person out of the files, begin a new state from those, delete this")
    receipt, check = check_receipt(folder)
    if receipt is not None and check.outcome != "differs":
        check = check_files(folder, receipt)
    if receipt is None or check.difference is not None:
        what = RECEIPT if check.difference is None or check.difference.file is None else check.difference.file
        message = f"`{folder / what}` is not as the run wrote it: nothing is removed from it"
        raise DataRefusal(message, help="score again")
    return receipt


def _stands_elsewhere(folder: Path, receipt: Receipt, name: str) -> bool:
    """Say whether the name stands in what is no table: the rejected rows, or the names of inputs."""
    told = [each.name for each in receipt.inputs]
    told += [cell for row in _rejected(folder) for cell in row]
    return any(without_name(each, name, "") != each for each in told)


def _rejected(folder: Path) -> list[list[str]]:
    with (folder / REJECTED).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


class _Forgetting(Struct, frozen=True):
    """The removal from one run in which the name stands."""

    folder: Path
    receipt: Receipt
    rulebook: Rulebook
    removal: Removal
    on: date | None

    def done(self) -> Forgotten:
        """Write the new folder and put it in the old one's place."""
        name = self.removal.name
        entry = ForgottenReceipt(
            was=str(self.receipt.seal),
            on=self.on,
            people=self.removal.count("scores.parquet", self.removal.is_subject()),
            records=self.removal.accounted(),
            voided=self._gone("void"),
            replaced=self._gone("replace"),
        )
        found = Forgotten(
            str(self.folder),
            there=True,
            mark=self.removal.mark,
            people=entry.people,
            records=entry.records,
            others=self.removal.mentioned(RECORDS),
            was_signed=(self.folder / SIGNATURE).exists(),
            in_rulebook=without_name(self.rulebook.text, name, "") != self.rulebook.text,
        )
        with staging(self.folder, RUN) as made:
            self._write(made.folder)
            self._seal(made.folder, entry)
            unkept = self._leave_out_records(made.folder, entry)
            if whole_receipt(self.folder).seal != self.receipt.seal:
                message = f"`{self.folder}` was changed by somebody else meanwhile: nothing was removed from it"
                raise DataRefusal(message, help="run the command again")
        return replace(found, unkept=unkept)

    def _gone(self, action: str) -> int:
        """Count the corrections that go with the person."""
        table = ACTS[CORRECTIONS]
        if table not in self.removal.there:
            return 0
        return self.removal.count(table, f"NOT ({self.removal.keeps(table)}) AND action = {quote_text(action)}")

    def _write(self, folder: Path) -> None:
        """Write every file but the receipt."""
        for file in self.receipt.files:
            path = folder / file.name
            if file.name in self.removal.there:
                self._copy(self.removal.query(file.name), path)
            elif file.name == REJECTED:
                heading, *rows = _rejected(self.folder)
                lines = [csv_line(heading), *(csv_line(map(self._without, row)) for row in rows)]
                path.write_text("".join(lines), encoding="utf-8", newline="\n")
            else:
                shutil.copyfile(self.folder / file.name, path)

    def _copy(self, query: str, path: Path) -> None:
        """Write what a query gives; the connection may write into its own folder alone, so it is moved from there."""
        import duckdb  # noqa: PLC0415

        made = self.removal.scratch / f"{path.name}.new"
        try:
            self.removal.connection.execute(parquet_copy(query, made))
        except duckdb.IOException as error:
            raise unwritten(error) or OSError(0, str(error).splitlines()[0]) from error
        shutil.move(made, path)

    def _without(self, text: str) -> str:
        return without_name(text, self.removal.name, self.removal.mark)

    def _seal(self, folder: Path, entry: ForgottenReceipt) -> None:
        """Write the receipt: with the digests of the files as they are now, and of the ledger."""
        update = {
            "files": tuple(
                FileReceipt(name=path.name, sha256=sha256_of_file(path))
                for path in sorted(folder.iterdir())
                if path.name != RECEIPT
            ),
            "inputs": tuple(each.model_copy(update={"name": self._without(each.name)}) for each in self.receipt.inputs),
            # The digest of a day with one record in it would tell whoever guesses that record.
            "record_digest": None,
            "forgotten": (*self.receipt.forgotten, entry),
        }
        receipt = self.receipt.model_copy(update=update)
        self._put(folder, receipt)
        with closing(open_run(folder)) as run:
            now = _digested(run)
        self._put(folder, receipt.model_copy(update=now))

    def _put(self, folder: Path, receipt: Receipt) -> None:
        (folder / RECEIPT).write_text(sealed(receipt), encoding="utf-8", newline="\n")

    def _leave_out_records(self, folder: Path, entry: ForgottenReceipt) -> bool:
        """Take the records out, too, where those that are left do not give everybody else's numbers; say whether."""
        with closing(open_run(folder)) as run:
            if not has_kept(run) or check_kept(run, _silent).outcome == "agrees":
                return False
        for name in (RECORDS, SUBJECTS):
            (folder / name).unlink(missing_ok=True)
        self._seal(folder, entry)
        return True


def _digested(run: FinishedRun) -> dict[str, object]:
    """Return what the receipt says of the ledger as it is now."""
    by = run.receipt.by
    if by is None:
        return {"ledger_digest": digest_of(run.ledgers())}
    values: list[ValueReceipt] = []
    names: set[str] = set()
    for part, before in zip(run.parts(), by.values, strict=True):
        ledgers = list(part.ledgers())
        names.update(each.score.subject for each in ledgers)
        now = {
            "people": len(ledgers),
            "scored": sum(each.score.outcome == "scored" for each in ledgers),
            "records": sum(row.records for each in ledgers for row in each.accounts),
            "ledger_digest": digest_of(ledgers),
        }
        values.append(before.model_copy(update=now))
    digest = digest_of_values((each.value, each.ledger_digest) for each in values)
    return {
        "ledger_digest": digest,
        "by": by.model_copy(update={"people": len(names), "values": tuple(values)}),
    }


def _silent(_doing: str, _rows: int) -> None:
    """Tell nobody."""
