"""``duplicates``: text that stands twice because of the page. The later copy is the finding.

Writers repeat too: refrains, decree formulae, telegrams to two presidents, questions, list rows. So a copy counts only where it
is long, or where it is built like a caption; what is merely similar is left alone (census: 3 % of near-duplicates are damage).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec
import regex

from arlint.arabic import fold, loose
from arlint.checks import Context
from arlint.checks.captions.credits import Credits, build, plain
from arlint.checks.duplicates.passages import passages
from arlint.checks.duplicates.shapes import ASKS, LIST, METRE, NO_FORMULA, PARAGRAPH, STOPS, alone, is_paragraph, is_prose, line_keys, opening, shared_openings, whole
from arlint.checks.expressions import compile_expression
from arlint.findings import Edit, Hit
from arlint.page import Line, Page, key

Of = Literal["line", "caption", "passage", "headline"]


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
        if not shared_openings(page):
            return
        lines, keys = page.lines, line_keys(page)
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
                yield whole(page, lines[i], lines[end - 1])
            i = end

    def _is_damage(self, page: Page, j: int, i: int, block: int) -> bool:
        """Whether line ``i``, an exact copy of line ``j`` in a block of so many, stands there because of the page."""
        line, words = page.lines[i], line_keys(page)[i].count(" ") + 1
        if words < 8 or (words < 20 and LIST.match(line.text)) or ASKS.search(line.text) or not is_prose(line.text):
            return False
        credited = self.credits.of_lines(page)[i] is not None
        if line.number in page.verse_lines and not credited:
            return False
        if credited or block > 2 or i - j == block:
            return True
        return words >= PARAGRAPH if line.final else alone(page, i) and alone(page, j)

    def _captions(self, page: Page) -> Iterator[Hit]:
        if not shared_openings(page):
            return
        lines, credits = page.lines, self.credits.of_lines(page)
        cores: list[str] = []
        buckets: dict[str, list[int]] = {}
        for line, credit in zip(lines, credits, strict=True):
            core = line.text[: credit.start] if credit else line.text
            cores.append(key(core) if 6 <= len(core) <= 320 and opening(core) in shared_openings(page) else "")
        for i, core in enumerate(cores):
            if not core or LIST.match(lines[i].text) or ASKS.search(lines[i].text):
                continue
            bucket = buckets.setdefault(opening(core), [])
            for j in bucket[-6:]:
                if self._is_again(page, cores, j, i):
                    plainly = j if credits[i] and not credits[j] else i
                    yield whole(page, lines[plainly], lines[plainly])
                    break
            bucket.append(i)

    def _is_again(self, page: Page, cores: list[str], j: int, i: int) -> bool:
        """Whether lines ``j`` and ``i`` are one caption twice: the same, or the same but for a credit or two words."""
        lines, credits = page.lines, self.credits.of_lines(page)
        one, two = cores[j].split(), cores[i].split()
        credited = credits[j] is not None or credits[i] is not None
        bare = [n for n in (j, i) if credits[n] is None]
        if any(STOPS.search(lines[n].text[-3:]) for n in bare) or len(two) > 45:
            return False
        if one == two:
            if credited:
                return len(two) >= 3 or (len(two) == 2 and i - j == 1)
            if not is_prose(lines[i].text) or METRE.search(lines[i].text) or lines[i].number in page.verse_lines or not 3 <= len(two) <= 40:
                return False
            if i - j == 1:
                return (len(two) >= 4 or len(page.lines) > 4) and (is_paragraph(page, j - 1) or is_paragraph(page, i + 1))
            return len(two) >= 5 and alone(page, i) and alone(page, j)
        if min(len(one), len(two)) < 5 or any(w.isdigit() for w in set(one) ^ set(two)):
            return False
        common = sum((Counter(one) & Counter(two)).values())
        if len(one) + len(two) - 2 * common > (2 if min(len(one), len(two)) < 12 else 4) or common < 0.75 * max(len(one), len(two)):
            return False
        return credited if len(one) != len(two) or i - j == 1 or common >= 0.85 * len(one) else False

    def _passages(self, page: Page) -> Iterator[Hit]:
        return passages(page, self.unless, self.unless_between)

    # headlines

    def _headlines(self, page: Page) -> Iterator[Hit]:
        lines = page.lines
        if len(lines) < 2:
            return
        head = lines[0]
        if page.document.headline:
            title, place = key(page.document.headline), -1
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
            asked = index >= 3 and ASKS.search(line.text)
            around = (index + 1, index + 2, index + 3) if index < 3 else (index - 1, index + 1)
            if not line.text.endswith((".", "،")) and not quoted and not asked and line.number not in page.verse_lines and any(is_paragraph(page, n) for n in around):
                yield whole(page, line, line)
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
        if self.unless and len(copied) < NO_FORMULA and self.unless.search(copied):
            return False
        return not (self.unless_between and self.unless_between.search(text[max(source.end, first.start - 4000) : first.start]))


def compile(form: Form, context: Context) -> Duplicates:
    def optional(value: str | None, name: str) -> regex.Pattern[str] | None:
        return compile_expression(value, context.lexicons, name) if value else None

    verbs = "|".join(loose(v) for v in context.lexicons.phrases("credits.news-verbs"))
    return Duplicates(form.of, build(context.lexicons), regex.compile(rf"[وف]?(?:{verbs})(?!\p{{L}})"), optional(form.unless, "unless"), optional(form.unless_between, "unless-between"))
