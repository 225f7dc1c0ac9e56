"""Sound texts full of traps: the default profile has nothing to say about them, in any of its families."""

from __future__ import annotations

from pathlib import Path

import pytest

from arlint import check

HERE = Path(__file__).parent
SOUND = sorted((HERE / "sound").glob("*.txt")) + [HERE.parent / "seeds" / f"{name}.txt" for name in ("clean-with-traps", "verse")]


@pytest.mark.parametrize("path", SOUND, ids=lambda p: p.stem)
def test_silent(path: Path) -> None:
    assert [(f.rule.id, f.found, f.start) for f in check(path.read_text("utf-8"))] == []
