"""Plain text files: read whole. They are replaced by ``writing``."""

from __future__ import annotations

import os
import stat

from arlint.document import Document, from_bytes
from arlint.formats import Reading
from arlint.writing import Unusable as Unusable


def read(path: str) -> bytes:
    """The bytes of the file at ``path``. Raises `Unusable`."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # asked before it is opened: opening a pipe waits for its writer
            raise Unusable("not a regular file; pass its text on standard input with -")
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Unusable(_reading(error)) from None


def decode(data: bytes, path: str, reading: Reading, declared: str | None = None) -> Document:
    """The document that ``data`` holds; ``declared`` is the encoding that the text names itself."""
    return from_bytes(data, path, reading.encoding, declared)


def _reading(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the spelling of the path"
    if isinstance(error, PermissionError):
        return "permission denied; make it readable for this user, or leave it out with exclude"
    return f"cannot be read ({error.strerror or error}); leave it out with exclude"
