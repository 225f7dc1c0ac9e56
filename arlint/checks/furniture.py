"""``furniture``: lines that are page furniture by what they say, told from prose by place and by their neighbours.

All phrases come from lists, are compared word by word after folding, and numbers in them stand for any number. A phrase
that honest prose also uses counts only at the rim of the text or beside a line that is certainly furniture.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from zlib import compress, decompress

import msgspec
import regex

from arlint.arabic import fold
from arlint.checks import Context, Mistake
from arlint.findings import Applicability, Edit, Hit
from arlint.page import Line, Page
from arlint.rules import Lexicons

_WORD = regex.compile(r"[\p{L}\p{M}]+|\p{N}+")
_FIRST = regex.compile(r"[^\p{L}\p{N}]{0,8}([\p{L}\p{M}]+|\p{N}+)")
_COLON = regex.compile(r"[)\]»”\"\s]*(?:[:：|/\\›>»→←]|[-–—](?=\s)|https?:)")
_STOP_INSIDE = regex.compile(r"[.؟!?؛][\s»”\")]+\p{L}")
#: ``(one|other)`` in an entry of a list; brackets without a bar are the phrase's own
_CHOICE = regex.compile(r"\(([^()]*\|[^()]*)\)")
_BREAK, _OPENING = re.compile("\n"), re.compile("^[^ \n]+", re.MULTILINE)
_HA = str.maketrans("ة", "ه")
_QUOTES = "\"«“”'‘("

#: Lists of a furniture lexicon that are not certain by themselves (its ``about`` tells what they are).
_SOFT = ("-likely", "-weak", "-opens", "-words", "networks", "bar-buttons", "sections")

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]


class Book:
    """Tens of thousands of phrases in one text, a line each in order: as tuples of words they would take ten times as much memory."""

    def __init__(self, lines: str) -> None:
        self._lines = lines
        self._starts = array("L", (0, *(match.end() for match in _BREAK.finditer(lines))))
        self.firsts = frozenset(_OPENING.findall(lines))
        self._longest = max(line.count(" ") for line in lines.split("\n")) + 1

    def __iter__(self) -> Iterator[str]:
        return map(self._at, self._starts)

    def __contains__(self, said: tuple[str, ...]) -> bool:
        phrase = " ".join(said)
        at = bisect_left(self._starts, phrase, key=self._at)
        return at < len(self._starts) and self._at(self._starts[at]) == phrase

    def _at(self, start: int) -> str:
        end = self._lines.find("\n", start)
        return self._lines[start : end if end >= 0 else None]

    def opening(self, said: tuple[str, ...]) -> int:
        """How many words the longest phrase has that ``said`` opens with; 0 where none does."""
        if said[0] not in self.firsts:
            return 0
        return next((length for length in range(min(len(said), self._longest), 0, -1) if said[:length] in self), 0)


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """Lists by ``lexicon.key``. ``certain``: the whole line, anywhere, in the rule's own grade. ``likely``: the whole line,
    near the rim or beside certain furniture, unsafe. ``opens``: the line opens with it and goes on with a headline,
    name or link, unsafe; an entry that ends in a colon asks for one, or an arrow, after it. ``weak``: whole lines that
    count in a run of them (``run`` lines, ``run`` on one line, or one certain neighbour). ``titles``: so many headlines that follow a
    certain or likely line go with it. ``asks`` are words that open a prompt and ``names`` what the site calls its own: a line
    that opens with the one and holds the other is a prompt however it goes on, unsafe. Headings that open a line count from
    line ``opens_from`` on, where the first one may be the article's own headline; with ``sentences`` a notice may go on for
    several of them.
    """

    certain: list[str] = msgspec.field(default_factory=list)
    likely: list[str] = msgspec.field(default_factory=list)
    opens: list[str] = msgspec.field(default_factory=list)
    weak: list[str] = msgspec.field(default_factory=list)
    run: int = 3
    head: int = 3
    tail: int = 8
    max_words: int = 25
    titles: int = 0
    asks: list[str] = msgspec.field(default_factory=list)
    names: list[str] = msgspec.field(default_factory=list)
    opens_from: int = 0
    sentences: bool = False


def spelled(text: str) -> tuple[str, ...]:
    """The words of ``text`` as phrases are compared: folded, without case, ta marbuta as ha, every number as ``0``."""
    return tuple("0" if w[0].isdigit() else w for w in _WORD.findall(fold(text).translate(_HA).casefold()))


@dataclass(frozen=True)
class Furniture:
    form: Form
    certain: Phrases
    likely: Phrases
    weak: Phrases
    opens: Phrases
    asks_colon: frozenset[tuple[str, ...]]
    #: every phrase of the lexicons drawn on that is certain in its own rule, for telling a line's neighbours; packed, for
    #: they are many, the same for most rules, and hardly ever asked for
    packed: bytes
    asks: Phrases
    names: Phrases

    @property
    def known(self) -> Book:
        return _book(self.packed)

    @cached_property
    def starts(self) -> frozenset[str]:
        """The words that a line must open with to be worth a look."""
        return frozenset((*self.certain, *self.likely, *self.weak, *self.opens, *self.asks))

    def phrases(self) -> list[str]:
        """What one of the lines opens with."""
        opening = {phrase[:4] for table in (self.certain, self.likely, self.weak, self.opens, self.asks) for listed in table.values() for phrase in listed}
        if self.weak:  # a row of buttons may open with another rule's
            opening.update(tuple(line.split(" ", 4)[:4]) for line in self.known)
        return sorted("^" + " ".join(words) for words in opening)

    def hits(self, page: Page) -> Iterator[Hit]:
        openings, lines = _openings(page), page.lines
        starts = self.starts
        if starts.isdisjoint(openings) or len(lines) < 2:
            return
        first = last = -1
        certain = True
        for index, opening in enumerate(openings):
            if opening not in starts or index <= last or lines[index].words > self.form.max_words:
                continue
            grade = self._grade(page, openings, index, lines[index])
            if grade is None:
                continue
            if index != last + 1 and first >= 0:
                yield self._hit(page, first, last, certain)
            if index != last + 1 or first < 0:
                first, certain = index, True
            last = self._titles(page, index) if self.form.titles and grade != "opens" else index
            certain = certain and grade == "certain" and last == index
        if first >= 0:
            yield self._hit(page, first, last, certain)

    def _hit(self, page: Page, first: int, last: int, certain: bool) -> Hit:
        """The lines from ``first`` to ``last`` as one place: neighbours that vouch for each other go together."""
        opening, closing = page.lines[first], page.lines[last]
        start = page.text.index(opening.text, opening.start)
        end = page.text.index(closing.text, closing.start) + len(closing.text)
        grade: Applicability | None = None if certain else "unsafe"
        return Hit(start, end, (Edit(*page.cut_lines(opening, closing), ""),), {"line": opening.text}, grade)

    def _grade(self, page: Page, openings: list[str], index: int, line: Line) -> str | None:
        whole = spelled(line.text)
        said = _trimmed(whole)
        if _has(self.certain, said):
            return "certain"
        if _has(self.likely, said) and (self._at_rim(page, index) or self._beside(page, openings, index)):
            return "likely"
        if _has(self.weak, said) and (self._beside(page, openings, index) or self._runs(page, index)):
            return "weak"
        if self.weak and self._is_row(said):
            return "row"
        if _has_at(self.asks, whole, 0) and line.text[0] not in _QUOTES and any(_has_at(self.names, whole, at) for at in range(1, len(whole))):
            return "opens"
        for phrase in self.opens.get(openings[index], ()) if index >= self.form.opens_from and line.text[0] not in '«“"' else ():
            if whole[: len(phrase)] != phrase or len(whole) == len(phrase):
                continue
            rest = line.text[_end_of(line.text, len(phrase)) :]
            if phrase in self.asks_colon and not _COLON.match(rest):
                continue
            if not _COLON.match(rest) and _STOP_INSIDE.search(rest) and not (self.form.sentences and len(phrase) >= 3):
                continue
            if self.form.titles and not _COLON.match(rest) and rest.rstrip().endswith(".") and not rest.rstrip().endswith(".."):
                continue  # a headline takes no full stop: the writer sends the reader on in a sentence of his own
            return "opens"
        return None

    def _at_rim(self, page: Page, index: int) -> bool:
        return index < self.form.head or index >= len(page.lines) - self.form.tail

    def _beside(self, page: Page, openings: list[str], index: int) -> bool:
        near = [i for i in (index - 1, index + 1) if 0 <= i < len(openings) and openings[i] in self.known.firsts]
        return any(_trimmed(spelled(page.lines[i].text)) in self.known for i in near)

    def _runs(self, page: Page, index: int) -> bool:
        """Whether the line stands in a run of weak ones; looks no further than the run must be long."""
        length = 1
        for step in (-1, 1):
            near = index + step
            while 0 <= near < len(page.lines) and length < self.form.run and _has(self.weak, _trimmed(spelled(page.lines[near].text))):
                length, near = length + 1, near + step
        return length >= self.form.run

    def _is_row(self, said: tuple[str, ...]) -> bool:
        """Whether the line is nothing but buttons side by side, ``run`` of them at least."""
        count = at = 0
        while at < len(said):
            rest = said[at:]
            step = self.known.opening(rest) or next((len(p) for p in self.weak.get(rest[0], ()) if rest[: len(p)] == p), 0)
            if not step and rest[0] != "0":
                return False
            count, at = count + bool(step), at + max(step, 1)
        return count >= self.form.run

    def _titles(self, page: Page, index: int) -> int:
        """The last of the headlines that follow a heading: short lines without a full stop, at the foot all of them."""
        last, lines = index, page.lines
        while last + 1 < len(lines) and last - index < self.form.titles and _is_title(lines[last + 1]):
            last += 1
        if last + 1 == len(lines) or last == index:
            return last
        if last - index == self.form.titles and _is_title(lines[last + 1]):
            return index if self.form.titles < 4 else last
        # prose goes on below: where the article has subheadings, what stands right above it may be one of them
        around = [*range(2, index - 1), *range(last + 2, len(lines) - 1)]
        least = index + 1 if self.form.titles >= 4 else index  # a list of links has one at least
        return last if not any(_is_subheading(lines, i) for i in around) else max(least, last - 1)


def _is_subheading(lines: list[Line], index: int) -> bool:
    """Whether a short line stands between two paragraphs, as subheadings do; a caption's bracket is none."""
    if not _is_title(lines[index]) or lines[index].text[-1] in ")]":
        return False
    before, after = lines[index - 1], lines[index + 1]
    return before.final and before.words >= 12 and after.words >= 12


def _is_title(line: Line) -> bool:
    return (not line.final or line.text[-1] in "؟!") and 3 <= line.words <= 18


def _openings(page: Page) -> list[str]:
    """The folded first word of every line, once for all rules of this kind."""
    cache: dict[str, list[str]] = page.__dict__.setdefault("_furniture", {})
    if "openings" not in cache:
        found = [_FIRST.match(line.text) for line in page.lines]
        cache["openings"] = ["" if m is None else "0" if m[1][0].isdigit() else fold(m[1]).translate(_HA).casefold() for m in found]
    return cache["openings"]


def _trimmed(said: tuple[str, ...]) -> tuple[str, ...]:
    """``said`` without the counts that may follow a button: ``التعليقات (12)``."""
    while len(said) > 1 and said[-1] == "0":
        said = said[:-1]
    return said


def _has(phrases: Phrases, said: tuple[str, ...]) -> bool:
    return bool(said) and said in phrases.get(said[0], ())


def _has_at(phrases: Phrases, words: tuple[str, ...], at: int) -> bool:
    """Whether one of ``phrases`` stands in ``words`` from ``at`` on."""
    return at < len(words) and any(words[at : at + len(phrase)] == phrase for phrase in phrases.get(words[at], ()))


def _end_of(text: str, words: int) -> int:
    """The offset behind the first ``words`` words of ``text``."""
    end = 0
    for count, match in enumerate(_WORD.finditer(text), 1):
        end = match.end()
        if count == words:
            break
    return end


def compile(form: Form, context: Context) -> Furniture:
    if not (form.certain or form.likely or form.opens or form.weak):
        raise Mistake("check", "name at least one list under 'certain', 'likely', 'opens' or 'weak'")
    if bool(form.asks) != bool(form.names):
        raise Mistake("asks" if form.asks else "names", "'asks' and 'names' go together: a prompt opens with the one and holds the other")

    def listed(references: list[str]) -> list[str]:
        return [phrase for reference in references for phrase in context.lexicons.phrases(reference)]

    names = frozenset(reference.partition(".")[0] for reference in (*form.certain, *form.likely, *form.opens, *form.weak))
    opens = listed(form.opens)
    return Furniture(
        form,
        _by_first(listed(form.certain)),
        _by_first(listed(form.likely)),
        _by_first(listed(form.weak)),
        _by_first(opens),
        frozenset(spelled(p) for p in opens if p.rstrip().endswith(":")),
        compress("\n".join(sorted(_certain(context.lexicons, names) | _said(listed(form.certain)))).encode()),
        _by_first(listed(form.asks)),
        _by_first(listed(form.names)),
    )


@lru_cache(maxsize=2)
def _certain(lexicons: Lexicons, names: frozenset[str]) -> frozenset[str]:
    """Every phrase of the lexicons ``names`` that is certain in its own rule; most rules share one lexicon."""
    keys = (f"{name}.{key}" for name in names for key in lexicons.data[name] if key != "about" and not key.endswith(_SOFT))
    return frozenset(_said(phrase for key in keys for phrase in lexicons.phrases(key)))


def _said(phrases: Iterable[str]) -> set[str]:
    return {" ".join(said) for phrase in phrases for one in unfolded(phrase) if (said := spelled(one))}


@lru_cache(maxsize=8)
def _book(packed: bytes) -> Book:
    return Book(decompress(packed).decode())


def _by_first(phrases: list[str]) -> Phrases:
    return _table({said for phrase in phrases for one in unfolded(phrase) if (said := spelled(one))})


def _table(phrases: set[tuple[str, ...]]) -> Phrases:
    """Phrases by their first word, the longest first."""
    table: dict[str, set[tuple[str, ...]]] = {}
    words: dict[str, str] = {}  # thousands of phrases are made of a few hundred words, each held once
    for said in phrases:
        table.setdefault(said[0], set()).add(tuple(words.setdefault(word, word) for word in said))
    return {first: tuple(sorted(rest, key=lambda p: (-len(p), p))) for first, rest in table.items()}


def unfolded(phrase: str) -> Iterator[str]:
    """Every phrase that one with choices, such as ``(قصص|أخبار) (مقترحة|مشابهة)``, stands for."""
    parts = _CHOICE.split(phrase)
    return (" ".join(chosen) for chosen in product(*(part.split("|") if at % 2 else [part] for at, part in enumerate(parts))))
