"""How many torn outlets are found and put back as they were: sound sentences of a corpus, torn mechanically.

    noise_outlets.py ARTICLES.jsonl[.gz] [--count 600] [--seed 1] [--show 20]

Every article of the corpus is a JSON object a line with its text under ``text``. Sentences that no rule on outlets objects
to are taken in pairs, an outlet of the lexicon is written out as its own sentence, with its verb, before a stray و, behind a
cut preposition, or across lines; the repair must give the sentence that an editor would have written.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import regex

from arlint import ruleset
from arlint.document import Document
from arlint.engine import check
from arlint.fixes import UNSAFE, fix
from arlint.rules import builtin_folder, read_lexicons

Case = tuple[str, str]
"""A torn text, and what it must become."""

SENTENCE = regex.compile(r"(?<=[.\n] )[\u0621-\u064A][^.\n:\u061f!«»\"“”()]{40,180}(?=\.\s)")
TIMES = ["", " أمس", " يوم الأربعاء", " مساء الخميس", " في وقت سابق", " في وقت لاحق", " بشكل منفصل", " لأول مرة", " نقلا عن مسؤولين", " هذا الأسبوع"]
VERBS = {"m": ["ذكر", "أفاد", "أورد"], "f": ["ذكرت", "أفادت", "أوردت"]}


def outlets() -> list[tuple[str, str, str]]:
    """Name, head noun and gender of outlets whose names are no ordinary words and hold no head noun themselves."""
    lexicons = read_lexicons([builtin_folder()])
    nouns = lexicons.get("reporting.nouns")
    prose = set(lexicons.get("reporting.prose-titles"))
    found = []
    for name, entry in lexicons.get("outlets.outlets").items():
        noun = entry["nouns"][0]
        words = set(name.split())
        if noun in nouns and name not in entry.get("common", ()) and name not in entry.get("shared", ()) and not words & (prose | set(nouns)):
            found.append((name, noun, nouns[noun][0]))
    return found


def sentences(path: Path) -> Iterator[str]:
    """Sentences of the corpus that have no marks of their own to confuse the comparison."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield from (match.group().strip() for match in SENTENCE.finditer(json.loads(line).get("text") or ""))


def shapes(a: str, b: str, name: str, noun: str, verb: str, when: str) -> dict[str, Case]:
    """Every way to tear ``name`` off the sentences ``a`` and ``b``."""
    source = f"{noun} «{name}»"
    whole = f"{a}، حسبما {verb} {source}{when}. {b}."
    feminine = verb.endswith("ت")
    return {
        "alone": (f"{a}. {name}. {b}.", f"{a}. {b}."),
        "alone with noun": (f"{a}. {noun} {name}.\n{b}.", f"{a}.\n{b}."),
        "torn, after a stop": (f"{a}. {name} {verb}{when}. {b}.", whole),
        "torn, after a comma": (f"{a}، {name} {verb}{when}. {b}.", whole),
        "torn, after a dash": (f"{a} – {name} {verb}{when}. {b}.", whole),
        "torn, after nothing": (f"{a} {name} {verb}{when}. {b}.", whole),
        "torn, with noun": (f"{a}. {noun} «{name}» {verb}{when}. {b}.", whole),
        "stray و after لكن": (f"{a}، لكن {name} و{'نقلت' if feminine else 'نقل'} عن مصدر قوله إن {b}.", f"{a}، لكن {source} {'نقلت' if feminine else 'نقل'} عن مصدر قوله إن {b}."),
        "stray و at the start": (f"{a}. {name} و{verb} أن {b}.", f"{a}. و{verb} {source} أن {b}."),
        "cut preposition": (f"{a}، وفقا لـ. {name}. {b}.", f"{a}، وفقا ل{source}. {b}."),
        "cut clause": (f"{a}، حسبما {verb}{when}. {name}. {b}.", whole),
        "lost name": (f"{a}، وفقا لـ. {b}.", f"{a}. {b}."),
        "torn, misread verb": (f"{a}. {name} تفهم. {b}.", f"{a}، بحسب ما {'علمت' if feminine else 'علم'} {source}. {b}."),
        "before its verb, loose ال": (f"{a}. ال {name} {verb} أن {b}.", f"{a}. و{verb} {source} أن {b}."),
        "before its verb, adverb": (f"{a}. {name} في غضون ذلك، {verb} أن {b}.", f"{a}. وفي غضون ذلك، {verb} {source} أن {b}."),
        "before its verb, opener": (f"{a}. وفي الوقت نفسه، {name} {verb} أن {b}.", f"{a}. وفي الوقت نفسه، {verb} {source} أن {b}."),
        "verb lost": (f"{a}. {name} أن {b}.", f"{a}. و{'ذكرت' if feminine else 'ذكر'} {source} أن {b}."),
        "told, ل lost": (f"{a}. وقال المتحدث الرسمي {name} إن {b}.", f"{a}. وقال المتحدث الرسمي ل{source} إن {b}."),
        "told, behind a comma": (f"{a}، أخبر {name}{when}. {b}.", f"{a}، حسبما قال ل{source}{when}. {b}."),
        "half a preposition": (f"{a}، وفقا {name}. {b}.", f"{a}، وفقا ل{source}. {b}."),
        "before another's verb": (f"{a}. {name} وقال مسؤول إن {b}.", f"{a}. وقال مسؤول إن {b}."),
        "across lines": (f"{a}، حسبما {verb} {noun}\n\n{name}\n\nأمس. {b}.", f"{a}، حسبما {verb} {source} أمس. {b}."),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    everything = ruleset.load()
    rules = everything.only(everything.select().only(everything.matching(["outlet"])).by_id)
    sound = [text for _, text in zip(range(args.count * 40), sentences(args.corpus), strict=False)]
    names = outlets()
    found: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    failures: dict[str, list[str]] = defaultdict(list)
    for _ in range(args.count):
        a, b = rng.sample(sound, 2)
        name, noun, gender = rng.choice(names)
        verb, when = rng.choice(VERBS[gender]), rng.choice(TIMES)
        if check(Document(f"{a}. {b}."), rules):
            continue
        for shape, (torn, whole) in shapes(a, b, name, noun, verb, when).items():
            tried[shape] += 1
            if not check(Document(torn), rules):
                failures[shape].append(f"not found: {torn}")
                continue
            found[shape] += 1
            repaired = fix(Document(torn), rules, UNSAFE).document.raw
            exact[shape] += repaired == whole
            if repaired != whole:
                failures[shape].append(f"wanted: {whole}\n    got:    {repaired}")
    for shape in tried:
        print(f"{shape:24} {tried[shape]:5} found {found[shape] / tried[shape]:.3f} exact {exact[shape] / tried[shape]:.3f}")
    total = sum(tried.values())
    print(f"{'all':24} {total:5} found {sum(found.values()) / total:.3f} exact {sum(exact.values()) / total:.3f}")
    shown: Callable[[list[str]], list[str]] = lambda rows: rng.sample(rows, min(args.show, len(rows)))  # noqa: E731
    for shape, rows in failures.items():
        for row in shown(rows):
            print(f"--- {shape}\n    {row}")


if __name__ == "__main__":
    main()
