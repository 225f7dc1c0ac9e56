"""Findings as the protocol writes them: diagnostics, and the repairs that an editor offers for them. Pure.

An edit goes out with the version of the text that it was made for, so that an editor refuses it for any other.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from lsprotocol import types as lsp
from pygls.uris import from_fs_path

from arlint.findings import Language
from arlint.lsp.lane import Addition, Page
from arlint.lsp.text import Text
from arlint.messages import said
from arlint.report import Item, Replacement

SEVERITIES = {"error": lsp.DiagnosticSeverity.Error, "warning": lsp.DiagnosticSeverity.Warning, "info": lsp.DiagnosticSeverity.Information}

#: Not below source.fixAll: saving must never take what only an editor may decide on.
FIX_ALL, FIX_UNSAFE = "source.fixAll.arlint", "source.arlint.unsafe"

_GRADES = {"unsafe": "{} (unsafe)", "manual": "{} (by hand)"}


@dataclass
class Checked:
    """What was found in one state of a document."""

    text: Text
    version: int | None = None
    items: list[Item] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    lang: Language = "en"
    silenced_by: str = ""

    def diagnostic(self, item: Item) -> lsp.Diagnostic:
        """``item`` as the editor underlines it."""
        return lsp.Diagnostic(
            range=self.text.range(item.start.offset, item.end.offset),
            message=item.message,
            severity=SEVERITIES[item.severity],
            code=item.rule,
            code_description=lsp.CodeDescription(self.pages[item.rule].href),
            source="arlint",
            data={"fingerprint": item.fingerprint, "fix": item.fix.applicability if item.fix else None, "title": item.fix.title if item.fix else None},
        )

    def at(self, start: int, end: int) -> Iterable[Item]:
        """The findings that the span touches."""
        return (item for item in self.items if item.start.offset <= end and start <= item.end.offset)

    def title(self, item: Item) -> str:
        """The title of the finding's repair; where it is not safe, with that."""
        assert item.fix
        grade = _GRADES.get(item.fix.applicability)
        return said(grade.replace("{}", item.fix.title), self.lang) if grade else item.fix.title

    def text_edits(self, edits: Iterable[Replacement]) -> list[lsp.TextEdit]:
        return [lsp.TextEdit(self.text.range(edit.start, edit.end), edit.text) for edit in sorted(edits, key=lambda e: (e.start, e.end))]

    def workspace_edit(self, uri: str, edits: Iterable[Replacement], versioned: bool) -> lsp.WorkspaceEdit:
        """``edits`` of the document ``uri``, with its version where the editor understands it."""
        return _of_document(uri, self.version, self.text_edits(edits), versioned)

    def addition(self, addition: Addition, versioned: bool) -> lsp.WorkspaceEdit:
        """``addition`` to a file that may not be open."""
        there = Text(addition.before, self.text.encoding)
        end = there.range(len(there.text), len(there.text))
        return _of_document(from_fs_path(addition.path) or "", None, [lsp.TextEdit(end, addition.text)], versioned)


def _of_document(uri: str, version: int | None, edits: list[lsp.TextEdit], versioned: bool) -> lsp.WorkspaceEdit:
    if not versioned:
        return lsp.WorkspaceEdit(changes={uri: edits})
    return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(lsp.OptionalVersionedTextDocumentIdentifier(uri, version), list(edits))])


def together(items: Iterable[Item]) -> list[Replacement]:
    """The edits of all the repairs of ``items`` that do not touch one chosen before."""
    taken: list[tuple[int, int]] = []
    out: list[Replacement] = []
    for item in items:
        if item.fix and all(_free(taken, edit) for edit in item.fix.edits):
            out += item.fix.edits
            for edit in item.fix.edits:
                insort(taken, (edit.start, edit.end))
    return out


def _free(taken: list[tuple[int, int]], edit: Replacement) -> bool:
    """Whether ``edit`` stands clear of all that is ``taken``: sorted spans that do not touch."""
    after = bisect_left(taken, (edit.start, edit.end))
    return not (after < len(taken) and taken[after][0] <= edit.end) and not (after and taken[after - 1][1] >= edit.start)
