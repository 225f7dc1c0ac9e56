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
    ``unless-text`` silences the whole document where it matches (an article about HTML quotes tags), ``native`` in files of
    these endings, whose own syntax it is. ``at-least`` asks for that many hits in the document before any is reported, ``once`` reports the first alone.
    ``first`` and ``last`` bound the search to so many characters at the head or the foot of the text; ``needs`` lists
    strings of which the text must hold one, ``gate`` an expression that it must match, so that a page without them costs nothing.
    """

    pattern: str
    replace: str | None = None
    remove: Literal["found", "line", "to-end"] | None = None
    translate: str | None = None
    convert: Literal["strip", "html", "join"] | None = None
    pairs: dict[str, str] | None = None
    cases: dict[str, str] | None = None
    unless: list[str] = msgspec.field(default_factory=list)
    unless_line: str | None = None
    unless_text: str | None = None
    native: list[str] = msgspec.field(default_factory=list)
    skip: list[str] | None = None
    verse: Literal["allow", "skip"] = "allow"
    once: bool = False
    at_least: int = 1
    ignore_case: bool = False
    first: int | None = None
    last: int | None = None
    needs: list[str] = msgspec.field(default_factory=list)
    starts: str | None = None
    gate: str | None = None


@dataclass(frozen=True)
class Pattern:
    form: Form
    pattern: regex.Pattern[str]
    unless: tuple[regex.Pattern[str], ...]
    unless_line: regex.Pattern[str] | None
    unless_text: regex.Pattern[str] | None
    gate: regex.Pattern[str] | None
    skip: tuple[str, ...]
    table: dict[int, str] = field(default_factory=dict)
    starts: regex.Pattern[str] | None = None

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
        if self.form.native and page.is_native(self.form.native):
            return
        if self.form.needs and not any(need in page.text for need in self.form.needs):
            return
        if self.gate and self.gate.search(page.text) is None:
            return
        for match in self._matches(page.text):
            start, end = span_of(match)
            if self.unless_text and self.unless_text.search(page.text):
                return
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
            edits = self._edits(page, match, start, end)
            if edits is not None or self.form.convert is None:  # what no conversion changes was never damaged
                yield Hit(start, end, edits, groups_of(match))

    def _matches(self, text: str) -> Iterator[regex.Match[str]]:
        start, end = self._bounds(text)
        if self.starts is None:
            yield from matches(self.pattern, text, start, end)
            return
        for place in matches(self.starts, text, start, end):
            if place.start() >= start and (match := self.pattern.match(text, place.start(), end)):
                yield match
                start = match.end()

    def _bounds(self, text: str) -> tuple[int, int]:
        """Where to search: all of ``text``, or the part next to its head or foot, blank space at the rim not counted."""
        first, last = self.form.first, self.form.last
        foot = len(text.rstrip())
        start = 0 if last is None else max(0, foot - last)
        end = len(text) if first is None else len(text) - len(text.lstrip()) + first
        if last is not None:
            end = min(end, foot + _RIM)
        return start, min(end, len(text))

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
            return (Edit(*_with_edge_space(page.text, start, end), ""),)
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
            new = decoded(found)
        elif form.convert == "join":
            new = found.replace(" ", "")
        elif form.convert == "strip":
            new = found.strip()
        else:
            return None
        return (Edit(start, end, new),) if new != found else None


def _with_edge_space(text: str, start: int, end: int) -> tuple[int, int]:
    """The span to cut so that no space is left hanging where the cut reaches an end of its line."""
    before, after = start, end
    while before > 0 and text[before - 1] in " \t\u00a0":
        before -= 1
    while after < len(text) and text[after] in " \t\u00a0":
        after += 1
    if after == len(text) or text[after] == "\n":
        return before, end
    return (start, after) if before == 0 or text[before - 1] == "\n" else (start, end)


#: White space at the foot that an expression gets to see; more of it only costs time.
_RIM = 64

#: What a decoded reference leaves that is not for print: invisible ones go, spaces of any width become a space.
_UNPRINTED = {0xA0: " ", 0x202F: " ", 0x2002: " ", 0x2003: " ", 0x2009: " "} | dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0xFEFF))


def decoded(text: str) -> str:
    """``text`` with its character references read, those that were escaped twice (``&amp;quot;``) to the end.

    >>> decoded("&amp;quot;&#1594;&quot;")
    '"غ"'
    """
    while (new := html.unescape(text)) != text:
        text = new
    return text.translate(_UNPRINTED)


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
        compile_expression(form.unless_text, context.lexicons, "unless-text") if form.unless_text else None,
        compile_expression(form.gate, context.lexicons, "gate") if form.gate else None,
        checked_skip(form.skip),
        TABLES[form.translate] if form.translate else {},
        compile_expression(form.starts, context.lexicons, "starts") if form.starts else None,
    )
