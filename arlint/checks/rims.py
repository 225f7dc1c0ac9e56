"""``rims``: lines above the first paragraph or below the last that hold nothing but the page's own words.

Where ``furniture`` knows whole phrases, this knows their words: a template may put them together as it likes. Between two
paragraphs such a line may be a subheading: it counts only where the article has none, and is not about pages and apps itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec
import regex

from arlint.checks import Context, Mistake
from arlint.checks.furniture import spelled, unfolded
from arlint.codes import encoded, letters_and_numbers
from arlint.findings import Edit, Hit
from arlint.page import Line, Page

#: Numbered, bulleted and quoted lines are entries of a list that an author wrote.
_WRITTEN = regex.compile(r"[\p{N}«“\"'(\[*•·–—-]")


#: A subheading has no more words.
_OF_HEADING = 10
#: What closes a caption is no part of a subheading.
_CREDIT = regex.compile(r"[)\]]$")


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """Lists by ``lexicon.key``: the words of all phrases in ``words`` are the page's own; those of ``plain`` tell nothing by
    themselves; a line of one word is an entry of ``alone``. A line of more than ``max_words`` words is left alone. Between two
    paragraphs a line must hold a word of ``inside``, and the paragraphs none of ``topics``.
    """

    words: list[str]
    plain: list[str]
    alone: list[str]
    inside: list[str] = msgspec.field(default_factory=list)
    topics: list[str] = msgspec.field(default_factory=list)
    max_words: int = 12


@dataclass(frozen=True)
class Rims:
    words: frozenset[str]
    plain: frozenset[str]
    alone: frozenset[str]
    inside: frozenset[str]
    topics: frozenset[str]
    max_words: int

    def phrases(self) -> list[str]:
        """The words that such a line may open with."""
        return ["^" + word for word in self.words | self.alone if word != "0"]

    def hits(self, page: Page) -> Iterator[Hit]:
        lines = page.lines
        if len(lines) < 2 or page.is_verse:
            return
        said: dict[int, tuple[str, ...]] = {}
        foot = len(lines)
        while foot > 1 and not self._prose(lines[foot - 1], said):
            foot -= 1
        head = 1  # the first line may be the article's own headline
        self._prose(lines[0], said)
        while not lines[0].final and head < foot and not self._prose(lines[head], said):
            head += 1
        if not any(self._prose(line, said) for line in (lines[0], lines[foot - 1])):  # a list, a table, a poem
            return
        for span in (range(1, head), range(foot, len(lines))):
            run: list[Line] = []
            announced = False  # a line that ends in a colon makes a list of what follows
            for number in span:
                announced = lines[number - 1].text[-1] in ":\u061b" or (announced and not run and self._own(lines[number - 1], said))
                if self._own(lines[number], said) and not announced:
                    run.append(lines[number])
                elif run:
                    yield self._hit(page, run)
                    run = []
            if run:
                yield self._hit(page, run)
        yield from self._between(page, head, foot, said)

    def _between(self, page: Page, head: int, foot: int, said: dict[int, tuple[str, ...]]) -> Iterator[Hit]:
        """Lines of the page's own words between two paragraphs of an article without subheadings."""
        lines, found = page.lines, []
        for number in range(max(head, 1), foot - 1):
            if lines[number].words > self.max_words or lines[number].text[-1] in ".:؛":
                continue
            above, below = (self._prose(lines[at], said) and lines[at].final for at in (number - 1, number + 1))
            if not (above and below):
                continue
            words = said[lines[number].number] = spelled(lines[number].text)
            if len(words) > 1 and self._own(lines[number], said) and not self.inside.isdisjoint(words):
                found.append(lines[number])
            elif lines[number].words <= _OF_HEADING and not _CREDIT.search(lines[number].text):
                return
        if found and self.topics.isdisjoint(page_words(page)):
            for line in found:
                yield self._hit(page, [line])

    def _hit(self, page: Page, run: list[Line]) -> Hit:
        start = page.text.index(run[0].text, run[0].start)
        end = page.text.index(run[-1].text, run[-1].start) + len(run[-1].text)
        return Hit(start, end, (Edit(*page.cut_lines(run[0], run[-1]), ""),), {"line": run[0].text})

    def _prose(self, line: Line, said: dict[int, tuple[str, ...]]) -> bool:
        if line.words > self.max_words and (counted := letters_and_numbers(line.codes)) and (count := len(counted[0]) + counted[1]) > self.max_words:
            letters, numbers = counted
            known = numbers + sum(map(self._encoded.__contains__, letters))
            said[line.number] = ()  # too long to be the page's own
            return (count >= 9 or (count >= 5 and line.final)) and known < 0.8 * count
        words = said[line.number] = spelled(line.text)
        if len(words) < 5 or (len(words) < 9 and not line.final):
            return False
        return sum(word in self.words or word == "0" for word in words) < 0.8 * len(words)

    @cached_property
    def _encoded(self) -> frozenset[bytes]:
        return frozenset(map(encoded, self.words))

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_encoded"}

    def _own(self, line: Line, said: dict[int, tuple[str, ...]]) -> bool:
        words = said[line.number]
        if not words or len(words) > self.max_words or line.text[-1] == ":" or _WRITTEN.match(line.text):
            return False
        if len(words) == 1:
            return words[0] in self.alone
        return all(word in self.words or word == "0" for word in words) and any(word in self.words and word not in self.plain for word in words)


def compile(form: Form, context: Context) -> Rims:
    def phrases(references: list[str]) -> Iterator[tuple[str, ...]]:
        for reference in references:
            for phrase in context.lexicons.phrases(reference):
                yield from (spelled(one) for one in unfolded(phrase))

    for key in ("words", "plain", "alone"):
        if not getattr(form, key):
            raise Mistake(key, "name at least one list")
    plain = frozenset(word for phrase in phrases(form.plain) for word in phrase)
    words = frozenset(word for phrase in phrases(form.words) for word in phrase)
    inside, topics = (frozenset(word for phrase in phrases(names) for word in phrase) for names in (form.inside, form.topics))
    return Rims(words | plain, plain, frozenset(p[0] for p in phrases(form.alone) if len(p) == 1), inside, topics, form.max_words)


def page_words(page: Page) -> frozenset[str]:
    """The words of ``page`` as phrases are compared."""
    return frozenset(word for token in page.vocabulary for word in spelled(token))
