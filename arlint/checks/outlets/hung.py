"""Names that hang on the end of a sentence by a comma alone: ``، بلومبرغ.``, ``، ل بوبليكو.``, ``، لكل موعد نهائي.``

Names that are sentences of their own are in ``alone``, halves of longer prepositions in ``leads``.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from arlint.checks.outlets.grammar import Grammar
from arlint.checks.outlets.names import SHARED, UNKNOWN, Mention, key
from arlint.checks.outlets.shapes import WORD, S, sentence_start, words_before
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

# Fewer words than these before the comma make a dateline or an item of a list, and no clause that may have a source.
_OF_CLAUSE, _OF_SENTENCE = 4, 5
_ASIDE = frozenset(("هي", "وهي", "هو", "وهو", "مثل", "منها", "بينها", "وسايل", "صحف", "قنوات", "وكالات", "شبكات", "مواقع", "مجلات", "شركات", "موسسات", "كبري", "منافس", "منافسه", "منافستها"))
# People whom a name that is an outlet's too may explain.
_PERSONS = frozenset(
    (
        "العمده",
        "عمده",
        "الرييس",
        "رييس",
        "رييسها",
        "الملياردير",
        "المرشح",
        "السيد",
        "الاعمال",
        "موسسها",
        "موسس",
        "صديقه",
        "زوجها",
        "الموسس",
        "المدير",
        "المحامي",
        "الكاتب",
        "اللاعب",
        "المدرب",
        "المخرج",
        "منافسه",
        "زميله",
        "خصمه",
    )
)


def hung_parts(grammar: Grammar) -> tuple[str, ...]:
    return (rf"\u060c{S}+(?P<per>لكل{S}+)?(?P<lam>لـ?{S}+)?(?P<name>(?!\p{{Latin}})\p{{L}}[^\n.\u060c:؛؟!«»\"“”()\u2013]{{1,44}})\.(?=\s|$)",)


def hung(check: Outlets, page: Page) -> Iterator[Hit]:
    """An outlet, and nothing else, between a comma and the stop: "per" it, in the original."""
    text = page.text
    for match in check.parts[0].finditer(text):
        if match["per"]:
            mention = _misread(check, match)
        else:
            mention = _whole(check, text, match) if check.names.may_begin(text, match.start("name")) else None
            if mention and not match["lam"] and not _ends_clause(check, text, match.start()):
                continue
        if mention is None:
            continue
        source, _ = check.grammar.phrase(mention, check.names, None, page.quotation)
        yield Hit(match.start(), match.end(), (Edit(match.start(), match.end("name"), f"، بحسب {source}"),), {"name": mention.core})


def _whole(check: Outlets, text: str, match: regex.Match[str]) -> Mention | None:
    """The outlet that fills the place, perhaps with the name of an edition (``بي بي سي اسكتلندا``)."""
    mention = check.names.at(text, match.start("name"))
    if mention is None or not (mention.certain or mention.grade == SHARED) or mention.noun or mention.outlet == UNKNOWN:
        return None
    if not mention.certain and any(word in _PERSONS or word.removeprefix("ل") in _PERSONS for word in words_before(text, match.start(), 4)):
        return None  # العمدة السابق، بلومبرغ
    rest = text[mention.end : match.end("name")]
    if not rest.strip():
        return mention
    if key(rest) not in check.grammar.editions or mention.after:
        return None
    return replace(mention, core=mention.core + rest.rstrip(), end=match.end("name"))


def _misread(check: Outlets, match: regex.Match[str]) -> Mention | None:
    """The outlet that a title of a few words, translated word for word and without its article, stands for."""
    words = key(match["name"]).split(" ")
    name = check.bare.get(" ".join(words)) or check.bare.get(" ".join("ال" + word for word in words)) if len(words) > 1 else None
    return Mention(match.start("name"), match.end("name"), name, check.names.forms[key(name)]) if name else None


def _ends_clause(check: Outlets, text: str, comma: int) -> bool:
    """Whether a clause ends at ``comma`` that the name behind it is no part of: no list, and no noun that it explains."""
    start = sentence_start(text, comma)
    words = [key(word) for word in WORD.findall(text[max(start, text.rfind("،", start, comma) + 1) : comma])]
    if len(words) < _OF_CLAUSE or len(WORD.findall(text[start:comma])) < _OF_SENTENCE or check.names.before(text, check.names.word_end(text, comma)):
        return False
    # a company or a programme is talked of for many reasons, and is explained only where it stands close by
    far, near = check.grammar.outlet_nouns, check.grammar.nouns
    return not any(word in _ASIDE or _is_noun(word, far) for word in words[-8:]) and not any(_is_noun(word, near) for word in words[-3:])


def _is_noun(word: str, nouns: Container[str]) -> bool:
    """Whether ``word`` is one of ``nouns``, perhaps behind ال and a proclitic."""
    return any(form in nouns for form in (word, word.removeprefix("ال"), word[1:], word[1:].removeprefix("ال")))
