"""What was said of words, remembered: a corpus is written in few of them, over and over, and asks the same of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Word = TypeVar("Word")
Said = TypeVar("Said")


class Remembered(dict[Word, Said]):
    """What ``judge`` says of words, asked when one is first met; looking one up costs what a dictionary costs.

    A corpus brings new words without end. When there are ``kept``, those that have not been met since the last time are forgotten:
    the common ones never are.
    """

    def __init__(self, judge: Callable[[Word], Said], kept: int = 30_000) -> None:
        self.judge, self.kept = judge, kept
        self._before: dict[Word, Said] = {}

    def __missing__(self, word: Word) -> Said:
        try:
            said = self._before[word]
        except KeyError:
            said = self.judge(word)
        if len(self) >= self.kept:
            self._before = dict(self)
            self.clear()
        self[word] = said
        return said
