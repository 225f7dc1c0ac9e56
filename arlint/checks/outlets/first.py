"""Outlets at the head of a sentence in the order of English, with a verb that Arabic puts elsewhere: who reported it first,
who also did, a reporter behind the name, and names translated word for word.

Outlets right before a verb with content are in ``nominal``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

from arlint.arabic import fold
from arlint.checks.outlets.grammar import Cue, Grammar, Verb, folded, with_lam
from arlint.checks.outlets.names import COMMON, UNKNOWN, Mention, key
from arlint.checks.outlets.shapes import WORD, E, S, break_before, clause_start
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

_THAT = r"(?:ذلك|هذا|الخبر|الأمر|النبأ|القصة)"
_FIRST = rf"(?:[أا]ول(?:ا|ًا|اً)|ل[أا]ول{S}مرة|للمرة{S}ال[أا]ولى)"
_LETTERS = r"[^\W\d_]"


def first_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"{S}+(?:عن{S}+|ب)?{_THAT}{S}+{_FIRST}{E}(?P<gap>{S}*\.?{S}*)",
        rf"(?P<was>كان|كانت){S}+[أا]ول{S}+من{S}+(?P<verb>[أا]بلغ|ذكر|[أا]فاد|[أا]ورد|نقل|نشر|كشف){E}",
        rf"(?:^|{S})(?P<also>كما){S}+$",
        rf"{S}+(?:{grammar.content}){E}",
        rf"(?P<agency>{S}+للأنباء)?{S}+وب?حسب{S}+ما{S}+ورد{S}+(?=\p{{L}})",
        rf"{S}+(?P<person>{_LETTERS}+{S}{_LETTERS}+(?:{S}{_LETTERS}+)?)(?={S}+(?:[إأا]ن|[إأا]نه|[إأا]نها|ب[أا]ن){E})",
        rf"{S}+(?P<name>ال{_LETTERS}+(?:{S}{_LETTERS}+){{0,2}})\.(?=\s|$)",
        rf"في{S}+مقال(?:ة)?{S}+(?P<on>(?:في|على){S}+(?P<name>ال{_LETTERS}+(?:{S}{_LETTERS}+){{0,2}}))(?=\u060c)",
    )


def first(check: Outlets, page: Page) -> Iterator[Hit]:
    """An outlet before what Arabic would put before it."""
    text, grammar = page.text, check.grammar
    for cue in grammar.cues_of(page):
        if cue.kind == "preposition":
            continue
        verb = grammar.read(text[cue.start : cue.end]) if cue.kind in ("verb", "told") else None
        hit = None
        if verb is not None and not verb.plural:
            hit = _reported_first(check, page, cue, verb) or _also(check, page, cue, verb) or _reporter(check, page, cue, verb)
        if hit is None and cue.prefix == "و":
            hit = _misread_before(check, page, cue)
        elif hit is None and not cue.prefix and folded(text[cue.start : cue.end]) in grammar.tell_verbs:
            hit = _misread_told(check, page, cue)
        if hit:
            yield hit
    for match in check.parts[1].finditer(text) if "ول من" in text else ():
        if hit := _was_first(check, page, match):
            yield hit
    for match in check.parts[7].finditer(text) if "في مقال" in text else ():
        if name := check.bare.get(key(match["name"])):
            source, _ = grammar.phrase(Mention(*match.span("name"), name, check.names.forms[key(name)]), check.names, None, page.quotation)
            yield Hit(match.start("on"), match.end(), (Edit(match.start("name"), match.end(), source),), {"name": name})
    for line_match in check.parts[4].finditer(text) if "حسب ما ورد" in text else ():
        if hit := _reportedly(check, page, line_match):
            yield hit


def _head(check: Outlets, text: str, end: int) -> Mention | None:
    """The bare outlet that ends at ``end`` and begins its sentence."""
    end = check.names.word_end(text, end)
    mention = check.names.before(text, end) if check.names.may_end(text, end) else None
    if mention is None or mention.quoted or mention.prefix or mention.outlet == UNKNOWN:
        return None
    return mention if break_before(text, mention.start, check.grammar.letters)[0] in ("stop", "line") else None


def _reported_first(check: Outlets, page: Page, cue: Cue, verb: Verb) -> Hit | None:
    """``بلومبرغ ذكرت ذلك أولا.``, ``ذكرت ذلك أولا بلومبرغ.``"""
    text, grammar = page.text, check.grammar
    match = check.parts[0].match(text, cue.end)
    if match is None or cue.prefix:
        return None
    mention, start, end = _head(check, text, cue.start), cue.start, match.start("gap")
    if mention is not None:
        start = mention.start
        if "." not in match["gap"]:
            return None
    else:
        mention = check.names.at(text, match.end()) if check.names.may_begin(text, match.end()) else None
        if mention is None or mention.outlet == UNKNOWN or text[mention.end : mention.end + 1] != "." or break_before(text, start, grammar.letters)[0] not in ("stop", "line"):
            return None
        end = mention.end
    if mention.grade == COMMON and not mention.certain:
        return None
    source, gender = grammar.phrase(mention, check.names, verb.gender, page.quotation)
    said = text[cue.end : match.start("gap")].split()
    new = f"و{'كانت' if gender == 'f' else 'كان'} {source} أول من {grammar.rows[verb.row][0]} {' '.join(word for word in said if not regex.fullmatch(_FIRST_WORDS, word))}"
    return Hit(start, end, (Edit(start, end, new),), {"name": mention.core})


_FIRST_WORDS = r"[أا]ول(?:ا|ًا|اً)|ل[أا]ول|مرة|للمرة|ال[أا]ولى"


def _was_first(check: Outlets, page: Page, match: regex.Match[str]) -> Hit | None:
    """``أكسيوس كان أول من أبلغ عن``: the calque of "was first to report", or a verb that does not agree."""
    text, grammar = page.text, check.grammar
    mention = _head(check, text, match.start())
    if mention is None or mention.noun or mention.grade == COMMON:
        return None
    genders = {grammar.gender(noun) for noun in check.names.outlets[mention.outlet][1]}
    gender = "f" if match["was"] == "كانت" else "m"
    if not fold(match["verb"]).startswith("ابلغ") and gender in genders:
        return None
    source, gender = grammar.phrase(mention, check.names, gender, page.quotation)
    return Hit(mention.start, match.end("was"), (Edit(mention.start, match.end("was"), f"و{'كانت' if gender == 'f' else 'كان'} {source}"),), {"name": mention.core})


def _also(check: Outlets, page: Page, cue: Cue, verb: Verb) -> Hit | None:
    """``رويترز كما ذكرت أن``: "also reported", read word by word."""
    text, grammar = page.text, check.grammar
    if cue.prefix or (also := check.parts[2].search(text, max(0, cue.start - 8), cue.start)) is None or (content := check.parts[3].match(text, cue.end)) is None:
        return None
    mention = _head(check, text, also.start("also"))
    if mention is None or (not mention.certain and folded(text[cue.start : cue.end]) not in grammar.news_verbs):
        return None
    source, gender = grammar.phrase(mention, check.names, verb.gender, page.quotation)
    new = f"كما {grammar.inflect(text[cue.start : cue.end], gender)} {source}"
    return Hit(mention.start, content.end(), (Edit(mention.start, cue.end, new),), {"name": mention.core})


def _reporter(check: Outlets, page: Page, cue: Cue, verb: Verb) -> Hit | None:
    """``وقال الغارديان بيتر برادشو إن``: by its gender the verb is a man's, whose outlet stands before his name."""
    text, grammar = page.text, check.grammar
    if verb.gender != "m" or text[cue.end : cue.end + 1] not in (" ", "\u00a0") or not check.names.may_begin(text, cue.end + 1):
        return None
    if cue.prefix not in ("", "و", "ف") or folded(text[cue.start : cue.end]) not in grammar.speech_verbs - grammar.tell_verbs:
        return None
    mention = check.names.at(text, cue.end + 1)
    if mention is None or mention.noun or mention.quoted or not mention.certain or mention.outlet == UNKNOWN or mention.after:
        return None
    match = check.parts[5].match(text, mention.end)
    if match is None or any(grammar.gender(noun) == "m" for noun in check.names.outlets[mention.outlet][1]):
        return None
    words = [key(word) for word in match["person"].split()]
    if any(word in grammar.governors or word in grammar.continuations or word in grammar.idafa or word.startswith("ال") or word.endswith("ه") or len(word) < 2 for word in words):
        return None
    if regex.fullmatch(grammar.tail, match["person"]) or any(word in ("امس", "بشكل", "دون", "لاول", "مره", "ايضا", "موخرا") for word in words):
        return None
    source, _ = grammar.phrase(mention, check.names, None, page.quotation)
    return Hit(mention.start, match.end(), (Edit(mention.start, match.end(), f"{match['person']}، من {source}،"),), {"name": mention.core})


def _misread_before(check: Outlets, page: Page, cue: Cue) -> Hit | None:
    """``متنوعة وذكر أن``: a name translated word for word, alone before the و of a verb of news."""
    text, grammar = page.text, check.grammar
    word = text[cue.start : cue.end]
    if fold(word) not in grammar.news_verbs or (content := check.parts[3].match(text, cue.end)) is None:
        return None
    end = check.names.word_end(text, cue.outer)
    start = clause_start(text, end)
    if start < 0 or start >= end or break_before(text, start, grammar.letters)[0] not in ("stop", "line"):
        return None
    words = [key(part) for part in WORD.findall(text[start:end])]
    if text[start:end].replace(" ", "").isalpha() is False or len(words) > 5:
        return None
    while len(words) > 1 and words[0] in grammar.letters:
        words = words[1:]  # letters that the link left before the name
    name = check.bare.get(" ".join(words))
    if name is None:
        return None
    source, gender = grammar.phrase(Mention(start, end, name, check.names.forms[key(name)]), check.names, None, page.quotation)
    return Hit(start, content.end(), (Edit(start, cue.end, f"و{grammar.inflect(word, gender)} {source}"),), {"name": name})


def _misread_told(check: Outlets, page: Page, cue: Cue) -> Hit | None:
    """``. أخبرت المستقلة.``: who was told, translated word for word, as a sentence of its own."""
    text, grammar = page.text, check.grammar
    kind, left = break_before(text, cue.start, grammar.letters)
    match = check.parts[6].match(text, cue.end)
    name = check.bare.get(key(match["name"])) if match and kind == "stop" else None
    if match is None or name is None or (" " not in match["name"] and not match["name"].endswith("ة")):
        return None  # a single word may be a person: أخبرت الحارس
    source, _ = grammar.phrase(Mention(*match.span("name"), name, check.names.forms[key(name)]), check.names, None, page.quotation)
    said = "قالت" if folded(text[cue.start : cue.end]).endswith("ت") else "قال"
    quote = text[left + 1 : cue.start].strip()
    return Hit(left, match.end(), (Edit(left, match.end("name"), f"{quote}، حسبما {said} {with_lam(source)}"),), {"name": name})


def _reportedly(check: Outlets, page: Page, match: regex.Match[str]) -> Hit | None:
    """``رويترز وبحسب ما ورد بلغت``: "reportedly", behind the outlet that reported."""
    text, grammar = page.text, check.grammar
    mention = _head(check, text, match.start())
    if mention is None or not mention.certain:
        return None
    source, gender = grammar.phrase(mention, check.names, None, page.quotation)
    agency = match["agency"] or ""
    new = f"وبحسب ما {'أوردته' if gender == 'f' else 'أورده'} {source}{agency}، "
    return Hit(mention.start, match.end(), (Edit(mention.start, match.end(), new),), {"name": mention.core})
