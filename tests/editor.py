"""An editor for the tests: a real language client over standard input and output, with a text model of its own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def offset(text: str, position: lsp.Position, encoding: str) -> int:
    """The offset of ``position``, reckoned in bytes of the encoding and not as the server does."""
    codec, width = CODECS[encoding]
    lines = re.split(r"(\r\n|\n|\r)", text)
    before = "".join(lines[: 2 * position.line])
    line = lines[2 * position.line].encode(codec)
    assert position.character * width <= len(line), "a position behind the end of its line"
    return len(before) + len(line[: position.character * width].decode(codec))


def applied(text: str, edits: Iterable[lsp.TextEdit], encoding: str) -> str:
    """``text`` after ``edits``, which all count in the text as it was."""
    spans = sorted(((offset(text, e.range.start, encoding), offset(text, e.range.end, encoding), e.new_text) for e in edits), reverse=True)
    for (start, _, _), (_, end, _) in pairwise(spans):
        assert end <= start, "edits overlap"
    for start, end, new in spans:
        text = text[:start] + new + text[end:]
    return text


class Editor:
    """An editor with one workspace folder. Use as ``async with Editor(folder, cache) as editor``."""

    def __init__(self, folder: Path, cache: Path, *, encodings: Sequence[str] = ("utf-16",), pull: bool = False, settings: Any = None, locale: str | None = None, plain: bool = False) -> None:
        self.folder, self.cache, self.encodings, self.pull, self.settings, self.locale, self.plain = folder, cache, encodings, pull, settings, locale, plain
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.diagnostics: dict[str, list[lsp.PublishDiagnosticsParams]] = {}
        self.messages: list[str] = []
        self.refreshed = 0
        self.news = asyncio.Event()
        self.encoding = "utf-16"
        self.client = LanguageClient("tests", "1")

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: lsp.PublishDiagnosticsParams) -> None:
            self.diagnostics.setdefault(params.uri, []).append(params)
            self.news.set()

        @self.client.feature(lsp.WINDOW_SHOW_MESSAGE)
        def shown(params: lsp.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self.news.set()

        @self.client.feature(lsp.WORKSPACE_CONFIGURATION)
        def configuration(params: lsp.ConfigurationParams) -> list[Any]:
            return [self.settings for _ in params.items]

        @self.client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
        def register(params: lsp.RegistrationParams) -> None:
            self.registered = {one.method for one in params.registrations}

        @self.client.feature(lsp.WORKSPACE_DIAGNOSTIC_REFRESH)
        def refresh(params: None) -> None:
            self.refreshed += 1
            self.news.set()

    async def __aenter__(self) -> Editor:
        environment = {**os.environ, "ARLINT_CACHE_DIR": str(self.cache), "LC_ALL": "C.UTF-8"}
        await self.client.start_io(sys.executable, "-m", "arlint", "lsp", env=environment, cwd=str(self.folder))
        able = lsp.ClientCapabilities(
            general=lsp.GeneralClientCapabilities(position_encodings=[lsp.PositionEncodingKind(e) for e in self.encodings]),
            text_document=lsp.TextDocumentClientCapabilities(
                diagnostic=lsp.DiagnosticClientCapabilities() if self.pull else None,
                code_action=lsp.CodeActionClientCapabilities(resolve_support=None if self.plain else lsp.ClientCodeActionResolveOptions(["edit"])),
                synchronization=lsp.TextDocumentSyncClientCapabilities(will_save_wait_until=True),
            ),
            workspace=lsp.WorkspaceClientCapabilities(
                configuration=not self.plain,
                workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=not self.plain),
                did_change_watched_files=lsp.DidChangeWatchedFilesClientCapabilities(dynamic_registration=not self.plain),
                diagnostics=lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
            ),
        )
        root = lsp.WorkspaceFolder(self.folder.as_uri(), "root")
        options = self.settings if self.plain else None
        self.server = await self.client.initialize_async(
            lsp.InitializeParams(capabilities=able, process_id=os.getpid(), root_uri=root.uri, workspace_folders=[root], locale=self.locale, initialization_options=options)
        )
        self.encoding = str(getattr(self.server.capabilities.position_encoding, "value", self.server.capabilities.position_encoding))
        self.client.initialized(lsp.InitializedParams())
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.wait_for(self.client.shutdown_async(None), 30)
        self.client.exit(None)
        await self.client.stop()

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def open(self, name: str, text: str, language: str = "plaintext") -> str:
        """Open a document with this text, written to disk or not."""
        uri = self.uri(name)
        self.texts[uri], self.versions[uri] = text, 1
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, language, 1, text)))
        return uri

    def type(self, uri: str, where: str, new: str) -> None:
        """Replace the first ``where`` by ``new``, told as one incremental change."""
        at = self.texts[uri].index(where)
        change = lsp.TextDocumentContentChangePartial(range=lsp.Range(self.position(uri, at), self.position(uri, at + len(where))), text=new)
        self.texts[uri] = self.texts[uri].replace(where, new, 1)
        self.versions[uri] += 1
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(version=self.versions[uri], uri=uri), [change]))

    def position(self, uri: str, at: int) -> lsp.Position:
        codec, width = CODECS[self.encoding]
        lines = re.split(r"\r\n|\n|\r", self.texts[uri][:at])
        return lsp.Position(len(lines) - 1, len(lines[-1].encode(codec)) // width)

    async def until(self, condition: Any) -> Any:
        """What ``condition()`` gives once it gives something; looks again at all news from the server."""

        async def wait() -> Any:
            while not (found := condition()):
                self.news.clear()
                await self.news.wait()
            return found

        return await asyncio.wait_for(wait(), 60)

    async def found(self, uri: str) -> list[lsp.Diagnostic]:
        """The diagnostics of the text as it is now."""
        if self.pull:
            report = await self.client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri)))
            return list(report.items)
        params = await self.until(lambda: [p for p in self.diagnostics.get(uri, []) if p.version == self.versions[uri]])
        return list(params[-1].diagnostics)

    def text_of(self, uri: str, span: lsp.Range) -> str:
        return self.texts[uri][offset(self.texts[uri], span.start, self.encoding) : offset(self.texts[uri], span.end, self.encoding)]

    async def actions(self, uri: str, where: str | None = None, only: list[str] | None = None) -> list[lsp.CodeAction]:
        """What the editor offers at the first ``where``, or for the whole text; resolved."""
        text = self.texts[uri]
        start, end = (0, len(text)) if where is None else (text.index(where), text.index(where) + len(where))
        span = lsp.Range(self.position(uri, start), self.position(uri, end))
        asked = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), span, lsp.CodeActionContext([], only=only))
        offered = await self.client.text_document_code_action_async(asked)
        return [one if one.edit else await self.client.code_action_resolve_async(one) for one in offered or []]

    def take(self, uri: str, action: lsp.CodeAction) -> str:
        """The text after ``action``, whose edits must be for the version that we have."""
        assert action.edit
        if action.edit.changes:
            return applied(self.texts[uri], action.edit.changes[uri], self.encoding)
        (change,) = action.edit.document_changes
        assert (change.text_document.uri, change.text_document.version) == (uri, self.versions[uri])
        return applied(self.texts[uri], change.edits, self.encoding)
