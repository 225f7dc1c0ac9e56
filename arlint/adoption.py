"""How a run takes part in adoption: the baseline's counts are spent here, in one place, and its file is written here.

A check tells what the baseline leaves over. A fix, and a page of whole articles, need to know that beforehand: the files are
checked first, and what is known is then let be, the same findings that a check would not tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from arlint import baseline
from arlint.baseline import Baseline, Change
from arlint.keys import Key
from arlint.report import Report
from arlint.rules import Rule
from arlint.silences import Part, Silence

if TYPE_CHECKING:
    from arlint.projects import Projects
    from arlint.ruleset import Ruleset
    from arlint.task import Task
    from arlint.walk import Target

Work = Callable[["Task"], Iterator[Report]]


class Baselines:
    """The baselines of a run: the one that ``chosen`` names for all files, or each project's own. Raises `RuleError`."""

    def __init__(self, projects: Projects, targets: Iterable[Target], chosen: str | None) -> None:
        self.files = {target.path: target.project for target in targets}
        self.named: dict[int, Path] = {}
        self.read: dict[Path, Baseline] = {}
        for number in sorted(set(self.files.values())):
            settings = projects.loaded[number].settings
            if path := Path(chosen) if chosen else settings.baseline:
                self.named[number] = path
                if path not in self.read:
                    self.read[path] = Baseline(baseline.read(path, None if chosen else settings.origins.get(("baseline",))))

    def _of(self, report: Report) -> Baseline | None:
        path = self.named.get(self.files[report.path])
        return self.read[path] if path else None

    def run(self, task: Task, work: Work) -> Iterator[Report]:
        """The reports of ``work`` on ``task``, less what the baselines know."""
        if not self.read:
            return work(task)
        if task.mode == "check" and not task.sheets:
            keyed = work(replace(task, keyed=True))
            return (baseline.told(report, left) if (left := self._of(report)) else report for report in keyed)
        known: dict[str, dict[tuple[str | None, str | None], frozenset[str]]] = {}
        for report in work(replace(task, mode="check", keyed=True, excerpts=False, spots=False, sheets=False, log=None)):
            if there := self._of(report):
                for origin, prints in baseline.known(report, there):
                    of_file = known.setdefault(report.path, {})
                    of_file[origin] = of_file.get(origin, frozenset()) | prints
        return work(replace(task, known=known))


@dataclass
class Written:
    """One baseline file that `write` looked after; ``whole`` says whether everything could be read."""

    path: Path
    changed: bool
    change: Change
    whole: bool


def write(projects: Projects, targets: Iterable[Target], chosen: str | None, task: Task, work: Work, failed: bool) -> Iterator[Written]:
    """Write what ``work`` finds to the baseline of each file's project. Raises `RuleError`.

    Where something could not be read, its findings are not known to be gone: then nothing is taken out.
    """
    files = {target.path: target.project for target in targets}
    counts: dict[Path, Counter[Key]] = {}
    torn: set[Path] = set()
    homes = {number: Path(chosen) if chosen else projects.loaded[number].settings.baseline or Path(baseline.NAME) for number in set(files.values())}
    before = {path: baseline.read(path) if path.exists() else Counter() for path in sorted(set(homes.values()))}
    for report in work(replace(task, mode="check", keyed=True, excerpts=False)):
        path = homes[files[report.path]]
        counts.setdefault(path, Counter()).update(report.keys)
        if report.problem or report.unread:
            torn.add(path)
    for path, old in before.items():
        whole = not failed and path not in torn
        new = counts.get(path, Counter()) if whole else counts.get(path, Counter()) | old
        yield Written(path, baseline.write(path, new), baseline.change(old, new), whole)


def summary(written: Written) -> str:
    """What became of one baseline file, on one line."""
    change = written.change
    total = change.added + change.kept
    what = f"{change.added} added, {change.removed} removed, {change.kept} kept"
    said = f"{'wrote ' if written.changed else ''}{written.path}: {total} finding{'' if total == 1 else 's'} ({what}){'' if written.changed else ', unchanged'}"
    return said if written.whole else f"{said}; not everything could be read, so nothing was taken out"


def needed(reports: Iterable[Report], projects: Projects, targets: Iterable[Target], paths: Iterable[str], task: Task) -> Iterator[Report]:
    """The same reports, and one for each settings file that silences what is not there.

    That is said only where all of a project was looked at, by all of its rules, and could be read.
    """
    files = {target.path: target.project for target in targets}
    used: dict[int, set[tuple[int, Part]]] = {}
    torn = bool(task.changed)
    for report in reports:
        torn |= report.problem is not None or bool(report.unread)
        if report.path in files:
            used.setdefault(files[report.path], set()).update(report.used)
        yield report
    tops = [Path(path).resolve() for path in paths]
    for number in used if not torn else ():
        project = projects.loaded[number]
        whole = any(project.settings.root.resolve().is_relative_to(top) for top in tops)
        if not project.settings.silence or not whole:
            continue
        from arlint.suppress import UNUSED

        if (rule := project.ruleset.by_id.get(UNUSED)) and not project.absent:
            yield from _unneeded(project.settings.silence, used[number], rule, project.ruleset, task)


def _unneeded(silences: Iterable[Silence], used: set[tuple[int, Part]], rule: Rule, rules: Ruleset, task: Task) -> Iterator[Report]:
    from arlint.document import Document
    from arlint.findings import Finding
    from arlint.runner import told
    from arlint.suppress import covers

    places: dict[str, list[tuple[int, Part]]] = {}
    for number, silence in enumerate(silences):
        parts = list(silence.parts())
        if not any((number, part) in used for part in parts) and all(key != "rules" for key, _ in parts):
            parts = [("", "")]  # none of it was needed: said once
        for part in parts:
            if (number, part) not in used and (part[0] != "rules" or any(covers(part[1], ident) for ident in rules.by_id)):
                file, _, line = silence.origins[part].rpartition(":")
                places.setdefault(file, []).append((int(line), part))
    for file, parts_there in places.items():
        document = Document(Path(file).read_text("utf-8-sig"), file)
        found = []
        for at, (_, value) in parts_there:
            start = document.line_starts[at - 1]
            text = document.raw[start:].split("\n", 1)[0].rstrip("\r")
            start += max(0, text.find(value))
            end = start + len(value or text)
            found.append(Finding(rule, start, end, document.raw[start:end], None, {"names": value or text.strip()}, stored=True))
        yield told(document, found, task, file)
