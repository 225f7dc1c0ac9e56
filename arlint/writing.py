"""The only place that replaces a file: whole or not at all, by a temporary file beside it and one rename.

Takes the new content as bytes (`replace`) or in pieces (`Replacement`), so that record files of any size pass through in
constant memory. What the new content is, is the business of ``fixes`` and ``formats``.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    from arlint.fixlog import Log, Mended

#: Names of our temporary files: hidden, so that no walk reads them, and told from everybody else's.
_OURS = re.compile(r"\.arlint-[a-z0-9_]{8}\.tmp")

_BLOCK = 1 << 20

#: Seconds to wait for another program that holds a file locked; an arlint holds it for milliseconds.
_PATIENCE = 10.0

#: The coarsest clock of a common file system's change times, in nanoseconds, and some to spare.
_TICK = 20_000_000


class Unusable(Exception):
    """A file that cannot be read or written: what is wrong with it, and what to do."""


@dataclass(frozen=True)
class Stamp:
    """What tells one state of a file from the next without reading it: any write moves ``changed``."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, handle: int) -> Stamp:
        """The stamp of the open file ``handle``, to be taken before it is read.

        A file written within the last tick of its file system's clock is waited for: a second write in that tick would not show.
        """
        while True:
            now = os.fstat(handle)
            if sys.platform == "win32" or not 0 <= time.time_ns() - now.st_ctime_ns < _TICK:
                return cls(now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, 0 if sys.platform == "win32" else now.st_ctime_ns)
            time.sleep(_TICK / 1e9)


def replace(path: str, data: bytes, before: bytes, log: Log | None = None, edits: Iterable[Mended] = ()) -> None:
    """Make ``data`` the content of the file at ``path``, which held ``before`` when it was read.

    With a ``log``, what changed goes into it first, and with it the ``edits`` of rules that changed it.
    Raises `Unusable`, with the file left as it is, where it cannot be written or no longer holds ``before``.
    """
    with Replacement(path, before, log) as new:
        if new.holds(data):  # another arlint was faster
            return
        new.file.write(data)
        new.note(edits)
        new.commit()


class Replacement:
    """The next content of the file at ``path``, invisible until `commit`; without it, everything stays as it was.

    ``seen`` is what the file held when it was read: its bytes, or its `Stamp`; ``log`` takes what is needed to undo it. To be used in a ``with`` statement, which raises
    `Unusable` for whatever the system refuses. Nothing is created before the first change, so an unchanged file costs nothing.
    """

    def __init__(self, path: str, seen: bytes | Stamp, log: Log | None = None) -> None:
        self.target = os.path.realpath(path)  # a link stays a link: what it names is replaced
        self.seen = seen
        self.entry = log.entry(path) if log else None
        self._name: str | None = None
        self._file: IO[bytes] | None = None
        self._source: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.entry is not None:
            self.entry.drop()
        if self._source is not None:
            self._source.close()
        if self._file is not None:
            with suppress(OSError):  # a full disk shows again when what is buffered is thrown away
                self._file.close()
        if self._name is not None:
            with suppress(OSError):
                os.unlink(self._name)
        if isinstance(error, OSError):
            raise Unusable(_refusal(error)) from None

    @property
    def changed(self) -> bool:
        """Whether anything has been written."""
        return self._file is not None

    @property
    def file(self) -> IO[bytes]:
        """Where the new content is written to, from its first byte on."""
        if self._file is None:
            _writable(self.target)
            self._name, handle = temporary(os.path.dirname(self.target))
            self._file = os.fdopen(handle, "w+b")
        return self._file

    def splice(self, start: int, end: int, data: bytes) -> None:
        """``data`` instead of the bytes from ``start`` up to ``end`` of the file as it is; splices come in order.

        What lies between them is copied, after the last one by `commit`.
        """
        self._copy(start)
        assert self._source is not None
        if self.entry is not None:
            self.entry.splice(self._source, start, end, data)
        self.file.write(data)
        self._source.seek(end)

    def _copy(self, end: int | None) -> None:
        if self._source is None:
            self._source = open(self.target, "rb")  # noqa: SIM115  closed on leaving
        source, file = self._source, self.file
        left = _BLOCK if end is None else end - source.tell()
        if left < 0:
            raise ValueError(f"splices come in order: {end} lies before {source.tell()}")
        while left and (block := source.read(min(left, _BLOCK))):
            file.write(block)
            left = _BLOCK if end is None else left - len(block)
        if end is not None and left:
            raise Unusable(_CHANGED)

    def note(self, edits: Iterable[Mended]) -> None:
        """What rules did, for the log."""
        if self.entry is not None:
            self.entry.note(edits)

    def holds(self, data: bytes) -> bool:
        """Whether the file holds ``data`` now, whatever it held before."""
        with open(self.target, "rb") as file:
            return os.fstat(file.fileno()).st_size == len(data) and file.read() == data

    def commit(self, approve: Callable[[IO[bytes]], None] | None = None) -> None:
        """Put the new content in the file's place, if there is any and the file is still what was read.

        ``approve`` is shown the new content first, and raises where it is not what it must be.
        """
        if self._file is None:
            return
        if self._source is not None:
            self._copy(None)
        assert self._name is not None
        self._file.flush()
        if approve is not None:
            approve(self._file)
        os.fsync(self._file.fileno())
        with open(self.target, "rb") as old:
            _claim(old.fileno())  # of two arlints, the second looks after the first has written
            there = os.fstat(old.fileno())
            if not os.path.samestat(there, os.stat(self.target)) or not self._unchanged(old):
                raise Unusable(_CHANGED)
            _keep_rights(self._file.fileno(), old.fileno(), there)
            if self.entry is not None:
                self.entry.close(old, self._file, whole=self._source is None)
            if sys.platform == "win32":  # an open file cannot be renamed there, nor replaced
                self._file.close()
                old.close()
            os.replace(self._name, self.target)
        self._name = None
        self._file.close()  # and with it the lock on what is now the file itself
        _sync_folder(os.path.dirname(self.target))

    def _unchanged(self, file: IO[bytes]) -> bool:
        if isinstance(self.seen, Stamp):
            return Stamp.of(file.fileno()) == self.seen
        return os.fstat(file.fileno()).st_size == len(self.seen) and file.read() == self.seen


def sweep(folders: Iterable[str]) -> None:
    """Remove the temporary files that killed runs left in ``folders``; those that a living process holds stay."""
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as found:
            for entry in found:
                if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    with suppress(OSError):
                        _sweep(entry.path)


def _sweep(name: str) -> None:
    if sys.platform != "win32":
        with open(name, "rb") as file:
            if _lock(file.fileno()):
                os.unlink(name)
    else:
        os.unlink(name)  # refused by the system while it is open


_CHANGED = "changed by another program while it was read; run arlint again. Nothing was written"


def _refusal(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "deleted by another program while it was read. Nothing was written"
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return "no space left on its disk; free some and run arlint again. Nothing was written"
    return f"cannot be written ({error.strerror or error}); check the folder's permissions and free space. Nothing was written"


def _writable(target: str) -> None:
    """Raises `Unusable` where the file must not, or could not faithfully, be replaced."""
    there = os.stat(target)
    if not there.st_mode & 0o222 or not os.access(target, os.W_OK):  # root could, but read-only is meant
        raise Unusable("read-only; make it writable for this user. Nothing was written")
    if there.st_nlink > 1:
        raise Unusable(f"has {there.st_nlink} hard links, and replacing it would leave the others behind; make it a file of its own (cp it and mv the copy over it). Nothing was written")


def temporary(folder: str) -> tuple[str, int]:
    """A new file in ``folder`` that no other process takes for a stray, and its name."""
    from tempfile import mkstemp

    while True:
        handle, name = mkstemp(prefix=".arlint-", suffix=".tmp", dir=folder)
        with suppress(FileNotFoundError, BlockingIOError):
            _lock(handle)
            if os.path.samestat(os.stat(name), os.fstat(handle)):
                return name, handle
        os.close(handle)  # swept by another run between its creation and the lock


def _lock(handle: int) -> bool:
    """Whether the open file could be locked; the lock goes with the process, however that ends.

    Raises BlockingIOError where another process holds it.
    """
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # a file system without locks
        return False
    return True


def _claim(handle: int) -> None:
    """Lock the open file once no other arlint is about to replace it. Raises `Unusable` where it stays locked."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            _lock(handle)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                raise Unusable("locked by another program; close it and run arlint again. Nothing was written") from None
            time.sleep(0.01)


def _keep_rights(handle: int, old: int, there: os.stat_result) -> None:
    """Give the open file ``handle`` the owner, mode and extended attributes (access lists among them) of ``old``."""
    if not hasattr(os, "fchmod"):
        return
    new = os.fstat(handle)
    if (new.st_uid, new.st_gid) != (there.st_uid, there.st_gid):
        try:
            os.fchown(handle, there.st_uid, there.st_gid)
        except PermissionError:
            raise Unusable("belongs to another user or group, which this user cannot give it back to; run arlint as its owner. Nothing was written") from None
    os.fchmod(handle, stat.S_IMODE(there.st_mode))
    if sys.platform == "linux":
        with suppress(OSError):
            for name in os.listxattr(old):
                with suppress(OSError):  # some belong to the system alone
                    os.setxattr(handle, name, os.getxattr(old, name))


def _sync_folder(folder: str) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
