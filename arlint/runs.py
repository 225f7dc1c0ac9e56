"""`arlint report` of the folder that a run of `arlint corpus` left: the command's options become one page.

What the page says of a run is the business of ``report.page.runs``, reading the folder that of ``corpus.results``.
"""

from __future__ import annotations

import os
from typing import Any

import click

from arlint.voice import say

#: Options of a check that a run has decided already.
_DECIDED = ("since", "baseline", "fail_on", "max_rate")


def among(paths: tuple[str, ...]) -> bool:
    """Whether one of ``paths`` is the folder of a run, on this machine or elsewhere."""
    return any(os.path.isfile(os.path.join(path, "run.json")) or "://" in path for path in paths)


def report(paths: tuple[str, ...], output: str, options: dict[str, Any]) -> int:
    """Write the page of the one run in ``paths`` to ``output``; the exit status."""
    from arlint import __version__, outputs
    from arlint.corpus import results
    from arlint.corpus.store import Unreachable
    from arlint.messages import language, speak
    from arlint.report import Style
    from arlint.report.page import runs
    from arlint.session import OK, project_of

    if len(paths) > 1:
        raise click.UsageError("the folder of a corpus run stands alone: run 'arlint report' once for it and once for the others")
    given = [f"--{name.replace('_', '-')}" for name in _DECIDED if options.get(name)]
    if given:
        raise click.UsageError(f"{given[0]} is for files; what a corpus run found is already written down")
    project = project_of(options)
    lang = language(options["lang"], project.settings.lang)
    speak(lang)
    style = Style(lang, version=__version__, rules=project.every.by_id, articles=options["articles"])
    try:
        run = results.read(paths[0])
        with outputs.whole(output) as stream:
            stream.writelines(runs.html(run, style))
    except Unreachable as error:
        raise click.UsageError(str(error)) from None
    if not options["quiet"]:
        say(f"wrote {output}")
    return OK
