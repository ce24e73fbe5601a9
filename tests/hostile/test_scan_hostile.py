"""A folder of unknown origin: scanning it ends, runs none of its programs, and crashes on nothing."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from conformance.cli import main
from conformance.knowledge.lifecycle.scan.files import find_files, literals_of, read
from conformance.knowledge.lifecycle.scan.git import listed_by_git
from conformance.wire.yaml_text import HostileYamlError, refuse_hostile

if TYPE_CHECKING:
    from pathlib import Path

_NAMED = "model: gpt-4\n"
_LAUGHS = "a0: &a0 [x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 12)
)
HOSTILE = {
    "brackets.yaml": _NAMED + "[" * 490_000,
    "brackets.json": '{"model": "gpt-4", "x": ' + "[" * 100_000,
    "closed.json": '{"model": "gpt-4", "x": ' + "[" * 240_000 + "]" * 240_000 + "}",
    "itself.yaml": _NAMED + "a: &a [*a, *a]\n",
    "itself-as-a-value.yaml": _NAMED + "a: &a {b: *a}\n",
    "laughs.yaml": _NAMED + _LAUGHS,
    "deep.ipynb": '{"model": "gpt-4", "cells": ' + "[" * 100_000,
    "deep.py": 'model = "gpt-4"\nx = ' + "(" * 100_000,
    "minus.py": 'model = "gpt-4"\nx = ' + "-" * 490_000 + "1",
    "attributes.py": 'model = "gpt-4"\nx = a' + ".b" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_read_to_its_end_and_names_its_model(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(HOSTILE[name])
    assert any("gpt-4" in literal.text for literal in literals_of(path) or ())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 201, "levels deep"),
        ("a: &a [*a]", "holds itself"),
        ("a: &a {b: [*a]}", "holds itself"),
        (_LAUGHS, "without bound"),
    ],
)
def test_yaml_that_must_not_be_composed_is_refused_before_it_is(text: str, why: str) -> None:
    with pytest.raises(HostileYamlError, match=why):
        refuse_hostile(text, yaml.CSafeLoader)


def test_an_anchor_that_is_used_again_after_its_end_is_no_recursion() -> None:
    refuse_hostile("a: &a [1]\nb: [*a, *a]\nc: &a {d: 1}\ne: *a\n", yaml.CSafeLoader)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO on this system")
def test_a_pipe_and_a_device_are_skipped_with_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    assert main(["models", "--scan", str(tmp_path / "pipe.yaml"), str(tmp_path / "zero.json")]) == 2
    assert capsys.readouterr().out.count("no plain file") == 2
    assert [literals_of(path) for path in find_files([tmp_path])] == [None] * len(list(find_files([tmp_path])))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO on this system")
def test_an_audit_reads_no_pipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    assert main(["audit", "--jobs", "1", str(tmp_path / "pipe.jsonl")]) == 3
    assert "is a pipe, not a file" in capsys.readouterr().err


def test_no_program_of_a_repository_runs_when_its_files_are_listed(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path)]
    try:
        subprocess.run([*git, "init", "-q"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git here")
    mark = tmp_path / "it-ran"
    program = tmp_path / "monitor.sh"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    hooks = tmp_path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "post-index-change").write_text(program.read_text())
    (hooks / "post-index-change").chmod(0o755)
    (tmp_path / "a.py").write_text('model = "gpt-4"\n')
    subprocess.run([*git, "add", "a.py"], check=True, capture_output=True)
    mark.unlink(missing_ok=True)
    subprocess.run([*git, "config", "core.fsmonitor", str(program)], check=True, capture_output=True)
    listed = listed_by_git(tmp_path)
    assert listed is not None
    assert tmp_path / "a.py" in listed
    assert not mark.exists()
    subprocess.run([*git, "status"], check=True, capture_output=True)
    assert mark.exists(), "the trap itself works"


def test_no_key_of_a_provider_reaches_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given: dict[str, str] = {}

    def run(*_: object, env: dict[str, str], **__: object) -> None:
        given.update(env)
        raise OSError

    monkeypatch.setenv("GROQ_API_KEY", "gsk_example")
    monkeypatch.setattr(subprocess, "run", run)
    assert listed_by_git(tmp_path) is None
    assert "GROQ_API_KEY" not in given
    assert given["GIT_NO_LAZY_FETCH"] == "1"


def test_a_text_of_one_kind_repeated_is_still_read() -> None:
    for kind, unit in ((".js", "{"), (".js", "/*"), (".md", "`"), (".env", "="), (".toml", "/v1/a"), (".js", "\\")):
        read(kind, 'model = "gpt-4"\n' + unit * 20_000)
