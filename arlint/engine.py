"""The engine: a document and a ruleset give findings. Pure: no file, no terminal, no clock."""

from __future__ import annotations

from arlint.checks.expressions import Runaway
from arlint.document import Document
from arlint.findings import Finding, Fix, Hit
from arlint.page import Page, Span, overlaps
from arlint.rules import Rule
from arlint.ruleset import Ruleset

__all__ = ["Faulty", "check"]


class Faulty(RuntimeError):
    """A rule that cannot be trusted on this document; names the rule and what it did."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(f"{rule.id}: {message}")
        self.rule = rule


def check(document: Document, ruleset: Ruleset) -> list[Finding]:
    """Every finding of ``ruleset`` in ``document``, in order of place; furniture swallows what lies inside it.

    Raises `Faulty` where a rule's expression runs away.
    """
    page = Page(document)
    findings: list[Finding] = []
    gone: list[Span] = []
    pending: list[Finding] = []
    possible = ruleset.possible(page)
    for number in range(len(ruleset.entries)) if possible is None else sorted(possible):
        entry = ruleset.entries[number]
        rule = entry.rule
        if number >= ruleset.furniture and pending is not findings:
            findings, gone = _furniture(pending)
            pending, page.gone = findings, gone
        try:
            for hit in entry.check.hits(page):
                if gone and _inside(gone, hit.start, hit.end):
                    continue
                if document.masked and overlaps(document.masked, hit.start, max(hit.end, hit.start + 1)):
                    continue
                pending.append(_finding(rule, hit, page, ruleset))
        except Runaway as error:
            raise Faulty(rule, str(error)) from None
    if pending is not findings:
        findings, _ = _furniture(pending)
    findings.sort(key=lambda f: (f.start, f.end, f.rule.id))
    return _once(findings)


def _finding(rule: Rule, hit: Hit, page: Page, ruleset: Ruleset) -> Finding:
    fix = None
    edits, projection = hit.edits, page.document.projection
    if edits is not None and projection is not None:
        edits = projection.placed(edits)
    if edits is not None and rule.applicability is not None:
        grade = hit.applicability or rule.applicability
        if grade == "safe" and projection is not None and any(map(projection.block, edits)):
            grade = "unsafe"  # a link goes with what it says
        promoted = rule.id in ruleset.upgraded and grade == "unsafe"
        if promoted:
            grade = "safe"
        elif rule.id in ruleset.downgraded and grade == "safe":
            grade = "unsafe"
        fix = Fix(grade, edits, promoted)
    return Finding(rule, hit.start, hit.end, page.text[hit.start : hit.end], fix, hit.values)


def _furniture(findings: list[Finding]) -> tuple[list[Finding], list[Span]]:
    """Furniture findings less those that lie inside a larger one, and the spans that their fixes delete. Of several at one
    place a safe fix counts.
    """
    order = sorted(findings, key=lambda f: (f.start, -f.end, f.fix is None, f.fix is not None and f.fix.applicability != "safe"))
    kept: list[Finding] = []
    reach = -1
    for finding in order:
        if finding.end <= reach:
            continue
        kept.append(finding)
        if _deletes(finding):
            reach = max(reach, finding.end)
    spans = sorted((f.start, f.end) for f in kept if _deletes(f))
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return kept, merged


def _deletes(finding: Finding) -> bool:
    """Whether the finding's fix removes the whole of its span; markup may part it into several deletions."""
    if finding.fix is None:
        return False
    reach = finding.start
    for edit in sorted((e for e in finding.fix.edits if e.text == ""), key=lambda e: e.start):
        if finding.found[reach - finding.start : max(edit.start - finding.start, 0)].strip():
            return False
        reach = max(reach, edit.end)
    return reach >= finding.end


def _inside(spans: list[Span], start: int, end: int) -> bool:
    from bisect import bisect_right

    index = bisect_right(spans, (start, 1 << 60)) - 1
    return index >= 0 and end <= spans[index][1]


def _once(findings: list[Finding]) -> list[Finding]:
    """``findings`` without repeats of the same rule at the same place."""
    seen: set[tuple[str, int, int]] = set()
    out = []
    for finding in findings:
        place = (finding.rule.id, finding.start, finding.end)
        if place not in seen:
            seen.add(place)
            out.append(finding)
    return out
