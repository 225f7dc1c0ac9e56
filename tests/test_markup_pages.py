"""Forty pages of technical documentation in Arabic: nothing is found in sound ones, and damage planted in their prose is mended
without a change to code, targets, keys or tags, as a real renderer shows.

The pages hold decoys, the same misspellings in code, addresses, keys, comments and shortcodes, where they must stay.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyromark
import pytest
from conftest import Command
from markdown_it import MarkdownIt
from markdown_it.token import Token

from arlint import Linter, fixes
from arlint.document import Document
from arlint.formats import html, markdown

PAGES = sorted((Path(__file__).parent / "cases" / "docs-ar").glob("*.md"))

#: Sound prose as it stands on some pages, and what is planted in its place.
DAMAGE = [
    ("في الطرفية، ثم ثبّت الحزمة", "فى الطرفية ، ثم ثبّت الحزمة"),
    ("[فهرس الحزم]", "[فهرس  الحزم]"),
    ("وفيه كل ما يحتاج إليه", "وفيه كل ما يحتاج اليه"),
    ("| إشارة إلى إلغاء الطلب |", "| إشارة الى إلغاء الطلب |"),
    ("قبل الضبط في الصفحة وبعده]", "قبل الضبط فى الصفحة وبعده]"),
    ("## الأسئلة الشائعة", "## الاسئلة الشائعة"),
    ("**الإعدادات → الحساب", "**الاعدادات → الحساب"),
    ("العنوان أولًا، ولذلك", "العنوان أولًا ،ولذلك"),
    ("مع أمثلة عملية", "مع امثلة عملية"),
    ("لمصادر أخرى، بعضها", "لمصادر اخرى، بعضها"),
    ("ونحدّد الصفوف", "و نحدّد الصفوف"),
    ("و[مدوّنة السلوك]", "و [مدوّنة السلوك]"),
    ("فالأول يحوّل الأنواع قبل المقارنة، ولذلك", "فالأول يحوّل الأنواع قبل المقارنة, ولذلك"),
    ("تسرّع البحث في عمود", "تسرّع البحث فى عمود"),
    ("منه صورة ونشغّلها", "منه صورة\u200f ونشغّلها"),
]

#: Wrappings of a page's body: as a generator writes it, on one line, and with furniture, old tags and a broken end.
FRAMES = [
    '<!DOCTYPE html>\n<html lang="ar">\n<head><meta charset="utf-8"><title>صفحة</title><style>p::after {{ content: "،فى" }}</style></head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n',
    '<html><body><nav><ul><li><a href="/">الرئيسية</a><li><a href="/فى">الدروس</a></ul></nav><div class="الى">{line}</div><script>var t = "فى <p>الى</p>";</script></body></html>',
    '<table width=100%><tr><td valign=top><font color=#333>\n{body}</font><br><br><!-- فى النهاية ،الى --></table></body><p title="قسم الدروس',
]


def damaged(sound: str, markup: str = "") -> str:
    for old, new in DAMAGE:
        if not markup or not any(sign in old for sign in "[]*|#"):
            sound = sound.replace(old, new)
    return sound


def web_page(number: int, source: str) -> str:
    """The page as a site would serve it, without its front matter."""
    body = source.split("---\n\n", 1)[-1] if source.startswith("---") else source.split("+++\n\n", 1)[-1]
    rendered = pyromark.html(body, options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_FOOTNOTES | pyromark.Options.ENABLE_DEFINITION_LIST)
    return FRAMES[number % len(FRAMES)].format(body=rendered, line=rendered.replace("\n", " ") if "<pre>" not in rendered else rendered)


@pytest.fixture
def sound(arlint: Command) -> dict[str, str]:
    """Sound pages, Markdown and HTML, by name."""
    pages = {f"{path.stem}.md": path.read_bytes().decode() for path in PAGES}
    static = [path.stem for path in PAGES if "{{<" not in pages[f"{path.stem}.md"]]  # Hugo would have filled in the others
    return pages | {f"{stem}.html": web_page(n, pages[f"{stem}.md"]) for n, stem in enumerate(static)}


def test_nothing_is_found_in_sound_pages(arlint: Command, sound: dict[str, str]) -> None:
    for name, text in sound.items():
        arlint.write(name, text)
    run = arlint("check", "--preview", "--profile", "strict", "--output-format", "concise")
    assert (run.out, run.status) == (f"nothing found in {len(sound)} files\n", 0)


def test_damage_in_prose_is_mended_and_nothing_else(arlint: Command, sound: dict[str, str]) -> None:
    broken = {name: damaged(text, "html" if name.endswith("html") else "") for name, text in sound.items()}
    assert sum(broken[name] != text for name, text in sound.items()) > 50
    for name, text in broken.items():
        arlint.write(name, text)
    found = [json.loads(line) for line in arlint("check", "--output-format", "jsonl").lines]
    for item in found:
        at, end = item["start"]["offset"], item["end"]["offset"]
        assert _differs(broken[item["path"]], sound[item["path"]], at, end), item
        before = broken[item["path"]][:at]
        assert (item["start"]["line"], item["start"]["column"]) == (before.count("\n") + 1, at - before.rfind("\n"))
    assert arlint("fix", "--unsafe-fixes").status == 0
    for name, text in sound.items():
        assert (arlint.folder / name).read_bytes().decode() == text, name
    for name, text in sound.items():
        if name.endswith(".md"):
            assert _skeleton(broken[name]) == _skeleton(text)
        else:
            assert _tags(broken[name]) == _tags(text)


def _differs(broken: str, sound: str, start: int, end: int) -> bool:
    """Whether the span is, or touches, what was planted: replaced by nothing it is not part of the sound page there."""
    return any(abs(at - start) <= len(new) + 2 for _, new in DAMAGE for at in _places(broken, new))


def _places(text: str, part: str) -> list[int]:
    at, found = text.find(part), []
    while at >= 0:
        found += range(at, at + len(part), 4)
        at = text.find(part, at + 1)
    return found


def _skeleton(source: str) -> list[Any]:
    """What a renderer makes of a page, less its prose: the tags, their addresses, code."""
    out: list[Any] = []

    def walk(tokens: list[Token]) -> None:
        for token in tokens:
            kept = {k: v for k, v in token.attrs.items() if k not in ("title", "alt")}
            out.append((token.type, token.tag, token.nesting, kept, token.content if token.type.startswith(("code", "fence", "html")) and "<p>" not in token.content else ""))
            walk([t for t in token.children or [] if t.type != "text"])

    walk(MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source))
    return out


def _tags(source: str) -> list[Any]:
    """The tags of a page with their attributes, and what is in its scripts and code."""
    out: list[Any] = []

    class Reader(HTMLParser):
        inside = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            out.append((tag, [a for a in attrs if a[0] not in ("alt", "title")]))
            if tag in ("pre", "code", "script", "style"):
                self.inside = tag

        def handle_endtag(self, tag: str) -> None:
            out.append(tag)
            self.inside = "" if tag == self.inside else self.inside

        def handle_data(self, data: str) -> None:
            if self.inside:
                out.append(data)

        def handle_comment(self, data: str) -> None:
            out.append(data)

    Reader().feed(source)
    return out


SEEDS = [path for path in sorted((Path(__file__).parent.parent / "seeds").glob("*.txt")) if "edited" not in path.name]
LINTER = Linter()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_scraped_article_reads_the_same_with_and_without_markup(path: Path) -> None:
    lines = [line.replace("- ", "") for line in path.read_bytes().decode().splitlines()]
    pages = [
        Document("\n".join(lines)),
        Document("".join(f"<p>{line}</p>\n" for line in lines if line.strip()), project=html.project),
        Document("\n\n".join(line for line in lines if line.strip()), project=markdown.project),
    ]
    plain, *others = [fixes.fix(page, LINTER.ruleset, fixes.UNSAFE).document.text.split() for page in pages]
    assert others == [plain, plain]


#: The seed's damage at its source: the name of a newspaper that is a link.
LINKED = [
    ("مع روسيا. [بوليتيكو](https://a.b/c_d) ذكرت يوم الأربعاء.", "مع روسيا، حسبما ذكرت صحيفة «[بوليتيكو](https://a.b/c_d)» يوم الأربعاء."),
    ("مع روسيا. [**بوليتيكو**][p] ذكرت يوم الأربعاء.\n\n[p]: https://a.b", "مع روسيا، حسبما ذكرت صحيفة «[**بوليتيكو**][p]» يوم الأربعاء.\n\n[p]: https://a.b"),
    ('<p>مع روسيا.\n <a href="https://a.b">بوليتيكو</a> ذكرت يوم الأربعاء.', '<p>مع روسيا، حسبما ذكرت صحيفة «<a href="https://a.b">بوليتيكو</a>» يوم الأربعاء.'),
]


@pytest.mark.parametrize(("source", "mended"), LINKED)
def test_a_link_hides_no_torn_attribution(source: str, mended: str) -> None:
    document = Document(source, project=html.project if source.startswith("<p>") else markdown.project)
    outcome = fixes.fix(document, LINTER.ruleset, fixes.UNSAFE)
    assert [f.rule.id for f in outcome.fixed] == ["outlet/torn-attribution"]
    assert outcome.document.raw == mended
