"""What the command says beside its findings: lines on standard error for people, and answers on standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from arlint.messages import said

if TYPE_CHECKING:
    from arlint.report import Report


#: Records of one file that could not be read and are named; the others are counted.
UNREAD = 20


def say(message: str) -> None:
    """A line on standard error, in the reader's language."""
    click.echo(f"arlint: {said(message, isolate=sys.stderr.isatty())}", err=True)


def tell(line: str) -> None:
    """A line on standard output, in the reader's language."""
    click.echo(said(line, isolate=sys.stdout.isatty()))


def heard(reports: Iterable[Report]) -> Iterator[Report]:
    """The same reports; what went wrong in them is said on the way."""
    told = 0
    for report in reports:
        if report.problem:
            say(at(report.path, report.problem))
        for line in report.unread[: max(0, UNREAD - told)]:
            say(at(report.path, line))
        told += len(report.unread)
        if not report.more:
            if told > UNREAD:
                say(at(report.path, f"{told - UNREAD} more records could not be read; --output-format sarif names them all"))
            told = 0
        for promise in report.broken:
            say(at(report.path, promise))
        yield report


def at(path: str | None, message: str) -> str:
    """``message`` behind the path that it is about, where it does not name one itself."""
    from arlint.plain import shown, visible

    return f"{visible(shown(path))}: {message}" if path is not None else message


def one_line(message: str, longest: int = 1000) -> str:
    """``message`` without what a terminal obeys, and without the middle of what nobody wants to read to its end."""
    from arlint.plain import visible

    shown = visible(" ".join(message.splitlines()))
    return shown if len(shown) <= longest else f"{shown[: longest // 2]} … {shown[-longest // 3 :]}"
