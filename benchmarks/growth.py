"""How the time of a check grows: with the length of one text up to 10 MB, and with 2,000 more words in a rule.

``python -m benchmarks.growth [ARTICLES.jsonl[.gz] ...]``; without articles, made-up ones serve. CPU time; the best of two runs each.
"""

from __future__ import annotations

import argparse
import tempfile
from itertools import pairwise, product
from pathlib import Path

from arlint import engine, ruleset
from arlint.document import Document
from arlint.ruleset import Ruleset
from benchmarks.articles import read
from benchmarks.speed import made_up, timed

#: Lengths of one text in UTF-8, about.
MEGABYTES = (1.25, 2.5, 5, 10)
RULE = """\
summary: Words that nobody writes
message: {{ar: "«{{found}}»", en: "'{{found}}'"}}
why: Two thousand of them, to see what they cost.
since: "0.1"
check: words
words: {{{words}}}
fix: {{applicability: safe, title: {{ar: اكتب, en: Write}}}}
bad:
  - {{text: قال {first} أمس, fix: قال غظخ أمس}}
good: [قال الوزير, في البيت]
"""


def seconds(texts: list[str], rules: Ruleset) -> float:
    return min(timed(lambda: [engine.check(Document(text), rules) for text in texts]) for _ in range(2))


def with_more_words(folder: Path, count: int) -> Ruleset:
    """The default rules and one with ``count`` words of five letters that no text has."""
    words = ["".join(letters) for letters in product("ظغخضثذ", repeat=5)][:count]
    path = folder / "spelling" / "nobody-writes.yaml"
    path.parent.mkdir()
    path.write_text(RULE.format(words=", ".join(f"{word}: غظخ" for word in words), first=words[0]), "utf-8")
    return ruleset.load([folder]).select("editorial", extend=["spelling/nobody-writes"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="*", type=Path)
    args = parser.parse_args()
    given = [article.text for article in read(args.articles)] if args.articles else made_up()
    rules = ruleset.load().select("editorial")
    rules.expect(10_000_000)
    everything = "\n".join(given)
    per_character = len(everything.encode()) / len(everything)
    times = []
    for size in MEGABYTES:
        length = int(size * 1e6 / per_character)
        text = (everything * (length // len(everything) + 1))[:length]
        times.append(seconds([text], rules))
        print(f"one text of {size:5.2f} MB: {times[-1]:6.2f} s")
    print("twice the length takes " + ", ".join(f"{b / a:.2f}" for a, b in pairwise(times)) + " times as long")
    texts = given[:: max(1, len(given) // 300)]
    with tempfile.TemporaryDirectory() as place:
        more = with_more_words(Path(place), 2000)
        more.expect(10_000_000)
        seconds(texts, rules), seconds(texts, more)  # what the first run loads is no part of the time
        ratios = sorted(seconds(texts, more) / seconds(texts, rules) for _ in range(3))
    print(f"2,000 words more take {ratios[1]:.2f} times as long")


if __name__ == "__main__":
    main()
