"""Takes the folder of a run; gives whether its receipt, its files and its rulebook are those that the run wrote."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import ValidationError

from tallystick.engine.folder_writing import RECEIPT, RULEBOOK, SIGNATURE, content_of, receipt_content, sha256_of_file
from tallystick.engine.receipt import Receipt, laid_out, seal_of
from tallystick.engine.verifying.verification import Check, Difference, agrees, differs
from tallystick.rules.load import read
from tallystick.rules.source import Source


def check_receipt(folder: Path) -> tuple[Receipt | None, Check]:
    """Read a receipt and hold it against its seal, to the last byte; raises ``UsageRefusal`` when there is none."""
    content = receipt_content(folder)
    try:
        receipt = Receipt.model_validate_json(content)
        document = json.loads(content)
        seal = seal_of(document)
        whole = laid_out(document).encode() == content
    except (ValidationError, ValueError, RecursionError):
        return None, differs("receipt", 0, Difference(file=RECEIPT))
    if receipt.seal != seal:
        return receipt, differs("receipt", 0, Difference(file=RECEIPT, row="seal", found=receipt.seal, expected=seal))
    if not whole:
        return receipt, differs("receipt", 0, Difference(file=RECEIPT, row="layout"))
    return receipt, agrees("receipt", 1)


def check_files(folder: Path, receipt: Receipt) -> Check:
    """Hold the bytes of every file against the receipt; what the receipt does not know has no place in the folder."""
    for number, file in enumerate(receipt.files):
        if Path(file.name).name != file.name or file.name in {RECEIPT, SIGNATURE}:
            return differs("files", number, Difference(file=RECEIPT, row="files", found=file.name))
        found = _digest(folder / file.name)
        if found != file.sha256:
            return differs("files", number, Difference(file=file.name, found=found, expected=file.sha256))
    known = {RECEIPT, SIGNATURE, *(file.name for file in receipt.files)}
    unknown = sorted(entry.name for entry in folder.iterdir() if entry.name not in known)
    if unknown:
        return differs("files", len(receipt.files), Difference(file=unknown[0], found="there"))
    return agrees("files", len(receipt.files))


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None where there is none. What leads elsewhere, or never ends, is none."""
    try:
        return sha256_of_file(path)
    except OSError:
        return None


def check_rulebook(folder: Path, receipt: Receipt) -> Check:
    """Hold the rulebook of the folder, and the text in the receipt, against the digest there."""
    due = receipt.rulebook
    if hashlib.sha256(due.text.encode()).hexdigest() != due.sha256:
        return differs("rulebook", 0, Difference(file=RECEIPT, row="rulebook", column="text"))
    try:
        text = content_of(folder / RULEBOOK).decode()
    except (OSError, UnicodeDecodeError):
        return differs("rulebook", 0, Difference(file=RULEBOOK))
    rulebook, _ = read(Source(RULEBOOK, text))
    if rulebook is None:
        return differs("rulebook", 0, Difference(file=RULEBOOK))
    of_folder = {"text": text, "name": rulebook.name, "version": rulebook.version}
    for column, found in of_folder.items():
        if found != getattr(due, column):
            return differs("rulebook", 0, Difference(file=RULEBOOK, row="rulebook", column=column))
    return agrees("rulebook", 1)
