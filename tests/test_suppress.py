"""Comments and settings that silence findings: what they silence, what of them is not needed, and that fixes leave it alone."""

from __future__ import annotations

import json
import os

import pytest
from conftest import NOTE, SAFE, SETTINGS, UNSAFE, Command
from hypothesis import given, settings
from hypothesis import strategies as st

from arlint import engine, ruleset
from arlint.document import Document
from arlint.findings import Finding
from arlint.fixes import fix
from arlint.formats import html, markdown
from arlint.sift import Sift
from arlint.suppress import UNKNOWN, UNUSED, Known

RULES = ruleset.load().select(select=["spelling/fi-with-alef-maqsura", "suppression", "quotes"])
KNOWN = Known(RULES, frozenset(ruleset.load().by_id))
FI = "spelling/fi-with-alef-maqsura"
BAD = "قال فى البيت"


def page(text: str, form: str = "md") -> Document:
    return Document(text, project={"md": markdown, "html": html}[form].project)


def found(text: str, form: str = "md") -> list[tuple[str, int]]:
    document = page(text, form)
    told = Sift(KNOWN)(document, engine.check(document, RULES))
    return [(finding.rule.id, document.place(document.where(finding)[0])[0]) for finding in told]


def lines(text: str, form: str = "md") -> list[int]:
    """The lines on which the misspelling is told; nothing else is."""
    told = found(text, form)
    assert {rule for rule, _ in told} <= {FI}
    return [line for _, line in told]


@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("name", [FI, "spelling", "ALL", f"quotes/mixed-styles, {FI}".partition(", ")[2]])
def test_every_scope_in_both_formats(form: str, name: str) -> None:
    assert lines(f"{BAD} <!-- arlint: ignore {name} -->\n\n{BAD}", form) == [3]
    assert lines(f"<!-- arlint: ignore {name} -->\n{BAD}\n\n{BAD}", form) == [4]
    assert lines(f"<!-- arlint: ignore {name}: من نصه -->\n\n{BAD}\n\n{BAD}", form) == [5]
    assert lines(f"{BAD} <!-- arlint: ignore-next-line {name} -->\n\n{BAD}\n\n{BAD}", form) == [1, 5]
    assert lines(f"{BAD}\n\n<!-- arlint: ignore-start {name} -->\n\n{BAD}\n\n{BAD}\n\n<!-- arlint: ignore-end -->\n\n{BAD}", form) == [1, 11]
    assert lines(f"{BAD}\n\n<!-- arlint: ignore-start {name} -->\n\n{BAD}", form) == [1]
    assert lines(f"{BAD}\n\n<!-- arlint:ignore-file {name}-->", form) == []


def test_ranges_nest_and_comments_stack() -> None:
    text = f"<!-- arlint: ignore-start {FI} -->\n<!-- arlint: ignore-start quotes -->\n\n{BAD}\n\n<!-- arlint: ignore-end {FI} -->\n\n{BAD} « نص «\n\n<!-- arlint: ignore-end quotes -->\n\n{BAD}\n"
    assert lines(text) == [8, 12]
    assert lines(f"<!-- arlint: ignore quotes -->\n<!-- arlint: ignore {FI} -->\n{BAD} « نص «\n") == []


@pytest.mark.parametrize(
    "text",
    [
        f"```html\n<!-- arlint: ignore-file {FI} -->\n```\n\n{BAD}\n",
        f"    <!-- arlint: ignore-file {FI} -->\n\n{BAD}\n",
        f"`<!-- arlint: ignore-file {FI} -->` {BAD}\n",
        f"{BAD} \\<!-- arlint: ignore {FI} -->\n",
    ],
)
def test_what_is_no_comment_silences_nothing(text: str) -> None:
    assert [rule for rule, _ in found(text)] == [FI]


def test_what_is_no_comment_in_a_page() -> None:
    comment = f"<!-- arlint: ignore-file {FI} -->"
    for around in ("<script>{}</script>", "<style>{}</style>", '<img alt="{}">', "<textarea>{}</textarea>"):
        assert [rule for rule, _ in found(f"{around.format(comment)}\n<p>{BAD}</p>", "html")] == [FI]
    assert [rule for rule, _ in found(f"<!-- {comment[4:-3].strip()} --> <p>{BAD}</p>", "html")] == []


def test_plain_text_has_no_comments() -> None:
    document = Document(f"{BAD} <!-- arlint: ignore {FI} -->")
    assert [f.rule.id for f in Sift(KNOWN)(document, engine.check(document, RULES))] == [FI]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- arlint: ignore-file speling -->", "'speling' is no rule, family or instruction that arlint knows (spelling)"),
        ("<!-- arlint: ignore-file spelling/fi-with-alef-maksura -->", f"'spelling/fi-with-alef-maksura' is no rule, family or instruction that arlint knows ({FI})"),
        ("<!-- arlint: ignroe spelling -->", "'ignroe' is no rule, family or instruction that arlint knows (ignore)"),
        ("<!-- arlint: ignore -->", "'ignore' is no rule, family or instruction that arlint knows (ignore ALL)"),
        ("<!-- arlint: ignore-end -->", "'ignore-end' is no rule, family or instruction that arlint knows (ignore-start)"),
        ("<!-- arlint: zzz -->", "'zzz' is no rule, family or instruction that arlint knows"),
    ],
)
def test_what_is_not_understood_is_told_with_the_nearest(text: str, message: str) -> None:
    document = page(f"{text}\n\nقال الوزير.\n")
    (finding,) = [f for f in Sift(KNOWN)(document, []) if f.rule.id == UNKNOWN]
    assert finding.message("en") == message
    assert document.raw[finding.start : finding.end] == finding.found == message.split("'")[1]


def mended(text: str, form: str = "md") -> str:
    return fix(page(text, form), RULES, sift=Sift(KNOWN)).document.raw


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"سطر <!-- arlint: ignore {FI} -->\n", "سطر\n"),
        (f"سطر <!-- arlint: ignore {FI} --> آخر\n", "سطر آخر\n"),
        (f"أول\n\n<!-- arlint: ignore {FI} -->\n\nثان\n", "أول\n\nثان\n"),
        (f"أول\r\n\r\n<!-- arlint: ignore {FI} -->\r\nثان\r\n", "أول\r\n\r\nثان\r\n"),
        (f"أول\n<!-- arlint: ignore {FI} -->\nثان\n", "أول\n\nثان\n"),
        (f"<!-- arlint: ignore-file {FI} -->\n\nأول\n", "أول\n"),
        (f"أول\n\n<!-- arlint: ignore-file {FI} -->", "أول\n\n"),
        (f"{BAD} <!-- arlint: ignore quotes, {FI}, quotes/mixed-styles: لأنه -->\n", f"{BAD} <!-- arlint: ignore {FI}: لأنه -->\n"),
        (f"<!-- arlint: ignore-start {FI} -->\n\nأول\n\n<!-- arlint: ignore-end -->\n\nثان\n", "أول\n\nثان\n"),
        (f"<!-- arlint: ignore-start {FI}, quotes -->\n\n{BAD}\n\n<!-- arlint: ignore-end {FI}, quotes -->\n", f"<!-- arlint: ignore-start {FI} -->\n\n{BAD}\n\n<!-- arlint: ignore-end {FI} -->\n"),
        ("سطر <!-- arlint: ignore speling -->\n", "سطر <!-- arlint: ignore speling -->\n"),
    ],
)
def test_a_comment_that_silences_nothing_is_taken_out(text: str, left: str) -> None:
    assert mended(text) == left
    assert mended(left) == left


def test_fixes_leave_alone_what_is_silenced_and_mend_beside_it() -> None:
    assert mended(f"{BAD}\n\n{BAD} <!-- arlint: ignore {FI} -->\n") == f"قال في البيت\n\n{BAD} <!-- arlint: ignore {FI} -->\n"


def test_a_name_is_not_judged_where_its_rules_were_not_looked_for() -> None:
    """What the command line left out may be what the comment is for."""
    known = Known(RULES, KNOWN.names, frozenset(["spelling/ila-without-hamza"]))
    document = page("<!-- arlint: ignore-file spelling -->\n<!-- arlint: ignore-file outlet -->\n<!-- arlint: ignore-file quotes -->\n\nسطر\n")
    told: list[Finding] = Sift(known)(document, [])
    assert [(f.rule.id, f.values["names"]) for f in told] == [(UNUSED, "quotes")]


COMMENTS = [f"<!-- arlint: ignore {FI} -->", "<!-- arlint: ignore-start spelling -->", "<!-- arlint: ignore-end -->", "<!-- arlint: ignore quotes, ALL: x -->"]
PIECES = st.sampled_from([BAD, "سطر سليم.", "", "- بند", "> قول", "<p>فقرة فى صفحة</p>", *COMMENTS])


@given(st.lists(st.tuples(PIECES, st.sampled_from([" ", "\n", "\n\n", "\r\n"])), max_size=12), st.sampled_from(["md", "html"]))
@settings(max_examples=200, deadline=None)
def test_taking_comments_out_settles_and_loses_no_word(parts: list[tuple[str, str]], form: str) -> None:
    text = "".join(piece + end for piece, end in parts)
    outcome = fix(page(text, form), RULES, sift=Sift(KNOWN))
    assert outcome.broken == []
    assert outcome.document.text.replace("في", "فى").split() == page(text, form).text.replace("في", "فى").split()
    assert [f for f in outcome.remaining if f.rule.id == UNUSED and f.fix] == []  # without one where the markup would change
    assert mended(outcome.document.raw, form) == outcome.document.raw


def told(own: Command, *args: str) -> list[tuple[str, int, str]]:
    run = own("check", "--output-format", "jsonl", *args)
    assert run.err == ""
    return [(f["path"].replace(os.sep, "/"), f["start"]["line"], f["rule"]) for f in map(json.loads, run.lines)]


TEXT = "قال اخظغ كلامًا ظغخز طويلًا.\nثم غظخط.\n"


def test_settings_silence_by_path_rule_and_fingerprint(own: Command) -> None:
    own.write("a.txt", TEXT)
    own.write("old/a.txt", TEXT)
    first = json.loads(own("check", "--output-format", "jsonl", "a.txt").lines[0])["fingerprint"]
    own.write("arlint.toml", SETTINGS + f'[[silence]]\npaths = ["old/"]\nrules = ["spelling", "{NOTE}"]\nreason = "قديم"\n[[silence]]\nfingerprints = ["{first}"]\npaths = ["/a.txt"]\n')
    assert told(own) == [("a.txt", 1, UNSAFE), ("a.txt", 2, NOTE), ("old/a.txt", 1, UNSAFE)]
    assert own("fix", "--unsafe-fixes").status == 1
    assert (own.folder / "a.txt").read_text("utf-8") == "قال اخظغ كلامًا طويلًا.\nثم غظخط.\n"
    assert (own.folder / "old/a.txt").read_text("utf-8") == "قال اخظغ كلامًا طويلًا.\nثم غظخط.\n"


def test_settings_silence_by_record(own: Command) -> None:
    own.write("arlint.toml", SETTINGS + '[[silence]]\nrecords = ["a17"]\n')
    rows = [{"id": ident, "text": "قال اخظغ."} for ident in ("a16", "a17", "a18")]
    path = own.write("a.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    run = own("check", "--output-format", "jsonl", "--text-field", "text", "--id-field", "id", "a.jsonl")
    assert [json.loads(line)["record"] for line in run.lines] == ["a16", "a18"]
    assert own("fix", "--text-field", "text", "--id-field", "id", "a.jsonl").status == 0
    assert [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()] == ["قال إخظغ.", "قال اخظغ.", "قال إخظغ."]


def test_the_same_place_twice_is_silenced_once(own: Command) -> None:
    own.write("a.txt", "قال اخظغ.\nقال اخظغ.\n")
    prints = [json.loads(line)["fingerprint"] for line in own("check", "--output-format", "jsonl").lines]
    assert len(set(prints)) == 2
    for silenced, line in zip(prints, (2, 1), strict=True):
        own.write("arlint.toml", SETTINGS + f'[[silence]]\nfingerprints = ["{silenced}"]\n')
        assert told(own, "a.txt") == [("a.txt", line, SAFE)]


def test_comments_in_a_run(own: Command) -> None:
    own.write("arlint.toml", SETTINGS.replace("select = [", 'select = ["suppression", '))
    path = own.write("a.md", f"قال اخظغ. <!-- arlint: ignore {SAFE}: من نصه -->\n\nقال اخظغ.\n\n<!-- arlint: ignore-file outlet, speling -->\n")
    run = own("check", "--output-format", "concise", "-q")
    assert run.out == (
        "a.md:3:5: spelling/made-up 'اخظغ' is spelled 'إخظغ'\n"
        "a.md:5:26: suppression/unused silences nothing: outlet\n"
        "a.md:5:34: suppression/unknown 'speling' is no rule, family or instruction that arlint knows (spelling)\n"
    )
    run = own("fix")
    assert run.status == 1
    assert path.read_text("utf-8") == f"قال اخظغ. <!-- arlint: ignore {SAFE}: من نصه -->\n\nقال إخظغ.\n\n<!-- arlint: ignore-file speling -->\n"


def test_settings_that_silence_nothing_are_told_where_they_stand(own: Command) -> None:
    own.write("a.txt", TEXT)
    own.write("sub/b.txt", TEXT)
    used = '[[silence]]\npaths = ["a.txt", "z.txt"]\nrules = ["spelling", "consistency", "numbers"]\n'
    own.write("arlint.toml", SETTINGS.replace("select = [", 'select = ["suppression", ') + used + '[[silence]]\nrecords = ["a17"]\n')
    run = own("check", "--output-format", "concise", "-q")
    toml = (own.folder / "arlint.toml").resolve()
    assert run.lines[-2:] == [f"{toml}:4:20: suppression/unused silences nothing: z.txt", f"{toml}:6:1: suppression/unused silences nothing: [[silence]]"]
    for args in (["sub"], ["a.txt"], ["--ignore", "spelling", "."], ["--select", SAFE, "."]):
        assert "suppression/unused" not in own("check", *args).out
