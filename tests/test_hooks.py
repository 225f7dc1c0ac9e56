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
    done(copy, "git", "init", "-q")
    done(copy, "git", "add", "-A")
    done(copy, "git", "commit", "-q", "-m", "hooks")
    return copy


def test_a_damaged_article_is_stopped_mended_and_committed(hooks: Path) -> None:
    site = hooks.parent / "site"
    site.mkdir()
    revision = done(hooks, "git", "rev-parse", "HEAD").strip()
    done(site, "git", "init", "-q")
    hook = f"repos:\n  - repo: {hooks.as_posix()}\n    rev: {revision}\n    hooks:\n      - id: arlint\n      - id: arlint-fix\n        stages: [manual]\n"
    (site / ".pre-commit-config.yaml").write_text(hook, "utf-8")
    (site / "arlint.toml").write_text(SETTINGS, "utf-8")
    prepared = git(site, "pre-commit", "install", "--install-hooks")
    if prepared.returncode and ("No matching distribution" in prepared.stdout or "Could not fetch" in prepared.stdout or "Connection" in prepared.stdout):
        pytest.skip("pip cannot install packages here")
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr

    for name in ("a.txt", "archive/b.txt"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_bytes(DAMAGED.encode())
    done(site, "git", "add", "-A")
    stopped = git(site, "git", "commit", "-m", "article")
    assert stopped.returncode == 1
    assert "a.txt\n  1:26  warning  spelling/fi-with-alef-maqsura  " in stopped.stdout + stopped.stderr
    assert "⟦فى⟧" in stopped.stdout + stopped.stderr
    assert "archive" not in stopped.stdout + stopped.stderr
    assert git(site, "git", "rev-parse", "HEAD").returncode != 0

    mending = git(site, "pre-commit", "run", "arlint-fix", "--hook-stage", "manual")
    assert mending.returncode == 1
    assert "files were modified by this hook" in mending.stdout
    assert "1 finding fixed in 1 file, nothing left" in mending.stdout
    assert (site / "a.txt").read_bytes() == MENDED.encode()
    assert (site / "archive" / "b.txt").read_bytes() == DAMAGED.encode()

    done(site, "git", "add", "-A")
    committed = git(site, "git", "commit", "-m", "article")
    assert committed.returncode == 0, committed.stdout + committed.stderr
    assert done(site, "git", "show", "HEAD:a.txt") == MENDED
