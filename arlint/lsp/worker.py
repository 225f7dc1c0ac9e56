"""The process behind a `lane`: reads questions, checks texts with the same engine as the command, writes answers.

Settings and rules are loaded once and again whenever one of their files has changed, so no editor has to watch them for us.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from arlint import config, runner
from arlint.baseline import Baseline
from arlint.baseline import known as known_of
from arlint.baseline import read as read_baseline
from arlint.baseline import told as less_known
from arlint.document import Document
from arlint.formats import RECORDS, SUFFIXES, Kind, Reading, decode
from arlint.keys import Key
from arlint.lsp import silencing
from arlint.lsp.lane import LENGTH, Answer, Overrides, Page, Question, framed
from arlint.messages import language
from arlint.projects import Project, Projects
from arlint.report import Item, Replacement, Report, explanation
from arlint.rules import RuleError, UnknownRule
from arlint.ruleset import Ruleset
from arlint.sift import Origin, sift_for
from arlint.writing import Unusable

#: Kinds by the name that editors have for a language; other languages are checked where the suffix is one of ours.
_LANGUAGES: dict[str, Kind] = {"markdown": "markdown", "html": "html"}
_Stamp = frozenset[tuple[str, int]]


def main() -> None:
    """Answer until the server closes our input, which it does by ending, too."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up between the answers
    desk = Desk()
    while len(head := questions.read(LENGTH.size)) == LENGTH.size:
        question = msgspec.msgpack.decode(questions.read(*LENGTH.unpack(head)), type=Question)
        began = time.perf_counter()
        answer = desk.answer(question)
        answer.seconds = time.perf_counter() - began
        try:
            answers.write(framed(msgspec.msgpack.encode(answer)))
            answers.flush()
        except BrokenPipeError:
            return


class Desk:
    """The settings and rules of the folders that were asked about, kept until a file of theirs changes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bytes], tuple[_Stamp, Project, Counter[Key]]] = {}

    def answer(self, question: Question) -> Answer:
        """What `arlint check` or `arlint fix` has to say of the text."""
        try:
            project, baseline = self._project(question.folder, question.overrides or Overrides())
        except (RuleError, UnknownRule) as error:
            return Answer(problem=str(error), lang=language(question.lang, None, question.locale))
        lang = language(question.lang, project.settings.lang, question.locale)
        done = Answer(lang=lang)
        path, kind = question.path, _kind(question)
        if kind is None or (path is not None and project.excludes(path)):
            return done
        name = path or "untitled"
        try:
            document = decode(question.text.encode("utf-8"), name, Reading(kind, "utf-8"))
        except Unusable as error:
            done.problem = str(error)
            return done
        rules = project.rules_for(path) if path is not None else project.ruleset
        home = silencing.home(project.settings, path)
        done.silenced_by = "comment" if document.projection is not None else os.path.basename(home or "")

        def checked(text: Document, offered: bool = False) -> Report:
            found = runner.process(text, rules, runner.Task(language=lang, keyed=bool(baseline), offered=offered), name, sift_for(project, name))
            return less_known(found, Baseline(baseline)) if baseline else found

        if question.mode == "check":
            report = checked(document, offered=True)
            done.items = [_shifted(item) for item in report.items] if document.bom else report.items
            done.pages = {ident: Page(rules.by_id[ident].url, explanation.markdown(rules.by_id[ident], lang)) for ident in {item.rule for item in report.items}}
        elif question.mode == "silence":
            report = checked(document)
            item = next((item for item in report.items if (item.rule, item.start.offset) == (question.rule, question.at - document.bom)), None)
            if item:
                done.edits = [Replacement(e.start + document.bom, e.end + document.bom, e.text) for e in silencing.comment(document, item, report.items, lambda text: checked(text).items)]
                done.addition = silencing.addition(project.settings, home, path, item) if home and path and not done.edits else None
        else:
            report = runner.process(document, rules, runner.Task("fix", question.mode == "unsafe", language=lang), name, sift_for(project, name, self._known(document, rules, project, name, baseline)))
            done.edits = [Replacement(e.start + document.bom, e.end + document.bom, e.text) for e in report.edits]
        done.problem, done.broken = report.problem, report.broken
        return done

    def _known(self, document: Document, rules: Ruleset, project: Project, name: str, baseline: Counter[Key]) -> dict[Origin, frozenset[str]]:
        """What the baseline knows of the findings in ``document``, by fingerprint."""
        if not baseline:
            return {}
        found = runner.process(document, rules, runner.Task(keyed=True), name, sift_for(project, name))
        return {(None, None): frozenset().union(*(prints for _, prints in known_of(found, Baseline(baseline))))}

    def _project(self, folder: str, overrides: Overrides) -> tuple[Project, Counter[Key]]:
        """The project of ``folder`` and the findings that its baseline knows. Raises `RuleError` and `UnknownRule`."""
        key = folder, msgspec.msgpack.encode(overrides)
        if key in self._kept:
            stamp, project, baseline = self._kept[key]
            if stamp == _stamp(folder, project):
                return project, baseline
        given = {"select": tuple(overrides.select), "ignore": tuple(overrides.ignore), "extend_select": tuple(overrides.extend_select)}
        chosen = Path(overrides.config) if overrides.config and not overrides.isolated else None
        if chosen and not chosen.is_file():
            raise UnknownRule(f"{chosen}: no such settings file")
        projects = Projects({**given, "profile": overrides.profile, "preview": overrides.preview}, isolated=overrides.isolated, chosen=chosen)
        project = projects.loaded[projects.at(folder)]
        path = project.settings.baseline
        baseline = read_baseline(path, project.settings.origins.get(("baseline",))) if path else Counter()
        self._kept[key] = _stamp(folder, project), project, baseline
        return project, baseline


def _shifted(item: Item) -> Item:
    """``item`` of a text whose byte order mark the editor counts as a character of it."""
    fix = item.fix and msgspec.structs.replace(item.fix, edits=[Replacement(e.start + 1, e.end + 1, e.text) for e in item.fix.edits])
    start, end = (msgspec.structs.replace(place, offset=place.offset + 1) for place in (item.start, item.end))
    return msgspec.structs.replace(item, start=start, end=end, fix=fix)


def _kind(question: Question) -> Kind | None:
    """How the text is read; None where it is not: source code, and files of records, which are checked by the command."""
    suffix = os.path.splitext(question.path or "")[1].lower()
    kind = _LANGUAGES.get(question.language_id) or SUFFIXES.get(suffix) or ("text" if question.language_id in ("plaintext", "text", "") else None)
    return None if kind in RECORDS else kind


def _stamp(folder: str, project: Project) -> _Stamp:
    """What tells that a settings file above ``folder``, or a rule of the project's own folders, is no longer what was loaded."""
    return frozenset(_dated(_files(folder, project)))


def _files(folder: str, project: Project) -> Iterator[Path]:
    here = Path(folder).absolute()
    for above in (here, *here.parents):
        yield from (above / name for name in config.NAMES)
    yield from project.settings.files
    if project.settings.baseline:
        yield project.settings.baseline
    for rules in project.settings.rule_paths:
        yield from rules.glob("*/*.yaml")


def _dated(files: Iterator[Path]) -> Iterator[tuple[str, int]]:
    for file in files:
        try:
            yield str(file), file.stat().st_mtime_ns
        except OSError:
            continue
