"""`sarif`: the Static Analysis Results Interchange Format 2.1.0, which code scanning services and editors read.

Results come first and the rules that they name last, so that a run of any size is written as it goes. Columns and offsets count
code points, and the log says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from arlint.report import Item, Report, Style, Tally
from arlint.report.explanation import markdown, plain
from arlint.report.github import problems
from arlint.report.machine import elements
from arlint.report.places import HOME, STDIN, page_of, part, told, top, uri
from arlint.report.spots import Point, Region, Spot
from arlint.rules import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
BASE = "SRCROOT"


def sarif(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """One log with one run: results, their rules, and notifications about what could not be read."""
    base = top()
    numbers: dict[str, int] = {}
    notes: list[dict[str, Any]] = []
    yield f'{{"$schema": {_json(SCHEMA)}, "version": "2.1.0", "runs": [{{\n"results": ['

    def results() -> Iterator[list[str]]:
        for report in reports:
            artifact = _artifact(report.path, base)
            notes.extend(_note(problem, artifact) for problem in problems(report))
            yield [_json(_result(item, line, spot, artifact, numbers.setdefault(item.rule, len(numbers)))) for (item, line), spot in zip(report.placed(), report.spots, strict=True)]

    yield from elements(results(), " ")
    invocation = {
        "executionSuccessful": not (tally.failed or tally.unread),
        "toolExecutionNotifications": notes,
        "toolConfigurationNotifications": [_note(problem) for problem in tally.unread],
    }
    driver = {
        "name": "arlint",
        "semanticVersion": style.version,
        "informationUri": HOME,
        "rules": [_rule(ident, style.rules.get(ident), style) for ident in numbers],
    }
    rest = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "language": style.language,
        "originalUriBaseIds": {BASE: {"description": {"text": "The top of the repository, or the folder in which arlint ran where there is none."}}},
        "invocations": [invocation],
        "properties": {"words": tally.counts.words, "gates": [verdict.row() for verdict in tally.verdicts]},
    }
    yield "\n],\n" + ",\n".join(f"{_json(key)}: {_json(value)}" for key, value in rest.items()) + "\n}]}\n"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _artifact(path: str, base: str) -> dict[str, str]:
    address = uri(path, base)
    return {"uri": address} if address.startswith("file:") or path == STDIN else {"uri": address, "uriBaseId": BASE}


def _note(text: str, artifact: dict[str, str] | None = None) -> dict[str, Any]:
    where = {"locations": [{"physicalLocation": {"artifactLocation": artifact}}]} if artifact else {}
    return {"level": "error", "message": {"text": text}, **where}


def _result(item: Item, line: int | None, spot: Spot, artifact: dict[str, str], number: int) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": artifact}
    location: dict[str, Any] = {"physicalLocation": physical}
    if item.record is None:
        physical["region"] = {**_region(spot.found), "charOffset": item.start.offset, "charLength": item.end.offset - item.start.offset}
    else:
        location["logicalLocations"] = [{"name": item.field or item.record, "fullyQualifiedName": part(item), "kind": "member"}]
        if line:
            physical["region"] = {"startLine": line}
    result = {
        "ruleId": item.rule,
        "ruleIndex": number,
        "level": LEVELS[item.severity],
        "message": {"text": told(item)},
        "locations": [location],
        "partialFingerprints": {"arlint/v1": item.fingerprint},
    }
    if item.fix and item.record is None:
        edits = sorted(item.fix.edits, key=lambda e: (e.start, e.end))
        replacements = [
            {"deletedRegion": {**_region(region), "charOffset": edit.start, "charLength": edit.end - edit.start}, "insertedContent": {"text": edit.text}}
            for edit, region in zip(edits, spot.edits, strict=True)
        ]
        title = f"{item.fix.title} ({item.fix.applicability})"
        result["fixes"] = [{"description": {"text": title}, "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}]}]
    return result


def _region(region: Region) -> dict[str, int]:
    return {**_point(region.start, "start"), **_point(region.end, "end")}


def _point(point: Point, name: str) -> dict[str, int]:
    return {f"{name}Line": point.line, f"{name}Column": point.column}


def _rule(ident: str, rule: Rule | None, style: Style) -> dict[str, Any]:
    """What a reader is told about a rule, all of it from the rule's own file."""
    if rule is None:
        return {"id": ident}
    address, about = page_of(rule, style.version), rule.about(style.language)
    return {
        "id": ident,
        "name": "".join(word.capitalize() for word in rule.id.partition("/")[2].split("-")),
        "shortDescription": {"text": about.summary},
        "fullDescription": {"text": about.why},
        "help": {"text": plain(rule, Style(style.language)), "markdown": markdown(rule, style.language)},
        **({"helpUri": address} if address else {}),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [rule.family, *(f"profile-{profile}" for profile in rule.profiles), *([f"fix-{rule.applicability}"] if rule.applicability else [])]},
    }
