"""The command in Arabic: in which language it speaks, and that every line that it says has its Arabic."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import SAFE, SETTINGS, Command

from arlint import messages

ROOT = Path(__file__).parent.parent
CATALOGUE: dict[str, str] = yaml.safe_load((ROOT / "arlint" / "messages.ar.yaml").read_text("utf-8"))
FSI, PDI = "\u2068", "\u2069"

#: Calls that carry a line for people; ValueError and the like are for programs.
SAY = {"UsageError", "RuleError", "SettingsError", "UnknownRule", "Unusable", "Unwritable", "Undecodable", "Mistake", "Problem", "Report", "GateError", "error", "refuse", "_say", "_tell", "said"}


@pytest.mark.parametrize(
    ("line", "settings", "environment", "arabic"),
    [
        ((), "", {}, False),
        ((), "", {"LANG": "ar_EG.UTF-8", "LC_ALL": ""}, True),
        ((), "", {"LC_MESSAGES": "ar", "LANG": "en_US.UTF-8", "LC_ALL": ""}, True),
        ((), "", {"LC_ALL": "en_US.UTF-8", "LANG": "ar_EG.UTF-8"}, False),
        ((), "", {"ARLINT_LANG": "ar", "LC_ALL": "en_US.UTF-8"}, True),
        ((), 'lang = "en"\n', {"ARLINT_LANG": "ar"}, False),
        ((), 'lang = "ar"\n', {"LC_ALL": "en_US.UTF-8"}, True),
        (("--lang", "en"), 'lang = "ar"\n', {"ARLINT_LANG": "ar"}, False),
        (("--lang=ar",), 'lang = "en"\n', {}, True),
    ],
)
def test_the_option_comes_before_the_settings_the_variable_and_the_locale(own: Command, line: tuple[str, ...], settings: str, environment: dict[str, str], arabic: bool) -> None:
    own.write("arlint.toml", settings + SETTINGS)
    own.write("a.txt", "قال اخظغ.")
    out = own("check", *line, "a.txt", env=environment).out
    assert ("«اخظغ» تُكتب «إخظغ»" in out, "is spelled" in out) == (arabic, not arabic)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["chek"], "لا أمر باسم 'chek' (لعلّك تقصد 'check'؟)؛ الأوامر: "),
        (["check", "--selct", "x"], "لا خيار باسم '--selct' (لعلّك تقصد '--select'؟)؛ انظر 'arlint check --help'"),
        (["check", "nothing.txt"], "nothing.txt: لا ملف ولا مجلد بهذا الاسم؛ راجع كتابة المسار"),
        (["check", "--jobs", "x"], "قيمة غير مقبولة في '--jobs' / '-j': 'x' ليس عددًا صحيحًا"),
        (["check", "--fail-on", "eror"], "القيمة 'eror' غير مقبولة في --fail-on (لعلّك تقصد 'error'؟)؛ المقبول: error, warning, info"),
        (["check", "--select", "quots"], "--select: لا قاعدة ولا عائلة باسم 'quots' (لعلّك تقصد 'quotes'؟)"),
        (["check", "--config", "broken.toml"], "broken.toml:2: مفتاح غير معروف 'selct' (لعلّك تقصد 'select'؟)"),
        (["explain"], "ينقص 'RULE'"),
        (["explain", "spelling/mad-up"], "لا قاعدة باسم 'spelling/mad-up' (لعلّك تقصد 'spelling/made-up'؟)"),
    ],
)
def test_a_refusal_is_one_arabic_line(own: Command, line: list[str], said: str) -> None:
    own.write("broken.toml", 'profile = "strict"\nselct = ["ALL"]\n')
    done = own(*line, env={"ARLINT_LANG": "ar"})
    assert done.status == 2
    assert said in done.err
    assert done.err.startswith("arlint: ")
    assert done.err.count("\n") == 1


def test_help_and_the_page_of_a_rule_are_arabic(own: Command) -> None:
    for name in ("check", "fix", "explain", "completion", "schema"):
        out = own(name, "--help", env={"LC_ALL": "ar_SA.UTF-8"}).out
        assert out.startswith(f"الاستعمال: arlint {name} ")
        english = [line for line in out.splitlines() if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,} [a-z]{2,}", line) and "arlint" not in line]
        assert english == []
    assert "خيارات أخرى:\n" in own("explain", "--lang", "ar", "--help").out
    page = own("explain", SAFE, "--lang", "ar").lines
    assert page[1] == "مستقرّة، خطأ، منذ الإصدار 0.1؛ الأنماط: editorial, corpus, strict"
    assert [head for head in ("السبب", "أمثلة", "لا يمسّ", "سلامة الإصلاح") if head in page] == ["السبب", "أمثلة", "لا يمسّ", "سلامة الإصلاح"]


@pytest.mark.skipif(sys.platform == "win32", reason="opens a terminal as POSIX does")
def test_on_a_terminal_what_is_filled_in_is_isolated_and_examples_are_in_colour(own: Command) -> None:
    def seen(*line: str) -> str:
        import pty

        main, side = pty.openpty()
        environment = {**os.environ, "ARLINT_CACHE_DIR": str(own.cache), "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        environment.pop("NO_COLOR", None)
        process = subprocess.Popen([sys.executable, "-m", "arlint", *line], cwd=own.folder, env=environment, stdout=side, stderr=side)
        os.close(side)
        out = b""
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:  # Linux says so where others give nothing
                break
            if not piece:
                break
            out += piece
        os.close(main)
        process.wait()
        return out.decode().replace("\r\n", "\n")

    assert seen("check", "--lang", "ar", "قديم.txt") == f"arlint: {FSI}قديم.txt{PDI}: {FSI}لا ملف ولا مجلد بهذا الاسم؛ راجع كتابة المسار{PDI}\n"
    page = seen("explain", SAFE)
    assert f"\x1b[31m- {FSI}قال اخظغ.{PDI}\x1b[0m\n  \x1b[32m+ {FSI}قال إخظغ.{PDI}\x1b[0m\n" in page
    assert page.count(FSI) == page.count(PDI)


def test_a_log_and_a_broken_record_speak_arabic(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.")
    own("fix", "--log", "fixes.log", "a.txt")
    assert own("undo", "fixes.log", "--folder", ".", env={"ARLINT_LANG": "ar"}).out == "ملفات استُعيدت: 1\n"
    again = own("undo", "fixes.log", "--folder", ".", env={"ARLINT_LANG": "ar"})
    assert again.out == "ملفات استُعيدت: 0، على حالها قبل الإصلاح: 1\n"
    own.write("b.csv", "id,text\n1,قال\n2\n")
    assert "b.csv: السجلّ 2: عدد حقوله 1 وفي سطر العناوين 2\n" in own("check", "--lang", "ar", "b.csv").err


def test_every_line_of_the_catalogue_says_the_same_in_arabic() -> None:
    for english, arabic in CATALOGUE.items():
        assert re.search("[\u0621-\u064a]", arabic) or not re.search("[a-z]", english.replace("--output-file", "")), f"{english}: no Arabic"
        holes = re.findall(r"\{(\d*)\}", arabic)
        assert len(holes) == english.count("{}"), f"{english}: {english.count('{}')} to fill in, {len(holes)} in Arabic"
        filled, count = english.replace("(s)", "s"), 0
        while "{}" in filled:
            filled, count = filled.replace("{}", f"v{count}", 1), count + 1
        found = messages.arabic(filled)
        assert found
        assert all(f"v{number}" in found for number in range(count)), f"{english}: {found}"


def test_what_the_code_says_is_in_the_catalogue() -> None:
    said = sorted(set(_lines()))
    missing = [line for line in said if messages.arabic(line.replace("{}", "x y")) is None]
    assert len(said) > 100
    # a few new lines may wait for their translator: they are said in English until then
    assert len(missing) <= 0.05 * len(said), "\n".join(["no Arabic in arlint/messages.ar.yaml for:", *missing])


def _lines() -> Iterator[str]:
    """The lines, with {} for what is filled in, that the code hands to people."""
    for path in sorted((ROOT / "arlint").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (getattr(node.func, "id", None) or getattr(node.func, "attr", "")) in SAY:
                for value in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    for one in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                        line = _template(one)
                        if line and re.search(r"[a-z]{2} [a-z]", line.replace("{}", "")):
                            yield line


def _template(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (_template(node.left) or "{}") + (_template(node.right) or "{}")
    return None
