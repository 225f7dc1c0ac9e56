"""The engine of a cluster: the same shards as tasks of Ray Data, which sends them out, holds them back and tries them again.

The nodes must reach the input and the output by the same paths: a shared file system, or URLs.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from arlint import __version__
from arlint.corpus import sources, store
from arlint.corpus.shard import Done, Work, attempt, decode, encode
from arlint.corpus.sources import Source
from arlint.corpus.store import Unreachable

try:
    import ray.data
except ImportError:
    raise Unreachable("--engine ray: Ray is not installed; pip install 'arlint[ray]' here and on every node") from None


def run(inputs: Sequence[Source], size: int, finished: frozenset[str], what: Work, processes: int | None) -> Iterator[Done | Unreachable]:
    """What becomes of every piece of ``inputs`` that is not ``finished``, as they are done: on the cluster at RAY_ADDRESS, or on
    one that is started for this run on this machine."""
    inputs = [replace(source, path=store.absolute(source.path)) for source in inputs]
    what = replace(what, output=store.absolute(what.output))
    started = not ray.is_initialized()
    if started:
        address = os.environ.get("RAY_ADDRESS") or "local"  # said outright: else Ray waits for the last cluster that was here, which may be gone
        try:
            _knock(address)
            ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False)
        except (OSError, ValueError):
            raise Unreachable(f"--engine ray: no Ray cluster answers at {address} (RAY_ADDRESS); start it, or leave RAY_ADDRESS out to use this machine alone") from None
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    kept = context.enable_progress_bars, context.target_max_block_size
    context.enable_progress_bars = False
    context.target_max_block_size = 1  # a block for each piece, however small: blocks are what Ray shares out
    try:
        do = _Do(ray.put(pickle.dumps(what)), __version__)
        for rows in _rows(inputs, size, finished):
            done = rows.map_batches(do, batch_size=1, batch_format="pyarrow", zero_copy_batch=True, concurrency=processes)
            for row in done.iter_rows():
                yield Unreachable(row["problem"]) if row["problem"] else decode(row["done"])
    finally:
        context.enable_progress_bars, context.target_max_block_size = kept
        if started:
            ray.shutdown()


def _knock(address: str) -> None:
    """Raise OSError where nothing listens at ``address``, which Ray itself would try for half a minute and more."""
    host, mark, port = address.removeprefix("ray://").rpartition(":")
    if mark:
        socket.create_connection((host.strip("[]"), int(port)), timeout=5).close()


def _rows(inputs: Sequence[Source], size: int, finished: frozenset[str]) -> Iterator[Any]:
    """Data sets of pieces: those that the workers read themselves, then those that a task cuts off a stream."""
    whole = [source for source in inputs if not sources.streamed(source)]
    pieces = list(sources.cut(whole, size, finished))
    if pieces:
        yield ray.data.from_items([{"piece": pickle.dumps(piece)} for piece in pieces], override_num_blocks=len(pieces))
    packed = [source for source in inputs if sources.streamed(source)]
    if packed:
        items = ray.data.from_items([{"source": pickle.dumps(source)} for source in packed], override_num_blocks=len(packed))
        yield items.flat_map(_Cut(size, finished), num_cpus=0.25)


@dataclass(frozen=True)
class _Cut:
    size: int
    finished: frozenset[str]

    def __call__(self, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for piece in sources.cut([pickle.loads(row["source"])], self.size, self.finished):
            yield {"piece": pickle.dumps(piece)}


_known: dict[Any, Work] = {}


@dataclass(frozen=True)
class _Do:
    """The task: a table of one piece in, its record out. The work is fetched once by each process."""

    work: Any
    version: str

    def __call__(self, table: Any) -> Any:
        import pyarrow as pa

        done, problem = b"", ""
        if __version__ != self.version:
            problem = f"a node has arlint {__version__}, the run is of {self.version}; install the same version everywhere"
        else:
            if self.work not in _known:
                _known.clear()
                _known[self.work] = pickle.loads(ray.get(self.work))
            piece = pickle.loads(table.column("piece")[0].as_buffer())
            result = attempt(piece, _known[self.work])
            if isinstance(result, Unreachable):
                problem = str(result)
            else:
                done = encode(result)
        return pa.table({"done": pa.array([done], pa.large_binary()), "problem": [problem]})
