"""``suppressions``: comments for arlint that are not needed, or not understood.

Whether a comment is needed is known only when all other checks have looked, so ``suppress`` finds these; here they have their
form, and a place among the rules: to be selected, explained and proved like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec

from arlint.checks import Context
from arlint.findings import Hit
from arlint.page import Page


class Form(msgspec.Struct, forbid_unknown_fields=True):
    """``of`` is what is wrong with the comment."""

    of: Literal["unused", "unknown"]


@dataclass(frozen=True)
class Suppressions:
    def prefilters(self) -> list[str]:
        return []

    def hits(self, page: Page) -> Iterator[Hit]:
        yield from ()


def compile(form: Form, context: Context) -> Suppressions:
    return Suppressions()
