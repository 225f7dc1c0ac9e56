"""What a run has to tell in the end: counts by rule and by source, rates, gates, and a random sample of findings for each rule.

Each shard counts for itself (`Counts`) and the parts are joined in any order, so that the result does not depend on who worked when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import heappush, heapreplace
from typing import Any

from arlint.corpus.cleaning import Cleaned, Row
from arlint.gates import Counts, Verdict, number

#: Findings of each rule that are shown for judging it, and how many sources the summary names.
SAMPLE, SOURCES = 20, 50


@dataclass
class Part:
    """The counts of one shard, or of any number of them joined."""

    counts: Counts = field(default_factory=Counts)
    sources: dict[str, Counts] = field(default_factory=dict)
    mended: Counter[str] = field(default_factory=Counter)
    touched: int = 0
    characters: int = 0
    removed: int = 0
    left: int = 0
    long: int = 0
    fixable: Counter[str] = field(default_factory=Counter)
    samples: dict[str, Sample] = field(default_factory=dict)

    def add(self, where: Sequence[str], source: str, before: dict[str, str], cleaned: dict[str, Cleaned]) -> None:
        """Count one record: ``where`` names it (path, record), ``before`` are its texts by field."""
        rules = [row.rule for one in cleaned.values() for row in one.findings]
        words = sum(one.words for one in cleaned.values())
        for counts in (self.counts, self.sources.setdefault(source, Counts())):
            counts.add(rules, words)
        for name, one in cleaned.items():
            self.mended.update(one.mended)
            self.fixable.update(f"{row.rule} {row.applicability}" for row in one.findings if row.applicability)
            self.characters += len(before[name])
            self.removed += len(before[name]) - len(one.text)
            self.left += one.problem is not None and not one.long
            self.long += one.long
            for row in one.findings:
                self.samples.setdefault(row.rule, Sample()).offer((*where, source, name), row)
        self.touched += any(one.text != before[name] for name, one in cleaned.items())

    def join(self, other: Part) -> None:
        self.counts.join(other.counts)
        for source, counts in other.sources.items():
            self.sources.setdefault(source, Counts()).join(counts)
        self.mended.update(other.mended)
        self.fixable.update(other.fixable)
        self.touched += other.touched
        self.characters += other.characters
        self.removed += other.removed
        self.left += other.left
        self.long += other.long
        for rule, sample in other.samples.items():
            self.samples.setdefault(rule, Sample()).join(sample)


@dataclass
class Sample:
    """The `SAMPLE` findings of a rule whose names have the smallest digests: the same few for any order and any cutting."""

    kept: list[tuple[int, list[Any]]] = field(default_factory=list)  # a heap, the largest digest on top

    def offer(self, where: Sequence[str], row: Row) -> None:
        name = "\0".join((*where, row.rule, str(row.start), str(row.end)))
        rank = -int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=7).digest())
        if len(self.kept) < SAMPLE or rank > self.kept[0][0]:
            self._push(rank, [*where, row.start, row.end, row.before, row.found, row.after, row.replacement])

    def _push(self, rank: int, shown: list[Any]) -> None:
        if len(self.kept) < SAMPLE:
            heappush(self.kept, (rank, shown))
        elif rank > self.kept[0][0]:
            heapreplace(self.kept, (rank, shown))

    def join(self, other: Sample) -> None:
        for rank, shown in other.kept:
            self._push(rank, list(shown))

    @property
    def rows(self) -> list[dict[str, Any]]:
        names = ("path", "record", "source", "field", "start", "end", "before", "found", "after", "replacement")
        return [dict(zip(names, shown, strict=True)) for _, shown in sorted(self.kept, reverse=True)]


def joined(parts: Iterable[Part]) -> Part:
    whole = Part()
    for part in parts:
        whole.join(part)
    return whole


def as_data(part: Part, mode: str, gates: Sequence[Verdict]) -> dict[str, Any]:
    """The summary as plain data, the same for the same input whatever ran it."""
    counts = part.counts
    documents = max(counts.documents, 1)
    rules = sorted(part.counts.rules.keys() | part.mended.keys(), key=lambda r: (-counts.rules[r] - part.mended[r], r))
    sources = sorted(part.sources.items(), key=lambda pair: (-pair[1].documents, pair[0]))
    return {
        "mode": mode,
        "documents": counts.documents,
        "words": counts.words,
        "characters": part.characters,
        "findings": counts.rules.total(),
        "findings_per_1000_words": round(counts.rate(), 4),
        "documents_with_findings": counts.documents_with["ALL"],
        "share_with_findings": round(counts.documents_with["ALL"] / documents, 6),
        "mended": part.mended.total(),
        "documents_touched": part.touched,
        "share_touched": round(part.touched / documents, 6),
        "characters_removed": part.removed,
        "texts_left_alone": part.left,
        "texts_too_long": part.long,
        "gates": [verdict.row() for verdict in gates],
        "rules": [
            {
                "rule": rule,
                "findings": counts.rules[rule],
                "per_1000_words": round(counts.rate(rule), 5),
                "documents": counts.documents_with[rule],
                "share": round(counts.documents_with[rule] / documents, 6),
                "mended": part.mended[rule],
                **{grade: part.fixable[f"{rule} {grade}"] for grade in ("safe", "unsafe", "manual")},
            }
            for rule in rules
        ],
        "sources": [
            {
                "source": source,
                "documents": own.documents,
                "words": own.words,
                "findings": own.rules.total(),
                "per_1000_words": round(own.rate(), 4),
                "share_with_findings": round(own.documents_with["ALL"] / max(own.documents, 1), 6),
                "rules": dict(sorted(own.rules.items(), key=lambda pair: (-pair[1], pair[0]))),
            }
            for source, own in sources
        ],
        "samples": {rule: part.samples[rule].rows for rule in sorted(part.samples)},
    }


def short(data: dict[str, Any], gates: Sequence[str]) -> str:
    """The totals, the gates and the ten rules with most to say, for a terminal."""
    rows = [(r["rule"], f"{r['findings']:,}", f"{r['share']:.2%}", f"{r['mended']:,}") for r in data["rules"][:10]]
    widths = [max((len(row[n]) for row in rows), default=0) for n in range(4)]
    fixed = data["mode"] == "fix"
    lines = [*_totals(data), *gates]
    lines += [f"  {row[0]:<{widths[0]}}  {row[1]:>{widths[1]}} findings in {row[2]:>{widths[2]}} of the documents" + (f", {row[3]:>{widths[3]}} mended" if fixed else "") for row in rows]
    return "\n".join(lines) + "\n"


def _totals(data: dict[str, Any]) -> list[str]:
    fixed = data["mode"] == "fix"
    share = data["share_touched" if fixed else "share_with_findings"]
    lines = [f"{data['documents']:,} documents, {data['words']:,} words. {data['findings']:,} findings{' remain' if fixed else ''}, {number(data['findings_per_1000_words'])} in 1,000 words."]
    lines += [f"{data['mended']:,} mended; {share:.1%} of the documents touched, {data['characters_removed']:,} characters removed." if fixed else f"{share:.1%} of the documents have findings."]
    if left := data["texts_left_alone"] + data["texts_too_long"]:
        lines += [f"{left:,} texts were left alone ({data['texts_too_long']:,} for their length); the records in `shards/` name them."]
    return lines


def markdown(data: dict[str, Any], gates: Sequence[str]) -> str:
    """The summary for people: totals, gates, rules, sources, and the sample of each rule."""
    fixed = data["mode"] == "fix"
    lines = ["# Corpus " + data["mode"], "", *_totals(data)]
    lines += ["", *[f"- {line}" for line in gates], *([""] if gates else [])]
    head = ["rule", "findings", "in 1,000 words", "documents", "safe", "unsafe", "manual"] + (["mended"] if fixed else [])
    lines += [
        "## Rules",
        "",
        *_table(
            head, [[f"`{r['rule']}`", r["findings"], number(r["per_1000_words"]), f"{r['share']:.2%}", r["safe"], r["unsafe"], r["manual"], *([r["mended"]] if fixed else [])] for r in data["rules"]]
        ),
    ]
    shown = data["sources"][:SOURCES]
    head = ["source", "documents", "words", "findings", "in 1,000 words", "with findings", "most of all"]
    lines += [
        "",
        "## Sources",
        "",
        *_table(head, [[_plain(s["source"]) or "(none)", s["documents"], s["words"], s["findings"], number(s["per_1000_words"]), f"{s['share_with_findings']:.1%}", _most(s["rules"])] for s in shown]),
    ]
    if len(data["sources"]) > len(shown):
        lines += ["", f"and {len(data['sources']) - len(shown):,} more, all in `summary.json`."]
    lines += ["", "## Samples", "", f"Up to {SAMPLE} findings of each rule, drawn at random and the same on every run.", ""]
    for rule, rows in data["samples"].items():
        lines += [f"### `{rule}`", ""]
        lines += [
            f"- {_plain(row['before'])}**[{_plain(row['found'])}]**{_plain(row['after'])}"
            + (f" → {_plain(row['replacement'])}" if row["replacement"] else "")
            + f" ({_plain(row['record'] or row['path'])})"
            for row in rows
        ]
        lines += [""]
    return "\n".join(lines)


def _table(head: list[str], rows: list[list[Any]]) -> list[str]:
    cells = [[f"{c:,}" if isinstance(c, int) else str(c) for c in row] for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'|'.join(' --- ' if n == 0 else ' ---: ' for n in range(len(head)))}|", *(f"| {' | '.join(row)} |" for row in cells)]


def _most(rules: dict[str, int]) -> str:
    return ", ".join(f"`{rule}` {count:,}" for rule, count in list(rules.items())[:3])


def _plain(text: str) -> str:
    """``text`` on one line, with nothing that Markdown reads as its own, and invisible characters named."""
    from arlint.plain import visible

    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in visible(" ".join(text.split())))
