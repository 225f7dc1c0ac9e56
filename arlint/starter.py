"""A settings file to begin with, the hook to go with it, and the settings in force written out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from arlint import __version__, config
from arlint.config import Settings
from arlint.messages import said
from arlint.rules import RuleError
from arlint.silences import KEYS as SILENCE_KEYS

TEMPLATE = """\
#:schema https://raw.githubusercontent.com/arlint/arlint/main/schemas/settings.json
# Settings of arlint for this folder and all below it. Every line that is commented out shows the default or an example.

# Which rules: editorial (whatever any careful editor mends), corpus (text as data: damage only), strict (house style too).
profile = "editorial"

# Take another file's settings first; what stands here is laid over them.
# extends = "../arlint.toml"

# These rules instead of those of the profile: by id, by family, or ALL. `arlint rules` lists them, `arlint explain RULE` tells about one.
# select = ["ALL"]

# These rules besides.
# extend-select = ["consistency"]

# Not these rules.
# ignore = ["spelling/fi-with-alef-maqsura"]

# Rules that are still on trial, too.
# preview = true

# Files that are never read, also when they are passed by name; patterns as in .gitignore.
# exclude = ["drafts/", "*.old.txt"]

# Rules whose unsafe repairs are taken as safe here.
# extend-safe-fixes = ["outlet"]

# Rules whose safe repairs wait for --unsafe-fixes here.
# extend-unsafe-fixes = ["spelling"]

# Folders of one's own rules: <folder>/<family>/<name>.yaml, written like those that arlint ships.
# rule-paths = ["our-rules"]

# Language of messages: en or ar; that of the locale where it is not set.
# lang = "ar"

# What every file is read as, whatever its name; without it the suffix says so.
# format = "markdown"

# The encoding of the files; without it, it is declared in them or detected.
# encoding = "windows-1256"

# Fields of records that hold text; a.b is b inside a. Without it the usual names are looked for.
# text-field = ["title", "body.text"]

# The field that names a record in findings and silences.
# id-field = "url"

# Findings that are known and left for later: `arlint baseline` writes them there, a check tells only what is new.
# baseline = "arlint-baseline.json"

# The least severity of a finding that makes the exit status 1 (info: any finding). Where there are rates under [max-rate], they decide.
# fail-on = "error"

# How many findings a rule, a family or ALL may have in 1,000 words, or in how many of the documents.
# [max-rate]
# outlet = "0.2/1k"
# spelling = "5%"

# Rules that are off in some files; patterns as in .gitignore.
# [per-file-ignores]
# "poems/*" = ["punctuation"]

# Options of a rule, as `arlint explain RULE` names them.
# [rules."quotes/mixed-styles"]
# style = "guillemets"

# Findings that are right as they stand. All that one table names must fit; what is never needed is reported.
# [[silence]]
# rules = ["spelling", "outlet/torn-attribution"]
# paths = ["archive/*"]
# records = ["a17"]
# fingerprints = ["0f3c8e51a2b4d697"]
# reason = "quoted as the poet wrote it"
"""

_SETTING = re.compile(r'(?:# )?(?:\[*([a-z-]+)(?:\."[^"]*")?\]+$|([a-z-]+|"[^"]*") = )')

#: What holds where a setting that has no value of its own is left out.
UNSET = {
    "select": "the rules of the profile",
    "lang": "as ARLINT_LANG or the locale says",
    "format": "by suffix",
    "encoding": "declared or detected",
    "id-field": "id, or the number of the record",
    "baseline": "every finding is told",
    "fail-on": "any finding, or the rates of max-rate, make the exit status 1",
}

HOOK = """\
  - repo: https://github.com/arlint/arlint
    rev: v{version}
    hooks:
      - id: arlint-fix
      - id: arlint
"""


def explained() -> dict[str, tuple[str, str]]:
    """What the template says of each key: its comment, and an example as TOML."""
    keys = {}
    for block in TEMPLATE.split("\n\n"):
        lines = block.split("\n")
        example = [line.removeprefix("# ") for line in lines if _SETTING.match(line)]
        key = _SETTING.match(example[0]) if example else None
        if key:
            keys[key.group(1) or key.group(2)] = (" ".join(line[2:] for line in lines if line and not _SETTING.match(line)), "\n".join(example))
    return keys


def write(folder: str) -> str:
    """Write arlint.toml into ``folder`` and return its name. Raises `RuleError` where there are settings already."""
    there = config.find_in(Path(folder))
    if there is not None:
        raise RuleError(there.name, None, "there are settings here already; nothing was written")
    try:
        with open(os.path.join(folder, "arlint.toml"), "x", encoding="utf-8") as file:
            file.write("".join(_in_words(line) for line in TEMPLATE.splitlines(keepends=True)))
    except OSError as error:
        raise RuleError("arlint.toml", None, f"cannot be written ({error.strerror or error})") from None
    return "arlint.toml"


def _in_words(line: str) -> str:
    """A line of the template; a comment in the reader's language."""
    return line if _SETTING.match(line) or not line.startswith("# ") else f"# {said(line[2:-1])}\n"


def hook(folder: str) -> str:
    """What to write into .pre-commit-config.yaml, or a word that arlint is in it already."""
    path = Path(folder, ".pre-commit-config.yaml")
    try:
        there = path.read_text("utf-8", errors="replace")
    except OSError:
        there = ""
    if "arlint" in there:
        return "arlint stands in .pre-commit-config.yaml already\n"
    head = "to have every commit checked, add to .pre-commit-config.yaml under 'repos:'\n" if there else "to have every commit checked, write .pre-commit-config.yaml with\n\nrepos:\n"
    return head + HOOK.format(version=__version__)


def in_force(settings: Settings) -> str:
    """``settings`` as TOML, each line with where it was written."""
    out = [f"# settings file: {settings.source or 'none'}", f"# patterns count from: {settings.root}"]
    for key in config.KEYS:
        if key in ("extends", "per-file-ignores", "max-rate", "rules", "silence"):
            continue
        value = getattr(settings, key.replace("-", "_"))
        origin = settings.origins.get((key,), "default")
        if value is None:
            out.append(f"# {key} is not set: {UNSET[key]}")
        else:
            out.append(f"{key} = {_toml(value)}  # {origin}")
    out += _tables({"max-rate": settings.max_rate, "per-file-ignores": settings.per_file_ignores, **{f"rules.{_toml(rule)}": options for rule, options in settings.rules.items()}})
    for silence in settings.silence:
        out += ["", f"[[silence]]  # {silence.origins['', '']}", *(f"{key} = {_toml(value)}" for key in SILENCE_KEYS if (value := getattr(silence, key)))]
    return "\n".join(out) + "\n"


def _tables(tables: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [line for name, table in tables.items() if table for line in ["", f"[{name}]", *(f"{_toml(key)} = {_toml(value)}" for key, value in table.items())]]


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return json.dumps(str(value), ensure_ascii=False)
