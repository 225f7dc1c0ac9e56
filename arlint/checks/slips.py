"""Slips of the hand: the wrong spellings that one swapped, doubled, dropped or wrongly dotted letter makes of a right one.

Used by ``words``; which slips of which words are words of their own is for the lexicon to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from arlint.arabic import fold

#: Letters that differ by their dots alone, where they stand inside a word.
DOTTED = ("بتثني", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق")
_SISTERS = {letter: [other for other in group if other != letter] for group in DOTTED for letter in group}

SLIPS = ("swap", "double", "drop", "dots")


def slips(words: Iterable[str], kind: str) -> dict[str, str]:
    """Wrong to right for every slip of ``kind`` in ``words``, less those that two of the words could have been."""
    listed = list(dict.fromkeys(words))
    made: dict[str, str] = {}
    doubtful = set(listed)
    for word in listed:
        folded = fold(word)
        for wrong in _slips(word, kind):
            if made.setdefault(wrong, word) != word or fold(wrong) == folded:
                doubtful.add(wrong)
    return {wrong: right for wrong, right in made.items() if wrong not in doubtful}


def _slips(word: str, kind: str) -> Iterator[str]:
    if kind == "swap":
        for i in range(len(word) - 1):
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    elif kind == "double":
        # a doubled first letter may be a proclitic before the word
        for i in range(word[0] in "وفبكل", len(word)):
            yield word[:i] + word[i] + word[i:]
    elif kind == "drop":
        # the first letter may be the article, the last a suffix, and the nisba without its ya is a masdar
        for i in range(1, len(word) - 1):
            if word[i] != word[i - 1] and word[i:] != "ية":
                yield word[:i] + word[i + 1 :]
    else:
        # a last letter with other dots is as often a suffix (ن, ت, ي) or a piece of a torn one
        for i in range(1, len(word) - (word[-1] in DOTTED[0])):
            for other in _SISTERS.get(word[i], ()):
                yield word[:i] + other + word[i + 1 :]
