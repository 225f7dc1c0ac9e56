"""Which rules can have anything to say on a page, so that the others need not be asked.

Expressions go through the scanner, words through one table that remembers what each word tells. Both are built from what the
checks say of themselves (`checks.prefilters_of`, `vocabulary_of`, `teller_of`) once enough text has come by to be worth it.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence, Set
from hashlib import blake2b
from typing import NamedTuple

from arlint import cache, scanner
from arlint.checks import Check, phrases_of, prefilters_of, question_of, teller_of, vocabulary_of
from arlint.codes import decoded
from arlint.page import Page
from arlint.remembered import Remembered

Numbers = tuple[int, ...]


class Listed(NamedTuple):
    """The rules that words speak for, by digests of the words in order: a tenth of what a dictionary of them takes, and loaded at once.

    Of two words with one digest each speaks for the rules of both, which are then asked in vain.
    """

    digests: array[int]
    meanings: array[int]
    numbers: list[Numbers]

    def get(self, word: str) -> Numbers:
        digest = _digest(word)
        at = bisect_left(self.digests, digest)
        return self.numbers[self.meanings[at]] if at < len(self.digests) and self.digests[at] == digest else ()


def _digest(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest())


def _listed(words: dict[str, Numbers]) -> Listed:
    digests: dict[int, Numbers] = {}
    for word, numbers in words.items():
        digest = _digest(word)
        digests[digest] = (*digests.get(digest, ()), *numbers)
    known = {numbers: meaning for meaning, numbers in enumerate(dict.fromkeys(digests.values()))}
    ordered = sorted(digests)
    return Listed(array("Q", ordered), array("L", (known[digests[digest]] for digest in ordered)), list(known))


class Told:
    """What words tell: a number in ``meanings``, 0 for nothing. A word is judged once, when it is first met."""

    def __init__(self, listed: Listed, tellers: Sequence[tuple[int, Callable[[str], bool]]]) -> None:
        self.listed, self.tellers = listed, tellers
        self.meanings: list[Numbers] = [()]
        self._known: dict[Numbers, int] = {(): 0}
        self._meaning = Remembered(self._means, kept=75_000)

    def _means(self, token: bytes) -> int:
        word = decoded(token)
        told = (*self.listed.get(word), *(number for number, tells in self.tellers if tells(word)))
        if (meaning := self._known.get(told)) is None:
            meaning = self._known[told] = len(self.meanings)
            self.meanings.append(told)
        return meaning

    def rules(self, tokens: Set[bytes]) -> set[int]:
        """The numbers of the rules that one of ``tokens`` speaks for."""
        return {number for meaning in set(map(self._meaning.__getitem__, tokens)) for number in self.meanings[meaning]}


class Gate:
    """The gate of a selection of ``count`` checks, known by their positions. ``key`` names their content; without one it stays open."""

    #: Code points after which compiling the scanner (some seconds, kept per user) pays.
    WORTH = 2_000_000

    def __init__(self, check: Callable[[int], Check], count: int, key: str) -> None:
        self.check, self.count = check, count
        self.seen = 0
        self.scanner: scanner.Scanner | None = None
        self.off = bool(os.environ.get("ARLINT_NO_HYPERSCAN")) or not key
        self.store = cache.folder() / "scanners" / key
        if not self.off and (kept := cache.read(self.store)) is not None and scanner.available():
            self._open(*kept)

    def possible(self, page: Page) -> set[int] | None:
        """Positions of the checks that can have a hit on ``page``; None where that is not known and all must be tried."""
        self.expect(len(page.text))
        if self.scanner is None:
            return None
        found = self.scanner.possible(page.codes, page.tokens)
        found |= self.told.rules(page.distinct)
        for numbers in self.kin:
            if not found.isdisjoint(numbers) and (question := question_of(self.check(numbers[0]))) and not question[1](page):
                found.difference_update(numbers)
        return found

    def expect(self, size: int) -> None:
        """Count ``size`` more code points to come, and build the scanner if that makes it worth it."""
        if self.off or self.scanner is not None:
            return
        self.seen += size
        if self.seen >= self.WORTH and not scanner.available():
            self.off = True
        elif self.seen >= self.WORTH:
            kept = self._built()
            cache.write(self.store, kept)
            self._open(*kept)

    def _built(self) -> tuple[scanner.Kept, Listed, Numbers, list[Numbers]]:
        listed: dict[str, Numbers] = {}
        tellers: list[int] = []
        prefilters: list[list[str] | None] = []
        phrases: dict[int, list[str]] = {}
        kin: dict[Hashable, Numbers] = {}
        for number, check in enumerate(map(self.check, range(self.count))):
            words, tells, expressions, said = vocabulary_of(check), teller_of(check), prefilters_of(check), phrases_of(check)
            prefilters.append(expressions if expressions is not None or (words is None and tells is None and said is None) else [])
            for word in words or ():
                listed[word] = (*listed.get(word, ()), number)
            if tells is not None:
                tellers.append(number)
            if said is not None:
                phrases[number] = said
            if (question := question_of(check)) is not None:
                kin[question[0]] = (*kin.get(question[0], ()), number)
        return scanner.build(prefilters, phrases), _listed(listed), tuple(tellers), list(kin.values())

    def _open(self, databases: scanner.Kept, listed: Listed, tellers: Numbers, kin: list[Numbers]) -> None:
        self.kin = kin
        self.scanner = scanner.restored(*databases)
        judges = [(number, tells) for number in tellers if (tells := teller_of(self.check(number))) is not None]
        self.told = Told(listed, judges)
