"""What compiled checks share is kept once, and comes back as it was."""

from __future__ import annotations

import pickle

from arlint import ruleset
from arlint.checks.outlets.loose import S
from arlint.checks.outlets.stray import _SPACES
from arlint.codes import class_codes
from arlint.gate import _listed
from arlint.parts import Packing


def test_what_two_checks_hold_alike_is_one_object_once_they_are_loaded() -> None:
    packing = Packing()
    first, second = (packing.packed([kind, {f"word {number}": number for number in range(500)}]) for kind in ("a", "b"))
    parts = pickle.loads(pickle.dumps(packing.parts))
    one, other = parts.load(first), parts.load(second)
    assert (one[0], other[0]) == ("a", "b")
    assert one[1] is other[1]
    assert one[1] == {f"word {number}": number for number in range(500)}


def test_rules_handed_to_another_process_have_the_checks_that_they_had() -> None:
    rules = ruleset.load().select(select=["boilerplate", "spelling"])
    there = pickle.loads(pickle.dumps(rules))
    assert [entry.rule.id for entry in there.entries] == [entry.rule.id for entry in rules.entries]
    assert [type(entry.check) for entry in there.entries] == [type(entry.check) for entry in rules.entries]
    pairs = [[getattr(entry.check, "pairs", None) for entry in of.entries] for of in (rules, there)]
    assert any(pairs[0])
    assert pairs[0] == pairs[1]


def test_a_rule_compiled_here_can_be_handed_over_too() -> None:
    compiled = ruleset.load(use_cache=False).only(["spelling/hamza-dropped"]).entries[0]
    assert compiled.stored is None
    assert pickle.loads(pickle.dumps(compiled)).check.pairs == compiled.check.pairs


def test_listed_words_speak_for_their_rules_and_others_for_none() -> None:
    words = {"هاذا": (3,), "لاكن": (3, 70_000), "إنشاء": ()}
    listed = _listed(words)
    assert {word: listed.get(word) for word in words} == words
    assert listed.get("هذا") == listed.get("") == ()


def test_the_spaces_of_stray_stops_are_all_that_may_be_one() -> None:
    assert set(_SPACES) == class_codes(S).may
