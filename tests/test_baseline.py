"""`arlint baseline` and `--baseline`: what is known stays quiet when paragraphs move and files are renamed; what is new is told."""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from conftest import OWN_RULES, SAFE, SETTINGS, UNSAFE, Command
from hypothesis import given, settings
from hypothesis import strategies as st

from arlint import baseline, engine, ruleset
from arlint.baseline import Baseline
from arlint.document import Document
from arlint.keys import Key, key_of
from arlint.rules import RuleError

OLD = "قال اخظغ كلامًا ظغخز طويلًا.\nثم غظخط.\n"
NAME = "arlint-baseline.json"


def told(run: str) -> list[tuple[str, int, str]]:
    return [(f["path"], f["start"]["line"], f["rule"]) for f in map(json.loads, run.splitlines())]


def check(own: Command, *args: str) -> list[tuple[str, int, str]]:
    return told(own("check", "--output-format", "jsonl", "--baseline", NAME, *args).out)


def test_what_is_known_stays_quiet_and_what_is_new_is_told(own: Command) -> None:
    own.write("a.txt", OLD)
    run = own("baseline")
    assert (run.status, run.out, run.err) == (0, f"wrote {NAME}: 3 findings (3 added, 0 removed, 0 kept)\n", "")
    run = own("check", "--baseline", NAME)
    assert (run.status, run.out) == (0, "nothing found in 1 file\n")
    own.write("a.txt", "سطر جديد فيه اخظغ.\n" + OLD)
    own.write("b.txt", "قال غظخط.\n")
    assert check(own) == [("a.txt", 1, SAFE), ("b.txt", 1, "consistency/made-up")]


def test_the_file_is_sorted_json_with_one_finding_a_line(own: Command) -> None:
    own.write("b.txt", OLD + OLD)
    own.write("a.txt", "قال \u200fاخظغ\u200f كلامًا.\n")
    own("baseline")
    text = (own.folder / NAME).read_text("utf-8")
    assert text == (
        '[{"arlint-baseline": 1}\n'
        ',{"rule": "consistency/made-up", "found": "غظخط", "before": "ثم", "after": "", "count": 2}\n'
        ',{"rule": "outlet/made-up", "found": "ظغخز", "before": "قالاخظغكلاما", "after": "طويلا", "count": 2}\n'
        ',{"rule": "spelling/made-up", "found": "اخظغ", "before": "قال", "after": "كلاما", "count": 1}\n'
        ',{"rule": "spelling/made-up", "found": "اخظغ", "before": "قال", "after": "كلاماظغخزطويلا", "count": 2}\n'
        "]\n"
    )
    assert json.loads(text)[0] == {"arlint-baseline": 1}
    written = (own.folder / NAME).stat()
    assert own("baseline").out == f"{NAME}: 7 findings (0 added, 0 removed, 7 kept), unchanged\n"
    assert (own.folder / NAME).stat().st_mtime_ns == written.st_mtime_ns


def test_what_is_gone_leaves_it_on_the_next_write(own: Command) -> None:
    own.write("a.txt", OLD)
    own("baseline")
    own.write("a.txt", "ثم غظخط.\nوعاد اخظغ.\n")
    assert own("baseline").out == f"wrote {NAME}: 2 findings (1 added, 2 removed, 1 kept)\n"
    own.write("a.txt", OLD)
    assert check(own) == [("a.txt", 1, SAFE), ("a.txt", 1, UNSAFE)]


def test_a_count_is_a_count(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.\nقال اخظغ.\n")
    own("baseline")
    own.write("b.txt", "قال اخظغ.\n")
    own.write("c.txt", "قال اخظغ.\n")
    assert check(own) == [("b.txt", 1, SAFE), ("c.txt", 1, SAFE)]


def test_every_number_of_processes_tells_the_same(own: Command) -> None:
    luck = random.Random(5)
    lines = ["قال اخظغ.", "كتب اخظغ ثم مضى.", "ثم غظخط.", "سطر سليم."]
    for number in range(60):
        own.write(f"{number:02}.txt", "".join(f"{luck.choice(lines)}\n" for _ in range(4)))
    own("baseline", "00.txt", *(f"{number:02}.txt" for number in range(1, 30)))
    alone = check(own, "-j", "1", ".")
    assert len(alone) > 30
    assert check(own, "-j", "3", ".") == alone
    for jobs in ("-j1", "-j3"):
        copy = own.folder / f"copy{jobs}"
        copy.mkdir()
        for path in sorted(own.folder.glob("*.txt")):
            (copy / path.name).write_bytes(path.read_bytes())
        own("fix", "--baseline", NAME, jobs, copy.name)
    assert [p.read_bytes() for p in sorted((own.folder / "copy-j1").iterdir())] == [p.read_bytes() for p in sorted((own.folder / "copy-j3").iterdir())]


def test_fix_mends_what_check_tells_and_nothing_else(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.\nقال اخظغ.\n")
    own("baseline")
    own.write("a.txt", "قال اخظغ.\nوهو اخظغ.\nقال اخظغ.\n")
    own.write("b.txt", "قال اخظغ.\n")
    run = own("fix", "--baseline", NAME)
    assert (run.status, run.out) == (0, "2 findings fixed in 2 files, nothing left\n")
    assert (own.folder / "a.txt").read_text("utf-8") == "قال اخظغ.\nوهو إخظغ.\nقال اخظغ.\n"
    assert (own.folder / "b.txt").read_text("utf-8") == "قال إخظغ.\n"


def test_what_is_known_stays_known_when_its_neighbour_is_mended(own: Command) -> None:
    path = own.write("a.txt", "سافر الوزير أمس وقال اخظغ للصحافيين هناك.\n")
    own("baseline")
    path.write_text("سافر الوزير أمس وقال اخظغ ظغخز للصحافيين هناك.\n", "utf-8")
    run = own("fix", "--unsafe-fixes", "--baseline", NAME)
    assert path.read_text("utf-8") == "سافر الوزير أمس وقال اخظغ للصحافيين هناك.\n"
    assert run.status == 0
    path.write_text("سافر الوزير أمس وقال اخظغ غدا للصحافيين هناك.\n", "utf-8")
    assert check(own) == []


def test_standard_input_has_a_baseline_too(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.\n")
    own("baseline")
    data = "قال اخظغ.\nوهو اخظغ.\n".encode()
    assert own("check", "--baseline", NAME, "-", stdin=data).lines[-1].startswith("1 finding in 1 file")
    assert own("fix", "--baseline", NAME, "-", stdin=data).out == "قال اخظغ.\nوهو إخظغ.\n"


def test_each_project_has_its_own(own: Command) -> None:
    own.write("b/arlint.toml", SETTINGS + 'baseline = "known.json"\n')
    own.write("arlint.toml", SETTINGS + f'baseline = "{NAME}"\n')
    own.write("a.txt", OLD)
    own.write("b/a.txt", "قال اخظغ.\n")
    refused = own("check")
    assert (refused.status, refused.err) == (2, f"arlint: {(own.folder / 'arlint.toml').resolve()}:3: no baseline {(own.folder / NAME).resolve()}; write it with: arlint baseline\n")
    assert own("baseline").status == 0
    assert [len(json.loads((own.folder / name).read_text("utf-8"))) - 1 for name in (NAME, "b/known.json")] == [3, 1]
    assert own("check").status == 0
    assert own("check", "--isolated", "--select", "spelling").status == 0
    own.write("a.txt", "قال اخظغ.\n" + OLD)
    assert own("check").status == 1


def test_what_could_not_be_read_is_not_taken_for_gone(own: Command) -> None:
    own.write("a.txt", OLD)
    own.write("b.txt", "وهو اخظغ.\n")
    own("baseline")
    before = (own.folder / NAME).read_bytes()
    (own.folder / "a.txt").unlink()
    run = own("baseline", "a.txt", "b.txt")
    assert (run.status, run.out) == (2, f"{NAME}: 4 findings (0 added, 0 removed, 4 kept), unchanged; not everything could be read, so nothing was taken out\n")
    assert run.err.startswith("arlint: a.txt: ")
    assert (own.folder / NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: not valid JSON; write the file anew with: arlint baseline"),
        ("{}", ':1: not a baseline of this version: it begins with [{"arlint-baseline": 1}; write it anew with: arlint baseline'),
        ('[{"arlint-baseline": 2}\n]\n', ':1: not a baseline of this version: it begins with [{"arlint-baseline": 1}; write it anew with: arlint baseline'),
        ('[{"arlint-baseline": 1}\n,{"rule": "a/b", "fuond": "x"}\n]\n', ":2: unknown key 'fuond' (did you mean 'found'?)"),
        ('[{"arlint-baseline": 1}\n,[]\n]\n', ":2: a line is a finding with rule, found, before, after, count"),
        (
            '[{"arlint-baseline": 1}\n,{"rule": "a/b", "found": "", "before": "", "after": "", "count": 0}\n]\n',
            ":2: a line is a finding with rule, found, before, after as texts and a count of 1 or more",
        ),
        ('[{"arlint-baseline": 1}\n<<<<<<< HEAD\n=======\n', ":2: a merge left its marks here; take them out and keep the lines of both sides"),
    ],
)
def test_a_broken_baseline_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / NAME
    path.write_text(text, "utf-8")
    with pytest.raises(RuleError) as refused:
        baseline.read(path)
    assert str(refused.value).startswith(f"{path}{said}")


def test_a_baseline_that_is_not_there(own: Command) -> None:
    own.write("a.txt", OLD)
    run = own("check", "--baseline", "no.json")
    assert (run.status, run.err) == (2, "arlint: no.json: no such baseline; write it with: arlint baseline --baseline FILE\n")
    run = own("baseline", "--baseline", "no/where.json")
    assert (run.status, run.err) == (2, "arlint: no/where.json: cannot be written (No such file or directory)\n")


def test_two_branches_merge_line_by_line(tmp_path: Path) -> None:
    def counts(*numbers: int) -> Counter[Key]:
        return Counter({Key("a/b", f"found {number:02}", "before", "after"): 1 for number in numbers})

    for name, numbers in {"base": (10, 20, 30), "ours": (5, 10, 20, 30), "theirs": (10, 20, 40)}.items():
        (tmp_path / name).write_text(baseline.dumped(counts(*numbers)), "utf-8")
    merged = subprocess.run(["git", "merge-file", "-p", "ours", "base", "theirs"], cwd=tmp_path, capture_output=True, check=True).stdout
    (tmp_path / "merged").write_bytes(merged)
    assert baseline.read(tmp_path / "merged") == counts(5, 10, 20, 40)


KEYS = st.builds(Key, st.sampled_from(["a/b", "c/d"]), st.text(max_size=6), st.text(max_size=4), st.text(max_size=4))


@given(st.dictionaries(KEYS, st.integers(1, 4), max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, counts: dict[Key, int]) -> None:
    path = tmp_path_factory.mktemp("baseline") / NAME
    baseline.write(path, Counter(counts))
    assert baseline.read(path) == Counter(counts)
    text = path.read_text("utf-8")
    assert text.count("\n") == len(counts) + 2
    assert "\u202e" not in text


OWN = ruleset.load([OWN_RULES], use_cache=False).only([SAFE, UNSAFE, "consistency/made-up"])
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(["قال", "اخظغ", "الوزير", "ظغخز", "أمس", "غظخط", "كلامًا", "طويلًا"]), min_size=1, max_size=8).map(lambda words: " ".join(words) + "."),
    min_size=1,
    max_size=12,
)


def keys(files: list[str]) -> list[Key]:
    return [key_of(document, finding) for document in map(Document, files) for finding in engine.check(document, OWN)]


@given(PARAGRAPHS, st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_moving_paragraphs_and_renaming_files_keeps_it_valid(paragraphs: list[str], luck: random.Random, files: int) -> None:
    before = ["\n\n".join(paragraphs) + "\n"]
    moved = list(paragraphs)
    luck.shuffle(moved)
    cuts = sorted(luck.randrange(len(moved) + 1) for _ in range(files - 1))
    after = ["\n\n".join(moved[a:b]) for a, b in zip([0, *cuts], [*cuts, len(moved)], strict=True)]
    known = Baseline(Counter(keys(before)))
    assert all(known.spend(keys(after)))
    assert not any(known.left.values())


@given(PARAGRAPHS, st.integers(0, 11))
@settings(max_examples=100, deadline=None)
def test_a_new_finding_is_never_hidden_by_a_full_baseline(paragraphs: list[str], at: int) -> None:
    """As many as were known stay quiet, whichever they are; one more is one too many."""
    known = Baseline(Counter(keys(["\n".join(paragraphs)])))
    more = [*paragraphs[:at], "وهذا اخظغ لم يكن هنا من قبل.", *paragraphs[at:]]
    assert known.spend(keys(["\n".join(more)])).count(False) == 1
