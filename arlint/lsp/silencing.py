"""What silences one finding where it stands: a comment in Markdown and HTML, else a table at the end of the settings.

A comment is offered only when the text, read again with it, no longer has the finding and has all others that it had.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from arlint.config import Settings
from arlint.document import Document
from arlint.findings import Edit
from arlint.lsp.lane import Addition
from arlint.report import Item


def comment(document: Document, item: Item, items: Sequence[Item], checked: Callable[[Document], Sequence[Item]]) -> list[Edit]:
    """The edit of the stored text that silences ``item`` of ``items``; none where no comment can stand. ``checked`` says what a text has."""
    before = Counter(other.rule for other in items)
    for edit in _comments(document.raw, item) if document.projection is not None else ():
        changed = document.changed([edit])
        if changed.text.split() == document.text.split():  # else it ended up inside a value, a tag or the prose
            after = Counter(other.rule for other in checked(changed))
            if after[item.rule] < before[item.rule] and all(after[rule] == count for rule, count in (before | after).items() if rule != item.rule):
                return [edit]
    return []


def _comments(raw: str, item: Item) -> Iterator[Edit]:
    """On the line itself, or on one of its own above it."""
    line = raw.rfind("\n", 0, item.start.offset) + 1
    end = raw.find("\n", item.start.offset)
    text = raw[line : end if end >= 0 else len(raw)]
    stop = line + len(text.rstrip())
    yield Edit(stop, stop, f" <!-- arlint: ignore {item.rule} -->")
    lead = text[: len(text) - len(text.lstrip(" \t>"))]
    yield Edit(line, line, f"{lead}<!-- arlint: ignore-next-line {item.rule} -->" + ("\r\n" if text.endswith("\r") else "\n"))


def home(settings: Settings, path: str | None) -> str | None:
    """The settings file that can name the file at ``path``."""
    if settings.source is None or path is None or os.path.relpath(path, settings.root).startswith(os.pardir):
        return None
    return str(settings.source)


def addition(settings: Settings, home: str, path: str, item: Item) -> Addition:
    """The table that silences ``item`` of the file at ``path``, for the end of the settings file at ``home``."""
    inside = os.path.relpath(path, settings.root).replace(os.sep, "/")
    pattern = "/" + re.sub(r"[\\*?\[\]]", r"\\\g<0>", inside)
    with open(home, encoding="utf-8-sig", newline="") as file:
        there = file.read()
    head = "[[tool.arlint.silence]]" if os.path.basename(home) == "pyproject.toml" else "[[silence]]"
    keys = {"rules": item.rule, "paths": pattern, "fingerprints": item.fingerprint}
    table = "\n".join([head, *(f"{key} = [{json.dumps(value, ensure_ascii=False)}]" for key, value in keys.items())])
    return Addition(home, there, "\n" * (2 - there.endswith("\n") if there else 0) + table + "\n")
