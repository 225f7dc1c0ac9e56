"""Recall for damage that a corpus lacks: break sound articles at known places, and see what is found and repaired exactly.

``python -m benchmarks.noise [ARTICLES.jsonl ...] [--articles 300] [--class NAME]``. Each article is first repaired as far as
arlint can, so that what it says afterwards is about the injected damage alone. A class counts an injection as found where a
new finding touches it, and as repaired where fixing gives back the sound text, white space runs counted as one.
"""

from __future__ import annotations

import argparse
import html
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import regex

from arlint import Linter
from benchmarks.articles import Article, read

Broken = tuple[str, int, int]
"""The damaged text, and the half-open span of the damage in it."""

Breaker = Callable[[random.Random, str], "Broken | None"]
CLASSES: dict[str, tuple[str, Breaker]] = {}

_WORD = r"[ء-غف-ي]{3,}"


def damage(name: str, grade: str) -> Callable[[Breaker], Breaker]:
    """Register a way of breaking a text under ``name``; ``grade`` is what its repair should be."""

    def register(breaker: Breaker) -> Breaker:
        CLASSES[name] = (grade, breaker)
        return breaker

    return register


def substitute(name: str, grade: str, pattern: str, replacement: str | Callable[[regex.Match[str]], str]) -> None:
    """A class that rewrites one random match of ``pattern``."""
    compiled = regex.compile(pattern)

    def breaker(chance: random.Random, text: str) -> Broken | None:
        matches = list(compiled.finditer(text))
        if not matches:
            return None
        match = chance.choice(matches)
        new = replacement(match) if callable(replacement) else match.expand(replacement)
        return text[: match.start()] + new + text[match.end() :], match.start(), match.start() + len(new)

    damage(name, grade)(breaker)


def paragraph(name: str, grade: str, make: Callable[[random.Random, str], str | None], where: str) -> None:
    """A class that adds a line: ``first``, ``last`` or ``inside`` the text."""

    def breaker(chance: random.Random, text: str) -> Broken | None:
        line = make(chance, text)
        lines = text.split("\n")
        full = [i for i, entry in enumerate(lines) if len(entry.split()) > 8 and entry.rstrip()[-1:] in '.؟!»”"']
        if line is None or len(full) < 3:
            return None
        gap = "\n\n" if "\n\n" in text else "\n"
        if where == "first":
            return line + gap + text, 0, len(line)
        if where == "last":
            return text.rstrip("\n") + gap + line, len(text.rstrip("\n")) + len(gap), len(text.rstrip("\n")) + len(gap) + len(line)
        at = chance.choice(full[:-1])
        start = sum(len(entry) + 1 for entry in lines[: at + 1])
        if gap == "\n\n":
            start = start + 1
        return text[:start] + line + gap + text[start:], start, start + len(line)

    damage(name, grade)(breaker)


substitute("space before a mark", "safe", rf"({_WORD})([،؛.])(?=\s)", r"\1 \2")
substitute("comma glued", "safe", rf"(?<={_WORD})، (?={_WORD})", "،")
substitute("stop glued", "safe", rf"(?<={_WORD})\. (?={_WORD})", ".")
substitute("latin comma", "safe", rf"(?<={_WORD})، (?={_WORD})", ", ")
substitute("double space", "safe", rf"(?<={_WORD}) (?={_WORD})", "  ")
substitute("detached waw", "safe", rf"(?<= )و(?={_WORD})(?!ا?ل[ا-ي] )", "و ")
substitute("space inside brackets", "safe", r"\(([ء-ي]{2,}[ء-ي ]*)\)", r"( \1 )")
substitute("glued after ta marbuta", "safe", rf"(?<={_WORD}ة) (?={_WORD})", "")
substitute("zero width space in a word", "safe", r"(?<=[بتثنيسش])(?=[بتثنيسشاو])", "\u200b")
substitute("direction mark between words", "safe", rf"(?<={_WORD}) (?={_WORD})", " \u200f")
substitute("no-break space", "safe", rf"(?<={_WORD}) (?={_WORD})", "\u00a0")
substitute("tatweel inside a word", "safe", r"(?<=[بتثنيسشم])(?=[بتثنيسشاوم])", "ـــ")
substitute("control character", "safe", rf"(?<={_WORD} )(?={_WORD})", "\u001a")
substitute("farsi yeh inside a word", "safe", r"(?<=[ء-ي])ي(?=[ء-ي])", "\u06cc")
substitute("keheh", "safe", r"(?<=[ء-ي])ك(?=[ء-ي])", "\u06a9")
substitute("entity for a quotation mark", "safe", r'["«»“”]', lambda m: {'"': "&quot;"}.get(m.group(), f"&#{ord(m.group())};"))
substitute("no-break space entity", "safe", rf"(?<={_WORD}) (?={_WORD})", "&nbsp;")
substitute("inline tag", "safe", rf"(?<= )({_WORD})(?= )", r"<b>\1</b>")
substitute("line break tag", "unsafe", r"\n(?=[^\n])", "<br/>\n")
substitute("reversed mark after a proclitic", "safe", r"(?<= [وبلفك]ـ?)[«“](?=[^«»“”\n]*[»”])", lambda m: {"«": "»", "“": "”"}[m.group()])
# a majority is needed to call one pair the odd one out
substitute("pair of another style", "unsafe", r"(?<=«[^«»]*».*«[^«»]*».*)«([^«»\n\"“”]{2,40})»", r'"\1"')
substitute("mismatched pair", "unsafe", r"(?<=«[^«»\n\"“”]{2,40})»", '"')
substitute("closing mark opens", "unsafe", r"(?<=[ (])«(?=[^«»\n]+»)", "»")
substitute("hamza dropped", "safe", r"(?<![ء-ي])(إلى|أمس|أكد|أشار|الأول|الإسلامية|أوضح|أضاف|الأمير|الإدارة|أعلن|أيضا|الأسبوع|الأربعاء)(?![ء-ي])", lambda m: re.sub("[أإ]", "ا", m.group()))
substitute("hamza on wasl", "safe", r"(?<![ء-ي])ا(?=(لاجتماع|لاتحاد|ستقبل|جتماع|ستثمار|لاقتصاد|لاستثمار)(?![ء-ي]))", lambda m: m.group() if m.string[m.end()] == "ل" else "إ")
substitute("ya without its dots", "safe", r"(?<![ء-ي])(في|الذي|التي)(?![ء-ي])", lambda m: m.group()[:-1] + "ى")
substitute("ha for ta marbuta", "unsafe", r"(?<![ء-ي])(المملكة|المدينة|الدولة|اللجنة|الوزارة|السعودية|العربية|المنطقة|الجامعة)(?![ء-ي])", lambda m: m.group()[:-1] + "ه")
substitute("digits of two sets", "safe", r"(?<![\d.,٠-٩])[1-9]\d{3}(?![\d.,٠-٩])", lambda m: m.group()[:2] + "".join(chr(0x660 + int(d)) for d in m.group()[2:]))
substitute("unit glued to its number", "safe", r"(?<=(?<![\d.,])[1-9]\d{0,2}) (?=مليون|مليار|ريال|دولار|شخص|ألف)", "")

_AGENCIES = [
    "أ ف ب",
    "رويترز",
    "وكالة الصحافة الفرنسية",
    "غيتي إيماجز",
    "أسوشيتد برس",
    "الأناضول",
    "رويترز - أرشيف",
    "Getty Images",
    "أ.ف.ب عبر غيتي",
]
_SCENES = [
    "جنود يقفون عند حاجز على مدخل البلدة القديمة",
    "رئيس الوزراء يصافح نظيره خلال اجتماع في العاصمة",
    "متظاهرون يرفعون لافتات أمام مبنى البرلمان",
    "صورة جوية تظهر حجم الدمار في الحي الشرقي",
    "سفينة شحن ترسو في ميناء المدينة صباح اليوم",
]
_CITIES = ["الرياض", "القاهرة", "بيروت", "عمان", "الرباط", "الدوحة"]
_NAMES = ["أحمد الشمري", "سارة العتيبي", "محمد عبدالله القحطاني", "ليلى بن عمر"]
_OUTLETS = ["بوليتيكو", "أكسيوس", "واشنطن بوست", "رويترز", "بلومبيرغ", "سي إن إن", "الغارديان", "هآرتس", "نيويورك تايمز", "Politico", "لوموند"]

paragraph("caption with its credit", "unsafe", lambda c, t: f"{c.choice(_SCENES)} ({c.choice(_AGENCIES)})", "inside")
paragraph("byline", "unsafe", lambda c, t: f"{c.choice(_NAMES)} – {c.choice(_CITIES)}", "first")
paragraph("end stamp", "safe", lambda c, t: "// انتهى //", "last")
paragraph("source line", "unsafe", lambda c, t: f"المصدر: {c.choice(['رويترز', 'وكالات', 'أ ف ب', 'الجزيرة'])}", "last")
paragraph("read more line", "unsafe", lambda c, t: f"اقرأ أيضا: {c.choice(_SCENES)}", "inside")
paragraph("share bar", "unsafe", lambda c, t: "شارك فيسبوك تويتر واتساب", "first")
paragraph("timestamp", "unsafe", lambda c, t: f"آخر تحديث: {c.randint(1, 28)}/11/2024 - {c.randint(10, 23)}:{c.randint(10, 59)}", "first")
paragraph("tag list", "unsafe", lambda c, t: f"الكلمات المفتاحية: {c.choice(_CITIES)}، الاقتصاد، النفط", "last")
paragraph("copyright", "unsafe", lambda c, t: "جميع الحقوق محفوظة © 2024", "last")
paragraph("subscribe", "unsafe", lambda c, t: "اشترك في نشرتنا البريدية", "inside")


@damage("paragraph pasted twice", "safe")
def _twice(chance: random.Random, text: str) -> Broken | None:
    lines = text.split("\n")
    full = [i for i, line in enumerate(lines) if len(line.split()) >= 12]
    if len(full) < 3:
        return None
    at = chance.choice(full)
    gap = "\n\n" if "\n\n" in text else "\n"
    start = sum(len(line) + 1 for line in lines[:at]) + len(lines[at])
    return text[:start] + gap + lines[at] + text[start:], start + len(gap), start + len(gap) + len(lines[at])


@damage("caption printed twice", "unsafe")
def _caption_twice(chance: random.Random, text: str) -> Broken | None:
    broken = CLASSES["caption with its credit"][1](chance, text)
    if broken is None:
        return None
    new, start, end = broken
    gap = "\n\n" if "\n\n" in text else "\n"
    return new[:end] + gap + new[start:end] + new[end:], end + len(gap), end + len(gap) + end - start


@damage("outlet alone", "unsafe")
def _alone(chance: random.Random, text: str) -> Broken | None:
    stops = [m.end() for m in regex.finditer(rf"{_WORD} {_WORD}\.(?= {_WORD}|\n)", text)]
    if not stops:
        return None
    at, torn = chance.choice(stops), f" {chance.choice(_OUTLETS)}."
    return text[:at] + torn + text[at:], at, at + len(torn)


def measure(linter: Linter, article: Article, breaker: Breaker, chance: random.Random) -> tuple[bool, bool, list[str], str] | None:
    """(found, repaired exactly, rules that fired, a sample of what came out) for one injection, None where there is no place."""
    sound = linter.fix(article.text, unsafe=True)
    broken = breaker(chance, sound)
    if broken is None or broken[0] == sound:
        return None
    text, start, end = broken
    known = Counter((f.rule.id, f.found) for f in linter.check(sound))
    new = [f for f in linter.check(text) if (known.subtract([(f.rule.id, f.found)]) or known[f.rule.id, f.found] < 0)]
    # a lost space is named at the letter beside it, so a place may be off by one
    rules = [f.rule.id for f in new if f.start <= end and start <= f.end]
    repaired = linter.fix(text, unsafe=True)
    return bool(rules), tidy(repaired) == tidy(sound), rules, difference(tidy(sound), tidy(repaired))


def tidy(text: str) -> str:
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()


def difference(a: str, b: str) -> str:
    left = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return f"{a[max(0, left - 25) : left + 35]!r} / {b[max(0, left - 25) : left + 35]!r}"


@dataclass
class Row:
    tried: int = 0
    found: int = 0
    repaired: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--class", dest="only")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="print N injections of each class that were not repaired")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    linter, chance = Linter(), random.Random(args.seed)
    articles = [a for a in read(args.paths) if len(a.text) > 300]
    articles = chance.sample(articles, min(args.articles, len(articles)))
    print(f"{'class':32}{'grade':8}{'tried':>6}{'found':>8}{'repaired':>10}  rules")
    for name, (grade, breaker) in CLASSES.items():
        if args.only and args.only != name:
            continue
        row, rules, failures = Row(), Counter[str](), defaultdict(list)
        for article in articles:
            result = measure(linter, article, breaker, chance)
            if result is None:
                continue
            found, repaired, fired, sample = result
            row.tried, row.found, row.repaired = row.tried + 1, row.found + found, row.repaired + repaired
            rules.update(set(fired))
            if not repaired:
                failures[found].append(f"{article.id}: {sample}")
        if row.tried:
            print(f"{name:32}{grade:8}{row.tried:>6}{row.found / row.tried:>8.3f}{row.repaired / row.tried:>10.3f}  {', '.join(r for r, _ in rules.most_common(3))}", flush=True)
        for found, samples in failures.items():
            for sample in samples[: args.failures]:
                print("    ", "found, repaired otherwise:" if found else "not found:", html.escape(sample, quote=False))


if __name__ == "__main__":
    main()
