"""Shapes of lost outlets around the words that lead up to them: cut off, left out, doubled, or of the wrong gender.

Outlets that make sentences of their own are in ``shapes``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import regex

from arlint.arabic import fold
from arlint.checks.outlets.grammar import Cue, Grammar, folded, with_lam
from arlint.checks.outlets.names import COMMON, SHARED, UNKNOWN, Mention, key
from arlint.checks.outlets.shapes import E, S, break_before
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u0640]+")


_GAP = rf"(?P<gap>{S}*\.{S}+|{S}*\.?{S}*\n\s*)(?=[\p{{L}}«“\"])"
_ABOUT = rf"(?P<about>(?:{S}+(?:عنه|عنها|عنهم){E})?)"


def split_parts(grammar: Grammar) -> tuple[str, ...]:
    return (
        _GAP,
        rf"(?P<lead>{grammar.preposition}|ب?حسب|وفق){_GAP}",
        rf"{_ABOUT}(?P<tail>(?:{S}+{grammar.tail}{E})*){_GAP}",
        rf"{grammar.frame}{S}+$",
        rf"{S}*(?P<mark>[.\u060c]?)(?P<rest>\s*)",
    )


def split(check: Outlets, page: Page) -> Iterator[Hit]:
    """A stop or a line break between an outlet's name and the preposition, verb or noun that it belongs to."""
    text, grammar = page.text, check.grammar
    for cue in grammar.cues_of(page):
        match = lead(grammar, check.parts, text, cue)
        if match is None or not check.names.may_begin(text, match.end()):
            continue
        run = check.names.run_at(text, match.end())
        if not run or any(m.grade == COMMON and not m.certain for m in run):
            continue
        word = text[cue.start : cue.end]
        if cue.kind == "noun" and (run[0].noun or len(run) > 1 or not _fits(check, word, run[0])):
            continue
        after = _continuation(check, text, run[-1].end, "\n" in match["gap"])
        if after is None:
            continue
        close, joint = after
        values = {"name": run[0].core}
        if cue.kind == "noun":
            quotes = page.quotation
            name = text[run[0].start : run[0].end] if run[0].quoted else f"{quotes[0]}{run[0].core}{quotes[1]}{run[0].after}"
            yield Hit(cue.outer, close, (Edit(match.start("gap"), close, f" {name}{joint}"),), values)
            continue
        wanted = _gender_of(grammar, word) if cue.kind == "verb" else None
        source, gender = grammar.source(run, check.names, wanted, page.quotation, genitive=cue.kind == "preposition")
        if cue.kind == "preposition":
            yield Hit(cue.outer, close, (Edit(match.start("lead"), close, _behind(match["lead"], source) + joint),), values)
        else:
            tail = f"{match['about']} {source}{match['tail']}" if "about" in match.re.groupindex else f" {source}"
            yield Hit(cue.outer, close, (Edit(cue.start, close, f"{_inflect(grammar, word, gender)}{tail}{joint}"),), values)


def lead(grammar: Grammar, parts: Sequence[regex.Pattern[str]], text: str, cue: Cue) -> regex.Match[str] | None:
    """The match of what parts a cue from the outlet that it wants, up to that outlet; None where nothing does."""
    bare, preposition, clause, frame, _ = parts
    if cue.kind == "noun":
        return bare.match(text, cue.end) if cue.prefix in ("", "ل", "ب", "و", "ول", "وب") else None
    if cue.kind == "preposition":
        return preposition.match(text, cue.start - cue.prefix.endswith("ب"))
    if cue.kind != "verb" or cue.prefix not in ("", "و"):
        return None
    if folded(text[cue.start : cue.end]) in grammar.relatives or frame.search(text, max(0, cue.start - 14), cue.start):
        return clause.match(text, cue.end)
    # a verb by itself may end a line for many reasons; a stop behind it closes a sentence
    found = bare.match(text, cue.end)
    return found if found and "\n" in found["gap"] and "." not in found["gap"] else None


def _behind(lead: str, source: str) -> str:
    """``source`` behind the preposition ``lead``, which ل joins."""
    lam = regex.search(r"لـ?$", lead)
    return lead[: lam.start()] + with_lam(source) if lam else f"{lead} {source}"


def _fits(check: Outlets, noun: str, mention: Mention) -> bool:
    """Whether ``mention`` is of the kind that ``noun`` says, so that the two belong together."""
    if mention.outlet == UNKNOWN:
        return True
    nouns = {key(n) for n in check.names.outlets[mention.outlet][1]}
    bare = key(noun)
    return bare in nouns or bare[1:] in nouns


def _gender_of(grammar: Grammar, word: str) -> str | None:
    if pair := grammar.relatives.get(fold(word)):
        return pair[2]
    verb = grammar.read(word)
    return verb.gender if verb else None


def _inflect(grammar: Grammar, word: str, gender: str) -> str:
    if pair := grammar.relatives.get(fold(word)):
        return word if pair[2] == gender or pair[0] == pair[1] else pair[gender == "f"]
    return grammar.inflect(word, gender)


def _continuation(check: Outlets, text: str, end: int, broken_line: bool) -> tuple[int, str] | None:
    """Where the name's own sentence goes on, and what joins it there; None where the name begins something of its own."""
    match = check.parts[4].match(text, end)
    assert match is not None
    if match["mark"] == "." and (match["rest"] or match.end() == len(text)):
        return match.end("mark"), "."
    if match["mark"] == "،":
        return match.end("mark"), "،"
    word = _WORD.match(text, match.end())
    if match["mark"] or word is None or key(word.group()) not in check.grammar.continuations:
        return None
    if "\n" in match["rest"]:
        return (match.end(), " ") if broken_line else None
    return end, ""


def orphan_parts(grammar: Grammar) -> tuple[str, ...]:
    noun = rf"(?:{S}*{grammar.noun}{E})?"
    return (
        rf"(?P<lead>(?P<wants>{grammar.preposition}|ب?حسب|وفق){S}*{noun})(?P<end>{S}*(?P<mark>[.\u060c])(?=\s|$))",
        rf"{_ABOUT}(?P<tail>(?:{S}+{grammar.tail}{E})*)(?P<end>{S}*(?P<mark>[.\u060c])(?=\s|$))",
        rf"(?P<comma>\u060c?{S}+)(?P<frame>{grammar.frame}{S}+)?$",
        rf"{S}*ف[إا]ن{S}+|{S}*",
        rf"\.({S}+)",
        rf"{S}*\.(?=\s|$)",
    )


def orphan(check: Outlets, page: Page) -> Iterator[Hit]:
    """A preposition or clause that wants an outlet and has none: its name was a link, or stands lost behind the sentence."""
    text, grammar = page.text, check.grammar
    for cue in grammar.cues_of(page):
        start = cue.start - cue.prefix.endswith("ب")
        if cue.kind == "preposition":
            match = check.parts[0].match(text, start)
        elif cue.kind == "verb" and not cue.prefix and folded(text[cue.start : cue.end]) in grammar.orphan_verbs:
            match = check.parts[1].match(text, cue.end)
        else:
            continue
        if match is None:
            continue
        before = check.parts[2].search(text, max(0, start - 18), start)
        comma = before is not None and before["comma"].startswith("\u060c")
        if cue.kind == "preposition" and not comma and (hit := _orphan_head(check, page, cue, match)):
            yield hit
            continue
        if before is None or not _lost(cue, match, before, text):
            continue
        end = match.start("end")
        if match["mark"] != "." and not _goes_on_without(check, text, cue, match):
            continue
        if match["mark"] == "." and (gap := check.parts[4].match(text, match.end() - 1)) and check.names.at(text, gap.end()):
            continue  # its name stands behind the stop: a split attribution
        yield Hit(before.start(), end, (Edit(before.start(), end, ""),), {"lead": text[before.end("comma") : end]})


def _lost(cue: Cue, match: regex.Match[str], before: regex.Match[str], text: str) -> bool:
    """Whether the words can be nothing but a source that lost its name. بحسب is also "only", and ذكرت "I mentioned": behind
    a comma they are not.
    """
    comma = before["comma"].startswith("\u060c")
    if cue.kind == "verb":
        return bool(before["frame"]) and (comma or (match["mark"] == "." and not folded(text[cue.start : cue.end]).startswith("ذكرت")))
    return comma or (match["mark"] == "." and not cue.prefix and fold(match["wants"]) not in ("بحسب", "حسب", "وفق"))


def _goes_on_without(check: Outlets, text: str, cue: Cue, match: regex.Match[str]) -> bool:
    """Whether the sentence goes on behind the comma with a word that cannot be the source: else the comma is what is wrong."""
    word = _WORD.match(text, match.end() + 1)
    by = cue.kind == "preposition" and fold(match["wants"]) not in ("بحسب", "حسب", "وفق")
    return by and word is not None and key(word.group()) in check.grammar.continuations


def _orphan_head(check: Outlets, page: Page, cue: Cue, match: regex.Match[str]) -> Hit | None:
    """An orphan at the head of its sentence, before a comma: filled where its outlet stands behind the sentence, else cut."""
    text = page.text
    kind, _ = break_before(text, cue.outer, frozenset())
    if kind not in ("stop", "line", "mark") or match["mark"] != "،":
        return None
    if moved := _moved(check, text, match.end()):
        mention, gone = moved
        source, _ = check.grammar.phrase(mention, check.names, None, page.quotation)
        return Hit(cue.outer, gone[1], (Edit(match.start("lead"), match.end("lead"), _behind(match["lead"], source)), Edit(*gone, "")), {"lead": match["lead"]})
    then = check.parts[3].match(text, match.end())
    if then is None or (match["lead"] == match["wants"] and fold(match["wants"]) in ("بحسب", "حسب", "وفق")):
        return None
    return Hit(cue.outer, match.end("end"), (Edit(cue.outer, then.end(), ""),), {"lead": match["lead"]})


def _moved(check: Outlets, text: str, at: int) -> tuple[Mention, tuple[int, int]] | None:
    """The outlet that stands alone behind the sentence that goes on at ``at``, and the span to delete with it."""
    line_end = text.find("\n", at, at + 600)
    stop = check.parts[4].search(text, at, line_end if line_end >= 0 else at + 600)
    if stop is None:
        return None
    mention = check.names.at(text, stop.end())
    if mention is None or not (mention.certain or mention.grade == SHARED):
        return None
    closed = check.parts[5].match(text, mention.end)
    return (mention, (stop.start(1), closed.end())) if closed else None


def noun_parts(grammar: Grammar) -> tuple[str, ...]:
    return (rf"{S}+(?=[\p{{L}}«“\"])", rf"{S}+", r"«([^»\n]{2,40})»|“([^”\n]{2,40})”|\"([^\"\n]{2,40})\"")


def repeated(check: Outlets, page: Page) -> Iterator[Hit]:
    """The name of an outlet twice in a row behind its head noun: the text of the link and the name in the sentence."""
    text = page.text
    for cue in check.grammar.cues_of(page):
        if cue.kind != "noun" or (match := check.parts[0].match(text, cue.end)) is None:
            continue
        first = check.names.at(text, match.end())
        if first is None or first.outlet == UNKNOWN or first.noun or first.quoted:
            continue
        gap = check.parts[1].match(text, first.end)
        second = check.names.at(text, gap.end()) if gap else None
        if second is None or second.noun or second.quoted or key(first.core) != key(second.core) or _script(text, first) != _script(text, second):
            continue
        if not _fits(check, text[cue.start : cue.end], first):
            continue
        core = f"{page.quotation[0]}{first.core}{page.quotation[1]}{second.after or first.after}"
        yield Hit(first.start, second.end, (Edit(first.start, second.end, core),), {"name": first.core})


def _script(text: str, mention: Mention) -> bool:
    return text[mention.start].isascii()


def agreement_parts(grammar: Grammar) -> tuple[str, ...]:
    return (rf"{S}+(?P<noun>{grammar.noun})(?={S}+[\p{{L}}«“\"])",)


def agreement(check: Outlets, page: Page) -> Iterator[Hit]:
    """A verb that does not agree with the head noun of its outlet (``ذكرت موقع «أكسيوس»``)."""
    text, grammar = page.text, check.grammar
    for cue in grammar.cues_of(page):
        if cue.kind != "verb" or cue.prefix not in ("", "و", "ف") or (match := check.parts[0].match(text, cue.end)) is None:
            continue
        word = text[cue.start : cue.end]
        wanted, has, verb = grammar.gender(match["noun"]), _gender_of(grammar, word), grammar.read(word)
        if has is None or has == wanted or fold(word) in grammar.tell_verbs or (verb and verb.plural):
            continue
        if fold(word) in grammar.masdars and break_before(text, cue.outer, frozenset())[0] == "word":
            continue  # بعد نشر صحيفة: the noun of the verb
        found = check.names.at(text, match.start("noun"))
        if found is None or not found.noun or found.outlet == UNKNOWN or not _fits(check, match["noun"], found):
            continue
        yield Hit(cue.start, match.end("noun"), (Edit(cue.start, cue.end, _inflect(grammar, word, wanted)),), {"name": found.core})


def mistranslated(check: Outlets, page: Page) -> Iterator[Hit]:
    """What machine translation prints instead of an outlet's name, behind the head noun of that outlet."""
    text, names = page.text, check.names
    for cue in check.grammar.cues_of(page):
        if cue.kind != "noun" or (match := check.parts[0].match(text, cue.end)) is None or (inside := check.parts[2].match(text, match.end())) is None:
            continue
        group = inside.lastindex or 1
        found, adjective = inside.group(group), _WORD.search(text, inside.end(), inside.end() + 24)
        # one common word is the name of some paper somewhere: the lexicon has it with the adjective of its country
        name = check.wrong.get(key(found)) or (check.wrong.get(key(f"{found} {adjective.group()}")) if adjective else None)
        if name is None or (number := names.forms.get(key(name))) is None or key(text[cue.start : cue.end]) not in map(key, names.outlets[number][1]):
            continue
        yield Hit(inside.start(group), inside.end(group), (Edit(inside.start(group), inside.end(group), name),), {"name": name})
