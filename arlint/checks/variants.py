"""``variants``: one term spelled in two ways in one article. The rarer spellings are reported with the commoner one as the fix.

A set is a list of rows; the spellings of a row say the same thing in the same order (أمريكي, أميركي), so that an article
that has أمريكي once and الأميركية three times is of two minds. Forms inside quotation marks are somebody else's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
import regex

from arlint.arabic import give_back_marks, with_proclitics
from arlint.checks import Context, Mistake
from arlint.checks.expressions import allowed, checked_skip
from arlint.findings import Edit, Hit
from arlint.page import Page, Span, overlaps

_QUOTED = regex.compile(r'«[^«»\n]{1,80}»|“[^“”\n]{1,80}”|"[^"\n]{1,80}"')

Sets = dict[str, list[list[str]]]


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``sets`` (or a ``lexicon.key``) names sets of rows of spellings, the preferred one first in each row. An option
    ``style`` of the rule chooses which spelling wins: ``majority`` of the article, or the ``preferred`` one.
    """

    sets: Sets | str
    skip: list[str] | None = None


@dataclass(frozen=True)
class Variants:
    form: Form
    #: written form to set, column, and what it is in every column
    forms: Mapping[str, tuple[str, int, tuple[str, ...]]]
    preferred: bool
    skip: tuple[str, ...]

    def hits(self, page: Page) -> Iterator[Hit]:
        if len({self.forms[word][:2] for word in page.vocabulary & self.forms.keys()}) < 2:
            return
        quoted: list[Span] = [m.span() for m in _QUOTED.finditer(page.text)]
        found = [(start, end, *self.forms[word]) for start, end, word in page.places(self.forms.keys()) if not overlaps(quoted, start, end) and allowed(page, self.skip, start, end)]
        counts: dict[str, Counter[int]] = {}
        for _, _, name, column, _ in found:
            counts.setdefault(name, Counter())[column] += 1
        for start, end, name, column, row in found:
            columns = counts[name]
            if len(columns) < 2:
                continue
            # of two that are as frequent the preferred one wins, and it stands first
            winner = min(columns) if self.preferred else max(columns, key=lambda c: (columns[c], -c))
            if column != winner:
                token = page.text[start:end]
                yield Hit(start, end, (Edit(start, end, give_back_marks(token, row[winner])),), {"right": row[winner], "count": str(columns[winner])})


def compile(form: Form, context: Context) -> Variants:
    sets: Sets = context.lexicons.get(form.sets) if isinstance(form.sets, str) else form.sets
    forms: dict[str, tuple[str, int, tuple[str, ...]]] = {}
    for name, rows in sets.items():
        for row in rows:
            if len({len(other) for other in rows}) != 1 or len(row) < 2:
                raise Mistake("sets", f"the rows of '{name}' need one spelling a column, in the same order")
            shapes = [with_proclitics(word, "all") for word in row]
            if len({len(shaped) for shaped in shapes}) != 1:
                raise Mistake("sets", f"the spellings of '{row[0]}' open with ال together or not at all")
            for column, shaped in enumerate(shapes):
                for place, (prefix, rest) in enumerate(shaped):
                    written = prefix + rest
                    if forms.setdefault(written, (name, column, tuple("".join(other[place]) for other in shapes)))[:2] != (name, column):
                        raise Mistake("sets", f"'{written}' stands in two sets or columns: {forms[written][0]} and {name}")
    return Variants(form, forms, context.options.get("style") == "preferred", checked_skip(form.skip))
