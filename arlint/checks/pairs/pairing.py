"""Which mark opens, which closes, and which belong together: the cheapest story that explains all marks of an article.

A story labels every mark in turn while a stack holds what is open; each oddity (a mark turned round, one that lacks its
fellow, one quotation inside another of the same style) has a price, and the cheapest story over the whole article wins.
So one damaged mark stays one oddity at that mark. What to say about an oddity is the business of ``checks.pairs``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from arlint.checks.pairs.marks import Break, Mark, marks, paragraphs
from arlint.page import Page

Stack = tuple[str, ...]
Act = Literal["push", "push-over", "again", "pop", "pop-two", "unopened", "other", "carry", "drop", "drop-one"]

#: Acts that make the same of a mark; a lone mark is another thing than one of a pair.
_SAME: dict[Act, tuple[Act, ...]] = {"push": ("push", "again"), "again": ("push", "again"), "pop": ("pop", "pop-two"), "pop-two": ("pop", "pop-two")}

LONE = 4.5  # a mark whose fellow is missing
MIXED = 3.0  # closed in another style than it was opened
NESTED = {"guillemets": 1.2, "curly": 1.6, "straight": 1.8, "round": 0.6, "square": 1.2}  # inside one of its own style
OTHER_STYLE = 0.2  # inside one of another style: how it should be
CARRY = {"quotes": (1.0, 0.4), "brackets": (3.0, 1.0)}  # left open over one paragraph break, and each further one
AGAIN = 0.1  # speech of several paragraphs repeats its opening mark before each
BRACKET = 3.0  # a bracket turned round; quotation marks go by how often the article does it
PLAIN = 4.0  # a mark that shape and spacing agree on, taken for the other side
WORD = 0.06  # each word inside a pair: of two stories the one with shorter quotations is likelier
CERTAIN = 99.0  # how sure a mark is where no other story is left
DEPTH = 3
BEAM = 9.0  # stories dearer than the cheapest by this much are given up
STORIES = 10  # and no more than so many are followed; real articles rarely need five


class Move(NamedTuple):
    act: Act
    stack: Stack
    cost: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two marks that belong together. ``depth`` is 0 for the outermost; ``sure`` is by how much the next best story is
    dearer; ``across`` says that a paragraph ends between them.
    """

    open: Mark
    close: Mark
    depth: int
    inner: tuple[str, ...]
    sure: float
    across: bool = False


@dataclass(slots=True)
class Pairing:
    """What the marks of a page are: pairs in order of their closing mark, lone marks, and marks that open a further paragraph."""

    pairs: list[Pair] = field(default_factory=list)
    unclosed: list[tuple[Mark, float]] = field(default_factory=list)
    unopened: list[tuple[Mark, float]] = field(default_factory=list)
    again: list[tuple[Mark, float]] = field(default_factory=list)


def pairing(page: Page, kind: str) -> Pairing:
    """The pairing of the page's marks of ``kind`` (``quotes`` or ``brackets``), worked out once a page."""
    cache: dict[str, Pairing] = page.__dict__.setdefault("_pairings", {})
    if kind not in cache:
        row = marks(page, kind)
        cache[kind] = _plain(row) or _explain(row, kind)
    return cache[kind]


def _plain(row: list[Mark | Break]) -> Pairing | None:
    """The pairing where every paragraph is sound in itself, as in two articles of three; None where a mark is in doubt."""
    out = Pairing()
    for paragraph in paragraphs(row):
        stack: list[tuple[Mark, list[str]]] = []
        for mark in paragraph:
            side = mark.looks
            if not side or side != (mark.made or side) or mark.other is not None:
                return None
            if side == "open":
                if any(mark.style == held.style for held, _ in stack):
                    return None
                stack.append((mark, []))
            else:
                if not stack or stack[-1][0].style != mark.style:
                    return None
                opened, inner = stack.pop()
                out.pairs.append(Pair(opened, mark, len(stack), tuple(inner), CERTAIN))
                if stack:
                    stack[-1][1].append(mark.style)
        if stack:
            return None
    return out


def _explain(row: list[Mark | Break], kind: str) -> Pairing:
    moves = _Moves(kind, _turned(row))
    ahead = _forward(row, moves)
    best, sure = _backward(row, moves, ahead)
    return _told(row, best, sure)


def _turned(row: list[Mark | Break]) -> dict[str, float]:
    """What it costs each character to stand on the side that it is not made for, from how often it plainly does here."""
    plain: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for entry in row:
        if isinstance(entry, Mark) and entry.made and entry.looks:
            plain[entry.char] += 1
            wrong[entry.char] += entry.looks != entry.made
    share = {char: (wrong[char] + 0.2) / (count + 1) for char, count in plain.items()}
    return {char: 2.5 if part < 0.12 else 1.3 if part < 0.5 else 0.6 for char, part in share.items()}


class _Moves:
    """What may be made of a mark or break while a stack is open. Equal places are priced once: articles repeat themselves."""

    def __init__(self, kind: str, turned: dict[str, float]) -> None:
        self.kind, self.turned = kind, turned
        self.known: dict[tuple[object, ...], tuple[Move, ...]] = {}

    def of(self, entry: Mark | Break, stack: Stack) -> tuple[Move, ...]:
        gap = min(entry.gap, 40)
        key: tuple[object, ...] = (entry.count, gap, stack) if isinstance(entry, Break) else (entry.char, entry.left, entry.right, entry.other, entry.first, gap, stack)
        if (moves := self.known.get(key)) is None:
            inside = WORD * gap if stack else 0.0
            moves = self.known[key] = tuple(self._at_break(entry, stack, inside) if isinstance(entry, Break) else self._at_mark(entry, stack, inside))
        return moves

    def _at_break(self, entry: Break, stack: Stack, inside: float) -> Iterator[Move]:
        if not stack:
            yield Move("carry", stack, 0.0)
            return
        first, further = CARRY[self.kind]
        yield Move("carry", stack, inside + first + further * min(entry.count - 1, 6))
        yield Move("drop", (), min(inside, 0.6) + LONE * len(stack))
        if len(stack) > 1:
            yield Move("drop-one", stack[:-1], inside + LONE + first + further * min(entry.count - 1, 6))

    def _at_mark(self, mark: Mark, stack: Stack, inside: float) -> Iterator[Move]:
        against = self.turned.get(mark.char, 2.0) if self.kind == "quotes" else BRACKET
        if mark.made and mark.made == mark.looks:
            against += PLAIN
        opens = inside + mark.opens + (against if mark.made == "close" else 0.0)
        closes = inside + mark.closes + (against if mark.made == "open" else 0.0)
        style = mark.style
        if style != "prime":
            if len(stack) < DEPTH:
                yield Move("push", (*stack, style), opens + _nesting(stack, style))
            if stack:
                yield Move("push-over", (*stack[:-1], style), opens + LONE + _nesting(stack[:-1], style))
            if stack and mark.first and stack[-1] == style:
                yield Move("again", stack, opens + AGAIN)
        if stack:
            yield Move("pop", stack[:-1], closes + (0.0 if style in (stack[-1], "prime") else MIXED))
        if len(stack) > 1:
            yield Move("pop-two", stack[:-2], closes + LONE + (0.0 if style in (stack[-2], "prime") else MIXED))
        yield Move("unopened", stack, closes + LONE)
        if mark.other is not None:
            yield Move("other", stack, inside + mark.other)


def _nesting(stack: Stack, style: str) -> float:
    if not stack:
        return 0.0
    return NESTED.get(style, 2.0) if style in stack else OTHER_STYLE


def _forward(row: list[Mark | Break], moves: _Moves) -> list[dict[Stack, float]]:
    """For each place in the row the stacks that may be open there and the cost of the cheapest way to each."""
    costs: list[dict[Stack, float]] = [{(): 0.0}]
    for entry in row:
        reached: dict[Stack, float] = {}
        for stack, cost in costs[-1].items():
            for move in moves.of(entry, stack):
                total = cost + move.cost
                if total < reached.get(move.stack, math.inf):
                    reached[move.stack] = total
        limit = min(reached.values()) + BEAM
        kept = {stack: cost for stack, cost in reached.items() if cost <= limit}
        costs.append(kept if len(kept) <= STORIES else dict(sorted(kept.items(), key=_cost)[:STORIES]))
    return costs


def _cost(item: tuple[Stack, float]) -> float:
    return item[1]


def _backward(row: list[Mark | Break], moves: _Moves, ahead: list[dict[Stack, float]]) -> tuple[list[Move], list[float]]:
    """The moves of the cheapest story, and how much dearer the cheapest story is that does otherwise at each of them.

    Nothing may be left open at the end.
    """
    rest: dict[Stack, float] = {stack: LONE * len(stack) for stack in ahead[-1]}
    now = min(ahead[-1], key=lambda s: ahead[-1][s] + rest[s])
    chosen: list[Move] = []
    sure: list[float] = []
    for at in range(len(row) - 1, -1, -1):
        before: dict[Stack, float] = {}
        best: tuple[float, Stack, Move] | None = None
        ways: list[tuple[float, Act]] = []
        for held, cost in ahead[at].items():
            cheapest = math.inf
            for move in moves.of(row[at], held):
                if move.stack not in rest:
                    continue
                onward = move.cost + rest[move.stack]
                cheapest = min(cheapest, onward)
                ways.append((cost + onward, move.act))
                if move.stack == now and (best is None or cost + onward < best[0]):
                    best = (cost + onward, held, move)
            if cheapest < math.inf:
                before[held] = cheapest
        assert best is not None  # the story that reached this stack
        total, now, move = best
        same = _SAME.get(move.act, (move.act,))
        others = [cost for cost, act in ways if act not in same]
        chosen.append(move)
        sure.append(max(0.0, min(others) - total) if others else CERTAIN)
        rest = before
    return chosen[::-1], sure[::-1]


def _told(row: list[Mark | Break], moves: list[Move], sure: list[float]) -> Pairing:
    """The pairing that the moves spell."""
    out = Pairing()
    stack: list[tuple[Mark, float, list[str], int]] = []
    paragraph = 0
    for entry, move, margin in zip(row, moves, sure, strict=True):
        if isinstance(entry, Break):
            paragraph += 1
            if move.act == "drop":
                out.unclosed += [(held, margin) for held, *_ in stack]
                stack.clear()
            elif move.act == "drop-one":
                out.unclosed.append((stack.pop()[0], margin))
            continue
        if move.act in ("push-over", "pop-two"):
            out.unclosed.append((stack.pop()[0], margin))
        if move.act in ("push", "push-over"):
            stack.append((entry, margin, [], paragraph))
        elif move.act in ("pop", "pop-two"):
            opened, before, inner, where = stack.pop()
            out.pairs.append(Pair(opened, entry, len(stack), tuple(inner), min(before, margin), where != paragraph))
            if stack:
                stack[-1][2].append(entry.style)
        elif move.act == "again":
            out.again.append((entry, margin))
            opened, before, inner, where = stack.pop()
            stack.append((entry, min(before, margin), inner, paragraph))
        elif move.act == "unopened":
            out.unopened.append((entry, margin))
    out.unclosed += [(held, CERTAIN) for held, *_ in stack]
    out.unclosed.sort(key=lambda lone: lone[0].at)
    return out
