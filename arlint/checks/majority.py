"""``majority``: two habits in one article, each of them right. The places of the rarer habit are reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
import regex

from arlint.checks import Context, Mistake
from arlint.checks.expressions import allowed, checked_skip, compile_expression, matches, span_of
from arlint.findings import Edit, Hit
from arlint.page import Page


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``styles`` names the expressions of two or more habits; ``rewrite`` says how a place of another habit is written
    in each of them. As frequent ones are settled by the order of the list.
    """

    styles: dict[str, str]
    rewrite: dict[str, str] = msgspec.field(default_factory=dict)
    skip: list[str] | None = None


@dataclass(frozen=True)
class Majority:
    styles: Mapping[str, regex.Pattern[str]]
    rewrite: Mapping[str, str]
    skip: tuple[str, ...]

    def hits(self, page: Page) -> Iterator[Hit]:
        places = {name: [span for m in matches(pattern, page.text) if allowed(page, self.skip, *(span := span_of(m)))] for name, pattern in self.styles.items()}
        if sum(map(bool, places.values())) < 2:
            return
        winner = max(places, key=lambda name: len(places[name]))
        new = self.rewrite.get(winner)
        for start, end in sorted(span for name, spans in places.items() if name != winner for span in spans):
            yield Hit(start, end, None if new is None else (Edit(start, end, new),), {"style": winner, "count": str(len(places[winner]))})


def compile(form: Form, context: Context) -> Majority:
    if len(form.styles) < 2:
        raise Mistake("styles", "a majority is one of two styles or more")
    if form.rewrite and form.rewrite.keys() != form.styles.keys():
        raise Mistake("rewrite", f"give one for each style: {', '.join(form.styles)}")
    styles = {name: compile_expression(pattern, context.lexicons, "styles") for name, pattern in form.styles.items()}
    return Majority(styles, form.rewrite, checked_skip(form.skip))
