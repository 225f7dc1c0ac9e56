"""Arabic letters, marks, digits, look-alikes and proclitics: the tables that every check shares, with their story.

Folding (`fold`) is the one idea of "the same letters" in the project: promises about safe fixes rest on it. Regex classes
(`CLASSES`) are what rule files name as ``{{letter}}``, so that no rule spells out a range of code points.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Final

import regex
from pyarabic import araby_const as letter

# Letters of news Arabic: hamza to ghain, feh to yeh, and alef wasla. Tatweel (U+0640) sits between the two runs in
# Unicode and is no letter. Persian and Urdu letters that Arabic copy borrows on purpose (peh, tcheh, veh, gaf...) count
# as letters so that a word boundary never falls inside them.
LETTER = r"\u0621-\u063A\u0641-\u064A\u0671"
BORROWED = r"\u067E\u0686\u0698\u06A4\u06A9\u06AF\u06BE\u06C1\u06CC\u06D2\u0679\u0688\u0691\u06BA"
PRESENTED = r"\uFB50-\uFBB1\uFBD3-\uFD3D\uFE70-\uFEFC"
MARK = r"\u064B-\u065F\u0670\u06D6-\u06ED\u0610-\u061A"
TATWEEL: Final[str] = letter.TATWEEL
# Invisible characters that scrapers carry into copy. U+200C and U+200D are spelling in Persian and emoji, so they are
# listed apart; U+2028 is a paragraph break, never to be deleted.
BIDI = r"\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069"
INVISIBLE = BIDI + r"\u00AD\u200B\u2060\uFEFF"
SPACE = r" \t\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000"

#: White space and invisibles at the edge of a line that are no part of what it says.
STRIPPED = " \t\u00a0\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\r\u2028\u3000\u2003\u2009\u202f"

CLASSES: dict[str, str] = {
    "letter": f"[{LETTER}{BORROWED}]",
    "plain": f"[{LETTER}]",
    "wordchar": f"[{LETTER}{BORROWED}{PRESENTED}{MARK}\\u0640]",
    "word": f"[{LETTER}{BORROWED}{PRESENTED}{MARK}\\u0640]+",
    "mark": f"[{MARK}]",
    "space": f"[{SPACE}]",
    "invisible": f"[{INVISIBLE}]",
    "bidi": f"[{BIDI}]",
    "digit": r"[0-9\u0660-\u0669\u06F0-\u06F9]",
    "latin": r"[A-Za-z\u00C0-\u024F]",
    "presented": f"[{PRESENTED}]",
    "dash": r"[-\u2010-\u2015\u2212\u0640]",
    "open": r"[\u00AB\u201C\u2018\u2039(\[{]",
    "close": r"[\u00BB\u201D\u2019\u203A)\]}]",
    "quote": r'["\u00AB\u00BB\u201C\u201D\u201E\u2033]',
    "stop": r"[.!?\u061F\u2026\u06D4]",
    "b": f"(?<![{LETTER}{BORROWED}{PRESENTED}{MARK}\\u0640])",
    "e": f"(?![{LETTER}{BORROWED}{PRESENTED}{MARK}\\u0640])",
}

# Typographic looks of one letter. Keys are what readers take for the value; sources: Unicode names, and the Persian and
# Urdu keyboards that Gulf copy is typed on. Final farsi yeh may stand for alef maqsura, which the fold unites anyway.
LOOK_ALIKES = {"\u06cc": "ي", "\u06a9": "ك", "\u06aa": "ك", "\u06be": "ه", "\u06c1": "ه", "\u06d5": "ه", "\u06d2": "ي"}

_DIGITS = {chr(base + i): str(i) for base in (0x0660, 0x06F0) for i in range(10)}
_HAMZA = dict.fromkeys([letter.ALEF_HAMZA_ABOVE, letter.ALEF_HAMZA_BELOW, letter.ALEF_MADDA, letter.ALEF_WASLA], letter.ALEF)
_HAMZA |= {letter.WAW_HAMZA: letter.WAW, letter.YEH_HAMZA: letter.YEH, letter.ALEF_MAKSURA: letter.YEH, letter.HAMZA: None}
_GONE = {chr(c) for c in [*range(0x064B, 0x0660), 0x0670, *range(0x0610, 0x061B), *range(0x06D6, 0x06EE), 0x0640]}
_GONE |= set("\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad")

_FOLD = {ord(k): v for k, v in {**_HAMZA, **LOOK_ALIKES, **_DIGITS}.items()}
_FOLD |= {ord(c): None for c in _GONE}
_FORMS = {c: unicodedata.normalize("NFKC", chr(c)) for c in [*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFD3E), *range(0xFE70, 0xFEFD)]}
_FOLD |= {c: form.translate(_FOLD) for c, form in _FORMS.items()}

_BARE = {ord(c): None for c in _GONE}
_MARKS = regex.compile(f"[{MARK}\\u0640]+")
_SEPARATORS = ".,\u066b\u066c\u060c"
_SEPARATOR = regex.compile(f"[{_SEPARATORS}]")
_SEPARATOR_ENDS = regex.compile(f"^[{_SEPARATORS}]+|[{_SEPARATORS}]+$")
_NUMBER = regex.compile(rf"[0-9]+(?:{_SEPARATOR.pattern}[0-9]+)*")
_NUMBER_WITH_RLM = regex.compile(r"[0-9\u0660-\u0669.,\u066B\u066C]+(?:[\u200F\u200E]+[0-9\u0660-\u0669.,\u066B\u066C]+)+")

#: Tables that a rule may name in ``translate:``; each maps one character to what it should have been.
TABLES: dict[str, dict[int, str]] = {
    # Unicode spells the forms of marks (U+FE70 and on) on a space or a tatweel, which running text has no use for.
    "presentation-forms": {c: f.strip(" \u0640") for c, f in _FORMS.items() if f != chr(c)},
    "look-alikes": {ord(k): v for k, v in LOOK_ALIKES.items()},
    "ascii-digits": {ord(k): v for k, v in _DIGITS.items()},
    "arabic-digits": {ord("0") + i: chr(0x0660 + i) for i in range(10)},
}


def fold(text: str) -> str:
    """``text`` with hamza seats, alef maqsura and ya, look-alikes, presentation forms, digits sets, marks and tatweel united.

    Nothing else changes: ta marbuta and ha stay two letters, white space and punctuation stay as they are.
    """
    return text.translate(_FOLD)


def bare(text: str) -> str:
    """``text`` without tashkeel, tatweel and invisible characters; letters stay as they are spelled."""
    return text.translate(_BARE)


def letters(text: str) -> str:
    """The folded letters of ``text``, nothing between them, every number as one ``#``: what a safe fix must leave alone."""
    return "".join(c for c in _NUMBER.sub("#", fold(in_reading_order(text)).replace("#", "")) if c.isalpha() or c == "#")


def in_reading_order(text: str) -> str:
    """``text`` with the numbers that a right-to-left mark splits put into the order in which they are read.

    A mark between the parts of a number shows them reversed: ``75.<RLM>614`` reads 614.75 (census, 323 places on the price
    pages of one daily; deleting the mark turns the price into another).
    """

    def swapped(match: regex.Match[str]) -> str:
        if "\u200f" not in match.group():
            return str(match.group())
        parts = regex.split("[\u200e\u200f]+", match.group())
        out = [_SEPARATOR_ENDS.sub("", parts[-1])]
        for part, after in reversed(list(pairwise(parts))):
            out += [part[len(part.rstrip(_SEPARATORS)) :] + after[: len(after) - len(after.lstrip(_SEPARATORS))], _SEPARATOR_ENDS.sub("", part)]
        return "".join(out)

    return str(_NUMBER_WITH_RLM.sub(swapped, text)) if "\u200f" in text else text


def reading_numbers(text: str) -> list[str]:
    """The numbers of ``text`` as a reader takes their value: ASCII digits, any decimal or group mark as ``.``.

    >>> reading_numbers("من 75.\u200f614 إلى ٣٫٥")
    ['614.75', '3.5']
    """
    return [_SEPARATOR.sub(".", number) for number in _NUMBER.findall(fold(in_reading_order(text)))]


def give_back_marks(old: str, new_bare: str) -> str:
    """Spell ``old`` as ``new_bare``, keeping the marks and tatweel that stand on the letters both share at either end.

    >>> give_back_marks("الىٰ", "إلى")
    'إلىٰ'
    """
    pieces = regex.findall(f"[^{MARK}\u0640][{MARK}\u0640]*", old)
    base = [p[0] for p in pieces]
    if len(pieces) == 0 or "".join(base) == old:
        return new_bare
    left = 0
    while left < min(len(base), len(new_bare)) and base[left] == new_bare[left]:
        left += 1
    right = 0
    while right < min(len(base), len(new_bare)) - left and base[-1 - right] == new_bare[-1 - right]:
        right += 1
    middle = list(new_bare[left : len(new_bare) - right])
    wrong = pieces[left : len(pieces) - right]
    if len(middle) == len(wrong):
        middle = [letter + piece[1:] for letter, piece in zip(middle, wrong, strict=True)]
    return "".join([*pieces[:left], *middle, *pieces[len(pieces) - right :]])


# Proclitics in their order: a conjunction, then a preposition, then the article; ل and ال contract to لل.
CONJUNCTIONS = ("", "و", "ف")
PREPOSITIONS = ("", "ب", "ك", "ل")


def with_proclitics(word: str, kinds: str) -> list[tuple[str, str]]:
    """Every shape of ``word`` behind proclitics, as (prefix, rest) pairs whose concatenation is the written form.

    ``kinds`` is ``none``, ``conjunctions`` (و ف), ``prepositions`` (those and ب ك ل) or ``all`` (those and ال). A word
    that itself opens with ال takes no further article and contracts behind ل: ``للامم`` is (``لل``, ``امم``).
    """
    if kinds == "none":
        return [("", word)]
    definite = word.startswith("ال") and len(word) > 3
    shapes = []
    for conjunction in CONJUNCTIONS:
        for preposition in PREPOSITIONS if kinds != "conjunctions" else ("",):
            if definite and preposition == "ل":
                shapes.append((conjunction + "لل", word[2:]))
            else:
                shapes.append((conjunction + preposition, word))
                if kinds == "all" and not definite:
                    shapes.append((conjunction + ("لل" if preposition == "ل" else preposition + "ال"), word))
    return shapes


def loose(phrase: str) -> str:
    """A regex that matches ``phrase`` however its hamzas, final ya, ta marbuta, marks, tatweel and spaces are spelled.

    For names and furniture phrases only: page templates and wire copy drop hamzas more often than prose does.
    """
    out = []
    for c in bare(phrase):
        if c in "اأإآٱ":
            out.append("[اأإآٱ]")
        elif c in "يىی":
            out.append("[يىی]")
        elif c in "هة":
            out.append("[هة]")
        elif c == "ك":
            out.append("[كک]")
        elif c.isspace():
            out.append(f"[{SPACE}]+")
            continue
        else:
            out.append(regex.escape(c, special_only=True))
        if c.isalpha() and "\u0600" <= c <= "\u06ff":
            out.append(f"[{MARK}\\u0640]*")
    return "".join(out)
