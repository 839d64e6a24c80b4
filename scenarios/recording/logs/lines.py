"""The lines of a log, whatever its bytes are: packed, in UTF-16, broken off, without an end."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import BinaryIO, NamedTuple, cast

from simulator.errors import UsageError

LONGEST_LINE_BYTES = 1 << 16
PACKED: dict[bytes, Callable[[BinaryIO], object]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
UNKNOWN = {
    b"\x28\xb5\x2f\xfd": ("zstd", "zstd -dc"),
    b"PK\x03\x04": ("zip", "unzip -p"),
    b"\x04\x22\x4d\x18": ("lz4", "lz4 -dc"),
}
"""How each begins, and what unpacks it."""
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""The longer ones first: UTF-32 begins as UTF-16 does."""
HEAD_BYTES = 64
ENDS = ("\n", "\r")
RETURNED = re.compile(r"[^\r\n]*(?:\r*\n|\r+)|[^\r\n]+")
"""A line that ends at a carriage return alone ends as well: old Macs and some exports write none else."""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError)
"""What is raised while a packed file is read that is not whole."""


class Line(NamedTuple):
    """A line, and whether the file goes on after it."""

    text: str
    whole: bool


def unpacked(raw: BufferedReader, name: str) -> BinaryIO:
    """The same bytes, unpacked if they are packed, whatever the file is called.

    Raises UsageError where they are packed in a way that is not known here.
    """
    head = raw.peek(HEAD_BYTES)
    for begins, opened in PACKED.items():
        if head.startswith(begins):
            return cast("BinaryIO", opened(raw))
    for begins, (packer, command) in UNKNOWN.items():
        if head.startswith(begins):
            remedy = f"{command} {name} | surgeproof record - -o FILE"
            raise UsageError(f"{name} is compressed with {packer}; decompress it first: {remedy}")
    return raw


def lines_of(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a log, one at a time; of one that does not end, its beginning.

    Zero bytes at the beginning of a line are none of it: they are what a log that was cut while
    its server wrote on has in place of its past, and there may be gigabytes of them.
    """
    pieces = _ended(_pieces(stream))
    for piece in pieces:
        whole = piece.endswith(ENDS)
        if not whole and not piece.strip("\0"):
            continue
        while not whole and (rest := next(pieces, "")):
            whole = rest.endswith(ENDS)
        text = piece.rstrip("\r\n").lstrip("\0")
        yield Line(COLOURS.sub("", text) if "\x1b" in text else text, whole)


def _ended(pieces: Iterator[str]) -> Iterator[str]:
    """The same pieces, which end at a carriage return as well."""
    for piece in pieces:
        if "\r" in piece.rstrip("\r\n"):
            yield from RETURNED.findall(piece)
        else:
            yield piece


def _pieces(stream: BinaryIO) -> Iterator[str]:
    """The text, in pieces that end where a line does or are the longest that are looked at."""
    head = stream.read(HEAD_BYTES)
    encoding, mark = encoding_of(head)
    whole = cast("BinaryIO", io.BufferedReader(_Again(head[mark:], stream), LONGEST_LINE_BYTES))
    if encoding == "utf-8":
        while piece := whole.readline(LONGEST_LINE_BYTES):
            yield piece.decode("utf-8", "replace")
        return
    text = io.TextIOWrapper(whole, encoding, errors="replace", newline="\n")
    while found := text.readline(LONGEST_LINE_BYTES):
        yield found


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding of a text that begins so, and the length of the mark that says it.

    Without a mark, every other byte of Latin letters in UTF-16 is zero; what is in no encoding of
    Unicode is read as UTF-8, with replacements: paths are ASCII.
    """
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding, len(mark)
    half = len(head) // 2
    if half >= 4 and head[: 2 * half : 2].count(0) == 0 and head[1::2].count(0) == half:
        return "utf-16-le", 0
    if half >= 4 and head[1::2].count(0) == 0 and head[: 2 * half : 2].count(0) == half:
        return "utf-16-be", 0
    return "utf-8", 0


class _Again(io.RawIOBase):
    """Bytes that were read already, then the rest of the stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(found)] = found
        return len(found)
