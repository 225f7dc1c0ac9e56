"""The bar that shows on a terminal how far a run over many files has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from arlint.report import Report


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
