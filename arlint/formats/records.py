"""Records: which of their fields hold text, which one the headline, and what identifies them.

A record container yields batches of whole records, small enough to be handed to another process; a batch yields its records
and, given the edits of their texts, what to write instead of them (`Batch`). Streaming them is the business of ``stream``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from arlint.findings import Edit

#: Keys and indexes that lead to a string inside a record.
Path = tuple[str | int, ...]

#: Names of fields, without case and signs, that hold a headline, and that hold text, where no --text-field says otherwise.
TITLES = frozenset({"title", "headline"})
TEXTS = TITLES | {
    "text", "body", "content", "article", "articlebody", "articletext", "maintext", "fulltext", "rawtext", "cleantext", "bodytext", "contenttext", "paragraphs",
    "subtitle", "subheadline", "summary", "description", "abstract", "lead", "caption",
}  # fmt: skip
IDS = ("id", "uid", "uuid", "guid", "docid", "url", "link")


@dataclass(slots=True)
class Record:
    """One record: ``number`` as an editor or a spreadsheet counts it, its texts and where they stand in it.

    ``place`` is its container's own; ``lines`` are the first and last line of the file that it takes up, where it has lines.
    ``problem`` is why it could not be read. ``names`` are those of its fields. ``source`` is where it comes from, if that was asked.
    """

    number: int
    place: Any = None
    ident: str | None = None
    source: str = ""
    title: str | None = None
    texts: list[tuple[Path, str]] = field(default_factory=list)
    lines: tuple[int, int] | None = None
    names: Sequence[str] = ()
    problem: str | None = None

    @property
    def name(self) -> str:
        return str(self.number) if self.ident is None else self.ident


class Readable(Protocol):
    """What batches are read from."""

    def read(self, size: int, /) -> bytes: ...


class Batch(Protocol):
    """Whole records of one file, in order; picklable."""

    @property
    def data(self) -> Any: ...

    @property
    def encoding(self) -> str: ...

    def records(self, fields: Fields) -> Iterator[Record]: ...

    def spliced(self, record: Record, edits: Mapping[Path, Sequence[Edit]]) -> list[Any]:
        """What to write for ``record`` after ``edits`` of the texts at these paths."""
        ...


@dataclass(frozen=True)
class Fields:
    """Which fields are read: ``texts`` by dotted path, empty for the usual names, the one that identifies a record, and the one
    that tells its source."""

    texts: tuple[str, ...] = ()
    ident: str | None = None
    source: str | None = None

    def of(self, record: Mapping[str, Any]) -> list[tuple[Path, str]]:
        """Every text of ``record``, with the path to it."""
        if self.texts:
            found = dict(pair for name in self.texts for pair in _at(record, name, ()))
            return list(found.items())
        return [pair for name, value in record.items() if _plain(name) in TEXTS for pair in _strings(value, (name,))]

    def fill(self, record: Record, values: Mapping[str, Any]) -> Record:
        """``record`` with its texts, its headline and what identifies it, from its ``values``."""
        record.texts = self.of(values)
        record.title = next((text for path, text in record.texts if is_title(path)), None) or next((value for name, value in values.items() if isinstance(value, str) and _plain(name) in TITLES), None)
        names = (self.ident,) if self.ident else (name for wanted in IDS for name in values if _plain(name) == wanted)
        found = (value for name in names for value in _values(values, name) if isinstance(value, (str, int)) and value != "")
        record.ident = next((str(value) for value in found), None)
        if self.source:
            record.source = next((str(value) for value in _values(values, self.source) if isinstance(value, (str, int))), "")
        record.names = tuple(values)
        return record


def is_title(path: Path) -> bool:
    """Whether the field at ``path`` holds a headline."""
    return isinstance(path[-1], str) and _plain(path[-1]) in TITLES


def label(path: Path) -> str:
    """``path`` as messages write it: ``body.parts[3].text``."""
    out = ""
    for step in path:
        out += f"[{step}]" if isinstance(step, int) else f".{step}" if out else step
    return out


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "").lstrip("\ufeff")


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str):
                yield (*path, index), item


def _at(value: Any, name: str, path: Path) -> Iterator[tuple[Path, str]]:
    """The texts at the dotted path ``name`` of ``value``; through a list, in each of its items."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _at(item, name, (*path, index))
    elif isinstance(value, Mapping):
        if name in value:
            yield from _strings(value[name], (*path, name))
        else:
            head, dot, rest = name.partition(".")
            if dot and head in value:
                yield from _at(value[head], rest, (*path, head))


def _values(value: Any, name: str) -> Iterator[Any]:
    """What stands at the dotted path ``name`` of ``value``."""
    if isinstance(value, Mapping):
        if name in value:
            yield value[name]
        else:
            head, dot, rest = name.partition(".")
            if dot and head in value:
                yield from _values(value[head], rest)
