"""One pass over a page's `codes` that says which rules can match in it. The only module that knows Hyperscan; all works without it.

Every expression comes from the rule that runs it (`prefilter`): the pass says *which*, ``regex`` says *where*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from arlint.arabic import SPACE
from arlint.codes import BEGIN, END
from arlint.prefilter import Untranslatable, prefilter


def whole_line(expression: str) -> str:
    """The prefilter of an expression that must match a whole stripped line."""
    edge = rf"[{SPACE}\r\u2028\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]*"
    return f"^{edge}(?:{expression}){edge}$"


class Scanner:
    """Which of numbered expressions can match in a text."""

    def __init__(self, database: Any, always: frozenset[int]) -> None:
        self.database = database
        self.always = always

    def possible(self, codes: bytes) -> set[int]:
        """Numbers of all expressions that may match in the text of ``codes``, and of those that have no prefilter."""
        found = set(self.always)

        def seen(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.add(number)

        if self.database is not None:
            self.database.scan(b"%c%b%c" % (BEGIN, codes, END), match_event_handler=seen)
        return found


def available() -> bool:
    """Whether Hyperscan can be used here."""
    try:
        import hyperscan  # noqa: F401
    except ImportError:
        return False
    return True


def build(prefilters: Sequence[Iterable[str] | None]) -> tuple[bytes, frozenset[int]]:
    """The serialized database for ``prefilters`` (by number; None: always possible), and the numbers that always run."""
    import hyperscan

    flags = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_ALLOWEMPTY
    always: set[int] = set()
    expressions: list[tuple[int, bytes]] = []

    def compiled(made: Sequence[tuple[int, bytes]]) -> Any:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(expressions=[e for _, e in made], ids=[n for n, _ in made], elements=len(made), flags=[flags] * len(made))
        return database

    def compiles(expression: bytes) -> bool:
        try:
            compiled([(0, expression)])
        except hyperscan.error:
            return False
        return True

    for number, wanted in enumerate(prefilters):
        try:
            ours = None if wanted is None else [next(filter(compiles, (prefilter(e, counted=top) for top in _COUNTED))) for e in wanted]
        except (Untranslatable, StopIteration):
            ours = None
        if ours is None:
            always.add(number)
        else:
            expressions += [(number, e) for e in ours]
    if not expressions:
        return b"", frozenset(always)
    return bytes(hyperscan.dumpb(compiled(expressions))), frozenset(always)


#: Bounds of counted repeats to try: the exact one first, looser ones where the automaton would be too large.
_COUNTED = (8, 2, 1)


def restored(stored: bytes, always: frozenset[int]) -> Scanner:
    """The scanner that `build` made."""
    if not stored:
        return Scanner(None, always)
    import hyperscan

    database = hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return Scanner(database, always)
