"""`gitlab`: a code quality report, which GitLab shows in merge requests (https://docs.gitlab.com/ci/testing/code_quality/)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from arlint.plain import visible
from arlint.report import Item, Report, Style, Tally
from arlint.report.github import problems
from arlint.report.machine import elements
from arlint.report.places import Where, named, told, top, where

SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def gitlab(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """One array: an entry for every finding, and one of severity ``critical`` for every file that could not be read."""
    base = top()
    yield "["
    yield from elements((_entries(report, visible(named(report.path, base))) for report in reports), "  ")
    yield "\n]\n"


def _entries(report: Report, path: str) -> list[str]:
    rows = [_entry(item.rule, told(item), SEVERITIES[item.severity], path, where(item, line), _key(path, item)) for item, line in report.placed()]
    rows += [_entry("arlint/unread", problem, "critical", path, Where(1), _digest("unread", path, problem)) for problem in problems(report)]
    return [msgspec.json.encode(row).decode() for row in rows]


def _entry(rule: str, message: str, severity: str, path: str, place: Where, fingerprint: str) -> dict[str, Any]:
    line = place.line or 1
    return {
        "description": message,
        "check_name": rule,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line, "end": place.end_line or line}},
    }


def _key(path: str, item: Item) -> str:
    """GitLab keeps one entry of each fingerprint: equal damage in two files or records must have two."""
    return _digest(path, item.record or "", item.field or "", item.fingerprint)


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
