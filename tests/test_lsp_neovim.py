"""The editor server in a real Neovim: what it underlines, and a save with fix-all. Skipped where there is no ``nvim``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from conftest import SAFE, Command

SCRIPT = """
local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
local id = vim.lsp.start_client({ name = 'arlint', cmd = { PYTHON, '-m', 'arlint', 'lsp' }, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, id)
assert(vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 50), 'no diagnostics')
for _, d in ipairs(vim.diagnostic.get(0)) do
  -- columns are bytes of Neovim's own text, made from the positions that were agreed on
  io.write(d.code, ' ', string.sub(lines[d.lnum + 1], d.col + 1, d.end_col), '\\n')
end
local asked = { textDocument = vim.lsp.util.make_text_document_params(), context = { diagnostics = {}, only = { 'source.fixAll' } },
  range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } } }
local client = vim.lsp.get_client_by_id(id)
local answers = client.request_sync('textDocument/codeAction', asked, 30000, 0)
for _, action in ipairs(answers.result) do
  if not action.edit then
    action = client.request_sync('codeAction/resolve', action, 30000, 0).result
  end
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
end
vim.cmd('write')
vim.lsp.stop_client(id)
"""


def test_neovim_shows_the_findings_and_mends_what_is_safe(own: Command) -> None:
    neovim = shutil.which("nvim")
    if neovim is None:
        pytest.skip("nvim is not installed")
    text = "😀 قال اخظغ هنا 🧕🏽 اخظغ.\nثم اخظغ\n"
    path, twin = own.write("a.txt", text), own.write("b.txt", text)
    own.write("session.lua", SCRIPT.replace("PYTHON", f"'{sys.executable}'"))
    environment = {**os.environ, "ARLINT_CACHE_DIR": str(own.cache), "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": str(own.folder), "XDG_DATA_HOME": str(own.folder)}
    done = subprocess.run(
        [neovim, "--headless", "-u", "NONE", "-n", "a.txt", "-c", "luafile session.lua", "-c", "qall!"], cwd=own.folder, env=environment, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.stdout.splitlines() == [f"{SAFE} اخظغ"] * 3, done.stderr
    own("fix", "b.txt")
    assert path.read_text("utf-8") == twin.read_text("utf-8") == text.replace("اخظغ", "إخظغ")
