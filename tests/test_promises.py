"""What a fix promises (docs/promises.md), as properties over generated copy and over every seed article."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from arabic_text import anything, articles
from hypothesis import HealthCheck, given, settings

from arlint import Linter, fixes
from arlint.arabic import letters, reading_numbers
from arlint.document import Document
from arlint.page import key

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
LINTER = Linter()
STRICT = Linter(profile="strict", preview=True)
slow = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
@pytest.mark.parametrize("allowed", [fixes.SAFE, fixes.UNSAFE], ids=["safe", "unsafe"])
def test_seeds_settle(path: Path, allowed: frozenset[str]) -> None:
    document = Document(path.read_bytes().decode())
    once = fixes.fix(document, LINTER.ruleset, allowed)
    assert once.broken == []
    assert fixes.fix(once.document, LINTER.ruleset, allowed).document.raw == once.document.raw


@given(anything)
@slow
def test_fixing_twice_is_fixing_once(text: str) -> None:
    for linter in (LINTER, STRICT):
        for allowed in (fixes.SAFE, fixes.UNSAFE):
            once = fixes.fix(Document(text), linter.ruleset, allowed)
            assert fixes.fix(once.document, linter.ruleset, allowed).document.raw == once.document.raw


@given(articles())
@slow
def test_no_fix_breaks_its_promise(text: str) -> None:
    for linter in (LINTER, STRICT):
        assert fixes.fix(Document(text), linter.ruleset, fixes.UNSAFE).broken == []


@given(articles())
@slow
def test_safe_fixes_keep_letters_and_values(text: str) -> None:
    """Over the whole text, judged without the engine's own check: only copies of lines and furniture may go."""
    outcome = fixes.fix(Document(text), LINTER.ruleset, fixes.SAFE)
    if any(f.rule.removes for f in outcome.fixed):
        return
    before, after = (unescape(unescape(t)) for t in (Document(text).text, outcome.document.text))  # &quot; is its character
    assert letters(after) == letters(before)
    assert reading_numbers(after) == reading_numbers(before)


@given(anything)
@slow
def test_findings_lie_inside_the_text_and_in_order(text: str) -> None:
    document = Document(text)
    findings = LINTER.check(text)
    assert [f.start for f in findings] == sorted(f.start for f in findings)
    for finding in findings:
        assert 0 <= finding.start <= finding.end <= len(document.text)
        assert finding.found == document.text[finding.start : finding.end]
        assert finding.message("ar")
        assert "{" not in finding.message("en").replace(finding.found, "") or "{" in text


def test_a_copy_may_be_removed_only_while_its_twin_stands() -> None:
    assert key("نصٌّ طويل.") == key("نص  طويل")
