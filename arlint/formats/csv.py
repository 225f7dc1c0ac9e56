"""CSV and TSV: a header, then records whose fields may be quoted and span lines; a fix rewrites one field's bytes only.

Quoting is that of RFC 4180. The delimiter is the one of ``, ; tab |`` that the header has most of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from arlint.document import BOM
from arlint.edits import applied
from arlint.findings import Edit
from arlint.formats.records import Fields, Path, Readable, Record

DELIMITERS = (b",", b";", b"\t", b"|")

#: A record that is longer than this has a quotation mark that is never closed.
LONGEST = 1 << 26


class _Shape(NamedTuple):
    field: re.Pattern[bytes]
    record: re.Pattern[bytes]


@lru_cache(maxsize=8)
def _shape(delimiter: bytes) -> _Shape:
    """Expressions for one field, and for a record with its line break, where ``delimiter`` stands between fields."""
    d = re.escape(delimiter)
    field = rb'(?:"(?:[^"]++|"")*+"[^%b\r\n]*+|[^"%b\r\n][^%b\r\n]*+|)' % (d, d, d)
    return _Shape(re.compile(field), re.compile(rb"%b(?:%b%b)*+(?:\r\n|\n|\r|\Z)" % (field, d, field)))


@dataclass(slots=True)
class Rows:
    """Whole records of a file, of which the first is record ``number`` and begins on ``line``; ``start`` is theirs, in bytes.

    ``head`` is how many bytes the header takes up in front of them.
    """

    data: bytes
    start: int
    number: int
    line: int
    names: tuple[str, ...]
    delimiter: bytes
    encoding: str
    head: int = 0

    def records(self, fields: Fields) -> Iterator[Record]:
        number, line = self.number, self.line + self.data.count(b"\n", 0, self.head)
        for start, end, whole in _rows(self.data, self.delimiter, self.head):
            breaks = self.data.count(b"\n", start, end)
            if self.data[start:end].strip(b"\r\n"):
                last = line + breaks - (breaks > 0 and self.data[end - 1 : end] == b"\n")
                yield self._record(Record(number, lines=(line, last)), start, end, whole, fields)
                number += 1
            line += breaks

    def _record(self, record: Record, start: int, end: int, whole: bool, fields: Fields) -> Record:
        if not whole:
            record.problem = f"a quotation mark that opens on line {record.lines[0] if record.lines else 0} is never closed"
            return record
        places = _places(self.data, start, end, self.delimiter)
        if len(places) != len(self.names):
            record.problem = f"has {len(places)} fields where the header names {len(self.names)}"
            return record
        texts = [self._text(*place) for place in places]
        junk = next((name for name, text in zip(self.names, texts, strict=True) if text is None), None)
        if junk is not None:
            record.problem = f"text after the closing quotation mark of {junk}"
            return record
        record.place = places
        return fields.fill(record, dict(zip(self.names, texts, strict=True)))

    def _text(self, start: int, end: int) -> str | None:
        field = self.data[start:end]
        if field.startswith(b'"'):
            if len(field) < 2 or not field.endswith(b'"') or field.count(b'"') % 2:
                return None
            field = field[1:-1].replace(b'""', b'"')
        return field.decode(self.encoding, "surrogateescape")

    def spliced(self, record: Record, edits: Mapping[Path, Sequence[Edit]]) -> list[tuple[int, int, bytes]]:
        out = []
        for path, changes in edits.items():
            start, end = record.place[len(self.names) - 1 - self.names[::-1].index(str(path[0]))]
            text = applied(self._text(start, end) or "", changes)
            field = text.encode(self.encoding, "surrogateescape")
            quoted = self.data[start : start + 1] == b'"' or field[:1] == b'"' or any(c in field for c in (self.delimiter, b"\n", b"\r"))
            out.append((start, end, b'"' + field.replace(b'"', b'""') + b'"' if quoted else field))
        return sorted(out)


def _rows(data: bytes, delimiter: bytes, at: int) -> Iterator[tuple[int, int, bool]]:
    """Where the records of ``data`` from ``at`` on begin and end, and whether they are whole: one whose quotation never closes ends with its line."""
    match = _shape(delimiter).record.match
    while at < len(data):
        found = match(data, at)
        end = found.end() if found else data.find(b"\n", at) + 1 or len(data)
        yield at, end, found is not None
        at = end


def _places(data: bytes, start: int, end: int, delimiter: bytes) -> list[tuple[int, int]]:
    match, places = _shape(delimiter).field.match, []
    while True:
        found = match(data, start, end)
        assert found is not None  # it matches the empty string
        places.append(found.span())
        start = found.end()
        if data[start : start + 1] != delimiter:
            return places
        start += 1


def batches(file: Readable, encoding: str, size: int) -> Iterator[Rows]:
    """The records of ``file``, about ``size`` bytes at a time; the header stands in the first batch."""
    names: tuple[str, ...] | None = None
    delimiter, rest, start, number, line, want = b",", b"", 0, 1, 1, size
    ended = False
    while not ended:
        chunk = file.read(want)
        ended = not chunk
        rest += chunk
        if names is None:
            delimiter = _delimiter(rest)
        end, count = _whole(rest, delimiter, ended or len(rest) >= LONGEST)
        if not end:  # a record longer than a batch: read on in larger steps
            want *= 2
            continue
        data, rest, want, head = rest[:end], rest[end:], size, 0
        if names is None:
            head = next(_rows(data, delimiter, 0))[1]
            names, count = _names(data[:head], delimiter, encoding), count - 1
        yield Rows(data, start, number, line, names, delimiter, encoding, head)
        start, number, line = start + end, number + count, line + data.count(b"\n")


def _whole(data: bytes, delimiter: bytes, ended: bool) -> tuple[int, int]:
    """Where the last record of ``data`` ends that is certainly whole, and how many there are; all where the file ``ended``."""
    at = count = 0
    for start, end, whole in _rows(data, delimiter, 0):
        if not ended and (not whole or end == len(data)):
            break
        at, count = end, count + bool(data[start:end].strip(b"\r\n"))
    return at, count


def _delimiter(data: bytes) -> bytes:
    head = re.sub(rb'"[^"]*"', b"", data.partition(b"\n")[0])
    return max(DELIMITERS, key=head.count)


def _names(header: bytes, delimiter: bytes, encoding: str) -> tuple[str, ...]:
    at = len(BOM) if header.startswith(BOM) else 0
    row = Rows(header, 0, 0, 0, (), delimiter, encoding)
    return tuple(row._text(*place) or "" for place in _places(header, at, len(header), delimiter))
