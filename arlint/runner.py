"""What is done to one file, or to one batch of records: read, checked or fixed, and told as a report.

Many files, on one process or several, are the business of ``pool``; how a report is written, of ``report``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from arlint import report, results, stream
from arlint.document import Document, in_utf8
from arlint.engine import Faulty, check
from arlint.findings import Finding
from arlint.formats import decode, text
from arlint.formats.records import Batch
from arlint.keys import key_of
from arlint.plain import shown
from arlint.report import Report
from arlint.report.spots import spots, words
from arlint.ruleset import Ruleset
from arlint.sift import Sift, sift_for
from arlint.task import Task as Task
from arlint.walk import Target
from arlint.writing import replace

if TYPE_CHECKING:
    from arlint.projects import Project
    from arlint.report.page.sheets import Sheet


def piped(source: IO[bytes], out: IO[bytes], name: str, project: Project, task: Task) -> Iterator[Report]:
    """The reports of the records in ``source``, which is called ``name``; fixed ones go to ``out``."""
    file = stream.Stream(Target(name, 0, named=True), project.reading, task.mode == "fix", source, out if task.mode == "fix" else None)
    for batch in file.batches():
        yield file.take(batch, records(batch, name, project, task))
    yield file.close()
    out.flush()


def records(batch: Batch, path: str, project: Project, task: Task) -> stream.Done:
    """What ``task`` finds in, and makes of, some records of the file at ``path``; nothing is written."""
    rules, sift = project.rules_for(path), sift_for(project, path, task.known.get(path), task.changed.get(path))
    try:
        return stream.work(batch, path, project.reading, lambda document: process(document, rules, task, path, sift), task.to_utf8)
    except text.Unusable as error:
        return stream.Done(Report(path, more=True, documents=0), problem=str(error))


def one(target: Target, project: Project, task: Task) -> Report:
    """What `whole` says of the file that ``target`` names, read and, where it is fixed, replaced."""
    try:
        data = text.read(target.path)
        outcome = whole(data, target.path, project, task)
        outcome.key = results.key(data, target.path, project, task) if results.final(outcome) else None
        if outcome.changed and task.mode == "fix" and outcome.output is not None:
            replace(target.path, outcome.output, data, task.log, outcome.mended)
    except text.Unusable as error:
        return Report(target.path, problem=str(error))
    outcome.output, outcome.mended = None, []
    return outcome


def whole(data: bytes, path: str, project: Project, task: Task) -> Report:
    """What ``task`` finds in, and makes of, the file at ``path`` that holds ``data``; nothing is read or written."""
    try:
        document = decode(data, path, project.reading)
        if task.to_utf8:
            document = in_utf8(document)
    except text.Unusable as error:
        return Report(path, problem=str(error))
    told = process(document, project.rules_for(path), task, path, sift_for(project, path, task.known.get(path), task.changed.get(path)))
    if told.document is not None and (told.changed or task.to_utf8):
        told.output = told.document.to_bytes()
        told.changed = told.output != data
        if not task.to_utf8 and (taken := decode(told.output, path, project.reading).encoding) != document.encoding:  # told from too few bytes
            return Report(path, problem=f"too little in it tells its encoding, and its repair would be taken for {taken}; name it with --encoding {document.encoding}. Nothing was written")
    told.document, told.edits = None, []
    return told


def process(document: Document, rules: Ruleset, task: Task, path: str, sift: Sift | None = None) -> Report:
    """What ``task`` finds in, and makes of, one document, less what ``sift`` lets be; nothing is read or written."""
    sift = sift or Sift()
    try:
        if task.mode == "check":
            every = check(document, rules)
            left = sift(document, every)
            if task.offered:
                from arlint.fixes import offered

                left = offered(document, left)
            told = _told(document, left, every, task, path, sift)
            if task.sheets:
                told.sheets = [_sheet(document, left, rules, told, sift)]
            return told
        return _fixed(document, rules, task, path, sift)
    except Faulty as error:
        return Report(path, problem=f"{error}; left as it was. Leave the rule out with --ignore {error.rule.id}")
    except Exception as error:  # noqa: BLE001  one file must not end the run of thousands
        import traceback

        last = traceback.extract_tb(error.__traceback__)[-1]
        return Report(path, problem=f"arlint failed here ({type(error).__name__}: {error}, {os.path.basename(last.filename)}:{last.lineno}); left as it was. Please report this with the file")


def _sheet(document: Document, findings: list[Finding], rules: Ruleset, told: Report, sift: Sift) -> Sheet:
    from arlint.fixes import UNSAFE, fix
    from arlint.report.page.sheets import sheet

    repaired = fix(document, rules, UNSAFE, sift).document.text if any(f.fix for f in findings) else document.text
    return sheet(document, [finding for finding in findings if not finding.stored], repaired, told.words, shown(told.path))


def _fixed(document: Document, rules: Ruleset, task: Task, path: str, sift: Sift) -> Report:
    from arlint.fixes import SAFE, UNSAFE, fix

    outcome = fix(document, rules, UNSAFE if task.unsafe else SAFE, sift)
    told = _told(outcome.document, outcome.remaining, outcome.every, task, path, sift)
    told.broken = outcome.broken
    told.fixed = Counter(finding.rule.id for finding in outcome.fixed)
    told.changed = outcome.document.raw != document.raw
    told.document, told.edits = outcome.document, outcome.edits
    if task.log:
        from arlint.fixlog import mended

        told.mended = mended(outcome, shown(path))
    if task.mode == "diff" and told.changed:
        from arlint.report.patch import unified

        mark = "\ufeff" if document.bom else ""
        told.diff = unified(mark + document.raw, mark + outcome.document.raw, ":".join(filter(None, (path, report.part(document.record, document.field)))))
    return told


def _told(document: Document, findings: list[Finding], every: list[Finding], task: Task, path: str, sift: Sift) -> Report:
    excerpts = [report.excerpt(document.around(f), f.start, f.end) for f in findings] if task.excerpts else []
    told = Report(path, report.items(document, findings, shown(path), task.language, every), excerpts, used=sift.used, words=words(document))
    if task.spots:
        told.spots = spots(document, told.items)
    if task.keyed:
        told.keys = [key_of(document, finding) for finding in findings]
    return told


def told(document: Document, findings: list[Finding], task: Task, path: str) -> Report:
    """The report of ``findings`` in a file that is not one of those that were asked about."""
    report = _told(document, findings, findings, task, path, Sift())
    report.words = report.documents = 0
    return report
