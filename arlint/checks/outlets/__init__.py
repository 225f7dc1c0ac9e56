"""``outlets``: names of news outlets that lost their place in the sentence (they were links), one ``shape`` of loss a rule.

Names are matched in ``names``, phrases built in ``grammar``; each shape is one function of ``alone``,
``shapes`` or ``sources``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import msgspec
import regex

from arlint.checks import Context, Mistake
from arlint.checks.outlets.grammar import Grammar, compile_grammar
from arlint.checks.outlets.names import Names, key, pack, unpack
from arlint.findings import Hit
from arlint.page import Page
from arlint.rules import nearest

Shape = Literal["alone", "torn", "told", "and-verb", "split", "orphan", "repeated", "agreement", "mistranslated"]


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``shape`` is what happened to the name. ``outlets`` names the lexicon lists to look names up in, ``reporting`` the
    lexicon of verbs, head nouns and phrases, ``mistranslated`` a list of what machines print instead of a name.
    """

    shape: Shape
    outlets: list[str] = msgspec.field(default_factory=lambda: ["outlets.outlets"])
    reporting: str = "reporting"
    mistranslated: str | None = None


@dataclass(eq=False)
class Outlets:
    """A compiled rule: what must stand around a name for it to be out of place (``parts``, by shape), and what is needed to
    judge and mend it.
    """

    shape: Shape
    packed: bytes
    grammar: Grammar
    parts: tuple[regex.Pattern[str], ...]
    wrong: dict[str, str]

    @cached_property
    def names(self) -> Names:
        """The names, unpacked once a process for all rules that look in the same lexicons."""
        return unpack(self.packed, frozenset(self.grammar.nouns), self.grammar.nisbas)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "names"}

    def hits(self, page: Page) -> Iterator[Hit]:
        if not page.is_verse:
            yield from _shapes()[self.shape][1](self, page)


@lru_cache(maxsize=1)
def _shapes() -> dict[str, tuple[Callable[[Grammar], tuple[str, ...]], Callable[[Outlets, Page], Iterator[Hit]]]]:
    """For every shape the expressions that it needs, and the function that judges one page."""
    from arlint.checks.outlets import alone as alone_
    from arlint.checks.outlets import shapes, sources

    return {
        "alone": (alone_.alone_parts, alone_.alone),
        "torn": (shapes.torn_parts, shapes.torn),
        "told": (shapes.told_parts, shapes.told),
        "and-verb": (shapes.and_verb_parts, shapes.and_verb),
        "split": (sources.split_parts, sources.split),
        "orphan": (sources.orphan_parts, sources.orphan),
        "repeated": (sources.noun_parts, sources.repeated),
        "agreement": (sources.agreement_parts, sources.agreement),
        "mistranslated": (sources.noun_parts, sources.mistranslated),
    }


def compile(form: Form, context: Context) -> Outlets:
    try:
        packed = pack(context.lexicons.get(reference) for reference in form.outlets)
    except ValueError as error:
        raise Mistake("outlets", str(error)) from None
    if form.reporting not in context.lexicons.data:
        raise Mistake("reporting", f"no lexicon '{form.reporting}'{nearest(form.reporting, context.lexicons.data)}")
    try:
        grammar = compile_grammar(context.lexicons.data[form.reporting], context.lexicons)
    except KeyError as error:
        raise Mistake("reporting", f"lexicon '{form.reporting}' has no {error}") from None
    wrong: dict[str, str] = {}
    if form.mistranslated:
        for name, forms in context.lexicons.get(form.mistranslated).items():
            wrong.update((key(wrong_form), name) for wrong_form in forms)
    elif form.shape == "mistranslated":
        raise Mistake("shape", "shape 'mistranslated' needs 'mistranslated: lexicon.key'")
    return Outlets(form.shape, packed, grammar, tuple(regex.compile(part, regex.MULTILINE) for part in _shapes()[form.shape][0](grammar)), wrong)
