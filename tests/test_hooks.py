"""The hooks that `.pre-commit-hooks.yaml` offers, installed by the real pre-commit into a second, real git repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DAMAGED = "قال الوزير إن الخطة تبدأ فى الربيع المقبل.\n"
MENDED = "قال الوزير إن الخطة تبدأ في الربيع المقبل.\n"
SETTINGS = 'select = ["spelling/fi-with-alef-maqsura"]\nexclude = ["archive/"]\n'
#: A damaged article of each kind, and what it must become; then files that are none of a hook's business.
ARTICLES = {
    "a.txt": DAMAGED,
    "b/مقال.md": "---\ntitle: خبر\n---\n# عنوان\n\nقال الوزير **إن** الخطة تبدأ فى الربيع.\n\n```\nفى\n```\n",
    "c.html": "<!doctype html>\n<title>خبر</title>\n<p>قال الوزير إن <b>الخطة</b> تبدأ فى الربيع.</p>\n<script>var x = 'تبدأ فى الربيع';</script>\n",
    "d.jsonl": '{"id": 7, "text": "قال الوزير إن الخطة تبدأ فى الربيع.", "n": 1.50}\n',
}
REPAIRED = {name: text.replace("تبدأ فى الربيع", "تبدأ في الربيع", 1) for name, text in ARTICLES.items()}
ALIEN = {"code.py": "x = 'قال إن الخطة تبدأ فى الربيع'\n", "data.json": '{"text": "تبدأ فى الربيع"}\n', "README": "تبدأ فى الربيع\n", "table.csv": "a,b\n1,تبدأ فى الربيع\n"}

_TOOL = Path(sys.executable).with_name("pre-commit")
pytestmark = [
    pytest.mark.skipif(not _TOOL.exists(), reason="pre-commit is not installed"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]


def git(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    # a git hook's own variables would point every command below at the repository that is being committed to
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    env |= {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "t"), ("EMAIL", "t@example.org"))}
    env |= {"PRE_COMMIT_HOME": str(folder.parent / "pre-commit"), "ARLINT_CACHE_DIR": str(folder.parent / "compiled"), "PRE_COMMIT_COLOR": "never"}
    env["PATH"] = f"{_TOOL.parent}{os.pathsep}{env['PATH']}"
    return subprocess.run(args, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False, timeout=900)


def done(folder: Path, *args: str) -> str:
    run = git(folder, *args)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree, committed to a repository of its own: what a user's configuration names under `repo:`."""
    copy = tmp_path_factory.mktemp("hooks") / "arlint"
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    copy.mkdir()
    for name in ("arlint", "rules"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, copy / name)
    done(copy, "git", "init", "-q", "-b", "main")
    done(copy, "git", "add", "-A")
    done(copy, "git", "commit", "-q", "-m", "hooks")
    done(copy, "git", "tag", "v0.1.0")
    return copy


def site(hooks: Path, name: str, options: str = "") -> Path:
    """A content repository that uses the tag v0.1.0 of ``hooks``, with its hooks installed by the real pre-commit."""
    folder = hooks.parent / name
    folder.mkdir()
    done(folder, "git", "init", "-q", "-b", "main")
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {hooks.as_posix()}\n    rev: v0.1.0\n    hooks:\n      - id: arlint\n{options}      - id: arlint-fix\n        stages: [manual]\n{options}", "utf-8"
    )
    (folder / "arlint.toml").write_text(SETTINGS, "utf-8")
    prepared = git(folder, "pre-commit", "install", "--install-hooks")
    if prepared.returncode and any(said in prepared.stdout for said in ("No matching distribution", "Could not fetch", "Connection")):
        pytest.skip("pip cannot install packages here")
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def test_damaged_articles_are_stopped_mended_and_committed(hooks: Path) -> None:
    folder = site(hooks, "site")
    write(folder, {**ARTICLES, **ALIEN, "archive/b.txt": DAMAGED})
    done(folder, "git", "add", "-A")
    stopped = git(folder, "git", "commit", "-m", "article")
    told = stopped.stdout + stopped.stderr
    assert stopped.returncode == 1
    assert "a.txt\n  1:26  warning  spelling/fi-with-alef-maqsura  " in told
    assert "⟦فى⟧" in told
    assert "b/مقال.md\n  6:" in told
    assert "c.html\n  3:" in told
    assert "record 7" in told
    assert "4 findings in 4 files" in told
    assert not any(name in told for name in ("archive", *ALIEN))
    assert git(folder, "git", "rev-parse", "HEAD").returncode != 0

    mending = git(folder, "pre-commit", "run", "arlint-fix", "--hook-stage", "manual")
    assert mending.returncode == 1
    assert "files were modified by this hook" in mending.stdout
    assert "4 findings fixed in 4 files, nothing left" in mending.stdout
    for name, text in {**REPAIRED, **ALIEN, "archive/b.txt": DAMAGED}.items():
        assert (folder / name).read_bytes().decode() == text, name

    done(folder, "git", "add", "-A")
    committed = git(folder, "git", "commit", "-m", "article")
    assert committed.returncode == 0, committed.stdout + committed.stderr
    assert done(folder, "git", "show", "HEAD:d.jsonl") == REPAIRED["d.jsonl"]


def test_files_and_exclude_of_ones_own_leave_the_rest_of_the_repository_alone(hooks: Path) -> None:
    folder = site(hooks, "other", "        files: ^in/\n        exclude: ^in/old/\n")
    everything = {f"{place}/{name}": text for place in ("in", "in/old", "out") for name, text in {**ARTICLES, **ALIEN}.items()}
    write(folder, everything)
    done(folder, "git", "add", "-A")
    mending = git(folder, "pre-commit", "run", "arlint-fix", "--hook-stage", "manual", "--all-files")
    assert mending.returncode == 1
    for name, text in everything.items():
        expected = REPAIRED.get(name.removeprefix("in/"), text) if not name.startswith("in/old") else text
        assert (folder / name).read_bytes().decode() == expected, name


def test_autoupdate_takes_the_next_tag(hooks: Path) -> None:
    newer = hooks.parent / "newer"
    done(hooks.parent, "git", "clone", "-q", str(hooks), str(newer))
    done(newer, "git", "commit", "-q", "--allow-empty", "-m", "next")
    done(newer, "git", "tag", "v0.1.1")
    folder = hooks.parent / "updated"
    folder.mkdir()
    done(folder, "git", "init", "-q")
    config = folder / ".pre-commit-config.yaml"
    config.write_text(f"repos:\n  - repo: {newer.as_posix()}\n    rev: v0.1.0\n    hooks:\n      - id: arlint\n", "utf-8")
    done(folder, "git", "add", "-A")
    done(folder, "pre-commit", "autoupdate")
    assert "rev: v0.1.1\n" in config.read_text("utf-8")


@pytest.mark.long
@pytest.mark.skipif("ARLINT_LONG" not in os.environ, reason="takes minutes: ARLINT_LONG=1 pytest tests/test_hooks.py")
@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_two_thousand_files_at_once(hooks: Path, tool: str) -> None:
    if shutil.which(tool, path=f"{_TOOL.parent}{os.pathsep}{os.environ['PATH']}") is None:
        pytest.skip(f"{tool} is not installed")
    folder = site(hooks, f"many-{tool}")
    write(folder, {f"{n % 20}/{n}.txt": (DAMAGED if n % 100 == 0 else MENDED) * 20 for n in range(2000)})
    done(folder, "git", "add", "-A")
    run = git(folder, tool, "run", "arlint", "--all-files")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "400 findings in 20 files" in run.stdout
    run = git(folder, tool, "run", "arlint-fix", "--all-files", "--hook-stage", "manual")
    assert "400 findings fixed in 20 files, nothing left" in run.stdout
    done(folder, "git", "add", "-A")
    run = git(folder, tool, "run", "arlint", "--all-files")
    assert run.returncode == 0, run.stdout + run.stderr
