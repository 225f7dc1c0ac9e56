"""`arlint check` as it is typed: exact output, exit status, and what is read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import NOTE, SAFE, UNSAFE, Command

FOUND = "قال اخظغ كلامًا ظغخز طويلًا.\nثم غظخط.\n"


def test_text_groups_by_file_and_marks_the_place(own: Command) -> None:
    own.write("a.txt", FOUND)
    own.write("b.txt", "قال كلامًا.\n")
    run = own("check", ".")
    assert run.out == (
        "a.txt\n"
        "   1:5  error  spelling/made-up  'اخظغ' is spelled 'إخظغ'\n"
        "        قال ⟦اخظغ⟧ كلامًا ظغخز طويلًا.\n"
        "        fix (safe): Write 'إخظغ'\n"
        "  1:16  warning  outlet/made-up  ' ظغخز' is left alone\n"
        "        قال اخظغ كلامًا⟦ ظغخز⟧ طويلًا.\n"
        "        fix (unsafe): Delete it\n"
        "   2:4  info  consistency/made-up  'غظخط' is worth a thought\n"
        "        ثم ⟦غظخط⟧.\n"
        "\n"
        "3 findings in 1 file (1 fixable with 'arlint fix', 1 more with '--unsafe-fixes')\n"
    )
    assert (run.status, run.err) == (1, "")


def test_messages_in_arabic(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.\n")
    run = own("check", "--lang", "ar", ".")
    assert run.out == ("a.txt\n  1:5  خطأ  spelling/made-up  «اخظغ» تُكتب «إخظغ»\n       قال ⟦اخظغ⟧.\n       إصلاح (آمن): اكتب «إخظغ»\n\nمواضع: 1؛ ملفات: 1 من 1؛ يُصلحها arlint fix: 1\n")


def test_nothing_found(own: Command) -> None:
    own.write("a.txt", "قال كلامًا.\n")
    run = own("check")
    assert (run.status, run.out, run.err) == (0, "nothing found in 1 file\n", "")


def test_concise(own: Command) -> None:
    own.write("a.txt", FOUND)
    run = own("check", "--output-format", "concise", "-q", "a.txt")
    assert run.lines == [f"a.txt:1:5: {SAFE} 'اخظغ' is spelled 'إخظغ'", f"a.txt:1:16: {UNSAFE} ' ظغخز' is left alone", f"a.txt:2:4: {NOTE} 'غظخط' is worth a thought"]


def test_jsonl_counts_code_points_as_stored(own: Command) -> None:
    own.write("a.txt", b"\xef\xbb\xbf" + "𞤀 سطر\r\nقال اخظغ.\r\n".encode())
    run = own("check", "--output-format", "jsonl", "a.txt")
    (finding,) = map(json.loads, run.lines)
    fingerprint = finding.pop("fingerprint")
    assert finding == {
        "path": "a.txt",
        "record": None,
        "field": None,
        "rule": SAFE,
        "family": "spelling",
        "severity": "error",
        "message": "'اخظغ' is spelled 'إخظغ'",
        "start": {"offset": 11, "line": 2, "column": 5},
        "end": {"offset": 15, "line": 2, "column": 9},
        "fix": {"applicability": "safe", "title": "Write 'إخظغ'", "edits": [{"start": 11, "end": 15, "text": "إخظغ"}]},
    }
    assert len(fingerprint) == 16
    assert list(json.loads(run.lines[0])) == ["path", "record", "field", "rule", "family", "severity", "message", "start", "end", "fix", "fingerprint"]


def test_fingerprints_survive_moves_and_tell_equal_places_apart(own: Command) -> None:
    own.write("a.txt", "وصل الوزير إلى المدينة وقال اخظغ.\nوصل الوزير إلى المدينة وقال اخظغ.\n")
    own.write("b.txt", "عنوان\n\nوصل الوزير إلى المدينة  وقال اخظغ.\nوصل الوزير إلى المدينة وقال اخظغ.\n")
    found = [json.loads(line) for line in own("check", "--output-format", "jsonl", ".").lines]
    prints = {name: [f["fingerprint"] for f in found if f["path"] == name] for name in ("a.txt", "b.txt")}
    assert len(set(prints["a.txt"])) == 2
    assert prints["a.txt"] == prints["b.txt"]


def test_json_has_version_and_summary(own: Command) -> None:
    own.write("a.txt", FOUND)
    document = json.loads(own("check", "--output-format", "json", ".").out)
    assert [f["rule"] for f in document["findings"]] == [SAFE, UNSAFE, NOTE]
    assert document["version"]
    assert document["summary"] == {
        "files": 1,
        "failed": 0,
        "files_with_findings": 1,
        "findings": 3,
        "severity": {"error": 1, "warning": 1, "info": 1},
        "fixable": {"safe": 1, "unsafe": 1, "manual": 0},
        "fixed": 0,
        "changed": 0,
        "words": 7,
        "gates": [],
    }
    assert json.loads(own("check", "--output-format", "json", "--select", NOTE, "arlint.toml").out)["findings"] == []


def test_statistics(own: Command) -> None:
    own.write("a.txt", FOUND + FOUND)
    run = own("check", "--statistics", "--select", f"{SAFE},{NOTE}", ".")
    assert run.out == "      2      143/1k  consistency/made-up\n      2      143/1k  spelling/made-up  (2 safe)\n4 findings in 1 file (2 fixable with 'arlint fix')\n"
    run = own("check", "--statistics", "--output-format", "jsonl", "--select", SAFE, ".")
    assert run.out == '{"rule":"spelling/made-up","count":2,"files":1,"rate":142.8571,"safe":2,"unsafe":0,"manual":0}\n'


@pytest.mark.parametrize(
    ("text", "args", "status"),
    [(FOUND, [], 1), (FOUND, ["--exit-zero"], 0), (FOUND, ["--fail-on", "error"], 1), ("غظخط", ["--fail-on", "error"], 0), ("غظخط", ["--fail-on", "warning"], 0), ("غظخط", [], 1)],
)
def test_exit_status(own: Command, text: str, args: list[str], status: int) -> None:
    own.write("a.txt", text)
    assert own("check", *args, "a.txt").status == status


def test_selection(own: Command) -> None:
    own.write("a.txt", FOUND)

    def rules(*args: str) -> list[str]:
        return sorted(json.loads(line)["rule"] for line in own("check", "--output-format", "jsonl", *args, ".").lines)

    assert rules("--ignore", "spelling") == [NOTE, UNSAFE]
    assert rules("--select", SAFE, "--extend-select", NOTE) == [NOTE, SAFE]
    assert rules("--select", f"{SAFE}, {NOTE}", "--ignore", NOTE) == [SAFE]


def test_standard_input(own: Command) -> None:
    run = own("check", "--output-format", "concise", "-q", "-", stdin="قال اخظغ.".encode())
    assert (run.status, run.out) == (1, "-:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'\n")
    run = own("check", "--output-format", "concise", "-q", "--stdin-filename", "x/y.txt", "-", stdin="قال اخظغ.".encode())
    assert run.out == "x/y.txt:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'\n"


def test_output_file(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.")
    run = own("check", "--output-format", "concise", "--quiet", "-o", "found.txt", "a.txt")
    assert (run.status, run.out) == (1, "")
    assert (own.folder / "found.txt").read_bytes() == "a.txt:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'\n".encode()


def test_folders_are_walked_as_git_sees_them(own: Command) -> None:
    for name in ("z.txt", "b/a.TEXT", "b/c.md", "b/c.py", "b/c", ".hidden/x.txt", ".x.txt", "skip/x.txt", "b/skip.txt", "b/keep.txt", "deep/er/x.txt", "out/x.txt"):
        own.write(name, "قال اخظغ.")
    (own.folder / ".git").mkdir()
    own.write(".gitignore", "skip/\n/out\n")
    own.write("b/.gitignore", "*.txt\n!keep.txt\n")
    own.write("arlint.toml", (own.folder / "arlint.toml").read_text("utf-8") + 'exclude = ["er/"]\n')

    def paths(*args: str) -> list[str]:
        return [json.loads(line)["path"].replace(os.sep, "/") for line in own("check", "--output-format", "jsonl", *args).lines]

    assert paths() == ["b/a.TEXT", "b/c.md", "b/keep.txt", "z.txt"]
    assert paths("b") == ["b/a.TEXT", "b/c.md", "b/keep.txt"]
    # a name that is passed is read though git ignores it, but never what the settings exclude: pre-commit passes names
    assert paths("skip/x.txt", "deep/er/x.txt", "./z.txt", "z.txt") == ["skip/x.txt", "./z.txt"]


def test_links_are_followed_once(own: Command) -> None:
    own.write("d/a.txt", "قال اخظغ.")
    (own.folder / "d" / "b.txt").symlink_to("a.txt")
    (own.folder / "d" / "loop").symlink_to(own.folder, target_is_directory=True)
    (own.folder / "d" / "gone.txt").symlink_to("nowhere.txt")
    run = own("check", "--output-format", "concise", "-q", ".")
    assert (run.status, run.lines, run.err) == (1, ["d/a.txt:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'"], "")


def test_many_files_on_many_processes_come_in_order(own: Command) -> None:
    for number in range(60):
        own.write(f"{number:03}.txt", "قال اخظغ.\n" * (1 + number % 3))
    own.write("030.txt", b"").rename(own.folder / "030.jsonl").write_text("{broken")
    one, many = own("check", "--output-format", "jsonl", "-j", "1", "."), own("check", "--output-format", "jsonl", "-j", "3", ".")
    assert (many.out, many.err, many.status) == (one.out, one.err, one.status)
    assert one.status == 2
    assert len(one.lines) == 119


def test_control_characters_are_named_and_never_sent(own: Command) -> None:
    own.write("a\x1b[31m.txt", "قال \x1b[2J اخظغ \u202eكلامًا.\n")
    run = own("check", ".")
    assert "\x1b" not in run.out
    assert "\u202e" not in run.out
    assert "⟦اخظغ⟧ <U+202E RIGHT-TO-LEFT OVERRIDE>كلامًا." in run.out
    assert "<U+001B CONTROL CHARACTER>[2J" in run.out


def test_colour_and_isolates_are_for_a_terminal(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.\n")
    assert "\x1b[" in own("check", "--color", "always", ".").out
    pty = pytest.importorskip("pty")
    env = {**os.environ, "ARLINT_CACHE_DIR": str(own.cache), "TERM": "xterm"}
    for name in ("NO_COLOR", "FORCE_COLOR"):
        env.pop(name, None)
    shown = _on_a_terminal(pty, own.folder, env)
    assert "\x1b[31;1m⟦اخظغ⟧\x1b[0m" in shown
    assert "\u2068'\u2068اخظغ\u2069' is spelled '\u2068إخظغ\u2069'\u2069" in shown
    assert "\x1b" not in _on_a_terminal(pty, own.folder, {**env, "NO_COLOR": "1"})


def _on_a_terminal(pty: object, folder: Path, env: dict[str, str]) -> str:
    import subprocess
    import sys

    parent, child = os.openpty()
    with subprocess.Popen([sys.executable, "-m", "arlint", "check", "."], cwd=folder, stdout=child, stderr=child, env=env) as process:
        os.close(child)
        shown = b""
        while True:
            try:
                chunk = os.read(parent, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not chunk:
                break
            shown += chunk
        process.wait()
    os.close(parent)
    return shown.decode("utf-8")


def test_version_does_not_load_the_engine() -> None:
    import subprocess
    import sys

    code = "import sys\nfrom arlint.cli import main\ntry:\n    main(['--version'])\nexcept SystemExit as end:\n    assert not end.code\n"
    code += "print(sorted({'regex', 'arlint.engine', 'rich', 'yaml', 'msgspec'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["arlint 0.1.0", "[]"]


def test_rich_is_not_loaded_where_nothing_is_shown_on_a_terminal(own: Command) -> None:
    import subprocess
    import sys

    own.write("a.txt", FOUND)
    code = "import sys\nfrom arlint.cli import main\ntry:\n    main(['check', '.'])\nexcept SystemExit:\n    pass\n"
    code += "print(sorted({'rich', 'concurrent.futures', 'pathspec', 'hyperscan'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=own.folder, env={**os.environ, "ARLINT_CACHE_DIR": str(own.folder / "cache")})
    assert done.stdout.splitlines()[-1] == "[]"
