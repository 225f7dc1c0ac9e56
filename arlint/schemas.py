"""JSON Schemas of what people write and programs read: settings, rule files, findings. Made from the code that decodes them.

Published in ``schemas/`` for editors, in draft 7, which all of them know; a test keeps those files as this module makes them.
"""

from __future__ import annotations

from typing import Any, get_type_hints

import msgspec

from arlint import config, starter
from arlint.checks import KINDS, form_of
from arlint.report import Item
from arlint.rules import FAMILIES, PROFILES
from arlint.schema import RuleForm
from arlint.silences import KEYS as SILENCE_KEYS
from arlint.silences import LISTS as SILENCE_LISTS

NAMES = ("settings", "rule", "finding")
DRAFT = "http://json-schema.org/draft-07/schema#"
WHERE = "https://raw.githubusercontent.com/arlint/arlint/main/schemas/{name}.json"

_REFERENCE = "#/definitions/{name}"
_TITLES = {"settings": "Settings of arlint", "rule": "A rule of arlint", "finding": "A finding of arlint, as --output-format jsonl writes it"}
_STRINGS = {"type": "array", "items": {"type": "string", "minLength": 1}}
_ONE_OR_MORE = {"anyOf": [{"type": "string", "minLength": 1}, _STRINGS]}
_DEFINITIONS = {"selector": {"anyOf": [{"enum": ["ALL", *sorted(FAMILIES)]}, {"type": "string", "pattern": f"^({'|'.join(sorted(FAMILIES))})/[a-z0-9]+(-[a-z0-9]+)*$"}]}}
_SELECTORS = {"type": "array", "items": {"$ref": "#/definitions/selector"}}


def schema(name: str) -> dict[str, Any]:
    """The schema of one of `NAMES`."""
    made = {"settings": _settings, "rule": _rule, "finding": _finding}[name]()
    return {"$schema": DRAFT, "$id": WHERE.format(name=name), "title": _TITLES[name], **made}


def text(name: str) -> str:
    """The schema as a file."""
    return msgspec.json.format(msgspec.json.encode(schema(name)), indent=2).decode() + "\n"


def _settings() -> dict[str, Any]:
    about = starter.explained()
    keys = {key: {**_setting(key), "description": about[key][0]} for key in config.KEYS}
    return {"type": "object", "additionalProperties": False, "properties": keys, "definitions": _DEFINITIONS}


def _setting(key: str) -> dict[str, Any]:
    if key in config.CHOICES:
        return {"enum": list(config.CHOICES[key])}
    if key in ("extends", "text-field"):
        return _ONE_OR_MORE
    if key in config.SELECTORS:
        return _SELECTORS
    if key in config.LISTS:
        return _STRINGS
    if key == "per-file-ignores":
        return {"type": "object", "additionalProperties": _SELECTORS}
    if key == "max-rate":
        return {"type": "object", "propertyNames": {"$ref": "#/definitions/selector"}, "additionalProperties": {"type": "string"}}
    if key == "rules":
        return {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}}}
    if key == "silence":
        lists = {name: _SELECTORS if name == "rules" else _STRINGS for name in SILENCE_LISTS}
        return {"type": "array", "items": {"type": "object", "additionalProperties": False, "properties": {name: lists.get(name, {"type": "string"}) for name in SILENCE_KEYS}}}
    kind = get_type_hints(config.Settings)[key.replace("-", "_")]
    return {"type": "boolean" if kind is bool else "number" if kind in (int, float) else "string"}


def _rule() -> dict[str, Any]:
    forms = {kind: form_of(kind) for kind in KINDS}
    (common, *own), parts = msgspec.json.schema_components([RuleForm, *forms.values()], ref_template=_REFERENCE)
    shared = parts[_named(common)]
    shared["properties"]["check"] = {"enum": list(KINDS)}
    shared["properties"]["profiles"] = {"type": "array", "items": {"enum": list(PROFILES)}}
    for kind, reference in zip(forms, own, strict=True):
        form = parts.pop(_named(reference))
        form["properties"] |= {name: {"$ref": f"{common['$ref']}/properties/{name}"} for name in shared["properties"]}
        parts[f"{kind}-rule"] = {**form, "title": f"A rule of the kind {kind}", "additionalProperties": False}
    kinds = [{"if": {"properties": {"check": {"const": kind}}, "required": ["check"]}, "then": {"$ref": _REFERENCE.format(name=f"{kind}-rule")}} for kind in forms]
    return {"allOf": [common, *kinds], "definitions": parts}


def _finding() -> dict[str, Any]:
    (reference,), parts = msgspec.json.schema_components([Item], ref_template=_REFERENCE)
    return {**reference, "definitions": parts}


def _named(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
