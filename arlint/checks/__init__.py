"""Kinds of check, one module each: what a rule file names under ``check``.

A module holds ``Form``, the keys that its rules may set, and ``compile``, which makes of them a `Check`. It yields hits and
knows nothing of rules, families or files.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Set
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from arlint.findings import Hit
from arlint.page import Page
from arlint.rules import Lexicons, Rule, RuleError

KINDS = (
    "bylines",
    "captions",
    "company",
    "duplicates",
    "furniture",
    "invisibles",
    "lines",
    "lookalikes",
    "majority",
    "mojibake",
    "outlets",
    "pairs",
    "pattern",
    "rims",
    "seams",
    "spaces",
    "strays",
    "suppressions",
    "tags",
    "undecodable",
    "variants",
    "words",
)


class Check(Protocol):
    """A compiled rule: pure, picklable, and free to be called for any number of pages."""

    def hits(self, page: Page) -> Iterator[Hit]:
        """The places of ``page`` that the rule objects to, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What compiling a rule may draw on: the lexicons, and the chosen value of each of its options."""

    lexicons: Lexicons
    options: Mapping[str, str]


class Mistake(ValueError):
    """A parameter that cannot be compiled: ``where`` is its key, the text says what to write instead."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


def prefilters_of(check: Check) -> list[str] | None:
    """Expressions of which one matches wherever ``check`` has a hit; None where the check always has to run.

    A check says so in a method ``prefilters``; most derive it from the expression that they run anyway.
    """
    says = getattr(check, "prefilters", None)
    return says() if says else None


def vocabulary_of(check: Check) -> Set[str] | None:
    """Bare words (`Page.vocabulary`) of which one stands wherever ``check`` has a hit; None where words say nothing of it."""
    says = getattr(check, "vocabulary", None)
    return says() if says else None


def phrases_of(check: Check) -> list[str] | None:
    """Phrases of which one stands wherever ``check`` has a hit, however their letters are spelled and their words are parted;
    one with ``^`` opens a line. None where phrases say nothing of it.
    """
    says = getattr(check, "phrases", None)
    return says() if says else None


def teller_of(check: Check) -> Callable[[str], bool] | None:
    """What says of a bare word whether it may be one that ``check`` has a hit for, whatever else stands on the page: a page
    without such a word has no hit. None where single words say nothing of it.
    """
    tells: Callable[[str], bool] | None = getattr(check, "tells", None)
    return tells


def question_of(check: Check) -> tuple[Hashable, Callable[[Page], bool]] | None:
    """A look at a page, dearer than words and expressions and cheaper than ``hits``, that says whether ``check`` can have any
    hit; and a name for all checks (``kin``) that the answer holds for. None where a check has no method ``possible``.
    """
    asks: Callable[[Page], bool] | None = getattr(check, "possible", None)
    return (getattr(check, "kin", id(check)), asks) if asks else None


def form_of(kind: str) -> Any:
    """The msgspec form of a kind's parameters."""
    return import_module(f"arlint.checks.{kind}").Form


def compile_rule(rule: Rule, lexicons: Lexicons, options: Mapping[str, str]) -> Check:
    """The check that ``rule`` asks for. Raises `RuleError` at the line of the parameter that is wrong."""
    from pathlib import Path

    from arlint.schema import convert

    module = import_module(f"arlint.checks.{rule.check}")
    form = convert(dict(rule.parameters), module.Form, dict(rule.lines), Path(rule.path))
    chosen = {name: options.get(name, choices[0]) for name, choices in rule.options.items()}
    try:
        check: Check = module.compile(form, Context(lexicons, chosen))
    except Mistake as mistake:
        raise RuleError(rule.path, rule.lines.get(f"$.{mistake.where}"), f"{mistake.where}: {mistake}") from None
    except KeyError as error:
        raise RuleError(rule.path, rule.lines.get("$.check"), str(error.args[0])) from None
    return check
