"""Plain text files: read whole, replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from arlint.document import Document, Undecodable, from_bytes


class Unusable(Exception):
    """A file that cannot be read or written: what is wrong with it, and what to do."""


def read(path: str) -> tuple[Document, bytes]:
    """The document in the file at ``path``, and its bytes. Raises `Unusable`."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # asked before it is opened: opening a pipe waits for its writer
            raise Unusable("not a regular file; pass its text on standard input with -")
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise Unusable(_reading(error)) from None
    return decode(data, path), data


def decode(data: bytes, path: str) -> Document:
    """The document that ``data`` holds. Raises `Unusable` where it is not UTF-8."""
    try:
        return from_bytes(data, path)
    except Undecodable as error:
        raise Unusable(str(error)) from None


def _reading(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the spelling of the path"
    if isinstance(error, PermissionError):
        return "permission denied; make it readable for this user, or leave it out with exclude"
    return f"cannot be read ({error.strerror or error}); leave it out with exclude"


def write(path: str, data: bytes, before: bytes) -> None:
    """Replace the file at ``path`` by ``data`` in one step, with its mode and owner; a link's target is what is replaced.

    Raises `Unusable`, with the file left as it is, where it cannot be written or no longer holds ``before``.
    """
    from tempfile import mkstemp

    target = os.path.realpath(path)
    name = None
    try:
        if not os.access(target, os.W_OK):
            raise Unusable("read-only; make it writable for this user. Nothing was written")
        handle, name = mkstemp(prefix=".arlint-", dir=os.path.dirname(target))
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            _keep_owner(file.fileno(), os.stat(target))
            file.flush()
            os.fsync(file.fileno())
        with open(target, "rb") as file:
            if file.read() != before:
                raise Unusable("changed by another program while it was read; run arlint again. Nothing was written")
        os.replace(name, target)
        name = None
    except OSError as error:
        raise Unusable(f"cannot be written ({error.strerror or error}); check the folder's permissions and free space. Nothing was written") from None
    finally:
        if name is not None:
            with suppress(OSError):
                os.unlink(name)


def _keep_owner(handle: int, old: os.stat_result) -> None:
    if not hasattr(os, "fchmod"):
        return
    new = os.fstat(handle)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with suppress(OSError):
            os.fchown(handle, old.st_uid, old.st_gid)
    os.fchmod(handle, stat.S_IMODE(old.st_mode))
