"""HTML: text, and the attributes that readers read, as prose; tags, scripts, styles, code and comments as markup.

Tags are told as browsers tell them (WHATWG HTML, 13.2.5), which settles every broken page in one pass. tree-sitter's HTML
grammar was tried first: it takes ``س < ص <b>`` for a tag, loses what follows a stray ``</div>``, and is quadratic in nesting.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from arlint.formats import text
from arlint.formats.front_matter import front_matter
from arlint.projection import Piece, Projection, Role, Writer
from arlint.regions import FILLER, Flow, without_templates

if TYPE_CHECKING:
    from arlint.document import Document
    from arlint.formats import Reading

_SPACE = " \t\n\r\f"
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_NAME = re.compile(r"[A-Za-z][^\s/>]*")
_ATTRIBUTE = re.compile(
    r"[\s/]*+(?:(?P<end>>)|(?P<name>[^\s/>][^\s/>=]*+)"
    r"""(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s>"'][^\s>]*+)|(?=>)))?+)"""
)
_ENTITY = r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]{1,31};?)"
_TEXT = re.compile(rf"(?P<space>[{_SPACE}]+)|(?P<entity>{_ENTITY})|(?P<template>{FILLER}+)|(?P<rest>[^{_SPACE}&{FILLER}]++(?: [^{_SPACE}&{FILLER}]++)*+|&)")


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = _names(
    "address article aside blockquote body button canvas caption center dd details dialog dir div dl dt fieldset figcaption figure footer form"
    " frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe legend li main menu nav noscript object ol optgroup option p param picture"
    " section select summary table tbody td tfoot th thead title tr ul video audio"
)
_PARAGRAPHS = _names("p div")
_ITEMS = _names("h1 h2 h3 h4 h5 h6 li dt dd legend summary")
#: Parts of a page that are no lines of its article; the second lot with all that is in them.
_BESIDE = _names("td th caption option")
_CONTAINERS = _names("title nav footer aside form menu button select figcaption")
#: Browsers read no markup in these, and readers nothing.
RAW = _names("script style xmp iframe noembed noframes textarea")
#: Code and formulas: the second lot holds blocks, the first ends with its block at the latest.
_SHORT = _names("code kbd samp var tt")
_DEEP = _names("pre svg math listing template")
CODE = _SHORT | _DEEP
#: Marks of notes and readings above the line.
NOTES = _names("sup sub rt rp")
_VOID = _names("img input wbr br hr link meta source track area base col embed param")


def _in_text(new: str) -> str | None:
    return None if "\n" in new else new.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _in_double(new: str) -> str | None:
    return None if "\n" in new else new.replace("&", "&amp;").replace('"', "&quot;")


def _in_single(new: str) -> str | None:
    return None if "\n" in new else new.replace("&", "&amp;").replace("'", "&#39;")


def _bare(new: str) -> str | None:
    return None if re.search(r"[\s\"'=<>`&]", new) else new


_QUOTED: dict[str, Writer] = {"double": _in_double, "single": _in_single, "bare": _bare}


def decode(data: bytes, path: str, reading: Reading) -> Document:
    """The document that ``data`` holds, seen through its markup."""
    from dataclasses import replace

    from arlint.encoding import declared

    return replace(text.decode(data, path, reading, declared(data)), project=project)


def project(raw: str) -> Projection:
    """What is prose in the page ``raw``."""
    flow = Flow(raw, _in_text)
    start, title = front_matter(raw, flow)
    flow.block(start, "text", _in_text)
    Scan(raw, without_templates(raw), flow).run(start, len(raw))
    return flow.projection(title, ".html", element)


_INLINE = "a|b|strong|i|em|u|span|font|small|big|mark"
#: Tags as most pages write them, and none that something may point at by its name.
_PLAIN = r"(?:(?=\s)(?![^<>]*\s(?:id|name)\s*=)[^<>]*)?"
_OPENS = re.compile(rf"<(p|li|div){_PLAIN}>(?:\s|<(?:{_INLINE}){_PLAIN}>)*\Z", re.IGNORECASE)
_CLOSES = re.compile(rf"(?:\s|</(?:{_INLINE})\s*>)*</(p|li|div)\s*>", re.IGNORECASE)
_INNER = re.compile(rf"<(/?)({_INLINE})({_PLAIN})>", re.IGNORECASE)

#: How far before its text the tag of an element is looked for.
_REACH = 2000


def element(raw: str, start: int, end: int) -> tuple[int, int] | None:
    """The paragraph, item or box in ``raw`` whose text is from ``start`` to ``end``: where it holds nothing else but inline tags, each
    closed in its turn and none with a name. The line goes with an element that stands alone on it.
    """
    closing = _CLOSES.match(raw, end)
    opening = _OPENS.search(raw, max(0, start - _REACH), start)
    if opening is None or closing is None or opening[1].lower() != closing[1].lower():
        return None
    first, last = opening.start(), closing.end()
    inside = raw[raw.index(">", first) + 1 : closing.start(1) - 2]
    open_: list[str] = []
    for tag in _INNER.finditer(inside):
        if not tag[1]:
            open_.append(tag[2].lower())
        elif not open_ or open_.pop() != tag[2].lower():
            return None
    if open_ or re.search(r"[<>]", _INNER.sub("", inside)):
        return None
    before, after = raw.rfind("\n", 0, first) + 1, raw.find("\n", last)
    after = after + 1 if after >= 0 else len(raw)
    return (before, after) if not (raw[before:first] + raw[last:after]).strip() else (first, last)


class Tag(NamedTuple):
    """A tag from ``start`` to ``end``; ``values`` are the spans of its attributes that readers read, and how they are quoted."""

    start: int
    end: int
    name: str
    closes: bool
    values: list[tuple[int, int, str]]


class Scan:
    """One pass over tags and text. ``source`` is ``raw`` with templates filled in; all offsets are those of both."""

    def __init__(self, raw: str, source: str, flow: Flow) -> None:
        self.raw, self.source, self.flow = raw, source, flow
        self._inside: list[str] = []  # open elements whose content is beside the article
        self._ends: dict[str, int] = {}  # where the next end tag of an element stands, as far as it was looked for; -1: nowhere

    def run(self, at: int, end: int) -> None:
        """Meet all that stands from ``at`` to ``end``."""
        source = self.source
        while at < end:
            opening = _OPENING.search(source, at, end)
            if opening is None:
                self.text(at, end)
                return
            self.text(at, opening.start())
            tag = tag_at(source, opening.start(), end)
            if tag is None:
                at = bogus_end(source, opening.start(), end)
                if source.startswith("<!--", opening.start()):
                    self.flow.comments.append((opening.start(), at))
                if at == opening.end():  # "</" at the end of the text
                    self.text(opening.start(), at)
                continue
            at = self.tag(tag, end)

    def tag(self, tag: Tag, end: int) -> int:
        """Meet one tag; where to read on."""
        name, flow = tag.name, self.flow
        if name == "br":
            flow.line(tag.start, tag.end)
        elif name in _BLOCKS:
            self._block(tag)
        if not tag.closes:
            for start, stop, quote in tag.values:
                flow.beside(attribute(self.raw, self.source, start, stop, quote))
        if tag.closes:
            if name not in _BLOCKS and name not in _VOID:
                flow.close(tag.end)
            return tag.end
        if name in RAW or name in CODE or name in NOTES:
            return self._skipped(tag, end)
        if name == "plaintext":
            return end
        if name not in _BLOCKS and name not in _VOID:
            flow.open(tag.start)
        return tag.end

    def _block(self, tag: Tag) -> None:
        name = tag.name
        if name in _CONTAINERS:
            if not tag.closes:
                self._inside.append(name)
            elif name in self._inside:
                while self._inside.pop() != name:
                    pass
        role: Role = "text"
        if self._inside:
            role = "aside"
        elif not tag.closes:
            role = "paragraph" if name in _PARAGRAPHS else "item" if name in _ITEMS else "aside" if name in _BESIDE else "text"
        self.flow.block(tag.start if tag.closes else tag.end, role)
        if tag.closes:
            self.flow.block(tag.end, role)

    def _skipped(self, tag: Tag, end: int) -> int:
        """Leave out an element's content; where to read on."""
        name, flow = tag.name, self.flow
        inner = self._end_of(name, tag.end, end)
        if inner < 0:
            return end if name in RAW else tag.end
        if name in _SHORT | NOTES and (other := _NEXT_BLOCK.search(self.source, tag.end, inner)):
            stop = other.start()
        else:
            closing = tag_at(self.source, inner, end)
            stop = closing.end if closing else end
        if name in _DEEP or name in RAW:
            flow.block(tag.start, flow.role)
            flow.block(stop, flow.role)
        elif name in CODE:
            flow.thing(tag.start, stop)
        return stop

    def _end_of(self, name: str, at: int, end: int) -> int:
        """Where the first end tag of ``name`` from ``at`` on begins, or -1; looked for once for all that stand before it."""
        found = self._ends.get(name, 0)
        if 0 <= found < at:
            match = re.compile(rf"</{re.escape(name)}(?=[\s/>])", re.IGNORECASE).search(self.source, at, end)
            found = self._ends[name] = match.start() if match else -1
        return found

    def text(self, start: int, end: int) -> None:
        """Meet text between tags: words, entities, white space, templates."""
        read(self.raw, self.source, start, end, self.flow)


_SUBSET = re.compile(r"\]\s*>")
_NEXT_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS, key=len, reverse=True))})(?=[\s/>])", re.IGNORECASE)


def read(raw: str, source: str, start: int, end: int, flow: Flow) -> None:
    """Text from ``start`` to ``end`` into ``flow``, with entities as what they name."""
    for match in _TEXT.finditer(source, start, end):
        kind, (a, b) = match.lastgroup, match.span()
        if kind == "rest":
            flow.prose(a, b)
        elif kind == "space":
            flow.space(a, b)
        elif kind == "template":
            flow.thing(a, b)
        else:
            meant = unescape(raw[a:b])
            flow.prose(a, b, meant if meant != raw[a:b] else None)


def attribute(raw: str, source: str, start: int, end: int, quote: str) -> list[Piece]:
    """The pieces of an attribute's value."""
    inner = Flow(raw, _QUOTED[quote], "aside")
    read(raw, source, start, end, inner)
    return inner.pieces()


def tag_at(source: str, at: int, end: int) -> Tag | None:
    """The tag that begins at ``at``, or None where a comment, a declaration or nothing of the kind does.

    A tag that nothing ends reaches to the end of the text, as in browsers.
    """
    closes = source.startswith("/", at + 1)
    name = _NAME.match(source, at + 1 + closes, end)
    if name is None:
        return None
    values: list[tuple[int, int, str]] = []
    cursor = name.end()
    while (part := _ATTRIBUTE.match(source, cursor, end)) is not None:
        cursor = part.end()
        if part["end"]:
            return Tag(at, cursor, name.group().lower(), closes, values)
        if part["name"].lower() in ("alt", "title"):
            values += [(*part.span(quote), quote) for quote in _QUOTED if part[quote]]
    return Tag(at, end, name.group().lower(), closes, values)


def bogus_end(source: str, at: int, end: int) -> int:
    """Where the comment or declaration that begins at ``at`` ends."""
    if source.startswith("<!--", at):
        if source.startswith((">", "->"), at + 4):
            return source.index(">", at) + 1
        close = source.find("-->", at + 4, end)
        return close + 3 if close >= 0 else end
    if source.startswith("<![CDATA[", at):
        close = source.find("]]>", at, end)
        return close + 3 if close >= 0 else end
    if source.startswith("</", at) and at + 2 >= end:
        return at + 1
    close = source.find(">", at, end)
    if at < 200 and source[at : at + 10].lower() == "<!doctype " and "[" in source[at:close] and (subset := _SUBSET.search(source, at, end)):
        return subset.end()  # entities that an XML page declares: names, never expanded
    return close + 1 if close >= 0 else end
