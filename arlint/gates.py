"""Gates: how many findings a run may have before it fails, as a rate of the words or of the documents that were read.

Knows counts and nothing else: whoever checks fills `Counts` (parts are counted apart and added up) and asks for `verdicts`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arlint.findings import Language

ALL = "ALL"

_RATE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(?:/\s*(\d+)([kM]?)|(%))")
_FACTOR = {"": 1, "k": 1_000, "M": 1_000_000}


class GateError(ValueError):
    """A gate that cannot be understood; says how one is written."""


@dataclass(frozen=True)
class Gate:
    """At most ``limit`` findings of ``selector`` (a rule, a family or ALL) in ``words`` words; where ``words`` is None, a
    finding of it in at most ``limit`` per cent of the documents."""

    selector: str
    limit: float
    words: int | None

    def __str__(self) -> str:
        return f"{self.selector}={self.limit:g}{'%' if self.words is None else '/' + _short(self.words)}"


def gate(selector: str, rate: str) -> Gate:
    """The gate that ``selector`` and ``rate`` (``0.2/1k``, ``3/100k``, ``5%``) write. Raises `GateError`."""
    found = _RATE.fullmatch(rate.strip())
    if not selector or found is None or (found[2] is not None and int(found[2]) == 0):
        raise GateError(f"'{selector}={rate}' is no rate; write a rule, a family or ALL and how much of it is allowed: outlet=0.2/1k (findings in 1,000 words), ALL=5% (of the documents)")
    return Gate(selector, float(found[1]), None if found[4] else int(found[2]) * _FACTOR[found[3]])


def gates(texts: Iterable[str]) -> tuple[Gate, ...]:
    """The gates in ``texts``, each ``SELECTOR=RATE`` or several of them separated by commas. Raises `GateError`."""
    parts = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    return tuple(gate(selector.strip(), rate) for selector, _, rate in (part.partition("=") for part in parts))


@dataclass
class Counts:
    """What was read and found. ``rules`` counts findings by rule; ``documents_with`` the documents that have any, by rule, by
    family and in ALL."""

    words: int = 0
    documents: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    documents_with: Counter[str] = field(default_factory=Counter)

    def add(self, rules: Iterable[str], words: int = 0, documents: int = 1) -> None:
        """Count one document (or none, with ``documents=0``: a further part of one) with findings of ``rules``."""
        self.words += words
        self.documents += documents
        found = Counter(rules)
        self.rules.update(found)
        self.documents_with.update({*found, *map(_family, found), *([ALL] if found else [])})

    def join(self, other: Counts) -> None:
        """Count what ``other`` counted too."""
        self.words += other.words
        self.documents += other.documents
        self.rules.update(other.rules)
        self.documents_with.update(other.documents_with)

    def of(self, selector: str) -> int:
        """Findings that ``selector`` names."""
        return sum(count for rule, count in self.rules.items() if selector in (rule, _family(rule), ALL))

    def rate(self, selector: str = ALL, words: int = 1_000) -> float:
        """Findings of ``selector`` in so many words read; as if one word had been read where there was none."""
        return self.of(selector) * words / max(self.words, 1)


@dataclass(frozen=True)
class Verdict:
    """What became of a gate: ``rate`` is measured in its unit, ``count`` findings of ``total`` words (or documents)."""

    gate: Gate
    rate: float
    count: int
    total: int

    @property
    def fell(self) -> bool:
        return self.rate > self.gate.limit

    @property
    def over(self) -> float:
        """By how much the rate is above the limit; 0 where the gate held."""
        return max(0.0, self.rate - self.gate.limit)

    def row(self) -> Mapping[str, object]:
        """The verdict as plain data."""
        return {"gate": str(self.gate), "fell": self.fell, "rate": round(self.rate, 6), "over": round(self.over, 6), "count": self.count, "total": self.total}

    def said(self, language: Language = "en") -> str:
        """One line: whether the gate held, the rate, and by how much it is over."""
        words = self.gate.words
        if language == "ar":
            rate = f"{number(self.rate)}% من الوثائق" if words is None else f"{number(self.rate)} لكل {words:,} كلمة"
            over = f"، بزيادة {number(self.over)}" if self.fell else ""
            return f"الحدّ {self.gate} {'تُجووز' if self.fell else 'لم يُتجاوز'}: {rate}{over} ({self.count:,} من {self.total:,})"
        rate = f"{number(self.rate)}% of the documents" if words is None else f"{number(self.rate)} in {words:,} words"
        over = f", {number(self.over)} over" if self.fell else ""
        of = f"{self.count:,} of {_many(self.total, 'document')}" if words is None else f"{_many(self.count, 'finding')} in {_many(self.total, 'word')}"
        return f"gate {self.gate} {'fell' if self.fell else 'held'}: {rate}{over} ({of})"


def verdicts(gates: Sequence[Gate], counts: Counts) -> list[Verdict]:
    """What becomes of each of ``gates`` where ``counts`` were read and found. A rate at its limit holds."""
    out = []
    for one in gates:
        if one.words is None:
            with_any = counts.documents_with[one.selector]
            out.append(Verdict(one, with_any * 100 / max(counts.documents, 1), with_any, counts.documents))
        else:
            out.append(Verdict(one, counts.rate(one.selector, one.words), counts.of(one.selector), counts.words))
    return out


def number(rate: float) -> str:
    """``rate`` as people read it: three digits that matter."""
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


def _family(rule: str) -> str:
    return rule.partition("/")[0]


def _short(words: int) -> str:
    for suffix in ("M", "k"):
        if words % _FACTOR[suffix] == 0:
            return f"{words // _FACTOR[suffix]}{suffix}"
    return str(words)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
