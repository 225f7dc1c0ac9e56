"""`rdjson`: reviewdog's diagnostic format; columns count bytes of UTF-8, as it asks
(https://github.com/reviewdog/reviewdog/tree/master/proto/rdf)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from arlint.plain import visible
from arlint.report import Item, Report, Style, Tally
from arlint.report.github import problems
from arlint.report.machine import elements
from arlint.report.places import HOME, named, page_of, told, top
from arlint.report.spots import Point, Region, Spot

SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def rdjson(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """One object: the source, and a diagnostic for every finding and every file that could not be read."""
    base = top()
    yield f'{{"source": {{"name": "arlint", "url": {msgspec.json.encode(HOME).decode()}}},\n "diagnostics": ['
    yield from elements((_diagnostics(report, visible(named(report.path, base)), style) for report in reports), "  ")
    yield "\n]}\n"


def _diagnostics(report: Report, path: str, style: Style) -> list[str]:
    rows = [_diagnostic(item, line, spot, path, style) for (item, line), spot in zip(report.placed(), report.spots, strict=True)]
    rows += [{"message": problem, "location": {"path": path}, "severity": "ERROR", "code": {"value": "arlint/unread"}} for problem in problems(report)]
    return [msgspec.json.encode(row).decode() for row in rows]


def _diagnostic(item: Item, line: int | None, spot: Spot, path: str, style: Style) -> dict[str, Any]:
    address = page_of(style.rules.get(item.rule), style.version)
    row: dict[str, Any] = {
        "message": told(item),
        "location": {"path": path},
        "severity": SEVERITIES[item.severity],
        "code": {"value": item.rule, **({"url": address} if address else {})},
    }
    if item.record is not None:
        if line:
            row["location"]["range"] = {"start": {"line": line}}
        return row
    row["location"]["range"] = _range(spot.found)
    if spot.whole is not None:
        row["suggestions"] = [{"range": _range(spot.whole), "text": spot.whole.text}]
    return row


def _range(region: Region) -> dict[str, Any]:
    return {"start": _position(region.start), "end": _position(region.end)}


def _position(point: Point) -> dict[str, int]:
    return {"line": point.line, "column": point.column_bytes}
