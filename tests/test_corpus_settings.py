"""`arlint corpus` follows the settings of its folder as `arlint check` does: silences, per-file-ignores, exclude, fields, rates."""

from __future__ import annotations

import json

import pytest

from tests.conftest import NOTE, SAFE, SETTINGS, Command
from tests.corpora import DAMAGED, findings, jsonl, mended, parts, records

pytest.importorskip("pyarrow.parquet", reason="the extra 'corpus' is not installed")

ROWS = records(30)
HITS = [row["id"] for row in ROWS if DAMAGED in row["text"]]


def _told(own: Command, *args: str) -> list[list[str]]:
    """What a corpus run tells of the files in data, held to what a check tells."""
    own("corpus", "check", "data", "-o", "out", "-j", "1", "-q", "--shard-size", "2k", *args)
    told = sorted([row["path"], row["record"], row["rule"]] for row in findings(own.folder / "out"))
    checked = [json.loads(line) for line in own("check", "data", "--output-format", "jsonl").lines]
    assert told == sorted([item["path"].removeprefix("data/"), item["record"], item["rule"]] for item in checked)
    return told


def _both(own: Command) -> None:
    own.write("data/a.jsonl", jsonl(ROWS))
    own.write("data/old/b.jsonl", jsonl(ROWS))


def test_silences_hold_by_record_path_and_fingerprint(own: Command) -> None:
    _both(own)
    prints = [item["fingerprint"] for line in own("check", "data/a.jsonl", "--output-format", "jsonl").lines if (item := json.loads(line))["record"] == HITS[1] and item["rule"] == SAFE]
    own.write(
        "arlint.toml",
        f'''{SETTINGS}
[[silence]]
records = ["{HITS[0]}"]
rules = ["spelling"]
paths = ["data/a.jsonl"]

[[silence]]
paths = ["data/a.jsonl"]
records = ["{HITS[1]}"]
fingerprints = ["{prints[0]}"]
''',
    )
    told = _told(own)
    assert [record for path, record, rule in told if (path, rule) == ("a.jsonl", SAFE)] == sorted(HITS[2:])
    assert [record for path, record, rule in told if (path, rule) == ("old/b.jsonl", SAFE)] == sorted(HITS)


def test_what_is_silenced_is_not_mended(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    own.write("arlint.toml", f'{SETTINGS}\n[[silence]]\nrecords = ["{HITS[0]}"]\n')
    own("corpus", "fix", "a.jsonl", "-o", "out", "-j", "2", "-q")
    assert b"".join(path.read_bytes() for path in parts(own.folder / "out")) == jsonl([row if row["id"] == HITS[0] else {**row, "text": mended(row["text"])} for row in ROWS])
    assert HITS[0] not in {row["record"] for row in findings(own.folder / "out")}


def test_per_file_ignores_and_exclude_go_by_path(own: Command) -> None:
    _both(own)
    own.write("data/new/c.jsonl", jsonl(ROWS))
    own.write("arlint.toml", f'{SETTINGS}exclude = ["data/new/"]\n[per-file-ignores]\n"data/old/*" = ["spelling"]\n')
    told = _told(own)
    assert {(path, rule) for path, _, rule in told} == {("a.jsonl", SAFE), ("a.jsonl", NOTE), ("old/b.jsonl", NOTE)}
    own.write("arlint.toml", f'{SETTINGS}exclude = ["data/"]\n')
    run = own("corpus", "check", "data", "-o", "none")
    assert (run.status, "leaves all of it out" in run.err, len(run.err.splitlines())) == (2, True, 1)


def test_a_silence_that_was_added_does_not_mix_with_what_was_found_without(own: Command) -> None:
    _both(own)
    assert own("corpus", "check", "data", "-o", "out", "-j", "1", "-q").status == 1
    own.write("arlint.toml", f'{SETTINGS}\n[[silence]]\nrecords = ["{HITS[0]}"]\n')
    run = own("corpus", "check", "data", "-o", "out", "-j", "1", "-q")
    assert (run.status, "other rules, rule options or silences" in run.err) == (2, True)


def test_fields_and_rates_of_the_settings_hold_too(own: Command) -> None:
    own.write("a.jsonl", jsonl([{"name": row["id"], "prose": row["text"]} for row in ROWS]))
    own.write("arlint.toml", f'{SETTINGS}text-field = ["prose"]\nid-field = "name"\n[max-rate]\nALL = "1000/1k"\n')
    run = own("corpus", "check", "a.jsonl", "-o", "out", "-j", "1")
    assert (run.status, "held" in run.out) == (0, True)
    assert {row["record"] for row in findings(own.folder / "out") if row["rule"] == SAFE} == set(HITS)


def test_a_baseline_is_said_to_be_left_aside(own: Command) -> None:
    own.write("a.jsonl", jsonl(ROWS))
    own("baseline", "a.jsonl")
    own.write("arlint.toml", f'{SETTINGS}baseline = "arlint-baseline.json"\n')
    run = own("corpus", "check", "a.jsonl", "-o", "out", "-j", "1", "-q")
    assert run.status == 1
    assert "arlint.toml:3: 'baseline' counts" in run.err
