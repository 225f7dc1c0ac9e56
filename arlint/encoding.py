"""Encodings of Arabic text: their names.

How a ``Document`` keeps the one that it came in is its own business.
"""

from __future__ import annotations

import codecs

#: The encodings that are read and written, by the names that people write.
NAMES = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1256", "iso-8859-6")

_CODECS = {codecs.lookup(name).name: name for name in NAMES}


def canonical(name: str) -> str | None:
    """The name in `NAMES` of the encoding that someone calls ``name`` (``cp1256``, ``UTF8``...); None where it is not among them."""
    try:
        return _CODECS.get(codecs.lookup(name.strip()).name)
    except (LookupError, ValueError):
        return None
