"""Edits of a plain string: applied, and two rounds of them told as one.

Spans count code points of the string as stored; how a check's edits come to be such is the business of ``document``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arlint.findings import Edit


def applied(text: str, edits: Iterable[Edit]) -> str:
    """``text`` after ``edits``, which are in order and do not overlap."""
    out, at = [], 0
    for edit in edits:
        out += [text[at : edit.start], edit.text]
        at = edit.end
    out.append(text[at:])
    return "".join(out)


def compose(first: Sequence[Edit], then: Iterable[Edit]) -> list[Edit]:
    """Edits in order that do to a text what ``first`` does and ``then`` does to the outcome of it.

    Edits that touch become one; what neither touches stays outside of all of them.
    """
    shift = 0
    marks: list[tuple[int, int, int, Edit]] = []  # span in the text between, how far it is shifted before, the edit
    for edit in first:
        start = edit.start + shift
        marks.append((start, start + len(edit.text), shift, edit))
        shift += len(edit.text) - (edit.end - edit.start)
    out: list[Edit] = []
    shift = 0
    for firsts, seconds in _runs(marks, sorted(then, key=lambda e: (e.start, e.end))):
        if not seconds:
            out += [edit for *_, edit in firsts]
        else:
            start = min([seconds[0].start, *(f[0] for f in firsts)])
            end = max([seconds[-1].end, *(f[1] for f in firsts)])
            after = shift + sum(len(f.text) - (f.end - f.start) for *_, f in firsts)
            text, at = "", start
            for edit in seconds:
                text += _part(firsts, at, edit.start) + edit.text
                at = edit.end
            out.append(Edit(start - shift, end - after, text + _part(firsts, at, end)))
        shift += sum(len(f.text) - (f.end - f.start) for *_, f in firsts)
    return out


_Mark = tuple[int, int, int, Edit]


def _runs(marks: list[_Mark], then: list[Edit]) -> Iterable[tuple[list[_Mark], list[Edit]]]:
    """The edits of both rounds in groups whose spans touch."""
    i = j = 0
    while i < len(marks) or j < len(then):
        firsts: list[_Mark] = []
        seconds: list[Edit] = []
        reach = min([m[0] for m in marks[i : i + 1]] + [e.start for e in then[j : j + 1]])
        while True:
            if i < len(marks) and marks[i][0] <= reach:
                firsts.append(marks[i])
                reach = max(reach, marks[i][1])
                i += 1
            elif j < len(then) and then[j].start <= reach:
                seconds.append(then[j])
                reach = max(reach, then[j].end)
                j += 1
            else:
                break
        yield firsts, seconds


def _part(firsts: list[_Mark], start: int, end: int) -> str:
    """What the first round wrote between two places of its outcome."""
    return "".join(f.text[max(0, start - a) : max(0, end - a)] for a, b, _, f in firsts if a < end and b > start)
