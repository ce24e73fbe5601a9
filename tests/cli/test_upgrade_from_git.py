"""`conformance upgrade --from-git`: the models and SDK versions that commits replace, and nothing that Git would run."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from conformance.cli import main
from conformance.knowledge.clients.versions import versions_in

if TYPE_CHECKING:
    from pathlib import Path

APP = 'from openai import OpenAI\nreply = OpenAI().chat.completions.create(model="{}", messages=[])\n'


def git(folder: Path, *words: str) -> None:
    """Run Git with a committer of its own."""
    name = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env={**os.environ, **name})  # noqa: S607


def commit(folder: Path, **files: str) -> None:
    """Write files (`app_py` is app.py) and commit them."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty repository that is the working folder."""
    git(tmp_path, "init", "-q", "-b", "main", ".")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_replaced_model_is_compared_with_the_old_one(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(repository, app_py=APP.format("gpt-4o"))
    commit(repository, app_py=APP.format("gpt-5.6-luna"))
    assert main(["upgrade", "--from-git", "HEAD~1..HEAD", "--format", "json"]) == 2
    out, err = capsys.readouterr()
    (document,) = json.loads(out)
    assert (document["a"]["name"], document["b"]["name"]) == ("openai/gpt-4o", "openai/gpt-5.6-luna")
    assert "app.py:2: gpt-4o -> gpt-5.6-luna" in err


def test_a_replaced_sdk_version_that_nobody_tried_is_not_known(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository, requirements_txt="openai==3.50.0\nrequests==2.0\n")
    commit(repository, requirements_txt="openai==3.52.0\nrequests==2.1\n")
    assert main(["upgrade", "--from-git", "HEAD~1..HEAD"]) == 2
    out = capsys.readouterr().out
    assert "requirements.txt: openai==3.50.0 -> openai==3.52.0" in out
    assert "conformance clients" in out
    assert "requests" not in out


def test_without_a_replaced_model_it_is_one_line_and_exit_code_0(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository, app_py=APP.format("gpt-4o"))
    commit(repository, app_py="# a line above\n" + APP.format("gpt-4o"))
    assert main(["upgrade", "--from-git", "HEAD~1.."]) == 0
    assert capsys.readouterr().out == "HEAD~1..: no model or SDK version is replaced\n"


def test_what_the_base_branch_changed_meanwhile_is_not_asked(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository, app_py=APP.format("gpt-4o"))
    git(repository, "checkout", "-qb", "topic")
    commit(repository, notes_md="a note")
    git(repository, "checkout", "-q", "main")
    commit(repository, app_py=APP.format("gpt-5.6-luna"))
    assert main(["upgrade", "--from-git", "main..topic"]) == 0
    assert "no model" in capsys.readouterr().out


def test_no_program_that_the_repository_names_is_run(repository: Path) -> None:
    commit(repository, app_py=APP.format("gpt-4o"))
    commit(repository, app_py=APP.format("gpt-4o") + "# end\n")
    program = repository / "run.sh"
    program.write_text(f"#!/bin/sh\ntouch {repository / 'ran'}\n")
    program.chmod(0o755)
    (repository / ".gitattributes").write_text("*.py diff=x filter=x\n")
    for key in ("core.fsmonitor", "diff.external", "diff.x.textconv", "filter.x.smudge", "filter.x.clean"):
        git(repository, "config", key, str(program))
    main(["upgrade", "--from-git", "HEAD~1..HEAD"])
    assert not (repository / "ran").exists()


@pytest.mark.parametrize("text", ["main", "nowhere..HEAD", "--help..HEAD", "..HEAD"])
def test_a_range_that_is_none_is_one_line_and_exit_code_3(
    text: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository, app_py="")
    assert main(["upgrade", f"--from-git={text}"]) == 3
    err = capsys.readouterr().err.strip()
    assert "--from-git" in err
    assert "\n" not in err


def test_without_sides_the_command_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade", "openai/gpt-4o"]) == 3
    assert "--from-git BASE..HEAD" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements-dev.txt", "openai[aio] >= 3.5.0 ; python_version > '3'\n"),
        ("pyproject.toml", '[project]\ndependencies = ["openai>=3.5.0"]\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nopenai = {version = "^3.5.0", extras = ["aio"]}\n'),
        ("pyproject.toml", '[dependency-groups]\ndev = ["openai==3.5.0"]\n'),
        ("uv.lock", '[[package]]\nname = "openai"\nversion = "3.5.0"\n'),
        ("package.json", '{"dependencies": {"openai": "^3.5.0"}}'),
        ("web/package-lock.json", '{"packages": {"node_modules/openai": {"version": "3.5.0"}}}'),
        ("Pipfile.lock", '{"default": {"openai": {"version": "==3.5.0"}}}'),
        ("pnpm-lock.yaml", "packages:\n\n  openai@3.5.0:\n    resolution: {}\n"),
        ("yarn.lock", 'openai@^3.5:\n  version "3.5.0"\n'),
    ],
)
def test_every_kind_of_manifest_and_lock_tells_its_versions(path: str, text: str) -> None:
    assert versions_in(path, text)["openai"] == "3.5.0"


@pytest.mark.parametrize("text", ["[", "{", "[1, 2]", "\0", '{"dependencies": 7}'])
@pytest.mark.parametrize("path", ["pyproject.toml", "package.json", "uv.lock", "requirements.txt", "yarn.lock"])
def test_a_broken_manifest_asks_for_nothing(path: str, text: str) -> None:
    assert versions_in(path, text) == {}
