"""Which rules are in force where: a settings file makes a project, and each file belongs to the one nearest upward of it.

Loads rules through ``ruleset`` and answers its refusals with the place in the settings where the name was written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arlint import config, stamp
from arlint.config import Settings
from arlint.formats import Reading
from arlint.rules import Rule, RuleError, UnknownRule, builtin_folder

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from arlint.results import Results
    from arlint.ruleset import Ruleset


class Project:
    """Settings and the rules that they put in force, which ``load`` brings in when they are first needed.

    ``key`` names all of it, the state of the rules included; it is empty where results are not kept.
    """

    def __init__(self, settings: Settings, load: Callable[[], Ruleset], key: str = "") -> None:
        self.settings, self.key, self._load = settings, key, load
        self._specs: dict[tuple[str, ...], GitIgnoreSpec] = {}
        self._selections: dict[frozenset[str], Ruleset] = {}

    @cached_property
    def every(self) -> Ruleset:
        """All rules that were loaded."""
        return self._load()

    @cached_property
    def ruleset(self) -> Ruleset:
        """The rules in force."""
        return in_force(self.every, self.settings)

    @cached_property
    def names(self) -> frozenset[str]:
        """Ids of all rules."""
        return frozenset(self.every.by_id)

    @cached_property
    def absent(self) -> frozenset[str]:
        """Ids of those that the command line took out of the ones in force."""
        told = self.settings.origins
        if told.get(("select",)) == "--select" or told.get(("profile",)) == "--profile":
            return self.names - self.ruleset.by_id.keys()
        return frozenset(self.every.matching(name for name in self.settings.ignore if told.get(("ignore", name)) == "--ignore"))

    def __getstate__(self) -> dict[str, object]:
        # a worker looks no further than the rules in force, and a scanner cannot be handed over
        return {"settings": self.settings, "key": self.key, "ruleset": replace(self.ruleset), "names": self.names, "absent": self.absent}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state, every=state["ruleset"], _specs={}, _selections={})

    @property
    def reading(self) -> Reading:
        """How the files of this project are read."""
        s = self.settings
        return Reading(s.format, s.encoding, s.text_field, s.id_field)

    def excludes(self, path: str, folder: bool = False) -> bool:
        """Whether ``exclude`` leaves out the file or folder at ``path``."""
        return bool(self.settings.exclude) and self._matches(self.settings.exclude, path, folder)

    def rules_for(self, path: str) -> Ruleset:
        """The rules for the file at ``path``: those in force less its ``per-file-ignores``."""
        key = self._ignored(path)
        if not key:
            return self.ruleset
        if key not in self._selections:
            self._selections[key] = self.ruleset.only(self.ruleset.by_id.keys() - _matching(self.ruleset, key))
        return self._selections[key]

    def _ignored(self, path: str) -> frozenset[str]:
        table = self.settings.per_file_ignores
        return frozenset(name for pattern, names in table.items() if self._matches((pattern,), path) for name in names)

    def fitting(self, path: str) -> tuple[list[str], list[str]]:
        """What of the settings depends on a file's path, for the one at ``path``: the rules it ignores and the silences it fits."""
        return sorted(self._ignored(path)), [pattern for silence in self.settings.silence for pattern in silence.paths if self.fits(pattern, path)]

    def fits(self, pattern: str, path: str) -> bool:
        """Whether the file at ``path`` fits ``pattern``, which is of the .gitignore kind and counts from the settings' root."""
        return self._matches((pattern,), path)

    def _matches(self, patterns: tuple[str, ...], path: str, folder: bool = False) -> bool:
        if patterns not in self._specs:
            from pathspec import GitIgnoreSpec

            self._specs[patterns] = GitIgnoreSpec.from_lines(patterns)
        full = os.path.abspath(path)
        inside = os.path.relpath(full, self.settings.root)
        if inside.startswith(os.pardir):  # settings given by --config may stand beside the files
            inside = full.lstrip(os.sep)
        return self._specs[patterns].match_file(inside.replace(os.sep, "/") + ("/" if folder else ""))


def _matching(rules: Ruleset, selectors: frozenset[str]) -> set[str]:
    """Ids of ``rules`` that ``selectors`` name; those that are not in force were checked when the settings were."""
    return {i for i in rules.by_id if i in selectors or i.partition("/")[0] in selectors or "ALL" in selectors}


class Projects:
    """The projects of one run, found by folder and loaded once each.

    ``overrides`` are arguments of `Settings.over`. With ``isolated`` no settings file is read; with ``chosen`` that one only.
    Settings that ``results`` knows to be sound are not tried again: their rules are loaded when a file needs them.
    """

    def __init__(self, overrides: Mapping[str, Any], *, isolated: bool = False, chosen: Path | None = None, cache: bool = True, results: Results | None = None) -> None:
        self.overrides, self.cache, self.results = overrides, cache, results
        self.loaded: list[Project] = []
        self._by_source: dict[Path | None, int | RuleError | UnknownRule] = {}
        self._by_folder: dict[str, Path | None] = {}
        self._fixed = isolated or chosen is not None
        self._chosen = chosen

    def at(self, folder: str) -> int:
        """The number in ``loaded`` of the project that ``folder`` belongs to. Raises `RuleError` or `UnknownRule`."""
        source = self._chosen if self._fixed else self._find(os.path.abspath(folder))
        if source not in self._by_source:
            try:
                self.loaded.append(self._load(source))
                self._by_source[source] = len(self.loaded) - 1
            except (RuleError, UnknownRule) as error:
                self._by_source[source] = error
        number = self._by_source[source]
        if isinstance(number, int):
            return number
        raise number

    def _find(self, folder: str) -> Path | None:
        if folder not in self._by_folder:
            own = config.find_in(Path(folder))
            above = os.path.dirname(folder)
            self._by_folder[folder] = own if own is not None or above == folder else self._find(above)
        return self._by_folder[folder]

    def settings_at(self, folder: str) -> Settings:
        """The settings in force for ``folder``, rules not loaded. Raises `RuleError`."""
        return self._settings(self._chosen if self._fixed else self._find(os.path.abspath(folder)))

    def _settings(self, source: Path | None) -> Settings:
        here = Path.cwd()
        settings = Settings(root=here) if source is None else config.read(source, here if self._fixed else None)
        return settings.over(**self.overrides)

    def _load(self, source: Path | None) -> Project:
        settings = self._settings(source)
        if self.results is None:
            return _tried(Project(settings, self._loader(settings)))
        key = _key(settings)
        project = Project(settings, self._loader(settings), key)
        if not key or not self.results.knows(key):
            _tried(project)
            self.results.note(key)
        return project

    def _loader(self, settings: Settings) -> Callable[[], Ruleset]:
        def load() -> Ruleset:
            from arlint import ruleset

            try:
                every = ruleset.load(settings.rule_paths, settings.rules, use_cache=self.cache)
            except UnknownRule as error:
                raise _located(settings, error, [("rules", rule) for rule in settings.rules]) from None
            return every if self.cache else replace(every, key="")  # rules without a key keep no scanner

        return load


class Rules(Mapping[str, Rule]):
    """All rules of some projects by id, loaded when one is asked for: most formats need none."""

    def __init__(self, projects: Sequence[Project]) -> None:
        self._projects = projects

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for project in self._projects for rule in project.every.rules}

    def __getitem__(self, rule: str) -> Rule:
        return self._by_id[rule]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


def _tried(project: Project) -> Project:
    """The same project, its rules loaded. Raises `RuleError` or `UnknownRule`."""
    _ = project.ruleset, project.names, project.absent
    return project


def _key(settings: Settings) -> str:
    """A digest of the settings, wherever their folder is, and of the rules and the code that they are used with."""
    for path in settings.rule_paths:
        if not path.is_dir():
            return ""
    rules = stamp.rules([builtin_folder(), *settings.rule_paths], settings.rules)
    return stamp.joined((repr(replace(settings, root=Path())), rules, stamp.code(), stamp.installed(), os.environ.get("ARLINT_NO_HYPERSCAN", "")))


def in_force(every: Ruleset, s: Settings) -> Ruleset:
    """The rules of ``every`` that the settings select. Raises `UnknownRule` with the place where a wrong name stands."""
    named = {"select": s.select or (), "ignore": s.ignore, "extend-select": s.extend_select, "extend-safe-fixes": s.extend_safe_fixes, "extend-unsafe-fixes": s.extend_unsafe_fixes}
    paths: list[tuple[str, ...]] = [(key, name) for key, names in named.items() for name in names]
    paths += [("per-file-ignores", pattern, name) for pattern, names in s.per_file_ignores.items() for name in names]
    paths += [("max-rate", name) for name in s.max_rate]
    for path in paths:
        try:
            every.matching([path[-1]])
        except UnknownRule as error:
            raise _located(s, error, [path]) from None
    for silence in s.silence:
        try:
            every.matching(silence.rules)
        except UnknownRule as error:
            name = next(name for name in silence.rules if f"'{name}'" in str(error))
            raise UnknownRule(f"{silence.origins['rules', name]}: {error}") from None
    try:
        selected = every.graded(s.extend_safe_fixes, s.extend_unsafe_fixes).select(s.profile, s.select, s.extend_select, s.ignore, s.preview)
    except UnknownRule as error:
        raise _located(s, error, [("profile",)]) from None
    return selected


def _located(settings: Settings, error: UnknownRule, paths: list[tuple[str, ...]]) -> UnknownRule:
    message = str(error)
    for path in paths:
        if len(paths) == 1 or f"'{path[-1]}'" in message:
            options = settings.rules.get(path[-1], {}) if path[0] == "rules" else {}
            deeper = next((o for o in options if f"option '{o}'" in message), None)
            at = settings.origins.get((*path, deeper) if deeper else path) or settings.origins.get(path[:1])
            return UnknownRule(f"{at}: {message}" if at else message)
    return error
