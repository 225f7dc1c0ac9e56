"""What an output folder is the output of, and which of its shards are finished: how a run goes on where another stopped.

``run.json`` holds the settings; a shard is finished when its record stands in ``shards/``, which is written after all else of it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from arlint import __version__
from arlint.corpus import store
from arlint.corpus.sources import Source
from arlint.projects import Project
from arlint.rules import builtin_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

#: The form of the output folder; a run of another form is not continued.
FORM = 3

_SAID = {
    "form": "written by another version of arlint",
    "version": "written by arlint {old}, this is {new}",
    "mode": "the output of 'corpus {old}'",
    "rules": "the output of other rules, rule options or silences",
    "inputs": "the output of other input: {which}",
}


class Mixed(Exception):
    """An output folder that holds something else; says what differs and what to do."""


class Manifest:
    """The output folder ``folder`` of a run with ``settings``."""

    def __init__(self, folder: str, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        self.settings = msgspec.to_builtins(dict(settings))

    def open(self) -> None:
        """Take the folder into use, or go on in it, and keep other processes of this machine out of it. Raises `Mixed` where it is
        another run's, or another process is at work there."""
        if os.path.exists(self.folder) and not os.path.isdir(self.folder):
            raise Mixed(f"{self.folder}: is a file; --output names a folder")
        self._take()
        self._lock()

    def _lock(self) -> None:
        if store.remote(self.folder) or fcntl is None:
            return
        with suppress(OSError):  # a file system without locks, or a file of another user
            self._held = open(store.join(self.folder, "run.json"), "rb+")  # noqa: SIM115  held until this process ends
            try:
                fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Mixed(f"{self.folder}: another process is at this run; wait for its end, or name another --output") from None

    def _take(self) -> None:
        path = store.join(self.folder, "run.json")
        kept = store.load(path)
        if kept is None:
            if found := [name for name in store.names(self.folder) if not name.startswith(".")]:
                raise Mixed(f"{self.folder}: holds files that are no output of arlint ({found[0]}); name an empty folder")
            with store.writing(path) as file:
                file.write(msgspec.json.format(msgspec.json.encode(self.settings)) + b"\n")
            return
        try:
            there = msgspec.json.decode(kept)
        except msgspec.DecodeError:
            raise Mixed(f"{path}: is damaged; name another --output, or remove this one") from None
        if there != self.settings:
            raise Mixed(f"{self.folder}: {_difference(there, self.settings)}; name another --output, or remove this one to start over")

    def records(self) -> Iterator[bytes]:
        """The records of the shards that are done."""
        folder = store.join(self.folder, "shards")
        for name in store.names(folder):
            if name.endswith(".json") and not name.startswith(".") and (kept := store.load(store.join(folder, name))) is not None:
                yield kept


def settings(mode: str, options: Mapping[str, Any], rules: str, sources: Iterable[Source], size: int) -> dict[str, Any]:
    """What must be the same for two runs to be one."""
    return {
        "form": FORM,
        "version": __version__,
        "mode": mode,
        "options": dict(sorted(options.items())),
        "rules": rules,
        "shard_size": size,
        "inputs": [[s.path, s.name, s.kind, s.size, s.stamp] for s in sources],
    }


def key(piece: str) -> str:
    """The file name of a shard's record, less its suffix."""
    return piece.replace("%", "%25").replace("/", "%2F")


def rules_digest(project: Project) -> str:
    """A digest of the rules in force, and of what the settings let be, that is the same on every machine: what their files say,
    not when they were written."""
    rules, settings = project.ruleset, project.settings
    options = sorted((rule, sorted(own.items())) for rule, own in settings.rules.items())
    lets_be = sorted(settings.per_file_ignores.items()), [(s.rules, s.paths, s.records, s.fingerprints) for s in settings.silence]
    out = hashlib.sha256(repr((sorted(rules.by_id), options, sorted(rules.upgraded), sorted(rules.downgraded), lets_be)).encode())
    for folder in [builtin_folder(), *settings.rule_paths]:
        for path in sorted(folder.glob("*/*.yaml")):
            out.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
            out.update(path.read_bytes())
    return out.hexdigest()[:32]


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    for name, said in _SAID.items():
        if old.get(name) != new.get(name):
            return said.format(old=old.get(name), new=new.get(name), which=_inputs(old.get(name, []), new.get(name, [])) if name == "inputs" else "")
    before, now = old.get("options", {}), new.get("options", {})
    changed = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    if changed:
        return f"the output of other options: {changed[0]} was {_shown(before.get(changed[0]))} and is {_shown(now.get(changed[0]))}"
    return "the output of another --shard-size"


def _inputs(old: list[list[Any]], new: list[list[Any]]) -> str:
    before, now = {row[0]: row for row in old}, {row[0]: row for row in new}
    for path in now:
        if path not in before:
            return f"{path} was not there"
    for path in before:
        if path not in now:
            return f"{path} is missing"
    return next((f"{path} has changed" for path in now if now[path] != before[path]), "in another order")


def _shown(value: Any) -> str:
    return "nothing" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
