"""What `arlint corpus` costs beside the library, in one run on the same records: the library in a bare loop, one local process, two, Ray with two.

python -m benchmarks.overhead [FILE...] [--megabytes N] [--rounds N] [--ways library 1 2 ray] [--modes check fix]
Prints for each way the clock and the processor time (medians of the rounds) and the ratios of throughput by the clock, start
included; they say something only where nobody else uses the machine, so the load is told.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median

from benchmarks.articles import read

_LIBRARY = """
import json, sys
from arlint import Linter
linter = Linter()
do = linter.check if sys.argv[2] == "check" else linter.fix
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    do(row["title"])
    do(row["text"], title=row["title"])
"""
WAYS = {"library": (), "1": ("-j", "1"), "2": ("-j", "2"), "ray": ("-j", "2", "--engine", "ray")}
#: Which way is measured by which, and how many times its throughput is asked for.
RATIOS = (("1", "library", 0.8), ("2", "1", 1.7), ("ray", "2", 0.7))


@dataclass
class Spent:
    """What each round of one way took, in seconds, and the most that a worker held, in bytes: for itself, with its share of shared
    pages, and with all of them."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    own: int = 0
    share: int = 0
    resident: int = 0

    def __str__(self) -> str:
        held = f"; a worker at most {self.own / 1e6:.0f} MB of its own, {self.share / 1e6:.0f} with its share, {self.resident / 1e6:.0f} resident" if self.resident else ""
        return f"{median(self.clock):7.1f} s ({min(self.clock):.1f} to {max(self.clock):.1f}), processor {median(self.processor):.1f} s{held}"


class Memory:
    """Watches the processes that work while the block runs."""

    def __init__(self, spent: Spent) -> None:
        self.spent = spent

    def __enter__(self) -> None:
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watcher.join()

    def _watch(self) -> None:
        mine = os.fsencode(sys.executable)
        while not self._done.wait(1):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    command = (process / "cmdline").read_bytes()
                    spawned = command.startswith(mine) and (b"spawn_main" in command or b"-j\x001" in command)
                    if not (spawned or command.startswith(b"ray::MapBatches")):
                        continue
                    held = {line.split(":")[0]: 1024 * int(line.split()[1]) for line in (process / "smaps_rollup").read_text().splitlines()[1:]}
                except (OSError, ValueError, IndexError):
                    continue
                self.spent.own = max(self.spent.own, held["Private_Dirty"] + held["Private_Clean"])
                self.spent.share = max(self.spent.share, held["Pss"])
                self.spent.resident = max(self.spent.resident, held["Rss"])


def processor() -> float:
    """Processor time of all processes that were waited for, in seconds; Ray's are not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(way: str, mode: str, source: Path, output: Path, spent: Spent) -> None:
    common = ("--isolated", "-q", "--exit-zero")
    command = ["-c", _LIBRARY, str(source), mode] if way == "library" else ["-m", "arlint", "corpus", mode, str(source), "-o", str(output), *common, *WAYS[way]]
    clock, used = time.monotonic(), processor()
    with Memory(spent):
        subprocess.run([sys.executable, *command], check=True)
        spent.clock.append(time.monotonic() - clock)
    shards = sum(json.loads(path.read_bytes())["cpu"] for path in output.glob("shards/*.json"))
    spent.processor.append(shards if way == "ray" else processor() - used)


def sizes(output: Path) -> str:
    made = ((name, sum(path.stat().st_size for path in (output / name).rglob("*") if path.is_file())) for name in ("records", "findings", "log", "shards"))
    return ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in made if size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take every Nth article, so that all papers are among the first megabytes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=["library", "1", "2"])
    parser.add_argument("--modes", nargs="+", choices=["check", "fix"], default=["check", "fix"])
    chosen = parser.parse_args()
    articles = list(read(chosen.paths))[:: chosen.every]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        with source.open("wb") as file:
            for number, article in enumerate(cycle(articles)):
                if file.tell() >= chosen.megabytes * 1e6:
                    break
                file.write(json.dumps({"id": number, "title": article.title or "", "text": article.text}, ensure_ascii=False).encode() + b"\n")
        (source.parent / "first.jsonl").write_bytes(source.read_bytes()[: 2 << 20].rpartition(b"\n")[0])  # compiles what is kept for the user
        print(f"{number:,} documents, {source.stat().st_size / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}", flush=True)
        subprocess.run([sys.executable, "-m", "arlint", "check", "--isolated", "-q", "--exit-zero", "--statistics", str(source.parent / "first.jsonl")], check=True, stdout=subprocess.DEVNULL)
        for mode in chosen.modes:
            spent = {way: Spent() for way in chosen.ways}
            made = {}
            for _ in range(chosen.rounds):
                for way in chosen.ways:
                    output = Path(folder) / "out"
                    measure(way, mode, source, output, spent[way])
                    made[way] = sizes(output)
                    print(f"  {mode} {way}: {spent[way].clock[-1]:.1f} s", file=sys.stderr, flush=True)
                    shutil.rmtree(output, ignore_errors=True)
            for way, one in spent.items():
                print(f"{mode} {way:>7}: {one}; {made[way]}; load {os.getloadavg()[0]:.1f}", flush=True)
            for way, beside, asked in RATIOS:
                if way in spent and beside in spent:
                    print(f"{mode}: {way} has {median(spent[beside].clock) / median(spent[way].clock):.2f} of the throughput of {beside} (asked: {asked})", flush=True)


if __name__ == "__main__":
    main()
