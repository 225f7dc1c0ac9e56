"""Rules ready to run: compiled once, kept per user by content, selected by id, family and profile.

The compiled form is a pickle in the user's own cache folder, written atomically and thrown away when damaged or stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path

from arlint import cache, stamp
from arlint.checks import Check, compile_rule
from arlint.gate import Gate
from arlint.page import Page
from arlint.parts import Packing, Parts
from arlint.rules import FAMILIES, FURNITURE, PROFILES, Lexicons, Rule, RuleError, UnknownRule, builtin_folder, lexicon_files, nearest, read_lexicons, read_rule, rule_files
from arlint.stamp import Options


@dataclass(eq=False)
class Entry:
    """A rule and its check, which is loaded from what is ``stored`` the first time it is asked for: most runs need a part of them only."""

    rule: Rule
    stored: tuple[bytes, Parts] | None = None
    _check: Check | None = None

    @property
    def check(self) -> Check:
        if self._check is None:
            assert self.stored is not None
            stored, parts = self.stored
            self._check = parts.load(stored)
        return self._check

    def __getstate__(self) -> tuple[Rule, tuple[bytes, Parts]]:
        return self.rule, self.stored or _apart([self])[0].stored or (b"", Parts())

    def __setstate__(self, state: tuple[Rule, tuple[bytes, Parts]]) -> None:
        self.rule, self.stored = state
        self._check = None


@dataclass(frozen=True, eq=False)
class Ruleset:
    """Compiled rules in the order in which they are mended. ``key`` names their content, for caches of results."""

    entries: tuple[Entry, ...]
    key: str = ""
    #: the tables that this selection takes a rule from as more, or less, safe than it says
    upgraded: frozenset[str] = field(default_factory=frozenset)
    downgraded: frozenset[str] = field(default_factory=frozenset)

    def __getstate__(self) -> dict[str, object]:
        """What another process needs: what was computed (a scanner cannot be handed over) is computed there again."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def _gate(self) -> Gate:
        ids = hashlib.sha256("\n".join(rule.id for rule in self.rules).encode()).hexdigest()[:16]
        return Gate(lambda number: self.entries[number].check, len(self.entries), f"{self.key}-{ids}" if self.key else "")

    def possible(self, page: Page) -> set[int] | None:
        """Positions of the entries that can match in ``page``; None where that is not known and all must be tried."""
        return self._gate.possible(page)

    def expect(self, size: int) -> None:
        """Make ready for ``size`` code points: worker processes that are forked afterwards share the scanner."""
        self._gate.expect(size)

    def warm(self) -> None:
        """Make every check ready, so that worker processes that are forked afterwards share them."""
        for entry in self.entries:
            _ = entry.check

    @cached_property
    def furniture(self) -> int:
        """How many of the entries, the first ones, are about furniture."""
        return sum(entry.rule.family in FURNITURE for entry in self.entries)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(entry.rule for entry in self.entries)

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def only(self, ids: Iterable[str]) -> Ruleset:
        """The same rules, less those that are not in ``ids``."""
        wanted = set(ids)
        return Ruleset(tuple(e for e in self.entries if e.rule.id in wanted), self.key, self.upgraded, self.downgraded)

    def graded(self, safe: Iterable[str], unsafe: Iterable[str]) -> Ruleset:
        """The same rules with ``extend-safe-fixes`` and ``extend-unsafe-fixes`` (ids, families, ``ALL``) applied."""
        up, down = self.matching(safe), self.matching(unsafe)
        return Ruleset(self.entries, self.key, frozenset(up - down), frozenset(down))

    def matching(self, selectors: Iterable[str]) -> set[str]:
        """Ids that ``selectors`` (an id, a family or ``ALL``) name. Raises `UnknownRule` with the nearest name."""
        found: set[str] = set()
        for selector in selectors:
            if selector == "ALL":
                found |= self.by_id.keys()
            elif selector in self.by_id:
                found.add(selector)
            elif selector in FAMILIES:
                found |= {i for i in self.by_id if i.startswith(selector + "/")}
            else:
                raise UnknownRule(f"no rule or family '{selector}'{nearest(selector, [*self.by_id, *FAMILIES])}")
        return found

    def select(self, profile: str = "editorial", select: Sequence[str] | None = None, extend: Sequence[str] = (), ignore: Sequence[str] = (), preview: bool = False) -> Ruleset:
        """The rules in force: those of the profile, or of ``select`` instead; with ``extend``, less ``ignore``.

        Preview rules join only with ``preview`` or when named by id; deprecated ones only when named by id.
        """
        if profile not in PROFILES:
            raise UnknownRule(f"no profile '{profile}'{nearest(profile, PROFILES)}; there are {', '.join(PROFILES)}")
        named = {s for s in [*(select or ()), *extend] if "/" in s}
        chosen = {r.id for r in self.rules if profile in r.profiles} if select is None else self.matching(select)
        chosen = (chosen | self.matching(extend)) - self.matching(ignore)
        allowed = {r.id for r in self.rules if r.status == "stable" or r.id in named or (r.status == "preview" and preview)}
        return self.only(chosen & allowed)


def load(rule_paths: Sequence[Path] = (), options: Options | None = None, *, use_cache: bool = True, builtin: Path | None = None) -> Ruleset:
    """Every rule of the shipped folder and of ``rule_paths``, compiled. Raises `RuleError`.

    A user's rules are proved on their examples the first time they are seen, with the shipped ones beside them.
    """
    for path in rule_paths:
        if not path.is_dir():
            raise RuleError(path, None, "no such folder of rules")
    folders = [builtin or builtin_folder(), *rule_paths]
    options = options or {}
    key = _key(folders, options)
    store = cache.folder() / "rules" / key
    if use_cache and (kept := cache.read(store)) is not None:
        return Ruleset(kept, key)
    # the shipped rules as they are kept already, unless another lexicon or another option would change them
    base = load(builtin=builtin).entries if use_cache and (rule_paths or options) and not any(lexicon_files(path) for path in rule_paths) else ()
    ruleset = Ruleset(tuple(_compile(folders, options, {entry.rule.path: entry for entry in base if entry.rule.id not in options})), key)
    known = {rule.id: rule for rule in ruleset.rules}
    for ident, chosen in options.items():
        if ident not in known:
            raise UnknownRule(f"no rule '{ident}'{nearest(ident, known)}")
        for option, value in chosen.items():
            choices = known[ident].options.get(option)
            if choices is None:
                raise UnknownRule(f"rule '{ident}' has no option '{option}'{nearest(option, known[ident].options)}")
            if value not in choices:
                raise UnknownRule(f"option '{option}' of '{ident}' is one of {', '.join(choices)}, not '{value}'")
    if rule_paths:
        from arlint.proof import prove

        roots = tuple(str(path) for path in rule_paths)
        for rule in ruleset.rules:
            if rule.path.startswith(roots):
                prove(rule, ruleset)
    if use_cache:
        ruleset = Ruleset(tuple(_apart(ruleset.entries)), key)
        cache.write(store, ruleset.entries)
    return ruleset


def _apart(entries: Sequence[Entry]) -> list[Entry]:
    """``entries`` as they are stored: what several checks hold alike is there once."""
    packing = Packing()
    return [entry if entry.stored else Entry(entry.rule, (packing.packed(entry.check), packing.parts)) for entry in entries]


def _compile(folders: Sequence[Path], options: Options, kept: Mapping[str, Entry]) -> list[Entry]:
    """Every rule of ``folders``; those ``kept`` under the path of their file are taken as they are."""
    lexicons: Lexicons = read_lexicons(folders)
    rules: dict[str, Rule] = {}
    for folder in folders:
        for family, path in rule_files(folder):
            rule = kept[str(path)].rule if str(path) in kept else read_rule(path, family)
            if rule.id in rules:
                raise RuleError(path, 1, f"there is a rule '{rule.id}' already, in {rules[rule.id].path}: choose another file name")
            rules[rule.id] = rule
    ordered = sorted(rules.values(), key=lambda r: (FAMILIES.index(r.family), r.id))
    return [kept.get(rule.path) or Entry(rule, None, compile_rule(rule, lexicons, options.get(rule.id, {}))) for rule in ordered]


def _key(folders: Sequence[Path], options: Options) -> str:
    """A digest of all that the compiled form depends on: the rules, their options, the code that compiles them, and ``regex``, whose compiled form is stored."""
    import regex

    return stamp.joined((cache.MAGIC.decode(), regex.__version__, stamp.code("", "checks"), stamp.rules(folders, options)))
