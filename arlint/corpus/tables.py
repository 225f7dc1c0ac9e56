"""Findings and the fix log as tables: Parquet where pyarrow is installed, JSON Lines in gzip where it is not.

Rows come and go in blocks, so that a shard full of findings takes no more memory than a block.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import IO, Any, Literal

import msgspec

from arlint.corpus import store

Format = Literal["parquet", "jsonl"]

#: Columns and their types: the findings, and the edits that were made.
FINDINGS = {
    "path": "string", "part": "string", "record": "string", "source": "string", "field": "string", "rule": "string", "severity": "string", "applicability": "string",
    "start": "int32", "end": "int32", "line": "int32", "column": "int32", "found": "string", "before": "string", "after": "string", "replacement": "string", "values": "string",
}  # fmt: skip
LOG = {
    "path": "string", "part": "string", "row": "int64", "record": "string", "source": "string", "field": "string",
    "round": "int32", "rule": "string", "applicability": "string", "start": "int32", "end": "int32", "before": "string", "after": "string",
    "hash_before": "string", "hash_after": "string", "original": "string",
}  # fmt: skip

_BLOCK = 10_000


def best() -> Format:
    """Parquet if it can be written here."""
    return "parquet" if find_spec("pyarrow") else "jsonl"


def rows(path: str) -> Iterator[dict[str, Any]]:
    """The rows of the table at ``path``, as `Table` wrote them. Raises `Unreachable` where it cannot be read."""
    with store.reading(path) as file:
        try:
            if path.endswith(".parquet"):
                import pyarrow.parquet as pq

                for batch in pq.ParquetFile(file).iter_batches(_BLOCK, use_threads=False):
                    yield from batch.to_pylist()
            else:
                with gzip.open(file) as lines:
                    yield from map(msgspec.json.decode, lines)
        except ImportError:
            raise store.Unreachable(f"{path}: Parquet is read through pyarrow; pip install 'arlint[corpus]'") from None
        except (ValueError, EOFError, OSError) as error:
            raise store.Unreachable(f"{path}: is damaged ({' '.join(str(error).split())}); remove the record of its shard and run the same command again") from None


class Table:
    """Rows of ``columns`` written to ``file`` as they come; `close` writes the end of it."""

    def __init__(self, file: IO[bytes], columns: Mapping[str, str], form: Format) -> None:
        self.columns, self.form = columns, form
        self.rows: list[tuple[Any, ...]] = []
        self.count = 0
        if form == "parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            self.schema = pa.schema([(name, getattr(pa, kind)()) for name, kind in columns.items()])
            self.writer: Any = pq.ParquetWriter(file, self.schema, compression="zstd")
        else:
            self.writer = gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0)
            self.encode = msgspec.json.Encoder().encode

    def add(self, row: tuple[Any, ...]) -> None:
        self.rows.append(row)
        self.count += 1
        if len(self.rows) >= _BLOCK:
            self._flush()

    def _flush(self) -> None:
        if self.form == "parquet":
            import pyarrow as pa

            columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.columns)
            self.writer.write_table(pa.table([pa.array(list(values), kind) for values, kind in zip(columns, self.schema.types, strict=True)], schema=self.schema))
        else:
            self.writer.write(b"".join(self.encode(dict(zip(self.columns, row, strict=True))) + b"\n" for row in self.rows))
        self.rows = []

    def close(self) -> None:
        if self.rows or (self.form == "parquet" and not self.count):
            self._flush()
        self.writer.close()
