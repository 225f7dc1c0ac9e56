"""Reports of files that were looked at before, kept per user by all that they depend on: an unchanged file needs no rule.

A key takes in the file's bytes, the rules, settings, options, this package and what is installed beside it; nothing is ever
updated, so nothing can be stale. One SQLite file; a damaged one is begun anew, one that cannot be used is done without.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from arlint import cache
from arlint.plain import shown
from arlint.report import Report

if TYPE_CHECKING:
    import sqlite3

    from arlint.projects import Project
    from arlint.task import Task

#: Bytes that the file may grow to; then those go that were not asked for longest, until half of it is left.
MOST = 64 << 20
#: A larger file is not held in memory to be looked up.
LARGEST = 8 << 20
#: Reports that are written at a time.
_TOGETHER = 256
#: Seconds after which it is noted that a report was asked for.
_DAY = 86_400

_T = TypeVar("_T")


def key(data: bytes, path: str, project: Project, task: Task) -> bytes | None:
    """The name of what ``task`` says of ``data``, the file at ``path``; None where that is not kept."""
    if not project.key or task.sheets or len(data) > LARGEST:
        return None
    known = sorted((origin, sorted(prints)) for origin, prints in task.known.get(path, {}).items()) if path in task.known else None
    asked = task.mode, task.unsafe, task.excerpts, task.spots, task.language, task.keyed, task.offered, task.to_utf8, known, task.changed.get(path)
    digest = blake2b(repr((project.key, project.fitting(path), shown(path), asked)).encode("utf-8", "surrogatepass"), digest_size=32)
    digest.update(data)
    return digest.digest()


def final(report: Report) -> bool:
    """Whether the report would be the same again, and leaves nothing to do."""
    return not (report.problem or report.changed or report.broken or report.unread or report.mended or report.more)


class Results:
    """What is kept. Opened when it is first asked, and used by one process alone: workers hand their reports to it."""

    def __init__(self) -> None:
        self.path = cache.folder() / "results" / "results.sqlite"
        self._connection: sqlite3.Connection | None = None
        self._off = False
        self._fresh: dict[bytes, bytes] = {}
        self._met: set[bytes] = set()

    def report(self, key: bytes) -> Report | None:
        """The report that `keep` was given."""
        row = self._ask(lambda kept: kept.execute("SELECT report, used FROM results WHERE key = ?", (key,)).fetchone())
        if row is None:
            return None
        found = cache.unpacked(row[0])
        if not isinstance(found, Report):
            return None
        if time.time() - row[1] > _DAY:
            self._met.add(key)
        return found

    def keep(self, key: bytes, report: Report) -> None:
        """Keep ``report``; it is written by `flush`, or with others once they are many."""
        self._fresh[key] = cache.packed(report)
        if len(self._fresh) >= _TOGETHER:
            self.flush()

    def knows(self, name: str) -> bool:
        """Whether `note` was given ``name``: settings that were found sound with these rules."""
        return bool(self._ask(lambda kept: kept.execute("SELECT 1 FROM results WHERE key = ?", (name.encode(),)).fetchone()))

    def note(self, name: str) -> None:
        self._fresh[name.encode()] = b""

    def flush(self) -> None:
        """Write what is new."""
        fresh, met = self._fresh, self._met
        self._fresh, self._met = {}, set()
        if fresh or met:
            self._ask(lambda kept: _written(kept, fresh, met))

    def _ask(self, question: Callable[[sqlite3.Connection], _T]) -> _T | None:
        if self._off:
            return None
        try:
            import sqlite3
        except ImportError:  # Python may be built without it
            self._off = True
            return None
        for _ in range(2):
            try:
                self._connection = self._connection or _opened(self.path)
                return question(self._connection)
            except (sqlite3.OperationalError, OSError):  # not writable, full, or locked for long
                self._off = True
                return None
            except sqlite3.DatabaseError:  # damaged, or no database at all
                if self._connection:
                    self._connection.close()
                self._connection = None
                _removed(self.path)
        self._off = True
        return None


def _opened(path: Path) -> sqlite3.Connection:
    import sqlite3

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = sqlite3.connect(path, timeout=2, isolation_level=None)
    try:
        kept.execute("PRAGMA synchronous = OFF")  # rows are checked when they are read
        kept.execute("CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, used REAL, report BLOB) WITHOUT ROWID")
    except sqlite3.Error:
        kept.close()
        raise
    return kept


def _written(kept: sqlite3.Connection, fresh: dict[bytes, bytes], met: set[bytes]) -> None:
    now = time.time()
    kept.execute("BEGIN IMMEDIATE")
    try:
        kept.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", [(key, now, report) for key, report in fresh.items()])
        kept.executemany("UPDATE results SET used = ? WHERE key = ?", [(now, key) for key in met])
        full = _size(kept) > MOST
        if full:
            _thinned(kept)
        kept.execute("COMMIT")
    except BaseException:
        if kept.in_transaction:
            kept.execute("ROLLBACK")
        raise
    if full:
        kept.execute("VACUUM")


def _size(kept: sqlite3.Connection) -> int:
    pages, size = (kept.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)


def _thinned(kept: sqlite3.Connection) -> None:
    """Leave the half that was asked for last."""
    size = 0
    for key, length in kept.execute("SELECT key, length(report) FROM results ORDER BY used DESC").fetchall():
        size += length + 100
        if size > MOST // 2:
            kept.execute("DELETE FROM results WHERE key = ?", (key,))


def _removed(path: Path) -> None:
    for name in (path, path.with_name(f"{path.name}-journal")):
        try:
            os.unlink(name)
        except OSError:
            continue
