"""JSON Lines: one object a line; a fix rewrites the code points that it changes inside a string literal and no other byte.

What a literal says is read by msgspec, or by Python's decoder where a line is laxer than the standard (NaN, lone
surrogates, raw control characters, bytes that are no UTF-8).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from arlint.document import BOM
from arlint.findings import Edit
from arlint.formats.records import Fields, Path, Readable, Record

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


@dataclass(slots=True)
class Lines:
    """Whole lines of a file, of which the first is line ``number``; ``start`` is where they begin, in bytes."""

    data: bytes
    start: int
    number: int
    encoding: str

    def records(self, fields: Fields) -> Iterator[Record]:
        at = len(BOM) if self.start == 0 and self.data.startswith(BOM) else 0
        number = self.number
        while at < len(self.data):
            end = self.data.find(b"\n", at)
            end = len(self.data) if end < 0 else end
            line = self.data[at:end]
            if not line.isspace() and line:
                yield self._record(line, Record(number, (at, end), lines=(number, number)), fields)
            at, number = end + 1, number + 1

    def _record(self, line: bytes, record: Record, fields: Fields) -> Record:
        try:
            values = _values(line, self.encoding)
        except (ValueError, RecursionError) as error:
            record.problem = f"not valid JSON: {_said(error)}"
            return record
        if not isinstance(values, dict):
            record.problem = "not an object; a record is one {...} a line"
            return record
        return fields.fill(record, values)

    def spliced(self, record: Record, edits: Mapping[Path, Sequence[Edit]]) -> list[tuple[int, int, bytes]]:
        start, end = record.place
        line = self.data[start:end].decode(self.encoding, "surrogateescape")
        out, at = [], 0
        for (first, last), path in sorted((span, path) for path, span in literals(line).items() if path in edits):
            out += [line[at:first], respelled(line[first:last], edits[path], line)]
            at = last
        out.append(line[at:])
        return [(start, end, "".join(out).encode(self.encoding, "surrogateescape"))]


def batches(file: Readable, encoding: str, size: int) -> Iterator[Lines]:
    """The lines of ``file``, about ``size`` bytes at a time."""
    start, number, rest, want = 0, 1, b"", size
    while chunk := file.read(want):
        data = rest + chunk
        end = data.rfind(b"\n") + 1
        if not end:  # a line longer than a batch: read on in larger steps
            rest, want = data, want * 2
            continue
        yield Lines(data[:end], start, number, encoding)
        start, number, rest, want = start + end, number + data.count(b"\n", 0, end), data[end:], size
    if rest:
        yield Lines(rest, start, number, encoding)


def _values(line: bytes, encoding: str) -> Any:
    if encoding == "utf-8":
        try:
            return msgspec.json.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
    return json.loads(line.decode(encoding, "surrogateescape"), strict=False, parse_int=str, parse_float=str)


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def literals(line: str) -> dict[Path, tuple[int, int]]:
    """Where the strings of the object on ``line`` stand, quotation marks included; of a repeated key the last one counts."""
    found: dict[Path, tuple[int, int]] = {}
    path: list[str | int] = []
    name: str | None = None  # the key that the next value belongs to
    inside: list[str] = []
    for match in _TOKEN.finditer(line):
        token = match.group()
        first = token[0]
        if first == '"':
            if inside[-1] == "{" and name is None:
                name = json.loads(token, strict=False) if "\\" in token else token[1:-1]
                path[-1] = name
            else:
                found[tuple(path)] = match.span()
        elif first in "{[":
            inside.append(first)
            path.append("" if first == "{" else 0)
            name = None
        elif first in "}]":
            inside.pop()
            path.pop()
        elif first == ",":
            name = None
            if inside[-1] == "[":
                path[-1] = int(path[-1]) + 1
    return found


def respelled(literal: str, edits: Sequence[Edit], line: str) -> str:
    """``literal`` after ``edits`` of the text that it spells; what is new is escaped in its own manner, or in that of its ``line``."""
    after_text, after_literal = [0], [1]  # where the text goes on behind each escape, here and there
    for match in _ESCAPE.finditer(literal):
        after_text.append(after_text[-1] + match.start() - after_literal[-1] + 1)
        after_literal.append(match.end())

    def place(at: int) -> int:
        index = bisect_right(after_text, at) - 1
        return after_literal[index] + at - after_text[index]

    write = _writer(line if literal.isascii() and "\\u" not in literal else literal)
    out, at = [], 0
    for edit in edits:
        out += [literal[at : place(edit.start)], "".join(map(write, edit.text))]
        at = place(edit.end)
    out.append(literal[at:])
    return "".join(out)


def _writer(literal: str) -> Callable[[str], str]:
    """How ``literal`` writes a code point: raw or as an escape, with which digits, and whether slashes and angle brackets too."""
    escapes = re.findall(r"\\u([0-9a-fA-F]{4})", literal)
    foreign = [code for code in escapes if int(code, 16) > 0x7E]
    ascii_only = (bool(foreign) and literal.isascii()) or len(foreign) > sum(map(literal.count, "\u0627\u0644\u0648\u064a"))
    form = "04X" if any(code != code.lower() for code in escapes) else "04x"
    slash = "\\/" in literal
    markup = {chr(int(code, 16)) for code in escapes} & set("<>&'/")

    def escaped(code: int) -> str:
        if code > 0xFFFF:
            code -= 0x10000
            return f"\\u{0xD800 + (code >> 10):{form}}\\u{0xDC00 + (code & 0x3FF):{form}}"
        return f"\\u{code:{form}}"

    def write(character: str) -> str:
        if character in _SHORT:
            return _SHORT[character]
        if character < " " or character in markup or (ascii_only and character > "~"):
            return escaped(ord(character))
        return "\\/" if slash and character == "/" else character

    return write
