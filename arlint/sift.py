"""Which findings of a file are told and mended, and which are let be: silenced, in the baseline, or on lines not asked about.

One `Sift` a file; it is asked in every round of fixing and follows what it let be through the edits. Comments in the text are
read by ``suppress``, settings by ``silences``, the baseline by ``baseline``, changed lines by ``since``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from arlint.document import Document
from arlint.findings import Edit, Finding
from arlint.keys import Place, fingerprints, place
from arlint.silences import Part, Silence
from arlint.suppress import Known, applied, covers

if TYPE_CHECKING:
    from arlint.projects import Project

#: (record, field), which tells the documents of one file apart.
Origin = tuple[str | None, str | None]
Span = tuple[int, int]


@dataclass(frozen=True)
class Sift:
    """What is let be in one file.

    ``names`` are what comments in it may name, without which they are not looked at; ``silences`` are the tables that fit its path, with their number in the settings and the parts that the path fits;
    ``known`` are fingerprints that the baseline holds; ``changed`` the lines asked about, first and last from 1, None for all.
    ``used`` collects what of the silences was needed.
    """

    names: Known | None = None
    silences: Sequence[tuple[int, Silence, tuple[Part, ...]]] = ()
    known: Mapping[Origin, frozenset[str]] = field(default_factory=dict)
    changed: Sequence[Span] | None = None
    used: set[tuple[int, Part]] = field(default_factory=set)
    _later: _Later | None = None

    def __call__(self, document: Document, findings: list[Finding]) -> list[Finding]:
        """``findings`` of ``document`` less those that are let be, in their order."""
        findings = applied(document, findings, self.names) if self.names else findings
        if not findings or not self._lets_be:
            return findings
        kept = self._unsilenced(document, findings)
        if self._later is not None:
            return [finding for finding in kept if not self._later.lets_be(document, finding)]
        if known := self.known.get((document.record, document.field)):
            prints = fingerprints(document, findings)
            kept = [finding for finding in kept if prints[place(finding)] not in known]
        return kept if self.changed is None else _on(document, kept, self.changed)

    @property
    def _lets_be(self) -> bool:
        return bool(self.silences or self.known or self.changed is not None)

    def after(self, document: Document, findings: list[Finding], edits: Iterable[Edit]) -> Sift:
        """The sift for ``document``, which had ``findings``, once ``edits`` of its stored text are made: places move, fingerprints may change."""
        if not self._lets_be:
            return self
        moves = _Moves(edits)
        if self._later is not None:
            return replace(self, _later=self._later.moved(moves))
        told = {place(finding) for finding in self(document, findings)}
        quiet = [(finding.rule.id, *document.where(finding)) for finding in findings if place(finding) not in told]
        asked = None if self.changed is None else _spans(document, self.changed)
        return replace(self, _later=_Later(tuple(quiet), asked).moved(moves))

    def _unsilenced(self, document: Document, findings: list[Finding]) -> list[Finding]:
        fitting = [(number, silence, parts) for number, silence, parts in self.silences if not silence.records or document.record in silence.records]
        if self._later is not None:  # fingerprints count places, which come and go: what they named is followed instead
            fitting = [entry for entry in fitting if not entry[1].fingerprints]
        if not fitting:
            return findings
        prints = fingerprints(document, findings) if any(silence.fingerprints for _, silence, _ in fitting) else {}
        return [finding for finding in findings if not self._silenced(finding, prints.get(place(finding), ""), document.record, fitting)]

    def _silenced(self, finding: Finding, print_: str, record: str | None, fitting: Sequence[tuple[int, Silence, tuple[Part, ...]]]) -> bool:
        silenced = False
        for number, silence, parts in fitting:
            rules = [name for name in silence.rules if covers(name, finding.rule.id)]
            if (silence.rules and not rules) or (silence.fingerprints and print_ not in silence.fingerprints):
                continue
            silenced = True
            self.used.update((number, part) for part in [("", ""), *parts, *(("rules", name) for name in rules)])
            self.used.update((number, part) for part in [("records", record or ""), ("fingerprints", print_)] if part in silence.origins)
        return silenced


@dataclass(frozen=True)
class _Later:
    """What was let be when the file was first looked at, as places in the text as it is stored now."""

    quiet: tuple[Place, ...]
    asked: tuple[Span, ...] | None

    def lets_be(self, document: Document, finding: Finding) -> bool:
        start, end = document.where(finding)
        if any(rule == finding.rule.id and first <= end and start <= last for rule, first, last in self.quiet):
            return True
        return self.asked is not None and not any(first <= end and start <= last for first, last in self.asked)

    def moved(self, moves: _Moves) -> _Later:
        quiet = tuple((rule, moves.start(first), moves.end(last)) for rule, first, last in self.quiet)
        return _Later(quiet, None if self.asked is None else tuple((moves.start(first), moves.end(last)) for first, last in self.asked))


class _Moves:
    """Where offsets of the stored text go when edits are made; what is replaced goes to either end of what replaces it."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.at, self.ends, self.to, shift = [], [], [], 0
        for edit in sorted(edits, key=lambda e: (e.start, e.end)):
            self.at.append(edit.start)
            self.ends.append(edit.end)
            self.to.append((edit.start + shift, edit.start + shift + len(edit.text)))
            shift += len(edit.text) - (edit.end - edit.start)

    def start(self, offset: int) -> int:
        return self._moved(offset, 0)

    def end(self, offset: int) -> int:
        return self._moved(offset, 1)

    def _moved(self, offset: int, side: int) -> int:
        last = bisect_right(self.at, offset) - 1
        if last < 0:
            return offset
        return self.to[last][side] if offset < self.ends[last] else self.to[last][1] + offset - self.ends[last]


def sift_for(project: Project, path: str, known: Mapping[Origin, frozenset[str]] | None = None, changed: Sequence[Span] | None = None) -> Sift:
    """The sift for the file at ``path``."""
    fitting = []
    for number, silence in enumerate(project.settings.silence):
        parts = tuple(("paths", pattern) for pattern in silence.paths if project.fits(pattern, path))
        if parts or not silence.paths:
            fitting.append((number, silence, parts))
    return Sift(Known(project.rules_for(path), project.names, project.absent), fitting, known or {}, changed)


def _on(document: Document, findings: list[Finding], changed: Sequence[Span]) -> list[Finding]:
    """The findings that touch one of the lines; a record is in it whole or not at all."""
    if document.lines is not None:
        return findings if _meets(changed, *document.lines) else []
    spans = ((finding, *document.where(finding)) for finding in findings)
    return [finding for finding, start, end in spans if _meets(changed, document.place(start)[0], document.place(max(start, end - 1))[0])]


def _meets(changed: Sequence[Span], first: int, last: int) -> bool:
    index = bisect_right(changed, (last, 1 << 60)) - 1
    return index >= 0 and changed[index][1] >= first


def _spans(document: Document, changed: Sequence[Span]) -> tuple[Span, ...]:
    """The lines as offsets of the stored text."""
    if document.lines is not None:
        return ((0, len(document.raw)),) if _meets(changed, *document.lines) else ()
    starts = [*document.line_starts, len(document.raw) + 1]
    return tuple((starts[first - 1], starts[min(last, len(starts) - 1)] - 1) for first, last in changed if first < len(starts))
