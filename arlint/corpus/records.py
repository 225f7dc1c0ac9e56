"""Records of a piece and back: batches of them come out of it, and go into a part file with the changes of their texts spliced in.

Every byte that is no repaired text stays as it was. How a record is taken apart and put together is the business of ``formats``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import IO, Any, Protocol

import msgspec

from arlint.corpus import store
from arlint.corpus.sources import Piece
from arlint.corpus.store import Unreachable
from arlint.findings import Edit
from arlint.formats.records import Fields, Path, Record

#: Bytes that a worker reads at a time.
_BLOCK = 1 << 20

Edits = Mapping[Path, Sequence[Edit]]


def batches(piece: Piece) -> Iterator[Any]:
    """The records of ``piece``, in order, some at a time."""
    if piece.held is not None:
        yield piece.held
    elif piece.source.kind == "parquet":
        from arlint.corpus.parquet import batches as rows

        yield from rows(piece)
    elif piece.end > piece.start:
        lines = import_module("arlint.formats.jsonl").Lines
        for start, data in _blocks(piece):
            yield lines(data, start, 1, piece.source.encoding)


def name(record: Record, batch: Any, piece: Piece) -> str:
    """What ``record`` is called: by what identifies it, or by its place, which is the byte that it begins at or the row."""
    if record.ident is not None:
        return record.ident
    if piece.source.kind == "parquet":
        return f"@{record.number}"
    first = record.place[0] if record.place else 0
    return f"@{batch.start + (first if isinstance(first, int) else first[0])}"


def original(batch: Any, record: Record, fields: Fields, edits: Edits, back: Edits) -> bytes | None:
    """The bytes of ``record`` where ``back``, which undoes ``edits``, would spell its texts in another way than they were; mostly None."""
    if not hasattr(batch, "data"):
        return None  # a column of Parquet holds the text itself
    start, end = span(record)
    was = bytes(batch.data[start:end])
    now = spliced(was, start, batch.spliced(record, edits))
    alone = replace(batch, data=now, start=1, **({"head": 0} if hasattr(batch, "head") else {}))
    there = next(alone.records(fields), None)
    return None if there is not None and not there.problem and spliced(now, 0, alone.spliced(there, back)) == was else was


def span(record: Record) -> tuple[int, int]:
    """Where ``record`` stands in the bytes of its batch."""
    first, last = record.place[0], record.place[-1]
    return (first, last) if isinstance(first, int) else (first[0], last[1])


def spliced(data: bytes, base: int, splices: Sequence[tuple[int, int, bytes]]) -> bytes:
    """``data``, whose first byte has the number ``base``, with ``splices`` made."""
    out, at = [], 0
    for start, end, new in splices:
        out += [data[at : start - base], new]
        at = end - base
    return b"".join([*out, data[at:]])


def _blocks(piece: Piece) -> Iterator[tuple[int, bytes]]:
    """Whole lines that begin in ``piece``, and where they begin."""
    with store.reading(piece.source.path) as file:
        if piece.start:
            file.seek(piece.start - 1)
            while (rest := file.readline(_BLOCK)) and not rest.endswith(b"\n"):
                pass
        at = file.tell()
        while at < piece.end:
            data = file.read(min(_BLOCK, piece.end - at))
            if not data.endswith(b"\n"):
                data += file.readline()
            if not data:
                return
            yield at, data
            at += len(data)


class Writer(Protocol):
    """Takes the batches of a piece in order, with the edits of each record and what was done to it."""

    def write(self, batch: Any, edited: Sequence[tuple[Record, Edits, dict[str, int]]]) -> None: ...

    def close(self) -> None: ...


def writer(piece: Piece, file: IO[bytes], column: str | None) -> Writer:
    """What writes the part file of ``piece`` to ``file``; with ``column``, each record gets a field of that name."""
    if piece.source.kind == "parquet":
        from arlint.corpus.parquet import Writer as Rows

        return Rows(piece, file, column)
    return _Spliced(piece, file, column)


class _Spliced:
    """Writer of what is spliced as bytes: first the header that the piece has lost to another, then all as it was but for the splices."""

    def __init__(self, piece: Piece, file: IO[bytes], column: str | None) -> None:
        self.file, self.column, self.path = file, column, piece.source.path
        self.lines = piece.source.kind == "jsonl"
        if piece.head:
            self.file.write(self._headed(piece.head, piece.held) if column else piece.head)

    def write(self, batch: Any, edited: Sequence[tuple[Record, Edits, dict[str, int]]]) -> None:
        splices: list[tuple[int, int, bytes]] = []
        at = 0
        if self.column and not self.lines and batch.head:
            self.file.write(self._headed(batch.data[: batch.head], batch))
            at = batch.head
        for record, edits, done in edited:
            if edits:
                splices += batch.spliced(record, edits)
            if self.column and record.problem is None:
                splices.append(self._told(batch, record, done, splices.pop() if edits and self.lines else None))
        for start, end, data in splices:
            self.file.write(batch.data[at:start])
            self.file.write(data)
            at = end
        self.file.write(batch.data[at:])

    def _told(self, batch: Any, record: Record, done: dict[str, int], spliced: tuple[int, int, bytes] | None) -> tuple[int, int, bytes]:
        """The splice that adds the column to ``record``, after it was ``spliced``."""
        value = msgspec.json.encode(dict(sorted(done.items())))
        if self.lines and self.column in record.names:  # of two fields of one name most readers keep the last
            raise Unreachable(f"{self.path}: record {record.name}: has a field '{self.column}' already; choose another --column")
        if not self.lines:
            end = record.place[-1][1]
            return end, end, batch.delimiter + b'"' + value.replace(b'"', b'""') + b'"'
        start, end, line = spliced or (*record.place, batch.data[slice(*record.place)])
        inside, brace, rest = line.rpartition(b"}")
        comma = b"" if inside.strip().endswith(b"{") else b", "
        return start, end, inside.rstrip() + comma + msgspec.json.encode(self.column) + b": " + value + brace + rest

    def _headed(self, head: bytes, batch: Any) -> bytes:
        """The header with the column named at its end."""
        assert self.column is not None
        if self.column in batch.names:
            raise Unreachable(f"{self.path}: has a column '{self.column}' already; choose another --column")
        names = head.rstrip(b"\r\n")
        return bytes(names + batch.delimiter + self.column.encode(batch.encoding) + head[len(names) :])

    def close(self) -> None:
        """Nothing follows the last record."""
