"""The engine of one machine: a pool of processes, each with the rules loaded once. Needs nothing but arlint itself.

What a shard is, is decided before; a worker that dies takes no more with it than the shard that it had.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from arlint.corpus.shard import Done, Work, attempt
from arlint.corpus.sources import Piece
from arlint.corpus.store import Unreachable

#: How often a shard is tried on its own when a process died that may have had it.
TRIES = 2


def usable() -> int:
    """How many processes this machine has room for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(pieces: Iterable[Piece | Unreachable], what: Work, processes: int) -> Iterator[Done | Unreachable]:
    """What becomes of every piece, as they are done."""
    if processes == 1:
        yield from (attempt(piece, what) for piece in pieces)
        return
    what.project.ruleset.expect(1 << 30)  # what is compiled here, the workers find in the cache
    workers = _Workers(what, processes)
    try:
        for piece in pieces:
            if isinstance(piece, Unreachable):
                yield piece
                continue
            workers.give(piece)
            while len(workers.running) >= 2 * processes:  # one waits for each that is worked on, for it may hold its bytes
                yield from workers.results()
        while workers.running:
            yield from workers.results()
    finally:
        workers.pool.shutdown(cancel_futures=True)


class _Workers:
    def __init__(self, what: Work, processes: int) -> None:
        self.what, self.processes = what, processes
        self.running: dict[Future[Done | Unreachable], Piece] = {}
        self.pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        # spawned, not forked: the parent may have read Parquet, whose threads do not survive a fork
        return ProcessPoolExecutor(self.processes, multiprocessing.get_context("spawn"), _start, (self.what,))

    def give(self, piece: Piece) -> None:
        self.running[self.pool.submit(_work, piece)] = piece

    def results(self) -> Iterator[Done | Unreachable]:
        """What has been done since the last time, at least one."""
        for future in wait(self.running, return_when=FIRST_COMPLETED).done:
            try:
                result = future.result()
            except BrokenProcessPool:
                yield from self._one_by_one()
                return
            del self.running[future]
            yield result

    def _one_by_one(self) -> Iterator[Done | Unreachable]:
        """A process has died, and each of the shards that were out may have killed it: try them so that none takes others with it."""
        suspects = list(self.running.values())
        self.running.clear()
        for piece in suspects:
            for _ in range(TRIES):
                self.pool.shutdown(cancel_futures=True)
                self.pool = self._started()
                with suppress(BrokenProcessPool):
                    yield self.pool.submit(_work, piece).result()
                    break
            else:
                yield Unreachable(f"{piece.source.path}: shard {piece.name} is not done: {TRIES} processes died of it, perhaps for want of memory; run again with -j 1 or a smaller --max-length")
        self.pool.shutdown(cancel_futures=True)
        self.pool = self._started()


_what: Work


def _start(what: Work) -> None:
    global _what
    _what = what
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # to be stopped is no error of theirs to tell
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    """Workers of a parent that was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(piece: Piece | Unreachable) -> Done | Unreachable:
    return attempt(piece, _what)
