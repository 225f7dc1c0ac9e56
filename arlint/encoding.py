"""Encodings of Arabic text: their names, which one some bytes are in, and a way there and back that loses no byte.

Bytes that are no text in their encoding are lone surrogates in the decoded text; what checks see instead is the business of
``document``.
"""

from __future__ import annotations

import codecs
import re

#: The encodings that are read and written, by the names that people write.
NAMES = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1256", "iso-8859-6")

_CODECS = {codecs.lookup(name).name: name for name in NAMES}

MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}

_DECLARED = re.compile(rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml\b[^>]{0,100}?\bencoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)

#: The letters of news Arabic from the most frequent on, counted over 500 articles of Saudi dailies.
_LETTERS = "اليمونتربعةدفهسقأكحجشطصخىإزضذثئءغظؤآ"
_WEIGHTS = {letter: 1 - rank / 14 for rank, letter in enumerate(_LETTERS)}
_ARTICLE = re.compile(r"(?<!\w)[وفبكل]?ال(?=\w)")
_ALIEN = re.compile(r"[\u00c0-\u024f](?=[\u0621-\u064a])|(?<=[\u0621-\u064a])[\u00c0-\u024f]|[\u0080-\u009f\udc80-\udcff\u064b-\u0652](?![\u0621-\u064a\s])|(?<!\w)[\u064b-\u0652]")

_FOREIGN = re.compile(rb"[\x80-\xff]")

#: How much of a file is looked at to tell its encoding.
_SAMPLE = 1 << 16


def canonical(name: str) -> str | None:
    """The name in `NAMES` of the encoding that someone calls ``name`` (``cp1256``, ``UTF8``...); None where it is not among them."""
    try:
        return _CODECS.get(codecs.lookup(name.strip()).name)
    except (LookupError, ValueError):
        return None


def declared(data: bytes) -> str | None:
    """The encoding that HTML or XML names in its first lines, if it is one of `NAMES`."""
    found = _DECLARED.search(data[:2048])
    return canonical((found[1] or found[2]).decode("ascii", "replace")) if found else None


def redeclared(text: str) -> str:
    """``text`` with the encoding that it declares, as HTML or XML do, named utf-8."""
    head = text[:2048]
    found = re.search(_DECLARED.pattern.decode(), head, re.IGNORECASE)
    if found is None:
        return text
    start, end = found.span(1) if found[1] else found.span(2)
    return text[:start] + "utf-8" + text[end:]


def settled(data: bytes, given: str | None, said: str | None = None) -> str:
    """The encoding that ``data`` is read in: the one ``given``, of UTF-16 with its byte order, or the one that is told (`encoding_of`)."""
    if given == "utf-16":
        return "utf-16-be" if data.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
    return given or encoding_of(data, said)


def encoding_of(data: bytes, said: str | None = None) -> str:
    """The encoding of ``data``: by its byte order mark, UTF-8 where it is that, what it ``said``, or what reads most like Arabic.

    Valid UTF-8 comes before what a page says of itself: many were converted by tools that left its declaration alone.
    """
    marked = next((name for name, mark in MARKS.items() if data.startswith(mark)), None)
    if marked:
        return marked
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end < len(data) or error.reason != "unexpected end of data":
            if said and not said.startswith("utf-16"):
                return said
            first = next(_FOREIGN.finditer(data)).start()  # records whose letters are escapes may stand before it, and say nothing
            return _likely(data[first : first + _SAMPLE])
    return "utf-8"


def _likely(data: bytes) -> str:
    """UTF-8 with some bytes lost, or one of the two encodings of a byte a letter, by which of them reads like Arabic.

    Too few letters say nothing: ``\\xe3\\xe4`` is من in the one and كل in the other.
    """
    text = data.decode("utf-8", "surrogateescape")
    lost = sum(1 for character in text if "\udc80" <= character <= "\udcff")
    if sum(1 for character in text if character > "\x7f") - lost >= lost:
        return "utf-8"
    scores = {name: plausible(data.decode(name, "surrogateescape")) for name in ("windows-1256", "iso-8859-6")}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0 else "utf-8"


def plausible(text: str) -> float:
    """How much ``text`` reads like Arabic that was decoded rightly: frequent letters and the article, no letters out of place."""
    return sum(_WEIGHTS.get(character, 0) for character in text) + 2 * len(_ARTICLE.findall(text)) - 3 * len(_ALIEN.findall(text))


def decoded(data: bytes, encoding: str) -> str:
    """``data`` (without byte order mark) as text; `encoded` makes the same bytes of it."""
    return data.decode(encoding, _handler(encoding))


def encoded(text: str, encoding: str) -> bytes:
    """The bytes of ``text``. Raises `UnicodeEncodeError` where the encoding lacks one of its characters."""
    return text.encode(encoding, _handler(encoding))


def lacks(text: str, encoding: str) -> str | None:
    """The first character of ``text`` that cannot be written in ``encoding``, or None."""
    try:
        text.encode(encoding, _handler(encoding))
    except UnicodeEncodeError as error:
        return text[error.start]
    return None


def _handler(encoding: str) -> str:
    return "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
