"""``company``: words whose spelling shows in the word next to them. ``ان`` alone is أن or إن; after يمكن it is أن.

Neighbours are compared with hamzas folded, since the text that drops one hamza drops the next; they stand in the same line with
nothing but space between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import compress
from typing import Literal

import msgspec
import regex

from arlint.arabic import LETTER, MARK, SPACE, fold, give_back_marks
from arlint.checks import Context, Mistake
from arlint.checks.expressions import allowed, checked_skip
from arlint.codes import decoded, encoded, folded_words, is_spelled_out
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.persian import reads_foreign
from arlint.remembered import Remembered

Neighbours = dict[Literal["after", "before"], list[str] | str]
Readings = dict[str, dict[str, Neighbours]]
#: The folded words before and behind a word that make it one to change; None where those do not tell.
Sides = tuple[frozenset[bytes] | None, frozenset[bytes]]

#: A word with more neighbours is looked for by itself: pairs without end would only slow the search for them.
_FEW = 16
_AFTER = regex.compile(rf"[{SPACE}]+([{LETTER}][{LETTER}{MARK}\u0640]*)")


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``readings`` (or a ``lexicon.key``) maps a word to its right spellings, and each of these to the words ``after``
    which and ``before`` which it is the one that is meant, a list or one text. ``otherwise`` maps words that are wrong whatever they mean to
    the likely spelling within a sentence and at its start: a proposal for an editor, made where no neighbour decides
    and none is listed as ``foreign``. ``vetoes`` maps a word to those after which it is left alone: after a verb of saying علي
    is who says it.
    """

    readings: Readings | str
    otherwise: dict[str, list[str]] | str = msgspec.field(default_factory=dict)
    vetoes: dict[str, list[str]] | str = msgspec.field(default_factory=dict)
    foreign: list[str] | str = msgspec.field(default_factory=list)
    verse: Literal["allow", "skip"] = "skip"
    skip: list[str] | None = None


@dataclass(frozen=True)
class Company:
    form: Form
    after: Mapping[str, Mapping[str, str]]
    before: Mapping[str, Mapping[str, str]]
    vetoes: Mapping[str, frozenset[str]]
    listed: frozenset[str]
    otherwise: Mapping[str, list[str]]
    foreign: frozenset[str]
    skip: tuple[str, ...]

    def vocabulary(self) -> Set[str]:
        """The words that are looked for, but for those that few neighbours ask to be changed: they are common and mostly right."""
        return {word for word in self.listed if word in self.otherwise or len(self._pairs(word)) > _FEW}

    def phrases(self) -> list[str]:
        """The other words, each beside its neighbours."""
        return [pair for word in self.listed - self.vocabulary() for pair in self._pairs(word)]

    def _pairs(self, word: str) -> list[str]:
        return [*(f"{left} {word}" for left in self.after.get(word, ())), *(f"{word} {right}" for right in self.before.get(word, ()))]

    @cached_property
    def _wanted(self) -> frozenset[bytes]:
        return frozenset(map(encoded, self.listed))

    @cached_property
    def _company(self) -> Remembered[bytes, Sides]:
        """For words that are looked for, the folded words beside which each is one to change."""
        return Remembered(self._sides)

    def _sides(self, token: bytes) -> Sides:
        word = decoded(token)
        left, right = ([folded_words(one) for one in table.get(word, ())] for table in (self.after, self.before))
        told = word not in self.otherwise and all(len(words) == 1 and one.isalpha() for words, one in zip(left + right, (*self.after.get(word, ()), *self.before.get(word, ())), strict=True))
        return (frozenset(words[0] for words in left), frozenset(words[0] for words in right)) if told else (None, frozenset())

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_company", "_wanted")}

    def possible(self, page: Page) -> bool:
        """Whether a word that is looked for has the company that it is looked for in."""
        if not is_spelled_out(page.codes):
            return True
        tokens, wanted = page.tokens, self._wanted
        if wanted.isdisjoint(page.distinct):
            return False
        for at in compress(range(len(tokens)), map(wanted.__contains__, tokens)):
            left, right = self._company[tokens[at]]
            if left is None or (at and _folded[tokens[at - 1]] in left) or (at + 1 < len(tokens) and _folded[tokens[at + 1]] in right):
                return True
        return False

    def hits(self, page: Page) -> Iterator[Hit]:
        if self.form.verse == "skip" and page.is_verse:
            return
        for start, end, word in page.places(self.listed):
            token = page.text[start:end]
            if len(token) != len(word) and "\u0640" not in token:
                continue  # a writer who vowels the word (عليّ) has told which one is meant
            if reads_foreign(page.text, start, end):
                continue
            right, neighbour = self._meant(page.text, start, end, word)
            if right and allowed(page, self.skip, start, end):
                yield Hit(start, end, (Edit(start, end, give_back_marks(token, right)),), {"word": token, "right": right, "neighbour": neighbour})
            elif not neighbour and word in self.otherwise and (likely := self._likely(page.text, start, end, word)) and allowed(page, self.skip, start, end):
                yield Hit(start, end, (Edit(start, end, give_back_marks(token, likely)),), {"word": token, "right": likely, "neighbour": ""}, "manual")

    def _meant(self, text: str, start: int, end: int, word: str) -> tuple[str, str]:
        """The spelling that both neighbours allow and one of them asks for, with that one; or an empty string."""
        left, right = before(text, start), after(text, end)
        if _fold(left) in self.vetoes.get(word, ()):
            return "", ""
        asked = self._asked(word, left, right)
        if len(asked) > 1 or any(self._asked(spelling, left, right) - {spelling} for spelling in asked):
            return "", left or right  # they disagree, now or once it is mended: no proposal either
        for spelling in asked:
            return spelling, left if self.after.get(word, {}).get(_fold(left)) else right
        return "", ""

    def _asked(self, word: str, left: str, right: str) -> set[str]:
        """The spellings of ``word`` that its neighbours ask for."""
        asked = {self.after.get(word, {}).get(_fold(left)) if left else None, self.before.get(word, {}).get(_fold(right)) if right else None}
        return {spelling for spelling in asked if spelling}

    def _likely(self, text: str, start: int, end: int, word: str) -> str:
        left, right = before(text, start), after(text, end)
        if left in self.foreign or right in self.foreign or text[start - 1 : start].isalnum() or not text[end : end + 1].isspace():
            return ""
        if not right and len(word) < 3:  # a particle needs its clause, a name of two letters does not
            return ""
        return self.otherwise[word][0 if left[-1:].isalnum() or left[-1:] in (")", "،", "»") else 1]


def _folded_token(token: bytes) -> bytes:
    return b" ".join(folded_words(decoded(token)))


#: `fold` of a neighbour; they come again.
_fold = lru_cache(maxsize=8192)(fold)
#: Words as `folded_words` spells them.
_folded = Remembered(_folded_token)


def after(text: str, end: int) -> str:
    """The word that follows ``end`` on the same line with nothing but space between, or an empty string."""
    match = _AFTER.match(text, end)
    return match.group(1) if match else ""


def before(text: str, start: int) -> str:
    """What stands before ``start`` on the same line, up to the space before it; empty where nothing does."""
    gap = text[max(0, start - 40) : start]
    words = gap.rsplit("\n", 1)[-1].split()
    return words[-1] if words and gap[-1].isspace() and gap[-1] != "\n" else ""


def compile(form: Form, context: Context) -> Company:
    readings: Readings = context.lexicons.get(form.readings) if isinstance(form.readings, str) else form.readings
    tables: dict[str, dict[str, dict[str, str]]] = {"after": {}, "before": {}}
    for word, spellings in readings.items():
        for right, neighbours in spellings.items():
            for side, named in neighbours.items():
                listed = named.split() if isinstance(named, str) else named
                if side not in tables:
                    raise Mistake("readings", f"'{side}' for '{word}': a neighbour stands 'after' or 'before'")
                table = tables[side].setdefault(word, {})
                for neighbour in listed:
                    if table.setdefault(fold(neighbour), right) != right:
                        raise Mistake("readings", f"'{word}' is both '{right}' and '{table[fold(neighbour)]}' next to '{neighbour}'")
    otherwise: dict[str, list[str]] = context.lexicons.get(form.otherwise) if isinstance(form.otherwise, str) else form.otherwise
    foreign = context.lexicons.phrases(form.foreign) if isinstance(form.foreign, str) else form.foreign
    told: dict[str, list[str]] = context.lexicons.get(form.vetoes) if isinstance(form.vetoes, str) else form.vetoes
    vetoes = {word: frozenset(map(fold, listed)) for word, listed in told.items()}
    words = frozenset(readings) | frozenset(otherwise)
    return Company(form, tables["after"], tables["before"], vetoes, words, otherwise, frozenset(foreign), checked_skip(form.skip))
