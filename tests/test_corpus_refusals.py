"""What `arlint corpus` says to input that it cannot work on, and that it harms nothing then."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.corpora import jsonl, parquet, parts, prints, records, table

pytest.importorskip("pyarrow.parquet", reason="the extra 'corpus' is not installed")

ROWS = records(6)
FIX = ("corpus", "fix", "a.jsonl", "-o", "out", "-j", "1", "-q")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--encoding", "klingon"), "no encoding 'klingon'"),
        (("--max-share", "nosuch=1%"), "--max-share nosuch=1%: no rule or family 'nosuch'"),
        (("--baseline", "b.json"), "--baseline counts the findings of files in their order, which a corpus run has not; let findings be with [[silence]]"),
        (("--text-field", "body"), "no record has a text in body; they have id"),
        (("--column", "text"), "a.jsonl: record r0: has a field 'text' already; choose another --column"),
    ],
)
def test_one_line_says_what_is_wrong(own: Command, args: tuple[str, ...], said: str) -> None:
    own.write("a.jsonl", jsonl([{**row, "id": f"r{number}"} for number, row in enumerate(ROWS)]))
    run = own(*FIX, *args)
    assert run.status == 2
    assert said in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize("cut", [0, 400])
def test_a_parquet_file_that_is_not_whole_is_named_and_the_others_are_done(own: Command, cut: int) -> None:
    (own.folder / "in").mkdir()
    parquet(own.folder / "in" / "whole.parquet", ROWS)
    (own.folder / "in" / "torn.parquet").write_bytes((own.folder / "in" / "whole.parquet").read_bytes()[:cut])
    run = own("corpus", "fix", "in", "-o", "out", "-j", "1", "-q")
    assert run.status == 2
    assert "torn.parquet: is no whole Parquet file" in run.err
    assert "Traceback" not in run.err
    assert [path.name for path in parts(own.folder / "out")] == ["whole.parquet"]


def test_discovery_without_a_text_says_so(own: Command) -> None:
    pytest.importorskip("datasketches", reason="the extra 'corpus' is not installed")
    own.write("a.csv", b"id,n\n1,2\n")
    run = own("corpus", "discover", "a.csv", "-o", "out")
    assert run.status == 2
    assert "no record has a text; name one of id, n with --text-field" in run.err


def test_an_output_inside_the_input_is_no_input(own: Command) -> None:
    own.write("in/a.jsonl", jsonl(ROWS))
    again = ("corpus", "fix", "in", "-o", "in/out", "-j", "1", "-q")
    assert own(*again).status == 1
    before = prints(own.folder / "in" / "out")
    assert own(*again).status == 1
    assert prints(own.folder / "in" / "out") == before


def test_an_output_that_is_a_file_is_refused(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    own.write("out", b"mine")
    run = own(*FIX)
    assert (run.status, run.err) == (2, "arlint: out: is a file; --output names a folder\n")
    assert (own.folder / "out").read_bytes() == b"mine"


def test_a_second_process_in_one_output_is_refused(own: Command) -> None:
    fcntl = pytest.importorskip("fcntl")
    own.write("a.jsonl", jsonl(ROWS))
    assert own(*FIX).status == 1
    with (own.folder / "out" / "run.json").open("rb+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = own(*FIX)
    assert (run.status, run.err) == (2, "arlint: out: another process is at this run; wait for its end, or name another --output\n")
    assert own(*FIX).status == 1


def test_file_urls_are_paths_and_are_taken_back_by_any_name(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    here = own.folder.as_posix()
    for log, path in [("out", f"file://{here}/out/records/a.jsonl"), (f"file://{here}/../{own.folder.name}/out", f"{here}/out/records/a.jsonl")]:
        assert own("corpus", "fix", f"file://{here}/a.jsonl", "-o", f"file://{here}/out", "-j", "1", "-q").status == 1
        assert (own.folder / "out/records/a.jsonl").read_bytes() != jsonl(ROWS)
        assert own("undo", log, path).status == 0
        assert (own.folder / "out/records/a.jsonl").read_bytes() == jsonl(ROWS)
        assert own("undo", log).status == 0  # what is undone already is left as it is
        assert (own.folder / "out/records/a.jsonl").read_bytes() == jsonl(ROWS)


def test_what_is_not_written_to_its_end_leaves_the_old_content(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="the extra 'corpus' is not installed")
    from arlint.corpus import store

    for place in ("memory://here/a", str(tmp_path / "a")):
        with store.writing(place) as file:
            file.write(b"old")
        with suppress(RuntimeError), store.writing(place) as file:
            file.write(b"new")
            raise RuntimeError
        assert store.load(place) == b"old"


def test_odd_quoting_is_told_and_kept(own: Command) -> None:
    data = table(ROWS) + b'7,"never closed\r\n8,x\r\n'
    own.write("a.csv", data)
    run = own("corpus", "fix", "a.csv", "-o", "out", "-j", "1", "-q")
    assert run.status == 2
    assert "a quotation mark that opens on line" in run.err
    assert b"".join(path.read_bytes() for path in parts(own.folder / "out")).endswith(b'7,"never closed\r\n8,x\r\n')
