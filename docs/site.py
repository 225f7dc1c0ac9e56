"""What MkDocs asks while it builds the site: pages made from the rule files, the commands and the settings, in either language.

Nothing here is written by hand twice: a rule's page comes from its YAML file, a command's from the command itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section

from arlint import ruleset
from arlint.config import Settings
from arlint.findings import Language
from arlint.plain import visible
from arlint.report.page.sheets import difference
from arlint.rules import FAMILIES, Example, Rule
from arlint.ruleset import Ruleset

_HERE = Path(__file__).parent

_SAID = {
    "en": {
        "rules": "Rules",
        "intro": "{n} rules in {f} families. *safe* repairs never change what a reader reads, *unsafe* ones remove or rewrite content on good "
        "evidence and need `--unsafe-fixes`, a *manual* one is a proposal that only an editor takes.",
        "head": "| rule | finds | repair | severity | profiles |\n|---|---|---|---|---|",
        "why": "Why",
        "examples": "Before and after",
        "good": "Left alone",
        "safety": "Safety of the repair",
        "options": "Options",
        "off": "Switch it off",
        "refs": "See also",
        "facts": "| family | severity | repair | profiles | status | since |\n|---|---|---|---|---|---|",
        "safe": "Safe: it never changes what a reader reads.",
        "unsafe": "Unsafe: applied with `--unsafe-fixes` only.",
        "manual": "A proposal that only an editor takes; never applied by a run.",
        "none": "There is no repair: an editor decides.",
        "deleted": "(deleted)",
        "default": "the default",
        "everywhere": "everywhere, in the settings",
        "here": "in one Markdown or HTML file",
    },
    "ar": {
        "rules": "القواعد",
        "intro": "{n} قاعدة في {f} عائلة. الإصلاح الآمن لا يغيّر ما يقرؤه القارئ، وغير الآمن يحذف أو يعيد الكتابة بدليل قوي "
        "ولا يُطبَّق إلا بالخيار `--unsafe-fixes`، واليدوي اقتراح يأخذ به المحرّر أو يدعه.",
        "head": "| القاعدة | ما تعثر عليه | الإصلاح | الدرجة | الأنماط |\n|---|---|---|---|---|",
        "why": "السبب",
        "examples": "قبل وبعد",
        "good": "لا يمسّ",
        "safety": "سلامة الإصلاح",
        "options": "الخيارات",
        "off": "إيقافها",
        "refs": "مراجع",
        "facts": "| العائلة | الدرجة | الإصلاح | الأنماط | الحالة | منذ |\n|---|---|---|---|---|---|",
        "safe": "آمن: لا يغيّر ما يقرؤه القارئ.",
        "unsafe": "غير آمن: لا يُطبَّق إلا بالخيار `--unsafe-fixes`.",
        "manual": "اقتراح يأخذ به المحرّر أو يدعه، ولا يُطبَّق آليًّا.",
        "none": "لا إصلاح آليًّا: القرار للمحرّر.",
        "deleted": "(يُحذف)",
        "default": "الأصل",
        "everywhere": "في كل مكان، من الإعدادات",
        "here": "في ملف Markdown أو HTML واحد",
    },
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are made, to those that are written."""
    language: Language = "ar" if config.theme["language"] == "ar" else "en"
    for path, text in pages(language):
        files.append(File.generated(config, path, content=text))
    if language == "ar":
        files.append(File.generated(config, "examples.css", abs_src_path=str(_HERE / "examples.css")))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Adds to the last group the pages that nobody has given a place, lest they cannot be found."""
    group = next((item for item in reversed(nav.items) if isinstance(item, Section)), None)
    for page in files.documentation_pages():
        if group and page.page and page.page not in nav.pages and not page.src_uri.startswith(("rules/", "precision/")):
            group.children.append(page.page)
            page.page.parent = group
    return nav


def pages(language: Language) -> Iterator[tuple[str, str]]:
    """(path, Markdown) of every page that is made."""
    rules = ruleset.load((), {})
    yield "rules/index.md", index(rules, language)
    for rule in rules.rules:
        yield f"rules/{rule.id}.md", page(rule, language)
    if language == "en":
        yield "settings.md", settings(rules)
        yield "commands.md", commands()


def index(rules: Ruleset, language: Language) -> str:
    said = _SAID[language]
    ordered = sorted(rules.rules, key=lambda rule: (FAMILIES.index(rule.family), rule.id))
    out = [f"# {said['rules']}", "", said["intro"].format(n=len(ordered), f=len({rule.family for rule in ordered})), ""]
    for family, members in groupby(ordered, key=lambda rule: rule.family):
        out += [f"## {family}", "", said["head"]]
        out += [_row(rule, language) for rule in members]
        out.append("")
    return "\n".join(out)


def _row(rule: Rule, language: Language) -> str:
    return f"| [`{rule.id.partition('/')[2]}`]({rule.id}.md) | {_cell(rule.about(language).summary)} | {rule.applicability or '–'} | {rule.severity} | {', '.join(rule.profiles)} |"


def page(rule: Rule, language: Language) -> str:
    """The page of one rule."""
    said, about = _SAID[language], rule.about(language)
    out = [f"# {rule.id}", "", about.summary, "", said["facts"]]
    out += [f"| {rule.family} | {rule.severity} | {rule.applicability or '–'} | {', '.join(rule.profiles)} | {rule.status} | {rule.since} |", ""]
    out += _section(said["why"], [about.why])
    out += _section(said["examples"], [_example(example, said) for example in rule.bad])
    out += _section(said["good"], ['<ul class="arlint-good">' + "".join(f'<li dir="auto">{_shown(example.text)}</li>' for example in rule.good) + "</ul>"])
    because = [f"*{about.unsafe_because.strip()}*"] if about.unsafe_because else []
    out += _section(said["safety"], [said[rule.applicability or "none"], *because])
    if rule.options:
        out += _section(said["options"], ["\n".join(f"- `{name}`: {', '.join(f'`{choice}`' for choice in choices)} (`{choices[0]}`: {said['default']})" for name, choices in rule.options.items())])
    out += _section(said["off"], [f'{said["everywhere"]}:\n\n```toml\nignore = ["{rule.id}"]\n```\n\n{said["here"]}:\n\n```html\n<!-- arlint: ignore-file {rule.id} -->\n```'])
    if rule.refs:
        out += _section(said["refs"], ["\n".join(f"- {ref}" for ref in rule.refs)])
    return "\n".join(out)


def _section(head: str, blocks: Iterable[str]) -> list[str]:
    return [f"## {head}", "", *(line for block in blocks for line in (block, ""))]


def _example(example: Example, said: dict[str, str]) -> str:
    """The damaged text and what it becomes, word by word, what changes marked."""
    before, after = example.text.rstrip("\n"), (example.fix or "").rstrip("\n")
    if example.fix is None:
        return f'<div class="arlint-example" dir="auto"><div class="before">{_shown(before)}</div></div>'
    steps = difference(before, after)
    old = "".join(f"<del>{_shown(text)}</del>" if kind == "-" else _shown(text) for kind, text in steps if kind != "+")
    new = "".join(f"<ins>{_shown(text)}</ins>" if kind == "+" else _shown(text) for kind, text in steps if kind != "-")
    return f'<div class="arlint-example" dir="auto"><div class="before">{old}</div><div class="after">{new or said["deleted"]}</div></div>'


def _shown(text: str) -> str:
    """``text`` as HTML, invisible characters by name; Markdown leaves it alone."""
    lines = [escape(visible(line)) for line in text.split("\n")]
    return "<br>".join(lines).replace("`", "&#96;").replace("*", "&#42;").replace("_", "&#95;").replace("[", "&#91;").replace("|", "&#124;").replace("\\", "&#92;")


def _cell(text: str) -> str:
    return escape(visible(text), quote=False).replace("|", "&#124;").replace("{", "&#123;").replace("*", "&#42;").replace("_", "&#95;")


def settings(rules: Ruleset) -> str:
    """Every setting, from the schema, the starter file and the defaults that the code holds."""
    from arlint import schemas, starter
    from arlint.cli import arlint

    explained = starter.explained()
    options = {option for parameter in arlint.commands["check"].params for option in parameter.opts}
    out = ["# Settings", "", "They stand in `arlint.toml` or `.arlint.toml`, or in `pyproject.toml` under `[tool.arlint]`, where a table is `[tool.arlint.max-rate]`."]
    out += ["The nearest file upward from what is checked wins. `arlint init` writes one, `arlint config` shows what is in force and where it was written.", ""]
    for key, form in schemas.schema("settings")["properties"].items():
        about, example = explained[key]
        default = getattr(Settings(Path()), key.replace("-", "_"), None)
        unset = starter.UNSET.get(key) if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`" if default not in ((), {}) else None
        out += [f"## {key}", "", _escaped(about), "", "| | |", "|---|---|", f"| type | {_type(form)} |", f"| default | {_escaped(unset or 'none')} |"]
        out += [f"| on the command line | `--{key}` |"] if f"--{key}" in options else []
        out += ["", "```toml", example, "```", ""]
    out += ["## Options of rules", "", 'Under `[rules."<id>"]`; the first choice is the default.', "", "| rule | option | choices |", "|---|---|---|"]
    out += [f"| [`{rule.id}`](rules/{rule.id}.md) | `{name}` | {', '.join(f'`{choice}`' for choice in choices)} |" for rule in rules.rules for name, choices in rule.options.items()]
    return "\n".join(out) + "\n"


def _type(form: dict[str, Any]) -> str:
    """What a schema asks for, in words."""
    if "enum" in form:
        return ", ".join(f'`"{choice}"`' for choice in form["enum"])
    if "anyOf" in form:
        return " or ".join(map(_type, form["anyOf"]))
    if "$ref" in form:
        return "rule ids, families or `ALL`"
    if form["type"] == "array":
        items = form["items"]
        return f"list of {_type(items)}" if "$ref" in items else f"tables of {', '.join(f'`{key}`' for key in items['properties'])}" if "properties" in items else "list of texts"
    if form["type"] == "object":
        inner = form["additionalProperties"]
        return "table of tables of texts" if inner["type"] == "object" else f"table; each value: {_type(inner)}"
    return {"boolean": "`true` or `false`", "string": "text"}[form["type"]]


def _escaped(text: str) -> str:
    """``text`` as Markdown, of which only what stands in backquotes is meant as such."""
    return "".join(part if part.startswith("`") else re.sub(r"[<>\[\]*_]", lambda found: f"&#{ord(found.group())};", part) for part in re.split(r"(`[^`]*`)", text))


def commands() -> str:
    """Every command with its options, as the command itself says them."""
    import click

    from arlint.cli import arlint

    out = ["# Commands", "", "Exit status of every command: 0 nothing found or all repaired, 1 findings remain, 2 something could not be run or read.", ""]

    def tell(command: click.Command, name: str) -> None:
        context = click.Context(command, info_name=name)
        out.extend([f"## {name}", "", *_quoted(command, context)])
        for sub in sorted(getattr(command, "commands", {})):
            tell(command.commands[sub], f"{name} {sub}")  # type: ignore[attr-defined]

    for name in sorted(arlint.commands):
        tell(arlint.commands[name], f"arlint {name}")
    return "\n".join(out)


def _quoted(command: Any, context: Any) -> list[str]:
    return ["```text", command.get_help(context).rstrip(), "```", ""]
