"""Which rules can have anything to say on a page, so that the others need not be asked.

Expressions go through the scanner, word lists through one table of all their words. Both are built from what the checks say
of themselves (`checks.prefilters_of`, `checks.vocabulary_of`) once enough text has come by to be worth it, and kept per user.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Sequence

from arlint import cache, scanner
from arlint.checks import Check, prefilters_of, vocabulary_of
from arlint.page import Page


class Gate:
    """The gate of a selection of checks, known by their positions. ``key`` names their content; without one it stays open."""

    #: Code points after which compiling the scanner (some seconds, kept per user) pays.
    WORTH = 2_000_000

    def __init__(self, checks: Callable[[], Sequence[Check]], key: str) -> None:
        self.checks = checks
        self.seen = 0
        self.scanner: scanner.Scanner | None = None
        self.words: dict[str, tuple[int, ...]] = {}
        self.off = bool(os.environ.get("ARLINT_NO_HYPERSCAN")) or not key
        self.store = cache.folder() / "scanners" / key
        if not self.off and (kept := cache.read(self.store)) is not None and scanner.available():
            self._open(*kept)

    def possible(self, page: Page) -> Container[int] | None:
        """Positions of the checks that can have a hit on ``page``; None where that is not known and all must be tried."""
        self.expect(len(page.text))
        if self.scanner is None:
            return None
        found = self.scanner.possible(page.codes)
        for word in page.vocabulary & self.words.keys():
            found.update(self.words[word])
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

    def _built(self) -> tuple[bytes, frozenset[int], dict[str, tuple[int, ...]]]:
        checks = self.checks()
        words: dict[str, tuple[int, ...]] = {}
        listed = {number: words_of for number, check in enumerate(checks) if (words_of := vocabulary_of(check)) is not None}
        for number, words_of in listed.items():
            for word in words_of:
                words[word] = (*words.get(word, ()), number)
        database, always = scanner.build([() if number in listed else prefilters_of(check) for number, check in enumerate(checks)])
        return database, always, words

    def _open(self, database: bytes, always: frozenset[int], words: dict[str, tuple[int, ...]]) -> None:
        self.scanner = scanner.restored(database, always)
        self.words = words
