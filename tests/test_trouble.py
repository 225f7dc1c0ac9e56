"""The troubles of ``benchmarks/trouble.py``, a few of each; the last long run is kept in ``docs/trouble.md``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.roundtrips import mended
from benchmarks.roundtrips_files import CONTAINERS, SPELLERS, Part

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and a Unix file system")


@pytest.mark.long
@pytest.mark.skipif("ARLINT_LONG" not in os.environ, reason="takes half a minute: ARLINT_LONG=1 pytest tests/test_trouble.py")
def test_in_trouble_every_file_is_old_or_new() -> None:
    counts = ["--kills", "10", "--runs", "1", "--inputs", "200"]
    done = subprocess.run([sys.executable, "-m", "benchmarks.trouble", *counts], cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(" (")[0] for line in done.stdout.splitlines()] == ["kills", "two", "full", "permissions", "moving", "inputs"]


def test_files_of_every_format_change_by_their_edits_alone(compiled: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.roundtrips", "--generated", "6"]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, env={**os.environ, "ARLINT_CACHE_DIR": str(compiled)}, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split(": 6 files")[0] for line in done.stdout.splitlines()] == [f"generated, {container}" for container in CONTAINERS]


def test_an_edit_too_many_is_seen() -> None:
    part = Part('فى "البيت"', "1", "text", SPELLERS[2], '"')
    edits = [{"round": 1, "before": "ى", "after": "ي", "start": {"offset": 1}, "end": {"offset": 2}}]
    for new, end in {"\\u0641\\u064a": True, "\\u0641\\u064A": True, "\\u0641ي": True, "ف\\u064a": False, "\\u0641\\u0649": False}.items():
        stored = part.raw.replace("\\u0641\\u0649", new)
        assert (part.end(mended(part.text, edits), stored, 0) == len(stored)) is end
