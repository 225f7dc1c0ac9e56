"""Compressed files as streams: read unpacked, written packed again."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, Any, cast

from arlint.writing import Unusable


def reader(file: IO[bytes], compression: str | None) -> IO[bytes]:
    """``file`` unpacked. Raises `Unusable` where the library for it is missing."""
    if compression == "gzip":
        return cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))
    if compression == "zstandard":
        return cast(IO[bytes], _zstandard().ZstdDecompressor().stream_reader(file, read_across_frames=True, closefd=False))
    return file


def writer(file: IO[bytes], compression: str | None) -> IO[bytes]:
    """A stream that packs what is written into ``file``; closing it ends the packed data and leaves ``file`` open."""
    if compression == "gzip":
        return cast(IO[bytes], gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0))
    assert compression == "zstandard"
    return cast(IO[bytes], _zstandard().ZstdCompressor(level=9, write_checksum=True).stream_writer(file, closefd=False))


def damage(error: Exception) -> str | None:
    """What to say where ``error`` means that packed data is damaged or cut short; None where it means something else."""
    if isinstance(error, (gzip.BadGzipFile, EOFError, zlib.error)):
        return "damaged or cut short (gzip); fetch it again. Nothing was written"
    if type(error).__module__.startswith("zstandard"):
        return "damaged or cut short (zstandard); fetch it again. Nothing was written"
    return None


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise Unusable("packed with zstandard, for which a library is missing; pip install 'arlint[corpus]', or unpack it first") from None
    return zstandard
