"""``pattern``: an expression with named parts. The group ``found`` is the place, or else the whole match.

Parts that stand around ``found`` are context: they must be there, and stay as they are.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec
import regex

from arlint.arabic import TABLES
from arlint.checks import Context, Mistake
from arlint.checks.expressions import allowed, checked_skip, compile_expression, groups_of, matches, span_of
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.rules import nearest


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``replace`` is a template of named parts; ``remove`` cuts the place, its line, or all to the end of the text;
    ``translate`` maps the place's characters by a table of `arabic.TABLES`; ``convert`` names a conversion;
    ``pairs`` maps what is found to what replaces it; ``cases`` holds a template for each named part, and the first of them
    that took part in the match (an empty part names an alternative) says how it is mended. ``unless`` silences hits that lie inside a match of it;
    ``at-least`` asks for that many hits in the document before any is reported, ``once`` reports the first alone.
    """

    pattern: str
    replace: str | None = None
    remove: Literal["found", "line", "to-end"] | None = None
    translate: str | None = None
    convert: Literal["strip", "html"] | None = None
    pairs: dict[str, str] | None = None
    cases: dict[str, str] | None = None
    unless: list[str] = msgspec.field(default_factory=list)
    unless_line: str | None = None
    skip: list[str] | None = None
    verse: Literal["allow", "skip"] = "allow"
    once: bool = False
    at_least: int = 1
    ignore_case: bool = False


@dataclass(frozen=True)
class Pattern:
    form: Form
    pattern: regex.Pattern[str]
    unless: tuple[regex.Pattern[str], ...]
    unless_line: regex.Pattern[str] | None
    skip: tuple[str, ...]
    table: dict[int, str] = field(default_factory=dict)

    def prefilters(self) -> list[str] | None:
        return [f"(?i:{self.pattern.pattern})" if self.form.ignore_case else self.pattern.pattern]

    def hits(self, page: Page) -> Iterator[Hit]:
        if self.form.verse == "skip" and page.is_verse:
            return
        if self.form.at_least > 1 or self.form.once:
            found = list(self._hits(page))
            if len(found) >= self.form.at_least:
                count = {"count": str(len(found))}
                for hit in found[:1] if self.form.once else found:
                    yield Hit(hit.start, hit.end, hit.edits, {**hit.values, **count})
        else:
            yield from self._hits(page)

    def _hits(self, page: Page) -> Iterator[Hit]:
        exceptions: list[list[tuple[int, int]]] | None = None
        for match in matches(self.pattern, page.text):
            start, end = span_of(match)
            if not allowed(page, self.skip, start, end):
                continue
            if self.form.verse == "skip" and (line := page.line_at(start)) and line.number in page.verse_lines:
                continue
            if self.unless:
                if exceptions is None:
                    exceptions = [[m.span() for m in matches(p, page.text)] for p in self.unless]
                if any(a <= start and end <= b for spans in exceptions for a, b in spans):
                    continue
            if self.unless_line and (line := page.line_at(start)) and self.unless_line.search(line.text):
                continue
            yield Hit(start, end, self._edits(page, match, start, end), groups_of(match))

    def _edits(self, page: Page, match: regex.Match[str], start: int, end: int) -> tuple[Edit, ...] | None:
        form, found = self.form, page.text[start:end]
        if form.remove == "line":
            line = page.line_at(start)
            return None if line is None else (Edit(*page.cut_lines(line), ""),)
        if form.remove == "to-end":
            while start > 0 and page.text[start - 1].isspace():
                start -= 1
            tail = len(page.text.rstrip("\n"))
            return (Edit(start, tail if start else len(page.text), ""),)
        if form.remove == "found":
            return (Edit(start, end, ""),)
        if form.replace is not None:
            new = form.replace.format_map({"found": found, **groups_of(match)})
        elif form.cases is not None:
            template = next((template for part, template in form.cases.items() if match.start(part) >= 0), None)
            if template is None:
                return None
            new = template.format_map({"found": found, **groups_of(match)})
        elif form.pairs is not None:
            if found not in form.pairs:
                return None
            new = form.pairs[found]
        elif self.table:
            new = found.translate(self.table)
        elif form.convert == "html":
            new = html.unescape(found)
        elif form.convert == "strip":
            new = found.strip()
        else:
            return None
        return (Edit(start, end, new),) if new != found else None


def compile(form: Form, context: Context) -> Pattern:
    pattern = compile_expression(form.pattern, context.lexicons, "pattern", fold_case=form.ignore_case)
    ways = [w for w in ("replace", "remove", "translate", "convert", "pairs", "cases") if getattr(form, w) is not None]
    if len(ways) > 1:
        raise Mistake(ways[1], f"a rule repairs in one way: drop '{ways[0]}' or '{ways[1]}'")
    if form.translate and form.translate not in TABLES:
        raise Mistake("translate", f"no table '{form.translate}'{nearest(form.translate, TABLES)}; there are {', '.join(TABLES)}")
    for part in form.cases or ():
        if part not in pattern.groupindex:
            raise Mistake(f"cases.{part}", f"'{part}' is not a named part of the pattern; there are {', '.join(pattern.groupindex) or 'none'}")
    for where, template in [("replace", form.replace), *((f"cases.{part}", template) for part, template in (form.cases or {}).items())]:
        try:
            (template or "").format_map(dict.fromkeys([*pattern.groupindex, "found"], ""))
        except (KeyError, IndexError, ValueError) as error:
            raise Mistake(where, f"{error} is not a named part of the pattern; there are {', '.join(pattern.groupindex) or 'none'}") from None
    return Pattern(
        form,
        pattern,
        tuple(compile_expression(u, context.lexicons, "unless") for u in form.unless),
        compile_expression(form.unless_line, context.lexicons, "unless-line") if form.unless_line else None,
        checked_skip(form.skip),
        TABLES[form.translate] if form.translate else {},
    )
