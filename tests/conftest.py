"""What the command tests share: the real command in a folder of its own, with three made-up rules that never change."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

# The same inputs on every run of CI, so that it judges the change and not the luck; new ones on a developer's machine.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

TESTS = Path(__file__).parent
OWN_RULES = TESTS / "own-rules"

#: An error with a safe repair, a warning with an unsafe one, and a note without any.
SAFE, UNSAFE, NOTE = "spelling/made-up", "outlet/made-up", "consistency/made-up"
#: A rule whose expression, put in for PATTERN, runs away or is refused.
RUNAWAY = """\
summary: An expression that runs away
message: {ar: "«{found}»", en: "'{found}'"}
why: Because. It is so.
since: "0.1"
check: pattern
pattern: 'PATTERN'
bad: [{text: قال اااب.}]
good: [قال بيت., قال ااا.]
"""
SETTINGS = f'rule-paths = ["{OWN_RULES.as_posix()}"]\nselect = ["{SAFE}", "{UNSAFE}", "{NOTE}"]\n'


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of compiled rules for all command tests of a session, never the user's own."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "compiled"


@dataclass(frozen=True)
class Run:
    """What one run of the command did."""

    status: int
    out: str
    err: str
    bytes_out: bytes

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass(frozen=True)
class Command:
    """The real command, run in ``folder``."""

    folder: Path
    cache: Path

    def __call__(self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Run:
        kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "ARLINT_LANG")}
        done = subprocess.run(
            [sys.executable, "-m", "arlint", *args],
            cwd=cwd or self.folder,
            input=stdin,
            capture_output=True,
            env={**kept, "ARLINT_CACHE_DIR": str(self.cache), "LC_ALL": "C.UTF-8", **(env or {})},
            timeout=120,
            check=False,
        )
        return Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8"), done.stdout)

    def write(self, name: str, text: str | bytes) -> Path:
        """A file below the folder with exactly these bytes."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        return path


@pytest.fixture
def arlint(tmp_path: Path, compiled: Path) -> Command:
    """The command in an empty folder, with no settings above it."""
    return Command(tmp_path, compiled)


@pytest.fixture
def own(arlint: Command) -> Command:
    """The command in a folder whose settings select the made-up rules alone."""
    arlint.write("arlint.toml", SETTINGS)
    return arlint
