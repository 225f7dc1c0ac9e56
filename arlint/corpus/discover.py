"""Template discovery: which of a source's frequent phrases are its page's furniture, and how much of the text goes with each.

Evidence, no list: a phrase recurs over one source's documents far more than over others', at the head or the tail, where a
line or sentence begins or ends, and hardly anywhere else. Counting is in ``phrases``; the rule files are written by ``templates``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

import regex

from arlint.corpus.phrases import CLOSES, REACH, Counts, Phrase, tokens

Scope = Literal["line", "to-end", "phrase"]
Documents = Callable[[], Iterable[tuple[str, str, str]]]

#: What makes a phrase a template: its share of the source's documents, how many they are at least, how many times its share
#: elsewhere that is, and in how many of the documents that hold it anywhere it stands as it should.
SHARE, LEAST, LIFT, AT_RIM = 0.01, 20, 12, 0.9
#: Documents of one source whose texts are looked at again, and samples kept of a template.
LOOKED_AT, SAMPLES = 4000, 6
#: A line of furniture has so many words at most; what follows a tail's opening, so many in the middle case.
LINE, FOLLOWING = 14, 75
_STOPS = (".", "!", "؟", "?", "…")


@dataclass
class Template:
    """A phrase that is furniture of ``source``: in ``documents`` of its ``of`` documents, in ``elsewhere`` of all others."""

    source: str
    phrase: Phrase
    documents: int
    of: int
    elsewhere: int
    scope: Scope
    at_rim: float
    samples: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Seen:
    """What the documents of a source say about one phrase."""

    #: where it stands as it should, by document: its place and its line, both counted from the document's start
    right: dict[int, tuple[int, int]] = field(default_factory=dict)
    anywhere: int = 0
    whole_line: int = 0
    line: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    stopped: int = 0
    line_stopped: int = 0
    samples: list[tuple[str, str]] = field(default_factory=list)


def discover(documents: Documents, share: float = SHARE, least: int = LEAST, lift: float = LIFT) -> list[Template]:
    """Templates of every source in ``documents``, (source, id, text) each, which is gone through twice; memory does not grow with it."""
    counts = Counts()
    for source, _, text in documents():
        counts.add(source, text)
    wanted = {source: candidates(counts, source, share, least, lift) for source in counts.documents}
    return list(templates(documents, counts, {source: found for source, found in wanted.items() if found}))


def candidates(counts: Counts, source: str, share: float = SHARE, least: int = LEAST, lift: float = LIFT) -> dict[Phrase, tuple[int, int]]:
    """Phrases of ``source`` frequent enough and far rarer elsewhere, each as long as it can be without losing a tenth of its documents."""
    here = counts.documents[source]
    there = sum(counts.documents.values()) - here
    found = {phrase: (count, others) for phrase, count, others in counts.frequent(source, max(least, int(share * here))) if not there or count / here >= lift * (others + 1) / there}
    return {phrase: figures for phrase, figures in found.items() if not any(found[longer][0] >= 0.9 * figures[0] for longer in _longer(phrase, found))}


def _longer(phrase: Phrase, found: Iterable[Phrase]) -> Iterator[Phrase]:
    size = len(phrase.words)
    for other in found:
        alike = (other.rim, other.anchor) == (phrase.rim, phrase.anchor) and len(other.words) > size
        if alike and phrase.words == (other.words[:size] if phrase.anchor == "opens" else other.words[-size:]):
            yield other


def templates(documents: Documents, counts: Counts, wanted: dict[str, dict[Phrase, tuple[int, int]]]) -> Iterator[Template]:
    """The candidates that the documents bear out, those that another template covers left out."""
    seen = {source: {phrase: _Seen() for phrase in found} for source, found in wanted.items()}
    looked = dict.fromkeys(seen, 0)
    for source, ident, text in documents():
        if source in seen and looked[source] < LOOKED_AT:
            looked[source] += 1
            said = tokens(text)
            joined = f" {' '.join(said)} ".replace("\n", "\x00")
            for phrase, evidence in seen[source].items():
                _look(phrase, evidence, joined, looked[source])
                if len(evidence.samples) < SAMPLES and looked[source] in evidence.right:
                    evidence.samples += _samples(phrase, text, ident)
    for source, phrases in seen.items():
        chosen: list[tuple[Phrase, Scope, _Seen]] = []
        # the widest claim first: what it covers needs no template of its own
        for phrase, evidence in sorted(phrases.items(), key=lambda pair: (-len(pair[1].right), -len(pair[0].words), pair[0])):
            scope = _scope(phrase, evidence)
            if scope and not any(_covers(known, claim, evidence) for other, claim, known in chosen if other.rim == phrase.rim):
                chosen.append((phrase, scope, evidence))
        for phrase, scope, evidence in chosen:
            count, others = wanted[source][phrase]
            yield Template(source, phrase, count, counts.documents[source], others, scope, len(evidence.right) / max(1, evidence.anywhere), evidence.samples)


def _covers(known: _Seen, scope: Scope, other: _Seen) -> bool:
    """Whether in three of four documents what goes with the one takes the other with it."""
    gone = 0
    for number, (place, line) in other.right.items():
        at = known.right.get(number)
        gone += at is not None and (at[1] == line if scope != "to-end" else at[0] <= place)
    return gone >= 0.75 * len(other.right)


def _look(phrase: Phrase, seen: _Seen, joined: str, number: int) -> None:
    """Note how ``phrase`` stands in one document."""
    needle = f" {' '.join(phrase.words)} "
    at = joined.find(needle)
    if at < 0:
        return
    seen.anywhere += 1
    while at >= 0:
        end = at + len(needle) - 1
        before, after = joined[: at + 1].split(" ")[-2], joined[end + 1 :].split(" ", 1)[0]
        distance = joined.count(" ", end) if phrase.rim == "tail" else joined.count(" ", 0, at)
        opens = before in ("", "\x00") or before[-1] in CLOSES
        closes = after in ("", "\x00")
        if distance <= REACH + len(phrase.words) and (opens if phrase.anchor == "opens" else closes) and number not in seen.right:
            seen.right[number] = (at, joined.count("\x00", 0, at))
            _measure(seen, joined, at, end)
        at = joined.find(needle, end)


def _measure(seen: _Seen, joined: str, at: int, end: int) -> None:
    start, stop = joined.rfind("\x00", 0, at + 1) + 1, joined.find("\x00", end)
    stop = len(joined) if stop < 0 else stop
    line, rest = joined[start:stop].split(), joined[end:]
    seen.whole_line += not joined[start:at].strip() and not joined[end:stop].strip()
    seen.line.append(len(line))
    seen.line_stopped += bool(line) and line[-1].endswith(_STOPS)
    seen.after.append(len(rest.replace("\x00", " ").split()))
    seen.breaks.append(rest.count("\x00"))
    seen.stopped += rest.rstrip(" \x00").endswith(".")  # a title may ask or exclaim


def _samples(phrase: Phrase, text: str, ident: str) -> list[tuple[str, str]]:
    """The phrase as ``text`` has it, with what stands around it; line breaks as ⏎."""
    matches = list(regex.finditer(phrase.expression(), text))
    if not matches:
        return []
    start, end = (matches[0] if phrase.rim == "head" else matches[-1]).span()
    shown = f"{text[max(0, start - 60) : start]}⟦{text[start:end]}⟧{text[end : end + 160]}"
    return [(ident, shown.replace("\n", "⏎"))]


def _scope(phrase: Phrase, seen: _Seen) -> Scope | None:
    """How much goes with the phrase; None where the documents do not bear it out."""
    total = len(seen.right)
    strict = 0.97 if len(phrase.words) == 1 else AT_RIM
    if total < LEAST // 2 or total < strict * seen.anywhere:
        return None
    if seen.whole_line >= 0.7 * total:
        return "line"
    short = sum(length <= LINE for length in seen.line) >= 0.9 * total and seen.line_stopped <= 0.15 * total
    if phrase.rim == "head":
        if short and median(seen.line) <= LINE - 2:
            return "line"
        return "phrase" if phrase.anchor == "opens" and len(phrase.words) >= 2 and _fixed(phrase) else None
    if phrase.anchor == "closes":
        return "line" if short and median(seen.line) <= 8 else None
    if phrase.words[-1] in _STOPS:  # a sentence that writers close with
        return None
    if median(seen.after) <= FOLLOWING and seen.stopped <= 0.3 * total and sum(count <= 8 for count in seen.breaks) >= 0.9 * total:
        return "to-end"
    return None


def _fixed(phrase: Phrase) -> bool:
    """Whether the phrase alone, cut out of its line, is furniture: no sentence opens with Latin words or a row of names."""
    return all(not ("\u0600" <= word[0] <= "\u06ff") for word in phrase.words) or len(phrase.words) >= 6
