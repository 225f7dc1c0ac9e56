"""Rule files that are refused, each with one line that names file, line and what to write instead; and the cache of compiled rules."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from arlint import ruleset
from arlint.rules import RuleError, UnknownRule

GOOD = """\
summary: A word that nobody writes
message: {ar: "«{found}»", en: "'{found}'"}
why: Because. It is so.
since: "0.1"
check: words
words: {خظغ: خظع}
fix: {applicability: safe, title: {ar: "اكتب «{fix}»", en: "Write '{fix}'"}}
bad:
  - {text: قال خظغ, fix: قال خظع}
good: [خظغا, خظ]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARLINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "rules" / "spelling").mkdir(parents=True)
    return tmp_path / "rules"


def write(folder: Path, text: str, name: str = "made-up", family: str = "spelling") -> Path:
    (folder / family).mkdir(exist_ok=True)
    path = folder / family / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return path


def loaded(folder: Path) -> ruleset.Ruleset:
    """The rules of ``folder`` alone, without the shipped ones and the time that these take."""
    empty = folder.parent / "none"
    empty.mkdir(exist_ok=True)
    return ruleset.load([folder], builtin=empty)


# the made-up word changes a letter that a safe fix may not change, so the examples use an unsafe fix
UNSAFE = GOOD.replace("applicability: safe", "applicability: unsafe, unsafe_because: it changes a letter")


def test_a_good_rule_loads(folder: Path) -> None:
    write(folder, UNSAFE)
    assert [r.id for r in loaded(folder).rules] == ["spelling/made-up"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (UNSAFE.replace("summary:", "sumary:"), r"made-up.yaml:1: unknown key 'sumary' for a 'words' rule \(did you mean 'summary'\?\)"),
        (UNSAFE.replace("check: words", "check: word"), r":5: no kind of check 'word' \(did you mean 'words'\?\)"),
        (UNSAFE.replace("words: {", "wordz: {"), r":6: unknown key 'wordz'"),
        (UNSAFE.replace("bad:\n  - {text: قال خظغ, fix: قال خظع}\n", ""), "'bad' is missing"),
        (UNSAFE.replace("[خظغا, خظ]", "[خظغا]"), r":10: good: Expected `array` of length >= 2"),
        (UNSAFE.replace("قال خظغ, fix: قال خظع", "قال شيئا, fix: قال شيئا"), r":9: bad\[0\]: does not fire"),
        (UNSAFE.replace("fix: قال خظع", "fix: قال خظخ"), r":9: bad\[0\]: is repaired to 'قال خظع', not to 'قال خظخ'"),
        (UNSAFE.replace("[خظغا, خظ]", "[خظغا, خظغ]"), r":10: good\[1\]: fires on 'خظغ'"),
        (UNSAFE.replace(", unsafe_because: it changes a letter", ""), "an unsafe fix says in 'unsafe_because'"),
        (GOOD, r":9: bad\[0\]: spelling/made-up: a safe fix changes letters"),
        (UNSAFE + "ar: {summary: كلمة, why: سبب}\n", r":11: 'unsafe_because' stands in both languages or in neither"),
        (UNSAFE + "ar: {summary: كلمة, whi: سبب}\n", r":11: ar.whi: .*unknown field `whi`"),
        (UNSAFE.replace("summary: A", "summary: &a A") + "refs: [*a]\n", "aliases"),
        (UNSAFE + "summary: again\n", r":11: 'summary' stands twice"),
        (UNSAFE.replace("words: {", "words: [{"), "not valid YAML"),
        ("", "'summary' is missing"),
        ("- a\n", ":1: a rule file is a mapping"),
        (UNSAFE.replace("status", "x") + "status: ready\n", r":11: status: Invalid enum value 'ready'"),
    ],
)
def test_refusals(folder: Path, text: str, said: str) -> None:
    write(folder, text)
    with pytest.raises(RuleError, match=said) as error:
        loaded(folder)
    assert "\n" not in str(error.value)


PATTERN = UNSAFE.replace("check: words\nwords: {خظغ: خظع}", "check: pattern\npattern: '{}'\nreplace: خظع")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"\bخظغ", r"\\b next to Arabic"),
        ("خظغ\ufefb", "presentation form"),
        ("خظغ\u0651\u064e", "NFC"),
        ("خظغ(", "not a valid expression: missing \\)"),
        ("{{leter}}", r"no class 'leter' \(did you mean 'letter'\?\)"),
        ("{{credit.agencies}}", "no lexicon 'credit'"),
    ],
)
def test_patterns_that_never_match_as_meant(folder: Path, pattern: str, said: str) -> None:
    write(folder, PATTERN.replace("'{}'", f"'{pattern}'"))
    with pytest.raises(RuleError, match=said):
        loaded(folder)


def test_a_fix_that_leaves_a_finding_is_refused(folder: Path) -> None:
    write(folder, UNSAFE)
    write(folder, UNSAFE.replace("خظغ: خظع", "خظع: خظف").replace("قال خظغ, fix: قال خظع", "قال خظع, fix: قال خظف").replace("خظغا, خظ", "خظعا, خظ").replace("A word", "Another word"), "other")
    with pytest.raises(RuleError, match="the repaired text still has spelling/other"):
        loaded(folder)


def test_unknown_families_names_and_folders(folder: Path) -> None:
    write(folder, UNSAFE, family="speling")
    with pytest.raises(RuleError, match=r"no family 'speling' \(did you mean 'spelling'\?\)"):
        loaded(folder)
    with pytest.raises(RuleError, match="no such folder"):
        ruleset.load([folder / "missing"])


def test_unknown_selectors_are_answered_with_the_nearest(folder: Path) -> None:
    write(folder, UNSAFE)
    rules = loaded(folder)
    with pytest.raises(UnknownRule, match=r"did you mean 'spelling/made-up'\?"):
        rules.select(select=["spelling/madeup"])
    with pytest.raises(UnknownRule, match=r"no profile 'editoral' \(did you mean 'editorial'\?\)"):
        rules.select("editoral")


def stores(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache" / "rules").iterdir())


def test_a_changed_rule_is_never_served_from_the_cache(folder: Path) -> None:
    path = write(folder, UNSAFE)
    first = loaded(folder)
    path.write_text(UNSAFE.replace("خظغ", "خظض").replace("خظغا", "خظضا"), "utf-8")
    second = loaded(folder)
    assert first.key != second.key
    assert dict(second.rules[0].parameters) == {"words": {"خظض": "خظع"}}


@pytest.mark.parametrize("damage", [b"", b"x", b"arlint-rules-1\n" + b"0" * 40])
def test_a_damaged_cache_is_rebuilt(folder: Path, damage: bytes) -> None:
    write(folder, UNSAFE)
    loaded(folder)
    whole = {store: store.read_bytes() for store in stores(folder)}
    for store, data in whole.items():
        store.write_bytes(damage or data[:-7])
    assert [r.id for r in loaded(folder).rules] == ["spelling/made-up"]
    assert {store: len(store.read_bytes()) for store in stores(folder)} == {store: len(data) for store, data in whole.items()}


def _load_many(folder: Path) -> int:
    return sum(len(loaded(folder).rules) for _ in range(5))


def test_two_processes_may_race_for_the_cache(folder: Path) -> None:
    write(folder, UNSAFE)
    os.makedirs(folder.parent / "none", exist_ok=True)
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(_load_many, [folder] * 6) == [5] * 6
    assert not [store for store in stores(folder) if len(store.name) != 64]  # no temporary file is left
