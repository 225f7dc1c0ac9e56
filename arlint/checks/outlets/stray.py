"""A stop that a link left beside an outlet's name (``لـ. سكاي نيوز إن``), and a name that no word leads in (``لأول مرة بلومبرج``).

A name whose lead waits for it before a stop is in ``sources``; one that hangs on a comma is in ``hung``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, pairwise
from typing import TYPE_CHECKING

import regex

from arlint.checks.outlets.grammar import Grammar, with_lam
from arlint.checks.outlets.names import SHARED, UNKNOWN, Mention, key
from arlint.checks.outlets.shapes import WORD, E, S, break_before, sentence_start
from arlint.codes import SHARED as SHARED_CODES
from arlint.codes import decoded, encoded, own_codes
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.remembered import Remembered

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

_TO = "لـ?|إلى|الى|مع"
#: Words that close a clause, behind which no noun is explained by a name: times, for the most part.
_TIMES = (
    "المقبل|المقبلة|الماضي|الماضية|القادم|القادمة|الجاري|الجارية|المنصرم|أمس|اليوم|غدا|غدًا|غداً|لاحقا|لاحقًا|لاحقاً|قريبا|قريبًا|قريباً|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|صباحا|مساء|ليلا|"
    "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
)
_LED = regex.compile(rf"{S}(?:{_TO})$")
_LEAST = 6
#: Words that a preposition's stop parts from the name, at most.
_OF_BARE = 3


def stopped_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"(?<=[ \u00a0\n])(?<!(?:وفق|طبق)(?:ا|ًا|اً){S})و?(?P<lead>{_TO}|على|عبر|لدى|(?:ب?حسب|وفق|(?:وفق|طبق)(?:ا|ًا|اً)){S}+ل?تقرير)(?P<stop>{S}*\.{S}+)(?=\p{{L}})",
        rf"(?P<stop>{S}*\.{S}+)(?=(?P<that>أن|بأن|إن|فإن)(?P<whom>ه|ها|هم|هما|نا)?{E}(?P<definite>{S}+(?:ال|«|“)|))",
        rf"(?<!\p{{L}})[وف]?(?:قال|قالت|قالوا|يقول|تقول|أخبر|أخبرت|صرح|صرحت|قائلا|قائلة|وقالا){E}",
        rf"(?:[^\p{{L}}](?:أن|إن|بأن)(?:ه|ها|هم|هما|نا)?{E}|[:«“\"])",
        rf"{S}+(?=(?:إن|أن)(?:ه|ها|هم|هما)?{E})",
    )


def stopped(check: Outlets, page: Page) -> Iterator[Hit]:
    """A stop between a preposition and the outlet that it governs, or between an outlet and what was said to it."""
    text, grammar, names = page.text, check.grammar, check.names
    for match in check.parts[0].finditer(text) if _waits(page.codes) else ():
        mention = named(check, text, match.end())
        if mention is None:
            continue
        lam = match["lead"] in ("ل", "لـ")
        closed = text[mention.end : mention.end + 1] == "." and (text[mention.end + 1 : mention.end + 2].isspace() or mention.end + 1 == len(text))
        if closed and not lam:
            continue
        following = WORD.match(text, mention.end + 1)
        if following and grammar.read(following.group()) and not regex.fullmatch(_TO, match["lead"]):
            continue  # على. رويترز ذكرت أن: the stop may be right
        source, _ = grammar.phrase(mention, names, None, page.quotation)
        start = match.start("lead") if lam else match.start("stop")
        yield Hit(match.start("lead"), mention.end, (Edit(start, mention.end, with_lam(source) if lam else f" {source}"),), {"name": mention.core})
    if not _that_follows(check, page):
        return
    for match in check.parts[1].finditer(text):
        if not names.may_end(text, match.start()) or (found := names.before(text, match.start())) is None:
            continue
        if (
            not (found.certain or (found.grade == SHARED and match["that"] in ("أن", "بأن")))
            or found.quoted
            or found.outlet == UNKNOWN
            or not (match["whom"] or match.end("definite") > match.start("definite"))
        ):
            continue
        led = WORD.findall(text, max(0, found.start - 30), found.start)
        if led and grammar.read(led[-1].removeprefix("و")):
            continue
        if match["that"] in ("إن", "فإن") and not _says_nothing(check, text, found.start):
            continue
        yield Hit(found.start, match.end("stop"), (Edit(match.start("stop"), match.end("stop"), " "),), {"name": found.core})
    for match in check.parts[4].finditer(text):
        if not names.may_end(text, match.start()) or (found := names.before(text, match.start())) is None or not found.certain or found.quoted or found.outlet == UNKNOWN:
            continue
        kind, left = break_before(text, found.start, grammar.letters)
        if kind == "stop" and _says_nothing(check, text, left) and not _LED.search(text, max(0, left - 8), left):
            source, _ = grammar.phrase(found, names, None, page.quotation)
            yield Hit(left, found.end, (Edit(left, found.end, f" {with_lam(source)}"),), {"name": found.core})


#: How words end that wait for a name before a stop (``parts[0]``), the stop, and the space around it.
_WAITING = tuple(map(encoded, ("ل", "لـ", "إلى", "الى", "مع", "على", "عبر", "لدى", "تقرير")))
#: Words that a name with its noun and adjectives has, at most.
_REACH = 11
_AL = encoded("ال")  # which may stand apart from its name
_SPACES = bytes((*own_codes(S), SHARED_CODES["Z"]))
_STOP = re.compile(rb"\.[" + re.escape(_SPACES) + b"]")
_THAT = regex.compile(rf"[بف]?ان(?:ه|ها|هم|هما|نا)?{E}")


def _says_that(word: bytes) -> bool:
    return _THAT.match(decoded(word)) is not None


_is_that = Remembered(_says_that)


def _waits(codes: bytes) -> bool:
    """Whether a stop stands behind a word that waits for a name."""
    for stop in _STOP.finditer(codes):
        end = stop.start()
        while end and codes[end - 1] in _SPACES:
            end -= 1
        if codes.endswith(_WAITING, 0, end):
            return True
    return False


def _that_follows(check: Outlets, page: Page) -> bool:
    """Whether a name that a noun or its own words show ends before أن or إن, whatever parts them."""
    if (found := check.names.firsts(page)) is None:
        return True
    words, firsts = found
    names = check.names
    if not firsts and _AL not in words and not names.led(words):
        return False
    return any(
        names.closes(words[at]) and any(word in firsts or word == _AL or names.leads(word) for word in words[max(0, at - _REACH) : at + 1])
        for at in compress(range(len(words)), map(_is_that.__getitem__, words[1:]))
    )


def _says_nothing(check: Outlets, text: str, end: int) -> bool:
    """Whether the sentence up to ``end`` says that somebody spoke, and not yet what."""
    said = [match.end() for match in check.parts[2].finditer(text, sentence_start(text, end), end)]
    return bool(said) and check.parts[3].search(text, said[-1], end) is None


def named(check: Outlets, text: str, at: int) -> Mention | None:
    """The outlet at ``at``: a certain one, or what machines print for one in a few words."""
    mention = check.names.at(text, at) if check.names.may_begin(text, at) else None
    if mention and (mention.certain or mention.grade == SHARED) and mention.outlet != UNKNOWN:
        return mention
    words = list(WORD.finditer(text, at, at + 60))[:_OF_BARE]
    for count in range(len(words), 0, -1):
        form = key(text[at : words[count - 1].end()])
        if name := check.bare.get(form):
            return Mention(at, words[count - 1].end(), name, check.names.forms[key(name)])
    return None


def unmarked_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        rf"(?:تم|جرى){S}+(?:الإبلاغ|الابلاغ|نشر|النشر|الكشف|الإعلان)\p{{L}}*(?:{S}[^\n.\u060c]{{0,40}}?)?{S}لأول{S}مرة(?P<gap>{S}+)(?=\p{{L}})",
        rf"(?P<gap>{S}+)تم{S}+(?:الإبلاغ|الابلاغ)(?:{S}+عن(?:ه|ها)?)?(?={S}[^\n.]{{0,60}}(?:أن|بأن){E})",
        rf"\u060c{S}+(?:التقارير|تقارير)(?P<gap>{S}+)(?=\p{{L}})",
        rf"(?<!\p{{L}})(?:{_TIMES}|[0-9]{{4}})(?P<gap>{S}+)(?=\p{{L}})",
        rf"{S}*(?:(?P<end>\.(?=\s|$))|(?P<comma>[.\u060c\n]|$)|(?P<and>{S}و(?P<verb>\p{{L}}+){S}+(?P<next>\p{{L}}+)))",
        rf"(?<!\p{{L}})(?:أن|إن|بأن)(?:ه|ها|هم|هما|نا)?{E}",
    )


def unmarked(check: Outlets, page: Page) -> Iterator[Hit]:
    """An outlet that has lost the word between it and what it reported: by, according to, reported."""
    text, grammar, names = page.text, check.grammar, check.names

    def certain(mention: Mention | None) -> Mention | None:
        return mention if mention and mention.certain and mention.outlet != UNKNOWN and not mention.quoted else None

    for match in check.parts[0].finditer(text) if "لأول" in text else ():
        if not names.may_begin(text, match.end()) or (mention := names.at(text, match.end())) is None:
            continue
        if (certain(mention) or mention.grade == SHARED) and (after := check.parts[4].match(text, mention.end)):
            if after["and"] and not grammar.read(after["verb"]):
                continue
            source, _ = grammar.phrase(mention, names, None, page.quotation)
            yield Hit(match.start(), mention.end, (Edit(match.start("gap"), mention.end, f" من قبل {source}"),), {"name": mention.core})
    for match in check.parts[1].finditer(text) if "بلاغ" in text else ():
        if names.may_end(text, match.start()) and (mention := names.before(text, match.start())) and (certain(mention) or mention.grade == SHARED):
            kind, _ = break_before(text, mention.start, grammar.letters)
            if kind not in ("stop", "line", "comma") and not mention.prefix:
                continue
            source, gender = grammar.phrase(mention, names, None, page.quotation)
            said = "ذكرت" if gender == "f" else "ذكر"
            yield Hit(mention.start, match.end(), (Edit(mention.start, match.end(), f"{mention.prefix}{said} {source}"),), {"name": mention.core})
    for match in check.parts[2].finditer(text) if "تقارير" in text else ():
        if names.may_begin(text, match.end()) and (mention := certain(names.at(text, match.end()))) and (after := check.parts[4].match(text, mention.end)) and after["end"]:
            source, _ = grammar.phrase(mention, names, None, page.quotation)
            yield Hit(match.start(), mention.end, (Edit(match.start(), mention.end, f"، بحسب {source}"),), {"name": mention.core})
    for match in check.parts[3].finditer(text) if _timed(check, page) else ():
        if not names.may_begin(text, match.end()) or (mention := certain(names.at(text, match.end()))) is None or mention.noun:
            continue
        after = check.parts[4].match(text, mention.end)
        if after is None or after["comma"] is not None or (after["and"] and (not grammar.read(after["verb"]) or key(after["next"]) in grammar.continuations)):
            continue
        if not _tells_already(check, page, match.start()):
            source, _ = grammar.phrase(mention, names, None, page.quotation)
            stop = "." if after["and"] else ""
            yield Hit(mention.start, mention.end, (Edit(match.start("gap"), mention.end, f"، بحسب {source}{stop}"),), {"name": mention.core})


_TIMED = tuple(encoded(key(word)) for word in _TIMES.split("|"))


def _timed(check: Outlets, page: Page) -> bool:
    """Whether a name that needs no noun stands behind a time."""
    if (found := check.names.firsts(page)) is None:
        return True
    words, firsts = found
    return bool(firsts) and any((word in firsts or word == _AL) and (before.endswith(_TIMED) or before[-4:].isdigit()) for before, word in pairwise(words))


def _tells_already(check: Outlets, page: Page, end: int) -> bool:
    """Whether the sentence up to ``end`` has a word that still waits for an outlet, or is too short to be a report."""
    text, grammar = page.text, check.grammar
    begun = sentence_start(text, end)
    if len(WORD.findall(text[begun:end])) < _LEAST:
        return True
    told = [match.end() for match in check.parts[5].finditer(text, begun, end)]
    if any(key(word) in ("ما", "مما", "كما", "بما", "لما", "الذي", "التي") for word in WORD.findall(text[told[-1] if told else begun : end])):
        return True
    return any(cue.kind in ("noun", "preposition") or not told or told[-1] < cue.end for cue in grammar.cues_between(page, begun, end))
