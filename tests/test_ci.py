"""The GitHub Action and the recipes of docs/ci.md and docs/hooks.md: valid by their schemas, and run as they are written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
DAMAGED = "قال الوزير إن الخطة تبدأ فى الربيع.\n"

pytestmark = pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="no bash")


def snippets(page: str) -> list[Any]:
    return [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL)]


def valid(schema: str, path: Path) -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    if not tool.exists():
        pytest.skip("check-jsonschema is not installed")
    done = subprocess.run([tool, "--builtin-schema", f"vendor.{schema}", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


class Runner:
    """What GitHub's runner does with a composite action's shell steps: fills in expressions and hands over its files."""

    def __init__(self, place: Path, inputs: dict[str, str]) -> None:
        self.inputs = {name: value.get("default", "") for name, value in ACTION["inputs"].items()} | inputs
        assert set(inputs) <= set(ACTION["inputs"])
        self.outputs: dict[str, dict[str, str]] = {"python": {"python-path": sys.executable}}
        self.place = place
        self.work = place / "work"
        for folder in (self.work, place / "temp"):
            folder.mkdir(exist_ok=True)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")},
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(place / "summary"),
            "GITHUB_OUTPUT": str(place / "output"),
            "RUNNER_TEMP": str(place / "temp"),
        }

    def fill(self, text: str) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1].split(".")
            if name[0] == "inputs":
                return self.inputs[name[1]]
            assert (name[0], name[2]) == ("steps", "outputs"), match[0]
            return self.outputs[name[1]][name[3]]

        return re.sub(r"\$\{\{ ([a-z.-]+) \}\}", value, text)

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        step = STEPS[name]
        assert step["shell"] == "bash"
        environment = {**self.environment, **{key: self.fill(value) for key, value in step.get("env", {}).items()}}
        output = self.place / "output"
        output.write_text("")
        # as the runner calls it: https://docs.github.com/actions/reference/workflow-syntax-for-github-actions (exit codes and error action)
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.fill(step["run"])], cwd=self.work, env=environment, capture_output=True, text=True, check=False)
        self.outputs[step.get("id", name)] = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into whose ``temp`` the action has installed arlint."""
    place = tmp_path_factory.mktemp("action")
    done = Runner(place, {}).run("Install arlint")
    if done.returncode and any(said in done.stderr for said in ("No matching distribution", "Could not fetch", "Connection")):
        pytest.skip("pip cannot install packages here")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("arlint ")
    return place


@pytest.fixture
def place(installed: Path) -> Path:
    shutil.rmtree(installed / "work", ignore_errors=True)
    (installed / "summary").unlink(missing_ok=True)
    (installed / "work").mkdir()
    (installed / "work" / "articles").mkdir()
    (installed / "work" / "articles" / "two words.txt").write_text(DAMAGED, "utf-8")
    (installed / "work" / "arlint.toml").write_text('select = ["spelling/fi-with-alef-maqsura"]\n', "utf-8")
    return installed


def test_the_action_is_valid() -> None:
    valid("github-actions", ROOT / "action.yml")
    used = set(re.findall(r"inputs\.([a-z-]+)", (ROOT / "action.yml").read_text("utf-8")))
    assert used == set(ACTION["inputs"])


def test_the_action_tells_in_annotations_summary_and_log_and_fails(place: Path) -> None:
    runner = Runner(place, {"paths": "articles/two words.txt\n\narticles\n", "max-rate": "spelling=1/1k", "args": "--lang ar\n--color never"})
    check = runner.run("Check")
    assert check.returncode == 0, check.stderr
    assert check.stdout.startswith("::warning file=articles/two words.txt,line=1,endLine=1,col=26,endColumn=28,title=arlint (spelling/fi-with-alef-maqsura)::")
    assert "::error title=arlint::الحدّ spelling=1/1k تُجووز" in check.stdout
    summary = (place / "summary").read_text("utf-8")
    assert re.search(r"\| spelling \| 1 \| 143 \| 1 \| 1 \| 0 \|", summary)
    assert json.loads((place / "work" / "arlint.sarif").read_bytes())["runs"][0]["results"][0]["ruleId"] == "spelling/fi-with-alef-maqsura"
    assert runner.outputs["check"] == {"status": "1", "findings": "1"}
    assert runner.run("Result").returncode == 1


def test_the_action_passes_where_nothing_is_wrong_or_no_gate_falls(place: Path) -> None:
    runner = Runner(place, {"paths": "articles", "max-rate": "spelling=200/1k", "summary": "false", "sarif-file": "log.sarif"})
    assert runner.run("Check").returncode == 0
    assert runner.outputs["check"] == {"status": "0", "findings": "1"}
    assert not (place / "summary").exists()
    assert (place / "work" / "log.sarif").exists()
    assert runner.run("Result").returncode == 0


def test_the_action_fails_with_a_clear_line_where_it_cannot_run(place: Path) -> None:
    runner = Runner(place, {"paths": "articles", "fail-on": "eror"})
    check = runner.run("Check")
    assert check.returncode == 0
    assert "--fail-on" in check.stderr
    assert runner.outputs["check"] == {"status": "2"}
    assert runner.run("Result").returncode == 2


def test_the_workflow_names_inputs_that_there_are(tmp_path: Path) -> None:
    (workflow,) = (snippet for snippet in snippets("ci.md") if "jobs" in snippet)
    workflow["on"] = workflow.pop(True)  # what YAML 1.1 makes of the word
    path = tmp_path / "workflow.yml"
    path.write_text(yaml.safe_dump(workflow), "utf-8")
    valid("github-workflows", path)
    (step,) = (step for step in workflow["jobs"]["arlint"]["steps"] if step["uses"].startswith("arlint/"))
    assert set(step["with"]) <= set(ACTION["inputs"])


def test_the_gitlab_job_is_valid_and_writes_its_artifacts(place: Path, tmp_path: Path) -> None:
    (job,) = (snippet for snippet in snippets("ci.md") if "arlint" in snippet)
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(yaml.safe_dump(job), "utf-8")
    valid("gitlab-ci", path)
    (command,) = (line for line in job["arlint"]["script"] if line.startswith("arlint "))
    environment = {**os.environ, "PATH": f"{place / 'temp' / 'arlint' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", command], cwd=place / "work", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr  # no outlet in it: the gate holds
    assert "gate outlet=0.2/1k" in done.stderr
    for artifact in job["arlint"]["artifacts"]["reports"].values():
        assert (place / "work" / artifact).stat().st_size


@pytest.mark.parametrize("page", ["ci.md", "hooks.md"])
def test_recipes_name_hooks_that_there_are(page: str, tmp_path: Path) -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    recipes = [snippet for snippet in snippets(page) if "repos" in snippet]
    assert recipes
    for recipe in recipes:
        assert {hook["id"] for repo in recipe["repos"] for hook in repo["hooks"]} <= hooks
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump(recipe), "utf-8")
        tool = Path(sys.executable).with_name("pre-commit")
        if tool.exists():
            done = subprocess.run([tool, "validate-config", path], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout


def test_the_plain_git_hook_stops_a_damaged_commit(place: Path) -> None:
    script = re.search(r"<!-- not run: a test makes it the hook of a repository -->\n```sh\n(.*?)```", (ROOT / "docs" / "hooks.md").read_text("utf-8"), re.DOTALL)
    assert script
    work = place / "work"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment["PATH"] = f"{place / 'temp' / 'arlint' / 'bin'}{os.pathsep}{environment['PATH']}"

    def git(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *args], cwd=work, env=environment, capture_output=True, text=True, check=False)

    git("init", "-q")
    hook = work / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(script[1], "utf-8")
    hook.chmod(0o755)
    (work / "code.py").write_text("x = 'تبدأ فى الربيع'\n", "utf-8")
    git("add", "-A")
    stopped = git("commit", "-m", "x")
    assert stopped.returncode != 0
    assert "two words.txt\n" in stopped.stdout + stopped.stderr
    assert "code.py" not in stopped.stdout + stopped.stderr
    (work / "articles" / "two words.txt").write_text(DAMAGED.replace("فى", "في"), "utf-8")
    git("add", "-A")
    done = git("commit", "-m", "x")
    assert done.returncode == 0, done.stdout + done.stderr
    assert git("commit", "--allow-empty", "-m", "empty").returncode == 0
