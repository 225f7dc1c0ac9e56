"""Text as XML 1.0 takes it: what the format forbids is written as its code point, the rest is escaped."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

#: All but the characters of XML 1.0, section 2.2, production 2, and of those the controls U+007F to U+009F.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def attribute(text: str) -> str:
    """``text`` in the quotation marks of an attribute."""
    return quoteattr(allowed(text))


def allowed(text: str) -> str:
    """``text`` with every character that XML forbids or a terminal obeys written as ``<U+XXXX>``."""
    return _FORBIDDEN.sub(lambda m: f"<U+{ord(m.group()):04X}>", text)


def attributes(values: dict[str, str]) -> str:
    """The attributes of an element, each with a space before it."""
    return "".join(f" {name}={attribute(value)}" for name, value in values.items())
