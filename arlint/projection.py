"""What checks see of a text with markup, and how their edits find the way back into it.

A projection is a list of pieces in reading order: prose as it stands, stand-ins (an entity, a soft wrap) that may be edited,
and frozen ones (a code span, the break between two blocks). What no piece covers is markup that hides no match, for a link
in the middle of a sentence must not part it. ``regions`` and ``formats`` build projections; nothing here knows a format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from arlint.findings import Edit

#: Stands for what has a place in a sentence but is no prose: a code span, a formula, a shortcode.
OBJECT = "\ufffc"

#: Writes inserted text as its place wants it (entities, escapes), or says None where it cannot stand there.
Writer = Callable[[str], str | None]

#: Given a text and the span of a line's prose in it: the span of the block that holds that line, its markup and nothing else,
#: which may go as a whole; None where there is more to the block.
Whole = Callable[[str, int, int], tuple[int, int] | None]

#: What kind of block a piece stands in: a paragraph that may be left empty, a paragraph that may not (in a quotation), a
#: heading or list item, or what is read beside the article and is no line of it: a table cell, an attribute, front matter.
Role = Literal["paragraph", "text", "item", "aside"]


class Piece(NamedTuple):
    """``raw[start:end]``, shown as ``text`` (None: as it stands). ``write`` is None where the piece is frozen.

    ``seam`` is the offset, in the markup before the piece, with the fewest inline elements around it: what is inserted
    between two pieces goes there, unless it is out of their order. ``depth`` counts the inline elements around the piece.
    """

    start: int
    end: int
    text: str | None
    write: Writer | None
    seam: int
    depth: int = 0
    role: Role = "text"


@dataclass(frozen=True)
class Projection:
    """The pieces of ``raw``, none empty, in reading order.

    ``title`` is the headline where the format names it, ``suffix`` what its files usually end in, ``comments`` the spans of
    ``raw`` that readers do not see and writers leave to one another, ``whole`` finds a block that may go with its markup.
    """

    raw: str
    pieces: tuple[Piece, ...]
    title: str | None = None
    suffix: str = ""
    comments: tuple[tuple[int, int], ...] = ()
    whole: Whole | None = None

    @cached_property
    def text(self) -> str:
        """What checks see."""
        raw = self.raw
        return "".join([raw[p.start : p.end] if p.text is None else p.text for p in self.pieces])

    @cached_property
    def _starts(self) -> list[int]:
        """Offsets in ``text`` at which the pieces begin, and its length."""
        starts, at = [], 0
        for piece in self.pieces:
            starts.append(at)
            at += piece.end - piece.start if piece.text is None else len(piece.text)
        return [*starts, at]

    @cached_property
    def masked(self) -> tuple[tuple[int, int], ...]:
        """Spans of ``text`` that stand for something that is no prose."""
        return tuple((self._starts[i], self._starts[i + 1]) for i, p in enumerate(self.pieces) if p.write is None and p.text is not None and not p.text.isspace())

    @cached_property
    def frozen(self) -> str:
        """All that no edit may touch, in the order of the file, without white space: blank lines may go with a paragraph."""
        return self._without(())

    def _without(self, gone: Sequence[tuple[int, int]]) -> str:
        """What is `frozen`, less what lies in the spans ``gone`` of ``raw``."""
        out, at = [], 0
        for start, end in sorted([*gone, *((p.start, p.end) for p in self.pieces if p.write is not None)]):
            out.append(self.raw[at:start])
            at = max(at, end)
        return "".join("".join([*out, self.raw[at:]]).split())

    def role(self, at: int) -> Role:
        """The kind of block that the offset ``at`` of ``text`` stands in."""
        return self.pieces[self._index(at)].role if self.pieces else "text"

    def _index(self, at: int) -> int:
        return bisect_right(self._starts, at, 0, len(self.pieces)) - 1

    def start(self, at: int) -> int:
        """The offset in ``raw`` of the code point ``at`` of ``text``; at the end of ``text``, behind its last piece."""
        if at >= self._starts[-1]:
            return self.end(at)
        piece = self.pieces[i := self._index(at)]
        return piece.start + (at - self._starts[i] if piece.text is None else 0)

    def end(self, at: int) -> int:
        """The offset in ``raw`` just behind the code point before ``at`` of ``text``."""
        if at <= 0 or not self.pieces:
            return self.pieces[0].start if self.pieces else 0
        piece = self.pieces[i := self._index(at - 1)]
        return piece.start + at - self._starts[i] if piece.text is None else piece.end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of ``raw`` that ``start`` to ``end`` of ``text`` was read from."""
        if start == end:
            return (at := self._between(start)[0]), at
        first, last = self.start(start), self.end(end)
        return (first, last) if first <= last else (first, first)  # only a span over pieces out of order

    def _between(self, at: int) -> tuple[int, Writer | None]:
        """Where in ``raw`` an insertion at ``at`` goes, and how it is written; None where both neighbours are frozen."""
        if not self.pieces:
            return 0, None
        i = self._index(at) if at < self._starts[-1] else len(self.pieces)
        if i < len(self.pieces) and at > self._starts[i]:
            piece = self.pieces[i]
            return (piece.start + at - self._starts[i], piece.write) if piece.text is None else (piece.start, None)
        before, after = self.pieces[i - 1] if i else None, self.pieces[i] if i < len(self.pieces) else None
        if after is None:
            assert before is not None
            return before.end, before.write
        if before is None:
            return after.seam, after.write
        if before.end <= after.seam <= after.start:
            return after.seam, (before if before.depth <= after.depth and before.write else after).write or before.write
        return (before.end, before.write) if before.write else (after.start, after.write)

    def placed(self, edits: Iterable[Edit]) -> tuple[Edit, ...] | None:
        """``edits`` cut down to what leaves markup alone, or None where they cannot be."""
        out: list[Edit] = []
        for edit in edits if self.pieces else ():
            parts = self._placed(edit)
            if parts is None or any(self.stored(part) is None for part in parts):
                return None
            out += parts
        return tuple(out) if out and not any(a.end > b.start for a, b in pairwise(sorted(out, key=lambda e: (e.start, e.end)))) else None

    def _placed(self, edit: Edit) -> list[Edit] | None:
        lines = list(self._lines(edit.start, edit.end)) if not edit.text else []
        wholes = {line for line in lines if edit.start <= line[0] and line[1] <= edit.end and self.block(Edit(*line, ""))}
        if not wholes:
            return self._around_markup(edit)
        parts = [[Edit(*line, "")] if line in wholes else self._around_markup(Edit(max(line[0], edit.start), min(line[1], edit.end), "")) for line in lines]
        return None if None in parts else [edit for part in parts if part for edit in part]

    def _lines(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The whole lines of ``text`` of which some lies between ``start`` and ``end``."""
        at = self.text.rfind("\n", 0, start) + 1
        while at < end:
            stop = self.text.find("\n", at)
            stop = len(self.text) if stop < 0 else stop
            if stop > max(at, start):
                yield at, stop
            at = stop + 1

    def block(self, edit: Edit) -> tuple[int, int] | None:
        """The block in ``raw`` that goes with its markup where ``edit`` deletes all that it says; None for any other edit."""
        if edit.text or self.whole is None or edit.start >= edit.end or list(self._lines(edit.start, edit.end)) != [(edit.start, edit.end)]:
            return None
        first, last = self._index(edit.start), self._index(edit.end - 1) + 1
        inside = self.pieces[first:last]
        if any(p.write is None for p in inside) or not (any(p.depth for p in inside) or any(a.end != b.start for a, b in pairwise(inside))):
            return None
        span = self.whole(self.raw, inside[0].start, inside[-1].end)
        near = (*self.pieces[max(0, first - 4) : first], *self.pieces[last : last + 4])  # what is read beside a block follows it
        if span is None or any(p.text != "\n" and p.start < span[1] and p.end > span[0] for p in near):
            return None
        return span

    def _around_markup(self, edit: Edit) -> list[Edit] | None:
        if self._is_free(edit.start, edit.end) and (edit.text or not self._empties(edit.start, edit.end)):
            return [self._trimmed(edit)]
        if not edit.text:
            return self._deletions(edit)
        edit = self._trimmed(edit)
        if self._is_free(edit.start, edit.end):
            return [edit] if edit.text or not self._empties(edit.start, edit.end) else None
        return self._around(edit) if edit.text else self._deletions(edit)

    def _is_free(self, start: int, end: int) -> bool:
        """Whether ``text[start:end]`` is prose without markup in it."""
        if start == end:
            return self._between(start)[1] is not None
        covered = self.pieces[self._index(start) : self._index(end - 1) + 1]
        return all(p.write is not None for p in covered) and all(a.end == b.start for a, b in pairwise(covered))

    def _trimmed(self, edit: Edit) -> Edit:
        """The same change without what old and new text share at either end."""
        old, new = self.text[edit.start : edit.end], edit.text
        if old == new or not old or not new:
            return edit
        left = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        old, new = old[left:], new[left:]
        right = next((i for i, (a, b) in enumerate(zip(reversed(old), reversed(new), strict=False)) if a != b), min(len(old), len(new)))
        return Edit(edit.start + left, edit.end - right, new[: len(new) - right])

    def _deletions(self, edit: Edit) -> list[Edit] | None:
        """The deletion of each line's text, with the frozen breaks between and around the lines left standing."""
        runs: list[Edit] = []
        for i in range(self._index(edit.start), self._index(edit.end - 1) + 1):
            piece, start, end = self.pieces[i], max(edit.start, self._starts[i]), min(edit.end, self._starts[i + 1])
            if piece.write is None:
                if piece.text is None or not piece.text.isspace():
                    return None
            elif runs and runs[-1].end == start:
                runs[-1] = Edit(runs[-1].start, end, "")
            else:
                runs.append(Edit(start, end, ""))
        if not runs or not all(self._is_free(e.start, e.end) and not self._empties(e.start, e.end) for e in runs):
            return None
        return runs

    def _empties(self, start: int, end: int) -> bool:
        """Whether deleting ``start`` to ``end`` leaves markup around nothing: an empty link, item or heading."""
        text = self.text
        left, right = start, end
        while left > 0 and text[left - 1] in " \t" and not self._edge(left):
            left -= 1
        while right < len(text) and text[right] in " \t" and not self._edge(right):
            right += 1
        if start == end or not self._edge(left) or not self._edge(right):
            return False
        if (piece := self.pieces[self._index(start)]).role == "paragraph":
            return piece.depth > 0 or (left > 0 and "\n" not in text[left - 1 : left + 1]) or (right < len(text) and "\n" not in text[right - 1 : right + 1])
        return not text[start:end].isspace()

    def _edge(self, at: int) -> bool:
        """Whether markup stands at ``at``."""
        i = self._index(at)
        if at <= 0 or at >= self._starts[-1]:
            return True
        before, after = self.pieces[i - 1], self.pieces[i]
        return at == self._starts[i] and (before.write is None or after.write is None or before.end != after.start or "\n" in (before.text, after.text))

    def _around(self, edit: Edit) -> list[Edit] | None:
        """Two edits, before and behind the marked-up words, where these stand unchanged in the new text."""
        gaps = list(self._gaps(edit.start, edit.end))
        if not gaps:
            return None
        first, last = gaps[0][0], gaps[-1][1]
        outside, inside = self._depths(first), self._depths(last)
        # a link that begins or ends with the edit is kept whole with its other end
        if outside[0] > inside[1] and self._depths(edit.start)[0] <= inside[1]:
            first = edit.start
        elif outside[0] < inside[1] and self._depths(edit.end)[1] <= outside[0]:
            last = edit.end
        elif outside[0] != inside[1]:
            return None
        kept = self.text[first:last]
        if not kept.strip() or edit.text.count(kept) != 1:
            return None
        at = edit.text.index(kept)
        parts = [Edit(edit.start, first, edit.text[:at]), Edit(last, edit.end, edit.text[at + len(kept) :])]
        parts = [self._trimmed(part) for part in parts if part.start != part.end or part.text]
        return parts if all(self._is_free(p.start, p.end) for p in parts) else None

    def _gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Places inside ``start`` to ``end`` where markup stands, as spans of ``text``: empty but for frozen pieces."""
        for i in range(self._index(start), self._index(end - 1) + 1):
            if self.pieces[i].write is None:
                yield max(start, self._starts[i]), min(end, self._starts[i + 1])
            elif self._starts[i] > start and self.pieces[i - 1].end != self.pieces[i].start:
                yield self._starts[i], self._starts[i]

    def _depths(self, at: int) -> tuple[int, int]:
        """How many inline elements are open before and behind the place ``at``."""
        i = self._index(at)
        if at >= self._starts[-1] or (i == 0 and at == 0):
            return (0, self.pieces[0].depth) if at == 0 else (self.pieces[-1].depth, 0)
        here = self.pieces[i].depth
        return (self.pieces[i - 1].depth if at == self._starts[i] else here), here

    def stored(self, edit: Edit) -> Edit | None:
        """``edit`` as a change of ``raw``, its text written as the place wants it; None where it touches markup."""
        if edit.start == edit.end:
            at, write = self._between(edit.start)
            text = write(edit.text) if write else None
            return None if text is None else Edit(at, at, text)
        if (span := self.block(edit)) is not None:
            return Edit(*span, "")
        if not self._is_free(edit.start, edit.end):
            return None
        write = self.pieces[self._index(edit.start)].write
        text = write(edit.text) if write and edit.text else ""
        return None if text is None else Edit(*self.span(edit.start, edit.end), text)

    def holds(self, before: Projection, edits: Sequence[Edit]) -> bool:
        """Whether this is what ``before`` should have become by ``edits``: the same markup, and the text that they say."""
        out, at = [], 0
        for edit in sorted(edits, key=lambda e: (e.start, e.end)):
            out += [before.text[at : edit.start], edit.text]
            at = edit.end
        gone = [span for edit in edits if (span := before.block(edit))]
        return self.frozen == (before._without(gone) if gone else before.frozen) and self.text.split() == "".join([*out, before.text[at:]]).split()
