"""Where a run's findings go: one format on standard output or in a file, others beside it, each file whole or not at all.

What a format writes is the business of ``report``; which are wanted, of ``options``.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from errno import EACCES
from itertools import tee
from typing import IO, Any

from arlint.report import Format, Report, Style, Tally
from arlint.writing import temporary


class Unwritable(Exception):
    """A file of findings that cannot be written; says which and why."""


@dataclass(frozen=True)
class Sink:
    """A format, the stream that it goes to and the style that it is written in."""

    format: Format
    stream: IO[str]
    style: Style


@contextmanager
def whole(path: str) -> Iterator[IO[str]]:
    """A stream whose text becomes the file at ``path`` when all of it is written; what was there stays until then.

    A device or a pipe is written as it comes. Raises `Unwritable`.
    """
    with _refusing(path):
        if os.path.exists(path) and not os.path.isfile(path):
            stream, name, target = open(path, "w", **_TEXT), None, path  # noqa: SIM115  closed below
        else:
            target = os.path.realpath(path)
            stream, name = _beside(target)
    try:
        yield stream
        with _refusing(path):
            stream.close()
            if name is not None:
                os.chmod(name, _mode(target))
                os.replace(name, target)
                name = None
    finally:
        with suppress(OSError):
            stream.close()
        if name is not None:
            with suppress(OSError):
                os.unlink(name)


#: How every file of findings is written; a path may hold bytes that are no text.
_TEXT: Any = {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}


def _beside(target: str) -> tuple[IO[str], str]:
    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))
    name, handle = temporary(os.path.dirname(target))
    return os.fdopen(handle, "w", **_TEXT), name


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unwritable(f"{name}: cannot be written ({error.strerror or error}); check its folder, the permissions and the free space") from None


def _mode(target: str) -> int:
    """The mode of the file that is there, or the one that a new file gets."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(os.stat(target).st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def opened(main: str | None, others: Sequence[str | None], standard: IO[str]) -> Iterator[list[IO[str]]]:
    """The streams of a run: ``standard`` or the file ``main``, then the files ``others``. Raises `Unwritable`."""
    with ExitStack() as stack:
        yield [stack.enter_context(whole(main)) if main else standard, *(stack.enter_context(whole(path)) for path in others if path)]
        with _refusing("standard output"):
            standard.flush()


def colored(stream: IO[str], wish: str) -> bool:
    """Whether ``stream`` is written in colour: as ``--color`` says, or as the terminal and its user do."""
    return {"always": True, "never": False}.get(wish, stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")


def write(reports: Iterable[Report], tally: Tally, sinks: Sequence[Sink], hold: bool = False) -> None:
    """Write ``reports`` in every format, side by side. With ``hold`` the first stream is written when all is done: a progress bar
    has the terminal until then. Raises `Unwritable`."""
    feeds = tee(reports, len(sinks)) if len(sinks) > 1 else (reports,)
    running = [(sink, sink.format(feed, tally, sink.style)) for sink, feed in zip(sinks, feeds, strict=True)]
    held: list[str] = []
    while running:
        for sink, chunks in list(running):
            chunk = next(chunks, None)
            if chunk is None:
                running.remove((sink, chunks))
            elif hold and sink is sinks[0]:
                held.append(chunk)
            elif chunk:
                _put(sink, chunk)
    for chunk in held:
        _put(sinks[0], chunk)


def _put(sink: Sink, chunk: str) -> None:
    with _refusing("a file of findings" if sink.stream not in (sys.stdout, sys.stderr) else "standard output"):
        sink.stream.write(chunk)
