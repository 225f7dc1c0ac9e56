"""Codes are the text: a byte a character, classes of characters as classes of bytes, and never a character outside its class."""

from __future__ import annotations

import pytest
import regex
from arabic_text import anything
from hypothesis import given, settings

from arlint import codes
from arlint.prefilter import prefilter

CLASSES = [r"\w", r"\W", r"\d", r"\s", r"\S", r"\p{L}", r"\p{M}", r"\p{Lu}", r"\p{Latin}", r"[\u0600-\u06ff]", r"[\ufb50-\ufeff]", "ي"]


@given(anything)
@settings(deadline=None)
def test_a_place_in_the_codes_is_a_place_in_the_text(text: str) -> None:
    found = codes.encoded(text)
    assert len(found) == len(text)
    assert all(codes.decoded(found[i : i + 1]) == text[i] for i in range(len(text)) if text[i] in codes.OWN)
    assert not set(found) & {codes.BEGIN, codes.END}


@pytest.mark.parametrize("expression", CLASSES)
@given(text=anything)
@settings(deadline=None, max_examples=50)
def test_a_class_holds_the_codes_of_its_characters(expression: str, text: str) -> None:
    found = codes.class_codes(expression)
    for character, code in zip(text, codes.encoded(text), strict=True):
        assert code in found.may if regex.match(expression, character) else code not in found.must


def test_what_stands_around_a_match_becomes_part_of_the_expression() -> None:
    hyperscan = pytest.importorskip("hyperscan")

    def found(expression: str, text: str) -> bool:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(expressions=[prefilter(expression)], ids=[0], elements=1, flags=[hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_ALLOWEMPTY])
        hits: list[int] = []
        database.scan(b"\x02" + codes.encoded(text) + b"\x03", match_event_handler=lambda *hit: hits.append(hit[2]))
        return bool(hits)

    for expression, yes, no in [
        (r"(?<!\p{L})من(?!\p{L})", ["من", "(من)", "قال\nمن"], ["زمن", "منه"]),
        (r"(?<=\d)،(?=\d)", ["1،2"], ["1، 2", "،2", "1،"]),
        (r"^نص$", ["نص", "قبل\nنص\nبعد"], [" نص", "نصا"]),
        (r"(?:(?<!\S)أ|(?<=\s)ب)ج", ["أج", " بج"], ["سأج", "بج"]),
        (r"\Aنص\Z", ["نص"], ["نص\n", "\nنص"]),
        (r"ا(?=\s|$)", ["ا", "ا ب", "ا\n"], ["اب"]),
    ]:
        assert all(found(expression, text) for text in yes)
        assert not any(found(expression, text) for text in no)
