"""Takes a text input (a path or stdin, compressed or not); gives its physical lines, numbered, in bounded memory."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
import zlib
from collections import deque
from typing import IO, Final, NamedTuple

import zstandard

from tallystick.engine.intake.sources import Compression, TextInput
from tallystick.engine.refusals import DataRefusal, UsageRefusal

LONGEST_LINE = 1 << 20
"""A line of more bytes than this (about a million) is rejected, not kept in memory."""
_MOST_TIMES: Final = 1_000
"""A compressed file that unpacks to more than so many times its size was made to take time: no records repeat so."""
_ALWAYS_UNPACKED = 1 << 27
"""So many bytes are unpacked of any: a minute, were each a line of its own."""
_BLOCK = 1 << 22
"""So much of a file is looked at in one go."""
# INVARIANT: zstd makes at most 128 KiB of 4 bytes, so this much input never becomes more than 32 MiB at once.
_ZST_BLOCK = 1 << 10

_UNPACK: Final = "unpack it, or give it under a name that tells its format"
_SAVE: Final = "save its rows as CSV in UTF-8"
_MAGIC: Final = {
    b"\x1f\x8b": ("compressed with gzip", _UNPACK),
    b"\x28\xb5\x2f\xfd": ("compressed with zstd", _UNPACK),
    b"PAR1\x15": ("Parquet", "give it under a name that tells its format"),
    b"PK\x03\x04": ("a zip archive or a spreadsheet", f"unpack it, or {_SAVE}"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("a spreadsheet or another document of an office program", _SAVE),
    b"%PDF-": ("a PDF", _SAVE),
}
"""How files begin that people take for text, what they are, and what to do about it."""
_BEGINNING: Final = 1 << 8
_WIDE: Final = 3
"""Of text in UTF-16 about every second byte is 0, of text in UTF-32 three of four; of other text none is."""

NOT_UTF8 = "not valid UTF-8"
TOO_LONG = f"a line of more than {LONGEST_LINE:,} bytes"


class Line(NamedTuple):
    """A line without its ending. ``damage`` is empty, or says why it cannot be used; bytes that are not UTF-8 are then
    lone surrogates in ``text``, which of a line too long holds the beginning. ``ending``: what divides it from the
    next."""

    number: int
    text: str
    damage: str
    ending: str


class Bytes(io.RawIOBase):
    """The bytes of an input as they are on the disk, counted and digested while they are read."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read from ``stream``."""
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read some bytes."""
        data = self._stream.read(len(buffer))
        self._digest.update(data)
        self.size += len(data)
        buffer[: len(data)] = data
        return len(data)

    def sha256(self) -> str:
        """Return the digest of everything up to the end, reading what is left."""
        while self.read(_BLOCK):
            pass
        return self._digest.hexdigest()

    def close(self) -> None:
        """Close the file; stdin is left open."""
        if self._stream is not sys.stdin.buffer:
            self._stream.close()
        super().close()


class _Zst(io.RawIOBase):
    """Decompresses zstd, frame after frame, and fails when the last is cut short (the library's reader does not)."""

    def __init__(self, stream: Bytes) -> None:
        self._stream = stream
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = memoryview(b"")  # what is taken of it is taken without a copy of the rest
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            data = self._left or self._stream.read(_ZST_BLOCK) or b""
            self._left = b""
            if not data:
                if self._begun:
                    message = "it ends too early"
                    raise EOFError(message)
                return 0
            self._begun = True
            self._ready = memoryview(self._frame.decompress(data))
            if self._frame.eof:
                self._left = self._frame.unused_data
                self._frame = zstandard.ZstdDecompressor().decompressobj()
                self._begun = False
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


class Block(NamedTuple):
    """Whole lines in one text: each of an allowed length, the last without its ending.

    ``first`` is the number of the first, ``lines`` how many there are.
    """

    first: int
    lines: int
    text: str


class Lines:
    """The lines of an input, in order, one by one or in blocks; what was taken can be put back."""

    def __init__(self, source: TextInput) -> None:
        """Open the input; raises ``UsageRefusal`` when that cannot be done."""
        self.name = source.name
        self._bytes = _open(source)
        self._compressed = source.compression is not None
        self._unpacked = 0
        self._number = 0
        self._back: deque[Line] = deque()
        self._raw: deque[bytes] = deque()
        self._one_by_one = False
        self._stream = io.BufferedReader(_decompressed(self._bytes, source.compression), 1 << 16)

    def next(self) -> Line | None:
        """Return the next line, or None at the end. A line feed ends a line, with a carriage return before it or not.

        Raises ``DataRefusal`` when the file is compressed and damaged.
        """
        if self._back:
            return self._back.popleft()
        if not self._raw and not self._fill():
            return None
        raw = self._raw.popleft()
        self._number += 1
        if len(raw) > LONGEST_LINE:
            return Line(self._number, raw[:400].decode("utf-8", "surrogateescape"), TOO_LONG, "")
        ending = "\n"
        if raw.endswith(b"\r"):
            raw, ending = raw[:-1], "\r\n"
        try:
            return Line(self._number, raw.decode(), "", ending)
        except UnicodeDecodeError:
            return Line(self._number, raw.decode("utf-8", "surrogateescape"), NOT_UTF8, ending)

    def block(self) -> Block | None:
        """Return the next lines in one go, or None if anything about them needs a closer look: ``next`` has them."""
        if self._back or self._one_by_one or not (self._raw or self._fill()):
            return None
        self._one_by_one = True
        content = b"\n".join(self._raw)
        if len(content) > LONGEST_LINE and max(map(len, self._raw)) > LONGEST_LINE:
            return None
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return None
        found = Block(self._number + 1, len(self._raw), text)
        self._number += found.lines
        self._raw.clear()
        self._one_by_one = False
        return found

    def put_back(self, lines: list[Line]) -> None:
        """Let these lines, which were taken in this order, be the next ones."""
        self._back.extendleft(reversed(lines))

    def put_block_back(self, block: Block) -> None:
        """Let the lines of the block, which was the last thing taken, be the next ones."""
        self._number -= block.lines
        self._raw.extend(block.text.encode().split(b"\n"))
        self._one_by_one = True

    def digest(self) -> tuple[str, int]:
        """Return the SHA-256 and size of the whole input as it is on the disk."""
        sha256 = self._bytes.sha256()
        return sha256, self._bytes.size

    def close(self) -> None:
        """Close the file."""
        self._bytes.close()

    def _fill(self) -> bool:
        """Take the next whole lines from the file; say whether there are any."""
        try:
            content = self._stream.read(_BLOCK)
            if not content:
                self._refuse_nothing()
                return False
            if not content.endswith(b"\n"):
                content += self._stream.readline(LONGEST_LINE + 1)
                # The rest of a line too long is passed over; enough of it is here to see that it is.
                while not content.endswith(b"\n") and (rest := self._stream.readline(_BLOCK)):
                    self._count(len(rest))
                    content = content + b"\n" if rest.endswith(b"\n") else content
            self._count(len(content))
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            message = f"`{self.name}` is damaged: {error}"
            raise DataRefusal(message, help="fetch the file again, or give it as it was before compression") from error
        except OSError as error:
            message = f"`{self.name}` cannot be read: {error.strerror or error}"
            raise UsageRefusal(message) from error
        if self._number == 0:
            content = self._without_mark(content)
        self._one_by_one = False
        self._raw.extend(content.removesuffix(b"\n").split(b"\n"))
        return True

    def _count(self, unpacked: int) -> None:
        """Count what was unpacked; raises ``DataRefusal`` where a small file becomes too much."""
        self._unpacked += unpacked
        if self._compressed and self._unpacked > max(_ALWAYS_UNPACKED, _MOST_TIMES * self._bytes.size):
            message = f"`{self.name}` unpacks to more than {_MOST_TIMES:,} times its size, as records never do"
            raise DataRefusal(message, help="look at what is in it; give it unpacked if it is what you mean")

    def _refuse_nothing(self) -> None:
        if self._compressed and self._bytes.size == 0:
            message = "it is empty, which no compressed file is"
            raise EOFError(message)

    def _without_mark(self, content: bytes) -> bytes:
        begin = content[:_BEGINNING]
        packed, advice = next((found for magic, found in _MAGIC.items() if begin.startswith(magic)), (None, None))
        # Zeros at the end alone are of a disk that lost what was written last.
        text = begin.rstrip(b"\0")
        wide = text.count(0) * _WIDE > len(text)
        if begin and not text:
            message = f"`{self.name}` begins with zeros, as a file that was never written whole"
            raise DataRefusal(message, help="fetch or write it again")
        if begin.startswith((b"\xff\xfe", b"\xfe\xff")) or (packed is None and wide):
            message = f"`{self.name}` is UTF-16 or UTF-32"
            raise DataRefusal(message, help="save it as UTF-8")
        if packed == "Parquet" and self.name == "<stdin>":
            message = "Parquet cannot be read from stdin"
            raise UsageRefusal(message, help="name the file")
        if packed is not None:
            message = f"`{self.name}` is {packed}, not lines of text"
            raise DataRefusal(message, help=advice)
        return content.removeprefix(b"\xef\xbb\xbf")


def whole(source: TextInput, most: int) -> str | None:
    """Return all of an input as text; None if it has more than ``most`` bytes unpacked.

    Raises ``UsageRefusal`` when it cannot be opened, ``DataRefusal`` when it is damaged or not UTF-8.
    """
    stream = _open(source)
    try:
        content = io.BufferedReader(_decompressed(stream, source.compression), 1 << 16).read(most + 1)
        return None if len(content) > most else content.decode("utf-8-sig")
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        message = f"`{source.name}` is damaged: {error}"
        raise DataRefusal(message, help="fetch the file again, or give it as it was before compression") from error
    except UnicodeDecodeError as error:
        message = f"`{source.name}` is {NOT_UTF8}"
        raise DataRefusal(message, help="save it as UTF-8") from error
    except OSError as error:
        message = f"`{source.name}` cannot be read: {error.strerror or error}"
        raise UsageRefusal(message) from error
    finally:
        stream.close()


def shown(text: str) -> str:
    """Return the beginning of a damaged line as it can be written to a file."""
    return text[:100].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _open(source: TextInput) -> Bytes:
    if source.path is None:
        return Bytes(sys.stdin.buffer)
    try:
        return Bytes(source.path.open("rb"))
    except OSError as error:
        message = f"`{source.name}` cannot be read: {error.strerror}"
        raise UsageRefusal(message) from error


def _decompressed(stream: Bytes, compression: Compression | None) -> io.RawIOBase:
    match compression:
        case None:
            return stream
        case "gz":
            return gzip.GzipFile(fileobj=stream, mode="rb")  # type: ignore[return-value]
        case "zst":
            return _Zst(stream)
