"""Lines that changed since a git revision, asked from git itself: the working tree against the revision, renames followed.

What git cannot compare line by line (a binary file, an untracked one) counts as changed whole.
"""

from __future__ import annotations

import os
import re
import subprocess
from codecs import escape_decode
from collections.abc import Iterable, Sequence

from arlint.rules import RuleError

#: First and last line, from 1.
Lines = tuple[tuple[int, int], ...]

_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
#: Variables by which a hook's git names its own repository; the files say which one is meant. The index stays that of the hook.
_NAMED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS")


class NoAnswer(RuleError):
    """git cannot say what changed: one line with the reason."""


def changed(paths: Iterable[str], revision: str) -> dict[str, Lines | None]:
    """The lines of each of ``paths`` that differ from ``revision``: none of them, or None for the whole file. Raises `NoAnswer`."""
    tops: dict[str, str | None] = {}
    repositories: dict[str, _Repository] = {}
    out: dict[str, Lines | None] = {}
    for path in paths:
        real = os.path.realpath(path)
        top = _top(os.path.dirname(real), tops)
        if top is None:
            raise NoAnswer(path, None, f"not in a git repository, so --since {revision} cannot say what changed in it")
        if top not in repositories:
            repositories[top] = _Repository(top, revision)
        out[path] = repositories[top].lines(os.fsencode(os.path.relpath(real, top).replace(os.sep, "/")))
    return out


def _top(folder: str, tops: dict[str, str | None]) -> str | None:
    """The top of the repository that ``folder`` lies in."""
    if folder not in tops:
        above = os.path.dirname(folder)
        tops[folder] = folder if os.path.exists(os.path.join(folder, ".git")) else None if above == folder else _top(above, tops)
    return tops[folder]


class _Repository:
    """What differs from a revision in the repository at ``top``, by path below it."""

    def __init__(self, top: str, revision: str) -> None:
        self.top, self.revision = top, revision
        base, dots, other = revision.partition("...")
        commit = self._commit(base or "HEAD")
        if dots:
            commit = self._git("merge-base", commit, self._commit(other or "HEAD"), silent=f"no commit that {base or 'HEAD'} and {other or 'HEAD'} have in common").decode("ascii").strip()
        diff = ("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--find-renames", "--ignore-submodules", "--no-relative")
        self.tracked = frozenset(self._git("ls-files", "-z", "--full-name").split(b"\0"))
        self.hunks = _hunks(self._git(*diff, "--unified=0", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", "--no-indent-heuristic", commit, "--"))
        self.binary = _binary(self._git(*diff, "--numstat", "-z", commit, "--"))

    def lines(self, path: bytes) -> Lines | None:
        if path in self.binary or path not in self.tracked:
            return None
        return tuple(self.hunks.get(path, ()))

    def _commit(self, name: str) -> str:
        silent = f"no revision '{name}' in {self.top}; name a commit, branch or tag (a shallow clone lacks many: git fetch --unshallow)"
        return self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", silent=silent).decode("ascii").strip()

    def _git(self, *arguments: str, silent: str = "git failed without a word") -> bytes:
        """What git answers; ``silent`` is the reason where it fails and gives none."""
        environment = {name: value for name, value in os.environ.items() if name not in _NAMED}
        command = ["git", "-c", "core.quotePath=false", "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false", *arguments]
        try:
            done = subprocess.run(command, cwd=self.top, env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}, capture_output=True, check=False)
        except OSError:
            raise NoAnswer(f"--since {self.revision}", None, "git is not installed, and it is what knows the changes") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise NoAnswer(f"--since {self.revision}", None, said[0].removeprefix("fatal: ") if said else silent)
        return done.stdout


def _hunks(patch: bytes) -> dict[bytes, list[tuple[int, int]]]:
    """The added or changed lines of a patch without context, by new path."""
    found: dict[bytes, list[tuple[int, int]]] = {}
    path, left = b"", 0
    for line in patch.split(b"\n"):
        if left and line[:1] in b"+-":
            left -= 1
        elif line.startswith(b"+++ "):
            path = _unquoted(line[4:].rstrip(b"\t"))
        elif hunk := _HUNK.match(line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            removed = re.match(rb"@@ -\d+(?:,(\d+))?", line)
            left = count + int((removed and removed[1]) or 1)
            if count:
                found.setdefault(path, []).append((first, first + count - 1))
    return found


def _unquoted(name: bytes) -> bytes:
    """The path in a ``+++`` line, without its prefix; git writes one with odd characters as a C string."""
    if name.startswith(b'"'):
        name = escape_decode(name[1:-1])[0]
    return name.removeprefix(b"b/")


def _binary(numstat: bytes) -> frozenset[bytes]:
    """Paths that git would not compare line by line."""
    found, fields = set(), iter(numstat.split(b"\0"))
    for field in fields:
        counts, _, path = field.rpartition(b"\t")
        if not path and counts:  # a rename: the old and the new path follow
            next(fields)
            path = next(fields)
        if counts.startswith(b"-"):
            found.add(path)
    return frozenset(found)


def narrowed(paths: Sequence[str], revision: str) -> dict[str, Lines | None]:
    """As `changed`, without the files in which nothing did."""
    return {path: lines for path, lines in changed(paths, revision).items() if lines is None or lines}
