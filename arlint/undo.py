"""Takes back what a fix log tells: each file that still holds what arlint wrote becomes byte for byte what it was.

A file that moved on since is left, and told how far; on request the edits whose surroundings are unchanged are taken back.
Large files are streamed; all writing is done by ``writing``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import IO, Literal

import msgspec

from arlint.fixlog import Bytes, Change, Content, File, Log, content, decode, unpacked
from arlint.writing import Replacement, Stamp, Unusable, sweep

#: Files up to this size are shown as a patch, and looked through for edits that still stand.
WHOLE = 1 << 26

#: How many edits that moved on are told one by one.
TOLD = 20

State = Literal["restored", "unchanged", "partly", "left", "failed"]


@dataclass
class Undone:
    """What became of one file: ``messages`` say why it is not as it was, ``diff`` shows the change that would be made."""

    path: str
    state: State
    messages: list[str] = field(default_factory=list)
    diff: str = ""


@dataclass(frozen=True)
class _Entry:
    log: Log
    file: File
    offset: int  # of what follows its line in the log

    def changes(self) -> Iterator[Change]:
        """The hunks, in order. Raises `Unusable` where they are damaged."""
        with open(self.log.path, "rb") as log:
            log.seek(self.offset)
            for line in islice(log, self.file.lines):
                if line.startswith(b'{"kind":"hunk"'):
                    try:
                        change = decode(line)
                    except ValueError:
                        raise Unusable(_DAMAGED) from None
                    assert isinstance(change, Change)
                    yield change

    @property
    def original(self) -> str | None:
        """Where the whole old file is kept."""
        return os.path.join(self.log.originals, os.path.basename(self.file.original)) if self.file.original else None


_DAMAGED = "the log is damaged here, so its content before cannot be made sure of; left as it is"


def undo(log: str, paths: Sequence[str] = (), folder: str | None = None, *, partial: bool = False, dry: bool = False) -> Iterator[Undone]:
    """What becomes of each file that ``log`` names (of those in ``paths``, where there are any), in the order of the log; or of
    each file of records where ``log`` is the output folder of a corpus run.

    ``folder`` is where their paths count from instead of where the run was; ``dry`` shows and writes nothing.
    Raises `Unusable` where the log cannot be read.
    """
    if os.path.isdir(log) or "://" in log:
        from arlint.corpus import undo as corpus

        if partial or folder:
            raise Unusable("the output of a corpus run, which is taken back where it lies, record by record: leave --partial and --folder out")
        yield from corpus.undo(log, paths, dry=dry)
        return
    chains = _chains(Log(os.path.abspath(log)), folder)
    wanted = [os.path.realpath(path) for path in paths]
    for path in paths:
        if not any(within(real, [os.path.realpath(path)]) for real in chains):
            raise Unusable(f"tells of nothing in {path}")
    chosen = {real: chain for real, chain in chains.items() if not wanted or within(real, wanted)}
    if not dry:
        sweep({os.path.dirname(real) for real in chosen})
    for real, chain in chosen.items():
        shown = os.fsdecode(unpacked(chain[-1].file.path))
        try:
            yield _previewed(shown, real, chain) if dry else _undone(shown, real, chain, partial)
        except Unusable as error:
            yield Undone(shown, "failed", [str(error)])
        except OSError as error:
            yield Undone(shown, "failed", [f"cannot be read ({error.strerror or error}); left as it is"])


def summary(states: Mapping[str, int], dry: bool) -> list[str]:
    """The parts of the line of totals."""
    parts = [f"{_files(states['restored'])} {'would be restored' if dry else 'restored'}"]
    parts += [f"{states[state]} {words}" for state, words in (("partly", "in part"), ("unchanged", "as before the fix already"), ("left", "left as they are"), ("failed", "failed")) if states[state]]
    return parts


def _files(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'}"


def within(path: str, places: Sequence[str]) -> bool:
    """Whether ``path`` is one of ``places`` or lies below one."""
    return any(path == place or path.startswith(place.rstrip(os.sep) + os.sep) for place in places)


def _chains(log: Log, folder: str | None) -> dict[str, list[_Entry]]:
    """The whole entries of ``log`` by the file that they are about, each file's in the order of time."""
    chains: dict[str, list[_Entry]] = {}
    open_entry: _Entry | None = None
    left = 0
    try:
        with open(log.path, "rb") as lines:
            for line in lines:
                if line.startswith(b'{"kind":"file"') and line.endswith(b"\n"):
                    file = decode(line)
                    assert isinstance(file, File)
                    open_entry, left = _Entry(log, file, lines.tell()), file.lines
                elif open_entry is None:
                    raise Unusable("not a fix log")
                elif line.endswith(b"\n"):
                    left -= 1
                if open_entry is not None and left == 0:  # an entry broken off is of a file that was not replaced
                    base = folder or os.fsdecode(unpacked(open_entry.file.folder))
                    real = os.path.realpath(os.path.join(base, os.fsdecode(unpacked(open_entry.file.path))))
                    chains.setdefault(real, []).append(open_entry)
                    left = -1
    except msgspec.MsgspecError as error:
        raise Unusable(f"not a fix log of this version ({error})") from None
    except OSError as error:
        raise Unusable((error.strerror or str(error)).lower()) from None
    return chains


def _undone(shown: str, real: str, chain: Sequence[_Entry], partial: bool) -> Undone:
    """The file at ``real`` after the entries of ``chain`` have been taken back, the last one first."""
    state: State = "unchanged"
    for entry in reversed(chain):
        try:
            with open(real, "rb") as file:
                seen = Stamp.of(file.fileno())
                now = content(file)
        except FileNotFoundError:
            return Undone(shown, "left", ["deleted since it was fixed; nothing was restored"])
        if now == entry.file.after:
            _restore(real, entry, seen)
            state = "restored"
        elif now != entry.file.before:
            return _moved(shown, real, entry, partial)
    return Undone(shown, state)


def _restore(real: str, entry: _Entry, seen: Stamp) -> None:
    with Replacement(real, seen) as new:
        if entry.original:
            with _opened(entry.original) as original:
                while block := original.read(1 << 20):
                    new.file.write(block)
        else:
            shift = 0
            for change in entry.changes():
                before, after = unpacked(change.before), unpacked(change.after)
                new.splice(change.at + shift, change.at + shift + len(after), before)
                shift += len(after) - len(before)
        new.commit(lambda file: _sure(content(file), entry))


def _opened(path: str) -> IO[bytes]:
    try:
        return open(path, "rb")
    except OSError as error:
        raise Unusable(f"its copy beside the log cannot be read ({error.strerror or error}: {path}); left as it is") from None


def _sure(made: Content, entry: _Entry) -> None:
    if made != entry.file.before:
        raise Unusable(_DAMAGED)


def _previewed(shown: str, real: str, chain: Sequence[_Entry]) -> Undone:
    """What `_undone` would make of the file, as a patch."""
    from arlint.report.patch import unified

    try:
        with open(real, "rb") as file:
            if os.fstat(file.fileno()).st_size > WHOLE:
                return _previewed_large(shown, content(file), chain)
            was = file.read()
    except FileNotFoundError:
        return Undone(shown, "left", ["deleted since it was fixed"])
    data = was
    for entry in reversed(chain):
        now = Content(sha256(data).hexdigest(), len(data))
        if now == entry.file.after:
            data = _before(data, entry)
            _sure(Content(sha256(data).hexdigest(), len(data)), entry)
        elif now != entry.file.before:
            return _moved(shown, real, entry, partial=False)
    old, new = (text.decode("utf-8", "backslashreplace") for text in (was, data))
    return Undone(shown, "restored" if data != was else "unchanged", diff=unified(old, new, shown))


def _previewed_large(shown: str, now: Content, chain: Sequence[_Entry]) -> Undone:
    for entry in reversed(chain):
        if now == entry.file.after:
            return Undone(shown, "restored", ["would be restored; too large to be shown"])
    return Undone(shown, "unchanged" if now == chain[0].file.before else "left")


def _before(data: bytes, entry: _Entry) -> bytes:
    if entry.original:
        with _opened(entry.original) as original:
            return original.read()
    out, at, shift = [], 0, 0
    for change in entry.changes():
        before, after = unpacked(change.before), unpacked(change.after)
        out += [data[at : change.at + shift], before]
        at = change.at + shift + len(after)
        shift += len(after) - len(before)
    return b"".join([*out, data[at:]])


def _moved(shown: str, real: str, entry: _Entry, partial: bool) -> Undone:
    """A file that holds neither what arlint wrote nor what was there before."""
    said = f"changed since it was fixed at {entry.file.time}"
    if entry.original:
        return Undone(shown, "left", [f"{said}; left as it is. What it held before is in {entry.original}"])
    if os.stat(real).st_size > WHOLE:
        return Undone(shown, "left", [f"{said}; left as it is"])
    with open(real, "rb") as file:
        data = file.read()
    standing, gone = _standing(data, entry)
    edits = f"{len(standing)} of {len(standing) + len(gone)} edits"
    told = [f"byte {change.at} of the old file: what stands around {_quoted(change.after)} (once {_quoted(change.before)}) has changed" for change in gone[:TOLD]]
    if len(gone) > TOLD:
        told.append(f"and {len(gone) - TOLD} more")
    if not partial or not standing:
        return Undone(shown, "left", [f"{said}; left as it is. {edits} stand as they were made{', --partial takes them back' if standing else ''}", *told])
    with Replacement(real, data) as new:
        for start, end, before in standing:
            new.splice(start, end, before)
        new.commit()
    if not gone:
        return Undone(shown, "restored", [f"{said}; all of its {len(standing)} edits taken back, what changed since was kept"])
    return Undone(shown, "partly", [f"{said}; {edits} taken back", *told])


def _standing(data: bytes, entry: _Entry) -> tuple[list[tuple[int, int, bytes]], list[Change]]:
    """The spans of ``data`` that are edits of ``entry`` in surroundings found only once, with what they were; and the other edits."""
    standing: list[tuple[int, int, bytes]] = []
    gone = []
    at = 0
    for change in entry.changes():
        left, after = unpacked(change.left), unpacked(change.after)
        needle = left + after + unpacked(change.right)
        place = data.find(needle) if needle else -1
        start = place + len(left)
        if place < 0 or start < at or data.find(needle, place + 1) >= 0:
            gone.append(change)
        else:
            at = start + len(after)
            standing.append((start, at, unpacked(change.before)))
    return standing, gone


def _quoted(data: Bytes) -> str:
    from arlint.plain import visible

    text = visible(unpacked(data).decode("utf-8", "backslashreplace"))
    return f"'{text if len(text) <= 60 else text[:40] + ' … ' + text[-15:]}'"
