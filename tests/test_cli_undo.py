"""`arlint fix --log` and `arlint undo`: what was changed is restored byte for byte, or what moved on is told."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import Command
from hypothesis import given
from hypothesis import strategies as st

from arlint.fixlog import Log
from arlint.hunks import applied, between
from arlint.undo import undo
from arlint.writing import Replacement, Stamp

OLD = "قال اخظغ كلامًا ظغخز طويلًا.\n\nوسكت الناس كلهم ساعة كاملة.\n\nثم قال اخظغ مرة أخرى.\n"
NEW = "قال إخظغ كلامًا طويلًا.\n\nوسكت الناس كلهم ساعة كاملة.\n\nثم قال إخظغ مرة أخرى.\n"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.txt")}


def test_the_log_tells_every_edit_and_both_contents(own: Command) -> None:
    own.write("d/a.txt", OLD)
    own.write("d/clean.txt", NEW)
    assert own("fix", "--unsafe-fixes", "--log", "fixes.jsonl", "d").status == 0
    head, *rest = rows(own.folder / "fixes.jsonl")
    assert (head["kind"], head["path"], head["folder"], head["before"]["size"], head["lines"]) == ("file", "d/a.txt", os.fspath(own.folder), len(OLD.encode()), len(rest))
    edits = [(r["path"], r["rule"], r["applicability"], r["before"], r["after"], r["start"], r["round"]) for r in rest if r["kind"] == "edit"]
    assert edits == [
        ("d/a.txt", "spelling/made-up", "safe", "اخظغ", "إخظغ", {"offset": 4, "line": 1, "column": 5}, 1),
        ("d/a.txt", "outlet/made-up", "unsafe", " ظغخز", "", {"offset": 15, "line": 1, "column": 16}, 1),
        ("d/a.txt", "spelling/made-up", "safe", "اخظغ", "إخظغ", {"offset": 66, "line": 5, "column": 8}, 1),
    ]
    assert [(r["before"], r["after"]) for r in rest if r["kind"] == "hunk"] == [("اخظغ ", "إخظغ "), ("ظغخز ", ""), ("اخظغ ", "إخظغ ")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_undo_restores_every_byte(own: Command, newline: str, mark: bytes) -> None:
    for name in ("d/a.txt", "d/e/b.txt"):
        own.write(name, mark + OLD.replace("\n", newline).encode() + b" \t")
    before = tree(own.folder)
    (own.folder / "d" / "a.txt").chmod(0o640)
    own("fix", "--unsafe-fixes", "--log", "fixes.jsonl", "d")
    assert all(was != now for was, now in zip(before.values(), tree(own.folder).values(), strict=True))
    run = own("undo", "fixes.jsonl")
    assert (run.status, run.out, run.err) == (0, "2 files restored\n", "")
    assert tree(own.folder) == before
    assert (own.folder / "d" / "a.txt").stat().st_mode & 0o777 == 0o640
    again = own("undo", "fixes.jsonl")
    assert (again.status, again.out) == (0, "0 files restored, 2 as before the fix already\n")


def test_runs_add_up_and_are_taken_back_together(own: Command) -> None:
    path = own.write("a.txt", OLD)
    own("fix", "--log", "fixes.jsonl", "a.txt")
    between_runs = path.read_bytes()
    own("fix", "--unsafe-fixes", "--log", "fixes.jsonl", "a.txt")
    assert [r["kind"] for r in rows(own.folder / "fixes.jsonl")].count("file") == 2
    assert OLD.encode() != between_runs != path.read_bytes()
    assert own("undo", "fixes.jsonl").out == "1 file restored\n"
    assert path.read_bytes() == OLD.encode()


def test_many_processes_write_one_log(own: Command) -> None:
    for number in range(60):
        own.write(f"d/{number}.txt", OLD * (number % 7 + 1))
    before = tree(own.folder)
    own("fix", "-q", "--unsafe-fixes", "-j", "3", "--log", "fixes.jsonl", "d")
    assert set(tree(own.folder).values()).isdisjoint(before.values())
    assert own("undo", "fixes.jsonl").out == "60 files restored\n"
    assert tree(own.folder) == before


def test_diff_shows_and_writes_nothing(own: Command) -> None:
    path = own.write("a.txt", "قال اخظغ.\n")
    own("fix", "--log", "fixes.jsonl", "a.txt")
    run = own("undo", "--diff", "fixes.jsonl")
    assert run.out == "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-قال إخظغ.\n+قال اخظغ.\n"
    assert (run.status, run.err) == (1, "1 file would be restored\n")
    assert path.read_text("utf-8") == "قال إخظغ.\n"


def test_a_file_that_moved_on_is_left_and_told(own: Command) -> None:
    path = own.write("a.txt", OLD)
    other = own.write("b.txt", OLD)
    own("fix", "--unsafe-fixes", "--log", "fixes.jsonl", ".")
    moved = "سطر جديد.\n" + NEW.replace("ثم قال إخظغ مرة", "ثم كتب إخظغ مرة")
    path.write_bytes(moved.encode())
    run = own("undo", "fixes.jsonl")
    assert (run.status, run.out) == (1, "1 file restored, 1 left as they are\n")
    assert run.lines == ["1 file restored, 1 left as they are"]
    first, second = run.err.splitlines()
    assert first.startswith("arlint: a.txt: changed since it was fixed at ")
    assert first.endswith("; left as it is. 2 of 3 edits stand as they were made, --partial takes them back")
    assert second == "arlint: a.txt: byte 116 of the old file: what stands around 'إخظغ ' (once 'اخظغ ') has changed"
    assert (path.read_bytes(), other.read_bytes()) == (moved.encode(), OLD.encode())
    run = own("undo", "--partial", "fixes.jsonl")
    assert (run.status, run.out) == (1, "0 files restored, 1 in part, 1 as before the fix already\n")
    assert path.read_text("utf-8") == "سطر جديد.\n" + OLD.replace("ثم قال اخظغ مرة", "ثم كتب إخظغ مرة")


def test_partial_keeps_what_came_since(own: Command) -> None:
    path = own.write("a.txt", OLD)
    own("fix", "--unsafe-fixes", "--log", "fixes.jsonl", ".")
    path.write_bytes((NEW + "خاتمة.\n").encode())
    run = own("undo", "--partial", "fixes.jsonl")
    assert (run.status, run.out) == (0, "1 file restored\n")
    assert path.read_text("utf-8") == OLD + "خاتمة.\n"


def test_a_deleted_file_and_one_that_cannot_be_written(own: Command) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        own.write(name, OLD)
    own("fix", "--log", "fixes.jsonl", ".")
    (own.folder / "a.txt").unlink()
    (own.folder / "b.txt").chmod(0o444)
    run = own("undo", "-q", "fixes.jsonl")
    assert (run.status, run.out) == (2, "")
    assert run.err.splitlines() == ["arlint: a.txt: deleted since it was fixed; nothing was restored", "arlint: b.txt: read-only; make it writable for this user. Nothing was written"]
    assert tree(own.folder)["c.txt"] == OLD.encode()


def test_only_the_paths_named(own: Command) -> None:
    for name in ("d/a.txt", "e/a.txt"):
        own.write(name, OLD)
    own("fix", "--log", "fixes.jsonl", ".")
    assert own("undo", "fixes.jsonl", "d").out == "1 file restored\n"
    assert (tree(own.folder)["d/a.txt"] == OLD.encode(), tree(own.folder)["e/a.txt"] == OLD.encode()) == (True, False)
    run = own("undo", "fixes.jsonl", "nowhere")
    assert (run.status, run.err) == (2, "arlint: fixes.jsonl: tells of nothing in nowhere\n")


def test_a_tree_that_was_moved(own: Command) -> None:
    own.write("old/d/a.txt", OLD)
    own("fix", "--config", "../arlint.toml", "--log", "../fixes.jsonl", "d", cwd=own.folder / "old")
    (own.folder / "old").rename(own.folder / "new")
    assert own("undo", "fixes.jsonl").status == 1
    assert own("undo", "--folder", "new", "fixes.jsonl").out == "1 file restored\n"
    assert (own.folder / "new" / "d" / "a.txt").read_bytes() == OLD.encode()


def test_a_run_killed_after_its_entry_changed_nothing(own: Command) -> None:
    """The log is written first: what it tells may not have happened, nor have been told to its end."""
    path = own.write("a.txt", OLD)
    log = own.folder / "fixes.jsonl"
    own("fix", "--log", "fixes.jsonl", "a.txt")
    path.write_bytes(OLD.encode())
    assert own("undo", "fixes.jsonl").out == "0 files restored, 1 as before the fix already\n"
    whole = log.read_bytes()
    for cut in (len(whole) - 1, len(whole) - 40, whole.index(b"\n") + 1, whole.index(b"\n") + 30):
        log.write_bytes(whole[:cut])
        own("fix", "--log", "fixes.jsonl", "a.txt")
        assert path.read_bytes() != OLD.encode()
        assert own("undo", "fixes.jsonl").out == "1 file restored\n", cut
        assert path.read_bytes() == OLD.encode()


def test_a_damaged_log_restores_nothing_wrong(own: Command) -> None:
    path = own.write("a.txt", OLD)
    log = own.folder / "fixes.jsonl"
    own("fix", "--log", "fixes.jsonl", "a.txt")
    fixed = path.read_bytes()
    for damage in (log.read_text("utf-8").replace('"before":"اخظغ ', '"before":"اخظظ '), log.read_text("utf-8").replace('{"kind":"hunk"', '{"kind":"hunk"]')):
        log.write_text(damage, "utf-8")
        run = own("undo", "-q", "fixes.jsonl")
        assert (run.status, run.err) == (2, "arlint: a.txt: the log is damaged here, so its content before cannot be made sure of; left as it is\n")
        assert path.read_bytes() == fixed


@pytest.mark.parametrize(("content", "said"), [("قال كلامًا.\n", "not a fix log"), ('{"kind":"file","path":3}\n', "not a fix log of this version (")])
def test_what_is_no_log(own: Command, content: str, said: str) -> None:
    path = own.write("a.txt", "قال اخظغ.\n")
    own.write("other.jsonl", content)
    run = own("undo", "other.jsonl")
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith(f"arlint: other.jsonl: {said}")
    run = own("fix", "--log", "other.jsonl", "a.txt")
    assert (run.status, run.err) == (2, "arlint: --log other.jsonl: exists and is not a fix log; name another file\n")
    assert path.read_text("utf-8") == "قال اخظغ.\n"
    assert (own.folder / "other.jsonl").read_text("utf-8") == content


def test_what_cannot_be_logged(own: Command) -> None:
    path = own.write("a.txt", "قال اخظغ.\n")
    assert own("undo", "none.jsonl").err == "arlint: none.jsonl: no such file or directory\n"
    assert own("fix", "--log", "no/where.jsonl", "a.txt").err == "arlint: --log no/where.jsonl: no such file or directory\n"
    assert own("fix", "--diff", "--log", "f.jsonl", "a.txt").err == "arlint: --log notes what is done to files; there is nothing to note with --diff\n"
    assert path.read_text("utf-8") == "قال اخظغ.\n"
    assert not (own.folder / "f.jsonl").exists()


def test_a_link_and_a_name_that_is_no_text(own: Command) -> None:
    name = os.fsdecode(b"\xff.txt")
    path = own.write("d/a.txt", OLD)
    (own.folder / "link.txt").symlink_to(path)
    try:
        odd = own.write(name, OLD)
    except OSError:
        pytest.skip("the file system takes no such names")
    own("fix", "--log", "fixes.jsonl", "link.txt", name)
    assert path.read_bytes() == odd.read_bytes() != OLD.encode()
    assert own("undo", "fixes.jsonl").out == "2 files restored\n"
    assert path.read_bytes() == odd.read_bytes() == OLD.encode()
    assert (own.folder / "link.txt").is_symlink()


def test_a_large_file_written_anew_is_kept_whole_beside_the_log(tmp_path: Path) -> None:
    path, old = tmp_path / "a.parquet", os.urandom(1 << 20) * 17
    path.write_bytes(old)
    with open(path, "rb") as file:
        seen = Stamp.of(file.fileno())
    with Replacement(str(path), seen, Log(str(tmp_path / "log"))) as new:
        new.file.write(b"new")
        new.commit()
    assert path.read_bytes() == b"new"
    assert (tmp_path / "log").stat().st_size < 1000
    assert [one.state for one in undo(str(tmp_path / "log"))] == ["restored"]
    assert path.read_bytes() == old


def test_splices_of_a_record_file_are_undone_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    old = b"".join(b'{"id": %d, "text": "\\u0627\xd8\xae"}\n' % n for n in range(3000))
    path.write_bytes(old)
    with open(path, "rb") as file:
        seen = Stamp.of(file.fileno())
    with Replacement(str(path), seen, Log(str(tmp_path / "log"))) as new:
        for at in range(0, len(old) - 20, 997):
            new.splice(at, at + at % 11, bytes([at % 256]) * (at % 5))
        new.commit()
    assert path.read_bytes() != old
    assert [one.state for one in undo(str(tmp_path / "log"))] == ["restored"]
    assert path.read_bytes() == old
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "log"]


@given(st.lists(st.sampled_from([b"a", b"b", b" ", b"\n", b"\xd8", b"\xa7", b"\r\n"])), st.lists(st.sampled_from([b"a", b"b", b" ", b"\n", b"\xd8"])))
def test_hunks_make_the_new_of_the_old(a: list[bytes], b: list[bytes]) -> None:
    old, new = b"".join(a), b"".join(b)
    hunks = between(old, new)
    assert applied(old, hunks) == new
    assert all(x.end <= y.start for x, y in pairwise(hunks))


@pytest.mark.parametrize("repeated", [1, 3000])
def test_hunks_stay_small_in_long_files(repeated: int) -> None:
    lines = [f"السطر {n // repeated} كلام طويل".encode() for n in range(30_000)]
    old = b"\n".join(lines)
    lines[50:60] = []
    lines[12_000] = lines[12_000].replace("كلام".encode(), "نص".encode())
    lines.insert(29_000, "سطر جديد".encode())
    hunks = between(old, b"\n".join(lines))
    assert sum(end - start + len(data) for start, end, data in hunks) < 1000


@pytest.mark.parametrize("packed", [False, True])
def test_records_are_logged_and_undone(own: Command, packed: bool) -> None:
    import gzip

    lines = "".join(f'{{"id":"r{n}",  "text": "\\u0642ال اخظغ {n}", "n": 1.0e1}}\r\n' for n in range(500)).encode()
    name = "a.jsonl.gz" if packed else "a.jsonl"
    path = own.write(name, gzip.compress(lines, mtime=1) if packed else lines)
    old = path.read_bytes()
    assert own("fix", "--log", "fixes.log", name).status == 0
    assert path.read_bytes() != old
    first = next(row for row in rows(own.folder / "fixes.log") if row["kind"] == "edit")
    assert (first["record"], first["field"], first["rule"], first["before"]) == ("r0", "text", "spelling/made-up", "اخظغ")
    assert own("undo", "fixes.log").out == "1 file restored\n"
    assert path.read_bytes() == old
