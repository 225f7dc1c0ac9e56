"""What tells one state of the rules, of this package and of what it is built on from another, for the names of what is cached.

Files of others are read; those that were installed are told by name, size and time, which no editor and no installer leaves alone.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from arlint import __version__
from arlint.rules import builtin_folder

Options = Mapping[str, Mapping[str, str]]
_PACKAGE = Path(__file__).parent


def rules(folders: Sequence[Path], options: Options) -> str:
    """A digest of the rules and lexicons in ``folders`` and of the options chosen for them."""
    digest = hashlib.sha256(repr(sorted((rule, sorted(chosen.items())) for rule, chosen in options.items())).encode())
    shipped = builtin_folder()
    for folder in folders:
        digest.update(f"\0{folder.resolve()}".encode())
        if folder == shipped:
            digest.update(repr(list(_files(folder, ".yaml"))).encode())
            continue
        for path in sorted(folder.glob("*/*.yaml")):
            digest.update(f"\0{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def code(*parts: str) -> str:
    """A digest of the interpreter and of this package: of all its modules, or of those in its folders ``parts`` alone."""
    files = [found for part in parts for found in _files(_PACKAGE / part, ".py", deep=bool(part))] if parts else list(_files(_PACKAGE, ".py"))
    return hashlib.sha256(repr((__version__, sys.version, sys.implementation.cache_tag, files)).encode()).hexdigest()


def installed() -> str:
    """A digest of the folders that packages are installed in: each installation, upgrade or removal changes them."""
    folders = [path for path in sys.path if path.endswith(("site-packages", "dist-packages")) and os.path.isdir(path)]
    return hashlib.sha256(repr([(path, os.stat(path).st_mtime_ns) for path in folders]).encode()).hexdigest()


def _files(folder: Path, ending: str, deep: bool = True) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(ending):
            about = entry.stat()
            yield entry.name, about.st_size, about.st_mtime_ns
        elif deep and entry.is_dir() and entry.name != "__pycache__":
            yield from _files(Path(entry.path), ending)


def joined(parts: Iterable[str]) -> str:
    """One digest of several."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
