"""Reports torn off the sentence that they are the source of: an outlet and its verb with nothing reported.

Whom somebody told is in ``told``, an outlet before a verb with content in ``nominal``, names alone in ``alone``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

from arlint.arabic import fold
from arlint.checks.outlets.grammar import Cue, Grammar, Verb, folded, with_lam
from arlint.checks.outlets.names import COMMON, SHARED, UNKNOWN, Mention, key, latin_before
from arlint.checks.outlets.shapes import CLOSING, Break, E, S, break_before, clause_start, sentence_start, words_before
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

_OF_NAME = 4
"""More words than this no title of an outlet that no lexicon has is believed to have."""


def torn_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"(?P<tail>(?:(?:\u060c)?{S}+{grammar.tail}{E})*){S}*(?=[.\u2026](?:\s|$)|$)",
        rf"{S}+(?P<noun>{grammar.noun}){S}+(?P<name>(?!ال)\p{{L}}+(?:{S}+(?!ال)\p{{L}}+){{0,3}}?)(?P<rest>(?:{S}+ال\p{{L}}+(?:ية|ي))?)(?={S}*\.(?:\s|$)|{S}+{grammar.tail}{E})",
        rf"{S}+برنامج{S}+[«“\"]?(?P<title>\p{{L}}+(?:{S}+\p{{L}}+){{0,2}}?)[»”\"]?{S}+(?P<on>(?:الذي|التي){S}+[تي](?:بثه|ذيعه|قدمه|عرضه)ا?|على|في|عبر){S}+(?=\S)",
    )


def torn(check: Outlets, page: Page) -> Iterator[Hit]:
    """Name and verb, perhaps with a time, that report nothing: the source of the sentence before."""
    text, grammar = page.text, check.grammar
    pending: list[tuple[Hit, list[Mention], Torn]] = []
    for cue in grammar.cues_of(page):
        if cue.prefix not in ("", "و") or cue.kind not in ("verb", "told", "stand-in"):
            continue
        verb = grammar.meant(text[cue.start : cue.end])
        clause = (
            _with_waw(check, page, cue, verb)
            if cue.prefix
            else (_name_first(check, page, cue, verb) if verb else None) or (_verb_first(check, page, cue, verb) if cue.kind != "stand-in" or folded(text[cue.start : cue.end]) == "تقارير" else None)
        )
        if clause is None or not _may_be_torn(check, page, clause) or (hit := _reattach(check, page, clause)) is None:
            continue
        if pending and (joined := _joined(check, page, pending[-1], clause, hit)):
            pending[-1] = joined
        else:
            pending.append((hit, clause.run, clause))
    for hit, *_ in pending:
        yield hit


@dataclass(frozen=True)
class Torn:
    """A torn clause: where it begins, its names, its verb as written and as read, its tail, its end, and what parts it from
    the words before.
    """

    start: int
    run: list[Mention]
    said: str
    verb: Verb
    tail: str
    end: int
    kind: Break
    left: int
    #: the whole clause, where it is not the report of an outlet as its own
    whole: str = ""


def _name_first(check: Outlets, page: Page, cue: Cue, verb: Verb) -> Torn | None:
    """``بوليتيكو ذكرت يوم الأربعاء.``"""
    text = page.text
    before = check.names.word_end(text, cue.start)
    latin = before > 0 and text[before - 1].isascii() and text[before - 1].isalnum()
    known = latin or check.names.may_end(text, before)
    match = check.parts[0].match(text, cue.end)
    if match is None:
        return None
    run = check.names.run_before(text, before) if known else []
    if not run and latin and (foreign := latin_before(text, before)):
        run = [foreign]
    said = text[cue.start : cue.end]
    if not run:
        start = clause_start(text, before)
        if start < 0 or start >= before:
            return None
        if person := _by_person(check, page, start, before, said, match):
            return person
        named = _by_shape(check, text, start, before, cue)
        if named is None:
            return None
        run = [named]
    if verb.plural and len(run) < 2:
        return None
    kind, left = break_before(text, run[0].start, check.grammar.letters)
    if cue.kind == "stand-in" and (kind not in ("stop", "comma", "line") or not all(m.certain and m.outlet != UNKNOWN for m in run)):
        return None
    return Torn(run[0].start, run, said, verb, match["tail"], match.end(), kind, left)


def _by_shape(check: Outlets, text: str, start: int, end: int, cue: Cue) -> Mention | None:
    """What fills its clause before a verb of news and can be nothing but an outlet: a name translated word for word, or a
    title that no lexicon has (``كانساس سيتي ستار تريبيون``).
    """
    clause = text[start:end]
    if cue.kind == "verb" and folded(text[cue.start : cue.end]) in check.grammar.news_verbs and (name := check.bare.get(key(clause))):
        return Mention(start, end, name, check.names.forms[key(name)])
    words = clause.split()
    if not 2 <= len(words) <= _OF_NAME or any(key(word) in check.grammar.governors for word in words) or not all(word.isalpha() for word in words):
        return None
    if cue.kind == "verb" and folded(text[cue.start : cue.end]) in check.grammar.news_verbs and _foreign(words[0]):
        return Mention(start, end, clause, UNKNOWN)
    noun = next((check.grammar.titles[key(word)] for word in reversed(words) if key(word) in check.grammar.titles), "")
    return Mention(start, end, clause, UNKNOWN, noun=noun) if noun else None


def _foreign(word: str) -> bool:
    """Whether ``word`` opens titles of other languages and no clause of Arabic."""
    return key(word) in ("ذا", "دي", "دير", "نيو", "ديلي", "دايلي")


def _by_person(check: Outlets, page: Page, start: int, end: int, said: str, match: regex.Match[str]) -> Torn | None:
    """``بلومبرج مارك جورمان قال في رسالته.``: the outlet of the one who said it, in English order."""
    text = page.text
    if not check.names.may_begin(text, start) or (mention := check.names.at(text, start)) is None or mention.grade == COMMON or mention.outlet == UNKNOWN or mention.end >= end:
        return None
    words = text[mention.end : end].split()
    kind, left = break_before(text, start, check.grammar.letters)
    if not 2 <= len(words) <= 3 or kind not in ("stop", "comma") or any(key(word) in check.grammar.governors or not word.isalpha() or word.startswith("ال") for word in words):
        return None
    verb = check.grammar.meant(said)
    if verb is None or check.grammar.read(said) is None:
        return None
    source, _ = check.grammar.phrase(mention, check.names, None, page.quotation)
    role = "مراسلة" if verb.gender == "f" else "مراسل"
    return Torn(start, [mention], said, verb, match["tail"], match.end(), kind, left, f"، حسبما {said} {role} {source} {' '.join(words)}{match['tail']}")


def _verb_first(check: Outlets, page: Page, cue: Cue, verb: Verb | None) -> Torn | None:
    """``ذكرت بوليتيكو يوم الأربعاء.``, in the order of Arabic: a sentence, or a clause, that still reports nothing. Behind a
    verb of speech the outlet may be whom it was said to, its ل lost.
    """
    text, grammar = page.text, check.grammar
    said = text[cue.start : cue.end]
    if text[cue.end : cue.end + 1] not in (" ", "\u00a0"):
        return None
    kind, left = break_before(text, cue.start, grammar.letters)
    news, tell = folded(said) in grammar.news_verbs or cue.kind == "stand-in", folded(said) in grammar.tell_verbs
    spoken = grammar.tells(said) or folded(said) in grammar.speech_verbs or folded(said) in grammar.orphan_verbs
    if kind not in ("stop", "comma") or (kind == "comma" and text[left - 1 : left] in CLOSING and not tell) or not (news or tell or spoken):
        return None
    run = _behind_verb(check, text, cue.end)
    match = check.parts[0].match(text, run[-1].end) if run else None
    if match is None or text[match.end() : match.end() + 1] != ".":
        return None
    clause = Torn(cue.start, run, said, verb or Verb(0, 0, "m", False), match["tail"], match.end(), kind, left)
    if news:
        return clause if verb else None
    spoke = _speaker(check, page, left)
    source, gender = grammar.phrase(run[0], check.names, None, page.quotation)
    if not tell and not grammar.tells(said) and not said.startswith(("يقول", "تقول")):
        return clause if verb and kind == "comma" and verb.gender == gender and all(m.outlet != UNKNOWN for m in run) else None
    if not tell and (len(run) > 1 or (verb and verb.gender == gender and spoke != gender)):
        return clause if verb and verb.gender == "f" and all(m.outlet != UNKNOWN for m in run) else None
    if len(run) > 1 or (not tell and run[0].outlet == UNKNOWN):
        return None
    told = grammar.inflect("قال" if tell else said, spoke or ("f" if said.endswith("ت") else "m"))
    return replace(clause, whole=f"، حسبما {told} {with_lam(source)}{match['tail']}")


def _with_waw(check: Outlets, page: Page, cue: Cue, verb: Verb | None) -> Torn | None:
    """``وقالت هآرتس.``: a new sentence that reports nothing, and none of its content behind the stop."""
    text, grammar = page.text, check.grammar
    if verb is None or cue.kind == "stand-in" or text[cue.end : cue.end + 1] not in (" ", "\u00a0"):
        return None
    kind, left = break_before(text, cue.outer, grammar.letters)
    said = text[cue.start : cue.end]
    if kind != "stop" or folded(said) in grammar.tell_verbs or not (folded(said) in grammar.news_verbs or folded(said) in ("قال", "قالت")):
        return None
    run = _behind_verb(check, text, cue.end)
    match = check.parts[0].match(text, run[-1].end) if run else None
    if match is None or text[match.end() : match.end() + 1] != "." or any(m.outlet == UNKNOWN for m in run) or _goes_on(text, match.end() + 1):
        return None
    return Torn(cue.outer, run, said, verb, match["tail"], match.end(), kind, left)


def _goes_on(text: str, at: int) -> bool:
    """Whether what was reported stands behind a stray stop: ``وقالت رويترز. إن الوفد غادر`` or a quotation."""
    rest = text[at : at + 12].lstrip()
    return rest.startswith(("«", "“", '"', ":")) or fold(rest.partition(" ")[0]) in ("ان", "انه", "انها", "انهم", "بان", "بانه", "بانها")


def _behind_verb(check: Outlets, text: str, at: int) -> list[Mention]:
    """The outlets right behind a verb that ends at ``at``: known ones, a noun with its unknown name, or a programme of one."""
    if (programme := check.parts[2].match(text, at)) and (on := check.names.at(text, programme.end())) and on.certain and on.outlet != UNKNOWN:
        return [Mention(at + 1, on.end, programme["title"], UNKNOWN, noun="برنامج", after=f" {programme['on']} {text[programme.end() : on.end]}")]
    if not check.names.may_begin(text, at + 1):
        return []
    run = check.names.run_at(text, at + 1)
    if run:
        return run if all(mention.certain for mention in run) else []
    if unknown := check.parts[1].match(text, at):
        return [Mention(at + 1, unknown.end(), unknown["name"], UNKNOWN, noun=unknown["noun"], after=unknown["rest"])]
    return []


def _speaker(check: Outlets, page: Page, end: int) -> str | None:
    """The gender of who speaks in the sentence that ends at ``end``, by its last verb of speech; None if nobody does."""
    start = sentence_start(page.text, end)
    spoke = None
    for cue in check.grammar.cues_between(page, start, end):
        word = page.text[cue.start : cue.end]
        if cue.kind in ("verb", "told") and folded(word) in check.grammar.speech_verbs:
            spoke = "f" if folded(word).endswith("ت") or (folded(word).startswith("ت") and not folded(word).startswith("تابع")) else "m"
    return spoke


def _joined(check: Outlets, page: Page, last: tuple[Hit, list[Mention], Torn], clause: Torn, hit: Hit) -> tuple[Hit, list[Mention], Torn] | None:
    """Two torn clauses with the same verb, one behind the other, as one attribution of both outlets."""
    first, names, opening = last
    if opening.verb.row != clause.verb.row or opening.tail or clause.kind != "stop" or clause.left != opening.end or not first.edits or opening.whole or clause.whole:
        return None
    both = [*names, *clause.run]
    place = first.edits[0]
    edit = Edit(place.start, clause.end, _attribution(check, page, both, opening.said, clause.tail))
    return Hit(first.start, hit.end, (edit,), first.values), both, clause


def _may_be_torn(check: Outlets, page: Page, clause: Torn) -> bool:
    text, run, kind, governors = page.text, clause.run, clause.kind, check.grammar.governors
    if clause.whole:
        return True
    if kind in ("other", "mark"):
        return False
    feminine = clause.verb.gender == "f"
    if kind == "word" or run[0].prefix:
        # without a mark before it, only a name that can be nothing else, behind a clause that can end there
        if run[0].prefix or not all((m.certain or (m.grade == SHARED and feminine)) and (m.outlet != UNKNOWN or m.noun) for m in run):
            return False
        words = words_before(text, run[0].start, 5)
        return len(words) >= 4 and words[-1] not in governors and words[-1].removeprefix("و") not in governors
    for mention in run:
        if mention.certain:
            continue
        agrees = feminine or any(check.grammar.gender(noun) == "m" for noun in check.names.outlets[mention.outlet][1])
        if not agrees or (mention.grade == COMMON and (folded(clause.said) not in check.grammar.news_verbs or kind not in ("stop", "line"))):
            return False
    return kind != "line" or text[clause.end : clause.end + 1] == "."


def _attribution(check: Outlets, page: Page, run: Sequence[Mention], verb: str, tail: str) -> str:
    if meant := check.grammar.stand_ins.get(folded(verb)):
        source, gender = check.grammar.source(run, check.names, None, page.quotation)
        return f"، {meant[2]} {meant[gender == 'f']} {source}{tail}"
    read = check.grammar.read(verb)
    wanted = read.gender if read else None
    source, gender = check.grammar.source(run, check.names, wanted, page.quotation)
    return f"، حسبما {check.grammar.inflect(verb, gender)} {source}{tail.replace('،', '')}"


def _reattach(check: Outlets, page: Page, clause: Torn) -> Hit | None:
    """The hit whose fix hangs the source on the sentence before it, every other word kept."""
    text, start, end, left = page.text, clause.start, clause.end, clause.left
    new = clause.whole or _attribution(check, page, clause.run, clause.said, clause.tail)
    values = {"name": clause.run[0].core}
    close = min(len(text), end + 1) if text[end : end + 1] != "\n" else end
    if clause.kind == "stop":
        return Hit(left, close, (Edit(left, end, text[left + 1 : start].strip(" \u00a0") + new),), values)
    if clause.kind != "line":
        return Hit(left, close, (Edit(left, end, new),), values)
    # a line of its own hangs on the last words of the line before it
    shift = max(0, left - 400)
    before = text[shift:left].rstrip()
    stop = len(before) - 1
    while stop > 0 and before[stop] in CLOSING:
        stop -= 1
    if stop < 0:
        return None
    if before[stop] == ".":
        return Hit(start, close, (Edit(shift + stop, end, before[stop + 1 :] + new),), values)
    return Hit(start, close, (Edit(shift + len(before), end, new),) if before[-1].isalnum() else None, values)
