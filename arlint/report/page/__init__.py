"""``arlint report``: one self-contained HTML file about a run, for people who decide what to mend.

Text of articles goes into a JSON block and from there into text nodes only; the file's own script and style are named by
hash in its content security policy, so that nothing an article contains can run.
"""

from __future__ import annotations

import base64
import hashlib
import heapq
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from arlint.findings import Language
from arlint.gates import ALL, Counts
from arlint.report import Report, Style, Tally
from arlint.report.page.sheets import Mark, Sheet
from arlint.rules import Rule

#: Findings that the page lists at most; the totals count all.
LISTED = 20_000


@dataclass
class Book:
    """The reports of a run, gathered: totals of all, the text of the ``keep`` articles with the most findings."""

    rules: Mapping[str, Rule]
    keep: int = 300
    counts: Counts = field(default_factory=Counts)
    sources: dict[str, Counts] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    severities: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)
    #: what a run that mends has mended, by rule, and places to show for a rule where they are not taken from the articles
    mended: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[tuple[Sheet, Mark]]] = field(default_factory=dict)
    _sheets: list[tuple[int, int, Sheet]] = field(default_factory=list)
    _kept: int = 0

    def add(self, report: Report) -> None:
        """Count one report and keep its articles while they are among the worst."""
        if report.problem:
            self.problems.append(f"{report.path}: {report.problem}")
        for sheet in report.sheets:
            rules = [mark.rule for mark in sheet.marks]
            for counts in (self.counts, self.sources.setdefault(_source(sheet), Counts())):
                counts.add(rules, sheet.words)
            self.keep_sheet(sheet)

    def keep_sheet(self, sheet: Sheet) -> None:
        """Keep a counted article while it is among the worst."""
        self.severities.update(mark.severity for mark in sheet.marks)
        self.grades.update(mark.grade or "none" for mark in sheet.marks)
        self._kept += 1
        if sheet.marks:
            entry = (len(sheet.marks), -self._kept, sheet)
            (heapq.heappush if len(self._sheets) < self.keep else heapq.heappushpop)(self._sheets, entry)

    @property
    def sheets(self) -> list[Sheet]:
        """The articles kept, the worst first."""
        return [sheet for _, _, sheet in sorted(self._sheets, key=lambda entry: (-entry[0], -entry[1]))]


def _source(sheet: Sheet) -> str:
    """Where an article comes from: its folder, or the file that holds its record."""
    if sheet.source is not None:
        return sheet.source
    return sheet.path if sheet.record is not None else os.path.dirname(sheet.path) or "."


def html(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """The page: nothing for each report that goes by, then all of it."""
    book = Book(style.rules, style.articles)
    for report in reports:
        book.add(report)
        yield ""
    yield from page(book, style)


def page(book: Book, style: Style) -> Iterator[str]:
    """All of the page."""
    css, script, frame = (_part(name) for name in ("page.css", "page.js", "page.html"))
    policy = f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    head, _, tail = frame.partition("{{data}}")
    values = {"{{language}}": style.language, "{{direction}}": "rtl" if style.language == "ar" else "ltr", "{{policy}}": policy, "{{style}}": css}
    for name, value in values.items():
        head = head.replace(name, value)
    yield head
    # "<" as an escape: neither "</script>" nor "<!--" of an article can end the block
    yield msgspec.json.encode(_data(book, style.version, date.today().isoformat())).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    yield tail.replace("{{script}}", script)


def _data(book: Book, version: str, made: str) -> dict[str, Any]:
    counts = book.counts
    known = sorted(counts.rules, key=lambda r: (-counts.rules[r] - book.mended[r], r))
    number = {rule: at for at, rule in enumerate(known)}
    listed, documents = 0, []
    for sheet in book.sheets:
        if listed >= LISTED:
            break
        listed += len(sheet.marks)
        documents.append(_document(sheet, number))
    return {
        "version": version,
        "made": made,
        "totals": {"documents": counts.documents, "touched": counts.documents_with[ALL], "findings": counts.rules.total(), "words": counts.words, "mended": book.mended.total()},
        "severities": book.severities,
        "grades": book.grades,
        "sources": sorted(([name, of.documents, of.rules.total(), of.words] for name, of in book.sources.items()), key=lambda row: (-row[2], row[0])),
        "rules": [_rule(book, rule, number) for rule in known],
        "documents": documents,
        "problems": book.problems,
    }


def _rule(book: Book, ident: str, number: dict[str, int]) -> dict[str, Any]:
    rule, counts = book.rules.get(ident), book.counts
    about = {language: {"summary": rule.about(language).summary, "why": rule.about(language).why} for language in _written(rule)} if rule else {"en": {"summary": "", "why": ""}}
    return {
        "id": ident,
        "family": ident.partition("/")[0],
        "about": about,
        "count": counts.rules[ident],
        "documents": counts.documents_with[ident],
        "mended": book.mended[ident],
        "grade": rule.applicability if rule else None,
        "samples": [[_named(sheet), _mark(mark, number)] for sheet, mark in book.samples.get(ident, ())],
    }


def _written(rule: Rule) -> tuple[Language, ...]:
    """The languages that the rule has its page in."""
    return ("en", "ar") if rule.arabic else ("en",)


def _named(sheet: Sheet) -> dict[str, Any]:
    return {"path": sheet.path, "record": sheet.record, "field": sheet.field}


def _document(sheet: Sheet, number: dict[str, int]) -> dict[str, Any]:
    return {
        **_named(sheet),
        "title": sheet.title,
        "source": _source(sheet),
        "words": sheet.words,
        "text": sheet.text,
        "cut": sheet.cut,
        "diff": sheet.difference,
        "marks": [_mark(mark, number) for mark in sheet.marks],
    }


def _mark(mark: Mark, number: dict[str, int]) -> list[Any]:
    return [number[mark.rule], mark.start, mark.end, mark.line, mark.column, mark.severity, mark.grade, mark.message, mark.title, mark.excerpt, mark.replacement]


@cache
def _part(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
