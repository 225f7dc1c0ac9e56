"""Outlets before their verb: in the order of English, with a stray و, a lost ال or an adverb between the two.

A plain nominal sentence (``رويترز ذكرت أن``) is honest Arabic; only what cannot be is reported, or what stands on a page
whose other outlets are torn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

from arlint.arabic import fold
from arlint.checks.outlets.grammar import Cue, Grammar, Verb, folded
from arlint.checks.outlets.names import SHARED, UNKNOWN, Mention, key
from arlint.checks.outlets.shapes import WORD, E, S, break_before, is_agency, sentence_start
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets


def and_verb_parts(grammar: Grammar) -> tuple[str, ...]:
    return (rf"(?P<tail>(?:{S}+{grammar.tail}{E})?)(?={S}+{grammar.content}{E})",)


def and_verb(check: Outlets, page: Page) -> Iterator[Hit]:
    """``لكن فاينانشيال تايمز ونقل عن``: the و of another sentence between an outlet and its verb."""
    text, grammar = page.text, check.grammar
    for cue in grammar.cues_of(page):
        if cue.kind != "verb" or cue.prefix != "و":
            continue
        before = check.names.word_end(text, cue.outer)
        verb = grammar.read(text[cue.start : cue.end])
        if verb is None or not check.names.may_end(text, before):
            continue
        if (match := check.parts[0].match(text, cue.end)) is None:
            if hit := _stray(check, page, cue, before):
                yield hit
            continue
        run = check.names.run_before(text, before)
        if not run or run[0].prefix or (verb.plural and len(run) < 2) or any(not m.certain and (m.grade != SHARED or verb.gender == "m") for m in run):
            continue
        start = run[0].start
        if len(run) == 1 and (gone := _link_text(check, page, run[0], cue, verb)):
            yield gone
            continue
        opener, opened = _opener(check, text, start)
        if not opener:
            kind, _ = break_before(text, start, grammar.letters)
            # an agency in quotation marks behind a stop signs what came before it, and a sentence of its own follows
            if kind not in ("stop", "line") or any(m.quoted and not m.noun and is_agency(check, m) for m in run):
                continue
        source, gender = grammar.source(run, check.names, verb.gender, page.quotation, genitive=opener == "name")
        said, tail = grammar.inflect(text[cue.start : cue.end], gender), match["tail"]
        if opener == "name" and len(run) == 2 and len(row := grammar.rows[verb.row]) > 5:
            said = row[5 if gender == "f" else 4]
        new = {"name": f"{source} {said}{tail}", "fa": f"{source} ف{said}{tail}", "verb": f"{said} {source}{tail}"}.get(opener, f"و{said} {source}{tail}")
        yield Hit(opened if opener else start, match.end(), (Edit(start, match.end(), new),), {"name": run[0].core})


def _stray(check: Outlets, page: Page, cue: Cue, before: int) -> Hit | None:
    """``. رويترز وقال مسؤول إن``: a name before a sentence whose verb has a subject of its own."""
    text, grammar = page.text, check.grammar
    mention = check.names.before(text, before)
    if mention is None or mention.noun or mention.quoted or mention.prefix or not mention.certain or mention.outlet == UNKNOWN:
        return None
    if folded(text[cue.start : cue.end]) not in grammar.speech_verbs or break_before(text, mention.start, grammar.letters)[0] != "stop":
        return None
    subject = WORD.match(text, cue.end + 1)
    if subject is None or key(subject.group()) in grammar.continuations or key(subject.group()) in grammar.governors or text[cue.end] not in " \u00a0":
        return None
    return Hit(mention.start, cue.outer, (Edit(mention.start, cue.outer, ""),), {"name": mention.core})


def _link_text(check: Outlets, page: Page, mention: Mention, cue: Cue, verb: Verb) -> Hit | None:
    """``قال لصحيفة «لوموند» إنها بخير. لوموند وأضاف أنها``: the text of a link, whose outlet the sentence before names already,
    before a verb that goes on with what the speaker said.
    """
    text = page.text
    kind, left = break_before(text, mention.start, check.grammar.letters)
    if kind != "stop" or mention.noun or mention.quoted or folded(text[cue.start : cue.end]) not in check.grammar.speech_verbs or mention.outlet == UNKNOWN:
        return None
    genders = {check.grammar.gender(noun) for noun in check.names.outlets[mention.outlet][1]}
    before = text[sentence_start(text, max(0, left - 1)) : left]
    if mention.core not in before or (verb.gender in genders and folded(text[cue.start : cue.end]) not in check.grammar.adding_verbs):
        return None
    return Hit(mention.start, cue.outer, (Edit(mention.start, cue.outer, ""),), {"name": mention.core})


def _opener(check: Outlets, text: str, start: int) -> tuple[str, int]:
    """What kind of clause opener stands right before ``start``, and where it begins."""
    line = text.rfind("\n", max(0, start - 60), start) + 1
    words = list(WORD.finditer(text, max(line, start - 60), start))[-6:]
    if words and text[words[-1].end() : start].strip(" \u00a0،"):
        return "", start
    for number in range(len(words)):
        if kind := check.grammar.openers.get(key(text[words[number].start() : words[-1].end()])):
            return kind, words[number].start()
    return "", start


def nominal_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"(?P<tail>(?:{S}+{grammar.tail}){{0,2}})(?={S}+{grammar.content}{E})",
        rf"(?P<comma>\u060c)?{S}+(?P<adverb>{grammar.interjection})(?:\u060c{S}*(?:فقد{S}+)?)$",
        rf"(?:^|[\s\u060c])(?P<article>ال{S}+)$",
        rf"{S}+(?P<article>ال{S}+)(?=\p{{L}})",
        rf"{S}*(?=(?:[إأا]ن|ب[أا]ن){E})",
        rf"نقل(?:ا|ًا|اً){S}+عن(?:{S}+(?!(?:[إأا]ن|ب[أا]ن){E})\p{{L}}+){{1,6}}{S}+(?=(?:[أا]ن|ب[أا]ن){E})",
        rf"(?:^|\.{S}+)(?P<name>[^\s.،:«»“”\"]+(?:{S}[^\s.،:«»“”\"]+){{0,4}}?){S}(?=(?:أن|ان|بأن|بان){E})",
        rf"(?P<led>و?(?:في|خلال|بعد|قبل|منذ|مع|يوم|من)(?:{S}+[\p{{L}}\p{{N}}]+){{1,6}})\u060c{S}*$",
        rf"{S}+(?=\p{{L}})",
        rf"{S}+(?P<name>\p{{L}}+\p{{M}}*\p{{L}}*!(?:{S}+(?:ال)?مجلة)?)(?={S}+(?:[إأا]ن|ب[أا]ن){E})",
    )


def nominal(check: Outlets, page: Page) -> Iterator[Hit]:
    """``ال فاينانشال تايمز ذكرت أن`` and its like: an outlet before its verb where something shows that a link was torn out."""
    text, grammar = page.text, check.grammar
    for cue in grammar.cues_of(page):
        if cue.kind == "stand-in" and not cue.prefix and (hit := _misread(check, page, cue)):
            yield hit
        if cue.kind == "preposition" and not cue.prefix and (hit := _unsaid(check, page, cue.start, check.parts[5].match(text, cue.start))):
            yield hit
        if cue.kind != "verb" or (verb := grammar.read(text[cue.start : cue.end])) is None or verb.plural:
            continue
        if "!" in text[cue.end : cue.end + 9] and (hit := _exclaimed(check, page, cue, verb)):
            yield hit
            continue
        if cue.prefix in ("", "و") and (hit := _disagreeing(check, page, cue, verb)):
            yield hit
            continue
        if cue.prefix in ("", "و") and (apart := check.parts[3].match(text, cue.end)):
            mention = check.names.at(text, apart.end())
            if mention and mention.certain and not mention.noun and mention.outlet != UNKNOWN:
                source, gender = grammar.phrase(mention, check.names, verb.gender, page.quotation)
                yield Hit(cue.start, mention.end, (Edit(cue.start, mention.end, f"{grammar.inflect(text[cue.start : cue.end], gender)} {source}"),), {"name": mention.core})
            continue
        if not cue.prefix and (hit := _before_verb(check, page, cue, verb)):
            yield hit
    named = check.names.firsts(page)
    for match in check.parts[6].finditer(text) if named is None or named[1] else ():
        if hit := _unsaid(check, page, match.end("name"), match):
            yield hit


def _before_verb(check: Outlets, page: Page, cue: Cue, verb: Verb) -> Hit | None:
    text, grammar, names = page.text, check.grammar, check.names
    before = names.word_end(text, cue.start)
    adverb = check.parts[1].search(text, max(0, before - 40), before) if text[before - 1 : before] == "،" else None
    end = adverb.start() if adverb else before
    if not names.may_end(text, end) or (match := check.parts[0].match(text, cue.end) or _object(cue, text)) is None:
        return None
    mention = names.before(text, end)
    if mention is None or mention.prefix or mention.outlet == UNKNOWN or not (mention.certain or (mention.grade == SHARED and verb.gender == "f")):
        return None
    start = mention.start
    article = check.parts[2].search(text, max(0, start - 6), start)
    if text.startswith("ال ", start) and mention.core and not mention.core.startswith("ال "):
        article, whole = article, start
        detached = True
    else:
        detached, whole = article is not None, article.start("article") if article else start
    kind, _ = break_before(text, whole, grammar.letters)
    opener, opened = _opener(check, text, whole)
    if not opener and (led := check.parts[7].search(text, max(0, whole - 60), whole)) and break_before(text, led.start("led"), grammar.letters)[0] in ("stop", "line"):
        opener, opened = "verb", led.start("led")
    comma = "،" in text[opened:whole] if opener else False
    content = bool(match.re.groupindex)
    said, tail = text[cue.start : cue.end], match["tail"] if content else ""
    head = kind in ("stop", "line")
    if not head and not opener and not detached:
        return None
    genders = {grammar.gender(noun) for noun in names.outlets[mention.outlet][1]}
    bare = not mention.noun and not mention.quoted
    if adverb:
        certain = head and content
    elif detached:
        certain = content and (head or bool(opener))
    elif opener == "verb" and comma:
        certain = bare
    elif head and bare and content:
        certain = (verb.gender not in genders and mention.certain) or _torn_elsewhere(check, page)
    else:
        certain = False
    if not certain:
        return None
    source, gender = grammar.phrase(mention, names, verb.gender, page.quotation)
    said = grammar.inflect(said, gender)
    finish = match.end() if content else cue.end
    if adverb:
        lead = adverb["adverb"]
        new = f"{'' if lead.startswith('و') else 'و'}{lead}، {said} {source}{tail}"
    elif opener == "name":
        new = f"{source} {said}{tail}"
    elif opener == "fa":
        new = f"{source} ف{said}{tail}"
    elif opener:
        new = f"{said} {source}{tail}"
    else:
        new = f"و{said} {source}{tail}"
    return Hit(whole, finish, (Edit(whole, finish, new),), {"name": mention.core})


_OBJECT = regex.compile(rf"(?={S}+(?!ال)\p{{L}}{{3,}})")


def _object(cue: Cue, text: str) -> regex.Match[str] | None:
    """What a verb of publishing may have for its content: a noun (نشرت مراجعة)."""
    return _OBJECT.match(text, cue.end) if folded(text[cue.start : cue.end]) in ("نشر", "نشرت", "كشف", "كشفت", "بث", "بثت") else None


def _torn_elsewhere(check: Outlets, page: Page) -> bool:
    """Whether other outlets of the page are torn beyond doubt, which makes an outlet before its verb one of them."""
    kept: dict[str, bool] = page.__dict__.setdefault("_outlet_torn", {})
    if (found := kept.get(check.grammar.scan)) is None:
        found = kept[check.grammar.scan] = any(next(other.hits(page), None) is not None for other in check.evidence)
    return found


def _misread(check: Outlets, page: Page, cue: Cue) -> Hit | None:
    """``سكاي نيوز تفهم أن``, ``تفهم سكاي نيوز أن``: "understands" and "reports" read as other words."""
    text, grammar, names = page.text, check.grammar, check.names
    word = text[cue.start : cue.end]
    masculine, feminine, _ = grammar.stand_ins[fold(word)]
    if fold(word) in (fold(masculine), fold(feminine)):
        return None
    before, mention, start, end = names.word_end(text, cue.start), None, cue.start, cue.end
    if check.parts[4].match(text, cue.end) and names.may_end(text, before):
        mention = names.before(text, before)
        start = mention.start if mention else start
    elif (gap := check.parts[8].match(text, cue.end)) and names.may_begin(text, gap.end()):
        mention = names.at(text, gap.end())
        end = mention.end if mention and check.parts[4].match(text, mention.end) else end
        mention = mention if end != cue.end else None
    if mention is None or mention.prefix or not mention.certain or mention.outlet == UNKNOWN:
        return None
    kind, _ = break_before(text, start, grammar.letters)
    if kind not in ("stop", "line"):
        return None
    source, gender = grammar.phrase(mention, names, None, page.quotation)
    said = feminine if gender == "f" else masculine
    by = fold(masculine) == "افاد" and (content := check.parts[4].match(text, end)) is not None and not text.startswith("ب", content.end())
    return Hit(start, end, (Edit(start, content.end() if by and content else end, f"و{said} {source}{' ب' if by else ''}"),), {"name": mention.core})


def _unsaid(check: Outlets, page: Page, at: int, match: regex.Match[str] | None) -> Hit | None:
    """``. أكسيوس أن الأمر انتهى``, ``. رويترز نقلا عن مسؤولين أن``: the verb of the report is lost."""
    text, grammar, names = page.text, check.grammar, check.names
    end = names.word_end(text, at)
    if match is None or not names.may_end(text, end):
        return None
    mention = names.before(text, end)
    if mention is None or mention.noun or mention.quoted or mention.prefix or not mention.certain or mention.outlet == UNKNOWN:
        return None
    if break_before(text, mention.start, grammar.letters)[0] not in ("stop", "line"):
        return None
    source, gender = grammar.phrase(mention, names, None, page.quotation)
    said = "وذكرت" if gender == "f" else "وذكر"
    if text.startswith("ب", match.end()):
        said = "وأفادت" if gender == "f" else "وأفاد"
    return Hit(mention.start, match.end(), (Edit(mention.start, mention.end, f"{said} {source}"),), {"name": mention.core})


def _exclaimed(check: Outlets, page: Page, cue: Cue, verb: Verb) -> Hit | None:
    """``وكتبت مرحبا! المجلة أن``: a name with an exclamation mark, translated word for word."""
    text = page.text
    match = check.parts[9].match(text, cue.end)
    name = check.bare.get(key(match["name"])) if match else None
    if match is None or name is None:
        return None
    mention = Mention(match.start("name"), match.end(), name, check.names.forms[key(name)])
    source, gender = check.grammar.phrase(mention, check.names, verb.gender, page.quotation)
    said = check.grammar.inflect(text[cue.start : cue.end], gender)
    return Hit(cue.start, match.end(), (Edit(cue.start, match.end(), f"{said} {source}"),), {"name": name})


def _disagreeing(check: Outlets, page: Page, cue: Cue, verb: Verb) -> Hit | None:
    """``وذكر وول ستريت جورنال أن``: the verb shows that no noun stood between it and the name, whose nouns are all of the other gender."""
    text, grammar, names = page.text, check.grammar, check.names
    if verb.gender != "m" or text[cue.end : cue.end + 1] not in (" ", "\u00a0") or not names.may_begin(text, cue.end + 1):
        return None
    if break_before(text, cue.outer, grammar.letters)[0] not in ("stop", "line") or folded(text[cue.start : cue.end]) in grammar.tell_verbs:
        return None
    mention = names.at(text, cue.end + 1)
    if mention is None or mention.noun or mention.quoted or not mention.certain or mention.outlet == UNKNOWN:
        return None
    if any(grammar.gender(noun) == "m" for noun in names.outlets[mention.outlet][1]) or not check.parts[0].match(text, mention.end):
        return None
    source, gender = grammar.phrase(mention, names, None, page.quotation)
    return Hit(cue.start, mention.end, (Edit(cue.start, mention.end, f"{grammar.inflect(text[cue.start : cue.end], gender)} {source}"),), {"name": mention.core})
