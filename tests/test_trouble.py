"""The troubles of ``benchmarks/trouble.py``, a few of each; the last long run is kept in ``docs/trouble.md``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and a Unix file system")


@pytest.mark.long
@pytest.mark.skipif("ARLINT_LONG" not in os.environ, reason="takes half a minute: ARLINT_LONG=1 pytest tests/test_trouble.py")
def test_in_trouble_every_file_is_old_or_new() -> None:
    counts = ["--kills", "10", "--runs", "1", "--inputs", "200"]
    done = subprocess.run([sys.executable, "-m", "benchmarks.trouble", *counts], cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(" (")[0] for line in done.stdout.splitlines()] == ["kills", "two", "full", "permissions", "moving", "inputs"]
