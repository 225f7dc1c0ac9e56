"""How a report names its source: verbs inflected, head nouns chosen, and the phrase that a repair prints.

Facts come from a lexicon of reporting (rules/lexicons/reporting.yaml); places are found by ``shapes``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any

from arlint.arabic import CLASSES, SPACE, fold, loose
from arlint.checks.expressions import expand
from arlint.checks.outlets.names import Mention, Names, key
from arlint.codes import CHARACTERS, OWN, decoded, encoded
from arlint.page import Page
from arlint.remembered import Remembered
from arlint.rules import Lexicons

#: Places of a form in a row of the lexicon's ``verbs``: past and present, masculine and feminine; the rest are dual and plural.
_PAST, _PRESENT = 0, 2
_MASCULINE = (0, 2, 4, 6)


@dataclass(frozen=True)
class Verb:
    """A form of a reporting verb: its row in the lexicon, its tense, and its gender (``m`` or ``f``)."""

    row: int
    tense: int
    gender: str
    plural: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that outlets go with: where its proclitics begin, where the word itself begins and ends, and what it is."""

    outer: int
    start: int
    end: int
    kind: str
    prefix: str


@dataclass(frozen=True)
class Grammar:
    """The lexicon of reporting, compiled. Words are kept as keys (see `names.key`), expressions as fragments."""

    rows: tuple[tuple[str, ...], ...]
    verbs: Mapping[str, Verb]
    news_verbs: frozenset[str]
    told_verbs: frozenset[str]
    orphan_verbs: frozenset[str]
    #: verbs that take whom they tell as object (أخبر), by which a person speaks, and which go on with what was said
    tell_verbs: frozenset[str]
    speech_verbs: frozenset[str]
    adding_verbs: frozenset[str]
    #: misread verbs behind a name, to masculine, feminine, and the words that lead the clause in
    stand_ins: Mapping[str, tuple[str, str, str]]
    #: words that make one phrase with the name behind them
    idafa: frozenset[str]
    #: words of titles, to the head noun that they show
    titles: Mapping[str, str]
    masdars: frozenset[str]
    nouns: Mapping[str, tuple[str, ...]]
    nisbas: frozenset[str]
    editions: frozenset[str]
    outlet_nouns: frozenset[str]
    prose_titles: frozenset[str]
    letters: frozenset[str]
    governors: frozenset[str]
    continuations: frozenset[str]
    openers: Mapping[str, str]
    relatives: Mapping[str, tuple[str, str, str]]
    #: what every cue word is: ``verb``, ``noun``, ``preposition``, ``told``, ``stand-in``
    cues: Mapping[str, str]
    scan: str
    #: fragments of expressions, for the shapes to build on
    tail: str
    content: str
    preposition: str
    frame: str
    noun: str
    interjection: str

    def cues_of(self, page: Page) -> list[Cue]:
        """The words of ``page`` that outlets go with, in order. All rules share them, and one pass of ``re`` over a trie finds
        them (0.15 s for 12 MB; ``regex`` with its classes took ten times as long for one rule alone).
        """
        kept: dict[str, list[Cue]] = page.__dict__.setdefault("_outlet_cues", {})
        if (found := kept.get(self.scan)) is None:
            pattern, text = _scanner(self.scan), page.text
            first = pattern.match(" " + text[:80])
            found = kept[self.scan] = [self._cue(first, 1)] if first else []
            stems = set(filter(None, map(_stems(self.scan).__getitem__, self._alike(page.distinct))))
            places = {at for stem in stems for at in _behind_space(text, stem)}
            found += [self._cue(match, 0) for at in sorted(places) if (match := pattern.match(text, at))]
        return found

    def _alike(self, tokens: frozenset[bytes]) -> Iterator[bytes]:
        """Those of ``tokens`` that are spelled as a cue may be, told for all at once."""
        words = list(tokens)
        return compress(words, map(_spellings(self.scan, frozenset(self.cues)).__contains__, b" ".join(words).translate(_UNITED).split(b" ")))

    def _cue(self, match: re.Match[str], shift: int) -> Cue:
        kind = self.cues.get(folded(match[3]).replace("ة", "ه"), "")
        return Cue(match.start(2) - shift, match.start(3) - shift, match.end() - shift, kind, match[2])

    def read(self, word: str) -> Verb | None:
        """The form that ``word`` is, however its hamzas are spelled; None for a word that is no reporting verb."""
        return self.verbs.get(folded(word))

    def meant(self, word: str) -> Verb | None:
        """The form that ``word`` is, or that it stands in for behind an outlet (فهم for "understands")."""
        stand_in = self.stand_ins.get(folded(word))
        return self.verbs.get(folded(word)) or (Verb(-1, _PAST, "m", False) if stand_in else None)

    def cues_between(self, page: Page, start: int, end: int) -> list[Cue]:
        """The cues of ``page`` that begin in the span."""
        cues = self.cues_of(page)
        return cues[bisect_left(cues, start, key=lambda cue: cue.start) : bisect_left(cues, end, key=lambda cue: cue.start)]

    def tells(self, word: str) -> bool:
        """Whether ``word`` says that somebody spoke to somebody (قال, صرّح)."""
        return folded(word) in self.told_verbs

    def inflect(self, word: str, gender: str) -> str:
        """``word`` agreeing with a singular subject of ``gender`` behind it, in its own tense, or as it is if it does."""
        verb = self.read(word)
        if verb is None or (verb.gender == gender and not verb.plural):
            return word
        return self.rows[verb.row][verb.tense + (gender == "f")]

    def noun_of(self, mention: Mention, names: Names, gender: str | None) -> str:
        """The head noun that a repair puts before ``mention``: its own, the outlet's of the wanted gender, or its first."""
        if mention.noun:
            return mention.noun
        if mention.outlet < 0:
            return ""
        nouns = names.outlets[mention.outlet][1]
        agreeing = [noun for noun in nouns if self.gender(noun) == gender]
        return (agreeing or nouns)[0]

    def gender(self, noun: str) -> str:
        """``m`` or ``f`` of a head noun, by its first word (هيئة الإذاعة البريطانية is a هيئة)."""
        return self.nouns.get(key(noun.split(" ")[0].removeprefix("ال")), ("f",))[0]

    def phrase(self, mention: Mention, names: Names, gender: str | None, quotes: tuple[str, str]) -> tuple[str, str]:
        """``mention`` as a careful editor prints it (``صحيفة «بوليتيكو» الأميركية``), and the gender of its head."""
        if mention.after and gender is None and not mention.noun:
            gender = "f" if key(mention.after.split()[0]).endswith("ه") else "m"
        words = [key(word) for word in mention.core.split()]
        held = words[0] if words[0] in self.nouns or words[0].removeprefix("ال") in self.nouns else ""
        if held and not mention.noun:
            return mention.core + mention.after, self.nouns.get(held, self.nouns.get(held.removeprefix("ال"), ("f",)))[0]
        noun = self.noun_of(mention, names, gender)
        prose = any(word in self.prose_titles for word in words)
        core = mention.core if prose or (mention.outlet < 0 and not noun and not quotes[0]) else f"{quotes[0]}{mention.core}{quotes[1]}"
        return (f"{noun} {core}" if noun else core) + mention.after, self.gender(noun) if noun else (gender or "f")

    def source(self, mentions: Sequence[Mention], names: Names, gender: str | None, quotes: tuple[str, str], *, genitive: bool = False) -> tuple[str, str]:
        """One or more mentions as one source: a dual noun for two of a kind, each its own noun otherwise."""
        if len(mentions) == 2 and (noun := self._shared_noun(mentions, names, gender)):
            dual = self.nouns[key(noun)]
            if len(dual) == 3:
                a, b = (f"{quotes[0]}{m.core}{quotes[1]}{m.after}" for m in mentions)
                return f"{dual[2 if genitive else 1]} {a} و{b}", dual[0]
        parts = [self.phrase(mention, names, gender, quotes) for mention in mentions]
        return " و".join(text for text, _ in parts), parts[0][1]

    def _shared_noun(self, mentions: Sequence[Mention], names: Names, gender: str | None) -> str | None:
        if any(m.outlet < 0 or (m.noun and m.noun != mentions[0].noun) for m in mentions):
            return None
        if any(word in self.prose_titles or word in self.nouns for m in mentions for word in map(key, m.core.split())):
            return None
        first, second = (names.outlets[m.outlet][1] for m in mentions)
        # of two outlets the usual kinds must meet: رويترز is no شبكة because a fellow of it is
        common = [noun for noun in first if noun in second and noun in (first[0], second[0]) and key(noun) in self.nouns]
        agreeing = [noun for noun in common if self.gender(noun) == gender]
        return next(iter(agreeing or common), None)


#: `fold` of one word; cues are few and come again.
folded = lru_cache(maxsize=4096)(fold)


def with_lam(phrase: str) -> str:
    """``phrase`` behind the preposition ل: للقناة, لوكالة, and لـ before a quotation mark."""
    if phrase.startswith("ال"):
        return "لل" + phrase[2:]
    return ("ل" if phrase[:1].isalpha() else "لـ") + phrase


def compile_grammar(data: Mapping[str, Any], lexicons: Lexicons) -> Grammar:
    """The grammar that the lexicon ``data`` holds. Raises KeyError for a part that is missing."""
    rows = tuple(tuple(row) for row in data["verbs"])
    verbs: dict[str, Verb] = {}
    for number, row in enumerate(rows):
        for place, form in enumerate(row):
            verbs.setdefault(fold(form), Verb(number, _PRESENT if place in (2, 3) else _PAST, "m" if place in _MASCULINE else "f", place > 3))

    def keys(name: str) -> frozenset[str]:
        return frozenset(map(key, data[name]))

    def either(items: Sequence[str]) -> str:
        return "(?:" + "|".join(expand(item, lexicons) for item in items) + ")"

    def words(items: Sequence[str]) -> str:
        return "(?:" + "|".join(loose(item) for item in sorted(set(items), key=lambda w: (-len(w), w))) + ")"

    cues: dict[str, str] = {}
    for kind, forms in (
        ("verb", [*(form for row in rows for form in row), *(form for pair in data["relatives"] for form in pair)]),
        ("noun", data["nouns"]),
        ("preposition", data["preposition-words"]),
        ("told", [*data["told-verbs"], *data["speech-verbs"]]),
        ("stand-in", data["stand-ins"]),
    ):
        for form in forms:
            cues.setdefault(fold(form).replace("ة", "ه"), kind)
    return Grammar(
        rows=rows,
        verbs=verbs,
        news_verbs=frozenset(map(fold, data["news-verbs"])),
        told_verbs=frozenset(map(fold, data["told-verbs"])),
        orphan_verbs=frozenset(map(fold, data["orphan-verbs"])),
        tell_verbs=frozenset(map(fold, data["tell-verbs"])),
        speech_verbs=frozenset(map(fold, data["speech-verbs"])),
        adding_verbs=frozenset(map(fold, data["adding-verbs"])),
        stand_ins={fold(word): tuple(meant) for word, meant in data["stand-ins"].items()},
        idafa=keys("idafa"),
        titles={key(word): noun for word, noun in data["title-words"].items()},
        masdars=frozenset(map(fold, data["masdars"])),
        nouns={key(noun): tuple(row) for noun, row in data["nouns"].items()},
        nisbas=keys("nisbas"),
        editions=keys("editions"),
        outlet_nouns=keys("outlet-nouns"),
        prose_titles=keys("prose-titles"),
        letters=keys("letters"),
        governors=keys("governors"),
        continuations=keys("continuations"),
        openers={key(opener): kind for kind, openers in data["openers"].items() for opener in openers},
        relatives={fold(form): (pair[0], pair[1], "mf"[place]) for pair in data["relatives"] for place, form in enumerate(pair)},
        cues=cues,
        scan=rf"([{SPACE}\n«\"“(\u060c.])([وف]?[بل]?)({_trie(cues)}){_MARK_END}",
        tail=either(data["tails"]),
        content=words(data["contents"]),
        preposition=either(data["prepositions"]),
        frame=either(data["frames"]),
        noun=words(list(data["nouns"])),
        interjection=words(data["interjections"]),
    )


# A trie of folded words meets every spelling of their hamzas; of the marks only tanwin beside a final alef, which is all
# that news copy writes on these words. Optional parts anywhere else would cost the scan its speed.
_SPELLED = {"ا": "[\u0627\u0623\u0625\u0622]", "ه": "[\u0647\u0629]", "ي": "[\u064a\u0649\u0626]", "و": "[\u0648\u0624]"}
_MARK_END = CLASSES["e"]


def _trie(words: Iterable[str]) -> str:
    """An expression of ``words`` (folded) in which common beginnings stand once."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}

    def spelled(node: dict[str, Any]) -> str:
        branches = [
            (f"\u064b?{_SPELLED[letter]}\u064b?" if letter == "ا" and list(below) == [""] else _SPELLED.get(letter, letter)) + spelled(below) for letter, below in sorted(node.items()) if letter
        ]
        if not branches:
            return ""
        whole = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
        return whole + ("?" if "" in node else "")

    return spelled(tree)


_UNITED = bytes(next((OWN[same] for same, letters in (("ا", "أإآ"), ("ه", "ة"), ("ي", "ىئ"), ("و", "ؤ")) if c in letters), code) for code, c in enumerate(CHARACTERS))


@lru_cache(maxsize=8)
def _spellings(_expression: str, cues: frozenset[str]) -> frozenset[bytes]:
    """Cues behind the proclitics that the expression lets stand before them, their spellings united."""
    return frozenset(encoded(before + with_ + cue).translate(_UNITED) for before in ("", "و", "ف") for with_ in ("", "ب", "ل") for cue in cues)


@lru_cache(maxsize=8)
def _stems(expression: str) -> Remembered[bytes, str]:
    """What a word that is a cue is looked for by in the text: all of it, less the final alef beside which a tanwin may stand; for
    other words nothing.
    """
    pattern = _scanner(expression)

    def stem(token: bytes) -> str:
        word = decoded(token)
        return word.rstrip("اأإآ") if pattern.fullmatch(" " + word) else ""

    return Remembered(stem)


def _behind_space(text: str, stem: str) -> Iterator[int]:
    """The place before every ``stem`` in ``text``, where what parts words stands before a cue."""
    at = text.find(stem, 1)
    while at >= 0:
        yield at - 1
        at = text.find(stem, at + 1)


@lru_cache(maxsize=8)
def _scanner(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
