"""Discovered templates as rule files in the project's own format, each proved before it is written, and a page to review them.

The files are proposals: preview and manual, until an editor has read them and changes that.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import regex
import yaml

from arlint.corpus.discover import Template
from arlint.corpus.phrases import GAP, REACH

#: Sound sentences between which a template is shown to be found, and to be left alone.
_SOUND = (
    "وصل الوفد إلى الرياض مساء أمس وكان في استقباله عدد من المسؤولين.",
    "وبحث الجانبان سبل التعاون في مجالات التعليم والصحة والنقل.",
    "واتفقا على عقد لقاء ثان في الشهر المقبل لاستكمال المباحثات.",
)
#: Characters between which and the rim of the text a phrase must stand; about `REACH` words.
_NEAR = REACH * 9


@dataclass(frozen=True)
class Proposal:
    """A template and the rule made of it: its name, its file's text, and how it proves; ``problem`` is why it is not written."""

    name: str
    template: Template
    text: str
    problem: str | None = None


def proposals(templates: Iterable[Template]) -> Iterator[Proposal]:
    """A rule for each template, in order of source and frequency."""
    numbers: dict[str, int] = {}
    for template in sorted(templates, key=lambda t: (t.source, -t.documents, t.phrase)):
        slug = regex.sub(r"[^a-z0-9]+", "-", os.path.basename(template.source).partition(".")[0].lower()).strip("-") or "source"
        slug = slug if slug[0].isalpha() else f"source-{slug}"
        numbers[slug] = numbers.get(slug, 0) + 1
        name = f"{slug}-{template.phrase.rim}-{numbers[slug]}"
        text = yaml.safe_dump(_rule(template), allow_unicode=True, sort_keys=False, width=1000)
        yield Proposal(name, template, text)


def write(folder: Path, found: Iterable[Proposal]) -> list[Proposal]:
    """Write the rules that prove themselves below ``folder``; those that do not come back with the reason and are not left there."""
    from arlint import trial

    made = list(found)
    rules = folder / "boilerplate"
    rules.mkdir(parents=True, exist_ok=True)
    for one in made:
        (rules / f"{one.name}.yaml").write_text(one.text, "utf-8")
    wrong: dict[str, str] = {}
    for line in trial.problems(folder).problems:
        path, _, reason = line.partition(": ")
        wrong.setdefault(Path(regex.sub(r":\d+$", "", path)).stem, reason)
    out = []
    for one in made:
        if one.name in wrong:
            (rules / f"{one.name}.yaml").unlink()
        out.append(Proposal(one.name, one.template, one.text, wrong.get(one.name)))
    return out


def _rule(template: Template) -> dict[str, Any]:
    phrase = template.phrase
    shown = " ".join(phrase.words)
    where = "above" if phrase.rim == "head" else "below"
    example = _written(template)
    return {
        "summary": f"Page furniture of {template.source} {where} the article: {shown}",
        "message": {"ar": "من صفحة المصدر لا من المقال: «{found}»", "en": "of the source's page, not of the article: '{found}'"},
        "why": f"It stands in {template.documents} of {template.of} documents of {template.source} and in {template.elsewhere} of all others, "
        f"{template.at_rim:.0%} of the time at this place. Found by counting; nobody has read it yet.",
        "since": "0.1",
        "status": "preview",
        "severity": "warning",
        **_check(template),
        "fix": {"applicability": "manual", "title": {"ar": "احذفه", "en": "Delete it"}},
        "bad": [{"text": example[0], "fix": example[1]}],
        "good": _good(example[2]),
    }


def _check(template: Template) -> dict[str, Any]:
    phrase = template.phrase
    said = phrase.expression()
    opens = phrase.anchor == "opens"
    if template.scope == "line":
        ends = r"(?![\p{L}\p{N}])" if phrase.words[-1][-1].isalnum() else ""
        begins = r"(?<![\p{L}\p{N}])" if phrase.words[0][0].isalnum() else ""
        line = rf"{said}{ends}[^\n]{{0,90}}" if opens else rf"(?:[^\n]{{0,90}}{begins})?{said}[^\S\n]*"
        within = 6 if phrase.rim == "head" else 12
        return {"check": "lines", "line": line, "max-words": 16, "place": phrase.rim, "within": within, "verse": "allow", "remove": "line"}
    before = r"(?:^|(?<=[.!?؟»”\"…)\]\n]))" + GAP
    if template.scope == "to-end":
        return {"check": "pattern", "pattern": f"{before}(?P<found>{said})", "remove": "to-end", "last": _NEAR, "skip": []}
    return {"check": "pattern", "pattern": rf"(?:^|(?<=\n)){GAP}(?P<found>{said}{GAP})(?=\S)", "remove": "found", "first": _NEAR, "skip": []}


def _written(template: Template) -> tuple[str, str, str]:
    """A document with the template as one of its source has it, what it must become, and the phrase as it stands there."""
    parts = [(before, *rest.split("⟧", 1)) for before, rest in (text.split("⟦", 1) for _, text in template.samples)]
    lines = [f"{before.rpartition('⏎')[2]}{said}{after.partition('⏎')[0]}".strip() for before, said, after in parts]
    line = min(lines, key=len)
    _, said, after = parts[lines.index(line)]
    body = "\n".join(_SOUND)
    if template.scope == "line":
        return (f"{line}\n{body}", body, said) if template.phrase.rim == "head" else (f"{body}\n{line}", body, said)
    if template.scope == "to-end":
        tail = regex.sub(r"\s*⏎\s*", "\n", f"{said}{after}").strip()
        return f"{body}\n{tail}", body, said
    return f"{said} {body}", body, said


def _good(said: str) -> list[str]:
    """Near misses: the phrase inside a sentence, and far from the rims."""
    inside = f"{_SOUND[0]}\nوقال إن عبارة {said} وردت في النص مرتين ولم يفهمها أحد.\n{_SOUND[1]}"
    many = "\n".join(_SOUND * 14)
    return [inside, f"{many}\nثم قرأ {said} على الحاضرين.\n{many}"]


def page(found: Iterable[Proposal]) -> str:
    """The review page: every template with its evidence and samples, what would go marked."""
    rows = "".join(_row(one) for one in found)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>arlint: templates to review</title><style>{_STYLE}</style></head>'
        "<body><main><h1>Templates to review</h1><p>Each is a rule file beside this page, in preview and for editors only. Delete the file of a wrong one; "
        f"set <code>applicability: unsafe</code> and <code>status: stable</code> in a right one.</p>{rows}</main></body></html>\n"
    )


_STYLE = (
    "body{font:16px/1.7 system-ui,sans-serif;margin:0;color-scheme:light dark}main{max-width:60rem;margin:auto;padding:1rem}"
    "section{border-block-start:1px solid #999;padding-block:.8rem}.s{unicode-bidi:plaintext;text-align:start;margin:.3rem 0;overflow-wrap:anywhere}"
    "mark{border-radius:.2rem}.no{opacity:.7}"
)


def _row(one: Proposal) -> str:
    template = one.template
    samples = "".join(f'<div class="s" dir="auto">{_marked(text)}</div>' for _, text in template.samples)
    state = f'<p class="no">Not written: {escape(one.problem)}</p>' if one.problem else ""
    facts = (
        f"{template.documents} of {template.of} documents of this source ({template.documents / template.of:.1%}), {template.elsewhere} of all others; "
        f"{template.at_rim:.0%} at the {template.phrase.rim}; takes away: {template.scope}"
    )
    head = f'<h2>{escape(one.name)}</h2><p><bdi dir="auto"><strong>{escape(" ".join(template.phrase.words))}</strong></bdi> · {escape(template.source)}</p>'
    return f"<section>{head}<p>{facts}</p>{state}{samples}</section>"


def _marked(text: str) -> str:
    return escape(text).replace("⟦", "<mark>").replace("⟧", "</mark>")
