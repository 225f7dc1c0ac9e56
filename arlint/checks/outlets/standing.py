"""Whether names can stand on a page, by one look-up a word: what shapes ask before they search the text.

A page that passes is judged as before (``names``); one that does not has no words in a row that make a name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import compress
from typing import NamedTuple

from arlint.checks.outlets.packing import sound
from arlint.codes import decoded, encoded
from arlint.remembered import Remembered

#: Letters that `Names.at` and the shapes step over before a name.
_BEFORE = ("و", "ل")


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
        self._pairs = Remembered(self._lead)

    def _opens(self, token: bytes) -> Opening | None:
        word = decoded(token)
        forms = {word, word.removeprefix(_BEFORE[0]), word.removeprefix(_BEFORE[1])}
        forms |= {form.removeprefix("ال") for form in forms}
        seconds = {second for form in forms for second in self._seconds.get(form, ())}
        sounding = {second for form in forms for second in self._sounding.get(sound(form), ())}
        if not seconds and not sounding:
            return None
        return Opening("" in seconds, frozenset(map(encoded, seconds)), frozenset(sounding), frozenset(forms))

    def _lead(self, pair: tuple[bytes, bytes]) -> bool:
        """Whether a name may begin with the two words, or with the first alone."""
        opening = self._opening[pair[0]]
        return opening is not None and (opening.alone or pair[1] in opening.seconds or (bool(opening.sounds) and sound(decoded(pair[1])) in opening.sounds))

    def firsts(self, words: list[bytes]) -> set[bytes]:
        """Those of the ``words`` of a page, given as keys, that a name begins with."""
        behind = [*words[1:], b""]
        pairs = set(compress(zip(words, behind, strict=False), map(self._opening.__getitem__, words)))
        leading = {pair for pair in pairs if self._pairs[pair]}
        found: set[bytes] = set()
        if leading:
            for at, pair in enumerate(zip(words, behind, strict=False)):
                if pair in leading and pair[0] not in found and (opening := self._opening[pair[0]]) and (opening.alone or self._goes_on(words, at, opening.forms)):
                    found.add(pair[0])
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
