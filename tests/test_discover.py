"""Template discovery: furniture that no list knows is found by evidence, and its rules, once accepted, remove it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("datasketches", reason="the extra is missing: pip install 'arlint[corpus]'")

from conftest import Command

from arlint import Linter
from arlint.corpus.discover import discover
from arlint.corpus.phrases import Counts, phrases
from arlint.corpus.templates import page, proposals, write

WHO = ["الوزير", "المدير", "الرئيس", "المتحدث", "السفير", "العميد", "الخبير", "الطبيب"]
DID = ["أعلن", "أكد", "أوضح", "ذكر", "بين", "كشف", "شرح", "عرض"]
WHAT = ["خطة", "ميزانية", "نتائج", "برنامج", "مراحل", "تفاصيل", "أهداف", "شروط"]
OF = ["المشروع", "المدرسة", "المستشفى", "الطريق", "المصنع", "المؤتمر", "المهرجان", "الدورة"]
WHEN = ["أمس", "اليوم", "صباحا", "مساء", "قبل يومين", "بعد الظهر", "في الاجتماع", "في اللقاء"]
TAGS = ["نفط", "تعليم", "صحة", "سفر", "زراعة", "نقل", "طاقة", "سكن"]


def corpus(seed: int = 7, each: int = 60) -> list[tuple[str, str, str]]:
    """Three made-up papers: one with a link-back line and a brand line, one with tags run in and a row of buttons, one with neither."""
    chance = random.Random(seed)

    def sentence() -> str:
        return " ".join(map(chance.choice, (DID, WHO, WHAT, OF, WHEN))) + "."

    out = []
    for number in range(each):
        body = ["\n".join(" ".join(sentence() for _ in range(3)) for _ in range(4)) for _ in range(3)]
        titles = [f"{chance.choice(WHAT)} {chance.choice(OF)} {chance.choice(WHEN)}" for _ in range(3)]
        out.append(("morning", f"m{number}", f"MORNING.EXAMPLE\n{body[0]} رابط المادة بجريدة الصباح: {titles[0]}"))
        bar = "أرسل انسخ قيّم علّق احفظ اطبع وشارك\n" if number % 3 == 0 else ""
        out.append(("evening", f"e{number}", f"{bar}{body[1]} مفاتيح {' '.join(chance.sample(TAGS, 3))}"))
        out.append(("noon", f"n{number}", f"{body[2]}"))
    return out


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    documents = corpus()
    return {" ".join(t.phrase.words): f"{t.source} {t.phrase.rim} {t.scope}" for t in discover(lambda: documents, least=15)}


def test_what_recurs_at_the_rim_of_one_source_is_found_and_nothing_else(found: dict[str, str]) -> None:
    assert found == {
        "رابط المادة بجريدة الصباح :": "morning tail to-end",
        "MORNING . EXAMPLE": "morning head line",
        "مفاتيح": "evening tail to-end",
        "أرسل انسخ قيّم علّق احفظ اطبع وشارك": "evening head line",
    }


def test_accepted_as_they_are_the_rules_remove_it(tmp_path: Path) -> None:
    documents = corpus()
    made = write(tmp_path, proposals(discover(lambda: documents, least=15)))
    assert [one.problem for one in made] == [None] * 4
    for path in tmp_path.rglob("*.yaml"):  # what an editor does who agrees
        text = path.read_text("utf-8").replace("applicability: manual", "applicability: unsafe\n  unsafe_because: it is cut without asking")
        path.write_text(text.replace("status: preview", "status: stable"), "utf-8")
    linter = Linter(select=[f"boilerplate/{one.name}" for one in made], rule_paths=[tmp_path])
    for source, _, text in corpus(seed=8):  # documents that discovery has not seen
        repaired = linter.fix(text, unsafe=True)
        assert not any(furniture in repaired for furniture in ("رابط المادة", "MORNING", "مفاتيح", "أرسل انسخ"))
        assert source != "noon" or repaired == text


def test_rules_wait_for_an_editor(tmp_path: Path) -> None:
    documents = corpus()
    write(tmp_path, proposals(discover(lambda: documents, least=15)))
    for path in tmp_path.rglob("*.yaml"):
        text = path.read_text("utf-8")
        assert "status: preview" in text
        assert "applicability: manual" in text


def test_counts_of_several_workers_are_the_counts_of_one() -> None:
    documents = corpus(each=30)
    whole, parts = Counts(), [Counts(), Counts()]
    for number, (source, _, text) in enumerate(documents):
        whole.add(source, text)
        parts[number % 2].add(source, text)
    parts[0].merge(parts[1])
    assert parts[0].documents == whole.documents
    for source in whole.documents:
        assert set(parts[0].frequent(source, 20)) == set(whole.frequent(source, 20))


def test_a_document_is_counted_once_for_a_phrase_however_often_it_says_it() -> None:
    def told(text: str) -> Iterator[str]:
        return (" ".join(phrase.words) for phrase in phrases(text) if phrase.anchor == "opens" and phrase.rim == "head")

    assert sorted(told("سطر\nسطر\nسطر")) == ["سطر"]


def test_the_review_page_shows_text_and_runs_none(tmp_path: Path) -> None:
    documents = [(source, ident, text.replace("الصباح", "<script>x</script>")) for source, ident, text in corpus()]
    shown = page(write(tmp_path, proposals(discover(lambda: documents, least=15))))
    assert "<script>" not in shown
    assert "&lt;" in shown


def test_copies_are_reported_exact_or_near() -> None:
    pytest.importorskip("datasketch")
    from arlint.corpus.twins import twins

    text = " ".join(f"كلمة{number}" for number in range(200))
    documents = [("a", "1", text), ("a", "2", f"{text} ."), ("b", "3", f"{text} زيادة هنا"), ("b", "4", " ".join(f"غيرها{number}" for number in range(200)))]
    assert [(twin.ident, twin.first, twin.exact) for twin in twins(documents)] == [("2", "1", True), ("3", "1", False)]


def test_the_command_writes_rules_a_page_and_the_copies(arlint: Command) -> None:
    lines = "".join(json.dumps({"id": ident, "source": source, "text": text}, ensure_ascii=False) + "\n" for source, ident, text in [*corpus(), corpus()[0]])
    arlint.write("articles.jsonl", lines)
    done = arlint("corpus", "discover", "articles.jsonl", "--output", "found", "--least", "15", "--twins")
    assert done.status == 0, done.err
    assert done.lines[-1].startswith("4 rules in found")
    assert len(list((arlint.folder / "found/boilerplate").glob("*.yaml"))) == 4
    assert "رابط المادة" in (arlint.folder / "found/review.html").read_text("utf-8")
    assert json.loads((arlint.folder / "found/twins.jsonl").read_text("utf-8"))["first"] == "m0"
    again = arlint("corpus", "discover", "articles.jsonl", "--output", "found")
    assert (again.status, "not empty" in again.err) == (2, True)
