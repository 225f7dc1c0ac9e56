"""What arlint keeps per user: pickles with a checksum, written atomically, thrown away when damaged or stale."""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

MAGIC = b"arlint-cache-1\n"

#: Kinds of things kept, a folder each below `folder`.
KINDS = ("rules", "scanners", "results")

#: How many of a kind are kept; those go first that were not asked for longest.
KEPT = 8


def folder() -> Path:
    """Where it is kept: ``ARLINT_CACHE_DIR``, or the user's cache folder of the platform."""
    if chosen := os.environ.get("ARLINT_CACHE_DIR"):
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "arlint"


def read(store: Path) -> tuple[Any, ...] | None:
    """What `write` kept in ``store``, or None where there is nothing sound."""
    try:
        with open(store, "rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            kept = unpacked(data)
    except (OSError, ValueError):  # an empty file cannot be mapped
        return None
    with suppress(OSError):
        os.utime(store)
    return kept if isinstance(kept, tuple) else None


def write(store: Path, kept: tuple[Any, ...]) -> None:
    """Keep ``kept``; a cache that cannot be written is no reason to stop."""
    import tempfile

    name = None
    try:
        store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=store.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(packed(kept))
        os.replace(name, store)
        name = None
        for path in sorted(store.parent.iterdir(), key=lambda p: p.stat().st_mtime)[:-KEPT]:
            path.unlink(missing_ok=True)
    except OSError:
        return
    finally:
        if name is not None:
            with suppress(OSError):
                os.unlink(name)


def packed(kept: Any) -> bytes:
    """``kept`` with what tells whether it is whole."""
    payload = pickle.dumps(kept, pickle.HIGHEST_PROTOCOL)
    return MAGIC + hashlib.sha256(payload).digest() + payload


def unpacked(data: bytes | mmap) -> Any:
    """What `packed` made ``data`` of, or None where it is damaged or of another build."""
    head = len(MAGIC)
    with memoryview(data) as whole, whole[head + 32 :] as payload:
        if data[:head] != MAGIC or hashlib.sha256(payload).digest() != data[head : head + 32]:
            return None
        try:
            return pickle.loads(payload)
        except Exception:  # noqa: BLE001  a pickle from another build may fail in any way; it is made anew
            return None
