"""The Python interface: ``check(text)``, ``fix(text)`` and ``Linter`` for many texts with one selection of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from arlint import engine, fixes, ruleset
from arlint.document import Document
from arlint.findings import Finding


class Linter:
    """A selection of rules, compiled once.

    ``profile``, ``select``, ``ignore`` and ``preview`` mean what the options of the command mean; ``rule_paths`` are
    folders of one's own rules; ``options`` maps a rule's id to its options.
    """

    def __init__(
        self,
        *,
        profile: str = "editorial",
        select: Sequence[str] | None = None,
        extend_select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        preview: bool = False,
        rule_paths: Sequence[str | Path] = (),
        options: Mapping[str, Mapping[str, str]] | None = None,
        cache: bool = True,
    ) -> None:
        loaded = ruleset.load([Path(p) for p in rule_paths], options, use_cache=cache)
        self.ruleset = loaded.select(profile, select, extend_select, ignore, preview)

    def check(self, text: str, *, title: str | None = None) -> list[Finding]:
        """The findings in ``text``, in order; offsets are code points of ``text`` with CRLF read as one line break."""
        return engine.check(Document(text, title=title), self.ruleset)

    def fix(self, text: str, *, title: str | None = None, unsafe: bool = False) -> str:
        """``text`` repaired by safe fixes, and by unsafe ones too where ``unsafe`` is set."""
        return self.explain(text, title=title, unsafe=unsafe).document.raw

    def explain(self, text: str, *, title: str | None = None, unsafe: bool = False) -> fixes.Outcome:
        """As `fix`, but with what was mended, what remains and any promise that a rule broke."""
        return fixes.fix(Document(text, title=title), self.ruleset, fixes.UNSAFE if unsafe else fixes.SAFE)


@lru_cache(maxsize=1)
def _default() -> Linter:
    return Linter()


def check(text: str, *, title: str | None = None) -> list[Finding]:
    """The findings of the default profile in ``text``."""
    return _default().check(text, title=title)


def fix(text: str, *, title: str | None = None, unsafe: bool = False) -> str:
    """``text`` repaired by the default profile."""
    return _default().fix(text, title=title, unsafe=unsafe)
