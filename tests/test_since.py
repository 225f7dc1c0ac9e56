"""`--since REV`, against a real git repository: only changed lines are told and mended."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SETTINGS, Command

OLD = "قال اخظغ كلامًا.\nسطر سليم.\nثم كتب اخظغ.\n"
Git = Callable[..., str]


@pytest.fixture
def git(own: Command, monkeypatch: pytest.MonkeyPatch) -> Git:
    """git in the command's folder, with ``old.txt`` committed, whatever the user's own settings are."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }.items():
        monkeypatch.setenv(name, value)

    def run(*args: str) -> str:
        return subprocess.run(["git", *args], cwd=own.folder, capture_output=True, text=True, check=True).stdout.strip()

    run("init", "-q", "-b", "main")
    own.write("old.txt", OLD)
    run("add", ".")
    run("commit", "-qm", "one")
    return run


def told(own: Command, *args: str, cwd: Path | None = None) -> list[tuple[str, int]]:
    run = own("check", "--output-format", "jsonl", *args, cwd=cwd)
    assert run.err == ""
    return [(f["path"].replace(os.sep, "/"), f["start"]["line"]) for f in map(json.loads, run.lines)]


def test_only_changed_lines_are_told(own: Command, git: Git) -> None:
    assert told(own, "--since", "HEAD") == []
    own.write("old.txt", "سطر جديد فيه اخظغ.\n" + OLD.replace("ثم كتب", "ثم قرأ"))
    own.write("new.txt", "وهو اخظغ.\n")
    assert told(own, "--since", "HEAD") == [("new.txt", 1), ("old.txt", 1), ("old.txt", 4)]
    git("add", ".")
    assert told(own, "--since", "HEAD") == [("new.txt", 1), ("old.txt", 1), ("old.txt", 4)]
    git("commit", "-qm", "two")
    assert told(own, "--since", "HEAD") == []
    assert told(own, "--since", "HEAD~1") == [("new.txt", 1), ("old.txt", 1), ("old.txt", 4)]
    assert own("check", "--since", "HEAD").out == "nothing found in 0 files\n"


def test_fix_touches_changed_lines_only(own: Command, git: Git) -> None:
    path = own.write("old.txt", OLD.replace("سطر سليم.", "سطر فيه اخظغ ظغخز.\nوآخر فيه اخظغ."))
    run = own("fix", "--unsafe-fixes", "--since", "HEAD")
    assert (run.status, run.out) == (0, "3 findings fixed in 1 file, nothing left\n")
    assert path.read_text("utf-8") == "قال اخظغ كلامًا.\nسطر فيه إخظغ.\nوآخر فيه إخظغ.\nثم كتب اخظغ.\n"


def test_a_fix_that_takes_lines_out_moves_the_rest_along(own: Command, git: Git) -> None:
    """The lines asked about are followed through rounds of fixing: here the second round looks at shorter lines."""
    own.write("arlint.toml", SETTINGS.replace("select = [", 'extend-safe-fixes = ["ALL"]\nselect = ["duplicate", '))
    copy = "هذه فقرة طويلة بما يكفي لتكون مكررة في هذا النص من أوله إلى آخره دون خلاف.\n"
    path = own.write("old.txt", copy + "بين بين.\n" + copy + "وفيه اخظغ.\n" + OLD)
    run = own("fix", "--since", "HEAD")
    assert run.status == 0
    assert path.read_text("utf-8") == copy + "بين بين.\nوفيه إخظغ.\n" + OLD


def test_of_records_only_changed_lines_are_told_and_mended(own: Command, git: Git) -> None:
    rows = [f'{{"id": {n}, "text": "قال اخظغ {n}."}}\n' for n in range(4)]
    path = own.write("a.jsonl", "".join(rows))
    git("add", ".")
    git("commit", "-qm", "rows")
    new = '{"id": 9, "text": "سطر\\nقال اخظغ."}\n'
    changed = [rows[0], new, rows[1], rows[2].replace("قال", "قيل"), rows[3]]
    path.write_text("".join(changed), "utf-8")
    run = own("check", "--since", "HEAD", "--output-format", "concise", "-q", ".")
    assert [line.partition(": ")[0] for line in run.lines] == ["a.jsonl:record 9:text:2:5", "a.jsonl:record 2:text:1:5"]
    assert own("fix", "--since", "HEAD", "-q", ".").status == 0
    assert path.read_text("utf-8") == "".join(row.replace("اخظغ", "إخظغ") if n in (1, 3) else row for n, row in enumerate(changed))


def test_renames_are_followed(own: Command, git: Git) -> None:
    (own.folder / "sub folder").mkdir()
    git("mv", "old.txt", 'sub folder/مقال "1"\tب.txt')
    assert told(own, "--since", "HEAD") == []
    own.write('sub folder/مقال "1"\tب.txt', OLD + "ثم اخظغ.\n")
    assert [line for _, line in told(own, "--since", "HEAD")] == [4]
    assert [line for _, line in told(own, "--since", "HEAD", cwd=own.folder / "sub folder")] == [4]


def test_from_a_subfolder_and_from_outside(own: Command, git: Git) -> None:
    own.write("sub/a.txt", "وهو اخظغ.\n")
    assert told(own, "--since", "HEAD", cwd=own.folder / "sub") == [("a.txt", 1)]
    assert told(own, "--since", "HEAD", str(own.folder / "sub"), cwd=own.folder.parent)[0][1] == 1
    (own.folder / "sub/old.txt").symlink_to("../old.txt")
    assert told(own, "--since", "HEAD", "sub") == [("sub/a.txt", 1)]


def test_what_git_cannot_compare_is_changed_whole(own: Command, git: Git) -> None:
    own.write(".gitattributes", "wide.txt -diff\n")
    own.write("wide.txt", OLD)
    git("add", ".")
    git("commit", "-qm", "two")
    assert told(own, "--since", "HEAD") == []
    own.write("wide.txt", OLD + "سليم.\n")
    assert told(own, "--since", "HEAD") == [("wide.txt", 1), ("wide.txt", 3)]
    git("mv", "wide.txt", "wider.txt")
    own.write(".gitattributes", "*.txt -diff\n")
    assert told(own, "--since", "HEAD") == [("wider.txt", 1), ("wider.txt", 3)]


def test_ignored_files_and_crlf(own: Command, git: Git) -> None:
    own.write(".gitignore", "drafts/\n")
    own.write("drafts/a.txt", "وهو اخظغ.\n")
    own.write("dos.txt", "قال اخظغ.\r\nسليم.\r\n")
    git("add", ".")
    git("commit", "-qm", "two")
    own.write("dos.txt", "قال اخظغ.\r\nسليم.\r\nوهو اخظغ.\r\n")
    assert told(own, "--since", "HEAD", ".", "drafts/a.txt") == [("dos.txt", 3), ("drafts/a.txt", 1)]


def test_since_a_branch_was_left(own: Command, git: Git) -> None:
    git("checkout", "-qb", "work")
    own.write("old.txt", OLD + "ثم اخظغ.\n")
    git("commit", "-qam", "mine")
    git("checkout", "-q", "main")
    own.write("old.txt", OLD.replace("قال اخظغ", "قال إخظغ"))
    git("commit", "-qam", "theirs")
    git("checkout", "-q", "work")
    assert told(own, "--since", "main") == [("old.txt", 1), ("old.txt", 4)]
    assert told(own, "--since", "main...") == [("old.txt", 4)]
    assert told(own, "--since", "main...HEAD") == [("old.txt", 4)]


def test_inside_a_hook_the_files_say_which_repository(own: Command, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    other = own.folder / "other"
    shutil.copytree(own.folder / ".git", other / ".git")
    own.write("other/old.txt", OLD + "ثم اخظغ.\n")
    monkeypatch.setenv("GIT_DIR", str(own.folder / ".git"))
    assert told(own, "--since", "HEAD", "other") == [("other/old.txt", 4)]


def test_with_a_baseline(own: Command, git: Git) -> None:
    own("baseline", "--baseline", "known.json")
    own.write("old.txt", OLD.replace("سليم", "سليم جدا") + "ثم كتب اخظغ.\nثم اخظغ.\n")
    assert told(own, "--since", "HEAD", "--baseline", "known.json") == [("old.txt", 5)]


@pytest.mark.parametrize("revision", ["nowhere", "--all", "HEAD~9", "a b", "nowhere..."])
def test_a_revision_that_is_not_there(own: Command, git: Git, revision: str) -> None:
    run = own("check", f"--since={revision}")
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith(f"arlint: --since {revision}: ")
    assert "no revision '" in run.err
    assert run.err.count("\n") == 1


def test_where_there_is_no_repository(own: Command) -> None:
    own.write("a.txt", OLD)
    run = own("check", "--since", "HEAD", env={"GIT_CEILING_DIRECTORIES": "/"})
    assert (run.status, run.out, run.err) == (2, "", "arlint: a.txt: not in a git repository, so --since HEAD cannot say what changed in it\n")


def test_standard_input_and_a_missing_git(own: Command, git: Git) -> None:
    run = own("check", "--since", "HEAD", "-")
    assert (run.status, run.err) == (2, "arlint: --since asks git about files; standard input is none\n")
    run = own("check", "--since", "HEAD", env={"PATH": ""})
    assert (run.status, run.err) == (2, "arlint: --since HEAD: git is not installed, and it is what knows the changes\n")
