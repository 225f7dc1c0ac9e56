"""The language that people are spoken to in, and the lines of the command in Arabic.

Each line stands in English once, where it is said. ``messages.ar.yaml`` maps it, with ``{}`` for what was filled in, to Arabic;
the finished line is matched against that, so no module has to know that it is translated. What is not listed stays English.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arlint.findings import Language

#: The variables that say a user's language, the first one set being the one that counts (POSIX, Environment Variables).
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")

FSI, PDI = "\u2068", "\u2069"

_HOLE = re.compile(r"\{(\d*)\}")
#: Names, options and commands within an Arabic sentence; the stop or bracket that follows is the sentence's own.
_LATIN = re.compile(r"[-~./*#<\[\"'=%\\{}\w]*[A-Za-z](?:[!-~ ]*[A-Za-z0-9_/>\]\"'*%}])?", re.ASCII)

_current: Language = "en"


def language(option: str | None = None, setting: str | None = None, locale: str | None = None, environment: Mapping[str, str] = os.environ) -> Language:
    """Arabic or English: as the option says, else the settings, else ARLINT_LANG, else the locale, else English."""
    system = next((environment[name] for name in LOCALE if environment.get(name)), "")
    for said in (option, setting, environment.get("ARLINT_LANG"), locale or system):
        if said:
            return "ar" if said.lower().replace("-", "_").partition("_")[0].partition(".")[0] == "ar" else "en"
    return "en"


def speak(language: Language) -> None:
    """From here on `said` answers in ``language``."""
    global _current
    _current = language


def asked(arguments: list[str]) -> str | None:
    """What ``--lang`` says in a command line that is not read yet: its help and its refusals need it, too."""
    for at, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1]
    return None


def said(line: str, language: Language | None = None, *, isolate: bool = False) -> str:
    """``line`` in ``language`` (that of `speak` without one).

    ``isolate`` sets what is filled in, and what is Latin in an Arabic line, apart from the order of the words around it: for
    a terminal that knows U+2068, since in one that does not the marks would be seen.
    """
    return (arabic(line, isolate) or line) if (language or _current) == "ar" else line


def arabic(line: str, isolate: bool = False) -> str | None:
    """The Arabic of an English line, or None where there is none. A place before it (``file:line:``) stays as it is;
    of a list, each part is looked up."""
    for pattern, template in _catalogue():
        if found := pattern.fullmatch(line):
            return _filled(template, [(" " in value and arabic(value, isolate)) or _apart(value, isolate) for value in found.groups()], isolate)
    for colon in re.finditer(": ", line):
        if rest := arabic(line[colon.end() :], isolate):
            return f"{_apart(line[: colon.start()], isolate)}: {FSI + rest + PDI if isolate else rest}"
    parts = [arabic(part, isolate) if " " in part else None for part in line.split(", ")] if ", " in line else [None]
    return None if None in parts else "، ".join(filter(None, parts))


def _filled(template: str, values: list[str], isolate: bool) -> str:
    out, at, count = [], 0, 0
    for hole in _HOLE.finditer(template):
        out += [_latin_apart(template[at : hole.start()], isolate), values[int(hole.group(1)) - 1 if hole.group(1) else count]]
        at, count = hole.end(), count + 1
    return "".join([*out, _latin_apart(template[at:], isolate)])


def _apart(value: str, isolate: bool) -> str:
    return f"{FSI}{value}{PDI}" if isolate and value.strip() else value


def _latin_apart(words: str, isolate: bool) -> str:
    return _LATIN.sub(lambda found: f"{FSI}{found.group()}{PDI}", words) if isolate else words


@cache
def _catalogue() -> list[tuple[re.Pattern[str], str]]:
    """Expressions of the English lines with their Arabic, those with the most text of their own first."""
    from pathlib import Path

    import yaml

    lines: dict[str, str] = yaml.load(Path(__file__).with_name("messages.ar.yaml").read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    ordered = sorted(lines.items(), key=lambda pair: -len(pair[0].replace("{}", "")))
    return [(_expression(english), arabic) for english, arabic in ordered]


def _expression(english: str) -> re.Pattern[str]:
    """What an English line reads once it is filled in; a hole right behind another one holds a hint, or nothing, and (s) is for more than one."""
    return re.compile("(.*?)".join(map(re.escape, english.split("{}"))).replace("(.*?)(.*?)", "(.*?)((?: \\(|; ).*?|)").replace(r"\(s\)", "s?"), re.DOTALL)
