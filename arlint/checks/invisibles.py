"""``invisibles``: characters that print nothing, judged by what stands around them.

Some of them carry meaning where they stand: between digits, beside Latin and its marks, inside Persian words and emoji. A rule
lists under ``keep`` which of these it leaves alone; deleting everything that is invisible inverts prices (census, trap 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import regex

from arlint.arabic import BIDI
from arlint.checks import Context, Mistake
from arlint.checks.expressions import allowed, compile_expression
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.persian import clause_around, is_foreign

_DIGITS = frozenset("0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
_ARABIC = regex.compile(r"[\u0620-\u063F\u0641-\u064A\u066E-\u06D3]")
#: Letters that never join to the next: a joiner or non-joiner after them changes nothing that is seen.
_UNJOINED = frozenset("اأإآٱءدذرزوؤةىژڈڑے")
_PICTURE = regex.compile(r"[\p{So}\p{Sk}\uFE0F\u20E3\U0001F1E6-\U0001FAFF]")
_SIGNED = regex.compile(r"[+\-\u2212#(]?[0-9\u0660-\u0669]")
_LATIN_TAIL = regex.compile(r"[A-Za-z0-9][^\w\s]*\Z")
_NUMBER_TAIL = regex.compile(rf"[0-9\u0660-\u0669][.,/:\-\u066B\u066C%+{BIDI}]*\Z")
_NUMBER_HEAD = regex.compile(rf"[.,/:\-\u066B\u066C%+{BIDI}]*[0-9\u0660-\u0669]")
#: What an embedding holds when it is there for a reason: a telephone number, or Latin that ends in a mark.
_EMBEDDED = regex.compile(r"[+(]?[0-9][0-9() ./\-\u2212:]*[ \-/+:(][0-9() ./\-:]*[0-9)]|\+[0-9]+|[A-Za-z][\w .&'-]*[+#!?.)]+")
_OPENERS = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
_CLOSERS = frozenset("\u202c\u2069")
_BIDI = regex.compile(f"[{BIDI}]")


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``characters`` is the inside of a character class. ``keep`` names the places where they mean something:
    ``numbers``, ``latin`` (marks and embeddings that steer Latin or a telephone number), ``overrides`` (that reverse what
    they hold: reported, not mended), ``joins`` (Persian words, letters shown joined, emoji), ``digits`` (what parted two
    digits can no longer be told: reported, not mended). Inside an address they are reported and left, too.
    What is found becomes ``replace``, or ``at-line-start`` where only space stands before it in its line.
    """

    characters: str
    keep: list[str] = msgspec.field(default_factory=list)
    replace: str = ""
    at_line_start: str | None = None


def _beside_number(text: str, at: int) -> bool:
    """Inside a number, or right before its sign: ``75.<RLM>614`` reads 614.75, and a mark holds the minus of -5 in place."""
    before, after = _outer(text, at)
    return _NUMBER_HEAD.match(text, after) is not None and (
        _NUMBER_TAIL.search(text, max(0, before - 6), before) is not None or (text[after] not in _DIGITS and _SIGNED.match(text, after) is not None)
    )


def _outer(text: str, at: int) -> tuple[int, int]:
    """End of the visible text before ``at`` and start of the visible text after it."""
    before, after = at, at + 1
    while before > 0 and _BIDI.match(text, before - 1):
        before -= 1
    while after < len(text) and _BIDI.match(text, after):
        after += 1
    return before, after


def _steers_latin(text: str, at: int) -> bool:
    char = text[at]
    if char in _OPENERS:
        end = at + 1
        while end < min(len(text), at + 60) and text[end] not in "\n" and not _BIDI.match(text, end):
            end += 1
        return end < len(text) and text[end] in _CLOSERS and _EMBEDDED.fullmatch(text, at + 1, end) is not None
    if char in _CLOSERS:
        start = at
        while start > max(0, at - 60) and text[start - 1] != "\n" and not _BIDI.match(text, start - 1):
            start -= 1
        return start > 0 and text[start - 1] in _OPENERS and _EMBEDDED.fullmatch(text, start, at) is not None
    before, after = _outer(text, at)
    tail = _LATIN_TAIL.search(text, max(0, before - 4), before)
    if tail is None or text[before - 1] in _DIGITS:
        return False
    follows = text[after] if after < len(text) else "\n"
    return not tail.group()[-1].isalnum() or not (follows.isalnum() or follows.isspace())


def _reverses(text: str, at: int) -> bool:
    """An override that shows its content backwards: right-to-left over Latin or digits, left-to-right over Arabic."""
    if text[at] not in "\u202d\u202e" or text[at + 1 : at + 2] in _OPENERS:
        return False
    _, after = _outer(text, at)
    while after < len(text) and not text[after].isalnum() and text[after] != "\n" and text[after] not in _CLOSERS:
        after += 1
    if after >= len(text) or not text[after].isalnum():
        return False
    return (_ARABIC.match(text, after) is not None) == (text[at] == "\u202d")


def _joins(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == "\u200d":
        if _PICTURE.match(before) and _PICTURE.match(after):
            return True
        return _ARABIC.match(before) is not None and before not in _UNJOINED and not _ARABIC.match(after) and after != "\u0640"
    if text[at] != "\u200c" or not (_ARABIC.match(before) and _ARABIC.match(after)):
        return False
    start, end = at, at + 1
    while start > 0 and (_ARABIC.match(text, start - 1) or text[start - 1] == "\u200c"):
        start -= 1
    while end < len(text) and (_ARABIC.match(text, end) or text[end] == "\u200c"):
        end += 1
    word = text[start:end]
    if regex.search(r"[\u067E\u0686\u0698\u06AF\u06A9\u06CC\u06C0\u06C1\u06BE\u06D2\u0679\u0688]", word) or is_foreign(text[slice(*clause_around(text, start, end))]):
        return True
    return before not in _UNJOINED and word.count("\u200c") > 1 and max(map(len, word.split("\u200c"))) <= 3  # an acronym spelled out letter by letter


#: Behind these a mark for a bullet opens an item, or a turn in an interview.
_STOPS = (".", "؟", "!", "?", "…", ":", "»", "”", '"')

_KEEPS: dict[str, Callable[[str, int], bool]] = {"numbers": _beside_number, "latin": _steers_latin, "joins": _joins}


@dataclass(frozen=True)
class Invisibles:
    form: Form
    run: regex.Pattern[str]

    def prefilters(self) -> list[str] | None:
        return [self.run.pattern]

    def hits(self, page: Page) -> Iterator[Hit]:
        text = page.text
        for match in self.run.finditer(text):
            start = match.start()
            for at in range(match.start(), match.end() + 1):
                kept = at == match.end() or any(_KEEPS[k](text, at) for k in self.form.keep if k in _KEEPS)
                if kept and start < at:
                    hit = self._hit(text, start, at)
                    yield hit if allowed(page, ("url", "email"), start, at) else Hit(start, at, None, hit.values)
                if kept:
                    start = at + 1

    def _hit(self, text: str, start: int, end: int) -> Hit:
        values = {"name": _names(text[start:end])}
        before = text[text.rfind("\n", 0, start) + 1 : start].strip(" \u00a0")
        if self.form.at_line_start is not None and before and not before.endswith(_STOPS):
            return Hit(start, end, (self._edit(text, start, end),), values, "unsafe")  # what it parted can no longer be told
        if "digits" in self.form.keep and start and text[start - 1] in _DIGITS and text[end : end + 1] in _DIGITS:
            return Hit(start, end, None, values)
        if "overrides" in self.form.keep and any(_reverses(text, at) for at in range(start, end)):
            return Hit(start, end, None, values)
        return Hit(start, end, (self._edit(text, start, end),), values)

    def _edit(self, text: str, start: int, end: int) -> Edit:
        """The repair of one run; the space on one side of it goes too where both sides would leave two."""
        line = text.rfind("\n", 0, start) + 1
        opens = not text[line:start].strip(" \u00a0")
        if self.form.at_line_start is not None and opens:
            while end < len(text) and text[end] in " \u00a0":
                end += 1
            ends = end == len(text) or text[end] == "\n"
            return Edit(line, end, "" if ends or text[end] in "\u2022\u25cf*-" else self.form.at_line_start)
        closes = end == len(text) or text[end] == "\n"
        before = text[line:start].rstrip(" \u00a0")
        if self.form.at_line_start is not None and not closes and before.endswith(_STOPS):
            while end < len(text) and text[end] in " \u00a0":
                end += 1
            return Edit(line + len(before), end, "\n" + self.form.at_line_start)
        if not self.form.replace:
            if closes:
                while start > line and text[start - 1] == " ":
                    start -= 1
            elif opens or text[start - 1] == " ":
                while end < len(text) and text[end] == " ":
                    end += 1
        elif self.form.replace == "\n":
            new = "" if opens or closes else "\n" * (end - start)
            while start > line and text[start - 1] in " \u00a0":
                start -= 1
            while end < len(text) and text[end] in " \u00a0":
                end += 1
            return Edit(start, end, new)
        return Edit(start, end, self.form.replace)


def _names(run: str) -> str:
    import unicodedata

    seen = list(dict.fromkeys(run))
    return ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'control character').lower()}" for c in seen[:3])


def compile(form: Form, context: Context) -> Invisibles:
    for name in form.keep:
        if name not in (*_KEEPS, "overrides", "digits"):
            raise Mistake("keep", f"no place '{name}'; there are {', '.join([*_KEEPS, 'overrides', 'digits'])}")
    return Invisibles(form, compile_expression(f"[{form.characters}]+", context.lexicons, "characters"))
