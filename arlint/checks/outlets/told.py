"""Whom somebody told: outlets that lost the ل before them, or the sentence that they were told.

Reports of an outlet as its own are in ``torn`` and ``nominal``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import regex

from arlint.arabic import fold
from arlint.checks.outlets.grammar import Cue, Grammar, folded, with_lam
from arlint.checks.outlets.names import PLAIN, SHARED, UNKNOWN, Mention, key
from arlint.checks.outlets.shapes import CLOSING, WORD, E, S, break_before, sentence_start, words_before
from arlint.checks.outlets.torn import torn_parts
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

# What an outlet did with a paper (اطلعت عليه رويترز) before the paper said something.
_OBJECTS = frozenset(("عليه", "عليها", "عليهما", "به", "بها", "اليه", "اليها", "معه", "معها", "له", "لها"))
_QUOTES = ("«", "“", '"')


def told_parts(grammar: Grammar) -> tuple[str, ...]:
    return (rf"{S}+لـ?{S}?(?=\S)", *torn_parts(grammar), rf"(?:^|[.\u060c]{S}+)(?P<as>(?:كما|مثلما|حسبما){S}+)?$")


def told(check: Outlets, page: Page) -> Iterator[Hit]:
    """``كما قال لرويترز.`` as a sentence: whom the sentence before was said to."""
    text, grammar = page.text, check.grammar
    for cue in grammar.cues_of(page):
        if cue.prefix or cue.kind not in ("verb", "told") or text[cue.end + 1 : cue.end + 2] != "ل" or not grammar.tells(text[cue.start : cue.end]):
            continue
        lam = check.parts[0].match(text, cue.end)
        opening = check.parts[-1].search(text, max(0, cue.start - 12), cue.start)
        if lam is None or opening is None:
            continue
        found = check.names.at(text, lam.end())
        if found is None and text.startswith("ل", lam.end()) and (inner := check.names.at(text, lam.end() + 1)) and inner.outlet != UNKNOWN:
            found = replace(inner, core="ال" + inner.core)
        if found is None or not (found.certain or found.grade == SHARED):
            continue
        match = check.parts[1].match(text, found.end)
        start = opening.start("as") if opening["as"] else cue.start
        kind, left = break_before(text, start, grammar.letters)
        if match is None or not (kind == "stop" or (kind == "comma" and not opening["as"] and found.certain and text[left - 1] not in CLOSING)) or text[match.end() : match.end() + 1] != ".":
            continue
        source, _ = grammar.phrase(found, check.names, None, page.quotation)
        quote = text[left + 1 : start].strip() if kind == "stop" else ""
        new = f"{quote}، {opening['as'] or 'حسبما '}{text[cue.start : cue.end]} {with_lam(source)}{match['tail']}"
        yield Hit(left, match.end() + 1, (Edit(left, match.end(), new),), {"name": found.core})


def addressed_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"{S}*:(?={S}*[«“\"])|(?=\.(?:\s|$))|(?={S}+(?:[إأا]ن|[إأا]نه|[إأا]نها|[إأا]نهم|ب[أا]ن){E})"
        rf"|(?={S}+(?:{grammar.tail}){E}(?:{S}+(?:{grammar.tail}){E})?{S}+(?:[إأا]ن|[إأا]نه|[إأا]نها|[إأا]نهم){E})|(?={S}+[«“\"][^\n«»“”\"]{{30}})",
        rf"\u060c{S}*و?(?:الذي|التي|الذين|هو|هي|وهو|وهي){E}[^\u060c]*$",
        rf":{S}?(?=[\p{{L}}])(?=[^\n«“\"]*[»”])",
        r"[:\n]|\.\s",
        rf"{S}(?:[إأا]ن|[إأا]نه|[إأا]نها|[إأا]نهم|ب[أا]ن){E}",
        rf"{S}+[إأا]ن{S}+\p{{L}}+(?:{S}+\p{{L}}+)?{S}+(?:[إأا]ن|[إأا]نه|[إأا]نها){E}",
    )


def addressed(check: Outlets, page: Page) -> Iterator[Hit]:
    """``وقال مصدر مقرب منه رويترز: «…»``: an outlet between a speaker and what was said, without the ل of the one spoken to."""
    text, grammar = page.text, check.grammar
    named = check.names.firsts(page)
    if named is not None and not named[1] and "!" not in text and not check.misread(named[0]):
        return  # no name that has a place here, and no translation of one
    reach = 0
    for cue in grammar.cues_of(page):
        if cue.start < reach or cue.kind not in ("verb", "told") or cue.prefix not in ("", "و", "ف") or folded(text[cue.start : cue.end]) not in grammar.speech_verbs:
            continue
        line_end = text.find("\n", cue.end, cue.end + 260)
        # a few places suffice: what lies behind them belongs to what was said
        for match in islice(check.parts[0].finditer(text, cue.end, line_end if line_end >= 0 else cue.end + 260), 4):
            if check.parts[3].search(text, cue.end, match.start()):
                break
            if text.startswith(".", match.start()) and (text[max(0, cue.outer - 2) : cue.outer].strip() != "،" and not text[max(0, cue.outer - 10) : cue.outer].rstrip().endswith("حسبما")):
                break  # only a clause behind its report may end in the one told
            if hit := _addressee(check, page, cue, match):
                reach = match.start()
                yield hit
                break
    yield from _unopened(check, page)


def _addressee(check: Outlets, page: Page, cue: Cue, match: regex.Match[str]) -> Hit | None:
    """The hit of an outlet that ends where what was said begins (``match``), in the clause that the verb ``cue`` opens."""
    text, end = page.text, match.start()
    mention = _named(check, text, cue.end, end, colon=match.group() != "")
    if mention is None or mention.noun or mention.quoted or not _plain(text, mention, match) or folded(text[cue.start : cue.end]) in check.grammar.tell_verbs:
        return None  # in quotation marks the name was set by a writer; أبلغ takes it as its object
    between = text[cue.end : mention.start]
    rest = between.replace(mention.core, "")
    if ". " in between or check.parts[4].search(rest):
        return None
    words = [key(word) for word in WORD.findall(between)]
    source, _ = check.grammar.phrase(mention, check.names, None, page.quotation)
    if text[end + 1 : end + 2] in _QUOTES and not match.group():
        if mention.grade != PLAIN:
            return None
        source += ":"  # the colon before a quotation went with the link
    values = {"name": mention.core}
    if not words:
        return _added(check, page, cue, mention, source)
    if mention.prefix:
        # the ل is there, the name is not: it was translated word for word
        return Hit(mention.start, mention.end, (Edit(mention.start, mention.end, with_lam(source)),), values) if mention.prefix == "ل" else None
    last = words[-1]
    if any(word in check.grammar.nouns or word in check.grammar.prose_titles for word in key(mention.core).split()) or fold(last) in check.grammar.relatives:
        return None
    if key(mention.core.split()[-1]) in check.grammar.letters and check.parts[5].match(text, end):
        return None  # بنك إيه بي إن أمرو إن
    if earlier := _twice(check, text, cue.end, mention):
        return _copy(page, mention, earlier, between)
    if any(word in check.grammar.nouns for word in words[-3:]):
        return None  # قناة تلفزيون سكاي نيوز 24
    if (
        last in _OBJECTS
        or last == "ل"
        or last in check.grammar.governors
        or last.removeprefix("و") in check.grammar.governors
        or last in check.grammar.idafa
        or last in check.grammar.nouns
        or last.removeprefix("ل") in check.grammar.nouns
    ):
        return None
    if len(words) == 1 and not last.startswith("ال") and (":" not in match.group() or key(text[mention.start : mention.end]) in check.bare):
        return None  # مسؤول رويترز is an official of it
    if check.names.may_end(text, gap := check.names.word_end(text, mention.start)) and check.names.before(text, gap):
        return None  # هيئة الإذاعة البريطانية «بي بي سي»
    comma = "،" if check.parts[1].search(between) and not between.rstrip().endswith("،") else ""
    if folded(text[cue.start : cue.end]).startswith("كتب"):
        return Hit(mention.start, mention.end, (Edit(mention.start, mention.end, f"في {source}"),), values)
    start = gap if comma else mention.start
    return Hit(mention.start, mention.end, (Edit(start, mention.end, f"{comma} {with_lam(source)}" if comma else with_lam(source)),), values)


def _plain(text: str, mention: Mention, match: regex.Match[str]) -> bool:
    """Whether the words of ``mention`` are a name here: one that a person or a region bears too needs a mark beside it."""
    return mention.certain or (mention.grade == SHARED and match.group() == "" and text[max(0, mention.start - 4) : mention.start].rstrip(" ").endswith("،"))


def _named(check: Outlets, text: str, least: int, end: int, *, colon: bool) -> Mention | None:
    """The outlet that ends at ``end``; before a colon it may be a name translated word for word."""
    if (found := check.names.before(text, end)) and found.start > least:
        return found if not found.prefix else None
    words = list(WORD.finditer(text, max(least, end - 40), end))
    if not colon or not words or text[words[-1].end() : end].strip("! "):
        return None
    for number in range(max(0, len(words) - 4), len(words)):
        first = words[number]
        form = key(text[first.start() : end])
        if number == len(words) - 1 and "!" not in text[first.start() : end]:
            break  # one word may be anything: قال للناس
        for prefix in ("", "ل"):
            if form.startswith(prefix) and (name := check.bare.get(form.removeprefix(prefix) if prefix else form)):
                return Mention(first.start(), end, name, check.names.forms[key(name)], prefix=prefix)
        if form.startswith("لل") and (name := check.bare.get("ال" + form[2:])):
            return Mention(first.start(), end, name, check.names.forms[key(name)], prefix="ل")
    return None


def _copy(page: Page, mention: Mention, earlier: Mention, between: str) -> Hit:
    """The hit of the second of two mentions in one clause, which goes; the first gets its quotation marks."""
    gap = mention.start - len(between) + len(between.rstrip())
    edits: tuple[Edit, ...] = (Edit(gap, mention.end, ""),)
    if not earlier.quoted and not earlier.noun:
        edits = (Edit(earlier.start, earlier.end, f"{page.quotation[0]}{earlier.core}{page.quotation[1]}"), *edits)
    return Hit(earlier.start, mention.end, edits, {"name": mention.core})


def _twice(check: Outlets, text: str, start: int, mention: Mention) -> Mention | None:
    """The same outlet behind its head noun in the same clause, if it stands there too."""
    at = text.find(mention.core, start, mention.start)
    found = check.names.at(text, at) if at >= 0 else None
    return found if found and found.outlet == mention.outlet and words_before(text, at, 1) and words_before(text, at, 1)[0] in check.grammar.nouns else None


def _added(check: Outlets, page: Page, cue: Cue, mention: Mention, source: str) -> Hit | None:
    """``وأضافت سي إن بي سي أن``, where the outlet has said nothing yet: the speaker of the sentence before added it to the outlet."""
    text, grammar = page.text, check.grammar
    if folded(text[cue.start : cue.end]) not in grammar.adding_verbs or mention.quoted or mention.outlet == UNKNOWN or break_before(text, cue.outer, grammar.letters)[0] not in ("stop", "line"):
        return None
    if text.find(mention.core, 0, cue.outer) >= 0 or text.find(mention.core.removeprefix("ال"), 0, cue.outer) >= 0:
        return None
    end = cue.outer
    while end > 0 and text[end - 1].isspace():
        end -= 1
    previous = sentence_start(text, max(0, end - 2))
    spoke = [c for c in grammar.cues_between(page, previous - 1, end) if c.kind in ("verb", "told") and fold(text[c.start : c.end]) in grammar.speech_verbs]
    if not spoke or (fold(text[spoke[-1].start : spoke[-1].end]).endswith("ت")) != (folded(text[cue.start : cue.end]).endswith("ت")):
        return None
    following = check.names.at(text, spoke[-1].end + 1) if check.names.may_begin(text, spoke[-1].end + 1) else None
    if following is not None or key(" ".join(WORD.findall(text[spoke[-1].end : spoke[-1].end + 20])[:1])) in grammar.nouns:
        return None  # an outlet spoke there, and another adds to it
    return Hit(mention.start, mention.end, (Edit(mention.start, mention.end, with_lam(source)),), {"name": mention.core})


def _unopened(check: Outlets, page: Page) -> Iterator[Hit]:
    """``في مقابلة مع فوغ: لقد كانت»``: a bare name before a quotation that lost its opening mark with the link."""
    text = page.text
    for match in check.parts[2].finditer(text):
        line_end = text.find("\n", match.end())
        said = text[match.end() : line_end if line_end >= 0 else len(text)]
        close = next((c for c in said if c in "»”"), "")
        mention = check.names.before(text, match.start())
        if mention is None or mention.noun or mention.outlet == UNKNOWN or mention.quoted or close != page.quotation[1]:
            continue
        before = words_before(text, mention.start, 1)
        if not (mention.prefix == "" and before and before[0] in ("مع", "الي")) or not (mention.certain or mention.grade == SHARED):
            continue
        source, _ = check.grammar.phrase(mention, check.names, None, page.quotation)
        yield Hit(mention.start, match.end(), (Edit(mention.start, match.end(), f"{source}: {page.quotation[0]}"),), {"name": mention.core})
