"""A rule explained, and all rules in a table: made from the rule files and from nothing else."""

from __future__ import annotations

import textwrap
from typing import Any

import msgspec

from arlint.arabic import visible
from arlint.findings import Language
from arlint.rules import Example, Rule, nearest
from arlint.ruleset import Ruleset, UnknownRule

_HEADS = {
    "en": {
        "why": "Why",
        "examples": "Examples",
        "good": "Left alone",
        "safety": "Safety of the repair",
        "options": "Options",
        "refs": "See also",
        "default": "the default",
        "profiles": "profiles",
        "deleted": "(deleted)",
        "none": "There is no repair: an editor decides.",
        "safe": "Safe: it never changes what a reader reads.",
        "unsafe": "Unsafe: applied with --unsafe-fixes only.",
        "manual": "A proposal that only an editor takes; never applied.",
    },
    "ar": {
        "why": "السبب",
        "examples": "أمثلة",
        "good": "لا يمسّ",
        "safety": "سلامة الإصلاح",
        "options": "الخيارات",
        "refs": "مراجع",
        "default": "الأصل",
        "profiles": "الأنماط",
        "deleted": "(يُحذف)",
        "none": "لا إصلاح آليًّا: القرار للمحرّر.",
        "safe": "آمن: لا يغيّر ما يقرؤه القارئ.",
        "unsafe": "غير آمن: لا يُطبَّق إلا بالخيار --unsafe-fixes.",
        "manual": "اقتراح يأخذ به المحرّر أو يدعه، ولا يُطبَّق آليًّا.",
    },
}


def page(ident: str, rules: Ruleset, language: Language) -> str:
    """The page of the rule ``ident``. Raises `UnknownRule` with the nearest id."""
    rule = rules.by_id.get(ident)
    if rule is None:
        family = sorted(i for i in rules.by_id if i.startswith(f"{ident}/"))
        raise UnknownRule(f"'{ident}' is a family; its rules are {', '.join(family)}" if family else f"no rule '{ident}'{nearest(ident, rules.by_id)}")
    heads = _HEADS[language]
    out = [f"{rule.id}: {rule.summary}", f"{rule.status}, {rule.severity}, since {rule.since}; {heads['profiles']}: {', '.join(rule.profiles)}", ""]
    out += _section(heads["why"], textwrap.wrap(rule.why, 100))
    out += _section(heads["examples"], [line for example in rule.bad for line in _example(example, heads)])
    out += _section(heads["good"], [f"= {_line(example.text)}" for example in rule.good])
    safety = [heads[rule.applicability or "none"]]
    if rule.unsafe_because:
        safety += textwrap.wrap(rule.unsafe_because, 100)
    out += _section(heads["safety"], safety)
    if rule.options:
        out += _section(heads["options"], [f"{name} = {', '.join(choices)} ({choices[0]}: {heads['default']})" for name, choices in rule.options.items()])
    if rule.refs:
        out += _section(heads["refs"], list(rule.refs))
    return "\n".join(out[:-1]) + "\n"


def markdown(rule: Rule, language: Language) -> str:
    """The page of ``rule`` in Markdown, as an editor shows it beside the text."""
    heads = _HEADS[language]
    out = [f"**{rule.id}**: {rule.summary}", "", rule.why, ""]
    for example in rule.bad[:3]:
        out += ["```diff", *_example(example, heads), "```", ""]
    out += [f"**{heads['safety']}.** {heads[rule.applicability or 'none']}" + (f" {rule.unsafe_because}" if rule.unsafe_because else ""), ""]
    if rule.options:
        out += [f"**{heads['options']}**", "", *(f"- `{name}`: {', '.join(f'`{choice}`' for choice in choices)}" for name, choices in rule.options.items()), ""]
    if rule.refs:
        out += [f"**{heads['refs']}**", "", *(f"- {ref}" for ref in rule.refs), ""]
    return "\n".join(out[:-1]) + "\n"


def _section(head: str, lines: list[str]) -> list[str]:
    return [head, *(f"  {line}" for line in lines), ""]


def _example(example: Example, heads: dict[str, str]) -> list[str]:
    if example.fix is None:
        return [f"- {_line(example.text)}"]
    return [f"- {_line(example.text)}", f"+ {_line(example.fix) or heads['deleted']}"]


def _line(text: str) -> str:
    return visible(text.rstrip("\n"))


def row(rule: Rule, on: bool) -> dict[str, Any]:
    """A rule as `rules --output-format json` tells it."""
    return {
        "id": rule.id,
        "family": rule.family,
        "summary": rule.summary,
        "status": rule.status,
        "severity": rule.severity,
        "since": rule.since,
        "profiles": list(rule.profiles),
        "fix": rule.applicability,
        "options": {name: list(choices) for name, choices in rule.options.items()},
        "in_force": on,
    }


def table(every: Ruleset, in_force: Ruleset, output_format: str) -> str:
    """All rules, sorted by family and name, those in force marked with a plus sign."""
    rows = [row(rule, rule.id in in_force.by_id) for rule in sorted(every.rules, key=lambda r: r.id)]
    if output_format == "json":
        return msgspec.json.format(msgspec.json.encode(rows), indent=1).decode() + "\n"
    width = max((len(r["id"]) for r in rows), default=0)
    lines = [f"{'+' if r['in_force'] else ' '} {r['id']:<{width}}  {r['severity']:<7}  {r['fix'] or '-':<6}  {r['status'] if r['status'] != 'stable' else '':<10}  {r['summary']}" for r in rows]
    on = sum(r["in_force"] for r in rows)
    return "\n".join(line.rstrip() for line in [*lines, "", f"{len(rows)} rules, {on} of them (+) in force here"]) + "\n"
