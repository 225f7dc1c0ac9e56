"""What was said of words, remembered: a corpus is written in few of them, over and over, and asks the same of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Word = TypeVar("Word")
Said = TypeVar("Said")


class Remembered(dict[Word, Said]):
    """What ``judge`` says of words (or of pairs of them), asked when one is first met; looking one up costs what a dictionary costs."""

    #: Words remembered; a corpus brings new ones without end.
    KEPT = 50_000

    def __init__(self, judge: Callable[[Word], Said]) -> None:
        self.judge = judge

    def __missing__(self, word: Word) -> Said:
        if len(self) >= self.KEPT:
            self.clear()
        said = self[word] = self.judge(word)
        return said
