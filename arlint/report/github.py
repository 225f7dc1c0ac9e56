"""`github`: workflow commands, which GitHub Actions shows as annotations beside the lines of a change.

Characters that would end a command or one of its properties are escaped as the runner's toolkit does
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from arlint.plain import visible
from arlint.report import Item, Report, Style, Tally
from arlint.report.places import Where, named, told, top, where

LEVELS = {"error": "error", "warning": "warning", "info": "notice"}

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def github(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """A command for every finding, every file that could not be read and every gate that fell."""
    base = top()
    for report in reports:
        path = visible(named(report.path, base))
        lines = [_finding(item, line, path) for item, line in report.placed()]
        lines += [_command("error", {"file": path, "title": "arlint"}, f"{path}: {problem}") for problem in problems(report)]
        yield "".join(lines)
    yield "".join(_command("error", {"title": "arlint"}, problem) for problem in tally.unread)
    yield "".join(_command("error", {"title": "arlint"}, verdict.said(style.language)) for verdict in tally.verdicts if verdict.fell)


def problems(report: Report) -> list[str]:
    """Why the file or parts of it could not be read, and what its rules did wrong."""
    return [*([report.problem] if report.problem else []), *report.unread, *report.broken]


def _finding(item: Item, line: int | None, path: str) -> str:
    place = where(item, line)
    at = "".join(f":{number}" for number in place[:2] if number is not None)
    return _command(LEVELS[item.severity], {"file": path, **_span(place), "title": f"arlint ({item.rule})"}, f"{path}{at}: {item.rule} {told(item)}")


def _span(place: Where) -> dict[str, str]:
    """Lines, and columns only where they lie on one line: GitHub refuses others."""
    numbers = {"line": place.line, "endLine": place.end_line}
    if place.line == place.end_line:
        numbers |= {"col": place.column, "endColumn": place.end_column}
    return {name: str(number) for name, number in numbers.items() if number is not None}


def _command(level: str, properties: dict[str, str], message: str) -> str:
    said = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{level} {said}::{message.translate(_DATA)}\n"
