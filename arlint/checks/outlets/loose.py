"""What a torn link left loose beside its name: a ل that stands by itself, a verb on both sides, a stop before أن.

Prepositions that lost a whole word are in ``leads``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

from arlint.checks.outlets.grammar import Cue, Grammar, with_lam
from arlint.checks.outlets.names import UNKNOWN, Mention, key
from arlint.checks.outlets.shapes import E, S
from arlint.checks.outlets.stray import named
from arlint.codes import encoded
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets


#: A ل that stands by itself.
LAM = encoded("ل")


def loose_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"(?<=[ \u00a0])(?P<by>ب?حسب{S}+)?(?:ل|لـ(?={S}+ال))[ \u00a0]+(?!\p{{Latin}})(?=\p{{L}})",
        rf"(?P<stop>{S}*\.{S}+)(?=(?:أن|بأن){E})",
        rf"{S}+(?P<again>\p{{L}}+){E}",
        rf"(?:وفق|طبق)(?:ا|ًا|اً){S}+ل(?P<name>ل?\p{{L}}+{S}\p{{L}}+(?:{S}\p{{L}}+)?)(?=[.\u060c])",
    )


def loose(check: Outlets, page: Page) -> Iterator[Hit]:
    """A ل that no word holds before an outlet; a verb or a stop between the outlet and what it reported."""
    text, grammar, names = page.text, check.grammar, check.names
    for by in check.parts[0].finditer(text) if LAM in page.tokens else ():
        mention = named(check, text, by.end())
        if mention and not (mention.noun or mention.quoted or ("\u0640" in by.group() and key(text[mention.start : mention.end]) not in check.bare)):
            source, _ = grammar.phrase(mention, names, None, page.quotation)
            yield Hit(by.start(), mention.end, (Edit(by.start(), mention.end, f"{by['by']}{source}" if by["by"] else with_lam(source)),), {"name": mention.core})
    for cue in grammar.cues_of(page):
        if (cue.kind == "verb" and text[cue.end : cue.end + 1] in (" ", "\u00a0") and names.may_begin(text, cue.end + 1) and (hit := _parted(check, text, cue))) or (
            cue.kind == "preposition" and (match := check.parts[3].match(text, cue.start)) and (hit := _misread(check, page, match))
        ):
            yield hit


def _parted(check: Outlets, text: str, cue: Cue) -> Hit | None:
    """``ذكرت رويترز ذكرت أن``, ``ذكرت رويترز. أن``"""
    verb, mention = check.grammar.read(text[cue.start : cue.end]), check.names.at(text, cue.end + 1)
    if verb is None or mention is None or not mention.certain or mention.outlet == UNKNOWN:
        return None
    if stop := check.parts[1].match(text, mention.end):
        return Hit(mention.start, stop.end(), (Edit(mention.end, stop.end(), " "),), {"name": mention.core})
    again = check.parts[2].match(text, mention.end)
    second = check.grammar.read(again["again"]) if again else None
    if again is None or second is None or second.row != verb.row or second.tense != verb.tense:
        return None
    return Hit(cue.start, again.end(), (Edit(mention.end, again.end(), ""),), {"name": mention.core})


def _misread(check: Outlets, page: Page, match: regex.Match[str]) -> Hit | None:
    """``وفقا للبريد اليومي``: a name of a few words, translated word for word, as the source of a report."""
    form = key(match["name"])
    form = "ال" + form[1:] if form.startswith("ل") else form
    name = None if form.startswith(("مراسل", "علي", "عالم")) else check.bare.get(form)
    if name is None:
        return None
    source, _ = check.grammar.phrase(Mention(*match.span("name"), name, check.names.forms[key(name)]), check.names, None, page.quotation)
    start = match.start("name") - 1
    return Hit(match.start(), match.end(), (Edit(start, match.end(), with_lam(source)),), {"name": name})
