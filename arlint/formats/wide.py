"""Record files in UTF-16: read as UTF-8, in which quotation marks, delimiters and line breaks are bytes, and spliced as they are stored,
or (``Narrowed``, ``widened``) written anew.

How records are told is left to the container that the batches come from.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from arlint.document import BOM
from arlint.findings import Edit
from arlint.formats.records import Fields, Path, Readable, Record
from arlint.writing import Unusable


@dataclass(slots=True)
class Wide:
    """The records of ``narrow``, a batch in UTF-8, which begin at byte ``start`` of a file in ``encoding``."""

    narrow: Any
    start: int
    encoding: str
    _reached: tuple[int, int] = (0, 0)

    @property
    def data(self) -> bytes:
        return _widened(self.narrow.data, self.encoding)

    def records(self, fields: Fields) -> Iterator[Record]:
        yield from self.narrow.records(fields)

    def spliced(self, record: Record, edits: Mapping[Path, Sequence[Edit]]) -> list[tuple[int, int, bytes]]:
        return [(self._place(start), self._place(end), _widened(data, self.encoding)) for start, end, data in self.narrow.spliced(record, edits)]

    def _place(self, at: int) -> int:
        """Where byte ``at`` of the narrow batch is stored; counted on from the last place asked for, since records come in order."""
        before, place = self._reached if self._reached[0] <= at else (0, 0)
        self._reached = at, place + len(_widened(self.narrow.data[before:at], self.encoding))
        return self._reached[1]


def batches(of: Callable[[Readable, str, int], Iterator[Any]], file: Readable, encoding: str, size: int) -> Iterator[Wide]:
    """What ``of`` makes of ``file``, whose ``encoding`` is one of UTF-16."""
    start = 0
    for narrow in of(Narrowed(file, encoding), "utf-8", size):
        yield Wide(narrow, start, encoding)
        start += len(_widened(narrow.data, encoding))


class Narrowed:
    """A stream of UTF-16 as one of UTF-8; half a surrogate pair is kept as what it is."""

    def __init__(self, file: Readable, encoding: str) -> None:
        self._file, self._decoder = file, codecs.getincrementaldecoder(encoding)("surrogatepass")

    def read(self, size: int) -> bytes:
        while chunk := self._file.read(size):
            if text := self._decoder.decode(chunk):
                return text.encode("utf-8", "surrogatepass")
        try:
            return self._decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise Unusable("ends in half a character of UTF-16, so it was cut short; fetch it again. Nothing was written") from None


def widened(file: IO[bytes], encoding: str, *, mark: bool = False) -> IO[bytes]:
    """``file`` as a stream that is written in UTF-8 and stored in ``encoding``, where there is one; with ``mark``, its byte order mark first."""
    if not encoding:
        return file
    wide = cast(IO[bytes], _Widened(file, encoding))
    if mark:
        wide.write(BOM)
    return wide


class _Widened:
    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file, self._encoding = file, encoding
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")

    def write(self, data: bytes) -> int:
        self._file.write(self._decoder.decode(data).encode(self._encoding, "surrogatepass"))
        return len(data)


def _widened(data: bytes, encoding: str) -> bytes:
    return data.decode("utf-8", "surrogatepass").encode(encoding, "surrogatepass")
