"""Positions are exact in every plane, and bytes outside edits stay what they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlint.document import Document, from_bytes
from arlint.findings import Edit


@given(st.text(alphabet="اب\n\r 😀a", max_size=60))
def test_offsets_lead_back_to_the_stored_text(raw: str) -> None:
    document = Document(raw)
    for at, character in enumerate(document.text):
        stored = document.offset(at)
        assert raw[stored] == character or (character == "\n" and raw[stored : stored + 2] == "\r\n")


@given(st.text(alphabet="اب\n 😀a", max_size=60))
def test_line_and_column_count_code_points_from_one(text: str) -> None:
    document = Document(text)
    for at in range(len(text) + 1):
        before = text[:at]
        assert document.position(at) == (before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)


@given(st.text(alphabet="اب\n\r 😀a", max_size=40), st.data())
def test_apply_changes_only_the_edit(raw: str, data: st.DataObject) -> None:
    document = Document(raw)
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    changed = document.apply([Edit(start, end, "س")])
    assert changed.raw == raw[: document.offset(start)] + "س" + raw[document.offset(end) :]


def test_new_lines_take_the_style_of_the_file() -> None:
    assert Document("أ\r\nب\r\n").apply([Edit(1, 1, "\nج")]).raw == "أ\r\nج\r\nب\r\n"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Document("ابت").apply([Edit(0, 2, ""), Edit(1, 3, "")])


@pytest.mark.parametrize("data", [b"", "نص".encode(), b"\xef\xbb\xbf" + "نص\r\n".encode(), "نص\n\r\nنص".encode()])
def test_bytes_come_back(data: bytes) -> None:
    assert from_bytes(data).to_bytes() == data
