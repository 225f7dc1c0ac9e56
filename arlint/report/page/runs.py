"""The page of a run of `arlint corpus`: totals from its summary, the worst records and samples of every rule from its tables.

The tables keep no text of an article, so its damage is shown with what stands around it. What they hold is read in one pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from arlint.corpus import tables
from arlint.corpus.cleaning import Row
from arlint.corpus.results import Found, Results, entries
from arlint.corpus.summary import Sample
from arlint.gates import ALL, Counts
from arlint.report import Style
from arlint.report.page import Book, page
from arlint.report.page.sheets import Mark, Sheet


def html(run: Results, style: Style) -> Iterator[str]:
    """The page. Raises `Unreachable` where a table cannot be read."""
    told = run.summary
    rules = {row["rule"]: row for row in told["rules"]}
    documents = Counter({ALL: told["documents_with_findings"], **{rule: row["documents"] for rule, row in rules.items()}})
    book = Book(style.rules, style.articles)
    book.counts = Counts(told["words"], told["documents"], Counter({rule: row["findings"] for rule, row in rules.items()}), documents)
    book.sources = {row["source"]: Counts(row["words"], row["documents"], Counter(row["rules"])) for row in told["sources"]}
    book.mended = Counter({rule: row["mended"] for rule, row in rules.items()})
    drawn = {(rule, row["path"], row["record"], row["field"], row["start"], row["end"]) for rule, rows in told["samples"].items() for row in rows}
    for (path, _, record, field, source), found in groupby(run.findings(), key=lambda f: (f.path, f.part, f.record, f.field, f.source)):
        sheet = Sheet(path, record, field, None, None, False, 0, source=source)
        for one in found:
            mark = _mark(one, style)
            sheet.marks.append(mark)
            if (mark.rule, path, record, field, one.row.start, one.row.end) in drawn:
                book.samples.setdefault(mark.rule, []).append((sheet, mark))
        book.keep_sheet(sheet)
    for sheet, mark in _mended(run, style):
        book.samples.setdefault(mark.rule, []).append((sheet, mark))
    yield from page(book, style)


def _mark(found: Found, style: Style) -> Mark:
    row = found.row
    message = {"en": found.message(style.rules, "en"), "ar": found.message(style.rules, "ar")}
    title = {"en": found.title(style.rules, "en"), "ar": found.title(style.rules, "ar")} if row.applicability else {}
    return Mark(row.rule, row.severity, row.applicability, -1, -1, row.line, row.column, message, title, (row.before, row.found, row.after), row.replacement)


def _mended(run: Results, style: Style) -> Iterator[tuple[Sheet, Mark]]:
    """Edits that the run made, a few of every rule, drawn as the summary draws its findings."""
    samples: dict[str, Sample] = {}
    for entry in entries(run.folder, "log"):
        for edit in tables.rows(entry.path):
            row = Row(edit["rule"], "", edit["applicability"], edit["start"], edit["end"], 0, 0, edit["before"], "", "", edit["after"], None)
            samples.setdefault(row.rule, Sample()).offer((edit["path"], edit["record"], edit["source"], edit["field"]), row)
    for ident, sample in samples.items():
        rule = style.rules.get(ident)
        for shown in sample.rows:
            yield _edit(ident, rule.severity if rule else "warning", shown)


def _edit(rule: str, severity: str, shown: dict[str, Any]) -> tuple[Sheet, Mark]:
    sheet = Sheet(shown["path"], shown["record"], shown["field"], None, None, False, 0, source=shown["source"])
    return sheet, Mark(rule, severity, None, -1, -1, 0, 0, {}, {}, ("", shown["found"], ""), shown["replacement"])
