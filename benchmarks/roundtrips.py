"""Round trips: ``arlint fix --log`` over files of every format and encoding, and proof that nothing but its edits changed.

``python -m benchmarks.roundtrips [--generated N] [--resume FILE] [ARTICLES.jsonl.gz ...]``. A file that the log does not name must be the
same bytes in the same inode; any other must be, byte for byte, what the log's edits make of its texts; undo must bring all
back. The last run is kept in ``docs/trouble.md``; the files are made in ``roundtrips_files``.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from benchmarks.articles import Article, read
from benchmarks.roundtrips_files import CONTAINERS, ENCODINGS, WHOLE, Made, Part, generated, made, unpacked
from benchmarks.trouble import command, place

#: Articles that are written, fixed and compared at a time, and how many of them make a file of records.
CHUNK, RECORDS = 1000, 50
#: The same of generated texts.
FEW, SOME = 250, 5

#: The rules that every article meets in every format: quick ones that find much. All rules together meet it in one format.
FREQUENT = "punctuation,spacing"

Edits = dict[tuple[str | None, str | None], list[dict[str, Any]]]


def logged(log: Path) -> dict[str, Edits]:
    """What ``log`` tells: for each file that was written, the edits by record and field."""
    files: dict[str, Edits] = {}
    for line in log.read_bytes().splitlines() if log.exists() else ():
        entry = json.loads(line)
        if entry["kind"] == "file":
            edits = files[os.path.normpath(entry["path"])] = defaultdict(list)
        elif entry["kind"] == "edit":
            edits[entry["record"], entry["field"]].append(entry)
    return files


def mended(text: str, edits: Sequence[dict[str, Any]]) -> list[tuple[int | None, str]]:
    """``text`` after ``edits``, round by round: its code points, each with its place in ``text``, or None where it is new."""
    now: list[tuple[int | None, str]] = list(enumerate(text))
    for _, some in groupby(edits, key=lambda edit: edit["round"]):
        out: list[tuple[int | None, str]] = []
        at = 0
        for edit in some:
            start, end = edit["start"]["offset"], edit["end"]["offset"]
            assert at <= start <= end, f"out of order: {edit}"
            assert "".join(c for _, c in now[start:end]) == edit["before"], f"not what stood there: {edit}"
            out += [*now[at:start], *((None, c) for c in edit["after"])]
            at = end
        now = out + now[at:]
    return now


def compared(file: Made, edits: Edits, new: bytes) -> None:
    """Raises AssertionError where ``new`` is not what ``edits`` make of ``file``."""
    assert new.startswith(file.mark), "its byte order mark is gone"
    text, at = new[len(file.mark) :].decode(file.codec), 0
    for part in file.parts:
        some = edits.pop((part.record, part.field), None) if isinstance(part, Part) else None
        if some and isinstance(part, Part):
            end = part.end(mended(part.text, some), text, at)
            assert end is not None, f"record {part.record}, {part.field}: more than its edits from {at} on: {text[at : at + 200]!r}"
            at = end
        else:
            raw = part if isinstance(part, str) else part.raw
            assert text.startswith(raw, at), f"changed at {at} without an edit: {text[at : at + 60]!r} instead of {raw[:60]!r}"
            at += len(raw)
    assert at == len(text), "something was added at its end"


def alike(file: Made, edits: Edits, new: bytes) -> None:
    """The same for Parquet: every other value, schema, metadata, compression and row groups are as they were."""
    from pyarrow import parquet

    was, now = (parquet.ParquetFile(io.BytesIO(data)) for data in (file.data, new))
    assert now.schema_arrow.equals(was.schema_arrow, check_metadata=True), "another schema"
    assert now.metadata.num_row_groups == was.metadata.num_row_groups, "other row groups"
    for index in range(was.metadata.num_row_groups):
        a, b = was.metadata.row_group(index), now.metadata.row_group(index)
        assert a.num_rows == b.num_rows, "another row group"
        assert [a.column(i).compression for i in range(a.num_columns)] == [b.column(i).compression for i in range(b.num_columns)], "another compression"
    rows = was.read().to_pylist()
    for row in rows:
        for name in ("title", "text"):
            if some := edits.pop((row["id"], name), None):
                row[name] = "".join(c for _, c in mended(row[name], some))
    assert now.read().to_pylist() == rows, "a value changed without an edit"


def tripped(folder: Path, files: Sequence[Made], *options: str) -> Counter[str]:
    """``files`` through a run of fix and one of undo; what was met. Raises AssertionError."""
    inodes = {}
    for file in files:
        (folder / file.name).write_bytes(file.data)
        inodes[file.name] = (folder / file.name).stat().st_ino
    log, met = folder.parent / "log", Counter[str](files=len(files))
    os.chdir(folder)
    command("fix", "--isolated", "--unsafe-fixes", "-j", "1", "--log", str(log), *options, ".")
    written = logged(log)
    for file in files:
        new, edits = (folder / file.name).read_bytes(), written.pop(file.name, None)
        try:
            if edits is None:
                assert (new, (folder / file.name).stat().st_ino) == (file.data, inodes[file.name]), "written without a finding"
                met["same"] += 1
                continue
            met["edits"] += sum(map(len, edits.values()))
            if file.container == "parquet":
                alike(file, edits, new)
            else:
                compared(file, edits, unpacked(new, file.container))
            assert not edits, f"edits of what is not there: {edits}"
        except AssertionError as error:
            kept = Path(tempfile.gettempdir(), f"roundtrip-{file.name}")
            kept.write_bytes(file.data)
            error.add_note(f"{file.name} ({file.codec}), kept as {kept}")
            raise
    assert not written, f"other files were written: {list(written)}"
    if log.exists():
        assert command("undo", str(log)) == 0, "undo does not take everything back"
        log.unlink()
    for file in files:
        assert (folder / file.name).read_bytes() == file.data, f"{file.name} is not what it was after undo"
        (folder / file.name).unlink()
    return met


def batched(articles: Iterator[Article], size: int) -> Iterator[list[Article]]:
    while some := list(islice(articles, size)):
        yield some


def chunks(number: int, paths: list[Path]) -> Iterator[tuple[str, str, int, list[Article]]]:
    """What is tried, a chunk at a time: where it comes from, its container, the chunk's number, and its articles."""
    for container in CONTAINERS:
        size = FEW if container in WHOLE else FEW * SOME
        texts = generated(number * (1 if container in WHOLE else SOME), seed=CONTAINERS.index(container))
        for count, some in enumerate(batched(texts, size)):
            yield "generated", container, count, some
    articles = list(enumerate(batched(read(paths), CHUNK))) if paths else []
    for count, some in articles:
        yield "every rule", CONTAINERS[count % len(CONTAINERS)], count, some
    for container in CONTAINERS:
        for count, some in articles:
            yield FREQUENT, container, count, some


def main(args: list[str] | None = None) -> int:
    from argparse import ArgumentParser

    parser = ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--generated", type=int, default=2000, help="files of each format")
    parser.add_argument("--formats", default=",".join(CONTAINERS), help="which of them, all by default")
    parser.add_argument("--resume", type=Path, help="where what is done is kept, so that another run goes on from there")
    chosen = parser.parse_args(args)
    paths = [path.absolute() for path in chosen.paths]
    resume = chosen.resume and chosen.resume.absolute()
    done = {tuple(key): met for key, met in map(json.loads, resume.read_text("utf-8").splitlines())} if resume and resume.exists() else {}
    with tempfile.TemporaryDirectory() as cache, place() as folder:
        os.environ.setdefault("ARLINT_CACHE_DIR", cache)
        for source, container, count, articles in chunks(chosen.generated, paths):
            if (source, container, count) in done or container not in chosen.formats.split(","):
                continue
            encoding = list(ENCODINGS)[0 if container == "parquet" else (count + CONTAINERS.index(container)) % len(ENCODINGS)]
            codec, _, told = ENCODINGS[encoding]
            chance = random.Random(f"{source} {container} {count}")
            each = 1 if container in WHOLE else SOME if source == "generated" else RECORDS
            files = [made(f"{count:03}-{at:04}", container, encoding, articles[at : at + each], chance) for at in range(0, len(articles), each)]
            options = ["--select", source] if source == FREQUENT else []
            if not told:  # by its bytes alone: some texts are too few words for that, or too odd once their foreign letters are gone
                options += ["--encoding", codec]
            met = {**tripped(folder, files, *options), "articles": len(articles)}
            done[source, container, count] = met
            if resume:
                with contextlib.closing(resume.open("a", encoding="utf-8")) as file:
                    file.write(json.dumps([[source, container, count], met]) + "\n")
    for source in ("generated", "every rule", FREQUENT):
        for container in CONTAINERS:
            met = sum((Counter(some) for key, some in done.items() if key[:2] == (source, container)), Counter())
            if met:
                changed = met["files"] - met["same"]
                print(f"{source}, {container}: {met['files']} files of {met['articles']} texts; {met['same']} same to the byte, {changed} changed by their {met['edits']} edits alone; all undone")
    return 0


if __name__ == "__main__":
    sys.exit(main())
