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
from arlint.messages import said, speak
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
        "settings": "Settings",
        "where": "They stand in `arlint.toml` or `.arlint.toml`, or in `pyproject.toml` under `[tool.arlint]`, where a table is `[tool.arlint.max-rate]`. "
        "The nearest file upward from what is checked wins. `arlint init` writes one, `arlint config` shows what is in force and where it was written.",
        "type": "type",
        "unset": "default",
        "no value": "none",
        "command line": "on the command line",
        "rule options": "Options of rules",
        "under": 'Under `[rules."<id>"]`; the first choice is the default.',
        "choices": "| rule | option | choices |\n|---|---|---|",
        "or": " or ",
        "selectors": "list of rule ids, families or `ALL`",
        "texts": "list of texts",
        "text": "text",
        "boolean": "`true` or `false`",
        "tables": "tables of {}",
        "table": "table; each value: {}",
        "table of tables": "table of tables of texts",
        "commands": "Commands",
        "status": "Exit status of every command: 0 nothing found or all repaired, 1 findings remain, 2 something could not be run or read.",
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
        "settings": "الإعدادات",
        "where": "مكانها الملف `arlint.toml` أو `.arlint.toml`، أو `pyproject.toml` تحت `[tool.arlint]`، والجدول فيه `[tool.arlint.max-rate]`. "
        "ويُعمل بأقرب ملف صعودًا من موضع ما يُفحص. يكتب الأمر `arlint init` ملفًّا منها، ويعرض `arlint config` ما يُعمل به وأين كُتب.",
        "type": "النوع",
        "unset": "الأصل",
        "no value": "لا شيء",
        "command line": "في سطر الأوامر",
        "rule options": "خيارات القواعد",
        "under": 'تحت `[rules."<id>"]`، وأول القيم هو الأصل.',
        "choices": "| القاعدة | الخيار | القيم |\n|---|---|---|",
        "or": " أو ",
        "selectors": "قائمة بمعرّفات قواعد أو عائلات، أو `ALL`",
        "texts": "قائمة نصوص",
        "text": "نص",
        "boolean": "`true` أو `false`",
        "tables": "جداول فيها {}",
        "table": "جدول، وكل قيمة فيه: {}",
        "table of tables": "جدول جداول من نصوص",
        "commands": "الأوامر",
        "status": "حالة الخروج في الأوامر كلها: 0 حين لا يوجد شيء أو أُصلح كل شيء، و1 حين تبقى مواضع، و2 حين تعذّر تشغيل شيء أو قراءته.",
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
    speak(language)
    yield "settings.md", settings(rules, language)
    yield "commands.md", commands(language)


def index(rules: Ruleset, language: Language) -> str:
    texts = _SAID[language]
    ordered = sorted(rules.rules, key=lambda rule: (FAMILIES.index(rule.family), rule.id))
    out = [f"# {texts['rules']}", "", texts["intro"].format(n=len(ordered), f=len({rule.family for rule in ordered})), ""]
    for family, members in groupby(ordered, key=lambda rule: rule.family):
        out += [f"## {family}", "", texts["head"]]
        out += [_row(rule, language) for rule in members]
        out.append("")
    return "\n".join(out)


def _row(rule: Rule, language: Language) -> str:
    return f"| [`{rule.id.partition('/')[2]}`]({rule.id}.md) | {_cell(rule.about(language).summary)} | {rule.applicability or '–'} | {rule.severity} | {', '.join(rule.profiles)} |"


def page(rule: Rule, language: Language) -> str:
    """The page of one rule."""
    texts, about = _SAID[language], rule.about(language)
    out = [f"# {rule.id}", "", about.summary, "", texts["facts"]]
    out += [f"| {rule.family} | {rule.severity} | {rule.applicability or '–'} | {', '.join(rule.profiles)} | {rule.status} | {rule.since} |", ""]
    out += _section(texts["why"], [about.why])
    out += _section(texts["examples"], [_example(example, texts) for example in rule.bad])
    out += _section(texts["good"], ['<ul class="arlint-good">' + "".join(f'<li dir="auto">{_shown(example.text)}</li>' for example in rule.good) + "</ul>"])
    because = [f"*{about.unsafe_because.strip()}*"] if about.unsafe_because else []
    out += _section(texts["safety"], [texts[rule.applicability or "none"], *because])
    if rule.options:
        out += _section(texts["options"], ["\n".join(f"- `{name}`: {', '.join(f'`{choice}`' for choice in choices)} (`{choices[0]}`: {texts['default']})" for name, choices in rule.options.items())])
    out += _section(texts["off"], [f'{texts["everywhere"]}:\n\n```toml\nignore = ["{rule.id}"]\n```\n\n{texts["here"]}:\n\n```html\n<!-- arlint: ignore-file {rule.id} -->\n```'])
    if rule.refs:
        out += _section(texts["refs"], ["\n".join(f"- {ref}" for ref in rule.refs)])
    return "\n".join(out)


def _section(head: str, blocks: Iterable[str]) -> list[str]:
    return [f"## {head}", "", *(line for block in blocks for line in (block, ""))]


def _example(example: Example, texts: dict[str, str]) -> str:
    """The damaged text and what it becomes, word by word, what changes marked."""
    before, after = example.text.rstrip("\n"), (example.fix or "").rstrip("\n")
    if example.fix is None:
        return f'<div class="arlint-example" dir="auto"><div class="before">{_shown(before)}</div></div>'
    steps = difference(before, after)
    old = "".join(f"<del>{_shown(text)}</del>" if kind == "-" else _shown(text) for kind, text in steps if kind != "+")
    new = "".join(f"<ins>{_shown(text)}</ins>" if kind == "+" else _shown(text) for kind, text in steps if kind != "-")
    return f'<div class="arlint-example" dir="auto"><div class="before">{old}</div><div class="after">{new or texts["deleted"]}</div></div>'


def _shown(text: str) -> str:
    """``text`` as HTML, invisible characters by name; Markdown leaves it alone."""
    lines = [escape(visible(line)) for line in text.split("\n")]
    return "<br>".join(lines).replace("`", "&#96;").replace("*", "&#42;").replace("_", "&#95;").replace("[", "&#91;").replace("|", "&#124;").replace("\\", "&#92;")


def _cell(text: str) -> str:
    return escape(visible(text), quote=False).replace("|", "&#124;").replace("{", "&#123;").replace("*", "&#42;").replace("_", "&#95;")


def settings(rules: Ruleset, language: Language) -> str:
    """Every setting, from the schema, the starter file and the defaults that the code holds."""
    from arlint import schemas, starter
    from arlint.cli import arlint

    texts = _SAID[language]
    explained = starter.explained()
    options = {option for parameter in arlint.commands["check"].params for option in parameter.opts}
    out = [f"# {texts['settings']}", "", texts["where"], ""]
    for key, form in schemas.schema("settings")["properties"].items():
        about, example = explained[key]
        default = getattr(Settings(Path()), key.replace("-", "_"), None)
        unset = (
            said(starter.UNSET[key]) if default is None and key in starter.UNSET else f"`{str(default).lower() if isinstance(default, bool) else default}`" if default not in (None, (), {}) else None
        )
        out += [f"## {key}", "", _escaped(said(about)), "", "| | |", "|---|---|", f"| {texts['type']} | {_type(form, texts)} |", f"| {texts['unset']} | {_escaped(unset or texts['no value'])} |"]
        out += [f"| {texts['command line']} | `--{key}` |"] if f"--{key}" in options else []
        out += ["", "```toml", example, "```", ""]
    out += [f"## {texts['rule options']}", "", texts["under"], "", texts["choices"]]
    out += [f"| [`{rule.id}`](rules/{rule.id}.md) | `{name}` | {', '.join(f'`{choice}`' for choice in choices)} |" for rule in rules.rules for name, choices in rule.options.items()]
    return "\n".join(out) + "\n"


def _type(form: dict[str, Any], texts: dict[str, str]) -> str:
    """What a schema asks for, in words."""
    if "enum" in form:
        return ", ".join(f'`"{choice}"`' for choice in form["enum"])
    if "anyOf" in form:
        return texts["or"].join(_type(choice, texts) for choice in form["anyOf"])
    if "$ref" in form:
        return texts["selectors"]
    if form["type"] == "array":
        items = form["items"]
        return texts["selectors"] if "$ref" in items else texts["tables"].format(", ".join(f"`{key}`" for key in items["properties"])) if "properties" in items else texts["texts"]
    if form["type"] == "object":
        inner = form["additionalProperties"]
        return texts["table of tables"] if inner["type"] == "object" else texts["table"].format(_type(inner, texts))
    return texts["boolean" if form["type"] == "boolean" else "text"]


def _escaped(text: str) -> str:
    """``text`` as Markdown, of which only what stands in backquotes is meant as such."""
    return "".join(part if part.startswith("`") else re.sub(r"[<>\[\]*_]", lambda found: f"&#{ord(found.group())};", part) for part in re.split(r"(`[^`]*`)", text))


def commands(language: Language) -> str:
    """Every command with its options, as the command itself says them."""
    import click

    from arlint.cli import arlint

    out = [f"# {_SAID[language]['commands']}", "", _SAID[language]["status"], ""]

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
