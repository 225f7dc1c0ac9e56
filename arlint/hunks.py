"""What changed between two states of a file, as byte spans and their replacements: exact for any bytes, small for prose.

Where an edit came from is told in the fix log by the rules' own edits; these are what undoing needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: Lines, or words, that are compared at a time, so that the work stays linear in the length of the file.
_WINDOW = 2000

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_WORD = re.compile(rb"[^ \n]*[ \n]+|[^ \n]+")


class Hunk(NamedTuple):
    """The bytes from ``start`` up to ``end`` of the old state are ``data`` in the new one."""

    start: int
    end: int
    data: bytes


def between(old: bytes, new: bytes) -> list[Hunk]:
    """The hunks that make ``new`` of ``old``, in order and apart from one another."""
    hunks: list[Hunk] = []
    for line in _changes(Hunk(0, len(old), new), old, _LINE):
        hunks += _changes(line, old, _WORD)
    return hunks if applied(old, hunks) == new else [Hunk(0, len(old), new)]  # lines are compared by their hashes


def applied(old: bytes, hunks: list[Hunk]) -> bytes:
    """``old`` after ``hunks``."""
    out, at = [], 0
    for hunk in hunks:
        out += [old[at : hunk.start], hunk.data]
        at = hunk.end
    return b"".join([*out, old[at:]])


def _changes(hunk: Hunk, old: bytes, unit: re.Pattern[bytes]) -> Iterator[Hunk]:
    """``hunk`` narrowed to those of its units that differ."""
    from rapidfuzz.distance import Levenshtein

    a, b = unit.findall(old, hunk.start, hunk.end), unit.findall(hunk.data)
    i = j = 0
    at = hunk.start
    while i < len(a) or j < len(b):
        x, y = a[i : i + _WINDOW], b[j : j + _WINDOW]
        steps = [(0, len(x), 0, len(y), True)] if x == y else [(s.src_start, s.src_end, s.dest_start, s.dest_end, s.tag == "equal") for s in Levenshtein.opcodes(x, y)]
        if i + len(x) < len(a) or j + len(y) < len(b):  # what ends the window may go on behind it
            while steps and not steps[-1][4]:
                steps.pop()
            steps = steps or [(0, len(x), 0, len(y), False)]
        for x1, x2, y1, y2, equal in steps:
            end = at + sum(map(len, x[x1:x2]))
            if not equal:
                yield Hunk(at, end, b"".join(y[y1:y2]))
            at = end
        i, j = i + steps[-1][1], j + steps[-1][3]
