"""`conformance init`: it writes what is missing, overwrites nothing, and asks nobody who is not there."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import yaml

from conformance.runs.starter import source

if TYPE_CHECKING:
    import pytest
    from world import World

WORKFLOW = ".github/workflows/conformance.yml"
HOOKS = ".pre-commit-config.yaml"
TEST = "tests/test_provider_faults.py"


def files(world: World) -> dict[str, bytes]:
    found = (path for path in world.folder.rglob("*") if path.is_file() and "providers" not in path.parts)
    return {path.relative_to(world.folder).as_posix(): path.read_bytes() for path in found}


def test_an_empty_project_gets_every_file_and_the_next_commands(world: World) -> None:
    result = world.call("init", "groq")
    assert result.code == 0, result.err
    assert set(files(world)) == {"conformance.toml", WORKFLOW, HOOKS, ".gitignore", TEST}
    assert tomllib.loads(files(world)["conformance.toml"].decode())["targets"] == ["groq/openai/gpt-oss-120b"]
    assert "conformance record groq/openai/gpt-oss-120b" in result.out


def test_what_is_written_is_valid_and_its_commands_exist(world: World) -> None:
    world.call("init", "groq")
    job = yaml.safe_load(files(world)[WORKFLOW])["jobs"]["conformance"]
    assert all("${{" not in step.get("run", "") for step in job["steps"])
    hook = yaml.safe_load(files(world)[HOOKS])["repos"][0]["hooks"][0]
    assert hook["require_serial"]
    assert world.call("models", "groq/openai/gpt-oss-120b").code in {0, 1, 2}  # its settings are read


def test_a_rehearsal_writes_nothing_and_shows_every_text(world: World) -> None:
    before = files(world)
    shown = world.call("init", "groq", "--dry-run").out
    assert files(world) == before
    assert "would write conformance.toml:" in shown
    assert "pytest_plugins" in shown


def test_nothing_that_is_there_is_overwritten(world: World) -> None:
    for name in (WORKFLOW, HOOKS, TEST):
        world.write(name, "mine\n")
    world.write(".gitignore", "dist/")
    world.write("pyproject.toml", '[project]\nname = "theirs"')
    result = world.call("init", "groq")
    after = files(world)
    assert {after[name] for name in (WORKFLOW, HOOKS, TEST)} == {b"mine\n"}
    assert after[".gitignore"] == b"dist/\nreports/*\n!reports/baselines/\ntraffic-answers/\n"
    assert after["pyproject.toml"].startswith(b'[project]\nname = "theirs"\n\n[tool.conformance]\n')
    assert f"left {HOOKS} alone: its hooks are yours; add this if you want it:" in result.out


def test_a_second_time_changes_nothing(world: World) -> None:
    world.write("pyproject.toml", "[project]\n")
    world.call("init", "groq")
    before = files(world)
    assert "wrote" not in world.call("init", "groq").out
    assert files(world) == before


def test_lines_are_added_with_the_line_ends_of_the_file(world: World) -> None:
    (world.folder / ".gitignore").write_bytes(b"dist/\r\n")
    world.call("init", "groq")
    assert files(world)[".gitignore"].count(b"\n") == files(world)[".gitignore"].count(b"\r\n")


def test_a_repository_above_the_project_gets_the_workflow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (world.folder / ".git").mkdir()
    world.write("service/pyproject.toml", "[project]\n")
    monkeypatch.chdir(world.folder / "service")
    assert world.call("init", "groq").code == 0
    job = yaml.safe_load(files(world)[WORKFLOW])["jobs"]["conformance"]
    assert job["defaults"] == {"run": {"working-directory": "service"}}
    assert "[tool.conformance]" in files(world)["service/pyproject.toml"].decode()


def test_a_project_on_gitlab_gets_its_job_there(world: World) -> None:
    world.write(".gitlab-ci.yml", "stages: [test]\n")
    assert "include: {local: conformance.gitlab-ci.yml}" in world.call("init", "groq").out
    assert "conformance gate" in yaml.safe_load(files(world)["conformance.gitlab-ci.yml"])["conformance"]["script"]


def test_without_a_terminal_nothing_is_asked_and_no_target_is_made_up(world: World) -> None:
    result = world.call("init")
    assert (result.code, tomllib.loads(files(world)["conformance.toml"].decode())["targets"]) == (0, [])
    assert "name your targets" in result.out


def test_a_target_with_a_slip_is_one_line(world: World) -> None:
    result = world.call("init", "grok/m")
    assert result.code == 3
    assert "did you mean groq" in result.err
    assert result.err.count("\n") == 1


def test_the_example_test_passes(world: World) -> None:
    world.call("init", "groq")
    words = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TEST)
    done = subprocess.run(words, cwd=world.folder, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_requirement_is_the_commit_where_it_came_from_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Installed:
        def read_text(self, _: str) -> str:
            return '{"url": "https://git.example/x", "vcs_info": {"vcs": "git", "commit_id": "0a1b"}}'

    monkeypatch.setattr(source, "distribution", lambda _: Installed())
    assert source.requirement() == "llm-provider-conformance @ git+https://git.example/x@0a1b"


def test_settings_in_both_files_are_one_line(world: World) -> None:
    world.write("pyproject.toml", '[tool.conformance]\ntargets = ["groq"]\n')
    world.write("conformance.toml", 'targets = ["groq"]\n')
    result = world.call("targets")
    assert (result.code, result.err.count("\n")) == (3, 1)
    assert "keep the settings in one of the two" in result.err


def test_settings_name_the_targets_and_the_day(world: World) -> None:
    world.write("conformance.toml", 'targets = ["fake/m"]\nas_of = 2026-01-02\nproviders = ["providers"]\n')
    world.cassette()
    result = world.call("run", "-k", "choice.message_role")
    assert result.code == 0, result.out + result.err
    assert '"as_of": "2026-01-02"' in (world.folder / "reports" / "results.json").read_text("utf-8")


def test_a_key_of_the_settings_with_a_slip_says_its_line(world: World) -> None:
    world.write("conformance.toml", '\ntarget = ["fake/m"]\n')
    wanted = "conformance.toml:2: conformance.toml has no key 'target'; did you mean targets?"
    assert wanted in world.call("targets").err
