"""What checks see of a document: lines, sentences, verse, protected spans and the quotation style, each computed once.

Only reads; the rules decide what is wrong with it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

import regex

from arlint.arabic import CLASSES, LETTER, MARK, STRIPPED, bare, fold
from arlint.codes import count_words, decoded, decorated, decorations, encoded, has_latin, keyed, least_words, may_be_vowelled, words
from arlint.document import Document

Span = tuple[int, int]

_BEHIND_STOP = '"\u00bb\u201d\u2019)]}\u2033\u00ab' + "".join(regex.findall(r"\s", "".join(map(chr, range(0x3001)))))
_CLOSED = frozenset(".!?\u061f\u2026:\u061b\u06d4")
_WORDS = regex.compile(r"(?<!\S)[^\s\p{L}\p{N}]*[\p{L}\p{N}]")
_LETTERED = regex.compile(r"[\p{L}\p{N}]+")
# these run over every text, and ``re`` is several times as fast as ``regex`` on plain classes
_IN_WORD = re.compile(rf"[{LETTER}{MARK}\u0640\u00AD\u200B-\u200D\u2060\uFEFF]")  # what hides in a word does not end it
_SENTENCE = regex.compile(r"[^\n]*?(?:[.!?\u061f\u2026]+[\"\u00bb\u201d)]*(?=\s|$)|(?=\n)|$)", regex.MULTILINE)

_DOMAINS = ("com", "net", "org", "info", "edu", "gov", "tv", "io", "sa", "eg", "ae", "ma", "uk")

#: Kinds of protected span, by name, as rule files list them under ``skip``.
PROTECTED: dict[str, regex.Pattern[str]] = {
    "url": regex.compile(
        rf"(?:https?://|www\.)[^\s<>\"\u00ab\u00bb\u201c\u201d\u2033\u060c]+|(?<![\w.@])[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.(?:{'|'.join(_DOMAINS)})(?:/[^\s<>\"\u00ab\u00bb\u201c\u201d\u2033\u060c]*)?(?![\w])"
    ),
    "email": regex.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    "handle": regex.compile(r"(?<![\w@])@\w{2,}"),
    "hashtag": regex.compile(r"(?<!\w)#[\w_]+"),
    "quran": regex.compile(rf"\ufd3f[^\ufd3e\n]*\ufd3e|\ufd3e[^\ufd3f\n]*\ufd3f|[{{][^}}\n]*[{MARK}][^}}\n]*[}}]"),
    "vowelled": regex.compile(rf"(?:{CLASSES['letter']}*(?:[{MARK}][{MARK}]?{CLASSES['letter']}+){{2,}}[{MARK}]*[\s\u060c]*){{3,}}"),
}
#: A word on its own with three marks or more is vowelled for a reason (census, trap 9).
_HINTS = {"url": ("://", "www.", *(f".{domain}" for domain in _DOMAINS)), "email": ("@",), "handle": ("@",), "hashtag": ("#",), "quran": ("\ufd3e", "\ufd3f", "{")}


@dataclass(frozen=True)
class Line:
    """One line: ``start`` and ``end`` bound its text without the line break, ``text`` is stripped of edge space and invisibles.

    ``words`` counts its words, ``final`` says whether it closes like a sentence.
    """

    number: int
    start: int
    end: int
    text: str
    codes: bytes

    @cached_property
    def words(self) -> int:
        count = count_words(self.codes)
        return len(_WORDS.findall(self.text)) if count is None else count

    @cached_property
    def final(self) -> bool:
        return self.text.rstrip(_BEHIND_STOP)[-1:] in _CLOSED


class Page:
    """The view of one document that every check shares."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        #: spans that furniture findings delete; what is counted over the whole article leaves them out
        self.gone: list[Span] = []

    @cached_property
    def codes(self) -> bytes:
        """The text in `codes`, a byte a character."""
        return encoded(self.text)

    @cached_property
    def lines(self) -> list[Line]:
        """All lines that are not blank, in order; ``number`` counts from 0 over blank ones too.

        Table cells, attributes and front matter are read beside the article: they are text, but none of its lines.
        """
        lines, start = [], 0
        projection, codes = self.document.projection, self.codes
        for number, raw in enumerate(self.text.split("\n")):
            stripped = raw.strip(STRIPPED)
            if stripped and (projection is None or projection.role(start) != "aside"):
                lines.append(Line(number, start, start + len(raw), stripped, codes[start : start + len(raw)]))
            start += len(raw) + 1
        return lines

    def is_native(self, suffixes: Iterable[str]) -> bool:
        """Whether the document is of a kind that files with one of ``suffixes`` are."""
        projection = self.document.projection
        return self.document.path.lower().endswith(tuple(suffixes)) or (projection is not None and projection.suffix in suffixes)

    @cached_property
    def line_starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def line_at(self, offset: int) -> Line | None:
        """The line that holds ``offset``, if it is not blank."""
        index = bisect_right(self.line_starts, offset) - 1
        return self.lines[index] if index >= 0 and offset <= self.lines[index].end else None

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentences as spans: they close at a stop followed by space, or at the line's end; decimals do not close one."""
        return [s for s in (m.span() for m in _SENTENCE.finditer(self.text)) if s[1] > s[0] and not self.text[s[0] : s[1]].isspace()]

    @cached_property
    def is_verse(self) -> bool:
        """Whether the text reads as a poem: many short, even lines, hardly any of them closed by a stop.

        Poems repeat lines, are titled by their first hemistich and use dots as stanza breaks (census, trap 8).
        """
        lines, projection = self.lines, self.document.projection
        if projection is not None:  # headings and list items are short for another reason
            lines = [line for line in lines if projection.role(line.start) != "item"]
        if len(lines) < 6 or (self.document.projection is None and least_words(self.codes) > 11 * len(lines)):
            return False
        short = [line for line in lines if 2 <= line.words <= 12 and not line.final]
        return len(short) >= 0.6 * len(lines) and sum(line.words for line in lines) / len(lines) <= 11

    @cached_property
    def verse_lines(self) -> set[int]:
        """Numbers of lines inside a run of four or more short lines without a final mark: verse or a list within prose."""
        found: set[int] = set()
        run: list[Line] = []
        for line in [*self.lines, None]:
            if line is not None and 2 <= line.words <= 9 and not line.final:
                run.append(line)
                continue
            if len(run) >= 4:
                found.update(entry.number for entry in run)
            run = []
        return found

    @cached_property
    def tokens(self) -> list[bytes]:
        """The Arabic words of the text in order, without marks and tatweel, in `codes`."""
        return words(self.codes)

    @cached_property
    def distinct(self) -> frozenset[bytes]:
        """Each of the `tokens` once."""
        return frozenset(self.tokens)

    @cached_property
    def keys(self) -> list[bytes] | None:
        """The words of the text in order, Latin ones and numbers too, as `codes.keyed` spells them; None where it cannot tell them."""
        return keyed(self.codes)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The Arabic words of the text, without marks and tatweel: cheap to meet with a rule's list."""
        return frozenset(decoded(b" ".join(self.distinct)).split(" ")) if self.tokens else frozenset()

    @cached_property
    def words(self) -> list[str]:
        """The Arabic words of the text in order, without marks and tatweel."""
        return decoded(b" ".join(self.tokens)).split(" ") if self.tokens else []

    @cached_property
    def _decorated(self) -> dict[str, str]:
        """Words with marks or tatweel as written, and what they are without."""
        text = self.text
        return {token: bare(token) for token in {text[start:end] for start, end in decorated(self.codes)}} if decorations(self.codes) else {}

    def places(self, listed: Set[str]) -> list[tuple[int, int, str]]:
        """(start, end, bare word) of every word that is in ``listed``, in order."""
        present = self.vocabulary & listed
        if not present:
            return []
        written = [(word, word) for word in present] + [(token, word) for token, word in self._decorated.items() if word in present]
        return sorted((start, start + len(token), word) for token, word in written for start in self._occurrences(token))

    def _occurrences(self, token: str) -> Iterator[int]:
        """Where ``token`` stands as a whole word."""
        text, at = self.text, self.text.find(token)
        while at >= 0:
            end = at + len(token)
            if not (at and _IN_WORD.match(text, at - 1)) and not _IN_WORD.match(text, end):
                yield at
            at = text.find(token, end)

    def protected(self, kind: str) -> list[Span]:
        """Spans of one kind of `PROTECTED` text, in order."""
        cache: dict[str, list[Span]] = self.__dict__.setdefault("_protected", {})
        if kind not in cache:
            possible = may_be_vowelled(self.codes) if kind == "vowelled" else any(hint in self.text for hint in _HINTS[kind])
            if possible and kind in ("url", "email"):
                possible = has_latin(self.codes)
            cache[kind] = [m.span() for m in PROTECTED[kind].finditer(self.text)] if possible else []
        return cache[kind]

    def touches(self, kinds: Iterable[str], start: int, end: int) -> bool:
        """Whether ``start`` to ``end`` touches a protected span of one of ``kinds``, or text that is masked as not prose."""
        return any(overlaps(self.protected(kind), start, end) for kind in kinds) or overlaps(self.document.masked, start, end)

    def is_gone(self, start: int, end: int) -> bool:
        """Whether the span lies in text that a furniture finding deletes."""
        return overlaps(self.gone, start, end)

    @cached_property
    def quotation(self) -> tuple[str, str]:
        """The opening and closing mark of the style that the article uses most; guillemets where it uses none."""
        counts = Counter({"«»": self.text.count("«") + self.text.count("»"), "“”": self.text.count("“") + self.text.count("”"), '""': self.text.count('"')})
        style, count = counts.most_common(1)[0]
        return (style[0], style[1]) if count else ("«", "»")

    def cut_lines(self, first: Line, last: Line | None = None) -> Span:
        """The span to delete so that the lines ``first`` to ``last`` go with their break and no blank gap is doubled."""
        start, end = first.start, (last or first).end
        before, after = start, end
        while before > 0 and self.text[before - 1] in "\n" + STRIPPED:
            before -= 1
        while after < len(self.text) and self.text[after] in "\n" + STRIPPED:
            after += 1
        if after == len(self.text):  # nothing follows: give up the break before, keep the one that ends the file
            return (before, end) if before else (start, after)
        if before == 0 or self.text.count("\n", end, after) <= self.text.count("\n", before, start):
            return start, self.text.rfind("\n", end, after) + 1
        return self.text.find("\n", before, start), end


def overlaps(spans: list[Span] | tuple[Span, ...], start: int, end: int) -> bool:
    """Whether the half-open span touches one of the sorted, disjoint ``spans``; an empty span touches the one around it."""
    if not spans:
        return False
    index = bisect_right(spans, (start, len(spans) and 1 << 60)) - 1
    if index >= 0 and spans[index][1] > start:
        return True
    return index + 1 < len(spans) and spans[index + 1][0] < end


def key(text: str) -> str:
    """What two copies of a line share: folded letters and digits, one space between words."""
    return " ".join(_LETTERED.findall(fold(text)))
