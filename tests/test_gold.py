"""The marked articles and the corpus that lie beside the project: what an editor marks is found, sound copy is left alone.

They are not part of the project, so these tests are skipped where they are missing; CI has them.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from arlint import Linter, fixes
from arlint.document import Document

SHARED = Path(__file__).parent.parent.parent / "shared"
GOLD, CORPUS = SHARED / "gold", SHARED / "corpus" / "saudinews.jsonl.gz"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (GOLD.is_dir() and CORPUS.is_file()), reason="the marked articles and the corpus are not beside this checkout"),
]


def score(name: str) -> dict[str, Any]:
    command = [sys.executable, GOLD / "score.py", GOLD / f"{name}.articles.jsonl", GOLD / f"{name}.marks.jsonl", "--arlint", f"{sys.executable} -m arlint", "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    scored: dict[str, Any] = json.loads(run.stdout)
    return scored


def test_the_seed_is_found_whole_and_nothing_else() -> None:
    total = score("seed")["total"]
    assert (total["recall"], total["precision"]) == (1.0, 1.0)


def test_marked_articles() -> None:
    scored = score("dev")
    total, families = scored["total"], {row["family"]: row for row in scored["families"]}
    named = [families[name] for name in ("duplicate", "caption", "outlet", "attribution", "quotes") if name in families]
    marks, findings = sum(row["marks"] for row in named), sum(row["findings"] for row in named)
    assert sum(row["marks"] * (row["recall"] or 0) for row in named) / marks >= 0.90
    assert sum(row["findings"] * (row["precision"] or 0) for row in named) / findings >= 0.95
    assert total["precision"] >= 0.95
    assert total["repaired"] >= 0.80
    assert total["recall"] >= 0.87


def articles(count: int, seed: int) -> list[dict[str, Any]]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        everything = [json.loads(line) for line in lines]
    return random.Random(seed).sample([a for a in everything if a["text"]], count)


def test_no_outlet_is_torn_in_newspaper_prose() -> None:
    linter = Linter(select=["outlet"])
    found = [(a["id"], f.rule.id, f.found) for a in articles(800, seed=17) for f in linter.check(a["text"], title=a["title"])]
    assert found == []


@pytest.mark.parametrize("allowed", [fixes.SAFE, fixes.UNSAFE], ids=["safe", "unsafe"])
def test_real_articles_settle_without_a_broken_promise(allowed: frozenset[str]) -> None:
    rules = Linter().ruleset
    for article in articles(150, seed=23):
        once = fixes.fix(Document(article["text"], title=article["title"]), rules, allowed)
        assert once.broken == []
        assert fixes.fix(once.document, rules, allowed).document.raw == once.document.raw
