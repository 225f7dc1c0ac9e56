"""`junit`: a test suite for every file, which Jenkins, GitLab, Azure and CircleCI show as test results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from arlint.report import Item, Report, Style, Tally
from arlint.report.github import problems
from arlint.report.places import named, part, top
from arlint.report.xml import HEAD, allowed, attributes


def junit(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """A suite for every file (or part of one): a failed case for every finding, an error for what could not be read, and one
    case that passes for a file in which nothing was found."""
    base = top()
    yield f'{HEAD}<testsuites name="arlint">\n'
    for report in reports:
        yield _suite(report, named(report.path, base))
    yield "</testsuites>\n"


def _suite(report: Report, path: str) -> str:
    trouble = problems(report)
    cases = [_case(path, f"{item.rule} {_at(item)}", "failure", item.message, item.rule, _details(item)) for item in report.items]
    cases += [_case(path, "read", "error", problem, "arlint.unread", "") for problem in trouble]
    if not cases:
        cases = [f"    <testcase{attributes({'classname': path, 'name': 'arlint'})}/>\n"]
    counts = {"tests": len(cases), "failures": len(report.items), "errors": len(trouble)}
    return f"  <testsuite{attributes({'name': path, **{name: str(count) for name, count in counts.items()}})}>\n{''.join(cases)}  </testsuite>\n"


def _case(path: str, name: str, kind: str, message: str, rule: str, details: str) -> str:
    inner = f"<{kind}{attributes({'type': rule, 'message': message})}>{escape(allowed(details))}</{kind}>"
    return f"    <testcase{attributes({'classname': path, 'name': name})}>{inner}</testcase>\n"


def _at(item: Item) -> str:
    return part(item) or f"{item.start.line}:{item.start.column}"


def _details(item: Item) -> str:
    fix = f"\nfix ({item.fix.applicability}): {item.fix.title}" if item.fix else ""
    return f"{item.path}, {_at(item)}: {item.severity}: {item.message}{fix}"
