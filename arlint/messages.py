"""The language that people are spoken to in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arlint.findings import Language

#: The variables that say a user's language, the first one set being the one that counts (POSIX, Environment Variables).
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def language(option: str | None = None, setting: str | None = None, locale: str | None = None, environment: Mapping[str, str] = os.environ) -> Language:
    """Arabic or English: as the option says, else the settings, else ARLINT_LANG, else the locale, else English."""
    system = next((environment[name] for name in LOCALE if environment.get(name)), "")
    for said in (option, setting, environment.get("ARLINT_LANG"), locale or system):
        if said:
            return "ar" if said.lower().replace("-", "_").partition("_")[0].partition(".")[0] == "ar" else "en"
    return "en"


def said(line: str) -> str:
    return line
