"""The baseline: findings that are known and left for later, in one file that people and git can read.

Kept by `keys.Key` and count, so that it stays valid when paragraphs move and files are renamed. Counts are spent in the order
of the reports, in one process, whatever the number of workers: the same findings are told every time.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

from arlint.keys import Key
from arlint.report import Report
from arlint.rules import RuleError, nearest

#: Where `arlint baseline` writes unless it is told.
NAME = "arlint-baseline.json"

_HEAD = {"arlint-baseline": 1}
_FIELDS = (*Key._fields, "count")
#: How many letters of one side have to be the same for a finding to be known by that side alone.
_ENOUGH = 8


class Baseline:
    """Known findings by key, with how many of each may still come by."""

    def __init__(self, counts: Counter[Key]) -> None:
        self.left = Counter(counts)
        self._sides: dict[tuple[str, ...], list[Key]] = {}
        for key in sorted(counts):
            for side in _sides(key):
                self._sides.setdefault(side, []).append(key)

    def spend(self, keys: Iterable[Key]) -> list[bool]:
        """Whether each of the findings of one report is known. Exact keys go first; of what is left, one whose text was
        repaired on one side is known by the other."""
        keys = list(keys)
        known = [self._spent(key) for key in keys]
        return [yes or self._akin(key) for yes, key in zip(known, keys, strict=True)]

    def _spent(self, key: Key) -> bool:
        if self.left[key] <= 0:
            return False
        self.left[key] -= 1
        return True

    def _akin(self, key: Key) -> bool:
        return any(self._spent(other) for side in _sides(key) for other in self._sides.get(side, ()))


def _sides(key: Key) -> Iterator[tuple[str, ...]]:
    for name, letters in (("before", key.before), ("after", key.after)):
        if len(letters) >= _ENOUGH:
            yield key.rule, key.found, name, letters


def told(report: Report, baseline: Baseline) -> Report:
    """The report of a check less what the baseline knows."""
    new = [not known for known in baseline.spend(report.keys)]
    if not all(new):
        report.items = list(compress(report.items, new))
        report.excerpts = list(compress(report.excerpts, new))
        report.spots = list(compress(report.spots, new))
    return report


def known(report: Report, baseline: Baseline) -> Iterator[tuple[tuple[str | None, str | None], frozenset[str]]]:
    """What the baseline knows in the report of a check: fingerprints by record and field."""
    for item, yes in zip(report.items, baseline.spend(report.keys), strict=True):
        if yes:
            yield (item.record, item.field), frozenset((item.fingerprint,))


@dataclass(frozen=True)
class Change:
    """What writing made of the file before: findings, not lines."""

    added: int
    removed: int
    kept: int


def change(before: Counter[Key], after: Counter[Key]) -> Change:
    kept = (before & after).total()
    return Change(after.total() - kept, before.total() - kept, kept)


def read(path: Path, origin: str | None = None) -> Counter[Key]:
    """The findings in the file at ``path``. Raises `RuleError` with the line and what to do; ``origin`` is where it is named."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise RuleError(origin or path, None, f"no baseline {path}; write it with: arlint baseline" if origin else "no such baseline; write it with: arlint baseline --baseline FILE") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(path, None, f"cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})") from None
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise _unreadable(path, text, error) from None
    if not isinstance(entries, list) or entries[:1] != [_HEAD]:
        raise RuleError(path, 1, f"not a baseline of this version: it begins with [{json.dumps(_HEAD)}; write it anew with: arlint baseline")
    by_line = text.count("\n") == len(entries) + 1  # as `dumped` lays it out
    counts: Counter[Key] = Counter()
    for number, entry in enumerate(entries[1:], 2):
        key, count = _entry(entry, path, number if by_line else None)
        counts[key] = max(counts[key], count)  # a line that both sides of a merge changed may stand twice
    return counts


def _unreadable(path: Path, text: str, error: ValueError) -> RuleError:
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            return RuleError(path, number, "a merge left its marks here; take them out and keep the lines of both sides")
    return RuleError(path, getattr(error, "lineno", None), "not valid JSON; write the file anew with: arlint baseline")


def _entry(entry: Any, path: Path, line: int | None) -> tuple[Key, int]:
    if not isinstance(entry, dict):
        raise RuleError(path, line, f"a line is a finding with {', '.join(_FIELDS)}")
    for name in entry:
        if name not in _FIELDS:
            raise RuleError(path, line, f"unknown key '{name}'{nearest(name, _FIELDS)}")
    texts = [text for name in Key._fields if isinstance(text := entry.get(name), str)]
    count = entry.get("count")
    if len(texts) < len(Key._fields) or not isinstance(count, int) or count < 1:
        raise RuleError(path, line, f"a line is a finding with {', '.join(Key._fields)} as texts and a count of 1 or more")
    return Key(*texts), count


def dumped(counts: Counter[Key]) -> str:
    """The file: one finding a line, sorted. The comma leads, so that lines may come and go without touching their neighbours."""
    lines = [_line({**key._asdict(), "count": counts[key]}) for key in sorted(counts) if counts[key] > 0]
    return "\n,".join([f"[{json.dumps(_HEAD)}", *lines]) + "\n]\n"


def _line(entry: dict[str, Any]) -> str:
    text = json.dumps(entry, ensure_ascii=False)
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def write(path: Path, counts: Counter[Key]) -> bool:
    """Make ``counts`` the content of the file at ``path``; whether it changed. Raises `RuleError` where it cannot be written."""
    from arlint.writing import Unusable, replace

    data = dumped(counts).encode("utf-8")
    created = False
    try:
        if not os.path.lexists(path):
            path.touch(exist_ok=False)
            created = True
        before = path.read_bytes()
        if before != data:
            replace(os.fspath(path), data, before)
    except (OSError, Unusable) as error:
        if created:
            path.unlink(missing_ok=True)
        raise RuleError(path, None, f"cannot be written ({error.strerror})" if isinstance(error, OSError) else str(error)) from None
    return before != data
