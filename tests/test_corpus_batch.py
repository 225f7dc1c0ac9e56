"""`arlint.corpus.batch`: the same findings and repairs as the command gives, inside other people's pipelines.

The engines are heavy: they come with the extra 'engines', and what is not installed is skipped.
"""

from __future__ import annotations

import functools
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OWN_RULES, SAFE, Command
from tests.corpora import DAMAGED, findings, jsonl, mended, parquet, parts, prints, records, unpacked

pa = pytest.importorskip("pyarrow", reason="the extra 'corpus' is not installed")

ROWS = records(60)
REPAIRED = [{**row, "text": mended(row["text"])} for row in ROWS]
HITS = [row["id"] for row in ROWS if DAMAGED in row["text"]]


@pytest.fixture(scope="module")
def batch(compiled: Path) -> Any:
    """The function as its users hold it: with rules of their own, repairing."""
    from arlint import Linter
    from arlint.corpus import batch

    kept = os.environ.get("ARLINT_CACHE_DIR")
    os.environ["ARLINT_CACHE_DIR"] = str(compiled)
    try:
        linter = Linter(select=[SAFE], rule_paths=[OWN_RULES])
    finally:
        os.environ.pop("ARLINT_CACHE_DIR") if kept is None else os.environ.update(ARLINT_CACHE_DIR=kept)
    return functools.partial(batch, linter=linter, mode="fix")


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if key != "arlint"} for row in rows]


def _mended(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows if [dict(one) for one in row["arlint"]["mended"]] == [{"rule": SAFE, "count": 1}]]


@pytest.mark.parametrize("kind", [pa.Table, pa.RecordBatch])
def test_a_batch_comes_back_with_its_texts_repaired_and_all_else_as_it_was(batch: Any, kind: Any) -> None:
    given = kind.from_pylist(ROWS)
    out = batch(given)
    assert isinstance(out, kind)
    assert out.schema.names == [*given.schema.names, "arlint"]
    assert _plain(out.to_pylist()) == REPAIRED
    assert _mended(out.to_pylist()) == HITS
    done = out.column("arlint").to_pylist()
    assert all((one["hash_before"] != one["hash_after"]) == (row["id"] in HITS) for one, row in zip(done, ROWS, strict=True))


def test_findings_of_a_batch_are_those_of_the_command(batch: Any, own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    own("corpus", "check", "a.jsonl", "-o", "out", "-j", "1", "--select", SAFE)
    told = findings(own.folder / "out")
    out = batch(pa.Table.from_pylist(ROWS), mode="check").to_pylist()
    names = ("field", "rule", "severity", "applicability", "start", "end", "line", "column", "found", "before", "after", "replacement", "values")
    assert [{"record": row["id"], **one} for row in out for one in row["arlint"]["findings"]] == [{"record": row["record"], **{name: row[name] for name in names}} for row in told]


def test_texts_inside_of_structs_dictionaries_and_nulls(batch: Any) -> None:
    given = pa.table({"doc": pa.array([{"body": DAMAGED, "n": 1}, None, {"body": None, "n": 2}]), "kind": pa.array(["x", DAMAGED, None]).dictionary_encode()})
    out = batch(given, text_fields=("doc.body", "kind"), column=None)
    assert out.schema == given.schema
    assert out.to_pylist() == [{"doc": {"body": mended(DAMAGED), "n": 1}, "kind": "x"}, {"doc": None, "kind": mended(DAMAGED)}, {"doc": {"body": None, "n": 2}, "kind": None}]
    with pytest.raises(ValueError, match="no column 'nothing'; there are doc, kind"):
        batch(given, text_fields=("nothing",))
    with pytest.raises(ValueError, match="column 'doc' is struct"):
        batch(given, text_fields=("doc",))


def test_datasets_map(batch: Any) -> None:
    datasets = pytest.importorskip("datasets", reason="the extra 'engines' is not installed")
    datasets.disable_progress_bars()
    given = datasets.Dataset.from_list(ROWS).with_format("arrow")
    out = given.map(batch, batched=True, batch_size=16).with_format(None).to_list()
    assert _plain(out) == REPAIRED
    assert _mended(out) == HITS


def test_duckdb_reads_what_comes_out_of_it(batch: Any) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra 'engines' is not installed")
    given = pa.Table.from_pylist(ROWS)
    database = duckdb.connect()
    reader = database.from_arrow(given).to_arrow_reader(16) if hasattr(duckdb.DuckDBPyRelation, "to_arrow_reader") else database.from_arrow(given).fetch_arrow_reader(16)
    cleaned = pa.Table.from_batches(map(batch, reader))
    database.register("cleaned", cleaned)
    assert database.sql("select text from cleaned").fetchall() == [(row["text"],) for row in REPAIRED]
    assert database.sql("select m.rule, sum(m.count) from (select unnest(arlint.mended) m from cleaned) group by all").fetchall() == [(SAFE, len(HITS))]


@pytest.fixture(scope="module")
def cluster(compiled: Path) -> Any:
    """A Ray of two processors for all tests of this module."""
    ray = pytest.importorskip("ray", reason="the extra 'engines' is not installed")
    kept = os.environ.get("ARLINT_CACHE_DIR")
    os.environ["ARLINT_CACHE_DIR"] = str(compiled)
    ray.init("local", num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    try:
        yield ray
    finally:
        ray.shutdown()
        os.environ.pop("ARLINT_CACHE_DIR") if kept is None else os.environ.update(ARLINT_CACHE_DIR=kept)


def test_ray_map_batches(batch: Any, cluster: Any) -> None:
    given = cluster.data.from_arrow(pa.Table.from_pylist(ROWS))
    out = given.map_batches(batch, batch_format="pyarrow", batch_size=16).take_all()
    rows = sorted(out, key=lambda row: int(row["id"][1:]))
    assert _mended(rows) == HITS
    assert [row["text"] for row in rows] == [row["text"] for row in REPAIRED]


def test_ray_and_local_leave_the_same_files(own: Command, cluster: Any) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    own.write("b.jsonl.gz", __import__("gzip").compress(jsonl(ROWS)))
    parquet(own.folder / "c.parquet", ROWS)
    args = ("corpus", "fix", "a.jsonl", "b.jsonl.gz", "c.parquet", "--shard-size", "4k", "-q")
    assert own(*args, "-o", "local", "-j", "2").status == 1
    address = cluster.get_runtime_context().gcs_address
    run = own(*args, "-o", "ray", "--engine", "ray", env={"RAY_ADDRESS": address})
    assert (run.status, run.err) == (1, "")
    assert prints(own.folder / "ray") == prints(own.folder / "local")
    assert len(list((own.folder / "ray" / "shards").glob("*.json"))) > 6
    assert b"".join(unpacked(path) for path in parts(own.folder / "ray") if path.name.startswith("b.")) == jsonl(REPAIRED)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "nowhere.invalid:6379", "127.0.0.1:port"])
def test_an_address_where_no_ray_answers_is_named(own: Command, address: str) -> None:
    pytest.importorskip("ray", reason="the extra 'engines' is not installed")
    own.write("a.jsonl", jsonl(ROWS[:3]))
    run = own("corpus", "check", "a.jsonl", "-q", "-o", "out", "--engine", "ray", env={"RAY_ADDRESS": address})
    assert run.status == 2
    assert f"no Ray cluster answers at {address} (RAY_ADDRESS)" in run.err
    assert run.err.count("\n") == 1


def test_where_ray_is_missing_no_output_is_begun(own: Command) -> None:
    if find_spec("ray"):
        pytest.skip("Ray is installed")
    own.write("a.jsonl", jsonl(ROWS[:3]))
    run = own("corpus", "check", "a.jsonl", "-q", "-o", "out", "--engine", "ray")
    assert (run.status, run.err.count("\n")) == (2, 1)
    assert "pip install 'arlint[ray]'" in run.err
    assert not (own.folder / "out").exists()
