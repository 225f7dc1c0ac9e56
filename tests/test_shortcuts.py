"""A cheap look never rules out what the full one would have found, and where it counts it counts the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import regex
from arabic_text import anything
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from arlint import ruleset
from arlint.arabic import LETTER, MARK
from arlint.checks.furniture import spelled
from arlint.checks.outlets.grammar import Grammar
from arlint.checks.outlets.names import Names
from arlint.checks.pairs import marks
from arlint.codes import decoded, decorated, encoded, letters_and_numbers, may_be_vowelled
from arlint.document import Document
from arlint.page import PROTECTED, Page

RULES = ruleset.load().select("strict", preview=True)
ROOT = Path(__file__).parent.parent
TEXTS = [path.read_text("utf-8") for path in sorted([*(ROOT / "tests/sound").glob("*.txt"), *(ROOT / "seeds").glob("*.txt")])]
TEXTS += [example.text for rule in RULES.rules if rule.family in ("outlet", "quotes", "boilerplate") for example in rule.bad]

often = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
#: Text in which what the shortcuts look at is dense: cues, names, their first halves, marks on letters, invisible characters.
pieces = st.lists(
    st.sampled_from(
        [
            *("قال", "وقالت", "ذكرت", "أفادت", "نقلًا عن", "نقلاً", "وفقا", "بحسب", "صحيفة", "رويترز", "لرويترز", "نيويورك تايمز", "بي بي سي", "ال", "ل", "أن", "إن", "مُحَمَّدٌ", "عَلَيْهِ", "\u064b"),
            *(
                "\u200f",
                "\u200d",
                "\u0640",
                "ﻻ",
                "ک",
                "ء",
                ".",
                "،",
                ":",
                "\n",
                "«",
                "»",
                '"',
                "“",
                "”",
                "(",
                ")",
                "«ـ",
                "و«",
                "reuters",
                "BBC",
                "3",
                "é",
                "\u00a0",
                "\u2028",
                "http://a.b",
                "x.com",
                "!",
            ),
        ]
    ),
    max_size=30,
)
spaced = st.builds(lambda parts, gaps: "".join(a + b for a, b in zip(parts, gaps, strict=False)), pieces, st.lists(st.sampled_from([" ", " ", " ", ""]), min_size=30, max_size=30))
text = st.one_of(anything, spaced)


def checks(kind: str) -> list[Any]:
    return [entry.check for entry in RULES.entries if entry.rule.check == kind]


OUTLETS = checks("outlets")


def hits(check: Any, text: str) -> list[tuple[int, int]]:
    return [(hit.start, hit.end) for hit in check.hits(Page(Document(text)))]


def cues_told_in_full(grammar: Grammar, text: str) -> list[tuple[int, int]]:
    pattern = re.compile(grammar.scan)
    first = pattern.match(" " + text[:80])
    return ([(first.start(3) - 1, first.end() - 1)] if first else []) + [match.span(3) for match in pattern.finditer(text)]


def same_cues(text: str) -> None:
    grammar, page = OUTLETS[0].grammar, Page(Document(text))
    assert [(cue.start, cue.end) for cue in grammar.cues_of(page)] == cues_told_in_full(grammar, page.text)


def test_words_of_reporting_are_found_where_the_expression_finds_them() -> None:
    for article in TEXTS:
        same_cues(article)
    given(text)(often(same_cues))()


def test_outlets_are_the_same_without_the_look_at_first_words() -> None:
    looking = [check for check in OUTLETS if check.shape in ("copied", "addressed", "nominal", "stopped", "unmarked")]
    assert len(looking) == 5

    def same(text: str) -> None:
        found = [hits(check, text) for check in looking]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Names, "firsts", lambda self, page: None)
            assert [hits(check, text) for check in looking] == found

    for article in TEXTS:
        same(article)
    given(spaced)(often(same))()


@given(text)
@example("قال «ـنص» و(«نص»)")
@often
def test_marks_in_order_on_bytes_are_in_order_in_the_text(text: str) -> None:
    for opening, full in marks._IN_ORDER.items():
        if marks._sure(opening).fullmatch(encoded(text)):
            assert full.fullmatch(text)


def test_marks_in_order_are_mostly_told_on_bytes() -> None:
    orderly = "قال «نص» ثم وصف «ـالنص» (هنا) وقال للـ«نص»."
    assert marks._sure("«").fullmatch(encoded(orderly))
    assert marks._sure("(").fullmatch(encoded(orderly))


@given(text)
@example("كلمة\x1cأخرى 12 \u2028 é\u0301 - \ufb56 ١٢")
@example("\u0378 كلمة")
@often
def test_lines_count_their_words_and_see_their_stop_as_expressions_do(text: str) -> None:
    words = regex.compile(r"(?<!\S)[^\s\p{L}\p{N}]*[\p{L}\p{N}]")
    final = regex.compile(r"[.!?\u061f\u2026:\u061b\u06d4][\"\u00bb\u201d\u2019)\]}\u2033\u00ab\s]*$")
    for line in Page(Document(text)).lines:
        assert line.words == len(words.findall(line.text))
        assert line.final == (final.search(line.text) is not None)


@given(text)
@example("مُحَمَّدٌ عَلَيْهِ سَلَامٌ")
@example("انظر a-b.com/x أو www.x أو ftp://x")
@often
def test_protected_spans_are_those_of_their_expressions(text: str) -> None:
    page = Page(Document(text))
    for kind in ("url", "vowelled"):
        assert page.protected(kind) == [match.span() for match in PROTECTED[kind].finditer(page.text)] or (kind == "vowelled" and len(regex.findall(f"[{MARK}\u0640]", text)) < 6)


def test_a_vowelled_passage_is_not_overlooked() -> None:
    assert may_be_vowelled(encoded("قَالَ مُحَمَّدٌ سَلَامٌ"))
    assert not may_be_vowelled(encoded("شكرًا جدًا أيضًا دائمًا غالبًا طبعًا"))


@given(text)
@example("ـكلمةً ًو شـــهر مُحَمَّدٌـ")
@often
def test_words_with_marks_are_those_of_their_expression(text: str) -> None:
    expression = re.compile(rf"(?<![{LETTER}])[{LETTER}]+[{MARK}\u0640][{LETTER}{MARK}\u0640]*")
    assert list(decorated(encoded(text))) == [match.span() for match in expression.finditer(text)]


@given(text)
@example("12abc ٣٫٥ ء 1436هـ الأ\u200fمة ﻻ ²")
@often
def test_words_and_numbers_of_a_line_are_counted_as_phrases_are_spelled(text: str) -> None:
    if (counted := letters_and_numbers(encoded(text))) is not None:
        said = spelled(text)
        assert [decoded(word) for word in counted[0]] == [word for word in said if word != "0"]
        assert counted[1] == said.count("0")


class Anything(frozenset[str]):
    def __contains__(self, _: object) -> bool:
        return True


def test_names_are_the_same_however_far_they_are_read() -> None:
    names = OUTLETS[0].names

    def same(text: str) -> None:
        places = range(len(text))
        found = [names.at(text, at, "ول") for at in places]
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(names.__dict__, "_beginnings", Anything())
            assert [names.at(text, at, "ول") for at in places] == found

    for name in list(names.forms)[::40]:
        same(f"{name} أن")
        same(f"ال {name}")
        same(f"ال{name}")
    given(spaced)(often(same))()
