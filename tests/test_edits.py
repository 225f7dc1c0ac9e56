"""Two rounds of edits told as one do the same, and leave alone what both leave alone."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from arlint.edits import applied, compose
from arlint.findings import Edit


@st.composite
def edits(draw: st.DrawFn, length: int) -> list[Edit]:
    places = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    pairs = zip(places[::2], places[1::2], strict=False)
    return [Edit(start, end, draw(st.text(alphabet="XYZ", max_size=3))) for start, end in pairs]


@given(st.data(), st.integers(0, 14))
def test_two_rounds_are_one(data: st.DataObject, length: int) -> None:
    text = "".join(chr(0x61 + i) for i in range(length))
    first = data.draw(edits(length))
    between = applied(text, first)
    then = data.draw(edits(len(between)))
    both = compose(first, then)
    assert applied(text, both) == applied(between, then)
    assert all(a.end <= b.start for a, b in pairwise(both))


def test_what_no_round_touches_stays_outside() -> None:
    assert compose([Edit(1, 2, "xx")], [Edit(6, 7, "y")]) == [Edit(1, 2, "xx"), Edit(5, 6, "y")]
