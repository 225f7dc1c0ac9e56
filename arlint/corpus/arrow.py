"""The same work with Arrow on both sides: a record batch in, the record batch with its texts repaired and what was found out.

Pure, so that it can be handed to `datasets.map`, Ray's ``map_batches``, Spark's ``mapInArrow``, Dask or DuckDB. Files and shards
are the business of ``shard``, which calls the same `cleaning.clean`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal, TypeVar

import pyarrow as pa

from arlint.api import Linter
from arlint.corpus.cleaning import MAX_LENGTH, Cleaned, Job, clean, digest
from arlint.document import Document

_T = TypeVar("_T", pa.RecordBatch, pa.Table)

#: One finding; as `cleaning.Row`, with the field that it is in.
FINDING = pa.struct(
    [
        ("field", pa.string()),
        ("rule", pa.string()),
        ("severity", pa.string()),
        ("applicability", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("line", pa.int32()),
        ("column", pa.int32()),
        ("found", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("replacement", pa.string()),
        ("values", pa.string()),
    ]
)

#: What was done to a record: findings (those that remain, where it was repaired), how many were mended by rule, how many words were
#: read, the digest of its texts before and after, and why a text was left alone.
DONE = pa.struct(
    [
        ("findings", pa.list_(FINDING)),
        ("mended", pa.list_(pa.struct([("rule", pa.string()), ("count", pa.int32())]))),
        ("words", pa.int32()),
        ("hash_before", pa.string()),
        ("hash_after", pa.string()),
        ("problem", pa.string()),
    ]
)


def batch(
    records: _T,
    *,
    linter: Linter | None = None,
    mode: Literal["check", "fix"] = "check",
    unsafe: bool = False,
    text_fields: Sequence[str] = ("text",),
    title_field: str | None = "title",
    column: str | None = "arlint",
    max_length: int = MAX_LENGTH,
) -> _T:
    """``records`` (a `pyarrow.RecordBatch` or `Table`) with a column of type `DONE` added and, in mode ``fix``, the ``text_fields``
    repaired; every other column, the order and the number of records stay as they are.

    Without ``linter`` the rules are those of the default profile. A name with dots goes into struct columns. Raises ValueError
    where a text field is no column of text, or ``column`` is one already; with ``column`` None nothing is added.
    """
    names = records.schema.names
    if column in names:
        raise ValueError(f"there is a column '{column}' already; name another with column=")
    job = Job((linter or _default()).ruleset, mode, unsafe, max_length)
    texts = {name: _texts(records, name) for name in text_fields}
    titles = _texts(records, title_field) if title_field is not None and title_field in names else [None] * records.num_rows
    done: list[dict[str, Any]] = []
    for row in range(records.num_rows):
        cleaned: dict[str, Cleaned] = {}
        before = {name: value for name in text_fields if (value := texts[name][row]) is not None}
        for name, text in before.items():
            cleaned[name] = clean(Document(text, field=name, title=titles[row]), job)
            texts[name][row] = cleaned[name].text
        done.append(told(before, cleaned))
    if mode == "fix":
        for name in text_fields:
            records = _replaced(records, name, texts[name])
    return records if column is None else _with(records, column, pa.array(done, DONE))


@lru_cache(maxsize=1)
def _default() -> Linter:
    return Linter()


def told(before: dict[str, str], cleaned: dict[str, Cleaned]) -> dict[str, Any]:
    """A value of type `DONE`."""
    mended: dict[str, int] = {}
    for one in cleaned.values():
        for rule, count in one.mended.items():
            mended[rule] = mended.get(rule, 0) + count
    return {
        "findings": [{"field": name, **{key: getattr(row, key) for key in row.__slots__}} for name, one in cleaned.items() for row in one.findings],
        "mended": [{"rule": rule, "count": count} for rule, count in sorted(mended.items())],
        "words": sum(one.words for one in cleaned.values()),
        "hash_before": digest("\0".join(before.values())),
        "hash_after": digest("\0".join(one.text for one in cleaned.values())),
        "problem": "; ".join(f"{name}: {one.problem}" for name, one in cleaned.items() if one.problem) or None,
    }


def _texts(records: pa.RecordBatch | pa.Table, name: str) -> list[str | None]:
    first, *inner = [name] if name in records.schema.names else name.split(".")
    if first not in records.schema.names:
        raise ValueError(f"no column '{name}'; there are {', '.join(records.schema.names)}")
    column = records.column(first)
    for key in inner:
        import pyarrow.compute as pc

        if not pa.types.is_struct(column.type) or key not in [f.name for f in column.type]:
            raise ValueError(f"no column '{name}': '{first}' has no field '{key}'")
        column = pc.struct_field(column, key)
    if not _is_text(column.type):
        raise ValueError(f"column '{name}' is {column.type}, not text")
    values: list[str | None] = column.to_pylist()
    return values


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or (pa.types.is_dictionary(kind) and _is_text(kind.value_type))


def _replaced(records: _T, name: str, texts: Iterable[str | None]) -> _T:
    first, *inner = [name] if name in records.schema.names else name.split(".")
    index = records.schema.get_field_index(first)
    column = records.column(index)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return records.set_column(index, records.schema.field(index), _inside(whole, inner, texts))


def _inside(column: pa.Array, names: list[str], texts: Iterable[str | None]) -> pa.Array:
    """``column`` with the field that ``names`` lead to replaced by ``texts``."""
    if not names:
        plain = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        return pa.array(list(texts), plain).cast(column.type) if plain != column.type else pa.array(list(texts), plain)
    fields = list(column.type)
    parts = [_inside(column.field(n), names[1:], texts) if field.name == names[0] else column.field(n) for n, field in enumerate(fields)]
    return pa.StructArray.from_arrays(parts, fields=fields, mask=column.is_null())


def _with(records: _T, name: str, column: pa.Array) -> _T:
    if isinstance(records, pa.Table):
        return records.append_column(name, column)
    return pa.RecordBatch.from_arrays([*records.columns, column], schema=records.schema.append(pa.field(name, column.type)))
