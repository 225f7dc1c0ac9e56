"""``lines``: a whole line and its place. Page furniture says itself in lines; the same words in prose are honest.

Place is counted in lines that are not blank. Verse and lists are left alone unless a rule asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec
import regex

from arlint.arabic import loose
from arlint.checks import Context, Mistake
from arlint.checks.expressions import allowed, checked_skip, compile_expression, groups_of
from arlint.findings import Edit, Hit
from arlint.page import Line, Page
from arlint.scanner import whole_line

Where = Literal["any", "first", "last", "head", "tail", "inside"]


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``line`` must match the whole line, stripped of edge space; ``phrases`` is a list (or ``lexicon.key``) of phrases
    that, spelled loosely, are the whole line (``position: line``), open it (``prefix``) or close it (``suffix``).
    ``place`` is where the line stands; head and tail are the ``within`` lines next to the ends. ``previous`` and
    ``next`` must match the neighbour line; ``none`` stands for no neighbour. ``remove: line`` cuts the line, ``found``
    the group of that name, ``to-end`` all that follows too. ``gate`` is a cheap expression that the line must open with
    (such as its length) before the dear one is tried. ``besides`` matches lines that do not count: with it, those that
    furniture findings delete do not count either, so that ``last`` is the last line of the article itself.
    """

    line: str | None = None
    phrases: str | list[str] | None = None
    position: Literal["line", "prefix", "suffix"] = "line"
    place: Where = "any"
    within: int = 3
    unless: str | None = None
    gate: str | None = None
    max_words: int | None = None
    min_words: int = 0
    final_mark: Literal["any", "required", "forbidden"] = "any"
    previous: str | None = None
    next: str | None = None
    min_lines: int = 2
    verse: Literal["skip", "allow"] = "skip"
    remove: Literal["line", "found", "to-end"] | None = None
    replace: str | None = None
    skip: list[str] = msgspec.field(default_factory=list)
    ignore_case: bool = False
    besides: str | None = None


@dataclass(frozen=True)
class Lines:
    form: Form
    line: regex.Pattern[str]
    unless: regex.Pattern[str] | None
    previous: regex.Pattern[str] | None
    next: regex.Pattern[str] | None
    skip: tuple[str, ...]
    gate: regex.Pattern[str] | None = None
    besides: regex.Pattern[str] | None = None

    def prefilters(self) -> list[str] | None:
        line = self.line.pattern
        return [whole_line(f"(?i:{line})" if self.line.flags & regex.IGNORECASE else line)]

    def hits(self, page: Page) -> Iterator[Hit]:
        form, lines = self.form, page.lines
        if self.besides:
            lines = [line for line in lines if not self.besides.fullmatch(line.text) and not any(a <= line.end and line.start < b and b - a >= len(line.text) for a, b in page.gone)]
        if len(lines) < form.min_lines or (form.verse == "skip" and page.is_verse):
            return
        for index in self._places(len(lines)):
            line = lines[index]
            if self.gate and not self.gate.match(line.text):
                continue
            match = self.line.fullmatch(line.text, timeout=5)
            if match is None or (form.verse == "skip" and line.number in page.verse_lines):
                continue
            if (form.max_words is not None and line.words > form.max_words) or line.words < form.min_words:
                continue
            if form.final_mark != "any" and line.final != (form.final_mark == "required"):
                continue
            if self.unless and self.unless.search(line.text):
                continue
            if not self._neighbour(self.previous, lines[index - 1] if index else None):
                continue
            if not self._neighbour(self.next, lines[index + 1] if index + 1 < len(lines) else None):
                continue
            shift = page.text.index(line.text, line.start)
            group = "found" in match.re.groupindex and match.start("found") >= 0
            start, end = (shift + at for at in match.span("found" if group else 0))
            if allowed(page, self.skip, start, end):
                yield Hit(start, end, self._edits(page, line, match, start, end), groups_of(match))

    def _places(self, count: int) -> range:
        within = self.form.within
        return {
            "any": range(count),
            "first": range(min(1, count)),
            "last": range(max(0, count - 1), count),
            "head": range(min(within, count)),
            "tail": range(max(0, count - within), count),
            "inside": range(1, max(1, count - 1)),
        }[self.form.place]

    def _neighbour(self, wanted: regex.Pattern[str] | None, line: Line | None) -> bool:
        return wanted is None or wanted.fullmatch(line.text if line else "none") is not None

    def _edits(self, page: Page, line: Line, match: regex.Match[str], start: int, end: int) -> tuple[Edit, ...] | None:
        if self.form.remove == "line":
            return (Edit(*page.cut_lines(line), ""),)
        if self.form.remove == "to-end":
            return (Edit(*page.cut_lines(line, page.lines[-1]), ""),)
        if self.form.remove == "found":
            while end < line.end and page.text[end].isspace():
                end += 1
            if end >= line.end:
                while start > line.start and page.text[start - 1].isspace():
                    start -= 1
            return (Edit(start, end, ""),) if (start, end) != (line.start, line.end) else (Edit(*page.cut_lines(line), ""),)
        if self.form.replace is not None:
            new = self.form.replace.format_map({"found": page.text[start:end], **groups_of(match)})
            return (Edit(start, end, new),)
        return None


#: What may stand between a furniture phrase and the end of its line.
_TRAIL = r"[\s:：.…!?؟«»><\-–—|/\\*•\u200e\u200f\d]*"


def compile(form: Form, context: Context) -> Lines:
    if (form.line is None) == (form.phrases is None):
        raise Mistake("line" if form.line else "check", "say either 'line' (an expression) or 'phrases' (a list)")
    if form.line is not None:
        line = compile_expression(form.line, context.lexicons, "line", fold_case=form.ignore_case)
    else:
        phrases = context.lexicons.phrases(form.phrases) if isinstance(form.phrases, str) else form.phrases or []
        either = "(?:" + "|".join(loose(p) for p in sorted(set(phrases), key=lambda p: (-len(p), p))) + ")"
        shape = {"line": f"{_TRAIL}{either}{_TRAIL}", "prefix": rf"[\s*•\-–|>»«]*{either}(?!\w).*", "suffix": rf".*(?<!\w){either}{_TRAIL}"}
        line = regex.compile(shape[form.position], regex.IGNORECASE)
    if form.remove and form.replace is not None:
        raise Mistake("replace", "a rule repairs in one way: drop 'remove' or 'replace'")

    def optional(name: str) -> regex.Pattern[str] | None:
        value = getattr(form, name)
        return compile_expression(value, context.lexicons, name) if value else None

    return Lines(form, line, optional("unless"), optional("previous"), optional("next"), checked_skip(form.skip), optional("gate"), optional("besides"))
