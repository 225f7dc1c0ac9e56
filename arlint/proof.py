"""Proof: a rule's examples must hold, alone and among all other rules. Tests, ``test-rules`` and the loader ask here."""

from __future__ import annotations

from collections.abc import Iterator

from arlint.document import Document
from arlint.engine import Faulty, check
from arlint.findings import Applicability, Finding
from arlint.fixes import UNSAFE, fix
from arlint.rules import Example, Rule, RuleError
from arlint.ruleset import Ruleset

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
            if found := check(_document(example), alone):
                yield rule.lines.get(f"$.good[{number}]"), f"good[{number}]: fires on '{found[0].found}'; narrow the rule or move the example to 'bad'"
    except Faulty as faulty:
        yield rule.lines.get("$.check"), str(faulty)


def _document(example: Example) -> Document:
    return Document(example.text, title=example.title)


def _bad(rule: Rule, example: Example, alone: Ruleset, ruleset: Ruleset) -> str | None:
    document = _document(example)
    found = check(document, alone)
    if not found:
        return "does not fire"
    if example.found is not None and example.found not in [f.found for f in found]:
        return f"fires on '{found[0].found}', not on '{example.found}'"
    if example.fix is None:
        return "the rule repairs this, so the example says 'fix'" if rule.applicability and any(f.fix for f in found) and example.found is None else None
    outcome = fix(document, alone, EVERY)
    if outcome.broken:
        return outcome.broken[0]
    if outcome.document.raw != example.fix:
        return f"is repaired to '{outcome.document.raw}', not to '{example.fix}'"
    whole = ruleset.select().only({r.id for r in ruleset.select().rules} | {rule.id})
    return _unsettled(outcome.document, whole, rule)


def _unsettled(repaired: Document, whole: Ruleset, rule: Rule) -> str | None:
    """Whether the repaired text still has a finding, or another rule undoes the repair."""
    left: list[Finding] = check(repaired, whole)
    if left:
        return f"the repaired text still has {left[0].rule.id} on '{left[0].found}'"
    again = fix(repaired, whole, UNSAFE)
    return None if again.document.raw == repaired.raw else f"another rule undoes the repair: '{again.document.raw}'"
