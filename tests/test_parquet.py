"""Parquet: the texts change, and schema, metadata, compression, row groups and every other value stay."""

from __future__ import annotations

import io
import json

import pytest
from conftest import Command

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

RAW, MENDED = "قال اخظغ كلامًا.", "قال إخظغ كلامًا."


def table() -> pa.Table:  # type: ignore[name-defined]
    schema = pa.schema(
        [
            pa.field("url", pa.string(), nullable=False),
            pa.field("title", pa.dictionary(pa.int32(), pa.string())),
            pa.field("text", pa.large_string(), metadata={b"k": b"v"}),
            pa.field("parts", pa.list_(pa.struct([("t", pa.string()), ("n", pa.int8())]))),
            pa.field("when", pa.timestamp("ms", tz="UTC")),
            pa.field("score", pa.float32()),
        ],
        metadata={b"huggingface": b'{"info": {}}'},
    )
    rows = [
        {"url": f"http://x/{n}", "title": RAW if n == 7 else None, "text": RAW if n in (3, 25) else "كلام سليم.", "parts": [{"t": RAW, "n": n}] if n == 4 else [], "when": n, "score": n / 3}
        for n in range(30)
    ]
    return pa.Table.from_pylist(rows, schema)


def values(stored: pa.Table) -> str:  # type: ignore[name-defined]
    return json.dumps(stored.to_pylist(), default=str, ensure_ascii=False)


@pytest.mark.parametrize("compression", ["snappy", "zstd", "gzip", "none"])
def test_a_fix_keeps_all_but_the_texts(own: Command, compression: str) -> None:
    path = own.folder / "a.parquet"
    pq.write_table(table(), path, row_group_size=12, compression={"text": compression, "url": "none"}, use_dictionary=["url"], write_statistics=["url", "when"])
    before, groups = pq.read_table(path), pq.ParquetFile(path).metadata
    run = own("check", "--output-format", "concise", "-q", ".")
    assert [line.partition(" spelling")[0] for line in run.lines] == [f"a.parquet:record http://x/{n}:{field}:1:5:" for n, field in ((3, "text"), (7, "title"), (25, "text"))]
    assert own("fix", "-q", "a.parquet").status == 0
    assert own("fix", "-q", "--text-field", "parts.t", ".").status == 0
    after, kept = pq.read_table(path), pq.ParquetFile(path).metadata
    assert after.schema.equals(before.schema, check_metadata=True)
    assert values(after) == values(before).replace("اخظغ", "إخظغ")
    assert [kept.row_group(i).num_rows for i in range(kept.num_row_groups)] == [12, 12, 6]
    for i in range(groups.num_row_groups):
        for j in range(groups.num_columns):
            old, new = groups.row_group(i).column(j), kept.row_group(i).column(j)
            assert (new.compression, new.is_stats_set, new.has_dictionary_page) == (old.compression, old.is_stats_set, old.has_dictionary_page)


def test_a_file_with_nothing_to_mend_is_not_written(own: Command) -> None:
    path = own.folder / "a.parquet"
    pq.write_table(pa.table({"text": ["كلام سليم."] * 5}), path)
    before = (path.read_bytes(), path.stat().st_ino)
    assert own("fix", "-q", ".").status == 0
    assert (path.read_bytes(), path.stat().st_ino) == before


def test_several_processes_write_what_one_does(own: Command) -> None:
    for name in ("a.parquet", "b.parquet"):
        pq.write_table(pa.table({"id": list(range(3000)), "text": [f"{RAW} {'كلام ' * 60}"] * 3000}), own.folder / name, row_group_size=500, compression="none", use_dictionary=False)
    one, two = own("fix", "-j", "1", "a.parquet"), own("fix", "-j", "2", "b.parquet")
    assert one.out == two.out == "3000 findings fixed in 1 file, nothing left\n"
    assert (own.folder / "a.parquet").read_bytes() == (own.folder / "b.parquet").read_bytes()


def test_diff_and_standard_input(own: Command) -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": [RAW]}), out)
    (own.folder / "a.parquet").write_bytes(out.getvalue())
    run = own("fix", "--diff", "-q", "a.parquet")
    assert (run.status, f"+{MENDED}" in run.out) == (1, True)
    piped = own("fix", "-q", "--format", "parquet", "-", stdin=out.getvalue())
    assert (piped.status, piped.err) == (0, "")
    assert pq.read_table(io.BytesIO(piped.bytes_out)).to_pylist() == [{"text": MENDED}]


def test_damaged_pages_are_one_line_and_the_file_stays(own: Command) -> None:
    path = own.folder / "a.parquet"
    pq.write_table(pa.table({"text": [f"{RAW} {n} {n * n} {n**3}" for n in range(900)]}), path, compression="zstd", use_dictionary=False)
    data = bytearray(path.read_bytes())
    data[60:300] = b"\xa5" * 240
    path.write_bytes(data)
    run = own("fix", "-q", "a.parquet")
    assert run.status == 2
    assert run.err.count("\n") == 1
    assert run.err.startswith("arlint: a.parquet: row group 1 is damaged (")
    assert path.read_bytes() == bytes(data)
