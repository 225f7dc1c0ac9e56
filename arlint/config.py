"""Settings: found upward, extended, decoded strictly; every error names file, line and what to write instead.

They stand in ``arlint.toml``, ``.arlint.toml`` or ``[tool.arlint]`` of ``pyproject.toml``. Which rules they make is the business
of ``ruleset``; the command's options are laid over them by `Settings.over`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from arlint import silences
from arlint.encoding import NAMES as ENCODINGS
from arlint.encoding import canonical
from arlint.formats import KINDS, Kind
from arlint.rules import PROFILES, RuleError, nearest
from arlint.silences import Silence

#: In the order in which a folder is asked for them.
NAMES = ("arlint.toml", ".arlint.toml", "pyproject.toml")

LISTS = ("select", "ignore", "extend-select", "exclude", "rule-paths", "extend-safe-fixes", "extend-unsafe-fixes", "text-field")
#: Lists that a file adds to those of the file it extends; the other keys replace, tables are joined key by key.
_JOINED = ("ignore", "extend-select", "exclude", "rule-paths", "extend-safe-fixes", "extend-unsafe-fixes", "silence")
SELECTORS = ("select", "ignore", "extend-select", "extend-safe-fixes", "extend-unsafe-fixes")
KEYS = ("extends", *LISTS, "per-file-ignores", "profile", "preview", "lang", "format", "encoding", "id-field", "baseline", "fail-on", "max-rate", "rules", "silence")
CHOICES = {"profile": PROFILES, "lang": ("en", "ar"), "format": KINDS, "encoding": ENCODINGS, "fail-on": ("error", "warning", "info")}
_TABLES = {
    "rules": '[rules."quotes/mixed-styles"]',
    "per-file-ignores": '[per-file-ignores] with lines such as "archive/*" = ["spelling"]',
    "max-rate": '[max-rate] with lines such as outlet = "0.2/1k"',
}
_EXAMPLES = {"text-field": '["title", "text"]', "exclude": '["drafts/", "*.old.txt"]', "rule-paths": '["our-rules"]'}


class SettingsError(RuleError):
    """Settings that cannot be used: one line with file, line and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """The settings in force for a folder.

    ``exclude`` and the patterns of ``per_file_ignores`` are of the .gitignore kind and count from ``root``. ``origins`` says
    where a value was written: ``file:line`` by key, and by (key, selector) for those that name rules.
    """

    root: Path
    source: Path | None = None
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    profile: str = "editorial"
    preview: bool = False
    rule_paths: tuple[Path, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    lang: str | None = None
    format: Kind | None = None
    encoding: str | None = None
    text_field: tuple[str, ...] = ()
    id_field: str | None = None
    baseline: Path | None = None
    silence: tuple[Silence, ...] = ()
    fail_on: str | None = None
    max_rate: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    origins: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    #: every file that these settings were read from
    files: tuple[Path, ...] = ()

    def over(self, *, select: tuple[str, ...], ignore: tuple[str, ...], extend_select: tuple[str, ...], profile: str | None, preview: bool, **reading: Any) -> Settings:
        """These settings with the options of the command laid over: ``--select`` puts the file's selection aside.

        ``reading`` are ``format``, ``encoding``, ``text_field`` and ``id_field``, where they are given.
        """
        reading = {name: value for name, value in reading.items() if value}
        base = replace(self, select=select, extend_select=(), ignore=()) if select else self
        given = {"select": select, "ignore": ignore, "extend-select": extend_select}
        origins = {**self.origins, **{(key, *rest): f"--{key}" for key, names in given.items() for rest in [(), *((n,) for n in names)] if names}}
        origins |= {("profile",): "--profile"} if profile else {}
        origins |= {("preview",): "--preview"} if preview else {}
        origins |= {(name.replace("_", "-"),): f"--{name.replace('_', '-')}" for name in reading}
        named = {*select, *extend_select}
        return replace(
            base,
            ignore=(*(i for i in base.ignore if i not in named), *ignore),
            extend_select=(*base.extend_select, *extend_select),
            profile=profile or self.profile,
            preview=preview or self.preview,
            origins=origins,
            **reading,
        )


def find_in(folder: Path) -> Path | None:
    """The settings file that stands in ``folder``; a pyproject.toml counts where it has [tool.arlint]. Raises `SettingsError`."""
    for name in NAMES:
        path = folder / name
        if os.path.isfile(path) and (name != "pyproject.toml" or _has_table(path)):
            return path
    return None


def _has_table(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return b"arlint" in data and "arlint" in _parse(path)[0].get("tool", {})


def read(path: Path, root: Path | None = None) -> Settings:
    """The settings of the file at ``path`` and of those it extends, patterns counted from ``root`` or its folder.

    Raises `SettingsError`.
    """
    path = path.resolve()
    files: list[Path] = []
    merged, origins = _read(path, (), files)
    settings: dict[str, Any] = {name.replace("-", "_"): tuple(value) if isinstance(value, list) else value for name, value in merged.items()}
    return Settings(root=root or path.parent, source=path, origins=origins, files=tuple(files), **settings)


def _read(path: Path, chain: tuple[Path, ...], files: list[Path]) -> tuple[dict[str, Any], dict[tuple[str, ...], str]]:
    files.append(path)
    data, place, start = _table(path)
    lines = _Lines(path, place, start)
    own = {key: _value(key, value, lines) for key, value in _known(data, lines)}
    merged: dict[str, Any] = {}
    origins: dict[tuple[str, ...], str] = {}
    for target in own.pop("extends", []):
        parent = _place(("extends",), target, lines).resolve()
        if parent in (*chain, path):
            raise lines.error(("extends",), f"'{target}' extends this file in turn; take one of the two out")
        if not parent.is_file():
            raise lines.error(("extends",), f"no settings file '{target}'; the path counts from this file's folder")
        theirs, whence = _read(parent, (*chain, path), files)
        _join(merged, theirs)
        origins |= whence
    chosen = {*own.get("select", ()), *own.get("extend-select", ())}
    if "ignore" in merged:
        merged["ignore"] = [name for name in merged["ignore"] if name not in chosen]
    _join(merged, own)
    return merged, origins | lines.origins(own)


def _join(merged: dict[str, Any], own: Mapping[str, Any]) -> None:
    for key, value in own.items():
        if key in _JOINED:
            merged[key] = [*merged.get(key, []), *value]
        elif key == "rules":
            merged[key] = {**merged.get(key, {}), **{rule: {**merged.get(key, {}).get(rule, {}), **options} for rule, options in value.items()}}
        elif key in ("per-file-ignores", "max-rate"):
            merged[key] = {**merged.get(key, {}), **value}
        else:
            merged[key] = value


class _Lines:
    """Where the keys of one file stand; read from its text when first asked."""

    def __init__(self, path: Path, text: str, start: tuple[str, ...]) -> None:
        self.path, self.text, self.start = path, text, start
        self._found: dict[tuple[str, ...], int] | None = None

    def of(self, where: tuple[str, ...]) -> int | None:
        from arlint.toml_lines import lines

        if self._found is None:
            self._found = lines(self.text)
        full = (*self.start, *where)
        while full:
            if full in self._found:
                return self._found[full]
            full = full[:-1]
        return None

    def error(self, where: tuple[str, ...], message: str) -> SettingsError:
        return SettingsError(self.path, self.of(where), message)

    def origins(self, own: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
        """``file:line`` for every key, and for all that names a rule."""
        out: dict[tuple[str, ...], str] = {}
        for key, value in own.items():
            paths: list[tuple[str, ...]] = [(key,)]
            if key in SELECTORS:
                paths += [(key, name) for name in value]
            elif key == "per-file-ignores":
                paths += [(key, pattern, name) for pattern, names in value.items() for name in names]
            elif key == "max-rate":
                paths += [(key, name) for name in value]
            elif key == "rules":
                paths += [(key, rule) for rule in value] + [(key, rule, option) for rule, options in value.items() for option in options]
            out |= {p: f"{self.path}:{self.of(p)}" for p in paths}
        return out


def _parse(path: Path) -> tuple[dict[str, Any], str]:
    import re
    import tomllib

    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return tomllib.loads(text), text
    except OSError as error:
        raise SettingsError(path, None, f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise SettingsError(path, None, "not UTF-8; save it as UTF-8") from None
    except RecursionError:
        raise SettingsError(path, None, "nested too deeply to be read") from None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = re.search(r" \(at line (\d+), column \d+\)$", message)
        line = int(at.group(1)) if at else text.count("\n") + 1
        raise SettingsError(path, line, f"not valid TOML: {message[: at.start()] if at else message}") from None
    except ValueError as error:  # a number of thousands of digits
        raise SettingsError(path, None, f"not usable: {error}") from None


def _table(path: Path) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    data, text = _parse(path)
    start = ("tool", "arlint") if path.name == "pyproject.toml" else ()
    for name in start:
        data = data.get(name, {}) if isinstance(data, dict) else data
    if not isinstance(data, dict):
        raise SettingsError(path, None, "[tool.arlint] is a table of settings")
    return data, text, start


def _known(data: Mapping[str, Any], lines: _Lines) -> Iterable[tuple[str, Any]]:
    for key, value in data.items():
        if key not in KEYS:
            hint = nearest(key.replace("_", "-"), KEYS) or f"; there are {', '.join(KEYS)}"
            if key == "tool" and not lines.start:
                hint = "; outside pyproject.toml the settings stand at the top, without [tool.arlint]"
            raise lines.error((key,), f"unknown key '{key}'{hint}")
        yield key, value


def _value(key: str, value: Any, lines: _Lines) -> Any:
    if key == "extends":
        value = [value] if isinstance(value, str) else value
        return _strings((key,), value, lines, '"../arlint.toml"')
    if key in LISTS:
        value = [value] if key == "text-field" and isinstance(value, str) else value
        names = _strings((key,), value, lines, _EXAMPLES.get(key, '["spelling", "quotes/mixed-styles"]'))
        return [_place((key,), name, lines) for name in names] if key == "rule-paths" else names
    if key == "silence":
        return list(silences.decode(value, lambda below: f"{lines.path}:{lines.of((key, *below))}", lambda below, message: lines.error((key, *below), message)))
    if key == "baseline":
        if not isinstance(value, str) or not value:
            raise lines.error((key,), f"'baseline' is the path of a file, such as \"arlint-baseline.json\", not {_shown(value)}")
        return _place((key,), value, lines)
    if key == "preview":
        if not isinstance(value, bool):
            raise lines.error((key,), f"'preview' is true or false, not {_shown(value)}")
        return value
    if key == "id-field":
        if not isinstance(value, str) or not value:
            raise lines.error((key,), f"'id-field' is the name of a field, such as \"id\", not {_shown(value)}")
        return value
    if key == "encoding" and isinstance(value, str):
        value = canonical(value) or value
    if key in CHOICES:
        if value not in CHOICES[key]:
            raise lines.error((key,), f"'{key}' is one of {', '.join(CHOICES[key])}, not {_shown(value)}{nearest(value, CHOICES[key]) if isinstance(value, str) else ''}")
        return value
    if not isinstance(value, dict):
        raise lines.error((key,), f"'{key}' is a table: {_TABLES[key]}")
    if key == "max-rate":
        return {name: _rate(name, rate, lines) for name, rate in value.items()}
    if key == "per-file-ignores":
        return {pattern: tuple(_strings((key, pattern), names, lines, '["spelling"]')) for pattern, names in value.items()}
    for rule, options in value.items():
        if not isinstance(options, dict):
            raise lines.error((key, rule), f"the options of '{rule}' are a table: [rules.\"{rule}\"]")
        for option, choice in options.items():
            if not isinstance(choice, str):
                raise lines.error((key, rule, option), f"'{option}' is text in quotation marks, such as {option} = \"{choice}\"")
    return value


def _rate(name: str, rate: Any, lines: _Lines) -> str:
    from arlint.gates import GateError, gate

    try:
        gate(name, str(rate))
    except GateError as error:
        raise lines.error(("max-rate", name), str(error)) from None
    return str(rate)


def _place(where: tuple[str, ...], name: str, lines: _Lines) -> Path:
    """The file or folder that ``name`` means in the settings, counted from their folder."""
    try:
        if "\0" in name:
            raise RuntimeError
        return lines.path.parent / Path(name).expanduser()
    except RuntimeError:  # of a user whom nobody knows
        raise lines.error(where, f"'{name}' is not a path") from None


def _strings(where: tuple[str, ...], value: Any, lines: _Lines, example: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise lines.error(where, f"'{where[-1]}' is a list of texts such as {example}, not {_shown(value)}")
    return value


def _shown(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else type(value).__name__ if isinstance(value, (dict, list)) else str(value)
