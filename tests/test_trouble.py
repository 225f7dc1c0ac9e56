"""The troubles of ``benchmarks/trouble.py``, a few of each; the last long run is kept in ``docs/trouble.md``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and a Unix file system")


@pytest.mark.parametrize("name", ["kills", "two", "full", "permissions", "moving", "inputs"])
def test_in_trouble_every_file_is_old_or_new(name: str) -> None:
    counts = ["--kills", "12", "--runs", "2", "--inputs", "300"]
    done = subprocess.run([sys.executable, "-m", "benchmarks.trouble", *counts, name], cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    if ": not tried: " in done.stdout:
        pytest.skip(done.stdout.partition("not tried: ")[2].strip())
    assert done.stdout.startswith(f"{name} (")
