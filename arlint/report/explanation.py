"""A rule explained, and all rules in a table: made from the rule files and from nothing else."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import Any

import msgspec

from arlint.findings import Language
from arlint.messages import FSI, PDI, said
from arlint.plain import visible
from arlint.report import Style
from arlint.report.text import isolated, paint
from arlint.rules import Example, Rule, UnknownRule, nearest
from arlint.ruleset import Ruleset

_SAFETY = {
    None: "There is no repair: an editor decides.",
    "safe": "Safe: it never changes what a reader reads.",
    "unsafe": "Unsafe: applied with --unsafe-fixes only.",
    "manual": "A proposal that only an editor takes; never applied.",
}


def page(ident: str, rules: Ruleset, style: Style) -> str:
    """The page of the rule ``ident``. Raises `UnknownRule` with the nearest id."""
    rule = rules.by_id.get(ident)
    if rule is None:
        family = sorted(i for i in rules.by_id if i.startswith(f"{ident}/"))
        raise UnknownRule(f"'{ident}' is a family; its rules are {', '.join(family)}" if family else f"no rule '{ident}'{nearest(ident, rules.by_id)}")
    return plain(rule, style)


def plain(rule: Rule, style: Style) -> str:
    """The page of ``rule`` as text."""
    say = partial(said, language=style.language, isolate=style.terminal)
    traits = f"{say(rule.status)}, {say(rule.severity)}, since {rule.since}; profiles: {', '.join(rule.profiles)}"
    about = rule.about(style.language)
    out = [f"{paint(rule.id, 'rule', style)}: {isolated(about.summary, style)}", say(traits), ""]
    out += _section(say("Why"), [isolated(line, style) for line in textwrap.wrap(about.why, 100)], style)
    out += _section(say("Examples"), [line for example in rule.bad for line in _example(example, style)], style)
    out += _section(say("Left alone"), [f"= {_line(example.text, style)}" for example in rule.good], style)
    safety = [say(_SAFETY[rule.applicability])]
    if about.unsafe_because:
        safety += [isolated(line, style) for line in textwrap.wrap(about.unsafe_because, 100)]
    out += _section(say("Safety of the repair"), safety, style)
    if rule.options:
        out += _section(say("Options"), [say(f"{name} = {', '.join(choices)} ({choices[0]}: the default)") for name, choices in rule.options.items()], style)
    if rule.refs:
        out += _section(say("See also"), list(rule.refs), style)
    return "\n".join(out[:-1]) + "\n"


def markdown(rule: Rule, language: Language) -> str:
    """The page of ``rule`` in Markdown, as an editor shows it beside the text."""
    style, about = Style(language), rule.about(language)
    out = [f"**{rule.id}**: {about.summary}", "", about.why, ""]
    for example in rule.bad[:3]:
        out += ["```diff", *_example(example, style), "```", ""]
    out += [f"**{said('Safety of the repair', language)}.** {said(_SAFETY[rule.applicability], language)}" + (f" {about.unsafe_because}" if about.unsafe_because else ""), ""]
    if rule.options:
        out += [f"**{said('Options', language)}**", "", *(f"- `{name}`: {', '.join(f'`{choice}`' for choice in choices)}" for name, choices in rule.options.items()), ""]
    if rule.refs:
        out += [f"**{said('See also', language)}**", "", *(f"- {ref}" for ref in rule.refs), ""]
    return "\n".join(out[:-1]) + "\n"


def _section(head: str, lines: list[str], style: Style) -> list[str]:
    return [paint(head, "path", style), *(f"  {line}" for line in lines), ""]


def _example(example: Example, style: Style) -> list[str]:
    """The text before and, where there is a repair, after it."""
    before = paint(f"- {_line(example.text, style)}", "-", style)
    if example.fix is None:
        return [before]
    return [before, paint(f"+ {_line(example.fix, style) or said('(deleted)', style.language)}", "+", style)]


def _line(text: str, style: Style) -> str:
    """``text`` on one line; on a terminal its order is its own and not that of the sign before it."""
    shown = visible(text.rstrip("\n"))
    return f"{FSI}{shown}{PDI}" if style.terminal and shown else shown


def row(rule: Rule, on: bool, language: Language = "en") -> dict[str, Any]:
    """A rule as `rules --output-format json` tells it."""
    return {
        "id": rule.id,
        "family": rule.family,
        "summary": rule.about(language).summary,
        "status": rule.status,
        "severity": rule.severity,
        "since": rule.since,
        "profiles": list(rule.profiles),
        "fix": rule.applicability,
        "options": {name: list(choices) for name, choices in rule.options.items()},
        "in_force": on,
    }


def table(every: Ruleset, in_force: Ruleset, output_format: str, language: Language = "en") -> str:
    """All rules, sorted by family and name, those in force marked with a plus sign."""
    rows = [row(rule, rule.id in in_force.by_id, language) for rule in sorted(every.rules, key=lambda r: r.id)]
    if output_format == "json":
        return msgspec.json.format(msgspec.json.encode(rows), indent=1).decode() + "\n"
    width = max((len(r["id"]) for r in rows), default=0)
    lines = [f"{'+' if r['in_force'] else ' '} {r['id']:<{width}}  {r['severity']:<7}  {r['fix'] or '-':<6}  {r['status'] if r['status'] != 'stable' else '':<10}  {r['summary']}" for r in rows]
    on = sum(r["in_force"] for r in rows)
    return "\n".join(line.rstrip() for line in [*lines, "", said(f"{len(rows)} rules, {on} of them (+) in force here", language)]) + "\n"
