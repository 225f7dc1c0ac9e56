"""Takes back what the log of a corpus run tells: the texts in ``records/`` become what they were, each held to its hash.

A text that has changed since is left and named. Bytes that are no repaired text stay as they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import IO, Any

import msgspec

from arlint.corpus import results, sources, store, tables
from arlint.corpus.cleaning import Mended, digest, inverse
from arlint.corpus.manifest import key
from arlint.corpus.records import Edits, batches, span, spliced, writer
from arlint.corpus.sources import Source
from arlint.edits import applied
from arlint.fixlog import Bytes, unpacked
from arlint.formats import packed
from arlint.formats.records import Fields, Record, label
from arlint.formats.wide import widened
from arlint.undo import TOLD, WHOLE, Undone, within
from arlint.writing import Unusable


@dataclass
class _Change:
    """What was done to one text: the edits, and its hashes."""

    before: str
    after: str
    log: list[Mended] = field(default_factory=list)


@dataclass
class _Changed:
    """What was done to one record: its texts by field, and its bytes where the edits alone do not lead back to them."""

    texts: dict[str, _Change] = field(default_factory=dict)
    original: bytes | None = None


@dataclass
class _Patch:
    """The texts that would become others, each as a patch of its own, as long as there is room."""

    path: str
    room: int = WHOLE
    shown: list[str] = field(default_factory=list)
    hidden: int = 0

    def add(self, record: str, name: str, now: str, back: str) -> None:
        from arlint.report.patch import unified

        if self.room < len(now):
            self.hidden += 1
            return
        self.room -= len(now)
        self.shown.append(unified(now, back, f"{self.path}: record {record}: {name}"))


@dataclass
class _Count:
    restored: int = 0
    unchanged: int = 0
    left: list[str] = field(default_factory=list)
    patch: _Patch | None = None


class _Nothing(Exception):
    """There is nothing to write."""


def undo(folder: str, paths: Sequence[str] = (), *, dry: bool = False) -> Iterator[Undone]:
    """What becomes of each file of records in ``folder`` that was changed (of those in ``paths``, where there are any).

    Raises `Unusable` where the folder is no output of ``fix``.
    """
    folder, paths = store.place(folder), [store.place(path) for path in paths]
    settings = msgspec.json.decode(store.load(store.join(folder, "run.json")) or b"{}")
    if settings.get("mode") != "fix":
        raise Unusable("is the output of 'corpus check', which changes nothing" if settings else "a folder, and no output of 'arlint corpus fix'; name the log")
    parts = {store.join(folder, "records", *part.split("/")): (part, log) for part, log in _logs(folder)}
    wanted = [store.real(path) for path in paths]
    for path, real in zip(paths, wanted, strict=True):
        if not any(within(store.real(there), [real]) for there in parts):
            raise Unusable(f"tells of nothing in {path}")
    if not dry:
        store.sweep(store.join(folder, "records"))
    for path, (part, log) in parts.items():
        if wanted and not within(store.real(path), wanted):
            continue
        try:
            name, changes = _told(log)
            if not changes:
                continue
            undone = _undone(path, name, changes, settings, dry)
            if undone.state in ("restored", "unchanged") and not dry:  # it is no longer done: the same run would do it again
                store.remove(store.join(folder, "shards", f"{key(part)}.json"))
            yield undone
        except (Unusable, store.Unreachable, OSError, ValueError) as error:
            yield Undone(path, "failed", [f"{error}; left as it is"])


def _logs(folder: str) -> Iterator[tuple[str, str]]:
    """The name of each part, and the log of it."""
    for entry in results.entries(folder, "log"):
        name = entry.name
        yield name.removesuffix(".parquet") if name.endswith(".parquet") else name.removesuffix(".jsonl.gz"), entry.path


def _told(log: str) -> tuple[str, dict[int, _Changed]]:
    """Which input ``log`` is about, and what it tells by the number of the record in its part."""
    name, out = "", {}
    for number, rows in groupby(tables.rows(log), key=lambda row: row["row"]):
        record = out[number] = _Changed()
        for row in rows:
            name = row["path"]
            change = record.texts.setdefault(row["field"], _Change(row["hash_before"], row["hash_after"]))
            change.log.append(Mended(*(row[slot] for slot in Mended.__slots__)))
            if row["original"]:
                record.original = unpacked(_bytes(row["original"]))
    return name, out


_bytes = msgspec.json.Decoder(Bytes).decode


def _undone(path: str, name: str, changes: dict[int, _Changed], settings: Mapping[str, Any], dry: bool) -> Undone:
    kind = next((kind for _, there, kind, *_ in settings["inputs"] if there == name), None)
    options = settings["options"]
    source = sources.find([path], kind, options["--encoding"])[0]
    patch = _Patch(path) if dry else None
    count = _Count(patch=patch)
    try:
        with open(os.devnull, "wb") if dry else store.writing(path) as raw:
            _restore(source, Fields(tuple(options["--text-field"]), options["--id-field"]), raw, changes, count)
            if not count.restored:
                raise _Nothing
    except _Nothing:
        pass
    if count.restored and options["--column"]:
        count.left.append(f"the field '{options['--column']}' that --column added stays")
    messages = count.left[:TOLD] + ([f"and {len(count.left) - TOLD} more"] if len(count.left) > TOLD else [])
    if patch and patch.hidden:
        messages.append(f"the change of {patch.hidden} more texts is too large to be shown")
    if count.restored:
        return Undone(path, "partly" if count.left else "restored", messages, "".join(patch.shown) if patch else "")
    return Undone(path, "left" if count.left else "unchanged", messages)


def _restore(source: Source, fields: Fields, raw: IO[bytes], changes: dict[int, _Changed], count: _Count) -> None:
    """Write the records of ``source`` to ``raw`` as they were before ``changes``."""
    with ExitStack() as stack:
        pieces = sources.pieces(source, 1 << 40)
        first = next(pieces)
        out = stack.enter_context(packed.writer(raw, source.compression)) if source.compression else raw
        out = widened(out, first.wide)
        rows = writer(first, out, None) if source.kind == "parquet" else None
        number = 0
        for batch in chain.from_iterable(map(batches, chain([first], pieces))):
            edited: list[tuple[Record, Edits, dict[str, int]]] = []
            splices: list[tuple[int, int, bytes]] = []
            for record in batch.records(fields):
                change = changes.pop(number, None)
                number += 1
                back, whole = _back(record, change, count) if change else ({}, False)
                if rows is not None:
                    edited.append((record, back, {}))
                elif change and whole and change.original is not None:
                    splices.append((*span(record), change.original))
                elif back:
                    splices += batch.spliced(record, back)
            if rows is not None:
                rows.write(batch, edited)
            else:
                out.write(spliced(batch.data, 0, splices))
        if rows is not None:
            rows.close()
    count.left += [f"record {number + 1} of the file is no longer there" for number in changes]


def _back(record: Record, change: _Changed, count: _Count) -> tuple[Edits, bool]:
    """The edits that take ``change`` back in the texts that are still what it made of them, and whether all are."""
    texts = {label(path): (path, text) for path, text in record.texts}
    back: dict[Any, Any] = {}
    for name, one in change.texts.items():
        path, text = texts.get(name, ((), None))
        edits = inverse(one.log)
        if text is not None and digest(text) == one.before:
            count.unchanged += 1
        elif text is None or digest(text) != one.after or digest(applied(text, edits)) != one.before:
            count.left.append(f"record {record.name}: {name} has changed since it was fixed; left as it is")
        else:
            back[path] = edits
            if count.patch:
                count.patch.add(str(record.name), name, text, applied(text, edits))
    count.restored += len(back)
    return back, len(back) == len(change.texts)
