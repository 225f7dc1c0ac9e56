"""The seed articles: every sure mark is found, nothing is found where an editor marks nothing, and the repaired text is the
editor's. What is known to fail is written down and breaks the build on the day it starts to behave.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from arlint import Linter
from arlint.findings import Finding

SEEDS = Path(__file__).parent.parent / "seeds"
NAMES = sorted(p.name.removesuffix(".marks.jsonl") for p in SEEDS.glob("*.marks.jsonl"))
KNOWN = json.loads((Path(__file__).parent / "cases" / "known-failures.json").read_text("utf-8"))
LINTER = Linter()


def marks(name: str) -> list[dict[str, object]]:
    text = (SEEDS / f"{name}.txt").read_text("utf-8")
    out = []
    for line in (SEEDS / f"{name}.marks.jsonl").read_text("utf-8").splitlines():
        mark = json.loads(line)
        at = -1
        for _ in range(mark.get("nth", 0) + 1):
            at = text.index(mark["span"], at + 1)
        out.append({**mark, "start": at, "end": at + len(mark["span"])})
    return out


def touches(finding: Finding, mark: dict[str, object]) -> bool:
    return finding.start < max(int(str(mark["end"])), int(str(mark["start"])) + 1) and int(str(mark["start"])) < max(finding.end, finding.start + 1)


def tidy(text: str) -> str:
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()


@pytest.mark.parametrize("name", NAMES)
def test_sure_marks_are_found(name: str) -> None:
    findings = LINTER.check((SEEDS / f"{name}.txt").read_text("utf-8"))
    missed = [m["span"] for m in marks(name) if m.get("sure", 1) and not any(touches(f, m) for f in findings)]
    assert missed == KNOWN["missed"].get(name, [])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_found(name: str) -> None:
    findings = LINTER.check((SEEDS / f"{name}.txt").read_text("utf-8"))
    places = marks(name)
    false = [f"{f.rule.id}: {f.found}" for f in findings if not any(touches(f, m) for m in places)]
    assert false == KNOWN["false"].get(name, [])


@pytest.mark.parametrize("name", [n for n in NAMES if n not in KNOWN["repaired_otherwise"]])
def test_repaired_text_is_the_editors(name: str) -> None:
    outcome = LINTER.explain((SEEDS / f"{name}.txt").read_text("utf-8"), unsafe=True)
    assert tidy(outcome.document.text) == tidy((SEEDS / f"{name}.edited.txt").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(KNOWN["repaired_otherwise"]))
@pytest.mark.xfail(strict=True, reason="known: see tests/cases/known-failures.json")
def test_repaired_otherwise(name: str) -> None:
    outcome = LINTER.explain((SEEDS / f"{name}.txt").read_text("utf-8"), unsafe=True)
    assert tidy(outcome.document.text) == tidy((SEEDS / f"{name}.edited.txt").read_text("utf-8"))
