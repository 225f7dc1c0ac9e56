"""What is prose in Markdown and HTML, as data; and how an edit of it finds its place in the file."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arlint import Linter, fixes
from arlint.document import Document
from arlint.findings import Edit
from arlint.formats import html, markdown
from arlint.projection import OBJECT as O

#: What a reader is shown of a page in Markdown; ``O`` stands for what has its place in a sentence but is no prose.
MARKDOWN = {
    "inline elements leave no trace": ("قال **في** [بوليتيكو](https://a.b/c_d) إن *ال*كتاب", "قال في بوليتيكو إن الكتاب"),
    "a soft wrap is a space": ("سطر أول\nسطر ثان  \nسطر ثالث\\\nرابع", "سطر أول سطر ثان\nسطر ثالث\nرابع"),
    "code and math are things": ("اكتب `x` أو $a_1$ أو <kbd>Ctrl</kbd> ثم `ب`.", f"اكتب {O} أو {O} أو {O} ثم {O}."),
    "two prices are no formula": ("من 5$ إلى 10$ فقط، أو $5 و$6", "من 5$ إلى 10$ فقط، أو $5 و$6"),
    "code blocks are not read": ("قبل\n\n```py\nفى\n```\n\n    فى\n\n~~~\nفى\n~~~\nبعد", "قبل\nبعد"),
    "lists": ("- أول\n  1. ثان\n* [x] ثالث\n\n+ رابع", "أول\nثان\nثالث\nرابع"),
    "quotations": ("> نص\n> تابع\n>> داخل", "نص تابع\nداخل"),
    "headings": ("# عنوان #\n\nآخر\n===\n\n## ثالث {#id .فى}", "عنوان\nآخر\nثالث"),
    "tables": ("| أ | ب |\n|:--|--:|\n| ج \\| د | |\n", "أ\nب\nج | د"),
    "escapes and entities are what they stand for": ("\\*نجمة\\* &quot;نص&quot; &nbsp; &#1575;&lt;b&gt;", '*نجمة* "نص" \u00a0 ا<b>'),
    "definitions and notes": ("نص[^1] بعد\n\n[^1]: حاشية\n\n[م]: http://x 'فى'", "نص بعد\nحاشية"),
    "addresses": ("راجع <https://a.b/فى> و[م][م].\n\n[م]: http://x", f"راجع {O} وم."),
    "pictures are read after their block": ('قبل ![وصف "الصورة"](a.png "عنوان الصورة") بعد\n\nفقرة', 'قبل بعد\nوصف "الصورة"\nعنوان الصورة\nفقرة'),
    "HTML in a sentence": ("قال <b>إن</b> <!-- فى -->م<sup>2</sup> <br> تم", "قال إن م\nتم"),
    "HTML blocks": ('<div title="وصف">\n<p>أول\nتابع</p>\n</div>\n\n<pre>فى</pre>\n<script>\n\nفى</script>', "وصف\nأول تابع"),
    "HTML in a quotation": ("> <p>أول\n> تابع</p>", "أول تابع"),
    "Hugo": ('{{< note "فى" >}}\nنص {{% ref "فى" %}} تال [ا]({{< ref "فى.md" >}})\n{{< /note >}}\n\n{{< highlight py >}}\nفى\n\nفى\n{{< /highlight >}}', f"نص {O} تال ا"),
    "Jekyll": ('{% include فى.html t="الى" %}\n\nقال {{ page.فى }} إن\n\n{% highlight py %}\nفى\n\nفى\n{% endhighlight %}\nبعد\n{: .فى}', f"قال {O} إن\nبعد"),
    "directives and emoji by name": (":::note فى\nنص :smile: تال 10:30:40\n:::", f"نص {O} تال 10:30:40"),
    "an address that is a line is an embed": ("أول\n\nhttps://a.b/c_d\n\nثان https://a.b", "أول\nثان https://a.b"),
    "YAML": ('---\ntitle: "عنوان \\"فرعي\\""\nslug: فى\ntags: [فى]\ncover: {alt: \'وصف\', src: فى}\ndescription: >\n  سطر\n  ثان\n---\nنص', 'عنوان "فرعي"\nوصف\nسطر ثان\nنص'),
    "TOML": ('+++\ntitle = \'عنوان\'\nslug = "فى"\n[a]\n"description" = "وصف \\u0627" # فى\n+++\nنص', "عنوان\nوصف ا\nنص"),
    "JSON": ('{\n"title": "فى"\n}\n\nنص', "نص"),
    "front matter that is broken": ("---\ntitle: [فى\n---\nنص", "نص"),
    "no front matter": ("---\n\nنص", "نص"),
    "CRLF": ("# عنوان\r\n\r\nسطر\r\nتال  \r\nثالث\r\n", "عنوان\nسطر تال\nثالث"),
    "nothing": ("", ""),
}

#: The same of a web page.
HTML = {
    "inline tags leave no trace": ('<p>قال <a href="x">بو<b>ليتيكو</b></a> إن</p>', "قال بوليتيكو إن"),
    "white space is one space": ("<p>\n  قال \t\n <b> إن</b>  <i>الكتاب </i> تم </p>", "قال إن الكتاب تم"),
    "blocks and breaks are lines": ("<h1>أ</h1>ب<p>ج<br/>د<p>ه<ul><li>و<li>ز</ul>", "أ\nب\nج\nد\nه\nو\nز"),
    "entities": ("<p>&quot;أ&quot;&nbsp;&amp; &#x628;&lt;b&gt; &فى; &copy", '"أ"\u00a0& ب<b> &فى; ©'),
    "attributes that are read": ('<p>قال <img src="فى" alt="وصف &quot;أ&quot;"> <a title=\'ع\' href=فى>رابط</a> <b title=كلمة>تم</b>', 'قال رابط تم\nوصف "أ"\nع\nكلمة'),
    "what is no prose": ("<style>فى</style><script>'</p>فى'</script><!-- فى --><pre>فى</pre><svg><text>فى</text></svg><textarea>فى</textarea>نص", "نص"),
    "code is a thing": ("<p>اكتب <code>فى <b>x</b></code> ثم <kbd>س</kbd>.", f"اكتب {O} ثم {O}."),
    "code that nothing closes ends with its block": ("<p>اكتب <code>فى</p><p>تال</p><code>س</code>", f"اكتب {O}\nتال\n{O}"),
    "a sign is no tag": ("<p>إذا كان 3 < 5 و ص>س و a<5", "إذا كان 3 < 5 و ص>س و a<5"),
    "quotes hold signs": ("<p title=\"أ>ب\" data-x='<p>'>نص", "نص\nأ>ب"),
    "stray and crossed tags": ("</div>أ<b>ب<i>ج</b>د</i></p>ه</x>", "أبجد\nه"),
    "a document type with entities": ('<!DOCTYPE x [<!ENTITY a "فى"><!ENTITY b "&a;&a;">]><p>نص &b;', "نص &b;"),
    "templates": ('<p {{ attrs }} {% if a < b %}class="x"{% endif %}>نص {{ فى }} تال', f"نص {O} تال"),
    "an unfinished tag reaches to the end": ("نص <a href=فى", "نص"),
    "an unfinished comment reaches to the end": ("نص <!-- فى", "نص"),
}


@pytest.mark.parametrize(("source", "shown"), MARKDOWN.values(), ids=MARKDOWN)
def test_what_is_prose_in_markdown(source: str, shown: str) -> None:
    assert markdown.project(source).text == shown


@pytest.mark.parametrize(("source", "shown"), HTML.values(), ids=HTML)
def test_what_is_prose_in_html(source: str, shown: str) -> None:
    assert html.project(source).text == shown


@pytest.mark.parametrize(("source", "title"), [("---\ntitle: عنوان\n---\n", "عنوان"), ('+++\ntitle = "عنوان"\n+++\n', "عنوان"), ("---\nparams:\n  title: آخر\n---\n", None), ("نص", None)])
def test_the_headline_is_the_one_of_the_front_matter(source: str, title: str | None) -> None:
    assert markdown.project(source).title == title


#: (source, old words of the projection, new words, source afterwards or None where the edit is refused)
EDITS = {
    "words in a link": ("قال [في ال](u) بيت", "في ال", "من ال", "قال [من ال](u) بيت"),
    "around a link": ("روسيا. [بوليتيكو](u) ذكرت يوم", ". بوليتيكو ذكرت", "، حسبما ذكرت صحيفة «بوليتيكو»", "روسيا، حسبما ذكرت صحيفة «[بوليتيكو](u)» يوم"),
    "around a link that opens the edit": ("[بوليتيكو](u) ذكرت يوم", "بوليتيكو ذكرت", "ذكرت بوليتيكو", "ذكرت [بوليتيكو](u) يوم"),
    "into a link's middle": ("[بوليتيكو الأمريكية](u) ذكرت", "الأمريكية ذكرت", "ذكرت", None),
    "all of a link's words": ("قال [هنا](u) كذا", "هنا ", "", None),
    "a space between words in a link and beside it": ("قال [إن](u)الكتاب", "إنالكتاب", "إن الكتاب", "قال [إن](u) الكتاب"),
    "a space before an emphasis": ("قال:**إن** كذا", "قال:إن", "قال: إن", "قال: **إن** كذا"),
    "a space behind an emphasis": ("قال **إن**الكتاب", "إنالكتاب", "إن الكتاب", "قال **إن** الكتاب"),
    "code": ("اكتب `x` ثم", f"اكتب {O}", "اكتب", None),
    "beside code": ("اكتب ،`x` ثم", " ،", "، ", "اكتب، `x` ثم"),
    "an entity": ("قال &quot;نص&quot;", '"نص"', "«نص»", "قال «نص»"),
    "signs of markup are escaped": ("قال نص", "نص", "*ن_ص*", "قال \\*ن\\_ص\\*"),
    "a paragraph goes with its blank line": ("أول\n\nثان\n\nثالث", "ثان\n", "", "أول\n\nثالث"),
    "a list item does not": ("- أول\n- ثان\n- ثالث", "ثان\n", "", None),
    "a heading does not": ("# أول\n\nثان", "أول\n", "", None),
    "a soft wrap": ("أول\nثان", "أول ثان", "أول، ثان", "أول،\nثان"),
    "YAML in quotes": ('---\ntitle: "أول ثان"\n---\n', "أول", '"أول"', '---\ntitle: "\\"أول\\" ثان"\n---\n'),
    "YAML that quotes would break": ("---\ntitle: أول ثان\n---\n", "أول", "أول: ", None),
}
HTML_EDITS = {
    "signs of markup are escaped": ("<p>أول", "أول", "<أ> & ول", "<p>&lt;أ&gt; &amp; ول"),
    "quotes in attributes": ('<img alt="أول">', "أول", '"أول"', '<img alt="&quot;أول&quot;">'),
    "attributes without quotes": ("<img alt=أول>", "أول", "أول ثان", None),
    "a paragraph leaves its tags": ("<p>أول</p><p>ثان</p>", "ثان", "", "<p>أول</p><p></p>"),
    "two paragraphs": ("<p>أول</p>\n<p>ثان</p>\n<p>ثالث</p>", "ثان\nثالث", "", "<p>أول</p>\n<p></p>\n<p></p>"),
    "a list item stays": ("<li>أول<li>ثان", "ثان", "", None),
    "an entity for a space": ("<p>أول&nbsp;ثان", "\u00a0", " ", "<p>أول ثان"),
    "white space": ("<p>أول\n   ، ثان", " ،", "،", "<p>أول، ثان"),
    "around a link": ('روسيا. <a href="u">بوليتيكو</a> ذكرت', ". بوليتيكو ذكرت", "، كما ذكرت «بوليتيكو»", 'روسيا، كما ذكرت «<a href="u">بوليتيكو</a>»'),
}


#: A line that goes with its markup, where the block is nothing but that line: (source, its words, source afterwards).
LINK = "[اقرأ المزيد](https://example.com/a_b)"
WHOLE = {
    "a paragraph": (f"أول\n\n{LINK}\n\nثالث\n", "أول\n\nثالث\n"),
    "with CRLF": (f"أول\r\n\r\n{LINK}\r\n\r\nثالث\r\n", "أول\r\n\r\nثالث\r\n"),
    "the last one": (f"أول\n\n{LINK}", "أول\n"),
    "the only one": (f"{LINK}\n", ""),
    "in bold": ("أول\n\n**اقرأ المزيد**\n\nثالث\n", "أول\n\nثالث\n"),
    "words beside the link": ("أول\n\nاقرأ [المزيد](u)\n\nثالث\n", "أول\n\nثالث\n"),
    "a list item": (f"- أول\n- {LINK}\n- ثالث\n", "- أول\n- ثالث\n"),
    "a list of one": (f"أول\n\n- {LINK}\n\nثالث\n", "أول\n\nثالث\n"),
    "a picture in it stays": (f"أول\n\n![](a.png) {LINK}\n\nثالث\n", None),
    "a title that is read stays": ('أول\n\n[اقرأ المزيد](u "ذلك")\n\nثالث\n', None),
    "a reference may be another's, too": ("أول\n\n[اقرأ المزيد][1]\n\n[1]: u\n", None),
    "code stays": ("أول\n\n`x` [اقرأ المزيد](u)\n\nثالث\n", None),
    "HTML stays": ("أول\n\n<b>[اقرأ المزيد](u)</b>\n\nثالث\n", None),
    "an attribute stays": ("أول\n\n[اقرأ المزيد](u){:#more}\n\nثالث\n", None),
    "a heading stays": (f"# {LINK}\n\nثالث\n", None),
    "a heading drawn under it stays": (f"{LINK}\n===\n\nثالث\n", None),
    "a quotation stays": (f"> {LINK}\n\nثالث\n", None),
    "a numbered item stays": (f"1. أول\n2. {LINK}\n3. ثالث\n", None),
    "an item with more in it stays": (f"- أول\n- {LINK}\n\n  ثالث\n", None),
    "what would let code fall to the list above stays": (f"- أول\n\n{LINK}\n\n    x = 1\n", None),
    "part of a paragraph stays": (f"أول\n{LINK}\nثالث\n", None),
    "a table stays": (f"| {LINK} |\n|---|\n| ثالث |\n", None),
}
WHOLE_HTML = {
    "a paragraph": ("<p>أول</p>\n<p><a href='u'>اقرأ المزيد</a></p>\n<p>ثالث</p>\n", "<p>أول</p>\n<p>ثالث</p>\n"),
    "one among others on a line": ("<p>أول</p><p><a href='u'>اقرأ المزيد</a></p><p>ثالث</p>", "<p>أول</p><p>ثالث</p>"),
    "tags in tags": ("<p>أول</p>\n <P class=x> <strong><a href='u'>اقرأ <em>المزيد</em></a></strong>\n</p>\nثالث", "<p>أول</p>\nثالث"),
    "words beside the link": ("<div>أول</div>\n<div>اقرأ <a href='u'>المزيد</a></div>\n", "<div>أول</div>\n"),
    "a list item": ("<ul><li>أول</li><li><a href='u'>اقرأ المزيد</a></li></ul>", "<ul><li>أول</li></ul>"),
    "a picture in it stays": ("<p>أول</p><p><a href='u'><img src=x>اقرأ المزيد</a></p>", None),
    "a name that others may point at stays": ("<p>أول</p><p id='more'><a href='u'>اقرأ المزيد</a></p>", None),
    "and so does a link's": ("<p>أول</p><p><a name=more href='u'>اقرأ المزيد</a></p>", None),
    "a comment stays": ("<p>أول</p><p><!-- x --><a href='u'>اقرأ المزيد</a></p>", None),
    "code stays": ("<p>أول</p><p><code>x</code><a href='u'>اقرأ المزيد</a></p>", None),
    "a title that is read stays": ("<p>أول</p><p><a href='u' title='ذلك'>اقرأ المزيد</a></p>", None),
    "an element that nothing closes stays": ("<p>أول</p><p><a href='u'>اقرأ المزيد</a><p>ثالث", None),
    "tags that cross stay": ("<p>أول</p><p><b><a href='u'>اقرأ المزيد</b></a></p>", None),
    "one line of two stays": ("<p>أول<br><a href='u'>اقرأ المزيد</a></p>", None),
    "a heading stays": ("<h2><a href='u'>اقرأ المزيد</a></h2><p>ثالث</p>", None),
    "a table cell stays": ("<p>أول</p><table><tr><td><a href='u'>اقرأ المزيد</a></td></tr></table>", None),
    "a template stays": ("<p>أول</p><p><a href='{{ x }}'>اقرأ المزيد</a>{{ y }}</p>", None),
}


def _edited(document: Document, old: str, new: str) -> str | None:
    assert document.projection is not None
    start = document.text.index(old)
    edits = document.projection.placed([Edit(start, start + len(old), new)])
    if edits is None:
        return None
    changed = document.apply(edits)
    assert changed.projection is not None
    return changed.raw if changed.projection.holds(document.projection, edits) else None


@pytest.mark.parametrize(("source", "old", "new", "result"), EDITS.values(), ids=EDITS)
def test_an_edit_of_markdown_leaves_markup_alone(source: str, old: str, new: str, result: str | None) -> None:
    assert _edited(Document(source, project=markdown.project), old, new) == result


@pytest.mark.parametrize(("source", "old", "new", "result"), HTML_EDITS.values(), ids=HTML_EDITS)
def test_an_edit_of_html_leaves_markup_alone(source: str, old: str, new: str, result: str | None) -> None:
    assert _edited(Document(source, project=html.project), old, new) == result


#: What generated pages are made of: sound and damaged words among all the signs that mean something.
PARTS = (
    """قال|فى البيت|الاربعاء|بوليتيكو ذكرت|،| |  |@|@@|  @|- |1. |> |# |*|**|_|`|``|```@|~~~@|[|]|(|)|](u)|![|<b>|</b>|<p>|</p>|<br>|<div>|</div>|<code>|</code>|<!--|-->|<script>
</script>|&quot;|&nbsp;|&amp;|&#1575;|&lt;|{{< a >}}|{{|}}|{% x %}|{%|$|$$
\\|\\*|[^1]|[^1]:|[x]: y@|: |---@|===@|\t|    |<a title="فى">|<a title=فى >|"|'|<|>|&|=|\r@|\r|{#id}|{:.x}|:::note@|:a:|<li>|<td>
<sup>1</sup>|\0|\ufdd0|😀|\u200f|title: فى@|+++@|---@title: "فى \\" ب"@---@|<pre>|</pre>|http://x.y/a_b|<http://a.b>|~~|[ ] |.|...|«|»""".replace("\n", "|")
    .replace("@", "\n")
    .split("|")
)
pages = st.lists(st.sampled_from([part for part in PARTS if part] + ["|", "|---|---|\n"]), max_size=40).map("".join)


def test_a_passage_that_ends_in_a_table_is_no_line() -> None:
    sentence = "وقالت الوزارة في بيان لها إن العمل في المشروع يسير وفق الجدول الزمني المعلن وإن التسليم في نهاية العام."
    source = f"{sentence} {sentence[:60]}\n\n| {sentence} | {sentence} |\n|---|---|\n| {sentence} | {sentence} |\n\n{sentence}\n"
    assert fixes.fix(Document(source, project=markdown.project), LINTER.ruleset, fixes.UNSAFE).broken == []


@pytest.mark.parametrize(("source", "result"), WHOLE.values(), ids=WHOLE)
def test_a_line_of_markdown_goes_with_its_links_where_it_stands_alone(source: str, result: str | None) -> None:
    assert _edited(Document(source, project=markdown.project), "اقرأ المزيد", "") == result


@pytest.mark.parametrize(("source", "result"), WHOLE_HTML.values(), ids=WHOLE_HTML)
def test_an_element_of_html_goes_with_its_tags_where_it_holds_one_line(source: str, result: str | None) -> None:
    assert _edited(Document(source, project=html.project), "اقرأ المزيد", "") == result


KINDS = pytest.mark.parametrize("project", [markdown.project, html.project], ids=["markdown", "html"])
LINTER = Linter()
slow = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@KINDS
@given(source=pages)
@slow
def test_pieces_lie_in_the_file_and_never_share_a_byte(project, source: str) -> None:  # type: ignore[no-untyped-def]
    projection = project(source)
    free = sorted((p.start, p.end) for p in projection.pieces if p.write is not None)
    assert all(a[1] <= b[0] for a, b in pairwise(free))
    assert all(0 <= p.start <= p.end <= len(source) and (p.text or p.start < p.end) for p in projection.pieces)
    for at in range(len(projection.text)):
        start, end = projection.span(at, at + 1)
        assert 0 <= start <= end <= len(source)


@KINDS
@given(source=pages)
@slow
def test_a_fix_keeps_every_byte_of_markup(project, source: str) -> None:  # type: ignore[no-untyped-def]
    document = Document(source, project=project)
    outcome = fixes.fix(document, LINTER.ruleset, fixes.UNSAFE)
    assert outcome.document.projection is not None
    assert document.projection is not None
    assert outcome.document.projection.frozen == document.projection.frozen
    if not outcome.fixed:
        assert outcome.document.raw == source
    assert fixes.fix(outcome.document, LINTER.ruleset, fixes.UNSAFE).document.raw == outcome.document.raw


HONEST = [
    "قال الوزير إن الخطة تشمل بناء [ثلاثة مستشفيات](https://example.com/a) في العاصمة وحدها.",
    "## مراحل العمل في المشروع",
    "- يبدأ **العمل** في الشهر المقبل كما أعلنت الوزارة.",
    "> وأضاف أن الميزانية كافية لأعوام ثلاثة مقبلة.",
    "```\nprint('اقرأ المزيد')\n```",
    "![](a.png) [اقرأ المزيد](https://example.com/b)",
    "[اقرأ المزيد][1]\n\n[1]: https://example.com/f",
    "| أ | ب |\n|---|---|\n| ج | د |",
    "وختم بأن <b>اللجنة</b> تجتمع كل أسبوع في مقرها القديم.",
    "    x = 1",
]
FURNITURE = ["[اقرأ المزيد](https://example.com/b)", "**[اقرأ المزيد](https://example.com/c)**", "- [اقرأ المزيد](https://example.com/d)", "اقرأ أيضا: [الوزير يزور المستشفى](https://example.com/e)"]


@given(
    blocks=st.permutations(HONEST).flatmap(lambda honest: st.lists(st.tuples(st.sampled_from(honest), st.sampled_from(["", *FURNITURE])), min_size=2, max_size=8, unique_by=lambda pair: pair[0])),
    end=st.sampled_from(["", "\n", "\n\n"]),
)
@slow
def test_of_a_page_only_whole_lines_of_furniture_go(blocks: list[tuple[str, str]], end: str) -> None:
    source = "\n\n".join(part for pair in blocks for part in pair if part) + end
    fixed = fixes.fix(Document(source, project=markdown.project), LINTER.ruleset, fixes.UNSAFE).document.raw
    assert fixed == fixes.fix(Document(fixed, project=markdown.project), LINTER.ruleset, fixes.UNSAFE).document.raw
    left = [line for line in fixed.split("\n") if line.strip()]
    honest = [line for block, _ in blocks for line in block.split("\n") if line.strip()]
    assert [line for line in left if line not in FURNITURE] == honest
    before = fixes.fix(Document(source, project=markdown.project), LINTER.ruleset, fixes.SAFE).document.raw
    assert before == source


#: Signs whose repetition has brought parsers down, in time, depth or memory.
HOSTILE = ["<div>", "<b>", "<p>x<b>y", "<a ", "<a b=", "<a b='", "</", "<!", "<!--", "<![CDATA[", "<!doctype [", "<code>", "<code><p>", "<script>", "&", "&amp", "<"]
HOSTILE += ["*a ", "[", "![", "> ", "[a](", "`a``", "$a ", "[^1]", "- ", "|a", "\\", "[a]: b\n", "~~a ", "{{", "{%", "{{< ", "{{<a>}}", "{:", ":a", "---\n", "  \n", "\t", "{{< raw >}}", "{% raw %}"]


@KINDS
@pytest.mark.parametrize("sign", HOSTILE)
def test_hostile_pages_are_read(project, sign: str) -> None:  # type: ignore[no-untyped-def]
    source = sign * (40_000 // len(sign))
    assert project(source).raw == source
