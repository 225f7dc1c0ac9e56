"""Sentences that stand twice: whole ones, one or more in a row, found by the words that two places share."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

import regex

from arlint.arabic import fold
from arlint.checks.duplicates.copies import WIDTH, Copy, copies
from arlint.checks.duplicates.shapes import ASKS, LIST, NO_FORMULA, PARAGRAPH, VERSE
from arlint.findings import Edit, Hit
from arlint.page import Page

_LONG_WORD = regex.compile(r"\w{5,}")
_PIECES = re.compile(r"[.!?\u061f\u2026\n]+")
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}\u0640]+")
_FOLDED_WORD = regex.compile(r"[\p{L}\p{N}]+")
_TAIL = regex.compile(r"[^\p{L}\p{N}\n]*")


def passages(page: Page, unless: regex.Pattern[str] | None, unless_between: regex.Pattern[str] | None) -> Iterator[Hit]:
    """The later copies of sentences; ``unless`` matches formulae, ``unless_between`` what stands between two wanted copies."""
    if not _may_repeat(page):
        return
    text = page.text
    words = _FOLDED_WORD.findall(fold(text))
    found = copies(words)
    if not found:
        return
    spans = [m.span() for m in _WORD.finditer(text)]
    if len(spans) != len(words):  # a letter that the fold drops stood alone
        words = [fold(text[s:e]) for s, e in spans]
        found = copies(words)
    starts = [s for s, _ in spans]
    sentences = [(bisect_left(starts, s), bisect_left(starts, e)) for s, e in page.sentences]
    firsts = [a for a, _ in sentences]
    for copy in found:
        group = _covered(copy, sentences, max(0, bisect_right(firsts, copy.start) - 1))
        if group is None:
            continue
        a, b = group
        if b - a >= 40 and a - copy.start >= WIDTH and copy.start in copy.same and _opens(text, spans[copy.same[copy.start]][0]):
            a = copy.start  # the page glued a headline or a name to the first sentence of the second copy
        start, end = spans[a][0], _TAIL.match(text, spans[b - 1][1]).end()  # type: ignore[union-attr]
        end = spans[b - 1][1] + len(text[spans[b - 1][1] : end].rstrip())
        source = [copy.same[w] for w in range(a, b) if w in copy.same]
        if _is_passage(page, unless, unless_between, b - a, len(source), (start, end), (spans[source[0]][0], spans[source[-1]][1])):
            yield Hit(start, end, (_cut(page, start, end),))


def _is_passage(page: Page, unless: regex.Pattern[str] | None, unless_between: regex.Pattern[str] | None, words: int, equal: int, later: tuple[int, int], source: tuple[int, int]) -> bool:
    text = page.text
    between = text[source[1] : later[0]]
    adjacent = not any(c.isalnum() for c in between)
    if equal < words and not (equal >= 0.95 * words and words >= 30):
        return False
    if words < (7 if adjacent else 12 if "\n" in text[later[0] : later[1]] else PARAGRAPH):
        return False
    line = page.line_at(later[0])
    copied = text[later[0] : later[1]]
    if line is None or page.line_at(later[1] - 1) is None or line.number in page.verse_lines or (words < 25 and VERSE.search(copied)):
        return False
    if words >= 60 and equal == words:
        pass
    elif ASKS.search(copied) or LIST.match(line.text) or (later[0] > 1 and text[later[0] - 2 : later[0]].strip(" \u00a0\n") in ("-", "•", "*", "●")):
        return False
    near_head = words >= 40 and source[0] - text.rfind("\n", 0, source[0]) < 60  # behind a byline or the page's controls
    if not ((near_head or _opens(text, source[0])) and (_stands_closed(text, source[1]) or (adjacent and words >= 40))):
        return False
    if unless and (len(copied) < NO_FORMULA or equal < words) and unless.search(copied):
        return False
    return not (unless_between and unless_between.search(between[-4000:]))


def _cut(page: Page, start: int, end: int) -> Edit:
    """The deletion of a passage: whole lines with their break, a part of a line with the space on one side."""
    text = page.text
    first, last = page.line_at(start), page.line_at(end - 1)
    assert first is not None
    assert last is not None
    opens, closes = not text[first.start : start].strip(), not text[end : last.end].strip()
    if opens and closes:
        return Edit(*page.cut_lines(first, last), "")
    if opens or not closes:
        while end < last.end and text[end].isspace():
            end += 1
        return Edit(start, end, "")
    while start > first.start and text[start - 1].isspace():
        start -= 1
    return Edit(start, last.end, "")


def _covered(copy: Copy, sentences: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
    """The words from the first to the last of the sentences in a row that ``copy`` holds, nine words in ten."""
    group: list[tuple[int, int]] = []
    for a, b in sentences[at:]:
        if a >= copy.end:
            break
        inside = range(max(a, copy.start), min(b, copy.end))
        if b > a and len(inside) >= 0.9 * (b - a) and sum(w in copy.same for w in inside) >= 0.9 * (b - a):
            group.append((a, b))
        elif group:
            break
    return (group[0][0], group[-1][1]) if group else None


def _opens(text: str, start: int) -> bool:
    """Whether a sentence begins at ``start``."""
    before = text[:start][-12:].rstrip(' \u00a0\u200f"«“(-–•*')
    return not before or before[-1] in ".!?\u061f\u2026\n" or "\n" in text[max(0, start - 4) : start]


def _stands_closed(text: str, end: int) -> bool:
    after = text[end : end + 6].lstrip('"»”’)]-\u2013 \u00a0')
    return not after or after[0] in ".!?\u061f\u2026\n"


def _may_repeat(page: Page) -> bool:
    """Whether two sentences open or close alike and six longish words in a row stand twice: cheap, and true of every
    passage worth a look.
    """
    pieces = [piece.strip() for piece in _PIECES.split(page.text) if len(piece) > 32]
    if len({p[:24] for p in pieces}) == len({p[-24:] for p in pieces}) == len(pieces):
        return False
    long = _LONG_WORD.findall(page.text)
    for width in (6, 4):
        runs = list(zip(*(long[i:] for i in range(width)), strict=False))
        if len(set(runs)) < len(runs):
            break
    else:
        return False
    return width == 6 or any(a[:24] == b[:24] for a, b in pairwise(pieces))
