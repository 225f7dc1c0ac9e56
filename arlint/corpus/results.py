"""What `arlint corpus` left in a folder, read back: its settings, its summary and its findings.

Reads as much as the tables keep, which is no text of an article; who shows it is told row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from arlint.corpus import store, tables
from arlint.corpus.cleaning import Row
from arlint.corpus.store import Unreachable
from arlint.findings import Finding, Language
from arlint.rules import Rule


@dataclass(frozen=True)
class Found:
    """One finding of a run, and where: ``path`` names the input below what the run was given, ``part`` the shard."""

    path: str
    part: str
    record: str
    source: str
    field: str
    row: Row

    def message(self, rules: Mapping[str, Rule], language: Language = "en") -> str:
        """What its rule says of it; the name of the rule where ``rules`` do not have it."""
        rule = rules.get(self.row.rule)
        return rule.say(rule.message, language, self._finding(rule)) if rule else self.row.rule

    def title(self, rules: Mapping[str, Rule], language: Language = "en") -> str:
        """What its fix does; nothing where there is none."""
        rule = rules.get(self.row.rule)
        return rule.say(rule.fix_title, language, self._finding(rule)) if rule and self.row.applicability else ""

    def _finding(self, rule: Rule) -> Finding:
        row = self.row
        values = msgspec.json.decode(row.values, type=dict[str, str]) if row.values else {}
        return Finding(rule, row.start, row.end, row.found, values={"fix": row.replacement or "", **values})


@dataclass(frozen=True)
class Results:
    """The output ``folder`` of a run: its settings as `manifest.settings` made them, and what ``summary.json`` holds."""

    folder: str
    settings: dict[str, Any]
    summary: dict[str, Any]

    def findings(self) -> Iterator[Found]:
        """All that was found or remains, by part, and in each in the order of the records. Raises `Unreachable`."""
        for entry in entries(self.folder, "findings"):
            for row in tables.rows(entry.path):
                where = {name: row.pop(name) for name in ("path", "part", "record", "source", "field")}
                yield Found(**where, row=Row(**row))


def read(folder: str) -> Results:
    """The run in ``folder``. Raises `Unreachable` where there is none, or none that came to its end."""
    folder = store.place(folder)
    there = {name: store.load(store.join(folder, name)) for name in ("run.json", "summary.json")}
    if there["run.json"] is None:
        raise Unreachable(f"{folder}: no output of 'arlint corpus'; it would hold a run.json")
    if there["summary.json"] is None:
        raise Unreachable(f"{folder}: the run has not come to its end; run the same command again")
    try:
        settings, summary = (msgspec.json.decode(data or b"") for data in there.values())
    except msgspec.DecodeError as error:
        raise Unreachable(f"{folder}: is damaged ({error})") from None
    return Results(folder, settings, summary)


def entries(folder: str, kind: str) -> list[store.Entry]:
    """The files of one ``kind`` (findings, log, records) that a run left in ``folder``, in the order of their names."""
    try:
        return store.entries(store.join(folder, kind))
    except Unreachable:
        return []  # nothing was cut, nothing was found
