"""Documents that stand twice in a corpus: the same words, or nearly (MinHash by datasketch). A report; nothing is removed.

Unlike discovery this keeps a signature of every document, about a kilobyte each, in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from arlint.page import key

#: Words of a shingle, hash functions of a signature, and the share of shingles in common that makes near copies.
SHINGLE, PERMUTATIONS, ALIKE = 4, 64, 0.8


@dataclass(frozen=True, slots=True)
class Twin:
    """A document that repeats ``first``: ``exact`` in all its words (marks and spelling of hamzas aside), or ``alike`` in this share."""

    ident: str
    source: str
    first: str
    exact: bool
    alike: float


def twins(documents: Iterable[tuple[str, str, str]], alike: float = ALIKE) -> Iterator[Twin]:
    """Every later copy among ``documents``, (source, id, text) each, in their order. Texts under eight words are left out."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=alike, num_perm=PERMUTATIONS)
    exact: dict[bytes, str] = {}
    signatures: dict[str, MinHash] = {}
    for source, ident, text in documents:
        words = key(text).split()
        if len(words) < 2 * SHINGLE:
            continue
        digest = blake2b(" ".join(words).encode(), digest_size=16).digest()
        if digest in exact:
            yield Twin(ident, source, exact[digest], True, 1.0)
            continue
        exact[digest] = ident
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([" ".join(words[at : at + SHINGLE]).encode() for at in range(len(words) - SHINGLE + 1)])
        near = max(((signatures[name].jaccard(signature), name) for name in index.query(signature)), default=None)
        if near is not None and near[0] >= alike:
            yield Twin(ident, source, near[1], False, round(near[0], 3))
        elif ident not in signatures:
            index.insert(ident, signature)
            signatures[ident] = signature
