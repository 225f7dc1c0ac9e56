"""Where a finding is, in the terms of programs that look at files: path from the top of the repository, URI, line and column.

A finding in a record has its place in a field's text; the file knows only the line that the record begins on.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from arlint.plain import shown
from arlint.report import Item

if TYPE_CHECKING:
    from arlint.rules import Rule

HOME = "https://github.com/arlint/arlint"

STDIN = "-"


class Where(NamedTuple):
    """Lines and columns of a file, from 1; columns count code points, the end is the first one after it. What is not known is None."""

    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


def where(item: Item, line: int | None) -> Where:
    """The place of ``item`` in its file; ``line`` is the one that its record begins on."""
    if item.record is None:
        return Where(item.start.line, item.start.column, item.end.line, item.end.column)
    return Where(line, None, line, None)


def part(item: Item) -> str:
    """Which record and field a finding is in, with the place in the field's text; nothing for a file that is read whole."""
    if item.record is None:
        return ""
    field = f", {item.field}" if item.field else ""
    return f"record {item.record}{field}, {item.start.line}:{item.start.column}"


def told(item: Item) -> str:
    """The message, with the record before it and the fix behind it."""
    within = part(item)
    fix = f" (fix, {item.fix.applicability}: {item.fix.title})" if item.fix else ""
    return f"{within + ': ' if within else ''}{item.message}{fix}"


def top() -> str:
    """The folder that paths count from: the top of the repository around the working folder, or that folder itself."""
    here = folder = os.getcwd()
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return here
        folder = above
    return folder


@lru_cache(maxsize=4096)
def relative(path: str, base: str) -> str:
    """``path`` from ``base``, with slashes; absolute where it lies elsewhere. Bytes that are no text stay in it as they are."""
    if path == STDIN:
        return path
    full = os.path.join(os.getcwd(), path)
    try:
        inside = os.path.relpath(full, base)
    except ValueError:  # another drive
        inside = os.pardir
    name = os.path.normpath(full) if inside.split(os.sep)[0] == os.pardir else inside
    return name.replace(os.sep, "/")


def named(path: str, base: str) -> str:
    """``path`` from ``base`` as text that can be printed: bytes that are no UTF-8 are written as escapes."""
    return shown(relative(path, base))


def uri(path: str, base: str) -> str:
    """``path`` as a URI reference: from ``base`` where it lies below it, a file: URI elsewhere; bytes percent-encoded."""
    name = relative(path, base)
    if os.path.isabs(name) or name[1:3] == ":/":
        return "file://" + quote(os.fsencode(name if name.startswith("/") else f"/{name}"), safe="/:")
    return quote(os.fsencode(name))


def page_of(rule: Rule | None, version: str) -> str | None:
    """The address of a rule's file in the version that found something; None for users' own rules."""
    from arlint.rules import builtin_folder

    if rule is None or not rule.path.startswith(str(builtin_folder())):
        return None
    return f"{HOME}/blob/v{version}/rules/{rule.id}.yaml"
