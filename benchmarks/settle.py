"""Fix every article of a corpus, then again: ``python -m benchmarks.settle ARTICLES.jsonl[.gz] ... [-j 2] [--unsafe]``.

Prints promises that broke, documents that did not settle, and whatever raised; exits 1 where there was any.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from multiprocessing import Pool
from pathlib import Path

from arlint import fixes, ruleset
from arlint.document import Document
from benchmarks.articles import Article, read

_RULES: dict[str, ruleset.Ruleset] = {}


def _trouble(batch: list[Article], profile: str, unsafe: bool) -> tuple[int, Counter[str], list[str]]:
    """Articles changed, edits by rule, and a line for each trouble."""
    rules = _RULES.setdefault(profile, ruleset.load().select(profile))
    allowed = fixes.UNSAFE if unsafe else fixes.SAFE
    changed, edits, lines = 0, Counter[str](), []
    for article in batch:
        try:
            once = fixes.fix(Document(article.text, title=article.title), rules, allowed)
            again = fixes.fix(once.document, rules, allowed)
        except Exception as error:  # noqa: BLE001  the run is there to see what raises
            lines.append(f"{article.id}: {type(error).__name__}: {error}")
            continue
        changed += once.document.raw != article.text
        edits.update(f.rule.id for f in once.fixed)
        lines += [f"{article.id}: {broken}" for broken in once.broken + again.broken]
        if again.document.raw != once.document.raw:
            lines.append(f"{article.id}: not settled by {', '.join(sorted({f.rule.id for f in again.fixed}))}")
    return changed, edits, lines


def _batches(paths: list[Path], size: int = 100) -> Iterator[list[Article]]:
    articles = read(paths)
    while batch := list(islice(articles, size)):
        yield batch


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--unsafe", action="store_true")
    parser.add_argument("--profile", default="editorial")
    args = parser.parse_args()
    ruleset.load()
    changed, troubles, edits = 0, 0, Counter[str]()
    with Pool(args.j) as pool:
        for some, counted, lines in pool.imap(partial(_trouble, profile=args.profile, unsafe=args.unsafe), _batches(args.paths)):
            changed, troubles = changed + some, troubles + len(lines)
            edits.update(counted)
            for line in lines:
                print(line, flush=True)
    print(f"{changed} articles changed, {edits.total()} edits, {troubles} troubles")
    print(dict(edits.most_common()))
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
