"""Made-up corpora for the tests of `arlint corpus`: records in every format, of two sources, with damage that never changes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import Any

DAMAGED, SOUND, NOTED = "قال اخظغ في البيت.", "قال إخظغ في البيت.", "قال غظخط."


def records(count: int) -> list[dict[str, Any]]:
    """Every third is damaged, every fifth has a note of the second source."""
    made = []
    for n in range(count):
        lines = [f"خبر رقم {n} من المدينة."] + ([DAMAGED] if n % 3 == 0 else []) + ([NOTED] if n % 5 == 0 else [])
        made.append({"id": f"r{n}", "source": "b" if n % 5 == 0 else "a", "title": f"خبر {n}", "text": "\n".join(lines), "score": n / 7, "tags": ["x", None]})
    return made


def jsonl(rows: list[dict[str, Any]]) -> bytes:
    """Lines in two manners, escaped and not, with spaces in odd places, as scrapers leave them."""
    return b"".join(json.dumps(row, ensure_ascii=n % 2 == 0, separators=((",", ":") if n % 4 else (" , ", " : "))).encode() + b"\n" for n, row in enumerate(rows))


def table(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "source", "title", "text"])
    writer.writerows([row["id"], row["source"], row["title"], row["text"]] for row in rows)
    return out.getvalue().encode()


def parquet(path: Path, rows: list[dict[str, Any]], group: int = 20) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows).replace_schema_metadata({"made": "up"}), path, row_group_size=group)


def mended(text: str) -> str:
    """``text`` as the made-up rules repair it."""
    return text.replace(DAMAGED, SOUND)


def unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".zst":
        import zstandard

        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return data


def parts(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "records").rglob("*") if path.is_file())


def findings(folder: Path) -> list[dict[str, Any]]:
    """All rows of the tables of findings, in order."""
    return rows(folder / "findings")


def rows(folder: Path) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            import pyarrow.parquet as pq

            out += pq.read_table(path).to_pylist()
        else:
            out += [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    return out


def prints(folder: Path) -> dict[str, str]:
    """The digest of every file that a run leaves, less the shard records, which tell times."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "shards" and path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
