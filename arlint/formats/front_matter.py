"""Front matter: which values of a page's YAML, TOML or JSON head are prose. Keys, dates, addresses and tags are not.

A value is prose only where its pieces spell exactly what the parser reads; anything else is left out rather than guessed at.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator

from arlint.projection import Piece, Writer
from arlint.regions import FILLER, Flow

#: Keys whose values are read by readers, at any depth.
_READ = (
    "title subtitle description summary caption headline excerpt alt lead lede intro abstract standfirst deck teaser tagline blurb linktitle"
    " seo_title seo_description og_title og_description meta_title meta_description"
)
KEYS = frozenset(_READ.split())

_YAML = re.compile(r"---[ \t]*\r?\n(?P<body>.*?)(?:(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z))", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\r?\n(?P<body>.*?)(?:(?<=\n)\+\+\+[ \t]*(?:\r?\n|\Z))", re.DOTALL)
_LONG_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'', re.DOTALL)
_ASSIGNED = re.compile(r"""^[ \t]*\[+(?P<table>[^\]\n]+)\]+|^[ \t]*(?P<key>[\w.-]+|"[^"\n]*")[ \t]*=[ \t]*(?P<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*(?:\#[^\n]*)?$""", re.MULTILINE)
_WRAP, _WORDS = r"(?P<wrap>[ \t]*+\r?\n[ \t]*+)", r"[ \t]++(?!\r?\n)"
_PLAIN = re.compile(rf"{_WRAP}|(?P<rest>(?:[^ \t\r\n]|{_WORDS})+)")
_BACKSLASHES = re.compile(rf"{_WRAP}|(?P<stand>\\(?:x[0-9A-Fa-f]{{2}}|u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}|.))|(?P<rest>(?:[^ \t\r\n\\]|{_WORDS})+)")
_APOSTROPHES = re.compile(rf"{_WRAP}|(?P<stand>'')|(?P<rest>(?:[^ \t\r\n']|{_WORDS})+)")

#: A head longer than this is data.
LONGEST = 64_000


def _doubled(new: str) -> str | None:
    return None if "\n" in new else new.replace("\\", "\\\\").replace('"', '\\"')


def _single(new: str) -> str | None:
    return None if "\n" in new else new.replace("'", "''")


def _literal(new: str) -> str | None:
    return None if "\n" in new or "'" in new else new


def _plain(new: str) -> str | None:
    return None if re.search(r"\n|: |:$| #|^[\s\"'\[\]{}>|*&!%#`@,?-]", new) else new


def front_matter(raw: str, flow: Flow) -> tuple[int, str | None]:
    """The offset behind the head of ``raw``, its prose met by ``flow``; and the title that it gives, if it does."""
    values: list[tuple[str, str, list[Piece]]] = []
    if match := _YAML.match(raw):
        values = _yaml(raw, *match.span("body")) if match.end() < LONGEST else []
    elif match := _TOML.match(raw):
        values = list(_toml(raw, *match.span("body"))) if match.end() < LONGEST else []
    elif (end := _json(raw)) > 0:
        return end, None
    else:
        return 0, None
    for _, _, pieces in values:
        flow.block(pieces[0].start, "aside")
        flow.given(pieces)
    return match.end(), next((value for key, value, _ in values if key == "title"), None)


def _json(raw: str) -> int:
    """Where a head in JSON ends, as Hugo takes one; 0 where there is none."""
    if not re.match(r"\{\s*\"", raw):
        return 0
    try:
        head, end = json.JSONDecoder().raw_decode(raw)
    except (ValueError, RecursionError):
        return 0
    return end if isinstance(head, dict) and raw[end : end + 1] in ("", "\n", "\r") else 0


def _yaml(raw: str, start: int, end: int) -> list[tuple[str, str, list[Piece]]]:
    """(path of the key, value, pieces) of the prose values of a YAML mapping."""
    import yaml

    found = []
    path: list[str | None] = []  # a key for every open mapping, None where one is awaited; "-" for a list
    try:
        for event in yaml.parse(raw[start:end], Loader=yaml.SafeLoader):
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                path.append(None if isinstance(event, yaml.MappingStartEvent) else "-")
                continue
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                path.pop()
            elif isinstance(event, yaml.ScalarEvent):
                if path and path[-1] is None:
                    path[-1] = str(event.value)
                    continue
                key = next((k for k in reversed(path) if k not in ("-", None)), "")
                if key and key.lower() in KEYS and event.start_mark and event.end_mark:
                    pieces = _scalar(raw, start + event.start_mark.index, start + event.end_mark.index, event.style, event.value)
                    if pieces:
                        found.append(("/".join(str(k) for k in path), event.value, pieces))
            elif not isinstance(event, yaml.AliasEvent):
                continue
            if path and path[-1] not in ("-", None):
                path[-1] = None
    except (yaml.YAMLError, RecursionError):  # a broken head is no prose; the static site generator will say so
        return []
    return found


def _scalar(raw: str, start: int, end: int, style: str | None, value: str) -> list[Piece] | None:
    """The pieces of a YAML scalar, or None where they do not spell ``value``."""
    if style == '"':
        return _spelled(raw, start + 1, end - 1, _BACKSLASHES, _doubled, value)
    if style == "'":
        return _spelled(raw, start + 1, end - 1, _APOSTROPHES, _single, value)
    if style in ("|", ">"):
        header = raw.find("\n", start, end)
        return _spelled(raw, header + 1, end, _PLAIN, _literal_line, value.rstrip("\n"), "\n" if style == "|" else " ") if header >= 0 else None
    return _spelled(raw, start, end, _PLAIN, _plain, value)


def _literal_line(new: str) -> str | None:
    return None if "\n" in new else new


def _spelled(raw: str, start: int, end: int, tokens: re.Pattern[str], write: Writer, value: str, wrap: str = " ") -> list[Piece] | None:
    """``raw[start:end]`` as pieces: escapes as what they stand for, line breaks as ``wrap``."""
    end -= len(raw[start:end]) - len(raw[start:end].rstrip()) if tokens is _PLAIN else 0
    start += len(raw[start:end]) - len(raw[start:end].lstrip()) if tokens is _PLAIN else 0
    pieces = []
    for match in tokens.finditer(raw, start, end):
        kind, (a, b) = match.lastgroup, match.span()
        shown = None if kind == "rest" else wrap if kind == "wrap" else _meant(match.group())
        if shown == "":
            return None
        pieces.append(Piece(a, b, shown, None if kind == "wrap" else write, a, 0, "aside"))
    spelled = "".join(raw[p.start : p.end] if p.text is None else p.text for p in pieces)
    return pieces if spelled == value and value.strip() and "{{" not in value and "{%" not in value else None


_NAMED = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/", "_": "\u00a0", "N": "\x85", "L": "\u2028", "P": "\u2029", " ": " "}


def _meant(escape: str) -> str:
    if escape == "''":
        return "'"
    if escape[1] in "xuU":
        code = int(escape[2:], 16)
        return chr(code) if code < 0x110000 else ""
    return _NAMED.get(escape[1], "")


def _toml(raw: str, start: int, end: int) -> Iterator[tuple[str, str, list[Piece]]]:
    """(path of the key, value, pieces) of the prose values of TOML: strings of one line."""
    try:
        tomllib.loads(raw[start:end].replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    table = ""
    source = raw[:start] + _LONG_STRING.sub(lambda m: FILLER * len(m.group()), raw[start:end])
    for match in _ASSIGNED.finditer(source, start):
        if match["table"]:
            table = match["table"].strip() + "/"
            continue
        key = match["key"].strip('"').rpartition(".")[2]
        if key.lower() in KEYS:
            a, b = match.span("value")
            literal = raw[a] == "'"
            value = tomllib.loads(f"v = {raw[a:b]}")["v"]
            pieces = _spelled(raw, a + 1, b - 1, _PLAIN if literal else _BACKSLASHES, _literal if literal else _doubled, value)
            if pieces:
                yield table + key, value, pieces
