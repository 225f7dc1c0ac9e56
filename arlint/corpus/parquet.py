"""Parquet: row groups as batches of records, and back with the repaired texts in their columns.

Types, metadata, compression and every other column stay as they were; a row group is the smallest shard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from arlint.corpus import store
from arlint.corpus.sources import Piece
from arlint.findings import Edit
from arlint.formats.records import Fields, Path, Record

#: Rows that are read at a time, and bytes of them that are held before they are written as a row group of their own.
_ROWS, _HELD = 256, 16 << 20


@dataclass
class Rows:
    """Some rows of a file, of which the first is row ``number``; ``last`` where they end a row group."""

    table: pa.RecordBatch
    number: int
    last: bool

    def records(self, fields: Fields) -> Iterator[Record]:
        names = [name for name, kind in zip(self.table.schema.names, self.table.schema.types, strict=True) if _may_hold(kind)]
        columns = [self.table.column(name).to_pylist() for name in names]
        for row, values in enumerate(zip(*columns, strict=True)) if names else enumerate([()] * self.table.num_rows):
            record = fields.fill(Record(self.number + row, row), dict(zip(names, values, strict=True)))
            record.names = self.table.schema.names
            yield record


def _may_hold(kind: pa.DataType) -> bool:
    """Whether a column of this type may hold text, a name or a source; pictures and vectors need not be looked at."""
    if pa.types.is_struct(kind):
        return any(_may_hold(inner.type) for inner in kind)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_dictionary(kind):
        return _may_hold(kind.value_type) and not pa.types.is_integer(kind.value_type)
    return any(test(kind) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_integer))


def batches(piece: Piece) -> Iterator[Rows]:
    with store.reading(piece.source.path) as raw:
        file = pq.ParquetFile(raw, pre_buffer=False, buffer_size=1 << 20)
        number = 1 + sum(file.metadata.row_group(n).num_rows for n in range(piece.start))
        for group in range(piece.start, piece.end):
            left = file.metadata.row_group(group).num_rows
            tables = file.iter_batches(_ROWS, row_groups=[group], use_threads=False)
            while (table := _next(tables, piece, group)) is not None:
                left -= table.num_rows
                yield Rows(table, number, left == 0)
                number += table.num_rows


def _next(tables: Iterator[pa.RecordBatch], piece: Piece, group: int) -> pa.RecordBatch | None:
    try:
        return next(tables, None)
    except (pa.ArrowException, OSError) as error:
        raise store.Unreachable(f"{piece.source.path}: row group {group + 1} cannot be read ({' '.join(str(error).split())}); fetch the file again") from None


class Writer:
    """A part file with the columns of ``piece``, and ``column`` besides."""

    def __init__(self, piece: Piece, file: IO[bytes], column: str | None) -> None:
        with store.reading(piece.source.path) as raw:
            there = pq.ParquetFile(raw)
            schema = there.schema_arrow
            if column in schema.names:
                raise store.Unreachable(f"{piece.source.path}: has a column '{column}' already; choose another --column")
            codec = there.metadata.row_group(0).column(0).compression if there.metadata.num_row_groups and there.metadata.num_columns else "SNAPPY"
        self.column = column
        self.schema = schema.append(pa.field(column, pa.string())) if column else schema
        self.writer = pq.ParquetWriter(file, self.schema, compression="NONE" if codec == "UNCOMPRESSED" else codec)
        self.held: list[pa.RecordBatch] = []

    def write(self, batch: Rows, edited: Sequence[tuple[Record, Mapping[Path, Sequence[Edit]], dict[str, int]]]) -> None:
        columns = dict(zip(batch.table.schema.names, batch.table.columns, strict=True))
        for name in {path[0] for _, edits, _ in edited for path in edits}:
            values = columns[str(name)].to_pylist()
            for record, edits, _ in edited:
                for path, changes in edits.items():
                    if path[0] == name:
                        values[record.place] = _changed(values[record.place], path[1:], changes)
            columns[str(name)] = pa.array(values, columns[str(name)].type)
        if self.column:
            columns[self.column] = pa.array([msgspec.json.encode(dict(sorted(done.items()))).decode() for _, _, done in edited], pa.string())
        self.held.append(pa.RecordBatch.from_arrays(list(columns.values()), schema=self.schema))
        if batch.last or sum(one.nbytes for one in self.held) >= _HELD:
            self._flush()

    def _flush(self) -> None:
        if self.held:
            self.writer.write_table(pa.Table.from_batches(self.held, schema=self.schema))
            self.held = []

    def close(self) -> None:
        self._flush()
        self.writer.close()


def _changed(value: Any, path: Path, edits: Sequence[Edit]) -> Any:
    """``value`` with the text that ``path`` leads to in it edited."""
    if path:
        step: Any = path[0]
        inside: Any = dict(value) if isinstance(value, dict) else list(value)
        inside[step] = _changed(inside[step], path[1:], edits)
        return inside
    out, at = [], 0
    for edit in edits:
        out += [value[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, value[at:]])
