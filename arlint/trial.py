"""Every rule of a folder tried on its examples, every problem collected: what ``test-rules`` shows.

Unlike ``ruleset.load``, which stops at the first refusal, this goes on to the other files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from arlint import ruleset
from arlint.checks import compile_rule
from arlint.proof import problems as unproved
from arlint.rules import FAMILIES, RuleError, builtin_folder, read_lexicons, read_rule, rule_files
from arlint.ruleset import Entry, Ruleset


@dataclass
class Trial:
    """How many rules and examples were tried, and ``file:line: what is wrong`` for each that does not hold."""

    rules: int = 0
    examples: int = 0
    problems: list[str] = field(default_factory=list)


def problems(folder: Path | None) -> Trial:
    """The trial of the rules in ``folder``, among those that arlint ships; of the shipped ones without a folder.

    Raises `RuleError` for a folder that is not there, and for a lexicon that cannot be read.
    """
    builtin = builtin_folder()
    folder = folder or builtin
    if not folder.is_dir():
        raise RuleError(folder, None, "no such folder of rules")
    own_shipped = folder.resolve() == builtin.resolve()
    shipped = () if own_shipped else ruleset.load().entries
    lexicons = read_lexicons([builtin] if own_shipped else [builtin, folder])
    known = {entry.rule.id: entry.rule.path for entry in shipped}
    trial = Trial()
    entries: list[Entry] = []
    for family, path in rule_files(folder):
        try:
            rule = read_rule(path, family)
            if rule.id in known:
                raise RuleError(path, 1, f"there is a rule '{rule.id}' already, in {known[rule.id]}: choose another file name")
            entries.append(Entry(rule, None, compile_rule(rule, lexicons, {})))
        except RuleError as error:
            trial.problems.append(str(error))
    ordered = sorted([*shipped, *entries], key=lambda e: (FAMILIES.index(e.rule.family), e.rule.id))
    every = Ruleset(tuple(ordered))
    for entry in entries:
        trial.rules += 1
        trial.examples += len(entry.rule.bad) + len(entry.rule.good)
        trial.problems += [f"{entry.rule.path}:{line}: {problem}" if line else f"{entry.rule.path}: {problem}" for line, problem in unproved(entry.rule, every)]
    return trial
