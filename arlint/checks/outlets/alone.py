"""Names of outlets that stand alone: a sentence, a line or a bracket that holds nothing else.

Names with a verb are in ``shapes``, names that something before the stop still wants in ``sources``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from arlint.checks.outlets.grammar import Grammar, with_lam
from arlint.checks.outlets.names import SHARED, UNKNOWN, Mention, key
from arlint.checks.outlets.shapes import CLOSING, WORD, Break, S, break_before, is_agency
from arlint.checks.outlets.sources import lead, split_parts
from arlint.findings import Edit, Hit
from arlint.page import Page

if TYPE_CHECKING:
    from arlint.checks.outlets import Outlets

# A short sentence: nothing but a name fits in, and dots inside a name (سي.إن.إن) do not end it.
_SHORT = re.compile(rf"[.!\u2026][{CLOSING}]?[ \u00a0]+(?=[^\n.!\u061f\u2026:]{{2,70}}(?:\.(?=\S)[^\n.!\u061f\u2026:]{{0,40}}){{0,4}}(?:[.\n]|$)|\w{{1,5}}\. \w{{1,5}}\. )")


def alone_parts(grammar: Grammar) -> tuple[str, ...]:
    return (rf"{S}+", rf"{S}*\.(?=\s|$)", *split_parts(grammar))


def alone(check: Outlets, page: Page) -> Iterator[Hit]:
    """A name, or a few, as a sentence that says nothing else."""
    text, names = page.text, check.names
    places = [match.end() for match in _SHORT.finditer(text)]
    for line in page.lines[1:]:
        first = line.start + len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip())
        if len(line.text) < 60 or "." in line.text[:60]:
            places.append(first)
    reach = -1
    for start in sorted(places):
        if start < reach or (not names.may_begin(text, start + (text[start : start + 1] == "(")) and not _named(check, text, start)):
            continue
        kind, left = break_before(text, start, check.grammar.letters)
        if kind not in ("stop", "line", "mark"):
            continue
        found: list[Mention] = []
        end, stopped = start, False
        while (sentence := _name_sentence(check, text, end)) is not None:
            found += sentence[0]
            end, stopped = sentence[1], sentence[2]
            gap = check.parts[0].match(text, end) if stopped else None
            if not gap or _name_sentence(check, text, gap.end()) is None:
                break
            end = gap.end()
        if not found:
            continue
        reach = end
        if kind == "stop" and _wanted(check, page, left, start):
            continue  # what leads up to it stands before the stop: a split attribution
        if kind == "stop" and stopped and len(found) == 1 and (joined := _joined(check, page, left, end, found[0])):
            yield joined
            continue
        if edit := _alone_edit(check, page, kind, left, start, end, stopped, found):
            yield Hit(edit[0], edit[1], (Edit(*edit[2], ""),), {"name": found[0].core})


def _wanted(check: Outlets, page: Page, left: int, start: int) -> bool:
    """Whether the sentence that ends at ``left`` ends in something that wants the outlet at ``start``."""
    cues = check.grammar.cues_of(page)
    index = bisect_left(cues, left, key=lambda cue: cue.start)
    return any((match := lead(check.grammar, check.parts[2:], page.text, cue)) and match.end() == start for cue in cues[max(0, index - 2) : index])


_CLAUSE = re.compile(r"((?:\w+ ){0,3}\w+)\.(?=\s|$)")


def _named(check: Outlets, text: str, start: int) -> Mention | None:
    """A sentence of a few words that no lexicon has, and that is a title all the same: machines print it for one, the text names
    it behind a head noun and in quotation marks elsewhere, or it is made of words of titles (``ديلي نيوز ريفيو``).
    """
    match = _CLAUSE.match(text, start)
    if match is None:
        return None
    words = key(match[1]).split(" ")
    if len(words) >= 2 and (name := check.bare.get(" ".join(words))):
        return Mention(start, match.end(1), name, check.names.forms[key(name)])
    if (len(words) >= 2 and sum(word in check.grammar.titles for word in words) and not any(word in check.grammar.governors for word in words)) or words[0] == "ذا":
        return Mention(start, match.end(1), match[1], UNKNOWN)
    for opening in '«“"':
        at = text.find(opening + match[1], 0, start)
        if at > 1 and text[at + 1 + len(match[1]) : at + 2 + len(match[1])] in ("»", "”", '"'):
            before = text[max(0, at - 16) : at].split()
            if (before and key(before[-1]).lstrip("و") in check.grammar.nouns) or (before and key(before[-1])[1:] in check.grammar.nouns):
                return Mention(start, match.end(1), match[1], UNKNOWN)
    return None


_WANTING = re.compile(r"(?:(?<=[ \u00a0])(?:في|على|عبر|بواسطة|مع|إلى|عن|لـ|ل)|(?:اطلعت|حصلت) علي(?:ها|ه))$")


def _joined(check: Outlets, page: Page, left: int, end: int, mention: Mention) -> Hit | None:
    """``في مقابلة مع. رويترز.``: a sentence that ends in a preposition, or in a clause that waits for its subject."""
    text = page.text
    wanting = _WANTING.search(text, max(0, left - 24), left)
    if wanting is None or not mention.certain:
        return None
    source, _ = check.grammar.phrase(mention, check.names, None, page.quotation)
    lam = wanting.group() in ("ل", "لـ")
    start = wanting.start() if lam else left
    return Hit(left, end, (Edit(start, end - 1, with_lam(source) if lam else f" {source}"),), {"name": mention.core})


def _name_sentence(check: Outlets, text: str, start: int) -> tuple[list[Mention], int, bool] | None:
    """The mentions that make up the sentence at ``start``, where it ends, and whether a stop closes it."""
    bracket = text[start : start + 1] == "("
    run = check.names.run_at(text, start + bracket)
    if not run and not bracket and (named := _named(check, text, start)):
        run = [named]
    if not run or any(not (m.certain or m.grade == SHARED) or (m.noun and key(m.noun) not in check.grammar.outlet_nouns) for m in run):
        return None
    end = run[-1].end
    if (edition := WORD.match(text, end + 1)) and text[end : end + 1] in (" ", "\u00a0") and key(edition.group()) in check.grammar.editions:
        end = edition.end()
    if bracket:
        if text[end : end + 1] != ")" or any(is_agency(check, m) or m.noun for m in run):
            return None
        end += 1
    if stop := check.parts[1].match(text, end):
        return run, stop.end(), True
    line_end = text.find("\n", end, end + 80)
    tail = text[end : line_end if line_end >= 0 else end + 80]
    return (run, end, False) if not tail.strip() and not bracket else None


def _alone_edit(check: Outlets, page: Page, kind: Break, left: int, start: int, end: int, stopped: bool, names: Sequence[Mention]) -> tuple[int, int, tuple[int, int]] | None:
    """(start, end, what to delete) of a name that stands alone, or None where it has a reason to."""
    text = page.text
    line = page.line_at(start)
    if line is None or line.number in page.verse_lines:
        return None
    agency = any(is_agency(check, name) or (name.outlet == UNKNOWN and name.quoted) for name in names)
    rest = text[end : line.end].strip()
    if kind == "line":
        number = bisect_left(page.line_starts, line.start)
        if number == 0:
            return None
        previous = page.lines[number - 1]
        if rest:
            # a sentence goes on behind it: an agency at the head of a paragraph may be its dateline
            if not stopped or agency:
                return None
            while end < line.end and text[end] in " \u00a0":
                end += 1
            return start, end, (start, end)
        # the last line names the source of the whole article, which is for the rules on attribution
        if number == len(page.lines) - 1 or not previous.final or previous.text.endswith((":", "؟")) or previous.words < 6:
            return None
        following = page.lines[number + 1]
        if following.words < 6 or (agency and not stopped):
            return None
        return line.start, line.end, page.cut_lines(line)
    if not stopped and (agency or any(name.quoted for name in names) or page.lines[-1] is line):
        return None
    if agency and any(name.quoted and not name.noun for name in names):
        return None
    sentence = text[max(text.rfind("\n", max(0, left - 300), left), text.rfind(". ", max(0, left - 300), left), left - 300) + 1 : left]
    label = sentence.rfind(":")
    if label >= 0 and (inside := check.names.run_at(sentence, label + 1 + len(sentence[label + 1 :]) - len(sentence[label + 1 :].lstrip()))) and not sentence[inside[-1].end :].strip(" ."):
        return None  # a list with stops: الصحف: الغارديان. التايمز.
    if sentence.rstrip().endswith(("؟", ":")) or not sentence.strip() or (text[start] == "(" and text[check.names.word_end(text, start) - 1] in CLOSING):
        return None
    gap = start
    while text[gap - 1] in " \u00a0\t":
        gap -= 1
    return gap, end, (gap, end)
