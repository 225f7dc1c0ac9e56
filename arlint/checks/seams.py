"""``seams``: words run together, or one word cut in two, as a vocabulary shows it.

Never judges a word for being unknown: both readings must speak for the repair, the text's own form being no word and every
part of the repaired one being a common word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, pairwise
from operator import add
from typing import Literal

import msgspec
import regex

from arlint.arabic import CLASSES, LETTER
from arlint.checks import Context
from arlint.checks.expressions import allowed, checked_skip
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.remembered import Remembered

# Letters that never join the next one: a lost space after them cannot be seen, so that is where writers lose it.
# Ta marbuta is not among them: what follows it is another word whatever the vocabulary says, which needs no more than a pattern.
_UNJOINED = "ادذرزوىءأآؤ"
# Inflections behind which a word counts as known: the guard against splitting a rare form of a common word.
_PREFIXES = ("", "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "فال", "كال", "ولل", "وبال", "س", "وس", "ي", "ت", "أ", "ن", "ا")
_SUFFIXES = ("", "ه", "ها", "هم", "هما", "نا", "ك", "كم", "ي", "ين", "ون", "ات", "ان", "ة", "وا", "ا", "ت", "ية", "تها", "ته", "تهم", "تين", "تان", "يا", "يه", "ني")
_EDGE = "()«»“”\"'.,،؛:؟!…-–*"


_LETTERS = frozenset(chr(c) for c in [*range(0x621, 0x63B), *range(0x641, 0x64B), 0x671])
_ARTICLE = regex.compile("^[وفبك]?ال")
_RUN = regex.compile(f"[{LETTER}]{{5,}}")
_OUTSIDE = regex.compile(CLASSES["wordchar"] + r"|[\w#@]")


def _bounded(text: str, start: int, end: int) -> bool:
    """Whether the letters from ``start`` to ``end`` are a word of their own: no mark, tatweel, digit or Latin letter touches them."""
    return not (start and _OUTSIDE.match(text, start - 1)) and not (end < len(text) and _OUTSIDE.match(text, end))


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``seam`` is what is looked for; ``vocabulary`` names the lexicon's text of common words. For glued words, ``tails``
    are the words that count as a second half beside every word with the article (those of three letters or more after any
    first half, shorter ones only after a longer one); ``except-heads`` and ``except-tails`` are halves that names and
    fixed phrases are written solid with; ``except`` are pairs that are two words.
    """

    seam: Literal["glued", "split"]
    vocabulary: str
    tails: list[str] = msgspec.field(default_factory=list)
    except_heads: list[str] = msgspec.field(default_factory=list)
    except_tails: list[str] = msgspec.field(default_factory=list)
    except_: list[str] = msgspec.field(default_factory=list, name="except")
    verse: Literal["allow", "skip"] = "skip"
    skip: list[str] | None = None


@dataclass(frozen=True)
class Glued:
    known: frozenset[str]
    tails: frozenset[str]
    heads_kept: frozenset[str]
    tails_kept: frozenset[str]
    seam: regex.Pattern[str]
    verse: bool
    skip: tuple[str, ...]

    def tells(self, word: str) -> bool:
        """Whether ``word`` is two that were run together: most pages hold none."""
        return word not in self.known and self.seam.search(word) is not None and any(self._split(run) for run in _RUN.findall(word))

    def hits(self, page: Page) -> Iterator[Hit]:
        if not self.verse and page.is_verse:
            return
        text, reach = page.text, 0
        if not any(map(self.tells, page.vocabulary)):
            return
        for match in self.seam.finditer(text):
            if match.start() < reach:
                continue
            start, end = match.start(), match.end()
            while start and text[start - 1] in _LETTERS:
                start -= 1
            while end < len(text) and text[end] in _LETTERS:
                end += 1
            word, reach = text[start:end], end
            at = self._split(word)
            if at and _bounded(text, start, end) and allowed(page, self.skip, start, end):
                yield Hit(start, end, (Edit(start + at, start + at, " "),), {"first": word[:at], "second": word[at:]})

    def _split(self, word: str) -> int:
        """Where ``word``, no word itself, falls into two common words, or 0."""
        at = 0 if word in self.known else self._seam(word)
        return 0 if at and self._inflects(word) else at

    def _seam(self, word: str) -> int:
        for at in range(3, len(word) - 1):
            head, tail = word[:at], word[at:]
            if head[-1] not in _UNJOINED or not self._common(head) or head in self.heads_kept or tail in self.tails_kept:
                continue
            if tail.startswith("ال") and len(tail) >= 5 and tail in self.known and not head.endswith(("ى", "اء")):
                return at
            # المطرفي and المدمن are words: before a tail of two letters the head must be long
            if tail in self.tails and (len(tail) > 2 or len(_ARTICLE.sub("", head)) >= 4):
                return at
        return 0

    def _common(self, head: str) -> bool:
        return head in self.known or (len(head) > 4 and head[0] in "وفبلك" and head[1:] in self.known)

    def _inflects(self, word: str) -> bool:
        for prefix in _PREFIXES:
            if not word.startswith(prefix):
                continue
            rest = word[len(prefix) :]
            for suffix in _SUFFIXES:
                stem = rest[: len(rest) - len(suffix)] if suffix else rest
                if rest.endswith(suffix) and len(stem) >= 3 and (stem in self.known or (suffix and stem + "ة" in self.known)):
                    return True
        return False


@dataclass(frozen=True)
class Split:
    known: frozenset[str]
    pairs_kept: frozenset[str]
    verse: bool
    skip: tuple[str, ...]

    def tells(self, word: str) -> bool:
        """Whether ``word`` can be the first half of a common word: some such word opens with it and has no word for its rest."""
        return self._halves[word]

    def _is_half(self, word: str) -> bool:
        if word in self.known:
            return False
        words, at = self._sorted, bisect_right(self._sorted, word)
        while at < len(words) and words[at].startswith(word):
            if self._torn(word, words[at][len(word) :]):
                return True
            at += 1
        return False

    @cached_property
    def _halves(self) -> Remembered[str, bool]:
        return Remembered(self._is_half)

    def possible(self, page: Page) -> bool:
        """Whether two words in a row are one that was cut."""
        words = page.words
        return any(half + rest in self.known for half, rest in compress(pairwise(words), map(self._halves.__getitem__, words)))

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_halves", "_sorted")}

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.known)

    def hits(self, page: Page) -> Iterator[Hit]:
        if not self.verse and page.is_verse:
            return
        known, text = self.known, page.text
        if known.isdisjoint(map(add, page.words, page.words[1:])):
            return
        pieces = text.split(" ")
        strange = [piece not in known for piece in pieces]
        start = reach = 0
        for index in [i for i, (a, b) in enumerate(pairwise(strange)) if a and b]:
            first, second = pieces[index], pieces[index + 1]
            head, tail = first.lstrip(_EDGE), second.rstrip(_EDGE)
            if not head or not tail or head + tail not in known or not self._torn(head, tail):
                continue
            start += sum(len(piece) + 1 for piece in pieces[reach : index + 1])
            reach = index + 1
            begin, end = start - 1 - len(head), start + len(tail)
            if allowed(page, self.skip, begin, end):
                yield Hit(begin, end, (Edit(start - 1, start, ""),), {"word": head + tail})

    def _torn(self, head: str, tail: str) -> bool:
        """Whether ``head`` and ``tail`` are pieces: no words, and not the conjunction or the article that have rules of their own."""
        if head in self.known or tail in self.known or len(head) + len(tail) < 5:
            return False
        return head != "و" and not (head == "ا" and tail[0] == "ل") and f"{head} {tail}" not in self.pairs_kept


def compile(form: Form, context: Context) -> Glued | Split:
    known = frozenset(context.lexicons.get(form.vocabulary).split())
    skip, verse = checked_skip(form.skip), form.verse == "allow"
    if form.seam == "split":
        return Split(known, frozenset(form.except_), verse, skip)
    tails = "|".join(sorted(form.tails, key=lambda t: (-len(t), t)))
    # Begins with the seam, not with the word: most words have none. The word is measured out around it.
    seam = regex.compile(f"[{_UNJOINED}](?:ال(?=[{LETTER}]{{3}})(?<=[{LETTER}]{{3}}..)|(?:{tails})(?![{LETTER}])(?<=[{LETTER}]{{5}}))")
    return Glued(known, frozenset(form.tails), frozenset(form.except_heads), frozenset(form.except_tails), seam, verse, skip)
