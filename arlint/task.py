"""What is asked of a run, and the files that it is asked of: plain data, so that a command that finds all in its cache loads no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from arlint.findings import Language
    from arlint.fixlog import Log
    from arlint.sift import Origin


@dataclass(frozen=True)
class Task:
    """What is done to every file."""

    mode: Literal["check", "fix", "diff"] = "check"
    unsafe: bool = False
    excerpts: bool = False
    spots: bool = False
    #: whether reports carry the text of articles, as it is and as it would be after both kinds of fix
    sheets: bool = False
    language: Language = "en"
    #: whether reports carry the keys of their findings, for a baseline
    keyed: bool = False
    #: whether fixes are offered one by one, so that each has to keep its promise by itself
    offered: bool = False
    #: fingerprints that the baseline holds, by path and then by record and field
    known: Mapping[str, Mapping[Origin, frozenset[str]]] = field(default_factory=dict)
    #: lines asked about, first and last from 1, by path; all lines of the other files are
    changed: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    log: Log | None = None
    to_utf8: bool = False
