"""Names of news outlets in running text: a lexicon packed small, and its names matched forwards and backwards.

What stands around a name, and what is wrong with it, is the business of ``outlets`` and its shapes.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import msgspec
import regex

from arlint.arabic import SPACE
from arlint.checks.outlets.packing import COMMON, PLAIN, SHARED, TOKEN, Packed, key, pack, sound
from arlint.checks.outlets.standing import Standing
from arlint.codes import decoded, encoded, phrase
from arlint.page import Page
from arlint.remembered import Remembered

__all__ = ["COMMON", "PLAIN", "SHARED", "UNKNOWN", "Mention", "Names", "folded_words", "key", "latin_before", "pack", "unpack"]

UNKNOWN = -1

_BETWEEN = regex.compile(rf"[{SPACE}\u200e\u200f]{{1,3}}|\.[{SPACE}]?|[-'\u2019\u2013&]|[{SPACE}]&[{SPACE}]")
_GAP = regex.compile(rf"[{SPACE}\u200e\u200f]*")
_LATIN_RUN = regex.compile(r"\p{Lu}[\p{Latin}\p{N}.'\u2019&+-]*(?:[ \u00a0](?:of|the|and|for|de|la|le|\p{Lu}[\p{Latin}\p{N}.'\u2019&+-]*)){0,5}")
_JOINT = regex.compile(rf"[{SPACE}]*[\u060c,/+][{SPACE}]*|[{SPACE}]+(?=و)|[{SPACE}]+و[{SPACE}]+")
_JOINT_BEFORE = regex.compile(rf"(?:[{SPACE}]*[/+][{SPACE}]*|[{SPACE}]+و[{SPACE}]+)$")
_PAIRS = {"«": "»", "“": "”", '"': '"', "”": "“", "‘": "’", "'": "'"}
_CLOSES = {close: open_ for open_, close in _PAIRS.items()}
_PROCLITICS = ("", "و", "ل", "ب", "ال", "وال", "ول")
_ENCODED_PROCLITICS = tuple(map(encoded, _PROCLITICS))
_LATIN_WORD = re.compile("[A-Z][A-Za-z]")
_LONGEST = 8
_ON_LETTERS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"


@dataclass(frozen=True, slots=True)
class Mention:
    """An outlet as it stands in the text: head noun, the name itself, and adjectives after it (`` البريطانية``).

    ``core`` is the name as repairs print it: the article's own spelling, the lexicon's for Latin letters. ``outlet`` is its
    number in `Names`, or `UNKNOWN` for what only its surroundings show to be a name.
    """

    start: int
    end: int
    core: str
    outlet: int
    grade: int = PLAIN
    noun: str = ""
    after: str = ""
    quoted: bool = False
    prefix: str = ""

    @property
    def certain(self) -> bool:
        """Whether the words alone show that this is an outlet, wherever they stand."""
        return bool(self.noun) or self.grade == PLAIN or (self.quoted and self.outlet != UNKNOWN)


@lru_cache(maxsize=8)
def unpack(packed: bytes, nouns: frozenset[str], nisbas: frozenset[str]) -> Names:
    """The names that `pack` made small, with the head ``nouns`` and adjectives (``nisbas``) that may stand around them."""
    data = msgspec.json.decode(zlib.decompress(packed), type=Packed)
    return Names(data.outlets, data.forms, data.strict, frozenset(data.articled), nouns, nisbas)


class Names:
    """Look-up of names at a place of a text. ``nouns`` and ``nisbas`` are given as keys (see `key`)."""

    def __init__(self, outlets: list[tuple[str, list[str]]], forms: dict[str, int], strict: dict[str, int], articled: frozenset[int], nouns: frozenset[str], nisbas: frozenset[str]) -> None:
        self.outlets, self.forms, self.strict, self.articled = outlets, forms, strict, articled
        self.nouns, self.nisbas = nouns, nisbas
        self._may_open = Remembered(self._token_opens)
        self._may_close = Remembered(self._token_closes)
        self._key_closes = Remembered(self._word_closes)
        self._spelled = Remembered(_spelled)
        self.first = {form.split(" ", 1)[0] for form in forms}
        self.sounds = {
            sound(form): number
            for form, number in reversed(forms.items())
            if form not in strict and " " in form and form[0] > "z" and not form.startswith("ال") and " ال" not in form and len(sound(form)) > 7
        }
        self.sounded = {form.split(" ", 1)[0] for form in self.sounds}
        self.sounded_last = {form.rsplit(" ", 1)[-1] for form in self.sounds}
        self.last = {form.rsplit(" ", 1)[-1] for form in forms} | nisbas

    @cached_property
    def _standing(self) -> Standing:
        """The names that common words make none of: those that no noun or quotation mark has to show."""
        return Standing((form for form in self.forms if self.strict.get(form) != COMMON), self.sounds)

    def firsts(self, page: Page) -> tuple[list[bytes], set[bytes]] | None:
        """The words of ``page`` and those that a name begins with which can be read as one without a noun or quotation marks;
        None where nothing can be said.
        """
        kept: dict[int, tuple[list[bytes], set[bytes]] | None] = page.__dict__.setdefault("_outlet_firsts", {})
        if id(self) not in kept:
            kept[id(self)] = None if page.keys is None else (page.keys, self._standing.firsts(page.keys))
        return kept[id(self)]

    def closes(self, word: bytes) -> bool:
        """Whether a name can end with ``word``, one of `Page.keys`."""
        return self._key_closes[word]

    def leads(self, word: bytes) -> bool:
        """Whether ``word``, one of `Page.keys`, is a head noun, perhaps behind و."""
        return word in self._leading

    def led(self, words: list[bytes]) -> bool:
        """Whether one of ``words`` `leads`."""
        return not self._leading.isdisjoint(words)

    @cached_property
    def _leading(self) -> frozenset[bytes]:
        return frozenset(encoded(before + noun) for noun in self.nouns for before in ("", "و"))

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """What names of several words begin with, and how that sounds: behind anything else no word makes a name of it."""
        return frozenset(form[:at] for forms in (self.forms, self.sounds) for form in forms for at, letter in enumerate(form) if letter == " ")

    @cached_property
    def _telling(self) -> dict[bytes, list[tuple[bytes, ...]]]:
        """Of every name that needs nothing beside it the longest word, behind the usual proclitics, with the other words."""
        found: dict[bytes, list[tuple[bytes, ...]]] = {}
        for form in self.forms:
            words = form.split(" ")
            if form not in self.strict and form[0] > "z":
                longest = max(words, key=len)
                if len(longest) < 4 or longest == words[0]:
                    others = tuple(map(encoded, words[1:]))
                    for prefix in _PROCLITICS if len(words[0]) > 3 else ("", "ل", "و"):
                        found.setdefault(encoded(prefix + words[0]), []).append(others)
                    if words[0].startswith("ال"):
                        found.setdefault(encoded("ل" + words[0][1:]), []).append(others)
                else:
                    found.setdefault(encoded(longest), []).append(tuple(encoded(word) for word in (words[0], *(word for word in words[1:] if word != longest))))
        return found

    def possible(self, page: Page) -> bool:
        """Whether the words of ``page`` can make a name: a look at its vocabulary, before any scan of
        the text. Names that only sound like one of the lexicon are met where another name of the page is.
        """
        kept: dict[int, bool] = page.__dict__.setdefault("_outlet_possible", {})
        if id(self) not in kept:
            words, telling = folded_words(page), self._telling
            kept[id(self)] = any(_all_in(words, others) for word in telling.keys() & words for others in telling[word]) or _LATIN_WORD.search(page.text) is not None
        return kept[id(self)]

    def find(self, form: str) -> tuple[int, int] | None:
        """Number and grade of the outlet that the key ``form`` names, also behind ال where it may take it."""
        if (number := self.forms.get(form)) is not None:
            return number, self.strict.get(form, PLAIN)
        rest = form[3:] if form.startswith("ال ") else form[2:] if form.startswith("ال") else ""
        if rest and (number := self.forms.get(rest)) is not None and number in self.articled and not rest.startswith("ال"):
            return number, self.strict.get(rest, PLAIN)
        return None

    def at(self, text: str, start: int, prefixes: str = "") -> Mention | None:
        """The longest mention that begins at ``start``, perhaps behind one letter of ``prefixes``."""
        token = TOKEN.match(text, start)
        if token and key(token.group()) in self.nouns and (gap := _GAP.match(text, token.end())) and gap.end() > token.end():
            inner = self._quoted_at(text, gap.end(), known=False) or self._bare_at(text, gap.end())
            if inner:
                whole = self._bare_at(text, start)
                if whole is None or whole.end <= inner.end:
                    return self._with_nisba(text, replace(inner, start=start, noun=token.group()))
        found = self._quoted_at(text, start, known=True) or self._bare_at(text, start)
        if found is None and token and prefixes and token.group()[0] in prefixes:
            skip = 2 if text.startswith("\u0640", start + 1) else 1
            inner = self.at(text, start + skip)
            return replace(inner, start=start, prefix=text[start]) if inner else None
        return self._with_nisba(text, found) if found else None

    def may_begin(self, text: str, start: int) -> bool:
        """Whether the word at ``start`` can open a mention: a cheap look before `at`."""
        token = TOKEN.match(text, start)
        if token is None:
            return text[start : start + 1] in _PAIRS
        return self._may_open[token.group()]

    def _token_opens(self, token: str) -> bool:
        word = key(token)
        return word in self.nouns or self._opens(word)

    def _opens(self, word: str) -> bool:
        return word in self.first or (word.startswith("ال") and (word == "ال" or word[2:] in self.first)) or (word > "{" and sound(word) in self.sounded)

    @staticmethod
    def word_end(text: str, at: int) -> int:
        """Where the words before ``at`` end: ``at`` less the white space before it."""
        while at > 0 and text[at - 1] in " \t\u00a0\u200f\u200e":
            at -= 1
        return at

    def may_end(self, text: str, end: int) -> bool:
        """Whether the word that ends at ``end`` can close a mention: a cheap look before `before`."""
        if end > 0 and text[end - 1] in _CLOSES:
            return True
        start = end
        while start > 0 and end - start < 24 and (text[start - 1].isalnum() or text[start - 1] in _ON_LETTERS):
            start -= 1
        if start == end:
            return False
        return self._may_close[text[start:end]]

    def _token_closes(self, token: str) -> bool:
        return self._closes(key(token))

    def _word_closes(self, word: bytes) -> bool:
        return self._closes(decoded(word))

    def _closes(self, word: str) -> bool:
        return word in self.last or word.removeprefix("و") in self.last or word.removeprefix("ال") in self.last or sound(word) in self.sounded_last

    def before(self, text: str, end: int) -> Mention | None:
        """The longest mention that ends at ``end``, perhaps behind و."""
        if not self.may_end(text, end):
            return None
        line = text.rfind("\n", max(0, end - 110), end) + 1
        for start in self._starts(text, list(TOKEN.finditer(text, max(line, end - 110), end))):
            found = self.at(text, start, "و")
            if found and found.end == end:
                return found
        return None

    def run_before(self, text: str, end: int) -> list[Mention]:
        """Mentions joined by و or a slash, the last of which ends at ``end``."""
        found: list[Mention] = []
        while mention := self.before(text, end):
            found.insert(0, mention)
            joint = _JOINT_BEFORE.search(text, max(0, mention.start - 6), mention.start)
            if joint is None and not mention.prefix:
                break
            end = joint.start() if joint else self.word_end(text, mention.start)
            if end == mention.start:
                break
        return found

    def run_at(self, text: str, start: int) -> list[Mention]:
        """Mentions joined by و, a comma or a slash, the first of which begins at ``start``."""
        found: list[Mention] = []
        mention = self.at(text, start)
        while mention:
            found.append(mention)
            joint = _JOINT.match(text, mention.end)
            mention = self.at(text, joint.end(), "و") if joint else None
        return found

    @staticmethod
    def _starts(text: str, tokens: list[regex.Match[str]]) -> list[int]:
        """Where a mention that ends at ``end`` may begin, farthest first; a quotation mark before a word begins it too."""
        starts = []
        for token in tokens[-_LONGEST - 3 :]:
            at = token.start()
            if at > 0 and text[at - 1] in _PAIRS:
                starts.append(at - 1)
            starts.append(at)
        return starts

    def _bare_at(self, text: str, start: int) -> Mention | None:
        token = TOKEN.match(text, start)
        if token is None:
            return None
        word, sounds = self._spelled[token.group()]
        if not self._opens(word):
            return None
        best: tuple[int, int, int] | None = None
        form, at = word, token.end()
        for _ in range(_LONGEST):
            if found := self.find(form):
                best = (at, *found)
            if sounds not in self._beginnings and form not in self._beginnings and form.removeprefix("ال").removeprefix(" ") not in self._beginnings:
                break
            between = _BETWEEN.match(text, at)
            following = between and TOKEN.match(text, between.end())
            if not between or not following:
                break
            if between.group()[0] == "." and len(between.group()) > 1 and max(len(following.group()), len(token.group())) > 5:
                break
            token, at = following, following.end()
            more = self._spelled[token.group()]
            form, sounds = f"{form} {more[0]}", f"{sounds} {more[1]}"
            if best is None and not (word.startswith("و") and word[1:] in self.first) and (number := self.sounds.get(sounds)) is not None:
                best = (at, number, PLAIN)
        if best is None:
            return None
        end, number, grade = best
        if end < len(text) and text[end] == "." and "." in text[start:end] and regex.match(r"\.[\s]*[\p{L}«(]", text[end : end + 3]) is None and text[end + 1 : end + 2] == ".":
            end += 1
        core = text[start:end]
        if core.startswith("ال ") and (inner := self._bare_at(text, start + 3)) is not None and inner.outlet == number and inner.end == end:
            return replace(inner, start=start)
        if regex.search(r"\p{Latin}", core):
            core = self.outlets[number][0]
        return self._split(Mention(start, end, core, number, grade), text)

    def _split(self, found: Mention, text: str) -> Mention:
        """``found`` with the head noun and the adjective that its form holds taken out of the name, where the rest is one too."""
        words = found.core.split(" ")
        if len(words) < 2:
            return found
        noun, rest = words[0], " ".join(words[1:])
        if key(noun) in self.nouns and self.forms.get(key(rest)) == found.outlet:
            found = replace(found, noun=noun, core=rest, grade=PLAIN)
            words = words[1:]
        if len(words) > 1 and key(words[-1]) in self.nisbas and self.forms.get(key(" ".join(words[:-1]))) == found.outlet:
            found = replace(found, core=" ".join(words[:-1]), after=f" {words[-1]}")
        return found

    def _quoted_at(self, text: str, start: int, *, known: bool) -> Mention | None:
        """A name inside quotation marks. Behind a head noun any few words will do, elsewhere only what the lexicon has."""
        close = _PAIRS.get(text[start : start + 1])
        end = text.find(close, start + 1, start + 60) if close else -1
        if end < 0 or "\n" in text[start:end]:
            return None
        inside = text[start + 1 : end].strip()
        if found := self.find(key(inside)):
            core = self.outlets[found[0]][0] if regex.search(r"\p{Latin}", inside) else inside
            return replace(self._split(Mention(start, end + 1, core, *found), text), quoted=True)
        if known or not inside or len(inside.split()) > 4:
            return None
        return Mention(start, end + 1, inside, UNKNOWN, PLAIN, quoted=True)

    def _with_nisba(self, text: str, found: Mention) -> Mention:
        while gap := _GAP.match(text, found.end):
            token = TOKEN.match(text, gap.end())
            if not token or gap.end() == found.end or key(token.group()) not in self.nisbas:
                break
            found = replace(found, end=token.end(), after=f"{found.after} {token.group()}")
        return found


def _spelled(token: str) -> tuple[str, str]:
    word = key(token)
    return word, sound(word)


def folded_words(page: Page) -> frozenset[bytes]:
    """The Arabic words of ``page``, folded."""
    kept: dict[str, frozenset[bytes]] = page.__dict__
    if "_outlet_words" not in kept:
        kept["_outlet_words"] = frozenset(phrase(page.tokens).split())
    return kept["_outlet_words"]


def _all_in(words: frozenset[bytes], wanted: tuple[bytes, ...]) -> bool:
    """Whether ``words`` has all those ``wanted``, the first of them perhaps behind a proclitic."""
    return words.issuperset(wanted[1:]) and (not wanted or any(prefix + wanted[0] in words for prefix in _ENCODED_PROCLITICS))


def latin_before(text: str, end: int) -> Mention | None:
    """A run of capitalised Latin words that ends at ``end``: an outlet that no lexicon has, if its surroundings say so."""
    line = max(text.rfind("\n", max(0, end - 60), end) + 1, end - 60)
    for match in _LATIN_RUN.finditer(text, line, end):
        if match.end() == end and len(match.group()) > 2:
            return Mention(match.start(), end, match.group(), UNKNOWN, PLAIN)
    return None
