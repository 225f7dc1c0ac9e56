"""`arlint lsp`: the editor server, spoken to over standard input and output.

``text`` keeps the open documents and counts positions, ``lane`` runs the check in a process of its own (``worker``), ``answers``
makes diagnostics and repairs of findings, ``server`` speaks the protocol. The engine is imported by the worker only.
"""

from __future__ import annotations

#: How to come by what the server needs.
INSTALL = "pip install 'arlint[lsp]'"


def missing() -> str | None:
    """Why the server cannot start, or None where its extra is installed."""
    from importlib.util import find_spec

    return None if find_spec("pygls") and find_spec("lsprotocol") else f"the editor server needs its extra: {INSTALL}"


def serve() -> None:
    """Answer the editor until it says exit."""
    from arlint.lsp.server import Server

    Server().start_io()
