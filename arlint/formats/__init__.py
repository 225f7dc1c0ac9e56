"""Containers: which module reads a file. Plain text for now; the others are refused with what to do instead."""

from __future__ import annotations

import os

#: Suffixes that a folder is searched for.
WALKED = (".txt", ".text")

_REFUSED = {
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".html": "HTML",
    ".htm": "HTML",
    ".jsonl": "JSON Lines",
    ".ndjson": "JSON Lines",
    ".csv": "CSV",
    ".tsv": "TSV",
    ".parquet": "Parquet",
}


def refusal(path: str, chosen: str | None) -> str | None:
    """Why ``path`` is not read, or None where it is plain text or ``--format`` says so."""
    kind = _REFUSED.get(os.path.splitext(path)[1].lower())
    if kind is None or chosen == "text":
        return None
    if kind == "Parquet":
        return "Parquet is not read by this version; write its text out as *.txt files"
    return f"{kind} is not read by this version; pass --format text to take every line of it as plain text"
