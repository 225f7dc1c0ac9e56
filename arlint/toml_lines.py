"""Where the keys of a TOML file stand: `tomllib` gives values without lines, and an error message needs one."""

from __future__ import annotations

import tomllib
from typing import Any

Path = tuple[str, ...]


def lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every key of a valid TOML ``text``, by its full path; of each string of a list by (key, string),
    of what stands in a list of tables by (key, number from 0, ...) too.

    A statement ends with the first line that makes it parse on its own, so multi-line values need no care of ours.
    """
    found: dict[Path, int] = {}
    table: Path = ()
    numbers: dict[Path, int] = {}
    chunk: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        chunk.append(line)
        try:
            parsed = tomllib.loads("\n".join(chunk))
        except tomllib.TOMLDecodeError:
            continue
        first = number - len(chunk) + 1
        if line.lstrip().startswith("[") and len(chunk) == 1:
            table = _header(parsed)
            for depth in range(1, len(table) + 1):
                found.setdefault(table[:depth], first)
            if line.lstrip().startswith("[["):
                numbers[table] = numbers.get(table, -1) + 1
                table = (*table, str(numbers[table]))
                found[table] = first
        else:
            _keys(parsed, table, first, chunk, found)
        chunk = []
    return found


def _header(parsed: Any) -> Path:
    path: list[str] = []
    while parsed:
        if isinstance(parsed, list):
            parsed = parsed[-1]
            continue
        name = next(iter(parsed))
        path.append(name)
        parsed = parsed[name]
    return tuple(path)


def _keys(value: Any, path: Path, first: int, chunk: list[str], found: dict[Path, int]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            found.setdefault((*path, key), first)
            _keys(inner, (*path, key), first, chunk, found)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            if isinstance(item, dict):
                found.setdefault((*path, str(number)), first)
                _keys(item, (*path, str(number)), first, chunk, found)
            elif isinstance(item, str):
                found.setdefault((*path, item), next((first + i for i, line in enumerate(chunk) if f'"{item}"' in line or f"'{item}'" in line), first))
