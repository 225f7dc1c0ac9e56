"""Which rules nothing tells of, so that every page has to be shown to them: ``python -m benchmarks.prefilters [--profile P]``.

Whoever writes a rule looks here: one that always runs costs every page its time.
"""

from __future__ import annotations

import argparse

from arlint import ruleset
from arlint.checks import phrases_of, prefilters_of, teller_of, vocabulary_of
from arlint.prefilter import Untranslatable, prefilter


def why_always(check: object) -> str | None:
    """Why the gate cannot tell when ``check`` has nothing to say; None where it can."""
    expressions = prefilters_of(check)  # type: ignore[arg-type]
    if expressions is None:
        told = (vocabulary_of(check), teller_of(check), phrases_of(check))  # type: ignore[arg-type]
        return "its kind of check names no prefilter" if all(one is None for one in told) else None
    for expression in expressions:
        try:
            prefilter(expression)
        except Untranslatable as error:
            return f"its expression has no like: {str(error)[:60]}"
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="editorial")
    rules = ruleset.load().select(parser.parse_args().profile)
    always = [(entry.rule, why) for entry in rules.entries if (why := why_always(entry.check))]
    for rule, why in always:
        print(f"{rule.id:36} {rule.check:12} {why}")
    print(f"{len(always)} of {len(rules.entries)} rules see every page")


if __name__ == "__main__":
    main()
