"""The language server: what the editor says and asks, and what it is told. Nothing here checks a text or waits for one.

A document is checked a moment after its last change; whatever was under way for an older version is withdrawn.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Coroutine, Generator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path, uri_scheme

from arlint import __version__
from arlint.config import NAMES
from arlint.lsp import answers, preferences
from arlint.lsp.answers import FIX_ALL, FIX_UNSAFE, Checked
from arlint.lsp.lane import Answer, Ended, Lane, Question
from arlint.lsp.text import Text
from arlint.messages import said
from arlint.report import Item

#: From how many code points on a text is checked by the second process, so that it does not keep the others waiting.
LARGE = 100_000

#: Up to how many findings an editor asks about are offered to be let be, each for itself.
FEW = 8

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Open:
    """A document that the editor has open: ``text`` is what it reads now, ``checking`` leads to what was found in that."""

    uri: str
    language_id: str
    version: int | None
    text: Text
    checking: asyncio.Task[Checked] | None = None
    checked: Checked | None = None

    @property
    def path(self) -> str | None:
        return to_fs_path(self.uri) if uri_scheme(self.uri) == "file" else None


class Protocol(LanguageServerProtocol):
    """The protocol less the library's own copy of the documents, which takes U+2028 and form feeds for line ends."""

    def _handled(self, method: str, params: object) -> Generator[Any, Any, None]:
        yield self.fm.features[method], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: lsp.DidOpenTextDocumentParams) -> Generator[Any, Any, None]:
        yield from self._handled(lsp.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        yield from self._handled(lsp.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: lsp.DidCloseTextDocumentParams) -> Generator[Any, Any, None]:
        yield from self._handled(lsp.TEXT_DOCUMENT_DID_CLOSE, params)


class Server(LanguageServer):
    """The server of one editor."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("arlint", __version__, protocol_cls=Protocol)
        self.documents: dict[str, Open] = {}
        self.preferences = preferences.Preferences()
        self.locale: str | None = None
        self._initial: Any = None
        self._lanes: dict[bool, Lane] = {}
        self._said: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        for method, handler, options in _FEATURES:
            self.feature(method, options)(partial(getattr(Server, handler), self))  # the library marks what it is given, which a bound method refuses

    # what the editor can do

    @property
    def _pulls(self) -> bool:
        return _has(self.client_capabilities, "text_document.diagnostic")

    @property
    def _versioned(self) -> bool:
        return _has(self.client_capabilities, "workspace.workspace_edit.document_changes")

    @property
    def _resolves(self) -> bool:
        support = _get(self.client_capabilities, "text_document.code_action.resolve_support")
        return support is not None and "edit" in support.properties

    @property
    def _root(self) -> str:
        folders = list(self.workspace.folders.values())
        root = (to_fs_path(folders[0].uri) if folders else None) or self.workspace.root_path
        return root if root and os.path.isdir(root) else os.getcwd()

    # its life

    def on_initialize(self, params: lsp.InitializeParams) -> None:
        self.locale, self._initial = params.locale, params.initialization_options
        self._prefer(self._initial)

    async def on_initialized(self, params: lsp.InitializedParams) -> None:
        self._lane(large=False)
        watched = [lsp.FileSystemWatcher(glob_pattern=f"**/{name}") for name in (*NAMES, "*.yaml")]
        registrations = []
        if _has(self.client_capabilities, "workspace.did_change_watched_files.dynamic_registration"):
            registrations.append(lsp.Registration("arlint-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, lsp.DidChangeWatchedFilesRegistrationOptions(watched)))
        if _has(self.client_capabilities, "workspace.did_change_configuration.dynamic_registration"):
            registrations.append(lsp.Registration("arlint-settings", lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, lsp.DidChangeConfigurationRegistrationOptions("arlint")))
        if registrations:
            with suppress(Exception):  # an editor that refuses is one that we ask for nothing more
                await self.client_register_capability_async(lsp.RegistrationParams(registrations))
        await self._ask_settings()

    def on_shutdown(self, params: None) -> None:
        for lane in self._lanes.values():
            lane.close()

    # settings

    async def configuration_changed(self, params: lsp.DidChangeConfigurationParams) -> None:
        if not await self._ask_settings() and params.settings is not None:
            self._prefer(params.settings)
            self._check_all()

    async def _ask_settings(self) -> bool:
        if not _get(self.client_capabilities, "workspace.configuration"):
            return False
        try:
            (settings,) = await self.workspace_configuration_async(lsp.ConfigurationParams([lsp.ConfigurationItem(section="arlint")]))
        except Exception:  # noqa: BLE001  whatever the editor's refusal is, the settings that we have stay
            return False
        before = self.preferences
        self._prefer(settings if settings else self._initial)
        if self.preferences != before:
            self._check_all()
        return True

    def _prefer(self, settings: Any) -> None:
        try:
            self.preferences = preferences.read(settings)
        except ValueError as error:
            self._say(str(error))

    def files_changed(self, params: lsp.DidChangeWatchedFilesParams) -> None:
        self._check_all()

    def _check_all(self) -> None:
        self._said.clear()
        for document in self.documents.values():
            self._check(document, wait=False)
        if self._pulls and _get(self.client_capabilities, "workspace.diagnostics.refresh_support"):
            self._later(self.workspace_diagnostic_refresh_async(None))

    def _later(self, doing: Coroutine[Any, Any, Any]) -> None:
        async def quietly() -> None:
            with suppress(Exception):
                await doing

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _say(self, message: str, kind: lsp.MessageType = lsp.MessageType.Error) -> None:
        """Show ``message``, once until the settings change."""
        if message not in self._said:
            self._said.add(message)
            self.window_show_message(lsp.ShowMessageParams(kind, f"arlint: {message}"))

    # documents

    def opened(self, params: lsp.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        self.documents[item.uri] = Open(item.uri, item.language_id, item.version, Text(item.text, self.workspace.position_encoding or "utf-16"))
        self._check(self.documents[item.uri], wait=False)

    def changed(self, params: lsp.DidChangeTextDocumentParams) -> None:
        document = self.documents.get(params.text_document.uri)
        if document is None:
            return
        for change in params.content_changes:
            document.text = document.text.changed(change)
        document.version = params.text_document.version
        if self.preferences.run == "onType":
            self._check(document)
        elif document.checking is not None:
            document.checking.cancel()
            document.checking = None

    def saved(self, params: lsp.DidSaveTextDocumentParams) -> None:
        document = self.documents.get(params.text_document.uri)
        if os.path.basename(params.text_document.uri) in NAMES:
            self._check_all()
        elif document is not None and self.preferences.run == "onSave":
            self._check(document, wait=False)

    def closed(self, params: lsp.DidCloseTextDocumentParams) -> None:
        document = self.documents.pop(params.text_document.uri, None)
        if document is None:
            return
        if document.checking is not None:
            document.checking.cancel()
        if not self._pulls:
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(document.uri, []))

    async def before_save(self, params: lsp.WillSaveTextDocumentParams) -> list[lsp.TextEdit] | None:
        document = self.documents.get(params.text_document.uri)
        if document is None or not self.preferences.fix_on_save or params.reason != lsp.TextDocumentSaveReason.Manual:
            return None
        text = document.text
        answer = await self._ask(document, text, "fix")
        return Checked(text).text_edits(answer.edits) if answer and text is document.text else None

    # checking

    def _lane(self, large: bool) -> Lane:
        if large not in self._lanes:
            self._lanes[large] = Lane(self._root)
        return self._lanes[large]

    def _check(self, document: Open, wait: bool = True) -> None:
        if document.checking is not None:
            document.checking.cancel()
        document.checking = asyncio.ensure_future(self._found(document, document.text, document.version, wait))

    async def _found(self, document: Open, text: Text, version: int | None, wait: bool) -> Checked:
        if wait:
            await asyncio.sleep(self.preferences.debounce / 1000)
        answer = await self._ask(document, text, "check") or Answer()
        document.checked = Checked(text, version, answer.items, answer.pages, answer.lang, answer.silenced_by)
        if not self._pulls:
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(document.uri, self._diagnostics(document.checked), version))
        return document.checked

    async def _ask(self, document: Open, text: Text, mode: str, rule: str = "", at: int = -1) -> Answer | None:
        """What the checking process says of ``text``; what stands in its way is shown."""
        path, prefer = document.path, self.preferences
        folder = os.path.dirname(path) if path else self._root
        sound = _SURROGATE.sub("\ufffd", text.text)
        question = Question(sound, folder, path, document.language_id, mode, rule, at, prefer.lang, self.locale, prefer.overrides)
        try:
            answer = await self._lane(len(text.text) > LARGE).ask(question)
        except Ended as error:
            self._say(str(error))
            return None
        for message in [answer.problem, *answer.broken]:
            if message:
                self._say(said(message, answer.lang))
        return answer

    async def _current(self, document: Open) -> Checked:
        """What is found in the document as it is now, waited for."""
        while True:
            if document.checking is None:
                self._check(document, wait=False)
            checking = document.checking
            assert checking is not None
            try:
                return await asyncio.shield(checking)
            except asyncio.CancelledError:
                if not checking.cancelled():  # it is the question that was cancelled
                    raise
                if document.checking is checking or document.uri not in self.documents:
                    return Checked(document.text, document.version)

    def _diagnostics(self, checked: Checked) -> list[lsp.Diagnostic]:
        return [checked.diagnostic(item) for item in checked.items]

    # what it asks

    async def diagnostic(self, params: lsp.DocumentDiagnosticParams) -> lsp.RelatedFullDocumentDiagnosticReport:
        document = self.documents.get(params.text_document.uri)
        return lsp.RelatedFullDocumentDiagnosticReport(self._diagnostics(await self._current(document)) if document else [])

    def hover(self, params: lsp.HoverParams) -> lsp.Hover | None:
        """The pages of the rules that object to this place; from what was found last, so that it never waits."""
        document = self.documents.get(params.text_document.uri)
        if document is None or document.checked is None or document.checked.text.text != document.text.text:
            return None
        checked = document.checked
        at = checked.text.offset(params.position)
        here = list(checked.at(at, at))
        if not here:
            return None
        rules = dict.fromkeys(item.rule for item in here)
        span = checked.text.range(here[0].start.offset, here[0].end.offset)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n---\n\n".join(checked.pages[rule].markdown for rule in rules)), span)

    async def code_actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        document = self.documents.get(params.text_document.uri)
        if document is None:
            return []
        checked = await self._current(document)
        wanted = params.context.only
        actions: list[lsp.CodeAction] = []
        if _wants(wanted, lsp.CodeActionKind.QuickFix):
            start, end = checked.text.offset(params.range.start), checked.text.offset(params.range.end)
            actions += self._quick_fixes(document.uri, checked, list(checked.at(start, end)))
        grades = {item.fix.applicability for item in checked.items if item.fix}
        for kind, mode, title, there in ((FIX_ALL, "fix", "Mend all that is safe (arlint)", "safe" in grades), (FIX_UNSAFE, "unsafe", "Mend all, unsafe repairs too (arlint)", "unsafe" in grades)):
            if there and _wants(wanted, kind):
                action = lsp.CodeAction(said(title, checked.lang), kind, data={"uri": document.uri, "mode": mode})
                actions.append(action if self._resolves else await self.resolve(action))
        if checked.silenced_by and _wants(wanted, lsp.CodeActionKind.QuickFix):
            start, end = checked.text.offset(params.range.start), checked.text.offset(params.range.end)
            here = [item for item in checked.at(start, end) if not item.rule.startswith("suppression/")]
            for item in here if len(here) <= FEW else []:
                action = self._silencing(document.uri, checked, item)
                actions.append(action if self._resolves else await self.resolve(action))
        return actions

    def _silencing(self, uri: str, checked: Checked, item: Item) -> lsp.CodeAction:
        """The action that lets ``item`` be, of which the edit is found when it is chosen."""
        title = f"Leave this {item.rule} be, with a comment" if checked.silenced_by == "comment" else f"Leave this {item.rule} be, in {checked.silenced_by}"
        data = {"uri": uri, "mode": "silence", "rule": item.rule, "at": item.start.offset}
        return lsp.CodeAction(said(title, checked.lang), lsp.CodeActionKind.QuickFix, [checked.diagnostic(item)], data=data)

    def _quick_fixes(self, uri: str, checked: Checked, here: list[Item]) -> list[lsp.CodeAction]:
        actions = []
        for item in here:
            if item.fix:
                edit = checked.workspace_edit(uri, item.fix.edits, self._versioned)
                preferred = item.fix.applicability == "safe"
                found = [checked.diagnostic(item)]
                actions.append(lsp.CodeAction(checked.title(item), lsp.CodeActionKind.QuickFix, found, preferred, edit=edit))
        for rule in dict.fromkeys(item.rule for item in here):
            alike = [item for item in checked.items if item.rule == rule and item.fix]
            if len(alike) > 1:
                edit = checked.workspace_edit(uri, answers.together(alike), self._versioned)
                actions.append(lsp.CodeAction(said(f"Mend every {rule} here ({len(alike)})", checked.lang), lsp.CodeActionKind.QuickFix, edit=edit))
        return actions

    async def resolve(self, action: lsp.CodeAction) -> lsp.CodeAction:
        """``action`` with its edits to the document as it is now: those that `arlint fix` would make, or that silence a finding."""
        data = action.data if isinstance(action.data, dict) else {}
        document = self.documents.get(data.get("uri", ""))
        if document is not None and action.edit is None:
            text, version = document.text, document.version
            answer = await self._ask(document, text, data["mode"], data.get("rule", ""), data.get("at", -1)) or Answer()
            checked = Checked(text, version)
            addition = answer.addition
            action.edit = checked.addition(addition, self._versioned) if addition else checked.workspace_edit(document.uri, answer.edits, self._versioned)
            if data["mode"] == "silence" and not addition and not answer.edits:
                self._say(said("no comment can stand here; write a [[silence]] table in the settings", answer.lang), lsp.MessageType.Info)
        return action


def _get(capabilities: object, name: str) -> Any:
    for part in name.split("."):
        capabilities = getattr(capabilities, part, None)
    return capabilities


def _has(capabilities: object, name: str) -> bool:
    found = _get(capabilities, name)
    return found is not None and found is not False


def _wants(only: Any, kind: str) -> bool:
    """Whether an editor that asks for the kinds ``only``, or for all, wants ``kind``."""
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in only)


_FEATURES: tuple[tuple[str, str, Any], ...] = (
    (lsp.INITIALIZE, "on_initialize", None),
    (lsp.INITIALIZED, "on_initialized", None),
    (lsp.SHUTDOWN, "on_shutdown", None),
    (lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, "configuration_changed", None),
    (lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, "files_changed", None),
    (lsp.TEXT_DOCUMENT_DID_OPEN, "opened", None),
    (lsp.TEXT_DOCUMENT_DID_CHANGE, "changed", None),
    (lsp.TEXT_DOCUMENT_DID_SAVE, "saved", None),
    (lsp.TEXT_DOCUMENT_DID_CLOSE, "closed", None),
    (lsp.TEXT_DOCUMENT_WILL_SAVE_WAIT_UNTIL, "before_save", None),
    (lsp.TEXT_DOCUMENT_DIAGNOSTIC, "diagnostic", lsp.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=False, identifier="arlint")),
    (lsp.TEXT_DOCUMENT_HOVER, "hover", None),
    (lsp.TEXT_DOCUMENT_CODE_ACTION, "code_actions", lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix, FIX_ALL, FIX_UNSAFE], resolve_provider=True)),
    (lsp.CODE_ACTION_RESOLVE, "resolve", None),
)
