"""Paths to files: folders walked with .gitignore respected, ``exclude`` applied everywhere, every problem said once.

Reads names only; what is in a file is read by ``formats``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arlint.formats import WALKED, refusal
from arlint.projects import Projects
from arlint.rules import RuleError, UnknownRule

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Target:
    """A file to read, by the path that messages show, and the number of its project; ``named`` where it was passed itself."""

    path: str
    project: int
    named: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is not read; ``path`` is None where the message names its place itself."""

    path: str | None
    message: str


Stack = tuple[tuple[str, "GitIgnoreSpec"], ...]


class Walk:
    """The targets of one run, each file once, in order: as passed, and sorted by name below a folder.

    With ``as_found`` files that are passed count as found in a folder: those of other kinds are passed over, as a hook needs.
    """

    def __init__(self, projects: Projects, as_found: bool = False) -> None:
        self.projects, self.as_found = projects, as_found
        self.seen: set[str] = set()
        self.said: set[str] = set()

    def targets(self, paths: Iterable[str]) -> Iterator[Target | Problem]:
        for path in paths:
            if os.path.isdir(path):
                yield from self._folder(path, _gitignores_above(os.path.abspath(path)))
            elif not os.path.lexists(path):
                yield Problem(path, "no such file or folder; check the spelling of the path")
            else:
                yield from self._file(path)

    def _project(self, folder: str) -> Iterator[int | Problem]:
        """The project of ``folder``; or its problem, the first time, and afterwards nothing."""
        try:
            yield self.projects.at(folder)
        except (RuleError, UnknownRule) as error:
            if str(error) not in self.said:
                self.said.add(str(error))
                yield Problem(None, str(error))

    def _file(self, path: str) -> Iterator[Target | Problem]:
        for project in self._project(os.path.dirname(path) or "."):
            if isinstance(project, Problem):
                yield project
            elif not self.projects.loaded[project].excludes(path) and not (self.as_found and not path.lower().endswith(WALKED)):
                if reason := refusal(path, self.projects.loaded[project].reading):
                    yield Problem(path, reason)
                else:
                    yield from self._once(path, project, named=not self.as_found)

    def _once(self, path: str, project: int, named: bool = False) -> Iterator[Target]:
        real = os.path.realpath(path)
        if real not in self.seen:
            self.seen.add(real)
            yield Target(path, project, named)

    def _folder(self, folder: str, ignores: Stack) -> Iterator[Target | Problem]:
        for project in self._project(folder):
            if isinstance(project, Problem):
                yield project
            elif not self.projects.loaded[project].excludes(folder, folder=True):
                yield from self._entries(folder, project, ignores)

    def _entries(self, folder: str, project: int, ignores: Stack) -> Iterator[Target | Problem]:
        shown = "" if folder == "." else folder
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda e: e.name)
        except OSError as error:
            yield Problem(folder, f"the folder cannot be read ({(error.strerror or str(error)).lower()}); change its permissions, or leave it out with exclude")
            return
        if any(entry.name == ".gitignore" for entry in entries):
            ignores = (*ignores, *_gitignore(os.path.abspath(folder)))
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = os.path.join(shown, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if not _ignored(path, ignores, folder=True):
                    yield from self._folder(path, ignores)
            elif entry.name.lower().endswith(WALKED) and entry.is_file() and not _ignored(path, ignores) and not self.projects.loaded[project].excludes(path):
                yield from self._once(path, project)


def _gitignore(folder: str) -> Stack:
    from pathspec import GitIgnoreSpec

    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="surrogateescape") as file:
            return ((folder, GitIgnoreSpec.from_lines(file)),)
    except (OSError, ValueError):  # git, too, goes on past a file of patterns that it cannot use
        return ()


def _gitignores_above(folder: str) -> Stack:
    """The .gitignore files of the repository that ``folder`` lies in, from its top down to the folder above."""
    above: list[str] = []
    top = folder
    while not os.path.exists(os.path.join(top, ".git")):
        parent = os.path.dirname(top)
        if parent == top:
            return ()
        top = parent
        above.append(top)
    return tuple(entry for place in reversed(above) if os.path.exists(os.path.join(place, ".gitignore")) for entry in _gitignore(place))


def _ignored(path: str, ignores: Stack, folder: bool = False) -> bool:
    if not ignores:
        return False
    full = os.path.abspath(path)
    for base, spec in reversed(ignores):
        inside = os.path.relpath(full, base).replace(os.sep, "/") + ("/" if folder else "")
        include = spec.check_file(inside).include
        if include is not None:
            return include
    return False
