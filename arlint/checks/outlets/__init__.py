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
from arlint.checks.outlets.loose import LAM
from arlint.checks.outlets.names import Names, folded_words, key, pack, unpack
from arlint.codes import encoded
from arlint.findings import Hit
from arlint.page import Page
from arlint.rules import nearest

#: Shapes of a bare name in running text: a page whose words make no name has none of them.
_NAMED = frozenset(("addressed", "nominal", "unled", "copied", "loose", "stopped", "unmarked"))

Shape = Literal[
    "alone", "torn", "told", "addressed", "and-verb", "nominal", "unled", "hung", "copied", "first", "loose", "stopped", "unmarked", "split", "orphan", "repeated", "agreement", "mistranslated"
]


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``shape`` is what happened to the name. ``outlets`` names the lexicon lists to look names up in, ``reporting`` the
    lexicon of verbs, head nouns and phrases, ``mistranslated`` a list of what machines print instead of a name, and ``bare``
    one of what they print without a head noun.
    """

    shape: Shape
    outlets: list[str] = msgspec.field(default_factory=lambda: ["outlets.outlets"])
    reporting: str = "reporting"
    mistranslated: str | None = None
    bare: str | None = None


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
    bare: dict[str, str]
    evidence: tuple[Outlets, ...] = ()

    @cached_property
    def names(self) -> Names:
        """The names, unpacked once a process for all rules that look in the same lexicons."""
        return unpack(self.packed, frozenset(self.grammar.nouns), self.grammar.nisbas)

    @cached_property
    def _misread(self) -> dict[bytes, list[tuple[bytes, tuple[bytes, ...]]]]:
        """Forms of ``bare`` without an article, and their words behind the first, by the longest of these."""
        found: dict[bytes, list[tuple[bytes, tuple[bytes, ...]]]] = {}
        for form in self.bare:
            if rest := tuple(map(encoded, form.split(" ")[1:])):
                found.setdefault(max(rest, key=len), []).append((encoded(form.removeprefix("ال")), rest))
        return found

    def misread(self, words: list[bytes]) -> bool:
        """Whether ``words``, as keys, hold a form of ``bare`` of more than one word, whatever stands before it."""
        known = self._misread
        if not (told := known.keys() & words):
            return False
        run = b" ".join(words) + b" "
        return any(form + b" " in run for word in told for form, _ in known[word])

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in ("names", "_misread")}

    def hits(self, page: Page) -> Iterator[Hit]:
        if page.is_verse:
            return
        if self.shape in _NAMED:
            hit = next(hits := _shapes()[self.shape][1](self, page), None)
            if hit is not None and self._named(page):
                yield hit
                yield from hits
        else:
            yield from _shapes()[self.shape][1](self, page)

    def _named(self, page: Page) -> bool:
        """Whether the words of ``page`` can make a name, printed right or not."""
        words = folded_words(page)
        return self.names.possible(page) or any(words.issuperset(rest) for word in self._misread.keys() & words for _, rest in self._misread[word])

    @property
    def kin(self) -> Shape:
        return self.shape

    def possible(self, page: Page) -> bool:
        """Whether the page has a word that the shape begins at."""
        if (kinds := _KINDS.get(self.shape)) is None or any(cue.kind in kinds for cue in self.grammar.cues_of(page)):
            return True
        if self.shape == "nominal":
            return (found := self.names.firsts(page)) is None or bool(found[1])
        if self.shape == "loose":
            return LAM in page.tokens
        return any(said in page.text for said in _SAID.get(self.shape, ()))


#: Kinds of cue of which a page with the shape has one, and words that some shapes are looked for at besides.
_KINDS: dict[Shape, frozenset[str]] = {
    "torn": frozenset(("verb", "told", "stand-in")),
    "told": frozenset(("verb", "told")),
    "addressed": frozenset(("verb", "told")),
    "and-verb": frozenset(("verb",)),
    "nominal": frozenset(("verb", "stand-in", "preposition")),
    "unled": frozenset(("preposition",)),
    "first": frozenset(("verb", "told", "noun", "stand-in", "")),
    "loose": frozenset(("verb", "preposition")),
    "split": frozenset(("noun", "preposition", "verb")),
    "orphan": frozenset(("preposition", "verb")),
    "repeated": frozenset(("noun",)),
    "agreement": frozenset(("verb",)),
    "mistranslated": frozenset(("noun",)),
}
_SAID: dict[Shape, tuple[str, ...]] = {"addressed": (":",), "unled": ("لكل", "حديث", "متحدث"), "first": ("ول من", "في مقال", "حسب ما ورد")}


@lru_cache(maxsize=1)
def _shapes() -> dict[str, tuple[Callable[[Grammar], tuple[str, ...]], Callable[[Outlets, Page], Iterator[Hit]]]]:
    """For every shape the expressions that it needs, and the function that judges one page."""
    from arlint.checks.outlets import alone as alone_
    from arlint.checks.outlets import copies, leads, loose, sources, stray
    from arlint.checks.outlets import first as first_
    from arlint.checks.outlets import hung as hung_
    from arlint.checks.outlets import nominal as nominal_
    from arlint.checks.outlets import told as told_
    from arlint.checks.outlets import torn as torn_

    return {
        "alone": (alone_.alone_parts, alone_.alone),
        "torn": (torn_.torn_parts, torn_.torn),
        "told": (told_.told_parts, told_.told),
        "addressed": (told_.addressed_parts, told_.addressed),
        "and-verb": (nominal_.and_verb_parts, nominal_.and_verb),
        "nominal": (nominal_.nominal_parts, nominal_.nominal),
        "unled": (leads.unled_parts, leads.unled),
        "hung": (hung_.hung_parts, hung_.hung),
        "copied": (copies.copied_parts, copies.copied),
        "first": (first_.first_parts, first_.first),
        "loose": (loose.loose_parts, loose.loose),
        "stopped": (stray.stopped_parts, stray.stopped),
        "unmarked": (stray.unmarked_parts, stray.unmarked),
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
    wrong = _misread(form.mistranslated, context)
    if form.shape == "mistranslated" and not form.mistranslated:
        raise Mistake("shape", "shape 'mistranslated' needs 'mistranslated: lexicon.key'")
    bare = _misread(form.bare, context)

    def shaped(shape: Shape, evidence: tuple[Outlets, ...] = ()) -> Outlets:
        parts = _shapes()[shape][0](grammar)
        return Outlets(shape, packed, grammar, tuple(regex.compile(part, regex.MULTILINE) for part in parts), wrong, bare, evidence)

    # an outlet before its verb is torn where others of the page are
    return shaped(form.shape, tuple(map(shaped, _TORN)) if form.shape == "nominal" else ())


_TORN: tuple[Shape, ...] = ("torn", "and-verb", "alone", "addressed")


def _misread(reference: str | None, context: Context) -> dict[str, str]:
    """What the lexicon list says machines print for a name, as keys, with the name."""
    return {key(form): name for name, forms in context.lexicons.get(reference).items() for form in forms} if reference else {}
