"""`json` and `jsonl`: the findings for other programs, in the form that the documentation fixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from arlint.report import Report, Style, Tally


def jsonl(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """An object a line: a finding, or with statistics a rule and its counts."""
    for report in reports:
        yield "" if style.statistics else "".join(f"{encoded(item)}\n" for item in report.items)
    if style.statistics:
        yield "".join(f"{encoded(row)}\n" for row in statistics(tally))


def json(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """One document: the version, the findings (or statistics) and a summary; a finding a line, so that it can be compared."""
    key = "statistics" if style.statistics else "findings"
    yield f'{{"version": {encoded(style.version)},\n "{key}": ['
    found = ([] if style.statistics else [encoded(item) for item in report.items] for report in reports)
    yield from elements(found, "  ")
    if style.statistics:
        yield from elements([[encoded(row) for row in statistics(tally)]], "  ")
    yield f'],\n "summary": {encoded(summary(tally))}}}\n'


#: What a terminal obeys or reorders a line by; JSON itself escapes only what is below U+0020.
_CONTROLS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def encoded(value: Any) -> str:
    """``value`` as JSON that can be shown on a terminal: control characters are escapes, which mean the same."""
    text = msgspec.json.encode(value).decode()
    return text if _CONTROLS.search(text) is None else _CONTROLS.sub(lambda m: f"\\u{ord(m.group()):04x}", text)


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
