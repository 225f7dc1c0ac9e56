"""``mojibake``: text read in the wrong encoding, undone where the result is Arabic.

ftfy knows UTF-8 read as windows-1252; it does not know windows-1256 or ISO 8859-6 read as Latin (``ÇáÓáÇã``) nor UTF-8 read as
windows-1256, the three that Arabic sites leave. A run is taken for damage only if undoing it gives Arabic and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec
import regex

from arlint.arabic import LETTER, MARK
from arlint.checks import Context
from arlint.checks.expressions import SKIPPED
from arlint.findings import Edit, Hit
from arlint.page import Page

Kind = Literal["utf-8", "single-byte", "marks"]


def _bytes_of(codec: str) -> dict[str, int]:
    """The byte that a reader of ``codec`` took for each character; undefined bytes are passed on as C1 controls."""
    table = {chr(byte): byte for byte in range(0x80, 0x100)} if codec.startswith(("cp125", "latin")) else {}
    for byte in range(0x100):
        try:
            table[bytes([byte]).decode(codec)] = byte
        except UnicodeDecodeError:
            continue
    return table


#: Codecs that UTF-8 was mistaken for, with how the common letters look in them.
_READERS = {name: _bytes_of(name) for name in ("cp1252", "cp1256", "cp437", "mac_roman", "iso8859_6")}
_HINTS = {
    name: tuple(seen for letter in "المينوترةبعدسفهكقحأجش" if len(seen := "".join({b: c for c, b in table.items()}.get(byte, "\0") for byte in letter.encode())) == 2 and "\0" not in seen)
    for name, table in _READERS.items()
}
#: Alef of UTF-8 misread twice, with the undefined byte as a control or as windows-1252 has it.
_TWICE = ("\u00c3\u02dc\u00c2\u00a7", "\u00c3\u0098\u00c2\u00a7")

#: Lead byte and follower as any of the readers saw them; rare enough in sound text to be the first question.
_GATE = regex.compile(r"[\u00d8\u00d9\u256a\u2518\u00ff\u0178][^\x00-\x7f]|[\u0637\u0638][\u0080-\u00bf\u0192\u02c6\u0152\u0153\u2013-\u203a\u20ac\u2122]")
_LATIN_RUN = regex.compile(r"[\u00c0-\u00ff]{2}")
_WORD = regex.compile(r"[^\s\u0600-\u06ff]*[\u00c0-\u00ff\u0192\u0160\u0161\u017d\u017e\u0152\u0153\u0178][^\s\u0600-\u06ff]*")
_ARABIC = regex.compile(f"[{LETTER}{MARK}\u0640\u067e\u0686\u0698\u06a9\u06af\u06cc\u06d2\u06be\u0679\u0688\u0691\u06ba\u06c1]")
_LETTERS = regex.compile(r"[^\W\d_]")
_ACCENTED = regex.compile(r"[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]")
#: How often a letter stands in news Arabic, in parts per thousand (53 M characters of 2015); the rest are below 10.
_COMMON = {
    "ا": 166,
    "ل": 125,
    "ي": 74,
    "م": 66,
    "ن": 58,
    "و": 57,
    "ر": 52,
    "ت": 46,
    "ة": 40,
    "ب": 38,
    "ع": 35,
    "د": 33,
    "س": 28,
    "ف": 27,
    "ه": 25,
    "ك": 20,
    "ق": 22,
    "ح": 21,
    "أ": 26,
    "ج": 14,
    "ش": 13,
    "ص": 11,
    "ى": 11,
    "ط": 11,
    "إ": 11,
    "خ": 9,
    "ض": 8,
    "ذ": 8,
    "ث": 7,
    "ز": 8,
    "ء": 5,
    "غ": 5,
    "ئ": 5,
    "ظ": 3,
    "ؤ": 2,
    "آ": 2,
}
#: Quotation marks, dashes and the like of UTF-8 read as windows-1252 or 1256, which agree on these bytes.
_MARKS = {chr(c): chr(c).encode() for c in (0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x200E, 0x200F, 0x200B, 0x20AC, 0x2122, 0xA0, 0xAB, 0xBB, 0xB7, 0xB0, 0xAD)}


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``kind`` is what was misread: ``utf-8`` text, text of a ``single-byte`` Arabic code page, or ``marks`` of UTF-8 alone."""

    kind: Kind


@dataclass(frozen=True)
class Mojibake:
    kind: Kind

    def prefilters(self) -> list[str] | None:
        if self.kind == "utf-8":
            return [f"{_GATE.pattern}|{'|'.join(_TWICE)}"]
        return [_LATIN_RUN.pattern if self.kind == "single-byte" else "[\u00c2\u00e2]"]

    def hits(self, page: Page) -> Iterator[Hit]:
        find = {"utf-8": _utf8_runs, "single-byte": _single_byte_runs, "marks": _mark_runs}[self.kind]
        for start, end, new in find(page.text):
            if not page.touches([kind for kind in SKIPPED if kind in ("url", "email")], start, end):
                yield Hit(start, end, (Edit(start, end, new),) if new else None, {"read": new[:60]})


def _utf8_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of UTF-8 misread by one of `_READERS`, once or twice; a run that lost a byte is reported without repair."""
    if any(hint in text for hint in _TWICE):
        yield from ((a, b, new) for a, b, once in _runs(text, "cp1252", r"[\u00c0-\u00ff]", 4) if (new := _undone(once, "cp1252")))
        return
    if _GATE.search(text) is None:
        return
    for name, hints in _HINTS.items():
        if any(hint in text for hint in hints):
            yield from _runs(text, name, None, 2)


_TAKEN: dict[tuple[str, str | None], regex.Pattern[str]] = {}


def _runs(text: str, name: str, lead: str | None, least: int) -> Iterator[tuple[int, int, str]]:
    table = _READERS[name]
    key = (name, lead)
    if key not in _TAKEN:
        leads = lead or "[" + "".join(regex.escape(c) for c, b in table.items() if 0xD8 <= b <= 0xDB) + "]"
        follow = "".join(regex.escape(c) for c, b in table.items() if 0x80 <= b <= 0xBF)
        triple = "[" + "".join(regex.escape(c) for c, b in table.items() if b in (0xC2, 0xE2, 0xEF)) + f"][{follow}]{{1,2}}"
        pair = f"{leads}[{follow}]" if lead is None else f"[{''.join(regex.escape(c) for c, b in table.items() if b >= 0xC2)}][{follow}]{{1,2}}"
        plain = r"[ 0-9!-/:-@\[-`{-~]"
        _TAKEN[key] = regex.compile(rf"{pair}(?:{pair}|{triple}|{plain}+(?={pair}|{triple}))*+(?:{plain}*[.!:)\]])?")
    for match in _TAKEN[key].finditer(text):
        run = match.group()
        if len(regex.findall(r"[^\x00-\x7f]", run)) < 2 * least:
            continue
        new = _undone(run, name)
        if new is not None and (lead is not None or _is_arabic(new)):
            yield match.start(), match.end(), new
        elif new is None and len(run) >= 12 and lead is None:
            yield match.start(), match.end(), ""


def _undone(run: str, name: str) -> str | None:
    table = _READERS[name]
    try:
        return bytes(table[c] for c in run).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


def _is_arabic(text: str) -> bool:
    letters = _LETTERS.findall(text)
    arabic = [c for c in letters if _ARABIC.match(c)]
    return len(arabic) >= 2 and len(arabic) == len(letters)


def _single_byte_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Words of accented Latin letters alone that are Arabic in windows-1256 or ISO 8859-6, neighbours joined to one run."""
    if _LATIN_RUN.search(text) is None:
        return
    words = [m for m in _WORD.finditer(text) if _latin_nonsense(m.group())]
    group: list[regex.Match[str]] = []
    for match in [*words, None]:
        if group and (match is None or regex.fullmatch(r"[^A-Za-z\n\u0600-\u06ff]{0,40}", text[group[-1].end() : match.start()]) is None):
            start, end = group[0].start(), group[-1].end()
            run = text[start:end]
            if len(_ACCENTED.findall(run)) >= 4 and (new := _best(run)):
                yield start, end, new
            group = []
        if match is not None:
            group.append(match)


def _latin_nonsense(word: str) -> bool:
    """Whether a word holds accented letters and no plain ones, as no language of Europe spells words of two letters or more."""
    return regex.search(r"[A-Za-z]", word) is None and len(_ACCENTED.findall(word)) >= 1


def _best(run: str) -> str | None:
    """The likelier of both readings, or None where neither is Arabic."""
    table = _READERS["cp1252"]
    try:
        raw = bytes(table[c] for c in run)
    except KeyError:
        return None
    best, top = None, 20.0
    for codec in ("cp1256", "iso8859_6"):
        try:
            new = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if _is_arabic(new):
            letters = _LETTERS.findall(new)
            marks = len(regex.findall(f"[{MARK}]", new))
            article = len(regex.findall(r"(?<![\u0600-\u06ff])(?:[وفبك]?ال)(?=[\u0600-\u06ff]{2})", new))
            prior = 60 if codec == "cp1256" else 0  # Arabic Windows was the rule, ISO 8859-6 the exception
            score = prior + (sum(_COMMON.get(c, 0) for c in letters) + 250 * article) / len(letters) - 100 * marks / len(letters)
            if score > top:
                best, top = new, score
    return best


_MARK_OF = {seen: mark for mark, raw in _MARKS.items() for seen in ("".join({b: c for c, b in _READERS["cp1252"].items()}[byte] for byte in raw), raw.decode("latin-1"))}
_MARK_RUN = regex.compile("|".join(map(regex.escape, sorted(_MARK_OF, key=len, reverse=True))))


def _mark_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Single marks of UTF-8 read as windows-1252 (``â€œ``) in text that is sound otherwise."""
    if ("\u00e2" not in text and "\u00c2" not in text) or any(hint in text for hint in (*_HINTS["cp1252"], *_HINTS["cp1256"], *_TWICE)):
        return  # whole words were misread as well: `utf-8` mends the marks with them
    for match in _MARK_RUN.finditer(text):
        start, end = match.span()
        beside = text[start - 1 : start] + text[end : end + 1]
        if not regex.search(r"[\u00c0-\u00ff\u0600-\u06ff]{2}", beside) or not regex.search(r"[\u00c0-\u00ff]", beside):
            new = _MARK_OF[match.group()]
            yield start, end, " " if new == "\u00a0" else "" if new in "\u200b\u200e\u200f\u00ad" else new


def compile(form: Form, context: Context) -> Mojibake:
    return Mojibake(form.kind)
