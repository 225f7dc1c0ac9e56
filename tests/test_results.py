"""What is kept of files that were looked at: it serves while nothing changed that a report depends on, and never else.

Every report that is kept is replaced by one that says nothing, which tells the runs that were served from those that looked.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from conftest import OWN_RULES, SAFE, SETTINGS, UNSAFE, Command

from arlint import results, stamp
from arlint.cache import packed
from arlint.report import Report

FOUND = "قال اخظغ كلامًا ظغخز طويلًا.\nثم غظخط.\n"
CLEAN = "قال كلامًا.\n"


@pytest.fixture
def kept(own: Command, tmp_path: Path, compiled: Path) -> Command:
    """The command with reports of its own, and the compiled rules of all tests."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (compiled / "rules").mkdir(parents=True, exist_ok=True)
    (cache / "rules").symlink_to(compiled / "rules", target_is_directory=True)
    own.write("texts/a.txt", FOUND)
    return Command(own.folder, cache)


def silenced(kept: Command) -> int:
    """Make every report that is kept say nothing; how many there were."""
    with closing(sqlite3.connect(kept.cache / "results" / "results.sqlite")) as database, database:
        return database.execute("UPDATE results SET report = ? WHERE report != x''", (packed(Report("texts/a.txt")),)).rowcount


def test_an_unchanged_file_is_not_looked_at_again(kept: Command) -> None:
    first = kept("check", "texts")
    assert first.status == 1
    assert kept("check", "texts").out == first.out
    assert silenced(kept) == 1
    assert kept("check", "texts").out == "nothing found in 1 file\n"


def _rule_edited(kept: Command) -> None:
    rule = kept.folder / "rules" / "spelling" / "made-up.yaml"
    rule.write_text(rule.read_text("utf-8").replace("is spelled", "is written"), "utf-8")


def _settings_edited(kept: Command) -> None:
    kept.write("arlint.toml", (kept.folder / "arlint.toml").read_text("utf-8") + '[rules."consistency/made-up"]\ntone = "sharp"\n')


def _ignored_here(kept: Command) -> None:
    kept.write("arlint.toml", (kept.folder / "arlint.toml").read_text("utf-8") + f'[per-file-ignores]\n"texts/*" = ["{UNSAFE}"]\n')


def _text_edited(kept: Command) -> None:
    kept.write("texts/a.txt", FOUND.replace("طويلًا", "قصيرًا"))


def _renamed(kept: Command) -> None:
    (kept.folder / "texts" / "a.txt").rename(kept.folder / "texts" / "b.txt")


@pytest.mark.parametrize("change", [_rule_edited, _settings_edited, _ignored_here, _text_edited, _renamed])
def test_after_a_change_it_is(kept: Command, change: Callable[[Command], None]) -> None:
    subprocess.run(["cp", "-r", str(OWN_RULES), str(kept.folder / "rules")], check=True)
    kept.write("arlint.toml", SETTINGS.replace(OWN_RULES.as_posix(), "rules"))
    kept("check", "texts")
    silenced(kept)
    change(kept)
    run = kept("check", "texts")
    assert (run.status, run.err) == (1, "")
    assert SAFE in run.out


@pytest.mark.parametrize("options", [("--ignore", UNSAFE), ("--lang", "ar"), ("--output-format", "concise"), ("--encoding", "windows-1256"), ("--isolated", "--select", "spelling")])
def test_other_options_are_other_questions(kept: Command, options: tuple[str, ...]) -> None:
    kept("check", "texts")
    silenced(kept)
    run = kept("check", *options, "texts")
    (kept.cache / "results" / "results.sqlite").unlink()
    assert run.out == kept("check", *options, "texts").out


def test_a_lexicon_is_part_of_the_rules(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicons" / "new.yaml"
    lexicon.parent.mkdir()
    lexicon.write_text("about: a\n")
    before = stamp.rules([tmp_path], {})
    lexicon.write_text("about: b\n")
    assert stamp.rules([tmp_path], {}) != before


def test_the_baseline_is_spent_on_what_is_served(kept: Command) -> None:
    asked = ("check", "--baseline", "known.json", "-q", "--output-format", "concise", "texts/a.txt")
    assert "2 added" in kept("baseline", "--baseline", "known.json", "--ignore", UNSAFE, "texts/a.txt").out
    for _ in range(2):  # once looked at, once served
        assert kept(*asked).lines == ["texts/a.txt:1:16: outlet/made-up ' ظغخز' is left alone"]
    assert "2 removed" in kept("baseline", "--baseline", "known.json", "--select", "outlet", "texts/a.txt").out
    assert len(kept(*asked).lines) == 2


def test_changed_lines_are_asked_of_git_each_time(kept: Command) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words], cwd=kept.folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", "texts")
    git("commit", "-qm", "a")
    asked = ("check", "--since", "HEAD", "-q", "--output-format", "concise", "texts")
    assert kept(*asked).lines == []
    kept.write("texts/a.txt", FOUND.replace("ثم غظخط", "ثم ثم غظخط"))
    assert [kept(*asked).lines for _ in range(2)] == [["texts/a.txt:2:7: consistency/made-up 'غظخط' is worth a thought"]] * 2
    git("commit", "-qam", "b")
    assert kept(*asked).lines == []


def test_a_fix_is_served_where_there_is_nothing_to_do(kept: Command) -> None:
    kept.write("texts/clean.txt", CLEAN)
    assert kept("fix", "texts").status == 1  # the other repair is unsafe
    assert silenced(kept) == 1  # of the clean one: the other was changed
    kept("fix", "texts")
    assert silenced(kept) == 2
    kept.write("texts/a.txt", FOUND)
    kept("fix", "texts")
    assert "إخظغ" in (kept.folder / "texts" / "a.txt").read_text("utf-8")


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_cache_is_begun_anew(kept: Command, damage: bytes) -> None:
    first = kept("check", "texts")
    store = kept.cache / "results" / "results.sqlite"
    store.write_bytes(damage)
    again = kept("check", "texts")
    assert (again.out, again.err) == (first.out, "")
    assert silenced(kept) == 1


def test_a_damaged_report_is_not_believed(kept: Command) -> None:
    first = kept("check", "texts")
    with closing(sqlite3.connect(kept.cache / "results" / "results.sqlite")) as database, database:
        database.execute("UPDATE results SET report = substr(report, 1, length(report) - 3) WHERE report != x''")
    assert kept("check", "texts").out == first.out


def test_without_a_place_for_it_all_goes_on(kept: Command) -> None:
    (kept.cache / "results").write_text("a file where the folder would be")
    run = kept("check", "texts")
    assert (run.status, run.err) == (1, "")


def test_clean_takes_it_away(kept: Command) -> None:
    kept("check", "texts")
    (kept.cache / "rules").unlink()  # those of all tests stay
    kept("clean")
    assert not (kept.cache / "results").exists()


def test_runs_side_by_side_do_not_disturb_each_other(kept: Command, compiled: Path) -> None:
    for number in range(30):
        kept.write(f"texts/{number}.txt", FOUND + f"قال {number}.\n")
    expected = Command(kept.folder, compiled)("check", "texts").out
    command = [sys.executable, "-m", "arlint", "check", "texts"]
    environment = {**os.environ, "ARLINT_CACHE_DIR": str(kept.cache), "LC_ALL": "C.UTF-8"}
    runs = [subprocess.Popen(command, cwd=kept.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8") for _ in range(3)]
    assert [run.communicate() for run in runs] == [(expected, "")] * 3
    assert silenced(kept) == 31


def test_it_stays_within_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARLINT_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(results, "MOST", 200_000)
    kept = results.Results()
    for number in range(2000):
        kept.keep(b"%032d" % number, Report("a.txt", unread=["x" * 200]))
    kept.flush()
    kept.keep(b"the last one", Report("a.txt"))
    kept.flush()
    assert kept.path.stat().st_size <= results.MOST
    assert kept.report(b"the last one") is not None
    assert kept.report(b"%032d" % 0) is None
