"""`json` and `jsonl`: the findings for other programs, in the form that the documentation fixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from arlint.report import Report, Style, Tally


def jsonl(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """An object a line: a finding, or with statistics a rule and its counts."""
    encode = msgspec.json.encode
    for report in reports:
        yield "" if style.statistics else "".join(f"{encode(item).decode()}\n" for item in report.items)
    if style.statistics:
        yield "".join(f"{encode(row).decode()}\n" for row in statistics(tally))


def json(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """One document: the version, the findings (or statistics) and a summary; a finding a line, so that it can be compared."""
    encode = msgspec.json.encode
    key = "statistics" if style.statistics else "findings"
    yield f'{{"version": {encode(style.version).decode()},\n "{key}": ['
    found = ([] if style.statistics else [encode(item).decode() for item in report.items] for report in reports)
    yield from elements(found, "  ")
    if style.statistics:
        yield from elements([[encode(row).decode() for row in statistics(tally)]], "  ")
    yield f'],\n "summary": {encode(summary(tally)).decode()}}}\n'


def elements(groups: Iterable[Iterable[str]], indent: str) -> Iterator[str]:
    """The elements of a JSON array, each on a line, one text for each group of them."""
    comma = "\n"
    for group in groups:
        lines = []
        for element in group:
            lines.append(f"{comma}{indent}{element}")
            comma = ",\n"
        yield "".join(lines)


def statistics(tally: Tally) -> list[Any]:
    """A row for each rule that found something, the most frequent first."""
    return [
        {"rule": rule, "count": count, "files": tally.rule_files[rule], "rate": round(tally.counts.rate(rule), 4), **{grade: tally.rule_fixable[rule, grade] for grade in ("safe", "unsafe", "manual")}}
        for rule, count in sorted(tally.rules.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def summary(tally: Tally) -> dict[str, Any]:
    """The totals of a run."""
    return {
        "files": tally.files,
        "failed": tally.failed,
        "files_with_findings": tally.files_with_findings,
        "findings": tally.findings,
        "severity": {name: tally.severities[name] for name in ("error", "warning", "info")},
        "fixable": {grade: tally.fixable[grade] for grade in ("safe", "unsafe", "manual")},
        "fixed": tally.fixed,
        "changed": tally.changed,
        "words": tally.counts.words,
        "gates": [verdict.row() for verdict in tally.verdicts],
    }
