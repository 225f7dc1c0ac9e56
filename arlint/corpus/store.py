"""Where bytes come from and go to: local paths by the system itself, any other place by fsspec.

What is written is finished or absent: locally by a rename, elsewhere because it is sent only when it is whole.
"""

from __future__ import annotations

import glob
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any


class Unreachable(Exception):
    """A place that cannot be read or written: which, why, and what to do."""


@dataclass(frozen=True)
class Entry:
    """A file: its ``path``, its ``name`` below what was asked for, its size, and what changes when its content does."""

    path: str
    name: str
    size: int
    stamp: str


def place(path: str) -> str:
    """``path``, less the scheme of a URL of this machine: local files are replaced in one step, which fsspec does not do."""
    scheme, mark, inside = path.partition("://")
    if not mark or scheme not in ("file", "local"):
        return path
    return inside[1:] if inside[2:3] == ":" else inside  # file:///C:/folder


def real(path: str) -> str:
    """``path`` as any other name of the same place would be written."""
    if not remote(path):
        return os.path.realpath(path)
    system, inside = _system(path)
    return str(system.unstrip_protocol(inside))


def remote(path: str) -> bool:
    """Whether ``path`` is a URL that fsspec reads."""
    return "://" in path


def join(folder: str, *names: str) -> str:
    return "/".join([folder.rstrip("/"), *names]) if remote(folder) else os.path.join(folder, *names)


def absolute(path: str) -> str:
    """``path`` as processes with another working folder find it."""
    return path if remote(path) else os.path.abspath(path)


def _system(path: str) -> tuple[Any, str]:
    """The fsspec file system of a URL and the path in it. Raises `Unreachable`."""
    try:
        import fsspec
    except ImportError:
        raise Unreachable(f"{path}: a URL is read through fsspec; pip install 'arlint[corpus]'") from None
    try:
        system, inside = fsspec.core.url_to_fs(path)
    except (ImportError, ValueError) as error:
        raise Unreachable(f"{path}: {error}") from None
    return system, inside


@contextmanager
def reading(path: str) -> Iterator[IO[bytes]]:
    """The file at ``path``, open for reading and seeking. Raises `Unreachable`."""
    try:
        if remote(path):
            system, inside = _system(path)
            file = system.open(inside, "rb")
        else:
            file = open(path, "rb")  # noqa: SIM115  closed below
    except OSError as error:
        raise Unreachable(f"{path}: {_reason(error)}") from None
    with file:
        yield file


@contextmanager
def writing(path: str) -> Iterator[IO[bytes]]:
    """A file that takes the place of ``path`` when the block ends well, and leaves no trace when it does not."""
    if remote(path):
        system, inside = _system(path)
        with suppress(PermissionError, NotImplementedError):  # where folders are but names, there is nothing to make
            system.makedirs(inside.rpartition("/")[0], exist_ok=True)
        # many systems empty the old file when it is opened, which may be the one that is read for what is written
        with tempfile.TemporaryFile() as held:
            yield held
            held.seek(0)
            file = system.open(inside, "wb")
            try:
                shutil.copyfileobj(held, file, 1 << 20)
            except BaseException:
                with suppress(Exception):
                    file.discard()
                raise
            file.close()
        return
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".arlint-", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), 0o666 & ~_umask()) if hasattr(os, "fchmod") else None
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sweep(folder: str) -> None:
    """Remove what killed processes left half written below ``folder``; no process of a run may be writing there."""
    if not remote(folder):
        from arlint.writing import sweep

        sweep(path for path, _, _ in os.walk(folder))


def load(path: str) -> bytes | None:
    """The content of a small file, None where there is none."""
    if remote(path):
        system, inside = _system(path)
        try:
            return bytes(system.cat_file(inside))
        except FileNotFoundError:
            return None
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def names(folder: str) -> list[str]:
    """Names of the files in ``folder``, sorted; none where it does not exist."""
    if remote(folder):
        system, inside = _system(folder)
        with suppress(FileNotFoundError):
            return sorted(str(path).rsplit("/", 1)[-1] for path in system.ls(inside, detail=False, refresh=True))
        return []
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_file())
    return []


def remove(path: str) -> None:
    """Remove a file that may be there."""
    with suppress(FileNotFoundError):
        if remote(path):
            system, inside = _system(path)
            system.rm_file(inside)
        else:
            os.unlink(path)


def entries(path: str) -> list[Entry]:
    """The files that ``path`` names, a file, a folder (searched to its bottom) or a glob; sorted. Raises `Unreachable`."""
    found = _remote_entries(path) if remote(path) else _local_entries(path)
    return sorted((e for e in found if not any(part[0] in "._" for part in e.name.split("/") if part)), key=lambda e: e.name)


def _local_entries(path: str) -> list[Entry]:
    if os.path.isdir(path):
        paths = [os.path.join(folder, name) for folder, _, files in os.walk(path) for name in files]
        base = path
    elif os.path.exists(path):
        return [_local_entry(path, os.path.basename(path).lstrip("._"))]
    else:
        paths = [p for p in glob.glob(path, recursive=True) if os.path.isfile(p)]
        if not paths:
            raise Unreachable(f"{path}: no such file or folder; check the spelling of the path")
        base = _fixed(path, os.sep)
    return [_local_entry(p, os.path.relpath(p, base or ".").replace(os.sep, "/")) for p in paths]


def _local_entry(path: str, name: str) -> Entry:
    there = os.stat(path)
    if not stat.S_ISREG(there.st_mode):
        raise Unreachable(f"{path}: not a regular file; a corpus is read from files that stay")
    return Entry(path, name, there.st_size, str(there.st_mtime_ns))


def _remote_entries(url: str) -> list[Entry]:
    system, inside = _system(url)
    try:
        if any(c in inside for c in "*?["):
            found, base = system.glob(inside, detail=True), _fixed(inside, "/")
        elif system.isdir(inside):
            found, base = system.find(inside, detail=True), inside
        else:
            found, base = {inside: system.info(inside)}, inside.rpartition("/")[0]
    except FileNotFoundError:
        found = {}
    except OSError as error:
        raise Unreachable(f"{url}: {_reason(error)}") from None
    if not found:
        raise Unreachable(f"{url}: no such file or folder; check the spelling of the URL")
    out = []
    for place, about in found.items():
        if about.get("type") == "directory":
            continue
        stamp = next((str(about[key]) for key in ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "created") if about.get(key)), "")
        name = place.removeprefix(base.rstrip("/")).lstrip("/")
        out.append(Entry(system.unstrip_protocol(place), name, int(about.get("size") or 0), stamp))
    return out


def _fixed(pattern: str, separator: str) -> str:
    """The folders of a glob before the first that has a wildcard."""
    parts = pattern.split(separator)
    first = next(i for i, part in enumerate(parts) if any(c in part for c in "*?["))
    return separator.join(parts[:first]) or (separator if pattern.startswith(separator) else "")


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file; it was there when the run was planned"
    if isinstance(error, PermissionError):
        return "permission denied; make it readable for this user"
    return f"cannot be read ({error.strerror or error})"
