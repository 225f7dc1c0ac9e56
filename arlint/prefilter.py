"""Expressions of ``regex`` as expressions over `codes`, for Hyperscan: exact where it can be, wider where it cannot, never narrower.

What stands before a match and behind it (lookarounds and anchors at its rims) becomes part of the expression, as a byte more on
either side; what lies in between and cannot be said is left out. The scanner's business is what becomes of them.
"""

from __future__ import annotations

import re._constants as c  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_
from typing import Any

import regex

from arlint.codes import ALL, BEGIN, END, NONE, Codes, character_codes, class_codes, range_codes


class Untranslatable(ValueError):
    """An expression that has no prefilter; its rule always runs."""


#: Repeats up to this many are counted; a larger bound multiplies states for little.
COUNTED = 8

Item = tuple[Any, Any]

# what ``re`` cannot read is read as a private character that stands for it
_PROPERTY = regex.compile(r"(?<!\\)((?:\\\\)*)\\(?P<name>[pP]\{[^}]*\}|[pP].|h)")
_NAMED = regex.compile(r"(?<!\\)((?:\\\\)*)\(\?P?<[A-Za-z_]\w*>")
_BACK = regex.compile(r"\(\?(?:P=|&)(?P<name>\w+)\)")
# what only ``regex`` knows: named lists, fuzzy matching, calls, sets of sets
_FOREIGN = regex.compile(r"\\[LXRKGN]|\{[eids]<|\(\?[&R]|\(\?\(|\(\?\||\[\[:|\(\?[a-zA-Z]*[fxwV][a-zA-Z]*[:)]")
_DEPTH = 4  # how deep calls of groups may lie in groups
_PIECES = regex.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?P?<(?P<name>[A-Za-z_]\w*)>)?|\)", regex.DOTALL)
_PRIVATE = 0xF0000
_ANYTHING = chr(_PRIVATE - 1 + 0x10000)
_CATEGORIES = {
    c.CATEGORY_DIGIT: r"\d",
    c.CATEGORY_NOT_DIGIT: r"\D",
    c.CATEGORY_SPACE: r"\s",
    c.CATEGORY_NOT_SPACE: r"\S",
    c.CATEGORY_WORD: r"\w",
    c.CATEGORY_NOT_WORD: r"\W",
}


def prefilter(expression: str, *, longest: int | None = None) -> bytes:
    """``expression`` over `codes`: matches in the codes of every text that it matches in, between `BEGIN` and `END`.

    Alternatives that are longer than ``longest`` bytes are told by their letters alone, whatever their order. Raises `Untranslatable` for what has no like: named lists, fuzzy matching, recursion.
    """
    expression = _written_out(expression)
    if _FOREIGN.search(expression):
        raise Untranslatable(expression)
    properties: list[str] = []

    def keep(match: regex.Match[str]) -> str:
        properties.append("\\" + match["name"])
        return match[1] + chr(_PRIVATE + len(properties) - 1)

    plain = _NAMED.sub(r"\1(?:", _BACK.sub(_ANYTHING, _PROPERTY.sub(keep, expression)))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = parser.parse(plain, re_flags())
    except (re_error(), RecursionError, OverflowError) as error:
        raise Untranslatable(f"{expression}: {error}") from None
    return _Writer(properties, longest).written(list(parsed), bool(parsed.state.flags & c.SRE_FLAG_IGNORECASE), head=True, tail=True)


def _written_out(expression: str) -> str:
    """``expression`` with what its named groups match wherever it calls one (``(?&name)``) or refers back to its text."""
    groups: dict[str, list[str]] = {}
    opened: list[tuple[str, int, int]] = []
    defined = []
    for piece in _PIECES.finditer(expression):
        if piece.group()[0] == "(":
            opened.append((piece["name"] or "", piece.start(), piece.end()))
        elif piece.group() == ")" and opened:
            name, start, inside = opened.pop()
            if name:
                groups.setdefault(name, []).append(expression[inside : piece.start()])
            if expression.startswith("(?(DEFINE)", start):
                defined.append(expression[start : piece.end()])
    for text in defined:
        expression = expression.replace(text, "")
    for _ in range(_DEPTH):
        expression = _BACK.sub(lambda m: "(?:" + "|".join(groups.get(m["name"], [r"[\s\S]*"])) + ")", expression)
    return expression


def re_flags() -> int:
    import re

    return int(re.MULTILINE)


def re_error() -> type[Exception]:
    import re

    return re.error


class _Writer:
    def __init__(self, properties: Sequence[str], longest: int | None) -> None:
        self.properties, self.longest = properties, longest

    def written(self, items: list[Item], fold: bool, *, head: bool, tail: bool) -> bytes:
        """``items`` in a row; with ``head`` nothing stands before them, with ``tail`` nothing behind."""
        items = list(_flat(items))
        if head:
            items = self._hoisted(items, fold)
        first, last = 0, len(items)
        while first < last and items[first][0] in _ZERO_WIDTH:
            first += 1
        while last > first and items[last - 1][0] in _ZERO_WIDTH:
            last -= 1
        before, body, after = items[:first], items[first:last], items[last:]
        out = [self._rim(before, fold, -1) if head else b""]
        for index, item in enumerate(body):
            if item[0] not in _ZERO_WIDTH:
                out.append(self._item(item, fold, head=head and index == 0 and not before, tail=tail and index == len(body) - 1 and not after))
        out.append(self._rim(after or ([] if body else before), fold, 1) if tail else b"")
        return b"".join(out)

    def _hoisted(self, items: list[Item], fold: bool) -> list[Item]:
        """``items`` at the head of an expression with what they look back at written before them.

        ``[.:](?<=\\s.)`` is ``\\s[.:]``: what is looked back at ends in the characters just read.
        """
        read: list[Item] = []
        ahead: list[Item] = []  # what was asked of the text behind, still to be read
        for index, item in enumerate(items):
            op, value = item
            if op in (c.ASSERT, c.ASSERT_NOT) and value[0] > 0:
                ahead.append(item)
            elif op is c.ASSERT and not (read and read[0][0] is c.ASSERT_NOT):
                if (joined := self._joined(read, list(_flat(list(value[1]))), fold)) is not None:
                    read = joined
            elif op is c.ASSERT_NOT:
                codes = self._edge_codes(value[1][0], fold, -1) if len(value[1]) == 1 else None
                if codes is not None and read and (last := self._codes(read[-1], fold)) is not None:
                    read[-1] = (_CODES, Codes(last.may - codes.must, last.must - codes.may))
                elif not read:
                    return items
            elif op is c.AT:
                return [*read, *ahead, *items[index:]]
            elif self._codes(item, fold) is not None and not ahead:
                read.append(item)
            elif op is c.BRANCH and len(value[1]) <= _BRANCHES and len(read) <= _READ and any(_looks_back(branch) for branch in value[1]):
                rest = items[index + 1 :]
                return [(c.BRANCH, (None, [self._hoisted([*read, *ahead, *_flat(list(branch)), *rest], fold) for branch in value[1]]))]
            else:
                return [*read, *ahead, *items[index:]]
        return [*read, *ahead]

    def _joined(self, read: list[Item], behind: list[Item], fold: bool) -> list[Item] | None:
        """``read``, characters in a row, behind what stands before them when all of it ends like ``behind``."""
        if len(behind) == 1 and behind[0][0] is c.BRANCH:
            parts = [self._joined(read, list(_flat(list(branch))), fold) for branch in behind[0][1][1]]
            return None if None in parts else [(c.BRANCH, (None, parts))]
        behind, tail = list(behind), list[Item]()
        for number in range(len(read) - 1, -1, -1):
            if not behind:
                return [*read[: number + 1], *reversed(tail)]
            item = read[number]
            last = behind.pop()
            if last[0] in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT) and last[1][0] >= 1 and len(last[1][2]) == 1:
                least, most, inside = last[1]
                behind.append((c.MAX_REPEAT, (least - 1, most if most is c.MAXREPEAT else most - 1, inside)))
                last = inside[0]
            one, two = self._codes(item, fold), self._codes(last, fold)
            if one is None or two is None:
                return None
            tail.append((_CODES, one & two))
        return [*behind, *reversed(tail)]

    def _item(self, item: Item, fold: bool, *, head: bool, tail: bool) -> bytes:
        op, value = item
        if (codes := self._codes(item, fold)) is not None:
            return _class(codes.may)
        if op is c.LITERAL:  # a backreference
            return rb"[\x00-\xff]*"
        if op is c.BRANCH:
            made = _either(self.written(list(branch), fold, head=head, tail=tail) for branch in value[1])
            return made if self.longest is None or len(made) <= self.longest else self._letters([item], fold)
        if op is c.SUBPATTERN:
            _, add, remove, inside = value
            return b"(?:" + self.written(list(inside), (fold or bool(add & c.SRE_FLAG_IGNORECASE)) and not remove & c.SRE_FLAG_IGNORECASE, head=head, tail=tail) + b")"
        if op is c.ATOMIC_GROUP:
            return b"(?:" + self.written(list(value), fold, head=head, tail=tail) + b")"
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            least, most, inside = value
            once = most == 1
            return b"(?:" + self.written(list(inside), fold, head=head and once, tail=tail and once) + b")" + self._repeat(int(least), None if most is c.MAXREPEAT else int(most))
        raise Untranslatable(str(op))

    def _letters(self, items: list[Item], fold: bool) -> bytes:
        """Any row of the characters of ``items``, with what may stand at its rims."""
        letters = self._union(items, fold)
        return _class(ALL | {BEGIN, END} if letters is None else letters | {BEGIN, END, 0x0A}) + b"*"

    def _union(self, items: Iterable[Item], fold: bool) -> frozenset[int] | None:
        """All codes that ``items`` may consume; None where they may be any."""
        found: frozenset[int] = frozenset()
        for item in items:
            op, value = item
            inside: Iterable[Iterable[Item]]
            if (codes := self._codes(item, fold)) is not None:
                found |= codes.may
                continue
            if op is c.LITERAL:
                return None
            if op is c.BRANCH:
                inside = value[1]
            elif op is c.SUBPATTERN:
                inside, fold = [value[3]], (fold or bool(value[1] & c.SRE_FLAG_IGNORECASE))
            elif op is c.ATOMIC_GROUP:
                inside = [value]
            elif op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
                inside = [value[2]]
            elif op in (c.ASSERT, c.ASSERT_NOT):
                inside = [value[1]]
                if op is c.ASSERT_NOT:
                    return None
            else:
                continue
            for part in inside:
                if (codes_of := self._union(part, fold)) is None:
                    return None
                found |= codes_of
        return found

    def _repeat(self, least: int, most: int | None) -> bytes:
        if (least, most) in ((0, 1), (0, None), (1, None)):
            return {(0, 1): b"?", (0, None): b"*", (1, None): b"+"}[least, most]
        if most is not None and most <= COUNTED:
            return b"{%d,%d}" % (least, most)
        return b"{%d,}" % min(least, COUNTED)

    def _codes(self, item: Item, fold: bool) -> Codes | None:
        """The codes of an item that is one character, or None."""
        op, value = item
        if op is _CODES:
            return value if isinstance(value, Codes) else None
        if op is c.LITERAL:
            if value == ord(_ANYTHING):
                return None
            return self._character(value, fold)
        if op is c.NOT_LITERAL:
            return ~self._character(value, fold)
        if op is c.ANY:
            return ~character_codes("\n")
        if op is not c.IN:
            return None
        negated, found = False, NONE
        for kind, inside in value:
            if kind is c.NEGATE:
                negated = True
            elif kind is c.LITERAL:
                found |= self._character(inside, fold)
            elif kind is c.RANGE:
                found |= range_codes(*inside)
                if fold:
                    found |= _folded(chr(p) for p in range(inside[0], min(inside[1], inside[0] + 0x200) + 1))
            elif kind is c.CATEGORY:
                found |= class_codes(_CATEGORIES[inside])
            else:
                raise Untranslatable(str(kind))
        return ~found if negated else found

    def _character(self, point: int, fold: bool) -> Codes:
        if _PRIVATE <= point < _PRIVATE + len(self.properties):
            return class_codes(self.properties[point - _PRIVATE].replace(r"\h", r"[ \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]"))
        return _folded([chr(point)]) if fold else character_codes(chr(point))

    def _rim(self, items: list[Item], fold: bool, side: int) -> bytes:
        """What the assertions ``items`` want of the text before (``side`` -1) or behind (1) a match, as far as can be said."""
        edge = BEGIN if side < 0 else END
        every = ALL | {edge}
        allowed: list[frozenset[int]] = []
        longer: list[bytes] = []
        for op, value in items:
            if op is c.AT:
                if value in ((c.AT_BEGINNING,) if side < 0 else (c.AT_END,)):
                    allowed.append(frozenset((edge, 0x0A)))
                elif value in ((c.AT_BEGINNING_STRING,) if side < 0 else (c.AT_END_STRING,)):
                    allowed.append(frozenset((edge,)))
                continue
            direction, inside = value
            if direction != side:
                continue
            inside = list(_flat(list(inside)))
            if op is c.ASSERT_NOT:
                for branch in inside[0][1][1] if len(inside) == 1 and inside[0][0] is c.BRANCH else [inside]:
                    branch = list(_flat(list(branch)))
                    if len(branch) == 1 and (codes := self._edge_codes(branch[0], fold, side)) is not None:
                        allowed.append(every - codes.must)
            elif len(inside) == 1 and (codes := self._edge_codes(inside[0], fold, side)) is not None:
                allowed.append(codes.may)
            else:
                longer.append(self.written(inside, fold, head=side < 0, tail=side > 0))
        if longer:
            return b"(?:" + max(longer, key=len) + b")"
        return _class(reduce(and_, allowed)) if allowed else b""

    def _edge_codes(self, item: Item, fold: bool, side: int) -> Codes | None:
        """As `_codes`, with the edge of the text as a character of its own."""
        if item[0] is c.AT:
            edge = frozenset((BEGIN if side < 0 else END,))
            line = Codes(edge | {0x0A}, edge | {0x0A})
            if side < 0:
                return {c.AT_BEGINNING: line, c.AT_BEGINNING_STRING: Codes(edge, edge)}.get(item[1])
            return {c.AT_END: line, c.AT_END_STRING: Codes(edge, edge)}.get(item[1])
        if item[0] is c.BRANCH:
            parts = [self._edge_codes(branch[0], fold, side) if len(branch) == 1 else None for branch in map(list, item[1][1])]
            return None if None in parts else reduce(lambda a, b: a | b, [p for p in parts if p is not None])
        return self._codes(item, fold)


_ZERO_WIDTH = (c.AT, c.ASSERT, c.ASSERT_NOT)


_CODES = object()  # an item that is a class already
#: How many alternatives are told apart by what they look back at, and how many characters may have been read by then.
_BRANCHES, _READ = 8, 6


def _looks_back(branch: Any) -> bool:
    for op, value in _flat(list(branch)):
        if op is c.BRANCH:
            return any(map(_looks_back, value[1]))
        if op not in _ZERO_WIDTH:
            return False
        if op is c.ASSERT and value[0] < 0:
            return True
    return False


def _flat(items: list[Item]) -> Iterator[Item]:
    """``items`` with groups that do nothing but group taken out."""
    for op, value in items:
        if op is c.SUBPATTERN and not value[1] and not value[2]:
            yield from _flat(list(value[3]))
        elif op is c.ATOMIC_GROUP:
            yield from _flat(list(value))
        else:
            yield op, value


def _folded(characters: Any) -> Codes:
    out = NONE
    for character in characters:
        for variant in {character, character.lower(), character.upper(), character.casefold()}:
            if len(variant) == 1:
                out |= character_codes(variant)
        if character.isalpha() and not "\u0600" <= character <= "\u06ff":
            out |= Codes(class_codes(r"[\u0100-\u024f\u1e00-\u2fff]").may, frozenset())  # long s, the Kelvin sign
    return out


def _either(branches: Any) -> bytes:
    return b"(?:" + b"|".join(branches) + b")"


_SPECIAL = frozenset(b"\\^$.|?*+()[]{}/-#& ")


def _byte(code: int) -> bytes:
    return b"\\x%02x" % code if code < 0x30 or code in _SPECIAL or code == 0x7F else bytes((code,))


def _class(codes: frozenset[int]) -> bytes:
    """One byte out of ``codes``."""
    if not codes:
        return b"[^\\x00-\\xff]"
    if len(codes) == 1:
        return _byte(next(iter(codes)))
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return b"[" + b"".join(_byte(a) if a == b else _byte(a) + b"-" + _byte(b) for a, b in runs) + b"]"
