"""The fix log: what a run of ``fix`` changed, a JSON object a line, enough to restore every file byte for byte.

An entry is written whole before its file is replaced: a ``file`` line with the content before and after, then its ``hunk`` lines
(bytes) and ``edit`` lines (what the rules did). ``writing`` makes the entries, ``undo`` takes them back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

import msgspec

from arlint import __version__
from arlint.findings import Applicability
from arlint.report import Place
from arlint.writing import Unusable

if TYPE_CHECKING:
    from arlint.fixes import Outcome

#: How many bytes on either side of a hunk are kept, to find it again in a file that moved on.
AROUND = 48

_SPOOLED = 1 << 22

#: Files up to this size are compared to find what changed in them; of larger ones that were written anew a copy is kept.
_COMPARED = 1 << 24


class Base64(msgspec.Struct, frozen=True):
    """Bytes that are not UTF-8."""

    base64: bytes


Bytes = str | Base64


class Content(msgspec.Struct, frozen=True):
    """What a file held."""

    sha256: str
    size: int


class File(msgspec.Struct, frozen=True, tag="file", tag_field="kind"):
    """One file that was changed. ``path`` counts from ``folder``; ``lines`` are those that belong to it and follow.

    ``original`` names a copy of the old file, beside the log, where the file was written anew and not in hunks.
    """

    path: Bytes
    folder: Bytes
    before: Content
    after: Content
    lines: int
    original: str | None
    time: str
    arlint: str


class Change(msgspec.Struct, frozen=True, tag="hunk", tag_field="kind"):
    """Bytes that were replaced: ``before`` stood at offset ``at`` of the old file, between ``left`` and ``right``."""

    at: int
    before: Bytes
    after: Bytes
    left: Bytes
    right: Bytes


class Mended(msgspec.Struct, frozen=True, tag="edit", tag_field="kind"):
    """One edit of a rule. ``start`` and ``end`` count in the text as it was in its ``round`` of fixing, as findings do."""

    path: str
    record: str | None
    field: str | None
    rule: str
    applicability: Applicability
    before: str
    after: str
    start: Place
    end: Place
    round: int


Line = File | Change | Mended
decode = msgspec.json.Decoder(Line).decode
_encode = msgspec.json.Encoder().encode


class Unlogged(Unusable):
    """The log cannot take an entry: why, and what to do."""


def packed(data: bytes) -> Bytes:
    """``data`` as text where it is UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return Base64(data)


def unpacked(data: Bytes) -> bytes:
    """The bytes that `packed` made ``data`` of."""
    return data.encode("utf-8") if isinstance(data, str) else data.base64


def mended(outcome: Outcome, path: str) -> list[Mended]:
    """The edits of ``outcome``, round by round and in order of place."""
    out = []
    for number, (document, findings) in enumerate(outcome.steps, 1):
        edits = [(edit, finding.rule.id, finding.fix.applicability) for finding in findings if finding.fix for edit in document.changes(finding)]
        for edit, rule, applicability in sorted(edits, key=lambda e: (e[0].start, e[0].end)):
            start, end = (Place(at, *document.place(at)) for at in (edit.start, edit.end))
            out.append(Mended(path, document.record, document.field, rule, applicability, document.raw[edit.start : edit.end], edit.text, start, end, number))
    return out


@dataclass(frozen=True)
class Log:
    """The log in the file at ``path``. Entries are added to what is there, by any number of processes."""

    path: str

    def begin(self) -> None:
        """Raises `Unlogged` where the log cannot be written, or the file there is something else."""
        try:
            with open(self.path, "ab+") as file:
                file.seek(0)
                first = file.readline()
        except OSError as error:
            raise Unlogged((error.strerror or str(error)).lower()) from None
        try:
            if first and not isinstance(decode(first), File):
                raise ValueError
        except ValueError:
            raise Unlogged("exists and is not a fix log; name another file") from None

    def entry(self, path: str) -> Entry:
        """A new entry, about the file at ``path``."""
        return Entry(self, path)

    @property
    def originals(self) -> str:
        """The folder of whole copies."""
        return f"{self.path}.originals"

    def keep(self, source: IO[bytes], content: Content) -> str:
        """Keep a whole copy of ``source``, and return its name below `originals`."""
        with self._told():
            os.makedirs(self.originals, exist_ok=True)
            name = content.sha256[:32]
            place = os.path.join(self.originals, name)
            if not os.path.exists(place):
                with open(f"{place}.{os.getpid()}", "wb") as copy:
                    source.seek(0)
                    shutil.copyfileobj(source, copy, 1 << 20)
                    copy.flush()
                    os.fsync(copy.fileno())
                os.replace(copy.name, place)
        return name

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unlogged(f"the fix log cannot be written ({error.strerror or error}: {self.path}). Nothing was written") from None

    def add(self, lines: Iterable[bytes]) -> None:
        """Add an entry: whole, or not at all."""
        with self._told(), open(self.path, "ab+", buffering=0) as file:
            _lock(file.fileno())
            size = file.seek(0, os.SEEK_END)
            torn = False  # a run was killed, or its machine, while it wrote here
            if size:
                file.seek(size - 1)
                torn = file.read(1) != b"\n"
            try:
                for block in chain([b"\n"] if torn else [], lines):
                    left = memoryview(block)
                    while left:
                        left = left[file.write(left) :]
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):
                    os.ftruncate(file.fileno(), size)
                raise


@dataclass
class Entry:
    """The entry about one file while it is rewritten; nothing of it is in the log before `close`."""

    log: Log
    path: str
    lines: int = 0
    _waiting: tuple[int, bytes, bytes, bytes, bytes] | None = field(default=None, repr=False)

    @cached_property
    def _spool(self) -> SpooledTemporaryFile[bytes]:
        return SpooledTemporaryFile(_SPOOLED, dir=os.path.dirname(self.log.path) or ".")

    def note(self, edits: Iterable[Mended]) -> None:
        """What rules did."""
        for edit in edits:
            self._write(edit)

    def hunk(self, at: int, before: bytes, after: bytes, left: bytes, right: bytes) -> None:
        """``after`` for ``before`` at the byte ``at``; ``left`` and ``right`` are what stands around it in the old file."""
        if self._waiting is not None:
            gap = at - self._waiting[0] - len(self._waiting[1])
            left = left[max(0, len(left) - gap) :]
            self._settle(gap)
        self._waiting = at, before, after, left, right

    def splice(self, source: IO[bytes], start: int, end: int, data: bytes) -> None:
        """The bytes from ``start`` up to ``end`` of the old file ``source`` became ``data``; moves in ``source``."""
        first = max(0, start - AROUND)
        source.seek(first)
        near = source.read(end + AROUND - first)
        self.hunk(start, near[start - first : end - first], data, near[: start - first], near[end - first :])

    def _settle(self, gap: int = AROUND) -> None:
        if self._waiting is not None:
            at, before, after, left, right = self._waiting
            self._write(Change(at, packed(before), packed(after), _context(left, -1), _context(right[:gap], 1)))
            self._waiting = None

    def _write(self, line: Change | Mended) -> None:
        self._spool.write(_encode(line) + b"\n")
        self.lines += 1

    def close(self, old: IO[bytes], new: IO[bytes], whole: bool) -> None:
        """Put the entry about the change from ``old`` to ``new`` into the log; ``whole`` where no splices told it. Raises `Unlogged`."""
        before, after, original = content(old), content(new), None
        if whole and max(before.size, after.size) > _COMPARED:
            original = self.log.keep(old, before)
        elif whole:
            self._compare(old, new)
        self._settle()
        head = File(packed(os.fsencode(self.path)), packed(os.fsencode(os.getcwd())), before, after, self.lines, original, datetime.now(UTC).isoformat(timespec="seconds"), __version__)
        self._spool.seek(0)
        self.log.add(chain([_encode(head) + b"\n"], iter(lambda: self._spool.read(1 << 20), b"")))

    def _compare(self, old: IO[bytes], new: IO[bytes]) -> None:
        from arlint.hunks import between

        old.seek(0)
        new.seek(0)
        was = old.read()
        for start, end, data in between(was, new.read()):
            self.hunk(start, was[start:end], data, was[max(0, start - AROUND) : start], was[end : end + AROUND])

    def drop(self) -> None:
        """Forget what was collected."""
        if "_spool" in self.__dict__:
            self._spool.close()


def content(file: IO[bytes]) -> Content:
    """What the open ``file`` holds, read from its beginning."""
    file.seek(0)
    digest, size = sha256(), 0
    while block := file.read(1 << 20):
        digest.update(block)
        size += len(block)
    return Content(digest.hexdigest(), size)


def _context(data: bytes, side: int) -> Bytes:
    """``data`` without the part of a code point that its outer end may have cut off."""
    for cut in range(min(4, len(data) + 1)):
        kept = data[cut:] if side < 0 else data[: len(data) - cut]
        with suppress(UnicodeDecodeError):
            return kept.decode("utf-8")
    return Base64(data)


def _lock(handle: int) -> None:
    with suppress(ImportError, OSError):  # where there are no locks, one write to the end of a file is all there is
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)
