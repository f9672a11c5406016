"""Takes the receipt of a run and a key; gives a signature of it, and tells whether one is right.

What is signed is the receipt's document in its canonical form (RFC 8785), with Ed25519 (RFC 8032). The signature stands
in a file of its own beside the receipt, and has no say in anything that the receipt says.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from tallystick.engine.canonical_json import canonical
from tallystick.engine.folder_writing import RECEIPT, SIGNATURE, content_of, read_receipt, run_around
from tallystick.engine.receipt import Part, laid_out
from tallystick.engine.refusals import DataRefusal, UsageRefusal, not_installed
from tallystick.engine.verifying.files import check_files
from tallystick.engine.verifying.verification import Check, Difference, differs, not_made

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Signature(Part):
    """A signature of a run's receipt. ``key`` names the public key: the SHA-256 of its 32 bytes. ``public_key`` and
    ``signature`` are in base64; that the key is in here proves nothing about whose it is."""

    schema_name: Literal["tallystick.signature/1"] = Field(
        default="tallystick.signature/1", serialization_alias="schema", validation_alias="schema"
    )
    algorithm: Literal["Ed25519"] = "Ed25519"
    canonical_form: Literal["RFC 8785"] = "RFC 8785"
    key: str
    public_key: str
    signature: str


def new_key(path: Path) -> Path:
    """Make a key in a file that is not there yet, and its public part beside it; return the latter's path."""
    _library()
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    public = path.with_name(f"{path.name}.pub")
    for file in (path, public):
        if file.exists():
            message = f"`{file}` is there already, and a key is not overwritten"
            raise UsageRefusal(message, help="name a new file")
    if (run := run_around(path.absolute())) is not None:
        message = f"`{path}` lies in the run `{run}`, which is given to others"
        raise UsageRefusal(message, help="keep the key where nobody else reads it")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    told = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    begun = False
    try:
        path.touch(mode=0o600, exist_ok=False)
        begun = True
        path.write_bytes(secret)
        public.write_bytes(told)
    except OSError as error:
        if begun:  # else it is somebody else's, such as a link that leads nowhere
            path.unlink(missing_ok=True)
        message = f"the key cannot be written to `{path}`: {error.strerror}"
        raise UsageRefusal(message) from error
    return public


def sign(folder: Path, key: Path) -> Signature:
    """Sign a run's receipt, in place of any signature that it has; raises a refusal where run or key are none."""
    private = _private_key(key)
    changed = check_files(folder, read_receipt(folder))
    if changed.difference is not None:
        message = f"`{folder / str(changed.difference.file)}` is not as the run wrote it: it is not signed"
        raise DataRefusal(message, help="score again")
    public = _raw(private.public_key())
    signature = Signature(
        key=key_id(public),
        public_key=base64.b64encode(public).decode(),
        signature=base64.b64encode(private.sign(_signed(folder))).decode(),
    )
    partial = folder.parent / f".{folder.name}.{SIGNATURE}.partial"
    try:
        partial.write_text(laid_out(signature.model_dump(mode="json", by_alias=True)), encoding="utf-8", newline="\n")
        partial.replace(folder / SIGNATURE)
    except OSError as error:
        partial.unlink(missing_ok=True)
        message = f"the signature cannot be written into `{folder}`: {error.strerror}"
        raise UsageRefusal(message) from error
    return signature


def check_signature(folder: Path, trusted: Path | None) -> Check:
    """Tell whether a receipt is as it was signed, and with ``trusted``, by the owner of that public key."""
    asked = trusted is not None
    public = None if trusted is None else _raw(_public_key(trusted))
    try:
        content = content_of(folder / SIGNATURE)
    except FileNotFoundError:
        return not_made("signature", "no signature", asked=asked)
    except OSError:
        return differs("signature", 0, Difference(file=SIGNATURE), asked=asked)
    try:
        signature = Signature.model_validate_json(content)
        given = base64.b64decode(signature.public_key, validate=True)
        whole = laid_out(json.loads(content)).encode() == content and key_id(given) == signature.key
        signed = base64.b64decode(signature.signature, validate=True)
    except (ValidationError, ValueError, RecursionError, binascii.Error):
        whole = False
    if not whole:
        return differs("signature", 0, Difference(file=SIGNATURE), asked=asked)
    if public is not None and given != public:
        named = Difference(file=SIGNATURE, row="key", found=signature.key, expected=key_id(public))
        return differs("signature", 0, named, asked=asked)
    if not has_library():
        return not_made("signature", "no library", asked=asked)
    if not _is_right(given, signed, _signed(folder)):
        return differs("signature", 0, Difference(file=SIGNATURE, row="signature"), asked=asked)
    return Check("signature", "agrees", 1, reason=None if asked else "key not given", asked=asked, key=signature.key)


def key_id(public: bytes) -> str:
    """Name a public key."""
    return hashlib.sha256(public).hexdigest()


def has_library() -> bool:
    """Say whether the library that signs is there."""
    try:
        import cryptography  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def _signed(folder: Path) -> bytes:
    return canonical(json.loads(content_of(folder / RECEIPT)))


def _is_right(public: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes_raw()


def _private_key(path: Path) -> Ed25519PrivateKey:
    _library()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(_pem(path), password=None)
    except (ValueError, TypeError) as error:  # TypeError: it is locked with a password
        message = f"`{path}` is not a private key that can be used"
        raise UsageRefusal(message, help=_KEY_HELP) from error
    if not isinstance(key, Ed25519PrivateKey):
        message = f"`{path}` is a key of another sort than Ed25519"
        raise UsageRefusal(message, help=_KEY_HELP)
    return key


def _public_key(path: Path) -> Ed25519PublicKey:
    _library()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    try:
        key = load_pem_public_key(_pem(path))
    except ValueError as error:
        message = f"`{path}` is not a public key"
        raise UsageRefusal(message, help="give the public part of the signer's key, such as `key.pem.pub`") from error
    if not isinstance(key, Ed25519PublicKey):
        message = f"`{path}` is a key of another sort than Ed25519"
        raise UsageRefusal(message, help="give the public part of the key that signed")
    return key


_LARGEST_KEY = 1 << 16
_KEY_HELP = "make a key with `tally sign --new-key FILE`, without a password"


def _pem(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_KEY)
    except OSError as error:
        message = f"the key `{path}` cannot be read: {error.strerror}"
        raise UsageRefusal(message) from error


def _library() -> None:
    if not has_library():
        what = "a signature needs the library `cryptography`"
        raise not_installed(what, "sign")
