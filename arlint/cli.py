"""The command: options in, text and an exit status out. The only module that prints or chooses a status.

Imports are lazy on purpose: ``arlint --version`` does not pay for the engine, nor a check for what only ``init`` needs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

import click

from arlint.corpus.command import corpus
from arlint.messages import asked, language, said, speak
from arlint.options import COLOR, FILES, LANG, READING, RUN, SELECTION
from arlint.usage import Commands, refusal

if TYPE_CHECKING:
    from arlint.config import Settings
    from arlint.gates import Gate
    from arlint.outputs import Sink
    from arlint.projects import Projects
    from arlint.report import Report, Style, Tally
    from arlint.runner import Task
    from arlint.walk import Target

OK, FOUND, FAILED = 0, 1, 2


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name=None, version=__import__("arlint").__version__, message="arlint %(version)s")
def arlint() -> None:
    """Finds and repairs what scrapers, web pages and machine translation leave behind in Arabic articles.

    Exit status: 0 nothing found or all repaired, 1 findings remain, 2 something could not be run or read.
    """


@arlint.command()
@RUN
def check(paths: tuple[str, ...], **options: Any) -> int:
    """Say what is wrong in PATHS (files, folders, or - for standard input); the working folder without any."""
    return _run("check", paths, options)


@arlint.command()
@click.option("--unsafe-fixes", is_flag=True, help="Also repairs that remove or rewrite content on good evidence.")
@click.option("--to-utf-8", "to_utf8", is_flag=True, help="Store what is in another encoding as UTF-8.")
@click.option("--diff", is_flag=True, help="Show the change as a patch and write nothing; exit status 1 where there is one.")
@click.option("--log", metavar="FILE", help="Note every edit there, enough for 'arlint undo FILE' to restore each file byte for byte.")
@RUN
def fix(paths: tuple[str, ...], unsafe_fixes: bool, diff: bool, log: str | None, **options: Any) -> int:
    """Repair PATHS in place; with - , standard input to standard output."""
    if log and (diff or "-" in paths):
        raise click.UsageError(f"--log notes what is done to files; there is nothing to note with {'--diff' if diff else '-'}")
    return _run("diff" if diff else "fix", paths, options, unsafe_fixes, log)


@arlint.command()
@click.argument("log")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--diff", is_flag=True, help="Show the change as a patch and write nothing; exit status 1 where there is one.")
@click.option("--partial", is_flag=True, help="In files that changed since, take back the edits whose surroundings are unchanged.")
@click.option("--folder", metavar="DIR", help="Where the files are now, if no longer in the folder that the run was started in.")
@click.option("--quiet", "-q", is_flag=True, help="No line of totals.")
def undo(log: str, paths: tuple[str, ...], diff: bool, partial: bool, folder: str | None, quiet: bool) -> int:
    """Restore what 'arlint fix --log LOG' changed, byte for byte: all of it, or what is in PATHS.

    A file that changed since then is left as it is, and what moved on in it is told: exit status 1.
    """
    from collections import Counter

    from arlint import undo as undoing
    from arlint.report import Style
    from arlint.report.text import diff as painted
    from arlint.writing import Unusable

    states: Counter[str] = Counter()
    terminal = sys.stdout.isatty()
    style = Style(terminal=terminal, color=terminal and not os.environ.get("NO_COLOR"))
    try:
        for one in undoing.undo(log, paths, folder, partial=partial, dry=diff):
            states[one.state] += 1
            for message in one.messages:
                _say(_line(one.path, message))
            click.echo(painted(one.diff, style), nl=False)
    except Unusable as error:
        raise click.UsageError(_line(log, str(error))) from None
    if not quiet:
        click.echo(said(", ").join(said(part) for part in undoing.summary(states, dry=diff)), err=diff)
    if states["failed"]:
        return FAILED
    return FOUND if states["left"] or states["partly"] or (diff and states["restored"]) else OK


@arlint.command()
@click.option("--output", default="arlint-report.html", show_default=True, metavar="FILE", help="The page to write.")
@click.option("--articles", type=click.IntRange(1), default=300, show_default=True, metavar="N", help="How many articles the page holds whole: those with the most findings.")
@RUN
def report(paths: tuple[str, ...], output: str, articles: int, **options: Any) -> int:
    """Write one HTML page about PATHS, for reading in a browser: totals, rules, articles with their damage and repair beside it."""
    from arlint.options import Output

    options |= {"outputs": [Output("html")], "output_file": output, "exit_zero": options["fail_on"] is None and not options["max_rate"], "articles": articles}
    status = _run("check", paths, options)
    if not options["quiet"]:
        _say(f"wrote {output}")
    return status


@arlint.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@SELECTION
@FILES
def baseline(paths: tuple[str, ...], **options: Any) -> int:
    """Write down what PATHS have, so that a check tells only what is new; without PATHS, all of the working folder."""
    from arlint import adoption, runner

    if "-" in paths:
        raise click.UsageError("a baseline is of files; standard input has none")
    projects = _projects(options)
    targets, unread, trouble = _targets(projects, paths or (".",), options["quiet"])
    failed = bool(unread or trouble)
    work = _work(projects, targets, runner.jobs(options["jobs"], targets, projects.loaded))
    list(_heard(unread))
    task = runner.Task()
    for written in adoption.write(projects, targets, options["baseline"], task, lambda task: _heard(work(task)), failed):
        failed |= not written.whole
        if not options["quiet"]:
            _tell(adoption.summary(written))
    return FAILED if failed else OK


@arlint.command()
@click.argument("rule")
@SELECTION
@LANG
@COLOR
def explain(rule: str, **options: Any) -> int:
    """What RULE finds and why, with examples, how safe its repair is and its options."""
    from arlint.outputs import colored
    from arlint.report import Style, explanation

    project = _project(options)
    style = Style(language(options["lang"], project.settings.lang), sys.stdout.isatty(), colored(sys.stdout, options["color"]))
    click.echo(explanation.page(rule, project.every, style), nl=False, color=style.color)
    return OK


@arlint.command()
@SELECTION
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
def rules(output_format: str, **options: Any) -> int:
    """All rules, and which of them are in force here."""
    from arlint.report import explanation

    project = _project(options)
    click.echo(explanation.table(project.every, project.ruleset, output_format), nl=False)
    return OK


@arlint.command("test-rules")
@click.argument("folder", required=False)
def test_rules(folder: str | None) -> int:
    """Try every rule of FOLDER (of arlint itself without one) on its own examples."""
    from pathlib import Path

    from arlint import trial

    tried = trial.problems(Path(folder) if folder else None)
    for line in tried.problems:
        _tell(line)
    if not tried.rules and not tried.problems:
        raise click.UsageError(f"{folder}: no rules in it; a rule is FOLDER/<family>/<name>.yaml")
    click.echo(said(f"{tried.rules} rules, {tried.examples} examples, {len(tried.problems)} problems"), err=True)
    return FOUND if tried.problems else OK


@arlint.command()
def init() -> int:
    """Write arlint.toml with every setting explained; an existing one is never touched."""
    from arlint import starter

    path = starter.write(os.getcwd())
    _tell(f"wrote {path}")
    click.echo("\n".join(said(line) for line in starter.hook(os.getcwd()).split("\n")), nl=False)
    return OK


@arlint.command()
@click.argument("path", default=".")
@SELECTION
def config(path: str, **options: Any) -> int:
    """The settings in force for PATH, and where each was written."""
    from arlint import starter

    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    click.echo(starter.in_force(_projects(options).settings_at(folder)), nl=False)
    return OK


@arlint.command()
def clean() -> int:
    """Throw the compiled rules away; they are made anew when needed."""
    import shutil

    from arlint import cache

    for kept in cache.KINDS:  # by name: the folder may be one that others keep things in
        shutil.rmtree(cache.folder() / kept, ignore_errors=True)
    _tell(f"emptied {cache.folder()}")
    return OK


@arlint.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Write what SHELL needs to complete commands, options, rules and formats."""
    from arlint.completion import script

    click.echo(script(shell, arlint))
    return OK


@arlint.command()
@click.argument("of", type=click.Choice(["settings", "rule", "finding"]))
def schema(of: str) -> int:
    """Write the JSON Schema of the settings, of a rule file or of a finding, for editors and programs."""
    from arlint import schemas

    click.echo(schemas.text(of), nl=False)
    return OK


@arlint.command()
@click.option("--stdio", is_flag=True, hidden=True)  # what many editors append
def lsp(stdio: bool) -> int:
    """Serve an editor over standard input and output (needs the extra: pip install 'arlint[lsp]')."""
    from arlint import lsp as server

    if reason := server.missing():
        raise click.UsageError(reason)
    server.serve()
    return OK


arlint.add_command(corpus)


def _projects(options: dict[str, Any]) -> Projects:
    from pathlib import Path

    from arlint.projects import Projects

    chosen = options["config_file"]
    if chosen and not os.path.isfile(chosen):
        raise click.UsageError(f"--config {chosen}: no such file")
    overrides = {name: options[name] for name in ("select", "ignore", "extend_select", "profile", "preview", *READING) if name in options}
    return Projects(overrides, isolated=options["isolated"], chosen=Path(chosen) if chosen and not options["isolated"] else None, cache=not options["no_cache"])


def _project(options: dict[str, Any]) -> Any:
    projects = _projects(options)
    return projects.loaded[projects.at(".")]


def _say(message: str) -> None:
    click.echo(f"arlint: {said(message, isolate=sys.stderr.isatty())}", err=True)


def _tell(line: str) -> None:
    click.echo(said(line, isolate=sys.stdout.isatty()))


def _run(mode: Any, paths: tuple[str, ...], options: dict[str, Any], unsafe: bool = False, log: str | None = None) -> int:
    import time
    from dataclasses import replace

    from arlint import outputs, runner
    from arlint.adoption import Baselines, needed
    from arlint.report import WITH_EXCERPTS, WITH_SHEETS, WITH_SPOTS, Tally
    from arlint.report.text import summary

    paths = paths or (".",)
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("- stands alone: standard input and files cannot be read in one run")
    projects = _projects(options)
    here = projects.settings_at(os.path.dirname(options["stdin_filename"] or "") or ".")
    lang = language(options["lang"], here.lang)
    speak(lang)
    formats = [output.format for output in options["outputs"]]
    task = runner.Task(
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
        targets, unread, tally.unread = _targets(projects, paths, options["quiet"], options.get("as_found", False))
        targets = [target for target in targets if not log or os.path.realpath(target.path) != os.path.realpath(log)]
        if options["since"]:
            from arlint import since

            changed = since.narrowed([target.path for target in targets], options["since"])
            targets = [target for target in targets if target.path in changed]
            task = replace(task, changed={path: lines for path, lines in changed.items() if lines is not None})
        work, files = _work(projects, targets, runner.jobs(options["jobs"], targets, projects.loaded)), targets
    total = len(files)
    reports: Iterator[Report] = chain(unread, needed(Baselines(projects, files, options["baseline"]).run(task, work), projects, files, () if unread else paths, task))
    bar = sys.stderr.isatty() and not options["quiet"]
    reports = tally.watch(_heard(runner.with_progress(reports, total, bar, time.monotonic)))
    standard = sys.stderr if paths == ("-",) and mode == "fix" else sys.stdout
    with outputs.opened(options["output_file"], [output.path for output in options["outputs"]], standard) as streams:
        sinks = _sinks(mode, streams, projects, lang, options, silent=total == 0 and bool(unread or tally.unread))
        outputs.write(reports, tally, sinks, hold=bar and sinks[0].style.terminal and total > 1)
    if mode == "diff" and not options["quiet"]:
        _say(summary(tally, sinks[0].style))
    failing = tally.changed > 0 if mode == "diff" else _failing(tally, options["fail_on"] or here.fail_on, lang, options["quiet"])
    if tally.failed or tally.unread:
        return FAILED
    return FOUND if failing and not options["exit_zero"] else OK


def _gates(projects: Projects, here: Settings, options: dict[str, Any]) -> tuple[Gate, ...]:
    """The rates that decide the exit status: those of the command, or those of the settings."""
    if not options["max_rate"] and not here.max_rate:
        return ()
    from arlint.gates import gate
    from arlint.ruleset import UnknownRule

    chosen: tuple[Gate, ...] = options["max_rate"] or tuple(gate(name, rate) for name, rate in here.max_rate.items())
    project = projects.loaded[projects.at(os.path.dirname(options["stdin_filename"] or "") or ".")]
    for one in chosen:
        try:
            named = project.every.matching([one.selector])
        except UnknownRule as error:
            raise click.UsageError(f"--max-rate {one}: {error}") from None
        if project.ruleset.by_id.keys().isdisjoint(named):
            _say(f"gate {one}: no rule of it is in force, so it cannot fall")
    return chosen


def _failing(tally: Tally, fail_on: str | None, language: Any, quiet: bool) -> bool:
    """Whether the run fails: by its rates where there are any, by its findings where there are none or ``fail_on`` is asked for."""
    verdicts = tally.verdicts
    for verdict in verdicts:
        if verdict.fell or not quiet:
            _say(verdict.said(language))
    by_findings = tally.at_least(fail_on or "info") if fail_on or not verdicts else False
    return by_findings or any(verdict.fell for verdict in verdicts)


def _sinks(mode: str, streams: list[IO[str]], projects: Projects, language: Any, options: dict[str, Any], silent: bool) -> list[Sink]:
    """Every format with its stream; in a diff the first one is the patch."""
    from arlint import __version__
    from arlint.outputs import Sink, colored
    from arlint.report import WITH_STATISTICS, Style, format_named

    rules = {rule.id: rule for project in projects.loaded for rule in project.every.rules}
    sinks = []
    for output, stream in zip(options["outputs"], streams, strict=True):
        first = output.path is None
        counts = options["statistics"] and output.format in WITH_STATISTICS
        if options["statistics"] and first and not counts:
            raise click.UsageError(f"--statistics is for the formats {', '.join(sorted(WITH_STATISTICS))}, not for {output.format}")
        style = Style(language, stream.isatty(), first and colored(stream, options["color"]), counts, options["quiet"] or silent, mode, __version__, rules, options.get("articles", 300))
        sinks.append(Sink(_patches if mode == "diff" and first else format_named(output.format), stream, style))
    return sinks


def _targets(projects: Projects, paths: tuple[str, ...], quiet: bool, as_found: bool = False) -> tuple[list[Target], list[Report], list[str]]:
    """The files to read, a report for each path that cannot be, and other trouble, which is said."""
    from arlint.formats import WALKED
    from arlint.report import Report
    from arlint.runner import shown
    from arlint.walk import Target, Walk

    targets: list[Target] = []
    unread: list[Report] = []
    trouble: list[str] = []
    for found in Walk(projects, as_found).targets(paths):
        if isinstance(found, Target):
            targets.append(found)
        elif found.path is None:
            trouble.append(found.message)
            _say(_one_line(found.message))
        else:
            unread.append(Report(found.path, problem=found.message))
    if not (targets or unread or trouble or quiet or as_found):
        _say(f"{', '.join(map(shown, paths))}: no file to read; there are {', '.join(f'*{suffix}' for suffix in WALKED if suffix.count('.') == 1)}")
    return targets, unread, trouble


def _work(projects: Projects, targets: list[Target], processes: int) -> Callable[[Task], Iterator[Report]]:
    from arlint import runner

    return lambda task: runner.run(targets, projects.loaded, task, processes)


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


def _heard(reports: Iterable[Report]) -> Iterator[Report]:
    """The same reports; what went wrong in them is said on the way."""
    for report in reports:
        if report.problem:
            _say(_line(report.path, report.problem))
        for line in report.unread:
            _say(_line(report.path, line))
        for promise in report.broken:
            _say(_line(report.path, promise))
        yield report


def _line(path: str | None, message: str) -> str:
    from arlint.arabic import visible
    from arlint.runner import shown

    return f"{visible(shown(path))}: {message}" if path is not None else message


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


def main(args: list[str] | None = None) -> None:
    """Run the command and leave with its status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")
    speak(language(asked(sys.argv[1:] if args is None else args)))
    try:
        status = arlint.main(args=args, prog_name="arlint", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        status = FAILED
    except click.ClickException as error:
        _say(_one_line(refusal(error)))
        status = FAILED
    except (click.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:  # the reader has what it wanted (arlint check . | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = FOUND
    except Exception as error:  # noqa: BLE001  their classes are imported only now, when they are needed
        status = _refused(error)
    sys.exit(status if isinstance(status, int) else OK)


def _refused(error: Exception) -> int:
    """Says why settings or rules cannot be used; anything else is a bug and is shown whole."""
    from arlint.outputs import Unwritable
    from arlint.rules import RuleError
    from arlint.ruleset import UnknownRule

    if not isinstance(error, (RuleError, UnknownRule, Unwritable)):
        raise error
    _say(_one_line(str(error)))
    return FAILED


def _one_line(message: str, longest: int = 1000) -> str:
    """``message`` without what a terminal obeys, and without the middle of what nobody wants to read to its end."""
    from arlint.arabic import visible

    shown = visible(" ".join(message.splitlines()))
    return shown if len(shown) <= longest else f"{shown[: longest // 2]} … {shown[-longest // 3 :]}"
