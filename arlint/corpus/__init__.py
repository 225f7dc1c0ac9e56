"""Whole corpora: the same engine over shards of records, on one machine or on a Ray cluster.

`batch` is the face for other people's pipelines: an Arrow record batch in, the cleaned records with their findings out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arlint.corpus.arrow import batch

__all__ = ["batch"]


def __getattr__(name: str) -> object:
    if name != "batch":
        raise AttributeError(f"module 'arlint.corpus' has no attribute '{name}'")
    from arlint.corpus.arrow import batch

    return batch
