"""The scanner never misses a rule: with it and without it the findings are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex
from arabic_text import anything
from hypothesis import HealthCheck, given, settings

from arlint import engine, ruleset, scanner
from arlint.codes import encoded
from arlint.document import Document
from arlint.gate import Gate
from arlint.page import Page
from arlint.ruleset import Ruleset

hyperscan = pytest.importorskip("hyperscan")

SELECTED = ruleset.load().select("strict", preview=True)
PLAIN = Ruleset(SELECTED.entries, "")  # no key: no scanner
SCANNED = Ruleset(SELECTED.entries, SELECTED.key)
TEXTS = sorted([*(Path(__file__).parent / "sound").glob("*.txt"), *(Path(__file__).parent.parent / "seeds").glob("*.txt")])


@pytest.fixture(scope="module", autouse=True)
def _build_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARLINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(Gate, "WORTH", 0)
        assert SCANNED.possible(Page(Document(""))) is not None
        assert PLAIN.possible(Page(Document(""))) is None


def places(text: str, rules: Ruleset) -> list[tuple[str, int, int]]:
    return [(f.rule.id, f.start, f.end) for f in engine.check(Document(text), rules)]


@pytest.mark.parametrize("rule", SELECTED.rules, ids=lambda r: r.id)
def test_every_example_passes_the_scanner(rule: ruleset.Rule) -> None:
    for example in rule.bad:
        assert places(example.text, SCANNED) == places(example.text, PLAIN)


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.stem)
def test_articles(path: Path) -> None:
    text = path.read_text("utf-8")
    assert places(text, SCANNED) == places(text, PLAIN)


@given(anything)
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_generated_text(text: str) -> None:
    assert places(text, SCANNED) == places(text, PLAIN)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"[^\w\s]ك", "،ك"),
        (r"\bكتب\b", "ثم كتب."),
        (r"(?<=[\u0621-\u064a]{1,3})\.(?=\p{L})", "كلمة.كلمة"),
        (r"(?>ا+)ب", "ااب"),
        (r"\s++و", "\u00a0و"),
        (r"^\d+$", "قبل\n٣٤\nبعد"),
        (r"[^\d]\Z", "12ب"),
        (r"(?P<q>[«\"])س(?P=q)", '"س"'),
        (r'(?<q>[«"])س(?P=q)', '"س"'),
        (r"(?(DEFINE)(?<d>\d+))(?&d)-(?&d)", "12-3"),
        (r"[.:](?<=\s.)(?:(?<=\w\s+.)|(?<=\)\s.))س", "ا  :س"),
        (r"[ ](?:(?<=\t)|[ ])س", "  س"),
        (r"[\]\-]ن", "]ن"),
        (r"(?i:next previous)", "NEXT Previous"),
    ],
)
def test_translations_match_where_regex_does(expression: str, text: str) -> None:
    assert regex.search(expression, text, regex.MULTILINE)
    made = scanner.restored(*scanner.build([[expression]]))
    assert made.possible(encoded(text), []) == {0}


def test_what_cannot_be_translated_always_runs() -> None:
    kept = scanner.build([[r"\L<names>"], None, ["(?:كتاب){e<=1}"], ["س"]])
    assert kept[1] == {0, 1, 2}
    assert scanner.restored(*kept).possible(encoded("لا شيء"), []) == {0, 1, 2}
