"""Text as bytes, one a character, for everything that reads a whole page quickly: the scanner and the word table.

Characters that rules name have a code of their own, all others share one with their kind. So a place in the bytes is a
place in the text, half of UTF-8 is left to read, and a class of characters is a class of bytes.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex

from arlint.arabic import LETTER, LOOK_ALIKES, MARK, STRIPPED, fold

#: What stands before and behind a page's bytes: an anchor becomes a byte like another.
BEGIN, END = 0x02, 0x03

_OWN = (
    *"\0\t\n\r",
    *map(chr, range(0x20, 0x7F)),
    *map(chr, (*range(0x621, 0x63B), *range(0x640, 0x653), 0x670, 0x671, *range(0x660, 0x66A))),
    *"\u067e\u0686\u0698\u06a4\u06a9\u06af\u06be\u06c1\u06cc\u06d2\u0679\u0688\u0691\u06ba\u06aa\u06d5",
    *"\u060c\u061b\u061f\u066a\u066b\u066c\u06d4\u00ab\u00bb\u201c\u201d\u2018\u2019\u2033\u2039\u203a\u201e\u2032",
    *"\u2013\u2014\u2012\u2015\u2026\u2022\u00b7\u00a9\u00ae\u2122\u00b0\u00d7\u25cf\u25a0\u00a0\u2003\u2009\u202f",
    *"\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u2028\ufffd",
)
_TASHKEEL = {ord(c) for c in regex.findall(f"[{MARK}]", "".join(map(chr, range(0x610, 0x700))))}
#: Kinds of the other characters. Which one a character is of, `_kind` says.
_KINDS = ("forms", "latin", "L", "mark", "M", "digit", "N", "Z", "P", "S", "C")


def _tables() -> tuple[dict[str, int], dict[str, int]]:
    own = {c: ord(c) for c in _OWN if c.isascii()}
    free = iter([c for c in (*range(0x80, 0x100), 0x7F, *range(0x04, 0x20)) if c not in own.values()])
    return own | {c: next(free) for c in _OWN if c not in own}, {kind: next(free) for kind in _KINDS}


#: The code of every character that has its own, and of every kind.
OWN, SHARED = _tables()
ALL = frozenset((*OWN.values(), *SHARED.values()))


def _kind(character: str) -> str:
    point = ord(character)
    category = unicodedata.category(character)
    if category[0] == "L":
        return "latin" if 0xAA <= point < 0x250 else "forms" if 0xFB50 <= point <= 0xFDFF or 0xFE70 <= point <= 0xFEFC else "L"
    if 0x610 <= point < 0x700:
        return "mark" if point in _TASHKEEL else "digit" if category == "Nd" else category[0]
    return category[0]


@cache
def _code(character: str) -> int:
    return OWN[character] if character in OWN else SHARED[_kind(character)]  # the code of NUL is 0


def _others(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return bytes(map(_code, error.object[error.start : error.end])), error.end


codecs.register_error("arlint.codes", _others)
_DECODED = {code: character for character, code in OWN.items()}
#: What each code stands for; U+FFFE where it is shared or free.
CHARACTERS = "".join(_DECODED.get(code, "\ufffe") for code in range(256))
_CODEC = codecs.charmap_build(CHARACTERS)


def encoded(text: str) -> bytes:
    """The codes of ``text``, one a character."""
    return codecs.charmap_encode(text, "arlint.codes", _CODEC)[0]


def decoded(codes: bytes) -> str:
    """The characters of codes that have their own."""
    return codecs.charmap_decode(codes, "strict", CHARACTERS)[0]


class Codes(NamedTuple):
    """The codes of a class of characters: those that ``may`` be of it, and those that ``must`` (a kind is rarely of it as a whole)."""

    may: frozenset[int]
    must: frozenset[int]

    def __invert__(self) -> Codes:
        return Codes(ALL - self.must, ALL - self.may)

    def __or__(self, other: Codes) -> Codes:
        return Codes(self.may | other.may, self.must | other.must)

    def __and__(self, other: Codes) -> Codes:
        return Codes(self.may & other.may, self.must & other.must)


NONE = Codes(frozenset(), frozenset())


@cache
def class_codes(expression: str) -> Codes:
    """The codes of ``expression``, a class or property of ``regex`` such as ``\\w`` or ``[\\u0600-\\u06ff]``, told by ``regex`` itself."""
    may = set(own_codes(expression))
    must = set(may)
    for kind, members in _members().items():
        found = sum(map(len, regex.findall(f"(?:{expression})+", members)))
        if found:
            may.add(SHARED[kind])
        if found == len(members):
            must.add(SHARED[kind])
    return Codes(frozenset(may), frozenset(must))


def own_codes(expression: str) -> frozenset[int]:
    """The codes of the characters of ``expression``, a class of ``regex``, that have their own."""
    pattern = regex.compile(expression)
    return frozenset(code for character, code in OWN.items() if pattern.match(character))


@cache
def _members() -> dict[str, str]:
    """All characters of each kind."""
    members: dict[str, list[str]] = {kind: [] for kind in SHARED}
    for character in map(chr, range(0x110000)):
        if character not in OWN:
            members[_kind(character)].append(character)
    return {kind: "".join(found) for kind, found in members.items()}


def character_codes(character: str) -> Codes:
    """The codes of one character."""
    code = _code(character)
    return Codes(frozenset((code,)), frozenset((code,)) if character in OWN else frozenset())


@cache
def range_codes(first: int, last: int) -> Codes:
    """The codes of the characters from ``first`` to ``last``."""
    if last - first > 0x200:
        return class_codes(rf"[\U{first:08X}-\U{last:08X}]")
    out = NONE
    for point in range(first, last + 1):
        out |= character_codes(chr(point))
    return out


_LETTERS = regex.compile(f"[{LETTER}]")
_GONE = regex.compile(f"[{MARK}\\u0640]")
#: A page's words: whatever is no letter parts them, marks and tatweel fall out.
_WORDS = bytes(code if (c := _DECODED.get(code)) is not None and _LETTERS.match(c) else 0x20 for code in range(256))
_MARKS = bytes(code for code, c in _DECODED.items() if _GONE.match(c)) + bytes((SHARED["mark"],))


def words(codes: bytes) -> list[bytes]:
    """The Arabic words of a page in order, without marks and tatweel."""
    return codes.translate(_WORDS, _MARKS).split()


def decorations(codes: bytes) -> int:
    """How many marks and tatweels a page has."""
    return len(codes) - len(codes.translate(None, _MARKS))


_SIGN = re.compile(b"[" + b"".join(b"\\x%02x" % code for code in _MARKS) + b"]")
_JOINED = frozenset(_MARKS) | frozenset(code for code, c in enumerate(_WORDS) if c != 0x20)


def decorated(codes: bytes) -> Iterator[tuple[int, int]]:
    """Where words with marks or tatweel stand, each from its first letter: told from the marks, which are few."""
    reach, size = 0, len(codes)
    for sign in _SIGN.finditer(codes):
        start = end = sign.start()
        if start < reach:
            continue
        while start and codes[start - 1] in _JOINED:
            start -= 1
        while end < size and codes[end] in _JOINED:
            end += 1
        reach = end
        while start < end and codes[start] in _MARKS:
            start += 1
        if any(code in _MARKS for code in codes[start:end]):
            yield start, end


_SIGNS, _LETTERS_ALL = (b"".join(b"\\x%02x" % code for code in codes) for codes in ((*_MARKS, SHARED["M"]), (*(code for c, code in OWN.items() if c.isalpha() and not c.isascii()), SHARED["L"])))
_MARKED = re.compile(b"[%b][%b]+[%b]" % (_SIGNS, _LETTERS_ALL, _SIGNS))
#: Marks that the shortest vowelled passage has.
_VOWELLED = 6


def may_be_vowelled(codes: bytes) -> bool:
    """Whether a page has marks enough for a passage of vowelled words, and a word with more than one."""
    return decorations(codes) >= _VOWELLED and _MARKED.search(codes) is not None


_LATIN = regex.compile(rb"[A-Za-z0-9]")


def has_latin(codes: bytes) -> bool:
    """Whether a page has an ASCII letter or digit, which every address has."""
    return _LATIN.search(codes) is not None


def _folded(code: int) -> int:
    """What spellings of one letter share; all that parts words as a space."""
    character = _DECODED.get(code)
    if character is None:
        return code if code in (SHARED["L"], SHARED["latin"]) else 0x20
    same = fold(character).replace("ة", "ه").lower()
    return 0x0A if same == "\n" else OWN[same] if len(same) == 1 and same in OWN and same.isalpha() else 0x20


_FOLDS = bytes(map(_folded, range(256)))
_DROPPED = bytes(code for code, c in _DECODED.items() if not fold(c)) + bytes((SHARED["mark"], SHARED["M"]))
#: Letters that other letters stand for only once they are folded, or that fold to more than a byte can say.
_DISGUISED = regex.compile(b"[" + bytes(sorted({SHARED["forms"], *(OWN[c] for c in LOOK_ALIKES if c in OWN)})) + b"]")


def folded(codes: bytes) -> bytes | None:
    """A page with spellings united and marks and numbers dropped, its words parted by spaces and line breaks alone; None where
    letters stand in disguise, whose folding takes more than a table.
    """
    return None if _DISGUISED.search(codes) else codes.translate(_FOLDS, _DROPPED)


_NUMBERS = bytes(0x30 if c is not None and c.isdecimal() else 0x20 for c in map(_DECODED.get, range(256)))


def letters_and_numbers(codes: bytes) -> tuple[list[bytes], int] | None:
    """The words of letters in a text, spellings united, ta marbuta as ha, in lower case, and how many numbers it has beside them;
    None where a table does not tell.
    """
    plain = None if any(code in codes for code in _UNTOLD) else folded(codes)
    return None if plain is None else (plain.split(), len(codes.translate(_NUMBERS, _DROPPED).split()))


_TOKENS = regex.compile(r"[\p{L}\p{M}\p{N}\u0640]")
_KEYS = bytes(OWN[same] if c is not None and _TOKENS.match(c) and len(same := fold(c).replace("ة", "ه").lower()) == 1 and same in OWN else 0x20 for c in map(_DECODED.get, range(256)))
_KEYLESS = bytes(code for code, c in _DECODED.items() if _TOKENS.match(c) and not fold(c)) + bytes((SHARED["mark"],))
#: Letters and digits that share a code, so that it does not tell which they are.
_UNTOLD = [SHARED[kind] for kind in ("forms", "latin", "L", "M", "digit", "N")]


def keyed(codes: bytes) -> list[bytes] | None:
    """The words of a page, Latin ones and numbers too, folded, ta marbuta as ha, in lower case; None where a table does not tell them."""
    return None if any(code in codes for code in _UNTOLD) else codes.translate(_KEYS, _KEYLESS).split()


#: Letters in disguise, tatweel, and what may hide inside a word without ending it for a reader.
_HIDES = bytes(code for code, c in _DECODED.items() if c in LOOK_ALIKES or c == "\u0640" or (not fold(c) and not c.isalpha() and not _GONE.match(c))) + bytes((SHARED["forms"], SHARED["C"]))


def is_spelled_out(codes: bytes) -> bool:
    """Whether every word of a page is written in letters and marks alone, so that `words` finds it as a reader does."""
    return len(codes.translate(None, _HIDES)) == len(codes)


def openings(page: bytes) -> Iterator[bytes]:
    """The first word and the first two words of every line of a `folded` page."""
    for line in page.split(b"\n"):
        first = line.split(None, 2)
        if first:
            yield first[0]
            if len(first) > 1:
                yield b"%b %b" % (first[0], first[1])


def folded_words(text: str) -> list[bytes]:
    """The words of a phrase as they stand on a `folded` page."""
    return encoded(fold(text)).translate(_FOLDS, _DROPPED).split()


def phrase(words: list[bytes]) -> bytes:
    """``words`` (as they are, or folded) as the run in which phrases of them are looked for."""
    return b" %b " % b" ".join(words).translate(_FOLDS, _DROPPED)


#: Only letters and digits, each as its fold.
_LETTERED = bytes(ord("0") if c is None or not c.isalnum() else OWN[same] if len(same := fold(c).lower()) == 1 and same in OWN else 0x20 for c in map(_DECODED.get, range(256)))
_PARTING = bytes(code for code in range(256) if (c := _DECODED.get(code)) is not None and not fold(c).isalnum())
_EDGES = bytes(OWN[c] for c in STRIPPED if c in OWN)


def line_openings(codes: bytes, width: int, count: int) -> list[bytes]:
    """Of every line that is not blank, the first ``count`` letters and digits among its first ``width`` characters, spellings united."""
    return [line[:width].translate(_LETTERED, _PARTING)[:count] for line in (raw.lstrip(_EDGES) for raw in codes.split(b"\n")) if line]


_WORD_STARTS = bytes(0x61 if c is not None and c.isalnum() else 0x20 if c is not None and c.isspace() else 0x2E for c in map(_DECODED.get, range(256)))


def least_words(codes: bytes) -> int:
    """How many words a page has at least: those that open with a letter or digit right behind white space."""
    return codes.translate(_WORD_STARTS).count(b" a")


_LETTER_OR_NUMBER, _BLANK = regex.compile(r"[\p{L}\p{N}]"), regex.compile(r"\s")
_COUNTS = bytearray(0x61 if c is not None and _LETTER_OR_NUMBER.match(c) else 0x20 for c in map(_DECODED.get, range(256)))
for _named in ("forms", "latin", "L", "digit", "N"):
    _COUNTS[SHARED[_named]] = 0x61
_COUNTLESS = bytes(code for code, c in _DECODED.items() if not _LETTER_OR_NUMBER.match(c) and not _BLANK.match(c)) + bytes(SHARED[kind] for kind in ("mark", "M", "P", "S"))


def count_words(codes: bytes) -> int | None:
    """How many runs without white space hold a letter or a number; None where a code does not tell."""
    return None if SHARED["C"] in codes else len(codes.translate(_COUNTS, _COUNTLESS).split())


_ONLY_FOLDS = bytes(OWN[same] if c is not None and len(same := fold(c)) == 1 and same in OWN else code for code, c in enumerate(map(_DECODED.get, range(256))))


def folded_list(words: list[str]) -> list[str]:
    """`fold` of many plain Arabic words, some twenty times as fast as one by one."""
    return decoded(encoded("\n".join(words)).translate(_ONLY_FOLDS, _DROPPED)).split("\n")
