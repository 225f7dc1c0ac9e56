"""The commands `arlint corpus ...`: options in, a summary and an exit status out.

What is done to a record is the business of ``cleaning``, a whole run that of ``run``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from arlint.corpus.discovery import discover
from arlint.options import SELECTION, encoding_name
from arlint.usage import Commands

if TYPE_CHECKING:
    from arlint.corpus.run import Outcome
    from arlint.corpus.shard import Done
    from arlint.gates import Gate

OK, FOUND, FAILED = 0, 1, 2
_NO_BASELINE = "counts the findings of files in their order, which a corpus run has not; let findings be with [[silence]], or what was there before with --max-rate"


def _size(ctx: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    number, unit = value.strip().rstrip("Bb"), 1
    for suffix, factor in (("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30)):
        if number.lower().endswith(suffix):
            number, unit = number[:-1], factor
    if not number.isdecimal() or int(number) * unit < 1024:
        raise click.UsageError(f"--shard-size {value}: write a size of 1k or more, such as 16M")
    return int(number) * unit


def _gates(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[Gate, ...]:
    from arlint.gates import GateError, gates

    try:
        found = gates(part if "=" in part else f"ALL={part}" for text in value for part in text.split(","))
    except GateError as error:
        raise click.UsageError(f"{parameter.opts[0]}: {error}") from None
    share = parameter.name == "max_share"
    for gate in found:
        if (gate.words is None) != share:
            raise click.UsageError(
                f"{parameter.opts[0]} {gate}: "
                + (
                    "a share is a percentage of the documents, such as outlet=0.5%"
                    if share
                    else "a rate counts findings in words, such as outlet=0.2/1k; for a share of the documents there is --max-share"
                )
            )
    return found


def _shared(function: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.argument("inputs", nargs=-1, required=True, metavar="INPUT..."),
        click.option("--output", "-o", required=True, metavar="DIR", help="Folder or URL for all that the run writes; one that holds the same run is continued."),
        SELECTION,
        click.option("--text-field", "text_fields", multiple=True, metavar="NAME", help="Field that holds text; several times for several, dots lead inside. The usual names without it."),
        click.option("--id-field", metavar="NAME", help="Field that names a record; id, url and the like without it."),
        click.option("--source-field", default="source", metavar="NAME", help="Field by which counts are grouped: source, unless told otherwise."),
        click.option("--format", "kind", type=click.Choice(["jsonl", "csv", "tsv", "parquet"]), help="Read every input as this, whatever its name."),
        click.option("--encoding", default="utf-8", callback=encoding_name, metavar="NAME", help="Encoding of JSON Lines and CSV: utf-8."),
        click.option("--engine", type=click.Choice(["local", "ray"]), default="local", help="Processes of this machine, or the Ray cluster at RAY_ADDRESS."),
        click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Shards at a time: one for each processor without it."),
        click.option("--findings-format", "form", type=click.Choice(["parquet", "jsonl"]), help="Tables as Parquet, or as gzipped JSON Lines; that is what remains where pyarrow is not installed."),
        click.option("--shard-size", callback=_size, metavar="SIZE", help="Bytes of a shard, such as 16M; a 256th of the input within 1M and 64M without it."),
        click.option("--max-length", type=click.IntRange(1), default=500_000, metavar="N", help="Leave longer texts (in characters) alone: 500,000."),
        click.option("--max-rate", multiple=True, callback=_gates, metavar="[RULES=]RATE", help="Exit status 1 only above this many findings in words: 5/1k, outlet=0.2/1k."),
        click.option("--max-share", multiple=True, callback=_gates, metavar="[RULES=]SHARE", help="Exit status 1 only above this share of documents with findings: outlet=0.5%."),
        click.option("--baseline", metavar="FILE", hidden=True),
        click.option("--exit-zero", is_flag=True, help="Exit status 0 where findings remain."),
        click.option("--quiet", "-q", is_flag=True, help="No progress, no summary."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group(cls=Commands)
def corpus() -> None:
    """Check or clean whole corpora of records: JSON Lines (plain, gzip, zstandard), CSV, Parquet; files, folders, globs, URLs."""


@corpus.command()
@_shared
def check(**options: Any) -> int:
    """Say what is wrong in INPUT: findings as tables, counts and a sample of each rule in DIR."""
    return _run("check", options)


@corpus.command()
@click.option("--unsafe-fixes", "unsafe", is_flag=True, help="Also repairs that remove or rewrite content on good evidence.")
@click.option("--column", metavar="NAME", help="Give every record a field of this name that says which rules mended it, and how often.")
@_shared
def fix(**options: Any) -> int:
    """Repair INPUT: cleaned records in the format of the input in DIR/records, and a log of every change. INPUT stays as it is."""
    return _run("fix", options)


corpus.add_command(discover)


def _run(mode: Any, options: dict[str, Any]) -> int:
    from arlint import session, voice
    from arlint.corpus import manifest, sources, store, tables
    from arlint.corpus.run import run
    from arlint.corpus.shard import Work
    from arlint.corpus.store import Unreachable
    from arlint.formats.records import Fields
    from arlint.gates import gate

    if options.pop("baseline"):
        raise click.UsageError(f"--baseline {_NO_BASELINE}")
    options["inputs"], options["output"] = [store.place(path) for path in options["inputs"]], store.place(options["output"])
    project = session.project_of(options)
    settings = project.settings
    if settings.baseline:
        voice.say(f"{settings.origins.get(('baseline',), settings.baseline)}: 'baseline' {_NO_BASELINE}; the one of the settings is left aside")
    texts = tuple(name.strip() for text in options["text_fields"] for name in text.split(",")) or settings.text_field
    fields = Fields(texts, options["id_field"] or settings.id_field, options["source_field"])
    form = options["form"] or tables.best()
    column = options.get("column")
    try:
        own = store.join(store.real(options["output"]), "")
        inputs = sources.find(options["inputs"], options["kind"], options["encoding"], lambda path: project.excludes(path) or store.real(path).startswith(own))
        size = options["shard_size"] or sources.shard_size(inputs)
        chosen = {
            "--unsafe-fixes": options.get("unsafe", False), "--max-length": options["max_length"], "--text-field": list(fields.texts), "--id-field": fields.ident,
            "--source-field": fields.source, "--column": column, "--findings-format": form, "--encoding": options["encoding"],
        }  # fmt: skip
        kept = manifest.Manifest(options["output"], manifest.settings(mode, chosen, manifest.rules_digest(project), inputs, size))
        gates = (*options["max_rate"], *options["max_share"]) or tuple(gate(name, rate) for name, rate in settings.max_rate.items())
        session.hold_to_rules((one for one in gates if one.words is not None), project, "--max-rate")
        session.hold_to_rules((one for one in gates if one.words is None), project, "--max-share")
        watch = _Progress(sum(source.size for source in inputs), options["quiet"])
        with watch:
            work = Work(project, mode, chosen["--unsafe-fixes"], options["max_length"], fields, column, options["output"], form)
            outcome = run(inputs, size, work, kept, options["engine"], options["jobs"], gates, watch.shown)
    except (Unreachable, manifest.Mixed) as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{error.filename or options['output']}: {(error.strerror or str(error)).lower()}; what is done is kept, run the same command again") from None
    return _told(outcome, options, bool(gates))


def _told(outcome: Outcome, options: dict[str, Any], gated: bool) -> int:
    from arlint import voice
    from arlint.corpus import store, summary
    from arlint.messages import said

    for line in [*outcome.told, *outcome.failed]:
        voice.say(line)
    counts = outcome.part.counts
    if not options["quiet"]:
        click.echo(summary.short(outcome.data, [verdict.said() for verdict in outcome.verdicts]), nl=False)
        click.echo("\n" + said(f"{store.join(options['output'], 'summary.md')} has all of it."))
    if outcome.failed:
        voice.say(f"{len(outcome.failed)} shards are not done; run the same command again to do them")
    unseen = outcome.records > outcome.unread and not outcome.texts
    if unseen:
        wanted = " or ".join(options["text_fields"])
        names = ", ".join(outcome.names) or "no fields"
        voice.say(f"no record has a text in {wanted}; they have {names}" if wanted else f"no record has a field that looks like text; name one of {names} with --text-field")
    if unseen or outcome.failed or outcome.unread or outcome.part.left:
        return FAILED
    found = any(verdict.fell for verdict in outcome.verdicts) if gated else counts.rules.total() > 0
    return FOUND if found and not options["exit_zero"] else OK


class _Progress:
    """A bar on a terminal, a line every half minute elsewhere."""

    EVERY = 30.0

    def __init__(self, total: int, quiet: bool) -> None:
        import sys

        self.total, self.quiet = max(1, total), quiet
        self.terminal = sys.stderr.isatty()
        self.began = self.told = time.monotonic()
        self.before = self.bytes = self.records = 0
        self.bar: Any = None

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def shown(self, done: Done, earlier: bool) -> None:
        """Count a shard; an earlier run's says nothing about the rate of this one."""
        self.bytes += done.weight
        if earlier:
            self.before += done.weight
            return
        self.records += done.records
        now = time.monotonic()
        if self.quiet or (not self.terminal and now - self.told < self.EVERY):
            return
        self.told = now
        if self.terminal:
            self._draw(now)
        else:
            click.echo(f"arlint: {self.bytes / self.total:.1%}, {self._rate(now)}", err=True)

    def _rate(self, now: float) -> str:
        spent = max(now - self.began, 1e-3)
        own = self.bytes - self.before
        left = (self.total - self.bytes) * spent / max(1, own)
        hours, minutes, seconds = int(left // 3600), int(left // 60 % 60), int(left % 60)
        return f"{self.records / spent:,.0f} documents and {own / spent / 1e6:.2f} MB a second, {f'{hours} h {minutes:02} min' if hours else f'{minutes} min {seconds:02} s'} left"

    def _draw(self, now: float) -> None:
        if self.bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

            self.bar = Progress(BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True)
            self.bar.start()
            self.bar.add_task("", total=self.total)
        self.bar.update(self.bar.task_ids[0], completed=self.bytes, description=self._rate(now))
