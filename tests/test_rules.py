"""Every example of every rule holds, and every rule says what a reader of its page needs. No rule has a test of its own."""

from __future__ import annotations

import re

import pytest

from arlint import ruleset
from arlint.findings import Language
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


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_two_rules_share_a_summary(language: Language) -> None:
    summaries = [rule.about(language).summary for rule in SHIPPED.rules]
    assert len(set(summaries)) == len(summaries)


def test_every_rule_has_its_page_in_arabic() -> None:
    assert [rule.id for rule in SHIPPED.rules if rule.arabic is None] == []
    for rule in SHIPPED.rules:
        about = rule.about("ar")
        assert all(re.search("[\u0621-\u064a]{2}", text) for text in (about.summary, about.why, about.unsafe_because) if text is not None), rule.id
