"""``spaces``: white space that is not the plain space, judged by its place: padding at a line's edge, the paragraph mark of
an article that has no line breaks, or a plain space in disguise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec
import regex

from arlint.checks import Context
from arlint.checks.expressions import compile_expression
from arlint.findings import Edit, Hit
from arlint.page import Page

Role = Literal["edge", "paragraph", "word"]

_FINAL = regex.compile(r"[.!?\u061f\u2026:\u061b][\"\u00bb\u201d)\]]*\Z|[\"\u00bb\u201d)\]]\Z")
#: Spaces inside a figure are typography: 12 000 000 in French and SI style.
_GROUP = regex.compile(r"[0-9\u0660-\u0669]{3}(?![0-9\u0660-\u0669])")
_DIGIT = regex.compile(r"[0-9\u0660-\u0669]")
#: A text of one paragraph has no use for a paragraph mark; two marks show the habit of the page.
_HABIT = 2


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``characters`` is the inside of a class of spaces, ``role`` the place that the rule answers for."""

    characters: str
    role: Role


@dataclass(frozen=True)
class Spaces:
    form: Form
    run: regex.Pattern[str]

    def prefilters(self) -> list[str] | None:
        return [self.run.pattern]

    def hits(self, page: Page) -> Iterator[Hit]:
        text = page.text
        runs = list(self._runs(text))
        marks = {run for run in runs if _is_break(text, *run)} if runs and "\n" not in text.strip() else set()
        for run in runs:
            start, end = run
            edge = start == 0 or text[start - 1] == "\n" or end == len(text) or text[end] == "\n"
            role: Role = "edge" if edge else "paragraph" if run in marks and len(marks) >= _HABIT else "word"
            if role == self.form.role:
                yield Hit(start, end, (Edit(start, end, {"edge": "", "paragraph": "\n", "word": " "}[role]),))

    def _runs(self, text: str) -> Iterator[tuple[int, int]]:
        """White space around each run, without what parts the digits of one figure."""
        last = 0
        for match in self.run.finditer(text):
            start, end = match.span()
            while start > last and text[start - 1] in " \t":
                start -= 1
            if end - start == 1 and _GROUP.match(text, end) and start and _DIGIT.match(text, start - 1):
                continue
            last = end
            yield start, end


def _is_break(text: str, start: int, end: int) -> bool:
    return end - start > 1 and start > 0 and end < len(text) and _FINAL.search(text, max(0, start - 4), start) is not None


def compile(form: Form, context: Context) -> Spaces:
    return Spaces(form, compile_expression(rf"[{form.characters}][{form.characters} \t]*", context.lexicons, "characters"))
