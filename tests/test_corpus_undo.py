"""`arlint undo DIR` for the output of `arlint corpus fix`: what the log tells is taken back, and what has moved on is named."""

from __future__ import annotations

import gzip
import json
from hashlib import blake2b
from pathlib import Path

import pytest

from tests.conftest import Command, Run
from tests.corpora import DAMAGED, SOUND, jsonl, parquet, parts, prints, records, rows, table, unpacked

pq = pytest.importorskip("pyarrow.parquet", reason="the extra 'corpus' is not installed")

ROWS = records(60)
#: Damage in a manner of its own: escapes among raw letters, digits of escapes in either case, a solidus escaped now and then.
ODD = b'{ "id":"odd", "text":"\xd9\x82\xd8\xa7\xd9\x84 \\u0627\xd8\xae\xd8\xb8\xd8\xba \\/ / \\u00AB\\u00bb"  }\n'
FIX = ("corpus", "fix", "a.jsonl", "b.csv.gz", "c.parquet", "-j", "1", "--shard-size", "4k", "-q", "-o", "out")


def _fixed(own: Command, *args: str) -> bytes:
    data = jsonl(ROWS[:30]) + ODD + jsonl(ROWS[30:])
    own.write("a.jsonl", data)
    own.write("b.csv.gz", gzip.compress(table(ROWS)))
    parquet(own.folder / "c.parquet", ROWS)
    assert own(*FIX, *args).status == 1
    return data


def _joined(folder: Path, name: str) -> bytes:
    return b"".join(unpacked(path) for path in parts(folder / "out") if path.name.startswith(name))


def _undone(own: Command, *args: str) -> Run:
    return own("undo", "out", *args)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_records_become_byte_for_byte_what_they_were(own: Command, form: str) -> None:
    data = _fixed(own, "--findings-format", form)
    fixed = prints(own.folder / "out")
    assert _joined(own.folder, "a.") != data
    shown = _undone(own, "--diff")
    assert (shown.status, prints(own.folder / "out")) == (1, fixed)
    assert all(f"+++ b/out/records/{name}." in shown.out for name in "abc")
    run = _undone(own)
    assert (run.status, run.err) == (0, "")
    assert _joined(own.folder, "a.") == data
    header = table([])
    assert header + b"".join(unpacked(path)[len(header) :] for path in parts(own.folder / "out") if path.name.startswith("b.")) == table(ROWS)
    assert [row for path in parts(own.folder / "out") if path.suffix == ".parquet" for row in pq.read_table(path).to_pylist()] == ROWS
    assert _undone(own).out.startswith("0 files restored")
    assert own(*FIX, "--findings-format", form).status == 1  # what was taken back is no longer done
    assert prints(own.folder / "out") == fixed


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_by_its_mark_written_back_and_undone(own: Command, encoding: str) -> None:
    made = {"a.jsonl": jsonl(ROWS), "b.csv": table(ROWS), "c.jsonl.gz": jsonl(ROWS)}
    for name, data in made.items():
        stored = ("\ufeff" + data.decode()).encode(encoding)
        own.write(name, gzip.compress(stored) if name.endswith(".gz") else stored)
        own.write(f"plain/{name}", gzip.compress(data) if name.endswith(".gz") else data)
    options = ("-j", "1", "--shard-size", "4k", "-q")
    assert own("corpus", "fix", *made, *options, "-o", "out").status == 1
    assert own("corpus", "fix", "plain", *options, "-o", "narrow").status == 1
    assert len(parts(own.folder / "out")) > len(made)
    assert all(unpacked(path).startswith("\ufeff".encode(encoding)) for path in parts(own.folder / "out"))  # every part has its mark

    def joined(name: str, folder: str, encoding: str) -> bytes:
        texts = [unpacked(path).decode(encoding).encode() for path in sorted(parts(own.folder / folder)) if path.name.startswith(name[:2])]
        return b"".join(text.removeprefix(table([])) for text in texts)

    for name in made:
        assert joined(name, "out", "utf-16") == joined(name, "narrow", "utf-8") != b""
    assert own("undo", "out").status == 0
    for name, data in made.items():
        assert joined(name, "out", "utf-16") == data.removeprefix(table([]))


def test_the_log_has_the_hash_of_every_text_before_and_after(own: Command) -> None:
    _fixed(own)
    there = {row["id"]: row["text"] for row in ROWS}
    log = [row for row in rows(own.folder / "out" / "log") if row["record"] in there]
    assert {row["record"] for row in log} == {key for key, text in there.items() if DAMAGED in text}

    def name(text: str) -> str:
        return blake2b(text.encode(), digest_size=16).hexdigest()

    for row in log:
        text = there[row["record"]]
        assert (row["hash_before"], row["hash_after"]) == (name(text), name(text.replace(DAMAGED, SOUND)))


def test_a_text_that_has_changed_since_stays_and_is_named(own: Command) -> None:
    data = _fixed(own)
    part = own.folder / "out" / "records" / "a.part-00000.jsonl"
    lines = part.read_bytes().splitlines(keepends=True)
    lines[0] = json.dumps({**ROWS[0], "text": f"{SOUND} new"}).encode() + b"\n"
    part.write_bytes(b"".join(lines))
    gone = own.folder / "out" / "records" / "b.part-00000.csv.gz"
    gone = gone if gone.exists() else own.folder / "out" / "records" / "b.csv.gz"
    gone.unlink()
    run = _undone(own)
    assert run.status == 2
    told = [line for line in run.err.splitlines() if "a.part" in line]
    assert len(told) == 1
    assert told[0].endswith("out/records/a.part-00000.jsonl: record r0: text has changed since it was fixed; left as it is")
    assert any(gone.name in line and "left as it is" in line for line in run.err.splitlines())
    assert _joined(own.folder, "a.") == lines[0] + data[data.index(b"\n") + 1 :]


def test_paths_choose_and_wrong_ones_are_refused(own: Command) -> None:
    data = _fixed(own)
    assert _undone(own, "out/records/c.part-00000.parquet").out.startswith("1 file restored")
    assert _joined(own.folder, "a.") != data
    for args, said in (
        (("out", "elsewhere"), "tells of nothing in elsewhere"),
        (("out", "--partial"), "leave --partial"),
        ((".",), "no output of 'arlint corpus fix'"),
    ):
        run = own("undo", *args)
        assert (run.status, said in run.err, len(run.err.splitlines())) == (2, True, 1)
    own("corpus", "check", "a.jsonl", "-o", "checked", "-j", "1", "-q")
    assert "changes nothing" in own("undo", "checked").err


def test_a_field_that_was_added_is_said_to_stay(own: Command) -> None:
    _fixed(own, "--column", "mended")
    run = _undone(own)
    assert run.status == 1
    assert all("the field 'mended' that --column added stays" in line for line in run.err.splitlines())
    assert [json.loads(line)["text"] for line in _joined(own.folder, "a.").splitlines() if b'"odd"' not in line] == [row["text"] for row in ROWS]
