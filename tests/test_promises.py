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
from arlint.findings import Edit, Finding, Fix

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


LINE = "أعلنت الوزارة أمس موعد انطلاق العام الدراسي الجديد في جميع مناطق المملكة."


@pytest.mark.parametrize(("text", "kept"), [(f"{LINE}\n{LINE}\n", True), (f"{LINE}\nوتبدأ الدراسة غدا.\n", False)], ids=["twin stands", "no twin"])
def test_a_copy_may_be_removed_only_while_its_twin_stands(text: str, kept: bool) -> None:
    rule = LINTER.ruleset.by_id["duplicate/exact-copy"]
    deletion = Finding(rule, 0, len(LINE), LINE, Fix("safe", (Edit(0, len(LINE) + 1, ""),)))
    assert (fixes.broken_promise(text, deletion) is None) is kept


@pytest.mark.parametrize(("old", "new"), [("614.75", "61475"), ("12 5", "125"), ("كتاب", "كتب"), ("اللجنه", "اللجنة"), ("a.b@example.com", "a.b@example.co m")])
def test_a_safe_fix_that_would_harm_is_refused(old: str, new: str) -> None:
    rule = LINTER.ruleset.by_id["spelling/hamza-dropped"]
    text = f"قال {old} ثم"
    assert fixes.broken_promise(text, Finding(rule, 4, 4 + len(old), old, Fix("safe", (Edit(4, 4 + len(old), new),)))) is not None
