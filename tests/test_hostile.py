"""Settings, rules, names and texts that mean harm: one clear line or a harmless page, never a crash, a hang or a trick on a terminal."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import OWN_RULES, RUNAWAY, Command

from arlint.report import FORMATS

RULE = (OWN_RULES / "spelling" / "made-up.yaml").read_text("utf-8")
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (LAUGHS, "aliases (*name) are not allowed here: write the value out"),
        ("bad: " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ("bad: " + "{a: " * 3000 + "1" + "}" * 3000, "nested too deeply"),
        (RULE + "summary: again\n", "'summary' stands twice"),
        (RULE.replace("summary:", "summary: !!python/object/apply:os.system ['touch hurt'] #"), "summary: Expected `str`"),
        (RULE.replace("severity: error", "severity: " + "9" * 10_000), "severity: Invalid enum value"),
        ("\x00", "not valid YAML"),
        ("- &a [*a]\n", "aliases"),
        ("", ""),
    ],
    ids=["laughs", "lists", "tables", "twice", "tag", "severity", "nul", "itself", "empty"],
)
def test_rules(arlint: Command, rule: str, said: str) -> None:
    arlint.write("arlint.toml", 'rule-paths = ["rules"]\n')
    arlint.write("rules/spelling/own.yaml", rule)
    path = arlint.write("a.txt", "قال اخظغ.")
    run = arlint("fix", "a.txt")
    assert (run.status, run.out, run.err.count("\n")) == (2, "", 1), run.err[-2000:]
    assert said in run.err
    assert len(run.err) < 2000
    assert path.read_text("utf-8") == "قال اخظغ."
    assert not (arlint.folder / "hurt").exists()


@pytest.mark.parametrize("pattern", ["(ا+)+ب", "(" * 400 + "ا" + ")" * 400 + "ب", "[", "(?P<a>ا)(?P<a>ب)", r"(?<=ا*)ب\g<0>"])
def test_expressions(arlint: Command, pattern: str) -> None:
    """Refused when it is read, or stopped when it runs too long: either way the other files and the command itself go on."""
    arlint.write("arlint.toml", 'rule-paths = ["rules"]\nselect = ["spelling/own"]\n')
    arlint.write("rules/spelling/own.yaml", RUNAWAY.replace("PATTERN", pattern))
    arlint.write("a.txt", "ا" * 200 + "ج")
    run = arlint("check", "-q", "a.txt")
    assert run.status in (0, 1, 2)
    assert "Traceback" not in run.err
    assert run.err.count("\n") <= 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("a = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ('profile = "corpus"\nprofile = "strict"\n', "not valid TOML"),
        ('extends = "arlint.toml"\n', "extends this file in turn"),
        ('extends = "/dev/zero"\n', "no settings file '/dev/zero'"),
        ('extends = "../../../../../../../../etc/passwd"\n', "not valid TOML"),
        ('extends = "~nobody-of-this-name/x.toml"\n', "is not a path"),
        ('extends = "a\\u0000b"\n', "is not a path"),
        ('rule-paths = ["a\\u0000b"]\n', "a"),
        ('rule-paths = ["/etc/passwd"]\n', "/etc/passwd"),
        ('exclude = ["' + "(" * 3000 + '"]\n', ""),
        ('exclude = ["' + "**/" * 300 + 'x"]\n', ""),
        ('select = ["' + "a" * 100_000 + '"]\n', "no rule or family"),
        ("preview = " + "9" * 10_000 + "\n", ""),
        ('[rules."a/b"]\nx = 1979-05-27\n', "'x' is text"),
    ],
    ids=["deep", "twice", "itself", "endless", "passwd", "user", "nul", "nul-folder", "no-folder", "pattern", "globs", "long", "number", "date"],
)
def test_settings(arlint: Command, settings: str, said: str) -> None:
    arlint.write("arlint.toml", settings)
    path = arlint.write("a.txt", "قال كلامًا.\n")
    run = arlint("fix", "-q", "a.txt")
    assert "Traceback" not in run.err
    assert run.status == 2 or not said
    assert run.err.count("\n") == (run.status == 2)
    assert said in run.err
    assert "root:" not in run.err, "what a file that is no settings file says is nobody's business"
    assert len(run.err) < 2000
    assert path.read_text("utf-8") == "قال كلامًا.\n"


EVIL = "\x1b]0;owned\x07\x1b[2J\u202egpj.\u2066\u200f\x9b31m"
#: What a terminal obeys, and what reorders a line of text.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
PEOPLE = {"text", "errors", "concise", "github"}


def test_controls_in_names_and_texts_are_shown_harmlessly(own: Command) -> None:
    own.write(f"d/{EVIL}.txt", f"قال {EVIL} اخظغ {EVIL} ظغخز.\n")
    others = sorted(set(FORMATS) - {"text"})
    run = own("check", *(f"--output-format={name}={name}.out" for name in others), "d", f"d/{EVIL}2.txt")
    told = {"text": run.out, "errors": run.err} | {name: (own.folder / f"{name}.out").read_text("utf-8") for name in others}
    assert run.status == 2
    for name, text in told.items():
        assert "spelling" in text or name == "errors"
        assert name == "html" or not CONTROLS.search(text.replace("\n", "")), (name, ascii(CONTROLS.findall(text)))  # a browser obeys none of them
        assert name not in PEOPLE or not BIDI.search(text), (name, ascii(text))
        if text.startswith("<?xml"):
            ElementTree.fromstring(text)


def test_no_report_is_a_table_that_a_spreadsheet_would_calculate() -> None:
    """A cell that begins with = + - or @ is a formula to a spreadsheet: when a report becomes CSV, quote such cells and test it."""
    assert not [name for name in FORMATS if re.search("csv|tsv|xls|ods", name)]


PAGES = {
    "laughs.html": '<!DOCTYPE x [<!ENTITY a "lol">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]><p>&i; قال اخظغ.</p>",
    "deep.html": "<div>" * 50_000 + "قال اخظغ.",
    "attributes.html": "<p " + "a=b " * 50_000 + ">قال اخظغ.</p>",
    "comments.html": "<!--" * 20_000 + "-->قال اخظغ.",
    "target.html": "<a href='" + "x" * 500_000 + "'>قال اخظغ.",
    "references.html": "&amp;" * 50_000 + " قال اخظغ.",
    "crossed.html": "<b>" * 3000 + "قال اخظغ." + "</i>" * 3000,
    "tables.html": "<table>" * 5000 + "قال اخظغ.",
    "quotes.md": "> " * 5000 + "قال اخظغ.",
    "brackets.md": "[" * 20_000 + "قال اخظغ.",
    "stars.md": "*" * 20_000 + " قال اخظغ.",
    "ticks.md": "ن " + "`" * 20_000 + " قال اخظغ.",
    "lists.md": "- " * 3000 + "قال اخظغ.",
    "images.md": "![](" * 5000 + " قال اخظغ.",
    "cells.md": "|" * 20_000 + "\n|-|\n",
}


def test_pages_of_great_depth_and_length(own: Command) -> None:
    for name, page in PAGES.items():
        own.write(f"d/{name}", page)
    run = own("fix", "-q", "d")
    assert (run.status, run.err) == (0, "")
    for name, page in PAGES.items():
        mended = (own.folder / "d" / name).read_text("utf-8")
        assert mended.replace("إخظغ", "اخظغ") == page, name
        assert "اخظغ" not in mended, name


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"),
        ("a.jsonl", b'{"text": "\\ud800 \xd9"}\n{"text": 1e999999}\n'),
        ("a.jsonl", b'{"text": "a", "text": "b", "n": ' + b"9" * 100_000 + b"}\n"),
        ("a.jsonl", b"\x00" * 100_000),
        ("a.csv", b'text\n"' + b"a\n" * 50_000),
        ("a.csv", b"text\n=cmd|' /C calc'!A0\n"),
    ],
    ids=["deep", "surrogate", "twice", "nul", "open", "formula"],
)
def test_records(own: Command, name: str, data: bytes) -> None:
    path: Path = own.write(name, data)
    run = own("fix", "-q", name)
    assert "Traceback" not in run.err
    assert run.status in (0, 1, 2)
    assert run.err.count("\n") <= 3
    assert path.read_bytes() == data
    assert not [p for p in own.folder.iterdir() if p.name.endswith(".tmp")]
