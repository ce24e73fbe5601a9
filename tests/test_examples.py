"""The examples are valid, name inputs and commands that exist, and the action's job does as it says on recorded answers."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.cli import VERBS, main
from conformance.runs.options import OPTIONS

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").rglob("*.y*ml"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TARGET = "llamacpp/smollm2-135m-instruct"


def steps(path: Path) -> list[dict[str, Any]]:
    document = yaml.safe_load(path.read_text("utf-8"))
    return [step for job in document.get("jobs", {}).values() for step in job["steps"]]


def options_of(verb: str) -> set[str]:
    text = io.StringIO()
    with redirect_stdout(text), suppress(SystemExit):
        main([verb, "--help"])
    return set(re.findall(r"--[a-z-]+", text.getvalue()))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_uses_inputs_and_outputs_that_the_action_has(path: Path) -> None:
    for step in steps(path):
        if "llm-provider-conformance@" in step.get("uses", ""):
            assert set(step.get("with", {})) <= set(ACTION["inputs"])
    outputs = set(re.findall(r"steps\.conformance\.outputs\.([\w-]+)", path.read_text("utf-8")))
    assert outputs <= set(ACTION["outputs"])


@pytest.mark.parametrize("path", [*EXAMPLES, ROOT / "examples/github/judge.sh"], ids=lambda path: path.name)
def test_an_example_runs_commands_and_options_that_exist(path: Path) -> None:
    for line in re.findall(r"^\s*(?:-\s+)?(conformance [a-z].*)$", path.read_text("utf-8"), re.MULTILINE):
        words = re.split(r"\|\||\||>| \$\{", line)[0].split()
        assert words[1] in VERBS, line
        known = {*OPTIONS, *options_of(words[1])}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize(
    "path", [path for path in EXAMPLES if path.parent.name == "github"], ids=lambda path: path.name
)
def test_a_workflow_asks_for_no_more_rights_than_it_names_and_no_script_holds_an_expression(path: Path) -> None:
    document = yaml.safe_load(path.read_text("utf-8"))
    assert document["permissions"], "without it the token may do everything"
    for step in [*steps(path), *ACTION["runs"]["steps"]]:
        assert "${{" not in step.get("run", ""), "an expression in a script is text that runs"


def test_every_step_of_the_action_names_its_shell() -> None:
    assert all("uses" in step or step.get("shell") == "bash" for step in ACTION["runs"]["steps"])


def judge(folder: Path, **inputs: str) -> tuple[dict[str, str], str]:
    """Run the action's job in a project and return its outputs and its summary."""
    output, summary = folder / "output", folder / "step-summary"
    output.touch()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "PYTEST_"))},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "REPORTS": "reports", **inputs,
    }  # fmt: skip
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    done = subprocess.run(
        [bash, str(ROOT / "examples/github/judge.sh")],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = dict(line.partition("=")[::2] for line in output.read_text("utf-8").splitlines())
    return lines, summary.read_text("utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a real target's cassettes, judged on the day of the baseline."""
    (tmp_path / "pyproject.toml").write_text("[tool.conformance]\n", "utf-8")
    source = ROOT / "cassettes" / TARGET / "openai-chat"
    folder = tmp_path / "cassettes" / TARGET / "openai-chat"
    folder.mkdir(parents=True)
    for path in source.glob("*.yaml"):
        (folder / path.name).symlink_to(path)
    return tmp_path


def test_the_action_passes_on_a_target_that_conforms(project: Path) -> None:
    outputs, summary = judge(project, TARGETS=TARGET, SARIF="true")
    assert outputs["exit-code"] == "0"
    assert "1 target judged on recordings" in outputs["headline"]
    assert summary.startswith("## LLM provider conformance")
    assert (project / "reports" / "conformance.sarif").exists()


def test_an_input_that_holds_a_command_runs_nothing(project: Path) -> None:
    outputs, _ = judge(project, TARGETS='"; touch pwned; #$(touch pwned)')
    assert outputs["exit-code"] == "3"
    assert not (project / "pwned").exists()


def test_the_action_does_not_pass_where_the_target_is_only_emulated(project: Path) -> None:
    folder = project / "cassettes/groq/openai%2Fgpt-oss-120b/openai-chat"
    folder.mkdir(parents=True)
    name = "plain.emulated.yaml"
    (folder / name).symlink_to(ROOT / "cassettes/groq/openai%2Fgpt-oss-120b/openai-chat" / name)
    outputs, _ = judge(project, TARGETS="groq/openai/gpt-oss-120b")
    assert outputs["exit-code"] == "2"
