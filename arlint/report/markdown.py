"""`markdown`: the summary of a run as a page for people: totals, gates, a table by family, the worst files, what was not read.

It is what the GitHub Action puts into the job summary; no article text is in it.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape

from arlint.gates import number
from arlint.messages import said
from arlint.plain import visible
from arlint.report import Report, Style, Tally
from arlint.report.github import problems
from arlint.report.places import named, top
from arlint.report.text import summary

#: Files and unread files that are named; the others are counted.
WORST, UNREAD = 10, 20

#: The heads of the tables; their Arabic is in ``messages.ar.yaml``, like that of every other word here.
_FAMILY = ("Family", "Findings", "In 1,000 words", "Files", "Safe fixes", "Unsafe fixes")
_GATES = ("Gate", "", "Rate", "Over by")
_FILES = ("File", "Findings")


def markdown(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """The page, all of it when the run is over."""
    base = top()
    families: Counter[str] = Counter()
    files: Counter[str] = Counter()
    unread: list[tuple[str, str]] = []
    within: set[str] = set()
    for report in reports:
        within |= {item.family for item in report.items}
        if not report.more:
            families.update(within)
            within = set()
        if report.items:
            files[report.path] += len(report.items)
        unread += [(report.path, problem) for problem in problems(report)]
        yield ""
    yield f"## arlint\n\n{summary(tally, style)}\n"
    yield from _gates(tally, style)
    yield from _families(tally, families, style)
    worst = heapq.nsmallest(WORST, files.items(), key=lambda pair: (-pair[1], pair[0]))
    yield from _table(_FILES, style, [(_code(named(path, base)), str(count)) for path, count in worst])
    lines = [*(f"- {_code(named(path, base))}: {_text(problem)}\n" for path, problem in unread[:UNREAD]), *(f"- {_text(problem)}\n" for problem in tally.unread)]
    if lines:
        rest = f"- {said(f'and {len(unread) - UNREAD} more', style.language)}\n" if len(unread) > UNREAD else ""
        yield f"\n**{said('Not read', style.language)}**\n\n{''.join(lines)}{rest}"


def _gates(tally: Tally, style: Style) -> Iterator[str]:
    rows = []
    for verdict in tally.verdicts:
        words = verdict.gate.words
        rate = f"{number(verdict.rate)}{'%' if words is None else f' / {words:,}'}"
        rows.append((_code(str(verdict.gate)), f"{'❌' if verdict.fell else '✅'} {said('fell' if verdict.fell else 'held', style.language)}", rate, number(verdict.over) if verdict.fell else ""))
    yield from _table(_GATES, style, rows)


def _families(tally: Tally, files: Counter[str], style: Style) -> Iterator[str]:
    found: Counter[str] = Counter()
    fixable: Counter[tuple[str, str]] = Counter()
    for rule, count in tally.rules.items():
        found[rule.partition("/")[0]] += count
    for (rule, grade), count in tally.rule_fixable.items():
        fixable[rule.partition("/")[0], grade] += count
    rows = [
        (family, f"{count:,}", number(tally.counts.rate(family)), f"{files[family]:,}", f"{fixable[family, 'safe']:,}", f"{fixable[family, 'unsafe']:,}")
        for family, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    if rows:
        rows.append((said("all", style.language), f"{tally.findings:,}", number(tally.counts.rate()), f"{tally.files_with_findings:,}", f"{tally.fixable['safe']:,}", f"{tally.fixable['unsafe']:,}"))
    yield from _table(_FAMILY, style, rows)


def _table(heads: Iterable[str], style: Style, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table with its first column to the start and the others to the end; nothing where there are no rows."""
    columns = [said(head, style.language) for head in heads]
    lines = [f"| {' | '.join(row)} |\n" for row in rows]
    if lines:
        yield f"\n| {' | '.join(columns)} |\n|---|{'---:|' * (len(columns) - 1)}\n{''.join(lines)}"


def _text(text: str) -> str:
    """``text`` with nothing in it that Markdown or HTML would take for more than letters."""
    return escape(visible(text)).translate({ord(c): f"&#{ord(c)};" for c in "|`*_[]<>\\~"})


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"
