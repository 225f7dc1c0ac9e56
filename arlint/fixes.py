"""Fixes: choose edits that do not overlap, apply them, look again until nothing changes, and hold every one to its promise.

A fix that would break its promise is not applied and its rule is reported as faulty; the text stays as it was there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import unescape
from itertools import pairwise

from arlint.arabic import letters, reading_numbers
from arlint.document import LOST, Document
from arlint.edits import compose
from arlint.encoding import lacks
from arlint.engine import check
from arlint.findings import Applicability, Edit, Finding
from arlint.page import PROTECTED, key
from arlint.plain import name_of
from arlint.rules import FAMILIES
from arlint.ruleset import Ruleset
from arlint.sift import Sift

SAFE: frozenset[Applicability] = frozenset({"safe"})
UNSAFE: frozenset[Applicability] = frozenset({"safe", "unsafe"})

#: Rounds of fixing before a document that still changes is given up; two are the rule, the corpus has needed six.
ROUNDS = 12

#: How often a text with markup is read again in one round to find the edits that it refuses.
TRIALS = 40


@dataclass
class Outcome:
    """What fixing did: the document as it is now, the findings that were mended (offsets of their round), what remains,
    promises that rules broke, one line each, and all edits together, as spans of the text as stored. ``steps`` are the rounds:
    the document before each, and what it mended.
    """

    document: Document
    fixed: list[Finding] = field(default_factory=list)
    remaining: list[Finding] = field(default_factory=list)
    #: what remains and what was let be
    every: list[Finding] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    steps: list[tuple[Document, list[Finding]]] = field(default_factory=list)

    @property
    def rounds(self) -> int:
        """How often the document was looked at and mended."""
        return len(self.steps)


def fix(document: Document, ruleset: Ruleset, allowed: Collection[Applicability] = SAFE, sift: Sift | None = None) -> Outcome:
    """``document`` with every allowed fix of ``ruleset`` applied until there is none left; what ``sift`` lets be is neither
    mended nor told.

    A document that does not settle within `ROUNDS`, or comes back to a text it had before, keeps its original text.
    """
    outcome = Outcome(document)
    seen = {document.raw}
    faulty: set[str] = set()
    sift = unmoved = sift or Sift()
    while True:
        every = check(outcome.document, ruleset)
        findings = sift(outcome.document, every)
        sound: list[Finding] = []
        # what stands in the markup itself has its turn when the text is done: the two count their offsets differently
        for stored in (False, True):
            for finding in choose([f for f in findings if f.stored == stored], allowed):
                if finding.rule.id in faulty:
                    continue
                if unwritable := _unwritable(outcome.document, finding):
                    outcome.broken += [line for line in [f"{finding.rule.id}: {unwritable}"] if line not in outcome.broken]
                    continue
                reason = None if stored else broken_promise(outcome.document.text, finding)
                if reason is None:
                    sound.append(finding)
                else:
                    faulty.add(finding.rule.id)
                    outcome.broken.append(f"{finding.rule.id}: {reason}; left as it was")
            if sound:
                break
        if not sound:
            outcome.remaining, outcome.every = findings, every
            return outcome
        changed, kept = _applied(outcome.document, sound)
        if not kept:
            refused = set(map(id, sound))
            outcome.remaining, outcome.every = [replace(f, fix=None) if id(f) in refused else f for f in findings], every
            return outcome
        outcome.steps.append((outcome.document, kept))
        if changed.raw in seen or outcome.rounds >= ROUNDS:
            rules = ", ".join(sorted({f.rule.id for f in kept}))
            every = check(document, ruleset)
            return Outcome(document, [], unmoved(document, every), every, [*outcome.broken, f"{rules}: fixes do not settle; the document was left as it was"])
        seen.add(changed.raw)
        sift = sift.after(outcome.document, every, _changes(outcome.document, kept))
        outcome.edits = compose(outcome.edits, _changes(outcome.document, kept))
        outcome.document = changed
        outcome.fixed += kept


def offered(document: Document, findings: list[Finding]) -> list[Finding]:
    """``findings`` as an editor offers them, each fix for itself: one that `fix` would refuse is taken away."""
    mends = [f for f in findings if f.fix and f.fix.edits and not _unwritable(document, f) and (f.stored or broken_promise(document.text, f) is None)]
    sound = {id(finding) for finding in mends}
    if document.projection is not None:
        sound = {id(finding) for stored in (False, True) for finding in _keeping(document, [f for f in mends if f.stored == stored])}
    return [finding if finding.fix is None or id(finding) in sound else replace(finding, fix=None) for finding in findings]


def _keeping(document: Document, findings: list[Finding]) -> Iterator[Finding]:
    """Those of ``findings`` whose fixes leave the markup as it is; tried together where they do not touch."""
    while chosen := choose(findings, {"safe", "unsafe", "manual"}):
        tried = set(map(id, chosen))
        findings = [finding for finding in findings if id(finding) not in tried]
        while kept := _applied(document, chosen)[1]:
            yield from kept
            done = set(map(id, kept))
            chosen = [finding for finding in chosen if id(finding) not in done]


def _unwritable(document: Document, finding: Finding) -> str | None:
    """Why the finding's fix cannot be stored as the document is: it would lose undecoded bytes, or its encoding lacks a character."""
    edits = _edits([finding])
    if document.sound is not document.raw:
        seen = document.sound if finding.stored else document.text
        if any(LOST in seen[e.start : e.end] for e in edits):
            return "its fix would lose bytes that could not be decoded; left as it was"
        if any(not e.text and seen[e.start - 1 : e.start] == seen[e.end : e.end + 1] == LOST for e in edits):  # two halves may make a character that nobody wrote
            return "its fix would join bytes that could not be decoded; left as it was"
    lacking = None if document.encoding == "utf-8" else lacks("".join(e.text for e in edits), document.encoding)
    return f"its fix needs {name_of(lacking)}, which {document.encoding} lacks; left as it was (--to-utf-8 converts the file)" if lacking else None


def _applied(document: Document, chosen: list[Finding]) -> tuple[Document, list[Finding]]:
    """The document after the fixes of ``chosen``, and those that were applied: what would change markup is left out.

    Only a text with markup can refuse: it is read again, and must show the same markup and the text that the edits say. Where
    it does not, the half with the culprit is looked for, within `TRIALS`; what is left over has its turn in the next round.
    """
    kept: list[Finding] = []
    result, parts = document, [chosen]
    for _ in range(TRIALS):
        if not parts:
            break
        part = parts.pop()
        changes = _changes(document, kept + part)
        changed = None if _overlap(changes) else document.changed(changes)
        if changed is not None and _keeps_markup(document, changed, kept + part):
            result, kept = changed, kept + part
        elif len(part) > 1:
            parts += [part[len(part) // 2 :], part[: len(part) // 2]]
    return result, kept


def _edits(findings: list[Finding]) -> list[Edit]:
    return [edit for finding in findings if finding.fix for edit in finding.fix.edits]


def _changes(document: Document, findings: list[Finding]) -> list[Edit]:
    return [edit for finding in findings for edit in document.changes(finding)]


def _overlap(changes: list[Edit]) -> bool:
    """Whether a block goes with a place in its markup where something is to be inserted."""
    return any(a.end > b.start for a, b in pairwise(sorted(changes, key=lambda e: (e.start, e.end))))


def _keeps_markup(before: Document, after: Document, findings: list[Finding]) -> bool:
    if any(finding.stored for finding in findings):
        return after.text.split() == before.text.split()
    return before.projection is None or (after.projection is not None and after.projection.holds(before.projection, _edits(findings)))


def choose(findings: list[Finding], allowed: Collection[Applicability]) -> list[Finding]:
    """Findings whose fixes may be applied together: by family order and place, none touching an edit chosen before."""
    taken: list[tuple[int, int]] = []
    chosen = []
    for finding in sorted(findings, key=lambda f: (FAMILIES.index(f.rule.family), f.start, -f.end)):
        if finding.fix is None or finding.fix.applicability not in allowed or not finding.fix.edits:
            continue
        spans = [(e.start, e.end) for e in finding.fix.edits]
        if any(a <= d and c <= b for a, b in spans for c, d in taken):
            continue
        taken += spans
        chosen.append(finding)
    return chosen


def broken_promise(text: str, finding: Finding) -> str | None:
    """Why the finding's fix must not be applied to ``text``, or None where it keeps what `docs/promises.md` says."""
    fix = finding.fix
    assert fix is not None
    edits = sorted(fix.edits, key=lambda e: e.start)
    if any(not 0 <= e.start <= e.end <= len(text) for e in edits):
        return "its edit lies outside the text"
    if any(a.end > b.start for a, b in pairwise(edits)):
        return "its edits overlap"
    if fix.applicability != "safe" or fix.promoted:
        return None
    for edit in edits:
        reason = _unsafe(text, edit, finding)
        if reason:
            return f"a safe fix {reason}"
    return None


def _unsafe(text: str, edit: Edit, finding: Finding) -> str | None:
    if edit.text.strip() == "" and (removes := finding.rule.removes):
        if removes == "furniture":
            return None
        return None if _stands_elsewhere(text, edit.start, edit.end) else "deletes a line that has no second copy"
    # a word's worth of text on either side, so that joins and splits are judged whole
    start, end = max(0, edit.start - 24), min(len(text), edit.end + 24)
    old = text[start:end]
    new = text[start : edit.start] + edit.text + text[edit.end : end]
    if "&" in old:  # a character reference is the character that it names
        old, new = unescape(unescape(old)), unescape(unescape(new))
    if reading_numbers(old) != reading_numbers(new):
        return "changes the value of a number"
    if letters(old) != letters(new):
        return "changes letters"
    for kind in ("url", "email"):
        if PROTECTED[kind].findall(old) != PROTECTED[kind].findall(new) and any(a < edit.end - start and b > edit.start - start for a, b in (m.span() for m in PROTECTED[kind].finditer(old))):
            return f"touches a protected span ({kind})"
    return None


def _stands_elsewhere(text: str, start: int, end: int) -> bool:
    """Whether every line in ``text[start:end]`` has a copy of its own among the lines that stay."""
    removed = text[start:end]
    start += len(removed) - len(removed.lstrip())
    end -= len(removed) - len(removed.rstrip())
    touched = Counter(map(key, text[text.rfind("\n", 0, start) + 1 : text.find("\n", end) if "\n" in text[end:] else len(text)].split("\n")))
    lines = [k for k in map(key, removed.split("\n")) if k]
    return bool(lines) and all(_line_keys(text)[line] > touched[line] for line in lines)


@lru_cache(maxsize=2)
def _line_keys(text: str) -> Counter[str]:
    return Counter(map(key, text.split("\n")))
