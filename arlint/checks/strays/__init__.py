"""``strays``: words that no vocabulary knows and that one slip of the hand, or of a hamza, makes of a common one.

A word is never wrong for being unknown: one common word, and no other of any rank, must be a single slip away, and nothing
around it may speak of a name. Known slips are cheaper to list under ``words``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal
from zlib import compress, decompress

import msgspec

from arlint.arabic import fold, give_back_marks
from arlint.checks import Context
from arlint.checks.company import after, before
from arlint.checks.expressions import allowed, checked_skip
from arlint.checks.strays.vocabulary import COMMON, Meant, Ranks, Vocabulary
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.persian import reads_foreign


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``vocabulary`` names a list of texts of words, the rarest first; ``slip`` is ``seat`` (hamza, alef maqsura and ya: the
    folded letters stay) or ``key`` (a letter swapped, doubled, dropped, added or mistaken). ``known`` names lists of
    misspellings that are another rule's business, ``own`` further words that are right. ``after`` and ``before`` name texts of
    lines ``word: what follows (precedes) it``: a slip of a short word needs such a witness; ``announce`` names words after
    which a name stands.
    """

    vocabulary: str
    slip: Literal["seat", "key"]
    known: list[str] = msgspec.field(default_factory=list)
    own: list[str] = msgspec.field(default_factory=list)
    after: str | None = None
    before: str | None = None
    announce: str | None = None
    verse: Literal["allow", "skip"] = "skip"
    skip: list[str] | None = None


@dataclass(frozen=True)
class Strays:
    form: Form
    #: the vocabulary and the texts, packed: as they are looked up they are many times as large
    ranks: bytes
    lists: bytes
    witnesses: bytes
    announce: frozenset[str]
    skip: tuple[str, ...]

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_vocabulary", "_witnesses")}

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(_ranks(self.ranks), *_unpacked(self.lists))

    def tells(self, word: str) -> bool:
        """Whether ``word`` is a stray that a slip of this kind may explain."""
        vocabulary = self._vocabulary
        if not vocabulary.is_stray(word):
            return False
        seat = vocabulary.seat(word)
        return bool(seat) if self.form.slip == "seat" else not seat and bool(vocabulary.keys(word))

    def hits(self, page: Page) -> Iterator[Hit]:
        if self.form.verse == "skip" and page.is_verse:
            return
        vocabulary = self._vocabulary
        strays = vocabulary.strays(page)
        if not strays:
            return
        kind, mended = self.form.slip, {}
        for word in strays:
            seat = vocabulary.seat(word)
            if kind == "seat" and seat:
                mended[word] = seat
            elif kind == "key" and not seat and (meant := self._meant(page, word)):
                mended[word] = meant
        for start, end, word in page.places(mended.keys()):
            token = page.text[start:end]
            if before(page.text, start) in self.announce:
                continue
            if _alone(page.text, start, end) and self._in_prose(page, start) and allowed(page, self.skip, start, end) and not reads_foreign(page.text, start, end):
                right = give_back_marks(token, mended[word])
                yield Hit(start, end, (Edit(start, end, right),), {"word": token, "right": right})

    def _in_prose(self, page: Page, start: int) -> bool:
        line = page.line_at(start)
        return self.form.verse == "allow" or line is None or line.number not in page.verse_lines

    def _meant(self, page: Page, word: str) -> str:
        """What ``word`` was meant for: what its neighbours ask for, or else the only word near enough and common enough."""
        meant = self._vocabulary.keys(word)
        if not meant:
            return ""
        places = page.places({word})
        if not places:  # it only stands inside longer tokens
            return ""
        start, end, _ = places[0]
        left, right = before(page.text, start), after(page.text, end)
        asked = [m for m in meant if m.rank >= COMMON and self._asks(left, right, m.right)]
        if asked:
            return asked[0].written if len(asked) == 1 or asked[0].rank > asked[1].rank else ""
        best = meant[0]
        # a form that comes back is a name or a term
        if len(places) > 1 or best.slip == "first":
            return ""
        rival = max((m.rank for m in self._vocabulary.slips(word, all_ranks=True)[1:]), default=-2)
        return best.written if best.rank - rival >= _lead(word, best) else ""

    def _asks(self, left: str, right: str, word: str) -> bool:
        following, preceding = self._witnesses
        return f" {word} " in following.get(fold(left), "") or f" {word} " in preceding.get(fold(right), "")

    @cached_property
    def _witnesses(self) -> tuple[dict[str, str], dict[str, str]]:
        after, before = map(_lines, _unpacked(self.witnesses))
        return after, before


def _lead(word: str, best: Meant) -> int:
    """By how many ranks ``best`` must lead the words that are as near to ``word``, where no neighbour speaks for it."""
    length, slip, never = len(best.right), best.slip, 99
    if length > 8:
        return 2 if best.rank >= (3 if slip in ("swap", "double", "near", "drop") else 4) else never
    if length == 8 and best.rank >= (3 if slip in ("swap", "double", "near") else 99):
        return 2
    # short of eight letters, names and rare words lie as near: no word of any rank but this one may
    if len(word) < 6 or length < 6:
        return never
    if slip == "drop":  # تفتشها is a verb beside the noun تفتيشها
        return 5 if best.rank >= (4 if word[0] in "يتنا" and word[:2] != "ال" else 3) and _lost_vowel(word, best.written) else never
    if slip == "swap":  # لامطار is لأمطار
        return 5 if best.rank >= 4 and word[:2] != "لا" else never
    return 5 if slip == "near" and best.rank >= 5 and len(word) > 6 else never


def _lost_vowel(word: str, meant: str) -> bool:
    """Whether ``word`` lacks a long vowel of ``meant``, but not the one before its last ة: السماوة is a town, no السماوية."""
    at = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), len(word))
    return meant[at] in "اوي" and meant[at + 1 :] != "ة"


def _alone(text: str, start: int, end: int) -> bool:
    """Whether no letter, digit or sign of a code touches the word."""
    return not (start and (text[start - 1].isalnum() or text[start - 1] in "_@#/.")) and not (end < len(text) and (text[end].isalnum() or text[end] in "_@/"))


@lru_cache(maxsize=4)
def _ranks(packed: bytes) -> Ranks:
    return Ranks(packed)


def _packed(*texts: str) -> bytes:
    return compress("\0".join(texts).encode())


def _unpacked(packed: bytes) -> list[str]:
    return decompress(packed).decode().split("\0")


def _lines(lines: str) -> dict[str, str]:
    """What stands behind each word of ``lines``, every word of it between two spaces."""
    found: dict[str, str] = {}
    for line in lines.splitlines():
        word, _, others = line.partition(": ")
        found[word] = f"{found.get(word, ' ')}{' '.join(others.split())} "
    return found


def compile(form: Form, context: Context) -> Strays:
    def text(reference: str | None) -> str:
        return str(context.lexicons.get(reference)) if reference else ""

    def phrases(names: list[str]) -> str:
        return " ".join(word for name in names for word in context.lexicons.phrases(name))

    announce = context.lexicons.get(form.announce) if form.announce else ""
    names = announce.split() if isinstance(announce, str) else announce
    ranks = _packed(*context.lexicons.get(form.vocabulary))
    return Strays(form, ranks, _packed(phrases(form.known), phrases(form.own)), _packed(text(form.after), text(form.before)), frozenset(names), checked_skip(form.skip))
