"""Proof: a rule's examples must hold, alone and among all other rules. Tests, ``test-rules`` and the loader ask here."""

from __future__ import annotations

from collections.abc import Iterator

from arlint.document import Document
from arlint.engine import Faulty, check
from arlint.findings import Applicability, Finding
from arlint.fixes import UNSAFE, fix
from arlint.rules import Example, Rule, RuleError
from arlint.ruleset import Ruleset
from arlint.sift import Sift
from arlint.suppress import Known

EVERY: frozenset[Applicability] = frozenset({"safe", "unsafe", "manual"})


def prove(rule: Rule, ruleset: Ruleset) -> None:
    """Raises `RuleError` at the first example of ``rule`` that does not hold."""
    for line, problem in problems(rule, ruleset):
        raise RuleError(rule.path, line, problem)


def problems(rule: Rule, ruleset: Ruleset) -> Iterator[tuple[int | None, str]]:
    """(line, what is wrong) for every example of ``rule`` that does not hold."""
    alone = ruleset.only([rule.id])
    try:
        for number, example in enumerate(rule.bad):
            if problem := _bad(rule, example, alone, ruleset):
                yield rule.lines.get(f"$.bad[{number}]"), f"bad[{number}]: {problem}"
        for number, example in enumerate(rule.good):
            if found := _found(rule, _document(example, rule), alone, ruleset):
                yield rule.lines.get(f"$.good[{number}]"), f"good[{number}]: fires on '{found[0].found}'; narrow the rule or move the example to 'bad'"
    except Faulty as faulty:
        yield rule.lines.get("$.check"), str(faulty)


def _document(example: Example, rule: Rule) -> Document:
    """The example as a text; as a page where the rule is about comments in one."""
    if rule.check != "suppressions":
        return Document(example.text, title=example.title)
    from arlint.formats.html import project

    return Document(example.text, title=example.title, project=project)


def _found(rule: Rule, document: Document, alone: Ruleset, ruleset: Ruleset) -> list[Finding]:
    if rule.check != "suppressions":
        return check(document, alone)
    return [finding for finding in _sift(rule, ruleset)(document, check(document, ruleset)) if finding.rule.id == rule.id]


def _sift(rule: Rule, ruleset: Ruleset) -> Sift:
    """What a comment silences, only all the other rules can say."""
    return Sift(Known(ruleset, frozenset(ruleset.by_id))) if rule.check == "suppressions" else Sift()


def _bad(rule: Rule, example: Example, alone: Ruleset, ruleset: Ruleset) -> str | None:
    document = _document(example, rule)
    found = _found(rule, document, alone, ruleset)
    if not found:
        return "does not fire"
    if example.found is not None and example.found not in [f.found for f in found]:
        return f"fires on '{found[0].found}', not on '{example.found}'"
    if example.fix is None:
        return "the rule repairs this, so the example says 'fix'" if rule.applicability and any(f.fix for f in found) and example.found is None else None
    outcome = fix(document, ruleset if rule.check == "suppressions" else alone, EVERY, _sift(rule, ruleset))
    if outcome.broken:
        return outcome.broken[0]
    if outcome.document.raw != example.fix:
        return f"is repaired to '{outcome.document.raw}', not to '{example.fix}'"
    whole = ruleset.select().only({r.id for r in ruleset.select().rules} | {rule.id})
    return _unsettled(outcome.document, whole, rule)


def _unsettled(repaired: Document, whole: Ruleset, rule: Rule) -> str | None:
    """Whether the repaired text still has a finding, or another rule undoes the repair."""
    sift = _sift(rule, whole)
    left = sift(repaired, check(repaired, whole))
    if left:
        return f"the repaired text still has {left[0].rule.id} on '{left[0].found}'"
    again = fix(repaired, whole, UNSAFE, sift)
    return None if again.document.raw == repaired.raw else f"another rule undoes the repair: '{again.document.raw}'"
