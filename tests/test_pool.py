"""Several processes: the same reports in the same order as one, whatever starts them, and none of them outlives a run that ends early."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Command

FOUND = "قال اخظغ كلامًا ظغخز طويلًا.\nثم غظخط.\n"
POSIX = pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks /proc for processes")


@pytest.fixture
def fresh(own: Command, compiled: Path, tmp_path: Path) -> Command:
    """The command with results of its own."""
    (tmp_path / "cache").mkdir()
    (compiled / "rules").mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache" / "rules").symlink_to(compiled / "rules", target_is_directory=True)
    return Command(own.folder, tmp_path / "cache")


def started(command: Command, *args: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "ARLINT_CACHE_DIR": str(command.cache), "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-m", "arlint", *args],
        cwd=command.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell that runs the tests in the background has it ignored
    )


def below(process: int) -> set[int]:
    """The processes that ``process`` started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process:
                found.add(int(stat.parent.name))
        except OSError:
            continue
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@POSIX
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_run_that_is_stopped_leaves_whole_files_and_no_process(fresh: Command, sent: signal.Signals, status: int) -> None:
    files = [fresh.write(f"{number}.txt", FOUND * 300) for number in range(400)]
    run = started(fresh, "fix", "-j", "2", ".")
    while run.poll() is None and not any("إخظغ" in file.read_text("utf-8") for file in files[:40]):
        time.sleep(0.02)
    workers = below(run.pid)
    assert len(workers) == 2
    os.kill(run.pid, sent)
    assert run.wait(60) == status
    end = time.monotonic() + 60
    while any(map(alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(alive, workers))
    written = {file.read_text("utf-8") for file in files}
    assert written <= {FOUND * 300, FOUND.replace("اخظغ", "إخظغ") * 300}
    assert FOUND * 300 in written  # it was in the midst of it
    if sent != signal.SIGKILL:  # what a killed worker had begun, the next run sweeps away
        assert {path.suffix for path in fresh.folder.iterdir() if path.is_file() and path.name != "arlint.toml"} == {".txt"}


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_tell_the_same_in_the_same_order(fresh: Command, method: str) -> None:
    if method == "fork" and sys.platform != "linux":
        pytest.skip("forks on Linux alone")
    for number in range(40):
        fresh.write(f"texts/{number}.txt", FOUND if number % 3 else "قال كلامًا.\n")
    expected = fresh("check", "-j", "1", "texts")
    (fresh.cache / "results" / "results.sqlite").unlink()
    script = fresh.write("start.py", f"import multiprocessing\nfrom arlint.cli import main\nif __name__ == '__main__':\n    multiprocessing.set_start_method('{method}')\n    main()\n")
    environment = {**os.environ, "ARLINT_CACHE_DIR": str(fresh.cache), "LC_ALL": "C.UTF-8"}
    run = subprocess.run([sys.executable, str(script), "check", "-j", "2", "texts"], cwd=fresh.folder, env=environment, capture_output=True, timeout=120, check=False)
    assert (run.returncode, run.stdout.decode(), run.stderr.decode()) == (1, expected.out, "")
