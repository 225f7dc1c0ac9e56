"""The work of one shard: its records read, cleaned, written out, and its record set down when all of it is there.

The same function for every engine. It may be called twice, or killed at any point: what it writes does not depend on that.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any, Literal, cast

import msgspec

from arlint import __version__
from arlint.corpus import store, tables
from arlint.corpus.cleaning import Job, clean, digest, inverse
from arlint.corpus.manifest import key
from arlint.corpus.records import Edits, batches, name, original, writer
from arlint.corpus.sources import Piece
from arlint.corpus.store import Unreachable
from arlint.corpus.summary import Part
from arlint.document import Document
from arlint.fixlog import packed as as_json
from arlint.formats import packed
from arlint.formats.records import Fields, Record, is_title, label
from arlint.formats.wide import widened
from arlint.projects import Project
from arlint.sift import Sift, sift_for

#: Records that could not be read, and promises that rules broke, of which a shard keeps the words; it counts them all.
TOLD = 20


@dataclass(frozen=True)
class Work:
    """What every worker of a run needs to know: the settings and rules, what is done by them, the fields, where the output goes
    and in which form."""

    project: Project
    mode: Literal["check", "fix"]
    unsafe: bool
    max_length: int
    fields: Fields
    column: str | None
    output: str
    form: tables.Format
    version: str = __version__

    def for_file(self, path: str) -> tuple[Job, Sift]:
        """What is done to the texts of the input at ``path``, and what is let be in them."""
        return Job(self.project.rules_for(path), self.mode, self.unsafe, self.max_length), sift_for(self.project, path)


@dataclass
class Done:
    """The record of a finished shard. ``texts`` of its records have any text, ``names`` are the fields of the first; ``outputs`` are
    the files it wrote, with their SHA-256; ``seconds`` what it took on the clock, ``cpu`` of the processor, ``memory`` the most that
    its process had held by then, in bytes."""

    name: str
    weight: int = 0
    records: int = 0
    texts: int = 0
    names: list[str] = field(default_factory=list)
    part: Part = field(default_factory=Part)
    problems: int = 0
    told: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0


def encode(done: Done) -> bytes:
    return msgspec.json.encode(done, order="deterministic")


def decode(data: bytes) -> Done:
    return msgspec.json.decode(data, type=Done, dec_hook=lambda kind, value: kind(value))


def attempt(piece: Piece | Unreachable, what: Work) -> Done | Unreachable:
    """As `work`; what keeps the shard from being done is answered, not raised, so that the others go on."""
    if isinstance(piece, Unreachable):
        return piece
    try:
        return work(piece, what)
    except Unreachable as error:
        return error
    except OSError as error:
        return Unreachable(f"{piece.source.path}: shard {piece.name} is not done ({error.strerror or error})")
    except Exception as error:  # noqa: BLE001  one shard must not end the run of thousands
        return Unreachable(f"{piece.source.path}: shard {piece.name} is not done ({type(error).__name__}: {' '.join(str(error).split())}); please report this")


def work(piece: Piece, what: Work) -> Done:
    """Do ``piece``: its cleaned records, findings, log and, last, its record. Raises `Unreachable`."""
    began, used = time.monotonic(), time.process_time()
    done = Done(piece.name, piece.weight)
    asked = what.for_file(piece.source.path)
    with ExitStack() as stack:
        findings = _table(stack, what, done, "findings", tables.FINDINGS, piece)
        out, log = None, None
        if what.mode == "fix":
            log = _table(stack, what, done, "log", tables.LOG, piece)
            file = stack.enter_context(_output(what, done, f"records/{piece.name}", piece.source.compression))
            # every part has a mark to be read by; a header that is repeated brings its own
            out = writer(piece, widened(file, piece.wide, mark=piece.start > 0 and not piece.head), what.column)
        for batch in batches(piece):
            edited: list[tuple[Record, Edits, dict[str, int]]] = []
            for record in batch.records(what.fields):
                edits, mended = _record(record, batch, piece, what.fields, asked, done, findings, log)
                done.records += 1
                if out is not None:
                    edited.append((record, edits, mended))
            if out is not None:
                out.write(batch, edited)
        findings.close()
        if log is not None and out is not None:
            log.close()
            out.close()
    done.seconds, done.cpu, done.memory = round(time.monotonic() - began, 3), round(time.process_time() - used, 3), _memory()
    with store.writing(store.join(what.output, "shards", f"{key(piece.name)}.json")) as file:
        file.write(encode(done))
    return done


def _record(record: Record, batch: Any, piece: Piece, fields: Fields, asked: tuple[Job, Sift], done: Done, findings: tables.Table, log: tables.Table | None) -> tuple[Edits, dict[str, int]]:
    """Clean one record, count and tell what was found, and give the edits of its texts and what was mended."""
    ident = name(record, batch, piece)
    if record.problem:
        done.problems += 1
        _tell(done, piece, ident, record.problem)
        return {}, {}
    done.texts += bool(record.texts)
    done.names = done.names or list(record.names)
    before, cleaned, edits, mended = {}, {}, {}, Counter[str]()
    where = (piece.source.name, piece.name)
    for path, text in record.texts:
        field_ = label(path)
        document = Document(text, piece.source.path, record=ident, field=field_, title=None if is_title(path) else record.title)
        one = clean(document, *asked)
        before[field_], cleaned[field_] = text, one
        mended += one.mended
        for line in [*([one.problem] if one.problem else []), *one.broken]:
            _tell(done, piece, ident, f"{field_}: {line}")
        for row in one.findings:
            findings.add((*where, ident, record.source, field_, *(getattr(row, slot) for slot in row.__slots__)))
        if one.edits:
            edits[path] = one.edits
    if log is not None and edits:
        was = original(batch, record, fields, edits, {path: inverse(cleaned[label(path)].log) for path in edits})
        kept = None if was is None else msgspec.json.encode(as_json(was)).decode()
        for field_, one in cleaned.items():
            prints = (digest(before[field_]), digest(one.text)) if one.log else ()
            for edit in one.log:
                log.add((*where, done.records, ident, record.source, field_, *(getattr(edit, slot) for slot in edit.__slots__), *prints, kept))
                kept = None
    done.part.add((piece.source.name, ident), record.source, before, cleaned)
    return edits, dict(mended)


def _tell(done: Done, piece: Piece, ident: str, line: str) -> None:
    if len(done.told) < TOLD:
        done.told.append(f"{piece.source.path}: record {ident}: {line}")


def _table(stack: ExitStack, what: Work, done: Done, folder: str, columns: Mapping[str, str], piece: Piece) -> tables.Table:
    name = f"{folder}/{piece.name}.{'parquet' if what.form == 'parquet' else 'jsonl.gz'}"
    return tables.Table(stack.enter_context(_output(what, done, name, None)), columns, what.form)


@contextmanager
def _output(what: Work, done: Done, name: str, compression: str | None) -> Iterator[IO[bytes]]:
    """The output file ``name``, packed as asked; its digest goes into the record."""
    with store.writing(store.join(what.output, *name.split("/"))) as raw:
        hashed = _Hashed(raw)
        try:
            if compression:
                with packed.writer(cast(IO[bytes], hashed), compression) as file:
                    yield file
            else:
                yield cast(IO[bytes], hashed)
        except BaseException:
            hashed.file = BytesIO()  # writers that are thrown away still write their end
            raise
        done.outputs[name] = hashed.digest.hexdigest()


class _Hashed:
    """A file that is only written, and the digest of what was."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.at = file, hashlib.sha256(), 0

    def write(self, data: Any) -> int:
        size = len(memoryview(data).cast("B"))
        self.digest.update(data)
        self.file.write(data)
        self.at += size
        return size

    def tell(self) -> int:
        return self.at

    def flush(self) -> None:
        self.file.flush()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """The file is closed by whoever opened it."""


def _memory() -> int:
    try:
        import resource
        import sys
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
