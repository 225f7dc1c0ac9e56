"""Bytes to text and back: encoding, byte order mark, newline style, and where a code point stands (line, column, byte).

Checks see ``text`` with every line break as ``\\n``; ``raw`` is the text as stored. Files are read in ``formats``, prose is
told from code in ``regions``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from arlint.findings import Edit

BOM = b"\xef\xbb\xbf"


class Undecodable(ValueError):
    """The bytes are not text in the encoding asked for; says at which byte, and what to do."""


@dataclass(frozen=True)
class Document:
    """One text with its origin.

    ``raw`` is the decoded text as stored, without byte order mark; ``title`` is the headline where the container has it
    in another field; ``masked`` are half-open spans of ``text`` that are not prose, in order; ``encoding`` is what ``raw`` was
    decoded from and is encoded to.
    """

    raw: str
    path: str = "<text>"
    record: str | None = None
    field: str | None = None
    title: str | None = None
    bom: bool = False
    masked: tuple[tuple[int, int], ...] = ()
    encoding: str = "utf-8"

    @cached_property
    def text(self) -> str:
        """The text that checks see: CRLF read as one line break."""
        return self.raw.replace("\r\n", "\n") if "\r" in self.raw else self.raw

    @cached_property
    def _crlf(self) -> list[int]:
        """Offsets in ``text`` of the line breaks that are CRLF in ``raw``."""
        places, at, lost = [], self.raw.find("\r\n"), 0
        while at >= 0:
            places.append(at - lost)
            lost += 1
            at = self.raw.find("\r\n", at + 2)
        return places

    @cached_property
    def _lines(self) -> list[int]:
        """Offsets in ``text`` at which lines begin."""
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def offset(self, at: int) -> int:
        """The offset in the text as stored (``raw``) of the offset ``at`` in ``text``."""
        return at + (bisect_left(self._crlf, at) if "\r" in self.raw else 0)

    def position(self, at: int) -> tuple[int, int]:
        """Line and column, both from 1 and in code points, of the offset ``at`` in ``text``."""
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line ``number`` (from 1), without its line break."""
        start = self._lines[number - 1]
        return self.text[start : self._lines[number] - 1] if number < len(self._lines) else self.text[start:]

    @property
    def newline(self) -> str:
        """The line break that most lines of the text as stored end in."""
        return "\r\n" if len(self._crlf) * 2 > len(self._lines) - 1 else "\n"

    def apply(self, edits: Iterable[Edit]) -> Document:
        """The document after ``edits`` (offsets in ``text``, not overlapping); all other code points stay identical."""
        newline = self.newline
        out, at = [], 0
        for edit in sorted(edits, key=lambda e: (e.start, e.end)):
            start, end = self.offset(edit.start), self.offset(edit.end)
            if start < at:
                raise ValueError(f"edits overlap at {edit.start}")
            out += [self.raw[at:start], edit.text if newline == "\n" else edit.text.replace("\n", newline)]
            at = end
        out.append(self.raw[at:])
        return Document("".join(out), self.path, self.record, self.field, self.title, self.bom, encoding=self.encoding)

    def to_bytes(self) -> bytes:
        """The document as stored: in its encoding, with the byte order mark it came with."""
        return (BOM if self.bom else b"") + self.raw.encode(self.encoding)


def from_bytes(data: bytes, path: str = "<bytes>", encoding: str = "utf-8") -> Document:
    """The document that ``data`` holds. Raises `Undecodable` with the offset of the first bad byte."""
    bom = encoding == "utf-8" and data.startswith(BOM)
    try:
        return Document(data[3:].decode("utf-8") if bom else data.decode(encoding), path, bom=bom, encoding=encoding)
    except UnicodeDecodeError as error:
        at = error.start + (3 if bom else 0)
        name = "UTF-8" if encoding == "utf-8" else encoding
        raise Undecodable(f"not {name}: byte 0x{data[at]:02X} at offset {at}; name its encoding (--encoding windows-1256)") from None
