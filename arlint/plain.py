"""What people are shown of text and paths that hold characters that print would hide, or bytes that are no text."""

from __future__ import annotations

import os
import unicodedata


def name_of(character: str) -> str:
    """``U+200F RIGHT-TO-LEFT MARK`` for a character that print would hide."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL CHARACTER')}"


def visible(text: str) -> str:
    """``text`` with its control, format and odd space characters written as U+XXXX names, line breaks as a pilcrow sign."""
    out = []
    for c in text:
        if c == "\n":
            out.append("¶")
        elif c == " " or c.isprintable():
            out.append(c)
        elif unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cn"):
            out.append(f"<{name_of(c)}>")
        else:
            out.append(c)
    return "".join(out)


def shown(path: str) -> str:
    """``path`` as text that can be printed: bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
