"""``bylines``: who wrote a report, for whom and from where, on a line of its own or before the first word.

A byline is read part by part: two or more names in an order that signs a report, with nothing between them but dashes, commas
and brackets. What one name is, ``bylines.names`` knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import msgspec
import regex

from arlint.checks import Context
from arlint.checks.bylines.names import SOURCE, Names, Part, plain, read
from arlint.checks.bylines.signatures import bio_lines, credit_lines
from arlint.findings import Edit, Hit
from arlint.page import Line, Page

Shape = Literal["line", "stacked", "source", "agency", "agency-tail", "prefix", "run-in", "run-in-tail", "credit", "bio"]

_EDGE = r"[\s\u200b\u200e\u200f\u202a-\u202e]*+"
_ROLE = regex.compile(r"(?:Next Previous\s+)?[*•\-–]?\s*(?:(?:بقلم|كتب(?:ت|ه|ها)?|كتابة|[إا]عداد|تقرير|تحقيق|حوار|متابعة|تغطية|رصد|تصوير|ترجمة|تحرير|مراسل|By)\s*[:/-]\s*)?")
_CONTROLS = regex.compile(r"Next Previous\s+")
_BY = regex.compile(r"(?:بقلم|(?P<sole>بواسطة|كتبه|كتبته|من قبل)|By)\s*[:/-]?\s+")
_PHOTO = regex.compile(r"\s*\((?:تصوير|عدسة)[^()\n]{2,40}\)\s*\Z")
_STAMP = regex.compile(r"[-–*]?\s*(?:WWW\.)?[A-Z][A-Z0-9-]{2,20}[. ](?:INFO?|COM|NET|ORG|MA|TV|SA|AE|EG)(?![A-Za-z])[^\n]{0,30}")
_SOURCE = regex.compile(r"[-–*•(\[]*\s*(?:المصدر|المصادر|مصدر الخبر|نقل[اًا]{1,2} عن|Source|Sources)\s*[:：/|-]\s*(?P<names>[^\n:]{2,70}?)\s*[)\].]*\Z", regex.IGNORECASE)
#: "عن الجارديان", "خاص لصحيفة الجارديان": all that the line says.
_FROM = regex.compile(r"[-–*•(\[]?\s*(?:عن|عبر|نقل[اًا]{1,2} عن|(?:خاص|حصر[يى]|حصري[اًا]{1,2})(?= ل| ب))\s+(?:[لب]ـ?\s?)?(?:صحيفة |موقع |مجلة |شبكة |قناة |وكالة )?(?P<name>[^\n:.،]{3,30}?)[)\].]*")
_ENDS = regex.compile(r"(?:\s*[:：]+|\s+[-–—]|(?<=[)»”\"])\s*[-–—])(?=\s*[^\s:：])\s*")
#: What ends a byline before a sentence has one of these.
_MARKS = frozenset(":：-–—")
_DASH = regex.compile(r"[-\u2013\u2014/\u0640]")
_STOPS = regex.compile(r"[؟?!؛…]|[.](?=\s+\p{L}{3})")
_HEAD = regex.compile(rf"{_EDGE}(?:Next Previous\s+)?(?P<first>[^\n:؟!.،\u2013\u2014-]{{2,45}}?)\s*[-\u2013\u2014\u0640]{{1,2}}\s*(?P<rest>[^\n]{{2,160}})")
_TAIL = regex.compile(r"[.!?؟…»”\")][ \u00a0]{1,3}(?P<found>(?P<first>[^\n.،]{5,30}?)[ \u00a0]*[-–—ـ]{1,2}[ \u00a0]*(?P<place>[^\n.،]{2,20}))[ \u00a0]*$", regex.MULTILINE)
_WORD = regex.compile(r"[\p{L}\p{M}\u0640]+")
_PREFILTERS = {
    "line": [r"^.{2,60}[-–—ـ|/:،].", r"^.{0,10}(?:بقلم|بواسطة|كتب|من قبل|By)"],
    "stacked": [r"^.{2,46}$"],
    "agency": [r"^.{2,60}$"],
    "agency-tail": [r"^.{2,60}$"],
    "source": [r"(?:المصدر|المصادر|مصدر الخبر|نقل.{1,4}عن|[Ss]ource)", r"^.{0,4}(?:عن|عبر|خاص|حصر)"],
    "prefix": [r"^[^\n؟!]{2,90}(?:[:：]|[)»”\"]\s*[-–—]|\s[-–—]\s)"],
    "run-in": [r"^.{2,60}[-–—ـ]"],
    "credit": [r"^.{4,90}$"],
    "bio": [r"(?:كاتب|صحفي|صحافي|مراسل|محرر|ستاذ|محاضر|باحث|زميل|مؤلف|مدون|مصور|معلق|محلل)[^\n]{0,240}\Z"],
    "run-in-tail": [r"[.!?؟…»”\")][ \u00a0].{5,34}[-–—ـ].{2,24}$"],
}


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``shape`` is where the byline stands: a ``line`` of its own (within the first ``within`` lines, or anywhere with the
    writer's post), a ``stacked`` name or place below a stamp, an ``agency`` or desk alone at the head or tail, a ``source`` line that names a known source, a ``prefix`` of
    a paragraph, ``run-in`` at the head of the text or ``run-in-tail`` behind a paragraph, without a mark; a ``credit`` is a line
    of a part in the text and who had it, a ``bio`` the last line, which introduces the writer.
    """

    shape: Shape
    within: int = 4


@dataclass(frozen=True)
class Bylines:
    shape: Shape
    within: int
    names: Names

    def prefilters(self) -> list[str]:
        return _PREFILTERS[self.shape]

    def hits(self, page: Page) -> Iterator[Hit]:
        if page.is_verse and self.shape != "stacked":
            return
        yield from {
            "line": self._lines,
            "stacked": self._stacked,
            "source": self._sources,
            "agency": self._agencies,
            "agency-tail": self._agencies,
            "prefix": self._prefixes,
            "run-in": self._heads,
            "run-in-tail": self._tails,
            "credit": self._credits,
            "bio": self._bios,
        }[self.shape](page)

    # lines

    def _credits(self, page: Page) -> Iterator[Hit]:
        return (_whole(page, line) for line in credit_lines(page, self.names, self.within))

    def _bios(self, page: Page) -> Iterator[Hit]:
        return (_whole(page, line) for line in bio_lines(page, self.names))

    def _lines(self, page: Page) -> Iterator[Hit]:
        lines = page.lines
        for index, line in enumerate(lines if len(lines) > 1 else ()):
            if len(line.text) > 90 or line.words > 12 or line.number in page.verse_lines or line.text[-1] in "؟?!،":
                continue
            head = index < self.within
            if not head and "مراسل" not in line.text and "موفد" not in line.text:
                continue
            if index and lines[index - 1].text[-1] in "؟?":  # a reader signs the question
                continue
            if self.is_byline(line.text, head=head):
                hit = _whole(page, line)
                controls = _CONTROLS.match(line.text)  # a finding of their own
                yield Hit(hit.start + controls.end(), hit.end, hit.edits) if controls else hit

    def is_byline(self, text: str, *, head: bool) -> bool:
        """Whether the line ``text`` is a byline; far from the head only one that names the writer's post counts."""
        text = _PHOTO.sub("", text)
        if role := _ROLE.match(text):  # matches nothing where there is no role
            text = text[role.end() :]
        by = _BY.match(text)
        if by and head and 2 <= len(text.split()) <= 10 and text[-1] not in ".:":
            parts = self.names.parts(text[by.end() :])
            return bool(parts) and bool(({"person"} if by["sole"] else {"person", "name"}) & parts[0].kinds) and all(p.kinds for p in parts[1:])
        parts = self.names.parts(text.rstrip(" .:："))
        if len(parts) < 2 or not all(p.kinds and not p.loose for p in parts) or self.names.is_sentence(_WORD.findall(text)):
            return False
        if any("post" in p.kinds for p in parts[1:]) and "name" in parts[0].kinds:
            return head or "person" in parts[0].kinds or bool(parts[-1].kinds & (SOURCE | {"place"}))
        return head and self._signs(parts)

    def _signs(self, parts: list[Part]) -> bool:
        first, rest = parts[0], parts[1:]
        if _source(first):
            return all(_source(p) or p.kinds & {"place", "name"} for p in rest)
        if "outlet" in first.kinds and not first.wrap:
            return all(p.kinds & {"desk", "agency"} for p in rest)
        if "place" in first.kinds:
            rest = [p for p in rest if "place" not in p.kinds or _source(p)]
            return bool(rest) and all(_source(p) or "person" in p.kinds for p in rest)
        names = 0
        while names < len(parts) and "name" in parts[names].kinds and not parts[names].kinds & (SOURCE | {"place"}):
            names += 1
        last = parts[names:]
        return 1 <= names <= 3 and 1 <= len(last) <= 3 and all(_source(p) or "place" in p.kinds for p in last)

    def _stacked(self, page: Page) -> Iterator[Hit]:
        """Places and names in the block of short lines that opens with a stamp or a desk, at the head of the text."""
        lines, inside, stamped, found = page.lines, False, False, list[Line]()
        if page.is_verse and not (lines and _STAMP.fullmatch(lines[0].text)):
            return
        for line in lines[: self.within + 3]:
            text = line.text
            short = len(text) <= 45 and line.words <= 5 and (not line.final or text[-1] == ":")
            role = _BY.match(text)
            parts = self.names.parts(text[role.end() :] if role else text) if short else []
            signs = len(parts) == 1 and bool(parts[0].kinds & {"desk", "agency"}) and not parts[0].wrap
            names = 1 <= len(parts) <= 2 and bool(parts[0].kinds & {"place", "person" if page.is_verse else "name"}) and all(p.kinds & {"place", "desk"} for p in parts[1:])
            stamp = short and _STAMP.fullmatch(text) is not None
            if signs or stamp:
                inside = True
            elif inside and text[-1] != ":" and (names or (stamped and short and len(parts) == 1 and line.words == 1)):
                found.append(line)  # one word right below the stamp is a town, listed or not
            elif inside or line.words >= 7:
                if line.final or line.words >= 7:  # a story that is broken into short lines goes on like the block
                    yield from (_whole(page, entry) for entry in found)
                return
            stamped = stamp

    def _agencies(self, page: Page) -> Iterator[Hit]:
        """Lines of nothing but agencies and desks, papers only in brackets, in the first or the last lines of the text."""
        lines = page.lines
        near = lines[-self.within :] if self.shape == "agency-tail" else lines[: self.within]
        for line in near if len(lines) > 1 else ():
            if len(line.text) > 60 or line.words > 9 or line.number in page.verse_lines or line.text[-1] in "؟?!،":
                continue
            text = line.text.strip("*•-– .:")
            wrapped = text[:1] in "([" and text[-1:] in ")]"
            parts = self.names.parts(text[1:-1] if wrapped else text)
            if not parts or len(parts) > 4 or (len(parts) == 1 and parts[0].words == 1 and len(plain(text)) < 2):
                continue
            first = parts[0].kinds
            papers = {"house", "site"} if wrapped or parts[0].wrap or first & {"agency", "desk"} else set()
            named = "outlet" in first and any("agency" in p.kinds and p.loose for p in parts[1:])  # "وكالة الأنباء الألمانية (د ب أ)"
            signs = {"agency", "desk"} | papers
            if (named or first & signs) and all(p.kinds & signs for p in parts[1:]):
                yield _whole(page, line)

    def _sources(self, page: Page) -> Iterator[Hit]:
        for index, line in enumerate(page.lines):
            if index and len(line.text) <= 90 and (match := _SOURCE.match(line.text)):
                parts = self.names.parts(match["names"])
                if 1 <= len(parts) <= 4 and all(p.kinds & SOURCE for p in parts):
                    yield _whole(page, line)
            elif index and len(line.text) <= 60 and (match := _FROM.fullmatch(line.text)) and "outlet" in self.names.part(match["name"]).kinds:
                yield _whole(page, line)

    # before and behind sentences

    def _prefixes(self, page: Page) -> Iterator[Hit]:
        for line in page.lines:
            if _MARKS.isdisjoint(line.text[:104]):
                continue
            stop = _STOPS.search(line.text, 0, 100)
            room = min(stop.start() if stop else 100, 100)
            best = None
            for match in _ENDS.finditer(line.text, 0, min(len(line.text), room + 4)):
                if 2 < match.start() <= room and self._opens(line.text[: match.start()], ":" if set(match.group()) & set(":：") else "-"):
                    best = match
            if best and line.number not in page.verse_lines:
                start = page.text.index(line.text, line.start)
                lead = len(line.text) - len(line.text.lstrip("*• "))
                yield Hit(start + lead, start + best.end(), (Edit(line.start, start + best.end(), ""),))

    def _opens(self, text: str, mark: str) -> bool:
        """Whether ``text``, before a colon or a dash, is a byline or dateline."""
        parts = self.names.parts(_PHOTO.sub("", text))
        if not 2 <= len(parts) <= 6:
            return False
        kinds = [p.kinds for p in parts]
        last = parts[-1]
        if "place" in kinds[0]:
            places = next((i for i, k in enumerate(kinds) if "place" not in k), len(parts))
            after = parts[places:]
            if not 1 <= places <= 2 or not 1 <= len(after) <= 3:
                return False
            wire = all(p.kinds & {"agency", "site", "outlet"} or (p.wrap in '«“"' and p.wrap and "house" in p.kinds) for p in after)
            if wire:
                return True
            return mark == ":" and "dated" not in kinds[0] and all(p.kinds & {"agency", "person"} or plain(p.text) in ("وكالات", "متابعات") or (p.wrap and p.kinds & SOURCE) for p in after)
        if mark != ":" or any(p.loose for p in parts) or not _DASH.search(text):
            return False
        at = next((i for i, k in enumerate(kinds) if k & {"site", "agency"}), -1)
        led = 0 <= at < len(parts) - 1 and at <= 1 + sum(1 for p in parts[1:at] if "name" in p.kinds) and parts[0].words <= 5
        if led and len(parts) - at <= 4 and all(p.kinds or (p.words <= 3 and not p.wrap) for p in parts[at + 1 :]):
            return True
        person = 1 if "person" in kinds[0] else 0
        if person and len(parts) == 2 and kinds[1] & {"site", "place"}:
            return True
        signs = parts[person:]
        opener = bool(signs) and ("house" in signs[0].kinds or plain(signs[0].text) in ("وكالات", "متابعات", "خاص"))
        return opener and 2 <= len(signs) <= 3 and all(p.kinds & {"agency", "desk", "place"} for p in signs[1:]) and not last.wrap

    def _heads(self, page: Page) -> Iterator[Hit]:
        match = _HEAD.match(page.text)
        if match is None:
            return
        first = self.names.part(match["first"])
        words = list(_WORD.finditer(match["rest"], 0, 60))
        spelled = [w.group() for w in words]
        if first.kinds & {"house", "site"} and not first.wrap:
            count = self.names.longest(spelled, "place")
        elif "person" in first.kinds and first.words <= 5:
            count = self.names.longest(spelled, "house", "site", "place")
        else:
            return
        if not count or words[0].start() or any(match["rest"][a.end() : b.start()].strip() for a, b in pairwise(words[:count])):
            return
        rest = match["rest"][words[count - 1].end() :]
        if photo := regex.match(r"[ \u00a0]*\((?:تصوير|عدسة)[^()\n]{2,40}\)", rest):
            rest = rest[photo.end() :]
        if regex.match(r"[ \u00a0]+(?!(?:و|أو|ثم)(?!\p{L}))\p{L}{2}[\p{L}\p{M}\u0640]*[ \u00a0]", rest):
            end = match.end("rest") - len(rest.lstrip(" \u00a0"))
            yield Hit(match.start("first"), end, (Edit(match.start(), end, ""),))

    def _tails(self, page: Page) -> Iterator[Hit]:
        for match in _TAIL.finditer(page.text):
            if "person" in self.names.part(match["first"]).kinds and "place" in self.names.part(match["place"]).kinds and len(match["first"].split()) <= 3:
                start = match.start("found")
                while page.text[start - 1] in " \u00a0":
                    start -= 1
                yield Hit(match.start("found"), match.end("found"), (Edit(start, match.end(), ""),))


def _source(part: Part) -> bool:
    return bool(part.kinds & {"house", "site", "desk", "agency"}) or bool(part.wrap and "outlet" in part.kinds)


def _whole(page: Page, line: Line) -> Hit:
    start = page.text.index(line.text, line.start)
    return Hit(start, start + len(line.text), (Edit(*page.cut_lines(line), ""),))


def compile(form: Form, context: Context) -> Bylines:
    return Bylines(form.shape, form.within, read(context.lexicons))
