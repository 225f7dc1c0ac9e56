"""Quotation marks and brackets of a page as a row of `Mark`, each with what its spacing says about its direction.

Reads one mark and its two neighbours; which mark belongs to which is the business of ``pairing``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import regex

from arlint.arabic import BIDI, MARK, SPACE
from arlint.codes import SHARED, encoded, own_codes
from arlint.page import Page, overlaps

Side = Literal["open", "close", ""]

#: Shape of each mark: the style it belongs to and the side it is made for. A straight mark is made for neither side; the
#: double prime is what WordPress makes of a closing mark behind a digit, so it may close any style.
QUOTES: dict[str, tuple[str, Side]] = {"«": ("guillemets", "open"), "»": ("guillemets", "close"), "“": ("curly", "open"), "”": ("curly", "close"), '"': ("straight", ""), "″": ("prime", "close")}
BRACKETS: dict[str, tuple[str, Side]] = {"(": ("round", "open"), ")": ("round", "close"), "[": ("square", "open"), "]": ("square", "close")}
STYLES = {"guillemets": ("«", "»"), "curly": ("“", "”"), "straight": ('"', '"'), "round": ("(", ")"), "square": ("[", "]")}

# A break between paragraphs; one daily lost its line breaks and has a no-break space between spaces instead (census, trap 15).
_BREAK = r"\n|\u2028|(?<=[.!?\u061f:\"»”)]) \u00a0[ \u00a0]*"
_TOKENS = {
    "quotes": regex.compile(rf"[«»“”\"″]|{_BREAK}"),
    "brackets": regex.compile(rf"[()\[\]]|{_BREAK}"),
}
REACH = 60  # characters that a look past spaces and neighbouring marks may go
_RUN = regex.compile(r"[«»“”\"]{5,}|[()\[\]]{5,}")
_BULLET = regex.compile(r"[\s\u00a0\u200b\u200e\u200f\u202a-\u202e*•–-]*")  # what may stand before a mark that opens a paragraph
_HIDDEN = set("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
_SPACES = set(" \t\u00a0\u2002\u2003\u2009\u202f\u3000")
_ALL = set('«»“”"″')
# Conjunctions, prepositions and the article, alone or together: what Arabic writes on the word that follows, even
# across a quotation mark. A tatweel after them is the habit of careful typists and never ends a word, except in the
# hijri year (1436هـ).
_PROCLITIC = regex.compile(rf"(?<![^\s{SPACE}\p{{P}}\p{{S}}{BIDI}])(?:[وف][{MARK}]?\u0640*?)?(?:[لبك][{MARK}]?\u0640*?)?(?:ال|ل)?[{MARK}]?(\u0640*)$")
_PROCLITIC_ENDS = set("وفلبك\u0640\u064e\u0650\u0652")
_LABEL = regex.compile(r"(?:^|[\s،,؛;/\-–—])(?:[0-9\u0660-\u0669]{1,3}|[\u0621-\u064a]\u0640?|[A-Za-z])[\u200c\u200d]?$")
#: Script and style sheets that came along with the text: their lines hold no quotation.
_CODE = regex.compile(r"^.*?(?:\bfunction ?\(|\bjQuery\b|\bdocument\.|\bvar \w+ ?=|[{;] ?[a-z-]+ ?: ?[^;{}\n]{1,40};).*$", regex.MULTILINE)
#: Values in tags and shortcodes: what stands between such marks is no speech.
_ATTRIBUTE = regex.compile(r"(?<=[A-Za-z-])=\"[^\"\n]*\"")
_SUFFIX = regex.compile(rf"[\u0621-\u064a][\u0621-\u064a{MARK}]?[{MARK}]*(?![\u0621-\u064a])")

# What the left (row) and the right neighbour (column) cost a mark that opens, and one that closes: 0 is how sound copy
# looks, 1 a slip as common as a space too many, 3.5 to 5 what hardly happens. Set by hand in the order in which the
# slips are frequent in the census of 31,000 articles; nothing hangs on the second digit.
# left: n line start, b space or open bracket, k colon and space, t proclitic with tatweel, p without, c colon or dash, s stop, w word
# right: z line end, b space, s stop or closing bracket, e dots or dash, w word
_COST: dict[str, tuple[float, float]] = {
    "nz": (2.0, 2.0), "nb": (0.7, 3.0), "ns": (3.0, 2.0), "ne": (0.3, 2.5), "nw": (0.0, 4.5),
    "bz": (4.0, 0.7), "bb": (1.0, 1.8), "bs": (4.0, 0.7), "be": (0.4, 1.3), "bw": (0.0, 6.5),
    "kz": (4.0, 2.0), "kb": (0.5, 3.0), "ks": (4.0, 2.0), "ke": (0.2, 4.0), "kw": (0.0, 9.5),
    "tz": (4.0, 1.0), "tb": (0.7, 3.5), "ts": (3.0, 1.0), "te": (0.3, 2.0), "tw": (0.0, 5.0),
    "pz": (4.0, 0.3), "pb": (1.5, 1.0), "ps": (4.0, 0.3), "pe": (0.5, 0.5), "pw": (0.0, 4.0),
    "cz": (4.0, 0.3), "cb": (1.0, 1.0), "cs": (4.0, 0.2), "ce": (0.5, 1.0), "cw": (0.3, 2.5),
    "sz": (5.0, 0.0), "sb": (3.0, 0.0), "ss": (5.0, 0.0), "se": (2.0, 0.2), "sw": (1.2, 1.0),
    "wz": (5.0, 0.0), "wb": (3.5, 0.0), "ws": (5.0, 0.0), "we": (3.0, 0.0), "ww": (1.5, 1.5),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark at ``at``. ``style`` and ``made`` are its shape, ``left`` and ``right`` the kinds of its neighbours.

    ``opens`` and ``closes`` are what its spacing costs it on either side, ``other`` what it costs to be no mark of a pair
    at all (inches, a list label) or None. ``first`` says that it opens a paragraph, ``gap`` counts the words before it
    since the mark or break before.
    """

    at: int
    char: str
    style: str
    made: Side
    left: str
    right: str
    opens: float
    closes: float
    other: float | None
    first: bool
    gap: int

    @property
    def looks(self) -> Side:
        """The side that the spacing alone speaks for beyond doubt."""
        if self.opens <= 0.4 and self.closes >= 1.7:
            return "open"
        return "close" if self.closes <= 0.4 and self.opens >= 1.7 else ""


@dataclass(frozen=True, slots=True)
class Break:
    """The end of one or more paragraphs that lie between two marks; ``count`` of them, ``gap`` words before the first."""

    count: int
    gap: int


def marks(page: Page, kind: str) -> list[Mark | Break]:
    """The marks of ``kind`` (``quotes`` or ``brackets``) that stand in prose, in order, and the breaks between them.

    Marks in masked text, script and furniture are left out, and so are brackets that belong to an address, and runs of five and
    more, which are ornament.
    """
    text, shapes = page.text, QUOTES if kind == "quotes" else BRACKETS
    out: list[Mark | Break] = []
    if not any(shape in text for shape in shapes):
        return out
    runs = [m.span() for m in _RUN.finditer(text)]
    script = [m.span() for m in _CODE.finditer(text)] if ";" in text else []
    if '="' in text:
        script = sorted([*script, *(m.span() for m in _ATTRIBUTE.finditer(text) if not overlaps(script, *m.span()))])
    last, first, breaks, break_gap = 0, True, 0, 0
    for match in _TOKENS[kind].finditer(text):
        at, char = match.start(), match.group()
        if char not in shapes:
            if not breaks:
                break_gap = _words(text, last, at)
            breaks, first, last = breaks + 1, True, match.end()
            continue
        if overlaps(runs, at, at + 1) or overlaps(script, at, at + 1) or page.is_gone(at, at + 1) or overlaps(page.document.masked, at, at + 1) or (kind == "brackets" and _in_address(page, at)):
            continue
        if breaks and out:
            out.append(Break(breaks, break_gap))
        breaks = 0
        first = first and _BULLET.fullmatch(text, last, at) is not None
        out.append(_mark(text, at, char, shapes[char], kind, first, _words(text, last, at)))
        first, last = False, at + 1
    if out:
        out.append(Break(max(breaks, 1), break_gap if breaks else _words(text, last, len(text))))
    return out


# Sound copy, read in one go: every pair in one style, closed in its paragraph, with the spaces where they belong. Strict on
# purpose: what it does not know it leaves to the full reading, which costs fifty times as much.
_BEFORE = r"(?<![^\s(])|(?<=(?<![^\s(])(?:[وفبكل]|ال|لل)\u0640?|(?<![^\s(])[وف](?:[بكل]|ال|لل)\u0640?)"
_AFTER = r"(?![^\s.،؛:؟!)])(?!\s[.،؛:؟!)])"


def _sound(opening: str, closing: str, none_of: str, before: str, after: str) -> regex.Pattern[str]:
    inside = rf"(?=[\w])[^{none_of}\n\u2028\u00a0]*(?<=[\w.؟!%٪{MARK}])"
    return regex.compile(rf"[^{none_of}]*+(?:(?:{before}){opening}{inside}{closing}{after}[^{none_of}]*+)*+")


_QUOTES = '«»“”"″'
_IN_ORDER = {
    "«": _sound("«", "»", _QUOTES, _BEFORE, _AFTER),
    "“": _sound("“", "”", _QUOTES, _BEFORE, _AFTER),
    '"': _sound('"', '"', _QUOTES, _BEFORE, _AFTER),
    "(": _sound(r"\(", r"\)", r"()\[\]", _BEFORE, r"(?![^\s.،؛:؟!])(?!\s[.،؛:؟!])"),
}


def _surely(opening: str, closing: str, none_of: str, after: str) -> re.Pattern[bytes]:
    """`_sound` on a page's codes, ten times as fast: where it matches the other does, for it takes of characters only what their
    code is sure of.
    """

    def one_of(expression: str, *, sure: bool = True) -> bytes:
        told = own_codes(expression)
        return b"".join(b"\\x%02x" % code for code in sorted(told if sure else told.union(SHARED.values())))

    def spelled(text: str) -> bytes:
        return b"".join(b"\\x%02x" % code for code in encoded(text))

    other = one_of(f"[{none_of}]", sure=False)
    behind = b"(?<![^%b])" % one_of(r"[\s(]")
    letter, and_, article, tatweel = (b"[%b]" % spelled("وفبكل"), b"[%b]" % spelled("وف"), b"[%b]%b" % (spelled("ال"), spelled("ل")), spelled("\u0640"))
    proclitics = [kind + end for kind in (letter, article, and_ + b"[%b]" % spelled("بكل"), and_ + article) for end in (b"", tatweel)]
    before = b"|".join([behind, *(b"(?<=%b%b)" % (behind, proclitic) for proclitic in proclitics)])
    inside = b"(?=[%b])[^%b%b]*+(?<=[%b])" % (one_of(r"\w"), other, spelled("\n\u2028\u00a0"), one_of(rf"[\w.؟!%٪{MARK}]"))
    then = b"(?![^%b])(?![%b][%b])" % (one_of(rf"[\s{after}]"), one_of(r"\s", sure=False), spelled(after))
    return re.compile(b"[^%b]*+(?:(?:%b)%b%b%b%b[^%b]*+)*+" % (other, before, spelled(opening), inside, spelled(closing), then, other))


@cache
def _sure(opening: str) -> re.Pattern[bytes]:
    if opening == "(":
        return _surely("(", ")", r"()\[\]", ".،؛:؟!")
    return _surely(opening, {"«": "»", "“": "”", '"': '"'}[opening], _QUOTES, ".،؛:؟!)")


_CODES = {kind: [(style, encoded(style)) for style in styles] for kind, styles in (("quotes", ("«»", "“”", '"', "″")), ("brackets", ("()[]",)))}


def in_order(page: Page, kind: str) -> bool:
    """Whether the marks of ``kind`` are beyond doubt as they should be, told without looking at each."""
    kept: dict[str, bool] = page.__dict__.setdefault("_marks_in_order", {})
    if kind not in kept:
        codes = page.codes
        used = [style[0] for style, marks in _CODES[kind] if any(mark in codes for mark in marks)]
        sound = used[0] in _IN_ORDER if len(used) == 1 else not used
        kept[kind] = sound and (not used or _sure(used[0]).fullmatch(codes) is not None or _IN_ORDER[used[0]].fullmatch(page.text) is not None)
    return kept[kind]


def _in_address(page: Page, at: int) -> bool:
    """Whether the bracket at ``at`` is part of a URL; one that closes what the URL did not open ends the text around it."""
    spans = page.protected("url")
    index = bisect_right(spans, (at, 1 << 60)) - 1
    if index < 0 or spans[index][1] <= at:
        return False
    return page.text[at] in "([" or page.text.find({")": "(", "]": "["}[page.text[at]], spans[index][0], at) >= 0


def _words(text: str, start: int, end: int) -> int:
    return text.count(" ", start, end)


def _mark(text: str, at: int, char: str, shape: tuple[str, Side], kind: str, first: bool, gap: int) -> Mark:
    style, made = shape
    left, right = _left(text, at, kind), _right(text, at + 1, kind)
    opens, closes = _COST[left + right]
    if kind == "brackets":  # their shape tells more than their spacing, in which they are treated carelessly
        opens, closes = opens / 2, closes / 2
    other = None
    if kind == "quotes" and at and text[at - 1].isdigit() and char in '"″':
        # inches, minutes of arc; a prime is nothing else unless something waits to be closed
        other = 0.5 if char == "″" else 2.5
        if char == "″":
            opens, closes = 5.0, 0.0
    elif char == ")" and _LABEL.search(text, max(0, at - 5), at):
        other = 0.7 if kind == "brackets" else None
    elif kind == "brackets" and at and text[at - 1] in ":;=" and right in "bz":
        other = 1.0
    return Mark(at, char, style, made, left, right, opens, closes, other, first, gap)


def _left(text: str, at: int, kind: str) -> str:
    i, stop = at - 1, at - REACH
    while i >= 0 and i > stop and (text[i] in _HIDDEN or text[i] in _ALL or (kind == "brackets" and text[i] == text[at])):
        i -= 1
    if i < 0 or text[i] in "\n\u2028":
        return "n"
    c = text[i]
    if c in _SPACES:
        j = i
        while j >= 0 and j > stop and (text[j] in _SPACES or text[j] in _HIDDEN):
            j -= 1
        return "n" if j < 0 or text[j] in "\n\u2028" else "k" if text[j] == ":" else "b"
    if c in "([{":
        return "b" if text[at] not in ")]" else "w"
    if c in ":-–—/*•|=+_":
        return "c"
    if c in "،,؛;":
        return "s"
    if c in ".!?؟…)]}%٪'’":
        return "s" if c not in "'’" else "w"
    found = _PROCLITIC.search(text, max(0, i - 8), i + 1) if c in _PROCLITIC_ENDS else None
    if found and found.group():
        return "t" if found.group(1) else "p"
    return "w"


def _right(text: str, at: int, kind: str) -> str:
    i, n = at, min(len(text), at + REACH)
    while i < n and (text[i] in _HIDDEN or text[i] in _ALL or (kind == "brackets" and text[i] == text[at - 1])):
        i += 1
    if i >= n or text[i] in "\n\u2028":
        return "z"
    c = text[i]
    if c in _SPACES:
        while i < n and (text[i] in _SPACES or text[i] in _HIDDEN):
            i += 1
        if i >= n or text[i] in "\n\u2028":
            return "z"
        return "s" if text[i] in ".،,؛:؟)" and text[i + 1 : i + 2] not in (".", ")", "") else "b"
    if c == "." and text[i + 1 : i + 2] == ".":
        return "e"
    if c in "…-–—/":
        return "e"
    if c in ")]" and text[at - 1] in "([":
        return "w"
    return "s" if c in ".،,؛;:!?؟)]}" else "w"


def is_suffix(text: str, at: int) -> bool:
    """Whether what is glued to a closing mark at ``at`` is an ending that belongs to the quoted word (``«فيسبوك»ي``)."""
    return _SUFFIX.match(text, at) is not None


def spaces_before(text: str, at: int) -> int:
    """Where the run of spaces that ends at ``at`` begins."""
    while at > 0 and text[at - 1] in _SPACES:
        at -= 1
    return at


def spaces_after(text: str, at: int) -> int:
    """Where the run of spaces that begins at ``at`` ends."""
    while at < len(text) and text[at] in _SPACES:
        at += 1
    return at


def paragraphs(row: list[Mark | Break]) -> Iterator[list[Mark]]:
    """The marks of ``row``, paragraph by paragraph."""
    held: list[Mark] = []
    for entry in row:
        if isinstance(entry, Break):
            yield held
            held = []
        else:
            held.append(entry)
