"""``pairs``: quotation marks and brackets that do not stand as a pair should, judged over the whole article.

``marks`` reads the marks and their spacing, ``pairing`` tells which belong together; here each oddity gets its name, its place
and its repair. A rule lists the names that it reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec
import regex

from arlint.checks import Context, Mistake
from arlint.checks.pairs.marks import STYLES, Mark, in_order, is_suffix, spaces_after, spaces_before
from arlint.checks.pairs.pairing import Pair, Pairing, pairing
from arlint.findings import Applicability, Edit, Hit
from arlint.page import Page
from arlint.rules import nearest

#: What may be wrong, by the name that rule files give under ``report``.
PROBLEMS = {
    "after-proclitic": "a closing mark opens, right after a proclitic",
    "closing-opens": "a closing mark opens",
    "opening-closes": "an opening mark closes",
    "reversed-pair": "both marks of a pair are turned round",
    "prime-closes": "a double prime closes",
    "mismatched": "a pair opens in one style and closes in another",
    "space-inside": "a space between a mark and what it encloses",
    "wrong-side": "the space stands inside the mark instead of outside",
    "glued-before": "no space between a word and the mark that opens after it",
    "glued-after": "no space between the mark that closes and the next word",
    "mixed": "a pair in another style than the article's",
    "unclosed": "a mark that opens and is never closed",
    "unopened": "a mark that closes what was never opened",
    "empty": "a pair with nothing in it",
}
_WHOLE = 160  # a pair up to this long is shown whole, of a longer one only the mark
SURE = 1.5  # by how much the next best story must be dearer for a fix to be safe; below DOUBTFUL there is no fix
DOUBTFUL = 0.3
_SHORT_QUOTE = 8  # words; a closing mark that leans on the next word is believed of a name, not of a sentence
_SLIPS = frozenset({"space-inside", "wrong-side", "glued-before", "glued-after", "mixed"})  # not reported at all unless likely
LIKELY = 1.0
# Scripture and tradition are set in guillemets whatever the article uses elsewhere.
_SACRED = regex.compile(r"(?:الله|تعالى|وجل|سبحانه|وسلم|ﷺ|السلام|الرسول|النبي|الآية|الحديث)[\s:]*$")


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """``marks`` says which marks, ``report`` which of `PROBLEMS`. The option ``style`` names the style that ``mixed``
    wants: guillemets, curly, straight, or majority for the one that the article uses most.
    """

    marks: Literal["quotes", "brackets"]
    report: list[str]


@dataclass(frozen=True, slots=True)
class Problem:
    name: str
    start: int
    end: int
    edits: tuple[Edit, ...] | None
    sure: float
    values: dict[str, str]


@dataclass(frozen=True)
class Pairs:
    form: Form
    style: str

    @property
    def kin(self) -> tuple[str, str, str]:
        return "pairs", self.form.marks, self.style

    def possible(self, page: Page) -> bool:
        return self.style != "majority" or not in_order(page, self.form.marks)

    def hits(self, page: Page) -> Iterator[Hit]:
        for problem in problems(page, self.form.marks, self.style):
            if problem.name not in self.form.report or (problem.name in _SLIPS and problem.sure < LIKELY):
                continue
            grade: Applicability | None = None if problem.sure >= SURE else "unsafe"
            yield Hit(problem.start, problem.end, problem.edits if problem.sure >= DOUBTFUL else None, problem.values, grade)


def compile(form: Form, context: Context) -> Pairs:
    for name in form.report:
        if name not in PROBLEMS:
            raise Mistake("report", f"no problem '{name}'{nearest(name, PROBLEMS)}; there are {', '.join(PROBLEMS)}")
    style = context.options.get("style", "majority")
    if style != "majority" and style not in STYLES:
        raise Mistake("options", f"no style '{style}'{nearest(style, STYLES)}; there are majority, {', '.join(STYLES)}")
    return Pairs(form, style)


def problems(page: Page, kind: str, style: str) -> list[Problem]:
    """All oddities of the page's marks of ``kind`` in order of place, worked out once a page and wanted style."""
    cache: dict[tuple[str, str], list[Problem]] = page.__dict__.setdefault("_pair_problems", {})
    if (kind, style) not in cache:
        if style == "majority" and in_order(page, kind):
            return cache.setdefault((kind, style), [])
        found = pairing(page, kind)
        wanted = _wanted(found) if style == "majority" else style
        cache[kind, style] = sorted(_problems(page, found, wanted, kind == "quotes"), key=lambda p: (p.start, p.end))
    return cache[kind, style]


def _wanted(found: Pairing) -> str:
    """The style of most outer pairs; of two equals, the one that comes first."""
    counts = Counter(pair.open.style for pair in found.pairs if pair.depth == 0 and pair.open.style == pair.close.style)
    return counts.most_common(1)[0][0] if counts else ""


def _problems(page: Page, found: Pairing, wanted: str, quotes: bool) -> Iterator[Problem]:
    text = page.text
    for pair in found.pairs:
        inside = text[pair.open.at + 1 : pair.close.at] if pair.close.at - pair.open.at < 8 else "-"
        if not inside.strip():
            if pair.open.style == pair.close.style and pair.open.made == "open" and pair.close.made == "close" and not (inside and not quotes):
                yield Problem("empty", pair.open.at, pair.close.at + 1, None, pair.sure, {})
            continue
        sound = True
        for problem in _of_pair(text, pair, wanted, quotes):
            sound = False
            yield problem
        if quotes and sound and wanted and pair.depth == 0 and pair.open.style != wanted and wanted not in pair.inner and not _sacred(page, pair):
            yield _restyled(text, pair, wanted)
    for mark, sure in found.again:
        if quotes and mark.made == "close":
            yield Problem("closing-opens", mark.at, mark.at + 1, (Edit(mark.at, mark.at + 1, STYLES[mark.style][0]),), sure, {})
    yield from (Problem("unclosed", mark.at, mark.at + 1, None, sure, {}) for mark, sure in found.unclosed)
    yield from (Problem("unopened", mark.at, mark.at + 1, None, sure, {}) for mark, sure in found.unopened)


def _sacred(page: Page, pair: Pair) -> bool:
    """Whether the pair holds scripture, by its vowels or by the words that introduce it."""
    start, end = pair.open.at, pair.close.at
    return page.touches(("vowelled", "quran"), start, end) or _SACRED.search(page.text, max(0, start - 30), start) is not None


def _restyled(text: str, pair: Pair, wanted: str) -> Problem:
    edits = tuple(Edit(mark.at, mark.at + 1, char) for mark, char in zip((pair.open, pair.close), STYLES[wanted], strict=True))
    end = pair.close.at + 1 if _short(text, pair) else pair.open.at + 1
    return Problem("mixed", pair.open.at, end, edits, pair.sure, {"open": STYLES[wanted][0], "close": STYLES[wanted][1]})


def _short(text: str, pair: Pair) -> bool:
    return not pair.across and pair.close.at - pair.open.at <= _WHOLE


def _of_pair(text: str, pair: Pair, wanted: str, quotes: bool) -> Iterator[Problem]:
    opened, closed = pair.open, pair.close
    style = opened.style
    if closed.style not in (style, "prime") and closed.style == wanted:
        style = wanted
    new_open, new_close = STYLES[style]
    turn_open, turn_close = _turn(pair, opened, new_open), _turn(pair, closed, new_close)
    if turn_open == "closing-opens" and turn_close == "opening-closes":
        turn_open = turn_close = "reversed-pair"
    elif turn_open == "closing-opens" and opened.left in "tp" and (opened.right == "w" or opened.left == "t"):
        turn_open = "after-proclitic"
    slip_open = _slip_before(text, opened) if quotes else ""
    slip_close = _slip_after(text, closed) if quotes else ""
    if _tanwin(text, opened, closed) or (slip_close == "wrong-side" and text.count(" ", opened.at, closed.at) > _SHORT_QUOTE):
        return
    first = _mended(text, opened, new_open, turn_open, slip_open, opens=True)
    second = _mended(text, closed, new_close, turn_close, slip_close, opens=False)
    names = [n for n in (turn_open, turn_close, slip_open, slip_close) if n]
    if first and second and _short(text, pair) and turn_open != "after-proclitic" and not {"glued-before", "glued-after"} & {slip_open, slip_close}:
        name = min(names, key=list(PROBLEMS).index)
        yield Problem(name, opened.at, closed.at + 1, (*first, *second), pair.sure, {})
        return
    for mark, name, edits in ((opened, turn_open or slip_open, first), (closed, turn_close or slip_close, second)):
        if name:
            start, end = mark.at, mark.at + 1
            if name in ("space-inside", "wrong-side"):
                start, end = min(e.start for e in edits), max(e.end for e in edits)
                start, end = min(start, mark.at), max(end, mark.at + 1)
            yield Problem(name, start, end, edits, pair.sure, {})


def _tanwin(text: str, opened: Mark, closed: Mark) -> bool:
    """Whether two straight marks stand for tanwin on two words (``يوما" مفتوحا"``) and are no pair at all."""
    return opened.char == closed.char == '"' and opened.at > 0 and text[opened.at - 1] == text[closed.at - 1] == "ا" and opened.left == "w"


def _turn(pair: Pair, mark: Mark, new: str) -> str:
    """What is wrong with the mark itself."""
    if mark.char == new:
        return ""
    if mark.style == "prime":
        return "prime-closes"
    if pair.open.style != pair.close.style and pair.close.style != "prime":
        return "mismatched"
    return "closing-opens" if mark is pair.open else "opening-closes"


def _slip_before(text: str, mark: Mark) -> str:
    """What is wrong with the spacing of a mark that opens."""
    if spaces_after(text, mark.at + 1) > mark.at + 1:
        return "wrong-side" if mark.left == "w" and text[mark.at - 1].isalnum() else "space-inside"
    if mark.at and mark.right == "w" and mark.left in "ws" and (text[mark.at - 1].isalnum() or text[mark.at - 1] in "،؛.؟!"):
        return "glued-before"
    return ""


def _slip_after(text: str, mark: Mark) -> str:
    """What is wrong with the spacing of a mark that closes."""
    following = text[mark.at + 1 : mark.at + 2]
    if spaces_before(text, mark.at) < mark.at and mark.left not in "n":
        return "wrong-side" if mark.right == "w" and following.isalnum() else "space-inside"
    if mark.right == "w" and following.isalpha() and not is_suffix(text, mark.at + 1):
        return "glued-after"
    return ""


def _mended(text: str, mark: Mark, new: str, turn: str, slip: str, *, opens: bool) -> tuple[Edit, ...]:
    """The edits, at most one, that give ``mark`` its right shape and spacing."""
    if not turn and not slip:
        return ()
    start, end = mark.at, mark.at + 1
    char = new if turn else mark.char
    if slip in ("space-inside", "wrong-side"):
        start, end = (start, spaces_after(text, end)) if opens else (spaces_before(text, start), end)
    space = " " if slip in ("wrong-side", "glued-before", "glued-after") else ""
    return (Edit(start, end, space + char if opens else char + space),)
