"""What lines and sentences look like that may or may not stand twice, each computed once for a page."""

from __future__ import annotations

from collections import Counter

import regex

from arlint.checks.captions.credits import plain
from arlint.codes import line_openings
from arlint.findings import Edit, Hit
from arlint.page import Line, Page, key

#: Words from which a paragraph that stands twice is no formula; the longest formula repeated word by word in 31,000
#: articles has 11 ("كما جرى استعراض مستجدات الأوضاع ...").
PARAGRAPH = 15
#: Code points from which an exact copy is no formula, whatever words it holds.
NO_FORMULA = 260
LIST = regex.compile(r"[-\u2010-\u2015•*●▪■◆○\u0640]|\(?\d+\s*[-.)/\u0640]|\(?[\u0621-\u064a]\s?[-.)\u0640]\s")
ASKS = regex.compile(r"[?\u061f:][\"\u00bb\u201d)\s]*\Z")
STOPS = regex.compile(r"[.!?\u061f\u2026][\"\u00bb\u201d\u2019)\]]*")
VERSE = regex.compile(r"[\u064b-\u0650\u0652]|\.{3}|\u2026|\*\*")
METRE = regex.compile(r"(?<!\S)(?:مستفعلن|فاعلاتن|مفاعيلن|فعولن|متفاعلن|مفاعلتن|فاعلن)")


def whole(page: Page, first: Line, last: Line) -> Hit:
    start = page.text.index(first.text, first.start)
    return Hit(start, page.text.index(last.text, last.start) + len(last.text), (Edit(*page.cut_lines(first, last), ""),))


def is_prose(text: str) -> bool:
    """Whether ``text`` is built of words: no verse with marks or breaks, no row of numbers."""
    words = text.split()
    return len(VERSE.findall(text)) < 2 + len(words) // 8 and sum(any(c.isdigit() for c in w) for w in words) * 3 <= len(words)


def is_paragraph(page: Page, index: int) -> bool:
    return 0 <= index < len(page.lines) and len(page.lines[index].text) >= 70 and page.lines[index].words >= 12


def alone(page: Page, index: int) -> bool:
    """Whether the line stands between paragraphs of prose, as a caption does and a subheading's list does not."""
    line = page.lines[index]
    if line.final or line.number in page.verse_lines:
        return False
    before, after = index == 0 or is_paragraph(page, index - 1), index + 1 == len(page.lines) or is_paragraph(page, index + 1)
    return before and after and len(page.lines) > 2


def opening(text: str) -> str:
    return plain(text[:24])[:9]


def shared_openings(page: Page) -> set[str]:
    """The openings that more than one line has: only such lines are worth a `key`."""
    kept: dict[str, set[str]] = page.__dict__
    if "_openings" not in kept:
        heads = line_openings(page.codes, 24, 9)  # cheaper than `opening`, and never tells two lines apart that it does not
        alike = len(set(heads)) < len(heads)
        kept["_openings"] = {b for b, n in Counter(opening(line.text) for line in page.lines).items() if n > 1} if alike else set()
    return kept["_openings"]


def line_keys(page: Page) -> list[str]:
    """`key` of every line that may have a copy; the empty string for the others."""
    kept: dict[str, list[str]] = page.__dict__
    if "_line_keys" not in kept:
        openings = shared_openings(page)
        kept["_line_keys"] = [key(line.text) if openings and opening(line.text) in openings else "" for line in page.lines]
    return kept["_line_keys"]
