"""What formats and gates ask of a document beside its findings: places by line and column in two units, and its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from arlint.document import Document
    from arlint.report import Item


class Point(msgspec.Struct, frozen=True):
    """A place in the text as stored, all from 1; ``column_bytes`` counts bytes of UTF-8, a byte order mark among them."""

    line: int
    column: int
    column_bytes: int


class Region(msgspec.Struct, frozen=True):
    """What lies between two places, and what a fix puts there."""

    start: Point
    end: Point
    text: str = ""


class Spot(msgspec.Struct, frozen=True):
    """A finding by line and column: itself, each edit of its fix, and the fix as one replacement of all between them."""

    found: Region
    edits: list[Region]
    whole: Region | None


def words(document: Document) -> int:
    """How many words of prose ``document`` has: runs without white space, as `wc -w` counts them."""
    text = document.text
    return len(text.split()) - sum(len(text[start:end].split()) for start, end in document.masked)


def spots(document: Document, items: Iterable[Item]) -> list[Spot]:
    """``items`` of ``document`` by line and column."""
    return [_spot(document, item) for item in items]


def _spot(document: Document, item: Item) -> Spot:
    found = _region(document, item.start.offset, item.end.offset)
    if item.fix is None or not item.fix.edits:
        return Spot(found, [], None)
    edits = sorted(item.fix.edits, key=lambda e: (e.start, e.end))
    start, end = edits[0].start, max(e.end for e in edits)
    whole, at = "", start
    for edit in edits:
        whole += document.raw[at : edit.start] + edit.text
        at = edit.end
    return Spot(found, [_region(document, e.start, e.end, e.text) for e in edits], _region(document, start, end, whole))


def _region(document: Document, start: int, end: int, text: str = "") -> Region:
    return Region(_point(document, start), _point(document, end), text)


def _point(document: Document, stored: int) -> Point:
    line, column = document.place(stored)
    before = document.raw[stored - column + 1 : stored]
    return Point(line, column, len(before.encode("utf-8", "surrogatepass")) + (3 if document.bom and line == 1 else 0) + 1)
