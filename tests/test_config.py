"""Settings: found upward, extended, refused with file and line, and said by `arlint config`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import NOTE, OWN_RULES, SAFE, UNSAFE, Command

from arlint import config, starter, toml_lines
from arlint.rules import RuleError

BAD = "قال اخظغ كلامًا ظغخز طويلًا.\nثم غظخط.\n"


def rules(arlint: Command, *args: str) -> dict[str, list[str]]:
    """The rules that fire, by path."""
    out: dict[str, list[str]] = {}
    for line in arlint("check", "--output-format", "jsonl", *args).lines:
        finding = json.loads(line)
        out.setdefault(finding["path"].replace(os.sep, "/"), []).append(finding["rule"])
    return out


def test_lines_of_toml_keys() -> None:
    found = toml_lines.lines('# x\na = 1\nb = [\n  "p",\n  "q",\n]\n\n[t."k/v"]\nc = """\n[no]\nd = 1\n"""\ne.f = 2\n[[r]]\ng = { h = 1 }\n')
    assert found == {
        ("a",): 2,
        ("b",): 3,
        ("b", "p"): 4,
        ("b", "q"): 5,
        ("t",): 8,
        ("t", "k/v"): 8,
        ("t", "k/v", "c"): 9,
        ("t", "k/v", "e"): 13,
        ("t", "k/v", "e", "f"): 13,
        ("r",): 14,
        ("r", "0"): 14,
        ("r", "0", "g"): 15,
        ("r", "0", "g", "h"): 15,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('selct = ["ALL"]', "1: unknown key 'selct' (did you mean 'select'?)"),
        ("colour = 1", "1: unknown key 'colour'; there are extends, select, "),
        ('[tool.arlint]\nselect = ["ALL"]', "1: unknown key 'tool'; outside pyproject.toml the settings stand at the top, without [tool.arlint]"),
        ('\nselect = "ALL"', "2: 'select' is a list of texts such as [\"spelling\", \"quotes/mixed-styles\"], not 'ALL'"),
        ("ignore = [1]", "1: 'ignore' is a list of texts such as "),
        ('preview = "yes"', "1: 'preview' is true or false, not 'yes'"),
        ('profile = "strickt"', "1: 'profile' is one of editorial, corpus, strict, not 'strickt' (did you mean 'strict'?)"),
        ("lang = 1", "1: 'lang' is one of en, ar, not 1"),
        ('fail-on = "errors"', "1: 'fail-on' is one of error, warning, info, not 'errors' (did you mean 'error'?)"),
        ('\n[max-rate]\noutlet = "2/k"', "3: 'outlet=2/k' is no rate; write a rule, a family or ALL and how much of it is allowed: "),
        ('per-file-ignores = ["a"]', "1: 'per-file-ignores' is a table: "),
        ('\n[per-file-ignores]\n"a/*" = "spelling"', "3: 'a/*' is a list of texts such as [\"spelling\"], not 'spelling'"),
        ('[rules]\n"a/b" = "c"', "2: the options of 'a/b' are a table: [rules.\"a/b\"]"),
        ('[rules."a/b"]\n\nc = 1', "3: 'c' is text in quotation marks, such as c = \"1\""),
        ('extends = "no.toml"', "1: no settings file 'no.toml'; the path counts from this file's folder"),
        ('extends = "arlint.toml"', "1: 'arlint.toml' extends this file in turn; take one of the two out"),
        ("baseline = 1", "1: 'baseline' is the path of a file, such as \"arlint-baseline.json\", not 1"),
        ('silence = ["a"]', "1: 'silence' is a list of tables: [[silence]], each with rules, paths, records, fingerprints"),
        ('[[silence]]\npaths = ["a"]\n[[silence]]\nreason = "x"', "3: [[silence]] says nothing: give one of rules, paths, records, fingerprints"),
        ('[[silence]]\nrules = ["a/b"]', "1: [[silence]] with rules alone is what 'ignore' is for; add paths, records or fingerprints"),
        ('[[silence]]\nrecord = ["a"]', "2: unknown key 'record' in [[silence]] (did you mean 'records'?)"),
        ('[[silence]]\n\nrecords = "a"', "3: 'records' is a list of texts such as [\"a17\"]"),
        ("[[silence]]\nrecords = [17]", "2: 'records' is a list of texts such as [\"a17\"]"),
        ('[[silence]]\npaths = ["a"]\nreason = 1', "3: 'reason' is text in quotation marks"),
        ('[[silence]]\nfingerprints = [\n  "0f3c8e51a2b4d697",\n  "0f3c",\n]', "4: '0f3c' is no fingerprint: 16 hexadecimal digits, as --output-format jsonl prints them"),
        ("a = = 1", "1: not valid TOML: "),
        ('a = "', "1: not valid TOML: "),
    ],
)
def test_wrong_settings_are_refused_with_line_and_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "arlint.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RuleError) as refused:
        config.read(path)
    assert str(refused.value).startswith(f"{path.resolve()}:{said}")


def test_the_nearest_upward_wins(tmp_path: Path) -> None:
    for name, text in {"pyproject.toml": "[tool.arlint]\nlang='ar'\n", "a/pyproject.toml": "[project]\nname='x'\n", "b/.arlint.toml": "", "b/arlint.toml": ""}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert config.find_in(tmp_path) == tmp_path / "pyproject.toml"
    assert config.find_in(tmp_path / "a") is None
    assert config.find_in(tmp_path / "b") == tmp_path / "b" / "arlint.toml"
    assert config.read(tmp_path / "pyproject.toml").lang == "ar"


def test_every_file_belongs_to_its_own_settings(own: Command) -> None:
    own.write("a.txt", BAD)
    own.write("b/a.txt", BAD)
    own.write("c/a.txt", BAD)
    own.write("b/arlint.toml", f'extends = "../arlint.toml"\nignore = ["{SAFE}", "consistency"]\n')
    own.write("c/pyproject.toml", f'[tool.arlint]\nextends = "../arlint.toml"\nselect = ["{NOTE}"]\n')
    assert rules(own) == {"a.txt": [SAFE, UNSAFE, NOTE], "b/a.txt": [UNSAFE], "c/a.txt": [NOTE]}
    assert rules(own, "--config", "c/pyproject.toml", "a.txt", "b") == {"a.txt": [NOTE], "b/a.txt": [NOTE]}
    assert rules(own, "--isolated", "--select", "spelling", "a.txt") == {}


def test_extending_adds_lists_and_replaces_choices(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('profile = "corpus"\nselect = ["spelling"]\nignore = ["a/x", "a/y"]\nexclude = ["one/"]\n[rules."q/m"]\nstyle = "x"\nside = "l"\n', "utf-8")
    (tmp_path / "arlint.toml").write_text('extends = "base.toml"\nprofile = "strict"\nextend-select = ["a/y"]\nexclude = ["two/"]\n[rules."q/m"]\nstyle = "y"\n', "utf-8")
    settings = config.read(tmp_path / "arlint.toml")
    assert (settings.profile, settings.select, settings.ignore, settings.exclude) == ("strict", ("spelling",), ("a/x",), ("one/", "two/"))
    assert settings.rules == {"q/m": {"style": "y", "side": "l"}}
    assert settings.origins["profile",] == f"{(tmp_path / 'arlint.toml').resolve()}:2"
    assert settings.origins["select",] == f"{(tmp_path / 'base.toml').resolve()}:2"


def test_a_circle_of_extends_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b.toml"\n', "utf-8")
    (tmp_path / "b.toml").write_text('\nextends = ["a.toml"]\n', "utf-8")
    with pytest.raises(RuleError, match=r"b\.toml:2: 'a\.toml' extends this file in turn"):
        config.read(tmp_path / "a.toml")


def test_per_file_ignores(own: Command) -> None:
    own.write("arlint.toml", (own.folder / "arlint.toml").read_text("utf-8") + f'[per-file-ignores]\n"poems/" = ["ALL"]\n"*.old.txt" = ["spelling", "{NOTE}"]\n')
    for name in ("a.txt", "poems/a.txt", "b.old.txt"):
        own.write(name, BAD)
    assert rules(own) == {"a.txt": [SAFE, UNSAFE, NOTE], "b.old.txt": [UNSAFE]}


def test_fixes_are_regraded(own: Command) -> None:
    own.write("arlint.toml", (own.folder / "arlint.toml").read_text("utf-8") + f'extend-safe-fixes = ["outlet"]\nextend-unsafe-fixes = ["{SAFE}"]\n')
    path = own.write("a.txt", "قال اخظغ كلامًا ظغخز طويلًا.\n")
    assert own("fix", "a.txt").status == 1
    assert path.read_text("utf-8") == "قال اخظغ كلامًا طويلًا.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'[rules."{NOTE}"]\ntone = "shrap"\n', f"3: option 'tone' of '{NOTE}' is one of mild, sharp, not 'shrap'"),
        (f'[rules."{NOTE}"]\n\ntune = "sharp"\n', f"4: rule '{NOTE}' has no option 'tune' (did you mean 'tone'?)"),
        ('[rules."consistency/made-pu"]\ntone = "mild"\n', "2: no rule 'consistency/made-pu' (did you mean 'consistency/made-up'?)"),
        ('[per-file-ignores]\n"a" = ["spelling"]\n"b" = ["speling"]\n', "4: no rule or family 'speling' (did you mean 'spelling'?)"),
        ('[[silence]]\npaths = ["a"]\nrules = ["speling"]\n', "4: no rule or family 'speling' (did you mean 'spelling'?)"),
        ('extend-safe-fixes = ["outlets"]\n', "2: no rule or family 'outlets' (did you mean 'outlet'?)"),
    ],
)
def test_names_in_settings_that_no_rule_has(arlint: Command, text: str, said: str) -> None:
    toml = arlint.write("arlint.toml", f'rule-paths = ["{OWN_RULES.as_posix()}"]\n' + text)
    arlint.write("a.txt", BAD)
    run = arlint("check", ".")
    assert (run.status, run.out, run.err) == (2, "", f"arlint: {toml.resolve()}:{said}\n")


def test_config_tells_what_is_in_force_and_why(own: Command) -> None:
    toml = own.write("arlint.toml", f'lang = "ar"\nignore = ["{SAFE}"]\n[per-file-ignores]\n"a/*" = ["ALL"]\n[rules."{NOTE}"]\ntone = "mild"\n').resolve()
    assert own("config", "--profile", "corpus").out == (
        f"# settings file: {toml}\n# patterns count from: {toml.parent}\n# select is not set: the rules of the profile\n"
        f'ignore = ["{SAFE}"]  # {toml}:2\nextend-select = []  # default\nexclude = []  # default\nrule-paths = []  # default\nextend-safe-fixes = []  # default\nextend-unsafe-fixes = []  # default\n'
        "text-field = []  # default\n"
        f'profile = "corpus"  # --profile\npreview = false  # default\nlang = "ar"  # {toml}:1\n'
        "# format is not set: by suffix\n# encoding is not set: declared or detected\n# id-field is not set: id, or the number of the record\n# baseline is not set: every finding is told\n"
        "# fail-on is not set: any finding, or the rates of max-rate, make the exit status 1\n"
        f'\n[per-file-ignores]\n"a/*" = ["ALL"]\n\n[rules."{NOTE}"]\n"tone" = "mild"\n'
    )


def test_init_writes_once_and_what_it_writes_is_valid(arlint: Command) -> None:
    run = arlint("init")
    assert (run.status, run.lines[0]) == (0, "wrote arlint.toml")
    assert "- id: arlint-fix" in run.out
    path = arlint.folder / "arlint.toml"
    written = path.read_bytes()
    assert config.read(path).profile == "editorial"
    again = arlint("init")
    assert (again.status, again.out, again.err) == (2, "", "arlint: arlint.toml: there are settings here already; nothing was written\n")
    assert path.read_bytes() == written


def test_init_explains_each_setting_in_arabic_to_who_reads_arabic(arlint: Command) -> None:
    assert arlint("init", env={"ARLINT_LANG": "ar"}).status == 0
    written = (arlint.folder / "arlint.toml").read_text("utf-8")
    assert [about for about, _ in starter.explained().values() if about in written] == []
    assert [example for _, example in starter.explained().values() if example.split("\n")[-1] not in written] == []


def test_every_commented_line_of_init_is_a_valid_setting(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text("", "utf-8")
    lines = [line.removeprefix("# ") if line.startswith(("# [", '# "')) or (" = " in line and line.startswith("# ") and line[2].islower()) else line for line in starter.TEMPLATE.splitlines()]
    (tmp_path / "arlint.toml").write_text("\n".join(lines).replace("../arlint.toml", "base.toml"), "utf-8")
    settings = config.read(tmp_path / "arlint.toml")
    assert (settings.select, settings.lang, settings.preview) == (("ALL",), "ar", True)
    assert (list(settings.per_file_ignores), list(settings.rules)) == (["poems/*"], ["quotes/mixed-styles"])
