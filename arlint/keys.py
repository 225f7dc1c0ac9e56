"""Names for findings that outlive edits: what was found and what stands beside it on its line, not where.

A moved paragraph, a renamed file, another line's repair leave them alone. `report` prints them as fingerprints, `baseline`
keeps them with a count, `sift` knows a finding again by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from arlint.document import Document
    from arlint.findings import Finding

#: How many letters on either side of a finding its key takes in: about three words.
NEIGHBOURS = 16
#: How much found text a key spells out; the rest of a long passage goes in as a digest.
SPELLED = 60

#: (rule, start, end) names a finding within one document.
Place = tuple[str, int, int]


class Key(NamedTuple):
    """``found`` is folded, its white space single; ``before`` and ``after`` are the nearest letters on the same line, folded:
    a safe repair beside it (hamza, tatweel, spacing, quotation marks) changes neither."""

    rule: str
    found: str
    before: str
    after: str


def key_of(document: Document, finding: Finding) -> Key:
    """The key of a finding in ``document``. What begins or ends in a line break has no neighbour on that side."""
    from arlint.arabic import fold, letters  # a run that finds its reports in the cache needs no letters

    text = document.around(finding)
    left = max(0, finding.start - 4 * NEIGHBOURS)
    left = max(left, text.rfind("\n", left, finding.start) + 1)
    stop = text.find("\n", finding.end, finding.end + 4 * NEIGHBOURS)
    right = finding.end + 4 * NEIGHBOURS if stop < 0 else stop
    before = "" if finding.found.startswith("\n") else letters(text[left : finding.start])[-NEIGHBOURS:]
    after = "" if finding.found.endswith("\n") else letters(text[finding.end : right])[:NEIGHBOURS]
    return Key(finding.rule.id, _cut(" ".join(fold(finding.found).split())), before, after)


def _cut(found: str) -> str:
    return found if len(found) <= SPELLED else f"{found[: SPELLED // 2]}\u2026{blake2b(found.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def place(finding: Finding) -> Place:
    return finding.rule.id, finding.start, finding.end


def fingerprints(document: Document, findings: Iterable[Finding]) -> dict[Place, str]:
    """A fingerprint for each of the findings of one document; places with equal keys are told apart by their order,
    so all findings go in, also those that will not be shown."""
    seen: Counter[Key] = Counter()
    out = {}
    for finding in findings:
        key = key_of(document, finding)
        seen[key] += 1
        joined = "\0".join(key)
        out[place(finding)] = blake2b(f"{joined}\0{seen[key]}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return out
