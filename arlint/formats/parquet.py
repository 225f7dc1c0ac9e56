"""Parquet: text columns, nested ones too; a fix keeps schema, metadata, compression and row groups.

Row groups are read by whoever works on them, a slice at a time, and written anew, whole, once something in the file changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from arlint.edits import applied
from arlint.findings import Edit
from arlint.formats.records import Fields, Path, Record
from arlint.writing import Unusable

#: Records that are held at a time while a row group is read.
SLICE = 512

Change = tuple[int, Path, str]


@dataclass(slots=True)
class Group:
    """Row group ``index`` of a file, given by path or by its bytes, of which the first record is number ``number``."""

    data: str | bytes
    index: int
    number: int
    encoding: str = "utf-8"

    def records(self, fields: Fields) -> Iterator[Record]:
        from pyarrow import ArrowException

        file = opened(self.data)
        schema = file.schema_arrow
        columns = [name for name in schema.names if _may_hold_text(schema.field(name).type)]
        row = 0
        try:
            for slice_ in file.iter_batches(SLICE, row_groups=[self.index], columns=columns, use_threads=False):
                for values in slice_.to_pylist():
                    record = fields.fill(Record(self.number + row, row), values)
                    record.names = schema.names
                    yield record
                    row += 1
        except (ArrowException, OSError, UnicodeDecodeError) as error:
            raise Unusable(f"row group {self.index + 1} is damaged ({str(error).splitlines()[0][:120]}); fetch the file again. Nothing was written") from None

    def spliced(self, record: Record, edits: Mapping[Path, Sequence[Edit]]) -> list[Change]:
        texts = dict(record.texts)
        return [(record.place, path, applied(texts[path], changes)) for path, changes in edits.items()]


def batches(data: str | bytes) -> Iterator[Group]:
    """The row groups of the file at a path, or in some bytes. Raises `Unusable` where it is none, or no library is there to read it."""
    number = 1
    groups = opened(data).metadata
    for index in range(groups.num_row_groups):
        yield Group(data, index, number)
        number += groups.row_group(index).num_rows


def opened(data: str | bytes) -> Any:
    """The Parquet file at a path or in some bytes. Raises `Unusable`."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise Unusable("Parquet, for which a library is missing; pip install 'arlint[corpus]'") from None
    try:
        # bytes as a buffer of its own: threads of the library that read a Python object may want the interpreter while it ends
        return parquet.ParquetFile(pyarrow.BufferReader(data) if isinstance(data, bytes) else data)
    except (pyarrow.ArrowException, OSError):
        raise Unusable("no Parquet file, or cut short; fetch it again") from None


def _may_hold_text(type_: Any) -> bool:
    """Whether a column holds strings or whole numbers, by itself or inside: texts and what identifies a record."""
    from pyarrow import types

    if types.is_dictionary(type_):
        return _may_hold_text(type_.value_type)
    if types.is_list(type_) or types.is_large_list(type_):
        return _may_hold_text(type_.value_type)
    if types.is_struct(type_):
        return any(_may_hold_text(type_.field(i).type) for i in range(type_.num_fields))
    return bool(types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_) or types.is_integer(type_))


class Rewriter:
    """A Parquet file written anew into ``out`` from the first change on."""

    def __init__(self, out: Any, always: bool) -> None:
        self._out, self._always = out, always
        self._writer: Any = None
        self._file: Any = None

    def put(self, group: Group, changes: list[Change]) -> None:
        if self._file is None:
            self._file = opened(group.data)
        if self._writer is None and (changes or self._always):
            self._writer = _writer(self._file, self._out())
            for index in range(group.index):
                self._write(index, [])
        if self._writer is not None:
            self._write(group.index, changes)

    def _write(self, index: int, changes: list[Change]) -> None:
        import pyarrow

        table = self._file.read_row_group(index)
        for name in dict.fromkeys(path[0] for _, path, _ in changes):
            at = table.schema.get_field_index(name)
            column, values = table.schema.field(at), table.column(at).to_pylist()
            for row, path, text in changes:
                if path[0] == name:
                    values[row] = _changed(values[row], path[1:], text)
            table = table.set_column(at, column, pyarrow.array(values, column.type))
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))

    def finish(self) -> None:
        if self._writer is not None:
            self._writer.close()


class Piped(Rewriter):
    """The same for standard output, which gets all of it in the end: it is too dear to be lent to a library that may close it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._end, self._whole = out, BytesIO()
        super().__init__(lambda: self._whole, always=True)

    def finish(self) -> None:
        super().finish()
        self._end.write(self._whole.getvalue())


def _changed(value: Any, path: Path, text: str) -> Any:
    if not path:
        return text
    value[path[0]] = _changed(value[path[0]], path[1:], text)
    return value


def _writer(file: Any, out: IO[bytes]) -> Any:
    """A writer that stores columns as those of ``file`` are stored."""
    from pyarrow import parquet

    metadata, schema = file.metadata, file.schema_arrow
    columns = [metadata.row_group(0).column(i) for i in range(metadata.num_columns)] if metadata.num_row_groups else []
    return parquet.ParquetWriter(
        out,
        schema,
        version="1.0" if metadata.format_version == "1.0" else "2.6",
        compression={c.path_in_schema: "NONE" if c.compression == "UNCOMPRESSED" else c.compression for c in columns} or "NONE",
        use_dictionary=[c.path_in_schema for c in columns if c.has_dictionary_page],
        write_statistics=[c.path_in_schema for c in columns if c.is_stats_set],
        store_schema=b"ARROW:schema" in (metadata.metadata or {}),
    )
