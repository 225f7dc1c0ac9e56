"""Record files: read in batches, each checked or fixed in any process, written back in order and in constant memory.

What a record is, is the business of ``formats``; who works on a batch, of ``runner``.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Protocol

from arlint.document import BOM, Document
from arlint.encoding import settled
from arlint.formats import Reading, compression_of, kind_of, packed, wide
from arlint.formats.records import Batch, Fields, is_title, label
from arlint.report import Report
from arlint.writing import Replacement, Stamp, Unusable

if TYPE_CHECKING:
    from arlint.fixlog import Log
    from arlint.walk import Target

#: Bytes of a file that are worked on at a time: enough to be worth handing to another process, little enough to hold several.
SIZE = 1 << 20

Process = Callable[[Document], Report]


@dataclass
class Done:
    """What came of one batch: its report, what to write instead of its records, and whether they had what was asked for."""

    report: Report
    splices: list[Any] = field(default_factory=list)
    texts: bool = False
    idents: bool = False
    names: tuple[str, ...] = ()
    problem: str | None = None


def work(batch: Batch, path: str, reading: Reading, process: Process, to_utf8: bool = False) -> Done:
    """Every record of ``batch`` through ``process``; what cannot be read is told and left as it is."""
    done = Done(Report(path, more=True, documents=0))
    stored: Any = batch
    if to_utf8 and batch.encoding != "utf-8":
        try:
            batch = _in_utf8(batch)
        except UnicodeError:
            done.problem = f"some of its bytes are no text in {batch.encoding}, and would be lost in UTF-8; mend or delete them first. Nothing was written"
            return done
    for record in batch.records(Fields(reading.text_fields, reading.id_field)):
        if record.problem:
            done.report.unread.append(f"record {record.name}: {record.problem}")
            continue
        done.names = done.names or tuple(record.names)
        done.texts |= bool(record.texts)
        done.report.documents += bool(record.texts)
        done.idents |= record.ident is not None
        edits = {}
        for where, text in record.texts:
            one = process(Document(text, path, record.name, label(where), None if is_title(where) else record.title, encoding=batch.encoding, lines=record.lines))
            if one.problem:
                done.report.unread.append(f"record {record.name}, {label(where)}: {one.problem}")
            if one.edits:
                edits[where] = one.edits
            done.report.add(one)
            done.report.lines += [record.lines[0] if record.lines else None] * len(one.items)
        if edits:
            done.splices += batch.spliced(record, edits)
    if batch is not stored:
        out = BytesIO()
        _Out(out, None).put(batch, done.splices)
        data = out.getvalue() if stored.start else out.getvalue().removeprefix(BOM)
        done.splices, done.report.changed = [(0, len(stored.data), data)], True
    return done


def _in_utf8(batch: Any) -> Any:
    if isinstance(batch, wide.Wide):
        batch.narrow.data.decode("utf-8")
        return batch.narrow

    def converted(data: bytes) -> bytes:
        return data.decode(batch.encoding, "surrogateescape").encode("utf-8")

    head = {"head": len(converted(batch.data[: batch.head]))} if hasattr(batch, "head") else {}
    return replace(batch, data=converted(batch.data), encoding="utf-8", **head)


class Sink(Protocol):
    """Where a fixed record file goes."""

    def put(self, batch: Any, splices: list[Any]) -> None: ...

    def finish(self) -> None: ...


class Stream:
    """One record file on its way through a run: ``batches`` are read, ``take`` their outcomes in order, then ``close``."""

    def __init__(self, target: Target, reading: Reading, fixing: bool, source: IO[bytes] | None = None, out: IO[bytes] | None = None, log: Log | None = None) -> None:
        self.target, self.reading, self.fixing = target, reading, fixing
        self.problem: str | None = None
        self._source, self._out, self._log = source, out, log
        self._replacement: Replacement | None = None
        self._sink: Sink | None = None
        self._seen = Done(Report(target.path))

    def batches(self) -> Iterator[Batch]:
        """The records of the file, some at a time; what ends it early becomes its problem."""
        path = self.target.path
        try:
            if self._source is not None:
                yield from self._read(self._source)
                return
            if not stat.S_ISREG(os.stat(path).st_mode):
                raise Unusable("not a regular file; pass its records on standard input with -")
            with open(path, "rb") as file:
                if self.fixing:
                    self._replacement = Replacement(path, Stamp.of(file.fileno()), self._log)
                yield from self._read(file)
        except Unusable as error:
            self.problem = str(error)
        except Exception as error:
            self.problem = packed.damage(error)
            if self.problem is None and isinstance(error, OSError):
                self.problem = f"cannot be read ({error.strerror or error}); leave it out with exclude"
            if self.problem is None:
                raise

    def _read(self, file: IO[bytes]) -> Iterator[Batch]:
        kind = kind_of(self.target.path, self.reading)
        if kind == "parquet":
            yield from self._groups(file)
            return
        compression = compression_of(self.target.path)
        module = import_module(f"arlint.formats.{'csv' if kind == 'tsv' else kind}")
        if self._out is not None:
            self._sink = _Out(self._out, compression)
        elif self._replacement is not None:
            self._sink = _Repacked(self._replacement, self.target.path, compression) if compression else _InPlace(self._replacement)
        stream = packed.reader(file, compression)
        begun = Begun(stream)
        encoding = settled(begun.head, self.reading.encoding)
        yield from wide.batches(module.batches, begun, encoding, SIZE) if encoding.startswith("utf-16") else module.batches(begun, encoding, SIZE)

    def _groups(self, file: IO[bytes]) -> Iterator[Batch]:
        from arlint.formats import parquet

        out, new = self._out, self._replacement
        if out is not None:
            self._sink = parquet.Piped(out)
        elif new is not None:
            self._sink = parquet.Rewriter(lambda: new.file, always=False)
        yield from parquet.batches(self.target.path if self._source is None else file.read())

    def take(self, batch: Batch, done: Done) -> Report:
        """The report of the next batch, with its changes on their way into the file."""
        seen = self._seen
        seen.texts |= done.texts
        seen.idents |= done.idents
        seen.names = seen.names or done.names
        self.problem = self.problem or done.problem
        if self._sink is not None and self.problem is None:
            try:
                self._sink.put(batch, done.splices)
                if self._replacement is not None:
                    self._replacement.note(done.report.mended)
            except (Unusable, OSError) as error:
                self._fail(error)
        done.report.mended = []
        return done.report

    def close(self) -> Report:
        """The report that closes the file: whether it could be read and written as a whole."""
        if self.problem is None:
            self.problem = self._missing()
        try:
            if self.problem is None and self._sink is not None:
                self._sink.finish()
                if self._replacement is not None:
                    self._replacement.commit()
        except (Unusable, OSError) as error:
            self._fail(error)
        if self._replacement is not None:
            self._replacement.__exit__(None, None, None)
        return Report(self.target.path, problem=self.problem, documents=0)

    def _fail(self, error: Exception) -> None:
        """Keep why the file cannot be written, in the words of ``writing`` where the system refused."""
        try:
            if self._replacement is not None:
                self._replacement.__exit__(type(error), error, None)
        except Unusable as said:
            error = said
        self.problem = str(error)

    def _missing(self) -> str | None:
        """What to say where no record had a field to read."""
        names, seen = ", ".join(self._seen.names), self._seen
        if not names:
            return None
        if not seen.texts and (self.target.named or self.reading.text_fields):
            wanted = " or ".join(self.reading.text_fields)
            return f"no text in a field {wanted}; its records have {names}" if wanted else f"no field that looks like text; name one of {names} with --text-field"
        if self.reading.id_field and not seen.idents:
            return f"no record has the field {self.reading.id_field} to go by; they have {names}"
        return None


class Begun:
    """A stream whose ``head`` was read ahead to tell its encoding."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.head, self._stream = stream.read(SIZE), stream

    def read(self, size: int) -> bytes:
        if not self.head:
            return self._stream.read(size)
        data, self.head = self.head[:size], self.head[size:]
        return data


class _InPlace:
    """The file itself: what lies between the splices is copied by ``writing``."""

    def __init__(self, new: Replacement) -> None:
        self.new = new

    def put(self, batch: Any, splices: list[tuple[int, int, bytes]]) -> None:
        for start, end, data in splices:
            self.new.splice(batch.start + start, batch.start + end, data)

    def finish(self) -> None:
        pass


class _Out:
    """A stream such as standard output: everything goes there, packed as it came."""

    def __init__(self, file: IO[bytes], compression: str | None) -> None:
        self.file = packed.writer(file, compression) if compression else file
        self.compression = compression

    def put(self, batch: Any, splices: list[tuple[int, int, bytes]]) -> None:
        at = 0
        for start, end, data in splices:
            self.file.write(batch.data[at:start])
            self.file.write(data)
            at = end
        self.file.write(batch.data[at:])

    def finish(self) -> None:
        if self.compression:
            self.file.close()


class _Repacked:
    """A packed file: begun anew at the first change, by unpacking once more what came before it."""

    def __init__(self, new: Replacement, path: str, compression: str) -> None:
        self.new, self.path, self.compression = new, path, compression
        self.out: _Out | None = None

    def put(self, batch: Any, splices: list[tuple[int, int, bytes]]) -> None:
        if splices and self.out is None:
            self.out = _Out(self.new.file, self.compression)
            with open(self.path, "rb") as file, packed.reader(file, self.compression) as before:
                left = batch.start
                while left and (block := before.read(min(left, SIZE))):
                    self.out.file.write(block)
                    left -= len(block)
        if self.out is not None:
            self.out.put(batch, splices)

    def finish(self) -> None:
        if self.out is not None:
            self.out.finish()
