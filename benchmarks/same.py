"""Whether two runs of ``arlint corpus`` left the same: every file by its digest, and how many records went through.

python -m benchmarks.same ONE OTHER
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path


def prints(folder: Path) -> dict[str, str]:
    """The digest of every file but those that tell times."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json" and path.parent.name != "shards"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def records(folder: Path) -> int:
    return sum(json.loads(path.read_bytes())["records"] for path in (folder / "shards").glob("*.json"))


def main(one: str, other: str) -> int:
    a, b = prints(Path(one)), prints(Path(other))
    different = sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))
    print(f"{len(a)} and {len(b)} files, {records(Path(one)):,} and {records(Path(other)):,} records, {len(different)} files differ")
    for name in different[:20]:
        print(f"  {name}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
