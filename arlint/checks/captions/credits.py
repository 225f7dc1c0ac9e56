"""Photo and caption credits: where one stands in a line, and how surely it is one.

A credit is read part by part ("وكالة الصحافة الفرنسية عبر غيتي إيماجز" is two sources and a connector) rather than matched as
a phrase, so that every pairing, order and spacing of the listed names is known. What becomes of it is for the checks.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from arlint.arabic import fold, loose
from arlint.page import Page
from arlint.rules import Lexicons

_OPEN = {")": "(", "]": "["}
#: "غيتي إيماجز لشركة وارنر": a source that works for a house
_FOR = r"(?<=\s)ل(?=(?:شركة|موقع|مجلة|صحيفة|وكالة|منظمة|مهرجان|مؤسسة|جمعية|قناة|شبكة|متحف|جامعة)\s)"
_JOINS = regex.compile(
    r"\s*(?:(?<!\p{L})\u0640+|[-\u2010-\u2015/|+&,\u060c.:\u00b7•]|(?<!\S)(?:عبر|من خلال|عن طريق|نقلا عن|via|for|بواسطة|by)(?!\S)|" + _FOR + r"|©)\s*",
    regex.IGNORECASE,
)
_NOT_LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
_YEAR = regex.compile(r"(?:19|20)\d\d")
_NAME = regex.compile(r"[\p{L}\p{M}.'\u2019_\-]+(?:\s+[\p{L}\p{M}.'\u2019_\-]+){0,4}")
_STOP = regex.compile(r"[.!?\u061f\u2026][\"\u00bb\u201d\u2019]*\s*\Z")
_GAPS = regex.compile(r"[. ]+")
_LISTS = ("agencies", "agencies-latin", "archive", "doubtful", "mistranslated", "photo-by", "image-source", "colon-labels", "copyright", "beside", "only-in-brackets")
_SOURCE = regex.compile(r"(?<=[\s.])(?:المصدر|مصدر|Source)\s*:\s*")
_PERSON = regex.compile(r"(?!ال)\p{L}{2,}(?:\s+[\p{L}.]+){1,3}")
#: "صورة جيتي", "صورة من الأرشيف": a whole line that says what the picture is and no more.
_PICTURE = regex.compile(r"(?:ال)?صور[ةه]?\s+\S|من الأرشيف\Z|[أا]رشيفي[ةه]\Z")
#: What a credit without brackets may be told by; most lines hold none of it near their end.
_LABELS = ("©", "تصوير", "عدس", "صور", "مصدر", "حقوق", "ائتمان", "رصيد", "رشيف", "hoto", "HOTO", "redit", "icture", "mage")
_BARS = ("-", "–", "—", "|", "/", "عبر ", "via ")
#: A dotted or dot-spaced acronym would fall apart at its stops; it is closed up before a credit is taken apart.
_ACRONYM = regex.compile(r"(?<![\p{L}\p{N}])(?:\p{L}[. ]{1,2}){1,3}\p{L}(?![\p{L}\p{N}])\.?")


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit that ends ``text``: it begins at ``start``. ``sure`` is False for names with honest lives of their own."""

    start: int
    sure: bool
    bracketed: bool


@dataclass(frozen=True)
class Credits:
    """The listed names, ready to look up by `plain` form."""

    sources: frozenset[str]
    doubtful: frozenset[str]
    bracketed: frozenset[str]
    latin: frozenset[str]
    beside: frozenset[str]
    label: regex.Pattern[str]
    copyright: regex.Pattern[str]
    tail: regex.Pattern[str]

    def at_end(self, text: str) -> Credit | None:
        """The credit that closes ``text`` (a stripped line), or None."""
        end = len(text.rstrip(" .\u060c\u00a0"))
        if end == 0:
            return None
        if text.isascii() and end <= 40 and plain(text) in self.latin:
            return Credit(0, True, False)
        opener = _OPEN.get(text[end - 1])
        if opener:
            start = text.rfind(opener, max(0, end - 110), end)
            content = text[start + 1 : end - 1]
        else:  # the closing bracket may be lost
            start = max(text.rfind("(", max(0, end - 60), end), text.rfind("[", max(0, end - 60), end))
            content = text[start + 1 : end]
            if start >= 0 and (")" in content or "]" in content):
                start = -1
        if start >= 0 and (grade := self.grade(content)) is not None:
            return Credit(start, grade, True)
        return None if opener else self._bare(text, end)

    def of_lines(self, page: Page) -> list[Credit | None]:
        """`at_end` of every line of ``page``, found once; a paragraph of news is too long to be a caption."""
        kept: dict[str, list[Credit | None]] = page.__dict__
        if "_credits" not in kept:
            kept["_credits"] = [self.at_end(line.text) if len(line.text) <= 420 else None for line in page.lines]
        return kept["_credits"]

    def grade(self, content: str) -> bool | None:
        """Whether ``content`` (of a bracket) is surely a credit (True), perhaps (False), or none (None)."""
        if not 2 <= len(content) <= 100:
            return None
        content = content.strip()
        if label := self.label.match(content):
            rest = content[label.end() :].strip()
            if label.group()[-1] not in " y:/-\u2013\u2014\u060c\u0640" and rest and not _PERSON.fullmatch(rest) and self._known(rest) is None:
                return None  # "(تصوير الكتب والمستندات)": no mark after the label and no name
            return True if not rest or self._named(rest) else None
        if label := self.copyright.match(content):
            content = content[label.end() :]
        if (whole := self._known(content)) is not None:
            return whole
        best: bool | None = None
        for part in self._parts(content):
            known = self._known(part)
            if known is not None:
                best = best or known
            elif not (_YEAR.fullmatch(part) or _NAME.fullmatch(part)):
                return None
        return best

    def _known(self, part: str) -> bool | None:
        """Whether ``part`` is a source: surely, perhaps, or (None) not; a year or "صورة أرشيفية من" beside it is its own."""
        known = plain(_YEAR.sub("", part))
        if known in self.sources:  # "آب" is a month and "أب" a father, where "أ ب" is an agency
            return None if len(known) == 2 and part.strip().isalpha() and not part.isascii() else True
        if known in self.doubtful:
            return False
        words = _YEAR.sub("", part).split()
        while words and plain(words[0]) in self.beside:
            del words[0]
        while words and plain(words[-1]) in self.beside:
            words.pop()
        return True if words and plain("".join(words)) in self.sources else None

    def _parts(self, content: str) -> list[str]:
        closed = _ACRONYM.sub(lambda m: _GAPS.sub("_", m.group().strip(". ")) + " ", content)
        return [part for part in _JOINS.split(closed) if part.strip()]

    def _named(self, text: str) -> bool:
        """Whether ``text`` holds nothing but names of people and sources."""
        parts = self._parts(text)
        return 0 < len(parts) <= 4 and all(_NAME.fullmatch(p.strip()) or self._known(p) is not None for p in parts)

    def _photographed(self, text: str) -> bool:
        """Whether ``text`` is a person and whom he works for, as photographs are signed: a report names its agency alone."""
        parts = self._parts(text)
        return len(parts) == 2 and _PERSON.fullmatch(parts[0].strip()) is not None and self._known(parts[1]) is not None

    def _bare(self, text: str, end: int) -> Credit | None:
        """A credit without brackets: after ©, a dash or bar, or a label such as ``تصوير:``."""
        tail = text[max(0, end - 90) : end]
        if not any(hint in tail for hint in _LABELS) and (end < len(text) or text[-1] in '!?\u061f"»”' or not any(bar in tail for bar in _BARS)):
            return None
        line = text[:end]
        if end <= 40 and _PICTURE.match(line) and self._known(line):
            return Credit(0, True, False)
        if end <= 100 and (label := self.copyright.match(line)) and self.grade(line[label.end() :]):
            return Credit(0, True, False)
        at = line.rfind("©")
        if at >= 0 and end - at <= 80 and (self.grade(line[at + 1 :]) or (at == 0 and self._named(line[1:]))):
            return Credit(at, True, False)
        if (source := _SOURCE.search(line, max(0, end - 90))) and source.start() > 20 and self._photographed(line[source.end() :]):
            return Credit(source.start(), True, False)
        for match in self.tail.finditer(line, max(0, end - 90)):
            rest = line[match.end() :]
            if match.group("label"):
                if self._named(rest):
                    return Credit(match.start("label"), True, False)
            elif (parts := self._parts(rest)) and all(self._known(part) and plain(part) not in self.bracketed for part in parts):
                return Credit(match.start(), True, False)
        return None


def plain(text: str) -> str:
    """What all spellings of one name share: folded letters and digits, nothing between them, no case.

    >>> plain("أ. ف. ب.") == plain("ا ف ب")
    True
    """
    return _NOT_LETTERS.sub("", fold(text)).lower()


def closes(text: str) -> bool:
    """Whether ``text`` ends like a sentence, with a stop; a colon or a bracket is none."""
    return _STOP.search(text) is not None


def build(lexicons: Lexicons) -> Credits:
    """The credits of the lexicon ``credits``. Raises KeyError where a list of it is missing."""
    lists = {name: lexicons.phrases(f"credits.{name}") for name in _LISTS}

    def either(*names: str) -> str:
        phrases = {phrase for name in names for phrase in lists[name]}
        return "(?:" + "|".join(loose(p) for p in sorted(phrases, key=lambda p: (-len(p), p))) + ")"

    def names(*wanted: str) -> frozenset[str]:
        return frozenset(plain(phrase) for name in wanted for phrase in lists[name])

    separator = r"\s*[:/\u060c\-\u2013\u2014\u0640]+\s*"
    colon = rf"{either('colon-labels')}\s*[:/]\s*"
    label = rf"{either('photo-by', 'image-source')}{{end}}|{colon}"
    sure = names("agencies", "agencies-latin", "archive")
    return Credits(
        sure,
        names("doubtful", "mistranslated") - sure,
        names("only-in-brackets"),
        names("agencies-latin"),
        names("beside"),
        regex.compile("(?:" + label.replace("{end}", rf"(?:{separator}|(?=\s|\Z))") + ")", regex.IGNORECASE),
        regex.compile(rf"(?:©|\(c\)|{either('copyright')})(?:{separator}|\s+|(?<=©))", regex.IGNORECASE),
        regex.compile(rf"(?<!\S)(?P<label>{label.replace('{end}', f'(?:{separator}|(?<=by)' + chr(92) + 's+)')})|\s*[-\u2013\u2014|/]\s*|(?<!\S)(?:عبر|via)\s", regex.IGNORECASE),
    )
