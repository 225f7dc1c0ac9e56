"""Comments in Markdown and HTML that silence findings, and what is wrong with the comments themselves.

``<!-- arlint: ignore RULES -->`` is for its own line, or for the next one where nothing else stands on it; ``ignore-next-line``,
``ignore-start`` to ``ignore-end`` and ``ignore-file`` say it. Which comments are real is told by ``formats``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

from arlint.document import Document
from arlint.findings import Edit, Finding, Fix
from arlint.rules import FAMILIES, Rule, closest
from arlint.ruleset import Ruleset

UNUSED, UNKNOWN = "suppression/unused", "suppression/unknown"
VERBS = ("ignore", "ignore-next-line", "ignore-start", "ignore-end", "ignore-file")

_COMMENT = re.compile(r"<!--\s*+arlint:\s*+(?P<verb>[^\s:>]*?)(?=\s|:|-->)(?P<names>[^:]*?)(?::.*)?-->", re.DOTALL)
_NAME = re.compile(r"[^\s,]+")

Span = tuple[int, int]


@dataclass(eq=False)
class Name:
    """One rule, family or ``ALL`` that a comment names, the span of the text that it silences, and whether it was needed."""

    text: str
    place: Span
    scope: Span = (0, -1)
    used: bool = False


@dataclass(eq=False)
class Comment:
    """One comment; ``closed`` are the comments that an ``ignore-end`` closes."""

    start: int
    end: int
    verb: str
    verb_at: int
    names: list[Name] = field(default_factory=list)
    closed: list[Comment] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What a comment may name: ``rules`` are in force for the file, ``names`` are the ids of all, ``absent`` those that the
    command line took out for this run."""

    rules: Ruleset
    names: Set[str]
    absent: Set[str] = frozenset()


def applied(document: Document, findings: list[Finding], known: Known) -> list[Finding]:
    """``findings`` less those that comments silence, with those about the comments, in order of place."""
    comments = list(_comments(document))
    if not comments:
        return findings
    orphans = _scoped(document, comments)
    names = [name for comment in comments for name in comment.names if comment.verb != "ignore-end"]
    kept = []
    for finding in findings:
        start, end = document.where(finding)
        silent = [name for name in names if start <= name.scope[1] and name.scope[0] <= end and covers(name.text, finding.rule.id)]
        for name in silent:
            name.used = True
        if not silent:
            kept.append(finding)
    own = [*_unknown(document, comments, orphans, known), *_unused(document, comments, known)]
    return sorted([*kept, *own], key=lambda f: (*document.where(f), f.rule.id)) if own else kept


def covers(name: str, rule: str) -> bool:
    """Whether ``name`` (an id, a family or ``ALL``) takes in the rule with the id ``rule``."""
    return name in ("ALL", rule, rule.partition("/")[0])


def _comments(document: Document) -> Iterator[Comment]:
    if document.projection is None or "arlint:" not in document.raw:
        return
    for start, end in document.projection.comments:
        if match := _COMMENT.fullmatch(document.raw, start, end):
            names = [Name(m.group(), m.span()) for m in _NAME.finditer(document.raw, *match.span("names"))]
            yield Comment(start, end, match["verb"], match.start("verb"), names)


def _scoped(document: Document, comments: list[Comment]) -> list[Comment]:
    """Give every name its scope; the ``ignore-end`` comments that close nothing."""
    raw, lines = document.raw, _Lines(document, comments)
    opened: list[tuple[Comment, Name]] = []
    orphans = []
    for comment in comments:
        alone = lines.alone(comment)
        if comment.verb == "ignore-end":
            wanted = {name.text for name in comment.names}
            closing = [(start, name) for start, name in opened if not wanted or name.text in wanted]
            for start, name in closing:
                name.scope = (start.end, comment.start)
                comment.closed += [start] if start not in comment.closed else []
            opened = [entry for entry in opened if entry not in closing]
            orphans += [] if closing else [comment]
        for name in comment.names:
            if comment.verb == "ignore-start":
                name.scope = (comment.end, len(raw))
                opened.append((comment, name))
            elif comment.verb == "ignore-file":
                name.scope = (0, len(raw))
            elif comment.verb == "ignore-next-line" or (comment.verb == "ignore" and alone):
                name.scope = lines.next(comment)
            elif comment.verb == "ignore":
                name.scope = lines.own(comment)
    return orphans


class _Lines:
    """The lines of a text, with its comments for arlint thought away."""

    def __init__(self, document: Document, comments: list[Comment]) -> None:
        self.raw = document.raw
        blank = list(self.raw)
        for comment in comments:
            blank[comment.start : comment.end] = (c if c == "\n" else " " for c in self.raw[comment.start : comment.end])
        self.bare = "".join(blank)

    def own(self, comment: Comment) -> Span:
        end = self.raw.find("\n", comment.end)
        return self.raw.rfind("\n", 0, comment.start) + 1, end if end >= 0 else len(self.raw)

    def alone(self, comment: Comment) -> bool:
        start, end = self.own(comment)
        return not self.bare[start:end].strip(" \t\r\n>")

    def next(self, comment: Comment) -> Span:
        """The next line that holds anything else."""
        start = self.own(comment)[1] + 1
        while start <= len(self.raw):
            end = self.raw.find("\n", start)
            end = end if end >= 0 else len(self.raw)
            if self.bare[start:end].strip(" \t\r>"):
                return start, end
            start = end + 1
        return len(self.raw) + 1, len(self.raw) + 1


def _unknown(document: Document, comments: list[Comment], orphans: list[Comment], known: Known) -> Iterator[Finding]:
    rule = known.rules.by_id.get(UNKNOWN)
    if rule is None:
        return
    names = ["ALL", *FAMILIES, *sorted(known.names)]
    for comment in comments:
        at = (comment.verb_at, comment.verb_at + len(comment.verb))
        if comment.verb not in VERBS:
            yield _finding(document, rule, *at, closest(comment.verb, VERBS))
        elif comment in orphans:
            yield _finding(document, rule, *at, "ignore-start", mends=False)
        elif not comment.names and comment.verb != "ignore-end":
            yield _finding(document, rule, *at, f"{comment.verb} ALL", mends=False)
        for name in comment.names:
            if name.text not in names:
                yield _finding(document, rule, *name.place, closest(name.text, names))


def _finding(document: Document, rule: Rule, start: int, end: int, near: str | None, *, mends: bool = True) -> Finding:
    fix = Fix("manual", (Edit(start, end, near),)) if near and mends else None
    return Finding(rule, start, end, document.raw[start:end], fix, {"near": f" ({near})" if near else ""}, stored=True)


def _unused(document: Document, comments: list[Comment], known: Known) -> Iterator[Finding]:
    rule = known.rules.by_id.get(UNUSED)
    if rule is None:
        return
    gone: set[Comment] = set()
    for comment in comments:
        if comment.verb == "ignore-end":
            continue
        idle = [name for name in comment.names if not name.used and _judged(name.text, known)]
        if not idle:
            continue
        whole = len(idle) == len(comment.names)
        if whole:
            gone.add(comment)
        ends = [other for other in comments if comment in other.closed]
        edits = [_without(document, comment, idle)]
        for end in ends:
            if all(start in gone for start in end.closed):
                edits.append(_without(document, end, end.names))
            elif end.names and (said := [name for name in end.names if name.text in {n.text for n in idle}]):
                edits.append(_without(document, end, said))
        place = (comment.start, comment.end) if whole else (idle[0].place[0], idle[-1].place[1])
        values = {"names": ", ".join(name.text for name in idle)}
        yield Finding(rule, *place, document.raw[slice(*place)], Fix("safe", tuple(edits)), values, stored=True)


def _judged(name: str, known: Known) -> bool:
    """Whether it can be said of this run that ``name`` silenced nothing: all that it takes in was looked for."""
    inside: Callable[[str], bool] = lambda rule: covers(name, rule)  # noqa: E731
    return any(map(inside, known.rules.by_id)) and not any(map(inside, known.absent))


def _without(document: Document, comment: Comment, names: list[Name]) -> Edit:
    """The edit that takes ``names`` out of ``comment``, and with the last of them the comment and its line."""
    kept = [name.text for name in comment.names if name not in names]
    if kept:
        return Edit(comment.names[0].place[0], comment.names[-1].place[1], ", ".join(kept))
    raw, start, end = document.raw, comment.start, comment.end
    line = raw.rfind("\n", 0, start) + 1
    stop = raw.find("\n", end)
    stop = len(raw) if stop < 0 else stop
    if raw[line:start].strip(" \t") or raw[end:stop].strip():
        if raw[end : end + 1] in ("", "\n", "\r", " ", "\t"):
            start -= len(raw[line:start]) - len(raw[line:start].rstrip(" \t"))
        return Edit(start, end, "")
    above = not raw[raw.rfind("\n", 0, max(0, line - 1)) + 1 : line].strip()
    after = raw.find("\n", stop + 1)
    below = not raw[stop + 1 : after if after >= 0 else len(raw)].strip()
    if above and below and after >= 0:  # of the blank lines on either side one is enough
        return Edit(line, after + 1, "")
    if above or below or document.projection is None or document.projection.suffix != ".md":
        return Edit(line, min(stop + 1, len(raw)), "")
    return Edit(line, end, "")  # the comment parted two paragraphs: a blank line goes on doing so
