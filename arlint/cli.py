"""The command: options in, text and an exit status out. It prints through ``voice``; a check or fix is run by ``session``.

Imports are lazy on purpose: ``arlint --version`` does not pay for the engine, nor a check for what only ``init`` needs.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import Any

import click

from arlint.corpus.command import corpus
from arlint.messages import asked, language, said, speak
from arlint.options import COLOR, FILES, LANG, RUN, SELECTION
from arlint.session import FAILED, FOUND, OK, project_of, projects_of, run, targets_in, work_on
from arlint.usage import Commands, refusal
from arlint.voice import at, heard, one_line, say, tell


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
    return run("check", paths, options)


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
    return run("diff" if diff else "fix", paths, options, unsafe_fixes, log)


@arlint.command()
@click.argument("log")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--diff", is_flag=True, help="Show the change as a patch and write nothing; exit status 1 where there is one.")
@click.option("--partial", is_flag=True, help="In files that changed since, take back the edits whose surroundings are unchanged.")
@click.option("--folder", metavar="DIR", help="Where the files are now, if no longer in the folder that the run was started in.")
@click.option("--quiet", "-q", is_flag=True, help="No line of totals.")
def undo(log: str, paths: tuple[str, ...], diff: bool, partial: bool, folder: str | None, quiet: bool) -> int:
    """Restore what 'arlint fix --log LOG' changed, byte for byte: all of it, or what is in PATHS. LOG may be the output of 'arlint corpus fix'.

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
                say(at(one.path, message))
            click.echo(painted(one.diff, style), nl=False)
    except Unusable as error:
        raise click.UsageError(at(log, str(error))) from None
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
    """Write one HTML page about PATHS, for reading in a browser: totals, rules, articles with their damage and repair beside it.

    The folder of an 'arlint corpus' run is read as it is: what it found or mended, by source, and its worst records.
    """
    from arlint import runs
    from arlint.options import Output

    if runs.among(paths):
        return runs.report(paths, output, options | {"articles": articles})
    options |= {"outputs": [Output("html")], "output_file": output, "exit_zero": options["fail_on"] is None and not options["max_rate"], "articles": articles}
    status = run("check", paths, options)
    if not options["quiet"]:
        say(f"wrote {output}")
    return status


@arlint.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@SELECTION
@FILES
def baseline(paths: tuple[str, ...], **options: Any) -> int:
    """Write down what PATHS have, so that a check tells only what is new; without PATHS, all of the working folder."""
    from arlint import adoption, pool
    from arlint.task import Task

    if "-" in paths:
        raise click.UsageError("a baseline is of files; standard input has none")
    projects = projects_of(options, keep=True)
    targets, unread, trouble = targets_in(projects, paths or (".",), options["quiet"])
    failed = bool(unread or trouble)
    work = work_on(projects, targets, pool.jobs(options["jobs"], targets, projects.loaded))
    list(heard(unread))
    task = Task()
    for written in adoption.write(projects, targets, options["baseline"], task, lambda task: heard(work(task)), failed):
        failed |= not written.whole
        if not options["quiet"]:
            tell(adoption.summary(written))
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

    project = project_of(options)
    style = Style(language(options["lang"], project.settings.lang), sys.stdout.isatty(), colored(sys.stdout, options["color"]))
    click.echo(explanation.page(rule, project.every, style), nl=False, color=style.color)
    return OK


@arlint.command()
@SELECTION
@LANG
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
def rules(output_format: str, **options: Any) -> int:
    """All rules, and which of them are in force here."""
    from arlint.report import explanation

    project = project_of(options)
    click.echo(explanation.table(project.every, project.ruleset, output_format, language(options["lang"], project.settings.lang)), nl=False)
    return OK


@arlint.command("test-rules")
@click.argument("folder", required=False)
def test_rules(folder: str | None) -> int:
    """Try every rule of FOLDER (of arlint itself without one) on its own examples."""
    from pathlib import Path

    from arlint import trial

    tried = trial.problems(Path(folder) if folder else None)
    for line in tried.problems:
        tell(line)
    if not tried.rules and not tried.problems:
        raise click.UsageError(f"{folder}: no rules in it; a rule is FOLDER/<family>/<name>.yaml")
    click.echo(said(f"{tried.rules} rules, {tried.examples} examples, {len(tried.problems)} problems"), err=True)
    return FOUND if tried.problems else OK


@arlint.command()
def init() -> int:
    """Write arlint.toml with every setting explained; an existing one is never touched."""
    from arlint import starter

    path = starter.write(os.getcwd())
    tell(f"wrote {path}")
    click.echo("\n".join(said(line) for line in starter.hook(os.getcwd()).split("\n")), nl=False)
    return OK


@arlint.command()
@click.argument("path", default=".")
@SELECTION
def config(path: str, **options: Any) -> int:
    """The settings in force for PATH, and where each was written."""
    from arlint import starter

    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    click.echo(starter.in_force(projects_of(options).settings_at(folder)), nl=False)
    return OK


@arlint.command()
def clean() -> int:
    """Throw compiled rules and kept results away; they are made anew when needed."""
    import shutil

    from arlint import cache

    for kept in cache.KINDS:  # by name: the folder may be one that others keep things in
        shutil.rmtree(cache.folder() / kept, ignore_errors=True)
    tell(f"emptied {cache.folder()}")
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


def main(args: list[str] | None = None) -> None:
    """Run the command and leave with its status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")
    speak(language(asked(sys.argv[1:] if args is None else args)))
    with suppress(ValueError):  # only a main thread may
        signal.signal(signal.SIGTERM, _terminated)
    try:
        status = arlint.main(args=args, prog_name="arlint", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        status = FAILED
    except click.ClickException as error:
        say(one_line(refusal(error)))
        status = FAILED
    except (click.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:  # the reader has what it wanted (arlint check . | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = FOUND
    except Exception as error:  # noqa: BLE001  their classes are imported only now, when they are needed
        status = _refused(error)
    sys.exit(status if isinstance(status, int) else OK)


def _terminated(*_: object) -> None:
    """Ends as Ctrl-C does, so that workers are told and nothing is left half written."""
    sys.exit(128 + signal.SIGTERM)


def _refused(error: Exception) -> int:
    """Says why settings or rules cannot be used; anything else is a bug and is shown whole."""
    from arlint.outputs import Unwritable
    from arlint.rules import RuleError, UnknownRule

    if not isinstance(error, (RuleError, UnknownRule, Unwritable)):
        raise error
    say(one_line(str(error)))
    return FAILED
