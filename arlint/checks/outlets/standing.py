"""Whether names can stand on a page, by one look-up a word: what shapes ask before they search the text.

A page that passes is judged as before (``names``); one that does not has no words in a row that make a name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import compress
from operator import or_
from typing import NamedTuple

from arlint.checks.outlets.packing import sound, sounded_alike
from arlint.codes import decoded, encoded
from arlint.remembered import Remembered

#: What stands before the first word of a name that `Names.at` and the shapes step over.
_BEFORE = ("", "و", "ل", "ال", "وال", "لال")
_LAM = encoded("ل")
#: All that `sound` unites is one byte here, and what it leaves out in some place is left out in all.
_UNITED, _LEFT_OUT = sounded_alike()


def _skeleton(word: bytes) -> bytes:
    """What words have in common that sound the same: less than `sound` says, but said at once."""
    return word.translate(_UNITED, _LEFT_OUT)


def _sound(word: bytes) -> str:
    return sound(decoded(word))


class Opening(NamedTuple):
    """What a name of several words may go on with behind its first: with one of the words ``seconds``, or with one that sounds
    like one of ``sounds``. ``forms`` are spellings of the first word without what stands before it.
    """

    seconds: frozenset[bytes]
    sounds: frozenset[str]
    forms: frozenset[str]


class Standing:
    """What names open with a word; ``forms`` are keys, ``sounds`` as `sound` spells them."""

    def __init__(self, forms: Iterable[str], sounds: Collection[str]) -> None:
        self.forms, self.sounds = frozenset(forms), frozenset(sounds)
        self._seconds, self._sounding = _by_first(self.forms), _by_first(self.sounds)
        self._opening = Remembered(self._opens)
        self._sound = Remembered(_sound)
        self._alone = frozenset(encoded(before + first) for first, seconds in self._seconds.items() if "" in seconds for before in _BEFORE)
        self._all_seconds = frozenset(encoded(second) for seconds in self._seconds.values() for second in seconds if second)
        self._second_skeletons = frozenset(_skeleton(encoded(second)) for seconds in self._sounding.values() for second in seconds)
        self._known = frozenset(encoded(before + first) for first in self._seconds for before in _BEFORE)
        self._skeletons = frozenset(lam + _skeleton(encoded(first)) for first in self._sounding for lam in (b"", _LAM, _LAM + _LAM))

    def _opens(self, token: bytes) -> Opening:
        word = decoded(token)
        forms = {word, word.removeprefix("و"), word.removeprefix("ل")}
        forms |= {form.removeprefix("ال") for form in forms}
        seconds = {second for form in forms for second in self._seconds.get(form, ())}
        sounding = {second for form in forms for second in self._sounding.get(sound(form), ())}
        return Opening(frozenset(map(encoded, seconds)), frozenset(sounding), frozenset(forms))

    def firsts(self, words: list[bytes]) -> set[bytes]:
        """Those of the ``words`` of a page, given as keys, that a name begins with."""
        found: set[bytes] = set()
        if not words:
            return found
        skeletons = [*_skeleton(b" ".join(words)).split(b" "), b""]
        behind = [*words[1:], b""]
        may_open = map(or_, map(self._known.__contains__, words), map(self._skeletons.__contains__, skeletons))
        seconds, second_skeletons = self._all_seconds, self._second_skeletons
        for at in compress(range(len(words)), may_open):
            word, then = words[at], behind[at]
            if word in self._alone or (word not in found and (then in seconds or skeletons[at + 1] in second_skeletons) and self._begins(words, at)):
                found.add(word)
        return found

    def _begins(self, words: list[bytes], at: int) -> bool:
        """Whether a name of several words begins at ``at``."""
        if at + 1 == len(words):
            return False
        opening, then = self._opening[words[at]], words[at + 1]
        return (then in opening.seconds or (bool(opening.sounds) and self._sound[then] in opening.sounds)) and self._goes_on(words, at, opening.forms)

    def _goes_on(self, words: list[bytes], at: int, forms: Iterable[str]) -> bool:
        """Whether one of ``forms`` and the words behind ``at`` make a name."""
        rest = ""
        for word in words[at + 1 : at + _LONGEST + 1]:
            rest += " " + decoded(word)
            if any(form + rest in self.forms or sound(form + rest) in self.sounds for form in forms):
                return True
        return False


#: More words than these no name is looked for in.
_LONGEST = 9


def _by_first(forms: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for form in forms:
        first, _, rest = form.partition(" ")
        found.setdefault(first, set()).add(rest.partition(" ")[0])
    return found
