"""A signature tells who vouches for a receipt, and nothing that was changed keeps it."""

from __future__ import annotations

import base64
import json
import stat
import sys
from pathlib import Path

import pytest
from ledgers.forged import Made, edited, seal_again

from tallystick.engine.canonical_json import canonical
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.verifying import signature
from tallystick.engine.verifying.checks import verify
from tallystick.engine.verifying.verification import Check

# RFC 8032, section 7.1, test 1: a secret key and its public key.
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """Make a key."""
    return tmp_path / "key.pem", signature.new_key(tmp_path / "key.pem")


def signed(run: Made, trusted: Path | None) -> Check:
    """Return what verification says of the signature."""
    return signature.check_signature(run.folder, trusted)


def test_a_signed_run_is_trusted(made: Made, keys: tuple[Path, Path]) -> None:
    """By whoever has the public part of the key; a signature changes nothing else of the run."""
    before = (made.folder / "receipt.json").read_bytes()
    made_by = signature.sign(made.folder, keys[0])
    assert verify(made.folder, trust=keys[1]).agrees
    assert signed(made, keys[1]) == Check("signature", "agrees", 1, asked=True, key=made_by.key)
    assert signed(made, None).reason == "key not given"
    assert (made.folder / "receipt.json").read_bytes() == before


def test_an_unsigned_run_is_a_finding_where_a_key_is_trusted(made: Made, keys: tuple[Path, Path]) -> None:
    """And is none where nobody asked."""
    assert signed(made, keys[1]).reason == "no signature"
    assert signed(made, keys[1]).is_finding
    assert not signed(made, None).is_finding


def test_another_key_is_told(made: Made, keys: tuple[Path, Path], tmp_path: Path) -> None:
    """Which one signed, and which is trusted."""
    other = signature.new_key(tmp_path / "other.pem")
    by = signature.sign(made.folder, keys[0])
    check = signed(made, other)
    assert check.outcome == "differs"
    assert (check.difference.row, check.difference.found) == ("key", by.key)  # type: ignore[union-attr]


def test_a_receipt_changed_and_sealed_again_loses_its_signature(made: Made, keys: tuple[Path, Path]) -> None:
    """A seal anybody can make; a signature only the owner of the key."""
    signature.sign(made.folder, keys[0])
    seal_again(made, {"exact": 77})
    for trusted in (keys[1], None):
        check = signed(made, trusted)
        assert check.outcome == "differs"
        assert check.difference.row == "signature"  # type: ignore[union-attr]


def test_a_key_in_the_signature_proves_nothing(made: Made, keys: tuple[Path, Path], tmp_path: Path) -> None:
    """Whoever forges a run can put a key of their own there; the trusted key is the one that is given."""
    signature.new_key(tmp_path / "forger.pem")
    signature.sign(made.folder, keys[0])
    seal_again(made, {"exact": 77})
    signature.sign(made.folder, tmp_path / "forger.pem")
    assert signed(made, None).outcome == "agrees"
    assert signed(made, keys[1]).outcome == "differs"
    name = json.loads((made.folder / "signature.json").read_text())["key"]
    edited(made, "signature.json", lambda document: document.update(key="0" * 64))
    assert signed(made, None).outcome == "differs"
    edited(made, "signature.json", lambda document: document.update(key=name, algorithm="none"))
    assert signed(made, None).outcome == "differs"


def test_what_is_signed_is_the_canonical_receipt(made: Made, tmp_path: Path) -> None:
    """Anybody can check it with the library of their choice: Ed25519 over RFC 8785, key of the RFC's first test."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

    key = Ed25519PrivateKey.from_private_bytes(SECRET)
    none = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none)
    (tmp_path / "rfc.pem").write_bytes(pem)
    made_by = signature.sign(made.folder, tmp_path / "rfc.pem")
    assert base64.b64decode(made_by.public_key) == PUBLIC
    text = canonical(json.loads((made.folder / "receipt.json").read_bytes()))
    Ed25519PublicKey.from_public_bytes(PUBLIC).verify(base64.b64decode(made_by.signature), text)


def test_a_run_that_was_changed_is_not_signed(made: Made, keys: tuple[Path, Path]) -> None:
    """Nobody vouches for it by accident."""
    (made.folder / "rejected.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataRefusal, match=r"rejected\.csv"):
        signature.sign(made.folder, keys[0])
    assert not (made.folder / "signature.json").exists()


@pytest.mark.parametrize("kind", ["nothing", "text", "public", "locked", "other"])
def test_what_is_no_key_is_refused_in_words(made: Made, keys: tuple[Path, Path], tmp_path: Path, kind: str) -> None:
    """A file that is not there, one of anything else, the wrong half, one with a password, one of another sort."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519  # noqa: PLC0415

    path = tmp_path / "given.pem"
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    match kind:
        case "text":
            path.write_text("my key")
        case "public":
            path.write_bytes(keys[1].read_bytes())
        case "locked":
            lock = serialization.BestAvailableEncryption(b"x")
            path.write_bytes(ed25519.Ed25519PrivateKey.generate().private_bytes(pem, pkcs8, lock))
        case "other":
            other = ec.generate_private_key(ec.SECP256R1())
            path.write_bytes(other.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    with pytest.raises(UsageRefusal):
        signature.sign(made.folder, path)
    if kind != "public":
        with pytest.raises(UsageRefusal):
            verify(made.folder, trust=path)


def test_a_key_is_made_for_its_owner_alone(keys: tuple[Path, Path], tmp_path: Path) -> None:
    """Nobody else reads it, and no key is ever overwritten."""
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    before = keys[0].read_bytes()
    with pytest.raises(UsageRefusal, match="not overwritten"):
        signature.new_key(tmp_path / "key.pem")
    assert keys[0].read_bytes() == before


def test_a_key_is_not_put_into_a_run(made: Made) -> None:
    """A run is given to others, and holds nothing but what its receipt names."""
    with pytest.raises(UsageRefusal, match="lies in the run"):
        signature.new_key(made.folder / "key.pem")
    assert not list(made.folder.glob("key*"))


def test_without_the_library_a_signature_is_not_taken_for_right(
    made: Made, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said not to be checked, which is a finding where somebody asked for it."""
    signature.sign(made.folder, keys[0])
    monkeypatch.setitem(sys.modules, "cryptography", None)
    assert signed(made, None).reason == "no library"
    for asked in (lambda: verify(made.folder, trust=keys[1]), lambda: signature.sign(made.folder, keys[0])):
        with pytest.raises(UsageRefusal, match="not installed") as caught:
            asked()
        assert "tallystick[sign]" in str(caught.value.help)
