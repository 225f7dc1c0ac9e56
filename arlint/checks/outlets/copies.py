"""Names that stand twice because the text of the link was kept beside the name: ``لبي بي سي: بي بي سي: «``, ``في بي بي سي بي بي سي``.

Copies right behind a head noun are in ``sources``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import eq
from typing import TYPE_CHECKING

import regex

from arlint.checks.outlets.grammar import Grammar
from arlint.checks.outlets.names import UNKNOWN, key
from arlint.checks.outlets.shapes import CLOSING, WORD, E, S, words_before
from arlint.codes import SHARED, encoded
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

#: The other words of a page that names are made of: a name stands twice in a row where its Arabic words do, or these.
_LATIN = re.compile(b"[A-Za-z%b]+" % bytes((SHARED["latin"], SHARED["L"])))
_LONGEST = 9  # words that the shapes below let a name and what goes with it have
# Words between which and a colon an outlet has a place: whom somebody spoke to, or where.
_TO = frozenset(("مع", "الي", "في", "علي", "عبر", "ل"))
_LAM = encoded("ل")
_OPENING = "«“\"'"


def copied_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"[:.]{S}+(?P<again>\p{{L}}[\p{{L}}\p{{N}}]*(?:{S}[\p{{L}}\p{{N}}]+){{0,5}}?)(?P<then>{S}*:|(?={S}+[«“\"])|(?={S}+(?:[إأا]ن|[إأا]نه|[إأا]نها|ب[أا]ن){E}))",
        rf"(?<!\p{{L}})ل?(?P<name>\p{{L}}{{2,}}(?:{S}\p{{L}}+){{0,3}})(?P<copy>{S}(?P=name))(?!\p{{L}})",
        rf"{S}(?P<word>\p{{L}}+)(?={S}*:)",
    )


def copied(check: Outlets, page: Page) -> Iterator[Hit]:
    """The same name on both sides of a colon or a stop, or twice in a row."""
    text = page.text
    if not _twice(check, page) or not (_doubled(page.tokens) or _doubled(_LATIN.findall(page.codes))):
        return
    for match in check.parts[0].finditer(text, overlapped=True):
        if hit := _beyond_mark(check, text, match):
            yield hit
    for match in check.parts[1].finditer(text):
        start, end = match.span("name")
        mention = check.names.at(text, start) if check.names.may_begin(text, start) else None
        if mention is None or mention.end != end or not mention.certain or mention.noun or mention.outlet == UNKNOWN:
            continue
        before = words_before(text, match.start(), 5)
        if before and before[-1] in check.grammar.nouns:
            continue
        end = match.end("copy")
        if (more := check.parts[2].match(text, end)) and key(more["word"]) in before:
            end = more.end()  # برنامج الإفطار في بي بي سي بي بي سي الإفطار:
        yield Hit(start, end, (Edit(match.start("copy"), end, ""),), {"name": mention.core})


def _twice(check: Outlets, page: Page) -> bool:
    """Whether a word that opens a name ends two words of ``page``."""
    if (found := check.names.firsts(page)) is None:
        return True
    words, firsts = found
    return any(sum(word.endswith(first) for word in words) > 1 for first in firsts)


def _doubled(words: list[bytes]) -> bool:
    """Whether a few words stand twice in a row, marks between them or not, the first time perhaps behind a ل."""
    for count in range(1, _LONGEST + 1):
        same = bytes(map(eq, words, words[count:]))
        at = same.find(b"\1" * (count - 1), 1)
        while at >= 0 and at <= len(same):
            first, again = words[at - 1], words[at - 1 + count]
            if first == again or first == _LAM + again:
                return True
            at = same.find(b"\1" * (count - 1), at + 1)
    return False


def _beyond_mark(check: Outlets, text: str, match: regex.Match[str]) -> Hit | None:
    """The hit of a name before a colon or a stop that stands behind it again, before what was said."""
    again, left = match["again"], match.start()
    end = left
    while end > 0 and text[end - 1] in CLOSING:
        end -= 1
    start = end - len(again)
    if start <= 0 or not text.endswith(again, 0, end):
        return None
    mention = check.names.at(text, match.start("again")) if check.names.may_begin(text, match.start("again")) else None
    if mention is None or not mention.certain or mention.noun or mention.outlet == UNKNOWN or mention.end > match.end("again"):
        return None
    if len(WORD.findall(text[mention.end : match.end("again")])) > 2:
        return None
    outer = start
    while outer > 0 and text[outer - 1] in _OPENING:
        outer -= 1
    lam = text[outer - 1] == "ل" or text[outer - 2 : outer] == "لـ"
    before = words_before(text, outer, 1)
    if not lam and not (before and (before[0] in _TO or before[0] in check.grammar.nouns or before[0][1:] in check.grammar.nouns)):
        return None
    said = match["then"] or text[match.end() : match.end() + 2].strip()[:1] in _OPENING
    return Hit(start, match.end(), (Edit(left, match.end(), ":" if said else ""),), {"name": mention.core})
