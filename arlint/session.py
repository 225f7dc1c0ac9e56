"""One run of ``check``, ``fix`` or ``report``: the command's options become projects, targets, reports, outputs and an exit status.

What is done to a file is the business of ``runner``, by how many processes, of ``pool``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

import click

from arlint.messages import language, speak
from arlint.options import READING
from arlint.voice import heard, one_line, say

if TYPE_CHECKING:
    from arlint.config import Settings
    from arlint.gates import Gate
    from arlint.outputs import Sink
    from arlint.projects import Project, Projects
    from arlint.report import Report, Style, Tally
    from arlint.task import Task
    from arlint.walk import Target

OK, FOUND, FAILED = 0, 1, 2


def projects_of(options: dict[str, Any], keep: bool = False) -> Projects:
    """The projects of a run with these ``options`` of the command; with ``keep``, what is said of files is kept for the next run."""
    from pathlib import Path

    from arlint.projects import Projects
    from arlint.results import Results

    chosen = options["config_file"]
    if chosen and not os.path.isfile(chosen):
        raise click.UsageError(f"--config {chosen}: no such file")
    overrides = {name: options[name] for name in ("select", "ignore", "extend_select", "profile", "preview", *READING) if name in options}
    chosen = Path(chosen) if chosen and not options["isolated"] else None
    cache = not options["no_cache"]
    return Projects(overrides, isolated=options["isolated"], chosen=chosen, cache=cache, results=Results() if cache and keep else None)


def project_of(options: dict[str, Any]) -> Project:
    """The project of the working folder."""
    projects = projects_of(options)
    return projects.loaded[projects.at(".")]


def run(mode: Any, paths: tuple[str, ...], options: dict[str, Any], unsafe: bool = False, log: str | None = None) -> int:
    """Do ``mode`` (check, fix or diff) to ``paths`` and write what the ``options`` of the command ask for; the exit status."""
    import time
    from dataclasses import replace

    from arlint import outputs, pool, progress
    from arlint.adoption import Baselines, needed
    from arlint.report import WITH_EXCERPTS, WITH_SHEETS, WITH_SPOTS, Tally
    from arlint.report.text import summary
    from arlint.task import Task

    paths = paths or (".",)
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("- stands alone: standard input and files cannot be read in one run")
    projects = projects_of(options, keep=paths != ("-",))
    here = projects.settings_at(os.path.dirname(options["stdin_filename"] or "") or ".")
    lang = language(options["lang"], here.lang)
    speak(lang)
    formats = [output.format for output in options["outputs"]]
    task = Task(
        mode,
        unsafe,
        not WITH_EXCERPTS.isdisjoint(formats) and not options["statistics"],
        not WITH_SPOTS.isdisjoint(formats),
        not WITH_SHEETS.isdisjoint(formats),
        lang,
        log=_log(log),
        to_utf8=options.get("to_utf8", False),
    )
    tally = Tally(gates=_gates(projects, here, options))
    unread: list[Report] = []
    if paths == ("-",):
        work, files = _standard_input(projects, options)
    else:
        targets, unread, tally.unread = targets_in(projects, paths, options["quiet"], options.get("as_found", False))
        targets = [target for target in targets if not log or os.path.realpath(target.path) != os.path.realpath(log)]
        if options["since"]:
            from arlint import since

            changed = since.narrowed([target.path for target in targets], options["since"])
            targets = [target for target in targets if target.path in changed]
            task = replace(task, changed={path: lines for path, lines in changed.items() if lines is not None})
        work, files = work_on(projects, targets, pool.jobs(options["jobs"], targets, projects.loaded)), targets
    total = len(files)
    reports: Iterator[Report] = chain(unread, needed(Baselines(projects, files, options["baseline"]).run(task, work), projects, files, () if unread else paths, task))
    bar = sys.stderr.isatty() and not options["quiet"]
    reports = tally.watch(heard(progress.with_progress(reports, total, bar, time.monotonic)))
    standard = sys.stderr if paths == ("-",) and mode == "fix" else sys.stdout
    with outputs.opened(options["output_file"], [output.path for output in options["outputs"]], standard) as streams:
        sinks = _sinks(mode, streams, projects, lang, options, silent=total == 0 and bool(unread or tally.unread))
        outputs.write(reports, tally, sinks, hold=bar and sinks[0].style.terminal and total > 1)
    if mode == "diff" and not options["quiet"]:
        say(summary(tally, sinks[0].style))
    failing = tally.changed > 0 if mode == "diff" else _failing(tally, options["fail_on"] or here.fail_on, lang, options["quiet"])
    if tally.failed or tally.unread:
        return FAILED
    return FOUND if failing and not options["exit_zero"] else OK


def _gates(projects: Projects, here: Settings, options: dict[str, Any]) -> tuple[Gate, ...]:
    """The rates that decide the exit status: those of the command, or those of the settings."""
    if not options["max_rate"] and not here.max_rate:
        return ()
    from arlint.gates import gate

    chosen: tuple[Gate, ...] = options["max_rate"] or tuple(gate(name, rate) for name, rate in here.max_rate.items())
    project = projects.loaded[projects.at(os.path.dirname(options["stdin_filename"] or "") or ".")]
    hold_to_rules(chosen, project, "--max-rate")
    return chosen


def hold_to_rules(gates: Iterable[Gate], project: Project, option: str) -> None:
    """Say which of ``gates``, given by ``option``, cannot fall. Raises `click.UsageError` where one names no rule."""
    from arlint.rules import UnknownRule

    for one in gates:
        try:
            named = project.every.matching([one.selector])
        except UnknownRule as error:
            raise click.UsageError(f"{option} {one}: {error}") from None
        if project.ruleset.by_id.keys().isdisjoint(named):
            say(f"gate {one}: no rule of it is in force, so it cannot fall")


def _failing(tally: Tally, fail_on: str | None, language: Any, quiet: bool) -> bool:
    """Whether the run fails: by its rates where there are any, by its findings where there are none or ``fail_on`` is asked for."""
    verdicts = tally.verdicts
    for verdict in verdicts:
        if verdict.fell or not quiet:
            say(verdict.said(language))
    by_findings = tally.at_least(fail_on or "info") if fail_on or not verdicts else False
    return by_findings or any(verdict.fell for verdict in verdicts)


def _sinks(mode: str, streams: list[IO[str]], projects: Projects, language: Any, options: dict[str, Any], silent: bool) -> list[Sink]:
    """Every format with its stream; in a diff the first one is the patch."""
    from arlint import __version__
    from arlint.outputs import Sink, colored
    from arlint.projects import Rules
    from arlint.report import WITH_STATISTICS, Style, format_named

    rules = Rules(projects.loaded)
    sinks = []
    for output, stream in zip(options["outputs"], streams, strict=True):
        first = output.path is None
        counts = options["statistics"] and output.format in WITH_STATISTICS
        if options["statistics"] and first and not counts:
            raise click.UsageError(f"--statistics is for the formats {', '.join(sorted(WITH_STATISTICS))}, not for {output.format}")
        style = Style(language, stream.isatty(), first and colored(stream, options["color"]), counts, options["quiet"] or silent, mode, __version__, rules, options.get("articles", 300))
        sinks.append(Sink(_patches if mode == "diff" and first else format_named(output.format), stream, style))
    return sinks


def targets_in(projects: Projects, paths: tuple[str, ...], quiet: bool, as_found: bool = False) -> tuple[list[Target], list[Report], list[str]]:
    """The files to read, a report for each path that cannot be, and other trouble, which is said."""
    from arlint.formats import WALKED
    from arlint.plain import shown
    from arlint.report import Report
    from arlint.walk import Target, Walk

    targets: list[Target] = []
    unread: list[Report] = []
    trouble: list[str] = []
    for found in Walk(projects, as_found).targets(paths):
        if isinstance(found, Target):
            targets.append(found)
        elif found.path is None:
            trouble.append(found.message)
            say(one_line(found.message))
        else:
            unread.append(Report(found.path, problem=found.message))
    if not (targets or unread or trouble or quiet or as_found):
        say(f"{', '.join(map(shown, paths))}: no file to read; there are {', '.join(f'*{suffix}' for suffix in WALKED if suffix.count('.') == 1)}")
    return targets, unread, trouble


def work_on(projects: Projects, targets: list[Target], processes: int) -> Callable[[Task], Iterator[Report]]:
    """How the reports of ``targets`` are come by, whatever the task."""
    from arlint import pool

    return lambda task: pool.run(targets, projects.loaded, task, processes, projects.results)


def _log(path: str | None) -> Any:
    if path is None:
        return None
    from arlint.fixlog import Log, Unlogged

    log = Log(os.path.abspath(path))
    try:
        log.begin()
    except Unlogged as error:
        raise click.UsageError(f"--log {path}: {error}") from None
    return log


def _patches(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    from arlint.report.text import diff

    return (diff(report.diff, style) if report.diff else "" for report in reports)


def _standard_input(projects: Projects, options: dict[str, Any]) -> tuple[Callable[[Task], Iterator[Report]], list[Target]]:
    """How to read standard input, as the one file of a run; when fixing, the text goes to standard output, as it came where it failed."""
    from io import BytesIO

    from arlint import runner
    from arlint.formats import is_records
    from arlint.formats import refusal as unread
    from arlint.report import Report
    from arlint.walk import Target

    if options["since"]:
        raise click.UsageError("--since asks git about files; standard input is none")
    name = options["stdin_filename"] or "-"
    number = projects.at(os.path.dirname(name) or ".")
    project = projects.loaded[number]
    read = name == "-" or not project.excludes(name)
    reason = unread(name, project.reading) if read else None
    records = read and not reason and is_records(name, project.reading)
    source: IO[bytes] = sys.stdin.buffer
    if not records or options["baseline"] or project.settings.baseline:  # a fix with a baseline looks twice
        source = BytesIO(source.read())

    def work(task: Task) -> Iterator[Report]:
        if isinstance(source, BytesIO):
            source.seek(0)
        if records:
            yield from runner.piped(source, sys.stdout.buffer, name, project, task)
            return
        data = source.read()
        report = runner.whole(data, name, project, task) if read and not reason else Report(name, problem=reason)
        if task.mode == "fix":
            sys.stdout.buffer.write(data if report.output is None or report.problem else report.output)
            sys.stdout.buffer.flush()
        yield report

    return work, [Target(name, number)]
