"""Articles for measuring: read from JSONL (plain or gzip) given by path, or the sound texts and edited seeds of the project."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Article:
    id: str
    source: str
    title: str | None
    text: str


def read(paths: list[Path]) -> Iterator[Article]:
    """The articles with a text in ``paths``; the project's own sound articles where no path is given."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if record.get("text"):
                    yield Article(str(record.get("id", "")), record.get("source", ""), record.get("title"), record["text"])
    if not paths:
        for path in [*sorted(ROOT.glob("seeds/*.edited.txt")), *sorted(ROOT.glob("tests/sound/*.txt"))]:
            yield Article(path.stem, "arlint", None, path.read_text("utf-8"))
