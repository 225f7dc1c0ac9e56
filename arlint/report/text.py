"""`text` and `concise`: findings for people, readable with and without a terminal that orders right-to-left text.

The found text stands between white brackets (no underlining: a caret below right-to-left text points nowhere). Control
characters of the text are named, never sent; on a terminal Arabic is isolated, so that it leaves the line's order alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from arlint.gates import number
from arlint.plain import visible
from arlint.report import Excerpt, Item, Report, Style, Tally
from arlint.report import part as part_of
from arlint.report.machine import statistics as rows

FSI, PDI = "\u2068", "\u2069"
OPEN, CLOSE = "\u27e6", "\u27e7"

_ARABIC = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc][^\n'\"]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_COLORS = {"error": "31;1", "warning": "33", "info": "36", "path": "1", "rule": "1", "found": "31;1", "fix": "32", "dim": "2", "+": "32", "-": "31", "@": "36"}

_WORDS = {
    "en": {"fix": "fix", "safe": "safe", "unsafe": "unsafe", "manual": "by hand", "error": "error", "warning": "warning", "info": "info"},
    "ar": {"fix": "إصلاح", "safe": "آمن", "unsafe": "غير آمن", "manual": "يدوي", "error": "خطأ", "warning": "تنبيه", "info": "ملاحظة"},
}


def text(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """The findings of each file below its name, then a line of totals."""
    words = _WORDS[style.language]
    opened = False
    for report in reports:
        lines = []
        if report.items and not style.statistics:
            lines = [*([] if opened else [paint(visible(report.path), "path", style)]), *_items(report, words, style)]
            opened = True
        if opened and not report.more:
            lines.append("")
            opened = False
        yield "".join(f"{line}\n" for line in lines)
    yield from _end(tally, style)


def _items(report: Report, words: dict[str, str], style: Style) -> Iterator[str]:
    part = ""
    width = max(len(f"{i.start.line}:{i.start.column}") for i in report.items)
    for item, place in zip(report.items, report.excerpts, strict=True):
        if (within := part_of(item.record, item.field)) != part:
            part = within
            yield f"  {paint(visible(part), 'path', style)}"
        where = f"{item.start.line}:{item.start.column}".rjust(width)
        severity = paint(words[item.severity], item.severity, style)
        yield f"  {where}  {severity}  {paint(item.rule, 'rule', style)}  {isolated(item.message, style)}"
        indent = " " * (width + 4)
        yield f"{indent}{marked(place, style)}"
        if item.fix:
            yield f"{indent}{paint(words['fix'], 'fix', style)} ({words[item.fix.applicability]}): {isolated(item.fix.title, style)}"


def concise(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """A line for each finding: ``path:line:column: rule message``."""
    for report in reports:
        yield "" if style.statistics else "".join(_concise(item, style) for item in report.items)
    yield from _end(tally, style)


def _concise(item: Item, style: Style) -> str:
    part = part_of(item.record, item.field)
    return f"{visible(item.path)}{':' if part else ''}{visible(part)}:{item.start.line}:{item.start.column}: {paint(item.rule, 'rule', style)} {isolated(item.message, style)}\n"


def _end(tally: Tally, style: Style) -> Iterator[str]:
    if style.statistics:
        for row in rows(tally):
            grades = [f"{row[grade]} {_WORDS[style.language][grade]}" for grade in ("safe", "unsafe", "manual") if row[grade]]
            yield f"{row['count']:>7}  {number(row['rate']):>7}/1k  {row['rule']}" + (f"  ({', '.join(grades)})" if grades else "") + "\n"
    if not style.quiet:
        yield summary(tally, style) + "\n"


def summary(tally: Tally, style: Style) -> str:
    """The line of totals that ends a run."""
    safe, unsafe = tally.fixable["safe"], tally.fixable["unsafe"]
    read = tally.files - tally.failed
    if style.language == "ar":
        return isolated(_summary_ar(tally, style, read, safe, unsafe), style)
    parts = []
    if style.mode != "check":
        done = {"fix": "fixed", "diff": "would be fixed"}[style.mode]
        parts.append(f"{_count(tally.fixed, 'finding')} {done} in {_count(tally.changed, 'file')}")
    if tally.findings:
        ways = [f"{safe} fixable with 'arlint fix'"] if safe and style.mode == "check" else []
        if unsafe:
            ways.append(f"{unsafe} {'more' if ways else 'fixable'} with '--unsafe-fixes'")
        left = "" if style.mode == "check" else "left "
        parts.append(f"{_count(tally.findings, 'finding')} {left}in {_count(tally.files_with_findings, 'file')}" + (f" ({', '.join(ways)})" if ways else ""))
    else:
        parts.append(f"nothing found in {_count(read, 'file')}" if style.mode == "check" else "nothing left")
    return ", ".join(parts)


def _summary_ar(tally: Tally, style: Style, read: int, safe: int, unsafe: int) -> str:
    check = style.mode == "check"
    parts = [] if check else [f"{'يُصلَح' if style.mode == 'diff' else 'أُصلح'}: {tally.fixed}", f"ملفات تتغيّر: {tally.changed}"]
    parts += [f"{'مواضع' if check else 'بقي'}: {tally.findings}", f"ملفات: {tally.files_with_findings} من {read}"]
    if safe and check:
        parts.append(f"يُصلحها arlint fix: {safe}")
    if unsafe:
        parts.append(f"تُصلحها --unsafe-fixes: {unsafe}")
    return "؛ ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def marked(place: Excerpt, style: Style) -> str:
    """The excerpt on one line, the found text in white brackets."""
    found = paint(f"{OPEN}{visible(place.found)}{CLOSE}", "found", style)
    line = f"{visible(place.before).lstrip()}{found}{visible(place.after).rstrip()}"
    return f"{FSI}{line}{PDI}" if style.terminal else line


def isolated(message: str, style: Style) -> str:
    """``message``, on a terminal with itself and every run of Arabic in it isolated from what stands around it."""
    if not style.terminal:
        return message
    if style.language == "en":
        message = _ARABIC.sub(lambda m: f"{FSI}{m.group()}{PDI}", message)
    return f"{FSI}{message}{PDI}"


def paint(words: str, role: str, style: Style) -> str:
    """``words`` in the colour of ``role``, where colour is wanted."""
    return f"\x1b[{_COLORS[role]}m{words}\x1b[0m" if style.color else words


def diff(patch: str, style: Style) -> str:
    """A patch as it is; on a terminal in colour and with control characters named."""
    if not style.terminal and not style.color:
        return patch
    out = []
    for line in patch.split("\n"):
        shown = visible(line) if style.terminal else line
        role = "path" if line.startswith(("+++", "---")) else line[:1]
        out.append(paint(shown, role, style) if role in _COLORS else shown)
    return "\n".join(out)
