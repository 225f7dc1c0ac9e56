"""The names of a lexicon of outlets, packed small enough to lie in every rule, and what spellings of one name share.

Names are looked up in text by ``names``.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
import regex

from arlint.arabic import fold
from arlint.codes import OWN

PLAIN, SHARED, COMMON = 0, 1, 2
"""How much a form needs around it to be read as a name: nothing, the beginning of a sentence, a head noun or quotation marks."""

TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}\u0640]+")
# Letters that transliterations of one name disagree on, and the long vowels that they write or leave out.
_ALIKE = ("جقكخثطصزذضڤپ", "غغغغتتسسددفب")
_LONG = "اويه"
_SOUNDS = str.maketrans(*_ALIKE)
_INSIDE = str.maketrans(*_ALIKE, _LONG)


class Packed(msgspec.Struct, array_like=True):
    outlets: list[tuple[str, list[str]]]
    forms: dict[str, int]
    strict: dict[str, int]
    articled: list[int]


def key(text: str) -> str:
    """What spellings of one name share: folded words in lower case, ta marbuta as ha, dots and hyphens as spaces."""
    return " ".join(TOKEN.findall(fold(text).replace("ة", "ه").lower()))


@lru_cache(maxsize=4096)
def sound(form: str) -> str:
    """What transliterations of one name share: the consonants of the key ``form``, those that they disagree on united."""
    return " ".join(word[:1].translate(_SOUNDS) + word[1:].translate(_INSIDE) for word in form.split(" "))


def sounded_alike() -> tuple[bytes, bytes]:
    """For words in `codes`: a table that unites what `sound` unites, and what it leaves out."""
    united = {OWN[a]: OWN[b] for a, b in zip(*_ALIKE, strict=True)}
    return bytes(united.get(code, code) for code in range(256)), bytes(OWN[c] for c in _LONG)


def pack(lexicons: Iterable[Mapping[str, Any]]) -> bytes:
    """The names of ``lexicons`` (see rules/lexicons/outlets.yaml for their form), small enough to lie in every rule.

    Raises ValueError for an entry that is not of that form.
    """
    outlets: list[tuple[str, list[str]]] = []
    forms: dict[str, int] = {}
    strict: dict[str, int] = {}
    articled = []
    for lexicon in lexicons:
        for name, entry in lexicon.items():
            if not isinstance(entry, Mapping) or not entry.get("nouns"):
                raise ValueError(f"'{name}' needs its head noun, as in '{name}: {{nouns: [صحيفة]}}'")
            number = len(outlets)
            outlets.append((name, [str(noun) for noun in entry["nouns"]]))
            for form in [name, *entry.get("also", ()), *entry.get("latin", ())]:
                forms.setdefault(key(form), number)
            for grade, field in ((SHARED, "shared"), (COMMON, "common")):
                strict.update((key(form), grade) for form in entry.get(field, ()))
            if entry.get("article") is not False:
                articled.append(number)
    forms.pop("", None)
    return zlib.compress(msgspec.json.encode(Packed(outlets, forms, strict, articled)), 6)
