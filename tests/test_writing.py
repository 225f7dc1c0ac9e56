"""Replacing a file: whole or not at all, with all that belongs to it, and nothing left behind."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from arlint import writing
from arlint.writing import Replacement, Stamp, Unusable, replace, sweep

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix file system")


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def stamp(path: Path) -> Stamp:
    with open(path, "rb") as file:
        return Stamp.of(file.fileno())


def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"new")
    with pytest.raises(Unusable, match="changed by another program"):
        replace(str(path), b"mine", b"old")
    assert content(tmp_path) == {"a.txt": b"new"}


def spliced(path: Path, seen: Stamp, *places: tuple[int, int]) -> None:
    with Replacement(str(path), seen) as new:
        for start, end in places:
            new.splice(start, end, b"x")
        new.commit()


@pytest.mark.parametrize("same_length", [True, False])
def test_a_streamed_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path, same_length: bool) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old")
    seen = stamp(path)
    path.write_bytes(b"new" if same_length else b"newer")
    theirs = path.read_bytes()
    with pytest.raises(Unusable, match="changed by another program"):
        spliced(path, seen, (1, 2))
    assert content(tmp_path) == {"a.jsonl": theirs}


def test_a_file_that_came_to_hold_the_same_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"mended")
    replace(str(path), b"mended", b"old")
    assert content(tmp_path) == {"a.txt": b"mended"}


def test_a_deleted_file_does_not_come_back(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="deleted by another program"):
        replace(str(tmp_path / "a.txt"), b"mine", b"old")
    assert content(tmp_path) == {}


def test_a_file_deleted_while_its_replacement_is_written_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def mend() -> None:
        with Replacement(str(path), b"old") as new:
            new.file.write(b"new")
            path.unlink()
            new.commit()

    with pytest.raises(Unusable, match="deleted by another program"):
        mend()
    assert content(tmp_path) == {}


def test_splices_change_their_bytes_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    old = bytes(range(256)) * 20_000
    path.write_bytes(old)
    with Replacement(str(path), stamp(path)) as new:
        new.splice(0, 0, b"head")
        new.splice(3, 5, b"")
        new.splice(5, 6, b"longer")
        new.splice(3_000_000, 3_000_010, b"x")
        assert path.read_bytes() == old
        new.commit()
    assert path.read_bytes() == b"head" + old[:3] + b"longer" + old[6:3_000_000] + b"x" + old[3_000_010:]
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]


def test_splices_out_of_order_and_beyond_the_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"0123456789")
    with pytest.raises(ValueError, match="in order"):
        spliced(path, stamp(path), (5, 6), (4, 5))
    with pytest.raises(Unusable, match="changed by another program"):
        spliced(path, stamp(path), (11, 12))
    assert content(tmp_path) == {"a.jsonl": b"0123456789"}


def test_without_commit_nothing_happens(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"0123456789")
    with Replacement(str(path), b"0123456789") as new:
        assert not new.changed
        new.commit()
        assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]
        new.splice(1, 2, b"x")
        assert new.changed
    assert content(tmp_path) == {"a.jsonl": b"0123456789"}


@UNIX
def test_hard_links_are_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_bytes(b"old")
    os.link(path, other)
    with pytest.raises(Unusable, match="has 2 hard links"):
        replace(str(path), b"new", b"old")
    assert content(tmp_path) == {"a.txt": b"old", "b.txt": b"old"}


@UNIX
def test_read_only_is_meant_even_for_root(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(Unusable, match="read-only"):
        replace(str(path), b"new", b"old")
    assert content(tmp_path) == {"a.txt": b"old"}


@UNIX
def test_mode_and_attributes_are_kept_and_a_chain_of_links_followed(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.txt"
    path.parent.mkdir()
    path.write_bytes(b"old")
    path.chmod(0o2751)
    mode = stat.S_IMODE(path.stat().st_mode)
    (tmp_path / "one").symlink_to("deep/a.txt")
    (tmp_path / "two").symlink_to("one")
    attribute = None
    if hasattr(os, "setxattr"):
        try:
            os.setxattr(path, "user.arlint", b"kept")
            attribute = b"kept"
        except OSError:  # not every file system has them
            attribute = None
    replace(str(tmp_path / "two"), b"new", b"old")
    assert (os.readlink(tmp_path / "two"), os.readlink(tmp_path / "one"), path.read_bytes()) == ("one", "deep/a.txt", b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    if attribute:
        assert os.getxattr(path, "user.arlint") == attribute


AS_NOBODY = """
import os, sys, tempfile
from arlint.writing import Unusable, replace
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    replace(sys.argv[1], b"mine", b"new")
except Unusable as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_the_owner_is_kept_and_a_file_that_cannot_be_given_back_is_refused() -> None:
    with tempfile.TemporaryDirectory() as place:  # pytest keeps its own folders to their owner
        folder, path = Path(place), Path(place, "a.txt")
        folder.chmod(0o777)
        path.write_bytes(b"old")
        os.chown(path, 1234, 4321)
        replace(str(path), b"new", b"old")
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)
        path.chmod(0o666)
        done = subprocess.run([sys.executable, "-c", AS_NOBODY, str(path)], capture_output=True, text=True, check=False)
        assert done.stdout == "belongs to another user or group, which this user cannot give it back to; run arlint as its owner. Nothing was written\n", done.stderr
        assert content(folder) == {"a.txt": b"new"}


HELD = """
import sys
from arlint.writing import Replacement
with Replacement(sys.argv[1], b"old") as new:
    new.file.write(b"new")
    new.file.flush()
    print("there", flush=True)
    sys.stdin.read()
    new.commit()
"""


def test_strays_of_the_dead_are_swept_and_those_of_the_living_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    (tmp_path / ".arlint-0a1b2c3d.tmp").write_bytes(b"half")
    mine = [".arlint-0a1b2c3.tmp", ".arlint.toml", "x.arlint-0a1b2c3d.tmp", ".arlint-0a1b2c3d.tmp.bak"]
    for name in mine:
        (tmp_path / name).write_bytes(b"mine")
    living = subprocess.Popen([sys.executable, "-c", HELD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert living.stdout is not None
    assert living.stdout.readline() == "there\n"
    sweep([str(tmp_path), str(tmp_path / "nowhere")])
    assert len([name for name in content(tmp_path) if writing._OURS.fullmatch(name)]) == 1
    living.communicate("")
    assert content(tmp_path) == {"a.txt": b"new", **dict.fromkeys(mine, b"mine")}


@UNIX
def test_of_two_that_read_the_same_the_second_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def both() -> None:
        with Replacement(str(path), b"old") as one, Replacement(str(path), b"old") as two:
            one.file.write(b"one")
            two.file.write(b"two")
            one.commit()
            two.commit()

    with pytest.raises(Unusable, match="changed by another program"):
        both()
    assert content(tmp_path) == {"a.txt": b"one"}
