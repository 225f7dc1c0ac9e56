"""`checkstyle`: the XML of Checkstyle's reports, which Jenkins, reviewdog and many editors read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from arlint.report import Item, Report, Style, Tally
from arlint.report.github import problems
from arlint.report.places import named, told, top, where
from arlint.report.xml import HEAD, attributes

#: The version of Checkstyle whose reports these are like; readers look at it.
VERSION = "10.0"


def checkstyle(reports: Iterable[Report], tally: Tally, style: Style) -> Iterator[str]:
    """A ``file`` for every file with findings or trouble, an ``error`` for each of them."""
    base = top()
    yield f'{HEAD}<checkstyle version="{VERSION}">\n'
    for report in reports:
        errors = [_error(item, line) for item, line in report.placed()]
        errors += [f"    <error{attributes({'severity': 'error', 'message': problem, 'source': 'arlint.unread'})}/>\n" for problem in problems(report)]
        yield f"  <file{attributes({'name': named(report.path, base)})}>\n{''.join(errors)}  </file>\n" if errors else ""
    yield "</checkstyle>\n"


def _error(item: Item, line: int | None) -> str:
    place = where(item, line)
    numbers = {name: str(number) for name, number in (("line", place.line), ("column", place.column)) if number is not None}
    return f"    <error{attributes({**numbers, 'severity': item.severity, 'message': told(item), 'source': 'arlint.' + item.rule.replace('/', '.')})}/>\n"
