"""Markdown (CommonMark with GitHub's tables, notes and task lists, math, definition lists): what is prose in it.

Read by pulldown-cmark (``pyromark``), which gives every event its exact range in bytes, keeps to CommonMark and is linear; the
authors of tree-sitter's Markdown grammar advise against it where correctness matters. HTML in it is left to ``html``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from arlint.formats import html, text
from arlint.formats.front_matter import front_matter
from arlint.projection import Projection, Role
from arlint.regions import FILLER, NOTHING, Flow, stands_alone, without_templates

if TYPE_CHECKING:
    from arlint.document import Document
    from arlint.formats import Reading

_SPECIAL = re.compile(r"[\\`*_\[\]<>&$~|{}]")
_FILLED = re.compile(f"{FILLER}+|{NOTHING}+|[^{FILLER}{NOTHING}]+")
_MATH = re.compile(r"\\(?:text|mbox|textrm)\s*\{[^}]*\}")
_ARABIC = re.compile(r"[\u0621-\u064a]{2,}")


def _inline(new: str) -> str | None:
    return None if "\n" in new else _SPECIAL.sub(r"\\\g<0>", new)


def _paragraph(new: str) -> str | None:
    return _SPECIAL.sub(r"\\\g<0>", new).replace("\n", "\n\n")


def _in_title(new: str) -> str | None:
    return None if re.search(r"[\n\"'()\\&]", new) else new


def decode(data: bytes, path: str, reading: Reading) -> Document:
    """The document that ``data`` holds, seen through its markup."""
    from dataclasses import replace

    return replace(text.decode(data, path, reading), project=project)


def project(raw: str) -> Projection:
    """What is prose in the page ``raw``."""
    flow = Flow(raw, _inline)
    start, title = front_matter(raw, flow)
    flow.block(start, "text", _inline)
    Walk(raw, flow, start).run()
    return flow.projection(title, ".md", paragraph)


_BULLET = re.compile(r"[-*+] +(?=\S)")
#: What begins a line that is no paragraph, or belongs to one that is numbered.
_OTHER = re.compile(r"[#:>=~+-]|\d+[.)]|\s")
#: Words, emphasis and links in brackets that name their target.
_PLAIN = re.compile(r"(?:[^\\`*_\[\]<>&$~|{}!]|[*_]|!(?!\[)|\[[^\\`\[\]<>&$~|{}!^]+\]\([^\s()<>\\]+\))+")


def paragraph(raw: str, start: int, end: int) -> tuple[int, int] | None:
    """The paragraph or list item in ``raw`` whose text is from ``start`` to ``end``, with its line and the blank ones that part it
    from the next: where it is one line at the margin, of words, emphasis and links, and nothing goes on below it.
    """
    first, stop = raw.rfind("\n", 0, start) + 1, raw.find("\n", start)
    after = stop + 1 if stop >= 0 else len(raw)
    line = raw[first:after].rstrip()
    mark = _BULLET.match(line)
    if end > after or not _PLAIN.fullmatch(line, mark.end() if mark else 0) or (not mark and _OTHER.match(line)):
        return None
    rest = _BLANK.match(raw, after)
    assert rest is not None
    if raw[rest.end() : rest.end() + 1].isspace():
        return None  # indented: it may belong to what stands above
    parted = rest.end() > after or after == len(raw)
    if mark and _BULLET.match(raw, after):
        return first, after
    if not parted or not (mark or _BLANK.fullmatch(raw, raw.rfind("\n", 0, max(0, first - 1)) + 1, first)):
        return None
    if rest.end() == len(raw):  # the last of all: what parts it from the one above goes
        first = raw.find("\n", len(raw[:first].rstrip()), first) + 1
    return first, rest.end()


_BLANK = re.compile(r"(?:[ \t\r]*\n)*")


def events(source: str) -> list[tuple[Any, int, int]]:
    """pulldown-cmark's events for ``source`` with their ranges in code points."""
    import pyromark

    extended = pyromark.Options
    options = (
        extended.ENABLE_TABLES
        | extended.ENABLE_FOOTNOTES
        | extended.ENABLE_STRIKETHROUGH
        | extended.ENABLE_TASKLISTS
        | extended.ENABLE_MATH
        | extended.ENABLE_GFM
        | extended.ENABLE_HEADING_ATTRIBUTES
        | extended.ENABLE_DEFINITION_LIST
    )
    try:
        found = list(pyromark.events_with_range(source, options=options))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, which is no Exception and would end the run
            raise
        raise RuntimeError(f"the Markdown parser gave up: {error}") from None
    data = source.encode("utf-8")
    if len(data) == len(source):
        return [(event, span["start"], span["end"]) for event, span in found]
    places, at, point = {}, 0, 0
    for byte in sorted({b for _, span in found for b in (span["start"], span["end"])}):
        point += len(data[at:byte].decode("utf-8"))
        places[byte], at = point, byte
    return [(event, places[span["start"]], places[span["end"]]) for event, span in found]


def _without_marks(source: str, met: list[tuple[Any, int, int]]) -> str:
    """``source`` with what stands between the lines of HTML blocks blanked: the marks of quotations and lists."""
    parts, at, last = [], 0, -1
    for event, start, end in met:
        if isinstance(event, dict) and "Html" in event:
            if 0 <= last < start:
                parts += [source[at:last], " " * (start - last)]
                at = start
            last = end
        elif last >= 0 and event == {"End": "HtmlBlock"}:
            last = -1
    return "".join([*parts, source[at:]])


class Walk:
    """One pass over the events of a page's body, which begins at ``start``."""

    def __init__(self, raw: str, flow: Flow, start: int) -> None:
        self.raw, self.start = raw, start
        self.source = without_templates(raw, markdown=True)
        self.flow = flow
        self._stack: list[Role] = []  # roles that the open blocks give to what stands in them
        self._pictures: list[tuple[Flow, str]] = []  # the flow around each open picture
        self._links: list[str] = []
        self._silent = 0  # depth of code blocks and bare addresses
        self._html: list[tuple[int, int]] | None = None
        self._hidden: tuple[str, int] | None = None  # an inline HTML element whose content is no prose, and where it began
        self._end = start  # of what was met last

    def run(self) -> None:
        """Meet every event."""
        met = [(event, start + self.start, end + self.start) for event, start, end in events(self.source[self.start :])]
        self.source = _without_marks(self.source, met)
        for event, start, end in met:
            if isinstance(event, str):
                self._mark(event, start, end)
                continue
            ((kind, value),) = event.items()
            if kind == "Start":
                self._open(value, start, end)
            elif kind == "End":
                self._close(value, start, end)
            elif kind == "Text":
                self._text(value, start, end)
            elif kind == "Html":
                if self._html is not None:
                    self._html.append((start, end))
            elif kind == "InlineHtml":
                self._tag(start, end)
            elif not self._quiet and kind != "FootnoteReference" and kind != "TaskListMarker":
                self._thing(kind, start, end)

    @property
    def _quiet(self) -> bool:
        return self._silent > 0 or self._hidden is not None

    def _mark(self, event: str, start: int, end: int) -> None:
        if self._quiet:
            return
        if event == "SoftBreak":
            while start > 0 and self.raw[start - 1] in " \t":
                start -= 1
            self.flow.space(start, end)
        elif event == "HardBreak":
            self.flow.line(start, end)
        elif event == "Rule":
            self._block(end, "text")

    def _thing(self, kind: str, start: int, end: int) -> None:
        if "Math" in kind and (self.raw[end : end + 1].isdigit() or _ARABIC.search(_MATH.sub("", self.raw[start:end]))):
            self._text("", start, end)  # two prices in a sentence, not a formula
        else:
            self.flow.thing(start, end)
        self._end = end

    def _block(self, at: int, role: Role) -> None:
        """A block that is shown: its paragraphs take their role from what they stand in."""
        self._hidden = None
        inside = self._stack[-1] if self._stack else role
        role = "item" if inside == "item" and role == "paragraph" else "text" if inside == "text" and role == "paragraph" else role
        self.flow.block(at, role, _paragraph if role == "paragraph" else _inline)
        self._end = at

    def _open(self, value: Any, start: int, end: int) -> None:
        name = value if isinstance(value, str) else next(iter(value))
        if name == "Paragraph":
            self._block(start, "paragraph")
        elif name in ("Heading", "TableCell", "DefinitionListTitle"):
            self._block(start, "aside" if name == "TableCell" else "item")
        elif name in ("Item", "FootnoteDefinition", "DefinitionListDefinition"):
            self._block(start, "item")
            self._stack.append("item")
        elif name == "BlockQuote":
            self._block(start, "text")
            self._stack.append("text")
        elif name in ("CodeBlock", "MetadataBlock"):
            self._block(start, "text")
            self._silent += 1
        elif name == "HtmlBlock":
            self._block(start, "text")
            self._html = []
        elif name == "Link":
            self._open_link(value["Link"], start)
        elif name == "Image":
            self._pictures.append((self.flow, value["Image"]["title"]))
            self.flow = Flow(self.raw, _inline, "aside")
        elif name in ("Emphasis", "Strong", "Strikethrough", "Superscript", "Subscript"):
            self.flow.open(start)

    def _open_link(self, link: Any, start: int) -> None:
        if link["link_type"] in ("Autolink", "Email"):
            self._silent += 1
            self._links.append("\0")
        else:
            self.flow.open(start)
            self._links.append(link["title"])

    def _close(self, value: Any, start: int, end: int) -> None:
        name = value if isinstance(value, str) else next(iter(value))
        if name in ("Item", "FootnoteDefinition", "DefinitionListDefinition", "BlockQuote"):
            self._stack.pop()
            self._block(end, "text")
        elif name in ("CodeBlock", "MetadataBlock"):
            self._silent -= 1
            self._block(end, "text")
        elif name in ("Heading", "Table", "DefinitionListTitle"):
            self._block(end, "text")
        elif name == "HtmlBlock":
            self._read_html()
            self._block(end, "text")
        elif name == "Link":
            title = self._links.pop()
            if title == "\0":
                self._silent -= 1
                if not self._quiet:
                    self.flow.thing(start, end)
            else:
                self.flow.close(end)
                self._title(title, start, end)
            self._end = end
        elif name == "Image":
            inner, (self.flow, title) = self.flow, self._pictures.pop()
            if not self._quiet:
                self.flow.beside(inner.pieces())
                self._title(title, start, end)
            self._end = end
        elif name in ("Emphasis", "Strong", "Strikethrough", "Superscript", "Subscript"):
            self.flow.close(end)
            self._end = end

    def _title(self, title: str, start: int, end: int) -> None:
        """The title of a link or picture, where it stands in it as it reads."""
        at = self.raw.rfind(title, start, end) if title.strip() else -1
        if at > start and self.raw[at - 1] in "\"'(" and "\n" not in title and not self._quiet:
            inner = Flow(self.raw, _in_title, "aside")
            inner.prose(at, at + len(title))
            self.flow.beside(inner.pieces())

    def _text(self, shown: str, start: int, end: int) -> None:
        if self._quiet or start >= end:
            return
        raw, flow = self.raw, self.flow
        if FILLER in shown or NOTHING in shown:
            for match in _FILLED.finditer(self.source, start, end):
                if match.group()[0] not in FILLER + NOTHING:
                    flow.prose(*match.span())
                elif stands_alone(raw, *match.span()):
                    flow.block(match.start(), flow.role)
                    flow.block(match.end(), flow.role)
                elif match.group()[0] == FILLER:
                    flow.thing(*match.span())
        elif start > self._end and raw[start - 1] == "\\" and raw[start] in shown[:1]:
            flow.prose(start - 1, start + 1, raw[start])
            flow.prose(start + 1, end, None if raw[start:end] == shown else shown[1:])
        else:
            flow.prose(start, end, None if not shown or raw[start:end] == shown else shown)
        self._end = end

    # HTML

    def _tag(self, start: int, end: int) -> None:
        if self._silent:
            return
        tag = html.tag_at(self.source, start, end)
        if tag is None:
            if self.source.startswith("<!--", start):
                self.flow.comments.append((start, end))
            return
        if self._hidden is not None:
            if tag.closes and tag.name == self._hidden[0]:
                name, began = self._hidden
                self._hidden = None
                if name in html.CODE:
                    self.flow.thing(began, end)
                self._end = end
            return
        if tag.name in html.CODE | html.NOTES | html.RAW and not tag.closes and f"</{tag.name}" in self.raw[end : end + 4000].lower():
            self._hidden = (tag.name, start)
            return
        html.Scan(self.raw, self.source, self.flow).run(start, end)
        self._end = end

    def _read_html(self) -> None:
        spans, self._html = self._html or [], None
        if spans:
            html.Scan(self.raw, self.source, self.flow).run(spans[0][0], spans[-1][1])
