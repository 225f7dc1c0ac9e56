"""``undecodable``: bytes of the file that are no text in its encoding.

Checks see a noncharacter in their place (`document.LOST`); the bytes themselves stay in the file as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from arlint.checks import Context
from arlint.document import LOST
from arlint.encoding import encoded
from arlint.findings import Hit
from arlint.page import Page

_LOST = re.compile(f"{LOST}+")


class Form(msgspec.Struct, forbid_unknown_fields=True):
    """It has no parameters."""


@dataclass(frozen=True)
class Undecodable:
    def prefilters(self) -> list[str]:
        return [LOST]

    def hits(self, page: Page) -> Iterator[Hit]:
        document, at, place = page.document, 0, 3 if page.document.bom and page.document.encoding == "utf-8" else 2 * page.document.bom
        for match in _LOST.finditer(page.text):
            start, end = document.span(*match.span())
            place += _size(document.raw[at:start], document.encoding)
            at = start
            yield Hit(*match.span(), None, {"what": _named(document.raw[start:end]), "place": str(place), "encoding": document.encoding})


def _size(raw: str, encoding: str) -> int:
    return len(encoded(raw, encoding))


def _named(raw: str) -> str:
    """The bytes that stand in ``raw`` as lone surrogates, or what else stands there, by number."""
    return " ".join(f"0x{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else f"U+{ord(c):04X}" for c in raw[:8]) + (" ..." if len(raw) > 8 else "")


def compile(form: Form, context: Context) -> Undecodable:
    return Undecodable()
