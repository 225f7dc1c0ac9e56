"""One run over many files: each read, checked or fixed, and told as a report, in order, on one process or several.

Which files there are is the business of ``walk``; how a report is written, of ``report``.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Literal, cast

from arlint import report, stream
from arlint.document import Document, in_utf8
from arlint.engine import Faulty, check
from arlint.findings import Finding, Language
from arlint.formats import decode, is_records, text
from arlint.formats.records import Batch
from arlint.keys import key_of
from arlint.report import Report
from arlint.report.spots import spots, words
from arlint.ruleset import Ruleset
from arlint.sift import Origin, Sift, sift_for
from arlint.walk import Target
from arlint.writing import replace, sweep

if TYPE_CHECKING:
    from arlint.fixlog import Log
    from arlint.projects import Project
    from arlint.report.page.sheets import Sheet

#: From how many files on the work is shared among processes unless ``-j`` says otherwise: starting them costs about as
#: much as reading a hundred articles.
MANY = 400
CHUNK = 16
#: Bytes of a record file that take about as long as a file of one article.
_ARTICLE = 5000


@dataclass(frozen=True)
class Task:
    """What is done to every file."""

    mode: Literal["check", "fix", "diff"] = "check"
    unsafe: bool = False
    excerpts: bool = False
    spots: bool = False
    #: whether reports carry the text of articles, as it is and as it would be after both kinds of fix
    sheets: bool = False
    language: Language = "en"
    #: whether reports carry the keys of their findings, for a baseline
    keyed: bool = False
    #: fingerprints that the baseline holds, by path and then by record and field
    known: Mapping[str, Mapping[Origin, frozenset[str]]] = field(default_factory=dict)
    #: lines asked about, first and last from 1, by path; all lines of the other files are
    changed: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    log: Log | None = None
    to_utf8: bool = False


def jobs(chosen: int | None, targets: Sequence[Target], projects: Sequence[Project]) -> int:
    """How many processes to use for these files; a large one of records is as good as many small ones."""
    files = len(targets)
    large = sum(size for target in targets if is_records(target.path, projects[target.project].reading) and (size := _size(target.path)) > stream.SIZE)
    if chosen:
        return chosen if large else min(chosen, max(1, files))
    weight = files + large // _ARTICLE
    if weight < MANY:
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, weight // (MANY // 4))


def run(targets: Sequence[Target], projects: Sequence[Project], task: Task, processes: int) -> Iterator[Report]:
    """A report for every target, in their order; a file of records yields several, of which the last closes it."""
    if task.mode == "fix":
        sweep({os.path.dirname(os.path.realpath(target.path)) for target in targets})
    if processes <= 1:
        _start(projects, task)
        for job in _jobs(targets, projects, task, 1):
            yield from job.reports(_perform(job.work))
        return
    for number, project in enumerate(projects):
        project.ruleset.expect(sum(_size(target.path) for target in targets if target.project == number) // 2)
    yield from _pooled(_jobs(targets, projects, task, CHUNK), projects, task, processes)


def _pooled(jobs: Iterable[_Job], projects: Sequence[Project], task: Task, processes: int) -> Iterator[Report]:
    """The reports of ``jobs``, in order, with a few of them under way at a time."""
    import multiprocessing
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # forked workers inherit the compiled rules; elsewhere they are handed over once per process
    method = "fork" if sys.platform == "linux" else "spawn"
    under_way: deque[tuple[_Job, Future[Any]]] = deque()

    def first() -> Iterable[Report]:
        job, future = under_way.popleft()
        try:
            return job.reports(future.result())
        except BrokenProcessPool:
            return job.lost()

    with ProcessPoolExecutor(processes, multiprocessing.get_context(method), _start, (projects, task)) as pool:
        try:
            for job in jobs:
                future: Future[Any] = Future()
                try:
                    future = pool.submit(_perform, job.work)
                except BrokenProcessPool as error:
                    future.set_exception(error)
                under_way.append((job, future))
                if len(under_way) > 3 * processes:
                    yield from first()
            while under_way:
                yield from first()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_LOST = "not finished: a worker process died, perhaps for want of memory; run again with -j 1"


@dataclass
class _Files:
    """Files that are read whole, a few at a time."""

    work: list[Target]

    def reports(self, outcome: Any) -> Iterable[Report]:
        return cast(list[Report], outcome)

    def lost(self) -> Iterable[Report]:
        return [Report(target.path, problem=_LOST) for target in self.work]


@dataclass
class _Part:
    """A batch of records of one file; without one, its end."""

    file: stream.Stream
    work: tuple[Target, Batch] | None

    def reports(self, outcome: Any) -> Iterable[Report]:
        yield self.file.close() if self.work is None or outcome is None else self.file.take(self.work[1], outcome)

    def lost(self) -> Iterable[Report]:
        self.file.problem = self.file.problem or _LOST
        return [] if self.work else [self.file.close()]


_Job = _Files | _Part


def _jobs(targets: Iterable[Target], projects: Sequence[Project], task: Task, chunk: int) -> Iterator[Any]:
    files: list[Target] = []
    for target in targets:
        reading = projects[target.project].reading
        if not is_records(target.path, reading):
            files.append(target)
        if files and (len(files) == chunk or files[-1] is not target):
            yield _Files(files)
            files = []
        if is_records(target.path, reading):
            file = stream.Stream(target, reading, task.mode == "fix", log=task.log)
            yield from (_Part(file, (target, batch)) for batch in file.batches())
            yield _Part(file, None)
    if files:
        yield _Files(files)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


_projects: Sequence[Project] = ()
_task = Task()


def _start(projects: Sequence[Project], task: Task) -> None:
    global _projects, _task
    _projects, _task = projects, task


def _perform(work: list[Target] | tuple[Target, Batch] | None) -> Any:
    """What a process does: read and report some files, or the records of a batch."""
    if work is None:
        return None
    if isinstance(work, list):
        return [_work(target) for target in work]
    target, batch = work
    return records(batch, target.path, _projects[target.project], _task)


def piped(source: IO[bytes], out: IO[bytes], name: str, project: Project, task: Task) -> Iterator[Report]:
    """The reports of the records in ``source``, which is called ``name``; fixed ones go to ``out``."""
    file = stream.Stream(Target(name, 0, named=True), project.reading, task.mode == "fix", source, out if task.mode == "fix" else None)
    for batch in file.batches():
        yield file.take(batch, records(batch, name, project, task))
    yield file.close()
    out.flush()


def records(batch: Batch, path: str, project: Project, task: Task) -> stream.Done:
    """What ``task`` finds in, and makes of, some records of the file at ``path``; nothing is written."""
    rules, sift = project.rules_for(path), sift_for(project, path, task.known.get(path), task.changed.get(path))
    try:
        return stream.work(batch, path, project.reading, lambda document: process(document, rules, task, path, sift), task.to_utf8)
    except text.Unusable as error:
        return stream.Done(Report(path, more=True, documents=0), problem=str(error))


def _work(target: Target) -> Report:
    try:
        data = text.read(target.path)
        outcome = whole(data, target.path, _projects[target.project], _task)
        if outcome.changed and _task.mode == "fix" and outcome.output is not None:
            replace(target.path, outcome.output, data, _task.log, outcome.mended)
    except text.Unusable as error:
        return Report(target.path, problem=str(error))
    outcome.output, outcome.mended = None, []
    return outcome


def whole(data: bytes, path: str, project: Project, task: Task) -> Report:
    """What ``task`` finds in, and makes of, the file at ``path`` that holds ``data``; nothing is read or written."""
    try:
        document = decode(data, path, project.reading)
        if task.to_utf8:
            document = in_utf8(document)
    except text.Unusable as error:
        return Report(path, problem=str(error))
    told = process(document, project.rules_for(path), task, path, sift_for(project, path, task.known.get(path), task.changed.get(path)))
    if told.document is not None and (told.changed or task.to_utf8):
        told.output = told.document.to_bytes()
        told.changed = told.output != data
    told.document, told.edits = None, []
    return told


def process(document: Document, rules: Ruleset, task: Task, path: str, sift: Sift | None = None) -> Report:
    """What ``task`` finds in, and makes of, one document, less what ``sift`` lets be; nothing is read or written."""
    sift = sift or Sift()
    try:
        if task.mode == "check":
            every = check(document, rules)
            told = _told(document, left := sift(document, every), every, task, path, sift)
            if task.sheets:
                told.sheets = [_sheet(document, left, rules, told, sift)]
            return told
        return _fixed(document, rules, task, path, sift)
    except Faulty as error:
        return Report(path, problem=f"{error}; left as it was. Leave the rule out with --ignore {error.rule.id}")
    except Exception as error:  # noqa: BLE001  one file must not end the run of thousands
        import traceback

        last = traceback.extract_tb(error.__traceback__)[-1]
        return Report(path, problem=f"arlint failed here ({type(error).__name__}: {error}, {os.path.basename(last.filename)}:{last.lineno}); left as it was. Please report this with the file")


def _sheet(document: Document, findings: list[Finding], rules: Ruleset, told: Report, sift: Sift) -> Sheet:
    from arlint.fixes import UNSAFE, fix
    from arlint.report.page.sheets import sheet

    repaired = fix(document, rules, UNSAFE, sift).document.text if any(f.fix for f in findings) else document.text
    return sheet(document, [finding for finding in findings if not finding.stored], repaired, told.words, shown(told.path))


def _fixed(document: Document, rules: Ruleset, task: Task, path: str, sift: Sift) -> Report:
    from arlint.fixes import SAFE, UNSAFE, fix

    outcome = fix(document, rules, UNSAFE if task.unsafe else SAFE, sift)
    told = _told(outcome.document, outcome.remaining, outcome.every, task, path, sift)
    told.broken = outcome.broken
    told.fixed = Counter(finding.rule.id for finding in outcome.fixed)
    told.changed = outcome.document.raw != document.raw
    told.document, told.edits = outcome.document, outcome.edits
    if task.log:
        from arlint.fixlog import mended

        told.mended = mended(outcome, shown(path))
    if task.mode == "diff" and told.changed:
        from arlint.report.patch import unified

        mark = "\ufeff" if document.bom else ""
        told.diff = unified(mark + document.raw, mark + outcome.document.raw, ":".join(filter(None, (path, report.part(document.record, document.field)))))
    return told


def _told(document: Document, findings: list[Finding], every: list[Finding], task: Task, path: str, sift: Sift) -> Report:
    excerpts = [report.excerpt(document.around(f), f.start, f.end) for f in findings] if task.excerpts else []
    told = Report(path, report.items(document, findings, shown(path), task.language, every), excerpts, used=sift.used, words=words(document))
    if task.spots:
        told.spots = spots(document, told.items)
    if task.keyed:
        told.keys = [key_of(document, finding) for finding in findings]
    return told


def told(document: Document, findings: list[Finding], task: Task, path: str) -> Report:
    """The report of ``findings`` in a file that is not one of those that were asked about."""
    report = _told(document, findings, findings, task, path, Sift())
    report.words = report.documents = 0
    return report


def shown(path: str) -> str:
    """``path`` as text that can be printed: bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def with_progress(reports: Iterable[Report], total: int, enabled: bool, clock: Callable[[], float]) -> Iterator[Report]:
    """The same reports, with a bar on standard error once the work has taken a while."""
    if not enabled or total < 20:
        yield from reports
        return
    began, bar = clock(), None
    try:
        number = 0
        for one in reports:
            number += not one.more
            if bar is None and clock() - began > 0.7 and number < total:
                bar = _bar(total)
            if bar is not None:
                bar(number)
            yield one
    finally:
        if bar is not None:
            bar(None)


def _bar(total: int) -> Callable[[int | None], None]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    progress = Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    progress.start()
    task = progress.add_task("", total=total)

    def update(number: int | None) -> None:
        if number is None:
            progress.stop()
        else:
            progress.update(task, completed=number)

    return update
