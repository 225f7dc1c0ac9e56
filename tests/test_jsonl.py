"""JSON Lines: every byte outside an edit stays what it was, whatever the line looks like."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest
from conftest import Command
from hypothesis import given, settings
from hypothesis import strategies as st

from arlint.edits import applied
from arlint.findings import Edit
from arlint.formats import jsonl
from arlint.formats.records import Fields

TEXTS = st.one_of(st.text(max_size=20), st.text(alphabet='قا"\\/\n\t\x00\x7f<é😀\u2028', max_size=30))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=3
)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A JSON object as some program may write it."""
    record = {**draw(st.dictionaries(TEXTS, VALUES, max_size=3)), "text": draw(TEXTS), **draw(st.dictionaries(TEXTS, VALUES, max_size=2))}
    line = json.dumps(record, ensure_ascii=draw(st.booleans()), separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " : ")])))
    if draw(st.booleans()):
        line = line.replace("/", "\\/")
    if draw(st.booleans()):
        line = line.replace("\\u00", "\\u00").replace("\\u06", "\\u06").replace("<", "\\u003C")
    return line


@st.composite
def edits(draw: st.DrawFn, text: str) -> list[Edit]:
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    return [Edit(start, end, draw(st.text(alphabet='ق"\\/\n<😀a', max_size=3))) for start, end in zip(places[::2], places[1::2], strict=False)]


@settings(max_examples=700, deadline=None)
@given(st.data(), lines(), st.sampled_from([b"\n", b"\r\n", b""]), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_an_edit_changes_its_own_code_points_of_the_literal_and_nothing_else(data: st.DataObject, line: str, end: bytes, bom: bytes) -> None:
    stored = bom + line.encode() + end
    (batch,) = jsonl.batches(io.BytesIO(stored), "utf-8", 64)
    (record,) = batch.records(Fields(("text",)))
    (path, text) = record.texts[-1]
    assert text == json.loads(line)["text"]
    assert path == ("text",)
    ((start, stop, same),) = batch.spliced(record, {path: []})
    assert stored[:start] + same + stored[stop:] == stored
    change = data.draw(edits(text))
    ((start, stop, new),) = batch.spliced(record, {path: change})
    old = stored[start:stop].decode()
    fresh = new.decode()
    expected = json.loads(line) | {"text": applied(text, change)}
    assert json.dumps(json.loads(fresh)) == json.dumps(expected)
    first, last = jsonl.literals(old)[path]
    assert fresh.startswith(old[:first])
    assert fresh.endswith(old[last:])
    kept = change[0].start if change else len(text)
    unchanged = old[first : first + 1 + len(jsonl.respelled(old[first:last], [Edit(kept, len(text), "")], old)) - 2]
    assert fresh[first:].startswith(unchanged)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(lines(), st.sampled_from(["", "  ", "{broken", "[1]", "é" * 90])), max_size=8), st.integers(1, 300), st.booleans())
def test_batches_are_the_file(rows: list[str], size: int, closed: bool) -> None:
    stored = "\n".join(rows).encode() + (b"\n" if closed and rows else b"")
    batches = list(jsonl.batches(io.BytesIO(stored), "utf-8", size))
    assert b"".join(batch.data for batch in batches) == stored
    numbers = [record.number for batch in batches for record in batch.records(Fields())]
    assert numbers == [number for number, row in enumerate(rows, 1) if row.strip()]
    for batch in batches:
        assert batch.data == stored[batch.start : batch.start + len(batch.data)]


RAW = "قال اخظغ كلامًا."
MENDED = "قال إخظغ كلامًا."


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "%s"}',
        '{ "n" : 1.50e3,"n":2, "text":"%s" , "big": 123456789012345678901234567890}',
        '{"lone": "\\ud800", "nan": NaN, "text": "%s"}',
        '{"text": "first", "text": "%s"}',
        '{"title": "عنوان\\/", "text": "\t%s"}',
    ],
)
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_fix_keeps_the_line_as_it_was_written(own: Command, line: str, ending: str) -> None:
    path = own.write("a.jsonl", line % RAW + ending)
    assert own("fix", "-q", "a.jsonl").status == 0
    assert path.read_bytes() == (line % MENDED + ending).encode()
    before = path.stat()
    assert own("fix", "-q", ".").status == 0
    assert path.stat().st_ino == before.st_ino


def test_escaped_text_stays_escaped(own: Command) -> None:
    for form in (str, str.upper):
        path = own.write("a.jsonl", '{"text": "' + "".join(f"\\u{form(f'{ord(c):04x}')}" for c in RAW) + '"}\n')
        assert own("fix", "-q", "a.jsonl").status == 0
        assert path.read_text("ascii") == '{"text": "' + "".join(f"\\u{form(f'{ord(c):04x}')}" for c in MENDED) + '"}\n'


def test_findings_name_record_field_line_and_column(own: Command) -> None:
    own.write("a.jsonl", json.dumps({"id": 7, "title": "عنوان", "text": f"سطر\n{RAW}"}) + "\n" + json.dumps({"text": RAW}) + "\n")
    run = own("check", "--output-format", "concise", "-q", ".")
    assert run.lines == ["a.jsonl:record 7:text:2:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'", "a.jsonl:record 2:text:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'"]
    found = [json.loads(line) for line in own("check", "--output-format", "jsonl", ".").lines]
    assert [(f["record"], f["field"], f["start"]) for f in found] == [("7", "text", {"offset": 8, "line": 2, "column": 5}), ("2", "text", {"offset": 4, "line": 1, "column": 5})]
    assert own("check", "-q", ".").out == (
        "a.jsonl\n  record 7:text\n  2:5  error  spelling/made-up  'اخظغ' is spelled 'إخظغ'\n       قال ⟦اخظغ⟧ كلامًا.\n       fix (safe): Write 'إخظغ'\n"
        "  record 2:text\n  1:5  error  spelling/made-up  'اخظغ' is spelled 'إخظغ'\n       قال ⟦اخظغ⟧ كلامًا.\n       fix (safe): Write 'إخظغ'\n\n"
    )


def test_a_file_of_many_parts_is_one_file(own: Command) -> None:
    rows = "".join(json.dumps({"id": n, "text": f"{RAW} {'كلام ' * 400}"}, ensure_ascii=False) + "\n" for n in range(700))
    path = own.write("a.jsonl", rows)
    one, two = (own("check", "--output-format", "json", "-j", n, ".") for n in ("1", "2"))
    assert one.out == two.out
    assert json.loads(one.out)["summary"]["files"] == 1
    assert [int(f["record"]) for f in json.loads(one.out)["findings"]] == list(range(700))
    assert own("check", ".").out.count("a.jsonl\n") == 1
    assert own("fix", "-j", "2", "a.jsonl").out == "700 findings fixed in 1 file, nothing left\n"
    assert path.read_text("utf-8") == rows.replace("اخظغ", "إخظغ")


def test_a_broken_record_is_told_and_left_and_the_others_go_on(own: Command) -> None:
    rows = [f'{{"text": "{RAW}"}}', '{"text": "اخظغ', "[1]", "\ufeff{}", f'{{"text": "{RAW}"}}']
    path = own.write("a.jsonl", "\n".join(rows))
    run = own("fix", "-q", "a.jsonl")
    assert run.status == 2
    assert run.err.splitlines() == [
        "arlint: a.jsonl: record 2: not valid JSON: unterminated string starting at at column 10",
        "arlint: a.jsonl: record 3: not an object; a record is one {...} a line",
        "arlint: a.jsonl: record 4: not valid JSON: unexpected UTF-8 BOM (decode using utf-8-sig) at column 1",
    ]
    assert path.read_text("utf-8") == "\n".join([rows[0].replace("اخظغ", "إخظغ"), *rows[1:4], rows[4].replace("اخظغ", "إخظغ")])


def test_of_many_broken_records_the_first_are_told_and_the_others_counted(own: Command) -> None:
    own.write("a.jsonl", "{\n" * 50_000 + f'{{"text": "{RAW}"}}\n')
    own.write("b.jsonl", '{\n{"text": "سليم"}\n')
    run = own("check", "-q", "--output-format", "sarif", "a.jsonl", "b.jsonl")
    lines = run.err.splitlines()
    assert (run.status, len(lines)) == (2, 22)
    assert lines[0].startswith("arlint: a.jsonl: record 1: not valid JSON")
    assert lines[20] == "arlint: a.jsonl: 49980 more records could not be read; --output-format sarif names them all"
    assert lines[21].startswith("arlint: b.jsonl: record 1: not valid JSON")
    assert len(json.loads(run.out)["runs"][0]["invocations"][0]["toolExecutionNotifications"]) == 50_001


def test_fields_are_chosen_by_path(own: Command) -> None:
    own.write("a.jsonl", json.dumps({"url": "http://x", "data": {"parts": [{"t": "سليم"}, {"t": RAW}], "lead": [RAW, RAW]}, "text": RAW}, ensure_ascii=False))
    run = own("check", "--output-format", "concise", "-q", "--text-field", "data.parts.t,data.lead", "--id-field", "url", "a.jsonl")
    assert [line.partition(" spelling")[0] for line in run.lines] == [f"a.jsonl:record http://x:data.{part}:1:5:" for part in ("parts[1].t", "lead[0]", "lead[1]")]
    own.write("arlint.toml", (own.folder / "arlint.toml").read_text("utf-8") + 'text-field = "data.parts.t"\nid-field = "data.none"\n')
    assert own("check", "-q", "a.jsonl").err == "arlint: a.jsonl: no record has the field data.none to go by; they have url, data, text\n"
    assert own("check", "-q", "--text-field", "body", "a.jsonl").err == "arlint: a.jsonl: no text in a field body; its records have url, data, text\n"


def test_a_file_without_text_is_an_error_only_where_it_was_asked_for(own: Command) -> None:
    own.write("a.jsonl", '{"name": "x", "count": 3}\n')
    assert own("check", "-q", ".").status == 0
    run = own("check", "-q", "a.jsonl")
    assert (run.status, run.err) == (2, "arlint: a.jsonl: no field that looks like text; name one of name, count with --text-field\n")


def test_a_headline_repeated_in_the_body_is_found(arlint: Command) -> None:
    title = "افتتاح معرض الكتاب في الرياض بمشاركة خمسين دارا"
    arlint.write(
        "a.jsonl", json.dumps({"title": title, "text": f"{title}\nافتتح الوزير أمس معرض الكتاب بحضور جمع من الأدباء والناشرين من أنحاء المملكة كلها، ويستمر المعرض عشرة أيام."}, ensure_ascii=False)
    )
    (finding,) = map(json.loads, arlint("check", "--select", "duplicate/repeated-headline", "--output-format", "jsonl", ".").lines)
    assert (finding["record"], finding["field"]) == ("1", "text")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.ndjson"])
def test_packed_files_are_read_and_written_packed(own: Command, name: str) -> None:
    zstandard = pytest.importorskip("zstandard")
    pack = {"gz": gzip.compress, "zst": zstandard.ZstdCompressor().compress}.get(name.rpartition(".")[2], bytes)
    unpack = {"gz": gzip.decompress, "zst": lambda d: zstandard.ZstdDecompressor().decompressobj().decompress(d)}.get(name.rpartition(".")[2], bytes)
    rows = [json.dumps({"text": f"سطر {n} " + "كلام " * 300}, ensure_ascii=False) for n in range(900)]
    rows[600] = json.dumps({"text": RAW}, ensure_ascii=False)
    clean, damaged = own.write(f"clean/{name}", pack("\n".join(rows[:9]).encode())), own.write(name, pack("\n".join(rows).encode()))
    before = clean.read_bytes()
    assert own("check", "-q", "--output-format", "concise", ".").lines == [f"{name}:record 601:text:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'"]
    assert own("fix", "-q", ".").status == 0
    assert unpack(damaged.read_bytes()).decode() == "\n".join(rows).replace("اخظغ", "إخظغ")
    assert clean.read_bytes() == before


def test_packed_data_cut_short_is_one_line_and_nothing_is_written(own: Command) -> None:
    data = gzip.compress("".join(json.dumps({"n": n, "text": RAW}) + "\n" for n in range(9000)).encode())[:-20]
    path = own.write("a.jsonl.gz", data)
    run = own("fix", "-q", "a.jsonl.gz")
    assert (run.status, run.err) == (2, "arlint: a.jsonl.gz: damaged or cut short (gzip); fetch it again. Nothing was written\n")
    assert path.read_bytes() == data
    assert [p.name for p in own.folder.iterdir() if "jsonl" in p.name or p.name.startswith(".")] == ["a.jsonl.gz"]


def test_standard_input(own: Command) -> None:
    line = f'{{"text":"{RAW}"}}\n'
    run = own("fix", "-q", "--format", "jsonl", "-", stdin=(line * 3 + "{}\n").encode())
    assert (run.status, run.bytes_out) == (0, (line.replace("اخظغ", "إخظغ") * 3 + "{}\n").encode())
    run = own("check", "-q", "--output-format", "concise", "--stdin-filename", "x.jsonl", "-", stdin=line.encode())
    assert (run.status, run.out) == (1, "x.jsonl:record 1:text:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'\n")


def test_a_record_larger_than_many_batches(own: Command) -> None:
    text = "كلام سليم. " * 300_000 + RAW
    path = own.write("a.jsonl", json.dumps({"text": text}, ensure_ascii=False) + "\n{}")
    assert own("fix", "-q", "--select", "spelling/made-up", "a.jsonl").status == 0
    assert path.read_bytes() == (json.dumps({"text": text.replace("اخظغ", "إخظغ")}, ensure_ascii=False) + "\n{}").encode()


def test_diff_shows_the_text(own: Command) -> None:
    own.write("a.jsonl", json.dumps({"text": RAW}))
    run = own("fix", "--diff", "-q", "a.jsonl")
    assert run.out.startswith(f"--- a/a.jsonl:record 1:text\n+++ b/a.jsonl:record 1:text\n@@ -1 +1 @@\n-{RAW}\n")
    assert run.status == 1
