"""What cannot be run or read: one clear line each, exit status 2, the other files go on, nothing changed on disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import OWN_RULES, RUNAWAY, SETTINGS, Command

from arlint import options
from arlint.cli import arlint as commands

SOUND = "قال كلامًا.\n"
RULE = (OWN_RULES / "spelling" / "made-up.yaml").read_text("utf-8")


@pytest.mark.parametrize("mode", ["check", "fix"])
def test_a_missing_path(own: Command, mode: str) -> None:
    own.write("a.txt", SOUND)
    run = own(mode, "-q", "--output-format", "concise", "nope.txt", "a.txt")
    assert (run.status, run.out) == (2, "")
    assert run.err == "arlint: nope.txt: no such file or folder; check the spelling of the path\n"


def test_exit_zero_does_not_hide_failures(own: Command) -> None:
    assert own("check", "--exit-zero", "nope").status == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.parquet", "no Parquet file, or cut short; fetch it again"),
        ("a.txt.gz", "compressed, which only *.jsonl, *.csv and *.tsv files may be; unpack it first, or pass --format jsonl if it holds records"),
    ],
)
def test_containers_that_cannot_be_opened(own: Command, name: str, said: str) -> None:
    own.write(name, "قال اخظغ.")
    run = own("check", "-q", name)
    assert (run.status, run.out, run.err) == (2, "", f"arlint: {name}: {said}\n")


def test_a_container_is_read_as_text_when_told_so(own: Command) -> None:
    own.write("a.md", "قال اخظغ.")
    assert own("check", "--format", "text", "-q", "--output-format", "concise", "a.md").lines == ["a.md:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'"]


def test_a_pipe_is_not_waited_for(own: Command) -> None:
    os.mkfifo(own.folder / "pipe.txt")
    run = own("check", "-q", "pipe.txt")
    assert (run.status, run.err) == (2, "arlint: pipe.txt: not a regular file; pass its text on standard input with -\n")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["chekc", "."], f"no command 'chekc' (did you mean 'check'?); there are {', '.join(sorted(commands.commands))}"),
        (["check", "--selct", "ALL"], "no option '--selct' (did you mean '--select'?); see 'arlint check --help'"),
        (["check", "--select", "speling"], "--select: no rule or family 'speling' (did you mean 'spelling'?)"),
        (["check", "--ignore", "spelling/made-upp"], "--ignore: no rule or family 'spelling/made-upp' (did you mean 'spelling/made-up'?)"),
        (["check", "--profile", "corpos"], "--profile: no profile 'corpos' (did you mean 'corpus'?); there are editorial, corpus, strict"),
        (
            ["check", "--output-format", "jsonn"],
            f"no output format 'jsonn' (did you mean 'json'?); there are {', '.join(options.FORMATS)}",
        ),
        (["check", "--format", "jsnol"], "no format 'jsnol' (did you mean 'jsonl'?); there are text, markdown, html, jsonl, csv, tsv, parquet"),
        (["check", "--encoding", "windows-1265"], "no encoding 'windows-1265' (did you mean 'windows-1256'?); there are utf-8, utf-16, utf-16-le, utf-16-be, windows-1256, iso-8859-6"),
        (["check", "--output-format", "json="], "--output-format json=: the name of a file is missing; write json=FILE"),
        (["check", "--output-format", "json", "--output-format", "jsonl"], "--output-format json and jsonl: only one goes to standard output; write jsonl=FILE"),
        (["check", "--output-format", "json=no/where.json"], "no/where.json: cannot be written (No such file or directory); check its folder, the permissions and the free space"),
        (
            ["check", "--max-rate", "outlet"],
            "--max-rate: 'outlet=' is no rate; write a rule, a family or ALL and how much of it is allowed: outlet=0.2/1k (findings in 1,000 words), ALL=5% (of the documents)",
        ),
        (["check", "--max-rate", "outlt=1%"], "--max-rate outlt=1%: no rule or family 'outlt' (did you mean 'outlet'?)"),
        (["check", "--config", "no.toml"], "--config no.toml: no such file"),
        (["check", "-", "a.txt"], "- stands alone: standard input and files cannot be read in one run"),
        (["explain", "spelling/made-upp"], "no rule 'spelling/made-upp' (did you mean 'spelling/made-up'?)"),
        (["test-rules", "nowhere"], "nowhere: no such folder of rules"),
    ],
)
def test_names_that_nobody_knows(own: Command, args: list[str], said: str) -> None:
    path = own.write("a.txt", SOUND)
    run = own(*args)
    assert (run.status, run.out, run.err) == (2, "", f"arlint: {said}\n")
    assert path.read_text("utf-8") == SOUND


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('selct = ["ALL"]\n', "1: unknown key 'selct' (did you mean 'select'?)"),
        ('\n# x\nprofile = "corpsu"\n', "3: 'profile' is one of editorial, corpus, strict, not 'corpsu' (did you mean 'corpus'?)"),
        ('select = [\n  "spelling",\n  "qoutes",\n]\n', "3: no rule or family 'qoutes' (did you mean 'quotes'?)"),
        ("profile = \n", "1: not valid TOML: Invalid value"),
    ],
)
@pytest.mark.parametrize("mode", ["check", "fix"])
def test_broken_settings(own: Command, mode: str, settings: str, said: str) -> None:
    toml = own.write("arlint.toml", settings)
    path = own.write("a.txt", "قال اخظغ.")
    run = own(mode, ".")
    assert (run.status, run.out, run.err) == (2, "", f"arlint: {toml.resolve()}:{said}\n")
    assert path.read_text("utf-8") == "قال اخظغ."


def test_broken_settings_of_one_folder_leave_the_others_alone(own: Command) -> None:
    own.write("a/x.txt", "قال اخظغ.")
    own.write("b/x.txt", "قال اخظغ.")
    own.write("b/c/x.txt", "قال اخظغ.")
    toml = own.write("b/arlint.toml", "lang = 'fr'\n")
    run = own("check", "-q", "--output-format", "concise", ".")
    assert run.lines == ["a/x.txt:1:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'"]
    assert (run.status, run.err) == (2, f"arlint: {toml.resolve()}:1: 'lang' is one of en, ar, not 'fr'\n")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RULE.replace("words: {", "wrods: {"), "8: unknown key 'wrods' for a 'words' rule (did you mean 'words'?)"),
        (RULE.replace("check: words", "check: ["), "9: not valid YAML: "),
        (RULE.replace("fix: قال إخظغ.", "fix: قال كلامًا."), "11: bad[0]: is repaired to 'قال إخظغ.', not to 'قال كلامًا.'"),
        (RULE.replace("good: [قال إخظغ.", "good: [قال اخظغ."), "12: good[0]: fires on 'اخظغ'; narrow the rule or move the example to 'bad'"),
    ],
)
@pytest.mark.parametrize("mode", ["check", "fix"])
def test_a_broken_rule_file(arlint: Command, mode: str, rule: str, said: str) -> None:
    arlint.write("arlint.toml", 'rule-paths = ["rules"]\n')
    file = arlint.write("rules/spelling/own.yaml", rule)
    path = arlint.write("a.txt", "قال اخظغ.")
    run = arlint(mode, "a.txt")
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith(f"arlint: {file.resolve()}:{said}")
    assert run.err.count("\n") == 1
    assert path.read_text("utf-8") == "قال اخظغ."


def test_a_runaway_expression(arlint: Command) -> None:
    arlint.write("arlint.toml", 'rule-paths = ["rules"]\nselect = ["spelling/runaway"]\n')
    arlint.write("rules/spelling/runaway.yaml", RUNAWAY.replace("PATTERN", "(?:ا|اا)+ب"))
    text = "ا" * 90 + "ج ب"
    bad, good = arlint.write("bad.txt", text), arlint.write("good.txt", "قال اااب.")
    run = arlint("fix", "-q", "--output-format", "concise", ".")
    assert run.status == 2
    assert run.err == "arlint: bad.txt: spelling/runaway: its expression ran longer than 5 s on one document; left as it was. Leave the rule out with --ignore spelling/runaway\n"
    assert run.lines == ["good.txt:1:5: spelling/runaway 'اااب'"]
    assert (bad.read_text("utf-8"), good.read_text("utf-8")) == (text, "قال اااب.")


_AS_NOBODY = """
import contextlib, io, os, sys
from arlint.cli import main

def run(*args):
    try:
        main(list(args))
    except SystemExit as end:
        return end.code

with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    run("fix", "-q", "--output-format", "concise", "warm")  # all modules are read before the rights are given up: nobody may not read this interpreter
if os.getuid() == 0:
    for folder, _, files in os.walk(os.environ["ARLINT_CACHE_DIR"]):
        os.chmod(folder, 0o755)
        for name in files:
            os.chmod(os.path.join(folder, name), 0o644)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(run(*sys.argv[1:]))
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody may read, not one of pytest's: every session of it that begins takes the rights of others away."""
    with TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs the rights of a Unix file system")
@pytest.mark.parametrize("mode", ["check", "fix"])
def test_a_folder_a_file_and_a_place_without_permission(own: Command, open_folder: Path, mode: str) -> None:
    own = replace(own, folder=open_folder)
    own.write("arlint.toml", SETTINGS)
    own.write("warm/a.txt", "قال اخظغ.")
    for name in ("closed/a.txt", "secret.txt", "locked/a.txt", "readonly.txt"):
        own.write(name, "قال اخظغ.")
    rights = {".": 0o755, "closed": 0o000, "secret.txt": 0o000, "locked": 0o555, "locked/a.txt": 0o644, "readonly.txt": 0o444}
    # a cache of its own: what another test writes into the common one is not for nobody to read
    with suppress(shutil.Error, FileNotFoundError):  # it may be writing just now
        shutil.copytree(own.cache / "rules", own.folder / "cache" / "rules")
    for name, mode_bits in rights.items():
        (own.folder / name).chmod(mode_bits)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, mode, "-q", "--output-format", "concise", "closed", "secret.txt", "locked", "readonly.txt"],
            cwd=own.folder,
            capture_output=True,
            text=True,
            env={**os.environ, "ARLINT_CACHE_DIR": str(own.folder / "cache")},
            check=False,
        )
    finally:
        for name, bits in {"closed": 0o755, "secret.txt": 0o644, "locked": 0o755}.items():
            (own.folder / name).chmod(bits)
    told = [
        "arlint: closed: the folder cannot be read (permission denied); change its permissions, or leave it out with exclude",
        "arlint: secret.txt: permission denied; make it readable for this user, or leave it out with exclude",
    ]
    if mode == "fix":
        told += [
            "arlint: locked/a.txt: read-only; make it writable for this user. Nothing was written"
            if os.getuid() == 0
            else "arlint: locked/a.txt: cannot be written (Permission denied); check the folder's permissions and free space. Nothing was written",
            "arlint: readonly.txt: read-only; make it writable for this user. Nothing was written",
        ]
    assert done.stderr.splitlines() == told, done.stderr
    assert done.returncode == 2
    for name in ("closed/a.txt", "secret.txt", "locked/a.txt", "readonly.txt"):
        assert (own.folder / name).read_text("utf-8") == "قال اخظغ."
    assert [p.name for p in (own.folder / "locked").iterdir()] == ["a.txt"]
