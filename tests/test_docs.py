"""The documentation tells the truth: every command and example in it is carried out, and the site builds without a warning.

A block of shell is preceded by ``<!-- run: articles -->`` or ``<!-- run: article.txt -->`` (what it works on) or ``<!-- not run: why -->``; README's
two commands of the first minute are run by ``.ci/run`` in a fresh clone.
"""

from __future__ import annotations

import ast
import gzip
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from arlint import config, starter

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/ar").glob("*.md"))]
_BLOCK = re.compile(r"(?:<!-- (?P<note>[^\n]*?) -->\n)?```(?P<kind>\w+)[^\n]*\n(?P<text>.*?)^```", re.M | re.S)
_ELSEWHERE = ("main job", "tests")

ARTICLES = {
    "one.txt": "قال الوزير فى البيت إن  الخطة جاهزة .\n",
    "two.txt": "وصل الوفد إلى الرياض مساء أمس.\nاقرأ أيضا\n",
    "sound.txt": "وصل الوفد إلى الرياض مساء أمس.\n",
}


def blocks(kind: str) -> list[Any]:
    found = []
    for page in PAGES:
        for number, match in enumerate(m for m in _BLOCK.finditer(page.read_text("utf-8")) if m["kind"] == kind):
            found.append(pytest.param(page, match["note"] or "", match["text"], id=f"{page.relative_to(ROOT)}-{number}"))
    return found


@pytest.fixture
def place(tmp_path: Path, compiled: Path) -> tuple[Path, dict[str, str]]:
    """A folder with articles, and an environment in which ``arlint`` is this tree's command."""
    for name, text in ARTICLES.items():
        (tmp_path / "articles").mkdir(exist_ok=True)
        (tmp_path / "articles" / name).write_text(text, "utf-8")
    command = tmp_path / "bin" / "arlint"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m arlint "$@"\n', "utf-8")
    command.chmod(0o755)
    path = os.pathsep.join((str(command.parent), str(Path(sys.executable).parent), os.environ["PATH"]))
    return tmp_path, {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "ARLINT_CACHE_DIR": str(compiled)}


@pytest.mark.parametrize(("page", "note", "text"), blocks("sh"))
def test_commands_run_as_printed(page: Path, note: str, text: str, place: tuple[Path, dict[str, str]]) -> None:
    if note in _ELSEWHERE:
        pytest.skip("run by .ci/run in a fresh clone")
    if note.startswith("not run: "):
        pytest.skip(note)
    assert note.startswith("run: "), f"{page.name}: say '<!-- run: articles -->' or '<!-- not run: why -->' above the block"
    folder, environment = place
    if "crawl" in note:
        (folder / "crawl").mkdir()
        (folder / "crawl" / "a.jsonl.gz").write_bytes(gzip.compress("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in ARTICLES.items()).encode()))
    if "article.txt" in note:
        (folder / "article.txt").write_text(ARTICLES["one.txt"], "utf-8")
    # a finding is no failure (status 1); what could not be run or read is (2 and above)
    script = f"trap 'status=$?; if [ $status -ge 2 ]; then echo \"status $status: $BASH_COMMAND\" >&2; exit $status; fi' ERR\n{text}"
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode < 2, done.stderr


@pytest.mark.parametrize(("page", "note", "text"), blocks("python"))
def test_python_says_what_its_comments_say(page: Path, note: str, text: str) -> None:
    names: dict[str, Any] = {"article": "قال فى البيت", "headline": "خبر"}
    for earlier in (m["text"] for m in _BLOCK.finditer(page.read_text("utf-8")) if m["kind"] == "python"):
        exec(earlier, names)  # blocks of a page go on from each other
        if earlier == text:
            break
    for line in text.splitlines():
        source, _, comment = line.partition("  # ")
        try:
            expected = ast.literal_eval(comment)
        except (ValueError, SyntaxError):
            continue
        assert eval(source, names) == expected, line


@pytest.mark.parametrize(("page", "note", "text"), blocks("toml"))
def test_settings_are_taken(page: Path, note: str, text: str, place: tuple[Path, dict[str, str]]) -> None:
    folder, environment = place
    settings = tomllib.loads(text)
    for name in settings.get("rule-paths", settings.get("tool", {}).get("arlint", {}).get("rule-paths", [])):
        (folder / name).mkdir()
    (folder / ("pyproject.toml" if "tool" in settings else "arlint.toml")).write_text(text, "utf-8")
    done = subprocess.run(["arlint", "check", "articles", "--exit-zero"], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("key", config.KEYS)
def test_every_setting_is_explained_with_an_example_that_is_taken(key: str, tmp_path: Path) -> None:
    about, example = starter.explained()[key]
    assert about.endswith(".")
    (tmp_path / "base").mkdir()
    (tmp_path / "arlint.toml").write_text("", "utf-8")
    (tmp_path / "base" / "arlint.toml").write_text(example, "utf-8")
    settings = config.read(tmp_path / "base" / "arlint.toml")
    assert key in tomllib.loads(example)
    assert (key,) in settings.origins or len(settings.files) == 2


@pytest.mark.parametrize(("page", "note", "text"), blocks("yaml"))
def test_yaml_is_yaml(page: Path, note: str, text: str) -> None:
    assert yaml.safe_load(text)


@pytest.mark.parametrize("settings", ["mkdocs.yml", "mkdocs.ar.yml"])
def test_the_site_builds_without_a_warning(settings: str, tmp_path: Path) -> None:
    pytest.importorskip("material", reason="the site's tools are missing: pip install 'arlint[docs]'")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", str(ROOT / settings), "-d", str(tmp_path)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "rules/outlet/torn-attribution/index.html").read_text("utf-8")
    assert ('<html lang="ar"' in page and '<body dir="rtl"' in page) or settings == "mkdocs.yml"
    assert "<ins>" in page
    assert "<del>" in page
    told = (tmp_path / "settings/index.html").read_text("utf-8")
    assert [key for key in config.KEYS if f'<h2 id="{key}">' not in told] == []
    if settings == "mkdocs.ar.yml":
        assert [about for about, _ in starter.explained().values() if about in told] == []
    else:
        start = (tmp_path / "index.html").read_text("utf-8")
        assert [page.stem for page in (ROOT / "docs").glob("*.md") if page.stem != "index" and f'href="{page.stem}/"' not in start] == []
