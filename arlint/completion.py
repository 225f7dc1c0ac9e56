"""What the shell offers behind an option: rules, families, profiles, formats, encodings. Slow at most as `arlint rules` is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class


def script(shell: str, command: click.Command) -> str:
    """What ``shell`` runs to have the lines of ``command`` completed."""
    made = get_completion_class(shell)
    assert made is not None
    source = made(command, {}, "arlint", "_ARLINT_COMPLETE").source()
    return source.replace('string split ","', 'string split -m 1 ","')  # the library's fish script cuts a value at its own comma


def values(kind: str, incomplete: str, given: Mapping[str, Any]) -> list[CompletionItem]:
    """The values of ``kind`` that begin as ``incomplete``; of a list with commas, its last one."""
    done, comma, last = incomplete.rpartition(",") if kind == "rules" else ("", "", incomplete)
    taken = set(done.split(","))
    return [CompletionItem(f"{done}{comma}{value}", help=about or None) for value, about in _all(kind, given) if value.startswith(last) and value not in taken]


def _all(kind: str, given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if kind in ("rules", "rule"):
        return [*_rules(given), *(_families() if kind == "rules" else ())]
    if kind == "profile":
        from arlint.rules import PROFILES

        return [(name, "") for name in PROFILES]
    if kind == "output_format":
        from arlint.options import FORMATS

        return [(name, "") for name in FORMATS]
    if kind == "format":
        from arlint.formats import KINDS

        return [(name, "") for name in KINDS]
    from arlint.encoding import NAMES

    return [(name, "") for name in NAMES]


def _families() -> list[tuple[str, str]]:
    from arlint.rules import FAMILIES

    return [("ALL", "every rule"), *((name, "family") for name in sorted(FAMILIES))]


def _rules(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every rule here and what it finds; those that are shipped where the settings cannot be read."""
    from pathlib import Path

    from arlint import ruleset
    from arlint.projects import Projects
    from arlint.rules import RuleError, UnknownRule

    try:
        chosen = given.get("config_file")
        projects = Projects({"select": (), "ignore": (), "extend_select": (), "profile": None, "preview": False}, chosen=Path(chosen) if chosen else None)
        every = projects.loaded[projects.at(".")].every
    except (RuleError, UnknownRule, OSError):
        every = ruleset.load()
    return sorted((rule.id, rule.summary) for rule in every.rules)
