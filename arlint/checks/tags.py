"""``tags``: HTML in running text: tags by name, elements that hold code, comments. Escaped tags (``&lt;p&gt;``) count as tags.

Neighbouring tags make one hit. Blocks leave a line break, so that the paragraphs of the page are kept; other tags leave nothing.
An article about markup (``unless-text``), and a tag that is only named in a sentence, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import msgspec
import regex

from arlint.checks import Context
from arlint.checks.expressions import compile_expression
from arlint.findings import Edit, Hit
from arlint.page import Page

Role = Literal["inline", "block", "code"]

_TAG = regex.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,20})(?=[\s/>])(?P<rest>[^<>]{0,4000})>")
_ESCAPED = regex.compile(r"&(?:amp;)*lt;(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,20})(?=[\s/&])(?P<rest>(?:(?!&(?:amp;)*[lg]t;)[^<>\n]){0,1000}+)&(?:amp;)*gt;")
_CODE = regex.compile(r"<!--|<!\[CDATA\[|\]\]>|<!(?i:doctype)\b[^<>]{0,300}>|<\?(?:xml|php)")
_CLOSED = {"<!--": "-->", "<?xml": "?>", "<?php": "?>"}
_QUOTED = regex.compile(r"\"[^\"]*\"|'[^']*'|&(?:amp;)*quot;.*?&(?:amp;)*quot;")
_ARABIC = regex.compile(r"[\u0600-\u06ff]")
_BACKTICKS = regex.compile(r"`[^`\n]+`")
_VOID = frozenset({"br", "hr", "img", "p", "li", "td", "tr", "input", "link", "meta", "wbr", "source", "area", "embed"})
_BLANK = " \t\u00a0"


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``inline``, ``block`` and ``code`` list element names (or name ``lexicon.key``); ``role`` is the kind of run that the
    rule answers for. ``unless-text`` silences a document whose prose it matches, ``native`` files of these endings.
    """

    inline: str | list[str]
    block: str | list[str]
    code: str | list[str]
    role: Role
    unless_text: str | None = None
    native: list[str] = msgspec.field(default_factory=list)


class Token(NamedTuple):
    start: int
    end: int
    role: Role


@dataclass(frozen=True)
class Tags:
    form: Form
    roles: dict[str, Role]
    unless_text: regex.Pattern[str] | None

    def prefilters(self) -> list[str] | None:
        return ["<|lt;|\\]\\]>"]

    def hits(self, page: Page) -> Iterator[Hit]:
        text = page.text
        if ("<" not in text and "lt;" not in text and "]]>" not in text) or page.is_native(self.form.native):
            return
        tokens = self._tokens(text)
        if not tokens or (self.unless_text and self.unless_text.search(_outside(text, tokens))):
            return
        for start, end, role in _joined(text, tokens):
            if role == self.form.role:
                yield Hit(start, end, (_edit(text, start, end, role),))

    def _tokens(self, text: str) -> list[Token]:
        quoted = [m.span() for m in _BACKTICKS.finditer(text)] if "`" in text else []
        found: list[Token] = []
        at = 0
        starts = regex.compile(r"<(?=[/!?A-Za-z])|&(?:amp;)*lt;(?=/?[A-Za-z])|\]\]>")
        while (opening := starts.search(text, at)) is not None:
            token = self._token(text, opening.start())
            if token is None or any(a < token.start < b for a, b in quoted):
                at = opening.end()
                continue
            found.append(token)
            at = token.end
        return found

    def _token(self, text: str, at: int) -> Token | None:
        if code := _CODE.match(text, at):
            closing = _CLOSED.get(code.group())
            if closing is None:
                return Token(at, code.end(), "code")
            end = text.find(closing, code.end())
            return Token(at, end + len(closing), "code") if end >= 0 else None
        tag = _TAG.match(text, at) or _ESCAPED.match(text, at)
        if tag is None or _ARABIC.search(_QUOTED.sub("", tag["rest"])):
            return None
        name = tag["name"].lower()
        role = self.roles.get(name)
        if role is None:
            return None
        if role == "code" and not tag["close"]:
            ending = regex.compile(rf"(?:</|&(?:amp;)*lt;/){name}\s*(?:>|&(?:amp;)*gt;)", regex.IGNORECASE).search(text, tag.end())
            return Token(at, ending.end() if ending else tag.end(), "code")
        if not tag["close"] and not tag["rest"].strip() and name not in _VOID and _is_named(text, tag, name):
            return None
        return Token(at, tag.end(), role)


def _is_named(text: str, tag: regex.Match[str], name: str) -> bool:
    """A bare opening tag between spaces or quotation marks that nothing closes: a sentence speaks of it."""
    before, after = text[tag.start() - 1 : tag.start()], text[tag.end() : tag.end() + 1]
    return before in " («“\"'" and after in " )»”\"'.،" and before != "" and f"/{name}" not in text.lower()


def _outside(text: str, tokens: list[Token]) -> str:
    parts, at = [], 0
    for token in tokens:
        parts.append(text[at : token.start])
        at = token.end
    return "\0".join([*parts, text[at:]])


def _joined(text: str, tokens: list[Token]) -> Iterator[Token]:
    """Tags with nothing but space between them as one; a block among them makes it a block, code makes it code."""
    run: list[Token] = []
    for token in [*tokens, None]:
        if run and (token is None or text[run[-1].end : token.start].strip(_BLANK + "\n")):
            roles = {t.role for t in run}
            yield Token(run[0].start, run[-1].end, "code" if "code" in roles else "block" if "block" in roles else "inline")
            run = []
        if token is not None:
            run.append(token)


def _edit(text: str, start: int, end: int, role: Role) -> Edit:
    tight = (start == 0 or not text[start - 1].isspace()) and (end == len(text) or not text[end].isspace())
    left, right = start, end
    while left > 0 and text[left - 1] in _BLANK:
        left -= 1
    while right < len(text) and text[right] in _BLANK:
        right += 1
    if left == 0 or right == len(text) or text[left - 1] == "\n" or text[right] == "\n":
        while left == 0 and right < len(text) and text[right] == "\n":
            right += 1
        while right == len(text) and left > 0 and text[left - 1] == "\n" and "\n" in text[start:end]:
            left -= 1
        return Edit(left, right, "")
    if role == "block" or "\n" in text[start:end] or (role == "code" and tight and text[start - 1] in ".!?\u061f:"):
        return Edit(left, right, "\n")
    return Edit(start, right if left < start else end, "")


def compile(form: Form, context: Context) -> Tags:
    roles: dict[str, Role] = {}
    for role in ("inline", "block", "code"):
        value = getattr(form, role)
        roles |= dict.fromkeys(context.lexicons.phrases(value) if isinstance(value, str) else value, role)
    return Tags(form, roles, compile_expression(form.unless_text, context.lexicons, "unless-text") if form.unless_text else None)
