"""An open document as the editor has it: the text, its changes, and positions in the encoding that was agreed on.

Lines end where the protocol says (``\\n``, ``\\r\\n``, ``\\r``) and nowhere else: U+2028, U+0085 and form feeds stand in scraped text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from lsprotocol.types import Position, PositionEncodingKind, Range, TextDocumentContentChangeEvent, TextDocumentContentChangePartial

_BREAK = re.compile(r"\r\n|\n|\r")
_CODECS = {PositionEncodingKind.Utf8: ("utf-8", 1), PositionEncodingKind.Utf16: ("utf-16-le", 2), PositionEncodingKind.Utf32: ("utf-32-le", 4)}

#: Code points between the marks from which units are counted, so that a line of a megabyte costs no more than a short one.
STRIDE = 1024


class Text:
    """One state of a document; a change makes another. Offsets are code points."""

    def __init__(self, text: str, encoding: PositionEncodingKind | str = PositionEncodingKind.Utf16) -> None:
        self.text, self.encoding = text, PositionEncodingKind(encoding)
        self._codec, self._width = _CODECS[self.encoding]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _BREAK.finditer(self.text))]

    @cached_property
    def _marks(self) -> list[int]:
        """Units before every `STRIDE`-th code point."""
        return [0, *accumulate(self._measure(self.text[at : at + STRIDE]) for at in range(0, len(self.text), STRIDE))]

    def _measure(self, piece: str) -> int:
        return len(piece) if piece.isascii() else len(piece.encode(self._codec, "surrogatepass")) // self._width

    def _units(self, offset: int) -> int:
        """Units before ``offset``, from the beginning of the text."""
        block = offset // STRIDE
        return self._marks[block] + self._measure(self.text[block * STRIDE : offset])

    def _line_end(self, line: int) -> int:
        """Where the line's own text ends, its break left out."""
        if line + 1 >= len(self._starts):
            return len(self.text)
        end = self._starts[line + 1] - 1
        return end - 1 if self.text[end] == "\n" and end > self._starts[line] and self.text[end - 1] == "\r" else end

    def position(self, offset: int) -> Position:
        """The position of ``offset``; one between a carriage return and its line feed is the line's end."""
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        return Position(line, self._units(min(offset, self._line_end(line))) - self._units(start))

    def range(self, start: int, end: int) -> Range:
        """The half-open span as the protocol writes it; a span that ends behind a line break ends in the next line."""
        return Range(self.position(start), self.position(end))

    def offset(self, position: Position) -> int:
        """The offset of ``position``; past the end of a line it is that end, past the last line the end of the text."""
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[position.line], self._line_end(position.line)
        wanted = self._units(start) + position.character
        if wanted >= self._units(end):
            return end
        block = bisect_right(self._marks, wanted) - 1
        at, units = block * STRIDE, self._marks[block]
        while units < wanted:
            units += self._measure(self.text[at])
            at += 1
        return at if units == wanted else at - 1  # a position inside a character is that character's start

    def changed(self, change: TextDocumentContentChangeEvent) -> Text:
        """The text after one change of the editor."""
        if isinstance(change, TextDocumentContentChangePartial):
            start, end = self.offset(change.range.start), self.offset(change.range.end)
            return Text(self.text[:start] + change.text + self.text[end:], self.encoding)
        return Text(change.text, self.encoding)
