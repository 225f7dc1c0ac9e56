"""A run over many files: their reports in order, from this process or from several that share the compiled rules.

What is done to a file is the business of ``runner``; which files there are, of ``walk``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from arlint import runner, stream
from arlint.formats import is_records
from arlint.formats.records import Batch
from arlint.report import Report
from arlint.runner import Task
from arlint.walk import Target
from arlint.writing import sweep

if TYPE_CHECKING:
    from concurrent.futures import Future

    from arlint.projects import Project

#: From how many files on the work is shared among processes unless ``-j`` says otherwise: starting them costs about as
#: much as reading a hundred articles.
MANY = 400
CHUNK = 16
#: Bytes of a record file that take about as long as a file of one article.
_ARTICLE = 5000


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
        return [runner.one(target, _projects[target.project], _task) for target in work]
    target, batch = work
    return runner.records(batch, target.path, _projects[target.project], _task)
