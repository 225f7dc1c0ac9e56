"""Trouble on purpose: killed runs, two at once, a full disk, lost permissions, files that vanish, and inputs by the hundred thousand.

``python -m benchmarks.trouble [--kills N] [--inputs N] [--guided N] [NAME ...]``; each trouble prints one line and fails loudly. CI runs
a short version (``tests/test_trouble.py``); the last long run is kept in ``docs/trouble.md``. Needs a Unix system.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

RULES = Path(__file__).parent.parent / "tests" / "own-rules"
DAMAGED = "قال اخظغ كلامًا ظغخز طويلًا.\n\nوسكت الناس كلهم ساعة كاملة.\n"
SAID = 'rule-paths = ["{rules}"]\nselect = ["spelling/made-up", "outlet/made-up"]\n'


class Skipped(Exception):
    """Trouble that cannot be made here, and why."""


def command(*args: str) -> int:
    """The real command in this process; what it says is kept from the terminal."""
    from arlint.cli import main

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            main(list(args))
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def child(folder: Path, *args: str, user: int | None = None) -> int:
    """The process id of the real command, running in ``folder`` in a process group of its own, all modules loaded."""
    process = os.fork()
    if process == 0:
        status = 70
        try:
            os.setsid()
            os.chdir(folder)
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            status = command(*args)
        finally:
            os._exit(status)
    return process


def ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def tree(folder: Path, files: int) -> dict[str, bytes]:
    """Damaged articles and records below ``folder``, by name."""
    (folder / "arlint.toml").write_text(SAID.format(rules=RULES.as_posix()), "utf-8")
    for number in range(files):
        path = folder / f"d{number % 5}" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(DAMAGED * (number % 9 + 1), "utf-8")
    rows = "".join(f'{{"id": {n}, "text": "{DAMAGED.splitlines()[0]} {n}"}}\n' for n in range(300))
    (folder / "d0" / "records.jsonl").write_text(rows, "utf-8")
    return content(folder)


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.suffix in (".txt", ".jsonl")}


def strays(folder: Path) -> list[Path]:
    return list(folder.rglob(".arlint-*.tmp"))


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).write_bytes(data)


def mended(folder: Path, files: int) -> tuple[dict[str, bytes], dict[str, bytes], float]:
    """A new tree: as it is, as it is once fixed, and the seconds that fixing takes."""
    old = tree(folder, files)
    began = time.monotonic()
    assert ended(child(folder, "fix", "--unsafe-fixes", "-j", "1", ".")) == 0
    took = time.monotonic() - began
    new = content(folder)
    assert all(old[name] != new[name] for name in old)
    put(folder, old)
    return old, new, took


def kills(folder: Path, number: int) -> str:
    """SIGKILL to a run and its workers, at random moments: every file is old or new, and the log takes all of it back."""
    old, new, took = mended(folder, 20)
    log = folder.parent / "kills.log"
    assert ended(child(folder, "fix", "--unsafe-fixes", "--log", str(log), ".")) == 0
    whole = log.stat().st_size
    assert ended(child(folder, "undo", str(log))) == 0
    log.unlink()
    left = partly = finished = undone = 0
    for turn in range(number):
        process = child(folder, "fix", "--unsafe-fixes", "-j", str(1 + turn % 2), "--log", str(log), ".")
        if turn % 4:  # by how far the log has come, which a busy machine does not move; else by the clock
            _reached(log, random.randrange(whole), took * 30)
            time.sleep(random.uniform(0, took / len(old)))
        else:
            time.sleep(random.uniform(0, took))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        finished += ended(process) == 0
        time.sleep(0.005)  # workers of the group may be a moment behind
        now = content(folder)
        assert now.keys() == old.keys()
        for name, data in now.items():
            assert data in (old[name], new[name]), f"{name} is neither old nor new after kill {turn}"
        left += len(strays(folder))
        partly += 0 < sum(now[name] == new[name] for name in now) < len(now)
        if now != old:
            if turn % 3:
                put(folder, old)
            else:
                assert ended(child(folder, "undo", str(log))) == 0, "the log does not take everything back"
                undone += 1
            assert content(folder) == old
            log.unlink()
    assert ended(child(folder, "fix", "--unsafe-fixes", ".")) == 0
    assert content(folder) == new
    assert not strays(folder)
    when = f"{partly} of them between the first file and the last, {finished} after the end"
    return f"{number} kills, {when}; {left} temporary files left and swept; every file old or new, {undone} trees taken back by the log"


def _reached(log: Path, size: int, patience: float) -> None:
    """Wait until ``log`` is of this size, or for ``patience`` seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until and not (log.exists() and log.stat().st_size >= size):
        time.sleep(0.0003)


def two(folder: Path, number: int) -> str:
    """Two runs on one tree: each file mended once, nothing left behind, one log good for both."""
    old, new, _ = mended(folder, 40)
    log = folder.parent / "two.log"
    met = 0
    for turn in range(number):
        pair = [child(folder, "fix", "--unsafe-fixes", "-j", str(1 + turn % 2), "--log", str(log), ".") for _ in range(2)]
        statuses = [ended(process) for process in pair]
        assert set(statuses) <= {0, 2}, statuses
        met += 2 in statuses
        assert content(folder) == new
        assert not strays(folder)
        assert ended(child(folder, "undo", str(log))) == 0
        assert content(folder) == old
        log.unlink()
    return f"{number} pairs of runs, {met} of them met at a file and one said so; every tree mended, nothing left behind, taken back by the common log"


def full(folder: Path) -> str:
    """A disk without space for the new file, and one without space for the log."""
    disk = folder / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", disk], capture_output=True, check=False) if shutil.which("mount") else None
    if mount is None or mount.returncode:
        raise Skipped("no right to mount a small disk")
    try:
        (disk / "arlint.toml").write_text(SAID.format(rules=RULES.as_posix()), "utf-8")
        old = (DAMAGED * 1100).encode()
        (disk / "a.txt").write_bytes(old)
        (disk / "small.txt").write_text(DAMAGED, "utf-8")
        assert ended(child(disk, "fix", "--unsafe-fixes", "a.txt")) == 2
        assert (disk / "a.txt").read_bytes() == old
        assert not strays(disk)
        (folder / "b.txt").write_bytes(old)
        (folder / "arlint.toml").write_text(SAID.format(rules=RULES.as_posix()), "utf-8")
        assert ended(child(folder, "fix", "--unsafe-fixes", "--log", str(disk / "log"), "b.txt")) == 2, "no space for the log"
        assert (folder / "b.txt").read_bytes() == old
        assert (disk / "log").read_bytes() == b""
        assert ended(child(disk, "fix", "--unsafe-fixes", "--log", str(disk / "log"), "small.txt")) == 0, "what has space is mended"
        (disk / "log").unlink()
        subprocess.run(["mount", "-o", "remount,size=4m", disk], check=True)
        assert ended(child(disk, "fix", "--unsafe-fixes", "a.txt")) == 0
        assert b"" != (disk / "a.txt").read_bytes() != old
    finally:
        subprocess.run(["umount", disk], check=False)
    return "a disk too full for the new file, and for the log: old files kept whole, nothing left behind, mended once there was space"


def permissions(folder: Path, number: int) -> str:
    """Folders that lose their permission while another user's run is under way."""
    if os.getuid() != 0:
        raise Skipped("only root can run as another user")
    old, new, took = mended(folder, 40)
    folders = [folder, *(p for p in folder.iterdir() if p.is_dir())]
    refused = 0
    for _ in range(number):
        for path in [*folder.rglob("*"), folder]:
            os.chown(path, 65534, 65534)
        process = child(folder, "fix", "--unsafe-fixes", "-j", "1", ".", user=65534)
        time.sleep(random.uniform(0, took))
        lost = random.sample(folders[1:], 3)
        for path in lost:
            path.chmod(random.choice([0o555, 0o000]))
        status = ended(process)
        for path in lost:
            path.chmod(0o755)
        assert status in (0, 2), status
        refused += status == 2
        now = content(folder)
        assert all(now[name] in (old[name], new[name]) for name in old)
        assert ended(child(folder, "fix", "--unsafe-fixes", ".")) == 0
        assert not strays(folder)
        assert content(folder) == new
        put(folder, old)
    return f"{number} runs as another user whose folders were closed on the way, {refused} of them refused; every file old or new, mended once it was allowed"


def moving(folder: Path, number: int) -> str:
    """Files deleted, and rewritten by another program, while a run is under way."""
    old, new, took = mended(folder, 40)
    gone = rewritten = lost = 0
    for _ in range(number):
        process = child(folder, "fix", "--unsafe-fixes", "-j", "1", ".")
        time.sleep(random.uniform(0, took * 0.6))
        deleted, theirs = set(), {}
        for name in random.sample(sorted(old), 20):
            if random.random() < 0.5:
                (folder / name).unlink()
                deleted.add(name)
            else:
                theirs[name] = f"سطر لغيرنا {random.random()}.\n".encode()
                (folder / f"{name}.new").write_bytes(theirs[name])
                os.replace(folder / f"{name}.new", folder / name)
            time.sleep(took / 200)
        assert ended(process) in (0, 2)
        now = content(folder)
        for name in old:
            if name in deleted:
                lost += name in now
            elif name in theirs:
                lost += now[name] != theirs[name]
            else:
                assert now[name] in (old[name], new[name])
        assert not strays(folder)
        gone, rewritten = gone + len(deleted), rewritten + len(theirs)
        put(folder, old)
    assert lost * 50 <= gone + rewritten, f"{lost} changes of another program were lost"
    return f"{gone} files deleted and {rewritten} rewritten under {number} runs; {lost} lost in the moment between the last look and the rename (docs/writing.md)"


@contextlib.contextmanager
def place() -> Iterator[Path]:
    """A folder for anybody, gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "tree")
        folder.mkdir()
        os.chmod(name, 0o777)
        yield folder


def main(args: list[str] | None = None) -> int:
    from argparse import ArgumentParser

    from benchmarks import trouble_inputs

    parser = ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="kills, two, full, permissions, moving, inputs, guided; all but the last without any")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--runs", type=int, default=20, help="of every other trouble with runs")
    parser.add_argument("--inputs", type=int, default=100_000)
    chosen = parser.parse_args(args)
    troubles: dict[str, Callable[[Path], str]] = {
        "kills": lambda folder: kills(folder, chosen.kills),
        "two": lambda folder: two(folder, chosen.runs),
        "full": full,
        "permissions": lambda folder: permissions(folder, chosen.runs),
        "moving": lambda folder: moving(folder, chosen.runs),
        "inputs": lambda folder: trouble_inputs.generated(chosen.inputs),
        "guided": lambda folder: trouble_inputs.guided(chosen.inputs),
    }
    with tempfile.TemporaryDirectory() as cache, place() as warm:
        os.environ["ARLINT_CACHE_DIR"] = cache
        tree(warm, 3)
        here = os.getcwd()
        os.chdir(warm)
        command("fix", "--unsafe-fixes", "-j", "2", "--log", "../warm.log", ".")
        command("fix", "--log", "../warm.log", "nowhere", ".")
        command("undo", "../warm.log")
        os.chdir(here)
        os.chmod(cache, 0o755)
        for path in Path(cache).rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        for name in chosen.names or [name for name in troubles if name != "guided"]:
            began = time.monotonic()
            with place() as folder:
                try:
                    said = troubles[name](folder)
                except Skipped as reason:
                    said = f"not tried: {reason}"
            print(f"{name} ({time.monotonic() - began:.0f} s): {said}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
