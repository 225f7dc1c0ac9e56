"""``captions``: picture captions and photo credits that landed among the paragraphs.

A caption is told by its credit and its build (a noun phrase without a full stop that stands alone), never by its words. A
paragraph of news that is signed by an agency has the same bracket and is left to the attribution rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec
import regex

from arlint.arabic import loose
from arlint.checks import Context
from arlint.checks.captions.credits import Credit, Credits, build, closes, plain
from arlint.findings import Edit, Hit
from arlint.page import Line, Page
from arlint.scanner import EDGE

Of = Literal["line", "credit", "photographer", "label", "glued"]

#: Longest captions seen: agency captions that carry place, date and cause.
_LONG = 45
_CLAUSE = regex.compile(r"(?<!\S)[وف]?[أإا]ن(?:ه|ها|هم|هما|نا|ني)?(?!\S)")
_DASHES = regex.compile(r"(?:^|\s)[-\u2010-\u2015\u0640/]+(?:\s|\Z)|\S[-\u2010-\u2015]\s|\s[-\u2010-\u2015]\S|\S[-\u2010-\u2015]\Z|:\Z")
#: "وكالة الصحافة الفرنسية (أ ف ب)": the bracket explains the name before it.
_GLOSS = regex.compile(r"(?<!\S)[وبل]?(?:(?:ل|ال)?(?:وكال[ةه]|صحيفة|مجلة|قناة|شبكة|لصحيفة|لقناة)(?:\s+\S+){0,3}|فرانس برس|أسوشي?يتد برس|رويترز)\s*\Z")
#: What the second copy of a caption may have more: a bracket, or a short credit behind a mark.
_BRACKET = regex.compile(r"\s*(?:[(\[][^()\[\]\n]{2,80}[)\]]|[.|/\-–—:©][^\n.]{2,60})?[\s.]*")
#: A credit that says it is of a picture signs no report; the line may open with a name in waw ("وارن") then.
_PICTURE = regex.compile(r"(?<!\p{L})(?:صور[ةه]?|تصوير|عدسة|photo)(?!\p{L})|©", regex.IGNORECASE)
_CONTROLS = regex.compile(r"\A(?:Next|Previous|\s|\u00a0)+")
_BYLINE = regex.compile(r"(?:[إا]عداد|كتب|كتبت|تقرير|حوار|حاوره|حاورها|أجرى الحوار|متابعة|رصد|نقله)\s*[:/\-–]?\s")
#: Nouns that open with a waw of their own; any other waw joins the line to the text before it.
_WAW = regex.compile(r"و(?:زير|زار|زراء|فد|فود|حد|الد|الي|اشنطن|كيل|كلاء|كال|سط|رش|جوه|جه|ثي?ق|ليد|ائل|رد|قفة|صول|داع|ل[يى]ّ? |لي العهد|يل|ود|ول|لاي|اد|احة|لد|اجهة|قود|ضع|هران|لفغانغ|اترلو)")
_GLUED = regex.compile(r"[(\[]([^()\[\]\n]{2,80})[)\]](?=\p{L})")
_BULLET = regex.compile(r"[-–—•*●▪■◆\u2022]|\d+\s*[-.)/]")


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``of`` is what to look for: a ``line`` that is a caption with its credit, a line that is nothing but a ``credit``,
    the bracket that names a ``photographer`` inside a line, a line that opens with a caption ``label``, a credited
    caption ``glued`` to the sentence after it.
    """

    of: Of


@dataclass(frozen=True)
class Captions:
    of: Of
    credits: Credits
    verb: regex.Pattern[str]
    label: regex.Pattern[str]
    photographer: regex.Pattern[str]

    def prefilters(self) -> list[str] | None:
        return {"photographer": [f"(?i:{self.photographer.pattern})"], "glued": [_GLUED.pattern], "label": [rf"^{EDGE}(?i:{self.label.pattern})"]}.get(self.of)

    def hits(self, page: Page) -> Iterator[Hit]:
        if self.of == "photographer":
            yield from self._photographers(page)
        elif self.of == "glued":
            yield from self._glued(page)
        elif not page.is_verse:
            yield from self._lines(page)

    def _lines(self, page: Page) -> Iterator[Hit]:
        lines = page.lines
        credits = self.credits.of_lines(page) if self.of != "label" else []
        for index, line in enumerate(lines):
            text = line.text
            if self.of == "label":
                if self.label.match(text) and len(text) <= 400 and not closes(text[-3:]) and len(lines) > 1:
                    yield self._whole(page, line)
                continue
            credit = credits[index]
            if credit is None:
                if self.of == "line" and self._vouched(page, credits, index):
                    yield self._whole(page, line)
                continue
            alone = not any(c.isalnum() for c in text[: credit.start])
            if alone != (self.of == "credit"):
                continue
            if alone:
                if credit.sure and len(lines) > 1 and (index or len(lines) > 2 or not credit.bracketed):
                    yield self._whole(page, line)
            elif self.is_caption(page, index, credit):
                if self._something_left(page, line):
                    yield self._whole(page, line)
                elif credit.bracketed:
                    yield self._credit_only(page, line, credit)
            elif credit.sure and credit.bracketed and index == len(lines) - 1 and len(page.text) < 700 and len(text[: credit.start].split()) >= 6 and not _GLOSS.search(text[: credit.start].rstrip()):
                yield self._credit_only(page, line, credit)  # a page of one picture and its story, signed at the end

    def is_caption(self, page: Page, index: int, credit: Credit) -> bool:
        """Whether the line ``index``, which ends in ``credit``, is the caption of a picture."""
        line = page.lines[index]
        body = _CONTROLS.sub("", line.text[: credit.start]).strip()
        words = len(body.split())
        if words < 2 or words > _LONG or _BULLET.match(body) or _GLOSS.search(body):
            return False
        if words <= 6 and _DASHES.search(body):  # a dateline or byline: "واشنطن - (أ ف ب)"
            return False
        if words <= 3 and index < 2 and not closes(body):  # "كييف (رويترز)" at the head may be a place as well
            return False
        if _BYLINE.match(body) or (body[0] == "و" and not _WAW.match(body) and not (words <= 20 and credit.bracketed and not self.verb.match(body[1:]) and _PICTURE.search(line.text, credit.start))):
            return False
        opens_with_verb = self.verb.match(body) is not None
        if not credit.sure and any(plain(page.lines[i].text) == plain(line.text) for i in (index - 1, index + 1) if 0 <= i < len(page.lines)):
            return 4 <= words <= _LONG and not closes(body)  # the page repeats its captions, and nothing else with a bracket
        if not credit.sure:
            return 4 <= words <= 30 and not closes(body) and not opens_with_verb and body[0] not in '«"“(' and not _CLAUSE.search(body) and self._between_paragraphs(page, index)
        if not credit.bracketed:
            return (5 if index < 3 else 4) <= words <= 35 and not opens_with_verb and (not closes(body) or "©" in line.text or ":" in line.text[credit.start :] or "/" in line.text[credit.start :])
        if not closes(body):
            return not (opens_with_verb and words > 14)
        return words <= 22 and not opens_with_verb and not _CLAUSE.search(body) and len(page.lines) > 2 and body.count(".") <= 1

    def _vouched(self, page: Page, found: list[Credit | None], index: int) -> bool:
        """Whether the line after one without a credit says that it is a caption: it is the credit, or the caption once more."""
        line, lines = page.lines[index], page.lines
        if not 1 <= index < len(lines) - 1 or closes(line.text) or not 5 <= line.words <= _LONG or line.text[-1] in ":\u060c":
            return False
        if _BULLET.match(line.text) or _BYLINE.match(line.text) or (line.text[0] == "و" and not _WAW.match(line.text)) or not closes(lines[index - 1].text):
            return False
        after, credit = lines[index + 1].text, found[index + 1]
        if credit is not None and credit.sure and not any(c.isalnum() for c in after[: credit.start]):
            return index + 2 < len(lines) and line.words <= 25
        again = after.startswith(line.text) and _BRACKET.fullmatch(after, len(line.text)) is not None
        return again and (line.words >= 6 or after != line.text) and any(other.final and other.words >= 12 for other in lines[max(0, index - 1) : index + 4])

    def _between_paragraphs(self, page: Page, index: int) -> bool:
        """Whether a neighbour of the line is a paragraph of prose, and none a line like itself: a list holds no captions."""
        around = [page.lines[i] for i in (index - 1, index + 1) if 0 <= i < len(page.lines)]
        return any(line.final and line.words >= 12 for line in around) and not any(line.text.endswith((")", "]")) and line.words < 12 and line.text != page.lines[index].text for line in around)

    def _something_left(self, page: Page, line: Line) -> bool:
        return any(other.number != line.number and len(other.text) > 40 for other in page.lines)

    def _whole(self, page: Page, line: Line) -> Hit:
        start = page.text.index(line.text, line.start)
        return Hit(start, start + len(line.text), (Edit(*page.cut_lines(line), ""),))

    def _credit_only(self, page: Page, line: Line, credit: Credit) -> Hit:
        """A page that is nothing but a caption keeps its one sentence."""
        start = page.text.index(line.text, line.start)
        end = start + len(line.text)
        end -= line.text.endswith(").")
        return Hit(start + credit.start, end, (Edit(start + len(line.text[: credit.start].rstrip()), end, ""),))

    def _photographers(self, page: Page) -> Iterator[Hit]:
        text = page.text
        for match in self.photographer.finditer(text):
            if self.credits.grade(match.group()[1:-1]) is None:
                continue
            line = page.line_at(match.start())
            if line is None or line.text == match.group():
                continue
            index = bisect_right(page.line_starts, match.start()) - 1
            credit = self.credits.at_end(line.text)
            if credit and match.end() >= line.start + len(line.text) and self.is_caption(page, index, credit):
                continue
            yield Hit(match.start(), match.end(), (Edit(*_with_space(text, match.start(), match.end(), line), ""),))

    def _glued(self, page: Page) -> Iterator[Hit]:
        for match in _GLUED.finditer(page.text):
            line = page.line_at(match.start())
            if line is None or self.credits.grade(match.group(1)) is not True:
                continue
            body = page.text[line.start : match.start()].strip()
            if 3 <= len(body.split()) <= 30 and "." not in body and not self.verb.match(body) and self.verb.match(page.text[match.end() :][:40]):
                start = page.text.index(body, line.start)
                yield Hit(start, match.end(), (Edit(line.start, match.end(), ""),))


def _with_space(text: str, start: int, end: int, line: Line) -> tuple[int, int]:
    """``start`` to ``end`` with the space on one side, on both at either end of the line."""
    before, after = start, end
    while before > line.start and text[before - 1] in " \u00a0":
        before -= 1
    while after < line.end and text[after] in " \u00a0":
        after += 1
    if before == line.start:
        return start if start == line.start else before, after
    if after >= line.end:
        return before, end if text[end:after] == "" else after
    return (before, end) if after > end else (before, after) if text[after] in ".\u060c:\u061b" else (start, after)


def compile(form: Form, context: Context) -> Captions:
    def either(name: str) -> str:
        return "(?:" + "|".join(loose(p) for p in sorted(context.lexicons.phrases(f"credits.{name}"), key=lambda p: (-len(p), p))) + ")"

    return Captions(
        form.of,
        build(context.lexicons),
        regex.compile(rf"[وف]?{either('news-verbs')}(?!\p{{L}})"),
        regex.compile(rf"\W{{0,3}}{either('caption-labels')}\s*[:\u060c,\-\u2013\u2014]\s*\p{{L}}", regex.IGNORECASE),
        regex.compile(rf"[(\[]\s*(?:{either('photo-by')}|{either('colon-labels')}\s*[:/])[^()\[\]\n]{{2,60}}[)\]]", regex.IGNORECASE),
    )
