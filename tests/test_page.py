"""The report page, read by a real browser: what it shows, what it filters, what cannot run in it, and who can use it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import NOTE, SAFE, SETTINGS, Command
from corpora import jsonl, records

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def needed(reason: str) -> None:
    """Skip with ``reason``; where the browser is part of the job (CI), fail instead."""
    if os.environ.get("ARLINT_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        needed("no Chromium on this machine")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        needed("playwright is missing: pip install 'arlint[browser]'")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield chromium
        chromium.close()


@pytest.fixture
def folder(arlint: Command) -> Command:
    arlint.write("arlint.toml", SETTINGS)
    arlint.write("news/one.txt", "قال اخظغ البيت إنه سيسافر.\nوذكرت لافتة إن الطريق مغلق.\n")
    arlint.write("news/two.txt", "قال الوزير إنه اخظغ الطريق.\n")
    arlint.write("sport/three.txt", "فاز الفريق اخظغ المباراة، ثم اخظغ التالية.\n")
    arlint.write("sport/sound.txt", "فاز الفريق في المباراة.\n")
    arlint.write("evil.txt", '</script><script>document.title = "run"</script><!-- <img src=x onerror="document.title=\'run\'"> قال اخظغ البيت \u202eاخظغ\u202c\n')
    return arlint


def opened(browser: Any, command: Command, *args: str, of: str = ".", file: str = "report.html", **context: Any) -> Any:
    done = command("report", of, "--output", file, *args)
    assert done.status == 0, done.err
    assert done.err.rstrip().endswith(file)
    page = browser.new_context(**context).new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.goto((command.folder / file).as_uri())
    page.wait_for_selector("#list details")
    return page


def unfold(page: Any, summary: str) -> None:
    """Open a part of the page; what it holds is written once the browser has told that it is open."""
    page.click(summary)
    page.wait_for_selector(f"{summary.partition(' ')[0]} details[open] > summary + *")


def count(page: Any) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", page.inner_text("#count"))]


def test_the_page_counts_what_check_finds(browser: Any, folder: Command) -> None:
    found = [line for line in folder("check", ".", "--output-format", "concise", "--quiet").lines if line]
    page = opened(browser, folder)
    tiles = dict(zip(page.locator("#totals dt").all_inner_texts(), page.locator("#totals dd").all_inner_texts(), strict=True))
    assert tiles["Findings"] == str(len(found))
    assert tiles["Documents"] == "5"
    assert page.locator("#list > details").count() == 4  # what is sound is counted, not listed
    assert page.faults == []


def test_an_article_opens_with_its_damage_marked_and_the_repair_beside_it(browser: Any, folder: Command) -> None:
    page = opened(browser, folder)
    page.fill("#query", "three.txt")
    unfold(page, "#list summary")
    assert page.locator("#list .text mark").all_inner_texts() == ["اخظغ", "اخظغ"]
    assert page.locator("#list .text del").all_inner_texts() == ["اخظغ", "اخظغ"]
    assert page.locator("#list .text ins").all_inner_texts() == ["إخظغ", "إخظغ"]


def test_filters_work_without_a_server(browser: Any, folder: Command) -> None:
    page = opened(browser, folder)
    everything = count(page)
    page.select_option("#source", "sport")
    assert page.locator("#list > details").count() == 1
    page.click("button[type=reset]")
    page.wait_for_selector("#list > details:nth-child(4)")
    assert count(page) == everything
    page.select_option("#family", "spelling")
    assert count(page)[-1] < everything[-1] or page.locator("#list > details").count() == 4
    page.fill("#query", "no such words")
    assert page.locator("#list > details").count() == 0


def test_everything_is_reached_from_the_keyboard(browser: Any, folder: Command) -> None:
    page = opened(browser, folder)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "query"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#keys-dialog").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]


def test_what_an_article_contains_is_shown_and_never_run(browser: Any, folder: Command) -> None:
    page = opened(browser, folder)
    page.fill("#query", "evil")
    unfold(page, "#list summary")
    assert 'document.title = "run"' in page.locator("#list .text").first.inner_text()
    assert "U+202E" in page.locator("#list .text").first.inner_text()  # named, so that it cannot turn the page round
    assert page.locator("#list img, #list script").count() == 0
    assert page.title() == "arlint report"
    assert page.faults == []
    source = (folder.folder / "report.html").read_text("utf-8")
    assert source.count("<script") == 2  # the data and the page's own


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier_in_either_direction_and_theme(browser: Any, folder: Command, language: str, scheme: str, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(browser, folder, "--lang", language, color_scheme=scheme)
    unfold(page, "#list summary")
    barriers = [v["id"] for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert barriers == []
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")  # nothing sticks out on a phone
    assert len(page.screenshot(path=str(tmp_path / f"{language}-{scheme}.png"))) > 10_000


def test_ten_thousand_findings_stay_on_pages_of_a_few_articles(browser: Any, folder: Command) -> None:
    for number in range(500):
        folder.write(f"many/{number:03}.txt", "قال اخظغ البيت ثم اخظغ الدار.\n" * 11)
    page = opened(browser, folder, "--articles", "600")
    assert count(page)[-1] > 10_000
    assert page.locator("#list > details").count() == 25
    page.fill("#query", "many/123")
    assert page.locator("#list > details").count() == 1
    page.fill("#query", "")
    page.click("#pages button:last-child")
    assert page.locator("#pages [aria-current=page]").inner_text() == str(-(-504 // 25))
    assert page.faults == []


@pytest.fixture
def corpus(own: Command) -> Command:
    rows = [*records(60), {"id": "evil", "source": "a", "text": '<img src=x onerror="document.title=1"> قال اخظغ.'}]
    own.write("a.jsonl", jsonl(rows))
    for mode in ("check", "fix"):
        done = own("corpus", mode, "a.jsonl", "--output", mode, "--source-field", "source", "--exit-zero", "-j", "1", "--findings-format", "jsonl")
        assert done.status == 0, done.err
    return own


def test_a_corpus_run_is_shown_with_its_totals_sources_worst_records_and_samples(browser: Any, corpus: Command) -> None:
    told = json.loads((corpus.folder / "check" / "summary.json").read_bytes())
    page = opened(browser, corpus, "--articles", "10", of="check")
    tiles = dict(zip(page.locator("#totals dt").all_inner_texts(), page.locator("#totals dd").all_inner_texts(), strict=True))
    assert (tiles["Documents"], tiles["Findings"], tiles["Words"]) == tuple(str(told[key]) for key in ("documents", "findings", "words"))
    assert sorted(page.locator("#sources .name").all_inner_texts()) == ["a", "b"]
    assert page.locator("#list > details").count() == 10
    page.fill("#query", "#r15 (text)")
    unfold(page, "#list summary")
    assert page.locator("#list .findings .id").all_inner_texts() == [SAFE, NOTE]
    assert page.locator("#list .findings del").all_inner_texts() == ["اخظغ"]
    assert page.locator("#list .findings ins").all_inner_texts() == ["إخظغ"]
    unfold(page, f"#rules summary:has-text('{SAFE}')")
    assert page.locator("#rules .sample ins").count() == 20
    page.click("button[type=reset]")
    page.select_option("#source", "b")
    page.wait_for_selector("#list > details:nth-child(10)", state="detached")
    assert page.title() == "arlint report"
    assert page.faults == []


def test_what_a_corpus_run_mended_is_shown_before_and_after_with_no_serious_barrier(browser: Any, corpus: Command) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(browser, corpus, "--lang", "ar", of="fix")
    tiles = dict(zip(page.locator("#totals dt").all_inner_texts(), page.locator("#totals dd").all_inner_texts(), strict=True))
    assert tiles["أُصلح"] == "21"
    unfold(page, f"#rules summary:has-text('{SAFE}')")
    assert set(zip(page.locator("#rules .sample del").all_inner_texts(), page.locator("#rules .sample ins").all_inner_texts(), strict=True)) == {("اخظغ", "إخظغ")}
    unfold(page, "#list summary")
    assert [v["id"] for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")] == []
    assert page.faults == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["begun"], "begun: the run has not come to its end"),
        (["check", "a.jsonl"], "stands alone"),
        (["check", "--fail-on", "error"], "--fail-on is for files"),
        (["memory://nowhere"], "memory://nowhere: no output of 'arlint corpus'"),
    ],
)
def test_a_folder_that_is_no_whole_run_is_refused_in_one_line(own: Command, args: list[str], said: str) -> None:
    if "memory:" in args[0]:
        pytest.importorskip("fsspec", reason="the extra 'corpus' is not installed")
    own.write("begun/run.json", "{}")
    own.write("check/run.json", "{}")
    own.write("a.jsonl", jsonl(records(1)))
    done = own("report", *args)
    assert done.status == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not (own.folder / "arlint-report.html").exists()
