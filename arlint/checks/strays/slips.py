"""Slips of the hand: what word was meant, where one key was swapped, doubled, dropped, added or mistaken.

Which of the results are words is for a vocabulary to say.
"""

from __future__ import annotations

from collections.abc import Iterator

#: Letters that differ by their dots alone.
_DOTTED = ("بتثني", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق")
#: The rows of the Arabic keyboard: a finger strikes the key beside the one it meant.
_ROWS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ")
#: Letters that some dialects sound alike.
_SOUNDS = ("ضظ", "تط", "سص", "ذز", "دض", "ثت", "ذد", "هة")
#: What is dropped: letters that hands skip anywhere in a word.
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويئءؤأإآةى"


_ENDINGS = "نتيةهاكمو"


#: The letters that Arabic itself adds to a root: one too many of these is as often another word.
_AUGMENTS = "سألتمونيهاإآ"


def _neighbours() -> dict[str, str]:
    near: dict[str, set[str]] = {}
    for group in (*_DOTTED, *_SOUNDS, *(row[i : i + 2] for row in _ROWS for i in range(len(row) - 1))):
        for letter in group:
            near.setdefault(letter, set()).update(set(group) - {letter})
    return {letter: "".join(sorted(others)) for letter, others in near.items()}


_NEAR = _neighbours()


def one_slip_from(word: str, head: int | None = None, tail: int = 0) -> Iterator[tuple[str, str]]:
    """(meant, slip) for every word that one slip of the hand could have made ``word`` of.

    ``head`` and ``tail`` narrow the search: no word that is asked for opens with more than ``head`` letters of ``word``, or
    closes with more than what stands from ``tail`` on.
    """
    size = len(word)
    head = size if head is None else head
    for i in range(max(0, tail - 2), min(size - 1, head + 1)):
        if word[i] != word[i + 1]:
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :], "swap"
    for i in range(max(0, tail - 1), min(size, head + 1)):
        rest = word[:i] + word[i + 1 :]
        if i and word[i] == word[i - 1]:
            yield rest, "double"
        elif word[i] not in _AUGMENTS:
            yield rest, "extra"
    for i in range(max(1, tail), min(size, head + 1)):
        left, right = word[:i], word[i:]
        for letter in _LETTERS:
            yield left + letter + right, "drop"
    # the last letter is as often another ending
    for i in range(max(1, tail - 1), min(size - (word[-1] in _ENDINGS), head + 1)):
        left, right = word[:i], word[i + 1 :]
        for letter in _NEAR.get(word[i], ""):
            yield left + letter + right, "near"
    for letter in _NEAR.get(word[0], "") if tail < 2 and word[0] not in "يتنأ" else "":
        yield letter + word[1:], "first"
