"""CSV and TSV: quoting, delimiter and line ends stay, and every byte outside an edit."""

from __future__ import annotations

import csv
import gzip
import io
from itertools import pairwise

import pytest
from conftest import Command
from hypothesis import given, settings
from hypothesis import strategies as st

from arlint.findings import Edit
from arlint.formats import csv as rows
from arlint.formats.records import Fields

# a lone carriage return is left out: Python writes it without quotation marks and reads it as the end of the record
FIELDS = st.text(alphabet='قا",;\t|\n\0 e', max_size=8).map(lambda text: text.replace("\0", "\r\n"))


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str, list[list[str]]]:
    """A file as Python's writer writes it, its delimiter, and its records."""
    delimiter = draw(st.sampled_from(",;\t|"))
    width = draw(st.integers(2, 4))
    records = draw(st.lists(st.lists(FIELDS, min_size=width, max_size=width), max_size=6))
    out = io.StringIO()
    names = [f"n{i}" for i in range(width - 1)] + ["text"]
    kind = csv.writer(out, delimiter=delimiter, lineterminator=draw(st.sampled_from(["\n", "\r\n"])), quoting=draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])))
    kind.writerows([names, *records])
    text = out.getvalue()
    return (text if draw(st.booleans()) else text.rstrip("\r\n")), delimiter, records


@settings(max_examples=700, deadline=None)
@given(files(), st.integers(1, 60), st.text(alphabet='ق",;\n x', max_size=3))
def test_records_are_those_that_python_reads_and_a_splice_changes_one_field(file: tuple[str, str, list[list[str]]], size: int, new: str) -> None:
    text, delimiter, _ = file
    stored = text.encode()
    batches = list(rows.batches(io.BytesIO(stored), "utf-8", size))
    assert b"".join(batch.data for batch in batches) == stored
    header, *expected = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    read = [(batch, record) for batch in batches for record in batch.records(Fields(("text",)))]
    assert [record.problem for _, record in read] == [None] * len(read)
    assert [record.texts[0][1] for _, record in read] == [row[-1] for row in expected]
    assert [record.number for _, record in read] == list(range(1, len(read) + 1))
    for number, (batch, record) in enumerate(read):
        path, old = record.texts[0]
        ((start, end, field),) = batch.spliced(record, {path: []})
        assert batch.data[start:end] == field
        ((start, end, field),) = batch.spliced(record, {path: [Edit(0, len(old), new)]})
        changed = stored[: batch.start + start] + field + stored[batch.start + end :]
        again = [row for row in csv.reader(io.StringIO(changed.decode(), newline=""), delimiter=delimiter) if row]
        assert again == [header, *[[*row[:-1], new if i == number else row[-1]] for i, row in enumerate(expected)]]
    lines = [record.lines for _, record in read]
    assert all(a[1] < b[0] for a, b in pairwise(lines) if a and b)


RAW, MENDED = "قال اخظغ كلامًا.", "قال إخظغ كلامًا."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", '\ufeffid,title,text\r\n007,"عنوان ""مقتبس""","سطر,\r\n%s"\r\n008, x ,كلام'),
        ("a.csv", "id;text;n\n1;%s;1,50\n"),
        ("a.tsv", 'id\ttext\n1\t%s 5" "\n\n'),
        ("a.csv", 'text,text\nاخظغ,"%s"\n'),
    ],
)
def test_fix_keeps_the_file_as_it_was_written(own: Command, name: str, text: str) -> None:
    path = own.write(name, text % RAW)
    assert own("fix", "-q", name).status == 0
    assert path.read_bytes() == (text % MENDED).encode()


def test_findings_name_record_and_field(own: Command) -> None:
    own.write("a.csv", f'url,headline,body\nhttp://x,{RAW},"سطر\n{RAW}"\n')
    run = own("check", "--output-format", "concise", "-q", ".")
    assert [line.partition(" ")[2].partition(" ")[0] for line in run.lines] == ["http://x:headline:1:5:", "http://x:body:2:5:"]


def test_broken_records_are_told_and_left(own: Command) -> None:
    text = f'id,text\n1,{RAW}\n2\n3,"x" y\n4,{RAW}\n5,"اخظغ\n6,{RAW}\n'
    path = own.write("a.csv", text)
    run = own("fix", "-q", "a.csv")
    assert run.status == 2
    assert run.err.splitlines() == [
        "arlint: a.csv: record 2: has 1 fields where the header names 2",
        "arlint: a.csv: record 3: text after the closing quotation mark of text",
        "arlint: a.csv: record 5: a quotation mark that opens on line 6 is never closed",
    ]
    assert path.read_text("utf-8") == text.replace(RAW, MENDED)


def test_a_table_without_text_is_an_error_only_where_it_was_asked_for(own: Command) -> None:
    own.write("a.csv", "name,count\nx,3\n")
    assert own("check", "-q", ".").status == 0
    assert own("check", "-q", "a.csv").err == "arlint: a.csv: no field that looks like text; name one of name, count with --text-field\n"
    assert own("check", "-q", "--text-field", "name", "a.csv").status == 0


def test_packed_and_piped(own: Command) -> None:
    text = f"id,text\n1,{RAW}\n"
    path = own.write("a.csv.gz", gzip.compress(text.encode()))
    assert own("fix", "-q", ".").status == 0
    assert gzip.decompress(path.read_bytes()).decode() == text.replace(RAW, MENDED)
    assert own("fix", "-q", "--format", "csv", "-", stdin=text.encode()).bytes_out.decode() == text.replace(RAW, MENDED)
