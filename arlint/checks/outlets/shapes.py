"""Shapes of lost outlets that kept their verb: torn off behind the sentence, told as a sentence, or before a stray و.

Names and phrases come from ``names`` and ``grammar``; names alone are in ``alone``, names cut off from
their preposition or noun in ``sources``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import regex

from arlint.arabic import CLASSES, SPACE, fold
from arlint.checks.outlets.grammar import Cue, Grammar, Verb, with_lam
from arlint.checks.outlets.names import COMMON, SHARED, UNKNOWN, Mention, key, latin_before
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

S = f"[{SPACE}]"
E = CLASSES["e"]
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u0640]+")
CLOSING = '”»"’)'

Break = Literal["stop", "mark", "line", "comma", "dash", "other", "word"]


def break_before(text: str, at: int, letters: frozenset[str]) -> tuple[Break, int]:
    """What parts the words that begin at ``at`` from those before, and where that begins: the stop that ends a sentence,
    another mark, a line's start, a comma, a dash, or nothing (``word``).

    A stop between the names of two Latin letters (بي. بي. سي) and one behind an initial (د.) end no sentence, and a
    quotation mark never does (census, 60 of 60 wrong).
    """
    left = at
    while left > 0 and text[left - 1] in " \t\u00a0\u200f\u200e":
        left -= 1
    if left == 0 or text[left - 1] == "\n":
        return "line", left
    mark = text[left - 1]
    if mark == "،" or (mark == "," and left < at):
        return "comma", left - 1
    if left < at and mark in "-–—" and left > 1 and text[left - 2] in " \u00a0":
        start = left - 1
        while start > 0 and text[start - 1] in " \u00a0":
            start -= 1
        return "dash", start
    inner = left
    while inner > 0 and text[inner - 1] in CLOSING:
        inner -= 1
    if left < at and inner > 0 and text[inner - 1] == ".":
        if text[max(0, inner - 2) : inner - 1] in (".", "…", "!", "؟"):
            return "mark", inner - 1
        word_end = inner - 1
        while word_end > 0 and text[word_end - 1] in CLOSING:
            word_end -= 1
        before = _last_word(text, word_end)
        after = _WORD.match(text, at)
        if len(before) == 1 or (key(before) in letters and after and key(after.group()) in letters):
            return "other", left
        return "stop", inner - 1
    if left < at and inner > 0 and text[inner - 1] in "!…":
        return "mark", inner - 1
    return ("word", left) if mark.isalnum() or mark in CLOSING or "\u064b" <= mark <= "\u0652" else ("other", left)


def _last_word(text: str, end: int) -> str:
    words = list(_WORD.finditer(text, max(0, end - 40), end))
    return words[-1].group() if words and words[-1].end() == end else ""


def _words_before(text: str, end: int, count: int) -> list[str]:
    line = text.rfind("\n", max(0, end - 120), end) + 1
    return [key(word) for word in _WORD.findall(text, max(line, end - 120), end)[-count:]]


def is_agency(check: Outlets, mention: Mention) -> bool:
    return mention.outlet != UNKNOWN and check.names.outlets[mention.outlet][1][0] == "وكالة"


def torn_parts(grammar: Grammar) -> tuple[str, ...]:
    return (rf"(?P<tail>(?:{S}+{grammar.tail}{E})*){S}*(?=[.\u2026](?:\s|$)|$)",)


def torn(check: Outlets, page: Page) -> Iterator[Hit]:
    """Name and verb, perhaps with a time, that report nothing: the source of the sentence before."""
    text, grammar = page.text, check.grammar
    pending: list[tuple[Hit, list[Mention], Torn]] = []
    for cue in grammar.cues_of(page):
        if cue.kind != "verb" or cue.prefix or (verb := grammar.read(text[cue.start : cue.end])) is None:
            continue
        clause = _name_first(check, text, cue, verb) or _verb_first(check, text, cue, verb)
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


def _name_first(check: Outlets, text: str, cue: Cue, verb: Verb) -> Torn | None:
    """``بوليتيكو ذكرت يوم الأربعاء.``"""
    before = check.names.word_end(text, cue.start)
    latin = before > 0 and text[before - 1].isascii() and text[before - 1].isalnum()
    if not latin and not check.names.may_end(text, before):
        return None
    match = check.parts[0].match(text, cue.end)
    if match is None:
        return None
    run = check.names.run_before(text, before)
    if not run and latin and (foreign := latin_before(text, before)):
        run = [foreign]
    if not run or (verb.plural and len(run) < 2):
        return None
    kind, left = break_before(text, run[0].start, check.grammar.letters)
    return Torn(run[0].start, run, text[cue.start : cue.end], verb, match["tail"], match.end(), kind, left)


def _verb_first(check: Outlets, text: str, cue: Cue, verb: Verb) -> Torn | None:
    """``ذكرت بوليتيكو يوم الأربعاء.``, in the order of Arabic: a sentence that still reports nothing."""
    if fold(text[cue.start : cue.end]) not in check.grammar.news_verbs or text[cue.end : cue.end + 1] not in (" ", "\u00a0"):
        return None
    kind, left = break_before(text, cue.start, check.grammar.letters)
    if kind != "stop" or not check.names.may_begin(text, cue.end + 1):
        return None
    run = check.names.run_at(text, cue.end + 1)
    match = check.parts[0].match(text, run[-1].end) if run and all(mention.certain for mention in run) else None
    if match is None or text[match.end() : match.end() + 1] != ".":
        return None
    return Torn(cue.start, run, text[cue.start : cue.end], verb, match["tail"], match.end(), kind, left)


def _joined(check: Outlets, page: Page, last: tuple[Hit, list[Mention], Torn], clause: Torn, hit: Hit) -> tuple[Hit, list[Mention], Torn] | None:
    """Two torn clauses with the same verb, one behind the other, as one attribution of both outlets."""
    first, names, opening = last
    if opening.verb.row != clause.verb.row or opening.tail or clause.kind != "stop" or clause.left != opening.end or not first.edits:
        return None
    both = [*names, *clause.run]
    place = first.edits[0]
    edit = Edit(place.start, clause.end, _attribution(check, page, both, opening.said, clause.tail))
    return Hit(first.start, hit.end, (edit,), first.values), both, clause


def _may_be_torn(check: Outlets, page: Page, clause: Torn) -> bool:
    text, run, kind, governors = page.text, clause.run, clause.kind, check.grammar.governors
    if kind in ("other", "mark"):
        return False
    feminine = clause.verb.gender == "f"
    if kind == "word" or run[0].prefix:
        # without a mark before it, only a name that can be nothing else, behind a clause that can end there
        if run[0].prefix or not all((m.certain or (m.grade == SHARED and feminine)) and (m.outlet != UNKNOWN or m.noun) for m in run):
            return False
        words = _words_before(text, run[0].start, 5)
        return len(words) >= 4 and words[-1] not in governors and words[-1].removeprefix("و") not in governors
    for mention in run:
        if mention.certain:
            continue
        agrees = feminine or any(check.grammar.gender(noun) == "m" for noun in check.names.outlets[mention.outlet][1])
        if not agrees or (mention.grade == COMMON and (fold(clause.said) not in check.grammar.news_verbs or kind not in ("stop", "line"))):
            return False
    return kind != "line" or text[clause.end : clause.end + 1] == "."


def _attribution(check: Outlets, page: Page, run: Sequence[Mention], verb: str, tail: str) -> str:
    read = check.grammar.read(verb)
    wanted = read.gender if read else None
    source, gender = check.grammar.source(run, check.names, wanted, page.quotation)
    return f"، حسبما {check.grammar.inflect(verb, gender)} {source}{tail}"


def _reattach(check: Outlets, page: Page, clause: Torn) -> Hit | None:
    """The hit whose fix hangs the source on the sentence before it, every other word kept."""
    text, start, end, left = page.text, clause.start, clause.end, clause.left
    new = _attribution(check, page, clause.run, clause.said, clause.tail)
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


def told_parts(grammar: Grammar) -> tuple[str, ...]:
    return (rf"{S}+لـ?{S}?(?=\S)", *torn_parts(grammar), rf"(?:^|\.{S}+)(?P<as>(?:كما|مثلما|حسبما){S}+)?$")


def told(check: Outlets, page: Page) -> Iterator[Hit]:
    """``كما قال لرويترز.`` as a sentence: whom the sentence before was said to."""
    text, grammar = page.text, check.grammar
    for cue in grammar.cues_of(page):
        if cue.prefix or cue.kind not in ("verb", "told") or text[cue.end + 1 : cue.end + 2] != "ل" or not grammar.tells(text[cue.start : cue.end]):
            continue
        lam = check.parts[0].match(text, cue.end)
        opening = check.parts[2].search(text, max(0, cue.start - 12), cue.start)
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
        if match is None or kind != "stop" or text[match.end() : match.end() + 1] != ".":
            continue
        source, _ = grammar.phrase(found, check.names, None, page.quotation)
        quote = text[left + 1 : start].strip()
        new = f"{quote}، {opening['as'] or 'حسبما '}{text[cue.start : cue.end]} {with_lam(source)}{match['tail']}"
        yield Hit(left, match.end() + 1, (Edit(left, match.end(), new),), {"name": found.core})


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
        if verb is None or not check.names.may_end(text, before) or (match := check.parts[0].match(text, cue.end)) is None:
            continue
        run = check.names.run_before(text, before)
        if not run or run[0].prefix or (verb.plural and len(run) < 2) or any(not m.certain and (m.grade != SHARED or verb.gender == "m") for m in run):
            continue
        start = run[0].start
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


def _opener(check: Outlets, text: str, start: int) -> tuple[str, int]:
    """What kind of clause opener stands right before ``start``, and where it begins."""
    line = text.rfind("\n", max(0, start - 60), start) + 1
    words = list(_WORD.finditer(text, max(line, start - 60), start))[-3:]
    if words and text[words[-1].end() : start].strip(" \u00a0،"):
        return "", start
    for number in range(len(words)):
        if kind := check.grammar.openers.get(key(text[words[number].start() : words[-1].end()])):
            return kind, words[number].start()
    return "", start
