"""What one article shows on the page: its text, the places marked in it, and the repaired text as a word-level difference.

Made in the process that checked it, so that only what the page holds travels to the parent.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import regex

from arlint.document import Document
from arlint.findings import Finding
from arlint.report import excerpt

#: Code points of one article that the page shows; the rest of a longer one is left out around its findings.
SHOWN = 20_000
_TOKEN = regex.compile(r"\s+|[\p{L}\p{M}\p{N}]+|.", regex.DOTALL)


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding as the page shows it; ``start`` and ``end`` count in the sheet's text, -1 where that place is left out;
    ``replacement`` is what the place reads after its repair."""

    rule: str
    severity: str
    grade: str | None
    start: int
    end: int
    line: int
    column: int
    message: dict[str, str]
    title: dict[str, str]
    excerpt: tuple[str, str, str]
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article; its ``text`` is None where it was not kept. ``difference`` is a list of (kind, text): ``=`` in both, ``-`` only
    before, ``+`` only after the repair; empty where nothing changes. ``source`` is where it comes from, if the path does not say it.
    """

    path: str
    record: str | None
    field: str | None
    title: str | None
    text: str | None
    cut: bool
    words: int
    marks: list[Mark] = dataclasses.field(default_factory=list)
    difference: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    source: str | None = None


def sheet(document: Document, findings: list[Finding], repaired: str, words: int, path: str) -> Sheet:
    """The sheet of ``document``, of which ``repaired`` is the text after fixing."""
    text = document.text
    marks = []
    for finding in findings:
        line, column = document.position(finding.start)
        place = excerpt(text, finding.start, finding.end)
        seen = finding.end <= SHOWN
        marks.append(
            Mark(
                finding.rule.id,
                finding.rule.severity,
                finding.fix.applicability if finding.fix else None,
                finding.start if seen else -1,
                finding.end if seen else -1,
                line,
                column,
                {"en": finding.message("en"), "ar": finding.message("ar")},
                {"en": finding.title("en"), "ar": finding.title("ar")} if finding.fix else {},
                (place.before, place.found, place.after),
                finding.replacement if finding.fix else None,
            )
        )
    changed = difference(text[:SHOWN], repaired[: SHOWN + SHOWN // 4]) if repaired != text else []
    return Sheet(path, document.record, document.field, document.title, text[:SHOWN], len(text) > SHOWN, words, marks, changed)


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """``before`` and ``after`` word by word, as (kind, text) with equal neighbours joined."""
    from rapidfuzz.distance import Indel

    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    out: list[tuple[str, str]] = []

    def add(kind: str, words: list[str]) -> None:
        if words and out and out[-1][0] == kind:
            out[-1] = (kind, out[-1][1] + "".join(words))
        elif words:
            out.append((kind, "".join(words)))

    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            add("=", old[step.src_start : step.src_end])
        else:
            add("-", old[step.src_start : step.src_end])
            add("+", new[step.dest_start : step.dest_end])
    return out
