"""Every example of every rule holds, and every rule says what a reader of its page needs. No rule has a test of its own."""

from __future__ import annotations

import pytest

from arlint import ruleset
from arlint.proof import problems
from arlint.rules import Rule
from arlint.ruleset import Ruleset

SHIPPED: Ruleset = ruleset.load()


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda r: r.id)
def test_examples_hold(rule: Rule) -> None:
    assert list(problems(rule, SHIPPED)) == []


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda r: r.id)
def test_messages_are_clauses(rule: Rule) -> None:
    for template in (rule.message, rule.fix_title):
        for text in template.values():
            assert text == text.strip()
            assert not text.endswith(".")
    assert rule.applicability is None or rule.fix_title["ar"]


def test_no_two_rules_share_a_summary() -> None:
    summaries = [rule.summary for rule in SHIPPED.rules]
    assert len(set(summaries)) == len(summaries)
