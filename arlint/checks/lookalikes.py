"""``lookalikes``: Persian and Urdu letters inside Arabic words, where keyboards or fonts put them.

Medial farsi yeh is always ya in Arabic; at the end of a word it stands for ya or alef maqsura, so a list decides there. Words of
a quoted Persian or Urdu clause, and names in quotation marks, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
import regex

from arlint.arabic import BORROWED, LETTER, LOOK_ALIKES, MARK, bare
from arlint.checks import Context
from arlint.checks.expressions import SKIPPED, allowed, compile_expression
from arlint.findings import Edit, Hit
from arlint.page import Page
from arlint.persian import clause_around, is_foreign

_ALIKE = "".join(LOOK_ALIKES)
_PLAIN = {ord(seen): plain for seen, plain in LOOK_ALIKES.items()}
_FIND = regex.compile(f"[{_ALIKE}]")
_WORDCHAR = regex.compile(rf"[{LETTER}{BORROWED}{MARK}\u0640\u06d5\u06aa]")
#: Letters that only another language needs; with one of them a word is no Arabic word.
_FOREIGN = regex.compile(r"[\u067E\u0686\u0698\u06AF\u0679\u0688\u0691\u06BA\u06C0\u06C1\u06D2\u200c]")
#: Spellings that Persian and Urdu do not have: the article, ta marbuta, hamza on alef or waw, Arabic yeh, kaf or alef maqsura.
_ARABIC = regex.compile(r"^[وف]?[بكل]?(?:ال|لل).{2}|[ةأإؤيىك]")
#: The article before a word with farsi yeh or keheh: so many of them, and the page was typed that way.
_SURE = regex.compile(rf"(?<![{LETTER}])[وف]?[بك]?(?:ال|لل)[{LETTER}]+[\u06cc\u06a9]")
_HABIT = 8
_QUOTED_ALONE = frozenset("«»“”\"'‘’()")
_PROCLITICS = regex.compile(r"^[وفبل]?(?=..)")


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``alef-maqsura`` lists words (or names ``lexicon.key``) that end in alef maqsura, ``either`` maps those that live
    with both endings to the likelier (mended as unsafe), ``ya-before`` matches what follows where the list does not hold, ``known`` common words that are Arabic beyond doubt.
    """

    alef_maqsura: str | list[str]
    either: str | dict[str, str]
    known: str | list[str]
    ya_before: str | None = None


@dataclass(frozen=True)
class Lookalikes:
    alef_maqsura: frozenset[str]
    either: Mapping[str, str]
    known: frozenset[str]
    ya_before: regex.Pattern[str] | None

    def prefilters(self) -> list[str] | None:
        return [_FIND.pattern]

    def hits(self, page: Page) -> Iterator[Hit]:
        text, end = page.text, -1
        habit = False  # whether the article was typed on the other keyboard throughout
        for match in _FIND.finditer(text):
            if match.start() < end:
                continue
            start, end = match.span()
            while start > 0 and _WORDCHAR.match(text, start - 1):
                start -= 1
            while end < len(text) and _WORDCHAR.match(text, end):
                end += 1
            word = text[start:end]
            clause = clause_around(text, start, end)
            habit = habit or len(_SURE.findall(text)) >= _HABIT
            if not self._is_arabic(text, word, start, end, clause, habit) or not allowed(page, SKIPPED, start, end):
                continue
            new, sure = self._spelled(word)
            if sure and new.endswith("ى") and self.ya_before and self.ya_before.match(text, end):
                new, sure = new[:-1] + "ي", False
            yield Hit(start, end, (Edit(start, end, new),), {"letters": "، ".join(dict.fromkeys(_FIND.findall(word)))}, None if sure else "unsafe")

    def _is_arabic(self, text: str, word: str, start: int, end: int, clause: tuple[int, int], habit: bool) -> bool:
        if _FOREIGN.search(word) or text[end : end + 1] == "\u200c" or text[start - 1 : start] == "\u200c":
            return False
        if is_foreign(text[slice(*clause)]):
            return False
        if _ARABIC.search(bare(word)) or bare(self._spelled(word)[0]) in self.known:
            return True
        before, after = text[start - 1 : start], text[end : end + 1]
        if before in _QUOTED_ALONE and after in _QUOTED_ALONE and before and after:
            return False
        if habit:
            return True
        # a word without a sign of its own goes with its clause: plain Arabic on both sides of it
        around = [w.translate(_PLAIN) for w in regex.findall(rf"[{LETTER}{BORROWED}]+", text[clause[0] : start] + " " + text[end : clause[1]]) if len(w) > 1]
        arabic = sum(_ARABIC.search(w) is not None or w in self.known for w in around)
        return len(around) >= 3 and arabic >= 2 and arabic * 3 >= len(around)

    def _spelled(self, word: str) -> tuple[str, bool]:
        """``word`` in Arabic letters, and whether its end is known."""
        new = "".join(LOOK_ALIKES.get(c, c) for c in word)
        if bare(word)[-1:] not in "\u06cc":
            return new, True
        plain = bare(new)[:-1] + "ى"
        shapes = {plain, _PROCLITICS.sub("", plain), _PROCLITICS.sub("", _PROCLITICS.sub("", plain))}
        if known := shapes & self.either.keys():
            return (new[:-1] + self.either[known.pop()][-1] if new[-1:] == "ي" else new), False
        if shapes & self.alef_maqsura:
            return (new[:-1] + "ى" if new[-1:] == "ي" else new), True
        return new, len(plain) >= 5 or plain[:-1] + "ي" in self.known


def compile(form: Form, context: Context) -> Lookalikes:
    def words(value: str | list[str]) -> frozenset[str]:
        return frozenset(context.lexicons.phrases(value) if isinstance(value, str) else value)

    ends = words(form.alef_maqsura)
    either = context.lexicons.get(form.either) if isinstance(form.either, str) else form.either
    before = compile_expression(form.ya_before, context.lexicons, "ya-before") if form.ya_before else None
    return Lookalikes(ends, either, words(form.known) | ends, before)
