"""Signatures without a mark: a part in the text and who had it (``تحرير سامي حداد``), a post (``محرر الشؤون الدولية``), and
the line below the text that introduces its writer.

No colon or dash tells them from a heading, so the person must be known by a given name and the line must stand at the rim.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from arlint.arabic import fold
from arlint.checks.bylines.names import SOURCE, Names, Part
from arlint.page import Line, Page

_TEXT = r"(?:هذا |هذه )?(?:التقارير|التقرير|التغطية|الإعداد|إعداد التقرير|كتابة التقرير|المقال|المقالة|القصة|النص)"
_HOW = r"(?: (?:طبي|علمي|لغوي|قانوني)[اً]{1,2}| (?:عن|من) (?:اللغة )?(?:الإنجليزية|الفرنسية|الألمانية|الإسبانية|الروسية|التركية|الإيطالية|العبرية))"
_DEED = r"(?:الكتابة|الترجمة|المراجعة|التحرير|التصوير|الإعداد|التحقق من (?:الحقائق|المعلومات)|كتابته|مراجعته|تحريره|ترجمته|إعداده)"
#: What somebody did for the text, in the words of pages and of their machine translations.
_ROLE = regex.compile(
    r"[-–*•(\[]?\s*(?:"
    rf"(?:[إا]عداد|تحرير|ترجمة|تصوير|عدسة|كتابة|تدقيق|مراجعة)(?: {_TEXT})?{_HOW}?(?: (?:بقلم|بواسطة|من قبل))?"
    rf"|(?:ترجم|راجع|حرر|دقق|كتب|صور|أعد)(?:ه|ها|ته|تها){_HOW}?"
    rf"|(?:ساهم|أسهم|شارك)(?:ت|وا)? في {_TEXT}|{_DEED} (?:بقلم|بواسطة|من قبل)|تمت? {_DEED} (?:بواسطة|من قبل)"
    r"|المؤلفة?|المترجمة?|المحررة?|المصورة?|بقلم|بواسطة|من قبل"
    r")(?:\s*[:：]\s*|\s+)"
)
_STAFF = regex.compile(r"(?:موظف[يو]|مراسل[يو]|محرر[يو]|كتاب|فريق(?: عمل| تحرير)?|طاقم(?: تحرير)?|هيئة تحرير) (?P<outlet>.+)")
_FROM = regex.compile(r"(?:(?P<wrote>كتبت?|تكتب|يكتب) )?(?P<who>[^\n.،؛:()]{5,40}?)،? (?:من|في) (?P<place>[^\n.،؛:()]{3,20})")
_POST = regex.compile(r"(?:كبيرة? )?(?:ال)?(?:مراسلي?|مراسلة|محرري?|محررة|معلقة?|محللة?|كاتبة?)(?: (?:ال|لل|لشؤون|شؤون)\p{L}*){1,4}(?: (?:في|لدى|ل|لدي) ?(?P<outlet>[^\n.،:]{3,25}))?")
_BIO = regex.compile(
    r"[*(\[]?\s*(?P<who>\p{L}[\p{L}.'’-]*(?: \p{L}[\p{L}.'’-]*){1,3}?)،? (?:(?:هو|هي) )?(?:كبيرة? )?"
    r"(?P<post>كاتبة?|صحفية?|صحافية?|مراسلة?|محررة?|[أا]ستاذة?|محاضرة?|باحثة?|زميلة?|مؤلفة?|مدونة?|مصورة?|معلقة?|محللة?|كبير مراسلي)"
    r"(?!\p{L})[^\n]{0,220}"
)
_TOLD = regex.compile(r"(?<!\p{L})و?(?:قالت?|[أا]ضافت?|كانت?|[أإا]ن|منذ|[أا]كدت?|ذكرت?|يرى|ترى|حصلت?|فازت?|توفيت?|لم|لن)(?!\p{L})")
#: A noun that goes on behind a name is no part of it.
_GOES_ON = ("لل", "بال", "كال", "فال", "وال", "في", "عن")


def credit_lines(page: Page, names: Names, within: int) -> Iterator[Line]:
    """The lines near the rim, the first one left out, that are nothing but a part in the text and its person, or a post."""
    lines = page.lines
    for index, line in enumerate(lines if len(lines) > 2 else ()):
        tail = index >= len(lines) - within
        if not index or not (index < within or tail) or line.words > 12 or len(line.text) > 90 or line.number in page.verse_lines:
            continue
        text = line.text.strip(" \u00a0*•()[]–-")
        if text[-1:] in "؟?!،:" or lines[index - 1].text[-1] in "؟?:":
            continue
        if role := _ROLE.match(text):
            rest = text[role.end() :].rstrip(" .")
            found = _signed(names.parts(rest)) or _staff(names, rest)
        elif (where := _FROM.fullmatch(text)) and _named(names, where["who"]):
            found = "place" in names.part(where["place"]).kinds
        else:
            found = index < within and line.words <= 7 and not line.final and _POST.fullmatch(text) is not None
        if found:
            yield line


def bio_lines(page: Page, names: Names) -> Iterator[Line]:
    """The last line, where it introduces by post somebody of whom the text did not speak."""
    if len(page.lines) < 3:
        return
    line = page.lines[-1]
    if line.words > 40 or not (found := _BIO.fullmatch(line.text)) or _TOLD.search(line.text) or not _named(names, found["who"]):
        return
    family = fold(found["who"].split()[-1])
    told = fold("\n".join(other.text for other in page.lines[:-1] if other.words > 6))
    if not regex.search(rf"(?<!\p{{L}})[وبلف]?{regex.escape(family)}(?!\p{{L}})", told):
        yield line


def _staff(names: Names, text: str) -> bool:
    """Whether ``text`` is the people of an outlet, such as "موظفي سي إن إن"."""
    found = _STAFF.fullmatch(text)
    return found is not None and bool(names.part(found["outlet"]).kinds & SOURCE)


def _signed(parts: list[Part]) -> bool:
    first = parts[0] if parts else None
    return first is not None and "person" in first.kinds and first.words <= 5 and not _runs_on(first.text) and all(part.kinds for part in parts[1:])


def _named(names: Names, who: str) -> bool:
    return "person" in names.part(who).kinds and len(who.split()) <= 4 and not _runs_on(who)


def _runs_on(who: str) -> bool:
    return any(word.startswith(_GOES_ON) for word in who.split()[1:])
