"""Records against plain text: speed as a ratio in one run, and peak memory of all processes while a large JSONL file is checked and fixed.

python -m benchmarks.records --megabytes 100 [ARTICLES.jsonl.gz ...]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from itertools import cycle
from pathlib import Path

from benchmarks.articles import read


def pss(root: int) -> int:
    """Bytes of memory that the process ``root`` and its children take up together, shared pages counted once."""
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += 1024 * next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            waiting += [int(child) for task in Path(f"/proc/{process}/task").iterdir() for child in (task / "children").read_text().split()]
        except (OSError, StopIteration):
            continue
    return total


def cpu() -> float:
    """Processor time of all processes that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(*args: str, cwd: Path) -> tuple[float, int]:
    """Seconds of processor time and peak memory of one command; time on the clock says little on a machine that others use."""
    peak = 0
    began = cpu()
    with subprocess.Popen([sys.executable, "-m", "arlint", *args], cwd=cwd, stdout=subprocess.DEVNULL) as process:
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.2):
                peak = max(peak, pss(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        process.wait()
        done.set()
        watcher.join()
    if process.returncode not in (0, 1):
        raise SystemExit(f"arlint {' '.join(args)}: exit status {process.returncode}")
    return cpu() - began, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--text-megabytes", type=int, default=10, help="how much plain text to compare with")
    parser.add_argument("--jobs", default=str(os.cpu_count() or 1))
    parser.add_argument("--fix", action="store_true", help="fix the large file too")
    chosen = parser.parse_args()
    articles = list(read(chosen.paths))
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        common = ("--isolated", "--statistics", "--exit-zero", "-q", "-j", chosen.jobs)
        (base / "text").mkdir()
        size = 0
        with (base / "same.jsonl").open("w", encoding="utf-8") as same:
            for number, article in enumerate(cycle(articles)):
                if size > chosen.text_megabytes << 20:
                    break
                (base / "text" / f"{number:06}.txt").write_text(article.text, "utf-8")
                same.write(json.dumps({"id": number, "text": article.text}, ensure_ascii=False) + "\n")
                size += len(article.text.encode())
        text, _ = run("check", *common, "text", cwd=base)
        lines, _ = run("check", *common, "same.jsonl", cwd=base)
        print(f"{size / 1e6:.0f} MB as text {text:.1f} s, as JSONL {lines:.1f} s: {text / lines:.2f} of the speed of text (processor time)", flush=True)
        with (base / "large.jsonl").open("w", encoding="utf-8") as large:
            for number, article in enumerate(cycle(articles)):
                if large.tell() > chosen.megabytes << 20:
                    break
                large.write(json.dumps({"id": number, "title": article.title, "text": article.text}, ensure_ascii=False) + "\n")
        for mode in ("check", *(["fix"] if chosen.fix else [])):
            seconds, peak = run(mode, *common, "large.jsonl", cwd=base)
            print(f"{mode} of {chosen.megabytes} MB of JSONL with titles: {seconds:.0f} s, peak memory {peak / 1e6:.0f} MB in all processes", flush=True)


if __name__ == "__main__":
    main()
