"""Expressions of rule files: ``{{names}}`` filled in, traps of Arabic in regexes refused, compiled with a time limit.

``{{letter}}``, ``{{word}}``, ``{{b}}``, ``{{e}}``... are classes of `arabic.CLASSES`; ``{{credits.agencies}}`` is the
alternation of a lexicon's list as spelled, ``{{~credits.agencies}}`` the same with hamzas and spacing left loose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import regex

from arlint.arabic import CLASSES, bare, loose
from arlint.checks import Mistake
from arlint.page import Page
from arlint.rules import Lexicons, nearest

#: Seconds that one expression may spend on one document before it is given up as a runaway.
TIME_LIMIT = 5.0

SKIPPED = ("url", "email", "handle", "hashtag", "quran", "vowelled")
"""Protected spans that rules leave alone unless they say otherwise."""

_NAME = regex.compile(r"\{\{(~?)([a-z][a-z0-9.-]*)\}\}")
_PRESENTATION = regex.compile(r"[\uFB50-\uFDF9\uFE70-\uFEFC]")
_BOUNDARY = regex.compile(r"(?:[\u0600-\u06ff\]})]\\b)|(?:\\b[\u0600-\u06ff\[({])")


class Runaway(RuntimeError):
    """An expression took longer than `TIME_LIMIT` on one document."""


def expand(expression: str, lexicons: Lexicons) -> str:
    """``expression`` with its ``{{names}}`` filled in. Raises KeyError for a name that nobody knows."""

    def fill(match: regex.Match[str]) -> str:
        is_loose, name = match.groups()
        if "." not in name:
            if name not in CLASSES:
                raise KeyError(f"no class '{name}'{nearest(name, CLASSES)}; there are {', '.join(CLASSES)}, or lexicon.key")
            return CLASSES[name]
        spell = loose if is_loose else _literal
        return either([spell(c) for c in (bare(phrase) if is_loose else phrase)] for phrase in lexicons.phrases(name))

    return str(_NAME.sub(fill, expression))


def _literal(character: str) -> str:
    return str(regex.escape(character, special_only=True))


def either(spellings: Iterable[Sequence[str]]) -> str:
    """An expression for any of ``spellings``, the longest first; each is a sequence of pieces, one a letter.

    Shared beginnings are written once. A bare alternation of 350 places is tried place by place wherever a line begins;
    this way a wrong first letter ends the attempt.
    """
    root: dict[str, Any] = {}
    for pieces in spellings:
        node = root
        for piece in pieces:
            node = node.setdefault(piece, {})
        node[""] = {}

    def written(node: dict[str, Any]) -> str:
        branches = [piece + written(rest) for piece, rest in sorted(node.items()) if piece]
        if not branches:
            return ""
        body = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
        return f"(?:{body})?" if "" in node else body

    return f"(?:{written(root)})"


def compile_expression(expression: str, lexicons: Lexicons, where: str, *, fold_case: bool = False) -> regex.Pattern[str]:
    """The compiled ``expression``. Raises `Mistake` for what never matches Arabic as its writer thinks."""
    if bad := _PRESENTATION.search(expression):
        raise Mistake(where, f"a presentation form (U+{ord(bad.group()):04X}) in a pattern never meets ordinary text: write the plain letter")
    if unicodedata.normalize("NFC", expression) != expression:
        raise Mistake(where, "the order of its marks changes under NFC, so it would miss normalised text: write shadda after the vowel's NFC order")
    if _BOUNDARY.search(expression):
        raise Mistake(where, r"\b next to Arabic breaks words at their marks: write {{b}} before a word and {{e}} after it")
    try:
        return _compiled(expand(expression, lexicons), regex.MULTILINE | (regex.IGNORECASE if fold_case else 0))
    except regex.error as error:
        raise Mistake(where, f"not a valid expression: {error}") from None
    except KeyError as error:
        raise Mistake(where, str(error.args[0])) from None
    except RecursionError:
        raise Mistake(where, "not a valid expression: nested too deeply") from None


@lru_cache(maxsize=1024)
def _compiled(expression: str, flags: int) -> regex.Pattern[str]:
    return regex.compile(expression, flags)


def matches(pattern: regex.Pattern[str], text: str, start: int = 0, end: int | None = None) -> Iterator[regex.Match[str]]:
    """Every match, or `Runaway` once the expression has had its time."""
    try:
        yield from pattern.finditer(text, start, len(text) if end is None else end, timeout=TIME_LIMIT)
    except TimeoutError:
        raise Runaway(f"its expression ran longer than {TIME_LIMIT:g} s on one document") from None


def span_of(match: regex.Match[str]) -> tuple[int, int]:
    """The span of the group named ``found``, or of the whole match."""
    return match.span("found") if "found" in match.re.groupindex and match.start("found") >= 0 else match.span()


def groups_of(match: regex.Match[str]) -> dict[str, str]:
    """The named parts of a match; parts that took no part are empty."""
    return {name: value or "" for name, value in match.groupdict().items()}


def allowed(page: Page, skip: tuple[str, ...], start: int, end: int) -> bool:
    """Whether a hit from ``start`` to ``end`` stays clear of the protected spans named in ``skip``."""
    return not page.touches(skip, start, max(end, start + 1))


def checked_skip(skip: list[str] | None, where: str = "skip") -> tuple[str, ...]:
    """``skip`` as given, all protected spans where it is not. Raises `Mistake` for an unknown kind."""
    for kind in skip or ():
        if kind not in SKIPPED:
            raise Mistake(where, f"no protected span '{kind}'{nearest(kind, SKIPPED)}; there are {', '.join(SKIPPED)}")
    return SKIPPED if skip is None else tuple(skip)
