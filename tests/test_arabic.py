"""Letters, marks, digits and proclitics: the facts that promises rest on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlint.arabic import bare, fold, give_back_marks, letters, loose, reading_numbers, with_proclitics
from arlint.plain import visible


def test_fold_unites_what_safe_fixes_may_change_and_nothing_else() -> None:
    assert fold("إلىٰ") == fold("الي")
    assert fold("شـــهر") == fold("شهر")
    assert fold("ﺣﺴﺒﻤﺎ") == fold("حسبما")
    assert fold("السوریین") == fold("السوريين")
    assert fold("اللجنه") != fold("اللجنة")


@given(st.text(max_size=80))
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(letters(text)) == letters(text)


def test_a_right_to_left_mark_reverses_the_number_around_it() -> None:
    assert reading_numbers("75.\u200f614") == reading_numbers("614.75")
    assert reading_numbers("75.\u200f614") != reading_numbers("75.614")


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [("الىٰ", "إلى", "إلىٰ"), ("وفِى", "وفي", "وفِي"), ("امس", "أمس", "أمس"), ("إجتماعٌ", "اجتماع", "اجتماعٌ")],
)
def test_marks_are_given_back(old: str, new: str, kept: str) -> None:
    assert give_back_marks(old, new) == kept
    assert bare(kept) == new


def test_the_article_contracts_behind_lam() -> None:
    assert ("لل", "امم") in with_proclitics("الامم", "all")
    assert ("وبال", "كتاب") in with_proclitics("كتاب", "all")
    assert with_proclitics("كتاب", "none") == [("", "كتاب")]


def test_loose_phrases_meet_every_spelling() -> None:
    import regex

    assert regex.fullmatch(loose("اقرأ أيضاً"), "إقرا  ايضا")
    assert not regex.fullmatch(loose("اقرأ أيضاً"), "اقرأ أيضا أيضا")


def test_invisible_characters_are_named() -> None:
    assert visible("أ\u200fب\n") == "أ<U+200F RIGHT-TO-LEFT MARK>ب¶"
