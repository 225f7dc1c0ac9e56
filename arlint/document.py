"""Bytes to text and back: encoding, byte order mark, newline style, and where a code point stands (line, column, byte).

Checks see ``text``: ``raw``, the text as stored, with every line break as ``\\n`` and without markup (``projection``). All that
is reported counts in ``raw``. Files are read in ``formats``, prose is told from code in ``regions``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from arlint.findings import Edit

if TYPE_CHECKING:
    from arlint.findings import Finding
    from arlint.projection import Projection

BOM = b"\xef\xbb\xbf"

#: What checks see of a byte that is no text, and of half a surrogate pair: a noncharacter, which no sound text has.
LOST = "\uffff"
_LOST = re.compile("[\ud800-\udfff]")


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
    #: a last byte that is half a character of UTF-16
    tail: bytes = b""

    @cached_property
    def sound(self) -> str:
        """``raw`` with `LOST` for every byte that could not be decoded."""
        try:
            self.raw.encode("utf-8")
        except UnicodeEncodeError:
            return _LOST.sub(LOST, self.raw)
        return self.raw

    @cached_property
    def projection(self) -> Projection | None:
        """What checks see of a text with markup; None for plain text, which is seen as it is."""
        return self.project(self.sound) if self.project else None

    @cached_property
    def text(self) -> str:
        """The text that checks see: CRLF read as one line break, markup left out."""
        if self.projection:
            return self.projection.text
        return self.sound.replace("\r\n", "\n") if "\r" in self.raw else self.sound

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

    def where(self, finding: Finding) -> tuple[int, int]:
        """The span of ``raw`` that ``finding`` is about."""
        return (finding.start, finding.end) if finding.stored else self.span(finding.start, finding.end)

    def changes(self, finding: Finding) -> list[Edit]:
        """The edits of the finding's fix as changes of ``raw``."""
        edits = finding.fix.edits if finding.fix else ()
        return list(edits) if finding.stored else list(map(self.stored, edits))

    def around(self, finding: Finding) -> str:
        """The text that the finding's offsets count in."""
        return self.raw if finding.stored else self.text

    def apply(self, edits: Iterable[Edit]) -> Document:
        """The document after ``edits`` (offsets in ``text``, not overlapping); all other code points stay identical."""
        return self.changed(map(self.stored, edits))

    def changed(self, edits: Iterable[Edit]) -> Document:
        """The document after ``edits`` of ``raw``."""
        out, at = [], 0
        for edit in sorted(edits, key=lambda e: (e.start, e.end)):
            if edit.start < at:
                raise ValueError(f"edits overlap at {edit.start}")
            out += [self.raw[at : edit.start], edit.text]
            at = edit.end
        out.append(self.raw[at:])
        return replace(self, raw="".join(out))

    def to_bytes(self) -> bytes:
        """The document as stored: in its encoding, with the byte order mark it came with.

        Raises `UnicodeEncodeError` where the encoding lacks a character.
        """
        from arlint.encoding import MARKS, encoded

        return (MARKS[self.encoding] if self.bom else b"") + encoded(self.raw, self.encoding) + self.tail


def in_utf8(document: Document) -> Document:
    """``document`` as it will be stored in UTF-8, with what HTML or XML says of its encoding put right. Raises `Unusable`."""
    from arlint.encoding import redeclared
    from arlint.writing import Unusable

    if document.encoding == "utf-8":
        return document
    if document.sound is not document.raw or document.tail:
        raise Unusable(f"some of its bytes are no text in {document.encoding}, and would be lost in UTF-8; mend or delete them first. Nothing was written")
    return replace(document, raw=redeclared(document.raw), encoding="utf-8", bom=False)


def from_bytes(data: bytes, path: str = "<bytes>", encoding: str | None = None, declared: str | None = None) -> Document:
    """The document that ``data`` holds, in ``encoding`` where it is known; otherwise it is told from the bytes, or as ``declared``."""
    from arlint.encoding import MARKS, decoded, settled

    encoding = settled(data, encoding, declared)
    mark = MARKS.get(encoding)
    bom = mark is not None and data.startswith(mark)
    start = len(mark) if bom and mark else 0
    end = len(data) - (len(data) - start) % 2 if encoding.startswith("utf-16") else len(data)
    return Document(decoded(data[start:end], encoding), path, bom=bom, encoding=encoding, tail=data[end:])
