"""Stop-gap command until the real one lands; enough for score.py."""

from __future__ import annotations
import json, pathlib, sys
from arlint import fixes, engine, ruleset
from arlint.document import from_bytes


def main() -> None:
    args = sys.argv[1:]
    cmd, paths = args[0], [pathlib.Path(a) for a in args[1:] if not a.startswith("-") and a != "jsonl"]
    unsafe = "--unsafe-fixes" in args
    rs = ruleset.load().select()
    files = [f for p in paths for f in (sorted(p.rglob("*.txt")) if p.is_dir() else [p])]
    for f in files:
        doc = from_bytes(f.read_bytes(), str(f))
        if cmd == "check":
            for x in engine.check(doc, rs):
                print(json.dumps({"path": str(f), "rule": x.rule.id, "family": x.rule.family, "message": x.message(), "start": {"offset": x.start}, "end": {"offset": x.end}}, ensure_ascii=False))
        else:
            out = fixes.fix(doc, rs, fixes.UNSAFE if unsafe else fixes.SAFE)
            for b in out.broken:
                print(f, b, file=sys.stderr)
            f.write_bytes(out.document.to_bytes())
