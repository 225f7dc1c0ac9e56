"""One pass over a page's `codes` that says which rules can match in it. The only module that knows Hyperscan; all works without it.

Every expression comes from the rule that runs it (`prefilter`): the pass says *which*, ``regex`` says *where*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from arlint.arabic import SPACE
from arlint.codes import BEGIN, END, folded, folded_words, openings, phrase
from arlint.prefilter import Untranslatable, prefilter

#: What is stripped from the ends of a line before it is matched.
EDGE = rf"[{SPACE}\r\u2028\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]*"


def whole_line(expression: str) -> str:
    """The prefilter of an expression that must match a whole stripped line."""
    return f"^{EDGE}(?:{expression}){EDGE}$"


Numbers = tuple[int, ...]


class Scanner:
    """Which of numbered checks can match in a text, by their expressions and by their phrases."""

    def __init__(self, expressions: Sequence[Any], always: frozenset[int], phrases: Any, openings: Mapping[bytes, Numbers], sayings: Sequence[Numbers]) -> None:
        self.expressions, self.always = expressions, always
        self.phrases, self.openings, self.sayings = phrases, openings, sayings
        self.phrased = {number for numbers in (*openings.values(), *sayings) for number in numbers}

    def possible(self, codes: bytes, tokens: list[bytes]) -> set[int]:
        """Numbers of all checks that may match in the text of ``codes`` and ``tokens``, and of those that nothing tells of."""
        found = set(self.always)

        def seen(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.add(number)

        def said(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.update(self.sayings[number])

        scanned = b"%c%b%c" % (BEGIN, codes, END)
        for database in self.expressions:
            database.scan(scanned, match_event_handler=seen)
        plain = folded(codes) if self.phrased else b""
        if plain is None:
            found |= self.phrased
        elif plain:
            for opening in self.openings.keys() & openings(plain):
                found.update(self.openings[opening])
            if self.phrases is not None:
                self.phrases.scan(phrase(tokens), match_event_handler=said)
        return found


def available() -> bool:
    """Whether Hyperscan can be used here."""
    try:
        import hyperscan  # noqa: F401
    except ImportError:
        return False
    return True


Kept = tuple[Sequence[bytes], frozenset[int], bytes, Mapping[bytes, Numbers], Sequence[Numbers]]


def build(prefilters: Sequence[Iterable[str] | None], phrases: Mapping[int, Iterable[str]] | None = None) -> Kept:
    """What `restored` makes a scanner of: the databases for ``prefilters`` (by number; None: always possible) and ``phrases``
    (see `checks.phrases_of`), and the numbers that always run.
    """
    import hyperscan

    always: set[int] = set()
    expressions: list[tuple[int, bytes]] = []

    def compiles(expression: bytes) -> bool:
        try:
            _compiled([(0, expression)])
        except hyperscan.error:
            return False
        return True

    for number, wanted in enumerate(prefilters):
        try:
            ours = None if wanted is None else [next(filter(compiles, (prefilter(e, longest=most) for most in _LONGEST))) for e in wanted]
        except (Untranslatable, StopIteration):
            ours = None
        if ours is None:
            always.add(number)
        else:
            expressions += [(number, e) for e in ours]
    opening: dict[bytes, Numbers] = {}
    inside: dict[bytes, Numbers] = {}
    for number, texts in (phrases or {}).items():
        for text in texts:
            words = folded_words(text.removeprefix("^"))
            if not words:
                always.add(number)
            table, said = (opening, b" ".join(words[:2])) if text.startswith("^") else (inside, phrase(words))
            if number not in table.get(said, ()):
                table[said] = (*table.get(said, ()), number)
    literals = [(index, b"".join(b"\\x%02x" % byte for byte in said)) for index, said in enumerate(inside)]
    expressions.sort(key=lambda one: len(one[1]))
    databases = [_compiled(expressions[at : at + _TOGETHER]) for at in range(0, len(expressions), _TOGETHER)]
    return databases, frozenset(always), _compiled(literals), opening, list(inside.values())


def _compiled(expressions: Sequence[tuple[int, bytes]]) -> bytes:
    import hyperscan

    if not expressions:
        return b""
    flags = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_ALLOWEMPTY
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    count = len(expressions)
    database.compile(expressions=[e for _, e in expressions], ids=[n for n, _ in expressions], elements=count, flags=[flags] * count)
    return bytes(hyperscan.dumpb(database))


#: How many expressions share a database: the automata of too many grow into each other and take minutes to build.
_TOGETHER = 24
#: How long alternatives may be: as long as they are first, shorter where the automaton would be too large.
_LONGEST = (None, 2000, 300)


def restored(expressions: Sequence[bytes], always: frozenset[int], phrases: bytes, openings: Mapping[bytes, Numbers], sayings: Sequence[Numbers]) -> Scanner:
    """The scanner that `build` made."""
    return Scanner([_loaded(stored) for stored in expressions], always, _loaded(phrases), openings, sayings)


def _loaded(stored: bytes) -> Any:
    if not stored:
        return None
    import hyperscan

    database = hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return database
