"""A process that checks texts, asked one thing at a time, so that the server answers the editor whatever a text costs.

Where nobody waits for the answer any longer (the text has changed, the editor has cancelled) the process is given a moment, and
then ended: the next question starts another. It ends by itself when the server does, however the server ends.
"""

from __future__ import annotations

import asyncio
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from arlint.findings import Language
from arlint.report import Item, Replacement

#: Seconds that an unwanted answer may still take; about what starting another process would cost.
PATIENCE = 1.0

LENGTH = struct.Struct(">I")


class Question(msgspec.Struct, frozen=True):
    """A text, where it lies and what to do with it. ``path`` is None for one that is no file; ``overrides`` are the editor's settings."""

    text: str
    folder: str
    path: str | None
    language_id: str
    mode: str = "check"  # or fix, or unsafe: the edits that `arlint fix` would make; or silence: what silences the finding of ``rule`` at ``at``
    rule: str = ""
    at: int = -1
    lang: str | None = None
    locale: str | None = None
    overrides: Overrides | None = None


class Overrides(msgspec.Struct, frozen=True):
    """What the editor lays over the settings files, as the command's options do."""

    config: str | None = None
    isolated: bool = False
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    extend_select: Sequence[str] = ()
    profile: str | None = None
    preview: bool = False


class Page(msgspec.Struct, frozen=True):
    """The page of a rule: where it stands, and in Markdown."""

    href: str
    markdown: str


class Addition(msgspec.Struct, frozen=True):
    """``text`` for the end of the settings file at ``path``, which now reads ``before``."""

    path: str
    before: str
    text: str


class Answer(msgspec.Struct):
    """What was found. ``problem`` is why nothing could be: the settings, a rule, the text; ``pages`` are of the rules found.

    ``silenced_by`` says where a finding can be silenced: ``comment``, the name of the settings file, or nowhere.
    """

    items: list[Item] = []
    edits: list[Replacement] = []
    addition: Addition | None = None
    silenced_by: str = ""
    pages: dict[str, Page] = {}
    broken: list[str] = []
    problem: str | None = None
    lang: Language = "en"
    seconds: float = 0.0


class Ended(RuntimeError):
    """The process died over a question."""


class Lane:
    """One process and the questions that wait for it, in order."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._queue: asyncio.Queue[tuple[Question, asyncio.Future[Answer]]] = asyncio.Queue()
        self._process: asyncio.subprocess.Process | None = None
        self._serving = asyncio.create_task(self._serve())

    async def ask(self, question: Question) -> Answer:
        """The answer; cancelling the wait withdraws the question. Raises `Ended`."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((question, answer))
        return await answer

    def close(self) -> None:
        self._serving.cancel()
        self._end()

    async def _serve(self) -> None:
        while True:
            question, answer = await self._queue.get()
            if answer.done():
                continue
            asking = asyncio.create_task(self._exchange(question))
            await asyncio.wait({asking, answer}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                await asyncio.wait({asking}, timeout=PATIENCE)
            if not asking.done():
                asking.cancel()
                self._end()
            elif error := asking.exception():
                self._end()
                if not answer.done():
                    answer.set_exception(error)
            elif not answer.done():
                answer.set_result(asking.result())

    async def _exchange(self, question: Question) -> Answer:
        process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(framed(msgspec.msgpack.encode(question)))
            await process.stdin.drain()
            (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
            return msgspec.msgpack.decode(await process.stdout.readexactly(length), type=Answer)
        except (OSError, asyncio.IncompleteReadError):
            raise Ended("the process that checks the text died; its next change starts another") from None

    async def _start(self) -> asyncio.subprocess.Process:
        # -P: a module of the same name in the folder that is edited must not be taken for one of ours
        command = [sys.executable, "-P", "-c", "from arlint.lsp.worker import main; main()"]
        self._process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=self._folder)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            self._process = None


def framed(data: bytes) -> bytes:
    """``data`` behind its length."""
    return LENGTH.pack(len(data)) + data
