"""`arlint corpus` on one machine: what it writes for each format, how it goes on after a kill, what it refuses to mix."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import SAFE, Command
from tests.corpora import DAMAGED, findings, jsonl, mended, parquet, parts, prints, records, rows, table, unpacked

pq = pytest.importorskip("pyarrow.parquet", reason="the extra 'corpus' is not installed")

ROWS = records(60)
HITS = {row["id"] for row in ROWS if DAMAGED in row["text"]}


def _summary(folder: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((folder / "summary.json").read_bytes())
    return told


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.ndjson"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_json_lines_keep_every_byte_that_is_no_repair(own: Command, name: str, jobs: str) -> None:
    data = jsonl(ROWS)
    packed = gzip.compress(data) if name.endswith(".gz") else __import__("zstandard").compress(data) if name.endswith(".zst") else data
    own.write(name, packed)
    run = own("corpus", "fix", name, "-o", "out", "-j", jobs, "--shard-size", "2k")
    assert run.status == 1, run.err  # the notes remain
    written = b"".join(unpacked(path) for path in parts(own.folder / "out"))
    expected = jsonl([{**row, "text": mended(row["text"])} for row in ROWS])
    assert written == expected
    assert all(path.name.endswith(name.partition(".")[2]) for path in parts(own.folder / "out"))
    if not name.endswith((".gz", ".zst")):
        assert len(parts(own.folder / "out")) > 3
    assert (own.folder / name).read_bytes() == packed


def test_findings_say_record_source_rule_span_and_context(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    run = own("corpus", "check", "a.jsonl", "-o", "out", "-j", "1")
    assert run.status == 1
    hits = [row for row in findings(own.folder / "out") if row["rule"] == SAFE]
    assert {row["record"] for row in hits} == HITS
    texts = {row["id"]: row for row in ROWS}
    for row in hits:
        text = texts[row["record"]]["text"]
        assert text[row["start"] : row["end"]] == row["found"] == "اخظغ"
        assert (row["path"], row["field"], row["source"], row["severity"], row["applicability"], row["replacement"]) == ("a.jsonl", "text", texts[row["record"]]["source"], "error", "safe", "إخظغ")
        assert row["before"] + row["found"] + row["after"] in text
        assert text.split("\n")[row["line"] - 1].startswith("قال")
    assert not (own.folder / "out" / "records").exists()


def test_parquet_keeps_types_metadata_row_groups_and_other_columns(own: Command) -> None:
    parquet(own.folder / "a.parquet", ROWS)
    assert own("corpus", "fix", "a.parquet", "-o", "out", "-j", "1", "--shard-size", "1k").status == 1
    before = pq.read_table(own.folder / "a.parquet")
    written = [pq.ParquetFile(path) for path in parts(own.folder / "out")]
    assert len(written) == 3
    for part in written:
        assert part.schema_arrow.equals(before.schema, check_metadata=True)
    after = [row for part in written for row in part.read().to_pylist()]
    assert after == [{**row, "text": mended(row["text"])} for row in before.to_pylist()]


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.tsv", "\t"), ("a.csv.gz", ",")])
def test_tables_of_text_are_cut_between_records_and_keep_their_header(own: Command, name: str, delimiter: str) -> None:
    data = table(ROWS, delimiter)
    own.write(name, gzip.compress(data) if name.endswith(".gz") else data)
    run = own("corpus", "fix", name, "-o", "out", "-j", "2", "--shard-size", "1k")
    assert run.status == 1, run.err
    written = [unpacked(path) for path in parts(own.folder / "out")]
    header = data[: data.index(b"\n") + 1]
    assert len(written) > 2
    assert all(part.startswith(header) for part in written)
    assert header + b"".join(part[len(header) :] for part in written) == table([{**row, "text": mended(row["text"])} for row in ROWS], delimiter)


def test_the_column_says_which_rules_mended_a_record(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    parquet(own.folder / "b.parquet", ROWS)
    own("corpus", "fix", "a.jsonl", "b.parquet", "-o", "out", "-j", "1", "--column", "mended")
    lines = [json.loads(line) for line in (own.folder / "out" / "records" / "a.jsonl").read_bytes().splitlines()]
    assert [line["mended"] for line in lines] == [{SAFE: 1} if row["id"] in HITS else {} for row in ROWS]
    assert [{k: v for k, v in line.items() if k != "mended"} for line in lines] == [{**row, "text": mended(row["text"])} for row in ROWS]
    column = pq.read_table(own.folder / "out" / "records" / "b.parquet").column("mended").to_pylist()
    assert [json.loads(value) for value in column] == [line["mended"] for line in lines]


def test_the_summary_counts_by_rule_and_source_and_draws_the_same_sample_however_the_work_was_cut(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    own.write("b.jsonl.gz", gzip.compress(jsonl(ROWS)))
    own("corpus", "check", "a.jsonl", "-o", "whole", "-j", "1")
    own("corpus", "check", "a.jsonl", "-o", "cut", "-j", "2", "--shard-size", "1k")
    assert _summary(own.folder / "whole") == _summary(own.folder / "cut")
    told = _summary(own.folder / "whole")
    assert told["documents"] == 60
    assert told["documents_with_findings"] == sum(1 for n in range(60) if n % 3 == 0 or n % 5 == 0)
    by_rule = {row["rule"]: row for row in told["rules"]}  # type: ignore[attr-defined]
    assert by_rule[SAFE]["findings"] == 20
    assert by_rule[SAFE]["safe"] == 20
    by_source = {row["source"]: row["rules"] for row in told["sources"]}  # type: ignore[attr-defined]
    assert by_source["a"] == {SAFE: 16}
    assert by_source["b"][SAFE] == 4
    assert len(told["samples"][SAFE]) == 20  # type: ignore[index]
    assert "| `spelling/made-up` | 20 |" in (own.folder / "whole" / "summary.md").read_text("utf-8")


@pytest.mark.parametrize(("gate", "status"), [(("--max-rate", "1000/1k"), 0), (("--max-rate", "spelling=1/1k"), 1), (("--max-share", "spelling/made-up=40%"), 0), (("--max-share", "ALL=5%"), 1)])
def test_gates_decide_the_exit_status(own: Command, gate: tuple[str, ...], status: int) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    run = own("corpus", "check", "a.jsonl", "-o", "out", "-j", "1", *gate)
    assert run.status == status
    assert ("fell" if status else "held") in run.out


def test_a_killed_run_goes_on_and_ends_as_if_it_had_not_been_killed(own: Command) -> None:
    data = jsonl(records(3000))
    own.write("a.jsonl", data)
    own.write("b.jsonl.gz", gzip.compress(data))
    args = ["corpus", "fix", "a.jsonl", "b.jsonl.gz", "-j", "2", "--shard-size", "20k", "-q"]
    assert own(*args, "-o", "undisturbed").status == 1
    shards = own.folder / "killed" / "shards"
    process = subprocess.Popen([sys.executable, "-m", "arlint", *args, "-o", "killed"], cwd=own.folder, env={**os.environ, "ARLINT_CACHE_DIR": str(own.cache)})
    try:
        until = time.monotonic() + 60
        while (len(list(shards.glob("*.json"))) if shards.exists() else 0) < 3 and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = {path.name: path.read_bytes() for path in shards.glob("*.json")}
    whole = len(list((own.folder / "undisturbed" / "shards").glob("*.json")))
    assert 3 <= len(done) < whole
    assert own(*args, "-o", "killed").status == 1
    assert len(list(shards.glob("*.json"))) == whole
    assert all((shards / name).read_bytes() == kept for name, kept in done.items())  # what was done was not done again
    assert prints(own.folder / "killed") == prints(own.folder / "undisturbed")


def test_an_output_folder_takes_no_other_run(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    assert own("corpus", "check", "a.jsonl", "-o", "out", "-j", "1").status == 1
    before = prints(own.folder / "out")

    def refused(*args: str) -> str:
        run = own("corpus", *args, "-o", "out", "-j", "1")
        assert run.status == 2
        assert len(run.err.splitlines()) == 1
        return run.err

    assert "'corpus check'" in refused("fix", "a.jsonl")
    assert "other rules" in refused("check", "a.jsonl", "--ignore", SAFE)
    assert "--text-field was  and is title" in refused("check", "a.jsonl", "--text-field", "title")
    assert "--shard-size" in refused("check", "a.jsonl", "--shard-size", "1k")
    own.write("b.jsonl", jsonl(ROWS))
    assert "b.jsonl was not there" in refused("check", "a.jsonl", "b.jsonl")
    own.write("a.jsonl", jsonl(ROWS[:-1]))
    assert "a.jsonl has changed" in refused("check", "a.jsonl")
    assert prints(own.folder / "out") == before
    own.write("mine/notes.txt", "x")
    run = own("corpus", "check", "a.jsonl", "-o", "mine")
    assert (run.status, "notes.txt" in run.err) == (2, True)


def test_folders_and_globs_keep_their_layout_and_leave_other_files_alone(own: Command) -> None:
    own.write("data/one/a.jsonl", jsonl(ROWS))
    own.write("data/two/a.jsonl", jsonl(ROWS))
    own.write("data/two/_SUCCESS", b"")
    own.write("data/readme.txt", "x")
    own("corpus", "fix", "data", "-o", "out", "-j", "1")
    assert [path.relative_to(own.folder / "out").as_posix() for path in parts(own.folder / "out")] == ["records/one/a.jsonl", "records/two/a.jsonl"]
    own("corpus", "fix", "data/*/a.jsonl", "-o", "globbed", "-j", "1")
    assert [path.relative_to(own.folder / "globbed").as_posix() for path in parts(own.folder / "globbed")] == ["records/one/a.jsonl", "records/two/a.jsonl"]
    run = own("corpus", "check", "data/one/a.jsonl", "data/two/a.jsonl", "-o", "clash")
    assert (run.status, "same name" in run.err) == (2, True)


def test_what_cannot_be_read_is_said_and_lost_nowhere(own: Command) -> None:
    good = jsonl(ROWS[:3])
    own.write("a.jsonl", good + b'{"id": 1, "text": \n\n' + b'["no object"]\n' + good)
    whole = gzip.compress(jsonl(ROWS))
    own.write("cut.jsonl.gz", whole[: len(whole) // 2])
    run = own("corpus", "fix", "a.jsonl", "cut.jsonl.gz", "-o", "out", "-j", "1")
    assert run.status == 2
    assert "a.jsonl: record @" in run.err
    assert "cut.jsonl.gz: " in run.err
    assert "Traceback" not in run.err
    fixed = jsonl([{**row, "text": mended(row["text"])} for row in ROWS[:3]])
    assert (own.folder / "out" / "records" / "a.jsonl").read_bytes() == fixed + b'{"id": 1, "text": \n\n' + b'["no object"]\n' + fixed
    missing = own("corpus", "check", "nowhere.jsonl", "-o", "other")
    assert (missing.status, "no such file" in missing.err) == (2, True)


def test_a_text_beyond_the_limit_is_passed_on_as_it_is_and_named(own: Command) -> None:
    long = {"id": "long", "source": "a", "text": DAMAGED + " كلمة" * 300_000}
    data = jsonl([ROWS[0], long, ROWS[3]])
    own.write("a.jsonl", data)
    run = own("corpus", "fix", "a.jsonl", "-o", "out", "-j", "1", "--shard-size", "4k", "--exit-zero")
    assert run.status == 0
    assert "record long: text: a text of 1,500,018 characters" in run.err
    assert b"".join(unpacked(path) for path in parts(own.folder / "out")) == jsonl([{**ROWS[0], "text": mended(ROWS[0]["text"])}, long, {**ROWS[3], "text": mended(ROWS[3]["text"])}])


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("ARLINT_LONG"), reason="takes a minute; ARLINT_LONG=1")
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv"])
def test_a_record_of_fifty_megabytes_does_not_stop_a_run(own: Command, name: str) -> None:
    huge = {"id": "huge", "source": "a", "title": "", "text": DAMAGED + " كلمة" * 5_600_000}
    assert len(huge["text"].encode()) > 50_000_000
    given, expected = [ROWS[0], huge, *ROWS[1:]], [{**row, "text": mended(row["text"])} if row is not huge else row for row in [ROWS[0], huge, *ROWS[1:]]]
    made = table if name.endswith(".csv") else jsonl
    own.write(name, gzip.compress(made(given), 1) if name.endswith(".gz") else made(given))
    run = own("corpus", "fix", name, "-o", "out", "-j", "2", "--shard-size", "1m", "--exit-zero")
    assert run.status == 0, run.err
    assert "record huge: text: a text of 28,000,018 characters" in run.err
    written = [unpacked(path) for path in parts(own.folder / "out")]
    head = len(table([])) if name.endswith(".csv") else 0
    assert written[0][:head] + b"".join(part[head:] for part in written) == made(expected)


def test_urls_are_read_and_written_through_fsspec(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    here = own.folder.as_posix()
    run = own("corpus", "fix", f"file://{here}/a.jsonl", "-o", f"file://{here}/out", "-j", "1", "--shard-size", "2k")
    assert run.status == 1, run.err
    assert b"".join(unpacked(path) for path in parts(own.folder / "out")) == jsonl([{**row, "text": mended(row["text"])} for row in ROWS])
    assert own("corpus", "fix", f"file://{here}/a.jsonl", "-o", f"file://{here}/out", "-j", "1", "--shard-size", "2k").status == 1
    run = own("corpus", "check", "nosuch://place/a.jsonl", "-o", "x")
    assert (run.status, len(run.err.splitlines())) == (2, 1)


def test_without_pyarrow_findings_are_json_lines(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    own.write("none/pyarrow.py", "raise ImportError('not here')\n")
    run = own("corpus", "fix", "a.jsonl", "-o", "out", "-j", "2", "--findings-format", "jsonl", env={"PYTHONPATH": str(own.folder / "none")})
    assert run.status == 1, run.err
    own("corpus", "fix", "a.jsonl", "-o", "tables", "-j", "1")
    assert rows(own.folder / "out" / "findings") == rows(own.folder / "tables" / "findings")
    assert rows(own.folder / "out" / "log") == rows(own.folder / "tables" / "log")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers through /proc")
def test_a_worker_that_is_killed_loses_nothing(own: Command) -> None:
    rows_ = records(3000)
    own.write("a.jsonl", jsonl(rows_))
    args = ["corpus", "fix", "a.jsonl", "-j", "2", "--shard-size", "20k", "-q", "-o", "out"]
    process = subprocess.Popen([sys.executable, "-m", "arlint", *args], cwd=own.folder, env={**os.environ, "ARLINT_CACHE_DIR": str(own.cache)}, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not list((own.folder / "out").glob("shards/*.json")) and time.monotonic() < until:
        time.sleep(0.01)
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), signal.SIGKILL)
            break
    _, err = process.communicate(timeout=100)
    assert (process.returncode, err) == (1, b"")
    assert b"".join(unpacked(path) for path in parts(own.folder / "out")) == jsonl([{**row, "text": mended(row["text"])} for row in rows_])
