"""What a run of `arlint corpus` left, read back by others: the findings with their messages."""

from __future__ import annotations

import json

import pytest

from tests.conftest import NOTE, OWN_RULES, SAFE, Command
from tests.corpora import findings, jsonl, records

pytest.importorskip("pyarrow.parquet", reason="the extra 'corpus' is not installed")

ROWS = records(60)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_findings_are_read_back_with_the_messages_and_places_that_a_check_tells(own: Command, form: str) -> None:
    from arlint import ruleset
    from arlint.corpus import results

    own.write("a.jsonl", jsonl(ROWS))
    own("corpus", "check", "a.jsonl", "-o", "out", "-j", "1", "--shard-size", "2k", "--findings-format", form)
    told = [json.loads(line) for line in own("check", "a.jsonl", "--output-format", "jsonl").lines]
    run = results.read(str(own.folder / "out"))
    rules = ruleset.load((OWN_RULES,), {}, use_cache=False).by_id
    read = [[f.path, f.record, f.field, f.row.rule, f.message(rules, "en"), f.row.start, f.row.end, f.row.line, f.row.column, f.title(rules, "en") or None] for f in run.findings()]
    items = [
        [*(i[k] for k in ("path", "record", "field", "rule", "message")), *(i[e]["offset"] for e in ("start", "end")), *(i["start"][k] for k in ("line", "column")), (i["fix"] or {}).get("title")]
        for i in told
    ]
    assert read == items
    assert {row[3] for row in read} == {SAFE, NOTE}
    assert run.settings["mode"] == "check"
    assert run.summary["documents"] == 60
    assert len(findings(own.folder / "out")) == len(read)


def test_a_folder_that_is_no_run_is_refused(own: Command) -> None:
    from arlint.corpus import results
    from arlint.corpus.store import Unreachable

    own.write("other/notes.txt", "x")
    with pytest.raises(Unreachable, match=r"no output of 'arlint corpus'"):
        results.read(str(own.folder / "other"))
    own.write("begun/run.json", "{}")
    with pytest.raises(Unreachable, match="not come to its end"):
        results.read(str(own.folder / "begun"))
