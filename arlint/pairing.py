"""Which mark opens, which closes, and which belong together: the cheapest story that explains all marks of an article.

A story labels every mark in turn while a stack holds what is open; each oddity (a mark turned round, one that lacks its
fellow, one quotation inside another of the same style) has a price, and the cheapest story over the whole article wins.
So one damaged mark stays one oddity at that mark. What to say about an oddity is the business of ``checks.pairs``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from arlint.marks import Break, Mark, Side, marks, paragraphs
from arlint.page import Page

Stack = tuple[str, ...]
Act = Literal["push", "push-over", "again", "pop", "pop-two", "unopened", "other", "carry", "drop", "drop-one"]

LONE = 4.5  # a mark whose fellow is missing
MIXED = 3.0  # closed in another style than it was opened
NESTED = {"guillemets": 1.2, "curly": 1.6, "straight": 1.8, "round": 0.6, "square": 1.2}  # inside one of its own style
OTHER_STYLE = 0.2  # inside one of another style: how it should be
CARRY = {"quotes": (1.0, 0.4), "brackets": (3.0, 1.0)}  # left open over one paragraph break, and each further one
AGAIN = 0.1  # speech of several paragraphs repeats its opening mark before each
WORD = 0.04  # each word inside a pair: of two stories the one with shorter quotations is likelier
DEPTH = 3
BEAM = 9.0  # stories dearer than the cheapest by this much are given up


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
                out.pairs.append(Pair(opened, mark, len(stack), tuple(inner), 99.0))
                if stack:
                    stack[-1][1].append(mark.style)
        if stack:
            return None
    return out


def _explain(row: list[Mark | Break], kind: str) -> Pairing:
    turned = _turned(row)
    ahead = _forward(row, kind, turned)
    best, sure = _backward(row, kind, turned, ahead)
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


def _moves(entry: Mark | Break, stack: Stack, kind: str, turned: dict[str, float]) -> Iterator[Move]:
    inside = WORD * min(entry.gap, 40) if stack else 0.0
    if isinstance(entry, Break):
        if not stack:
            yield Move("carry", stack, 0.0)
            return
        first, further = CARRY[kind]
        yield Move("carry", stack, inside + first + further * min(entry.count - 1, 6))
        yield Move("drop", (), inside + LONE * len(stack))
        if len(stack) > 1:
            yield Move("drop-one", stack[:-1], inside + LONE + first + further * min(entry.count - 1, 6))
        return
    against = turned.get(entry.char, 2.0)
    opens = inside + entry.opens + (against if entry.made == "close" else 0.0)
    closes = inside + entry.closes + (against if entry.made == "open" else 0.0)
    style = entry.style
    if len(stack) < DEPTH:
        yield Move("push", (*stack, style), opens + _nesting(stack, style))
    if stack:
        yield Move("push-over", (*stack[:-1], style), opens + LONE + _nesting(stack[:-1], style))
        if entry.first and stack[-1] == style:
            yield Move("again", stack, opens + AGAIN)
        yield Move("pop", stack[:-1], closes + (0.0 if style in (stack[-1], "prime") else MIXED))
        if len(stack) > 1:
            yield Move("pop-two", stack[:-2], closes + LONE + (0.0 if style in (stack[-2], "prime") else MIXED))
    yield Move("unopened", stack, closes + LONE)
    if entry.other is not None:
        yield Move("other", stack, inside + entry.other)


def _nesting(stack: Stack, style: str) -> float:
    if not stack:
        return 0.0
    return NESTED.get(style, 2.0) if style in stack else OTHER_STYLE


def _forward(row: list[Mark | Break], kind: str, turned: dict[str, float]) -> list[dict[Stack, float]]:
    """For each place in the row the stacks that may be open there and the cost of the cheapest way to each."""
    costs: list[dict[Stack, float]] = [{(): 0.0}]
    for entry in row:
        reached: dict[Stack, float] = {}
        for stack, cost in costs[-1].items():
            for move in _moves(entry, stack, kind, turned):
                total = cost + move.cost
                if total < reached.get(move.stack, 1e9):
                    reached[move.stack] = total
        limit = min(reached.values()) + BEAM
        costs.append({stack: cost for stack, cost in reached.items() if cost <= limit})
    return costs


def _backward(row: list[Mark | Break], kind: str, turned: dict[str, float], ahead: list[dict[Stack, float]]) -> tuple[list[Move], list[float]]:
    """The moves of the cheapest story, and how much dearer the cheapest story is that does otherwise at each of them.

    Nothing may be left open at the end.
    """
    rest: dict[Stack, float] = {stack: LONE * len(stack) for stack in ahead[-1]}
    stack = min(ahead[-1], key=lambda s: ahead[-1][s] + rest[s])
    total = ahead[-1][stack] + rest[stack]
    chosen: list[Move] = []
    sure: list[float] = []
    now = stack
    for at in range(len(row) - 1, -1, -1):
        entry, before = row[at], {}
        best: tuple[float, Stack, Move] | None = None
        ways: list[tuple[float, Stack, Move]] = []
        for held, cost in ahead[at].items():
            cheapest = 1e9
            for move in _moves(entry, held, kind, turned):
                if move.stack not in rest:
                    continue
                onward = move.cost + rest[move.stack]
                cheapest = min(cheapest, onward)
                ways.append((cost + onward, held, move))
                if move.stack == now and abs(cost + onward - total) < 1e-6 and (best is None or cost + onward < best[0]):
                    best = (cost + onward, held, move)
            before[held] = cheapest
        assert best is not None
        side = _side(best[2].act)
        others = [cost for cost, _, move in ways if _side(move.act) != side]
        chosen.append(best[2])
        sure.append(min(others) - total if others else 99.0)
        now, rest = best[1], before
    return chosen[::-1], sure[::-1]


def _side(act: Act) -> Side | str:
    """What a move makes of its mark; a lone mark is another thing than one of a pair."""
    return {"push": "open", "again": "open", "pop": "close", "pop-two": "close"}.get(act, act)


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
    out.unclosed += [(held, 99.0) for held, *_ in stack]
    out.unclosed.sort(key=lambda lone: lone[0].at)
    return out
