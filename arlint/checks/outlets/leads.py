"""Sources whose preposition lost a part: ``وفقا رويترز``, ``نقلا رويترز``, ``لكل رويترز``.

Prepositions that lost the name itself are in ``sources``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

from arlint.checks.outlets.grammar import Grammar, with_lam
from arlint.checks.outlets.names import UNKNOWN
from arlint.checks.outlets.shapes import E, S, break_before
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

_AFTER = regex.compile(rf"{S}*(?:[.\u060c\n]|$)")


def unled_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"(?P<to>(?:وفق|طبق|تبع)(?:ا|ًا|اً))(?:{S}+[إا]لى)?{S}+(?=[\p{{L}}«“\"])",
        rf"(?P<from>نقل(?:ا|ًا|اً)){S}+(?!عن{E})(?=[\p{{L}}«“\"])",
        rf"(?P<per>لكل){S}+(?=[\p{{L}}«“\"])",
        rf"(?<!\p{{L}})(?P<spoke>و?(?:في{S}+)?حديث(?:ه|ها)|متحدث(?:ا|ًا|اً|ة)){S}+(?=[\p{{L}}])(?=[^\n]{{2,40}}\u060c)",
        rf"نقل(?:ا|ًا|اً){S}+عن(?:{S}+\p{{L}}+){{1,8}}(?={S}*\.(?:\s|$))",
    )


def unled(check: Outlets, page: Page) -> Iterator[Hit]:
    """An outlet behind half a preposition, and one before نقلا عن that ends its sentence without a verb."""
    text, grammar, names = page.text, check.grammar, check.names
    for cue in grammar.cues_of(page):
        if cue.kind != "preposition":
            continue
        if (match := check.parts[0].match(text, cue.start) or check.parts[1].match(text, cue.start)) and names.may_begin(text, match.end()):
            mention = names.at(text, match.end())
            if mention is None or not mention.certain or mention.outlet == UNKNOWN:
                continue
            source, _ = grammar.phrase(mention, names, None, page.quotation)
            lead = match.groupdict()
            new = f"{lead['to']} {with_lam(source)}" if lead.get("to") else f"{lead['from']} عن {source}"
            yield Hit(cue.start, mention.end, (Edit(cue.start, mention.end, new),), {"name": mention.core})
        elif match := check.parts[4].match(text, cue.start):
            end = names.word_end(text, cue.start)
            found = names.before(text, end) if names.may_end(text, end) else None
            if found is None or found.noun or found.quoted or found.prefix or not found.certain or found.outlet == UNKNOWN:
                continue
            kind, left = break_before(text, found.start, grammar.letters)
            if kind in ("stop", "comma"):
                source, gender = grammar.phrase(found, names, None, page.quotation)
                said = "ذكرت" if gender == "f" else "ذكر"
                yield Hit(left, match.end(), (Edit(left, found.end, f"، حسبما {said} {source}"),), {"name": found.core})
    for match in check.parts[2].finditer(text) if "لكل" in text else ():
        mention = names.at(text, match.end()) if names.may_begin(text, match.end()) else None
        if mention and mention.certain and not mention.noun and mention.outlet != UNKNOWN and _AFTER.match(text, mention.end):
            source, _ = grammar.phrase(mention, names, None, page.quotation)
            yield Hit(match.start(), mention.end, (Edit(match.start(), mention.end, f"بحسب {source}"),), {"name": mention.core})
    for match in check.parts[3].finditer(text) if "حديث" in text or "متحدث" in text else ():
        mention = names.at(text, match.end()) if names.may_begin(text, match.end()) else None
        if mention and mention.certain and not mention.noun and mention.outlet != UNKNOWN and _AFTER.match(text, mention.end):
            source, _ = grammar.phrase(mention, names, None, page.quotation)
            yield Hit(match.start(), mention.end, (Edit(match.end() - 1, mention.end, f" إلى {source}"),), {"name": mention.core})
