"""A run from its plan to its summary: what is to be done, by which engine, and what came of it.

Prints nothing; who watches is told by a callback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from arlint.corpus import sources, store, summary
from arlint.corpus.manifest import Manifest
from arlint.corpus.shard import Done, Work, decode
from arlint.corpus.sources import Source
from arlint.corpus.store import Unreachable
from arlint.corpus.summary import Part
from arlint.gates import Gate, Verdict, verdicts

Engine = Literal["local", "ray"]


@dataclass
class Outcome:
    """What a run came to: the joined counts, the records it read, and what it could not do, a line each."""

    part: Part = field(default_factory=Part)
    records: int = 0
    texts: int = 0
    names: list[str] = field(default_factory=list)
    unread: int = 0
    shards: int = 0
    told: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    memory: int = 0
    verdicts: Sequence[Verdict] = ()
    data: dict[str, Any] = field(default_factory=dict)

    def add(self, done: Done) -> None:
        self.part.join(done.part)
        self.records += done.records
        self.texts += done.texts
        self.names = self.names or done.names
        self.unread += done.problems
        self.shards += 1
        self.told += done.told
        self.memory = max(self.memory, done.memory)


def run(inputs: Sequence[Source], size: int, what: Work, settings: Manifest, engine: Engine, processes: int | None, gates: Sequence[Gate], watch: Callable[[Done, bool], None]) -> Outcome:
    """Do what is not done yet of ``inputs``, and write the summary of all of it. ``watch`` is called with every finished shard, and
    whether an earlier run had finished it. Raises `Mixed`, `Unreachable`."""
    work = _engine(engine)  # first: where it is not installed, no folder is begun
    settings.open()
    store.sweep(settings.folder)
    outcome = Outcome()
    seen: set[str] = set()
    for done in map(decode, settings.records()):
        seen.add(done.name)
        outcome.add(done)
        watch(done, True)
    for result in work(inputs, size, frozenset(seen), what, processes):
        if isinstance(result, Unreachable):
            outcome.failed.append(str(result))
        elif result.name not in seen:
            seen.add(result.name)
            outcome.add(result)
            watch(result, False)
    store.sweep(settings.folder)
    _finish(outcome, what, gates)
    return outcome


def _engine(engine: Engine) -> Callable[..., Iterable[Done | Unreachable]]:
    if engine == "ray":
        from arlint.corpus import ray

        return ray.run
    from arlint.corpus import local

    return lambda inputs, size, finished, what, processes: local.run(sources.cut(inputs, size, finished), what, processes or local.usable())


def _finish(outcome: Outcome, what: Work, gates: Sequence[Gate]) -> None:
    outcome.verdicts = verdicts(gates, outcome.part.counts)
    outcome.data = {**summary.as_data(outcome.part, what.mode, outcome.verdicts), "unread_records": outcome.unread, "unfinished": outcome.failed}
    for name, data in (
        ("summary.json", msgspec.json.format(msgspec.json.encode(outcome.data), indent=1) + b"\n"),
        ("summary.md", summary.markdown(outcome.data, [verdict.said() for verdict in outcome.verdicts]).encode("utf-8", "backslashreplace")),
    ):
        with store.writing(store.join(what.output, name)) as file:
            file.write(data)
