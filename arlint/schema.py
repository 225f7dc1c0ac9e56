"""The form of a rule file: what each key may hold. Decoded strictly, and answered with file, line and the nearest valid key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from arlint.rules import FAMILIES, PROFILES, About, Example, Lines, Rule, RuleError, nearest

Text = Annotated[str, msgspec.Meta(min_length=1)]


class Both(msgspec.Struct, forbid_unknown_fields=True):
    """One sentence in Arabic and in English."""

    ar: Text
    en: Text


class AboutForm(msgspec.Struct, forbid_unknown_fields=True):
    """The page of the rule in another language."""

    summary: Text
    why: Text
    unsafe_because: Text | None = None


class FixForm(msgspec.Struct, forbid_unknown_fields=True):
    applicability: Literal["safe", "unsafe", "manual"]
    title: Both
    removes: Literal["copy", "furniture"] | None = None
    unsafe_because: Text | None = None


class ExampleForm(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    title: str | None = None
    found: str | None = None
    fix: str | None = None


class RuleForm(msgspec.Struct):
    """The keys that every rule file shares; the others belong to its kind of check."""

    summary: Text
    message: Both
    why: Text
    since: str
    check: str
    bad: Annotated[list[ExampleForm], msgspec.Meta(min_length=1)]
    good: Annotated[list[str | ExampleForm], msgspec.Meta(min_length=2)]
    ar: AboutForm | None = None
    status: Literal["preview", "stable", "deprecated"] = "stable"
    severity: Literal["error", "warning", "info"] = "warning"
    profiles: list[str] = msgspec.field(default_factory=lambda: list(PROFILES))
    options: dict[str, list[str]] = msgspec.field(default_factory=dict)
    fix: FixForm | None = None
    refs: list[str] = msgspec.field(default_factory=list)


_WHERE = re.compile(r" - at `(\$[^`]*)`$")
_FIELD = re.compile(r"(?:unknown|required) field `([^`]+)`")


def convert(data: Any, form: Any, lines: Lines, path: Path, start: str = "$") -> Any:
    """``data`` as ``form``, or a `RuleError` at the line of the value that does not fit."""
    try:
        return msgspec.convert(data, form)
    except msgspec.ValidationError as error:
        message = str(error)
        at = _WHERE.search(message)
        where = start + (at.group(1)[1:] if at else "")
        message = _WHERE.sub("", message)
        if (name := _FIELD.search(message)) and "unknown" in message:
            where = f"{where}.{name.group(1)}"
        elif name:
            message = f"'{name.group(1)}' is missing"
        line = lines.get(where) or lines.get(where.rpartition(".")[0]) or lines.get(start, 1)
        raise RuleError(path, line, f"{where.removeprefix('$.')}: {message}".removeprefix("$: ")) from None


def decode(data: Any, lines: Lines, path: Path, ident: str) -> Rule:
    """The rule that ``data`` spells. Raises `RuleError`."""
    from arlint.checks import KINDS, form_of

    family, _, name = ident.partition("/")
    if not isinstance(data, dict):
        raise RuleError(path, 1, "a rule file is a mapping; see CONTRIBUTING.md for its keys")
    if family not in FAMILIES:
        raise RuleError(path, None, f"no family '{family}'{nearest(family, FAMILIES)}; a rule lies in <family>/<name>.yaml")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise RuleError(path, None, f"'{name}' is not an id: lower-case ASCII words joined by hyphens")
    common = {field.encode_name for field in msgspec.structs.fields(RuleForm)}
    kind = data.get("check")
    if kind in KINDS:
        own = {field.encode_name for field in msgspec.structs.fields(form_of(kind))}
        for key in data:
            if key not in common and key not in own:
                raise RuleError(path, lines[f"$.{key}"], f"unknown key '{key}' for a '{kind}' rule{nearest(key, common | own)}")
    header: RuleForm = convert({k: v for k, v in data.items() if k in common}, RuleForm, lines, path)
    if header.check not in KINDS:
        raise RuleError(path, lines["$.check"], f"no kind of check '{header.check}'{nearest(header.check, KINDS)}; there are {', '.join(KINDS)}")
    for profile in header.profiles:
        if profile not in PROFILES:
            raise RuleError(path, lines["$.profiles"], f"no profile '{profile}'{nearest(profile, PROFILES)}")
    for option, choices in header.options.items():
        if not choices:
            raise RuleError(path, lines[f"$.options.{option}"], f"option '{option}' needs its choices, the default first")
    fix = header.fix
    if fix and fix.applicability == "unsafe" and not fix.unsafe_because:
        raise RuleError(path, lines["$.fix"], "an unsafe fix says in 'unsafe_because' what it may break")
    if fix and fix.removes and fix.applicability != "safe":
        raise RuleError(path, lines["$.fix.removes"], "'removes' is what makes a deletion safe; drop it from other fixes")
    if header.ar and bool(header.ar.unsafe_because) != bool(fix and fix.unsafe_because):
        raise RuleError(path, lines["$.ar"], "'unsafe_because' stands in both languages or in neither")
    return Rule(
        id=ident,
        summary=header.summary,
        message=msgspec.to_builtins(header.message),
        why=header.why.strip(),
        since=header.since,
        status=header.status,
        severity=header.severity,
        profiles=tuple(header.profiles),
        check=header.check,
        parameters={k: v for k, v in data.items() if k not in common},
        options={k: tuple(v) for k, v in header.options.items()},
        applicability=fix.applicability if fix else None,
        fix_title=msgspec.to_builtins(fix.title) if fix else {},
        removes=fix.removes if fix else None,
        unsafe_because=fix.unsafe_because if fix else None,
        bad=tuple(Example(e.text, e.title, e.found, e.fix) for e in header.bad),
        good=tuple(Example(e) if isinstance(e, str) else Example(e.text, e.title) for e in header.good),
        refs=tuple(header.refs),
        path=str(path),
        arabic=About(header.ar.summary, header.ar.why.strip(), header.ar.unsafe_because) if header.ar else None,
        lines=lines,
    )
