"""Phrases at the rims of documents, counted by source in constant memory: what page furniture no list knows looks like.

Counts are heavy-hitter sketches (Apache DataSketches, frequent items), so they can be merged from any number of workers; a
phrase that is frequent in its source is never missed, rare ones are dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import regex

Rim = Literal["head", "tail"]
Anchor = Literal["opens", "closes"]

#: Words of the longest phrase counted, and how far from its end of the document a phrase may stand, in words.
LONGEST, REACH = 10, 80
#: Sketch sizes as powers of two: of one source, and of all together.
_OWN, _ALL = 13, 17
#: Sources told apart; further ones share a name.
SOURCES = 2000
OTHERS = "(others)"

_TOKEN = regex.compile(r"\p{N}+|[\p{L}\p{M}\u0640]+|[^\s\p{L}\p{N}\p{M}]+|\n")
_INVISIBLE = regex.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
#: What may stand between two words of a phrase.
GAP = r"(?:[^\S\n]|\p{Cf})*+"
#: Marks behind which a sentence, or page furniture, may open.
CLOSES = frozenset('.!?؟»”"…)]')


@dataclass(frozen=True, slots=True, order=True)
class Phrase:
    """Words as they are counted, numbers as ``0``, and where they stand: at which rim, and whether a line or sentence opens or
    a line closes with them."""

    rim: Rim
    anchor: Anchor
    words: tuple[str, ...]

    def expression(self) -> str:
        """The words as they may be written: any number for a number, any space on a line where one word ends and the next begins."""
        return GAP.join(r"\p{N}++" if word == "0" else regex.escape(word, special_only=True) for word in self.words)

    def key(self) -> str:
        return f"{self.rim}\t{self.anchor}\t{' '.join(self.words)}"

    @classmethod
    def of(cls, key: str) -> Phrase:
        rim, anchor, words = key.split("\t")
        return cls(rim, anchor, tuple(words.split(" ")))  # type: ignore[arg-type]


def tokens(text: str) -> list[str]:
    """The words, marks and line breaks of ``text``; numbers as ``0``, invisible characters left out, empty lines none."""
    out: list[str] = []
    for token in _TOKEN.findall(_INVISIBLE.sub("", text.replace("\xa0", " "))):
        if token == "\n" and (not out or out[-1] == "\n"):
            continue
        out.append("0" if token[0].isdigit() else token)
    while out and out[-1] == "\n":
        out.pop()
    return out


def phrases(text: str) -> set[Phrase]:
    """Every phrase at the rims of ``text`` that opens or closes something there."""
    words = tokens(text)
    found: set[Phrase] = set()
    size = len(words)
    for rim, start, end in (("head", 0, min(size, REACH)), ("tail", max(0, size - REACH), size)):
        for at in range(start, end):
            if words[at] == "\n":
                continue
            before = words[at - 1] if at else "\n"
            if before == "\n" or before[-1] in CLOSES:
                found.update(Phrase(rim, "opens", tuple(run)) for run in _runs(words, at, end, 1))  # type: ignore[arg-type]
            if at + 1 == size or words[at + 1] == "\n":
                found.update(Phrase(rim, "closes", tuple(run)) for run in _runs(words, at, start - 1, -1))  # type: ignore[arg-type]
    return found


def _runs(words: list[str], at: int, end: int, step: int) -> Iterator[list[str]]:
    """The phrases of one to `LONGEST` tokens from ``at`` on, none across a line break, none that is marks alone."""
    run: list[str] = []
    for place in range(at, end, step):
        if words[place] == "\n" or len(run) == LONGEST:
            return
        run.append(words[place])
        said = run if step > 0 else run[::-1]
        if any(word[0].isalpha() or word == "0" for word in said) and said[0] not in ".,:،؛":
            yield list(said)


@dataclass
class Counts:
    """How many documents of each source hold a phrase at a rim. ``add`` as many as there are, ``merge`` those of other workers."""

    documents: Counter[str] = field(default_factory=Counter)
    own: dict[str, Any] = field(default_factory=dict)
    all: Any = None

    def __post_init__(self) -> None:
        if self.all is None:
            self.all = _sketch(_ALL)

    def add(self, source: str, text: str) -> None:
        """Count one document."""
        if source not in self.own and len(self.own) >= SOURCES:
            source = OTHERS
        self.documents[source] += 1
        if source not in self.own:
            self.own[source] = _sketch(_OWN)
        sketch = self.own[source]
        for phrase in phrases(text):
            key = phrase.key()
            sketch.update(key)
            self.all.update(key)

    def merge(self, other: Counts) -> None:
        """Take the counts of ``other`` in."""
        self.documents.update(other.documents)
        self.all.merge(other.all)
        for source, sketch in other.own.items():
            if source in self.own:
                self.own[source].merge(sketch)
            else:
                self.own[source] = sketch

    def frequent(self, source: str, least: int) -> Iterator[tuple[Phrase, int, int]]:
        """(phrase, documents of ``source`` with it, documents of all others) for all that stand in ``least`` or more."""
        from datasketches import frequent_items_error_type

        for key, count, *_ in self.own[source].get_frequent_items(frequent_items_error_type.NO_FALSE_NEGATIVES, least):
            yield Phrase.of(key), count, max(0, self.all.get_estimate(key) - count)


def _sketch(size: int) -> Any:
    from datasketches import frequent_strings_sketch

    return frequent_strings_sketch(size)
