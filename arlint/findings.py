"""What the engine says: findings, fixes and edits, as plain data.

Spans are half-open and count Unicode code points of the document's text. Nothing here knows a rule file, a terminal or a disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from arlint.rules import Rule

Applicability = Literal["safe", "unsafe", "manual"]
Language = Literal["ar", "en"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the code points ``start`` up to ``end`` by ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair as data: all of its edits are applied together, or none.

    ``promoted`` is set where the settings take as safe what its rule calls unsafe: then there is no promise to hold it to.
    """

    applicability: Applicability
    edits: tuple[Edit, ...]
    promoted: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check yields: a place, the edits that would mend it, and the values that its message names.

    ``edits`` is None where the check knows no repair. ``applicability`` is set where this one place deserves another
    grade than the rule's own (a lone outlet may be deleted, a torn one reattached).
    """

    start: int
    end: int
    edits: tuple[Edit, ...] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    applicability: Applicability | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where ``rule`` objects to the text; ``stored`` where it stands in the markup, so that its offsets and those of
    its edits count in the text as stored, not in what checks see of it."""

    rule: Rule
    start: int
    end: int
    found: str
    fix: Fix | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    stored: bool = False

    @property
    def replacement(self) -> str:
        """What the span reads after the fix; the empty string where it is deleted or there is no fix."""
        if self.fix is None:
            return ""
        text, shift = self.found, 0
        for edit in sorted(self.fix.edits, key=lambda e: e.start):
            start, end = max(edit.start, self.start) - self.start, min(edit.end, self.end) - self.start
            if 0 <= start <= end <= len(self.found):
                text = text[: start + shift] + edit.text + text[end + shift :]
                shift += len(edit.text) - (end - start)
        return text

    def message(self, language: Language = "en") -> str:
        """The rule's message in ``language``, invisible characters named rather than printed."""
        return self.rule.say(self.rule.message, language, self)

    def title(self, language: Language = "en") -> str:
        """What the fix does, in ``language``."""
        return self.rule.say(self.rule.fix_title, language, self)
