"""Words by rank, and what a form that is none of them may stand for: the same letters with a hamza mended, or one slip away.

Used by ``strays``, which knows the page; here is only the single word.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import NamedTuple
from zlib import decompress

import regex

from arlint.arabic import fold
from arlint.checks.strays.slips import one_slip_from
from arlint.codes import folded_list
from arlint.page import Page

#: What may stand behind a word without making another word of it.
_BEHIND = ("ه", "ها", "هم", "هن", "هما", "نا", "ك", "كم", "ي", "ني", "ا", "ان", "ين", "ون", "ات", "ة", "وا", "ت", "تا", "تي", "ية", "تين", "تان", "يا", "ن", "تم", "ته", "تها", "تهم")
_NOMINAL = ("ة", "ات", "ان", "ون", "ين", "ي", "ية", "يين", "يون", "يات", "تين", "تان", "يا")
_SHORTEST = 5
#: The rank from which on a word may be what was meant.
COMMON = 2
_SEEN = 50_000
#: How many words are folded together: all of them would take as much memory as the vocabulary itself.
_AT_ONCE = 5_000
_VERBAL = regex.compile("ت(?:ه|ها|هم|هما|نا|ك|كم|ني)?$")


class Meant(NamedTuple):
    """What a stray may stand for: a listed word, how high it ranks, how it is written here, and the slip between."""

    rank: int
    right: str
    written: str
    slip: str


class Ranks:
    """Words of every rank, as they are spelled and as they open and close."""

    def __init__(self, packed: bytes) -> None:
        ranks = decompress(packed).decode().split("\0")
        self.rank = {word: rank for rank, words in enumerate(ranks) for word in words.split()}
        self._common = sorted(word for word, rank in self.rank.items() if rank >= COMMON)

    def spelled(self, word: str) -> list[str]:
        """The listed words with the folded letters of ``word``."""
        folded = fold(word)
        return [*([folded] if folded in self.rank else ()), *self._unfolded.get(folded, "").split()]

    @cached_property
    def _unfolded(self) -> dict[str, str]:
        """The words that folding changes, by what it makes of them: most it leaves as they are."""
        found: dict[str, str] = {}
        words = list(self.rank)
        for at in range(0, len(words), _AT_ONCE):
            for folded, right in zip(folded_list(words[at : at + _AT_ONCE]), words[at : at + _AT_ONCE], strict=True):
                if folded != right:
                    found[folded] = f"{found[folded]} {right}" if folded in found else right
        return found

    def reach(self, stem: str) -> tuple[int, int]:
        """How far a common word opens like ``stem``, and from where one closes like it."""
        return _shared(stem, self._common), len(stem) - _shared(stem[::-1], self._reversed)

    @cached_property
    def _reversed(self) -> list[str]:
        return sorted(word[::-1] for word in self._common)


def _shared(word: str, words: list[str]) -> int:
    """How many letters ``word`` opens with as one of the sorted ``words`` does: one of its two neighbours there opens most like it."""
    at = bisect_left(words, word)
    shared = 0
    for near in words[max(0, at - 1) : at + 1]:
        while word[: shared + 1] == near[: shared + 1] and shared < len(word):
            shared += 1
    return shared


class Vocabulary:
    """Words and their rank, and what one slip away from them is."""

    def __init__(self, ranks: Ranks, known: str, own: str) -> None:
        self.ranks, self.rank = ranks, ranks.rank
        self.own = frozenset(own.split())
        self.other = self.own | frozenset(known.split())
        self._strays: dict[str, bool] = {}
        self._seats: dict[str, str] = {}
        self._keys: dict[str, list[Meant]] = {}

    def strays(self, page: Page) -> list[str]:
        """The words of ``page`` that neither stand in the vocabulary nor are inflected from one that does."""
        kept: dict[int, list[str]] = page.__dict__.setdefault("_strays", {})
        if id(self) not in kept:
            kept[id(self)] = [word for word in page.vocabulary.difference(self.rank).difference(self.other) if self.is_stray(word)]
        return kept[id(self)]

    def is_stray(self, word: str) -> bool:
        """Whether ``word`` neither stands in the vocabulary nor is inflected from one that does."""
        if (kept := self._strays.get(word)) is None:
            if len(self._strays) > _SEEN:
                self._strays.clear()
            kept = self._strays[word] = len(word) >= _SHORTEST and not self._listed(word) and not self.knows(word)
        return kept

    def knows(self, word: str) -> bool:
        """Whether ``word`` is listed behind its proclitics, or inflected from a listed one."""
        if word[0] in "وف" and self._listed(word[1:]):
            return True
        stems = [stem for _, stem in _stems(word)]
        if any(stem in self.rank or stem in self.own for stem in stems):
            return True
        # what a common word would be with its hamza mended is no rare inflection of another
        return any(len(stem) > 4 and self._inflected(stem) for stem in stems) and not any(self._common_seat(stem) for stem in stems)

    def _listed(self, word: str) -> bool:
        return word in self.rank or word in self.other

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
        rights = self.ranks.spelled(stem)
        return len(rights) == 1 and self.rank[rights[0]] >= 3 and "أ" != stem[0] != "إ" and _reseated(stem, rights[0])

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
            if rights := self.ranks.spelled(stem):
                right = rights[0]
                return _joined(prefix, right) if len(rights) == 1 and self.rank[right] >= _sure(stem, right, prefix) and _reseated(stem, right, prefix) else ""
        for prefix, stem in _stems(word):
            for end in _BEHIND[:8]:
                base = stem[: -len(end)]
                if stem.endswith(end) and len(base) > 3 and base not in self.rank and base not in self.own and len(rights := self.ranks.spelled(base)) == 1:
                    right = rights[0]
                    if self.rank[right] >= _sure(base, right, prefix) and _reseated(base, right, prefix) and not (_VERBAL.search(stem) and base[0] != "ا") and right[-1] == base[-1]:
                        return _joined(prefix, right + end)
            base = stem[:-2] + "ة"
            if stem.endswith("ات") and len(rights := self.ranks.spelled(base)) == 1 and self.rank[rights[0]] > 1 and _reseated(base, rights[0], prefix):
                return _joined(prefix, rights[0][:-1] + "ات")
        return ""

    def keys(self, word: str) -> list[Meant]:
        """The common words one slip of the hand away, the commonest first."""
        if (kept := self._keys.get(word)) is None:
            if len(self._keys) > _SEEN:
                self._keys.clear()
            kept = self._keys[word] = self.slips(word, all_ranks=False)
        return kept

    def slips(self, word: str, *, all_ranks: bool) -> list[Meant]:
        """The words one slip of the hand away, of all ranks or only the common ones, the commonest first."""
        found: dict[str, Meant] = {}
        for prefix, stem in _stems(word):
            if len(stem) < 4:
                continue
            # a first person without its hamza is no slip of a key
            if stem[0] == "ا" and (("أ" + stem[1:]) in self.rank or self._inflected("أ" + stem[1:])):
                break
            for right, slip in one_slip_from(stem) if all_ranks else one_slip_from(stem, *self.ranks.reach(stem)):
                rank = self.rank.get(right, -1)
                if rank >= (0 if all_ranks else COMMON):
                    written = _joined(prefix, right)
                    found.setdefault(written, Meant(rank, right, written, slip))
        return sorted(found.values(), key=lambda m: (-m.rank, m.right))


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
