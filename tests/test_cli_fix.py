"""`arlint fix` as it is typed: bytes on disk, what is told, and what is never written."""

from __future__ import annotations

import os
import stat

import pytest
from conftest import Command

BOM = b"\xef\xbb\xbf"
BOTH = "قال اخظغ كلامًا ظغخز طويلًا.\n"


def test_safe_fixes_are_written_and_the_rest_is_told(own: Command) -> None:
    path = own.write("a.txt", BOTH)
    run = own("fix", ".")
    assert path.read_text("utf-8") == "قال إخظغ كلامًا ظغخز طويلًا.\n"
    assert run.status == 1
    assert run.out == (
        "a.txt\n  1:16  warning  outlet/made-up  ' ظغخز' is left alone\n        قال إخظغ كلامًا⟦ ظغخز⟧ طويلًا.\n        fix (unsafe): Delete it\n\n"
        "1 finding fixed in 1 file, 1 finding left in 1 file (1 fixable with '--unsafe-fixes')\n"
    )


def test_unsafe_fixes_leave_nothing(own: Command) -> None:
    path = own.write("a.txt", BOTH)
    run = own("fix", "--unsafe-fixes", "a.txt")
    assert path.read_text("utf-8") == "قال إخظغ كلامًا طويلًا.\n"
    assert (run.status, run.out, run.err) == (0, "2 findings fixed in 1 file, nothing left\n", "")
    again = own("fix", "--unsafe-fixes", "a.txt")
    assert (again.status, again.out) == (0, "0 findings fixed in 0 files, nothing left\n")


@pytest.mark.parametrize("mark", [b"", BOM])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_bytes_around_the_edit_are_kept(own: Command, mark: bytes, newline: str, last: bool) -> None:
    def text(word: str) -> bytes:
        return mark + (f"عنوان \t{newline}{newline}قال {word}.{newline if last else ''}").encode()

    path = own.write("a.txt", text("اخظغ"))
    assert own("fix", "a.txt").status == 0
    assert path.read_bytes() == text("إخظغ")


def test_diff_is_a_patch_and_writes_nothing(own: Command) -> None:
    path = own.write("a.txt", "سطر\nقال اخظغ.")
    run = own("fix", "--diff", "a.txt")
    assert run.out == "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n سطر\n-قال اخظغ.\n\\ No newline at end of file\n+قال إخظغ.\n\\ No newline at end of file\n"
    assert (run.status, run.err) == (1, "arlint: 1 finding would be fixed in 1 file, nothing left\n")
    assert path.read_text("utf-8") == "سطر\nقال اخظغ."
    own.write("a.txt", "سطر\nغظخط.")
    run = own("fix", "--diff", "-q", "a.txt")
    assert (run.status, run.out, run.err) == (0, "", "")


@pytest.mark.parametrize("text", ["سطر\r\nقال اخظغ.\r\nسطر", "قال اخظغ.\n", "\ufeffقال اخظغ.\n\u2028سطر\n"])
def test_git_takes_the_patch(own: Command, text: str) -> None:
    import subprocess

    path = own.write("d/a.txt", text)
    run = own("fix", "--diff", "-q", ".")
    patch = own.write("x.patch", run.bytes_out)
    subprocess.run(["git", "apply", "--whitespace=nowarn", str(patch)], cwd=own.folder, check=True)
    assert path.read_bytes() == text.replace("اخظغ", "إخظغ").encode()


def test_standard_input_to_standard_output(own: Command) -> None:
    run = own("fix", "-q", "-", stdin=BOM + "قال اخظغ ظغخز.\r\n".encode())
    assert run.bytes_out == BOM + "قال إخظغ ظغخز.\r\n".encode()
    assert (run.status, "is left alone" in run.err) == (1, True)
    run = own("fix", "-q", "--format", "jsonl", "--encoding", "utf-16", "-", stdin=b"\xff\xfe{\0}")
    assert (run.status, run.bytes_out) == (2, b"")
    assert run.err == "arlint: -: ends in half a character of UTF-16, so it was cut short; fetch it again. Nothing was written\n"


def test_mode_links_and_times_are_kept(own: Command) -> None:
    path = own.write("d/a.txt", "قال اخظغ.")
    path.chmod(0o751)
    link = own.folder / "link.txt"
    link.symlink_to(path)
    clean = own.write("clean.txt", "قال كلامًا.")
    os.utime(clean, (1, 1))
    assert own("fix", "link.txt", "clean.txt").status == 0
    assert link.is_symlink()
    assert path.read_text("utf-8") == "قال إخظغ."
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert clean.stat().st_mtime == 1
    assert sorted(p.name for p in path.parent.iterdir()) == ["a.txt"]


def test_a_broken_promise_is_told_and_leaves_the_place(own: Command) -> None:
    rule = own.folder / "rules" / "spelling" / "liar.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text(
        """\
summary: A repair that calls itself safe and is not
message: {ar: "«{found}»", en: "'{found}'"}
why: Because. It is so.
since: "0.1"
check: pattern
pattern: 'زخغ(?P<tail>ظ?)'
cases: {tail: 'زخغ{tail}'}
replace: 'زخغج'
fix: {applicability: safe, title: {ar: a, en: b}}
bad: [{text: قال زخغ هنا., found: زخغ}]
good: [قال هنا., قال زخ.]
""".replace("cases: {tail: 'زخغ{tail}'}\n", ""),
        "utf-8",
    )
    own.write("arlint.toml", 'rule-paths = ["rules"]\nselect = ["spelling/liar"]\n')
    path = own.write("a.txt", "قال زخغ.")
    run = own("fix", "-q", "a.txt")
    assert run.err == "arlint: a.txt: spelling/liar: a safe fix changes letters; left as it was\n"
    assert (run.status, path.read_text("utf-8")) == (1, "قال زخغ.")


def test_many_processes_write_what_one_does(own: Command) -> None:
    for folder in ("one", "many"):
        for number in range(40):
            own.write(f"{folder}/{number}.txt", BOTH * (number + 1))
    a, b = own("fix", "-j", "1", "--output-format", "json", "one"), own("fix", "-j", "3", "--output-format", "json", "many")
    assert b.out.replace("many", "one") == a.out
    assert [(own.folder / "one" / f"{n}.txt").read_bytes() for n in range(40)] == [(own.folder / "many" / f"{n}.txt").read_bytes() for n in range(40)]
