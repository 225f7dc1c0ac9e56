"""``duplicates``: text that stands twice because of the page. The later copy is the finding.

Writers repeat too: refrains, decree formulae, telegrams to two presidents, questions, list rows. So a copy counts only where it
is long, or where it is built like a caption; what is merely similar is left alone (census: 3 % of near-duplicates are damage).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import msgspec
import regex

from arlint.arabic import fold, loose
from arlint.checks import Context
from arlint.checks.captions.credits import Credits, build, plain
from arlint.checks.duplicates.copies import WIDTH, Copy, copies
from arlint.checks.expressions import compile_expression
from arlint.findings import Edit, Hit
from arlint.page import Line, Page, key

Of = Literal["line", "caption", "passage", "headline"]

#: Words from which a paragraph that stands twice is no formula; the longest formula repeated word by word in 31,000
#: articles has 11 ("كما جرى استعراض مستجدات الأوضاع ...").
_PARAGRAPH = 15
#: Code points from which an exact copy is no formula, whatever words it holds.
_NO_FORMULA = 260
_LONG_WORD = regex.compile(r"\w{5,}")
_PIECES = regex.compile(r"\s*[.!?\u061f\u2026\n]+[\s\u00a0]*")
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}\u0640]+")
_FOLDED_WORD = regex.compile(r"[\p{L}\p{N}]+")
_LIST = regex.compile(r"[-\u2010-\u2015•*●▪■◆○\u0640]|\(?\d+\s*[-.)/\u0640]|\(?[\u0621-\u064a]\s?[-.)\u0640]\s")
_ASKS = regex.compile(r"[?\u061f:][\"\u00bb\u201d)\s]*\Z")
_STOPS = regex.compile(r"[.!?\u061f\u2026][\"\u00bb\u201d\u2019)\]]*")
_VERSE = regex.compile(r"[\u064b-\u0650\u0652]|\.{3}|\u2026|\*\*")
_METRE = regex.compile(r"(?<!\S)(?:مستفعلن|فاعلاتن|مفاعيلن|فعولن|متفاعلن|مفاعلتن|فاعلن)")
_TAIL = regex.compile(r"[^\p{L}\p{N}\n]*")


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``of``: whole ``line``s that are exact copies, ``caption``s that stand twice (also with a word or a credit more),
    ``passage``s of one or more sentences, the ``headline`` at the head of the text or of a paragraph. Copies that match
    ``unless`` are left alone; ``unless-between`` is looked for in the text between the two copies.
    """

    of: Of
    unless: str | None = None
    unless_between: str | None = None


@dataclass(frozen=True)
class Duplicates:
    of: Of
    credits: Credits
    verb: regex.Pattern[str]
    unless: regex.Pattern[str] | None
    unless_between: regex.Pattern[str] | None

    def hits(self, page: Page) -> Iterator[Hit]:
        if len(page.text) > 60 and not page.is_verse:
            yield from {"line": self._lines, "caption": self._captions, "passage": self._passages, "headline": self._headlines}[self.of](page)

    # whole lines

    def _lines(self, page: Page) -> Iterator[Hit]:
        lines, keys = page.lines, _line_keys(page)
        count = Counter(k for k in keys if k)
        first: dict[str, int] = {}
        i = 0
        while i < len(lines):
            j = first.setdefault(keys[i], i) if keys[i] else i
            if j == i:
                i += 1
                continue
            end = i + 1
            while end < len(lines) and keys[end] and j + end - i < i and keys[end] == keys[j + end - i]:
                end += 1
            block = range(i, end)
            if any(count[keys[k]] <= 4 and self._is_damage(page, j + k - i, k, len(block)) for k in block) and self._free(page, lines[j + len(block) - 1], lines[i], lines[end - 1]):
                yield _whole(page, lines[i], lines[end - 1])
            i = end

    def _is_damage(self, page: Page, j: int, i: int, block: int) -> bool:
        """Whether line ``i``, an exact copy of line ``j`` in a block of so many, stands there because of the page."""
        line, words = page.lines[i], _line_keys(page)[i].count(" ") + 1
        if words < 8 or (words < 20 and _LIST.match(line.text)) or _ASKS.search(line.text) or not _is_prose(line.text):
            return False
        credited = self.credits.of_lines(page)[i] is not None
        if line.number in page.verse_lines and not credited:
            return False
        if credited or block > 2 or i - j == block:
            return True
        return words >= _PARAGRAPH if line.final else _alone(page, i) and _alone(page, j)

    def _captions(self, page: Page) -> Iterator[Hit]:
        lines, credits = page.lines, self.credits.of_lines(page)
        cores: list[str] = []
        buckets: dict[str, list[int]] = {}
        for line, credit in zip(lines, credits, strict=True):
            core = line.text[: credit.start] if credit else line.text
            cores.append(key(core) if 6 <= len(core) <= 320 and _bucket(core) in _buckets(page) else "")
        for i, core in enumerate(cores):
            if not core or _LIST.match(lines[i].text) or _ASKS.search(lines[i].text):
                continue
            bucket = buckets.setdefault(_bucket(core), [])
            for j in bucket[-6:]:
                if self._is_again(page, cores, j, i):
                    plainly = j if credits[i] and not credits[j] else i
                    yield _whole(page, lines[plainly], lines[plainly])
                    break
            bucket.append(i)

    def _is_again(self, page: Page, cores: list[str], j: int, i: int) -> bool:
        """Whether lines ``j`` and ``i`` are one caption twice: the same, or the same but for a credit or two words."""
        lines, credits = page.lines, self.credits.of_lines(page)
        one, two = cores[j].split(), cores[i].split()
        credited = credits[j] is not None or credits[i] is not None
        bare = [n for n in (j, i) if credits[n] is None]
        if any(_STOPS.search(lines[n].text[-3:]) for n in bare) or len(two) > 45:
            return False
        if one == two:
            if credited:
                return len(two) >= 3 or (len(two) == 2 and i - j == 1)
            if not _is_prose(lines[i].text) or _METRE.search(lines[i].text) or lines[i].number in page.verse_lines or not 3 <= len(two) <= 40:
                return False
            if i - j == 1:
                return (len(two) >= 4 or len(page.lines) > 4) and (_is_paragraph(page, j - 1) or _is_paragraph(page, i + 1))
            return len(two) >= 5 and _alone(page, i) and _alone(page, j)
        if min(len(one), len(two)) < 5 or any(w.isdigit() for w in set(one) ^ set(two)):
            return False
        common = sum((Counter(one) & Counter(two)).values())
        if len(one) + len(two) - 2 * common > (2 if min(len(one), len(two)) < 12 else 4) or common < 0.75 * max(len(one), len(two)):
            return False
        return credited if len(one) != len(two) or i - j == 1 or common >= 0.85 * len(one) else False

    # sentences

    def _passages(self, page: Page) -> Iterator[Hit]:
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
            if self._is_passage(page, b - a, len(source), (start, end), (spans[source[0]][0], spans[source[-1]][1])):
                yield Hit(start, end, (_cut(page, start, end),))

    def _is_passage(self, page: Page, words: int, equal: int, later: tuple[int, int], source: tuple[int, int]) -> bool:
        text = page.text
        between = text[source[1] : later[0]]
        adjacent = not any(c.isalnum() for c in between)
        if equal < words and not (equal >= 0.95 * words and words >= 30):
            return False
        if words < (7 if adjacent else 12 if "\n" in text[later[0] : later[1]] else _PARAGRAPH):
            return False
        line = page.line_at(later[0])
        copied = text[later[0] : later[1]]
        if line is None or line.number in page.verse_lines or (words < 25 and _VERSE.search(copied)):
            return False
        if words >= 60 and equal == words:
            pass
        elif _ASKS.search(copied) or _LIST.match(line.text) or (later[0] > 1 and text[later[0] - 2 : later[0]].strip(" \u00a0\n") in ("-", "•", "*", "●")):
            return False
        near_head = words >= 40 and source[0] - text.rfind("\n", 0, source[0]) < 60  # behind a byline or the page's controls
        if not ((near_head or _opens(text, source[0])) and (_stands_closed(text, source[1]) or (adjacent and words >= 40))):
            return False
        if self.unless and (len(copied) < _NO_FORMULA or equal < words) and self.unless.search(copied):
            return False
        return not (self.unless_between and self.unless_between.search(between[-4000:]))

    # headlines

    def _headlines(self, page: Page) -> Iterator[Hit]:
        lines = page.lines
        if len(lines) < 2:
            return
        head = lines[0]
        if page.document.title:
            title, place = key(page.document.title), -1
        elif not head.text.endswith((".", ":", "،")) and 4 <= head.words <= 22 and head.number not in page.verse_lines:
            title, place = key(head.text), 0
        else:
            return
        size = title.count(" ") + 1
        if size < 4:
            return
        for index, line in enumerate(lines):
            if index != place and title[0] in fold(line.text[:2]):
                yield from self._headline(page, index, title, size)

    def _headline(self, page: Page, index: int, title: str, size: int) -> Iterator[Hit]:
        line = page.lines[index]
        if len(line.text) < 2 * len(title) + 40 and key(line.text) == title:
            quoted = line.text[0] in '«"“(' and line.text[-1] in '»"”)'
            asked = index >= 3 and _ASKS.search(line.text)
            around = (index + 1, index + 2, index + 3) if index < 3 else (index - 1, index + 1)
            if not line.text.endswith((".", "،")) and not quoted and not asked and line.number not in page.verse_lines and any(_is_paragraph(page, n) for n in around):
                yield _whole(page, line, line)
            return
        if line.text[0] in '«"“(' or key(line.text[: 2 * len(title) + 60])[: len(title) + 1] != title + " ":
            return
        start = page.text.index(line.text, line.start)
        end, letters = start, len(title.replace(" ", ""))
        while letters:
            letters -= len(plain(page.text[end]))
            end += 1
        rest = page.text[end : line.end]
        lead = rest.lstrip(" !?\u061f\u00a0\u200f")
        if lead.startswith("http") or (size >= 7 and rest[:1].isspace() | (rest[:1] in "!?\u061f") and self.verb.match(lead)):
            end = line.end - len(lead) if not lead.startswith("http") else end
            yield Hit(start, end - (len(page.text[start:end]) - len(page.text[start:end].rstrip())), (Edit(line.start, line.end - len(lead), ""),))

    def _free(self, page: Page, source: Line, first: Line, last: Line) -> bool:
        text = page.text
        copied = text[first.start : last.end]
        if self.unless and len(copied) < _NO_FORMULA and self.unless.search(copied):
            return False
        return not (self.unless_between and self.unless_between.search(text[max(source.end, first.start - 4000) : first.start]))


def _whole(page: Page, first: Line, last: Line) -> Hit:
    start = page.text.index(first.text, first.start)
    return Hit(start, page.text.index(last.text, last.start) + len(last.text), (Edit(*page.cut_lines(first, last), ""),))


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


def _is_prose(text: str) -> bool:
    """Whether ``text`` is built of words: no verse with marks or breaks, no row of numbers."""
    words = text.split()
    return len(_VERSE.findall(text)) < 2 + len(words) // 8 and sum(any(c.isdigit() for c in w) for w in words) * 3 <= len(words)


def _is_paragraph(page: Page, index: int) -> bool:
    return 0 <= index < len(page.lines) and len(page.lines[index].text) >= 70 and page.lines[index].words >= 12


def _alone(page: Page, index: int) -> bool:
    """Whether the line stands between paragraphs of prose, as a caption does and a subheading's list does not."""
    line = page.lines[index]
    if line.final or line.number in page.verse_lines:
        return False
    before, after = index == 0 or _is_paragraph(page, index - 1), index + 1 == len(page.lines) or _is_paragraph(page, index + 1)
    return before and after and len(page.lines) > 2


def _may_repeat(page: Page) -> bool:
    """Whether two sentences open or close alike and six longish words in a row stand twice: cheap, and true of every
    passage worth a look.
    """
    pieces = [piece for piece in _PIECES.split(page.text) if len(piece) > 32]
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


def _bucket(text: str) -> str:
    return plain(text[:24])[:9]


def _buckets(page: Page) -> set[str]:
    """The openings that more than one line has: only such lines are worth a `key`."""
    kept: dict[str, set[str]] = page.__dict__
    if "_openings" not in kept:
        kept["_openings"] = {b for b, n in Counter(_bucket(line.text) for line in page.lines).items() if n > 1}
    return kept["_openings"]


def _line_keys(page: Page) -> list[str]:
    """`key` of every line that may have a copy; the empty string for the others."""
    kept: dict[str, list[str]] = page.__dict__
    if "_line_keys" not in kept:
        openings = _buckets(page)
        kept["_line_keys"] = [key(line.text) if openings and _bucket(line.text) in openings else "" for line in page.lines]
    return kept["_line_keys"]


def compile(form: Form, context: Context) -> Duplicates:
    def optional(value: str | None, name: str) -> regex.Pattern[str] | None:
        return compile_expression(value, context.lexicons, name) if value else None

    verbs = "|".join(loose(v) for v in context.lexicons.phrases("credits.news-verbs"))
    return Duplicates(form.of, build(context.lexicons), regex.compile(rf"[وف]?(?:{verbs})(?!\p{{L}})"), optional(form.unless, "unless"), optional(form.unless_between, "unless-between"))
