"""Generated Arabic copy for property tests: sound words, and the debris that pages leave between them."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = [
    "قال", "الرئيس", "في", "إلى", "المدينة", "أمس", "وزير", "الخارجية", "أن", "الخطة", "جديدة", "مع", "روسيا", "ذكرت", "صحيفة", "بوليتيكو",
    "الاربعاء", "الى", "فى", "المستشفى", "و", "ل", "ولي", "العهد", "كتاب", "مُحَمَّدٌ", "شـــهر", "رويترز", "أ ف ب", "CNN", "2015", "1436هـ", "75.614", "٣٫٥",
    "لايوجد", "اللجنه", "وزارةالصحة", "الإتحاد", "انتهى", "المزيد", "سمات", "المصدر", "تصوير", "ﺣﺴﺒﻤﺎ", "السوریین", "جدا", "جداً", "جدًا",
]  # fmt: skip
DEBRIS = [
    " ", " ", " ", "  ", "\n", "\n\n", "\r\n", ".", "،", " ،", ",", ". ", "؟", "!", ":", "..", "...", "؛", "«", "»", "“", "”", '"', "″", "(", ")", "/", "-", "–", "|",
    "\u200f", "\u200b", "\u00a0", "\u202a", "\u202c", "\u001a", "\ufeff", "\u2028", "&quot;", "&nbsp;", "<b>", "</p>", "[embed]", "// انتهى //",
    "https://example.com/a?b=c", "a.b@example.com", "@handle", "#وسم", "...المزيد", "(أ ف ب)", "😀", "ـ", "ً", "\u0640", "{", "}", "﴿", "﴾", "ﷺ", "�",
]  # fmt: skip

pieces = st.one_of(st.sampled_from(WORDS), st.sampled_from(DEBRIS), st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئةى \n.،", max_size=12))


@st.composite
def articles(draw: st.DrawFn) -> str:
    """An article of generated words and debris, mostly with spaces where they belong."""
    parts = draw(st.lists(pieces, min_size=0, max_size=60))
    glue = draw(st.sampled_from([" ", " ", ""]))
    return glue.join(parts)


anything = st.one_of(articles(), st.text(max_size=200))
