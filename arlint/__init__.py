"""arlint finds and repairs what scrapers, pages and machine translation leave behind in Arabic articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from arlint.api import Linter, check, fix
    from arlint.findings import Edit, Finding, Fix

__all__ = ["Edit", "Finding", "Fix", "Linter", "__version__", "check", "fix"]

_HOMES = {"Linter": "api", "check": "api", "fix": "api", "Edit": "findings", "Finding": "findings", "Fix": "findings"}


def __getattr__(name: str) -> object:
    """Public names come in when they are first used: ``arlint --version`` should not pay for the engine."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'arlint' has no attribute '{name}'")
    return getattr(import_module(f"arlint.{_HOMES[name]}"), name)
