"""``words``: lists of wrong and right spellings that see through tashkeel, tatweel and proclitics.

Each wrong form is written out behind every proclitic it may carry when the rule is compiled, so that a page costs one
meeting of two sets. The replacement keeps the proclitic, and the marks on the letters that do not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from zlib import compress, decompress

import msgspec
import regex

from arlint.arabic import MARK, bare, give_back_marks, with_proclitics
from arlint.checks import Context, Mistake
from arlint.checks.expressions import allowed, checked_skip, compile_expression
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.persian import reads_foreign

_MARKS = rf"[{MARK}\u0640]*"

Pairs = dict[str, str]
Proclitics = Literal["none", "conjunctions", "prepositions", "all"]


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``words`` maps wrong to right (an empty right is reported only), or names one or more ``lexicon.key`` mappings.
    ``proclitics`` says what may stand before a word, for all or by list; ``except`` names written forms that are words
    of their own; one with marks counts where those marks are written. ``before`` and ``after`` must match the text right before and after the word; ``unless-before`` and
    ``unless-after`` must not. ``at-least``, ``at-most`` bound how many hits a document may have to be reported one by
    one; ``once`` reports the first alone, with ``{count}``.
    """

    words: Pairs | str | list[str]
    proclitics: Proclitics | dict[str, Proclitics] = "none"
    except_: str | list[str] = msgspec.field(default_factory=list, name="except")
    before: str | None = None
    after: str | None = None
    unless_before: str | None = None
    unless_after: str | None = None
    at_least: int = 1
    at_most: int | None = None
    once: bool = False
    verse: Literal["allow", "skip"] = "skip"
    skip: list[str] | None = None


@dataclass(frozen=True)
class Words:
    form: Form
    pairs: Mapping[str, str]
    before: regex.Pattern[str] | None
    after: regex.Pattern[str] | None
    unless_before: regex.Pattern[str] | None
    unless_after: regex.Pattern[str] | None
    skip: tuple[str, ...]
    #: exceptions that their marks tell from a wrong spelling
    marked: regex.Pattern[str] | None = None

    def __getstate__(self) -> dict[str, object]:
        # two long strings load several times faster than tens of thousands of short ones, and pack into a fifth
        return {**self.__dict__, "pairs": tuple(compress("\n".join(part).encode(), 1) for part in (self.pairs, self.pairs.values()))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, pairs=_unpacked(*state["pairs"]))

    def vocabulary(self) -> Set[str]:
        return self.pairs.keys()

    def hits(self, page: Page) -> Iterator[Hit]:
        if self.form.verse == "skip" and page.is_verse:
            return
        if self.form.at_least == 1 and self.form.at_most is None and not self.form.once:
            yield from self._hits(page)
            return
        found = list(self._hits(page))
        if len(found) < self.form.at_least or (self.form.at_most is not None and len(found) > self.form.at_most):
            return
        count = {"count": str(len(found))}
        if not self.form.once:
            yield from (Hit(h.start, h.end, h.edits, {**h.values, **count}) for h in found)
        elif all(h.edits is not None for h in found):
            every = tuple(edit for h in found for edit in h.edits or ())
            yield Hit(found[0].start, found[0].end, every, {**found[0].values, **count})
        else:
            yield Hit(found[0].start, found[0].end, None, {**found[0].values, **count})

    def _hits(self, page: Page) -> Iterator[Hit]:
        for start, end, word in page.places(self.pairs.keys()):
            if not self._stands(page.text, start, end) or not allowed(page, self.skip, start, end) or reads_foreign(page.text, start, end):
                continue
            token, right = page.text[start:end], self.pairs[word]
            if self.marked and self.marked.fullmatch(token):
                continue
            new = give_back_marks(token, right) if right else ""
            yield Hit(start, end, (Edit(start, end, new),) if right else None, {"word": token, "right": new})

    def _stands(self, text: str, start: int, end: int) -> bool:
        if end < len(text) and text[end].isalpha():  # a Persian or presentation-form letter follows: not our word
            return False
        if start and text[start - 1].isalpha():
            return False
        before, after = text[max(0, start - 80) : start], text[end : end + 80]
        return (
            (self.before is None or _ends(self.before, before))
            and (self.after is None or self.after.match(after) is not None)
            and (self.unless_before is None or not _ends(self.unless_before, before))
            and (self.unless_after is None or self.unless_after.match(after) is None)
        )


@lru_cache(maxsize=16)
def _unpacked(wrong: bytes, right: bytes) -> Mapping[str, str]:
    """The pairs that were packed, once for all rules that have the same."""
    words, meant = (decompress(part).decode().split("\n") for part in (wrong, right))
    return dict(zip(words, meant, strict=True)) if words != [""] else {}


def _ends(pattern: regex.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def compile(form: Form, context: Context) -> Words:
    exceptions = set(context.lexicons.phrases(form.except_) if isinstance(form.except_, str) else form.except_)
    written = _written(form, context)
    marked = [word for word in exceptions if bare(word) != word]
    for word in exceptions:
        written.pop(word, None)

    def edge(name: str, shape: str) -> regex.Pattern[str] | None:
        value = getattr(form, name)
        return compile_expression(shape.format(value), context.lexicons, name.replace("_", "-")) if value else None

    return Words(
        form,
        written,
        edge("before", r"(?:{})\Z"),
        edge("after", r"(?:{})"),
        edge("unless_before", r"(?:{})\Z"),
        edge("unless_after", r"(?:{})"),
        checked_skip(form.skip),
        regex.compile("|".join(_with_any_marks(word) for word in sorted(marked))) if marked else None,
    )


def _with_any_marks(word: str) -> str:
    """An expression for ``word`` with its own marks at least, and whatever others a page adds to them."""
    return "".join(f"(?={_MARKS}{char})" if regex.fullmatch(_MARKS, char) else f"{_MARKS}{char}" for char in word) + _MARKS


def _written(form: Form, context: Context) -> Pairs:
    """Every wrong spelling as it may stand on a page, with the right one."""
    names = [form.words] if isinstance(form.words, str) else form.words
    sources = [("", names)] if isinstance(names, dict) else [(name, context.lexicons.get(name)) for name in names]
    written: Pairs = {}
    listed: Pairs = {}
    for name, pairs in sources:
        kinds = form.proclitics if isinstance(form.proclitics, str) else form.proclitics.get(name, "none")
        listed |= pairs
        for wrong, right in pairs.items():
            if bare(wrong) != wrong:
                raise Mistake("words", f"'{wrong}' is listed with marks or tatweel; list the bare letters, marks are seen through")
            behind = with_proclitics(right, kinds) if right else [("", "")] * 99
            for (prefix, rest), (right_prefix, right_rest) in zip(with_proclitics(wrong, kinds), behind, strict=False):
                if prefix == right_prefix or not right:
                    written.setdefault(prefix + rest, right_prefix + right_rest if right else "")
    written |= listed
    for word in set(listed.values()):
        written.pop(word, None)
    return written
