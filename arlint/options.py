"""What the commands take: their options, and the answers to a name that is wrong or not in this version.

Names that only the engine knows (rules, families, profiles) are checked there: nothing of it is imported here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from arlint.usage import near

if TYPE_CHECKING:
    from arlint.gates import Gate

#: Options that say how files are read; the settings have the same keys.
READING = ("format", "encoding", "text_field", "id_field")

_F = TypeVar("_F", bound=Callable[..., Any])


def _names(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for text in value for name in text.split(",") if name.strip())


FORMATS = ("text", "concise", "json", "jsonl", "github", "gitlab", "sarif", "junit", "checkstyle", "rdjson", "markdown", "html")


@dataclass(frozen=True)
class Output:
    """A format and the file that it goes to; without one, to standard output."""

    format: str
    path: str | None = None


def _outputs(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> list[Output]:
    """What ``--output-format`` names, the one for standard output first."""
    outputs = []
    for text in value:
        name, to_file, path = text.partition("=")
        if name not in FORMATS:
            raise click.UsageError(f"no output format '{name}'{near(name, FORMATS)}; there are {', '.join(FORMATS)}")
        if to_file and not path:
            raise click.UsageError(f"--output-format {text}: the name of a file is missing; write {name}=FILE")
        outputs.append(Output(name, path or None))
    main = [output for output in outputs if output.path is None]
    if len(main) > 1:
        raise click.UsageError(f"--output-format {main[0].format} and {main[1].format}: only one goes to standard output; write {main[1].format}=FILE")
    return [*(main or [Output("text")]), *(output for output in outputs if output.path is not None)]


def _gates(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[Gate, ...]:
    if not value:
        return ()
    from arlint.gates import GateError, gates

    try:
        return gates(value)
    except GateError as error:
        raise click.UsageError(f"--max-rate: {error}") from None


def _container(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from arlint.formats import KINDS

    if value is not None and value not in KINDS:
        raise click.UsageError(f"no format '{value}'{near(value, KINDS)}; there are {', '.join(KINDS)}")
    return value


def encoding_name(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from arlint.encoding import NAMES, canonical

    if value is not None and canonical(value) is None:
        raise click.UsageError(f"no encoding '{value}'{near(value, NAMES)}; there are {', '.join(NAMES)}")
    return canonical(value) if value else None


def _options(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    def add(function: _F) -> _F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


SELECTION = _options(
    click.option("--select", multiple=True, callback=_names, metavar="RULES", help="These rules only: ids, families or ALL, separated by commas."),
    click.option("--ignore", multiple=True, callback=_names, metavar="RULES", help="Not these rules."),
    click.option("--extend-select", multiple=True, callback=_names, metavar="RULES", help="These rules too."),
    click.option("--profile", metavar="NAME", help="editorial (the default), corpus or strict."),
    click.option("--config", "config_file", metavar="FILE", help="Read this settings file and no other."),
    click.option("--isolated", is_flag=True, help="Read no settings file."),
    click.option("--preview", is_flag=True, help="Rules in preview too."),
    click.option("--no-cache", is_flag=True, help="Neither read nor keep compiled rules and results."),
)
LANG = click.option("--lang", type=click.Choice(["ar", "en"]), help="Language of messages; else as the settings, ARLINT_LANG or the locale say.")
COLOR = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour; auto is on a terminal.")
FILES = _options(
    click.option("--baseline", metavar="FILE", help="The file of known findings; what it holds is left for later."),
    click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Processes to use; chosen by the number of files."),
    click.option("--format", callback=_container, metavar="NAME", help="Read every file as this: text, markdown, html, jsonl, csv, tsv or parquet."),
    click.option("--encoding", callback=encoding_name, metavar="NAME", help="Encoding of the files; declared or detected without it."),
    click.option("--text-field", multiple=True, callback=_names, metavar="NAMES", help="Fields of records that hold text; a.b is b inside a."),
    click.option("--id-field", metavar="NAME", help="The field that identifies a record."),
    click.option("--quiet", "-q", is_flag=True, help="No line of totals, no notes."),
)
RUN = _options(
    click.argument("paths", nargs=-1, metavar="[PATHS]..."),
    SELECTION,
    click.option(
        "--output-format",
        "outputs",
        multiple=True,
        callback=_outputs,
        metavar="NAME[=FILE]",
        help=f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}; NAME=FILE adds a file, as often as wanted.",
    ),
    click.option("--output-file", "-o", metavar="FILE", help="Write the findings there instead of on standard output."),
    click.option("--statistics", is_flag=True, help="Counts and rates by rule instead of the findings."),
    click.option("--exit-zero", is_flag=True, help="Exit status 0 where findings remain."),
    click.option("--fail-on", type=click.Choice(["error", "warning", "info"]), help="The least severity that makes the exit status 1; info unless there are rates."),
    click.option("--max-rate", multiple=True, callback=_gates, metavar="RULES=RATE", help="Exit status 1 only above this: outlet=0.2/1k (findings in 1,000 words), ALL=5% (of the files or records)."),
    click.option("--stdin-filename", metavar="PATH", help="The name of what comes on standard input, when the path is -."),
    LANG,
    click.option("--as-found", is_flag=True, help="Take the files named as if a folder had been searched: other kinds are passed over."),
    click.option("--since", metavar="REV", help="Only lines changed since this git revision; main... is since main was left."),
    FILES,
    COLOR,
)
