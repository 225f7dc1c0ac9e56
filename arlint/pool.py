"""A run over many files: their reports in order, from this process or from several that share the compiled rules.

What is done to a file is the business of ``runner``; which files there are, of ``walk``.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from arlint.formats import is_records
from arlint.report import Report
from arlint.task import Task
from arlint.walk import Target
from arlint.writing import sweep

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.synchronize import Event

    from arlint import stream
    from arlint.formats.records import Batch
    from arlint.projects import Project
    from arlint.results import Results

#: From how many files on the work is shared among processes unless ``-j`` says otherwise: starting them costs about as
#: much as reading a hundred articles.
MANY = 400
CHUNK = 16
#: Bytes of a record file that take about as long as a file of one article.
_ARTICLE = 5000
#: Bytes from which on a file of records is worth several processes: the size of its batches (`stream.SIZE`).
_LARGE = 1 << 20
#: How many of the rules' own examples make one text to get ready with.
_EXAMPLES = 100


def jobs(chosen: int | None, targets: Sequence[Target], projects: Sequence[Project]) -> int:
    """How many processes to use for these files; a large one of records is as good as many small ones."""
    files = len(targets)
    large = sum(size for target in targets if is_records(target.path, projects[target.project].reading) and (size := _size(target.path)) > _LARGE)
    if chosen:
        return chosen if large else min(chosen, max(1, files))
    weight = files + large // _ARTICLE
    if weight < MANY:
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, weight // (MANY // 4))


def run(targets: Sequence[Target], projects: Sequence[Project], task: Task, processes: int, kept: Results | None = None) -> Iterator[Report]:
    """A report for every target, in their order; a file of records yields several, of which the last closes it.

    What ``kept`` has a report of is not looked at again.
    """
    if task.mode == "fix":
        sweep({os.path.dirname(os.path.realpath(target.path)) for target in targets})
    jobs = _jobs(targets, projects, task, kept, 1 if processes <= 1 else CHUNK)
    reports = _alone(jobs, projects, task) if processes <= 1 else _pooled(jobs, targets, projects, task, processes)
    if kept is None:
        yield from reports
        return
    try:
        for report in reports:
            if report.key:
                key, report.key = report.key, None
                kept.keep(key, report)
            yield report
    finally:
        kept.flush()


def _alone(jobs: Iterable[_Job], projects: Sequence[Project], task: Task) -> Iterator[Report]:
    _start(projects, task)
    for job in jobs:
        yield from job.reports(_perform(job.work))


def _pooled(jobs: Iterable[_Job], targets: Sequence[Target], projects: Sequence[Project], task: Task, processes: int) -> Iterator[Report]:
    """The reports of ``jobs``, in order, with a few of them under way at a time; workers are started for the first that needs one."""
    from collections import deque
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    under_way: deque[tuple[_Job, Future[Any]]] = deque()
    workers = _Workers(targets, projects, task, processes)

    def first() -> Iterable[Report]:
        job, future = under_way.popleft()
        try:
            return job.reports(future.result())
        except BrokenProcessPool:
            return job.lost()

    with workers:
        for job in jobs:
            future: Future[Any] = Future()
            try:
                if job.work:
                    future = workers.submit(job.work)
                else:
                    future.set_result(None)
            except BrokenProcessPool as error:
                future.set_exception(error)
            under_way.append((job, future))
            if len(under_way) > 3 * processes:
                yield from first()
        while under_way:
            yield from first()


class _Workers:
    """Processes that are started when there is work, and told to stop where the run ends early: each finishes the file it is at."""

    def __init__(self, targets: Sequence[Target], projects: Sequence[Project], task: Task, processes: int) -> None:
        self.targets, self.projects, self.task, self.processes = targets, projects, task, processes
        self.pool: ProcessPoolExecutor | None = None

    def submit(self, work: Any) -> Future[Any]:
        if self.pool is None:
            self._start()
        assert self.pool is not None
        return self.pool.submit(_perform, work)

    def _start(self) -> None:
        import gc
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # forked workers share the rules with this process; elsewhere they are handed over once per process
        method = multiprocessing.get_start_method(allow_none=True) or ("fork" if sys.platform == "linux" else "spawn")
        if method == "fork":
            for number, project in enumerate(self.projects):
                project.ruleset.expect(sum(_size(target.path) for target in self.targets if target.project == number) // 2)
                _warm(project)
            gc.collect()
            gc.freeze()  # so that the workers' collections leave what they share alone
        context = multiprocessing.get_context(method)
        self.stop = context.Event()
        self.pool = ProcessPoolExecutor(self.processes, context, _begin, (self.projects, self.task, self.stop))

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.pool is not None:
            if kind is not None:
                self.stop.set()
            self.pool.shutdown(cancel_futures=kind is not None)


def _warm(project: Project) -> None:
    """Make ready what workers share: the checks, and the tables that these only unpack when a text asks for them."""
    from arlint import runner
    from arlint.document import Document

    project.ruleset.warm()
    examples = [example.text for rule in project.ruleset.rules for example in rule.bad]
    for at in range(0, len(examples), _EXAMPLES):
        runner.process(Document("\n".join(examples[at : at + _EXAMPLES])), project.ruleset, Task(), "")


_LOST = "not finished: a worker process died, perhaps for want of memory; run again with -j 1"


@dataclass
class _Files:
    """Files that are read whole, a few at a time, among others whose reports are known."""

    files: list[Target | Report] = field(default_factory=list)

    @property
    def work(self) -> list[Target]:
        return [file for file in self.files if isinstance(file, Target)]

    def reports(self, outcome: list[Report] | None) -> Iterable[Report]:
        done = iter(outcome or ())
        return [next(done) if isinstance(file, Target) else file for file in self.files]

    def lost(self) -> Iterable[Report]:
        return [Report(file.path, problem=_LOST) if isinstance(file, Target) else file for file in self.files]


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


def _jobs(targets: Iterable[Target], projects: Sequence[Project], task: Task, kept: Results | None, chunk: int) -> Iterator[_Job]:
    few, missed = _Files(), 0
    for target in targets:
        project = projects[target.project]
        if is_records(target.path, project.reading):
            if few.files:
                yield few
                few, missed = _Files(), 0
            yield from _records(target, project, task)
            continue
        report = _kept(target, project, task, kept) if kept else None
        few.files.append(report or target)
        missed += report is None
        if missed == chunk or len(few.files) >= 16 * chunk:
            yield few
            few, missed = _Files(), 0
    if few.files:
        yield few


def _kept(target: Target, project: Project, task: Task, kept: Results) -> Report | None:
    """The report that is kept of the file as it is now."""
    from arlint import results

    try:
        about = os.stat(target.path)
        if not project.key or not stat.S_ISREG(about.st_mode) or about.st_size > results.LARGEST:
            return None
        with open(target.path, "rb") as file:
            key = results.key(file.read(), target.path, project, task)
    except OSError:
        return None  # told when it is read in earnest
    return kept.report(key) if key else None


def _records(target: Target, project: Project, task: Task) -> Iterator[_Part]:
    from arlint import stream

    file = stream.Stream(target, project.reading, task.mode == "fix", log=task.log)
    yield from (_Part(file, (target, batch)) for batch in file.batches())
    yield _Part(file, None)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


_projects: Sequence[Project] = ()
_task = Task()
_stop: Event | None = None


def _start(projects: Sequence[Project], task: Task, stop: Event | None = None) -> None:
    global _projects, _task, _stop
    _projects, _task, _stop = projects, task, stop


def _begin(projects: Sequence[Project], task: Task, stop: Event) -> None:
    """Makes ready a worker: what ends the run is the parent's to hear, and a worker does not outlive it."""
    import signal
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()
    _start(projects, task, stop)


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _perform(work: list[Target] | tuple[Target, Batch] | None) -> Any:
    """What a process does: read and report some files, or the records of a batch; after a stop, nothing more."""
    if not work:
        return None
    from arlint import runner

    stopped = _stop.is_set if _stop else bool
    if isinstance(work, list):
        return [runner.one(target, _projects[target.project], _task) for target in work if not stopped()]
    target, batch = work
    return None if stopped() else runner.records(batch, target.path, _projects[target.project], _task)
