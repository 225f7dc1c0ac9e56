"""What `arlint corpus` costs beside the library: the same documents by a bare loop, by one process, by two, and by Ray with two.

python -m benchmarks.overhead FILE... [--documents N] [--ray]     files as benchmarks.records reads them
Processor time is what counts on a machine that others use; the clock is told beside it, and so is the load.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from itertools import cycle, islice
from pathlib import Path

from benchmarks.articles import read

_LIBRARY = """
import json, sys, time
from arlint import Linter
from arlint.corpus.cleaning import Job, clean
from arlint.document import Document
job = Job(Linter().ruleset, "fix", True)
began = time.process_time()
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    clean(Document(row["title"], field="title"), job)
    clean(Document(row["text"], field="text", title=row["title"]), job)
print(time.process_time() - began)
"""


class Memory:
    """The most that any worker had for itself, and with its share of what it shares, in bytes, while the block ran."""

    def __enter__(self) -> Memory:
        self.own = self.shared = 0
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    command = (process / "cmdline").read_bytes()
                    if not (command.startswith(b"ray::MapBatches") or (command.startswith(os.fsencode(sys.executable)) and b"spawn_main" in command)):
                        continue
                    held = {line.split(":")[0]: int(line.split()[1]) for line in (process / "smaps_rollup").read_text().splitlines()[1:]}
                except (OSError, ValueError, IndexError):
                    continue
                self.own = max(self.own, 1024 * (held["Private_Dirty"] + held["Private_Clean"]))
                self.shared = max(self.shared, 1024 * held["Pss"])


def run(source: Path, output: Path, *args: str) -> str:
    before = time.monotonic()
    with Memory() as memory:
        done = subprocess.run([sys.executable, "-m", "arlint", "corpus", "fix", str(source), "-o", str(output), "--isolated", "--unsafe-fixes", "-q", *args], check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"exit status {done.returncode}")
    clock = time.monotonic() - before
    shards = [json.loads(path.read_bytes()) for path in (output / "shards").glob("*.json")]
    sizes = {name: sum(path.stat().st_size for path in (output / name).rglob("*") if path.is_file()) for name in ("records", "findings", "log", "shards")}
    used = sum(one["cpu"] for one in shards)
    held = f", a worker {memory.own / 1e6:.0f} MB of its own, {memory.shared / 1e6:.0f} MB with its share" if memory.shared else ""
    peak = max(one["memory"] for one in shards)
    out = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes.items())
    return f"processor {used:.1f} s in shards, clock {clock:.1f} s, {len(shards)} shards, peak RSS {peak / 1e6:.0f} MB{held}; {out}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--ray", action="store_true")
    parser.add_argument("--only", choices=["library", "1", "2", "ray"])
    chosen = parser.parse_args()
    articles = list(read(chosen.paths))
    with tempfile.TemporaryDirectory() as folder:
        base, source = Path(folder), Path(folder) / "in.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for number, article in enumerate(islice(cycle(articles), chosen.documents)):
                file.write(json.dumps({"id": number, "title": article.title or "", "text": article.text}, ensure_ascii=False) + "\n")
        print(f"{chosen.documents:,} documents, {source.stat().st_size / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}", flush=True)
        ways = {"library": (), "1": ("-j", "1"), "2": ("-j", "2"), **({"ray": ("-j", "2", "--engine", "ray")} if chosen.ray else {})}
        for name, args in ways.items():
            if chosen.only not in (None, name):
                continue
            if name == "library":
                done = subprocess.run([sys.executable, "-c", _LIBRARY, str(source)], capture_output=True, text=True, check=True)
                print(f"library: processor {float(done.stdout):.1f} s", flush=True)
            else:
                print(f"{name}: {run(source, base / name, *args)}; load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
