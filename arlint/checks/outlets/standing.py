"""Whether names can stand on a page, by one look-up a word: what shapes ask before they search the text.

A page that passes is judged as before (``names``); one that does not has no words in a row that make a name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from arlint.checks.outlets.packing import sound
from arlint.codes import decoded, encoded, keyed

#: Letters that `Names.at` and the shapes step over before a name.
_BEFORE = ("و", "ل")
#: Words remembered; a corpus brings new ones without end.
_SEEN = 50_000


class Opening(NamedTuple):
    """What a name may go on with behind its first word: with nothing (``alone``), with one of the words ``seconds``, or with
    one that sounds like one of ``sounds``. ``forms`` are spellings of the first word without what stands before it.
    """

    alone: bool
    seconds: frozenset[bytes]
    sounds: frozenset[str]
    forms: frozenset[str]


class Sounds(dict[bytes, str]):
    """`sound` of words, remembered."""

    def __missing__(self, token: bytes) -> str:
        if len(self) > _SEEN:
            self.clear()
        found = self[token] = sound(decoded(token))
        return found


class Standing(dict[bytes, Opening | None]):
    """What names open with a word, judged when it is first met; ``forms`` are keys, ``sounds`` as `sound` spells them."""

    def __init__(self, forms: Iterable[str], sounds: Collection[str]) -> None:
        self.forms, self.sounds = frozenset(forms), frozenset(sounds)
        self._sound = Sounds()
        self._seconds, self._sounding = _by_first(self.forms), _by_first(self.sounds)

    def __missing__(self, token: bytes) -> Opening | None:
        word = decoded(token)
        forms = {word, word.removeprefix(_BEFORE[0]), word.removeprefix(_BEFORE[1])}
        forms |= {form.removeprefix("ال") for form in forms}
        seconds = {second for form in forms for second in self._seconds.get(form, ())}
        sounding = {second for form in forms for second in self._sounding.get(sound(form), ())}
        found = None
        if seconds or sounding:
            found = Opening("" in seconds, frozenset(map(encoded, seconds)), frozenset(sounding), frozenset(forms))
        self[token] = found
        return found

    def firsts(self, codes: bytes) -> tuple[list[bytes], set[bytes]] | None:
        """The words of a page, as keys, and those of them that a name begins with; None where nothing can be said."""
        words = keyed(codes)
        if words is None:
            return None
        if len(self) > _SEEN:
            self.clear()
        found = set()
        behind = [*words[1:], b""]
        for at, opening in enumerate(map(self.__getitem__, words)):
            if opening is None:
                continue
            alone, seconds, sounds, forms = opening
            if (alone or behind[at] in seconds or (sounds and self._sound[behind[at]] in sounds)) and words[at] not in found and (alone or self._goes_on(words, at, forms)):
                found.add(words[at])
        return words, found

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
