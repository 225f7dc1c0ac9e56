"""Every output format for other programs: valid by its schema, true to the bytes on disk, and proof against hostile names."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from conftest import NOTE, SAFE, UNSAFE, Command

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
etree = pytest.importorskip("lxml.etree", reason="lxml is not installed")

SCHEMAS = Path(__file__).parent / "schemas"
FORMATS = {
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "sarif": "log.sarif",
    "junit": "junit.xml",
    "checkstyle": "checkstyle.xml",
    "rdjson": "rd.json",
    "markdown": "page.md",
    "jsonl": "all.jsonl",
}

#: What a name may hold that is markup, a command or no text at all to the programs that read the formats.
HOSTILE = "50% <b>&\"',:;|`*\t\x07\n::error::x مقال.txt"
UNDECODABLE = os.fsdecode(b"not-utf8-\xff.txt")

#: A byte order mark, an emoji and a letter outside the BMP before the finding, CRLF, and a fix that is two lines below.
MIXED = "\ufeff😀 𞤀 قال اخظغ.\r\n\r\nثم ظغخز قال غظخط اخظغ.\r\n"
MENDED = "\ufeff😀 𞤀 قال إخظغ.\r\n\r\nثم قال غظخط إخظغ.\r\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, compiled: Path) -> Command:
    """A repository with awkward files, checked once from a folder below its top in all formats at a time."""
    from conftest import SETTINGS

    folder = tmp_path_factory.mktemp("site") / "here"
    folder.mkdir()
    (folder.parent / ".git").mkdir()
    command = Command(folder, compiled)
    command.write("arlint.toml", SETTINGS)
    command.write("a b/مزيج.txt", MIXED)
    command.write("clean.txt", "قال كلامًا.\n")
    command.write("bad.txt", b"\x81\xff\xfe\x00\xff")
    command.write("two.txt", "قال اخظغ.\nقال اخظغ.\n")
    if sys.platform != "win32":
        command.write(HOSTILE, "قال اخظغ.\n")
        command.write(UNDECODABLE, "قال اخظغ.\n")
    outputs = [f"--output-format={name}={file}" for name, file in FORMATS.items()]
    run = command("check", *outputs, "--max-rate", "outlet=1/1k", ".", "gone.txt", "../elsewhere.txt")
    assert run.status == 2, run.err
    assert "⟦اخظغ⟧" in run.out
    assert "gate outlet=1/1k fell: " in run.err
    return command


def read(written: Command, name: str) -> str:
    return (written.folder / FORMATS[name]).read_bytes().decode("utf-8")


def findings(written: Command) -> list[dict[str, Any]]:
    return [json.loads(line) for line in read(written, "jsonl").splitlines()]


def test_every_format_tells_every_finding_once(written: Command) -> None:
    count = len(findings(written))
    assert count == (8 if sys.platform != "win32" else 6)
    log = json.loads(read(written, "sarif"))["runs"][0]
    assert len(log["results"]) == count
    assert sum(entry["severity"] != "critical" for entry in json.loads(read(written, "gitlab"))) == count
    assert sum("suggestions" in d or d["code"]["value"] == NOTE for d in json.loads(read(written, "rdjson"))["diagnostics"]) == count
    assert len(etree.fromstring(read(written, "junit").encode()).findall(".//failure")) == count
    assert sum(e.get("source") != "arlint.unread" for e in etree.fromstring(read(written, "checkstyle").encode()).iter("error")) == count
    assert len(re.findall(r"^::(?:error|warning|notice) file=[^\n]*,line=", read(written, "github"), re.MULTILINE)) == count


@pytest.mark.parametrize(("name", "schema"), [("sarif", "sarif-schema-2.1.0.json"), ("rdjson", "rdjson.json"), ("gitlab", "gitlab-code-quality.json")])
def test_json_formats_are_valid(written: Command, name: str, schema: str) -> None:
    rules = json.loads((SCHEMAS / schema).read_text("utf-8"))
    checker = jsonschema.validators.validator_for(rules)
    checker.check_schema(rules)
    errors = list(checker(rules, format_checker=jsonschema.FormatChecker()).iter_errors(json.loads(read(written, name))))
    assert not errors, errors[0]


@pytest.mark.parametrize(("name", "schema"), [("junit", "junit-10.xsd"), ("checkstyle", "checkstyle-report.xsd")])
def test_xml_formats_are_valid(written: Command, name: str, schema: str) -> None:
    rules = etree.XMLSchema(etree.parse(SCHEMAS / schema))
    rules.assertValid(etree.fromstring(read(written, name).encode()))


def test_schemas_refuse_what_is_wrong() -> None:
    """The schemas written here are no rubber stamps."""
    for name, wrong in {"rdjson.json": {"source": {"name": "x"}, "diagnostics": [{"mesage": "x"}]}, "gitlab-code-quality.json": [{"description": "x"}]}.items():
        rules = json.loads((SCHEMAS / name).read_text("utf-8"))
        assert list(jsonschema.validators.validator_for(rules)(rules).iter_errors(wrong))
    rules = etree.XMLSchema(etree.parse(SCHEMAS / "checkstyle-report.xsd"))
    assert not rules.validate(etree.fromstring('<checkstyle version="1"><file name="x"><error line="0" severity="error" message="" source=""/></file></checkstyle>'))


def test_records_have_the_line_of_their_file_and_their_place_in_the_text(own: Command) -> None:
    own.write("a.jsonl", '{"id": "x", "text": "قال كلامًا."}\n{"id": "y", "text": "قال كلامًا.\\nقال اخظغ."}\n{"id": "x", "text": "قال اخظغ."}\n')
    outputs = [f"--output-format={name}={file}" for name, file in FORMATS.items()]
    assert own("check", "-q", *outputs, "a.jsonl").status == 1
    entries = json.loads(read(own, "gitlab"))
    assert [entry["location"]["lines"]["begin"] for entry in entries] == [2, 3]
    assert entries[0]["description"].startswith("record y, text, 2:5: 'اخظغ' is spelled")
    assert read(own, "github").startswith("::error file=a.jsonl,line=2,endLine=2,title=")
    first, second = json.loads(read(own, "sarif"))["runs"][0]["results"]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}
    assert second["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "record x, text, 1:5"
    assert "fixes" not in first  # its offsets count in the field, not in the file
    diagnostics = json.loads(read(own, "rdjson"))["diagnostics"]
    assert [d["location"]["range"] for d in diagnostics] == [{"start": {"line": 2}}, {"start": {"line": 3}}]
    assert [e.get("line") for e in etree.fromstring(read(own, "checkstyle").encode()).iter("error")] == ["2", "3"]
    for name, schema in {"sarif": "sarif-schema-2.1.0.json", "rdjson": "rdjson.json", "gitlab": "gitlab-code-quality.json"}.items():
        jsonschema.validate(json.loads(read(own, name)), json.loads((SCHEMAS / schema).read_text("utf-8")))
    for name, schema in {"junit": "junit-10.xsd", "checkstyle": "checkstyle-report.xsd"}.items():
        etree.XMLSchema(etree.parse(SCHEMAS / schema)).assertValid(etree.fromstring(read(own, name).encode()))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_run_without_findings_is_valid_too(own: Command, name: str) -> None:
    own.write("a.txt", "قال كلامًا.\n")
    run = own("check", "--output-format", name, "a.txt")
    assert run.status == 0
    if name in ("sarif", "gitlab", "rdjson"):
        json.loads(run.out)
        schema = {"sarif": "sarif-schema-2.1.0.json", "rdjson": "rdjson.json", "gitlab": "gitlab-code-quality.json"}[name]
        jsonschema.validate(json.loads(run.out), json.loads((SCHEMAS / schema).read_text("utf-8")))
    elif name in ("junit", "checkstyle"):
        etree.XMLSchema(etree.parse(SCHEMAS / {"junit": "junit-10.xsd", "checkstyle": "checkstyle-report.xsd"}[name])).assertValid(etree.fromstring(run.bytes_out))
    elif name != "markdown":
        assert run.out == ""


def test_sarif_fixes_applied_as_the_log_says_mend_the_file(written: Command) -> None:
    log = json.loads(read(written, "sarif"))["runs"][0]
    assert log["columnKind"] == "unicodeCodePoints"
    raw = MIXED.removeprefix("\ufeff")  # SARIF, 3.30.9: a byte order mark is not counted
    lines = raw.split("\r\n")
    edits = []
    for result in log["results"]:
        place = result["locations"][0]["physicalLocation"]
        if not unquote(place["artifactLocation"]["uri"]).endswith("مزيج.txt"):
            continue
        region = place["region"]
        by_offset = raw[region["charOffset"] : region["charOffset"] + region["charLength"]]
        assert lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == by_offset
        for fix in result.get("fixes", []):
            assert fix["artifactChanges"][0]["artifactLocation"] == place["artifactLocation"]
            for change in fix["artifactChanges"][0]["replacements"]:
                deleted = change["deletedRegion"]
                start = deleted["charOffset"]
                assert lines[deleted["startLine"] - 1][deleted["startColumn"] - 1 :].startswith(raw[start : start + deleted["charLength"]])
                edits.append((start, start + deleted["charLength"], change["insertedContent"]["text"]))
    for start, end, text in sorted(edits, reverse=True):
        raw = raw[:start] + text + raw[end:]
    assert "\ufeff" + raw == MENDED


def test_sarif_names_rules_files_and_what_was_not_read(written: Command) -> None:
    log = json.loads(read(written, "sarif"))["runs"][0]
    rules = log["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {SAFE, UNSAFE, NOTE}
    for result in log["results"]:
        rule = rules[result["ruleIndex"]]
        assert (rule["id"], rule["defaultConfiguration"]["level"]) == (result["ruleId"], result["level"])
        assert {"error": SAFE, "warning": UNSAFE, "note": NOTE}[result["level"]] == result["ruleId"]
    safe = next(rule for rule in rules if rule["id"] == SAFE)
    assert safe["shortDescription"]["text"] == "A made-up word without its hamza"
    assert "+ قال إخظغ." in safe["help"]["markdown"]
    assert safe["properties"]["tags"] == ["spelling", "profile-editorial", "profile-corpus", "profile-strict", "fix-safe"]
    assert "helpUri" not in safe  # the rule is the user's own
    top = written.folder.parent
    for result in log["results"]:
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", artifact["uri"])
        assert artifact["uriBaseId"] == "SRCROOT"
        assert os.path.isfile(os.path.join(os.fsencode(top), bytes_of(artifact["uri"])))
    (invocation,) = log["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = {note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: note["message"]["text"] for note in invocation["toolExecutionNotifications"]}
    assert set(notes) == {"here/gone.txt", "elsewhere.txt"}
    assert notes["here/gone.txt"] == "no such file or folder; check the spelling of the path"
    assert log["properties"]["gates"][0]["fell"] is True


def bytes_of(uri: str) -> bytes:
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(uri)


def test_sarif_tells_a_file_outside_the_repository_by_its_whole_address(own: Command) -> None:
    inside = own.folder / "repository"
    (inside / ".git").mkdir(parents=True)
    own.write("دخيل.txt", "قال اخظغ.")
    log = json.loads(own("check", "--config", "../arlint.toml", "--output-format", "sarif", "../دخيل.txt", cwd=inside).out)["runs"][0]
    artifact = log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert "uriBaseId" not in artifact
    parts = urlsplit(artifact["uri"])
    assert parts.scheme == "file"
    assert Path(unquote(parts.path).removeprefix("/" if sys.platform == "win32" else "")) == (own.folder / "دخيل.txt")


def test_sarif_tells_broken_settings_as_a_notification(own: Command) -> None:
    own.write("a.txt", "قال كلامًا.")
    own.write("b/arlint.toml", "selct = 1\n")
    own.write("b/b.txt", "قال كلامًا.")
    run = own("check", "--output-format", "sarif", "a.txt", "b")
    (invocation,) = json.loads(run.out)["runs"][0]["invocations"]
    assert "unknown key 'selct'" in invocation["toolConfigurationNotifications"][0]["message"]["text"]
    assert (run.status, invocation["executionSuccessful"]) == (2, False)


def test_rdjson_suggestions_applied_to_bytes_mend_the_file(written: Command) -> None:
    lines = MIXED.encode().split(b"\n")
    report = json.loads(read(written, "rdjson"))
    here = [d for d in report["diagnostics"] if d["location"]["path"] == "here/a b/مزيج.txt"]
    assert [d["severity"] for d in here] == ["ERROR", "WARNING", "INFO", "ERROR"]
    places = []
    for diagnostic in here:
        start, end = diagnostic["location"]["range"]["start"], diagnostic["location"]["range"]["end"]
        found = lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1].decode()
        assert found.strip() in ("اخظغ", "ظغخز", "غظخط")
        places += [(s["range"]["start"], s["range"]["end"], s["text"]) for s in diagnostic.get("suggestions", [])]
    for start, end, text in sorted(places, key=lambda p: (p[0]["line"], p[0]["column"]), reverse=True):
        line = lines[start["line"] - 1]
        lines[start["line"] - 1] = line[: start["column"] - 1] + text.encode() + line[end["column"] - 1 :]
    assert b"\n".join(lines).decode() == MENDED


def test_gitlab_fingerprints_are_all_different_and_stay(written: Command) -> None:
    entries = json.loads(read(written, "gitlab"))
    prints = [entry["fingerprint"] for entry in entries]
    assert len(set(prints)) == len(prints)
    (again,) = json.loads(written("check", "--output-format", "gitlab", "-q", "--select", NOTE, "a b/مزيج.txt").out)
    assert again["fingerprint"] in prints
    assert again["location"] == {"path": "here/a b/مزيج.txt", "lines": {"begin": 3, "end": 3}}
    assert again["severity"] == "info"


def test_github_commands_cannot_be_broken_out_of(written: Command) -> None:
    lines = read(written, "github").splitlines()
    assert all(re.match(r"::(?:error|warning|notice) (?:[a-zA-Z]+=[^,:\n]*,)*title=[^,:\n]*::", line) for line in lines)
    first = next(line for line in lines if "مزيج" in line and "line=1," in line)
    assert first.startswith(f"::error file=here/a b/مزيج.txt,line=1,endLine=1,col=9,endColumn=13,title=arlint ({SAFE})::here/a b/مزيج.txt:1:9: {SAFE} 'اخظغ' is spelled 'إخظغ' (fix, safe: ")
    assert lines[-1].startswith("::error title=arlint::gate outlet=1/1k fell: ")
    if sys.platform != "win32":
        (hostile,) = (line for line in lines if "50%25" in line)
        assert "file=here/50%25 <b>&\"'%2C%3A;|`*<U+0009" in hostile


def test_xml_formats_name_what_xml_cannot_hold(written: Command) -> None:
    if sys.platform == "win32":
        pytest.skip("such names cannot be written here")
    names = [suite.get("name") for suite in etree.fromstring(read(written, "junit").encode())]
    assert "here/" + HOSTILE.replace("\x07", "<U+0007>") in names
    assert "here/not-utf8-\\xff.txt" in names
    assert [file.get("name") for file in etree.fromstring(read(written, "checkstyle").encode())].count("here/" + HOSTILE.replace("\x07", "<U+0007>")) == 1


def test_junit_has_a_case_for_every_file(written: Command) -> None:
    suites = {suite.get("name"): suite for suite in etree.fromstring(read(written, "junit").encode())}
    clean = suites["here/clean.txt"]
    assert (clean.get("tests"), clean.get("failures"), clean.get("errors"), len(clean)) == ("1", "0", "0", 1)
    assert suites["here/gone.txt"].get("errors") == "1"
    two = suites["here/two.txt"]
    assert [case.get("name") for case in two] == [f"{SAFE} 1:5", f"{SAFE} 2:5"]
    assert two[1][0].get("message") == "'اخظغ' is spelled 'إخظغ'"


def test_markdown_is_a_table_by_family_and_names_no_markup(written: Command) -> None:
    page = read(written, "markdown")
    spelling = next(line for line in page.splitlines() if line.startswith("| spelling |"))
    assert [cell.strip() for cell in spelling.split("|")][2] == ("6" if sys.platform != "win32" else "4")
    assert "❌ fell" in page
    assert "<b>" not in page
    assert "::error::x" not in page.splitlines()
    assert "- <code>here/gone.txt</code>: no such file or folder" in page


def test_each_file_of_findings_is_written_whole_or_not_at_all(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.")
    kept = own.write("out.json", "what was there")
    run = own("check", "--output-format", "json=out.json", "--output-format", "sarif=no/where.sarif", "a.txt")
    assert run.status == 2, run.err
    assert "no/where.sarif: cannot be written" in run.err
    assert kept.read_text("utf-8") == "what was there"
    assert own("check", "-q", "--output-format", "json=out.json", "a.txt").status == 1
    assert json.loads(kept.read_text("utf-8"))["findings"][0]["rule"] == SAFE
    assert sorted(path.name for path in own.folder.iterdir()) == ["a.txt", "arlint.toml", "out.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_findings_can_go_to_a_device(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.")
    run = own("check", "-q", "--output-format", "jsonl", "-o", "/dev/stdout", "a.txt")
    assert json.loads(run.out)["rule"] == SAFE
    assert os.path.exists("/dev/stdout")


def test_a_new_file_of_findings_has_the_usual_mode_and_an_old_one_keeps_its_own(own: Command) -> None:
    if sys.platform == "win32":
        pytest.skip("no modes here")
    own.write("a.txt", "قال اخظغ.")
    own("check", "-o", "new.txt", "a.txt")
    usual = own.folder / "usual"
    usual.touch()
    assert (own.folder / "new.txt").stat().st_mode == usual.stat().st_mode
    usual.chmod(0o640)
    own("check", "-o", "usual", "a.txt")
    assert usual.stat().st_mode & 0o777 == 0o640


def test_counts_by_rule_are_for_the_formats_that_have_them(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.")
    run = own("check", "--statistics", "--output-format", "sarif", "a.txt")
    assert (run.status, run.err) == (2, "arlint: --statistics is for the formats concise, json, jsonl, text, not for sarif\n")
    run = own("check", "--statistics", "--output-format", "sarif=log.sarif", "a.txt")
    assert run.out.startswith("      1      500/1k  spelling/made-up")
    assert len(json.loads((own.folder / "log.sarif").read_bytes())["runs"][0]["results"]) == 1


def test_what_remains_after_fixing_is_told_in_every_format(own: Command) -> None:
    own.write("a.txt", "قال اخظغ غظخط.")
    run = own("fix", "-q", "--output-format", "gitlab", "--output-format", "rdjson=rd.json", "a.txt")
    assert [entry["check_name"] for entry in json.loads(run.out)] == [NOTE]
    assert [d["code"]["value"] for d in json.loads((own.folder / "rd.json").read_bytes())["diagnostics"]] == [NOTE]
    run = own("fix", "--diff", "--unsafe-fixes", "-q", "--output-format", "gitlab=left.json", "a.txt")
    assert (run.status, run.out, len(json.loads((own.folder / "left.json").read_bytes()))) == (0, "", 1)
