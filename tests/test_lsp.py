"""The editor server, spoken to by a real language client over standard input and output."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from conftest import NOTE, SAFE, SETTINGS, UNSAFE, Command
from editor import CODECS, Editor, applied
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

#: Findings behind characters of one to four bytes, on lines that end in CRLF and hold what is no line end in the protocol.
TEXT = "\ufeff😀 قال: اخظغ هنا 🧕🏽 اخظغ.\r\nسطر\u2028فيه اخظغ ظغخز\u000cثم اخظغ\u0085.\r\nالختام غظخط\r\n"
#: A rule that says its repair is safe, and removes a letter.
HARM = """\
summary: A repair that calls itself safe and is not
message: {ar: "«{found}»", en: "'{found}'"}
why: Because. It is so.
since: "0.1"
check: pattern
pattern: 'خظغ'
replace: 'خظ'
fix: {applicability: safe, title: {ar: a, en: b}}
bad: [{text: قال خظغ هنا., found: خظغ}]
good: [قال هنا., قال خظ.]
"""
MENDED = TEXT.replace("اخظغ", "إخظغ")


def run(session: Callable[[Editor], Coroutine[Any, Any, None]], own: Command, **options: Any) -> None:
    """``session`` with an editor in the folder of ``own``."""

    async def opened() -> None:
        async with Editor(own.folder, own.cache, **options) as editor:
            await session(editor)

    asyncio.run(asyncio.wait_for(opened(), 120))


def fixed(own: Command, name: str, text: str, *options: str) -> str:
    """What `arlint fix` makes of ``text``."""
    path = own.write(name, text)
    own("fix", *options, name)
    return path.read_bytes().decode()


def titles(actions: list[lsp.CodeAction], kind: str = "quickfix") -> list[str]:
    return [action.title for action in actions if str(getattr(action.kind, "value", action.kind)) == kind]


@pytest.mark.parametrize("encoding", CODECS)
def test_places_and_repairs_hold_in_every_position_encoding(own: Command, encoding: str) -> None:
    async def session(editor: Editor) -> None:
        assert editor.encoding == encoding
        uri = editor.open("a.txt", TEXT)
        found = await editor.found(uri)
        assert [(d.code, editor.text_of(uri, d.range)) for d in found] == [(SAFE, "اخظغ")] * 3 + [(UNSAFE, " ظغخز"), (SAFE, "اخظغ"), (NOTE, "غظخط")]
        (first, *_, last) = [a for a in await editor.actions(uri) if a.title == "Write 'إخظغ'"]
        assert editor.take(uri, first) == TEXT.replace("اخظغ", "إخظغ", 1)
        head, _, tail = TEXT.rpartition("اخظغ")
        assert editor.take(uri, last) == f"{head}إخظغ{tail}"
        (mend,) = await editor.actions(uri, only=["source.fixAll"])
        assert editor.take(uri, mend) == MENDED == fixed(own, "b.txt", TEXT)
        (both,) = await editor.actions(uri, only=["source.arlint.unsafe"])
        assert editor.take(uri, both) == fixed(own, "c.txt", TEXT, "--unsafe-fixes")

    run(session, own, encodings=(encoding,))


def test_a_diagnostic_tells_rule_severity_and_where_to_read_on(own: Command) -> None:
    async def session(editor: Editor) -> None:
        error, warning, note = await editor.found(editor.open("a.txt", "قال اخظغ ثم ظغخز ثم غظخط"))
        assert [error.code, warning.code, note.code] == [SAFE, UNSAFE, NOTE]
        assert [error.severity, warning.severity, note.severity] == [lsp.DiagnosticSeverity.Error, lsp.DiagnosticSeverity.Warning, lsp.DiagnosticSeverity.Information]
        assert (error.source, error.message) == ("arlint", "'اخظغ' is spelled 'إخظغ'")
        assert error.code_description
        assert error.code_description.href.endswith("tests/own-rules/spelling/made-up.yaml")
        assert error.data["fix"] == "safe"
        assert note.data["fix"] is None

    run(session, own)


def test_typing_in_a_document_leads_where_opening_the_result_leads(own: Command) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", TEXT)
        await editor.found(uri)
        for where, new in (("😀 ", "🧕🏽\r\nسطر\r"), ("\u2028فيه", "\u2028\u000cفيه 😀"), ("\r\nالختام", " اخظغ"), ("هنا", "")):
            editor.type(uri, where, new)
        other = editor.open("b.txt", editor.texts[uri])
        assert [(d.code, d.range) for d in await editor.found(uri)] == [(d.code, d.range) for d in await editor.found(other)]

    run(session, own, encodings=("utf-16",))


def test_a_newer_version_supersedes_the_older_ones(own: Command) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", "قال اخظغ.")
        await editor.found(uri)
        for _ in range(10):
            editor.type(uri, "قال", "قال اخظغ")
        assert len(await editor.found(uri)) == 11
        assert [p.version for p in editor.diagnostics[uri]] == [1, 11]

    run(session, own, settings={"debounce": 500})


def test_all_of_one_rule_are_mended_at_once_and_what_is_not_safe_says_so(own: Command) -> None:
    async def session(editor: Editor) -> None:
        text = "قال اخظغ ظغخز ثم اخظغ ظغخز وغظخط غظخط"
        uri = editor.open("a.txt", text)
        offered = await editor.actions(uri, "اخظغ ظغخز")
        leave = [f"Leave this {rule} be, in arlint.toml" for rule in (SAFE, UNSAFE)]
        assert titles(offered) == ["Write 'إخظغ'", "Delete it (unsafe)", f"Mend every {SAFE} here (2)", f"Mend every {UNSAFE} here (2)", *leave]
        assert [a.is_preferred for a in offered[:2]] == [True, False]
        assert editor.take(uri, offered[2]) == text.replace("اخظغ", "إخظغ")
        assert editor.take(uri, offered[3]) == text.replace(" ظغخز", "")
        assert titles(await editor.actions(uri, "غظخط")) == []
        assert [a.kind for a in await editor.actions(uri, only=["source.fixAll"])] == ["source.fixAll.arlint"]

    run(session, own)


def test_an_editor_that_cannot_resolve_or_version_edits_gets_whole_plain_ones(own: Command) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", TEXT)
        (mend,) = await editor.actions(uri, only=["source.fixAll.arlint"])
        assert mend.edit
        assert mend.edit.document_changes is None
        assert editor.take(uri, mend) == MENDED

    run(session, own, plain=True)


def test_saving_mends_what_is_safe_where_the_editor_wants_it(own: Command) -> None:
    async def session(editor: Editor) -> None:
        from editor import applied

        uri = editor.open("a.txt", TEXT)
        await editor.found(uri)
        asked = lsp.WillSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri), lsp.TextDocumentSaveReason.Manual)
        edits = await editor.client.text_document_will_save_wait_until_async(asked)
        assert applied(TEXT, edits or [], editor.encoding) == MENDED

    run(session, own, settings={"fixOnSave": True})


def test_pulled_diagnostics_are_those_of_the_text_as_it_is(own: Command) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", "قال اخظغ.")
        assert [d.code for d in await editor.found(uri)] == [SAFE]
        editor.type(uri, "قال", "غظخط")
        assert [d.code for d in await editor.found(uri)] == [NOTE, SAFE]
        assert editor.diagnostics == {}

    run(session, own, pull=True)


@pytest.mark.parametrize(("options", "head"), [({}, "Safety of the repair"), ({"settings": {"lang": "ar"}}, "سلامة الإصلاح"), ({"locale": "ar-EG"}, "سلامة الإصلاح")])
def test_hovering_shows_the_page_of_the_rule_in_the_language_chosen(own: Command, options: dict[str, Any], head: str) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", "😀 قال اخظغ.")
        (found,) = await editor.found(uri)
        arabic = bool(options)
        assert found.message == ("«اخظغ» تُكتب «إخظغ»" if arabic else "'اخظغ' is spelled 'إخظغ'")
        hover = await editor.client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(uri), found.range.start))
        assert hover
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert (hover.contents.kind, hover.range) == (lsp.MarkupKind.Markdown, found.range)
        assert hover.contents.value.startswith(f"**{SAFE}**")
        assert head in hover.contents.value
        assert await editor.client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(uri), lsp.Position(0, 0))) is None

    run(session, own, **options)


def test_a_changed_settings_file_counts_at_once_and_a_broken_one_is_told(own: Command) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", "قال اخظغ ثم غظخط")
        assert [d.code for d in await editor.found(uri)] == [SAFE, NOTE]
        settings = own.write("arlint.toml", SETTINGS + f'ignore = ["{SAFE}"]\n')
        changed = lsp.DidChangeWatchedFilesParams([lsp.FileEvent(settings.as_uri(), lsp.FileChangeType.Changed)])
        editor.client.workspace_did_change_watched_files(changed)
        await editor.until(lambda: [d.code for d in editor.diagnostics[uri][-1].diagnostics] == [NOTE])
        own.write("arlint.toml", 'selct = ["ALL"]\n')
        editor.client.workspace_did_change_watched_files(changed)
        await editor.until(lambda: any("arlint.toml:1: unknown key 'selct' (did you mean 'select'?)" in m for m in editor.messages))
        own.write("arlint.toml", SETTINGS)
        editor.type(uri, "ثم", "غظخط")  # also where no editor watches the file for us
        assert [d.code for d in await editor.found(uri)] == [SAFE, NOTE, NOTE]

    run(session, own)


def test_the_editors_own_settings_are_read_anew_and_answered_where_they_are_wrong(own: Command) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", "قال اخظغ ثم غظخط")
        await editor.found(uri)
        editor.settings = {"ignore": [NOTE]}
        editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(None))
        await editor.until(lambda: [d.code for d in editor.diagnostics[uri][-1].diagnostics] == [SAFE])
        editor.settings = {"ingore": [NOTE]}
        editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(None))
        await editor.until(lambda: any("no setting 'arlint.ingore' (did you mean 'ignore'?)" in m for m in editor.messages))

    run(session, own)


def test_excluded_files_and_ignored_rules_stay_silent_and_texts_without_a_file_do_not(own: Command) -> None:
    own.write("arlint.toml", f'exclude = ["drafts/"]\n{SETTINGS}[per-file-ignores]\n"poems/*" = ["{SAFE}"]\n')

    async def session(editor: Editor) -> None:
        codes = {
            name: [d.code for d in await editor.found(editor.open(name, "قال اخظغ ثم غظخط", language))]
            for name, language in (("drafts/a.txt", "plaintext"), ("poems/a.txt", "plaintext"), ("untitled:Untitled-1", "plaintext"), ("vscode-vfs://github/a/b.txt", "plaintext"), ("a.py", "python"))
        }
        assert codes == {"drafts/a.txt": [], "poems/a.txt": [NOTE], "untitled:Untitled-1": [SAFE, NOTE], "vscode-vfs://github/a/b.txt": [SAFE, NOTE], "a.py": []}

    run(session, own)


@pytest.mark.parametrize(
    ("name", "language", "text", "found"),
    [
        ("a.md", "markdown", "---\ntitle: x\n---\n\nقال **اخظغ** ثم `اخظغ`.\n\n```\nاخظغ\n```\n", 1),
        ("untitled:Untitled-1", "markdown", "قال اخظغ ثم `اخظغ`.\n", 1),
        ("untitled:Untitled-2", "html", "<p class='اخظغ'>قال &laquo;اخظغ&raquo;.</p><script>اخظغ</script>", 1),
        ("b.html", "html", "<meta charset='windows-1256'><p>قال اخظغ.</p>", 1),
        ("c.jsonl", "jsonl", '{"text": "قال اخظغ."}\n', 0),
    ],
)
def test_the_language_says_what_is_prose_and_a_repair_leaves_the_rest_alone(own: Command, name: str, language: str, text: str, found: int) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open(name, text, language)
        assert [editor.text_of(uri, d.range) for d in await editor.found(uri)] == ["اخظغ"] * found
        for mend in await editor.actions(uri, only=["source.fixAll"]):
            at = text.index("اخظغ", text.index("قال"))
            assert editor.take(uri, mend) == text[:at] + "إخظغ" + text[at + 4 :]

    run(session, own)


def test_what_the_settings_silence_is_not_underlined(own: Command) -> None:
    own.write("arlint.toml", f'{SETTINGS}[[silence]]\nrules = ["{SAFE}"]\npaths = ["a.txt"]\n')

    async def session(editor: Editor) -> None:
        assert [d.code for d in await editor.found(editor.open("a.txt", "قال اخظغ ثم غظخط"))] == [NOTE]
        assert [d.code for d in await editor.found(editor.open("b.txt", "قال اخظغ ثم غظخط"))] == [SAFE, NOTE]

    run(session, own)


def test_a_large_text_keeps_nobody_waiting(own: Command) -> None:
    own.write("arlint.toml", "")
    large = "\n".join(f"قال الرجل {n} فى البيت إن الامر {n * 7} ,سهل" for n in range(20_000))

    async def session(editor: Editor) -> None:
        big, small = editor.open("big.txt", large), editor.open("small.txt", "قال فى البيت")
        assert await editor.found(small)
        assert await editor.client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(small), editor.position(small, 5)))
        asked = asyncio.ensure_future(
            editor.client.text_document_code_action_async(lsp.CodeActionParams(lsp.TextDocumentIdentifier(big), lsp.Range(lsp.Position(0, 0), lsp.Position(1, 0)), lsp.CodeActionContext([])))
        )
        await asyncio.sleep(0)
        (number,) = [n for n in editor.client.protocol._request_futures if n]
        editor.client.protocol.notify("$/cancelRequest", lsp.CancelParams(id=number))
        with pytest.raises(JsonRpcException, match="cancel"):
            await asked
        assert big not in editor.diagnostics
        editor.type(big, large[20:], "")  # what was under way for a megabyte is withdrawn
        assert [p.version for p in editor.diagnostics.get(big, [])] == []
        assert await editor.found(big)

    run(session, own)


def test_the_checking_process_ends_with_the_server(own: Command) -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("looks for child processes in /proc")

    async def session() -> list[int]:
        editor = await Editor(own.folder, own.cache).__aenter__()
        await editor.found(editor.open("a.txt", "قال اخظغ."))
        server = editor.client._server
        assert server
        children = [int(pid) for task in Path(f"/proc/{server.pid}/task").iterdir() for pid in (task / "children").read_text().split()]
        server.kill()
        await server.wait()
        await editor.client.stop()
        return children

    children = asyncio.run(session())
    assert children
    for _ in range(300):
        if not any(Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children):
            return
        subprocess.run(["sleep", "0.1"], check=True)
    pytest.fail("a checking process outlived its server")


def test_without_its_extra_the_server_says_how_to_install_it() -> None:
    code = "import sys; sys.modules['pygls'] = None; from arlint.cli import main; main(['lsp'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "arlint: the editor server needs its extra: pip install 'arlint[lsp]'\n")


def test_what_the_baseline_knows_is_neither_underlined_nor_mended_until_it_is_written_anew(own: Command) -> None:
    old = "قال اخظغ في البيت القديم قبل أعوام.\n"
    own.write("arlint.toml", f'{SETTINGS}baseline = "known.json"\n')
    own.write("a.txt", old)
    own("baseline")

    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", old)
        assert await editor.found(uri) == []
        editor.type(uri, ".\n", ".\nثم قال اخظغ كلامًا جديدًا.\n")
        (new,) = await editor.found(uri)
        assert new.range.start.line == 1
        (mend,) = await editor.actions(uri, only=["source.fixAll"])
        assert editor.take(uri, mend) == old + "ثم قال إخظغ كلامًا جديدًا.\n"
        own.write("known.json", '[{"arlint-baseline": 1}\n]\n')
        editor.type(uri, "جديدًا", "آخر")
        assert len(await editor.found(uri)) == 2

    run(session, own)


@pytest.mark.parametrize(
    ("name", "language", "text", "silenced"),
    [
        ("a.md", "markdown", "# عنوان\n\nقال اخظغ كلامًا.  \nثم مضى اخظغ.\n", "# عنوان\n\nقال اخظغ كلامًا. <!-- arlint: ignore spelling/made-up -->  \nثم مضى اخظغ.\n"),
        ("a.html", "html", "<p\n>قال اخظغ</p>\r\n<p>اخظغ</p>\r\n", "<p\n>قال اخظغ</p> <!-- arlint: ignore spelling/made-up -->\r\n<p>اخظغ</p>\r\n"),
        ("b.html", "html", "<p>قال اخظغ <b\n>كلامًا</b> اخظغ</p>\n", "<!-- arlint: ignore-next-line spelling/made-up -->\n<p>قال اخظغ <b\n>كلامًا</b> اخظغ</p>\n"),
    ],
)
def test_a_finding_is_let_be_by_a_comment_that_can_stand_there(own: Command, name: str, language: str, text: str, silenced: str) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open(name, text, language)
        assert len(await editor.found(uri)) == 2
        (leave,) = [action for action in await editor.actions(uri, "اخظغ") if action.title == f"Leave this {SAFE} be, with a comment"]
        assert editor.take(uri, leave) == silenced
        assert [d.range.start.line for d in await editor.found(editor.open(f"after-{name}", silenced, language))] == [silenced[: silenced.rindex("اخظغ")].count("\n")]

    run(session, own)


@pytest.mark.parametrize(("settings", "head"), [("arlint.toml", "[[silence]]"), ("pyproject.toml", "[[tool.arlint.silence]]")])
def test_where_no_comment_can_stand_a_finding_is_let_be_in_the_settings(own: Command, settings: str, head: str) -> None:
    (own.folder / "arlint.toml").unlink(missing_ok=True)
    home = own.write(settings, ("[tool.arlint]\n" if settings == "pyproject.toml" else "") + SETTINGS.rstrip("\n"))
    text = "قال اخظغ هنا، ثم قال اخظغ هناك.\n"
    own.write("news/[1].txt", text)
    own.write("news/front.md", f"---\ntitle: {text}---\n")

    async def session(editor: Editor) -> None:
        for name, language in (("news/[1].txt", "plaintext"), ("news/front.md", "markdown")):
            uri = editor.open(name, own.folder.joinpath(name).read_text("utf-8"), language)
            assert len(await editor.found(uri)) == 2
            (leave, *_) = [action for action in await editor.actions(uri, "اخظغ") if action.title.startswith(f"Leave this {SAFE} be")]
            (change,) = leave.edit.document_changes  # type: ignore[union-attr]
            assert change.text_document.uri == home.as_uri()
            editor.texts[home.as_uri()] = home.read_text("utf-8")
            home.write_text(applied(home.read_text("utf-8"), change.edits, "utf-16"), "utf-8")

    run(session, own)
    assert home.read_text("utf-8").count(f"\n\n{head}\n") == 2
    left = [line.split(":")[0] for line in own("check", "--output-format", "concise", "news").lines if SAFE in line]
    assert left == ["news/[1].txt", "news/front.md"]


def test_a_repair_that_would_break_its_promise_is_not_offered(own: Command) -> None:
    own.write("rules/spelling/harm.yaml", HARM)
    own.write("arlint.toml", 'rule-paths = ["rules"]\nselect = ["spelling/harm"]\n')

    async def session(editor: Editor) -> None:
        uri = editor.open("a.txt", "قال خظغ\n")
        assert [d.code for d in await editor.found(uri)] == ["spelling/harm"]
        assert [action.title for action in await editor.actions(uri)] == ["Leave this spelling/harm be, in arlint.toml"]

    run(session, own)
