"""Findings that the settings silence: by rule, path, record and fingerprint, in tables called ``silence``.

Decoded as strictly as the rest of the settings; what is never needed is reported where it was written. Comments in the text
itself are the business of ``suppress``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from arlint.rules import nearest

KEYS = ("rules", "paths", "records", "fingerprints", "reason")
#: What says which findings are meant; ``reason`` is for people.
LISTS = KEYS[:-1]
_EXAMPLES = {"rules": '["spelling"]', "paths": '["archive/*"]', "records": '["a17"]', "fingerprints": '["0f3c8e51a2b4d697"]'}
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")

#: (key, value) within one table, such as ("records", "a17").
Part = tuple[str, str]


@dataclass(frozen=True)
class Silence:
    """One table. A finding is silenced where every list that is given names it; an empty list leaves its question open.

    ``origins`` are ``file:line`` by `Part`; ("", "") is the table itself.
    """

    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    reason: str = ""
    origins: Mapping[Part, str] = field(default_factory=dict)

    def parts(self) -> Iterator[Part]:
        """All that it names, in the order of `LISTS`."""
        for key in LISTS:
            for value in getattr(self, key):
                yield key, value


def decode(value: Any, origin: Callable[[tuple[str, ...]], str], refuse: Callable[[tuple[str, ...], str], Exception]) -> tuple[Silence, ...]:
    """The tables that ``value`` holds. ``origin`` tells ``file:line`` of a path below ``silence``, ``refuse`` makes the error there."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise refuse((), "'silence' is a list of tables: [[silence]], each with " + ", ".join(LISTS))
    return tuple(_one(table, str(number), origin, refuse) for number, table in enumerate(value))


def _one(table: Mapping[str, Any], number: str, origin: Callable[[tuple[str, ...]], str], refuse: Callable[[tuple[str, ...], str], Exception]) -> Silence:
    lists: dict[str, tuple[str, ...]] = {}
    for key, value in table.items():
        if key not in KEYS:
            raise refuse((number, key), f"unknown key '{key}' in [[silence]]{nearest(key, KEYS) or '; there are ' + ', '.join(KEYS)}")
        if key == "reason":
            if not isinstance(value, str):
                raise refuse((number, key), "'reason' is text in quotation marks")
            continue
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            raise refuse((number, key), f"'{key}' is a list of texts such as {_EXAMPLES[key]}")
        for item in value:
            if key == "fingerprints" and not _FINGERPRINT.fullmatch(item):
                raise refuse((number, key, item), f"'{item}' is no fingerprint: 16 hexadecimal digits, as --output-format jsonl prints them")
        lists[key] = tuple(value)
    if not lists:
        raise refuse((number,), f"[[silence]] says nothing: give one of {', '.join(LISTS)}")
    if lists.keys() == {"rules"}:
        raise refuse((number,), "[[silence]] with rules alone is what 'ignore' is for; add paths, records or fingerprints")
    origins = {("", ""): origin((number,))} | {(key, item): origin((number, key, item)) for key, items in lists.items() for item in items}
    return Silence(**lists, reason=table.get("reason", ""), origins=origins)
