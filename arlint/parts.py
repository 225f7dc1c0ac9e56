"""Compiled checks taken apart: an expression, a table or a lexicon that several of them hold is kept, loaded and held once.

A part is known by its pickle. What is in a file of the cache is the business of ``ruleset``.
"""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Any

import regex

#: Bytes of a pickle from which on a part is worth keeping apart.
_LEAST = 1000
#: How many items make it worth a try.
_MANY = 24
_TABLES = (dict, frozenset, tuple, list, set)
_OWN = "arlint.checks."


class Parts:
    """Parts of checks, each loaded the first time that a check asks for it."""

    def __init__(self) -> None:
        self.stored: list[bytes] = []
        self._made: dict[int, Any] = {}

    def __getstate__(self) -> list[bytes]:
        return self.stored

    def __setstate__(self, state: list[bytes]) -> None:
        self.stored, self._made = state, {}

    def load(self, stored: bytes) -> Any:
        """What `packed` made ``stored`` of; parts that are loaded already are shared, not loaded again."""
        return _Loader(self, stored).load()

    def part(self, number: int) -> Any:
        if number not in self._made:
            self._made[number] = self.load(self.stored[number])
        return self._made[number]


class Packing:
    """Takes checks apart into ``parts``."""

    def __init__(self) -> None:
        self.parts = Parts()
        self._numbers: dict[bytes, int] = {}
        #: parts met before by their identity, kept with them so that it stays theirs
        self._met: dict[int, tuple[object, int | None]] = {}

    def packed(self, one: object) -> bytes:
        """``one`` as `Parts.load` takes it."""
        out = BytesIO()
        _Packer(self, out, one).dump(one)
        return out.getvalue()

    def number(self, one: object) -> int | None:
        """Where ``one`` stands among the parts; None where it is too small to stand apart."""
        if id(one) not in self._met:
            stored = self.packed(one)
            number = self._numbers.get(stored)
            if number is None and len(stored) >= _LEAST:
                number = self._numbers[stored] = len(self.parts.stored)
                self.parts.stored.append(stored)
            self._met[id(one)] = one, number
        return self._met[id(one)][1]


class _Packer(pickle.Pickler):
    def __init__(self, packing: Packing, out: BytesIO, whole: object) -> None:
        super().__init__(out, pickle.HIGHEST_PROTOCOL)
        self._packing, self._whole = packing, whole

    def persistent_id(self, one: Any) -> int | None:
        return None if one is self._whole or not _is_large(one) else self._packing.number(one)


class _Loader(pickle.Unpickler):
    def __init__(self, parts: Parts, stored: bytes) -> None:
        super().__init__(BytesIO(stored))
        self._parts = parts

    def persistent_load(self, number: int) -> Any:
        return self._parts.part(number)


def _is_large(one: Any) -> bool:
    kind = type(one)
    if kind in _TABLES:
        return len(one) >= _MANY
    if kind in (str, bytes):
        return len(one) >= _LEAST
    return kind is regex.Pattern or (kind.__module__.startswith(_OWN) and hasattr(one, "__dict__") and not isinstance(one, type))
