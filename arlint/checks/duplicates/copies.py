"""Passages that stand twice: the later copy of a run of words, found in one walk over the text.

Works on folded words and knows nothing of lines or rules. Two copies may differ by a word here and there: scrapers join one
from the page and one from the feed, and editors correct a slip in only one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Words in a row that must agree before two places are looked at as copies.
WIDTH = 7
_AHEAD = 3
#: Ways on over a difference, smallest first: words skipped in the first copy, words skipped in the second.
_STEPS = ((1, 1), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2), (0, 2), (2, 0))


@dataclass(frozen=True, slots=True)
class Copy:
    """``words[start:end]`` repeats an earlier passage; ``same`` maps each word of it that agrees to its first place."""

    start: int
    end: int
    same: dict[int, int]


def copies(words: Sequence[str]) -> list[Copy]:
    """The later copies among ``words``, in order, not overlapping; each is told against its first occurrence.

    One walk: a word is compared at most twice however often it repeats.
    """
    found: list[Copy] = []
    first: dict[tuple[str, ...], int] = {}
    at, floor, count = 0, 0, len(words)
    while at + WIDTH <= count:
        gram = tuple(words[at : at + WIDTH])
        place = first.setdefault(gram, at)
        if place + WIDTH > at:
            at += 1
            continue
        same = {at + i: place + i for i in range(WIDTH)}
        end = _along(words, place + WIDTH, at + WIDTH, 1, at, count, same)
        start = _along(words, place - 1, at - 1, -1, -1, floor - 1, same) + 1
        found.append(Copy(start, end, same))
        at = floor = end
    return found


def _along(words: Sequence[str], a: int, b: int, step: int, a_limit: int, b_limit: int, same: dict[int, int]) -> int:
    """Walk both copies from ``a`` and ``b`` while they agree, over small differences too; where the second one stops."""

    def agree(i: int, j: int) -> bool:
        return (a_limit - i) * step > 0 and (b_limit - j) * step > 0 and words[i] == words[j]

    last = b
    while True:
        if agree(a, b):
            same[b] = a
            a, b = a + step, b + step
            last = b
            continue
        for skip_a, skip_b in _STEPS:
            i, j = a + skip_a * step, b + skip_b * step
            if all(agree(i + k * step, j + k * step) for k in range(_AHEAD)):
                a, b = i, j
                break
        else:
            return last
