"""Files of every format and encoding for ``roundtrips``, made of parts: what no fix may touch, and texts of which it is known how each code point is spelled."""

from __future__ import annotations

import gzip
import html
import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from benchmarks.articles import Article, read

CONTAINERS = ("text", "markdown", "html", "jsonl", "jsonl.gz", "jsonl.zst", "csv", "tsv", "parquet")
WHOLE = ("text", "markdown", "html")
SUFFIXES = {"text": "txt", "markdown": "md"}

#: Codec, byte order mark, and whether the encoding can be told from a few words.
ENCODINGS = {
    "UTF-8": ("utf-8", b"", True),
    "UTF-8 with BOM": ("utf-8", b"\xef\xbb\xbf", True),
    "UTF-16 LE": ("utf-16-le", b"\xff\xfe", True),
    "UTF-16 BE": ("utf-16-be", b"\xfe\xff", True),
    "windows-1256": ("windows-1256", b"", False),
    "ISO-8859-6": ("iso-8859-6", b"", False),
}

_SENTENCES = re.compile(r"(?:[^.؟!]*[.؟!]){1,3}\s*|.+", re.DOTALL)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

Speller = Callable[[str], str]


@dataclass(frozen=True)
class Part:
    """A text that a fix may change: ``spell`` says how a code point of it is stored, ``quote`` what stands around it."""

    text: str
    record: str | None = None
    field: str | None = None
    spell: Speller = str
    quote: str = ""

    @property
    def raw(self) -> str:
        return self.quote + "".join(map(self.spell, self.text)) + self.quote

    def end(self, now: Sequence[tuple[int | None, str]], stored: str, at: int) -> int | None:
        """Where the part ends that begins at ``at`` of ``stored``, if it holds the code points of ``now`` (each with its place in
        ``text``, or None where it is new): what was kept spelled as it was, what is new in any way that its format has."""
        if self.field is not None and self.spell is str and stored.startswith('"', at):  # a bare field gets quotation marks where its new text needs them
            return _end([(f'"{"".join(_doubled(c) for _, c in now)}"',)], stored, at)
        escaped = self.spell in SPELLERS
        spelled: list[tuple[str, ...]] = [(self.quote,)]
        for new, some in groupby(now, key=lambda pair: pair[0] is None and escaped):
            characters = [c for _, c in some]
            spelled += map(_ways, characters) if new else [("".join(map(self.spell, characters)),)]
        return _end([*spelled, (self.quote,)], stored, at)


def _end(spelled: Iterable[tuple[str, ...]], stored: str, at: int) -> int | None:
    for ways in spelled:
        way = next((way for way in ways if stored.startswith(way, at)), None)
        if way is None:
            return None
        at += len(way)
    return at


@dataclass(frozen=True)
class Made:
    """A file: its name, what it is made of (nothing in Parquet), and its bytes."""

    name: str
    container: str
    codec: str
    mark: bytes
    parts: list[str | Part]
    data: bytes


def _doubled(character: str) -> str:
    return '""' if character == '"' else character


def _escaped(character: str, form: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{int.from_bytes(units[i : i + 2]):{form}}" for i in range(0, len(units), 2))


@cache
def _ways(character: str) -> tuple[str, ...]:
    """How a code point may be spelled in JSON."""
    return (_escaped(character, "04x"), _escaped(character, "04X"), _SHORT.get(character, character), "\\/" if character == "/" else character)


@cache
def _raw(c: str) -> str:
    return _SHORT.get(c) or (_escaped(c, "04x") if c < " " else c)


@cache
def _small(c: str) -> str:
    return _SHORT.get(c) or (c if " " <= c <= "~" else _escaped(c, "04x"))


@cache
def _capital(c: str) -> str:
    return _SHORT.get(c) or (c if " " <= c <= "~" else _escaped(c, "04X"))


@cache
def _slashed(c: str) -> str:
    return "\\/" if c == "/" else _raw(c)


SPELLERS: tuple[Speller, ...] = (_raw, _raw, _small, _capital, _slashed)


def generated(number: int, seed: int) -> Iterator[Article]:
    """Texts of words and of the debris that pages leave between them, and as many of sound sentences, five by five."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from arabic_text import DEBRIS, WORDS

    chance = random.Random(seed)
    sound = [sentence for article in read([]) for paragraph in article.text.split("\n") for sentence in _SENTENCES.findall(paragraph)]

    def words(most: int) -> str:
        return chance.choice([" ", " ", ""]).join(chance.choice(chance.choice([WORDS, WORDS, DEBRIS])) for _ in range(chance.randrange(most)))

    for count in range(number):
        if count // 5 % 2:
            yield Article(str(count), "made", chance.choice(sound).strip()[:60], "\n".join(chance.sample(sound, chance.randrange(1, 6))))
        else:
            yield Article(str(count), "made", words(12), words(chance.choice([6, 60, 200])))


def made(name: str, container: str, encoding: str, articles: Sequence[Article], chance: random.Random) -> Made:
    """A file of ``articles``; one, where its container is read whole."""
    codec, mark, _ = ENCODINGS[encoding]
    name = f"{name}.{SUFFIXES.get(container, container)}"
    if container == "parquet":
        return Made(name, container, codec, b"", [], _parquet(articles, chance))
    articles = [Article(a.id, a.source, *(text.encode(codec, "ignore").decode(codec) for text in (a.title or "", a.text))) for a in articles]
    if container in WHOLE:
        text = {"text": _text, "markdown": _markdown, "html": _html}[container](articles[0], chance).lstrip("\ufeff")  # it would be taken for the mark
        parts: list[str | Part] = [Part(text)]
    else:
        parts = list(_jsonl(articles, chance) if container.startswith("jsonl") else _csv(articles, chance, "\t" if container == "tsv" else chance.choice(",;|")))
    whole = mark + "".join(part if isinstance(part, str) else part.raw for part in parts).encode(codec)
    return Made(name, container, codec, mark, parts, packed(whole, container))


def packed(data: bytes, container: str) -> bytes:
    if container.endswith(".gz"):
        return gzip.compress(data, 1)
    if container.endswith(".zst"):
        import zstandard

        return zstandard.ZstdCompressor(level=1).compress(data)
    return data


def unpacked(data: bytes, container: str) -> bytes:
    if container.endswith(".gz"):
        return gzip.decompress(data)
    if container.endswith(".zst"):
        import zstandard

        return zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return data


def _paragraphs(article: Article) -> list[str]:
    return [part for line in article.text.split("\n") for part in _SENTENCES.findall(line)]


def _text(article: Article, chance: random.Random) -> str:
    gap = chance.choice(["\n", "\n\n", "\r\n", "\r\n\r\n"])
    return gap.join([article.title or "", *_paragraphs(article)]) + chance.choice(["", gap])


def _marked(text: str, chance: random.Random, marks: Sequence[tuple[str, str]]) -> str:
    """``text`` with some of its words inside inline markup."""
    words = text.split(" ")
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(words))
        before, after = chance.choice(marks)
        words[at] = f"{before}{words[at]}{after}"
    return " ".join(words)


def _markdown(article: Article, chance: random.Random) -> str:
    marks = [("**", "**"), ("_", "_"), ("[", "](https://example.com/a_b)"), ("`", "`"), ("<b>", "</b>"), ("![", "](x.png)")]
    gap = chance.choice(["\n\n", "\r\n\r\n"])
    head = f"---{gap[: len(gap) // 2]}title: {json.dumps(article.title, ensure_ascii=False)}{gap[: len(gap) // 2]}---{gap}" if chance.random() < 0.5 else ""
    blocks = [chance.choice(["", "", "", "- ", "> ", "## "]) + _marked(paragraph, chance, marks) for paragraph in _paragraphs(article)]
    return head + gap.join([f"# {article.title}", *blocks]) + chance.choice(["", gap])


def _html(article: Article, chance: random.Random) -> str:
    marks = [("<b>", "</b>"), ('<a href="/x?a=1&amp;b=2">', "</a>"), ("<code>", "</code>"), ("<!-- ", " -->"), ("<span class='m'>", "</span>")]
    out = [f"<!doctype html><title>{html.escape(article.title or '')}</title>\n<h1>{html.escape(article.title or '')}</h1>"]
    for paragraph in _paragraphs(article):
        text = html.escape(paragraph, quote=chance.random() < 0.5)
        if chance.random() < 0.3:
            text = "".join(f"&#{ord(c)};" if chance.random() < 0.05 and c not in "&;#" and not c.isascii() else c for c in text)
        name = chance.choice(["p", "p", "p", "li", "div", "td"])
        out.append(f"<{name}>{_marked(text, chance, marks)}</{name}>")
    return chance.choice(["\n", "\r\n", ""]).join(out)


def _jsonl(articles: Sequence[Article], chance: random.Random) -> Iterator[str | Part]:
    gap, end = chance.choice(['": ', '":', '" : ']), chance.choice(["\n", "\n", "\r\n"])
    for number, article in enumerate(articles, 1):
        spell = chance.choice(SPELLERS)
        yield f'{{"id{gap}"r{number}", "n{gap}1.50e+3, "text{gap}"قال فى البيت", ' if chance.random() < 0.1 else f'{{"id{gap}"r{number}",'
        fields = [Part(article.title or "", f"r{number}", "title", spell, '"'), Part(article.text, f"r{number}", "text", spell, '"')]
        for field in chance.sample(fields, 2):
            yield f'"{field.field}{gap}'
            yield field
            yield chance.choice([', "url\\u003a": null, ', ","])
        yield f'"tags{gap}["فى", -0.0]}}' + (end if number < len(articles) or chance.random() < 0.5 else "")
        if chance.random() < 0.03:
            yield '{"id": "broken", "text": "قال فى البيت' + end
    yield chance.choice(["", "", "\n"])


def _csv(articles: Sequence[Article], chance: random.Random, delimiter: str) -> Iterator[str | Part]:
    end = chance.choice(["\n", "\r\n"])
    yield f"id{delimiter}title{delimiter}n{delimiter}text" + end
    for number, article in enumerate(articles, 1):
        yield f"r{number}{delimiter}"
        yield _cell(article.title or "", f"r{number}", "title", chance, delimiter)
        yield chance.choice([f'{delimiter}"1,50"{delimiter}', f"{delimiter}007{delimiter}"])
        yield _cell(article.text, f"r{number}", "text", chance, delimiter)
        yield end if number < len(articles) or chance.random() < 0.5 else ""
        if chance.random() < 0.03 and number < len(articles):
            yield f"broken{delimiter}قال فى البيت{end}"


def _cell(text: str, record: str, field: str, chance: random.Random, delimiter: str) -> Part:
    quoted = any(c in text for c in f'{delimiter}"\r\n') or chance.random() < 0.3
    return Part(text, record, field, _doubled if quoted else str, '"' if quoted else "")


def _parquet(articles: Sequence[Article], chance: random.Random) -> bytes:
    import pyarrow
    from pyarrow import parquet

    columns = {
        "id": [f"r{n}" for n in range(1, len(articles) + 1)],
        "title": [a.title for a in articles],
        "n": list(range(len(articles))),
        "text": [a.text for a in articles],
        "tags": [["فى"]] * len(articles),
    }
    schema = pyarrow.schema(
        [("id", "string"), ("title", pyarrow.string()), ("n", pyarrow.int32()), ("text", chance.choice([pyarrow.string(), pyarrow.large_string()])), ("tags", pyarrow.list_(pyarrow.string()))]
    )
    table = pyarrow.table(columns, schema.with_metadata({"made": "by hand"}))
    out = BytesIO()
    parquet.write_table(table, out, compression=chance.choice(["snappy", "zstd", "gzip", "none"]), row_group_size=chance.choice([7, 20, 1000]))
    return out.getvalue()
