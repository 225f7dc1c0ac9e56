"""Containers: what kind of file a path names, and which module reads it.

Whole-file containers have ``decode(data, path, reading) -> Document``; record containers are read in batches by ``records``.
Each module is imported when the first file of its kind is met.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, cast, get_args

if TYPE_CHECKING:
    from arlint.document import Document

Kind = Literal["text", "markdown", "html", "jsonl", "csv", "tsv", "parquet"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: Files of many records: they are streamed, never held whole.
RECORDS = frozenset({"jsonl", "csv", "tsv", "parquet"})

SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
COMPRESSED = {".gz": "gzip", ".zst": "zstandard"}
_PACKED = ("jsonl", "csv", "tsv")

#: Endings that a folder is searched for.
WALKED = tuple(
    ending for suffix, kind in SUFFIXES.items() for ending in (suffix, *(suffix + packed for packed in COMPRESSED if kind in _PACKED))
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How files are read where their names and bytes do not say it: options of the command, or settings.

    ``kind`` is taken for every file; ``encoding`` is None where it is declared or detected; ``text_fields`` are dotted paths
    into records, empty for the usual names; ``id_field`` names what identifies a record.
    """

    kind: Kind | None = None
    encoding: str | None = None
    text_fields: tuple[str, ...] = ()
    id_field: str | None = None


def kind_of(path: str, reading: Reading) -> Kind:
    """The kind of the file at ``path``: as ``reading`` says, or by its suffix; plain text where that is unknown."""
    return reading.kind or SUFFIXES.get(_suffix(path), "text")


def is_records(path: str, reading: Reading) -> bool:
    """Whether the file at ``path`` is one of records, which is streamed."""
    return kind_of(path, reading) in RECORDS


def compression_of(path: str) -> str | None:
    """``gzip``, ``zstandard`` or None, by the last suffix of ``path``."""
    return COMPRESSED.get(os.path.splitext(path)[1].lower())


def _suffix(path: str) -> str:
    stem, suffix = os.path.splitext(path.lower())
    return os.path.splitext(stem)[1] if suffix in COMPRESSED else suffix


def refusal(path: str, reading: Reading) -> str | None:
    """Why ``path`` is not read, or None where it is."""
    kind = kind_of(path, reading)
    if compression_of(path) and kind not in _PACKED:
        return "compressed, which only *.jsonl, *.csv and *.tsv files may be; unpack it first, or pass --format jsonl if it holds records"
    return None


def decode(data: bytes, path: str, reading: Reading) -> Document:
    """The document that the file at ``path`` is, given its bytes; for kinds that are read whole. Raises `Unusable`."""
    module = import_module(f"arlint.formats.{kind_of(path, reading)}")
    return cast("Document", module.decode(data, path, reading))
