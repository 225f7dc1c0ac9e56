"""The JSON Schemas that the code publishes: valid, as the files in ``schemas/`` are, and of one mind with the loaders."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import OWN_RULES, Command
from jsonschema import Draft7Validator

from arlint import schemas, starter
from arlint.rules import builtin_folder, read_yaml, rule_files

ROOT = Path(__file__).parent.parent
RULES = [path for folder in (builtin_folder(), OWN_RULES) for _, path in rule_files(folder)]


def refused(name: str, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schemas.schema(name)).iter_errors(data)]


@pytest.mark.parametrize("name", schemas.NAMES)
def test_a_schema_is_valid_and_published_as_the_code_makes_it(name: str) -> None:
    Draft7Validator.check_schema(schemas.schema(name))
    assert (ROOT / "schemas" / f"{name}.json").read_text("utf-8") == schemas.text(name), f"run: arlint schema {name} > schemas/{name}.json"


def test_every_rule_file_is_what_the_schema_asks_for() -> None:
    validator = Draft7Validator(schemas.schema("rule"))
    assert {path.name: [e.message for e in errors] for path in RULES if (errors := list(validator.iter_errors(read_yaml(path)[0])))} == {}


@pytest.mark.parametrize("change", [{"words": None}, {"sumary": "x"}, {"severity": "fatal"}, {"check": "word"}, {"good": ["one"]}, {"pattern": "of another kind"}, {"profiles": ["editoral"]}])
def test_the_schema_refuses_what_the_loader_refuses(arlint: Command, change: dict[str, Any]) -> None:
    good, _ = read_yaml(OWN_RULES / "spelling" / "made-up.yaml")
    assert refused("rule", good) == []
    bad = {key: value for key, value in {**good, **change}.items() if value is not None}
    assert refused("rule", bad)
    arlint.write("rules/spelling/made-up.yaml", json.dumps(bad))
    assert arlint("test-rules", "rules").status == 1


def test_the_starter_settings_are_valid_as_they_stand_and_with_every_example_in_force() -> None:
    bare = "\n".join(line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in starter.TEMPLATE.split("\n"))
    assert len(tomllib.loads(bare)) > 15
    for text in (starter.TEMPLATE, bare):
        assert refused("settings", tomllib.loads(text)) == []


@pytest.mark.parametrize(
    "text", ['selct = ["ALL"]', 'select = "ALL"', 'select = ["speling"]', 'profile = "editoral"', "preview = 1", 'lang = "fr"', 'exclude = [""]', '[[silence]]\nrule = ["spelling"]']
)
def test_the_schema_refuses_the_settings_that_the_command_refuses(arlint: Command, text: str) -> None:
    assert refused("settings", tomllib.loads(text))
    arlint.write("arlint.toml", text)
    assert arlint("check").status == 2


def test_a_finding_is_what_its_schema_says(own: Command) -> None:
    own.write("a.txt", "قال اخظغ ثم ظغخز ثم غظخط")
    rows = [json.loads(line) for line in own("check", "--output-format", "jsonl").lines]
    assert len(rows) == 3
    for row in rows:
        assert refused("finding", row) == []
    assert refused("finding", {**rows[0], "severity": 3})
