"""Whether names can stand on a page, by one look-up a word: what shapes ask before they search the text.

A page that passes is judged as before (``names``); one that does not has no words in a row that make a name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import compress
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
    """What a name may go on with behind its first word: with nothing (``alone``), with one of the words ``seconds``, or with
    one that sounds like one of ``sounds``. ``forms`` are spellings of the first word without what stands before it.
    """

    alone: bool
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
        self._follows = Remembered(self._second)
        self._all_seconds = frozenset(encoded(second) for seconds in self._seconds.values() for second in seconds if second)
        self._all_sounds = frozenset(second for seconds in self._sounding.values() for second in seconds if second)
        self._known = frozenset(encoded(before + first) for first in self._seconds for before in _BEFORE)
        self._skeletons = frozenset(lam + _skeleton(encoded(first)) for first in self._sounding for lam in (b"", _LAM, _LAM + _LAM))

    def _opens(self, token: bytes) -> Opening | None:
        if token not in self._known and _skeleton(token) not in self._skeletons:
            return None
        word = decoded(token)
        forms = {word, word.removeprefix("و"), word.removeprefix("ل")}
        forms |= {form.removeprefix("ال") for form in forms}
        seconds = {second for form in forms for second in self._seconds.get(form, ())}
        sounding = {second for form in forms for second in self._sounding.get(sound(form), ())}
        if not seconds and not sounding:
            return None
        return Opening("" in seconds, frozenset(map(encoded, seconds)), frozenset(sounding), frozenset(forms))

    def _second(self, token: bytes) -> bool:
        """Whether ``token`` is the second word of any name, or sounds like one."""
        return token in self._all_seconds or self._sound[token] in self._all_sounds

    def firsts(self, words: list[bytes]) -> set[bytes]:
        """Those of the ``words`` of a page, given as keys, that a name begins with."""
        found: set[bytes] = set()
        openings = list(map(self._opening.__getitem__, words))
        follows, behind = self._follows, [*words[1:], b""]
        for at in compress(range(len(words)), openings):
            opening, then = openings[at], behind[at]
            assert opening is not None
            if opening.alone or (
                follows[then] and words[at] not in found and (then in opening.seconds or (opening.sounds and self._sound[then] in opening.sounds)) and self._goes_on(words, at, opening.forms)
            ):
                found.add(words[at])
        return found

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
