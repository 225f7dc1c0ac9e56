"""Rule files and lexicons: read, decoded strictly, and refused with file and line where they are not what they must be.

What a rule finds is the business of ``checks``; which rules apply, and their compiled form, of ``ruleset``; whether a rule's
examples hold, of ``proof``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from arlint.findings import Applicability, Finding, Language

if TYPE_CHECKING:
    import yaml

FAMILIES = (
    "boilerplate",
    "duplicate",
    "caption",
    "attribution",
    "truncation",
    "outlet",
    "markup",
    "characters",
    "quotes",
    "numbers",
    "spacing",
    "punctuation",
    "spelling",
    "consistency",
    "suppression",
)
"""In the order in which findings are mended: furniture first, it swallows what lies inside it (design, Order matters)."""

FURNITURE = frozenset(FAMILIES[:4])
PROFILES = ("editorial", "corpus", "strict")


class RuleError(ValueError):
    """A rule file or lexicon that cannot be used: one line with file, line and what to write instead."""

    def __init__(self, path: Path | str, line: int | None, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")
        self.place = path, line, message

    def __reduce__(self) -> tuple[type[RuleError], tuple[Path | str, int | None, str]]:
        return type(self), self.place  # it may come back from a worker process


class UnknownRule(ValueError):
    """A name that no rule, family or profile has."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text that proves a rule: ``fix`` is what it must become, ``found`` the place where the rule must fire."""

    text: str
    title: str | None = None
    found: str | None = None
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What the page of a rule says in one language."""

    summary: str
    why: str
    unsafe_because: str | None = None


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule file, decoded. ``parameters`` are the keys that belong to its kind of check; ``arabic`` is its page in Arabic."""

    id: str
    summary: str
    message: Mapping[str, str]
    why: str
    since: str
    status: Literal["preview", "stable", "deprecated"]
    severity: Literal["error", "warning", "info"]
    profiles: tuple[str, ...]
    check: str
    parameters: Mapping[str, Any]
    options: Mapping[str, tuple[str, ...]]
    applicability: Applicability | None
    fix_title: Mapping[str, str]
    removes: Literal["copy", "furniture"] | None
    unsafe_because: str | None
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    refs: tuple[str, ...]
    path: str
    arabic: About | None = None
    lines: Mapping[str, int] = field(default_factory=dict)

    def about(self, language: Language) -> About:
        """Its page in ``language``; in English where nobody has written it in that."""
        return self.arabic if self.arabic and language == "ar" else About(self.summary, self.why, self.unsafe_because)

    @property
    def family(self) -> str:
        return self.id.partition("/")[0]

    @property
    def url(self) -> str:
        """Where the rule can be read: a shipped one with the project, one's own where it lies."""
        own = not Path(self.path).is_relative_to(builtin_folder())
        return Path(self.path).absolute().as_uri() if own else f"https://github.com/arlint/arlint/blob/main/rules/{self.id}.yaml"

    def say(self, template: Mapping[str, str], language: Language, finding: Finding) -> str:
        """``template`` in ``language`` with the finding's values filled in, long text cut, invisible characters named."""
        from arlint.plain import visible

        values = {"found": finding.found, "fix": finding.replacement, **finding.values}
        shown = {name: _shorten(visible(value)) for name, value in values.items()}
        return template.get(language, template.get("en", "")).format_map(_Blank(shown))


class _Blank(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _shorten(text: str, limit: int = 70) -> str:
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 3 :]}"


Lexicon = Mapping[str, Any]
Lines = dict[str, int]


def read_yaml(path: Path, text: str | None = None) -> tuple[Any, Lines]:
    """The plain data of one YAML file and the line of every node, by its path (``$.fix.title``).

    Refuses duplicate keys, aliases (a few lines of them expand without bound) and tags.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(path.read_text("utf-8") if text is None else text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or error)
        said = "nested too deeply to be read" if "nesting depth" in problem else f"not valid YAML: {problem}"  # newer parsers count themselves
        raise RuleError(path, mark.line + 1 if mark else None, said) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(path, None, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    except RecursionError:
        raise RuleError(path, None, "nested too deeply to be read") from None
    lines: Lines = {}
    try:
        return (_plain(node, path, "$", lines, set()) if node else {}), lines
    except RecursionError:
        raise RuleError(path, None, "nested too deeply to be read") from None


def _plain(node: yaml.Node, path: Path, where: str, lines: Lines, seen: set[int]) -> Any:
    import yaml

    line = node.start_mark.line + 1
    lines.setdefault(where, line)
    if id(node) in seen:
        raise RuleError(path, line, "aliases (*name) are not allowed here: write the value out")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise RuleError(path, key.start_mark.line + 1, "keys must be plain text")
            if key.value in out:
                raise RuleError(path, key.start_mark.line + 1, f"'{key.value}' stands twice")
            lines[f"{where}.{key.value}"] = key.start_mark.line + 1
            out[key.value] = _plain(value, path, f"{where}.{key.value}", lines, seen)
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, path, f"{where}[{i}]", lines, seen) for i, item in enumerate(node.value)]
    kind, value = node.tag.rpartition(":")[2], node.value
    try:
        if kind == "int":
            return int(value.replace("_", ""), 0)
        if kind == "float":
            return float(value)
    except ValueError:
        return value
    return {"bool": value.lower() in ("true", "yes", "on"), "null": None}.get(kind, value)


def read_rule(path: Path, family: str) -> Rule:
    """The rule in ``path``. Raises `RuleError` for whatever its form forbids; its examples are not tried here."""
    from arlint.schema import decode

    data, lines = read_yaml(path)
    return decode(data, lines, path, f"{family}/{path.stem}")


def rule_files(folder: Path) -> list[tuple[str, Path]]:
    """(family, file) of every rule below ``folder``, in order of family and name."""
    return [(path.parent.name, path) for path in sorted(folder.glob("*/*.yaml")) if path.parent.name != "lexicons"]


def lexicon_files(folder: Path) -> list[Path]:
    """The lexicons of a rule folder."""
    return sorted(folder.glob("lexicons/*.yaml"))


def builtin_folder() -> Path:
    """Where the shipped rules are: inside the installed package, or at the top of the source tree."""
    package = Path(__file__).parent
    return package / "rules" if (package / "rules").is_dir() else package.parent / "rules"


def closest(name: str, names: Iterable[str]) -> str | None:
    """The known name that ``name`` is a misspelling of, as far as can be told."""
    import difflib

    return next(iter(difflib.get_close_matches(name, list(names), 1, 0.6)), None)


def nearest(name: str, names: Iterable[str]) -> str:
    """`` (did you mean 'x'?)``, or nothing where no known name is close."""
    close = closest(name, names)
    return f" (did you mean '{close}'?)" if close else ""


class Lexicons:
    """Lists of facts by ``lexicon.key``, and the regex fragments that patterns make of them."""

    def __init__(self, data: Mapping[str, Lexicon]) -> None:
        self.data = data

    def get(self, reference: str) -> Any:
        """The list or mapping that ``reference`` names. Raises KeyError with what is there instead."""
        name, _, key = reference.partition(".")
        if name not in self.data:
            raise KeyError(f"no lexicon '{name}'{nearest(name, self.data)}")
        if key not in self.data[name]:
            raise KeyError(f"lexicon '{name}' has no '{key}'{nearest(key, self.data[name])}")
        return self.data[name][key]

    def phrases(self, reference: str) -> list[str]:
        """The phrases of a list, or the keys of a mapping."""
        return [str(entry) for entry in self.get(reference)]


def read_lexicons(folders: Iterable[Path]) -> Lexicons:
    """All lexicons below ``folders``; a later folder's lexicon replaces one of the same name."""
    data: dict[str, Lexicon] = {}
    for folder in folders:
        for path in lexicon_files(folder):
            loaded, _ = read_yaml(path)
            if not isinstance(loaded, dict) or not isinstance(loaded.get("about"), str):
                raise RuleError(path, 1, "a lexicon is a mapping that opens with 'about: where its facts come from'")
            data[path.stem] = loaded
    return Lexicons(data)
