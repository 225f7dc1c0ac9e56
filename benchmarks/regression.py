"""Whether arlint became slower: its check against a fixed piece of pure Python in the same run, on text made up from a seed.

``python -m benchmarks.regression`` exits 1 where the ratio leaves the room that noise needs. Whoever makes arlint faster lowers `ALLOWED`.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from time import process_time

from arlint import engine, ruleset
from arlint.document import Document
from benchmarks.speed import made_up

#: How many times the yardstick's time a check may take; about twice what was measured when this was written.
ALLOWED = 150.0
ROUNDS = 5


def yardstick(texts: list[str]) -> int:
    """A fixed amount of what Python does all day: a look at every character, a dictionary of words."""
    counts: dict[str, int] = {}
    letters = 0
    for text in texts:
        for word in text.split():
            counts[word] = counts.get(word, 0) + 1
        for character in text:
            if character > "\u0620":
                letters += 1
    return letters + len(counts)


def seconds(run: Callable[[], object]) -> float:
    began = process_time()
    run()
    return process_time() - began


def main() -> int:
    texts = made_up(200)
    rules = ruleset.load().select("editorial")
    rules.expect(10_000_000)
    ratios = []
    for number in range(ROUNDS + 1):
        ours = seconds(lambda: [engine.check(Document(text), rules) for text in texts])
        plain = seconds(lambda: yardstick(texts))
        if number:  # the first round loads what the others use
            ratios.append(ours / plain)
    ratio = statistics.median(ratios)
    print(f"a check takes {ratio:.1f} times the yardstick; {ALLOWED:g} are allowed")
    return int(ratio > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
