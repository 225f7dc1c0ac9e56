"""Inputs to pieces: which files there are, and how each is cut so that many workers share it.

Plain JSON Lines are cut at byte offsets and Parquet between row groups, both read by the worker itself. What can only be read
from its start (compressed files, UTF-16, CSV with its quoted line breaks) is read once, here, and handed over piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import IO, Any

from arlint.corpus import store
from arlint.corpus.store import Unreachable
from arlint.encoding import MARKS, settled
from arlint.formats import COMPRESSED, SUFFIXES, Kind, packed
from arlint.formats.wide import Narrowed
from arlint.stream import Begun
from arlint.writing import Unusable

#: Files of records; others in a folder are left alone.
KINDS: dict[str, Kind] = {suffix: kind for suffix, kind in SUFFIXES.items() if kind in ("jsonl", "csv", "tsv", "parquet")}

#: A shard is a 256th of the input within these bounds: small ones share the work evenly and lose little when a worker dies,
#: large ones keep the number of files low. A shard handed over in memory is never larger than `HANDED`.
SMALLEST, LARGEST, HANDED = 1 << 20, 64 << 20, 8 << 20


@dataclass(frozen=True)
class Source:
    """One input file: where it is, the name its output takes, and what would tell that it has changed."""

    path: str
    name: str
    kind: Kind
    compression: str | None
    size: int
    stamp: str
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Piece:
    """The part of a source that makes one shard: ``start`` to ``end`` are bytes, or row groups of Parquet.

    A piece with ``held`` records holds all that is needed; any other is read by the worker, JSON Lines from the first line that
    begins in it. ``head`` is the header of a table, for a piece that does not begin with it. ``weight`` is its share of the source's bytes on disk, for progress.
    ``wide`` is the encoding of UTF-16 that the source is stored in, while what is held of it is UTF-8.
    """

    source: Source
    name: str
    start: int
    end: int
    weight: int
    held: Any = None
    head: bytes = b""
    wide: str = ""


def find(inputs: Sequence[str], kind: Kind | None = None, encoding: str = "utf-8", excludes: Callable[[str], bool] | None = None) -> list[Source]:
    """Every file of records that ``inputs`` (files, folders, globs, URLs) name, less those that ``excludes`` is true of. Raises `Unreachable`."""
    sources: dict[str, Source] = {}
    names: dict[str, str] = {}
    for path in inputs:
        found = store.entries(path)
        read = [source for entry in found if (source := _source(entry, kind, encoding)) is not None]
        if not read:
            raise Unreachable(f"{path}: no file of records in it; there are {', '.join(['*' + s for s in KINDS])}, the first four also as *.gz and *.zst; --format names the kind of others")
        for source in read:
            if source.path in sources or (excludes and excludes(source.path)):
                continue
            if other := names.get(source.name):
                raise Unreachable(f"{source.path}: has the same name as {other}, so their outputs would; pass the folder that holds both, or run them apart")
            sources[source.path], names[source.name] = source, source.path
    if not sources:
        raise Unreachable(f"{', '.join(inputs)}: 'exclude' in the settings, or --output, leaves all of it out")
    return list(sources.values())


def _source(entry: store.Entry, kind: Kind | None, encoding: str) -> Source | None:
    stem, packing = entry.name.lower(), None
    for suffix, compression in COMPRESSED.items():
        if stem.endswith(suffix):
            stem, packing = stem.removesuffix(suffix), compression
    known = kind or next((k for suffix, k in KINDS.items() if stem.endswith(suffix)), None)
    if known is None or (known == "parquet" and packing):
        return None
    return Source(entry.path, entry.name, known, packing, entry.size, entry.stamp, encoding)


def shard_size(sources: Iterable[Source]) -> int:
    """How many bytes a shard of ``sources`` is cut to unless asked for otherwise."""
    total = sum(source.size * (4 if source.compression else 1) for source in sources)
    return max(SMALLEST, min(LARGEST, total // 256))


def streamed(source: Source) -> bool:
    """Whether ``source`` can only be read from its start."""
    return source.compression is not None or source.kind in ("csv", "tsv")


def pieces(source: Source, size: int) -> Iterator[Piece]:
    """The pieces of ``source``, of about ``size`` bytes each, always the same. Raises `Unreachable`."""
    if streamed(source) or (source.kind == "jsonl" and _wide(source)):
        with store.reading(source.path) as raw:
            yield from _numbered(source, _blocks(source, raw, min(size, HANDED)))
    elif source.kind == "parquet":
        yield from _named(source, _row_groups(source, size))
    else:
        count = max(1, -(-source.size // size))
        cuts = [source.size * n // count for n in range(count + 1)]
        yield from _named(source, [(cuts[n], cuts[n + 1], cuts[n + 1] - cuts[n]) for n in range(count)])


def cut(sources: Iterable[Source], size: int, finished: Container[str] = ()) -> Iterator[Piece | Unreachable]:
    """The pieces of all ``sources`` but those that are ``finished``; what cannot be read on the way is said in its place."""
    for source in sources:
        try:
            yield from (piece for piece in pieces(source, size) if piece.name not in finished)
        except Unreachable as error:
            yield error


def part_name(name: str, number: int | None) -> str:
    """The name of part ``number`` of the file ``name``: the number goes before the suffixes, so that they keep their meaning."""
    if number is None:
        return name
    folder, slash, base = name.rpartition("/")
    stem, suffix = base, ""
    for ending in (*COMPRESSED, *KINDS):
        if stem.lower().endswith(ending):
            stem, suffix = stem[: -len(ending)], stem[-len(ending) :] + suffix
    return f"{folder}{slash}{stem}.part-{number:05}{suffix}"


def _named(source: Source, cuts: list[tuple[int, int, int]]) -> Iterator[Piece]:
    for number, (start, end, weight) in enumerate(cuts):
        yield Piece(source, part_name(source.name, number if len(cuts) > 1 else None), start, end, weight)


def _numbered(source: Source, blocks: Iterable[Piece]) -> Iterator[Piece]:
    """The blocks with their names: a file that is one block keeps its own."""
    held: Piece | None = None
    number = 0
    for block in blocks:
        if held is not None:
            yield replace(held, name=part_name(source.name, number))
            number += 1
        held = block
    if held is not None:
        yield replace(held, name=part_name(source.name, number if number else None))


def _row_groups(source: Source, size: int) -> list[tuple[int, int, int]]:
    parquet = _parquet(source.path)
    with store.reading(source.path) as file:
        try:
            about = parquet.ParquetFile(file).metadata
        except (ValueError, OSError) as error:
            raise Unreachable(f"{source.path}: is no whole Parquet file ({' '.join(str(error).split())}); fetch it again") from None
        sizes = [about.row_group(n).total_byte_size for n in range(about.num_row_groups)]
    scale = source.size / max(1, sum(sizes))
    cuts, start, held = [], 0, 0
    for number, bytes_of in enumerate(sizes):
        held += bytes_of
        if held >= size or number + 1 == len(sizes):
            cuts.append((start, number + 1, int(held * scale)))
            start, held = number + 1, 0
    return cuts or [(0, 0, source.size)]


def _parquet(path: str) -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        raise Unreachable(f"{path}: Parquet is read through pyarrow; pip install 'arlint[corpus]'") from None
    return pyarrow.parquet


def _wide(source: Source) -> str:
    """The encoding of UTF-16 that ``source`` is stored in; empty for any other."""
    with store.reading(source.path) as raw:
        return _marked(source, raw.read(2))


def _marked(source: Source, head: bytes) -> str:
    marked = next((name for name, mark in MARKS.items() if name != "utf-8" and head.startswith(mark)), "")
    return marked or (settled(head, source.encoding) if source.encoding.startswith("utf-16") else "")


def _blocks(source: Source, raw: IO[bytes], size: int) -> Iterator[Piece]:
    """Whole records of about ``size`` bytes at a time."""
    module = import_module(f"arlint.formats.{'csv' if source.kind == 'tsv' else source.kind}")
    told, head = 0, b""
    try:
        stream = Begun(packed.reader(raw, source.compression))
        wide = _marked(source, stream.head)
        for number, batch in enumerate(module.batches(Narrowed(stream, wide), "utf-8", size) if wide else module.batches(stream, source.encoding, size)):
            reached = raw.tell()
            yield Piece(source, "", number, number + 1, reached - told, batch, head, wide)
            told, head = reached, head or batch.data[: getattr(batch, "head", 0)]
    except Unusable as error:
        raise Unreachable(f"{source.path}: {error}") from None
    except Exception as error:
        if packed.damage(error) is None and not isinstance(error, (OSError, ValueError)):
            raise
        raise Unreachable(f"{source.path}: cannot be read to its end ({error}); fetch it again. What came before that is done") from None
    if not told and not source.size:
        yield Piece(source, "", 0, 0, 0)
