"""Inputs by the hundred thousand: bytes, markup and records through reading, fixing and writing out, generated or guided by coverage.

Every one must come through without a crash, in time, settled, and with the promises of ``docs/promises.md`` kept.
"""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

MARKS = {"utf-16-be": b"\xfe\xff"}

#: Seconds of processor time that one small input may take before it counts as a hang.
PATIENCE = 20

NAMES = ("a.txt", "a.md", "a.html", "a.jsonl", "a.csv", "a.tsv")
MARKUP = [
    "<p>", "</p>", "<b>", "</b>", "<a href='x'>", "</a>", "<!--", "-->", "<script>", "</script>", "<img alt=\"", "\">", "<br>", "&nbsp;", "&#1575;", "&amp;quot;", "]]>", "<td>",
    "# ", "## ", "* ", "- ", "> ", "```\n", "`", "**", "_", "[", "](", ")", "![", "|", "|-|\n", "---\n", "title: ", "+++\n", "{{< x >}}", "$$", "[^1]", "[^1]: ", "\\", "<!-- arlint: ignore -->",
    "{\"text\": \"", "\"}\n", "\\u0642", "\\n", "\\\"", "\\ud800", "{", "}", "[", "]", "\"", ":", ",", "null", "1e5", "text,id\n", "\"\"", "\t", "\r", "\x00", "\ufeff",
]  # fmt: skip


@cache
def _project(encoding: str | None = None) -> Any:
    from arlint.projects import Project, Projects

    if encoding:
        return Project(replace(_project().settings, encoding=encoding), lambda: _project().every)
    projects = Projects({"select": (), "ignore": (), "extend_select": (), "profile": None, "preview": False}, isolated=True, chosen=None, cache=True)
    return projects.loaded[projects.at(".")]


def _fixed(data: bytes, name: str, unsafe: bool, encoding: str | None = None) -> tuple[bytes, list[Any]]:
    """What the command makes of ``data`` on standard input, and its reports; told its ``encoding``, if one is given."""
    from arlint import runner
    from arlint.formats import is_records

    task, project = runner.Task("fix", unsafe), _project(encoding)
    if is_records(name, project.reading):
        out = io.BytesIO()
        reports = list(runner.piped(io.BytesIO(data), out, name, project, task))
        return data if any(report.problem for report in reports) else out.getvalue(), reports
    report = runner.whole(data, name, project, task)
    return data if report.output is None or report.problem else report.output, [report]


def _late(*_: Any) -> None:
    raise TimeoutError(f"took longer than {PATIENCE} s")


def tried(data: bytes, name: str, unsafe: bool) -> Counter[str]:
    """One input through the whole of arlint; the rules whose edits were refused at run time, the text left as it was there.

    Raises AssertionError where a promise breaks.
    """
    from arlint.encoding import settled
    from arlint.formats import is_records
    from arlint.hunks import applied, between

    refused: Counter[str] = Counter()
    signal.signal(signal.SIGPROF, _late)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        once, reports = _fixed(data, name, unsafe)
        for report in reports:
            for line in (report.problem or "", *report.unread):
                assert "arlint failed here" not in line, line
            assert not [line for line in report.broken if "do not settle" in line], report.broken
            refused.update(line.partition(": ")[0] for line in report.broken)
        if not any(report.fixed for report in reports):
            assert once == data, "changed without a fix"
        twice, _ = _fixed(once, name, unsafe, settled(data, None) if is_records(name, _project().reading) else None)
        assert twice == once, "does not settle"
        assert applied(once, between(once, data)) == data, "cannot be undone"
    except BaseException as error:
        error.add_note(f"input: tried({data!r}, {name!r}, {unsafe})")
        raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return refused


def _recoded(source: tuple[bytes, str]) -> bytes:
    data, encoding = source
    return MARKS.get(encoding, b"") + data.decode("utf-8", "replace").encode(encoding, "replace")


def generated(number: int) -> str:
    """Inputs that hypothesis makes of words, debris, markup and plain bytes."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from arabic_text import DEBRIS, WORDS
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    piece = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(DEBRIS), st.sampled_from(MARKUP), st.text(max_size=6)).map(lambda text: text.encode("utf-8", "replace"))
    raw = st.binary(max_size=12)
    sources = st.lists(st.one_of(piece, piece, piece, raw), max_size=40).flatmap(lambda parts: st.sampled_from([b"", b" ", b"\n"]).map(lambda glue: glue.join(parts)))
    stored = st.one_of(sources, sources, sources, st.tuples(sources, st.sampled_from(["utf-16", "utf-16-be", "windows-1256"])).map(_recoded))
    counts: dict[str, int] = dict.fromkeys(NAMES, 0)
    refused: Counter[str] = Counter()

    @settings(max_examples=number, deadline=None, database=None, derandomize=bool(os.environ.get("CI")), suppress_health_check=list(HealthCheck))
    @given(stored, st.sampled_from(NAMES), st.booleans())
    def run(data: bytes, name: str, unsafe: bool) -> None:
        counts[name] += 1
        refused.update(tried(data, name, unsafe))

    _project()  # rules are read before time is taken
    run()
    return _told(counts, refused)


def _told(counts: dict[str, int], refused: Counter[str]) -> str:
    kinds = ", ".join(f"{name[2:]} {count}" for name, count in counts.items())
    left = ", ".join(f"{rule} {count}" for rule, count in refused.most_common()) or "none"
    return f"{sum(counts.values())} inputs ({kinds}), no crash, no hang, every promise kept; edits refused at run time: {left}"


def guided(number: int) -> str:
    """Inputs that atheris makes, guided by which lines of arlint they reach (``pip install atheris``, for this command alone)."""
    # a process of its own: libFuzzer ends the one that it runs in, and what was imported before cannot be watched any more
    done = subprocess.run([sys.executable, "-m", "benchmarks.trouble_inputs", str(number)], cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"a guided input failed, exit status {done.returncode}:\n{done.stderr[-4000:]}"
    return done.stdout.strip()


def _guide(number: int) -> None:
    """Ends this process after ``number`` inputs."""
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["arlint"]):
        for module in ("runner", "hunks", "fixlog", "projects", "formats.csv", "formats.html", "formats.jsonl", "formats.markdown", "formats.wide"):
            import_module(f"arlint.{module}")
        _project().ruleset.warm()
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from arabic_text import DEBRIS, WORDS

    pieces = [text.encode("utf-8", "replace") for text in (*WORDS, *DEBRIS, *MARKUP)]
    counts: dict[str, int] = dict.fromkeys(NAMES, 0)
    refused: Counter[str] = Counter()

    def one(data: bytes) -> None:
        source = atheris.FuzzedDataProvider(data)
        name, unsafe = NAMES[source.ConsumeIntInRange(0, len(NAMES) - 1)], source.ConsumeBool()
        parts = []
        while source.remaining_bytes() and len(parts) < 60:
            kind = source.ConsumeIntInRange(0, 255)
            parts.append(pieces[kind] if kind < len(pieces) else source.ConsumeBytes(kind - len(pieces)))
        refused.update(tried(b"".join(parts), name, unsafe))
        counts[name] += 1
        if sum(counts.values()) == number:
            print(_told(counts, refused), flush=True)
            os._exit(0)

    atheris.Setup([sys.argv[0], "-max_len=200", "-len_control=0", f"-seed={random.randrange(1 << 30)}", f"-artifact_prefix={tempfile.gettempdir()}/arlint-", "-timeout=0"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    _guide(int(sys.argv[1]))
