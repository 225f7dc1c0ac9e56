"""How fast arlint is beside others, on the same text in the same run: ``python -m benchmarks.speed [ARTICLES.jsonl[.gz] ...]``.

Without articles, made-up ones serve. Times are CPU seconds of the process and its children, medians of interleaved runs, so that
a busy machine troubles the ratios little. Peers that are not installed are left out. ``--write FILE`` keeps the table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.articles import read

Run = Callable[[], object]


@dataclass(frozen=True)
class Row:
    name: str
    seconds: float
    size: int

    @property
    def throughput(self) -> float:
        return self.size / 1e6 / self.seconds


def cpu() -> float:
    """CPU seconds of this process and of those it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def timed(run: Run) -> float:
    began = cpu()
    run()
    return max(cpu() - began, 1e-4)


def medians(runs: dict[str, tuple[Run, int]], rounds: int) -> list[Row]:
    """Each run once a round, all in turn; what the first one loads is no part of the time."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, (run, _) in runs.items():
            taken = timed(run)
            if number:
                times[name].append(taken)
    return [Row(name, statistics.median(times[name]), size) for name, (_, size) in runs.items()]


def made_up(count: int = 400) -> list[str]:
    """Articles put together from the project's own, a little damaged."""
    chance = random.Random(4)
    lines = [line for article in read([]) for line in article.text.split("\n") if line.strip()]
    slips = [("، ", " ،"), ("إلى", "الى"), (". ", "."), (" في ", " فى ")]
    articles = []
    for _ in range(count):
        text = "\n".join(chance.choices(lines, k=12))
        for sound, damaged in chance.sample(slips, 2):
            text = text.replace(sound, damaged, 1)
        articles.append(text)
    return articles


def library(texts: list[str]) -> dict[str, Run]:
    """arlint as a library, check and fix, and the bare scan that it rests on."""
    from arlint import engine, fixes, ruleset
    from arlint.codes import encoded
    from arlint.document import Document

    rules = ruleset.load().select("editorial")
    rules.expect(10_000_000)
    gate = rules._gate

    def scan() -> None:
        if gate.scanner is not None:
            for text in texts:
                gate.scanner.possible(encoded(text), [])

    return {
        "arlint check": lambda: [engine.check(Document(text), rules) for text in texts],
        "arlint fix": lambda: [fixes.fix(Document(text), rules, fixes.UNSAFE) for text in texts],
        "bare Hyperscan scan": scan,
    }


def peers(texts: list[str], whole: Path) -> dict[str, Run]:
    """What is installed of the others; command-line tools read one file with all the text, on one thread."""
    runs: dict[str, Run] = {}

    def command(*line: str) -> Run:
        return lambda: subprocess.run(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    scripts = Path(sys.executable).parent
    for name, arguments in (("typos", ["--threads", "1"]), ("codespell", [])):
        if found := shutil.which(name, path=f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"):
            runs[name] = command(found, *arguments, str(whole))
    try:
        import autocorrect_py

        runs["autocorrect lint"] = lambda: [autocorrect_py.lint_for(text, "text") for text in texts]
    except (ImportError, AttributeError):
        pass
    try:
        import ftfy

        runs["ftfy"] = lambda: [ftfy.fix_text(text) for text in texts]
    except ImportError:
        pass
    return runs


def commands(texts: list[str], folder: Path) -> dict[str, tuple[Run, int]]:
    """arlint as a command: one small file with warm caches, a tree, JSON Lines."""
    arlint = [sys.executable, "-m", "arlint", "check", "--isolated", "--exit-zero"]
    small, tree, records = folder / "small.txt", folder / "tree", folder / "articles.jsonl"
    small.write_text(texts[0][:3000], "utf-8")
    tree.mkdir()
    for number, text in enumerate(texts):
        (tree / f"{number}.txt").write_text(text, "utf-8")
    records.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts), "utf-8")
    size = sum(len(text.encode()) for text in texts)

    def run(*line: str) -> Run:
        return lambda: subprocess.run([*arlint, *line], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    out: dict[str, tuple[Run, int]] = {"arlint, one small file": (run(str(small)), small.stat().st_size)}
    if found := shutil.which("codespell", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"):
        out["codespell, the same file"] = (lambda: subprocess.run([found, str(small)], stdout=subprocess.DEVNULL, check=False), small.stat().st_size)
    out["arlint, a tree of files"] = (run("-j", "1", str(tree)), size)
    out["arlint, JSON Lines"] = (run("-j", "1", "--output-format", "jsonl", "--output-file", str(folder / "out.jsonl"), str(records)), size)
    return out


def growth(texts: list[str]) -> list[tuple[str, float]]:
    """Seconds for texts of growing length, and for ones that are meant to hurt."""
    from arlint import engine, ruleset
    from arlint.document import Document

    rules = ruleset.load().select("editorial")
    rules.expect(10_000_000)
    everything = "\n".join(texts)
    cases = {f"{size // 1000}k characters": (everything * (size // len(everything) + 1))[:size] for size in (125_000, 250_000, 500_000)}
    cases |= {
        "one line of 250k characters": everything.replace("\n", " ")[:250_000],
        "20,000 quotation marks": "«كلمة» " * 10_000,
        "50,000 equal lines": "خبر عاجل من المدينة اليوم\n" * 50_000,
        "nesting 20,000 deep": "(" * 20_000 + "نص" + ")" * 20_000,
        "500k spaces": " " * 500_000,
        "20,000 stops": "كلمة. " * 20_000,
    }
    return [(name, timed(lambda text=text: engine.check(Document(text), rules))) for name, text in cases.items()]  # type: ignore[misc]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="*", type=Path)
    parser.add_argument("-n", type=int, default=1000, help="articles to take, evenly spread")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, metavar="FILE")
    args = parser.parse_args()
    given = [article.text for article in read(args.articles)] if args.articles else made_up()
    texts = given[:: max(1, len(given) // args.n)]
    size = sum(len(text.encode()) for text in texts)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        whole = folder / "all.txt"
        whole.write_text("\n".join(texts), "utf-8")
        rows = medians({name: (run, size) for name, run in {**library(texts), **peers(texts, whole)}.items()}, args.rounds)
        cold = medians(commands(texts, folder), args.rounds)
    ours = rows[0].throughput
    table = [f"{len(texts)} articles, {size / 1e6:.1f} MB of UTF-8, one core, medians of {args.rounds} rounds in turn, CPU time.", ""]
    table += ["| on the same text | MB/s | arlint check is |", "|---|---:|---:|"]
    table += [f"| {row.name} | {row.throughput:.2f} | {ours / row.throughput:.2f} × |" for row in rows]
    table += ["", "| command | CPU s | MB/s |", "|---|---:|---:|"]
    table += [f"| {row.name} | {row.seconds:.2f} | {row.throughput:.2f} |" for row in cold]
    table += ["", "| one text | CPU s |", "|---|---:|"]
    table += [f"| {name} | {seconds:.2f} |" for name, seconds in growth(texts)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    table += ["", f"Peak memory of the process that did all of this: {peak:.0f} MB."]
    print("\n".join(table))
    if args.write:
        args.write.write_text("\n".join(table) + "\n", "utf-8")


if __name__ == "__main__":
    main()
