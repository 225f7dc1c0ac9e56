"""What is prose in a text with markup: the building of its projection, shared by Markdown and HTML.

A format walks its syntax once and says what it meets; `Flow` makes pieces of it. How the syntax is told is the format's business.
"""

from __future__ import annotations

import re

from arlint.projection import OBJECT, Piece, Projection, Role, Whole, Writer

#: Fills the place of shortcodes before a parser reads the text, so that none of their signs is taken for markup: a
#: noncharacter of Unicode, which no text holds.
FILLER = "\ufdd0"
#: The same for what takes no place in the sentence: attributes of a heading or picture, the fences of directives.
NOTHING = "\ufdd1"

# Shortcodes of Hugo, tags and values of Jekyll or Liquid. None holds another, so that no sign is looked at twice.
_TEMPLATE = re.compile(
    r"\{\{(?P<hugo>[<%])\s*+(?P<ends>/?)\s*+(?P<shortcode>[\w-]*+)(?:(?!\{\{|[>%]\}\})[^`])*+[>%]\}\}"
    r"|\{%-?\s*+(?P<end>end)?(?P<tag>\w*+)(?:(?!\{%|%\})[^`])*+%\}"
    r"|\{\{[^`\n{}]*+(?:\{[^{}`\n]*+\}[^`\n{}]*+)*+\}\}"
    r"|\{#(?=\s)[^`\n{}]*+#\}"
)
#: What stands between these and their ends is code.
_OPAQUE = frozenset(["highlight", "code", "mermaid", "katex", "math", "latex", "chart", "gist", "raw", "css", "diagram", "comment", "javascript", "stylesheet", "schema", "style"])
#: Kramdown and Pandoc attributes, containers of directives, addresses that are a line (sites embed them), emoji by name: Markdown only.
_ATTRIBUTES = re.compile(
    r"\{:[^{}\n`]*\}|\{[ ]?[#.][\w#.][^{}\n`]*\}|(?<=[)\]`])\{\w[\w-]*=[^{}\n`]*\}|^[ ]{0,3}(?::{3,}[^\n]*|https?://\S+[ \t]*)$|(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w:])",
    re.MULTILINE,
)


def without_templates(raw: str, *, markdown: bool = False) -> str:
    """``raw`` with shortcodes and template tags written over by `FILLER`, of the same length."""
    if "{{" in raw or "{%" in raw or "{#" in raw:
        raw = _filled(raw)
    return _ATTRIBUTES.sub(_attributes_filled, raw) if markdown and ("{" in raw or ":" in raw) else raw


def _filled(raw: str) -> str:
    tags = list(_TEMPLATE.finditer(raw))
    ends: dict[str, list[re.Match[str]]] = {}
    for tag in reversed(tags):
        if tag["end"] or tag["ends"]:
            ends.setdefault(_kind(tag), []).append(tag)
    parts, at = [], 0
    for tag in tags:
        start, end = tag.span()
        if start < at:
            continue
        if _kind(tag)[1:] in _OPAQUE and not tag["end"] and not tag["ends"]:
            closing = ends.get(_kind(tag), [])
            while closing and closing[-1].start() < end:
                closing.pop()
            end = closing[-1].end() if closing else end
        parts += [raw[at:start], FILLER * (end - start)]
        at = end
    return "".join([*parts, raw[at:]])


def _kind(tag: re.Match[str]) -> str:
    return f"h{tag['shortcode']}" if tag["hugo"] else f"l{tag['tag']}"


def _attributes_filled(match: re.Match[str]) -> str:
    found = match.group()
    return (FILLER if found[0] == ":" != found[1] else NOTHING) * len(found)


def stands_alone(raw: str, start: int, end: int) -> bool:
    """Whether nothing but space stands beside ``start`` to ``end`` on its line."""
    line, after = raw.rfind("\n", 0, start) + 1, raw.find("\n", end)
    return not raw[line:start].strip(" \t>") and not raw[end : after if after >= 0 else len(raw)].strip()


class Flow:
    """The pieces of ``raw`` as they are met: blocks, the inline elements in them, and what is read beside them."""

    def __init__(self, raw: str, write: Writer, role: Role = "text") -> None:
        self.raw = raw
        self.write, self.role = write, role
        self.depth = 0
        self._pieces: list[Piece] = []
        self._beside: list[list[Piece]] = []
        self._break: tuple[int, int, bool] | None = None
        self._fresh = True  # nothing of this line has been met
        self._low, self._seam = 0, 0
        self.comments: list[tuple[int, int]] = []

    def projection(self, title: str | None, suffix: str, whole: Whole | None = None) -> Projection:
        """What was met, as a projection."""
        self.block(len(self.raw), "text")
        return Projection(self.raw, tuple(self._pieces), title, suffix, tuple(self.comments), whole)

    def pieces(self) -> list[Piece]:
        """The pieces met so far, without a space at their end."""
        self._drop_space()
        return self._pieces

    def block(self, at: int, role: Role, write: Writer | None = None) -> None:
        """A block of ``role`` begins (or one ends) at ``at``; its inserted text is written by ``write``."""
        self._drop_space()
        groups, self._beside = self._beside, []
        for group in groups:
            self._begin_line(self._seam)
            self._pieces += group
            self._break = (self._seam, max(self._seam, at), False)
        if self._break is None:
            self._break = (self._seam, max(self._seam, at), self.role == "paragraph")
        start, _, plain = self._break
        self._break = (start, max(start, at), plain and (role == "paragraph" or at == len(self.raw)))
        self.role, self.write = role, write or self.write
        self.depth, self._low, self._seam, self._fresh = 0, 0, at, True

    def _begin_line(self, at: int) -> None:
        """The break that parts the next piece from the block before."""
        if self._pieces:
            start, end, plain = self._break or (at, at, False)
            free = plain and self.role == "paragraph" and self.raw[start:end].isspace()
            behind = self._pieces[-1].end
            self._pieces.append(Piece(start, end, "\n", self.write if free else None, start if behind <= start else -1, 0, self.role))
        self._break = None

    def prose(self, start: int, end: int, text: str | None = None) -> None:
        """``raw[start:end]`` is prose, as it stands or shown as ``text``."""
        if text is None and self._fresh:
            while start < end and self.raw[start] in " \t":
                start += 1
        if text is None and self.raw[start : start + 1] == " " and self._pieces and not self._fresh and self._pieces[-1].end < start and self._ends_in_space():
            start += 1  # a picture or a note stood between two spaces
        self._piece(start, end, text, self.write)

    def given(self, pieces: list[Piece]) -> None:
        """``pieces`` are the block that is open."""
        self._begin_line(pieces[0].start)
        self._pieces += pieces
        self._fresh, self._low, self._seam = False, 0, pieces[-1].end

    def thing(self, start: int, end: int) -> None:
        """``raw[start:end]`` has its place in the sentence but is not prose: code, a formula, a shortcode."""
        if not (self._pieces and not self._fresh and self._pieces[-1].text == OBJECT and self._pieces[-1].end == start):
            self._piece(start, end, OBJECT, None)
        else:
            self._pieces[-1] = self._pieces[-1]._replace(end=end)
            self._low, self._seam = self.depth, end

    def _piece(self, start: int, end: int, text: str | None, write: Writer | None) -> None:
        if start >= end:
            return
        if self._fresh and self._break is not None:
            self._begin_line(start)
        last = self._pieces[-1] if self._pieces else None
        if last and not self._fresh and text is None and last.text is None and last.end == start and last.write is write and last.depth == self.depth:
            self._pieces[-1] = last._replace(end=end)
        else:
            self._pieces.append(Piece(start, end, text, write, self._seam if self._pieces else min(self._seam, start), self.depth, self.role))
        self._fresh = False
        self._low, self._seam = self.depth, end

    def space(self, start: int, end: int) -> None:
        """White space between words, however long: one space, and none at the edge of a line or after another."""
        if self._fresh or self._ends_in_space():
            return
        shown = None if self.raw[start:end] == " " else " "
        self._piece(start, end, shown, self.write if self.raw[start:end].isspace() else None)

    def _ends_in_space(self) -> bool:
        last = self._pieces[-1]
        return last.text == " " or (last.text is None and self.raw[last.end - 1] == " ")

    def _drop_space(self) -> None:
        while self._pieces and not self._fresh and self._ends_in_space():
            last = self._pieces.pop()
            at = last.start if last.text is not None else last.end - 1
            if last.text is None and at > last.start:
                self._pieces.append(last._replace(end=at))
            if self._seam == last.end:
                self._seam = at

    def line(self, start: int, end: int) -> None:
        """A line break inside a block."""
        self._drop_space()
        if not self._fresh:
            self._pieces.append(Piece(start, end, "\n", None, self._seam, self.depth, self.role))
            self._fresh, self._low, self._seam = True, self.depth, end

    def open(self, start: int) -> None:
        """An inline element begins at ``start``."""
        self.depth += 1

    def close(self, end: int) -> None:
        """An inline element ends at ``end``."""
        self.depth = max(0, self.depth - 1)
        if self.depth < self._low:
            self._low, self._seam = self.depth, end

    def beside(self, pieces: list[Piece]) -> None:
        """``pieces`` are read after the block that is open: an attribute, the text of a picture."""
        if pieces:
            self._beside.append([pieces[0]._replace(seam=pieces[0].start), *pieces[1:]])
