"""Encodings: told from the bytes, written back as they were, and no byte ever lost."""

from __future__ import annotations

import gzip
import json

import pytest
from conftest import Command
from hypothesis import given, settings
from hypothesis import strategies as st

from arlint import Linter
from arlint.document import from_bytes
from arlint.encoding import NAMES, canonical, encoding_of
from arlint.fixes import UNSAFE, fix
from arlint.formats import Reading, decode

RAW, MENDED = "قال اخظغ كلامًا طويلًا عن المدينة.\r\n", "قال إخظغ كلامًا طويلًا عن المدينة.\r\n"


@settings(max_examples=1000, deadline=None)
@given(st.binary(max_size=60), st.sampled_from([None, *NAMES]), st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_bytes_come_back(data: bytes, encoding: str | None, path: str) -> None:
    document = decode(data, path, Reading(encoding=encoding))
    assert document.to_bytes() == data
    document.text.encode("utf-8")


LINTER = Linter(select=["ALL"], ignore=["duplicate"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=4), st.sampled_from([w.encode() for w in ("قال فى البيت ", "الى ", " ،", "\n", "«", "<b>")])), max_size=12))
def test_fixes_leave_undecoded_bytes_where_they_are(parts: list[bytes]) -> None:
    data = b"".join(parts)
    document = from_bytes(data, encoding="utf-8")
    kept = fix(document, LINTER.ruleset, UNSAFE).document.raw
    assert [c for c in kept if "\udc80" <= c <= "\udcff"] == [c for c in document.raw if "\udc80" <= c <= "\udcff"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "windows-1256", "iso-8859-6"])
def test_files_are_fixed_in_the_encoding_they_came_in(own: Command, encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path = own.write("a.txt", mark + RAW.encode(encoding))
    run = own("check", "-q", "--output-format", "concise", ".")
    assert run.lines == ["a.txt:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'"]
    assert own("fix", "-q", ".").status == 0
    assert path.read_bytes() == mark + MENDED.encode(encoding)


def test_to_utf8_converts_text_pages_and_records(own: Command) -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1256"></head><body><p>%s</p></body></html>'
    text = own.write("a.txt", RAW.encode("utf-16"))
    html = own.write("a.html", (page % RAW).encode("windows-1256"))
    rows = own.write("a.csv", f"id,النص,text\n1,سليم,{RAW}".encode("iso-8859-6"))
    assert own("fix", "-q", "--to-utf-8", ".").status == 0
    assert text.read_bytes() == MENDED.encode()
    assert html.read_bytes() == (page % MENDED).replace("windows-1256", "utf-8").encode()
    assert rows.read_bytes() == f"id,النص,text\n1,سليم,{MENDED}".encode()
    assert own("fix", "-q", "--to-utf-8", ".").status == 0


def test_a_declaration_counts_where_the_bytes_do_not_say() -> None:
    page = '<meta charset="%s">من'
    assert decode((page % "windows-1256").encode("windows-1256"), "a.html", Reading()).raw.endswith("من")
    assert decode((page % "ISO-8859-6").encode("iso-8859-6"), "a.html", Reading()).raw.endswith("من")
    assert decode((page % "windows-1256").encode(), "a.html", Reading()).encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("text", ["قال الوزير إن", "وصل إلى المدينة أمس", "في مدينة الرياض", "الثلاثاء", "اجتماع مجلس الوزراء\nبيان"])
def test_a_few_words_tell_the_encoding(encoding: str, text: str) -> None:
    assert encoding_of(text.encode(encoding)) == encoding


def test_names_of_encodings() -> None:
    assert [canonical(name) for name in ("UTF8", "cp1256", "Windows-1256", "arabic", "latin-1", "nonsense")] == ["utf-8", "windows-1256", "windows-1256", "iso-8859-6", None, None]


def test_undecodable_bytes_are_a_finding_and_stay(arlint: Command) -> None:
    data = "قال الوزير فى المؤتمر الصحفي إن ".encode() + b"\xc7\xe1 " + "العمل مستمر\n".encode() + b"\xff"
    path = arlint.write("a.txt", data)
    found = [json.loads(line) for line in arlint("check", "--output-format", "jsonl", ".").lines]
    assert [(f["rule"], f["message"]) for f in found if f["family"] == "characters"] == [
        ("characters/undecodable-bytes", f"0xC7 0xE1 at byte {data.index(0xC7)} is no text in utf-8"),
        ("characters/undecodable-bytes", f"0xFF at byte {len(data) - 1} is no text in utf-8"),
    ]
    assert arlint("fix", "-q", ".").status == 1
    assert path.read_bytes() == data.replace("فى".encode(), "في".encode())
    row = b'{"id": "x", "text": "' + data[:-2] + b'"}\n'
    rows = arlint.write("a.jsonl", row)
    assert arlint("fix", "-q", "a.jsonl").status == 1
    assert rows.read_bytes() == row.replace("فى".encode(), "في".encode())


def test_a_fix_that_the_encoding_cannot_write_is_not_made(own: Command) -> None:
    rule = own.folder / "rules" / "spelling" / "wide.yaml"
    rule.parent.mkdir(parents=True, exist_ok=True)
    rule.write_text(
        'summary: Needs a character of its own\nmessage: {ar: "{found}", en: "{found}"}\nwhy: Because. It is so.\nsince: "0.1"\ncheck: words\nwords: {اخظغ: إخظغۓ}\n'
        "fix: {applicability: unsafe, title: {ar: a, en: b}, unsafe_because: it adds a letter}\nbad: [{text: قال اخظغ., fix: قال إخظغۓ.}]\ngood: [قال., قال كلامًا.]\n",
        "utf-8",
    )
    own.write("arlint.toml", f'rule-paths = ["{(rule.parent.parent).as_posix()}"]\nselect = ["spelling/wide"]\n')
    path = own.write("a.txt", RAW.encode("windows-1256"))
    run = own("fix", "--unsafe-fixes", "-q", "a.txt")
    assert "spelling/wide: its fix needs U+06D3" in run.err
    assert (run.status, path.read_bytes()) == (1, RAW.encode("windows-1256"))
    assert own("fix", "--unsafe-fixes", "--to-utf-8", "-q", "a.txt").status == 0
    assert path.read_bytes() == RAW.replace("اخظغ", "إخظغۓ").encode()


def test_a_fix_makes_no_character_of_bytes_that_were_none(arlint: Command) -> None:
    path = arlint.write("a.txt", b"\xc2\x00\x91")
    run = arlint("fix", "-q", "--select", "characters/control-character", "a.txt")
    assert "its fix would join bytes that could not be decoded; left as it was" in run.err
    assert path.read_bytes() == b"\xc2\x00\x91"


def test_nothing_is_written_where_the_repair_would_be_taken_for_another_encoding(arlint: Command) -> None:
    path = arlint.write("a.txt", b"\xc2\x94\x80\xe1")
    run = arlint("fix", "-q", "a.txt")
    assert (run.status, path.read_bytes()) == (2, b"\xc2\x94\x80\xe1")
    assert run.err.startswith("arlint: a.txt: too little in it tells its encoding, and its repair would be taken for windows-1256; name it with --encoding utf-8.")


ROWS = ['{"id": 7, "text": "%s",  "n": 1e5}\n', "\n", '{"text": "سليم \\ud800 😀"}\r\n', '{"text": "%s"}']
WIDE = {
    "a.jsonl": "".join(ROWS),
    "a.csv": 'id,النص,text\r\n1,"سطر\r\n😀","%s"\r\n2,سليم,%s',
    "a.tsv": 'text\tid\n%s\t"1\n2"\n',
}


@pytest.mark.parametrize(("name", "encoding"), [("a.jsonl", "utf-16-le"), ("a.jsonl", "utf-16-be"), ("a.csv", "utf-16-be"), ("a.tsv", "utf-16-le"), ("a.jsonl.gz", "utf-16-be")])
def test_records_in_utf_16_are_fixed_and_written_back_as_they_were(own: Command, name: str, encoding: str) -> None:
    text = "\ufeff" + WIDE[name.removesuffix(".gz")]
    raw, mended = (text.replace("%s", words).encode(encoding) for words in ("قال اخظغ 😀 كلامًا.", "قال إخظغ 😀 كلامًا."))
    pack, unpack = (gzip.compress, gzip.decompress) if name.endswith(".gz") else (bytes, bytes)
    path = own.write(name, pack(raw))
    assert len(own("check", "-q", "--output-format", "concise", ".").lines) == text.count("%s")
    piped = own("fix", "-q", "--format", name.split(".")[1], "-", stdin=raw)
    assert (piped.status, piped.bytes_out) == (0, mended)
    assert own("fix", "-q", "--log", "log", ".").status == 0
    assert unpack(path.read_bytes()) == mended
    assert own("undo", "-q", "log").status == 0
    assert unpack(path.read_bytes()) == raw
    assert own("fix", "-q", "--to-utf-8", ".").status == 0
    assert unpack(path.read_bytes()) == mended.decode(encoding).removeprefix("\ufeff").encode()


def test_a_long_file_in_utf_16_is_worked_on_in_parts(own: Command) -> None:
    rows = "".join(json.dumps({"id": n, "text": f"{RAW} {'كلام 😀 ' * 400}"}, ensure_ascii=False) + "\n" for n in range(900))
    path = own.write("a.jsonl", rows.encode("utf-16"))
    assert own("fix", "-j", "2", "a.jsonl").out == "900 findings fixed in 1 file, nothing left\n"
    assert path.read_bytes() == rows.replace("اخظغ", "إخظغ").encode("utf-16")


def test_half_a_surrogate_pair_in_a_record_stays(own: Command) -> None:
    rows = [f'{{"text": "{RAW.strip()}"}}\n'.encode("utf-16-le"), '{"text": "'.encode("utf-16-le") + b"\x00\xd8" + '"}\n'.encode("utf-16-le")]
    path = own.write("a.jsonl", b"\xff\xfe" + b"".join(rows))
    assert own("fix", "-q", ".").status == 0
    assert path.read_bytes() == (b"\xff\xfe" + b"".join(rows)).replace("اخظغ".encode("utf-16-le"), "إخظغ".encode("utf-16-le"))
    run = own("fix", "-q", "--to-utf-8", ".")
    assert (run.status, "would be lost in UTF-8" in run.err) == (2, True)
    cut = own.write("cut.csv", "text\nاخظغ\n".encode("utf-16")[:-1])
    run = own("fix", "-q", "cut.csv")
    assert (run.status, cut.read_bytes()) == (2, "text\nاخظغ\n".encode("utf-16")[:-1])
    assert run.err == "arlint: cut.csv: ends in half a character of UTF-16, so it was cut short; fetch it again. Nothing was written\n"
