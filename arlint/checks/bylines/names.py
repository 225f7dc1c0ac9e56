"""What stands in a byline: places, papers, agencies, desks, people and their parts, told by look-up in sets of folded names.

The order in which they make a byline is the business of ``bylines``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from arlint.arabic import bare, fold
from arlint.rules import Lexicons

_NOT_LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
_WORDS = regex.compile(r"[\p{L}\p{M}\u0640]+")
_LETTERS = regex.compile(r"[\p{L}\p{M}\u0640 \u00a0'\u2019.-]+")
#: Between two parts: dashes, bars and colons, a tatweel used as a dash, the edge of a bracket or quotation.
_BETWEEN = regex.compile(r"\s*(?:[-\u2013\u2014|/:+\uff1a\u060c]{1,3}|(?<=\s)\u0640+|\u0640+(?=\s))\s*|\s*(?=[(\[«\"“])(?<=[^\s(\[«\"“]\s*)")
_EDGE = " \u00a0\t.*•\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
_WRAPS = {"(": ")", "[": "]", "«": "»", "“": "”", '"': '"', "”": "“"}
_DATE = regex.compile(r"\s*[\u060c,]?\s*\(?\d{1,2}\s+\p{L}+(?:[\s/(]+\p{L}+\)?)?(?:\s*[\u060c,]?\s*\d{4})?\s*\Z")
#: The front half of a compound given name, and what may stand before a family name.
_HALVES = frozenset({"عبد", "ابو", "ام", "ال", "بن", "بنت", "ابن"})
_AND = regex.compile(r"\s*\u060c\s*|\s+و(?=\p{L}{2})")

SOURCE = frozenset({"house", "site", "desk", "agency", "outlet"})


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """What all spellings of one name share.

    >>> plain("أ. ف. ب.") == plain("ا ف ب")
    True
    """
    return _NOT_LETTERS.sub("", fold(text)).replace("ة", "ه").lower()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a byline: ``kinds`` of name that it can be, ``wrap`` the bracket or quotation mark around it, if any;
    ``loose`` where no mark but that parts it from the one before."""

    text: str
    kinds: frozenset[str]
    wrap: str
    words: int
    loose: bool = False


@dataclass(frozen=True)
class Names:
    listed: dict[str, frozenset[str]]
    given: frozenset[str]
    titles: frozenset[str]
    posts: frozenset[str]
    never: frozenset[str]

    def parts(self, text: str) -> list[Part]:
        """``text`` taken apart at its dashes, bars, colons, commas and brackets; "بيشاور (باكستان)" is one place."""
        text, before, at, found = text.strip(_EDGE), 0, 0, list[Part]()
        for gap in [*_BETWEEN.finditer(text), None]:
            piece = text[at : gap.start() if gap else len(text)]
            if piece.strip(_EDGE):
                loose = bool(found) and not text[before:at].strip()
                part = replace(self.part(piece), loose=loose)
                if not (loose and part.wrap == "(" and not part.kinds & SOURCE and found[-1].words <= 3 and part.words <= 3 and "person" not in found[-1].kinds):
                    found.append(part)
            if gap:
                before, at = gap.span()
        return found

    def part(self, text: str) -> Part:
        text = text.strip(_EDGE)
        wrap = text[0] if len(text) > 2 and _WRAPS.get(text[0]) == text[-1] else ""
        inner = text[1:-1].strip(_EDGE) if wrap else text
        words = _WORDS.findall(inner)
        known = plain(inner)
        kinds = {kind for kind, names in self.listed.items() if known in names}
        if not kinds and "\u0648" in inner[1:] and (halves := _AND.split(inner)) and len(halves) == 2 and all(plain(h) in self.listed["agency"] | self.listed["desk"] for h in halves):
            kinds = {"agency"}
        if not kinds and len(words) > 1 and plain(words[-1]) in self.listed["desk"] and plain("".join(words[:-1])) in self.listed["place"]:
            kinds = {"place"}
        if not kinds and (date := _DATE.search(inner)) and plain(inner[: date.start()]) in self.listed["place"]:
            kinds = {"place", "dated"}
        if not wrap and _LETTERS.fullmatch(inner) and words:
            if plain(words[0]) in self.posts and len(words) <= 6:
                kinds.add("post")
            elif self.is_person(words):
                kinds |= {"person", "name"}
            elif 2 <= len(words) <= 4 and not self.is_sentence(words):
                kinds.add("name")
        elif not wrap and all(self.is_person(_WORDS.findall(one)) for one in _AND.split(inner)):
            kinds |= {"person", "name"}
        return Part(inner, frozenset(kinds), wrap, len(words))

    def is_person(self, words: list[str]) -> bool:
        """Whether ``words`` are one or two names of people: a given name, perhaps behind a title, and one to three more words."""
        words = [word for word in words if plain(word)]  # a lone tatweel folds to nothing
        folded = [plain(word) for word in words]
        while folded and folded[0] in self.titles:
            del folded[0]
        if not 2 <= len(folded) <= 8 or self.is_sentence(words):
            return False
        if len(folded) > 4:
            cut = next((i for i in range(2, len(folded) - 1) if folded[i][0] == "و" and folded[i][1:] in self.given), 0)
            return 2 <= cut <= 4 and len(folded) - cut <= 4 and self.is_person(words[-len(folded) : len(words) - len(folded) + cut])
        first = folded[0] + folded[1] if folded[0] in _HALVES else folded[0]
        return first in self.given or folded[0] in self.given

    def is_sentence(self, words: list[str]) -> bool:
        """Whether one of ``words`` is of sentences only; as spelled, for folded "على" would be "علي"."""
        return not self.never.isdisjoint(map(bare, words))

    def longest(self, words: list[str], *kinds: str, most: int = 3) -> int:
        """How many of ``words``, from the first, make the longest name of one of ``kinds``; 0 for none."""
        return next((n for n in range(min(most, len(words)), 0, -1) if any(plain("".join(words[:n])) in self.listed[k] for k in kinds)), 0)


@lru_cache(maxsize=2)
def read(lexicons: Lexicons) -> Names:
    """The names of the lexicons ``bylines`` and ``outlets``; rules of one ruleset share them."""

    def keys(name: str) -> frozenset[str]:
        return frozenset(plain(phrase) for phrase in lexicons.phrases(f"bylines.{name}"))

    outlets: set[str] = set()
    for name, entry in lexicons.data["outlets"]["outlets"].items():
        unsure = {plain(form) for form in (*entry.get("common", ()), *entry.get("shared", ()))}
        outlets |= {plain(form) for form in (name, *entry.get("also", ()), *entry.get("latin", ()))} - unsure
    listed = {"place": keys("places"), "house": keys("houses"), "site": keys("sites"), "desk": keys("desks"), "agency": keys("agencies"), "outlet": frozenset(outlets)}
    return Names(listed, keys("given-names"), keys("titles"), keys("posts"), frozenset(lexicons.phrases("bylines.never")))
