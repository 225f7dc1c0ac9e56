"""How commands tell of themselves: options in groups, examples, completion of what is typed, the nearest of a wrong name.

Tables by name, so that a command states its options once, where it is. All of it is said in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

from arlint.messages import said

COMMANDS = {
    "Texts": ("check", "fix", "undo", "report", "corpus", "baseline"),
    "Rules": ("explain", "rules", "test-rules"),
    "Setting up": ("init", "config", "completion", "schema", "lsp", "clean"),
}
OPTIONS = {
    "What is repaired": ("unsafe_fixes", "diff", "log", "partial", "folder"),
    "Which rules": ("select", "ignore", "extend_select", "profile", "preview"),
    "Which findings": ("since", "baseline"),
    "What is written": ("outputs", "output_format", "output_file", "output", "articles", "statistics", "quiet", "color", "lang"),
    "The exit status": ("fail_on", "max_rate", "exit_zero"),
    "How files are read": ("format", "encoding", "text_field", "id_field", "stdin_filename"),
    "Settings and running": ("config_file", "isolated", "no_cache", "jobs"),
}
EXAMPLES = {
    "arlint": (
        ("arlint check articles/", "what is wrong, where, and why"),
        ("arlint fix --diff articles/", "the safe repairs as a patch, nothing written"),
        ("arlint explain outlet/torn-attribution", "one rule, before and after"),
    ),
    "check": (
        ("arlint check articles/", "a folder, with what .gitignore leaves out left out"),
        ("arlint check --select outlet,quotes a.txt", "two families only"),
        ("arlint check --statistics --exit-zero articles/", "counts by rule, and no failure"),
        ("arlint check - < a.txt", "standard input"),
    ),
    "fix": (
        ("arlint fix articles/", "safe repairs, in place"),
        ("arlint fix --unsafe-fixes --diff articles/", "all repairs as a patch, nothing written"),
        ("arlint fix - < a.txt > b.txt", "from standard input to standard output"),
    ),
    "report": (
        ("arlint report articles/", "a page about a folder"),
        ("arlint report --output corpus.html clean/", "about what 'arlint corpus ... --output clean/' left there"),
    ),
    "explain": (("arlint explain spelling/fi-with-alef-maqsura", "one rule"), ("arlint explain --lang ar quotes/mixed-styles", "in Arabic")),
    "completion": (('eval "$(arlint completion bash)"', "in ~/.bashrc"), ("arlint completion fish > ~/.config/fish/completions/arlint.fish", "once")),
    "schema": (("arlint schema settings > arlint.schema.json", "for an editor that knows JSON Schema"),),
}  # fmt: skip


class Known(click.ParamType[Any]):
    """Text of which the shell is told the values there are; whether it is one of them is asked where it is used."""

    name = "text"

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from arlint import completion

        return completion.values(self.kind, incomplete, ctx.params)


#: What stands behind an option or argument, by its name.
VALUES: dict[str, click.ParamType[Any]] = {
    **{name: Known("rules") for name in ("select", "ignore", "extend_select")},
    **{name: Known(name) for name in ("rule", "profile", "output_format", "format", "encoding")},
    **{name: click.Path(readable=False) for name in ("paths", "path", "config_file", "output_file", "stdin_filename", "baseline", "log")},
    "outputs": Known("output_format"),
    "folder": click.Path(file_okay=False, readable=False),
}


class Command(click.Command):
    """A command with its options in groups, examples below them, and completion."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for parameter in self.params:
            if parameter.type is click.STRING and parameter.name in VALUES:
                parameter.type = VALUES[parameter.name]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _text(self, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _examples(self.name or "", formatter)


class Commands(click.Group):
    """A group with its commands in groups, which answers an unknown one with the nearest."""

    command_class = Command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(f"no command '{args[0]}'{near(args[0], self.commands)}; there are {', '.join(sorted(self.commands))}")
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _text(self, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        _options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        listed = {name for names in COMMANDS.values() for name in names}
        there = {name: command for name, command in self.commands.items() if not command.hidden}
        groups = {**COMMANDS, "Others": [name for name in sorted(there) if name not in listed]}
        width = max(map(len, there), default=0)
        for head, names in groups.items():
            rows = [(name.ljust(width), _first(there[name])) for name in names if name in there]
            if rows:
                with formatter.section(said(head)):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _examples(self.name or "", formatter)


def refusal(error: click.ClickException) -> str:
    """One line about a command line that cannot be used, with the nearest option where one is misspelled."""
    if isinstance(error, click.BadParameter) and error.param is not None and isinstance(error.param.type, click.Choice) and (wrong := re.match("'(.*)' is not one of", error.message)):
        there = list(error.param.type.choices)
        name = error.param.opts[0] if isinstance(error.param, click.Option) else (error.param.name or "").upper()
        return f"no value '{wrong.group(1)}' for {name}{near(wrong.group(1), there)}; there are {', '.join(there)}"
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return error.format_message()
    known = [name for parameter in error.ctx.command.get_params(error.ctx) for name in parameter.opts]
    return f"no option '{error.option_name}'{near(error.option_name, known)}; see '{error.ctx.command_path} --help'"


def near(name: str, names: Iterable[str]) -> str:
    """`` (did you mean 'x'?)``, or nothing where no known name is close; as ``rules.nearest``, without the engine."""
    import difflib

    close = difflib.get_close_matches(name, list(names), 1, 0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), f"{said('Usage')}: ")


def _text(command: click.Command, formatter: click.HelpFormatter) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        for number, paragraph in enumerate((command.help or "").strip().split("\n\n")):
            if number:
                formatter.write_paragraph()
            formatter.write_text(said(" ".join(paragraph.split())))


def _first(command: click.Command) -> str:
    """The first sentence of the command's help, whole: the formatter wraps it."""
    line = said(" ".join((command.help or "").strip().split("\n\n")[0].split()))
    return line.split(". ")[0].rstrip(".")


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    records = {parameter.name: record for parameter in command.get_params(ctx) if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)) is not None}
    listed = {name for names in OPTIONS.values() for name in names}
    groups = {**OPTIONS, "Others": [name for name in records if name not in listed]}
    width = max((len(left) for left, _ in records.values()), default=0)
    for head, names in groups.items():
        rows = [(records[name][0].ljust(width), _meaning(records[name][1])) for name in names if name in records]
        if rows:
            with formatter.section(said(head)):
                formatter.write_dl(rows, col_max=44)


def _meaning(text: str) -> str:
    """An option's help; the library has added what values it takes, behind two spaces."""
    line, gap, values = text.partition("  [")
    return said(line) + gap + values


def _examples(name: str, formatter: click.HelpFormatter) -> None:
    if rows := EXAMPLES.get(name):
        width = max(len(line) for line, _ in rows)
        with formatter.section(said("Examples")):
            for line, meaning in rows:
                formatter.write(f"{'':>{formatter.current_indent}}{line:<{width}}  # {said(meaning)}\n")
