"""One pass over a text that says which rules can match in it. The only module that knows Hyperscan; all works without it.

A rule's prefilter is derived from the very expression that the rule runs (`translated`), widened wherever the two engines read a
class differently, so that the pass never misses a rule: it says *which*, ``regex`` says *where*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import regex

from arlint.arabic import SPACE


class Untranslatable(ValueError):
    """An expression that has no prefilter; its rule always runs."""


# Hyperscan's Unicode tables are old: \w lacks tashkeel, \p{Arabic} lacks ٠-٩, \s lacks U+00A0. So a class is written out, and as
# wide as can be: all beyond ASCII counts as a member of \w, \d, \p{..} and of their complements. A prefilter may say yes too often.
_BEYOND = r"\x{80}-\x{10FFFF}"
_ASCII = {"w": "0-9A-Za-z_", "d": "0-9", "s": r"\x09-\x0D\x1C-\x20", "h": r"\x09\x20"}
_ASCII_NOT = {"W": r"\x00-\x2F\x3A-\x40\x5B-\x5E\x60\x7B-\x7F", "D": r"\x00-\x2F\x3A-\x7F", "S": r"\x00-\x08\x0E-\x1B\x21-\x7F", "H": r"\x00-\x08\x0A-\x1F\x21-\x7F"}
_WIDE = {**_ASCII, **_ASCII_NOT, "p": r"\x00-\x7F", "P": r"\x00-\x7F"}

#: Repeats up to this many are counted; a larger bound multiplies states for little.
_COUNTED = 4

_TOKEN = regex.compile(
    r"""(?P<property>\\[pP](?:\{[^}]*\}|.))
      | \\u(?P<u4>[0-9A-Fa-f]{4}) | \\U(?P<u8>[0-9A-Fa-f]{8}) | \\x(?P<x2>[0-9A-Fa-f]{2})
      | \\(?P<escape>.)
      | (?P<group>\(\?(?:>|P?<[A-Za-z_]\w*>))
      | (?P<backreference>\(\?P=\w+\))
      | \{(?P<least>\d+)(?P<most>,\d*)?\}
      | (?P<possessive>(?<=[*+?}])\+)
      | (?P<plain>.)""",
    regex.VERBOSE | regex.DOTALL,
)
_SETS = regex.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", regex.DOTALL)


def translated(expression: str) -> str:
    """``expression`` (of ``regex``) in Hyperscan's syntax, matching wherever the original does.

    Raises `Untranslatable` for what Hyperscan has no idea of: named lists, fuzzy matching, recursion.
    """
    if regex.search(r"\\[LXRKGN]|\{[eids]<|\(\?[&R]|\(\?\(|\(\?\|", expression):
        raise Untranslatable(expression)
    out, at = [], 0
    for match in _SETS.finditer(expression):
        if _escaped(expression, match.start()):
            continue
        if match.start() < at:
            continue
        out += [_outside(expression[at : match.start()]), _set(match.group())]
        at = match.end()
    return "".join([*out, _outside(expression[at:])])


def _escaped(text: str, at: int) -> bool:
    backslashes = 0
    while at > 0 and text[at - 1] == "\\":
        at, backslashes = at - 1, backslashes + 1
    return backslashes % 2 == 1


def _outside(text: str) -> str:
    out = []
    for match in _TOKEN.finditer(text):
        kind, value = match.lastgroup or "plain", match.group()
        if kind in ("u4", "u8", "x2"):
            out.append(rf"\x{{{match[kind]}}}")
        elif kind == "property":
            out.append(rf"[\x00-\x7F{_BEYOND}]")
        elif kind == "escape":
            letter = match["escape"]
            if letter in _WIDE:
                out.append(f"[{_WIDE[letter]}{_BEYOND}]")
            elif letter == "Z":
                out.append(r"\z")
            elif letter in "bBmM":  # word boundaries go by old tables: dropped, which only widens
                continue
            else:
                out.append(value)
        elif kind == "group":
            out.append("(?:")
        elif kind == "backreference":
            out.append("(?s:.*)")
        elif kind in ("least", "most"):
            out.append(_repeat(int(match["least"]), match["most"]))
        elif kind == "possessive":
            continue
        else:
            out.append(value)
    return "".join(out)


def _repeat(least: int, most: str | None) -> str:
    """A bounded repeat, loosened where Hyperscan would count states for it."""
    top = least if most is None else int(most[1:]) if most[1:] else None
    if top is not None and top <= _COUNTED:
        return f"{{{least}}}" if most is None else f"{{{least},{top}}}"
    return f"{{{min(least, _COUNTED)},}}"


def _set(text: str) -> str:
    """A character set with its classes written out: widened in a set, narrowed to ASCII in a negated one."""
    if regex.search(r"\[:|--|&&|~~|\|\|", text[1:]):
        raise Untranslatable(text)
    negated = text.startswith("[^")
    out = []
    for match in _TOKEN.finditer(text[2 if negated else 1 : -1]):
        kind, value = match.lastgroup or "plain", match.group()
        if kind in ("u4", "u8", "x2"):
            out.append(rf"\x{{{match[kind]}}}")
        elif kind == "property":
            out.append("" if negated else rf"\x00-\x7F{_BEYOND}")
        elif kind == "escape" and match["escape"] in _WIDE:
            letter = match["escape"]
            out.append({**_ASCII, **_ASCII_NOT}[letter] if negated else _WIDE[letter] + _BEYOND)
        elif value == "[":
            out.append(r"\[")
        else:
            out.append(value)
    inside = "".join(out)
    if negated and not inside:
        return r"[\x00-\x{10FFFF}]"
    return f"[{'^' if negated else ''}{inside}]"


def wider(expression: str) -> Iterator[str]:
    """Translations of ``expression``, each matching wherever the one before does: as it is, then without anchors (Hyperscan
    takes none inside a group), then with its longest groups blanked out until it is short enough.
    """
    try:
        exact = translated(expression)
    except Untranslatable:
        return
    yield exact
    loose = _ANCHORS.sub(r"\1", exact)
    yield loose
    for text in (exact, loose):
        if len(text) > _LONGEST:
            yield _shortened(text)


_LONGEST = 12_000  # Hyperscan's limit is 16,000 characters
_ANCHORS = regex.compile(r"(\\[^AzZ]|\[\^?\]?(?:\\.|[^\]\\])*\])|\\[AzZ]|\^|\$")


def _shortened(text: str) -> str:
    """``text`` with groups replaced by "anything", the smallest that suffice, until it is no longer than `_LONGEST`."""
    while len(text) > _LONGEST:
        groups = list(_groups(text))
        enough = [g for g in groups if g[1] - g[0] > len(text) - _LONGEST]
        start, end = min(enough, key=lambda g: g[1] - g[0]) if enough else max(groups, key=lambda g: g[1] - g[0], default=(0, len(text)))
        text = text[:start] + "(?s:.*)" + text[end:]
    return text


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the groups of an expression, lookarounds among them."""
    opened: list[int] = []
    for match in _PIECES.finditer(text):
        if match.group() == "(":
            opened.append(match.start())
        elif match.group() == ")" and opened:
            yield opened.pop(), match.end()


_PIECES = regex.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]", regex.DOTALL)


def whole_line(expression: str) -> str:
    """The prefilter of an expression that must match a whole stripped line."""
    edge = rf"[{SPACE}\r\u2028\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]*"
    return f"^{edge}(?:{expression}){edge}$"


class Scanner:
    """Which of numbered expressions can match in a text."""

    def __init__(self, database: Any, always: frozenset[int]) -> None:
        self.database = database
        self.always = always

    def possible(self, text: str) -> set[int]:
        """Numbers of all expressions that may match in ``text``, and of those that have no prefilter."""
        found = set(self.always)

        def seen(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.add(number)

        if self.database is not None:
            self.database.scan(text.encode("utf-8", "replace"), match_event_handler=seen)
        return found


def available() -> bool:
    """Whether Hyperscan can be used here."""
    try:
        import hyperscan  # noqa: F401
    except ImportError:
        return False
    return True


def build(prefilters: Sequence[Iterable[str] | None]) -> tuple[bytes, frozenset[int]]:
    """The serialized database for ``prefilters`` (by number; None: always possible), and the numbers that always run."""
    import hyperscan

    flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY | hyperscan.HS_FLAG_MULTILINE
    always: set[int] = set()
    expressions: list[bytes] = []
    numbers: list[int] = []

    def compiles(expression: str) -> bool:
        try:
            hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(expressions=[expression.encode()], ids=[0], elements=1, flags=[flags])
        except hyperscan.error:
            return False
        return True

    for number, wanted in enumerate(prefilters):
        ours = [] if wanted is None else [next(filter(compiles, wider(e)), None) for e in wanted]
        if wanted is None or None in ours:
            always.add(number)
        else:
            expressions += [e.encode() for e in ours if e is not None]
            numbers += [number] * len(ours)
    if not expressions:
        return b"", frozenset(always)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=expressions, ids=numbers, elements=len(expressions), flags=[flags] * len(expressions))
    return bytes(hyperscan.dumpb(database)), frozenset(always)


def restored(stored: bytes, always: frozenset[int]) -> Scanner:
    """The scanner that `build` made."""
    if not stored:
        return Scanner(None, always)
    import hyperscan

    database = hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return Scanner(database, always)
