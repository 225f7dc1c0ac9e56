"""Bytes to text and back: encoding, byte order mark, newline style, and where a code point stands (line, column, byte).

Checks see ``text``: ``raw``, the text as stored, with every line break as ``\\n`` and without markup (``projection``). All that
is reported counts in ``raw``. Files are read in ``formats``, prose is told from code in ``regions``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from arlint.findings import Edit

if TYPE_CHECKING:
    from arlint.projection import Projection

BOM = b"\xef\xbb\xbf"


class Undecodable(ValueError):
    """The bytes are not text in the encoding asked for; says at which byte, and what to do."""


@dataclass(frozen=True)
class Document:
    """One text with its origin.

    ``raw`` is the decoded text as stored, without byte order mark; ``title`` is the headline where the container has it
    in another field; ``project`` tells prose from markup, and is None for plain text; ``encoding`` is what ``raw`` was decoded
    from and is encoded to.
    """

    raw: str
    path: str = "<text>"
    record: str | None = None
    field: str | None = None
    title: str | None = None
    bom: bool = False
    encoding: str = "utf-8"
    project: Callable[[str], Projection] | None = None
    #: first and last line of the file, from 1, that a record takes up; None where the document is the whole file
    lines: tuple[int, int] | None = None

    @cached_property
    def projection(self) -> Projection | None:
        """What checks see of a text with markup; None for plain text, which is seen as it is."""
        return self.project(self.raw) if self.project else None

    @cached_property
    def text(self) -> str:
        """The text that checks see: CRLF read as one line break, markup left out."""
        if self.projection:
            return self.projection.text
        return self.raw.replace("\r\n", "\n") if "\r" in self.raw else self.raw

    @property
    def masked(self) -> tuple[tuple[int, int], ...]:
        """Half-open spans of ``text`` that stand for what is not prose, in order."""
        return self.projection.masked if self.projection else ()

    @property
    def headline(self) -> str | None:
        """The headline that stands outside the body: another field's, or the one that the markup names."""
        return self.title or (self.projection.title if self.projection else None)

    @cached_property
    def _crlf(self) -> list[int]:
        """Offsets in ``raw`` with CRLF read as one of the line breaks that are CRLF."""
        places, at, lost = [], self.raw.find("\r\n"), 0
        while at >= 0:
            places.append(at - lost)
            lost += 1
            at = self.raw.find("\r\n", at + 2)
        return places

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets in ``raw`` at which lines begin."""
        starts, at = [0], self.raw.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.raw.find("\n", at + 1)
        return starts

    def offset(self, at: int) -> int:
        """The offset in the text as stored (``raw``) of the offset ``at`` in ``text``."""
        if self.projection:
            return self.projection.start(at)
        return at + (bisect_left(self._crlf, at) if "\r" in self.raw else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of ``raw`` that ``text[start:end]`` was read from; markup next to it is left out."""
        return self.projection.span(start, end) if self.projection else (self.offset(start), self.offset(end))

    def position(self, at: int) -> tuple[int, int]:
        """Line and column in the text as stored, both from 1 and in code points, of the offset ``at`` in ``text``."""
        return self.place(self.offset(at))

    def place(self, stored: int) -> tuple[int, int]:
        """Line and column, both from 1 and in code points, of the offset ``stored`` in ``raw``."""
        line = bisect_right(self.line_starts, stored)
        return line, stored - self.line_starts[line - 1] + 1

    @cached_property
    def newline(self) -> str:
        """The line break that most lines of the text as stored end in."""
        return "\r\n" if "\r" in self.raw and self.raw.count("\r\n") * 2 > self.raw.count("\n") else "\n"

    def stored(self, edit: Edit) -> Edit:
        """``edit`` (offsets in ``text``) as a change of ``raw``: what reports print and `apply` does."""
        if self.projection is None:
            start, end = self.span(edit.start, edit.end)
        else:
            written = self.projection.stored(edit)
            if written is None:
                raise ValueError(f"the edit at {edit.start} touches markup")
            start, end, edit = written.start, written.end, written
        return Edit(start, end, edit.text if self.newline == "\n" else edit.text.replace("\n", self.newline))

    def apply(self, edits: Iterable[Edit]) -> Document:
        """The document after ``edits`` (offsets in ``text``, not overlapping); all other code points stay identical."""
        out, at = [], 0
        for edit in sorted(map(self.stored, edits), key=lambda e: (e.start, e.end)):
            if edit.start < at:
                raise ValueError(f"edits overlap at {edit.start}")
            out += [self.raw[at : edit.start], edit.text]
            at = edit.end
        out.append(self.raw[at:])
        return replace(self, raw="".join(out))

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
