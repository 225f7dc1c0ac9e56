"""Where a clause begins and ends around an outlet: what the shapes of loss share.

Names and phrases come from ``names`` and ``grammar``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import regex

from arlint.arabic import CLASSES, SPACE
from arlint.checks.outlets.names import UNKNOWN, Mention, key

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

S = f"[{SPACE}]"
E = CLASSES["e"]
WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u0640]+")
CLOSING = '”»"’)'

Break = Literal["stop", "mark", "line", "comma", "dash", "other", "word"]


def break_before(text: str, at: int, letters: frozenset[str]) -> tuple[Break, int]:
    """What parts the words that begin at ``at`` from those before, and where that begins: the stop that ends a sentence,
    another mark, a line's start, a comma, a dash, or nothing (``word``).

    A stop between the names of two Latin letters (بي. بي. سي) and one behind an initial (د.) end no sentence, and a
    quotation mark never does (census, 60 of 60 wrong).
    """
    left = at
    while left > 0 and text[left - 1] in " \t\u00a0\u200f\u200e":
        left -= 1
    if left == 0 or text[left - 1] == "\n":
        return "line", left
    mark = text[left - 1]
    if mark == "،" or (mark == "," and left < at):
        return "comma", left - 1
    if left < at and mark in "-–—" and left > 1 and text[left - 2] in " \u00a0":
        start = left - 1
        while start > 0 and text[start - 1] in " \u00a0":
            start -= 1
        return "dash", start
    inner = left
    while inner > 0 and text[inner - 1] in CLOSING:
        inner -= 1
    if left < at and inner > 0 and text[inner - 1] == ".":
        if text[max(0, inner - 2) : inner - 1] in (".", "…", "!", "؟"):
            return "mark", inner - 1
        word_end = inner - 1
        while word_end > 0 and text[word_end - 1] in CLOSING:
            word_end -= 1
        before = _last_word(text, word_end)
        after = WORD.match(text, at)
        if len(before) == 1 or (key(before) in letters and after and key(after.group()) in letters):
            return "other", left
        return "stop", inner - 1
    if left < at and inner > 0 and text[inner - 1] in "!…":
        return "mark", inner - 1
    return ("word", left) if mark.isalnum() or mark in CLOSING or "\u064b" <= mark <= "\u0652" else ("other", left)


def _last_word(text: str, end: int) -> str:
    words = list(WORD.finditer(text, max(0, end - 40), end))
    return words[-1].group() if words and words[-1].end() == end else ""


def words_before(text: str, end: int, count: int) -> list[str]:
    line = text.rfind("\n", max(0, end - 120), end) + 1
    return [key(word) for word in WORD.findall(text, max(line, end - 120), end)[-count:]]


def is_agency(check: Outlets, mention: Mention) -> bool:
    return mention.outlet != UNKNOWN and check.names.outlets[mention.outlet][1][0] == "وكالة"


def clause_start(text: str, end: int, reach: int = 60) -> int:
    """Where the clause begins that ends at ``end``: behind a stop, a comma or a line break no farther than ``reach``, else -1."""
    least = max(0, end - reach)
    at = max(text.rfind("\n", least, end) + 1, text.rfind("،", least, end) + 1)
    stop = max(text.rfind(f"{mark}{space}", least, end) for mark in (".", ".”", '."', ".»", "!", "»،") for space in (" ", "\u00a0"))
    at = max(at, text.find(" ", stop) + 1 if stop >= 0 else 0)
    if at == 0 and least > 0:
        return -1
    while at < end and text[at] in " \u00a0\t\u200f\u200e":
        at += 1
    return at


def sentence_start(text: str, end: int, reach: int = 500) -> int:
    """Where the sentence begins that ``end`` lies in."""
    least = max(0, end - reach)
    at = text.rfind("\n", least, end) + 1
    for stop in (". ", ".” ", '." ', ".» ", "”. ", '". ', "». ", "؟ ", "! "):
        if (found := text.rfind(stop, least, end)) >= 0:
            at = max(at, found + len(stop))
    return max(at, least)
