"""What a run has to tell, as plain records: the findings of one file in the form of the `jsonl` contract, and what was done.

Formats are functions from reports to text, one module each; ``FORMATS`` names them. Nothing here prints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import repeat
from typing import TYPE_CHECKING, cast

import msgspec

from arlint.findings import Applicability, Language
from arlint.gates import Counts, Gate, Verdict, verdicts
from arlint.keys import Key, fingerprints, place

if TYPE_CHECKING:
    from arlint.document import Document
    from arlint.findings import Edit, Finding
    from arlint.fixlog import Mended
    from arlint.report.page.sheets import Sheet
    from arlint.report.spots import Spot
    from arlint.rules import Rule
    from arlint.silences import Part

SEVERITIES = ("info", "warning", "error")


class Place(msgspec.Struct, frozen=True):
    """Where a code point stands: ``offset`` in the text as stored, ``line`` and ``column`` from 1."""

    offset: int
    line: int
    column: int


class Replacement(msgspec.Struct, frozen=True):
    start: int
    end: int
    text: str


class Repair(msgspec.Struct, frozen=True):
    applicability: Applicability
    title: str
    edits: list[Replacement]


class Item(msgspec.Struct, frozen=True):
    """One finding as `jsonl` prints it."""

    path: str
    record: str | None
    field: str | None
    rule: str
    family: str
    severity: str
    message: str
    start: Place
    end: Place
    fix: Repair | None
    fingerprint: str


class Excerpt(msgspec.Struct, frozen=True):
    """The found text with what stands before and after it on its line, each cut to a readable length."""

    before: str
    found: str
    after: str


@dataclass
class Report:
    """One file, or the next part of one: what was found or remains, what was mended, and what went wrong.

    ``problem`` is why the file could not be read, checked or written; ``unread`` are records of it that could not, a line each;
    ``broken`` are promises that rules broke. ``excerpts`` and ``spots`` stand beside ``items`` where a format needs them.
    ``output`` is the text after fixing, where it was asked for; ``diff`` the change it would make. ``more`` says that another
    part of the same file follows. ``words`` of prose were read in ``documents`` documents.
    ``document`` and ``edits`` are those of one fixed text.
    ``lines`` tells for each item on which line of the file its record begins, and is empty for a file that is one text.
    ``keys`` are those of the items, where a baseline is in use; ``used`` is what of the settings' silences was needed.
    ``mended`` is for the fix log, where there is one; ``key`` names the report among `results`, where it is to be kept.
    """

    path: str
    items: list[Item] = field(default_factory=list)
    excerpts: list[Excerpt] = field(default_factory=list)
    fixed: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    problem: str | None = None
    changed: bool = False
    diff: str = ""
    output: bytes | None = None
    unread: list[str] = field(default_factory=list)
    more: bool = False
    keys: list[Key] = field(default_factory=list)
    used: set[tuple[int, Part]] = field(default_factory=set)
    words: int = 0
    documents: int = 1
    spots: list[Spot] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    document: Document | None = None
    edits: list[Edit] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)
    key: bytes | None = None

    def placed(self) -> Iterator[tuple[Item, int | None]]:
        """Every item with the line of the file that its record begins on, where that is known."""
        return zip(self.items, self.lines or repeat(None), strict=False)

    def add(self, other: Report) -> None:
        """Take in what ``other``, on one document of the same file, has to tell; its ``document`` and ``edits`` stay its own,
        and ``documents`` are for the caller to count."""
        self.items += other.items
        self.excerpts += other.excerpts
        self.fixed.update(other.fixed)
        self.broken += other.broken
        self.changed |= other.changed
        self.diff += other.diff
        self.keys += other.keys
        self.used |= other.used
        self.words += other.words
        self.spots += other.spots
        self.sheets += other.sheets
        self.mended += other.mended


def part(record: str | None, field: str | None) -> str:
    """Which record and field of a file is meant, as lines for people say it; nothing for a file that is one text."""
    return ":".join(name for name in (f"record {record}" if record is not None else None, field) if name)


@dataclass
class Tally:
    """Counts over all the reports that went by, and the ``gates`` that they are held to.

    ``unread`` are settings and folders that could not be read and have no report of their own, a line each.
    """

    files: int = 0
    failed: int = 0
    changed: int = 0
    fixed: int = 0
    findings: int = 0
    files_with_findings: int = 0
    fixable: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    rule_fixable: Counter[tuple[str, str]] = field(default_factory=Counter)
    rule_files: Counter[str] = field(default_factory=Counter)
    counts: Counts = field(default_factory=Counts)
    gates: tuple[Gate, ...] = ()
    unread: list[str] = field(default_factory=list)

    def watch(self, reports: Iterable[Report]) -> Iterator[Report]:
        """The same reports, counted; a file counts once, when its last part has gone by."""
        failed = changed = False
        rules: set[str] = set()
        for report in reports:
            failed |= report.problem is not None or bool(report.unread)
            changed |= report.changed
            rules.update(item.rule for item in report.items)
            if not report.more:
                self.files += 1
                self.failed += failed
                self.changed += changed
                self.files_with_findings += bool(rules)
                self.rule_files.update(rules)
                failed = changed = False
                rules = set()
            self.fixed += report.fixed.total()
            self.findings += len(report.items)
            for item in report.items:
                self.rules[item.rule] += 1
                self.severities[item.severity] += 1
                if item.fix:
                    self.fixable[item.fix.applicability] += 1
                    self.rule_fixable[item.rule, item.fix.applicability] += 1
            self._count(report)
            yield report

    def _count(self, report: Report) -> None:
        """Count what gates are about: words, documents, and in which of them there are findings."""
        if report.problem is not None:
            return
        rules: dict[str | None, list[str]] = {}
        for item in report.items:
            rules.setdefault(item.record, []).append(item.rule)
        for found in rules.values():
            self.counts.add(found, documents=0)
        self.counts.words += report.words
        self.counts.documents += report.documents

    @property
    def verdicts(self) -> list[Verdict]:
        """What becomes of the gates, by what was counted so far."""
        return verdicts(self.gates, self.counts)

    def at_least(self, severity: str) -> bool:
        """Whether there is a finding of ``severity`` or a graver one."""
        return any(self.severities[s] for s in SEVERITIES[SEVERITIES.index(severity) :])


@dataclass(frozen=True)
class Style:
    """How to write: the language, whether a terminal reads it, whether in colour, and whether only counts are wanted;
    ``mode`` is what was done: check, fix or diff. ``rules`` are all that could have found something, by id."""

    language: Language = "en"
    terminal: bool = False
    color: bool = False
    statistics: bool = False
    quiet: bool = False
    mode: str = "check"
    version: str = ""
    rules: Mapping[str, Rule] = field(default_factory=dict)
    articles: int = 300


#: A format yields once for every report that it takes (an empty text where it has nothing to say), so that several can be
#: written side by side without holding the reports of a whole run.
Format = Callable[[Iterable[Report], Tally, Style], Iterator[str]]

FORMATS = {"html": "page", "text": "text", "concise": "text", "json": "machine", "jsonl": "machine"}
FORMATS |= {name: name for name in ("github", "gitlab", "sarif", "junit", "checkstyle", "rdjson", "markdown")}
#: Formats that show the found text with what stands around it, and those that tell places by line and column.
WITH_EXCERPTS, WITH_SPOTS, WITH_SHEETS = frozenset({"text"}), frozenset({"sarif", "rdjson"}), frozenset({"html"})
#: Formats that can give counts by rule instead of the findings.
WITH_STATISTICS = frozenset({"text", "concise", "json", "jsonl"})


def format_named(name: str) -> Format:
    """The function that writes the format ``name`` of ``FORMATS``."""
    return cast(Format, getattr(import_module(f"arlint.report.{FORMATS[name]}"), name))


def items(document: Document, findings: Iterable[Finding], path: str, language: Language, among: Iterable[Finding] | None = None) -> list[Item]:
    """``findings`` of ``document`` as the contract writes them: offsets count in the text as stored, CRLF as two.

    ``among`` are all that the document has, where some are not told: a fingerprint counts equal places among them.
    """
    findings = list(findings)
    known = fingerprints(document, findings if among is None else among)
    known |= fingerprints(document, (f for f in findings if place(f) not in known))
    out = []
    for finding in findings:
        repair = None
        start, end = document.where(finding)
        if finding.fix is not None:
            edits = [Replacement(e.start, e.end, e.text) for e in document.changes(finding)]
            repair = Repair(finding.fix.applicability, finding.title(language), edits)
        out.append(
            Item(
                path=path,
                record=document.record,
                field=document.field,
                rule=finding.rule.id,
                family=finding.rule.family,
                severity=finding.rule.severity,
                message=finding.message(language),
                start=Place(start, *document.place(start)),
                end=Place(end, *document.place(end)),
                fix=repair,
                fingerprint=known[place(finding)],
            )
        )
    return out


def excerpt(text: str, start: int, end: int, around: int = 40, within: int = 90) -> Excerpt:
    """The place from ``start`` to ``end`` with up to ``around`` code points of its line on either side, cut between words."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if end > start and text[end - 1] == "\n":
        line_end = end
    left, right = max(line_start, start - around), min(line_end, end + around)
    if left > line_start and (space := text.find(" ", left, start)) >= 0:
        left = space + 1
    if right < line_end and (space := text.rfind(" ", end, right)) >= 0:
        right = space
    found = text[start:end]
    if len(found) > within:
        found = f"{found[: within // 2]} … {found[-within // 3 :]}"
    return Excerpt(("…" if left > line_start else "") + text[left:start], found, text[end:right] + ("…" if right < line_end else ""))
