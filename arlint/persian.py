"""Persian and Urdu inside Arabic copy: what tells a quotation in those languages from Arabic typed on their keyboards.

A look-alike letter alone says nothing; letters that Arabic has no use for, and the small words of the other language, do.
"""

from __future__ import annotations

import regex

# Peh, tcheh, jeh and gaf are Persian, but Arabic copy borrows them one by one for foreign names; the others are Urdu.
_URDU = r"\u0679\u0688\u0691\u06BA\u06C1\u06C0\u06D2\u06D3\u06BE"
_PERSIAN = r"\u067E\u0686\u0698\u06AF"

#: Particles, pronouns and verbs of Persian and Urdu that no Arabic word is spelled like, with either shape of kaf and yeh.
_PARTICLES = {"که", "را", "است", "این", "آن", "برای", "های", "هم", "بود", "شد", "کند", "کرد", "می", "نمی", "شما", "خود", "یک", "چه", "تا", "بی", "باد", "ای", "ها", "خدا"}
_SMALL = frozenset(_PARTICLES | {"کا", "کی", "کو", "میں", "ہے", "سے", "اور", "کے", "نے", "پر"})
#: Of those, the ones that an Arabic word typed with look-alikes may be as well; they count only beside another sign.
_WEAK = frozenset({"ها", "هم", "تا", "شد", "ای", "بی", "می", "این", "پر", "کی", "باد", "آن", "خود"})

#: How the Persian present tense opens, cut off by its half space.
_VERB = ("\u0645\u06cc\u200c", "\u0646\u0645\u06cc\u200c")

_TOKEN = regex.compile(r"[\u0621-\u064A\u066E-\u06D3\u064B-\u0652\u200c]+")
_OWN = regex.compile(f"[{_URDU}{_PERSIAN}]")
_HALF_SPACE = regex.compile(r"(?<=[\u0621-\u06D3])\u200c(?=[\u0621-\u06D3])")
_CLAUSE = regex.compile(r"[\n.!?\u061f\u060c\u061b:\u00ab\u00bb\u201c\u201d\"()\[\]]")
_SENTENCE = regex.compile(r"[\n.!?\u061f\u00ab\u00bb\u201c\u201d\"()\[\]]")
#: Letters that Arabic is not spelled with; where a text has none of them, no part of it is Persian or Urdu.
_SIGN = regex.compile(f"[{_URDU}{_PERSIAN}\\u06A9\\u06CC]")
_REACH = 120


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause that holds ``start`` to ``end``: between marks, quotation marks or line breaks, not further than a line."""
    left = max(0, start - _REACH)
    right = min(len(text), end + _REACH)
    for match in _CLAUSE.finditer(text, left, start):
        left = match.end()
    match_after = _CLAUSE.search(text, end, right)
    return left, match_after.start() if match_after else right


def reads_foreign(text: str, start: int, end: int) -> bool:
    """Whether the quotation or the sentence around ``start`` to ``end``, commas and all, reads as Persian or Urdu."""
    left, right = max(0, start - _REACH), min(len(text), end + _REACH)
    if _SIGN.search(text, left, right) is None:
        return False
    for match in _SENTENCE.finditer(text, left, start):
        left = match.end()
    match_after = _SENTENCE.search(text, end, right)
    return is_foreign(text[left : match_after.start() if match_after else right])


def is_foreign(clause: str) -> bool:
    """Whether ``clause`` reads as Persian or Urdu.

    A clause that mixes both languages is called foreign, so that nothing in it is touched: a known miss, never a harm.
    """
    strong = weak = own = 0
    for match in _TOKEN.finditer(clause):
        token = match.group()
        strong += (token in _SMALL and token not in _WEAK) or token.startswith(_VERB)
        weak += token in _WEAK
        own += _OWN.search(token) is not None
    return bool(strong or own or (_HALF_SPACE.search(clause) and weak))
