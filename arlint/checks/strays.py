"""``strays``: words that no vocabulary knows and that one slip of the hand, or of a hamza, makes of a common one.

A word is never wrong for being unknown: one common word, and no other of any rank, must be a single slip away, and nothing
around it may speak of a name. Known slips are cheaper to list under ``words``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple
from zlib import compress, decompress

import msgspec
import regex

from arlint.arabic import fold, give_back_marks
from arlint.checks import Context
from arlint.checks.company import after, before
from arlint.checks.expressions import allowed, checked_skip
from arlint.checks.slips import one_slip_from
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.persian import reads_foreign

#: What may stand behind a word without making another word of it.
_BEHIND = ("ه", "ها", "هم", "هن", "هما", "نا", "ك", "كم", "ي", "ني", "ا", "ان", "ين", "ون", "ات", "ة", "وا", "ت", "تا", "تي", "ية", "تين", "تان", "يا", "ن", "تم", "ته", "تها", "تهم")
_NOMINAL = ("ة", "ات", "ان", "ون", "ين", "ي", "ية", "يين", "يون", "يات", "تين", "تان", "يا")
_SHORTEST = 5
#: The rank from which on a word may be what was meant.
_COMMON = 2
_SEEN = 50_000
_VERBAL = regex.compile("ت(?:ه|ها|هم|هما|نا|ك|كم|ني)?$")


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``vocabulary`` names a list of texts of words, the rarest first; ``slip`` is ``seat`` (hamza, alef maqsura and ya: the
    folded letters stay) or ``key`` (a letter swapped, doubled, dropped, added or mistaken). ``known`` names lists of
    misspellings that are another rule's business, ``own`` further words that are right. ``after`` and ``before`` name texts of lines ``word: what follows (precedes)
    it``: a slip of a short word needs such a witness; ``announce`` are words after which a name stands.
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


class Vocabulary:
    """Words and their rank, and what one slip away from them is."""

    def __init__(self, ranks: tuple[str, ...], known: str, own: str) -> None:
        self.rank = {word: rank for rank, words in enumerate(ranks) for word in words.split()}
        self.own = frozenset(own.split())
        self.known = self.rank.keys() | self.own | frozenset(known.split())
        self._folded: dict[str, list[str]] = {}
        self._seats: dict[str, str] = {}
        self._keys: dict[str, list[Meant]] = {}

    def strays(self, page: Page) -> list[str]:
        """The words of ``page`` that neither stand in the vocabulary nor are inflected from one that does."""
        kept: dict[int, list[str]] = page.__dict__.setdefault("_strays", {})
        if id(self) not in kept:
            kept[id(self)] = [word for word in page.vocabulary - self.known if len(word) >= _SHORTEST and not self.knows(word)]
        return kept[id(self)]

    def knows(self, word: str) -> bool:
        """Whether ``word`` is listed behind its proclitics, or inflected from a listed one."""
        if word[0] in "وف" and word[1:] in self.known:
            return True
        stems = [stem for _, stem in _stems(word)]
        if any(stem in self.rank or stem in self.own for stem in stems):
            return True
        # what a common word would be with its hamza mended is no rare inflection of another
        return any(len(stem) > 4 and self._inflected(stem) for stem in stems) and not any(self._common_seat(stem) for stem in stems)

    def _inflected(self, word: str) -> bool:
        definite = word.startswith("ال")
        if definite:
            word = word[2:]
            if len(word) > 3 and (word in self.rank or word in self.own):
                return True
        for end in _NOMINAL if definite else _BEHIND:
            if word.endswith(end):
                stem = word[: -len(end)]
                if (end == "ة" and stem.endswith("ا")) or (end in ("يين", "ين") and self._doubled(stem.removesuffix("ي"), definite)):
                    continue
                least = 2 if len(stem) < 5 else 1
                if len(stem) > 2 and (self.rank.get(stem, 0) >= least or self.rank.get(stem + "ة", 0) >= least):
                    return True
        return False

    def _doubled(self, stem: str, definite: bool) -> bool:
        """Whether the plural of ``stem`` is common without a second ya: المواطنيين for المواطنين."""
        plural = stem + "ين"
        return self.rank.get("ال" + plural if definite else plural, 0) >= 3

    def _common_seat(self, stem: str) -> bool:
        rights = self._spelled(stem)
        return len(rights) == 1 and self.rank[rights[0]] >= 3 and "أ" != stem[0] != "إ" and _reseated(stem, rights[0])

    def _spelled(self, word: str) -> list[str]:
        """The listed words with the folded letters of ``word``."""
        if not self._folded:
            spelled = list(self.rank)
            for folded, right in zip(fold("\n".join(spelled)).split("\n"), spelled, strict=True):
                self._folded.setdefault(folded, []).append(right)
        return self._folded.get(fold(word), [])

    def seat(self, word: str) -> str:
        """The only word with the same folded letters, or an empty string."""
        if (kept := self._seats.get(word)) is None:
            kept = self._seats[word] = self._seat(word)
            if len(self._seats) > _SEEN:
                self._seats.clear()
        return kept

    def _seat(self, word: str) -> str:
        if word.startswith("لا") and word[2:] in self.rank:
            return ""  # لانزال is two words
        for prefix, stem in _stems(word):
            if rights := self._spelled(stem):
                right = rights[0]
                return _joined(prefix, right) if len(rights) == 1 and self.rank[right] >= _sure(stem, right, prefix) and _reseated(stem, right, prefix) else ""
        for prefix, stem in _stems(word):
            for end in _BEHIND[:8]:
                base = stem[: -len(end)]
                if stem.endswith(end) and len(base) > 3 and base not in self.rank and base not in self.own and len(rights := self._spelled(base)) == 1:
                    right = rights[0]
                    if self.rank[right] >= _sure(base, right, prefix) and _reseated(base, right, prefix) and not (_VERBAL.search(stem) and base[0] != "ا") and right[-1] == base[-1]:
                        return _joined(prefix, right + end)
            base = stem[:-2] + "ة"
            if stem.endswith("ات") and len(rights := self._spelled(base)) == 1 and self.rank[rights[0]] > 1 and _reseated(base, rights[0], prefix):
                return _joined(prefix, rights[0][:-1] + "ات")
        return ""

    def keys(self, word: str) -> list[Meant]:
        """The words one slip of the hand away, the commonest first; none where no common word is."""
        if (kept := self._keys.get(word)) is None:
            if len(self._keys) > _SEEN:
                self._keys.clear()
            kept = self._keys[word] = self._slips(word, all_ranks=True) if self._slips(word, all_ranks=False) else []
        return kept

    def _slips(self, word: str, *, all_ranks: bool) -> list[Meant]:
        found: dict[str, Meant] = {}
        for prefix, stem in _stems(word):
            if len(stem) < 4:
                continue
            # a first person without its hamza is no slip of a key
            if stem[0] == "ا" and (("أ" + stem[1:]) in self.rank or self._inflected("أ" + stem[1:])):
                break
            for right, slip in one_slip_from(stem) if all_ranks else one_slip_from(stem, *self._reach(stem)):
                rank = self.rank.get(right, -1)
                if rank >= (0 if all_ranks else _COMMON):
                    written = _joined(prefix, right)
                    found.setdefault(written, Meant(rank, right, written, slip))
        return sorted(found.values(), key=lambda m: (-m.rank, m.right))

    def _reach(self, stem: str) -> tuple[int, int]:
        """How far a common word opens like ``stem``, and from where one closes like it."""
        heads, tails = self._ends
        head, tail = len(stem), 0
        while head and stem[:head] not in heads:
            head -= 1
        while tail < len(stem) and stem[tail:] not in tails:
            tail += 1
        return head, tail

    @cached_property
    def _ends(self) -> tuple[set[str], set[str]]:
        common = [word for word, rank in self.rank.items() if rank >= _COMMON]
        return {word[:i] for word in common for i in range(1, len(word) + 1)}, {word[i:] for word in common for i in range(len(word))}


class Meant(NamedTuple):
    """What a stray may stand for: a listed word, how high it ranks, how it is written here, and the slip between."""

    rank: int
    right: str
    written: str
    slip: str


@dataclass(frozen=True)
class Strays:
    form: Form
    ranks: tuple[str, ...]
    known: str
    own: str
    after: str
    before: str
    announce: frozenset[str]
    skip: tuple[str, ...]

    def __getstate__(self) -> dict[str, object]:
        # a vocabulary is most of what a cache would hold; packed, it is a quarter
        texts = "\0".join((self.known, self.own, self.after, self.before, *self.ranks))
        return {"form": self.form, "announce": self.announce, "skip": self.skip, "texts": compress(texts.encode())}

    def __setstate__(self, state: dict[str, Any]) -> None:
        known, own, after, before, *ranks = decompress(state.pop("texts")).decode().split("\0")
        self.__dict__.update(state, known=known, own=own, after=after, before=before, ranks=tuple(ranks))

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return _vocabulary(self.ranks, self.known, self.own)

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
        asked = [m for m in meant if m.rank >= _COMMON and self._asks(left, right, m.right)]
        if asked:
            return asked[0].written if len(asked) == 1 or asked[0].rank > asked[1].rank else ""
        best = meant[0]
        # a form that comes back is a name or a term
        if len(places) > 1 or any(m.rank >= best.rank - 1 for m in meant[1:]):
            return ""
        return best.written if best.rank >= _needed(len(best.right), best.slip) else ""

    def _asks(self, left: str, right: str, word: str) -> bool:
        asked = self._witnesses
        return f"{fold(left)} {word}" in asked[0] or f"{fold(right)} {word}" in asked[1]

    @cached_property
    def _witnesses(self) -> tuple[frozenset[str], frozenset[str]]:
        return _pairs(self.after), _pairs(self.before)


def _needed(length: int, slip: str) -> int:
    """How high a word of ``length`` letters must rank where no neighbour speaks for it."""
    if slip == "first" or length < 8:
        return 99
    return 3 if slip in ("swap", "double", "near") or (slip == "drop" and length > 8) else 4 if length > 8 else 99


def _sure(word: str, right: str, prefix: str) -> int:
    """How high ``right`` must rank for ``word`` to be its misspelling: a short one may be an imperative or a foreign name."""
    verbal = word[0] == "ا" and right[0] == "أ" and "ا" not in word[2:-1]
    preceded = prefix[-1:] in ("ب", "ل", "ك")
    if len(word) < 6 and ((verbal and preceded) or right[0] == "آ" or (len(prefix) > 1 and len(word) < 5)):
        return 99
    return 3 if len(word) < 6 and (verbal or preceded) else 2


def _joined(prefix: str, right: str) -> str:
    return prefix + "ل" + right[2:] if prefix.endswith("ل") and right.startswith("ال") else prefix + right


def _reseated(word: str, right: str, prefix: str = "") -> bool:
    """Whether ``right`` is ``word`` with a hamza mended that no other reading of the letters explains."""
    if len(word) != len(right):
        return word.endswith(("ىء", "يء")) and right == word[:-2] + "ئ"
    wrong = [(i, a, b) for i, (a, b) in enumerate(zip(word, right, strict=True)) if a != b]
    if len(wrong) != 1:
        return False
    i, a, b = wrong[0]
    if i == len(word) - 1:
        return (a, b) == ("آ", "ا")
    if i == 2 * word.startswith("ال"):
        if prefix[-1:] in ("ب", "ك", "ف", "ل") and word.startswith("ال") != right.startswith("ال"):
            return False  # بالات and كفالات: the article may be what is written
        if a == "ا":
            return b in "أإآ" and not (prefix[-1:] == "ك" and i == 0)
        if b == "ا":  # أقتصر is a first person, but أشترطت is none
            return a == "إ" or (a == "أ" and i == 0 and word.endswith(("ت", "وا")))
        # أحالتهم is a verb beside the noun إحالتهم, أعطاب a plural beside إعطاب
        return a in "أإ" and b in "أإآ" and not _VERBAL.search(word) and len(word) - i > 4 and word[i + 3] != "ا"
    return prefix in ("", "و", "ف", "وال", "فال") and ((a == "و" and b == "ؤ") or (a == "ا" and b == "أ"))


def _stems(word: str) -> list[tuple[str, str]]:
    """``word`` and what is left of it behind its proclitics, each with what stands before: a conjunction, then one other."""
    stems = [("", word)]
    prefix, rest = ("", word) if word[0] not in "وف" or len(word) < 4 else (word[0], word[1:])
    if prefix:
        stems.append((prefix, rest))
    if rest.startswith("لل") and len(rest) > 4:
        stems += [(prefix + "ل", "ال" + rest[2:]), (prefix + "لل", rest[2:])]
    elif (rest[0] in "بلك" and len(rest) > 3) or (rest[0] == "س" and rest[1:2] in ("ي", "ت", "ن", "أ")):
        stems.append((prefix + rest[0], rest[1:]))
    return stems


def _alone(text: str, start: int, end: int) -> bool:
    """Whether no letter, digit or sign of a code touches the word."""
    return not (start and (text[start - 1].isalnum() or text[start - 1] in "_@#/.")) and not (end < len(text) and (text[end].isalnum() or text[end] in "_@/"))


@lru_cache(maxsize=4)
def _vocabulary(ranks: tuple[str, ...], known: str, own: str) -> Vocabulary:
    return Vocabulary(ranks, known, own)


def _pairs(lines: str) -> frozenset[str]:
    return frozenset(f"{word} {other}" for line in lines.splitlines() for word, _, others in [line.partition(": ")] for other in others.split())


def compile(form: Form, context: Context) -> Strays:
    def text(reference: str | None) -> str:
        return str(context.lexicons.get(reference)) if reference else ""

    def phrases(names: list[str]) -> str:
        return " ".join(word for name in names for word in context.lexicons.phrases(name))

    announce = context.lexicons.get(form.announce) if form.announce else ""
    names = announce.split() if isinstance(announce, str) else announce
    ranks = tuple(context.lexicons.get(form.vocabulary))
    return Strays(form, ranks, phrases(form.known), phrases(form.own), text(form.after), text(form.before), frozenset(names), checked_skip(form.skip))
