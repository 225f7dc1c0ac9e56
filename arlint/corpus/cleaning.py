"""One text of one record checked or repaired: the pure function that every engine, and `arlint.corpus.batch`, calls.

Knows no file, no Arrow and no process; how records are read and written is the business of ``shard``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

import msgspec

from arlint.document import Document
from arlint.edits import compose
from arlint.engine import Faulty, check
from arlint.findings import Edit, Finding
from arlint.fixes import SAFE, UNSAFE, fix
from arlint.report import excerpt
from arlint.report.spots import words
from arlint.ruleset import Ruleset
from arlint.sift import Sift

#: Code points above which a text is left alone: no article is as long, and the memory of a worker stays bounded.
MAX_LENGTH = 500_000


@dataclass(frozen=True)
class Job:
    """What is done to every text of a run."""

    ruleset: Ruleset
    mode: Literal["check", "fix"] = "check"
    unsafe: bool = False
    max_length: int = MAX_LENGTH


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as a table keeps it. ``start`` and ``end`` are code points of the text as stored, ``line`` and ``column`` count
    from 1; ``before`` and ``after`` are what stands around it, ``replacement`` what its span reads after the fix, and ``values``
    a JSON object of what else its message names.
    """

    rule: str
    severity: str
    applicability: str | None
    start: int
    end: int
    line: int
    column: int
    found: str
    before: str
    after: str
    replacement: str | None
    values: str | None


@dataclass(frozen=True, slots=True)
class Mended:
    """One edit of a rule: ``after`` for ``before``, which stood from ``start`` up to ``end`` of the text as it was in that round of fixing."""

    round: int
    rule: str
    applicability: str
    start: int
    end: int
    before: str
    after: str


@dataclass
class Cleaned:
    """What became of one text: its new value, the edits that lead to it (all together, and in the
    order in which they were made), what was found or remains, how much each rule mended,
    and why it was left alone if it was (``long``: for its length alone)."""

    text: str
    edits: list[Edit] = field(default_factory=list)
    log: list[Mended] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    mended: Counter[str] = field(default_factory=Counter)
    words: int = 0
    problem: str | None = None
    long: bool = False
    broken: list[str] = field(default_factory=list)


def clean(document: Document, job: Job, sift: Sift | None = None) -> Cleaned:
    """``document`` checked, or repaired, as ``job`` says; what ``sift`` lets be is neither told nor mended.

    Never raises: a text that cannot be checked stays as it was.
    """
    raw = document.raw
    if len(raw) > job.max_length:
        return Cleaned(raw, problem=f"a text of {len(raw):,} characters, {job.max_length:,} are read (--max-length)", long=True)
    try:
        if job.mode == "check":
            findings = check(document, job.ruleset)
            return Cleaned(raw, findings=_rows(document, sift(document, findings) if sift else findings), words=words(document))
        outcome = fix(document, job.ruleset, UNSAFE if job.unsafe else SAFE, sift)
    except Faulty as error:
        return Cleaned(raw, problem=f"{error}; leave the rule out with --ignore {error.rule.id}")
    except Exception as error:  # noqa: BLE001  one text must not end the run of millions
        return Cleaned(raw, problem=f"arlint failed here ({type(error).__name__}: {error}); please report this with the text")
    return Cleaned(
        outcome.document.raw,
        outcome.edits,
        _log(outcome.steps),
        _rows(outcome.document, outcome.remaining),
        Counter(finding.rule.id for finding in outcome.fixed),
        words(document),
        broken=outcome.broken,
    )


def _log(steps: list[tuple[Document, list[Finding]]]) -> list[Mended]:
    return [
        Mended(number, finding.rule.id, finding.fix.applicability, edit.start, edit.end, document.raw[edit.start : edit.end], edit.text)
        for number, (document, findings) in enumerate(steps, 1)
        for finding in findings
        if finding.fix
        for edit in document.changes(finding)
    ]


def inverse(log: Iterable[Mended]) -> list[Edit]:
    """The edits, in order, that take those of ``log`` back."""
    rounds: dict[int, list[Mended]] = {}
    for edit in log:
        rounds.setdefault(edit.round, []).append(edit)
    back: list[Edit] = []
    for number in sorted(rounds, reverse=True):
        own, shift = [], 0
        for edit in sorted(rounds[number], key=lambda e: (e.start, e.end)):
            start = edit.start + shift
            own.append(Edit(start, start + len(edit.after), edit.before))
            shift += len(edit.after) - (edit.end - edit.start)
        back = compose(back, own)
    return back


def _rows(document: Document, findings: list[Finding]) -> list[Row]:
    return [_row(document, finding) for finding in findings]


def _row(document: Document, finding: Finding) -> Row:
    around = excerpt(document.around(finding), finding.start, finding.end)
    start, end = document.where(finding)
    fix = finding.fix
    return Row(
        finding.rule.id,
        finding.rule.severity,
        fix.applicability if fix else None,
        start,
        end,
        *document.place(start),
        around.found,
        around.before,
        around.after,
        finding.replacement if fix else None,
        msgspec.json.encode(finding.values, order="sorted").decode() if finding.values else None,
    )


def digest(text: str) -> str:
    """The name of a text's content: 16 bytes of BLAKE2b over its UTF-8, in hexadecimal."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
