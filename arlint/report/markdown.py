"""`markdown`: the summary of a run as a page for people: totals, gates, a table by family, the worst files, what was not read.

It is what the GitHub Action puts into the job summary; no article text is in it.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from arlint.arabic import visible
from arlint.gates import number
from arlint.report import Report, Style, Tally
from arlint.report.github import problems
from arlint.report.places import named, top
from arlint.report.text import summary

#: Files and unread files that are named; the others are counted.
WORST, UNREAD = 10, 20

_HEADS: dict[str, dict[str, Any]] = {
    "en": {
        "family": ("Family", "Findings", "In 1,000 words", "Files", "Safe fixes", "Unsafe fixes"),
        "gates": ("Gate", "", "Rate", "Over by"),
        "files": ("File", "Findings"),
        "fell": "fell",
        "held": "held",
        "unread": "Not read",
        "more": "and {} more",
        "all": "all",
    },
    "ar": {
        "family": ("العائلة", "المواضع", "لكل 1000 كلمة", "الملفات", "إصلاح آمن", "إصلاح غير آمن"),
        "gates": ("الحدّ", "", "المعدّل", "الزيادة"),
        "files": ("الملف", "المواضع"),
        "fell": "تُجووز",
        "held": "لم يُتجاوز",
        "unread": "لم يُقرأ",
        "more": "و{} غيرها",
        "all": "الكل",
    },
}


def markdown(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """The page, all of it when the run is over."""
    base = top()
    heads = _HEADS[style.language]
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
    yield from _gates(tally, heads)
    yield from _families(tally, families, heads)
    worst = heapq.nsmallest(WORST, files.items(), key=lambda pair: (-pair[1], pair[0]))
    yield from _table(heads["files"], [(_code(named(path, base)), str(count)) for path, count in worst])
    lines = [*(f"- {_code(named(path, base))}: {_text(problem)}\n" for path, problem in unread[:UNREAD]), *(f"- {_text(problem)}\n" for problem in tally.unread)]
    if lines:
        rest = f"- {heads['more'].format(len(unread) - UNREAD)}\n" if len(unread) > UNREAD else ""
        yield f"\n**{heads['unread']}**\n\n{''.join(lines)}{rest}"


def _gates(tally: Tally, heads: dict[str, Any]) -> Iterator[str]:
    rows = []
    for verdict in tally.verdicts:
        words = verdict.gate.words
        rate = f"{number(verdict.rate)}{'%' if words is None else f' / {words:,}'}"
        rows.append((_code(str(verdict.gate)), f"{'❌' if verdict.fell else '✅'} {heads['fell' if verdict.fell else 'held']}", rate, number(verdict.over) if verdict.fell else ""))
    yield from _table(heads["gates"], rows)


def _families(tally: Tally, files: Counter[str], heads: dict[str, Any]) -> Iterator[str]:
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
        rows.append((heads["all"], f"{tally.findings:,}", number(tally.counts.rate()), f"{tally.files_with_findings:,}", f"{tally.fixable['safe']:,}", f"{tally.fixable['unsafe']:,}"))
    yield from _table(heads["family"], rows)


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table with its first column to the start and the others to the end; nothing where there are no rows."""
    columns = list(heads)
    lines = [f"| {' | '.join(row)} |\n" for row in rows]
    if lines:
        yield f"\n| {' | '.join(columns)} |\n|---|{'---:|' * (len(columns) - 1)}\n{''.join(lines)}"


def _text(text: str) -> str:
    """``text`` with nothing in it that Markdown or HTML would take for more than letters."""
    return escape(visible(text)).translate({ord(c): f"&#{ord(c)};" for c in "|`*_[]<>\\~"})


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"
