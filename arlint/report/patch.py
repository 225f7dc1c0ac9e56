"""The change that fixing would make, as a unified diff that `patch` and `git apply` take."""

from __future__ import annotations

import difflib
import re


def unified(old: str, new: str, path: str) -> str:
    """The patch from ``old`` to ``new``; lines end at line feeds only, and a missing last one is said as `diff` says it."""
    name = path.lstrip("/").replace("\n", "\\n")
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
