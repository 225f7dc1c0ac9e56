"""Read what a rule finds: ``python -m benchmarks.hits RULE ARTICLES.jsonl[.gz] ... [-n 30]`` prints random hits in context.

Whoever changes a rule reads thirty of them and notes in docs/precision.md how many were wrong.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

from arlint import engine, ruleset
from arlint.document import Document
from arlint.plain import visible
from benchmarks.articles import read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rules", help="an id, a family or ALL; several joined by commas")
    parser.add_argument("articles", nargs="*", type=Path)
    parser.add_argument("-n", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random-articles", type=int, metavar="N", help="look at N random articles only and print every hit")
    args = parser.parse_args()
    everything = ruleset.load()
    rules = everything.only(everything.matching(args.rules.split(",")))
    articles = list(read(args.articles))
    chance = random.Random(args.seed)
    if args.random_articles:
        articles = chance.sample(articles, min(args.random_articles, len(articles)))
    hits, by_rule, by_source = [], Counter[str](), Counter[str]()
    for article in articles:
        for finding in engine.check(Document(article.text, title=article.title), rules):
            hits.append((article, finding))
            by_rule[finding.rule.id] += 1
            by_source[article.source] += 1
    print(f"{len(hits)} hits in {len({a.id for a, _ in hits})} of {len(articles)} articles")
    print(dict(by_rule.most_common()), dict(by_source.most_common()), sep="\n")
    for article, finding in hits if args.random_articles else chance.sample(hits, min(args.n, len(hits))):
        before, after = article.text[max(0, finding.start - 60) : finding.start], article.text[finding.end : finding.end + 60]
        print(f"\n{article.source} {article.id} {finding.rule.id}")
        print(visible(f"{before}⟦{finding.found}⟧{after}"))
        if finding.fix:
            print("  ", finding.fix.applicability, [(visible(article.text[e.start : e.end])[:90], visible(e.text)) for e in finding.fix.edits[:4]])


if __name__ == "__main__":
    main()
