"""The manners of the command: help in groups, completion in real shells, the nearest of a wrong name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Command

from arlint import usage
from arlint.cli import arlint as group

SHELLS = {
    # the function that Tab calls, with the words of the line as bash hands them over
    "bash": 'eval "$(arlint completion bash)"; COMP_WORDS=({words}); COMP_CWORD={last}; compopt() {{ echo files; }}; _arlint_completion arlint; printf "%s\\n" "${{COMPREPLY[@]}}"',
    "fish": "arlint completion fish | source; complete -C '{line}'",
    # Tab pressed in a terminal of its own; what it shows comes back with the terminal's own bytes around it
    "zsh": """
        zmodload zsh/zpty
        zpty -b t 'zsh -f -i'
        zpty -w t 'PROMPT=; autoload -Uz compinit; compinit -u -d $PWD/dump; eval "$(arlint completion zsh)"; print re""ady'
        for i in {{1..200}}; do sleep 0.1; zpty -r -t t out; [[ $out == *ready* ]] && break; done
        zpty -w -n t '{line}'$'\\t'
        for i in {{1..100}}; do sleep 0.1; zpty -r -t t out && print -r -- "$out"; [[ $out == *-up* ]] && break; done
    """,
}


def offered(shell: str, words: list[str], arlint: Command) -> str:
    """What the real ``shell`` offers behind ``words``."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    script = SHELLS[shell].format(words=" ".join(f"'{w}'" for w in words), last=len(words) - 1, line=" ".join(words))
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    options = {"bash": ["--norc"], "fish": ["--no-config"], "zsh": ["-f"]}[shell]
    environment = {"PATH": path, "ARLINT_CACHE_DIR": str(arlint.cache), "LC_ALL": "C.UTF-8", "HOME": str(arlint.folder), "TERM": "dumb"}
    return subprocess.run([program, *options, "-c", script], cwd=arlint.folder, env=environment, capture_output=True, text=True, timeout=60, check=False).stdout


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_the_shell_completes_commands_options_rules_families_profiles_and_formats(own: Command, shell: str) -> None:
    def words(*line: str) -> set[str]:
        return {row.split("\t")[0] for row in offered(shell, ["arlint", *line], own).split("\n")}

    assert words("exp") >= {"explain"}
    assert words("check", "--exten") >= {"--extend-select"}
    assert words("explain", "spelling/made") == {"spelling/made-up", ""}
    assert words("check", "--select", "quo") >= {"quotes", "quotes/mixed-styles"}
    assert words("check", "--select", "quotes,out") >= {"quotes,outlet", "quotes,outlet/made-up"}
    assert words("check", "--profile", "") - {""} == {"editorial", "corpus", "strict"}
    assert words("check", "--output-format", "json") - {""} == {"json", "jsonl"}
    assert words("check", "--lang", "a") - {""} == {"ar"}


def test_zsh_completes_a_rule(own: Command) -> None:
    assert "-up" in offered("zsh", ["arlint", "explain", "spelling/made"], own)


def test_bash_completes_file_names_where_a_path_stands(own: Command) -> None:
    assert "files" in offered("bash", ["arlint", "check", ""], own)


def test_completion_offers_the_shipped_rules_where_the_settings_are_broken(arlint: Command) -> None:
    arlint.write("arlint.toml", "selct = 1\n")
    assert "quotes/mixed-styles" in offered("bash", ["arlint", "explain", "quotes/mixed"], arlint)


def test_help_shows_commands_and_options_in_groups_with_examples(arlint: Command) -> None:
    out = arlint("--help").out
    assert [head for head in ("Texts:", "Rules:", "Setting up:", "Examples:") if f"\n{head}\n" in out] == ["Texts:", "Rules:", "Setting up:", "Examples:"]
    out = arlint("check", "--help").out
    assert out.index("Which rules:") < out.index("--select") < out.index("What is written:") < out.index("--output-format") < out.index("Examples:") < out.index("arlint check articles/")


def test_every_example_of_the_help_is_a_command_line_that_parses() -> None:
    for name, rows in usage.EXAMPLES.items():
        for line, _ in rows:
            words = line.replace('eval "$(', "").replace(')"', "").split("<")[0].split(">")[0].split()
            assert words[0] == "arlint"
            assert name in ("arlint", words[1])
            command = group.commands[words[1]]
            command.make_context(words[1], words[2:])


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        (["chek"], "no command 'chek' (did you mean 'check'?)"),
        (["check", "--selct", "x"], "no option '--selct' (did you mean '--select'?)"),
        (["check", "--select", "quots"], "no rule or family 'quots' (did you mean 'quotes'?)"),
        (["check", "--profile", "corpos"], "no profile 'corpos' (did you mean 'corpus'?)"),
        (["check", "--output-format", "jsnl"], "no output format 'jsnl' (did you mean 'jsonl'?)"),
        (["check", "--format", "markdwon"], "no format 'markdwon' (did you mean 'markdown'?)"),
        (["check", "--encoding", "windows-1265"], "no encoding 'windows-1265' (did you mean 'windows-1256'?)"),
        (["check", "--fail-on", "eror"], "no value 'eror' for --fail-on (did you mean 'error'?); there are error, warning, info"),
        (["check", "--color", "alway"], "no value 'alway' for --color (did you mean 'always'?); there are auto, always, never"),
        (["check", "--lang", "arr"], "no value 'arr' for --lang (did you mean 'ar'?); there are ar, en"),
        (["explain", "quotes/mixed-style"], "no rule 'quotes/mixed-style' (did you mean 'quotes/mixed-styles'?)"),
        (["completion", "bsh"], "no value 'bsh' for SHELL (did you mean 'bash'?); there are bash, zsh, fish"),
        (["schema", "setings"], "no value 'setings' for OF (did you mean 'settings'?); there are settings, rule, finding"),
    ],
)
def test_a_misspelled_name_is_answered_with_the_nearest(arlint: Command, line: list[str], nearest: str) -> None:
    done = arlint(*line)
    assert (done.status, done.out) == (2, "")
    assert nearest in done.err
    assert done.err.count("\n") == 1
